#![allow(clippy::disallowed_methods)] // Tests read fixtures; the crate itself may not.
//! Every kind's `EXAMPLE` compiles, reads back in both languages, and is what the schema describes.

use base::Lang;
use contract::{KINDS, Severity, compile};

const HEAD: &str = "+++\ncontract = \"CTR-1\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# Essai\n\n";

/// What an example refers to and does not say itself.
fn around(kind: &str) -> &'static str {
    match kind {
        "contacts" => {
            "```toml clause\nkind = \"parties\"\nlabel = \"p\"\nthen = { role = \"provider\", name = \"P\", address = \"A\" }\n```\n"
        }
        "third_party" => {
            "```toml clause\nkind = \"parties\"\nlabel = \"gesprod\"\nthen = { role = \"third_party\", name = \"Gesprod\", address = \"A\" }\n```\n"
        }
        "accuracy" => {
            "```toml clause\nkind = \"volume_bands\"\nlabel = \"bulletins\"\nthen = { unit = \"payslip\", minimum = 0, bands = [{ unit_price = \"11.80 EUR\" }], scheme = \"graduated\", vat = \"20 %\" }\n```\n"
        }
        "objective" | "pause" | "penalty" => {
            "```toml clause\nkind = \"commitment\"\nlabel = \"d\"\nthen = { promise = \"restore\", within = \"4 h\", calendar = \"24x7\", starts = \"declared\", stops = \"service_restored\" }\n```\n"
        }
        "escalation" => {
            "```toml clause\nkind = \"parties\"\nlabel = \"p\"\nthen = { role = \"provider\", name = \"P\", address = \"A\" }\n```\n\n```toml clause\nkind = \"contacts\"\nlabel = \"interlocuteur-unique\"\nthen = { of = \"provider\", role = \"single_point_of_contact\", name = \"C\" }\n```\n\n```toml clause\nkind = \"commitment\"\nlabel = \"d\"\nthen = { promise = \"restore\", within = \"4 h\", calendar = \"24x7\", starts = \"declared\", stops = \"service_restored\" }\n```\n"
        }
        "subcontracting" => {
            "```toml clause\nkind = \"parties\"\nlabel = \"hebergeur\"\nthen = { role = \"subcontractor\", name = \"H\", address = \"A\" }\n```\n"
        }
        "incident_response" => {
            "```toml clause\nkind = \"parties\"\nlabel = \"p\"\nthen = { role = \"provider\", name = \"P\", address = \"A\" }\n```\n\n```toml clause\nkind = \"contacts\"\nlabel = \"astreinte-securite\"\nthen = { of = \"provider\", role = \"security\", name = \"S\" }\n```\n"
        }
        _ => "",
    }
}

#[test]
fn every_example_compiles_and_reads_back() {
    for kind in KINDS {
        let text =
            format!("{HEAD}## Article\n\n```toml clause\n{}```\n\n{}", kind.example, around(kind.name));
        let compiled = compile("exemple.md", &text);
        let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", kind.name);
        let clause = compiled
            .document
            .articles
            .iter()
            .flat_map(|a| &a.clauses)
            .find(|c| c.kind == kind.name)
            .unwrap_or_else(|| panic!("{} is not in the document", kind.name));
        for lang in [Lang::Fr, Lang::En] {
            let sentence = clause.read_back.get(lang);
            assert!(sentence.len() > 20 && sentence.ends_with('.'), "{}: {sentence:?}", kind.name);
        }
    }
}

#[test]
fn the_kinds_of_the_first_issue_are_all_there() {
    let names: Vec<&str> = KINDS.iter().map(|k| k.name).collect();
    for name in [
        "parties",
        "contacts",
        "term",
        "calendar",
        "priority_matrix",
        "commitment",
        "objective",
        "pause",
        "perimeter",
        "operations",
        "hotline",
        "fee",
        "penalty",
        "penalty_cap",
        "availability",
    ] {
        assert!(names.contains(&name), "{name}");
        assert!(contract::schema()["$defs"][name]["properties"]["then"].is_object(), "{name}");
    }
}

#[test]
fn the_minimal_contract_is_valid_and_says_so_in_full() {
    let compiled = compile("contracts/minimal.md", include_str!("../../../contracts/minimal.md"));
    assert_eq!(compiled.on_what_is_written().collect::<Vec<_>>(), Vec::<&contract::Diagnostic>::new());
    assert_eq!(compiled.terms.commitments.len(), 1);
    let text: String = compiled.document.articles.iter().map(|a| a.text.as_str()).collect();
    assert!(text.contains("dans un délai de quatre heures"), "{text}");
    assert!(
        text.contains("46,00\u{a0}€ hors taxes par poste et par mois, soit 552,00\u{a0}€ par mois"),
        "{text}"
    );
    assert!(
        text.contains("Il prend effet le 1er mars 2026 pour 12 mois") || text.contains("douze mois"),
        "{text}"
    );
}

/// The whole reading back, reviewed as text: `UPDATE=1` rewrites it.
#[test]
fn the_minimal_contract_reads_back_in_both_languages() {
    let compiled = compile("contracts/minimal.md", include_str!("../../../contracts/minimal.md"));
    let shown = [Lang::Fr, Lang::En].map(|lang| contract::read_back(&compiled, lang)).join("\n");
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/read_back_minimal.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &shown).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap_or_default(), shown, "UPDATE=1 rewrites it");
}
