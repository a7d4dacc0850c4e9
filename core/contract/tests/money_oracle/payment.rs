//! M-22 to M-24: late payment by half-year, and ending early.

use base::{Fraction, Money};
use engines::billing::late_payment::{self, HalfYearRates, LateCharge, ReferenceRates};
use engines::billing::termination::early_termination;
use jiff::civil::{Date, date};

use crate::support::{TERM, because, case, eur, expected, fee, input, number, signed, terms};

const LATE: &str = r#"
kind = "late_payment"
label = "retard-paiement"
then = { rate_source = "ecb", plus = "10 %", indemnity = "40.00 EUR", day_count = "actual_365" }
"#;

/// The central bank's rate that gives the case's, ten points above it.
fn half(from: Date, rate: &str) -> HalfYearRates {
    let ecb = number(rate.split(' ').next().unwrap()) - Fraction::new(1, 10);
    HalfYearRates { from, ecb: Some(ecb), legal: None }
}

fn late(clause: &str, gross: &str, due: Date, paid: Date, half_years: Vec<HalfYearRates>) -> LateCharge {
    let rates = ReferenceRates { source: "Banque de France".to_owned(), half_years };
    let terms = terms(&[clause]);
    let amount = Money::parse(&format!("{gross} EUR")).unwrap();
    let found = late_payment::late(terms.late_payment.as_ref().unwrap(), amount, due, paid, &rates);
    because(&found);
    found.value.unwrap()
}

fn day(case: &serde_json::Value, name: &str) -> Date {
    input(case, name).parse().unwrap()
}

#[test]
fn m_22_forty_five_days_and_the_recovery_indemnity() {
    let m = case("M-22");
    let rates = vec![half(date(2026, 7, 1), &input(&m, "rate"))];
    let charge = late(LATE, &input(&m, "ttc"), day(&m, "due"), day(&m, "paid"), rates);
    assert_eq!([charge.days.to_string(), eur(charge.interest), eur(charge.total)], expected(&m)[..]);
}

#[test]
fn m_23_two_half_years_two_rates() {
    let m = case("M-23");
    let rates = vec![half(date(2026, 1, 1), &input(&m, "r1")), half(date(2026, 7, 1), &input(&m, "r2"))];
    let charge = late(LATE, "2760.00", day(&m, "due"), day(&m, "paid"), rates);
    assert_eq!([charge.days.to_string(), eur(charge.interest)], expected(&m)[..]);
    assert_eq!(charge.spans.iter().map(|s| s.span.days()).collect::<Vec<_>>(), [30, 41]);
}

#[test]
fn a_day_in_time_costs_nothing_and_a_rate_unknown_is_not_guessed() {
    let due = date(2026, 7, 31);
    let charge = late(LATE, "2760.00", due, due, vec![]);
    assert_eq!((charge.days, charge.total), (0, Money::eur(0)));
    let terms = terms(&[LATE]);
    let rule = terms.late_payment.as_ref().unwrap();
    let paid = date(2026, 9, 14);
    let found = late_payment::late(rule, Money::eur(276_000), due, paid, &ReferenceRates::default());
    assert_eq!((found.value, found.reasons[0].code.as_str()), (None, "late.unknown_rate"));
}

#[test]
fn a_rate_under_three_times_the_legal_one_is_raised() {
    let stated = LATE.replace("\"ecb\", plus = \"10 %\"", "\"stated\", rate = \"5 %\"");
    let legal = HalfYearRates { from: date(2026, 7, 1), ecb: None, legal: Some(Fraction::new(2, 100)) };
    let charge = late(&stated, "36500.00", date(2026, 7, 31), date(2026, 8, 10), vec![legal]);
    assert_eq!(eur(charge.interest), "60.00", "ten days at 6 %");
}

#[test]
fn an_invoice_is_due_as_the_clause_counts() {
    let due = |from: &str, days: u32| {
        let clause = format!(
            "kind = \"invoicing\"\nlabel = \"f\"\nthen = {{ payment_days = {days}, payment_from = \"{from}\", vat_regime = \"receipts\" }}"
        );
        let terms = terms(&[&clause]);
        let found = late_payment::due(terms.invoicing.as_ref().unwrap(), date(2026, 7, 1));
        because(&found);
        found.value.unwrap().to_string()
    };
    assert_eq!(due("invoice_date", 30), "2026-07-31");
    assert_eq!(due("days_then_end_of_month", 45), "2026-08-31");
    assert_eq!(due("end_of_month_then_days", 45), "2026-09-14");
}

/// What ending after the last day costs the customer, by the right that contract A gives it.
fn ending(taxable: bool, last: Date) -> engines::billing::termination::Compensation {
    let right = contract::kind("termination").unwrap().example;
    let right = right.replace("taxable = true", &format!("taxable = {taxable}"));
    let terms = terms(&[TERM, &fee(1, "2300.00"), &right]);
    let clause = terms.rights[0].clone();
    let found = early_termination(&signed(terms), &clause, last);
    because(&found);
    found.value.unwrap()
}

#[test]
fn m_24_ending_early_costs_a_fifth_of_what_remained() {
    let m = case("M-24");
    let value = ending(true, date(2027, 12, 31));
    assert_eq!(value.months, 14);
    assert_eq!([value.net, value.vat, value.gross].map(eur), expected(&m)[..]);
    let untaxed = ending(false, date(2027, 12, 31));
    assert_eq!((eur(untaxed.gross), eur(untaxed.vat)), ("6440.00".to_owned(), "0.00".to_owned()));
}

#[test]
fn whole_months_are_left_and_renewals_count() {
    let months = |last| ending(true, last).months;
    assert_eq!(months(date(2028, 1, 15)), 13);
    assert_eq!(months(date(2029, 2, 28)), 0);
    assert_eq!(months(date(2029, 8, 31)), 6, "renewed for a year");
}
