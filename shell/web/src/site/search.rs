//! `GET /search`, `GET /c/{customer}/search`: what one looks for, in what one may read.

use app::search::{Extract, Of, Place as From, Results, Tier};
use app::{Act, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use base::id::CustomerId;
use jiff::Timestamp;
use serde::Deserialize;

use super::{Place, failed, place, rows, words};
use crate::design::CustomerRef;
use crate::http::{Failure, Reader, State, html, see_other};
use crate::pages::search::{self as pages, Article, Contract, Group, Item, Passage, Ticket, View, page};

/// Tickets of a page, and of each customer on a page over all.
const ROWS: u32 = 20;
const OF_EACH: u32 = 5;
/// Characters of a query that are read.
const LONGEST: usize = 200;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    /// Where the page before ended.
    #[serde(default)]
    after: String,
}

impl Asked {
    fn query(&self) -> String {
        self.q.trim().chars().take(LONGEST).collect()
    }
}

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (query, again, from) = (asked.query(), reader.clone(), key(&asked.after));
    let words = query.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeTickets)?;
        Ok((customer, app.search(&permit, &words, from, ROWS)?))
    });
    let (customer, found) = read.await.map_err(failed(&reader))?;
    let path = |after: Option<String>| {
        let after = after.map_or_else(String::new, |after| format!("&after={after}"));
        customer.path(&format!("/search?q={}{after}", words::query_encode(&query)))
    };
    let view = View {
        first: from.map(|_| path(None)),
        next: found.next.map(|next| path(Some(key_text(next)))),
        groups: group(&customer, &query, &found).into_iter().collect(),
        customer: Some(customer.clone()),
        query: query.clone(),
        failed: Vec::new(),
    };
    Ok(html(page(&reader.shell(&web, Some(customer)), &view)))
}

pub async fn everywhere(
    Shared(web): Shared<State>,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let query = asked.query();
    if let Some(customer) = reader.principal.customer {
        // The customer's people have one customer.
        let slug =
            web.run(move |app| Ok(app.vault(customer)?.slug.clone())).await.map_err(failed(&reader))?;
        return Ok(see_other(&format!("/c/{slug}/search?q={}", words::query_encode(&query))));
    }
    let (who, words, after) =
        (reader.principal.clone(), query.clone(), asked.after.parse::<CustomerId>().ok());
    let read = web.run(move |app| {
        let permit = app.permit_instance(&who, Act::SeeDesk)?;
        if words.is_empty() {
            return Ok::<_, AppError>(None);
        }
        app.search_everywhere(&permit, &words, after, OF_EACH).map(Some)
    });
    let found = read.await.map_err(failed(&reader))?;
    let here = format!("/search?q={}", words::query_encode(&query));
    let mut view = View { query, first: after.map(|_| here.clone()), ..View::default() };
    if let Some(found) = found {
        view.next = found.next.map(|next| format!("{here}&after={next}"));
        view.failed = found.failed;
        let groups = found.groups.iter().filter_map(|at| {
            let (slug, name) = (at.slug.clone(), at.name.clone());
            let customer = CustomerRef { id: at.customer, slug, name, contract: at.contract.clone() };
            group(&customer, &view.query, &at.results)
        });
        view.groups = groups.collect::<Vec<_>>();
    }
    Ok(html(page(&reader.shell(&web, None), &view)))
}

/// A place as an address carries it: `1.412`, the tickets with the words in their title under 412.
pub(crate) fn key_text(place: From) -> String {
    let tier = if place.tier == Tier::Title { 1 } else { 2 };
    format!("{tier}.{}", place.before)
}

/// `None` for anything that [`key_text`] does not give.
pub(crate) fn key(text: &str) -> Option<From> {
    let (tier, before) = text.split_once('.')?;
    let tier = match tier {
        "1" => Tier::Title,
        "2" => Tier::Texts,
        _ => return None,
    };
    Some(From { tier, before: before.parse().ok()? })
}

fn group(customer: &CustomerRef, query: &str, found: &Results) -> Option<Group> {
    let tickets = found.tickets.iter().map(|hit| {
        let ticket = &hit.shown.ticket;
        let opened = Timestamp::from_microsecond(ticket.opened).unwrap_or_default();
        Ticket {
            number: ticket.number,
            title: passage(&hit.title),
            state: rows::state(ticket),
            priority: ticket.priority.clone(),
            opened: words::in_zone(opened, &hit.shown.zone),
            of: match hit.of {
                Of::Description => pages::Of::Description,
                Of::Answers => pages::Of::Answers,
                Of::Message => pages::Of::Message,
                Of::Note => pages::Of::Note,
                Of::Price => pages::Of::Price,
                Of::File => pages::Of::File,
            },
            passage: passage(&hit.extract),
        }
    });
    let group = Group {
        tickets: tickets.collect(),
        contracts: found.contracts.iter().map(|hit| contract(customer, hit)).collect(),
        articles: found.articles.iter().map(|hit| article(customer, hit)).collect(),
        items: found.items.iter().map(|hit| item(customer, hit)).collect(),
        knowledge: found.knowledge.iter().map(|hit| knowledge(customer, hit)).collect(),
        history: found.history.iter().map(|hit| past(customer, hit)).collect(),
        more_history: found
            .more_history
            .then(|| customer.path(&format!("/history?q={}", words::query_encode(query)))),
        more: found.next.is_some(),
        customer: customer.clone(),
    };
    (!group.is_empty()).then_some(group)
}

fn contract(customer: &CustomerRef, hit: &app::search::ContractHit) -> Contract {
    Contract {
        href: customer.path(&format!("/contracts/{}", words::query_encode(&hit.number.text()))),
        number: passage(&hit.number),
        title: passage(&hit.title),
    }
}

fn article(customer: &CustomerRef, hit: &app::search::ArticleHit) -> Article {
    Article {
        href: customer.path(&format!("/contracts/{}#{}", hit.contract, hit.anchor)),
        contract: format!("{} · {}", hit.contract, hit.contract_title),
        title: passage(&hit.title),
        passage: passage(&hit.extract),
    }
}

fn knowledge(customer: &CustomerRef, hit: &app::search::KnowledgeHit) -> Article {
    Article {
        href: customer.path(&format!("/knowledge/{}", hit.number)),
        contract: String::new(),
        title: passage(&hit.title),
        passage: passage(&hit.extract),
    }
}

fn past(customer: &CustomerRef, hit: &app::search::HistoryHit) -> Article {
    Article {
        href: customer.path(&format!("/history/{}", hit.entry)),
        contract: format!("{} {}, {}", hit.source.name(), hit.number, words::local(hit.declared).date()),
        title: passage(&hit.title),
        passage: passage(&hit.extract),
    }
}

fn item(customer: &CustomerRef, hit: &app::search::ItemHit) -> Item {
    Item {
        href: customer.path(&format!("/tickets?item={}", words::query_encode(&hit.key))),
        name: passage(&hit.name),
        class: hit.class.clone(),
    }
}

fn passage(extract: &Extract) -> Passage {
    Passage {
        pieces: extract.pieces.iter().map(|piece| (piece.text.clone(), piece.found)).collect(),
        cut_before: extract.cut_before,
        cut_after: extract.cut_after,
    }
}
