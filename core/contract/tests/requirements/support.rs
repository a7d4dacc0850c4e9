//! Short contracts, and what is said of them.

use contract::gate;
use contract::{Compiled, Severity, compile};
use engines::duties::{DutyFacts, DutyState, occurrences};
use engines::period::Span;
use jiff::civil::date;
use terms::Terms;

/// A contract of these clauses, with this in its front matter.
pub fn contract(front: &str, clauses: &[&str]) -> Compiled {
    compile("essai.md", &text(front, clauses))
}

/// The text of that contract.
pub fn text(front: &str, clauses: &[&str]) -> String {
    let mut text = format!(
        "+++\ncontract = \"CTR-2026-001\"\nlanguage = \"fr\"\nsemantics = 1\n{front}\n+++\n\n# Contrat\n\n## Article 1\n"
    );
    for clause in clauses {
        text += &format!("\n```toml clause\n{}\n```\n", clause.trim());
    }
    text
}

/// The terms of these clauses, which must compile.
pub fn terms(clauses: &[&str]) -> Terms {
    let compiled = contract("", clauses);
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    compiled.terms
}

/// The codes given to what is written, without those of rule packs on what is not.
pub fn codes(clauses: &[&str]) -> Vec<&'static str> {
    codes_of(&contract("", clauses))
}

pub fn codes_of(compiled: &Compiled) -> Vec<&'static str> {
    compiled.on_what_is_written().map(|d| d.code).collect()
}

/// Whether signing these clauses is refused for this reason.
pub fn refused(front: &str, clauses: &[&str], code: &str) -> bool {
    let gate = gate::signature(&contract(front, clauses), None);
    gate.diagnostics.iter().any(|d| d.code == code && d.severity == Severity::Error)
}

/// Whether leaving this field out of the clause is an error that names it.
pub fn asks_for(clause: &str, field: &str) -> bool {
    let cut: String = clause
        .lines()
        .filter(|l| !l.trim_start().starts_with(&format!("then.{field} ")))
        .collect::<Vec<_>>()
        .join("\n");
    assert_ne!(cut, clause, "the clause has no line for {field}");
    let says = |d: &contract::Diagnostic| {
        d.is_error() && (d.message.fr.contains(field) || d.help.fr.contains(field))
    };
    contract("", &[cut.as_str()]).diagnostics.iter().any(says)
}

/// The clause as the machine reads it, in French, without its no-break spaces.
pub fn reading(clauses: &[&str], label: &str) -> String {
    let compiled = contract("", clauses);
    let told = compiled.document.articles.iter().flat_map(|a| &a.clauses).find(|c| c.label == label);
    let told = told.unwrap_or_else(|| panic!("no clause {label}")).read_back.fr.clone();
    assert!(!told.is_empty(), "[{label}] does not compile");
    told.replace(['\u{a0}', '\u{202f}'], " ")
}

/// A sample contract of the repository.
pub fn sample(text: &str) -> Compiled {
    let compiled = compile("contrat.md", text);
    assert!(compiled.is_valid());
    compiled
}

/// How the duty of this name stands on a day at noon in Paris, nothing having been done.
pub fn duty(terms: &Terms, what: &str, on: jiff::civil::Date) -> Option<DutyState> {
    let at = on.at(12, 0, 0, 0).in_tz("Europe/Paris").unwrap().timestamp();
    let span = Span { first: date(2026, 1, 1), next: date(2031, 1, 1) };
    let all = occurrences(terms, &DutyFacts::default(), span, at).unwrap();
    all.into_iter().find(|o| o.value.what == what).map(|o| o.value.state)
}
