//! The clocks of a ticket, with every interval, and why.

use base::{Because, Bilingual, Lang};
use engines::sla::{Clock, Span, SpanKind};
use jiff::Timestamp;

use super::PromiseWord;
use crate::api::because::{Article, Why, whys};
use crate::api::schema::{answer, key_of, words};

words! {
    /// How a promise stands.
    VerdictWord ["not_started", "running", "paused", "met", "late", "missed"];
    /// What an interval was: only `counted` and `overdue` consume the promised time.
    IntervalWord ["before", "counted", "overdue", "closed", "paused", "settled"];
}

answer! {
    /// One interval of a clock's life.
    Interval {
        from: Timestamp,
        to: Timestamp,
        what: IntervalWord,
        /// For a pause: the label of the contract's reason.
        pause: Option<String>,
    }

    /// One promise's clock.
    ClockAnswer {
        promise: PromiseWord,
        /// The promise in words.
        name: Bilingual,
        /// 1, and one more each time a reopening started it afresh.
        round: u32,
        /// The clause that governs.
        article: Article,
        /// In words.
        target: Bilingual,
        /// The label of the calendar it is counted on, and the zone of its days.
        calendar: String,
        zone: String,
        started: Option<Timestamp>,
        due: Option<Timestamp>,
        stopped: Option<Timestamp>,
        verdict: VerdictWord,
        /// Counted so far.
        elapsed_seconds: i64,
        /// Still to count, while it runs.
        remaining_seconds: Option<i64>,
        /// Past due, on its own clock: closed hours and pauses left out.
        late_seconds: i64,
        /// Past due, in real time.
        late_wall_seconds: i64,
        /// Every interval, in order, without gap.
        ledger: Vec<Interval>,
        /// Why this instant.
        reasons: Vec<Why>,
    }
}

impl From<Because<Clock>> for ClockAnswer {
    fn from(Because { value: clock, reasons }: Because<Clock>) -> ClockAnswer {
        ClockAnswer {
            promise: PromiseWord::of(clock.promise.key()),
            name: clock.promise.name(),
            round: clock.round,
            article: clock.from.into(),
            target: Bilingual::new(clock.target.short(Lang::Fr), clock.target.short(Lang::En)),
            calendar: clock.calendar,
            zone: clock.zone,
            started: clock.started,
            due: clock.due,
            stopped: clock.stopped,
            verdict: VerdictWord::of(key_of(&clock.verdict)),
            elapsed_seconds: clock.elapsed_seconds,
            remaining_seconds: clock.remaining_seconds,
            late_seconds: clock.late_seconds,
            late_wall_seconds: clock.late_wall_seconds,
            ledger: clock.ledger.into_iter().map(Interval::from).collect(),
            reasons: whys(reasons),
        }
    }
}

impl From<Span> for Interval {
    fn from(span: Span) -> Interval {
        let (what, pause) = match span.kind {
            SpanKind::Before => ("before", None),
            SpanKind::Counted => ("counted", None),
            SpanKind::Overdue => ("overdue", None),
            SpanKind::Closed => ("closed", None),
            SpanKind::Paused { reason } => ("paused", Some(reason)),
            SpanKind::Settled => ("settled", None),
        };
        Interval { from: span.from, to: span.to, what: IntervalWord::of(what), pause }
    }
}
