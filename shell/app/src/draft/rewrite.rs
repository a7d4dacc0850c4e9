//! Changing one block of a text, the rest of it byte for byte as it was.
//!
//! Values are replaced where they stand, so that the comments and the layout of the block stay too. What
//! cannot be done so (a key to add to a table written in sections) writes the block anew. Either way the
//! result is read again and must say what was asked, or the text stays as it was.

use contract::source::value::{Entry, Node, Value, parse};

use super::block::{Block, Outline};

/// A key and the TOML of its value; `None`: the key goes away.
pub(super) type Wanted = (String, Option<String>);

/// The text with a block changed: keys of its head, keys of its `then`. What is not named stays.
pub(super) fn rewrite(text: &str, block: &Block, head: &[Wanted], then: &[Wanted]) -> Option<String> {
    let old_head: Vec<&Entry> = block.entries.iter().filter(|e| e.key != "then").collect();
    let new_head = wanted(text, &old_head, head)?;
    let new_then = wanted(text, &block.then().iter().collect::<Vec<_>>(), then)?;
    let asked = |candidate: &String| says(candidate, block.start, &new_head, &new_then);
    let content = text.get(block.start..block.end)?;
    in_place(text, block, head, then).filter(asked).or_else(|| {
        // A quoted or indented block keeps its marks before each line: only its author can move it.
        if !content.starts_with("```toml") {
            return None;
        }
        let fresh = written(&new_head, &new_then);
        let fresh = fresh.trim_end_matches('\n');
        Some(format!("{}{fresh}{}", &text[..block.start], &text[block.start + content.trim_end().len()..]))
            .filter(asked)
    })
}

/// A block of its own, under a heading of the text: after everything that stands there.
pub(super) fn insert(text: &str, heading_end: usize, block: &str) -> String {
    let (before, after) = text.split_at(heading_end);
    let after = after.trim_start_matches('\n');
    let gap = if after.is_empty() { "" } else { "\n" };
    format!("{before}\n\n{block}{gap}{after}")
}

/// A block from nothing.
pub(super) fn written(head: &[(String, String)], then: &[(String, String)]) -> String {
    let mut out = String::from("```toml clause\n");
    for (key, value) in head {
        out.push_str(&format!("{key} = {value}\n"));
    }
    let inline = format!(
        "then = {{ {} }}",
        then.iter().map(|(k, v)| format!("{k} = {v}")).collect::<Vec<_>>().join(", ")
    );
    if then.is_empty() {
        out.push_str("then = {}\n");
    } else if inline.chars().count() <= 160 && !inline.contains('\n') {
        out.push_str(&inline);
        out.push('\n');
    } else {
        for (key, value) in then {
            out.push_str(&format!("then.{key} = {value}\n"));
        }
    }
    out.push_str("```\n");
    out
}

/// All the entries that there will be, each with its TOML.
fn wanted(text: &str, old: &[&Entry], changes: &[Wanted]) -> Option<Vec<(String, String)>> {
    let mut out = Vec::new();
    for entry in old {
        match changes.iter().find(|(key, _)| *key == entry.key) {
            Some((_, Some(value))) => out.push((entry.key.clone(), value.clone())),
            Some((_, None)) => {}
            None => out.push((entry.key.clone(), source(text, &entry.value)?)),
        }
    }
    for (key, value) in changes {
        if let (Some(value), false) = (value, old.iter().any(|e| e.key == *key)) {
            out.push((key.clone(), value.clone()));
        }
    }
    Some(out)
}

/// The TOML of a value: as written, or written anew when it is spread over dotted keys.
fn source(text: &str, value: &Value) -> Option<String> {
    let span = value.span;
    let raw = text.get(span.start..span.end)?.trim();
    if one(raw).is_some_and(|read| same(&read, &value.node)) {
        Some(raw.to_owned())
    } else {
        Some(toml(&value.node))
    }
}

/// A value as TOML writes it on one line.
pub(super) fn toml(node: &Node) -> String {
    match node {
        Node::Text(text) => super::templates::quoted(text),
        Node::Integer(n) => n.to_string(),
        Node::Flag(flag) => flag.to_string(),
        Node::Date(date) => date.to_string(),
        Node::DateTime(at) => at.to_string(),
        Node::Other(raw) => raw.clone(),
        Node::Array(values) => {
            format!("[{}]", values.iter().map(|v| toml(&v.node)).collect::<Vec<_>>().join(", "))
        }
        Node::Table(entries) if entries.is_empty() => "{}".to_owned(),
        Node::Table(entries) => {
            let entries = entries.iter().map(|e| format!("{} = {}", key(&e.key), toml(&e.value.node)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A key: bare when TOML lets it be.
pub(super) fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if bare { name.to_owned() } else { super::templates::quoted(name) }
}

/// One value read alone; `None` when it is not TOML.
pub(super) fn one(raw: &str) -> Option<Node> {
    let (entries, errors) = parse(&format!("v = {raw}\n"), 0, 0);
    match (&entries[..], errors.is_empty()) {
        ([entry], true) if entry.key == "v" => Some(entry.value.node.clone()),
        _ => None,
    }
}

/// The same value, wherever it is written.
pub(super) fn same(a: &Node, b: &Node) -> bool {
    match (a, b) {
        (Node::Array(a), Node::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(&a.node, &b.node))
        }
        (Node::Table(a), Node::Table(b)) => {
            a.len() == b.len()
                && a.iter().all(|e| b.iter().any(|f| f.key == e.key && same(&e.value.node, &f.value.node)))
        }
        _ => a == b,
    }
}

/// Whether the block that begins here says exactly this.
fn says(text: &str, start: usize, head: &[(String, String)], then: &[(String, String)]) -> bool {
    let outline = Outline::of(text);
    let Some(block) = outline.blocks.iter().find(|b| b.start == start && !b.broken) else { return false };
    let holds = |entries: &[&Entry], wanted: &[(String, String)]| {
        entries.len() == wanted.len()
            && wanted.iter().all(|(key, raw)| {
                let found = entries.iter().find(|e| e.key == *key);
                found.zip(one(raw)).is_some_and(|(e, node)| same(&e.value.node, &node))
            })
    };
    let own: Vec<&Entry> = block.entries.iter().filter(|e| e.key != "then").collect();
    holds(&own, head) && holds(&block.then().iter().collect::<Vec<_>>(), then)
}

/// One replacement of bytes.
struct Edit {
    from: usize,
    to: usize,
    with: String,
}

fn in_place(text: &str, block: &Block, head: &[Wanted], then: &[Wanted]) -> Option<String> {
    let mut edits = Vec::new();
    let inline = block.head("then").filter(|v| text[v.span.start..].starts_with('{'));
    for (key, value) in head {
        let entry = block.entries.iter().find(|e| e.key == *key);
        edits.extend(edit_line(text, block, "", key, entry, value.as_deref())?);
    }
    for (key, value) in then {
        let entry = block.then().iter().find(|e| e.key == *key);
        match (entry, value, inline) {
            (Some(entry), Some(value), _) => edits.extend(replaced(entry, value)),
            (None, Some(value), Some(table)) => edits.push(added(text, table, key, value)),
            (Some(entry), None, Some(table)) => edits.push(removed(table, entry)),
            (entry, value, None) => {
                edits.extend(edit_line(text, block, "then.", key, entry, value.as_deref())?)
            }
            (None, None, _) => {}
        }
    }
    edits.sort_by_key(|e| (e.from, e.to));
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in &edits {
        out.push_str(text.get(at..edit.from)?);
        out.push_str(&edit.with);
        at = edit.to;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

/// A value that says something else, where it stands.
fn replaced(entry: &Entry, value: &str) -> Option<Edit> {
    let unchanged = one(value).is_some_and(|node| same(&node, &entry.value.node));
    let span = entry.value.span;
    (!unchanged).then(|| Edit { from: span.start, to: span.end, with: value.to_owned() })
}

/// A key that has a line of its own: `label = …`, `then.rate = …`.
fn edit_line(
    text: &str,
    block: &Block,
    prefix: &str,
    key: &str,
    entry: Option<&Entry>,
    value: Option<&str>,
) -> Option<Option<Edit>> {
    match (entry, value) {
        (Some(entry), Some(value)) => Some(replaced(entry, value)),
        (Some(entry), None) => {
            let from = text[..entry.key_span.start].rfind('\n')? + 1;
            if text[from..entry.key_span.start].trim() != prefix {
                return None;
            }
            let to = entry.value.span.end + text[entry.value.span.end..].find('\n')? + 1;
            Some(Some(Edit { from, to, with: String::new() }))
        }
        (None, Some(value)) => {
            // Before the closing fence; a key of the head goes before `then`, as people read it.
            let fence = block.start + text[block.start..block.end].trim_end().rfind('\n')? + 1;
            let before = match (prefix, block.entries.iter().find(|e| e.key == "then")) {
                ("", Some(then)) => text[..then.key_span.start].rfind('\n')? + 1,
                _ => fence,
            };
            Some(Some(Edit { from: before, to: before, with: format!("{prefix}{key} = {value}\n") }))
        }
        (None, None) => Some(None),
    }
}

/// A key at the end of an inline table.
fn added(text: &str, table: &Value, key: &str, value: &str) -> Edit {
    let close = table.span.end - 1;
    let inside = text[table.span.start + 1..close].trim_end();
    let at = table.span.start + 1 + inside.len();
    let comma = if inside.trim().is_empty() || inside.ends_with(',') { "" } else { "," };
    let end = if text[at..close].is_empty() { " " } else { "" };
    Edit { from: at, to: at, with: format!("{comma} {key} = {value}{end}") }
}

/// A key out of an inline table, with the comma that held it.
fn removed(table: &Value, entry: &Entry) -> Edit {
    let entries = table.as_table().unwrap_or_default();
    let index = entries.iter().position(|e| e.key == entry.key).unwrap_or_default();
    let (from, to) = match (entries.get(index + 1), index.checked_sub(1).and_then(|i| entries.get(i))) {
        (Some(next), _) => (entry.key_span.start, next.key_span.start),
        (None, Some(before)) => (before.value.span.end, entry.value.span.end),
        (None, None) => (entry.key_span.start, entry.value.span.end),
    };
    Edit { from, to, with: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# T\n\n## A\n\n```toml clause\nkind = \"fee\" # ce que c'est\nlabel = \"f\"\nthen = { unit = \"seat\", quantity = 12 }\n```\n\nÀ la suite.\n\n```toml clause\nkind = \"term\"\nlabel = \"d\"\nthen.start = 2026-03-01 # premier jour\nthen.lasts = \"12 months\"\n```\n";

    fn change(label: &str, head: &[(&str, Option<&str>)], then: &[(&str, Option<&str>)]) -> String {
        let outline = Outline::of(TEXT);
        let own = |list: &[(&str, Option<&str>)]| -> Vec<Wanted> {
            list.iter().map(|(k, v)| ((*k).to_owned(), v.map(str::to_owned))).collect()
        };
        rewrite(TEXT, outline.block(label).unwrap(), &own(head), &own(then)).unwrap()
    }

    #[test]
    fn a_value_changes_where_it_stands_and_nothing_else() {
        let text = change("f", &[], &[("quantity", Some("14"))]);
        assert_eq!(text, TEXT.replace("quantity = 12", "quantity = 14"));
        let text = change("d", &[], &[("lasts", Some("\"24 months\"")), ("start", Some("2026-03-01"))]);
        assert_eq!(text, TEXT.replace("12 months", "24 months"));
    }

    #[test]
    fn keys_come_and_go_in_both_layouts() {
        let text = change("f", &[], &[("vat", Some("\"20 %\"")), ("unit", None)]);
        assert_eq!(text, TEXT.replace("unit = \"seat\", quantity = 12 }", "quantity = 12, vat = \"20 %\" }"));
        let text = change("d", &[], &[("notice", Some("\"3 months\"")), ("lasts", None)]);
        assert_eq!(text, TEXT.replace("then.lasts = \"12 months\"\n", "then.notice = \"3 months\"\n"));
        let text = change("f", &[("when", Some("{ priority = [\"P1\"] }"))], &[]);
        assert!(text.contains("label = \"f\"\nwhen = { priority = [\"P1\"] }\nthen = {"), "{text}");
    }

    #[test]
    fn a_block_is_added_under_its_article() {
        let outline = Outline::of(TEXT);
        let block = written(&[("kind".into(), "\"fee\"".into())], &[("unit".into(), "\"x\"".into())]);
        let text = insert(TEXT, outline.headings[2].end, &block);
        assert!(text.starts_with(TEXT.trim_end()), "{text}");
        assert!(
            text.ends_with("```\n\n```toml clause\nkind = \"fee\"\nthen = { unit = \"x\" }\n```\n"),
            "{text}"
        );
    }
}
