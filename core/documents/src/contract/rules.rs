//! The blocks of a contract as they are printed: each key and value that was signed, and its comments.

use base::Lang;
use contract::source::value::parse;
use contract::source::{Entry, Node, Value};
use contract::{Article, ArticleClause, ClauseState};

use crate::print::{Block, Field, RuleBox};

/// A `toml clause` or a `toml example`; `None` for other code.
pub(super) fn block(
    info: &str,
    toml: &str,
    article: &Article,
    readings: &[Lang],
    lang: Lang,
) -> Option<Block> {
    let mut words = info.split_whitespace();
    match (words.next(), words.next()) {
        (Some("toml"), Some("clause")) => Some(Block::Rule(rule(toml, article, readings, lang))),
        (Some("toml"), Some("example")) => Some(example(toml)),
        _ => None,
    }
}

fn rule(toml: &str, article: &Article, readings: &[Lang], lang: Lang) -> RuleBox {
    let (entries, _) = parse(toml, 0, 0);
    let named = |key: &str| entries.iter().find(|e| e.key == key).and_then(|e| e.value.as_text());
    let label = named("label").or(named("replace")).or(named("end")).unwrap_or_default();
    let clause = article.clauses.iter().find(|c| c.label == label);
    RuleBox {
        label: label.to_owned(),
        kind: named("kind").unwrap_or_default().to_owned(),
        fields: fields(&entries, &["kind", "label"]),
        comments: comments(toml),
        state: clause.and_then(|c| state(c, lang)),
        readings: clause
            .map(|c| readings.iter().map(|l| c.read_back.get(*l).to_owned()).collect())
            .unwrap_or_default(),
    }
}

fn state(clause: &ArticleClause, lang: Lang) -> Option<String> {
    match &clause.state {
        ClauseState::InForce => None,
        // An amendment replaces a rule under its own label, most often.
        ClauseState::Replaced { by } if *by == clause.label => {
            Some(lang.t("remplacée par avenant", "replaced by amendment").to_owned())
        }
        ClauseState::Replaced { by } => {
            Some(lang.t(format!("remplacée par avenant : {by}"), format!("replaced by amendment: {by}")))
        }
        ClauseState::Ended => Some(lang.t("abrogée par avenant", "ended by amendment").to_owned()),
    }
}

fn example(toml: &str) -> Block {
    let (entries, _) = parse(toml, 0, 0);
    let title = entries.iter().find(|e| e.key == "title").and_then(|e| e.value.as_text()).unwrap_or_default();
    Block::Example { title: title.to_owned(), fields: fields(&entries, &["title"]), comments: comments(toml) }
}

/// The front matter of a signed file.
pub(super) fn front(title: &str, entries: &[Entry], toml: &str) -> Block {
    Block::Front { title: title.to_owned(), fields: fields(entries, &[]), comments: comments(toml) }
}

/// A line for each key, `then.` left out: what a rule says is in it, and nothing else is.
fn fields(entries: &[Entry], but: &[&str]) -> Vec<Field> {
    let mut out = Vec::new();
    for entry in entries.iter().filter(|e| !but.contains(&e.key.as_str())) {
        match entry.value.as_table() {
            Some(inner) => {
                let prefix = if entry.key == "then" { String::new() } else { format!("{}.", entry.key) };
                out.extend(
                    inner.iter().map(|e| Field { key: format!("{prefix}{}", e.key), lines: lines(&e.value) }),
                );
            }
            None => out.push(Field { key: entry.key.clone(), lines: lines(&entry.value) }),
        }
    }
    out
}

fn lines(value: &Value) -> Vec<String> {
    let nested = |v: &Value| matches!(v.node, Node::Array(_) | Node::Table(_));
    match &value.node {
        Node::Array(values) if values.iter().any(nested) => values.iter().map(flat).collect(),
        Node::Table(entries) => entries.iter().map(|e| format!("{} = {}", e.key, flat(&e.value))).collect(),
        Node::Text(text) => text.lines().map(str::to_owned).collect(),
        _ => vec![flat(value)],
    }
}

/// A value on one line.
fn flat(value: &Value) -> String {
    match &value.node {
        Node::Text(text) | Node::Other(text) => text.clone(),
        Node::Integer(n) => n.to_string(),
        Node::Flag(flag) => flag.to_string(),
        Node::Date(date) => date.to_string(),
        Node::DateTime(at) => at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        Node::Array(values) => values.iter().map(flat).collect::<Vec<_>>().join(", "),
        Node::Table(entries) => {
            entries.iter().map(|e| format!("{} = {}", e.key, flat(&e.value))).collect::<Vec<_>>().join(", ")
        }
    }
}

/// What the parties wrote after `#`: signed, though no machine reads it.
fn comments(toml: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = toml;
    while let Some(at) = rest.find(['#', '"', '\'']) {
        let from = &rest[at..];
        let quotes = ["\"\"\"", "'''", "\"", "'"];
        let Some(quote) = quotes.into_iter().find(|q| from.starts_with(q)) else {
            let line = from.lines().next().unwrap_or_default();
            out.push(line.trim_start_matches('#').trim().to_owned());
            rest = &from[line.len()..];
            continue;
        };
        rest = after_string(&from[quote.len()..], quote);
    }
    out.retain(|comment| !comment.is_empty());
    out
}

/// What follows a string whose opening quote has been read.
fn after_string<'a>(text: &'a str, quote: &str) -> &'a str {
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with(quote) {
            return &text[at + quote.len()..];
        }
        let escaped = quote.starts_with('"') && text[at..].starts_with('\\');
        let next = text[at..].chars().next().map_or(1, char::len_utf8);
        at += next;
        if escaped {
            at += text[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_value_and_comment_is_there() {
        let toml = "label = \"a # b\" # court\nwhen = { site = [\"str\"] }\n# seule\nthen.phases = [\n  \
                    { name = \"l'une\", from = 2026-03-01 }, # la première\n]\nthen.week = { mon-fri = [\"09:00-12:00\"] }\n\
                    then.at = 2026-03-01T09:00\nthen.text = '''x # y'''\n";
        let found = rule(toml, &Article::default(), &[Lang::Fr], Lang::Fr);
        let shown: Vec<String> =
            found.fields.iter().map(|f| format!("{}: {}", f.key, f.lines.join(" / "))).collect();
        assert_eq!(found.label, "a # b");
        assert_eq!(
            shown,
            [
                "when.site: str",
                "phases: name = l'une, from = 2026-03-01",
                "week: mon-fri = 09:00-12:00",
                "at: 2026-03-01T09:00:00",
                "text: x # y",
            ]
        );
        assert_eq!(found.comments, ["court", "seule", "la première"]);
    }
}
