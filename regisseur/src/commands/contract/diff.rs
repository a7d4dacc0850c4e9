//! `regisseur contract diff`: what differs between two versions, in text, in meaning and in money.

use base::Lang;
use contract::Compiled;
use contract::diff::{self, Diff, Money};
use jiff::civil::Date;
use serde_json::json;

use super::compiled;
use crate::cli;
use crate::commands::inspect;
use crate::output::{Failure, Report};

/// Compares two texts; with a month, closes it under each.
pub fn run(asked: &cli::Diff) -> Result<Report, Failure> {
    let lang: Lang = asked.shown.lang.into();
    let before = compiled(&asked.before, asked.base.as_deref(), lang)?;
    let after = compiled(&asked.after, asked.base.as_deref(), lang)?;
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
