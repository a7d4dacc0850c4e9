//! One person's copy of the instance, and what can be asked of it.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::App;
use axum::Router;

use crate::browser::{Entered, Ids, open, send};
use crate::compare::Answer;
use crate::people::{PEOPLE, Who};
use crate::routes::Row;
use crate::world::{SLUGS, VISIT, World, database, made_up};

/// A name as long as theirs: the length of an answer tells nothing.
const NOBODY: &str = "nulpart";

/// One person's copy.
pub struct Copy<'a> {
    world: &'a World,
    nth: usize,
    folder: PathBuf,
    app: Arc<App>,
    router: Router,
    keys: std::cell::Cell<u64>,
}

impl Drop for Copy<'_> {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl World {
    /// The instance as it was made, opened for one person.
    pub fn copy(&self, nth: usize) -> Copy<'_> {
        let folder = self.folder.join(nth.to_string());
        copy_folder(&self.folder.join("seed"), &folder);
        let (app, _, router) = open(&folder, VISIT, 1000 + nth as u64);
        Copy { world: self, nth, folder, app, router, keys: std::cell::Cell::new(0) }
    }
}

impl Copy<'_> {
    pub fn person(&self) -> Who {
        PEOPLE[self.nth]
    }

    fn entered(&self) -> &Entered {
        &self.world.people[self.nth]
    }

    pub fn ask(&self, row: &Row, ids: &Ids) -> Answer {
        self.keys.set(self.keys.get() + 1);
        send(&self.router, self.entered().request(row, ids, &format!("visit-{}", self.keys.get())))
    }

    /// What is of `garonne`, and their own.
    pub fn ids(&self) -> Ids {
        let mut ids = self.world.things[SLUGS[0]].clone();
        let own = self.entered();
        if own.account.is_some() {
            ids.insert("session", own.session.clone());
            ids.insert("token", own.spare_token.clone());
            ids.insert("view", own.view.clone());
        }
        ids
    }

    pub fn ids_of(&self, slug: &str) -> Ids {
        self.world.things[slug].clone()
    }

    pub fn ids_of_nobody(&self) -> Ids {
        self.world.things[SLUGS[0]].keys().map(|kind| (*kind, nothing(kind))).collect()
    }

    /// Another customer's thing, one made up, and one of `garonne` that ended.
    pub fn strange(&self, kind: &str) -> (String, String, Option<String>) {
        let other = self.world.things[SLUGS[1]][kind].clone();
        (other, nothing(kind), self.world.gone.get(kind).cloned())
    }

    /// Everything that a vault holds, in words.
    pub fn dump(&self, slug: &str) -> String {
        let vault = database(&self.folder.join("vaults").join(slug).join("vault.db"));
        let mut tables =
            vault.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").unwrap();
        let names: Vec<String> =
            tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let mut all = String::new();
        for name in names {
            let mut rows = vault.prepare(&format!("SELECT * FROM {name}")).unwrap();
            let columns = rows.column_count();
            let mut rows = rows.query([]).unwrap();
            writeln!(all, "{name}").unwrap();
            while let Some(row) = rows.next().unwrap() {
                for column in 0..columns {
                    write!(all, "{:?} ", row.get_ref(column).unwrap()).unwrap();
                }
                all.push('\n');
            }
        }
        all
    }

    /// What the journal says that the person was refused, and how many times each.
    pub fn denials(&self) -> Vec<(String, i64)> {
        let Some(account) = self.entered().account else { return Vec::new() };
        self.app.keep_notices().unwrap();
        let instance = database(&self.folder.join("instance.db"));
        let sql = "SELECT object, COUNT(*) FROM security_act WHERE account = ?1 AND kind LIKE '%denied' GROUP BY object";
        let mut found = instance.prepare(sql).unwrap();
        let rows =
            found.query_map([account.0.as_bytes().to_vec()], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    }
}

/// What is nobody's, as long as what is somebody's.
fn nothing(kind: &str) -> String {
    match kind {
        "customer" | "elsewhere" => NOBODY.to_owned(),
        "ticket" | "linked" | "article" | "inner" => "9".to_owned(),
        // An entry of two digits, as those that are there.
        "matter" => "99".to_owned(),
        "contract" => "CTR-2026-777".to_owned(),
        "session" => "0".repeat(64),
        "code" => "A".repeat(43),
        _ => made_up(),
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
