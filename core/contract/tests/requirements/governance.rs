//! How the contract is steered and paid for, and the register of processings: S-068, S-090, S-092, S-158.

use base::{Lang, Money};
use contract::{Subject, gather};
use engines::duties::{Done, DutyFacts, DutyState, occurrences};
use engines::period::Span;
use jiff::civil::date;
use terms::DutyProof;

use crate::support::{codes, reading, terms};

fn shown(clauses: &[&str], subject: Subject) -> String {
    let terms = terms(clauses);
    let english = gather(&terms, subject, Lang::En);
    assert!(!english.contains("manque") && !english.contains("personne ·"), "{english}");
    gather(&terms, subject, Lang::Fr).replace(['\u{a0}', '\u{202f}'], " ")
}

const PROCESSING: &str = "kind = \"personal_data\"
label = \"paie\"
then.object = \"paie des salariés\"
then.lasts = \"la durée du contrat\"
then.nature = \"calcul\"
then.purpose = \"payer les salariés\"
then.data = [\"identité\", \"salaire\"]
then.persons = [\"salariés\"]
then.special_data = [\"NIR\"]
then.role = \"processor\"
then.instructions = true
then.confidentiality = true
then.security = true
then.sub_processors = \"specific\"
then.rights_within = \"5 working_days\"
then.assistance = \"included\"
then.breach_notice = \"24 h\"
then.end = \"return_then_delete\"
then.end_within = \"30 days\"
then.audits = true
then.transfers = \"none\"
then.contact = \"dpo\"";

fn party(label: &str, role: &str, name: &str) -> String {
    format!(
        "kind = \"parties\"\nlabel = \"{label}\"\nthen = {{ role = \"{role}\", name = \"{name}\", address = \"Toulouse\" }}"
    )
}

fn contact(label: &str, name: &str) -> String {
    format!(
        "kind = \"contacts\"\nlabel = \"{label}\"\nthen = {{ of = \"customer\", role = \"{label}\", name = \"{name}\", email = \"{label}@garonne.example\" }}"
    )
}

#[test]
fn s_068_the_register_of_the_controller_has_its_seven_points_or_says_which_it_lacks() {
    let (customer, provider) =
        (party("client", "customer", "Ateliers Garonne"), party("regie", "provider", "Régie"));
    let (editor, dpo) = (party("editique", "subcontractor", "Éditique"), contact("dpo", "Anne Roux"));
    let example = contract::kind("security_measures").unwrap().example;
    let all = [PROCESSING, &customer, &provider, &editor, &dpo, example];
    let register = shown(&all, Subject::Processings);
    for said in [
        "paie des salariés (",
        "a) responsable et contact : Ateliers Garonne, Toulouse, Anne Roux <dpo@garonne.example>",
        "b) finalité : payer les salariés",
        "c) personnes et données : salariés, identité, salaire, NIR",
        "d) destinataires : Régie, Éditique",
        "e) transferts : aucun",
        "f) délais d'effacement : la durée du contrat, puis restitution puis effacement, 30 jours au plus",
    ] {
        assert!(register.contains(said), "{said}: {register}");
    }
    assert!(!register.contains("manque au contrat"), "{register}");
    let line = |register: &str, letter: &str| {
        register.lines().find(|line| line.trim_start().starts_with(letter)).unwrap_or_default().to_owned()
    };
    assert!(line(&register, "g)").contains("(Article"), "{register}");
    // What the contract does not say is said to be missing, letter by letter.
    let nobody = PROCESSING.replace("then.contact = \"dpo\"", "");
    let lacking = shown(&[&nobody, &customer], Subject::Processings);
    for letter in ["a)", "d)", "g)"] {
        assert!(line(&lacking, letter).ends_with("manque au contrat"), "{letter}: {lacking}");
    }
    assert!(!line(&lacking, "b)").contains("manque"), "{lacking}");
    let abroad = PROCESSING.replace("\"none\"", "\"standard_clauses\"\nthen.transfer_countries = [\"US\"]");
    let abroad = shown(&[&abroad, &dpo, &customer], Subject::Processings);
    assert!(line(&abroad, "e)").contains("US, clauses contractuelles types"), "{abroad}");
}

fn committee(label: &str, kind: &str, more: &str) -> String {
    format!(
        "kind = \"committee\"\nlabel = \"{label}\"\nthen.committee = \"{kind}\"\nthen.members = [\"directeur\", \"responsable\"]\nthen.every = \"1 month\"\nthen.pack = [\"bilan\"]\nthen.pack_before = \"5 working_days\"\nthen.minutes_within = \"5 working_days\"\n{more}"
    )
}

#[test]
fn s_090_each_function_of_a_committee_is_held_by_one_person_with_one_deputy() {
    let (client, anne, luc) = (
        party("client", "customer", "AG"),
        contact("direction", "Anne Roux"),
        contact("adjoint", "Luc Petit"),
    );
    let seats = |rows: &str| committee("copil", "steering", &format!("then.seats = [{rows}]"));
    let director = "{ function = \"directeur\", holder = \"direction\", deputy = \"adjoint\" }";
    let manager = "{ function = \"responsable\", holder = \"adjoint\", deputy = \"direction\" }";
    let said = |rows: &str| codes(&[&client, &anne, &luc, &seats(rows)]);
    let whole = format!("{director}, {manager}");
    assert_eq!(said(&whole), Vec::<&str>::new());
    assert_eq!(said(director), ["W-COMMITTEE-SEAT"]);
    assert_eq!(
        said(&format!("{director}, {}", manager.replace(", deputy = \"direction\"", ""))),
        ["W-COMMITTEE-DEPUTY"]
    );
    assert_eq!(
        said(&format!("{director}, {}", manager.replace("\"direction\"", "\"adjoint\""))),
        ["E-COMMITTEE-DEPUTY"]
    );
    assert_eq!(said(&format!("{whole}, {director}")), ["E-COMMITTEE-FUNCTION"], "held twice");
    assert_eq!(said(&whole.replace("\"direction\", deputy", "\"inconnue\", deputy")), ["E-LABEL-UNKNOWN"]);
    let read_back = reading(&[&client, &anne, &luc, &seats(&whole)], "copil");
    assert!(read_back.contains("directeur : Anne Roux, suppléance Luc Petit"), "{read_back}");
    // A committee that seats nobody shows so, function by function.
    let bare = shown(&[&committee("copil", "steering", "")], Subject::Seats);
    assert!(bare.contains("directeur – personne") && bare.contains("responsable – personne"), "{bare}");
    let shown = shown(&[&client, &anne, &luc, &seats(director)], Subject::Seats);
    assert!(shown.contains("directeur – Anne Roux · suppléance : Luc Petit"), "{shown}");
    assert!(shown.contains("responsable – personne · suppléance : personne"), "{shown}");
}

#[test]
fn s_092_an_objective_is_approved_by_two_committees_each_on_its_minutes() {
    let approves = "then.approves = [{ objective = \"2 % de tickets rouverts\", by = 2026-06-30 }]";
    let (steering, executive) =
        (committee("copil", "steering", approves), committee("codir", "executive", approves));
    assert_eq!(codes(&[&steering]), ["W-COMMITTEE-OBJECTIVE"]);
    assert_eq!(codes(&[&steering, &executive]), Vec::<&str>::new());
    let terms = terms(&[&steering, &executive]);
    let what = "objective:2 % de tickets rouverts";
    let states = |done: &[&str]| -> Vec<(String, bool)> {
        let done = done.iter().map(|label| Done {
            label: (*label).to_owned(),
            what: what.to_owned(),
            on: date(2026, 6, 15),
            proof: DutyProof::Minutes,
            reference: "procès-verbal n° 4".into(),
            valid_until: None,
            ticket: None,
        });
        let facts = DutyFacts { done: done.collect(), ..DutyFacts::default() };
        let span = Span { first: date(2026, 1, 1), next: date(2027, 1, 1) };
        let at = date(2026, 7, 15).at(12, 0, 0, 0).in_tz("Europe/Paris").unwrap().timestamp();
        let all = occurrences(&terms, &facts, span, at).unwrap().into_iter().map(|o| o.value);
        let mut states: Vec<(String, bool)> = all
            .filter(|o| o.what == what)
            .map(|o| (o.label, matches!(o.state, DutyState::Done { .. })))
            .collect();
        states.sort();
        states
    };
    let both = |codir: bool, copil: bool| [("codir".to_owned(), codir), ("copil".to_owned(), copil)];
    assert_eq!(states(&[]), both(false, false));
    assert_eq!(states(&["copil"]), both(false, true), "one approval is not two");
    assert_eq!(states(&["copil", "codir"]), both(true, true));
    assert!(reading(&[&steering, &executive], "copil").contains("l'objectif « 2 % de tickets rouverts »"));
}

#[test]
fn s_158_options_are_priced_against_their_budget_and_what_passes_it_is_said() {
    let budget = |second: bool| {
        format!(
            "kind = \"budget\"\nlabel = \"evolutions\"\nthen.title = \"Évolutions\"\nthen.amount = \"30000.00 EUR\"\nthen.per = \"contract_year\"\nthen.when_exceeded = \"approve\"\nthen.options = [{{ option = \"Astreinte\", price = \"9600.00 EUR\", chosen = true }}, {{ option = \"Second site\", price = \"24000.00 EUR\", chosen = {second} }}]"
        )
    };
    assert_eq!(codes(&[&budget(false)]), Vec::<&str>::new());
    assert_eq!(codes(&[&budget(true)]), ["W-BUDGET-OPTIONS"]);
    assert_eq!(terms(&[&budget(false)]).budgets[0].then.left(), Money::eur(2_040_000));
    assert_eq!(terms(&[&budget(true)]).budgets[0].then.left(), Money::eur(-360_000));
    let within = shown(&[&budget(false)], Subject::Options);
    assert!(within.starts_with("Évolutions – 30 000,00 € · reste 20 400,00 € (Article"), "{within}");
    assert!(within.contains("  Second site – 24 000,00 € · proposée"), "{within}");
    let over = shown(&[&budget(true)], Subject::Options);
    assert!(over.contains("dépassé de 3 600,00 €"), "{over}");
    assert!(reading(&[&budget(true)], "evolutions").contains("qui le dépassent de 3 600,00 €"));
}
