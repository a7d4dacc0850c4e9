//! The weekly sheet: what a person did for every customer, submitted, then approved or given back.
//!
//! A sheet crosses customers and a vault never does: each holds its own part of the week, and the sheet
//! is read and moved vault by vault. Every part is looked at before any is moved, so that a refusal
//! moves none; after a failure in between, a retry moves the parts that were not.

use base::id::{AccountId, CustomerId};
use base::week::monday;
use events::{Event, TimeTold, WeekMoved, WeekState};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use store::record::{Stamp, record};
use store::{content, ticket, time};

use super::approved;
use crate::access::{Act, InstancePermit};
use crate::desk::text;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::vault::VaultHandle;

/// A person's week over all customers.
pub struct WeekSheet {
    pub person: AccountId,
    /// Its Monday.
    pub week: Date,
    /// `None` until it is submitted.
    pub state: Option<WeekState>,
    /// By customer, then in order of time.
    pub lines: Vec<SheetLine>,
    /// Everybody who entered time that week, by name: for those who approve.
    pub people: Vec<(AccountId, String)>,
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
}

impl App {
    /// The sheet of a person's week: one's own, or anybody's for those who approve.
    pub fn week(&self, permit: &InstancePermit, person: Option<AccountId>, week: Date) -> Result<WeekSheet> {
        permit.covers(Act::EnterTime)?;
        let (me, manages) = (permit.by().account, permit.by().permit_instance(Act::ApproveTime).is_ok());
        let person = person.unwrap_or(me);
        if person != me && !manages {
            return Err(AppError::NotFound);
        }
        let week = monday(week);
        let mut sheet = WeekSheet { person, week, state: None, lines: Vec::new(), people: Vec::new() };
        let mut states = Vec::new();
        for vault in self.every_vault()? {
            let (from, to) = span(&vault, week)?;
            let (lines, state, people) = vault.db.read::<_, AppError, _>(move |tx| {
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
                Ok((lines, time::week(tx, person, week)?.map(|w| w.state), people))
            })?;
            if !lines.is_empty() || state == Some(WeekState::Approved) {
                states.push(state);
            }
            let agreements = vault.agreements()?;
            for (row, comment, time) in lines {
                let agreement = agreements.by_id(time.contract)?;
                let zone = agreement.latest().compiled.terms.zone.clone();
                let (slug, customer) = (vault.slug.clone(), vault.name.clone());
                let rates = &agreement.version(&row.version)?.terms.rates;
                let profiles = rates.iter().map(|r| (r.then.profile.clone(), r.then.title.clone()));
                let (number, profiles) = (row.number, profiles.collect());
                sheet.lines.push(SheetLine {
                    slug,
                    customer_id: vault.id,
                    customer,
                    number,
                    zone,
                    time,
                    comment,
                    profiles,
                });
            }
            sheet.people.extend(people);
        }
        sheet.people.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
        sheet.people.dedup();
        sheet.state = whole(&states);
        Ok(sheet)
    }

    /// The asker says that their week is complete.
    pub fn submit_week(&self, permit: &InstancePermit, week: Date) -> Result<()> {
        permit.covers(Act::EnterTime)?;
        self.move_week(permit, permit.by().account, monday(week), WeekState::Submitted)
    }

    /// Approves a week that its person submitted, or gives it back.
    pub fn settle_week(
        &self,
        permit: &InstancePermit,
        person: AccountId,
        week: Date,
        approve: bool,
    ) -> Result<()> {
        permit.covers(Act::ApproveTime)?;
        let state = if approve { WeekState::Approved } else { WeekState::Returned };
        self.move_week(permit, person, monday(week), state)
    }

    fn move_week(
        &self,
        permit: &InstancePermit,
        person: AccountId,
        week: Date,
        state: WeekState,
    ) -> Result<()> {
        let (now, by) = (self.now(), permit.by().account);
        let introduction = self.introduction(permit.by());
        let mut parts = Vec::new();
        for vault in self.every_vault()? {
            let (from, to) = span(&vault, week)?;
            let part = vault.db.read::<_, AppError, _>(move |tx| {
                let any = !time::of_person(tx, person, from, to)?.is_empty();
                Ok((any, time::week(tx, person, week)?.map(|w| w.state)))
            })?;
            if part.0 {
                parts.push((vault, part.1));
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
        for (_, before) in &left {
            allowed(*before, state, week)?;
        }
        for (vault, _) in left {
            let introduction = introduction.clone();
            vault.db.write::<_, AppError, _>(move |tx| {
                let before = time::week(tx, person, week)?.map(|w| w.state);
                if before == Some(state) {
                    return Ok(());
                }
                allowed(before, state, week)?;
                introduction.ensure(tx, now.as_microsecond())?;
                let event = Event::WeekMoved(WeekMoved { person, week, state, at: now.as_microsecond(), by });
                let stamp = Stamp { at: now.as_microsecond(), actor: by, contract: None };
                record(tx, &stamp, &event, &[])?;
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Refuses time in a week that another customer's vault knows as approved: the sheet is one. Its own
    /// vault says so within the transaction.
    pub(super) fn refuse_approved(&self, person: AccountId, own: CustomerId, at: Timestamp) -> Result<()> {
        for vault in self.every_vault()? {
            let Some(agreement) = vault.agreements()?.contracts.first().cloned() else { continue };
            let week = monday(agreement.local_date(at));
            let state = vault.db.read::<_, AppError, _>(move |tx| Ok(time::week(tx, person, week)?))?;
            if vault.id != own && state.is_some_and(|w| w.state == WeekState::Approved) {
                return Err(approved(week));
            }
        }
        Ok(())
    }
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
    before == Some(to) || interrupted && before == approved
}

fn allowed(before: Option<WeekState>, to: WeekState, week: Date) -> Result<()> {
    match (before, to) {
        (Some(WeekState::Approved), _) => Err(approved(week)),
        (_, WeekState::Submitted) | (Some(WeekState::Submitted), _) => Ok(()),
        _ => Err(AppError::refused(Refusal::new(
            "time.unsubmitted",
            "Cette semaine n'a pas été remise par son auteur.",
            "This week was not submitted by its author.",
        ))),
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
