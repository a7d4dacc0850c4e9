//! French typography: the spaces that hold a sign to its word, and apostrophes.
//!
//! Only spaces and apostrophes change; the words are those that were signed.

const THIN: char = base::lang::THIN;
const NBSP: char = base::lang::NBSP;

/// Units that stay on the line of their figure.
const UNITS: [&str; 8] = ["h", "min", "mn", "s", "km", "Mo", "Go", "To"];
/// Words that stay on the line of the number that follows.
const BEFORE_NUMBERS: [&str; 8] =
    ["article", "articles", "annexe", "annexes", "titre", "chapitre", "paragraphe", "p."];

/// A passage of French prose, ready for print.
pub(crate) fn french(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 16);
    for (i, c) in chars.iter().copied().enumerate() {
        let before = i.checked_sub(1).map(|i| chars[i]);
        out.push(match c {
            // An elision, rather than the end of a quotation: « d'un », or « l' » before words in bold.
            '\'' if before.is_some_and(char::is_alphanumeric) && elides(chars.get(i + 1)) => '’',
            ' ' => space(&chars, i, &out),
            c => c,
        });
    }
    out
}

fn elides(next: Option<&char>) -> bool {
    next.is_none_or(|c| c.is_alphanumeric() || *c == '«')
}

/// What the space at `at` becomes, given what was written before it.
fn space(chars: &[char], at: usize, written: &str) -> char {
    let next = chars.get(at + 1).copied().unwrap_or(' ');
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let after_digit = digit(at.checked_sub(1).map(|i| chars[i]));
    let group = chars[at + 1..].iter().take_while(|c| c.is_ascii_digit()).count() == 3;
    match next {
        ';' | '!' | '?' | '»' => THIN,
        _ if written.ends_with('«') => THIN,
        ':' | '–' => NBSP,
        '%' | '€' if after_digit => NBSP,
        _ if after_digit && group => THIN,
        _ if after_digit && UNITS.contains(&word(&chars[at + 1..]).as_str()) => NBSP,
        _ if written.ends_with("n°") => NBSP,
        _ if next.is_ascii_digit() && holds_number(written) => NBSP,
        _ => ' ',
    }
}

fn word(chars: &[char]) -> String {
    chars.iter().take_while(|c| c.is_alphanumeric()).collect()
}

fn holds_number(written: &str) -> bool {
    let last = written.rsplit(|c: char| c.is_whitespace() || c == '’').next().unwrap_or("");
    BEFORE_NUMBERS.contains(&last.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::french;

    #[test]
    fn signs_hold_to_their_words() {
        assert_eq!(
            french("l'article 33 : « le Client » ; 16 h 30, 2 000 000 €, 95 % – n° 4 !"),
            "l’article\u{a0}33\u{a0}: «\u{202f}le Client\u{202f}»\u{202f}; 16\u{a0}h 30, \
             2\u{202f}000\u{202f}000\u{a0}€, 95\u{a0}%\u{a0}– n°\u{a0}4\u{202f}!"
        );
    }

    #[test]
    fn the_words_are_those_signed() {
        let signed = "Ainsi, 'quatre' jours ; le 3 mars 2026 à 9 h.";
        let plain = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        assert_eq!(plain(&french(signed)), plain(signed));
    }
}
