//! « article 33 » in the text becomes a link with a page, when it is an article of this contract.
//!
//! An article of a code or of a regulation is left alone, and so is whatever is not certain: a missing
//! link costs a glance at the table of contents, a wrong one misleads.

use std::collections::BTreeMap;

use crate::print::Inline;

/// The numbered headings of each signed file.
#[derive(Debug, Default)]
pub(crate) struct References {
    places: BTreeMap<(usize, Sort, String), String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Article,
    Annex,
}

/// Where a text stands: its file (0 is the contract, then its amendments) and its heading.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Here<'a> {
    pub file: usize,
    pub heading: &'a str,
}

impl References {
    /// Notes a heading, when its title begins with « Article 7 » or « Annexe 2 ».
    pub fn note(&mut self, file: usize, title: &str, id: &str) {
        let mut words = title.split([' ', '\u{a0}', '\u{202f}']);
        let sort = words.next().and_then(sort_of);
        let number = words.next().and_then(|w| number_at(w.trim_end_matches("er").trim_end_matches(':')));
        if let (Some(sort), Some(number)) = (sort, number) {
            self.places.entry((file, sort, number.to_owned())).or_insert_with(|| id.to_owned());
        }
    }

    /// The text with its references as links.
    pub fn split(&self, text: &str, here: Here<'_>) -> Vec<Inline> {
        let mut out = Vec::new();
        let mut kept = 0;
        for (start, word) in words(text) {
            let Some(sort) = sort_of(word).filter(|_| start >= kept) else { continue };
            let numbers = list(text, start + word.len());
            let Some(file) = numbers.last().and_then(|(_, end)| target(&text[*end..], here.file)) else {
                continue;
            };
            for (from, to) in numbers {
                // « 6.1 » is a paragraph of article 6.
                let number = text[from..to].split('.').next().unwrap_or_default();
                let place = self.places.get(&(file, sort, number.to_owned()));
                let Some(place) = place.filter(|id| *id != here.heading) else { continue };
                if from > kept {
                    out.push(Inline::text(&text[kept..from]));
                }
                out.push(Inline::Ref { to: place.clone(), t: text[from..to].to_owned() });
                kept = to;
            }
        }
        if kept < text.len() {
            out.push(Inline::text(&text[kept..]));
        }
        out
    }
}

fn sort_of(word: &str) -> Option<Sort> {
    match word.to_lowercase().as_str() {
        "article" | "articles" => Some(Sort::Article),
        "annexe" | "annexes" | "annex" => Some(Sort::Annex),
        _ => None,
    }
}

/// Words of letters, with their places.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !c.is_alphabetic())
        .filter(|w| !w.is_empty())
        .map(|w| (w.as_ptr().addr() - text.as_ptr().addr(), w))
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}')
}

/// The numbers listed from `at` on: « 15 et 16 », « 26, 27 ou 31 ».
fn list(text: &str, at: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut at = at;
    loop {
        let rest = text[at..].trim_start_matches(is_space);
        let start = text.len() - rest.len();
        let Some(number) = number_at(rest).filter(|_| start > at) else { break };
        let end = start + number.len();
        out.push((start, end));
        let rest = &text[end..];
        let join =
            [", ", " et ", " ou ", " à ", " and ", " or ", " to "].iter().find(|j| rest.starts_with(**j));
        let Some(join) = join else { break };
        // The space of the joint is the one that a number needs before it.
        at = end + join.len() - 1;
    }
    out
}

/// `33` or `6.1` at the head of a text; not `1112-1`, `441`-`10` nor `2026`.
fn number_at(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number = text[..end].trim_end_matches('.');
    let whole = number.split('.').next().unwrap_or_default();
    let glued = text[number.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '/');
    (!whole.is_empty() && whole.len() <= 3 && !glued).then_some(number)
}

/// The file that the reference speaks of, from what follows it; `None`: another text altogether.
fn target(after: &str, file: usize) -> Option<usize> {
    let after: String = after.chars().take(40).map(|c| if is_space(c) { ' ' } else { c }).collect();
    let after = after.replace('\'', "’").to_lowercase();
    if [" du contrat", " of the contract", " of the agreement"].iter().any(|w| after.starts_with(w)) {
        return Some(0);
    }
    let own = [" du présent", " de l’avenant", " of this", " de cet avenant"];
    let other = [" du ", " de ", " des ", " et suivants", " of ", " bis", " ter"];
    let elsewhere = !own.iter().any(|w| after.starts_with(w)) && other.iter().any(|w| after.starts_with(w));
    (!elsewhere).then_some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, file: usize) -> String {
        let mut references = References::default();
        for (number, id) in [("1", "a1"), ("15", "a15"), ("16", "a16"), ("33", "a33")] {
            references.note(0, &format!("Article {number} – Titre"), id);
        }
        references.note(1, "Article 1 de l'avenant n° 1 – Objet", "b1");
        let here = Here { file, heading: "a33" };
        let each = references.split(text, here).into_iter().map(|i| match i {
            Inline::Ref { to, t } => format!("<{t}:{to}>"),
            Inline::Text { t } => t,
            _ => String::new(),
        });
        each.collect()
    }

    #[test]
    fn articles_of_the_contract_are_linked() {
        assert_eq!(
            shown("Les délais des articles 15 et 16.", 0),
            "Les délais des articles <15:a15> et <16:a16>."
        );
        assert_eq!(shown("l'article\u{a0}15.2, sauf", 0), "l'article\u{a0}<15.2:a15>, sauf");
        assert_eq!(shown("les articles 1, 15 ou 16", 0), "les articles <1:a1>, <15:a15> ou <16:a16>");
    }

    #[test]
    fn articles_of_codes_and_unknown_articles_are_not() {
        for text in [
            "l'article 16 du Code civil",
            "les articles 15 à 16 du règlement (UE) 2016/679",
            "l'article 1112-1",
            "article L. 441-10",
            "l'article 99",
            "cet article 33",
            "l'article 16 de la loi",
        ] {
            assert_eq!(shown(text, 0), text);
        }
    }

    #[test]
    fn an_amendment_speaks_of_itself_or_of_the_contract() {
        assert_eq!(shown("l'article 1 et", 1), "l'article <1:b1> et");
        assert_eq!(shown("l'article 16 du Contrat", 1), "l'article <16:a16> du Contrat");
        assert_eq!(shown("l'article 16", 1), "l'article 16");
    }
}
