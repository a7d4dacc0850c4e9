//! Naming what happened to a damaged log: rows are matched with the places they were signed at by
//! hash, put in order, and only what does not fit is named.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::report::intact_faults;
use super::row::Row;
use super::truth::Truth;
use crate::tree::Hash;

/// What is wrong with `rows`, which should be the entries from `start` on. `earlier` tells those that
/// repeat an entry before `start`.
pub(super) fn name(
    rows: &[Row],
    start: u64,
    truth: &Truth,
    earlier: BTreeMap<Hash, u64>,
    last_t: i64,
) -> Vec<Finding> {
    let mut alignment = Alignment::new(rows, start, truth, earlier);
    alignment.hold_by_hash();
    alignment.hold_by_leaf();
    alignment.place_strangers();
    alignment.name_gaps();
    alignment.name_disorder();
    alignment.name_renumbered();
    alignment.check_held(last_t);
    alignment.findings
}

struct Alignment<'a> {
    rows: &'a [Row],
    start: u64,
    truth: &'a Truth,
    places: BTreeMap<Hash, u64>,
    earlier: BTreeMap<Hash, u64>,
    /// Per place, the row that holds the entry signed there, changed or not.
    holder: BTreeMap<u64, usize>,
    /// Per row, the place it holds.
    held: Vec<Option<u64>>,
    findings: Vec<Finding>,
}

impl<'a> Alignment<'a> {
    fn new(rows: &'a [Row], start: u64, truth: &'a Truth, earlier: BTreeMap<Hash, u64>) -> Self {
        let mut places = BTreeMap::new();
        for (place, hash) in (start..).zip(&truth.slots) {
            if let Some(hash) = hash {
                places.entry(*hash).or_insert(place);
            }
        }
        let (holder, held, findings) = (BTreeMap::new(), vec![None; rows.len()], Vec::new());
        Alignment { rows, start, truth, places, earlier, holder, held, findings }
    }

    fn end(&self) -> u64 {
        self.start + self.truth.slots.len() as u64
    }

    fn hold(&mut self, row: usize, place: u64) {
        self.holder.insert(place, row);
        self.held[row] = Some(place);
    }

    /// Rows whose bytes are those signed somewhere. Of two copies the entry is the one at its place,
    /// else the one beside a neighbour of its own.
    fn hold_by_hash(&mut self) {
        let places: Vec<Option<u64>> =
            self.rows.iter().map(|row| self.places.get(&row.hash).copied()).collect();
        let beside = |row: usize, place: u64| {
            let before = row.checked_sub(1).and_then(|row| places[row]);
            let after = places.get(row + 1).copied().flatten();
            before.is_some_and(|before| before + 1 == place) || after == Some(place + 1)
        };
        for pass in 0..3 {
            for (row, place) in places.iter().enumerate() {
                let Some(place) = *place else { continue };
                let fits = match pass {
                    0 => self.rows[row].seq == place,
                    1 => beside(row, place),
                    _ => true,
                };
                if fits && self.held[row].is_none() && !self.holder.contains_key(&place) {
                    self.hold(row, place);
                }
            }
        }
    }

    /// Rows whose bytes were changed and whose leaf hash was not.
    fn hold_by_leaf(&mut self) {
        for (row, stored) in self.rows.iter().enumerate() {
            let place = stored.leaf.and_then(|leaf| self.places.get(&leaf).copied());
            if let Some(place) = place
                && self.held[row].is_none()
                && !self.holder.contains_key(&place)
            {
                self.hold(row, place);
                self.findings.push(Finding::BytesChanged { seq: place });
            }
        }
    }

    /// Rows that nothing signed accounts for: copies, rewritten entries, insertions, an unsigned tail.
    fn place_strangers(&mut self) {
        let mut tail: Option<(u64, u64)> = None;
        let mut before = self.start.checked_sub(1);
        for (row, stored) in self.rows.iter().enumerate() {
            if let Some(place) = self.held[row] {
                before = Some(place);
                continue;
            }
            if let Some(of) = self.places.get(&stored.hash).or_else(|| self.earlier.get(&stored.hash)) {
                self.findings.push(Finding::Duplicate { seq: stored.seq, of: *of });
                continue;
            }
            let next = before.map_or(0, |place| place + 1);
            let vacant =
                |place: &u64| (self.start..self.end()).contains(place) && !self.holder.contains_key(place);
            // The place after its neighbour first: it stays right when rows were renumbered.
            if let Some(place) = [next, stored.seq].into_iter().find(vacant) {
                self.hold(row, place);
                self.findings.push(Finding::BytesChanged { seq: place });
                before = Some(place);
                continue;
            }
            let expected = tail.map_or(self.end(), |(_, last)| last + 1);
            if stored.intact() && stored.seq == expected && stored.claim() == Some(expected) {
                tail = Some((tail.map_or(expected, |(first, _)| first), expected));
            } else {
                self.findings.push(Finding::Inserted { seq: stored.seq });
            }
        }
        if let Some((seq, last)) = tail {
            self.findings.push(Finding::CheckpointMissing { seq, last });
        }
    }

    /// Places that no row holds.
    fn name_gaps(&mut self) {
        let mut gap: Option<u64> = None;
        for place in self.start..=self.end() {
            let vacant = place < self.end() && !self.holder.contains_key(&place);
            match (gap, vacant) {
                (None, true) => gap = Some(place),
                (Some(seq), false) => {
                    gap = None;
                    self.findings.push(if place == self.end() {
                        Finding::TruncatedTail { seq, size: place }
                    } else {
                        Finding::Missing { seq, last: place - 1 }
                    });
                }
                _ => {}
            }
        }
    }

    /// Entries out of order. Exchanges are told by rank, so that gaps and renumbering do not hide
    /// them; of the rest, the longest run in order is taken to have stayed.
    fn name_disorder(&mut self) {
        let order: Vec<u64> = self.held.iter().flatten().copied().collect();
        let sorted: Vec<u64> = self.holder.keys().copied().collect();
        let rank = |place: u64| sorted.binary_search(&place).expect("every held place has a holder");
        let mut exchanged = BTreeSet::new();
        for (here, place) in order.iter().enumerate() {
            let there = rank(*place);
            if here < there && order[there] == sorted[here] {
                exchanged.extend([sorted[here], *place]);
                self.findings.push(Finding::Swapped { seq: sorted[here], other: *place });
            }
        }
        let rest: Vec<u64> = order.into_iter().filter(|place| !exchanged.contains(place)).collect();
        for place in out_of_order(&rest) {
            let to = self.rows[self.holder[&place]].seq;
            self.findings.push(Finding::Moved { seq: place, to });
        }
    }

    /// Row numbers that changed without anything added, removed or moved to explain it.
    fn name_renumbered(&mut self) {
        let explains = |finding: &Finding| {
            !matches!(finding, Finding::BytesChanged { .. } | Finding::CheckpointMissing { .. })
        };
        if self.findings.iter().any(explains) {
            return;
        }
        let moved = |(place, row): (&u64, &usize)| {
            let stored = self.rows[*row].seq;
            (stored != *place).then_some(Finding::Renumbered { seq: *place, stored })
        };
        let first = self.holder.iter().find_map(moved);
        self.findings.extend(first);
    }

    /// Of the entries whose bytes are those signed: their leaf hash, and what a signature does not exclude.
    fn check_held(&mut self, mut last_t: i64) {
        for (place, row) in &self.holder {
            let row = &self.rows[*row];
            let index = usize::try_from(place - self.start).expect("the slots are in memory");
            if self.truth.slots[index] != Some(row.hash) {
                continue;
            }
            // When bytes alone were exchanged, the leaf hash is that of the place: nothing more to say.
            let exchanged = row.seq != *place && row.leaf.is_some_and(|leaf| self.places.contains_key(&leaf));
            if !(row.intact() || exchanged) {
                self.findings.push(Finding::LeafHashChanged { seq: *place });
            }
            self.findings.extend(intact_faults(row, *place, &mut last_t));
        }
    }
}

/// The members of `sequence` outside one of its longest increasing subsequences.
fn out_of_order(sequence: &[u64]) -> Vec<u64> {
    let mut tails: Vec<usize> = Vec::new();
    let mut previous = vec![None; sequence.len()];
    for (i, value) in sequence.iter().enumerate() {
        let length = tails.partition_point(|tail| sequence[*tail] < *value);
        previous[i] = length.checked_sub(1).map(|shorter| tails[shorter]);
        if length == tails.len() { tails.push(i) } else { tails[length] = i }
    }
    let mut kept = BTreeSet::new();
    let mut at = tails.last().copied();
    while let Some(i) = at {
        kept.insert(i);
        at = previous[i];
    }
    (0..sequence.len()).filter(|i| !kept.contains(i)).map(|i| sequence[i]).collect()
}
