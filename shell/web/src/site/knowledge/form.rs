//! The form of an article: blank, from a resolved ticket, or with the version that a new one replaces.

use app::knowledge::WriteArticle;
use app::ticket::IdempotencyKey;
use app::{Act, App, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use engines::kinds::Kind;
use events::{ArticleKind, Audience, Step};
use jiff::ToSpan;
use serde::Deserialize;
use terms::Terms;
use terms::operation::OTHER;

use super::super::{Place, failed, fresh_key, place, words};
use super::REVIEW_MONTHS;
use crate::design::Lang;
use crate::design::components::Choice;
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::article_form::{Values, View, page};
use crate::pages::shared::{Other, Refusal};

#[derive(Deserialize)]
pub struct Of {
    #[serde(default)]
    contract: String,
    ticket: Option<u64>,
}

pub async fn new(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(of): Query<Of>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let mut values = match of.ticket {
            Some(number) => from_ticket(app, &again, &slug, number)?,
            None => Values::default(),
        };
        values.contract = of.contract;
        blank(app, &again, &slug, None, values)
    });
    let view = read.await.map_err(failed(&reader))?;
    Ok(returned(&web, &reader, &view, StatusCode::OK))
}

pub async fn edit(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, number)): Path<(String, u64)>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        // Whoever may not write is not told whether there is such an article.
        place(app, &again, &slug, Act::WriteKnowledge)?;
        let Place { permit, .. } = place(app, &again, &slug, Act::SeeKnowledge)?;
        let found = app.article(&permit, number)?;
        let (line, article) = (&found.line, &found.line.article);
        let keys = |list: &[(String, String)]| list.iter().map(|(key, _)| key.clone()).collect();
        let values = Values {
            title: line.title.clone(),
            body: found.body.clone(),
            kind: article.kind.key().to_owned(),
            audience: article.audience.key().to_owned(),
            contract: line.about.contract.clone().unwrap_or_default(),
            items: keys(&line.about.items),
            classes: keys(&line.about.classes),
            operations: keys(&line.about.operations),
            kinds: line.about.kinds.clone(),
            owner: String::new(),
            review_by: article.review_by.map(|day| day.to_string()).unwrap_or_default(),
            ticket: String::new(),
        };
        let owner = article.owner;
        let mut view = blank(app, &again, &slug, Some((number, article.version)), values)?;
        let write = place(app, &again, &slug, Act::WriteKnowledge)?.permit;
        let owners = app.article_owners(&write)?;
        if let Some(owner) = owners.into_iter().find(|o| o.id == owner) {
            view.values.owner = owner.email;
        }
        Ok(view)
    });
    let view = read.await.map_err(failed(&reader))?;
    Ok(returned(&web, &reader, &view, StatusCode::OK))
}

/// What a ticket told, for its author to make an article of: its description, its diagnosis, its remedy. Only
/// what both parties read of it.
fn from_ticket(app: &App, reader: &Reader, slug: &str, number: u64) -> Result<Values, AppError> {
    let Place { permit, .. } = place(app, reader, slug, Act::SeeTickets)?;
    let found = app.ticket(&permit, number)?;
    let lang = reader.visitor.lang;
    let mut parts = vec![(lang.t("Ce qui se passe", "What happens"), found.description.clone())];
    for entry in &found.entries {
        let text = entry.text.clone().unwrap_or_default();
        match &entry.step {
            Step::Diagnosed { .. } => parts.push((lang.t("Cause", "Cause"), text)),
            Step::Restored { .. } | Step::Resolved { .. } => {
                if let Some(diagnosis) = &entry.more {
                    parts.push((lang.t("Cause", "Cause"), diagnosis.clone()));
                }
                parts.push((lang.t("Ce qu’il faut faire", "What to do"), text));
            }
            _ => {}
        }
    }
    let parts = parts.into_iter().filter(|(_, text)| !text.trim().is_empty());
    let body: Vec<String> = parts.map(|(title, text)| format!("## {title}\n\n{}", text.trim())).collect();
    let fact = |dimension| found.ticket.facts.get(dimension).map(str::to_owned).into_iter().collect();
    let item: Vec<String> = fact(events::Dimension::Item);
    let class = if item.is_empty() { fact(events::Dimension::ItemClass) } else { Vec::new() };
    Ok(Values {
        title: found.title.clone(),
        body: body.join("\n\n"),
        items: item,
        classes: class,
        operations: fact(events::Dimension::Operation),
        kinds: fact(events::Dimension::Kind),
        ticket: number.to_string(),
        ..Values::default()
    })
}

/// The form with the choices of a contract: the one named, or the first.
fn blank(
    app: &App,
    reader: &Reader,
    slug: &str,
    replaces: Option<(u64, u32)>,
    mut values: Values,
) -> Result<View, AppError> {
    let Place { permit, customer } = place(app, reader, slug, Act::WriteKnowledge)?;
    let lang = reader.visitor.lang;
    let agreements = app.vault(permit.customer())?.agreements()?;
    let wanted = agreements.contracts.iter().find(|a| a.number == values.contract);
    let agreement = wanted.or(agreements.contracts.first());
    values.contract = agreement.map(|a| a.number.clone()).unwrap_or_default();
    if values.owner.is_empty() {
        values.owner = permit.by().email.clone();
    }
    if values.review_by.is_empty() && replaces.is_none() {
        let zone = agreement.map_or(jiff::tz::TimeZone::UTC, |a| a.zone().clone());
        let today = app.now().to_zoned(zone).date();
        values.review_by = today.checked_add(REVIEW_MONTHS.months()).unwrap_or(today).to_string();
    }
    let tab = |number: &String| Other { number: number.clone(), current: *number == values.contract };
    let contracts = agreements.contracts.iter().map(|a| tab(&a.number)).collect();
    let terms = agreement.map(|a| &a.latest().compiled.terms);
    Ok(View {
        key: fresh_key(),
        replaces,
        contracts,
        items: terms.map(items).unwrap_or_default(),
        classes: terms.map(classes).unwrap_or_default(),
        operations: terms.map(operations).unwrap_or_default(),
        kinds: Kind::ALL.into_iter().map(|k| Choice::new(k.key(), words::fact(k.key(), lang))).collect(),
        owners: app.article_owners(&permit)?.into_iter().map(|o| Choice::new(o.email, o.name)).collect(),
        values,
        errors: Vec::new(),
        refusal: None,
        preview: false,
        customer,
    })
}

fn once(mut all: Vec<Choice>) -> Vec<Choice> {
    let mut seen: Vec<String> = Vec::new();
    all.retain(|choice| {
        let new = !seen.contains(&choice.value);
        seen.push(choice.value.clone());
        new
    });
    all
}

fn items(terms: &Terms) -> Vec<Choice> {
    let all = terms.perimeter.iter().flat_map(|rule| &rule.then.items);
    once(all.map(|item| Choice::new(item.clone(), terms.name_of("item", item))).collect())
}

fn classes(terms: &Terms) -> Vec<Choice> {
    let all = terms.perimeter.iter().filter_map(|rule| rule.then.class.as_ref());
    once(all.map(|class| Choice::new(class.clone(), terms.name_of("item_class", class))).collect())
}

fn operations(terms: &Terms) -> Vec<Choice> {
    let all = terms.operations.iter().map(|rule| &rule.then).filter(|o| o.operation != OTHER);
    once(all.map(|o| Choice::new(o.operation.clone(), o.title.clone())).collect())
}

/// What the form sends; names come once for each box ticked.
#[derive(Default)]
struct Sent {
    key: String,
    based_on: u32,
    preview: bool,
    values: Values,
}

impl Sent {
    fn read(pairs: Vec<(String, String)>) -> Sent {
        let mut sent = Sent::default();
        let values = &mut sent.values;
        for (name, value) in pairs {
            match name.as_str() {
                "key" => sent.key = value,
                "based_on" => sent.based_on = value.parse().unwrap_or_default(),
                "preview" => sent.preview = true,
                "title" => values.title = value,
                "body" => values.body = value.replace("\r\n", "\n"),
                "kind" => values.kind = value,
                "audience" => values.audience = value,
                "contract" => values.contract = value,
                "ticket" => values.ticket = value,
                "owner" => values.owner = value,
                "review_by" => values.review_by = value,
                "item" => values.items.push(value),
                "class" => values.classes.push(value),
                "operation" => values.operations.push(value),
                "ticket-kind" => values.kinds.push(value),
                _ => {}
            }
        }
        sent
    }

    fn ask(&self) -> Result<WriteArticle, AppError> {
        let values = &self.values;
        let day = match values.review_by.trim() {
            "" => None,
            text => Some(text.parse().map_err(|_| {
                AppError::invalid(
                    "review_by",
                    "une date, par exemple 2027-06-30",
                    "a date, for example 2027-06-30",
                )
            })?),
        };
        Ok(WriteArticle {
            title: values.title.clone(),
            body: values.body.clone(),
            kind: ArticleKind::from_key(&values.kind).unwrap_or_default(),
            audience: Audience::from_key(&values.audience).unwrap_or_default(),
            contract: Some(values.contract.clone()).filter(|c| !c.is_empty()),
            items: values.items.clone(),
            classes: values.classes.clone(),
            operations: values.operations.clone(),
            kinds: values.kinds.clone(),
            owner: Some(values.owner.clone()).filter(|o| !o.is_empty()),
            review_by: day,
            from_ticket: values.ticket.parse().ok(),
        })
    }
}

pub async fn write(
    web: Shared<State>,
    Path(slug): Path<String>,
    checked: CheckedForm<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    sent(web, slug, None, checked).await
}

pub async fn rewrite(
    web: Shared<State>,
    Path((slug, number)): Path<(String, u64)>,
    checked: CheckedForm<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    sent(web, slug, Some(number), checked).await
}

async fn sent(
    Shared(web): Shared<State>,
    slug: String,
    number: Option<u64>,
    checked: CheckedForm<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let sent = Sent::read(form);
    let replaces = number.map(|number| (number, sent.based_on));
    let (again, to, values, preview) = (reader.clone(), slug.clone(), sent.values.clone(), sent.preview);
    let done = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &to, Act::WriteKnowledge)?;
        if sent.preview {
            return Ok(None);
        }
        let (key, ask) = (IdempotencyKey::parse(&sent.key)?, sent.ask()?);
        let written = match number {
            None => app.write_article(&permit, &key, &ask)?,
            Some(number) => app.rewrite_article(&permit, &key, number, sent.based_on, &ask)?,
        };
        Ok(Some(written.number))
    });
    let (mut errors, mut refusal, mut status): (Vec<_>, Option<Refusal>, _) =
        (Vec::new(), None, StatusCode::OK);
    let lang: Lang = reader.visitor.lang;
    match done.await {
        Ok(Some(number)) => {
            let to = format!("/c/{slug}/knowledge/{number}");
            return Ok(with_cookie(see_other(&to), &flash_cookie("article-written")));
        }
        Ok(None) => {}
        Err(AppError::Refused(refused)) => {
            refusal = Some(words::refusal(&refused, lang, None));
            status = StatusCode::CONFLICT;
        }
        Err(AppError::Invalid(invalid)) => {
            errors = vec![(invalid.field.clone(), invalid.text.get(words::core(lang)).to_owned())];
            status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        Err(error) => return Err(failed(&reader)(error)),
    }
    let again = reader.clone();
    let read = web.run(move |app| blank(app, &again, &slug, replaces, values));
    let view = read.await.map_err(failed(&reader))?;
    Ok(returned(&web, &reader, &View { errors, refusal, preview, ..view }, status))
}

/// The form comes back as it was sent; nothing typed is lost.
fn returned(web: &State, reader: &Reader, view: &View, status: StatusCode) -> Response {
    let shell = reader.shell(web, Some(view.customer.clone()));
    (status, html(page(&shell, view))).into_response()
}
