//! The oracle: every clock worked by hand must come out of the engine.

use engines::calendar::exchange;
use jiff::Timestamp;
use serde_json::Value;

const ORACLE: &str = include_str!("oracle/sla_cases.json");

#[test]
fn every_case_of_the_oracle() {
    let file: Value = serde_json::from_str(ORACLE).unwrap();
    let expected: Vec<&Value> =
        ["cases", "business_day_cases"].iter().flat_map(|list| file[*list].as_array().unwrap()).collect();
    let cases = exchange::cases(ORACLE).unwrap();
    assert_eq!((expected.len(), cases.len()), (70, 70), "63 clocks and 7 working-day targets");

    let mut wrong = Vec::new();
    let mut instants = 0;
    for (case, expected) in cases.iter().zip(expected) {
        assert_eq!(case.id, expected["id"].as_str().unwrap());
        let answer = case.answer().unwrap();
        let due: Option<Timestamp> = expected["expected_due"].as_str().map(|t| t.parse().unwrap());
        if answer.due != due {
            wrong.push(format!("{}: due {:?}, expected {due:?}", case.id, answer.due));
        }
        let elapsed = expected["expected_elapsed"].as_array().cloned().unwrap_or_default();
        assert_eq!(answer.elapsed.len(), elapsed.len(), "{}", case.id);
        for (got, want) in answer.elapsed.iter().zip(&elapsed) {
            instants += 1;
            if got.elapsed_seconds != want["elapsed_seconds"].as_i64().unwrap() {
                wrong.push(format!("{}: {got:?}, expected {want}", case.id));
            }
        }
    }
    assert!(instants >= 60, "the oracle asks for elapsed times");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_cannot_be_read_names_the_case_and_the_field() {
    let with = |calendar: &str, rest: &str| {
        format!(r#"{{"cases":[{{"id":"X-1","calendar":{calendar},"start":"2026-03-02T08:00:00Z"{rest}}}]}}"#)
    };
    let good = r#"{"tz":"Europe/Paris","week":{"mon":[["09:00","24:00"]]}}"#;
    assert!(exchange::cases(&with(good, r#","target_minutes":60,"pauses":[],"more":1"#)).is_ok());
    for (json, said) in [
        ("[".to_owned(), "not JSON"),
        ("[]".to_owned(), "no cases"),
        (r#"{"cases":{}}"#.to_owned(), "field cases: expected a list"),
        (with(good, ""), "case X-1, field target_minutes: missing"),
        (with(good, r#","target_minutes":0.001"#), "field target_minutes: 0.001"),
        (
            with(r#"{"tz":"Paris"}"#, r#","target_minutes":1"#),
            "case X-1, field calendar.tz: unknown time zone",
        ),
        (with(r#"{"op":"union","of":[]}"#, ""), "field calendar.of: needs at least one"),
        (with(r#"{"op":"xor","of":[]}"#, ""), "field calendar.op: \"xor\""),
        (
            with(r#"{"tz":"UTC","week":{"mon":[["18:00","09:00"]]}}"#, ""),
            "case X-1, field calendar.week.mon[0]: [\"18:00\", \"09:00\"]",
        ),
        (with(r#"{"tz":"UTC","week":{"lundi":[]}}"#, ""), "field calendar.week.lundi: not a day"),
        (with(r#"{"tz":"UTC","holidays":["2026-02-30"]}"#, ""), "field calendar.holidays[0]"),
        (with(r#"{"tz":"UTC","exceptions":{"noel":[]}}"#, ""), "field calendar.exceptions.noel"),
        (with(r#"{"tz":"UTC","holidays":["2026-02-20T10:00:00"]}"#, ""), "field calendar.holidays[0]"),
        (
            with(
                r#"{"op":"versions","of":[{"from_local":"2026-03-02T08:00:00+05:00","calendar":{"tz":"UTC"}}]}"#,
                "",
            ),
            "field calendar.of[0].from_local",
        ),
        (r#"{"cases":[5]}"#.to_owned(), "field cases[0]: expected an object, found a number"),
        (r#"{"cases":[{"id":"X-1"}]}"#.to_owned(), "case X-1, field calendar: missing"),
        (
            with(
                good,
                r#","target_minutes":1,"pauses":[{"from":"2026-03-02T08:00:00Z","to":"2026-03-01T08:00:00Z"}]"#,
            ),
            "field pauses[0].to: the pause ends before it begins",
        ),
    ] {
        let error = exchange::cases(&json).expect_err(&json).to_string();
        assert!(error.contains(said), "{error:?} should say {said:?}");
    }
}

#[test]
fn a_working_day_that_closes_beyond_ten_years_is_never() {
    let case = |close: &str| {
        format!(
            r#"{{"business_day_cases":[{{"id":"D","calendar":{{"tz":"UTC","exceptions":{{"2036-03-02":[["00:00","{close}"]]}}}},
            "start":"2026-03-02T08:00:00Z","target_business_days":1}}]}}"#
        )
    };
    let due = |close: &str| exchange::cases(&case(close)).unwrap()[0].answer().unwrap().due;
    assert_eq!(due("08:00").map(|d| d.to_string()).as_deref(), Some("2036-03-02T08:00:00Z"));
    assert_eq!(due("08:01"), None);
}

#[test]
fn a_byte_order_mark_is_not_an_error() {
    assert!(exchange::cases("\u{feff}{\"cases\":[]}").unwrap().is_empty());
}
