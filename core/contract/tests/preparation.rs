//! What the preparation of a contract says: studies, audits, the decision to go on, and how the provider
//! was chosen (S-012, S-027, S-033, S-094, S-095, S-198 to S-209).

use base::Lang;
use contract::compile;
use contract::gate::{self, Gate};

const CONTRACT: &str = r#"+++
contract = "CTR-1"
language = "fr"
semantics = 1
+++

# Essai

## Article

```toml clause
kind = "parties"
label = "prestataire"
then = { role = "provider", name = "Régie Numérique Occitane", siren = "000000125", address = "Toulouse" }
```

```toml clause
kind = "technology_watch"
label = "veille"
then = { report_every = "6 months" }
```
"#;

const STUDIES: &str = r#"
contract = "CTR-1"

[opportunity_study]
date = 2025-06-12
document = "etude-1.pdf"
strategy = "se recentrer sur le métier"
user_needs = "un support joignable"
conclusion = "externaliser l'exploitation"

[feasibility_study]
date = 2025-09-26
document = "etude-2.pdf"
resources = "un administrateur à temps partiel"
costs = "92 000 € par an aujourd'hui"
risks = "dépendance envers le prestataire"
constraints = "aucune coupure en semaine"
total_cost = { years = 3, yearly = "170000.00 EUR", transition = "20000.00 EUR", reversibility = "10000.00 EUR", retained_yearly = "15000.00 EUR", total = "585000.00 EUR" }

[decision]
date = 2025-10-01
decided = "go"
by = "Hélène Garrigue, présidente"
document = "decision.pdf"

[requirements]
date = 2025-10-15
document = "cdc.pdf"
budget = "60000.00 EUR"

[technical_audit]
date = 2025-12-10
document = "audit-t.pdf"
functions = [{ function = "exploitation", findings = "neuf postes obsolètes", evidence = "annexe 1", outsourced = true, why = "compétences absentes" }]
means = [{ what = "technicien de support", quantity = "1.5", unit = "équivalent temps plein" }]

[legal_audit]
date = 2025-12-12
document = "audit-j.pdf"
licences = [{ software = "ERP", provider_may_use = "on_consent" }]

[protocol]
date = 2026-01-15
document = "protocole.pdf"
clauses = ["veille"]

[waivers]
tender = "voir la consultation"
baseline = "relevé à la reprise"
social = "aucun salarié"
"#;

/// M-30, told as a file: the same prices, marks and weights, and the dearest bid wins on its quality.
const TENDER: &str = r#"
[consultation]
invited = ["Régie Numérique Occitane", "B2", "B3", "B4"]
deadline = 2025-11-14
opened = 2025-11-17
out_of = 20
price_weight = "40 %"
price_formula = "proportional"
criteria = [
  { name = "Valeur technique", weight = "45 %", eliminatory_under = 10, measures = "versatility" },
  { name = "Réactivité", weight = "15 %", measures = "reactivity" },
]
awarded = "Régie Numérique Occitane"

[[consultation.bids]]
bidder = "Régie Numérique Occitane"
siren = "000000125"
filed = 2025-11-12
price = "180000.00 EUR"
marks = [{ criterion = "Valeur technique", mark = 16, why = "six ingénieurs certifiés" }, { criterion = "Réactivité", mark = 14, why = "prise en charge prouvée en 40 minutes" }]
answers = ["B-1", "B-2"]

[[consultation.bids]]
bidder = "B2"
filed = 2025-11-13
price = "162000.00 EUR"
marks = [{ criterion = "Valeur technique", mark = 13, why = "réseau seulement" }, { criterion = "Réactivité", mark = 15, why = "astreinte" }]
answers = ["B-1"]

[[consultation.bids]]
bidder = "B3"
filed = 2025-11-14
price = "207000.00 EUR"
marks = [{ criterion = "Valeur technique", mark = 18, why = "équipe complète" }, { criterion = "Réactivité", mark = 12, why = "heures ouvrées" }]
answers = ["B-1", "B-2"]

[[consultation.bids]]
bidder = "B4"
filed = 2025-11-10
price = "150000.00 EUR"
marks = [{ criterion = "Valeur technique", mark = 8, why = "une personne" }, { criterion = "Réactivité", mark = 16, why = "sur place" }]
answers = ["B-1"]

[[needs]]
id = "B-1"
need = "être tenu informé des évolutions"
clauses = ["veille"]

[[needs]]
id = "B-2"
need = "être conseillé"
clauses = ["veille"]
"#;

fn gate(preparation: &str) -> Gate {
    gate::signature(&compile("contrat.md", CONTRACT), Some(("contrat.preparation.toml", preparation)))
}

/// What the gate says of the preparation alone: the code, and the place it points at.
fn said(preparation: &str) -> Vec<(&'static str, String)> {
    let gate = gate(preparation);
    let of_the_file = gate.diagnostics.iter().filter(|d| d.code.contains("PREPARATION"));
    of_the_file.map(|d| (d.code, gate.files[d.span.file].slice(d.span).to_owned())).collect()
}

/// One remark, when one thing of the whole file is changed.
fn with(from: &str, to: &str) -> (&'static str, String) {
    let whole = format!("{STUDIES}{TENDER}");
    assert!(whole.contains(from), "{from}");
    let found = said(&whole.replacen(from, to, 1));
    assert_eq!(found.len(), 1, "{from} → {to}: {found:?}");
    found.into_iter().next().unwrap()
}

#[test]
fn a_whole_preparation_has_nothing_against_it() {
    assert_eq!(said(&format!("{STUDIES}{TENDER}")), []);
}

#[test]
fn each_heading_of_a_study_is_asked_for() {
    for (line, piece, heading) in [
        ("strategy = \"se recentrer sur le métier\"\n", "opportunity_study", "strategy"),
        ("user_needs = \"un support joignable\"\n", "opportunity_study", "user_needs"),
        ("resources = \"un administrateur à temps partiel\"\n", "feasibility_study", "resources"),
        ("costs = \"92 000 € par an aujourd'hui\"\n", "feasibility_study", "costs"),
        ("risks = \"dépendance envers le prestataire\"\n", "feasibility_study", "risks"),
        ("constraints = \"aucune coupure en semaine\"\n", "feasibility_study", "constraints"),
        ("budget = \"60000.00 EUR\"\n", "requirements", "budget"),
        ("clauses = [\"veille\"]\n\n[waivers]", "protocol", "clauses"),
    ] {
        let whole = format!("{STUDIES}{TENDER}");
        assert!(whole.contains(line), "{line}");
        let kept = if line.contains("[waivers]") { "\n[waivers]" } else { "" };
        let gate = gate(&whole.replacen(line, kept, 1));
        let found: Vec<_> = gate.diagnostics.iter().filter(|d| d.code.contains("PREPARATION")).collect();
        assert_eq!(found.iter().map(|d| d.code).collect::<Vec<_>>(), ["W-PREPARATION-HEADING"], "{heading}");
        let help = found[0].help.get(Lang::Fr);
        assert!(help.contains(piece) && help.ends_with(heading), "{help}");
    }
    // A blank heading is no heading.
    assert_eq!(with("\"un support joignable\"", "\" \"").0, "W-PREPARATION-HEADING");
}

#[test]
fn the_whole_cost_is_added_up_again() {
    // M-32: 3 × 170 000 + 20 000 + 10 000 + 3 × 15 000.
    let wrong = format!("{STUDIES}{TENDER}").replace("585000.00", "540000.00");
    let gate = gate(&wrong);
    let found = gate.diagnostics.iter().find(|d| d.code == "E-PREPARATION-COST").unwrap();
    assert!(found.message.fr.contains("585\u{202f}000,00"), "{}", found.message.fr);
    assert_eq!(found.help.en, "write total = \"585000.00 EUR\"");
    assert_eq!(gate.files[found.span.file].slice(found.span), "\"540000.00 EUR\"");
}

#[test]
fn the_decision_to_go_on_is_on_file_and_is_to_go_on() {
    assert_eq!(with("\"go\"", "\"no_go\""), ("E-PREPARATION-DECISION", "\"no_go\"".into()));
    let without = STUDIES.replace("[decision]", "[nothing]");
    assert!(said(&without).iter().any(|(code, _)| *code == "W-PREPARATION-DECISION"));
}

#[test]
fn the_audits_say_of_each_function_and_licence_what_becomes_of_it() {
    assert_eq!(with("\"on_consent\"", "\"unknown\""), ("E-PREPARATION-LICENCE", "\"unknown\"".into()));
    assert_eq!(
        with("licences = [{ software = \"ERP\", provider_may_use = \"on_consent\" }]\n", "").0,
        "W-PREPARATION-HEADING"
    );
    assert_eq!(with("means = [{ what = \"technicien de support\", quantity = \"1.5\", unit = \"équivalent temps plein\" }]\n", "").0, "W-PREPARATION-HEADING");
    // A function without its evidence, or without a decision, is said to lack it.
    for field in
        ["findings = \"neuf postes obsolètes\", ", "evidence = \"annexe 1\", ", "outsourced = true, "]
    {
        let gate = gate(&format!("{STUDIES}{TENDER}").replacen(field, "", 1));
        let name = field.split(' ').next().unwrap();
        let missing = gate.diagnostics.iter().find(|d| d.code == "E-FIELD-MISSING").unwrap();
        assert!(missing.message.fr.contains(name), "{}", missing.message.fr);
    }
}

#[test]
fn what_the_protocol_announces_is_in_the_contract() {
    assert_eq!(
        with("clauses = [\"veille\"]\n\n[waivers]", "clauses = [\"veile\"]\n\n[waivers]"),
        ("E-PREPARATION-PROTOCOL", "\"veile\"".into())
    );
}

#[test]
fn only_those_invited_file_and_in_time() {
    assert_eq!(with("\"B3\", \"B4\"]", "\"B3\"]"), ("E-PREPARATION-BIDDER", "\"B4\"".into()));
    assert_eq!(
        with("filed = 2025-11-14", "filed = 2025-11-15"),
        ("E-PREPARATION-DEADLINE", "2025-11-15".into())
    );
    assert_eq!(
        with("opened = 2025-11-17", "opened = 2025-11-13"),
        ("E-PREPARATION-OPENED", "2025-11-13".into())
    );
}

#[test]
fn weights_make_a_whole_and_each_bid_has_its_marks() {
    assert_eq!(with("weight = \"15 %\"", "weight = \"20 %\"").0, "E-PREPARATION-WEIGHTS");
    assert_eq!(with("mark = 18", "mark = 21").0, "E-PREPARATION-MARKS");
    assert_eq!(
        with("{ criterion = \"Réactivité\", mark = 12, why = \"heures ouvrées\" }", "").0,
        "E-PREPARATION-MARKS"
    );
    // Each mark has its reason.
    let without = format!("{STUDIES}{TENDER}").replacen(", why = \"astreinte\"", "", 1);
    assert!(
        gate(&without)
            .diagnostics
            .iter()
            .any(|d| d.code == "E-FIELD-MISSING" && d.message.fr.contains("« why »"))
    );
}

#[test]
fn the_best_bid_is_chosen_or_a_reason_is_written() {
    let other = "awarded = \"B3\"\n";
    let chosen = "awarded = \"Régie Numérique Occitane\"\n";
    let whole = format!("{STUDIES}{TENDER}");
    let codes = |text: &str| said(text).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    assert_eq!(codes(&whole.replacen(chosen, other, 1)), ["E-PREPARATION-AWARD", "E-PREPARATION-PROVIDER"]);
    let told = format!("{other}awarded_because = \"seule offre sur les deux sites\"\n");
    assert_eq!(codes(&whole.replacen(chosen, &told, 1)), ["E-PREPARATION-PROVIDER"]);
    // One that is under an eliminatory mark is out, whatever is written.
    let out = "awarded = \"B4\"\nawarded_because = \"la moins chère\"\n";
    let gate = gate(&whole.replacen(chosen, out, 1));
    let found = gate.diagnostics.iter().find(|d| d.code == "E-PREPARATION-AWARD").unwrap();
    assert!(found.message.fr.contains("Valeur technique"), "{}", found.message.fr);
}

/// M-30: the ranking, and a reason for each mark.
#[test]
fn the_ranking_is_computed_with_the_trace_of_each_mark() {
    let gate = gate(&format!("{STUDIES}{TENDER}"));
    let order: Vec<_> = gate.tender.iter().map(|s| (s.value.bid.as_str(), s.value.rank)).collect();
    assert_eq!(
        order,
        [("Régie Numérique Occitane", Some(1)), ("B3", Some(2)), ("B2", Some(3)), ("B4", None)]
    );
    let reasons: Vec<&str> = gate.tender[0].reasons.iter().map(|r| r.text.fr.as_str()).collect();
    assert!(reasons.iter().any(|r| r.contains("Valeur technique") && r.contains("16/20")), "{reasons:?}");
    assert!(reasons.last().unwrap().contains("16,5000/20"), "{reasons:?}");
}

/// The same record: the bidder chosen is the provider of the contract.
#[test]
fn the_bidder_chosen_becomes_the_provider() {
    assert_eq!(
        with("siren = \"000000125\"", "siren = \"000000018\""),
        ("E-PREPARATION-PROVIDER", "\"Régie Numérique Occitane\"".into())
    );
}

#[test]
fn bids_answer_need_by_need() {
    assert_eq!(
        with("answers = [\"B-1\", \"B-2\"]", "answers = [\"B-1\"]"),
        ("W-PREPARATION-ANSWER", "[\"B-1\"]".into())
    );
    assert_eq!(
        with("answers = [\"B-1\"]", "answers = [\"B-1\", \"B-9\"]"),
        ("E-PREPARATION-ANSWER", "\"B-9\"".into())
    );
}

/// The contracts of the demonstration say all that a preparation says.
#[test]
fn the_demonstration_s_contracts_lack_nothing_of_their_preparation() {
    macro_rules! prepared {
        ($name:literal) => {
            (
                compile($name, include_str!(concat!("../../../contracts/", $name, ".md"))),
                include_str!(concat!("../../../contracts/", $name, ".preparation.toml")),
            )
        };
    }
    for (compiled, file) in
        [prepared!("ateliers-garonne"), prepared!("lumen-edition"), prepared!("mutuelle-horizon")]
    {
        let gate = gate::signature(&compiled, Some(("preparation.toml", file)));
        let of_the_file: Vec<_> = gate
            .diagnostics
            .iter()
            .filter(|d| d.code.contains("PREPARATION"))
            .map(|d| &d.message.fr)
            .collect();
        assert!(of_the_file.is_empty(), "{}: {of_the_file:?}", compiled.front_matter.contract);
    }
}
