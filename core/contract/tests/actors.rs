//! Who takes part, and what each owes (requirements of kind A): parties and their names, single contacts,
//! committees, staff, third parties.

use base::Lang;
use contract::{Compiled, compile};
use engines::duties::{Done, DutyFacts, DutyState, occurrences};
use engines::period::Span;
use jiff::civil::date;
use jiff::tz::TimeZone;
use terms::{DutyProof, PartyRole};

fn compiled(clauses: &[&str]) -> Compiled {
    let blocks: String = clauses.iter().map(|c| format!("```toml clause\n{c}\n```\n\n")).collect();
    compile(
        "t.md",
        &format!(
            "+++\ncontract = \"CTR-1\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# Essai\n\n## Article 1\n\n{blocks}"
        ),
    )
}

fn has(compiled: &Compiled, code: &str) -> bool {
    compiled.diagnostics.iter().any(|d| d.code == code)
}

fn read_back(compiled: &Compiled) -> String {
    contract::read_back(compiled, Lang::Fr)
}

const TERM: &str = r#"kind = "term"
label = "duree"
then = { start = 2026-03-01, lasts = "36 months", renewal = "none", notice = "3 months" }"#;

/// S-084: one customer, under all the names by which the documents call it.
#[test]
fn the_customer_is_one_party_under_all_its_names() {
    let customer = "kind = \"parties\"\nlabel = \"client\"\nthen = { role = \"customer\", name = \"Ateliers Garonne\", form = \"SAS\", called = [\"le Donneur d'ordre\", \"le Maître d'ouvrage\"], address = \"Toulouse\" }";
    let one = compiled(&[customer]);
    let party = &one.terms.party(PartyRole::Customer).unwrap().then;
    assert_eq!(party.called, ["le Donneur d'ordre", "le Maître d'ouvrage"]);
    let said = read_back(&one);
    assert!(said.contains("Ateliers Garonne, SAS, Toulouse, est le Client, que les documents appellent aussi « le Donneur d'ordre » et « le Maître d'ouvrage »"), "{said}");
    // The same role twice, under another name, is no alias.
    let second = customer.replace("\"client\"", "\"moa\"").replace("Ateliers Garonne", "Garonne Holding");
    assert!(has(&compiled(&[customer, &second]), "E-PARTIES-ROLE"));
}

/// S-099: a company may be the provider; a person in her own name is pointed out.
#[test]
fn a_natural_person_as_provider_is_pointed_out() {
    let party = |role: &str, name: &str, form: &str| {
        format!(
            "kind = \"parties\"\nlabel = \"p\"\nthen = {{ role = \"{role}\", name = \"{name}\", {form} address = \"Agen\" }}"
        )
    };
    for (name, form) in [
        ("Camille Roux", "form = \"EI\","),
        ("Camille Roux", "form = \"Micro-entreprise\","),
        ("Camille Roux EI", ""),
    ] {
        assert!(has(&compiled(&[&party("provider", name, form)]), "W-LEGAL-FORM"), "{name} {form}");
    }
    for (name, form) in
        [("Régie Numérique", "form = \"SAS\","), ("Einstein Conseil", "form = \"EURL\","), ("Régie SARL", "")]
    {
        assert!(!has(&compiled(&[&party("provider", name, form)]), "W-LEGAL-FORM"), "{name} {form}");
    }
    assert!(!has(&compiled(&[&party("customer", "Camille Roux EI", "")]), "W-LEGAL-FORM"));
}

/// S-103, S-090: the staff by role, each with its deputies, in the five professions of the trade.
#[test]
fn the_staff_is_told_by_role_with_deputies() {
    let staffing = |rows: &str| {
        format!(
            "kind = \"staffing\"\nlabel = \"effectifs\"\nthen.roles = [{rows}]\nthen.people_per_item = 2\nthen.under_provider_authority = true\nthen.replaced_within = \"10 working_days\"\nthen.change_notice = \"15 days\"\nthen.list_every = \"3 months\""
        )
    };
    let row = |profile: &str, deputies: u32| {
        format!(
            "{{ role = \"fonction {profile}\", profile = \"{profile}\", count = 1, deputies = {deputies}, skills = [] }}"
        )
    };
    let five =
        ["project_manager", "maintenance_technician", "maintenance_manager", "developer", "systems_manager"];
    let rows: Vec<String> = five.iter().map(|p| row(p, 1)).collect();
    let all = compiled(&[&staffing(&rows.join(", "))]);
    assert!(all.is_valid() && !has(&all, "W-STAFFING-DEPUTY"));
    let said = read_back(&all);
    for word in [
        "chargé de projet",
        "technicien de maintenance",
        "gestionnaire de maintenance",
        "développeur",
        "gestionnaire systèmes et réseaux",
    ] {
        assert!(said.contains(&format!("1 et 1 suppléant ({word})")), "{word}\n{said}");
    }
    assert!(has(&compiled(&[&staffing(&row("developer", 0))]), "W-STAFFING-DEPUTY"));
    let without = row("developer", 1).replace("deputies = 1, ", "");
    assert!(has(&compiled(&[&staffing(&without)]), "E-FIELD-MISSING"));
    assert!(has(&compiled(&[]), "W-MISSING-STAFFING"));
}

/// S-089: the executive committee meets at its rhythm, and its minutes are the proof.
#[test]
fn the_executive_committee_owes_its_minutes() {
    let committee = "kind = \"committee\"\nlabel = \"codir\"\nthen = { committee = \"executive\", members = [\"directrice du Client\", \"directeur du Prestataire\"], every = \"6 months\", pack = [\"bilan\"], pack_before = \"5 working_days\", minutes_within = \"5 working_days\", decides = [\"orientations\"] }";
    let one = compiled(&[TERM, committee]);
    let said = read_back(&one);
    assert!(
        said.contains("Le comité de direction se réunit tous les six mois (directrice du Client, directeur du Prestataire)") && said.contains("il décide\u{a0}: orientations"),
        "{said}"
    );
    assert_eq!(
        states(&one, &[(date(2026, 8, 28), DutyProof::Minutes)], date(2026, 9, 15))[0],
        DutyState::Done { on: date(2026, 8, 28), reference: "pièce n° 1".into() }
    );
    // A document that is not minutes proves no meeting.
    assert_eq!(
        states(&one, &[(date(2026, 8, 28), DutyProof::Declaration)], date(2026, 9, 15))[0],
        DutyState::Unproved { on: date(2026, 8, 28), given: DutyProof::Declaration }
    );
    for field in [
        "members = [\"directrice du Client\", \"directeur du Prestataire\"], ",
        "minutes_within = \"5 working_days\", ",
    ] {
        assert!(has(&compiled(&[TERM, &committee.replace(field, "")]), "E-FIELD-MISSING"), "{field}");
    }
}

/// The states of the first duty's occurrences, as seen at noon of a day.
fn states(
    compiled: &Compiled,
    done: &[(jiff::civil::Date, DutyProof)],
    on: jiff::civil::Date,
) -> Vec<DutyState> {
    let duty = &compiled.terms.duties[0];
    let done = done.iter().map(|(on, proof)| Done {
        label: duty.label().to_owned(),
        what: duty.then.what.clone(),
        on: *on,
        proof: *proof,
        reference: "pièce n° 1".into(),
        valid_until: None,
        ticket: None,
    });
    let facts = DutyFacts { done: done.collect(), ..DutyFacts::default() };
    let at = on.at(12, 0, 0, 0).to_zoned(TimeZone::get("Europe/Paris").unwrap()).unwrap().timestamp();
    let span = Span { first: date(2026, 3, 1), next: date(2029, 3, 1) };
    occurrences(&compiled.terms, &facts, span, at).unwrap().into_iter().map(|o| o.value.state).collect()
}

/// S-091: the dates signed are the baseline, and the slippage of each milestone is counted in days.
#[test]
fn the_slippage_of_the_plan_is_counted_from_the_dates_signed() {
    let roadmap = "kind = \"roadmap\"\nlabel = \"planning\"\nthen.milestones = [{ name = \"la bascule\", by = 2026-09-30, owed_by = \"provider\" }]";
    let one = compiled(&[TERM, roadmap]);
    let minutes = |on| [(on, DutyProof::Minutes)];
    assert_eq!(
        states(&one, &minutes(date(2026, 9, 28)), date(2026, 10, 20)),
        [DutyState::Done { on: date(2026, 9, 28), reference: "pièce n° 1".into() }]
    );
    assert_eq!(
        states(&one, &minutes(date(2026, 10, 12)), date(2026, 10, 20)),
        [DutyState::DoneLate { on: date(2026, 10, 12), days: 12, reference: "pièce n° 1".into() }]
    );
    assert_eq!(states(&one, &[], date(2026, 10, 20)), [DutyState::Late { days: 20 }]);
}

const GESPROD: &str = "kind = \"parties\"\nlabel = \"gesprod\"\nthen = { role = \"third_party\", name = \"Gesprod\", address = \"Lyon\" }";

/// S-109: a third party of the customer, with its items, its contact and the limits of what may be ordered from it.
#[test]
fn a_third_party_has_its_items_its_contact_and_its_limits() {
    let third = "kind = \"third_party\"\nlabel = \"tiers\"\nthen = { party = \"gesprod\", items = [\"code de l'ERP\"], mode = \"standing_agreement\", agreement = \"GP-118\", expires = 2026-12-31, may_order = true, up_to = \"500.00 EUR\", contact = \"Support Gesprod\", reach = \"support@gesprod.example\" }";
    let one = compiled(&[TERM, GESPROD, third]);
    assert!(one.is_valid(), "{:#?}", one.diagnostics);
    let said = read_back(&one);
    for part in [
        "Gesprod, tiers au contrat (Support Gesprod, support@gesprod.example)",
        "code de l'ERP",
        "accord permanent « GP-118 »",
        "500,00",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    // The agreement ends, and the customer owes its renewal.
    let duty = &one.terms.duties[0].then;
    assert_eq!((duty.what.as_str(), duty.owed_by), ("third_party_agreement", PartyRole::Customer));
    assert_eq!(states(&one, &[], date(2027, 1, 10))[0], DutyState::Late { days: 10 });
    // Somebody else's subcontractor is no third party of the customer's, and a contact is asked for.
    assert!(has(&compiled(&[&GESPROD.replace("third_party", "subcontractor"), third]), "E-THIRD_PARTY-ROLE"));
    assert!(has(
        &compiled(&[GESPROD, &third.replace(", contact = \"Support Gesprod\"", "")]),
        "E-FIELD-MISSING"
    ));
}

/// A third party's item is shared: the provider coordinates, and the answer names who runs it.
#[test]
fn an_item_of_a_third_party_is_answered_with_its_name() {
    let item = "kind = \"perimeter\"\nlabel = \"erp\"\nthen = { class = \"application\", items = [\"code-erp\"], status = \"shared\", third_party = \"Gesprod\" }";
    let one = compiled(&[item]);
    let facts = terms::Facts::default().with(terms::Dimension::Item, "code-erp");
    let decided = engines::perimeter::decide(&one.terms, &facts, 0);
    assert_eq!(
        decided.value.covered,
        engines::perimeter::Covered::Shared { third_party: Some("Gesprod".into()) }
    );
    assert_eq!(decided.reasons[0].cites.as_ref().map(|s| s.label.as_str()), Some("erp"));
}
