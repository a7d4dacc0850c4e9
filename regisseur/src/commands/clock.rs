//! `regisseur clock eval FILE`: due and elapsed, or availability, for cases in the oracle's formats.

use std::path::Path;

use engines::availability::exchange::{self as availability, AvailabilityAnswer};
use engines::calendar::exchange::{self, ClockAnswer, ExchangeError};
use serde::Serialize;

/// Why a file of cases was not evaluated; shown after the file's name.
#[derive(Debug, thiserror::Error)]
pub enum ClockEvalError {
    #[error("{file}: cannot be read: {why}")]
    Unreadable { file: String, why: std::io::Error },
    #[error("{file}: {why}")]
    Case { file: String, why: ExchangeError },
}

/// The answers to a file, in its order.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Answers {
    Clocks(Vec<ClockAnswer>),
    Availability(Vec<AvailabilityAnswer>),
}

/// For clocks, a JSON array of `{"id", "due", "elapsed": [{"instant", "elapsed_seconds"}]}`, `cases`
/// before `business_day_cases`. Instants are in UTC; `due` is null when it is never reached within ten
/// years of the start.
///
/// For a file whose `schema` speaks of availability, a JSON array of `{"id", "agreed_seconds",
/// "downtime_seconds", "percent_6dp", "met"}`, and `differs` where the file expects otherwise.
///
/// The first case that cannot be read stops it.
pub fn eval(path: &Path) -> Result<String, ClockEvalError> {
    let file = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(why) => return Err(ClockEvalError::Unreadable { file, why }),
    };
    match answers(&text) {
        Ok(answers) => Ok(serde_json::to_string_pretty(&answers).expect("answers are plain data")),
        Err(why) => Err(ClockEvalError::Case { file, why }),
    }
}

fn answers(json: &str) -> Result<Answers, ExchangeError> {
    if availability::is_availability(json) {
        let cases = availability::cases(json)?;
        let answers: Result<_, _> = cases.iter().map(availability::AvailabilityCase::answer).collect();
        return answers.map(Answers::Availability);
    }
    let answers: Result<_, _> = exchange::cases(json)?.iter().map(exchange::ClockCase::answer).collect();
    answers.map(Answers::Clocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_in_an_answer_out() {
        let case = |due: &str| {
            format!(
                r#"{{"business_day_cases":[{{"id":"B","calendar":{{"tz":"Europe/Paris","week":{{"tue":[["09:00","18:00"]]}}}},
                "start":"2026-03-02T10:00:00+01:00","target_business_days":{due},
                "expected_elapsed":[{{"instant":"2026-03-03T08:00:01.5Z"}}]}}]}}"#
            )
        };
        let shown = |json: &str| serde_json::to_string(&answers(json).unwrap()).unwrap();
        assert_eq!(
            shown(&case("1")),
            r#"[{"id":"B","due":"2026-03-03T17:00:00Z","elapsed":[{"instant":"2026-03-03T08:00:01.5Z","elapsed_seconds":1}]}]"#
        );
        assert!(shown(&case("600")).contains(r#""due":null"#));
        assert!(
            answers(&case("-1")).unwrap_err().to_string().starts_with("case B, field target_business_days")
        );
    }

    #[test]
    fn a_file_of_availability_cases_is_told_by_its_schema() {
        let oracle = include_str!("../../../core/engines/tests/oracle/availability_cases.json");
        let Answers::Availability(all) = answers(oracle).unwrap() else { panic!("availability") };
        assert_eq!(all.len(), 15);
        assert!(all.iter().all(|a| a.differs.is_empty()), "{all:#?}");
        assert_eq!(
            serde_json::to_string(&all[1]).unwrap(),
            r#"{"id":"AV-02","agreed_seconds":2674800,"downtime_seconds":2676,"percent_6dp":"99.899955","met":false}"#
        );
    }
}
