//! How long, and how steadily: S-002, S-010, S-053, S-064.

use contract::gate;
use engines::lifecycle::{DeadlineKind, deadlines};
use jiff::civil::date;

use crate::support::{contract, refused, terms};

fn term(lasts: &str, renewal: &str) -> String {
    let renewed = if renewal == "tacit" { "\nthen.renewal_lasts = \"12 months\"" } else { "" };
    format!(
        "kind = \"term\"\nlabel = \"duree\"\nthen.start = 2026-03-01\nthen.lasts = \"{lasts}\"\nthen.renewal = \"{renewal}\"{renewed}\nthen.notice = \"3 months\""
    )
}

#[test]
fn s_002_a_one_off_order_is_not_signed_as_a_contract() {
    let order = term("3 months", "none");
    assert!(refused("", &[&order], "E-AFNOR-MULTIYEAR"));
    assert!(refused("", &[&order], "E-MISSING-COMMITTEE"), "nor without anybody to steer it");
    for lasting in [term("24 months", "none"), term("12 months", "tacit"), term("12 months", "express")] {
        assert!(!refused("", &[&lasting], "E-AFNOR-MULTIYEAR"), "{lasting}");
    }
    // The parties may still buy a one-off, and say that it is one.
    assert!(!refused("without_packs = { afnor = \"audit ponctuel\" }", &[&order], "E-AFNOR-MULTIYEAR"));
}

#[test]
fn s_053_each_of_the_four_conditions_is_looked_for() {
    let order = term("3 months", "none");
    let warned = |clauses: &[&str]| -> Vec<&str> {
        contract("", clauses).diagnostics.iter().map(|d| d.code).filter(|c| c.contains("-AFNOR-")).collect()
    };
    assert_eq!(
        warned(&[&order]),
        ["W-AFNOR-MULTIYEAR", "W-AFNOR-FIXED-FEE", "W-AFNOR-LEVEL", "W-AFNOR-PERIMETER"]
    );
    let lasting = term("36 months", "express");
    let perimeter = "kind = \"perimeter\"\nlabel = \"p\"\nthen = { class = \"server\", status = \"in\" }";
    let hours = "kind = \"calendar\"\nlabel = \"ho\"\nthen.zone = \"Europe/Paris\"\nthen.week = { mon-fri = [\"09:00-18:00\"] }\nthen.holidays = []";
    let level = "kind = \"commitment\"\nlabel = \"d\"\nthen = { promise = \"restore\", within = \"8 h\", calendar = \"ho\", starts = \"declared\", stops = \"service_restored\" }";
    let fee = "kind = \"fee\"\nlabel = \"f\"\nthen = { unit = \"flat\", quantity = 1, unit_price = \"900.00 EUR\", per = \"month\", due = \"in_advance\", proration = \"actual_days\", vat = \"20 %\" }";
    assert_eq!(warned(&[&lasting, perimeter, hours, level, fee]), Vec::<&str>::new());
    assert_eq!(warned(&[&lasting, perimeter, hours, level]), ["W-AFNOR-FIXED-FEE"]);
}

#[test]
fn s_010_an_incomplete_contract_is_not_signed() {
    let compiled = contract("", &[&term("36 months", "express")]);
    assert!(compiled.is_valid(), "a draft compiles");
    let gate = gate::signature(&compiled, None);
    let refused: Vec<&str> = gate.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.code).collect();
    for code in
        ["E-MISSING-PERIMETER", "E-MISSING-COMMITMENT", "E-MISSING-COMMITTEE", "E-PREPARATION-MISSING"]
    {
        assert!(refused.contains(&code), "{code} is not among {refused:?}");
    }
    assert!(!gate.is_open());
}

#[test]
fn s_064_the_last_day_for_notice_is_told_before_it_comes() {
    let last = |clause: &str, on| {
        let all = deadlines(&terms(&[clause]), on, None);
        all.into_iter().find(|d| d.value.kind == DeadlineKind::Notice).map(|d| (d.value.on, d.value.title.fr))
    };
    let tacit = term("36 months", "tacit");
    let told = Some((date(2028, 11, 30), "dernier jour pour dénoncer".to_owned()));
    assert_eq!(last(&tacit, date(2026, 3, 1)), told);
    assert_eq!(last(&tacit, date(2028, 11, 30)), told, "on the day itself it is not too late");
    // The day after, the contract has renewed, and the next notice is a year later.
    assert_eq!(last(&tacit, date(2029, 3, 1)).map(|(on, _)| on), Some(date(2029, 11, 30)));
    assert_eq!(last(&term("36 months", "none"), date(2026, 3, 1)), None, "nothing to give notice of");
}
