//! What is billed of time spent at a rate: for each ticket and sort of hours, what both parties were told, added up.

use base::fraction::Fraction;
use base::{Because, Bilingual, Money, Reason, Rounding};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::rates::RateHours;
use terms::{Facts, History};

use super::extras::vat_of_extras;
use super::line::{InvoiceLine, LineKind};
use super::time::{TimeCharge, at_hours, time};
use crate::perimeter::at_rate::{AtRate, at_rate};
use crate::period::Span;
use crate::say::cite;

/// Some time that was approved, on a ticket whose work is at a rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    pub ticket: String,
    /// The day the ticket was opened.
    pub opened: Date,
    /// The hash of the version that the ticket keeps: it says the rate, as both parties were told, whatever was
    /// signed since. `None`: the one of the day it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The facts that the work was admitted under, its operation among them.
    pub facts: Facts,
    pub on: Date,
    /// As spent, before any rounding.
    pub minutes: u32,
    pub hours: RateHours,
    /// Why it is not billed: its ticket mends a delivery under warranty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warranty: Option<Reason>,
}

/// Time of one ticket at hours of one sort.
struct Lot<'a> {
    at: AtRate<'a>,
    of: &'a Spent,
    from: Date,
    to: Date,
    counted: u32,
    net: Money,
    reasons: Vec<Reason>,
}

/// The lines of the month, from the time that it bills: each entry is rounded on its own, as it was told.
///
/// Time is billed in the month it was spent in when it is approved before that month closes, in the first one
/// to close afterwards otherwise: whoever gathers the facts knows when months closed.
pub fn spent(history: &History, month: Span, time: &[Spent]) -> Vec<Because<InvoiceLine>> {
    let mut sorted: Vec<&Spent> = time.iter().filter(|t| t.on < month.next && t.minutes > 0).collect();
    sorted.sort_by_key(|t| t.on);
    let mut lots: Vec<Lot> = Vec::new();
    for one in sorted {
        // Another text may include what this one bills.
        let version = history.kept(one.version.as_deref(), one.opened);
        let at = version.and_then(|v| at_rate(&v.terms, &one.facts));
        if let Some(at) = at {
            add(&mut lots, at, one);
        }
    }
    lots.into_iter().filter_map(|lot| invoice_line(history, lot)).collect()
}

fn add<'a>(lots: &mut Vec<Lot<'a>>, at: AtRate<'a>, one: &'a Spent) {
    let Because { value: TimeCharge { counted_minutes, amount }, reasons } =
        time(at.rate, one.minutes, one.hours);
    match lots.iter_mut().find(|l| (&l.of.ticket, l.of.hours) == (&one.ticket, one.hours)) {
        Some(lot) => {
            lot.to = one.on;
            lot.counted = lot.counted.saturating_add(counted_minutes);
            lot.net = lot.net + amount;
            lot.reasons.extend(reasons);
        }
        None => lots.push(Lot {
            at,
            of: one,
            from: one.on,
            to: one.on,
            counted: counted_minutes,
            net: amount,
            reasons,
        }),
    }
}

fn invoice_line(history: &History, lot: Lot<'_>) -> Option<Because<InvoiceLine>> {
    let rate = &lot.at.rate.then;
    let weight = rate.weights.iter().find(|w| w.hours == lot.of.hours).map(|w| w.weight);
    let (vat_rate, vat_reason) = vat_of_extras(&history.at(lot.to)?.terms, lot.to);
    let hours = at_hours(lot.of.hours);
    let (title, ticket, worth) = (&rate.title, &lot.of.ticket, lot.net);
    let free = lot.of.warranty.is_some();
    let unit_price = weight.map_or(rate.price, |weight| rate.price.times(weight, Rounding::CENTS));
    let (code, net, unit_price) = match free {
        true => ("extra.warranty", Money::zero(worth.currency), Money::zero(worth.currency)),
        false => ("extra.time", worth, unit_price),
    };
    let mut reasons = vec![cite(code, lot.at.clause, |lang| {
        let worth = worth.show(lang);
        match free {
            true => lang.t(
                format!("Temps passé sur le ticket {ticket}, sous garantie, non facturé\u{a0}: {worth} HT autrement."),
                format!("Time spent on ticket {ticket}, under warranty, not billed: {worth} net otherwise."),
            ),
            false => lang.t(
                format!("Temps passé sur le ticket {ticket}, approuvé\u{a0}: {worth} HT."),
                format!("Time spent on ticket {ticket}, approved: {worth} net."),
            ),
        }
    })];
    reasons.extend(lot.reasons);
    reasons.extend(lot.of.warranty.clone());
    reasons.push(vat_reason);
    let by_day = lot.of.hours == RateHours::Ordinary;
    let and = |none: bool, words: &str| if none { String::new() } else { format!(", {words}") };
    let value = InvoiceLine {
        kind: LineKind::Extra,
        clause: lot.at.rate.label().to_owned(),
        title: Bilingual::new(
            format!("Temps passé, {title}{}{}", and(by_day, &hours.fr), and(!free, "sous garantie")),
            format!("Time spent, {title}{}{}", and(by_day, &hours.en), and(!free, "under warranty")),
        ),
        from: lot.from,
        to: lot.to,
        quantity: Fraction::new(i128::from(lot.counted), i128::from(rate.minutes.max(1))),
        unit: if rate.minutes == 60 { "hour" } else { "day" }.to_owned(),
        unit_price,
        share: None,
        net,
        vat_rate,
        tickets: vec![ticket.clone()],
    };
    Some(Because::new(value, reasons))
}
