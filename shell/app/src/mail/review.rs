//! What leaves and what comes, as those who keep the mail see it, and what they decide.

use base::id::CustomerId;
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use store::instance::mail::{self, State};
use store::instance::mail_in::Claim;
use store::instance::{accounts, mail_in, vaults};
use uuid::Uuid;

use super::incoming::{Fate, Incoming, Taken, taken};
use super::{Address, Notice};
use crate::access::{Act, InstancePermit};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::{IdempotencyKey, StepCommand};

/// A decision under way holds its mail this long, should the program stop before its end, in microseconds.
const LEASE: i64 = 120 * 1_000_000;

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
    /// The person whose account has the address of its sender, while it waits.
    pub owner: Option<String>,
    /// Who decided of it.
    pub decided_by: Option<String>,
}

/// What somebody decides of a mail that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It is its sender's: of the account in use that has this very address, and of no other.
    Accept,
    /// It is nobody's for sure: the decider brings it in their own name, into the ticket that it answers, or
    /// as a new one of this customer, by its short name.
    TakeUp {
        customer: Option<String>,
    },
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
                let owner = match &row.says {
                    Some(_) => accounts::by_email(tx, &row.sender)?.filter(|a| !a.disabled),
                    None => None,
                };
                let decided_by = match row.decided_by.filter(|_| row.says.is_none()) {
                    Some(id) => accounts::by_id(tx, id)?,
                    None => None,
                };
                let taken = taken(&row)?;
                let (subject, text, files) = match row.says {
                    Some(says) => (Some(says.subject), Some(says.text), says.files),
                    None => (None, None, Vec::new()),
                };
                lines.push(InLine {
                    id: row.id,
                    owner: owner.map(|a| a.display_name),
                    decided_by: decided_by.map(|a| a.display_name),
                    received: at(row.received),
                    ticket: shown_ticket(tx, row.ticket)?,
                    taken,
                    sender: row.sender,
                    files,
                    subject,
                    text,
                });
            }
            Ok((lines, next))
        })
    }

    /// Decides of a mail that waits. Accepted or taken up, it does what it would have done from this person,
    /// with a note to the provider's people that says who decided, and waits again, with the reason, if it
    /// cannot. Of two decisions at once, one is refused.
    pub fn decide_mail(&self, permit: &InstancePermit, id: Uuid, decision: &Decision) -> Result<Taken> {
        permit.covers(Act::ManageMail)?;
        let claim = Claim { by: permit.by().account.0, at: self.micros() };
        let held = self.instance.write::<_, AppError, _>(move |tx| {
            let held = mail_in::claim(tx, id, claim, claim.at - LEASE)?;
            Ok((held, mail_in::by_id(tx, id)?, mail_in::kept(tx, id)?))
        })?;
        let (mut row, kept) = match held {
            (true, Some(row), Some(kept)) => (row, kept),
            (false, Some(_), Some(_)) => return Err(already()),
            _ => return Err(AppError::NotFound),
        };
        let done = parsed(&kept).and_then(|mail| self.decided(permit, &mut row, &mail, decision));
        let (sender, block) = (row.sender.clone(), *decision == Decision::Block);
        let end = done.as_ref().ok().filter(|taken| taken.fate != Fate::Quarantined).cloned();
        let why = done.as_ref().map_or_else(|_| row.why.clone(), |taken| taken.why.clone());
        self.instance.write::<_, AppError, _>(move |tx| {
            let Some(taken) = &end else { return Ok(mail_in::wait(tx, id, &why, claim)?) };
            if block {
                mail_in::block(tx, &sender, claim.at, claim.by)?;
            }
            row.fate = taken.fate.key().to_owned();
            row.why = taken.why.clone();
            row.ticket = taken.ticket.map(|(customer, number)| (customer.0, number));
            mail_in::settle(tx, &row, claim).map(drop)?;
            Ok(())
        })?;
        done
    }

    /// What a decision makes of a mail.
    fn decided(
        &self,
        permit: &InstancePermit,
        row: &mut mail_in::Mail,
        mail: &Incoming,
        decision: &Decision,
    ) -> Result<Taken> {
        let (person, customer) = match decision {
            Decision::Accept => (self.correspondent_at(&row.sender)?.ok_or_else(nobody)?, None),
            Decision::TakeUp { customer } => (permit.by().clone(), self.named(customer.as_deref())?),
            Decision::Reject | Decision::Block => {
                return Ok(Taken { fate: Fate::Rejected, why: "decided".to_owned(), ticket: None });
            }
        };
        let settings = self.mail.get().ok_or(AppError::NotFound)?;
        row.account = Some(person.account.0);
        let taken = self.deliver(settings, mail, &person, customer)?;
        if taken.why == "no_customer" && *decision != Decision::Accept {
            return Err(no_customer());
        }
        if let Some((customer, number)) = taken.ticket {
            self.note_decision(permit, row, mail, (customer, number), *decision == Decision::Accept)?;
        }
        Ok(taken)
    }

    /// Tells the provider's people, in the ticket, whose mail it was and who let it in.
    fn note_decision(
        &self,
        permit: &InstancePermit,
        row: &mail_in::Mail,
        mail: &Incoming,
        (customer, number): (CustomerId, u64),
        as_sender: bool,
    ) -> Result<()> {
        let by = permit.by();
        // Between marks of code: an address can hold anything, and is no markup.
        let sender = row.sender.replace('`', "'");
        let lang = self.preferences(by.account)?.lang;
        let body = match as_sender {
            true => lang.t(
                format!("Courriel de `{sender}`, retenu à son arrivée\u{a0}; accepté au nom de son expéditeur par {}.", by.name),
                format!("Mail from `{sender}`, held when it came; accepted in its sender’s name by {}.", by.name),
            ),
            false => lang.t(
                format!("Courriel de `{sender}`, retenu à son arrivée\u{a0}; repris en son propre nom par {}.", by.name),
                format!("Mail from `{sender}`, held when it came; taken up in their own name by {}.", by.name),
            ),
        };
        let note = StepCommand::Note { body };
        let key = IdempotencyKey::parse(&format!("mail-note-{}", HEXLOWER.encode(&mail.identity)))?;
        // Whoever keeps the mail reads nothing of the ticket by deciding: no undertaking is asked for.
        let permit = by.permit(note.act(), customer)?;
        self.step_told_whole(&permit, &key, number, &note, None, Vec::new()).map(drop)
    }

    fn named(&self, customer: Option<&str>) -> Result<Option<CustomerId>> {
        let slug = customer.map(str::trim).filter(|slug| !slug.is_empty());
        slug.map(|slug| self.find_customer(slug).map_err(|_| no_customer())).transpose()
    }
}

fn parsed(kept: &[u8]) -> Result<Incoming> {
    serde_json::from_slice(kept).map_err(AppError::fault)
}

fn shown_ticket(tx: &mut dyn store::Tx, ticket: Option<(Uuid, u64)>) -> Result<Option<(String, u64)>> {
    // Zero is that of no ticket: a customer's webhooks.
    let Some((vault, number)) = ticket.filter(|(_, number)| *number > 0) else { return Ok(None) };
    Ok(vaults::by_id(tx, CustomerId(vault).0)?.map(|v| (v.slug, number)))
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn nobody() -> AppError {
    AppError::refused(Refusal::new(
        "mail.nobody",
        "Aucun compte en service n’a l’adresse de l’expéditeur\u{a0}: reprenez ce courriel en votre nom.",
        "No account in use has the sender’s address: take this mail up in your own name.",
    ))
}

fn no_customer() -> AppError {
    AppError::refused(Refusal::new(
        "mail.customer",
        "Ce courriel n’est dans aucun ticket\u{a0}: nommez le client pour qui l’ouvrir.",
        "This mail is in no ticket: name the customer to open one for.",
    ))
}

fn already() -> AppError {
    AppError::refused(Refusal::new(
        "mail.already",
        "Une autre personne décide de ce courriel en ce moment.",
        "Somebody else is deciding of this mail right now.",
    ))
}
