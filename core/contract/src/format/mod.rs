//! Lays out the rules of a contract: front matter, clause blocks and example blocks. Nothing else.
//!
//! Invariant: prose, fences and everything between blocks keep every byte; in a block, only the order of
//! keys, the spaces and the line ends move. What was laid out is read again, and must say the same;
//! a block that cannot be read, or would not, stays exactly as it was and is named.

mod comments;
mod order;
mod print;
mod tree;

use std::ops::Range;

use base::Bilingual;

use crate::source::value::{self, Entry, Node, Value};
use crate::source::{BlockKind, File, MAX_BYTES, Source};
use order::Order;

/// A text laid out, and what was left as it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formatted {
    pub text: String,
    pub left: Vec<Left>,
}

/// A block left as it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Where it begins, from 1.
    pub line: u32,
    pub why: Bilingual,
}

/// Lays out the rules of a text. Laying out twice changes nothing more.
pub fn format(text: &str) -> Formatted {
    let file = File::new("", text);
    if text.len() > MAX_BYTES {
        let why = Bilingual::new("ce texte dépasse 1\u{a0}Mio", "this text is larger than 1 MiB");
        return Formatted { text: text.to_owned(), left: vec![Left { line: 1, why }] };
    }
    let source = Source::read(0, &file, &mut Vec::new());
    let mut out = String::with_capacity(text.len());
    let mut left = Vec::new();
    let mut at = 0;
    for piece in pieces(text, &source) {
        let start = piece.range.start;
        match piece.lay_out(text) {
            Ok(laid_out) => {
                out.push_str(&text[at..start]);
                out.push_str(&laid_out);
                at = piece.range.end;
            }
            Err(why) => left.push(Left { line: file.position(piece.opening).line, why }),
        }
    }
    out.push_str(&text[at..]);
    Formatted { text: out, left }
}

/// The inside of a block, fences excluded.
struct Piece {
    /// `None`: the front matter.
    kind: Option<BlockKind>,
    /// Where the block begins, fence included.
    opening: usize,
    /// Whole lines of the text.
    range: Range<usize>,
    /// What quotes and lists put before each line.
    prefix: String,
    closed: bool,
}

fn pieces(text: &str, source: &Source) -> Vec<Piece> {
    let line_end = |at: usize| text[at..].find('\n').map_or(text.len(), |i| at + i + 1);
    let mut out = Vec::new();
    if source.front_span.end > 0 {
        let first = line_end(0);
        let last = text[..source.front_span.end].rfind('\n').map_or(first, |i| i + 1);
        let range = first..last.max(first);
        out.push(Piece { kind: None, opening: 0, range, prefix: String::new(), closed: true });
    }
    for block in &source.blocks {
        let opening = text[..block.span.start].rfind('\n').map_or(0, |i| i + 1);
        let before = text[opening..block.span.start].chars();
        let prefix = before.map(|c| if c == '>' || c == '\t' { c } else { ' ' }).collect();
        let first = line_end(block.span.start);
        let inside = text[..block.span.end].trim_end_matches(['\n', '\r', ' ', '>', '\t']);
        let last = inside.rfind('\n').map_or(first, |i| i + 1);
        let closing = text[last.min(block.span.end)..block.span.end].trim_start_matches([' ', '>', '\t']);
        let closed = last >= first && (closing.starts_with("```") || closing.starts_with("~~~"));
        let range = first..last.max(first);
        out.push(Piece { kind: Some(block.kind), opening: block.span.start, range, prefix, closed });
    }
    out
}

impl Piece {
    /// The block laid out, or why it was left.
    fn lay_out(&self, text: &str) -> Result<String, Bilingual> {
        let raw = &text[self.range.clone()];
        if !self.closed {
            return Err(Bilingual::new("ce bloc n'est pas refermé", "this block is not closed"));
        }
        let end = if raw.contains("\r\n") { "\r\n" } else { "\n" };
        let inside = self.without_prefix(raw)?;
        let (entries, errors) = value::parse(&inside, 0, 0);
        if !errors.is_empty() {
            return Err(Bilingual::new(
                "ce bloc n'est pas du TOML valide\u{a0}: contract check dit pourquoi",
                "this block is not valid TOML: contract check says why",
            ));
        }
        let order = Order::of(self.kind, &entries);
        let mut tree = tree::read(&inside, &entries).ok_or_else(untouched)?;
        order.sort(&mut tree.members);
        let laid_out = print::block(&tree);
        // What is signed must not depend on this program being right: the new text is read again.
        let (again, errors) = value::parse(&laid_out, 0, 0);
        let kept = comments::find(&laid_out).len() == comments::find(&inside).len();
        if !errors.is_empty() || !kept || !order.same(&entries, &again) {
            return Err(untouched());
        }
        let lines = laid_out.lines().flat_map(|line| [self.prefix.as_str(), line, end]);
        Ok(lines.collect())
    }

    /// The inside as TOML alone, with plain line ends.
    fn without_prefix(&self, raw: &str) -> Result<String, Bilingual> {
        let mut out = String::with_capacity(raw.len());
        for line in raw.lines() {
            let line = match line.strip_prefix(&self.prefix) {
                Some(line) => line,
                None if self.prefix.starts_with(line.trim_end()) => "",
                None => return Err(untouched()),
            };
            out.push_str(line);
            out.push('\n');
        }
        // A text over several lines would take the marks of the quotation, or other line ends, with it.
        let long_text = out.contains("\"\"\"") || out.contains("'''");
        if long_text && (!self.prefix.is_empty() || raw.contains('\r')) { Err(untouched()) } else { Ok(out) }
    }
}

fn untouched() -> Bilingual {
    Bilingual::new(
        "ce bloc est écrit d'une façon qui ne se remet pas en forme sans risque",
        "this block is written in a way that cannot be laid out without risk",
    )
}

/// Whether two values say the same, places aside.
fn alike(a: &Value, b: &Value) -> bool {
    match (&a.node, &b.node) {
        (Node::Array(a), Node::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
        (Node::Table(a), Node::Table(b)) => all_alike(a, b),
        (a, b) => a == b,
    }
}

fn all_alike(a: &[Entry], b: &[Entry]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.key == b.key && alike(&a.value, &b.value))
}
