//! Due instants and elapsed times per second, on one core.
//!
//! `cargo run --release -p bench --bin clock`
//!
//! The calendar is the ordinary one: two openings each weekday and eleven public holidays. Starts are
//! spread over a year and targets from half an hour to forty hours, so that searches end everywhere.
//! Targets: two million due instants per second without pauses, half a million with three.

use std::hint::black_box;
use std::time::{Duration, Instant};

use engines::calendar::{Pauses, ServiceClock};
use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use terms::calendar::WeeklyCalendar;
use terms::{Calendar, Opening};

/// How many different questions are asked in turn.
const QUESTIONS: usize = 8192;

struct Question {
    start: Timestamp,
    target_seconds: i64,
    asked_at: Timestamp,
    pauses: [(Timestamp, Option<Timestamp>); 3],
}

fn main() {
    let calendar = office_hours();
    let questions = questions();
    let around = questions[0].start;

    let began = Instant::now();
    let compiled = 200;
    for _ in 0..compiled {
        black_box(ServiceClock::new(black_box(&calendar), around).expect("the zone is known"));
    }
    let each = began.elapsed().as_secs_f64() / f64::from(compiled);
    println!("compile, two-year window            {:>10.1} µs", each * 1e6);

    let clock = ServiceClock::new(&calendar, around).expect("the zone is known");
    let united: Vec<Pauses> = questions.iter().map(|q| Pauses::new(q.pauses)).collect();
    let three = || questions.iter().zip(&united);

    measure("due", 2e6, || {
        questions.iter().filter(|q| clock.due(q.start, q.target_seconds, &Pauses::NONE).is_some()).count()
    });
    measure("due, three pauses", 0.5e6, || {
        three().filter(|(q, pauses)| clock.due(q.start, q.target_seconds, pauses).is_some()).count()
    });
    measure("due, three pauses, united each time", 0.5e6, || {
        questions
            .iter()
            .filter(|q| clock.due(q.start, q.target_seconds, &Pauses::new(q.pauses)).is_some())
            .count()
    });
    measure("elapsed", 2e6, || {
        questions.iter().filter(|q| clock.elapsed(q.start, q.asked_at, &Pauses::NONE) >= 0).count()
    });
    measure("elapsed, three pauses", 0.5e6, || {
        three().filter(|(q, pauses)| clock.elapsed(q.start, q.asked_at, pauses) >= 0).count()
    });
    measure("due, five working days", 0.0, || {
        questions.iter().filter(|q| clock.due_working_days(q.start, 5, &Pauses::NONE).is_some()).count()
    });
}

/// Asks every question again and again for a second, three times, and prints the best.
fn measure(what: &str, target: f64, mut all: impl FnMut() -> usize) {
    let mut best = 0f64;
    for _ in 0..3 {
        let began = Instant::now();
        let mut answered = 0usize;
        while began.elapsed() < Duration::from_secs(1) {
            let answers = black_box(all());
            assert_eq!(answers, QUESTIONS, "every question has an answer");
            answered += answers;
        }
        best = best.max(answered as f64 / began.elapsed().as_secs_f64());
    }
    let verdict = match target {
        0.0 => String::new(),
        target if best >= target => format!("  target {:.1} M/s: met", target / 1e6),
        target => format!("  target {:.1} M/s: MISSED", target / 1e6),
    };
    println!("{what:<36}{:>10.2} M/s{verdict}", best / 1e6);
}

fn office_hours() -> Calendar {
    let day: Vec<Opening> =
        ["09:00-12:30", "14:00-18:00"].iter().filter_map(|span| Opening::parse_span(span)).collect();
    let mut week: [Vec<Opening>; 7] = Default::default();
    week[..5].fill(day);
    let holidays =
        [(1, 1), (4, 6), (5, 1), (5, 8), (5, 14), (5, 25), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)];
    Calendar::Weekly(Box::new(WeeklyCalendar {
        zone: "Europe/Paris".to_owned(),
        week,
        holidays: holidays.into_iter().map(|(month, day)| date(2026, month, day)).collect(),
        ..WeeklyCalendar::default()
    }))
}

fn questions() -> Vec<Question> {
    let new_year = TimeZone::UTC.to_timestamp(date(2026, 1, 1).at(0, 0, 0, 0)).expect("a plain date");
    // Knuth's multiplicative generator: the same questions at each run.
    let mut state = 20_261_103u64;
    let mut next = |below: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(state >> 33).expect("31 bits") % below
    };
    let after = |at: Timestamp, seconds: i64| at + SignedDuration::from_secs(seconds);
    (0..QUESTIONS)
        .map(|_| {
            let start = after(new_year, next(365 * 86_400));
            let mut pause = || {
                let from = after(start, next(3 * 86_400));
                (from, Some(after(from, 600 + next(86_400))))
            };
            let pauses = [pause(), pause(), pause()];
            let target_seconds = 1800 * (1 + next(80));
            Question { start, target_seconds, asked_at: after(start, next(20 * 86_400)), pauses }
        })
        .collect()
}
