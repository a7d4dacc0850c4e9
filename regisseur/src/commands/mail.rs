//! The configuration of mail, read for whichever command was given its file.

use std::path::Path;

use crate::output::Failure;

/// Reads the file; `secret` gives a variable of the environment. The failure names the file.
pub fn config(file: &Path, secret: impl Fn(&str) -> Option<String>) -> Result<exchange::Config, Failure> {
    let text = std::fs::read_to_string(file).map_err(|e| wrong(file, &e.to_string()))?;
    exchange::Config::parse(&text, secret).map_err(|e| wrong(file, &e))
}

/// What is wrong with a file of mail, or with what it asks for.
pub fn wrong(file: &Path, why: &str) -> Failure {
    let place = file.display();
    Failure::new("mail", format!("courriel, {place} : {why}"), format!("mail, {place}: {why}"))
}
