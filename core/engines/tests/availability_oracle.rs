//! The oracle's availability cases, worked by hand, each a test that bears its id.

use engines::availability::exchange::{self, AvailabilityAnswer};
use serde_json::{Value, json};

const ORACLE: &str = include_str!("oracle/availability_cases.json");

fn check(id: &str) {
    let file: Value = serde_json::from_str(ORACLE).unwrap();
    let expected = file["cases"].as_array().unwrap().iter().find(|c| c["id"] == id).unwrap();
    let cases = exchange::cases(ORACLE).unwrap();
    let answer = cases.iter().find(|c| c.id == id).unwrap().answer().unwrap();
    assert_eq!(answer.agreed_seconds, expected["expected_agreed_seconds"], "{id}: agreed");
    assert_eq!(answer.downtime_seconds, expected["expected_downtime_seconds"], "{id}: downtime");
    assert_eq!(json!(answer.percent_6dp), expected["expected_percent_6dp"], "{id}: percent");
    assert_eq!(json!(answer.met), expected["expected_met"], "{id}: met");
    assert_eq!(answer.differs, Vec::<String>::new(), "{id}");
}

macro_rules! oracle {
    ($($name:ident $id:literal)*) => {
        $(#[test] fn $name() { check($id) })*

        #[test]
        fn no_case_of_the_oracle_is_left_out() {
            let ids: Vec<String> = exchange::cases(ORACLE).unwrap().into_iter().map(|c| c.id).collect();
            assert_eq!(ids, [$($id),*]);
        }
    };
}

oracle! {
    av_01_january_has_744_hours "AV-01"
    av_02_march_has_743_and_the_comparison_is_exact "AV-02"
    av_03_october_has_745 "AV-03"
    av_04_maintenance_leaves_both_sides "AV-04"
    av_05_only_open_minutes_count "AV-05"
    av_06_a_night_loses_nothing "AV-06"
    av_07_february_alone_breaches "AV-07"
    av_08_the_quarter_is_met "AV-08"
    av_09_overlapping_outages_count_once "AV-09"
    av_10_degraded_counts_half "AV-10"
    av_11_the_worse_weight_wins "AV-11"
    av_12_the_end_of_january "AV-12"
    av_13_the_beginning_of_february "AV-13"
    av_14_user_minutes "AV-14"
    av_15_the_repeated_hour_counts_twice "AV-15"
}

fn one(rest: &str) -> AvailabilityAnswer {
    let json = format!(
        r#"{{"schema":"regisseur-availability-oracle/1","cases":[{{"id":"X-1",
        "calendar":{{"tz":"UTC","week":{{"mon":[["00:00","24:00"]]}}}},"target_percent":"99.90",{rest}}}]}}"#
    );
    assert!(exchange::is_availability(&json));
    exchange::cases(&json).unwrap()[0].answer().unwrap()
}

/// 2026-03-02 is a Monday.
const MONDAY: &str = r#""period":["2026-03-02T00:00:00Z","2026-03-09T00:00:00Z"]"#;

#[test]
fn a_file_that_expects_otherwise_is_told_so() {
    let answer = one(&format!(
        r#"{MONDAY},"outages":[{{"from":"2026-03-02T08:00:00Z","to":"2026-03-02T08:00:01Z","weight":0.5}}],
        "expected_agreed_seconds":86400.0,"expected_downtime_seconds":1,"expected_met":false"#
    ));
    assert_eq!(answer.downtime_seconds, json!("0.500000"));
    assert_eq!(
        answer.differs,
        ["expected_downtime_seconds: 1, found \"0.500000\"", "expected_met: false, found true"]
    );
}

#[test]
fn a_period_without_agreed_time_has_no_figure() {
    let answer = one(
        r#""period":["2026-03-03T00:00:00Z","2026-03-04T00:00:00Z"],"outages":[{"from":"2026-03-03T08:00:00Z"}]"#,
    );
    assert_eq!((answer.percent_6dp, answer.met), (None, None));
}

#[test]
fn an_outage_that_nobody_ended_goes_on() {
    let answer = one(&format!(r#"{MONDAY},"outages":[{{"from":"2026-03-02T23:00:00Z","to":null}}]"#));
    assert_eq!(answer.downtime_seconds, json!(3600));
}

#[test]
fn what_cannot_be_read_names_the_case_and_the_field() {
    for (rest, said) in [
        ("\"period\":[\"2026-03-02T00:00:00Z\"]", "case X-1, field period: expected a pair"),
        (
            "\"period\":[\"2026-03-02T00:00:00Z\",\"2026-03-01T00:00:00Z\"]",
            "case X-1, field period[1]: it ends before it begins",
        ),
        (&format!("{MONDAY},\"users_total\":0"), "field users_total: 0 is not a whole number"),
        (
            &format!("{MONDAY},\"outages\":[{{\"from\":\"2026-03-02T08:00:00Z\",\"weight\":1.5}}]"),
            "field outages[0].weight: 1.5 is not a weight",
        ),
        (&format!("{MONDAY},\"outages\":[{{\"to\":\"x\"}}]"), "field outages[0].from: missing"),
    ] {
        let json =
            format!(r#"{{"cases":[{{"id":"X-1","calendar":{{"tz":"UTC"}},"target_percent":99.9,{rest}}}]}}"#);
        let error = exchange::cases(&json).expect_err(&json).to_string();
        assert!(error.contains(said), "{error:?} should say {said:?}");
    }
}
