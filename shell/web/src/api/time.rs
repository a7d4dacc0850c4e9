//! `/customers/{customer}/tickets/{number}/time`: what the provider's people spent, entered and corrected.

use app::ticket::TimeLine;
use app::time::{Entered, TellTime};
use app::{Act, AppError, Permit, Side};
use axum::extract;
use axum::response::Response;
use events::{PaidBy, TimeTold, WorkKind};
use jiff::Timestamp;
use serde_json::json;
use terms::rates::RateHours;

use super::because::{Why, whys};
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, Parameters, permit};
use super::schema::{Bounded, Money, answer, ask, key_of, words};
use super::tickets::{limit, number, page_of};
use super::{API, instant};
use crate::http::State;

words! {
    /// Where time was spent.
    TimeKind ["remote", "on_site", "travel"];
    /// Hours of the contract's rates.
    TimeHours ["ordinary", "evening", "night", "saturday", "sunday", "holiday"];
    /// Who pays for it.
    TimePaidBy ["fee", "allowance", "agreed_price", "warranty", "rate"];
}

answer! {
    /// Some time that somebody spent.
    TimeRead {
        id: String,
        person: String,
        started: Timestamp,
        /// As spent, before any rounding.
        minutes: u32,
        kind: TimeKind,
        hours: TimeHours,
        /// A profile of the contract's rates.
        profile: Option<String>,
        /// `null` for a third party's people, who read their own time and nothing of what it is worth.
        paid_by: Option<TimePaidBy>,
        /// Rounded up by the rate of the profile.
        counted_minutes: u32,
        /// At that rate, net of VAT.
        worth: Option<Money>,
        /// For the provider's people only.
        comment: Option<String>,
    }

    /// A page of the time spent on a ticket, in order; what was withdrawn is left out.
    Times {
        items: Vec<TimeRead>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
    }

    /// Time just entered, or corrected.
    TimeEntered {
        id: String,
        /// `null` for a third party's people.
        paid_by: Option<TimePaidBy>,
        /// As the contract decides them.
        hours: Option<TimeHours>,
        counted_minutes: u32,
        worth: Option<Money>,
        reasons: Vec<Why>,
        /// Its journal entry.
        entry: u64,
    }
}

ask! {
    /// Which lines, and from where.
    TimesQuery {
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
    }

    /// Time spent on a ticket.
    TimeAsk {
        /// 1 to 1,440.
        minutes: u32,
        /// When it began; so many minutes ago if absent.
        started: Option<Timestamp>,
        kind: TimeKind,
        /// What the contract decides if absent, ordinary where it decides nothing; others than it decides are refused.
        hours: Option<TimeHours>,
        /// A profile of the contract's rates.
        profile: Option<String>,
        comment: Option<Bounded<0, 2_000>>,
    }

    /// What the entry becomes, whole: what is left out is there no more.
    TimeCorrectionAsk {
        /// 0 to 1,440; 0 withdraws the entry.
        minutes: u32,
        /// When it began; as it was if absent.
        started: Option<Timestamp>,
        kind: TimeKind,
        /// What the contract decides if absent, ordinary where it decides nothing; others than it decides are refused.
        hours: Option<TimeHours>,
        profile: Option<String>,
        comment: Option<Bounded<0, 2_000>>,
        /// Why it is corrected.
        why: Bounded<1, 2_000>,
    }
}

pub fn operations() -> Vec<Operation> {
    let time = "/customers/{customer}/tickets/{number}/time";
    vec![
        Operation::get(time, "listTime", "tickets", list)
            .about("Le temps passé sur un ticket", "The time spent on a ticket")
            .query(TimesQuery::properties)
            .gives::<Times>(),
        Operation::post(time, "enterTime", "tickets", enter)
            .about("Saisir du temps", "Enter time")
            .takes::<TimeAsk>(|| vec![("remote", json!({ "minutes": 30, "kind": "remote" }))])
            .gives::<TimeEntered>(),
        Operation::post(
            "/customers/{customer}/tickets/{number}/time/{entry}",
            "correctTime",
            "tickets",
            correct,
        )
        .about(
            "Corriger du temps, tant que sa semaine n'est pas approuvée",
            "Correct time, until its week is approved",
        )
        .takes::<TimeCorrectionAsk>(|| {
            vec![("shorter", json!({ "minutes": 20, "kind": "remote", "why": "Erreur de saisie" }))]
        })
        .gives::<TimeEntered>(),
    ]
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, ticket)): At<(String, String)>,
    Parameters(query): Parameters<TimesQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            // The customer's people read the total, on the ticket.
            permit(app, who, &customer, Act::EnterTime)?;
            let see = permit(app, who, &customer, Act::SeeTickets)?;
            let times = app.ticket(&see, number(&ticket)?)?.time;
            let id = |line: &TimeLine| line.time.entry.to_string();
            let (times, next) = page_of(times, id, query.after.as_deref(), limit(query.limit)?)?;
            let items = times.into_iter().map(|line| read(line, sees_money(&see))).collect();
            Ok(Reply::json(&Times { items, next }))
        })
        .await
}

async fn enter(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, ticket)): At<(String, String)>,
    body: Entity<TimeAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::EnterTime)?;
            let (nth, TimeAsk { minutes, started, kind, hours, profile, comment }) =
                (number(&ticket)?, body.read()?);
            let ask = tell(minutes, started, (&kind, hours.as_ref()), profile, comment)?;
            let done = app.enter_time(&permit, &key, nth, &ask)?;
            Ok(told(&customer, nth, done, sees_money(&permit)))
        })
        .await
}

async fn correct(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, ticket, entry)): At<(String, String, String)>,
    body: Entity<TimeCorrectionAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::EnterTime)?;
            let (nth, entry) = (number(&ticket)?, entry.parse().map_err(|_| AppError::NotFound)?);
            let TimeCorrectionAsk { minutes, started, kind, hours, profile, comment, why } = body.read()?;
            let ask = tell(minutes, started, (&kind, hours.as_ref()), profile, comment)?;
            let done = app.correct_time(&permit, &key, (nth, entry), &ask, &why.0)?;
            Ok(told(&customer, nth, done, sees_money(&permit)))
        })
        .await
}

fn tell(
    minutes: u32,
    started: Option<Timestamp>,
    (kind, hours): (&TimeKind, Option<&TimeHours>),
    profile: Option<String>,
    comment: Option<Bounded<0, 2_000>>,
) -> Result<TellTime, AppError> {
    let kind = WorkKind::from_key(kind.as_ref());
    Ok(TellTime {
        minutes,
        started,
        kind: kind.ok_or_else(|| AppError::fault("a kind of work that the document lists"))?,
        hours: hours.map(|word| hours_of(word.as_ref())).transpose()?,
        profile,
        comment: comment.map(|text| text.0),
    })
}

/// The hours that a word of the document names.
pub(super) fn hours_of(word: &str) -> Result<RateHours, AppError> {
    RateHours::from_key(word).ok_or_else(|| AppError::fault("hours that the document lists"))
}

/// Whether what the contract makes of time is told to whoever holds this.
fn sees_money(permit: &Permit) -> bool {
    permit.role().side() != Side::ThirdParty
}

fn told(customer: &str, nth: u64, done: Entered, money: bool) -> Reply {
    let told = TimeEntered {
        id: done.entry.to_string(),
        paid_by: money.then(|| paid_by(done.paid_by)),
        hours: done.hours.map(|hours| TimeHours::of(hours.key())),
        counted_minutes: done.counted,
        worth: done.worth.map(Money::from),
        reasons: whys(done.reasons),
        entry: done.seq,
    };
    Reply::created(&told, format!("{API}/customers/{customer}/tickets/{nth}/time"))
}

fn read(line: TimeLine, money: bool) -> TimeRead {
    let TimeTold { entry, started, minutes, kind, hours, profile, paid_by: by, counted, worth, .. } =
        line.time;
    TimeRead {
        id: entry.to_string(),
        person: line.by,
        started: instant(started),
        minutes,
        kind: TimeKind::of(kind.key()),
        hours: TimeHours::of(hours.key()),
        profile,
        paid_by: money.then(|| paid_by(by)),
        counted_minutes: counted,
        worth: worth.map(Money::from),
        comment: line.comment,
    }
}

fn paid_by(by: PaidBy) -> TimePaidBy {
    TimePaidBy::of(key_of(&by))
}

#[cfg(test)]
mod tests {
    use super::super::schema::{Components, Schema};
    use super::*;

    #[test]
    fn the_document_lists_the_hours_of_the_rates_by_their_keys() {
        let mut components = Components::default();
        TimeHours::schema(&mut components);
        assert_eq!(components.into_value()["TimeHours"]["enum"], json!(RateHours::ALL.map(RateHours::key)));
        for hours in RateHours::ALL {
            assert_eq!(key_of(&hours), hours.key(), "as it is kept");
            assert_eq!(hours_of(hours.key()).unwrap(), hours);
        }
    }
}
