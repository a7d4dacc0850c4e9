//! An import: the file that was sent is looked at, run behind, and told of.
//!
//! It is read, never executed nor sent back. It goes once it is run or thrown away, or after
//! [`FORGOTTEN_AFTER`]; its report stays until somebody throws that away too.

use std::collections::BTreeMap;

use base::{Bilingual, Lang};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::import_job as rows;
use store::{Tx, WriteTx, idempotency};
use uuid::Uuid;

pub use store::import_job::{Counts, Told};

use super::{Chosen, ImportTickets, Since, Source, check_columns};
use crate::access::{Act, InstancePermit, Permit, Role, Side};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;
use crate::vault::VaultHandle;

/// A file that nobody touched for this long goes.
pub const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(14 * 24);
/// What a file is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Tickets,
    /// Accounts to invite.
    People,
    /// Equipment, set against the perimeter.
    Items,
}

impl Subject {
    pub const ALL: [Subject; 3] = [Subject::Tickets, Subject::People, Subject::Items];

    pub fn key(self) -> &'static str {
        match self {
            Subject::Tickets => "tickets",
            Subject::People => "people",
            Subject::Items => "items",
        }
    }

    pub fn from_key(key: &str) -> Option<Subject> {
        Subject::ALL.into_iter().find(|subject| subject.key() == key)
    }
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Sent, and not run yet.
    Staged,
    Running,
    /// By somebody, or by what could not be done: it goes on where it was.
    Stopped,
    Done,
}

impl State {
    pub const ALL: [State; 4] = [State::Staged, State::Running, State::Stopped, State::Done];

    pub fn key(self) -> &'static str {
        match self {
            State::Staged => "staged",
            State::Running => "running",
            State::Stopped => "stopped",
            State::Done => "done",
        }
    }

    pub(super) fn from_key(key: &str) -> Result<State> {
        let found = State::ALL.into_iter().find(|state| state.key() == key);
        found.ok_or_else(|| AppError::fault(format!("an import of state {key}")))
    }
}

/// How a file is to be read and brought in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// The contract that open tickets come under, or that items are compared with, when there are several.
    pub contract: Option<String>,
    pub since: Since,
    /// The contract's priority for each word of the tool.
    pub priorities: BTreeMap<String, String>,
    /// The heading of each field, where it is not the one found.
    pub columns: Chosen,
    /// The key of the role given to people; a customer's user if absent.
    pub role: Option<String>,
    /// The language of the line that tells where a ticket comes from.
    pub lang: Lang,
}

impl Choices {
    pub(super) fn tickets(&self, source: Source) -> ImportTickets {
        ImportTickets {
            source,
            contract: self.contract.clone(),
            since: self.since,
            priorities: self.priorities.clone(),
            lang: self.lang,
        }
    }

    /// The role given to people, which is one of the customer's.
    pub(super) fn role(&self) -> Result<Role> {
        let role = self.role.as_deref().map_or(Some(Role::CustomerUser), Role::from_key);
        role.filter(|role| role.side() == Side::Customer)
            .ok_or_else(|| AppError::invalid("role", "un rôle du client", "a role of the customer’s"))
    }
}

/// An import, as lists and its page show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: Uuid,
    pub subject: Subject,
    pub source: Source,
    /// The file's.
    pub name: String,
    pub bytes: u64,
    pub choices: Choices,
    pub state: State,
    /// Why it stopped, when nobody asked.
    pub why: Option<Bilingual>,
    pub counts: Counts,
    pub at: Timestamp,
    /// Who sent it, then who last ran it.
    pub by: String,
    pub started: Option<Timestamp>,
    pub ended: Option<Timestamp>,
}

/// Where a page of imports ends: when the last one was sent, in microseconds UTC, and its identifier.
pub type Before = (i64, Uuid);

/// A page of a report: its lines, and where the next one begins.
pub type ReportPage = (Vec<Told>, Option<(u64, u64)>);

impl App {
    /// The right to look at, send and run imports of a kind.
    pub(super) fn may_import(&self, permit: &Permit, subject: Subject) -> Result<()> {
        self.on_tickets(permit, Act::Import)?;
        match subject {
            Subject::Tickets => Ok(()),
            Subject::People => self.may_invite(permit).map(drop),
            Subject::Items => permit.by().permit(Act::SeeContract, permit.customer()).map(drop),
        }
    }

    pub(super) fn may_invite(&self, permit: &Permit) -> Result<InstancePermit> {
        permit.by().permit_instance(Act::ManageAccounts)
    }

    /// The imports that the reader may look at, the last sent first, and where the next page begins.
    pub fn imports(
        &self,
        permit: &Permit,
        before: Option<Before>,
        limit: u32,
    ) -> Result<(Vec<Job>, Option<Before>)> {
        self.on_tickets(permit, Act::Import)?;
        let (found, names) = self.vault(permit.customer())?.db.read::<_, AppError, _>(move |tx| {
            Ok((rows::page(tx, before, limit.saturating_add(1))?, crate::ticket::names(tx)?))
        })?;
        let shown = &found[..found.len().min(limit as usize)];
        let next = shown.last().filter(|_| found.len() > shown.len()).map(|last| (last.at, last.id));
        let jobs: Result<Vec<Job>> = shown.iter().map(|row| job(row, &names)).collect();
        let mut jobs = jobs?;
        jobs.retain(|job| self.may_import(permit, job.subject).is_ok());
        Ok((jobs, next))
    }

    /// One import.
    pub fn import(&self, permit: &Permit, id: Uuid) -> Result<Job> {
        self.on_tickets(permit, Act::Import)?;
        let (found, names) = self.vault(permit.customer())?.db.read::<_, AppError, _>(move |tx| {
            Ok((rows::by_id(tx, id)?.ok_or(AppError::NotFound)?, crate::ticket::names(tx)?))
        })?;
        let job = job(&found, &names)?;
        self.may_import(permit, job.subject)?;
        Ok(job)
    }

    /// Says how a file is to be read; refused once it is run.
    pub fn choose_import(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        id: Uuid,
        choices: &Choices,
    ) -> Result<()> {
        choices.role()?;
        // Once it is gone, what was asked before is answered all the same.
        match self.import(permit, id) {
            Ok(job) => check_columns(job.subject, job.source, &choices.columns)?,
            Err(AppError::NotFound) => {}
            Err(error) => return Err(error),
        }
        if let Some(number) = &choices.contract {
            self.on_tickets(permit, Act::Import)?;
            self.vault(permit.customer())?.agreements()?.choose(Some(number), self.now())?;
        }
        let asked = serde_json::to_string(choices).map_err(AppError::fault)?;
        let text = asked.clone();
        self.settle(permit, key, ("import.choose", &asked), id, move |tx| {
            waits(state(tx, id)?)?;
            Ok(rows::choose(tx, id, &text)?)
        })
    }

    /// Asks that an import be run, or go on where it stopped: [`App::run_imports`] does it. One at a time for
    /// a customer.
    pub fn start_import(&self, permit: &Permit, key: &IdempotencyKey, id: Uuid) -> Result<()> {
        let (by, at) = (permit.by().account, self.micros());
        let introduction = self.introduction(permit.by());
        self.settle(permit, key, ("import.start", ""), id, move |tx| {
            waits(state(tx, id)?)?;
            alone(tx)?;
            introduction.ensure(tx, at)?;
            Ok(rows::start(tx, id, by, at)?)
        })?;
        self.importing.wake();
        Ok(())
    }

    /// Stops an import that runs; what it brought in stays, and it can go on.
    pub fn stop_import(&self, permit: &Permit, key: &IdempotencyKey, id: Uuid) -> Result<()> {
        let at = self.micros();
        self.settle(permit, key, ("import.stop", ""), id, move |tx| match state(tx, id)? {
            State::Running => Ok(rows::stop(tx, id, None, at)?),
            _ => Err(AppError::refused(Refusal::new(
                "import.not_running",
                "Cette reprise n’est pas en cours.",
                "This import is not running.",
            ))),
        })
    }

    /// Throws the file of an import away, and its report; what it brought in stays.
    pub fn forget_import(&self, permit: &Permit, key: &IdempotencyKey, id: Uuid) -> Result<()> {
        self.settle(permit, key, ("import.forget", ""), id, move |tx| {
            if state(tx, id)? == State::Running {
                return Err(running());
            }
            Ok(rows::forget(tx, id)?)
        })?;
        self.sweep_files().map(drop)
    }

    /// Does something to an import once per key: asked again it is done already, even where it is gone since.
    fn settle(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        (route, asked): (&str, &str),
        id: Uuid,
        act: impl Fn(&mut WriteTx<'_>) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let there = match self.import(permit, id) {
            Ok(_) => true,
            Err(AppError::NotFound) => false,
            Err(error) => return Err(error),
        };
        let (stored_key, at) = (key.of(permit.by().account, route), self.micros());
        let asked = serde_json::to_vec(&(id, asked)).map_err(AppError::fault)?;
        let request: [u8; 32] = Sha256::digest(asked).into();
        let vault = self.vault(permit.customer())?;
        vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                if !there {
                    return Err(AppError::NotFound);
                }
                act(tx).map(|()| Vec::new())
            })
        })?;
        self.tell_import_news(&vault);
        Ok(())
    }

    /// What became of the lines, in the order of the file; of one fate if it is asked for.
    pub fn import_report(
        &self,
        permit: &Permit,
        id: Uuid,
        fate: Option<&str>,
        after: Option<(u64, u64)>,
        limit: u32,
    ) -> Result<ReportPage> {
        self.import(permit, id)?;
        let fate = fate.map(str::to_owned);
        let mut told = self.vault(permit.customer())?.db.read::<_, AppError, _>(move |tx| {
            Ok(rows::lines(tx, id, fate.as_deref(), after, limit.saturating_add(1))?)
        })?;
        let more = told.len() > limit as usize;
        told.truncate(limit as usize);
        let next = told.last().filter(|_| more).map(|last| (last.line, last.place));
        Ok((told, next))
    }

    /// Lets the files go that nobody touched for [`FORGOTTEN_AFTER`].
    pub(crate) fn forget_stale_imports(&self, vault: &VaultHandle) -> Result<()> {
        let before = self.now().checked_sub(FORGOTTEN_AFTER).map_err(AppError::fault)?.as_microsecond();
        vault.db.write::<_, AppError, _>(move |tx| {
            let stale = rows::stale(tx, before)?;
            stale.into_iter().try_for_each(|id| Ok(rows::forget(tx, id)?))
        })
    }
}

pub(super) fn job(
    row: &rows::Job,
    names: &std::collections::HashMap<base::id::AccountId, String>,
) -> Result<Job> {
    let unread = |what: &str| AppError::fault(format!("an import of an unknown {what}"));
    let instant = |micros: i64| Timestamp::from_microsecond(micros).map_err(AppError::fault);
    Ok(Job {
        id: row.id,
        subject: Subject::from_key(&row.what).ok_or_else(|| unread("kind"))?,
        source: Source::from_key(&row.source).ok_or_else(|| unread("tool"))?,
        name: row.name.clone(),
        bytes: row.bytes,
        choices: serde_json::from_str(&row.choices).map_err(AppError::fault)?,
        state: State::from_key(&row.state)?,
        why: row.why.as_deref().map(serde_json::from_str).transpose().map_err(AppError::fault)?,
        counts: row.counts,
        at: instant(row.at)?,
        by: names.get(&row.by).cloned().unwrap_or_default(),
        started: row.started.map(instant).transpose()?,
        ended: row.ended.map(instant).transpose()?,
    })
}

fn state(tx: &mut dyn Tx, id: Uuid) -> Result<State> {
    State::from_key(&rows::by_id(tx, id)?.ok_or(AppError::NotFound)?.state)
}

fn waits(state: State) -> Result<()> {
    match state {
        State::Staged | State::Stopped => Ok(()),
        State::Running => Err(running()),
        State::Done => Err(AppError::refused(Refusal::new(
            "import.done",
            "Cette reprise est terminée\u{a0}: envoyez de nouveau le fichier.",
            "This import is over: send the file again.",
        ))),
    }
}

fn alone(tx: &mut dyn Tx) -> Result<()> {
    if rows::running(tx)?.is_some() {
        return Err(AppError::refused(Refusal::new(
            "import.another",
            "Une autre reprise est en cours pour ce client\u{a0}: attendez sa fin, ou arrêtez-la.",
            "Another import is running for this customer: wait for its end, or stop it.",
        )));
    }
    Ok(())
}

fn running() -> AppError {
    AppError::refused(Refusal::new(
        "import.running",
        "Cette reprise est en cours\u{a0}: arrêtez-la d’abord.",
        "This import is running: stop it first.",
    ))
}
