//! `/customers/{customer}/skills`: who knows which element of the perimeter, and telling it.

use app::skills::{Knower, Line, Noted, Sheet, TellSkills};
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use base::Bilingual;
use base::id::AccountId;
use engines::skills::{Element, Level};
use events::Skilled;
use jiff::Timestamp;
use serde_json::json;

use super::API;
use super::because::{Article, Why, whys};
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, Parameters, permit};
use super::schema::{Bounded, answer, ask, words};
use super::tickets::limit;
use crate::http::State;

words! {
    /// How well somebody knows an element: `leads` is whom the others ask.
    SkillLevel ["knows", "leads"];
}

answer! {
    /// Somebody who knows an element.
    SkilledRead {
        /// The person's name: nothing else of them is told.
        person: String,
        level: SkillLevel,
    }

    /// An element of the perimeter, and those who know it.
    SkillRead {
        /// `item:srv-erp`, or `class:workstation` for what the perimeter covers by its class.
        element: String,
        /// As the contract calls it.
        name: Bilingual,
        /// The number of the contract that covers it.
        contract: String,
        /// How many people know it.
        known: u32,
        /// How many must.
        wanted: u32,
        people: Vec<SkilledRead>,
        reasons: Vec<Why>,
    }

    /// A clause that promises how many people know each element.
    SkillPromise {
        article: Article,
        people: u32,
    }

    /// A page of the elements, those known by too few first.
    Skills {
        promised: Vec<SkillPromise>,
        /// Of all elements, on this page or not.
        total: u64,
        /// Known by too few.
        short: u64,
        items: Vec<SkillRead>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
    }

    /// Somebody who may be said to know an element.
    SkillCandidate {
        person: AccountId,
        name: String,
        /// `null`: does not know it.
        level: Option<SkillLevel>,
    }

    /// One element, as it is told.
    SkillSheet {
        skill: SkillRead,
        candidates: Vec<SkillCandidate>,
        /// The entry that told it last, to be given back; `null` when nothing was told yet.
        since: Option<u64>,
        /// When it was told last.
        at: Option<Timestamp>,
    }

    /// What was written down.
    SkillsNoted {
        /// Its journal entry.
        entry: u64,
    }
}

ask! {
    /// How many, and from where.
    SkillsQuery {
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
    }

    /// Which element.
    SkillQuery {
        /// `item:srv-erp`, `class:workstation`.
        of: String,
    }

    /// Everybody who knows an element: whoever is left out does not.
    SkillsAsk {
        /// `item:srv-erp`, `class:workstation`.
        element: Bounded<6, 300>,
        /// The accounts of those who can work on it.
        knows: Option<Vec<String>>,
        /// The accounts of those whom the others ask.
        leads: Option<Vec<String>>,
        /// The `since` that was read.
        since: Option<u64>,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/skills", "listSkills", "services", list)
            .about("Qui connaît chaque élément du périmètre", "Who knows each element of the perimeter")
            .query(SkillsQuery::properties)
            .gives::<Skills>(),
        Operation::get("/customers/{customer}/skills/element", "readSkill", "services", read)
            .about("Qui connaît un élément, et qui pourrait", "Who knows an element, and who could")
            .query(SkillQuery::properties)
            .gives::<SkillSheet>(),
        Operation::post("/customers/{customer}/skills", "tellSkills", "services", tell)
            .about("Consigner qui connaît un élément", "Record who knows an element")
            .takes::<SkillsAsk>(|| {
                let ask = json!({
                    "element": "item:srv-erp",
                    "leads": ["0198c0de-0000-7000-8000-000000000001"],
                    "knows": ["0198c0de-0000-7000-8000-000000000002"],
                });
                vec![("two", ask)]
            })
            .gives::<SkillsNoted>(),
    ]
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<SkillsQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeSkills)?;
            let board = app.skills(&permit, query.after.as_deref(), limit(query.limit)?)?;
            let promised = board.promised.into_iter();
            Ok(Reply::json(&Skills {
                promised: promised
                    .map(|(_, clause, people)| SkillPromise { article: clause.into(), people })
                    .collect(),
                total: board.total as u64,
                short: board.short as u64,
                items: board.lines.into_iter().map(SkillRead::from).collect(),
                next: board.next,
            }))
        })
        .await
}

async fn read(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<SkillQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::KeepSkills)?;
            let element = Element::parse(&query.of).ok_or(AppError::NotFound)?;
            let Sheet { line, candidates, since, told } = app.skill_sheet(&permit, &element)?;
            let candidates = candidates.into_iter().map(|(candidate, level)| SkillCandidate {
                person: candidate.id,
                name: candidate.name,
                level: level.map(word),
            });
            Ok(Reply::json(&SkillSheet {
                skill: line.into(),
                candidates: candidates.collect(),
                since,
                at: told.map(|(at, _)| at),
            }))
        })
        .await
}

async fn tell(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At(customer): At<String>,
    body: Entity<SkillsAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::KeepSkills)?;
            let ask = body.read()?;
            let unknown = || AppError::invalid("element", "élément inconnu", "unknown element");
            let element = Element::parse(&ask.element.0).ok_or_else(unknown)?;
            let mut people = Vec::new();
            for (level, ids) in [(Level::Knows, ask.knows), (Level::Leads, ask.leads)] {
                for id in ids.unwrap_or_default() {
                    let nobody =
                        |_| AppError::invalid("people", "un identifiant de compte", "an account’s id");
                    people.push(Skilled { person: id.parse::<AccountId>().map_err(nobody)?, level });
                }
            }
            let Noted { entry } =
                app.tell_skills(&permit, &key, &TellSkills { element, people, since: ask.since })?;
            Ok(Reply::created(&SkillsNoted { entry }, format!("{API}/customers/{customer}/skills")))
        })
        .await
}

fn word(level: Level) -> SkillLevel {
    SkillLevel::of(level.key())
}

impl From<Line> for SkillRead {
    fn from(line: Line) -> SkillRead {
        let cover = line.cover.value;
        let skilled = |k: Knower| SkilledRead { person: k.name, level: word(k.level) };
        SkillRead {
            element: cover.element.key(),
            name: cover.name,
            contract: line.contract,
            known: cover.known,
            wanted: cover.wanted,
            people: line.people.into_iter().map(skilled).collect(),
            reasons: whys(line.cover.reasons),
        }
    }
}
