//! Finding things by their words: tickets, articles of the contracts, items of the perimeter, history.
//!
//! Each is found by who may read it, in what they read of it: see [`store::search`] for tickets. Contracts
//! are few and in memory: their articles and items are looked through.

mod contracts;
mod everywhere;
pub mod extract;
mod history;
mod knowledge;
mod lookup;

use base::id::CustomerId;
use store::search::fold::Query;
use store::search::{Holds, Reader, texts};
pub use store::search::{Of, Place, Tier};
use store::ticket::Ticket;
use store::{Tx, search, ticket};

pub use contracts::{ArticleHit, ContractHit, ItemHit};
pub use everywhere::{Everywhere, Group};
pub use extract::{Extract, Piece};
pub use history::HistoryHit;
pub use knowledge::KnowledgeHit;
pub(crate) use lookup::Words;

use crate::access::{Act, Permit};
use crate::error::Result;
use crate::instance::App;
use crate::ticket::Shown;

/// Tickets that the words of a vault that was there before its index are added for at once.
const FILLED_AT_ONCE: u32 = 200;
/// Of each kind beside tickets, shown at most.
const SHOWN: usize = 5;

/// A ticket found, and where.
pub struct TicketHit {
    pub shown: Shown,
    /// `None` when it was named by its number.
    pub tier: Option<Tier>,
    pub title: Extract,
    /// What the extract is of.
    pub of: Of,
    /// Of the text with most of the words, or the description's beginning.
    pub extract: Extract,
}

/// A page of what a search found.
#[derive(Default)]
pub struct Results {
    /// The best first: those with all the words in their title, newest first; then the others.
    pub tickets: Vec<TicketHit>,
    /// Where the next page of tickets starts; a page may be short, or empty, and have a next one.
    pub next: Option<Place>,
    /// With the first page only, as all that follows.
    pub contracts: Vec<ContractHit>,
    pub articles: Vec<ArticleHit>,
    pub items: Vec<ItemHit>,
    /// Articles and runbooks of the knowledge of the customer.
    pub knowledge: Vec<KnowledgeHit>,
    /// What was over in another tool, and whether there is more of it.
    pub history: Vec<HistoryHit>,
    pub more_history: bool,
}

impl App {
    /// What has all the words of a query, or the number, in what the asker may read of a customer; tickets
    /// from `from` on, `limit` at most.
    pub fn search(&self, permit: &Permit, query: &str, from: Option<Place>, limit: u32) -> Result<Results> {
        let words = Query::parse(query);
        let (mut results, holds) = self.search_tickets(permit, query, from, limit)?;
        if from.is_none() {
            self.search_beside(permit, (query, &words), holds, SHOWN, &mut results)?;
            results.articles = self.search_articles(permit, &words, SHOWN)?;
        }
        Ok(results)
    }

    /// All but tickets and articles of contracts: what the index does not hold is not looked for.
    fn search_beside(
        &self,
        permit: &Permit,
        (query, words): (&str, &Query),
        holds: Holds,
        most: usize,
        results: &mut Results,
    ) -> Result<()> {
        results.contracts = self.search_contracts(permit, words)?;
        results.items = self.search_items(permit, words, most)?;
        if holds.articles {
            results.knowledge = self.search_knowledge(permit, query, most)?;
        }
        if holds.history {
            (results.history, results.more_history) = self.search_history(permit, query, most)?;
        }
        Ok(())
    }

    /// Tickets, and what else the index holds of the words.
    fn search_tickets(
        &self,
        permit: &Permit,
        query: &str,
        from: Option<Place>,
        limit: u32,
    ) -> Result<(Results, Holds)> {
        self.on_tickets(permit, Act::SeeTickets)?;
        let vault = self.vault(permit.customer())?;
        let (handle, agreements, now) = (vault.clone(), vault.agreements()?, self.now());
        let (query, permit) = (query.to_owned(), permit.clone());
        vault.db.read(move |tx| {
            let reader = Reader { sees: permit.sees_texts(), scope: permit.scope() };
            let words = Query::parse(&query);
            let holds = search::holds(tx, &words, reader.sees)?;
            let found = match holds.tickets {
                true => search::ranked(tx, &query, &reader, from, limit)?,
                false => search::Ranked::default(),
            };
            let named = numbered(&query).filter(|_| from.is_none());
            let (mut rows, mut tiers): (Vec<Ticket>, Vec<Option<Tier>>) = (Vec::new(), Vec::new());
            let hits = found.hits.iter().map(|hit| (hit.number, Some(hit.tier)));
            let hits = hits.filter(|(number, _)| Some(*number) != named);
            for (number, tier) in named.map(|number| (number, None)).into_iter().chain(hits) {
                if let Some(row) = ticket::by_number(tx, reader.scope, number)? {
                    rows.push(row);
                    tiers.push(tier);
                }
            }
            if rows.is_empty() {
                return Ok((Results { next: found.next, ..Results::default() }, holds));
            }
            let rows = crate::ticket::for_reader(rows, &permit);
            let names = crate::ticket::names(tx)?;
            let mut tickets = Vec::new();
            let shown = crate::ticket::shown(tx, &handle, &agreements, now, rows, &names)?;
            for (shown, tier) in shown.into_iter().zip(tiers) {
                tickets.push(hit(tx, &reader, &words, shown, tier)?);
            }
            Ok((Results { tickets, next: found.next, ..Results::default() }, holds))
        })
    }

    /// Adds the words of the tickets of a customer, and of its history, that were there before the index was.
    pub(crate) fn fill_search(&self, customer: CustomerId) -> Result<()> {
        let vault = self.vault(customer)?;
        while vault.db.write::<_, crate::AppError, _>(|tx| Ok(search::fill(tx, FILLED_AT_ONCE)?))? {}
        while vault.db.write::<_, crate::AppError, _>(|tx| Ok(search::fill_history(tx, FILLED_AT_ONCE)?))? {}
        Ok(())
    }
}

/// The ticket's number that a query is, if it is one.
fn numbered(query: &str) -> Option<u64> {
    query.trim().trim_start_matches('#').parse().ok()
}

fn hit(
    tx: &mut dyn Tx,
    reader: &Reader<'_>,
    words: &Query,
    shown: Shown,
    tier: Option<Tier>,
) -> Result<TicketHit> {
    let (mut best, mut of, mut count) = (None, Of::Description, 0);
    for text in texts(tx, &shown.ticket, reader.sees)? {
        let Some(said) = text.read(tx)? else { continue };
        let has = extract::count(&said, words);
        if best.is_none() || has > count {
            (best, of, count) = (Some(said), text.of, has);
        }
    }
    let extract = Extract::of(&best.unwrap_or_default(), words);
    Ok(TicketHit { tier, title: Extract::whole(&shown.title, words), of, extract, shown })
}
