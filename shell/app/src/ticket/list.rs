//! Tickets as lists show them: by a filter, or found by their number or their words.

use std::collections::HashMap;

use base::id::AccountId;
use jiff::Timestamp;
use store::ticket::{Filter, Key, Opener, Scope, Ticket, Which};
use store::{Tx, content, ticket};

use super::clockwork;
use super::outsider::for_reader;
use super::view::name;
use crate::access::{Act, Permit};
use crate::agreements::Agreements;
use crate::desk::text;
use crate::error::Result;
use crate::instance::App;
use crate::vault::VaultHandle;

/// Tickets found by their words that a filter is tried on, for one page.
const FOUND: u32 = 400;

/// A ticket with what a list shows of it.
pub struct Shown {
    pub ticket: Ticket,
    pub title: String,
    pub assignee: Option<String>,
    /// The clock that runs out first.
    pub next: Option<super::Next>,
    /// The zone its instants are shown in.
    pub zone: String,
}

impl App {
    /// A page of a customer's tickets in the order of the filter, and the key of the next one. A page may
    /// be short, or empty, and still have a next one: see [`store::ticket::list`].
    pub fn tickets(
        &self,
        permit: &Permit,
        filter: &Filter,
        after: Option<Key>,
        limit: u32,
    ) -> Result<(Vec<Shown>, Option<Key>)> {
        self.on_tickets(permit, Act::SeeTickets)?;
        let vault = self.vault(permit.customer())?;
        let filter = filter.clone();
        let (handle, agreements, now) = (vault.clone(), vault.agreements()?, self.now());
        let scope = permit.scope();
        vault.db.read(move |tx| {
            let page = ticket::list(tx, scope, &filter, after, limit)?;
            let names = super::names(tx)?;
            let rows = for_reader(page.tickets, permit);
            Ok((shown(tx, &handle, &agreements, now, rows, &names)?, page.next))
        })
    }

    /// A page of the tickets that the filter lets through among those found by their number or the words
    /// of their texts: newest first whatever the filter's order, under `before`; and the `before` of the
    /// next page. As with [`App::tickets`], a short page may have a next one.
    pub fn find_tickets(
        &self,
        permit: &Permit,
        query: &str,
        filter: &Filter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<(Vec<Shown>, Option<u64>)> {
        self.on_tickets(permit, Act::SeeTickets)?;
        let vault = self.vault(permit.customer())?;
        let (query, filter) = (query.to_owned(), filter.clone());
        let (handle, agreements, now) = (vault.clone(), vault.agreements()?, self.now());
        let scope = permit.scope();
        vault.db.read(move |tx| {
            let names = super::names(tx)?;
            if let Ok(number) = query.trim().trim_start_matches('#').parse::<u64>() {
                let found = ticket::by_number(tx, scope, number)?
                    .into_iter()
                    .filter(|t| filter.lets(t) && before.is_none_or(|before| t.number < before));
                let mut found: Vec<Ticket> = for_reader(found.collect(), permit);
                // No room: it is on the next page.
                let next = (limit == 0).then(|| found.pop()).flatten().map(|t| t.number + 1);
                return Ok((shown(tx, &handle, &agreements, now, found, &names)?, next));
            }
            // A filter lets few through: more are looked at than shown.
            let all = filter == Filter::default() && *scope == Scope::All;
            let asked = if all { limit } else { limit.max(FOUND) };
            let reader = store::search::Reader { sees: permit.sees_texts(), scope };
            let page = store::search::find(tx, &query, &reader, before, asked)?;
            let (mut found, mut next) = (Vec::new(), page.next);
            for number in page.numbers {
                let Some(ticket) = ticket::by_number(tx, scope, number)?.filter(|t| filter.lets(t)) else {
                    continue;
                };
                if found.len() == limit as usize {
                    next = Some(ticket.number + 1);
                    break;
                }
                found.push(ticket);
            }
            let found = for_reader(found, permit);
            Ok((shown(tx, &handle, &agreements, now, found, &names)?, next))
        })
    }

    /// A customer's open tickets that these people declared, soonest due first: the first of them.
    pub fn open_tickets(&self, permit: &Permit, opener: Opener, limit: u32) -> Result<Vec<Shown>> {
        let filter = Filter { which: Which::Open, opener, ..Filter::default() };
        Ok(self.tickets(permit, &filter, None, limit)?.0)
    }
}

pub(crate) fn shown(
    tx: &mut dyn Tx,
    vault: &VaultHandle,
    agreements: &Agreements,
    now: Timestamp,
    tickets: Vec<Ticket>,
    names: &HashMap<AccountId, String>,
) -> Result<Vec<Shown>> {
    tickets
        .into_iter()
        .map(|ticket| {
            let agreement = agreements.by_id(ticket.contract)?;
            let title = text(content::get(tx, ticket.title.0)?);
            let assignee = ticket.assignee.map(|a| name(names, a));
            let next = clockwork::next(vault, agreement, &ticket, now)?;
            let zone = agreement.latest().compiled.terms.zone.clone();
            Ok(Shown { ticket, title, assignee, next, zone })
        })
        .collect()
}
