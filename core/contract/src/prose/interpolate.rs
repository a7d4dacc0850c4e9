//! `{{ label.field }}`: finding them, and putting the rule's own value in their place.

use std::collections::BTreeMap;
use std::ops::Range;

use base::Money;

use super::show;
use crate::clauses::{Clause, fee};
use crate::compile::Compiler;
use crate::diagnostic::{Diagnostic, MOST_REMARKS, suggestion};
use crate::source::{MAX_BYTES, Source, Span, within};

/// An interpolation: its bytes in the piece, braces included, and what stands between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Interpolation {
    pub range: Range<usize>,
    pub path: String,
}

/// The piece with its interpolations filled in, as Markdown and as plain words.
pub(super) struct Filled {
    pub markdown: String,
    pub text: String,
}

/// The interpolations of a piece that begins at `offset`; none within code.
pub(super) fn find(piece: &str, offset: usize, verbatim: &[Range<usize>]) -> Vec<Interpolation> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut line_end = 0;
    while let Some(open) = piece[at..].find("{{").map(|i| i + at) {
        let inside = open + 2;
        if inside > line_end {
            line_end = piece[inside..].find('\n').map_or(piece.len(), |i| i + inside);
        }
        let Some(close) = piece[inside..line_end].find("}}").map(|i| i + inside) else {
            // No other closes on this line either.
            at = line_end;
            continue;
        };
        if !within(verbatim, open + offset) {
            let path = piece[inside..close].trim().to_owned();
            out.push(Interpolation { range: open..close + 2, path });
        }
        at = close + 2;
    }
    out
}

/// Braces that open and do not close on their line: the reader would sign them as they are.
pub(super) fn unclosed(
    c: &mut Compiler,
    source: &Source,
    piece: &str,
    offset: usize,
    found: &[Interpolation],
) {
    let known: Vec<Range<usize>> = found.iter().map(|i| i.range.clone()).collect();
    // Said once a line.
    let mut said = 0;
    for (at, _) in piece.match_indices("{{") {
        if at >= said && !within(&known, at) && !within(&source.verbatim, at + offset) {
            said = piece[at..].find('\n').map_or(piece.len(), |i| at + i);
            let line = piece[at..].lines().next().unwrap_or("").trim_end();
            c.push(
                Diagnostic::error(
                    "E-PROSE-SHAPE",
                    Span::new(source.file, offset + at, offset + at + line.len()),
                    "cette interpolation n'est pas refermée sur sa ligne",
                    "this interpolation is not closed on its line",
                )
                .help("écrivez {{ etiquette.champ }}", "write {{ label.field }}"),
            );
        }
    }
}

/// So many bytes are filled in over the whole text: a long list named at every line would otherwise make
/// gigabytes of a mebibyte.
const MOST_FILLED: usize = 2 * MAX_BYTES;

/// What may still be filled in and reported over the whole text.
pub(super) struct Room {
    bytes: usize,
    errors: usize,
    /// The first clause of each label, by its place among the clauses.
    of_label: BTreeMap<String, usize>,
}

impl Room {
    pub(super) fn new(clauses: &[Clause]) -> Room {
        let of_label = clauses.iter().enumerate().rev().map(|(at, k)| (k.label.clone(), at)).collect();
        Room { bytes: MOST_FILLED, errors: MOST_REMARKS, of_label }
    }
}

/// Fills a piece in.
pub(super) fn fill(
    c: &mut Compiler,
    source: &Source,
    piece: &str,
    offset: usize,
    found: &[Interpolation],
    room: &mut Room,
) -> Filled {
    let mut filled = Filled { markdown: String::new(), text: String::new() };
    let mut at = 0;
    for one in found {
        filled.markdown.push_str(&piece[at..one.range.start]);
        filled.text.push_str(&piece[at..one.range.start]);
        let span = Span::new(source.file, offset + one.range.start, offset + one.range.end);
        // Beyond either bound the text is refused already, and stays as written.
        let value = match room.bytes > 0 && room.errors > 0 {
            true => value(c, &room.of_label, &one.path, span),
            false => Ok(piece[one.range.clone()].to_owned()),
        };
        match value {
            Ok(words) => {
                filled.markdown.push_str(&escape(&words));
                filled.text.push_str(&words);
                if room.bytes > 0 && room.bytes <= words.len() {
                    c.push(filled_too_much(span));
                }
                room.bytes = room.bytes.saturating_sub(words.len());
            }
            Err(diagnostic) => {
                // What names nothing stays as written, so that nothing of the text is lost.
                filled.markdown.push_str(&escape(&piece[one.range.clone()]));
                filled.text.push_str(&piece[one.range.clone()]);
                room.errors -= 1;
                c.push(*diagnostic);
            }
        }
        at = one.range.end;
    }
    filled.markdown.push_str(&piece[at..]);
    filled.text.push_str(&piece[at..]);
    filled
}

fn filled_too_much(span: Span) -> Diagnostic {
    Diagnostic::error(
        "E-SOURCE-SIZE",
        span,
        "à partir d'ici, les interpolations rempliraient plus de 2 Mio",
        "from here on, the interpolations would fill more than 2 MiB",
    )
    .help("interpolez une longue liste une seule fois", "interpolate a long list once only")
}

/// CommonMark: any ASCII punctuation may be escaped; so a value is never read as Markdown.
fn escape(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn value(
    c: &Compiler,
    of_label: &BTreeMap<String, usize>,
    path: &str,
    span: Span,
) -> Result<String, Box<Diagnostic>> {
    let Some((label, field)) = path.split_once('.') else {
        return Err(Box::new(shape(path, span)));
    };
    let (label, field) = (label.trim(), field.trim());
    match label {
        "total" => total(c, field).ok_or_else(|| Box::new(unknown_field(label, field, &["monthly"], span))),
        "contract" => of_front(c, field).ok_or_else(|| {
            Box::new(unknown_field(label, field, &["number", "title", "customer", "provider"], span))
        }),
        _ => match of_label.get(label).map(|at| &c.clauses[*at]) {
            Some(clause) => of_clause(c, clause, field, span),
            None => {
                let help = suggestion(label, c.clauses.iter().map(|k| k.label.as_str()));
                Err(Box::new(
                    Diagnostic::error(
                        "E-PROSE-LABEL",
                        span,
                        format!("aucune clause ne s'appelle « {label} »"),
                        format!("no clause is called “{label}”"),
                    )
                    .help(help.fr, help.en),
                ))
            }
        },
    }
}

fn shape(path: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "E-PROSE-SHAPE",
        span,
        format!("« {path} » ne désigne pas un champ d'une clause"),
        format!("“{path}” does not name a field of a clause"),
    )
    .help("écrivez {{ etiquette.champ }}", "write {{ label.field }}")
}

fn unknown_field(label: &str, field: &str, known: &[&str], span: Span) -> Diagnostic {
    let help = suggestion(field, known.iter().copied());
    Diagnostic::error(
        "E-PROSE-FIELD",
        span,
        format!("« {label} » n'a pas de « {field} »"),
        format!("“{label}” has no “{field}”"),
    )
    .help(help.fr, help.en)
}

/// The sum of the recurring fees of a full month, net of VAT; guarded fees are left out.
fn total(c: &Compiler, field: &str) -> Option<String> {
    if field != "monthly" {
        return None;
    }
    let fees = c.terms.prices.iter().filter(|r| r.when.is_always() && r.exception_to.is_none());
    let cents =
        fees.map(|r| fee::monthly(&r.then).map(|m| m.cents)).try_fold(0i64, |sum, m| sum.checked_add(m?))?;
    Some(Money { cents, currency: c.terms.currency }.show(c.lang()))
}

fn of_front(c: &Compiler, field: &str) -> Option<String> {
    match field {
        "number" => Some(c.terms.contract.clone()),
        "title" => Some(c.terms.title.clone()),
        "customer" => c.front.customer.clone(),
        "provider" => c.front.provider.clone(),
        _ => None,
    }
}

fn of_clause(c: &Compiler, clause: &Clause, field: &str, span: Span) -> Result<String, Box<Diagnostic>> {
    let (name, inner) = field.split_once('.').unwrap_or((field, ""));
    let wrong = || {
        let known: Vec<&str> = clause.kind.fields.iter().map(|f| f.name).collect();
        Box::new(unknown_field(&clause.label, field, &known, span))
    };
    let declared = clause.kind.field(name).ok_or_else(wrong)?;
    let Some(value) = clause.value(name) else {
        return Err(Box::new(
            Diagnostic::error(
                "E-PROSE-UNSET",
                span,
                format!("« {} » ne fixe pas « {name} »", clause.label),
                format!("“{}” does not set “{name}”", clause.label),
            )
            .help(
                format!("ajoutez then.{name} à la clause, ou retirez l'interpolation"),
                format!("add then.{name} to the clause, or remove the interpolation"),
            ),
        ));
    };
    if inner.is_empty() {
        return Ok(show::value(c, clause.kind, declared, value));
    }
    show::inner(c, clause.kind, declared, value, inner).ok_or_else(wrong)
}
