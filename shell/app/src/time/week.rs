//! The weekly sheet: what a person did for every customer, submitted, then approved or given back.
//!
//! A sheet crosses customers and a vault never does: each holds its own part of the week, and the sheet
//! is read and moved vault by vault. Every part is looked at before any is moved, so that a refusal
//! moves none; after a failure in between, a retry moves the parts that were not.

use std::sync::Arc;

use base::id::{AccountId, CustomerId};
use base::week::monday;
use engines::perimeter::at_rate::at_rate;
use events::{Event, TimeTold, WeekMoved, WeekState};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use store::record::{Stamp, record};
use store::{Tx, content, month, ticket, time};

use super::{Hours, LONGEST_TEXT, approved, billed, without_the_contract};
use crate::access::{Act, InstancePermit, Side};
use crate::agreements::Agreements;
use crate::desk::text;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::vault::VaultHandle;

/// A person's week over all customers; over those whose time the reader approves, when it is another's.
pub struct WeekSheet {
    pub person: AccountId,
    /// Its Monday.
    pub week: Date,
    /// `None` until it is submitted.
    pub state: Option<WeekState>,
    /// Why it was given back or reopened.
    pub why: Option<String>,
    /// By customer, then in order of time.
    pub lines: Vec<SheetLine>,
    /// Everybody who entered time that week, by name: for those who approve.
    pub people: Vec<(AccountId, String)>,
    /// Whether the reader may approve or give back a part that is submitted, and reopen one that is approved.
    pub settles: bool,
    pub reopens: bool,
}

/// What becomes of a sheet that was submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settling<'a> {
    Approve,
    /// Given back, with why if it is said.
    Return(Option<&'a str>),
    /// Approved before, and given back for this reason.
    Reopen(&'a str),
}

/// An entry, with what the sheet shows around it.
pub struct SheetLine {
    pub slug: String,
    pub customer_id: CustomerId,
    pub customer: String,
    pub number: u64,
    pub zone: String,
    pub time: TimeTold,
    pub comment: Option<String>,
    /// The profiles of the contract's rates, each with its title.
    pub profiles: Vec<(String, String)>,
    /// What may be said of its hours.
    pub hours: Hours,
}

impl App {
    /// The sheet of a person's week: one's own, or anybody's for those who approve.
    pub fn week(&self, permit: &InstancePermit, person: Option<AccountId>, week: Date) -> Result<WeekSheet> {
        permit.covers(Act::EnterTime)?;
        let (me, week) = (permit.by().account, monday(week));
        let person = person.unwrap_or(me);
        let outsider = permit.by().role.side() == Side::ThirdParty;
        let asked = self.correspondent(person)?;
        let (mut sheet, mut states, mut seen) = (WeekSheet::new(person, week), Vec::new(), person == me);
        for vault in self.every_vault()? {
            let manages = permit.by().may_for(Act::ApproveTime, vault.id);
            seen |= manages;
            if person != me && !manages {
                continue;
            }
            let (from, to) = span(&vault, week)?;
            let (lines, moved, people) = vault.db.read::<_, AppError, _>(move |tx| {
                let mut lines = Vec::new();
                for told in time::of_person(tx, person, from, to)? {
                    if let Some(row) = ticket::by_id(tx, told.ticket)? {
                        let comment = told.comment.map(|id| content::get(tx, id.0)).transpose()?;
                        lines.push((row, comment.map(text), told));
                    }
                }
                let mut people = Vec::new();
                if manages {
                    let names = crate::ticket::names(tx)?;
                    for id in time::people(tx, from, to)? {
                        people.push((id, names.get(&id).cloned().unwrap_or_default()));
                    }
                }
                let moved = time::week(tx, person, week)?;
                let why = moved.as_ref().and_then(|w| w.why).map(|id| content::get(tx, id.0)).transpose()?;
                Ok((lines, moved.map(|w| (w.state, why.map(text))), people))
            })?;
            let state = moved.as_ref().map(|(state, _)| *state);
            if !lines.is_empty() || state == Some(WeekState::Approved) {
                states.push(state);
                sheet.why = sheet.why.or(moved.and_then(|(_, why)| why));
                if manages && self.forbids_settling(person, me, &vault)?.is_none() {
                    let stranded = !asked.as_ref().is_some_and(|p| p.may_for(Act::EnterTime, vault.id));
                    let waits = stranded && state != Some(WeekState::Approved);
                    sheet.settles |= waits || state == Some(WeekState::Submitted);
                    sheet.reopens |= state == Some(WeekState::Approved);
                }
            }
            let agreements = vault.agreements()?;
            for (row, comment, time) in lines {
                let agreement = agreements.by_id(time.contract)?;
                let zone = agreement.latest().compiled.terms.zone.clone();
                let (slug, customer) = (vault.slug.clone(), vault.name.clone());
                let terms = &agreement.version(&row.version)?.terms;
                let at = at_rate(terms, &row.opening_facts);
                let hours = super::hours_of(terms, &row.opening_facts, at.as_ref());
                let hours = if outsider { hours.without_the_contract() } else { hours };
                let profiles = terms.rates.iter().filter(|_| !outsider);
                let profiles = profiles.map(|r| (r.then.profile.clone(), r.then.title.clone()));
                let (number, profiles) = (row.number, profiles.collect());
                let time = if outsider { without_the_contract(time) } else { time };
                sheet.lines.push(SheetLine {
                    slug,
                    customer_id: vault.id,
                    customer,
                    number,
                    zone,
                    time,
                    comment,
                    profiles,
                    hours,
                });
            }
            sheet.people.extend(people);
        }
        if !seen {
            return Err(AppError::NotFound);
        }
        sheet.people.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
        sheet.people.dedup();
        sheet.state = whole(&states);
        Ok(sheet)
    }

    /// The asker says that their week is complete.
    pub fn submit_week(&self, permit: &InstancePermit, week: Date) -> Result<()> {
        permit.covers(Act::EnterTime)?;
        let parts = self.every_vault()?;
        self.move_week(permit, (permit.by().account, monday(week)), (WeekState::Submitted, None), parts)
    }

    /// Approves a week that its person submitted, gives it back, or reopens one that was approved: the parts
    /// of the customers whose time the asker approves. Nobody approves their own while somebody else may.
    pub fn settle_week(
        &self,
        permit: &InstancePermit,
        person: AccountId,
        week: Date,
        settling: Settling<'_>,
    ) -> Result<()> {
        permit.covers(Act::ApproveTime)?;
        let mut parts = self.every_vault()?;
        parts.retain(|vault| permit.by().may_for(Act::ApproveTime, vault.id));
        if parts.is_empty() {
            return Err(AppError::NotFound);
        }
        let (state, why) = match settling {
            Settling::Approve => (WeekState::Approved, None),
            Settling::Return(why) => (WeekState::Returned, why.map(str::trim).filter(|why| !why.is_empty())),
            Settling::Reopen(why) => (WeekState::Reopened, Some(why)),
        };
        let week = monday(week);
        if state != WeekState::Returned {
            for vault in &parts {
                if self.has_part(vault, person, week)?
                    && let Some(refusal) = self.forbids_settling(person, permit.by().account, vault)?
                {
                    return Err(AppError::refused(refusal));
                }
            }
        }
        self.move_week(permit, (person, week), (state, why), parts)
    }

    /// What forbids somebody to say of a person's time for a customer that it is right: it is their own, and
    /// others may, whom the refusal names. `None` when nothing does.
    pub(crate) fn forbids_settling(
        &self,
        person: AccountId,
        me: AccountId,
        vault: &VaultHandle,
    ) -> Result<Option<Refusal>> {
        if person != me {
            return Ok(None);
        }
        let others = self.people_for(vault.id)?;
        let others = others.iter().filter(|p| p.account != me && p.may_for(Act::ApproveTime, vault.id));
        let names = others.map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ");
        if names.is_empty() {
            return Ok(None);
        }
        Ok(Some(Refusal::new(
            "time.own_week",
            format!("Nul n'approuve sa propre semaine quand une autre personne le peut\u{a0}: {names}."),
            format!("Nobody approves their own week while somebody else may: {names}."),
        )))
    }

    fn has_part(&self, vault: &VaultHandle, person: AccountId, week: Date) -> Result<bool> {
        let (from, to) = span(vault, week)?;
        vault.db.read(move |tx| Ok(!time::of_person(tx, person, from, to)?.is_empty()))
    }

    fn move_week(
        &self,
        permit: &InstancePermit,
        (person, week): (AccountId, Date),
        (state, why): (WeekState, Option<&str>),
        among: Vec<Arc<VaultHandle>>,
    ) -> Result<()> {
        let (now, by) = (self.now(), permit.by().account);
        let introduction = self.introduction(permit.by());
        let mut parts = Vec::new();
        for vault in among {
            let before = vault.db.read::<_, AppError, _>(move |tx| Ok(time::week(tx, person, week)?))?;
            if self.has_part(&vault, person, week)? {
                parts.push((vault, before.map(|w| w.state)));
            }
        }
        if parts.is_empty() {
            return Err(AppError::refused(Refusal::new(
                "time.empty",
                "Aucun temps n'est saisi pour cette semaine.",
                "No time is entered for this week.",
            )));
        }
        let sheet: Vec<Option<WeekState>> = parts.iter().map(|(_, before)| *before).collect();
        let left: Vec<_> = parts.into_iter().filter(|(_, before)| !settled(*before, state, &sheet)).collect();
        let asked = self.correspondent(person)?;
        let enters = |at: CustomerId| asked.as_ref().is_some_and(|p| p.may_for(Act::EnterTime, at));
        for (vault, before) in &left {
            allowed(*before, state, week, enters(vault.id))?;
        }
        if state == WeekState::Reopened && left.is_empty() {
            return Err(not_approved());
        }
        if state == WeekState::Reopened {
            for (vault, _) in &left {
                let (agreements, days) = (vault.agreements()?, span(vault, week)?);
                vault.db.read::<_, AppError, _>(move |tx| unbilled(tx, &agreements, person, days))?;
            }
        }
        // One sheet, given back once: the first part that is moved tells it, of those where its person may still
        // read it; a retry finds that part there already. Nobody is told of their own act.
        let returned = matches!(state, WeekState::Returned | WeekState::Reopened);
        let mut left = left;
        left.sort_by_key(|(vault, _)| !enters(vault.id));
        let mut tells = returned && person != by && !sheet.contains(&Some(state));
        for (vault, _) in left {
            let (introduction, customer, telling) = (introduction.clone(), vault.id, tells);
            let holds = enters(customer);
            let (agreements, days) = (vault.agreements()?, span(&vault, week)?);
            // Each customer's own: a vault shares nothing with another, not even a salt.
            let why = why.map(|why| self.text("why", why, LONGEST_TEXT)).transpose()?;
            let moved = vault.db.write::<_, AppError, _>(move |tx| {
                let before = time::week(tx, person, week)?.map(|w| w.state);
                if before == Some(state) {
                    return Ok(false);
                }
                allowed(before, state, week, holds)?;
                if state == WeekState::Reopened {
                    unbilled(tx, &agreements, person, days)?;
                }
                introduction.ensure(tx, now.as_microsecond())?;
                let at = match state {
                    WeekState::Approved => billed::after(month::last_closed(tx)?, now.as_microsecond()),
                    _ => now.as_microsecond(),
                };
                let id = why.as_ref().map(|why| why.id);
                let event = Event::WeekMoved(WeekMoved { person, week, state, why: id, at, by });
                let entry = record(tx, &Stamp { at, actor: by, contract: None }, &event, why.as_slice())?;
                if telling {
                    crate::mail::tell_aside(tx, crate::mail::Aside::Week { person }, entry, by)?;
                }
                Ok(true)
            })?;
            if moved && tells {
                tells = false;
                self.mark_dirty(customer);
            }
        }
        Ok(())
    }

    /// Refuses time in a week that is approved as a whole: the sheet is one. While a part of it is not, the
    /// approval of others closes their own parts only. Its own vault says so within the transaction.
    pub(super) fn refuse_approved(&self, person: AccountId, own: CustomerId, at: Timestamp) -> Result<()> {
        let mut approved_elsewhere = None;
        for vault in self.every_vault()? {
            let Some(agreement) = vault.agreements()?.contracts.first().cloned() else { continue };
            let week = monday(agreement.local_date(at));
            let state = vault.db.read::<_, AppError, _>(move |tx| Ok(time::week(tx, person, week)?))?;
            let approved = state.is_some_and(|w| w.state == WeekState::Approved);
            if !approved && self.has_part(&vault, person, week)? {
                return Ok(());
            }
            if approved && vault.id != own {
                approved_elsewhere = Some(week);
            }
        }
        approved_elsewhere.map_or(Ok(()), |week| Err(approved(week)))
    }
}

/// Refuses to reopen a part of which a closed month bills some time.
fn unbilled(
    tx: &mut dyn Tx,
    agreements: &Agreements,
    person: AccountId,
    (from, to): (i64, i64),
) -> Result<()> {
    let told = time::of_person(tx, person, from, to)?;
    agreements.contracts.iter().try_for_each(|agreement| billed::refuse_billed(tx, agreement, &told))
}

/// The instants of a week, in the zone of the vault's first contract.
fn span(vault: &VaultHandle, week: Date) -> Result<(i64, i64)> {
    let end = week.checked_add(7.days()).map_err(AppError::fault)?;
    let instant = |day: Date| -> Result<Timestamp> {
        match vault.agreements()?.contracts.first() {
            Some(agreement) => agreement.midnight(day),
            None => Ok(day.in_tz("UTC").map_err(AppError::fault)?.timestamp()),
        }
    };
    Ok((instant(week)?.as_microsecond(), instant(end)?.as_microsecond()))
}

/// Whether a part of the sheet needs no move: it is there already or, while the approval of the others was
/// interrupted, beyond.
fn settled(before: Option<WeekState>, to: WeekState, sheet: &[Option<WeekState>]) -> bool {
    let approved = Some(WeekState::Approved);
    let interrupted = to == WeekState::Submitted && sheet.iter().any(|state| *state != approved);
    // What is not approved has nothing to be reopened.
    let open = to == WeekState::Reopened && before != approved;
    before == Some(to) || open || interrupted && before == approved
}

/// Whether a part may be moved, whose person still `enters` time there or does not: nobody submits any more what
/// a signature closed, and time that was spent is billed all the same, once it is approved.
fn allowed(before: Option<WeekState>, to: WeekState, week: Date, enters: bool) -> Result<()> {
    match (before, to) {
        (Some(WeekState::Approved), WeekState::Reopened) => Ok(()),
        (_, WeekState::Reopened) => Err(not_approved()),
        (Some(WeekState::Approved), _) => Err(approved(week)),
        (_, WeekState::Submitted) | (Some(WeekState::Submitted), _) => Ok(()),
        (_, WeekState::Approved) if !enters => Ok(()),
        _ => Err(AppError::refused(Refusal::new(
            "time.unsubmitted",
            "Cette semaine n'a pas été remise par son auteur.",
            "This week was not submitted by its author.",
        ))),
    }
}

fn not_approved() -> AppError {
    AppError::refused(Refusal::new(
        "time.not_approved",
        "Cette semaine n'est pas approuvée\u{a0}: il n'y a rien à rouvrir.",
        "This week is not approved: there is nothing to reopen.",
    ))
}

impl WeekSheet {
    fn new(person: AccountId, week: Date) -> WeekSheet {
        let (lines, people) = (Vec::new(), Vec::new());
        WeekSheet { person, week, state: None, why: None, lines, people, settles: false, reopens: false }
    }
}

/// A sheet is approved, or submitted, when all its parts are.
fn whole(states: &[Option<WeekState>]) -> Option<WeekState> {
    let first = states.first().copied().flatten()?;
    if states.iter().all(|s| *s == Some(first)) {
        return Some(first);
    }
    states
        .iter()
        .all(|s| matches!(s, Some(WeekState::Approved | WeekState::Submitted)))
        .then_some(WeekState::Submitted)
}
