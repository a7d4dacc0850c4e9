//! `/search` and `/customers/{customer}/search`: what one looks for, in what one may read.

use app::Act;
use app::search::{Extract, Group, Of, Results, TicketHit};
use axum::extract;
use axum::response::Response;
use base::id::CustomerId;
use jiff::Timestamp;

use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Parameters, permit};
use super::schema::{answer, ask, words};
use super::tickets::{TicketLine, limit, line, unknown_key};
use crate::http::State;
use crate::site::search::{key, key_text};

words! {
    /// What an extract is of.
    ExtractOf ["description", "answers", "message", "note", "price", "file"];
}

answer! {
    /// A part of an extract.
    ExtractPiece {
        text: String,
        /// It is one of the words asked.
        found: bool,
    }

    /// A ticket that has all the words.
    TicketFound {
        ticket: TicketLine,
        title: Vec<ExtractPiece>,
        extract_of: ExtractOf,
        extract: Vec<ExtractPiece>,
    }

    /// A contract that has all the words in its number or its title.
    ContractFound {
        number: String,
        title: Vec<ExtractPiece>,
    }

    /// An article of a contract that has all the words.
    ArticleFound {
        /// The contract's number.
        contract: String,
        /// Its place in the contract's page.
        anchor: String,
        title: Vec<ExtractPiece>,
        extract: Vec<ExtractPiece>,
    }

    /// An item of the perimeter that has all the words in its name or its key.
    ItemFound {
        contract: String,
        key: String,
        name: Vec<ExtractPiece>,
        class: Option<String>,
    }

    /// An article or a runbook of the knowledge base that has all the words.
    KnowledgeFound {
        number: u64,
        title: Vec<ExtractPiece>,
        extract: Vec<ExtractPiece>,
    }

    /// What was over in another tool, and has all the words.
    HistoryFound {
        /// Its entry in the journal, by which it is read.
        entry: u64,
        /// Its number in that tool.
        number: String,
        declared: Timestamp,
        title: Vec<ExtractPiece>,
        extract: Vec<ExtractPiece>,
    }

    /// What was found, the words of a title first, then the newest first.
    Found {
        tickets: Vec<TicketFound>,
        /// With the first page only.
        contracts: Vec<ContractFound>,
        /// With the first page only.
        articles: Vec<ArticleFound>,
        /// With the first page only.
        items: Vec<ItemFound>,
        /// Articles and runbooks of the knowledge base, with the first page only.
        knowledge: Vec<KnowledgeFound>,
        /// The first matters of the history, with the first page only: ask `/history` for the others.
        history: Vec<HistoryFound>,
        /// Pass as `after` for the next page of tickets; `null` on the last one. A page may be short, or
        /// empty, and have a next one.
        next: Option<String>,
    }

    /// What was found at a customer.
    FoundAt {
        customer: CustomerId,
        slug: String,
        customer_name: String,
        tickets: Vec<TicketFound>,
        contracts: Vec<ContractFound>,
        /// Two at most, as of each kind below.
        articles: Vec<ArticleFound>,
        items: Vec<ItemFound>,
        knowledge: Vec<KnowledgeFound>,
        history: Vec<HistoryFound>,
        /// There may be more tickets at this customer: ask for its own search.
        more: bool,
    }

    /// What was found over customers.
    FoundEverywhere {
        /// The customers of which only articles of contracts answer come last, ten at most.
        items: Vec<FoundAt>,
        /// Pass as `after` for the next customers; `null` after the last one.
        next: Option<String>,
        /// Names of customers that could not be asked.
        failed: Vec<String>,
    }
}

ask! {
    /// What to look for.
    SearchQuery {
        /// Words, all of which count, the last one being perhaps unfinished; or a ticket's number.
        q: String,
        /// 1 to 200; 50 if absent. Over customers, of each: 1 to 20, 5 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/search", "searchEverywhere", "search", everywhere)
            .about(
                "Chercher chez tous ses clients",
                "Tickets, contracts, articles and items of all one's customers, by their words",
            )
            .query(SearchQuery::properties)
            .gives::<FoundEverywhere>(),
        Operation::get("/customers/{customer}/search", "search", "search", search)
            .about(
                "Chercher des tickets, des articles, des éléments",
                "Tickets, articles and items by their words, in what one may read",
            )
            .query(SearchQuery::properties)
            .gives::<Found>(),
    ]
}

async fn search(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<SearchQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeTickets)?;
            let from = match &query.after {
                Some(text) => Some(key(text).ok_or_else(unknown_key)?),
                None => None,
            };
            let found = app.search(&permit, &query.q, from, limit(query.limit)?)?;
            Ok(Reply::json(&answer(found, app.now())))
        })
        .await
}

async fn everywhere(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Parameters(query): Parameters<SearchQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = app.permit_instance(who, Act::SeeDesk)?;
            let after = match &query.after {
                Some(text) => Some(text.parse::<CustomerId>().map_err(|_| unknown_key())?),
                None => None,
            };
            let limit = limit(Some(query.limit.unwrap_or(5)))?.min(20);
            let page = app.search_everywhere(&permit, &query.q, after, limit)?;
            let now = app.now();
            Ok(Reply::json(&FoundEverywhere {
                items: page.groups.into_iter().map(|group| at(group, now)).collect(),
                next: page.next.map(|customer| customer.to_string()),
                failed: page.failed,
            }))
        })
        .await
}

fn at(group: Group, now: Timestamp) -> FoundAt {
    let found = answer(group.results, now);
    FoundAt {
        customer: group.customer,
        slug: group.slug,
        customer_name: group.name,
        more: found.next.is_some(),
        tickets: found.tickets,
        contracts: found.contracts,
        articles: found.articles,
        items: found.items,
        knowledge: found.knowledge,
        history: found.history,
    }
}

fn answer(found: Results, now: Timestamp) -> Found {
    let article = |hit: app::search::ArticleHit| ArticleFound {
        title: pieces(&hit.title),
        extract: pieces(&hit.extract),
        contract: hit.contract,
        anchor: hit.anchor,
    };
    let knowledge = |hit: &app::search::KnowledgeHit| KnowledgeFound {
        number: hit.number,
        title: pieces(&hit.title),
        extract: pieces(&hit.extract),
    };
    let item = |hit: app::search::ItemHit| ItemFound {
        name: pieces(&hit.name),
        contract: hit.contract,
        key: hit.key,
        class: hit.class,
    };
    let past = |hit: &app::search::HistoryHit| HistoryFound {
        entry: hit.entry,
        number: hit.number.clone(),
        declared: hit.declared,
        title: pieces(&hit.title),
        extract: pieces(&hit.extract),
    };
    let contract = |hit: &app::search::ContractHit| ContractFound {
        number: hit.number.text(),
        title: pieces(&hit.title),
    };
    Found {
        contracts: found.contracts.iter().map(contract).collect(),
        history: found.history.iter().map(past).collect(),
        tickets: found.tickets.into_iter().map(|hit| ticket(hit, now)).collect(),
        articles: found.articles.into_iter().map(article).collect(),
        items: found.items.into_iter().map(item).collect(),
        knowledge: found.knowledge.iter().map(knowledge).collect(),
        next: found.next.map(key_text),
    }
}

fn ticket(hit: TicketHit, now: Timestamp) -> TicketFound {
    TicketFound {
        title: pieces(&hit.title),
        extract: pieces(&hit.extract),
        extract_of: ExtractOf::of(match hit.of {
            Of::Description => "description",
            Of::Answers => "answers",
            Of::Message => "message",
            Of::Note => "note",
            Of::Price => "price",
            Of::File => "file",
        }),
        ticket: line(hit.shown, now),
    }
}

fn pieces(extract: &Extract) -> Vec<ExtractPiece> {
    extract.pieces.iter().map(|p| ExtractPiece { text: p.text.clone(), found: p.found }).collect()
}
