//! Weeks as ISO 8601 counts them: they begin on Monday.

use jiff::ToSpan;
use jiff::civil::Date;

/// The Monday of a day's week; the earliest day there is, where that week began before it.
pub fn monday(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_begins_on_monday() {
        for day in 16..=22 {
            assert_eq!(monday(date(2026, 11, day)), date(2026, 11, 16));
        }
        assert_eq!(monday(date(2027, 1, 3)), date(2026, 12, 28), "over the turn of the year");
    }
}
