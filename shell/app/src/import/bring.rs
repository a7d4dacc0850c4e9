//! Bringing the lines of a file in, one after the other, and telling what became of each.

use base::Bilingual;
use events::{ContentId, Event, TicketImported};
use store::record::{Content, Stamp, record};

use super::opening::Opening;
use super::{ImportTickets, Source, Words, from, said, tickets};
use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::ticket::{IdempotencyKey, Origin};

/// Matters of the history written in one transaction.
const AT_ONCE: usize = 200;

/// A line that is dealt with.
pub(super) struct Done {
    pub line: u64,
    /// Its number in the other tool; empty for a person or an item.
    pub number: String,
    pub became: Became,
    /// The ticket it is here.
    pub ticket: Option<u64>,
    /// Why, when there is something to say.
    pub text: Option<Bilingual>,
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Became {
    /// A ticket opened, somebody was invited.
    Made,
    /// Kept to be read.
    Kept,
    /// It had come before.
    Known,
    Skipped,
}

/// Is told of lines as they are done, and says whether to go on.
pub(super) type Tell<'a> = &'a mut dyn FnMut(&[Done]) -> Result<bool>;

/// What came already, with the ticket that opened for it.
pub(super) type Known = Option<Option<u64>>;

impl App {
    /// Brings rows in; those that came before are told first, then the history, then what opens here. False
    /// when it was told to stop: what is done is done.
    pub(super) fn bring_tickets(
        &self,
        permit: &Permit,
        ask: &ImportTickets,
        agreement: &Agreement,
        rows: &[&tickets::Row],
        tell: Tell<'_>,
    ) -> Result<bool> {
        let opener = permit.by().permit(Act::OpenTicket, permit.customer())?;
        let known = self.known(permit, ask.source, rows)?;
        let (mut fresh, mut told) = (Vec::new(), Vec::new());
        for (row, known) in rows.iter().zip(known) {
            match known {
                Some(ticket) => told.push(done(row, Became::Known, ticket)),
                None => fresh.push(*row),
            }
        }
        if !told.is_empty() && !tell(&told)? {
            return Ok(false);
        }
        let (over, open): (Vec<&tickets::Row>, Vec<_>) =
            fresh.into_iter().partition(|row| row.over.is_some());
        for some in over.chunks(AT_ONCE) {
            let kept = self.keep_history(permit, ask.source, some)?;
            let became = |kept: bool| if kept { Became::Kept } else { Became::Known };
            let told: Vec<Done> =
                some.iter().zip(kept).map(|(row, kept)| done(row, became(kept), None)).collect();
            if !tell(&told)? {
                return Ok(false);
            }
        }
        let opening = Opening::new(self, &opener, agreement, ask)?;
        for row in open {
            let from = from(ask.source, row);
            // Its number makes it come once, in the transaction. A key of that number would keep a refusal,
            // and a line that was corrected since would never come.
            let key = IdempotencyKey::parse(&self.id(base::id::uuid_v7).to_string())?;
            let one = match self.open_from(&opener, &key, &opening.ticket(row), Origin::Import(from)) {
                Ok(opened) => {
                    Done { text: opening.reserve(row), ..done(row, Became::Made, Some(opened.number)) }
                }
                // Somebody else brings the same file in.
                Err(AppError::NotFound) => done(row, Became::Known, None),
                // Asked of the person, and not of the line.
                Err(error) if error.is_undertaking_owed() => return Err(error),
                Err(error) => Done { text: Some(said(error)?), ..done(row, Became::Skipped, None) },
            };
            if !tell(&[one])? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Which rows came already, in their order.
    pub(super) fn known(
        &self,
        permit: &Permit,
        source: Source,
        rows: &[&tickets::Row],
    ) -> Result<Vec<Known>> {
        let numbers: Vec<String> = rows.iter().map(|row| row.number.clone()).collect();
        self.vault(permit.customer())?.db.read::<_, AppError, _>(move |tx| {
            let mut known = Vec::with_capacity(numbers.len());
            for number in &numbers {
                let came = store::import::is_known(tx, source, number)?;
                known.push(if came { Some(store::import::ticket_of(tx, source, number)?) } else { None });
            }
            Ok(known)
        })
    }

    /// Writes matters that are over down, and tells which were new.
    fn keep_history(&self, permit: &Permit, source: Source, rows: &[&tickets::Row]) -> Result<Vec<bool>> {
        let (vault, at, by) = (self.vault(permit.customer())?, self.micros(), permit.by().account);
        let introduction = self.introduction(permit.by());
        let matter = |row: &tickets::Row| -> Result<(TicketImported, Content)> {
            let words = Content {
                name: "words",
                id: ContentId(self.id(base::id::uuid_v7)),
                salt: self.salt(),
                bytes: serde_json::to_vec(&Words::of(row)).map_err(AppError::fault)?,
            };
            let over = row.over.unwrap_or(row.opened).as_microsecond();
            let event = TicketImported { from: from(source, row), over, words: words.id, at, by };
            Ok((event, words))
        };
        let matters = rows.iter().map(|row| matter(row)).collect::<Result<Vec<_>>>()?;
        let stamp = Stamp { at, actor: by, contract: None };
        let kept = vault.db.write::<_, AppError, _>(move |tx| {
            introduction.ensure(tx, at)?;
            let mut kept = Vec::with_capacity(matters.len());
            for (event, words) in &matters {
                let new = !store::import::is_known(tx, event.from.source, &event.from.number)?;
                if new {
                    let event = Event::TicketImported(event.clone());
                    record(tx, &stamp, &event, std::slice::from_ref(words))?;
                }
                kept.push(new);
            }
            Ok(kept)
        })?;
        self.mark_dirty(permit.customer());
        Ok(kept)
    }
}

fn done(row: &tickets::Row, became: Became, ticket: Option<u64>) -> Done {
    Done { line: row.line, number: row.number.clone(), became, ticket, text: None }
}
