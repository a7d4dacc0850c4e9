//! Keyed commitments: how the journal speaks of personal content without holding it.
//!
//! A leaf holds `HMAC-SHA256(salt, domain || content)`; the 256-bit salt and the content live beside,
//! in a table that may be erased. While they are there, anyone can check that this is the content the
//! journal meant. Once both are gone the leaf stays, so the whole log still verifies, and what is left
//! says nothing: a bare hash of a telephone number is found in minutes by trying them all, a keyed one
//! cannot be tried without the key (GDPR art. 17; CNIL, September 2018; EDPB 02/2025).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::tree::Hash;

/// Keeps a commitment from being taken for another HMAC made with the same salt.
const DOMAIN: &[u8] = b"regisseur/commitment/v1\n";

/// The commitment to `content`. `salt` is 32 random bytes drawn for this content alone: sharing one
/// between two contents would erase both or neither, and show when they are equal.
pub fn commit(salt: &[u8; 32], content: &[u8]) -> Hash {
    mac(salt, content).finalize().into_bytes().into()
}

/// Whether `salt` and `content` are those that `commitment` was made from.
pub fn opens(commitment: &Hash, salt: &[u8; 32], content: &[u8]) -> bool {
    mac(salt, content).verify_slice(commitment).is_ok()
}

fn mac(salt: &[u8; 32], content: &[u8]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(salt)
        .expect("HMAC takes keys of any length")
        .chain_update(DOMAIN)
        .chain_update(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commitment_opens_with_its_own_salt_and_content_only() {
        let made = commit(&[7; 32], "02 54 00 00 00".as_bytes());
        assert!(opens(&made, &[7; 32], "02 54 00 00 00".as_bytes()));
        assert!(!opens(&made, &[8; 32], "02 54 00 00 00".as_bytes()));
        assert!(!opens(&made, &[7; 32], "02 54 00 00 01".as_bytes()));
    }
}
