//! A small contract, written as data, and timelines in Paris time.

use std::collections::{BTreeMap, BTreeSet};

use base::{Lang, Length, Provenance};
use engines::calendar::ClockCache;
use engines::sla::{self, Clock, Timeline, What};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use terms::calendar::WeeklyCalendar;
use terms::commitment::{
    AmendmentPolicy, PauseProof, PriorityChangePolicy, ReopenPolicy, StartEvent, StopEvent,
};
use terms::rule::Rule;
use terms::{
    Calendar, Commitment, Dimension, Facts, Guard, History, Opening, PauseRule, Promise, Terms, Version,
};

pub fn paris() -> TimeZone {
    engines::calendar::zone("Europe/Paris").unwrap()
}

/// `2026-03-02T09:00`, in Paris.
pub fn at(local: &str) -> Timestamp {
    paris().to_timestamp(local.parse::<DateTime>().unwrap()).unwrap()
}

pub fn weekdays(openings: &[&str], holidays: &[&str]) -> Calendar {
    let day: Vec<Opening> = openings.iter().map(|o| Opening::parse_span(o).unwrap()).collect();
    let mut week: [Vec<Opening>; 7] = Default::default();
    week[..5].fill(day);
    Calendar::Weekly(Box::new(WeeklyCalendar {
        zone: "Europe/Paris".to_owned(),
        week,
        holidays: holidays.iter().map(|d| d.parse::<Date>().unwrap()).collect(),
        ..WeeklyCalendar::default()
    }))
}

pub fn rule<T>(label: &str, article: &str, then: T) -> Rule<T> {
    let from = Provenance {
        contract: "CTR-2026-001".to_owned(),
        article: article.to_owned(),
        label: label.to_owned(),
        ..Provenance::default()
    };
    Rule { from, when: Guard::default(), exception_to: None, then }
}

pub fn commitment(promise: Promise, within: &str, stops: StopEvent) -> Commitment {
    Commitment {
        promise,
        within: Length::parse(within).unwrap(),
        calendar: "ho".to_owned(),
        starts: StartEvent::Declared,
        stops,
        on_amendment: AmendmentPolicy::FrozenAtOpen,
        on_priority_change: PriorityChangePolicy::RetargetFromOpen,
        on_reopen: ReopenPolicy::Resume,
        reopen_within: Some(Length::WorkingDays(5)),
    }
}

pub fn priority(value: &str) -> Facts {
    Facts::default().with(Dimension::Priority, value)
}

/// Respond in 2 h; restore in 15 h, P1 in 4 h; resolve in 5 working days; two reasons to pause.
pub fn terms() -> Terms {
    let hours = weekdays(&["09:00-12:30", "14:00-18:00"], &["2026-04-06", "2026-05-01"]);
    let base =
        rule("delai-base", "Article 7", commitment(Promise::Restore, "15 h", StopEvent::ServiceRestored));
    let mut p1 = rule("delai-p1", "Article 7", Commitment { within: Length::hours(4), ..base.then.clone() });
    p1.exception_to = Some("delai-base".to_owned());
    p1.when.values = BTreeMap::from([(Dimension::Priority, BTreeSet::from(["P1".to_owned()]))]);
    let respond = commitment(Promise::Respond, "2 h", StopEvent::FirstHumanAct);
    let resolve = commitment(Promise::Resolve, "5 working_days", StopEvent::Resolved);
    let pause = |reason: &str, stops: &[Promise], ends_after| PauseRule {
        reason: reason.to_owned(),
        stops: stops.to_vec(),
        proof: PauseProof::None,
        ends_after,
    };
    Terms {
        contract: "CTR-2026-001".to_owned(),
        zone: "Europe/Paris".to_owned(),
        calendars: vec![rule("ho", "Article 5", hours)],
        commitments: vec![
            rule("prise-en-charge", "Article 6", respond),
            base,
            p1,
            rule("resolution", "Article 8", resolve),
        ],
        pauses: vec![
            rule(
                "client",
                "Article 9",
                pause("Attente du Client", &[Promise::Restore, Promise::Resolve], None),
            ),
            rule(
                "tiers",
                "Article 9",
                pause("Attente d'un tiers", &[Promise::Restore], Some(Length::hours(2))),
            ),
        ],
        ..Terms::default()
    }
}

/// Changes every commitment.
pub fn with(change: impl Fn(&mut Commitment)) -> Terms {
    let mut terms = terms();
    terms.commitments.iter_mut().for_each(|rule| change(&mut rule.then));
    terms
}

pub fn signed(terms: Terms) -> History {
    let effective = "2026-03-01".parse().unwrap();
    History { versions: vec![Version { hash: "v1".to_owned(), effective, terms }] }
}

pub fn amended(terms: Terms, effective: &str, later: Terms) -> History {
    let mut history = signed(terms);
    let effective = effective.parse().unwrap();
    history.versions.push(Version { hash: "v2".to_owned(), effective, terms: later });
    history
}

/// Steps such as `("2026-03-02T10:00", What::Resumed)`.
pub fn ticket(opened: &str, facts: Facts, steps: Vec<(&str, What)>) -> Timeline {
    steps.into_iter().fold(Timeline::new(at(opened), facts), |t, (when, what)| t.then(at(when), what))
}

/// One line for each clock of the promise; times in Paris.
pub fn shown(history: &History, timeline: &Timeline, now: &str, promise: Promise) -> String {
    let clocks = sla::clocks(history, "v1", timeline, at(now), &mut ClockCache::new()).unwrap();
    let lines: Vec<String> =
        clocks.iter().map(|c| &c.value).filter(|c| c.promise == promise).map(line).collect();
    lines.join("\n")
}

pub fn line(clock: &Clock) -> String {
    let local = |t: Option<Timestamp>| match t {
        Some(t) => t.to_zoned(paris()).strftime("%m-%d %H:%M").to_string(),
        None => "-".to_owned(),
    };
    let minutes = |s: i64| if s % 60 == 0 { format!("{}", s / 60) } else { format!("{s} s") };
    format!(
        "[{}] due {}, {} counted, {} left, late {}/{}: {:?}",
        clock.label,
        local(clock.due),
        minutes(clock.elapsed_seconds),
        clock.remaining_seconds.map_or("-".to_owned(), minutes),
        minutes(clock.late_seconds),
        minutes(clock.late_wall_seconds),
        clock.verdict,
    )
}

/// The reasons of the last clock of the promise, with their citations.
pub fn why(history: &History, timeline: &Timeline, now: &str, promise: Promise, lang: Lang) -> String {
    let clocks = sla::clocks(history, "v1", timeline, at(now), &mut ClockCache::new()).unwrap();
    let clock = clocks.iter().rev().find(|c| c.value.promise == promise).unwrap();
    let lines: Vec<String> = clock.reasons.iter().map(|reason| reason.show(lang)).collect();
    lines.join("\n").replace(['\u{a0}', '\u{202f}'], " ")
}
