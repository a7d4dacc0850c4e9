//! The order of keys: that of the head of a block, of the dimensions, of the kind's table of fields.

use terms::Dimension;

use super::tree::{Member, Shape};
use super::{alike, all_alike};
use crate::clauses::{self, Field, Type};
use crate::source::{BlockKind, Entry, Node, Value};

/// What the text is and what it stands on, who signs it, how it is read.
const FRONT: [&str; 18] = [
    "contract",
    "amends",
    "effective",
    "order_of",
    "subcontract_of",
    "arrangement",
    "title",
    "customer",
    "provider",
    "trades",
    "sector",
    "rule_packs",
    "without_packs",
    "language",
    "semantics",
    "currency",
    "zone",
    "signed",
];
const CLAUSE: [&str; 8] = ["kind", "label", "replace", "end", "exception_to", "when", "default", "then"];
const EXAMPLE: [&str; 4] = ["title", "given", "at", "expect"];

/// In which order the keys of a block are written. Tables that name things keep the parties' own order,
/// which the prose may repeat: priorities, sites, days of the week.
#[derive(Clone, Copy)]
pub(super) enum Order {
    Front,
    /// With the fields of `then`, when the kind is known.
    Clause(Option<&'static [Field]>),
    Example,
    When,
    Fields(&'static [Field]),
    AsWritten,
}

impl Order {
    pub fn of(kind: Option<BlockKind>, entries: &[Entry]) -> Order {
        let named = || entries.iter().find(|e| e.key == "kind")?.value.as_text();
        match kind {
            None => Order::Front,
            Some(BlockKind::Clause) => Order::Clause(named().and_then(clauses::kind).map(|k| k.fields)),
            Some(BlockKind::Example) => Order::Example,
        }
    }

    pub fn sort(self, members: &mut [Member<'_>]) {
        members.sort_by_key(|m| self.rank(m.name));
        for member in members {
            self.within(member.name).sort_shape(&mut member.shape);
        }
    }

    fn sort_shape(self, shape: &mut Shape<'_>) {
        match shape {
            Shape::Plain(_) => {}
            Shape::Table(table) => self.sort(&mut table.members),
            Shape::Array(table) => table.members.iter_mut().for_each(|m| self.sort_shape(&mut m.shape)),
        }
    }

    /// Whether a block laid out says what was written, in this order.
    pub fn same(self, before: &[Entry], after: &[Entry]) -> bool {
        let mut sorted: Vec<&Entry> = before.iter().collect();
        sorted.sort_by_key(|e| self.rank(&e.key));
        sorted.len() == after.len()
            && sorted.iter().zip(after).all(|(before, after)| {
                before.key == after.key && self.within(&before.key).same_value(&before.value, &after.value)
            })
    }

    fn same_value(self, before: &Value, after: &Value) -> bool {
        match (self, &before.node, &after.node) {
            (Order::AsWritten, Node::Table(a), Node::Table(b)) => all_alike(a, b),
            (_, Node::Table(a), Node::Table(b)) => self.same(a, b),
            (_, Node::Array(a), Node::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.same_value(a, b))
            }
            _ => alike(before, after),
        }
    }

    /// The place of a key; unknown ones come last, as they were.
    fn rank(self, key: &str) -> usize {
        let place = |keys: &[&str]| keys.iter().position(|k| *k == key);
        let found = match self {
            Order::Front => place(&FRONT),
            Order::Clause(_) => place(&CLAUSE),
            Order::Example => place(&EXAMPLE),
            Order::When => {
                let last = Dimension::ALL.len();
                let dimension = || Dimension::ALL.iter().position(|d| d.key() == key);
                dimension().or_else(|| place(&["from", "until"]).map(|i| last + i))
            }
            Order::Fields(fields) => fields.iter().position(|f| f.name == key),
            Order::AsWritten => Some(0),
        };
        found.unwrap_or(usize::MAX)
    }

    /// The order within the value of a key.
    fn within(self, key: &str) -> Order {
        match (self, key) {
            (Order::Clause(_), "when") => Order::When,
            (Order::Clause(Some(fields)), "then") => Order::Fields(fields),
            (Order::Fields(fields), _) => match fields.iter().find(|f| f.name == key).map(|f| f.ty) {
                Some(Type::Table(inner) | Type::Tables(inner)) => Order::Fields(inner),
                _ => Order::AsWritten,
            },
            _ => Order::AsWritten,
        }
    }
}
