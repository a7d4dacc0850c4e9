//! Cuts Markdown into front matter, headings and the fenced blocks that carry rules and examples.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::refused::{no_front, report, unfinished, unknown_block};
use super::value::{Entry, parse};
use super::{File, MAX_BLOCKS, MAX_BYTES, MAX_HEADINGS, MAX_TITLE, Span, limits};
use crate::diagnostic::Diagnostic;

/// A file cut up. What could not be read is in the diagnostics, never silently dropped.
#[derive(Clone, Debug)]
pub struct Source {
    pub file: usize,
    /// Between the two `+++`; empty when there is none.
    pub front: Vec<Entry>,
    pub front_span: Span,
    /// In order; the first may be the empty heading before any other.
    pub headings: Vec<Heading>,
    pub blocks: Vec<Block>,
    /// Code, front matter and blocks: no interpolation is read there.
    pub verbatim: Vec<Range<usize>>,
    /// Of the file, in bytes.
    pub length: usize,
}

/// A heading: an article of the contract.
#[derive(Clone, Debug)]
pub struct Heading {
    /// As signed, without Markdown marks.
    pub title: String,
    /// 1 to 6; 0 for what stands before the first heading.
    pub level: u8,
    pub span: Span,
    /// Where its text ends: the next heading, or the end of the file.
    pub body_end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    Clause,
    Example,
}

/// A fenced `toml clause` or `toml example`.
#[derive(Clone, Debug)]
pub struct Block {
    pub kind: BlockKind,
    /// Fences included.
    pub span: Span,
    /// Index in `Source::headings`.
    pub heading: usize,
    pub entries: Vec<Entry>,
    /// Its TOML could not be read whole: what it seems to lack is not worth a remark.
    pub broken: bool,
}

pub(crate) const MARKDOWN: Options = Options::ENABLE_TABLES.union(Options::ENABLE_STRIKETHROUGH);

impl Source {
    pub fn read(file: usize, source: &File, diagnostics: &mut Vec<Diagnostic>) -> Source {
        let mut out = Source {
            file,
            front: Vec::new(),
            front_span: Span::new(file, 0, 0),
            headings: vec![Heading {
                title: String::new(),
                level: 0,
                span: Span::new(file, 0, 0),
                body_end: source.text.len(),
            }],
            blocks: Vec::new(),
            verbatim: Vec::new(),
            length: source.text.len(),
        };
        if source.text.len() > MAX_BYTES {
            diagnostics.push(limits::too_large(file));
            return out;
        }
        let body = out.read_front(&source.text, diagnostics);
        out.read_body(&source.text, body, diagnostics);
        out
    }

    /// The blocks of an article, by the index of its heading.
    pub(crate) fn blocks_under(&self, heading: usize) -> &[Block] {
        let first = self.blocks.partition_point(|b| b.heading < heading);
        &self.blocks[first..self.blocks.partition_point(|b| b.heading <= heading)]
    }

    /// Reads the front matter; returns where the Markdown begins.
    fn read_front(&mut self, text: &str, diagnostics: &mut Vec<Diagnostic>) -> usize {
        // Some editors begin a file with a byte order mark that nobody sees.
        let opens = |line: &&str| line.trim_start_matches('\u{feff}').trim_end() == "+++";
        let Some(first) = text.split_inclusive('\n').next().filter(opens) else {
            diagnostics.push(no_front(Span::new(self.file, 0, 0)));
            return 0;
        };
        let mut end = first.len();
        for line in text[first.len()..].split_inclusive('\n') {
            if line.trim_end() == "+++" {
                self.front_span = Span::new(self.file, 0, end + line.trim_end().len());
                let (entries, errors) = parse(&text[first.len()..end], self.file, first.len());
                self.front = entries;
                report(text, errors, diagnostics);
                self.verbatim.push(0..end + line.len());
                return end + line.len();
            }
            end += line.len();
        }
        diagnostics.push(
            Diagnostic::error(
                "E-FRONT-UNCLOSED",
                Span::new(self.file, 0, 3),
                "l'en-tête ouvert par +++ n'est pas refermé",
                "the front matter opened by +++ is not closed",
            )
            .help("ajoutez une ligne +++ après la dernière clé", "add a line +++ after the last key"),
        );
        first.len()
    }

    fn read_body(&mut self, text: &str, body: usize, diagnostics: &mut Vec<Diagnostic>) {
        let mut heading: Option<(u8, usize, String)> = None;
        let mut fence: Option<Fence> = None;
        for (event, range) in Parser::new_ext(&text[body..], MARKDOWN).into_offset_iter() {
            let range = range.start + body..range.end + body;
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    heading = Some((level_number(level), range.start, String::new()));
                }
                Event::End(TagEnd::Heading(_)) => {
                    if let Some((level, start, title)) = heading.take() {
                        self.push_heading(level, start, range.end, title, diagnostics);
                    }
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    self.verbatim.push(range.clone());
                    let info = match kind {
                        CodeBlockKind::Fenced(info) => info.to_string(),
                        CodeBlockKind::Indented => String::new(),
                    };
                    fence = Some(Fence { info, range, pieces: Vec::new() });
                }
                Event::End(TagEnd::CodeBlock) => {
                    if let Some(fence) = fence.take() {
                        self.push_block(text, fence, diagnostics);
                    }
                }
                Event::Text(_) if fence.is_some() => {
                    fence.iter_mut().for_each(|f| f.pieces.push(range.clone()));
                }
                Event::Text(words) | Event::Code(words) if heading.is_some() => {
                    heading.iter_mut().for_each(|(_, _, title)| title.push_str(&words));
                }
                Event::Code(_) => self.verbatim.push(range),
                _ => {}
            }
        }
    }

    fn push_heading(
        &mut self,
        level: u8,
        start: usize,
        end: usize,
        mut title: String,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        if self.headings.len() > MAX_HEADINGS {
            if !diagnostics.iter().any(|d| d.code == "E-SOURCE-SIZE") {
                let span = Span::new(self.file, start, end);
                diagnostics.push(limits::too_many(span, MAX_HEADINGS, "titres", "headings"));
            }
            return;
        }
        if let Some(last) = self.headings.last_mut() {
            last.body_end = start;
        }
        let span = Span::new(self.file, start, end);
        if let Some((most, _)) = title.char_indices().nth(MAX_TITLE) {
            title.truncate(most);
            diagnostics.push(limits::long_title(span));
        }
        let body_end = self.length;
        self.headings.push(Heading { title, level, span, body_end });
    }

    fn push_block(&mut self, text: &str, fence: Fence, diagnostics: &mut Vec<Diagnostic>) {
        let mut words = fence.info.split_whitespace();
        let language = words.next().unwrap_or("");
        let kind = words.next();
        // « tolm clause » would otherwise drop a signed rule without a word.
        let meant = matches!(kind, Some("clause" | "example")) || ["clause", "example"].contains(&language);
        if language != "toml" && !meant {
            return;
        }
        let kind = match kind.filter(|_| language == "toml") {
            Some("clause") => BlockKind::Clause,
            Some("example") => BlockKind::Example,
            _ => {
                let first_line = text[fence.range.clone()].lines().next().unwrap_or("").len();
                let span = Span::new(self.file, fence.range.start, fence.range.start + first_line);
                diagnostics.push(unknown_block(span, fence.info.trim()));
                return;
            }
        };
        let span = Span::new(self.file, fence.range.start, fence.range.end);
        if self.blocks.len() >= MAX_BLOCKS {
            if !diagnostics.iter().any(|d| d.code == "E-SOURCE-SIZE") {
                let first = Span { end: span.start + "```toml".len(), ..span };
                diagnostics.push(limits::too_many(
                    first,
                    MAX_BLOCKS,
                    "règles et exemples",
                    "rules and examples",
                ));
            }
            return;
        }
        if !is_closed(&text[fence.range.clone()]) {
            let end = fence.range.start + text[fence.range.clone()].lines().next().unwrap_or("").len();
            diagnostics.push(
                Diagnostic::error(
                    "E-BLOCK-UNCLOSED",
                    Span::new(self.file, fence.range.start, end),
                    "ce bloc n'est pas refermé : tout ce qui suit serait pris pour du TOML",
                    "this block is not closed: all that follows would be read as TOML",
                )
                .help("ajoutez une ligne ``` après la dernière clé", "add a line ``` after the last key"),
            );
        }
        let (start, content) = fence.content(text);
        let (entries, errors) = parse(&content, self.file, start);
        let broken = !errors.is_empty();
        report(text, unfinished(text, errors, span, diagnostics), diagnostics);
        self.blocks.push(Block { kind, span, heading: self.headings.len() - 1, entries, broken });
    }
}

struct Fence {
    info: String,
    range: Range<usize>,
    pieces: Vec<Range<usize>>,
}

impl Fence {
    /// The text between the fences at its place in the file: what quotes and lists put before each
    /// line becomes spaces, so that every offset stays true.
    fn content(&self, text: &str) -> (usize, String) {
        let (Some(first), Some(last)) = (self.pieces.first(), self.pieces.last()) else {
            return (self.range.start, String::new());
        };
        let mut bytes: Vec<u8> = text.as_bytes()[first.start..last.end.max(first.start)]
            .iter()
            .map(|b| if *b == b'\n' { b'\n' } else { b' ' })
            .collect();
        for piece in &self.pieces {
            let at = piece.start - first.start;
            bytes[at..at + piece.len()].copy_from_slice(&text.as_bytes()[piece.clone()]);
        }
        (first.start, String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn is_closed(block: &str) -> bool {
    let mut lines = block.lines();
    let opening = lines.next().unwrap_or("").trim_start();
    let mark = if opening.starts_with('~') { "~~~" } else { "```" };
    lines.next_back().is_some_and(|l| l.trim_start_matches([' ', '>', '\t']).starts_with(mark))
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
