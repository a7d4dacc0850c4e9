//! A ticket's clocks, from the engine's ledger to the drawing.

use app::ticket::TicketPage;
use engines::sla::{Clock, SpanKind};
use jiff::Timestamp;
use terms::Terms;

use super::super::{rows, words};
use crate::design::clock_bar::{ClockBar, Interval, IntervalKind};
use crate::design::{CustomerRef, Lang};
use crate::pages::ticket as view;

pub(super) fn clock(
    clock: &Clock,
    reasons: &[base::Reason],
    customer: &CustomerRef,
    found: &TicketPage,
    lang: Lang,
) -> view::Clock {
    let promise = rows::promise(clock.promise);
    let target = clock.target_seconds.unwrap_or_default();
    let zoned = |at: Timestamp| words::in_zone(at, &clock.zone);
    let id = format!("clock-{}-{}", clock.promise.key(), clock.round);
    let word = promise.word(lang);
    let stopped = clock.stopped.map(|at| (zoned(at), promise.done(lang).into()));
    let bar = ClockBar {
        id,
        title: format!("{word}, {} {}", lang.t("ticket", "ticket"), found.ticket.number),
        intervals: intervals(clock, customer, found, lang),
        due: clock.due.map(zoned),
        now: clock.stopped.is_none().then(|| zoned(found.at)),
        stopped,
    };
    view::Clock {
        promise,
        progress: rows::progress(clock.verdict, clock.elapsed_seconds, target),
        elapsed_minutes: words::minutes(clock.elapsed_seconds),
        target_minutes: words::minutes(target),
        calendar: calendar(&clock.calendar, lang),
        bar,
        reasons: words::reasons(reasons, Some(customer), lang),
        alarms: Vec::new(),
    }
}

/// Who is told next of each clock that runs, in their order: `warned` is the letter before the soonest due
/// instant; the level is the next that nobody was told of.
pub(super) fn alarms(
    found: &TicketPage,
    terms: &Terms,
    warned: Option<&(Timestamp, Vec<String>)>,
    lang: Lang,
) -> Vec<Vec<view::Alarm>> {
    let of = |clock: &Clock| {
        if clock.stopped.is_some() {
            return Vec::new();
        }
        let zoned = |at| words::in_zone(at, &clock.zone);
        let soonest = clock.due.map(Timestamp::as_microsecond) == found.ticket.due;
        let letter = warned.filter(|_| soonest && clock.due.is_some());
        let letter = letter.map(|(at, to)| view::Alarm { at: zoned(*at), level: None, to: to.join(", ") });
        let levels = found.levels.iter().filter_map(|shown| {
            let level = &shown.level.value;
            let waits = shown.told.is_none() && !level.reached && !level.averted;
            let own = (level.promise, level.round) == (clock.promise, clock.round);
            // Those who may no longer read the ticket are told nothing; the clause has its turn after them.
            let placed: Vec<&str> =
                shown.placed.iter().filter(|on| on.reads).map(|on| on.name.as_str()).collect();
            let to = match placed.is_empty() {
                true => engines::sla::told(words::core(lang), terms, level),
                false => placed.join(", "),
            };
            let alarm = view::Alarm { at: zoned(level.at?), level: Some(level.level), to };
            (waits && own).then_some(alarm)
        });
        let mut all: Vec<view::Alarm> =
            letter.into_iter().chain(levels.min_by_key(|one| one.at.timestamp())).collect();
        all.sort_by_key(|one| one.at.timestamp());
        all
    };
    found.clocks.iter().map(|clock| of(&clock.value)).collect()
}

/// How a calendar is named beside a duration: in words when it never closes, else by its label.
fn calendar(label: &str, lang: Lang) -> String {
    if label == "24x7" {
        return lang.t("jour et nuit", "day and night").into();
    }
    format!("{} ({label})", lang.t("heures de service", "service hours"))
}

/// The ledger, and what was left unused when the clock stopped before its due instant.
fn intervals(clock: &Clock, customer: &CustomerRef, found: &TicketPage, lang: Lang) -> Vec<Interval> {
    let mut all: Vec<Interval> =
        clock.ledger.iter().filter_map(|s| interval(s, clock, customer, found, lang)).collect();
    if let (Some(stopped), Some(due)) = (clock.stopped, clock.due)
        && stopped < due
    {
        all.push(Interval {
            from: words::in_zone(stopped, &clock.zone),
            to: words::in_zone(due, &clock.zone),
            // Drawn to scale when short; squeezed like closed hours when it would hide the rest.
            kind: if due.duration_since(stopped).as_hours() < 12 {
                IntervalKind::Counted
            } else {
                IntervalKind::Closed
            },
            counted_minutes: 0,
            why: lang.t("temps non utilisé", "time not used").into(),
            article: None,
        });
    }
    all
}

fn interval(
    span: &engines::sla::Span,
    clock: &Clock,
    customer: &CustomerRef,
    found: &TicketPage,
    lang: Lang,
) -> Option<Interval> {
    let seconds = span.to.duration_since(span.from).as_secs();
    let terms = &found.agreement.version(&found.ticket.version).ok()?.terms;
    let (kind, counted, why, clause) = match &span.kind {
        SpanKind::Before => return None,
        SpanKind::Settled => return None,
        SpanKind::Counted => (
            IntervalKind::Counted,
            seconds,
            lang.t("heures de service", "service hours").into(),
            Some(&clock.from),
        ),
        SpanKind::Overdue => {
            (IntervalKind::Counted, seconds, lang.t("dépassement", "past due").into(), Some(&clock.from))
        }
        SpanKind::Closed => {
            let calendar = terms.calendar(&clock.calendar, &found.ticket.facts).map(|r| &r.from);
            (
                IntervalKind::Closed,
                0,
                lang.t("hors heures de service", "outside service hours").into(),
                calendar,
            )
        }
        SpanKind::Paused { reason } => {
            let rule = terms.pauses.iter().find(|p| p.label() == reason);
            let text = rule.map_or_else(|| reason.clone(), |r| r.then.reason.clone());
            (IntervalKind::Paused, 0, text, rule.map(|r| &r.from))
        }
    };
    Some(Interval {
        from: words::in_zone(span.from, &clock.zone),
        to: words::in_zone(span.to, &clock.zone),
        kind,
        counted_minutes: words::minutes(counted),
        why,
        article: clause.map(|c| {
            let href = customer.contract.as_ref().map(|_| words::clause_href(customer, c));
            (words::short_article(&c.article), href)
        }),
    })
}
