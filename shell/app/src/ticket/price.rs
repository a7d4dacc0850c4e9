//! The price of a ticket, agreed before the work: who says it, who answers, and what waits for the answer.
//!
//! A price is answered as it was read: an answer names the amount and the quotation, so that another made in
//! between, even at the same price, is neither agreed to nor declined by mistake. The provider writes an answer down only with where the customer wrote it.

use base::Because;
use base::Money;
use engines::billing::time::spending;
use engines::perimeter::at_rate::AtRate;
use engines::perimeter::price::{self, Agreement, Said};
use events::{DeliveryTold, Step};
use jiff::civil::Date;
use store::ticket::{Stepped, Ticket};
use terms::Terms;

use super::StepCommand;
use super::delivery::Defect;
use crate::error::{AppError, Refusal, Result};

/// The largest amount a quotation may have: ten million, in cents.
const LARGEST: i64 = 1_000_000_000;

/// Where the price of a ticket stands on a day of its contract. What is mended under warranty has none,
/// whatever was said of one before it was known to be.
pub(crate) fn standing(
    terms: &Terms,
    ticket: &Ticket,
    (steps, defect): (&[Stepped], Option<&Defect>),
    on: Date,
) -> Because<Agreement> {
    let free = defect.is_some_and(Defect::is_free);
    let said: Vec<Said> = steps.iter().filter(|_| !free).filter_map(|s| said(&s.step)).collect();
    let mut standing = price::before_work(terms, &ticket.opening_facts, ticket.used_before, &said, on);
    if free {
        standing.value = Agreement::NotNeeded;
        standing.reasons.retain(|reason| reason.code != "price.agreement");
    }
    standing.reasons.extend(defect.into_iter().flat_map(|defect| defect.warranty.reasons.clone()));
    standing
}

fn said(step: &Step) -> Option<Said> {
    match step {
        Step::QuoteMade { price, until, .. } => Some(Said::Quoted { price: *price, until: *until }),
        Step::PriceAgreed { price, .. } => Some(Said::Agreed { price: *price }),
        Step::PriceDeclined { .. } => Some(Said::Declined),
        // Units are answered as a price is: an estimate asks, an order agrees.
        Step::Delivery { told: DeliveryTold::Estimated { price, until, .. } } => {
            Some(Said::Quoted { price: *price, until: *until })
        }
        Step::Delivery { told: DeliveryTold::Ordered { price, .. } } => Some(Said::Ordered { price: *price }),
        Step::Delivery { told: DeliveryTold::Declined { .. } } => Some(Said::Declined),
        _ => None,
    }
}

/// The maximum of work at a rate agreed to so far, whatever waits for an answer since.
pub(crate) fn maximum(terms: &Terms, ticket: &Ticket, steps: &[Stepped]) -> Option<Money> {
    price::maximum(terms, &ticket.opening_facts, &all_said(steps))
}

/// How the work is paid for by time; `None` when it is not, or was ordered in units.
pub(crate) fn by_time<'a>(terms: &'a Terms, ticket: &Ticket, steps: &[Stepped]) -> Option<AtRate<'a>> {
    price::by_time(terms, &ticket.opening_facts, &all_said(steps))
}

/// Whether an order in work units stands on the ticket.
pub(crate) fn ordered(steps: &[Stepped]) -> bool {
    price::ordered(&all_said(steps))
}

fn all_said(steps: &[Stepped]) -> Vec<Said> {
    steps.iter().filter_map(|s| said(&s.step)).collect()
}

/// The most that time may come to now: a lower maximum that waits for its answer may be agreed to at any time.
pub(crate) fn most(standing: Agreement, maximum: Option<Money>) -> Option<Money> {
    match standing {
        Agreement::Awaited { price, .. } => {
            maximum.map(|most| if price.cents < most.cents { price } else { most })
        }
        _ => maximum,
    }
}

/// Refuses work whose price the customer has not agreed to, with the article. What is within the maximum
/// agreed to goes on while another waits for its answer.
pub(crate) fn before_work(standing: Because<Agreement>, maximum: Option<Money>) -> Result<()> {
    let Because { value, reasons } = standing;
    let (code, fr, en) = match value {
        Agreement::NotNeeded | Agreement::Agreed { .. } => return Ok(()),
        Agreement::Awaited { .. } if maximum.is_some() => return Ok(()),
        Agreement::QuoteAwaited => (
            "price.quote",
            "Ce travail se fait sur devis accepté\u{a0}: établissez d'abord le devis.",
            "This work is done on an accepted quotation: make the quotation first.",
        ),
        Agreement::Awaited { .. } => (
            "price.awaited",
            "Le Client n'a pas encore accepté le prix de ce travail.",
            "The customer has not agreed to the price of this work yet.",
        ),
        Agreement::Lapsed { .. } => (
            "price.lapsed",
            "Le devis n'est plus valable et n'a pas été accepté.",
            "The quotation no longer holds and was not accepted.",
        ),
        Agreement::Declined => (
            "price.declined",
            "Le Client a refusé le prix de ce travail.",
            "The customer declined the price of this work.",
        ),
    };
    Err(AppError::refused(Refusal::new(code, fr, en).because(reasons)))
}

/// Whether a quotation may be made: not below zero, and not over a price already agreed. The maximum of work
/// at a rate may be another, not below what the time spent has come to.
pub(super) fn quotable(
    (terms, ticket, steps): (&Terms, &Ticket, &[Stepped]),
    (standing, charged): (&Because<Agreement>, Option<Money>),
    price: Money,
    until: Option<Date>,
    on: Date,
) -> Result<()> {
    if price.currency != terms.currency || price.cents <= 0 || price.cents > LARGEST {
        let code = terms.currency.code();
        return Err(AppError::invalid(
            "price",
            format!("un montant HT positif, en {code}, de dix millions au plus"),
            format!("a positive net amount in {code}, at most ten million"),
        ));
    }
    if until.is_some_and(|day| day < on) {
        return Err(AppError::invalid("until", "un jour à venir", "a day to come"));
    }
    let at = by_time(terms, ticket, steps);
    if let (Some(at), Some(most), Some(charged)) = (&at, maximum(terms, ticket, steps), charged)
        && charged.cents > price.cents
    {
        let refusal = Refusal::new(
            "price.spent",
            "Le temps déjà passé vient à plus que ce maximum.",
            "The time already spent comes to more than this maximum.",
        );
        let told = spending(at, most, charged, Money::zero(most.currency)).reasons;
        return Err(AppError::refused(refusal.because(told)));
    }
    if matches!(standing.value, Agreement::Agreed { .. }) && at.is_none() {
        let refusal = Refusal::new(
            "price.agreed",
            "Un prix est déjà accepté pour ce ticket\u{a0}; ouvrez-en un autre pour ce qui s'y ajoute.",
            "A price is already agreed for this ticket; open another one for what comes on top.",
        );
        return Err(AppError::refused(refusal.because(standing.reasons.clone())));
    }
    Ok(())
}

/// Whether the price named is the one that waits for an answer.
pub(super) fn answerable(standing: &Because<Agreement>, price: Option<Money>) -> Result<()> {
    let refuse = |code: &str, fr: &str, en: &str| {
        Err(AppError::refused(Refusal::new(code, fr, en).because(standing.reasons.clone())))
    };
    match (standing.value, price) {
        (Agreement::Awaited { price: asked, .. }, Some(read)) if asked != read => {
            Err(AppError::refused(changed().because(standing.reasons.clone())))
        }
        (Agreement::Awaited { .. }, _) | (Agreement::Lapsed { .. }, None) => Ok(()),
        (Agreement::Lapsed { .. }, Some(_)) => refuse(
            "price.lapsed",
            "Le devis n'est plus valable\u{a0}: demandez-en un autre.",
            "The quotation no longer holds: ask for another.",
        ),
        (Agreement::QuoteAwaited, None) => Ok(()),
        _ => refuse(
            "price.nothing",
            "Aucun prix n'attend de réponse sur ce ticket.",
            "No price awaits an answer on this ticket.",
        ),
    }
}

/// The entry of the quotation that stands; `None` when none was made, or when it was answered.
pub(crate) fn quotation(steps: &[Stepped]) -> Option<u64> {
    let last = steps.iter().rev().find(|s| said(&s.step).is_some())?;
    matches!(last.step, Step::QuoteMade { .. }).then_some(last.seq)
}

/// Refuses an answer to another quotation than the one that stands.
pub(super) fn still_the_one(
    standing: &Because<Agreement>,
    steps: &[Stepped],
    command: &StepCommand,
) -> Result<()> {
    let (StepCommand::AgreePrice { quotation: read, .. } | StepCommand::DeclinePrice { quotation: read, .. }) =
        command
    else {
        return Ok(());
    };
    match quotation(steps) {
        Some(asked) if *read != Some(asked) => {
            Err(AppError::refused(changed().because(standing.reasons.clone())))
        }
        _ => Ok(()),
    }
}

fn changed() -> Refusal {
    Refusal::new(
        "price.changed",
        "Le prix a changé depuis que vous l'avez lu\u{a0}: relisez-le avant de répondre.",
        "The price has changed since you read it: read it again before answering.",
    )
}

/// The words that the provider must give for the customer's answer.
pub(super) fn reference_missing() -> AppError {
    AppError::invalid(
        "reference",
        "l'écrit du Client\u{a0}: la date et l'objet de son message",
        "what the customer wrote: the date and subject of the message",
    )
}
