//! Every kind of clause has a state, and none is held that nothing reads.

use base::Lang;
use contract::{KINDS, Run};
use engines::billing::{self, MonthFacts};
use engines::duties::{Done, DutyFacts};
use engines::lifecycle::{self, LifeFacts};
use engines::period::Span;
use jiff::civil::{Date, date};
use terms::commitment::Period;
use terms::{DutyProof, History, Terms, Version};

use super::levels::Cases;
use super::reading::Reading;
use super::{ClauseLive, Standing, money};

mod compiled;

const TODAY: Date = date(2026, 11, 22);
const HEAD: &str =
    "+++\ncontract = \"CTR-1\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# Essai\n\n## Durée\n\n";
const TERM: &str = "```toml clause\nkind = \"term\"\nlabel = \"duree-du-contrat\"\nthen = { start = 2026-03-01, lasts = \"36 months\", renewal = \"none\" }\n```\n\n";
const VOLUME: &str = "```toml clause\nkind = \"volume_bands\"\nlabel = \"bulletins\"\nthen = { unit = \"payslip\", minimum = 0, bands = [{ unit_price = \"11.80 EUR\" }], scheme = \"graduated\", vat = \"20 %\" }\n```\n";

/// The clause of an example, beside what it needs to compile, on 22 November 2026.
fn state(kind: &contract::Kind, done: &[(&str, Date)]) -> Option<ClauseLive> {
    let term = if kind.name == "term" { "" } else { TERM };
    let volume = if kind.name == "accuracy" { VOLUME } else { "" };
    let text = format!("{HEAD}{term}{volume}```toml clause\n{}```\n", kind.example);
    let compiled = contract::compile("essai.md", &text);
    let label = kind.example.lines().find_map(|l| l.strip_prefix("label = \"")).unwrap().trim_matches('"');
    let label = label.split('"').next().unwrap();
    let done = done.iter().map(|(what, on)| Done {
        label: label.to_owned(),
        what: (*what).to_owned(),
        on: *on,
        proof: DutyProof::Document,
        reference: "note n° 1".into(),
        valid_until: None,
        ticket: None,
    });
    read(&compiled.terms, kind, label, done.collect())
}

fn now() -> jiff::Timestamp {
    TODAY.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp()
}

/// The state of a clause of these terms on that day, when this and nothing else was done.
fn read(terms: &Terms, kind: &contract::Kind, label: &str, done: Vec<Done>) -> Option<ClauseLive> {
    let (today, now) = (TODAY, now());
    let effective = date(2026, 3, 1);
    let version = Version { hash: "v1".into(), effective, terms: terms.clone() };
    let history = History { versions: vec![version] };
    let facts = MonthFacts { as_of: Some(now), ..MonthFacts::default() };
    let closed = billing::close(&history, today, &facts);
    let duty_facts = DutyFacts { done, ..DutyFacts::default() };
    let year = Span::of(Period::ContractYear, terms, today);
    let reading = Reading {
        terms,
        now,
        cases: Cases::default(),
        statement: &closed.value,
        revisions: &closed.reasons,
        meters: Vec::new(),
        duties: &engines::duties::occurrences(terms, &duty_facts, year, now).unwrap(),
        rights: &lifecycle::rights(terms, &LifeFacts::default(), today),
        deadlines: &lifecycle::deadlines(terms, today, None),
        rosters: std::collections::BTreeMap::new(),
        skills: Default::default(),
        staff: 0,
        books: money::books(&history, terms, &[], today),
    };
    reading.clause(kind, label).unwrap()
}

#[test]
fn every_kind_has_a_state_and_what_nothing_reads_is_never_held() {
    let mut without = Vec::new();
    for kind in KINDS {
        let Some(state) = state(kind, &[]) else {
            without.push(kind.name);
            continue;
        };
        match kind.run {
            Run::NotYet(fr, _) => {
                assert!(
                    matches!(state.standing, Standing::NotRun | Standing::Missed | Standing::AtRisk),
                    "{}: {state:?}",
                    kind.name
                );
                assert!(state.figure.unwrap().get(Lang::Fr).contains(fr), "{}", kind.name);
            }
            // Nothing was recorded: no outage and no penalty, and no duty done.
            Run::Engine if !["penalty", "availability"].contains(&kind.name) => {
                assert_ne!(state.standing, Standing::Held, "{}: {state:?}", kind.name);
            }
            Run::Engine => {}
            Run::Declared => assert_ne!(state.standing, Standing::Held, "{}", kind.name),
        }
    }
    assert_eq!(without, Vec::<&str>::new(), "no rule reads these kinds");
}

/// One asks for a service from the catalogue, and its price and levels are worked out from its clause.
#[test]
fn a_service_of_the_catalogue_is_applied_and_waits_for_nothing() {
    let service = state(contract::kind("elementary_service").unwrap(), &[]).unwrap();
    assert_eq!((service.standing, service.figure), (Standing::Applied, None));
}

#[test]
fn a_duty_is_held_late_and_due_soon() {
    let watch = contract::kind("technology_watch").unwrap();
    let late = state(watch, &[]).unwrap();
    assert_eq!(late.standing, Standing::Missed);
    let figure = late.figure.unwrap();
    assert!(figure.fr.contains("en retard"), "{figure:?}");
    assert!(figure.en.contains("late"), "{figure:?}");
    let duty = &contract::compile("e.md", &format!("{HEAD}{TERM}```toml clause\n{}```\n", watch.example))
        .terms
        .duties[0];
    let kept = state(watch, &[(duty.then.what.as_str(), date(2026, 6, 20))]).unwrap();
    assert_eq!(kept.standing, Standing::Held, "{kept:?}");
    assert!(kept.figure.unwrap().fr.starts_with("1 fait, prochaine échéance le"), "one is done");
    let after = state(watch, &[(duty.then.what.as_str(), date(2026, 8, 20))]).unwrap();
    assert_eq!(after.standing, Standing::AtRisk, "{after:?}");
    assert!(after.figure.unwrap().fr.starts_with("1 fait en retard, prochaine"), "done, and late");
}

#[test]
fn a_clause_followed_only_by_its_duties_says_so() {
    let hosting = state(contract::kind("hosting").unwrap(), &[]).unwrap();
    let figure = hosting.figure.unwrap();
    assert!(figure.fr.contains("le reste"), "{figure:?}");
    assert!(figure.en.contains("the rest"), "{figure:?}");
}
