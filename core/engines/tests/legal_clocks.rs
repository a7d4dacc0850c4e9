//! The legal clocks of the oracle: each case is a test that bears its id.

use std::collections::BTreeSet;

use engines::legal::{self, IncidentTimes, LegalDuty, Reporter};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

const ORACLE: &str = include_str!("oracle/legal_clock_cases.json");

fn check(id: &str, duty: LegalDuty) {
    let file: Value = serde_json::from_str(ORACLE).unwrap();
    let case = file["cases"].as_array().unwrap().iter().find(|c| c["id"] == id).unwrap();
    let inputs = &case["inputs"];
    let at = |key: &str| inputs[key].as_str().map(|t| t.parse::<Timestamp>().unwrap());
    let times = IncidentTimes {
        aware: at("aware"),
        classified: at("classified"),
        notified: at("notified"),
        initial_sent: at("initial_sent"),
        intermediate_sent: at("intermediate_sent"),
        known: at("known"),
    };
    // The public holidays of France around the cases: 1 May and Whit Monday 2026, Christmas.
    let holidays: BTreeSet<_> =
        ["2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25", "2026-12-25", "2027-01-01"]
            .into_iter()
            .map(|d| d.parse().unwrap())
            .collect();
    let reporter = Reporter {
        zone: TimeZone::get("Europe/Paris").unwrap(),
        holidays: &holidays,
        without_relief: inputs["essential_or_important"].as_bool().unwrap_or(false),
        breach_notice: None,
    };
    let clock = legal::clock(duty, &times, &reporter).expect("its start is given");
    let expected = |key: &str| case[key].as_str().unwrap().parse::<Timestamp>().unwrap();
    assert_eq!(clock.value.due, expected("expected_due"), "{id}: due");
    assert_eq!(clock.value.allowed, expected("expected_allowed"), "{id}: allowed");
    assert_eq!(clock.reasons.len(), if clock.value.due == clock.value.allowed { 1 } else { 2 });
}

macro_rules! cases {
    ($($name:ident = $id:literal, $duty:ident;)*) => {
        $(#[test] fn $name() { check($id, LegalDuty::$duty); })*

        #[test]
        fn no_case_of_the_oracle_is_left_out() {
            let file: Value = serde_json::from_str(ORACLE).unwrap();
            let ids: Vec<&str> = file["cases"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
            assert_eq!(ids, [$($id),*]);
        }
    };
}

cases! {
    lc_01_gdpr_over_whit_monday = "LC-01", GdprAuthority;
    lc_02_gdpr_over_the_spring_change = "LC-02", GdprAuthority;
    lc_03_nis2_early_warning_over_the_autumn_change = "LC-03", Nis2EarlyWarning;
    lc_04_nis2_notification = "LC-04", Nis2Notification;
    lc_05_nis2_final_report_after_31_january = "LC-05", Nis2FinalReport;
    lc_06_dora_initial_on_a_saturday = "LC-06", DoraInitial;
    lc_07_dora_initial_without_relief = "LC-07", DoraInitial;
    lc_08_dora_initial_classified_late = "LC-08", DoraInitial;
    lc_09_dora_intermediate_over_1_may = "LC-09", DoraIntermediate;
    lc_10_dora_final = "LC-10", DoraFinal;
    lc_11_insurance_complaint = "LC-11", InsuranceComplaint;
}

#[test]
fn clocks_run_in_parallel_and_wait_for_their_start() {
    let holidays = BTreeSet::new();
    let reporter = Reporter {
        zone: TimeZone::get("Europe/Paris").unwrap(),
        holidays: &holidays,
        without_relief: false,
        breach_notice: Some(SignedDuration::from_hours(2)),
    };
    let aware: Timestamp = "2026-11-03T09:00:00Z".parse().unwrap();
    let times = IncidentTimes { aware: Some(aware), ..IncidentTimes::default() };
    let running: Vec<LegalDuty> = legal::clocks(&times, &reporter).iter().map(|c| c.value.duty).collect();
    assert_eq!(
        running,
        [
            LegalDuty::GdprAuthority,
            LegalDuty::GdprController,
            LegalDuty::Nis2EarlyWarning,
            LegalDuty::Nis2Notification
        ]
    );
    let controller = legal::clock(LegalDuty::GdprController, &times, &reporter).unwrap().value;
    assert_eq!(controller.due.to_string(), "2026-11-03T11:00:00Z");
    assert!(
        !controller.is_late(controller.due) && controller.is_late("2026-11-03T11:00:01Z".parse().unwrap())
    );
}
