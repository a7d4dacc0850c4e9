//! Reading the oracle, and compiling clauses into a history.

use base::fraction::{Fraction, parse_decimal};
use base::{Because, Money};
use contract::compile;
use jiff::civil::{Date, date};
use serde_json::Value;
use terms::{History, Terms, Version};

const ORACLE: &str = include_str!("../oracle/money_cases.json");

/// A case of the oracle.
pub fn case(id: &str) -> Value {
    let file: Value = serde_json::from_str(ORACLE).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 36, "the oracle has cases that no test bears the id of");
    cases.iter().find(|c| c["id"] == id).unwrap_or_else(|| panic!("{id}")).clone()
}

/// The text of an input.
pub fn input(case: &Value, name: &str) -> String {
    case["inputs"][name].as_str().unwrap_or_else(|| panic!("{}: no input {name}", case["id"])).to_owned()
}

/// What is expected, each figure as the oracle writes it.
pub fn expected(case: &Value) -> Vec<String> {
    match &case["expected"] {
        Value::Array(all) => all.iter().map(figure).collect(),
        one => vec![figure(one)],
    }
}

fn figure(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An amount as the oracle writes it: `2363.89`.
pub fn eur(amount: Money) -> String {
    amount.to_string().trim_end_matches(" EUR").to_owned()
}

pub fn number(text: &str) -> Fraction {
    parse_decimal(text).unwrap_or_else(|| panic!("{text} is not a number"))
}

/// The contract of these clauses; it must compile without error.
pub fn terms(clauses: &[&str]) -> Terms {
    let mut text = "+++\ncontract = \"CTR-2026-001\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# Contrat\n\n## Article 1\n".to_owned();
    for clause in clauses {
        text += &format!("\n```toml clause\n{}\n```\n", clause.trim());
    }
    let compiled = compile("cas.md", &text);
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{text}");
    compiled.terms
}

/// In force from 1 March 2026.
pub fn signed(terms: Terms) -> History {
    history(vec![(date(2026, 3, 1), terms)])
}

pub fn history(versions: Vec<(Date, Terms)>) -> History {
    let versions = versions
        .into_iter()
        .enumerate()
        .map(|(i, (effective, terms))| Version { hash: format!("v{}", i + 1), effective, terms })
        .collect();
    History { versions }
}

/// Every result says why, in both languages, and at least once by which clause.
pub fn because<T>(result: &Because<T>) {
    assert!(result.reasons.iter().any(|r| r.cites.is_some()), "no clause is cited");
    for reason in &result.reasons {
        assert!(reason.text.fr.ends_with('.') && reason.text.en.ends_with('.'), "{reason:?}");
        assert_ne!(reason.text.fr, reason.text.en);
    }
}

/// Contract A's term: three years from 1 March 2026.
pub const TERM: &str = r#"
kind = "term"
label = "duree"
then = { start = 2026-03-01, lasts = "36 months", renewal = "tacit", renewal_lasts = "12 months", notice = "3 months" }
"#;

/// A fee of so many units.
pub fn fee(quantity: u32, unit_price: &str) -> String {
    format!(
        r#"
kind = "fee"
label = "forfait"
then = {{ unit = "seat", title = "Postes", quantity = {quantity}, unit_price = "{unit_price} EUR", per = "month", due = "in_advance", proration = "actual_days", vat = "20 %" }}
"#
    )
}
