//! `/c/{customer}/history`: what was over in another tool.

use app::Act;
use app::import::{HistoryLine, Words};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use serde::Deserialize;

use super::{Place, failed, place, words};
use crate::design::{CustomerRef, Lang};
use crate::http::{Failure, Reader, State, html, pair};
use crate::pages::{history, matter};

const ROWS: u32 = 50;
/// Characters of a query that are read.
const LONGEST: usize = 200;

#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    q: String,
    /// Where the page before ended.
    #[serde(default)]
    before: String,
}

/// `GET /c/{customer}/history`
pub async fn list(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let query: String = asked.q.trim().chars().take(LONGEST).collect();
    let (again, wanted, before) = (reader.clone(), query.clone(), asked.before.clone());
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeTickets)?;
        let (lines, next) = match wanted.is_empty() {
            true => {
                let (lines, next) = app.history(&permit, pair(&before), ROWS)?;
                (lines, next.map(|(at, entry)| format!("{at}.{entry}")))
            }
            false => {
                let (lines, next) = app.find_history(&permit, &wanted, before.parse().ok(), ROWS)?;
                (lines, next.map(|entry| entry.to_string()))
            }
        };
        Ok((customer, lines, next))
    });
    let (customer, lines, next) = read.await.map_err(failed(&reader))?;
    let path = |before: Option<String>| {
        let q = (!query.is_empty()).then(|| format!("q={}", words::query_encode(&query)));
        let before = before.map(|before| format!("before={before}"));
        let parts: Vec<String> = q.into_iter().chain(before).collect();
        let parts = parts.join("&");
        customer.path(&if parts.is_empty() { "/history".to_owned() } else { format!("/history?{parts}") })
    };
    let view = history::View {
        lines: lines.iter().map(|found| line(&customer, found)).collect(),
        first: (!asked.before.is_empty()).then(|| path(None)),
        next: next.map(|next| path(Some(next))),
        query: query.clone(),
        customer: customer.clone(),
    };
    Ok(html(history::page(&reader.shell(&web, Some(customer)), &view)))
}

fn line(customer: &CustomerRef, found: &HistoryLine) -> history::Line {
    history::Line {
        href: customer.path(&format!("/history/{}", found.entry)),
        number: number(found),
        title: found.words.as_ref().map(|words| words.title.clone()),
        requester: found.words.as_ref().map(|words| words.requester.clone()).unwrap_or_default(),
        declared: words::local(found.declared),
        over: words::local(found.over),
    }
}

fn number(found: &HistoryLine) -> String {
    format!("{} {}", found.source.name(), found.number)
}

/// `GET /c/{customer}/history/{entry}`
pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, entry)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeTickets)?;
        let entry = entry.parse().map_err(|_| app::AppError::NotFound)?;
        Ok((customer, app.history_matter(&permit, entry)?))
    });
    let (customer, found) = read.await.map_err(failed(&reader))?;
    let lang = reader.visitor.lang;
    let view = matter::View {
        customer: customer.clone(),
        number: number(&found),
        declared: words::local(found.declared),
        over: words::local(found.over),
        brought: words::local(found.at),
        by: found.by.clone(),
        entry: found.entry,
        words: found.words.map(|said| self::said(said, lang)),
    };
    Ok(html(matter::page(&reader.shell(&web, Some(customer)), &view)))
}

fn said(said: Words, lang: Lang) -> matter::Words {
    let kind = said.kind.map(|key| words::fact(&key, lang)).unwrap_or_default();
    matter::Words {
        title: said.title,
        description: said.description,
        solution: said.solution,
        kind,
        state: said.state,
        priority: said.priority,
        requester: said.requester,
        assignee: said.assignee,
        category: said.category,
        item: said.item,
        site: said.site,
    }
}
