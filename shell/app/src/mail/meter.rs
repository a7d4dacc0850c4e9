//! A meter, or a book of work units, that came to the threshold of its clause: told once each time that it
//! comes there, to the customer's single contact and its deputy, and to the service manager.
//!
//! The transaction that takes what brings it there tells of it; [`super::amended`], of what an amendment brings
//! there. A letter says how the meter stands when it
//! leaves; one that was refilled meanwhile is told of no more.

use std::collections::BTreeSet;

use base::id::{AccountId, ContractId, CustomerId};
use base::{Reason, lang};
use engines::billing::BookOrder;
use engines::entitlement::{Form, work_units};
use events::{DeliveryTold, Event, Step};
use jiff::Timestamp;
use store::instance::mail::Message;
use store::{Tx, WriteTx, ticket};
use terms::PartyRole;

use super::aside::{Aside, event, tell_aside};
use super::letter::Block;
use super::say::{Reader, hello, letter};
use super::{Letter, MailSettings};
use crate::access::{Act, Principal, Role, Side};
use crate::agreements::{Agreement, Agreements};
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::vault::VaultHandle;

/// A meter that is low, as its letter says it.
struct Low {
    contract: String,
    label: String,
    reasons: Vec<Reason>,
    /// The last day of its period, where the meter will not be empty by then at this pace.
    outlasts: Option<jiff::civil::Date>,
    /// Of the pages of the customer, the one where it is followed.
    page: String,
}

impl Low {
    /// Those that one amendment brought there, in one letter; whether they last is not said of several.
    fn together(all: Vec<Low>) -> Option<Low> {
        all.into_iter().reduce(|mut first, next| {
            first.label = format!("{}, {}", first.label, next.label);
            first.reasons.extend(next.reasons);
            first.outlasts = None;
            first
        })
    }
}

/// The books of work units that are at their threshold on the day of an instant, by the label of their clause.
pub(crate) fn books_low(tx: &mut dyn Tx, agreement: &Agreement, at: Timestamp) -> Result<BTreeSet<String>> {
    let (on, terms) = (agreement.local_date(at), &agreement.in_force(at)?.terms);
    if terms.work_units.is_empty() {
        return Ok(BTreeSet::new());
    }
    let orders = crate::ticket::delivery::orders(tx, agreement, at.as_microsecond() + 1)?;
    let low = |label: &&str| {
        let orders = BookOrder::of(&orders, label);
        let book = work_units::book(&agreement.history, label, &orders, on);
        book.is_some_and(|book| book.value.book.alert)
    };
    Ok(terms.work_units.iter().map(|rule| rule.label()).filter(low).map(str::to_owned).collect())
}

/// Tells, in the transaction of an act on a delivery, of the books that it brought to their threshold.
pub(crate) fn tell_books(
    tx: &mut WriteTx<'_>,
    agreement: &Agreement,
    before: &BTreeSet<String>,
    (entry, by, now): (u64, AccountId, Timestamp),
) -> Result<()> {
    for label in books_low(tx, agreement, now)?.difference(before) {
        tell_aside(tx, Aside::Meter { contract: agreement.id }, entry, by)?;
        crate::webhook::tell_meter(tx, &agreement.number, label, entry, now.as_microsecond())?;
    }
    Ok(())
}

impl App {
    /// The customer's single contact and its deputy, or those who decide for it when neither may read the
    /// meters; and the service manager.
    pub(super) fn told_of_meter(
        &self,
        vault: &VaultHandle,
        contract: ContractId,
    ) -> Result<BTreeSet<AccountId>> {
        let agreements = vault.agreements()?;
        let agreement = agreements.by_id(contract)?;
        let Ok(version) = agreement.in_force(self.now()) else { return Ok(BTreeSet::new()) };
        let theirs = |person: &Principal| {
            person.permit(Act::SeeMeters, vault.id).is_ok_and(|p| p.role().side() == Side::Customer)
        };
        let mut found = self.spoken_to(&version.terms, vault.id, Some(PartyRole::Customer), &theirs)?;
        if found.is_empty() {
            found.extend(self.any_of(&[Role::CustomerManager, Role::CustomerDirector], vault.id)?);
        }
        found.extend(self.any_of(&[Role::ServiceManager], vault.id)?);
        Ok(found)
    }

    /// `None` when it was refilled meanwhile.
    pub(super) fn say_meter(
        &self,
        settings: &MailSettings,
        reader: &Reader,
        message: &Message,
        customer: CustomerId,
    ) -> Result<Option<Letter>> {
        let vault = self.vault(customer)?;
        let (agreements, now) = (vault.agreements()?, self.now());
        let entry = u64::try_from(message.new.cause).unwrap_or_default();
        let low = vault.db.read::<_, AppError, _>(move |tx| low(tx, &agreements, entry, now))?;
        let Some(Low { contract, label, reasons, outlasts, page }) = low else { return Ok(None) };
        let at = reader.wished.lang;
        let subject = at.t(
            format!("Contrat {contract}\u{a0}: seuil d'alerte atteint, {label}"),
            format!("Contract {contract}: alert threshold reached, {label}"),
        );
        let mut blocks = vec![hello(at, &reader.person.name), Block::Paragraph(format!("{subject}."))];
        blocks.extend(reasons.iter().map(|reason| Block::Paragraph(reason.show(at))));
        if let Some(last) = outlasts {
            let last = lang::date(at, last);
            blocks.push(Block::Paragraph(at.t(
                format!(
                    "Au rythme de la période, le compteur ne sera pas vide avant son dernier jour, le {last}."
                ),
                format!("At the period's rate, the meter will not be empty before its last day, {last}."),
            )));
        }
        blocks.push(Block::Link {
            label: at.t("Voir le compteur", "See the meter").to_owned(),
            url: format!("{}/c/{}/{page}", settings.site, vault.slug),
        });
        blocks.push(Block::Signature(settings.from.name.clone()));
        Ok(Some(letter(settings, reader, vec![message.new.id], subject, &blocks)))
    }
}

/// The meter that an entry brought to its threshold, if it is still there.
fn low(tx: &mut dyn Tx, agreements: &Agreements, entry: u64, now: Timestamp) -> Result<Option<Low>> {
    match event(tx, entry)? {
        Event::CallRecorded(call) => meter_low(tx, agreements.by_id(call.contract)?, call.meter, now),
        Event::ContractSigned(signed) => {
            let agreement = agreements.by_id(signed.contract)?;
            let mut all = Vec::new();
            for label in super::amended::brought(tx, agreement, &signed.version_hash)? {
                let meter = meter_low(tx, agreement, label.clone(), now)?;
                all.extend(match meter {
                    Some(meter) => Some(meter),
                    None => book_low(tx, agreement, label, now)?,
                });
            }
            Ok(Low::together(all))
        }
        Event::TicketStepped(stepped) => {
            let Some(ticket) = ticket::by_id(tx, stepped.ticket)? else { return Ok(None) };
            let agreement = agreements.by_id(ticket.contract)?;
            let ordered = ticket::steps(tx, ticket.id)?.into_iter().rev().find_map(|s| match s.step {
                Step::Delivery { told: DeliveryTold::Ordered { book, .. } } => Some(book),
                _ => None,
            });
            ordered.map_or(Ok(None), |label| book_low(tx, agreement, label, now))
        }
        _ => Ok(None),
    }
}

fn meter_low(tx: &mut dyn Tx, agreement: &Agreement, label: String, now: Timestamp) -> Result<Option<Low>> {
    let Some(ledger) = crate::call::ledger(tx, agreement, &label, now)? else { return Ok(None) };
    let state = ledger.value.state;
    let outlasts = state.forecast_empty_on.is_none() && state.form != Form::Unlimited;
    Ok(state.alert.then(|| Low {
        contract: agreement.number.clone(),
        label,
        reasons: ledger.reasons,
        outlasts: outlasts.then(|| state.period.last()),
        page: "meters".to_owned(),
    }))
}

fn book_low(tx: &mut dyn Tx, agreement: &Agreement, label: String, now: Timestamp) -> Result<Option<Low>> {
    let orders = crate::ticket::delivery::orders(tx, agreement, now.as_microsecond() + 1)?;
    let orders = BookOrder::of(&orders, &label);
    let book = work_units::book(&agreement.history, &label, &orders, agreement.local_date(now));
    let Some(book) = book.filter(|book| book.value.book.alert) else { return Ok(None) };
    Ok(Some(Low {
        contract: agreement.number.clone(),
        label,
        reasons: book.reasons,
        outlasts: None,
        page: format!("contracts/{}", agreement.number),
    }))
}
