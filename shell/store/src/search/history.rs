//! The words of what another tool held: in a lane of their own, under the number of their entry.
//!
//! Both parties read all of it and a third party nothing, so that one lane is enough and its reader has no
//! bounds: whoever sees a part of the tickets does not ask.

use super::feed::put;
use super::find::Walk;
use super::{DROP, FILLED, Lane, SET_FILLED, fold};
use crate::db::{Tx, WriteTx};
use crate::{Result, content, import, ticket, vals};

/// Words of one matter at most.
const WORDS: usize = 400;
/// What people look for in a matter, the shortest first: a long text is cut, and not who it was about.
const READ: [&str; 8] =
    ["title", "requester", "assignee", "item", "category", "site", "description", "solution"];
/// The history, as [`FILLED`] calls it.
const PART: &str = "history";

/// Adds the words of a matter, a JSON object of texts.
pub(super) fn put_words(tx: &mut WriteTx<'_>, entry: u64, bytes: &[u8]) -> Result<()> {
    put(tx, Lane::History, entry, words(bytes))
}

/// Takes the words of a matter away, before they are erased.
pub fn forget_history(tx: &mut WriteTx<'_>, entry: u64, bytes: &[u8]) -> Result<()> {
    for word in words(bytes) {
        tx.exec(DROP, vals![Lane::History.key(), &word, entry])?;
    }
    Ok(())
}

/// Adds the words of the next matters of a vault that was there before this lane, `most` at most; whether
/// there may be more.
pub fn fill_history(tx: &mut WriteTx<'_>, most: u32) -> Result<bool> {
    let through = tx.row(FILLED, vals![PART])?.uint(0)?;
    let matters = import::history_after(tx, through, most)?;
    for matter in &matters {
        if let Some(bytes) = content::get(tx, matter.words.0)? {
            put_words(tx, matter.place, &bytes)?;
        }
    }
    // Those that come from now on are added as they do.
    let through = matters.last().map_or(ticket::NEVER.unsigned_abs(), |matter| matter.place);
    tx.exec(SET_FILLED, vals![PART, through])?;
    Ok(!matters.is_empty())
}

/// The entries under `before` of the matters that have every word of a query, the last brought in first,
/// `limit` at most; and where the next page starts.
pub fn find_history(
    tx: &mut dyn Tx,
    query: &str,
    before: Option<u64>,
    limit: u32,
) -> Result<(Vec<u64>, Option<u64>)> {
    let Some(mut walk) = Walk::within(tx, query, None, &[Lane::History])? else {
        return Ok((Vec::new(), None));
    };
    walk.page(tx, before, limit as usize, |_| true)
}

fn words(bytes: &[u8]) -> Vec<String> {
    let Ok(serde_json::Value::Object(texts)) = serde_json::from_slice(bytes) else { return Vec::new() };
    let read: Vec<&str> = READ.iter().filter_map(|name| texts.get(*name)?.as_str()).collect();
    let mut words = fold::words(&read.join("\n"));
    words.truncate(WORDS);
    words
}
