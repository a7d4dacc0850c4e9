//! The life of contracts, told in `tests/scenarios/*.md`, replayed through the real use cases.
//!
//! `UPDATE=1 cargo test -p app --test scenarios` rewrites the traces; never the expected figures.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use testkit::scenario::{self, Outcome};

/// The cases of the oracle that this suite answers for.
const PROVED: &[&str] = &[
    "SLA-010", "SLA-013", "SLA-014", "SLA-015", "SLA-022", "SLA-038", "SLA-049", "SLA-050", "SLA-051",
    "SLA-055", "SLA-061", "SLA-062", "AV-05", "M-10", "M-11", "M-12", "M-13", "M-14", "M-15", "M-16", "M-17",
    "M-18", "M-19", "M-20", "M-21", "M-34",
];

#[test]
fn every_scenario_plays_as_told() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files = files(&root.join("tests/scenarios"));
    let update = std::env::var_os("UPDATE").is_some();
    let outcomes = in_parallel(&files, |file| scenario::run(file, &root, update));

    let problems: Vec<&str> = outcomes.iter().flat_map(|o| &o.problems).map(String::as_str).collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    let proved: BTreeSet<&str> = outcomes.iter().flat_map(|o| &o.proves).map(String::as_str).collect();
    assert_eq!(proved, PROVED.iter().copied().collect());
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("tests/scenarios is there");
    let mut files: Vec<PathBuf> = entries
        .map(|e| e.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// Each is an instance of its own that mostly waits for its disk.
fn in_parallel(files: &[PathBuf], run: impl Fn(&Path) -> Outcome + Sync) -> Vec<Outcome> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let outcome = run(file);
                    done.lock().expect("no runner panicked").push((file, outcome));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("no runner panicked");
    done.sort_by_key(|(file, _)| *file);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}
