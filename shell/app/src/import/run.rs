//! Running imports behind: one at a time over the instance, a report written as it goes.
//!
//! Each line is whole or absent, and a number comes once, so that a run can be cut anywhere: one that was
//! under way when the process stopped goes on at the next start, with the lines that are not decided yet.
//! It acts with the rights that whoever asked has at that moment.

use std::collections::HashSet;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use base::Bilingual;
use base::id::CustomerId;
use store::import_job as rows;
use store::instance::imports;
use uuid::Uuid;

use super::bring::{Became, Done};
use super::job::{Job, State, Subject};
use super::outlook::read_job;
use super::users::Standing;
use super::value::plain;
use super::{Remark, csv, items, people, said, tickets};
use crate::access::{Act, Permit};
use crate::accounts::NewPerson;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::news::What;
use crate::vault::VaultHandle;

/// Lines told in one transaction: what a process that is killed may have to look at again.
const AT_ONCE: usize = 50;

/// Whether somebody runs imports, and whether more were asked for meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    taken: bool,
    again: bool,
}

/// How a run ended.
enum Ended {
    /// Every line is decided.
    Whole,
    /// Somebody stopped it, or threw it away.
    Asked,
    /// The process stops: it goes on at the next start.
    Ending,
}

impl App {
    /// Runs the imports that were asked for, until none is left. Returns at once when another thread does.
    pub fn run_imports(&self) -> Result<()> {
        let turn = || self.importing.lock().unwrap_or_else(PoisonError::into_inner);
        {
            let mut turn = turn();
            if turn.taken {
                turn.again = true;
                return Ok(());
            }
            turn.taken = true;
        }
        let _given_back = GiveBack(self);
        loop {
            let outcome = self.run_those_asked();
            let mut turn = turn();
            if !std::mem::take(&mut turn.again) || self.is_ending() {
                turn.taken = false;
                return outcome;
            }
        }
    }

    fn run_those_asked(&self) -> Result<()> {
        let mut outcome = Ok(());
        let asked = self.instance.read::<_, AppError, _>(|tx| Ok(imports::all(tx)?))?;
        for (customer, id) in asked {
            if self.is_ending() {
                break;
            }
            // One that fails does not keep the others waiting.
            let done = self.run_one(customer, id);
            outcome = outcome.and(done);
        }
        outcome
    }

    pub(crate) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }

    fn run_one(&self, customer: CustomerId, id: Uuid) -> Result<()> {
        let vault = self.vault(customer)?;
        let found = read_job(&vault, id)?.filter(|(_, job)| job.state == State::Running);
        if let Some((row, job)) = found {
            let ended = self.bring(&vault, &row, &job);
            let at = self.micros();
            match ended {
                Ok(Ended::Ending) => return Ok(()),
                Ok(Ended::Asked) => {}
                Ok(Ended::Whole) => {
                    vault.db.write::<_, AppError, _>(move |tx| Ok(rows::end(tx, id, at)?))?;
                    // The file holds what people wrote: it does not outlive its use.
                    self.sweep_files()?;
                }
                Err(error) => {
                    let why = serde_json::to_string(&stopped_by(error)).map_err(AppError::fault)?;
                    vault.db.write::<_, AppError, _>(move |tx| Ok(rows::stop(tx, id, Some(&why), at)?))?;
                }
            }
        }
        self.instance.write::<_, AppError, _>(move |tx| Ok(imports::remove(tx, customer, id)?))?;
        self.tell_import_news(&vault);
        Ok(())
    }

    fn bring(&self, vault: &VaultHandle, row: &rows::Job, job: &Job) -> Result<Ended> {
        let who = self.correspondent(row.by)?.ok_or(AppError::NotFound)?;
        let permit = who.permit(Act::Import, vault.id)?;
        self.may_import(&permit, job.subject)?;
        let table = csv::read(&self.staged(vault, row.id)?)?;
        let id = row.id;
        let decided = vault.db.read::<_, AppError, _>(move |tx| Ok(rows::decided(tx, id)?))?;
        let mut report = Report {
            app: self,
            vault,
            id,
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
            let (became, text) = match self.standing_of(permit.customer(), &row.email)? {
                Standing::Here => (Became::Known, None),
                Standing::Elsewhere => (Became::Skipped, Some(super::users::elsewhere())),
                Standing::Nobody => {
                    let customer = Some(permit.customer());
                    let person = NewPerson { email: row.email, name: row.name, role, customer };
                    match self.invite(&invites, &person) {
                        Ok(link) if self.mail_link(&invites, &link)? => (Became::Made, None),
                        Ok(_) => (Became::Made, Some(no_letter())),
                        Err(error) => (Became::Skipped, Some(said(error)?)),
                    }
                }
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
        let agreements = self.vault(permit.customer())?.agreements()?;
        let agreement = agreements.choose(job.choices.contract.as_deref(), self.now())?.clone();
        let compared = items::compare(&agreement.in_force(self.now())?.terms, &read.rows);
        let known: HashSet<String> = compared.known.iter().map(|item| plain(item)).collect();
        report.begin(read.rows.len(), &read.remarks)?;
        for row in &read.rows {
            let (became, text) = match known.contains(&plain(&row.name)) {
                true => (Became::Known, None),
                false => (Became::Skipped, Some(items::outside())),
            };
            if !report.tell(&[Done {
                line: row.line,
                number: row.name.clone(),
                became,
                ticket: None,
                text,
            }])? {
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
    id: Uuid,
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
        if self.waiting.len() >= AT_ONCE || self.app.is_ending() {
            self.flush()?;
        }
        Ok(self.over.is_none())
    }

    /// Writes down what was told, and looks whether the run is to go on.
    fn flush(&mut self) -> Result<()> {
        let (id, total, told) = (self.id, self.total, std::mem::take(&mut self.waiting));
        let runs = self.vault.db.write::<_, AppError, _>(move |tx| {
            let Some(row) = rows::by_id(tx, id)? else { return Ok(false) };
            for some in told.chunks(1_000) {
                rows::tell(tx, id, total, some)?;
            }
            Ok(row.state == State::Running.key())
        })?;
        if !runs {
            self.over = Some(Ended::Asked);
        } else if self.app.is_ending() {
            self.over = Some(Ended::Ending);
        }
        self.app.tell_import_news(self.vault);
        Ok(())
    }
}

/// Gives the turn back even if a run panics.
struct GiveBack<'a>(&'a App);

impl Drop for GiveBack<'_> {
    fn drop(&mut self) {
        // Otherwise it was given back already, and may be somebody else's by now.
        if !std::thread::panicking() {
            return;
        }
        self.0.importing.lock().unwrap_or_else(PoisonError::into_inner).taken = false;
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

/// Why a run stopped, and what to do.
fn stopped_by(error: AppError) -> Bilingual {
    match error {
        AppError::NotFound => Bilingual::new(
            "La personne qui a lancé cette reprise n’en a plus le droit. Une autre peut la reprendre.",
            "Whoever ran this import may not any more. Somebody else can go on with it.",
        ),
        AppError::Fault { reference } => Bilingual::new(
            format!("Une erreur interne l’a arrêtée, référence {reference}. Ce qui était fait le reste."),
            format!("An internal error stopped it, reference {reference}. What was done stays."),
        ),
        error => said(error).unwrap_or_else(|_| {
            Bilingual::new(
                "Le disque ou la base ne répond pas. Ce qui était fait le reste\u{a0}: reprenez plus tard.",
                "The disk or the database does not answer. What was done stays: go on later.",
            )
        }),
    }
}
