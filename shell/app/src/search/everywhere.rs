//! One search over all the customers that somebody works for.

use base::id::CustomerId;
use store::search::Tier;

use super::Results;
use crate::access::{Act, InstancePermit};
use crate::error::{AppError, Result};
use crate::instance::App;

/// Customers shown on a page.
const GROUPS: usize = 10;
/// Vaults asked at once.
const AT_ONCE: usize = 4;

/// What was found at one customer.
pub struct Group {
    pub customer: CustomerId,
    pub slug: String,
    pub name: String,
    /// Its main contract, for the links.
    pub contract: Option<String>,
    /// The first results, and whether there may be more at this customer.
    pub results: Results,
}

/// A page of a search over customers.
pub struct Everywhere {
    /// Those with the words in a title first, then in the order of the customers.
    pub groups: Vec<Group>,
    /// The last customer asked: pass as `after` for those after it.
    pub next: Option<CustomerId>,
    /// Customers that could not be asked: a fault of their own.
    pub failed: Vec<String>,
}

impl App {
    /// Tickets that have all the words of a query at each customer after `after`: the first `limit` tickets of each,
    /// for some customers. Vaults are asked a few at a time.
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
        let mut page = Everywhere { groups: Vec::new(), next: None, failed: Vec::new() };
        for some in all.get(from..).unwrap_or_default().chunks(AT_ONCE) {
            if page.groups.len() + AT_ONCE > GROUPS {
                break;
            }
            page.next = some.last().map(|row| CustomerId(row.id));
            let asked: Vec<Result<Group>> = std::thread::scope(|scope| {
                let ask = |row| scope.spawn(move || self.search_at(permit, row, query, limit));
                let threads: Vec<_> = some.iter().map(ask).collect();
                let gone = |_| Err(AppError::fault("a search stopped short"));
                threads.into_iter().map(|thread| thread.join().unwrap_or_else(gone)).collect()
            });
            for (row, group) in some.iter().zip(asked) {
                match group {
                    Ok(group) if !group.results.is_empty() => page.groups.push(group),
                    // Somebody may hold a role for some customers only.
                    Ok(_) | Err(AppError::NotFound) => {}
                    // Words found would tell what the undertaking is signed for.
                    Err(e) if e.is_undertaking_owed() => {}
                    Err(_) => page.failed.push(row.name.clone()),
                }
            }
        }
        if page.next == all.last().map(|row| CustomerId(row.id)) {
            page.next = None;
        }
        page.groups.sort_by_key(|group| group.results.tier());
        Ok(page)
    }

    fn search_at(
        &self,
        permit: &InstancePermit,
        row: &store::instance::vaults::Vault,
        query: &str,
        limit: u32,
    ) -> Result<Group> {
        let customer = CustomerId(row.id);
        let inside = permit.by().permit(Act::SeeTickets, customer)?;
        // Every contract speaks of breakdowns: articles would bring every customer.
        let results = self.search_tickets(&inside, query, None, limit)?;
        let agreements = self.vault(customer)?.agreements()?;
        let contract = crate::desk::main_contract(permit, &agreements, customer);
        Ok(Group { customer, slug: row.slug.clone(), name: row.name.clone(), contract, results })
    }
}

impl Results {
    /// Whether nothing was found, nor is left to look through.
    pub fn is_empty(&self) -> bool {
        self.tickets.is_empty() && self.next.is_none()
    }

    /// How well the best ticket answers; after all others when there is none.
    fn tier(&self) -> (bool, Option<Tier>) {
        // Named by its number, a ticket has no tier, and comes first.
        (self.tickets.is_empty(), self.tickets.first().and_then(|hit| hit.tier))
    }
}
