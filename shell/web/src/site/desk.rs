//! `GET /`: the desk, over all customers.

mod today;

use app::access::InstancePermit;
use app::desk::{Key, Line, Which};
use app::waiting::{self, Waiting};
use app::{Act, App, AppError, Principal};
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use base::id::{AccountId, CustomerId};
use serde::Deserialize;

use super::{failed, rows, team, words};
use crate::design::{CustomerRef, Lang, format};
use crate::http::{Failure, Reader, State, desk_tab, html, see_other, with_cookie};
use crate::pages::desk::{self as view, Filter, View, page};
use crate::pages::shared::TicketRow;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default, alias = "q")]
    query: String,
    /// Whose tickets; the filter is then nobody's.
    #[serde(default)]
    who: String,
    /// Where the page before ended.
    #[serde(default)]
    after: String,
}

/// A late ticket's row weighs 1.6 KB, and a page is meant to stay under 60.
const ROWS: u32 = 30;

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    if let Some(customer) = reader.principal.customer {
        // The customer's people have one customer: their first page is its own.
        let slug =
            web.run(move |app| Ok(app.vault(customer)?.slug.clone())).await.map_err(failed(&reader))?;
        return Ok(see_other(&format!("/c/{slug}")));
    }
    let chosen = Filter::from_code(&asked.show);
    let query = asked.query.trim().to_owned();
    let whose: Option<AccountId> = asked.who.parse().ok();
    let kept = reader.visitor.desk_tab(reader.principal.account);
    let (who, sought, after) = (reader.principal.clone(), query.clone(), asked.after.clone());
    let read = web.run(move |app| {
        let permit = app.permit_instance(&who, Act::SeeDesk)?;
        let counts = app.desk_counts(&permit)?;
        let filter = chosen.or(kept).unwrap_or_else(|| opening(&who, &counts));
        let (lines, next) = if sought.is_empty() {
            listed(app, &permit, whose.map_or(lines_of(filter), Which::Of), &after)?
        } else {
            found(app, &permit, &sought, &after)?
        };
        let name = whose.map(|id| app.colleague(&permit, id)).transpose()?.flatten();
        // Beside open work, on the first page of whichever tab: what waits for the reader waits there too.
        let first = whose.is_none() && sought.is_empty() && after.is_empty();
        let (waiting, today) =
            if first { (app.waiting(&permit)?, app.today(&permit)?) } else { Default::default() };
        Ok((lines, next, (filter, counts), name, (waiting, today, words::local(app.now()))))
    });
    let (lines, next, (filter, counts), person, (waits, today, now)) = read.await.map_err(failed(&reader))?;
    let path = |after: &str| {
        let (asks, value) = match whose {
            Some(_) => ("who", asked.who.as_str()),
            None if query.is_empty() => ("show", filter.code()),
            None => ("q", query.as_str()),
        };
        let after = if after.is_empty() { String::new() } else { format!("&after={after}") };
        format!("/?{asks}={}{after}", words::query_encode(value))
    };
    let count = |f: Filter| counts.iter().find(|(which, _)| *which == lines_of(f)).map_or(0, |(_, n)| *n);
    let view = View {
        filter,
        person,
        counts: Filter::ALL.into_iter().map(|f| (f, count(f))).collect(),
        rows: lines.iter().map(|l| row(&reader, l)).collect(),
        first: (!asked.after.is_empty()).then(|| path("")),
        more: next.as_deref().map(path),
        left_out: team::left_out(&waits.left_out),
        waiting: waiting(waits, reader.visitor.lang),
        today: today::shown(today, &reader, now),
        address: path(&asked.after),
        query,
    };
    let page = html(page(&reader.shell(&web, None), &view));
    // A tab that was pressed. The page that comes back from an act, asks for itself again or goes on is none.
    let pressed = chosen.filter(|_| !reader.by_itself && reader.visitor.flash.is_none());
    Ok(match pressed.filter(|_| asked.after.is_empty()) {
        Some(tab) if kept != Some(tab) => with_cookie(page, &desk_tab(reader.principal.account, tab)),
        _ => page,
    })
}

/// The tab that opens for whoever has chosen none: their own work, else what they may take over, else all.
fn opening(who: &Principal, counts: &[(Which, u64)]) -> Filter {
    let any = |filter| counts.iter().any(|(which, n)| *which == lines_of(filter) && *n > 0);
    let takes = who.may(Act::WorkOnTicket);
    match () {
        () if any(Filter::Mine) => Filter::Mine,
        () if takes && any(Filter::Unassigned) => Filter::Unassigned,
        () => Filter::All,
    }
}

/// Sheets first: whoever handed one in waits for the answer. An article waits for nobody.
fn waiting(of: Waiting, lang: Lang) -> Vec<view::Waiting> {
    let sheet = |sheet: waiting::Sheet| view::Waiting {
        href: format!("/time?week={}&person={}", sheet.week, sheet.person),
        title: match lang {
            Lang::Fr => format!("Approuver la feuille de temps de {}", sheet.name),
            Lang::En => format!("Approve the time sheet of {}", sheet.name),
        },
        detail: format!("{} {}", lang.t("Semaine du", "Week of"), format::date(sheet.week, lang)),
    };
    let quote = |of: waiting::Quote| view::Waiting {
        href: format!("/c/{}/tickets/{}", of.slug, of.number),
        title: format!("{} {}", lang.t("Établir le prix :", "Say the price:"), of.title),
        detail: format!("{}, {} {}", of.customer, lang.t("ticket", "ticket"), of.number),
    };
    let month = |of: waiting::Month| view::Waiting {
        href: format!(
            "/c/{}/money/{}?contract={}",
            of.slug,
            of.month.strftime("%Y-%m"),
            words::query_encode(&of.contract)
        ),
        title: format!(
            "{} {}, {}",
            lang.t("Relire et clôturer", "Read and close"),
            format::month(of.month, lang),
            of.contract
        ),
        detail: of.customer,
    };
    let review = |of: waiting::Review| view::Waiting {
        href: format!("/c/{}/knowledge/{}", of.slug, of.number),
        title: match lang {
            Lang::Fr => format!("Relire l’article «\u{a0}{}\u{a0}»", of.title),
            Lang::En => format!("Review article “{}”", of.title),
        },
        detail: format!("{}, {} {}", of.customer, lang.t("pour le", "by"), format::date(of.by, lang)),
    };
    let decisions = of.sheets.into_iter().map(sheet).chain(of.quotes.into_iter().map(quote));
    let decisions = decisions.chain(of.months.into_iter().map(month));
    decisions.chain(of.reviews.into_iter().map(review)).collect()
}

fn listed(
    app: &App,
    permit: &InstancePermit,
    which: Which,
    after: &str,
) -> Result<(Vec<Line>, Option<String>), AppError> {
    let page = app.desk(permit, which, Key::parse(after), ROWS)?;
    Ok((page.lines, page.next.map(Key::text)))
}

fn found(
    app: &App,
    permit: &InstancePermit,
    words: &str,
    after: &str,
) -> Result<(Vec<Line>, Option<String>), AppError> {
    let after = after.split_once('.').and_then(|(customer, number)| {
        Some((customer.parse::<CustomerId>().ok()?, number.parse::<u64>().ok()?))
    });
    let (lines, next) = app.find_everywhere(permit, words, after, ROWS)?;
    Ok((lines, next.map(|(customer, number)| format!("{customer}.{number}"))))
}

fn lines_of(filter: Filter) -> Which {
    match filter {
        Filter::Mine => Which::Mine,
        Filter::All => Which::All,
        Filter::Unassigned => Which::Unassigned,
        Filter::Late => Which::Late,
        Filter::Paused => Which::Paused,
    }
}

fn row(reader: &Reader, line: &Line) -> TicketRow {
    let works = reader.principal.permit(Act::WorkOnTicket, line.customer).ok();
    rows::row_to_take(&customer(line), &line.shown, works.as_ref())
}

fn customer(line: &Line) -> CustomerRef {
    CustomerRef {
        id: line.customer,
        slug: line.slug.clone(),
        name: line.customer_name.clone(),
        contract: line.contract.clone(),
    }
}
