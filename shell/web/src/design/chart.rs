//! The burn-down of a meter: what is left, day by day, and where it is heading.

use jiff::civil::Date;
use maud::{Markup, html};

use super::{Lang, format};

/// What the drawing needs; units are the meter's.
#[derive(Clone, Debug)]
pub struct BurnDown {
    /// Unique in the page.
    pub id: String,
    pub title: String,
    pub from: Date,
    pub to: Date,
    pub included: i64,
    /// Left at the end of each day given, in order; the last one is today.
    pub left: Vec<(Date, i64)>,
    /// Where the pack should be empty at the present pace, within the period.
    pub forecast: Option<Date>,
    pub alert_at: Option<i64>,
}

/// The drawing; its sentence is the page's business.
pub fn burn_down(chart: &BurnDown, lang: Lang) -> Markup {
    let (title, desc) = (format!("{}-title", chart.id), format!("{}-desc", chart.id));
    let Some(&(today, left)) = chart.left.last() else {
        return html! {};
    };
    let (x, y) = (place_x(chart, today), place_y(chart, left));
    html! {
        figure.burn-down {
            svg width="100%" height="160" role="img" aria-labelledby={ (title) " " (desc) } {
                title id=(title) { (chart.title) }
                desc id=(desc) {
                    (lang.t("Reste", "Left")) " " (left) " / " (chart.included) ", " (format::date(today, lang)) "."
                }
                svg x="0" y="14" width="100%" height="120" viewBox="0 0 100 100" preserveAspectRatio="none" {
                    @for share in [0, 50, 100] { line.grid x1="0" x2="100" y1=(share) y2=(share) {} }
                    line.even x1="0" y1="0" x2="100" y2="100" {}
                    @if let Some(alert) = chart.alert_at {
                        @let level = place_y(chart, alert);
                        line.alert x1="0" x2="100" y1=(level) y2=(level) {}
                    }
                    path.area d=(area(chart)) {}
                    path.left d=(steps(chart)) {}
                    @if let Some(day) = chart.forecast {
                        line.forecast x1=(x) y1=(y) x2=(place_x(chart, day)) y2="100" {}
                    }
                }
                text.scale-label x="0" y="8" { (chart.included) }
                @if let Some(alert) = chart.alert_at {
                    text.scale-label x="100%" y=(percent_to_pixel(place_y(chart, alert)) - 4.0) text-anchor="end" {
                        (lang.t("alerte à", "alert at")) " " (alert)
                    }
                }
                text.axis-label x="0" y="152" { (format::date(chart.from, lang)) }
                text.axis-label x="100%" y="152" text-anchor="end" { (format::date(chart.to, lang)) }
                circle.today cx={ (format!("{x:.2}")) "%" } cy=(format!("{:.1}", percent_to_pixel(y))) r="4" {}
            }
            figcaption {
                ul.legend {
                    li { (swatch("left")) (lang.t("reste", "left")) }
                    li { (swatch("even")) (lang.t("rythme régulier", "even pace")) }
                    @if chart.forecast.is_some() {
                        li { (swatch("forecast")) (lang.t("prévision", "forecast")) }
                    }
                }
            }
        }
    }
}

fn swatch(class: &str) -> Markup {
    html! {
        svg width="22" height="8" aria-hidden="true" focusable="false" {
            line class=(class) x1="1" x2="21" y1="4" y2="4" {}
        }
    }
}

fn percent_to_pixel(share: f64) -> f64 {
    14.0 + share * 1.2
}

fn days_between(from: Date, to: Date) -> f64 {
    from.duration_until(to).as_hours() as f64 / 24.0
}

fn place_x(chart: &BurnDown, day: Date) -> f64 {
    let whole = days_between(chart.from, chart.to).max(1.0);
    (days_between(chart.from, day) / whole * 100.0).clamp(0.0, 100.0)
}

fn place_y(chart: &BurnDown, left: i64) -> f64 {
    let share = left as f64 / chart.included.max(1) as f64;
    (100.0 - share * 100.0).clamp(0.0, 100.0)
}

/// Steps down: a ticket is used at once, not little by little.
fn steps(chart: &BurnDown) -> String {
    let mut path = "M0 0".to_owned();
    for (day, left) in &chart.left {
        path.push_str(&format!(" H{:.2} V{:.2}", place_x(chart, *day), place_y(chart, *left)));
    }
    path
}

fn area(chart: &BurnDown) -> String {
    format!("{} V100 H0 Z", steps(chart))
}
