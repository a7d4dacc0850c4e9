//! Which step an act on a change is, if the contract and the change's own state let it be.

use base::{Because, Lang, Reason};
use engines::availability;
use engines::change::{self, Stage};
use engines::perimeter::price::Agreement as Agreed;
use events::{Approver, ChangeOutcome, ChangePlan, ChangeTold, Downtime};
use jiff::Timestamp;
use jiff::civil::Date;
use store::Tx;
use store::ticket::State;
use store::ticket::change::LONGEST_MICROS;
use terms::{Contact, PartyRole, Rule};

use super::super::price;
use super::super::rules::require;
use super::super::step::Ready;
use super::{ChangeCommand, PlanChange, Work, plan_of, planned, told};
use crate::error::{AppError, Refusal, Result};

/// Items of one change at most.
const MOST_ITEMS: usize = 50;

/// The step that an act is.
pub(in super::super) fn tell(
    tx: &mut dyn Tx,
    work: &Work<'_>,
    command: &ChangeCommand,
    price: Because<Agreed>,
    ready: &Ready,
    at: Timestamp,
) -> Result<ChangeTold> {
    if !work.is_change() {
        return Err(refused(
            "change.kind",
            "Seul un ticket de changement se planifie et s'approuve.",
            "Only a ticket that is a change is planned and approved.",
            Vec::new(),
        ));
    }
    let state = work.ticket.state;
    require(state != State::Resolved, state, "mener ce changement", "carry this change out")?;
    let change = told(work.steps)?;
    let standing = work.standing(&change, at);
    match command {
        ChangeCommand::Plan(ask) => {
            let may = !matches!(standing.stage, Stage::UnderWay | Stage::Ended(ChangeOutcome::Succeeded));
            stage(may, standing.to_start)?;
            plan(work, ask, ready).map(ChangeTold::Planned)
        }
        ChangeCommand::Approve { plan, third_party, contact, reference } => {
            the_one(work, *plan)?;
            if standing.stage == Stage::Refused || standing.awaited.is_empty() {
                return Err(nothing_awaited(standing.owed.reasons));
            }
            if ready.by_provider && reference.is_none() {
                return Err(price::reference_missing());
            }
            let by = match third_party {
                Some(name) => of_third_party(name, &standing.owed.value, ready)?,
                None => of_customer(work, contact.as_deref(), &standing.owed, ready)?,
            };
            Ok(ChangeTold::Approved { plan: *plan, by, reference: ready.named("reference") })
        }
        ChangeCommand::Refuse { plan, .. } => {
            the_one(work, *plan)?;
            stage(standing.may_be_refused(), standing.to_start)?;
            Ok(ChangeTold::Refused { plan: Some(*plan), why: ready.content()? })
        }
        ChangeCommand::GiveUp { .. } => {
            let may = matches!(standing.stage, Stage::Unplanned | Stage::Awaited | Stage::Approved);
            stage(may, standing.to_start)?;
            Ok(ChangeTold::Refused { plan: planned(work.steps).map(|p| p.0), why: ready.content()? })
        }
        ChangeCommand::Start => {
            price::before_work(price, price::maximum(work.terms, work.ticket, work.steps))?;
            stage(standing.to_start.is_empty(), standing.to_start)?;
            let plan = planned(work.steps).ok_or_else(|| AppError::fault("begun without a plan"))?.0;
            Ok(ChangeTold::Started { plan })
        }
        ChangeCommand::End { outcome, down_from, down_until, .. } => {
            let Some(started) = change.started.filter(|_| standing.stage == Stage::UnderWay) else {
                return Err(not_under_way());
            };
            let downtime = downtime(tx, work, started, (*down_from, *down_until), at, ready)?;
            Ok(ChangeTold::Ended { outcome: *outcome, note: ready.content()?, downtime })
        }
        ChangeCommand::Inform { who, on, .. } => {
            informed(work, who, *on, at)?;
            Ok(ChangeTold::Informed { who: who.clone(), on: *on, means: ready.content()? })
        }
        ChangeCommand::Document { document, .. } => {
            let listed = change::documents(work.terms);
            if !listed.iter().any(|d| d.value == *document) {
                return Err(AppError::invalid(
                    "document",
                    "un document que le contrat tient à jour",
                    "a document that the contract keeps up to date",
                ));
            }
            Ok(ChangeTold::Documented { document: document.clone(), reference: ready.content()? })
        }
        ChangeCommand::Review { .. } => match standing.stage {
            Stage::Ended(_) => Ok(ChangeTold::Reviewed { body: ready.content()? }),
            _ => Err(not_ended()),
        },
    }
}

/// Whether the ticket of a change may be closed: what the contract asks for is there.
pub(in super::super) fn may_close(work: &Work<'_>, at: Timestamp) -> Result<()> {
    if !work.is_change() {
        return Ok(());
    }
    let missing = work.standing(&told(work.steps)?, at).to_close;
    if missing.is_empty() {
        return Ok(());
    }
    Err(refused(
        "change.not_closed",
        "Ce changement ne peut pas encore être clos.",
        "This change cannot be closed yet.",
        missing,
    ))
}

fn plan(work: &Work<'_>, ask: &PlanChange, ready: &Ready) -> Result<ChangePlan> {
    // What the customer is told of beforehand cannot be told afterwards.
    if ready.at.is_some() {
        return Err(AppError::invalid(
            "at",
            "un plan s'annonce maintenant, jamais après coup",
            "a plan is announced now, never afterwards",
        ));
    }
    let text = |name: &str| {
        ready.named(name).ok_or_else(|| AppError::invalid(name, "un texte est attendu", "a text is expected"))
    };
    let mut items: Vec<String> = Vec::new();
    for item in ask.items.iter().map(|i| i.trim()).filter(|i| !i.is_empty()) {
        if !items.iter().any(|known| known == item) {
            items.push(item.to_owned());
        }
    }
    let micros = (ask.from.as_microsecond(), ask.until.as_microsecond());
    if items.len() > MOST_ITEMS {
        return Err(AppError::invalid("items", "50 éléments au plus", "50 items at most"));
    }
    if micros.1.saturating_sub(micros.0) > LONGEST_MICROS {
        return Err(AppError::invalid(
            "until",
            "une fenêtre de 31 jours au plus",
            "a window of 31 days at most",
        ));
    }
    let mut plan = ChangePlan {
        model: ask.model,
        risk: ask.risk,
        items,
        from: micros.0,
        until: micros.1,
        downtime_minutes: ask.downtime_minutes,
        counted: ask.counted,
        regularised_by: ask.regularised_by.map(Timestamp::as_microsecond),
        maintenance: None,
        work: text("work")?,
        test: text("test")?,
        rollback: text("rollback")?,
    };
    let now = ready.now.as_microsecond();
    let engine = plan_of(&plan, now)?;
    let facts = &work.ticket.opening_facts;
    let weighed = work.vault.with_clocks(|clocks| change::weigh(work.terms, facts, &engine, clocks));
    if !weighed.refused.is_empty() {
        return Err(refused(
            "change.plan",
            "Ce changement ne peut pas être planifié ainsi.",
            "This change cannot be planned so.",
            weighed.refused,
        ));
    }
    // An emergency that has begun can no longer be announced: its interruption counts.
    if plan.downtime_minutes > 0 && !promised(work, &plan.items).is_empty() && plan.from >= now {
        plan.maintenance = Some(ready.window);
    }
    Ok(plan)
}

/// Those told are of the plan's impact, and the day is of the ticket and not to come.
fn informed(work: &Work<'_>, who: &str, on: Date, at: Timestamp) -> Result<()> {
    let Some((_, _, plan)) = planned(work.steps) else {
        return Err(refused(
            "change.unplanned",
            "Le plan dit qui est à prévenir\u{a0}: ce changement n'en a pas.",
            "The plan says who is to be told: this change has none.",
            Vec::new(),
        ));
    };
    let impact = change::impact(work.terms, &plan.items).value;
    if !impact.inform.iter().any(|informed| informed.who == who) {
        return Err(AppError::invalid(
            "who",
            "quelqu'un que le plan donne à prévenir",
            "somebody whom the plan names to be told",
        ));
    }
    let opened = super::instant(work.ticket.opened)?;
    if on > work.agreement.local_date(at) || on < work.agreement.local_date(opened) {
        return Err(AppError::invalid(
            "on",
            "entre l'ouverture du ticket et aujourd'hui",
            "between the opening of the ticket and today",
        ));
    }
    Ok(())
}

/// Those of the items whose availability the contract promises.
pub(super) fn promised(work: &Work<'_>, items: &[String]) -> Vec<String> {
    let promised =
        |item: &&String| availability::promised(work.terms, std::slice::from_ref(*item)).next().is_some();
    items.iter().filter(promised).cloned().collect()
}

fn the_one(work: &Work<'_>, read: u64) -> Result<()> {
    match planned(work.steps) {
        Some((entry, ..)) if entry == read => Ok(()),
        Some(_) => Err(refused(
            "change.plan_changed",
            "Le plan a changé depuis que vous l'avez lu\u{a0}: relisez-le avant de répondre.",
            "The plan has changed since you read it: read it again before answering.",
            Vec::new(),
        )),
        None => Err(nothing_awaited(Vec::new())),
    }
}

fn of_third_party(name: &str, owed: &change::Owed, ready: &Ready) -> Result<Approver> {
    if !owed.third_parties.iter().any(|known| known == name) {
        return Err(AppError::invalid(
            "third_party",
            "un tiers dont l'accord est attendu",
            "a third party whose agreement is awaited",
        ));
    }
    if ready.named("reference").is_none() {
        return Err(AppError::invalid(
            "reference",
            "l'écrit du tiers\u{a0}: sa date et son objet",
            "what the third party wrote: its date and subject",
        ));
    }
    Ok(Approver::ThirdParty { name: name.to_owned() })
}

/// The customer's own agreement: of the person who asks, or of the one that the provider names.
fn of_customer(
    work: &Work<'_>,
    contact: Option<&str>,
    asked: &Because<change::Owed>,
    ready: &Ready,
) -> Result<Approver> {
    let owed = &asked.value;
    let mut contacts = work.terms.contacts.iter().filter(|c| c.then.of == PartyRole::Customer);
    if !ready.by_provider {
        let is_own = |c: &&Rule<Contact>| {
            c.then.email.as_deref().is_some_and(|e| e.eq_ignore_ascii_case(&ready.email))
        };
        // Somebody there under several roles agrees under the one that is asked for.
        let (own, roles): (Vec<_>, _) = (contacts.filter(is_own).collect(), owed.roles());
        let chosen = own.iter().find(|c| roles.contains(&c.then.role.as_str())).or(own.first());
        let contact = chosen.map(|c| c.label().to_owned());
        if !owed.counts(work.terms, contact.as_deref()) {
            return Err(not_entitled(work, asked));
        }
        return Ok(Approver::Customer { contact });
    }
    let named = contact.and_then(|label| contacts.find(|c| c.label() == label));
    if named.is_none() && (contact.is_some() || owed.tells_people_apart()) {
        return Err(AppError::invalid(
            "contact",
            "l'interlocuteur du Client qui a approuvé, par son étiquette au contrat",
            "the customer's contact who approved, by its label in the contract",
        ));
    }
    let contact = named.map(|c| c.label().to_owned());
    if contact.is_some() && !owed.counts(work.terms, contact.as_deref()) {
        return Err(not_entitled(work, asked));
    }
    Ok(Approver::Customer { contact })
}

/// The interruption measured: inside the work, and in no closed month.
fn downtime(
    tx: &mut dyn Tx,
    work: &Work<'_>,
    started: Timestamp,
    told: (Option<Timestamp>, Option<Timestamp>),
    at: Timestamp,
    ready: &Ready,
) -> Result<Option<Downtime>> {
    let (from, until) = match told {
        (None, None) => return Ok(None),
        (Some(from), Some(until)) => (from, until),
        (_, None) => return Err(outside("down_until")),
        (None, _) => return Err(outside("down_from")),
    };
    // The minute at which work began may be told without its seconds.
    if from.as_second() / 60 < started.as_second() / 60 {
        return Err(outside("down_from"));
    }
    if until <= from || until > at {
        return Err(outside("down_until"));
    }
    crate::month::still_open(tx, work.agreement, from)?;
    let plan = planned(work.steps).ok_or_else(|| AppError::fault("ended without a plan"))?.2;
    let outage = (!promised(work, &plan.items).is_empty()).then_some(ready.outage);
    Ok(Some(Downtime { from: from.as_microsecond(), until: until.as_microsecond(), outage }))
}

fn outside(field: &str) -> AppError {
    AppError::invalid(
        field,
        "entre le début des travaux et maintenant, dans l'ordre",
        "between the beginning of the work and now, in order",
    )
}

fn stage(may: bool, why: Vec<Reason>) -> Result<()> {
    if may {
        return Ok(());
    }
    Err(refused("change.stage", "Ce changement n'en est pas là.", "This change has not come to that.", why))
}

fn nothing_awaited(reasons: Vec<Reason>) -> AppError {
    refused(
        "change.nothing_awaited",
        "Aucune approbation n'est attendue sur ce changement.",
        "No approval is awaited on this change.",
        reasons,
    )
}

fn not_under_way() -> AppError {
    refused(
        "change.not_begun",
        "Ce changement n'a pas commencé, ou il est déjà terminé.",
        "This change has not begun, or has ended already.",
        Vec::new(),
    )
}

fn not_ended() -> AppError {
    refused(
        "change.not_ended",
        "Le bilan s'écrit une fois le changement terminé.",
        "The review is written once the change has ended.",
        Vec::new(),
    )
}

fn not_entitled(work: &Work<'_>, owed: &Because<change::Owed>) -> AppError {
    let roles = |lang| owed.value.roles_in_words(work.terms, lang);
    let (fr, en) = (roles(Lang::Fr), roles(Lang::En));
    refused(
        "change.not_entitled",
        format!("Le contrat réserve cette approbation à d'autres interlocuteurs du Client\u{a0}: {fr}."),
        format!("The contract leaves this approval to other contacts of the customer: {en}."),
        owed.reasons.clone(),
    )
}

fn refused(code: &str, fr: impl Into<String>, en: impl Into<String>, why: Vec<Reason>) -> AppError {
    AppError::refused(Refusal::new(code, fr, en).because(why))
}
