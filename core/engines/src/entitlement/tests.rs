mod shared;
mod weights;

use base::{Because, Money};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use terms::meter::{CarryOver, WhenEmpty};
use terms::{History, Meter, Rule};

use super::*;
use crate::fixture::{contract, history, hours, pack};
use crate::period::Span;

fn with_meter(meter: Rule<Meter>) -> History {
    let mut terms = contract();
    terms.meters = vec![meter];
    history(vec![(date(2026, 3, 1), terms)])
}

fn noon(day: Date) -> Timestamp {
    day.at(12, 0, 0, 0).in_tz("Europe/Paris").unwrap().timestamp()
}

fn call(meter: &str, day: Date, minutes: u32, priority: &str) -> Call {
    let priority = Some(priority.to_owned());
    let meter = meter.to_owned();
    Call {
        at: noon(day),
        minutes,
        priority,
        ticket: None,
        meter,
        rule: None,
        roles: Vec::new(),
        under_warranty: false,
    }
}

/// What the meter would say of a call of so many minutes on the day it is read.
fn asked(history: &History, state: &MeterState, priority: &str, minutes: u32) -> Because<Admission> {
    let terms = &history.latest().unwrap().terms;
    let drawn = Drawn::by(terms, &terms.meters[0]).unwrap();
    admit(drawn, state, &call(&state.meter, state.period.first, minutes, priority))
}

fn tickets(count: u32, day: Date) -> Vec<Call> {
    (0..count).map(|_| call("carnet", day, 10, "P3")).collect()
}

fn read(history: &History, label: &str, calls: &[Call], day: Date) -> Ledger {
    ledger(history, label, calls, noon(day)).unwrap().value
}

const M19: Money = Money::eur(2400);

/// 118 tickets in the year, then five on 2 November.
fn november() -> Vec<Call> {
    [tickets(118, date(2026, 9, 15)), tickets(5, date(2026, 11, 2))].concat()
}

#[test]
fn m_19_an_exhausted_pack_is_billed_ticket_by_ticket() {
    let history = with_meter(pack(WhenEmpty::PerTicket { price: M19 }));
    let ledger = read(&history, "carnet", &november(), date(2026, 11, 2));
    let state = &ledger.state;
    assert_eq!((state.used, state.left, state.beyond), (120, 0, 3));
    assert_eq!(state.billed, Money::eur(7200));
    let five = &ledger.charges[118..];
    assert_eq!(five.iter().filter(|(_, c)| c.value.covered).count(), 2);
    assert!(five[4].1.reasons.iter().any(|r| r.text.fr.contains("24,00\u{a0}€") && r.cites.is_some()));
}

#[test]
fn m_20_a_new_pack_is_bought_whole() {
    let price = Money::eur(38_000);
    let history = with_meter(pack(WhenEmpty::NewPack { tickets: 20, price }));
    let state = read(&history, "carnet", &november(), date(2026, 11, 2)).state;
    assert_eq!((state.billed, state.left), (price, 17));
    assert_eq!((state.packs_bought, state.bought, state.beyond), (1, 20, 0));
}

#[test]
fn m_21_quarter_hours_started() {
    let history = with_meter(hours(1800, CarryOver::Lost, None));
    let calls: Vec<Call> =
        [7, 15, 16, 61].into_iter().map(|m| call("heures", date(2026, 6, 2), m, "P3")).collect();
    let state = read(&history, "heures", &calls, date(2026, 6, 2)).state;
    assert_eq!((state.used, state.left), (135, 1665));
}

#[test]
fn a_refusing_pack_still_serves_p1() {
    let history = with_meter(pack(WhenEmpty::Refuse));
    let state = read(&history, "carnet", &tickets(120, date(2026, 5, 4)), date(2026, 5, 5)).state;
    let refused = asked(&history, &state, "P3", 5);
    assert_eq!(refused.value, Admission::Refused);
    assert_eq!(refused.reasons[0].cites.as_ref().unwrap().label, "carnet");
    assert!(refused.reasons[0].text.fr.contains("1er mars 2027"), "{:?}", refused.reasons);
    let served = asked(&history, &state, "P1", 5);
    let charge = served.value.charge().unwrap();
    assert_eq!((charge.covered, charge.taken, charge.price), (false, 0, None));
}

#[test]
fn hours_beyond_are_priced_to_the_minute_counted() {
    let history = with_meter(hours(60, CarryOver::Lost, Some(Money::eur(9000))));
    let day = date(2026, 6, 2);
    let ledger =
        read(&history, "heures", &[call("heures", day, 50, "P3"), call("heures", day, 20, "P3")], day);
    // 60 minutes counted for the first call, 30 for the second: wholly beyond, half of 90.00.
    assert_eq!(ledger.state.billed, Money::eur(4500));
    assert_eq!((ledger.state.used, ledger.state.beyond, ledger.state.left), (60, 30, 0));
    let free = asked(&history, &ledger.state, "P4", 500);
    assert_eq!(free.value.charge().unwrap().counted, 0);
}

#[test]
fn the_alert_rings_at_its_threshold() {
    let history = with_meter(pack(WhenEmpty::Refuse));
    let alert = |n| read(&history, "carnet", &tickets(n, date(2026, 6, 2)), date(2026, 6, 3)).state.alert;
    assert_eq!((alert(99), alert(100)), (false, true));
}

#[test]
fn a_pack_begins_again_with_the_contract_year() {
    let history = with_meter(pack(WhenEmpty::Refuse));
    let calls = [tickets(120, date(2027, 2, 28)), tickets(1, date(2027, 3, 1))].concat();
    let last = read(&history, "carnet", &calls, date(2027, 2, 28)).state;
    let first = read(&history, "carnet", &calls, date(2027, 3, 1)).state;
    assert_eq!((last.left, last.period.next), (0, date(2027, 3, 1)));
    assert_eq!((first.left, first.used, first.period.first), (119, 1, date(2027, 3, 1)));
}

#[test]
fn unused_time_is_carried_once() {
    let carried = |carry_over, used_in_march| {
        let history = with_meter(hours(600, carry_over, None));
        let calls = [call("heures", date(2026, 3, 10), used_in_march, "P3")];
        [date(2026, 4, 1), date(2026, 5, 1)].map(|d| read(&history, "heures", &calls, d).state.carried)
    };
    assert_eq!(carried(CarryOver::NextPeriod, 150), [450, 600]);
    assert_eq!(carried(CarryOver::Lost, 150), [0, 0]);
}

/// A pack of 120 a contract year whose leftover lives so many months more.
fn carrying(when_empty: WhenEmpty, expires_after: u32) -> Rule<Meter> {
    let mut meter = pack(when_empty);
    if let terms::MeterForm::TicketPack { leftover, .. } = &mut meter.then.form {
        *leftover = terms::Leftover::Carried { expires_after };
    }
    meter
}

#[test]
fn tickets_carried_over_go_first_and_expire() {
    let history = with_meter(carrying(WhenEmpty::Refuse, 6));
    let first_year = tickets(100, date(2026, 9, 1));
    let at = |calls: &[Call], day| read(&history, "carnet", calls, day).state;
    let opened = at(&first_year, date(2027, 3, 1));
    assert_eq!((opened.included, opened.carried, opened.left), (120, 20, 140));
    assert_eq!(opened.lots, [Lot { left: 20, expires: date(2027, 9, 1) }]);
    // Fifteen are taken from the twenty; the last five are lost on 1 September.
    let calls = [first_year.clone(), tickets(15, date(2027, 5, 3))].concat();
    assert_eq!(at(&calls, date(2027, 8, 31)).left, 125);
    let after = at(&calls, date(2027, 9, 1));
    assert_eq!((after.left, after.used, after.expired, after.lots.len()), (120, 15, 5, 0));
    let told = ledger(&history, "carnet", &calls, noon(date(2027, 9, 1))).unwrap();
    assert!(told.reasons.iter().any(|r| r.code == "meter.expired"), "{:?}", told.reasons);
}

#[test]
fn lots_of_two_years_are_spent_in_order() {
    let history = with_meter(carrying(WhenEmpty::Refuse, 18));
    let calls = [tickets(110, date(2026, 9, 1)), tickets(105, date(2027, 9, 1))].concat();
    // Ten of the first year: spent in September 2027. Of the second, 120 − 95 = 25 are left.
    let third = read(&history, "carnet", &calls, date(2028, 3, 1)).state;
    assert_eq!((third.lots.clone(), third.left), (vec![Lot { left: 25, expires: date(2029, 9, 1) }], 145));
    // Had nobody called, both would be alive, and the first to expire first in line.
    let quiet = read(&history, "carnet", &tickets(110, date(2026, 9, 1)), date(2028, 3, 1)).state;
    let lots = [(10, date(2028, 9, 1)), (120, date(2029, 9, 1))].map(|(left, expires)| Lot { left, expires });
    assert_eq!((quiet.lots, quiet.left), (lots.to_vec(), 250));
}

#[test]
fn what_is_left_of_a_bought_pack_goes_over_too() {
    let refill = WhenEmpty::NewPack { tickets: 20, price: Money::eur(38_000) };
    let history = with_meter(carrying(refill, 3));
    let state = read(&history, "carnet", &tickets(123, date(2027, 1, 5)), date(2027, 3, 1)).state;
    assert_eq!((state.carried, state.left), (17, 137));
}

#[test]
fn the_forecast_is_a_straight_line() {
    let history = with_meter(pack(WhenEmpty::Refuse));
    // 60 tickets in the first 92 days (1 March to 31 May): the other 60 last 92 days more.
    let state = read(&history, "carnet", &tickets(60, date(2026, 4, 2)), date(2026, 5, 31)).state;
    assert_eq!(state.forecast_empty_on, Some(date(2026, 8, 31)));
    let slow = read(&history, "carnet", &tickets(10, date(2026, 4, 2)), date(2026, 5, 31)).state;
    assert_eq!(slow.forecast_empty_on, None);
}

#[test]
fn an_amendment_moves_the_allowance_from_its_day_on() {
    let mut larger = contract();
    let mut first = contract();
    first.meters = vec![pack(WhenEmpty::PerTicket { price: M19 })];
    let mut meter = pack(WhenEmpty::PerTicket { price: Money::eur(2600) });
    if let terms::MeterForm::TicketPack { tickets, .. } = &mut meter.then.form {
        *tickets = 150;
    }
    larger.meters = vec![meter];
    let history = history(vec![(date(2026, 3, 1), first), (date(2026, 10, 1), larger)]);
    let calls = [tickets(121, date(2026, 9, 1)), tickets(31, date(2026, 10, 2))].concat();
    let state = read(&history, "carnet", &calls, date(2026, 10, 2)).state;
    // One ticket at the old price stays billed; thirty more are included, the next is at the new price.
    assert_eq!((state.used, state.left, state.billed), (150, 0, Money::eur(5000)));
}

#[test]
fn unlimited_counts_nothing() {
    let mut meter = pack(WhenEmpty::Refuse);
    meter.then.form = terms::MeterForm::Unlimited;
    let state = read(&with_meter(meter), "carnet", &tickets(7, date(2026, 6, 2)), date(2026, 6, 2)).state;
    assert_eq!((state.calls, state.used, state.beyond, state.alert), (7, 0, 0, false));
}

proptest! {
    /// included + carried + bought = used + left + expired; what was counted is used or beyond.
    #[test]
    fn the_meter_conserves(
        form in 0..7usize,
        allowance in 0..200u32,
        calls in prop::collection::vec((0..900i64, 0..200u32, 0..4usize), 0..80),
        at in 0..900i64,
    ) {
        let price = Money::eur(1000);
        let meter = match form {
            0 => pack(WhenEmpty::Refuse),
            1 => pack(WhenEmpty::PerTicket { price }),
            2 => pack(WhenEmpty::NewPack { tickets: allowance.min(7), price }),
            5 => carrying(WhenEmpty::Refuse, allowance.min(40)),
            6 => carrying(WhenEmpty::NewPack { tickets: allowance.min(7), price }, allowance.min(40)),
            3 => hours(allowance, CarryOver::NextPeriod, None),
            _ => hours(allowance, CarryOver::Lost, Some(price)),
        };
        let label = meter.label().to_owned();
        let start = date(2026, 3, 1);
        let calls: Vec<Call> = calls
            .iter()
            .map(|(day, minutes, p)| call(&label, start + day.days(), *minutes, ["P1", "P2", "P3", "P4"][*p]))
            .collect();
        let day = start + at.days();
        let ledger = read(&with_meter(meter.clone()), &label, &calls, day);
        let s = &ledger.state;
        prop_assert_eq!(s.included + s.carried + s.bought, s.used + s.left + s.expired);
        prop_assert!(s.lots.iter().map(|l| l.left).sum::<u32>() <= s.left);
        prop_assert!(s.period.contains(day));
        let mine = ledger.charges.iter().filter(|(c, _)| {
            s.period.contains(c.at.to_zoned(jiff::tz::TimeZone::get("Europe/Paris").unwrap()).date())
        });
        let (counted, billed) = mine.fold((0, 0), |(n, m), (_, c)| {
            (n + c.value.counted, m + c.value.price.map_or(0, |p| p.cents))
        });
        // Reading the meter between two calls changes nothing.
        let history = with_meter(meter);
        let mut kept = None;
        for (call, charge) in &ledger.charges {
            let (after, stepped) = serve(&history, kept.as_ref(), call).unwrap();
            prop_assert_eq!(&stepped, charge);
            kept = Some(after);
        }
        let stepped = state_at(&history, &label, kept.as_ref(), noon(day)).unwrap();
        prop_assert_eq!(&stepped.value, s);
        prop_assert_eq!(counted, s.used + s.beyond);
        prop_assert_eq!(billed, s.billed.cents);
    }
}

#[test]
fn spans_are_whole_contract_years() {
    let history = with_meter(pack(WhenEmpty::Refuse));
    let state = read(&history, "carnet", &[], date(2028, 2, 29)).state;
    assert_eq!(state.period, Span { first: date(2027, 3, 1), next: date(2028, 3, 1) });
}
