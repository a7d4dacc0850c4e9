//! What a contract sets against the risks of outsourcing, and what the gate, the comparison with subcontracts
//! and the duties make of it (requirements of kind M, and the phases that the duties date).

use base::Lang;
use contract::back_to_back::back_to_back;
use contract::{Compiled, compile, gate};
use engines::duties::{Done, DutyFacts, DutyState, Happened, occurrences};
use engines::period::Span;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use terms::{DutyProof, Trigger};

fn front(more: &str) -> String {
    format!(
        "+++\ncontract = \"CTR-1\"\nlanguage = \"fr\"\nsemantics = 1\n{more}+++\n\n# Essai\n\n## Article 1\n\n"
    )
}

fn with_front(more: &str, clauses: &[&str]) -> Compiled {
    let blocks: String = clauses.iter().map(|c| format!("```toml clause\n{c}\n```\n\n")).collect();
    compile("t.md", &(front(more) + &blocks))
}

fn compiled(clauses: &[&str]) -> Compiled {
    with_front("", clauses)
}

fn has(compiled: &Compiled, code: &str) -> bool {
    compiled.diagnostics.iter().any(|d| d.code == code)
}

fn example(kind: &str) -> &'static str {
    contract::kind(kind).unwrap().example
}

const TERM: &str = r#"kind = "term"
label = "duree"
then = { start = 2026-03-01, lasts = "36 months", renewal = "none", notice = "3 months" }"#;

fn paris(on: Date, hour: i8) -> jiff::Timestamp {
    on.at(hour, 0, 0, 0).to_zoned(TimeZone::get("Europe/Paris").unwrap()).unwrap().timestamp()
}

/// What is owed under a name, as seen at noon of a day.
fn owed(compiled: &Compiled, what: &str, facts: &DutyFacts, on: Date) -> Vec<(Option<Date>, DutyState)> {
    let span = Span { first: date(2026, 3, 1), next: date(2029, 3, 1) };
    let found = occurrences(&compiled.terms, facts, span, paris(on, 12)).unwrap();
    found.into_iter().filter(|o| o.value.what == what).map(|o| (o.value.on, o.value.state)).collect()
}

/// S-268: with shared hosting, each of the four headings that is missing closes the signature's gate.
#[test]
fn shared_hosting_sets_out_its_four_headings_or_is_not_signed() {
    let logs = example("retention");
    let (shared, measures) = (example("shared_hosting"), example("security_measures"));
    let contact =
        "kind = \"parties\"\nlabel = \"p\"\nthen = { role = \"provider\", name = \"P\", address = \"A\" }";
    let duty = "kind = \"contacts\"\nlabel = \"astreinte-securite\"\nthen = { of = \"provider\", role = \"security\", name = \"S\" }";
    let reaction = example("incident_response");
    let errors = |clauses: &[&str]| {
        let compiled = with_front("trades = [\"asp\"]\n", clauses);
        let gate = gate::signature(&compiled, None);
        gate.diagnostics.into_iter().filter(|d| d.is_error()).map(|d| d.code).collect::<Vec<_>>()
    };
    let whole = [contact, duty, shared, logs, measures, reaction];
    let blocked = errors(&whole);
    let cut = |what: &str| whole.iter().copied().filter(|c| *c != what).collect::<Vec<_>>();
    let unprevented = measures.replace("\"prevention\"", "\"recovery\"");
    let unfollowed: String = shared.replace("follow_up = [\"updates\", \"maintenance\", \"backups\"], ", "");
    assert_ne!(unfollowed, shared);
    let mut without_prevention = cut(measures);
    without_prevention.push(&unprevented);
    let mut without_follow_up = cut(shared);
    without_follow_up.push(&unfollowed);
    for (code, clauses) in [
        ("E-MISSING-HOSTING-LOGS", cut(logs)),
        ("E-FIELD-MISSING", without_follow_up),
        ("E-PAS-PREV", without_prevention),
        ("E-MISSING-INCIDENT-RESPONSE", cut(reaction)),
    ] {
        assert!(!blocked.contains(&code), "{code} though it is all there");
        assert!(errors(&clauses).contains(&code), "{code}");
    }
}

/// S-258: each measure is read back with the requirement it answers and its proof, or as declared.
#[test]
fn each_measure_is_told_with_its_requirement_and_its_proof() {
    let measures = "kind = \"security_measures\"\nlabel = \"mesures\"\nthen.measures = [{ name = \"correctifs posés\", requirement = \"hygiène, mesure 34\", section = \"prevention\", proof = \"patch_age\" }, { name = \"charte signée\", requirement = \"politique interne\", section = \"organisation\" }]";
    let said = contract::read_back(&compiled(&[measures]), Lang::Fr);
    assert!(said.contains("correctifs posés (prévention, hygiène, mesure 34, preuve\u{a0}: "), "{said}");
    assert!(
        said.contains("charte signée (organisation, politique interne, déclarée, sans preuve)"),
        "{said}"
    );
    assert!(has(
        &compiled(&[&measures.replace("requirement = \"politique interne\", ", "")]),
        "E-FIELD-MISSING"
    ));
}

/// S-257: audits have their calendar, a late one is late, and its report starts the plan of actions.
#[test]
fn a_late_audit_is_late_and_its_findings_call_for_a_plan() {
    let audit = "kind = \"audit\"\nlabel = \"audit\"\nthen = { scope = [\"security\"], by = [\"customer\"], every = \"12 months\", notice = \"15 days\", pays = \"customer\", plan_within = \"15 days\" }";
    let compiled = compiled(&[TERM, audit]);
    let duties: Vec<&str> = compiled.terms.duties.iter().map(|d| d.then.what.as_str()).collect();
    let first = duties[0];
    let none = DutyFacts::default();
    assert_eq!(
        owed(&compiled, first, &none, date(2027, 3, 20))[0],
        (Some(date(2027, 2, 28)), DutyState::Late { days: 20 })
    );
    let proof = compiled.terms.duties[0].then.proof;
    let done = Done {
        label: "audit".into(),
        what: first.to_owned(),
        on: date(2027, 2, 10),
        proof,
        reference: "rapport A-1".into(),
        valid_until: None,
        ticket: None,
    };
    let facts = DutyFacts { done: vec![done], ..DutyFacts::default() };
    assert_eq!(
        owed(&compiled, first, &facts, date(2027, 3, 20))[0].1,
        DutyState::Done { on: date(2027, 2, 10), reference: "rapport A-1".into() }
    );
    assert!(duties.len() > 1, "the plan of actions is owed too: {duties:?}");
}

/// S-238: naming subcontractors without a right to audit what lies under is remarked on.
#[test]
fn the_right_to_audit_reaches_what_lies_under() {
    let host = "kind = \"parties\"\nlabel = \"hebergeur\"\nthen = { role = \"subcontractor\", name = \"H\", address = \"A\" }";
    let chain = example("subcontracting");
    let audit = example("audit");
    let code = "W-TRAP-AUDIT-UNDERLYING";
    assert!(has(&compiled(&[host, chain]), code));
    assert!(has(
        &compiled(&[host, chain, &audit.replace("subcontractors = true", "subcontractors = false")]),
        code
    ));
    assert!(!has(&compiled(&[host, chain, audit]), code));
    assert!(!has(&compiled(&[]), code), "nobody is named");
}

/// S-232: each security clause of the customer's contract has its like in the subcontract.
#[test]
fn security_flows_down_to_the_subcontract() {
    let contract = include_str!("../../../contracts/ateliers-garonne.md");
    let bought = include_str!("../../../contracts/sous-contrats/coffre-bleu.md");
    let customer = compile("ateliers-garonne.md", contract);
    let compared = |text: &str| back_to_back(&customer, &[compile("coffre-bleu.md", text)]);
    assert!(compared(bought).holds());
    for kind in [
        "confidentiality",
        "security_measures",
        "incident_response",
        "data_location",
        "retention",
        "audit",
        "erasure",
    ] {
        let mut text = bought.to_owned();
        while let Some(start) = text.find(&format!("```toml clause\nkind = \"{kind}\"")) {
            let end = start + text[start..].find("\n```\n").unwrap() + 5;
            text.replace_range(start..end, "");
        }
        let found = compared(&text);
        let one: Vec<_> = found.diagnostics.iter().filter(|d| d.code == "E-BACK-SECURITY").collect();
        assert_eq!(one.len(), 1, "{kind}: {:#?}", found.diagnostics);
        assert!(one[0].help.fr.contains(kind) && one[0].related[0].span.file == 0, "{kind}");
    }
}

/// S-045: the exit is a phase: its tasks fall due from the notice, and its price is written.
#[test]
fn reversibility_is_a_phase_with_tasks_dates_and_prices() {
    let exit = example("reversibility");
    let compiled = compiled(&[TERM, exit]);
    assert!(compiled.is_valid(), "{:#?}", compiled.diagnostics);
    let none = DutyFacts::default();
    assert_eq!(
        owed(&compiled, "reversibility_plan", &none, date(2026, 6, 9))[0],
        (Some(date(2026, 5, 30)), DutyState::Late { days: 10 })
    );
    assert!(owed(&compiled, "hand_over", &none, date(2027, 1, 15)).is_empty(), "nothing before a notice");
    let notice = Happened {
        trigger: Trigger::TerminationNotified,
        at: paris(date(2027, 1, 10), 9),
        about: "lettre".into(),
        clause: None,
    };
    let facts = DutyFacts { happened: vec![notice], ..DutyFacts::default() };
    let due = owed(&compiled, "hand_over", &facts, date(2027, 1, 15));
    assert_eq!(due, [(Some(date(2027, 4, 10)), DutyState::NotYetDue)]);
    for field in [
        "then.day_price = \"620.00 EUR\"\n",
        "then.included_days = 5\n",
        "then.hands_over = [\"données\", \"documentation\", \"scripts\", \"comptes d'administration\"]\n",
        "then.lasts = \"3 months\"\n",
    ] {
        assert!(exit.contains(field), "{field}");
        assert!(has(&self::compiled(&[TERM, &exit.replace(field, "")]), "E-FIELD-MISSING"), "{field}");
    }
}

/// S-088: sessions are owed by a date, each proved by its attendance sheet, and a survey asks what they were worth.
#[test]
fn training_is_proved_by_attendance_and_satisfaction_is_asked() {
    let training = "kind = \"training\"\nlabel = \"formation\"\nthen = { subject = \"le portail\", audience = [\"utilisateurs\"], sessions = 2, by = 2026-06-30, attendance = \"80 %\" }";
    let compiled = compiled(&[TERM, training, example("satisfaction")]);
    assert!(compiled.is_valid(), "{:#?}", compiled.diagnostics);
    let what = compiled.terms.duties[0].then.what.clone();
    let sheet = |proof| Done {
        label: "formation".into(),
        what: what.clone(),
        on: date(2026, 6, 2),
        proof,
        reference: "feuille n° 1".into(),
        valid_until: None,
        ticket: None,
    };
    let facts = DutyFacts { done: vec![sheet(DutyProof::Attendance)], ..DutyFacts::default() };
    assert_eq!(
        owed(&compiled, &what, &facts, date(2026, 7, 10))[0].1,
        DutyState::Done { on: date(2026, 6, 2), reference: "feuille n° 1".into() }
    );
    let facts = DutyFacts { done: vec![sheet(DutyProof::Declaration)], ..DutyFacts::default() };
    assert_eq!(
        owed(&compiled, &what, &facts, date(2026, 7, 10))[0].1,
        DutyState::Unproved { on: date(2026, 6, 2), given: DutyProof::Declaration }
    );
    let sessions = compiled.terms.duties.iter().filter(|d| d.label() == "formation").count();
    assert_eq!(sessions, 2);
    assert!(compiled.terms.duties.iter().any(|d| d.label() != "formation"), "the survey is owed");
}
