//! Remote sessions, and what is distributed.

use super::*;

const SESSION: &str = r#"
kind = "remote_access"
label = "prise-en-main"
when = { item = ["srv-rh"] }
then.act = "maintenance"
then.calendar = "24x7"
then.ticket = true
then.diagnosis = true
then.approvals = 2
then.user_consent = true
then.longest = "4 h"
then.recorded = true
then.transfer_out = "denied"
then.transfer_in = "approved"
"#;
pub(super) const GATEWAY: &str = "la passerelle d'accès";

fn grant(clause: &str) -> Grant {
    waits(&[clause], GATEWAY).grants[0].then.clone()
}

#[test]
fn s_130_the_user_consents_and_the_session_is_recorded_and_waits() {
    let grant = grant(SESSION);
    assert!(grant.user_consent && grant.recorded);
    assert!(remarked(&[&SESSION.replace("recorded = true", "recorded = false")], "W-ACCESS-RECORDED"));
    refused(&[SESSION], "user_consent = true", "user_consent = \"oui\"", "E-FIELD-TYPE");
}

#[test]
fn s_185_a_sensitive_item_asks_for_two_approvals_and_lets_no_file_out_and_waits() {
    let terms = waits(&[SESSION], GATEWAY);
    let rule = &terms.grants[0];
    assert_eq!(rule.when.values[&terms::Dimension::Item].iter().collect::<Vec<_>>(), ["srv-rh"]);
    let then = &rule.then;
    assert_eq!(
        (then.approvals, then.transfer_out, then.transfer_in),
        (2, Transfer::Denied, Transfer::Approved)
    );
    refused(&[SESSION], "transfer_out = \"denied\"", "transfer_out = \"refusée\"", "E-FIELD-CHOICE");
    refused(&[SESSION], "approvals = 2", "approvals = -2", "E-FIELD-RANGE");
}

#[test]
fn s_186_a_session_stands_on_a_ticket_for_a_time_and_waits() {
    let grant = grant(SESSION);
    assert!(grant.ticket);
    assert_eq!(grant.longest, Length::Seconds(4 * 3600));
    refused(&[SESSION], "longest = \"4 h\"", "longest = \"4 jours\"", "E-LENGTH-SHAPE");
    refused(&[SESSION], "ticket = true", "ticket = 1", "E-FIELD-TYPE");
}

#[test]
fn s_243_remote_diagnosis_is_an_act_of_its_own_that_moves_no_file_and_waits() {
    let diagnosis = SESSION
        .replace("\"maintenance\"", "\"diagnosis\"")
        .replace("then.diagnosis = true\n", "")
        .replace("\"approved\"", "\"denied\"");
    let grant = grant(&diagnosis);
    assert_eq!(grant.act, AccessAct::Diagnosis);
    assert_eq!((grant.transfer_out, grant.transfer_in), (Transfer::Denied, Transfer::Denied));
    refused(&[&diagnosis], "act = \"diagnosis\"", "act = \"diagnostic\"", "E-FIELD-CHOICE");
}

#[test]
fn s_244_remote_maintenance_asks_for_a_diagnosis_on_the_ticket_and_waits() {
    let grant = grant(SESSION);
    assert!(grant.act == AccessAct::Maintenance && grant.diagnosis && grant.ticket);
    assert!(remarked(&[&SESSION.replace("diagnosis = true", "diagnosis = false")], "W-ACCESS-DIAGNOSIS"));
    refused(&[SESSION], "diagnosis = true", "diagnosis = \"oui\"", "E-FIELD-TYPE");
}

pub(super) const DISTRIBUTION: &str = r#"
kind = "remote_access"
label = "teledistribution"
then.act = "distribution"
then.calendar = "24x7"
then.ticket = true
then.approvals = 1
then.longest = "4 h"
then.recorded = true
then.rings = [
  { name = "essai", machines = 3, watch = "48 h" },
  { name = "ensemble" },
]
then.rollback = true
"#;

#[test]
fn s_245_a_distribution_goes_by_rings_with_a_way_back_and_waits() {
    let grant = grant(DISTRIBUTION);
    assert!(grant.act == AccessAct::Distribution && grant.rollback);
    let rings: Vec<_> = grant.rings.iter().map(|r| (r.name.as_str(), r.machines, r.watch)).collect();
    assert_eq!(rings, [("essai", Some(3), Some(Length::Seconds(48 * 3600))), ("ensemble", None, None)]);
    refused(&[DISTRIBUTION], "watch = \"48 h\"", "watch = \"2 j\"", "E-LENGTH-SHAPE");
    refused(&[DISTRIBUTION], "rollback = true", "rollback = \"oui\"", "E-FIELD-TYPE");
}
