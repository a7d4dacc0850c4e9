//! The Merkle tree of RFC 6962 §2.1 (same as RFC 9162 §2.1) over SHA-256.

mod frontier;
mod proof;

use sha2::{Digest, Sha256};

pub use frontier::{Frontier, FrontierError};
pub use proof::{
    ProofError, consistency_proof, inclusion_proof, node_of, verify_consistency, verify_inclusion,
};

/// A SHA-256 digest: a leaf, an inner node or a root.
pub type Hash = [u8; 32];

/// `SHA-256(0x00 || entry)`. The prefix keeps a leaf from being passed off as a node.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// `SHA-256(0x01 || left || right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of a tree without entries: `SHA-256("")`.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// Lower-case hexadecimal, as envelopes and reports write hashes.
pub fn hex(hash: &Hash) -> String {
    data_encoding::HEXLOWER.encode(hash)
}
