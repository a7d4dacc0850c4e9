//! The journal as tiles, so that any C2SP client can mirror and verify it.

use journal::tile::{self, Content, FULL_BYTES, Tile, WIDTH};
use store::{Tx, log};

use crate::access::{Act, Permit};
use crate::error::{AppError, Result};
use crate::instance::App;

impl App {
    /// The bytes of a tile of a customer's log, full or partial; not found while the log is shorter.
    pub fn tile(&self, permit: &Permit, tile: &Tile) -> Result<Vec<u8>> {
        permit.covers(Act::SeeJournal)?;
        let vault = self.vault(permit.customer())?;
        let tile = *tile;
        vault.db.read(move |tx| match tile.content {
            Content::Entries => bundle(tx, tile),
            Content::Hashes { level } => hashes(tx, level, tile),
        })
    }
}

fn bundle(tx: &mut dyn Tx, wanted: Tile) -> Result<Vec<u8>> {
    let entries = lowest(tx, wanted)?;
    tile::encode_bundle(entries.iter().map(|e| e.bytes.as_slice())).map_err(AppError::fault)
}

/// The entries that a tile of the lowest row stands for.
fn lowest(tx: &mut dyn Tx, wanted: Tile) -> Result<Vec<log::Entry>> {
    let first = wanted.index.checked_mul(WIDTH).filter(|f| i64::try_from(*f).is_ok());
    let entries = log::entries(tx, first.ok_or(AppError::NotFound)?, u32::from(wanted.width))?;
    if entries.len() == usize::from(wanted.width) { Ok(entries) } else { Err(AppError::NotFound) }
}

fn hashes(tx: &mut dyn Tx, level: u8, wanted: Tile) -> Result<Vec<u8>> {
    if i64::try_from(wanted.index).is_err() {
        return Err(AppError::NotFound);
    }
    let width = usize::from(wanted.width);
    if let Some(mut full) = log::tile(tx, level, wanted.index)?.filter(|t| t.len() == FULL_BYTES) {
        full.truncate(width * 32);
        return Ok(full);
    }
    if level == 0 {
        return Ok(lowest(tx, wanted)?.iter().flat_map(|e| e.leaf).collect());
    }
    // A hash of this row is the root of a full tile of the row below.
    let first = wanted.index.checked_mul(WIDTH).ok_or(AppError::NotFound)?;
    let mut bytes = Vec::with_capacity(width * 32);
    for below in first..first + u64::from(wanted.width) {
        let full = log::tile(tx, level - 1, below)?.ok_or(AppError::NotFound)?;
        let hashes = tile::full_hashes(&full)
            .ok_or_else(|| AppError::fault(format!("the tile {below} of level {} is damaged", level - 1)))?;
        bytes.extend_from_slice(&tile::root_of_full(hashes));
    }
    Ok(bytes)
}
