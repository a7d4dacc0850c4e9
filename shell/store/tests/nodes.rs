//! Several nodes on one PostgreSQL schema: what only a server can show.
#![cfg(feature = "postgres")]

mod common;

use common::{Ground, ORIGIN, draft, key};
use journal::verify::Trust;
use postgres::{Client, NoTls};
use std::collections::BTreeSet;
use store::{Database, Place, StoreError, Tx, log};

/// A schema of the server at hand, and a connection beside the store's.
fn server() -> Option<(Ground, Client, String)> {
    let url = std::env::var("REGISSEUR_TEST_PG").ok()?;
    let ground = Ground::postgres(url.clone());
    let Place::Postgres { schema, .. } = &ground.place else { unreachable!() };
    let schema = schema.replace('-', "_");
    Some((ground, Client::connect(&url, NoTls).unwrap(), schema))
}

#[test]
fn two_nodes_append_to_one_log_without_gap_or_fork() {
    let Some((ground, ..)) = server() else { return };
    let nodes = [ground.vault(), ground.vault()];
    let seqs: BTreeSet<u64> = std::thread::scope(|s| {
        let writing: Vec<_> = (0..8)
            .map(|n| {
                let db = &nodes[n % 2];
                s.spawn(move || {
                    let append = |_| db.write::<_, StoreError, _>(|tx| tx.append(draft(1))).unwrap();
                    (0..40).map(append).collect::<Vec<_>>()
                })
            })
            .collect();
        writing.into_iter().flat_map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(seqs, (0..320).collect());
    let seen = log::verify(&nodes[0], &Trust::in_key(ORIGIN, key().verifier())).unwrap();
    assert!(seen.is_sound() && seen.log.proven == 320, "{:?}", seen.sentences());
}

#[test]
fn nodes_may_start_together_and_while_others_write() {
    let Some((ground, ..)) = server() else { return };
    std::thread::scope(|s| {
        for _ in 0..4 {
            s.spawn(|| {
                let db = ground.vault();
                for _ in 0..10 {
                    db.write::<_, StoreError, _>(|tx| tx.append(draft(1))).unwrap();
                    drop(ground.vault());
                }
            });
        }
    });
    assert_eq!(ground.vault().read::<_, StoreError, _>(log::size).unwrap(), 40);
}

#[test]
fn a_lost_race_is_run_again() {
    let Some((ground, mut client, schema)) = server() else { return };
    let db = ground.vault();
    // Fails the first two times; a sequence does not roll back.
    client
        .batch_execute(&format!(
            "CREATE SEQUENCE \"{schema}\".tries;
             CREATE FUNCTION \"{schema}\".race() RETURNS BIGINT LANGUAGE plpgsql AS $$
             BEGIN
                IF nextval('\"{schema}\".tries') < 3 THEN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END IF;
                RETURN currval('\"{schema}\".tries');
             END $$"
        ))
        .unwrap();
    let tries = db.write::<_, StoreError, _>(|tx| {
        tx.append(draft(1))?;
        tx.row("SELECT race()", &[])?.int(0)
    });
    assert_eq!(tries.unwrap(), 3);
    assert_eq!(db.read::<_, StoreError, _>(log::size).unwrap(), 1, "the two lost tries left nothing");
}

#[test]
fn a_cut_connection_is_opened_again() {
    let Some((ground, mut client, _)) = server() else { return };
    let db = ground.vault();
    let append = |db: &Database| db.write::<_, StoreError, _>(|tx| tx.append(draft(1))).unwrap();
    let mine = |tx: &mut dyn Tx| tx.row("SELECT CAST(pg_backend_pid() AS BIGINT)", &[])?.int(0);
    append(&db);
    let reader: i64 = db.read::<_, StoreError, _>(mine).unwrap();
    let writer = db.write::<_, StoreError, _>(move |tx| mine(tx)).unwrap();
    for pid in [reader, writer] {
        let pid = i32::try_from(pid).unwrap();
        assert!(client.query_one("SELECT pg_terminate_backend($1)", &[&pid]).unwrap().get::<_, bool>(0));
    }
    assert_eq!(append(&db), 1);
    assert_eq!(db.read::<_, StoreError, _>(log::size).unwrap(), 2);
}
