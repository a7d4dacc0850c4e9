//! Verification of one log: everything is derived again from the stored bytes, and the first wrong
//! entry is named.
//!
//! A sound log is read once, in constant memory: entries are hashed into a frontier whose root is
//! compared at each signed checkpoint, and the full tiles are cut again. At the first thing amiss the
//! rest is kept as summaries (about 120 bytes an entry) and aligned *by hash* with what was signed
//! before anything is named, because a reader that compares place by place calls a swap a deletion.
//!
//! What a signature pins: an entry rewritten with its leaf hash and its tiles makes the next root
//! differ, and the fault is then known to lie in the batch which that checkpoint closed, no closer.
//! What it does not: who holds the signing key can rewrite and sign everything, and only a checkpoint
//! kept elsewhere ([`Trust::anchors`]) tells.

mod align;
mod memory;
mod pledges;
mod report;
mod row;
mod truth;

use std::collections::BTreeMap;

use crate::checkpoint::Checkpoint;
use crate::note::VerifierKey;
use crate::tile;
use crate::tree::{Frontier, Hash};

pub use memory::MemoryLog;
pub use report::{Finding, Report};

use pledges::{Pledge, Pledges};
use row::Row;
use truth::{Refused, Why};

/// An entry as it is stored, columns beside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// The sequence number of the row, not the one inside the bytes.
    pub seq: u64,
    pub bytes: Vec<u8>,
    /// The leaf hash of the row; 32 bytes unless tampered with.
    pub leaf: Vec<u8>,
}

/// A signed checkpoint as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// Its rank in the log, from 0 and without a hole, so that a removed one shows.
    pub number: u64,
    /// The size beside the note.
    pub size: u64,
    pub note: String,
}

/// Where a log is read from: a database, an export, memory. Both sequences are read once.
pub trait Source {
    type Error;

    /// The next entry in the order of the stored `seq`; `None` at the end.
    fn next_entry(&mut self) -> Result<Option<StoredEntry>, Self::Error>;

    /// The next checkpoint in the order of `number`; `None` at the end.
    fn next_checkpoint(&mut self) -> Result<Option<StoredCheckpoint>, Self::Error>;

    /// The stored bytes of a full tile; `None` when there is none.
    fn tile(&mut self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Self::Error>;
}

/// What the reader holds true before reading.
#[derive(Clone, Debug)]
pub struct Trust {
    /// The log's origin, as its checkpoints state it.
    pub origin: String,
    /// The keys of the log.
    pub keys: Vec<VerifierKey>,
    /// Checkpoints kept elsewhere: a witness's, one printed on an invoice. They show a log cut short or
    /// signed again.
    pub anchors: Vec<Checkpoint>,
}

impl Trust {
    /// The log `origin` and its key, nothing kept elsewhere.
    pub fn in_key(origin: &str, key: VerifierKey) -> Self {
        Trust { origin: origin.to_owned(), keys: vec![key], anchors: Vec::new() }
    }
}

/// Verifies a whole log. `Err` only when the source cannot be read.
pub fn verify<S: Source>(source: &mut S, trust: &Trust) -> Result<Report, S::Error> {
    let mut pledges = Pledges::new(trust);
    let mut walk = Walk::new(trust);
    let mut reached = true;
    let mut due = Vec::new();
    while reached && let Some(pledge) = pledges.next(source)? {
        reached = walk.reach(source, &pledge)?;
        if !reached {
            due.push(pledge);
        }
    }
    if reached {
        reached = !walk.read(source)?;
    }
    if !reached {
        while let Some(pledge) = pledges.next(source)? {
            due.push(pledge);
        }
        while walk.read(source)? {}
        walk.investigate(source, &due)?;
    }
    let mut report = walk.report;
    report.checkpoints = pledges.read;
    report.findings.append(&mut pledges.findings);
    report.findings.sort_by_key(|finding| (finding.seq().is_none(), finding.seq()));
    Ok(report)
}

/// The reading of one log so far.
struct Walk {
    report: Report,
    /// The tree up to the last checkpoint that held.
    proven: Frontier,
    tiles: tile::Builder,
    /// Rows read since.
    rows: Vec<Row>,
    last_t: i64,
}

impl Walk {
    fn new(trust: &Trust) -> Self {
        Walk {
            report: Report::new(&trust.origin),
            proven: Frontier::new(),
            tiles: tile::Builder::new(),
            rows: Vec::new(),
            last_t: i64::MIN,
        }
    }

    /// Reads one more row; `false` at the end.
    fn read<S: Source>(&mut self, source: &mut S) -> Result<bool, S::Error> {
        let Some(entry) = source.next_entry()? else { return Ok(false) };
        self.report.entries += 1;
        self.rows.push(Row::new(&entry));
        Ok(true)
    }

    /// Reads up to `pledge`; `false` as soon as something is amiss.
    fn reach<S: Source>(&mut self, source: &mut S, pledge: &Pledge) -> Result<bool, S::Error> {
        let mut frontier = self.proven.clone();
        while frontier.size() < pledge.size {
            if !self.read(source)? {
                return Ok(false);
            }
            let row = self.rows.last().expect("a row was just read");
            if !row.stands_at(frontier.size()) {
                return Ok(false);
            }
            frontier.push(row.hash);
        }
        if frontier.root() != pledge.root {
            return Ok(false);
        }
        for row in std::mem::take(&mut self.rows) {
            self.report.note_intact(&row, row.seq, &mut self.last_t);
            self.settle_leaf(source, row.hash)?;
        }
        self.prove(frontier);
        Ok(true)
    }

    fn prove(&mut self, frontier: Frontier) {
        self.report.proven = frontier.size();
        self.report.root = frontier.root();
        self.proven = frontier;
    }

    /// Adds a proven leaf to the tiles and compares those it completes with the stored ones.
    fn settle_leaf<S: Source>(&mut self, source: &mut S, leaf: Hash) -> Result<(), S::Error> {
        for full in self.tiles.push(leaf) {
            self.report.tiles += 1;
            let (level, index) = (full.level, full.index);
            match source.tile(level, index)? {
                Some(stored) if stored == full.bytes => {}
                Some(_) => self.report.findings.push(Finding::TileWrong { level, index }),
                None => self.report.findings.push(Finding::TileMissing { level, index }),
            }
        }
        Ok(())
    }

    /// Names what is wrong from the last proven checkpoint on.
    fn investigate<S: Source>(&mut self, source: &mut S, due: &[Pledge]) -> Result<(), S::Error> {
        let start = self.proven.size();
        let earlier = self.copies_of_proven(source)?;
        let truth = truth::establish(source, &self.rows, due, self.proven.clone())?;
        let proven = usize::try_from(truth.proven.size() - start).expect("the slots are in memory");
        for leaf in truth.slots.iter().take(proven).flatten() {
            self.settle_leaf(source, *leaf)?;
        }
        let found = align::name(&self.rows, start, &truth, earlier, self.last_t);
        if let Some(Refused { from, size, why }) = truth.refused {
            let within = |finding: &Finding| finding.seq().is_some_and(|seq| (from..size).contains(&seq));
            // A deletion explains a root that nobody can derive any more; a changed byte does not, since
            // its leaf hash would have given the root.
            if why == Why::Impossible || !found.iter().any(within) {
                self.report.findings.push(Finding::CheckpointDisagrees { size, from });
            }
        }
        self.report.findings.extend(found);
        self.prove(truth.proven);
        Ok(())
    }

    /// The rows at hand that repeat an entry already proven, by hash.
    fn copies_of_proven<S: Source>(&self, source: &mut S) -> Result<BTreeMap<Hash, u64>, S::Error> {
        let (mut copies, mut tiles, end) = (BTreeMap::new(), truth::Tiles::default(), self.proven.size());
        for row in &self.rows {
            let Some(claim) = row.claim().filter(|claim| *claim < end) else { continue };
            let leaf = match self.tiles.unfinished_leaf(claim) {
                Some(leaf) => Some(leaf),
                None => tiles.leaf(source, claim, end)?,
            };
            if leaf == Some(row.hash) {
                copies.insert(row.hash, claim);
            }
        }
        Ok(copies)
    }
}
