//! `GET /`: the desk, over all customers.

mod today;
pub(super) mod views;

use app::access::InstancePermit;
use app::desk::{Key, Line, WITHHELD, Which};
use app::waiting::{self, Waiting};
use app::{Act, App, AppError, Principal};
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use base::id::{AccountId, CustomerId};
use serde::Deserialize;

use super::{failed, fresh_key, rows, team, words};
use crate::design::{CustomerRef, Lang, format};
use crate::http::{Failure, Reader, State, desk_tab, html, see_other, with_cookie};
use crate::pages::desk::{self as view, Filter, View, page};
use crate::pages::shared::TicketRow;

#[derive(Clone, Default, Deserialize)]
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

impl Asked {
    /// What it asks for, without any choice kept.
    pub(super) fn wanted(&self) -> Wanted {
        Wanted::of(self, Filter::from_code(&self.show).unwrap_or(Filter::All))
    }
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
    let kept = reader.visitor.desk_tab(reader.principal.account);
    let (who, again) = (reader.principal.clone(), asked.clone());
    let read = web.run(move |app| {
        let permit = app.permit_instance(&who, Act::SeeDesk)?;
        let counts = app.desk_counts(&permit)?;
        let wanted = Wanted::of(&again, chosen.or(kept).unwrap_or_else(|| opening(&who, &counts)));
        let (lines, next) = wanted.lines(app, &permit, &again.after, ROWS)?;
        let person = match &wanted {
            Wanted::Of(id) => app.colleague(&permit, *id)?,
            Wanted::Tab(_) | Wanted::Words(_) => None,
        };
        // Beside open work, on the first page of whichever tab: what waits for the reader waits there too.
        let first = matches!(wanted, Wanted::Tab(_)) && again.after.is_empty();
        let beside = if first { (app.waiting(&permit)?, app.today(&permit)?) } else { Default::default() };
        let views = app.desk_views(&permit)?;
        Ok((wanted, person, (lines, next), counts, beside, views, words::local(app.now())))
    });
    let (wanted, person, (lines, next), counts, (waits, today), views, now) =
        read.await.map_err(failed(&reader))?;
    let path = |after: &str| {
        let after = if after.is_empty() { String::new() } else { format!("&after={after}") };
        format!("/?{}{after}", wanted.query())
    };
    let count = |f: Filter| counts.iter().find(|(which, _)| *which == lines_of(f)).map_or(0, |(_, n)| *n);
    let view = View {
        filter: if let Wanted::Tab(filter) = wanted { filter } else { Filter::All },
        person,
        counts: Filter::ALL.into_iter().map(|f| (f, count(f))).collect(),
        rows: lines.iter().map(|l| row(&reader, l)).collect(),
        first: (!asked.after.is_empty()).then(|| path("")),
        more: next.as_deref().map(path),
        left_out: team::left_out(&waits.left_out),
        waiting: waiting(waits, reader.visitor.lang),
        today: today::shown(today, &reader, now),
        address: path(&asked.after),
        views: views.into_iter().map(|kept| views::shown(kept, &wanted)).collect(),
        key: fresh_key(),
        export: ["csv", "xlsx"].map(|kind| format!("/desk.{kind}?{}", wanted.query())),
        asked: wanted.query(),
        query: if let Wanted::Words(words) = wanted { words } else { String::new() },
    };
    let page = html(page(&reader.shell(&web, None), &view));
    // A tab that was pressed. The page that comes back from an act, asks for itself again or goes on is none.
    let pressed = chosen.filter(|_| !reader.by_itself && reader.visitor.flash.is_none());
    Ok(match pressed.filter(|_| asked.after.is_empty()) {
        Some(tab) if kept != Some(tab) => with_cookie(page, &desk_tab(reader.principal.account, tab)),
        _ => page,
    })
}

/// The tab that opens for whoever has chosen none: their own work; else what they may take over, but for those
/// who answer for all of it; else all, late ones first.
fn opening(who: &Principal, counts: &[(Which, u64)]) -> Filter {
    let any = |filter| counts.iter().any(|(which, n)| *which == lines_of(filter) && *n > 0);
    let takes = who.may(Act::WorkOnTicket) && !who.may(Act::ApproveTime);
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
        title: match of.title == WITHHELD {
            true => lang
                .t(
                    "Établir un prix, après l’engagement à signer",
                    "Say a price, once the undertaking is signed",
                )
                .into(),
            false => format!("{} {}", lang.t("Établir le prix :", "Say the price:"), of.title),
        },
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

/// What the desk is asked for.
pub(super) enum Wanted {
    Tab(Filter),
    /// Somebody's open tickets.
    Of(AccountId),
    /// Tickets found by their words, open or not.
    Words(String),
}

impl Wanted {
    /// As an address asks; a tab without anything else is `tab`.
    pub(super) fn of(asked: &Asked, tab: Filter) -> Wanted {
        match (asked.who.parse(), asked.query.trim()) {
            (_, words) if !words.is_empty() => Wanted::Words(words.to_owned()),
            (Ok(who), _) => Wanted::Of(who),
            (Err(_), _) => Wanted::Tab(tab),
        }
    }

    /// As an address says it.
    pub(super) fn query(&self) -> String {
        match self {
            Wanted::Tab(tab) => format!("show={}", tab.code()),
            Wanted::Of(who) => format!("who={who}"),
            Wanted::Words(words) => format!("q={}", words::query_encode(words)),
        }
    }

    /// A page of it, and where the next begins.
    pub(super) fn lines(
        &self,
        app: &App,
        permit: &InstancePermit,
        after: &str,
        limit: u32,
    ) -> Result<(Vec<Line>, Option<String>), AppError> {
        let page = self.page(app, permit, after, limit)?;
        Ok((page.lines, page.next))
    }

    fn page(&self, app: &App, permit: &InstancePermit, after: &str, limit: u32) -> Result<Page, AppError> {
        let which = match self {
            Wanted::Tab(tab) => lines_of(*tab),
            Wanted::Of(who) => Which::Of(*who),
            Wanted::Words(words) => {
                let after = after.split_once('.').and_then(|(customer, number)| {
                    Some((customer.parse::<CustomerId>().ok()?, number.parse::<u64>().ok()?))
                });
                let (lines, next) = app.find_everywhere(permit, words, after, limit)?;
                let next = next.map(|(customer, number)| format!("{customer}.{number}"));
                return Ok(Page { lines, next, partial: false });
            }
        };
        let page = app.desk(permit, which, Key::parse(after), limit)?;
        Ok(Page { lines: page.lines, next: page.next.map(Key::text), partial: page.partial })
    }

    /// The same, refused when a vault cannot be read: a file that lacks its lines would pass for a whole one.
    pub(super) fn whole(
        &self,
        app: &App,
        permit: &InstancePermit,
        after: &str,
        limit: u32,
    ) -> Result<(Vec<Line>, Option<String>), AppError> {
        let page = self.page(app, permit, after, limit)?;
        if page.partial {
            return Err(AppError::fault("a vault of the desk cannot be read"));
        }
        Ok((page.lines, page.next))
    }
}

/// Lines, and where the next begin.
struct Page {
    lines: Vec<Line>,
    next: Option<String>,
    /// Whether some are missing.
    partial: bool,
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
