//! `/customers/{customer}/history`: what was over in another tool, as it was written there.

use app::import::HistoryLine;
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use jiff::Timestamp;

use super::imports::ImportTool;
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Parameters, permit};
use super::schema::{answer, ask};
use super::tickets::{limit, pair, unknown_key};
use crate::http::State;

answer! {
    /// A matter that was over in another tool.
    HistoryRead {
        /// Its entry in the journal: what an erasure names.
        entry: u64,
        source: ImportTool,
        /// Its number there.
        number: String,
        declared: Timestamp,
        over: Timestamp,
        /// When it was brought in, and by whom.
        brought: Timestamp,
        by: String,
        /// `null` once it is erased.
        words: Option<HistoryWords>,
    }

    /// The words of the other tool, as they were.
    HistoryWords {
        title: String,
        description: String,
        solution: String,
        state: String,
        priority: String,
        requester: String,
        assignee: String,
        category: String,
        item: String,
        site: String,
    }

    /// History, the last declared first; with words, the last brought in first.
    History {
        items: Vec<HistoryRead>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
    }
}

ask! {
    /// A page of the history.
    HistoryQuery {
        /// Words, all of which count, the last one being perhaps unfinished; all of it if absent.
        q: Option<String>,
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/history", "listHistory", "imports", list)
            .about("Ce qui était clos dans un autre outil", "What was over in another tool")
            .query(HistoryQuery::properties)
            .gives::<History>(),
        Operation::get("/customers/{customer}/history/{entry}", "showHistory", "imports", show)
            .about("Un élément de l’historique repris", "One matter of the history")
            .gives::<HistoryRead>(),
    ]
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<HistoryQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeTickets)?;
            let (most, after) = (limit(query.limit)?, query.after.as_deref());
            let words = query.q.as_deref().map(str::trim).filter(|words| !words.is_empty());
            let (lines, next) = match words {
                Some(words) => {
                    let before = after.map(|text| text.parse().map_err(|_| unknown_key())).transpose()?;
                    let (lines, next) = app.find_history(&permit, words, before, most)?;
                    (lines, next.map(|entry| entry.to_string()))
                }
                None => {
                    let (lines, next) = app.history(&permit, pair(after)?, most)?;
                    (lines, next.map(|(at, entry)| format!("{at}.{entry}")))
                }
            };
            Ok(Reply::json(&History { items: lines.into_iter().map(past).collect(), next }))
        })
        .await
}

async fn show(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, entry)): At<(String, String)>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeTickets)?;
            let entry = entry.parse().map_err(|_| AppError::NotFound)?;
            Ok(Reply::json(&past(app.history_matter(&permit, entry)?)))
        })
        .await
}

fn past(found: HistoryLine) -> HistoryRead {
    HistoryRead {
        entry: found.entry,
        source: ImportTool::of(found.source.key()),
        number: found.number,
        declared: found.declared,
        over: found.over,
        brought: found.at,
        by: found.by,
        words: found.words.map(|said| HistoryWords {
            title: said.title,
            description: said.description,
            solution: said.solution,
            state: said.state,
            priority: said.priority,
            requester: said.requester,
            assignee: said.assignee,
            category: said.category,
            item: said.item,
            site: said.site,
        }),
    }
}
