//! The right edge of a growing tree: enough to append and to know the root, in at most 64 hashes.

use super::{Hash, empty_root, node_hash};

/// A compact range over `[0, size)`: the roots of the complete subtrees that make it, largest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// One hash per bit set in `size`, most significant bit first.
    peaks: Vec<Hash>,
}

/// Bytes that cannot be the frontier of a tree of that size.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the frontier of a tree of size {size} is {expected} bytes long, not {found}: rebuild it from the leaf hashes"
)]
pub struct FrontierError {
    pub size: u64,
    pub expected: usize,
    pub found: usize,
}

impl Frontier {
    /// The empty tree.
    pub fn new() -> Self {
        Frontier::default()
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        self.push_with(leaf, |_, _, _| {});
    }

    /// Appends one leaf hash and tells each node it completes, as `(level, index, hash)`, the leaf
    /// itself first at level 0. Nodes whose level is a multiple of 8 are those that tiles keep.
    pub fn push_with(&mut self, leaf: Hash, mut completed: impl FnMut(u32, u64, Hash)) {
        let (mut hash, mut index, mut level) = (leaf, self.size, 0);
        completed(level, index, hash);
        while index & 1 == 1 {
            let left = self.peaks.pop().expect("one peak per bit set in the size");
            hash = node_hash(&left, &hash);
            index >>= 1;
            level += 1;
            completed(level, index, hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root of the tree: RFC 6962's MTH.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return empty_root() };
        peaks.fold(*last, |right, left| node_hash(left, &right))
    }

    /// The peaks, largest subtree first, 32 bytes each; the size is kept beside.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.peaks.concat()
    }

    /// The inverse of [`Frontier::to_bytes`]. Says whether the length fits, not whether the hashes are
    /// true: compare `root()` with a signed checkpoint for that.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Result<Self, FrontierError> {
        let expected = size.count_ones() as usize * 32;
        if bytes.len() != expected {
            return Err(FrontierError { size, expected, found: bytes.len() });
        }
        let peaks = bytes.as_chunks::<32>().0.to_vec();
        Ok(Frontier { size, peaks })
    }
}
