//! Pauses: spans of time that a clock does not count (C4).

use jiff::Timestamp;

/// The union of half-open pauses `[from, to)`, sorted and disjoint, in microseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pauses {
    spans: Vec<(i64, i64)>,
}

/// The end of a pause that nobody has ended.
pub(super) const STILL: i64 = i64::MAX;

impl Pauses {
    pub const NONE: Pauses = Pauses { spans: Vec::new() };

    /// Overlapping pauses are united; an end of `None` is a pause that goes on; an end that does not
    /// come after its beginning pauses nothing.
    pub fn new(pauses: impl IntoIterator<Item = (Timestamp, Option<Timestamp>)>) -> Pauses {
        let mut spans: Vec<(i64, i64)> = pauses
            .into_iter()
            .map(|(from, to)| (from.as_microsecond(), to.map_or(STILL, Timestamp::as_microsecond)))
            .filter(|(from, to)| from < to)
            .collect();
        if !spans.is_sorted() {
            spans.sort_unstable();
        }
        spans.dedup_by(|next, kept| {
            let touches = next.0 <= kept.1;
            if touches {
                kept.1 = kept.1.max(next.1);
            }
            touches
        });
        Pauses { spans }
    }

    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Whether the clock is paused at this instant.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.covers(at.as_microsecond())
    }

    /// The pauses of `[from, to)`, clipped to it, in order.
    pub fn within(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, Timestamp)> + '_ {
        let instant = |micros| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX);
        self.spans
            .iter()
            .map(move |&(begin, end)| (instant(begin).max(from), instant(end).min(to)))
            .filter(|(begin, end)| begin < end)
    }

    /// Whether the clock is paused in the last moment before this instant.
    pub(super) fn covers_until(&self, at: i64) -> bool {
        self.covers(at - 1)
    }

    pub(super) fn spans(&self) -> &[(i64, i64)] {
        &self.spans
    }

    fn covers(&self, at: i64) -> bool {
        let begun = self.spans.partition_point(|(from, _)| *from <= at);
        begun > 0 && at < self.spans[begun - 1].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlaps_count_once_and_an_open_end_swallows_the_rest() {
        let t = |s| Timestamp::from_second(s).unwrap();
        let pauses =
            Pauses::new([(t(50), None), (t(10), Some(t(20))), (t(15), Some(t(30))), (t(60), Some(t(61)))]);
        assert_eq!(pauses.spans(), [(10_000_000, 30_000_000), (50_000_000, STILL)]);
        assert!(pauses.contains(t(29)) && !pauses.contains(t(30)) && pauses.contains(t(1_000_000)));
        assert!(Pauses::new([(t(5), Some(t(5))), (t(9), Some(t(7)))]).is_empty());
    }
}
