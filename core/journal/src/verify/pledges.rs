//! The checkpoints that can be believed, in order: signed ones that open, and those kept elsewhere.

use std::collections::VecDeque;

use super::{Finding, Source, StoredCheckpoint, Trust};
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::note::NoteError;
use crate::tree::Hash;

/// "At this size, this root."
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pledge {
    pub size: u64,
    pub root: Hash,
}

pub(super) struct Pledges<'a> {
    trust: &'a Trust,
    anchors: VecDeque<Pledge>,
    /// A checkpoint read while an anchor had to be given first.
    waiting: Option<Pledge>,
    last: Option<Pledge>,
    /// Checkpoints read, believed or not.
    pub read: u64,
    number: u64,
    pub findings: Vec<Finding>,
}

impl<'a> Pledges<'a> {
    pub fn new(trust: &'a Trust) -> Self {
        let mut anchors: Vec<Pledge> =
            trust.anchors.iter().map(|c| Pledge { size: c.size(), root: *c.root() }).collect();
        anchors.sort_by_key(|anchor| anchor.size);
        let (waiting, last, findings) = (None, None, Vec::new());
        Pledges { trust, anchors: anchors.into(), waiting, last, read: 0, number: 0, findings }
    }

    /// The next pledge, of a size larger than the one before; `None` at the end.
    pub fn next<S: Source>(&mut self, source: &mut S) -> Result<Option<Pledge>, S::Error> {
        loop {
            if self.waiting.is_none() {
                self.waiting = self.next_signed(source)?;
            }
            let anchor_first = match (self.anchors.front(), &self.waiting) {
                (Some(anchor), Some(signed)) => anchor.size <= signed.size,
                (anchor, None) => anchor.is_some(),
                (None, Some(_)) => false,
            };
            let next = if anchor_first { self.anchors.pop_front() } else { self.waiting.take() };
            let Some(next) = next else { return Ok(None) };
            match self.last {
                Some(last) if next.size == last.size => {
                    if next.root != last.root {
                        let from = next.size.saturating_sub(1);
                        self.findings.push(Finding::CheckpointDisagrees { size: next.size, from });
                    }
                }
                _ => {
                    self.last = Some(next);
                    return Ok(Some(next));
                }
            }
        }
    }

    /// The next stored checkpoint that opens and does not go back.
    fn next_signed<S: Source>(&mut self, source: &mut S) -> Result<Option<Pledge>, S::Error> {
        while let Some(stored) = source.next_checkpoint()? {
            self.read += 1;
            if stored.number != self.number {
                self.findings.push(Finding::CheckpointNumberMissing { number: self.number });
            }
            self.number = stored.number.saturating_add(1);
            match self.open(&stored) {
                Ok(pledge) => return Ok(Some(pledge)),
                Err(finding) => self.findings.push(finding),
            }
        }
        Ok(None)
    }

    fn open(&self, stored: &StoredCheckpoint) -> Result<Pledge, Finding> {
        let StoredCheckpoint { number, size, ref note } = *stored;
        let opened = Checkpoint::open(note, &self.trust.origin, &self.trust.keys).map_err(|e| match e {
            CheckpointError::Note(NoteError::BadSignature { .. } | NoteError::Unsigned) => {
                Finding::CheckpointBadSignature { number, size }
            }
            CheckpointError::OtherLog { found, .. } => {
                Finding::CheckpointOfOtherLog { number, origin: found }
            }
            CheckpointError::Note(_) | CheckpointError::Malformed | CheckpointError::InvalidOrigin { .. } => {
                Finding::CheckpointUnreadable { number }
            }
        })?;
        if opened.size() != size {
            return Err(Finding::CheckpointSizeChanged { number, stored: size, signed: opened.size() });
        }
        if self.last.is_some_and(|last| size < last.size) {
            return Err(Finding::CheckpointWentBack { number, size });
        }
        Ok(Pledge { size, root: *opened.root() })
    }
}
