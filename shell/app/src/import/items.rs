//! The equipment of another tool, set against the contract's perimeter.
//!
//! What is in the perimeter is signed: an import changes nothing of it. It tells which items the contract
//! knows, and words those that it does not as a clause to take up in a draft.

use std::collections::{BTreeMap, HashMap, HashSet};

use base::Bilingual;
use terms::Terms;

use super::columns::{self, Chosen, Column, Columns, Names};
use super::csv::{self, Table};
use super::value::plain;
use super::{Remark, Source};
use crate::error::Result;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Field {
    Name,
    Class,
}

const NAMES: Names<Field> = &[
    (Field::Name, &["nom", "name", "element", "item"]),
    (
        Field::Class,
        &[
            "finalclass",
            "sous classe de ci",
            "ci sub class",
            "type d element",
            "item type",
            "type",
            "classe",
            "class",
        ],
    ),
];

/// An item of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub line: u64,
    pub name: String,
    /// Its class in the tool's word; empty when it told none.
    pub class: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub rows: Vec<Row>,
    pub remarks: Vec<Remark>,
    pub left: Vec<String>,
}

/// What nothing can be compared without.
const REQUIRED: &[Field] = &[Field::Name];

/// Reads an export of equipment.
pub fn read(source: Source, bytes: &[u8]) -> Result<Read> {
    read_table(source, &csv::read(bytes)?, &Chosen::new())
}

/// Where each field of a table is read from.
pub fn columns(table: &Table, chosen: &Chosen) -> Vec<Column> {
    Columns::find(table, NAMES, chosen).all(table, NAMES, REQUIRED)
}

/// Refuses a choice for a field that no export of equipment has.
pub(super) fn check(chosen: &Chosen) -> Result<()> {
    columns::check(NAMES, chosen)
}

/// As [`read`], with the columns that somebody chose.
pub fn read_table(source: Source, table: &Table, chosen: &Chosen) -> Result<Read> {
    let columns = Columns::find(table, NAMES, chosen);
    columns.require(NAMES, REQUIRED, source)?;
    let (mut rows, mut remarks) = (Vec::<Row>::new(), Vec::new());
    let mut seen = BTreeMap::new();
    for row in table.rows() {
        let line = row.line;
        let name = columns.cell(row, Field::Name);
        if name.is_empty() || name.chars().count() > 100 || name.contains(char::is_control) {
            let (fr, en) =
                ("un nom d’une ligne, de 1 à 100 caractères", "a name of one line, of 1 to 100 characters");
            remarks.push(
                Remark::fault(line, fr, en)
                    .advise("donnez un nom court à cet élément", "give this item a short name"),
            );
            continue;
        }
        if let Some(first) = seen.insert(plain(name), line) {
            remarks.push(Remark::note(
                line,
                format!("cet élément est déjà ligne {first}"),
                format!("this item is already on line {first}"),
            ));
            continue;
        }
        let class: String =
            columns.cell(row, Field::Class).chars().filter(|c| !c.is_control()).take(60).collect();
        rows.push(Row { line, name: name.to_owned(), class });
    }
    Ok(Read { rows, remarks, left: columns.left })
}

/// The items of a file against a perimeter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// Named by the contract, each as it names it.
    pub known: Vec<String>,
    /// Not named by it, by class.
    pub unknown: BTreeMap<String, Vec<String>>,
    /// Named by the contract, and not in the file.
    pub missing: Vec<String>,
    /// The lines of what is known.
    lines: HashSet<u64>,
    /// The labels of the perimeter's clauses, which no clause to add may take.
    labels: HashSet<String>,
}

/// Sets the items of a file against the perimeter of terms. Names are compared without case nor accents.
pub fn compare(terms: &Terms, rows: &[Row]) -> Compared {
    let named = || terms.perimeter.iter().flat_map(|rule| &rule.then.items);
    let mut by_word: HashMap<String, &String> = HashMap::new();
    for item in named() {
        by_word.entry(plain(item)).or_insert(item);
    }
    let labels = terms.perimeter.iter().map(|rule| rule.label().to_owned()).collect();
    let mut compared = Compared { labels, ..Compared::default() };
    let mut seen: HashSet<&String> = HashSet::new();
    for row in rows {
        match by_word.get(&plain(&row.name)) {
            Some(&item) => {
                seen.insert(item);
                compared.lines.insert(row.line);
                compared.known.push(item.clone());
            }
            None => compared.unknown.entry(row.class.clone()).or_default().push(row.name.clone()),
        }
    }
    compared.missing = named().filter(|item| seen.insert(item)).cloned().collect();
    compared
}

impl Compared {
    /// What is said of an item, by the line it was read from: `None` when the contract names it.
    pub(super) fn outside(&self, line: u64) -> Option<Bilingual> {
        let said = || {
            Bilingual::new(
                "hors du périmètre signé\u{a0}: un avenant peut l’y mettre",
                "outside the signed perimeter: an amendment can bring it in",
            )
        };
        (!self.lines.contains(&line)).then(said)
    }

    /// The items that the contract does not name, as clauses of a perimeter to take up in a draft: one for
    /// each class, all covered. Whoever writes the draft decides.
    pub fn clauses(&self) -> String {
        let mut text = String::new();
        let mut taken = self.labels.clone();
        for (class, items) in &self.unknown {
            let word = plain(class).replace(' ', "_");
            let word = if word.is_empty() { "equipement".to_owned() } else { word };
            // A JSON string is a basic string of TOML.
            let quoted = |text: &str| serde_json::Value::from(text).to_string();
            let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
            let title = if class.is_empty() { "Équipements" } else { class };
            text += &format!(
                "```toml clause\nkind = \"perimeter\"\nlabel = {}\nthen = {{ status = \"in\", class = {}, \
                 items = [{}], title = {} }}\n```\n\n",
                quoted(&free(&mut taken, &format!("repris-{}", word.replace('_', "-")))),
                quoted(&word),
                items.join(", "),
                quoted(title),
            );
        }
        text
    }
}

/// A label that nothing has yet: another import may have brought in the same class.
fn free(taken: &mut HashSet<String>, label: &str) -> String {
    let ranked = (2u32..).map(|rank| format!("{label}-{rank}"));
    let free = std::iter::once(label.to_owned()).chain(ranked).find(|label| !taken.contains(label));
    let free = free.expect("ranks never end");
    taken.insert(free.clone());
    free
}

impl columns::Field for Field {
    fn key(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Class => "class",
        }
    }

    fn name(self) -> Bilingual {
        match self {
            Field::Name => Bilingual::new("nom", "name"),
            Field::Class => Bilingual::new("classe", "class"),
        }
    }
}
