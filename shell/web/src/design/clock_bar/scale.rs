//! From instants to percentages of the bar's width.

use jiff::{Timestamp, Zoned};

use super::{ClockBar, IntervalKind};
use crate::design::{Lang, format};

/// How a piece is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shade {
    Counted,
    Late,
    /// Service hours still to come, or that were left when the clock stopped.
    Ahead,
    Closed,
    Paused,
}

impl Shade {
    pub(super) fn class(self) -> &'static str {
        match self {
            Shade::Counted => "counted",
            Shade::Late => "late",
            Shade::Ahead => "ahead",
            Shade::Closed => "closed",
            Shade::Paused => "paused",
        }
    }
}

/// An interval, or the part of one before or after the due instant or now.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    from: Zoned,
    to: Zoned,
    pub(super) shade: Shade,
    /// Real minutes; for counted pieces they are the minutes counted.
    pub(super) minutes: i64,
    /// Percent of the width.
    pub(super) start: f64,
    pub(super) end: f64,
}

/// The pieces laid side by side over 0 to 100 percent.
pub(super) struct Scale {
    pub(super) pieces: Vec<Piece>,
}

/// A label under the bar; `narrow` ones also fit a phone.
pub(super) struct Tick {
    pub(super) at: f64,
    pub(super) label: String,
    pub(super) anchor: &'static str,
    pub(super) narrow: bool,
}

impl Scale {
    /// `None` when no interval has any length.
    pub(super) fn of(bar: &ClockBar) -> Option<Scale> {
        let mut pieces = cut(bar);
        if pieces.is_empty() {
            return None;
        }
        lay_out(&mut pieces);
        Some(Scale { pieces: drawn(pieces) })
    }

    /// Where an instant stands; instants outside are held at the ends.
    pub(super) fn position(&self, at: &Zoned) -> f64 {
        for piece in &self.pieces {
            if at.timestamp() <= piece.to.timestamp() {
                let length = minutes_between(piece.from.timestamp(), piece.to.timestamp());
                let into = minutes_between(piece.from.timestamp(), at.timestamp()).max(0.0);
                return piece.start + (piece.end - piece.start) * into / length;
            }
        }
        100.0
    }

    /// Opening and closing hours of what is not closed, where they have room.
    pub(super) fn hours(&self) -> Vec<Tick> {
        let mut ticks = Vec::new();
        let stretches: Vec<(&Piece, &Piece)> = self.stretches();
        for (first, last) in stretches {
            let width = last.end - first.start;
            if width >= 6.5 {
                ticks.push(tick(first.start, &first.from, "start", width >= 13.0));
            }
            if width >= 14.0 {
                ticks.push(tick(last.end, &last.to, "end", width >= 27.0));
            }
        }
        ticks
    }

    /// The first opening of each day, where it has room.
    pub(super) fn days(&self, lang: Lang) -> Vec<Tick> {
        let mut ticks: Vec<Tick> = Vec::new();
        let (mut last_wide, mut last_narrow) = (f64::MIN, f64::MIN);
        let mut day = None;
        for (first, _) in self.stretches() {
            if day == Some(first.from.date()) {
                continue;
            }
            day = Some(first.from.date());
            if first.start - last_wide < 12.0 {
                continue;
            }
            let narrow = first.start - last_narrow >= 26.0;
            last_wide = first.start;
            if narrow {
                last_narrow = first.start;
            }
            // Words near the right edge would be cut off.
            let anchor = if first.start > 86.0 { "end" } else { "start" };
            let at = if anchor == "end" { 100.0 } else { first.start };
            ticks.push(Tick { at, label: format::short_day(first.from.date(), lang), anchor, narrow });
        }
        ticks
    }

    /// Runs of pieces between two closings: first and last piece of each.
    fn stretches(&self) -> Vec<(&Piece, &Piece)> {
        let open = |piece: &&[Piece]| piece.iter().all(|one| one.shade != Shade::Closed);
        self.pieces
            .chunk_by(|a, b| (a.shade == Shade::Closed) == (b.shade == Shade::Closed))
            .filter(open)
            .filter_map(|run| Some((run.first()?, run.last()?)))
            .collect()
    }
}

fn tick(at: f64, instant: &Zoned, anchor: &'static str, narrow: bool) -> Tick {
    Tick { at, label: format::hour(instant), anchor, narrow }
}

/// Cuts counted intervals at the due instant and at now, and shades the parts.
fn cut(bar: &ClockBar) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for interval in &bar.intervals {
        let mut bounds = vec![interval.from.clone()];
        if interval.kind == IntervalKind::Counted {
            let mut inside: Vec<&Zoned> =
                bar.due.iter().chain(bar.now.iter()).chain(bar.stopped.iter().map(|(at, _)| at)).collect();
            inside.retain(|at| **at > interval.from && **at < interval.to);
            inside.sort();
            bounds.extend(inside.into_iter().cloned());
        }
        bounds.push(interval.to.clone());
        for pair in bounds.windows(2) {
            let minutes = minutes_between(pair[0].timestamp(), pair[1].timestamp());
            if minutes <= 0.0 {
                continue;
            }
            let shade = shade(bar, interval.kind, &pair[0]);
            pieces.push(Piece {
                from: pair[0].clone(),
                to: pair[1].clone(),
                shade,
                // Cut down, as every duration of a clock (convention C7): the bar says what its title says.
                minutes: minutes.floor() as i64,
                start: 0.0,
                end: 0.0,
            });
        }
    }
    pieces
}

fn shade(bar: &ClockBar, kind: IntervalKind, from: &Zoned) -> Shade {
    let end = bar.stopped.as_ref().map(|(at, _)| at).or(bar.now.as_ref());
    match kind {
        IntervalKind::Closed => Shade::Closed,
        IntervalKind::Paused => Shade::Paused,
        IntervalKind::Counted if end.is_some_and(|end| from >= end) => Shade::Ahead,
        IntervalKind::Counted if bar.due.as_ref().is_some_and(|due| from >= due) => Shade::Late,
        IntervalKind::Counted => Shade::Counted,
    }
}

/// Gives every piece its place: counted time to scale, pauses to scale within limits, closings a
/// notch each, all the notches together at most a third of the width.
fn lay_out(pieces: &mut [Piece]) {
    let closed = pieces.iter().filter(|piece| piece.shade == Shade::Closed).count() as f64;
    let notch = if closed > 0.0 { (33.0 / closed).min(5.0) } else { 0.0 };
    let counted: f64 = pieces
        .iter()
        .filter(|piece| !matches!(piece.shade, Shade::Closed | Shade::Paused))
        .map(|piece| piece.minutes as f64)
        .sum();
    let weight = |piece: &Piece| match piece.shade {
        Shade::Closed => 0.0,
        Shade::Paused => (piece.minutes as f64).clamp(counted * 0.04, (counted * 0.3).max(1.0)),
        _ => piece.minutes as f64,
    };
    let total: f64 = pieces.iter().map(weight).sum::<f64>().max(1.0);
    let room = 100.0 - notch * closed;
    let mut at = 0.0;
    for piece in pieces.iter_mut() {
        piece.start = at;
        at += match piece.shade {
            Shade::Closed => notch,
            _ => weight(piece) / total * room,
        };
        piece.end = at;
    }
}

/// Pieces that a bar shows; beyond, a clock that has run for months is drawn without its nights.
const DRAWN: usize = 150;

/// The pieces, or, when there are too many for an eye to tell apart (a notch is then under a quarter of a
/// percent), runs of them: a closing between two pieces of one shade is taken into them. The due instant,
/// now and each pause stay where they are.
fn drawn(pieces: Vec<Piece>) -> Vec<Piece> {
    if pieces.len() <= DRAWN {
        return pieces;
    }
    let mut runs: Vec<Piece> = Vec::new();
    for piece in pieces {
        match runs.last_mut() {
            Some(run) if run.shade == piece.shade || piece.shade == Shade::Closed => {
                run.minutes += if piece.shade == Shade::Closed { 0 } else { piece.minutes };
                run.to = piece.to;
                run.end = piece.end;
            }
            _ => runs.push(piece),
        }
    }
    runs
}

fn minutes_between(from: Timestamp, to: Timestamp) -> f64 {
    (to.as_second() - from.as_second()) as f64 / 60.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::clock_bar::Interval;

    fn at(text: &str) -> Zoned {
        format!("2026-05-{text}[Europe/Paris]").parse().expect("a valid instant")
    }

    fn interval(from: &str, to: &str, kind: IntervalKind) -> Interval {
        Interval { from: at(from), to: at(to), kind, counted_minutes: 0, why: String::new(), article: None }
    }

    #[test]
    fn counted_time_is_cut_at_the_due_instant_and_a_night_is_a_notch() {
        let bar = ClockBar {
            id: "t".into(),
            title: String::new(),
            intervals: vec![
                interval("13T16:00", "13T18:00", IntervalKind::Counted),
                interval("13T18:00", "18T09:00", IntervalKind::Closed),
                interval("18T09:00", "18T12:30", IntervalKind::Counted),
            ],
            due: Some(at("18T11:00")),
            now: None,
            stopped: Some((at("18T12:30"), "Rétabli".into())),
        };
        let scale = Scale::of(&bar).expect("a drawing");
        let shades: Vec<Shade> = scale.pieces.iter().map(|piece| piece.shade).collect();
        assert_eq!(shades, [Shade::Counted, Shade::Closed, Shade::Counted, Shade::Late]);
        let widths: Vec<i64> =
            scale.pieces.iter().map(|piece| (piece.end - piece.start).round() as i64).collect();
        assert_eq!(widths, [35, 5, 35, 26]);
        assert!((scale.position(&at("18T11:00")) - 74.09).abs() < 0.01);
        assert_eq!(scale.position(&at("19T11:00")), 100.0);
    }

    #[test]
    fn a_clock_that_has_run_for_months_is_drawn_in_runs() {
        let day = |n: i64| at("04T09:00").checked_add(jiff::Span::new().days(n)).expect("a day");
        let hours = |n: i64, from: i64, to: i64, kind| Interval {
            from: day(n).checked_add(jiff::Span::new().hours(from)).expect("an hour"),
            to: day(n).checked_add(jiff::Span::new().hours(to)).expect("an hour"),
            ..interval("04T09:00", "04T10:00", kind)
        };
        let each = |n| [hours(n, 0, 8, IntervalKind::Counted), hours(n, 8, 24, IntervalKind::Closed)];
        let mut intervals: Vec<Interval> = (0..300).flat_map(each).collect();
        intervals[200].kind = IntervalKind::Paused;
        let (due, now) = (day(2), day(250));
        let bar = ClockBar {
            id: "t".into(),
            title: String::new(),
            intervals,
            due: Some(due.clone()),
            now: Some(now.clone()),
            stopped: None,
        };
        let scale = Scale::of(&bar).expect("a drawing");
        let shades: Vec<Shade> = scale.pieces.iter().map(|piece| piece.shade).collect();
        assert_eq!(shades, [Shade::Counted, Shade::Late, Shade::Paused, Shade::Late, Shade::Ahead]);
        let late = |from: usize| scale.pieces[from].minutes;
        assert_eq!(late(1) + late(3), (250 - 2 - 1) * 8 * 60, "its hours, without its nights");
        assert_eq!(scale.position(&due), scale.pieces[1].start);
        assert_eq!(scale.position(&now), scale.pieces[4].start);
        assert_eq!(scale.pieces[4].end.round(), 100.0);
    }

    #[test]
    fn a_minute_begun_is_not_shown() {
        let bar = ClockBar {
            id: "t".into(),
            title: String::new(),
            intervals: vec![interval("13T09:00", "13T12:00", IntervalKind::Counted)],
            due: Some(at("13T12:00")),
            now: Some(at("13T10:18:59")),
            stopped: None,
        };
        let scale = Scale::of(&bar).expect("a drawing");
        assert_eq!(scale.pieces[0].minutes, 78);
    }
}
