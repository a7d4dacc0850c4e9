//! The closing of a month: lines, VAT, results, penalties, what is left to pay.

use base::fraction::{self, Fraction};
use base::lang::{month as month_name, percent};
use base::{Because, Bilingual, Currency, Money, Reason, Rounding};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use terms::{History, PenaltyTax, Terms};

use super::caps::{CapApplied, PastPenalty, cap};
use super::extras::{Done, extras, vat_of_extras};
use super::fees::fees;
use super::line::{InvoiceLine, LineKind};
use super::penalty::{PenaltyLine, availability_penalties, penalties};
use super::revision::{IndexSeries, revised};
use super::spent::{Spent, spent};
use super::work_units::{BookOrder, work_units};
use crate::availability::{self, AvailabilityResult, ServiceFacts};
use crate::calendar::ClockCache;
use crate::entitlement::Call;
use crate::in_force::last_bound;
use crate::objective::{self, Measured, ObjectiveResult, Standing};
use crate::period::{Span, local_date};
use crate::say::say;

/// What happened, as the journal tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthFacts {
    /// Every case of the periods that the objectives are counted over; penalties read the month's only.
    pub cases: Vec<Measured>,
    /// Every operation of the periods that allowances are counted over.
    pub operations: Vec<Done>,
    /// Every call since the contract's start.
    pub calls: Vec<Call>,
    /// What was payable for earlier months, those of other contract years being passed over.
    pub penalties_paid: Vec<PastPenalty>,
    /// Every order of work units since the contract's start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub work_orders: Vec<BookOrder>,
    /// The time billed in the month at a rate; absent from facts kept before there was any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub time: Vec<Spent>,
    /// The indices that price revisions read, as published; absent from facts kept before they were given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indices: Vec<IndexSeries>,
    /// Outages and announced maintenance, of the periods that availabilities are measured over.
    #[serde(default, skip_serializing_if = "ServiceFacts::is_empty")]
    pub services: ServiceFacts,
    /// The instant of a reading before the closing: its figures are provisional. `None`: the month is closed.
    pub as_of: Option<Timestamp>,
}

/// VAT at one rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VatLine {
    #[serde(with = "fraction::text")]
    pub rate: Fraction,
    /// The sum of the rounded lines at this rate.
    pub base: Money,
    pub vat: Money,
}

/// The statement of a month. It is kept, hashed and shown as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthStatement {
    pub contract: String,
    /// The first day of the month.
    pub month: Date,
    /// The hashes of the versions in force during the month, in order of effect.
    pub versions: Vec<String>,
    pub lines: Vec<Because<InvoiceLine>>,
    pub net: Money,
    /// By rate, the highest first.
    pub vat: Vec<VatLine>,
    pub vat_total: Money,
    pub gross: Money,
    pub results: Vec<Because<ObjectiveResult>>,
    /// Left out of the bytes when nothing was promised: statements kept before have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub availability: Vec<Because<AvailabilityResult>>,
    pub penalties: Vec<Because<PenaltyLine>>,
    pub caps: Vec<Because<CapApplied>>,
    /// Before the caps.
    pub penalty_total: Money,
    /// After the caps: indemnities and price reductions.
    pub penalty_due: Money,
    pub waived: Money,
    /// Indemnities set off against the gross amount (M-14).
    pub set_off: Money,
    /// Indemnities above the gross amount, owed to the customer.
    pub owed_to_customer: Money,
    /// Gross less set-off; negative when the month is a credit.
    pub left_to_pay: Money,
    pub standing: Standing,
}

/// The month that holds `month`, closed or as it would close.
pub fn close(history: &History, month: Date, facts: &MonthFacts) -> Because<MonthStatement> {
    let month = Span::month(month);
    let standing = if facts.as_of.is_some() { Standing::Provisional } else { Standing::Final };
    let Because { value: history, reasons: revisions } = revised(history, &facts.indices, month.last());
    let history = &*history;
    let Some(terms) = history.at(month.last()).map(|v| &v.terms) else {
        return Because::new(nothing(month, standing), vec![unsigned()]);
    };
    let until = until(terms, month, facts.as_of);
    let on = local_date(terms, until).clamp(month.first, month.last());

    let availability = availability(history, month, on, facts);
    let mut penalties = penalties(history, month.first, &facts.cases, standing);
    penalties.extend(availability_penalties(history, month.first, &availability));
    let zero = Money::zero(terms.currency);
    let penalty_total = penalties.iter().fold(zero, |sum, p| sum + p.value.amount);
    let (penalty_due, caps) = if penalty_total.is_zero() {
        (penalty_total, Vec::new())
    } else {
        cap(history, terms, month.first, penalty_total, &facts.penalties_paid)
    };
    share_out(&mut penalties, penalty_due);

    let mut lines = fees(history, month.first);
    lines.extend(extras(history, month.first, &facts.operations, &facts.calls, until));
    lines.extend(spent(history, month, &facts.time));
    lines.extend(work_units(history, month, on, &facts.work_orders));
    lines.extend(reductions(terms, month, &penalties));
    let net = lines.iter().fold(zero, |sum, l| sum + l.value.net);
    let vat = vat(terms.currency, lines.iter().map(|l| &l.value));
    let vat_total = vat.iter().fold(zero, |sum, v| sum + v.vat);
    let gross = net + vat_total;
    let indemnity = payable(&penalties, PenaltyTax::Indemnity, zero);
    let set_off = if gross.cents > 0 { indemnity.min(gross) } else { zero };

    let value = MonthStatement {
        contract: terms.contract.clone(),
        month: month.first,
        versions: versions(history, month),
        lines,
        net,
        vat,
        vat_total,
        gross,
        results: objective::results(terms, on, &facts.cases, standing),
        availability,
        penalties,
        caps,
        penalty_total,
        penalty_due,
        waived: penalty_total - penalty_due,
        set_off,
        owed_to_customer: indemnity - set_off,
        left_to_pay: gross - set_off,
        standing,
    };
    let reasons = revisions.into_iter().chain(reasons(&value)).collect();
    Because::new(value, reasons)
}

/// VAT for each rate on the sum of the rounded lines, rounded half up to cents (EN 16931, BR-CO-17).
pub fn vat<'a>(currency: Currency, lines: impl Iterator<Item = &'a InvoiceLine>) -> Vec<VatLine> {
    let mut groups: Vec<VatLine> = Vec::new();
    for line in lines {
        match groups.iter_mut().find(|g| g.rate == line.vat_rate) {
            Some(group) => group.base = group.base + line.net,
            None => {
                groups.push(VatLine { rate: line.vat_rate, base: line.net, vat: Money::zero(currency) });
            }
        }
    }
    for group in &mut groups {
        group.vat = group.base.times(group.rate, Rounding::CENTS);
    }
    groups.sort_by_key(|g| std::cmp::Reverse(g.rate));
    groups
}

/// The availabilities measured on a day of the month, or on the last on which the contract binds.
fn availability(
    history: &History,
    month: Span,
    on: Date,
    facts: &MonthFacts,
) -> Vec<Because<AvailabilityResult>> {
    let Some(last) = last_bound(history, month) else { return Vec::new() };
    let measures =
        availability::measures(history, on.min(last), &facts.services, facts.as_of, &mut ClockCache::new());
    measures.into_iter().map(|measure| measure.result).collect()
}

/// The last instant of the month in the contract's zone, or the reading's if it comes before.
fn until(terms: &Terms, month: Span, as_of: Option<Timestamp>) -> Timestamp {
    let zone = TimeZone::get(&terms.zone).unwrap_or(TimeZone::UTC);
    let end = month
        .next
        .to_zoned(zone)
        .ok()
        .and_then(|next| next.timestamp().checked_sub(1.nanosecond()).ok())
        .unwrap_or(Timestamp::MAX);
    as_of.map_or(end, |at| at.min(end))
}

/// Gives what the caps leave to the cases in order, the earliest first.
fn share_out(penalties: &mut [Because<PenaltyLine>], due: Money) {
    let mut left = due;
    for penalty in penalties {
        let line = &mut penalty.value;
        line.payable = line.amount.min(left);
        left = left - line.payable;
        if line.payable != line.amount {
            let (payable, waived) = (line.payable, line.amount - line.payable);
            penalty.reasons.push(say("penalty.capped", |lang| {
                let (payable, waived) = (payable.show(lang), waived.show(lang));
                lang.t(
                    format!("Après plafond : {payable} dus, {waived} écrêtés."),
                    format!("After the cap: {payable} due, {waived} waived."),
                )
            }));
        }
    }
}

fn payable(penalties: &[Because<PenaltyLine>], tax: PenaltyTax, zero: Money) -> Money {
    penalties.iter().filter(|p| p.value.tax == tax).fold(zero, |sum, p| sum + p.value.payable)
}

/// Penalties that are price reductions, one line each, at the rate of the fees.
fn reductions(terms: &Terms, month: Span, penalties: &[Because<PenaltyLine>]) -> Vec<Because<InvoiceLine>> {
    penalties
        .iter()
        .filter(|p| p.value.tax == PenaltyTax::PriceReduction && !p.value.payable.is_zero())
        .map(|penalty| {
            let line = &penalty.value;
            let (vat_rate, vat_reason) = vat_of_extras(terms, month.last());
            let of = line.ticket.as_deref().or(line.shortfall.as_ref().map(|s| s.service.as_str()));
            let of = of.unwrap_or_default();
            let title = Bilingual::new(format!("Réduction de prix, {of}"), format!("Price reduction, {of}"));
            let value = InvoiceLine {
                kind: LineKind::PriceReduction,
                clause: line.clause.clone(),
                title,
                from: month.first,
                to: month.last(),
                quantity: Fraction::from_integer(-1),
                unit: "flat".to_owned(),
                unit_price: line.payable,
                share: None,
                net: -line.payable,
                vat_rate,
                tickets: line.ticket.iter().cloned().collect(),
            };
            let mut reasons = penalty.reasons.clone();
            reasons.push(vat_reason);
            Because::new(value, reasons)
        })
        .collect()
}

/// The version in force on the first day, then those that take effect within the month.
fn versions(history: &History, month: Span) -> Vec<String> {
    let first = history.at(month.first).map(|v| v.hash.clone());
    let within = history
        .versions
        .iter()
        .filter(|v| month.first < v.effective && v.effective < month.next)
        .map(|v| v.hash.clone());
    let mut hashes: Vec<String> = first.into_iter().chain(within).collect();
    hashes.dedup();
    hashes
}

fn reasons(statement: &MonthStatement) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    reasons.push(say("month.net", |lang| {
        let (month, count) = (month_name(lang, statement.month), statement.lines.len());
        let net = statement.net.show(lang);
        lang.t(
            format!("Somme des {count} lignes, chacune arrondie ({month}) : {net} HT."),
            format!("Sum of the {count} lines, each rounded ({month}): {net} net."),
        )
    }));
    for vat in &statement.vat {
        reasons.push(say("month.vat", |lang| {
            let (rate, base, vat) = (percent(lang, vat.rate), vat.base.show(lang), vat.vat.show(lang));
            lang.t(format!("TVA : {rate} × {base} = {vat}."), format!("VAT: {rate} × {base} = {vat}."))
        }));
    }
    if !statement.set_off.is_zero() {
        reasons.push(say("month.set_off", |lang| {
            let (gross, set_off) = (statement.gross.show(lang), statement.set_off.show(lang));
            let left = statement.left_to_pay.show(lang);
            lang.t(
                format!("Compensation : {gross} TTC − {set_off} d'indemnité = {left} à payer."),
                format!("Set-off: {gross} gross − {set_off} of indemnity = {left} to pay."),
            )
        }));
    }
    if !statement.owed_to_customer.is_zero() {
        reasons.push(say("month.owed", |lang| {
            let owed = statement.owed_to_customer.show(lang);
            lang.t(
                format!("L'indemnité dépasse la facture : {owed} restent dus au Client."),
                format!("The indemnity exceeds the invoice: {owed} is still owed to the customer."),
            )
        }));
    }
    if statement.standing == Standing::Provisional {
        reasons.push(objective::provisional());
    }
    reasons
}

fn nothing(month: Span, standing: Standing) -> MonthStatement {
    let zero = Money::default();
    MonthStatement {
        contract: String::new(),
        month: month.first,
        versions: Vec::new(),
        lines: Vec::new(),
        net: zero,
        vat: Vec::new(),
        vat_total: zero,
        gross: zero,
        results: Vec::new(),
        availability: Vec::new(),
        penalties: Vec::new(),
        caps: Vec::new(),
        penalty_total: zero,
        penalty_due: zero,
        waived: zero,
        set_off: zero,
        owed_to_customer: zero,
        left_to_pay: zero,
        standing,
    }
}

fn unsigned() -> Reason {
    say("month.unsigned", |lang| {
        lang.t(
            "Aucune version du contrat n'est signée : rien n'est dû.",
            "No version of the contract is signed: nothing is due.",
        )
        .to_owned()
    })
}
