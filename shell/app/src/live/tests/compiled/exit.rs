//! The way out: nothing of it is held before the export exists.

use super::*;

const REVERSIBILITY: &str = r#"
kind = "reversibility"
label = "reversibilite"
then.targets = ["in_house", "other_provider"]
then.plan_within = "90 days"
then.plan_updated_every = "6 months"
then.rehearsal_every = "12 months"
then.first_rehearsal = 2026-11-18
then.starts = "termination_notified"
then.lasts = "3 months"
then.service_level_kept = true
then.hands_over = ["données", "documentation"]
then.formats = ["JSON", "CSV"]
then.proved_by = ["counts", "hashes", "reimport"]
then.secrets = "rotated"
then.price = "included"
then.at_provider_fault = "free"
then.insolvency_copy = "on_demand"
then.insolvency_within = "10 days"
"#;
const EXPORT: &str = "l'export et la réimportation";

#[test]
fn s_024_the_way_out_is_planned_and_rehearsed_from_the_first_day_and_its_export_waits() {
    let terms = waits(&[REVERSIBILITY], EXPORT);
    assert!(matches!(owed(&terms, "reversibility_plan"), DutyDue::Within { length: Length::Days(90), .. }));
    let first = Some(date(2026, 11, 18));
    let rehearsal = DutyDue::Every { period: Length::Months(12), first };
    assert_eq!(owed(&terms, "reversibility_rehearsal"), rehearsal);
    assert!(matches!(owed(&terms, "hand_over"), DutyDue::Within { length: Length::Months(3), .. }));
    refused(&[REVERSIBILITY], "plan_within = \"90 days\"", "plan_within = \"90 jours\"", "E-LENGTH-SHAPE");
    // A plan that is late is late, whatever else waits.
    let late = read(&terms, contract::kind("reversibility").unwrap(), "reversibilite", Vec::new()).unwrap();
    assert_eq!(late.standing, Standing::Missed);
}

#[test]
fn s_080_back_in_house_is_a_target_and_its_export_waits() {
    let terms = waits(&[REVERSIBILITY], EXPORT);
    assert!(statement(&terms, "reversibilite").get("targets").unwrap().split(", ").any(|t| t == "in_house"));
    refused(&[REVERSIBILITY], "\"in_house\"", "\"interne\"", "E-FIELD-CHOICE");
    let without = REVERSIBILITY.replace("\"in_house\", ", "");
    assert!(remarked(&[&without], "W-REVERSIBILITY-TARGET"));
}

#[test]
fn s_081_another_provider_is_a_target_and_its_export_waits() {
    let terms = waits(&[REVERSIBILITY], EXPORT);
    let targets = statement(&terms, "reversibilite").get("targets").unwrap().to_owned();
    assert!(targets.split(", ").any(|t| t == "other_provider"), "{targets}");
    refused(&[REVERSIBILITY], "\"other_provider\"", "\"autre\"", "E-FIELD-CHOICE");
    let without = REVERSIBILITY.replace(", \"other_provider\"", "");
    assert!(remarked(&[&without], "W-REVERSIBILITY-TARGET"));
}

#[test]
fn s_193_both_ways_out_are_named_and_wait() {
    let terms = waits(&[REVERSIBILITY], EXPORT);
    assert_eq!(statement(&terms, "reversibilite").get("targets"), Some("in_house, other_provider"));
    refused(&[REVERSIBILITY], "[\"in_house\", \"other_provider\"]", "\"in_house\"", "E-FIELD-TYPE");
    assert!(!remarked(&[REVERSIBILITY], "W-REVERSIBILITY-TARGET"));
}

#[test]
fn s_194_what_is_handed_over_is_to_be_proved_and_waits() {
    let terms = waits(&[REVERSIBILITY], EXPORT);
    let said = statement(&terms, "reversibilite");
    assert_eq!(said.get("proved_by"), Some("counts, hashes, reimport"));
    assert_eq!(said.get("formats"), Some("JSON, CSV"));
    refused(&[REVERSIBILITY], "\"hashes\"", "\"empreintes\"", "E-FIELD-CHOICE");
}
