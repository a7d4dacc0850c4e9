//! Arrows go up the list only: what each of our crates may use, and nothing else.
//!
//! A crate was made where a dependency must be impossible, so a new edge is a decision: it comes with
//! a line here and, when it opens a layer, an ADR.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Each crate, then ours that it may use. The order is the order of the layers.
const EDGES: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("terms", &["base"]),
    ("engines", &["base", "terms"]),
    ("contract", &["base", "terms", "engines"]),
    ("journal", &["base"]),
    ("events", &["base", "terms", "engines"]),
    ("documents", &["base", "terms", "engines", "contract"]),
    ("store", &["base", "journal", "events"]),
    ("app", &["base", "terms", "engines", "contract", "journal", "events", "store"]),
    ("web", &["base", "terms", "engines", "contract", "journal", "events", "app"]),
    ("exchange", &["base", "events", "app"]),
];

/// These see everything: the binary, the instance of tests, the measures.
const SEE_ALL: &[&str] = &["regisseur", "testkit", "bench"];

/// What only the tests of any crate may use.
const FOR_TESTS: &str = "testkit";

/// The pure half.
const CORE: &[&str] = &["base", "terms", "engines", "contract", "journal", "events", "documents"];

/// Crates of others that would bring a clock, a file, a socket, a database or a runtime into the core.
const NOT_IN_CORE: &[&str] = &[
    "argon2",
    "async-std",
    "axum",
    "chrono",
    "getrandom",
    "http-body-util",
    "hyper",
    "postgres",
    "rand",
    "reqwest",
    "rusqlite",
    "rustix",
    "socket2",
    "sqlx",
    "tempfile",
    "time",
    "tokio",
    "tower",
    "tower-http",
    "tracing-subscriber",
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `None` is a normal dependency; else `dev` or `build`.
    kind: Option<String>,
    /// Present when the crate is ours.
    path: Option<String>,
}

#[test]
fn no_new_edge_between_our_crates() {
    let faults = faults(&metadata());
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_core_has_no_world() {
    let mut faults = Vec::new();
    for package in metadata().packages.iter().filter(|p| CORE.contains(&p.name.as_str())) {
        for used in package.dependencies.iter().filter(|d| d.kind.is_none()) {
            if NOT_IN_CORE.contains(&used.name.as_str()) {
                faults.push(format!("{} is pure: {} brings the world in", package.name, used.name));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn a_new_edge_is_named() {
    let mut metadata = metadata();
    let base = metadata.packages.iter_mut().find(|p| p.name == "base").expect("base is in the workspace");
    base.dependencies.push(Dependency { name: "store".into(), kind: None, path: Some("shell/store".into()) });
    assert_eq!(faults(&metadata), ["base → store is a new edge: base may use nothing of ours"]);
}

#[test]
fn a_crate_without_a_layer_is_named() {
    let mut metadata = metadata();
    metadata.packages.push(Package { name: "gateway".into(), dependencies: Vec::new() });
    assert_eq!(faults(&metadata), ["gateway has no layer: say in EDGES what it may use"]);
}

/// One sentence per edge or crate that the table does not allow.
fn faults(metadata: &Metadata) -> Vec<String> {
    let allowed: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    let mut faults = BTreeSet::new();
    for package in &metadata.packages {
        let name = package.name.as_str();
        if SEE_ALL.contains(&name) {
            continue;
        }
        let Some(may_use) = allowed.get(name) else {
            faults.insert(format!("{name} has no layer: say in EDGES what it may use"));
            continue;
        };
        for used in package.dependencies.iter().filter(|d| d.path.is_some()) {
            let for_tests = used.kind.as_deref() == Some("dev") && used.name == FOR_TESTS;
            if !for_tests && !may_use.contains(&used.name.as_str()) {
                let list = if may_use.is_empty() { "nothing of ours".to_owned() } else { may_use.join(", ") };
                faults.insert(format!("{name} → {} is a new edge: {name} may use {list}", used.name));
            }
        }
    }
    faults.into_iter().collect()
}

fn metadata() -> Metadata {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline", "--manifest-path", manifest])
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo prints its metadata as JSON")
}
