use base::Money;
use jiff::civil::{Date, date};
use terms::term::Renewal;
use terms::{History, Proration, Terms};

use crate::billing::{InvoiceLine, LineKind, fees, monthly_fee};
use crate::fixture::{contract, history, price, rule, signed};

/// Contract A with only its seats, at this proration; then so many seats at this price from a day on.
fn seats(proration: Proration, changes: &[(Date, u32, i64)]) -> History {
    let with = |quantity, cents| {
        let mut terms = contract();
        let fee = terms::Price { proration, ..price("seat", quantity, cents) };
        terms.prices = vec![rule("postes", fee)];
        terms
    };
    let mut versions = vec![(date(2026, 3, 1), with(40, 4600))];
    versions.extend(changes.iter().map(|(day, quantity, cents)| (*day, with(*quantity, *cents))));
    history(versions)
}

fn lines(history: &History, month: Date) -> Vec<InvoiceLine> {
    fees(history, month).into_iter().map(|l| l.value).collect()
}

fn nets(history: &History, month: Date) -> Vec<String> {
    lines(history, month).iter().map(|l| l.net.to_string()).collect()
}

#[test]
fn a_full_month_of_contract_a() {
    assert_eq!(nets(&signed(), date(2026, 8, 17)), ["1840.00 EUR", "285.00 EUR", "120.00 EUR", "55.00 EUR"]);
    assert_eq!(monthly_fee(&signed(), date(2026, 8, 1)).value, Money::eur(230_000));
}

#[test]
fn m_16_five_more_seats_from_15_june() {
    let history = seats(Proration::ActualDays, &[(date(2026, 6, 15), 45, 4600)]);
    assert_eq!(nets(&history, date(2026, 6, 1)), ["1840.00 EUR", "122.67 EUR"]);
    let more = &fees(&history, date(2026, 6, 1))[1];
    assert_eq!((more.value.kind, more.value.from), (LineKind::Adjustment, date(2026, 6, 15)));
    assert_eq!(more.value.title.fr, "Forfait seat : +5 à compter du 15 juin 2026");
    let text = &more.reasons[0].text.fr;
    assert!(text.starts_with("5 × 46,00\u{a0}€ × 16/30 = 122,67\u{a0}€"), "{text}");
    assert_eq!(nets(&history, date(2026, 7, 1)), ["2070.00 EUR"]);
    assert_eq!(monthly_fee(&history, date(2026, 6, 1)).value, Money::eur(207_000), "prices of the last day");
}

#[test]
fn m_17_three_seats_fewer_is_a_credit() {
    let history = seats(Proration::ActualDays, &[(date(2027, 2, 10), 37, 4600)]);
    assert_eq!(nets(&history, date(2027, 2, 1)), ["1840.00 EUR", "-93.64 EUR"]);
    let credit = &lines(&history, date(2027, 2, 1))[1];
    assert_eq!((credit.quantity.to_string(), credit.unit_price), ("-3".into(), Money::eur(4600)));
}

#[test]
fn m_18_actual_days_against_thirty_day_months() {
    let added = |proration| {
        let history = seats(proration, &[(date(2026, 7, 15), 45, 4600)]);
        nets(&history, date(2026, 7, 1))[1].clone()
    };
    assert_eq!(added(Proration::ActualDays), "126.13 EUR");
    assert_eq!(added(Proration::ThirtyDayMonth), "122.67 EUR");
    assert_eq!(added(Proration::WholeMonth), "230.00 EUR");
}

#[test]
fn a_month_begun_is_due_once() {
    let changes = [(date(2026, 7, 5), 37, 4600), (date(2026, 7, 9), 42, 4600), (date(2026, 7, 20), 41, 4800)];
    let history = seats(Proration::WholeMonth, &changes);
    assert_eq!(nets(&history, date(2026, 7, 1)), ["1840.00 EUR", "92.00 EUR"]);
}

#[test]
fn m_36_a_new_price_in_mid_month_splits_it() {
    let mut before = contract();
    before.prices = vec![rule("forfait", price("flat", 1, 230_000))];
    let mut after = before.clone();
    after.prices[0].then.unit_price = Money::eur(236_389);
    let history = history(vec![(date(2026, 3, 1), before), (date(2027, 3, 16), after)]);
    assert_eq!(nets(&history, date(2027, 3, 1)), ["1112.90 EUR", "1220.07 EUR"]);
}

#[test]
fn m_34_each_line_is_rounded() {
    // Two fees of 20.01, half of June: 10.005 each.
    let mut terms = contract();
    terms.prices = vec![rule("a", price("flat", 1, 2001)), rule("b", price("flat", 1, 2001))];
    terms.term.as_mut().unwrap().then.start = date(2026, 6, 16);
    let history = history(vec![(date(2026, 6, 16), terms)]);
    assert_eq!(nets(&history, date(2026, 6, 1)), ["10.01 EUR", "10.01 EUR"]);
    let statement = super::close(&history, date(2026, 6, 1), &Default::default()).value;
    assert_eq!((statement.net, statement.vat_total), (Money::eur(2002), Money::eur(400)));
}

fn ending(renewal: Renewal) -> Terms {
    let mut terms = contract();
    terms.prices.truncate(1);
    let term = &mut terms.term.as_mut().unwrap().then;
    (term.start, term.months, term.renewal) = (date(2026, 3, 10), 6, renewal);
    terms
}

#[test]
fn a_contract_begins_and_ends_in_mid_month() {
    let signed = history(vec![(date(2026, 3, 1), ending(Renewal::None))]);
    assert!(nets(&signed, date(2026, 2, 1)).is_empty());
    assert_eq!(nets(&signed, date(2026, 3, 1)), ["1305.81 EUR"], "22/31 of 1840.00");
    assert_eq!(nets(&signed, date(2026, 9, 1)), ["552.00 EUR"], "9/30");
    assert_eq!(monthly_fee(&signed, date(2026, 9, 1)).value, Money::eur(184_000));
    assert!(nets(&signed, date(2026, 10, 1)).is_empty());
    let tacit = history(vec![(date(2026, 3, 1), ending(Renewal::Tacit { months: 12 }))]);
    assert_eq!(nets(&tacit, date(2026, 10, 1)), ["1840.00 EUR"]);
}

#[test]
fn a_fee_dated_by_its_guard_is_due_for_its_days() {
    let mut terms = contract();
    let mut support = rule("renfort", price("day", 1, 31_000));
    support.when.from = Some(date(2026, 8, 3));
    support.when.until = Some(date(2026, 8, 12));
    terms.prices = vec![support];
    let history = history(vec![(date(2026, 3, 1), terms)]);
    assert_eq!(nets(&history, date(2026, 8, 1)), ["100.00 EUR"], "10/31");
}
