//! What goes no further until somebody of the provider's decides: sheets to approve and months to close. What
//! waits for the customer's answer is [`crate::ticket::awaited`]'s.
//!
//! Nothing here is kept: each is what the acts of others left, asked for again.

use base::id::{AccountId, CustomerId};
use jiff::civil::Date;
use store::{month, time};

use crate::access::{Act, InstancePermit};
use crate::error::Result;
use crate::instance::App;
use crate::month::next_to_close;

/// A week that its person submitted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sheet {
    /// Its Monday.
    pub week: Date,
    pub name: String,
    pub person: AccountId,
}

/// A month that has ended and is not closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    pub slug: String,
    pub customer: String,
    /// The contract's number.
    pub contract: String,
    /// Its first day.
    pub month: Date,
}

/// What the asker may settle, over the customers for whom they may.
#[derive(Debug, Default)]
pub struct Waiting {
    /// The oldest first.
    pub sheets: Vec<Sheet>,
    /// The first of each contract: months are closed in order.
    pub months: Vec<Month>,
}

impl App {
    /// What waits for the asker's decision, over all customers; nothing for those who decide nothing.
    pub fn waiting(&self, permit: &InstancePermit) -> Result<Waiting> {
        permit.covers(Act::SeeDesk)?;
        let me = permit.by().account;
        let mut waiting = Waiting::default();
        for row in self.customers()? {
            let id = CustomerId(row.id);
            let approves = permit.by().may_for(Act::ApproveTime, id);
            let closes = permit.by().may_for(Act::CloseMonth, id);
            if !approves && !closes {
                continue;
            }
            let vault = self.vault(id)?;
            let (agreements, now) = (vault.agreements()?, self.now());
            let of = agreements.contracts.clone();
            let (sheets, months) = vault.db.read::<_, crate::AppError, _>(move |tx| {
                let mut sheets = Vec::new();
                let submitted = if approves { time::submitted(tx)? } else { Vec::new() };
                if !submitted.is_empty() {
                    let names = crate::ticket::names(tx)?;
                    let name = |id: &AccountId| names.get(id).cloned().unwrap_or_default();
                    sheets.extend(submitted.into_iter().map(|(person, week)| Sheet {
                        week,
                        name: name(&person),
                        person,
                    }));
                }
                let mut months = Vec::new();
                for agreement in of.iter().filter(|_| closes) {
                    let closed = month::all(tx, agreement.id)?;
                    let next = next_to_close(agreement, &closed, agreement.local_date(now));
                    months.extend(next.map(|month| (agreement.number.clone(), month)));
                }
                Ok((sheets, months))
            })?;
            for sheet in sheets {
                // One's own is for another to approve.
                if self.settles_for(sheet.person, me, &vault)?.is_ok() {
                    waiting.sheets.push(sheet);
                }
            }
            let (slug, customer) = (&vault.slug, &vault.name);
            waiting.months.extend(months.into_iter().map(|(contract, month)| Month {
                slug: slug.clone(),
                customer: customer.clone(),
                contract,
                month,
            }));
        }
        // A sheet has a part in each vault that its person worked for.
        waiting.sheets.sort();
        waiting.sheets.dedup_by_key(|sheet| (sheet.week, sheet.person));
        Ok(waiting)
    }
}
