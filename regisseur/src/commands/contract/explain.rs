//! `regisseur contract explain`: each field of a rule, and where its value comes from.

use super::load::load;
use super::{Output, Request, valid};

/// Every field of every clause, or of one: written, inherited, by default; or the places of one code.
pub fn explain(request: &Request<'_>, label: Option<&str>) -> Output {
    match label {
        // Of a code, the places are wanted precisely when the contract is broken.
        Some(code) if contract::is_code(code) => match load(request) {
            Ok(compiled) => (contract::explain(&compiled, label, request.lang).unwrap_or_default(), 0),
            Err(message) => (format!("{message}\n"), 1),
        },
        _ => valid(request, |compiled| contract::explain(compiled, label, request.lang)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{contracts, request};
    use super::*;

    #[test]
    fn a_clause_and_a_code_are_explained() {
        let file = contracts("minimal.md");
        let (text, code) = explain(&request(&file), Some("delai"));
        assert!(code == 0 && text.contains("reopen_policy = \"resume\"    (par défaut)"), "{text}");
        assert_eq!(explain(&request(&file), Some("delay")).1, 1);
        assert_eq!(explain(&request(&file), Some("E-COMMITMENT-GAP")).1, 0);
    }
}
