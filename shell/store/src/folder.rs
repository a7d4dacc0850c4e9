//! The data folder: who owns it, and where things lie in it.
//!
//! ```text
//! DATA/lock                     held by the one process that owns the folder
//! DATA/instance.db
//! DATA/vaults/<slug>/vault.db
//! DATA/vaults/<slug>/files/     what people attach, by hash
//! DATA/keys/<name>              mode 0400
//! ```

use crate::blob::Blobs;
use crate::db::Place;
use crate::{Result, StoreError};
use rustix::fs::{FsWord, statfs};
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// File systems over a network, where SQLite's locks and syncs cannot be trusted
/// (`linux/magic.h`: NFS, SMB, SMB2, CIFS, 9P, AFS, CEPH, FUSE is left to the operator).
const NETWORK: [FsWord; 7] =
    [0x6969, 0x517b, 0xfe53_4d42, 0xff53_4d42, 0x0102_1997, 0x5346_414f, 0x00c3_6400];

/// An owned data folder; the lock ends with it.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    /// `None` when the folder is only inspected.
    _lock: Option<File>,
}

impl Folder {
    /// Creates the folder if needed and takes it for this process.
    pub fn open(root: &Path) -> Result<Folder> {
        for dir in [root.to_path_buf(), root.join("vaults"), root.join("keys")] {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(&dir);
            made.map_err(|e| problem(&dir, format!("cannot be created: {e}")))?;
        }
        refuse_network(root)?;
        let path = root.join("lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
        let file = file.map_err(|e| problem(&path, format!("cannot be opened: {e}")))?;
        match file.try_lock() {
            Ok(()) => Ok(Folder { root: root.into(), _lock: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(problem(
                root,
                "another process owns this data folder; stop it first, or ask it to do the work",
            )),
            Err(TryLockError::Error(e)) => Err(problem(&path, format!("cannot be locked: {e}"))),
        }
    }

    /// Looks at an existing folder without owning it: to verify a journal beside a running server.
    pub fn inspect(root: &Path) -> Result<Folder> {
        if !root.join("instance.db").is_file() {
            return Err(problem(root, "not a data folder: it has no instance.db"));
        }
        refuse_network(root)?;
        Ok(Folder { root: root.into(), _lock: None })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The instance database.
    pub fn instance(&self) -> Place {
        Place::Sqlite(self.root.join("instance.db"))
    }

    /// A vault's database; its folder is created if this process owns the data.
    pub fn vault(&self, slug: &str) -> Result<Place> {
        check_name(slug)?;
        let dir = self.root.join("vaults").join(slug);
        if self._lock.is_some() {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(&dir);
            made.map_err(|e| problem(&dir, format!("cannot be created: {e}")))?;
        }
        Ok(Place::Sqlite(dir.join("vault.db")))
    }

    /// Where a vault keeps the files that people attach; made at the first one.
    pub fn files(&self, slug: &str) -> Result<Blobs> {
        check_name(slug)?;
        Ok(Blobs::at(self.root.join("vaults").join(slug).join("files")))
    }

    /// True once the vault's database file exists.
    pub fn has_vault(&self, slug: &str) -> bool {
        check_name(slug).is_ok() && self.root.join("vaults").join(slug).join("vault.db").is_file()
    }

    /// Keeps a new key, readable by the owner only; refuses to replace one.
    pub fn add_key(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.key_path(name)?;
        if self._lock.is_none() {
            return Err(problem(
                &path,
                "the key is missing, and a folder that is only inspected gets no new one",
            ));
        }
        let written = (|| {
            let mut file = OpenOptions::new().create_new(true).write(true).mode(0o400).open(&path)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            // The name itself must survive a power cut too.
            File::open(self.root.join("keys"))?.sync_all()
        })();
        written.map_err(|e| problem(&path, format!("the key cannot be written: {e}")))
    }

    /// A key's bytes; `None` if there is none of that name. Refuses one that others may read.
    pub fn key(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let path = self.key_path(name)?;
        let meta = match fs::metadata(&path) {
            Ok(meta) => meta,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(problem(&path, format!("cannot be read: {e}"))),
        };
        let mode = meta.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(problem(&path, format!("mode {mode:04o} lets others read this key; chmod 0400 it")));
        }
        fs::read(&path).map(Some).map_err(|e| problem(&path, format!("cannot be read: {e}")))
    }

    fn key_path(&self, name: &str) -> Result<PathBuf> {
        check_name(name)?;
        Ok(self.root.join("keys").join(name))
    }
}

/// Accepts what is safe as a folder, schema and key name: `a-z 0-9 -`, not starting with a dash.
pub fn check_name(name: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 63 || name.starts_with('-') || !name.chars().all(plain) {
        return Err(StoreError::BadName(name.into()));
    }
    Ok(())
}

fn refuse_network(root: &Path) -> Result<()> {
    let stat = statfs(root).map_err(|e| problem(root, format!("cannot be examined: {e}")))?;
    if NETWORK.contains(&stat.f_type) {
        return Err(problem(
            root,
            "is on a network file system, where commits cannot be trusted; use a local disk",
        ));
    }
    Ok(())
}

pub(crate) fn problem(path: &Path, problem: impl Into<String>) -> StoreError {
    StoreError::Folder { path: path.into(), problem: problem.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_leave_the_folder_are_refused() {
        for bad in ["", "..", "a/b", "A", "-a", "é", "a.b", &"x".repeat(64)] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
        check_name("ateliers-garonne").unwrap();
        check_name("0190a6c2-0000-7000-8000-000000000000").unwrap();
    }
}
