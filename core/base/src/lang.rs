//! The two languages of everything a person reads, and how each writes figures and dates.

use jiff::{Zoned, civil};
use serde::{Deserialize, Serialize};

use crate::fraction::Fraction;

/// The language a text is shown in. French is the contract's language and the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Fr,
    En,
}

impl Lang {
    /// Picks one of two texts; taking both makes a missing translation a compile error.
    pub fn t<T>(self, fr: T, en: T) -> T {
        match self {
            Lang::Fr => fr,
            Lang::En => en,
        }
    }

    /// The BCP 47 tag, as `lang` attributes and `Accept-Language` spell it.
    pub fn tag(self) -> &'static str {
        self.t("fr", "en")
    }

    pub fn from_tag(tag: &str) -> Option<Lang> {
        match tag.split(['-', '_']).next()? {
            "fr" => Some(Lang::Fr),
            "en" => Some(Lang::En),
            _ => None,
        }
    }
}

/// A sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bilingual {
    pub fr: String,
    pub en: String,
}

impl Bilingual {
    pub fn new(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Bilingual { fr: fr.into(), en: en.into() }
    }

    /// The same words in both languages: a name, a label, a code.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Bilingual { fr: text.clone(), en: text }
    }

    pub fn get(&self, lang: Lang) -> &str {
        lang.t(&self.fr, &self.en)
    }
}

/// A narrow no-break space: what French typography puts inside numbers and before `: ; ? !`.
pub const THIN: char = '\u{202f}';
/// A no-break space, before a unit or a currency sign.
pub const NBSP: char = '\u{a0}';

/// `1 234 567` in French, `1,234,567` in English.
pub fn integer(lang: Lang, value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        out.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(lang.t(THIN, ','));
        }
        out.push(digit);
    }
    out
}

/// A fraction with a fixed number of decimals, rounded half up for display only.
pub fn decimal(lang: Lang, value: Fraction, digits: u32) -> String {
    let scale = 10i128.pow(digits);
    let scaled = crate::fraction::Rounding::half_up(digits).scaled(value);
    let (whole, rest) = (scaled.abs() / scale, scaled.abs() % scale);
    let sign = if scaled < 0 { "-" } else { "" };
    let whole = integer(lang, i64::try_from(whole).unwrap_or(i64::MAX));
    if digits == 0 {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}{}{rest:0width$}", lang.t(',', '.'), width = digits as usize)
}

/// A fraction of one as a percentage with the fewest decimals that show it, at most six: `95 %`, `99,5 %`.
pub fn percent(lang: Lang, value: Fraction) -> String {
    let hundred = value * Fraction::from_integer(100);
    format!("{}{}%", decimal(lang, hundred, percent_digits(value)), lang.t("\u{a0}", ""))
}

/// How many decimals [`percent`] shows.
pub fn percent_digits(value: Fraction) -> u32 {
    let hundred = value * Fraction::from_integer(100);
    (0..6).find(|d| (hundred * Fraction::from_integer(10i128.pow(*d))).is_integer()).unwrap_or(6)
}

/// As [`percent`], what lies beyond so many decimals cut off and never rounded up: what falls just short of a
/// promise does not read as kept.
pub fn percent_cut(lang: Lang, value: Fraction, digits: u32) -> String {
    let scale = Fraction::from_integer(100 * 10i128.pow(digits));
    percent(lang, (value * scale).floor() / scale)
}

const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS_FR: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// `août 2026`, `August 2026`.
pub fn month(lang: Lang, date: civil::Date) -> String {
    format!("{} {}", month_name(lang, date.month()), date.year())
}

/// `1er mars 2026`, `1 March 2026`.
pub fn date(lang: Lang, date: civil::Date) -> String {
    let day = match (lang, date.day()) {
        (Lang::Fr, 1) => "1er".to_owned(),
        (_, day) => day.to_string(),
    };
    format!("{day} {} {}", month_name(lang, date.month()), date.year())
}

/// `vendredi 6 mars 2026 à 22 h 10`, `Friday 6 March 2026 at 22:10`, in the zone it carries.
pub fn date_time(lang: Lang, at: &Zoned) -> String {
    let weekday = weekday_name(lang, at.weekday());
    format!("{weekday} {} {} {}", date(lang, at.date()), lang.t("à", "at"), time(lang, at.time()))
}

/// `ven. 6 mars, 22:10`: for tables. The year is left to the context.
pub fn short_date_time(lang: Lang, at: &Zoned) -> String {
    let weekday: String = weekday_name(lang, at.weekday()).chars().take(3).collect();
    let month = short_month(lang, at.month());
    let (hour, minute) = (at.hour(), at.minute());
    lang.t(
        format!("{weekday}. {} {month} {hour:02}:{minute:02}", at.day()),
        format!("{weekday} {} {month} {hour:02}:{minute:02}", at.day()),
    )
}

/// `22 h 10`, `22:10`.
pub fn time(lang: Lang, time: civil::Time) -> String {
    match (lang, time.minute()) {
        (Lang::Fr, 0) => format!("{}{NBSP}h", time.hour()),
        (Lang::Fr, minute) => format!("{}{NBSP}h{NBSP}{minute:02}", time.hour()),
        (Lang::En, minute) => format!("{:02}:{minute:02}", time.hour()),
    }
}

pub fn weekday_name(lang: Lang, day: civil::Weekday) -> &'static str {
    let index = usize::from(day.to_monday_zero_offset().unsigned_abs());
    lang.t(DAYS_FR[index], DAYS_EN[index])
}

pub fn month_name(lang: Lang, month: i8) -> &'static str {
    let index = usize::from(month.unsigned_abs()) - 1;
    lang.t(MONTHS_FR[index], MONTHS_EN[index])
}

/// `nov.`, `Nov`.
pub fn short_month(lang: Lang, month: i8) -> &'static str {
    const FR: [&str; 12] =
        ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
    const EN: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let index = usize::from(month.unsigned_abs()) - 1;
    lang.t(FR[index], EN[index])
}

/// `3 h 20`, `45 min`, `30 s`, `2 j 4 h`: an elapsed time in plain words, exact to the minute above one minute.
pub fn elapsed(lang: Lang, seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let total = seconds.abs();
    if total < 60 {
        return format!("{sign}{total}{NBSP}s");
    }
    let (hours, minutes) = (total / 3600, total % 3600 / 60);
    let text = match (hours, minutes) {
        (0, m) => format!("{m}{NBSP}min"),
        (h, 0) => format!("{}{NBSP}h", integer(lang, h)),
        (h, m) => format!("{}{NBSP}h{NBSP}{m:02}", integer(lang, h)),
    };
    format!("{sign}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_follow_each_language() {
        let half = Fraction::new(199, 200);
        assert_eq!(integer(Lang::Fr, -1234567), "-1\u{202f}234\u{202f}567");
        assert_eq!(integer(Lang::En, 1234567), "1,234,567");
        assert_eq!(percent(Lang::Fr, half), "99,5\u{a0}%");
        assert_eq!(percent(Lang::En, Fraction::new(19, 20)), "95%");
        assert_eq!(decimal(Lang::Fr, Fraction::new(1, 3), 2), "0,33");
        assert_eq!(elapsed(Lang::Fr, 12_000), "3\u{a0}h\u{a0}20");
        assert_eq!(date(Lang::Fr, civil::date(2026, 3, 1)), "1er mars 2026");
    }

    #[test]
    fn a_percentage_is_cut_and_never_rounded_up() {
        let cut = |n, of| percent_cut(Lang::Fr, Fraction::new(n, of), 2);
        assert_eq!(cut(26, 27), "96,29\u{a0}%");
        assert_eq!(cut(99_999_999, 100_000_000), "99,99\u{a0}%", "never 100");
        assert_eq!((cut(19, 20), cut(1, 1)), ("95\u{a0}%".to_owned(), "100\u{a0}%".to_owned()));
        assert_eq!(percent_cut(Lang::En, Fraction::new(999_959, 1_000_000), 3), "99.995%");
        assert_eq!(percent(Lang::Fr, Fraction::new(26, 27)), "96,296296\u{a0}%");
    }
}
