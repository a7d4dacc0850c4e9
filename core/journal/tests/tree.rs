//! The tree against the public CT reference roots, and its proofs against every size they can have.

use journal::tree::{
    Frontier, Hash, ProofError, consistency_proof, empty_root, inclusion_proof, leaf_hash, node_of,
    verify_consistency, verify_inclusion,
};
use proptest::prelude::*;

const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn numbered(size: u64) -> Vec<Hash> {
    (0..size).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

fn root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::new();
    leaves.iter().for_each(|leaf| frontier.push(*leaf));
    frontier.root()
}

#[test]
fn roots_match_the_reference_and_survive_being_stored() {
    let mut frontier = Frontier::new();
    assert_eq!(frontier.root(), empty_root());
    for (size, expected) in ROOTS.iter().enumerate() {
        assert_eq!(journal::tree::hex(&frontier.root()), *expected, "size {size}");
        frontier = Frontier::from_bytes(size as u64, &frontier.to_bytes()).unwrap();
        if let Some(leaf) = LEAVES.get(size) {
            frontier.push(leaf_hash(&data_encoding::HEXLOWER.decode(leaf.as_bytes()).unwrap()));
        }
    }
    assert!(Frontier::from_bytes(3, &[0; 32]).is_err());
}

#[test]
fn pushing_tells_every_complete_node() {
    let leaves = numbered(21);
    let (mut frontier, mut told) = (Frontier::new(), Vec::new());
    leaves
        .iter()
        .for_each(|leaf| frontier.push_with(*leaf, |level, index, hash| told.push((level, index, hash))));
    assert_eq!(told.len(), 21 + 10 + 5 + 2 + 1);
    let node = node_of(&leaves);
    assert!(told.iter().all(|(level, index, hash)| node(*level, *index) == Some(*hash)));
}

#[test]
fn every_proof_of_every_small_tree_holds_and_no_other() {
    let leaves = numbered(33);
    for size in 1..=33u64 {
        let tree = &leaves[..size as usize];
        let whole = root(tree);
        for index in 0..size {
            let proof = inclusion_proof(index, size, node_of(tree)).unwrap();
            let leaf = &tree[index as usize];
            verify_inclusion(leaf, index, size, &proof, &whole).unwrap();
            for other in (0..size).filter(|other| *other != index) {
                verify_inclusion(leaf, other, size, &proof, &whole).unwrap_err();
            }
        }
        for old in 0..=size {
            let proof = consistency_proof(old, size, node_of(tree)).unwrap();
            let prefix = root(&tree[..old as usize]);
            verify_consistency(old, &prefix, size, &whole, &proof).unwrap();
            if old > 0 {
                verify_consistency(old, &[9; 32], size, &whole, &proof).unwrap_err();
                verify_consistency(old, &prefix, size, &[9; 32], &proof).unwrap_err();
            }
        }
    }
}

#[test]
fn out_of_range_and_missing_nodes_are_named() {
    let leaves = numbered(5);
    assert_eq!(
        inclusion_proof(5, 5, node_of(&leaves)).unwrap_err(),
        ProofError::OutOfRange { asked: 5, size: 5 }
    );
    assert_eq!(
        consistency_proof(3, 8, node_of(&leaves)).unwrap_err(),
        ProofError::NodeMissing { level: 2, index: 1 }
    );
    let empty = empty_root();
    verify_consistency(0, &empty, 5, &root(&leaves), &[]).unwrap();
    verify_consistency(0, &[1; 32], 5, &root(&leaves), &[]).unwrap_err();
}

proptest! {
    #[test]
    fn a_damaged_proof_never_holds(
        size in 1u64..3000,
        at in any::<prop::sample::Index>(),
        damage in 0u8..4,
        bit in any::<prop::sample::Index>(),
    ) {
        let leaves = numbered(size);
        let whole = root(&leaves);
        let index = at.index(size as usize) as u64;
        let mut proof = inclusion_proof(index, size, node_of(&leaves)).unwrap();
        verify_inclusion(&leaves[index as usize], index, size, &proof, &whole).unwrap();
        match damage {
            0 => proof.push([0; 32]),
            1 if !proof.is_empty() => { proof.pop(); }
            2 if proof.len() > 1 => proof.swap(0, 1),
            _ if !proof.is_empty() => {
                let bit = bit.index(proof.len() * 256);
                proof[bit / 256][bit % 256 / 8] ^= 1 << (bit % 8);
            }
            _ => proof.push(whole),
        }
        prop_assert!(verify_inclusion(&leaves[index as usize], index, size, &proof, &whole).is_err());
    }

    #[test]
    fn a_tree_is_consistent_with_its_prefixes_only(
        size in 2u64..2000,
        at in any::<prop::sample::Index>(),
        changed in any::<prop::sample::Index>(),
    ) {
        let mut leaves = numbered(size);
        let old = 1 + at.index(size as usize - 1) as u64;
        let prefix = root(&leaves[..old as usize]);
        let proof = consistency_proof(old, size, node_of(&leaves)).unwrap();
        verify_consistency(old, &prefix, size, &root(&leaves), &proof).unwrap();
        leaves[changed.index(old as usize)] = [0; 32];
        let forged = consistency_proof(old, size, node_of(&leaves)).unwrap();
        prop_assert!(verify_consistency(old, &prefix, size, &root(&leaves), &forged).is_err());
    }
}
