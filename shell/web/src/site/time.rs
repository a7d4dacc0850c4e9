//! Time: the weekly sheet, and what is entered from a ticket.

use app::ticket::IdempotencyKey;
use app::time::{Hours, Settling, SheetLine, TellTime, WeekSheet};
use app::{Act, App, AppError, Side};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use base::id::AccountId;
use events::{PaidBy, TimeTold, WeekState, WorkKind};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use terms::rates::RateHours;

use super::typed::{instant, required_instant};
use super::{Place, failed, fresh_key, place, words};
use crate::design::Lang;
use crate::design::components::Choice;
use crate::http::{CheckedForm, Failure, Reader, State as Web, flash_cookie, html, see_other, with_cookie};
use crate::pages::time::{Act as Offer, Customer, Line, State, View, page};
use crate::pages::time_correction::{Choices, Correction};

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
    let outsider = reader.principal.role.side() == Side::ThirdParty;
    let key = fresh_key();
    // An approved week changes no more, and that of another is corrected by whoever approves it there.
    let corrects = |line: &SheetLine| {
        let approves = reader.principal.may_for(Act::ApproveTime, line.customer_id);
        sheet.state != Some(WeekState::Approved) && (mine || approves)
    };
    let back = format!("/time?week={}&person={}", sheet.week, sheet.person);
    let correct = |line: &SheetLine| {
        let none = Choice::new("", lang.t("Sans tarif", "No rate"));
        let rates = line.profiles.iter().map(|(profile, title)| Choice::new(profile.clone(), title.clone()));
        let to = (line.slug.as_str(), line.number, line.zone.as_str());
        let choices = choices(std::iter::once(none).chain(rates).collect(), &line.hours, lang);
        correction(&line.time, line.comment.as_deref(), to, (&key, &back), choices)
    };
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
            paid_by: (!outsider).then(|| paid_by(line.time.paid_by, lang)),
            worth_cents: line.time.worth.map(|w| w.cents),
            comment: line.comment.clone(),
            correction: corrects(line).then(|| correct(line)),
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
        Some(WeekState::Reopened) => State::Reopened,
    };
    let mut acts = Vec::new();
    if mine && !customers.is_empty() && matches!(state, State::Open | State::Returned | State::Reopened) {
        acts.push(Offer::Submit);
    }
    if sheet.settles {
        acts.extend([Offer::Approve, Offer::Return]);
    }
    if sheet.reopens {
        acts.push(Offer::Reopen);
    }
    let known = sheet.people.iter().find(|(id, _)| *id == sheet.person).map(|(_, name)| name.clone());
    let name = if mine { reader.principal.name.clone() } else { known.unwrap_or_default() };
    View {
        week: sheet.week,
        person: (sheet.person.to_string(), name),
        state,
        why: sheet.why.clone().filter(|_| matches!(state, State::Returned | State::Reopened)),
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
        PaidBy::Rate => lang.t("Temps facturé", "Time billed"),
        PaidBy::AgreedPrice => lang.t("Prix accepté", "Agreed price"),
        PaidBy::Warranty => lang.t("Garantie", "Warranty"),
    }
    .into()
}

/// What the lists of a correction offer.
pub(super) fn choices(profiles: Vec<Choice>, open: &Hours, lang: Lang) -> Choices {
    let kind = |kind: &WorkKind| Choice::new(kind.key(), work(*kind, RateHours::Ordinary, lang));
    Choices { kinds: WorkKind::ALL.iter().map(kind).collect(), hours: offered(open, lang), profiles }
}

/// The hours that may be chosen; none where the contract decides all of them.
pub(super) fn offered(open: &Hours, lang: Lang) -> Vec<Choice> {
    let hour = |hour: &RateHours| Choice::new(hour.key(), hours(*hour, lang));
    match open {
        Hours::Free => RateHours::ALL.iter().map(hour).collect(),
        Hours::ByContract(open) if open.is_empty() => Vec::new(),
        Hours::ByContract(open) => {
            let decided = Choice::new("", lang.t("Selon le contrat", "As the contract says"));
            std::iter::once(decided).chain(open.iter().map(hour)).collect()
        }
    }
}

/// The form that corrects some time on the ticket of a customer, on the clock of its contract.
pub(super) fn correction(
    time: &TimeTold,
    comment: Option<&str>,
    (slug, number, zone): (&str, u64, &str),
    (key, back): (&str, &str),
    choices: Choices,
) -> Correction {
    // What is not among the choices is left to the contract.
    let hours = choices.hours.iter().find(|c| c.value == time.hours.key()).map_or("", |c| c.value.as_str());
    let hours = hours.to_owned();
    let started = words::in_zone(Timestamp::from_microsecond(time.started).unwrap_or_default(), zone);
    Correction {
        entry: time.entry.to_string(),
        action: format!("/c/{slug}/tickets/{number}/time/correct"),
        key: format!("{key}-correct-{}", time.entry.simple()),
        back: back.to_owned(),
        started: started.strftime("%Y-%m-%dT%H:%M").to_string(),
        minutes: i64::from(time.minutes),
        kind: time.kind.key().to_owned(),
        hours,
        profile: time.profile.clone().unwrap_or_default(),
        comment: comment.unwrap_or_default().to_owned(),
        choices,
    }
}

#[derive(Deserialize)]
pub struct Moved {
    #[serde(default)]
    week: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    why: String,
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
            settling => {
                let settling = match settling {
                    "approve" => Settling::Approve,
                    "return" => Settling::Return(Some(&form.why)),
                    "reopen" => Settling::Reopen(&form.why),
                    _ => return Err(AppError::NotFound),
                };
                app.settle_week(&app.permit_instance(&who, Act::ApproveTime)?, other, week, settling)
            }
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
    /// When it began; so many minutes ago if nothing is typed.
    #[serde(default)]
    started: String,
    /// Of a correction: the entry, why, and the page that it comes from.
    #[serde(default)]
    entry: String,
    #[serde(default)]
    why: String,
    #[serde(default)]
    back: String,
}

/// What is entered from a ticket: time spent, or its timer.
pub async fn enter(
    Shared(web): Shared<Web>,
    Path((slug, number, name)): Path<(String, u64, String)>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, to, flash) = (reader.clone(), slug.clone(), format!("time-{name}"));
    let back = form.back.clone();
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
                let minutes = minutes(&form.minutes)?;
                let (profile, comment) = (some(&form.profile), some(&form.comment));
                let zone = zone(app, &again, &to, number)?;
                let started = instant("started", &form.started, &zone)?;
                let ask = TellTime { minutes, started, kind, hours, profile, comment };
                app.enter_time(&permit, &IdempotencyKey::parse(&form.key)?, number, &ask).map(drop)
            }
            "correct" => {
                let entry = form.entry.parse().map_err(|_| AppError::NotFound)?;
                let minutes = minutes(&form.minutes)?;
                let zone = zone(app, &again, &to, number)?;
                let started = Some(required_instant("started", &form.started, &zone)?);
                let (profile, comment) = (some(&form.profile), some(&form.comment));
                let ask = TellTime { minutes, started, kind, hours, profile, comment };
                let key = IdempotencyKey::parse(&form.key)?;
                app.correct_time(&permit, &key, (number, entry), &ask, &form.why).map(drop)
            }
            _ => Err(AppError::NotFound),
        }
    });
    done.await.map_err(failed(&reader))?;
    let sheet = back.starts_with("/time?").then(|| words::safe_back(&back).to_owned());
    let to = sheet.unwrap_or_else(|| format!("/c/{slug}/tickets/{number}"));
    Ok(with_cookie(see_other(&to), &flash_cookie(&flash)))
}

fn minutes(text: &str) -> Result<u32, AppError> {
    text.trim()
        .parse()
        .map_err(|_| AppError::invalid("minutes", "un nombre entier de minutes", "a whole number of minutes"))
}

/// The zone that the form's instants are written in: the contract's.
fn zone(app: &App, reader: &Reader, slug: &str, number: u64) -> Result<TimeZone, AppError> {
    let Place { permit, .. } = place(app, reader, slug, Act::SeeTickets)?;
    let page = app.ticket(&permit, number)?;
    TimeZone::get(&page.agreement.latest().compiled.terms.zone).map_err(AppError::fault)
}

/// `None` leaves them to the contract.
fn hours_of(word: &str) -> Result<Option<RateHours>, AppError> {
    if word.is_empty() {
        return Ok(None);
    }
    RateHours::from_key(word)
        .map(Some)
        .ok_or_else(|| AppError::invalid("hours", "des heures du contrat", "hours of the contract"))
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
