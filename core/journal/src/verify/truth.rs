//! Which leaf hash each place of a damaged log truly had, as far as signatures can tell.

use std::collections::BTreeMap;

use super::Source;
use super::pledges::Pledge;
use super::row::Row;
use crate::tile;
use crate::tree::{Frontier, Hash};

/// How many hashings one batch may cost while its candidates are tried.
const MAX_WORK: usize = 8_000_000;
/// How many combinations of candidates are tried in full.
const MAX_COMBINATIONS: usize = 4096;

pub(super) struct Truth {
    /// The leaf hash of each place from the last proven one to the last size signed; `None` when
    /// nothing stored says what it was. Beyond `proven` these are likely, not certain.
    pub slots: Vec<Option<Hash>>,
    /// The tree as far as a root could be met.
    pub proven: Frontier,
    /// The first batch `[from, size)` whose root could not be met.
    pub refused: Option<Refused>,
}

pub(super) struct Refused {
    pub from: u64,
    pub size: u64,
    pub why: Why,
}

/// Why a root could not be met.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// An entry is gone and nothing stored says its hash.
    Unknown,
    /// Too many combinations to try them all.
    Unsearched,
    /// No combination of what is stored gives it: an entry was rewritten with all that derives from it.
    Impossible,
}

/// Tries what is stored (bytes, leaf hashes, tiles) against each signed root in turn.
pub(super) fn establish<S: Source>(
    source: &mut S,
    rows: &[Row],
    pledges: &[Pledge],
    mut proven: Frontier,
) -> Result<Truth, S::Error> {
    let start = proven.size();
    let end = pledges.iter().map(|pledge| pledge.size).max().unwrap_or(start);
    let witnesses = Witnesses::new(rows);
    let (mut slots, mut refused, mut leaves) = (Vec::new(), None, Tiles::default());
    let mut from = start;
    for pledge in pledges {
        let mut batch = Vec::new();
        for seq in from..pledge.size.min(end) {
            let leaf = leaves.leaf(source, seq, end)?;
            batch.push(witnesses.candidates(seq, leaf));
        }
        let met = match refused {
            None => meet(&proven, &batch, pledge),
            Some(_) => Err(Why::Unknown),
        };
        match met {
            Ok((frontier, hashes)) => {
                proven = frontier;
                slots.extend(hashes.into_iter().map(Some));
            }
            Err(why) => {
                refused.get_or_insert(Refused { from, size: pledge.size, why });
                slots.extend(batch.iter().map(|candidates| likely(candidates)));
            }
        }
        from = pledge.size;
    }
    Ok(Truth { slots, proven, refused })
}

/// A hash that a place may have had, and how much speaks for it.
struct Candidate {
    weight: u32,
    hash: Hash,
}

/// The best candidate that something speaks for.
fn likely(candidates: &[Candidate]) -> Option<Hash> {
    candidates.first().filter(|candidate| candidate.weight > 0).map(|candidate| candidate.hash)
}

/// The stored leaf hashes of the lowest tiles, one tile at a time.
#[derive(Default)]
pub(super) struct Tiles {
    at: Option<u64>,
    bytes: Option<Vec<u8>>,
}

impl Tiles {
    /// The leaf hash at `seq` by its full tile, in a tree of `end` leaves.
    pub fn leaf<S: Source>(&mut self, source: &mut S, seq: u64, end: u64) -> Result<Option<Hash>, S::Error> {
        let index = seq / tile::WIDTH;
        if (index + 1) * tile::WIDTH > end {
            return Ok(None);
        }
        if self.at != Some(index) {
            self.bytes = source.tile(0, index)?;
            self.at = Some(index);
        }
        let hashes = self.bytes.as_deref().and_then(tile::full_hashes);
        Ok(hashes.map(|hashes| hashes[(seq % tile::WIDTH) as usize]))
    }
}

/// The rows by what they say of themselves.
struct Witnesses<'a> {
    claiming: BTreeMap<u64, Vec<&'a Row>>,
    placed: BTreeMap<u64, Vec<&'a Row>>,
}

impl<'a> Witnesses<'a> {
    fn new(rows: &'a [Row]) -> Self {
        let (mut claiming, mut placed) = (BTreeMap::new(), BTreeMap::new());
        for row in rows {
            placed.entry(row.seq).or_insert_with(Vec::new).push(row);
            if let Some(claim) = row.claim() {
                claiming.entry(claim).or_insert_with(Vec::new).push(row);
            }
        }
        Witnesses { claiming, placed }
    }

    /// The hashes that place `seq` may have had, most credible first: bytes that agree with their leaf
    /// hash and say `seq` weigh most, then the tile, then the leaf hash of the row found there. Nothing
    /// speaks for an intact row that says another place; it is tried against the root all the same.
    fn candidates(&self, seq: u64, tile: Option<Hash>) -> Vec<Candidate> {
        let mut votes: Vec<Candidate> = Vec::new();
        let mut vote = |weight: u32, hash: Hash| match votes.iter_mut().find(|vote| vote.hash == hash) {
            Some(vote) => vote.weight += weight,
            None => votes.push(Candidate { weight, hash }),
        };
        let claiming = self.claiming.get(&seq).into_iter().flatten();
        let placed = self.placed.get(&seq).into_iter().flatten();
        let at_home = |row: &Row| !row.intact() || row.claim().is_none_or(|claim| claim == seq);
        for row in placed.clone() {
            row.leaf.into_iter().for_each(|leaf| vote(if at_home(row) { 2 } else { 0 }, leaf));
        }
        tile.into_iter().for_each(|leaf| vote(3, leaf));
        for row in claiming {
            vote(if row.intact() { 4 } else { 1 }, row.hash);
        }
        for row in placed {
            vote(u32::from(at_home(row)), row.hash);
        }
        votes.sort_by_key(|vote| std::cmp::Reverse(vote.weight));
        votes
    }
}

/// A choice among the candidates of a batch that gives the signed root.
fn meet(proven: &Frontier, batch: &[Vec<Candidate>], pledge: &Pledge) -> Result<(Frontier, Vec<Hash>), Why> {
    let first: Option<Vec<Hash>> = batch.iter().map(|candidates| Some(candidates.first()?.hash)).collect();
    let mut chosen = first.ok_or(Why::Unknown)?;
    let attempt = |chosen: &[Hash]| {
        let mut frontier = proven.clone();
        chosen.iter().for_each(|hash| frontier.push(*hash));
        (frontier.size() == pledge.size && frontier.root() == pledge.root).then_some(frontier)
    };
    let doubtful: Vec<usize> = (0..batch.len()).filter(|slot| batch[*slot].len() > 1).collect();
    let budget = (MAX_WORK / batch.len().max(1)).clamp(1, MAX_COMBINATIONS);
    let combinations =
        doubtful.iter().try_fold(1usize, |product, slot| product.checked_mul(batch[*slot].len()));
    if let Some(all) = combinations.filter(|all| *all <= budget) {
        for combination in 0..all {
            let mut rest = combination;
            for slot in &doubtful {
                chosen[*slot] = batch[*slot][rest % batch[*slot].len()].hash;
                rest /= batch[*slot].len();
            }
            if let Some(frontier) = attempt(&chosen) {
                return Ok((frontier, chosen));
            }
        }
        let unknown = batch.iter().any(|candidates| likely(candidates).is_none());
        return Err(if unknown { Why::Unknown } else { Why::Impossible });
    }
    // Many places are in doubt, as after rows were renumbered: the likely ones, then one change at a time.
    if let Some(frontier) = attempt(&chosen) {
        return Ok((frontier, chosen));
    }
    for slot in doubtful.into_iter().take(budget) {
        for other in &batch[slot][1..] {
            let usual = std::mem::replace(&mut chosen[slot], other.hash);
            if let Some(frontier) = attempt(&chosen) {
                return Ok((frontier, chosen));
            }
            chosen[slot] = usual;
        }
    }
    Err(Why::Unsearched)
}
