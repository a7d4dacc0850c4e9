//! `regisseur contract diff`: what differs between two versions, in text, in meaning and in money.

use std::path::Path;

use base::Lang;
use contract::diff::{self, Diff, Money};
use contract::{Compiled, Diagnostic};
use jiff::civil::Date;
use serde_json::json;

use super::Request;
use super::load::load;
use crate::cli;
use crate::commands::inspect;
use crate::output::{Failure, Report};
use contract::diagnostic::{Style, render_all};

/// Compares two texts; with a month, closes it under each.
pub fn run(asked: &cli::Diff) -> Result<Report, Failure> {
    let lang: Lang = asked.shown.lang.into();
    let before = valid(&asked.before, asked.base.as_deref(), lang)?;
    let after = valid(&asked.after, asked.base.as_deref(), lang)?;
    let found = diff::compare(&before, &after);
    let money = money(asked, &before, &after)?;
    let same = found.is_empty() && money.as_ref().is_none_or(Money::is_empty);
    // A difference is an answer, not a failure: programs ask for it by `--exit-code`, as of git.
    let code = u8::from(asked.exit_code && !same);
    if asked.shown.json {
        let mut value = json!({ "text": found.text, "meaning": found.meaning });
        if let Some(money) = &money {
            value["money"] = json!(money);
        }
        return Ok(Report::json(&value, code));
    }
    Ok(Report { text: as_text(&found, money.as_ref(), lang), code, aside: false })
}

fn as_text(found: &Diff, money: Option<&Money>, lang: Lang) -> String {
    let mut text = diff::render(found, lang);
    if let Some(money) = money {
        text += "\n";
        text += &diff::render_money(money, lang);
    }
    text
}

/// A text whose rules compile. Worked examples may fail: a draft is compared before they are rewritten.
fn valid(file: &Path, base: Option<&Path>, lang: Lang) -> Result<Compiled, Failure> {
    let compiled = load(&Request { file, base, lang, colours: false })
        .map_err(|message| Failure::new("contract", message.clone(), message))?;
    let blocks = |d: &&Diagnostic| d.is_error() && !d.code.starts_with("E-EXAMPLE-");
    let errors: Vec<_> = compiled.diagnostics.iter().filter(blocks).cloned().collect();
    if errors.is_empty() {
        return Ok(compiled);
    }
    let text = |lang| render_all(&compiled.files, &errors, lang, Style { colours: false });
    Err(Failure::new("contract", text(Lang::Fr), text(Lang::En)))
}

fn money(asked: &cli::Diff, before: &Compiled, after: &Compiled) -> Result<Option<Money>, Failure> {
    let (Some(month), Some(data), Some(customer)) = (&asked.month, &asked.data, &asked.customer) else {
        return Ok(None);
    };
    let first: Date = format!("{month}-01").parse().map_err(|_| {
        Failure::new(
            "month",
            format!("« {month} » n'est pas un mois : écrivez 2026-08"),
            format!("“{month}” is not a month: write 2026-08"),
        )
    })?;
    let app = inspect(data)?;
    let number = asked.contract.as_deref().unwrap_or(&before.terms.contract);
    Ok(Some(app.compare_month(customer, Some(number), before, after, first)?))
}
