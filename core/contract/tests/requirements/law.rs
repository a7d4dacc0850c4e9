//! What each party answers for, and what it proves: S-062, S-069, S-100, S-226, S-287.

use contract::Severity;
use engines::duties::DutyState;
use jiff::civil::date;

use crate::support::{asks_for, codes, contract, duty, reading, refused, terms};

const LIABILITY: &str = "kind = \"liability\"
label = \"responsabilite\"
then.party = \"provider\"
then.nature = \"means_with_result_target\"
then.failures = [{ failure = \"technical\", nature = \"means_with_result_target\" }, { failure = \"security\", nature = \"result\", cap = \"500000.00 EUR\" }, { failure = \"financial\", nature = \"means\" }]
then.cap = \"fees\"
then.cap_fees = \"12 months\"
then.cap_per = \"contract_year\"
then.uncapped = [\"gross_fault\", \"wilful_fault\"]
then.indirect_damage = false
then.protection = [\"means_of_control\"]";

#[test]
fn s_100_liability_is_declared_for_each_kind_of_failure() {
    assert!(refused("", &[], "E-MISSING-LIABILITY-PROVIDER"));
    assert!(!refused("", &[LIABILITY], "E-MISSING-LIABILITY-PROVIDER"));
    assert_eq!(codes(&[LIABILITY]), Vec::<&str>::new());
    let told = reading(&[LIABILITY], "responsabilite");
    for said in [
        "défaillance technique : obligation de moyens avec engagement de résultat",
        "défaillance de sécurité : obligation de résultat, plafonnée à 500 000,00 €",
        "défaillance financière : obligation de moyens",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
    // What the rows do not name follows the nature of the whole, which is never left unsaid.
    assert!(asks_for(LIABILITY, "nature"));
    let vague = LIABILITY.replace("failure = \"security\", nature = \"result\"", "failure = \"security\"");
    assert!(codes(&[&vague]).contains(&"E-FIELD-MISSING"));
    let unknown = LIABILITY.replace("\"financial\"", "\"weather\"");
    assert!(codes(&[&unknown]).contains(&"E-FIELD-CHOICE"));
}

const HOURS: &str = "kind = \"calendar\"\nlabel = \"ho\"\nthen.zone = \"Europe/Paris\"\nthen.week = { mon-fri = [\"09:00-18:00\"] }\nthen.holidays = []";
const RESTORE: &str = "kind = \"commitment\"\nlabel = \"retablissement\"\nthen = { promise = \"restore\", within = \"8 h\", calendar = \"ho\", starts = \"declared\", stops = \"service_restored\" }";
const PENALTY: &str = "kind = \"penalty\"\nlabel = \"retard\"\nthen = { on = \"restore\", formula = \"step_per_hour_started\", rate = \"2 %\", base = \"monthly_fee_in_force\", tax = \"indemnity\", sole_remedy = false }";

#[test]
fn s_226_one_person_to_speak_to_and_duties_of_a_known_nature() {
    let contact = "kind = \"contacts\"\nlabel = \"interlocuteur\"\nthen = { of = \"provider\", role = \"single_point_of_contact\", name = \"Zoé Essai\", email = \"zoe@essai.example\" }";
    assert!(refused("", &[], "E-MISSING-CONTACT-PROVIDER"));
    assert!(!refused("", &[contact], "E-MISSING-CONTACT-PROVIDER"));
    assert!(reading(&[contact], "interlocuteur").contains("interlocuteur unique : Zoé Essai"));
    let clauses = |liability: &str| codes(&[HOURS, RESTORE, PENALTY, liability]);
    assert!(!clauses(LIABILITY).contains(&"E-OBL-TYPE"));
    // A duty of means is not late: nothing of it can be penalised.
    let means = LIABILITY.replace("then.nature = \"means_with_result_target\"", "then.nature = \"means\"");
    assert!(clauses(&means).contains(&"E-OBL-TYPE"));
    let but = means.replace(
        "failure = \"technical\", nature = \"means_with_result_target\"",
        "failure = \"delay\", nature = \"result\", of = [\"retablissement\"]",
    );
    assert!(!clauses(&but).contains(&"E-OBL-TYPE"), "a result, for this promise alone");
}

const MEASURES: &str = "kind = \"security_measures\"
label = \"mesures\"
then.measures = [{ name = \"sessions enregistrées\", requirement = \"ANSSI, R69\", section = \"detection\", proof = \"sessions_recorded\" }, { name = \"filtrage\", requirement = \"hygiène informatique, mesure 22\", section = \"prevention\" }]";

#[test]
fn s_069_each_measure_names_its_requirement_and_its_control_or_is_only_declared() {
    assert!(refused("", &[], "E-MISSING-SECURITY"));
    assert!(refused("", &[], "E-GDPR-28-3"));
    let told = reading(&[MEASURES], "mesures");
    assert!(
        told.contains("sessions enregistrées (détection, ANSSI, R69, preuve : sessions enregistrées)"),
        "{told}"
    );
    assert!(
        told.contains("filtrage (prévention, hygiène informatique, mesure 22, déclarée, sans preuve)"),
        "{told}"
    );
    let bare = MEASURES.replace("requirement = \"ANSSI, R69\", ", "");
    assert!(codes(&[&bare]).contains(&"E-FIELD-MISSING"));
    let unknown = MEASURES.replace("\"sessions_recorded\"", "\"word_of_honour\"");
    assert!(codes(&[&unknown]).contains(&"E-FIELD-CHOICE"));
}

#[test]
fn s_062_an_indicator_has_a_definition_a_source_a_formula_a_period_and_a_target() {
    let indicator = "kind = \"quality_indicator\"
label = \"satisfaction\"
then.title = \"Satisfaction des utilisateurs\"
then.source = \"survey\"
then.formula = \"part des réponses notées 4 ou 5 sur 5\"
then.unit = \"%\"
then.per = \"quarter\"
then.target = \"at_least\"
then.value = \"85\"
then.miss = \"nothing\"";
    for field in ["title", "source", "formula", "per", "target", "value"] {
        assert!(asks_for(indicator, field), "{field}");
    }
    let told = reading(&[indicator], "satisfaction");
    for said in [
        "Satisfaction des utilisateurs",
        "une enquête",
        "part des réponses",
        "trimestre",
        "cible : 85 % au moins",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
}

const TERM: &str = "kind = \"term\"\nlabel = \"duree\"\nthen = { start = 2026-03-01, lasts = \"36 months\", renewal = \"express\", notice = \"3 months\" }";
const SERVICE: &str = "kind = \"elementary_service\"\nlabel = \"bureaux\"\nthen = { service = \"vdi\", title = \"Bureaux virtuels\", family = \"support\", nature = \"run\", manner = \"à distance\", places = [\"remote\"], owner = \"provider\" }";

#[test]
fn s_287_a_certificate_is_in_force_and_its_scope_names_the_service() {
    let certificate = |scope: &str, valid_to: &str| {
        format!(
            "kind = \"certificates\"\nlabel = \"iso\"\nthen.form = \"certificate\"\nthen.norm = \"ISO/IEC 27001\"\nthen.scope = [\"{scope}\"]\nthen.services = [\"bureaux\"]\nthen.issuer = \"organisme accrédité\"\nthen.valid_to = {valid_to}\nthen.alert_before = \"60 days\""
        )
    };
    let said = |scope: &str, valid_to: &str| codes(&[TERM, SERVICE, &certificate(scope, valid_to)]);
    let wide = "hébergement et bureaux virtuels";
    assert_eq!(said(wide, "2027-06-30"), Vec::<&str>::new());
    assert_eq!(said("paie externalisée", "2027-06-30"), ["W-CERTIFICATES-SCOPE"]);
    assert_eq!(said(wide, "2026-02-28"), ["E-CERTIFICATES-EXPIRED"]);
    for field in ["norm", "scope", "valid_to", "alert_before"] {
        assert!(asks_for(&certificate(wide, "2027-06-30"), field), "{field}");
    }
    let terms = terms(&[TERM, SERVICE, &certificate(wide, "2027-06-30")]);
    let state = |on| duty(&terms, "certificate_renewal", on);
    assert_eq!(state(date(2027, 4, 1)), Some(DutyState::NotYetDue));
    assert!(matches!(state(date(2027, 5, 15)), Some(DutyState::DueSoon { .. })), "sixty days ahead");
    assert!(matches!(state(date(2027, 7, 2)), Some(DutyState::Late { .. })));
    // ISAE 3402 is a report, of type I or II, and is not written as a certificate.
    let isae = certificate(wide, "2027-06-30").replace("ISO/IEC 27001", "ISAE 3402");
    assert_eq!(codes(&[TERM, SERVICE, &isae]), ["W-CERTIFICATES-REPORT"]);
    let report = "kind = \"certificates\"\nlabel = \"isae\"\nthen.form = \"report\"\nthen.norm = \"ISAE 3402\"\nthen.type = \"type_2\"\nthen.scope = [\"paie\"]\nthen.reports_per_year = 1";
    assert!(asks_for(report, "type"));
    let warned = contract("", &[&isae]).diagnostics.into_iter().find(|d| d.code == "W-CERTIFICATES-REPORT");
    assert_eq!(warned.map(|d| d.severity), Some(Severity::Warning));
}
