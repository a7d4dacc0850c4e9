//! `deps-ledger.toml` says what we depend on and why; this keeps it true.
//!
//! The ledger is read against the root `Cargo.toml` (what we ask for) and `Cargo.lock` (what we get).

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ledger {
    minimum: Vec<Minimum>,
    forbidden: Vec<Forbidden>,
    direct: Vec<Direct>,
}

/// A version under which a crate is refused, whoever brings it in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Minimum {
    #[serde(rename = "crate")]
    name: String,
    minimum: String,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forbidden {
    #[serde(rename = "crate")]
    name: String,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Direct {
    #[serde(rename = "crate")]
    name: String,
    minimum: String,
    licence: String,
    why: String,
    advisories: Vec<Advisory>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advisory {
    id: String,
    fixed: String,
    what: String,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
}

#[test]
fn every_direct_dependency_is_listed_and_no_other() {
    let listed: BTreeSet<String> = ledger().direct.into_iter().map(|d| d.name).collect();
    let asked = asked();
    let missing: Vec<_> = asked.difference(&listed).collect();
    let left_over: Vec<_> = listed.difference(&asked).collect();
    assert!(missing.is_empty(), "add to deps-ledger.toml, with why: {missing:?}");
    assert!(left_over.is_empty(), "remove from deps-ledger.toml, no longer asked for: {left_over:?}");
}

#[test]
fn every_minimum_holds() {
    let (ledger, locked) = (ledger(), locked());
    let (mut faults, mut direct) = (Vec::new(), Vec::new());
    let mut check = |name: &str, minimum: &str, why: &str| {
        for version in locked.get(name).into_iter().flatten() {
            if number(version) < number(minimum) {
                faults.push(format!("{name} {version} is under {minimum}: {why}"));
            }
        }
    };
    for m in &ledger.minimum {
        check(&m.name, &m.minimum, &m.why);
    }
    for d in &ledger.direct {
        // What we ask for is the newest one; another crate may bring an older line of it.
        let newest = locked.get(&d.name).into_iter().flatten().max_by_key(|v| number(v));
        if let Some(version) = newest.filter(|v| number(v) < number(&d.minimum)) {
            direct.push(format!("{} {version} is under {}: {}", d.name, d.minimum, d.why));
        }
        for a in &d.advisories {
            check(&d.name, &a.fixed, &format!("{}, {}", a.id, a.what));
        }
    }
    faults.extend(direct);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn nothing_forbidden_is_locked() {
    let locked = locked();
    let faults: Vec<String> = ledger()
        .forbidden
        .iter()
        .filter(|f| locked.contains_key(&f.name))
        .map(|f| format!("{} must go: {}", f.name, f.why))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_entry_says_why_and_under_which_licence() {
    for d in ledger().direct {
        assert!(!d.why.trim().is_empty(), "{}: why do we need it?", d.name);
        assert!(!d.licence.trim().is_empty(), "{}: under which licence?", d.name);
    }
}

#[test]
fn versions_compare_as_numbers() {
    assert!(number("0.9.10") > number("0.9.9"));
    assert!(number("1.2.1+spec-1.1.0") > number("1.2.0"));
    assert!(number("0.41.0-rc.1") < number("0.41.1"));
}

/// What the root `Cargo.toml` asks for outside this workspace.
fn asked() -> BTreeSet<String> {
    let manifest: toml::Value = toml::from_str(&read("Cargo.toml")).expect("Cargo.toml is TOML");
    let table =
        manifest["workspace"]["dependencies"].as_table().expect("[workspace.dependencies] is a table");
    let ours = |value: &toml::Value| value.get("path").is_some();
    table.iter().filter(|(_, value)| !ours(value)).map(|(name, _)| name.clone()).collect()
}

/// Every version of every crate in `Cargo.lock`.
fn locked() -> BTreeMap<String, Vec<String>> {
    let lock: Lock = toml::from_str(&read("Cargo.lock")).expect("Cargo.lock is TOML");
    let mut versions = BTreeMap::<String, Vec<String>>::new();
    for package in lock.package {
        versions.entry(package.name).or_default().push(package.version);
    }
    versions
}

fn ledger() -> Ledger {
    toml::from_str(&read("deps-ledger.toml")).unwrap_or_else(|e| panic!("deps-ledger.toml: {e}"))
}

fn read(path: &str) -> String {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the binary's crate sits in the workspace");
    std::fs::read_to_string(root.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// `1.2.3-rc.1+build` as `[1, 2, 3]`: pre-releases are not told apart, and none is in use.
fn number(version: &str) -> Vec<u64> {
    let release = version.split(['-', '+']).next().unwrap_or_default();
    release.split('.').map(|n| n.parse().unwrap_or_else(|_| panic!("{version} is not a version"))).collect()
}
