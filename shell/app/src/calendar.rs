//! What is dated in a customer's contracts: duties, last days, maintenance announced.

use std::sync::Arc;

use jiff::civil::Date;
use store::service;

use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::Result;
use crate::instance::App;
use crate::life::{self, Life};

/// The dates of one contract.
pub struct Dates {
    pub agreement: Arc<Agreement>,
    /// Its duties and last days, of the contract year.
    pub life: Life,
    /// The windows that touch the days asked for and were not given up.
    pub maintenance: Vec<service::Maintenance>,
}

impl App {
    /// The dates of each contract in force, with the maintenance from `first` to the day before `next`.
    pub fn dates(&self, permit: &Permit, first: Date, next: Date) -> Result<Vec<Dates>> {
        permit.covers(Act::SeeContract)?;
        let vault = self.vault(permit.customer())?;
        let now = self.now();
        let agreements = vault.agreements()?;
        let mut all = Vec::new();
        for agreement in agreements.in_force(now) {
            let (agreement, until) = (agreement.clone(), agreement.midnight(next)?.as_microsecond());
            let from = agreement.midnight(first)?.as_microsecond();
            all.push(vault.db.read::<_, crate::AppError, _>(move |tx| {
                let life = life::read(tx, agreement.clone(), now)?;
                let mut maintenance = service::maintenance(tx, agreement.id, from, until)?;
                maintenance.retain(|window| window.cancelled.is_none());
                Ok(Dates { agreement, life, maintenance })
            })?);
        }
        Ok(all)
    }
}
