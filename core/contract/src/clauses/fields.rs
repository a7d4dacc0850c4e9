//! A clause as read, and typed access to its fields once they have been checked.

use base::fraction::{Fraction, parse_decimal, parse_percent};
use base::{Length, Money, Rounding};
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};
use terms::{Guard, Statement};

use super::Kind;
use crate::source::{Entry, Node, Span, Value};

/// A clause of the text, before and after it inherits from what it excepts.
#[derive(Clone, Debug)]
pub(crate) struct Clause {
    pub kind: &'static Kind,
    pub label: String,
    pub label_span: Span,
    /// The whole block, fences included.
    pub span: Span,
    /// Index of its heading in its file, and that heading's text.
    pub heading: usize,
    pub article: String,
    pub exception_to: Option<(String, Span)>,
    pub when: Guard,
    pub when_span: Span,
    /// Each value a guard names, with its place.
    pub when_values: Vec<(terms::Dimension, String, Span)>,
    /// `default = "none"`: the parties accept that some cases have no rule.
    pub default_none: bool,
    /// The fields written here.
    pub own: Vec<Entry>,
    /// All fields: written here, inherited, or by default.
    pub merged: Vec<Merged>,
    /// It has become a term: nothing that its term needs was missing or ill-typed.
    pub sound: bool,
}

/// A field and where it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Merged {
    pub entry: Entry,
    pub origin: Origin,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Own,
    /// From the clause of this label, that this one excepts.
    Inherited(String),
    Default,
}

impl Clause {
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.merged.iter().find(|m| m.entry.key == name).map(|m| &m.entry.value)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_text()
    }

    /// Where a field is written, or the label when it is not written here.
    pub fn place_of(&self, name: &str) -> Span {
        self.own.iter().find(|e| e.key == name).map_or(self.label_span, |e| e.value.span)
    }

    pub fn is(&self, kind: &str) -> bool {
        self.kind.name == kind
    }
}

/// The fields of a clause, or of a table within it.
///
/// A getter gives `None` for what is absent or ill-typed; both were reported when the field was checked.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    pub(crate) clause: &'a Clause,
    /// A table within the clause; `None`: the clause's own fields.
    nested: Option<&'a [Entry]>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(clause: &'a Clause) -> Fields<'a> {
        Fields { clause, nested: None }
    }

    pub(crate) fn label(&self) -> &'a str {
        &self.clause.label
    }

    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        match self.nested {
            Some(entries) => entries.iter().find(|e| e.key == name).map(|e| &e.value),
            None => self.clause.value(name),
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// The value written on this very clause.
    pub(crate) fn own(&self, name: &str) -> Option<&'a Value> {
        self.clause.own.iter().find(|e| e.key == name).map(|e| &e.value)
    }

    /// Where to point at the clause as a whole.
    pub(crate) fn place(&self) -> Span {
        self.clause.label_span
    }

    pub(crate) fn place_of(&self, name: &str) -> Span {
        self.clause.place_of(name)
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.value(name)?.as_text().map(str::to_owned)
    }

    pub(crate) fn parsed<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        parse(self.value(name)?.as_text()?)
    }

    /// One of the words of a closed list, as the terms spell it.
    pub(crate) fn one_of<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        word(self.value(name)?)
    }

    pub(crate) fn many_of<T: DeserializeOwned>(&self, name: &str) -> Vec<T> {
        self.array(name).iter().filter_map(word).collect()
    }

    pub(crate) fn length(&self, name: &str) -> Option<Length> {
        self.parsed(name, |t| Length::parse(t).ok())
    }

    pub(crate) fn months(&self, name: &str) -> Option<u32> {
        match self.length(name)? {
            Length::Months(n) => Some(n),
            _ => None,
        }
    }

    pub(crate) fn minutes(&self, name: &str) -> Option<u32> {
        u32::try_from(self.length(name)?.as_seconds()? / 60).ok()
    }

    pub(crate) fn money(&self, name: &str) -> Option<Money> {
        self.parsed(name, |t| Money::parse(t).ok())
    }

    pub(crate) fn percent(&self, name: &str) -> Option<Fraction> {
        self.parsed(name, parse_percent)
    }

    pub(crate) fn decimal(&self, name: &str) -> Option<Fraction> {
        self.parsed(name, parse_decimal)
    }

    /// A table `{ digits = 2, mode = "half_up" }`.
    pub(crate) fn rounding(&self, name: &str) -> Option<Rounding> {
        let table = self.table(name)?;
        Some(Rounding { digits: table.integer("digits")?.min(6), mode: table.one_of("mode")? })
    }

    pub(crate) fn integer(&self, name: &str) -> Option<u32> {
        match self.value(name)?.node {
            Node::Integer(n) => u32::try_from(n).ok(),
            _ => None,
        }
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        match self.value(name)?.node {
            Node::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    pub(crate) fn date(&self, name: &str) -> Option<Date> {
        date(self.value(name)?)
    }

    pub(crate) fn dates(&self, name: &str) -> Vec<Date> {
        self.array(name).iter().filter_map(date).collect()
    }

    fn array(&self, name: &str) -> &'a [Value] {
        self.value(name).and_then(Value::as_array).unwrap_or_default()
    }

    /// The texts of an array, or the keys of a table of names.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.value(name).map(texts).unwrap_or_default()
    }

    /// The titles of a table of names.
    pub(crate) fn titles(&self, name: &str) -> Vec<(String, String)> {
        let entries = self.value(name).and_then(Value::as_table).unwrap_or_default();
        entries.iter().filter_map(|e| Some((e.key.clone(), e.value.as_text()?.to_owned()))).collect()
    }

    /// Every field of the clause as text, for what is recorded and not run.
    pub(crate) fn statement(&self) -> Statement {
        let says = self.clause.merged.iter().map(|m| (m.entry.key.clone(), plain(&m.entry.value))).collect();
        Statement { topic: self.clause.kind.name.to_owned(), says }
    }

    /// The fields of a table within the clause, as a declaration of its own.
    pub(crate) fn row(&self, topic: String) -> Statement {
        let entries = self.nested.unwrap_or_default();
        Statement { topic, says: entries.iter().map(|e| (e.key.clone(), plain(&e.value))).collect() }
    }

    /// The lists of texts of which one holds a comma: joined in a statement, they could not be told apart.
    pub(crate) fn lists_with_commas(&self) -> Vec<(&'a str, Vec<String>)> {
        let lists = self.clause.merged.iter().map(|m| (m.entry.key.as_str(), self.texts(&m.entry.key)));
        lists.filter(|(_, items)| items.iter().any(|item| item.contains(", "))).collect()
    }

    /// Where a row of a table is written.
    pub(crate) fn place_of_row(&self, name: &str, row: usize) -> Span {
        self.array(name).get(row).map_or_else(|| self.place_of(name), |v| v.span)
    }

    /// A time of day, in seconds from midnight: `"14:30"`.
    pub(crate) fn time(&self, name: &str) -> Option<u32> {
        self.parsed(name, |t| Some(terms::Opening::parse(t, "24:00")?.open))
    }

    pub(crate) fn table(&self, name: &str) -> Option<Fields<'a>> {
        Some(Fields { clause: self.clause, nested: Some(self.value(name)?.as_table()?) })
    }

    pub(crate) fn tables(&self, name: &str) -> Vec<Fields<'a>> {
        let clause = self.clause;
        self.array(name).iter().filter_map(|v| Some(Fields { clause, nested: Some(v.as_table()?) })).collect()
    }
}

/// A value as text: lists joined by « , », tables as `key: value` in the order of the keys, so that the
/// order in which a table is written is no part of what it says.
fn plain(value: &Value) -> String {
    match &value.node {
        Node::Text(text) | Node::Other(text) => text.clone(),
        Node::Integer(n) => n.to_string(),
        Node::Flag(flag) => flag.to_string(),
        Node::Date(date) => date.to_string(),
        Node::DateTime(at) => at.to_string(),
        Node::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        Node::Table(entries) => {
            let mut pairs: Vec<String> =
                entries.iter().map(|e| format!("{}: {}", e.key, plain(&e.value))).collect();
            pairs.sort_unstable();
            pairs.join(", ")
        }
    }
}

/// The texts of an array, or the keys of a table.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match &value.node {
        Node::Array(values) => values.iter().filter_map(|v| v.as_text().map(str::to_owned)).collect(),
        Node::Table(entries) => entries.iter().map(|e| e.key.clone()).collect(),
        _ => Vec::new(),
    }
}

fn date(value: &Value) -> Option<Date> {
    match value.node {
        Node::Date(date) => Some(date),
        _ => None,
    }
}

fn word<T: DeserializeOwned>(value: &Value) -> Option<T> {
    let text: StrDeserializer<'_, ValueError> = value.as_text()?.into_deserializer();
    T::deserialize(text).ok()
}
