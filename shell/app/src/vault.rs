//! An open vault: its database, its contracts compiled, its calendars worked out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use base::id::CustomerId;
use engines::calendar::ClockCache;
use jiff::Timestamp;
use jiff::civil::Date;
use store::Database;
use store::blob::Blobs;

use crate::agreements::Agreements;
use crate::error::Result;
use crate::live::KeptDangers;
use crate::mail::Look;
use crate::ticket::Alarms;
use crate::today::KeptToday;
use crate::waiting::Here;

/// Of each daily look, its last day, and how many versions there were then where they count.
type Looks = BTreeMap<Look, (Date, u64)>;

/// One customer's vault, shared by every request about it.
pub struct VaultHandle {
    pub id: CustomerId,
    pub slug: String,
    pub name: String,
    pub(crate) db: Database,
    agreements: Kept<Agreements>,
    clocks: Mutex<ClockCache>,
    alarms: Mutex<Alarms>,
    dangers: Mutex<KeptDangers>,
    looks: Mutex<Looks>,
    waits: Standing<Here>,
    today: Mutex<KeptToday>,
    pub(crate) files: Blobs,
    /// Read while files are being attached, written while those that nothing names are removed.
    attaching: RwLock<()>,
}

impl VaultHandle {
    pub(crate) fn new(id: CustomerId, slug: String, name: String, db: Database, files: Blobs) -> VaultHandle {
        let clocks = Mutex::new(ClockCache::new());
        let (agreements, attaching) = (Kept::default(), RwLock::default());
        let (alarms, dangers, looks) = (Mutex::default(), Mutex::default(), Mutex::default());
        let waits = Standing::default();
        let today = Mutex::default();
        VaultHandle {
            id,
            slug,
            name,
            db,
            agreements,
            clocks,
            alarms,
            dangers,
            looks,
            waits,
            today,
            files,
            attaching,
        }
    }

    /// Held from the moment files are put under their hash until the entry that names them is on disk.
    pub(crate) fn attaching(&self) -> RwLockReadGuard<'_, ()> {
        self.attaching.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Held while files that nothing names are removed.
    pub(crate) fn sweeping(&self) -> RwLockWriteGuard<'_, ()> {
        self.attaching.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether somebody holds [`VaultHandle::attaching`]: a sweep could not begin now.
    pub(crate) fn sweep_waits(&self) -> bool {
        self.attaching.try_write().is_err()
    }

    /// The contracts as compiled; read and compiled at the first use and after each signature.
    pub fn agreements(&self) -> Result<Arc<Agreements>> {
        self.agreements.get(|| self.db.read(Agreements::load))
    }

    /// Forgets the compiled contracts: one was just signed.
    pub(crate) fn forget_agreements(&self) {
        self.agreements.forget();
    }

    /// Runs `f` with the calendars already worked out for this vault.
    pub(crate) fn with_clocks<T>(&self, f: impl FnOnce(&mut ClockCache) -> T) -> T {
        f(&mut self.clocks.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// When the clocks of its open tickets come to their next levels of escalation.
    pub(crate) fn alarms(&self) -> MutexGuard<'_, Alarms> {
        self.alarms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When it was last looked through for what is told once a day.
    pub(crate) fn looks(&self) -> MutexGuard<'_, Looks> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `f` with what was last found in danger.
    pub(crate) fn dangers<T>(&self, f: impl FnOnce(&mut KeptDangers) -> T) -> T {
        f(&mut self.dangers.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What waits for somebody's decision there, found again after each write and as days end.
    ///
    /// `versions` are those of its contracts as the caller knows them: a signature is forgotten after it is written.
    pub(crate) fn waits(
        &self,
        now: Timestamp,
        versions: u64,
        find: impl FnOnce() -> Result<Here>,
    ) -> Result<Arc<Here>> {
        self.waits.get(self.db.writes().map(|writes| (writes, versions)), now, find)
    }

    /// Runs `f` with what was last read of the day.
    pub(crate) fn today<T>(&self, f: impl FnOnce(&mut KeptToday) -> T) -> T {
        f(&mut self.today.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn database(&self) -> &Database {
        &self.db
    }
}

/// What was found in a vault, after how many writes and in which quarter of an hour, by its number.
struct Standing<T>(Mutex<Option<(Key, i64, Arc<T>)>>);

/// Writes, and versions of the contracts.
type Key = (u64, u64);

impl<T> Default for Standing<T> {
    fn default() -> Standing<T> {
        Standing(Mutex::default())
    }
}

impl<T> Standing<T> {
    /// Found again when something was written since, where that is not known, and where a day may have ended:
    /// midnight is on a quarter of an hour in every zone.
    fn get(&self, writes: Option<Key>, now: Timestamp, find: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        let quarter = now.as_second().div_euclid(15 * 60);
        let held = |held: &Option<(Key, i64, Arc<T>)>| {
            held.as_ref().filter(|(w, q, _)| Some(*w) == writes && *q == quarter).map(|(.., v)| v.clone())
        };
        if let Some(value) = held(&self.0.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(value);
        }
        let found = Arc::new(find()?);
        if let Some(writes) = writes {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *kept = Some((writes, quarter, found.clone()));
        }
        Ok(found)
    }
}

/// A value read once, until it is forgotten.
struct Kept<T>(RwLock<(u64, Option<Arc<T>>)>);

impl<T> Default for Kept<T> {
    fn default() -> Kept<T> {
        Kept(RwLock::new((0, None)))
    }
}

impl<T> Kept<T> {
    /// The value, loaded if it is not there. What was loaded while it was being forgotten is not kept:
    /// it may have been read before the change.
    fn get(&self, load: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        let before = {
            let held = self.0.read().unwrap_or_else(PoisonError::into_inner);
            match &held.1 {
                Some(value) => return Ok(value.clone()),
                None => held.0,
            }
        };
        let loaded = Arc::new(load()?);
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if held.0 == before {
            held.1 = Some(loaded.clone());
        }
        Ok(loaded)
    }

    fn forget(&self) {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *held = (held.0.wrapping_add(1), None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_is_found_again_after_a_write_and_when_a_day_may_end() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let kept = Standing::default();
        let mut found = 0;
        let mut ask = |writes, now| {
            *kept
                .get(writes, at(now), || {
                    found += 1;
                    Ok(found)
                })
                .unwrap()
        };
        assert_eq!(ask(Some((7, 1)), "2026-11-23T22:46:00Z"), 1);
        assert_eq!(ask(Some((7, 1)), "2026-11-23T22:59:59Z"), 1);
        assert_eq!(ask(Some((7, 1)), "2026-11-23T23:00:00Z"), 2, "midnight in Paris");
        assert_eq!(ask(Some((8, 1)), "2026-11-23T23:00:00Z"), 3);
        assert_eq!(ask(Some((8, 2)), "2026-11-23T23:00:00Z"), 4, "a contract was signed");
        assert_eq!(ask(None, "2026-11-23T23:00:00Z"), 5, "others may have written");
        assert_eq!(ask(None, "2026-11-23T23:00:00Z"), 6);
    }

    #[test]
    fn what_was_read_before_a_signature_is_not_kept() {
        let kept = Kept::default();
        let signed_meanwhile = || {
            kept.forget();
            Ok("before")
        };
        assert_eq!(*kept.get(signed_meanwhile).unwrap(), "before");
        assert_eq!(*kept.get(|| Ok("after")).unwrap(), "after");
        assert_eq!(*kept.get(|| Ok("again")).unwrap(), "after");
        kept.forget();
        assert_eq!(*kept.get(|| Ok("again")).unwrap(), "again");
    }
}
