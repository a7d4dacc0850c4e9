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

/// Gives large blocks back. With the C library's, each password that was checked could leave its 19 MiB in the
/// process, cut up by what was kept meanwhile: 3 GiB once a hundred customers had been made.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let (lang, json) = (cli.lang(), cli.json());
    let done = commands::run(cli);
    output::finish(done, lang, json)
}
