//! What is kept of an entry once its bytes have been read.

use super::StoredEntry;
use crate::envelope::Envelope;
use crate::tree::{Hash, leaf_hash};

pub(super) struct Row {
    /// The stored sequence number.
    pub seq: u64,
    /// The leaf hash of the stored bytes.
    pub hash: Hash,
    /// The stored leaf hash; `None` when it is not 32 bytes long.
    pub leaf: Option<Hash>,
    /// The sequence number and the instant inside the bytes; `None` when they are not a canonical entry.
    pub inside: Option<(u64, i64)>,
}

impl Row {
    pub fn new(entry: &StoredEntry) -> Self {
        Row {
            seq: entry.seq,
            hash: leaf_hash(&entry.bytes),
            leaf: Hash::try_from(entry.leaf.as_slice()).ok(),
            inside: Envelope::parse(&entry.bytes).ok().map(|envelope| (envelope.seq, envelope.t)),
        }
    }

    /// The sequence number inside the bytes.
    pub fn claim(&self) -> Option<u64> {
        self.inside.map(|(seq, _)| seq)
    }

    /// Whether the stored leaf hash is that of the stored bytes.
    pub fn intact(&self) -> bool {
        self.leaf == Some(self.hash)
    }

    /// Whether nothing about the row contradicts its being entry `seq`. Bytes that are no canonical
    /// entry do not: they may have been signed so.
    pub fn stands_at(&self, seq: u64) -> bool {
        self.seq == seq && self.intact() && self.claim().is_none_or(|claim| claim == seq)
    }
}
