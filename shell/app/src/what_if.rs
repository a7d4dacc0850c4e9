//! What another text would have made of a real month: its money, and its tickets.
//!
//! Nothing is written. The other text is read as if it had taken effect on the first day of the month:
//! tickets opened before keep their own version, as under any amendment.

use std::collections::BTreeSet;

use contract::Compiled;
use contract::diff::{self, Case, Money, Side, TicketChange};
use engines::billing::{AgreedPrice, MonthFacts, PriceAsked};
use engines::calendar::ClockCache;
use engines::objective::Measured;
use engines::period::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use store::{Tx, ticket};
use terms::History;

use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::month::facts;
use crate::ticket::timeline;
use crate::vault::VaultHandle;

impl App {
    /// What the month that holds `month` would have come to under `candidate`, a whole version of the
    /// contract: a contract, or an amendment compiled over its base. Beside it, what it comes to as signed.
    ///
    /// A month still running is read as of now, and provisional on both sides.
    pub fn what_if_month(
        &self,
        permit: &Permit,
        contract: Option<&str>,
        candidate: &Compiled,
        month: Date,
    ) -> Result<Money> {
        permit.covers(Act::SeeMoney)?;
        let vault = self.vault(permit.customer())?;
        let asked = self.asked(&vault, contract, month)?;
        let after = diff::as_if(&asked.agreement.history, candidate, asked.month.first);
        let before = asked.agreement.history.clone();
        asked.money(&vault, before, after)
    }

    /// The tickets of the month that holds `month` that `candidate` would have decided otherwise.
    pub fn what_if_tickets(
        &self,
        permit: &Permit,
        contract: Option<&str>,
        candidate: &Compiled,
        month: Date,
    ) -> Result<Vec<TicketChange>> {
        permit.covers(Act::SeeMoney)?;
        let vault = self.vault(permit.customer())?;
        let asked = self.asked(&vault, contract, month)?;
        let after = diff::as_if(&asked.agreement.history, candidate, asked.month.first);
        let cases = vault.db.read::<_, AppError, _>({
            let asked = asked.clone();
            move |tx| asked.cases(tx)
        })?;
        let mut cache = ClockCache::new();
        diff::tickets(&asked.agreement.history, &after, &cases, asked.until, &mut cache)
            .map_err(AppError::fault)
    }

    /// The month that holds `month` under each of two signed versions of a contract, numbered from 1, and
    /// the tickets that they decide otherwise.
    ///
    /// A version that governed the whole month is read as it did; another, as if it had taken effect on
    /// the first day.
    pub fn what_if_versions(
        &self,
        permit: &Permit,
        contract: &str,
        versions: (u32, u32),
        month: Date,
    ) -> Result<(Money, Vec<TicketChange>)> {
        permit.covers(Act::SeeMoney)?;
        let vault = self.vault(permit.customer())?;
        let asked = self.asked(&vault, Some(contract), month)?;
        let (before, after) = (asked.under(versions.0)?, asked.under(versions.1)?);
        let cases = vault.db.read::<_, AppError, _>({
            let asked = asked.clone();
            move |tx| asked.cases(tx)
        })?;
        let mut cache = ClockCache::new();
        let tickets =
            diff::tickets(&before, &after, &cases, asked.until, &mut cache).map_err(AppError::fault)?;
        Ok((asked.money(&vault, before, after)?, tickets))
    }

    /// The same month under each of two texts: for whoever holds the data folder, at the command line.
    pub fn compare_month(
        &self,
        customer: &str,
        contract: Option<&str>,
        before: &Compiled,
        after: &Compiled,
        month: Date,
    ) -> Result<Money> {
        let vault = self.vault(self.find_customer(customer)?)?;
        let asked = self.asked(&vault, contract, month)?;
        let [before, after] =
            [before, after].map(|text| diff::as_if(&asked.agreement.history, text, asked.month.first));
        asked.money(&vault, before, after)
    }

    fn asked(&self, vault: &VaultHandle, contract: Option<&str>, month: Date) -> Result<Asked> {
        let now = self.now();
        let agreement = vault.agreements()?.choose(contract, now)?.clone();
        let month = Span::month(month);
        let end = agreement.midnight(month.next)?;
        let begin = agreement.midnight(month.first)?;
        if now < begin {
            return Err(AppError::invalid(
                "month",
                "ce mois n'a pas commencé : il n'a ni tickets ni montants",
                "this month has not begun: it has neither tickets nor amounts",
            ));
        }
        let as_of = (now < end).then_some(now);
        Ok(Asked { agreement, month, begin, until: as_of.unwrap_or(end), as_of })
    }
}

/// A month of a contract.
#[derive(Clone)]
struct Asked {
    agreement: std::sync::Arc<Agreement>,
    month: Span,
    begin: Timestamp,
    /// The end of the month, or now.
    until: Timestamp,
    as_of: Option<Timestamp>,
}

impl Asked {
    /// The contract's history with this version in force all the month.
    fn under(&self, version: u32) -> Result<History> {
        let signed = self.agreement.texts.iter().find(|t| t.row.version == version);
        let signed = signed.ok_or(AppError::NotFound)?;
        let history = &self.agreement.history;
        let governs = |day| history.at(day).is_some_and(|v| v.hash == signed.row.version_hash);
        if governs(self.month.first) && governs(self.month.last()) {
            return Ok(history.clone());
        }
        Ok(diff::as_if(history, &signed.compiled, self.month.first))
    }

    fn money(&self, vault: &VaultHandle, before: History, after: History) -> Result<Money> {
        let asked = self.clone();
        vault.db.read(move |tx| {
            let cases = asked.cases(tx)?;
            let (was, is) = (asked.facts(tx, &before, &cases)?, asked.facts(tx, &after, &cases)?);
            let before = Side { history: &before, facts: &was };
            let after = Side { history: &after, facts: &is };
            Ok(diff::money(before, after, asked.month.first))
        })
    }

    /// What happened, measured by these versions: the month's cases again, earlier ones as recorded.
    fn facts(&self, tx: &mut dyn Tx, history: &History, cases: &[Case]) -> Result<MonthFacts> {
        let agreement = self.agreement.under(history.clone());
        let mut gathered = facts(tx, &agreement, self.month.last(), self.as_of)?;
        let judged =
            diff::judge(history, cases, self.until, &mut ClockCache::new()).map_err(AppError::fault)?;
        let again: BTreeSet<&str> = cases.iter().map(|c| c.ticket.as_str()).collect();
        let (recorded, mut kept): (Vec<Measured>, Vec<Measured>) =
            gathered.cases.into_iter().partition(|c| again.contains(c.ticket.as_str()));
        let same =
            |a: &Measured, b: &Measured| (&a.ticket, a.promise, a.round) == (&b.ticket, b.promise, b.round);
        for mut case in judged {
            // What statements of earlier months charged for the same clock stays charged.
            let charged = recorded.iter().find(|r| same(r, &case)).map_or(0, |r| r.penalised_steps);
            case.penalised_steps = charged;
            kept.push(case);
        }
        gathered.cases = kept;
        // What was asked for since is under the text compared; in the signed history it keeps its own.
        if *history != self.agreement.history {
            gathered
                .operations
                .iter_mut()
                .filter(|d| d.on >= self.month.first)
                .for_each(|d| d.version = None);
            gathered.time.iter_mut().filter(|t| t.opened >= self.month.first).for_each(|t| t.version = None);
        }
        // A price that a clause asked is asked again of the other text, which may include the work. One agreed
        // to in a later month than it was asked for stays: its own month is not the one compared.
        for done in &mut gathered.operations {
            let asked = Span::month(done.on);
            let again = |a: &AgreedPrice| a.asked == PriceAsked::Clause && asked.contains(a.on);
            done.agreed = done.agreed.filter(|agreed| !again(agreed));
        }
        Ok(gathered)
    }

    /// The contract's tickets that the month has to do with: opened, stopped or late in it.
    fn cases(&self, tx: &mut dyn Tx) -> Result<Vec<Case>> {
        let (from, to) = (self.begin.as_microsecond(), self.until.as_microsecond());
        let mut tickets = ticket::opened_in(tx, from, to)?;
        let mut ids: BTreeSet<_> = tickets.iter().map(|t| t.id).collect();
        let mut others = ticket::stopped_between(tx, from, to)?;
        if self.as_of.is_some() {
            others.extend(ticket::overdue(tx, to)?);
        }
        for other in others {
            if ids.insert(other.ticket) {
                tickets.extend(ticket::by_id(tx, other.ticket)?);
            }
        }
        tickets.retain(|t| t.contract == self.agreement.id);
        tickets.sort_by_key(|t| t.number);
        tickets
            .iter()
            .map(|t| {
                let steps = ticket::steps(tx, t.id)?;
                Ok(Case {
                    ticket: t.number.to_string(),
                    version: t.version.clone(),
                    timeline: timeline(t, &steps)?,
                    used_before: t.used_before,
                })
            })
            .collect()
    }
}
