use base::Money;
use base::fraction::Fraction;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use terms::History;
use terms::meter::WhenEmpty;

use super::with_cases;
use crate::billing::{AgreedPrice, Done, LineKind, MonthFacts, MonthStatement, PriceAsked, close};
use crate::entitlement::Call;
use crate::fixture::{contract, history, hours, pack, signed};
use crate::objective::Standing;

fn noon(day: Date) -> Timestamp {
    day.at(12, 0, 0, 0).in_tz("Europe/Paris").unwrap().timestamp()
}

fn calls(meter: &str, day: Date, minutes: u32, count: u32) -> Vec<Call> {
    let call = Call {
        at: noon(day),
        minutes,
        priority: None,
        ticket: None,
        meter: meter.to_owned(),
        rule: None,
        roles: vec![],
        under_warranty: false,
    };
    vec![call; count as usize]
}

fn extras(s: &MonthStatement) -> Vec<(String, String, String)> {
    s.lines
        .iter()
        .filter(|l| l.value.kind == LineKind::Extra)
        .map(|l| (l.value.clause.clone(), l.value.quantity.to_string(), l.value.net.to_string()))
        .collect()
}

fn line(clause: &str, quantity: &str, net: &str) -> (String, String, String) {
    (clause.to_owned(), quantity.to_owned(), net.to_owned())
}

fn november(when_empty: WhenEmpty) -> MonthStatement {
    let mut terms = contract();
    terms.meters = vec![pack(when_empty)];
    let used = [calls("carnet", date(2026, 9, 1), 5, 118), calls("carnet", date(2026, 11, 2), 5, 5)].concat();
    let facts = MonthFacts { calls: used, ..MonthFacts::default() };
    close(&history(vec![(date(2026, 3, 1), terms)]), date(2026, 11, 1), &facts).value
}

#[test]
fn m_19_tickets_out_of_pack_are_one_line() {
    let statement = november(WhenEmpty::PerTicket { price: Money::eur(2400) });
    assert_eq!(extras(&statement), [line("carnet", "3", "72.00 EUR")]);
    assert_eq!(statement.gross, Money::eur(284_640));
}

#[test]
fn m_20_a_pack_bought_is_one_line() {
    let statement = november(WhenEmpty::NewPack { tickets: 20, price: Money::eur(38_000) });
    assert_eq!(extras(&statement), [line("carnet", "1", "380.00 EUR")]);
}

#[test]
fn an_ended_meter_still_bills_what_it_sold() {
    let (mut with, mut without) = (contract(), contract());
    with.meters = vec![pack(WhenEmpty::PerTicket { price: Money::eur(2400) })];
    without.meters.clear();
    let history = history(vec![(date(2026, 3, 1), with), (date(2026, 11, 15), without)]);
    let calls =
        [calls("carnet", date(2026, 11, 2), 5, 122), calls("carnet", date(2026, 11, 20), 5, 4)].concat();
    let facts = MonthFacts { calls, ..MonthFacts::default() };
    let statement = close(&history, date(2026, 11, 1), &facts).value;
    assert_eq!(extras(&statement), [line("carnet", "2", "48.00 EUR")]);
}

#[test]
fn hours_beyond_are_billed_in_hours() {
    let mut terms = contract();
    terms.meters = vec![hours(60, terms::meter::CarryOver::Lost, Some(Money::eur(9000)))];
    let calls = calls("heures", date(2026, 11, 2), 50, 3);
    let facts = MonthFacts { calls, ..MonthFacts::default() };
    let statement = close(&history(vec![(date(2026, 3, 1), terms)]), date(2026, 11, 1), &facts).value;
    assert_eq!(extras(&statement), [line("heures", "2", "180.00 EUR")]);
}

#[test]
fn visits_beyond_four_are_billed() {
    let visit = |day| Done {
        agreed: None,
        warranty: None,
        operation: Some("on_site_visit".into()),
        version: None,
        on: date(2026, 8, day),
        facts: Default::default(),
        reference: format!("T-{day}"),
    };
    let facts = MonthFacts { operations: (1..=6).map(visit).collect(), ..MonthFacts::default() };
    let statement = close(&signed(), date(2026, 8, 1), &facts).value;
    assert_eq!(extras(&statement), [line("on_site_visit", "2", "190.00 EUR")]);
    let reason = &statement.lines.last().unwrap().reasons[0];
    assert!(reason.text.fr.contains("T-5, T-6"), "{reason:?}");
    assert_eq!(statement.lines.last().unwrap().value.tickets, ["T-5", "T-6"]);
    assert!(statement.lines[0].value.tickets.is_empty(), "a fee bills no ticket");
    // The allowance is the month's: September begins again.
    assert!(extras(&close(&signed(), date(2026, 9, 1), &facts).value).is_empty());
}

/// The fifth visit of a month would be billed: under warranty it is shown for nothing, and takes nothing.
#[test]
fn what_is_mended_under_warranty_is_shown_and_not_billed() {
    let because = base::Reason::new("warranty.free", "Sous garantie.", "Under warranty.");
    let visit = |day, warranty| Done {
        agreed: None,
        warranty,
        operation: Some("on_site_visit".into()),
        version: None,
        on: date(2026, 8, day),
        facts: Default::default(),
        reference: format!("T-{day}"),
    };
    let month = |operations: Vec<Done>| {
        let facts = MonthFacts { operations, ..MonthFacts::default() };
        close(&signed(), date(2026, 8, 1), &facts).value
    };
    let free = Some(because.clone());
    let fifth = |warranty| {
        let mut all: Vec<Done> = (1..=4).map(|day| visit(day, None)).collect();
        all.push(visit(5, warranty));
        month(all)
    };
    assert_eq!(extras(&fifth(None)), [line("on_site_visit", "1", "95.00 EUR")]);
    let shown = fifth(free.clone());
    assert_eq!(extras(&shown), [line("on_site_visit", "1", "0.00 EUR")]);
    let last = shown.lines.last().unwrap();
    assert_eq!(
        (last.value.title.fr.contains("sous garantie"), &last.value.tickets[..]),
        (true, &["T-5".to_owned()][..])
    );
    assert!(last.reasons[0].text.fr.contains("95,00"), "{:?}", last.reasons);
    assert_eq!(last.reasons[1], because);
    // The first of the month being free of charge, the four that follow are those included.
    let mut first = vec![visit(1, free)];
    first.extend((2..=5).map(|day| visit(day, None)));
    assert!(extras(&month(first)).is_empty());
}

/// What was agreed to is billed as agreed, once, in its month, and takes nothing from the allowance.
#[test]
fn what_was_agreed_to_is_billed_as_agreed() {
    let agreed =
        |day, price, asked| Some(AgreedPrice { on: date(2026, 9, day), price: Money::eur(price), asked });
    let work = |operation: Option<&str>, day, agreed, reference: &str| Done {
        agreed,
        warranty: None,
        operation: operation.map(str::to_owned),
        version: None,
        on: date(2026, 8, day),
        facts: Default::default(),
        reference: reference.to_owned(),
    };
    let visit = Some("on_site_visit");
    let mut operations: Vec<Done> = (1..=4).map(|day| work(visit, 10 + day, None, "included")).collect();
    // Asked for before the four, at the price that was told and not the one of the clause today.
    operations.push(work(visit, 1, agreed(1, 9_000, PriceAsked::Clause), "T-1"));
    operations.push(work(visit, 2, agreed(2, 48_000, PriceAsked::Quotation), "T-2"));
    operations.push(work(None, 3, agreed(3, 12_000, PriceAsked::Quotation), "T-3"));
    let facts = MonthFacts { operations, ..MonthFacts::default() };
    let month = |month| close(&signed(), date(2026, month, 1), &facts).value;
    assert!(extras(&month(8)).is_empty(), "the four of August are included");
    let september = month(9);
    assert_eq!(
        extras(&september),
        [
            line("on_site_visit", "1", "90.00 EUR"),
            line("on_site_visit", "1", "480.00 EUR"),
            line("quotation", "1", "120.00 EUR")
        ]
    );
    let quoted = september.lines.last().unwrap();
    assert!(quoted.reasons[0].text.fr.contains("devis accepté"), "{quoted:?}");
}

#[test]
fn vat_is_computed_for_each_rate_on_rounded_lines() {
    let mut terms = contract();
    terms.prices[1].then.vat = Fraction::new(1, 10);
    let statement =
        close(&history(vec![(date(2026, 3, 1), terms)]), date(2026, 8, 1), &with_cases(vec![])).value;
    let vat: Vec<(i64, i64)> = statement.vat.iter().map(|v| (v.base.cents, v.vat.cents)).collect();
    assert_eq!(vat, [(201_500, 40_300), (28_500, 2850)]);
}

#[test]
fn a_reading_before_the_end_is_provisional_and_stops_at_its_instant() {
    let mut terms = contract();
    terms.meters = vec![pack(WhenEmpty::PerTicket { price: Money::eur(2400) })];
    let history = history(vec![(date(2026, 3, 1), terms)]);
    let calls =
        [calls("carnet", date(2026, 11, 2), 5, 121), calls("carnet", date(2026, 11, 20), 5, 1)].concat();
    let read = |as_of| {
        let facts = MonthFacts { calls: calls.clone(), as_of, ..MonthFacts::default() };
        close(&history, date(2026, 11, 1), &facts)
    };
    let today = read(Some(noon(date(2026, 11, 3))));
    assert_eq!(extras(&today.value), [line("carnet", "1", "24.00 EUR")]);
    assert_eq!(today.value.standing, Standing::Provisional);
    assert_eq!(today.reasons.last().unwrap().code, "provisional");
    let end = read(None).value;
    assert_eq!((extras(&end), end.standing), (vec![line("carnet", "2", "48.00 EUR")], Standing::Final));
}

#[test]
fn nothing_signed_or_nothing_begun_is_zero() {
    for history in [History::default(), signed()] {
        let statement = close(&history, date(2025, 12, 1), &MonthFacts::default()).value;
        let figures = [statement.net, statement.gross, statement.penalty_due, statement.left_to_pay];
        assert!(figures.iter().all(|m| m.is_zero()) && statement.lines.is_empty());
    }
}

#[test]
fn a_statement_names_its_versions_and_survives_storage() {
    let mut larger = contract();
    larger.prices[0].then.quantity = 45;
    let history = history(vec![(date(2026, 3, 1), contract()), (date(2026, 6, 15), larger)]);
    let june = close(&history, date(2026, 6, 1), &MonthFacts::default());
    assert_eq!(june.value.versions, ["v1", "v2"]);
    assert_eq!(close(&history, date(2026, 7, 1), &MonthFacts::default()).value.versions, ["v2"]);
    let stored = serde_json::to_string(&june).unwrap();
    let read: base::Because<MonthStatement> = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, june);
}
