//! Clauses that are recorded: pushing what they say, the rows of their tables, and reading it again.

use base::fraction::parse_percent;
use base::{Lang, Length, Money, lang};
use terms::{Rule, Statement, Terms};

use super::{Fields, Kind};
use crate::compile::Compiler;

/// Records the whole clause.
pub(super) fn push(f: &Fields<'_>, c: &mut Compiler) {
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

/// What the clause of this label says.
pub(super) fn of<'a>(kind: &Kind, label: &str, terms: &'a Terms) -> Option<&'a Rule<Statement>> {
    terms.statements.iter().find(|r| r.label() == label && r.then.topic == kind.name)
}

/// The rows of one of its tables.
pub(super) fn rows<'a>(
    kind: &Kind,
    label: &'a str,
    table: &str,
    terms: &'a Terms,
) -> impl Iterator<Item = &'a Statement> {
    let topic = format!("{}.{table}", kind.name);
    terms.statements.iter().filter(move |r| r.label() == label && r.then.topic == topic).map(|r| &r.then)
}

/// Readers of a statement's fields in a language; empty when the clause does not say.
pub(super) struct Says<'a> {
    pub kind: &'a Kind,
    pub lang: Lang,
    pub says: &'a Statement,
}

impl Says<'_> {
    pub(super) fn text(&self, field: &str) -> &str {
        self.says.get(field).unwrap_or_default()
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.says.get(field).is_some_and(|t| !t.is_empty())
    }

    pub(super) fn yes(&self, field: &str) -> bool {
        self.text(field) == "true"
    }

    pub(super) fn word(&self, field: &str) -> String {
        self.kind.word(self.lang, self.text(field)).into_owned()
    }

    /// The words of a closed list, as « a, b et c ».
    pub(super) fn words(&self, field: &str) -> String {
        let all: Vec<String> = self
            .text(field)
            .split(", ")
            .filter(|w| !w.is_empty())
            .map(|w| self.kind.word(self.lang, w).into_owned())
            .collect();
        super::read::list(self.lang, &all.iter().map(String::as_str).collect::<Vec<_>>())
    }

    pub(super) fn length(&self, field: &str) -> Option<String> {
        Length::parse(self.text(field)).ok().map(|l| l.in_words(self.lang))
    }

    pub(super) fn money(&self, field: &str) -> Option<String> {
        Money::parse(self.text(field)).ok().map(|m| m.show(self.lang))
    }

    pub(super) fn percent(&self, field: &str) -> Option<String> {
        parse_percent(self.text(field)).map(|p| lang::percent(self.lang, p))
    }

    pub(super) fn date(&self, field: &str) -> Option<String> {
        self.text(field).parse().ok().map(|d| lang::date(self.lang, d))
    }
}
