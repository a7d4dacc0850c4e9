//! One module per family of commands.

mod account;
mod clock;
mod contract;
mod customer;
mod data;
mod import;
mod journal;
mod mail;
pub mod printer;
mod recompute;
mod roles;
pub mod serve;

use crate::cli::import::Import;
use crate::cli::{Account, Cli, Clock, Command, Customer, Journal};
use crate::demo;
use crate::output::{Failure, Report};

pub use data::{HOST, inspect};

/// Does what the command line asks.
pub fn run(cli: Cli) -> Result<Report, Failure> {
    match cli.command {
        Command::Demo(asked) => demo::run(&asked),
        Command::Serve(asked) => serve::run(&asked),
        Command::Contract(asked) => contract::run(&asked),
        Command::Clock(Clock::Eval { file, .. }) => match clock::eval(&file) {
            Ok(array) => Ok(Report::ok(format!("{array}\n"))),
            Err(e) => Err(Failure::new("clock", e.to_string(), e.to_string())),
        },
        Command::Clock(Clock::Recompute { data, customer, every, shown }) => {
            recompute::run(&data, customer.as_deref(), every, shown)
        }
        Command::Journal(Journal::Verify { data, customer, shown }) => {
            journal::verify(&data, customer.as_deref(), shown)
        }
        Command::Journal(Journal::Erase(asked)) => journal::erase(&asked),
        Command::Account(Account::Add(asked)) => account::add(&asked),
        Command::Account(Account::Invite(asked)) => account::invite(&asked),
        Command::Account(Account::Recover(asked)) => account::recover(&asked),
        Command::Account(Account::Disable(asked)) => account::disable(&asked, true),
        Command::Account(Account::Enable(asked)) => account::disable(&asked, false),
        Command::Account(Account::Roles(asked)) => roles::list(&asked),
        Command::Account(Account::Grant(asked)) => roles::grant(&asked),
        Command::Account(Account::Revoke(asked)) => roles::revoke(&asked),
        Command::Import(Import::Tickets(asked)) => import::tickets(&asked),
        Command::Import(Import::People(asked)) => import::people(&asked),
        Command::Import(Import::Items(asked)) => import::items(&asked),
        Command::Customer(Customer::List { data, shown }) => customer::list(&data, shown),
    }
}

/// A key of its own for each run: a command is one intention.
fn fresh_key() -> Result<app::ticket::IdempotencyKey, Failure> {
    let mut key = [0; 16];
    app::entropy::Entropy::fill(&app::entropy::Os, &mut key);
    Ok(app::ticket::IdempotencyKey::parse(&data_encoding::HEXLOWER.encode(&key))?)
}
