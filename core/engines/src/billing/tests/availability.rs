use base::fraction::Fraction;
use base::{Length, Money};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, date};
use terms::availability::{Availability, CountedIn, DowntimeStart, Maintenance, OutageOrigin, Unknown};
use terms::calendar::WeeklyCalendar;
use terms::commitment::Period;
use terms::penalty::{Breach, Penalty, PenaltyBase, PenaltyFormula, PenaltyTax};
use terms::{Calendar, History, Opening, Terms};

use super::late;
use crate::availability::{Outage, ServiceFacts, ServiceState};
use crate::billing::{MonthFacts, MonthStatement, close};
use crate::fixture::{contract, history, penalty, rule};
use crate::objective::{Standing, Verdict};

fn office_hours() -> Calendar {
    let day: Vec<Opening> = ["09:00-12:30", "14:00-18:00"].map(|o| Opening::parse_span(o).unwrap()).to_vec();
    let mut week: [Vec<Opening>; 7] = Default::default();
    week[..5].fill(day);
    let zone = "Europe/Paris".to_owned();
    Calendar::Weekly(Box::new(WeeklyCalendar { zone, week, ..WeeklyCalendar::default() }))
}

/// Contract A's article: 99.50 % of office hours, one percent of the fee for each tenth started.
fn terms() -> Terms {
    let clause = Availability {
        service: "ERP".into(),
        items: vec!["srv-erp".into()],
        calendar: "ho".into(),
        target: Fraction::new(995, 1000),
        per: Period::Month,
        counted_in: CountedIn::Time,
        degraded: Fraction::from_integer(1),
        starts: DowntimeStart::Earlier,
        maintenance: Maintenance::Excluded { notice: Length::Days(5), most_per_month: None, within: None },
        unknown: Unknown::Down,
        not_counted: vec![OutageOrigin::Customer],
    };
    let mut terms = contract();
    terms.calendars = vec![rule("ho", office_hours())];
    terms.availabilities = vec![rule("dispo-erp", clause)];
    terms.penalties.push(rule("penalite-dispo", on_availability(1)));
    terms
}

fn on_availability(percent: i128) -> Penalty {
    Penalty {
        on: Breach::Availability,
        of: Some("dispo-erp".into()),
        ..penalty(PenaltyFormula::StepPerTenthOfPointStarted, percent, PenaltyTax::Indemnity)
    }
}

fn at(local: &str) -> Timestamp {
    local.parse::<DateTime>().unwrap().in_tz("Europe/Paris").unwrap().timestamp()
}

fn down(from: &str, until: &str) -> Outage {
    Outage {
        id: from.into(),
        items: vec!["srv-erp".into()],
        detected: Some(at(from)),
        declared: None,
        ended: Some(at(until)),
        state: ServiceState::Down,
        users: None,
        origin: OutageOrigin::Provider,
    }
}

fn with_outages(outages: Vec<Outage>) -> MonthFacts {
    MonthFacts { services: ServiceFacts { outages, maintenance: vec![] }, ..MonthFacts::default() }
}

fn closed(terms: Terms, month: Date, facts: &MonthFacts) -> MonthStatement {
    close(&history(vec![(date(2026, 3, 1), terms)]), month, facts).value
}

/// 21 days of 450 minutes in August 2026: 0.79 % of 567 000 s is 4 479.3 s, so 99.21 % exactly.
fn august() -> MonthFacts {
    with_outages(vec![down("2026-08-12T09:00", "2026-08-12T10:14:39.3")])
}

#[test]
fn m_11_one_percent_for_each_tenth_of_a_point_started() {
    let statement = closed(terms(), date(2026, 8, 1), &august());
    let result = &statement.availability[0].value;
    assert_eq!(result.reached(), Some(Fraction::new(9921, 10_000)));
    assert_eq!((result.verdict, result.standing), (Verdict::Missed, Standing::Final));
    let [line] = &statement.penalties[..] else { panic!("{:?}", statement.penalties) };
    assert_eq!((line.value.steps, line.value.amount), (3, Money::eur(6900)));
    assert_eq!((line.value.ticket.as_deref(), line.value.on), (None, Breach::Availability));
    let why: Vec<&str> = line.reasons.iter().map(|r| r.text.fr.as_str()).collect();
    let why = why.join("\n").replace(['\u{a0}', '\u{202f}'], " ");
    assert!(why.contains("99,21 % pour 99,5 % promis"), "{why}");
    assert!(why.contains("Il manque 0,29 point"), "{why}");
    assert!(why.contains("3 dixièmes de point entamés × 1 % × 2 300,00 € = 69,00 €."), "{why}");
}

#[test]
fn m_12_with_a_late_case_the_month_is_capped() {
    let facts = MonthFacts { cases: vec![late("T-31", "P1", date(2026, 8, 11), 200)], ..august() };
    let s = closed(terms(), date(2026, 8, 1), &facts);
    let amounts: Vec<i64> = s.penalties.iter().map(|p| p.value.amount.cents).collect();
    assert_eq!(amounts, [18_400, 6900]);
    assert_eq!([s.penalty_total, s.penalty_due, s.waived].map(|m| m.cents), [25_300, 23_000, 2300]);
    assert_eq!([s.gross, s.set_off, s.left_to_pay].map(|m| m.cents), [276_000, 23_000, 253_000]);
}

#[test]
fn a_tenth_is_started_by_its_first_fraction() {
    let steps = |until| {
        let facts = with_outages(vec![down("2026-08-12T09:00", until)]);
        let statement = closed(terms(), date(2026, 8, 1), &facts);
        statement.penalties.first().map_or(0, |p| p.value.steps)
    };
    // 0.5 % of the month is 2 835 s; each tenth of a point, 567 s.
    assert_eq!(
        ["2026-08-12T09:47:15", "2026-08-12T09:47:16", "2026-08-12T09:56:42", "2026-08-12T09:56:43"]
            .map(steps),
        [0, 1, 1, 2]
    );
}

#[test]
fn av_05_is_measured_and_not_penalised_in_the_transition() {
    let facts = with_outages(vec![down("2026-03-10T12:00", "2026-03-10T14:30")]);
    let s = closed(terms(), date(2026, 3, 1), &facts);
    assert_eq!(s.availability[0].value.reached(), Some(Fraction::new(590_400, 594_000)));
    let line = &s.penalties[0];
    assert_eq!((line.value.amount, line.value.suspended.as_deref()), (Money::eur(0), Some("transition")));
    let why = line.reasons.iter().find(|r| r.code == "penalty.suspended").unwrap();
    assert_eq!(why.cites.as_ref().unwrap().label, "penalite-dispo");
    assert!(s.penalty_due.is_zero());
}

#[test]
fn a_quarter_is_penalised_in_the_month_that_ends_it() {
    let mut terms = terms();
    terms.availabilities[0].then.per = Period::Quarter;
    let facts = with_outages(vec![
        down("2026-07-06T09:00", "2026-07-06T12:30"),
        down("2026-07-06T14:00", "2026-07-06T18:00"),
    ]);
    for (month, lines) in [(7, 0), (8, 0), (9, 1)] {
        let s = closed(terms.clone(), date(2026, month, 1), &facts);
        assert_eq!((s.availability.len(), s.penalties.len()), (1, lines), "{month}");
    }
}

/// Contract B: 5 % of the hosting fee for each 0.10 point started, as a credit, 15 % at most.
#[test]
fn a_step_of_points_on_the_fees_that_are_named() {
    let mut terms = terms();
    let clause = Penalty {
        formula: PenaltyFormula::StepPerPointsStarted,
        step: Some(Fraction::new(1, 1000)),
        base: PenaltyBase::NamedFees,
        base_of: vec!["serveurs".into()],
        tax: PenaltyTax::PriceReduction,
        ..on_availability(5)
    };
    terms.penalties = vec![rule("avoir-dispo", clause)];
    terms.penalty_caps.clear();
    let s = closed(terms.clone(), date(2026, 8, 1), &august());
    assert_eq!(s.penalties[0].value.base, Money::eur(28_500));
    assert_eq!(s.penalty_due, Money::eur(4275), "3 × 5 % × 285.00");
    assert_eq!((s.net, s.set_off), (Money::eur(230_000 - 4275), Money::eur(0)));
    let credit = s.lines.last().unwrap();
    assert_eq!(credit.value.title.fr, "Réduction de prix, ERP");

    let mut cap = crate::fixture::cap(Period::Quarter, 4);
    (cap.base, cap.base_of) = (PenaltyBase::NamedFees, vec!["serveurs".into()]);
    terms.penalty_caps = vec![rule("plafond", cap)];
    let s = closed(terms, date(2026, 8, 1), &august());
    assert_eq!(s.penalty_due, Money::eur(3420), "4 % of three times 285.00");
}

#[test]
fn a_reading_before_the_end_is_provisional() {
    let facts = MonthFacts { as_of: Some(at("2026-08-20T12:00")), ..august() };
    let s = closed(terms(), date(2026, 8, 1), &facts);
    assert_eq!(s.availability[0].value.standing, Standing::Provisional);
    assert_eq!(s.penalties[0].reasons.last().unwrap().code, "provisional");
}

#[test]
fn a_statement_with_availability_survives_storage_and_an_old_one_is_read() {
    let facts = MonthFacts { cases: vec![late("T-31", "P1", date(2026, 8, 11), 200)], ..august() };
    let statement = close(&history(vec![(date(2026, 3, 1), terms())]), date(2026, 8, 1), &facts);
    let json = serde_json::to_string(&statement).unwrap();
    assert_eq!(serde_json::from_str::<base::Because<MonthStatement>>(&json).unwrap(), statement);
    let kept = r#"{"clause":"retard-p1","ticket":"31","promise":"restore","late_seconds":12000,"steps":4,"rate":"1/50",
        "base":{"cents":230000,"currency":"EUR"},"amount":{"cents":18400,"currency":"EUR"},
        "payable":{"cents":18400,"currency":"EUR"},"suspended":null,"tax":"indemnity","sole_remedy":false}"#;
    let line: crate::billing::PenaltyLine = serde_json::from_str(kept).unwrap();
    assert_eq!((line.ticket.as_deref(), line.on.key(), line.round), (Some("31"), "restore", 1));
}

#[test]
fn nothing_changes_without_the_clause() {
    let history: History = history(vec![(date(2026, 3, 1), contract())]);
    let statement = close(&history, date(2026, 8, 1), &august());
    assert!(statement.value.availability.is_empty() && statement.value.penalties.is_empty());
    assert!(!serde_json::to_string(&statement).unwrap().contains("availability"));
}
