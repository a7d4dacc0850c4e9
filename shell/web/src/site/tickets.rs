//! Opening a ticket.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::agreements::Agreement;
use app::file::NewFile;
use app::knowledge::Sought;
use app::ticket::{Catalogue, Filter, IdempotencyKey, NewTie, OpenTicket, Tie, own};
use app::{Act, App, AppError, Permit, Side};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use engines::kinds::Kind;
use serde::Deserialize;
use terms::{Coverage, Dimension, PerimeterEntry, Terms};

use super::{Place, failed, fresh_key, knowledge, place, requests, words};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang};
use crate::http::upload::{self, For};
use crate::http::{
    CheckedForm, Failure, Reader, State, flash_cookie, from_elsewhere, html, see_other, with_cookie,
};
use crate::pages::new_ticket::{self, Matrix, Values};
use crate::pages::shared::Other;

/// Whose choices the form offers, and what is asked for.
#[derive(Deserialize)]
pub struct Of {
    contract: Option<String>,
    #[serde(default)]
    operation: String,
    #[serde(default)]
    service: String,
    #[serde(default)]
    kind: String,
    /// How the ticket stands to the ticket `from`.
    #[serde(default)]
    tie: String,
    #[serde(default)]
    from: String,
}

pub async fn form(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(of): Query<Of>,
) -> Result<Response, Failure> {
    let (wanted, again) = (of.contract.unwrap_or_default(), reader.clone());
    let asks = !of.operation.is_empty() || !of.service.is_empty();
    let kind = match of.kind.as_str() {
        "" if asks => Kind::ServiceRequest.key(),
        "" => Kind::Incident.key(),
        kind => kind,
    };
    let values = Values {
        kind: kind.to_owned(),
        contract: wanted.clone(),
        operation: of.operation,
        service: of.service,
        tie: of.tie,
        from: of.from,
        ..Values::default()
    };
    let view = blank(&web, &reader, slug, values, if asks { Weigh::Shown } else { Weigh::Not }).await?;
    // A contract that is not in force, or not this customer's, has no form; nor has what it does not offer.
    let unknown = |view: &new_ticket::View| asks && view.request.is_none();
    if !wanted.is_empty() && view.values.contract != wanted || unknown(&view) {
        return Err(failed(&again)(AppError::NotFound));
    }
    Ok(html(new_ticket::page(&reader.shell(&web, Some(view.customer.clone())), &view)))
}

/// The channel that the provider's form begins with.
const TOLD: &str = "phone";

/// Whether the form says what the contract would answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weigh {
    Not,
    Shown,
    /// It was about to be sent, and the answer had not been read.
    Confirm,
}

/// The form with the choices that the contract in force gives.
async fn blank(
    web: &State,
    reader: &Reader,
    slug: String,
    values: Values,
    weigh: Weigh,
) -> Result<new_ticket::View, Failure> {
    let (again, wanted) = (reader.clone(), values.contract.clone());
    let (lang, asked) = (reader.visitor.lang, values.clone());
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::OpenTicket)?;
        let (now, agreements) = (app.now(), app.vault(permit.customer())?.agreements()?);
        let catalogue =
            app.request_catalogue(&permit, Some(&wanted).filter(|w| !w.is_empty()).map(String::as_str));
        let catalogue = match catalogue {
            // The first contract's choices, for who names one that is not there.
            Err(AppError::Invalid(_)) => app.request_catalogue(&permit, None)?,
            found => found?,
        };
        let running = agreements.in_force(now);
        let several = running.len() > 1;
        let number = &catalogue.agreement.number;
        let tab = |a: &Arc<Agreement>| Other { number: a.number.clone(), current: a.number == *number };
        let contracts: Vec<Other> = running.iter().filter(|_| several).map(|a| tab(a)).collect();
        let terms = catalogue.agreement.in_force(now)?.terms.clone();
        let site = match asked.site.is_empty() {
            true => usual_site(app, &again, &permit)?,
            false => None,
        };
        let mut ask = asked.ask();
        ask.contract = Some(number.clone());
        let weighed = match weigh {
            Weigh::Not => None,
            _ => app.weigh_ticket(&permit, &ask).map(Some).or_else(unless_invalid)?,
        };
        let questions = requests::questions(app.request_form(&permit, &ask)?, &asked, lang);
        let people = requests::requesters(app.requesters(&permit)?, lang);
        let suggested = knowledge::suggest(app, &again, permit.customer(), &asked.sought())?;
        let suggested = knowledge::suggested(&customer, &suggested, lang);
        Ok((customer, terms, catalogue, contracts, weighed, (questions, suggested, people, site)))
    });
    let (customer, terms, catalogue, contracts, weighed, (questions, suggested, requesters, site)) =
        read.await.map_err(failed(reader))?;
    let read = weighed.as_ref().map(requests::key).unwrap_or_default();
    let values = Values {
        contract: catalogue.agreement.number.clone(),
        read,
        site: site.unwrap_or(values.site),
        ..values
    };
    let quotable = weighed.as_ref().is_some_and(|w| w.quotable);
    let weighed = weighed.map(|w| requests::weighed(&w, weigh == Weigh::Confirm, &customer, lang));
    let contract_title = (!contracts.is_empty()).then(|| catalogue.agreement.title.clone());
    let provider = reader.principal.role.is_provider();
    let form = choices(customer, &terms, &catalogue, values, (provider, lang));
    Ok(new_ticket::View {
        contracts,
        contract_title,
        weighed,
        questions,
        suggested,
        requesters,
        quotable,
        ..form
    })
}

/// The site of what one of the customer's people declared last: most often theirs still.
fn usual_site(app: &App, reader: &Reader, permit: &Permit) -> Result<Option<String>, AppError> {
    if reader.principal.role.side() != Side::Customer {
        return Ok(None);
    }
    let Ok(see) = reader.principal.permit(Act::SeeTickets, permit.customer()) else { return Ok(None) };
    let (last, _) = app.tickets(&see, &own(Filter::default(), &see), None, 1)?;
    Ok(last.into_iter().next().and_then(|shown| shown.ticket.site))
}

/// What the form got wrong is told by the form, not by the answer of the contract.
fn unless_invalid<T>(error: AppError) -> Result<Option<T>, AppError> {
    if matches!(error, AppError::Invalid(_)) { Ok(None) } else { Err(error) }
}

pub(super) fn choices(
    customer: CustomerRef,
    terms: &Terms,
    catalogue: &Catalogue,
    mut values: Values,
    (provider, lang): (bool, Lang),
) -> new_ticket::View {
    let none = |text: &str| Choice::new("", text);
    let word = |dimension: &str, value: &String| words::value(terms, dimension, value, lang);
    let named = |dimension: &str, list: &[String]| -> Vec<Choice> {
        list.iter().map(|v| Choice::new(v.clone(), word(dimension, v))).collect()
    };
    let matrix = terms.priorities.as_ref();
    let mut items =
        vec![none(&String::from(lang.t("Aucun élément en particulier", "No item in particular")))];
    items.extend(terms.perimeter.iter().flat_map(|rule| stated(terms, &rule.then, lang)));
    let mut sites: Vec<Choice> = Vec::new();
    for site in terms.parties.iter().flat_map(|p| &p.then.sites) {
        sites.push(Choice::new(site.clone(), terms.name_of("site", site)));
    }
    // One of the customer's people whose site is not known is asked, rather than told to be at the first.
    let asks_site = !provider && sites.len() > 1 && !sites.iter().any(|site| site.value == values.site);
    let mut operations = vec![none(&String::from(lang.t("Non précisée", "Not stated")))];
    operations
        .extend(terms.operations.iter().map(|o| Choice::new(o.then.operation.clone(), o.then.title.clone())));
    // What a program tells is not offered to a person; and the customer's people are on the site.
    let offered = |c: &String| provider && c != "api";
    let known: Vec<_> =
        engines::channels::channels(terms).into_iter().map(|c| c.value).filter(offered).collect();
    // What the provider's people write down was told to them, and most often by telephone.
    if values.channel.is_empty() && known.iter().any(|c| c == TOLD) {
        TOLD.clone_into(&mut values.channel);
    }
    let channel = |c: String| {
        let own = Some(terms.name_of("channel", &c)).filter(|name| *name != c).map(str::to_owned);
        let label = own.unwrap_or_else(|| words::fact(&c, lang));
        Choice::new(c, label)
    };
    new_ticket::View {
        key: fresh_key(),
        kinds: requests::kinds(catalogue, lang),
        graded: requests::graded(catalogue, terms, &values),
        request: requests::asked_for(catalogue, &values),
        questions: Vec::new(),
        offers: requests::offers(catalogue, &customer, &values),
        services: requests::services(catalogue, terms, &customer, &values, lang),
        weighed: None,
        suggested: Vec::new(),
        tied: requests::tied(&values, lang),
        values,
        impacts: named("impact", matrix.map_or(&[], |m| &m.then.impacts)),
        urgencies: named("urgency", matrix.map_or(&[], |m| &m.then.urgencies)),
        items,
        sites,
        asks_site,
        operations,
        channels: known.into_iter().map(channel).collect(),
        requesters: Vec::new(),
        contracts: Vec::new(),
        contract_title: None,
        matrix: matrix.map(|m| Matrix {
            article: words::short_article(&m.from.article),
            href: customer.contract.as_ref().map(|_| words::clause_href(&customer, &m.from)),
            urgencies: m.then.urgencies.iter().map(|u| word("urgency", u)).collect(),
            rows: m
                .then
                .impacts
                .iter()
                .map(|i| {
                    let cells = m.then.urgencies.iter();
                    let cells = cells.map(|u| m.then.priority(i, u).unwrap_or_default().to_owned()).collect();
                    (word("impact", i), cells)
                })
                .collect(),
        }),
        errors: Vec::new(),
        refusal: None,
        quotable: false,
        files_lost: false,
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
    requester: String,
    #[serde(default)]
    contract: String,
    #[serde(default)]
    level: String,
    #[serde(default)]
    service: String,
    #[serde(default)]
    tie: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    read: String,
    /// The button that asks for a quotation was pressed.
    #[serde(default)]
    on_quote: String,
    /// The answers to the contract's questions are among these.
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

impl Sent {
    fn values(&self) -> Values {
        let answer = |(name, said): (&String, &String)| {
            Some((name.strip_prefix(requests::ANSWERS)?.to_owned(), said.clone()))
        };
        Values {
            answers: self.rest.iter().filter_map(answer).collect(),
            kind: self.kind.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            impact: self.impact.clone(),
            urgency: self.urgency.clone(),
            item: self.item.clone(),
            site: self.site.clone(),
            operation: self.operation.clone(),
            channel: self.channel.clone(),
            requester: self.requester.clone(),
            contract: self.contract.clone(),
            level: self.level.clone(),
            service: self.service.clone(),
            tie: self.tie.clone(),
            from: self.from.clone(),
            read: self.read.clone(),
        }
    }
}

impl Values {
    fn ask(&self) -> OpenTicket {
        let some = |text: &String| Some(text.clone()).filter(|t| !t.trim().is_empty());
        let tie = Tie::from_key(&self.tie).zip(self.from.trim().parse().ok());
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
            requester: some(&self.requester),
            contract: some(&self.contract),
            level: some(&self.level),
            service: some(&self.service),
            tie: tie.map(|(tie, ticket)| NewTie { tie, ticket }),
            answers: self.answers.clone(),
            ..OpenTicket::default()
        }
    }

    /// What articles may help with, from what is written so far.
    fn sought(&self) -> Sought {
        let some = |text: &String| Some(text.clone()).filter(|t| !t.trim().is_empty());
        let written = !self.title.trim().is_empty() || !self.item.is_empty() || !self.operation.is_empty();
        Sought {
            words: format!("{}\n{}", self.title, self.description),
            item: self.chosen("item"),
            class: self.chosen("class"),
            operation: some(&self.operation),
            kind: some(&self.kind).filter(|_| written),
        }
    }

    /// The item, or the class of items, that the one list of both gave.
    fn chosen(&self, what: &str) -> Option<String> {
        self.item.split_once(':').filter(|(kind, _)| *kind == what).map(|(_, name)| name.to_owned())
    }
}

/// `POST …/tickets/weigh`: the form again, with what the contract says of it. Nothing is written.
pub async fn weigh(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let view = blank(&web, &reader, slug, form.values(), Weigh::Shown).await?;
    Ok(returned(&web, &reader, &view, StatusCode::OK))
}

pub async fn open(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let Received { reader, form, files, refused } = received(&web, &slug, request).await?;
    let with_files = !files.is_empty() || refused.is_some();
    let (again, mut ask, key, to) = (reader.clone(), form.values().ask(), form.key.clone(), slug.clone());
    let read = form.read.clone();
    ask.on_quote = !form.on_quote.is_empty();
    let opened = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &to, Act::OpenTicket)?;
        if let Some(refused) = refused {
            return Err(refused);
        }
        // Something else was chosen since these were answered.
        let asked = app.request_form(&permit, &ask).map(Some).or_else(unless_invalid)?;
        let asked: Vec<_> = asked.into_iter().flat_map(|f| f.questions).map(|q| q.question.name).collect();
        ask.answers.retain(|name, _| asked.contains(name));
        // What costs something is sent by whoever has read what it costs.
        let weighed = app.weigh_ticket(&permit, &ask).map(Some).or_else(unless_invalid)?;
        if weighed.is_some_and(|w| requests::costs(&w) && requests::key(&w) != read) {
            return Ok(None);
        }
        app.open_ticket_with_files(&permit, &IdempotencyKey::parse(&key)?, &ask, files).map(Some)
    });
    let blank = async |slug, weigh| {
        let view = blank(&web, &reader, slug, form.values(), weigh).await?;
        Ok::<_, Failure>(new_ticket::View { files_lost: with_files, ..view })
    };
    match opened.await {
        Ok(None) => {
            let view = blank(slug, Weigh::Confirm).await?;
            Ok(returned(&web, &reader, &view, StatusCode::CONFLICT))
        }
        Ok(Some(opened)) => {
            let to = format!("/c/{slug}/tickets/{}", opened.number);
            Ok(with_cookie(see_other(&to), &flash_cookie("opened")))
        }
        Err(AppError::Refused(refused)) => {
            // Weighed for whether a quotation may be asked; the refusal has its reasons.
            let view = blank(slug, Weigh::Shown).await?;
            let mut view = new_ticket::View { weighed: None, ..view };
            view.refusal = Some(words::refusal(&refused, reader.visitor.lang, Some(&view.customer)));
            Ok(returned(&web, &reader, &view, StatusCode::CONFLICT))
        }
        Err(AppError::Invalid(invalid)) => {
            let mut view = blank(slug, Weigh::Not).await?;
            let text = invalid.text.get(words::core(reader.visitor.lang)).to_owned();
            view.errors = vec![(invalid.field.clone(), text)];
            // All that is wrong with the answers is said at once.
            if invalid.field.starts_with(requests::ANSWERS) {
                let wrong = view.questions.iter().filter_map(|q| Some((q.field.clone(), q.wrong.clone()?)));
                view.errors = wrong.collect();
            }
            Ok(returned(&web, &reader, &view, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(failed(&reader)(error)),
    }
}

/// What was sent to open a ticket.
struct Received {
    reader: Reader,
    form: Sent,
    files: Vec<NewFile>,
    /// Why one of its files is not taken.
    refused: Option<AppError>,
}

async fn received(web: &State, slug: &str, request: Request) -> Result<Received, Failure> {
    if !upload::carries_files(&request) {
        let CheckedForm { reader, form } = CheckedForm::from_request(upload::plain(request), web).await?;
        return Ok(Received { reader, form, files: Vec::new(), refused: None });
    }
    let (mut parts, body) = request.into_parts();
    let reader = Reader::from_request_parts(&mut parts, web).await?;
    if from_elsewhere(&parts.headers) {
        return Err(failed(&reader)(AppError::NotFound));
    }
    let (again, to) = (reader.clone(), slug.to_owned());
    let permit = web.run(move |app| Ok(place(app, &again, &to, Act::OpenTicket)?.permit));
    let permit = permit.await.map_err(failed(&reader))?;
    let about = For { csrf: reader.csrf.clone(), permit, ticket: None };
    let sent = upload::read(web, Request::from_parts(parts, body), about).await;
    let sent = sent.map_err(failed(&reader))?;
    let form = sent.form().map_err(failed(&reader))?;
    Ok(Received { reader, form, files: sent.files, refused: sent.refused })
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
