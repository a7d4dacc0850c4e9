//! The tickets of another tool, read out of its export.

use std::collections::HashMap;

use base::Bilingual;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::columns::{self, Chosen, Column, Columns, Names};
use super::csv::{self, Table};
use super::value::{self, DateOrder};
use super::{Remark, Source};
use crate::error::Result;

/// What is read of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    Number,
    Title,
    Description,
    State,
    Opened,
    Solved,
    Closed,
    Priority,
    Kind,
    Class,
    Requester,
    Assignee,
    Category,
    Item,
    Site,
    Solution,
}

use Field::{
    Assignee, Category, Class, Closed, Description, Item, Kind, Number, Opened, Priority, Requester, Site,
    Solution, Solved, State, Title,
};

const GLPI: Names<Field> = &[
    (Number, &["id"]),
    (Title, &["titre", "title"]),
    (Description, &["description", "contenu", "content"]),
    (State, &["statut", "status"]),
    (Opened, &["date d ouverture", "opening date", "date"]),
    (Solved, &["date de resolution", "date de solution", "resolution date", "solve date"]),
    (Closed, &["date de cloture", "closing date", "close date"]),
    (Priority, &["priorite", "priority"]),
    (Kind, &["type"]),
    (Requester, &["demandeur demandeur", "requester requester", "demandeur", "requester"]),
    (
        Assignee,
        &["attribue a technicien", "assigned to technician", "technicien", "technician", "assigned to"],
    ),
    (Category, &["categorie", "category"]),
    (Item, &["elements associes", "associated elements", "associated items", "associated element"]),
    (Site, &["lieu", "location"]),
    (Solution, &["solution solution", "solution"]),
];

const ITOP: Names<Field> = &[
    (Number, &["ref", "reference", "id"]),
    (Title, &["title", "titre"]),
    (Description, &["description"]),
    (State, &["status", "etat", "statut"]),
    (Opened, &["start date", "date de debut"]),
    (Solved, &["resolution date", "date de resolution"]),
    (Closed, &["close date", "date de fermeture"]),
    (Priority, &["priority", "priorite"]),
    (Kind, &["request type", "type de requete"]),
    (Class, &["finalclass", "sous classe de ticket", "ticket sub class", "final class"]),
    (
        Requester,
        &[
            "caller id friendlyname",
            "caller friendly name",
            "caller full name",
            "demandeur nom usuel",
            "demandeur nom complet",
            "caller name",
            "nom demandeur",
            "caller",
            "demandeur",
        ],
    ),
    (
        Assignee,
        &[
            "agent id friendlyname",
            "agent friendly name",
            "agent full name",
            "agent nom usuel",
            "agent nom complet",
            "agent name",
            "nom agent",
            "agent",
        ],
    ),
    (
        Category,
        &[
            "servicesubcategory name",
            "service subcategory name",
            "nom sous categorie de service",
            "sous categorie de service",
            "service name",
            "nom du service",
            "service",
        ],
    ),
    (Item, &["functionalcis list", "cis"]),
    (Site, &["location name", "site"]),
    (Solution, &["solution"]),
];

const BY_HAND: Names<Field> = &[
    (Number, &["numero", "number", "id", "ref", "reference", "no", "n"]),
    (Title, &["titre", "title", "objet", "subject"]),
    (Description, &["description", "texte", "text"]),
    (State, &["etat", "statut", "state", "status"]),
    (Opened, &["ouvert", "ouvert le", "opened", "date d ouverture", "date", "cree le", "created"]),
    (Solved, &["resolu", "resolu le", "resolved", "solved", "date de resolution"]),
    (Closed, &["clos", "clos le", "closed", "date de cloture"]),
    (Priority, &["priorite", "priority"]),
    (Kind, &["nature", "type", "kind"]),
    (Requester, &["demandeur", "requester", "caller"]),
    (Assignee, &["technicien", "technician", "assignee", "attribue a", "assigned to"]),
    (Category, &["categorie", "category"]),
    (Item, &["element", "item", "equipement", "asset"]),
    (Site, &["site", "lieu", "location"]),
    (Solution, &["solution"]),
];

/// A ticket as the other tool told it. Its words are whoever wrote them there; nothing here is the
/// contract's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the file it begins on.
    pub line: u64,
    /// Its number there, `4127` or `R-000123`.
    pub number: String,
    pub title: String,
    pub description: String,
    pub opened: Timestamp,
    /// When it was over; `None` while it is not. What is over without a date was so when it was opened.
    pub over: Option<Timestamp>,
    /// The state in the tool's words.
    pub state: String,
    /// The kind here (`engines::kinds`), when the tool told one that has its like.
    pub kind: Option<&'static str>,
    pub priority: String,
    pub requester: String,
    pub assignee: String,
    pub category: String,
    pub item: String,
    pub site: String,
    pub solution: String,
}

/// Characters of a title, of a text, and of each thing told in a few words. A ticket that opens here holds the
/// text and all the rest above it, in 20,000 characters.
const LONGEST_TITLE: usize = 200;
const LONGEST_TEXT: usize = 17_000;
const LONGEST_WORDS: usize = 300;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub rows: Vec<Row>,
    /// What could not be read, or was read with a reserve, by line.
    pub remarks: Vec<Remark>,
    /// The heading read for each field.
    pub read: Vec<(Field, String)>,
    /// The headings left aside.
    pub left: Vec<String>,
}

/// What nothing can be read without.
const REQUIRED: &[Field] = &[Number, Title, Opened];

/// Reads an export. Dates without an offset are of the zone; none may be after `now`.
pub fn read(source: Source, bytes: &[u8], zone: &TimeZone, now: Timestamp) -> Result<Read> {
    read_table(source, &csv::read(bytes)?, &Chosen::new(), zone, now)
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

/// Refuses a choice for a field that no export of tickets has.
pub(super) fn check(source: Source, chosen: &Chosen) -> Result<()> {
    columns::check(names(source), chosen)
}

/// As [`read`], with the columns that somebody chose.
pub fn read_table(
    source: Source,
    table: &Table,
    chosen: &Chosen,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Read> {
    let names = names(source);
    let columns = Columns::find(table, names, chosen);
    columns.require(names, REQUIRED, source)?;
    let dates = [Opened, Solved, Closed];
    let cells = table.rows().flat_map(|row| dates.map(|field| columns.cell(row, field)));
    let width = table.headings.len();
    let line = Line { columns: &columns, width, order: DateOrder::of(cells), zone, now };
    let (mut rows, mut remarks) = (Vec::new(), Vec::new());
    let mut seen: HashMap<String, u64> = HashMap::new();
    for row in table.rows() {
        let at = row.line;
        match line.read(row, &mut remarks) {
            Err(remark) => remarks.push(*remark),
            Ok(row) => match seen.insert(row.number.clone(), at) {
                None => rows.push(row),
                Some(first) => remarks.push(
                    Remark::fault(
                        at,
                        format!("le numéro {} est déjà ligne {first}", row.number),
                        format!("number {} is already on line {first}", row.number),
                    )
                    .advise(
                        "gardez une des deux lignes, ou corrigez le numéro",
                        "keep one of the two lines, or correct the number",
                    ),
                ),
            },
        }
    }
    Ok(Read { rows, remarks, read: columns.read, left: columns.left })
}

/// How the rows of one file are read.
struct Line<'a> {
    columns: &'a Columns<Field>,
    /// Columns up to the last that has a heading.
    width: usize,
    order: DateOrder,
    zone: &'a TimeZone,
    now: Timestamp,
}

impl Line<'_> {
    fn read(&self, row: csv::Row<'_>, remarks: &mut Vec<Remark>) -> Result<Row, Box<Remark>> {
        let line = row.line;
        let cell = |field| self.columns.cell(row, field);
        if row.width() > self.width {
            return Err(Remark::fault(
                line,
                "plus de cellules que de colonnes\u{a0}: un séparateur ou un guillemet est de trop",
                "more cells than columns: a separator or a quote too many",
            )
            .advise(
                "mettez entre guillemets la cellule qui contient un séparateur, et doublez ses guillemets",
                "put the cell that holds a separator between quotes, and double its own quotes",
            )
            .into());
        }
        let number = super::number(cell(Number)).ok_or_else(|| {
            let told = match cell(Number).trim() {
                "" => Remark::fault(line, "le numéro est vide", "the number is empty"),
                other => unread(line, Number, other, ("ce n’en est pas un", "not one")),
            };
            told.advise(
                "donnez le numéro du ticket dans l’autre outil\u{a0}: 60 lettres, chiffres ou tirets, dont un chiffre",
                "give the ticket’s number in the other tool: 60 letters, digits or dashes, among them a digit",
            )
        })?;
        let title = value::text(cell(Title)).replace('\n', " ");
        if title.is_empty() {
            let said = Remark::fault(line, "le titre est vide", "the title is empty");
            return Err(said.advise("donnez-lui un titre", "give it a title").into());
        }
        let opened = self.instant(line, Opened, cell(Opened))?.ok_or_else(|| {
            Remark::fault(line, "la date d’ouverture est vide", "the opening date is empty").advise(
                "écrivez quand il a été déclaré\u{a0}: 2026-08-12 10:45",
                "write when it was declared: 2026-08-12 10:45",
            )
        })?;
        let over = self.over(line, &cell, opened, remarks)?;
        let mut bounded = |text: String, field: Field, most: usize, (fr, en): (&str, &str)| -> String {
            let long = text.chars().count();
            if long <= most && !value::is_cut(cell(field)) {
                return text;
            }
            let kept = long.min(most);
            remarks.push(Remark::note(
                line,
                format!("{fr} est coupé à {kept}\u{a0}caractères"),
                format!("{en} is cut at {kept} characters"),
            ));
            text.chars().take(kept.saturating_sub(1)).chain(['…']).collect()
        };
        let title = bounded(title, Title, LONGEST_TITLE, ("le titre", "the title"));
        let mut text = |field, said| bounded(value::text(cell(field)), field, LONGEST_TEXT, said);
        let description = text(Description, ("le texte", "the text"));
        let solution = text(Solution, ("le texte de la solution", "the solution"));
        let kind = self.kind(line, &cell, remarks);
        let words =
            |field| value::text(cell(field)).replace('\n', ", ").chars().take(LONGEST_WORDS).collect();
        Ok(Row {
            line,
            number,
            title,
            description,
            opened,
            over,
            state: words(State),
            kind,
            priority: words(Priority),
            requester: words(Requester),
            assignee: words(Assignee),
            category: words(Category),
            item: words(Item),
            site: words(Site),
            solution,
        })
    }

    fn instant(&self, line: u64, field: Field, cell: &str) -> Result<Option<Timestamp>, Box<Remark>> {
        if cell.is_empty() {
            return Ok(None);
        }
        let Some(at) = value::instant(cell, self.order, self.zone) else {
            let said = unread(line, field, cell, ("ce n’est pas une date", "not a date"));
            return Err(said
                .advise(
                    "écrivez la date ainsi\u{a0}: 2026-08-12 10:45",
                    "write the date so: 2026-08-12 10:45",
                )
                .into());
        };
        if at > self.now {
            let said = unread(line, field, cell, ("cette date est à venir", "a date to come"));
            return Err(said
                .advise(
                    "corrigez la date, ou l’ordre du jour et du mois dans le fichier",
                    "correct the date, or the order of day and month in the file",
                )
                .into());
        }
        Ok(Some(at))
    }

    /// When it was over: by its state if the file tells one, by its dates otherwise.
    fn over<'a>(
        &self,
        line: u64,
        cell: &impl Fn(Field) -> &'a str,
        opened: Timestamp,
        remarks: &mut Vec<Remark>,
    ) -> Result<Option<Timestamp>, Box<Remark>> {
        let solved = self.instant(line, Solved, cell(Solved))?;
        let closed = self.instant(line, Closed, cell(Closed))?;
        let ended = solved.or(closed);
        let state = cell(State);
        let over = if state.is_empty() {
            ended.is_some()
        } else {
            value::is_over(state).ok_or_else(|| {
                unread(line, State, state, ("mot inconnu", "an unknown word"))
                    .advise("écrivez «\u{a0}ouvert\u{a0}» ou «\u{a0}clos\u{a0}»", "write “open” or “closed”")
            })?
        };
        if !over {
            return Ok(None);
        }
        let at = ended.unwrap_or(opened);
        // A file that has no such column says it of no line.
        if ended.is_none() && (self.columns.has(Solved) || self.columns.has(Closed)) {
            remarks.push(Remark::note(
                line,
                "clos sans date\u{a0}: la date d’ouverture en tient lieu",
                "closed without a date: the opening date stands for it",
            ));
        }
        if at < opened {
            remarks.push(Remark::note(
                line,
                "clos avant d’être ouvert\u{a0}: la date d’ouverture est gardée pour les deux",
                "closed before it was opened: the opening date is kept for both",
            ));
        }
        Ok(Some(at.max(opened)))
    }

    fn kind<'a>(
        &self,
        line: u64,
        cell: &impl Fn(Field) -> &'a str,
        remarks: &mut Vec<Remark>,
    ) -> Option<&'static str> {
        let told = [cell(Kind), cell(Class)].into_iter().find(|word| !word.is_empty())?;
        let kind = value::kind(told);
        if kind.is_none() {
            let said = ("mot inconnu, laissé de côté", "an unknown word, left aside");
            remarks.push(Remark { fault: false, ..unread(line, Kind, told, said) });
        }
        kind
    }
}

/// A cell that cannot be read as what its field is.
fn unread(line: u64, field: Field, cell: &str, (fr, en): (&str, &str)) -> Remark {
    let name = field.name();
    Remark::fault(line, format!("{}\u{a0}: {fr}", name.fr), format!("{}: {en}", name.en)).about(cell)
}

impl Field {
    /// What it is called in a preview.
    pub fn name(self) -> Bilingual {
        let (fr, en) = match self {
            Number => ("numéro", "number"),
            Title => ("titre", "title"),
            Description => ("description", "description"),
            State => ("état", "state"),
            Opened => ("ouverture", "opening"),
            Solved => ("résolution", "resolution"),
            Closed => ("clôture", "closing"),
            Priority => ("priorité", "priority"),
            Kind | Class => ("nature", "kind"),
            Requester => ("demandeur", "requester"),
            Assignee => ("technicien", "technician"),
            Category => ("catégorie", "category"),
            Item => ("élément", "item"),
            Site => ("site", "site"),
            Solution => ("solution", "solution"),
        };
        Bilingual::new(fr, en)
    }
}

impl columns::Field for Field {
    fn key(self) -> &'static str {
        match self {
            Number => "number",
            Title => "title",
            Description => "description",
            State => "state",
            Opened => "opened",
            Solved => "solved",
            Closed => "closed",
            Priority => "priority",
            Kind => "kind",
            Class => "class",
            Requester => "requester",
            Assignee => "assignee",
            Category => "category",
            Item => "item",
            Site => "site",
            Solution => "solution",
        }
    }

    fn name(self) -> Bilingual {
        Field::name(self)
    }
}
