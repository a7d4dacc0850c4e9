//! Recurring fees of a month, through the amendments that take effect in it.
//!
//! A fee gives one line for what is in force when the month (or the fee) begins, then one for each
//! change of quantity, from its day to the end of the month (M-16 to M-18). A change of price splits the
//! month instead: each price has its own days (M-36), so no line mixes two prices.

use base::fraction::Fraction;
use base::lang::date;
use base::{Because, Bilingual, Money, Reason};
use jiff::civil::Date;
use terms::penalty::PenaltyBase;
use terms::{History, Price, Proration, Rule};

use super::line::{InvoiceLine, LineKind, Share};
use crate::in_force::{binding, in_force, last_bound};
use crate::period::Span;
use crate::say::{cite, list, say};

/// The lines of the month that holds `month`, in the order of the contract; none before its start.
pub fn fees(history: &History, month: Date) -> Vec<Because<InvoiceLine>> {
    let month = Span::month(month);
    let days: Vec<Date> =
        month.first.series(jiff::Span::new().days(1)).take_while(|d| *d < month.next).collect();
    let by_day: Vec<Vec<&Rule<Price>>> = days
        .iter()
        .map(|day| binding(history, *day).map(|t| in_force(&t.prices, *day)).unwrap_or_default())
        .collect();
    let mut labels: Vec<&str> = Vec::new();
    for rule in by_day.iter().flatten() {
        if !labels.contains(&rule.label()) {
            labels.push(rule.label());
        }
    }
    labels
        .into_iter()
        .flat_map(|label| {
            let timeline: Vec<Option<&Rule<Price>>> =
                by_day.iter().map(|rules| rules.iter().copied().find(|r| r.label() == label)).collect();
            fee(&timeline, month)
        })
        .collect()
}

/// The recurring fees of a full month at the prices in force on its last day (of service), without VAT.
///
/// The base of penalties and of their caps; zero when nothing is in force.
pub fn monthly_fee(history: &History, month: Date) -> Because<Money> {
    fee_of(history, month, PenaltyBase::MonthlyFeeInForce, &[])
}

/// The same, of all fees or of those of these labels, as the clause says what its rate applies to.
pub fn fee_of(history: &History, month: Date, base: PenaltyBase, labels: &[String]) -> Because<Money> {
    let month = Span::month(month);
    let bound = last_bound(history, month).and_then(|day| Some((day, binding(history, day)?)));
    let Some((day, terms)) = bound else {
        let currency = history.at(month.last()).map(|v| v.terms.currency).unwrap_or_default();
        return Because::new(Money::zero(currency), Vec::new());
    };
    let named = |rule: &&Rule<Price>| match base {
        PenaltyBase::MonthlyFeeInForce => true,
        // An exception to a fee that the clause names has its place.
        PenaltyBase::NamedFees => [Some(rule.label()), rule.exception_to.as_deref()]
            .into_iter()
            .flatten()
            .any(|l| labels.iter().any(|n| n == l)),
    };
    let prices: Vec<&Rule<Price>> = in_force(&terms.prices, day).into_iter().filter(named).collect();
    let total = prices
        .iter()
        .fold(Money::zero(terms.currency), |sum, r| sum + net(&r.then, r.then.quantity.into(), Share::WHOLE));
    let mut reasons: Vec<Reason> = prices.iter().map(|r| full_month(r)).collect();
    reasons.push(say("fee.base", |lang| {
        let (day, total) = (date(lang, day), total.show(lang));
        match base {
            PenaltyBase::MonthlyFeeInForce => lang.t(
                format!("Redevance mensuelle en vigueur le {day} : {total} HT."),
                format!("Monthly fee in force on {day}: {total} net."),
            ),
            PenaltyBase::NamedFees => {
                let names: Vec<&str> = prices.iter().map(|r| r.then.title.as_str()).collect();
                let names = list(lang, &names);
                lang.t(
                    format!("Redevance mensuelle en vigueur le {day} ({names})\u{a0}: {total} HT."),
                    format!("Monthly fee in force on {day} ({names}): {total} net."),
                )
            }
        }
    }));
    Because::new(total, reasons)
}

fn full_month(rule: &Rule<Price>) -> Reason {
    cite("fee.full_month", rule, |lang| {
        let price = &rule.then;
        let net = net(price, price.quantity.into(), Share::WHOLE);
        format!(
            "{} : {} × {} = {}.",
            price.title,
            price.quantity,
            price.unit_price.show(lang),
            net.show(lang)
        )
    })
}

/// Days of the month, up to `last` (1 is the first), over which one tariff holds without a break.
struct Run<'a> {
    last: u32,
    /// Quantities and the day each begins, the run's first day included.
    steps: Vec<(u32, &'a Rule<Price>)>,
}

fn runs<'a>(timeline: &[Option<&'a Rule<Price>>]) -> Vec<Run<'a>> {
    let mut runs: Vec<Run<'a>> = Vec::new();
    for (day, rule) in (1..).zip(timeline) {
        let Some(rule) = *rule else { continue };
        let goes_on = runs
            .last_mut()
            .filter(|run| run.last + 1 == day && run.steps.last().is_some_and(|(_, r)| same_tariff(r, rule)));
        match goes_on {
            Some(run) => {
                run.last = day;
                if run.steps.last().is_some_and(|(_, r)| r.then.quantity != rule.then.quantity) {
                    run.steps.push((day, rule));
                }
            }
            None => runs.push(Run { last: day, steps: vec![(day, rule)] }),
        }
    }
    runs
}

fn same_tariff(a: &Rule<Price>, b: &Rule<Price>) -> bool {
    Price { quantity: 0, ..a.then.clone() } == Price { quantity: 0, ..b.then.clone() }
}

fn fee(timeline: &[Option<&Rule<Price>>], month: Span) -> Vec<Because<InvoiceLine>> {
    let mut lines = Vec::new();
    // A month begun is due once: with that proration, only units above the most already due are added.
    let mut due = 0;
    for run in runs(timeline) {
        let mut before: Option<u32> = None;
        for (day, rule) in &run.steps {
            let quantity = rule.then.quantity;
            let (change, share) = match rule.then.proration {
                Proration::WholeMonth => {
                    let change = i64::from(quantity.saturating_sub(due));
                    due = due.max(quantity);
                    (change, Share::WHOLE)
                }
                Proration::ActualDays | Proration::ThirtyDayMonth => {
                    (i64::from(quantity) - i64::from(before.unwrap_or(0)), share(rule, *day, run.last, month))
                }
            };
            let kind = if before.is_none() { LineKind::Fee } else { LineKind::Adjustment };
            before = Some(quantity);
            if change != 0 && share.days > 0 {
                lines.push(line(rule, kind, change, share, (*day, run.last), month));
            }
        }
    }
    lines
}

/// Days `from` to `to` of the month, both included, over the month.
fn share(rule: &Rule<Price>, from: u32, to: u32, month: Span) -> Share {
    let length = month.days();
    match rule.then.proration {
        Proration::WholeMonth => Share::WHOLE,
        Proration::ActualDays => Share { days: to + 1 - from, of: length },
        Proration::ThirtyDayMonth => {
            // Every month ends on a thirtieth: the 31st is not counted, February is filled.
            let to = if to == length { 30 } else { to.min(30) };
            Share { days: (to + 1).saturating_sub(from), of: 30 }
        }
    }
}

fn net(price: &Price, quantity: i64, share: Share) -> Money {
    let exact = price.unit_price.exact() * Fraction::from_integer(i128::from(quantity)) * share.exact();
    Money::rounded(exact, price.unit_price.currency, price.rounding)
}

fn line(
    rule: &Rule<Price>,
    kind: LineKind,
    quantity: i64,
    share: Share,
    (from, to): (u32, u32),
    month: Span,
) -> Because<InvoiceLine> {
    let price = &rule.then;
    let day = |n: u32| month.first.saturating_add(jiff::Span::new().days(i64::from(n) - 1));
    let (from, to) = (day(from), day(to));
    let title = match kind {
        LineKind::Adjustment => Bilingual::new(
            format!("{} : {quantity:+} à compter du {}", price.title, date(base::Lang::Fr, from)),
            format!("{}: {quantity:+} from {}", price.title, date(base::Lang::En, from)),
        ),
        _ => Bilingual::same(&price.title),
    };
    let value = InvoiceLine {
        kind,
        clause: rule.label().to_owned(),
        title,
        from,
        to,
        quantity: Fraction::from_integer(i128::from(quantity)),
        unit: price.unit.clone(),
        unit_price: price.unit_price,
        share: (!share.is_whole()).then_some(share),
        net: net(price, quantity, share),
        vat_rate: price.vat,
        tickets: Vec::new(),
    };
    let reasons = vec![reason(rule, &value, share)];
    Because::new(value, reasons)
}

fn reason(rule: &Rule<Price>, line: &InvoiceLine, share: Share) -> Reason {
    let code = if line.kind == LineKind::Adjustment { "fee.adjustment" } else { "fee.line" };
    cite(code, rule, |lang| {
        let (quantity, price, net) = (line.quantity, line.unit_price.show(lang), line.net.show(lang));
        let arithmetic = if share.is_whole() {
            format!("{quantity} × {price} = {net}")
        } else {
            format!("{quantity} × {price} × {}/{} = {net}", share.days, share.of)
        };
        let (from, to) = (date(lang, line.from), date(lang, line.to));
        let how = match rule.then.proration {
            _ if share.is_whole() && rule.then.proration != Proration::WholeMonth => String::new(),
            Proration::ActualDays => lang.t(
                format!(", du {from} au {to}, en jours réels"),
                format!(", {from} to {to}, in actual days"),
            ),
            Proration::ThirtyDayMonth => lang.t(
                format!(", du {from} au {to}, en mois de trente jours"),
                format!(", {from} to {to}, in thirty-day months"),
            ),
            Proration::WholeMonth => {
                lang.t(", tout mois commencé étant dû".to_owned(), ", a month begun being due".to_owned())
            }
        };
        format!("{arithmetic}{how}.")
    })
}
