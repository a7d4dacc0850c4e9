//! Names of texts and of terms: SHA-256, lower-case hex.

use sha2::{Digest, Sha256};
use terms::Terms;

/// Of one text, byte for byte: what `sha256sum` prints for the file that was signed.
pub fn text_hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// The name of a version: of its signed texts, the contract's first, then its amendments' in order.
///
/// Each text is preceded by its length in bytes (eight, big-endian): two texts cannot be cut elsewhere
/// and keep the name.
pub fn version_hash(texts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        let length = u64::try_from(text.len()).expect("a length in memory fits in 64 bits");
        hasher.update(length.to_be_bytes());
        hasher.update(text.as_bytes());
    }
    hex(&hasher.finalize())
}

/// Of the terms, as JSON: maps are ordered and fractions are text, so the bytes are the same everywhere.
///
/// `Provenance::version` should still be empty: the name of a version cannot hold itself.
pub fn terms_hash(terms: &Terms) -> String {
    let json = serde_json::to_vec(terms).expect("terms hold nothing that JSON cannot");
    hex(&Sha256::digest(json))
}

/// The terms with the name of their version on every rule's provenance: what engines cite once signed.
pub fn stamped(mut terms: Terms, version: &str) -> Terms {
    macro_rules! stamp {
        ($($rules:ident),*) => {$(
            for rule in terms.$rules.iter_mut() {
                version.clone_into(&mut rule.from.version);
            }
        )*};
    }
    stamp!(
        parties,
        contacts,
        term,
        calendars,
        priorities,
        commitments,
        objectives,
        pauses,
        availabilities,
        perimeter,
        operations,
        meters,
        prices,
        penalties,
        penalty_caps,
        services,
        grants,
        postures,
        duties,
        boundaries,
        rights,
        indicators,
        recoveries,
        acceptances,
        processes,
        statements,
        price_revisions,
        rates,
        invoicing,
        late_payment,
        budgets,
        work_units,
        volumes,
        accuracies,
        equipment,
        escalations
    );
    terms
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
