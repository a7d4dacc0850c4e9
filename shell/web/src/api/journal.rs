//! `/customers/{customer}/journal` and `/log`: the customer's transparency log, for people, and for
//! any C2SP client that wants to verify it without us.

use std::collections::BTreeMap;

use app::proof::EntryLine;
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use jiff::Timestamp;
use journal::tile::{Content, Tile, WIDTH};

use super::operation::Operation;
use super::problem::Failure;
use super::reply::Reply;
use super::request::{At, Caller, Parameters, permit};
use super::schema::{answer, ask};
use super::tickets::limit;
use crate::http::State;

answer! {
    /// A journal entry, as a list shows it; its bytes are in the log's tiles.
    JournalLine {
        /// Its place in the log, from 0.
        entry: u64,
        at: Timestamp,
        /// What happened: `ticket.opened`.
        kind: String,
        /// The pseudonymous id of who did it.
        actor: String,
        /// The hash of the contract version that governed.
        contract: Option<String>,
        /// What it is about: `ticket` and its id.
        subject: BTreeMap<String, String>,
        /// The leaf hash, in hexadecimal.
        leaf: String,
    }

    /// A page of the journal, newest first.
    JournalRead {
        /// The log's name, as its checkpoints sign it.
        origin: String,
        /// The key that verifies it, in C2SP's form.
        key: String,
        /// How many entries there are.
        size: u64,
        items: Vec<JournalLine>,
        /// Pass as `before` for the next page; `null` on the last one.
        next: Option<u64>,
    }
}

ask! {
    /// Which entries.
    JournalQuery {
        /// Only entries under this one.
        before: Option<u64>,
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/journal", "listEntries", "journal", list)
            .about("Le journal, du plus récent au plus ancien", "The journal, newest first")
            .query(JournalQuery::properties)
            .gives::<JournalRead>(),
        Operation::get("/customers/{customer}/journal/checkpoint", "getCheckpoint", "journal", checkpoint)
            .about("Le dernier point de contrôle signé", "The latest signed checkpoint")
            .gives_raw("text/plain"),
        Operation::get("/customers/{customer}/journal/key", "getKey", "journal", key)
            .about("La clé qui vérifie le journal", "The key that verifies the journal")
            .gives_raw("text/plain"),
        Operation::get("/customers/{customer}/log/checkpoint", "getLogCheckpoint", "log", checkpoint)
            .about("C2SP tlog-tiles : le point de contrôle", "C2SP tlog-tiles: the checkpoint")
            .gives_raw("text/plain"),
        Operation::get("/customers/{customer}/log/tile/{path}", "getTile", "log", tile)
            .about(
                "C2SP tlog-tiles : une tuile (0/000, 0/000.p/12) ou un lot d'entrées (entries/000). Les entrées \
                 y sont entières, temps saisis et notes internes compris ; les textes et les noms n'y sont pas",
                "C2SP tlog-tiles: a tile (0/000, 0/000.p/12) or a bundle of entries (entries/000). Entries are \
                 whole there, times entered and internal notes included; texts and names are not in them",
            )
            .gives_raw("application/octet-stream"),
    ]
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<JournalQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeJournal)?;
            let page = app.journal(&permit, query.before, limit(query.limit)?)?;
            let items: Vec<JournalLine> = page.entries.into_iter().map(JournalLine::from).collect();
            let next = items.last().map(|line| line.entry).filter(|entry| *entry > 0);
            Ok(Reply::json(&JournalRead {
                origin: page.origin,
                key: page.verifier,
                size: page.size,
                items,
                next,
            }))
        })
        .await
}

async fn checkpoint(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeJournal)?;
            let note = app.journal(&permit, None, 0)?.checkpoint.ok_or(AppError::NotFound)?;
            Ok(Reply::bytes("text/plain; charset=utf-8", note.into_bytes()))
        })
        .await
}

async fn key(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeJournal)?;
            let verifier = app.journal(&permit, None, 0)?.verifier;
            Ok(Reply::bytes("text/plain; charset=utf-8", format!("{verifier}\n").into_bytes()))
        })
        .await
}

async fn tile(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, path)): At<(String, String)>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeJournal)?;
            let tile = Tile::parse(&format!("tile/{path}")).map_err(|_| Failure::App(AppError::NotFound))?;
            let kind = match tile.content {
                Content::Hashes { .. } | Content::Entries => "application/octet-stream",
            };
            let reply = Reply::bytes(kind, app.tile(&permit, &tile)?);
            // A log only grows: the hashes and entries of a tile, partial or not, never change.
            Ok(if u64::from(tile.width) == WIDTH { reply.immutable(None) } else { reply })
        })
        .await
}

impl From<EntryLine> for JournalLine {
    fn from(line: EntryLine) -> JournalLine {
        JournalLine {
            entry: line.seq,
            at: line.at,
            kind: line.kind,
            actor: line.actor,
            contract: line.contract,
            subject: line.subject.into_iter().collect(),
            leaf: line.leaf,
        }
    }
}
