//! Fuzzes the source reader and the compiler: no text may make them panic, hang, or answer twice
//! differently.
//!
//! `cargo run --release -p bench --bin fuzz_contract -- [--minutes N] [--seed S] [--contracts DIR] [--out DIR]`
//!
//! Build it with `--config profile.release.package.{contract,engines,terms,base}.overflow-checks=true` (one
//! `--config` each), so that a figure that leaves its type is found too. A text that goes wrong is made
//! smaller and kept in the folder of `--out`; `current.md` there is the text being run, for the day a
//! stack overflows. `--only FILE` runs that text alone, as many times as there are contracts beside it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bench::Numbers;
use bench::fuzz::mutate::mutated;
use bench::fuzz::reduce::reduced;
use bench::fuzz::seeds::seeds;
use bench::fuzz::target::{Beside, cause, run, silence};

/// A text that takes longer is reported: `target::run` compiles it some ten times.
const SLOW: Duration = Duration::from_secs(2);
/// One that takes so long hangs.
const HANGS: Duration = Duration::from_secs(120);

const PREPARATION: &str = "contract = \"CTR-2026-900\"\n[requirements]\ndate = 2025-11-01\ndocument = \"besoins.pdf\"\n[social]\ndate = 2025-11-01\nanalysis = \"Sans objet\"\nstaff_concerned = 0\n";

struct Options {
    minutes: f64,
    seed: u64,
    contracts: PathBuf,
    out: PathBuf,
    only: Option<PathBuf>,
}

fn options() -> Options {
    let mut all = Options {
        minutes: 1.0,
        seed: 2026,
        contracts: PathBuf::from("contracts"),
        out: PathBuf::from("target/fuzz"),
        only: None,
    };
    let mut words = std::env::args().skip(1);
    while let (Some(name), Some(value)) = (words.next(), words.next()) {
        match name.as_str() {
            "--minutes" => all.minutes = value.parse().expect("--minutes takes a number"),
            "--seed" => all.seed = value.parse().expect("--seed takes a number"),
            "--contracts" => all.contracts = value.into(),
            "--out" => all.out = value.into(),
            "--only" => all.only = Some(value.into()),
            _ => panic!("unknown option {name}"),
        }
    }
    all
}

fn main() {
    let options = options();
    fs::create_dir_all(&options.out).expect("--out is a folder that can be made");
    let seeds = seeds(&options.contracts).expect("--contracts is a folder of texts");
    let mut numbers = Numbers::new(options.seed);
    let bases: Vec<&String> = seeds.iter().filter(|t| t.starts_with("+++")).collect();
    let _ = contract::schema();
    silence();
    let began = Instant::now();
    if let Some(path) = &options.only {
        let text = fs::read_to_string(path).expect("--only is a text");
        for base in &bases {
            let began = Instant::now();
            if let Some(said) = run(&text, &beside(base, &mut Numbers::new(0))) {
                println!("{said}");
            }
            println!("{:?}", began.elapsed());
        }
        return;
    }
    let running = watch(&options.out);
    let mut findings: BTreeMap<String, usize> = BTreeMap::new();
    let (mut count, mut slow, mut slowest) = (0u64, 0u64, Duration::ZERO);
    let long = Duration::from_secs_f64(options.minutes * 60.0);
    let mut said_at = Duration::ZERO;
    let mut other = None;
    while began.elapsed() < long {
        // A contract is compiled once, and stands beside many texts.
        if count % 50 == 0 {
            other = Some(beside(pick(&mut numbers, &bases), &mut numbers));
        }
        let Some(other) = &other else { break };
        let base = pick(&mut numbers, &bases).clone();
        let text = mutated(&mut numbers, &seeds, &base);
        let _ = fs::write(options.out.join("current.md"), &text);
        let at = Instant::now();
        *running.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
        let found = run(&text, other);
        let took = at.elapsed();
        *running.lock().unwrap_or_else(PoisonError::into_inner) = None;
        count += 1;
        slowest = slowest.max(took);
        if took > SLOW {
            slow += 1;
            println!("slow: {took:?}, {} bytes", text.len());
            let _ = fs::write(options.out.join(format!("slow-{count}.md")), &text);
        }
        if let Some(said) = found {
            let cause = cause(&said).to_owned();
            let times = findings.entry(cause.clone()).or_default();
            *times += 1;
            if *times == 1 {
                println!("{said}");
                keep(&options.out, findings.len(), &text, &cause, other);
            }
        }
        if began.elapsed() - said_at > Duration::from_secs(60) {
            said_at = began.elapsed();
            println!("{:>5.0?}: {count} texts, {} findings, slowest {slowest:.0?}", said_at, findings.len());
        }
    }
    println!(
        "seed {}: {count} texts in {:.0?}, {} findings, {slow} slow, slowest {slowest:.0?}",
        options.seed,
        began.elapsed(),
        findings.len()
    );
    for (cause, times) in &findings {
        println!("{times:>6} × {cause}");
    }
}

/// Small texts are tried more: they take mistakes harder, and are run sooner.
fn pick<'a>(numbers: &mut Numbers, bases: &[&'a String]) -> &'a String {
    let (a, b) = (*numbers.of(bases), *numbers.of(bases));
    if numbers.below(8) > 0 && b.len() < a.len() { b } else { a }
}

fn beside(base: &str, numbers: &mut Numbers) -> Beside {
    let preparation = match numbers.below(2) {
        0 => PREPARATION.to_owned(),
        _ => mutated(numbers, &[PREPARATION.to_owned()], PREPARATION),
    };
    Beside { base: contract::compile("base.md", base), preparation }
}

/// Ends the program when a text is not answered: its text stays in `current.md`.
fn watch(out: &Path) -> Arc<Mutex<Option<Instant>>> {
    let running = Arc::new(Mutex::new(None::<Instant>));
    let (seen, out) = (running.clone(), out.to_owned());
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_secs(1));
            let began = *seen.lock().unwrap_or_else(PoisonError::into_inner);
            if began.is_some_and(|b| b.elapsed() > HANGS) {
                println!("hangs: see {}", out.join("current.md").display());
                std::process::exit(3);
            }
        }
    });
    running
}

fn keep(out: &Path, number: usize, text: &str, what: &str, other: &Beside) {
    let small = reduced(text, Duration::from_secs(20), |t| run(t, other).is_some_and(|s| cause(&s) == what));
    for (name, text) in [
        (format!("crash-{number}.md"), small.as_str()),
        (format!("crash-{number}-base.md"), other.base.files[0].text.as_str()),
        (format!("crash-{number}-preparation.toml"), other.preparation.as_str()),
    ] {
        let _ = fs::write(out.join(name), text);
    }
}
