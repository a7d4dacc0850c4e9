//! Mail: what people are told of, how they wish to be told, and what they answer.
//!
//! A notice is written with its cause in the vault's outbox and carried to the instance's queue, which
//! holds no words: a letter is written when it leaves, with the eyes of the person it is for, through the
//! use case that draws their page. What they may not see cannot be in it, and what was erased is not posted.
//! Nothing here opens a socket: another crate sends the letters and brings the incoming ones.

mod amended;
mod aside;
mod change;
mod consent;
mod daily;
mod deadline;
mod delivery;
mod incoming;
mod letter;
mod meter;
mod on_call;
mod opinion;
mod queue;
mod reading;
mod recipients;
mod review;
mod say;
mod send;
mod sender;
mod sentence;
mod stopped;
mod waiting;
mod way_in;
mod week;

use std::collections::BTreeMap;

use base::Lang;
use base::id::{AccountId, CustomerId};
use serde::{Deserialize, Serialize};
use store::instance::mail;

pub(crate) use amended::tell_signed;
pub(crate) use aside::{Aside, tell_aside};
pub(crate) use daily::Look;
pub use incoming::{Fate, Incoming, Part, Taken};
pub use letter::{Address, Letter};
pub(crate) use meter::{books_low, tell_books};
pub(crate) use queue::{Telling, tell, tell_step};
pub(crate) use recipients::may_know;
pub use review::{Before, Decision, InLine, OutLine};
pub use send::Delivery;
pub use store::instance::mail::State;

use crate::access::{Act, InstancePermit, Principal, Side};
use crate::error::{AppError, Result};
use crate::instance::App;

/// Characters of the name that a customer's mail is sent under.
const LONGEST_NAME: usize = 100;
const LONGEST_SIGNATURE: usize = 1_000;

/// What an instance exchanges mail as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// The provider's own name and the address that everything is sent from.
    pub from: Address,
    /// The mailbox that answers come to: `aide@prestataire.fr`. A token is added to it: `aide+…@`.
    pub answers: String,
    /// What stands after the `@` of message identifiers: a name of the provider's.
    pub host: String,
    /// The address of the site, without its last slash.
    pub site: String,
    /// The zone in which a day's digest leaves, at seven in the morning.
    pub zone: String,
}

/// What people can be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    Opened,
    Replied,
    /// The reader is named in what was written.
    Mentioned,
    /// Somebody has the reader follow the ticket.
    Followed,
    /// A note was written among the provider's people: to them only.
    Noted,
    TakenOver,
    /// The ticket was handed to the reader.
    Assigned,
    Paused,
    Resumed,
    Priority,
    Restored,
    Resolved,
    Reopened,
    /// A clock is about to run out: the provider's people only.
    DueSoon,
    /// A price waits for an answer, or got one.
    Price,
    /// A change was planned, approved, carried out or given up.
    Change,
    /// A delivery was made, verified or put in production.
    Delivery,
    /// Somebody was not satisfied with the work: the provider's people only.
    Dissatisfied,
    /// An article of the reader's is to be read again.
    Review,
    /// A week of the reader's time was given back, or reopened.
    Week,
    /// A clock came to a level of escalation: the contract has it told, so nobody declines it.
    Escalated,
    /// A last day of the contract comes: told to whom the contract names, so nobody declines it.
    Deadline,
    /// A meter came to the threshold of its clause: the contract has it told, so nobody declines it.
    Meter,
    /// A roster changed the reader's periods on call: they are bound by it, so nobody declines it.
    OnCall,
    /// The customer's silence decides soon: told to those who may answer, so nobody declines it.
    Waiting,
    /// A webhook was stopped by its receiver's failures: told to those who may mend it, so that nobody declines
    /// it.
    Webhook,
    /// A one-time link; never gathered, never declined.
    Link,
}

impl Notice {
    /// What a person can choose about.
    pub const CHOSEN: [Notice; 20] = [
        Notice::Opened,
        Notice::Replied,
        Notice::Mentioned,
        Notice::Followed,
        Notice::Noted,
        Notice::TakenOver,
        Notice::Assigned,
        Notice::Paused,
        Notice::Resumed,
        Notice::Priority,
        Notice::Restored,
        Notice::Resolved,
        Notice::Reopened,
        Notice::DueSoon,
        Notice::Price,
        Notice::Change,
        Notice::Delivery,
        Notice::Dissatisfied,
        Notice::Review,
        Notice::Week,
    ];

    /// What nobody declines nor gathers: the contract has it told, or somebody waits for it.
    pub const OWED: [Notice; 7] = [
        Notice::Escalated,
        Notice::Deadline,
        Notice::Meter,
        Notice::OnCall,
        Notice::Waiting,
        Notice::Webhook,
        Notice::Link,
    ];

    pub fn key(self) -> &'static str {
        match self {
            Notice::Opened => "opened",
            Notice::Replied => "replied",
            Notice::Mentioned => "mentioned",
            Notice::Followed => "followed",
            Notice::Noted => "noted",
            Notice::TakenOver => "taken_over",
            Notice::Assigned => "assigned",
            Notice::Paused => "paused",
            Notice::Resumed => "resumed",
            Notice::Priority => "priority",
            Notice::Restored => "restored",
            Notice::Resolved => "resolved",
            Notice::Reopened => "reopened",
            Notice::DueSoon => "due_soon",
            Notice::Price => "price",
            Notice::Change => "change",
            Notice::Delivery => "delivery",
            Notice::Dissatisfied => "dissatisfied",
            Notice::Review => "review",
            Notice::Week => "week",
            Notice::Escalated => "escalated",
            Notice::Deadline => "deadline",
            Notice::Meter => "meter",
            Notice::OnCall => "on_call",
            Notice::Waiting => "waiting",
            Notice::Webhook => "webhook",
            Notice::Link => "link",
        }
    }

    /// Whether the people of a side are ever told of it: what they cannot get is no choice of theirs.
    pub fn is_for(self, side: Side) -> bool {
        match self {
            Notice::Noted | Notice::Dissatisfied | Notice::Review => side == Side::Provider,
            Notice::Assigned | Notice::DueSoon | Notice::Week => side != Side::Customer,
            Notice::Price | Notice::Escalated => side != Side::ThirdParty,
            Notice::Waiting => side == Side::Customer,
            _ => true,
        }
    }

    /// The act of those who may read what is about no ticket; `None` of what is about one.
    fn act(self) -> Option<Act> {
        match self {
            Notice::Review => Some(Act::WriteKnowledge),
            Notice::Week => Some(Act::EnterTime),
            Notice::Deadline => Some(Act::SeeContract),
            Notice::Meter => Some(Act::SeeMeters),
            Notice::OnCall => Some(Act::SeeRoster),
            Notice::Webhook => Some(Act::ManageWebhooks),
            _ => None,
        }
    }

    /// Whether it is about no ticket and somebody may read what it is about.
    pub(crate) fn is_read_by(self, person: &Principal, customer: CustomerId) -> bool {
        self.act().is_some_and(|act| person.may_for(act, customer))
    }

    pub fn from_key(key: &str) -> Option<Notice> {
        Notice::CHOSEN.into_iter().chain(Notice::OWED).find(|n| n.key() == key)
    }
}

/// How somebody wishes to be told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// A letter each time.
    #[default]
    Each,
    /// One letter a day, in the morning.
    Daily,
    None,
}

/// A person's language and choices; what they did not choose comes each time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    pub lang: Lang,
    pub choices: BTreeMap<Notice, How>,
}

impl Preferences {
    pub fn how(&self, notice: Notice) -> How {
        match Notice::OWED.contains(&notice) {
            true => How::Each,
            false => self.choices.get(&notice).copied().unwrap_or_default(),
        }
    }
}

impl Default for Preferences {
    fn default() -> Preferences {
        Preferences { lang: Lang::Fr, choices: BTreeMap::new() }
    }
}

/// What the mail about a customer's tickets is signed with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// Stands before the address; the provider's own when empty.
    pub name: String,
    pub signature: String,
}

impl App {
    /// Exchanges mail from now on; what happened before is not told. Only the first call counts.
    pub fn exchange_mail(&self, settings: MailSettings) {
        let _ = self.mail.set(settings);
    }

    /// What mail is exchanged as; `None` while it is not.
    pub fn mail_settings(&self) -> Option<&MailSettings> {
        self.mail.get()
    }

    /// How a person wishes to be told.
    pub fn mail_preferences(&self, person: &Principal) -> Result<Preferences> {
        self.preferences(person.account)
    }

    /// A person's own choice.
    pub fn set_mail_preferences(&self, person: &Principal, wished: &Preferences) -> Result<()> {
        let id = person.account.0;
        let (lang, choices) = (wished.lang.tag(), serde_json::to_string(&wished.choices));
        let choices = choices.map_err(AppError::fault)?;
        self.instance.write::<_, AppError, _>(move |tx| Ok(mail::set_person(tx, id, lang, &choices)?))
    }

    pub(crate) fn preferences(&self, account: AccountId) -> Result<Preferences> {
        let kept = self.instance.read::<_, AppError, _>(move |tx| Ok(mail::person(tx, account.0)?))?;
        let Some((lang, choices)) = kept else { return Ok(Preferences::default()) };
        let lang = Lang::from_tag(&lang).unwrap_or(Lang::Fr);
        Ok(Preferences { lang, choices: serde_json::from_str(&choices).map_err(AppError::fault)? })
    }

    /// What a customer's mail is signed with.
    pub fn mail_identity(&self, permit: &InstancePermit, customer: CustomerId) -> Result<Identity> {
        permit.covers(Act::ManageMail)?;
        self.identity(customer)
    }

    /// Changes it; line breaks stay out of the name, which stands in a header.
    pub fn set_mail_identity(
        &self,
        permit: &InstancePermit,
        customer: CustomerId,
        identity: &Identity,
    ) -> Result<()> {
        permit.covers(Act::ManageMail)?;
        self.vault(customer)?;
        let (name, signature) = (identity.name.trim().to_owned(), identity.signature.trim().to_owned());
        if name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
            return Err(AppError::invalid(
                "name",
                format!("un nom d’une ligne, {LONGEST_NAME} caractères au plus"),
                format!("a name of one line, {LONGEST_NAME} characters at most"),
            ));
        }
        if signature.chars().count() > LONGEST_SIGNATURE {
            return Err(AppError::invalid(
                "signature",
                format!("{LONGEST_SIGNATURE} caractères au plus"),
                format!("at most {LONGEST_SIGNATURE} characters"),
            ));
        }
        self.instance
            .write::<_, AppError, _>(move |tx| Ok(mail::set_identity(tx, customer.0, &name, &signature)?))
    }

    fn identity(&self, customer: CustomerId) -> Result<Identity> {
        let kept = self.instance.read::<_, AppError, _>(move |tx| Ok(mail::identity(tx, customer.0)?))?;
        Ok(kept.map(|(name, signature)| Identity { name, signature }).unwrap_or_default())
    }
}
