//! M-19 to M-21 and M-25 to M-29: packs, hours, work units, volumes, errors.

use base::lang::decimal;
use base::{Fraction, Lang};
use engines::billing::revision;
use engines::entitlement::work_units::{self, WorkOrder, WorkUnitLedger};
use engines::entitlement::{Call, Ledger, ledger, volume};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use terms::History;

use crate::support::{TERM, because, case, eur, expected, history, input, number, signed, terms};

fn noon(day: Date) -> Timestamp {
    day.at(12, 0, 0, 0).in_tz("Europe/Paris").unwrap().timestamp()
}

fn call(meter: &str, day: Date, minutes: u32) -> Call {
    let meter = meter.to_owned();
    Call {
        at: noon(day),
        minutes,
        priority: None,
        ticket: None,
        meter,
        rule: None,
        roles: Vec::new(),
        under_warranty: false,
    }
}

fn read(clause: &str, label: &str, calls: &[Call], day: Date) -> Ledger {
    let found = ledger(&signed(terms(&[TERM, clause])), label, calls, noon(day)).unwrap();
    because(&found);
    found.value
}

fn count(value: &serde_json::Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

/// 118 tickets in the year, then five on 2 November.
fn november(used: u32, new: u32) -> Vec<Call> {
    let calls = |n, day| (0..n).map(move |_| call("carnet", day, 10));
    calls(used, date(2026, 9, 15)).chain(calls(new, date(2026, 11, 2))).collect()
}

#[test]
fn m_19_an_exhausted_pack_is_billed_ticket_by_ticket() {
    let m = case("M-19");
    let inputs = &m["inputs"];
    let clause = format!(
        r#"
kind = "hotline"
label = "carnet"
then = {{ form = "ticket_pack", tickets = {}, period = "contract_year", alert_at = 20, when_empty = "per_ticket", price = "{} EUR" }}
"#,
        count(&inputs["pack"]),
        input(&m, "unit"),
    );
    let calls = november(count(&inputs["used"]), count(&inputs["new"]));
    let ledger = read(&clause, "carnet", &calls, date(2026, 11, 2));
    let new = &ledger.charges[118..];
    let covered = new.iter().filter(|(_, c)| c.value.covered).count();
    let found = [covered.to_string(), (new.len() - covered).to_string(), eur(ledger.state.billed)];
    assert_eq!(found, expected(&m)[..]);
}

#[test]
fn m_20_a_new_pack_is_bought_whole() {
    let m = case("M-20");
    let clause = format!(
        r#"
kind = "hotline"
label = "carnet"
then = {{ form = "ticket_pack", tickets = 120, period = "contract_year", alert_at = 20, when_empty = "new_pack", pack_tickets = {}, price = "{} EUR" }}
"#,
        count(&m["inputs"]["pack"]),
        input(&m, "price"),
    );
    let state = read(&clause, "carnet", &november(118, 5), date(2026, 11, 2)).state;
    assert_eq!([eur(state.billed), state.left.to_string()], expected(&m)[..]);
}

#[test]
fn m_21_quarter_hours_started() {
    let m = case("M-21");
    let clause = r#"
kind = "hotline"
label = "heures"
then = { form = "max_hours", max = "30 h", period = "quarter", round_up_to = "15 min", carry_over = "lost", when_empty = "per_hour", price = "78.00 EUR" }
"#;
    assert_eq!(count(&m["inputs"]["allowance"]), 30 * 60);
    let minutes = m["inputs"]["calls_minutes"].as_array().unwrap();
    let calls: Vec<Call> = minutes.iter().map(|n| call("heures", date(2026, 6, 2), count(n))).collect();
    let state = read(clause, "heures", &calls, date(2026, 6, 2)).state;
    assert_eq!([state.used.to_string(), state.left.to_string()], expected(&m)[..]);
}

#[test]
fn a_pack_says_what_becomes_of_its_leftover() {
    let clause = contract::kind("hotline").unwrap().example.trim_end().trim_end_matches('}').to_owned();
    let carried = format!("{clause}, leftover = \"carried\", expires_after = \"6 months\" }}");
    let terms = terms(&[TERM, &carried]);
    let sentence = (contract::kind("hotline").unwrap().read_back)("carnet", &terms).unwrap();
    assert!(sentence.fr.contains("puis perdus six mois après la fin de leur période"), "{}", sentence.fr);
    let calls: Vec<Call> = (0..100).map(|_| call("carnet", date(2026, 9, 1), 5)).collect();
    let state = ledger(&signed(terms), "carnet", &calls, noon(date(2027, 3, 1))).unwrap().value.state;
    assert_eq!((state.carried, state.left), (20, 140));
}

/// Contract B begins on 1 September 2026.
const TERM_B: &str = r#"
kind = "term"
label = "duree"
then = { start = 2026-09-01, lasts = "36 months", renewal = "express", notice = "3 months" }
"#;

const BOOK: &str = r#"
kind = "work_units"
label = "carnet-uo"
then.catalogue = [{ code = "S", weight = "1" }, { code = "M", weight = "2.5" }, { code = "C", weight = "5" }, { code = "TC", weight = "9" }]
then.bought = 200
then.unit_price = "540.00 EUR"
then.carry_over = "10 %"
then.price_at = "order"
"#;

fn order(code: &str, count: u32, ordered: Date, delivered: Option<Date>) -> WorkOrder {
    WorkOrder {
        reference: format!("UO-{code}"),
        code: code.to_owned(),
        count,
        ordered,
        delivered,
        ticket: None,
    }
}

/// The first year's deliveries of the oracle.
fn first_year() -> Vec<WorkOrder> {
    let delivered = &case("M-25")["inputs"]["delivered"];
    delivered
        .as_object()
        .unwrap()
        .iter()
        .map(|(code, n)| order(code, count(n), date(2026, 10, 1), Some(date(2027, 2, 15))))
        .collect()
}

fn book(history: &History, orders: &[WorkOrder], at: Date) -> WorkUnitLedger {
    let found = work_units::book(history, "carnet-uo", orders, at).unwrap();
    because(&found);
    found.value.deliveries.iter().for_each(because);
    found.value
}

fn tenths(value: Fraction) -> String {
    decimal(Lang::En, value, 1)
}

#[test]
fn m_25_the_book_burns_down() {
    let m = case("M-25");
    let terms = terms(&[TERM_B, BOOK]);
    for kind in &terms.work_units[0].then.catalogue {
        let weight = m["inputs"]["weights"][kind.code.as_str()].as_str().unwrap();
        assert_eq!(kind.weight, number(weight));
    }
    let waiting = order("C", 2, date(2027, 3, 1), None);
    let orders = [first_year(), vec![waiting]].concat();
    let book = book(&signed(terms), &orders, date(2027, 8, 31)).book;
    assert_eq!([tenths(book.spent), tenths(book.left), eur(book.value)], expected(&m)[..]);
    assert_eq!(tenths(book.committed), "10.0");
    assert!(!book.alert);
}

#[test]
fn m_26_a_tenth_of_the_book_goes_over() {
    let m = case("M-26");
    let history = signed(terms(&[TERM_B, BOOK]));
    let next = book(&history, &first_year(), date(2027, 9, 1)).book;
    let found = [next.carried.to_string(), tenths(next.lost)];
    assert_eq!(found, expected(&m)[..]);
    assert_eq!(tenths(next.left), "220.0");
}

#[test]
fn units_carried_over_go_first_and_expire() {
    let expiring = BOOK.to_owned() + "then.carried_for = \"6 months\"\n";
    let history = signed(terms(&[TERM_B, &expiring]));
    let spent = |day| [first_year(), vec![order("C", 1, day, Some(day))]].concat();
    let after = |orders: &[WorkOrder], at| tenths(book(&history, orders, at).book.left);
    // Five of the twenty are spent by 1 March 2028, the other fifteen are lost.
    assert_eq!(after(&spent(date(2027, 10, 1)), date(2028, 2, 29)), "215.0");
    assert_eq!(after(&spent(date(2027, 10, 1)), date(2028, 3, 1)), "200.0");
    // Nothing spent by then: the year's own units are.
    assert_eq!(after(&spent(date(2028, 3, 1)), date(2028, 3, 1)), "195.0");
    let third = book(&history, &first_year(), date(2028, 9, 1)).book;
    assert_eq!(
        (tenths(third.carried), tenths(third.lost)),
        ("20.0".to_owned(), "200.0".to_owned()),
        "180 of the year and 20 that expired"
    );
}

#[test]
fn a_book_overdrawn_tells_what_is_beyond() {
    let history = signed(terms(&[TERM_B, BOOK]));
    let day = date(2026, 12, 1);
    let book = book(&history, &[order("TC", 23, day, Some(day))], day).book;
    assert_eq!([book.spent, book.left, book.beyond].map(tenths), ["207.0", "0.0", "7.0"]);
    assert!(book.alert);
}

/// The price of the order, or of the delivery, across a revision of 540.00 by 314.5/306.0.
#[test]
fn m_27_ordered_before_the_anniversary_and_delivered_after() {
    let m = case("M-27");
    let revision = r#"
kind = "price_revision"
label = "revision"
then.index = "Syntec"
then.formula = "syntec"
then.base_on = 2026-05-20
then.s0 = "of_month"
then.s1 = "of_month"
then.first_on = 2027-09-01
then.reference = "signature"
then.direction = "reciprocal"
then.apply_to = "unit"
then.covers = ["work_units"]
"#;
    let value = |figure, month| revision::IndexValue {
        month,
        value: number(figure),
        published_on: month,
        base: String::new(),
    };
    let series = [revision::IndexSeries {
        index: "Syntec".to_owned(),
        source: "Fédération Syntec".to_owned(),
        values: vec![value("306.0", date(2026, 5, 1)), value("314.5", date(2027, 9, 1))],
    }];
    let ordered = [order("S", count(&m["inputs"]["uo"]), date(2027, 8, 28), Some(date(2027, 9, 20)))];
    let priced = |at: &str| {
        let book_clause = BOOK.replace("\"order\"", &format!("\"{at}\""));
        let signed = signed(terms(&[TERM_B, &book_clause, revision]));
        let revised = revision::revised(&signed, &series, date(2027, 12, 31));
        because(&revised);
        book(&revised.value, &ordered, date(2027, 12, 31)).deliveries[0].value.clone()
    };
    let (order, delivery) = (priced("order"), priced("delivery"));
    assert_eq!([eur(order.unit_price), eur(delivery.unit_price)], [input(&m, "old"), input(&m, "new")]);
    assert_eq!([eur(order.net), eur(delivery.net)], expected(&m)[..]);
}

const BANDS: &str = r#"
kind = "volume_bands"
label = "bulletins"
then = { unit = "payslip", title = "Bulletins de paie", minimum = 800, bands = [{ up_to = 1000, unit_price = "11.80 EUR" }, { unit_price = "10.90 EUR" }], scheme = "graduated", vat = "20 %" }
"#;

#[test]
fn m_28_payroll_accuracy() {
    let m = case("M-28");
    let accuracy = format!(
        r#"
kind = "accuracy"
label = "exactitude"
then = {{ of = "bulletins", tolerance = "{}", price_per_excess = "{} EUR", tax = "indemnity" }}
"#,
        input(&m, "tolerance"),
        input(&m, "fine"),
    );
    let terms = terms(&[BANDS, &accuracy]);
    let (slips, errors) = (count(&m["inputs"]["slips"]), count(&m["inputs"]["errors"]));
    let charge = volume::charge(&terms.volumes[0], slips);
    let found = volume::accuracy(&terms.accuracies[0], slips, errors);
    because(&charge);
    because(&found);
    assert_eq!(eur(charge.value.lines[0].unit_price), input(&m, "unit"));
    let rate = decimal(Lang::En, found.value.rate * Fraction::from_integer(100), 6);
    let figures = [eur(charge.value.net), found.value.tolerated.to_string(), eur(found.value.amount), rate];
    assert_eq!(figures, expected(&m)[..]);
    assert_eq!(found.value.excess, 3);
}

#[test]
fn m_29_payroll_volume_bands() {
    let m = case("M-29");
    let terms = terms(&[BANDS]);
    let net = |slips| {
        let charge = volume::charge(&terms.volumes[0], slips);
        because(&charge);
        eur(charge.value.net)
    };
    assert_eq!([net(760), net(1020)], expected(&m)[..]);
    let alert = |slips| volume::charge(&terms.volumes[0], slips).value.alert;
    assert_eq!([799, 800, 1000, 1001].map(alert), [None, Some(1000), Some(1000), None]);
    let all = BANDS.replace("graduated", "all_units");
    let all = volume::charge(&crate::support::terms(&[&all]).volumes[0], 1020).value.net;
    assert_eq!(eur(all), "11118.00", "1 020 at 10.90");
}

/// A quarter's allowance from its own kind, as an operation metered.
#[test]
fn an_allowance_is_a_metered_operation() {
    let clause = contract::kind("allowance").unwrap().example;
    let operation = &terms(&[clause]).operations[0].then;
    let metered = terms::OperationTerms::Metered {
        included: 20,
        per: terms::commitment::Period::Month,
        then_price: base::Money::eur(1200),
    };
    assert_eq!(operation.terms, metered);
    let history = history(vec![(date(2026, 3, 1), terms(&[TERM, clause]))]);
    let done = |day: i8| engines::billing::Done {
        agreed: None,
        warranty: None,
        operation: Some("account_management".to_owned()),
        version: None,
        on: date(2026, 8, day),
        facts: terms::Facts::default(),
        reference: format!("T-{day}"),
    };
    let all: Vec<_> = (1..=22).map(done).collect();
    let lines = engines::billing::extras(&history, date(2026, 8, 1), &all, &[], noon(date(2026, 8, 31)));
    assert_eq!((lines.len(), eur(lines[0].value.net)), (1, "24.00".to_owned()));
}
