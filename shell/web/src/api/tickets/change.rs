//! What a ticket says of its change, and the steps of one.

use app::AppError;
use app::ticket::StepCommand;
use app::ticket::change::{ChangeCommand, ChangePage, PlanChange};
use engines::change::{Model, Outcome, Risk, Stage};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::steps::{Words, of};
use crate::api::because::{Why, whys};
use crate::api::changes::{ChangeModelWord, ChangeOutcomeWord, ChangeRiskWord};
use crate::api::problem::Failure;
use crate::api::schema::{Bounded, Make, Schema, answer, ask, words};

type Name = Bounded<1, 200>;

words! {
    /// How far a change has come.
    ChangeStageWord ["unplanned", "awaited", "approved", "refused", "under_way", "succeeded", "rolled_back", "failed"];
}

ask! {
    /// Plans the change, or plans it otherwise: approvals given before are void.
    PlanIt {
        model: ChangeModelWord,
        risk: ChangeRiskWord,
        /// By the names of the contract: items of the perimeter, or services that it promises.
        items: Vec<String>,
        from: Timestamp,
        until: Timestamp,
        /// The interruption foreseen; none if absent.
        downtime_minutes: Option<u32>,
        /// The provider accepts that the interruption counts against the availability promised.
        counted: Option<bool>,
        /// By when an emergency is approved after the fact.
        regularised_by: Option<Timestamp>,
        /// What is done, and why.
        work: Words,
        /// How it is tried.
        test: Words,
        /// How it is undone.
        rollback: Words,
    }

    /// Agrees to the plan.
    ApproveIt {
        /// The journal entry of the plan as it was read.
        plan: u64,
        /// The third party who agreed, by the name of the perimeter; the customer if absent.
        third_party: Option<Name>,
        /// The contract's contact who agreed, by its label: asked of the provider where several must agree.
        contact: Option<Name>,
        /// Where it was written: asked of the provider, who writes it down.
        reference: Option<Words>,
    }

    /// The customer refuses the plan.
    RefuseIt {
        /// The journal entry of the plan as it was read.
        plan: u64,
        why: Words,
    }

    /// The provider renounces.
    GiveItUp {
        why: Words,
    }

    /// The work begins.
    StartIt {
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// The work is over.
    EndIt {
        outcome: ChangeOutcomeWord,
        note: Words,
        /// The interruption as it was measured; none if both are absent.
        down_from: Option<Timestamp>,
        down_until: Option<Timestamp>,
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// Those outside whom the plan touches were told of it.
    InformOfIt {
        /// As the plan's impact names them.
        who: Name,
        /// The day they were told: today or before.
        on: Date,
        /// By which means, and where that can be seen.
        means: Words,
    }

    /// One of the contract's documents is up to date.
    DocumentIt {
        document: Bounded<1, 500>,
        /// Which version, or why nothing changes in it.
        reference: Words,
    }

    /// What was learnt.
    ReviewIt {
        body: Words,
    }
}

answer! {
    /// The plan that stands.
    ChangePlanRead {
        /// Its journal entry, which an approval names.
        entry: u64,
        announced: Timestamp,
        model: ChangeModelWord,
        risk: ChangeRiskWord,
        items: Vec<String>,
        from: Timestamp,
        until: Timestamp,
        downtime_minutes: u32,
        /// The provider accepts that the interruption counts against the availability promised.
        counted: bool,
        regularised_by: Option<Timestamp>,
        work: String,
        test: String,
        rollback: String,
    }

    /// Somebody to tell.
    ChangeInformed {
        who: String,
        reach: Option<String>,
    }

    /// Who was told of the plan that stands.
    ChangeInformedOf {
        who: String,
        on: Date,
        means: String,
    }

    /// What a change touches beside its items.
    ChangeImpact {
        services: Vec<String>,
        neighbours: Vec<String>,
        inform: Vec<ChangeInformed>,
        /// A host is shared with other customers.
        outside_users: bool,
        /// How many users the contract counts there.
        users: Option<u32>,
        reasons: Vec<Why>,
    }

    /// A document of the contract.
    ChangeDocument {
        document: String,
        /// Which version, or why nothing changes in it; `null` while it is missing.
        reference: Option<String>,
    }

    /// What a change that has ended interrupted.
    ChangeDowntime {
        foreseen_minutes: u32,
        /// Begun minutes count whole; zero when nothing was interrupted.
        measured_minutes: u32,
        /// It lasted longer than was foreseen.
        longer: bool,
    }

    /// A change as it stands.
    ChangeRead {
        stage: ChangeStageWord,
        /// How it ended, once it has.
        outcome: Option<ChangeOutcomeWord>,
        plan: Option<ChangePlanRead>,
        /// `null` until it has ended.
        downtime: Option<ChangeDowntime>,
        /// How many approvals of the customer it takes, all clauses together.
        approvals: u32,
        /// Third parties whose prior agreement is owed.
        third_parties: Vec<String>,
        /// Why these approvals.
        owed: Vec<Why>,
        /// Those still awaited.
        awaited: Vec<Why>,
        /// What keeps it from beginning now.
        to_start: Vec<Why>,
        /// What keeps its ticket from being closed.
        to_close: Vec<Why>,
        /// An emergency was not approved in time.
        overdue: bool,
        /// What the plan brings with it.
        notes: Vec<Why>,
        impact: Option<ChangeImpact>,
        informed: Vec<ChangeInformedOf>,
        documents: Vec<ChangeDocument>,
        /// The numbers of others whose window meets this one on the same items.
        collisions: Vec<u64>,
    }
}

/// The steps of a change, by the word of `do`.
pub(super) const NAMES: [(&str, Make); 9] = [
    ("plan_change", PlanIt::schema),
    ("approve_change", ApproveIt::schema),
    ("refuse_change", RefuseIt::schema),
    ("give_up_change", GiveItUp::schema),
    ("start_change", StartIt::schema),
    ("end_change", EndIt::schema),
    ("inform_change", InformOfIt::schema),
    ("document_change", DocumentIt::schema),
    ("review_change", ReviewIt::schema),
];

/// One of each, for the document.
pub(super) fn examples() -> Vec<(&'static str, Value)> {
    vec![
        (
            "plan_change",
            json!({
                "do": "plan_change",
                "model": "normal",
                "risk": "medium",
                "items": ["srv-erp"],
                "from": "2026-11-28T07:00:00Z",
                "until": "2026-11-28T09:00:00Z",
                "downtime_minutes": 60,
                "work": "Version 7.3 de l'ERP.",
                "test": "Connexion, saisie d'une commande.",
                "rollback": "Retour à l'instantané de la veille.",
            }),
        ),
        ("approve_change", json!({ "do": "approve_change", "plan": 812 })),
        ("refuse_change", json!({ "do": "refuse_change", "plan": 812, "why": "Clôture des comptes." })),
        ("give_up_change", json!({ "do": "give_up_change", "why": "L'éditeur retire cette version." })),
        ("start_change", json!({ "do": "start_change" })),
        ("end_change", json!({ "do": "end_change", "outcome": "succeeded", "note": "Version en place." })),
        (
            "inform_change",
            json!({
                "do": "inform_change",
                "who": "visiteurs du site web",
                "on": "2026-11-20",
                "means": "Bandeau posé sur le site.",
            }),
        ),
        (
            "document_change",
            json!({ "do": "document_change", "document": "inventaire", "reference": "Version 12." }),
        ),
        ("review_change", json!({ "do": "review_change", "body": "L'instantané manquait de place." })),
    ]
}

/// The command that a step of a change is; `None` if the word names none.
pub(super) fn command(name: &str, body: &Value) -> Option<Result<(StepCommand, Option<Timestamp>), Failure>> {
    NAMES.iter().any(|(known, _)| *known == name).then(|| read(name, body.clone()))
}

fn read(name: &str, body: Value) -> Result<(StepCommand, Option<Timestamp>), Failure> {
    let (change, at) = match name {
        "plan_change" => (ChangeCommand::Plan(Box::new(plan(of(body)?)?)), None),
        "approve_change" => {
            let ApproveIt { plan, third_party, contact, reference } = of(body)?;
            let (third_party, contact) = (third_party.map(|t| t.0), contact.map(|c| c.0));
            let reference = reference.map(|r| r.0);
            (ChangeCommand::Approve { plan, third_party, contact, reference }, None)
        }
        "refuse_change" => {
            let RefuseIt { plan, why } = of(body)?;
            (ChangeCommand::Refuse { plan, why: why.0 }, None)
        }
        "give_up_change" => (ChangeCommand::GiveUp { why: of::<GiveItUp>(body)?.why.0 }, None),
        "start_change" => (ChangeCommand::Start, of::<StartIt>(body)?.at),
        "end_change" => {
            let EndIt { outcome, note, down_from, down_until, at } = of(body)?;
            let outcome = Outcome::from_key(outcome.as_ref()).ok_or_else(|| unknown("outcome"))?;
            (ChangeCommand::End { outcome, note: note.0, down_from, down_until }, at)
        }
        "inform_change" => {
            let InformOfIt { who, on, means } = of(body)?;
            (ChangeCommand::Inform { who: who.0, on, means: means.0 }, None)
        }
        "document_change" => {
            let DocumentIt { document, reference } = of(body)?;
            (ChangeCommand::Document { document: document.0, reference: reference.0 }, None)
        }
        _ => (ChangeCommand::Review { body: of::<ReviewIt>(body)?.body.0 }, None),
    };
    Ok((StepCommand::Change { change }, at))
}

fn plan(ask: PlanIt) -> Result<PlanChange, Failure> {
    Ok(PlanChange {
        model: Model::from_key(ask.model.as_ref()).ok_or_else(|| unknown("model"))?,
        risk: Risk::from_key(ask.risk.as_ref()).ok_or_else(|| unknown("risk"))?,
        items: ask.items,
        from: ask.from,
        until: ask.until,
        downtime_minutes: ask.downtime_minutes.unwrap_or(0),
        counted: ask.counted.unwrap_or(false),
        regularised_by: ask.regularised_by,
        work: ask.work.0,
        test: ask.test.0,
        rollback: ask.rollback.0,
    })
}

fn unknown(field: &str) -> AppError {
    AppError::invalid(field, "un mot connu", "a known word")
}

impl From<ChangePage> for ChangeRead {
    fn from(page: ChangePage) -> ChangeRead {
        let standing = page.standing;
        ChangeRead {
            stage: ChangeStageWord::of(standing.stage.key()),
            outcome: match standing.stage {
                Stage::Ended(outcome) => Some(ChangeOutcomeWord::of(outcome.key())),
                _ => None,
            },
            plan: page.plan.map(|plan| ChangePlanRead {
                entry: plan.entry,
                announced: plan.announced,
                model: ChangeModelWord::of(plan.told.model.key()),
                risk: ChangeRiskWord::of(plan.told.risk.key()),
                items: plan.told.items,
                from: plan.from,
                until: plan.until,
                downtime_minutes: plan.told.downtime_minutes,
                counted: plan.told.counted,
                regularised_by: plan.regularised_by,
                work: plan.work,
                test: plan.test,
                rollback: plan.rollback,
            }),
            downtime: page.downtime.map(|down| ChangeDowntime {
                foreseen_minutes: down.foreseen_minutes,
                measured_minutes: down.measured_minutes,
                longer: down.is_longer(),
            }),
            approvals: standing.owed.value.people(),
            third_parties: standing.owed.value.third_parties,
            owed: whys(standing.owed.reasons),
            awaited: whys(standing.awaited),
            to_start: whys(standing.to_start),
            to_close: whys(standing.to_close),
            overdue: standing.overdue,
            notes: whys(page.notes),
            impact: page.impact.map(|impact| ChangeImpact {
                services: impact.value.services,
                neighbours: impact.value.neighbours,
                inform: impact
                    .value
                    .inform
                    .into_iter()
                    .map(|i| ChangeInformed { who: i.who, reach: i.reach })
                    .collect(),
                outside_users: impact.value.outside_users,
                users: impact.value.users,
                reasons: whys(impact.reasons),
            }),
            informed: page
                .informed
                .into_iter()
                .map(|i| ChangeInformedOf { who: i.who, on: i.on, means: i.means })
                .collect(),
            documents: page
                .documents
                .into_iter()
                .map(|d| ChangeDocument { document: d.document, reference: d.reference })
                .collect(),
            collisions: page.collisions,
        }
    }
}
