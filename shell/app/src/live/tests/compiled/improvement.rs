//! Evolutions, applications kept in health, improvements, watch, advice, and what is not billable.

use super::access::{DISTRIBUTION, GATEWAY};
use super::*;

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
