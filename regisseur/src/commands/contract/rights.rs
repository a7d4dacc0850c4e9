//! `regisseur contract rights`: the rights to end the contract early, open or not, and why.

use base::{Because, Lang};
use engines::lifecycle::{self, LifeFacts, RightState};
use jiff::civil::Date;
use serde_json::json;

use super::{compiled, day};
use crate::cli;
use crate::commands::inspect;
use crate::output::{Failure, Report};

/// With a data folder, as what happened leaves them; without, as the text alone does.
pub fn run(asked: &cli::Rights) -> Result<Report, Failure> {
    let text = &asked.text;
    let lang: Lang = text.shown.lang.into();
    let compiled = compiled(&text.file, text.base.as_deref(), lang)?;
    let (on, found) = match (&asked.data, &asked.customer) {
        (Some(data), Some(customer)) => {
            let life = inspect(data)?.life_of(customer, Some(&compiled.terms.contract))?;
            (life.today, life.rights)
        }
        _ => {
            let on = day(asked.on, &compiled.terms);
            (on, lifecycle::rights(&compiled.terms, &LifeFacts::default(), on))
        }
    };
    let measured = asked.data.is_some();
    if text.shown.json {
        return Ok(Report::json(&json!({ "on": on, "measured": measured, "rights": found }), 0));
    }
    Ok(Report::ok(as_text(&found, on, measured, lang)))
}

fn as_text(found: &[Because<RightState>], on: Date, measured: bool, lang: Lang) -> String {
    let day = base::lang::date(lang, on);
    let mut out = if measured {
        lang.t(
            format!("Au {day}, d'après ce qui est enregistré\u{a0}:\n"),
            format!("On {day}, from what is recorded:\n"),
        )
    } else {
        lang.t(
            format!("Au {day}, d'après le texte seul (rien de mesuré ni de déclaré)\u{a0}:\n"),
            format!("On {day}, from the text alone (nothing measured or told):\n"),
        )
    };
    if found.is_empty() {
        out += lang.t("  aucun droit de sortie anticipée\n", "  no right to end early\n");
    }
    for right in found {
        out += &format!("  [{}]\n", right.value.label);
        for reason in &right.reasons {
            out += &format!("    {}\n", reason.text.get(lang));
        }
    }
    out
}
