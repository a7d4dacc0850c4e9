//! The hours that time is at: what the contract says of the instant it began, and what it leaves to be said.

use base::{Because, Reason};
use engines::billing::hours::{begun, left_open, rates};
use engines::perimeter::at_rate::AtRate;
use events::TimeTold;
use jiff::Timestamp;
use store::Tx;
use store::ticket::{self, Ticket};
use terms::rates::RateHours;
use terms::{Facts, Terms};

use crate::agreements::{Agreement, Agreements};
use crate::error::{AppError, Refusal, Result};
use crate::ticket::price;

/// What whoever enters time on a ticket may say of its hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hours {
    /// Any: the contract decides nothing by the instant.
    Free,
    /// What the contract decides, or one of these, which it does not place.
    ByContract(Vec<RateHours>),
}

impl Hours {
    /// What a third party may say of them: nothing that the contract speaks of.
    pub(crate) fn without_the_contract(self) -> Hours {
        match self {
            Hours::Free => Hours::Free,
            Hours::ByContract(_) => Hours::ByContract(Vec::new()),
        }
    }
}

/// When the work began, and what was said of its hours.
pub(super) struct At {
    pub started: Timestamp,
    pub said: Option<RateHours>,
    /// What is withdrawn is refused nothing, and a third party is told nothing of the contract: it decides
    /// whatever was said.
    pub heard: bool,
}

/// The hours that the contract decides; those said, else ordinary ones, where it decides nothing. Refused, with
/// the article, where it decides otherwise than was said.
pub(super) fn decided(
    terms: &Terms,
    facts: &Facts,
    (at_rate, profile): (Option<&AtRate<'_>>, Option<&str>),
    at: At,
) -> Result<Because<RateHours>> {
    let rates = rates(terms, facts, at_rate, profile);
    let said = at.said.filter(|_| at.heard);
    match begun(terms, facts, &rates, at.started, said) {
        None => Ok(Because::new(at.said.unwrap_or(RateHours::Ordinary), Vec::new())),
        Some(Ok(decided)) => Ok(decided),
        Some(Err(reasons)) => Err(AppError::refused(
            Refusal::new(
                "time.hours",
                "Le contrat dit à quelles heures ce travail est fait\u{a0}: n'en choisissez pas d'autres, ou corrigez son début.",
                "The contract says at which hours this work is done: choose no others, or correct when it began.",
            )
            .because(reasons),
        )),
    }
}

/// What may be said of the hours of time on a ticket of these terms and facts; `at`: see [`price::by_time`].
pub fn hours_of(terms: &Terms, facts: &Facts, at: Option<&AtRate<'_>>) -> Hours {
    left_open(&rates(terms, facts, at, None)).map_or(Hours::Free, Hours::ByContract)
}

/// Why the hours of an entry are what they are, by the terms of its ticket; `Err` with what the contract says
/// instead, for what was entered before it decided. Nothing where it decides nothing.
pub(crate) fn explained(
    terms: &Terms,
    facts: &Facts,
    at_rate: Option<&AtRate<'_>>,
    told: &TimeTold,
) -> std::result::Result<Vec<Reason>, Vec<Reason>> {
    let Ok(started) = Timestamp::from_microsecond(told.started) else { return Ok(Vec::new()) };
    let rates = rates(terms, facts, at_rate, told.profile.as_deref());
    match begun(terms, facts, &rates, started, Some(told.hours)) {
        None => Ok(Vec::new()),
        Some(Ok(decided)) => Ok(decided.reasons),
        Some(Err(reasons)) => Err(reasons),
    }
}

/// What the contract says instead of the hours of an entry, when it says something else.
pub(crate) fn contradiction(
    tx: &mut dyn Tx,
    agreements: &Agreements,
    told: &TimeTold,
) -> Result<Option<(Ticket, Vec<Reason>)>> {
    let Some(ticket) = ticket::by_id(tx, told.ticket)?.filter(|_| told.minutes > 0) else { return Ok(None) };
    let agreement: &Agreement = agreements.by_id(told.contract)?;
    let terms = &agreement.version(&ticket.version)?.terms;
    let steps = ticket::steps(tx, ticket.id)?;
    let at = price::by_time(terms, &ticket, &steps);
    let said = explained(terms, &ticket.opening_facts, at.as_ref(), told);
    Ok(said.err().map(|reasons| (ticket, reasons)))
}

#[cfg(test)]
mod tests {
    use base::id::{AccountId, ContractId, TicketId};
    use events::{PaidBy, WorkKind};
    use uuid::Uuid;

    use super::*;

    fn told(at: &str, hours: RateHours) -> TimeTold {
        TimeTold {
            entry: Uuid::nil(),
            ticket: TicketId(Uuid::nil()),
            contract: ContractId(Uuid::nil()),
            person: AccountId(Uuid::nil()),
            started: at.parse::<Timestamp>().unwrap().as_microsecond(),
            minutes: 30,
            kind: WorkKind::Remote,
            hours,
            profile: Some("engineer".to_owned()),
            paid_by: PaidBy::Fee,
            counted: 30,
            worth: None,
            comment: None,
        }
    }

    #[test]
    fn an_entry_that_the_contract_contradicts_is_called_out_with_its_article() {
        let text = include_str!("../../../../contracts/lumen-edition.md");
        let terms = contract::compile("lumen.md", text).terms;
        let explained = |at, hours| explained(&terms, &Facts::default(), None, &told(at, hours));
        // A Tuesday of Paris, at 9:46 and at 22:30.
        let morning = explained("2026-11-17T08:46:00Z", RateHours::Sunday).unwrap_err();
        assert_eq!(morning[0].cites.as_ref().map(|from| from.label.as_str()), Some("tarif-ingenieur"));
        assert!(explained("2026-11-17T21:30:00Z", RateHours::Ordinary).is_err());
        assert_eq!(explained("2026-11-17T08:46:00Z", RateHours::Ordinary).unwrap().len(), 1);
        assert_eq!(explained("2026-11-17T21:30:00Z", RateHours::Night).unwrap().len(), 1);
        assert_eq!(hours_of(&terms, &Facts::default(), None), Hours::ByContract(Vec::new()));
    }
}
