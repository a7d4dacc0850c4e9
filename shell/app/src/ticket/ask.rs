//! Before anything is sent: what the contract offers, and what it would say of a request.

use std::sync::Arc;

use base::{Because, Reason};
use engines::catalogue::{self, Node};
use engines::form;
use engines::kinds::{self, Kind, Severity};
use engines::perimeter::{self, Decision};
use engines::sla::{self, Clock, Timeline};
use events::{Dimension, Facts};
use jiff::Timestamp;
use store::{Tx, ticket};
use terms::Question;
use terms::operation::OTHER;

use super::case::{Origin, case, used_this_period};
use super::clockwork;
use super::open::OpenTicket;
use super::rules::reprioritised;
use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::vault::VaultHandle;

/// What a customer may ask for under one contract, at one instant.
pub struct Catalogue {
    pub agreement: Arc<Agreement>,
    /// Kinds of tickets that the asker may open.
    pub kinds: Vec<Because<Kind>>,
    /// Severities of defects, highest first; empty without application maintenance.
    pub severities: Vec<Because<Severity>>,
    pub offers: Vec<Offer>,
    /// Elementary services, each parent before its parts.
    pub services: Vec<Because<Node>>,
}

/// An operation of the contract, and what it would say of one more.
pub struct Offer {
    pub operation: String,
    pub title: String,
    /// How many times it was asked for in its period.
    pub used: u32,
    pub decision: Because<Decision>,
    /// What whoever asks for it is asked.
    pub ask: Vec<Question>,
}

/// What the contract would say of a request, were it sent now.
pub struct Weighed {
    pub agreement: Arc<Agreement>,
    pub facts: Facts,
    /// Empty without a matrix.
    pub priority: String,
    /// Where that priority comes from.
    pub priority_reason: Option<Reason>,
    pub decision: Because<Decision>,
    /// It is refused, and a quotation may be asked for: see [`OpenTicket::on_quote`].
    pub quotable: bool,
    /// The clocks that would run.
    pub clocks: Vec<Because<Clock>>,
    pub at: Timestamp,
}

impl App {
    /// The catalogue of a contract of the customer's; of the only one, or of the first, if none is named.
    pub fn request_catalogue(&self, permit: &Permit, contract: Option<&str>) -> Result<Catalogue> {
        self.on_tickets(permit, Act::OpenTicket)?;
        let vault = self.vault(permit.customer())?;
        let (now, agreements) = (self.now(), vault.agreements()?);
        let running = agreements.in_force(now);
        let wanted = contract.and_then(|number| running.iter().find(|a| a.number == number));
        let agreement = match wanted.or(running.first()) {
            Some(agreement) => Arc::clone(agreement),
            None => agreements.choose(contract, now)?.clone(),
        };
        let kept = agreement.clone();
        let offers = vault.db.read(move |tx| offers(tx, &kept, now))?;
        let terms = &agreement.in_force(now)?.terms;
        Ok(Catalogue {
            kinds: kinds::offered(terms, permit.role().is_provider()),
            severities: kinds::severities(terms),
            offers,
            services: catalogue::tree(terms),
            agreement,
        })
    }

    /// What would be decided of a request, with its reasons. Nothing is written, and a title is not needed.
    pub fn weigh_ticket(&self, permit: &Permit, ask: &OpenTicket) -> Result<Weighed> {
        self.on_tickets(permit, Act::OpenTicket)?;
        let vault = self.vault(permit.customer())?;
        let now = self.now();
        let agreement = vault.agreements()?.choose(ask.contract.as_deref(), now)?.clone();
        let Decided { opened, facts, decision } =
            decide(&vault, &agreement, permit, (ask, now, Origin::Person))?;
        let version = agreement.in_force(opened)?;
        let timeline = clockwork::fresh(&facts, opened);
        let clocks = clockwork::clocks(&vault, &agreement, &version.hash, &timeline, now)?;
        let priority = facts.get(Dimension::Priority).unwrap_or_default().to_owned();
        let priority_reason = version.terms.priorities.as_ref().map(|matrix| {
            let said = |dimension| facts.get(dimension).is_some();
            let by_matrix = said(Dimension::Impact) && said(Dimension::Urgency);
            let (fr, en) = if by_matrix {
                ("La matrice du contrat donne cette priorité.", "The contract's matrix gives this priority.")
            } else {
                ("Priorité de la matrice du contrat.", "A priority of the contract's matrix.")
            };
            Reason::new("priority.matrix", fr, en).citing(&matrix.from)
        });
        let quotable = perimeter::quotable(&version.terms, &facts, &decision.value);
        Ok(Weighed { facts, quotable, priority, priority_reason, decision, clocks, at: now, agreement })
    }
}

/// What is decided of a request, and of what.
pub(crate) struct Decided {
    pub opened: Timestamp,
    pub facts: Facts,
    pub decision: Because<Decision>,
}

/// What would be decided of a request, with its reasons and without its clocks.
pub(crate) fn decide(
    vault: &VaultHandle,
    agreement: &Arc<Agreement>,
    permit: &Permit,
    (ask, now, origin): (&OpenTicket, Timestamp, Origin),
) -> Result<Decided> {
    let (opened, facts) = case(agreement, permit, ask, (now, origin))?;
    let version = agreement.in_force(opened)?;
    // What nobody counts needs no look into the vault: an import decides tens of thousands of these.
    let used = match facts.get(Dimension::Operation) {
        None => 0,
        Some(_) => {
            let (kept, asked) = (agreement.clone(), facts.clone());
            vault.db.read::<_, AppError, _>(move |tx| {
                let terms = &kept.in_force(opened)?.terms;
                used_this_period(tx, &kept, terms, &asked)
            })?
        }
    };
    let decision = perimeter::decide(&version.terms, &facts, used);
    Ok(Decided { opened, facts, decision })
}

fn offers(tx: &mut dyn Tx, agreement: &Agreement, now: Timestamp) -> Result<Vec<Offer>> {
    let terms = &agreement.in_force(now)?.terms;
    let mut all: Vec<Offer> = Vec::new();
    for rule in terms.operations.iter().filter(|r| r.then.operation != OTHER) {
        let operation = &rule.then.operation;
        if all.iter().any(|offer| offer.operation == *operation) {
            continue;
        }
        let facts = Facts { date: Some(agreement.local_date(now)), ..Facts::default() };
        let facts = facts
            .with(Dimension::Kind, Kind::ServiceRequest.key())
            .with(Dimension::Operation, operation)
            .with(Dimension::Channel, "portal");
        let used = used_this_period(tx, agreement, terms, &facts)?;
        let decision = perimeter::decide(terms, &facts, used);
        let ask = form::questions(terms, &facts);
        all.push(Offer { operation: operation.clone(), title: rule.then.title.clone(), used, decision, ask });
    }
    Ok(all)
}

/// What another priority would make of a ticket's clocks, were it given now.
pub struct PriorityWeighed {
    pub priority: String,
    /// The matrix that gives it.
    pub reasons: Vec<Reason>,
    /// The clocks that still run, in the order of the page.
    pub clocks: Vec<ClockWeighed>,
}

/// One clock that still runs.
pub struct ClockWeighed {
    /// When it is due today.
    pub due: Option<Timestamp>,
    pub then: Because<Clock>,
}

impl App {
    /// The due instants that an impact and an urgency, or a priority, would give a ticket, and why. Nothing
    /// is written.
    pub fn weigh_priority(
        &self,
        permit: &Permit,
        number: u64,
        priority: Option<&str>,
        impact: Option<&str>,
        urgency: Option<&str>,
    ) -> Result<PriorityWeighed> {
        self.on_tickets(permit, Act::SetPriority)?;
        let vault = self.vault(permit.customer())?;
        let scope = permit.scope();
        let read = vault.db.read::<_, AppError, _>(move |tx| {
            let ticket = ticket::by_number(tx, scope, number)?.ok_or(AppError::NotFound)?;
            let steps = ticket::steps(tx, ticket.id)?;
            Ok((ticket, steps))
        });
        let ((ticket, steps), now) = (read?, self.now());
        let agreement = vault.agreements()?.by_id(ticket.contract)?.clone();
        let terms = &agreement.version(&ticket.version)?.terms;
        let facts = reprioritised(terms, &ticket, priority, impact, urgency)?;
        let mut timeline = super::timeline(&ticket, &steps)?;
        let clocks =
            |timeline: &Timeline| clockwork::clocks(&vault, &agreement, &ticket.version, timeline, now);
        let today = clocks(&timeline)?;
        timeline.steps.push(sla::Step { at: now, what: sla::What::FactsChanged(facts.clone()) });
        let then = clocks(&timeline)?.into_iter().filter(|clock| clock.value.stopped.is_none());
        let due = |clock: &Clock| {
            let same = |c: &&Because<Clock>| (c.value.promise, c.value.round) == (clock.promise, clock.round);
            today.iter().find(same).and_then(|c| c.value.due)
        };
        let matrix = terms.priorities.as_ref();
        let reasons = matrix.map(|matrix| {
            let (fr, en) = ("Priorité de la matrice du contrat.", "A priority of the contract's matrix.");
            Reason::new("priority.matrix", fr, en).citing(&matrix.from)
        });
        Ok(PriorityWeighed {
            priority: facts.get(Dimension::Priority).unwrap_or_default().to_owned(),
            reasons: reasons.into_iter().collect(),
            clocks: then.map(|then| ClockWeighed { due: due(&then.value), then }).collect(),
        })
    }
}
