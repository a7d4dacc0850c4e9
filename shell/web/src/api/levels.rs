//! `/customers/{customer}/escalation`: who is told first of each level of escalation, and saying it.

use app::levels::{AssignLevel, Line, OnLevel, Sheet};
use app::skills::Noted;
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use base::Bilingual;
use base::id::AccountId;
use jiff::Timestamp;
use serde_json::json;

use super::API;
use super::because::Article;
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, Parameters, permit};
use super::schema::{Bounded, answer, ask};
use super::tickets::PromiseWord;
use crate::http::State;

answer! {
    /// A level of escalation of a contract in force.
    LevelRead {
        /// The contract's number.
        contract: String,
        /// The clause: its label names the level.
        article: Article,
        promise: PromiseWord,
        /// 1 for the first people told.
        level: u32,
        /// The clause as it is read back.
        says: Bilingual,
        /// The names of those put on it; empty: whom the clause itself leads to.
        people: Vec<String>,
        /// Those of them who may no longer read the tickets, and are told nothing.
        unable: Vec<String>,
    }

    /// The levels of the contracts in force.
    Levels {
        items: Vec<LevelRead>,
    }

    /// Somebody who may be put on a level.
    LevelCandidate {
        person: AccountId,
        name: String,
        /// They are on it.
        put: bool,
    }

    /// One level, as it is said.
    LevelSheet {
        level: LevelRead,
        candidates: Vec<LevelCandidate>,
        /// The entry that said it last, to be given back; `null` when nothing was said yet.
        since: Option<u64>,
        /// When it was said last.
        at: Option<Timestamp>,
    }

    /// What was written down.
    LevelNoted {
        /// Its journal entry.
        entry: u64,
    }
}

ask! {
    /// Which level.
    LevelQuery {
        /// The contract's number.
        contract: String,
        /// The label of the clause.
        clause: String,
    }

    /// Everybody who is put on a level, in the place of the contacts of its clause.
    LevelAsk {
        /// The contract's number.
        contract: Bounded<1, 100>,
        /// The label of the clause.
        clause: Bounded<1, 100>,
        /// The accounts of those told first; nobody gives it back to the clause.
        people: Option<Vec<String>>,
        /// The `since` that was read.
        since: Option<u64>,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/escalation", "listLevels", "services", list)
            .about(
                "Qui chaque niveau d’escalade prévient d’abord",
                "Whom each level of escalation tells first",
            )
            .gives::<Levels>(),
        Operation::get("/customers/{customer}/escalation/level", "readLevel", "services", read)
            .about("Qui un niveau prévient, et qui il pourrait", "Whom a level tells, and whom it could")
            .query(LevelQuery::properties)
            .gives::<LevelSheet>(),
        Operation::post("/customers/{customer}/escalation", "assignLevel", "services", assign)
            .about("Dire qui un niveau d’escalade prévient", "Say whom a level of escalation tells")
            .takes::<LevelAsk>(|| {
                let ask = json!({
                    "contract": "CTR-2026-001",
                    "clause": "escalade-1",
                    "people": ["0198c0de-0000-7000-8000-000000000001"],
                });
                vec![("one", ask)]
            })
            .gives::<LevelNoted>(),
    ]
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeContract)?;
            let items = app.levels(&permit)?.into_iter().map(LevelRead::from).collect();
            Ok(Reply::json(&Levels { items }))
        })
        .await
}

async fn read(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<LevelQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::KeepLevels)?;
            let Sheet { line, candidates, since, told } =
                app.level_sheet(&permit, &query.contract, &query.clause)?;
            let candidates = candidates.into_iter().map(|(candidate, put)| LevelCandidate {
                person: candidate.id,
                name: candidate.name,
                put,
            });
            Ok(Reply::json(&LevelSheet {
                level: line.into(),
                candidates: candidates.collect(),
                since,
                at: told.map(|(at, _)| at),
            }))
        })
        .await
}

async fn assign(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At(customer): At<String>,
    body: Entity<LevelAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::KeepLevels)?;
            let ask = body.read()?;
            let nobody = |_| AppError::invalid("people", "un identifiant de compte", "an account’s id");
            let ids = ask.people.unwrap_or_default();
            let people = ids.iter().map(|id| id.parse::<AccountId>().map_err(nobody));
            let ask = AssignLevel {
                contract: ask.contract.0,
                clause: ask.clause.0,
                people: people.collect::<Result<_, _>>()?,
                since: ask.since,
            };
            let Noted { entry } = app.assign_level(&permit, &key, &ask)?;
            Ok(Reply::created(&LevelNoted { entry }, format!("{API}/customers/{customer}/escalation")))
        })
        .await
}

/// The names of those put on a level who are told nothing.
pub(super) fn unable(people: &[OnLevel]) -> Vec<String> {
    people.iter().filter(|person| !person.reads).map(|person| person.name.clone()).collect()
}

impl From<Line> for LevelRead {
    fn from(line: Line) -> LevelRead {
        LevelRead {
            contract: line.contract,
            article: line.clause.into(),
            promise: PromiseWord::of(line.promise.key()),
            level: line.level,
            says: line.says,
            unable: unable(&line.people),
            people: line.people.into_iter().map(|person| person.name).collect(),
        }
    }
}
