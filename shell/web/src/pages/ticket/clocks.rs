//! The clocks of a ticket: bar, words, reasons, and the ledger behind the drawing.

use maud::{Markup, html};

use super::{Alarm, Clock, View};
use crate::design::clock_bar::{Interval, IntervalKind};
use crate::design::components::{self, Tone, badge, badge_with};
use crate::design::icon::Icon;
use crate::design::table::{Column, Row, table};
use crate::design::{Lang, clock_bar, format};
use crate::pages::shared::Progress;

/// All the clocks, the one that matters most first as the view gives them.
pub(super) fn section(view: &View, lang: Lang) -> Markup {
    components::section(
        "clocks",
        lang.t("Horloges du contrat", "Contract clocks"),
        html! {
            @for clock in &view.clocks { (draw(clock, lang)) }
        },
    )
}

fn draw(clock: &Clock, lang: Lang) -> Markup {
    html! {
        article.clock {
            div.clock-head {
                h3 { (clock.promise.word(lang)) }
                (verdict(clock, lang))
                p.clock-figure {
                    strong { (format::minutes(clock.elapsed_minutes, lang)) } " "
                    (lang.t("sur", "of")) " " (format::minutes(clock.target_minutes, lang)) ", "
                    (components::words(&clock.calendar, lang))
                }
            }
            (clock_bar::draw(&clock.bar, lang))
            @if let Some((next, then)) = clock.alarms.split_first() {
                p.muted {
                    (lang.t("Prochaine alerte :", "Next warning:")) " " (alarm(next, lang))
                    @for one in then { ", " (lang.t("puis", "then")) " " (alarm(one, lang)) }
                }
            }
            div.clock-more {
                (components::why(lang.t("Pourquoi cette échéance ?", "Why this due instant?"), &clock.reasons, lang))
                details.why {
                    summary { (lang.t("Registre de l’horloge", "Clock ledger")) }
                    (ledger(clock, lang))
                }
            }
        }
    }
}

/// When, at which level, and to whom.
fn alarm(one: &Alarm, lang: Lang) -> Markup {
    html! {
        (components::when_short(&one.at, lang)) ", "
        @if let Some(level) = one.level { (lang.t("niveau", "level")) " " (level) ", " }
        (lang.t("à", "to")) " " (components::words(&one.to, lang))
    }
}

fn verdict(clock: &Clock, lang: Lang) -> Markup {
    let left = clock.target_minutes - clock.elapsed_minutes;
    let amount = format::minutes(left.abs(), lang);
    match clock.progress {
        Progress::Running => badge(Tone::Active, html! { (lang.t("reste", "left:")) " " (amount) }),
        Progress::AtRisk => badge(Tone::Warning, html! { (lang.t("plus que", "only")) " " (amount) }),
        Progress::Paused => badge_with(
            Tone::Quiet,
            Icon::Pause,
            html! { (lang.t("suspendu, reste", "suspended, left:")) " " (amount) },
        ),
        Progress::Late => {
            badge_with(Tone::Bad, Icon::Alert, html! { (lang.t("en retard de", "late by")) " " (amount) })
        }
        Progress::Kept => badge(
            Tone::Good,
            html! { (lang.t("tenu, avec", "kept, with")) " " (amount) " " (lang.t("d’avance", "to spare")) },
        ),
        Progress::Missed => badge(Tone::Bad, html! { (lang.t("manqué de", "missed by")) " " (amount) }),
    }
}

/// The drawing's equivalent: every interval, how long, whether it counts and why.
fn ledger(clock: &Clock, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("De", "From")),
        Column::text(lang.t("À", "To")),
        Column::figure(lang.t("Compté", "Counted")),
        Column::text(lang.t("Pourquoi", "Why")),
    ];
    let rows = folded(&clock.bar.intervals).into_iter().map(|line| match line {
        Line::One(interval) => one(interval, clock, lang),
        Line::Month(run) => month(run, lang),
    });
    table(
        "ledger",
        lang.t("Chaque intervalle de l’horloge et sa raison", "Every interval of the clock and its reason"),
        &columns,
        rows.collect(),
    )
}

fn one(interval: &Interval, clock: &Clock, lang: Lang) -> Row {
    let ahead =
        clock.bar.stopped.is_none() && clock.bar.now.as_ref().is_some_and(|now| interval.from >= *now);
    Row {
        class: if ahead { "ahead" } else { "" },
        cells: vec![
            components::when_short(&interval.from, lang),
            components::when_short(&interval.to, lang),
            counted(interval.counted_minutes, lang),
            html! {
                (components::words(&interval.why, lang))
                @if ahead { " " span.muted { (lang.t("(à venir)", "(to come)")) } }
                @if let Some((article, href)) = &interval.article {
                    ", "
                    @match href {
                        Some(href) => a href=(href) { (article) },
                        None => (article),
                    }
                }
            },
        ],
    }
}

fn counted(minutes: i64, lang: Lang) -> Markup {
    html! {
        @if minutes == 0 { span.muted { "0" } }
        @else { (format::minutes(minutes, lang)) }
    }
}

/// Intervals told one by one at each end of a long ledger.
const ENDS: usize = 24;

/// A line of the ledger.
enum Line<'a> {
    One(&'a Interval),
    /// Intervals of one month that are neither pauses nor near an end of the ledger.
    Month(&'a [Interval]),
}

/// The ledger of a clock that has run for months: whole at both ends, each pause on its line, the days
/// between them summed up by month. A year is some seven hundred intervals.
fn folded(intervals: &[Interval]) -> Vec<Line<'_>> {
    if intervals.len() <= 4 * ENDS {
        return intervals.iter().map(Line::One).collect();
    }
    let (head, rest) = intervals.split_at(ENDS);
    let (middle, tail) = rest.split_at(rest.len() - ENDS);
    let alike = |a: &Interval, b: &Interval| {
        let told = |one: &Interval| one.kind == IntervalKind::Paused;
        !told(a) && !told(b) && a.from.date().first_of_month() == b.from.date().first_of_month()
    };
    let middle = middle.chunk_by(alike).map(|run| match run {
        [one] => Line::One(one),
        run => Line::Month(run),
    });
    head.iter().map(Line::One).chain(middle).chain(tail.iter().map(Line::One)).collect()
}

fn month(run: &[Interval], lang: Lang) -> Row {
    let end = |interval: Option<&Interval>, at: fn(&Interval) -> &jiff::Zoned| {
        interval.map(|i| components::when_short(at(i), lang)).unwrap_or_default()
    };
    Row {
        class: "",
        cells: vec![
            end(run.first(), |i| &i.from),
            end(run.last(), |i| &i.to),
            counted(run.iter().map(|i| i.counted_minutes).sum(), lang),
            html! { (run.len()) " " (lang.t("intervalles, sans suspension", "intervals, without a pause")) },
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(n: i64, kind: IntervalKind) -> Interval {
        let start: jiff::Zoned = "2026-01-05T00:00[Europe/Paris]".parse().expect("an instant");
        let at = |n| start.checked_add(jiff::Span::new().hours(n)).expect("an hour");
        let counted_minutes = if kind == IntervalKind::Counted { 60 } else { 0 };
        Interval { from: at(n), to: at(n + 1), kind, counted_minutes, why: String::new(), article: None }
    }

    #[test]
    fn a_long_ledger_keeps_its_ends_its_pauses_and_its_sums() {
        let kind = |n: i64| match n {
            1_000 => IntervalKind::Paused,
            n if n % 2 == 0 => IntervalKind::Counted,
            _ => IntervalKind::Closed,
        };
        let intervals: Vec<Interval> = (0..2_000).map(|n| hour(n, kind(n))).collect();
        let lines = folded(&intervals);
        assert!(lines.len() < 2 * ENDS + 10, "{}", lines.len());
        let minutes = |line: &Line<'_>| match line {
            Line::One(one) => one.counted_minutes,
            Line::Month(run) => run.iter().map(|i| i.counted_minutes).sum(),
        };
        assert_eq!(lines.iter().map(minutes).sum::<i64>(), 999 * 60);
        let pauses = lines.iter().filter(|l| matches!(l, Line::One(i) if i.kind == IntervalKind::Paused));
        assert_eq!(pauses.count(), 1);
        assert!(lines[..ENDS].iter().all(|l| matches!(l, Line::One(_))));
        assert_eq!(folded(&intervals[..90]).len(), 90, "a short one is told whole");
    }
}
