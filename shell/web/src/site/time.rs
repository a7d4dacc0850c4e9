//! Time: the weekly sheet, and what is entered from a ticket.

use app::ticket::IdempotencyKey;
use app::time::{TellTime, WeekSheet};
use app::{Act, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use base::id::AccountId;
use events::{PaidBy, WeekState, WorkKind};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use terms::rates::RateHours;

use super::{Place, failed, fresh_key, place, words};
use crate::design::Lang;
use crate::http::{CheckedForm, Failure, Reader, State as Web, flash_cookie, html, see_other, with_cookie};
use crate::pages::time::{Act as Offer, Customer, Line, State, View, page};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    week: String,
    #[serde(default)]
    person: String,
}

pub async fn show(
    Shared(web): Shared<Web>,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let who = reader.principal.clone();
    let read = web.run(move |app| {
        let permit = app.permit_instance(&who, Act::EnterTime)?;
        let week = match asked.week.trim() {
            "" => base::week::monday(words::local(app.now()).date()),
            text => day(text)?,
        };
        app.week(&permit, person(&asked.person)?, week)
    });
    let sheet = read.await.map_err(failed(&reader))?;
    let view = fill(&reader, &sheet);
    Ok(html(page(&reader.shell(&web, None), &view)))
}

fn fill(reader: &Reader, sheet: &WeekSheet) -> View {
    let lang = reader.visitor.lang;
    let mine = sheet.person == reader.principal.account;
    let mut customers: Vec<Customer> = Vec::new();
    for line in sheet.lines.iter().filter(|l| l.time.minutes > 0) {
        let shown = Line {
            at: words::in_zone(
                Timestamp::from_microsecond(line.time.started).unwrap_or_default(),
                &line.zone,
            ),
            ticket: line.number,
            href: format!("/c/{}/tickets/{}", line.slug, line.number),
            what: work(line.time.kind, line.time.hours, lang),
            minutes: i64::from(line.time.minutes),
            counted: i64::from(line.time.counted),
            paid_by: paid_by(line.time.paid_by, lang),
            worth_cents: line.time.worth.map(|w| w.cents),
        };
        match customers.last_mut().filter(|c| c.name == line.customer) {
            Some(customer) => customer.lines.push(shown),
            None => customers.push(Customer { name: line.customer.clone(), lines: vec![shown] }),
        }
    }
    let state = match sheet.state {
        None => State::Open,
        Some(WeekState::Submitted) => State::Submitted,
        Some(WeekState::Approved) => State::Approved,
        Some(WeekState::Returned) => State::Returned,
    };
    let mut acts = Vec::new();
    if mine && !customers.is_empty() && matches!(state, State::Open | State::Returned) {
        acts.push(Offer::Submit);
    }
    if reader.principal.may(Act::ApproveTime) && state == State::Submitted {
        acts.extend([Offer::Approve, Offer::Return]);
    }
    let known = sheet.people.iter().find(|(id, _)| *id == sheet.person).map(|(_, name)| name.clone());
    let name = if mine { reader.principal.name.clone() } else { known.unwrap_or_default() };
    View {
        week: sheet.week,
        person: (sheet.person.to_string(), name),
        state,
        customers,
        people: sheet.people.iter().map(|(id, name)| (id.to_string(), name.clone())).collect(),
        acts,
        key: fresh_key(),
    }
}

/// « À distance », « Sur place, nuit ».
pub(super) fn work(kind: WorkKind, hours: RateHours, lang: Lang) -> String {
    let kind = match kind {
        WorkKind::Remote => lang.t("À distance", "Remote"),
        WorkKind::OnSite => lang.t("Sur place", "On site"),
        WorkKind::Travel => lang.t("Déplacement", "Travel"),
    };
    match hours {
        RateHours::Ordinary => kind.into(),
        hours => format!("{kind}, {}", self::hours(hours, lang).to_lowercase()),
    }
}

pub(super) fn hours(hours: RateHours, lang: Lang) -> String {
    match hours {
        RateHours::Ordinary => lang.t("Heures ordinaires", "Ordinary hours"),
        RateHours::Evening => lang.t("Soirée", "Evening"),
        RateHours::Night => lang.t("Nuit", "Night"),
        RateHours::Saturday => lang.t("Samedi", "Saturday"),
        RateHours::Sunday => lang.t("Dimanche", "Sunday"),
        RateHours::Holiday => lang.t("Jour férié", "Public holiday"),
    }
    .into()
}

pub(super) fn paid_by(paid_by: PaidBy, lang: Lang) -> String {
    match paid_by {
        PaidBy::Fee => lang.t("Redevance", "Fee"),
        PaidBy::Allowance => lang.t("Décompté, compris", "Metered, included"),
        PaidBy::AgreedPrice => lang.t("Prix accepté", "Agreed price"),
    }
    .into()
}

#[derive(Deserialize)]
pub struct Moved {
    #[serde(default)]
    week: String,
    #[serde(default)]
    person: String,
}

pub async fn settle(
    Shared(web): Shared<Web>,
    Path(name): Path<String>,
    checked: CheckedForm<Moved>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let back = format!(
        "/time?week={}&person={}",
        words::query_encode(&form.week),
        words::query_encode(&form.person)
    );
    let (who, flash) = (reader.principal.clone(), format!("week-{name}"));
    let done = web.run(move |app| {
        let week = day(&form.week)?;
        let other = person(&form.person)?.ok_or(AppError::NotFound)?;
        match name.as_str() {
            "submit" => app.submit_week(&app.permit_instance(&who, Act::EnterTime)?, week),
            "approve" | "return" => {
                app.settle_week(&app.permit_instance(&who, Act::ApproveTime)?, other, week, name == "approve")
            }
            _ => Err(AppError::NotFound),
        }
    });
    done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(&back), &flash_cookie(&flash)))
}

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    key: String,
    #[serde(default)]
    minutes: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    hours: String,
    #[serde(default)]
    profile: String,
    #[serde(default)]
    comment: String,
}

/// What is entered from a ticket: time spent, or its timer.
pub async fn enter(
    Shared(web): Shared<Web>,
    Path((slug, number, name)): Path<(String, u64, String)>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, to, flash) = (reader.clone(), slug.clone(), format!("time-{name}"));
    let done = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &to, Act::EnterTime)?;
        let some = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        let kind = WorkKind::from_key(&form.kind).unwrap_or(WorkKind::Remote);
        let hours = hours_of(&form.hours)?;
        match name.as_str() {
            "start" => app.start_timer(&permit, number),
            "discard" => app.discard_timer(&permit),
            "stop" => {
                let key = IdempotencyKey::parse(&form.key)?;
                app.stop_timer(&permit, &key, kind, hours, some(&form.comment)).map(drop)
            }
            "spent" => {
                let minutes = form.minutes.trim().parse().map_err(|_| {
                    AppError::invalid("minutes", "un nombre entier de minutes", "a whole number of minutes")
                })?;
                let (profile, comment) = (some(&form.profile), some(&form.comment));
                let ask = TellTime { minutes, started: None, kind, hours, profile, comment };
                app.enter_time(&permit, &IdempotencyKey::parse(&form.key)?, number, &ask).map(drop)
            }
            _ => Err(AppError::NotFound),
        }
    });
    done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(&format!("/c/{slug}/tickets/{number}")), &flash_cookie(&flash)))
}

/// Every kind of hours, by its word in a form.
pub(super) const HOURS: [(&str, RateHours); 6] = [
    ("ordinary", RateHours::Ordinary),
    ("evening", RateHours::Evening),
    ("night", RateHours::Night),
    ("saturday", RateHours::Saturday),
    ("sunday", RateHours::Sunday),
    ("holiday", RateHours::Holiday),
];

fn hours_of(word: &str) -> Result<RateHours, AppError> {
    if word.is_empty() {
        return Ok(RateHours::Ordinary);
    }
    let known = HOURS.iter().find(|(key, _)| *key == word).map(|(_, hours)| *hours);
    known.ok_or_else(|| AppError::invalid("hours", "des heures du contrat", "hours of the contract"))
}

fn day(text: &str) -> Result<Date, AppError> {
    text.trim().parse().map_err(|_| AppError::invalid("week", "une date : 2026-11-02", "a date: 2026-11-02"))
}

fn person(text: &str) -> Result<Option<AccountId>, AppError> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| AppError::NotFound),
    }
}
