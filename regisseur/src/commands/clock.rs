//! `regisseur clock eval FILE`: due and elapsed for cases in the oracle's format.

use std::path::Path;

use engines::calendar::exchange::{self, ClockAnswer, ExchangeError};

/// Why a file of cases was not evaluated; shown after the file's name.
#[derive(Debug, thiserror::Error)]
pub enum ClockEvalError {
    #[error("{file}: cannot be read: {why}")]
    Unreadable { file: String, why: std::io::Error },
    #[error("{file}: {why}")]
    Case { file: String, why: ExchangeError },
}

/// A JSON array of `{"id", "due", "elapsed": [{"instant", "elapsed_seconds"}]}`, in the order of the
/// file, `cases` before `business_day_cases`. Instants are in UTC; `due` is null when it is never
/// reached within ten years of the start. The first case that cannot be read stops it.
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

fn answers(json: &str) -> Result<Vec<ClockAnswer>, ExchangeError> {
    exchange::cases(json)?.iter().map(exchange::ClockCase::answer).collect()
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
}
