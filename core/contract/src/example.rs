//! Worked examples: the contract's own tests, which a lawyer can read.
//!
//! An example gives the facts of a case and what happens to it, and what the parties expect; the
//! engines that will run the contract say what it really gives. A failing example is an error.

mod doubt;
mod expect;
mod read;

use std::collections::BTreeSet;

use base::{Bilingual, Money};
use engines::billing;
use engines::calendar::ClockCache;
use engines::objective::{self, Measured, Standing};
use engines::sla::{self, Clock, SlaError};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use terms::{History, Promise, Terms, Version};

use crate::clauses::Clause;
use crate::compile::{Compiler, Declared, unread};
use crate::diagnostic::Diagnostic;
use crate::source::{Block, BlockKind, Entry, Source, Span, Value};

use read::Case;

/// Checks the examples of a source, broken clauses left out: each error is worth knowing at once.
pub(crate) fn check(c: &mut Compiler, source: &Source) {
    let mut found = Vec::new();
    let doubtful = doubt::labels(c);
    if !source.blocks.iter().any(|b| b.kind == BlockKind::Example) {
        return;
    }
    let declared = Declared::of(&c.clauses);
    let history = history(&c.terms);
    let mut calendars = ClockCache::new();
    for block in source.blocks.iter().filter(|b| b.kind == BlockKind::Example) {
        if let Some(case) = read::case(c, &declared, block, &mut found) {
            run(&history, &mut calendars, block, &case, &doubtful, &mut found);
        }
    }
    // What follows from a clause that did not compile, or a calendar that is not there, is not news.
    let guarded = |k: &&Clause| k.is("commitment") && doubtful.contains(&k.label);
    if c.clauses.iter().any(|k| !k.sound && k.is("commitment"))
        || c.clauses.iter().any(|k| guarded(&k))
        || unread(source, &c.clauses).next().is_some()
    {
        found.retain(|d| d.code != "E-EXAMPLE-NOTHING");
    }
    if c.diagnostics.iter().any(|d| d.code.starts_with("E-CALENDAR-")) {
        found.retain(|d| d.code != "E-EXAMPLE-RUN");
    }
    c.diagnostics.extend(found);
}

fn run(
    history: &History,
    calendars: &mut ClockCache,
    block: &Block,
    case: &Case<'_>,
    doubtful: &BTreeSet<String>,
    out: &mut Vec<Diagnostic>,
) {
    let clocks = match sla::values(history, VERSION, &case.timeline, case.until, calendars) {
        Ok(clocks) => clocks,
        Err(error) => {
            let why = why(&error);
            out.push(
                Diagnostic::error(
                    "E-EXAMPLE-RUN",
                    first_line(block),
                    format!("cet exemple ne peut pas être calculé : {}", why.fr),
                    format!("this example cannot be computed: {}", why.en),
                )
                .help(
                    "corrigez le calendrier, ou les faits que donne given",
                    "correct the calendar, or the facts in given",
                ),
            );
            return;
        }
    };
    for entry in case.expect {
        expect::check(history, case, &clocks, entry, doubtful, out);
    }
}

fn why(error: &SlaError) -> Bilingual {
    match error {
        SlaError::UnknownCalendar { rule, calendar } => Bilingual::new(
            format!("[{rule}] compte sur le calendrier « {calendar} », qui ne vaut pas pour ce cas"),
            format!("[{rule}] counts on the calendar “{calendar}”, which does not hold for this case"),
        ),
        other => {
            Bilingual::new(format!("le moteur répond « {other} »"), format!("the engine says “{other}”"))
        }
    }
}

/// The name of the only version an example knows: the text being compiled.
const VERSION: &str = "example";

fn history(terms: &Terms) -> History {
    let effective = terms.term.as_ref().map_or(Date::MIN, |t| t.then.start);
    History { versions: vec![Version { hash: VERSION.to_owned(), effective, terms: terms.clone() }] }
}

/// What this case alone costs in penalties, before any cap.
fn penalty(history: &History, case: &Case<'_>, clock: &Clock) -> Money {
    let terms = &history.versions[0].terms;
    let day = |at: Timestamp| at.to_zoned(zone(terms)).date();
    let on = day(clock.stopped.unwrap_or(case.until));
    let mut facts = case.timeline.facts.clone();
    facts.date.get_or_insert(day(case.timeline.opened));
    let measured = Measured {
        ticket: case.title.clone(),
        promise: clock.promise,
        facts,
        version: VERSION.to_owned(),
        on,
        met: clock.late_seconds == 0,
        late_seconds: clock.late_seconds,
        late_wall_seconds: clock.late_wall_seconds,
        clock: objective::Clock::Stopped,
        round: clock.round,
        penalised_steps: 0,
    };
    let lines = billing::penalties(history, on, &[measured], Standing::Final);
    lines.into_iter().fold(Money::zero(terms.currency), |sum, line| sum + line.value.amount)
}

/// The last clock of a promise: reopening may have started several.
fn clock_of(clocks: &[Clock], promise: Promise) -> Option<&Clock> {
    clocks.iter().rev().find(|c| c.promise == promise)
}

fn first_line(block: &Block) -> Span {
    Span { end: block.span.start + "```toml example".len(), ..block.span }
}

fn get<'a>(entries: &'a [Entry], key: &str) -> Option<&'a Value> {
    entries.iter().find(|e| e.key == key).map(|e| &e.value)
}

/// The zone in which an example's local times are read: the contract's.
fn zone(terms: &Terms) -> TimeZone {
    engines::calendar::zone(&terms.zone).unwrap_or(TimeZone::UTC)
}

/// A month after the last event: late enough for every clock of an example to have been judged.
fn after(at: Timestamp) -> Timestamp {
    at.checked_add(jiff::SignedDuration::from_hours(31 * 24)).unwrap_or(Timestamp::MAX)
}
