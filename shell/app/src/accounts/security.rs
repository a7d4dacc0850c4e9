//! Security acts: who did what to accounts and rights, in the instance's own log.
//!
//! What somebody is refused, and waits before a sign-in, are noted in memory first and written a moment
//! later: a reading writes nothing, and the answer takes no longer when there is an account to note.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base::id::{AccountId, CustomerId};
use events::{ContentId, SecurityAct, SecurityData, SecurityTold};
use jiff::Timestamp;
use store::instance::{accounts, security, vaults};
use store::record::Content;
use store::{Tx, WriteTx, content};
use uuid::Uuid;

use super::attempts::Client;
use super::sessions::Session;
use super::{instant, real_now};
use crate::access::{Act, InstancePermit, Permit, Principal};
use crate::error::{AppError, Result};
use crate::instance::App;

/// The same refusal of the same person is told once in so long.
const DENIAL_EVERY: i64 = 3600 * 1_000_000;
/// Refusals remembered so as not to be told twice. Beyond it the hour's are forgotten and told again.
const ROOM: usize = 10_000;
/// Acts that wait to be written; a full disk must not fill the memory as well.
const MOST_WAITING: usize = 10_000;
/// Acts shown to their owner.
const SHOWN: u32 = 20;

/// An act as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActLine {
    /// Its entry in the instance's log.
    pub entry: u64,
    pub act: SecurityAct,
    pub at: Timestamp,
    /// Whose account it is about.
    pub whose: String,
    /// Who did it, when it is somebody else.
    pub by: Option<String>,
    /// The device and its address, or the label of a token; `None` when there was nothing to say.
    pub words: Option<String>,
    /// What was refused: the right, and for which customer.
    pub denied: Option<(Act, Option<String>)>,
}

/// What waits to be written, and what was told already.
#[derive(Default)]
pub(crate) struct Notices {
    waiting: Vec<Ready>,
    denied: HashMap<(AccountId, Act, Option<CustomerId>), i64>,
}

/// An act ready to be written, by any transaction of the instance.
#[derive(Clone)]
pub(super) struct Ready {
    told: SecurityTold,
    words: Option<Content>,
}

impl Ready {
    pub(super) fn record(&self, tx: &mut WriteTx<'_>) -> Result<()> {
        security::record(tx, &self.told, self.words.as_ref())?;
        Ok(())
    }

    pub(super) fn by(mut self, by: Option<AccountId>) -> Ready {
        self.told.data.by = by;
        self
    }

    pub(super) fn about(mut self, object: String) -> Ready {
        self.told.data.object = Some(object);
        self
    }
}

impl App {
    /// The proof that somebody may do this for a customer; a refusal is noted.
    pub fn permit(&self, who: &Principal, act: Act, customer: CustomerId) -> Result<Permit> {
        who.permit(act, customer).inspect_err(|_| self.deny(who, act, Some(customer)))
    }

    /// The proof that somebody may do this on the whole instance; a refusal is noted.
    pub fn permit_instance(&self, who: &Principal, act: Act) -> Result<InstancePermit> {
        who.permit_instance(act).inspect_err(|_| self.deny(who, act, None))
    }

    /// Writes the refusals and the waits noted since the last time. Called each second.
    pub fn keep_notices(&self) -> Result<()> {
        let waiting = std::mem::take(&mut self.notices().waiting);
        if waiting.is_empty() {
            return Ok(());
        }
        let again = waiting.clone();
        let written = self
            .instance
            .write::<_, AppError, _>(move |tx| waiting.iter().try_for_each(|ready| ready.record(tx)));
        if written.is_err() {
            let mut notices = self.notices();
            let later = std::mem::replace(&mut notices.waiting, again);
            notices.waiting.extend(later);
            notices.waiting.truncate(MOST_WAITING);
        }
        written
    }

    /// What was last done to the account of a session; twenty acts at most, the newest first.
    ///
    /// A refusal about a customer that the person holds nothing for is not among them: it would tell that
    /// this customer exists, and its name. The administrator reads it.
    pub fn security_acts_of(&self, session: &Session) -> Result<Vec<ActLine>> {
        let _ = self.keep_notices();
        let who = session.principal.clone();
        self.instance.read(move |tx| {
            let (mut shown, mut before) = (Vec::new(), None);
            loop {
                let told = security::of_account(tx, who.account.0, before, SHOWN)?;
                let whole = told.len() == SHOWN as usize;
                before = told.last().map(|t| t.seq);
                shown.extend(told.into_iter().filter(|t| may_be_shown(&t.told, &who)));
                if !whole || shown.len() >= SHOWN as usize {
                    break;
                }
            }
            shown.truncate(SHOWN as usize);
            lines(shown, tx)
        })
    }

    /// What everybody did, or one person, under an entry or the newest; for the administrator.
    pub fn security_acts(
        &self,
        permit: &InstancePermit,
        account: Option<AccountId>,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<ActLine>> {
        permit.covers(Act::ManageAccounts)?;
        let _ = self.keep_notices();
        self.instance.read(move |tx| {
            let told = match account {
                Some(account) => security::of_account(tx, account.0, before, limit)?,
                None => security::all(tx, before, limit)?,
            };
            lines(told, tx)
        })
    }

    /// An act about an account, done by its owner.
    pub(super) fn security(&self, act: SecurityAct, account: Uuid, words: &str) -> Ready {
        let account = AccountId(account);
        let words = (!words.is_empty()).then(|| Content {
            name: "words",
            id: ContentId(base::id::uuid_v7(millis(), &self.real_bytes())),
            salt: self.real_bytes(),
            bytes: words.as_bytes().to_vec(),
        });
        let id = words.as_ref().map(|w| w.id);
        let data = SecurityData { at: real_now(), account, by: Some(account), object: None, words: id };
        Ready { told: SecurityTold { act, data }, words }
    }

    /// Notes an act to be written soon.
    pub(super) fn note_act(&self, ready: Ready) {
        let mut notices = self.notices();
        if notices.waiting.len() < MOST_WAITING {
            notices.waiting.push(ready);
        }
    }

    fn deny(&self, who: &Principal, act: Act, customer: Option<CustomerId>) {
        let now = real_now();
        {
            let mut notices = self.notices();
            if notices.denied.len() >= ROOM {
                notices.denied.retain(|_, at| now - *at < DENIAL_EVERY);
                if notices.denied.len() >= ROOM {
                    notices.denied.clear();
                }
            }
            let last = notices.denied.entry((who.account, act, customer)).or_insert(i64::MIN);
            if now.saturating_sub(*last) < DENIAL_EVERY {
                return;
            }
            *last = now;
        }
        let customer = customer.map_or_else(String::new, |customer| format!(" {customer}"));
        let object = format!("{act:?}{customer}");
        self.note_act(self.security(SecurityAct::Denied, who.account.0, "").about(object));
    }

    fn notices(&self) -> MutexGuard<'_, Notices> {
        lock(&self.notices)
    }
}

fn lock(notices: &Mutex<Notices>) -> MutexGuard<'_, Notices> {
    notices.lock().unwrap_or_else(PoisonError::into_inner)
}

fn millis() -> u64 {
    u64::try_from(real_now() / 1000).unwrap_or_default()
}

/// « Firefox, Linux · 192.0.2.1 ».
pub(super) fn whence(client: &Client) -> String {
    let address = client.address.map(|address| address.to_canonical().to_string());
    let both = [Some(client.device.clone()).filter(|device| !device.is_empty()), address];
    both.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn lines(told: Vec<security::Told>, tx: &mut dyn Tx) -> Result<Vec<ActLine>> {
    let ids: HashSet<AccountId> =
        told.iter().flat_map(|t| [Some(t.told.data.account), t.told.data.by]).flatten().collect();
    let mut names = HashMap::new();
    for id in ids {
        let name = accounts::by_id(tx, id.0)?.map(|a| a.display_name).unwrap_or_default();
        names.insert(id, name);
    }
    let name = |id: AccountId| names.get(&id).cloned().unwrap_or_default();
    let mut lines = Vec::new();
    for security::Told { seq, told } in told {
        let data = told.data;
        let words = match data.words {
            Some(id) => content::get(tx, id.0)?.map(|b| String::from_utf8_lossy(&b).into_owned()),
            None => None,
        };
        let denied = match (told.act, &data.object) {
            (SecurityAct::Denied, Some(object)) => denied(object, tx)?,
            _ => None,
        };
        lines.push(ActLine {
            entry: seq,
            act: told.act,
            at: instant(data.at),
            whose: name(data.account),
            by: data.by.filter(|by| *by != data.account).map(name),
            words,
            denied,
        });
    }
    Ok(lines)
}

/// Whether somebody may read of an act of theirs: not which customers they were taken for strangers by.
fn may_be_shown(told: &SecurityTold, who: &Principal) -> bool {
    let refused = told.data.object.as_deref().filter(|_| told.act == SecurityAct::Denied);
    let Some((_, customer)) = refused.and_then(|object| object.split_once(' ')) else { return true };
    let Ok(customer) = Uuid::parse_str(customer).map(CustomerId) else { return false };
    who.assignments.iter().any(|held| match held.customer {
        Some(own) => own == customer,
        None => held.role.is_provider(),
    })
}

/// The right and the customer's name, of what an entry holds.
fn denied(object: &str, tx: &mut dyn Tx) -> Result<Option<(Act, Option<String>)>> {
    let (act, customer) = object.split_once(' ').map_or((object, None), |(act, c)| (act, Some(c)));
    let Some(act) = Act::ALL.into_iter().find(|known| format!("{known:?}") == act) else { return Ok(None) };
    let Some(id) = customer.and_then(|id| Uuid::parse_str(id).ok()) else { return Ok(Some((act, None))) };
    Ok(Some((act, vaults::by_id(tx, id)?.map(|vault| vault.name))))
}
