//! Reads an example: `title`, `given` (facts and the declaration), `at` (events), `expect`.

use engines::sla::{Timeline, What};
use jiff::Timestamp;
use jiff::civil::DateTime;
use terms::{Dimension, Facts, Promise, Terms};

use super::{after, first_line, get, zone};
use crate::compile::{Compiler, Declared, undeclared};
use crate::diagnostic::{Diagnostic, suggestion};
use crate::source::{Block, Entry, Node, Span, Value};

/// An example ready for the engines.
pub(super) struct Case<'a> {
    pub title: String,
    pub timeline: Timeline,
    /// The promise that `due` and `late` speak of.
    pub promise: Option<Promise>,
    /// The instant at which the clocks are looked at.
    pub until: Timestamp,
    pub expect: &'a [Entry],
}

const KEYS: [&str; 4] = ["title", "given", "at", "expect"];
/// Keys of `at`: `paused` and `resumed` may also be lists.
pub(super) const EVENTS: [&str; 8] =
    ["taken_over", "first_act", "paused", "resumed", "restored", "resolved", "reopened", "closed"];

pub(super) fn case<'a>(
    c: &Compiler,
    declared_values: &Declared,
    block: &'a Block,
    out: &mut Vec<Diagnostic>,
) -> Option<Case<'a>> {
    unknown(&block.entries, &KEYS, "E-EXAMPLE-KEY", out);
    let title = get(&block.entries, "title").and_then(Value::as_text).unwrap_or_default().to_owned();
    let given = table(block, "given", "{ priority = \"P1\", declared = 2026-03-06T22:10 }", out);
    let expect = table(block, "expect", "{ due = 2026-03-07T02:10 }", out);
    let at = get(&block.entries, "at").and_then(Value::as_table).unwrap_or_default();
    let (given, expect) = (given?, expect?);

    let (facts, declared, promise) = facts(declared_values, given, out);
    let Some(declared) = declared else {
        out.push(
            Diagnostic::error(
                "E-EXAMPLE-DECLARED",
                first_line(block),
                "cet exemple ne dit pas quand l'incident est déclaré",
                "this example does not say when the incident is declared",
            )
            .help(
                "ajoutez declared = 2026-03-06T22:10 dans given",
                "add declared = 2026-03-06T22:10 to given",
            ),
        );
        return None;
    };
    let opened = instant(&c.terms, declared)?;
    let mut timeline = Timeline::new(opened, facts);
    events(c, at, &mut timeline, out);
    timeline.steps.sort_by_key(|s| s.at);
    let last = timeline.steps.last().map_or(opened, |s| s.at);
    let promise = promise.or_else(|| promised(at, expect));
    Some(Case { title, timeline, promise, until: after(last), expect })
}

pub(super) fn unknown(entries: &[Entry], known: &[&str], code: &'static str, out: &mut Vec<Diagnostic>) {
    for entry in entries.iter().filter(|e| !known.contains(&e.key.as_str())) {
        let help = suggestion(&entry.key, known.iter().copied());
        out.push(
            Diagnostic::error(
                code,
                entry.key_span,
                format!("la clé « {} » n'existe pas dans un exemple", entry.key),
                format!("there is no key “{}” in an example", entry.key),
            )
            .help(help.fr, help.en),
        );
    }
}

pub(super) fn wrong(span: Span, model: &str) -> Diagnostic {
    Diagnostic::error("E-EXAMPLE-SHAPE", span, "ceci ne s'écrit pas ainsi", "this is not written like this")
        .help(format!("écrivez par exemple {model}"), format!("write for instance {model}"))
}

fn table<'a>(block: &'a Block, key: &str, model: &str, out: &mut Vec<Diagnostic>) -> Option<&'a [Entry]> {
    match get(&block.entries, key) {
        Some(value) => match value.as_table() {
            Some(entries) => Some(entries),
            None => {
                out.push(wrong(value.span, model));
                None
            }
        },
        None => {
            out.push(
                Diagnostic::error(
                    "E-EXAMPLE-MISSING",
                    first_line(block),
                    format!("cet exemple n'a pas de « {key} »"),
                    format!("this example has no “{key}”"),
                )
                .help(format!("ajoutez {key} = {model}"), format!("add {key} = {model}")),
            );
            None
        }
    }
}

type Given = (Facts, Option<DateTime>, Option<Promise>);

fn facts(declared_values: &Declared, given: &[Entry], out: &mut Vec<Diagnostic>) -> Given {
    let (mut facts, mut declared, mut promise) = (Facts::default(), None, None);
    for entry in given {
        match (entry.key.as_str(), &entry.value.node) {
            ("declared", Node::DateTime(at)) => declared = Some(*at),
            ("declared", _) => out.push(wrong(entry.value.span, "declared = 2026-03-06T22:10")),
            ("promise", Node::Text(text)) if Promise::from_key(text).is_some() => {
                promise = Promise::from_key(text)
            }
            (key, Node::Text(text)) if Dimension::from_key(key).is_some() => {
                let dimension = Dimension::from_key(key).unwrap_or(Dimension::Kind);
                if let Some(known) = declared_values.values(dimension).filter(|k| !k.contains(text)) {
                    out.push(undeclared("E-EXAMPLE-VALUE", dimension, text, entry.value.span, known));
                }
                facts = facts.with(dimension, text.clone());
            }
            (key, _) if Dimension::from_key(key).is_some() => {
                out.push(wrong(entry.value.span, &format!("{key} = \"…\"")));
            }
            _ => {
                let known: Vec<&str> = ["declared", "promise"]
                    .into_iter()
                    .chain(Dimension::ALL.iter().map(|d| d.key()))
                    .collect();
                unknown(std::slice::from_ref(entry), &known, "E-EXAMPLE-KEY", out);
            }
        }
    }
    (facts, declared, promise)
}

fn events(c: &Compiler, at: &[Entry], timeline: &mut Timeline, out: &mut Vec<Diagnostic>) {
    unknown(at, &EVENTS, "E-EXAMPLE-KEY", out);
    for entry in at.iter().filter(|e| EVENTS.contains(&e.key.as_str())) {
        let each = match &entry.value.node {
            Node::Array(values) => values.iter().collect(),
            _ => vec![&entry.value],
        };
        for value in each {
            if entry.key == "paused" {
                pause(c, value, timeline, out);
                continue;
            }
            match value.node {
                Node::DateTime(local) => push(&c.terms, timeline, local, what(&entry.key)),
                _ => out.push(wrong(value.span, &format!("{} = 2026-03-07T02:25", entry.key))),
            }
        }
    }
}

fn what(key: &str) -> What {
    match key {
        "taken_over" => What::TakenOver { actor: "technician".to_owned() },
        "first_act" => What::FirstAct,
        "resumed" => What::Resumed,
        "restored" => What::Restored { workaround: false },
        "resolved" => What::Resolved,
        "reopened" => What::Reopened,
        _ => What::Closed,
    }
}

/// `paused = [{ reason = "attente-client", from = …, until = … }]`.
fn pause(c: &Compiler, value: &Value, timeline: &mut Timeline, out: &mut Vec<Diagnostic>) {
    const MODEL: &str =
        "paused = [{ reason = \"attente-client\", from = 2026-03-06T10:00, until = 2026-03-06T11:00 }]";
    let time = |key: &str| match value.get(key)?.node {
        Node::DateTime(at) => Some(at),
        _ => None,
    };
    let (Some(reason), Some(from)) = (value.get("reason"), time("from")) else {
        out.push(wrong(value.span, MODEL));
        return;
    };
    let Some(label) = reason.as_text() else {
        out.push(wrong(reason.span, MODEL));
        return;
    };
    let known: Vec<&str> = c.clauses.iter().filter(|k| k.is("pause")).map(|k| k.label.as_str()).collect();
    if !known.contains(&label) {
        let help = suggestion(label, known.iter().copied());
        out.push(
            Diagnostic::error(
                "E-EXAMPLE-PAUSE",
                reason.span,
                format!("le contrat n'a pas de cause de suspension « {label} »"),
                format!("the contract has no reason for a pause “{label}”"),
            )
            .help(help.fr, help.en),
        );
    }
    push(&c.terms, timeline, from, What::Paused { reason: label.to_owned() });
    if let Some(until) = time("until") {
        push(&c.terms, timeline, until, What::Resumed);
    }
}

fn push(terms: &Terms, timeline: &mut Timeline, local: DateTime, what: What) {
    if let Some(at) = instant(terms, local) {
        timeline.steps.push(engines::sla::Step { at, what });
    }
}

/// A local time of the contract's zone; one that the clock skips or repeats is read as jiff's
/// compatible rule reads it (before a gap's change, the first of a fold).
pub(super) fn instant(terms: &Terms, local: DateTime) -> Option<Timestamp> {
    zone(terms).to_zoned(local).ok().map(|z| z.timestamp())
}

/// What happened says which promise is looked at: a restoration, a resolution, or a taking over.
fn promised(at: &[Entry], expect: &[Entry]) -> Option<Promise> {
    let there = |key: &str| at.iter().any(|e| e.key == key);
    match () {
        () if there("restored") => Some(Promise::Restore),
        () if there("resolved") => Some(Promise::Resolve),
        () if there("taken_over") || there("first_act") => Some(Promise::Respond),
        () => expect.iter().find_map(|e| Promise::from_key(e.key.strip_suffix("_due")?)),
    }
}
