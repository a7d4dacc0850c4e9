//! The text of a contract, cut into articles, prose and blocks, every byte of it still findable.

pub mod markdown;
pub mod value;

use std::fmt;

pub use markdown::{Block, BlockKind, Heading, Source};
pub use value::{Entry, Node, Value};

/// The largest text read, in bytes: a bound on the work that a hostile file can ask for.
pub const MAX_BYTES: usize = 1024 * 1024;
/// The deepest nesting of arrays and tables in a block.
pub const MAX_NESTING: usize = 32;

/// Bytes `start..end` of one of the files compiled together (0: the contract, then its amendments).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub file: usize,
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(file: usize, start: usize, end: usize) -> Span {
        Span { file, start, end: end.max(start) }
    }
}

/// A file's name, as the user gave it, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub text: String,
}

/// A line and a column, both from 1; columns count Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl File {
    /// Where a byte offset stands; an offset past the end or inside a character goes back to the nearest one.
    pub fn position(&self, offset: usize) -> Position {
        let before = &self.text[..floor_boundary(&self.text, offset)];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position {
            line: count(before.bytes().filter(|b| *b == b'\n').count() + 1),
            column: count(before[line_start..].chars().count() + 1),
        }
    }

    /// A line, from 1, without its end.
    pub fn line(&self, number: u32) -> &str {
        let index = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
        self.text.split('\n').nth(index).unwrap_or("").trim_end_matches('\r')
    }

    pub fn slice(&self, span: Span) -> &str {
        let start = floor_boundary(&self.text, span.start);
        &self.text[start..floor_boundary(&self.text, span.end).max(start)]
    }
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
