//! A clause as a form, from the very table of fields that the compiler checks it with.
//!
//! A new kind, or a new field, has its form the day it compiles. What a person writes is turned into
//! TOML without judging it: what cannot be a number is written as they wrote it, and the compiler says
//! what to write instead, at the line.

mod encode;

use contract::source::value::{Entry, Node};
use contract::{Field, Kind, Type};
use terms::Dimension;

use super::block::{Block, Outline};
use super::rewrite::{self, Wanted};
use crate::error::{AppError, Refusal, Result};

/// What a form sent: names and values, in order.
pub type Posted = [(String, String)];

/// How a field is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One line of text.
    Line,
    Number,
    /// Yes, no, or nothing said.
    Flag,
    Date,
    Choice(&'static [&'static str]),
    Choices(&'static [&'static str]),
    /// The label of a calendar of the text.
    Calendar,
    /// One value a line.
    List,
    /// `name = value`, one a line.
    Pairs,
    /// `row: column = value, column = value`, one row a line.
    Grid,
    /// Fields of their own, once.
    Group,
    /// Fields of their own, as many times as needed.
    Rows,
}

/// One thing asked.
#[derive(Debug, Clone)]
pub struct Input {
    /// `then.rate`, `then.phases.0.from`.
    pub name: String,
    pub field: &'static Field,
    pub shape: Shape,
    /// As shown; chosen words are one a line.
    pub value: String,
    /// How the kind's own example writes it.
    pub example: Option<String>,
    /// Of a group, one; of rows, those written and a blank one.
    pub rows: Vec<Vec<Input>>,
}

/// The head of a clause, as asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    pub label: String,
    pub exception_to: String,
    /// By dimension, values separated by commas.
    pub when: Vec<(Dimension, String)>,
    pub from: String,
    pub until: String,
    pub default_none: bool,
}

pub fn shape(ty: Type) -> Shape {
    match ty {
        Type::Integer(_) => Shape::Number,
        Type::Flag => Shape::Flag,
        Type::Date => Shape::Date,
        Type::Choice(words) => Shape::Choice(words),
        Type::Choices(words) => Shape::Choices(words),
        Type::Calendar => Shape::Calendar,
        Type::Dates | Type::Texts | Type::Calendars | Type::Openings | Type::Labels(_) | Type::Countries => {
            Shape::List
        }
        Type::Names | Type::Titles | Type::Week | Type::DatedOpenings => Shape::Pairs,
        Type::Cells => Shape::Grid,
        Type::Table(_) => Shape::Group,
        Type::Tables(_) => Shape::Rows,
        Type::Text
        | Type::Email
        | Type::Siren
        | Type::Siret
        | Type::Vat
        | Type::Lei
        | Type::Iban
        | Type::Length
        | Type::Months
        | Type::ClockTime
        | Type::Money
        | Type::Percent
        | Type::Rate
        | Type::Zone
        | Type::Label(_)
        | Type::Country
        | Type::Decimal
        | Type::Time => Shape::Line,
    }
}

/// The fields of a clause of this kind, filled in with what its block says.
pub fn inputs(kind: &'static Kind, block: Option<&Block>) -> Vec<Input> {
    let example = Outline::of(&format!("+++\n+++\n```toml clause\n{}```\n", kind.example));
    let example = example.blocks.first().map(Block::then).unwrap_or_default().to_vec();
    fields(kind.fields, "then", block.map(Block::then).unwrap_or_default(), &example)
}

fn fields(fields: &'static [Field], prefix: &str, entries: &[Entry], example: &[Entry]) -> Vec<Input> {
    fields.iter().map(|field| input(field, prefix, entries, example)).collect()
}

fn input(field: &'static Field, prefix: &str, entries: &[Entry], example: &[Entry]) -> Input {
    let name = format!("{prefix}.{}", field.name);
    let find = |list: &[Entry]| list.iter().find(|e| e.key == field.name).map(|e| e.value.node.clone());
    let node = find(entries);
    let asked = shape(field.ty);
    let shown = node.as_ref().map(|node| encode::shown(asked, node));
    let (rows, value) = match (field.ty, &node, &shown) {
        (Type::Table(own), _, _) if node.as_ref().is_none_or(|n| matches!(n, Node::Table(_))) => (
            vec![self::fields(own, &name, table(node.as_ref()), table(find(example).as_ref()))],
            String::new(),
        ),
        (Type::Tables(own), _, _) => (rows(own, &name, node.as_ref(), find(example).as_ref()), String::new()),
        (_, _, Some(Some(value))) => (Vec::new(), value.clone()),
        // Another type than the field's: shown as it is written, for its author to mend.
        (_, Some(node), _) => (Vec::new(), rewrite::toml(node)),
        (_, None, _) => (Vec::new(), String::new()),
    };
    let example = find(example).filter(|_| rows.is_empty()).and_then(|n| encode::shown(asked, &n));
    Input { name, field, shape: asked, value, example, rows }
}

fn table(node: Option<&Node>) -> &[Entry] {
    match node {
        Some(Node::Table(entries)) => entries,
        _ => &[],
    }
}

/// Each table of an array, and a blank one.
fn rows(own: &'static [Field], name: &str, node: Option<&Node>, example: Option<&Node>) -> Vec<Vec<Input>> {
    let array = |node: Option<&Node>| match node {
        Some(Node::Array(values)) => values.clone(),
        _ => Vec::new(),
    };
    let (mut list, model) = (array(node), array(example));
    let model = model.first().map(|v| v.node.clone());
    list.push(contract::source::Value { span: Default::default(), node: Node::Table(Vec::new()) });
    let row = |(i, value): (usize, &contract::source::Value)| {
        fields(own, &format!("{name}.{i}"), table(Some(&value.node)), table(model.as_ref()))
    };
    list.iter().enumerate().map(row).collect()
}

/// What the head of a block says.
pub fn head(block: Option<&Block>) -> Head {
    let text = |key: &str| {
        let value = block.and_then(|b| b.head(key)).and_then(|v| v.as_text());
        value.unwrap_or_default().to_owned()
    };
    let when = table(block.and_then(|b| b.head("when")).map(|v| &v.node)).to_vec();
    let part = |key: &str| {
        let node = when.iter().find(|e| e.key == key).map(|e| &e.value.node);
        node.map(encode::listed).unwrap_or_default()
    };
    Head {
        label: block.and_then(Block::label).unwrap_or_default().to_owned(),
        exception_to: text("exception_to"),
        when: Dimension::ALL.into_iter().map(|d| (d, part(d.key()))).collect(),
        from: part("from"),
        until: part("until"),
        default_none: text("default") == "none",
    }
}

/// The text with the clause of this label as the form says it.
pub fn edited(text: &str, label: &str, posted: &Posted) -> Result<String> {
    let outline = Outline::of(text);
    let block = outline.block(label).filter(|b| !b.broken).ok_or(AppError::NotFound)?;
    let kind = block.kind().ok_or(AppError::NotFound)?;
    let (head, then) = (changed_head(kind, Some(block), posted), changed(kind, Some(block), posted));
    rewrite::rewrite(text, block, &head, &then).ok_or_else(|| {
        AppError::refused(Refusal::new(
            "draft.block",
            format!("Le bloc « {label} » est écrit d'une façon que le formulaire ne sait pas garder : modifiez-le dans le texte."),
            format!("The block “{label}” is written in a way that the form cannot keep: change it in the text."),
        ))
    })
}

/// The text with a new clause, under the heading of this index.
pub fn added(text: &str, kind: &'static Kind, heading: usize, posted: &Posted) -> Result<String> {
    let outline = Outline::of(text);
    let under = outline.headings.get(heading).ok_or(AppError::NotFound)?;
    let mut head = vec![("kind".to_owned(), super::templates::quoted(kind.name))];
    head.extend(stated(changed_head(kind, None, posted)));
    let block = rewrite::written(&head, &stated(changed(kind, None, posted)));
    Ok(rewrite::insert(text, under.end, &block))
}

fn stated(wanted: Vec<Wanted>) -> Vec<(String, String)> {
    wanted.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// What the form says otherwise than the block, in `then`.
fn changed(kind: &'static Kind, block: Option<&Block>, posted: &Posted) -> Vec<Wanted> {
    let before = inputs(kind, block);
    before
        .iter()
        .filter(|input| differs(input, posted))
        .map(|input| (input.field.name.to_owned(), encode::toml(input.field, &input.name, posted)))
        .collect()
}

/// Whether something sent is not what was shown; what was not asked does not differ.
fn differs(input: &Input, posted: &Posted) -> bool {
    let inside = format!("{}.", input.name);
    if !posted.iter().any(|(name, _)| *name == input.name || name.starts_with(&inside)) {
        return false;
    }
    if input.rows.is_empty() {
        return encode::sent(&input.name, posted) != input.value;
    }
    let shown = input.rows.iter().flatten();
    let more = format!("{inside}{}.", input.rows.len());
    shown.clone().any(|i| differs(i, posted))
        || posted.iter().any(|(n, v)| n.starts_with(&more) && !v.is_empty())
}

fn changed_head(kind: &'static Kind, block: Option<&Block>, posted: &Posted) -> Vec<Wanted> {
    let before = head(block);
    let sent = |name: &str| encode::sent(name, posted);
    let quoted = |text: String| (!text.is_empty()).then(|| super::templates::quoted(&text));
    let mut out = Vec::new();
    // The block that replaces another goes by its name until it is given one of its own.
    if sent("label") != before.label {
        out.push(("label".to_owned(), quoted(sent("label"))));
    }
    if !kind.guarded {
        return out;
    }
    if sent("exception_to") != before.exception_to {
        out.push(("exception_to".to_owned(), quoted(sent("exception_to"))));
    }
    let when: Vec<(String, String)> =
        before.when.iter().map(|(d, _)| (d.key().to_owned(), sent(&format!("when.{}", d.key())))).collect();
    let same =
        before.when.iter().zip(&when).all(|((_, old), (_, new))| encode::words(old) == encode::words(new));
    let (from, until) = (sent("when.from"), sent("when.until"));
    if !same || from != before.from || until != before.until {
        out.push(("when".to_owned(), encode::guard(&when, &from, &until)));
    }
    let none = sent("default") == "none";
    if none != before.default_none {
        out.push(("default".to_owned(), none.then(|| "\"none\"".to_owned())));
    }
    out
}

#[cfg(test)]
mod tests;
