//! A contract with one of each of the mistakes people make: all reported in one run, each at its place.

use base::Lang;
use contract::diagnostic::json;
use contract::{compile, compile_amendment};

const BROKEN: &str = r#"+++
contract = "CTR-2026-901"
language = "fr"
semantics = 1
+++

# Contrat fautif

## Article 1 – Parties

```toml clause
kind = "parties"
label = "client"
then = { role = "customer", name = "Ateliers Garonne SAS", siren = "000000126", address = "Toulouse" }
```

## Article 2 – Priorités

```toml clause
kind = "priority_matrix"
label = "priorites"
then.priorities = ["P1", "P2", "P3"]
then.impacts = ["site"]
then.urgencies = ["haute", "moyenne", "basse"]
then.cells.site = { haute = "P1", moyenne = "P2", basse = "P3" }
```

## Article 3 – Délais

Le service est rétabli sous 4 heures.

```toml clause
kind = "commitment"
label = "delai-p1"
when = { priority = ["P1"] }
then = { promise = "restore", witin = "4 h", within = "4 h", calendar = "24x7", starts = "declared", stops = "service_restored" }
```

```toml clause
kind = "commitment"
label = "delai-haut"
when = { priority = ["P1", "P2"] }
then = { promise = "restore", within = "8 h", calendar = "24x7", starts = "declared", stops = "service_restored" }
```

```toml clause
kind = "commitment"
label = "delai-nuit"
exception_to = "delai-jour"
then = { within = "2 h" }
```

```toml example
title = "é🙂 Vendredi"
given = { priority = "P1", declared = 2026-03-06T22:10 }
at = { restored = 2026-03-07T02:25 }
expect = { due = 2026-03-07T03:10 }
```
"#;

#[test]
fn every_error_is_reported_in_one_run_at_its_place() {
    let compiled = compile("casse.md", BROKEN);
    let written: Vec<_> = compiled.on_what_is_written().cloned().collect();
    let found = json(&compiled.files, &written, Lang::Fr);
    let found: Vec<(String, u64, u64)> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|d| {
            let number = |key: &str| d[key].as_u64().unwrap();
            (d["code"].as_str().unwrap().to_owned(), number("line"), number("column"))
        })
        .collect();
    let expected = [
        ("E-PARTIES-SIREN", 14, 68),
        ("W-PROSE-LITERAL", 30, 29),
        ("E-COMMITMENT-GAP", 34, 9),
        ("E-FIELD-UNKNOWN", 36, 31),
        ("E-COMMITMENT-CONFLICT", 41, 9),
        ("E-EXCEPTION-DANGLING", 49, 16),
        ("E-EXAMPLE-FAILS", 57, 18),
    ]
    .map(|(code, line, column)| (code.to_owned(), line, column));
    assert_eq!(found, expected);
    assert!(!compiled.is_valid());
}

#[test]
fn the_json_has_the_seven_keys_and_nothing_else() {
    let compiled = compile("casse.md", BROKEN);
    let found = json(&compiled.files, &compiled.diagnostics, Lang::En);
    for one in found.as_array().unwrap() {
        let keys: Vec<&String> = one.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["code", "column", "file", "help", "line", "message", "severity"]);
        assert_eq!(one["file"], "casse.md");
    }
}

#[test]
fn columns_count_characters_and_windows_line_ends_change_nothing() {
    let text = BROKEN.replace('\n', "\r\n");
    let places = |text: &str| {
        let compiled = compile("casse.md", text);
        compiled
            .diagnostics
            .iter()
            .map(|d| (d.code, compiled.files[0].position(d.span.start)))
            .collect::<Vec<_>>()
    };
    assert_eq!(places(BROKEN), places(&text));
    let wide = "+++\ncontract = \"é🙂\" x\n+++\n";
    let compiled = compile("x.md", wide);
    let syntax = compiled.diagnostics.iter().find(|d| d.code == "E-BLOCK-SYNTAX").unwrap();
    assert_eq!(compiled.files[0].position(syntax.span.start).to_string(), "2:17");
}

#[test]
fn a_block_in_a_list_or_a_quotation_keeps_its_places() {
    let text = "+++\ncontract = \"C\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# C\n\n- un point\n\n  ```toml clause\n  kind = \"fe\"\n  label = \"x\"\n  then = {}\n  ```\n\n> ```toml clause\n> kind = \"paus\"\n> label = \"y\"\n> then = {}\n> ```\n";
    let compiled = compile("x.md", text);
    let places: Vec<String> = compiled
        .diagnostics
        .iter()
        .filter(|d| d.code == "E-CLAUSE-KIND")
        .map(|d| compiled.files[0].position(d.span.start).to_string())
        .collect();
    assert_eq!(places, ["12:10", "18:10"]);
}

#[test]
fn a_text_of_more_than_a_mebibyte_is_refused_before_any_work() {
    let text = "a".repeat(1024 * 1024 + 1);
    let compiled = compile("gros.md", &text);
    assert!(compiled.diagnostics.iter().any(|d| d.code == "E-SOURCE-SIZE"));
}

#[test]
fn the_same_text_compiles_to_the_same_bytes() {
    let text = include_str!("../../../contracts/minimal.md");
    let hashes: Vec<String> =
        (0..3).map(|_| contract::terms_hash(&compile("contracts/minimal.md", text).terms)).collect();
    assert!(hashes.windows(2).all(|w| w[0] == w[1]));
    assert_eq!(hashes[0].len(), 64);
    assert_ne!(contract::version_hash(&["a", "b"]), contract::version_hash(&["ab"]));
}

#[test]
fn an_amendment_repeats_no_remark_of_its_base() {
    let base = compile("casse.md", BROKEN);
    let amendment = "+++\namends = \"CTR-2026-901\"\neffective = 2026-06-01\n+++\n\n# Avenant\n\nRien.\n";
    let compiled = compile_amendment(&base, "avenant.md", amendment);
    assert_eq!(compiled.diagnostics, vec![]);
}
