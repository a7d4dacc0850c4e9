//! What enters the queue: a notice told by a vault, a clock about to run out, a one-time link.

use std::collections::BTreeMap;

use base::id::{AccountId, ContractId, CustomerId};
use events::Step;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use store::instance::{desk, mail};
use store::ticket::{Scope, Ticket};
use store::{WriteTx, log, outbox};
use uuid::Uuid;

use super::{How, Notice};
use crate::accounts::Purpose;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::vault::VaultHandle;

const TOPIC: &str = "mail";

/// Who has to act is told this long before a clock runs out.
pub(super) const SOON_MICROS: i64 = 3600 * 1_000_000;
/// Open tickets looked at for that.
const LOOKED_AT: u32 = 1_000;
/// The hour at which a day's digest leaves.
const DIGEST_HOUR: i8 = 7;
/// How long what ended stays in the queue, in microseconds: ninety days.
const KEPT_MICROS: i64 = 90 * 24 * 3600 * 1_000_000;

/// What a vault tells of something that happened.
#[derive(Serialize, Deserialize)]
pub(super) struct Told {
    pub number: u64,
    pub notice: Notice,
    /// Its journal entry.
    pub entry: u64,
    pub by: AccountId,
}

/// Writes, in the vault's transaction, that people must be told of this entry.
pub(crate) fn tell(
    tx: &mut WriteTx<'_>,
    ticket: &Ticket,
    notice: Notice,
    entry: u64,
    by: AccountId,
) -> Result<()> {
    let told = Told { number: ticket.number, notice, entry, by };
    let payload = serde_json::to_string(&told).map_err(AppError::fault)?;
    Ok(outbox::push(tx, TOPIC, &payload)?)
}

/// As [`tell`], for a step.
pub(crate) fn tell_step(
    tx: &mut WriteTx<'_>,
    ticket: &Ticket,
    step: &Step,
    entry: u64,
    by: AccountId,
) -> Result<()> {
    let notice = match step {
        Step::Replied { visibility: events::Visibility::Internal, .. } => Notice::Noted,
        Step::Replied { .. } => Notice::Replied,
        Step::TakenOver { .. } => Notice::TakenOver,
        Step::Assigned { .. } => Notice::Assigned,
        Step::Paused { .. } => Notice::Paused,
        Step::Resumed => Notice::Resumed,
        Step::Reprioritised { .. } => Notice::Priority,
        Step::Restored { .. } => Notice::Restored,
        Step::Resolved { .. } | Step::Merged { .. } => Notice::Resolved,
        Step::Change { told } => match told {
            events::ChangeTold::Documented { .. } | events::ChangeTold::Informed { .. } => return Ok(()),
            _ => Notice::Change,
        },
        Step::Delivery { told } => match told {
            events::DeliveryTold::Shown { .. } => return Ok(()),
            told if told.is_about_money() => Notice::Price,
            _ => Notice::Delivery,
        },
        // Their own choice is news to nobody.
        Step::Watched { who } if *who != by => Notice::Followed,
        // Told on the page: nothing is awaited of anybody.
        Step::Diagnosed { .. }
        | Step::Linked { .. }
        | Step::Unlinked { .. }
        | Step::Absorbed { .. }
        | Step::KnownError { .. }
        | Step::Watched { .. }
        | Step::Unwatched { .. } => return Ok(()),
        Step::Reopened { .. } => Notice::Reopened,
        // What is only recorded alarms nobody.
        Step::Escalated { silence: Some(_), .. } => return Ok(()),
        Step::Escalated { .. } => Notice::Escalated,
        Step::QuoteMade { .. } | Step::PriceAgreed { .. } | Step::PriceDeclined { .. } => Notice::Price,
    };
    tell(tx, ticket, notice, entry, by)
}

/// Somebody told of something.
pub(crate) struct Telling {
    pub person: AccountId,
    pub notice: Notice,
    /// The vault, and the number of the ticket in it.
    pub ticket: (Uuid, u64),
    /// What tells it from another of the same notice: the journal entry, or the instant that is due.
    pub cause: i64,
    /// When it happened, microseconds UTC.
    pub at: i64,
    /// They did it themselves: a letter confirms it.
    pub own: bool,
}

/// The purpose of a letter that says how one comes in otherwise.
pub(super) const ELSEWHERE: &str = "elsewhere";

/// What a link's letter needs and no table keeps in clear.
#[derive(Serialize, Deserialize)]
pub(super) struct SealedLink {
    pub code: String,
    pub until: i64,
    /// `join` for the first password, `elsewhere` to say how one comes in without ours, and no code is then
    /// there; anything else to choose another.
    pub purpose: String,
}

impl App {
    /// Who is told of what by a vault's messages.
    pub(crate) fn told_by(&self, vault: &VaultHandle, messages: &[outbox::Message]) -> Result<Vec<Telling>> {
        let mut all = Vec::new();
        for message in messages.iter().filter(|m| m.topic == TOPIC) {
            let told: Told = serde_json::from_str(&message.payload).map_err(AppError::fault)?;
            let entry = told.entry;
            let at = vault.db.read::<_, AppError, _>(move |tx| Ok(log::recorded_at(tx, entry)?))?;
            if self.mail.get().is_none() && !self.is_worth_notifying(at) {
                continue;
            }
            let people = self.told_of(vault, &told)?;
            let cause = i64::try_from(entry).unwrap_or(i64::MAX);
            all.extend(people.into_iter().map(|(person, notice)| Telling {
                person,
                notice,
                ticket: (vault.id.0, told.number),
                cause,
                at,
                own: person == told.by,
            }));
        }
        all.extend(self.told_aside(vault, messages)?);
        Ok(all)
    }

    /// The letters that it takes; none while no mail is exchanged.
    pub(crate) fn letters_of(&self, told: &[Telling]) -> Result<Vec<mail::New>> {
        if self.mail.get().is_none() {
            return Ok(Vec::new());
        }
        let mut known = BTreeMap::new();
        let letter = |t: &Telling| self.new_message(&mut known, t.person, t.notice, t.ticket, t.cause);
        let letters: Result<Vec<_>> = told.iter().map(letter).collect();
        Ok(letters?.into_iter().flatten().collect())
    }

    fn new_message(
        &self,
        known: &mut BTreeMap<AccountId, super::Preferences>,
        person: AccountId,
        notice: Notice,
        ticket: (Uuid, u64),
        cause: i64,
    ) -> Result<Option<mail::New>> {
        let wished = match known.get(&person) {
            Some(wished) => wished,
            None => known.entry(person).or_insert(self.preferences(person)?),
        };
        let (digest, next) = match wished.how(notice) {
            How::None => return Ok(None),
            How::Each => (false, self.micros()),
            How::Daily => (true, self.next_digest()),
        };
        Ok(Some(mail::New {
            id: self.id(base::id::uuid_v7),
            account: person.0,
            notice: notice.key().to_owned(),
            ticket: Some(ticket),
            cause,
            sealed: None,
            digest,
            next,
        }))
    }

    /// The next seven in the morning, in the zone of the mail.
    fn next_digest(&self) -> i64 {
        let now = self.now();
        let zone = self.mail.get().and_then(|m| TimeZone::get(&m.zone).ok()).unwrap_or(TimeZone::UTC);
        let at = |day: jiff::civil::Date| {
            day.at(DIGEST_HOUR, 0, 0, 0).to_zoned(zone.clone()).ok().map(|z| z.timestamp())
        };
        let today = now.to_zoned(zone.clone()).date();
        let next = at(today).filter(|t| *t > now).or_else(|| at(today.saturating_add(1.day())));
        next.unwrap_or(now).as_microsecond()
    }

    /// Tells those in charge, and webhooks, of the clocks that run out within the hour, once for each due
    /// instant; those whom contracts name, of their last days; customers, of what their silence decides; and
    /// owners of articles, of those to be read again. What keeps one from being told does not keep the others; the first failure is said.
    pub fn tell_what_is_due_soon(&self) -> Result<()> {
        let people = self.tell_people_what_is_due_soon();
        people.and(self.tell_what_the_day_brings()).and(self.tell_webhooks_what_is_due())
    }

    fn tell_people_what_is_due_soon(&self) -> Result<()> {
        let now = self.micros();
        let told = self.due_soon(now)?;
        if told.is_empty() {
            return Ok(());
        }
        // A digest of tomorrow would say that it was due yesterday.
        let letters: Vec<mail::New> = self
            .letters_of(&told)?
            .into_iter()
            .map(|m| mail::New { digest: false, next: now, ..m })
            .collect();
        self.queue_and_list(letters, &told, now)
    }

    /// Queues the letters of what these people are told, and lists it on their pages.
    pub(super) fn tell_them(&self, told: &[Telling], at: i64) -> Result<()> {
        self.queue_and_list(self.letters_of(told)?, told, at)
    }

    fn queue_and_list(&self, letters: Vec<mail::New>, told: &[Telling], at: i64) -> Result<()> {
        let lines = self.notifications_of(told)?;
        let heard = self.instance.write::<_, AppError, _>(move |tx| {
            letters.iter().try_for_each(|m| mail::push(tx, m, at).map(drop))?;
            crate::notifications::keep(tx, &lines)
        })?;
        self.tell_people(heard);
        Ok(())
    }

    fn due_soon(&self, now: i64) -> Result<Vec<Telling>> {
        let lines = self.instance.read::<_, AppError, _>(move |tx| {
            let from = Some((now, Uuid::nil()));
            Ok(desk::page(tx, &desk::Reach::All, &desk::Which::Before(now + SOON_MICROS), from, LOOKED_AT)?)
        })?;
        let mut told = Vec::new();
        for line in lines {
            let number = u64::try_from(line.number).unwrap_or_default();
            let customer = CustomerId(line.vault);
            let case = |scope: &Scope| match line.contract {
                Some(id) => scope.lets_case(ContractId(id), line.item.as_deref(), line.item_class.as_deref()),
                None => true,
            };
            let assignee = line.assignee.map(AccountId);
            for person in self.answering(assignee, customer, Notice::DueSoon, &case)? {
                let (notice, ticket) = (Notice::DueSoon, (line.vault, number));
                told.push(Telling { person, notice, ticket, cause: line.due, at: now, own: false });
            }
        }
        Ok(told)
    }

    /// The letter that takes a one-time link to its person; `None` when no mail is exchanged.
    pub(crate) fn letter_of_link(
        &self,
        account: AccountId,
        purpose: Purpose,
        code: &str,
        until: Timestamp,
    ) -> Result<Option<mail::New>> {
        if self.mail.get().is_none() {
            return Ok(None);
        }
        let (id, until) = (self.id(base::id::uuid_v7), until.as_microsecond());
        let purpose = if purpose == Purpose::Join { "join" } else { "recover" };
        let sealed = SealedLink { code: code.to_owned(), until, purpose: purpose.to_owned() };
        self.sealed_letter(id, account.0, &sealed).map(Some)
    }

    /// The letter that tells somebody how they come in; `None` when no mail is exchanged.
    pub(crate) fn letter_of_the_way(&self, id: Uuid, account: Uuid, until: i64) -> Result<Option<mail::New>> {
        if self.mail.get().is_none() {
            return Ok(None);
        }
        let sealed = SealedLink { code: String::new(), until, purpose: ELSEWHERE.to_owned() };
        self.sealed_letter(id, account, &sealed).map(Some)
    }

    fn sealed_letter(&self, id: Uuid, account: Uuid, sealed: &SealedLink) -> Result<mail::New> {
        let until = sealed.until;
        let sealed = serde_json::to_vec(sealed).map_err(AppError::fault)?;
        let sealed = self.kek.seal(self.settings.entropy.as_ref(), &context(id), &sealed)?;
        Ok(mail::New {
            id,
            account,
            notice: Notice::Link.key().to_owned(),
            ticket: None,
            cause: until,
            sealed: Some(sealed),
            digest: false,
            next: self.micros(),
        })
    }

    /// Opens what was sealed with a message.
    pub(super) fn sealed_link(&self, message: &mail::Message) -> Result<Option<SealedLink>> {
        let Some(sealed) = &message.new.sealed else { return Ok(None) };
        let bytes = self.kek.unseal(&context(message.new.id), sealed)?;
        let link: SealedLink = serde_json::from_slice(&bytes).map_err(AppError::fault)?;
        // By the machine's clock, as links are counted.
        Ok((link.until > Timestamp::now().as_microsecond()).then_some(link))
    }

    /// Forgets the messages that ended three months ago.
    pub fn forget_old_mail(&self) -> Result<()> {
        let before = self.micros() - KEPT_MICROS;
        self.instance.write::<_, AppError, _>(move |tx| Ok(mail::forget(tx, before)?))
    }
}

fn context(id: Uuid) -> String {
    format!("mail-{id}")
}
