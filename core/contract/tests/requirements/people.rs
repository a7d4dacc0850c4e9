//! People: S-016, S-017.

use crate::support::{asks_for, codes, reading, terms};

const TEAM: &str = "kind = \"staff_transfer\"
label = \"equipe\"
then.of = \"équipe de paie\"
then.people = 6
then.outcome = \"transferred\"
then.basis = \"autonomous_entity\"
then.reasons = [\"équipe autonome, avec ses outils\"]
then.on = 2026-10-01
then.rights_kept = [\"ancienneté\", \"rémunération\"]
then.works_council = \"consulted\"
then.consulted_on = 2026-05-12";

#[test]
fn s_016_each_team_transferred_has_its_date_its_basis_and_the_rights_it_keeps() {
    for field in ["on", "basis", "rights_kept", "reasons", "outcome"] {
        assert!(asks_for(TEAM, field), "{field}");
    }
    let told = reading(&[TEAM], "equipe");
    for said in ["6 personnes", "1er octobre 2026", "L1224-1", "ancienneté et rémunération"] {
        assert!(told.contains(said), "{said}: {told}");
    }
    // The register is the clauses of that kind: each keeps its own row in the terms.
    let second = TEAM
        .replace("\"equipe\"", "\"administrateur\"")
        .replace("\"transferred\"", "\"seconded\"")
        .replace("\"autonomous_entity\"", "\"agreement\"")
        + "\nthen.lasts = \"12 months\"";
    let terms = terms(&[TEAM, &second]);
    let rows: Vec<(&str, Option<&str>)> = terms
        .statements
        .iter()
        .filter(|r| r.then.topic == "staff_transfer")
        .map(|r| (r.label(), r.then.get("outcome")))
        .collect();
    assert_eq!(rows, [("equipe", Some("transferred")), ("administrateur", Some("seconded"))]);
    let forced = TEAM.replace("\"autonomous_entity\"", "\"not_an_entity\"");
    assert!(codes(&[&forced]).contains(&"E-STAFF-TRANSFER-BASIS"));
}

#[test]
fn s_017_the_decision_on_staff_has_its_reasons_and_no_default() {
    for field in ["of", "outcome", "basis"] {
        assert!(asks_for(TEAM, field), "{field}");
    }
    assert!(!codes(&[TEAM]).contains(&"W-STAFF-TRANSFER-REASON"));
    let reasons = "then.reasons = [\"équipe autonome, avec ses outils\"]";
    for empty in ["then.reasons = []", "then.reasons = [\" \"]"] {
        let silent = TEAM.replace(reasons, empty);
        assert_ne!(silent, TEAM);
        assert!(codes(&[&silent]).contains(&"W-STAFF-TRANSFER-REASON"), "{empty}");
    }
}
