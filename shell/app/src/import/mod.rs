//! What another tool held, brought in: tickets, people, equipment.
//!
//! A ticket that is still open there opens here, under the contract, once. One that was over is kept to be
//! read and is no ticket: the contract measures nothing of what was done elsewhere, so that no import can
//! owe a penalty. The number that a ticket had in its tool is what makes it come once: a file that was half
//! brought in, or a later export of the same tool, is brought in again without harm.
//!
//! Reading a file is a function of its bytes ([`tickets::read`], [`people::read`], [`items::read`]). From the
//! pages, a file is sent, looked at, then run behind ([`job`], [`outlook`], [`run`]): it waits in the vault's
//! folder until it is over.

mod amend;
mod behind;
mod bring;
mod columns;
pub mod csv;
mod history;
pub mod items;
pub mod job;
mod opening;
pub mod outlook;
pub mod people;
mod run;
pub mod sent;
pub mod tickets;
mod users;
pub mod value;

use std::collections::BTreeMap;
use std::sync::Arc;

use base::{Bilingual, Lang};
use engines::perimeter::Admission;
use events::{Dimension, ImportedFrom};
use serde::{Deserialize, Serialize};

pub(crate) use behind::Queue;
pub use columns::{Chosen, Column};
pub use events::ImportSource as Source;
pub use history::{HistoryLine, Place};
pub(crate) use history::{of_person, same_name};
pub use users::{Invited, People};

use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::ticket::{Decided, Origin, decide};
use bring::Became;
use opening::Opening;

/// From when the clocks of a ticket still open are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// From the day it comes in: the contract's promises begin with the tool that keeps them.
    #[default]
    Import,
    /// From the day it was declared in the other tool, if the contract was in force: what is late there is
    /// late here.
    Declared,
}

/// How tickets are to be brought in.
#[derive(Debug, Clone)]
pub struct ImportTickets {
    pub source: Source,
    /// The contract that those still open come under, when the customer has several in force.
    pub contract: Option<String>,
    pub since: Since,
    /// The contract's priority for each word of the tool: « Haute » → `P2`. The mildest for the others.
    pub priorities: BTreeMap<String, String>,
    /// The language of the line that tells where a ticket comes from.
    pub lang: Lang,
}

/// Something to say of a line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    pub line: u64,
    pub text: Bilingual,
    /// What the cell holds, for whoever reads the file over. It may be about a person: a report, which stays
    /// and out of which nobody is erased, does not repeat it.
    pub cell: Option<String>,
    /// What to do about it.
    pub advice: Option<Bilingual>,
    /// The line is not brought in. Otherwise it is, with this reserve.
    pub fault: bool,
}

/// Characters of a cell that a remark repeats.
const REPEATED: usize = 40;

impl Remark {
    /// What is said, with what the cell holds.
    pub fn said(&self, lang: Lang) -> String {
        let text = self.text.get(lang);
        match &self.cell {
            Some(cell) => lang.t(format!("{text} («\u{a0}{cell}\u{a0}»)"), format!("{text} (“{cell}”)")),
            None => text.to_owned(),
        }
    }

    fn fault(line: u64, fr: impl Into<String>, en: impl Into<String>) -> Remark {
        Remark { line, text: Bilingual::new(fr, en), cell: None, advice: None, fault: true }
    }

    fn note(line: u64, fr: impl Into<String>, en: impl Into<String>) -> Remark {
        Remark { fault: false, ..Remark::fault(line, fr, en) }
    }

    fn about(mut self, cell: &str) -> Remark {
        self.cell = Some(cell.chars().filter(|c| !c.is_control()).take(REPEATED).collect());
        self
    }

    fn advise(mut self, fr: impl Into<String>, en: impl Into<String>) -> Remark {
        self.advice = Some(Bilingual::new(fr, en));
        self
    }
}

/// What would become of a file, were it brought in now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub lines: Vec<Line>,
    pub remarks: Vec<Remark>,
    /// The heading that each field is read from.
    pub read: Vec<(tickets::Field, String)>,
    /// The headings left aside.
    pub left: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub line: u64,
    /// Its number in the other tool.
    pub number: String,
    pub title: String,
    pub fate: Fate,
}

/// What becomes of a ticket of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It came already.
    Known,
    /// It is kept to be read.
    Kept,
    /// It opens here.
    Opens {
        /// The contract's; empty without a matrix.
        priority: String,
        admission: Admission,
    },
    /// It is still open there, and cannot be here: the contract says why.
    Refused(Bilingual),
}

/// What was brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The tickets opened: number there, number here.
    pub opened: Vec<(String, u64)>,
    pub kept: usize,
    /// Those that had come before.
    pub known: usize,
    /// What was not brought in, and the reserves, by line.
    pub remarks: Vec<Remark>,
}

impl App {
    /// What a file of tickets would bring in. Nothing is written.
    pub fn weigh_import(&self, permit: &Permit, ask: &ImportTickets, file: &[u8]) -> Result<Preview> {
        self.on_tickets(permit, Act::Import)?;
        let (agreement, read) = self.read_tickets(permit, ask, &csv::read(file)?, &Chosen::new())?;
        let lines = self.weigh_rows(permit, ask, &agreement, &read.rows)?;
        Ok(Preview { lines, remarks: read.remarks, read: read.read, left: read.left })
    }

    /// Brings the tickets of a file in; what came before is left as it is. Each is whole or absent: brought
    /// in again after a stop, the file goes on where it was.
    ///
    /// `progress` is told how many lines are done, of how many.
    pub fn import_tickets(
        &self,
        permit: &Permit,
        ask: &ImportTickets,
        file: &[u8],
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Imported> {
        self.on_tickets(permit, Act::Import)?;
        let (agreement, read) = self.read_tickets(permit, ask, &csv::read(file)?, &Chosen::new())?;
        let rows: Vec<&tickets::Row> = read.rows.iter().collect();
        let mut done = Imported { opened: Vec::new(), kept: 0, known: 0, remarks: read.remarks };
        let (mut count, total) = (0, rows.len());
        self.bring_tickets(permit, ask, &agreement, &rows, &mut |told| {
            for one in told {
                if let (Became::Made, Some(text)) = (one.became, &one.text) {
                    done.remarks.push(Remark::note(one.line, text.fr.clone(), text.en.clone()));
                }
                match (one.became, one.ticket) {
                    (Became::Made, Some(ticket)) => done.opened.push((one.number.clone(), ticket)),
                    (Became::Made, None) | (Became::Kept, _) => done.kept += 1,
                    (Became::Known, _) => done.known += 1,
                    (Became::Skipped, _) => {
                        let text = one.text.clone().unwrap_or_default();
                        done.remarks.push(Remark::fault(one.line, text.fr, text.en));
                    }
                }
            }
            count += told.len();
            progress(count, total);
            Ok(true)
        })?;
        done.remarks.sort_by_key(|remark| remark.line);
        Ok(done)
    }

    fn read_tickets(
        &self,
        permit: &Permit,
        ask: &ImportTickets,
        table: &csv::Table,
        chosen: &Chosen,
    ) -> Result<(Arc<Agreement>, tickets::Read)> {
        let (vault, now) = (self.vault(permit.customer())?, self.now());
        let agreement = vault.agreements()?.choose(ask.contract.as_deref(), now)?.clone();
        let read = tickets::read_table(ask.source, table, chosen, agreement.zone(), now)?;
        Ok((agreement, read))
    }

    fn weigh_rows(
        &self,
        permit: &Permit,
        ask: &ImportTickets,
        agreement: &Arc<Agreement>,
        rows: &[tickets::Row],
    ) -> Result<Vec<Line>> {
        let opener = permit.by().permit(Act::OpenTicket, permit.customer())?;
        self.on_tickets(&opener, Act::OpenTicket)?;
        let (vault, now) = (self.vault(permit.customer())?, self.now());
        let known = self.known(permit, ask.source, &rows.iter().collect::<Vec<_>>())?;
        let opening = Opening::new(self, &opener, agreement, ask)?;
        let mut lines = Vec::with_capacity(rows.len());
        for (row, known) in rows.iter().zip(known) {
            let fate = if known.is_some() {
                Fate::Known
            } else if row.over.is_some() {
                Fate::Kept
            } else {
                let origin = Origin::Import(from(ask.source, row));
                match decide(&vault, agreement, &opener, (&opening.ticket(row), now, origin)) {
                    Ok(Decided { decision, .. }) if decision.value.admission == Admission::Refused => {
                        Fate::Refused(reasons(&decision.reasons))
                    }
                    Ok(Decided { facts, decision, .. }) => Fate::Opens {
                        priority: facts.get(Dimension::Priority).unwrap_or_default().to_owned(),
                        admission: decision.value.admission,
                    },
                    Err(error) => Fate::Refused(said(error)?),
                }
            };
            lines.push(Line { line: row.line, number: row.number.clone(), title: row.title.clone(), fate });
        }
        Ok(lines)
    }
}

/// What is kept of a matter: the words of the other tool, as they were.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    pub title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub solution: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub priority: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub requester: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub assignee: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub category: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub item: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub site: String,
}

impl Words {
    fn of(row: &tickets::Row) -> Words {
        Words {
            title: row.title.clone(),
            description: row.description.clone(),
            solution: row.solution.clone(),
            kind: row.kind.map(str::to_owned),
            state: row.state.clone(),
            priority: row.priority.clone(),
            requester: row.requester.clone(),
            assignee: row.assignee.clone(),
            category: row.category.clone(),
            item: row.item.clone(),
            site: row.site.clone(),
        }
    }
}

/// Refuses columns chosen for fields that no such file has.
fn check_columns(subject: job::Subject, source: Source, chosen: &Chosen) -> Result<()> {
    match subject {
        job::Subject::Tickets => tickets::check(source, chosen),
        job::Subject::People => people::check(source, chosen),
        job::Subject::Items => items::check(chosen),
    }
}

fn from(source: Source, row: &tickets::Row) -> ImportedFrom {
    ImportedFrom { source, number: row.number.clone(), declared: row.opened.as_microsecond() }
}

/// The number that something has in its tool: signs without spaces, among them a digit. Entries are for ever
/// and in clear, so nothing else may stand there.
fn number(cell: &str) -> Option<String> {
    // GLPI groups the digits of what it shows: « 4 127 ».
    let number: String = cell.chars().filter(|c| !c.is_whitespace() && *c != '#').collect();
    let fits =
        number.len() <= 60 && number.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./:".contains(&b));
    (fits && number.bytes().any(|b| b.is_ascii_digit())).then_some(number)
}

/// What is said to whoever asked; a fault stays one.
fn said(error: AppError) -> Result<Bilingual> {
    match error {
        AppError::Refused(refusal) if refusal.reasons.is_empty() => Ok(refusal.text),
        AppError::Refused(refusal) => {
            let because = reasons(&refusal.reasons);
            let (fr, en) = (&refusal.text.fr, &refusal.text.en);
            Ok(Bilingual::new(format!("{fr} {}", because.fr), format!("{en} {}", because.en)))
        }
        AppError::Invalid(invalid) => Ok(Bilingual::new(
            format!("{}\u{a0}: {}", invalid.field, invalid.text.fr),
            format!("{}: {}", invalid.field, invalid.text.en),
        )),
        other => Err(other),
    }
}

fn reasons(reasons: &[base::Reason]) -> Bilingual {
    let all = |lang: fn(&Bilingual) -> &str| {
        reasons.iter().map(|reason| lang(&reason.text)).collect::<Vec<_>>().join(" ")
    };
    Bilingual::new(all(|text| &text.fr), all(|text| &text.en))
}
