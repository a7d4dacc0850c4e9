//! `/customers/{customer}/changes`: the schedule of changes.

use app::ticket::change::{ChangeLine, read_key, written_key};
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use jiff::Timestamp;

use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Parameters, permit};
use super::schema::{answer, ask, words};
use crate::http::State;

words! {
    /// How a change is authorised.
    ChangeModelWord ["standard", "normal", "emergency"];
    /// What may go wrong, as who plans it sees it.
    ChangeRiskWord ["low", "medium", "high"];
    /// How a change ended.
    ChangeOutcomeWord ["succeeded", "rolled_back", "failed"];
    /// What has become of a plan.
    ChangePlanState ["planned", "refused", "started", "succeeded", "rolled_back", "failed"];
}

answer! {
    /// A change of the schedule.
    ScheduledChange {
        /// Its ticket's number.
        number: u64,
        title: String,
        model: ChangeModelWord,
        state: ChangePlanState,
        /// By the names of the contract.
        items: Vec<String>,
        from: Timestamp,
        until: Timestamp,
        /// The interruption foreseen; zero for none.
        downtime_minutes: u32,
        /// The numbers of others whose window meets this one on the same items.
        collisions: Vec<u64>,
    }

    /// Changes by the instant their window begins, the soonest first.
    Changes {
        items: Vec<ScheduledChange>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
    }
}

ask! {
    /// From when, and how many.
    ChangesQuery {
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
        /// Windows that begin at this instant or later; all of them if absent.
        from: Option<Timestamp>,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/changes", "listChanges", "tickets", list)
            .about("Le calendrier des changements", "The schedule of changes")
            .query(ChangesQuery::properties)
            .gives::<Changes>(),
    ]
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<ChangesQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeTickets)?;
            let from =
                query.from.map_or((0, 0), |at| (at.as_microsecond().saturating_sub(1), u64::from(u32::MAX)));
            let after = match &query.after {
                Some(text) => read_key(text).ok_or_else(unknown_key)?,
                None => from,
            };
            let (lines, next) = app.changes(&permit, after, super::tickets::limit(query.limit)?)?;
            Ok(Reply::json(&Changes {
                items: lines.into_iter().map(ScheduledChange::from).collect(),
                next: next.map(written_key),
            }))
        })
        .await
}

fn unknown_key() -> AppError {
    AppError::invalid("after", "la clé d'une page de cette liste", "the key of a page of this list")
}

impl From<ChangeLine> for ScheduledChange {
    fn from(line: ChangeLine) -> ScheduledChange {
        ScheduledChange {
            number: line.number,
            title: line.title,
            model: ChangeModelWord::of(line.model.key()),
            state: ChangePlanState::of(line.state),
            items: line.items,
            from: line.from,
            until: line.until,
            downtime_minutes: line.downtime_minutes,
            collisions: line.collisions,
        }
    }
}
