//! What was acknowledged is there after the process died, once; a failing disk stops the process.

mod common;

use common::{Ground, draft, on_each};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use store::{Database, StoreError, Tx, WriteTx, idempotency, log, outbox};

/// Files a ticket as a use case would: once per key, with an entry and a message.
fn file(tx: &mut WriteTx<'_>, key: u64) -> Result<Vec<u8>, StoreError> {
    idempotency::once(tx, &format!("k{key}"), &[1; 32], 0, |tx| {
        outbox::push(tx, "filed", &key.to_string())?;
        Ok(tx.append(draft(key))?.to_string().into_bytes())
    })
}

const FIRST_KEY: &str = "REGISSEUR_TEST_FIRST_KEY";

/// Not a test of its own: what the others start, kill and read. Prints a key once it is on disk.
#[test]
#[ignore = "started by the other tests as a separate process"]
fn child_that_writes_until_killed() {
    let first: u64 = std::env::var(FIRST_KEY).unwrap().parse().unwrap();
    let db = Database::open(common::inherited(), &store::vault::SCHEMA, common::options()).unwrap();
    std::thread::scope(|s| {
        for thread in 0..4 {
            let db = &db;
            s.spawn(move || {
                for n in 0.. {
                    let key = first + n * 4 + thread;
                    db.write::<_, StoreError, _>(move |tx| file(tx, key)).unwrap();
                    writeln!(std::io::stdout().lock(), "\nacknowledged {key}").unwrap();
                }
            });
        }
    });
}

fn child(ground: &Ground, first_key: u64) -> Command {
    let mut command = Command::new("bash");
    command
        .args(["-c", "trap '' XFSZ; ulimit -c 0; ulimit -f ${LIMIT:-unlimited}; exec \"$@\"", "bash"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "child_that_writes_until_killed", "--ignored", "--nocapture"])
        .envs(ground.env())
        .env(FIRST_KEY, first_key.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn acknowledged(out: impl std::io::Read) -> impl Iterator<Item = u64> {
    let lines = BufReader::new(out).lines().map_while(Result::ok);
    lines.filter_map(|line| line.strip_prefix("acknowledged ")?.parse().ok())
}

/// Every key that is in the outbox, each once; and as many entries, all signed.
fn keys_on_disk(db: &Database) -> BTreeSet<u64> {
    db.read::<_, StoreError, _>(|tx: &mut dyn Tx| {
        let messages = outbox::after(tx, 0, 1_000_000)?;
        let keys: BTreeSet<u64> = messages.iter().map(|m| m.payload.parse().unwrap()).collect();
        assert_eq!(keys.len(), messages.len(), "a key was filed twice");
        assert_eq!(log::size(tx)?, keys.len() as u64, "rows and entries are one transaction");
        assert_eq!(log::latest(tx)?.map(|(size, _)| size), Some(keys.len() as u64));
        Ok(keys)
    })
    .unwrap()
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_by_kill_9() {
    on_each(|ground| {
        let mut promised = BTreeSet::new();
        for round in 0..8 {
            promised.append(&mut promises_before_kill(ground, round));
            let db = ground.vault();
            let kept = keys_on_disk(&db);
            let lost: Vec<_> = promised.difference(&kept).collect();
            assert!(lost.is_empty(), "round {round}: acknowledged and lost: {lost:?}");
            // The client retries all it knows; `keys_on_disk` finds nothing twice.
            for key in promised.iter().rev().take(20).copied().collect::<Vec<_>>() {
                db.write::<_, StoreError, _>(move |tx| file(tx, key)).unwrap();
            }
            assert!(kept.is_subset(&keys_on_disk(&db)));
        }
        assert!(promised.len() > 100, "only {} writes were tested", promised.len());
    });
}

/// Lets a process write for a moment that differs each round, kills it, and gives what it promised.
fn promises_before_kill(ground: &Ground, round: u64) -> BTreeSet<u64> {
    let mut running = child(ground, round * 1_000_000).spawn().unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    let out = running.stdout.take().unwrap();
    let reader = std::thread::spawn(move || acknowledged(out).for_each(|key| tell.send(key).unwrap()));
    let first = told.recv_timeout(Duration::from_secs(60)).expect("the child writes");
    let mut promised = BTreeSet::from([first]);
    let until = Instant::now() + Duration::from_millis(20 + 13 * round);
    while let Some(left) = until.checked_duration_since(Instant::now()) {
        promised.extend(told.recv_timeout(left));
    }
    running.kill().unwrap();
    assert_eq!(running.wait().unwrap().signal(), Some(9));
    reader.join().unwrap();
    promised.extend(told);
    promised
}

#[test]
fn a_failing_disk_stops_the_process_and_loses_nothing_acknowledged() {
    let ground = Ground::sqlite();
    drop(ground.vault());
    // 1 MiB per file: the write-ahead log meets it in the middle of a commit.
    let output = child(&ground, 0).env("LIMIT", "1024").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.signal(), Some(6), "aborted, not ended: {said}");
    assert!(said.contains("disk failure in ") && said.contains("vault.db"), "{said}");
    let promised: BTreeSet<_> = acknowledged(output.stdout.as_slice()).collect();
    assert!(promised.len() > 50, "only {} writes before the limit", promised.len());
    assert!(promised.is_subset(&keys_on_disk(&ground.vault())));
}

#[test]
fn the_write_ahead_log_stays_short() {
    let ground = Ground::sqlite();
    let db = ground.vault();
    for n in 0..100u8 {
        let id = uuid::Uuid::from_bytes([n; 16]);
        db.write::<_, StoreError, _>(move |tx| {
            store::content::put(tx, id, "body", &[n; 32], &[n; 200_000])?;
            tx.append(draft(n.into()))
        })
        .unwrap();
    }
    let size = |file: &str| std::fs::metadata(ground.file().with_file_name(file)).unwrap().len();
    let (main, log) = (size("vault.db"), size("vault.db-wal"));
    assert!(main > 10_000_000 && log < 8_000_000, "{main} bytes in the file, {log} in the log");
    db.checkpoint().unwrap();
    assert_eq!(size("vault.db-wal"), 0);
}
