//! What a file that waits would bring in, were it run now. Nothing is written.

use std::collections::BTreeSet;
use std::io::Read;

use base::Bilingual;
use engines::perimeter::Admission;
use store::import_job as rows;
use uuid::Uuid;

use super::job::{Counts, Job, Subject};
use super::users::Standing;
use super::value::plain;
use super::{Column, Fate, Remark, csv, items, people, tickets};
use crate::access::{Act, Permit};
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::vault::VaultHandle;

/// Words of priorities offered to be told.
const MOST_WORDS: usize = 30;

/// A file, as it would become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// Where each field is read from.
    pub columns: Vec<Column>,
    /// The headings of the file.
    pub headings: Vec<String>,
    /// Why nothing can be read, or brought in.
    pub problem: Option<Bilingual>,
    pub lines: Vec<Foreseen>,
    /// Over the whole file.
    pub counts: Counts,
    /// What is to be said of lines, in their order: what cannot be read, what is refused, reserves.
    pub remarks: Vec<Remark>,
    /// The priorities of the tool for what is still open, to be told in the contract's.
    pub words: Vec<String>,
    /// The contract's, the highest first.
    pub priorities: Vec<String>,
    /// The contracts in force.
    pub contracts: Vec<String>,
    /// The equipment against the perimeter.
    pub compared: Option<items::Compared>,
}

/// A line, as it would become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreseen {
    pub line: u64,
    /// The number of a ticket, the address of a person, the name of an item.
    pub number: String,
    /// The title of a ticket, the name of a person, the class of an item.
    pub title: String,
    pub future: Future,
}

/// What would become of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Future {
    /// A ticket opens, with this priority; the contract's article may want a price.
    Opens {
        priority: String,
        on_quote: bool,
        priced: bool,
    },
    Kept,
    Invited,
    Known,
    /// Not brought in; why.
    Skipped(Bilingual),
}

impl App {
    /// What an import would bring in now.
    pub fn import_outlook(&self, permit: &Permit, id: Uuid) -> Result<(Job, Outlook)> {
        let job = self.import(permit, id)?;
        let vault = self.vault(permit.customer())?;
        let mut outlook = Outlook {
            columns: Vec::new(),
            headings: Vec::new(),
            problem: None,
            lines: Vec::new(),
            counts: Counts::default(),
            remarks: Vec::new(),
            words: Vec::new(),
            priorities: Vec::new(),
            contracts: vault.agreements()?.in_force(self.now()).iter().map(|a| a.number.clone()).collect(),
            compared: None,
        };
        let read = self.staged(&vault, id).and_then(|bytes| csv::read(&bytes));
        let done = read.and_then(|table| {
            let chosen = &job.choices.columns;
            outlook.headings = table.headings.iter().map(|h| h.trim().to_owned()).collect();
            outlook.headings.retain(|heading| !heading.is_empty());
            outlook.columns = match job.subject {
                Subject::Tickets => tickets::columns(job.source, &table, chosen),
                Subject::People => people::columns(job.source, &table, chosen),
                Subject::Items => items::columns(&table, chosen),
            };
            match job.subject {
                Subject::Tickets => self.foresee_tickets(permit, &job, &table, &mut outlook),
                Subject::People => self.foresee_people(permit, &job, &table, &mut outlook),
                Subject::Items => self.foresee_items(permit, &job, &table, &mut outlook),
            }
        });
        match done {
            Ok(()) => {}
            Err(AppError::Invalid(invalid)) => outlook.problem = Some(invalid.text),
            Err(AppError::Refused(refusal)) => outlook.problem = Some(refusal.text),
            Err(other) => return Err(other),
        }
        outlook.counts = counted(&outlook);
        outlook.tell_refusals();
        Ok((job, outlook))
    }

    /// The bytes of a file that waits.
    pub(super) fn staged(&self, vault: &VaultHandle, id: Uuid) -> Result<Vec<u8>> {
        let row = vault.db.read::<_, AppError, _>(move |tx| Ok(rows::by_id(tx, id)?))?;
        let row = row.ok_or(AppError::NotFound)?;
        let gone = || AppError::invalid("file", "le fichier n’est plus là", "the file is gone");
        let mut file = vault.files.open(&row.sha256.ok_or_else(gone)?)?.ok_or_else(gone)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(AppError::fault)?;
        Ok(bytes)
    }

    fn foresee_tickets(
        &self,
        permit: &Permit,
        job: &Job,
        table: &csv::Table,
        into: &mut Outlook,
    ) -> Result<()> {
        let ask = job.choices.tickets(job.source);
        let (agreement, read) = self.read_tickets(permit, &ask, table, &job.choices.columns)?;
        if let Some(matrix) = &agreement.in_force(self.now())?.terms.priorities {
            into.priorities.clone_from(&matrix.then.priorities);
        }
        let open = read.rows.iter().filter(|row| row.over.is_none() && !row.priority.is_empty());
        let mut seen = BTreeSet::new();
        let words = open.map(|row| row.priority.clone()).filter(|word| seen.insert(plain(word)));
        into.words = words.take(MOST_WORDS).collect();
        into.remarks = read.remarks;
        for line in self.weigh_rows(permit, &ask, &agreement, &read.rows)? {
            let future = match line.fate {
                Fate::Known => Future::Known,
                Fate::Kept => Future::Kept,
                Fate::Opens { priority, admission } => Future::Opens {
                    priority,
                    on_quote: admission == Admission::NeedsQuote,
                    priced: matches!(admission, Admission::AcceptedPriced { .. }),
                },
                Fate::Refused(why) => Future::Skipped(why),
            };
            into.lines.push(Foreseen { line: line.line, number: line.number, title: line.title, future });
        }
        Ok(())
    }

    fn foresee_people(
        &self,
        permit: &Permit,
        job: &Job,
        table: &csv::Table,
        into: &mut Outlook,
    ) -> Result<()> {
        let read = people::read_table(job.source, table, &job.choices.columns)?;
        let role = job.choices.role()?;
        into.remarks = read.remarks;
        for row in read.rows {
            let future = match self.standing_of(permit.customer(), role, &row)? {
                Standing::New(_) => Future::Invited,
                Standing::Here => Future::Known,
                Standing::Elsewhere(why) => Future::Skipped(why),
            };
            into.lines.push(Foreseen { line: row.line, number: row.email, title: row.name, future });
        }
        Ok(())
    }

    fn foresee_items(
        &self,
        permit: &Permit,
        job: &Job,
        table: &csv::Table,
        into: &mut Outlook,
    ) -> Result<()> {
        permit.by().permit(Act::SeeContract, permit.customer())?;
        let read = items::read_table(job.source, table, &job.choices.columns)?;
        let compared = self.against_perimeter(permit, job.choices.contract.as_deref(), &read.rows)?;
        into.remarks = read.remarks;
        for row in read.rows {
            let future = compared.outside(row.line).map_or(Future::Known, Future::Skipped);
            into.lines.push(Foreseen { line: row.line, number: row.name, title: row.class, future });
        }
        into.compared = Some(compared);
        Ok(())
    }
}

impl Outlook {
    /// Tells the refusals of lines among the remarks. Equipment outside the perimeter has its own place.
    fn tell_refusals(&mut self) {
        if self.compared.is_some() {
            return;
        }
        let refused = self.lines.iter().filter_map(|line| match &line.future {
            Future::Skipped(why) => Some(Remark::fault(line.line, &why.fr, &why.en).advise(
                "corrigez la ligne, ou traitez-la dans l’autre outil",
                "correct the line, or deal with it in the other tool",
            )),
            _ => None,
        });
        self.remarks.extend(refused);
        self.remarks.sort_by_key(|remark| remark.line);
    }
}

/// The lines of a file by what would become of them; those that cannot be read are skipped.
fn counted(outlook: &Outlook) -> Counts {
    let mut counts = Counts::default();
    for line in &outlook.lines {
        match line.future {
            Future::Opens { .. } | Future::Invited => counts.made += 1,
            Future::Kept => counts.kept += 1,
            Future::Known => counts.known += 1,
            Future::Skipped(_) => counts.skipped += 1,
        }
    }
    counts.skipped += outlook.remarks.iter().filter(|remark| remark.fault).count() as u64;
    counts.total = counts.done();
    counts
}
