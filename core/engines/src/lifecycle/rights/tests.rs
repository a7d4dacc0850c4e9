//! Rights that open, wait, are cured, lapse; and what they cost.

use jiff::civil::date;
use terms::commitment::Period;
use terms::right::{Compensation, RightTrigger};

use super::*;
use crate::fixture::{contract, rule};

fn with(right: Right) -> Terms {
    Terms { rights: vec![rule("sortie", right)], ..contract() }
}

fn will() -> Right {
    Right {
        holder: Holder::Customer,
        trigger: RightTrigger::Will,
        from_month: Some(18),
        usable_within: None,
        notice: Length::Months(3),
        cure: None,
        compensation: Some(Compensation { rate: Fraction::new(20, 100), taxable: true }),
    }
}

fn one(terms: &Terms, facts: &LifeFacts, on: Date) -> RightState {
    rights(terms, facts, on).remove(0).value
}

#[test]
fn leaving_at_will_opens_in_the_eighteenth_month_and_costs_a_fifth_of_what_remains() {
    let facts = LifeFacts { monthly_fees: Some(Money::eur(230_000)), ..LifeFacts::default() };
    let terms = with(will());
    assert_eq!(one(&terms, &facts, date(2027, 7, 31)).access, Access::NotBefore { on: date(2027, 8, 1) });
    // M-24: notified on 30 September 2027, ended on 30 December; fourteen months remain from January.
    let state = one(&terms, &facts, date(2027, 9, 30));
    assert_eq!(state.access, Access::Open { since: date(2027, 8, 1), until: None });
    assert_eq!(
        (state.earliest_end, state.compensation),
        (Some(date(2027, 12, 30)), Some(Money::eur(644_000)))
    );
    let opens = super::super::deadlines(&terms, date(2026, 11, 3), None);
    assert!(opens.iter().any(|d| d.value.kind == DeadlineKind::RightOpens && d.value.on == date(2027, 8, 1)));
}

#[test]
fn three_bad_quarters_of_four_open_a_right_and_a_better_window_closes_it() {
    let missed = RightTrigger::Missed {
        objective: "objectif".into(),
        under: Fraction::new(90, 100),
        per: Period::Quarter,
        times: 3,
        of: 4,
    };
    let terms = with(Right { trigger: missed, from_month: None, compensation: None, ..will() });
    let figure = |month, percent| PeriodFigure {
        label: "objectif".into(),
        period: Span::quarter(date(2026, month, 1)),
        reached: Fraction::new(percent, 100),
    };
    let mut facts =
        LifeFacts { figures: vec![figure(4, 89), figure(7, 95), figure(10, 80)], ..LifeFacts::default() };
    assert_eq!(one(&terms, &facts, date(2027, 1, 2)).access, Access::Waiting);
    let next =
        |month, percent| PeriodFigure { period: Span::quarter(date(2027, month, 1)), ..figure(1, percent) };
    facts.figures.push(next(1, 85));
    assert_eq!(one(&terms, &facts, date(2027, 3, 31)).access, Access::Waiting, "the quarter is not over");
    assert_eq!(
        one(&terms, &facts, date(2027, 4, 1)).access,
        Access::Open { since: date(2027, 4, 1), until: None }
    );
    facts.figures.push(next(4, 90));
    assert_eq!(one(&terms, &facts, date(2027, 7, 1)).access, Access::Waiting, "90 is not under 90");
}

#[test]
fn a_breach_may_be_mended_and_a_takeover_gives_six_months() {
    let breach =
        Right { trigger: RightTrigger::Breach, from_month: None, cure: Some(Length::Days(30)), ..will() };
    let facts = LifeFacts { breaches: vec![date(2026, 9, 1)], ..LifeFacts::default() };
    assert_eq!(
        one(&with(breach.clone()), &facts, date(2026, 10, 1)).access,
        Access::Curing { until: date(2026, 10, 1) }
    );
    assert_eq!(
        one(&with(breach), &facts, date(2026, 10, 2)).access,
        Access::Open { since: date(2026, 10, 2), until: None }
    );
    let takeover = Right {
        trigger: RightTrigger::Event { event: Trigger::ChangeOfControl },
        from_month: None,
        usable_within: Some(Length::Months(6)),
        ..will()
    };
    let facts =
        LifeFacts { events: vec![(Trigger::ChangeOfControl, date(2026, 9, 15))], ..LifeFacts::default() };
    let terms = with(takeover);
    assert_eq!(
        one(&terms, &facts, date(2027, 3, 15)).access,
        Access::Open { since: date(2026, 9, 15), until: Some(date(2027, 3, 15)) }
    );
    assert_eq!(one(&terms, &facts, date(2027, 3, 16)).access, Access::Lapsed { on: date(2027, 3, 15) });
}

#[test]
fn a_cap_reached_often_enough_opens_a_right() {
    let capped = RightTrigger::CapReached { times: 2, of: 3 };
    let terms = with(Right { trigger: capped, from_month: None, ..will() });
    let mut facts =
        LifeFacts { capped_months: vec![date(2026, 5, 31), date(2026, 9, 30)], ..LifeFacts::default() };
    assert_eq!(one(&terms, &facts, date(2026, 11, 1)).access, Access::Waiting);
    facts.capped_months.push(date(2026, 7, 31));
    assert_eq!(
        one(&terms, &facts, date(2026, 11, 1)).access,
        Access::Open { since: date(2026, 10, 1), until: None }
    );
}
