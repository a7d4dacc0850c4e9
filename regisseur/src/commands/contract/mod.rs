//! `regisseur contract …`: the contract compiler at a terminal, one module per verb.
//!
//! Each verb gives the text for standard output and the exit code: 0 valid, 1 refused or unreadable.

mod check;
mod deadlines;
mod diff;
mod explain;
mod fmt;
mod load;
mod read_back;
mod render;
mod rights;
mod schema;
mod show;
mod tender;

use std::io::IsTerminal;
use std::path::Path;

use base::Lang;
use contract::Compiled;
use contract::diagnostic::{Style, render_all};
use serde_json::json;

use crate::cli::{self, Contract, Shown};
use crate::output::{Failure, Report};

/// What a command prints, and its exit code.
pub type Output = (String, u8);

/// What is asked of the compiler.
pub struct Request<'a> {
    pub file: &'a Path,
    /// The contract that an amendment amends; found beside the amendment when not given.
    pub base: Option<&'a Path>,
    pub lang: Lang,
    /// Colours, for a terminal.
    pub colours: bool,
}

/// Does what `regisseur contract …` asks.
pub fn run(asked: &cli::Contract) -> Result<Report, Failure> {
    Ok(match asked {
        Contract::Check(asked) => {
            let text = &asked.text;
            let request = request(&text.file, text.base.as_deref(), text.shown);
            let before = check::Before {
                signature: asked.gate == Some(cli::Gate::Signature),
                preparation: asked.preparation.as_deref(),
                subcontracts: &asked.subcontract,
            };
            report(check::check(&request, &before, text.shown.json), text.shown.json)
        }
        Contract::ReadBack(text) => {
            let request = request(&text.file, text.base.as_deref(), text.shown);
            told(read_back::read_back(&request), text.shown)
        }
        Contract::Explain(explain) => {
            let request = request(&explain.file, explain.base.as_deref(), explain.shown);
            told(explain::explain(&request, explain.label.as_deref()), explain.shown)
        }
        Contract::Show(asked) => {
            let text = &asked.text;
            let request = request(&text.file, text.base.as_deref(), text.shown);
            told(show::show(&request, asked.subject.into()), text.shown)
        }
        Contract::Fmt(asked) => {
            let lang = asked.shown.lang.into();
            // The list of files is the result, whatever the code.
            let (text, code) = fmt::fmt(&asked.files, asked.check, lang, asked.shown.json);
            Report { text, code, aside: false }
        }
        Contract::Diff(asked) => diff::run(asked)?,
        Contract::Deadlines(asked) => deadlines::run(asked)?,
        Contract::Rights(asked) => rights::run(asked)?,
        Contract::Tender(asked) => tender::run(asked)?,
        Contract::Render(asked) => {
            let text = &asked.text;
            let request = request(&text.file, text.base.as_deref(), text.shown);
            report(render::render(&request, &asked.out, asked.date, text.shown.json), text.shown.json)
        }
        Contract::Schema(_) => report(schema::schema(), true),
    })
}

fn request<'a>(file: &'a Path, base: Option<&'a Path>, shown: Shown) -> Request<'a> {
    let colours = !shown.json && std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    Request { file, base, lang: shown.lang.into(), colours }
}

/// Diagnostics are for people: they leave standard output to results, unless asked as JSON.
fn report((text, code): Output, as_json: bool) -> Report {
    Report { text, code, aside: code != 0 && !as_json }
}

/// A text that a program asked for as JSON: the text itself, or why there is none.
fn told((text, code): Output, shown: cli::Shown) -> Report {
    if !shown.json {
        return report((text, code), false);
    }
    let lang: Lang = shown.lang.into();
    match code {
        0 => Report::json(&json!({ "lang": lang.tag(), "text": text }), 0),
        _ => Report::json(&json!({ "code": "contract", "message": text }), code),
    }
}

/// A text whose rules compile, for verbs that reason on its terms. Worked examples may fail: a draft is
/// looked at before they are rewritten.
fn compiled(file: &Path, base: Option<&Path>, lang: Lang) -> Result<Compiled, Failure> {
    let compiled = load::load(&Request { file, base, lang, colours: false })
        .map_err(|message| Failure::new("contract", message.clone(), message))?;
    let blocks = |d: &&contract::Diagnostic| d.is_error() && !d.code.starts_with("E-EXAMPLE-");
    let errors: Vec<_> = compiled.diagnostics.iter().filter(blocks).cloned().collect();
    if errors.is_empty() {
        return Ok(compiled);
    }
    let text = |lang| render_all(&compiled.files, &errors, lang, Style { colours: false });
    Err(Failure::new("contract", text(Lang::Fr), text(Lang::En)))
}

/// Today where the contract is read, unless a day is given.
fn day(on: Option<jiff::civil::Date>, terms: &terms::Terms) -> jiff::civil::Date {
    on.unwrap_or_else(|| {
        let zone = jiff::tz::TimeZone::get(&terms.zone).unwrap_or(jiff::tz::TimeZone::UTC);
        jiff::Timestamp::now().to_zoned(zone).date()
    })
}

/// What a valid contract gives; the errors of one that is not.
fn valid(request: &Request<'_>, show: impl Fn(&Compiled) -> Result<String, String>) -> Output {
    let compiled = match load::load(request) {
        Ok(compiled) => compiled,
        Err(message) => return (format!("{message}\n"), 1),
    };
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.is_error()).cloned().collect();
    if !errors.is_empty() {
        let style = Style { colours: request.colours };
        return (render_all(&compiled.files, &errors, request.lang, style), 1);
    }
    match show(&compiled) {
        Ok(text) => (text, 0),
        Err(message) => (format!("{message}\n"), 1),
    }
}

/// What the tests of every verb read.
#[cfg(test)]
mod fixture {
    use std::path::PathBuf;

    use super::*;

    pub fn contracts(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts").join(name)
    }

    pub fn request(file: &Path) -> Request<'_> {
        Request { file, base: None, lang: Lang::Fr, colours: false }
    }
}
