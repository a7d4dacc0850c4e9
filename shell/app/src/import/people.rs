//! The people of another tool, read out of its export of users.

use std::collections::HashMap;

use super::columns::{Columns, Names};
use super::value::plain;
use super::{Remark, Source, csv};
use crate::error::Result;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Field {
    Login,
    Last,
    First,
    Whole,
    Email,
    Active,
}

const GLPI: Names<Field> = &[
    (Field::Login, &["identifiant", "login"]),
    (Field::Last, &["nom de famille", "last name", "surname"]),
    (Field::First, &["prenom", "first name"]),
    (
        Field::Email,
        &["adresses de messagerie", "adresses email", "email addresses", "emails", "email", "courriel"],
    ),
    (Field::Active, &["actif", "active"]),
];

const ITOP: Names<Field> = &[
    (Field::Login, &["login", "org login"]),
    (Field::Last, &["last name", "nom", "name"]),
    (Field::First, &["first name", "prenom"]),
    (Field::Whole, &["friendlyname", "full name", "nom complet", "nom usuel"]),
    (Field::Email, &["email", "e mail", "adresse email"]),
    (Field::Active, &["status", "statut", "etat"]),
];

const BY_HAND: Names<Field> = &[
    (Field::Last, &["nom de famille", "last name"]),
    (Field::First, &["prenom", "first name"]),
    (Field::Whole, &["nom", "name", "nom affiche", "display name"]),
    (Field::Email, &["courriel", "email", "e mail", "mail", "adresse"]),
    (Field::Active, &["actif", "active", "statut", "status"]),
];

/// A person to invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub line: u64,
    /// In small letters.
    pub email: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub rows: Vec<Row>,
    pub remarks: Vec<Remark>,
    pub left: Vec<String>,
}

/// Reads an export of users. Whoever is not active there is left out, with a note.
pub fn read(source: Source, bytes: &[u8]) -> Result<Read> {
    let table = csv::read(bytes)?;
    let names = match source {
        Source::Glpi => GLPI,
        Source::Itop => ITOP,
        Source::Csv => BY_HAND,
    };
    let columns = Columns::find(&table, names);
    columns.require(names, &[Field::Email], source)?;
    let (mut rows, mut remarks) = (Vec::new(), Vec::new());
    let mut seen: HashMap<String, u64> = HashMap::new();
    for (line, row) in &table.rows {
        let cell = |field| columns.cell(row, field);
        // A person with several addresses has one on each line of the cell: the first is theirs here.
        let email = cell(Field::Email).split_whitespace().next().unwrap_or_default();
        let email = email.trim_end_matches([',', ';']).to_lowercase();
        if matches!(plain(cell(Field::Active)).as_str(), "non" | "no" | "0" | "inactive" | "inactif") {
            remarks.push(Remark::note(
                *line,
                "compte inactif, laissé de côté",
                "an inactive account, left aside",
            ));
            continue;
        }
        if !is_address(&email) {
            remarks.push(Remark::fault(*line, "pas d’adresse électronique", "no e-mail address"));
            continue;
        }
        let name = name(&cell, &email);
        match seen.insert(email.clone(), *line) {
            None => rows.push(Row { line: *line, email, name }),
            Some(first) => remarks.push(Remark::note(
                *line,
                format!("cette adresse est déjà ligne {first}"),
                format!("this address is already on line {first}"),
            )),
        }
    }
    Ok(Read { rows, remarks, left: columns.left })
}

fn name<'a>(cell: &impl Fn(Field) -> &'a str, email: &str) -> String {
    let whole = format!("{} {}", cell(Field::First), cell(Field::Last));
    let candidates = [whole.trim(), cell(Field::Whole), cell(Field::Login)];
    let name = candidates.into_iter().find(|name| !name.is_empty()).unwrap_or(email);
    name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(120).collect()
}

fn is_address(email: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else { return false };
    !local.is_empty()
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && email.len() <= 254
        && !email.contains(|c: char| c.is_control() || c.is_whitespace() || "<>\"(),;".contains(c))
        && !domain.contains('@')
}
