//! The people of another tool, read out of its export of users.

use std::collections::HashMap;

use base::Bilingual;

use super::columns::{self, Chosen, Column, Columns, Names};
use super::csv::{self, Table};
use super::value::plain;
use super::{Remark, Source};
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

/// What nobody can be invited without.
const REQUIRED: &[Field] = &[Field::Email];

/// Reads an export of users. Whoever is not active there is left out, with a note.
pub fn read(source: Source, bytes: &[u8]) -> Result<Read> {
    read_table(source, &csv::read(bytes)?, &Chosen::new())
}

/// Where each field of a table is read from.
pub fn columns(source: Source, table: &Table, chosen: &Chosen) -> Vec<Column> {
    Columns::find(table, names(source), chosen).all(table, names(source), REQUIRED)
}

fn names(source: Source) -> Names<Field> {
    match source {
        Source::Glpi => GLPI,
        Source::Itop => ITOP,
        Source::Csv => BY_HAND,
    }
}

/// Refuses a choice for a field that no export of users has.
pub(super) fn check(source: Source, chosen: &Chosen) -> Result<()> {
    columns::check(names(source), chosen)
}

/// As [`read`], with the columns that somebody chose.
pub fn read_table(source: Source, table: &Table, chosen: &Chosen) -> Result<Read> {
    let names = names(source);
    let columns = Columns::find(table, names, chosen);
    columns.require(names, REQUIRED, source)?;
    let (mut rows, mut remarks) = (Vec::new(), Vec::new());
    let mut seen: HashMap<String, u64> = HashMap::new();
    for row in table.rows() {
        let line = row.line;
        let cell = |field| columns.cell(row, field);
        // A person with several addresses has one on each line of the cell: the first is theirs here.
        let email = cell(Field::Email).split_whitespace().next().unwrap_or_default();
        let email = email.trim_end_matches([',', ';']).to_lowercase();
        if matches!(plain(cell(Field::Active)).as_str(), "non" | "no" | "0" | "inactive" | "inactif") {
            remarks.push(Remark::note(
                line,
                "compte inactif, laissé de côté",
                "an inactive account, left aside",
            ));
            continue;
        }
        if !is_address(&email) {
            remarks.push(Remark::fault(line, "pas d’adresse électronique", "no e-mail address").advise(
                "donnez l’adresse de cette personne, ou invitez-la autrement",
                "give this person’s address, or invite them otherwise",
            ));
            continue;
        }
        let name = full_name(&cell, &email);
        match seen.insert(email.clone(), line) {
            None => rows.push(Row { line, email, name }),
            Some(first) => remarks.push(Remark::note(
                line,
                format!("cette adresse est déjà ligne {first}"),
                format!("this address is already on line {first}"),
            )),
        }
    }
    Ok(Read { rows, remarks, left: columns.left })
}

fn full_name<'a>(cell: &impl Fn(Field) -> &'a str, email: &str) -> String {
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

impl columns::Field for Field {
    fn key(self) -> &'static str {
        match self {
            Field::Login => "login",
            Field::Last => "last_name",
            Field::First => "first_name",
            Field::Whole => "name",
            Field::Email => "email",
            Field::Active => "active",
        }
    }

    fn name(self) -> Bilingual {
        let (fr, en) = match self {
            Field::Login => ("identifiant", "login"),
            Field::Last => ("nom de famille", "last name"),
            Field::First => ("prénom", "first name"),
            Field::Whole => ("nom complet", "full name"),
            Field::Email => ("adresse électronique", "e-mail address"),
            Field::Active => ("actif", "active"),
        };
        Bilingual::new(fr, en)
    }
}
