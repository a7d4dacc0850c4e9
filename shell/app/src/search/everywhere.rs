//! One search over all the customers that somebody works for.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use base::id::CustomerId;
use store::instance::vaults::Vault;
use store::search::Tier;
use store::search::fold::Query;

use super::Results;
use crate::access::{Act, InstancePermit};
use crate::error::{AppError, Result};
use crate::instance::App;

/// Customers of a page; and as many more of which only articles of contracts answer.
const GROUPS: usize = 10;
/// Vaults asked at once.
const AT_ONCE: usize = 4;
/// Of each kind beside tickets, of each customer.
const BESIDE: usize = 2;

/// What was found at one customer.
pub struct Group {
    pub customer: CustomerId,
    pub slug: String,
    pub name: String,
    /// Its main contract, for the links.
    pub contract: Option<String>,
    /// The first results, and whether there may be more at this customer.
    pub results: Results,
    rank: Rank,
}

/// How well the best of what was found at a customer answers: the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Number,
    TicketTitle,
    Ticket,
    Other,
    ArticleTitle,
    Article,
}

impl Rank {
    /// Every contract speaks of breakdowns: a page is not full of them.
    fn is_of_articles(self) -> bool {
        self >= Rank::ArticleTitle
    }
}

/// A page of a search over customers.
pub struct Everywhere {
    /// Those with the words in a ticket's title first, those of which only articles of contracts answer last;
    /// then in the order of the customers.
    pub groups: Vec<Group>,
    /// The last customer asked: pass as `after` for those after it.
    pub next: Option<CustomerId>,
    /// Customers that could not be asked: a fault of their own.
    pub failed: Vec<String>,
}

/// What the customers of a page said, by their place.
type Said = BTreeMap<usize, Result<Option<Group>>>;

impl App {
    /// What has all the words of a query at each customer after `after`: the first `limit` tickets of each, and
    /// some of each other kind, for some customers. Vaults are asked a few at a time.
    pub fn search_everywhere(
        &self,
        permit: &InstancePermit,
        query: &str,
        after: Option<CustomerId>,
        limit: u32,
    ) -> Result<Everywhere> {
        permit.covers(Act::SeeDesk)?;
        let all = self.customers()?;
        let from = after.and_then(|id| all.iter().position(|row| row.id == id.0)).map_or(0, |at| at + 1);
        let rows = all.get(from..).unwrap_or_default();
        let words = Query::parse(query);
        let mut page = Everywhere { groups: Vec::new(), next: None, failed: Vec::new() };
        let (mut full, mut spoken) = (0, Vec::new());
        for (at, said) in self.ask_them(permit, rows, (query, &words), limit) {
            match said {
                Ok(Some(group)) if group.rank.is_of_articles() => spoken.push(group),
                Ok(Some(group)) => {
                    page.groups.push(group);
                    full += 1;
                }
                // Somebody may hold a role for some customers only.
                Ok(None) | Err(AppError::NotFound) => {}
                // Words found would tell what the undertaking is signed for.
                Err(e) if e.is_undertaking_owed() => {}
                Err(_) => page.failed.push(rows[at].name.clone()),
            }
            if full == GROUPS {
                page.next = (at + 1 < rows.len()).then_some(CustomerId(rows[at].id));
                break;
            }
        }
        spoken.sort_by_key(|group| group.rank);
        spoken.truncate(GROUPS);
        page.groups.append(&mut spoken);
        page.groups.sort_by_key(|group| group.rank);
        for group in &mut page.groups {
            let inside = permit.by().permit(Act::SeeTickets, group.customer);
            match inside.and_then(|inside| self.search_articles(&inside, &words, BESIDE)) {
                Ok(articles) => group.results.articles = articles,
                Err(_) => page.failed.push(group.name.clone()),
            }
        }
        Ok(page)
    }

    /// Asks them in their order until a page is full: the first ones have all answered then.
    fn ask_them(&self, permit: &InstancePermit, rows: &[Vault], query: (&str, &Query), limit: u32) -> Said {
        let (next, full, said) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Said::new()));
        let work = || {
            while full.load(Ordering::Relaxed) < GROUPS {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(row) = rows.get(at) else { break };
                let answer = self.search_at(permit, row, query, limit);
                if matches!(&answer, Ok(Some(group)) if !group.rank.is_of_articles()) {
                    full.fetch_add(1, Ordering::Relaxed);
                }
                said.lock().unwrap_or_else(PoisonError::into_inner).insert(at, answer);
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE.min(rows.len()) {
                scope.spawn(work);
            }
        });
        said.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// What answers at a customer, without the articles of its contracts, which are few to be shown; `None` when
    /// nothing does.
    fn search_at(
        &self,
        permit: &InstancePermit,
        row: &Vault,
        (query, words): (&str, &Query),
        limit: u32,
    ) -> Result<Option<Group>> {
        let customer = CustomerId(row.id);
        let inside = permit.by().permit(Act::SeeTickets, customer)?;
        let (mut results, holds) = self.search_tickets(&inside, query, None, limit)?;
        self.search_beside(&inside, (query, words), holds, BESIDE, &mut results)?;
        let rank = match results.rank() {
            Some(rank) => rank,
            None => match self.best_article(&inside, words)? {
                Some(false) => Rank::ArticleTitle,
                Some(true) => Rank::Article,
                None => return Ok(None),
            },
        };
        let agreements = self.vault(customer)?.agreements()?;
        let contract = crate::desk::main_contract(permit, &agreements, customer);
        Ok(Some(Group { customer, slug: row.slug.clone(), name: row.name.clone(), contract, results, rank }))
    }
}

impl Results {
    /// How well the best answers, articles of contracts aside; `None` when nothing was found, nor is left to
    /// look through.
    fn rank(&self) -> Option<Rank> {
        let beside = self.contracts.is_empty()
            && self.items.is_empty()
            && self.knowledge.is_empty()
            && self.history.is_empty();
        match self.tickets.first().map(|hit| hit.tier) {
            Some(None) => Some(Rank::Number),
            Some(Some(Tier::Title)) => Some(Rank::TicketTitle),
            Some(Some(Tier::Texts)) => Some(Rank::Ticket),
            None => (!beside || self.next.is_some()).then_some(Rank::Other),
        }
    }
}
