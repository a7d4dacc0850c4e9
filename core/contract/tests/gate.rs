//! The signature's gate: the preparation file, piece by piece.

use contract::gate::{self, Gate};
use contract::{Severity, compile};

const CONTRACT: &str = "+++\ncontract = \"CTR-1\"\nlanguage = \"fr\"\nsemantics = 1\nsigned = 2026-02-16\n+++\n\n# Essai\n\n## Article\n\n```toml clause\nkind = \"technology_watch\"\nlabel = \"veille\"\nthen = { report_every = \"6 months\" }\n```\n";

const COMPLETE: &str = r#"
contract = "CTR-1"
decision = { date = 2025-10-01, decided = "go", by = "Hélène Garrigue, présidente", document = "decision.pdf" }
opportunity_study = { date = 2025-06-12, document = "etude-1.pdf", strategy = "se recentrer sur le métier", user_needs = "un support joignable", conclusion = "externaliser" }
requirements = { date = 2025-10-15, document = "cdc.pdf", budget = "60000.00 EUR" }
technical_audit = { date = 2025-12-10, document = "audit-t.pdf", functions = [{ function = "exploitation", findings = "neuf postes obsolètes", evidence = "annexe 1", outsourced = true, why = "compétences absentes" }], means = [{ what = "technicien de support", quantity = "1.5", unit = "équivalent temps plein" }] }
legal_audit = { date = 2025-12-12, document = "audit-j.pdf", licences = [{ software = "ERP", provider_may_use = "on_consent" }] }
protocol = { date = 2026-01-15, document = "protocole.pdf", clauses = [ "veille" ] }
baseline = { date = 2026-01-20, document = "etat.pdf" }

[feasibility_study]
date = 2025-09-26
document = "etude-2.pdf"
resources = "un administrateur à temps partiel"
costs = "92 000 € par an aujourd'hui"
risks = "dépendance envers le prestataire"
constraints = "aucune coupure en semaine"
total_cost = { years = 3, yearly = "60000.00 EUR", transition = "12000.00 EUR", total = "192000.00 EUR" }

[social]
date = 2026-01-10
analysis = "un administrateur à temps partiel, conservé ; aucune entité autonome"
staff_concerned = 1
cse_not_consulted = "moins de onze salariés concernés"

[[needs]]
id = "B-1"
need = "être tenu informé des évolutions"
clauses = ["veille"]

[waivers]
tender = "gré à gré : prestataire en place depuis six ans"
"#;

fn gate(preparation: &str) -> Gate {
    gate::signature(&compile("contrat.md", CONTRACT), Some(("contrat.preparation.toml", preparation)))
}

fn codes(preparation: &str) -> Vec<(&'static str, String)> {
    let gate = gate(preparation);
    gate.diagnostics
        .iter()
        .filter(|d| d.gate_code.is_none())
        .map(|d| (d.code, gate.files[d.span.file].slice(d.span).to_owned()))
        .collect()
}

#[test]
fn a_complete_file_has_nothing_against_it() {
    assert_eq!(codes(COMPLETE), []);
    assert!(!gate(COMPLETE).is_open(), "the text itself still lacks its mandatory clauses");
}

#[test]
fn each_piece_is_there_or_set_aside() {
    let without =
        |line: &str| COMPLETE.lines().filter(|l| !l.starts_with(line)).collect::<Vec<_>>().join("\n");
    for piece in
        ["opportunity_study", "requirements", "technical_audit", "legal_audit", "protocol", "baseline"]
    {
        let found = gate(&without(piece));
        let missing: Vec<_> = found.diagnostics.iter().filter(|d| d.code == "E-PREPARATION-PIECE").collect();
        assert_eq!(missing.len(), 1, "{piece}");
        assert_eq!(missing[0].severity, Severity::Error);
        assert!(missing[0].help.fr.contains(piece), "{}", missing[0].help.fr);
    }
    assert_eq!(codes(&without("tender"))[0].0, "E-PREPARATION-PIECE");
    assert_eq!(
        codes(&COMPLETE.replace("\"gré à gré : prestataire en place depuis six ans\"", "\" \""))[0].0,
        "E-PREPARATION-PIECE"
    );
}

#[test]
fn needs_dates_staff_and_number_are_checked_at_their_place() {
    let wrong = |from: &str, to: &str| codes(&COMPLETE.replace(from, to));
    assert_eq!(wrong("[\"veille\"]", "[\"veil\"]"), [("E-PREPARATION-NEED", "\"veil\"".into())]);
    assert_eq!(wrong("[\"veille\"]", "[]")[0].0, "E-PREPARATION-NEED");
    assert_eq!(wrong("2026-01-15", "2026-03-15"), [("E-PREPARATION-DATE", "2026-03-15".into())]);
    assert_eq!(wrong("\"CTR-1\"", "\"CTR-2\""), [("E-PREPARATION-CONTRACT", "\"CTR-2\"".into())]);
    assert_eq!(
        wrong("cse_not_consulted = \"moins de onze salariés concernés\"\n", "")[0].0,
        "W-PREPARATION-CSE"
    );
    assert_eq!(wrong("baseline =", "base_line =")[0].0, "E-PREPARATION-PIECE");
    assert!(wrong("baseline =", "base_line =").iter().any(|(code, _)| *code == "E-FIELD-UNKNOWN"));
    assert_eq!(codes("contract = ")[0].0, "E-PREPARATION-TOML");
    let needs =
        COMPLETE.split("[[needs]]").next().unwrap().to_owned() + "[waivers]\ntender = \"gré à gré\"\n";
    assert_eq!(codes(&needs), [("W-PREPARATION-NEEDS", String::new())]);
}

/// Contract B may be signed as it stands, and not without its preparation.
#[test]
fn the_contract_of_lumen_may_be_signed() {
    let compiled = compile("lumen-edition.md", include_str!("../../../contracts/lumen-edition.md"));
    let file = include_str!("../../../contracts/lumen-edition.preparation.toml");
    let gate = gate::signature(&compiled, Some(("lumen-edition.preparation.toml", file)));
    assert!(gate.is_open() && gate.diagnostics.is_empty(), "{:#?}", gate.diagnostics);
    let alone = gate::signature(&compiled, None);
    assert_eq!(alone.diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(), ["E-PREPARATION-MISSING"]);
}

/// What is left to do before a contract begun from the hosting template is signed is its preparation,
/// beside the words to fill in.
#[test]
fn whole_templates_lack_their_preparation_alone() {
    let hosting = include_str!("../../../contracts/templates/hebergement.md");
    let maintenance = include_str!("../../../contracts/templates/tma.md");
    for (name, text) in [("hebergement.md", hosting), ("tma.md", maintenance)] {
        let gate = gate::signature(&compile(name, text), None);
        let codes: Vec<_> = gate.diagnostics.iter().map(|d| d.code).collect();
        assert_eq!(codes, ["E-PREPARATION-MISSING"], "{name}");
    }
}

/// S-015: without its social file nothing is signed; with it, who is concerned, the analysis and the
/// consultation are there.
#[test]
fn the_social_file_is_asked_for_with_its_analysis_and_its_consultation() {
    let start = COMPLETE.find("[social]").unwrap();
    let end = COMPLETE.find("[[needs]]").unwrap();
    let missing = gate(&format!("{}{}", &COMPLETE[..start], &COMPLETE[end..]));
    let said = missing.diagnostics.iter().find(|d| d.code == "E-PREPARATION-PIECE").unwrap();
    assert!(said.severity == Severity::Error && said.help.fr.contains("social"), "{}", said.help.fr);
    for field in ["analysis", "staff_concerned"] {
        let line = COMPLETE.lines().find(|l| l.starts_with(&format!("{field} ="))).unwrap();
        let found = gate(&COMPLETE.replace(line, ""));
        let named = |d: &contract::Diagnostic| d.code == "E-FIELD-MISSING" && d.message.fr.contains(field);
        assert!(found.diagnostics.iter().any(named), "{field}");
    }
    let why = "cse_not_consulted = \"moins de onze salariés concernés\"\n";
    let has = |text: &str| codes(text).iter().any(|(code, _)| *code == "W-PREPARATION-CSE");
    assert!(has(&COMPLETE.replace(why, "")));
    assert!(!has(&COMPLETE.replace(why, "cse_consulted = 2026-01-12\n")));
    assert!(!has(&COMPLETE.replace(why, "").replace("staff_concerned = 1", "staff_concerned = 0")));
}
