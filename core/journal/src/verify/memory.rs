//! A log held in memory: an export once read, or a test.

use std::collections::BTreeMap;
use std::convert::Infallible;

use super::{Source, StoredCheckpoint, StoredEntry};

/// Entries, checkpoints and tiles as they would be stored.
#[derive(Clone, Debug, Default)]
pub struct MemoryLog {
    pub entries: Vec<StoredEntry>,
    pub checkpoints: Vec<StoredCheckpoint>,
    /// By level and index.
    pub tiles: BTreeMap<(u8, u64), Vec<u8>>,
    next_entry: usize,
    next_checkpoint: usize,
}

impl Source for MemoryLog {
    type Error = Infallible;

    fn next_entry(&mut self) -> Result<Option<StoredEntry>, Infallible> {
        self.next_entry += 1;
        Ok(self.entries.get(self.next_entry - 1).cloned())
    }

    fn next_checkpoint(&mut self) -> Result<Option<StoredCheckpoint>, Infallible> {
        self.next_checkpoint += 1;
        Ok(self.checkpoints.get(self.next_checkpoint - 1).cloned())
    }

    fn tile(&mut self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.tiles.get(&(level, index)).cloned())
    }
}
