//! What goes no further until somebody of the provider's decides: sheets to approve, prices to say, months to
//! close, articles to be read again. What waits for the customer's answer is [`crate::ticket::awaited`]'s.
//!
//! Nothing here is kept: each is what the acts of others left, asked for again.

use std::collections::HashMap;
use std::sync::Arc;

use base::id::{AccountId, CustomerId};
use jiff::civil::Date;
use store::ticket::Ticket;
use store::{article, content, month, time};

use crate::access::{Act, InstancePermit, Principal};
use crate::desk::{WITHHELD, text};
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::live::{LeftOut, WhyLeftOut};
use crate::month::next_to_close;
use crate::ticket::awaited::to_quote;
use crate::vault::VaultHandle;

/// Articles to be read again that are shown of one customer: those of the oldest dates.
const REVIEWS: u32 = 50;

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

/// A ticket on which no work can be done before its price is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    pub slug: String,
    pub customer: String,
    pub number: u64,
    pub title: String,
}

/// An article of the asker's whose date of review has come.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Review {
    /// By when it was to be read again.
    pub by: Date,
    pub slug: String,
    pub customer: String,
    pub number: u64,
    pub title: String,
}

/// What the asker may settle, over the customers for whom they may.
#[derive(Debug, Default)]
pub struct Waiting {
    /// The oldest first.
    pub sheets: Vec<Sheet>,
    /// Each customer's, the oldest first.
    pub quotes: Vec<Quote>,
    /// The first of each contract: months are closed in order.
    pub months: Vec<Month>,
    /// Those that the asker answers for, the oldest date first.
    pub reviews: Vec<Review>,
    /// The customers whose vault could not be read: something may wait there.
    pub left_out: Vec<LeftOut>,
}

/// What waits in one vault, whoever may settle it: the writes there and the date decide it, and no right.
#[derive(Debug)]
pub(crate) struct Here {
    sheets: Vec<Sheet>,
    /// With their titles.
    quotes: Vec<(Ticket, String)>,
    /// The contract's number, and the first day of the month.
    months: Vec<(String, Date)>,
    /// Whether somebody has an article to read again.
    reviews: bool,
}

impl App {
    /// What waits for the asker's decision, over all customers; nothing for those who decide nothing.
    pub fn waiting(&self, permit: &InstancePermit) -> Result<Waiting> {
        permit.covers(Act::SeeDesk)?;
        let mut waiting = Waiting::default();
        for row in self.customers()? {
            let id = CustomerId(row.id);
            let decides = [Act::ApproveTime, Act::CloseMonth, Act::MakeQuote];
            if !decides.iter().any(|act| permit.by().may_for(*act, id)) {
                continue;
            }
            // As on the rest of the desk, one vault that fails does not keep the others back.
            if self.waiting_at(permit.by(), id, &mut waiting).is_err() {
                waiting.left_out.push(LeftOut::of(row, WhyLeftOut::Failing));
            }
        }
        waiting.reviews = self.reviews_of(permit.by());
        // A sheet has a part in each vault that its person worked for.
        waiting.sheets.sort();
        waiting.sheets.dedup_by_key(|sheet| (sheet.week, sheet.person));
        Ok(waiting)
    }

    fn waiting_at(&self, person: &Principal, customer: CustomerId, waiting: &mut Waiting) -> Result<()> {
        let vault = self.vault(customer)?;
        let here = self.here(&vault)?;
        let (slug, name) = (&vault.slug, &vault.name);
        let mut sheets = Vec::new();
        for sheet in here.sheets.iter().filter(|_| person.may_for(Act::ApproveTime, customer)) {
            // One's own is for another to approve.
            if self.forbids_settling(sheet.person, person.account, &vault)?.is_none() {
                sheets.push(sheet.clone());
            }
        }
        if !here.quotes.is_empty()
            && let Ok(permit) = person.permit(Act::MakeQuote, customer)
        {
            let unbound = self.is_unbound(&permit)?;
            let mine = here.quotes.iter().filter(|(ticket, _)| permit.scope().lets(ticket));
            waiting.quotes.extend(mine.map(|(ticket, title)| Quote {
                slug: slug.clone(),
                customer: name.clone(),
                number: ticket.number,
                title: if unbound { WITHHELD.to_owned() } else { title.clone() },
            }));
        }
        if person.may_for(Act::CloseMonth, customer) {
            waiting.months.extend(here.months.iter().map(|(contract, month)| Month {
                slug: slug.clone(),
                customer: name.clone(),
                contract: contract.clone(),
                month: *month,
            }));
        }
        waiting.sheets.extend(sheets);
        Ok(())
    }

    /// What waits in a vault, whoever asks.
    fn here(&self, vault: &Arc<VaultHandle>) -> Result<Arc<Here>> {
        let now = self.now();
        let agreements = vault.agreements()?;
        let tomorrow = self.tomorrow_of(vault)?;
        vault.waits(now, agreements.count, || {
            vault.db.read::<_, AppError, _>(move |tx| {
                let submitted = time::submitted(tx)?;
                let names = if submitted.is_empty() { HashMap::new() } else { crate::ticket::names(tx)? };
                let name = |id: &AccountId| names.get(id).cloned().unwrap_or_default();
                let sheet = |(person, week)| Sheet { week, name: name(&person), person };
                let mut months = Vec::new();
                for agreement in &agreements.contracts {
                    let closed = month::all(tx, agreement.id)?;
                    let next = next_to_close(agreement, &closed, agreement.local_date(now));
                    months.extend(next.map(|month| (agreement.number.clone(), month)));
                }
                Ok(Here {
                    sheets: submitted.into_iter().map(sheet).collect(),
                    quotes: to_quote(tx, &agreements, now)?,
                    months,
                    reviews: !article::overdue(tx, tomorrow, None, 1)?.articles.is_empty(),
                })
            })
        })
    }

    /// In the vaults in use, as the notice of them is told: a page that everybody opens opens no vault. What
    /// cannot be read now is left to that notice.
    fn reviews_of(&self, person: &Principal) -> Vec<Review> {
        let mut all = Vec::new();
        for vault in self.open_vaults() {
            if !person.may_for(Act::WriteKnowledge, vault.id) {
                continue;
            }
            all.extend(self.reviews_at(person, &vault).unwrap_or_default());
        }
        all.sort();
        all
    }

    fn reviews_at(&self, person: &Principal, vault: &Arc<VaultHandle>) -> Result<Vec<Review>> {
        if !self.here(vault)?.reviews {
            return Ok(Vec::new());
        }
        let mine = self.to_read_again_by(person, vault, REVIEWS)?;
        if mine.is_empty() {
            return Ok(Vec::new());
        }
        let (slug, customer) = (vault.slug.clone(), vault.name.clone());
        vault.db.read::<_, AppError, _>(move |tx| {
            let mut all = Vec::new();
            for article in mine {
                let Some(by) = article.review_by else { continue };
                let title = text(content::get(tx, article.title.0)?);
                let (slug, customer) = (slug.clone(), customer.clone());
                all.push(Review { by, slug, customer, number: article.number, title });
            }
            Ok(all)
        })
    }
}
