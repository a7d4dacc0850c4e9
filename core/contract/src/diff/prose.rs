//! Two texts compared word by word, as far as that stays worth its time.
//!
//! Finding the fewest words that differ takes the square of the words at worst. A short text is compared
//! word by word; a longer one line by line, then word by word within the lines that differ; what is still
//! too long is told as removed and written anew, and [`Compared`] says so.

use std::ops::Range;

use base::Bilingual;
use serde::Serialize;
use similar::{ChangeTag, DiffOp, TextDiff};

use super::text::{Change, Piece};

/// Both sides together, in words and spaces: longer texts go line by line first.
const MOST_WORDS: usize = 2_000;
/// What comparing may cost over all the articles, in squares of what is compared.
const MOST_STEPS: usize = 200_000_000;

/// How far two texts were compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Compared {
    /// Word by word.
    Whole,
    /// Some of it was too long: it is told as removed and written anew, words in common included.
    Partly,
}

impl Compared {
    pub(super) fn is_whole(&self) -> bool {
        *self == Compared::Whole
    }

    /// What a reader of the pieces is told; `None` when they are as fine as words.
    pub fn says(self) -> Option<Bilingual> {
        (self == Compared::Partly).then(|| {
            Bilingual::new(
                "Texte trop long pour être comparé mot à mot d'un bout à l'autre\u{a0}: une partie est donnée comme supprimée puis récrite, y compris les mots qui n'ont pas changé.",
                "Text too long to be compared word by word throughout: part of it is given as removed and rewritten, words that did not change included.",
            )
        })
    }
}

/// What is left to spend on a comparison of two contracts.
#[derive(Debug)]
pub(super) struct Budget(usize);

/// Two texts of any kind, word by word: what was removed and added, between what did not change.
pub fn words(old: &str, new: &str) -> (Vec<Piece>, Compared) {
    Budget::default().pieces(old, new)
}

impl Default for Budget {
    fn default() -> Budget {
        Budget(MOST_STEPS)
    }
}

impl Budget {
    /// Takes what comparing so many things with one another may cost; whether it was there.
    fn spend(&mut self, things: usize) -> bool {
        let left = things.checked_mul(things).and_then(|cost| self.0.checked_sub(cost));
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }

    /// The words that differ, between stretches that do not, and whether all of it was compared.
    pub fn pieces(&mut self, old: &str, new: &str) -> (Vec<Piece>, Compared) {
        let mut out = Vec::new();
        let (old, new) = (old.trim(), new.trim());
        let (old_words, new_words) = (apart(old), apart(new));
        let most = old_words.len().min(new_words.len());
        let alike = (0..most).take_while(|at| old_words[*at] == new_words[*at]).count();
        let rest = most - alike;
        let back = |words: &[&str], at: usize| words[words.len() - 1 - at].len();
        let same_end = (0..rest)
            .take_while(|at| old_words[old_words.len() - 1 - at] == new_words[new_words.len() - 1 - at])
            .count();
        let start: usize = old_words[..alike].iter().map(|w| w.len()).sum();
        let end: usize = (0..same_end).map(|at| back(&old_words, at)).sum();
        push(&mut out, None, &old[..start]);
        let words = old_words.len() + new_words.len() - 2 * (alike + same_end);
        let (x, y) = (&old[start..old.len() - end], &new[start..new.len() - end]);
        let compared = if words > MOST_WORDS {
            self.by_lines(x, y, &mut out)
        } else {
            self.by_words(words, x, y, &mut out)
        };
        push(&mut out, None, &old[old.len() - end..]);
        (out, compared)
    }

    fn by_words(&mut self, words: usize, old: &str, new: &str, out: &mut Vec<Piece>) -> Compared {
        // What stands on one side only needs no comparison.
        let one_side = old.is_empty() || new.is_empty();
        if one_side || !self.spend(words) {
            anew(old, new, out);
            return if one_side { Compared::Whole } else { Compared::Partly };
        }
        for change in TextDiff::from_words(old, new).iter_all_changes() {
            let tag = match change.tag() {
                ChangeTag::Equal => None,
                ChangeTag::Delete => Some(Change::Removed),
                ChangeTag::Insert => Some(Change::Added),
            };
            push(out, tag, change.value());
        }
        Compared::Whole
    }

    fn by_lines(&mut self, old: &str, new: &str, out: &mut Vec<Piece>) -> Compared {
        let (x, y): (Vec<&str>, Vec<&str>) =
            (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
        let one_side = old.is_empty() || new.is_empty();
        if one_side || !self.spend(x.len() + y.len()) {
            anew(old, new, out);
            return if one_side { Compared::Whole } else { Compared::Partly };
        }
        let mut compared = Compared::Whole;
        let of = |lines: &[&str], range: Range<usize>| lines[range].concat();
        for op in TextDiff::from_slices(&x, &y).ops() {
            match *op {
                DiffOp::Equal { old_index, len, .. } => {
                    push(out, None, &of(&x, old_index..old_index + len));
                }
                _ => {
                    let (was, is) = (of(&x, op.old_range()), of(&y, op.new_range()));
                    let words = apart(&was).len() + apart(&is).len();
                    if self.by_words(words, &was, &is, out) == Compared::Partly {
                        compared = Compared::Partly;
                    }
                }
            }
        }
        compared
    }
}

/// Words and the spaces between them, which together make the text.
fn apart(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut last: Option<bool> = None;
    for (at, c) in text.char_indices() {
        let space = c.is_whitespace();
        if last.is_some_and(|last| last != space) {
            out.push(&text[start..at]);
            start = at;
        }
        last = Some(space);
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

fn anew(old: &str, new: &str, out: &mut Vec<Piece>) {
    push(out, Some(Change::Removed), old);
    push(out, Some(Change::Added), new);
}

fn push(out: &mut Vec<Piece>, change: Option<Change>, text: &str) {
    match out.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.change == change => last.text.push_str(text),
        _ => out.push(Piece { change, text: text.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sides(pieces: &[Piece]) -> (String, String) {
        let but = |gone: Change| {
            pieces.iter().filter(|p| p.change != Some(gone)).map(|p| p.text.as_str()).collect::<String>()
        };
        (but(Change::Added), but(Change::Removed))
    }

    #[test]
    fn one_word_of_a_long_text_is_one_word() {
        let line = |n: usize| format!("Le Prestataire répond dans les {n} heures ouvrées.\n");
        let old: String = (0..3000).map(line).collect();
        // Far apart, so that what is between them is longer than words are compared at once.
        let new =
            old.replace("les 12 heures", "les douze heures").replace("les 2900 heures", "les cent heures");
        let (pieces, compared) = Budget::default().pieces(&old, &new);
        assert_eq!(compared, Compared::Whole);
        let changed: Vec<&str> =
            pieces.iter().filter(|p| p.change.is_some()).map(|p| p.text.as_str()).collect();
        assert_eq!(changed, ["12", "douze", "2900", "cent"]);
        assert_eq!(sides(&pieces), (old.trim().to_owned(), new.trim().to_owned()));
    }

    #[test]
    fn what_is_too_long_to_compare_is_told_as_written_anew() {
        let words = |step: usize| (0..60_000).map(|i| format!("m{} ", i * step % 50_021)).collect::<String>();
        let (old, new) = (words(3), words(7));
        let (pieces, compared) = Budget::default().pieces(&old, &new);
        assert_eq!(compared, Compared::Partly);
        assert_eq!(sides(&pieces), (old.trim().to_owned(), new.trim().to_owned()));
        // The first word is the same; the rest is one line on each side.
        let changes: Vec<_> = pieces.iter().map(|p| p.change).collect();
        assert_eq!(changes, [None, Some(Change::Removed), Some(Change::Added)]);
    }

    #[test]
    fn many_long_articles_share_one_budget() {
        let words = |step: usize| (0..900).map(|i| format!("m{} ", i * step % 997)).collect::<String>();
        let (old, new) = (words(3), words(7));
        let mut budget = Budget::default();
        let told: Vec<_> = (0..100).map(|_| budget.pieces(&old, &new)).collect();
        assert!(told[0].0.len() > 3 && told[99].0.len() <= 3, "word by word, then as written anew");
        assert_eq!((told[0].1, told[99].1), (Compared::Whole, Compared::Partly));
        // An article that only one side has is told whole, however little is left.
        assert_eq!(budget.pieces("", &new).1, Compared::Whole);
    }
}
