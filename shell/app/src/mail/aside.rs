//! What is told and is about no ticket: a meter that runs low, a roster that was published, a week given back,
//! a last day of a contract, a webhook that stopped.

use std::collections::BTreeSet;

use base::id::{AccountId, ContractId, CustomerId};
use events::Event;
use journal::Envelope;
use serde::{Deserialize, Serialize};
use store::instance::mail::Message;
use store::{Tx, WriteTx, log, outbox};

use super::queue::Telling;
use super::say::Reader;
use super::{Letter, MailSettings, Notice};
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::vault::VaultHandle;

const TOPIC: &str = "mail.aside";

/// What stands where a message has the number of its ticket.
pub(super) const NO_TICKET: u64 = 0;

/// What a vault tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub(crate) enum Aside {
    /// A meter, or a book of work units, came to the threshold of its clause.
    Meter { contract: ContractId },
    /// A roster changed the periods of these people.
    OnCall { people: BTreeSet<AccountId> },
    /// A person's week was given back, or reopened.
    Week { person: AccountId },
}

impl Aside {
    fn notice(&self) -> Notice {
        match self {
            Aside::Meter { .. } => Notice::Meter,
            Aside::OnCall { .. } => Notice::OnCall,
            Aside::Week { .. } => Notice::Week,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Told {
    aside: Aside,
    /// Its journal entry.
    entry: u64,
    by: AccountId,
}

/// Writes, in the vault's transaction, that people must be told of this entry.
pub(crate) fn tell_aside(tx: &mut WriteTx<'_>, aside: Aside, entry: u64, by: AccountId) -> Result<()> {
    let told = Told { aside, entry, by };
    Ok(outbox::push(tx, TOPIC, &serde_json::to_string(&told).map_err(AppError::fault)?)?)
}

/// What an entry of the journal says.
pub(super) fn event(tx: &mut dyn Tx, seq: u64) -> Result<Event> {
    let entry = log::entries(tx, seq, 1)?.pop().filter(|e| e.seq == seq);
    let entry = entry.ok_or_else(|| AppError::fault(format!("there is no entry {seq}")))?;
    let envelope = Envelope::parse(&entry.bytes).map_err(AppError::fault)?;
    Event::parse(&envelope.kind, &envelope.data).map_err(AppError::fault)
}

impl App {
    /// Whom a vault's messages tell of what is about no ticket.
    pub(super) fn told_aside(
        &self,
        vault: &VaultHandle,
        messages: &[outbox::Message],
    ) -> Result<Vec<Telling>> {
        let mut all = Vec::new();
        for message in messages.iter().filter(|m| m.topic == TOPIC) {
            let told: Told = serde_json::from_str(&message.payload).map_err(AppError::fault)?;
            let entry = told.entry;
            let at = vault.db.read::<_, AppError, _>(move |tx| Ok(log::recorded_at(tx, entry)?))?;
            let people = match &told.aside {
                Aside::Meter { contract } => self.told_of_meter(vault, *contract)?,
                Aside::OnCall { people } => people.clone(),
                Aside::Week { person } => BTreeSet::from([*person]),
            };
            all.extend(people.into_iter().map(|person| Telling {
                person,
                notice: told.aside.notice(),
                ticket: (vault.id.0, NO_TICKET),
                cause: i64::try_from(entry).unwrap_or(i64::MAX),
                at,
                // Who is bound by it hears of it, even by their own hand.
                own: false,
            }));
        }
        Ok(all)
    }

    /// The letter of a message that is about no ticket; `None` when its reader may not read what it
    /// is about any more, or nothing is left to say to them.
    pub(super) fn say_aside(
        &self,
        settings: &MailSettings,
        reader: &Reader,
        message: &Message,
        customer: CustomerId,
    ) -> Result<Option<Letter>> {
        let notice = Notice::from_key(&message.new.notice);
        match notice.filter(|notice| notice.is_read_by(&reader.person, customer)) {
            Some(Notice::Deadline) => self.say_deadline(settings, reader, message, customer),
            Some(Notice::Webhook) => self.say_stopped(settings, reader, message, customer),
            Some(Notice::OnCall) => self.say_on_call(settings, reader, message, customer),
            Some(Notice::Meter) => self.say_meter(settings, reader, message, customer),
            Some(notice @ (Notice::Review | Notice::Week)) => {
                self.letter_aside(settings, reader, message, (notice, customer))
            }
            _ => Ok(None),
        }
    }
}
