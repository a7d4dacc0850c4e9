//! Availability against two walks that know nothing of spans: second by second for the arithmetic,
//! minute by minute through a whole month for the rules of the clause.

use std::sync::LazyLock;

use base::fraction::Fraction;
use base::{Length, Provenance};
use engines::availability::{
    Loss, MaintenanceWindow, Measure, Outage, ServiceFacts, ServiceState, count, measures,
};
use engines::calendar::{ClockCache, ServiceClock};
use jiff::civil::{DateTime, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use terms::availability::{CountedIn, DowntimeStart, Maintenance, OutageOrigin, Unknown};
use terms::calendar::WeeklyCalendar;
use terms::commitment::Period;
use terms::{Availability, Calendar, Guard, History, Opening, Rule, Terms, Version};

fn paris() -> TimeZone {
    engines::calendar::zone("Europe/Paris").unwrap()
}

fn at(local: &str) -> Timestamp {
    paris().to_timestamp(local.parse::<DateTime>().unwrap()).unwrap()
}

fn plus(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap()
}

/// Office hours of Paris, read from the local time of an instant.
fn open(at: Timestamp) -> bool {
    let local = at.to_zoned(paris());
    let second = i32::from(local.hour()) * 3600 + i32::from(local.minute()) * 60 + i32::from(local.second());
    let working = local.weekday().to_monday_zero_offset() < 5;
    working && ((32_400..45_000).contains(&second) || (50_400..64_800).contains(&second))
}

fn hours() -> Calendar {
    let day: Vec<Opening> = ["09:00-12:30", "14:00-18:00"].map(|o| Opening::parse_span(o).unwrap()).to_vec();
    let mut week: [Vec<Opening>; 7] = Default::default();
    week[..5].fill(day);
    let zone = "Europe/Paris".to_owned();
    Calendar::Weekly(Box::new(WeeklyCalendar { zone, week, ..WeeklyCalendar::default() }))
}

fn rule<T>(label: &str, then: T) -> Rule<T> {
    let from = Provenance { label: label.to_owned(), ..Provenance::default() };
    Rule { from, when: Guard::default(), exception_to: None, then }
}

type Drawn = Vec<(i64, i64, u8)>;

fn spans(within: i64, most: i64) -> impl Strategy<Value = Drawn> {
    prop::collection::vec((0..within, 0..most, 0u8..5), 0..7)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Thirty hours across the autumn change, in seconds: day and night, then office hours.
    #[test]
    fn seconds_are_counted_one_by_one(
        losses in spans(108_000, 20_000),
        out in spans(108_000, 9_000),
        always in any::<bool>(),
    ) {
        let start = at("2026-10-23T07:00");
        let calendar = if always { Calendar::always("Europe/Paris".to_owned()) } else { hours() };
        let clock = ServiceClock::new(&calendar, start).unwrap();
        let end = plus(start, 108_000);
        let micros = |t: Timestamp| t.as_microsecond();
        let open_spans: Vec<_> = clock.intervals(start, end).map(|(a, b)| (micros(a), micros(b))).collect();
        let left_out: Vec<_> = out
            .iter()
            .map(|(from, length, _)| (micros(plus(start, *from)), micros(plus(start, from + length))))
            .collect();
        let losses: Vec<Loss> = losses
            .iter()
            .map(|(from, length, quarters)| Loss {
                from: plus(start, *from),
                until: plus(start, from + length),
                weight: Fraction::new(i128::from(*quarters), 4),
            })
            .collect();
        let counted = count(&open_spans, &left_out, &losses);

        let (mut agreed, mut lost) = (0i128, Fraction::from_integer(0));
        // Office hours open and close on whole minutes.
        let minutes: Vec<bool> = (0..1_800).map(|m| always || open(plus(start, m * 60))).collect();
        for second in 0..108_000 {
            let now = plus(start, second);
            let maintained = out.iter().any(|(from, length, _)| (*from..from + length).contains(&second));
            if maintained || !minutes[usize::try_from(second / 60).unwrap()] {
                continue;
            }
            agreed += 1;
            lost += losses
                .iter()
                .filter(|l| l.from <= now && now < l.until)
                .map(|l| l.weight)
                .max()
                .unwrap_or_default();
        }
        prop_assert_eq!(counted.agreed(), Fraction::from_integer(agreed));
        prop_assert_eq!(counted.lost(), lost);
        let mut last = start;
        for (from, until, _) in counted.lost_spans() {
            prop_assert!(last <= from && from < until);
            last = until;
        }
    }
}

fn clause() -> Availability {
    Availability {
        service: "erp".to_owned(),
        items: vec!["srv-erp".to_owned(), "base-erp".to_owned()],
        calendar: "ho".to_owned(),
        target: Fraction::new(995, 1000),
        per: Period::Month,
        counted_in: CountedIn::Time,
        degraded: Fraction::new(1, 2),
        starts: DowntimeStart::Earlier,
        maintenance: Maintenance::Excluded {
            notice: Length::Days(5),
            most_per_month: Some(4 * 3600),
            within: None,
        },
        unknown: Unknown::Excluded,
        not_counted: vec![OutageOrigin::Customer],
    }
}

fn terms(clause: Availability) -> Terms {
    Terms {
        zone: "Europe/Paris".to_owned(),
        calendars: vec![rule("ho", hours())],
        availabilities: vec![rule("dispo", clause)],
        ..Terms::default()
    }
}

fn measured(clause: Availability, facts: &ServiceFacts) -> Measure {
    let version = Version { hash: "v1".to_owned(), effective: date(2026, 3, 1), terms: terms(clause) };
    let history = History { versions: vec![version] };
    let mut all = measures(&history, date(2026, 3, 31), facts, None, &mut ClockCache::new());
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn minute(n: i64) -> Timestamp {
    plus(at("2026-03-01T00:00"), n * 60)
}

fn outage(n: usize, (from, length, draw): (i64, i64, u8), later: i64) -> Outage {
    let state = [ServiceState::Down, ServiceState::Degraded, ServiceState::Unknown][usize::from(draw) % 3];
    let origin = if draw == 4 { OutageOrigin::Customer } else { OutageOrigin::Provider };
    Outage {
        id: format!("o{n}"),
        items: vec![if draw == 3 { "erp" } else { "base-erp" }.to_owned()],
        detected: (draw != 1).then(|| minute(from)),
        declared: (draw != 2).then(|| minute(from + later)),
        ended: Some(minute(from + length)),
        state,
        users: Some(u32::from(draw) * 3),
        origin,
    }
}

fn window(n: usize, (from, length, draw): (i64, i64, u8)) -> MaintenanceWindow {
    let from = minute(from);
    let announced = plus(from, -86_400 * i64::from(draw + 2));
    let until = plus(from, length * 60);
    MaintenanceWindow { id: format!("m{n}"), items: vec!["srv-erp".to_owned()], from, until, announced }
}

/// March 2026: 743 hours, the 29th has 23.
const MINUTES: i64 = 743 * 60;

/// The open minutes of the month.
static OPEN: LazyLock<Vec<Timestamp>> =
    LazyLock::new(|| (0..MINUTES).map(minute).filter(|at| open(*at)).collect());

/// The figures again, minute by minute: seconds agreed and lost.
fn walk(clause: &Availability, facts: &ServiceFacts) -> (i64, Fraction) {
    let mut budget = 4 * 60;
    let (mut agreed, mut lost) = (0, Fraction::from_integer(0));
    // Five days on the wall, which the change of hour on the 29th makes shorter by an hour.
    let noticed = |w: &&MaintenanceWindow| {
        w.announced.to_zoned(paris()) + jiff::Span::new().days(5) <= w.from.to_zoned(paris())
    };
    let windows: Vec<&MaintenanceWindow> = facts.maintenance.iter().filter(noticed).collect();
    for now in OPEN.iter().copied() {
        let announced = windows.iter().any(|w| w.from <= now && now < w.until);
        if announced && budget > 0 {
            budget -= 1;
            continue;
        }
        let mut worst: Option<Fraction> = None;
        let mut blind = false;
        for o in &facts.outages {
            let first = o.detected.into_iter().chain(o.declared).min();
            let runs = |from: Option<Timestamp>| from.is_some_and(|f| f <= now) && now < o.ended.unwrap();
            match o.state {
                ServiceState::Unknown => blind |= runs(o.detected.or(o.declared)),
                _ if o.origin == OutageOrigin::Customer => {}
                state if runs(first) => {
                    let of_state = if state == ServiceState::Down { 2 } else { 1 };
                    let users = match clause.counted_in {
                        CountedIn::UserMinutes { users } => {
                            Fraction::new(i128::from(o.users.unwrap().min(users)), i128::from(users))
                        }
                        CountedIn::Time => Fraction::from_integer(1),
                    };
                    let weight = users * Fraction::new(of_state, 2);
                    if weight > Fraction::from_integer(0) {
                        worst = worst.max(Some(weight));
                    }
                }
                _ => {}
            }
        }
        match worst {
            Some(weight) => (agreed, lost) = (agreed + 60, lost + weight * Fraction::from_integer(60)),
            None if blind => {}
            None => agreed += 60,
        }
    }
    (agreed, lost)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_months_rules_are_applied_minute_by_minute(
        outages in prop::collection::vec(((0..MINUTES, 0..2_000i64, 0u8..5), 0..120i64), 0..8),
        windows in spans(MINUTES, 900),
        by_user in any::<bool>(),
    ) {
        let mut clause = clause();
        if by_user {
            clause.counted_in = CountedIn::UserMinutes { users: 10 };
        }
        let facts = ServiceFacts {
            outages: outages.iter().enumerate().map(|(n, (drawn, later))| outage(n, *drawn, *later)).collect(),
            maintenance: windows.iter().enumerate().map(|(n, drawn)| window(n, *drawn)).collect(),
        };
        let (agreed, lost) = walk(&clause, &facts);
        let measure = measured(clause, &facts);
        let times = Fraction::from_integer(if by_user { 10 } else { 1 });
        prop_assert_eq!(measure.result.value.agreed, Fraction::from_integer(i128::from(agreed)) * times);
        prop_assert_eq!(measure.result.value.lost, lost * times);
    }
}
