//! M-10 and M-12 to M-15: steps, caps, and what a penalty does to VAT.

use base::Money;
use engines::billing::{MonthFacts, MonthStatement, PastPenalty, close};
use engines::objective::{Clock, Measured};
use jiff::civil::{Date, date};
use terms::{Dimension, Facts, Promise};

use crate::support::{TERM, because, case, eur, expected, fee, input, signed, terms};

const RESTORE: &str = r#"
kind = "commitment"
label = "delai"
then = { promise = "restore", within = "4 h", calendar = "24x7", starts = "declared", stops = "service_restored" }
"#;

/// 2 % an hour started on P1, 3 % a case on P2; the month capped at 10 %, the contract year at 8 %.
fn clauses(tax: &str) -> Vec<String> {
    let penalty = |label: &str, priority: &str, formula: &str, rate: &str| {
        format!(
            r#"
kind = "penalty"
label = "{label}"
when = {{ priority = ["{priority}"] }}
then = {{ on = "restore", formula = "{formula}", rate = "{rate}", base = "monthly_fee_in_force", tax = "{tax}", sole_remedy = false }}
"#
        )
    };
    let cap = |label: &str, per: &str, rate: &str| {
        format!(
            "kind = \"penalty_cap\"\nlabel = \"{label}\"\nthen = {{ per = \"{per}\", rate = \"{rate}\", base = \"monthly_fee_in_force\" }}\n"
        )
    };
    let priorities = r#"
kind = "priority_matrix"
label = "priorites"
then = { impacts = ["service"], urgencies = ["blocking", "degraded"], priorities = ["P1", "P2"], cells = { service = { blocking = "P1", degraded = "P2" } } }
"#;
    vec![
        TERM.to_owned(),
        priorities.to_owned(),
        RESTORE.to_owned(),
        fee(1, "2300.00"),
        penalty("retard-p1", "P1", "step_per_hour_started", "2 %"),
        penalty("retard-p2", "P2", "per_case", "3 %"),
        cap("plafond-mois", "month", "10 %"),
        cap("plafond-annee", "contract_year", "8 %"),
    ]
}

fn late(ticket: &str, priority: &str, on: Date, minutes: i64) -> Measured {
    Measured {
        ticket: ticket.to_owned(),
        promise: Promise::Restore,
        facts: Facts { date: Some(on), ..Facts::default().with(Dimension::Priority, priority) },
        version: "v1".to_owned(),
        on,
        met: false,
        late_seconds: minutes * 60,
        late_wall_seconds: minutes * 60,
        clock: Clock::Stopped,
        round: 1,
        penalised_steps: 0,
    }
}

/// August with a P1 late by 3 h 20 (184.00) and a P2 (69.00): 253.00 in all.
fn august(tax: &str, penalties_paid: Vec<PastPenalty>) -> MonthStatement {
    let clauses = clauses(tax);
    let clauses: Vec<&str> = clauses.iter().map(String::as_str).collect();
    let cases = vec![late("T-31", "P1", date(2026, 8, 11), 200), late("T-32", "P2", date(2026, 8, 20), 30)];
    let facts = MonthFacts { cases, penalties_paid, ..MonthFacts::default() };
    let statement = close(&signed(terms(&clauses)), date(2026, 8, 1), &facts).value;
    statement.penalties.iter().for_each(because);
    statement.caps.iter().for_each(because);
    statement
}

#[test]
fn m_10_two_percent_for_each_hour_started() {
    let m = case("M-10");
    assert_eq!((m["inputs"]["late_minutes"].as_i64(), input(&m, "rate")), (Some(200), "0.02".to_owned()));
    let statement = august("indemnity", vec![]);
    assert_eq!(eur(statement.penalties[0].value.base), input(&m, "base"));
    assert_eq!([eur(statement.penalties[0].value.amount)], expected(&m)[..]);
}

#[test]
fn m_12_the_month_is_capped() {
    let m = case("M-12");
    let statement = august("indemnity", vec![]);
    assert_eq!(eur(statement.penalty_total), input(&m, "sum"));
    assert_eq!([eur(statement.penalty_due), eur(statement.waived)], expected(&m)[..]);
}

#[test]
fn m_13_the_contract_year_is_capped() {
    let m = case("M-13");
    let paid = PastPenalty { month: date(2026, 6, 1), payable: Money::eur(210_000) };
    let statement = august("indemnity", vec![paid]);
    assert_eq!([eur(statement.penalty_due)], expected(&m)[..]);
    assert_eq!(eur(statement.caps[1].value.ceiling), "2208.00", "8 % of 27 600.00");
}

#[test]
fn m_14_an_indemnity_is_set_off() {
    let m = case("M-14");
    let s = august("indemnity", vec![]);
    assert_eq!((eur(s.net), eur(s.penalty_due)), (input(&m, "ht"), input(&m, "penalty")));
    assert_eq!([s.net, s.vat_total, s.gross, s.left_to_pay].map(eur), expected(&m)[..]);
}

#[test]
fn m_15_a_price_reduction_lowers_vat() {
    let m = case("M-15");
    let s = august("price_reduction", vec![]);
    assert_eq!([s.net, s.vat_total, s.gross].map(eur), expected(&m)[..]);
    assert_eq!(s.left_to_pay, s.gross);
}
