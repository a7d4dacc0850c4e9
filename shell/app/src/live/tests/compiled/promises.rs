//! Indicators, processes, payment, committees, and what each audience is promised.

use super::*;

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

/// What is measured and how, promised; nobody records the figures yet.
#[test]
fn s_062_an_indicator_says_all_that_measures_it_and_waits_for_its_record() {
    let terms = waits(&[INDICATOR], "le relevé des indicateurs");
    let said = &terms.indicators[0].then;
    assert_eq!((said.source.as_str(), said.unit.as_str()), ("tickets", "jours"));
    refused(&[INDICATOR], "source = \"tickets\"", "source = \"rumeurs\"", "E-FIELD-CHOICE");
    refused(&[INDICATOR], "per = \"quarter\"", "per = \"trimestre\"", "E-FIELD-CHOICE");
}

#[test]
fn s_148_a_process_has_its_steps_and_its_deliverables_and_its_runs_wait() {
    let process = contract::kind("process").unwrap().example;
    let terms = waits(&[process], "le relevé des traitements");
    let said = &terms.processes[0].then;
    assert_eq!((said.steps.len(), said.deliverables.len()), (4, 3));
    refused(&[process], "by = \"customer\", day = 20", "by = \"client\", day = 20", "E-FIELD-CHOICE");
    refused(&[process], "time = \"18:00\"", "time = \"18h\"", "E-FIELD-TYPE");
}

#[test]
fn s_156_the_ways_to_pay_and_the_price_of_being_late_are_written_and_wait_for_invoices() {
    let [invoicing, late] = ["invoicing", "late_payment"].map(|kind| contract::kind(kind).unwrap().example);
    let terms = waits(&[invoicing, late], "l'émission des factures");
    assert_eq!(terms.invoicing.unwrap().then.payment_days, 30);
    let terms = waits(&[late, invoicing], "l'émission des factures");
    assert_eq!(terms.late_payment.unwrap().then.indemnity, Money::eur(4_000));
    refused(&[invoicing], "issue_day = 1", "issue_day = \"premier\"", "E-FIELD-TYPE");
    refused(&[late], "indemnity = \"40.00 EUR\"", "indemnity = \"40\"", "E-MONEY-SHAPE");
}
