//! What a command leaves behind: text on one of two streams, and an exit code.
//!
//! 0: done. 1: refused or failed. 2: wrong usage, which clap says itself.

use std::io::{self, Write};
use std::process::ExitCode;

use app::AppError;
use base::{Bilingual, Lang};
use serde_json::json;

/// A command that could not do what it was asked.
#[derive(Debug)]
pub struct Failure {
    /// Stable, for programs: `data`, `listen`, `not_found`.
    pub code: String,
    pub text: Bilingual,
}

impl Failure {
    pub fn new(code: &str, fr: impl Into<String>, en: impl Into<String>) -> Failure {
        Failure { code: code.to_owned(), text: Bilingual::new(fr, en) }
    }

    /// What the machine said, in its own words.
    pub fn io(code: &str, what: &str, source: &io::Error) -> Failure {
        Failure::new(code, format!("{what} : {source}"), format!("{what}: {source}"))
    }
}

impl From<AppError> for Failure {
    fn from(e: AppError) -> Failure {
        match e {
            AppError::NotFound => Failure::new("not_found", "introuvable", "there is no such thing"),
            AppError::Refused(refusal) => {
                let mut text = refusal.text;
                for reason in &refusal.reasons {
                    text.fr += &format!("\n  {}", reason.text.fr);
                    text.en += &format!("\n  {}", reason.text.en);
                }
                Failure { code: refusal.code, text }
            }
            AppError::Invalid(invalid) => {
                let (fr, en) = (&invalid.text.fr, &invalid.text.en);
                let (fr, en) = (format!("{} : {fr}", invalid.field), format!("{}: {en}", invalid.field));
                Failure { code: invalid.field, text: Bilingual::new(fr, en) }
            }
            AppError::DoesNotCompile { fr, en } => Failure::new("contract", fr, en),
            other => {
                let text = other.to_string();
                Failure::new("fault", text.clone(), text)
            }
        }
    }
}

/// What a command prints once it is done.
#[derive(Debug, Default)]
pub struct Report {
    pub text: String,
    /// 0, or 1 for an answer that is a refusal: a contract with errors, a journal altered.
    pub code: u8,
    /// Printed on standard error, so that standard output holds results only.
    pub aside: bool,
}

impl Report {
    pub fn ok(text: impl Into<String>) -> Report {
        Report { text: text.into(), ..Report::default() }
    }

    /// One JSON document, whatever the code.
    pub fn json(value: &serde_json::Value, code: u8) -> Report {
        Report { text: format!("{value:#}\n"), code, aside: false }
    }
}

/// Prints, and says with which code to leave.
pub fn finish(done: Result<Report, Failure>, lang: Lang, as_json: bool) -> ExitCode {
    let report = match done {
        Ok(report) => report,
        Err(failure) if as_json => {
            Report::json(&json!({ "code": failure.code, "message": failure.text.get(lang) }), 1)
        }
        Err(failure) => Report { text: format!("{}\n", failure.text.get(lang)), code: 1, aside: true },
    };
    if report.aside {
        to_err(&report.text)
    } else {
        to_out(&report.text)
    };
    ExitCode::from(report.code)
}

/// Standard output. A reader that left (`| head`) is not our failure.
pub fn to_out(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Standard error, with the same indulgence.
pub fn to_err(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_keeps_its_code_and_a_fault_its_reference_only() {
        let refused = Failure::from(AppError::refused(app::Refusal::new("month.order", "non", "no")));
        assert_eq!((refused.code.as_str(), refused.text.get(Lang::En)), ("month.order", "no"));
        let invalid = Failure::from(AppError::invalid("slug", "pris", "taken"));
        assert_eq!((invalid.code.as_str(), invalid.text.get(Lang::Fr)), ("slug", "slug : pris"));
        let fault = Failure::from(AppError::Fault { reference: "abc".into() });
        assert_eq!(fault.text.get(Lang::Fr), "internal error, reference abc");
    }
}
