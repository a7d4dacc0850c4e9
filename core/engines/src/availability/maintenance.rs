//! Which announced maintenance leaves agreed time, and which does not, and why.

use base::Reason;
use base::lang::{elapsed, short_date_time};
use base::{Lang, Length};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use terms::availability::Maintenance;
use terms::{Availability, Facts, Rule, Terms};

use super::agreed::{Agreed, midnight};
use super::count::{Micros, micros, total};
use super::{MaintenanceWindow, Note};
use crate::calendar::spans::{intersection, normalise};
use crate::calendar::{ClockCache, Pauses, ServiceClock};
use crate::period::Span;
use crate::say::cite;

/// What is said of the windows: of all of them for the result, and of each for the page that lists them.
#[derive(Default)]
pub(super) struct Told {
    pub reasons: Vec<Reason>,
    pub notes: Vec<Note>,
}

impl Told {
    fn note(&mut self, window: &MaintenanceWindow, reason: Reason) {
        self.reasons.push(reason.clone());
        self.notes.push(Note { about: window.id.clone(), reason });
    }
}

/// The spans of open time that maintenance takes out, disjoint and in order; why others do not.
///
/// `None` when a calendar cannot be compiled.
pub(super) fn excluded(
    terms: &Terms,
    rule: &Rule<Availability>,
    windows: &[MaintenanceWindow],
    agreed: &Agreed,
    clocks: &mut ClockCache,
    told: &mut Told,
) -> Option<Vec<Micros>> {
    let (begin, end) = agreed.edges();
    let mut mine: Vec<&MaintenanceWindow> = windows
        .iter()
        .filter(|w| w.until > begin && w.from < end && super::known::about(&rule.then, &w.items))
        .collect();
    mine.sort_by_key(|w| (w.from, w.announced));
    let Maintenance::Excluded { notice, most_per_month, within } = &rule.then.maintenance else {
        mine.iter().for_each(|w| told.note(w, counted(rule, w, &agreed.zone)));
        return Some(Vec::new());
    };
    let calendar = terms.calendar(&rule.then.calendar, &Facts::default())?;
    let clock = clocks.clock(&calendar.then, begin).ok()?;
    let (in_time, late): (Vec<_>, Vec<_>) = mine.into_iter().partition(|w| {
        earliest(w.announced, *notice, &agreed.zone, &clock).is_some_and(|earliest| earliest <= w.from)
    });
    late.iter().for_each(|w| told.note(w, too_late(rule, w, *notice, &agreed.zone)));
    let announced = normalise(in_time.iter().map(|w| micros(w.from, w.until)).collect());
    let mut out = intersection(&agreed.open, &announced);
    if let Some(label) = within {
        let hours = clocks.clock(&terms.calendar(label, &Facts::default())?.then, begin).ok()?;
        let allowed: Vec<Micros> = hours.intervals(begin, end).map(|(a, b)| micros(a, b)).collect();
        let outside = total(&out) - total(&intersection(&out, &allowed));
        if outside > 0 {
            told.reasons.push(outside_hours(rule, outside, label));
        }
        out = intersection(&out, &allowed);
    }
    if let Some(most) = most_per_month {
        out = capped(rule, out, *most, agreed, &mut told.reasons);
    }
    Some(out)
}

/// Why a planned window would not wholly leave the agreed time of a clause; empty when it would, or when
/// the service is not promised during it.
///
/// The limit of a month is compared with this window alone: the month's own count knows the others.
pub(super) fn shortfalls(
    terms: &Terms,
    rule: &Rule<Availability>,
    window: &MaintenanceWindow,
    clocks: &mut ClockCache,
) -> Vec<Reason> {
    let Ok(zone) = crate::calendar::zone(&terms.zone) else { return Vec::new() };
    let mut hours = |label: &str| {
        let calendar = &terms.calendar(label, &Facts::default())?.then;
        clocks.clock(calendar, window.from).ok()
    };
    let Some(clock) = hours(&rule.then.calendar) else { return vec![counted(rule, window, &zone)] };
    let spans = |clock: &ServiceClock| -> Vec<Micros> {
        clock.intervals(window.from, window.until).map(|(a, b)| micros(a, b)).collect()
    };
    let open = spans(&clock);
    if total(&open) == 0 {
        return Vec::new();
    }
    let Maintenance::Excluded { notice, most_per_month, within } = &rule.then.maintenance else {
        return vec![counted(rule, window, &zone)];
    };
    let mut reasons = Vec::new();
    if earliest(window.announced, *notice, &zone, &clock).is_none_or(|earliest| earliest > window.from) {
        reasons.push(too_late(rule, window, *notice, &zone));
    }
    if let Some(label) = within {
        let allowed = hours(label).map(|clock| spans(&clock)).unwrap_or_default();
        let outside = total(&open) - total(&intersection(&open, &allowed));
        if outside > 0 {
            reasons.push(outside_hours(rule, outside, label));
        }
    }
    if let Some(most) = most_per_month {
        let beyond = total(&open) - most.saturating_mul(1_000_000);
        if beyond > 0 {
            let month = window.from.to_zoned(zone).date().first_of_month();
            reasons.push(over(rule, beyond, *most, month));
        }
    }
    reasons
}

/// The first instant at which a window announced then may begin.
fn earliest(
    announced: Timestamp,
    notice: Length,
    zone: &TimeZone,
    clock: &ServiceClock,
) -> Option<Timestamp> {
    let local = |span: jiff::Span| Some(announced.to_zoned(zone.clone()).checked_add(span).ok()?.timestamp());
    match notice {
        Length::Seconds(seconds) => announced.checked_add(SignedDuration::from_secs(seconds)).ok(),
        Length::Days(days) => local(jiff::Span::new().try_days(i64::from(days)).ok()?),
        Length::Months(months) => local(jiff::Span::new().try_months(i64::from(months)).ok()?),
        Length::WorkingDays(days) => clock.due_working_days(announced, days, &Pauses::NONE),
    }
}

/// Keeps the first `most` seconds of each local month.
fn capped(
    rule: &Rule<Availability>,
    spans: Vec<Micros>,
    most: i64,
    agreed: &Agreed,
    reasons: &mut Vec<Reason>,
) -> Vec<Micros> {
    let mut kept = Vec::new();
    let mut month = Span::month(agreed.period.first);
    while month.first < agreed.period.next {
        let edges = micros(midnight(month.first, &agreed.zone), midnight(month.next, &agreed.zone));
        let of_month = intersection(&spans, &[edges]);
        let mut left = most.saturating_mul(1_000_000);
        for (from, until) in &of_month {
            let until = *until.min(&from.saturating_add(left));
            if *from < until {
                left -= until - from;
                kept.push((*from, until));
            }
        }
        let beyond = total(&of_month) - total(&intersection(&of_month, &kept));
        if beyond > 0 {
            reasons.push(over(rule, beyond, most, month.first));
        }
        month = Span::month(month.next);
    }
    kept
}

fn window(lang: Lang, window: &MaintenanceWindow, zone: &TimeZone) -> String {
    let at = |at: Timestamp| short_date_time(lang, &at.to_zoned(zone.clone()));
    let (from, until) = (at(window.from), at(window.until));
    lang.t(format!("Maintenance du {from} au {until}"), format!("Maintenance from {from} to {until}"))
}

fn counted(rule: &Rule<Availability>, w: &MaintenanceWindow, zone: &TimeZone) -> Reason {
    cite("availability.maintenance_counted", rule, |lang| {
        let window = window(lang, w, zone);
        lang.t(
            format!("{window}\u{a0}: la clause la compte comme du temps convenu."),
            format!("{window}: the clause counts it as agreed time."),
        )
    })
}

fn too_late(rule: &Rule<Availability>, w: &MaintenanceWindow, notice: Length, zone: &TimeZone) -> Reason {
    cite("availability.maintenance_late", rule, |lang| {
        let (window, notice) = (window(lang, w, zone), notice.in_words(lang));
        let told = short_date_time(lang, &w.announced.to_zoned(zone.clone()));
        lang.t(
            format!(
                "{window}, annoncée le {told}\u{a0}: le préavis de {notice} n'est pas respecté, rien n'en est exclu."
            ),
            format!("{window}, announced on {told}: less than the notice of {notice}, nothing of it is excluded."),
        )
    })
}

fn outside_hours(rule: &Rule<Availability>, micros: i64, label: &str) -> Reason {
    cite("availability.maintenance_outside", rule, |lang| {
        let time = elapsed(lang, micros / 1_000_000);
        lang.t(
            format!("{time} de maintenance hors du calendrier « {label} »\u{a0}: non exclus."),
            format!("{time} of maintenance outside the calendar “{label}”: not excluded."),
        )
    })
}

fn over(rule: &Rule<Availability>, micros: i64, most: i64, month: Date) -> Reason {
    cite("availability.maintenance_over", rule, |lang| {
        let (time, most) = (elapsed(lang, micros / 1_000_000), elapsed(lang, most));
        let month = base::lang::month(lang, month);
        lang.t(
            format!(
                "{month}\u{a0}: {time} de maintenance au-delà de la limite mensuelle ({most}), non exclus."
            ),
            format!("{month}: {time} of maintenance beyond the monthly limit ({most}), not excluded."),
        )
    })
}
