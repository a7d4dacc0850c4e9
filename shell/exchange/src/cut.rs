//! What somebody wrote, without what they quote nor their signature.

/// The words of a mail above the history that a program added under them. When nothing would be left, or
/// when the answers stand between the lines quoted, everything is kept: losing words is worse than length.
pub fn own_words(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().rposition(|l| !l.starts_with('>') && !l.trim().is_empty());
    let quoted_from = last.map_or(0, |at| at + 1);
    let end = (0..lines.len()).find(|at| begins_history(&lines, *at, quoted_from)).unwrap_or(lines.len());
    let own = without_signature(&lines[..end]);
    let below = &lines[end..];
    let between = below.iter().any(|l| l.starts_with('>')) && says_more(below);
    if between || own.trim().is_empty() {
        return without_signature(&lines).trim().to_owned();
    }
    own.trim().to_owned()
}

/// Whether lines under a quotation are not quoted.
fn says_more(below: &[&str]) -> bool {
    let first = below.iter().position(|l| l.starts_with('>')).unwrap_or(below.len());
    let rest = &below[first..];
    let signature = rest.iter().position(|l| *l == "-- ").unwrap_or(rest.len());
    rest[..signature].iter().any(|l| !l.starts_with('>') && !l.trim().is_empty())
}

/// RFC 3676, 4.3: what follows `-- ` is a signature.
fn without_signature(lines: &[&str]) -> String {
    let end = lines.iter().position(|l| *l == "-- " || *l == "--\u{a0}").unwrap_or(lines.len());
    lines[..end].join("\n")
}

/// From `quoted_from` on, every line is quoted or blank: counted once for the whole text, so that reading a
/// mail takes a time in proportion to its length, whoever wrote it.
fn begins_history(lines: &[&str], at: usize, quoted_from: usize) -> bool {
    let line = lines[at].trim();
    if lines[at].starts_with('>') {
        return at >= quoted_from;
    }
    let next = lines.get(at + 1).map_or("", |l| l.trim());
    announces(line)
        || (announces(&format!("{line} {next}")) && opens(line))
        || is_rule(line)
        || is_head(lines, at)
}

/// `Le mardi 16 juin à 9:05, Support a écrit :`, `On Tue, 16 Jun 2026, Support wrote:`.
fn announces(line: &str) -> bool {
    let plain = line.replace(['\u{a0}', '\u{202f}'], " ");
    opens(line) && ["a écrit :", "a écrit:", "wrote:", "schrieb:"].iter().any(|end| plain.ends_with(end))
}

fn opens(line: &str) -> bool {
    ["Le ", "On ", "Am "].iter().any(|start| line.starts_with(start))
}

/// `-----Message d'origine-----`, and the like.
fn is_rule(line: &str) -> bool {
    let inner = line.trim_matches(['-', ' ']).to_lowercase().replace('’', "'");
    line.starts_with("--")
        && ["message d'origine", "original message", "message transféré", "forwarded message"]
            .contains(&&*inner)
}

/// `De : … / Envoyé : … / Objet : …`, as Outlook writes it.
fn is_head(lines: &[&str], at: usize) -> bool {
    let starts = |line: &str, words: &[&str]| {
        let plain = line.trim().trim_matches('*').replace(['\u{a0}', '\u{202f}'], " ");
        words.iter().any(|w| plain.starts_with(&format!("{w} :")) || plain.starts_with(&format!("{w}:")))
    };
    let under = lines.iter().skip(at + 1).take(6);
    starts(lines[at], &["De", "From"])
        && under.clone().any(|l| starts(l, &["Envoyé", "Date", "Sent"]))
        && under.clone().any(|l| starts(l, &["Objet", "Subject"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_and_signature_are_left_out() {
        let cases = [
            "Il est branché.\n\nLe mar. 16 juin 2026 à 09:05, Support <a@b.c> a écrit\u{a0}:\n> Bonjour\n> Claire",
            "Il est branché.\n\nOn Tue, 16 Jun 2026 at 09:05, Support\n<a@b.c> wrote:\n> Bonjour",
            "Il est branché.\n-- \nClaire\n05 56",
            "Il est branché.\n\n-----Message d’origine-----\nDe : Support\nBonjour",
            "Il est branché.\n\nDe : Support\nEnvoyé : mardi\nÀ : Claire\nObjet : Écran\n\nBonjour",
            "Il est branché.\n\n> Bonjour\n>\n> Claire\n\n",
        ];
        for case in cases {
            assert_eq!(own_words(case), "Il est branché.", "{case}");
        }
    }

    #[test]
    fn a_wall_of_quotations_is_read_in_one_pass() {
        let wall = ">\n".repeat(200_000) + "Oui.";
        // Minutes, if each line were held against all those below it.
        assert_eq!(own_words(&wall), wall);
    }

    #[test]
    fn words_between_the_lines_are_kept() {
        let between = "Le mardi, Support a écrit :\n> Branché ?\nOui.\n> Allumé ?\nNon.";
        assert_eq!(own_words(between), between);
        let under = "> Branché ?\n\nOui, et allumé.";
        assert_eq!(own_words(under), under);
        let nothing = "> Branché ?";
        assert_eq!(own_words(nothing), nothing);
        assert_eq!(own_words("De : mon bureau, je ne vois rien"), "De : mon bureau, je ne vois rien");
    }
}
