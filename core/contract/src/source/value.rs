//! TOML values with the place of each key and value in the file that holds the block.

use jiff::civil::{Date, DateTime, Time};
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

use super::{MAX_NESTING, MAX_TEXT, Span};

/// A value and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    pub span: Span,
    pub node: Node,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Text(String),
    Integer(i64),
    Flag(bool),
    Date(Date),
    DateTime(DateTime),
    Array(Vec<Value>),
    Table(Vec<Entry>),
    /// A TOML value that contracts do not use (a float, a time, an instant with an offset), as written.
    Other(String),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    pub key_span: Span,
    pub value: Value,
}

impl Value {
    pub fn as_text(&self) -> Option<&str> {
        match &self.node {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_table(&self) -> Option<&[Entry]> {
        match &self.node {
            Node::Table(entries) => Some(entries),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Value]> {
        match &self.node {
            Node::Array(values) => Some(values),
            _ => None,
        }
    }

    /// How many values it holds, itself included.
    pub(crate) fn size(&self) -> usize {
        match &self.node {
            Node::Array(values) => 1 + values.iter().map(Value::size).sum::<usize>(),
            Node::Table(entries) => 1 + entries.iter().map(|e| e.value.size()).sum::<usize>(),
            _ => 1,
        }
    }

    /// The entry of a table.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_table()?.iter().find(|e| e.key == key).map(|e| &e.value)
    }
}

/// What is wrong with the TOML itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TomlError {
    pub span: Span,
    pub message: String,
    pub fault: Fault,
}

/// Why TOML is not read as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Syntax,
    /// Deeper than [`MAX_NESTING`].
    Deep,
    /// A key or a text longer than [`MAX_TEXT`].
    Long,
}

/// Reads a block that begins at `offset` of file `file`; what could be read comes with what is wrong.
pub fn parse(text: &str, file: usize, offset: usize) -> (Vec<Entry>, Vec<TomlError>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { file, offset, too_deep: None, too_long: None };
    let entries = reader.table(table.get_ref(), 1);
    let mut found: Vec<TomlError> = errors
        .iter()
        .map(|e| {
            let at = e.span().unwrap_or(0..0);
            let first_line = e.message().lines().collect::<Vec<_>>().join("; ");
            TomlError {
                span: Span::new(file, offset + at.start, offset + at.end),
                message: first_line,
                fault: Fault::Syntax,
            }
        })
        .collect();
    let deep = (reader.too_deep, Fault::Deep, format!("more than {MAX_NESTING} nested levels"));
    let long = (reader.too_long, Fault::Long, format!("a text of more than {MAX_TEXT} characters"));
    for (span, fault, message) in [deep, long] {
        found.extend(span.map(|span| TomlError { span, message, fault }));
    }
    (entries, found)
}

struct Reader {
    file: usize,
    offset: usize,
    too_deep: Option<Span>,
    too_long: Option<Span>,
}

impl Reader {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, self.offset + range.start, self.offset + range.end)
    }

    /// A key or a text as far as it is read: what is said once is quoted by other clauses.
    fn text(&mut self, text: &str, span: Span) -> String {
        match text.char_indices().nth(MAX_TEXT).filter(|_| text.len() > MAX_TEXT) {
            Some((end, _)) => {
                self.too_long.get_or_insert(span);
                text[..end].to_owned()
            }
            None => text.to_owned(),
        }
    }

    /// The entries in the order of the text, so that a reader meets them as they were written.
    fn table(&mut self, table: &DeTable<'_>, depth: usize) -> Vec<Entry> {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| {
                let key_span = self.span(key.span());
                Entry { key: self.text(key.get_ref(), key_span), key_span, value: self.value(value, depth) }
            })
            .collect();
        entries.sort_by_key(|e| e.key_span.start);
        entries
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, depth: usize) -> Value {
        let span = self.span(value.span());
        let node = match value.get_ref() {
            _ if depth > MAX_NESTING => {
                self.too_deep.get_or_insert(span);
                Node::Other(String::new())
            }
            DeValue::String(text) => Node::Text(self.text(text, span)),
            DeValue::Integer(i) => match i64::from_str_radix(i.as_str(), i.radix()) {
                Ok(value) => Node::Integer(value),
                Err(_) => Node::Other(i.to_string()),
            },
            DeValue::Float(x) => Node::Other(x.as_str().to_owned()),
            DeValue::Boolean(flag) => Node::Flag(*flag),
            DeValue::Datetime(at) => datetime(*at),
            DeValue::Array(values) => Node::Array(values.iter().map(|v| self.value(v, depth + 1)).collect()),
            DeValue::Table(table) => Node::Table(self.table(table, depth + 1)),
        };
        Value { span, node }
    }
}

/// Local dates and times only: the zone is the calendar's or the contract's.
fn datetime(at: Datetime) -> Node {
    let date = at.date.and_then(|d| {
        Date::new(i16::try_from(d.year).ok()?, i8::try_from(d.month).ok()?, i8::try_from(d.day).ok()?).ok()
    });
    let time = at.time.and_then(|t| {
        let small = |n: u8| i8::try_from(n).ok();
        Time::new(small(t.hour)?, small(t.minute)?, small(t.second.unwrap_or(0))?, 0).ok()
    });
    match (date, time, at.offset, at.time.is_some()) {
        (Some(date), None, None, false) => Node::Date(date),
        (Some(date), Some(time), None, _) => Node::DateTime(DateTime::from_parts(date, time)),
        _ => Node::Other(at.to_string()),
    }
}
