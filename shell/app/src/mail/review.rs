//! What leaves and what comes, as those who keep the mail see it, and what they decide.

use base::id::CustomerId;
use jiff::Timestamp;
use store::instance::mail::{self, State};
use store::instance::{accounts, mail_in, vaults};
use uuid::Uuid;

use super::incoming::{Fate, Incoming, Taken, taken};
use super::{Address, Notice};
use crate::access::{Act, InstancePermit};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;

/// Where a page ends: the next begins before it.
pub type Before = (i64, Uuid);

/// A message of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutLine {
    pub id: Uuid,
    pub to: Address,
    pub notice: Notice,
    /// The customer's short name, and the ticket's number.
    pub ticket: Option<(String, u64)>,
    pub attempts: u32,
    pub moved: Timestamp,
    /// When it is tried next, if it waits.
    pub next: Timestamp,
    pub error: Option<String>,
}

/// A mail that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InLine {
    pub id: Uuid,
    pub sender: String,
    pub received: Timestamp,
    pub taken: Taken,
    /// The customer's short name, and the ticket's number.
    pub ticket: Option<(String, u64)>,
    /// What it says, while it waits.
    pub subject: Option<String>,
    pub text: Option<String>,
    /// The names of its files.
    pub files: Vec<String>,
}

/// What somebody decides of a mail that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It is this person's, by the address of their account.
    AcceptAs(String),
    Reject,
    /// And nothing more is taken from its address.
    Block,
}

impl App {
    /// Messages in a state, last moved first, and where the next page begins.
    pub fn letters(
        &self,
        permit: &InstancePermit,
        state: State,
        before: Option<Before>,
        limit: u32,
    ) -> Result<(Vec<OutLine>, Option<Before>)> {
        permit.covers(Act::ManageMail)?;
        let before = before.unwrap_or((i64::MAX, Uuid::max()));
        self.instance.read::<_, AppError, _>(move |tx| {
            let rows = mail::page(tx, state, before, limit.saturating_add(1))?;
            let next = (rows.len() > limit as usize).then(|| &rows[limit as usize - 1]);
            let next = next.map(|m| (m.moved, m.new.id));
            let mut lines = Vec::new();
            for m in rows.into_iter().take(limit as usize) {
                let to = accounts::by_id(tx, m.new.account)?;
                let (name, email) = to.map(|a| (a.display_name, a.email)).unwrap_or_default();
                let Some(notice) = Notice::from_key(&m.new.notice) else { continue };
                lines.push(OutLine {
                    id: m.new.id,
                    to: Address { name, email },
                    notice,
                    ticket: shown_ticket(tx, m.new.ticket)?,
                    attempts: m.attempts,
                    moved: at(m.moved),
                    next: at(m.new.next),
                    error: m.error,
                });
            }
            Ok((lines, next))
        })
    }

    /// Tries a letter that failed again, from the start.
    pub fn send_again(&self, permit: &InstancePermit, id: Uuid) -> Result<()> {
        permit.covers(Act::ManageMail)?;
        let now = self.micros();
        let again = self.instance.write::<_, AppError, _>(move |tx| Ok(mail::again(tx, id, now)?))?;
        if again { Ok(()) } else { Err(AppError::NotFound) }
    }

    /// Mails of a fate, last received first, and where the next page begins.
    pub fn received(
        &self,
        permit: &InstancePermit,
        fate: Fate,
        before: Option<Before>,
        limit: u32,
    ) -> Result<(Vec<InLine>, Option<Before>)> {
        permit.covers(Act::ManageMail)?;
        let before = before.unwrap_or((i64::MAX, Uuid::max()));
        self.instance.read::<_, AppError, _>(move |tx| {
            let rows = mail_in::page(tx, fate.key(), before, limit.saturating_add(1))?;
            let next = (rows.len() > limit as usize).then(|| &rows[limit as usize - 1]);
            let next = next.map(|m| (m.received, m.id));
            let mut lines = Vec::new();
            for row in rows.into_iter().take(limit as usize) {
                let kept = match mail_in::kept(tx, row.id)? {
                    Some(bytes) => Some(parsed(&bytes)?),
                    None => None,
                };
                lines.push(InLine {
                    id: row.id,
                    received: at(row.received),
                    ticket: shown_ticket(tx, row.ticket)?,
                    taken: taken(&row)?,
                    sender: row.sender,
                    files: kept.iter().flat_map(|k| k.files.iter().map(|f| f.name.clone())).collect(),
                    subject: kept.as_ref().map(|k| k.subject.clone()),
                    text: kept.map(|k| k.text),
                });
            }
            Ok((lines, next))
        })
    }

    /// Decides of a mail that waits. Accepted, it does what it would have done from this person, and waits
    /// again, with the reason, if it cannot.
    pub fn decide_mail(&self, permit: &InstancePermit, id: Uuid, decision: &Decision) -> Result<Taken> {
        permit.covers(Act::ManageMail)?;
        let found = self
            .instance
            .read::<_, AppError, _>(move |tx| Ok((mail_in::by_id(tx, id)?, mail_in::kept(tx, id)?)))?;
        let (Some(mut row), Some(kept)) = found else { return Err(AppError::NotFound) };
        let (by, now, sender) = (permit.by().account.0, self.micros(), row.sender.clone());
        let done = match decision {
            Decision::AcceptAs(email) => {
                let settings = self.mail.get().ok_or(AppError::NotFound)?;
                let person = self.correspondent_at(email.trim())?.ok_or_else(nobody)?;
                row.account = Some(person.account.0);
                self.deliver(settings, &parsed(&kept)?, &person)?
            }
            Decision::Reject | Decision::Block => {
                Taken { fate: Fate::Rejected, why: "decided".to_owned(), ticket: None }
            }
        };
        row.fate = done.fate.key().to_owned();
        row.why = done.why.clone();
        row.ticket = done.ticket.map(|(customer, number)| (customer.0, number));
        let block = *decision == Decision::Block;
        let waits = done.fate == Fate::Quarantined;
        self.instance.write::<_, AppError, _>(move |tx| {
            if block {
                mail_in::block(tx, &sender, now, by)?;
            }
            if waits {
                mail_in::wait(tx, &row)?
            } else {
                mail_in::settle(tx, &row)?
            }
            Ok(())
        })?;
        Ok(done)
    }
}

fn parsed(kept: &[u8]) -> Result<Incoming> {
    serde_json::from_slice(kept).map_err(AppError::fault)
}

fn shown_ticket(tx: &mut dyn store::Tx, ticket: Option<(Uuid, u64)>) -> Result<Option<(String, u64)>> {
    let Some((vault, number)) = ticket else { return Ok(None) };
    Ok(vaults::by_id(tx, CustomerId(vault).0)?.map(|v| (v.slug, number)))
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn nobody() -> AppError {
    AppError::refused(Refusal::new(
        "mail.nobody",
        "Aucun compte en service n’a cette adresse.",
        "No account in use has this address.",
    ))
}
