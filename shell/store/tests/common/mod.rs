//! A database to test on: SQLite always, PostgreSQL when `REGISSEUR_TEST_PG` gives a server.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::log::{Draft, LogKey};
use store::schema::Schema;
use store::{Database, Mode, Options, Place};

pub const ORIGIN: &str = "test.example/vault";
pub const NOW: i64 = 1_762_000_000_000_000;

pub fn key() -> Arc<journal::note::SigningKey> {
    Arc::new(journal::note::SigningKey::from_seed(ORIGIN, &[7; 32]).unwrap())
}

/// A folder that goes away with the value.
pub struct TempDir(PathBuf);

impl TempDir {
    pub fn new() -> TempDir {
        let path = std::env::temp_dir().join(format!("regisseur-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir(&path).unwrap();
        TempDir(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A place for one database, on one engine.
pub struct Ground {
    pub place: Place,
    dir: Option<TempDir>,
}

impl Ground {
    pub fn sqlite() -> Ground {
        let dir = TempDir::new();
        Ground { place: Place::Sqlite(dir.path().join("vault.db")), dir: Some(dir) }
    }

    #[cfg(feature = "postgres")]
    pub fn postgres(url: String) -> Ground {
        let schema = format!("t-{}", uuid::Uuid::now_v7());
        Ground { place: Place::Postgres { url, schema }, dir: None }
    }

    /// What a process started by a test needs to find the same place; see [`inherited`].
    pub fn env(&self) -> Vec<(&'static str, String)> {
        match &self.place {
            Place::Sqlite(path) => vec![("REGISSEUR_TEST_FILE", path.display().to_string())],
            #[cfg(feature = "postgres")]
            Place::Postgres { schema, .. } => vec![("REGISSEUR_TEST_SCHEMA", schema.clone())],
        }
    }

    pub fn file(&self) -> PathBuf {
        self.dir.as_ref().unwrap().path().join("vault.db")
    }

    pub fn open(&self, schema: &Schema) -> Database {
        self.open_with(schema, options()).unwrap()
    }

    pub fn vault(&self) -> Database {
        self.open(&store::vault::SCHEMA)
    }

    pub fn read_only(&self) -> Database {
        let options = Options { mode: Mode::ReadOnly, ..Options::default() };
        self.open_with(&store::vault::SCHEMA, options).unwrap()
    }

    pub fn open_with(&self, schema: &Schema, options: Options) -> store::Result<Database> {
        Database::open(self.place.clone(), schema, options)
    }
}

#[cfg(feature = "postgres")]
impl Drop for Ground {
    fn drop(&mut self) {
        if let Place::Postgres { url, schema } = &self.place {
            let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
            let schema = schema.replace('-', "_");
            client.batch_execute(&format!("DROP SCHEMA IF EXISTS \"{schema}\" CASCADE")).unwrap();
        }
    }
}

/// The place that a test gave to the process it started.
pub fn inherited() -> Place {
    #[cfg(feature = "postgres")]
    if let Ok(schema) = std::env::var("REGISSEUR_TEST_SCHEMA") {
        return Place::Postgres { url: std::env::var("REGISSEUR_TEST_PG").unwrap(), schema };
    }
    Place::Sqlite(std::env::var("REGISSEUR_TEST_FILE").unwrap().into())
}

pub fn options() -> Options {
    Options { log: Some(LogKey { origin: ORIGIN.into(), key: key() }), ..Options::default() }
}

/// Runs a test on every engine at hand.
pub fn on_each(test: impl Fn(&Ground)) {
    test(&Ground::sqlite());
    #[cfg(feature = "postgres")]
    match std::env::var("REGISSEUR_TEST_PG") {
        Ok(url) => test(&Ground::postgres(url)),
        Err(_) => eprintln!("REGISSEUR_TEST_PG is not set: tested on SQLite only"),
    }
}

pub fn draft(n: u64) -> Draft {
    Draft::new(NOW, "test.happened", "actor-1", serde_json::json!({ "n": n })).about("ticket", n)
}
