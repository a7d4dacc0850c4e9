//! Asked twice, done once.

mod common;

use common::{Ground, draft, on_each};
use std::collections::BTreeSet;
use store::{Database, StoreError, idempotency, log};

fn file(db: &Database, key: &'static str, hash: [u8; 32]) -> Result<Vec<u8>, StoreError> {
    db.write(move |tx| {
        idempotency::once(tx, key, &hash, 5, |tx| {
            Ok::<_, StoreError>(tx.append(draft(1))?.to_be_bytes().into())
        })
    })
}

fn size(db: &Database) -> u64 {
    db.read::<_, StoreError, _>(log::size).unwrap()
}

#[test]
fn a_retry_gets_the_first_answer_and_another_request_a_refusal() {
    on_each(|ground| {
        let db = ground.vault();
        let first = file(&db, "a", [1; 32]).unwrap();
        assert_eq!(file(&db, "a", [1; 32]).unwrap(), first);
        assert_ne!(file(&db, "b", [1; 32]).unwrap(), first);
        assert!(matches!(file(&db, "a", [2; 32]), Err(StoreError::Conflict { key }) if key == "a"));
        assert_eq!(size(&db), 2);
    });
}

#[test]
fn a_failed_request_leaves_its_key_free() {
    on_each(|ground| {
        let db = ground.vault();
        let failed = db.write::<_, StoreError, _>(|tx| {
            idempotency::once(tx, "a", &[1; 32], 5, |tx| {
                tx.append(draft(1))?;
                Err(StoreError::Entry("not today".into()))
            })
        });
        assert!(failed.is_err());
        assert_eq!(size(&db), 0);
        file(&db, "a", [1; 32]).unwrap();
        assert_eq!(size(&db), 1);
    });
}

#[test]
fn a_storm_of_the_same_request_happens_once() {
    on_each(|ground: &Ground| {
        let db = ground.vault();
        let answers: BTreeSet<Vec<u8>> = std::thread::scope(|s| {
            let all: Vec<_> = (0..32).map(|_| s.spawn(|| file(&db, "a", [1; 32]).unwrap())).collect();
            all.into_iter().map(|t| t.join().unwrap()).collect()
        });
        assert_eq!((answers.len(), size(&db)), (1, 1));
    });
}

#[test]
fn old_keys_are_forgotten() {
    on_each(|ground| {
        let db = ground.vault();
        file(&db, "a", [1; 32]).unwrap();
        assert_eq!(db.write::<_, StoreError, _>(|tx| idempotency::forget(tx, 5)).unwrap(), 0);
        assert_eq!(db.write::<_, StoreError, _>(|tx| idempotency::forget(tx, 6)).unwrap(), 1);
        file(&db, "a", [2; 32]).unwrap();
    });
}
