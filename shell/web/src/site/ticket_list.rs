//! A customer's tickets: filtered, searched, a page at a time. The filters are all in the address.

use app::ticket::{Filter, Key, Which, own};
use app::{Act, App, AppError, Permit};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use base::id::ContractId;
use engines::kinds::Kind;
use serde::Deserialize;
use terms::Terms;

use super::{Place, failed, fresh_key, place, rows, words};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang};
use crate::http::{Failure, Reader, State, html};
use crate::pages::bulk::Offered as Bulk;
use crate::pages::saved_views::SavedView;
use crate::pages::tickets::{Asked as Filters, View, page};

/// A late ticket's row weighs 1.6 KB, and a page is meant to stay under 60.
const ROWS: u32 = 30;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(flatten)]
    filters: Filters,
    /// The `next` of the page before.
    #[serde(default)]
    after: String,
}

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (again, filters) = (reader.clone(), asked.filters.clone());
    let after = Key::parse(&asked.after);
    let lang = reader.visitor.lang;
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeTickets)?;
        let (shown, next) = listed(app, &permit, &filters, after, ROWS)?;
        let history = app.has_history(&permit)?;
        let offered = offered(app, &permit, lang)?;
        let bulk = bulk(app, &again, (&permit, &customer), &offered, lang)?;
        Ok((customer, shown, next, (offered, bulk), app.saved_views(&permit)?, history))
    });
    let (customer, shown, next, (offered, bulk), saved, history) = read.await.map_err(failed(&reader))?;
    let path =
        |after: Option<Key>| customer.path(&format!("/tickets{}", asked.filters.query(after.map(Key::text))));
    let here = asked.filters.query(None);
    let saved = saved.into_iter().map(|v| SavedView {
        id: v.id.to_string(),
        current: here.strip_prefix('?') == Some(v.query.as_str()),
        href: customer.path(&format!("/tickets?{}", v.query)),
        name: v.name,
        shared: v.shared,
        of: v.of,
    });
    let works = reader.principal.permit(Act::WorkOnTicket, customer.id).ok();
    let view = View {
        views: saved.collect(),
        key: fresh_key(),
        rows: shown.iter().map(|s| rows::row_to_take(&customer, s, works.as_ref())).collect(),
        here: path(after),
        previous: (!asked.after.is_empty()).then(|| path(None)),
        next: next.map(|key| path(Some(key))),
        priorities: offered.priorities,
        kinds: offered.kinds,
        items: offered.items,
        export: ["csv", "xlsx"]
            .map(|kind| customer.path(&format!("/tickets.{kind}{}", asked.filters.query(None)))),
        history,
        may_take: reader.may(&customer, Act::WorkOnTicket),
        bulk,
        asked: asked.filters.clone(),
        customer: customer.clone(),
    };
    Ok(html(page(&reader.shell(&web, Some(customer)), &view)))
}

/// A page of the list that an address asks for, `limit` rows at most, and the key of the next.
pub(super) fn listed(
    app: &App,
    permit: &Permit,
    asked: &Filters,
    after: Option<Key>,
    limit: u32,
) -> Result<(Vec<app::ticket::Shown>, Option<Key>), AppError> {
    let filter = filter(app, permit, asked);
    let words = asked.query.trim();
    if words.is_empty() {
        return app.tickets(permit, &filter, after, limit);
    }
    let before = match after {
        Some(Key::Number(number)) => Some(number),
        Some(Key::Due(..)) | None => None,
    };
    let (found, next) = app.find_tickets(permit, words, &filter, before, limit)?;
    Ok((found, next.map(Key::Number)))
}

/// A word that is none of a filter's lets everything through, as an address of before does.
fn filter(app: &App, permit: &Permit, asked: &Filters) -> Filter {
    let some = |text: &String| Some(text.clone()).filter(|t| !t.is_empty());
    let filter = Filter {
        which: match asked.state.as_str() {
            "open" => Which::Open,
            "late" => Which::Late(app.now().as_microsecond()),
            code => rows::state_of(code).map_or(Which::All, Which::In),
        },
        priority: some(&asked.priority),
        kind: some(&asked.kind),
        item: some(&asked.item),
        ..Filter::default()
    };
    if asked.mine == "1" { own(filter, permit) } else { filter }
}

/// The acts on several tickets that the reader has the right to.
fn bulk(
    app: &App,
    reader: &Reader,
    (permit, customer): (&Permit, &CustomerRef),
    offered: &Offered,
    lang: Lang,
) -> Result<Bulk, AppError> {
    let people = match permit.by().permit(Act::AssignTicket, permit.customer()) {
        Ok(permit) => super::team::whoever(&app.assignees(&permit)?, lang),
        Err(_) => Vec::new(),
    };
    let works = reader.may(customer, Act::WorkOnTicket);
    let priorities = if reader.may(customer, Act::SetPriority) { &offered.priorities[..] } else { &[] };
    Ok(Bulk {
        works,
        people,
        priorities: priorities.iter().map(|p| Choice::new(p.clone(), p.clone())).collect(),
        diagnosis: works && offered.diagnosis,
    })
}

/// What the contracts in force let one choose.
struct Offered {
    priorities: Vec<String>,
    /// Whether one of them asks for a diagnosis before some remedies.
    diagnosis: bool,
    kinds: Vec<Choice>,
    items: Vec<Choice>,
}

fn offered(app: &App, permit: &Permit, lang: Lang) -> Result<Offered, AppError> {
    let agreements = app.vault(permit.customer())?.agreements()?;
    let all: Vec<(ContractId, &Terms)> =
        agreements.contracts.iter().map(|c| (c.id, &c.latest().compiled.terms)).collect();
    let mut priorities: Vec<String> = Vec::new();
    let mut items: Vec<Choice> = Vec::new();
    let mut known: Vec<Kind> = Vec::new();
    let mut diagnosis = false;
    for (contract, terms) in all.into_iter().filter(|(id, _)| permit.sees(*id)) {
        // Whoever reads the list may find what the other party opened.
        known.extend(engines::kinds::offered(terms, true).into_iter().map(|k| k.value));
        diagnosis |= engines::diagnosis::is_ever_required(terms);
        for priority in terms.priorities.iter().flat_map(|m| &m.then.priorities) {
            if !priorities.contains(priority) {
                priorities.push(priority.clone());
            }
        }
        let named = terms
            .perimeter
            .iter()
            .flat_map(|rule| rule.then.items.iter().map(|item| (item, rule.then.class.as_deref())));
        for (item, _) in named.filter(|(item, class)| permit.sees_item(contract, item, *class)) {
            if !items.iter().any(|known| known.value == *item) {
                items.push(Choice::new(item.clone(), terms.name_of("item", item)));
            }
        }
    }
    items.sort_by(|a, b| a.label.cmp(&b.label));
    let named = |kind: Kind| Choice::new(kind.key(), words::fact(kind.key(), lang));
    let kinds = Kind::ALL.into_iter().filter(|k| known.contains(k)).map(named).collect();
    Ok(Offered { priorities, diagnosis, kinds, items })
}
