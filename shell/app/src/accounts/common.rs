//! Passwords that everybody tries first, looked up offline.
//!
//! The table holds the first five bytes of the SHA-256 of 40 085 passwords, sorted: 200 KB, no heap,
//! sixteen comparisons for each look. They come from the lists that Django 5.2 (BSD-3-Clause; leaked
//! passwords by frequency) and zxcvbn 4.5 (MIT; likewise) publish, and from a hundred French ones of
//! ours; `data/common-passwords/make.py` makes it again. One wrong word in 27 million is taken for a
//! common one.

use sha2::{Digest, Sha256};

const TABLE: &[u8] = include_bytes!("../../data/common-passwords/table.bin");
const WIDTH: usize = 5;
const LONGEST_WORD: usize = 24;

/// Whether the word, in lower case, is in the table.
fn is_common(word: &str) -> bool {
    let hash: [u8; 32] = Sha256::digest(word.as_bytes()).into();
    let rows = TABLE.as_chunks::<WIDTH>().0;
    rows.binary_search_by(|row| row.as_slice().cmp(&hash[..WIDTH])).is_ok()
}

/// Whether a password is one or two words that a guesser tries, with digits, signs or repetitions around.
///
/// `own` are words of the account, which a guesser knows. Long phrases of ordinary words are not: their
/// strength is their length.
pub(super) fn is_guessable(password: &str, own: &[&str]) -> bool {
    let folded: Vec<char> = fold(password);
    let own: Vec<Vec<char>> = own
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .map(fold)
        .filter(|word| word.len() >= 3)
        .collect();
    let mut distinct = folded.clone();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len() < 5 || is_repeated(&folded) || fewest_words(&folded, &own).is_some_and(|words| words <= 2)
}

/// Lower case, letters and digits only, usual substitutions undone.
fn fold(text: &str) -> Vec<char> {
    let plain = |c: char| match c {
        '@' => 'a',
        '$' => 's',
        'é' | 'è' | 'ê' => 'e',
        'à' | 'â' => 'a',
        'ç' => 'c',
        'î' => 'i',
        'ô' => 'o',
        'û' | 'ù' => 'u',
        other => other,
    };
    text.chars().flat_map(char::to_lowercase).map(plain).filter(|c| c.is_alphanumeric()).collect()
}

/// The same piece again and again: `abcabcabc`.
fn is_repeated(folded: &[char]) -> bool {
    (1..=folded.len() / 2).any(|period| folded.iter().skip(period).zip(folded).all(|(a, b)| a == b))
}

/// The least number of known words that the whole is made of; digits and the account's own words count
/// for nothing.
fn fewest_words(folded: &[char], own: &[Vec<char>]) -> Option<usize> {
    let mut fewest: Vec<Option<usize>> = vec![None; folded.len() + 1];
    fewest[0] = Some(0);
    for start in 0..folded.len() {
        let Some(so_far) = fewest[start] else { continue };
        let mut reach = |end: usize, words: usize| {
            let better = fewest[end].is_none_or(|known| words < known);
            if better {
                fewest[end] = Some(words);
            }
        };
        if folded[start].is_ascii_digit() {
            reach(start + 1, so_far);
        }
        for end in start + 3..=folded.len().min(start + LONGEST_WORD) {
            let piece = &folded[start..end];
            let word: String = piece.iter().collect();
            // What the account itself says of its owner is no secret at all.
            if own.iter().any(|known| known == piece) {
                reach(end, so_far);
            } else if is_run(piece) || is_common(&word) {
                reach(end, so_far + 1);
            }
        }
    }
    fewest[folded.len()]
}

/// `abcdef`, `654321`, `aaaa`.
fn is_run(piece: &[char]) -> bool {
    let step = |pair: &[char]| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]));
    let first = piece.windows(2).next().map(step);
    matches!(first, Some(-1..=1)) && piece.windows(2).all(|pair| Some(step(pair)) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_whole_and_knows_the_usual_words() {
        let (rows, rest) = TABLE.as_chunks::<WIDTH>();
        assert!(rest.is_empty() && rows.len() > 40_000 && rows.is_sorted());
        for word in ["123456", "password", "azerty", "motdepasse", "soleil", "qwertyuiop"] {
            assert!(is_common(word), "{word}");
        }
        assert!(!is_common("régisseur d'infogérance"));
    }

    #[test]
    fn what_a_guesser_tries_is_told_from_a_phrase() {
        let own = ["claire.martin@ateliers-garonne.example", "Claire Martin"];
        for weak in [
            "motdepasse2026!!",
            "MotDePasse-Soleil-31",
            "passwordpassword",
            "azertyuiopqsdfghjklm",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabcabcabc",
            "1234567890123456",
            "ClaireMartin-2026-11",
            "Ateliers-Garonne-1",
            "P@ssword-Football-1",
            "GaronneMartin-soleil-2026",
        ] {
            assert!(is_guessable(weak, &own), "{weak}");
        }
        for strong in [
            "une phrase assez longue",
            "mot de passe assez long",
            "kqzp-7wvd-mmnt-3xya",
            "trois chevaux mangent des nouilles",
            "Le 14, j'ai planté 6 figuiers",
        ] {
            assert!(!is_guessable(strong, &own), "{strong}");
        }
    }
}
