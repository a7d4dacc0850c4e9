//! What is billed beyond the fees: operations past their allowance, tickets out of pack, packs, hours.

use base::fraction::Fraction;
use base::lang::date;
use base::{Because, Bilingual, Lang, Money, Reason};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::meter::WhenEmpty;
use terms::{Dimension, Facts, History, Meter, MeterForm, Operation, OperationTerms, Rule, Terms};

use super::line::{InvoiceLine, LineKind};
use crate::entitlement::{self, Call, Charge};
use crate::in_force::in_force;
use crate::perimeter::at_rate::at_rate;
use crate::perimeter::operation_clause;
use crate::period::{Span, local_date};
use crate::say::{cite, plural, product, say};

/// What names the line of a quotation that no clause of an operation stands behind.
const QUOTATION: &str = "quotation";

/// A piece of work done once, or agreed to at a price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// `on_site_visit`…; `None` for work on quotation that was asked for without naming an operation.
    pub operation: Option<String>,
    pub on: Date,
    /// The hash of the version that it keeps; `None`: the one of its day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What the customer agreed to pay for it: billed as agreed, outside any allowance. `None`: its clause
    /// alone says whether it is beyond the allowance, and at what price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<AgreedPrice>,
    /// Why nothing is asked for it: it mends a delivery under its warranty, and takes nothing of an allowance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warranty: Option<Reason>,
    /// The facts it was admitted under.
    pub facts: Facts,
    /// The ticket or the report it appears in.
    pub reference: String,
}

/// A price that the customer agreed to, net of VAT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedPrice {
    /// The day of the agreement: the month it is billed in, when it came after the work was asked for.
    pub on: Date,
    pub price: Money,
    pub asked: PriceAsked,
}

/// Where the price came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceAsked {
    /// From the clause of the operation, past its allowance.
    Clause,
    Quotation,
}

impl Done {
    /// The day that puts it in a month's statement.
    fn billed(&self) -> Date {
        self.agreed.map_or(self.on, |agreed| agreed.on.max(self.on))
    }
}

/// The lines of the month that holds `month`, from what was done up to the instant `until`.
///
/// Give every operation of the periods they are counted over (a contract year for some), and every call
/// since the contract's start.
pub fn extras(
    history: &History,
    month: Date,
    operations: &[Done],
    calls: &[Call],
    until: Timestamp,
) -> Vec<Because<InvoiceLine>> {
    let month = Span::month(month);
    let mut lines = beyond_allowance(history, month, operations);
    lines.extend(beyond_meters(history, month, calls, until));
    lines
}

/// The same price, asked the same way under the same clause, makes one line.
struct Beyond<'a> {
    rule: Option<&'a Rule<Operation>>,
    price: Money,
    basis: Basis,
    done: Vec<&'a Done>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Basis {
    Allowance {
        included: u32,
    },
    Quotation,
    /// Shown for what it would have cost, and not billed.
    Warranty {
        instead_of: Money,
    },
}

fn beyond_allowance(history: &History, month: Span, operations: &[Done]) -> Vec<Because<InvoiceLine>> {
    let mut sorted: Vec<&Done> = operations.iter().filter(|d| d.on < month.next).collect();
    sorted.sort_by_key(|d| d.on);
    let mut lines: Vec<Beyond> = Vec::new();
    for (nth, done) in sorted.iter().enumerate().filter(|(_, d)| month.contains(d.billed())) {
        let version = history.kept(done.version.as_deref(), done.on);
        let Some(terms) = version.map(|v| &v.terms) else { continue };
        let Some((rule, price, basis)) = priced(terms, done, &sorted[..nth]) else { continue };
        let (price, basis) = match done.warranty {
            Some(_) => (Money::zero(price.currency), Basis::Warranty { instead_of: price }),
            None => (price, basis),
        };
        let same = |l: &&mut Beyond| {
            (l.rule.map(Rule::label), l.price, l.basis) == (rule.map(Rule::label), price, basis)
        };
        match lines.iter_mut().find(same) {
            Some(line) => line.done.push(done),
            None => lines.push(Beyond { rule, price, basis, done: vec![done] }),
        }
    }
    lines.into_iter().filter_map(|beyond| operation_line(history, month, &beyond)).collect()
}

/// What a piece of work costs, after those done `before` it; `None` when the fee pays.
fn priced<'a>(
    terms: &'a Terms,
    done: &Done,
    before: &[&Done],
) -> Option<(Option<&'a Rule<Operation>>, Money, Basis)> {
    let facts = done.operation.as_ref().map(|name| done.facts.clone().with(Dimension::Operation, name));
    // A maximum is agreed to, and the time spent is billed: see `super::spent`.
    if facts.as_ref().is_some_and(|facts| at_rate(terms, facts).is_some()) {
        return None;
    }
    let rule = facts.and_then(|facts| operation_clause(terms, &facts));
    let metered = rule.and_then(|rule| match rule.then.terms {
        OperationTerms::Metered { included, per, then_price } => Some((included, per, then_price)),
        _ => None,
    });
    let quoted = |price| (rule, price, Basis::Quotation);
    match (done.agreed, metered) {
        (Some(AgreedPrice { price, asked: PriceAsked::Clause, .. }), Some((included, ..))) => {
            Some((rule, price, Basis::Allowance { included }))
        }
        (Some(AgreedPrice { price, .. }), _) => Some(quoted(price)),
        (None, Some((included, per, then_price))) => {
            let period = Span::of(per, terms, done.on);
            // What was paid for, or done under warranty, takes nothing from the allowance, whatever its place.
            let free =
                |d: &&&Done| d.agreed.is_none() && d.warranty.is_none() && d.operation == done.operation;
            let taken = before.iter().filter(free).filter(|d| period.contains(d.on)).count();
            (taken >= included as usize).then_some((rule, then_price, Basis::Allowance { included }))
        }
        (None, None) => None,
    }
}

fn operation_line(history: &History, month: Span, beyond: &Beyond) -> Option<Because<InvoiceLine>> {
    let quantity = Fraction::from_integer(i128::try_from(beyond.done.len()).ok()?);
    let net = beyond.price.times(quantity, base::Rounding::CENTS);
    let first = beyond.done.first()?.on;
    let (vat_rate, vat_reason) = vat_of_extras(&history.at(first)?.terms, first);
    let clause = beyond.rule.map_or(QUOTATION, |rule| rule.label());
    let value = InvoiceLine {
        kind: LineKind::Extra,
        clause: clause.to_owned(),
        title: title(beyond),
        from: first,
        to: beyond.done.last().map_or(month.last(), |d| d.on),
        quantity,
        unit: beyond.rule.map_or(QUOTATION, |rule| &rule.then.operation).to_owned(),
        unit_price: beyond.price,
        share: None,
        net,
        vat_rate,
        tickets: beyond.done.iter().map(|d| d.reference.clone()).collect(),
    };
    let references = value.tickets.join(", ");
    let text = |lang: Lang| {
        let product = product(lang, quantity, beyond.price, net);
        match beyond.basis {
            Basis::Allowance { included } => lang.t(
                format!("Au-delà des {included} comprises : {product} ({references})."),
                format!("Beyond the {included} included: {product} ({references})."),
            ),
            Basis::Warranty { instead_of } => {
                let instead_of = instead_of.show(lang);
                lang.t(
                    format!(
                        "Sous garantie, non facturé\u{a0}: {instead_of} l'unité autrement ({references})."
                    ),
                    format!("Under warranty, not billed: {instead_of} each otherwise ({references})."),
                )
            }
            Basis::Quotation => lang.t(
                format!("Sur devis accepté par le Client\u{a0}: {product} ({references})."),
                format!("On a quotation that the customer agreed to: {product} ({references})."),
            ),
        }
    };
    let code = match beyond.basis {
        Basis::Allowance { .. } => "extra.operation",
        Basis::Quotation => "extra.quotation",
        Basis::Warranty { .. } => "extra.warranty",
    };
    let reason = match beyond.rule {
        Some(rule) => cite(code, rule, text),
        None => say(code, text),
    };
    let mut reasons = vec![reason];
    reasons.extend(beyond.done.iter().filter_map(|d| d.warranty.clone()));
    reasons.push(vat_reason);
    Some(Because::new(value, reasons))
}

fn title(beyond: &Beyond) -> Bilingual {
    let title = beyond.rule.map(|rule| &rule.then.title);
    match (title, beyond.basis) {
        (Some(title), Basis::Allowance { .. }) => {
            Bilingual::new(format!("{title}, hors forfait"), format!("{title}, beyond the fee"))
        }
        (Some(title), Basis::Quotation) => {
            Bilingual::new(format!("{title}, sur devis"), format!("{title}, on quotation"))
        }
        (Some(title), Basis::Warranty { .. }) => {
            Bilingual::new(format!("{title}, sous garantie"), format!("{title}, under warranty"))
        }
        (None, Basis::Warranty { .. }) => {
            Bilingual::new("Correction sous garantie", "Correction under warranty")
        }
        (None, _) => Bilingual::new("Travaux sur devis", "Work on quotation"),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sold {
    Ticket,
    Pack,
    Hour,
}

fn beyond_meters(
    history: &History,
    month: Span,
    calls: &[Call],
    until: Timestamp,
) -> Vec<Because<InvoiceLine>> {
    let mut labels: Vec<&str> = Vec::new();
    for rule in history.versions.iter().flat_map(|v| &v.terms.meters) {
        if !labels.contains(&rule.label()) {
            labels.push(rule.label());
        }
    }
    labels.into_iter().flat_map(|label| beyond_meter(history, month, label, calls, until)).collect()
}

/// Calls sold the same thing at the same price, by the same clause.
struct Lot<'a> {
    meter: &'a Rule<Meter>,
    what: Sold,
    price: Money,
    calls: Vec<(Date, Charge)>,
    /// Those of the calls that had one, each once.
    tickets: Vec<String>,
}

fn beyond_meter(
    history: &History,
    month: Span,
    label: &str,
    calls: &[Call],
    until: Timestamp,
) -> Vec<Because<InvoiceLine>> {
    let mut lots: Vec<Lot> = Vec::new();
    for (call, charge) in entitlement::charges(history, label, calls, until) {
        let Some(terms) = history.latest().map(|v| &v.terms) else { continue };
        let on = local_date(terms, call.at);
        if !month.contains(on) || charge.value.price.is_none() {
            continue;
        }
        let Some((meter, what, price)) = tariff(history, label, on) else { continue };
        let known = lots.iter().position(|l| l.what == what && l.price == price);
        let at = known.unwrap_or_else(|| {
            lots.push(Lot { meter, what, price, calls: Vec::new(), tickets: Vec::new() });
            lots.len() - 1
        });
        let lot = &mut lots[at];
        lot.calls.push((on, charge.value));
        if let Some(ticket) = call.ticket.as_ref().filter(|ticket| !lot.tickets.contains(ticket)) {
            lot.tickets.push(ticket.clone());
        }
    }
    lots.iter().filter_map(|lot| meter_line(history, lot)).collect()
}

/// What calls beyond the meter buy on a day, and its unit price; `None` when nothing is sold.
fn tariff<'a>(history: &'a History, label: &str, on: Date) -> Option<(&'a Rule<Meter>, Sold, Money)> {
    let meter = history.at(on)?.terms.meters.iter().find(|r| r.label() == label)?;
    let (what, price) = match meter.then.form {
        MeterForm::TicketPack { when_empty: WhenEmpty::PerTicket { price }, .. } => (Sold::Ticket, price),
        MeterForm::TicketPack { when_empty: WhenEmpty::NewPack { price, .. }, .. } => (Sold::Pack, price),
        MeterForm::MaxHours { hour_price: Some(price), .. } => (Sold::Hour, price),
        MeterForm::Unlimited
        | MeterForm::Shared { .. }
        | MeterForm::TicketPack { when_empty: WhenEmpty::Refuse, .. }
        | MeterForm::MaxHours { hour_price: None, .. } => return None,
    };
    Some((meter, what, price))
}

fn meter_line(history: &History, lot: &Lot) -> Option<Because<InvoiceLine>> {
    let ((from, _), (to, _)) = (lot.calls.first()?, lot.calls.last()?);
    let terms = &history.at(*to)?.terms;
    let calls = u32::try_from(lot.calls.len()).unwrap_or(u32::MAX);
    let beyond: i128 = lot.calls.iter().map(|(_, c)| i128::from(c.counted - c.taken)).sum();
    let quantity = match lot.what {
        // A weighed call may count for several tickets.
        Sold::Ticket => Fraction::from_integer(beyond),
        Sold::Pack => Fraction::from_integer(i128::from(calls)),
        Sold::Hour => Fraction::new(beyond, 60),
    };
    // What each caller was told, added up: the price of a call is rounded once, when it is told.
    let net = lot
        .calls
        .iter()
        .filter_map(|(_, c)| c.price)
        .fold(Money::zero(terms.currency), |sum, price| sum + price);
    let (title, unit) = match lot.what {
        Sold::Ticket => (Bilingual::new("Tickets hors carnet", "Tickets out of pack"), "ticket"),
        Sold::Pack => (Bilingual::new("Carnets de tickets", "Ticket packs"), "ticket_pack"),
        Sold::Hour => (Bilingual::new("Heures de hotline au-delà", "Hotline hours beyond"), "hour"),
    };
    let (vat_rate, vat_reason) = vat_of_extras(terms, *to);
    let reason = cite("extra.meter", lot.meter, |lang| {
        let product = product(lang, quantity, lot.price, net);
        let (title, appels) = (title.get(lang), plural(lang, calls, "appel", "appels"));
        let english = plural(lang, calls, "call", "calls");
        lang.t(
            format!("{title} : {product} ({calls} {appels})."),
            format!("{title}: {product} ({calls} {english})."),
        )
    });
    let value = InvoiceLine {
        kind: LineKind::Extra,
        clause: lot.meter.label().to_owned(),
        title,
        from: *from,
        to: *to,
        quantity,
        unit: unit.to_owned(),
        unit_price: lot.price,
        share: None,
        net,
        vat_rate,
        tickets: lot.tickets.clone(),
    };
    Some(Because::new(value, vec![reason, vat_reason]))
}

/// The VAT rate of extras and of price reductions: the highest of the fees in force on the day, else the
/// standard rate, since no clause of an extra names one.
pub(super) fn vat_of_extras(terms: &Terms, on: Date) -> (Fraction, Reason) {
    let highest = in_force(&terms.prices, on).into_iter().max_by_key(|r| r.then.vat);
    match highest {
        Some(rule) => {
            let reason = cite("vat.extras", rule, |lang| {
                let (rate, on) = (base::lang::percent(lang, rule.then.vat), date(lang, on));
                lang.t(
                    format!("TVA au taux des redevances en vigueur le {on} : {rate}."),
                    format!("VAT at the rate of the fees in force on {on}: {rate}."),
                )
            });
            (rule.then.vat, reason)
        }
        // CGI, art. 278: the standard rate.
        None => {
            let reason = say("vat.standard", |lang| {
                lang.t(
                    "TVA au taux normal, 20 % (CGI, art. 278).",
                    "VAT at the standard rate, 20% (CGI, art. 278).",
                )
                .to_owned()
            });
            (Fraction::new(1, 5), reason)
        }
    }
}
