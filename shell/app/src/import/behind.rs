//! Imports run behind, one at a time over the instance, by whoever serves it.
//!
//! What is under way is told by the vaults alone: a run that was asked for is found there, whatever became
//! of the process that was to run it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use base::Bilingual;
use base::id::CustomerId;
use store::import_job as rows;

use super::run::Ended;
use super::said;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::vault::VaultHandle;

/// When to look again although nobody asked: a full disk may have kept a run from being ended.
const AGAIN: Duration = Duration::from_secs(60);

/// Wakes whoever runs imports.
#[derive(Debug)]
pub(crate) struct Queue {
    asked: Mutex<bool>,
    woken: Condvar,
    /// Held by the one that runs; whether every vault was looked into once.
    turn: Mutex<bool>,
}

impl Default for Queue {
    /// Asked from the start: a process before may have left a run under way.
    fn default() -> Queue {
        Queue { asked: Mutex::new(true), woken: Condvar::new(), turn: Mutex::default() }
    }
}

impl Queue {
    pub(crate) fn wake(&self) {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.woken.notify_all();
    }

    fn wait(&self) {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.woken.wait_timeout_while(asked, AGAIN, |asked| !*asked);
        *waited.unwrap_or_else(PoisonError::into_inner).0 = false;
    }
}

impl App {
    /// Waits until imports may have to be run ([`App::run_imports`]): at once the first time, then when one
    /// is asked for, and each minute. False once the process ends.
    pub fn wait_for_imports(&self) -> bool {
        if !self.is_ending() {
            self.importing.wait();
        }
        !self.is_ending()
    }

    /// Runs the imports that were asked for, customer after customer, until none is left.
    pub fn run_imports(&self) -> Result<()> {
        let mut all_seen = self.importing.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let vaults: Vec<Result<Arc<VaultHandle>>> = if *all_seen {
            // What was asked for since opened its vault; one that does not open is not tried each minute.
            self.open_vaults().into_iter().map(Ok).collect()
        } else {
            self.customers()?.iter().map(|row| self.vault(CustomerId(row.id))).collect()
        };
        *all_seen = true;
        let mut outcome = Ok(());
        for vault in vaults {
            if self.is_ending() {
                break;
            }
            // One that fails does not keep the others waiting.
            let done = vault.and_then(|vault| self.run_those_of(&vault));
            outcome = outcome.and(done);
        }
        outcome
    }

    pub(crate) fn is_ending(&self) -> bool {
        self.ending.load(std::sync::atomic::Ordering::Relaxed)
    }

    fn run_those_of(&self, vault: &VaultHandle) -> Result<()> {
        while let Some(row) = vault.db.read::<_, AppError, _>(|tx| Ok(rows::running(tx)?))? {
            let ended = catch_unwind(AssertUnwindSafe(|| self.run_import(vault, &row)))
                .unwrap_or_else(|_| Err(AppError::fault("an import panicked")));
            if matches!(ended, Ok(Ended::Ending)) {
                return Ok(());
            }
            self.settle_run(vault, row, ended)?;
        }
        Ok(())
    }

    /// Writes down how a run ended, unless it is not the same any more: somebody stopped it, or went on with
    /// it in their own name.
    fn settle_run(&self, vault: &VaultHandle, run: rows::Job, ended: Result<Ended>) -> Result<()> {
        let at = self.micros();
        let why = match ended {
            Ok(Ended::Whole) => None,
            Ok(Ended::Asked | Ended::Ending) => return Ok(()),
            Err(error) => Some(serde_json::to_string(&stopped_by(error)).map_err(AppError::fault)?),
        };
        let whole = why.is_none();
        vault.db.write::<_, AppError, _>(move |tx| {
            if !rows::by_id(tx, run.id)?.is_some_and(|row| row.is_same_run(&run)) {
                return Ok(());
            }
            match &why {
                None => Ok(rows::end(tx, run.id, at)?),
                Some(why) => Ok(rows::stop(tx, run.id, Some(why), at)?),
            }
        })?;
        self.tell_import_news(vault);
        // The file holds what people wrote: it does not outlive its use.
        if whole { self.sweep_files().map(drop) } else { Ok(()) }
    }
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
