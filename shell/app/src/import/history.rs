//! The history that was brought in, as it is read.

use jiff::Timestamp;
use store::ticket::Scope;
use store::{Tx, content, import};

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
        self.on_tickets(permit, Act::SeeTickets)?;
        if !matches!(permit.scope(), Scope::All) {
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
