//! A meter, or a book of work units, that an amendment brought to the threshold of its clause: told as one that
//! a call brought there.
//!
//! The signature tells of it where the amendment has effect already; the day looks for those that take effect
//! later, once each.

use std::collections::BTreeSet;
use std::sync::Arc;

use base::id::AccountId;
use events::Event;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use store::{Tx, WriteTx, idempotency};
use terms::History;

use super::aside::{Aside, event, tell_aside};
use super::meter::books_low;
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::vault::VaultHandle;

/// How far back the day looks: a server that was stopped for longer tells nobody. Less than what keeps it from
/// being told twice is kept for.
const LOOKED_BACK: SignedDuration = SignedDuration::from_hours(20 * 24);

/// An amendment, by the place of its version.
struct Amended<'a> {
    agreement: &'a Agreement,
    place: usize,
    /// From when both its text and its effect are there.
    since: Timestamp,
    /// It was signed before.
    later: bool,
}

impl<'a> Amended<'a> {
    /// `None` for a first text, and for a version that is not the contract's.
    fn of(agreement: &'a Agreement, hash: &str) -> Result<Option<Amended<'a>>> {
        let place = agreement.texts.iter().position(|text| text.row.version_hash == hash);
        let Some(place) = place.filter(|place| *place > 0) else { return Ok(None) };
        let signed =
            Timestamp::from_microsecond(agreement.texts[place].row.signed).map_err(AppError::fault)?;
        let effect = agreement.midnight(agreement.history.versions[place].effective)?;
        Ok(Some(Amended { agreement, place, since: effect.max(signed), later: effect > signed }))
    }

    /// What stands at its threshold under it and would not under the version before, by the label of its clause.
    fn brought(&self, tx: &mut dyn Tx) -> Result<BTreeSet<String>> {
        let versions = |to: usize| History { versions: self.agreement.history.versions[..to].to_vec() };
        let with = low(tx, &self.agreement.under(versions(self.place + 1)), self.since)?;
        if with.is_empty() {
            return Ok(with);
        }
        let without = low(tx, &self.agreement.under(versions(self.place)), self.since)?;
        Ok(with.difference(&without).cloned().collect())
    }

    fn tell(&self, tx: &mut WriteTx<'_>, (by, at): (AccountId, i64)) -> Result<bool> {
        let brought = self.brought(tx)?;
        let entry = self.agreement.texts[self.place].row.seq;
        for label in &brought {
            crate::webhook::tell_meter(tx, &self.agreement.number, label, entry, at)?;
        }
        if !brought.is_empty() {
            tell_aside(tx, Aside::Meter { contract: self.agreement.id }, entry, by)?;
        }
        Ok(!brought.is_empty())
    }
}

/// The meters and the books at their threshold at an instant.
fn low(tx: &mut dyn Tx, agreement: &Agreement, at: Timestamp) -> Result<BTreeSet<String>> {
    let mut low = books_low(tx, agreement, at)?;
    let terms = &agreement.in_force(at)?.terms;
    let calls = crate::month::calls(tx, agreement, terms, at.as_microsecond() + 1)?;
    let ledgers = crate::month::ledgers(agreement, &calls, at)?.into_iter().map(|ledger| ledger.value.state);
    low.extend(ledgers.filter(|state| state.alert).map(|state| state.meter));
    Ok(low)
}

/// What the amendment of a version brought to its threshold.
pub(super) fn brought(tx: &mut dyn Tx, agreement: &Agreement, hash: &str) -> Result<BTreeSet<String>> {
    Amended::of(agreement, hash)?.map_or_else(|| Ok(BTreeSet::new()), |amended| amended.brought(tx))
}

/// Tells, in the transaction of a signature, of what an amendment that has effect already brought there.
pub(crate) fn tell_signed(
    tx: &mut WriteTx<'_>,
    agreement: &Agreement,
    hash: &str,
    (by, at): (AccountId, i64),
) -> Result<()> {
    let amended = Amended::of(agreement, hash)?.filter(|amended| !amended.later);
    amended.map_or(Ok(()), |amended| amended.tell(tx, (by, at)).map(drop))
}

impl App {
    /// Tells of what the amendments of a vault that took effect of late, after their signature, brought there.
    pub(super) fn tell_amendments(&self, vault: &Arc<VaultHandle>) -> Result<()> {
        let (now, agreements) = (self.now(), vault.agreements()?);
        let from = now.checked_sub(LOOKED_BACK).map_err(AppError::fault)?;
        for agreement in &agreements.contracts {
            for text in &agreement.texts {
                let hash = &text.row.version_hash;
                let due = Amended::of(agreement, hash)?;
                if !due.is_some_and(|a| a.later && (from..=now).contains(&a.since)) {
                    continue;
                }
                let (key, request) =
                    (format!("meter.amended:{hash}"), <[u8; 32]>::from(Sha256::digest(hash)));
                let (agreement, hash, at) = (agreement.clone(), hash.clone(), now.as_microsecond());
                let told = vault.db.write::<_, AppError, _>(move |tx| {
                    let told = idempotency::once(tx, &key, &request, at, |tx| {
                        let Some(amended) = Amended::of(&agreement, &hash)? else { return Ok(Vec::new()) };
                        let Event::ContractSigned(signed) =
                            event(tx, agreement.texts[amended.place].row.seq)?
                        else {
                            return Err(AppError::fault("a version is signed by an entry"));
                        };
                        let by = signed.signed_by.first().copied();
                        let by = by.ok_or_else(|| AppError::fault("a version is signed by somebody"))?;
                        Ok::<_, AppError>(vec![u8::from(amended.tell(tx, (by, at))?)])
                    })?;
                    Ok(told == [1])
                })?;
                if told {
                    self.mark_dirty(vault.id);
                }
            }
        }
        Ok(())
    }
}
