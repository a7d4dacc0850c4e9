//! The book of work units: bought for each contract year, spent on deliveries, carried over in part.
//!
//! Units that expire first are spent first, so those carried over go before the year's own (FIFO). What
//! is carried over is not carried over again. Units delivered beyond the book are told apart and priced
//! as the others.

use base::fraction::{self, Fraction};
use base::lang::date;
use base::{Because, Money, Reason, Rounding};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::commitment::Period;
use terms::work_units::PriceAt;
use terms::{History, Rule, Terms, WorkUnits};

use crate::period::Span;
use crate::say::{cite, figure};

/// Deliveries of one kind, ordered together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkOrder {
    pub reference: String,
    /// A code of the catalogue.
    pub code: String,
    pub count: u32,
    pub ordered: Date,
    /// The day it was delivered; `None`: not yet.
    pub delivered: Option<Date>,
    /// The ticket that ordered it, as the parties number it; orders kept before have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
}

/// The book on a day, in units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkUnitBook {
    pub year: Span,
    #[serde(with = "fraction::text")]
    pub bought: Fraction,
    /// Come over from the year before.
    #[serde(with = "fraction::text")]
    pub carried: Fraction,
    /// Of the year before: what does not go over, and what had come over and expired.
    #[serde(with = "fraction::text")]
    pub lost: Fraction,
    /// Delivered in the year, those beyond included.
    #[serde(with = "fraction::text")]
    pub spent: Fraction,
    /// Ordered and not delivered.
    #[serde(with = "fraction::text")]
    pub committed: Fraction,
    #[serde(with = "fraction::text")]
    pub left: Fraction,
    /// Delivered beyond the book.
    #[serde(with = "fraction::text")]
    pub beyond: Fraction,
    /// What the year's deliveries are worth, net of VAT.
    pub value: Money,
    pub alert: bool,
}

/// What one delivery spends and is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    pub reference: String,
    pub on: Date,
    #[serde(with = "fraction::text")]
    pub units: Fraction,
    #[serde(with = "fraction::text")]
    pub beyond: Fraction,
    pub unit_price: Money,
    pub net: Money,
    /// As its order says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkUnitLedger {
    pub book: WorkUnitBook,
    /// Since the contract's start, in order of delivery.
    pub deliveries: Vec<Because<Delivered>>,
}

/// Units that expire together.
struct Lot {
    left: Fraction,
    /// The first day they are worth nothing.
    expires: Date,
    /// Of an earlier year; the year's own lot is the only other.
    carried: bool,
}

/// The book of the clause `label` on the day `at`, its deliveries up to that day included.
///
/// Give every order since the contract's start. Give a history already revised, when a clause revises the
/// price of units. `None` when the contract in force has no such clause.
pub fn book(
    history: &History,
    label: &str,
    orders: &[WorkOrder],
    at: Date,
) -> Option<Because<WorkUnitLedger>> {
    let (terms, rule) = clause(history, label, at)?;
    Some(read(history, label, orders, at, (terms, rule, at)))
}

/// What was delivered up to the day `at`, in order, of a book that may have ended before: what was ordered
/// from it stays to be delivered, and is counted as it was ordered.
pub fn deliveries(history: &History, label: &str, orders: &[WorkOrder], at: Date) -> Vec<Because<Delivered>> {
    let last = last_standing(history, label, at);
    last.map_or_else(Vec::new, |last| read(history, label, orders, at, last).value.deliveries)
}

/// The clause in force that day, else the last one before; with the last day, of those, that it stood.
fn last_standing<'a>(
    history: &'a History,
    label: &str,
    at: Date,
) -> Option<(&'a Terms, &'a Rule<WorkUnits>, Date)> {
    if let Some((terms, rule)) = clause(history, label, at) {
        return Some((terms, rule, at));
    }
    let mut ended = at;
    for version in history.versions.iter().rev().filter(|v| v.effective <= at) {
        if let Some(rule) = version.terms.work_units.iter().find(|r| r.label() == label) {
            return Some((&version.terms, rule, ended));
        }
        ended = version.effective.yesterday().ok()?;
    }
    None
}

/// The clause that a line of the invoice of the day `at` rests on.
pub(crate) fn billed_under<'a>(history: &'a History, label: &str, at: Date) -> Option<&'a Rule<WorkUnits>> {
    last_standing(history, label, at).map(|(_, rule, _)| rule)
}

fn read(
    history: &History,
    label: &str,
    orders: &[WorkOrder],
    at: Date,
    (terms, rule, stood): (&Terms, &Rule<WorkUnits>, Date),
) -> Because<WorkUnitLedger> {
    let mut done: Vec<(Date, &WorkOrder)> =
        orders.iter().filter_map(|o| Some((o.delivered.filter(|d| *d <= at)?, o))).collect();
    done.sort_by_key(|(day, order)| (*day, order.ordered));
    let start = terms.term.as_ref().map_or(at, |t| t.then.start).min(at);
    let mut deliveries = Vec::new();
    let mut lots: Vec<Lot> = Vec::new();
    let mut book = opened(terms, rule, Span::of(Period::ContractYear, terms, start));
    let mut pending = done.into_iter().peekable();
    loop {
        let until = book.year.next.min(at.tomorrow().unwrap_or(at));
        // A year that ended before the clause existed, or began after it ended, bought nothing.
        let read_on = [book.year.last().min(at), stood].into_iter().filter(|day| book.year.contains(*day));
        let of_year = read_on.filter_map(|day| clause(history, label, day)).map(|(_, rule)| rule).next();
        book.bought = Fraction::from_integer(of_year.map_or(0, |r| i128::from(r.then.bought)));
        lots.push(Lot { left: book.bought, expires: book.year.next, carried: false });
        while let Some((day, order)) = pending.next_if(|(day, _)| *day < until) {
            let Some(one) = deliver(history, label, order, day, &mut lots) else { continue };
            book.spent += one.value.units;
            book.beyond += one.value.beyond;
            book.value = book.value + one.value.net;
            deliveries.push(one);
        }
        if at < book.year.next {
            break;
        }
        book = next_year(terms, of_year.unwrap_or(rule), &book, &mut lots);
    }
    lots.retain(|lot| lot.expires > at);
    let zero = Fraction::from_integer(0);
    book.left = lots.iter().fold(zero, |sum, lot| sum + lot.left);
    book.committed = orders
        .iter()
        .filter(|o| o.ordered <= at && o.delivered.is_none_or(|d| d > at))
        .filter_map(|o| counted(history, label, o, at).map(|(_, units)| units))
        .fold(zero, |sum, units| sum + units);
    book.alert = book.spent >= book.bought * rule.then.alert_at;
    let reasons = reasons(rule, &book);
    Because::new(WorkUnitLedger { book, deliveries }, reasons)
}

fn clause<'a>(history: &'a History, label: &str, day: Date) -> Option<(&'a Terms, &'a Rule<WorkUnits>)> {
    let terms = &history.at(day)?.terms;
    Some((terms, terms.work_units.iter().find(|r| r.label() == label)?))
}

fn opened(terms: &Terms, rule: &Rule<WorkUnits>, year: Span) -> WorkUnitBook {
    let zero = Fraction::from_integer(0);
    WorkUnitBook {
        year,
        bought: Fraction::from_integer(i128::from(rule.then.bought)),
        carried: zero,
        lost: zero,
        spent: zero,
        committed: zero,
        left: zero,
        beyond: zero,
        value: Money::zero(terms.currency),
        alert: false,
    }
}

/// Closes a contract year: part of what was bought goes over, the rest is lost.
fn next_year(
    terms: &Terms,
    rule: &Rule<WorkUnits>,
    book: &WorkUnitBook,
    lots: &mut Vec<Lot>,
) -> WorkUnitBook {
    let zero = Fraction::from_integer(0);
    let own = lots.iter().position(|lot| !lot.carried).map(|nth| lots.remove(nth));
    let unused = own.map_or(zero, |lot| lot.left);
    let expired: Fraction =
        lots.iter().filter(|lot| lot.expires <= book.year.next).fold(zero, |sum, lot| sum + lot.left);
    lots.retain(|lot| lot.expires > book.year.next);
    let carried = unused.min(book.bought * rule.then.carry_over);
    let months = jiff::Span::new().try_months(i64::from(rule.then.carried_for)).unwrap_or_default();
    lots.push(Lot { left: carried, expires: book.year.next.saturating_add(months), carried: true });
    let mut next = opened(terms, rule, Span::of(Period::ContractYear, terms, book.year.next));
    next.carried = carried;
    next.lost = unused - carried + expired;
    next
}

/// `None` when the catalogue had no such kind, neither that day nor on that of the order.
fn deliver(
    history: &History,
    label: &str,
    order: &WorkOrder,
    day: Date,
    lots: &mut [Lot],
) -> Option<Because<Delivered>> {
    let (rule, units) = counted(history, label, order, day)?;
    let mut wanted = units;
    lots.sort_by_key(|lot| (lot.expires, !lot.carried));
    for lot in lots.iter_mut().filter(|lot| lot.expires > day) {
        let taken = wanted.min(lot.left);
        lot.left -= taken;
        wanted -= taken;
    }
    let priced_on = match rule.then.price_at {
        PriceAt::Order => order.ordered,
        PriceAt::Delivery => day,
    };
    let (_, priced) = clause(history, label, priced_on).unwrap_or((&history.versions.first()?.terms, rule));
    let unit_price = priced.then.unit_price;
    let net = unit_price.times(units, Rounding::CENTS);
    let reason = cite("work_units.delivered", priced, |lang| {
        let (on, priced_on) = (date(lang, day), date(lang, priced_on));
        let (units, price, net) = (figure(lang, units), unit_price.show(lang), net.show(lang));
        let reference = &order.reference;
        lang.t(
            format!("{reference}, livrée le {on}, au prix du {priced_on}\u{a0}: {units} UO × {price} = {net}."),
            format!("{reference}, delivered on {on}, at the price of {priced_on}: {units} units × {price} = {net}."),
        )
    });
    let value = Delivered {
        reference: order.reference.clone(),
        on: day,
        units,
        beyond: wanted,
        unit_price,
        net,
        ticket: order.ticket.clone(),
    };
    Some(Because::new(value, vec![reason]))
}

/// The units of an order, as the clause of the day counts them; of the day of the order, once an amendment
/// has renamed its line, or ended the book.
fn counted<'a>(
    history: &'a History,
    label: &str,
    order: &WorkOrder,
    day: Date,
) -> Option<(&'a Rule<WorkUnits>, Fraction)> {
    [day, order.ordered].into_iter().find_map(|on| {
        let (_, rule) = clause(history, label, on)?;
        Some((rule, units(rule, order)?))
    })
}

fn units(rule: &Rule<WorkUnits>, order: &WorkOrder) -> Option<Fraction> {
    let kind = rule.then.catalogue.iter().find(|k| k.code == order.code)?;
    Some(kind.weight * Fraction::from_integer(i128::from(order.count)))
}

fn reasons(rule: &Rule<WorkUnits>, book: &WorkUnitBook) -> Vec<Reason> {
    let mut reasons = vec![cite("work_units.book", rule, |lang| {
        let (first, last) = (date(lang, book.year.first), date(lang, book.year.last()));
        let [bought, carried, spent, left, committed] =
            [book.bought, book.carried, book.spent, book.left, book.committed].map(|n| figure(lang, n));
        lang.t(
            format!("Carnet du {first} au {last}\u{a0}: {bought} UO achetées, {carried} reportées, {spent} livrées, {left} restantes dont {committed} commandées."),
            format!("Book from {first} to {last}: {bought} units bought, {carried} carried over, {spent} delivered, {left} left of which {committed} ordered."),
        )
    })];
    let zero = Fraction::from_integer(0);
    if book.carried + book.lost > zero {
        reasons.push(cite("work_units.carried", rule, |lang| {
            let (carried, lost) = (figure(lang, book.carried), figure(lang, book.lost));
            let limit = base::lang::percent(lang, rule.then.carry_over);
            lang.t(
                format!("Report limité à {limit} du carnet\u{a0}: {carried} UO reportées, {lost} perdues."),
                format!("At most {limit} of the book goes over: {carried} units carried over, {lost} lost."),
            )
        }));
    }
    if book.beyond > zero {
        reasons.push(cite("work_units.beyond", rule, |lang| {
            let beyond = figure(lang, book.beyond);
            lang.t(
                format!("{beyond} UO livrées au-delà du carnet."),
                format!("{beyond} units delivered beyond the book."),
            )
        }));
    }
    if book.alert {
        reasons.push(cite("work_units.alert", rule, |lang| {
            let at = base::lang::percent(lang, rule.then.alert_at);
            lang.t(
                format!("Seuil d'alerte de {at} du carnet atteint."),
                format!("The threshold of {at} of the book is reached."),
            )
        }));
    }
    reasons
}
