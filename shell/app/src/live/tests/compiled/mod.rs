//! Clauses that compile to their terms and wait for their engine: what each says reaches its terms, a wrong
//! value is refused at its line, it reads back in both languages, and nothing of it is ever held, though every
//! duty that it makes be kept. `docs/requirements.csv` names these tests.

use base::{Length, Money};
use contract::Compiled;
use terms::boundary::{Boundary, Ownership, OwnershipMode};
use terms::equipment::Repair;
use terms::grant::{AccessAct, Transfer};
use terms::indicator::Measure;
use terms::late_payment::Unlisted;
use terms::{DutyDue, Grant, Statement};

use super::*;

mod access;
mod assets;
mod exit;
mod improvement;
mod ownership;
mod promises;

/// What every contract here says besides, so that it is whole: a term, and an item that guards may name.
const BESIDE: [&str; 2] = [
    "kind = \"term\"\nlabel = \"duree\"\nthen = { start = 2026-03-01, lasts = \"36 months\", renewal = \"express\", notice = \"3 months\" }",
    "kind = \"perimeter\"\nlabel = \"serveurs\"\nthen = { class = \"server\", items = [\"srv-rh\"], status = \"in\" }",
];

fn text(clauses: &[&str]) -> String {
    let all = clauses.iter().chain(&BESIDE);
    let blocks: String = all.map(|clause| format!("```toml clause\n{}\n```\n\n", clause.trim())).collect();
    format!("{HEAD}{blocks}")
}

fn compile(clauses: &[&str]) -> Compiled {
    let compiled = contract::compile("essai.md", &text(clauses));
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    compiled
}

/// The label of a clause.
fn label(clause: &str) -> &str {
    let line = clause.lines().find_map(|line| line.trim().strip_prefix("label = \"")).unwrap();
    line.trim_end_matches('"')
}

/// The terms of these clauses, the first of which waits for `what`, in French, whether its duties are kept
/// or nothing was done.
fn waits(clauses: &[&str], what: &str) -> Terms {
    let terms = compile(clauses).terms;
    let label = label(clauses[0]);
    let name = clauses[0].trim().strip_prefix("kind = \"").unwrap().split('"').next().unwrap();
    let kind = contract::kind(name).unwrap();
    let read_back = (kind.read_back)(label, &terms).unwrap();
    assert!(read_back.fr.ends_with('.') && read_back.en.ends_with('.'), "{read_back:?}");
    assert_ne!(read_back.fr, read_back.en);
    let alone = read(&terms, kind, label, Vec::new()).unwrap();
    assert!(!matches!(alone.standing, Standing::Held | Standing::Applied), "{alone:?}");
    let kept = read(&terms, kind, label, all_done(&terms, label)).unwrap();
    assert_eq!(kept.standing, Standing::NotRun, "{kept:?}");
    let figure = kept.figure.unwrap();
    assert!(figure.fr.contains(what), "{figure:?}");
    assert!(figure.en.contains("waits for"), "{figure:?}");
    terms
}

/// Every duty of a clause done in time, with the proof agreed.
fn all_done(terms: &Terms, label: &str) -> Vec<Done> {
    let year = Span::of(Period::ContractYear, terms, TODAY);
    let all = engines::duties::occurrences(terms, &DutyFacts::default(), year, now()).unwrap();
    let mine = all.into_iter().map(|o| o.value).filter(|o| o.label == label);
    let proof = |what: &str| terms.duties.iter().find(|d| d.then.what == what).unwrap().then.proof;
    mine.filter_map(|o| {
        Some(Done {
            label: o.label,
            proof: proof(&o.what),
            on: o.on?.min(TODAY),
            what: o.what,
            reference: "pièce n° 1".into(),
            valid_until: Some(date(2029, 2, 28)),
            ticket: None,
        })
    })
    .collect()
}

/// Writing `wrong` for `right` is refused with this code, at its line.
fn refused(clauses: &[&str], right: &str, wrong: &str, code: &str) {
    let text = text(clauses);
    assert_eq!(text.matches(right).count(), 1, "{right} is not there once");
    let broken = text.replace(right, wrong);
    let line = broken.lines().position(|line| line.contains(wrong)).unwrap() + 1;
    let found = contract::compile("essai.md", &broken);
    let told = contract::diagnostic::json(&found.files, &found.diagnostics, Lang::Fr);
    let told: Vec<_> = told.as_array().unwrap().iter().filter(|d| d["code"] == code).collect();
    assert!(told.iter().any(|d| d["line"] == line && d["severity"] == "error"), "line {line}: {told:#?}");
}

/// Whether these clauses get this remark.
fn remarked(clauses: &[&str], code: &str) -> bool {
    contract::compile("essai.md", &text(clauses)).diagnostics.iter().any(|d| d.code == code)
}

fn statement<'a>(terms: &'a Terms, label: &str) -> &'a Statement {
    &terms.statements.iter().find(|r| r.label() == label).unwrap().then
}

fn rows<'a>(terms: &'a Terms, topic: &str) -> Vec<&'a Statement> {
    terms.statements.iter().map(|r| &r.then).filter(|s| s.topic == topic).collect()
}

fn owed(terms: &Terms, what: &str) -> DutyDue {
    terms.duties.iter().find(|d| d.then.what == what).unwrap().then.due.clone()
}
