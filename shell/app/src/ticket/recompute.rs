//! Every clock worked out again from the contract and the ticket's life, and held against what is kept.
//!
//! The verification of a journal takes the due instants that entries carry as they were written. This asks
//! the engine again, so a clock that the texts of today would count otherwise is named.

use std::num::NonZero;

use base::id::CustomerId;
use engines::calendar::ClockCache;
use events::ClockMark;
use jiff::Timestamp;
use store::Tx;
use store::ticket::{self, Ticket};

use super::clockwork;
use crate::agreements::Agreements;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::vault::VaultHandle;

/// Tickets read at once.
const BATCH: u32 = 500;
/// What a report names; the rest is counted.
const NAMED: usize = 100;

/// What working out the clocks of one customer gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recomputed {
    pub customer: String,
    pub tickets: u64,
    /// Clocks worked out, those that stopped included.
    pub clocks: u64,
    /// Those that run, past their due instant.
    pub late: u64,
    /// Tickets whose clocks are not those kept.
    pub different: u64,
    /// The first of them, by number; a hundred at most.
    pub differing: Vec<Differing>,
}

/// A ticket whose clocks are not those kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differing {
    pub number: u64,
    pub kept: Vec<ClockMark>,
    pub worked_out: Vec<ClockMark>,
}

impl App {
    /// Works out the clocks of one customer, or of all, as of now: those of open tickets, or of `every`
    /// ticket. Nothing is written. Whoever holds the data folder may ask, as for the verification of the
    /// journal.
    pub fn recompute_clocks(&self, only: Option<&str>, every: bool) -> Result<Vec<Recomputed>> {
        let wanted = only.map(|name| self.find_customer(name)).transpose()?;
        let rows = self.customers()?.into_iter().filter(|row| wanted.is_none_or(|id| id.0 == row.id));
        rows.map(|row| work_out(&*self.vault(CustomerId(row.id))?, self.now(), !every)).collect()
    }
}

/// The numbers are shared out between as many threads as the machine has cores.
fn work_out(vault: &VaultHandle, at: Timestamp, only_open: bool) -> Result<Recomputed> {
    let agreements = vault.agreements()?;
    let end = vault.db.read(ticket::next_number)?;
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get) as u64;
    let share = end.div_ceil(threads).max(1);
    let parts = std::thread::scope(|scope| {
        let part = |n: u64| {
            let asked = Asked { agreements: &agreements, at, only_open };
            let (from, to) = (n * share, ((n + 1) * share).min(end));
            std::thread::Builder::new()
                .name("clocks".to_owned())
                .spawn_scoped(scope, move || vault.db.read(|tx| asked.between(tx, from, to)))
                .map_err(AppError::fault)
        };
        let spawned = (0..threads).map(part).collect::<Result<Vec<_>>>()?;
        spawned
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect::<Result<Vec<Recomputed>>>()
    })?;
    let mut all = Recomputed { customer: vault.slug.clone(), ..Recomputed::default() };
    for part in parts {
        all.tickets += part.tickets;
        all.clocks += part.clocks;
        all.late += part.late;
        all.different += part.different;
        all.differing.extend(part.differing);
    }
    all.differing.truncate(NAMED);
    Ok(all)
}

struct Asked<'a> {
    agreements: &'a Agreements,
    at: Timestamp,
    only_open: bool,
}

impl Asked<'_> {
    fn between(&self, tx: &mut dyn Tx, mut from: u64, to: u64) -> Result<Recomputed> {
        let (mut done, mut cache) = (Recomputed::default(), ClockCache::new());
        loop {
            let batch = ticket::numbered(tx, from, to, self.only_open, BATCH)?;
            let Some(last) = batch.last() else { return Ok(done) };
            from = last.number + 1;
            for ticket in &batch {
                self.one(tx, &mut cache, ticket, &mut done)?;
            }
        }
    }

    fn one(
        &self,
        tx: &mut dyn Tx,
        cache: &mut ClockCache,
        ticket: &Ticket,
        done: &mut Recomputed,
    ) -> Result<()> {
        let kept = ticket::clocks(tx, ticket.id)?;
        // The clocks of a ticket closed for another are the other's.
        let worked_out = if ticket.merged_into.is_some() {
            Vec::new()
        } else {
            let timeline = clockwork::timeline(ticket, &ticket::steps(tx, ticket.id)?)?;
            let agreement = self.agreements.by_id(ticket.contract)?;
            let mut marks = clockwork::marks_with(cache, agreement, &ticket.version, &timeline, self.at)?;
            marks.sort_by_key(|mark| (mark.promise.key(), mark.round));
            marks
        };
        let now = self.at.as_microsecond();
        let late = |m: &&ClockMark| m.stopped.is_none() && m.due.is_some_and(|due| due < now);
        done.tickets += 1;
        done.clocks += worked_out.len() as u64;
        done.late += worked_out.iter().filter(late).count() as u64;
        if kept != worked_out {
            done.different += 1;
            if done.differing.len() < NAMED {
                done.differing.push(Differing { number: ticket.number, kept, worked_out });
            }
        }
        Ok(())
    }
}
