//! The whole log derived again from what is stored, and every content beside it compared with the
//! commitment that names it.

use super::{CHECKPOINTS_STORED, ENTRIES, NEGATIVE};
use crate::content::{self, ERASED, Held, State};
use crate::db::{Database, Tx};
use crate::{Result, StoreError, vals};
use base::lang::{Bilingual, Lang, integer};
use journal::Envelope;
use journal::commitment::commit;
use journal::tree::hex;
use journal::verify::{Report, Source, StoredCheckpoint, StoredEntry, Trust};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Rows read at a time.
const PAGE: u32 = 256;

/// What was verified, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub log: Report,
    /// Contents that open their commitment.
    pub contents: u64,
    /// Contents erased under an entry that authorises it.
    pub erased: u64,
    /// Those entries, in order.
    pub erasures: Vec<Erasure>,
    /// By entry.
    pub findings: Vec<ContentFinding>,
}

/// An entry that authorised an erasure, and what it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erasure {
    pub seq: u64,
    /// Microseconds UTC.
    pub at: i64,
    pub contents: u64,
}

/// A content that is not what its entry committed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentFinding {
    /// The entry that names it.
    pub seq: u64,
    pub name: String,
    pub fault: Fault,
}

/// What is wrong with a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Another content or salt than the entry committed to.
    Changed,
    /// The entry commits to a content that is not there, and nothing says that it was erased.
    Missing,
    /// Marked as erased under an entry that does not authorise it.
    ErasedUnauthorised { by: u64 },
    /// Stored under an entry that does not name it.
    Unnamed,
}

impl Verified {
    pub fn is_sound(&self) -> bool {
        self.log.is_sound() && self.findings.is_empty()
    }

    /// The first wrong entry, of the log or by its content.
    pub fn first_wrong_entry(&self) -> Option<u64> {
        let content = self.findings.first().map(|f| f.seq);
        self.log.first_wrong_entry().into_iter().chain(content).min()
    }

    /// Every finding in a sentence, the log's first.
    pub fn sentences(&self) -> Vec<Bilingual> {
        let log = self.log.findings.iter().map(|f| f.sentence());
        log.chain(self.findings.iter().map(ContentFinding::sentence)).collect()
    }
}

impl ContentFinding {
    pub fn sentence(&self) -> Bilingual {
        let n = |lang, seq: u64| integer(lang, i64::try_from(seq).unwrap_or(i64::MAX));
        let (fr, en) = match self.fault {
            Fault::Changed => ("le contenu a été modifié".to_string(), "was changed".to_string()),
            Fault::Missing => (
                "absent, sans effacement autorisé".to_string(),
                "is missing, no erasure was authorised".to_string(),
            ),
            Fault::ErasedUnauthorised { by } => (
                format!("effacé, mais l'entrée {} ne l'autorise pas", n(Lang::Fr, by)),
                format!("was erased, but entry {} does not authorise it", n(Lang::En, by)),
            ),
            Fault::Unnamed => (
                "ajouté : l'entrée ne le nomme pas".to_string(),
                "was added: the entry does not name it".to_string(),
            ),
        };
        let (seq, name) = (self.seq, &self.name);
        Bilingual::new(
            format!("Entrée {}, contenu « {name} » : {fr}.", n(Lang::Fr, seq)),
            format!("Entry {}: the content “{name}” {en}.", n(Lang::En, seq)),
        )
    }
}

/// Verifies the log and the contents of a database, in one snapshot, in constant memory while sound.
///
/// The database may be open elsewhere, and need not be opened for writing. `Err` only when it cannot
/// be read.
pub fn verify(db: &Database, trust: &Trust) -> Result<Verified> {
    db.read(|tx| verify_in(tx, trust))
}

/// The same within a read already open.
pub fn verify_in(tx: &mut dyn Tx, trust: &Trust) -> Result<Verified> {
    if let Some(row) = tx.opt_row(NEGATIVE, &[])? {
        return Err(StoreError::Damaged(format!("a row was added under the number {}", row.int(0)?)));
    }
    let mut stored = Stored {
        tx,
        entries: VecDeque::new(),
        next_seq: 0,
        checkpoints: VecDeque::new(),
        next_number: 0,
        contents: Contents::default(),
    };
    let log = journal::verify::verify(&mut stored, trust)?;
    let Stored { tx, next_seq, mut contents, .. } = stored;
    for left in content::of_entries(tx, next_seq, i64::MAX as u64)? {
        contents.fault(left.seq, left.name, Fault::Unnamed);
    }
    let (contents, erasures, findings) = contents.settle();
    let erased = erasures.iter().map(|e| e.contents).sum();
    Ok(Verified { log, contents, erased, erasures, findings })
}

/// The tables as the verifier reads them, page by page.
struct Stored<'a> {
    tx: &'a mut dyn Tx,
    entries: VecDeque<StoredEntry>,
    next_seq: u64,
    checkpoints: VecDeque<StoredCheckpoint>,
    next_number: u64,
    contents: Contents,
}

impl Source for Stored<'_> {
    type Error = StoreError;

    fn next_entry(&mut self) -> Result<Option<StoredEntry>> {
        if self.entries.is_empty() {
            for row in self.tx.rows(ENTRIES, vals![self.next_seq, PAGE])? {
                let (seq, bytes, leaf) = (row.uint(0)?, row.blob(1)?.to_vec(), row.blob(2)?.to_vec());
                self.entries.push_back(StoredEntry { seq, bytes, leaf });
            }
            if let Some(last) = self.entries.back() {
                let end = last.seq + 1;
                let held = content::of_entries(self.tx, self.next_seq, end)?;
                self.contents.compare(&self.entries, held);
                self.next_seq = end;
            }
        }
        Ok(self.entries.pop_front())
    }

    fn next_checkpoint(&mut self) -> Result<Option<StoredCheckpoint>> {
        if self.checkpoints.is_empty() {
            for row in self.tx.rows(CHECKPOINTS_STORED, vals![self.next_number, PAGE])? {
                let (number, size, note) = (row.uint(0)?, row.uint(1)?, row.text(2)?.to_string());
                self.next_number = number + 1;
                self.checkpoints.push_back(StoredCheckpoint { number, size, note });
            }
        }
        Ok(self.checkpoints.pop_front())
    }

    fn tile(&mut self, level: u8, index: u64) -> Result<Option<Vec<u8>>> {
        super::tile(self.tx, level, index)
    }
}

/// The comparison of contents with the entries that name them.
#[derive(Default)]
struct Contents {
    sound: u64,
    findings: Vec<ContentFinding>,
    /// What is marked as erased: (entry, name, erasing entry).
    erased: Vec<(u64, String, u64)>,
    /// Erasing entry → when, and the entries whose contents it erases.
    authorised: BTreeMap<u64, (i64, BTreeSet<u64>)>,
}

impl Contents {
    fn fault(&mut self, seq: u64, name: String, fault: Fault) {
        self.findings.push(ContentFinding { seq, name, fault });
    }

    fn compare(&mut self, entries: &VecDeque<StoredEntry>, held: Vec<Held>) {
        let mut held: BTreeMap<(u64, String), State> =
            held.into_iter().map(|h| ((h.seq, h.name), h.state)).collect();
        for entry in entries {
            // An unreadable entry is the log's own finding.
            let Ok(envelope) = Envelope::parse(&entry.bytes) else { continue };
            if envelope.kind == ERASED {
                let seqs = envelope.data["seqs"].as_array().into_iter().flatten();
                let seqs = seqs.filter_map(|seq| seq.as_u64()).collect();
                self.authorised.insert(entry.seq, (envelope.t, seqs));
            }
            for (name, commitment) in envelope.commitments {
                match held.remove(&(entry.seq, name.clone())) {
                    None => self.fault(entry.seq, name, Fault::Missing),
                    Some(State::Erased { by }) => self.erased.push((entry.seq, name, by)),
                    Some(State::Present { salt, bytes }) if fits(&commitment, &salt, &bytes) => {
                        self.sound += 1
                    }
                    Some(State::Present { .. }) => self.fault(entry.seq, name, Fault::Changed),
                }
            }
        }
        for ((seq, name), _) in held {
            self.fault(seq, name, Fault::Unnamed);
        }
    }

    fn settle(mut self) -> (u64, Vec<Erasure>, Vec<ContentFinding>) {
        let mut erasures: BTreeMap<u64, Erasure> = BTreeMap::new();
        for (seq, name, by) in std::mem::take(&mut self.erased) {
            match self.authorised.get(&by) {
                Some((at, seqs)) if seqs.contains(&seq) => {
                    let erasure = erasures.entry(by).or_insert(Erasure { seq: by, at: *at, contents: 0 });
                    erasure.contents += 1;
                }
                _ => self.fault(seq, name, Fault::ErasedUnauthorised { by }),
            }
        }
        self.findings.sort_by(|a, b| (a.seq, &a.name).cmp(&(b.seq, &b.name)));
        (self.sound, erasures.into_values().collect(), self.findings)
    }
}

fn fits(commitment: &str, salt: &[u8], bytes: &[u8]) -> bool {
    let Ok(salt) = <&[u8; 32]>::try_from(salt) else { return false };
    hex(&commit(salt, bytes)) == commitment
}
