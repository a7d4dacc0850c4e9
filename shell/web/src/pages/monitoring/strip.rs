//! The strip of a period: a column for each day, its hours from top to bottom.
//!
//! A month on a single line would draw an hour as one pixel; a day to a column shows at which hour the
//! service is owed, when it was down, and that a Sunday owes nothing.

use jiff::Zoned;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::design::{Lang, format};

/// What is drawn: local spans, sorted.
#[derive(Clone, Debug)]
pub struct Strip {
    /// Unique in the page.
    pub id: String,
    pub from: Date,
    pub to: Date,
    pub agreed: Vec<(Zoned, Zoned)>,
    /// Announced maintenance, or time without a measure, that left agreed time.
    pub left_out: Vec<(Zoned, Zoned)>,
    pub lost: Vec<Mark>,
    /// The sentence for those who do not see the drawing.
    pub says: String,
}

/// Lost time and what a second of it counts for, in hundredths.
#[derive(Clone, Debug)]
pub struct Mark {
    pub from: Zoned,
    pub until: Zoned,
    pub weight: u8,
}

/// A rectangle in days from the left and hundredths of a day from the top.
struct Cell {
    x: i32,
    y: f64,
    height: f64,
}

/// The drawing with its legend.
pub fn draw(strip: &Strip, lang: Lang) -> Markup {
    let days = day_of(strip, strip.to) + 1;
    let (title, desc) = (format!("{}-title", strip.id), format!("{}-desc", strip.id));
    let cells = |spans: &[(Zoned, Zoned)]| -> Vec<Cell> {
        spans.iter().flat_map(|(from, until)| cells(strip, from, until)).collect()
    };
    html! {
        figure.strip {
            svg width="100%" height="150" role="img" aria-labelledby={ (title) " " (desc) } {
                title id=(title) {
                    (lang.t("Du", "From")) " " (format::date(strip.from, lang)) " " (lang.t("au", "to")) " " (format::date(strip.to, lang))
                }
                desc id=(desc) { (crate::design::components::words(&strip.says, lang)) }
                svg x="0" y="4" width="100%" height="120" viewBox={ "0 0 " (days) " 100" } preserveAspectRatio="none" {
                    rect.night x="0" y="0" width=(days) height="100" {}
                    @for cell in cells(&strip.agreed) { (rect("agreed", &cell, None)) }
                    @for cell in cells(&strip.left_out) { (rect("maintenance", &cell, None)) }
                    @for mark in &strip.lost {
                        @for cell in self::cells(strip, &mark.from, &mark.until) {
                            (rect("lost", &cell, (mark.weight < 100).then_some(mark.weight)))
                        }
                    }
                }
                text.axis-label x="0" y="142" { (format::date(strip.from, lang)) }
                text.axis-label x="100%" y="142" text-anchor="end" { (format::date(strip.to, lang)) }
            }
            figcaption {
                ul.legend {
                    li { (swatch("agreed", None)) (lang.t("temps convenu", "agreed time")) }
                    @if strip.lost.iter().any(|m| m.weight == 100) {
                        li { (swatch("lost", None)) (lang.t("interruption comptée", "outage counted")) }
                    }
                    @if strip.lost.iter().any(|m| m.weight < 100) {
                        li { (swatch("lost", Some(50))) (lang.t("comptée en partie", "counted in part")) }
                    }
                    @if !strip.left_out.is_empty() {
                        li { (swatch("maintenance", None)) (lang.t("maintenance exclue", "maintenance left out")) }
                    }
                    li.muted { (lang.t("un jour par colonne, de minuit en haut à minuit en bas", "a day to a column, midnight at the top to midnight at the bottom")) }
                }
            }
        }
    }
}

fn rect(class: &str, cell: &Cell, weight: Option<u8>) -> Markup {
    // A quarter of an hour would be one line of pixels: what was lost is never less than two.
    let height = if class == "lost" { cell.height.max(1.7) } else { cell.height };
    html! {
        rect class=(class) x=(format!("{}.06", cell.x)) y=(format!("{:.2}", cell.y.min(100.0 - height)))
            width="0.88" height=(format!("{height:.2}")) fill-opacity=[weight.map(opacity)] {}
    }
}

/// Never so faint that it vanishes.
fn opacity(weight: u8) -> String {
    format!("0.{:02}", (30 + u32::from(weight) / 2).min(99))
}

fn swatch(class: &str, weight: Option<u8>) -> Markup {
    html! {
        svg width="14" height="12" aria-hidden="true" focusable="false" {
            rect class=(class) x="1" y="1" width="12" height="10" fill-opacity=[weight.map(opacity)] {}
        }
    }
}

/// A span cut at each local midnight.
fn cells(strip: &Strip, from: &Zoned, until: &Zoned) -> Vec<Cell> {
    let (first, last) = (from.date().max(strip.from), until.date().min(strip.to));
    first
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= last)
        .filter_map(|day| {
            let top = if day == from.date() { share(from) } else { 0.0 };
            let bottom = if day == until.date() { share(until) } else { 100.0 };
            (bottom > top).then(|| Cell { x: day_of(strip, day), y: top, height: bottom - top })
        })
        .collect()
}

/// The hour of the clock, in hundredths of a day: a column is one day even when the hour changes.
fn share(at: &Zoned) -> f64 {
    let time = at.time();
    let seconds = i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60 + i32::from(time.second());
    f64::from(seconds) / 864.0
}

fn day_of(strip: &Strip, day: Date) -> i32 {
    i32::try_from(strip.from.duration_until(day).as_hours() / 24).unwrap_or(0)
}
