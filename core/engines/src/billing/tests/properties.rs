use base::Money;
use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;
use terms::{Proration, Terms};

use super::{late, with_cases};
use crate::billing::{MonthFacts, PastPenalty, close, fees};
use crate::fixture::{contract, history, price, rule};

fn one_fee(proration: Proration, title: &str, quantity: u32, cents: i64) -> Terms {
    let mut terms = contract();
    let fee = terms::Price { proration, title: title.to_owned(), ..price("seat", quantity, cents) };
    terms.prices = vec![rule("postes", fee)];
    terms
}

proptest! {
    /// Two parts of a month sum to the month, within a cent for each line.
    #[test]
    fn parts_of_a_month_make_the_month(
        month in 0..36i64,
        day in 1..31i64,
        quantity in 1..5000u32,
        cents in 1..100_000i64,
        thirty in any::<bool>(),
    ) {
        let proration = if thirty { Proration::ThirtyDayMonth } else { Proration::ActualDays };
        let first = date(2026, 3, 1) + month.months();
        let cut = first + day.days();
        prop_assume!(cut.month() == first.month());
        // A new title alone splits the month without changing what is owed.
        let split = history(vec![
            (date(2026, 3, 1), one_fee(proration, "avant", quantity, cents)),
            (cut, one_fee(proration, "après", quantity, cents)),
        ]);
        let lines = fees(&split, first);
        let sum: i64 = lines.iter().map(|l| l.value.net.cents).sum();
        let whole = i64::from(quantity) * cents;
        prop_assert!((sum - whole).abs() <= i64::try_from(lines.len()).unwrap(), "{} {}", sum, whole);
    }

    /// The figures of a statement add up, and no ceiling is passed, whatever happened.
    #[test]
    fn a_statement_adds_up(
        late_minutes in prop::collection::vec((1..3000i64, 0..3usize), 0..8),
        past in prop::collection::vec((1..6i64, 0..120_000i64), 0..4),
        seats in 0..80u32,
        reduction in any::<bool>(),
    ) {
        let mut amended = contract();
        amended.prices[0].then.quantity = seats;
        let mut first = contract();
        if reduction {
            for terms in [&mut first, &mut amended] {
                terms.penalties[0].then.tax = terms::PenaltyTax::PriceReduction;
            }
        }
        let history = history(vec![(date(2026, 3, 1), first), (date(2026, 8, 13), amended)]);
        let cases = late_minutes
            .iter()
            .zip(1..)
            .map(|((minutes, p), n)| {
                late(&format!("T-{n}"), ["P1", "P2", "P3"][*p], date(2026, 8, 1) + (n * 3).days(), *minutes)
            })
            .collect();
        let penalties_paid: Vec<PastPenalty> = past
            .iter()
            .map(|(months, cents)| PastPenalty {
                month: date(2026, 8, 1) - months.months(),
                payable: Money::eur(*cents),
            })
            .collect();
        let before: i64 = penalties_paid.iter().filter(|p| p.month >= date(2026, 3, 1)).map(|p| p.payable.cents).sum();
        let s = close(&history, date(2026, 8, 1), &MonthFacts { penalties_paid, ..with_cases(cases) }).value;

        let sum = |amounts: &mut dyn Iterator<Item = Money>| amounts.map(|m| m.cents).sum::<i64>();
        prop_assert_eq!(sum(&mut s.lines.iter().map(|l| l.value.net)), s.net.cents);
        prop_assert_eq!(sum(&mut s.vat.iter().map(|v| v.base)), s.net.cents);
        prop_assert_eq!(sum(&mut s.vat.iter().map(|v| v.vat)), s.vat_total.cents);
        prop_assert_eq!(s.net + s.vat_total, s.gross);
        prop_assert_eq!(s.gross - s.set_off, s.left_to_pay);
        prop_assert_eq!(sum(&mut s.penalties.iter().map(|p| p.value.amount)), s.penalty_total.cents);
        prop_assert_eq!(sum(&mut s.penalties.iter().map(|p| p.value.payable)), s.penalty_due.cents);
        prop_assert_eq!(s.penalty_due + s.waived, s.penalty_total);
        prop_assert!(s.waived.cents >= 0 && s.set_off.cents >= 0 && s.owed_to_customer.cents >= 0);
        let fee = i64::from(seats) * 4600 + 46_000;
        prop_assert!(s.penalty_due.cents * 10 <= fee);
        prop_assert!(s.penalty_due.is_zero() || (before + s.penalty_due.cents) * 100 <= 8 * 12 * fee);
        if late_minutes.is_empty() {
            prop_assert!(s.penalties.is_empty() && s.penalty_due.is_zero() && s.set_off.is_zero());
        }
    }
}
