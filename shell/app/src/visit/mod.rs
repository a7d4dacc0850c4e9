//! Visits on site: a report on a ticket of who came when, what was done and with which parts, signed for the
//! customer by whoever was met.
//!
//! The time of a visit is entered as any other: the contract's rates say what the hours and the travel are
//! worth. A signature is given for the hash of the report that was read; a signed report changes no more.

mod drawing;
mod sign;
mod time;

use base::Bilingual;
use base::id::{AccountId, VisitId};
use data_encoding::HEXLOWER;
use events::{ContentId, Event, VisitReported, VisitSigning};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::record::{Content, Stamp, record};
use store::visit::{self, Visit};
use store::{Tx, content, idempotency, ticket};
use terms::rates::RateHours;

pub use drawing::Drawing;
pub use sign::{SignVisit, SignedVisit};

use crate::access::{Act, Permit};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::news::What;
use crate::ticket::IdempotencyKey;
use crate::time::{Entered, LONGEST};

/// Characters of what was done, and of what remains to be done.
const LONGEST_TEXT: u32 = 10_000;
/// Characters of a name, and of what a part is called.
const LONGEST_NAME: usize = 200;
/// Kinds of parts of a visit, and visits of a ticket.
const MOST_PARTS: usize = 50;
const MOST: u32 = 100;

/// What a visit was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TellVisit {
    pub arrived: Timestamp,
    pub left: Timestamp,
    /// Minutes of travel, there and back.
    #[serde(default)]
    pub travel: u32,
    /// What was done.
    pub work: String,
    #[serde(default)]
    pub parts: Vec<Part>,
    /// What remains to be done.
    #[serde(default)]
    pub remains: Option<String>,
    /// Who was met.
    #[serde(default)]
    pub met: Option<String>,
    /// Enters the time of the visit and of the travel too, at the hours that the contract says.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub counted: bool,
    /// The same, at these hours of the contract's rates, where it leaves them to be said.
    #[serde(default)]
    pub hours: Option<RateHours>,
    /// A profile of the contract's rates, for that time.
    #[serde(default)]
    pub profile: Option<String>,
}

impl TellVisit {
    fn is_counted(&self) -> bool {
        self.counted || self.hours.is_some()
    }
}

/// A part that was fitted or left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub name: String,
    pub quantity: u32,
    /// A serial number, a reference of the maker's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// A visit just reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    pub visit: VisitId,
    /// What a signature is asked for.
    pub hash: String,
    pub entry: u64,
    /// The time entered with it.
    #[serde(default)]
    pub time: Vec<Entered>,
    /// Why its time was not entered, or that of the travel when `time` is not empty, though it was asked:
    /// the report stands all the same.
    #[serde(default)]
    pub uncounted: Option<Bilingual>,
}

/// The report as it is kept, hashed, read and printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub ticket: u64,
    /// Who was there.
    pub person: String,
    pub arrived: Timestamp,
    pub left: Timestamp,
    pub travel: u32,
    pub work: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remains: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met: Option<String>,
    /// 128 random bits, so that nobody finds out from the hash alone what was erased.
    pub word: String,
}

/// A visit as a ticket's page and a print show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitLine {
    pub visit: VisitId,
    pub arrived: Timestamp,
    pub left: Timestamp,
    /// Who was there.
    pub by: AccountId,
    pub person: String,
    /// `None` once erased.
    pub report: Option<Report>,
    pub hash: String,
    /// The entry of its last report.
    pub entry: u64,
    pub signature: Option<Signature>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub at: Timestamp,
    pub how: VisitSigning,
    /// `None` once erased.
    pub name: Option<String>,
    pub reserve: Option<String>,
    /// As it was drawn, where it was.
    pub drawing: Option<Drawing>,
}

impl App {
    /// Reports a visit on a ticket; with the id of one's own that is not signed yet, reports it again.
    ///
    /// Refused, code `visit.signed`, once it is signed, and `visit.not_author` for another's; an invalid field `hours` for who enters no time.
    pub fn report_visit(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: u64,
        again: Option<VisitId>,
        ask: &TellVisit,
    ) -> Result<Reported> {
        self.on_tickets(permit, Act::WorkOnTicket)?;
        check(ask, self.now(), again)?;
        // Known before anything is written: nobody reports twice for a time that they may not enter.
        let enter = if ask.is_counted() { Some(time::may(permit)?) } else { None };
        let (vault, at, by) = (self.vault(permit.customer())?, self.micros(), permit.by().account);
        let (report, hash) = self.report(permit, number, ask)?;
        let (fresh, introduction) = (self.id(VisitId::new), self.introduction(permit.by()));
        let request = serde_json::to_vec(&(number, again, ask)).map_err(AppError::fault)?;
        let request: [u8; 32] = Sha256::digest(request).into();
        let (stored_key, scope) = (key.of(by, "visit.report"), permit.scope().clone());
        let (arrived, left) = (ask.arrived.as_microsecond(), ask.left.as_microsecond());
        let bytes = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                let ticket = ticket::by_number(tx, &scope, number)?.ok_or(AppError::NotFound)?;
                match again {
                    Some(visit) => own(&unsigned(tx, visit, ticket.id)?, by)?,
                    None => room(tx, ticket.id)?,
                }
                introduction.ensure(tx, at)?;
                let visit = again.unwrap_or(fresh);
                let event = VisitReported {
                    visit,
                    ticket: ticket.id,
                    contract: ticket.contract,
                    arrived,
                    left,
                    report: report.id,
                    hash: hash.clone(),
                    at,
                    by,
                };
                let stamp = Stamp { at, actor: by, contract: Some(ticket.version.clone()) };
                let event = Event::VisitReported(event);
                let entry = record(tx, &stamp, &event, std::slice::from_ref(&report))?;
                let (hash, time, uncounted) = (hash.clone(), Vec::new(), None);
                let done = Reported { visit, hash, entry, time, uncounted };
                serde_json::to_vec(&done).map_err(AppError::fault)
            })
        })?;
        self.mark_dirty(permit.customer());
        self.tell_news(&vault, Some(number), What::Ticket);
        let mut done: Reported = serde_json::from_slice(&bytes).map_err(AppError::fault)?;
        if let Some(enter) = enter {
            self.count(&enter, key, number, ask, &mut done)?;
        }
        Ok(done)
    }

    /// The visits of a ticket, in the order in which they were reported.
    pub fn visits(&self, permit: &Permit, number: u64) -> Result<Vec<VisitLine>> {
        self.on_tickets(permit, Act::SeeTickets)?;
        let (vault, scope) = (self.vault(permit.customer())?, permit.scope());
        vault.db.read::<_, AppError, _>(move |tx| {
            let ticket = ticket::by_number(tx, scope, number)?.ok_or(AppError::NotFound)?;
            let names = crate::ticket::names(tx)?;
            let found = visit::of_ticket(tx, ticket.id, MOST)?;
            let line = |visit: Visit| {
                let person = names.get(&visit.told.by).cloned().unwrap_or_default();
                line(tx, visit, person)
            };
            found.into_iter().map(line).collect()
        })
    }

    fn report(&self, permit: &Permit, number: u64, ask: &TellVisit) -> Result<(Content, String)> {
        let filled = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let report = Report {
            ticket: number,
            person: permit.by().name.clone(),
            arrived: ask.arrived,
            left: ask.left,
            travel: ask.travel,
            work: ask.work.trim().to_owned(),
            parts: ask.parts.clone(),
            remains: filled(&ask.remains),
            met: filled(&ask.met),
            word: HEXLOWER.encode(&self.salt()[..16]),
        };
        let bytes = serde_json::to_vec(&report).map_err(AppError::fault)?;
        let hash = HEXLOWER.encode(&Sha256::digest(&bytes));
        let id = ContentId(self.id(base::id::uuid_v7));
        Ok((Content { name: "report", id, salt: self.salt(), bytes }, hash))
    }
}

fn check(ask: &TellVisit, now: Timestamp, again: Option<VisitId>) -> Result<()> {
    if ask.left <= ask.arrived || ask.left > now || time::minutes(ask) > LONGEST {
        return Err(AppError::invalid(
            "left",
            "un départ après l’arrivée, passé, et dans les 24\u{a0}heures",
            "a departure after the arrival, past, and within 24 hours",
        ));
    }
    if ask.travel > LONGEST {
        return Err(AppError::invalid("travel", "une journée au plus", "a day at most"));
    }
    let longest = LONGEST_TEXT as usize;
    let work = ask.work.trim().chars().count();
    if work == 0 || work > longest {
        return Err(AppError::invalid(
            "work",
            "ce qui a été fait, en 10\u{202f}000\u{a0}caractères au plus",
            "what was done, in 10,000 characters at most",
        ));
    }
    if ask.remains.as_deref().is_some_and(|text| text.chars().count() > longest) {
        return Err(AppError::invalid(
            "remains",
            "10\u{202f}000\u{a0}caractères au plus",
            "10,000 characters at most",
        ));
    }
    if ask.met.as_deref().is_some_and(|name| !is_line(name, 0)) {
        return Err(AppError::invalid("met", "un nom d’une ligne", "a name of one line"));
    }
    let fits = |part: &Part| {
        let reference = part.reference.as_deref().is_none_or(|reference| is_line(reference, 0));
        is_line(&part.name, 1) && (1..=10_000).contains(&part.quantity) && reference
    };
    if ask.parts.len() > MOST_PARTS || !ask.parts.iter().all(fits) {
        return Err(AppError::invalid(
            "parts",
            format!("{MOST_PARTS}\u{a0}pièces au plus, chacune avec un nom et une quantité"),
            format!("{MOST_PARTS} parts at most, each with a name and a quantity"),
        ));
    }
    if again.is_some() && ask.is_counted() {
        return Err(AppError::invalid(
            "hours",
            "le temps d’une visite déjà rapportée se corrige sur la feuille de temps",
            "the time of a visit already reported is corrected on the time sheet",
        ));
    }
    Ok(())
}

fn is_line(text: &str, least: usize) -> bool {
    let count = text.trim().chars().count();
    (least..=LONGEST_NAME).contains(&count) && !text.contains(char::is_control)
}

/// A visit of a ticket that nobody signed yet.
fn unsigned(tx: &mut dyn Tx, visit: VisitId, ticket: base::id::TicketId) -> Result<Visit> {
    let found = visit::by_id(tx, visit)?.filter(|v| v.told.ticket == ticket).ok_or(AppError::NotFound)?;
    if found.signed.is_some() {
        return Err(AppError::refused(Refusal::new(
            "visit.signed",
            "Ce compte rendu est signé\u{a0}: il ne change plus.",
            "This report is signed: it changes no more.",
        )));
    }
    Ok(found)
}

/// Nobody says in another's name what that person did there.
fn own(visit: &Visit, by: AccountId) -> Result<()> {
    if visit.told.by == by {
        return Ok(());
    }
    Err(AppError::refused(Refusal::new(
        "visit.not_author",
        "Seule la personne qui a rendu compte de cette visite corrige son compte rendu.",
        "Only the person who reported this visit corrects the report.",
    )))
}

fn room(tx: &mut dyn Tx, ticket: base::id::TicketId) -> Result<()> {
    if visit::of_ticket(tx, ticket, MOST)?.len() < MOST as usize {
        return Ok(());
    }
    Err(AppError::refused(Refusal::new(
        "visit.too_many",
        format!("Un ticket porte {MOST}\u{a0}comptes rendus au plus."),
        format!("A ticket holds {MOST} reports at most."),
    )))
}

fn line(tx: &mut dyn Tx, visit: Visit, person: String) -> Result<VisitLine> {
    let instant = |micros: i64| Timestamp::from_microsecond(micros).map_err(AppError::fault);
    let report = content::get(tx, visit.told.report.0)?;
    let report = report.map(|bytes| serde_json::from_slice(&bytes)).transpose().map_err(AppError::fault)?;
    let signature = match &visit.signed {
        None => None,
        Some(signed) => {
            let mut text = |id: ContentId| -> Result<Option<String>> {
                Ok(content::get(tx, id.0)?.map(|bytes| crate::desk::text(Some(bytes))))
            };
            let reserve = match signed.reserve {
                Some(id) => text(id)?,
                None => None,
            };
            let name = text(signed.name)?;
            let drawing = match signed.drawing {
                Some(id) => content::get(tx, id.0)?,
                None => None,
            };
            let drawing = drawing.map(|bytes| serde_json::from_slice(&bytes)).transpose();
            let drawing = drawing.map_err(AppError::fault)?;
            Some(Signature { at: instant(signed.at)?, how: signed.how, name, reserve, drawing })
        }
    };
    Ok(VisitLine {
        visit: visit.told.visit,
        arrived: instant(visit.told.arrived)?,
        left: instant(visit.told.left)?,
        by: visit.told.by,
        person,
        report,
        hash: visit.told.hash,
        entry: visit.seq,
        signature,
    })
}
