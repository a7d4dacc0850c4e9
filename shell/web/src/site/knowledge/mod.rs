//! Articles and runbooks: lists, one of them, two versions compared, and what may help with a ticket.

pub mod acts;
pub mod form;

use app::knowledge::{ArticleLine, ArticlePage, Filter, Key, Match, Sought, Suggested, VersionText};
use app::ticket::TicketPage;
use app::{Act, App, AppError};
use axum::Router;
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use axum::routing::get;
use base::id::CustomerId;
use contract::diff;
use events::{ArticleKind, ArticleState, Audience};
use jiff::ToSpan;
use serde::Deserialize;

use super::{Place, failed, fresh_key, place, rows, words};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang, format};
use crate::http::{Failure, Reader, State, html};
use crate::pages::contract_compare::Change;
use crate::pages::shared::{Refusal, TicketState};
use crate::pages::{article, article_compare, knowledge as list, suggested as pages};

const ROWS: u32 = 30;
/// Suggestions at once: more would not be read.
const SUGGESTED: usize = 4;
/// Months until the review that the form proposes.
const REVIEW_MONTHS: i64 = 6;

/// Where articles are written: larger than any other form.
pub fn writing() -> Router<State> {
    Router::new()
        .route("/c/{customer}/knowledge", get(show_list).post(form::write))
        .route("/c/{customer}/knowledge/{number}", get(show).post(form::rewrite))
}

#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    audience: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    late: String,
    before: Option<u64>,
    /// Where the page of late ones before ended: `2026-06-20.4`.
    #[serde(default)]
    after: String,
}

async fn show_list(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (again, lang) = (reader.clone(), reader.visitor.lang);
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeKnowledge)?;
        let freshness = app.freshness(&permit)?;
        let late = asked.late == "1" && freshness.is_some();
        let own = permit.role().is_provider();
        let address = |more: Vec<(&str, String)>| {
            let kept = [("state", &asked.state), ("audience", &asked.audience), ("item", &asked.item)];
            let kept = kept.into_iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k, v.clone()));
            let pairs = kept.chain(more).map(|(k, v)| format!("{k}={}", words::query_encode(&v)));
            customer.path(&format!("/knowledge?{}", pairs.collect::<Vec<_>>().join("&")))
        };
        let (lines, previous, next) = if late {
            let after = key(&asked.after);
            let page = app.overdue_articles(&permit, after, ROWS)?;
            let late = |after: String| address(vec![("late", "1".to_owned()), ("after", after)]);
            let next = page.next.map(|key| late(format!("{}.{}", key.review_by, key.number)));
            (page.lines, after.map(|_| late(String::new())), next)
        } else {
            let filter = Filter {
                state: ArticleState::from_key(&asked.state),
                audience: Audience::from_key(&asked.audience),
                item: Some(asked.item.clone()).filter(|i| !i.is_empty()),
            };
            let (lines, next) = app.articles(&permit, &filter, asked.before, ROWS)?;
            let next = next.map(|number| address(vec![("before", number.to_string())]));
            (lines, asked.before.map(|_| address(Vec::new())), next)
        };
        let view = list::View {
            writes: again.principal.may_for(Act::WriteKnowledge, permit.customer()),
            late,
            states: if own { states(lang) } else { Vec::new() },
            audiences: if own { audiences(lang) } else { Vec::new() },
            items: items(app, &permit, lang)?,
            freshness: freshness.map(|f| list::Freshness {
                published: f.published,
                overdue: f.overdue,
                percent: f.percent(),
            }),
            lines: lines.iter().map(|line| shown(&customer, line, lang)).collect(),
            state: asked.state.clone(),
            audience: asked.audience.clone(),
            item: asked.item.clone(),
            previous,
            next,
            customer,
        };
        Ok(view)
    });
    let view = read.await.map_err(failed(&reader))?;
    Ok(html(list::page(&reader.shell(&web, Some(view.customer.clone())), &view)))
}

fn key(text: &str) -> Option<Key> {
    let (day, number) = text.split_once('.')?;
    Some(Key { review_by: day.parse().ok()?, number: number.parse().ok()? })
}

fn states(lang: Lang) -> Vec<Choice> {
    vec![
        Choice::new("", lang.t("Tous", "All")),
        Choice::new("draft", lang.t("Brouillons", "Drafts")),
        Choice::new("published", lang.t("Publiés", "Published")),
        Choice::new("retired", lang.t("Retirés", "Retired")),
    ]
}

fn audiences(lang: Lang) -> Vec<Choice> {
    vec![
        Choice::new("", lang.t("Tous", "All")),
        Choice::new("internal", lang.t("Le prestataire seul", "The provider only")),
        Choice::new("parties", lang.t("Les deux parties", "Both parties")),
    ]
}

/// The items that the reader sees, each once.
fn items(app: &App, permit: &app::Permit, lang: Lang) -> Result<Vec<Choice>, AppError> {
    let mut all = vec![Choice::new("", lang.t("Tous", "All"))];
    for agreement in &app.vault(permit.customer())?.agreements()?.contracts {
        let terms = &agreement.latest().compiled.terms;
        for entry in terms.perimeter.iter().map(|rule| &rule.then) {
            for item in &entry.items {
                let known = all.iter().any(|choice| choice.value == *item);
                if !known && permit.sees_item(agreement.id, item, entry.class.as_deref()) {
                    all.push(Choice::new(item.clone(), terms.name_of("item", item)));
                }
            }
        }
    }
    Ok(all)
}

fn state(state: ArticleState) -> list::State {
    match state {
        ArticleState::Draft => list::State::Draft,
        ArticleState::Published => list::State::Published,
        ArticleState::Retired => list::State::Retired,
    }
}

/// What an article is about, in words.
fn about(line: &ArticleLine, lang: Lang) -> Vec<String> {
    let named = line.about.items.iter().chain(&line.about.classes).chain(&line.about.operations);
    let kinds = line.about.kinds.iter().map(|kind| words::fact(kind, lang));
    named.map(|(_, name)| name.clone()).chain(kinds).collect()
}

fn shown(customer: &CustomerRef, line: &ArticleLine, lang: Lang) -> list::Line {
    let article = &line.article;
    list::Line {
        number: article.number,
        href: customer.path(&format!("/knowledge/{}", article.number)),
        title: line.title.clone(),
        runbook: article.kind == ArticleKind::Runbook,
        state: state(article.state),
        internal: article.audience == Audience::Internal,
        about: about(line, lang),
        owner: line.owner.clone(),
        review_by: article.review_by,
        overdue: line.overdue,
        helped: line.helped.map(|(provider, theirs)| provider + theirs),
    }
}

#[derive(Deserialize)]
pub struct Which {
    version: Option<u32>,
}

async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, number)): Path<(String, u64)>,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| drawn(app, &again, &slug, number, which.version, None));
    let view = read.await.map_err(failed(&reader))?;
    Ok(html(article::page(&reader.shell(&web, Some(view.customer.clone())), &view)))
}

/// The page of an article, or of one of its versions.
fn drawn(
    app: &App,
    reader: &Reader,
    slug: &str,
    number: u64,
    version: Option<u32>,
    refusal: Option<Refusal>,
) -> Result<article::View, AppError> {
    let Place { permit, customer } = place(app, reader, slug, Act::SeeKnowledge)?;
    let lang = reader.visitor.lang;
    let page = app.article(&permit, number)?;
    let old = match version.filter(|v| *v != page.line.article.version) {
        Some(version) => Some(app.article_version(&permit, number, version)?),
        None => None,
    };
    let writes = place(app, reader, slug, Act::WriteKnowledge).ok();
    let acts = match &writes {
        Some(place) => Some(acts(app, &permit, &place.permit, &page)?),
        None => None,
    };
    Ok(fill(&page, old, customer, acts, refusal, lang))
}

fn acts(
    app: &App,
    see: &app::Permit,
    write: &app::Permit,
    page: &ArticlePage,
) -> Result<article::Acts, AppError> {
    let owners = app.article_owners(write)?;
    let owner = owners.iter().find(|o| o.id == page.line.article.owner).map(|o| o.email.clone());
    let next = page.today.checked_add(REVIEW_MONTHS.months()).unwrap_or(page.today);
    let there = app.copy_destinations(see)?;
    Ok(article::Acts {
        key: fresh_key(),
        owners: owners.into_iter().map(|o| Choice::new(o.email, o.name)).collect(),
        owner: owner.unwrap_or_else(|| write.by().email.clone()),
        next_review: next.to_string(),
        destinations: there.into_iter().map(|d| Choice::new(d.slug, d.name)).collect(),
    })
}

fn fill(
    page: &ArticlePage,
    old: Option<VersionText>,
    customer: CustomerRef,
    acts: Option<article::Acts>,
    refusal: Option<Refusal>,
    lang: Lang,
) -> article::View {
    let (line, article) = (&page.line, &page.line.article);
    let zoned = |at| words::in_zone(at, &page.zone);
    let current = old.as_ref().map(|_| article.version);
    let (version, written, by) = match &old {
        Some(old) => (old.line.version, old.line.at, old.line.by.clone()),
        None => (article.version, page.written, page.by.clone()),
    };
    let internal = old.as_ref().map_or(article.audience, |old| old.line.audience) == Audience::Internal;
    let (title, body) = match old {
        Some(old) => (old.title, old.body),
        None => (line.title.clone(), page.body.clone()),
    };
    article::View {
        customer,
        number: article.number,
        title,
        body,
        runbook: article.kind == ArticleKind::Runbook,
        state: state(article.state),
        internal,
        version,
        written: zoned(written),
        by,
        current,
        about: about(line, lang),
        owner: line.owner.clone(),
        review_by: article.review_by,
        overdue: line.overdue,
        reviewed: (zoned(page.reviewed), page.reviewer.clone()),
        helped: line.helped,
        from_ticket: page.from_ticket,
        copied: article.copied_from.is_some() && !page.versions.is_empty(),
        versions: page
            .versions
            .iter()
            .map(|v| article::Version {
                version: v.version,
                at: zoned(v.at),
                by: v.by.clone(),
                internal: v.audience == Audience::Internal,
            })
            .collect(),
        acts,
        refusal,
    }
}

#[derive(Deserialize)]
pub struct Between {
    from: Option<u32>,
    to: Option<u32>,
}

pub async fn compare(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, number)): Path<(String, u64)>,
    Query(between): Query<Between>,
) -> Result<Response, Failure> {
    let (again, lang) = (reader.clone(), reader.visitor.lang);
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeKnowledge)?;
        let page = app.article(&permit, number)?;
        let to = between.to.unwrap_or(page.line.article.version);
        let from = between.from.unwrap_or_else(|| to.saturating_sub(1).max(1));
        let (old, new) =
            (app.article_version(&permit, number, from)?, app.article_version(&permit, number, to)?);
        let (pieces, compared) = diff::words(&old.body, &new.body);
        let pieces = pieces.into_iter().map(|piece| {
            let change = piece.change.map(|change| match change {
                diff::Change::Added => Change::Added,
                diff::Change::Removed => Change::Removed,
                diff::Change::Changed => Change::Changed,
            });
            (change, piece.text)
        });
        Ok(article_compare::View {
            number,
            title: new.title.clone(),
            versions: page
                .versions
                .iter()
                .map(|v| Choice::new(v.version.to_string(), v.version.to_string()))
                .collect(),
            from: from.to_string(),
            to: to.to_string(),
            titles: (old.title != new.title).then_some((old.title, new.title)),
            pieces: pieces.collect(),
            remark: compared.says().map(|says| says.get(words::core(lang)).to_owned()),
            customer,
        })
    });
    let view = read.await.map_err(failed(&reader))?;
    Ok(html(article_compare::page(&reader.shell(&web, Some(view.customer.clone())), &view)))
}

#[derive(Deserialize)]
pub struct Written {
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
    /// `item:srv-erp`, `class:server`.
    #[serde(default)]
    item: String,
    #[serde(default)]
    operation: String,
    #[serde(default)]
    kind: String,
}

/// `GET …/knowledge/suggestions`: what may help with a ticket being written.
pub async fn suggestions(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(written): Query<Written>,
) -> Result<Response, Failure> {
    let (again, lang) = (reader.clone(), reader.visitor.lang);
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeKnowledge)?;
        let some = |text: &str| Some(text.to_owned()).filter(|t| !t.trim().is_empty());
        let chosen = |what: &str| {
            written.item.split_once(':').filter(|(kind, _)| *kind == what).map(|(_, name)| name.to_owned())
        };
        let sought = Sought {
            words: format!("{}\n{}", written.title, written.description),
            item: chosen("item"),
            class: chosen("class"),
            operation: some(&written.operation),
            kind: some(&written.kind),
        };
        let found = app.suggest_articles(&permit, &sought, SUGGESTED)?;
        Ok(pages::View { articles: suggested(&customer, &found, lang), customer })
    });
    let view = read.await.map_err(failed(&reader))?;
    Ok(html(pages::page(&reader.shell(&web, Some(view.customer.clone())), &view)))
}

/// Suggestions for somebody who may not read articles are none.
pub(super) fn suggest(
    app: &App,
    reader: &Reader,
    customer: CustomerId,
    sought: &Sought,
) -> Result<Vec<Suggested>, AppError> {
    match reader.principal.permit(Act::SeeKnowledge, customer) {
        Ok(permit) => app.suggest_articles(&permit, sought, SUGGESTED),
        Err(_) => Ok(Vec::new()),
    }
}

pub(super) fn suggested(customer: &CustomerRef, found: &[Suggested], lang: Lang) -> Vec<pages::Suggested> {
    found.iter().map(|s| one(customer, &s.line, because(&s.because, lang))).collect()
}

fn one(customer: &CustomerRef, line: &ArticleLine, because: String) -> pages::Suggested {
    pages::Suggested {
        number: line.article.number,
        href: customer.path(&format!("/knowledge/{}", line.article.number)),
        title: line.title.clone(),
        runbook: line.article.kind == ArticleKind::Runbook,
        internal: line.article.audience == Audience::Internal,
        because,
    }
}

fn because(list: &[Match], lang: Lang) -> String {
    let said = |reason: &Match| match reason {
        Match::Item => lang.t("même élément", "same item").to_string(),
        Match::Class => lang.t("même catégorie", "same class").to_string(),
        Match::Operation => lang.t("même opération", "same operation").to_string(),
        Match::Kind => lang.t("même nature de ticket", "same kind of ticket").to_string(),
        Match::Words(list) => format!("{} {}", lang.t("mots :", "words:"), list.join(", ")),
    };
    list.iter().map(said).collect::<Vec<_>>().join(" · ")
}

/// What stands beside a ticket: what may help, what did, and a way to write one once it is resolved.
pub(super) fn beside(
    app: &App,
    reader: &Reader,
    customer: &CustomerRef,
    id: CustomerId,
    found: &TicketPage,
    lang: Lang,
) -> Result<pages::Beside, AppError> {
    let Ok(permit) = reader.principal.permit(Act::SeeKnowledge, id) else {
        return Ok(pages::Beside::default());
    };
    let number = found.ticket.number;
    let (suggestions, helped) = app.ticket_articles(&permit, number, SUGGESTED)?;
    let over = matches!(rows::state(&found.ticket), TicketState::Resolved | TicketState::Closed);
    let writes = over && reader.principal.may_for(Act::WriteKnowledge, id);
    Ok(pages::Beside {
        suggested: suggested(customer, &suggestions, lang),
        helped: helped.iter().map(|line| one(customer, line, String::new())).collect(),
        says: reader.principal.may_for(Act::Reply, id),
        write: writes.then(|| {
            let contract = format::query(&found.agreement.number);
            customer.path(&format!("/knowledge/new?ticket={number}&contract={contract}"))
        }),
    })
}
