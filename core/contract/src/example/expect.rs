//! What the parties expect of an example, beside what the engines give.

use std::collections::BTreeSet;

use base::{Bilingual, Lang, Length, Money, lang};
use engines::sla::Clock;
use jiff::Timestamp;
use jiff::civil::DateTime;
use terms::{Dimension, History, Promise, Terms};

use super::read::{Case, instant, unknown, wrong};
use super::{clock_of, zone};
use crate::diagnostic::Diagnostic;
use crate::source::{Entry, Node, Value};

/// What can be expected, of the example's promise or, with a prefix, of another: `respond_due`.
const MEASURES: [&str; 4] = ["due", "late", "elapsed", "penalty"];

pub(super) fn check(
    history: &History,
    case: &Case<'_>,
    clocks: &[Clock],
    entry: &Entry,
    doubtful: &BTreeSet<String>,
    out: &mut Vec<Diagnostic>,
) {
    let terms = &history.versions[0].terms;
    let Some((promise, measure)) = subject(case, clocks, &entry.key) else {
        let known: Vec<String> = MEASURES
            .iter()
            .map(|m| (*m).to_owned())
            .chain(made(terms).flat_map(|p| MEASURES.iter().map(move |m| format!("{}_{m}", p.key()))))
            .collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        unknown(std::slice::from_ref(entry), &known, "E-EXAMPLE-KEY", out);
        return;
    };
    let Some(clock) = clock_of(clocks, promise) else {
        out.push(nothing_promised(case, promise, entry));
        return;
    };
    let got = match measure {
        "due" => due(terms, clock, &entry.value),
        "late" => seconds(clock.late_seconds, &entry.value),
        "elapsed" => seconds(clock.elapsed_seconds, &entry.value),
        _ => penalty(history, case, clock, &entry.value),
    };
    match got {
        Ok(()) => {}
        Err(Failure::Shape(model)) => out.push(wrong(entry.value.span, &format!("{} = {model}", entry.key))),
        // Of a clause at fault, only the fault is said.
        Err(Failure::Differs { .. }) if doubtful.contains(&clock.from.label) => {}
        Err(Failure::Differs { .. })
            if measure == "penalty" && terms.penalties.iter().any(|r| doubtful.contains(r.label())) => {}
        Err(Failure::Differs { expected, got }) => out.push(failed(case, clock, entry, &expected, &got)),
    }
}

/// The promises that the contract makes.
fn made(terms: &Terms) -> impl Iterator<Item = Promise> {
    Promise::ALL.into_iter().filter(|p| terms.commitments.iter().any(|r| r.then.promise == *p))
}

enum Failure {
    Shape(&'static str),
    Differs { expected: Bilingual, got: Bilingual },
}

/// The promise and the measure a key names; `due` alone is of the example's promise, or of the only one.
fn subject<'a>(case: &Case<'_>, clocks: &[Clock], key: &'a str) -> Option<(Promise, &'a str)> {
    if MEASURES.contains(&key) {
        let only = || clocks.first().filter(|first| clocks.iter().all(|c| c.promise == first.promise));
        let fallback = || clocks.iter().find(|c| c.promise == Promise::Restore).or(clocks.first());
        let promise = case.promise.or_else(|| only().or_else(fallback).map(|c| c.promise));
        return Some((promise.unwrap_or(Promise::Restore), key));
    }
    let (promise, measure) = key.split_once('_')?;
    Some((Promise::from_key(promise)?, MEASURES.contains(&measure).then_some(measure)?))
}

fn due(terms: &Terms, clock: &Clock, expected: &Value) -> Result<(), Failure> {
    const MODEL: &str = "2026-03-07T02:10";
    let say = |at: Option<Timestamp>| {
        let at = at.map(|t| t.to_zoned(zone(terms)));
        let one = |lang| at.as_ref().map_or_else(|| never(lang).to_owned(), |z| lang::date_time(lang, z));
        Bilingual::new(one(Lang::Fr), one(Lang::En))
    };
    let expected = match &expected.node {
        Node::DateTime(local) => Some(instant(terms, *local).ok_or(Failure::Shape(MODEL))?),
        Node::Date(date) => Some(
            instant(terms, DateTime::from_parts(*date, jiff::civil::Time::midnight()))
                .ok_or(Failure::Shape(MODEL))?,
        ),
        Node::Text(text) if text == "never" => None,
        _ => return Err(Failure::Shape(MODEL)),
    };
    if expected == clock.due {
        return Ok(());
    }
    Err(Failure::Differs { expected: say(expected), got: say(clock.due) })
}

fn never(lang: Lang) -> &'static str {
    lang.t("jamais", "never")
}

fn seconds(got: i64, expected: &Value) -> Result<(), Failure> {
    let text = expected.as_text().ok_or(Failure::Shape("\"15 min\""))?;
    let wanted = Length::parse(text).ok().and_then(Length::as_seconds).ok_or(Failure::Shape("\"15 min\""))?;
    if wanted == got {
        return Ok(());
    }
    let say = |s| Bilingual::new(exact(Lang::Fr, s), exact(Lang::En, s));
    Err(Failure::Differs { expected: say(wanted), got: say(got) })
}

/// To the second when the minutes do not say it all.
fn exact(lang: Lang, seconds: i64) -> String {
    let rest = seconds % 60;
    let whole = lang::elapsed(lang, seconds);
    if seconds < 60 || rest == 0 { whole } else { format!("{whole} {}", lang::elapsed(lang, rest)) }
}

/// The penalty of this case alone, in a month without other lateness, before any cap.
fn penalty(history: &History, case: &Case<'_>, clock: &Clock, expected: &Value) -> Result<(), Failure> {
    let text = expected.as_text().ok_or(Failure::Shape("\"184.00 EUR\""))?;
    let wanted = Money::parse(text).map_err(|_| Failure::Shape("\"184.00 EUR\""))?;
    let got = super::penalty(history, case, clock);
    if wanted == got {
        return Ok(());
    }
    let say = |m: Money| Bilingual::new(m.show(Lang::Fr), m.show(Lang::En));
    Err(Failure::Differs { expected: say(wanted), got: say(got) })
}

fn failed(
    case: &Case<'_>,
    clock: &Clock,
    entry: &Entry,
    expected: &Bilingual,
    got: &Bilingual,
) -> Diagnostic {
    let title = &case.title;
    let rule = clock.from.cite();
    Diagnostic::error(
        "E-EXAMPLE-FAILS",
        entry.value.span,
        format!(
            "l'exemple « {title} » attend {} = {}, les clauses donnent {}",
            entry.key, expected.fr, got.fr
        ),
        format!("the example “{title}” expects {} = {}, the clauses give {}", entry.key, expected.en, got.en),
    )
    .help(
        format!("corrigez l'exemple, ou la règle qui décide : {rule}"),
        format!("correct the example, or the rule that decides: {rule}"),
    )
}

fn nothing_promised(case: &Case<'_>, promise: Promise, entry: &Entry) -> Diagnostic {
    let facts: Vec<String> = Dimension::ALL
        .iter()
        .filter_map(|d| Some(format!("{} = {}", d.key(), case.timeline.facts.get(*d)?)))
        .collect();
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
    let name = promise.name();
    Diagnostic::error(
        "E-EXAMPLE-NOTHING",
        entry.key_span,
        format!("rien n'est promis pour ce cas en fait de {}{facts}", name.fr),
        format!("nothing is promised for this case as to {}{facts}", name.en),
    )
    .help(
        "complétez given (priority = \"P1\"), ou ajoutez la clause qui promet",
        "complete given (priority = \"P1\"), or add the clause that promises",
    )
}
