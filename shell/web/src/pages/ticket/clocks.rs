//! The clocks of a ticket: bar, words, reasons, and the ledger behind the drawing.

use maud::{Markup, html};

use super::{Alarm, Clock, View};
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
    let mut rows: Vec<Row> = Vec::new();
    for interval in &clock.bar.intervals {
        let ahead =
            clock.bar.stopped.is_none() && clock.bar.now.as_ref().is_some_and(|now| interval.from >= *now);
        rows.push(Row {
            class: if ahead { "ahead" } else { "" },
            cells: vec![
                components::when_short(&interval.from, lang),
                components::when_short(&interval.to, lang),
                html! {
                    @if interval.counted_minutes == 0 { span.muted { "0" } }
                    @else { (format::minutes(interval.counted_minutes, lang)) }
                },
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
        });
    }
    table(
        "ledger",
        lang.t("Chaque intervalle de l’horloge et sa raison", "Every interval of the clock and its reason"),
        &columns,
        rows,
    )
}
