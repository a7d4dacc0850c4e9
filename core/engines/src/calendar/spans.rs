//! Sweeps over sorted, disjoint, half-open spans of UTC time, in whatever unit the caller counts.

/// `[open, close)` since 1970: seconds where calendars are compiled, microseconds where time is lost.
pub(crate) type Span = (i64, i64);

/// Sorts, drops what is empty and joins what touches.
pub(crate) fn normalise(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|(open, close)| open < close);
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
    spans
}

/// Time in both.
pub(crate) fn intersection(a: &[Span], b: &[Span]) -> Vec<Span> {
    let (mut i, mut j) = (0, 0);
    let mut out = Vec::with_capacity(a.len().max(b.len()));
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        let (open, close) = (x.0.max(y.0), x.1.min(y.1));
        if open < close {
            out.push((open, close));
        }
        if x.1 <= y.1 { i += 1 } else { j += 1 }
    }
    out
}

/// Time in either.
pub(crate) fn union(mut a: Vec<Span>, b: &[Span]) -> Vec<Span> {
    a.extend_from_slice(b);
    normalise(a)
}

/// The rest of the window.
pub(crate) fn complement(spans: &[Span], (from, until): Span) -> Vec<Span> {
    let mut out = Vec::with_capacity(spans.len() + 1);
    let mut cursor = from;
    for &(open, close) in spans {
        if cursor < open {
            out.push((cursor, open));
        }
        cursor = cursor.max(close);
    }
    if cursor < until {
        out.push((cursor, until));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sweeps_keep_spans_sorted_disjoint_and_joined() {
        assert_eq!(normalise(vec![(5, 7), (1, 3), (3, 4), (6, 9), (2, 2)]), [(1, 4), (5, 9)]);
        assert_eq!(intersection(&[(0, 10), (20, 30)], &[(5, 25)]), [(5, 10), (20, 25)]);
        assert_eq!(union(vec![(0, 5)], &[(5, 6), (8, 9)]), [(0, 6), (8, 9)]);
        assert_eq!(complement(&[(2, 3), (5, 9)], (0, 9)), [(0, 2), (3, 5)]);
        assert_eq!(complement(&[], (0, 9)), [(0, 9)]);
    }
}
