//! What people attach, as files of the vault's folder, each once under the hash of its bytes.
//!
//! ```text
//! files/part/<name>     being received; nothing names it, and it goes if the upload does not end
//! files/ab/<sha256>     whole and on disk before the journal entry that names it
//! ```
//!
//! Two vaults never share a file: equal bytes are kept once within a vault, and a vault's folder leaves
//! with all its files. Contents are never looked at here.

use crate::folder::problem;
use crate::{Result, StoreError};
use journal::tree::hex;
use sha2::{Digest, Sha256};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// How many of the first bytes an upload keeps in memory, for whoever tells what the file is.
pub const HEAD: usize = 256 * 1024;

/// The files of one vault.
#[derive(Debug, Clone)]
pub struct Blobs {
    root: PathBuf,
}

/// What a hash finds on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Intact,
    Missing,
    /// Other bytes than the hash says.
    Altered,
}

impl Blobs {
    pub(crate) fn at(root: PathBuf) -> Blobs {
        Blobs { root }
    }

    /// Begins to receive a file; `name` is unique, of letters, digits and dashes.
    pub fn begin(&self, name: &str) -> Result<Upload> {
        crate::folder::check_name(name)?;
        let dir = self.root.join("part");
        make(&dir)?;
        let path = dir.join(name);
        let file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path);
        let file = file.map_err(|e| problem(&path, format!("cannot be created: {e}")))?;
        let part = Part { path };
        Ok(Upload { blobs: self.clone(), file, part, hasher: Sha256::new(), size: 0, head: Vec::new() })
    }

    /// The file of this hash, open for reading; `None` if it is not there.
    pub fn open(&self, sha256: &str) -> Result<Option<File>> {
        let path = self.path(sha256)?;
        match File::open(&path) {
            Ok(file) => Ok(Some(file)),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(problem(&path, format!("cannot be read: {e}"))),
        }
    }

    /// Reads the whole file again and compares it with its name.
    pub fn check(&self, sha256: &str) -> Result<Found> {
        let Some(mut file) = self.open(sha256)? else { return Ok(Found::Missing) };
        let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 64 * 1024]);
        loop {
            match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => hasher.update(&buffer[..n]),
                Err(e) => return Err(problem(&self.path(sha256)?, format!("cannot be read: {e}"))),
            }
        }
        Ok(if hex(&hasher.finalize().into()) == sha256 { Found::Intact } else { Found::Altered })
    }

    /// Removes what uploads cut short by a crash left. Only while none is running.
    pub fn forget_unfinished(&self) -> Result<()> {
        for path in entries(&self.root.join("part"))? {
            remove(&path)?;
        }
        Ok(())
    }

    /// Removes the files that `wanted` says nothing names; gives how many went. Only while none is
    /// being attached: a file is on disk before the entry that names it.
    pub fn sweep<E: From<StoreError>>(
        &self,
        mut wanted: impl FnMut(&str) -> std::result::Result<bool, E>,
    ) -> std::result::Result<u64, E> {
        let mut gone = 0;
        for dir in entries(&self.root)? {
            if dir.file_name().is_some_and(|name| name.len() != 2) {
                continue;
            }
            for path in entries(&dir)? {
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                if is_hash(name) && !wanted(name)? {
                    remove(&path)?;
                    gone += 1;
                }
            }
        }
        Ok(gone)
    }

    fn path(&self, sha256: &str) -> Result<PathBuf> {
        if !is_hash(sha256) {
            return Err(StoreError::BadName(sha256.into()));
        }
        Ok(self.root.join(&sha256[..2]).join(sha256))
    }
}

/// A file being received. Dropped before its end, it leaves nothing.
#[derive(Debug)]
pub struct Upload {
    blobs: Blobs,
    file: File,
    part: Part,
    hasher: Sha256,
    size: u64,
    head: Vec<u8>,
}

impl Upload {
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file
            .write_all(bytes)
            .map_err(|e| problem(&self.part.path, format!("cannot be written: {e}")))?;
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
        let room = HEAD - self.head.len();
        self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
        Ok(())
    }

    /// Bytes received so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Everything arrived: on disk, under no name yet.
    pub fn finish(self) -> Result<Whole> {
        let Upload { blobs, file, part, hasher, size, head } = self;
        file.sync_all().map_err(|e| problem(&part.path, format!("cannot be synced: {e}")))?;
        Ok(Whole { blobs, part, sha256: hex(&hasher.finalize().into()), size, head })
    }
}

/// A whole file that no entry names. Dropped before it is kept, it leaves nothing.
#[derive(Debug)]
pub struct Whole {
    blobs: Blobs,
    part: Part,
    pub sha256: String,
    pub size: u64,
    /// Its first bytes, [`HEAD`] at most.
    pub head: Vec<u8>,
}

impl Whole {
    /// Puts it under its hash, for an entry to name: the name is on disk when this returns. Bytes
    /// already there are replaced by the same, so a file that the disk had altered is mended.
    pub fn keep(self) -> Result<()> {
        let to = self.blobs.path(&self.sha256)?;
        let dir = self.blobs.root.join(&self.sha256[..2]);
        make(&dir)?;
        fs::rename(&self.part.path, &to).map_err(|e| problem(&to, format!("cannot be named: {e}")))?;
        // The part has no name left to remove: dropping it finds nothing.
        // Then `files/xy`, `files` and the vault's folder, which hold the names: even where the folders
        // stood already, whoever made them may not have reached their own sync.
        dir.ancestors().take(3).try_for_each(sync)
    }
}

/// A name under `part/` that goes with the value.
#[derive(Debug)]
struct Part {
    path: PathBuf,
}

impl Drop for Part {
    fn drop(&mut self) {
        // Nothing there after it was kept; anything else is removed when the vault opens again.
        let _ = fs::remove_file(&self.path);
    }
}

fn is_hash(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Makes a folder under the vault's, if it is not there.
fn make(dir: &Path) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.map_err(|e| problem(dir, format!("cannot be created: {e}")))
}

fn sync(dir: &Path) -> Result<()> {
    let synced = File::open(dir).and_then(|dir| dir.sync_all());
    synced.map_err(|e| problem(dir, format!("cannot be synced: {e}")))
}

/// What a folder holds; nothing if it is not there.
fn entries(dir: &Path) -> Result<Vec<PathBuf>> {
    let list = match fs::read_dir(dir) {
        Ok(list) => list,
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(Vec::new()),
        Err(e) => return Err(problem(dir, format!("cannot be read: {e}"))),
    };
    let paths: std::io::Result<Vec<PathBuf>> = list.map(|entry| entry.map(|e| e.path())).collect();
    paths.map_err(|e| problem(dir, format!("cannot be read: {e}")))
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(problem(path, format!("cannot be removed: {e}"))),
        _ => Ok(()),
    }
}
