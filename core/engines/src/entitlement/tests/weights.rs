//! Minimum, rounding, weight: hand-computed, then against every weight of one or more.

use std::collections::{BTreeMap, BTreeSet};

use base::fraction::Fraction;
use jiff::civil::DateTime;
use terms::{Calendar, CallTaker, CallWeight, MeterForm, Opening, Terms, WeeklyCalendar, WeighedWhen};

use super::*;
use crate::fixture::rule;

/// Working hours of Toulouse, from eight to twenty on weekdays; 1 and 8 May 2026, and Sunday 1 November,
/// are holidays.
fn day() -> Rule<Calendar> {
    let opening = vec![Opening::parse("08:00", "20:00").unwrap()];
    let week = std::array::from_fn(|d| if d < 5 { opening.clone() } else { Vec::new() });
    let holidays = BTreeSet::from([date(2026, 5, 1), date(2026, 5, 8), date(2026, 11, 1)]);
    let weekly = WeeklyCalendar {
        zone: "Europe/Paris".to_owned(),
        week,
        holidays,
        holiday_hours: Vec::new(),
        closed: BTreeSet::new(),
        exceptions: BTreeMap::new(),
    };
    rule("jour", Calendar::Weekly(Box::new(weekly)))
}

/// From ten at night to six in the morning, every day.
fn night() -> Rule<Calendar> {
    let openings = ["00:00-06:00", "22:00-24:00"].map(|o| Opening::parse_span(o).unwrap()).to_vec();
    let weekly = WeeklyCalendar {
        zone: "Europe/Paris".to_owned(),
        week: std::array::from_fn(|_| openings.clone()),
        ..WeeklyCalendar::default()
    };
    rule("nuit", Calendar::Weekly(Box::new(weekly)))
}

fn weight(when: WeighedWhen, numer: i128, denom: i128) -> CallWeight {
    CallWeight { when, weight: Fraction::new(numer, denom) }
}

fn within(label: &str) -> WeighedWhen {
    WeighedWhen::Within(label.to_owned())
}

/// Ten hours a month by quarters of an hour begun, a quarter at least, with these weights.
fn weighed(minimum: u32, weights: Vec<CallWeight>) -> Terms {
    let mut meter = hours(600, CarryOver::Lost, Some(Money::eur(9000)));
    if let MeterForm::MaxHours { minimum: least, .. } = &mut meter.then.form {
        *least = minimum;
    }
    meter.then.weights = weights;
    Terms { meters: vec![meter], calendars: vec![day(), night()], ..contract() }
}

fn instant(local: &str) -> Timestamp {
    local.parse::<DateTime>().unwrap().in_tz("Europe/Paris").unwrap().timestamp()
}

fn at(local: &str, minutes: u32, roles: &[CallTaker]) -> Call {
    Call { at: instant(local), roles: roles.to_vec(), ..call("heures", date(2026, 5, 4), minutes, "P3") }
}

/// What one call counts for, and why.
fn charge(terms: &Terms, call: &Call) -> Because<Charge> {
    let history = history(vec![(date(2026, 3, 1), terms.clone())]);
    let label = call.meter.clone();
    let ledger = ledger(&history, &label, std::slice::from_ref(call), call.at).unwrap().value;
    ledger.charges.into_iter().next().unwrap().1
}

fn counted(terms: &Terms, call: &Call) -> u32 {
    charge(terms, call).value.counted
}

#[test]
fn a_call_at_night_counts_minimum_then_rounding_then_weight_then_whole_minutes() {
    let terms = weighed(15, vec![weight(within("nuit"), 3, 2)]);
    // 7 min are at least 15, already a quarter of an hour; 15 × 1.5 = 22.5: 23.
    let told = charge(&terms, &at("2026-05-04T22:10", 7, &[]));
    assert_eq!((told.value.counted, told.value.taken, told.value.covered), (23, 23, true));
    assert_eq!(told.value.weight, Fraction::new(3, 2));
    let why: Vec<&str> = told.reasons.iter().map(|r| r.text.fr.as_str()).collect();
    assert_eq!(
        why[..2],
        [
            "7 min d'appel, comptées pour 15 au moins, par tranches de 15 min commencées : 15 min.",
            "Appel commencé à 22\u{a0}h\u{a0}10, aux heures du calendrier « nuit »\u{a0}: 15 × 1,5 = 22,5 min, comptées 23.",
        ]
    );
    assert!(told.reasons.iter().all(|r| r.cites.as_ref().is_some_and(|c| c.label == "heures")));
    // 16 min are two quarters: 30 × 1.5 = 45. By day, 30.
    assert_eq!(counted(&terms, &at("2026-05-04T22:10", 16, &[])), 45);
    assert_eq!(counted(&terms, &at("2026-05-04T21:59", 16, &[])), 30);
    // The beginning is judged: twenty minutes from 21:50 are of the day, from 05:50 of the night.
    assert_eq!(counted(&terms, &at("2026-05-04T21:50", 20, &[])), 30);
    assert_eq!(counted(&terms, &at("2026-05-05T05:50", 20, &[])), 45);
}

#[test]
fn a_minimum_that_is_no_multiple_is_rounded_up_after() {
    let mut terms = weighed(20, vec![]);
    assert_eq!(counted(&terms, &at("2026-05-04T10:00", 7, &[])), 30, "20, then two quarters");
    if let MeterForm::MaxHours { round_up_to, .. } = &mut terms.meters[0].then.form {
        *round_up_to = 1;
    }
    assert_eq!(counted(&terms, &at("2026-05-04T10:00", 7, &[])), 20);
    assert_eq!(counted(&terms, &at("2026-05-04T10:00", 21, &[])), 21);
}

#[test]
fn of_several_weights_the_greatest_applies_and_they_do_not_multiply() {
    let terms = weighed(
        15,
        vec![
            weight(within("nuit"), 3, 2),
            weight(WeighedWhen::Outside("jour".to_owned()), 5, 4),
            weight(WeighedWhen::HolidaysOf("jour".to_owned()), 2, 1),
            weight(WeighedWhen::Role(CallTaker::SystemManager), 7, 4),
            weight(WeighedWhen::Priority("P2".to_owned()), 1, 2),
        ],
    );
    // Sunday 1 November 2026, All Saints', at half past eleven at night: ×1.5, ×1.25 and ×2 hold, and ×1.75
    // for who took it. Twice, 30.
    let managed = [CallTaker::Technician, CallTaker::SystemManager];
    let told = charge(&terms, &at("2026-11-01T23:30", 10, &managed));
    assert_eq!(told.value.counted, 30);
    assert!(told.reasons[1].text.fr.contains("jour férié du calendrier « jour »"), "{:?}", told.reasons);
    assert!(told.reasons[1].text.fr.ends_with("De plusieurs coefficients, le plus fort s'applique seul."));
    // The next Sunday is no holiday: 15 × 1.75 = 26.25, 27; by a technician alone 15 × 1.5, 23.
    assert_eq!(counted(&terms, &at("2026-11-08T23:30", 10, &managed)), 27);
    assert_eq!(counted(&terms, &at("2026-11-08T23:30", 10, &[CallTaker::Technician])), 23);
    // On Sunday at noon only the working hours tell: 15 × 1.25 = 18.75, 19.
    assert_eq!(counted(&terms, &at("2026-11-08T12:00", 10, &[])), 19);
    // A lone weight may be less than one: 15 × 0.5 = 7.5, 8; beside a greater one it is nothing.
    let p2 = |local| Call { priority: Some("P2".to_owned()), ..at(local, 10, &[]) };
    assert_eq!(counted(&terms, &p2("2026-05-04T10:00")), 8);
    assert_eq!(counted(&terms, &p2("2026-05-04T23:00")), 23);
}

#[test]
fn the_night_the_clock_changes_is_read_in_local_time() {
    let terms = weighed(15, vec![weight(within("nuit"), 3, 2)]);
    // 25 October 2026: three o'clock comes twice. 05:59 and 06:00 are 04:59 and 05:00 UTC.
    let utc = |text: &str| Call { at: text.parse().unwrap(), ..at("2026-05-04T10:00", 10, &[]) };
    assert_eq!(counted(&terms, &utc("2026-10-25T00:30:00Z")), 23, "half past two, the first time");
    assert_eq!(counted(&terms, &utc("2026-10-25T01:30:00Z")), 23, "half past two, the second time");
    assert_eq!(counted(&terms, &utc("2026-10-25T04:59:59Z")), 23);
    assert_eq!(counted(&terms, &utc("2026-10-25T05:00:00Z")), 15);
    // 29 March 2026: two o'clock is three. The night ends at 04:00 UTC instead of 05:00.
    assert_eq!(counted(&terms, &utc("2026-03-29T00:59:59Z")), 23, "a second before two");
    assert_eq!(counted(&terms, &utc("2026-03-29T03:59:59Z")), 23);
    assert_eq!(counted(&terms, &utc("2026-03-29T04:00:00Z")), 15);
    // And a holiday is a day of its calendar's zone: 1 May begins at 22:00 UTC the day before.
    let holiday = weighed(15, vec![weight(WeighedWhen::HolidaysOf("jour".to_owned()), 2, 1)]);
    assert_eq!(counted(&holiday, &utc("2026-04-30T21:59:59Z")), 15);
    assert_eq!(counted(&holiday, &utc("2026-04-30T22:00:00Z")), 30);
}

#[test]
fn weighed_calls_past_the_meter_are_billed_for_what_they_count() {
    let mut terms = weighed(15, vec![weight(within("nuit"), 3, 2)]);
    if let MeterForm::MaxHours { minutes, .. } = &mut terms.meters[0].then.form {
        *minutes = 20;
    }
    // 23 counted, 20 left: 3/60 of 90.00.
    let told = charge(&terms, &at("2026-05-04T22:10", 7, &[])).value;
    assert_eq!((told.taken, told.covered, told.price), (20, false, Some(Money::eur(450))));
}

fn weighed_pack(when_empty: WhenEmpty, tickets: u32) -> Terms {
    let mut meter = pack(when_empty);
    if let MeterForm::TicketPack { tickets: pack, .. } = &mut meter.then.form {
        *pack = tickets;
    }
    meter.then.weights = vec![weight(within("nuit"), 3, 1)];
    Terms { meters: vec![meter], calendars: vec![night()], ..contract() }
}

#[test]
fn a_call_may_take_several_tickets_of_a_pack() {
    let call = |local| Call { meter: "carnet".to_owned(), ..at(local, 10, &[]) };
    let of = |terms: &Terms, local| charge(terms, &call(local)).value;
    let plenty = weighed_pack(WhenEmpty::Refuse, 120);
    assert_eq!((of(&plenty, "2026-05-04T10:00").taken, of(&plenty, "2026-05-04T23:00").taken), (1, 3));
    // Two are left of the three: the third is billed, or a pack is bought for it, or nobody pays it.
    let left = |when_empty| of(&weighed_pack(when_empty, 2), "2026-05-04T23:00");
    let billed = left(WhenEmpty::PerTicket { price: M19 });
    assert_eq!((billed.counted, billed.taken, billed.price), (3, 2, Some(M19)));
    let bought = left(WhenEmpty::NewPack { tickets: 20, price: M19 });
    assert_eq!((bought.taken, bought.new_pack, bought.price), (3, true, Some(M19)));
    let begun = left(WhenEmpty::Refuse);
    assert_eq!((begun.counted, begun.taken, begun.covered, begun.price), (3, 2, false, None));
    // A month's line counts the tickets sold, not the calls.
    let history = history(vec![(date(2026, 3, 1), weighed_pack(WhenEmpty::PerTicket { price: M19 }, 0))]);
    let calls = [call("2026-05-04T23:00"), call("2026-05-05T10:00")];
    let lines = crate::billing::extras(&history, date(2026, 5, 1), &[], &calls, instant("2026-05-31T23:00"));
    assert_eq!((lines[0].value.quantity, lines[0].value.net), (Fraction::from_integer(4), Money::eur(9600)));
}

#[test]
fn what_a_text_does_not_say_is_not_in_its_bytes() {
    let plain = serde_json::to_string(&weighed(0, vec![]).meters).unwrap();
    assert!(!plain.contains("minimum") && !plain.contains("weights"), "{plain}");
    let said = serde_json::to_string(&weighed(15, vec![weight(within("nuit"), 3, 2)]).meters).unwrap();
    assert!(said.contains(r#""weights":[{"when":{"within":"nuit"},"weight":"3/2"}]"#), "{said}");
    let call = serde_json::to_string(&call("heures", date(2026, 5, 4), 7, "P3")).unwrap();
    assert!(!call.contains("rule") && !call.contains("roles"), "{call}");
}

fn any_weight() -> impl Strategy<Value = CallWeight> {
    let when = prop_oneof![
        prop::sample::select(vec!["jour", "nuit"]).prop_map(within),
        prop::sample::select(vec!["jour", "nuit"]).prop_map(|l| WeighedWhen::Outside(l.to_owned())),
        Just(WeighedWhen::HolidaysOf("jour".to_owned())),
        prop::sample::select(CallTaker::ALL.to_vec()).prop_map(WeighedWhen::Role),
        prop::sample::select(vec!["P1", "P3"]).prop_map(|p| WeighedWhen::Priority(p.to_owned())),
    ];
    (when, 100..=1000i128).prop_map(|(when, hundredths)| weight(when, hundredths, 100))
}

proptest! {
    /// With weights of one or more a call never counts less than without, nor more than its greatest weight.
    #[test]
    fn weights_of_one_or_more_never_make_a_call_count_less(
        weights in prop::collection::vec(any_weight(), 0..5),
        minimum in 0..90u32,
        seconds in 0..31_536_000i64,
        minutes in 1..200u32,
        roles in prop::collection::vec(prop::sample::select(CallTaker::ALL.to_vec()), 0..3),
        priority in prop::sample::select(vec!["P1", "P2", "P3"]),
    ) {
        let greatest = weights.iter().map(|w| w.weight).max().unwrap_or(Fraction::from_integer(1));
        let at = instant("2026-03-01T00:00") + jiff::SignedDuration::from_secs(seconds);
        let call = Call { at, roles, ..call("heures", date(2026, 3, 1), minutes, priority) };
        let (plain, told) = (counted(&weighed(minimum, vec![]), &call), counted(&weighed(minimum, weights), &call));
        prop_assert!(told >= plain, "{told} < {plain}");
        prop_assert!(Fraction::from_integer(i128::from(told)) < Fraction::from_integer(i128::from(plain)) * greatest + Fraction::from_integer(1));
    }
}
