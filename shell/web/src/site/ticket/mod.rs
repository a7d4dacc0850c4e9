//! One ticket: its page, and everything done to it.

mod acts;
pub mod change;
mod clocks;
mod conversation;
pub mod delivery;
mod duty;
pub mod files;
mod levels;
mod relations;
pub mod satisfaction;
mod step;
mod time;

use app::ticket::TicketPage;
use app::ticket::delivery::Defect;
use app::{Act, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use engines::perimeter::price::Agreement;
use engines::perimeter::{Admission, Covered, Work};
use events::{Dimension, Step};
use jiff::Timestamp;
use serde::Deserialize;
use terms::Terms;

use super::tickets::fact;
use super::window::Ends;
use super::{Place, failed, fresh_key, knowledge, place, rows, words};
use crate::design::{CustomerRef, Lang, format};
use crate::http::{CheckedForm, Failure, Reader, State, html};
use crate::pages::ticket as offered;
use crate::pages::ticket::{Answer, Draft, Item, Perimeter, Verdict, View, page};

pub use acts::act;
pub(super) use change::stage;
pub(super) use relations::tie;

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, number)): Path<(String, u64)>,
    Query(ends): Query<Ends>,
) -> Result<Response, Failure> {
    let again = (reader.clone(), slug.clone());
    let page = drawn(&web, &reader, (slug, number), ends, None).await?;
    // A page that asks for itself again, behind others, is read by nobody.
    if !reader.by_itself {
        let done = web.run(move |app| {
            let Place { permit, .. } = place(app, &again.0, &again.1, Act::SeeTickets)?;
            app.read_notifications_of(&permit, number)
        });
        done.await.map_err(failed(&reader))?;
    }
    Ok(page)
}

/// What the reader looks at before doing it.
enum Look {
    Message(Draft),
    /// A template put after what is written so far.
    Fill {
        template: String,
        text: String,
    },
    Priority {
        impact: String,
        urgency: String,
        why: String,
    },
    /// An act that was not done, to be corrected.
    Tried(Box<step::Tried>),
}

/// A message that somebody looks at before sending it.
#[derive(Deserialize)]
pub struct Written {
    #[serde(default)]
    act: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    impact: String,
    #[serde(default)]
    urgency: String,
    #[serde(default)]
    template: String,
}

/// `POST …/tickets/{n}/preview`: the page again, with the message as it will look, or with the due instants
/// that another priority would give. Nothing is written.
pub async fn preview(
    Shared(web): Shared<State>,
    Path((slug, number)): Path<(String, u64)>,
    checked: CheckedForm<Written>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let look = match form.act.as_str() {
        "priority" => Look::Priority { impact: form.impact, urgency: form.urgency, why: form.text },
        "fill" => Look::Fill { template: form.template, text: form.text.replace("\r\n", "\n") },
        _ => Look::Message(Draft { act: form.act, text: form.text.replace("\r\n", "\n") }),
    };
    drawn(&web, &reader, (slug, number), Ends::default(), Some(look)).await
}

async fn drawn(
    web: &State,
    reader: &Reader,
    (slug, number): (String, u64),
    ends: Ends,
    look: Option<Look>,
) -> Result<Response, Failure> {
    let lang = reader.visitor.lang;
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeTickets)?;
        let timer = if again.may(&customer, Act::EnterTime) { app.timer(&again.principal)? } else { None };
        let here = timer.filter(|t| t.customer == permit.customer() && t.ticket == number);
        let found = app.ticket(&permit, number)?;
        let (mut draft, mut what_if, mut tried) = (None, None, None);
        let opinion = app.satisfaction_of(&permit, number)?;
        let warned = app.next_warning(&permit, &found)?;
        let mut templates = Vec::new();
        if let Ok(Place { permit, .. }) = place(app, &again, &slug, Act::UseTemplates) {
            templates = super::templates::offered(&app.answer_templates(&permit)?, lang);
        }
        match look {
            Some(Look::Message(message)) => draft = Some(message),
            Some(Look::Fill { template, text }) => {
                let mut filled = text;
                if !template.is_empty() {
                    let Place { permit, .. } = place(app, &again, &slug, Act::UseTemplates)?;
                    let (id, wording) = super::templates::chosen(&template)?;
                    if !filled.trim().is_empty() {
                        filled.push_str("\n\n");
                    }
                    filled.push_str(&app.filled_answer(&permit, &found, id, wording)?);
                }
                draft = Some(Draft { act: "reply".to_owned(), text: filled });
            }
            Some(Look::Priority { impact, urgency, why }) => {
                let Place { permit, .. } = place(app, &again, &slug, Act::SetPriority)?;
                let weighed = app.weigh_priority(&permit, number, None, Some(&impact), Some(&urgency))?;
                let zone = &found.agreement.version(&found.ticket.version)?.terms.zone;
                what_if =
                    Some(relations::what_if(&weighed, (&impact, &urgency, &why), &customer, zone, lang));
            }
            Some(Look::Tried(act)) => tried = Some(act),
            None => {}
        }
        // Whom the ticket may be handed to, for those who give the work out.
        let people = match place(app, &again, &slug, Act::AssignTicket) {
            Ok(Place { permit, .. }) if found.ticket.state != app::ticket::State::Resolved => {
                let about = app.knowers(&permit, &found.ticket)?;
                super::team::choices(&app.assignees(&permit)?, &found.ticket, about.as_ref(), lang)
            }
            _ => Vec::new(),
        };
        let followers = match place(app, &again, &slug, Act::Reply) {
            Ok(Place { permit, .. }) => Some(relations::followers(app.followable(&permit, &found)?)),
            Err(_) => None,
        };
        let visits = app.visits(&permit, number)?.len();
        let visits = (visits > 0 || again.may(&customer, Act::WorkOnTicket)).then_some(visits);
        let knowledge = knowledge::beside(app, &again, &customer, permit.customer(), &found, lang)?;
        Ok((
            customer,
            found,
            here.map(|t| t.started),
            (draft, what_if, tried, knowledge, people, (templates, opinion, visits, warned, followers)),
        ))
    });
    let (customer, found, running, beside) = read.await.map_err(failed(reader))?;
    let (draft, what_if, tried, knowledge, people, (templates, opinion, visits, warned, followers)) = beside;
    let mut view = fill(reader, &customer, &found, running, ends).map_err(failed(reader))?;
    if !people.is_empty() && !found.merged {
        let first = |act: &offered::Act| {
            matches!(act, offered::Act::Pause { .. } | offered::Act::Priority { .. } | offered::Act::Diagnose)
        };
        let at = view.acts.iter().position(first).unwrap_or(0);
        view.acts.insert(at, offered::Act::Assign { people });
    }
    view.draft = draft;
    view.visits = visits;
    view.knowledge = knowledge;
    view.beside.what_if = what_if;
    view.beside.templates = templates;
    view.beside.followers = followers;
    let terms = &found.agreement.version(&found.ticket.version).map_err(failed(reader))?.terms;
    let zone = terms.zone.as_str();
    if reader.principal.role.is_provider() {
        let alarms = clocks::alarms(&found, terms, warned.as_ref(), lang);
        view.clocks.iter_mut().zip(alarms).for_each(|(clock, alarms)| clock.alarms = alarms);
    }
    view.beside.satisfaction = Some(satisfaction::drawn(&opinion, zone));
    view.beside.keeps_templates =
        reader.may(&customer, Act::KeepTemplates).then(|| customer.path("/templates"));
    if let Some(tried) = tried {
        if let Some(change) = view.change.as_mut() {
            change::put_back(change, &tried);
        }
        view.undone = Some(tried.undone());
    }
    Ok(html(page(&reader.shell(web, Some(customer)), &view)))
}

fn fill(
    reader: &Reader,
    customer: &CustomerRef,
    found: &TicketPage,
    running: Option<Timestamp>,
    ends: Ends,
) -> Result<View, AppError> {
    let lang = reader.visitor.lang;
    let ticket = &found.ticket;
    let terms = &found.agreement.version(&ticket.version)?.terms;
    let zone = terms.zone.as_str();
    let opened = Timestamp::from_microsecond(ticket.opened).unwrap_or_default();
    let facts = &ticket.facts;
    let item = facts.get(Dimension::Item);
    let class = fact(facts, Dimension::ItemClass);
    let site = fact(facts, Dimension::Site);
    let operation = facts.get(Dimension::Operation).and_then(|name| {
        terms.operations.iter().find(|o| o.then.operation == name).map(|o| o.then.title.clone())
    });
    let version = found.agreement.texts.iter().find(|t| t.row.version_hash == ticket.version);
    let version = version.map_or(1, |t| t.row.version);
    let number = &found.agreement.number;
    let (messages, talk) = conversation::part(found, customer, zone, ends, lang);
    Ok(View {
        customer: customer.clone(),
        number: ticket.number,
        title: found.title.clone(),
        kind: words::fact(fact(facts, Dimension::Kind), lang),
        priority: ticket.priority.clone(),
        priority_name: terms.name_of("priority", &ticket.priority).to_owned(),
        priority_because: priority_because(terms, facts, lang),
        severity: severity(terms, facts),
        state: rows::state(ticket),
        opened: words::in_zone(opened, zone),
        opened_by: found.opened_by.clone(),
        recorded_by: found.recorded_by.clone(),
        channel: words::fact(fact(facts, Dimension::Channel), lang),
        site: terms.name_of("site", site).to_owned(),
        operation: operation.unwrap_or_else(|| lang.t("Non précisée", "Not stated").into()),
        assignee: found.assignee.clone(),
        items: match (item, class) {
            (Some(name), _) => {
                vec![Item { name: name.to_owned(), class: terms.name_of("item_class", class).to_owned() }]
            }
            (None, "") => Vec::new(),
            (None, class) => {
                vec![Item { name: terms.name_of("item_class", class).to_owned(), class: String::new() }]
            }
        },
        perimeter: perimeter(found, customer, lang),
        clocks: found
            .clocks
            .iter()
            .map(|c| clocks::clock(&c.value, &c.reasons, customer, found, lang))
            .collect(),
        levels: levels::levels(found, terms, customer, lang),
        answers: {
            let said = |text: &base::Bilingual| text.get(words::core(lang)).to_owned();
            found.answers.iter().map(|a| (said(&a.question), said(&a.says))).collect()
        },
        messages,
        talk,
        acts: acts::acts(reader, customer, terms, found),
        change: change::part(reader, customer, found, terms),
        delivery: delivery::part(reader, customer, found, terms),
        visits: None,
        undone: None,
        beside: relations::beside(reader, customer, found, zone),
        knowledge: Default::default(),
        draft: None,
        key: fresh_key(),
        time_spent_minutes: found.calls.iter().map(|c| i64::from(c.call.minutes)).sum::<i64>()
            + i64::from(found.time_minutes),
        time: time::part(reader, customer, found, running, ends),
        meter: meter(found, lang),
        contract_version: (
            format!("{number}, {}\u{a0}{version}", lang.t("version", "version")),
            customer.contract.as_ref().map(|_| customer.path(&format!("/contracts/{number}"))),
        ),
    })
}

fn priority_because(terms: &Terms, facts: &terms::Facts, lang: Lang) -> String {
    let Some(matrix) = &terms.priorities else { return String::new() };
    let article = words::short_article(&matrix.from.article).to_lowercase();
    match (facts.get(Dimension::Impact), facts.get(Dimension::Urgency)) {
        (Some(impact), Some(urgency)) => {
            let (impact, urgency) =
                (words::value(terms, "impact", impact, lang), words::value(terms, "urgency", urgency, lang));
            format!("{impact} × {}, {article}", urgency.to_lowercase())
        }
        _ => article,
    }
}

/// The severity of a defect, and the article that says what it is.
fn severity(terms: &Terms, facts: &terms::Facts) -> Option<(String, String)> {
    let level = facts.get(Dimension::Level)?;
    let all = engines::kinds::severities(terms);
    let severity = all.into_iter().find(|s| s.value.level == level)?;
    let article = severity.cited().first().map(|c| words::short_article(&c.article).to_lowercase());
    let article = article.map(|article| format!("{article}\u{a0}: {}", severity.value.means));
    Some((severity.value.title, article.unwrap_or_default()))
}

fn perimeter(found: &TicketPage, customer: &CustomerRef, lang: Lang) -> Perimeter {
    let decision = &found.decision.value;
    let item = fact(&found.ticket.opening_facts, Dimension::Item);
    let class = fact(&found.ticket.opening_facts, Dimension::ItemClass);
    let shown = match (item, class) {
        ("", "") => String::from(lang.t("Assistance courante", "Plain support")),
        ("", class) => found.agreement.latest().compiled.terms.name_of("item_class", class).to_owned(),
        (item, _) => item.to_owned(),
    };
    let place = match &decision.covered {
        Covered::In => lang.t("dans le périmètre", "inside the perimeter").to_string(),
        Covered::Out => lang.t("hors du périmètre", "outside the perimeter").to_string(),
        Covered::Shared { third_party } => {
            let with = third_party.clone().unwrap_or_default();
            format!("{} {with}", lang.t("partagé avec", "shared with")).trim_end().to_owned()
        }
    };
    let terms = match decision.admission {
        _ if found.defect.as_ref().is_some_and(Defect::is_free) => lang.t("sous garantie", "under warranty"),
        Admission::Accepted => lang.t("compris dans le forfait", "included in the fee"),
        Admission::AcceptedPriced { .. } => lang.t("au-delà du forfait", "beyond the fee"),
        Admission::NeedsQuote if in_units(found) => {
            lang.t("commandé au carnet d’unités d’œuvre", "ordered from the book of work units")
        }
        Admission::NeedsQuote => lang.t("sur devis accepté", "on an accepted quotation"),
        Admission::Refused => lang.t("refusé", "refused"),
    };
    Perimeter {
        verdict: verdict(found, lang),
        sentence: format!("{shown}{} {place}, {terms}.", lang.t(" :", ":")),
        warranty: found.defect.as_ref().map(|defect| warranty(defect, lang)),
        meanwhile: meanwhile(found, lang),
        reasons: words::reasons(&found.price.reasons, Some(customer), lang),
    }
}

fn warranty(defect: &Defect, lang: Lang) -> String {
    let sentences =
        defect.warranty.reasons.iter().map(|reason| reason.text.get(words::core(lang)).to_owned());
    sentences.collect::<Vec<_>>().join(" ")
}

/// Whether the work is ordered from a book of work units rather than at a price.
fn in_units(found: &TicketPage) -> bool {
    found.delivery.as_ref().is_some_and(|delivery| delivery.book.is_some())
}

/// What the contract and the parties say of the price, as it stands.
fn verdict(found: &TicketPage, lang: Lang) -> Verdict {
    let asked = found.decision.value.admission;
    let unit = match found.decision.value.work {
        Work::AtRate { .. } => lang.t("au plus, au temps passé", "at most, for the time spent"),
        _ => lang.t("pour cette intervention", "for this work"),
    };
    let priced =
        |price: base::Money, answer| Verdict::Priced { amount_cents: price.cents, unit: unit.into(), answer };
    match found.price.value {
        _ if found.defect.as_ref().is_some_and(Defect::is_free) => Verdict::Warranty,
        // The estimate and its order are told with the delivery.
        _ if in_units(found) => Verdict::InUnits,
        Agreement::NotNeeded if asked == Admission::Refused => Verdict::Excluded,
        Agreement::NotNeeded => Verdict::Included,
        Agreement::QuoteAwaited => Verdict::QuoteAwaited,
        Agreement::Awaited { price, .. } => priced(price, Answer::Awaited),
        Agreement::Lapsed { price, .. } => priced(price, Answer::Lapsed),
        Agreement::Agreed { price } => priced(price, Answer::Agreed(agreed(found, lang))),
        Agreement::Declined => match last_price(found) {
            Some(price) => priced(price, Answer::Declined),
            None => Verdict::QuoteAwaited,
        },
    }
}

/// The price that was declined: the last one quoted, else the clause's.
fn last_price(found: &TicketPage) -> Option<base::Money> {
    let quoted = found.entries.iter().rev().find_map(|e| match &e.step {
        Step::QuoteMade { price, .. } => Some(*price),
        _ => None,
    });
    quoted.or(found.ticket.price)
}

fn agreed(found: &TicketPage, lang: Lang) -> String {
    let answer = found.entries.iter().rev().find(|e| matches!(e.step, Step::PriceAgreed { .. }));
    let Some(answer) = answer else { return String::new() };
    let zone = &found.agreement.latest().compiled.terms.zone;
    let when = format::instant(&words::in_zone(answer.at, zone), lang);
    let by = &answer.by;
    match (lang, answer.by_provider) {
        (Lang::Fr, false) => format!("Accepté le {when} par {by}."),
        (Lang::Fr, true) => format!("Accepté par écrit, consigné le {when} par {by}."),
        (Lang::En, false) => format!("Agreed on {when} by {by}."),
        (Lang::En, true) => format!("Agreed in writing, recorded on {when} by {by}."),
    }
}

/// An answer awaited does not stop the clocks by itself: both parties must know which reasons do.
fn meanwhile(found: &TicketPage, lang: Lang) -> Option<String> {
    if found.allows_work() || found.price.value == Agreement::Declined {
        return None;
    }
    if found.clocks.iter().all(|c| c.value.stopped.is_some()) {
        return None;
    }
    let terms = &found.agreement.version(&found.ticket.version).ok()?.terms;
    let listed: Vec<&str> = terms.pauses.iter().map(|p| p.then.reason.as_str()).collect();
    let listed = listed.join(&lang.t("\u{202f}; ", "; ").to_string());
    Some(match (lang, listed.is_empty()) {
        (Lang::Fr, true) => {
            "Les délais courent pendant l’attente : le contrat ne prévoit aucun motif de suspension.".into()
        }
        (Lang::Fr, false) => format!(
            "Les délais courent pendant l’attente, sauf suspension pour un motif du contrat : {listed}."
        ),
        (Lang::En, true) => {
            "The clocks run during the wait: the contract lists no reason to suspend them.".into()
        }
        (Lang::En, false) => format!(
            "The clocks run during the wait, unless suspended for a reason of the contract: {listed}."
        ),
    })
}

fn meter(found: &TicketPage, lang: Lang) -> Option<String> {
    let counted: u32 = found.calls.iter().map(|c| c.call.counted).sum();
    if found.calls.is_empty() {
        return None;
    }
    let billed = found.calls.iter().filter_map(|c| c.call.price).map(|p| p.cents).sum::<i64>();
    let taken = lang.t("décomptés au carnet", "taken from the meter");
    let extra =
        if billed > 0 { format!(", {}", crate::design::format::money(billed, lang)) } else { String::new() };
    Some(format!("{counted} {taken}{extra}"))
}
