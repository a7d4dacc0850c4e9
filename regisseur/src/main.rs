//! regisseur, the one binary: the contract compiler, the server and the demonstration.
//!
//! Nothing is decided here: a command reads its arguments, calls a use case or the compiler, and prints.

mod cli;
mod commands;
mod demo;
mod output;
mod secrets;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let (lang, json) = (cli.lang(), cli.json());
    let done = commands::run(cli);
    output::finish(done, lang, json)
}
