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
use store::instance::{accounts, assignments};
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

/// The contents still there, by the entries that name them.
type Held = BTreeMap<u64, Vec<Present>>;

/// What is to be forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Forget {
    /// The contents of these entries.
    Entries(BTreeSet<u64>),
    /// Everything written and attached in a ticket, its title included.
    Ticket(u64),
    /// The name of a person, wherever this vault holds it, and what was brought in of what they asked or did
    /// in another tool, where nobody else known here bears their name.
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
    /// The entries of matters of another tool under a name that others bear too: whose they are is for
    /// somebody to read, and to say by their entries. They stay as they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<u64>,
}

impl App {
    /// Erases personal content of a customer's vault, for good, with the files that nothing names any more.
    ///
    /// Refused, code `privacy.nothing`, when what is asked has no content left, and `privacy.namesakes` when
    /// all that is left of it is under a name that others bear.
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
        let known = match what {
            Forget::Person(_) => self.known_names(permit)?,
            Forget::Entries(_) | Forget::Ticket(_) => Vec::new(),
        };
        let done = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                let (held, left) = held(tx, &scope, &what, &known)?;
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
                let done = Erased { entry, contents: count, entries, left };
                serde_json::to_vec(&done).map_err(AppError::fault)
            })
        })?;
        // The words leave the write-ahead log, and the files the disk, before this says that they did.
        vault.db.checkpoint()?;
        self.sweep_files()?;
        self.mark_dirty(permit.customer());
        serde_json::from_slice(&done).map_err(AppError::fault)
    }

    /// The names that accounts go by now, of everybody who may be in the customer's vault.
    fn known_names(&self, permit: &Permit) -> Result<Vec<(AccountId, String)>> {
        let customer = permit.customer().0;
        self.instance.read(move |tx| {
            let mut known = Vec::new();
            for id in assignments::ever(tx, customer)? {
                known.extend(accounts::by_id(tx, id)?.map(|a| (AccountId(id), a.display_name)));
            }
            Ok(known)
        })
    }
}

/// The contents still there of what is asked, by the entries that name them; then the entries that are
/// left, since they may be about somebody else.
///
/// `known` are the names that people go by now, which their accounts alone may know.
fn held(
    tx: &mut dyn Tx,
    scope: &Scope,
    what: &Forget,
    known: &[(AccountId, String)],
) -> Result<(Held, Vec<u64>)> {
    let mut unsure = BTreeSet::new();
    let seqs = match what {
        Forget::Entries(seqs) => seqs.clone(),
        Forget::Ticket(number) => {
            let ticket: TicketId = ticket::by_number(tx, scope, *number)?.ok_or(AppError::NotFound)?.id;
            about(tx, "ticket", &ticket.to_string(), None)?
        }
        Forget::Person(person) => {
            let mut seqs = about(tx, "actor", &person.to_string(), Some("actor.introduced"))?;
            let now = known.iter().filter(|(id, _)| id == person).map(|(_, name)| name.clone());
            let mut names: BTreeSet<String> = now.collect();
            for seq in &seqs {
                let said = content::present(tx, *seq)?;
                names.extend(said.iter().map(|name| String::from_utf8_lossy(&name.bytes).into_owned()));
            }
            // Another tool knew people by their names alone: two who share one cannot be told apart.
            let mut others: Vec<String> = crate::ticket::names(tx)?
                .into_iter()
                .chain(known.iter().cloned())
                .filter(|(id, _)| id != person)
                .map(|(_, name)| name)
                .collect();
            others.sort_unstable();
            others.dedup();
            for name in names {
                let theirs = crate::import::of_person(tx, &name)?;
                match others.iter().any(|other| crate::import::same_name(other, &name)) {
                    true => unsure.extend(theirs),
                    false => seqs.extend(theirs),
                }
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
    let mut left = Vec::new();
    for seq in unsure {
        if !held.contains_key(&seq) && !content::present(tx, seq)?.is_empty() {
            left.push(seq);
        }
    }
    if contents == 0 && !left.is_empty() {
        let entries = left.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        return Err(AppError::refused(Refusal::new(
            "privacy.namesakes",
            format!(
                "D’autres personnes portent ce nom\u{a0}: lisez ces entrées et effacez celles qui sont les siennes ({entries})."
            ),
            format!("Others bear this name: read these entries and erase those that are theirs ({entries})."),
        )));
    }
    if contents == 0 {
        return Err(AppError::refused(Refusal::new(
            "privacy.nothing",
            "Rien à effacer\u{a0}: ces entrées n’ont pas de contenu, ou il est déjà effacé.",
            "Nothing to erase: these entries have no content, or it is erased already.",
        )));
    }
    Ok((held, left))
}

/// The words of what goes leave the search: nothing else could tell later which they were. Gives the
/// tickets and the articles they were of.
fn forget_words(tx: &mut WriteTx<'_>, held: &Held) -> Result<(BTreeSet<TicketId>, BTreeSet<ArticleId>)> {
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
