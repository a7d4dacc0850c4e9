//! Clauses that compile to their terms and wait for their engine: what each says reaches its terms, a wrong
//! value is refused at its line, it reads back in both languages, and nothing of it is ever held, though every
//! duty that it makes be kept. `docs/requirements.csv` names these tests.

use base::{Length, Money};
use contract::Compiled;
use terms::boundary::{Boundary, Ownership, OwnershipMode};
use terms::equipment::Repair;
use terms::grant::{AccessAct, Transfer};
use terms::indicator::Measure;
use terms::late_payment::Unlisted;
use terms::{DutyDue, Grant, Statement};

use super::*;

/// What every contract here says besides, so that it is whole: a term, and an item that guards may name.
const BESIDE: [&str; 2] = [
    "kind = \"term\"\nlabel = \"duree\"\nthen = { start = 2026-03-01, lasts = \"36 months\", renewal = \"express\", notice = \"3 months\" }",
    "kind = \"perimeter\"\nlabel = \"serveurs\"\nthen = { class = \"server\", items = [\"srv-rh\"], status = \"in\" }",
];

fn text(clauses: &[&str]) -> String {
    let all = clauses.iter().chain(&BESIDE);
    let blocks: String = all.map(|clause| format!("```toml clause\n{}\n```\n\n", clause.trim())).collect();
    format!("{HEAD}{blocks}")
}

fn compile(clauses: &[&str]) -> Compiled {
    let compiled = contract::compile("essai.md", &text(clauses));
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    compiled
}

/// The label of a clause.
fn label(clause: &str) -> &str {
    let line = clause.lines().find_map(|line| line.trim().strip_prefix("label = \"")).unwrap();
    line.trim_end_matches('"')
}

/// The terms of these clauses, the first of which waits for `what`, in French, whether its duties are kept
/// or nothing was done.
fn waits(clauses: &[&str], what: &str) -> Terms {
    let terms = compile(clauses).terms;
    let label = label(clauses[0]);
    let name = clauses[0].trim().strip_prefix("kind = \"").unwrap().split('"').next().unwrap();
    let kind = contract::kind(name).unwrap();
    let read_back = (kind.read_back)(label, &terms).unwrap();
    assert!(read_back.fr.ends_with('.') && read_back.en.ends_with('.'), "{read_back:?}");
    assert_ne!(read_back.fr, read_back.en);
    let alone = read(&terms, kind, label, Vec::new()).unwrap();
    assert!(!matches!(alone.standing, Standing::Held | Standing::Applied), "{alone:?}");
    let kept = read(&terms, kind, label, all_done(&terms, label)).unwrap();
    assert_eq!(kept.standing, Standing::NotRun, "{kept:?}");
    let figure = kept.figure.unwrap();
    assert!(figure.fr.contains(what), "{figure:?}");
    assert!(figure.en.contains("waits for"), "{figure:?}");
    terms
}

/// Every duty of a clause done in time, with the proof agreed.
fn all_done(terms: &Terms, label: &str) -> Vec<Done> {
    let year = Span::of(Period::ContractYear, terms, TODAY);
    let all = engines::duties::occurrences(terms, &DutyFacts::default(), year, now()).unwrap();
    let mine = all.into_iter().map(|o| o.value).filter(|o| o.label == label);
    let proof = |what: &str| terms.duties.iter().find(|d| d.then.what == what).unwrap().then.proof;
    mine.filter_map(|o| {
        Some(Done {
            label: o.label,
            proof: proof(&o.what),
            on: o.on?.min(TODAY),
            what: o.what,
            reference: "pièce n° 1".into(),
            valid_until: Some(date(2029, 2, 28)),
        })
    })
    .collect()
}

/// Writing `wrong` for `right` is refused with this code, at its line.
fn refused(clauses: &[&str], right: &str, wrong: &str, code: &str) {
    let text = text(clauses);
    assert_eq!(text.matches(right).count(), 1, "{right} is not there once");
    let broken = text.replace(right, wrong);
    let line = broken.lines().position(|line| line.contains(wrong)).unwrap() + 1;
    let found = contract::compile("essai.md", &broken);
    let told = contract::diagnostic::json(&found.files, &found.diagnostics, Lang::Fr);
    let told: Vec<_> = told.as_array().unwrap().iter().filter(|d| d["code"] == code).collect();
    assert!(told.iter().any(|d| d["line"] == line && d["severity"] == "error"), "line {line}: {told:#?}");
}

/// Whether these clauses get this remark.
fn remarked(clauses: &[&str], code: &str) -> bool {
    contract::compile("essai.md", &text(clauses)).diagnostics.iter().any(|d| d.code == code)
}

fn statement<'a>(terms: &'a Terms, label: &str) -> &'a Statement {
    &terms.statements.iter().find(|r| r.label() == label).unwrap().then
}

fn rows<'a>(terms: &'a Terms, topic: &str) -> Vec<&'a Statement> {
    terms.statements.iter().map(|r| &r.then).filter(|s| s.topic == topic).collect()
}

fn owed(terms: &Terms, what: &str) -> DutyDue {
    terms.duties.iter().find(|d| d.then.what == what).unwrap().then.due.clone()
}

const REVERSIBILITY: &str = r#"
kind = "reversibility"
label = "reversibilite"
then.targets = ["in_house", "other_provider"]
then.plan_within = "90 days"
then.plan_updated_every = "6 months"
then.rehearsal_every = "12 months"
then.first_rehearsal = 2026-11-18
then.starts = "termination_notified"
then.lasts = "3 months"
then.service_level_kept = true
then.hands_over = ["données", "documentation"]
then.formats = ["JSON", "CSV"]
then.proved_by = ["counts", "hashes", "reimport"]
then.secrets = "rotated"
then.price = "included"
then.at_provider_fault = "free"
then.insolvency_copy = "on_demand"
then.insolvency_within = "10 days"
"#;
const EXPORT: &str = "l'export et la réimportation";

#[test]
fn s_024_the_way_out_is_planned_and_rehearsed_from_the_first_day_and_its_export_waits() {
    let terms = waits(&[REVERSIBILITY], EXPORT);
    assert!(matches!(owed(&terms, "reversibility_plan"), DutyDue::Within { length: Length::Days(90), .. }));
    let first = Some(date(2026, 11, 18));
    let rehearsal = DutyDue::Every { period: Length::Months(12), first };
    assert_eq!(owed(&terms, "reversibility_rehearsal"), rehearsal);
    assert!(matches!(owed(&terms, "hand_over"), DutyDue::Within { length: Length::Months(3), .. }));
    refused(&[REVERSIBILITY], "plan_within = \"90 days\"", "plan_within = \"90 jours\"", "E-LENGTH-SHAPE");
    // A plan that is late is late, whatever else waits.
    let late = read(&terms, contract::kind("reversibility").unwrap(), "reversibilite", Vec::new()).unwrap();
    assert_eq!(late.standing, Standing::Missed);
}

#[test]
fn s_080_back_in_house_is_a_target_and_its_export_waits() {
    let terms = waits(&[REVERSIBILITY], EXPORT);
    assert!(statement(&terms, "reversibilite").get("targets").unwrap().split(", ").any(|t| t == "in_house"));
    refused(&[REVERSIBILITY], "\"in_house\"", "\"interne\"", "E-FIELD-CHOICE");
    let without = REVERSIBILITY.replace("\"in_house\", ", "");
    assert!(remarked(&[&without], "W-REVERSIBILITY-TARGET"));
}

#[test]
fn s_081_another_provider_is_a_target_and_its_export_waits() {
    let terms = waits(&[REVERSIBILITY], EXPORT);
    let targets = statement(&terms, "reversibilite").get("targets").unwrap().to_owned();
    assert!(targets.split(", ").any(|t| t == "other_provider"), "{targets}");
    refused(&[REVERSIBILITY], "\"other_provider\"", "\"autre\"", "E-FIELD-CHOICE");
    let without = REVERSIBILITY.replace(", \"other_provider\"", "");
    assert!(remarked(&[&without], "W-REVERSIBILITY-TARGET"));
}

#[test]
fn s_193_both_ways_out_are_named_and_wait() {
    let terms = waits(&[REVERSIBILITY], EXPORT);
    assert_eq!(statement(&terms, "reversibilite").get("targets"), Some("in_house, other_provider"));
    refused(&[REVERSIBILITY], "[\"in_house\", \"other_provider\"]", "\"in_house\"", "E-FIELD-TYPE");
    assert!(!remarked(&[REVERSIBILITY], "W-REVERSIBILITY-TARGET"));
}

#[test]
fn s_194_what_is_handed_over_is_to_be_proved_and_waits() {
    let terms = waits(&[REVERSIBILITY], EXPORT);
    let said = statement(&terms, "reversibilite");
    assert_eq!(said.get("proved_by"), Some("counts, hashes, reimport"));
    assert_eq!(said.get("formats"), Some("JSON, CSV"));
    refused(&[REVERSIBILITY], "\"hashes\"", "\"empreintes\"", "E-FIELD-CHOICE");
}

const LICENCE: &str = r#"
kind = "licences"
label = "licence-erp"
then.product = "Gesprod"
then.holder = "customer"
then.number = "GP-2211"
then.metric = "utilisateur nommé"
then.quantity = 40
then.licence = "subscription"
then.expires = 2027-02-28
then.alert_before = "60 days"
then.provider_may_use = true
"#;

#[test]
fn s_072_a_licence_has_its_number_its_metric_and_its_term_and_its_excess_waits() {
    let terms = waits(&[LICENCE], "le relevé du parc");
    let said = statement(&terms, "licence-erp");
    let figures = ["number", "metric", "quantity"].map(|field| said.get(field).unwrap());
    assert_eq!(figures, ["GP-2211", "utilisateur nommé", "40"]);
    assert_eq!(owed(&terms, "licence_renewal"), DutyDue::Renew { expires: date(2027, 2, 28) });
    refused(&[LICENCE], "quantity = 40", "quantity = 0", "E-FIELD-RANGE");
    refused(&[LICENCE], "expires = 2027-02-28", "expires = \"28/02/2027\"", "E-FIELD-TYPE");
}

const APPLICATIONS: &str = r#"
kind = "inventory"
label = "applications"
then.class = "application"
then.place = "provider_datacentre"
then.items = [
  { name = "gesprod", owner = "third_party", mode = "service", modules = ["achats", "stocks"], users = 40 },
]
then.reconciled_every = "1 month"
"#;
const INVENTORY: &str = "le relevé du parc";

#[test]
fn s_122_a_business_application_has_its_modules_and_its_users_and_waits() {
    let terms = waits(&[APPLICATIONS], INVENTORY);
    let all = rows(&terms, "inventory.items");
    assert_eq!((all[0].get("modules"), all[0].get("users")), (Some("achats, stocks"), Some("40")));
    assert_eq!(statement(&terms, "applications").get("class"), Some("application"));
    refused(&[APPLICATIONS], "users = 40", "users = \"quarante\"", "E-FIELD-TYPE");
    assert!(!remarked(&[APPLICATIONS], "W-INVENTORY-APPLICATION"));
    assert!(remarked(&[&APPLICATIONS.replace(", users = 40", "")], "W-INVENTORY-APPLICATION"));
}

const MACHINES: &str = r#"
kind = "inventory"
label = "postes"
then.class = "workstation"
then.place = "customer_site"
then.site = "tls"
then.items = [
  { name = "pc-12", owner = "customer", mode = "bought", serial = "5CG2190XQ7", since = 2024-03-01, warranty_until = 2027-02-28, value = "890.00 EUR" },
  { name = "pc-13", owner = "third_party", mode = "leased", ends = 2027-06-30 },
]
then.reconciled_every = "1 month"
"#;

#[test]
fn s_128_what_stays_on_the_premises_is_told_from_what_is_hosted_and_waits() {
    let terms = waits(&[MACHINES, APPLICATIONS], INVENTORY);
    assert_eq!(statement(&terms, "postes").get("place"), Some("customer_site"));
    assert_eq!(statement(&terms, "applications").get("place"), Some("provider_datacentre"));
    refused(&[MACHINES], "\"customer_site\"", "\"locaux\"", "E-FIELD-CHOICE");
}

#[test]
fn s_150_each_asset_is_bought_or_leased_with_its_owner_and_its_end_and_waits() {
    let terms = waits(&[MACHINES], INVENTORY);
    let said = rows(&terms, "inventory.items");
    let of = |row: usize| ["mode", "owner", "ends"].map(|field| said[row].get(field));
    assert_eq!(of(0), [Some("bought"), Some("customer"), None]);
    assert_eq!(of(1), [Some("leased"), Some("third_party"), Some("2027-06-30")]);
    refused(&[MACHINES], "mode = \"bought\"", "mode = \"acheté\"", "E-FIELD-CHOICE");
    refused(&[MACHINES], "mode = \"leased\", ends = 2027-06-30", "mode = \"leased\"", "E-INVENTORY-ENDS");
}

#[test]
fn s_164_equipment_tools_and_services_are_listed_and_their_reconciling_waits() {
    let tools = MACHINES
        .replace("postes", "outils")
        .replace("\"workstation\"", "\"outil de sauvegarde\"")
        .replace("pc-1", "outil-");
    let terms = waits(&[MACHINES, APPLICATIONS, &tools], INVENTORY);
    let classes =
        ["postes", "applications", "outils"].map(|label| statement(&terms, label).get("class").unwrap());
    assert_eq!(classes, ["workstation", "application", "outil de sauvegarde"]);
    assert_eq!(rows(&terms, "inventory.items").len(), 5);
    assert_eq!(owed(&terms, "reconciliation"), DutyDue::Every { period: Length::Months(1), first: None });
    let twice = "name = \"pc-12\", owner = \"third_party\"";
    refused(&[MACHINES], "name = \"pc-13\", owner = \"third_party\"", twice, "E-INVENTORY-TWICE");
    refused(&[MACHINES], "reconciled_every = \"1 month\"", "reconciled_every = \"1 mois\"", "E-LENGTH-SHAPE");
}

#[test]
fn s_195_each_asset_has_its_number_its_age_its_warranty_and_its_value_and_waits() {
    let terms = waits(&[MACHINES], INVENTORY);
    let first = rows(&terms, "inventory.items")[0];
    let said = ["serial", "since", "warranty_until", "owner", "value"].map(|field| first.get(field).unwrap());
    assert_eq!(said, ["5CG2190XQ7", "2024-03-01", "2027-02-28", "customer", "890.00 EUR"]);
    refused(&[MACHINES], "value = \"890.00 EUR\"", "value = \"890 €\"", "E-MONEY-SHAPE");
    refused(
        &[MACHINES],
        "warranty_until = 2027-02-28",
        "warranty_until = 2023-02-28",
        "E-INVENTORY-WARRANTY",
    );
}

const EQUIPMENT: &str = r#"
kind = "equipment"
label = "remplacement"
then.class = "workstation"
then.repair_limit = "50 %"
then.max_age = "5 years"
then.included = 4
then.per = "contract_year"
then.then_price = "890.00 EUR"
then.mode = "customer_owned"
then.repair = "capped"
then.repair_ceiling = "150.00 EUR"
"#;

#[test]
fn s_196_each_repair_and_replacement_is_included_capped_or_billed_and_waits() {
    let terms = waits(&[EQUIPMENT], "la tenue du parc matériel");
    let then = &terms.equipment[0].then;
    assert_eq!(then.repair, Some(Repair::Capped { most: Money::eur(15_000) }));
    assert_eq!((then.included, then.then_price), (4, Money::eur(89_000)));
    let paid = |by: &str| {
        let clause = EQUIPMENT.replace("\"capped\"", by).replace("then.repair_ceiling = \"150.00 EUR\"", "");
        compile(&[&clause]).terms.equipment[0].then.repair
    };
    assert_eq!(paid("\"included\""), Some(Repair::Included));
    assert_eq!(paid("\"quoted\""), Some(Repair::Quoted));
    let billed = EQUIPMENT.replace("\"capped\"", "\"billed\"").replace("repair_ceiling", "repair_price");
    assert_eq!(
        compile(&[&billed]).terms.equipment[0].then.repair,
        Some(Repair::Billed { price: Money::eur(15_000) })
    );
    refused(&[EQUIPMENT], "\"capped\"", "\"plafonnée\"", "E-FIELD-CHOICE");
    assert!(remarked(&[&EQUIPMENT.replace("then.repair_ceiling = \"150.00 EUR\"", "")], "E-FIELD-MISSING"));
}

#[test]
fn s_197_the_thresholds_of_replacement_and_its_price_are_written_and_wait() {
    let terms = waits(&[EQUIPMENT], "la tenue du parc matériel");
    let then = &terms.equipment[0].then;
    assert_eq!((then.repair_limit, then.max_age), (base::Fraction::new(1, 2), Some(60)));
    assert_eq!(then.then_price, Money::eur(89_000));
    refused(&[EQUIPMENT], "repair_limit = \"50 %\"", "repair_limit = \"0,5\"", "E-PERCENT-SHAPE");
    refused(&[EQUIPMENT], "max_age = \"5 years\"", "max_age = \"5 ans\"", "E-LENGTH-SHAPE");
}

const SESSION: &str = r#"
kind = "remote_access"
label = "prise-en-main"
when = { item = ["srv-rh"] }
then.act = "maintenance"
then.calendar = "24x7"
then.ticket = true
then.diagnosis = true
then.approvals = 2
then.user_consent = true
then.longest = "4 h"
then.recorded = true
then.transfer_out = "denied"
then.transfer_in = "approved"
"#;
const GATEWAY: &str = "la passerelle d'accès";

fn grant(clause: &str) -> Grant {
    waits(&[clause], GATEWAY).grants[0].then.clone()
}

#[test]
fn s_130_the_user_consents_and_the_session_is_recorded_and_waits() {
    let grant = grant(SESSION);
    assert!(grant.user_consent && grant.recorded);
    assert!(remarked(&[&SESSION.replace("recorded = true", "recorded = false")], "W-ACCESS-RECORDED"));
    refused(&[SESSION], "user_consent = true", "user_consent = \"oui\"", "E-FIELD-TYPE");
}

#[test]
fn s_185_a_sensitive_item_asks_for_two_approvals_and_lets_no_file_out_and_waits() {
    let terms = waits(&[SESSION], GATEWAY);
    let rule = &terms.grants[0];
    assert_eq!(rule.when.values[&terms::Dimension::Item].iter().collect::<Vec<_>>(), ["srv-rh"]);
    let then = &rule.then;
    assert_eq!(
        (then.approvals, then.transfer_out, then.transfer_in),
        (2, Transfer::Denied, Transfer::Approved)
    );
    refused(&[SESSION], "transfer_out = \"denied\"", "transfer_out = \"refusée\"", "E-FIELD-CHOICE");
    refused(&[SESSION], "approvals = 2", "approvals = -2", "E-FIELD-RANGE");
}

#[test]
fn s_186_a_session_stands_on_a_ticket_for_a_time_and_waits() {
    let grant = grant(SESSION);
    assert!(grant.ticket);
    assert_eq!(grant.longest, Length::Seconds(4 * 3600));
    refused(&[SESSION], "longest = \"4 h\"", "longest = \"4 jours\"", "E-LENGTH-SHAPE");
    refused(&[SESSION], "ticket = true", "ticket = 1", "E-FIELD-TYPE");
}

#[test]
fn s_243_remote_diagnosis_is_an_act_of_its_own_that_moves_no_file_and_waits() {
    let diagnosis = SESSION
        .replace("\"maintenance\"", "\"diagnosis\"")
        .replace("then.diagnosis = true\n", "")
        .replace("\"approved\"", "\"denied\"");
    let grant = grant(&diagnosis);
    assert_eq!(grant.act, AccessAct::Diagnosis);
    assert_eq!((grant.transfer_out, grant.transfer_in), (Transfer::Denied, Transfer::Denied));
    refused(&[&diagnosis], "act = \"diagnosis\"", "act = \"diagnostic\"", "E-FIELD-CHOICE");
}

#[test]
fn s_244_remote_maintenance_asks_for_a_diagnosis_on_the_ticket_and_waits() {
    let grant = grant(SESSION);
    assert!(grant.act == AccessAct::Maintenance && grant.diagnosis && grant.ticket);
    assert!(remarked(&[&SESSION.replace("diagnosis = true", "diagnosis = false")], "W-ACCESS-DIAGNOSIS"));
    refused(&[SESSION], "diagnosis = true", "diagnosis = \"oui\"", "E-FIELD-TYPE");
}

const DISTRIBUTION: &str = r#"
kind = "remote_access"
label = "teledistribution"
then.act = "distribution"
then.calendar = "24x7"
then.ticket = true
then.approvals = 1
then.longest = "4 h"
then.recorded = true
then.rings = [
  { name = "essai", machines = 3, watch = "48 h" },
  { name = "ensemble" },
]
then.rollback = true
"#;

#[test]
fn s_245_a_distribution_goes_by_rings_with_a_way_back_and_waits() {
    let grant = grant(DISTRIBUTION);
    assert!(grant.act == AccessAct::Distribution && grant.rollback);
    let rings: Vec<_> = grant.rings.iter().map(|r| (r.name.as_str(), r.machines, r.watch)).collect();
    assert_eq!(rings, [("essai", Some(3), Some(Length::Seconds(48 * 3600))), ("ensemble", None, None)]);
    refused(&[DISTRIBUTION], "watch = \"48 h\"", "watch = \"2 j\"", "E-LENGTH-SHAPE");
    refused(&[DISTRIBUTION], "rollback = true", "rollback = \"oui\"", "E-FIELD-TYPE");
}

const MAINTENANCE: &str = r#"
kind = "maintenance"
label = "tma"
then.application = "Bibliotek"
then.preventive_every = "3 months"
then.severities = [
  { level = "blocking", title = "Bloquante", means = "l'application est inutilisable", settled = "next_release" },
]
then.release_every = "2 months"
then.adaptive = "included"
then.evolutive = "work_units"
then.estimate_within = "5 working_days"
then.refused_estimate = "free"
then.health = ["backlog_age", "defects", "obsolescence", "patch_level"]
then.health_every = "1 month"
"#;

#[test]
fn s_142_an_upgrade_is_an_evolution_delivered_by_rings_and_waits() {
    let terms = waits(&[DISTRIBUTION, MAINTENANCE], GATEWAY);
    assert_eq!(statement(&terms, "tma").get("evolutive"), Some("work_units"));
    assert_eq!(terms.grants[0].then.rings.len(), 2);
    refused(&[MAINTENANCE], "evolutive = \"work_units\"", "evolutive = \"au forfait\"", "E-FIELD-CHOICE");
    let one = DISTRIBUTION.replace("  { name = \"essai\", machines = 3, watch = \"48 h\" },\n", "");
    assert!(remarked(&[&one], "W-ACCESS-RINGS"));
}

#[test]
fn s_135_the_health_of_an_application_is_owed_at_its_rhythm_and_waits() {
    let terms = waits(&[MAINTENANCE], "les rapports d'application");
    assert_eq!(
        statement(&terms, "tma").get("health"),
        Some("backlog_age, defects, obsolescence, patch_level")
    );
    assert_eq!(owed(&terms, "health_report"), DutyDue::Every { period: Length::Months(1), first: None });
    refused(&[MAINTENANCE], "\"defects\"", "\"bugs\"", "E-FIELD-CHOICE");
    let without = MAINTENANCE.replace("then.health_every = \"1 month\"\n", "");
    assert!(remarked(&[&without], "E-MAINTENANCE-HEALTH"));
}

const ROADMAP: &str = r#"
kind = "roadmap"
label = "plan-de-progres"
then.milestones = [
  { name = "le nouveau stockage", by = 2026-09-30, owed_by = "provider", effect = "temps d'ouverture d'un plan", unit = "s", before = "12", after = "4.5" },
]
"#;

#[test]
fn s_160_an_improvement_has_its_measure_before_and_after_and_waits() {
    let terms = waits(&[ROADMAP], "le relevé des indicateurs");
    let said = statement(&terms, "plan-de-progres");
    let figures = ["before", "after", "unit"].map(|what| said.get(&format!("effects.01.{what}")).unwrap());
    assert_eq!(figures, ["12", "4.5", "s"]);
    assert_eq!(owed(&terms, "milestone:1"), DutyDue::By { date: date(2026, 9, 30) });
    refused(&[ROADMAP], "after = \"4.5\"", "after = \"4,5\"", "E-DECIMAL-SHAPE");
    refused(&[ROADMAP], "unit = \"s\", before = \"12\"", "unit = \"s\"", "E-ROADMAP-EFFECT");
}

const WATCH: &str = r#"
kind = "technology_watch"
label = "veille"
then.report_every = "3 months"
then.sources = ["CERT-FR", "éditeurs"]
then.advisories_within = "2 working_days"
"#;

#[test]
fn s_180_the_watch_has_its_sources_its_rhythm_and_its_advisories_and_their_matching_waits() {
    let terms = waits(&[WATCH], "le rapprochement des avis et du parc");
    let said = statement(&terms, "veille");
    assert_eq!(
        (said.get("sources"), said.get("advisories_within")),
        (Some("CERT-FR, éditeurs"), Some("2 working_days"))
    );
    assert_eq!(owed(&terms, "watch_report"), DutyDue::Every { period: Length::Months(3), first: None });
    refused(
        &[WATCH],
        "advisories_within = \"2 working_days\"",
        "advisories_within = \"2 jours\"",
        "E-LENGTH-SHAPE",
    );
}

const ADVICE: &str = r#"
kind = "advice"
label = "conseil"
then.topics = ["obsolescence"]
then.register = "registre des conseils"
then.answer_within = "20 working_days"
then.costed = true
then.budget = "evolutions"
"#;
const BUDGET: &str = r#"
kind = "budget"
label = "evolutions"
then = { amount = "30000.00 EUR", per = "contract_year", when_exceeded = "approve" }
"#;

#[test]
fn s_181_advice_bears_its_cost_against_a_budget_and_its_answer_and_its_register_waits() {
    let terms = waits(&[ADVICE, BUDGET], "le registre des conseils");
    let said = statement(&terms, "conseil");
    assert_eq!((said.get("costed"), said.get("budget")), (Some("true"), Some("evolutions")));
    assert!(matches!(owed(&terms, "advice_answer"), DutyDue::Within { length: Length::WorkingDays(20), .. }));
    refused(&[ADVICE, BUDGET], "budget = \"evolutions\"", "budget = \"travaux\"", "E-LABEL-UNKNOWN");
    assert!(remarked(&[&ADVICE.replace("then.costed = true\n", ""), BUDGET], "E-ADVICE-COST"));
}

const INVOICING: &str = r#"
kind = "invoicing"
label = "facturation"
then.payment_days = 30
then.payment_from = "invoice_date"
then.vat_regime = "receipts"
then.unlisted = "amendment"
"#;

#[test]
fn s_187_work_that_nothing_lists_is_not_billable_and_waits() {
    let terms = waits(&[INVOICING], "l'émission des factures");
    assert_eq!(terms.invoicing.unwrap().then.unlisted, Some(Unlisted::Amendment));
    let never = compile(&[&INVOICING.replace("\"amendment\"", "\"refused\"")]).terms;
    assert_eq!(never.invoicing.unwrap().then.unlisted, Some(Unlisted::Refused));
    refused(&[INVOICING], "unlisted = \"amendment\"", "unlisted = \"avenant\"", "E-FIELD-CHOICE");
}

const WORK: &str = r#"
kind = "software_ownership"
label = "scripts"
then.of = "les scripts"
then.nature = "deliverable"
then.mode = "assigned"
then.rights = ["reproduction", "adaptation"]
then.extent = "le groupe du Client"
then.purpose = "usage interne"
then.territory = "monde entier"
then.lasts = "legal"
then.exclusive = true
then.provider_reuse = true
then.sources = true
then.escrow = false
"#;

fn ownership(terms: &Terms) -> &Ownership {
    match &terms.boundaries[0].then {
        Boundary::Ownership(ownership) => ownership,
        other => panic!("{other:?}"),
    }
}

#[test]
fn s_189_a_work_assigned_is_handed_over_with_its_sources_and_waits() {
    let terms = waits(&[WORK], "le registre des droits");
    let said = ownership(&terms);
    assert!(said.mode == OwnershipMode::Assigned && said.sources && !said.escrow);
    refused(&[WORK], "mode = \"assigned\"", "mode = \"cédé\"", "E-FIELD-CHOICE");
    refused(&[WORK], "sources = true", "sources = \"oui\"", "E-FIELD-TYPE");
}

#[test]
fn s_190_a_licence_for_a_time_has_its_end_and_its_alert_and_waits() {
    let licensed = WORK
        .replace("\"assigned\"", "\"licensed\"")
        .replace("then.provider_reuse = true\n", "then.ends = 2028-06-30\nthen.alert_before = \"90 days\"\n");
    let terms = waits(&[&licensed], "le registre des droits");
    assert_eq!(
        (ownership(&terms).mode, ownership(&terms).ends),
        (OwnershipMode::Licensed, Some(date(2028, 6, 30)))
    );
    let duty = &terms.duties[0].then;
    assert_eq!(duty.due, DutyDue::Renew { expires: date(2028, 6, 30) });
    assert_eq!(duty.alert_before, Some(Length::Days(90)));
    let kind = contract::kind("software_ownership").unwrap();
    assert!(
        (kind.read_back)("scripts", &terms).unwrap().fr.contains("ne fait pas partie de ce qui est remis")
    );
    refused(&[&licensed], "ends = 2028-06-30", "ends = \"juin 2028\"", "E-FIELD-TYPE");
    assert!(remarked(&[&licensed.replace("then.ends = 2028-06-30\n", "")], "E-OWNERSHIP-ALERT"));
}

const DISPUTES: &str = r#"
kind = "law_and_disputes"
label = "differends"
then.law = "FR"
then.court = "Tribunal de commerce de Toulouse"
then.steps = [{ before = "le comité de direction", within = "15 working_days" }]
then.evidence_within = "5 working_days"
"#;

#[test]
fn s_276_the_evidence_of_an_event_is_owed_on_request_and_its_making_waits() {
    let terms = waits(&[DISPUTES], "la production des preuves");
    assert!(matches!(owed(&terms, "evidence_pack"), DutyDue::Within { length: Length::WorkingDays(5), .. }));
    refused(
        &[DISPUTES],
        "evidence_within = \"5 working_days\"",
        "evidence_within = \"5 jours\"",
        "E-LENGTH-SHAPE",
    );
}

const INDICATOR: &str = r#"
kind = "quality_indicator"
label = "mise-en-service"
then.title = "Délai de mise en service"
then.source = "tickets"
then.formula = "jours de la commande au premier utilisateur"
then.unit = "jours"
then.measures = "time_to_service"
then.per = "quarter"
then.target = "at_most"
then.value = "10"
then.miss = "nothing"
"#;

#[test]
fn s_286_the_time_from_the_order_to_the_first_user_is_an_indicator_and_waits() {
    let terms = waits(&[INDICATOR], "le relevé des indicateurs");
    assert_eq!(terms.indicators[0].then.measures, Some(Measure::TimeToService));
    refused(&[INDICATOR], "measures = \"time_to_service\"", "measures = \"delai\"", "E-FIELD-CHOICE");
    refused(&[INDICATOR], "value = \"10\"", "value = \"dix\"", "E-DECIMAL-SHAPE");
}

const COMMITTEE: &str = r#"
kind = "committee"
label = "copil"
then.committee = "steering"
then.members = ["interlocuteurs"]
then.every = "1 month"
then.pack = ["niveaux de service", "obligations"]
then.pack_before = "5 working_days"
then.minutes_within = "5 working_days"
"#;

#[test]
fn s_093_the_pack_of_a_committee_is_owed_before_it_and_its_making_waits() {
    let terms = waits(&[COMMITTEE], "la production des dossiers");
    assert_eq!(statement(&terms, "copil").get("pack"), Some("niveaux de service, obligations"));
    let meeting = terms.duties.iter().find(|d| d.then.what == "steering_committee").unwrap();
    assert_eq!(meeting.then.alert_before, Some(Length::WorkingDays(5)));
    refused(&[COMMITTEE], "pack_before = \"5 working_days\"", "pack_before = \"5 jours\"", "E-LENGTH-SHAPE");
}

const AUDIENCES: [&str; 2] = [
    r#"
kind = "hotline"
label = "ligne-direction"
when = { audience = ["director"] }
then = { form = "unlimited", calendar = "24x7" }
"#,
    r#"
kind = "commitment"
label = "reponse-direction"
when = { audience = ["director"] }
default = "none"
then = { promise = "respond", within = "15 min", calendar = "24x7", starts = "declared", stops = "first_human_act" }
"#,
];

#[test]
fn s_161_each_audience_has_its_line_its_hours_and_its_target_and_waits_for_its_tickets() {
    let director = |rule: &terms::Guard| rule.values[&terms::Dimension::Audience].iter().eq(["director"]);
    let [line, answer] = AUDIENCES;
    let terms = waits(&[line, answer], "le public de chaque ticket");
    assert!(director(&terms.meters[0].when) && terms.meters[0].label() == "ligne-direction");
    let promise = &waits(&[answer, line], "le public de chaque ticket").commitments[0];
    assert!(director(&promise.when) && promise.then.calendar == "24x7");
    assert_eq!(promise.then.within, Length::Seconds(15 * 60));
    refused(&[answer], "within = \"15 min\"", "within = \"15 mn\"", "E-LENGTH-SHAPE");
    refused(&[line], "audience = [\"director\"]", "public = [\"director\"]", "E-GUARD-DIMENSION");
}

const USERS: &str = r#"
kind = "users"
label = "utilisateurs"
then.audience = "user"
then.sites = { tls = "Toulouse" }
then.count = 40
then.channels = ["portal", "telephone"]
then.entitled_to = ["duree"]
"#;

#[test]
fn s_085_users_have_their_site_their_channels_and_their_entitlements_and_wait() {
    let terms = waits(&[USERS], "l'annuaire des utilisateurs");
    let said = statement(&terms, "utilisateurs");
    let figures = ["audience", "sites", "count", "channels", "entitled_to"].map(|f| said.get(f).unwrap());
    assert_eq!(figures, ["user", "tls", "40", "portal, telephone", "duree"]);
    refused(&[USERS], "audience = \"user\"", "audience = \"usagers\"", "E-FIELD-CHOICE");
    refused(&[USERS], "entitled_to = [\"duree\"]", "entitled_to = [\"hotline\"]", "E-LABEL-UNKNOWN");
}
