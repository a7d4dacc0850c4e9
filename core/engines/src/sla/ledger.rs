//! Every interval of a ticket's life and why it counted or not.

use jiff::Timestamp;

use super::measure::Measure;
use super::{Span, SpanKind};

/// The ledger of `[from, to)`: adjacent intervals of one kind are joined, and none is missing.
pub(super) fn ledger(measure: &Measure<'_>, from: Timestamp, to: Timestamp) -> Vec<Span> {
    let open: Vec<(Timestamp, Timestamp)> = measure.clock.intervals(from, to).collect();
    let mut cuts: Vec<Timestamp> = vec![from, to];
    cuts.extend(open.iter().flat_map(|&(a, b)| [a, b]));
    cuts.extend(measure.halts.iter().flat_map(|halt| [Some(halt.from), halt.to]).flatten());
    cuts.extend(measure.run.settled.iter().flat_map(|&(a, b)| [a, b]));
    cuts.extend([measure.run.start, measure.run.stop, measure.due].into_iter().flatten());
    cuts.retain(|cut| (from..=to).contains(cut));
    cuts.sort_unstable();
    cuts.dedup();

    let mut spans: Vec<Span> = Vec::new();
    for (&begin, &end) in cuts.iter().zip(cuts.iter().skip(1)) {
        let kind = kind(measure, &open, begin);
        match spans.last_mut() {
            Some(last) if last.kind == kind => last.to = end,
            _ => spans.push(Span { from: begin, to: end, kind }),
        }
    }
    spans
}

/// The intervals of `[from, to)` that count: open and not paused.
pub(super) fn counted(measure: &Measure<'_>, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let mut out = Vec::new();
    for (open, close) in measure.clock.intervals(from, to) {
        let mut cursor = open;
        for (begin, end) in measure.pauses.within(open, close) {
            if cursor < begin {
                out.push((cursor, begin));
            }
            cursor = cursor.max(end);
        }
        if cursor < close {
            out.push((cursor, close));
        }
    }
    out
}

/// What the time from this cut to the next one is.
fn kind(measure: &Measure<'_>, open: &[(Timestamp, Timestamp)], at: Timestamp) -> SpanKind {
    let run = &measure.run;
    let within = |&(begin, end): &(Timestamp, Timestamp)| begin <= at && at < end;
    if run.start.is_none_or(|start| at < start) {
        return SpanKind::Before;
    }
    if run.stop.is_some_and(|stop| stop <= at) || run.settled.iter().any(within) {
        return SpanKind::Settled;
    }
    let begun = open.partition_point(|(begin, _)| *begin <= at);
    if begun == 0 || open[begun - 1].1 <= at {
        return SpanKind::Closed;
    }
    let paused = measure.halts.iter().find(|h| h.counts && h.from <= at && h.to.is_none_or(|to| at < to));
    match paused {
        Some(halt) => SpanKind::Paused { reason: halt.label.to_owned() },
        None if measure.due.is_some_and(|due| due <= at) => SpanKind::Overdue,
        None => SpanKind::Counted,
    }
}
