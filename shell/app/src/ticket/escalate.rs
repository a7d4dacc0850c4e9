//! Escalation: the levels that a ticket's clocks come to, and whom the contract has told.
//!
//! The engine says which levels are reached; the upkeep writes each once, as a step of the ticket, and the
//! step tells the people. Nothing remembers what was told but the timeline, so a server that was stopped
//! tells what it missed, once.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use base::id::{AccountId, CustomerId};
use base::{Because, Provenance};
use engines::sla::{self, Level, Timeline};
use events::{ContentId, Event, Silence, Step, TicketStepped};
use jiff::Timestamp;
use store::record::{Stamp, record};
use store::ticket::{Scope, Stepped, Ticket};
use store::{Tx, ticket};
use terms::{Also, Contact, PartyRole, Terms};
use uuid::Uuid;

use super::clockwork;
use crate::access::{Act, Principal, Role, Side};
use crate::agreements::{Agreement, Agreements};
use crate::customer::Introduction;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::levels::{OnLevel, on_level};
use crate::news::What;
use crate::vault::VaultHandle;

/// Open tickets read at once.
const BATCH: u32 = 500;

/// A level of the ticket's page.
#[derive(Debug, Clone)]
pub struct LevelShown {
    pub level: Because<Level>,
    pub clause: Option<Provenance>,
    /// Who is put on it here, by name: told first, in the place of the contacts that the clause names.
    pub placed: Vec<OnLevel>,
    /// `None` until it was told.
    pub told: Option<LevelTold>,
}

/// When the people of a level were told, and who.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelTold {
    pub at: Timestamp,
    /// Their names; empty when nobody here answers to what the clause says, and when it was only recorded.
    pub to: Vec<String>,
    /// Why it was only recorded.
    pub silence: Option<Silence>,
}

/// The last thing that somebody did about the matter. What the product told by itself comes after what is
/// written down late; and whoever begins to follow, who may only read, keeps nobody from it either.
pub(super) fn last_act(steps: &[Stepped]) -> Option<i64> {
    let acts = steps.iter().filter(|s| {
        !matches!(s.step, Step::Escalated { .. } | Step::Watched { .. } | Step::Unwatched { .. })
    });
    acts.map(|s| s.at).max()
}

/// The levels as the page shows them.
pub(super) fn shown(
    (app, vault): (&App, &VaultHandle),
    agreement: &Agreement,
    ticket: &Ticket,
    timeline: &Timeline,
    steps: &[Stepped],
    names: &HashMap<AccountId, String>,
    now: Timestamp,
) -> Result<Vec<LevelShown>> {
    let terms = &agreement.version(&ticket.version)?.terms;
    let instant = |micros| Timestamp::from_microsecond(micros).map_err(AppError::fault);
    let all = levels(vault, agreement, ticket, timeline, now)?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let placed = vault.db.read::<_, AppError, _>(|tx| Ok(store::escalation::all(tx)?))?;
    let able = if placed.is_empty() { HashSet::new() } else { app.level_readers(vault.id, ticket.contract)? };
    let one = |level: Because<Level>| {
        let on = placed.iter().filter(|p| p.contract == ticket.contract && p.clause == level.value.label);
        let placed = on.map(|p| on_level(names, &able, p.person)).collect();
        let told = steps.iter().rev().find(|s| tells(s, &level.value));
        let (level, told) = match told.map(|s| (s.at, &s.step)) {
            Some((at, Step::Escalated { told, silence, reached, .. })) => {
                let to = told.iter().map(|who| super::view::name(names, *who)).collect();
                let told = LevelTold { at: instant(at)?, to, silence: *silence };
                (sla::as_told(terms, level.value, instant(*reached)?), Some(told))
            }
            _ => (level, None),
        };
        let clause = level.reasons.first().and_then(|reason| reason.cites.clone());
        Ok(LevelShown { clause, placed, told, level })
    };
    all.into_iter().map(one).collect()
}

fn levels(
    vault: &VaultHandle,
    agreement: &Agreement,
    ticket: &Ticket,
    timeline: &Timeline,
    now: Timestamp,
) -> Result<Vec<Because<Level>>> {
    let terms = &agreement.version(&ticket.version)?.terms;
    if terms.escalations.is_empty() {
        return Ok(Vec::new());
    }
    let history = &agreement.history;
    let all = vault.with_clocks(|cache| sla::levels(history, &ticket.version, timeline, now, cache));
    let measured = |l: &Because<Level>| engines::kinds::is_measured(terms, &timeline.facts, l.value.promise);
    Ok(all.map_err(AppError::fault)?.into_iter().filter(measured).collect())
}

/// Whether a step told this level of this round of the clock. Under another clause, as a change of priority
/// brings, others are to be told.
fn tells(step: &Stepped, asked: &Level) -> bool {
    let Step::Escalated { promise, round, level, clause, .. } = &step.step else { return false };
    let at = Timestamp::from_microsecond(step.at).ok();
    (*promise, *round, *level, clause) == (asked.promise, asked.round, asked.level, &asked.label)
        && at.is_some_and(|at| asked.was_told_at(at))
}

/// A ticket with the levels that are reached and untold, and the instant of the next one.
struct Looked {
    ticket: Ticket,
    timeline: Timeline,
    due: Vec<Due>,
    next: Option<i64>,
}

/// A level to be told, or only recorded.
struct Due {
    level: Level,
    silence: Option<Silence>,
}

fn look(
    tx: &mut dyn Tx,
    vault: &VaultHandle,
    agreements: &Agreements,
    number: u64,
    now: Timestamp,
) -> Result<Option<Looked>> {
    let found = ticket::by_number(tx, &Scope::All, number)?;
    // A ticket that was resolved meanwhile may have come to a level before.
    let Some(ticket) = found.filter(|t| t.merged_into.is_none()) else { return Ok(None) };
    let (agreement, steps) = (agreements.by_id(ticket.contract)?, ticket::steps(tx, ticket.id)?);
    let timeline = clockwork::timeline(&ticket, &steps)?;
    let all = levels(vault, agreement, &ticket, &timeline, now)?;
    let (mut due, mut next) = (Vec::new(), None);
    for level in all.into_iter().map(|level| level.value) {
        if level.reached && !steps.iter().any(|s| tells(s, &level)) {
            due.push(Due { silence: silence(tx, &ticket, &level)?, level });
        } else if !level.reached && !level.averted {
            let at = level.at.map(Timestamp::as_microsecond);
            next = [next, at].into_iter().flatten().min();
        }
    }
    Ok(Some(Looked { ticket, timeline, due, next }))
}

/// Why a level that is reached is only recorded; `None`: people are told.
fn silence(tx: &mut dyn Tx, ticket: &Ticket, level: &Level) -> Result<Option<Silence>> {
    if level.stopped {
        return Ok(Some(Silence::Stopped));
    }
    if store::import::of_ticket(tx, ticket.id)?.is_none() {
        return Ok(None);
    }
    // What another tool had come to is not told all at once on the day of the import.
    let came = store::log::recorded_at(tx, ticket.seq)?;
    let before = level.at.is_some_and(|at| at.as_microsecond() <= came);
    Ok(before.then_some(Silence::Imported))
}

impl App {
    /// Tells the levels of escalation that clocks have come to, in the vaults in use: each once, as a step
    /// of its ticket. Cheap when none has. A vault that fails does not keep the others waiting; the first
    /// failure is told.
    pub fn tell_what_escalates(&self) -> Result<()> {
        // What happened is learnt from what is carried to the desk.
        let mut outcome = self.pump();
        for vault in self.open_vaults() {
            let told = self.escalate_in(&vault);
            outcome = outcome.and(told);
        }
        outcome
    }

    /// When the next level comes in the vaults in use, as [`App::tell_what_escalates`] left them: for who
    /// moves the clock by more than a moment.
    pub fn next_escalation(&self) -> Option<Timestamp> {
        let next = self.open_vaults().iter().filter_map(|vault| vault.alarms().soonest()).min()?;
        Timestamp::from_microsecond(next).ok()
    }

    fn escalate_in(&self, vault: &Arc<VaultHandle>) -> Result<()> {
        let agreements = vault.agreements()?;
        let escalates = |a: &Agreement| a.history.versions.iter().any(|v| !v.terms.escalations.is_empty());
        if !agreements.contracts.iter().any(|a| escalates(a)) {
            return Ok(());
        }
        let now = self.now();
        let stale = vault.alarms().is_stale(agreements.count);
        if stale {
            let open = vault.db.read(open_numbers)?;
            vault.alarms().begin(agreements.count, open);
        }
        let (numbers, mut outcome) = (vault.alarms().take(now.as_microsecond()), Ok(()));
        for number in numbers {
            let done = self.escalate(vault, &agreements, number, now);
            if done.is_err() {
                // Looked at again at the next pass.
                vault.alarms().touch(number);
            }
            outcome = outcome.and(done);
        }
        outcome
    }

    fn escalate(
        &self,
        vault: &Arc<VaultHandle>,
        agreements: &Arc<Agreements>,
        number: u64,
        now: Timestamp,
    ) -> Result<()> {
        let looked = vault.db.read::<_, AppError, _>(move |tx| look(tx, vault, agreements, number, now))?;
        let Some(looked) = looked else {
            vault.alarms().set(number, None);
            return Ok(());
        };
        if looked.due.is_empty() {
            vault.alarms().set(number, looked.next);
            return Ok(());
        }
        let agreement = agreements.by_id(looked.ticket.contract)?;
        let terms = &agreement.version(&looked.ticket.version)?.terms;
        let mut people: BTreeMap<(terms::Promise, String), Vec<Told>> = BTreeMap::new();
        for Due { level, .. } in looked.due.iter().filter(|due| due.silence.is_none()) {
            let told = self.people_of(vault, agreement, terms, (&looked.ticket, level), now)?;
            people.insert((level.promise, level.label.clone()), told);
        }
        let (machine, handle, agreements) = (self.machine(), vault.clone(), agreements.clone());
        vault.db.write::<_, AppError, _>(move |tx| {
            // Somebody may have acted since: only what still stands is told.
            let Some(looked) = look(tx, &handle, &agreements, number, now)? else { return Ok(()) };
            let agreement = agreements.by_id(looked.ticket.contract)?;
            for due in &looked.due {
                let told = match due.silence {
                    Some(_) => &Vec::new(),
                    None => match people.get(&(due.level.promise, due.level.label.clone())) {
                        Some(told) => told,
                        // Come to since: whatever brought it has the ticket looked at again.
                        None => continue,
                    },
                };
                write(tx, &handle, agreement, &looked, (due, told), (&machine, now))?;
            }
            Ok(())
        })?;
        vault.alarms().set(number, looked.next);
        self.mark_dirty(vault.id);
        self.tell_news(vault, Some(number), What::Ticket);
        Ok(())
    }

    /// Whom a level tells, of those who may see the ticket now; a third party knows nothing of the levels.
    fn people_of(
        &self,
        vault: &VaultHandle,
        agreement: &Agreement,
        terms: &Terms,
        (ticket, level): (&Ticket, &Level),
        now: Timestamp,
    ) -> Result<Vec<Told>> {
        let (contract, clause) = (ticket.contract, level.label.clone());
        let placed =
            vault.db.read::<_, AppError, _>(move |tx| Ok(store::escalation::of(tx, contract, &clause)?))?;
        let mut found = self.able(placed, ticket, vault.id)?;
        // Whoever is put on the level stands for the contacts that its clause names.
        let contacts = if found.is_empty() { &level.contacts[..] } else { &[] };
        for label in contacts {
            if let Some(contact) = terms.contacts.iter().find(|c| c.label() == label) {
                let fit = |person: &Principal| is_able(person, ticket, vault.id);
                found.extend(self.people_who(&contact.then, vault.id, &fit)?);
            }
        }
        for also in &level.also {
            let ids = match also {
                Also::Assignee => ticket.assignee.into_iter().collect(),
                Also::OnCall => on_call(vault, agreement, now)?,
            };
            let mut able = self.able(ids, ticket, vault.id)?;
            if able.is_empty() {
                // Nobody, or somebody who may not read the ticket any more: those who answer for it.
                able = self.able(self.in_charge(ticket.assignee, vault.id)?, ticket, vault.id)?;
            }
            if able.is_empty() {
                able = self.able(self.in_charge(None, vault.id)?, ticket, vault.id)?;
            }
            found.extend(able);
        }
        let mut told: Vec<Told> = Vec::new();
        for person in found {
            if told.iter().all(|t| t.who != person.account) {
                told.push(Told { who: person.account, introduction: self.introduction(&person) });
            }
        }
        Ok(told)
    }

    /// The person of a contact's address, if they fit; else those who hold here the role that the contract
    /// gives it, of those who fit.
    pub(crate) fn people_who(
        &self,
        contact: &Contact,
        customer: CustomerId,
        fit: &dyn Fn(&Principal) -> bool,
    ) -> Result<Vec<Principal>> {
        if let Some(email) = &contact.email
            && let Some(person) = self.correspondent_at(email)?
            && fit(&person)
        {
            return Ok(vec![person]);
        }
        let role = match (contact.of, contact.role.as_str()) {
            (PartyRole::Provider, "single_point_of_contact") => Role::ServiceManager,
            (PartyRole::Provider, "deputy") => Role::DeputyManager,
            (PartyRole::Provider, "director") => Role::ProviderAdmin,
            (PartyRole::Customer, "single_point_of_contact") => Role::CustomerManager,
            (PartyRole::Customer, "director") => Role::CustomerDirector,
            _ => return Ok(Vec::new()),
        };
        let ids = self.correspondents(role, customer)?;
        let people = ids.into_iter().filter_map(|id| self.correspondent(id).transpose());
        let fits = |person: &Result<Principal>| match person {
            Ok(person) => fit(person),
            Err(_) => true,
        };
        people.filter(fits).collect()
    }

    /// Those who may be written to and may read the ticket.
    fn able(
        &self,
        ids: impl IntoIterator<Item = AccountId>,
        ticket: &Ticket,
        customer: CustomerId,
    ) -> Result<Vec<Principal>> {
        let people = ids.into_iter().filter_map(|id| self.correspondent(id).transpose());
        let fit = |person: &Result<Principal>| match person {
            Ok(person) => is_able(person, ticket, customer),
            Err(_) => true,
        };
        people.filter(fit).collect()
    }

    /// The product itself, as a vault knows it.
    fn machine(&self) -> Introduction {
        Introduction::of_the_product(ContentId(self.id(base::id::uuid_v7)), self.salt())
    }
}

/// Whether somebody may read a ticket and know of its levels.
fn is_able(person: &Principal, ticket: &Ticket, customer: CustomerId) -> bool {
    let permit = person.permit(Act::SeeTickets, customer);
    permit.is_ok_and(|p| p.role().side() != Side::ThirdParty && p.scope().lets(ticket))
}

/// Somebody told, who may not have acted for this customer yet.
struct Told {
    who: AccountId,
    introduction: Introduction,
}

/// The account that the product writes steps under.
pub(crate) const PRODUCT: AccountId = AccountId(Uuid::nil());

fn open_numbers(tx: &mut dyn Tx) -> Result<Vec<u64>> {
    let (end, mut from, mut all) = (ticket::next_number(tx)?, 0, Vec::new());
    loop {
        let batch = ticket::numbered(tx, from, end, true, BATCH)?;
        let Some(last) = batch.last() else { return Ok(all) };
        from = last.number + 1;
        all.extend(batch.iter().map(|t| t.number));
    }
}

/// Who is on call at an instant, under every clause of the ticket's contract.
fn on_call(vault: &VaultHandle, agreement: &Agreement, now: Timestamp) -> Result<Vec<AccountId>> {
    let terms = &agreement.in_force(now)?.terms;
    vault.db.read::<_, AppError, _>(move |tx| {
        let mut all = Vec::new();
        for asked in engines::roster::asked(terms) {
            let stands = crate::roster::stands(tx, agreement.id, asked.clause.label(), now)?;
            all.extend(engines::roster::at(&stands.shifts, now).iter().map(|shift| shift.person));
        }
        Ok(all)
    })
}

fn write(
    tx: &mut store::WriteTx<'_>,
    vault: &VaultHandle,
    agreement: &Agreement,
    looked: &Looked,
    (due, told): (&Due, &[Told]),
    (machine, now): (&Introduction, Timestamp),
) -> Result<()> {
    let (ticket, level, at) = (&looked.ticket, &due.level, now.as_microsecond());
    machine.ensure(tx, at)?;
    told.iter().try_for_each(|t| t.introduction.ensure(tx, at))?;
    let step = Step::Escalated {
        promise: level.promise,
        round: level.round,
        level: level.level,
        clause: level.label.clone(),
        reached: level.at.unwrap_or(now).as_microsecond(),
        told: told.iter().map(|t| t.who).collect(),
        silence: due.silence,
    };
    let clocks = clockwork::marks(vault, agreement, &ticket.version, &looked.timeline, now)?;
    let stepped = TicketStepped { ticket: ticket.id, at, by: PRODUCT, step, clocks };
    let stamp = Stamp { at, actor: PRODUCT, contract: Some(ticket.version.clone()) };
    let before = ticket::clocks(tx, ticket.id)?;
    let entry = record(tx, &stamp, &Event::TicketStepped(stepped.clone()), &[])?;
    let row = ticket::by_id(tx, ticket.id)?.ok_or(AppError::NotFound)?;
    crate::desk::tell(tx, &row)?;
    crate::mail::tell_step(tx, &row, &stepped.step, entry, PRODUCT)?;
    crate::webhook::tell_step(tx, &agreement.number, &row, (&stepped, &before), (entry, at))
}
