//! Figures, durations and instants as each language writes them.

use std::fmt::Write;

use jiff::Zoned;
use jiff::civil::Date;

use super::Lang;

/// The interface's typeface draws it as thin as a French figure wants; its U+202F is a hairline.
const SPACE: char = '\u{a0}';

/// An amount in euro cents: « 2 300,00 € », "€2,300.00".
pub fn money(cents: i64, lang: Lang) -> String {
    let sign = if cents < 0 { "−" } else { "" };
    let (units, rest) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
    match lang {
        Lang::Fr => format!("{sign}{},{rest:02}{SPACE}€", grouped(units, SPACE)),
        Lang::En => format!("{sign}€{}.{rest:02}", grouped(units, ',')),
    }
}

/// A value inside a query string.
pub fn query(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                out.push(byte as char)
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// A count: « 12 480 », "12,480".
pub fn count(value: u64, lang: Lang) -> String {
    match lang {
        Lang::Fr => grouped(value, SPACE),
        Lang::En => grouped(value, ','),
    }
}

/// A count told exactly up to `most`: « 999 », then « 999+ ».
pub fn count_to(value: u64, most: u64, lang: Lang) -> String {
    let beyond = if value > most { "+" } else { "" };
    format!("{}{beyond}", count(value.min(most), lang))
}

/// A rate in hundredths of a percent: `9412` is « 94,12 % », "94.12%".
pub fn percent(hundredths: i64, lang: Lang) -> String {
    let (units, rest) = (hundredths / 100, hundredths.unsigned_abs() % 100);
    let (mark, end) = match lang {
        Lang::Fr => (',', "\u{a0}%"),
        Lang::En => ('.', "%"),
    };
    match rest {
        0 => format!("{units}{end}"),
        _ => format!("{units}{mark}{rest:02}{end}"),
    }
}

/// A length of worked time, in minutes: « 3 h 20 », "3 h 20 min".
pub fn minutes(value: i64, lang: Lang) -> String {
    let sign = if value < 0 { "−" } else { "" };
    let (hours, rest) = (value.unsigned_abs() / 60, value.unsigned_abs() % 60);
    match (hours, rest, lang) {
        (0, rest, _) => format!("{sign}{rest}\u{a0}min"),
        (hours, 0, _) => format!("{sign}{hours}\u{a0}h"),
        (hours, rest, Lang::Fr) => format!("{sign}{hours}\u{a0}h\u{a0}{rest:02}"),
        (hours, rest, Lang::En) => format!("{sign}{hours}\u{a0}h {rest}\u{a0}min"),
    }
}

/// A day: « 3 nov. 2026 », "3 Nov 2026".
pub fn date(day: Date, lang: Lang) -> String {
    format!("{} {} {}", ordinal(day, lang), month_short(day, lang), day.year())
}

/// A day with its weekday: « mar. 3 nov. 2026 », "Tue 3 Nov 2026".
pub fn full_date(day: Date, lang: Lang) -> String {
    format!("{} {}", weekday_short(day, lang), date(day, lang))
}

/// An instant: « mar. 3 nov. 2026, 10:00 ».
pub fn instant(at: &Zoned, lang: Lang) -> String {
    format!("{}, {}", full_date(at.date(), lang), hour(at))
}

/// An instant whose year goes without saying: « mar. 3 nov., 10:00 ».
pub fn short_instant(at: &Zoned, lang: Lang) -> String {
    format!("{}, {}", short_day(at.date(), lang), hour(at))
}

/// A day whose year goes without saying: « mar. 3 nov. ».
pub fn short_day(day: Date, lang: Lang) -> String {
    let (weekday, month) = (weekday_short(day, lang), month_short(day, lang));
    format!("{weekday} {} {month}", ordinal(day, lang))
}

/// The time of day: `10:00`.
pub fn hour(at: &Zoned) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// A month: « novembre 2026 », "November 2026".
pub fn month(day: Date, lang: Lang) -> String {
    base::lang::month(lang.core(), day)
}

/// The machine-readable form, for `<time datetime>`.
pub fn machine(at: &Zoned) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn ordinal(day: Date, lang: Lang) -> String {
    match (day.day(), lang) {
        (1, Lang::Fr) => "1er".to_owned(),
        (number, _) => number.to_string(),
    }
}

/// A day of the week: « mar. », "Tue".
pub fn weekday(day: Date, lang: Lang) -> &'static str {
    weekday_short(day, lang)
}

fn weekday_short(day: Date, lang: Lang) -> &'static str {
    const FR: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
    const EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let index = usize::from(day.weekday().to_monday_zero_offset().unsigned_abs());
    match lang {
        Lang::Fr => FR[index],
        Lang::En => EN[index],
    }
}

/// The month in short: « nov. », "Nov".
pub fn month_short(day: Date, lang: Lang) -> &'static str {
    base::lang::short_month(lang.core(), day.month())
}

fn grouped(value: u64, separator: char) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_follow_the_language() {
        assert_eq!(money(230_000, Lang::Fr), "2\u{a0}300,00\u{a0}€");
        assert_eq!(money(-230_005, Lang::En), "−€2,300.05");
        assert_eq!(money(12_345_678_900, Lang::En), "€123,456,789.00");
        assert_eq!(percent(9_412, Lang::Fr), "94,12\u{a0}%");
        assert_eq!(percent(9_500, Lang::En), "95%");
        let told = [9, 1_000, 1_001].map(|value| count_to(value, 1_000, Lang::Fr));
        assert_eq!(told, ["9", "1\u{a0}000", "1\u{a0}000+"]);
        assert_eq!(minutes(200, Lang::Fr), "3\u{a0}h\u{a0}20");
        assert_eq!(minutes(-15, Lang::En), "−15\u{a0}min");
    }

    #[test]
    fn instants_follow_the_language() {
        let at: Zoned = "2026-11-03T10:00[Europe/Paris]".parse().expect("a valid instant");
        assert_eq!(instant(&at, Lang::Fr), "mar. 3 nov. 2026, 10:00");
        assert_eq!(instant(&at, Lang::En), "Tue 3 Nov 2026, 10:00");
        assert_eq!(machine(&at), "2026-11-03T10:00:00+01:00");
        let first = jiff::civil::date(2026, 5, 1);
        assert_eq!(date(first, Lang::Fr), "1er mai 2026");
    }
}
