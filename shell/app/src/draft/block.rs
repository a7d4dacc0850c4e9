//! A text as a form and an outline see it: headings, blocks, the lines they stand on.

use contract::source::{BlockKind, Entry, File, Source, Value};
use contract::{Kind, kind};

/// The headings and blocks of a text.
#[derive(Debug)]
pub struct Outline {
    pub headings: Vec<Heading>,
    /// Clauses only, in the order of the text.
    pub blocks: Vec<Block>,
}

/// An article.
#[derive(Debug, Clone)]
pub struct Heading {
    /// 0: what stands before the first heading.
    pub level: u8,
    pub title: String,
    /// From 1.
    pub line: u32,
    /// Where a block added to it goes: after the last word that stands under it.
    pub(super) end: usize,
}

/// A `toml clause`.
#[derive(Debug, Clone)]
pub struct Block {
    /// Index in [`Outline::headings`].
    pub heading: usize,
    /// From 1.
    pub line: u32,
    /// Fences included, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    pub entries: Vec<Entry>,
    /// Its TOML cannot be read whole: a form would lose what it did not read.
    pub broken: bool,
}

impl Outline {
    pub fn of(text: &str) -> Outline {
        let file = File::new("texte.md", text);
        let source = Source::read(0, &file, &mut Vec::new());
        let headings = source
            .headings
            .iter()
            .map(|h| Heading {
                level: h.level,
                title: h.title.clone(),
                line: file.position(h.span.start).line,
                end: text[..h.body_end.min(text.len())].trim_end().len(),
            })
            .collect();
        let blocks = source
            .blocks
            .iter()
            .filter(|b| b.kind == BlockKind::Clause)
            .map(|b| Block {
                heading: b.heading,
                line: file.position(b.span.start).line,
                start: b.span.start,
                end: b.span.end.min(text.len()),
                entries: b.entries.clone(),
                broken: b.broken,
            })
            .collect();
        Outline { headings, blocks }
    }

    /// The block of this label, or the one that replaces it.
    pub fn block(&self, label: &str) -> Option<&Block> {
        let named = |b: &&Block| b.label() == Some(label);
        self.blocks.iter().find(named)
    }
}

impl Block {
    /// As it is written, fences included.
    pub fn source<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    pub fn head(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|e| e.key == key).map(|e| &e.value)
    }

    /// The fields of `then`.
    pub fn then(&self) -> &[Entry] {
        self.head("then").and_then(Value::as_table).unwrap_or_default()
    }

    /// A field of `then` that is a text.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.then().iter().find(|e| e.key == field)?.value.as_text()
    }

    pub fn label(&self) -> Option<&str> {
        let text = |key| self.head(key).and_then(Value::as_text);
        text("label").or_else(|| text("replace"))
    }

    pub fn kind_name(&self) -> &str {
        self.head("kind").and_then(Value::as_text).unwrap_or_default()
    }

    pub fn kind(&self) -> Option<&'static Kind> {
        kind(self.kind_name())
    }
}
