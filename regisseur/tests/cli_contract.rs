//! The contract compiler and the clock at a terminal: streams, codes, JSON.

mod common;

use common::{err, folder, out, regisseur};
use serde_json::Value;

const CONTRACT: &str = "contracts/ateliers-garonne.md";
const AMENDMENT: &str = "contracts/ateliers-garonne-avenant-1.md";

#[test]
fn a_valid_contract_says_so_in_the_language_asked() {
    let french = regisseur(&["contract", "check", CONTRACT]);
    assert_eq!(french.status.code(), Some(0), "{}", err(&french));
    assert!(out(&french).contains("le contrat est valide"), "{}", out(&french));
    let english = regisseur(&["contract", "check", AMENDMENT, "--lang", "en"]);
    assert_eq!(english.status.code(), Some(0), "{}", err(&english));
    let json = regisseur(&["contract", "check", CONTRACT, "--json"]);
    assert_eq!(serde_json::from_slice::<Value>(&json.stdout).unwrap().as_array().unwrap().len(), 0);
}

#[test]
fn a_broken_contract_exits_1_with_every_error_at_its_place() {
    let file = folder("broken").join("broken.md");
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../contracts/ateliers-garonne.md"))
            .unwrap();
    let text = text.replace("siren = \"000000125\"", "siren = \"000000126\"");
    let broken = text.replace("renewal = \"tacit\"", "renouvellement = \"tacit\"");
    assert_ne!(text, broken);
    std::fs::write(&file, broken).unwrap();
    let file = file.to_str().unwrap();

    let shown = regisseur(&["contract", "check", file]);
    assert_eq!(shown.status.code(), Some(1));
    assert_eq!(out(&shown), "", "diagnostics are for people");
    assert!(err(&shown).contains("renouvellement"), "{}", err(&shown));

    let json = regisseur(&["contract", "check", file, "--json", "--lang", "en"]);
    assert_eq!((json.status.code(), err(&json)), (Some(1), ""));
    let found: Vec<Value> = serde_json::from_slice(&json.stdout).unwrap();
    assert!(found.len() >= 2, "{found:?}");
    for one in &found {
        for field in ["code", "severity", "file", "line", "column", "message", "help"] {
            assert!(one.get(field).is_some(), "{field} in {one}");
        }
    }
}

#[test]
fn it_is_read_back_and_explained() {
    let french = regisseur(&["contract", "read-back", CONTRACT, "--lang", "fr"]);
    let english = regisseur(&["contract", "read-back", CONTRACT, "--lang", "en"]);
    assert_eq!((french.status.code(), english.status.code()), (Some(0), Some(0)));
    assert!(out(&french).contains("[carnet]") && out(&english).contains("[carnet]"));
    assert_ne!(out(&french), out(&english));
    let json = regisseur(&["contract", "read-back", CONTRACT, "--json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["text"].as_str().unwrap(), out(&french));

    let explained = regisseur(&["contract", "explain", CONTRACT, "carnet"]);
    assert!(out(&explained).contains("tickets = 120"), "{}", out(&explained));
    let unknown = regisseur(&["contract", "explain", CONTRACT, "carnets"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(err(&unknown).contains("carnet"), "{}", err(&unknown));
    let schema = regisseur(&["contract", "schema"]);
    assert!(serde_json::from_slice::<Value>(&schema.stdout).unwrap()["$defs"]["hotline"].is_object());
}

#[test]
fn clock_eval_reads_a_file_of_cases() {
    let dir = folder("clock");
    let file = dir.join("cases.json");
    let case = r#"{"business_day_cases":[{"id":"B","calendar":{"tz":"Europe/Paris","week":{"tue":[["09:00","18:00"]]}},
        "start":"2026-03-02T10:00:00+01:00","target_business_days":1,"expected_elapsed":[]}]}"#;
    std::fs::write(&file, case).unwrap();
    let done = regisseur(&["clock", "eval", file.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    let answers: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(answers[0]["due"], "2026-03-03T17:00:00Z");

    let none = regisseur(&["clock", "eval", "/nowhere.json", "--json"]);
    assert_eq!((none.status.code(), err(&none)), (Some(1), ""));
    assert_eq!(serde_json::from_slice::<Value>(&none.stdout).unwrap()["code"], "clock");
}

#[test]
fn wrong_usage_exits_2_and_help_has_an_example() {
    for wrong in
        [&["contract", "check"][..], &["nothing"], &["serve"], &["clock", "eval", "x", "--lang", "de"]]
    {
        assert_eq!(regisseur(wrong).status.code(), Some(2), "{wrong:?}");
    }
    let help = regisseur(&["journal", "verify", "--help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(out(&help).contains("regisseur journal verify --data"), "{}", out(&help));
}

#[test]
fn a_reader_that_leaves_is_not_a_failure() {
    let command = format!("{} contract schema | head -c 10", env!("CARGO_BIN_EXE_regisseur"));
    let piped = std::process::Command::new("bash").args(["-o", "pipefail", "-c", &command]).output().unwrap();
    assert_eq!((piped.status.code(), err(&piped)), (Some(0), ""));
}

#[test]
fn deadlines_come_by_date_with_their_reasons() {
    let shown = regisseur(&["contract", "deadlines", CONTRACT, "--on", "2026-11-03"]);
    assert_eq!(shown.status.code(), Some(0), "{}", err(&shown));
    // Three months before the end of 36 months from 1 March 2026: by 30 November 2028.
    let notice = "2028-11-30  duree\u{a0}: dernier jour pour dénoncer";
    assert!(out(&shown).contains(notice), "{}", out(&shown));
    let json = regisseur(&["contract", "deadlines", CONTRACT, "--on", "2026-11-03", "--json"]);
    let found: Value = serde_json::from_slice(&json.stdout).unwrap();
    let days: Vec<&str> =
        found["deadlines"].as_array().unwrap().iter().map(|d| d["value"]["on"].as_str().unwrap()).collect();
    assert!(days.is_sorted() && days.contains(&"2028-11-30"), "{days:?}");
    assert!(days.iter().all(|d| *d >= "2026-11-03"), "{days:?}");
}

#[test]
fn rights_of_the_text_alone_open_by_the_calendar() {
    let file = folder("rights").join("sortie.md");
    let clause = "\n## Article 99 – Sortie\n\n```toml clause\nkind = \"termination\"\nlabel = \"sortie\"\nthen.holder = \"customer\"\nthen.on = \"will\"\nthen.from_month = 18\nthen.effect = \"after_notice\"\nthen.notice = \"3 months\"\nthen.compensation = \"share_of_remaining_fees\"\nthen.compensation_rate = \"20 %\"\nthen.taxable = true\n```\n";
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../contracts/minimal.md")).unwrap();
    std::fs::write(&file, text + clause).unwrap();
    let file = file.to_str().unwrap();
    let asked = |on: &str| {
        let shown = regisseur(&["contract", "rights", file, "--on", on, "--lang", "en"]);
        assert_eq!(shown.status.code(), Some(0), "{}", err(&shown));
        out(&shown).to_owned()
    };
    assert!(asked("2026-11-03").contains("it opens on 1 August 2027"), "{}", asked("2026-11-03"));
    assert!(asked("2027-08-01").contains("Right open"), "{}", asked("2027-08-01"));
    let json = regisseur(&["contract", "rights", file, "--on", "2026-11-03", "--json"]);
    let found: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(found["measured"], false);
    assert_eq!(found["rights"].as_array().unwrap().len(), 1);
}
