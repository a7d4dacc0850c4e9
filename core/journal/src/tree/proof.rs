//! Inclusion and consistency proofs: made as RFC 6962 §2.1.1–2 defines them, checked as RFC 9162
//! §2.1.3.2 and §2.1.4.2 say.

use super::{Hash, empty_root, node_hash};

/// Why a proof could not be made, or does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    #[error("the tree has {size} entries: nothing can be proved about {asked}")]
    OutOfRange { asked: u64, size: u64 },
    #[error("the node {index} of level {level} is missing: rebuild the tiles")]
    NodeMissing { level: u32, index: u64 },
    #[error("the proof holds {found} hashes, which does not fit these sizes")]
    WrongLength { found: usize },
    #[error("the proof leads to another root than the one given")]
    RootMismatch,
}

/// The nodes of the tree over `leaves`, for the functions below: small trees and tests.
pub fn node_of(leaves: &[Hash]) -> impl Fn(u32, u64) -> Option<Hash> {
    move |level, index| {
        let width = 1u64.checked_shl(level)?;
        let start = usize::try_from(index.checked_mul(width)?).ok()?;
        let end = start.checked_add(usize::try_from(width).ok()?)?;
        let mut row = leaves.get(start..end)?.to_vec();
        while row.len() > 1 {
            row = row.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
        }
        row.first().copied()
    }
}

/// The proof that leaf `index` is in the tree of `size` leaves, from the leaf's sibling to the root.
///
/// `node(level, index)` gives the root of the complete subtree over leaves
/// `[index << level, (index + 1) << level)`.
pub fn inclusion_proof(
    index: u64,
    size: u64,
    node: impl Fn(u32, u64) -> Option<Hash>,
) -> Result<Vec<Hash>, ProofError> {
    if index >= size {
        return Err(ProofError::OutOfRange { asked: index, size });
    }
    let (mut start, mut end, mut path) = (0, size, Vec::new());
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            path.push(subtree(middle, end, &node)?);
            end = middle;
        } else {
            path.push(subtree(start, middle, &node)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of `old` leaves is a prefix of the tree of `new` leaves. Empty when `old`
/// is zero or equals `new`.
pub fn consistency_proof(
    old: u64,
    new: u64,
    node: impl Fn(u32, u64) -> Option<Hash>,
) -> Result<Vec<Hash>, ProofError> {
    if old > new {
        return Err(ProofError::OutOfRange { asked: old, size: new });
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let (mut start, mut end, mut path) = (0, new, Vec::new());
    while end != old {
        let middle = start + split(end - start);
        if old <= middle {
            path.push(subtree(middle, end, &node)?);
            end = middle;
        } else {
            path.push(subtree(start, middle, &node)?);
            start = middle;
        }
    }
    // The verifier already holds the old root when the old tree is itself a complete subtree.
    if start != 0 {
        path.push(subtree(start, end, &node)?);
    }
    path.reverse();
    Ok(path)
}

/// Whether `proof` shows that `leaf` is entry `index` of the tree of `size` leaves and root `root`.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::OutOfRange { asked: index, size });
    }
    let wrong_length = ProofError::WrongLength { found: proof.len() };
    let (mut position, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return Err(wrong_length);
        }
        if position & 1 == 1 || position == last {
            hash = node_hash(sibling, &hash);
            while position & 1 == 0 && position != 0 {
                position >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        position >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(wrong_length);
    }
    if hash == *root { Ok(()) } else { Err(ProofError::RootMismatch) }
}

/// Whether `proof` shows that the tree (`old`, `old_root`) is a prefix of the tree (`new`, `new_root`).
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    let wrong_length = ProofError::WrongLength { found: proof.len() };
    if old > new {
        return Err(ProofError::OutOfRange { asked: old, size: new });
    }
    if old == 0 || old == new {
        let expected = if old == 0 { &empty_root() } else { new_root };
        return match (proof.is_empty(), old_root == expected) {
            (false, _) => Err(wrong_length),
            (true, false) => Err(ProofError::RootMismatch),
            (true, true) => Ok(()),
        };
    }
    let (first, rest) = match proof {
        _ if old.is_power_of_two() => (old_root, proof),
        [first, rest @ ..] => (first, rest),
        [] => return Err(wrong_length),
    };
    let (mut position, mut last) = (old - 1, new - 1);
    while position & 1 == 1 {
        position >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return Err(wrong_length);
        }
        if position & 1 == 1 || position == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while position & 1 == 0 && position != 0 {
                position >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        position >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(wrong_length);
    }
    if old_hash == *old_root && new_hash == *new_root { Ok(()) } else { Err(ProofError::RootMismatch) }
}

/// The largest power of two smaller than `n`, for `n >= 2`.
fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

/// The root over `[start, end)`, a range that RFC 6962's recursion reaches, from complete nodes.
fn subtree(start: u64, end: u64, node: &impl Fn(u32, u64) -> Option<Hash>) -> Result<Hash, ProofError> {
    let width = end - start;
    if width.is_power_of_two() {
        let level = width.trailing_zeros();
        let index = start >> level;
        return node(level, index).ok_or(ProofError::NodeMissing { level, index });
    }
    let middle = start + split(width);
    Ok(node_hash(&subtree(start, middle, node)?, &subtree(middle, end, node)?))
}
