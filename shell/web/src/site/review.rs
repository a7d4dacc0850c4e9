//! The partnership review of a contract.

mod paper;

use app::review::{Half, LateTicket, Review};
use app::{Act, App, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use base::Because;
use engines::billing::MonthStatement;
use engines::duties::{DutyState, Occurrence};
use engines::entitlement::{Form, MeterState};
use serde::Deserialize;

use super::contract::files;
use super::{Place, failed, fresh_key, money, place, rows, words};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang, format};
use crate::http::{Failure, Order, Reader, State, html};
use crate::pages::customer::Judged;
use crate::pages::money::MonthState;
use crate::pages::review::{self as pages, Consumed, Meeting, Metered, View, page};
use crate::pages::shared::Other;

#[derive(Deserialize, Default)]
pub struct Asked {
    contract: Option<String>,
    /// `2026-1`; the last six months when it is left out.
    half: Option<String>,
}

struct Read {
    customer: CustomerRef,
    review: Review,
    numbers: Vec<String>,
    records: bool,
}

/// `GET /c/{customer}/review`
pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| read(app, &again, &slug, asked)).await.map_err(failed(&reader))?;
    let view = fill(&read, web.printer.is_some(), reader.visitor.lang);
    Ok(html(page(&reader.shell(&web, Some(read.customer)), &view)))
}

/// `GET /c/{customer}/review.pdf`: it does not exist where nothing lays it out.
pub async fn pdf(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| read(app, &again, &slug, asked)).await.map_err(failed(&reader))?;
    let view = fill(&read, true, reader.visitor.lang);
    let slip = paper::slip(&read.review, &view, reader.visitor.lang);
    let name = format!("revue-{}-{}.pdf", read.customer.slug, view.until);
    files::printed(&web, &reader, Order::Slip(Box::new(slip)), &name).await
}

fn read(app: &App, reader: &Reader, slug: &str, asked: Asked) -> Result<Read, AppError> {
    let Place { permit, customer } = place(app, reader, slug, Act::SeeContract)?;
    let half = match asked.half.filter(|half| !half.is_empty()) {
        Some(text) => Some(Half::parse(&text).ok_or(AppError::NotFound)?),
        None => None,
    };
    let agreements = app.vault(permit.customer())?.agreements()?;
    let numbers: Vec<String> = agreements.contracts.iter().map(|c| c.number.clone()).collect();
    let number = asked.contract.filter(|c| !c.is_empty()).or_else(|| customer.contract.clone());
    let records = reader.principal.may_for(Act::RecordDuty, permit.customer());
    let review = app.review(&permit, number.as_deref(), half)?;
    Ok(Read { customer, review, numbers, records })
}

/// The address of a half-year, or of the last six months.
fn address(read: &Read, path: &str, half: Option<Half>) -> String {
    let contract = format::query(&read.review.agreement.number);
    let half = half.map_or_else(String::new, |half| format!("&half={half}"));
    read.customer.path(&format!("/{path}?contract={contract}{half}"))
}

fn name(half: Half, lang: Lang) -> String {
    let year = half.year;
    match (lang, half.second) {
        (Lang::Fr, false) => format!("1er semestre {year}"),
        (Lang::Fr, true) => format!("2e semestre {year}"),
        (Lang::En, false) => format!("1st half of {year}"),
        (Lang::En, true) => format!("2nd half of {year}"),
    }
}

fn metered(state: &Because<MeterState>, customer: &CustomerRef, lang: Lang) -> Option<Metered> {
    let m = &state.value;
    let included = m.included + m.carried + m.bought;
    let consumed = match m.form {
        Form::Unlimited => return None,
        Form::TicketPack => Consumed::Tickets { used: m.used, included },
        Form::MaxHours => Consumed::Minutes { used: m.used, included },
    };
    let beyond = match m.beyond {
        0 => String::new(),
        _ => {
            let billed = format::money(m.billed.cents, lang);
            format!(", {} {billed} {}", lang.t("au-delà :", "beyond:"), lang.t("HT", "excl. VAT"))
        }
    };
    Some(Metered {
        label: m.meter.clone(),
        figure: format!("{}{beyond}", consumed.said(lang)),
        reasons: words::reasons(&state.reasons, Some(customer), lang),
    })
}

fn fill(read: &Read, printed: bool, lang: Lang) -> View {
    let Read { customer, review, numbers, records } = read;
    let number = &review.agreement.number;
    let six = lang.t("Six derniers mois", "Last six months").to_string();
    let mut halves = vec![(address(read, "review", None), six, review.half.is_none())];
    for half in &review.halves {
        let current = review.half == Some(*half);
        halves.push((address(read, "review", Some(*half)), name(*half, lang), current));
    }
    let late = |late: &LateTicket| pages::LateTicket {
        number: late.number,
        promise: rows::promise(late.promise).word(lang).into(),
        minutes: words::minutes(late.seconds),
        clause: late
            .clause
            .as_ref()
            .map(|from| (words::short_article(&from.article), words::clause_href(customer, from))),
    };
    let zone = &review.agreement.latest().compiled.terms.zone;
    let closed = MonthState::Closed(words::in_zone(review.at, zone));
    let month =
        |s: &Because<MonthStatement>| money::month(s, closed.clone(), &review.agreement, customer, lang);
    let marks = &review.satisfaction;
    let mut choices: Vec<Choice> = Vec::new();
    for meeting in &review.meetings {
        let key = format!("{}/{}", meeting.value.label, meeting.value.what);
        if choices.iter().all(|choice| choice.value != key) {
            choices.push(Choice::new(key, meeting.value.title.clone()));
        }
    }
    View {
        contract: number.clone(),
        halves,
        paper: printed.then(|| address(read, "review.pdf", review.half)),
        from: review.from,
        until: review.until,
        today: review.today,
        opened: review.opened,
        kinds: review.kinds.iter().map(|(kind, count)| (words::fact(kind, lang), *count)).collect(),
        late_tickets: review.late_tickets.iter().map(late).collect(),
        late_clocks: review.late_clocks,
        months: review.months.as_ref().map(|months| months.iter().map(month).collect()),
        meters: review.meters.iter().filter_map(|m| metered(m, customer, lang)).collect(),
        kept: review
            .kept
            .iter()
            .filter(|(_, _, all)| *all > 0)
            .map(|(promise, kept, all)| (rows::promise(*promise).word(lang).into(), *kept, *all))
            .collect(),
        satisfaction: marks.mean_hundredths().map(|mean| Judged {
            month: marks.month,
            answers: marks.answers(),
            mean,
            dissatisfied: marks.dissatisfied(),
        }),
        late: review.late,
        meetings: review.meetings.iter().map(|m| meeting(m, customer, lang)).collect(),
        form: records.then_some((choices, fresh_key())),
        others: numbers.iter().map(|n| Other { number: n.clone(), current: n == number }).collect(),
        customer: customer.clone(),
    }
}

fn meeting(of: &Because<Occurrence>, customer: &CustomerRef, lang: Lang) -> Meeting {
    let held = match &of.value.state {
        DutyState::Done { on, reference } | DutyState::DoneLate { on, reference, .. } => {
            Some((*on, reference.clone()))
        }
        DutyState::Unproved { on, .. } => Some((*on, String::new())),
        _ => None,
    };
    Meeting {
        title: of.value.title.clone(),
        due: of.value.on,
        late: held.is_none() && of.value.state.is_late(),
        held,
        reasons: words::reasons(&of.reasons, Some(customer), lang),
    }
}
