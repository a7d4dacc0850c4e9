//! What is wrong with the cutting itself: front matter, fences, TOML that cannot be read.

use super::value::{Fault, TomlError};
use super::{Span, limits};
use crate::diagnostic::Diagnostic;

/// A fence met within a block: the block was not closed, whatever its TOML then says.
pub(super) fn unfinished(
    text: &str,
    errors: Vec<TomlError>,
    block: Span,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<TomlError> {
    let line = |at: usize| text[at.min(text.len())..].lines().next().unwrap_or("");
    let Some(first) =
        errors.iter().min_by_key(|e| e.span.start).filter(|e| line(e.span.start).starts_with("```"))
    else {
        return errors;
    };
    let end = block.start + line(block.start).len();
    let fence = Span::new(block.file, first.span.start, first.span.start + line(first.span.start).len());
    diagnostics.push(
        Diagnostic::error(
            "E-BLOCK-UNCLOSED",
            Span { end, ..block },
            "ce bloc n'est pas refermé avant le suivant",
            "this block is not closed before the next one",
        )
        .related(fence, "le suivant s'ouvre ici", "the next one opens here")
        .help("ajoutez une ligne ``` après la dernière clé", "add a line ``` after the last key"),
    );
    Vec::new()
}

pub(super) fn report(text: &str, errors: Vec<TomlError>, diagnostics: &mut Vec<Diagnostic>) {
    for error in errors {
        diagnostics.push(if error.fault == Fault::Deep {
            limits::too_deep(error.span)
        } else if error.fault == Fault::Long {
            limits::long_text(error.span)
        } else if let Some(date) = date_like(text, error.span) {
            Diagnostic::error(
                "E-BLOCK-SYNTAX",
                error.span,
                format!("« {date} » n'est pas une date qui existe, écrite année-mois-jour"),
                format!("“{date}” is not a date that exists, written year-month-day"),
            )
            .help(
                "écrivez par exemple 2026-02-28, sans guillemets",
                "write for instance 2026-02-28, without quotes",
            )
        } else {
            Diagnostic::error(
                "E-BLOCK-SYNTAX",
                error.span,
                format!("ce bloc n'est pas du TOML valide : {}", in_french(&error.message)),
                format!("this block is not valid TOML: {}", error.message),
            )
            .help(
                "une clé s'écrit : cle = \"valeur\", une date : 2026-03-01, une durée : \"4 h\"",
                "a key is written: key = \"value\", a date: 2026-03-01, a duration: \"4 h\"",
            )
        });
    }
}

/// The word at this place, when it is a date wrongly written: `2026-02-30`, `01/03/2026`.
fn date_like(text: &str, span: Span) -> Option<&str> {
    let rest = &text[span.start.min(text.len())..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && !"-/T:".contains(c)).unwrap_or(rest.len());
    let word = &rest[..end];
    let parts: Vec<&str> = word.split(['-', '/', 'T']).collect();
    let date = parts.len() >= 3 && parts[..3].iter().all(|p| !p.is_empty() && p.len() <= 4);
    let exists = word.get(..10).is_some_and(|d| d.parse::<jiff::civil::Date>().is_ok());
    (date && !exists && parts[..3].iter().any(|p| p.len() == 4)).then_some(word)
}

/// What the TOML parser found, for the mistakes people make.
fn in_french(message: &str) -> &'static str {
    let has = |word: &str| message.contains(word);
    match () {
        () if has("duplicate") => "une clé est écrite deux fois",
        () if has("quoted") => "un texte s'écrit entre guillemets droits",
        () if has("unclosed") => "une table, une liste ou un texte n'est pas refermé",
        () if has("missing") || has("expected") => "il manque un signe, ou une valeur",
        () => "un signe n'est pas à sa place",
    }
}

pub(super) fn no_front(span: Span) -> Diagnostic {
    Diagnostic::error(
        "E-FRONT-MISSING",
        span,
        "le fichier ne commence pas par un en-tête",
        "the file does not begin with front matter",
    )
    .help(
        "commencez par +++, contract = \"CTR-2026-001\", language = \"fr\", semantics = 1, +++ (une ligne chacun)",
        "begin with +++, contract = \"CTR-2026-001\", language = \"fr\", semantics = 1, +++ (a line each)",
    )
}

pub(super) fn unknown_block(span: Span, info: &str) -> Diagnostic {
    Diagnostic::error(
        "E-BLOCK-UNKNOWN",
        span,
        format!("« {info} » n'est pas une sorte de bloc"),
        format!("“{info}” is not a kind of block"),
    )
    .help(
        "écrivez ```toml clause pour une règle, ```toml example pour un exemple",
        "write ```toml clause for a rule, ```toml example for an example",
    )
}
