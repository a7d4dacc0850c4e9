//! Months, civil quarters and contract years as spans of local days.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span as Length, Timestamp};
use serde::{Deserialize, Serialize};
use terms::Terms;
use terms::commitment::Period;

/// A span of whole local days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first day.
    pub first: Date,
    /// The day after the last one.
    pub next: Date,
}

impl Span {
    /// The civil month that holds this day.
    pub fn month(date: Date) -> Span {
        let first = date.first_of_month();
        Span { first, next: plus_months(first, 1) }
    }

    /// The civil quarter that holds this day.
    pub fn quarter(date: Date) -> Span {
        let months_in = i64::from((date.month() - 1) % 3);
        let first = plus_months(date.first_of_month(), -months_in);
        Span { first, next: plus_months(first, 3) }
    }

    /// The period of a clause that holds this day.
    ///
    /// A contract without a term clause has civil years for contract years.
    pub fn of(period: Period, terms: &Terms, date: Date) -> Span {
        match period {
            Period::Month => Span::month(date),
            Period::Quarter => Span::quarter(date),
            Period::ContractYear => terms
                .term
                .as_ref()
                .and_then(|term| term.then.contract_year(date))
                .map(|(first, next)| Span { first, next })
                .unwrap_or_else(|| {
                    let first = date.first_of_year();
                    Span { first, next: plus_months(first, 12) }
                }),
        }
    }

    pub fn contains(self, date: Date) -> bool {
        self.first <= date && date < self.next
    }

    /// The last day, included.
    pub fn last(self) -> Date {
        self.next.yesterday().unwrap_or(self.next)
    }

    /// Days in it.
    pub fn days(self) -> u32 {
        self.first.until(self.next).map_or(0, |length| length.get_days().unsigned_abs())
    }
}

/// The contract's local day at an instant; UTC's when the zone has no rules, which the compiler refuses.
pub fn local_date(terms: &Terms, at: Timestamp) -> Date {
    let zone = TimeZone::get(&terms.zone).unwrap_or(TimeZone::UTC);
    at.to_zoned(zone).date()
}

/// `2026-08`.
pub fn month_key(date: Date) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}

fn plus_months(date: Date, months: i64) -> Date {
    date.saturating_add(Length::new().months(months))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn spans_hold_their_days() {
        let quarter = Span::quarter(date(2026, 8, 31));
        assert_eq!(quarter, Span { first: date(2026, 7, 1), next: date(2026, 10, 1) });
        assert_eq!(Span::month(date(2027, 2, 10)).days(), 28);
        assert_eq!(Span::month(date(2026, 12, 31)).last(), date(2026, 12, 31));
        let terms = crate::fixture::contract();
        let year = Span::of(Period::ContractYear, &terms, date(2027, 2, 28));
        assert_eq!(year, Span { first: date(2026, 3, 1), next: date(2027, 3, 1) });
        assert_eq!(Span::of(Period::ContractYear, &terms, date(2027, 3, 1)).first, date(2027, 3, 1));
    }

    #[test]
    fn a_day_is_the_contracts() {
        let terms = crate::fixture::contract();
        let late_evening: Timestamp = "2026-02-28T23:30:00Z".parse().unwrap();
        assert_eq!(local_date(&terms, late_evening), date(2026, 3, 1));
    }
}
