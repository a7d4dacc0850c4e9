#![allow(clippy::disallowed_methods)] // Tests read fixtures; the crate itself may not.
//! Every rule of every pack, in a table: what a text lacks, the code that it then gets, and its code at the
//! gate. `packs/whole.md` meets every rule; each line of `packs/rules.txt` takes away the one thing that a rule
//! asks for, and says all that is remarked once it is gone.
//!
//! The table stands apart from the packs: a rule removed, added, weakened or loosened is a line that fails.

#[path = "deletions/cuts.rs"]
#[expect(dead_code, reason = "the table needs the cutting of clauses, not that of fields by their kind")]
mod cuts;

use std::collections::{BTreeMap, BTreeSet};

use contract::packs::packs;
use contract::{Compiled, Diagnostic, Severity, compile, gate};
use toml::{Table, Value};

use cuts::{Block, FENCE, blocks};

const WHOLE: &str = include_str!("packs/whole.md");
const RULES: &str = include_str!("packs/rules.txt");

/// A line of the table: `pack | code | code at the gate | edits | other codes said`.
struct Row {
    pack: &'static str,
    code: &'static str,
    gate: &'static str,
    edits: &'static str,
    others: BTreeSet<&'static str>,
}

fn rows() -> Vec<Row> {
    let lines = RULES.lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let [pack, code, gate, edits, others] = cells[..] else { panic!("five cells: {line}") };
            Row { pack, code, gate, edits, others: others.split_whitespace().collect() }
        })
        .collect()
}

/// The text after edits such as `drop fee`, `unset parties role=customer: lei, siren` and
/// `set retention of=logs: keep = "2 months"`, separated by `;`.
fn edited(edits: &str) -> String {
    let mut text = WHOLE.to_owned();
    for edit in edits.split(';').map(str::trim) {
        let (verb, rest) = edit.split_once(' ').expect("a verb and a kind");
        let (which, what) = rest.split_once(':').unwrap_or((rest, ""));
        let all = blocks(&text);
        let chosen: Vec<&Block> = all.iter().filter(|b| is(b, which.trim())).collect();
        assert!(!chosen.is_empty(), "no clause is « {which} »");
        let mut out = text.clone();
        for block in chosen.iter().rev() {
            let changed = match verb {
                "drop" => String::new(),
                "unset" => written(block, |then| {
                    for field in what.split(',').map(str::trim) {
                        assert!(then.remove(field).is_some(), "{which} has no {field}");
                    }
                }),
                "set" => written(block, |then| then.extend(what.trim().parse::<Table>().expect("TOML"))),
                other => panic!("no such edit: {other}"),
            };
            out.replace_range(block.start..block.end, &changed);
        }
        text = out;
    }
    text
}

/// Whether a clause is of the kind, and has the value, that `parties role=customer` says.
fn is(block: &Block, which: &str) -> bool {
    let mut words = which.split_whitespace();
    let kind = words.next().unwrap_or_default();
    block.text("kind") == kind
        && words.filter_map(|w| w.split_once('=')).all(|(field, wanted)| {
            block.then().and_then(|then| then.get(field)).and_then(Value::as_str) == Some(wanted)
        })
}

fn written(block: &Block, change: impl FnOnce(&mut Table)) -> String {
    let mut table = block.table.clone();
    change(table.get_mut("then").and_then(Value::as_table_mut).expect("a clause has fields"));
    format!("{FENCE}{}```", toml::to_string(&table).expect("a table is TOML"))
}

/// What packs say of a text: each code, and the code and severity that it has at the gate.
fn said(compiled: &Compiled) -> BTreeMap<&'static str, (&'static str, Severity)> {
    let of_packs = |d: &&Diagnostic| d.gate_code.is_some();
    let plain = compiled.diagnostics.iter().filter(of_packs);
    let at_gate = gate::signature(compiled, None);
    plain
        .map(|d| {
            let code = d.gate_code.expect("those of packs have one");
            let found = at_gate.diagnostics.iter().find(|g| g.code == code && g.span == d.span);
            (d.code, (code, found.unwrap_or_else(|| panic!("{code} is not said at the gate")).severity))
        })
        .collect()
}

#[test]
fn the_whole_text_meets_every_rule() {
    let compiled = compile("whole.md", WHOLE);
    assert!(compiled.is_valid(), "{:#?}", compiled.diagnostics);
    assert_eq!(said(&compiled), BTreeMap::new());
    // Every pack applies to it, so that none of the rules is met for not being asked.
    let known: Vec<_> = packs().iter().map(|p| &p.name).collect();
    let asked: Vec<_> = contract::packs::applicable(&compiled.front_matter).map(|p| &p.name).collect();
    assert_eq!(asked, known);
}

#[test]
fn the_table_and_the_packs_have_the_same_rules() {
    let table: Vec<_> = rows().iter().map(|r| (r.pack, r.code, r.gate)).collect();
    let rules = packs().iter().flat_map(|p| p.rules.iter().map(|r| (p.name.as_str(), r.code, r.gate_code)));
    assert_eq!(rules.collect::<BTreeSet<_>>(), table.iter().copied().collect());
    assert_eq!(table.len(), table.iter().collect::<BTreeSet<_>>().len(), "a rule stands twice");
}

#[test]
fn each_rule_is_said_of_a_text_that_lacks_what_it_asks_for() {
    let mut faults = Vec::new();
    for row in rows() {
        let said = said(&compile("whole.md", &edited(row.edits)));
        let weight = match row.gate.split_once('-') {
            Some(("E", _)) => Severity::Error,
            Some(("W", _)) => Severity::Warning,
            _ => Severity::Advice,
        };
        if said.get(row.code) != Some(&(row.gate, weight)) {
            faults.push(format!("{}: « {} » gives {:?}", row.code, row.edits, said.get(row.code)));
        }
        let others: BTreeSet<_> = said.keys().copied().filter(|code| *code != row.code).collect();
        if others != row.others {
            faults.push(format!("{}: « {} » also gives {others:?}", row.code, row.edits));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
