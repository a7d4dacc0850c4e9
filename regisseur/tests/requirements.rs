//! `docs/requirements.csv` holds what was asked for, and a claim is only made with its test.
//!
//! Columns: `id,kind,mode,quote,status,test,note`. A row that is not `not yet` names in `test` one or
//! more proofs, separated by spaces: `path/to/file.rs::name_of_the_test`, or the path of a scenario or
//! of a browser test.
//!
//! `compiled` is for what a clause says and an engine to come will read: the clause reaches its terms, is
//! checked and read back, and the living contract says « pas encore exécutée », never held. Its test proves
//! just that, and its note says what it waits for.

use std::path::{Path, PathBuf};

/// How many requirements were read out of the seed documents.
const COUNT: usize = 289;
const HEADER: &[&str] = &["id", "kind", "mode", "quote", "status", "test", "note"];
const KINDS: &[&str] = &["clause", "countermeasure", "trade", "phase", "benefit", "risk", "actor", "context"];
const MODES: &[&str] = &["enforce", "verify", "record"];
const NOT_YET: &str = "not yet";
const COMPILED: &str = "compiled";
const STATUSES: &[&str] = &["enforced", "verified", "recorded", COMPILED, NOT_YET];
/// What a contract says, for which `not yet` is no answer: it is held, or compiled and shown as waiting.
const SAID: &[&str] = &["clause", "trade", "actor"];
const WAITS: &str = "waits for ";

#[test]
fn every_requirement_is_there_once() {
    let ids: Vec<String> = rows().into_iter().map(|row| row[0].clone()).collect();
    let wanted: Vec<String> = (1..=COUNT).map(|n| format!("S-{n:03}")).collect();
    assert_eq!(ids, wanted);
}

#[test]
fn every_row_uses_the_known_words() {
    for row in rows() {
        let [id, kind, mode, quote, status, ..] = &row[..] else { unreachable!("rows() checks the width") };
        assert!(KINDS.contains(&kind.as_str()), "{id}: kind {kind:?} is none of {KINDS:?}");
        assert!(MODES.contains(&mode.as_str()), "{id}: mode {mode:?} is none of {MODES:?}");
        assert!(STATUSES.contains(&status.as_str()), "{id}: status {status:?} is none of {STATUSES:?}");
        assert!(!quote.is_empty(), "{id}: the sentence it comes from is missing");
    }
}

#[test]
fn every_claim_names_a_test_that_exists() {
    let mut faults = Vec::new();
    for row in rows() {
        let [id, _, _, _, status, test, _] = &row[..] else { unreachable!("rows() checks the width") };
        if status == NOT_YET {
            if !test.is_empty() {
                faults.push(format!("{id}: names a test, yet claims nothing"));
            }
            continue;
        }
        if test.is_empty() {
            faults.push(format!("{id}: says « {status} » and names no test"));
        }
        faults.extend(test.split_whitespace().filter_map(missing).map(|why| format!("{id}: {why}")));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn what_a_contract_says_is_held_or_compiled() {
    let faults: Vec<String> = rows().iter().filter_map(|row| open(row)).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn a_row_left_open_is_found() {
    let row = |text: &str| open(&fields(text)).unwrap_or_default();
    assert_eq!(row("S-001,clause,enforce,q,enforced,t,"), "");
    assert_eq!(row("S-001,clause,enforce,q,compiled,t,part is read; waits for export"), "");
    assert_eq!(row("S-001,risk,enforce,q,not yet,,"), "");
    assert!(row("S-001,trade,enforce,q,not yet,,").contains("neither held nor compiled"));
    assert!(row("S-001,actor,enforce,q,compiled,t,for export").contains("what it waits for"));
    assert!(row("S-001,actor,enforce,q,compiled,t,waits for ").contains("what it waits for"));
    assert!(row("S-001,risk,enforce,q,compiled,t,waits for export").contains("nothing to compile"));
}

#[test]
fn a_proof_that_does_not_exist_is_found() {
    let here = "regisseur/tests/requirements.rs";
    assert_eq!(missing(&format!("{here}::a_proof_that_does_not_exist_is_found")), None);
    // In two halves, or this very file would hold the name it looks for.
    let (absent, helper) = (["nobody", "_wrote_this"].concat(), "missing");
    assert_eq!(missing(&format!("{here}::{absent}")), Some(format!("{here} has no test {absent}")));
    assert_eq!(missing(&format!("{here}::{helper}")), Some(format!("{here} has no test {helper}")));
    assert_eq!(missing("tests/none.md"), Some("tests/none.md is not a file".to_owned()));
}

#[test]
fn quoted_fields_are_read() {
    assert_eq!(fields(r#"a,"b, ""c""",,d"#), ["a", r#"b, "c""#, "", "d"]);
}

/// What the row leaves open; `None` when it says how what it asks is held, or what it waits for.
fn open(row: &[String]) -> Option<String> {
    let [id, kind, _, _, status, _, note] = row else { unreachable!("rows() checks the width") };
    let said = SAID.contains(&kind.as_str());
    match status.as_str() {
        NOT_YET if said => Some(format!("{id}: a {kind} is neither held nor compiled")),
        COMPILED if !said => Some(format!("{id}: a {kind} has nothing to compile")),
        COMPILED if note.split_once(WAITS).is_none_or(|(_, what)| what.trim().is_empty()) => {
            Some(format!("{id}: compiled, and its note does not say what it waits for"))
        }
        _ => None,
    }
}

/// Why `proof` proves nothing; `None` when the test or the scenario exists.
fn missing(proof: &str) -> Option<String> {
    let (path, test) = match proof.split_once("::") {
        Some((path, test)) => (path, Some(test)),
        None => (proof, None),
    };
    let Ok(text) = std::fs::read_to_string(root().join(path)) else {
        return Some(format!("{path} is not a file"));
    };
    // A scenario or a browser test is a file of its own; that it exists is enough.
    let test = test?;
    (!has_test(&text, test)).then(|| format!("{path} has no test {test}"))
}

/// Whether `text` declares the function under a test attribute, and not merely mentions it.
fn has_test(text: &str, name: &str) -> bool {
    let (plain, tokio) = (format!("fn {name}("), format!("async fn {name}("));
    let mut marked = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with(&plain) || line.starts_with(&tokio) {
            return marked;
        }
        // An attribute holds until the function it stands on; proptest! puts it inside its braces.
        marked = match line {
            "#[test]" => true,
            _ if line.starts_with("#[tokio::test") => true,
            _ if line.starts_with("#[") || line.starts_with("//") => marked,
            _ => false,
        };
    }
    false
}

/// The rows of the file, each as wide as the header.
fn rows() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(root().join("docs/requirements.csv"))
        .expect("docs/requirements.csv is there");
    let mut lines = text.lines().map(fields);
    assert_eq!(lines.next().expect("the file has a header"), HEADER);
    let rows: Vec<_> = lines.collect();
    for row in &rows {
        assert_eq!(row.len(), HEADER.len(), "not {} fields: {row:?}", HEADER.len());
    }
    rows
}

/// One line of RFC 4180; no field of ours holds a line break.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            _ => field.push(c),
        }
    }
    fields.push(field);
    fields
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the binary's crate sits in the workspace")
        .to_owned()
}
