//! M-16 to M-18 and M-34: part of a month, and rounding by line.

use engines::billing::{InvoiceLine, fees, monthly_fee};
use jiff::civil::{Date, date};

use crate::support::{TERM, because, case, eur, expected, fee, history, input, signed, terms};

/// The lines of a month in which the number of seats changes.
fn change(unit: &str, proration: &str, from: u32, to: u32, on: Date) -> Vec<InvoiceLine> {
    let seats = |quantity| terms(&[TERM, &fee(quantity, unit).replace("actual_days", proration)]);
    let history = history(vec![(date(2026, 3, 1), seats(from)), (on, seats(to))]);
    let lines = fees(&history, on);
    lines.iter().for_each(because);
    lines.into_iter().map(|l| l.value).collect()
}

fn share(line: &InvoiceLine) -> String {
    line.share.map_or_else(String::new, |s| format!("{}/{}", s.days, s.of))
}

#[test]
fn m_16_five_more_seats_from_15_june() {
    let m = case("M-16");
    let lines = change(&input(&m, "unit"), "actual_days", 40, 45, date(2026, 6, 15));
    assert_eq!((eur(lines[0].net), share(&lines[1])), ("1840.00".to_owned(), input(&m, "days")));
    assert_eq!([eur(lines[1].net)], expected(&m)[..]);
}

#[test]
fn m_17_three_seats_fewer_is_a_credit() {
    let m = case("M-17");
    let lines = change(&input(&m, "unit"), "actual_days", 40, 37, date(2027, 2, 10));
    assert_eq!(share(&lines[1]), input(&m, "days"));
    assert_eq!([eur(-lines[1].net)], expected(&m)[..]);
    assert!(lines[1].unit_price.cents > 0, "EN 16931, BR-27: no negative unit price");
}

#[test]
fn m_18_actual_days_against_thirty_day_months() {
    let m = case("M-18");
    let added = |proration| eur(change(&input(&m, "unit"), proration, 40, 45, date(2026, 7, 15))[1].net);
    assert_eq!([added("actual_days"), added("thirty_day_month")], expected(&m)[..]);
}

#[test]
fn m_34_each_line_is_rounded_and_not_their_sum() {
    let m = case("M-34");
    // Half of June at 20.01 a month: 10.005 a line.
    let half = |fees: &[&str]| {
        let begins = TERM.replace("2026-03-01", "2026-06-16");
        let clauses: Vec<&str> = [begins.as_str()].into_iter().chain(fees.iter().copied()).collect();
        signed(terms(&clauses))
    };
    let (a, b) = (fee(1, "20.01").replace("forfait", "a"), fee(1, "20.01").replace("forfait", "b"));
    let net = |fees_: &[&str]| -> base::Money {
        fees(&half(fees_), date(2026, 6, 1)).into_iter().map(|l| l.value.net).sum()
    };
    assert_eq!([eur(net(&[&a, &b])), eur(net(&[&fee(2, "20.01")]))], expected(&m)[..]);
    assert_eq!(eur(monthly_fee(&half(&[&a, &b]), date(2026, 6, 1)).value), "40.02");
}
