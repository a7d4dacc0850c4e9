//! `regisseur journal verify`: re-derives the journals and names the first wrong entry.

use std::fmt::Write;
use std::path::Path;

use app::proof::Verification;
use base::Lang;
use serde_json::{Value, json};

use super::inspect;
use crate::cli::Shown;
use crate::output::{Failure, Report};

pub fn verify(data: &Path, customer: Option<&str>, shown: Shown) -> Result<Report, Failure> {
    let app = inspect(data)?;
    let logs = app.verify_journals(customer).map_err(|e| match (e, customer) {
        (app::AppError::NotFound, Some(name)) => Failure::new(
            "customer",
            format!("pas de client « {name} » ; voyez regisseur customer list"),
            format!("no customer “{name}”; see regisseur customer list"),
        ),
        (other, _) => other.into(),
    })?;
    let code = u8::from(logs.iter().any(|l| !l.sound));
    let lang = shown.lang.into();
    if shown.json {
        return Ok(Report::json(&as_json(&logs, lang), code));
    }
    Ok(Report { text: as_text(&logs, lang), code, aside: false })
}

fn as_json(logs: &[Verification], lang: Lang) -> Value {
    let each: Vec<Value> = logs
        .iter()
        .map(|l| {
            json!({
                "log": l.log,
                "entries": l.entries,
                "checkpoints": l.checkpoints,
                "sound": l.sound,
                "first_wrong_entry": l.first_wrong_entry,
                "findings": l.findings.iter().map(|f| f.get(lang)).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "sound": logs.iter().all(|l| l.sound), "logs": each })
}

fn as_text(logs: &[Verification], lang: Lang) -> String {
    let mut text = String::new();
    for log in logs {
        let _ = writeln!(text, "{}", log.line(lang));
        for finding in &log.findings {
            let _ = writeln!(text, "  {}", finding.get(lang));
        }
    }
    text
}
