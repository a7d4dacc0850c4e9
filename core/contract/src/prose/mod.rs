//! The prose: interpolations filled in from the rules, safe HTML, and figures that should be interpolated.

mod html;
mod interpolate;
mod literal;
mod show;

use std::ops::Range;

use crate::compile::Compiler;
use crate::document::Shown;
use crate::source::{BlockKind, Heading, Source};

/// Renders the prose of each heading; reports interpolations that name nothing, and literal figures.
pub(crate) fn render(c: &mut Compiler, source: &Source) -> Shown {
    let mut shown = Shown::default();
    let mut room = interpolate::Room::new(&c.clauses);
    for (index, heading) in source.headings.iter().enumerate() {
        let pieces = pieces(source, heading);
        let ruled = source.blocks_under(index).iter().any(|b| b.kind == BlockKind::Clause);
        let (mut markdown, mut text, mut whole) = (String::new(), String::new(), String::new());
        let mut at = heading.span.end;
        for piece in pieces {
            whole.push_str(&blocks_between(c, source, at..piece.start));
            at = piece.end;
            let raw = c.files[source.file].text[piece.clone()].to_owned();
            let found = interpolate::find(&raw, piece.start, &source.verbatim);
            if ruled {
                literal::check(c, source, &raw, piece.start, &found);
            }
            interpolate::unclosed(c, source, &raw, piece.start, &found);
            let filled = interpolate::fill(c, source, &raw, piece.start, &found, &mut room);
            whole.push_str(&filled.markdown);
            markdown.push_str(&filled.markdown);
            text.push_str(&filled.text);
        }
        whole.push_str(&blocks_between(c, source, at..heading.body_end));
        shown.markdown.push(whole);
        shown.html.push(html::render(&markdown));
        shown.text.push(tidy(&text));
    }
    shown
}

/// The blocks that stand in a range, as written.
fn blocks_between(c: &Compiler, source: &Source, range: Range<usize>) -> String {
    // Blocks are in the order of the text.
    let first = source.blocks.partition_point(|b| b.span.start < range.start);
    let inside = source.blocks[first..].iter().take_while(|b| b.span.end <= range.end);
    inside.map(|b| c.files[source.file].slice(b.span)).collect()
}

/// One blank line where the blocks stood.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.trim().lines() {
        blank = if line.trim().is_empty() { blank + 1 } else { 0 };
        if blank < 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// What stands under a heading, less its blocks and the front matter.
fn pieces(source: &Source, heading: &Heading) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut at = heading.span.end;
    // Blocks are in the order of the text.
    let first = source.blocks.partition_point(|b| b.span.end <= heading.span.start);
    let last = source.blocks.partition_point(|b| b.span.start < heading.body_end);
    let skipped = source.blocks[first.min(last)..last]
        .iter()
        .map(|b| b.span.start..b.span.end)
        .chain(source.verbatim.first().filter(|v| v.start == 0).cloned())
        .filter(|r| r.start < heading.body_end && r.end > heading.span.start);
    let mut skipped: Vec<Range<usize>> = skipped.collect();
    skipped.sort_by_key(|r| r.start);
    for block in skipped {
        if block.start > at {
            out.push(at..block.start);
        }
        at = at.max(block.end);
    }
    if heading.body_end > at {
        out.push(at..heading.body_end);
    }
    out
}
