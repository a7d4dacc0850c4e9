//! One module per family of commands.

mod account;
mod clock;
mod contract;
mod customer;
mod data;
mod journal;
pub mod serve;

use std::io::IsTerminal;
use std::path::Path;

use base::Lang;
use serde_json::json;

use crate::cli::{self, Account, Cli, Clock, Command, Contract, Customer, Journal, Shown};
use crate::demo;
use crate::output::{Failure, Report};

pub use data::{HOST, inspect};

/// Does what the command line asks.
pub fn run(cli: Cli) -> Result<Report, Failure> {
    match cli.command {
        Command::Demo(asked) => demo::run(&asked),
        Command::Serve(asked) => serve::run(&asked),
        Command::Contract(asked) => Ok(contract_command(&asked)),
        Command::Clock(Clock::Eval { file, .. }) => match clock::eval(&file) {
            Ok(array) => Ok(Report::ok(format!("{array}\n"))),
            Err(e) => Err(Failure::new("clock", e.to_string(), e.to_string())),
        },
        Command::Journal(Journal::Verify { data, customer, shown }) => {
            journal::verify(&data, customer.as_deref(), shown)
        }
        Command::Account(Account::Add(asked)) => account::add(&asked),
        Command::Customer(Customer::List { data, shown }) => customer::list(&data, shown),
    }
}

fn contract_command(asked: &Contract) -> Report {
    match asked {
        Contract::Check(text) => {
            let request = request(&text.file, text.base.as_deref(), text.shown);
            report(contract::check(&request, text.shown.json), text.shown.json)
        }
        Contract::ReadBack(text) => {
            let request = request(&text.file, text.base.as_deref(), text.shown);
            told(contract::read_back(&request), text.shown)
        }
        Contract::Explain(explain) => {
            let request = request(&explain.file, explain.base.as_deref(), explain.shown);
            told(contract::explain(&request, explain.label.as_deref()), explain.shown)
        }
        Contract::Schema(_) => report(contract::schema(), true),
    }
}

fn request<'a>(file: &'a Path, base: Option<&'a Path>, shown: Shown) -> contract::Request<'a> {
    let colours = !shown.json && std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    contract::Request { file, base, lang: shown.lang.into(), colours }
}

/// Diagnostics are for people: they leave standard output to results, unless asked as JSON.
fn report((text, code): contract::Output, as_json: bool) -> Report {
    Report { text, code, aside: code != 0 && !as_json }
}

/// A text that a program asked for as JSON: the text itself, or why there is none.
fn told((text, code): contract::Output, shown: cli::Shown) -> Report {
    if !shown.json {
        return report((text, code), false);
    }
    let lang: Lang = shown.lang.into();
    match code {
        0 => Report::json(&json!({ "lang": lang.tag(), "text": text }), 0),
        _ => Report::json(&json!({ "code": "contract", "message": text }), code),
    }
}
