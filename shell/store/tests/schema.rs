//! Every statement compiles on every engine; every table is declared.

mod common;

use common::{Ground, on_each, options};
use std::collections::BTreeSet;
use store::migrate::Migration;
use store::schema::Schema;
use store::{StoreError, instance, vault};

#[test]
fn every_statement_compiles_against_the_real_tables() {
    on_each(|ground| check(ground, &vault::SCHEMA));
    on_each(|ground| check(ground, &instance::SCHEMA));
}

fn check(ground: &Ground, schema: &Schema) {
    let db = ground.open(schema);
    for noun in schema.nouns {
        for (name, sql) in noun.statements {
            db.prepare_all([*sql]).unwrap_or_else(|e| panic!("{}::{name}: {e}", noun.name));
        }
    }
    let declared: BTreeSet<_> =
        schema.nouns.iter().flat_map(|n| n.tables).map(|t| t.name.to_string()).collect();
    let real: BTreeSet<_> = db.tables().unwrap().into_iter().collect();
    assert_eq!(real, declared, "each table is declared journaled, exported or ephemeral, once");
}

#[test]
fn nouns_write_no_statement_outside_their_list() {
    let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut stack = vec![src.clone()];
    let mut found = Vec::new();
    while let Some(dir) = stack.pop() {
        for entry in std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()) {
            if entry.is_dir() && !entry.ends_with("db") {
                stack.push(entry);
            } else if entry.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&entry).unwrap();
                let inline = ["tx.rows(\"", "tx.exec(\"", "tx.row(\"", "tx.opt_row(\"", "tx.rows(&format"];
                if inline.iter().any(|call| text.contains(call)) {
                    found.push(entry.strip_prefix(&src).unwrap().display().to_string());
                }
            }
        }
    }
    assert!(found.is_empty(), "SQL outside statements!: {found:?}");
}

const ONE: Migration = Migration { id: "0001-a", sql: "CREATE TABLE a (id INT NOT NULL PRIMARY KEY)" };
const TWO: Migration =
    Migration { id: "0002-b", sql: "CREATE TABLE b (id SERIAL, x BLOB); CREATE INDEX b_x ON b (x)" };
const TIDIED: Migration = Migration { id: "0001-a", sql: "CREATE TABLE a (id  INT NOT NULL\nPRIMARY KEY)" };
const EDITED: Migration = Migration { id: "0001-a", sql: "CREATE TABLE a (id INT PRIMARY KEY)" };
const BROKEN: Migration = Migration { id: "0002-c", sql: "CREATE TABLE c (id INT); CREATE TABLE c (id INT)" };

const fn of(migrations: &'static [Migration]) -> Schema {
    Schema { nouns: &[], migrations }
}

#[test]
fn migrations_apply_once_in_order_and_whole() {
    // Without the journal's tables the head cannot be locked, so this one opens without a key.
    on_each(|ground| {
        let options = || store::Options { log: None, ..options() };
        let open = |schema: Schema| ground.open_with(&schema, options());
        drop(open(of(&[ONE])).unwrap());
        assert!(matches!(open(of(&[ONE, BROKEN])).map(drop), Err(StoreError::Sql { .. })));
        let tables = open(of(&[TIDIED])).unwrap().tables().unwrap();
        assert_eq!(tables, ["a", "schema_migration"], "half a migration leaves nothing");
        drop(open(of(&[ONE, TWO])).unwrap());
        assert!(matches!(open(of(&[ONE])).map(drop), Err(StoreError::NewerSchema { id }) if id == "0002-b"));
        assert!(matches!(open(of(&[EDITED, TWO])).map(drop), Err(StoreError::MigrationChanged { .. })));
    });
}
