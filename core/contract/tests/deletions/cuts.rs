//! Cutting clauses and fields out of a text.

use contract::packs::Match;
use contract::{Field, KINDS, Kind, Presence, Type};
use toml::{Table, Value};

pub const FENCE: &str = "```toml clause\n";

/// A clause of a text: its fence, from end to end.
pub struct Block {
    pub start: usize,
    pub end: usize,
    pub table: Table,
}

/// A step towards a field: a key, or a row of an array.
#[derive(Clone)]
pub enum Step {
    Key(String),
    Row(usize),
}

impl Block {
    pub fn text(&self, key: &str) -> &str {
        self.table.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// The fields, written inline or dotted: TOML makes one table of them.
    pub fn then(&self) -> Option<&Table> {
        self.table.get("then")?.as_table()
    }

    fn kind(&self) -> Option<&'static Kind> {
        KINDS.iter().copied().find(|k| k.name == self.text("kind"))
    }

    /// Whether the prose, another clause or an exception names it by its label.
    pub fn named_elsewhere(&self, text: &str, all: &[Block]) -> bool {
        let label = self.text("label");
        let in_prose = text.contains(&format!("{{{{ {label}."));
        let others = || all.iter().filter(|b| b.start != self.start && b.text("label") != label);
        // A label borne twice stays when one of the two goes.
        let alone = all.iter().filter(|b| b.text("label") == label).count() == 1;
        let excepted = || others().any(|b| b.text("exception_to") == label);
        let referred = || others().any(|b| b.refers_to(label));
        // What ends a clause has no label of its own.
        !label.is_empty() && alone && (in_prose || excepted() || referred())
    }

    fn refers_to(&self, label: &str) -> bool {
        let (Some(kind), Some(then)) = (self.kind(), self.then()) else { return false };
        refers(kind.fields, then, label)
    }
}

fn refers(fields: &[Field], table: &Table, label: &str) -> bool {
    fields.iter().filter_map(|f| Some((f, table.get(f.name)?))).any(|(field, value)| {
        let here = |v: &Value| v.as_str() == Some(label);
        let list = |v: &Value| v.as_array().is_some_and(|all| all.iter().any(here));
        match field.ty {
            Type::Label(_) | Type::Calendar => here(value),
            Type::Labels(_) | Type::Calendars => list(value),
            Type::Table(fields) => value.as_table().is_some_and(|t| refers(fields, t, label)),
            Type::Tables(fields) => {
                let mut rows = value.as_array().into_iter().flatten().filter_map(Value::as_table);
                rows.any(|t| refers(fields, t, label))
            }
            _ => false,
        }
    })
}

pub fn blocks(text: &str) -> Vec<Block> {
    text.match_indices(FENCE)
        .map(|(start, _)| {
            let body = start + FENCE.len();
            let end = body + text[body..].find("```").expect("a fence is closed");
            Block { start, end: end + 3, table: text[body..end].parse().expect("a block is TOML") }
        })
        .collect()
}

/// The text without these blocks, their prose kept.
pub fn without(text: &str, cut: &[&Block]) -> String {
    let mut out = text.to_owned();
    for block in cut.iter().rev() {
        out.replace_range(block.start..block.end, "");
    }
    out
}

/// The text whose blocks lack these fields, named from `then`, wherever they hold them.
pub fn unset(text: &str, blocks: &[&Block], fields: &[&str]) -> String {
    let mut out = text.to_owned();
    for block in blocks.iter().rev() {
        let mut table = block.table.clone();
        for field in fields {
            let path: Vec<Step> = field.split('.').map(|key| Step::Key(key.to_owned())).collect();
            remove(&mut table, &path);
        }
        out.replace_range(block.start..block.end, &fenced(&table));
    }
    out
}

/// A little wider than the pack's own comparison where it compares figures: cutting more is safe here.
pub fn satisfies(block: &Block, m: &Match) -> bool {
    let value = |field: &str| {
        let mut parts = field.split('.');
        let first = block.then()?.get(parts.next()?)?;
        parts.try_fold(first, |v, part| v.as_table()?.get(part))
    };
    let equal = |field: &String, wanted: &Value| {
        let one = |v: &Value| wanted.as_array().map_or(v == wanted, |list| list.contains(v));
        value(field).is_none_or(|v| v.as_array().map_or(one(v), |list| list.iter().any(one)))
    };
    block.text("kind") == m.kind
        && m.equals.iter().all(|(field, wanted)| equal(field, wanted))
        && m.has.iter().all(|field| value(field).is_some())
}

/// The fields of a clause that its kind asks for, written there, those of its rows included. An exception
/// inherits what it lacks, and what replaces a clause keeps what it does not write.
pub fn required(block: &Block) -> Vec<Vec<Step>> {
    let inherits = block.table.contains_key("exception_to") || block.table.contains_key("replace");
    let (Some(kind), Some(then)) = (block.kind().filter(|_| !inherits), block.then()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    gather(kind.fields, then, &[], &mut found);
    found
}

fn gather(fields: &[Field], table: &Table, path: &[Step], found: &mut Vec<Vec<Step>>) {
    for (field, value) in fields.iter().filter_map(|f| Some((f, table.get(f.name)?))) {
        let mut here = path.to_vec();
        here.push(Step::Key(field.name.to_owned()));
        match (field.ty, value) {
            (Type::Table(fields), Value::Table(inner)) => gather(fields, inner, &here, found),
            (Type::Tables(fields), Value::Array(rows)) => {
                for (i, row) in rows.iter().enumerate().filter_map(|(i, r)| Some((i, r.as_table()?))) {
                    let mut row_path = here.clone();
                    row_path.push(Step::Row(i));
                    gather(fields, row, &row_path, found);
                }
            }
            _ => {}
        }
        if field.presence == Presence::Required {
            found.push(here);
        }
    }
}

/// The clause as TOML, without one of its fields.
pub fn lacking(block: &Block, path: &[Step]) -> String {
    let mut table = block.table.clone();
    remove(&mut table, path);
    fenced(&table)
}

fn remove(table: &mut Table, path: &[Step]) {
    let (Some(then), Some((Step::Key(last), way))) = (table.get_mut("then"), path.split_last()) else {
        return;
    };
    let holder = way.iter().try_fold(then, |v, step| match step {
        Step::Key(key) => v.as_table_mut()?.get_mut(key),
        Step::Row(i) => v.as_array_mut()?.get_mut(*i),
    });
    if let Some(holder) = holder.and_then(Value::as_table_mut) {
        holder.remove(last);
    }
}

fn fenced(table: &Table) -> String {
    format!("{FENCE}{}```", toml::to_string(table).expect("a table is TOML"))
}

/// « severities[0].level ».
pub fn names(path: &[Step]) -> String {
    let one = |step: &Step| match step {
        Step::Key(key) => format!(".{key}"),
        Step::Row(i) => format!("[{i}]"),
    };
    path.iter().map(one).collect::<String>().trim_start_matches('.').to_owned()
}
