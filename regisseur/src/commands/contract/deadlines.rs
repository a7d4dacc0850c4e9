//! `regisseur contract deadlines`: the days that nobody must miss, from a day on.

use base::{Because, Lang};
use engines::lifecycle::{self, Deadline};
use serde_json::json;

use super::{compiled, day};
use crate::cli;
use crate::output::{Failure, Report};

/// By date: phases, last days for notice, renewals, rights that open.
pub fn run(asked: &cli::Deadlines) -> Result<Report, Failure> {
    let text = &asked.text;
    let lang: Lang = text.shown.lang.into();
    let compiled = compiled(&text.file, text.base.as_deref(), lang)?;
    let on = day(asked.on, &compiled.terms);
    let found = lifecycle::deadlines(&compiled.terms, on, None);
    if text.shown.json {
        return Ok(Report::json(&json!({ "on": on, "deadlines": found }), 0));
    }
    Ok(Report::ok(as_text(&found, lang)))
}

fn as_text(found: &[Because<Deadline>], lang: Lang) -> String {
    if found.is_empty() {
        return lang.t("aucune échéance à venir\n", "no deadline ahead\n").to_owned();
    }
    let mut out = String::new();
    for deadline in found {
        let (value, nbsp) = (&deadline.value, lang.t("\u{a0}", ""));
        out += &format!("{}  {}{nbsp}: {}\n", value.on, value.label, value.title.get(lang));
        for reason in &deadline.reasons {
            out += &format!("            {}\n", reason.text.get(lang));
        }
    }
    out
}
