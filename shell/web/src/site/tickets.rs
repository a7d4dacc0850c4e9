//! Opening a ticket.

use std::sync::Arc;

use app::agreements::Agreement;
use app::ticket::{IdempotencyKey, OpenTicket};
use app::{Act, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use terms::{Coverage, Dimension, PerimeterEntry, Terms};

use super::{Place, failed, fresh_key, place, words};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang};
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::new_ticket::{self, Matrix, Values};
use crate::pages::shared::Other;

/// Whose choices the form offers.
#[derive(Deserialize)]
pub struct Of {
    contract: Option<String>,
}

pub async fn form(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(of): Query<Of>,
) -> Result<Response, Failure> {
    let (wanted, again) = (of.contract.unwrap_or_default(), reader.clone());
    let values = Values { kind: "incident".into(), contract: wanted.clone(), ..Values::default() };
    let view = blank(&web, &reader, slug, values).await?;
    // A contract that is not in force, or not this customer's, has no form.
    if !wanted.is_empty() && view.values.contract != wanted {
        return Err(failed(&again)(AppError::NotFound));
    }
    Ok(html(new_ticket::page(&reader.shell(&web, Some(view.customer.clone())), &view)))
}

/// The form with the choices that the contract in force gives.
async fn blank(
    web: &State,
    reader: &Reader,
    slug: String,
    values: Values,
) -> Result<new_ticket::View, Failure> {
    let (again, wanted) = (reader.clone(), values.contract.clone());
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::OpenTicket)?;
        let (now, agreements) = (app.now(), app.vault(permit.customer())?.agreements()?);
        let running = agreements.in_force(now);
        let wanted = running.iter().find(|a| a.number == wanted).or(running.first());
        let agreement = match wanted {
            Some(agreement) => Arc::clone(agreement),
            None => agreements.choose(None, now)?.clone(),
        };
        let several = running.len() > 1;
        let tab = |a: &Arc<Agreement>| Other { number: a.number.clone(), current: a.id == agreement.id };
        let contracts: Vec<Other> = running.iter().filter(|_| several).map(|a| tab(a)).collect();
        let terms = agreement.in_force(now)?.terms.clone();
        Ok((customer, terms, agreement, contracts))
    });
    let (customer, terms, agreement, contracts) = read.await.map_err(failed(reader))?;
    let values = Values { contract: agreement.number.clone(), ..values };
    let provider = reader.principal.role.is_provider();
    let form = choices(customer, &terms, values, provider, reader.visitor.lang);
    let contract_title = (!contracts.is_empty()).then(|| agreement.title.clone());
    Ok(new_ticket::View { contracts, contract_title, ..form })
}

fn choices(
    customer: CustomerRef,
    terms: &Terms,
    values: Values,
    provider: bool,
    lang: Lang,
) -> new_ticket::View {
    let none = |text: &str| Choice::new("", text);
    let named = |list: Vec<&String>| -> Vec<Choice> {
        list.into_iter().map(|v| Choice::new(v.clone(), words::fact(v, lang))).collect()
    };
    let matrix = terms.priorities.as_ref();
    let mut items =
        vec![none(&String::from(lang.t("Aucun élément en particulier", "No item in particular")))];
    items.extend(terms.perimeter.iter().flat_map(|rule| stated(terms, &rule.then, lang)));
    let mut sites: Vec<Choice> = Vec::new();
    for site in terms.parties.iter().flat_map(|p| &p.then.sites) {
        sites.push(Choice::new(site.clone(), terms.name_of("site", site)));
    }
    let mut operations = vec![none(&String::from(lang.t("Non précisée", "Not stated")))];
    operations
        .extend(terms.operations.iter().map(|o| Choice::new(o.then.operation.clone(), o.then.title.clone())));
    let kinds = ["incident", "service_request"].map(|k| Choice::new(k, words::fact(k, lang)));
    // What a program tells is not offered to a person; and the customer's people are on the site.
    let offered = |c: &String| provider && c != "api";
    let known = engines::channels::channels(terms).into_iter().map(|c| c.value).filter(offered);
    let channel = |c: String| {
        let own = Some(terms.name_of("channel", &c)).filter(|name| *name != c).map(str::to_owned);
        let label = own.unwrap_or_else(|| words::fact(&c, lang));
        Choice::new(c, label)
    };
    new_ticket::View {
        key: fresh_key(),
        values,
        kinds: kinds.to_vec(),
        impacts: named(matrix.map(|m| m.then.impacts.iter().collect()).unwrap_or_default()),
        urgencies: named(matrix.map(|m| m.then.urgencies.iter().collect()).unwrap_or_default()),
        items,
        sites,
        operations,
        channels: known.map(channel).collect(),
        contracts: Vec::new(),
        contract_title: None,
        matrix: matrix.map(|m| Matrix {
            article: words::short_article(&m.from.article),
            href: customer.contract.as_ref().map(|_| words::clause_href(&customer, &m.from)),
            urgencies: m.then.urgencies.iter().map(|u| words::fact(u, lang)).collect(),
            rows: m
                .then
                .impacts
                .iter()
                .map(|i| {
                    let cells = m.then.urgencies.iter();
                    let cells = cells.map(|u| m.then.priority(i, u).unwrap_or_default().to_owned()).collect();
                    (words::fact(i, lang), cells)
                })
                .collect(),
        }),
        errors: Vec::new(),
        refusal: None,
        customer,
    }
}

/// What a statement of the perimeter lets one choose: its items, or its whole class.
fn stated(terms: &Terms, entry: &PerimeterEntry, lang: Lang) -> Vec<Choice> {
    let class = entry.class.as_deref();
    let named = class.map(|class| terms.name_of("item_class", class).to_owned());
    if entry.items.is_empty() {
        let choice = |(class, name): (&str, String)| {
            Choice::new(format!("class:{class}"), item_label(&name, entry.status, lang))
        };
        return class.zip(named).map(choice).into_iter().collect();
    }
    let one = |item: &String| {
        let name = terms.name_of("item", item);
        let name = named.as_ref().map_or_else(|| name.to_owned(), |class| format!("{class} : {name}"));
        Choice::new(format!("item:{item}"), item_label(&name, entry.status, lang))
    };
    entry.items.iter().map(one).collect()
}

fn item_label(item: &str, status: Coverage, lang: Lang) -> String {
    match status {
        Coverage::In => item.to_owned(),
        Coverage::Out => format!("{item} ({})", lang.t("hors périmètre", "out of the perimeter")),
        Coverage::Shared => format!("{item} ({})", lang.t("partagé", "shared")),
    }
}

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    key: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    impact: String,
    #[serde(default)]
    urgency: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    site: String,
    #[serde(default)]
    operation: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    contract: String,
}

impl Sent {
    fn ask(&self) -> OpenTicket {
        let some = |text: &String| Some(text.clone()).filter(|t| !t.trim().is_empty());
        OpenTicket {
            title: self.title.clone(),
            description: self.description.clone(),
            kind: some(&self.kind),
            impact: some(&self.impact),
            urgency: some(&self.urgency),
            item: self.chosen("item"),
            item_class: self.chosen("class"),
            site: some(&self.site),
            operation: some(&self.operation),
            channel: some(&self.channel),
            contract: some(&self.contract),
            ..OpenTicket::default()
        }
    }

    /// The item, or the class of items, that the one list of both gave.
    fn chosen(&self, what: &str) -> Option<String> {
        self.item.split_once(':').filter(|(kind, _)| *kind == what).map(|(_, name)| name.to_owned())
    }

    fn values(&self) -> Values {
        Values {
            kind: self.kind.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            impact: self.impact.clone(),
            urgency: self.urgency.clone(),
            item: self.item.clone(),
            site: self.site.clone(),
            operation: self.operation.clone(),
            channel: self.channel.clone(),
            contract: self.contract.clone(),
        }
    }
}

pub async fn open(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, ask, key, to) = (reader.clone(), form.ask(), form.key.clone(), slug.clone());
    let opened = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &to, Act::OpenTicket)?;
        app.open_ticket(&permit, &IdempotencyKey::parse(&key)?, &ask)
    });
    match opened.await {
        Ok(opened) => {
            let to = format!("/c/{slug}/tickets/{}", opened.number);
            Ok(with_cookie(see_other(&to), &flash_cookie("opened")))
        }
        Err(AppError::Refused(refused)) => {
            let mut view = blank(&web, &reader, slug, form.values()).await?;
            view.refusal = Some(words::refusal(&refused, reader.visitor.lang, Some(&view.customer)));
            Ok(returned(&web, &reader, &view, StatusCode::CONFLICT))
        }
        Err(AppError::Invalid(invalid)) => {
            let mut view = blank(&web, &reader, slug, form.values()).await?;
            let text = invalid.text.get(words::core(reader.visitor.lang)).to_owned();
            view.errors = vec![(invalid.field.clone(), text)];
            Ok(returned(&web, &reader, &view, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(failed(&reader)(error)),
    }
}

/// The form comes back as it was sent, with what to change; nothing typed is lost.
fn returned(web: &State, reader: &Reader, view: &new_ticket::View, status: StatusCode) -> Response {
    let shell = reader.shell(web, Some(view.customer.clone()));
    (status, html(new_ticket::page(&shell, view))).into_response()
}

/// What the facts say in a dimension, or nothing.
pub fn fact(facts: &terms::Facts, dimension: Dimension) -> &str {
    facts.get(dimension).unwrap_or_default()
}
