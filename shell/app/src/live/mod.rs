//! The living contract: each clause's state today, its figure, and the evidence behind it.
//!
//! A clause is read by the terms it compiled to, not by the name of its kind, so a new kind made of
//! known terms has a state at once. What no engine reads yet is never shown as held: it says what it
//! waits for.

mod danger;
mod duties;
mod levels;
mod life;
mod money;
mod on_call;
mod reading;
mod skills;

use std::collections::BTreeMap;
use std::sync::Arc;

use base::{Bilingual, Lang};
use contract::document::ClauseState;
use engines::billing;
use jiff::Timestamp;

use crate::access::{Act, Permit};
use crate::agreements::{Agreement, SignedText};
use crate::error::{AppError, Result};
use crate::instance::App;

pub(crate) use danger::Kept as KeptDangers;
pub use danger::{Danger, Dangers, LeftOut, Margin, What, WhyLeftOut};
use reading::Reading;

/// How a clause stands, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    Missed,
    AtRisk,
    Held,
    /// The machine applies it; it is not a promise that can be kept or missed.
    Applied,
    /// Nothing has been measured, or is due, yet.
    NotYetDue,
    /// What would read it is not built or recorded here: never shown as held.
    NotRun,
    /// Written down, and proved by nothing here.
    Declared,
}

/// What is known of a clause now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseLive {
    pub standing: Standing,
    pub figure: Option<Bilingual>,
    /// The figure to the last decimal, where what is shown is cut.
    pub exact: Option<Bilingual>,
    pub evidence: Vec<Evidence>,
}

impl ClauseLive {
    fn plain(standing: Standing) -> ClauseLive {
        ClauseLive { standing, figure: None, exact: None, evidence: Vec::new() }
    }

    fn figure(standing: Standing, figure: Bilingual) -> ClauseLive {
        ClauseLive { standing, figure: Some(figure), exact: None, evidence: Vec::new() }
    }
}

/// A fact behind a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub text: Bilingual,
    pub see: See,
}

/// Where a fact is to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum See {
    Nothing,
    Ticket(u64),
    /// The duties of the clause.
    Duties,
}

/// A contract and its clauses' states, by label.
pub struct Live {
    pub agreement: Arc<Agreement>,
    pub at: Timestamp,
    /// The place in `agreement.texts` of the text shown: the one in force, or the first before its day.
    pub version: usize,
    pub clauses: BTreeMap<String, ClauseLive>,
}

impl Live {
    /// The text shown.
    pub fn text(&self) -> &SignedText {
        &self.agreement.texts[self.version]
    }
}

impl App {
    /// A contract as it lives: the text in force, each of its clauses with its state.
    pub fn live(&self, permit: &Permit, number: &str) -> Result<Live> {
        permit.covers(Act::SeeContract)?;
        let vault = self.vault(permit.customer())?;
        let now = self.now();
        let agreement = vault.agreements()?.by_number(number)?.clone();
        let today = agreement.local_date(now);
        let Some(version) = in_force(&agreement, now) else {
            let clauses = not_begun(&agreement);
            return Ok(Live { agreement, at: now, version: 0, clauses });
        };
        let shared = agreement.clone();
        // Whoever works for the customer is known to the instance, not to its vault.
        let asked = engines::skills::asked(&agreement.in_force(now)?.terms).is_some();
        let workers = if asked { self.workers(permit.customer())? } else { Vec::new() };
        let clauses = vault.db.read::<_, AppError, _>(move |tx| {
            let terms = &shared.in_force(now)?.terms;
            let facts = crate::month::facts(tx, &shared, today, Some(now))?;
            let closed = billing::close(&shared.history, today, &facts);
            let life = crate::life::read(tx, shared.clone(), now, None)?;
            let mut rosters = BTreeMap::new();
            for asked in engines::roster::asked(terms) {
                let label = asked.clause.label();
                rosters.insert(label.to_owned(), crate::roster::stands(tx, shared.id, label, now)?);
            }
            let reading = Reading {
                rosters,
                staff: workers.len(),
                skills: if asked { crate::skills::covers(tx, terms, &workers)? } else { Default::default() },
                books: money::books(&shared.history, terms, &facts.work_orders, today),
                terms,
                now,
                cases: levels::Cases::read(tx, &shared, terms, now)?,
                statement: &closed.value,
                revisions: &closed.reasons,
                meters: crate::month::meters(&shared, &facts, now)?,
                duties: &life.duties,
                rights: &life.rights,
                deadlines: &life.deadlines,
            };
            let mut live = BTreeMap::new();
            for (label, kind) in stated(&shared.texts[version]) {
                if let Some(state) = reading.clause(kind, label)? {
                    live.insert(label.to_owned(), state);
                }
            }
            Ok(live)
        })?;
        Ok(Live { agreement, at: now, version, clauses })
    }
}

/// The place of the text in force at an instant; `None` before the contract's first day.
fn in_force(agreement: &Agreement, at: Timestamp) -> Option<usize> {
    let hash = &agreement.in_force(at).ok()?.hash;
    agreement.history.versions.iter().position(|v| v.hash == *hash)
}

/// Signed and not in force yet: nothing is due, whatever reads it.
fn not_begun(agreement: &Agreement) -> BTreeMap<String, ClauseLive> {
    let effective = agreement.history.versions.first().map(|v| v.effective);
    let figure = effective.map(|day| {
        both(|lang| {
            let day = base::lang::date(lang, day);
            lang.t(format!("prend effet le {day}"), format!("takes effect on {day}"))
        })
    });
    let first = ClauseLive { figure, ..ClauseLive::plain(Standing::NotYetDue) };
    stated(&agreement.texts[0]).map(|(label, _)| (label.to_owned(), first.clone())).collect()
}

/// The clauses of a text that are in force in it, with their kinds.
fn stated(text: &SignedText) -> impl Iterator<Item = (&str, &'static contract::Kind)> {
    let clauses = text.compiled.document.articles.iter().flat_map(|a| &a.clauses);
    clauses
        .filter(|c| c.state == ClauseState::InForce)
        .filter_map(|c| Some((c.label.as_str(), contract::kind(c.kind)?)))
}

fn both(f: impl Fn(Lang) -> String) -> Bilingual {
    Bilingual::new(f(Lang::Fr), f(Lang::En))
}

#[cfg(test)]
mod tests;
