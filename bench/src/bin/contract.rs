//! How long compiling a contract of a hundred pages takes, and how large ones grow.
//!
//! `cargo run --release -p bench --bin contract [-- SEED]`
//!
//! About 300 KB of prose and 400 clauses: guards, exceptions, examples, every kind. Target: 50 ms, the
//! median of many; the compiler runs at each pause of typing. Then the same contract at half and at twice
//! the size: a step whose cost grows with the square shows there.
//!
//! The target is held against the processor time of the thread, which is the time on the wall when nothing
//! else runs: the compiler waits for nothing. Both are printed.

use std::hint::black_box;
use std::time::Instant;

use bench::{large, processor_ms};

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

/// What so many runs took, in milliseconds.
struct Took {
    wall: f64,
    /// Of the thread's processor, the median and the least.
    processor: f64,
    best: f64,
}

fn median(runs: usize, mut run: impl FnMut()) -> Took {
    let (mut wall, mut processor): (Vec<f64>, Vec<f64>) = (0..runs)
        .map(|_| {
            let (began, ticks) = (Instant::now(), processor_ms());
            run();
            (began.elapsed().as_secs_f64() * 1e3, processor_ms() - ticks)
        })
        .unzip();
    wall.sort_by(f64::total_cmp);
    processor.sort_by(f64::total_cmp);
    Took { wall: wall[runs / 2], processor: processor[runs / 2], best: processor[0] }
}

fn say(what: &str, took: Took, target: Option<f64>) {
    let verdict = match target {
        None => String::new(),
        Some(target) if took.processor <= target => format!("  target {target} ms: met"),
        Some(target) => format!("  target {target} ms: MISSED"),
    };
    let Took { wall, processor, best } = took;
    println!(
        "{what:<26}{wall:>8.2} ms on the wall{processor:>9.2} ms of processor (best {best:.2}){verdict}"
    );
}
