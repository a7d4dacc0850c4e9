#![allow(clippy::disallowed_methods)] // Tests read fixtures; the crate itself may not.
//! Hotlines that weigh calls and share a meter, as a text writes them.

use base::{Fraction, Lang};
use contract::{Compiled, Severity, compile};
use terms::{CallTaker, CallWeight, MeterForm, WeighedWhen};

const HEAD: &str =
    "+++\ncontract = \"CTR-1\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# Essai\n\n## Article 1\n";

const CALENDAR: &str = r#"kind = "calendar"
label = "ho"
then = { zone = "Europe/Paris", week = { mon-fri = ["08:00-18:00"] }, holidays = [2026-05-01] }"#;

const PRIORITIES: &str = r#"kind = "priority_matrix"
label = "priorites"
then.priorities = ["P1", "P2"]
then.impacts = ["site"]
then.urgencies = ["blocking", "degraded"]
then.cells.site = { blocking = "P1", degraded = "P2" }"#;

const HOURS: &str = r#"kind = "hotline"
label = "assistance"
when = { channel = "phone" }
then.form = "max_hours"
then.max = "20 h"
then.period = "quarter"
then.minimum = "15 min"
then.round_up_to = "15 min"
then.carry_over = "lost"
then.when_empty = "per_hour"
then.price = "78.00 EUR"
then.weights = [
  { outside = "ho", weight = "1.5" },
  { holidays_of = "ho", weight = "2" },
  { role = "system_manager", weight = "1.25" },
  { priority = "P1", weight = "0.5" },
]"#;

const SHARED: &str = r#"kind = "hotline"
label = "portail"
when = { channel = "portal" }
then = { form = "shared", of = "assistance", not_counted = ["P1"], weights = [{ within = "ho", weight = "1.1" }] }"#;

fn text(clauses: &[&str]) -> String {
    clauses.iter().fold(HEAD.to_owned(), |all, clause| format!("{all}\n```toml clause\n{clause}\n```\n"))
}

fn whole() -> Compiled {
    let compiled = compile("essai.md", &text(&[CALENDAR, PRIORITIES, HOURS, SHARED]));
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    compiled
}

#[test]
fn weights_a_minimum_and_a_shared_meter_reach_the_terms() {
    let terms = whole().terms;
    let weight = |when, n, d| CallWeight { when, weight: Fraction::new(n, d) };
    assert!(matches!(terms.meters[0].then.form, MeterForm::MaxHours { minimum: 15, round_up_to: 15, .. }));
    let weights = [
        weight(WeighedWhen::Outside("ho".into()), 3, 2),
        weight(WeighedWhen::HolidaysOf("ho".into()), 2, 1),
        weight(WeighedWhen::Role(CallTaker::SystemManager), 5, 4),
        weight(WeighedWhen::Priority("P1".into()), 1, 2),
    ];
    assert_eq!(terms.meters[0].then.weights, weights);
    assert_eq!(terms.meters[1].then.pool(), Some("assistance"));
    assert_eq!(terms.meters[1].then.weights, [weight(WeighedWhen::Within("ho".into()), 11, 10)]);
}

#[test]
fn both_languages_read_them_back() {
    let terms = whole().terms;
    let read = |label: &str, lang: Lang| {
        let said = (contract::kind("hotline").unwrap().read_back)(label, &terms).unwrap();
        said.get(lang).replace(['\u{a0}', '\u{202f}'], " ")
    };
    assert_eq!(
        read("assistance", Lang::Fr),
        "Par le canal phone : chaque trimestre civil, 20 heures d'assistance sont comprises, chaque appel comptant \
         pour quinze minutes au moins et étant arrondi par excès à un multiple de quinze minutes ; le reliquat est \
         perdu ; au-delà, chaque heure est facturée 78,00 € HT ; un appel compte × 1,5 s'il commence hors des heures \
         du calendrier « ho », × 2 s'il commence un jour férié du calendrier « ho », × 1,25 s'il est pris par un \
         responsable systèmes et réseaux et × 0,5 s'il est de priorité P1, le plus fort de ces coefficients \
         s'appliquant seul."
    );
    assert_eq!(
        read("portail", Lang::Fr),
        "Par le canal portal : les appels à l'assistance sont décomptés du compteur « assistance » ; un appel compte \
         × 1,1 s'il commence aux heures du calendrier « ho » ; les tickets de priorité P1 ne sont pas décomptés."
    );
    assert_eq!(
        read("portail", Lang::En),
        "Through channel portal: calls to support are counted on the meter “assistance”; a call counts × 1.1 when it \
         begins in the hours of the calendar “ho”; tickets of priority P1 are not counted."
    );
}

/// The code and the words underlined of each error of a text.
fn errors(clauses: &[&str]) -> Vec<(&'static str, String)> {
    let text = text(clauses);
    let compiled = compile("essai.md", &text);
    let errors = compiled.diagnostics.iter().filter(|d| d.severity == Severity::Error);
    errors.map(|d| (d.code, text[d.span.start..d.span.end].to_owned())).collect()
}

#[test]
fn unknown_names_are_told_where_they_are_written() {
    let with = |from: &str, to: &str| errors(&[CALENDAR, PRIORITIES, &HOURS.replace(from, to), SHARED]);
    let one = |code, word: &str| vec![(code, format!("\"{word}\""))];
    assert_eq!(with("outside = \"ho\"", "outside = \"h0\""), one("E-CALENDAR-UNKNOWN", "h0"));
    assert_eq!(with("holidays_of = \"ho\"", "holidays_of = \"fetes\""), one("E-CALENDAR-UNKNOWN", "fetes"));
    assert_eq!(with("priority = \"P1\"", "priority = \"P9\""), one("E-HOTLINE-PRIORITY", "P9"));
    let role = with("system_manager", "sysadmin");
    assert_eq!(role.iter().map(|(_, word)| word.as_str()).collect::<Vec<_>>(), ["\"sysadmin\""], "{role:?}");
    let shared =
        |of: &str| errors(&[CALENDAR, PRIORITIES, HOURS, &SHARED.replace("of = \"assistance\"", of)]);
    assert_eq!(shared("of = \"assistence\""), one("E-LABEL-UNKNOWN", "assistence"));
    assert_eq!(shared("of = \"ho\""), one("E-LABEL-KIND", "ho"));
    assert_eq!(
        shared("tickets = 3").iter().map(|(code, _)| *code).collect::<Vec<_>>(),
        ["E-FIELD-MISSING", "E-FIELD-UNUSED"]
    );
}

/// An exception inherits the weights, and counts them on another meter or buys a smaller pack.
#[test]
fn inherited_weights_are_whole_on_the_meter_where_they_land() {
    let pack = r#"kind = "hotline"
label = "carnet"
when = { channel = "email" }
then = { form = "ticket_pack", tickets = 20, period = "quarter", when_empty = "refuse" }"#;
    let moved = r#"kind = "hotline"
label = "direction"
exception_to = "portail"
when = { channel = "portal", priority = ["P1"] }
then = { of = "carnet" }"#;
    let codes = |clauses: &[&str]| errors(clauses).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    assert_eq!(codes(&[CALENDAR, PRIORITIES, HOURS, pack, SHARED, moved]), ["E-HOTLINE-WHOLE"]);
    let weighed = r#"kind = "hotline"
label = "carnet"
when = { channel = "email" }
then = { form = "ticket_pack", tickets = 20, period = "quarter", when_empty = "new_pack", price = "80.00 EUR", pack_tickets = 5, weights = [{ outside = "ho", weight = "3" }] }"#;
    let smaller = r#"kind = "hotline"
label = "petit"
exception_to = "carnet"
when = { channel = "email", priority = ["P1"] }
then = { pack_tickets = 1 }"#;
    assert_eq!(codes(&[CALENDAR, PRIORITIES, HOURS, weighed]), [""; 0]);
    assert_eq!(codes(&[CALENDAR, PRIORITIES, HOURS, weighed, smaller]), ["E-HOTLINE-WHOLE"]);
}

#[test]
fn an_unlimited_hotline_weighs_nothing() {
    let unlimited = r#"kind = "hotline"
label = "h"
then = { form = "unlimited", weights = [{ outside = "ho", weight = "1.5" }] }"#;
    assert_eq!(errors(&[CALENDAR, unlimited]), [("E-FIELD-UNUSED", "weights".to_owned())]);
}

#[test]
fn a_composed_or_round_the_clock_calendar_may_weigh() {
    let night = "kind = \"calendar\"\nlabel = \"nuit\"\nthen = { complement = \"ho\" }";
    let with = |label: &str| {
        let hours = HOURS.replace("outside = \"ho\"", &format!("within = \"{label}\""));
        compile("essai.md", &text(&[CALENDAR, night, PRIORITIES, &hours]))
    };
    for label in ["nuit", "24x7"] {
        let compiled = with(label);
        assert!(compiled.diagnostics.iter().all(|d| d.severity != Severity::Error), "{label}");
        assert!(compiled.terms.calendars.iter().any(|c| c.label() == label), "{label}");
    }
}

/// What the terms of a signed text are named by: as before these fields were.
#[test]
fn a_text_that_does_not_use_them_keeps_its_terms_to_the_byte() {
    let plain = [
        "then = { form = \"ticket_pack\", tickets = 120, period = \"contract_year\", alert_at = 20, when_empty = \"refuse\" }",
        "then = { form = \"max_hours\", max = \"30 h\", period = \"quarter\", round_up_to = \"15 min\", carry_over = \"lost\", when_empty = \"per_hour\", price = \"78.00 EUR\" }",
    ];
    let bytes = plain.map(|then| {
        let compiled = compile("essai.md", &text(&[&format!("kind = \"hotline\"\nlabel = \"h\"\n{then}")]));
        serde_json::to_string(&compiled.terms.meters[0].then).unwrap()
    });
    assert_eq!(
        bytes,
        [
            r#"{"form":{"form":"ticket_pack","tickets":120,"per":"contract_year","alert_at":20,"when_empty":{"when_empty":"refuse"}},"never_refused":[],"not_counted":[],"hours":null}"#,
            r#"{"form":{"form":"max_hours","minutes":1800,"per":"quarter","round_up_to":15,"carry_over":"lost","alert_at":0,"hour_price":{"cents":7800,"currency":"EUR"}},"never_refused":[],"not_counted":[],"hours":null}"#,
        ]
    );
}

#[test]
fn two_versions_that_weigh_otherwise_differ_and_a_renamed_calendar_does_not() {
    let fields = |after: &str| {
        let before = whole();
        let after = compile("essai.md", after);
        let diff = contract::diff::compare(&before, &after);
        let rules = diff.meaning.rules.iter().filter(|r| r.kind == "hotline");
        rules.flat_map(|r| r.fields.iter().map(|f| f.field.clone())).collect::<Vec<_>>()
    };
    let all = text(&[CALENDAR, PRIORITIES, HOURS, SHARED]);
    assert_eq!(fields(&all.replace("weight = \"1.5\"", "weight = \"1.75\"")), ["weights"]);
    assert_eq!(fields(&all.replace("minimum = \"15 min\"", "minimum = \"10 min\"")), ["form"]);
    assert_eq!(fields(&all.replace("\"ho\"", "\"jour\"")), [""; 0]);
}
