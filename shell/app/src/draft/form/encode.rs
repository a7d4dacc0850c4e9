//! Between what a form shows and what TOML writes.

use contract::source::value::{Entry, Node};
use contract::{Field, Type};
use jiff::civil::Date;

use super::{Posted, Shape, shape};
use crate::draft::rewrite::{key, one, toml as written};
use crate::draft::templates::quoted;

/// A value as the form shows it; `None` when it is not of this shape.
pub(super) fn shown(shape: Shape, node: &Node) -> Option<String> {
    match (shape, node) {
        (Shape::Line | Shape::Choice(_) | Shape::Calendar, Node::Text(text)) => Some(text.clone()),
        (Shape::Number, Node::Integer(n)) => Some(n.to_string()),
        (Shape::Flag, Node::Flag(flag)) => Some(flag.to_string()),
        (Shape::Date, Node::Date(date)) => Some(date.to_string()),
        (Shape::List | Shape::Choices(_), Node::Array(values)) => {
            Some(values.iter().map(|v| plain(&v.node)).collect::<Vec<_>>().join("\n"))
        }
        (Shape::Pairs, Node::Array(values)) => {
            Some(values.iter().map(|v| plain(&v.node)).collect::<Vec<_>>().join("\n"))
        }
        (Shape::Pairs, Node::Table(entries)) => {
            let line = |e: &Entry| format!("{} = {}", e.key, listed(&e.value.node));
            Some(entries.iter().map(line).collect::<Vec<_>>().join("\n"))
        }
        (Shape::Grid, Node::Table(rows)) => Some(rows.iter().map(row).collect::<Vec<_>>().join("\n")),
        _ => None,
    }
}

fn row(entry: &Entry) -> String {
    let cells = match &entry.value.node {
        Node::Table(cells) => cells.iter().map(|c| format!("{} = {}", c.key, plain(&c.value.node))).collect(),
        other => vec![plain(other)],
    };
    format!("{}: {}", entry.key, cells.join(", "))
}

/// A value alone, without quotes.
fn plain(node: &Node) -> String {
    match node {
        Node::Text(text) => text.clone(),
        other => written(other),
    }
}

/// A value, or several separated by commas.
pub(super) fn listed(node: &Node) -> String {
    match node {
        Node::Array(values) => values.iter().map(|v| plain(&v.node)).collect::<Vec<_>>().join(", "),
        other => plain(other),
    }
}

/// Everything sent under a name, one a line; browsers end lines with CR LF.
pub(super) fn sent(name: &str, posted: &Posted) -> String {
    let values = posted.iter().filter(|(n, v)| n == name && !v.trim().is_empty());
    values.map(|(_, v)| v.replace("\r\n", "\n").trim().to_owned()).collect::<Vec<_>>().join("\n")
}

/// The values of a list separated by commas.
pub(super) fn words(text: &str) -> Vec<&str> {
    text.split([',', '\n']).map(str::trim).filter(|w| !w.is_empty()).collect()
}

/// The TOML of a field; `None` when nothing is said.
pub(super) fn toml(field: &Field, name: &str, posted: &Posted) -> Option<String> {
    match field.ty {
        Type::Table(own) => return group(own, name, posted),
        Type::Tables(own) => return array(own, name, posted),
        _ => {}
    }
    let text = sent(name, posted);
    if text.is_empty() {
        return None;
    }
    Some(match shape(field.ty) {
        Shape::Line | Shape::Choice(_) | Shape::Calendar => quoted(&text),
        Shape::Number => number(&text),
        Shape::Flag if text == "true" || text == "false" => text,
        Shape::Flag => quoted(&text),
        Shape::Date => date(&text),
        Shape::Choices(_) => list(text.lines(), quoted),
        Shape::List => match field.ty {
            Type::Dates => list(words(&text).into_iter().flat_map(str::split_whitespace), date),
            Type::Openings => list(words(&text).into_iter(), quoted),
            _ => list(text.lines(), quoted),
        },
        Shape::Pairs => pairs(field.ty, &text),
        Shape::Grid => grid(&text),
        Shape::Group | Shape::Rows => match one(&text) {
            Some(_) => text,
            None => quoted(&text),
        },
    })
}

fn group(own: &'static [Field], name: &str, posted: &Posted) -> Option<String> {
    let inside: Vec<String> = own
        .iter()
        .filter_map(|f| Some(format!("{} = {}", f.name, toml(f, &format!("{name}.{}", f.name), posted)?)))
        .collect();
    (!inside.is_empty()).then(|| format!("{{ {} }}", inside.join(", ")))
}

fn array(own: &'static [Field], name: &str, posted: &Posted) -> Option<String> {
    let there = |i: usize| {
        let prefix = format!("{name}.{i}.");
        posted.iter().any(|(n, _)| n.starts_with(&prefix))
    };
    let tables: Vec<String> =
        (0..).take_while(|i| there(*i)).filter_map(|i| group(own, &format!("{name}.{i}"), posted)).collect();
    match &tables[..] {
        [] => None,
        [one] => Some(format!("[{one}]")),
        _ => Some(format!("[\n  {},\n]", tables.join(",\n  "))),
    }
}

/// A whole number; anything else as it was written, for the compiler to say.
fn number(text: &str) -> String {
    let bare: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '\u{202f}' && *c != '\u{a0}').collect();
    bare.parse::<i64>().map_or_else(|_| quoted(text), |n| n.to_string())
}

fn date(text: &str) -> String {
    text.parse::<Date>().map_or_else(|_| quoted(text), |d| d.to_string())
}

fn list<'a>(values: impl Iterator<Item = &'a str>, one: impl Fn(&str) -> String) -> String {
    let values: Vec<String> = values.map(str::trim).filter(|v| !v.is_empty()).map(one).collect();
    format!("[{}]", values.join(", "))
}

fn pairs(ty: Type, text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    if ty == Type::Names && lines.iter().all(|l| !l.contains('=')) {
        return list(lines.into_iter().flat_map(|l| l.split(',')), quoted);
    }
    let hours = matches!(ty, Type::Week | Type::DatedOpenings);
    let entry = |line: &str| {
        let (name, value) = line.split_once('=').map_or((line, line), |(n, v)| (n.trim(), v.trim()));
        let value = if hours { list(words(value).into_iter(), quoted) } else { quoted(value) };
        format!("{} = {value}", key(name))
    };
    format!("{{ {} }}", lines.into_iter().map(entry).collect::<Vec<_>>().join(", "))
}

fn grid(text: &str) -> String {
    let row = |line: &str| {
        let (name, cells) = line.split_once(':').unwrap_or((line, ""));
        let cells = cells.split(',').filter_map(|cell| cell.split_once('='));
        let cells: Vec<String> = cells
            .map(|(column, value)| format!("{} = {}", key(column.trim()), quoted(value.trim())))
            .collect();
        format!("{} = {{ {} }}", key(name.trim()), cells.join(", "))
    };
    let rows: Vec<String> = text.lines().filter(|l| !l.trim().is_empty()).map(row).collect();
    format!("{{ {} }}", rows.join(", "))
}

/// A guard; `None` when it holds always.
pub(super) fn guard(when: &[(String, String)], from: &str, until: &str) -> Option<String> {
    let mut parts: Vec<String> = when
        .iter()
        .filter(|(_, values)| !words(values).is_empty())
        .map(|(name, values)| format!("{name} = {}", list(words(values).into_iter(), quoted)))
        .collect();
    for (name, value) in [("from", from), ("until", until)] {
        if !value.is_empty() {
            parts.push(format!("{name} = {}", date(value)));
        }
    }
    (!parts.is_empty()).then(|| format!("{{ {} }}", parts.join(", ")))
}
