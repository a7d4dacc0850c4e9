//! Reports of visits on site, and their signature.

mod drawing;
mod paper;

use app::ticket::IdempotencyKey;
use app::time::Hours;
use app::visit::{Part, SignVisit, TellVisit, VisitLine};
use app::{Act, AppError, Side};
use axum::extract::{Path, State as Shared};
use axum::response::{IntoResponse, Response};
use base::id::VisitId;
use events::VisitSigning;
use jiff::tz::TimeZone;
use serde::Deserialize;
use terms::rates::RateHours;

use super::typed::required_instant;
use super::{Place, failed, fresh_key, place, time, words};
use crate::design::Lang;
use crate::design::components::Choice;
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::shared::Refusal;
use crate::pages::visits::{Drawn, Form, Report, SignForm, Signature, Signing, View, Visit, page};

pub use paper::pdf;
pub(super) use paper::plain;

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, number)): Path<(String, u64)>,
) -> Result<Response, Failure> {
    drawn(&web, &reader, slug, number, None).await
}

/// What was typed in vain.
enum Tried {
    Report(Box<Form>),
    /// What was drawn is not kept: it was given for what was read.
    Signature {
        visit: String,
        name: String,
        reserve: String,
    },
}

/// The page, with what was typed in vain and why.
async fn drawn(
    web: &State,
    reader: &Reader,
    slug: String,
    number: u64,
    tried: Option<(Tried, Refusal)>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeTickets)?;
        let ticket = app.ticket(&permit, number)?;
        let works = place(app, &again, &slug, Act::WorkOnTicket).is_ok();
        let times =
            again.principal.role.is_provider() && again.principal.may_for(Act::EnterTime, permit.customer());
        let answers = place(app, &again, &slug, Act::Reply).is_ok() && permit.role().side() == Side::Customer;
        Ok((customer, ticket, app.visits(&permit, number)?, works, times, answers))
    });
    let (customer, ticket, visits, works, times, answers) = read.await.map_err(failed(reader))?;
    let zone = ticket.agreement.latest().compiled.terms.zone.clone();
    let signing = match (works, answers) {
        (true, _) => Some(Signing::OnScreen),
        (false, true) => Some(Signing::Own),
        (false, false) => None,
    };
    let mut view = View {
        number,
        title: ticket.title,
        visits: Vec::new(),
        hours: hours(&ticket.hours, reader.visitor.lang),
        form: works.then(|| Form {
            key: fresh_key(),
            travel: "0".into(),
            hours: times.then(String::new),
            ..Form::default()
        }),
        refused: None,
        corrected: None,
        printed: web.printer.is_some(),
        customer: customer.clone(),
    };
    for line in visits {
        let mine = works && line.by == reader.principal.account && line.signature.is_none();
        let correction = if mine { correction(&line, &zone) } else { None };
        view.visits.push(Visit { correction, ..visit(line, &zone, signing) });
    }
    match tried {
        Some((Tried::Report(form), refusal)) => keep(&mut view, *form, refusal, times),
        Some((Tried::Signature { visit, name, reserve }, refusal)) => {
            view.refused = Some(refusal);
            let signed = view.visits.iter_mut().find(|v| v.id == visit);
            if let Some(form) = signed.and_then(|v| v.signing.as_mut()) {
                (form.name, form.reserve, form.open) = (name, reserve, true);
            }
        }
        None => {}
    }
    Ok(html(page(&reader.shell(web, Some(customer)), &view)))
}

/// Puts what was typed in vain back into its form.
fn keep(view: &mut View, form: Form, refusal: Refusal, times: bool) {
    view.refused = Some(refusal);
    let key = fresh_key();
    if form.visit.is_empty() {
        view.form = view.form.is_some().then(|| Form {
            key,
            hours: times.then(|| form.hours.unwrap_or_default()),
            ..form
        });
        return;
    }
    view.corrected = Some(form.visit.clone());
    let found = view.visits.iter_mut().filter_map(|v| v.correction.as_mut()).find(|c| c.visit == form.visit);
    if let Some(correction) = found {
        *correction = Form { key, hours: None, ..form };
    }
}

/// What was reported, as it is typed.
fn correction(line: &VisitLine, zone: &str) -> Option<Form> {
    let report = line.report.as_ref()?;
    let typed = |at| words::in_zone(at, zone).strftime("%Y-%m-%dT%H:%M").to_string();
    let part = |part: &Part| match &part.reference {
        Some(reference) => format!("{} {} ({reference})", part.quantity, part.name),
        None => format!("{} {}", part.quantity, part.name),
    };
    Some(Form {
        key: fresh_key(),
        visit: line.visit.to_string(),
        arrived: typed(line.arrived),
        left: typed(line.left),
        travel: report.travel.to_string(),
        work: report.work.clone(),
        parts: report.parts.iter().map(part).collect::<Vec<_>>().join("\n"),
        remains: report.remains.clone().unwrap_or_default(),
        met: report.met.clone().unwrap_or_default(),
        hours: None,
    })
}

fn visit(line: VisitLine, zone: &str, signing: Option<Signing>) -> Visit {
    let signed = line.signature.is_some();
    let readable = line.report.is_some();
    Visit {
        id: line.visit.to_string(),
        arrived: words::in_zone(line.arrived, zone),
        left: words::in_zone(line.left, zone),
        person: line.person,
        report: line.report.map(|report| Report {
            travel_minutes: report.travel,
            work: report.work,
            parts: report.parts.into_iter().map(part).collect(),
            remains: report.remains,
            met: report.met,
        }),
        hash: line.hash,
        signature: line.signature.map(|signature| Signature {
            at: words::in_zone(signature.at, zone),
            name: signature.name,
            on_screen: signature.how == VisitSigning::OnScreen,
            reserve: signature.reserve,
            drawn: signature.drawing.as_ref().map(|drawing| Drawn {
                width: drawing.width,
                height: drawing.height,
                path: drawing::path(drawing),
            }),
        }),
        signing: signing.filter(|_| readable && !signed).map(|how| SignForm::new(how, fresh_key())),
        correction: None,
    }
}

fn part(part: Part) -> String {
    let told = format!("{}\u{a0}× {}", part.quantity, part.name);
    match part.reference {
        Some(reference) => format!("{told} ({reference})"),
        None => told,
    }
}

#[derive(Clone, Deserialize)]
pub struct Sent {
    #[serde(default)]
    key: String,
    /// The visit whose report is corrected.
    #[serde(default)]
    visit: String,
    #[serde(default)]
    arrived: String,
    #[serde(default)]
    left: String,
    #[serde(default)]
    travel: String,
    #[serde(default)]
    work: String,
    #[serde(default)]
    parts: String,
    #[serde(default)]
    remains: String,
    #[serde(default)]
    met: String,
    #[serde(default)]
    hours: String,
}

/// `POST …/tickets/{n}/visits`: a report, or the correction of one.
pub async fn report(
    Shared(web): Shared<State>,
    Path((slug, number)): Path<(String, u64)>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, to, sent) = (reader.clone(), slug.clone(), form.clone());
    let done = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &to, Act::WorkOnTicket)?;
        let Place { permit: see, .. } = place(app, &again, &to, Act::SeeTickets)?;
        let zone = app.ticket(&see, number)?.agreement.latest().compiled.terms.zone.clone();
        let ask = told(&sent, &TimeZone::get(&zone).map_err(AppError::fault)?)?;
        let again = match sent.visit.as_str() {
            "" => None,
            visit => Some(visit.parse::<VisitId>().map_err(|_| AppError::NotFound)?),
        };
        app.report_visit(&permit, &IdempotencyKey::parse(&sent.key)?, number, again, &ask)
    });
    let lang = reader.visitor.lang;
    let (status, refusal) = match done.await {
        Ok(done) => {
            // The report stands even when its time was not entered: that is said.
            let flash = match (done.uncounted, done.time.is_empty()) {
                (None, _) => "visit-reported",
                (Some(_), true) => "visit-uncounted",
                (Some(_), false) => "visit-half-counted",
            };
            let to = format!("/c/{slug}/tickets/{number}/visits");
            return Ok(with_cookie(see_other(&to), &flash_cookie(flash)));
        }
        Err(error) => words::told_back(error, lang).map_err(failed(&reader))?,
    };
    let typed = Form {
        key: String::new(),
        visit: form.visit,
        arrived: form.arrived,
        left: form.left,
        travel: form.travel,
        work: form.work,
        parts: form.parts,
        remains: form.remains,
        met: form.met,
        hours: Some(form.hours),
    };
    let drawn = drawn(&web, &reader, slug, number, Some((Tried::Report(Box::new(typed)), refusal))).await?;
    Ok((status, drawn).into_response())
}

/// The word of a form that leaves the hours to the contract.
const BY_CONTRACT: &str = "contract";

/// At which hours the time may be entered too.
fn hours(open: &Hours, lang: Lang) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", lang.t("Ne pas saisir le temps", "Do not enter the time"))];
    if let Hours::ByContract(_) = open {
        choices.push(Choice::new(
            BY_CONTRACT,
            lang.t("Aux heures que dit le contrat", "At the hours of the contract"),
        ));
    }
    choices.extend(time::offered(open, lang).into_iter().filter(|choice| !choice.value.is_empty()));
    choices
}

fn told(sent: &Sent, zone: &TimeZone) -> Result<TellVisit, AppError> {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let travel = match sent.travel.trim() {
        "" => 0,
        minutes => minutes.parse().map_err(|_| {
            AppError::invalid("travel", "un nombre entier de minutes", "a whole number of minutes")
        })?,
    };
    let hours = match sent.hours.as_str() {
        "" | BY_CONTRACT => None,
        key => Some(
            RateHours::from_key(key)
                .ok_or_else(|| AppError::invalid("hours", "un choix de la liste", "a choice of the list"))?,
        ),
    };
    Ok(TellVisit {
        arrived: required_instant("arrived", &sent.arrived, zone)?,
        left: required_instant("left", &sent.left, zone)?,
        travel,
        work: sent.work.replace("\r\n", "\n"),
        parts: sent
            .parts
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(line)
            .collect::<Result<_, _>>()?,
        remains: some(&sent.remains),
        met: some(&sent.met),
        counted: !sent.hours.is_empty(),
        hours,
        profile: None,
    })
}

/// `2 câble RJ45`; one of it where no quantity comes first.
fn line(text: &str) -> Result<Part, AppError> {
    let text = text.trim();
    let (quantity, name) = match text.split_once(char::is_whitespace) {
        Some((first, rest)) if first.parse::<u32>().is_ok() => (first.parse().unwrap_or(1), rest.trim()),
        _ => (1, text),
    };
    if name.is_empty() {
        return Err(AppError::invalid(
            "parts",
            "une pièce par ligne\u{a0}: quantité puis nom",
            "a part a line: quantity then name",
        ));
    }
    Ok(Part { name: name.to_owned(), quantity, reference: None })
}

#[derive(Clone, Deserialize)]
pub struct Signed {
    #[serde(default)]
    key: String,
    #[serde(default)]
    hash: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    reserve: String,
    #[serde(default)]
    drawing: String,
}

/// `POST …/tickets/{n}/visits/{visit}/sign`: in one's own name, or under the name typed on this screen.
pub async fn sign(
    Shared(web): Shared<State>,
    Path((slug, number, visit)): Path<(String, u64, String)>,
    checked: CheckedForm<Signed>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, to, of, sent) = (reader.clone(), slug.clone(), visit.clone(), form.clone());
    let done = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &to, Act::Reply)?;
        let visit: VisitId = of.parse().map_err(|_| AppError::NotFound)?;
        let key = IdempotencyKey::parse(&sent.key)?;
        let reserve = Some(sent.reserve.replace("\r\n", "\n")).filter(|text| !text.trim().is_empty());
        let ask = SignVisit { hash: sent.hash, reserve, drawing: drawing::read(&sent.drawing)? };
        if permit.role().side() == Side::Customer {
            return app.sign_visit(&permit, &key, (number, visit), &ask);
        }
        let Place { permit, .. } = place(app, &again, &to, Act::WorkOnTicket)?;
        app.sign_visit_on_screen(&permit, &key, (number, visit), &ask, sent.name.trim())
    });
    let (status, refusal) = match done.await {
        Ok(_) => {
            let to = format!("/c/{slug}/tickets/{number}/visits");
            return Ok(with_cookie(see_other(&to), &flash_cookie("visit-signed")));
        }
        Err(error) => words::told_back(error, reader.visitor.lang).map_err(failed(&reader))?,
    };
    let tried = Tried::Signature { visit, name: form.name, reserve: form.reserve };
    let drawn = drawn(&web, &reader, slug, number, Some((tried, refusal))).await?;
    Ok((status, drawn).into_response())
}
