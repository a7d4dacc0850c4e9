//! Whatever is changed behind the store's back is named by verification, and nothing is signed on it.

mod common;

use common::{Ground, ORIGIN, draft, key, on_each};
use journal::verify::Trust;
use rusqlite::Connection;
use serde_json::json;
use std::sync::OnceLock;
use store::log::{Draft, Fault, Verified};
use store::{Database, StoreError, content, log};
use uuid::Uuid;

const ENTRIES: u64 = 600;

fn id(seq: u64) -> Uuid {
    Uuid::from_u128(seq.into())
}

/// Six hundred entries, a commit each third, a content each fifth.
fn fill(db: &Database) {
    for batch in 0..ENTRIES / 3 {
        db.write::<_, StoreError, _>(move |tx| {
            (batch * 3..batch * 3 + 3).try_for_each(|n| {
                if n % 5 == 0 {
                    content::put(tx, id(n), "body", &[n as u8; 32], format!("bonjour {n}").as_bytes())?;
                }
                tx.append(draft(n)).map(drop)
            })
        })
        .unwrap();
    }
}

fn verified(db: &Database) -> Verified {
    log::verify(db, &Trust::in_key(ORIGIN, key().verifier())).unwrap()
}

/// The file of a filled vault, made once.
fn filled() -> &'static [u8] {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(|| {
        let ground = Ground::sqlite();
        fill(&ground.vault());
        std::fs::read(ground.file()).unwrap()
    })
}

/// A filled vault, changed by `sql`, as verification then sees it.
fn after(sql: &str) -> (Ground, Verified) {
    let ground = Ground::sqlite();
    std::fs::write(ground.file(), filled()).unwrap();
    let raw = Connection::open(ground.file()).unwrap();
    raw.execute_batch(sql).unwrap();
    drop(raw);
    let seen = verified(&ground.read_only());
    (ground, seen)
}

#[test]
fn an_untouched_vault_is_sound() {
    on_each(|ground| {
        let db = ground.vault();
        fill(&db);
        let seen = verified(&db);
        assert!(seen.is_sound(), "{:?}", seen.sentences());
        assert_eq!(
            (seen.log.entries, seen.log.checkpoints, seen.log.tiles, seen.contents),
            (600, 200, 2, 120)
        );
    });
}

#[test]
fn each_change_is_named_by_its_entry() {
    let flip = "CAST(substr(bytes, 1, 20) || X'00' || substr(bytes, 22) AS BLOB)";
    let swap = "UPDATE journal_entry SET seq = 100000 WHERE seq = 41;
        UPDATE journal_entry SET seq = 41 WHERE seq = 300; UPDATE journal_entry SET seq = 300 WHERE seq = 100000";
    let insert = "UPDATE journal_entry SET seq = seq + 100000 WHERE seq >= 77;
        INSERT INTO journal_entry SELECT 77, CAST(bytes || X'20' AS BLOB), leaf FROM journal_entry WHERE seq = 5;
        UPDATE journal_entry SET seq = seq - 99999 WHERE seq >= 100000";
    let cases = [
        (format!("UPDATE journal_entry SET bytes = {flip} WHERE seq = 123"), 123),
        (format!("UPDATE journal_entry SET bytes = {flip} WHERE seq = 0"), 0),
        (format!("UPDATE journal_entry SET bytes = {flip} WHERE seq = 599"), 599),
        ("UPDATE journal_entry SET leaf = zeroblob(32) WHERE seq = 256".into(), 256),
        ("UPDATE journal_entry SET leaf = X'00' WHERE seq = 31".into(), 31),
        ("DELETE FROM journal_entry WHERE seq = 200".into(), 200),
        ("DELETE FROM journal_entry WHERE seq >= 598".into(), 598),
        (swap.into(), 41),
        (insert.into(), 77),
        ("INSERT INTO journal_entry SELECT 600, bytes, leaf FROM journal_entry WHERE seq = 9".into(), 600),
        ("UPDATE content SET bytes = X'00' WHERE seq = 15".into(), 15),
        ("DELETE FROM content WHERE seq = 20".into(), 20),
    ];
    for (sql, entry) in cases {
        let (_, seen) = after(&sql);
        assert!(!seen.is_sound(), "{sql}");
        assert_eq!(seen.first_wrong_entry(), Some(entry), "{sql}: {:?}", seen.sentences());
        assert!(!seen.sentences()[0].fr.is_empty());
    }
}

#[test]
fn tiles_and_checkpoints_are_verified_too() {
    for sql in [
        "DELETE FROM journal_checkpoint WHERE number = 17",
        "DELETE FROM journal_checkpoint WHERE number = 199",
        "UPDATE journal_checkpoint SET size = size + 1000 WHERE number = 3",
        "UPDATE journal_checkpoint SET note = replace(note, 'test.example', 'tost.example') WHERE number = 5",
        "DELETE FROM journal_tile WHERE idx = 1",
        "UPDATE journal_tile SET hashes = zeroblob(8192) WHERE idx = 0",
    ] {
        let (_, seen) = after(sql);
        assert!(!seen.is_sound(), "{sql}");
    }
}

#[test]
fn a_content_moved_added_or_erased_without_authority_is_found() {
    let only = |sql: &str| {
        let (_, seen) = after(sql);
        assert!(seen.log.is_sound());
        seen.findings.iter().map(|f| (f.seq, f.fault)).collect::<Vec<_>>()
    };
    assert_eq!(only("UPDATE content SET seq = 4 WHERE seq = 5"), [(4, Fault::Unnamed), (5, Fault::Missing)]);
    assert_eq!(
        only("UPDATE content SET seq = 9000 WHERE seq = 5"),
        [(5, Fault::Missing), (9000, Fault::Unnamed)]
    );
    let erased = "UPDATE content SET salt = NULL, bytes = NULL, erased_by = 30 WHERE seq = 5";
    assert_eq!(only(erased), [(5, Fault::ErasedUnauthorised { by: 30 })]);
}

#[test]
fn an_authorised_erasure_leaves_the_journal_sound_and_nothing_in_the_file() {
    let ground = Ground::sqlite();
    let db = ground.vault();
    let marker = "06 39 98 11 22 Zénobie";
    db.write::<_, StoreError, _>(move |tx| {
        content::put(tx, id(1), "body", &[1; 32], marker.as_bytes())?;
        tx.append(draft(1))
    })
    .unwrap();
    db.write::<_, StoreError, _>(|tx| {
        let entry = Draft::new(0, content::ERASED, "dpo", json!({ "seqs": [0], "basis": "gdpr.17.1.a" }));
        let by = tx.append(entry)?;
        assert!(content::erase(tx, id(1), by)?);
        assert!(!content::erase(tx, id(1), by)?);
        Ok(())
    })
    .unwrap();
    let seen = verified(&db);
    assert!(seen.is_sound(), "{:?}", seen.sentences());
    assert_eq!((seen.contents, seen.erased), (0, 1));
    db.rest();
    db.checkpoint().unwrap();
    drop(db);
    for file in std::fs::read_dir(ground.file().parent().unwrap()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(marker.len()).any(|w| w == marker.as_bytes()));
    }
}

#[test]
fn an_inconsistent_log_is_read_but_never_signed_again() {
    for sql in [
        "DELETE FROM journal_entry WHERE seq = 599",
        "UPDATE journal_head SET size = 599",
        "DELETE FROM journal_head",
        "DELETE FROM journal_checkpoint WHERE number = 199",
        "UPDATE journal_entry SET bytes = X'00' WHERE seq = 599",
        "UPDATE journal_head SET origin = 'other.example/vault'",
    ] {
        let (ground, _) = after(sql);
        let refused = ground.open_with(&store::vault::SCHEMA, common::options()).map(drop);
        assert!(matches!(refused, Err(StoreError::LogInconsistent(_))), "{sql}: {refused:?}");
    }
    let (ground, _) = after("");
    let other = journal::note::SigningKey::from_seed(ORIGIN, &[8; 32]).unwrap();
    let log = Some(log::LogKey { origin: ORIGIN.into(), key: other.into() });
    let refused = ground.open_with(&store::vault::SCHEMA, store::Options { log, ..common::options() });
    assert!(refused.is_err(), "another key does not continue this log");
}
