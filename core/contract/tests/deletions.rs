#![allow(clippy::disallowed_methods)] // Tests read fixtures; the crate itself may not.
//! What a contract loses is said: a clause that a rule asks for, and each field that a kind asks for, are
//! cut out of the sample contracts and templates one by one.

use std::path::{Path, PathBuf};

use contract::gate;
use contract::packs::{Match, PackRule, Weight, applicable};
use contract::{Compiled, KINDS, Presence, Severity, compile};

const FENCE: &str = "```toml clause\n";

/// One in this many deletions of a field is tried in the whole text as well as in its clause alone.
const SAMPLED: usize = 41;

/// Of the other contracts than the first sample, one rule in this many, shifted from one to the next.
const RULES_SAMPLED: usize = 5;

struct Block {
    start: usize,
    end: usize,
    table: toml::Table,
}

impl Block {
    fn text(&self, key: &str) -> &str {
        self.table.get(key).and_then(toml::Value::as_str).unwrap_or_default()
    }

    /// The fields, written inline or dotted: TOML makes one table of them.
    fn then(&self) -> Option<&toml::Table> {
        self.table.get("then")?.as_table()
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts")
}

/// The contracts that stand on their own: an amendment and an order are read with another text.
fn contracts() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in [folder(), folder().join("templates"), folder().join("sous-contrats")] {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        let mut paths: Vec<_> = entries.map(|e| e.unwrap().path()).collect();
        paths.retain(|p| p.extension().is_some_and(|e| e == "md"));
        paths.sort();
        for path in paths {
            let text = std::fs::read_to_string(&path).unwrap();
            let front = compile("c.md", &text).front_matter;
            if text.starts_with("+++") && front.amends.is_none() && front.order_of.is_none() {
                found.push((path.file_name().unwrap().to_string_lossy().into_owned(), text));
            }
        }
    }
    assert!(found.iter().any(|(name, _)| name == "ateliers-garonne.md"));
    found
}

fn blocks(text: &str) -> Vec<Block> {
    text.match_indices(FENCE)
        .map(|(start, _)| {
            let body = start + FENCE.len();
            let end = body + text[body..].find("```").expect("a fence is closed");
            Block { start, end: end + 3, table: text[body..end].parse().expect("a block is TOML") }
        })
        .collect()
}

/// The text without these blocks, their prose kept.
fn without(text: &str, cut: &[&Block]) -> String {
    let mut out = text.to_owned();
    for block in cut.iter().rev() {
        out.replace_range(block.start..block.end, "");
    }
    out
}

/// A little wider than the pack's own comparison where it compares figures: cutting more is safe here.
fn satisfies(block: &Block, m: &Match) -> bool {
    let value = |field: &str| block.then().and_then(|t| t.get(field));
    let equal = |field: &String, wanted: &toml::Value| {
        let one = |v: &toml::Value| wanted.as_array().map_or(v == wanted, |list| list.contains(v));
        value(field).is_none_or(|v| v.as_array().map_or(one(v), |list| list.iter().any(one)))
    };
    block.text("kind") == m.kind
        && m.equals.iter().all(|(field, wanted)| equal(field, wanted))
        && m.has.iter().all(|field| value(field).is_some())
}

/// The rules that a clause of the text meets, and that no other rule switches off when it goes.
fn met<'a>(
    compiled: &'a Compiled,
    blocks: &'a [Block],
) -> impl Iterator<Item = (&'static PackRule, Vec<&'a Block>)> {
    let rules = applicable(&compiled.front_matter).flat_map(|pack| &pack.rules);
    rules.filter(|rule| rule.weight == Weight::Mandatory && !rule.any.is_empty()).filter_map(|rule| {
        let cut: Vec<_> = blocks.iter().filter(|b| rule.any.iter().any(|m| satisfies(b, m))).collect();
        let asked = rule.only_if.as_ref().is_none_or(|m| !cut.iter().any(|b| b.text("kind") == m.kind));
        let said = compiled.diagnostics.iter().any(|d| d.code == rule.code);
        (asked && !said && !cut.is_empty()).then_some((rule, cut))
    })
}

#[test]
fn a_mandatory_clause_cut_out_is_asked_for() {
    let (mut faults, mut tried) = (Vec::new(), 0);
    for (order, (name, text)) in contracts().into_iter().enumerate() {
        let blocks = blocks(&text);
        let whole = compile(&name, &text);
        let each = name == "ateliers-garonne.md";
        let sampled =
            met(&whole, &blocks).enumerate().filter(|(n, _)| each || (n + order) % RULES_SAMPLED == 0);
        for (_, (rule, cut)) in sampled {
            let compiled = compile(&name, &without(&text, &cut));
            let warned = compiled.diagnostics.iter().any(|d| d.code == rule.code);
            let gate = gate::signature(&compiled, None);
            let refused =
                gate.diagnostics.iter().any(|d| d.code == rule.gate_code && d.severity == Severity::Error);
            tried += 1;
            if !warned || !refused {
                faults.push(format!("{name}: {} (plain {warned}, gate {refused})", rule.code));
            }
        }
    }
    assert!(tried > 30, "only {tried} rules were met");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The fields of a clause that its kind asks for, written there. An exception inherits what it lacks.
fn required(block: &Block) -> Vec<String> {
    let inherits = block.table.contains_key("exception_to") || block.table.contains_key("replace");
    let Some(kind) = KINDS.iter().find(|k| k.name == block.text("kind")).filter(|_| !inherits) else {
        return Vec::new();
    };
    let asked = kind.fields.iter().filter(|f| matches!(f.presence, Presence::Required));
    let written = |name: &str| block.then().is_some_and(|t| t.contains_key(name));
    asked.map(|f| f.name.to_owned()).filter(|name| written(name)).collect()
}

/// The clause as TOML, without one of its fields.
fn lacking(block: &Block, field: &str) -> String {
    let mut table = block.table.clone();
    table.get_mut("then").and_then(toml::Value::as_table_mut).expect("it has fields").remove(field);
    format!("{FENCE}{}```", toml::to_string(&table).expect("a table is TOML"))
}

/// An error that names the field, at the clause: between these bytes.
fn named(text: &str, field: &str, (start, end): (usize, usize)) -> bool {
    compile("c.md", text).diagnostics.iter().any(|d| {
        let at = d.span.start >= start && d.span.end <= end;
        at && d.severity == Severity::Error && [&d.message.fr, &d.help.fr].iter().any(|t| t.contains(field))
    })
}

#[test]
fn a_required_field_cut_out_is_named() {
    let (mut faults, mut tried) = (Vec::new(), 0usize);
    for (name, text) in contracts() {
        let head = &text[..text[3..].find("+++").expect("a front matter") + 6];
        for block in blocks(&text) {
            for field in required(&block) {
                let cut = lacking(&block, &field);
                let alone = format!("{head}\n\n# Essai\n\n## Article\n\n{cut}\n");
                let start = alone.len() - cut.len() - 1;
                let mut kept = named(&alone, &field, (start, alone.len()));
                if tried % SAMPLED == 0 {
                    let mut whole = text.clone();
                    whole.replace_range(block.start..block.end, &cut);
                    kept &= named(&whole, &field, (block.start, block.start + cut.len()));
                }
                tried += 1;
                if !kept {
                    faults.push(format!("{name}: [{}] without {field}", block.text("label")));
                }
            }
        }
    }
    assert!(tried > 500, "only {tried} fields were cut");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
