//! The engine against a walk: minute by minute, is the local date and time inside an opening (C2)?
//!
//! The walk knows nothing of spans, offsets or searches. Openings and pauses fall on whole minutes, and
//! so do the shifts of every zone below over the years drawn, so a minute is open or closed as a whole.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use engines::calendar::{Pauses, ServiceClock, open_at, zone};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::*;
use terms::calendar::{CalendarVersion, WeeklyCalendar};
use terms::{Calendar, Opening};

const ZONES: [&str; 16] = [
    "Europe/Paris",
    "Europe/London",
    "Pacific/Noumea",
    "Australia/Lord_Howe",
    "Indian/Reunion",
    "America/New_York",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/St_Johns",
    "Pacific/Chatham",
    "Africa/Cairo",
    "America/Havana",
    "Asia/Beirut",
    "Australia/Adelaide",
    "America/Santiago",
    "UTC",
];

/// Whether a calendar is open at an instant, read straight from the conventions.
fn open(calendar: &Calendar, at: Timestamp) -> bool {
    match calendar {
        Calendar::Weekly(weekly) => {
            let local = known_zone(&weekly.zone).to_datetime(at);
            let second = local.hour() as u32 * 3600 + local.minute() as u32 * 60 + local.second() as u32;
            hours(weekly, local.date()).iter().any(|o| o.open <= second && second < o.close)
        }
        Calendar::Intersection(of) => of.iter().all(|c| open(c, at)),
        Calendar::Union(of) => of.iter().any(|c| open(c, at)),
        Calendar::Complement(of) => !open(of, at),
        Calendar::Versions(of) => of.iter().rfind(|v| begun(v, at)).is_some_and(|v| open(&v.calendar, at)),
    }
}

/// Looked up once: a walk asks for it a million times.
fn known_zone(name: &str) -> &'static TimeZone {
    static KNOWN: LazyLock<BTreeMap<&str, TimeZone>> =
        LazyLock::new(|| ZONES.iter().map(|name| (*name, zone(name).unwrap())).collect());
    &KNOWN[name]
}

/// C3, spelled out again.
fn hours(weekly: &WeeklyCalendar, day: Date) -> &[Opening] {
    let usual = &weekly.week[day.weekday().to_monday_zero_offset() as usize];
    match weekly.exceptions.get(&day) {
        Some(kept) => kept,
        None if weekly.closed.contains(&day) => &[],
        None if weekly.holidays.contains(&day) => &weekly.holiday_hours,
        None => usual,
    }
}

fn begun(version: &CalendarVersion, at: Timestamp) -> bool {
    version
        .from_local
        .is_none_or(|from| known_zone(version.calendar.zone().unwrap()).to_timestamp(from).unwrap() <= at)
}

struct Walk {
    start: Timestamp,
    /// Whether each minute from `start` on counts.
    counts: Vec<bool>,
}

impl Walk {
    fn new(
        calendar: &Calendar,
        start: Timestamp,
        pauses: &[(Timestamp, Option<Timestamp>)],
        minutes: usize,
    ) -> Walk {
        let counts = (0..minutes).map(|m| {
            let at = plus(start, m as i64);
            let paused = pauses.iter().any(|(from, to)| *from <= at && to.is_none_or(|to| at < to));
            !paused && open(calendar, at)
        });
        Walk { start, counts: counts.collect() }
    }

    fn elapsed(&self, minutes: usize) -> i64 {
        60 * self.counts[..minutes].iter().filter(|c| **c).count() as i64
    }

    fn due(&self, target: i64) -> Option<Timestamp> {
        if target == 0 {
            return Some(self.start);
        }
        let counted = self.counts.iter().enumerate().filter(|(_, c)| **c).map(|(m, _)| m as i64);
        counted.skip(target as usize - 1).map(|m| plus(self.start, m + 1)).next()
    }
}

fn plus(at: Timestamp, minutes: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_mins(minutes)).unwrap()
}

fn openings() -> impl Strategy<Value = Vec<Opening>> {
    let quarter = (0u32..96, 1u32..48)
        .prop_map(|(open, length)| Opening { open: open * 900, close: (open + length).min(96) * 900 });
    let odd = (0u32..1440, 1u32..700)
        .prop_map(|(open, length)| Opening { open: open * 60, close: (open + length).min(1440) * 60 });
    let night = Just(Opening { open: 0, close: 3 * 3600 + 900 });
    prop_oneof![
        2 => Just(vec![]),
        3 => prop::collection::vec(prop_oneof![quarter, odd, night], 1..3),
        1 => Just(vec![Opening::ALL_DAY]),
    ]
}

fn weekly(around: Date) -> impl Strategy<Value = Calendar> {
    let days = || prop::collection::btree_set((-2i64..14).prop_map(move |d| around + d.days()), 0..3);
    let exceptions =
        prop::collection::btree_map((-2i64..14).prop_map(move |d| around + d.days()), openings(), 0..2);
    let week = prop::array::uniform7(openings());
    (prop::sample::select(&ZONES[..]), week, days(), openings(), days(), exceptions).prop_map(
        |(zone, week, holidays, holiday_hours, closed, exceptions)| {
            let zone = zone.to_owned();
            Calendar::Weekly(Box::new(WeeklyCalendar {
                zone,
                week,
                holidays,
                holiday_hours,
                closed,
                exceptions,
            }))
        },
    )
}

fn calendar(around: Date) -> BoxedStrategy<Calendar> {
    let leaf = weekly(around);
    let composed = leaf.prop_recursive(2, 5, 2, move |inner| {
        let pair = || prop::collection::vec(inner.clone(), 1..3);
        let versions = (prop::option::of(0i64..6), 6i64..12, inner.clone(), inner.clone(), 0i8..24).prop_map(
            move |(first, second, a, b, hour)| {
                let from = |d: i64| (around + d.days()).at(hour, 0, 0, 0);
                Calendar::Versions(vec![
                    CalendarVersion { from_local: first.map(from), calendar: a },
                    CalendarVersion { from_local: Some(from(second)), calendar: b },
                ])
            },
        );
        prop_oneof![
            pair().prop_map(Calendar::Intersection),
            pair().prop_map(Calendar::Union),
            inner.clone().prop_map(|c| Calendar::Complement(Box::new(c))),
            versions,
        ]
    });
    prop_oneof![2 => weekly(around), 3 => composed].boxed()
}

const WALK: usize = 9 * 1440;

/// Days on which some of the zones change their clocks, and days on which none does.
fn day() -> impl Strategy<Value = Date> {
    let near_a_change = prop::sample::select(vec![
        date(2026, 3, 7),
        date(2026, 3, 28),
        date(2026, 10, 24),
        date(2026, 10, 31),
        date(2026, 4, 4),
        date(2026, 2, 14),
        date(2027, 4, 29),
        date(2023, 10, 28),
    ]);
    prop_oneof![
        3 => (near_a_change, -6i64..2).prop_map(|(d, shift)| d + shift.days()),
        1 => (0i64..2500).prop_map(|d| date(2022, 1, 1) + d.days()),
    ]
}

type Drawn = (Calendar, Timestamp, Vec<(Timestamp, Option<Timestamp>)>);

fn drawn() -> impl Strategy<Value = Drawn> {
    let pause = (0i64..6 * 1440, prop_oneof![9 => (1i64..2000).prop_map(Some), 1 => Just(None)]);
    (day(), 0i64..1440, prop::collection::vec(pause, 0..4)).prop_flat_map(|(day, minute, pauses)| {
        let start = plus(TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap(), minute);
        let pauses: Vec<_> = pauses
            .into_iter()
            .map(|(from, length)| (plus(start, from), length.map(|length| plus(start, from + length))))
            .collect();
        (calendar(day), Just(start), Just(pauses))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_agrees_with_the_walk(
        (calendar, start, pauses) in drawn(),
        asked in prop::collection::vec(0usize..WALK, 4),
        share in 0u32..=110,
        compiled_years_off in prop::sample::select(vec![0i64, 0, 5]),
    ) {
        let walk = Walk::new(&calendar, start, &pauses, WALK);
        // Compiled around another time, the answers come from the far windows, and are the same.
        let around = plus(start, -compiled_years_off * 525_600);
        let clock = ServiceClock::new(&calendar, around).unwrap();
        let united = Pauses::new(pauses.iter().copied());
        for minutes in asked {
            let at = plus(start, minutes as i64);
            prop_assert_eq!(clock.elapsed(start, at, &united), walk.elapsed(minutes), "elapsed at {}", at);
            prop_assert_eq!(clock.is_open(at), open(&calendar, at), "open at {}", at);
            prop_assert_eq!(open_at(&calendar, at).unwrap(), open(&calendar, at), "looked up at {}", at);
        }
        let total = walk.elapsed(WALK) / 60;
        let target = total * i64::from(share) / 100;
        let due = clock.due(start, target * 60, &united);
        if target <= total {
            prop_assert_eq!(due, walk.due(target), "target {} of {} minutes", target, total);
        } else {
            prop_assert!(due.is_none_or(|due| due > plus(start, WALK as i64)));
        }
    }

    #[test]
    fn intervals_and_changes_agree_with_the_walk((calendar, start, _) in drawn()) {
        let walk = Walk::new(&calendar, start, &[], 3 * 1440);
        let end = plus(start, 3 * 1440);
        let clock = ServiceClock::new(&calendar, start).unwrap();
        let intervals: Vec<_> = clock.intervals(start, end).collect();
        for pair in intervals.windows(2) {
            prop_assert!(pair[0].1 < pair[1].0, "sorted, disjoint, not touching");
        }
        for (minute, open) in walk.counts.iter().enumerate() {
            let at = plus(start, minute as i64);
            let inside = intervals.iter().any(|(from, to)| *from <= at && at < *to);
            prop_assert_eq!(inside, *open, "interval at {}", at);
        }
        let first = walk.counts[0];
        let change = walk.counts.iter().position(|open| *open != first).map(|m| plus(start, m as i64));
        match change {
            Some(change) => prop_assert_eq!(clock.next_change(start), Some(change)),
            None => prop_assert!(clock.next_change(start).is_none_or(|change| change >= end)),
        }
    }

    #[test]
    fn working_days_agree_with_the_walk((calendar, start, _) in drawn(), days in 1usize..6) {
        let tz = zone(calendar.zone().unwrap()).unwrap();
        let received = start.to_zoned(tz.clone()).date();
        // The last open minute of each later local day.
        let mut closes: Vec<(Date, Timestamp)> = Vec::new();
        for minute in 0..WALK as i64 {
            let at = plus(start, minute);
            let day = tz.to_datetime(at).date();
            if day > received && open(&calendar, at) {
                match closes.last_mut() {
                    Some(last) if last.0 == day => last.1 = plus(at, 1),
                    _ => closes.push((day, plus(at, 1))),
                }
            }
        }
        let due = ServiceClock::new(&calendar, start).unwrap().due_working_days(start, days as u32, &Pauses::NONE);
        // The last day of the walk is cut short, so its close is not known.
        let known = plus(start, WALK as i64 - 2 * 1440);
        match closes.get(days - 1).filter(|(_, close)| *close < known) {
            Some((_, close)) => prop_assert_eq!(due, Some(*close)),
            None => prop_assert!(due.is_none_or(|due| due >= known)),
        }
    }
}

#[test]
fn the_draw_is_not_vacuous() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let draws: Vec<Drawn> = (0..60).map(|_| drawn().new_tree(&mut runner).unwrap().current()).collect();
    let partly = draws
        .iter()
        .filter(|(calendar, start, pauses)| {
            let counted = Walk::new(calendar, *start, pauses, WALK).elapsed(WALK) / 60;
            0 < counted && counted < WALK as i64
        })
        .count();
    let composed = draws.iter().filter(|d| !matches!(d.0, Calendar::Weekly(_))).count();
    let paused = draws.iter().filter(|d| d.2.len() > 1).count();
    assert!(
        partly > 35 && composed > 15 && paused > 15,
        "{partly} partly open, {composed} composed, {paused} paused"
    );
}

#[test]
fn far_away_and_never() {
    let at = |t: &str| t.parse::<Timestamp>().unwrap();
    let mut week: [Vec<Opening>; 7] = Default::default();
    week[0] = vec![Opening::parse_span("09:00-10:00").unwrap()];
    let mondays = WeeklyCalendar { zone: "Europe/Paris".to_owned(), week, ..WeeklyCalendar::default() };
    let start = at("2026-03-02T08:00:00Z");
    let clock = ServiceClock::new(&Calendar::Weekly(Box::new(mondays)), start).unwrap();
    // 522 Mondays from 2 March 2026 to 25 February 2036, both included; the ten years end on 2 March.
    assert_eq!(clock.due(start, 522 * 3600, &Pauses::NONE), Some(at("2036-02-25T09:00:00Z")));
    assert_eq!(clock.due(start, 523 * 3600, &Pauses::NONE), None);
    assert_eq!(clock.elapsed(start, at("2056-03-02T08:00:00Z"), &Pauses::NONE), 1566 * 3600);
    assert_eq!(clock.due_working_days(start, 521, &Pauses::NONE), Some(at("2036-02-25T09:00:00Z")));
    assert_eq!(clock.due_working_days(start, 523, &Pauses::NONE), None);
    let never =
        Calendar::Weekly(Box::new(WeeklyCalendar { zone: "UTC".to_owned(), ..WeeklyCalendar::default() }));
    let never = ServiceClock::new(&never, start).unwrap();
    assert_eq!((never.due(start, 1, &Pauses::NONE), never.next_change(start)), (None, None));
    let always = ServiceClock::new(&Calendar::always("UTC"), start).unwrap();
    assert_eq!(always.next_change(start), None);
    assert_eq!(always.intervals(start, at("2060-01-01T00:00:00Z")).count(), 1);
}

#[test]
fn clocks_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<ServiceClock>();
}
