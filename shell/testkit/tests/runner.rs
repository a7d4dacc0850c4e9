//! The runner of scenarios fails when it must: a figure that is not the answer, a word nobody knows.

use std::path::{Path, PathBuf};

use testkit::{Folder, scenario};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The problems of a scenario with these rows, on the smallest contract.
fn problems(rows: &str) -> Vec<String> {
    let folder = Folder::new("runner");
    let file = folder.path().join("s.md");
    let heading = "| Quand | Qui | Fait | Détail | Attendu |\n|---|---|---|---|---|";
    let text = format!("+++\ncontract = \"contracts/minimal.md\"\n+++\n\n# S\n\n{heading}\n{rows}\n");
    std::fs::write(&file, text).unwrap();
    // The first run writes the trace; what is left is what the rows got wrong.
    scenario::run(&file, &root(), true);
    scenario::run(&file, &root(), false).problems
}

const OPEN: &str = "| 2026-03-06 17:00 | utilisateur | ouvre | classe = workstation | échéance rétablissement = lundi 9 mars 2026 à 12 h |";

#[test]
fn a_right_figure_passes_and_a_wrong_one_does_not() {
    assert_eq!(problems(OPEN), [""; 0]);
    let wrong = problems(&OPEN.replace("12 h |", "13 h |"));
    assert_eq!(wrong.len(), 1);
    assert!(wrong[0].contains("is lundi 9 mars 2026 à 12 h, not lundi 9 mars 2026 à 13 h"), "{wrong:?}");
}

#[test]
fn what_nobody_understands_is_a_problem() {
    for (row, why) in [
        (OPEN.replace("échéance", "date limite"), "nothing is said of « date limite rétablissement »"),
        (OPEN.replace("classe", "clase"), "takes no « clase »"),
        (OPEN.replace("utilisateur", "le chat"), "« le chat » plays no part"),
        (OPEN.replace("| ouvre |", "| chante |"), "nobody knows how to « chante »"),
        (OPEN.replace("rétablissement = lundi", "rétablissement lundi"), "« clé = valeur » is expected"),
        (format!("{OPEN}\n{}", OPEN.replace("17:00", "16:00")), "it happens before the line above"),
        (String::new(), "it has no timeline"),
    ] {
        let found = problems(&row);
        assert!(found.iter().any(|p| p.contains(why)), "{row}: {found:?}");
    }
}

#[test]
fn a_trace_that_changed_is_shown() {
    let folder = Folder::new("runner");
    let file = folder.path().join("s.md");
    let text = format!(
        "+++\ncontract = \"contracts/minimal.md\"\n+++\n\n{OPEN}\n\n```trace\n2026-03-06 17:00 · autre chose\n```\n"
    );
    std::fs::write(&file, &text).unwrap();
    let found = scenario::run(&file, &root(), false).problems;
    assert!(found[0].contains("- 2026-03-06 17:00 · autre chose"), "{found:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text, "nothing is rewritten unless asked");
}
