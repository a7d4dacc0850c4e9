//! The text of a contract, cut into articles, prose and blocks, every byte of it still findable.

mod limits;
pub mod markdown;
mod refused;
pub mod value;

use std::fmt;
use std::ops::Range;

pub use markdown::{Block, BlockKind, Heading, Source};
pub use value::{Entry, Node, Value};

/// The largest text read, in bytes: a bound on the work that a hostile file can ask for.
pub const MAX_BYTES: usize = 1024 * 1024;
/// The most blocks read: ten times those of a contract of a hundred pages.
pub const MAX_BLOCKS: usize = 4000;
/// The most headings read: each becomes an article, with its anchor and its page of prose.
pub const MAX_HEADINGS: usize = 10_000;
/// The longest title of an article, in characters: each of its rules cites it.
pub const MAX_TITLE: usize = 400;
/// The longest key or text of a rule, in characters: other rules, remarks and readings quote it.
pub const MAX_TEXT: usize = 4000;
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
    /// Where each line begins, so that a place costs a search and not a reading of the file.
    lines: Vec<usize>,
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
    pub fn new(name: &str, text: &str) -> File {
        let after = text.match_indices('\n').map(|(i, _)| i + 1);
        let lines = std::iter::once(0).chain(after).collect();
        File { name: name.to_owned(), text: text.to_owned(), lines }
    }

    /// Where a byte offset stands; an offset past the end or inside a character goes back to the nearest one.
    pub fn position(&self, offset: usize) -> Position {
        let offset = floor_boundary(&self.text, offset);
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let column = self.text[self.lines[line - 1]..offset].chars().count() + 1;
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position { line: count(line), column: count(column) }
    }

    /// A line, from 1, without its end.
    pub fn line(&self, number: u32) -> &str {
        let index = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
        let start = self.lines.get(index).copied().unwrap_or(self.text.len());
        let end = self.lines.get(index + 1).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }

    pub fn slice(&self, span: Span) -> &str {
        let start = floor_boundary(&self.text, span.start);
        &self.text[start..floor_boundary(&self.text, span.end).max(start)]
    }
}

/// Whether an offset falls in one of these ranges, which are in order and apart.
pub(crate) fn within(ranges: &[Range<usize>], offset: usize) -> bool {
    let next = ranges.partition_point(|r| r.start <= offset);
    ranges[..next].last().is_some_and(|r| offset < r.end)
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
