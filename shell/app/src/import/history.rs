//! The history that was brought in, as it is read.

use std::collections::BTreeSet;

use jiff::Timestamp;
use store::ticket::Scope;
use store::{Tx, content, import, search};

use super::value::plain;
use super::{Source, Words};
use crate::access::{Act, Permit};
use crate::error::{AppError, Result};
use crate::instance::App;

/// Where a page of the history begins: the instant the last one shown was declared, in microseconds, and its
/// entry.
pub type Place = (i64, u64);

/// A matter of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    pub source: Source,
    /// Its number in the other tool.
    pub number: String,
    pub declared: Timestamp,
    pub over: Timestamp,
    /// `None` once they are erased.
    pub words: Option<Words>,
    /// Its entry in the journal: what an erasure names.
    pub entry: u64,
    /// When it was brought in, and by whom.
    pub at: Timestamp,
    pub by: String,
}

impl App {
    /// The history that was brought in, the last declared first, and where the next page begins.
    ///
    /// What another tool held is of no contract and about no item that this one knows: whoever sees some of
    /// the customer's tickets only, sees none of it.
    pub fn history(
        &self,
        permit: &Permit,
        before: Option<Place>,
        limit: u32,
    ) -> Result<(Vec<HistoryLine>, Option<Place>)> {
        if !self.reads_history(permit)? {
            return Ok((Vec::new(), None));
        }
        self.vault(permit.customer())?.db.read::<_, AppError, _>(move |tx| {
            let mut rows = import::history(tx, before, limit.saturating_add(1))?;
            let more = rows.len() > limit as usize;
            rows.truncate(limit as usize);
            let next = rows.last().filter(|_| more).map(|last| (last.from.declared, last.place));
            let names = crate::ticket::names(tx)?;
            let line = |row| line(tx, &names, row);
            Ok((rows.into_iter().map(line).collect::<Result<_>>()?, next))
        })
    }

    /// The matters that have all the words of a query, the last brought in first, before an entry; and where
    /// the next page begins.
    pub fn find_history(
        &self,
        permit: &Permit,
        query: &str,
        before: Option<u64>,
        limit: u32,
    ) -> Result<(Vec<HistoryLine>, Option<u64>)> {
        if !self.reads_history(permit)? {
            return Ok((Vec::new(), None));
        }
        let query = query.to_owned();
        self.vault(permit.customer())?.db.read::<_, AppError, _>(move |tx| {
            let (entries, next) = search::find_history(tx, &query, before, limit)?;
            let names = crate::ticket::names(tx)?;
            let mut lines = Vec::with_capacity(entries.len());
            for entry in entries {
                if let Some(row) = import::history_at(tx, entry)? {
                    lines.push(line(tx, &names, row)?);
                }
            }
            Ok((lines, next))
        })
    }

    /// One matter, by its entry.
    pub fn history_matter(&self, permit: &Permit, entry: u64) -> Result<HistoryLine> {
        if !self.reads_history(permit)? {
            return Err(AppError::NotFound);
        }
        self.vault(permit.customer())?.db.read::<_, AppError, _>(move |tx| {
            let row = import::history_at(tx, entry)?.ok_or(AppError::NotFound)?;
            let names = crate::ticket::names(tx)?;
            line(tx, &names, row)
        })
    }

    /// Whether anything was brought in that the reader may read.
    pub fn has_history(&self, permit: &Permit) -> Result<bool> {
        if !self.reads_history(permit)? {
            return Ok(false);
        }
        self.vault(permit.customer())?
            .db
            .read::<_, AppError, _>(|tx| Ok(!import::history(tx, None, 1)?.is_empty()))
    }

    pub(crate) fn reads_history(&self, permit: &Permit) -> Result<bool> {
        self.on_tickets(permit, Act::SeeTickets)?;
        Ok(matches!(permit.scope(), Scope::All))
    }
}

/// The entries of the matters that were somebody's there, as requester or technician, by their name.
pub(crate) fn of_person(tx: &mut dyn Tx, name: &str) -> Result<Vec<u64>> {
    const PAGE: u32 = 500;
    let wanted = plain(name);
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let (entries, next) = search::find_history(tx, name, before, PAGE)?;
        for entry in entries {
            let Some(row) = import::history_at(tx, entry)? else { continue };
            let Some(bytes) = content::get(tx, row.words.0)? else { continue };
            let words: Words = serde_json::from_slice(&bytes).map_err(AppError::fault)?;
            if names(&words.requester, &wanted) || names(&words.assignee, &wanted) {
                found.push(entry);
            }
        }
        match next {
            Some(next) => before = Some(next),
            None => return Ok(found),
        }
    }
}

/// Whether one of the people of a cell has this name, whichever is said first: « Nadaud Paul, Roussel Inès ».
fn names(cell: &str, wanted: &str) -> bool {
    let wanted = words(wanted);
    !wanted.is_empty() && cell.split(',').any(|person| words(&plain(person)) == wanted)
}

/// Whether a name of the other tool cannot be told for one of two people.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    words(&plain(one)) == words(&plain(other))
}

fn words(text: &str) -> BTreeSet<String> {
    text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn line(
    tx: &mut dyn Tx,
    names: &std::collections::HashMap<base::id::AccountId, String>,
    row: import::Imported,
) -> Result<HistoryLine> {
    let instant = |micros: i64| Timestamp::from_microsecond(micros).map_err(AppError::fault);
    let words = content::get(tx, row.words.0)?;
    Ok(HistoryLine {
        source: row.from.source,
        number: row.from.number,
        declared: instant(row.from.declared)?,
        over: instant(row.over)?,
        words: words.map(|bytes| serde_json::from_slice(&bytes)).transpose().map_err(AppError::fault)?,
        entry: row.place,
        at: instant(row.at)?,
        by: names.get(&row.by).cloned().unwrap_or_default(),
    })
}
