//! Imports under way and past: the file that was sent, how it is to be read, and what became of each line.
//!
//! What comes in has its own entries; this tells which file it came from. A file waits among the vault's, by
//! its hash, and goes once nothing is left to be done with it.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, Val, vals};
use base::id::AccountId;
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE import_job (
        id BLOB NOT NULL PRIMARY KEY,
        what TEXT NOT NULL,
        source TEXT NOT NULL,
        name TEXT NOT NULL,
        bytes INT NOT NULL,
        sha256 TEXT,
        choices TEXT NOT NULL,
        state TEXT NOT NULL,
        why TEXT,
        total INT NOT NULL,
        made INT NOT NULL,
        kept INT NOT NULL,
        known INT NOT NULL,
        skipped INT NOT NULL,
        at INT NOT NULL,
        actor BLOB NOT NULL,
        started INT,
        ended INT);
    CREATE UNIQUE INDEX import_job_at ON import_job (at, id);
    CREATE INDEX import_job_file ON import_job (sha256);
    CREATE TABLE import_line (
        job BLOB NOT NULL,
        line INT NOT NULL,
        place INT NOT NULL,
        number TEXT NOT NULL,
        fate TEXT NOT NULL,
        ticket INT,
        fr TEXT NOT NULL,
        en TEXT NOT NULL,
        PRIMARY KEY (job, line, place))";

pub(crate) const NOUN: Noun = Noun {
    name: "import_job",
    tables: &[
        Table { name: "import_job", keep: Keep::Exported },
        Table { name: "import_line", keep: Keep::Exported },
    ],
    statements: STATEMENTS,
};

/// A query of whole jobs: its columns in the order that [`row`] reads them.
macro_rules! select_job {
    ($rest:literal) => {
        concat!(
            "SELECT id, what, source, name, bytes, sha256, choices, state, why, total, made, kept, known, skipped, \
             at, actor, started, ended FROM import_job ",
            $rest
        )
    };
}

crate::statements! {
    ADD = "INSERT INTO import_job (id, what, source, name, bytes, sha256, choices, state, total, made, kept, known,
        skipped, at, actor) VALUES ($1, $2, $3, $4, $5, $6, $7, 'staged', 0, 0, 0, 0, 0, $8, $9)";
    BY_ID = select_job!("WHERE id = $1");
    PAGE = select_job!("WHERE (at, id) < ($1, $2) ORDER BY at DESC, id DESC LIMIT $3");
    WAITING = "SELECT COUNT(*) FROM import_job WHERE sha256 IS NOT NULL";
    RUNNING = select_job!("WHERE state = 'running'");
    IS_STAGED = "SELECT COUNT(*) FROM import_job WHERE sha256 = $1";
    CHOOSE = "UPDATE import_job SET choices = $2 WHERE id = $1";
    START = "UPDATE import_job SET state = 'running', why = NULL, actor = $2, started = COALESCE(started, $3),
        ended = NULL WHERE id = $1";
    STOP = "UPDATE import_job SET state = 'stopped', why = $2, ended = $3 WHERE id = $1";
    END = "UPDATE import_job SET state = 'done', why = NULL, sha256 = NULL, ended = $2 WHERE id = $1";
    COUNT = "UPDATE import_job SET total = $2, made = made + $3, kept = kept + $4, known = known + $5,
        skipped = skipped + $6 WHERE id = $1";
    DROP = "DELETE FROM import_job WHERE id = $1";
    DROP_LINES = "DELETE FROM import_line WHERE job = $1";
    STALE = "SELECT id FROM import_job WHERE sha256 IS NOT NULL AND state <> 'running' AND COALESCE(ended, at) < $1";
    ADD_LINE = "INSERT INTO import_line (job, line, place, number, fate, ticket, fr, en)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (job, line, place) DO NOTHING";
    LINES = "SELECT line, place, number, fate, ticket, fr, en FROM import_line
        WHERE job = $1 AND (line, place) > ($2, $3) ORDER BY line, place LIMIT $4";
    OF_FATE = "SELECT line, place, number, fate, ticket, fr, en FROM import_line
        WHERE job = $1 AND fate = $5 AND (line, place) > ($2, $3) ORDER BY line, place LIMIT $4";
    DECIDED = "SELECT DISTINCT line FROM import_line WHERE job = $1 AND fate <> 'note'";
}

/// A file that was sent, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: Uuid,
    /// `tickets`, `people` or `items`.
    pub what: String,
    /// The key of the tool.
    pub source: String,
    /// The file's, as it was sent.
    pub name: String,
    pub bytes: u64,
    /// Of the file while it waits; `None` once it is gone.
    pub sha256: Option<String>,
    /// How it is to be read: the caller's own text.
    pub choices: String,
    /// `staged`, `running`, `stopped` or `done`.
    pub state: String,
    /// Why it stopped: the caller's own text.
    pub why: Option<String>,
    pub counts: Counts,
    /// When it was sent, in microseconds UTC, as the next ones.
    pub at: i64,
    /// Who sent it, then who last ran it.
    pub by: AccountId,
    pub started: Option<i64>,
    pub ended: Option<i64>,
}

impl Job {
    /// Whether it runs as `run` does: for the same person, and with the same choices.
    pub fn is_same_run(&self, run: &Job) -> bool {
        self.state == "running" && self.by == run.by && self.choices == run.choices
    }
}

/// Lines by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Of the file; 0 until it was run.
    pub total: u64,
    /// Tickets opened, people invited.
    pub made: u64,
    /// Kept to be read.
    pub kept: u64,
    /// That had come already.
    pub known: u64,
    pub skipped: u64,
}

impl Counts {
    /// How many lines are decided.
    pub fn done(&self) -> u64 {
        self.made + self.kept + self.known + self.skipped
    }
}

/// What a report says of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub line: u64,
    /// Tells apart what is said of one line; the least first.
    pub place: u64,
    /// Its number in the other tool; empty for a person.
    pub number: String,
    /// `made`, `kept`, `known`, `skipped`, or `note` for a reserve.
    pub fate: String,
    /// The ticket it is here.
    pub ticket: Option<u64>,
    /// Why, in both languages; empty when there is nothing to say.
    pub fr: String,
    pub en: String,
}

/// Adds a file that was just sent.
pub fn add(tx: &mut WriteTx<'_>, job: &Job) -> Result<()> {
    let p = vals![
        job.id,
        &job.what,
        &job.source,
        &job.name,
        job.bytes,
        job.sha256.clone(),
        &job.choices,
        job.at,
        job.by.0
    ];
    tx.exec(ADD, p).map(drop)
}

pub fn by_id(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Job>> {
    tx.opt_row(BY_ID, vals![id])?.as_ref().map(row).transpose()
}

/// The last sent first, before a key: when the last one shown was sent, and its identifier.
pub fn page(tx: &mut dyn Tx, before: Option<(i64, Uuid)>, limit: u32) -> Result<Vec<Job>> {
    let (at, id) = before.unwrap_or((i64::MAX, Uuid::nil()));
    tx.rows(PAGE, vals![at, id, limit])?.iter().map(row).collect()
}

/// Files that wait.
pub fn waiting(tx: &mut dyn Tx) -> Result<u64> {
    tx.row(WAITING, &[])?.uint(0)
}

/// The one that is to be run.
pub fn running(tx: &mut dyn Tx) -> Result<Option<Job>> {
    tx.opt_row(RUNNING, &[])?.as_ref().map(row).transpose()
}

/// Whether a file of this hash waits.
pub fn is_staged(tx: &mut dyn Tx, sha256: &str) -> Result<bool> {
    Ok(tx.row(IS_STAGED, vals![sha256])?.int(0)? > 0)
}

pub fn choose(tx: &mut WriteTx<'_>, id: Uuid, choices: &str) -> Result<()> {
    tx.exec(CHOOSE, vals![id, choices]).map(drop)
}

pub fn start(tx: &mut WriteTx<'_>, id: Uuid, by: AccountId, at: i64) -> Result<()> {
    tx.exec(START, vals![id, by.0, at]).map(drop)
}

/// Stops it for now; `why` is `None` when somebody asked.
pub fn stop(tx: &mut WriteTx<'_>, id: Uuid, why: Option<&str>, at: i64) -> Result<()> {
    tx.exec(STOP, vals![id, why.map(str::to_owned), at]).map(drop)
}

/// It is over: the file is not wanted any more.
pub fn end(tx: &mut WriteTx<'_>, id: Uuid, at: i64) -> Result<()> {
    tx.exec(END, vals![id, at]).map(drop)
}

/// Forgets it, its report and its file; what it brought in stays.
pub fn forget(tx: &mut WriteTx<'_>, id: Uuid) -> Result<()> {
    tx.exec(DROP_LINES, vals![id])?;
    tx.exec(DROP, vals![id]).map(drop)
}

/// Those whose file waits since before an instant, and which nobody runs.
pub fn stale(tx: &mut dyn Tx, before: i64) -> Result<Vec<Uuid>> {
    tx.rows(STALE, vals![before])?.iter().map(|row| row.uuid(0)).collect()
}

/// Adds what became of lines to a report, and counts them; `total` is how many lines the file has.
pub fn tell(tx: &mut WriteTx<'_>, id: Uuid, total: u64, told: &[Told]) -> Result<()> {
    let mut counts = Counts::default();
    for line in told {
        let p = vals![id, line.line, line.place, &line.number, &line.fate, line.ticket, &line.fr, &line.en];
        // What a run that was cut short told already is not counted twice.
        let fresh = tx.exec(ADD_LINE, p)?;
        match line.fate.as_str() {
            "made" => counts.made += fresh,
            "kept" => counts.kept += fresh,
            "known" => counts.known += fresh,
            "skipped" => counts.skipped += fresh,
            _ => {}
        }
    }
    tx.exec(COUNT, vals![id, total, counts.made, counts.kept, counts.known, counts.skipped]).map(drop)
}

/// The lines of a report after a place, in the order of the file; of one fate if it is asked for.
pub fn lines(
    tx: &mut dyn Tx,
    id: Uuid,
    fate: Option<&str>,
    after: Option<(u64, u64)>,
    limit: u32,
) -> Result<Vec<Told>> {
    let (line, place) = after.unwrap_or((0, 0));
    let mut p: Vec<Val> = vals![id, line, place, limit].to_vec();
    let sql = match fate {
        Some(fate) => {
            p.push(fate.into());
            OF_FATE
        }
        None => LINES,
    };
    let told = |row: &Row| {
        Ok(Told {
            line: row.uint(0)?,
            place: row.uint(1)?,
            number: row.text(2)?.to_owned(),
            fate: row.text(3)?.to_owned(),
            ticket: row.opt_int(4)?.and_then(|number| u64::try_from(number).ok()),
            fr: row.text(5)?.to_owned(),
            en: row.text(6)?.to_owned(),
        })
    };
    tx.rows(sql, &p)?.iter().map(told).collect()
}

/// The lines that something became of already.
pub fn decided(tx: &mut dyn Tx, id: Uuid) -> Result<Vec<u64>> {
    tx.rows(DECIDED, vals![id])?.iter().map(|row| row.uint(0)).collect()
}

fn row(row: &Row) -> Result<Job> {
    Ok(Job {
        id: row.uuid(0)?,
        what: row.text(1)?.to_owned(),
        source: row.text(2)?.to_owned(),
        name: row.text(3)?.to_owned(),
        bytes: row.uint(4)?,
        sha256: row.opt_text(5)?.map(str::to_owned),
        choices: row.text(6)?.to_owned(),
        state: row.text(7)?.to_owned(),
        why: row.opt_text(8)?.map(str::to_owned),
        counts: Counts {
            total: row.uint(9)?,
            made: row.uint(10)?,
            kept: row.uint(11)?,
            known: row.uint(12)?,
            skipped: row.uint(13)?,
        },
        at: row.int(14)?,
        by: AccountId(row.uuid(15)?),
        started: row.opt_int(16)?,
        ended: row.opt_int(17)?,
    })
}
