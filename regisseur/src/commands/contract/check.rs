//! `regisseur contract check`: every remark in one run.

use std::path::{Path, PathBuf};

use contract::back_to_back::back_to_back;
use contract::diagnostic::{Style, json, render_all};
use contract::gate::{self, Gate};
use contract::source::File;
use contract::{Compiled, Diagnostic};

use super::load::{load, read, subcontracts_beside};
use super::{Output, Request};

/// What the check comes before.
#[derive(Default)]
pub struct Before<'a> {
    /// The signature: what is mandatory is an error, and the preparation is on file.
    pub signature: bool,
    pub preparation: Option<&'a Path>,
    /// Contracts bought, that promises rest on.
    pub subcontracts: &'a [PathBuf],
}

/// Checks a contract: every remark in one run. With `as_json`, one JSON array and nothing else.
pub fn check(request: &Request<'_>, before: &Before<'_>, as_json: bool) -> Output {
    let compiled = match load(request) {
        Ok(compiled) => compiled,
        Err(message) if as_json => return (unreadable(request.file, &message), 1),
        Err(message) => return (format!("{message}\n"), 1),
    };
    let (files, diagnostics) = match remarks(request, before, &compiled) {
        Ok(found) => found,
        Err(message) if as_json => return (unreadable(request.file, &message), 1),
        Err(message) => return (format!("{message}\n"), 1),
    };
    let code = u8::from(diagnostics.iter().any(Diagnostic::is_error));
    if as_json {
        let array = json(&files, &diagnostics, request.lang);
        return (format!("{array:#}\n"), code);
    }
    if diagnostics.is_empty() {
        let count = compiled.labels().count();
        let file = request.file.display();
        return (
            request.lang.t(
                format!("{file} : le contrat est valide, {count} règles.\n"),
                format!("{file}: the contract is valid, {count} rules.\n"),
            ),
            0,
        );
    }
    let style = Style { colours: request.colours };
    (render_all(&files, &diagnostics, request.lang, style), code)
}

/// The preparation file given, or the one beside the contract.
pub(super) fn preparation_of(file: &Path, given: Option<&Path>) -> Option<PathBuf> {
    let beside = file.with_extension("preparation.toml");
    given.map(Path::to_owned).or_else(|| beside.is_file().then_some(beside))
}

/// The remarks on the text, on its preparation and on what it rests on, with the files they stand in.
fn remarks(
    request: &Request<'_>,
    before: &Before<'_>,
    compiled: &Compiled,
) -> Result<(Vec<File>, Vec<Diagnostic>), String> {
    let (files, diagnostics) = (compiled.files.clone(), compiled.diagnostics.clone());
    let mut found = Gate { files, diagnostics, tender: Vec::new() };
    if before.signature {
        let path = preparation_of(request.file, before.preparation);
        let preparation = match &path {
            Some(path) => Some((path.display().to_string(), read(path, request.lang)?)),
            None => None,
        };
        found = gate::signature(compiled, preparation.as_ref().map(|(n, t)| (n.as_str(), t.as_str())));
    }
    let mut bought: Vec<Compiled> = Vec::new();
    for path in before.subcontracts {
        bought.push(contract::compile(&path.display().to_string(), &read(path, request.lang)?));
    }
    if before.subcontracts.is_empty() && before.signature {
        bought = subcontracts_beside(request.file, compiled);
    }
    if before.signature || !bought.is_empty() {
        found = found.and(back_to_back(compiled, &bought), compiled.files.len());
    }
    Ok((found.files, found.diagnostics))
}

/// A file that cannot be read, in the shape of a diagnostic.
fn unreadable(file: &Path, message: &str) -> String {
    let array = serde_json::json!([{
        "code": "E-SOURCE-UNREADABLE",
        "severity": "error",
        "file": file.display().to_string(),
        "line": 1,
        "column": 1,
        "message": message,
        "help": "",
    }]);
    format!("{array:#}\n")
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{contracts, request};
    use super::*;

    #[test]
    fn an_amendment_finds_its_contract_beside_it() {
        let file = contracts("ateliers-garonne-avenant-1.md");
        let (text, code) = check(&request(&file), &Before::default(), false);
        assert_eq!(code, 0, "{text}");
        let (text, code) = super::super::read_back::read_back(&request(&file));
        assert!(code == 0 && text.contains("[client]"), "{text}");
    }

    #[test]
    fn json_is_one_array_even_when_there_is_no_file() {
        let file = contracts("absent.md");
        let (text, code) = check(&request(&file), &Before::default(), true);
        let array: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((code, array[0]["code"].as_str()), (1, Some("E-SOURCE-UNREADABLE")));
        let (text, code) = check(&request(&contracts("minimal.md")), &Before::default(), true);
        // What a minimal contract lacks is said, and is no error before its signature.
        let array: serde_json::Value = serde_json::from_str(&text).unwrap();
        let severities: Vec<_> = array.as_array().unwrap().iter().map(|d| d["severity"].clone()).collect();
        assert_eq!(code, 0);
        assert!(!severities.is_empty() && severities.iter().all(|s| s != "error"), "{severities:?}");
    }
}
