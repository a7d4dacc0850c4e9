#![allow(clippy::disallowed_methods)] // Tests read fixtures; the crate itself may not.
//! Every text of `contracts/`, sub-folders included: it compiles without error, it is laid out as
//! `regisseur contract fmt` lays out, each of its clauses reads back, and its subcontracts are enough.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use base::Lang;
use contract::back_to_back::back_to_back;
use contract::diagnostic::{Style, render_all};
use contract::{Compiled, Diagnostic, compile, compile_amendment, compile_order, format, gate};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts")
}

fn texts() -> BTreeMap<String, String> {
    fn gather(folder: &Path, found: &mut BTreeMap<String, String>) {
        for path in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            if path.is_dir() {
                gather(&path, found);
            } else if path.extension().is_some_and(|e| e == "md") {
                let text = fs::read_to_string(&path).unwrap();
                // What has no front matter is a page about the contracts.
                if text.starts_with("+++") {
                    let name =
                        path.strip_prefix(self::folder()).unwrap().to_string_lossy().replace('\\', "/");
                    found.insert(name, text);
                }
            }
        }
    }
    let mut found = BTreeMap::new();
    gather(&folder(), &mut found);
    assert!(found.len() > 3, "contracts/ was not found");
    found
}

/// Each text by its file name, compiled with what it stands on.
fn compiled() -> BTreeMap<String, Compiled> {
    let texts = texts();
    let alone: BTreeMap<&str, Compiled> =
        texts.iter().map(|(name, text)| (name.as_str(), compile(name, text))).collect();
    let base = |number: &str| {
        let found = alone.values().find(|c| c.front_matter.amends.is_none() && c.terms.contract == number);
        found.unwrap_or_else(|| panic!("no text bears the number {number}"))
    };
    let whole = |name: &String, text: &String| {
        let front = &alone[name.as_str()].front_matter;
        match (&front.amends, &front.order_of) {
            (Some(number), _) => compile_amendment(base(number), name, text),
            (None, Some(number)) => compile_order(base(number), name, text),
            (None, None) => compile(name, text),
        }
    };
    texts.iter().map(|(name, text)| (name.clone(), whole(name, text))).collect()
}

fn errors(diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
    diagnostics.iter().filter(|d| d.is_error()).cloned().collect()
}

fn shown(files: &[contract::source::File], errors: &[Diagnostic]) -> String {
    render_all(files, errors, Lang::Fr, Style::default())
}

#[test]
fn every_text_compiles() {
    for (name, compiled) in compiled() {
        let errors = errors(&compiled.diagnostics);
        assert!(errors.is_empty(), "{name}\n{}", shown(&compiled.files, &errors));
    }
}

/// `UPDATE=1` lays them out, as `regisseur contract fmt` would.
#[test]
fn every_text_is_laid_out() {
    for (name, text) in texts() {
        let laid_out = format(&text).text;
        if std::env::var_os("UPDATE").is_some() {
            fs::write(folder().join(&name), &laid_out).unwrap();
        } else {
            assert!(laid_out == text, "{name}: run `regisseur contract fmt contracts/{name}`");
        }
    }
}

#[test]
fn every_clause_reads_back() {
    for (name, compiled) in compiled() {
        for clause in compiled.document.articles.iter().flat_map(|article| &article.clauses) {
            let said = &clause.read_back;
            for text in [&said.fr, &said.en] {
                assert!(text.trim().len() > 10, "{name}: {} reads back as {text:?}", clause.label);
                for gap in ["  ", "{{", "« »", "()", " ,", ": ,", ",,"] {
                    assert!(!text.contains(gap), "{name}: {} reads back as {text:?}", clause.label);
                }
            }
        }
    }
}

#[test]
fn what_is_bought_is_enough_for_what_is_promised() {
    let all = compiled();
    let mut compared = 0;
    for (name, customer) in all.iter().filter(|(_, c)| c.front_matter.amends.is_none()) {
        let numbers = [Some(&customer.terms.contract), customer.front_matter.order_of.as_ref()];
        let bought: Vec<Compiled> = all
            .values()
            .filter(|c| c.front_matter.subcontract_of.is_some())
            .filter(|c| numbers.contains(&c.front_matter.subcontract_of.as_ref()))
            .cloned()
            .collect();
        if bought.is_empty() {
            continue;
        }
        compared += 1;
        let both = back_to_back(customer, &bought);
        assert!(both.holds(), "{name}\n{}", shown(&both.files, &errors(&both.diagnostics)));
    }
    assert!(compared > 0);
}

/// Contracts that come with a preparation file are ready to be signed.
#[test]
fn prepared_contracts_pass_the_gate() {
    let all = compiled();
    let mut passed = 0;
    for (name, compiled) in all.iter().filter(|(_, c)| c.front_matter.amends.is_none()) {
        let beside = folder().join(name).with_extension("preparation.toml");
        let preparation = fs::read_to_string(&beside).ok();
        if preparation.is_none() && compiled.front_matter.order_of.is_none() {
            continue;
        }
        let gate = gate::signature(compiled, preparation.as_deref().map(|text| ("preparation.toml", text)));
        assert!(gate.is_open(), "{name}\n{}", shown(&gate.files, &errors(&gate.diagnostics)));
        passed += 1;
    }
    assert!(passed > 0);
}
