//! `/customers/{customer}/on-call`: who can be reached, now and in the weeks to come.

use app::Act;
use app::roster::{Board, Turn};
use axum::extract;
use axum::response::Response;
use jiff::Timestamp;

use super::because::Article;
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, permit};
use super::schema::answer;
use crate::http::State;

answer! {
    /// Somebody's period on call.
    OnCallPeriodRead {
        /// The person's name: nothing else of them is told.
        person: String,
        from: Timestamp,
        until: Timestamp,
    }

    /// The roster of one clause.
    RosterRead {
        /// The contract's number.
        contract: String,
        /// The clause that asks for it.
        article: Article,
        at: Timestamp,
        /// Who can be reached now.
        now: Vec<OnCallPeriodRead>,
        /// Whether the contract promises somebody now.
        promised: bool,
        /// What runs and what comes, within a year, by instant.
        periods: Vec<OnCallPeriodRead>,
    }

    /// The rosters of the clauses in force.
    Rosters {
        items: Vec<RosterRead>,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/on-call", "readOnCall", "services", read)
            .about("Qui est d'astreinte, et le programme à venir", "Who is on call, and the roster to come")
            .gives::<Rosters>(),
    ]
}

async fn read(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeRoster)?;
            let items = app.on_call(&permit)?.into_iter().map(RosterRead::from).collect();
            Ok(Reply::json(&Rosters { items }))
        })
        .await
}

impl From<Board> for RosterRead {
    fn from(board: Board) -> RosterRead {
        let read = |turns: Vec<Turn>| turns.into_iter().map(OnCallPeriodRead::from).collect();
        RosterRead {
            contract: board.contract,
            article: board.clause.into(),
            at: board.at,
            now: read(board.now),
            promised: board.promised,
            periods: read(board.to_come),
        }
    }
}

impl From<Turn> for OnCallPeriodRead {
    fn from(turn: Turn) -> OnCallPeriodRead {
        OnCallPeriodRead { person: turn.name, from: turn.from, until: turn.until }
    }
}
