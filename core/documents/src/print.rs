//! What is printed, as plain data: the template reads it as JSON and knows nothing else.

use serde::Serialize;
use serde_json::Value;

use crate::press::covers;

/// A document, from its cover to its last page.
#[derive(Debug, Serialize)]
pub(crate) struct Print {
    pub lang: &'static str,
    pub title: String,
    /// The running header: the contract's number, and what the document is.
    pub running: String,
    /// The version, short enough to be compared by eye on each page.
    pub stamp: String,
    pub author: String,
    /// Year, month, day.
    pub date: [i16; 3],
    pub words: Words,
    pub cover: Cover,
    pub parts: Vec<Part>,
    pub annexes: Vec<Annex>,
    pub signatures: Vec<Signed>,
    pub hashes: Vec<(String, String)>,
    pub attached: Vec<Attached>,
}

/// The furniture, in the language of the document.
#[derive(Debug, Serialize)]
pub(crate) struct Words {
    pub contents: String,
    pub page: String,
    pub of: String,
    pub version: String,
    pub annexes: String,
    pub signature: String,
    pub signature_note: String,
    pub colon: String,
    pub comments: String,
    pub example: String,
    pub week: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Cover {
    /// Over the title: « Contrat CTR-2026-001 ».
    pub over: String,
    /// Role, name, lines of identity.
    pub parties: Vec<(String, String, Vec<String>)>,
    pub facts: Vec<(String, String)>,
    /// How to read the pages.
    pub notes: Vec<String>,
}

/// One signed file.
#[derive(Debug, Serialize)]
pub(crate) struct Part {
    pub blocks: Vec<Block>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Annex {
    pub id: String,
    pub title: String,
    pub blocks: Vec<Block>,
}

/// A frame to sign in, or the signature recorded.
#[derive(Debug, Serialize)]
pub(crate) struct Signed {
    pub role: String,
    pub party: String,
    pub signatory: String,
    pub lines: Vec<String>,
}

/// A signed text, attached to the PDF byte for byte.
#[derive(Debug, Serialize)]
pub(crate) struct Attached {
    pub file: String,
    pub description: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "k", rename_all = "snake_case")]
pub(crate) enum Block {
    Heading {
        level: u8,
        id: String,
        c: Vec<Inline>,
        /// In the table of contents and the bookmarks.
        listed: bool,
    },
    Paragraph {
        c: Vec<Inline>,
    },
    List {
        /// The number of the first item; `None` is a list of bullets.
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    Quote {
        c: Vec<Block>,
    },
    Code {
        t: String,
    },
    Table {
        align: Vec<Align>,
        head: Vec<Vec<Inline>>,
        rows: Vec<Vec<Vec<Inline>>>,
    },
    Line,
    Rule(RuleBox),
    Example {
        title: String,
        fields: Vec<Field>,
        comments: Vec<String>,
    },
    /// The front matter of a signed file.
    Front {
        title: String,
        fields: Vec<Field>,
        comments: Vec<String>,
    },
    Year {
        title: String,
        months: Vec<Month>,
        /// What the days are: a class and its meaning.
        legend: Vec<(DayClass, String)>,
        special: Vec<(String, String)>,
    },
}

/// A rule as signed, and what the machine makes of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct RuleBox {
    pub label: String,
    pub kind: String,
    pub fields: Vec<Field>,
    pub comments: Vec<String>,
    /// Replaced or ended by an amendment.
    pub state: Option<String>,
    /// In the contract's language, then in the other one if it was asked.
    pub readings: Vec<String>,
}

/// A key and its value, a line for each thing it lists.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Field {
    pub key: String,
    pub lines: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Align {
    Start,
    Center,
    End,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "k", rename_all = "snake_case")]
pub(crate) enum Inline {
    Text {
        t: String,
    },
    Code {
        t: String,
    },
    Strong {
        c: Vec<Inline>,
    },
    Emph {
        c: Vec<Inline>,
    },
    Strike {
        c: Vec<Inline>,
    },
    /// `url` is printed when the words do not say it; it is a link when the scheme is safe.
    Link {
        url: String,
        shown: bool,
        safe: bool,
        c: Vec<Inline>,
    },
    /// A place of this document, with its page.
    Ref {
        to: String,
        t: String,
    },
    Break,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Month {
    pub name: String,
    /// Empty cells before the 1st; weeks begin on Monday.
    pub skip: u8,
    pub days: Vec<DayClass>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DayClass {
    Open,
    Shut,
    Holiday,
    Closed,
    Changed,
    /// In the grid and not in the contract year.
    Outside,
}

impl Inline {
    pub fn text(t: impl Into<String>) -> Inline {
        Inline::Text { t: t.into() }
    }
}

/// The data as the template reads it: no character in it that the fonts lack, or that hides others.
pub(crate) fn json(print: &impl Serialize) -> Vec<u8> {
    let mut value = serde_json::to_value(print).expect("plain data is JSON");
    make_visible(&mut value);
    serde_json::to_vec(&value).expect("a JSON value is JSON")
}

fn make_visible(value: &mut Value) {
    match value {
        Value::String(text) if !text.chars().all(is_plain) => *text = visible(text),
        Value::Array(values) => values.iter_mut().for_each(make_visible),
        Value::Object(entries) => entries.values_mut().for_each(make_visible),
        _ => {}
    }
}

/// A character that cannot be seen is written by its number: nothing that was signed is lost in print,
/// and nothing printed reads otherwise than it was signed.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_plain(c) { out.push(c) } else { out.push_str(&format!("[U+{:04X}]", u32::from(c))) }
    }
    out
}

fn is_plain(c: char) -> bool {
    let hidden =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    c == '\n' || (!c.is_control() && !hidden && !private && covers(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_written_by_its_number() {
        assert_eq!(visible("a\u{202e}b中\u{7}é"), "a[U+202E]b[U+4E2D][U+0007]é");
        assert_eq!(visible("12\u{202f}000\u{a0}€"), "12\u{202f}000\u{a0}€");
    }
}
