//! A block as a tree of what was written, each comment beside what it comments.

use std::ops::Range;

use super::comments;
use crate::source::{Entry, Node, Value};

/// The members of a block or of a table, and the comments after the last.
#[derive(Debug, Default)]
pub(super) struct Table<'a> {
    pub members: Vec<Member<'a>>,
    pub tail: Vec<&'a str>,
}

/// A key and its value, or a value of an array (whose key is empty).
#[derive(Debug)]
pub(super) struct Member<'a> {
    /// As written, quotes included.
    pub key: &'a str,
    /// As read.
    pub name: &'a str,
    pub shape: Shape<'a>,
    /// The comments above it, and the one at the end of its line.
    pub before: Vec<&'a str>,
    pub after: Option<&'a str>,
    /// In an array: whether it began a line.
    pub breaks: bool,
    /// From its key to the end of its value; nothing for a table written key by key.
    written: Option<Range<usize>>,
}

#[derive(Debug)]
pub(super) enum Shape<'a> {
    /// As written.
    Plain(&'a str),
    Array(Table<'a>),
    Table(Table<'a>),
}

impl Member<'_> {
    /// A comment stands within its value.
    pub fn has_comments(&self) -> bool {
        match &self.shape {
            Shape::Plain(_) => false,
            Shape::Array(table) | Shape::Table(table) => table.has_comments(),
        }
    }
}

impl Table<'_> {
    pub fn has_comments(&self) -> bool {
        !self.tail.is_empty()
            || self.members.iter().any(|m| !m.before.is_empty() || m.after.is_some() || m.has_comments())
    }
}

/// The tree of a block; `None` when a comment has no certain place.
pub(super) fn read<'a>(toml: &'a str, entries: &'a [Entry]) -> Option<Table<'a>> {
    let mut root = Table { members: members(toml, entries), tail: Vec::new() };
    for range in comments::find(toml) {
        let line_start = toml[..range.start].rfind('\n').map_or(0, |i| i + 1);
        let ahead = toml[line_start..range.start].trim_end();
        let comment = &toml[range.clone()];
        if ahead.trim().is_empty() || ahead.ends_with(['[', '{']) {
            above(&mut root, range.start, comment);
        } else {
            *last_before(&mut root, line_start, range.start)? = Some(comment);
        }
    }
    Some(root)
}

fn members<'a>(toml: &'a str, entries: &'a [Entry]) -> Vec<Member<'a>> {
    let one = |e: &'a Entry| {
        let mut member = member(toml, &e.value);
        member.key = &toml[e.key_span.start..e.key_span.end];
        member.name = &e.key;
        member.written = member.written.map(|w| e.key_span.start..w.end);
        member
    };
    entries.iter().map(one).collect()
}

fn member<'a>(toml: &'a str, value: &'a Value) -> Member<'a> {
    let range = value.span.start..value.span.end;
    let written = &toml[range.clone()];
    let (shape, there) = match &value.node {
        Node::Table(entries) => {
            let table = Table { members: members(toml, entries), tail: Vec::new() };
            (Shape::Table(table), written.starts_with('{'))
        }
        Node::Array(values) => {
            let mut items: Vec<Member<'a>> = values.iter().map(|v| member(toml, v)).collect();
            let mut end = value.span.start;
            for (item, value) in items.iter_mut().zip(values) {
                item.breaks = value.span.start >= end && toml[end..value.span.start].contains('\n');
                end = value.span.end;
            }
            (Shape::Array(Table { members: items, tail: Vec::new() }), written.starts_with('['))
        }
        _ => (Shape::Plain(written), true),
    };
    let written = there.then_some(range);
    Member { key: "", name: "", shape, before: Vec::new(), after: None, breaks: false, written }
}

/// Gives a comment on a line of its own to what follows it, or to the end of what it stands in.
fn above<'a>(table: &mut Table<'a>, at: usize, comment: &'a str) {
    if let Some(member) = table.members.iter_mut().find(|m| m.is_around(at))
        && let Shape::Array(inner) | Shape::Table(inner) = &mut member.shape
    {
        return above(inner, at, comment);
    }
    match next(table, at) {
        Some(member) => member.before.push(comment),
        None => table.tail.push(comment),
    }
}

impl Member<'_> {
    /// It, or a value within it, is written in one piece around this place.
    fn is_around(&self, at: usize) -> bool {
        match (&self.written, &self.shape) {
            (Some(written), _) => written.contains(&at),
            (None, Shape::Array(inner) | Shape::Table(inner)) => {
                inner.members.iter().any(|m| m.is_around(at))
            }
            (None, Shape::Plain(_)) => false,
        }
    }
}

/// The first member written after a place.
fn next<'t, 'a>(table: &'t mut Table<'a>, at: usize) -> Option<&'t mut Member<'a>> {
    let mut found: Option<&'t mut Member<'a>> = None;
    for member in &mut table.members {
        let candidate = match member.written.as_ref().map(|w| w.start > at) {
            Some(after) => after.then_some(member),
            None => match &mut member.shape {
                Shape::Array(inner) | Shape::Table(inner) => next(inner, at),
                Shape::Plain(_) => None,
            },
        };
        let start = |m: &Member<'_>| m.written.as_ref().map_or(usize::MAX, |w| w.start);
        found = match (found, candidate) {
            (Some(a), Some(b)) => Some(if start(a) <= start(b) { a } else { b }),
            (a, b) => a.or(b),
        };
    }
    found
}

/// The place for a comment at the end of a line: after the last value that ends on it.
fn last_before<'t, 'a>(
    table: &'t mut Table<'a>,
    line_start: usize,
    at: usize,
) -> Option<&'t mut Option<&'a str>> {
    let mut best: Option<(usize, &'t mut Option<&'a str>)> = None;
    for member in &mut table.members {
        let end = member.written.as_ref().map(|w| w.end);
        let whole = end.is_some_and(|end| end > line_start && end <= at);
        let found = match &mut member.shape {
            _ if whole => end.map(|end| (end, &mut member.after)),
            Shape::Array(inner) | Shape::Table(inner) => {
                last_before(inner, line_start, at).map(|slot| (at, slot))
            }
            Shape::Plain(_) => None,
        };
        best = match (best, found) {
            (Some(a), Some(b)) => Some(if a.0 > b.0 { a } else { b }),
            (a, b) => a.or(b),
        };
    }
    best.map(|(_, slot)| slot)
}
