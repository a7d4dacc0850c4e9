#![allow(clippy::disallowed_methods)] // Tests read fixtures; the crate itself may not.
#![expect(clippy::disallowed_macros, reason = "the run of minutes shows how many deletions it tried")]
//! What a contract loses is said: the clauses that a rule asks for, those that others name, each field
//! that a kind or a rule asks for and each key of the front matter are cut out one by one of every text of
//! `contracts/`, orders and amendments compiled with what they stand on.
//!
//! The default run tries a sample of some hundreds; all of it, minutes without optimisation, is
//!
//! ```sh
//! cargo test --release -p contract --test deletions -- --ignored --nocapture
//! ```

#[path = "deletions/cuts.rs"]
mod cuts;
#[path = "deletions/texts.rs"]
mod texts;

use contract::gate;
use contract::packs::{PackRule, Weight, applicable};
use contract::{Compiled, Diagnostic, Severity};

use cuts::{Block, Step, blocks, lacking, names, required, satisfies, unset, without};
use texts::{Text, texts};

/// How many deletions were tried, and what was not said.
#[derive(Default)]
struct Tried {
    count: usize,
    faults: Vec<String>,
}

impl Tried {
    fn one(&mut self, said: bool, fault: impl FnOnce() -> String) {
        self.count += 1;
        if !said {
            self.faults.push(fault());
        }
    }

    /// At least so many, and nothing unsaid.
    fn check(self, what: &str, least: usize) {
        println!("{what}: {} deletions, {} unsaid", self.count, self.faults.len());
        assert!(self.count >= least, "{what}: only {} were tried", self.count);
        assert!(self.faults.is_empty(), "{what}\n{}", self.faults.join("\n"));
    }
}

/// One in so many, shifted from a text to the next; what shares a shape is not all tried at once.
struct Sample {
    every: usize,
    seen: usize,
}

impl Sample {
    fn of(every: usize) -> Sample {
        Sample { every, seen: 0 }
    }

    fn next(&mut self) -> bool {
        self.seen += 1;
        (self.seen - 1).is_multiple_of(self.every)
    }
}

fn names_it(d: &Diagnostic, name: &str) -> bool {
    [&d.message.fr, &d.help.fr, &d.message.en, &d.help.en].iter().any(|t| t.contains(name))
}

/// The mandatory rules and the warnings that clauses of this text alone meet, and that no other rule
/// switches off when they go: the rule, and the clauses that meet it.
fn met<'a>(text: &Text, whole: &Compiled, blocks: &'a [Block]) -> Vec<(&'static PackRule, Vec<&'a Block>)> {
    let below = text.below().map(blocks_of).unwrap_or_default();
    let rules = applicable(&whole.front_matter).flat_map(|pack| &pack.rules);
    let weighs = |rule: &&PackRule| rule.weight != Weight::Advice && !rule.any.is_empty();
    let meets = |b: &Block, rule: &PackRule| rule.any.iter().any(|m| satisfies(b, m));
    rules
        .filter(weighs)
        .filter(|rule| !below.iter().any(|b| meets(b, rule)))
        .filter_map(|rule| {
            let cut: Vec<_> = blocks.iter().filter(|b| meets(b, rule)).collect();
            // It is asked of a text that has what it is about, and still has it after the cut.
            let asked = rule.only_if.as_ref().is_none_or(|m| {
                blocks.iter().chain(&below).any(|b| satisfies(b, m))
                    && !cut.iter().any(|b| b.text("kind") == m.kind)
            });
            let said = whole.diagnostics.iter().any(|d| d.code == rule.code);
            (asked && !said && !cut.is_empty()).then_some((rule, cut))
        })
        .collect()
}

fn blocks_of(text: &Text) -> Vec<Block> {
    blocks(&text.text)
}

/// What a rule says once what met it is gone: a remark, and at the gate an error when it is mandatory.
fn rule_is_said(compiled: &Compiled, rule: &PackRule) -> bool {
    let warned = compiled.diagnostics.iter().any(|d| d.code == rule.code);
    let gate = gate::signature(compiled, None);
    let refused = gate.diagnostics.iter().any(|d| d.code == rule.gate_code && d.severity == Severity::Error);
    warned && (refused || rule.weight != Weight::Mandatory)
}

/// The fields that a rule asks for: one of each of the ways to meet it, so that none is left.
fn asked_fields(rule: &'static PackRule) -> Vec<Vec<&'static str>> {
    if rule.any.iter().any(|m| m.has.is_empty()) {
        return Vec::new();
    }
    let most = rule.any.iter().map(|m| m.has.len()).max().unwrap_or(0);
    let of = |i: usize| rule.any.iter().map(|m| m.has[i.min(m.has.len() - 1)].as_str()).collect();
    (0..most).map(of).collect()
}

/// The clauses that a rule asks for, then the fields of theirs that it asks for.
fn rules(every: usize) -> Tried {
    let (mut tried, mut sample) = (Tried::default(), Sample::of(every));
    for text in texts().iter().filter(|t| !t.amends) {
        let blocks = blocks_of(text);
        let whole = text.compile(&text.text);
        for (rule, cut) in met(text, &whole, &blocks) {
            if sample.next() {
                let compiled = text.compile(&without(&text.text, &cut));
                let said = rule_is_said(&compiled, rule);
                tried.one(said, || format!("{}: {} without its clauses", text.name, rule.code));
            }
            for fields in asked_fields(rule).into_iter().filter(|_| sample.next()) {
                let compiled = text.compile(&unset(&text.text, &cut, &fields));
                // A field that its kind asks for too is missed by its kind; the rule then only adds.
                let missed = |f: &str| compiled.diagnostics.iter().any(|d| d.is_error() && names_it(d, f));
                let said = fields.iter().any(|f| missed(f)) || rule_is_said(&compiled, rule);
                tried.one(said, || format!("{}: {} without {}", text.name, rule.code, fields.join(", ")));
            }
        }
    }
    tried
}

/// A clause that the prose, another clause or an exception names by its label.
fn named_clauses(every: usize) -> Tried {
    let (mut tried, mut sample) = (Tried::default(), Sample::of(every));
    for text in texts() {
        let blocks = blocks_of(&text);
        for block in blocks.iter().filter(|b| b.named_elsewhere(&text.text, &blocks)) {
            if !sample.next() {
                continue;
            }
            let compiled = text.compile(&without(&text.text, &[block]));
            let label = block.text("label");
            let said = compiled.diagnostics.iter().any(|d| d.is_error() && names_it(d, label));
            tried.one(said, || format!("{}: [{label}]", text.name));
        }
    }
    tried
}

/// The fields that a kind asks for, those of the rows of its tables included, in the whole text: an error
/// that names the field, at the clause.
fn fields(every: usize) -> Tried {
    let (mut tried, mut sample) = (Tried::default(), Sample::of(every));
    for text in texts() {
        for block in blocks_of(&text) {
            for path in required(&block) {
                if !sample.next() {
                    continue;
                }
                let cut = lacking(&block, &path);
                let mut whole = text.text.clone();
                whole.replace_range(block.start..block.end, &cut);
                let compiled = text.compile(&whole);
                let place = block.start..=block.start + cut.len();
                let Some(Step::Key(field)) = path.last() else { unreachable!("a path ends with a key") };
                let said = text.errors(&compiled).any(|d| {
                    place.contains(&d.span.start) && place.contains(&d.span.end) && names_it(d, field)
                });
                tried.one(said, || {
                    format!("{}: [{}] without {}", text.name, block.text("label"), names(&path))
                });
            }
        }
    }
    tried
}

/// The keys of a front matter without which a text is nobody's, and `kind` and `label` of each clause.
fn heads(every: usize) -> Tried {
    let (mut tried, mut sample) = (Tried::default(), Sample::of(every));
    for text in texts() {
        for (start, end, key) in text.heads() {
            if !sample.next() {
                continue;
            }
            let mut cut = text.text.clone();
            cut.replace_range(start..end, "");
            let compiled = text.compile_alone(&cut);
            let near = |d: &&Diagnostic| d.span.start <= start || key.starts_with("front");
            let key = key.trim_start_matches("front ");
            let said = text.errors(&compiled).filter(near).any(|d| names_it(d, key));
            tried.one(said, || format!("{}: {key}, byte {start}", text.name));
        }
    }
    tried
}

#[test]
fn what_a_rule_asks_for_is_missed() {
    rules(19).check("rules", 50);
}

#[test]
fn a_clause_that_others_name_is_missed() {
    named_clauses(61).check("clauses named", 15);
}

#[test]
fn a_required_field_is_missed_at_its_clause() {
    fields(127).check("fields", 40);
}

#[test]
fn a_head_is_missed() {
    heads(61).check("heads", 30);
}

#[test]
#[ignore = "minutes without optimisation: see the head of this file"]
fn everything_cut_out_is_missed() {
    let all = [
        ("rules", rules(1)),
        ("clauses named", named_clauses(1)),
        ("fields", fields(1)),
        ("heads", heads(1)),
    ];
    // All the counts are shown before the first that fails.
    for (what, tried) in &all {
        println!("{what}: {} deletions, {} unsaid: {:?}", tried.count, tried.faults.len(), tried.faults);
    }
    all.into_iter().for_each(|(what, tried)| tried.check(what, 500));
}
