//! How long compiling a contract of a hundred pages takes, and how large ones grow.
//!
//! `cargo run --release -p bench --bin contract [-- SEED]`
//!
//! About 300 KB of prose and 400 clauses: guards, exceptions, examples, every kind. Target: 50 ms, the
//! median of many; the compiler runs at each pause of typing. Then the same contract at half and at twice
//! the size: a step whose cost grows with the square shows there.

use std::hint::black_box;
use std::time::Instant;

use bench::large;

fn main() {
    let seed = std::env::args().nth(1).and_then(|s| s.parse().ok()).unwrap_or(2026);
    let text = large::contract(seed, 400, 300_000);
    let compiled = contract::compile("grand.md", &text);
    let errors = compiled.diagnostics.iter().filter(|d| d.is_error());
    assert!(compiled.is_valid(), "{:?}", errors.map(|d| &d.message.en).next());
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load of the machine: {}", load.split(' ').next().unwrap_or("unknown"));
    let kinds: Vec<&str> = contract::KINDS.iter().map(|k| k.name).filter(|k| !has(&text, k)).collect();
    println!(
        "{} KB, {} clauses, {} remarks",
        text.len() / 1000,
        compiled.labels().count(),
        compiled.diagnostics.len()
    );
    if !kinds.is_empty() {
        println!("kinds left out, their example needs other clauses: {}", kinds.join(", "));
    }

    let compile = median(60, || {
        black_box(contract::compile("grand.md", black_box(&text)));
    });
    say("compile", compile, Some(50.0));
    for (name, clauses, prose) in
        [("compile, half the size", 200, 150_000), ("compile, twice the size", 800, 600_000)]
    {
        let text = large::contract(seed, clauses, prose);
        say(name, median(20, || drop(black_box(contract::compile("grand.md", black_box(&text))))), None);
    }
    // One clause in twenty says something else: a year of amendments, compared at once.
    let other = contract::compile("autre.md", &large::amended(&text));
    assert!(other.is_valid(), "the other version does not compile");
    let found = contract::diff::compare(&compiled, &other);
    println!(
        "{} articles, {} questions, {} rules differ",
        found.text.len(),
        found.meaning.cases.len(),
        found.meaning.rules.len()
    );
    let diff =
        median(20, || drop(black_box(contract::diff::compare(black_box(&compiled), black_box(&other)))));
    say("compare two such", diff, Some(200.0));
    say("read back", median(60, || drop(black_box(contract::read_back(&compiled, base::Lang::Fr)))), None);
    say("lay out (fmt)", median(60, || drop(black_box(contract::format(black_box(&text))))), None);
}

fn has(text: &str, kind: &str) -> bool {
    text.contains(&format!("kind = \"{kind}\"\n"))
}

/// The median of so many runs, in milliseconds.
fn median(runs: usize, mut run: impl FnMut()) -> f64 {
    let mut all: Vec<f64> = (0..runs)
        .map(|_| {
            let began = Instant::now();
            run();
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    all.sort_by(f64::total_cmp);
    all[runs / 2]
}

fn say(what: &str, milliseconds: f64, target: Option<f64>) {
    let verdict = match target {
        None => String::new(),
        Some(target) if milliseconds <= target => format!("  target {target} ms: met"),
        Some(target) => format!("  target {target} ms: MISSED"),
    };
    println!("{what:<28}{milliseconds:>9.2} ms{verdict}");
}
