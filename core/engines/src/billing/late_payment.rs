//! What an invoice paid late costs: interest by half-year, and the recovery indemnity.
//!
//! Interest runs from the day after the due date to the day of payment, both included, without any
//! reminder (Code de commerce, L441-10, II). The rate is that of each half-year; the sum is rounded once.

use base::fraction::{self, Fraction};
use base::lang::{date, percent};
use base::{Because, Money, Reason, Rounding};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::late_payment::{DayCount, LatePayment, LateRate};
use terms::{Invoicing, Rule};

use crate::period::Span;
use crate::say::{cite, plural};

/// The rates that central banks and the State publish for each half-year: data, with their source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceRates {
    pub source: String,
    pub half_years: Vec<HalfYearRates>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HalfYearRates {
    /// 1 January or 1 July.
    pub from: Date,
    /// Main refinancing rate in force that day.
    #[serde(with = "fraction::optional_text", default)]
    pub ecb: Option<Fraction>,
    /// Legal interest rate between professionals.
    #[serde(with = "fraction::optional_text", default)]
    pub legal: Option<Fraction>,
}

/// Days at one yearly rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateSpan {
    pub span: Span,
    #[serde(with = "fraction::text")]
    pub rate: Fraction,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateCharge {
    pub days: u32,
    pub spans: Vec<LateSpan>,
    pub interest: Money,
    /// Zero when nothing is late.
    pub indemnity: Money,
    pub total: Money,
}

/// The last day to pay an invoice issued that day in time; `None` beyond the calendar.
pub fn due(rule: &Rule<Invoicing>, issued: Date) -> Because<Option<Date>> {
    let value = rule.then.due(issued);
    let reasons = value.map(|due| {
        cite("invoice.due", rule, |lang| {
            let (issued, due, days) = (date(lang, issued), date(lang, due), rule.then.payment_days);
            lang.t(
                format!("Facture du {issued}, {days} jours\u{a0}: elle est due le {due} au plus tard."),
                format!("Invoice of {issued}, {days} days: due on {due} at the latest."),
            )
        })
    });
    Because::new(value, reasons.into_iter().collect())
}

/// What `amount`, VAT included, due on a day and paid on another, costs its payer; `None` when the rate
/// of a half-year was not given, which the reason says.
pub fn late(
    rule: &Rule<LatePayment>,
    amount: Money,
    due: Date,
    paid: Date,
    rates: &ReferenceRates,
) -> Because<Option<LateCharge>> {
    let zero = Money::zero(amount.currency);
    if paid <= due {
        let none = LateCharge { days: 0, spans: Vec::new(), interest: zero, indemnity: zero, total: zero };
        return Because::new(Some(none), vec![in_time(rule, due, paid)]);
    }
    let mut reasons = Vec::new();
    let mut spans = Vec::new();
    for span in half_years(due, paid) {
        let (rate, why) = rate(rule, rates, span);
        reasons.extend(why);
        let Some(rate) = rate else { return Because::new(None, reasons) };
        spans.push(LateSpan { span, rate });
    }
    let exact: Fraction = spans.iter().map(|s| interest(amount, s, rule.then.day_count)).sum();
    let interest = Money::rounded(exact, amount.currency, Rounding::CENTS);
    let value = LateCharge {
        days: spans.iter().map(|s| s.span.days()).sum(),
        spans,
        interest,
        indemnity: rule.then.indemnity,
        total: interest + rule.then.indemnity,
    };
    reasons.push(sum(rule, amount, &value));
    Because::new(Some(value), reasons)
}

/// The days late, cut at each 1 January and 1 July.
fn half_years(due: Date, paid: Date) -> Vec<Span> {
    let mut spans = Vec::new();
    let (Ok(mut first), Ok(end)) = (due.tomorrow(), paid.tomorrow()) else { return spans };
    while first < end {
        let next = next_half_year(first).min(end);
        spans.push(Span { first, next });
        first = next;
    }
    spans
}

fn half_year(day: Date) -> Date {
    let first = day.first_of_year();
    if day.month() < 7 { first } else { first.saturating_add(jiff::Span::new().months(6)) }
}

fn next_half_year(day: Date) -> Date {
    half_year(day).saturating_add(jiff::Span::new().months(6))
}

fn rate(rule: &Rule<LatePayment>, rates: &ReferenceRates, span: Span) -> (Option<Fraction>, Vec<Reason>) {
    let half = half_year(span.first);
    let known = rates.half_years.iter().find(|r| r.from == half);
    let legal = known.and_then(|r| r.legal);
    let by_clause = match rule.then.rate {
        LateRate::Ecb { plus } => known.and_then(|r| r.ecb).map(|ecb| ecb + plus),
        LateRate::Legal { times } => legal.map(|rate| rate * Fraction::from_integer(i128::from(times))),
        LateRate::Stated { rate } => Some(rate),
    };
    let Some(by_clause) = by_clause else { return (None, vec![unknown(rule, half)]) };
    // L441-10, II: the agreed rate cannot be under three times the legal interest rate.
    let least = legal.map(|rate| rate * Fraction::from_integer(3)).filter(|least| *least > by_clause);
    let kept = least.unwrap_or(by_clause);
    let reason = cite("late.rate", rule, |lang| {
        let (first, last) = (date(lang, span.first), date(lang, span.last()));
        let (days, rate) = (span.days(), percent(lang, kept));
        let jours = plural(lang, days, "jour", "jours");
        let source = match rule.then.rate {
            LateRate::Stated { .. } => String::new(),
            _ => lang.t(format!(" (source\u{a0}: {})", rates.source), format!(" (source: {})", rates.source)),
        };
        let floor = match least {
            Some(_) => lang.t(
                ", soit trois fois le taux légal, au-dessous duquel la loi n'admet pas de taux (Code de commerce, L441-10)",
                ", three times the legal rate, under which the law allows none (Code de commerce, L441-10)",
            ),
            None => "",
        };
        lang.t(
            format!("Du {first} au {last}, {days} {jours} à {rate} l'an{floor}{source}."),
            format!(
                "{first} to {last}, {days} {} at {rate} a year{floor}{source}.",
                plural(lang, days, "day", "days")
            ),
        )
    });
    (Some(kept), vec![reason])
}

fn interest(amount: Money, late: &LateSpan, count: DayCount) -> Fraction {
    let year = match count {
        DayCount::Actual365 => 365,
        DayCount::Actual360 => 360,
        // A span never crosses 1 January: it is cut at each half-year.
        DayCount::ActualActual if late.span.first.in_leap_year() => 366,
        DayCount::ActualActual => 365,
    };
    amount.exact() * late.rate * Fraction::new(i128::from(late.span.days()), year)
}

fn sum(rule: &Rule<LatePayment>, amount: Money, charge: &LateCharge) -> Reason {
    cite("late.sum", rule, |lang| {
        let (interest, indemnity) = (charge.interest.show(lang), charge.indemnity.show(lang));
        let (total, amount) = (charge.total.show(lang), amount.show(lang));
        lang.t(
            format!("Intérêts sur {amount}\u{a0}: {interest}, plus l'indemnité forfaitaire de recouvrement de {indemnity}\u{a0}: {total}."),
            format!("Interest on {amount}: {interest}, plus the flat recovery indemnity of {indemnity}: {total}."),
        )
    })
}

fn in_time(rule: &Rule<LatePayment>, due: Date, paid: Date) -> Reason {
    cite("late.none", rule, |lang| {
        let (due, paid) = (date(lang, due), date(lang, paid));
        lang.t(
            format!("Payée le {paid}, due le {due}\u{a0}: aucun retard."),
            format!("Paid on {paid}, due on {due}: not late."),
        )
    })
}

fn unknown(rule: &Rule<LatePayment>, half: Date) -> Reason {
    cite("late.unknown_rate", rule, |lang| {
        let half = date(lang, half);
        lang.t(
            format!("Le taux de référence du semestre ouvert le {half} n'a pas été fourni\u{a0}: les intérêts ne sont pas calculés."),
            format!("The reference rate of the half-year from {half} was not given: interest is not computed."),
        )
    })
}
