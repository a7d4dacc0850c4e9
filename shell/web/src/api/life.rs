//! `/customers/{customer}/life`: the deadlines and rights of a contract, what happened to it, and telling it.

use app::life::{LifeReport, Recorded, Told};
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use base::{Because, Bilingual};
use engines::lifecycle::{Access, Deadline, RightState};
use events::LifeFact;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use super::API;
use super::because::{Why, whys};
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, Parameters, permit};
use super::schema::{Bounded, Money, answer, ask, key_of, words};
use crate::http::State;

words! {
    /// What happened. `event` says which with `trigger`, `notice_given` its last day with `last`.
    LifeWord [
        "event", "breach", "breaches_mended", "force_majeure_began", "force_majeure_ended",
        "authority_asked", "notice_given",
    ];
    /// What duties count from and rights wait for.
    TriggerWord [
        "contract_signed", "contract_start", "contract_end", "termination_notified", "incident_detected",
        "personal_data_breach", "security_incident", "request", "dispute_raised", "change_of_control",
        "change_of_location", "change_of_subcontractor", "staff_assigned", "delivery", "acceptance",
        "maintenance_planned", "insolvency", "hand_over_accepted", "certificate_lost", "period_end",
        "first_access", "on_call_period", "erasure", "material_event",
    ];
    /// Whose right it is.
    RightHolder ["provider", "customer", "either"];
    /// Whether it can be used: `curing`, the other party still has time to mend.
    RightAccess ["open", "curing", "not_before", "waiting", "lapsed"];
}

answer! {
    /// A day that somebody must not miss.
    DeadlineRead {
        /// The clause's label.
        clause: String,
        on: Date,
        title: Bilingual,
        reasons: Vec<Why>,
    }

    /// A right to end the contract.
    RightRead {
        /// The clause's label.
        clause: String,
        holder: RightHolder,
        access: RightAccess,
        /// The first day it can be used, or could.
        since: Option<Date>,
        /// The last day it can be used, or to mend; the day it lapsed.
        until: Option<Date>,
        /// The first day on which the contract may end, were the notice given today.
        earliest_end: Option<Date>,
        /// Owed for ending then, net of VAT.
        compensation: Option<Money>,
        reasons: Vec<Why>,
    }

    /// Something that was told of the contract.
    ToldRead {
        fact: LifeWord,
        /// What it was, of an `event`.
        trigger: Option<TriggerWord>,
        /// The last day that a notice gives.
        last: Option<Date>,
        /// When it happened, or is planned.
        at: Timestamp,
        about: String,
    }

    /// The life of a contract.
    LifeRead {
        /// The contract's number.
        contract: String,
        at: Timestamp,
        deadlines: Vec<DeadlineRead>,
        rights: Vec<RightRead>,
        /// Last first.
        told: Vec<ToldRead>,
    }

    /// What was written down.
    LifeRecorded {
        id: String,
        /// Its journal entry.
        entry: u64,
        reasons: Vec<Why>,
    }
}

ask! {
    /// Which contract.
    LifeQuery {
        /// The contract's number; may be left out while one contract only is in force.
        contract: Option<String>,
    }

    /// Something that happened to the contract, or is planned.
    LifeAsk {
        /// The contract's number; may be left out while one contract only is in force.
        contract: Option<String>,
        fact: LifeWord,
        /// Of an `event`, and of nothing else.
        trigger: Option<TriggerWord>,
        /// Of a `notice_given`, and of nothing else: the contract's last day.
        last: Option<Date>,
        at: Timestamp,
        /// What it was, for whoever reads it later: a letter, a ticket.
        about: Bounded<1, 1_000>,
        /// The label of the clause whose duties it starts: asked of a `request` when several clauses answer
        /// requests.
        clause: Option<Bounded<1, 200>>,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/life", "getLife", "life", show)
            .about("Les échéances, les droits et les événements", "Deadlines, rights and events")
            .query(LifeQuery::properties)
            .gives::<LifeRead>(),
        Operation::post("/customers/{customer}/life", "tellLife", "life", tell)
            .about("Consigner un événement de la vie du contrat", "Tell an event of the contract's life")
            .takes::<LifeAsk>(|| {
                let control = json!({
                    "fact": "event",
                    "trigger": "change_of_control",
                    "at": "2026-06-01T07:00:00Z",
                    "about": "Lettre recommandée du 28 mai 2026",
                });
                let notice = json!({
                    "fact": "notice_given",
                    "last": "2029-02-28",
                    "at": "2026-06-01T07:00:00Z",
                    "about": "Congé du 1er juin 2026",
                });
                vec![("change of control", control), ("notice", notice)]
            })
            .gives::<LifeRecorded>(),
    ]
}

async fn show(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<LifeQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeContract)?;
            let life = app.life(&permit, query.contract.as_deref())?;
            Ok(Reply::json(&LifeRead {
                contract: life.agreement.number.clone(),
                at: life.at,
                deadlines: life.deadlines.into_iter().map(DeadlineRead::from).collect(),
                rights: life.rights.into_iter().map(RightRead::from).collect(),
                told: life.told.into_iter().map(ToldRead::from).collect(),
            }))
        })
        .await
}

async fn tell(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At(customer): At<String>,
    body: Entity<LifeAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::RecordLife)?;
            let ask = body.read()?;
            let fact = fact(&ask)?;
            let LifeAsk { contract, at, about, clause, .. } = ask;
            let clause = clause.map(|c| c.0);
            let report = LifeReport { contract, fact, at, about: about.0, clause };
            Ok(recorded(app.record_life(&permit, &key, &report)?, &customer, "life"))
        })
        .await
}

/// What was written, and where to read it again.
pub(super) fn recorded(written: Recorded, customer: &str, list: &str) -> Reply {
    let answer =
        LifeRecorded { id: written.id.to_string(), entry: written.entry, reasons: whys(written.reasons) };
    Reply::created(&answer, format!("{API}/customers/{customer}/{list}"))
}

/// The fact, with the detail that it needs and no other.
fn fact(ask: &LifeAsk) -> Result<LifeFact, AppError> {
    let word = ask.fact.as_ref();
    let detail = match (word, &ask.trigger, ask.last) {
        ("event", Some(trigger), None) => Some(trigger.as_ref().to_owned()),
        ("notice_given", None, Some(last)) => Some(last.to_string()),
        ("event", None, _) => {
            return Err(AppError::invalid("trigger", "dites quel événement", "say which event"));
        }
        ("notice_given", _, None) => {
            return Err(AppError::invalid("last", "dites le dernier jour", "say the last day"));
        }
        (_, None, None) => None,
        (_, _, Some(_)) => {
            return Err(AppError::invalid("last", "seulement avec un congé", "with a notice only"));
        }
        (_, Some(_), None) => {
            return Err(AppError::invalid("trigger", "seulement avec un événement", "with an event only"));
        }
    };
    LifeFact::from_words(word, detail.as_deref())
        .ok_or_else(|| AppError::invalid("fact", "mot inconnu", "unknown word"))
}

impl From<Because<Deadline>> for DeadlineRead {
    fn from(deadline: Because<Deadline>) -> DeadlineRead {
        let Because { value, reasons } = deadline;
        DeadlineRead { clause: value.label, on: value.on, title: value.title, reasons: whys(reasons) }
    }
}

impl From<Because<RightState>> for RightRead {
    fn from(right: Because<RightState>) -> RightRead {
        let Because { value, reasons } = right;
        let (access, since, until) = match value.access {
            Access::Open { since, until } => ("open", Some(since), until),
            Access::Curing { until } => ("curing", None, Some(until)),
            Access::NotBefore { on } => ("not_before", Some(on), None),
            Access::Waiting => ("waiting", None, None),
            Access::Lapsed { on } => ("lapsed", None, Some(on)),
        };
        RightRead {
            clause: value.label,
            holder: RightHolder::of(key_of(&value.holder)),
            access: RightAccess::of(access),
            since,
            until,
            earliest_end: value.earliest_end,
            compensation: value.compensation.map(Money::from),
            reasons: whys(reasons),
        }
    }
}

impl From<Told> for ToldRead {
    fn from(told: Told) -> ToldRead {
        let (trigger, last) = match told.fact {
            LifeFact::Event { trigger } => (Some(TriggerWord::of(key_of(&trigger))), None),
            LifeFact::NoticeGiven { last } => (None, Some(last)),
            _ => (None, None),
        };
        let fact = LifeWord::of(told.fact.words().0);
        ToldRead { fact, trigger, last, at: told.at, about: told.about }
    }
}

#[cfg(test)]
mod tests {
    use terms::Trigger;

    use super::super::schema::{Components, Schema};
    use super::*;

    /// The document lists every event, and none that the vocabulary has not.
    #[test]
    fn the_words_are_those_of_the_vocabulary() {
        let mut components = Components::default();
        let made = TriggerWord::schema(&mut components);
        let listed = components.take(&made, &mut Components::default())["enum"].clone();
        let known: Vec<String> = Trigger::ALL.iter().map(key_of).collect();
        assert_eq!(listed, json!(known));
    }
}
