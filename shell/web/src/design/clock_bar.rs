//! The clock bar: a commitment's interval ledger, drawn.
//!
//! Counted time is drawn to scale. Closed hours are squeezed to a hatched notch, since a weekend
//! would otherwise hide the two hours that matter; the table beside says their true length.
//! Positions are percentages, so the drawing fits any width while its letters keep their size.

mod scale;

use jiff::Zoned;
use maud::{Markup, html};

use super::{Lang, format};
use scale::{Piece, Scale, Shade};

/// A stretch of a commitment's clock, as the engine explains it.
#[derive(Clone, Debug)]
pub struct Interval {
    pub from: Zoned,
    pub to: Zoned,
    pub kind: IntervalKind,
    /// Minutes of this stretch that count against the target.
    pub counted_minutes: i64,
    /// Why it counts or does not, in the reader's language.
    pub why: String,
    /// The article that says so, and its anchor in the living contract for those who may read it.
    pub article: Option<(String, Option<String>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntervalKind {
    /// Service hours: the clock runs.
    Counted,
    /// Outside service hours.
    Closed,
    /// Suspended for a reason the contract lists.
    Paused,
}

/// Everything the drawing needs. Intervals are contiguous and in order; they may run past `now`,
/// up to the due instant, and are then drawn as time to come; after a stop, give the stretch up to
/// the due instant too, counting 0, or the due mark stands at the right end.
#[derive(Clone, Debug)]
pub struct ClockBar {
    /// Unique in the page; made of letters, digits and dashes.
    pub id: String,
    /// « Rétablissement, ticket 412 ».
    pub title: String,
    pub intervals: Vec<Interval>,
    pub due: Option<Zoned>,
    /// The instant the picture is drawn for, while the clock has not stopped.
    pub now: Option<Zoned>,
    /// When the promise was fulfilled, and its word: « Rétabli ».
    pub stopped: Option<(Zoned, String)>,
}

/// The drawing and its legend; nothing when the ledger is empty.
pub fn draw(bar: &ClockBar, lang: Lang) -> Markup {
    let Some(scale) = Scale::of(bar) else {
        return html! {};
    };
    let (title, desc) = (format!("{}-title", bar.id), format!("{}-desc", bar.id));
    html! {
        figure.clock-bar {
            svg width="100%" height="104" role="img" aria-labelledby={ (title) " " (desc) } {
                title id=(title) { (bar.title) }
                desc id=(desc) { (description(bar, lang)) }
                (patterns(&bar.id))
                rect.track x="0" y="38" width="100%" height="24" rx="4" {}
                @for piece in &scale.pieces { (draw_piece(piece, &bar.id, lang)) }
                (axis(&scale, lang))
                @if let Some(due) = &bar.due {
                    (marker(scale.position(due), "due", 12, &due_label(due, lang)))
                }
                @if let Some((at, word)) = &bar.stopped {
                    (marker(scale.position(at), "stop", 29, &format!("{word} {}", format::short_instant(at, lang))))
                } @else if let Some(now) = &bar.now {
                    (marker(scale.position(now), "now", 29, &lang.t("Maintenant", "Now").to_string()))
                }
            }
            figcaption { (legend(&scale, &bar.id, lang)) }
        }
    }
}

fn due_label(due: &Zoned, lang: Lang) -> String {
    format!("{} {}", lang.t("Échéance", "Due"), format::short_instant(due, lang))
}

fn percent(share: f64) -> String {
    format!("{share:.2}%")
}

fn draw_piece(piece: &Piece, id: &str, lang: Lang) -> Markup {
    let width = (piece.end - piece.start).max(0.0);
    let fill = match piece.shade {
        Shade::Closed => Some(format!("url(#{id}-closed)")),
        Shade::Paused => Some(format!("url(#{id}-paused)")),
        Shade::Counted | Shade::Ahead | Shade::Late => None,
    };
    let label = match piece.shade {
        Shade::Counted | Shade::Late if piece.minutes > 0 => format::minutes(piece.minutes, lang),
        _ => String::new(),
    };
    html! {
        rect class={ "piece " (piece.shade.class()) } x=(percent(piece.start)) y="38" width=(percent(width))
            height="24" fill=[fill] {}
        @if width >= 9.0 && !label.is_empty() {
            text class={ "piece-label" @if width < 20.0 { " wide-only" } }
                x=(percent((piece.start + piece.end) / 2.0)) y="54" text-anchor="middle" { (label) }
        }
    }
}

/// Hatches, so that the kinds differ without colour.
fn patterns(id: &str) -> Markup {
    html! {
        defs {
            pattern id={ (id) "-closed" } width="6" height="6" patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)" {
                rect.hatch-ground width="6" height="6" {}
                line.hatch-line x1="0" y1="0" x2="0" y2="6" {}
            }
            pattern id={ (id) "-paused" } width="5" height="5" patternUnits="userSpaceOnUse" {
                rect.pause-ground width="5" height="5" {}
                circle.pause-dot cx="2.5" cy="2.5" r="1.1" {}
            }
        }
    }
}

/// A vertical line through the bar with its words on the side that has room.
fn marker(at: f64, class: &str, baseline: u16, label: &str) -> Markup {
    let (anchor, shift) = if at > 50.0 { ("end", "-6") } else { ("start", "6") };
    html! {
        g class={ "marker " (class) } {
            line x1=(percent(at)) x2=(percent(at)) y1=(baseline - 10) y2="66" {}
            text x=(percent(at)) y=(baseline) dx=(shift) text-anchor=(anchor) { (label) }
        }
    }
}

/// Hours where the clock opens, closes or is suspended, and days where they change.
fn axis(scale: &Scale, lang: Lang) -> Markup {
    html! {
        g.axis {
            @for tick in scale.hours() {
                text class=[(!tick.narrow).then_some("wide-only")] x=(percent(tick.at)) y="78"
                    text-anchor=(tick.anchor) { (tick.label) }
            }
            @for tick in scale.days(lang) {
                text class={ "day" @if !tick.narrow { " wide-only" } } x=(percent(tick.at)) y="96"
                    text-anchor=(tick.anchor) { (tick.label) }
            }
        }
    }
}

fn legend(scale: &Scale, id: &str, lang: Lang) -> Markup {
    let names = [
        (Shade::Counted, lang.t("temps compté", "counted time")),
        (Shade::Late, lang.t("retard", "late")),
        (Shade::Ahead, lang.t("temps restant", "time left")),
        (Shade::Paused, lang.t("suspension", "suspended")),
        (Shade::Closed, lang.t("hors heures de service (resserré)", "outside service hours (squeezed)")),
    ];
    html! {
        ul.legend {
            @for (shade, name) in names {
                @if scale.pieces.iter().any(|piece| piece.shade == shade) {
                    li {
                        svg width="18" height="12" aria-hidden="true" focusable="false" {
                            @let fill = match shade {
                                Shade::Closed => Some(format!("url(#{id}-closed)")),
                                Shade::Paused => Some(format!("url(#{id}-paused)")),
                                _ => None,
                            };
                            rect class={ "piece " (shade.class()) } width="18" height="12" rx="2" fill=[fill] {}
                        }
                        (name)
                    }
                }
            }
        }
    }
}

/// The picture in one sentence, for those who do not see it.
fn description(bar: &ClockBar, lang: Lang) -> String {
    let counted: i64 = bar
        .intervals
        .iter()
        .filter(|interval| bar.now.as_ref().is_none_or(|now| interval.to <= *now))
        .map(|interval| interval.counted_minutes)
        .sum();
    let mut text =
        format!("{} {}.", lang.t("Temps compté :", "Counted time:"), format::minutes(counted, lang));
    if let Some(due) = &bar.due {
        text.push_str(&format!(" {} {}.", lang.t("Échéance :", "Due:"), format::instant(due, lang)));
    }
    if let Some((at, word)) = &bar.stopped {
        text.push_str(&format!(" {word} : {}.", format::instant(at, lang)));
    }
    text.push_str(&format!(
        " {}",
        lang.t("Le registre qui suit donne chaque intervalle.", "The ledger below gives every interval.")
    ));
    text
}

/// A commitment in eight pixels: what is spent of the target, and what is over it.
///
/// Hidden from screen readers: the words beside it say the same.
pub fn mini(elapsed_minutes: i64, target_minutes: i64, paused: bool) -> Markup {
    let whole = elapsed_minutes.max(target_minutes).max(1) as f64;
    let spent = elapsed_minutes.min(target_minutes).max(0) as f64 / whole * 100.0;
    let over = (elapsed_minutes - target_minutes).max(0) as f64 / whole * 100.0;
    let class = if paused { "mini paused" } else { "mini" };
    html! {
        // One in each row of a list: what all of them share is in the style sheet.
        svg class=(class) aria-hidden="true" {
            rect.track {}
            rect.piece.counted width=(percent(spent)) {}
            @if over > 0.0 {
                rect.piece.late x=(percent(spent)) width=(percent(over)) {}
                line.due-line x1=(percent(spent)) x2=(percent(spent)) y2="8" {}
            }
        }
    }
}
