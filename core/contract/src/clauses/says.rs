//! What kinds that declare share: recording their fields, and reading them back in words.
//!
//! There are two recordings, because signed texts were hashed with both: [`push_with`] keeps the rows of
//! tables, and the lists whose items hold a comma, within the statement; [`push_plain`] keeps the fields
//! alone, and [`push_rows`] makes of each row a statement of its own. What reads them is the same.

use base::fraction::parse_percent;
use base::lang::{self, NBSP};
use base::{Lang, Length, Money};
use jiff::civil::Date;
use terms::{Rule, Statement, Terms};

use super::read;
use super::{Fields, Kind};
use crate::compile::Compiler;

/// Records every field of the clause, and lists whose items hold a comma item by item.
pub(super) fn push(f: &Fields<'_>, c: &mut Compiler) {
    push_with(f, c, Vec::new());
}

/// Records every field of the clause, and the rows of its tables by key: a table as one text could not
/// be read back.
pub(super) fn push_with(f: &Fields<'_>, c: &mut Compiler, rows: Vec<(String, String)>) {
    let mut statement = f.statement();
    statement.says.extend(rows);
    for (field, items) in f.lists_with_commas() {
        statement.says.extend(
            items.iter().enumerate().map(|(i, item)| (format!("{field}.{:02}", i + 1), item.clone())),
        );
    }
    let rule = c.rule(f, statement);
    c.terms.statements.push(rule);
}

/// Records the fields of the clause as they are.
pub(super) fn push_plain(f: &Fields<'_>, c: &mut Compiler) {
    let rule = c.rule(f, f.statement());
    c.terms.statements.push(rule);
}

/// Records each row of a table of the clause as a statement of its own, after the clause's: the topic is
/// `kind.table`.
pub(super) fn push_rows(f: &Fields<'_>, c: &mut Compiler, kind: &Kind, table: &str) {
    for row in f.tables(table) {
        let rule = c.rule(f, row.row(format!("{}.{table}", kind.name)));
        c.terms.statements.push(rule);
    }
}

/// The declaration of a clause, or a row of one of its tables, with the words of its kind.
pub(super) struct Says<'a> {
    pub rule: &'a Rule<Statement>,
    kind: &'a Kind,
}

/// What the clause of this label says.
pub(super) fn find<'a>(label: &'a str, kind: &'a Kind, terms: &'a Terms) -> Option<Says<'a>> {
    topic(label, kind, kind.name.to_owned(), terms).next()
}

/// The rows of one of its tables, as [`push_rows`] recorded them.
pub(super) fn rows<'a>(
    label: &'a str,
    kind: &'a Kind,
    table: &str,
    terms: &'a Terms,
) -> impl Iterator<Item = Says<'a>> {
    topic(label, kind, format!("{}.{table}", kind.name), terms)
}

fn topic<'a>(
    label: &'a str,
    kind: &'a Kind,
    topic: String,
    terms: &'a Terms,
) -> impl Iterator<Item = Says<'a>> {
    let of = move |r: &&Rule<Statement>| r.label() == label && r.then.topic == topic;
    terms.statements.iter().filter(of).map(move |rule| Says { rule, kind })
}

impl<'a> Says<'a> {
    pub fn get(&self, field: &str) -> Option<&'a str> {
        self.rule.then.get(field).filter(|text| !text.is_empty())
    }

    pub fn text(&self, field: &str) -> &'a str {
        self.get(field).unwrap_or_default()
    }

    pub fn has(&self, field: &str) -> bool {
        self.get(field).is_some()
    }

    pub fn is(&self, field: &str) -> bool {
        self.get(field) == Some("true")
    }

    pub fn length(&self, field: &str, lang: Lang) -> Option<String> {
        Some(Length::parse(self.get(field)?).ok()?.in_words(lang))
    }

    pub fn money(&self, field: &str, lang: Lang) -> Option<String> {
        Some(Money::parse(self.get(field)?).ok()?.show(lang))
    }

    pub fn percent(&self, field: &str, lang: Lang) -> Option<String> {
        Some(lang::percent(lang, parse_percent(self.get(field)?)?))
    }

    pub fn date(&self, field: &str, lang: Lang) -> Option<String> {
        Some(lang::date(lang, self.get(field)?.parse::<Date>().ok()?))
    }

    pub fn number(&self, field: &str) -> Option<u32> {
        self.get(field)?.parse().ok()
    }

    /// A word of a closed list, as people read it.
    pub fn word(&self, field: &str, lang: Lang) -> String {
        self.kind.word(lang, self.text(field)).into_owned()
    }

    /// A list, each of its words as people read it: « a, b et c ».
    pub fn list(&self, field: &str, lang: Lang) -> String {
        let apart: Vec<&str> = self.rows(field).map(|(_, item)| item).collect();
        let joined = || self.text(field).split(", ").filter(|w| !w.is_empty()).collect();
        let items: Vec<&str> = if apart.is_empty() { joined() } else { apart };
        let words: Vec<_> = items.iter().map(|w| self.kind.word(lang, w)).collect();
        read::list(lang, &words.iter().map(AsRef::as_ref).collect::<Vec<_>>())
    }

    /// The rows of a table recorded under `table.`: what comes after the point, and the value.
    pub fn rows(&self, table: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let prefix = format!("{table}.");
        let says = &self.rule.then.says;
        says.iter().filter_map(move |(key, value)| Some((key.strip_prefix(&prefix)?, value.as_str())))
    }
}

/// The parts of a sentence, parted as each language parts them.
pub(super) fn parts(lang: Lang, parts: &[String]) -> String {
    let kept: Vec<&str> = parts.iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
    kept.join(lang.t("\u{202f}; ", "; "))
}

/// « : » after a word.
pub(super) fn colon(lang: Lang) -> String {
    lang.t(format!("{NBSP}: "), ": ".to_owned())
}

/// « 18e », « 1er », “18th”, “1st”.
pub(super) fn ordinal(lang: Lang, n: u32) -> String {
    let suffix = match (lang, n % 10, n % 100) {
        (Lang::Fr, _, _) if n == 1 => "er",
        (Lang::Fr, ..) => "e",
        (Lang::En, _, 11..=13) => "th",
        (Lang::En, 1, _) => "st",
        (Lang::En, 2, _) => "nd",
        (Lang::En, 3, _) => "rd",
        (Lang::En, ..) => "th",
    };
    format!("{n}{suffix}")
}
