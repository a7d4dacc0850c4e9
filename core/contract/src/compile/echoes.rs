//! Remarks that only repeat another: one mistake is said once, at its own place.
//!
//! A block whose kind is misspelt takes its label out of the contract; a person who corrects the kind
//! must not first read five remarks on that label. What is left out here is said by the next check if
//! it still holds.

use std::collections::BTreeSet;

use crate::clauses::{Clause, commitment};
use crate::diagnostic::{Diagnostic, nearest};
use crate::source::{Block, BlockKind, File, Source, Span};

/// Drops the echoes.
pub(super) fn quiet(source: &Source, files: &[File], clauses: &[Clause], all: &mut Vec<Diagnostic>) {
    let seen = std::mem::take(all);
    let unread = unread(source, clauses).collect();
    let text = Text { source, files, clauses, unread, seen: &seen };
    let echo: Vec<bool> = (0..seen.len()).map(|i| text.is_echo(i)).collect();
    *all = seen.iter().zip(echo).filter(|(_, echo)| !echo).map(|(d, _)| d.clone()).collect();
}

/// Clause blocks that gave no clause: unreadable, of no known kind, or without a label.
pub(crate) fn unread<'a>(source: &'a Source, clauses: &'a [Clause]) -> impl Iterator<Item = &'a Block> {
    let read: BTreeSet<Span> = clauses.iter().map(|k| k.span).collect();
    source.blocks.iter().filter(move |b| {
        b.kind == BlockKind::Clause
            && !read.contains(&b.span)
            && !b.entries.iter().any(|e| e.key == "end" || e.key == "replace")
    })
}

struct Text<'a> {
    source: &'a Source,
    files: &'a [File],
    clauses: &'a [Clause],
    unread: Vec<&'a Block>,
    seen: &'a [Diagnostic],
}

impl Text<'_> {
    fn is_echo(&self, i: usize) -> bool {
        let d = &self.seen[i];
        if self.says("E-AMENDMENT-ALONE") {
            let own =
                ["E-BLOCK-", "E-FRONT-", "E-CLAUSE-", "E-FIELD-", "E-LENGTH-", "E-MONEY-", "E-PERCENT-"];
            return d.code != "E-AMENDMENT-ALONE" && !own.iter().any(|own| d.code.starts_with(own));
        }
        if self.unreadable() && (d.gate_code.is_some() || d.code == "E-PROSE-LABEL") {
            return true;
        }
        match d.code {
            "E-PROSE-FIELD" => {
                let label = self.name(d.span);
                let clause = self.clauses.iter().find(|k| k.label == label);
                clause.is_some_and(|k| self.within("E-PRIORITY-", k.span))
            }
            "E-PRIORITY-UNKNOWN" => self.clause(d.span).is_some_and(|k| self.within("E-FIELD-", k.span)),
            "E-BLOCK-SYNTAX" => self.seen[..i]
                .iter()
                .any(|e| e.code == d.code && self.block(e.span).is_some_and(|b| holds(b, d.span))),
            "E-FRONT-KEY" => self.within("E-BLOCK-SYNTAX", self.source.front_span),
            "E-PROSE-LABEL" => self.names_unread(d.span) || self.beside_unlabelled(d.span),
            "E-CALENDAR-UNKNOWN" | "E-EXCEPTION-DANGLING" => self.names_unread(d.span),
            "E-PROSE-UNSET" => {
                let label = self.name(d.span);
                let clause = self.clauses.iter().find(|k| k.label == label);
                clause.is_some_and(|k| {
                    ["E-FIELD-MISSING", "E-FIELD-UNKNOWN", "E-CLAUSE-HEAD"]
                        .iter()
                        .any(|c| self.within(c, k.span))
                })
            }
            "W-MISSING-CUSTOMER" | "W-MISSING-PROVIDER" => {
                self.any_unread() || self.says("E-PARTIES-ROLE") || self.unsound("parties")
            }
            _ if d.gate_code.is_some() => self.any_unread(),
            "E-PENALTY-PROMISE" | "E-OBJECTIVE-PROMISE" | "E-PAUSE-PROMISE" => {
                let promises =
                    |k: &&Clause| k.text("promise").is_some_and(|p| commitment::PROMISES.contains(&p));
                self.unread_of("commitment") || self.of("commitment").any(|k| !promises(&k))
            }
            "E-PENALTY-PHASE" => {
                self.unread_of("term") || self.of("term").any(|k| self.within("E-FIELD-", k.span))
            }
            "E-COMMITMENT-GAP" => {
                self.unread_of("commitment") || self.of("commitment").any(|k| self.within("E-GUARD-", k.span))
            }
            code if code.ends_with("-CONFLICT") => {
                let spans = std::iter::once(d.span).chain(d.related.iter().map(|r| r.span));
                spans.filter_map(|s| self.clause(s)).any(|k| self.within("E-GUARD-", k.span))
            }
            "W-GUARD-TERM" => self.within("E-GUARD-DATES", d.span),
            "W-CALENDAR-HOLIDAYS" | "W-PARTIES-NAME" => {
                self.clause(d.span).is_some_and(|k| self.within("E-FIELD-TYPE", k.span))
            }
            "E-FIELD-MISSING" => self.clause(d.span).is_some_and(|k| self.within("E-CLAUSE-HEAD", k.span)),
            "E-EXAMPLE-DECLARED" => {
                self.block(d.span).is_some_and(|b| self.within("E-EXAMPLE-SHAPE", b.span))
            }
            // Hours that could not all be read count otherwise.
            "E-EXAMPLE-FAILS" if self.of("calendar").any(|k| self.within("E-FIELD-UNKNOWN", k.span)) => true,
            "E-EXAMPLE-FAILS" => self.block(d.span).is_some_and(|b| {
                ["E-EXAMPLE-KEY", "E-EXAMPLE-SHAPE", "E-EXAMPLE-VALUE"].iter().any(|c| self.within(c, b.span))
            }),
            "E-EXAMPLE-NOTHING" if self.says("E-COMMITMENT-GAP") => true,
            "E-EXAMPLE-NOTHING" => self.seen[..i]
                .iter()
                .any(|e| e.code == d.code && self.block(e.span).is_some_and(|b| holds(b, d.span))),
            _ => false,
        }
    }

    /// So little could be read that what is missing tells nothing.
    fn unreadable(&self) -> bool {
        self.says("E-SOURCE-SIZE") || self.says("E-FRONT-MISSING") && self.source.blocks.is_empty()
    }

    fn says(&self, code: &str) -> bool {
        self.seen.iter().any(|d| d.code == code)
    }

    /// A remark whose code begins so stands in that span.
    fn within(&self, code: &str, span: Span) -> bool {
        self.seen.iter().any(|d| {
            d.code.starts_with(code)
                && d.span.file == span.file
                && (span.start..span.end).contains(&d.span.start)
        })
    }

    fn of(&self, kind: &str) -> impl Iterator<Item = &Clause> {
        self.clauses.iter().filter(move |k| k.is(kind))
    }

    fn unsound(&self, kind: &str) -> bool {
        self.of(kind).any(|k| !k.sound)
    }

    fn clause(&self, span: Span) -> Option<&Clause> {
        let within =
            |k: &&Clause| k.span.file == span.file && (k.span.start..k.span.end).contains(&span.start);
        self.clauses.iter().find(within)
    }

    fn block(&self, span: Span) -> Option<&Block> {
        self.source.blocks.iter().find(|b| holds(b, span))
    }

    fn any_unread(&self) -> bool {
        self.says("E-BLOCK-UNKNOWN") || self.unread.iter().copied().next().is_some()
    }

    /// A block of this kind, or of a kind that may be this one, could not be read.
    fn unread_of(&self, kind: &str) -> bool {
        self.unread.iter().copied().any(|b| match head(b, "kind") {
            Some(written) => nearest(written, [kind]).is_some(),
            None => true,
        })
    }

    /// The label that a place of the text names: `{{ label.field }}` or `"label"`.
    fn name(&self, span: Span) -> &str {
        let written = self.files.get(span.file).map_or("", |f| f.slice(span));
        let inside = written.trim_matches(['{', '}', '"', '\'', ' ']);
        inside.split('.').next().unwrap_or("").trim()
    }

    /// The label is written at the head of a block that could not be read, under whatever key.
    fn names_unread(&self, span: Span) -> bool {
        let name = self.name(span);
        let quotes = ['“', '”', '«', '»', '’', '‘', '\'', ' ', '\u{a0}'];
        let written = |b: &Block| {
            b.entries.iter().filter_map(|e| e.value.as_text()).any(|t| t.trim_matches(quotes) == name)
        };
        self.unread.iter().any(|b| written(b)) || self.source.blocks.iter().any(|b| b.broken && written(b))
    }

    /// In the same article, a block has no label, or one that cannot stand.
    fn beside_unlabelled(&self, span: Span) -> bool {
        let heading = self.source.headings.iter().rposition(|h| h.span.start <= span.start);
        let unknown = |d: &Diagnostic| {
            ["E-BLOCK-UNKNOWN", "E-BLOCK-UNCLOSED"].contains(&d.code)
                && self.source.headings.iter().rposition(|h| h.span.start <= d.span.start) == heading
        };
        let here = |b: &&Block| Some(b.heading) == heading && b.span.file == span.file;
        let bad =
            |b: &&Block| self.within("E-CLAUSE-LABEL", b.span) || self.within("E-CLAUSE-DUPLICATE", b.span);
        self.unread.iter().copied().filter(here).any(|b| head(b, "label").is_none())
            || self.source.blocks.iter().filter(here).any(|b| bad(&b))
            || self.seen.iter().any(unknown)
    }
}

fn head<'a>(block: &'a Block, key: &str) -> Option<&'a str> {
    block.entries.iter().find(|e| e.key == key).and_then(|e| e.value.as_text())
}

fn holds(block: &Block, span: Span) -> bool {
    block.span.file == span.file && (block.span.start..block.span.end).contains(&span.start)
}
