//! The bad marks of the last thirty days, over all customers: whoever answers for the team calls back.

use std::cmp::Reverse;

use base::id::CustomerId;
use jiff::Timestamp;
use store::{content, satisfaction, ticket};

use super::{ASKED_FOR, DISSATISFIED};
use crate::access::{Act, InstancePermit, Permit};
use crate::desk::text;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::live::{LeftOut, WhyLeftOut};

/// Shown, over all customers.
const SHOWN: usize = 10;
/// Read of one customer: some may be of contracts that are not the asker's.
const READ: u32 = 40;

/// A mark of 1 or 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadMark {
    pub slug: String,
    pub customer: String,
    pub number: u64,
    pub title: String,
    pub score: u8,
    /// When it was given; a mark that was changed since stands at its first instant.
    pub at: Timestamp,
}

impl App {
    /// Those on the tickets within reach of the asker, the latest first, and the customers that could not be
    /// read.
    pub fn bad_marks(&self, permit: &InstancePermit) -> Result<(Vec<BadMark>, Vec<LeftOut>)> {
        permit.covers(Act::SeeTeam)?;
        let since = self.now().checked_sub(ASKED_FOR).map_err(AppError::fault)?.as_microsecond();
        let (mut all, mut left_out) = (Vec::new(), Vec::new());
        for row in self.customers()? {
            let Ok(inside) = permit.by().permit(Act::SeeTeam, CustomerId(row.id)) else { continue };
            match self.bad_marks_at(&inside, since) {
                Ok(found) => all.extend(found),
                Err(_) => left_out.push(LeftOut::of(row, WhyLeftOut::Failing)),
            }
        }
        all.sort_by_key(|mark| Reverse(mark.at));
        all.truncate(SHOWN);
        Ok((all, left_out))
    }

    /// One customer's; none for whoever owes its undertaking.
    fn bad_marks_at(&self, inside: &Permit, since: i64) -> Result<Vec<BadMark>> {
        if self.is_unbound(inside)? {
            return Ok(Vec::new());
        }
        let (vault, scope) = (self.vault(inside.customer())?, inside.scope().clone());
        let (slug, customer) = (vault.slug.clone(), vault.name.clone());
        vault.db.read::<_, AppError, _>(move |tx| {
            let mut found = Vec::new();
            for bad in satisfaction::bad(tx, DISSATISFIED, since, READ)? {
                let Some(row) = ticket::by_id(tx, bad.ticket)?.filter(|t| scope.lets(t)) else { continue };
                found.push(BadMark {
                    slug: slug.clone(),
                    customer: customer.clone(),
                    number: row.number,
                    title: text(content::get(tx, row.title.0)?),
                    score: bad.score,
                    at: Timestamp::from_microsecond(bad.first).map_err(AppError::fault)?,
                });
                if found.len() >= SHOWN {
                    break;
                }
            }
            Ok(found)
        })
    }
}
