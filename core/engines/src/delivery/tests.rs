use base::fraction::Fraction;
use base::{Length, Money};
use jiff::Timestamp;
use jiff::civil::date;
use terms::boundary::Silence;
use terms::service::AcceptanceStep;
use terms::work_units::{PriceAt, WorkUnitKind};
use terms::{Acceptance, Statement, Terms, WorkUnits};

use super::*;
use crate::billing::{self, BookOrder, MonthFacts};
use crate::calendar::ClockCache;
use crate::entitlement::work_units::WorkOrder;
use crate::fixture::{contract, history, rule};

fn at(text: &str) -> Timestamp {
    let local: jiff::civil::DateTime = text.parse().unwrap();
    local.in_tz("Europe/Paris").unwrap().timestamp()
}

fn book() -> WorkUnits {
    let kind = |code: &str, weight| WorkUnitKind { code: code.into(), title: code.into(), weight };
    WorkUnits {
        catalogue: vec![kind("S", Fraction::from_integer(1)), kind("M", Fraction::new(5, 2))],
        bought: 10,
        unit_price: Money::eur(54_000),
        carry_over: Fraction::new(1, 10),
        carried_for: 12,
        price_at: PriceAt::Order,
        alert_at: Fraction::new(4, 5),
    }
}

fn acceptance() -> Acceptance {
    let step = |name: &str, lasts, silence| AcceptanceStep { name: name.into(), lasts, silence };
    Acceptance {
        of: "evolution, correction".into(),
        steps: vec![
            step("VABF", Length::WorkingDays(10), Silence::Refuses),
            step("VSR", Length::Days(30), Silence::Accepts),
        ],
        warranty: Length::Months(3),
        warranty_counted: false,
        refused_if: "une anomalie bloquante subsiste".into(),
        environment: None,
        production_needs: vec!["accepted".into(), "rollback_tested".into()],
    }
}

fn maintained() -> Terms {
    let mut terms = contract();
    let says = [("evolutive", "work_units"), ("adaptive", "included")];
    let says = says.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    terms.statements.push(rule("tma", Statement { topic: "maintenance".into(), says }));
    terms.work_units.push(rule("carnet-uo", book()));
    terms.acceptances.push(rule("recette", acceptance()));
    terms
}

/// Asked on Monday 1 June 2026, estimated at 3.5 units, ordered, presented on Monday 15 June at nine.
fn presented() -> Delivery {
    let pieces = vec![Piece { code: "S".into(), count: 1 }, Piece { code: "M".into(), count: 1 }];
    Delivery {
        estimate: Some(Estimate { pieces, made: at("2026-06-03T09:00"), until: Some(date(2026, 6, 30)) }),
        ordered: Some(at("2026-06-05T09:00")),
        presented: vec![at("2026-06-15T09:00")],
        ..Delivery::new(Kind::Evolutive, at("2026-06-01T09:00"), true)
    }
}

fn said(mut delivery: Delivery, step: &str, verdict: Verdict, on: &str) -> Delivery {
    delivery.verdicts.push(Given { step: step.into(), verdict, at: at(on) });
    delivery
}

fn produced(mut delivery: Delivery, on: &str) -> Delivery {
    delivery.shown.push("rollback_tested".into());
    delivery.production = Some(at(on));
    delivery
}

fn stands(terms: &Terms, delivery: &Delivery, on: &str) -> Standing {
    standing(terms, delivery, at(on), &mut ClockCache::new())
}

#[test]
fn an_evolution_is_estimated_ordered_and_delivered_in_that_order() {
    let terms = maintained();
    let mut delivery = presented();
    assert_eq!(
        stands(&terms, &Delivery::new(Kind::Evolutive, delivery.asked, true), "2026-06-02T09:00").stage,
        Stage::ToEstimate
    );
    delivery.presented.clear();
    assert_eq!(stands(&terms, &delivery, "2026-06-06T09:00").stage, Stage::ToDeliver);
    let closing = stands(&terms, &delivery, "2026-06-06T09:00").to_close;
    assert_eq!(closing[0].code, "delivery.not_accepted");
    delivery.ordered = None;
    assert_eq!(stands(&terms, &delivery, "2026-06-30T23:00").stage, Stage::Estimated);
    assert_eq!(stands(&terms, &delivery, "2026-07-01T00:00").stage, Stage::Lapsed);
    assert!(stands(&terms, &delivery, "2026-07-01T00:00").to_close.is_empty(), "nothing was ordered");
    delivery.declined = true;
    assert_eq!(stands(&terms, &delivery, "2026-06-06T09:00").stage, Stage::Declined);
}

#[test]
fn what_the_maintenance_clause_includes_is_not_estimated() {
    let terms = maintained();
    for kind in [Kind::Adaptive, Kind::Corrective, Kind::Preventive] {
        assert_eq!(book_of(&terms, kind), None, "{kind:?}");
        let asked = Delivery::new(kind, at("2026-06-01T09:00"), false);
        assert_eq!(stands(&terms, &asked, "2026-06-02T09:00").stage, Stage::ToDeliver, "{kind:?}");
    }
    assert_eq!(book_of(&terms, Kind::Evolutive).map(|r| r.label()), Some("carnet-uo"));
    let book = &terms.work_units[0];
    let estimated = estimated(book, &presented().estimate.unwrap().pieces).unwrap();
    assert_eq!(estimated.value, (Fraction::new(7, 2), Money::eur(189_000)));
    assert_eq!(super::estimated(book, &[Piece { code: "XXL".into(), count: 1 }]), None);
}

#[test]
fn silence_refuses_the_first_step_at_the_end_of_its_tenth_working_day() {
    let terms = maintained();
    let delivery = presented();
    let running = stands(&terms, &delivery, "2026-06-28T12:00");
    assert_eq!(running.stage, Stage::Accepting(0));
    let ends = running.steps[0].ends.unwrap();
    let refused = standing(&terms, &delivery, ends, &mut ClockCache::new());
    assert_eq!(refused.stage, Stage::Refused(0));
    assert_eq!(refused.steps[0].outcome.as_ref().unwrap().came, Came::BySilence);
    // Ten working days after the day of the delivery, to their end.
    assert_eq!(ends, at("2026-06-30T00:00"));
    let late = said(delivery, "VABF", Verdict::Accepted, "2026-07-02T10:00");
    assert_eq!(
        stands(&terms, &late, "2026-07-02T10:00").stage,
        Stage::ToProduction,
        "accepted late, in writing"
    );
}

#[test]
fn silence_accepts_the_second_step_and_the_warranty_follows() {
    let terms = maintained();
    let delivery = said(presented(), "VABF", Verdict::WithReserves, "2026-06-20T10:00");
    let waits = stands(&terms, &delivery, "2026-06-21T10:00");
    assert_eq!(waits.stage, Stage::ToProduction);
    assert_eq!(
        waits.to_production.iter().map(|r| r.code.as_str()).collect::<Vec<_>>(),
        ["delivery.production"]
    );
    let delivery = produced(delivery, "2026-06-22T22:00");
    let running = stands(&terms, &delivery, "2026-07-01T10:00");
    assert_eq!((running.stage, running.steps[1].ends), (Stage::Accepting(1), Some(at("2026-07-23T00:00"))));
    let accepted = stands(&terms, &delivery, "2026-07-23T00:00");
    assert_eq!(accepted.stage, Stage::Warranty);
    assert!(accepted.to_close.is_empty());
    assert_eq!(
        accepted.warranty_until,
        Some(at("2026-10-24T00:00")),
        "three months to the day, the day itself left out"
    );
    assert!(accepted.reasons.iter().all(|r| r.cites.as_ref().unwrap().label == "recette"));
    // What silence accepted stays accepted.
    let late = said(delivery.clone(), "VSR", Verdict::Refused, "2026-08-01T10:00");
    assert_eq!(stands(&terms, &late, "2026-08-01T10:00").stage, Stage::Warranty);
    assert_eq!(stands(&terms, &delivery, "2026-10-24T00:00").stage, Stage::Done);
}

#[test]
fn what_was_refused_is_presented_and_verified_again() {
    let terms = maintained();
    let refused = said(presented(), "VABF", Verdict::Refused, "2026-06-18T10:00");
    assert_eq!(stands(&terms, &refused, "2026-06-19T10:00").stage, Stage::Refused(0));
    let again = Delivery {
        presented: vec![at("2026-06-15T09:00"), at("2026-06-25T09:00")],
        verdicts: Vec::new(),
        ..refused
    };
    let running = stands(&terms, &again, "2026-06-30T10:00");
    assert_eq!((running.stage, running.steps[0].begins), (Stage::Accepting(0), Some(at("2026-06-25T09:00"))));
}

#[test]
fn a_contract_without_acceptance_is_done_with_the_delivery() {
    let mut terms = maintained();
    terms.acceptances.clear();
    let done = stands(&terms, &presented(), "2026-06-16T09:00");
    assert_eq!((done.stage, done.steps.len(), done.to_close.len()), (Stage::Done, 0, 0));
}

#[test]
fn units_delivered_are_billed_once_in_their_month_at_the_price_of_the_order() {
    let history = history(vec![(date(2026, 1, 1), maintained())]);
    let order = |reference: &str, code: &str, count, delivered| BookOrder {
        book: "carnet-uo".into(),
        order: WorkOrder {
            reference: reference.into(),
            code: code.into(),
            count,
            ordered: date(2026, 6, 5),
            delivered,
            ticket: Some(reference.trim_start_matches('#').to_owned()),
        },
    };
    let work_orders = vec![
        order("#12", "S", 1, Some(date(2026, 6, 15))),
        order("#12", "M", 1, Some(date(2026, 6, 15))),
        order("#13", "M", 2, Some(date(2026, 7, 1))),
        order("#14", "M", 2, None),
    ];
    let facts = MonthFacts { work_orders, ..MonthFacts::default() };
    let billed = |month| {
        let statement = billing::close(&history, month, &facts).value;
        let lines = statement.lines.into_iter().map(|l| l.value).filter(|l| l.unit == "work_unit");
        lines.map(|l| (l.quantity, l.net, l.tickets.join(" "))).collect::<Vec<_>>()
    };
    assert_eq!(billed(date(2026, 6, 1)), [(Fraction::new(7, 2), Money::eur(189_000), "12".to_owned())]);
    assert_eq!(billed(date(2026, 7, 1)), [(Fraction::from_integer(5), Money::eur(270_000), "13".to_owned())]);
    assert_eq!(billed(date(2026, 8, 1)), []);
}

/// Accepted by silence at the end of 17 July 2026: the warranty runs to the end of 17 October.
fn accepted() -> Delivery {
    let delivery = said(presented(), "VABF", Verdict::Accepted, "2026-06-16T10:00");
    produced(delivery, "2026-06-17T10:00")
}

fn defect(terms: &Terms, found: &str) -> (Warranty, Vec<String>) {
    let told = warranty(terms, &accepted(), "n° 12", at(found), &mut ClockCache::new());
    let cited = told.cited().into_iter().map(|c| c.label.clone()).collect();
    (told.value, cited)
}

#[test]
fn a_defect_is_mended_free_until_the_end_of_the_last_day_of_the_warranty() {
    let mut terms = maintained();
    let cited = vec!["recette".to_owned()];
    let until = stands(&terms, &accepted(), "2026-11-30T10:00").warranty_until.unwrap();
    let just = |minutes: i64| jiff::SignedDuration::from_mins(minutes);
    let of =
        |terms: &Terms, found| warranty(terms, &accepted(), "n° 12", found, &mut ClockCache::new()).value;
    assert_eq!(of(&terms, until - just(1)), Warranty::Under { until });
    assert_eq!(of(&terms, until), Warranty::Over { ended: until });
    // Found while it is verified: part of the order.
    assert_eq!(defect(&terms, "2026-07-01T09:00"), (Warranty::Accepting, cited));
    assert!(defect(&terms, "2026-09-01T09:00").0.is_free());
    terms.acceptances[0].then.warranty_counted = true;
    assert_eq!(of(&terms, until - just(1)), Warranty::Counted { until });
    assert!(!of(&terms, until - just(1)).is_free());
    assert!(defect(&terms, "2026-07-01T09:00").0.is_free(), "it is not accepted yet");
    terms.acceptances.clear();
    assert_eq!(defect(&terms, "2026-09-01T09:00"), (Warranty::Unsaid, Vec::new()));
}
