//! Files attached to tickets: the rows. The bytes are in [`blob`](crate::blob), by hash.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use base::id::{AccountId, FileId, MessageId, TicketId};
use events::{ContentId, FileAttached, Visibility};

pub(crate) const TABLES: &str = "
    CREATE TABLE file (
        id BLOB NOT NULL PRIMARY KEY,
        seq INT NOT NULL,
        ticket BLOB NOT NULL,
        at INT NOT NULL,
        actor BLOB NOT NULL,
        message BLOB,
        visibility TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        bytes INT NOT NULL,
        media TEXT NOT NULL,
        width INT,
        height INT,
        name BLOB NOT NULL);
    CREATE INDEX file_ticket ON file (ticket, seq);
    CREATE INDEX file_hash ON file (sha256, seq)";

pub(crate) const NOUN: Noun =
    Noun { name: "file", tables: &[Table { name: "file", keep: Keep::Journaled }], statements: STATEMENTS };

/// The columns of a row, in the order that [`attached`] reads.
macro_rules! select_file {
    ($rest:literal) => {
        concat!(
            "SELECT id, ticket, at, actor, message, visibility, sha256, bytes, media, width, height, name, seq ",
            $rest
        )
    };
}

crate::statements! {
    ADD = "INSERT INTO file (id, ticket, at, actor, message, visibility, sha256, bytes, media, width, height, name,
        seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    OF_TICKET = select_file!("FROM file WHERE ticket = $1 ORDER BY seq");
    PUBLIC_OF_TICKET = select_file!("FROM file WHERE ticket = $1 AND visibility = 'public' ORDER BY seq");
    BY_ID = select_file!("FROM file WHERE id = $1");
    COUNT = "SELECT COUNT(*) FROM file WHERE ticket = $1";
    WANTED = "SELECT COUNT(*) FROM file JOIN content ON content.id = file.name
        WHERE file.sha256 = $1 AND content.erased_by IS NULL";
    HASHES = "SELECT file.sha256, MIN(file.seq), MIN(CASE WHEN content.erased_by IS NULL THEN 0 ELSE 1 END)
        FROM file LEFT JOIN content ON content.id = file.name
        WHERE file.sha256 > $1 GROUP BY file.sha256 ORDER BY file.sha256 LIMIT $2";
}

/// A file as the tables hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    pub event: FileAttached,
    /// Its journal entry.
    pub seq: u64,
}

fn attached(row: &Row) -> Result<Attached> {
    let side = |index| -> Result<Option<u32>> { Ok(row.opt_int(index)?.and_then(|n| u32::try_from(n).ok())) };
    Ok(Attached {
        event: FileAttached {
            file: FileId(row.uuid(0)?),
            ticket: TicketId(row.uuid(1)?),
            at: row.int(2)?,
            by: AccountId(row.uuid(3)?),
            message: row.opt_uuid(4)?.map(MessageId),
            visibility: if row.text(5)? == PUBLIC { Visibility::Public } else { Visibility::Internal },
            sha256: row.text(6)?.into(),
            bytes: row.uint(7)?,
            media: row.text(8)?.into(),
            size: side(9)?.zip(side(10)?),
            name: ContentId(row.uuid(11)?),
        },
        seq: row.uint(12)?,
    })
}

const PUBLIC: &str = "public";

pub(crate) fn add(tx: &mut WriteTx<'_>, seq: u64, e: &FileAttached) -> Result<()> {
    let visibility = match e.visibility {
        Visibility::Public => PUBLIC,
        Visibility::Internal => "internal",
    };
    let p = vals![
        e.file.0,
        e.ticket.0,
        e.at,
        e.by.0,
        e.message.map(|m| m.0),
        visibility,
        &e.sha256,
        e.bytes,
        &e.media,
        e.size.map(|(width, _)| i64::from(width)),
        e.size.map(|(_, height)| i64::from(height)),
        e.name.0,
        seq
    ];
    tx.exec(ADD, p).map(drop)
}

/// The files of a ticket in the order of the journal; without the internal ones unless `internal`.
pub fn of_ticket(tx: &mut dyn Tx, ticket: TicketId, internal: bool) -> Result<Vec<Attached>> {
    let sql = if internal { OF_TICKET } else { PUBLIC_OF_TICKET };
    tx.rows(sql, vals![ticket.0])?.iter().map(attached).collect()
}

pub fn by_id(tx: &mut dyn Tx, id: FileId) -> Result<Option<Attached>> {
    tx.opt_row(BY_ID, vals![id.0])?.as_ref().map(attached).transpose()
}

/// How many files a ticket has, internal ones and those since erased included.
pub fn count(tx: &mut dyn Tx, ticket: TicketId) -> Result<u64> {
    tx.row(COUNT, vals![ticket.0])?.uint(0)
}

/// Whether some file of this hash is still to be kept: one whose name was not erased.
pub fn is_wanted(tx: &mut dyn Tx, sha256: &str) -> Result<bool> {
    Ok(tx.row(WANTED, vals![sha256])?.int(0)? > 0)
}

/// One content that entries name by its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub sha256: String,
    /// The first entry that names it.
    pub seq: u64,
    /// Every name it had was erased, so its bytes may be gone.
    pub erased: bool,
}

/// Each hash once, in order, after `after`; a page of at most `limit`.
pub fn hashes(tx: &mut dyn Tx, after: &str, limit: u32) -> Result<Vec<Named>> {
    let rows = tx.rows(HASHES, vals![after, limit])?;
    let named = |row: &Row| -> Result<Named> {
        Ok(Named { sha256: row.text(0)?.into(), seq: row.uint(1)?, erased: row.int(2)? == 1 })
    };
    rows.iter().map(named).collect()
}
