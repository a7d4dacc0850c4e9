//! The arithmetic: open time, less what is left out, and the union of weighted losses in it.

use std::collections::BTreeMap;

use base::fraction::Fraction;
use jiff::Timestamp;

use crate::calendar::spans::{self, complement, intersection, normalise};

/// `[from, until)` in microseconds since 1970.
pub(super) type Micros = spans::Span;

/// A span in which the service is lost, wholly or in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    pub from: Timestamp,
    pub until: Timestamp,
    /// From 0 to 1: what a second of it counts for. For some of the users, their share of all.
    pub weight: Fraction,
}

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Agreed time: sorted, disjoint.
    agreed: Vec<Micros>,
    /// Open time that was left out of it: sorted, disjoint.
    left_out: Vec<Micros>,
    /// Lost parts of agreed time with their weight: sorted, disjoint.
    lost: Vec<(Micros, Fraction)>,
}

impl Count {
    /// Seconds agreed, exactly.
    pub fn agreed(&self) -> Fraction {
        seconds(total(&self.agreed))
    }

    /// Seconds lost, each times its weight, exactly.
    pub fn lost(&self) -> Fraction {
        let weighted = |((from, until), weight): &(Micros, Fraction)| seconds(until - from) * weight;
        self.lost.iter().map(weighted).sum()
    }

    /// Agreed time as instants.
    pub fn agreed_spans(&self) -> impl Iterator<Item = (Timestamp, Timestamp)> + '_ {
        self.agreed.iter().map(|s| instants(*s))
    }

    /// Open time left out, for maintenance or for want of a measure.
    pub fn left_out_spans(&self) -> impl Iterator<Item = (Timestamp, Timestamp)> + '_ {
        self.left_out.iter().map(|s| instants(*s))
    }

    /// Lost time with its weight.
    pub fn lost_spans(&self) -> impl Iterator<Item = (Timestamp, Timestamp, Fraction)> + '_ {
        self.lost.iter().map(|(span, weight)| {
            let (from, until) = instants(*span);
            (from, until, *weight)
        })
    }

    /// Agreed microseconds inside `[from, until)`.
    pub(super) fn agreed_within(&self, span: Micros) -> i64 {
        overlap(&self.agreed, &[span])
    }
}

/// Counts open time (sorted and disjoint) less what is left out, and the losses in it.
///
/// Where losses overlap, the worse weight wins (AV-11); the same weight twice counts once (AV-09).
pub fn count(open: &[(i64, i64)], left_out: &[(i64, i64)], losses: &[Loss]) -> Count {
    let out = normalise(left_out.to_vec());
    let edge = (open.first().map_or(0, |s| s.0), open.last().map_or(0, |s| s.1));
    let agreed = intersection(open, &complement(&out, edge));
    let lost = worst(losses)
        .into_iter()
        .flat_map(|(span, weight)| intersection(&agreed, &[span]).into_iter().map(move |s| (s, weight)))
        .collect();
    Count { left_out: intersection(open, &out), agreed, lost }
}

/// Disjoint spans of the union, each with the greatest weight over it.
fn worst(losses: &[Loss]) -> Vec<(Micros, Fraction)> {
    let mut edges: BTreeMap<i64, Vec<(Fraction, bool)>> = BTreeMap::new();
    for loss in losses {
        let (from, until) = micros(loss.from, loss.until);
        if from < until && loss.weight > Fraction::from_integer(0) {
            edges.entry(from).or_default().push((loss.weight, true));
            edges.entry(until).or_default().push((loss.weight, false));
        }
    }
    let mut running: BTreeMap<Fraction, u32> = BTreeMap::new();
    let mut out: Vec<(Micros, Fraction)> = Vec::new();
    let mut since = 0;
    for (at, changes) in edges {
        if let Some((&weight, _)) = running.last_key_value() {
            match out.last_mut() {
                Some(((_, until), same)) if *until == since && *same == weight => *until = at,
                _ => out.push(((since, at), weight)),
            }
        }
        for (weight, begins) in changes {
            let count = running.entry(weight).or_default();
            // Beginnings and ends of one weight come in pairs, so an end never comes first.
            *count = if begins { *count + 1 } else { count.saturating_sub(1) };
        }
        running.retain(|_, count| *count > 0);
        since = at;
    }
    out
}

pub(super) fn micros(from: Timestamp, until: Timestamp) -> Micros {
    (from.as_microsecond(), until.as_microsecond())
}

/// The instants of a span, which came from instants.
pub(super) fn instants((from, until): Micros) -> (Timestamp, Timestamp) {
    let at = |micros| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX);
    (at(from), at(until))
}

pub(super) fn total(spans: &[Micros]) -> i64 {
    spans.iter().map(|(from, until)| until - from).sum()
}

/// Microseconds in both; the second list may be in any order and overlap.
pub(super) fn overlap(open: &[Micros], others: &[Micros]) -> i64 {
    total(&intersection(open, &normalise(others.to_vec())))
}

pub(super) fn seconds(micros: i64) -> Fraction {
    Fraction::new(i128::from(micros), 1_000_000)
}
