//! What was over in another tool, found by its words.

use jiff::Timestamp;
use store::search::fold::Query;

use super::{Extract, extract};
use crate::access::Permit;
use crate::error::Result;
use crate::import::{HistoryLine, Source};
use crate::instance::App;

/// A matter of the history found.
pub struct HistoryHit {
    pub entry: u64,
    pub source: Source,
    /// Its number there.
    pub number: String,
    pub declared: Timestamp,
    pub title: Extract,
    /// Of the text with most of the words.
    pub extract: Extract,
}

impl App {
    /// The first ones, and whether there are more.
    pub(super) fn search_history(
        &self,
        permit: &Permit,
        query: &str,
        most: usize,
    ) -> Result<(Vec<HistoryHit>, bool)> {
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        let (lines, next) = self.find_history(permit, query, None, most)?;
        let words = Query::parse(query);
        Ok((lines.iter().filter_map(|line| hit(line, &words)).collect(), next.is_some()))
    }
}

fn hit(line: &HistoryLine, words: &Query) -> Option<HistoryHit> {
    let said = line.words.as_ref()?;
    let texts =
        [&said.description, &said.solution, &said.requester, &said.assignee, &said.item, &said.category];
    let mut best = texts[0];
    for text in texts {
        if extract::count(text, words) > extract::count(best, words) {
            best = text;
        }
    }
    Some(HistoryHit {
        entry: line.entry,
        source: line.source,
        number: line.number.clone(),
        declared: line.declared,
        title: Extract::whole(&said.title, words),
        extract: Extract::of(best, words),
    })
}
