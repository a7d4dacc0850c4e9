//! What a verification found, in words.

use base::lang::{Bilingual, Lang, integer};

use super::row::Row;
use crate::tree::{Hash, empty_root, hex};

/// The outcome of verifying one log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub origin: String,
    /// Entries read.
    pub entries: u64,
    /// Checkpoints read.
    pub checkpoints: u64,
    /// Full tiles cut again and compared.
    pub tiles: u64,
    /// The size up to which the signed roots could be met: the leaf hashes of `[0, proven)` are known
    /// for certain, so findings within it are certain too. Beyond, they are the likeliest reading.
    pub proven: u64,
    /// The root at `proven`.
    pub root: Hash,
    /// By entry, those about no entry last.
    pub findings: Vec<Finding>,
}

/// One thing wrong. Entries are named by the sequence number they were signed under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The stored bytes are not those signed.
    BytesChanged {
        seq: u64,
    },
    /// The bytes are those signed, the stored leaf hash is not theirs.
    LeafHashChanged {
        seq: u64,
    },
    /// Entries `seq` to `last` are gone, later ones remain.
    Missing {
        seq: u64,
        last: u64,
    },
    /// The entries from `seq` up to the signed size are gone.
    TruncatedTail {
        seq: u64,
        size: u64,
    },
    /// The row stored at `seq` was never signed.
    Inserted {
        seq: u64,
    },
    /// The row stored at `seq` repeats entry `of`.
    Duplicate {
        seq: u64,
        of: u64,
    },
    /// Each is stored at the other's place; `seq < other`.
    Swapped {
        seq: u64,
        other: u64,
    },
    /// Entry `seq` is stored at place `to`, out of its order.
    Moved {
        seq: u64,
        to: u64,
    },
    /// Entry `seq` is in its order, but its row is numbered `stored`.
    Renumbered {
        seq: u64,
        stored: u64,
    },
    /// Signed, but the instant is before that of the entry preceding it.
    TimeWentBack {
        seq: u64,
    },
    /// Signed, but not a canonical entry.
    NotCanonical {
        seq: u64,
    },
    /// Signed, but the bytes say another sequence number.
    WrongSeq {
        seq: u64,
        says: u64,
    },
    /// A stored full tile is not the one the entries give.
    TileWrong {
        level: u8,
        index: u64,
    },
    /// A full tile is not stored.
    TileMissing {
        level: u8,
        index: u64,
    },
    /// Entries `seq` to `last` are covered by no checkpoint: one was removed, or they were added since.
    CheckpointMissing {
        seq: u64,
        last: u64,
    },
    /// The checkpoint of that rank is not stored.
    CheckpointNumberMissing {
        number: u64,
    },
    /// No key of the log signed this, or the signature does not fit the text.
    CheckpointBadSignature {
        number: u64,
        size: u64,
    },
    CheckpointUnreadable {
        number: u64,
    },
    CheckpointOfOtherLog {
        number: u64,
        origin: String,
    },
    /// The size stored beside the note is not the one signed.
    CheckpointSizeChanged {
        number: u64,
        stored: u64,
        signed: u64,
    },
    /// The size is smaller than that of an earlier checkpoint.
    CheckpointWentBack {
        number: u64,
        size: u64,
    },
    /// Nothing stored gives the root signed at `size`: one at least of the entries `[from, size)` was
    /// rewritten with all that was derived from it.
    CheckpointDisagrees {
        size: u64,
        from: u64,
    },
}

impl Report {
    pub(super) fn new(origin: &str) -> Self {
        let (origin, root, findings) = (origin.to_owned(), empty_root(), Vec::new());
        Report { origin, entries: 0, checkpoints: 0, tiles: 0, proven: 0, root, findings }
    }

    /// Whether the log is exactly what was signed.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    /// The sequence number of the first wrong entry; `None` when no entry is wrong, or none is known to
    /// be (a checkpoint's signature alone, a tile).
    pub fn first_wrong_entry(&self) -> Option<u64> {
        self.findings.iter().find_map(Finding::seq)
    }

    /// The first finding, which names the first wrong entry when there is one.
    pub fn first(&self) -> Option<&Finding> {
        self.findings.first()
    }

    /// The outcome in one sentence.
    pub fn sentence(&self) -> Bilingual {
        let n = |lang, value: u64| number(lang, value);
        let root = hex(&self.root);
        match self.first() {
            None => both(|lang| match lang {
                Lang::Fr => format!(
                    "Journal {} intact : {} entrées, {} points de contrôle signés, racine {root}.",
                    self.origin,
                    n(lang, self.entries),
                    n(lang, self.checkpoints)
                ),
                Lang::En => format!(
                    "Journal {} is sound: {} entries, {} signed checkpoints, root {root}.",
                    self.origin,
                    n(lang, self.entries),
                    n(lang, self.checkpoints)
                ),
            }),
            Some(first) => both(|lang| {
                let first = first.sentence();
                let (count, proven) = (n(lang, self.findings.len() as u64), n(lang, self.proven));
                match lang {
                    Lang::Fr => format!(
                        "Journal {} altéré ({count} constat(s) ; racines signées retrouvées jusqu'à la taille {proven}). {}",
                        self.origin, first.fr
                    ),
                    Lang::En => format!(
                        "Journal {} was altered ({count} finding(s); signed roots met up to size {proven}). {}",
                        self.origin, first.en
                    ),
                }
            }),
        }
    }

    /// What is still to be said of a row that is where it was signed to be.
    pub(super) fn note_intact(&mut self, row: &Row, seq: u64, last_t: &mut i64) {
        self.findings.extend(intact_faults(row, seq, last_t));
    }
}

/// Faults that a signature does not exclude: the log was written wrong.
pub(super) fn intact_faults(row: &Row, seq: u64, last_t: &mut i64) -> Option<Finding> {
    let Some((says, t)) = row.inside else { return Some(Finding::NotCanonical { seq }) };
    let went_back = t < *last_t;
    *last_t = t.max(*last_t);
    if says != seq {
        return Some(Finding::WrongSeq { seq, says });
    }
    went_back.then_some(Finding::TimeWentBack { seq })
}

impl Finding {
    /// The first entry concerned, if the finding is about entries.
    pub fn seq(&self) -> Option<u64> {
        use Finding::*;
        match *self {
            BytesChanged { seq }
            | LeafHashChanged { seq }
            | Missing { seq, .. }
            | TruncatedTail { seq, .. }
            | Inserted { seq }
            | Duplicate { seq, .. }
            | Swapped { seq, .. }
            | TimeWentBack { seq }
            | NotCanonical { seq }
            | WrongSeq { seq, .. }
            | Renumbered { seq, .. }
            | CheckpointMissing { seq, .. } => Some(seq),
            // Whichever place is first no longer holds what it held.
            Moved { seq, to } => Some(seq.min(to)),
            CheckpointDisagrees { from, .. } => Some(from),
            TileWrong { .. }
            | TileMissing { .. }
            | CheckpointNumberMissing { .. }
            | CheckpointBadSignature { .. }
            | CheckpointUnreadable { .. }
            | CheckpointOfOtherLog { .. }
            | CheckpointSizeChanged { .. }
            | CheckpointWentBack { .. } => None,
        }
    }

    /// The finding in one sentence.
    pub fn sentence(&self) -> Bilingual {
        Bilingual::new(self.french(), self.english())
    }

    fn french(&self) -> String {
        use Finding::*;
        let n = |value: u64| number(Lang::Fr, value);
        match self {
            BytesChanged { seq } => format!("Entrée {} : le contenu a été modifié.", n(*seq)),
            LeafHashChanged { seq } => {
                format!("Entrée {} : contenu intact, mais son empreinte enregistrée a été modifiée.", n(*seq))
            }
            Missing { seq, last } if seq == last => format!("Entrée {} : supprimée.", n(*seq)),
            Missing { seq, last } => format!("Entrées {} à {} : supprimées.", n(*seq), n(*last)),
            TruncatedTail { seq, size } => format!(
                "Fin du journal coupée à partir de l'entrée {} : {} entrées avaient été signées.",
                n(*seq),
                n(*size)
            ),
            Inserted { seq } => format!("Place {} : entrée insérée, jamais signée.", n(*seq)),
            Duplicate { seq, of } => format!("Place {} : copie de l'entrée {}.", n(*seq), n(*of)),
            Swapped { seq, other } => format!("Entrées {} et {} : interverties.", n(*seq), n(*other)),
            Moved { seq, to } => format!("Entrée {} : déplacée à la place {}.", n(*seq), n(*to)),
            Renumbered { seq, stored } => {
                format!("Entrée {} : enregistrée sous le numéro {}.", n(*seq), n(*stored))
            }
            TimeWentBack { seq } => format!("Entrée {} : datée d'avant l'entrée précédente.", n(*seq)),
            NotCanonical { seq } => format!("Entrée {} : signée, mais hors de la forme canonique.", n(*seq)),
            WrongSeq { seq, says } => {
                format!("Entrée {} : signée à cette place, mais se dit entrée {}.", n(*seq), n(*says))
            }
            TileWrong { level, index } => {
                format!("Tuile {index} de niveau {level} : ne correspond pas aux entrées.")
            }
            TileMissing { level, index } => format!("Tuile {index} de niveau {level} : absente."),
            CheckpointMissing { seq, last } => format!(
                "Entrées {} à {} : aucun point de contrôle signé ne les couvre ; il a été retiré, ou elles ont \
                 été ajoutées.",
                n(*seq),
                n(*last)
            ),
            CheckpointNumberMissing { number } => format!("Point de contrôle n° {} : absent.", n(*number)),
            CheckpointBadSignature { number, size } => format!(
                "Point de contrôle n° {} (taille {}) : signature fausse, ou d'une clé inconnue.",
                n(*number),
                n(*size)
            ),
            CheckpointUnreadable { number } => format!("Point de contrôle n° {} : illisible.", n(*number)),
            CheckpointOfOtherLog { number, origin } => {
                format!("Point de contrôle n° {} : c'est celui d'un autre journal, {origin}.", n(*number))
            }
            CheckpointSizeChanged { number, stored, signed } => format!(
                "Point de contrôle n° {} : enregistré pour la taille {}, signé pour {}.",
                n(*number),
                n(*stored),
                n(*signed)
            ),
            CheckpointWentBack { number, size } => format!(
                "Point de contrôle n° {} : sa taille {} est inférieure à celle d'un précédent.",
                n(*number),
                n(*size)
            ),
            CheckpointDisagrees { size, from } if from + 1 == *size => format!(
                "Entrée {} : réécrite avec tout ce qui en dérive ; le point de contrôle signé à {} le prouve.",
                n(*from),
                n(*size)
            ),
            CheckpointDisagrees { size, from } => format!(
                "Entrées {} à {} : l'une au moins a été réécrite avec tout ce qui en dérive ; le point de \
                 contrôle signé à {} le prouve.",
                n(*from),
                n(size.saturating_sub(1)),
                n(*size)
            ),
        }
    }

    fn english(&self) -> String {
        use Finding::*;
        let n = |value: u64| number(Lang::En, value);
        match self {
            BytesChanged { seq } => format!("Entry {}: its content was changed.", n(*seq)),
            LeafHashChanged { seq } => {
                format!("Entry {}: content intact, but its stored hash was changed.", n(*seq))
            }
            Missing { seq, last } if seq == last => format!("Entry {}: deleted.", n(*seq)),
            Missing { seq, last } => format!("Entries {} to {}: deleted.", n(*seq), n(*last)),
            TruncatedTail { seq, size } => format!(
                "The end of the journal was cut from entry {} on: {} entries had been signed.",
                n(*seq),
                n(*size)
            ),
            Inserted { seq } => format!("Place {}: an inserted entry, never signed.", n(*seq)),
            Duplicate { seq, of } => format!("Place {}: a copy of entry {}.", n(*seq), n(*of)),
            Swapped { seq, other } => format!("Entries {} and {}: swapped.", n(*seq), n(*other)),
            Moved { seq, to } => format!("Entry {}: moved to place {}.", n(*seq), n(*to)),
            Renumbered { seq, stored } => format!("Entry {}: stored under number {}.", n(*seq), n(*stored)),
            TimeWentBack { seq } => format!("Entry {}: dated before the entry preceding it.", n(*seq)),
            NotCanonical { seq } => format!("Entry {}: signed, but not in canonical form.", n(*seq)),
            WrongSeq { seq, says } => {
                format!("Entry {}: signed at this place, but calls itself entry {}.", n(*seq), n(*says))
            }
            TileWrong { level, index } => {
                format!("Tile {index} of level {level}: does not match the entries.")
            }
            TileMissing { level, index } => format!("Tile {index} of level {level}: missing."),
            CheckpointMissing { seq, last } => format!(
                "Entries {} to {}: no signed checkpoint covers them; one was removed, or they were added since.",
                n(*seq),
                n(*last)
            ),
            CheckpointNumberMissing { number } => format!("Checkpoint no. {}: missing.", n(*number)),
            CheckpointBadSignature { number, size } => format!(
                "Checkpoint no. {} (size {}): wrong signature, or of an unknown key.",
                n(*number),
                n(*size)
            ),
            CheckpointUnreadable { number } => format!("Checkpoint no. {}: unreadable.", n(*number)),
            CheckpointOfOtherLog { number, origin } => {
                format!("Checkpoint no. {}: it belongs to another log, {origin}.", n(*number))
            }
            CheckpointSizeChanged { number, stored, signed } => format!(
                "Checkpoint no. {}: stored for size {}, signed for {}.",
                n(*number),
                n(*stored),
                n(*signed)
            ),
            CheckpointWentBack { number, size } => {
                format!("Checkpoint no. {}: its size {} is below an earlier one's.", n(*number), n(*size))
            }
            CheckpointDisagrees { size, from } if from + 1 == *size => format!(
                "Entry {}: rewritten with all that derives from it; the checkpoint signed at {} proves it.",
                n(*from),
                n(*size)
            ),
            CheckpointDisagrees { size, from } => format!(
                "Entries {} to {}: one at least was rewritten with all that derives from it; the checkpoint \
                 signed at {} proves it.",
                n(*from),
                n(size.saturating_sub(1)),
                n(*size)
            ),
        }
    }
}

fn both(say: impl Fn(Lang) -> String) -> Bilingual {
    Bilingual::new(say(Lang::Fr), say(Lang::En))
}

fn number(lang: Lang, value: u64) -> String {
    integer(lang, i64::try_from(value).unwrap_or(i64::MAX))
}
