//! What waits for the customer's answer, told again five days before silence decides, then on the eve: to
//! those who may answer.
//!
//! As for the last days of a contract, a letter finds what it tells again as it leaves: what was answered
//! meanwhile is told no more.

use std::sync::Arc;

use base::id::{AccountId, CustomerId};
use jiff::{Timestamp, ToSpan};
use store::instance::mail::Message;
use store::ticket::{self, Scope};

use super::daily::{ToTell, cause_of};
use super::letter::Block;
use super::say::{Reader, hello, letter};
use super::{Letter, MailSettings};
use crate::access::{Act, Role};
use crate::agreements::Agreements;
use crate::error::Result;
use crate::instance::App;
use crate::ticket::awaited::{Awaited, awaited, awaited_of};
use crate::vault::VaultHandle;

/// Days before the last one at which it is told.
const AHEAD: [i32; 2] = [5, 1];

impl App {
    /// What silence will decide within five days, then within a day, and those who may answer.
    pub(super) fn silences_to_tell(&self, vault: &Arc<VaultHandle>) -> Result<Vec<ToTell>> {
        let mut all = Vec::new();
        for (one, cause) in self.soon_decided(vault)? {
            let people = self.who_answers(vault, &one)?.into_iter();
            all.extend(people.map(|person| ToTell { person, number: one.number, cause }));
        }
        Ok(all)
    }

    /// What is near enough to be told, with what tells one letter from another.
    fn soon_decided(&self, vault: &Arc<VaultHandle>) -> Result<Vec<(Awaited, i64)>> {
        let (now, agreements, handle) = (self.now(), vault.agreements()?, vault.clone());
        vault.db.read(move |tx| {
            let all = awaited(tx, (&*handle, &*agreements), &Scope::All, &|_| true, now)?;
            near(&agreements, all, now)
        })
    }

    /// The same, of one ticket.
    fn soon_decided_of(&self, vault: &Arc<VaultHandle>, number: u64) -> Result<Vec<(Awaited, i64)>> {
        let (now, agreements, handle) = (self.now(), vault.agreements()?, vault.clone());
        vault.db.read(move |tx| {
            let Some(row) = ticket::by_number(tx, &Scope::All, number)? else { return Ok(Vec::new()) };
            near(&agreements, awaited_of(tx, (&*handle, &*agreements), &row, now)?, now)
        })
    }

    /// Those who may answer for the customer, and may see the ticket.
    fn who_answers(&self, vault: &VaultHandle, one: &Awaited) -> Result<Vec<AccountId>> {
        let mut found = Vec::new();
        for id in self.any_of(&[Role::CustomerDirector, Role::CustomerManager], vault.id)? {
            let Some(person) = self.correspondent(id)? else { continue };
            let sees = person.permit(Act::SeeTickets, vault.id).is_ok_and(|p| p.scope().lets(&one.ticket));
            if sees && one.is_for(&person, vault.id) {
                found.push(id);
            }
        }
        Ok(found)
    }

    /// `None` when it was answered meanwhile, or its reader may not answer any more.
    pub(super) fn say_waiting(
        &self,
        settings: &MailSettings,
        reader: &Reader,
        message: &Message,
        (customer, number): (CustomerId, u64),
    ) -> Result<Option<Letter>> {
        let vault = self.vault(customer)?;
        let mut found = self.soon_decided_of(&vault, number)?.into_iter();
        let found = found.find(|(_, cause)| *cause == message.new.cause);
        let Some((one, _)) = found else { return Ok(None) };
        if !self.who_answers(&vault, &one)?.contains(&reader.person.account) {
            return Ok(None);
        }
        let at = reader.wished.lang;
        let agreements = vault.agreements()?;
        let zone = agreements.by_id(one.contract)?.zone().clone();
        let title = &one.title;
        let by = one.until.map_or_else(String::new, |until| when(at, until, &zone));
        let name = one.asks.name();
        let subject = at.t(
            format!("Votre réponse est attendue avant {by}\u{a0}: {}, ticket n°\u{a0}{number}", name.get(at)),
            format!("Your answer is awaited before {by}: {}, ticket {number}", name.get(at)),
        );
        let silence = one.silence.get(at);
        let mut blocks = vec![
            hello(at, &reader.person.name),
            Block::Paragraph(at.t(
                format!("Le ticket n°\u{a0}{number} «\u{a0}{title}\u{a0}» attend votre réponse avant {by}\u{a0}: {silence}."),
                format!("Ticket {number} “{title}” awaits your answer before {by}: {silence}."),
            )),
        ];
        blocks.extend(one.reasons.iter().map(|reason| Block::Paragraph(reason.show(at))));
        blocks.push(Block::Link {
            label: at.t("Répondre sur la page du ticket", "Answer on the ticket's page").to_owned(),
            url: format!("{}/c/{}/tickets/{number}", settings.site, vault.slug),
        });
        blocks.push(Block::Paragraph(at.t(
            "Une réponse à cette lettre ne parviendrait pas au ticket.".to_owned(),
            "An answer to this letter would not reach the ticket.".to_owned(),
        )));
        blocks.push(Block::Signature(settings.from.name.clone()));
        Ok(Some(letter(settings, reader, vec![message.new.id], subject, &blocks)))
    }
}

/// After « avant »: the end of the day where the instant is a midnight.
fn when(lang: base::Lang, until: Timestamp, zone: &jiff::tz::TimeZone) -> String {
    let local = until.to_zoned(zone.clone());
    if local.time() == jiff::civil::Time::midnight() {
        let last = base::lang::date(lang, local.date().yesterday().unwrap_or(local.date()));
        return lang.t(format!("la fin du {last}"), format!("the end of {last}"));
    }
    lang.t(format!("le {}", base::lang::date_time(lang, &local)), base::lang::date_time(lang, &local))
}

/// Of what waits, what silence decides soon enough to be told.
fn near(agreements: &Agreements, all: Vec<Awaited>, now: Timestamp) -> Result<Vec<(Awaited, i64)>> {
    let mut near = Vec::new();
    for one in all {
        let agreement = agreements.by_id(one.contract)?;
        let today = agreement.local_date(now);
        let Some(last) = one.last_day(agreement.zone()) else { continue };
        let within = |days: &&i32| last <= today.saturating_add((**days).days());
        let Some(days) = AHEAD.iter().rev().find(within) else { continue };
        let cause = cause(&one, *days);
        near.push((one, cause));
    }
    Ok(near)
}

/// What tells a letter from another: the ticket, what is asked, until when, and how long ahead.
fn cause(one: &Awaited, days: i32) -> i64 {
    let until = one.until.map_or(0, Timestamp::as_microsecond);
    cause_of(&format!("{} {:?} {until} {days}", one.number, one.asks))
}
