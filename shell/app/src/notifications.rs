//! The notifications of each person: what mail tells, on a page of their own, whether or not mail is
//! exchanged.
//!
//! They are written by the same rule as letters, and read with the rights of the moment: what somebody may no
//! longer see is forgotten when they ask for it. What a person asked never to be written about is listed as
//! read, so that it does not count.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::id::{AccountId, CustomerId};
use jiff::Timestamp;
use jiff::civil::Date;
use store::instance::notifications;
use store::{WriteTx, content, ticket};
use uuid::Uuid;

use crate::access::{Act, Permit, Principal};
use crate::desk::text;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::mail::{How, Notice, Telling};
use crate::vault::VaultHandle;

/// How long they are kept, in microseconds: ninety days.
const KEPT_MICROS: i64 = 90 * 24 * 3600 * 1_000_000;

/// How many unread ones are told as a number.
pub const UNREAD_TOLD: u64 = 999;

/// What somebody was told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub id: Uuid,
    pub at: Timestamp,
    pub read: bool,
    pub notice: Notice,
    pub slug: String,
    pub customer_name: String,
    /// The ticket; 0 where the notice is about none.
    pub number: u64,
    /// Of the ticket, `None` until the undertaking of confidentiality is signed; why a week was given back.
    pub title: Option<String>,
    /// The Monday of the week that it is about.
    pub week: Option<Date>,
}

/// Where a page of notifications ends: the instant and the id of the last one.
pub type Key = (i64, Uuid);

/// A page of them, the latest first.
#[derive(Debug, Default)]
pub struct Page {
    pub lines: Vec<Notification>,
    /// The latest of all that were asked for, to mark them as read; `None` when there is none.
    pub first: Option<Key>,
    /// `None` on the last page.
    pub next: Option<Key>,
}

/// Keeps them; gives whom they told something new.
pub(crate) fn keep(
    tx: &mut WriteTx<'_>,
    lines: &[notifications::Notification],
) -> Result<BTreeSet<AccountId>> {
    let mut heard = BTreeSet::new();
    for line in lines {
        if notifications::push(tx, line)? {
            heard.insert(AccountId(line.account));
        }
    }
    Ok(heard)
}

impl App {
    /// Whether what happened then would not be forgotten at once.
    pub(crate) fn is_worth_notifying(&self, at: i64) -> bool {
        at >= self.micros() - KEPT_MICROS
    }

    /// What the pages of these people will list. Nobody is told on a page of what they did themselves.
    pub(crate) fn notifications_of(&self, told: &[Telling]) -> Result<Vec<notifications::Notification>> {
        let mut wished = BTreeMap::new();
        let mut lines = Vec::new();
        for t in told.iter().filter(|t| !t.own && self.is_worth_notifying(t.at)) {
            let wished = match wished.get(&t.person) {
                Some(wished) => wished,
                None => wished.entry(t.person).or_insert(self.preferences(t.person)?),
            };
            lines.push(notifications::Notification {
                id: self.id(base::id::uuid_v7),
                account: t.person.0,
                vault: t.ticket.0,
                number: t.ticket.1,
                notice: t.notice.key().to_owned(),
                cause: t.cause,
                at: t.at,
                seen: wished.how(t.notice) == How::None,
            });
        }
        Ok(lines)
    }

    /// A person's own notifications, the latest first, after `before`; only the unread ones, if asked.
    pub fn notifications(
        &self,
        person: &Principal,
        unread: bool,
        before: Option<Key>,
        limit: u32,
    ) -> Result<Page> {
        // What cannot be carried now, on a full disk, comes later; the upkeep tells the trouble.
        let _ = self.pump();
        let (me, from) = (person.account.0, before.unwrap_or((i64::MAX, Uuid::max())));
        let mut rows = self.instance.read::<_, AppError, _>(move |tx| {
            Ok(notifications::page(tx, me, unread, from, limit.saturating_add(1))?)
        })?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let key = |n: &notifications::Notification| (n.at, n.id);
        let (first, next) = (rows.first().map(key), rows.last().filter(|_| more).map(key));
        let mut lines = self.lines_of_notifications(person, &rows)?;
        let lost: Vec<Uuid> = rows.iter().map(|r| r.id).filter(|id| !lines.contains_key(id)).collect();
        if !lost.is_empty() && self.roles_are_known(person.account).is_ok() {
            // Told before a role ended: counted for ever otherwise, and never shown.
            self.instance.write::<_, AppError, _>(move |tx| {
                lost.iter().try_for_each(|id| notifications::drop_one(tx, me, *id))?;
                Ok(())
            })?;
        }
        Ok(Page { lines: rows.iter().filter_map(|row| lines.remove(&row.id)).collect(), first, next })
    }

    /// Those that the person may see now, by their id, with the title of each ticket.
    fn lines_of_notifications(
        &self,
        person: &Principal,
        rows: &[notifications::Notification],
    ) -> Result<HashMap<Uuid, Notification>> {
        let mut lines = HashMap::new();
        let vaults: BTreeSet<Uuid> = rows.iter().map(|row| row.vault).collect();
        for id in vaults {
            for row in rows.iter().filter(|row| row.vault == id) {
                let notice = Notice::from_key(&row.notice);
                if let Some(notice) = notice.filter(|notice| notice.is_read_by(person, CustomerId(id))) {
                    let vault = self.vault(CustomerId(id))?;
                    let mut line = shown(row, &vault, notice, None);
                    if notice == Notice::Week {
                        let told = self.week_told(CustomerId(id), person.account, row.cause)?;
                        let Some(told) = told else { continue };
                        (line.week, line.title) = (Some(told.week), told.why);
                    }
                    lines.insert(row.id, line);
                }
            }
            let Ok(permit) = person.permit(Act::SeeTickets, CustomerId(id)) else { continue };
            let vault = self.vault(permit.customer())?;
            let numbers: BTreeSet<u64> = rows.iter().filter(|r| r.vault == id).map(|r| r.number).collect();
            let (unbound, scope) = (self.is_unbound(&permit)?, permit.scope().clone());
            let titles = vault.db.read::<_, AppError, _>(move |tx| {
                let mut titles = HashMap::new();
                for number in numbers {
                    let Some(found) = ticket::by_number(tx, &scope, number)? else { continue };
                    let title = if unbound { None } else { Some(text(content::get(tx, found.title.0)?)) };
                    titles.insert(number, title);
                }
                Ok(titles)
            })?;
            for row in rows.iter().filter(|r| r.vault == id) {
                let (Some(notice), Some(title)) =
                    (Notice::from_key(&row.notice), titles.get(&row.number).cloned())
                else {
                    continue;
                };
                if !crate::mail::may_know(&permit, notice) {
                    continue;
                }
                lines.insert(row.id, shown(row, &vault, notice, title));
            }
        }
        Ok(lines)
    }

    /// How many a person has not read; anything above [`UNREAD_TOLD`] stands for "more than that".
    pub fn unread_notifications(&self, person: &Principal) -> Result<u64> {
        let me = person.account.0;
        self.instance.read::<_, AppError, _>(move |tx| Ok(notifications::unread(tx, me, UNREAD_TOLD + 1)?))
    }

    /// Marks one as read; another's is as if it were not.
    pub fn read_notification(&self, person: &Principal, id: Uuid) -> Result<()> {
        let me = person.account.0;
        let read =
            self.instance.write::<_, AppError, _>(move |tx| Ok(notifications::read_one(tx, me, id)?))?;
        if !read {
            return Err(AppError::NotFound);
        }
        self.tell_people([person.account]);
        Ok(())
    }

    /// Marks as read everything up to this one: what came while the page was read stays unread.
    pub fn read_notifications_through(&self, person: &Principal, last: Key) -> Result<()> {
        let me = person.account.0;
        self.instance.write::<_, AppError, _>(move |tx| Ok(notifications::read_through(tx, me, last)?))?;
        self.tell_people([person.account]);
        Ok(())
    }

    /// Marks as read what tells of a ticket, whose page its reader has before their eyes.
    pub fn read_notifications_of(&self, permit: &Permit, number: u64) -> Result<()> {
        self.on_tickets(permit, Act::SeeTickets)?;
        if self.unread_notifications(permit.by())? == 0 {
            return Ok(());
        }
        let (me, vault) = (permit.by().account, permit.customer().0);
        let read = self
            .instance
            .write::<_, AppError, _>(move |tx| Ok(notifications::read_of_ticket(tx, me.0, vault, number)?))?;
        if read > 0 {
            self.tell_people([me]);
        }
        Ok(())
    }

    /// Forgets what happened three months ago.
    pub fn forget_old_notifications(&self) -> Result<()> {
        let before = self.micros() - KEPT_MICROS;
        self.instance.write::<_, AppError, _>(move |tx| Ok(notifications::forget(tx, before).map(drop)?))
    }
}

fn shown(
    row: &notifications::Notification,
    vault: &VaultHandle,
    notice: Notice,
    title: Option<String>,
) -> Notification {
    Notification {
        id: row.id,
        at: Timestamp::from_microsecond(row.at).unwrap_or_default(),
        read: row.seen,
        notice,
        slug: vault.slug.clone(),
        customer_name: vault.name.clone(),
        number: row.number,
        title,
        week: None,
    }
}
