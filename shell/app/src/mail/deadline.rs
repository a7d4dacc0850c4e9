//! The last days of a contract, and of the warranties of what it ordered, told ahead to the single contact of
//! each party and its deputy, and to nobody else.
//!
//! A letter holds no words until it leaves: what it tells is found again among the deadlines of that moment,
//! so that a notice given meanwhile has the letter dropped.

use std::collections::BTreeSet;
use std::sync::Arc;

use base::id::{AccountId, CustomerId};
use base::{Because, Bilingual, Reason, lang};
use engines::lifecycle::{Deadline, DeadlineKind};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use store::instance::mail::Message;

use super::aside::NO_TICKET;
use super::daily::{ToTell, cause_of};
use super::letter::Block;
use super::say::{Reader, hello, letter};
use super::{Letter, MailSettings};
use crate::access::{Act, Principal, Side};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::ticket::delivery::{self, WarrantyEnd};
use crate::vault::VaultHandle;

/// Days before a last day at which it is told: two months, then ten days.
const AHEAD: [i32; 2] = [60, 10];

/// A last day that comes, and what tells its letter from another.
struct Coming {
    agreement: Arc<Agreement>,
    day: LastDay,
    cause: i64,
}

/// A day that nobody should miss, as it is told.
struct LastDay {
    on: Date,
    title: Bilingual,
    reasons: Vec<Reason>,
    /// What tells it from another of the same contract.
    named: String,
}

impl LastDay {
    fn of_contract(deadline: Because<Deadline>) -> LastDay {
        let Because { value: Deadline { kind, on, title, .. }, reasons } = deadline;
        LastDay { on, title, reasons, named: format!("{kind:?}") }
    }

    /// By its number: who is told may read the contract, and perhaps not the ticket.
    fn of_warranty(end: WarrantyEnd, agreement: &Agreement) -> LastDay {
        let (on, number) = (end.last_day(agreement), end.ticket.number);
        let title = Bilingual::new(
            format!("fin de la garantie de la livraison n°\u{a0}{number}"),
            format!("end of the warranty of delivery number {number}"),
        );
        LastDay { on, title, reasons: end.reasons, named: format!("Warranty {number}") }
    }
}

impl App {
    /// The last days for notice, and the ends of contracts, that come within two months, then within ten
    /// days, and whom the contract names.
    pub(super) fn deadlines_to_tell(&self, vault: &VaultHandle) -> Result<Vec<ToTell>> {
        let mut all = Vec::new();
        for coming in self.coming(vault)? {
            let people = self.told_of_deadlines(vault, &coming.agreement)?.into_iter();
            all.extend(people.map(|person| ToTell { person, number: NO_TICKET, cause: coming.cause }));
        }
        Ok(all)
    }

    /// The last days of a vault's contracts that are near enough to be told.
    fn coming(&self, vault: &VaultHandle) -> Result<Vec<Coming>> {
        let now = self.now();
        let mut all = Vec::new();
        for agreement in &vault.agreements()?.contracts {
            if agreement.in_force(now).is_err() {
                continue;
            }
            let (shared, today) = (agreement.clone(), agreement.local_date(now));
            let (life, ends) = vault.db.read::<_, AppError, _>(move |tx| {
                let ends = delivery::ends(tx, &shared, (now, Timestamp::MAX), now)?;
                Ok((crate::life::read(tx, shared, now, None)?, ends))
            })?;
            let told = |d: &Because<Deadline>| {
                matches!(d.value.kind, DeadlineKind::Notice | DeadlineKind::PeriodEnd)
            };
            let of_contract = life.deadlines.into_iter().filter(told).map(LastDay::of_contract);
            let warranties = ends.into_iter().map(|end| LastDay::of_warranty(end, agreement));
            for day in of_contract.chain(warranties) {
                let near = |days: &&i32| day.on <= today.saturating_add((**days).days());
                if let Some(days) = AHEAD.iter().rev().find(near) {
                    let cause = cause(&agreement.number, &day, *days);
                    all.push(Coming { agreement: agreement.clone(), day, cause });
                }
            }
        }
        Ok(all)
    }

    /// The single contact of each party and its deputy, of those who may read the contract here.
    fn told_of_deadlines(&self, vault: &VaultHandle, agreement: &Agreement) -> Result<BTreeSet<AccountId>> {
        let reads = |person: &Principal| {
            let permit = person.permit(Act::SeeContract, vault.id);
            permit.is_ok_and(|permit| permit.role().side() != Side::ThirdParty)
        };
        self.spoken_to(&agreement.in_force(self.now())?.terms, vault.id, None, &reads)
    }

    /// The letter of a last day; `None` when nothing is due, or the contract speaks to another.
    pub(super) fn say_deadline(
        &self,
        settings: &MailSettings,
        reader: &Reader,
        message: &Message,
        customer: CustomerId,
    ) -> Result<Option<Letter>> {
        let vault = self.vault(customer)?;
        let coming = self.coming(&vault)?.into_iter().find(|c| c.cause == message.new.cause);
        let Some(Coming { agreement, day: told, .. }) = coming else { return Ok(None) };
        if !self.told_of_deadlines(&vault, &agreement)?.contains(&reader.person.account) {
            return Ok(None);
        }
        let (at, number) = (reader.wished.lang, &agreement.number);
        let (title, day) = (told.title.get(at), lang::date(at, told.on));
        let subject = at.t(
            format!("Contrat {number}\u{a0}: {title}, le {day}"),
            format!("Contract {number}: {title}, {day}"),
        );
        let mut blocks = vec![hello(at, &reader.person.name), Block::Paragraph(format!("{subject}."))];
        blocks.extend(told.reasons.iter().map(|reason| {
            let article =
                reason.cites.as_ref().map_or_else(String::new, |from| format!(" ({})", from.cite()));
            Block::Paragraph(format!("{}{article}", reason.text.get(at)))
        }));
        blocks.push(Block::Link {
            label: at.t("Voir le contrat", "See the contract").to_owned(),
            url: format!("{}/c/{}/contracts/{number}", settings.site, vault.slug),
        });
        blocks.push(Block::Paragraph(
            at.t(
                "Le contrat vous nomme pour recevoir ce qui le concerne.",
                "The contract names you to be told of what concerns it.",
            )
            .to_owned(),
        ));
        blocks.push(Block::Signature(settings.from.name.clone()));
        Ok(Some(letter(settings, reader, vec![message.new.id], subject, &blocks)))
    }
}

/// What tells a letter from another: the contract, which last day, and how long ahead.
fn cause(number: &str, LastDay { named, on, .. }: &LastDay, days: i32) -> i64 {
    cause_of(&format!("{number} {named} {on} {days}"))
}
