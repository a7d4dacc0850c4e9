//! Figures written by hand in the prose of an article that has a rule: the prose could then say one
//! thing and the machine do another.

use std::ops::Range;

use super::interpolate::Interpolation;
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span, within};

/// Units of durations, amounts and percentages, in both languages.
const UNITS: &[&str] = &[
    "%", "€", "eur", "euro", "euros", "h", "heure", "heures", "hour", "hours", "min", "mn", "minute",
    "minutes", "seconde", "secondes", "second", "seconds", "jour", "jours", "day", "days", "semaine",
    "semaines", "week", "weeks", "mois", "month", "months", "an", "ans", "année", "années", "year", "years",
];
/// Numbers as prose spells them; « un » and « une » are articles more often than figures.
const WORDS: &[&str] = &[
    "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "quinze",
    "vingt", "trente", "quarante", "soixante", "two", "three", "four", "five", "seven", "eight", "nine",
    "ten", "twelve", "fifteen", "twenty", "thirty", "sixty",
];

pub(super) fn check(c: &mut Compiler, source: &Source, piece: &str, offset: usize, found: &[Interpolation]) {
    let ranges: Vec<Range<usize>> = found.iter().map(|i| i.range.clone()).collect();
    let skip = |at: usize| within(&ranges, at) || within(&source.verbatim, at + offset);
    for (start, end) in figures(piece).into_iter().filter(|(start, _)| !skip(*start)) {
        let figure = piece[start..end].replace(['\n', '\r'], " ");
        c.push(
            Diagnostic::warning(
                "W-PROSE-LITERAL",
                Span::new(source.file, offset + start, offset + end),
                format!("« {figure} » est écrit à la main dans un article qui a une règle"),
                format!("“{figure}” is written by hand in an article that has a rule"),
            )
            .help(
                "écrivez {{ etiquette.champ }} : le texte et la règle ne pourront pas diverger",
                "write {{ label.field }}: the text and the rule cannot then differ",
            ),
        );
    }
}

/// A run of letters, or of digits with the marks inside numbers, or a single sign.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        if c.is_ascii_digit() {
            while let Some((at, d)) = chars.peek().copied() {
                let rest = &text[at + d.len_utf8()..];
                let inside = matches!(d, '.' | ',' | '\u{a0}' | '\u{202f}' | ' ')
                    && rest.bytes().take(3).filter(u8::is_ascii_digit).count()
                        >= if d == ' ' { 3 } else { 1 }
                    && rest.starts_with(|n: char| n.is_ascii_digit());
                if !d.is_ascii_digit() && !inside {
                    break;
                }
                end = at + d.len_utf8();
                chars.next();
            }
        } else if c.is_alphabetic() {
            while let Some((at, d)) = chars.peek().copied().filter(|(_, d)| d.is_alphabetic()) {
                end = at + d.len_utf8();
                chars.next();
            }
        } else if c.is_whitespace() {
            continue;
        }
        out.push((start, end));
    }
    out
}

fn figures(text: &str) -> Vec<(usize, usize)> {
    let words = words(text);
    let lower = |i: usize| words.get(i).map(|(s, e)| text[*s..*e].to_lowercase());
    let mut out = Vec::new();
    for i in 0..words.len() {
        let (start, end) = words[i];
        let word = &text[start..end];
        let figure = word.starts_with(|c: char| c.is_ascii_digit());
        let spelled = || WORDS.iter().any(|w| w.eq_ignore_ascii_case(word));
        let glued = || {
            i > 0 && words[i - 1].1 == start && text[words[i - 1].0..start].ends_with(['-', '_', '.', '°'])
        };
        // Few words are numbers: only what follows one is looked at as a unit.
        if !(figure || spelled()) || glued() {
            continue;
        }
        let Some(unit) = lower(i + 1) else { continue };
        let unit_span = words[i + 1];
        let near = text[end..unit_span.0].chars().all(char::is_whitespace);
        let per_cent = unit == "pour" && lower(i + 2).as_deref() == Some("cent")
            || unit == "per" && lower(i + 2).as_deref() == Some("cent");
        if near && per_cent {
            out.push((start, words[i + 2].1));
            continue;
        }
        // « 9 h 30 » is a time of the day rather than a duration, but a rule's too: it is reported.
        if near && UNITS.contains(&unit.as_str()) {
            out.push((start, unit_span.1));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::figures;

    #[test]
    fn figures_are_found_and_numbers_of_articles_are_not() {
        let found =
            |text: &str| figures(text).into_iter().map(|(s, e)| text[s..e].to_owned()).collect::<Vec<_>>();
        assert_eq!(found("dans un délai de 4 heures ouvrées"), ["4 heures"]);
        assert_eq!(found("soit 2\u{202f}300,00\u{a0}€ et 95 %"), ["2\u{202f}300,00\u{a0}€", "95 %"]);
        assert_eq!(found("sous quatre heures"), ["quatre heures"]);
        assert_eq!(found("article 7, annexe 2, le 1er mars 2026, L. 441-10"), Vec::<String>::new());
        assert_eq!(found("une pénalité de deux pour cent"), ["deux pour cent"]);
        assert_eq!(found("P1 en 30min, une heure"), ["30min"]);
    }
}
