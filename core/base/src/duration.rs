//! Lengths of time as contracts write them: `"30 min"`, `"4 h"`, `"5 working_days"`, `"6 months"`.
//!
//! A length keeps its unit: four hours run on a calendar's clock, five working days end at a close,
//! six months end on a date. They are never converted into one another.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lang::{Lang, NBSP};

/// A length of time with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "unit", content = "count", rename_all = "snake_case")]
pub enum Length {
    /// Seconds of open time on some calendar, or of real time.
    Seconds(i64),
    /// Open local days of some calendar; due at the last close (convention C9).
    WorkingDays(u32),
    /// Calendar days.
    Days(u32),
    Months(u32),
}

/// Why a text is not a length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a length of time is written \"30 min\", \"4 h\", \"5 working_days\", \"10 days\", \"3 months\" or \"2 years\""
)]
pub struct LengthError;

impl Length {
    pub const fn minutes(count: i64) -> Length {
        Length::Seconds(count * 60)
    }

    pub const fn hours(count: i64) -> Length {
        Length::Seconds(count * 3600)
    }

    /// Reads `"30 min"` and its kin: a whole number, a space, a unit. `"4 h 30 min"` is also read.
    pub fn parse(text: &str) -> Result<Length, LengthError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            [count, unit] => single(count, unit),
            [hours, "h", minutes, "min"] => match (number(hours)?, number(minutes)?) {
                (h, m) if m < 60 => Ok(Length::Seconds(i64::from(h) * 3600 + i64::from(m) * 60)),
                _ => Err(LengthError),
            },
            _ => Err(LengthError),
        }
    }

    /// Seconds, when the unit is one of the clock.
    pub fn as_seconds(self) -> Option<i64> {
        match self {
            Length::Seconds(seconds) => Some(seconds),
            _ => None,
        }
    }

    /// In words, as a sentence of a contract has it: « quatre heures », “5 working days”.
    pub fn in_words(self, lang: Lang) -> String {
        let (count, fr, en) = match self {
            Length::Seconds(s) if s % 3600 == 0 => (s / 3600, ["heure", "heures"], ["hour", "hours"]),
            Length::Seconds(s) if s % 60 == 0 && s < 3600 => {
                (s / 60, ["minute", "minutes"], ["minute", "minutes"])
            }
            Length::Seconds(s) if s % 60 == 0 => return self.hours_and_minutes(lang, s / 60),
            Length::Seconds(s) => (s, ["seconde", "secondes"], ["second", "seconds"]),
            Length::WorkingDays(n) => {
                (i64::from(n), ["jour ouvré", "jours ouvrés"], ["working day", "working days"])
            }
            Length::Days(n) => (i64::from(n), ["jour", "jours"], ["day", "days"]),
            Length::Months(n) if n % 12 == 0 && n > 12 => {
                (i64::from(n / 12), ["an", "ans"], ["year", "years"])
            }
            Length::Months(n) => (i64::from(n), ["mois", "mois"], ["month", "months"]),
        };
        let feminine = matches!(self, Length::Seconds(_));
        let plural = usize::from(count.abs() > 1);
        let words = lang.t(french_count(count, feminine), english_count(count));
        format!("{words} {}", lang.t(fr[plural], en[plural]))
    }

    fn hours_and_minutes(self, lang: Lang, minutes: i64) -> String {
        let (h, m) = (Length::hours(minutes / 60), Length::minutes(minutes % 60));
        format!("{} {} {}", h.in_words(lang), lang.t("et", "and"), m.in_words(lang))
    }

    /// In figures, for tables: `4 h`, `5 j ouvrés`.
    pub fn short(self, lang: Lang) -> String {
        match self {
            Length::Seconds(s) => crate::lang::elapsed(lang, s),
            Length::WorkingDays(n) => format!("{n}{NBSP}{}", lang.t("j ouvrés", "working days")),
            Length::Days(n) => format!("{n}{NBSP}{}", lang.t("j", "days")),
            Length::Months(n) => format!("{n}{NBSP}{}", lang.t("mois", "months")),
        }
    }
}

/// The form contracts are written in.
impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Length::Seconds(s) if s % 3600 == 0 => write!(f, "{} h", s / 3600),
            Length::Seconds(s) if s % 60 == 0 => write!(f, "{} min", s / 60),
            Length::Seconds(s) => write!(f, "{s} s"),
            Length::WorkingDays(n) => write!(f, "{n} working_days"),
            Length::Days(n) => write!(f, "{n} days"),
            Length::Months(n) => write!(f, "{n} months"),
        }
    }
}

fn single(count: &str, unit: &str) -> Result<Length, LengthError> {
    let n = number(count)?;
    Ok(match unit {
        "s" => Length::Seconds(i64::from(n)),
        "min" => Length::minutes(i64::from(n)),
        "h" => Length::hours(i64::from(n)),
        "working_day" | "working_days" => Length::WorkingDays(n),
        "day" | "days" => Length::Days(n),
        "week" | "weeks" => Length::Days(n.checked_mul(7).ok_or(LengthError)?),
        "month" | "months" => Length::Months(n),
        "year" | "years" => Length::Months(n.checked_mul(12).ok_or(LengthError)?),
        _ => return Err(LengthError),
    })
}

/// At most a million of any unit: longer is a typing mistake, and sums stay far from overflow.
fn number(text: &str) -> Result<u32, LengthError> {
    text.parse()
        .ok()
        .filter(|n| *n <= 1_000_000 && text.bytes().all(|b| b.is_ascii_digit()))
        .ok_or(LengthError)
}

/// A count in French words up to sixteen, where prose spells it out; figures above.
fn french_count(count: i64, feminine: bool) -> String {
    const WORDS: [&str; 17] = [
        "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
        "douze", "treize", "quatorze", "quinze", "seize",
    ];
    match usize::try_from(count) {
        Ok(1) if feminine => "une".to_owned(),
        Ok(n) if n < WORDS.len() => WORDS[n].to_owned(),
        _ => crate::lang::integer(Lang::Fr, count),
    }
}

fn english_count(count: i64) -> String {
    const WORDS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    match usize::try_from(count) {
        Ok(n) if n < WORDS.len() => WORDS[n].to_owned(),
        _ => crate::lang::integer(Lang::En, count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_and_written() {
        assert_eq!(Length::parse("30 min"), Ok(Length::Seconds(1800)));
        assert_eq!(Length::parse("4 h 30 min"), Ok(Length::Seconds(16_200)));
        assert_eq!(Length::parse("2 years"), Ok(Length::Months(24)));
        assert_eq!(Length::parse("5 working_days").unwrap().to_string(), "5 working_days");
        for bad in ["4h", "h 4", "-4 h", "4 hours", "", "4", "+4 h", "4 h 75 min", "4000000 h"] {
            assert_eq!(Length::parse(bad), Err(LengthError), "{bad}");
        }
    }

    #[test]
    fn lengths_in_words() {
        assert_eq!(Length::hours(4).in_words(Lang::Fr), "quatre heures");
        assert_eq!(Length::hours(1).in_words(Lang::Fr), "une heure");
        assert_eq!(Length::minutes(30).in_words(Lang::Fr), "30 minutes");
        assert_eq!(Length::minutes(90).in_words(Lang::En), "one hour and 30 minutes");
        assert_eq!(Length::Months(36).in_words(Lang::Fr), "trois ans");
        assert_eq!(Length::WorkingDays(5).in_words(Lang::En), "five working days");
    }
}
