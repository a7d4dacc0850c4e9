use base::Money;
use jiff::civil::date;
use terms::penalty::{PenaltyFormula, PenaltyTax};
use terms::{Dimension, History};

use super::{late, with_cases};
use crate::billing::{MonthFacts, MonthStatement, PastPenalty, close, penalties};
use crate::fixture::{contract, history, penalty, rule, signed, when};
use crate::objective::{Clock, Measured, Standing};

fn august() -> MonthFacts {
    with_cases(vec![late("T-31", "P1", date(2026, 8, 11), 200), late("T-32", "P2", date(2026, 8, 20), 30)])
}

fn closed(history: &History, facts: &MonthFacts) -> MonthStatement {
    close(history, date(2026, 8, 1), facts).value
}

#[test]
fn a_case_reopened_after_the_closing_owes_what_was_not_charged() {
    let mut again = late("T-31", "P1", date(2026, 8, 11), 200);
    let steps = |case: &Measured| {
        let all = penalties(&signed(), date(2026, 8, 1), std::slice::from_ref(case), Standing::Final);
        (
            all[0].value.steps,
            all[0].value.amount,
            all[0].reasons.iter().any(|r| r.code == "penalty.charged_before"),
        )
    };
    assert_eq!(steps(&again), (4, Money::eur(18_400), false));
    again.penalised_steps = 3;
    assert_eq!(steps(&again), (1, Money::eur(4_600), true));
    again.penalised_steps = 4;
    assert_eq!(steps(&again), (0, Money::eur(0), true));
}

#[test]
fn m_10_two_percent_for_each_hour_started() {
    let cases = [late("T-31", "P1", date(2026, 8, 11), 200)];
    let all = penalties(&signed(), date(2026, 8, 1), &cases, Standing::Final);
    let line = &all[0];
    assert_eq!((line.value.steps, line.value.amount), (4, Money::eur(18_400)));
    let arithmetic = line.reasons.iter().find(|r| r.code == "penalty.amount").unwrap();
    assert_eq!(
        arithmetic.text.fr,
        "4 heures commencées × 2\u{a0}% × 2\u{202f}300,00\u{a0}€ = 184,00\u{a0}€."
    );
    assert_eq!(arithmetic.cites.as_ref().unwrap().label, "retard-p1");
}

#[test]
fn an_hour_begins_with_its_first_second() {
    let steps = |seconds| {
        let mut case = late("T", "P1", date(2026, 8, 11), 0);
        case.late_seconds = seconds;
        penalties(&signed(), date(2026, 8, 1), &[case], Standing::Final)[0].value.steps
    };
    assert_eq!([0, 1, 3600, 3601, 12_000].map(steps), [0, 1, 1, 2, 4]);
}

#[test]
fn m_12_the_month_is_capped_at_ten_percent() {
    let statement = closed(&signed(), &august());
    assert_eq!(statement.penalty_total, Money::eur(25_300));
    assert_eq!((statement.penalty_due, statement.waived), (Money::eur(23_000), Money::eur(2300)));
    let payable: Vec<i64> = statement.penalties.iter().map(|p| p.value.payable.cents).collect();
    assert_eq!(payable, [18_400, 4600], "the latest case bears the cap");
    assert_eq!(statement.caps[0].value.clause, "plafond-mois");
    let effect = &statement.caps[0].reasons[1].text.fr;
    assert_eq!(effect, "230,00\u{a0}€ dus sur 253,00\u{a0}€, 23,00\u{a0}€ écrêtés.");
}

#[test]
fn m_13_the_contract_year_is_capped_at_eight_percent() {
    let past = |month, cents| PastPenalty { month, payable: Money::eur(cents) };
    let penalties_paid = vec![
        past(date(2026, 2, 1), 99_900),
        past(date(2026, 5, 1), 200_000),
        past(date(2026, 7, 1), 10_000),
        past(date(2026, 8, 1), 50_000),
    ];
    let statement = closed(&signed(), &MonthFacts { penalties_paid, ..august() });
    assert_eq!((statement.penalty_due, statement.waived), (Money::eur(10_800), Money::eur(14_500)));
    let year = &statement.caps[1];
    assert_eq!((year.value.ceiling, year.value.already), (Money::eur(220_800), Money::eur(210_000)));
    assert!(year.reasons[0].text.fr.contains("8\u{a0}% × 12 × 2\u{202f}300,00\u{a0}€"), "{:?}", year.reasons);
}

#[test]
fn m_14_an_indemnity_is_set_off_and_leaves_vat_alone() {
    let s = closed(&signed(), &august());
    let figures = [s.net, s.vat_total, s.gross, s.left_to_pay].map(|m| m.to_string());
    assert_eq!(figures, ["2300.00 EUR", "460.00 EUR", "2760.00 EUR", "2530.00 EUR"]);
}

#[test]
fn m_15_a_price_reduction_lowers_vat() {
    let mut terms = contract();
    for rule in &mut terms.penalties {
        rule.then.tax = PenaltyTax::PriceReduction;
    }
    let s = closed(&history(vec![(date(2026, 3, 1), terms)]), &august());
    let figures = [s.net, s.vat_total, s.gross, s.left_to_pay].map(|m| m.to_string());
    assert_eq!(figures, ["2070.00 EUR", "414.00 EUR", "2484.00 EUR", "2484.00 EUR"]);
    assert!(s.lines.iter().all(|l| l.value.unit_price.cents >= 0), "BR-27");
    assert!(s.set_off.is_zero());
}

#[test]
fn a_transition_is_measured_and_not_penalised() {
    let cases = [late("T-1", "P1", date(2026, 3, 31), 200)];
    let line = &penalties(&signed(), date(2026, 3, 1), &cases, Standing::Final)[0];
    assert_eq!((line.value.amount, line.value.suspended.as_deref()), (Money::eur(0), Some("transition")));
    let why = line.reasons.iter().find(|r| r.code == "penalty.suspended").unwrap();
    assert_eq!(why.cites.as_ref().unwrap().label, "retard-p1");
}

#[test]
fn a_priority_without_clause_and_another_month_give_nothing() {
    let cases = [late("T-1", "P3", date(2026, 8, 3), 200), late("T-2", "P1", date(2026, 7, 31), 200)];
    assert!(penalties(&signed(), date(2026, 8, 1), &cases, Standing::Final).is_empty());
}

#[test]
fn a_case_keeps_its_clause_and_takes_the_fee_of_the_month() {
    let mut softer = contract();
    let clause = penalty(PenaltyFormula::StepPerHourStarted, 1, PenaltyTax::Indemnity);
    softer.penalties = vec![when(rule("retard-p1", clause), Dimension::Priority, &["P1"])];
    softer.prices[0].then.quantity = 45;
    let history = history(vec![(date(2026, 3, 1), contract()), (date(2026, 8, 15), softer)]);
    let mut after = late("T-2", "P1", date(2026, 8, 20), 60);
    after.version = "v2".into();
    let cases = [late("T-1", "P1", date(2026, 8, 20), 60), after];
    let amounts: Vec<i64> = penalties(&history, date(2026, 8, 1), &cases, Standing::Final)
        .iter()
        .map(|p| p.value.amount.cents)
        .collect();
    assert_eq!(amounts, [5060, 2530], "2 % then 1 % of 2530.00");
}

#[test]
fn a_running_case_shows_in_a_reading_only() {
    let mut case = late("T-1", "P1", date(2026, 8, 11), 90);
    case.clock = Clock::Running;
    let count = |standing| penalties(&signed(), date(2026, 8, 1), &[case.clone()], standing).len();
    assert_eq!((count(Standing::Final), count(Standing::Provisional)), (0, 1));
}

#[test]
fn an_indemnity_above_the_invoice_is_owed() {
    let mut terms = contract();
    terms.penalty_caps.clear();
    let history = history(vec![(date(2026, 3, 1), terms)]);
    let facts = with_cases(vec![late("T-1", "P1", date(2026, 8, 11), 70 * 60)]);
    let s = closed(&history, &facts);
    assert_eq!((s.penalty_due, s.set_off), (Money::eur(322_000), Money::eur(276_000)));
    assert_eq!((s.left_to_pay, s.owed_to_customer), (Money::eur(0), Money::eur(46_000)));
}

/// Every sentence of the month, as a person reads it. Spaces that do not break are written plainly.
fn told(statement: &base::Because<MonthStatement>, lang: base::Lang) -> String {
    let s = &statement.value;
    let parts = [
        s.lines.iter().map(|l| (l.value.title.get(lang).to_owned(), &l.reasons)).collect::<Vec<_>>(),
        s.results.iter().map(|r| (r.value.objective.clone(), &r.reasons)).collect(),
        s.penalties.iter().map(|p| (p.value.ticket.clone().unwrap_or_default(), &p.reasons)).collect(),
        s.caps.iter().map(|c| (c.value.clause.clone(), &c.reasons)).collect(),
        vec![(s.month.to_string(), &statement.reasons)],
    ];
    let mut text = String::new();
    for (title, reasons) in parts.concat() {
        text += &format!("{title}\n");
        for reason in reasons {
            text += &format!("  {}\n", reason.show(lang));
        }
    }
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

#[test]
fn august_is_told_in_both_languages() {
    let penalties_paid = vec![PastPenalty { month: date(2026, 7, 1), payable: Money::eur(210_000) }];
    let statement = close(&signed(), date(2026, 8, 1), &MonthFacts { penalties_paid, ..august() });
    assert_eq!(told(&statement, base::Lang::Fr), include_str!("august.fr.txt"));
    assert_eq!(told(&statement, base::Lang::En), include_str!("august.en.txt"));
}
