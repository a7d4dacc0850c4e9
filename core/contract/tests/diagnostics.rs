#![allow(clippy::disallowed_methods)] // Tests read fixtures; the crate itself may not.
//! Every diagnostic code has a broken text and its expected rendering, in French and in English.
//!
//! `tests/diagnostics/CODE.md` is the text; `CODE.amendment.md`, or `CODE.order.md`, is compiled over it;
//! `CODE.txt` is what is printed. `UPDATE=1` rewrites the expectations; the diff is the review.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use base::Lang;
use contract::diagnostic::{Style, render_all};
use contract::{Compiled, compile, compile_amendment, compile_order};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")
}

fn texts() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path()).collect();
    all.retain(|p| {
        let name = p.to_string_lossy();
        name.ends_with(".md") && !name.ends_with(".amendment.md") && !name.ends_with(".order.md")
    });
    all.sort();
    all
}

fn compiled(path: &Path) -> Compiled {
    let name = |p: &Path| p.file_name().unwrap().to_string_lossy().into_owned();
    let base = compile(&name(path), &fs::read_to_string(path).unwrap());
    let amendment = path.with_extension("amendment.md");
    let order = path.with_extension("order.md");
    if let Ok(text) = fs::read_to_string(&order) {
        return compile_order(&base, &name(&order), &text);
    }
    match fs::read_to_string(&amendment) {
        Ok(text) => compile_amendment(&base, &name(&amendment), &text),
        Err(_) => base,
    }
}

#[test]
fn every_fixture_says_what_it_is_for() {
    let mut wrong = Vec::new();
    for path in texts() {
        let code = path.file_stem().unwrap().to_string_lossy().into_owned();
        let compiled = compiled(&path);
        if !compiled.diagnostics.iter().any(|d| d.code == code) {
            let codes: Vec<_> = compiled.diagnostics.iter().map(|d| d.code).collect();
            wrong.push(format!("{code}: not reported, only {codes:?}"));
        }
        // A fixture is a fragment: what it lacks of a whole contract is beside its point.
        let mut remarks = compiled.diagnostics.clone();
        remarks.retain(|d| d.gate_code.is_none());
        let shown = [Lang::Fr, Lang::En]
            .map(|lang| render_all(&compiled.files, &remarks, lang, Style::default()))
            .join("\n");
        let expected = path.with_extension("txt");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expected, &shown).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != shown {
            wrong.push(format!("{code}: not as expected (UPDATE=1 rewrites):\n{shown}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_fixture_and_help_in_both_languages() {
    let mut codes = BTreeSet::new();
    codes_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut codes);
    let there: BTreeSet<String> =
        texts().iter().map(|p| p.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    // A text of more than a mebibyte is made in `broken.rs` rather than kept here.
    codes.remove("E-SOURCE-SIZE");
    // Nor is one of more than a thousand mistakes: `regressions.rs` makes it.
    codes.remove("A-REMARKS-MORE");
    // Rule packs are data: `packs.rs` tries each of their rules.
    codes.retain(|c| !contract::packs::packs().iter().flat_map(|p| &p.rules).any(|r| r.code == *c));
    // Those take a second file: `gate.rs` and `back_to_back.rs` make them.
    codes.retain(|c| {
        !["E-PREPARATION-", "W-PREPARATION-", "E-BACK-", "W-BACK-"].iter().any(|p| c.starts_with(p))
    });
    let missing: Vec<_> = codes.difference(&there).collect();
    assert!(missing.is_empty(), "codes without a fixture: {missing:#?}");
    let strays: Vec<_> = there.difference(&codes).collect();
    assert!(strays.is_empty(), "fixtures of no code: {strays:#?}");
    for path in texts() {
        for d in compiled(&path).diagnostics {
            for text in [&d.message.fr, &d.message.en, &d.help.fr, &d.help.en] {
                assert!(!text.trim().is_empty(), "{} says nothing", d.code);
            }
        }
    }
}

/// The codes written in the sources: `"E-…"`, `"W-…"`, `"A-…"`.
fn codes_in(path: &Path, codes: &mut BTreeSet<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            codes_in(&entry.unwrap().path(), codes);
        }
        return;
    }
    let text = fs::read_to_string(path).unwrap();
    for prefix in ["\"E-", "\"W-", "\"A-"] {
        for (at, _) in text.match_indices(prefix) {
            let rest = &text[at + 1..];
            let code = &rest[..rest.find('"').unwrap()];
            if !code.ends_with('-') && code.chars().all(|c| c.is_ascii_uppercase() || c == '-' || c == '_') {
                codes.insert(code.to_owned());
            }
        }
    }
}
