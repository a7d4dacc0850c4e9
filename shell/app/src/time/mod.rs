//! Time spent on tickets: entered, corrected, timed, and approved by the week.
//!
//! What the contract makes of it is decided when it is entered, and told with its reasons. An entry changes
//! by a correction only, and no more once its person's week is approved. Comments are the provider's.

mod billed;
mod hours;
mod timer;
mod week;

use base::id::AccountId;
use base::{Because, Money, Reason};
use engines::billing::time as rates;
use events::{Event, PaidBy, TimeCorrected, TimeEntered, TimeTold, WeekState, WorkKind};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::record::{Content, Stamp, record};
use store::ticket::Ticket;
use store::{Tx, WriteTx, idempotency, ticket, time};
use terms::rates::RateHours;
use uuid::Uuid;

pub(crate) use billed::{after, charged, of_month, so_far};
pub use hours::{Hours, hours_of};
pub(crate) use hours::{contradiction, explained};
pub use timer::Running;
pub use week::{Settling, SheetLine, WeekSheet};

use crate::access::{Act, Permit, Side};
use crate::agreements::Agreement;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::news::What;
use crate::ticket::{IdempotencyKey, delivery, outsider_refusal, price};

/// Characters of a comment on time or of a reason to correct it.
const LONGEST_TEXT: u32 = 2_000;

/// The longest entry, in minutes: a day.
pub const LONGEST: u32 = 24 * 60;

/// Some time spent on a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TellTime {
    /// As spent, before any rounding.
    pub minutes: u32,
    /// When it began; so many minutes ago if absent.
    #[serde(default)]
    pub started: Option<Timestamp>,
    pub kind: WorkKind,
    /// Refused where the contract decides otherwise; what it decides if absent, ordinary where it does not.
    #[serde(default)]
    pub hours: Option<RateHours>,
    /// A profile of the contract's rates.
    #[serde(default)]
    pub profile: Option<String>,
    /// For the provider's people only.
    #[serde(default)]
    pub comment: Option<String>,
}

/// What time was entered, and what the contract makes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    pub entry: Uuid,
    pub paid_by: PaidBy,
    /// The hours that it is at; `None` for what was entered before they were told.
    #[serde(default)]
    pub hours: Option<RateHours>,
    /// Rounded up by the rate of the profile.
    pub counted: u32,
    /// At that rate, net of VAT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worth: Option<Money>,
    pub reasons: Vec<Reason>,
    /// Its journal entry.
    pub seq: u64,
}

/// What a transaction needs, ready before it starts.
#[derive(Clone)]
struct Ready {
    ask: TellTime,
    entry: Uuid,
    person: AccountId,
    by: AccountId,
    started: Timestamp,
    now: Timestamp,
    comment: Option<Content>,
    /// The time is told by a third party's person.
    outsider: bool,
    introduction: crate::customer::Introduction,
}

impl App {
    /// Enters time that the asker spent on a ticket. Refused, with the article, while the customer has
    /// not agreed to the price of the work.
    pub fn enter_time(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: u64,
        ask: &TellTime,
    ) -> Result<Entered> {
        self.on_tickets(permit, Act::EnterTime)?;
        check_minutes(ask.minutes, 1)?;
        let ready = self.time_ready(permit, ask)?;
        let vault = self.vault(permit.customer())?;
        self.refuse_approved(permit.by().account, permit.customer(), ready.started)?;
        let request = hash(&(number, ask))?;
        let stored_key = key.of(permit.by().account, "time.enter");
        loop {
            let agreements = vault.agreements()?;
            let (count, stored_key, ready) = (agreements.count, stored_key.clone(), ready.clone());
            let scope = permit.scope().clone();
            let answer = vault.db.write::<_, AppError, _>(move |tx| {
                if store::agreement::count(tx)? != count {
                    return Ok(None);
                }
                let done = idempotency::once(tx, &stored_key, &request, ready.now.as_microsecond(), |tx| {
                    let ticket = ticket::by_number(tx, &scope, number)?.ok_or(AppError::NotFound)?;
                    let agreement = agreements.by_id(ticket.contract)?;
                    let entered = enter(tx, agreement, &ticket, &ready)?;
                    serde_json::to_vec(&entered).map_err(AppError::fault)
                })?;
                Ok(Some(done))
            });
            let answer = answer.map_err(|error| for_reader(permit, error))?;
            let Some(bytes) = answer else {
                vault.forget_agreements();
                continue;
            };
            self.tell_news(&vault, Some(number), What::Internal);
            let entered: Entered = serde_json::from_slice(&bytes).map_err(AppError::fault)?;
            return Ok(entered.for_reader(permit, ask.minutes));
        }
    }

    /// Replaces an entry of the asker's on the ticket of this number, or anybody's for those who approve; no
    /// minutes withdraw it, and it began when it did where nothing else is said.
    pub fn correct_time(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        (number, entry): (u64, Uuid),
        ask: &TellTime,
        why: &str,
    ) -> Result<Entered> {
        self.on_tickets(permit, Act::EnterTime)?;
        check_minutes(ask.minutes, 0)?;
        let why = self.text("why", why, LONGEST_TEXT)?;
        let vault = self.vault(permit.customer())?;
        let agreements = vault.agreements()?;
        let manages = permit.by().may_for(Act::ApproveTime, permit.customer());
        let outsider = permit.role().side() == Side::ThirdParty;
        let scope = permit.scope().clone();
        // The other customers' parts of the sheet, for the week it leaves and the one it goes to.
        let found = vault.db.read::<_, AppError, _>(move |tx| Ok(time::by_id(tx, entry)?))?;
        let told = found.filter(|told| told.person == permit.by().account || manages);
        let told = told.ok_or(AppError::NotFound)?;
        let was = Timestamp::from_microsecond(told.started).map_err(AppError::fault)?;
        let ready =
            self.time_ready(permit, &TellTime { started: ask.started.or(Some(was)), ..ask.clone() })?;
        for at in [was, ready.started] {
            self.refuse_approved(told.person, permit.customer(), at)?;
        }
        let request = hash(&(entry, ask, &why.bytes))?;
        let stored_key = key.of(permit.by().account, "time.correct");
        let bytes = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, ready.now.as_microsecond(), |tx| {
                let told = time::by_id(tx, entry)?.ok_or(AppError::NotFound)?;
                if told.person != ready.by && !manages {
                    return Err(AppError::NotFound);
                }
                let ticket = ticket::by_id(tx, told.ticket)?.filter(|t| t.number == number && scope.lets(t));
                let ticket = ticket.ok_or(AppError::NotFound)?;
                let agreement = agreements.by_id(ticket.contract)?;
                // A correction may not move what is approved, nor into what is.
                let was = Timestamp::from_microsecond(told.started).map_err(AppError::fault)?;
                still_open(tx, agreement, told.person, was)?;
                crate::month::still_open(tx, agreement, was)?;
                let mut ready = Ready { entry, person: told.person, ..ready.clone() };
                if outsider {
                    // It sees no profile, and takes away none that the provider gave its time.
                    ready.ask.profile = told.profile;
                }
                let entered = correct(tx, agreement, &ticket, &ready, &why)?;
                serde_json::to_vec(&entered).map_err(AppError::fault)
            })
        });
        let bytes = bytes.map_err(|error| for_reader(permit, error))?;
        self.tell_news(&vault, Some(number), What::Internal);
        let entered: Entered = serde_json::from_slice(&bytes).map_err(AppError::fault)?;
        Ok(entered.for_reader(permit, ask.minutes))
    }

    fn time_ready(&self, permit: &Permit, ask: &TellTime) -> Result<Ready> {
        let now = self.now();
        let length = jiff::SignedDuration::from_mins(i64::from(ask.minutes));
        let started = ask.started.unwrap_or(now - length);
        if started + length > now {
            return Err(AppError::invalid(
                "started",
                "une date qui n'est pas à venir",
                "a date that is not to come",
            ));
        }
        if ask.profile.is_some() && permit.role().side() == Side::ThirdParty {
            return Err(AppError::invalid(
                "profile",
                "les tarifs sont entre le prestataire et son client",
                "rates are between the provider and its customer",
            ));
        }
        let comment = match ask.comment.as_deref().map(str::trim).filter(|c| !c.is_empty()) {
            Some(comment) => Some(self.text("comment", comment, LONGEST_TEXT)?),
            None => None,
        };
        Ok(Ready {
            ask: ask.clone(),
            entry: self.id(base::id::uuid_v7),
            person: permit.by().account,
            by: permit.by().account,
            started,
            now,
            comment,
            outsider: permit.role().side() == Side::ThirdParty,
            introduction: self.introduction(permit.by()),
        })
    }
}

impl Entered {
    /// What the one who entered it is told: a third party, nothing of what the contract makes of it.
    fn for_reader(self, permit: &Permit, minutes: u32) -> Entered {
        match permit.role().side() {
            Side::ThirdParty => {
                Entered { paid_by: PaidBy::Fee, counted: minutes, worth: None, reasons: Vec::new(), ..self }
            }
            Side::Provider | Side::Customer => self,
        }
    }
}

/// Some time as a third party reads its own: how long, and nothing of what the contract makes of it.
pub(crate) fn without_the_contract(time: TimeTold) -> TimeTold {
    TimeTold { profile: None, paid_by: PaidBy::Fee, counted: time.minutes, worth: None, ..time }
}

fn for_reader(permit: &Permit, error: AppError) -> AppError {
    match permit.role().side() {
        Side::ThirdParty => outsider_refusal(error),
        Side::Provider | Side::Customer => error,
    }
}

fn hash(value: &impl Serialize) -> Result<[u8; 32]> {
    Ok(Sha256::digest(serde_json::to_vec(value).map_err(AppError::fault)?).into())
}

fn check_minutes(minutes: u32, least: u32) -> Result<()> {
    if (least..=LONGEST).contains(&minutes) {
        return Ok(());
    }
    Err(AppError::invalid(
        "minutes",
        format!("de {least} à 1\u{202f}440 minutes"),
        format!("{least} to 1,440 minutes"),
    ))
}

/// The entry as the contract decides it, once everything allows it.
fn decided(
    tx: &mut WriteTx<'_>,
    agreement: &Agreement,
    ticket: &Ticket,
    ready: &Ready,
) -> Result<(TimeTold, Vec<Reason>)> {
    crate::month::still_open(tx, agreement, ready.started)?;
    still_open(tx, agreement, ready.person, ready.started)?;
    if ready.started.as_microsecond() < ticket.opened {
        return Err(AppError::invalid("started", "avant l'ouverture du ticket", "before the ticket opened"));
    }
    let terms = &agreement.version(&ticket.version)?.terms;
    let ask = &ready.ask;
    if let Some(profile) = ask.profile.as_deref()
        && !terms.rates.iter().any(|r| r.then.profile == profile)
    {
        let known: Vec<&str> = terms.rates.iter().map(|r| r.then.profile.as_str()).collect();
        let known = known.join(", ");
        return Err(AppError::invalid(
            "profile",
            format!("un profil du contrat\u{a0}: {known}"),
            format!("a profile of the contract: {known}"),
        ));
    }
    let steps = ticket::steps(tx, ticket.id)?;
    let defect = delivery::defect(tx, agreement, ticket, &steps)?;
    let said = (&steps[..], defect.as_ref());
    let standing = price::standing(terms, ticket, said, agreement.local_date(ready.now));
    let (agreed, warranty) = (standing.value, defect.as_ref().map(|defect| &defect.warranty));
    let maximum = price::maximum(terms, ticket, &steps);
    let most = price::most(standing.value, maximum);
    price::before_work(standing, maximum)?;
    let facts = &ticket.opening_facts;
    let free = defect.as_ref().is_some_and(|defect| defect.warranty.value.is_free());
    let by_time = price::by_time(terms, ticket, &steps);
    let at_rate = by_time.filter(|_| !free);
    let profile = match &at_rate {
        Some(at) => Some(billed::profile(at, ask.profile.as_deref())?),
        None => ask.profile.as_deref(),
    };
    let heard = ask.minutes > 0 && !ready.outsider;
    let at = hours::At { started: ready.started, said: ask.hours, heard };
    let Because { value: hours, reasons: why } =
        hours::decided(terms, facts, (by_time.as_ref(), profile), at)?;
    let said = (agreed, warranty, at_rate.as_ref());
    let Because { value, mut reasons } = rates::worked(terms, facts, said, profile, ask.minutes, hours);
    reasons.extend(why);
    if let (Some(at), Some(charge)) = (&at_rate, value.worth) {
        reasons.extend(billed::within(tx, (at, most), ticket, (ready.entry, charge))?);
    }
    let told = TimeTold {
        entry: ready.entry,
        ticket: ticket.id,
        contract: ticket.contract,
        person: ready.person,
        started: ready.started.as_microsecond(),
        minutes: ask.minutes,
        kind: ask.kind,
        hours,
        profile: profile.map(str::to_owned),
        paid_by: match value.paid_by {
            rates::PaidBy::Fee => PaidBy::Fee,
            rates::PaidBy::Allowance => PaidBy::Allowance,
            rates::PaidBy::AgreedPrice => PaidBy::AgreedPrice,
            rates::PaidBy::Warranty => PaidBy::Warranty,
            rates::PaidBy::Rate => PaidBy::Rate,
        },
        counted: value.counted_minutes,
        worth: value.worth,
        comment: ready.comment.as_ref().map(|c| c.id),
    };
    Ok((told, reasons))
}

fn enter(tx: &mut WriteTx<'_>, agreement: &Agreement, ticket: &Ticket, ready: &Ready) -> Result<Entered> {
    let (time, reasons) = decided(tx, agreement, ticket, ready)?;
    ready.introduction.ensure(tx, ready.now.as_microsecond())?;
    let event = Event::TimeEntered(TimeEntered { time: time.clone(), by: ready.by });
    let seq = record(tx, &stamp(ticket, ready), &event, ready.comment.as_slice())?;
    Ok(answer(time, reasons, seq))
}

fn correct(
    tx: &mut WriteTx<'_>,
    agreement: &Agreement,
    ticket: &Ticket,
    ready: &Ready,
    why: &Content,
) -> Result<Entered> {
    let (time, reasons) = decided(tx, agreement, ticket, ready)?;
    ready.introduction.ensure(tx, ready.now.as_microsecond())?;
    let event = Event::TimeCorrected(TimeCorrected { time: time.clone(), why: why.id, by: ready.by });
    let contents: Vec<Content> = ready.comment.iter().chain([why]).cloned().collect();
    let seq = record(tx, &stamp(ticket, ready), &event, &contents)?;
    Ok(answer(time, reasons, seq))
}

fn stamp(ticket: &Ticket, ready: &Ready) -> Stamp {
    Stamp { at: ready.now.as_microsecond(), actor: ready.by, contract: Some(ticket.version.clone()) }
}

fn answer(time: TimeTold, reasons: Vec<Reason>, seq: u64) -> Entered {
    let TimeTold { entry, paid_by, hours, counted, worth, .. } = time;
    Entered { entry, paid_by, hours: Some(hours), counted, worth, reasons, seq }
}

/// Refuses to touch a week of this vault that was approved.
fn still_open(tx: &mut dyn Tx, agreement: &Agreement, person: AccountId, at: Timestamp) -> Result<()> {
    let week = base::week::monday(agreement.local_date(at));
    match time::week(tx, person, week)? {
        Some(moved) if moved.state == WeekState::Approved => Err(approved(week)),
        _ => Ok(()),
    }
}

fn approved(week: Date) -> AppError {
    AppError::refused(Refusal::new(
        "time.approved",
        format!("La semaine du {week} est approuvée\u{a0}: rien ne s'y ajoute plus."),
        format!("The week of {week} is approved: nothing is added to it any more."),
    ))
}
