//! Works, licences, and the evidence of an event.

use super::*;

const WORK: &str = r#"
kind = "software_ownership"
label = "scripts"
then.of = "les scripts"
then.nature = "deliverable"
then.mode = "assigned"
then.rights = ["reproduction", "adaptation"]
then.extent = "le groupe du Client"
then.purpose = "usage interne"
then.territory = "monde entier"
then.lasts = "legal"
then.exclusive = true
then.provider_reuse = true
then.sources = true
then.escrow = false
"#;

fn ownership(terms: &Terms) -> &Ownership {
    match &terms.boundaries[0].then {
        Boundary::Ownership(ownership) => ownership,
        other => panic!("{other:?}"),
    }
}

#[test]
fn s_189_a_work_assigned_is_handed_over_with_its_sources_and_waits() {
    let terms = waits(&[WORK], "le registre des droits");
    let said = ownership(&terms);
    assert!(said.mode == OwnershipMode::Assigned && said.sources && !said.escrow);
    refused(&[WORK], "mode = \"assigned\"", "mode = \"cédé\"", "E-FIELD-CHOICE");
    refused(&[WORK], "sources = true", "sources = \"oui\"", "E-FIELD-TYPE");
}

#[test]
fn s_190_a_licence_for_a_time_has_its_end_and_its_alert_and_waits() {
    let licensed = WORK
        .replace("\"assigned\"", "\"licensed\"")
        .replace("then.provider_reuse = true\n", "then.ends = 2028-06-30\nthen.alert_before = \"90 days\"\n");
    let terms = waits(&[&licensed], "le registre des droits");
    assert_eq!(
        (ownership(&terms).mode, ownership(&terms).ends),
        (OwnershipMode::Licensed, Some(date(2028, 6, 30)))
    );
    let duty = &terms.duties[0].then;
    assert_eq!(duty.due, DutyDue::Renew { expires: date(2028, 6, 30) });
    assert_eq!(duty.alert_before, Some(Length::Days(90)));
    let kind = contract::kind("software_ownership").unwrap();
    assert!(
        (kind.read_back)("scripts", &terms).unwrap().fr.contains("ne fait pas partie de ce qui est remis")
    );
    refused(&[&licensed], "ends = 2028-06-30", "ends = \"juin 2028\"", "E-FIELD-TYPE");
    assert!(remarked(&[&licensed.replace("then.ends = 2028-06-30\n", "")], "E-OWNERSHIP-ALERT"));
}

const DISPUTES: &str = r#"
kind = "law_and_disputes"
label = "differends"
then.law = "FR"
then.court = "Tribunal de commerce de Toulouse"
then.steps = [{ before = "le comité de direction", within = "15 working_days" }]
then.evidence_within = "5 working_days"
"#;

#[test]
fn s_276_the_evidence_of_an_event_is_owed_on_request_and_its_making_waits() {
    let terms = waits(&[DISPUTES], "la production des preuves");
    assert!(matches!(owed(&terms, "evidence_pack"), DutyDue::Within { length: Length::WorkingDays(5), .. }));
    refused(
        &[DISPUTES],
        "evidence_within = \"5 working_days\"",
        "evidence_within = \"5 jours\"",
        "E-LENGTH-SHAPE",
    );
}
