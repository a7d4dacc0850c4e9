//! Half a calendar year, as parties meet over one.

use std::fmt;

use jiff::civil::{Date, date};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Half {
    pub year: i16,
    pub second: bool,
}

impl Half {
    /// The one that holds a day.
    pub fn of(day: Date) -> Half {
        Half { year: day.year(), second: day.month() > 6 }
    }

    /// As an address says it: `2026-1`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Half> {
        let (year, half) = text.split_once('-')?;
        let year = year.parse().ok().filter(|year| (2000..3000).contains(year))?;
        match half {
            "1" => Some(Half { year, second: false }),
            "2" => Some(Half { year, second: true }),
            _ => None,
        }
    }

    pub fn first(self) -> Date {
        date(self.year, if self.second { 7 } else { 1 }, 1)
    }

    pub fn next(self) -> Half {
        match self.second {
            false => Half { second: true, ..self },
            true => Half { year: self.year + 1, second: false },
        }
    }
}

impl fmt::Display for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.year, if self.second { 2 } else { 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_follow_one_another_and_read_as_they_are_written() {
        let half = Half::of(date(2026, 6, 30));
        assert_eq!((half.to_string(), half.first()), ("2026-1".to_owned(), date(2026, 1, 1)));
        assert_eq!(half.next(), Half::of(date(2026, 7, 1)));
        assert_eq!(half.next().next().to_string(), "2027-1");
        assert_eq!(Half::parse("2026-2"), Some(half.next()));
        for wrong in ["2026", "2026-3", "-1", "99999-1", "1026-1", "2026-01"] {
            assert_eq!(Half::parse(wrong), None, "{wrong}");
        }
    }
}
