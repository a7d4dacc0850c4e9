//! `regisseur contract check`: every remark in one run.

use std::path::Path;

use contract::diagnostic::{Style, json, render_all};

use super::load::load;
use super::{Output, Request};

/// Checks a contract: every remark in one run. With `as_json`, one JSON array and nothing else.
pub fn check(request: &Request<'_>, as_json: bool) -> Output {
    let compiled = match load(request) {
        Ok(compiled) => compiled,
        Err(message) if as_json => return (unreadable(request.file, &message), 1),
        Err(message) => return (format!("{message}\n"), 1),
    };
    let code = u8::from(!compiled.is_valid());
    if as_json {
        let array = json(&compiled.files, &compiled.diagnostics, request.lang);
        return (format!("{array:#}\n"), code);
    }
    if compiled.diagnostics.is_empty() {
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
    (render_all(&compiled.files, &compiled.diagnostics, request.lang, style), code)
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
        let (text, code) = check(&request(&file), false);
        assert_eq!(code, 0, "{text}");
        let (text, code) = super::super::read_back::read_back(&request(&file));
        assert!(code == 0 && text.contains("[client]"), "{text}");
    }

    #[test]
    fn json_is_one_array_even_when_there_is_no_file() {
        let file = contracts("absent.md");
        let (text, code) = check(&request(&file), true);
        let array: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((code, array[0]["code"].as_str()), (1, Some("E-SOURCE-UNREADABLE")));
        let (text, code) = check(&request(&contracts("minimal.md")), true);
        assert_eq!((text.as_str(), code), ("[]\n", 0));
    }
}
