//! `regisseur customer list`: whose vaults a data folder holds.

use std::fmt::Write;
use std::path::Path;

use base::Lang;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::inspect;
use crate::cli::Shown;
use crate::output::{Failure, Report};

pub fn list(data: &Path, shown: Shown) -> Result<Report, Failure> {
    let customers = inspect(data)?.customers()?;
    if shown.json {
        let array: Vec<Value> = customers
            .iter()
            .map(|c| {
                let created = Timestamp::from_microsecond(c.created).ok().map(|t| t.to_string());
                json!({ "id": c.id.to_string(), "slug": c.slug, "name": c.name, "created": created })
            })
            .collect();
        return Ok(Report::json(&Value::Array(array), 0));
    }
    if customers.is_empty() {
        return Ok(Report::ok(Lang::from(shown.lang).t("Aucun client.\n", "No customer.\n")));
    }
    let width = customers.iter().map(|c| c.slug.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for c in &customers {
        let _ = writeln!(text, "{:width$}  {}  {}", c.slug, c.id, c.name);
    }
    Ok(Report::ok(text))
}

/// What to say when the customer that a command names is not there.
pub fn unknown(error: app::AppError, asked: Option<&str>) -> Failure {
    match (error, asked) {
        (app::AppError::NotFound, Some(name)) => Failure::new(
            "customer",
            format!("pas de client « {name} » ; voyez regisseur customer list"),
            format!("no customer “{name}”; see regisseur customer list"),
        ),
        (other, _) => other.into(),
    }
}
