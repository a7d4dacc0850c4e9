//! Group commit: what is answered is on disk, what fails is undone alone.

mod common;

use common::{NOW, draft, on_each, options};
use std::sync::mpsc;
use store::{Database, Options, StoreError, Tx, Val, WriteTx, log, outbox};

fn append(db: &Database, n: u64) -> u64 {
    db.write::<_, StoreError, _>(move |tx| tx.append(draft(n))).unwrap()
}

fn checkpoints(db: &Database) -> usize {
    db.read(|tx| log::checkpoints(tx, 0, 100_000)).map(|c: Vec<_>| c.len()).unwrap()
}

/// Keeps the writer busy until the sender is dropped, so that what follows shares one commit.
fn hold(db: &Database) -> mpsc::Sender<()> {
    let (release, wait) = mpsc::channel::<()>();
    let (started, start) = mpsc::channel();
    db.write_with(
        move |_: &mut WriteTx<'_>| {
            let _ = started.send(());
            let _ = wait.recv();
            Ok::<_, StoreError>(())
        },
        |_| {},
    );
    start.recv().unwrap();
    release
}

#[test]
fn entries_are_numbered_and_survive_reopening() {
    on_each(|ground| {
        let db = ground.vault();
        assert_eq!((append(&db, 0), append(&db, 1)), (0, 1));
        drop(db);
        let db = ground.vault();
        assert_eq!(append(&db, 2), 2);
        let entries = db.read(|tx| log::entries(tx, 0, 10)).unwrap_or_else(|e: StoreError| panic!("{e}"));
        assert_eq!(entries.iter().map(|e| e.seq).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(db.read(log::latest).unwrap_or_else(|e: StoreError| panic!("{e}")).unwrap().0, 3);
    });
}

#[test]
fn many_writers_share_commits_and_checkpoints() {
    on_each(|ground| {
        let db = ground.vault();
        std::thread::scope(|s| {
            for thread in 0..16 {
                let db = &db;
                s.spawn(move || (0..40).for_each(|n| assert!(append(db, thread * 1000 + n) < 640)));
            }
        });
        let size = db.read::<_, StoreError, _>(log::size).unwrap();
        assert_eq!(size, 640);
        let signed = checkpoints(&db);
        assert!(signed < 640 / 2, "{signed} checkpoints for 640 entries of 16 threads");
    });
}

/// Of six jobs, the second refuses, the fourth is a defect, the fifth hides a failure.
fn sixth(tx: &mut WriteTx<'_>, n: u64) -> Result<u64, StoreError> {
    outbox::push(tx, "t", &n.to_string())?;
    let seq = tx.append(draft(n))?;
    match n {
        1 => Err(StoreError::Entry("refused".into())),
        3 => panic!("a defect"),
        4 => {
            let again = outbox::push(tx, "t", "x");
            assert!(again.is_ok());
            // A failed statement that the job pretends not to have seen.
            let _ = tx.exec("INSERT INTO outbox (seq, topic, payload) VALUES (1, 'a', 'b')", &[]);
            let _ = tx.exec("INSERT INTO outbox (seq, topic, payload) VALUES (1, 'a', 'b')", &[]);
            Ok(seq)
        }
        _ => Ok(seq),
    }
}

#[test]
fn a_failing_job_is_undone_and_its_batch_is_not() {
    on_each(|ground| {
        let db = ground.vault();
        let release = hold(&db);
        let (tell, told) = mpsc::channel();
        for n in 0..6u64 {
            let tell = tell.clone();
            db.write_with(
                move |tx: &mut WriteTx<'_>| sixth(tx, n),
                move |outcome| tell.send((n, outcome)).unwrap(),
            );
        }
        drop((release, tell));
        let outcomes: Vec<_> = told.iter().collect();
        let seqs: Vec<_> = outcomes.iter().filter_map(|(n, o)| Some((*n, *o.as_ref().ok()?))).collect();
        assert_eq!(seqs, [(0, 0), (2, 1), (5, 2)], "numbers have no gap");
        assert!(matches!(&outcomes[1].1, Err(StoreError::Entry(_))));
        assert!(matches!(&outcomes[3].1, Err(StoreError::Panicked { .. })));
        assert!(matches!(&outcomes[4].1, Err(StoreError::Swallowed(_))), "{:?}", outcomes[4].1);
        let kept = db.read(|tx| outbox::after(tx, 0, 100)).unwrap_or_else(|e: StoreError| panic!("{e}"));
        assert_eq!(kept.iter().map(|m| m.payload.as_str()).collect::<Vec<_>>(), ["0", "2", "5"]);
        assert_eq!(checkpoints(&db), 1, "one checkpoint for the batch");
        assert_eq!(append(&db, 9), 3, "the writer lives on");
    });
}

#[test]
fn a_failing_job_that_is_alone_is_undone_whole() {
    on_each(|ground| {
        let db = ground.vault();
        let outcomes: Vec<_> = (0..6).map(|n| db.write(move |tx| sixth(tx, n))).collect();
        assert!(matches!(&outcomes[1], Err(StoreError::Entry(_))));
        assert!(matches!(&outcomes[3], Err(StoreError::Panicked { .. })));
        assert!(matches!(&outcomes[4], Err(StoreError::Swallowed(_))), "{:?}", outcomes[4]);
        let seqs: Vec<_> = outcomes.iter().filter_map(|o| o.as_ref().ok().copied()).collect();
        assert_eq!(seqs, [0, 1, 2], "numbers have no gap");
        let kept = db.read(|tx| outbox::after(tx, 0, 100)).unwrap_or_else(|e: StoreError| panic!("{e}"));
        assert_eq!(kept.iter().map(|m| m.payload.as_str()).collect::<Vec<_>>(), ["0", "2", "5"]);
        assert_eq!(checkpoints(&db), 3, "one for each that was kept");
    });
}

#[test]
fn time_in_the_log_never_goes_back() {
    on_each(|ground| {
        let db = ground.vault();
        for t in [NOW, NOW - 5_000_000, NOW + 1] {
            let at = move |tx: &mut WriteTx<'_>| tx.append(log::Draft { t_micros: t, ..draft(1) });
            db.write::<_, StoreError, _>(at).unwrap();
        }
        let entries = db.read(|tx| log::entries(tx, 0, 10)).unwrap_or_else(|e: StoreError| panic!("{e}"));
        let times: Vec<_> =
            entries.iter().map(|e| journal::Envelope::parse(&e.bytes).unwrap().t - NOW).collect();
        assert_eq!(times, [0, 0, 1]);
    });
}

#[test]
fn full_tiles_are_kept_and_hold_the_leaves() {
    on_each(|ground| {
        let db = ground.vault();
        db.write::<_, StoreError, _>(|tx| (0..600).try_for_each(|n| tx.append(draft(n)).map(drop))).unwrap();
        db.read::<_, StoreError, _>(|tx| {
            assert!(log::tile(tx, 0, 2)?.is_none() && log::tile(tx, 1, 0)?.is_none());
            for index in 0..2u64 {
                let tile = log::tile(tx, 0, index)?.unwrap();
                let leaves: Vec<u8> =
                    log::entries(tx, index * 256, 256)?.iter().flat_map(|e| e.leaf).collect();
                assert!(tile == leaves);
            }
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn a_full_queue_says_so_at_once() {
    on_each(|ground| {
        let db =
            ground.open_with(&store::vault::SCHEMA, Options { waiting: 2, batch: 1, ..options() }).unwrap();
        let release = hold(&db);
        let (tell, told) = mpsc::channel();
        for n in 0..3 {
            let tell = tell.clone();
            db.write_with(move |tx: &mut WriteTx<'_>| tx.append(draft(n)), move |o| tell.send(o).unwrap());
        }
        assert!(matches!(told.recv().unwrap(), Err(StoreError::QueueFull)));
        drop((release, tell));
        assert_eq!(told.iter().map(|o| o.unwrap()).collect::<Vec<_>>(), [0, 1]);
    });
}

#[test]
fn the_writer_rests_and_wakes() {
    on_each(|ground| {
        let idle = std::time::Duration::from_millis(20);
        let db = ground.open_with(&store::vault::SCHEMA, Options { idle, ..options() }).unwrap();
        for n in 0..4 {
            assert_eq!(append(&db, n), n);
            std::thread::sleep(idle * 2);
        }
    });
}

#[test]
fn readers_cannot_write_and_read_only_databases_do_not_take_writes() {
    on_each(|ground| {
        let db = ground.vault();
        append(&db, 0);
        let refused = db.read(|tx| tx.exec("DELETE FROM journal_entry", &[]));
        assert!(matches!(refused, Err(StoreError::Sql { .. })), "{refused:?}");
        drop(db);
        let db = ground.read_only();
        let refused = db.write::<_, StoreError, _>(|tx| tx.append(draft(1)));
        assert!(matches!(refused, Err(StoreError::ReadOnly)));
        assert_eq!(db.read::<_, StoreError, _>(log::size).unwrap(), 1);
    });
}

#[test]
fn values_come_back_as_they_went_and_placeholders_go_by_number() {
    on_each(|ground| {
        let db = ground.vault();
        let text = "Conserverie « été » \u{1F41F}";
        db.read::<_, StoreError, _>(|tx| {
            let row = tx.row(
                "SELECT CAST($2 AS TEXT), CAST($1 AS BIGINT), CAST($3 AS BIGINT), CAST($1 AS BIGINT) < 5",
                &[Val::from(i64::MIN), text.into(), Val::Null],
            )?;
            assert_eq!(
                (row.text(0)?, row.int(1)?, row.opt_int(2)?, row.bool(3)?),
                (text, i64::MIN, None, true)
            );
            assert!(row.text(1).is_err() && row.int(2).is_err());
            assert!(tx.row("SELECT CAST($1 AS BIGINT)", &[]).is_err());
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn a_content_needs_an_entry_that_names_it() {
    on_each(|ground| {
        let db = ground.vault();
        let id = uuid::Uuid::now_v7();
        let orphan = db.write::<_, StoreError, _>(move |tx| {
            store::content::put(tx, id, "body", &[1; 32], b"x").map(drop)
        });
        assert!(matches!(orphan, Err(StoreError::Entry(_))), "{orphan:?}");
        db.write::<_, StoreError, _>(move |tx| {
            store::content::put(tx, id, "body", &[1; 32], b"x")?;
            tx.append(draft(0))
        })
        .unwrap();
        let read = |db: &Database| {
            db.read(|tx| store::content::get(tx, id)).unwrap_or_else(|e: StoreError| panic!("{e}"))
        };
        assert_eq!(read(&db).unwrap(), b"x");
        db.write::<_, StoreError, _>(move |tx| {
            let seq = tx.append(log::Draft { kind: "privacy.erased".into(), ..draft(0) })?;
            store::content::erase(tx, id, seq)
        })
        .unwrap();
        assert_eq!(read(&db), None);
    });
}
