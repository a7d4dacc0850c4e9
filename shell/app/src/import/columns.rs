//! Which column of a file holds what: the headings that GLPI and iTop write, in French and in English, and
//! those of a file made by hand; or those that somebody chose.
//!
//! Headings are compared by [`plain`], so that a label, its code (`start_date`) and the star of a mandatory
//! field are one. What no field here is read from is listed, and left.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use base::Bilingual;

use super::Source;
use super::csv::{Row, Table};
use super::value::plain;
use crate::error::{AppError, Result};

/// A field and the headings that it goes by, the best first.
pub(super) type Names<F> = &'static [(F, &'static [&'static str])];

/// The heading that somebody chose for a field, by its key; an empty one for none.
pub type Chosen = BTreeMap<String, String>;

/// Something that is read of a line.
pub(super) trait Field: Copy + Eq + Hash {
    /// What it is called in a request.
    fn key(self) -> &'static str;
    /// What it is called on a page.
    fn name(self) -> Bilingual;
}

/// Refuses a choice for what no such file has: it would be dropped without a word.
pub(super) fn check<F: Field>(names: Names<F>, chosen: &Chosen) -> Result<()> {
    let Some(key) = chosen.keys().find(|key| names.iter().all(|(field, _)| field.key() != *key)) else {
        return Ok(());
    };
    let known: Vec<&str> = names.iter().map(|(field, _)| field.key()).collect();
    let known = known.join(", ");
    Err(AppError::invalid(
        "columns",
        format!("pas de champ «\u{a0}{key}\u{a0}»\u{a0}; champs\u{a0}: {known}"),
        format!("no field “{key}”; fields: {known}"),
    ))
}

/// A field, and where it is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub key: &'static str,
    pub name: Bilingual,
    /// `None` when the file has no such column, or when nobody wants it read.
    pub heading: Option<String>,
    /// Nothing can be read without it.
    pub required: bool,
}

/// The columns found.
pub(super) struct Columns<F> {
    places: HashMap<F, usize>,
    /// The heading read for each field, in the order of the file.
    pub read: Vec<(F, String)>,
    /// The headings that nothing was read from.
    pub left: Vec<String>,
}

impl<F: Field> Columns<F> {
    pub(super) fn find(table: &Table, names: Names<F>, chosen: &Chosen) -> Columns<F> {
        let headings: Vec<String> = table.headings.iter().map(|heading| plain(heading)).collect();
        let mut places = HashMap::new();
        for (field, known) in names {
            let by_name =
                || known.iter().find_map(|name| headings.iter().position(|heading| heading == name));
            let place = match chosen.get(field.key()) {
                Some(heading) => {
                    table.headings.iter().position(|h| !h.is_empty() && h.trim() == heading.trim())
                }
                None => by_name(),
            };
            if let Some(place) = place {
                places.insert(*field, place);
            }
        }
        let (mut read, mut left) = (Vec::new(), Vec::new());
        for (place, heading) in table.headings.iter().enumerate().filter(|(_, h)| !h.trim().is_empty()) {
            match names.iter().find(|(field, _)| places.get(field) == Some(&place)) {
                Some((field, _)) => read.push((*field, heading.trim().to_owned())),
                None => left.push(heading.trim().to_owned()),
            }
        }
        Columns { places, read, left }
    }

    pub(super) fn has(&self, field: F) -> bool {
        self.places.contains_key(&field)
    }

    /// The cell of a field, without the spaces around; empty when it has none.
    pub(super) fn cell<'a>(&self, row: Row<'a>, field: F) -> &'a str {
        self.places.get(&field).map_or("", |place| row.cell(*place).trim())
    }

    /// Every field that such a file may have, with its column, in the order in which they are looked for.
    pub(super) fn all(&self, table: &Table, names: Names<F>, required: &[F]) -> Vec<Column> {
        let column = |field: F| Column {
            key: field.key(),
            name: field.name(),
            heading: self.places.get(&field).and_then(|at| Some(table.headings.get(*at)?.trim().to_owned())),
            required: required.contains(&field),
        };
        names.iter().map(|(field, _)| column(*field)).collect()
    }

    /// Refuses a file without a field that nothing can be read without; the names it could go by are told.
    pub(super) fn require(&self, names: Names<F>, fields: &[F], source: Source) -> Result<()> {
        let Some(missing) = fields.iter().find(|field| !self.has(**field)) else { return Ok(()) };
        let known = names.iter().find(|(field, _)| field == missing).map_or(&[][..], |(_, known)| known);
        let (known, tool) = (known.join(", "), source.name());
        Err(AppError::invalid(
            "file",
            format!("il manque une colonne, que {tool} nomme ainsi\u{a0}: {known}"),
            format!("a column is missing, which {tool} names so: {known}"),
        ))
    }
}
