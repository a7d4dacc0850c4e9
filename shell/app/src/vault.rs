//! An open vault: its database, its contracts compiled, its calendars worked out.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use base::id::CustomerId;
use engines::calendar::ClockCache;
use store::Database;

use crate::agreements::Agreements;
use crate::error::Result;

/// One customer's vault, shared by every request about it.
pub struct VaultHandle {
    pub id: CustomerId,
    pub slug: String,
    pub name: String,
    pub(crate) db: Database,
    agreements: RwLock<Option<Arc<Agreements>>>,
    clocks: Mutex<ClockCache>,
}

impl VaultHandle {
    pub(crate) fn new(id: CustomerId, slug: String, name: String, db: Database) -> VaultHandle {
        let clocks = Mutex::new(ClockCache::new());
        VaultHandle { id, slug, name, db, agreements: RwLock::new(None), clocks }
    }

    /// The contracts as compiled; read and compiled at the first use and after each signature.
    pub fn agreements(&self) -> Result<Arc<Agreements>> {
        if let Some(loaded) = self.agreements.read().unwrap_or_else(PoisonError::into_inner).as_ref() {
            return Ok(loaded.clone());
        }
        let loaded = Arc::new(self.db.read(Agreements::load)?);
        *self.agreements.write().unwrap_or_else(PoisonError::into_inner) = Some(loaded.clone());
        Ok(loaded)
    }

    /// Forgets the compiled contracts: one was just signed.
    pub(crate) fn forget_agreements(&self) {
        *self.agreements.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Runs `f` with the calendars already worked out for this vault.
    pub(crate) fn with_clocks<T>(&self, f: impl FnOnce(&mut ClockCache) -> T) -> T {
        f(&mut self.clocks.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn database(&self) -> &Database {
        &self.db
    }
}
