//! What the tests of use cases share: contract A signed, and files beside the tests.

use std::path::{Path, PathBuf};

use base::id::CustomerId;
use testkit::Instance;

/// The workspace's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The text of contract A.
pub fn contract_a() -> String {
    std::fs::read_to_string(root().join("contracts/ateliers-garonne.md")).expect("contract A is there")
}

/// A customer whose contract A is signed and in force, on a Tuesday at nine.
pub fn signed(instance: &Instance, slug: &str) -> CustomerId {
    let customer = instance.customer(slug);
    instance.sign(customer, "contracts/ateliers-garonne.md", &contract_a()).expect("contract A compiles");
    instance.at("2026-06-16T09:00");
    customer
}
