//! Meters, prices and their revisions, penalties and their caps.

use std::collections::BTreeMap;

use base::lang::{date, elapsed, integer};
use base::{Fraction, Lang, Money, Reason};
use engines::billing::BookOrder;
use engines::entitlement::work_units::{self, WorkUnitBook};
use engines::entitlement::{Form, MeterState};
use jiff::civil::Date;
use terms::{History, Price, Rule, Terms, WorkUnits};

use super::levels::of_ticket;
use super::reading::{Reading, has};
use super::{ClauseLive, Evidence, See, Standing, both};

pub(super) fn parts(reading: &Reading<'_>, label: &str) -> Vec<ClauseLive> {
    let terms = reading.terms;
    let mut parts = Vec::new();
    if has(&terms.meters, label) {
        let pool = terms.meters.iter().find(|r| r.label() == label).and_then(|r| r.then.pool());
        let state = reading.meters.iter().find(|m| m.value.meter == pool.unwrap_or(label));
        parts.push(state.map_or_else(|| ClauseLive::plain(Standing::Applied), |m| meter(&m.value)));
    }
    parts.extend(reading.books.get(label).map(book));
    parts.extend(terms.prices.iter().filter(|r| r.label() == label).map(price));
    if has(&terms.penalties, label) {
        parts.push(penalty(reading, label));
    }
    if has(&terms.penalty_caps, label) {
        parts.push(cap(reading, label));
    }
    if has(&terms.price_revisions, label) {
        parts.push(revision(reading.revisions, label));
    }
    parts
}

pub(super) fn meter(state: &MeterState) -> ClauseLive {
    let standing = match (state.beyond > 0, state.alert) {
        (true, _) | (_, true) => Standing::AtRisk,
        _ => Standing::Applied,
    };
    let figure = both(|lang| match state.form {
        Form::Unlimited => {
            let calls = integer(lang, i64::from(state.calls));
            lang.t(format!("{calls} appels"), format!("{calls} calls"))
        }
        Form::TicketPack => {
            let (left, all) = (state.left, state.included + state.carried + state.bought);
            // French counts in the plural from two; English says « no tickets » in the plural.
            let of_fr = if left < 2 { "ticket restant" } else { "tickets restants" };
            let of_en = if left == 1 { "ticket" } else { "tickets" };
            lang.t(format!("{left} {of_fr} sur {all}"), format!("{left} {of_en} left of {all}"))
        }
        Form::MaxHours => {
            let left = elapsed(lang, i64::from(state.left) * 60);
            lang.t(format!("{left} restantes"), format!("{left} left"))
        }
    });
    let mut evidence = Vec::new();
    if state.beyond > 0 {
        evidence.push(told(|lang| {
            let (beyond, billed) = (state.beyond, state.billed.show(lang));
            lang.t(format!("{beyond} au-delà, {billed} HT"), format!("{beyond} beyond, {billed} net"))
        }));
    }
    if let Some(day) = state.forecast_empty_on {
        evidence.push(told(|lang| {
            let day = date(lang, day);
            lang.t(format!("épuisement prévu le {day}"), format!("empty by {day} at this pace"))
        }));
    }
    ClauseLive { standing, figure: Some(figure), exact: None, evidence }
}

fn units(lang: Lang, value: Fraction) -> String {
    base::lang::decimal(lang, value, if value.is_integer() { 0 } else { 2 })
}

/// The books of work units on a day, by the label of their clause.
pub(super) fn books(
    history: &History,
    terms: &Terms,
    orders: &[BookOrder],
    on: Date,
) -> BTreeMap<String, WorkUnitBook> {
    let book = |rule: &Rule<WorkUnits>| {
        let orders = BookOrder::of(orders, rule.label());
        let book = work_units::book(history, rule.label(), &orders, on)?.value.book;
        Some((rule.label().to_owned(), book))
    };
    terms.work_units.iter().filter_map(book).collect()
}

fn book(book: &WorkUnitBook) -> ClauseLive {
    let zero = Fraction::from_integer(0);
    let standing = if book.alert || book.beyond > zero { Standing::AtRisk } else { Standing::Applied };
    let figure = both(|lang| {
        let [left, all, committed] =
            [book.left, book.bought + book.carried, book.committed].map(|n| units(lang, n));
        lang.t(
            format!("{left} UO restantes sur {all}, {committed} commandées"),
            format!("{left} units left of {all}, {committed} ordered"),
        )
    });
    let mut evidence = Vec::new();
    if book.beyond > zero {
        evidence.push(told(|lang| {
            let beyond = units(lang, book.beyond);
            lang.t(format!("{beyond} UO au-delà du carnet"), format!("{beyond} units beyond the book"))
        }));
    }
    ClauseLive { standing, figure: Some(figure), exact: None, evidence }
}

fn price(price: &Rule<Price>) -> ClauseLive {
    let quantity = Fraction::from_integer(i128::from(price.then.quantity));
    let amount = price.then.unit_price.times(quantity, price.then.rounding);
    let figure = both(|lang| {
        let amount = amount.show(lang);
        lang.t(format!("{amount} HT par mois"), format!("{amount} net a month"))
    });
    ClauseLive::figure(Standing::Applied, figure)
}

fn penalty(reading: &Reading<'_>, label: &str) -> ClauseLive {
    let mine: Vec<_> = reading.statement.penalties.iter().filter(|p| p.value.clause == label).collect();
    let due = mine.iter().fold(Money::zero(reading.terms.currency), |sum, p| sum + p.value.payable);
    let standing = if due.is_zero() { Standing::Held } else { Standing::Missed };
    let figure = both(|lang| {
        let due = due.show(lang);
        lang.t(format!("{due} ce mois-ci"), format!("{due} this month"))
    });
    let tickets = mine.iter().filter_map(|p| p.value.ticket.as_deref()?.parse::<u64>().ok());
    let evidence = tickets.map(|n| of_ticket(n, "en retard", "late")).collect();
    ClauseLive { standing, figure: Some(figure), exact: None, evidence }
}

fn cap(reading: &Reading<'_>, label: &str) -> ClauseLive {
    let Some(cap) = reading.statement.caps.iter().find(|c| c.value.clause == label) else {
        return ClauseLive::plain(Standing::Applied);
    };
    let (before, after) = (cap.value.before, cap.value.after);
    let figure = both(|lang| format!("{} → {}", before.show(lang), after.show(lang)));
    ClauseLive::figure(Standing::Applied, figure)
}

/// A revision: its coefficients so far, or the index that it waits for.
fn revision(reasons: &[Reason], label: &str) -> ClauseLive {
    let mine: Vec<&Reason> =
        reasons.iter().filter(|r| r.cites.as_ref().is_some_and(|c| c.label == label)).collect();
    let with = |code: &str| mine.iter().any(|r| r.code == code);
    let (standing, figure) = if with("revision.waiting") || with("revision.unlinked") {
        (Standing::AtRisk, Some(both(|lang| lang.t("indice attendu", "index awaited").to_owned())))
    } else if mine.is_empty() {
        let text = both(|lang| lang.t("aucune révision échue", "no revision due so far").to_owned());
        (Standing::NotYetDue, Some(text))
    } else {
        (Standing::Applied, None)
    };
    let evidence = mine.iter().map(|r| Evidence { text: r.text.clone(), see: See::Nothing }).collect();
    ClauseLive { standing, figure, exact: None, evidence }
}

fn told(text: impl Fn(base::Lang) -> String) -> Evidence {
    Evidence { text: both(text), see: See::Nothing }
}
