//! Files beside the database: once by hash, whole or not at all.

mod common;

use common::TempDir;
use std::fs;
use std::path::{Path, PathBuf};
use store::blob::{Blobs, Found, HEAD, Whole};
use store::folder::Folder;
use store::{Result, StoreError};

fn vault(dir: &TempDir, slug: &str) -> (Folder, Blobs) {
    let folder = Folder::open(dir.path()).unwrap();
    folder.vault(slug).unwrap();
    let blobs = folder.files(slug).unwrap();
    (folder, blobs)
}

fn whole(blobs: &Blobs, name: &str, bytes: &[u8]) -> Whole {
    let mut upload = blobs.begin(name).unwrap();
    for chunk in bytes.chunks(1000) {
        upload.write(chunk).unwrap();
    }
    upload.finish().unwrap()
}

/// Every file below a folder.
fn files(root: &Path) -> Vec<PathBuf> {
    let Ok(list) = fs::read_dir(root) else { return Vec::new() };
    let paths = list.map(|e| e.unwrap().path());
    paths.flat_map(|p| if p.is_dir() { files(&p) } else { vec![p] }).collect()
}

#[test]
fn equal_bytes_are_one_file_in_a_vault_and_two_across_vaults() {
    let dir = TempDir::new();
    let (folder, garonne) = vault(&dir, "garonne");
    let (first, again) = (whole(&garonne, "a", b"bonjour"), whole(&garonne, "b", b"bonjour"));
    let hash = first.sha256.clone();
    assert_eq!((first.size, hash.as_str()), (7, again.sha256.as_str()));
    first.keep().unwrap();
    again.keep().unwrap();
    assert_eq!(files(dir.path()).iter().filter(|p| p.ends_with(&hash)).count(), 1);
    let adour = folder.files("adour").unwrap();
    assert_eq!(adour.check(&hash).unwrap(), Found::Missing, "a vault does not see another's files");
    whole(&adour, "a", b"bonjour").keep().unwrap();
    assert_eq!(files(dir.path()).iter().filter(|p| p.ends_with(&hash)).count(), 2);
}

#[test]
fn an_upload_that_does_not_end_leaves_nothing() {
    let dir = TempDir::new();
    let (_folder, blobs) = vault(&dir, "garonne");
    let root = dir.path().join("vaults/garonne/files");
    let mut cut = blobs.begin("cut").unwrap();
    cut.write(&[1; 5000]).unwrap();
    assert_eq!(files(&root).len(), 1, "it is on disk while it arrives, not in memory");
    drop(cut);
    drop(whole(&blobs, "refused", b"never attached"));
    assert!(files(&root).is_empty());
    // A crash drops nothing: the next opening does.
    let mut crashed = blobs.begin("crashed").unwrap();
    crashed.write(b"half").unwrap();
    std::mem::forget(crashed);
    assert_eq!(files(&root).len(), 1);
    blobs.forget_unfinished().unwrap();
    assert!(files(&root).is_empty());
}

#[test]
fn memory_holds_the_head_only_and_the_disk_is_checked_by_hash() {
    let dir = TempDir::new();
    let (_folder, blobs) = vault(&dir, "garonne");
    let big = vec![7; 3 * HEAD];
    let received = whole(&blobs, "big", &big);
    assert_eq!((received.head.len(), received.size), (HEAD, big.len() as u64));
    let hash = received.sha256.clone();
    received.keep().unwrap();
    assert_eq!(blobs.check(&hash).unwrap(), Found::Intact);
    let path = dir.path().join("vaults/garonne/files").join(&hash[..2]).join(&hash);
    fs::write(&path, b"something else").unwrap();
    assert_eq!(blobs.check(&hash).unwrap(), Found::Altered);
    whole(&blobs, "again", &big).keep().unwrap();
    assert_eq!(blobs.check(&hash).unwrap(), Found::Intact, "the same bytes again mend it");
    fs::remove_file(&path).unwrap();
    assert_eq!(blobs.check(&hash).unwrap(), Found::Missing);
}

#[test]
fn a_sweep_takes_what_nothing_names() {
    let dir = TempDir::new();
    let (_folder, blobs) = vault(&dir, "garonne");
    let mut kept = Vec::new();
    for text in [b"one".as_slice(), b"two", b"three"] {
        let file = whole(&blobs, "x", text);
        kept.push(file.sha256.clone());
        file.keep().unwrap();
    }
    let named = kept[1].clone();
    let gone = blobs.sweep::<StoreError>(|hash| Ok(hash == named)).unwrap();
    assert_eq!(gone, 2);
    let found: Vec<Found> = kept.iter().map(|h| blobs.check(h).unwrap()).collect();
    assert_eq!(found, [Found::Missing, Found::Intact, Found::Missing]);
    let undecided: Result<u64> = blobs.sweep(|hash| Err(StoreError::BadName(hash.into())));
    assert!(undecided.is_err(), "a sweep that cannot tell removes nothing");
    assert_eq!(blobs.check(&named).unwrap(), Found::Intact);
}

#[test]
fn a_name_that_is_no_hash_opens_nothing() {
    let dir = TempDir::new();
    let (_folder, blobs) = vault(&dir, "garonne");
    for bad in ["", "..", "../../../keys/kek", &"A".repeat(64), &"g".repeat(64)] {
        assert!(matches!(blobs.open(bad), Err(StoreError::BadName(_))), "{bad}");
    }
    assert!(blobs.begin("../x").is_err());
}
