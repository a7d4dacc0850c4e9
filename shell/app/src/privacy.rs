//! Erasing personal content: the words go from the tables, the search and the disk; the entries stay.
//!
//! The journal says who erased, when, on which ground and under which entries, never what was written.

use std::collections::{BTreeMap, BTreeSet};

use base::id::{AccountId, ArticleId, TicketId};
use events::{ContentId, Event, Ground, PrivacyErased};
use journal::envelope::Envelope;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::content::Present;
use store::instance::accounts;
use store::record::{Stamp, record};
use store::ticket::Scope;
use store::{Tx, WriteTx, article, content, idempotency, log, search, ticket};

use crate::access::{Act, Permit};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;

/// Entries read at a time while looking for those of a person or a ticket.
const PAGE: u32 = 1_000;
/// Contents of one erasure: the entry that authorises it names each, and holds 64 KiB.
const AT_ONCE: usize = 1_000;

/// What is to be forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Forget {
    /// The contents of these entries.
    Entries(BTreeSet<u64>),
    /// Everything written and attached in a ticket, its title included.
    Ticket(u64),
    /// The name of a person, wherever this vault holds it, and what was brought in of what they asked or did
    /// in another tool.
    Person(AccountId),
}

/// An erasure that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// The entry that authorises it.
    pub entry: u64,
    pub contents: u64,
    /// The entries that named them.
    pub entries: Vec<u64>,
}

impl App {
    /// Erases personal content of a customer's vault, for good, with the files that nothing names any more.
    ///
    /// Refused, code `privacy.nothing`, when what is asked has no content left.
    pub fn erase(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        what: &Forget,
        ground: Ground,
    ) -> Result<Erased> {
        permit.covers(Act::Erase)?;
        let (vault, by) = (self.vault(permit.customer())?, permit.by().account);
        let asked = serde_json::to_vec(&(what, ground)).map_err(AppError::fault)?;
        let request: [u8; 32] = Sha256::digest(asked).into();
        let (stored_key, at) = (key.of(by, "privacy.erase"), self.micros());
        let stamp = Stamp { at, actor: by, contract: None };
        let (what, scope) = (what.clone(), permit.scope().clone());
        let name = match what {
            Forget::Person(person) => {
                let found =
                    self.instance.read::<_, AppError, _>(move |tx| Ok(accounts::by_id(tx, person.0)?))?;
                found.map(|account| account.display_name)
            }
            Forget::Entries(_) | Forget::Ticket(_) => None,
        };
        let done = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                let held = held(tx, &scope, &what, name.as_deref())?;
                let (tickets, articles) = forget_words(tx, &held)?;
                let entries: Vec<u64> = held.keys().copied().collect();
                let contents: Vec<ContentId> = held.values().flatten().map(|c| ContentId(c.id)).collect();
                let count = contents.len() as u64;
                let event = PrivacyErased { at, by, ground, seqs: entries.clone(), contents };
                let entry = record(tx, &stamp, &Event::PrivacyErased(event), &[])?;
                // A word that another text of the ticket still has was taken away too.
                for id in tickets {
                    if let Some(ticket) = ticket::by_id(tx, id)? {
                        search::fill_again(tx, &ticket)?;
                    }
                }
                for id in articles {
                    search::file_again(tx, id)?;
                }
                serde_json::to_vec(&Erased { entry, contents: count, entries }).map_err(AppError::fault)
            })
        })?;
        // The words leave the write-ahead log, and the files the disk, before this says that they did.
        vault.db.checkpoint()?;
        self.sweep_files()?;
        self.mark_dirty(permit.customer());
        serde_json::from_slice(&done).map_err(AppError::fault)
    }
}

/// The contents still there of what is asked, by the entries that name them.
///
/// `name` is the one that a person goes by now, which their account alone may know.
fn held(
    tx: &mut dyn Tx,
    scope: &Scope,
    what: &Forget,
    name: Option<&str>,
) -> Result<BTreeMap<u64, Vec<Present>>> {
    let seqs = match what {
        Forget::Entries(seqs) => seqs.clone(),
        Forget::Ticket(number) => {
            let ticket: TicketId = ticket::by_number(tx, scope, *number)?.ok_or(AppError::NotFound)?.id;
            about(tx, "ticket", &ticket.to_string(), None)?
        }
        Forget::Person(person) => {
            let mut seqs = about(tx, "actor", &person.to_string(), Some("actor.introduced"))?;
            let mut names: BTreeSet<String> = name.map(str::to_owned).into_iter().collect();
            for seq in &seqs {
                let said = content::present(tx, *seq)?;
                names.extend(said.iter().map(|name| String::from_utf8_lossy(&name.bytes).into_owned()));
            }
            for name in names {
                seqs.extend(crate::import::of_person(tx, &name)?);
            }
            seqs
        }
    };
    let mut held = BTreeMap::new();
    for seq in seqs {
        let present = content::present(tx, seq)?;
        if !present.is_empty() {
            held.insert(seq, present);
        }
    }
    let contents: usize = held.values().map(Vec::len).sum();
    if contents > AT_ONCE {
        return Err(AppError::invalid(
            "entries",
            format!("{AT_ONCE} contenus au plus à la fois"),
            format!("at most {AT_ONCE} contents at once"),
        ));
    }
    if contents == 0 {
        return Err(AppError::refused(Refusal::new(
            "privacy.nothing",
            "Rien à effacer : ces entrées n’ont pas de contenu, ou il est déjà effacé.",
            "Nothing to erase: these entries have no content, or it is erased already.",
        )));
    }
    Ok(held)
}

/// The words of what goes leave the search: nothing else could tell later which they were. Gives the
/// tickets and the articles they were of.
fn forget_words(
    tx: &mut WriteTx<'_>,
    held: &BTreeMap<u64, Vec<Present>>,
) -> Result<(BTreeSet<TicketId>, BTreeSet<ArticleId>)> {
    let (mut tickets, mut articles) = (BTreeSet::new(), BTreeSet::new());
    for (seq, contents) in held {
        let entry = log::entries(tx, *seq, 1)?;
        if entry.first().is_some_and(|entry| is_history(&entry.bytes)) {
            for words in contents {
                search::forget_history(tx, *seq, &words.bytes)?;
            }
            continue;
        }
        let article = entry.first().and_then(|entry| subject(&entry.bytes, "article"));
        if let Some(id) = article {
            let Some(article) = article::by_id(tx, id.parse().map_err(AppError::fault)?)? else { continue };
            for text in contents {
                search::forget_article(tx, article.number, &String::from_utf8_lossy(&text.bytes))?;
            }
            articles.insert(article.id);
            continue;
        }
        let Some(id) = entry.first().and_then(|entry| subject(&entry.bytes, "ticket")) else { continue };
        let Some(ticket) = ticket::by_id(tx, id.parse().map_err(AppError::fault)?)? else { continue };
        for text in contents {
            search::forget(tx, ticket.number, text)?;
        }
        tickets.insert(ticket.id);
    }
    Ok((tickets, articles))
}

fn is_history(bytes: &[u8]) -> bool {
    Envelope::parse(bytes).is_ok_and(|envelope| envelope.kind == "ticket.imported")
}

fn subject(bytes: &[u8], role: &str) -> Option<String> {
    Envelope::parse(bytes).ok()?.subject.remove(role)
}

/// The entries about an object, found by reading the whole log: erasures are rare, and an index of what
/// to forget would have to be forgotten too.
fn about(tx: &mut dyn Tx, role: &str, id: &str, kind: Option<&str>) -> Result<BTreeSet<u64>> {
    let (mut found, mut next) = (BTreeSet::new(), 0);
    loop {
        let page = log::entries(tx, next, PAGE)?;
        let Some(last) = page.last() else { return Ok(found) };
        next = last.seq + 1;
        for entry in &page {
            let envelope = Envelope::parse(&entry.bytes).map_err(AppError::fault)?;
            let wanted = kind.is_none_or(|kind| envelope.kind == kind);
            if wanted && envelope.subject.get(role).is_some_and(|known| known == id) {
                found.insert(entry.seq);
            }
        }
    }
}
