//! The data folder has one owner, and keys that only it can read.

mod common;

use common::TempDir;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use store::StoreError;
use store::folder::Folder;

#[test]
fn a_second_owner_is_refused_with_the_folder_named() {
    let dir = TempDir::new();
    let root = dir.path().join("data");
    let folder = Folder::open(&root).unwrap();
    let refused = Folder::open(&root).unwrap_err().to_string();
    assert!(refused.contains("another process owns") && refused.contains("data"), "{refused}");
    drop(folder);
    Folder::open(&root).unwrap();
}

#[test]
fn inspection_needs_no_lock_and_creates_nothing() {
    let dir = TempDir::new();
    assert!(Folder::inspect(dir.path()).is_err(), "an empty folder is not a data folder");
    let folder = Folder::open(dir.path()).unwrap();
    fs::write(dir.path().join("instance.db"), "").unwrap();
    let seen = Folder::inspect(dir.path()).unwrap();
    assert!(!seen.has_vault("garonne"));
    let path = PathBuf::from(seen.vault("garonne").unwrap().to_string());
    assert!(!path.parent().unwrap().exists());
    folder.vault("garonne").unwrap();
    assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    assert!(matches!(folder.vault("../garonne"), Err(StoreError::BadName(_))));
}

#[test]
fn keys_are_written_once_and_refused_when_others_can_read_them() {
    let dir = TempDir::new();
    let folder = Folder::open(dir.path()).unwrap();
    assert_eq!(folder.key("kek").unwrap(), None);
    folder.add_key("kek", &[7; 32]).unwrap();
    assert_eq!(folder.key("kek").unwrap().unwrap(), [7; 32]);
    assert!(folder.add_key("kek", &[8; 32]).is_err(), "a key is never replaced in place");
    let path = dir.path().join("keys/kek");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o400);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
    assert!(folder.key("kek").unwrap_err().to_string().contains("0440"));
}

// In a folder that others may enter, the password hashes of the instance are still the owner's alone.
#[test]
fn a_database_is_private_even_in_an_open_folder() {
    let dir = TempDir::new();
    let open = dir.path().join("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o755)).unwrap();
    let path = open.join("some.db");
    let place = store::Place::Sqlite(path.clone());
    let db = store::Database::open(place, &store::instance::SCHEMA, store::Options::default()).unwrap();
    for file in [path.clone(), path.with_extension("db-wal"), path.with_extension("db-shm")] {
        let Ok(meta) = fs::metadata(&file) else { continue };
        assert_eq!(meta.permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
    assert!(path.is_file());
    drop(db);
}
