//! One run of an import, a report written as it goes.
//!
//! Each line is whole or absent, and a number comes once, so that a run can be cut anywhere: one that was
//! under way when the process stopped goes on at the next start, with the lines that are not decided yet.
//! It acts with the rights that whoever asked has: they are asked again each time the report is written.

use std::collections::{HashMap, HashSet};

use base::Bilingual;
use store::import_job as rows;
use store::ticket::Scope;

use super::bring::{Became, Done};
use super::job::{Job, Subject, job};
use super::users::Standing;
use super::{Remark, csv, items, people, said, tickets};
use crate::access::{Act, Permit};
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::news::What;
use crate::vault::VaultHandle;

/// Lines told in one transaction: what a process that is killed may have to look at again.
const AT_ONCE: usize = 50;

/// How a run ended.
pub(super) enum Ended {
    /// Every line is decided.
    Whole,
    /// Somebody stopped it, threw it away, or is to go on with it otherwise.
    Asked,
    /// The process stops: it goes on at the next start.
    Ending,
}

impl App {
    /// Runs an import from where it is.
    pub(super) fn run_import(&self, vault: &VaultHandle, row: &rows::Job) -> Result<Ended> {
        let job = &job(row, &HashMap::new())?;
        let permit = self.runs_import(vault, row, job.subject)?;
        let table = csv::read(&self.staged(vault, row.id)?)?;
        let id = row.id;
        let decided = vault.db.read::<_, AppError, _>(move |tx| Ok(rows::decided(tx, id)?))?;
        let mut report = Report {
            app: self,
            vault,
            run: row,
            subject: job.subject,
            scope: permit.scope(),
            total: 0,
            waiting: Vec::new(),
            decided: decided.into_iter().collect(),
            over: None,
        };
        match job.subject {
            Subject::Tickets => self.run_tickets(&permit, job, &table, &mut report)?,
            Subject::People => self.run_people(&permit, job, &table, &mut report)?,
            Subject::Items => self.run_items(&permit, job, &table, &mut report)?,
        }
        if report.over.is_none() {
            report.flush()?;
        }
        Ok(report.over.unwrap_or(Ended::Whole))
    }

    /// The right of whoever asked for a run, as it is now.
    fn runs_import(&self, vault: &VaultHandle, row: &rows::Job, subject: Subject) -> Result<Permit> {
        let who = self.correspondent(row.by)?.ok_or(AppError::NotFound)?;
        let permit = who.permit(Act::Import, vault.id)?;
        self.may_import(&permit, subject)?;
        Ok(permit)
    }

    fn run_tickets(
        &self,
        permit: &Permit,
        job: &Job,
        table: &csv::Table,
        report: &mut Report<'_>,
    ) -> Result<()> {
        let ask = job.choices.tickets(job.source);
        let (agreement, read) = self.read_tickets(permit, &ask, table, &job.choices.columns)?;
        report.begin(read.rows.len(), &read.remarks)?;
        let rows: Vec<&tickets::Row> =
            read.rows.iter().filter(|row| !report.decided.contains(&row.line)).collect();
        self.bring_tickets(permit, &ask, &agreement, &rows, &mut |done| report.tell(done)).map(drop)
    }

    fn run_people(
        &self,
        permit: &Permit,
        job: &Job,
        table: &csv::Table,
        report: &mut Report<'_>,
    ) -> Result<()> {
        let invites = self.may_invite(permit)?;
        let role = job.choices.role()?;
        let read = people::read_table(job.source, table, &job.choices.columns)?;
        report.begin(read.rows.len(), &read.remarks)?;
        for row in read.rows {
            if report.decided.contains(&row.line) {
                continue;
            }
            let (became, text) = match self.standing_of(permit.customer(), role, &row)? {
                Standing::Here => (Became::Known, None),
                Standing::Elsewhere(why) => (Became::Skipped, Some(why)),
                Standing::New(person) => match self.invite(&invites, &person) {
                    Ok(link) if link.mailed => (Became::Made, None),
                    Ok(_) => (Became::Made, Some(no_letter())),
                    Err(error) => (Became::Skipped, Some(said(error)?)),
                },
            };
            if !report.tell(&[Done { line: row.line, number: String::new(), became, ticket: None, text }])? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Nothing of a perimeter changes but by a signature: the report tells what it knows.
    fn run_items(
        &self,
        permit: &Permit,
        job: &Job,
        table: &csv::Table,
        report: &mut Report<'_>,
    ) -> Result<()> {
        let read = items::read_table(job.source, table, &job.choices.columns)?;
        let compared = self.against_perimeter(permit, job.choices.contract.as_deref(), &read.rows)?;
        report.begin(read.rows.len(), &read.remarks)?;
        for row in read.rows {
            let text = compared.outside(row.line);
            let became = if text.is_some() { Became::Skipped } else { Became::Known };
            if !report.tell(&[Done { line: row.line, number: row.name, became, ticket: None, text }])? {
                return Ok(());
            }
        }
        Ok(())
    }

    pub(super) fn tell_import_news(&self, vault: &VaultHandle) {
        self.tell_news(vault, None, What::Import);
    }
}

/// The report of a run, written as it goes.
struct Report<'a> {
    app: &'a App,
    vault: &'a VaultHandle,
    /// As it was when this run began.
    run: &'a rows::Job,
    subject: Subject,
    scope: &'a Scope,
    total: u64,
    waiting: Vec<rows::Told>,
    /// Lines that a run before decided.
    decided: HashSet<u64>,
    /// Set once the run is to stop.
    over: Option<Ended>,
}

impl Report<'_> {
    /// Tells what could not be read, or was read with a reserve.
    fn begin(&mut self, rows: usize, remarks: &[Remark]) -> Result<()> {
        self.total = (rows + remarks.iter().filter(|remark| remark.fault).count()) as u64;
        let mut place = 0;
        for (index, remark) in remarks.iter().enumerate() {
            let same = index.checked_sub(1).and_then(|before| remarks.get(before));
            place = if same.is_some_and(|before| before.line == remark.line) { place + 1 } else { 1 };
            let fate = if remark.fault { "skipped" } else { "note" };
            let advice = remark.advice.clone().unwrap_or_default();
            let with = |text: &str, advice: &str| {
                if advice.is_empty() { text.to_owned() } else { format!("{text}. {}", capital(advice)) }
            };
            self.waiting.push(rows::Told {
                line: remark.line,
                place,
                number: String::new(),
                fate: fate.to_owned(),
                ticket: None,
                fr: with(&remark.text.fr, &advice.fr),
                en: with(&remark.text.en, &advice.en),
            });
        }
        self.flush()
    }

    fn tell(&mut self, done: &[Done]) -> Result<bool> {
        for one in done {
            let text = one.text.clone().unwrap_or_default();
            let fate = match one.became {
                Became::Made => "made",
                Became::Kept => "kept",
                Became::Known => "known",
                Became::Skipped => "skipped",
            };
            self.waiting.push(rows::Told {
                line: one.line,
                place: 0,
                number: one.number.clone(),
                fate: fate.to_owned(),
                ticket: one.ticket,
                fr: text.fr,
                en: text.en,
            });
        }
        // An account cannot be taken back: the right to make the next one is asked again.
        let at_once = if self.subject == Subject::People { 1 } else { AT_ONCE };
        if self.waiting.len() >= at_once || self.app.is_ending() {
            self.flush()?;
        }
        Ok(self.over.is_none())
    }

    /// Writes down what was told, and looks whether the run is to go on.
    fn flush(&mut self) -> Result<()> {
        let (run, total, told) = (self.run.clone(), self.total, std::mem::take(&mut self.waiting));
        let runs = self.vault.db.write::<_, AppError, _>(move |tx| {
            let Some(row) = rows::by_id(tx, run.id)? else { return Ok(false) };
            for some in told.chunks(1_000) {
                rows::tell(tx, run.id, total, some)?;
            }
            Ok(row.is_same_run(&run))
        })?;
        self.app.tell_import_news(self.vault);
        if !runs {
            self.over = Some(Ended::Asked);
        } else if self.app.is_ending() {
            self.over = Some(Ended::Ending);
        } else if self.app.runs_import(self.vault, self.run, self.subject)?.scope() != self.scope {
            // It begins again, with the rights of now.
            self.over = Some(Ended::Asked);
        }
        Ok(())
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn no_letter() -> Bilingual {
    Bilingual::new(
        "invitation faite, aucun courriel n’est parti\u{a0}: donnez un lien depuis la page des comptes",
        "invited, and no mail left: give them a link from the page of accounts",
    )
}
