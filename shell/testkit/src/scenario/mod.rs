//! Scenarios: a contract, what people do on which day, what they expect, and the whole trace.
//!
//! ```text
//! +++
//! contract = "contracts/ateliers-garonne.md"      # or a block ````contract, in the file itself
//! signed = 2026-02-16T10:00
//! proves = ["SLA-010"]
//! +++
//!
//! | Quand | Qui | Fait | Détail | Attendu |
//! |---|---|---|---|---|
//! | 2026-04-30 17:30 | utilisateur | ouvre | priorité = P1 | échéance prise en charge = lundi 4 mai 2026 à 9 h 30 |
//! ```
//!
//! Everything goes through the real use cases with the clock put at each date. *Attendu* is written by
//! hand, from figures worked elsewhere, and compared exactly with what was answered; the block `trace`
//! holds everything that was answered, and `UPDATE=1` writes it again. Amendments are blocks of four
//! backquotes named after the word: ```` ````avenant places ````.

mod answer;
mod money;
mod read;
mod services;
mod stage;
mod tickets;

use std::fmt::Write;
use std::path::Path;

use read::Scenario;
use stage::Stage;

/// What replaying one file came to.
pub struct Outcome {
    /// The oracle cases that it says it proves.
    pub proves: Vec<String>,
    /// Empty when every expectation held and the trace is the one written.
    pub problems: Vec<String>,
}

/// Replays a scenario; with `update`, writes its trace again. `root` is where its paths start from.
pub fn run(file: &Path, root: &Path, update: bool) -> Outcome {
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(e) => return Outcome { proves: Vec::new(), problems: vec![format!("{name}: {e}")] },
    };
    let scenario = match Scenario::read(&text) {
        Ok(scenario) => scenario,
        Err(e) => return Outcome { proves: Vec::new(), problems: vec![format!("{name}: {e}")] },
    };
    let (trace, mut problems) = replay(&scenario, root);
    if trace != scenario.trace {
        if update {
            std::fs::write(file, scenario.with_trace(&text, &trace)).expect("the scenario can be written");
        } else {
            problems
                .push(format!("the trace differs; UPDATE=1 rewrites it\n{}", diff(&scenario.trace, &trace)));
        }
    }
    let problems = problems.into_iter().map(|p| format!("{name}: {p}")).collect();
    Outcome { proves: scenario.proves.clone(), problems }
}

fn replay(scenario: &Scenario, root: &Path) -> (String, Vec<String>) {
    let mut problems = Vec::new();
    let mut trace = String::new();
    let mut stage = match Stage::set(scenario, root) {
        Ok(stage) => stage,
        Err(e) => return (trace, vec![e]),
    };
    for row in &scenario.rows {
        let answer = match stage.play(row) {
            Ok(answer) => answer,
            Err(e) => {
                problems.push(format!("line {}: {e}", row.line));
                continue;
            }
        };
        let detail = if row.detail.is_empty() { String::new() } else { format!(" ({})", row.detail) };
        writeln!(trace, "{} · {} · {}{detail}", row.when, row.who, row.act).expect("a text grows");
        trace.push_str(&answer.show());
        for (key, value) in &row.expected {
            if let Err(e) = answer.check(key, value) {
                problems.push(format!("line {}: {e}", row.line));
            }
        }
    }
    stage.end();
    (trace, problems)
}

/// The first lines that differ, each side by side.
fn diff(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let mut out = String::new();
    for n in same..(same + 6).min(old.len().max(new.len())) {
        let side = |lines: &[&str]| lines.get(n).map_or_else(String::new, |l| (*l).to_owned());
        let (a, b) = (side(&old), side(&new));
        writeln!(out, "  {}\n  - {a}\n  + {b}", n + 1).expect("a text grows");
    }
    out
}
