//! What each trade asks of a contract, and what it then runs: families and natures of services, application
//! maintenance, hosting, business processes (requirements of kind T).

use base::Lang;
use contract::{Compiled, compile, compile_order};
use engines::calendar::ClockCache;
use engines::duties::{DutyFacts, DutyState, occurrences};
use engines::period::Span;
use engines::process;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use terms::{Dimension, Facts, PartyRole, governing};

fn text(trades: &str, clauses: &[&str]) -> String {
    let blocks: String = clauses.iter().map(|c| format!("```toml clause\n{c}\n```\n\n")).collect();
    format!(
        "+++\ncontract = \"CTR-1\"\nlanguage = \"fr\"\nsemantics = 1\ntrades = [{trades}]\n+++\n\n# Essai\n\n## Article 1\n\n{blocks}"
    )
}

fn compiled(clauses: &[&str]) -> Compiled {
    compile("t.md", &text("\"infogerance\"", clauses))
}

fn has(compiled: &Compiled, code: &str) -> bool {
    compiled.diagnostics.iter().any(|d| d.code == code)
}

fn service(name: &str, family: &str, nature: &str) -> String {
    format!(
        "kind = \"elementary_service\"\nlabel = \"svc-{name}\"\nthen = {{ service = \"{name}\", title = \"Service {name}\", family = \"{family}\", nature = \"{nature}\", manner = \"à distance\", places = [\"remote\"], owner = \"provider\" }}"
    )
}

const MEASURES: &str = r#"kind = "security_measures"
label = "mesures"
then.measures = [
  { name = "journaux relus chaque jour", requirement = "hygiène informatique", section = "detection" },
  { name = "correctifs posés", requirement = "hygiène informatique", section = "prevention", proof = "patch_age", within = "72 h" },
]"#;
const AWARENESS: &str = r#"kind = "awareness"
label = "sensibilisation"
then = { subject = "hameçonnage", audience = ["tous les salariés"], sessions = 2, attendance = "80 %" }"#;
const TRAINING: &str = r#"kind = "training"
label = "formation"
then = { subject = "le portail", audience = ["utilisateurs"], sessions = 2, by = 2026-06-30, attendance = "80 %" }"#;
const TERM: &str = r#"kind = "term"
label = "duree"
then = { start = 2026-03-01, lasts = "36 months", renewal = "none", notice = "3 months" }"#;
const ROADMAP: &str = r#"kind = "roadmap"
label = "jalons"
then.milestones = [
  { name = "le lot finance en service", by = 2026-09-30, owed_by = "provider" },
  { name = "le lot production en service", by = 2027-03-31, owed_by = "provider" },
]"#;

fn acceptance(of: &str) -> String {
    format!(
        "kind = \"acceptance\"\nlabel = \"recette\"\nthen.of = [\"{of}\"]\nthen.steps = [{{ name = \"VABF\", lasts = \"10 working_days\", silence = \"refuses\" }}]\nthen.refused_if = \"une anomalie bloquante subsiste\"\nthen.warranty = \"3 months\"\nthen.warranty_counted = false\nthen.production_needs = [\"accepted\"]"
    )
}

/// S-056 to S-059, S-120: a family that the tree of services names calls for what it is made of.
#[test]
fn each_family_of_services_asks_for_what_it_is_made_of() {
    let equipment = contract::kind("equipment").unwrap().example;
    let delivered = acceptance("project");
    for (family, code, made_of) in [
        ("fleet", "W-FAMILY-FLEET", equipment),
        ("project", "W-FAMILY-PROJECT-MILESTONES", ROADMAP),
        ("project", "W-FAMILY-PROJECT-DELIVERABLES", &delivered),
        ("security", "W-FAMILY-SECURITY-SUPERVISION", MEASURES),
        ("security", "W-FAMILY-SECURITY-PATCHES", MEASURES),
        ("security", "W-FAMILY-SECURITY-AWARENESS", AWARENESS),
        ("training", "W-FAMILY-TRAINING", TRAINING),
    ] {
        let service = service("s", family, "run");
        assert!(has(&compiled(&[&service]), code), "{family} without its {code}");
        assert!(!has(&compiled(&[&service, made_of]), code), "{family} with it");
        assert!(!has(&compiled(&[]), code), "{code} where the family is not rendered");
    }
    // The section and the proof are looked for in every measure, not in the first one only.
    let undetected = MEASURES.replace("\"detection\"", "\"organisation\"");
    let security = service("s", "security", "run");
    assert!(has(&compiled(&[&security, &undetected]), "W-FAMILY-SECURITY-SUPERVISION"));
}

/// S-096 to S-098: a service builds, audits or runs, and nothing else.
#[test]
fn a_service_builds_audits_or_runs() {
    let all: Vec<String> =
        ["build", "audit", "run"].iter().map(|nature| service(nature, "support", nature)).collect();
    let compiled_all = compiled(&all.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(compiled_all.is_valid());
    for nature in ["build", "audit", "run"] {
        let of: Vec<_> = compiled_all.terms.services.iter().filter(|s| s.then.nature == nature).collect();
        assert_eq!(of.len(), 1, "{nature}");
        assert_eq!(of[0].then.service, nature);
    }
    let said = contract::read_back(&compiled_all, Lang::Fr);
    for word in ["assistance, réalisation", "assistance, audit", "assistance, exploitation"] {
        assert!(said.contains(word), "{word}\n{said}");
    }
    assert!(has(&compiled(&[&service("s", "support", "sell")]), "E-FIELD-CHOICE"));
    assert!(has(
        &compiled(&[&service("s", "support", "run").replace("nature = \"run\", ", "")]),
        "E-FIELD-MISSING"
    ));
}

/// S-123: a heavy deployment is a project made of lots, with its milestones and its acceptance.
#[test]
fn a_heavy_deployment_is_a_project_with_lots_and_acceptance() {
    let lot =
        |name: &str| service(name, "project", "build").replace("family =", "part_of = \"erp\", family =");
    let (erp, finance, production) = (service("erp", "project", "build"), lot("finance"), lot("production"));
    let delivered = acceptance("project");
    let whole = compiled(&[TERM, &erp, &finance, &production, ROADMAP, &delivered]);
    assert!(whole.is_valid(), "{:#?}", whole.diagnostics);
    let lots = whole.terms.services.iter().filter(|s| s.then.part_of.as_deref() == Some("erp"));
    assert_eq!(lots.map(|s| s.then.service.as_str()).collect::<Vec<_>>(), ["finance", "production"]);
    assert_eq!(whole.terms.acceptances[0].then.of, "project");
    // Each milestone is owed on its day, and is proved by minutes.
    let due = seen(&whole, date(2026, 6, 1), date(2027, 12, 31), date(2026, 10, 1));
    assert_eq!(
        due,
        [
            (Some(date(2026, 9, 30)), DutyState::Late { days: 1 }),
            (Some(date(2027, 3, 31)), DutyState::NotYetDue)
        ]
    );
    let without = compiled(&[TERM, &erp, &finance, &production]);
    assert!(has(&without, "W-FAMILY-PROJECT-DELIVERABLES") && has(&without, "W-FAMILY-PROJECT-MILESTONES"));
}

/// Every duty of the contract due in the span, as seen at noon of a day, nothing having been done.
fn seen(compiled: &Compiled, first: Date, next: Date, on: Date) -> Vec<(Option<Date>, DutyState)> {
    let at = on.at(12, 0, 0, 0).to_zoned(TimeZone::get("Europe/Paris").unwrap()).unwrap().timestamp();
    let found = occurrences(&compiled.terms, &DutyFacts::default(), Span { first, next }, at).unwrap();
    found.into_iter().map(|o| (o.value.on, o.value.state)).collect()
}

/// S-127: nobody of the provider needs to come, and nothing but the contract needs to begin.
#[test]
fn an_application_is_hosted_without_anybody_on_site() {
    let whole = include_str!("../../../contracts/templates/hebergement.md");
    let phases = "then.phases = [\n  { name = \"migration\", from = 2026-09-01, until = 2026-09-30 },\n  { name = \"exploitation\", from = 2026-10-01 },\n]\n";
    let on_site =
        whole.find("```toml clause\nkind = \"place_of_delivery\"\nlabel = \"lieu-ateliers\"").unwrap();
    let end = on_site + whole[on_site..].find("\n```\n\n").unwrap() + 6;
    assert!(whole.contains(phases));
    let remote = format!("{}{}", &whole[..on_site], &whole[end..]).replace(phases, "");
    let remote = remote
        .replace(", suspended_in = [\"migration\"]", "")
        .replace("then.suspended_in = [\"migration\"]\n", "");
    let compiled = compile("hebergement.md", &remote);
    let gate = contract::gate::signature(&compiled, None);
    let codes: Vec<_> = gate.diagnostics.iter().map(|d| (d.code, &d.message.fr)).collect();
    assert!(matches!(codes[..], [("E-PREPARATION-MISSING", _)]), "{codes:?}");
    assert!(compiled.terms.term.as_ref().unwrap().then.phases.is_empty(), "it runs from its first day");
    assert!(compiled.terms.services.iter().all(|s| !s.then.places.iter().any(|p| p == "on_site")));
}

const MAINTENANCE: &str = r#"kind = "maintenance"
label = "tma-APP"
then.application = "APP"
then.preventive_every = "3 months"
then.severities = [
  { level = "mineure-APP", title = "Mineure", means = "gêne sans blocage", settled = "next_release" },
]
then.release_every = "2 months"
then.adaptive = "included"
then.evolutive = "work_units"
then.estimate_within = "5 working_days"
then.refused_estimate = "free""#;

/// S-134: each application has its own levels, said once, and an estimate is owed only where it is asked for.
#[test]
fn maintenance_is_said_of_each_application_at_each_level() {
    let (crm, erp) = (MAINTENANCE.replace("APP", "crm"), MAINTENANCE.replace("APP", "erp"));
    let excluded = erp.replace("evolutive = \"work_units\"\nthen.estimate_within = \"5 working_days\"\nthen.refused_estimate = \"free\"", "evolutive = \"excluded\"");
    let both = compiled(&[TERM, &crm, &excluded]);
    assert!(both.is_valid(), "{:#?}", both.diagnostics);
    let estimates: Vec<&str> =
        both.terms.duties.iter().filter(|d| d.then.what == "evolution_estimate").map(|d| d.label()).collect();
    assert_eq!(estimates, ["tma-crm"], "nothing is estimated where evolutions are excluded");
    let said = contract::read_back(&both, Lang::Fr);
    assert!(
        said.contains("l'évolutive exclue") && said.contains("l'évolutive décomptée en unités d'œuvre"),
        "{said}"
    );
    // Two clauses for one application would say two things of it.
    assert!(has(&compiled(&[TERM, &crm, &crm.replace("tma-crm", "tma-bis")]), "E-CLAUSE-CONFLICT"));
    for level in [
        "then.preventive_every = \"3 months\"\n",
        "then.adaptive = \"included\"\n",
        "then.evolutive = \"work_units\"\n",
    ] {
        assert!(has(&compiled(&[TERM, &crm.replace(level, "")]), "E-FIELD-MISSING"), "{level}");
    }
}

/// S-138: the preventive plan comes round, and a turn that nobody did is late.
#[test]
fn the_preventive_plan_comes_round_and_what_is_missed_is_late() {
    let clause = MAINTENANCE
        .replace("APP", "crm")
        .replace("then.release_every = \"2 months\"\n", "")
        .replace("\"next_release\"", "\"within_commitment\"");
    let commitment = r#"kind = "commitment"
label = "correction"
then = { promise = "restore", within = "8 h", calendar = "24x7", starts = "declared", stops = "service_restored" }"#;
    let compiled = compiled(&[TERM, &clause, commitment]);
    assert!(compiled.is_valid(), "{:#?}", compiled.diagnostics);
    let turns = seen(&compiled, date(2026, 3, 1), date(2026, 12, 1), date(2026, 9, 10));
    assert_eq!(
        turns,
        [
            (Some(date(2026, 5, 31)), DutyState::Late { days: 102 }),
            (Some(date(2026, 8, 31)), DutyState::Late { days: 10 }),
            (Some(date(2026, 11, 30)), DutyState::NotYetDue),
        ]
    );
}

/// S-139: in contract B, a defect has its severity and its time to restore; the mildest waits for the release.
#[test]
fn a_defect_has_its_severity_and_its_time_to_restore() {
    let compiled = compile("lumen-edition.md", include_str!("../../../contracts/lumen-edition.md"));
    let restore = |severity: &str| {
        let facts =
            Facts::default().with(Dimension::Priority, severity).with(Dimension::ItemClass, "application");
        let restores =
            compiled.terms.commitments.iter().filter(|r| r.then.promise == terms::Promise::Restore);
        governing(restores, &facts).map(|rule| (rule.label().to_owned(), rule.then.within.in_words(Lang::Fr)))
    };
    assert_eq!(restore("blocking"), Some(("correction-bloquante".to_owned(), "quatre heures".to_owned())));
    assert_eq!(restore("major"), Some(("correction-majeure".to_owned(), "seize heures".to_owned())));
    assert_eq!(restore("minor"), None);
    assert!(compiled.terms.duties.iter().any(|d| d.label() == "tma" && d.then.what == "release"));
}

/// S-143: what is hosted, and the network by which it is reached.
#[test]
fn a_hosted_service_says_the_network_it_is_reached_by() {
    let hosting = contract::kind("hosting").unwrap().example;
    for (network, words) in [
        ("internet", "que l'on atteint par Internet"),
        ("vpn", "réseau privé virtuel"),
        ("private_line", "liaison privée"),
        ("local", "par le réseau local"),
    ] {
        let compiled =
            compiled(&[&hosting.replace("network = \"internet\"", &format!("network = \"{network}\""))]);
        assert!(compiled.is_valid(), "{network}");
        let said = contract::read_back(&compiled, Lang::Fr);
        assert!(said.contains(words), "{network}: {said}");
    }
    assert!(has(&compiled(&[&hosting.replace("then.network = \"internet\"\n", "")]), "E-FIELD-MISSING"));
    assert!(has(&compiled(&[&hosting.replace("\"internet\"", "\"satellite\"")]), "E-FIELD-CHOICE"));
}

/// S-148: steps and their dates, volumes, a calendar, deliverables and a control, in the payroll template.
#[test]
fn a_process_has_steps_volumes_a_calendar_deliverables_and_a_control() {
    let whole = include_str!("../../../contracts/templates/bpo-paie.md");
    let compiled = compile("bpo-paie.md", whole);
    let process = &compiled.terms.processes[0];
    assert_eq!((process.then.process.as_str(), process.then.calendar.as_str()), ("payroll", "horaires"));
    assert_eq!(process.then.deliverables.len(), 5);
    assert!(!compiled.terms.volumes.is_empty() && !compiled.terms.accuracies.is_empty());
    let at = date(2027, 6, 1).at(9, 0, 0, 0).to_zoned(TimeZone::get("Europe/Paris").unwrap()).unwrap();
    let dates = process::dates(
        &compiled.terms,
        process,
        date(2027, 6, 1),
        &[],
        at.timestamp(),
        &mut ClockCache::default(),
    )
    .unwrap()
    .value;
    let due: Vec<_> = dates.iter().map(|d| (d.by, d.due.date())).collect();
    // Sunday 20 June and Saturday 26 June go back to the Friday before; the declaration stays on its day.
    assert_eq!(
        due,
        [
            (PartyRole::Customer, date(2027, 6, 18)),
            (PartyRole::Provider, date(2027, 6, 25)),
            (PartyRole::Provider, date(2027, 6, 25)),
            (PartyRole::Provider, date(2027, 7, 5)),
        ]
    );
    let bpo = |clauses: &[&str]| compile("t.md", &text("\"bpo\"", clauses));
    for code in ["W-MISSING-PROCESS", "W-MISSING-ACCURACY", "W-MISSING-VOLUMES"] {
        assert!(has(&bpo(&[]), code) && !has(&compiled, code), "{code}");
    }
    let steps = contract::kind("process").unwrap().example;
    for field in ["calendar", "deliverables"] {
        let line = steps.lines().find(|l| l.starts_with(&format!("then.{field}"))).unwrap();
        assert!(has(&bpo(&[&steps.replace(line, "")]), "E-FIELD-MISSING"), "{field}");
    }
}

/// S-132: order D of contract C: virtual desktops, a price for each user, the version of their image, and the
/// share of the time for which they are promised.
#[test]
fn virtual_desktops_have_their_price_their_image_and_their_availability() {
    let master = compile("mutuelle-horizon.md", include_str!("../../../contracts/mutuelle-horizon.md"));
    let order = include_str!("../../../contracts/mutuelle-horizon-daas.md");
    let desktops = |text: &str| compile_order(&master, "mutuelle-horizon-daas.md", text);
    let compiled = desktops(order);
    assert!(compiled.is_valid(), "{:#?}", compiled.diagnostics);
    let price = compiled.terms.prices.iter().find(|p| p.label() == "redevance-bureaux").unwrap();
    assert_eq!((price.then.quantity, price.then.unit_price), (620, base::Money::eur(3_800)));
    let promised: Vec<&str> = compiled.terms.availabilities.iter().map(|a| a.label()).collect();
    assert!(
        promised.contains(&"disponibilite-ho") && promised.contains(&"disponibilite-hno"),
        "{promised:?}"
    );
    let said = contract::read_back(&compiled, Lang::Fr);
    assert!(said.contains("« bureaux virtuels » est hébergé à Brest et Rennes"), "{said}");
    assert!(said.contains("la version servie au départ est « image de bureau 2026-09 »"), "{said}");
    // The prose names the image by its rule: without it, the text does not compile.
    let without = desktops(&order.replace("then.version = \"image de bureau 2026-09\"\n", ""));
    assert!(has(&without, "E-PROSE-UNSET"), "{:#?}", without.diagnostics);
}

/// S-059: each session is owed by its day and proved by its attendance sheet; one that did not take place is late.
#[test]
fn each_session_of_training_is_owed_and_proved_by_its_attendance() {
    let whole = compiled(&[TERM, TRAINING]);
    assert!(whole.is_valid(), "{:#?}", whole.diagnostics);
    let sessions: Vec<_> = whole.terms.duties.iter().filter(|d| d.label() == "formation").collect();
    assert_eq!(sessions.len(), 2, "as many as the clause says");
    assert!(sessions.iter().all(|d| d.then.proof == terms::DutyProof::Attendance));
    let seen = seen(&whole, date(2026, 3, 1), date(2026, 12, 31), date(2026, 7, 10));
    let late = (Some(date(2026, 6, 30)), DutyState::Late { days: 10 });
    assert_eq!(seen, [late.clone(), late]);
}

/// S-149: purchasing, accounting, customer relations, payroll and bank back office.
#[test]
fn five_families_of_business_processes_have_their_template_and_its_measures() {
    for (name, whole, family) in [
        ("bpo-achats.md", include_str!("../../../contracts/templates/bpo-achats.md"), "purchasing"),
        (
            "bpo-comptabilite.md",
            include_str!("../../../contracts/templates/bpo-comptabilite.md"),
            "accounting",
        ),
        (
            "bpo-relation-client.md",
            include_str!("../../../contracts/templates/bpo-relation-client.md"),
            "customer",
        ),
        ("bpo-paie.md", include_str!("../../../contracts/templates/bpo-paie.md"), "payroll"),
        (
            "bpo-back-office-bancaire.md",
            include_str!("../../../contracts/templates/bpo-back-office-bancaire.md"),
            "back_office",
        ),
    ] {
        let compiled = compile(name, whole);
        assert!(compiled.is_valid(), "{name}: {:#?}", compiled.diagnostics);
        assert_eq!(compiled.front_matter.trades, ["bpo"], "{name}");
        let terms = &compiled.terms;
        let processes: Vec<&str> = terms.processes.iter().map(|p| p.then.process.as_str()).collect();
        assert!(processes.len() == 1 && processes[0].contains(family), "{name}: {processes:?}");
        assert!(!terms.volumes.is_empty() && !terms.accuracies.is_empty(), "{name}");
        assert!(terms.indicators.len() > 1, "{name}: measures of its own");
    }
}
