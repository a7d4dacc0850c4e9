//! Where the comments of a piece of TOML are: a `#` outside of every text.

use std::ops::Range;

/// Each comment, from its `#` to the end of its line.
pub(super) fn find(toml: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(found) = toml[at..].find(['#', '"', '\'']).map(|i| at + i) {
        let rest = &toml[found..];
        at = found
            + match rest.as_bytes()[0] {
                b'#' => {
                    let length = rest.find('\n').unwrap_or(rest.len());
                    out.push(found..found + rest[..length].trim_end().len());
                    length
                }
                _ => text(rest),
            };
    }
    out
}

/// The length of the text that begins here, quotes included.
fn text(rest: &str) -> usize {
    let quote = &rest[..1];
    let long = quote.repeat(3);
    let (open, close) = if rest.starts_with(&long) { (3, long.as_str()) } else { (1, quote) };
    let mut at = open;
    while at < rest.len() {
        if quote == "\"" && rest[at..].starts_with('\\') {
            // A quote may follow, and so may a character of several bytes.
            at += 1 + rest[at + 1..].chars().next().map_or(0, char::len_utf8);
        } else if rest[at..].starts_with(close) {
            // Up to two more quotes belong to a long text that ends with them.
            let more = rest[at + close.len()..].bytes().take_while(|b| *b == quote.as_bytes()[0]).count();
            return at + close.len() + if open == 3 { more.min(2) } else { 0 };
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_hash_within_a_text_is_no_comment() {
        let found = |toml: &str| find(toml).into_iter().map(|r| toml[r].to_owned()).collect::<Vec<_>>();
        assert_eq!(found("a = \"#\\\"#\" # un\nb = '#\\' # deux"), ["# un", "# deux"]);
        assert_eq!(found("a = \"\"\"\n# non\"\"\"\"\" # oui \n# é"), ["# oui", "# é"]);
        assert_eq!(found("a = \"jamais fermé # non"), Vec::<String>::new());
    }
}
