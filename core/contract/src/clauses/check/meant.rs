//! What a value that cannot be read was meant to be: « 4h », « 46,00 € », « 9h-12h30 », « lun-ven ».
//!
//! Only ever a suggestion in the help: the parties write what they sign.

use base::fraction::parse_percent;
use base::{Lang, Length, Money};
use terms::Opening;

use crate::clauses::KINDS;
use crate::clauses::words::common;

/// `"4h"`, `"5 jours ouvrés"`, `"1,5 h"`, `"12 mois"`.
pub(super) fn length(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase().replace(['\u{a0}', '\u{202f}'], " ");
    let split = lower.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.')?;
    let (count, unit) = (lower[..split].replace(',', "."), lower[split..].trim());
    let half = count.strip_suffix(".5").and_then(|whole| whole.parse::<u32>().ok());
    let written = match (unit, half) {
        ("h" | "heure" | "heures" | "hour" | "hours", Some(hours)) => format!("{hours} h 30 min"),
        ("h" | "heure" | "heures" | "hour" | "hours" | "hr" | "hrs", None) => format!("{count} h"),
        ("min" | "mn" | "minute" | "minutes", None) => format!("{count} min"),
        ("jour ouvré" | "jours ouvrés" | "jo" | "working day" | "working days" | "business days", None) => {
            format!("{count} working_days")
        }
        ("j" | "jour" | "jours" | "day" | "days", None) => format!("{count} days"),
        ("semaine" | "semaines" | "week" | "weeks", None) => {
            format!("{} days", count.parse::<u32>().ok()?.checked_mul(7)?)
        }
        ("mois" | "month" | "months", None) => format!("{count} months"),
        ("an" | "année" | "year", None) if count == "1" => "1 year".to_owned(),
        ("an" | "ans" | "année" | "années" | "year" | "years", None) => format!("{count} years"),
        _ => return None,
    };
    Length::parse(&written).is_ok().then_some(written)
}

/// `"46,00 EUR"`, `"46.00 €"`, `"1 200.00 EUR"`, `"46.00"` in the currency given.
pub(super) fn money(text: &str) -> Option<String> {
    let bare = text.replace([' ', '\u{a0}', '\u{202f}'], "").replace(',', ".");
    let split = bare.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(bare.len());
    let (number, unit) = bare.split_at(split);
    let code = match unit.to_lowercase().as_str() {
        "" | "€" | "eur" | "euro" | "euros" => "EUR",
        "chf" => "CHF",
        "gbp" | "£" => "GBP",
        "usd" | "$" => "USD",
        _ => return None,
    };
    let number = if number.contains('.') { number.to_owned() } else { format!("{number}.00") };
    let written = format!("{number} {code}");
    let fits = two_decimals(&written) && Money::parse(&written).is_ok_and(|m| m.cents > 0);
    fits.then_some(written)
}

/// « 46.000 » is forty-six to some readers and forty-six thousand to others.
pub(super) fn two_decimals(text: &str) -> bool {
    let number = text.split_whitespace().next().unwrap_or("");
    number.split_once('.').is_none_or(|(_, decimals)| decimals.len() <= 2)
}

/// `"2,5 %"`, `"95"`.
pub(super) fn percent(text: &str) -> Option<String> {
    let number = text.trim().trim_end_matches(['%', ' ', '\u{a0}', '\u{202f}']).replace(',', ".");
    let written = format!("{number} %");
    parse_percent(&written).map(|_| written)
}

/// `"2,5"`, `"70 %"` where the unit is written apart.
pub(super) fn decimal(text: &str) -> Option<String> {
    let bare = text.trim().replace([' ', '\u{a0}', '\u{202f}'], "").replace(',', ".");
    let number = bare.trim_end_matches(|c: char| !c.is_ascii_digit());
    (!number.is_empty()).then(|| number.to_owned())
}

/// `"9h-12h30"`, `"9:00 - 12:30"`, `"9h à 12h"`.
pub(super) fn opening(text: &str) -> Option<String> {
    let (open, close) =
        text.split_once(" à ").or_else(|| text.split_once(['-', '–'])).or_else(|| text.split_once(" to "))?;
    let written = format!("{}-{}", wall_time(open)?, wall_time(close)?);
    Opening::parse_span(&written).map(|_| written)
}

fn wall_time(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase().replace(' ', "");
    let (hour, minute) = text.split_once(['h', ':']).unwrap_or((&text, ""));
    let hour: u32 = hour.parse().ok()?;
    let minute: u32 = if minute.is_empty() { 0 } else { minute.parse().ok()? };
    Some(format!("{hour:02}:{minute:02}"))
}

/// `"lun-ven"`, `"lundi-vendredi"`, `"samedi"`.
pub(super) fn days(text: &str) -> Option<String> {
    const DAYS: [(&str, &str); 7] = [
        ("lun", "mon"),
        ("mar", "tue"),
        ("mer", "wed"),
        ("jeu", "thu"),
        ("ven", "fri"),
        ("sam", "sat"),
        ("dim", "sun"),
    ];
    let one = |word: &str| {
        let word = word.trim().to_lowercase();
        DAYS.iter().find(|(fr, en)| word.starts_with(fr) || word.starts_with(en)).map(|(_, en)| *en)
    };
    match text.split_once('-') {
        Some((first, last)) => {
            let (first, last) = (one(first)?, one(last)?);
            let place = |day| DAYS.iter().position(|(_, en)| *en == day);
            (place(first) < place(last)).then(|| format!("{first}-{last}"))
        }
        None => one(text).map(str::to_owned),
    }
}

/// « France », `"fr"`, `"FRA"`.
pub(super) fn country(text: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str, &str); 12] = [
        ("france", "fra", "FR"),
        ("allemagne", "deu", "DE"),
        ("belgique", "bel", "BE"),
        ("suisse", "che", "CH"),
        ("luxembourg", "lux", "LU"),
        ("espagne", "esp", "ES"),
        ("italie", "ita", "IT"),
        ("irlande", "irl", "IE"),
        ("pays-bas", "nld", "NL"),
        ("royaume-uni", "gbr", "GB"),
        ("états-unis", "usa", "US"),
        ("tunisie", "tun", "TN"),
    ];
    let lower = text.trim().to_lowercase();
    NAMES
        .iter()
        .find(|(name, three, two)| lower == *name || lower == *three || lower == two.to_lowercase())
        .map(|(_, _, two)| *two)
}

/// The word of a closed list whose French or English reading this is: « trimestre » is `quarter`,
/// « prestataire » is `provider`. A whole reading wins over its first word, and that over any other.
pub(super) fn word(text: &str, words: &[&'static str]) -> Option<&'static str> {
    let given = text.trim().to_lowercase().replace('_', " ");
    if given.chars().count() < 2 {
        return None;
    }
    let places = words
        .iter()
        .filter_map(|word| Some((readings(word).filter_map(|r| place(&given, &r)).min()?, *word)));
    places.min_by_key(|(place, _)| *place).map(|(_, word)| word)
}

/// How people read a word of a closed list, in any kind.
fn readings(word: &str) -> impl Iterator<Item = String> {
    let of_kinds = KINDS.iter().flat_map(|k| k.words).filter(move |(key, _, _)| *key == word);
    let shared = [Lang::Fr, Lang::En].map(|lang| common(lang, word).into_owned());
    of_kinds.flat_map(|(_, fr, en)| [(*fr).to_owned(), (*en).to_owned()]).chain(shared)
}

/// Where a reading says what was written: 0 when it is all of it.
fn place(given: &str, reading: &str) -> Option<usize> {
    let reading = reading.to_lowercase();
    let bare = |text: &str| text.trim_end_matches(['s', 'e', 'x']).to_owned();
    if reading == given {
        return Some(0);
    }
    let parts = reading.split(|c: char| !c.is_alphanumeric()).filter(|p| p.chars().count() > 2);
    parts.enumerate().find(|(_, part)| bare(part) == bare(given)).map(|(i, _)| i + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_first_is_understood() {
        let some = |s: &str| Some(s.to_owned());
        assert_eq!(length("4h"), some("4 h"));
        assert_eq!(length("5 jours ouvrés"), some("5 working_days"));
        assert_eq!(length("1,5 h"), some("1 h 30 min"));
        assert_eq!(length("2 semaines"), some("14 days"));
        assert_eq!((length("quatre heures"), length("-4 h"), length("")), (None, None, None));
        assert_eq!(money("46,00 EUR"), some("46.00 EUR"));
        assert_eq!(money("1\u{202f}200 €"), some("1200.00 EUR"));
        assert_eq!((money("46.000 EUR"), money("cher"), money("-1 EUR")), (None, None, None));
        assert_eq!(percent("2,5 %"), some("2.5 %"));
        assert_eq!(percent("95"), some("95 %"));
        assert_eq!(opening("9h-12h30"), some("09:00-12:30"));
        assert_eq!((opening("9h-26h"), opening("12:00-09:00")), (None, None));
        assert_eq!(word("trimestre", &["month", "quarter"]), Some("quarter"));
        assert_eq!(word("Prestataire", &["customer", "provider"]), Some("provider"));
        assert_eq!((word("lune", &["month", "quarter"]), word("", &["month"])), (None, None));
        assert_eq!(days("lun-ven"), some("mon-fri"));
        assert_eq!((days("samedi"), days("ven-lun")), (some("sat"), None));
    }
}
