//! Everything that happens to an open ticket: one address, the step named by `do`.

use app::ticket::{StepCommand, Tie};
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use base::id::AccountId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::open::DueLine;
use super::{PromiseWord, TicketStanding, TieWord, number};
use crate::api::API;
use crate::api::operation::Operation;
use crate::api::problem::Failure;
use crate::api::reply::Reply;
use crate::api::request::{At, Caller, Entity, Key, permit, unfit};
use crate::api::schema::{Bounded, Components, Make, Schema, answer, ask};
use crate::http::State;

pub(super) type Words = Bounded<1, 20_000>;

ask! {
    /// The asker becomes the ticket's technician.
    TakeOver {
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// Somebody who may work on the ticket is handed it; they have yet to take it over.
    AssignTo {
        /// The account of that person.
        to: Bounded<36, 36>,
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// A message that both parties see.
    SayToBoth {
        body: Words,
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// A note that only the provider's people see.
    NoteInside {
        body: Words,
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// The clocks stop, for a reason that the contract lists.
    PauseFor {
        /// The label of the contract's reason.
        reason: Bounded<1, 200>,
        /// What proves it, when the clause asks for a written trace.
        proof: Option<Words>,
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// The clocks run again.
    ResumeNow {
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// A new priority, or the impact and urgency that give it.
    Reprioritise {
        priority: Option<String>,
        impact: Option<String>,
        urgency: Option<String>,
        why: Words,
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// The service is back.
    RestoreService {
        /// By a workaround; false if absent.
        workaround: Option<bool>,
        note: Words,
        /// What was found to be wrong, where the contract asks for it and it is not on the ticket yet.
        diagnosis: Option<Words>,
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// The cause is dealt with.
    ResolveIt {
        note: Words,
        /// What was found to be wrong, where the contract asks for it and it is not on the ticket yet.
        diagnosis: Option<Words>,
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// It was not.
    ReopenIt {
        why: Words,
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// The provider asks a price for work that the fee does not pay.
    QuoteIt {
        /// Net of VAT, in the contract's currency: `480.00 EUR`.
        price: Bounded<1, 40>,
        /// The last day it holds; for as long as it takes if absent.
        until: Option<Date>,
        /// What would be done for it.
        body: Words,
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// The customer agrees to the price that stands.
    AgreeToIt {
        /// As it was read, net of VAT: `480.00 EUR`.
        price: Bounded<1, 40>,
        /// The journal entry of the quotation that it answers; left out for the price of a clause.
        quotation: Option<u64>,
        /// Where the customer wrote it: asked of the provider, who writes it down.
        reference: Option<Words>,
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// What was found to be wrong, before it is mended.
    DiagnoseIt {
        body: Words,
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// The ticket is tied to another of the same customer.
    LinkIt {
        tie: TieWord,
        /// The other ticket's number.
        ticket: u64,
    }

    /// The tie is removed.
    UnlinkIt {
        tie: TieWord,
        ticket: u64,
    }

    /// The ticket is closed for the one of the same matter that was declared before it.
    MergeIt {
        /// The number of the ticket that goes on.
        into: u64,
        why: Words,
    }

    /// The cause of a problem is known.
    KnowIt {
        cause: Words,
        /// How to do without the remedy meanwhile.
        workaround: Option<Words>,
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// The asker follows the ticket, or a colleague whom they name.
    WatchIt {
        /// The account of a colleague who may read the ticket, or its e-mail.
        who: Option<Bounded<3, 254>>,
    }

    /// The asker follows the ticket no more, or somebody whom they name.
    UnwatchIt {
        /// The account of somebody who follows it.
        who: Option<Bounded<36, 36>>,
    }

    /// The customer declines it.
    DeclineIt {
        why: Words,
        /// The journal entry of the quotation that it answers; left out for the price of a clause.
        quotation: Option<u64>,
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }
}

answer! {
    /// A step just taken.
    SteppedAnswer {
        number: u64,
        state: TicketStanding,
        due: Vec<DueLine>,
        /// Its journal entry.
        entry: u64,
    }
}

/// A step, told apart by `do`.
pub struct StepAsk;

const NAMES: [(&str, Make); 20] = [
    ("take_over", TakeOver::schema),
    ("assign", AssignTo::schema),
    ("reply", SayToBoth::schema),
    ("note", NoteInside::schema),
    ("pause", PauseFor::schema),
    ("resume", ResumeNow::schema),
    ("change_priority", Reprioritise::schema),
    ("restore", RestoreService::schema),
    ("resolve", ResolveIt::schema),
    ("reopen", ReopenIt::schema),
    ("quote", QuoteIt::schema),
    ("agree_price", AgreeToIt::schema),
    ("decline_price", DeclineIt::schema),
    ("diagnose", DiagnoseIt::schema),
    ("link", LinkIt::schema),
    ("unlink", UnlinkIt::schema),
    ("merge", MergeIt::schema),
    ("known_error", KnowIt::schema),
    ("watch", WatchIt::schema),
    ("unwatch", UnwatchIt::schema),
];

impl Schema for StepAsk {
    /// `additionalProperties` cannot see through a reference, so each step is written out with its `do`.
    fn schema(components: &mut Components) -> Value {
        components.named("StepAsk", |components| {
            let each = NAMES.iter().chain(&super::change::NAMES).chain(&super::delivery::NAMES).map(
                |(name, make)| {
                    let mut apart = Components::default();
                    let reference = make(&mut apart);
                    let mut step = apart.take(&reference, components);
                    step["properties"]["do"] = json!({ "type": "string", "const": name });
                    if let Some(required) = step["required"].as_array_mut() {
                        required.insert(0, json!("do"));
                    }
                    step["title"] = json!(name);
                    step
                },
            );
            let each: Vec<Value> = each.collect();
            json!({ "description": "What somebody does to a ticket.", "oneOf": each })
        })
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/customers/{customer}/tickets/{number}/steps", "stepTicket", "tickets", step)
            .about("Faire avancer un ticket", "Take a step on a ticket")
            .takes::<StepAsk>(|| {
                let mut all = vec![
                    ("take_over", json!({ "do": "take_over" })),
                    ("assign", json!({ "do": "assign", "to": "0198c0de-0000-7000-8000-000000000001" })),
                    ("reply", json!({ "do": "reply", "body": "Nous regardons." })),
                    ("note", json!({ "do": "note", "body": "Disque du contrôleur à surveiller." })),
                    (
                        "pause",
                        json!({
                            "do": "pause",
                            "reason": "attente-reponse",
                            "proof": "Courriel du 3 novembre : « nous vous rappelons demain ».",
                        }),
                    ),
                    ("resume", json!({ "do": "resume" })),
                    (
                        "change_priority",
                        json!({ "do": "change_priority", "priority": "P1", "why": "Tout le site." }),
                    ),
                    (
                        "restore",
                        json!({
                            "do": "restore",
                            "workaround": true,
                            "note": "Serveur de secours.",
                            "diagnosis": "Contrôleur de disques en panne.",
                        }),
                    ),
                    ("resolve", json!({ "do": "resolve", "note": "Contrôleur remplacé." })),
                    ("reopen", json!({ "do": "reopen", "why": "La panne est revenue." })),
                    (
                        "quote",
                        json!({
                            "do": "quote",
                            "price": "480.00 EUR",
                            "until": "2026-12-31",
                            "body": "Deux écrans fournis et posés, six postes.",
                        }),
                    ),
                    ("agree_price", json!({ "do": "agree_price", "price": "480.00 EUR", "quotation": 812 })),
                    (
                        "decline_price",
                        json!({ "do": "decline_price", "why": "Reporté à l'an prochain.", "quotation": 812 }),
                    ),
                    ("diagnose", json!({ "do": "diagnose", "body": "Contrôleur de disques en panne." })),
                    ("link", json!({ "do": "link", "tie": "caused_by", "ticket": 12 })),
                    ("unlink", json!({ "do": "unlink", "tie": "relates", "ticket": 12 })),
                    ("merge", json!({ "do": "merge", "into": 12, "why": "La même panne." })),
                    (
                        "known_error",
                        json!({
                            "do": "known_error",
                            "cause": "Fuite de mémoire de la version 7.2.",
                            "workaround": "Redémarrer le lundi soir.",
                        }),
                    ),
                    ("watch", json!({ "do": "watch" })),
                    ("unwatch", json!({ "do": "unwatch" })),
                ];
                all.extend(super::change::examples());
                all.extend(super::delivery::examples());
                all
            })
            .gives::<SteppedAnswer>(),
    ]
}

async fn step(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, ticket)): At<(String, String)>,
    body: Entity<Map<String, Value>>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            // Whoever cannot see the ticket learns nothing of what a step is.
            permit(app, who, &customer, Act::SeeTickets)?;
            let (command, at) = command(body.read()?)?;
            let permit = permit(app, who, &customer, command.act())?;
            let done = app.step_ticket(&permit, &key, number(&ticket)?, &command, at)?;
            let answer = SteppedAnswer {
                number: done.number,
                state: TicketStanding::of(done.state),
                due: done
                    .due
                    .into_iter()
                    .map(|d| DueLine { promise: PromiseWord::of(d.promise), due: d.due, label: d.label })
                    .collect(),
                entry: done.entry,
            };
            let location = format!("{API}/customers/{customer}/tickets/{}", answer.number);
            Ok(Reply::created(&answer, location))
        })
        .await
}

/// Reads `do` first, then the one type it names: the error is then about the step that was meant.
fn command(mut body: Map<String, Value>) -> Result<(StepCommand, Option<Timestamp>), Failure> {
    let name = match body.remove("do") {
        Some(Value::String(name)) => name,
        _ => return Err(unknown_step().into()),
    };
    let body = Value::Object(body);
    if let Some(read) = super::change::command(&name, &body) {
        return read;
    }
    if let Some(read) = super::delivery::command(&name, &body) {
        return read;
    }
    Ok(match name.as_str() {
        "take_over" => (StepCommand::TakeOver, of::<TakeOver>(body)?.at),
        "assign" => {
            let AssignTo { to, at } = of(body)?;
            (StepCommand::Assign { to: account("to", &to.0)? }, at)
        }
        "reply" => {
            let said: SayToBoth = of(body)?;
            (StepCommand::Reply { body: said.body.0 }, said.at)
        }
        "note" => {
            let said: NoteInside = of(body)?;
            (StepCommand::Note { body: said.body.0 }, said.at)
        }
        "pause" => {
            let pause: PauseFor = of(body)?;
            (StepCommand::Pause { reason: pause.reason.0, proof: pause.proof.map(|p| p.0) }, pause.at)
        }
        "resume" => (StepCommand::Resume, of::<ResumeNow>(body)?.at),
        "change_priority" => {
            let change: Reprioritise = of(body)?;
            let Reprioritise { priority, impact, urgency, why, at } = change;
            (StepCommand::ChangePriority { priority, impact, urgency, why: why.0 }, at)
        }
        "restore" => {
            let RestoreService { workaround, note, diagnosis, at } = of(body)?;
            let (workaround, diagnosis) = (workaround.unwrap_or(false), diagnosis.map(|d| d.0));
            (StepCommand::Restore { workaround, note: note.0, diagnosis }, at)
        }
        "resolve" => {
            let ResolveIt { note, diagnosis, at } = of(body)?;
            (StepCommand::Resolve { note: note.0, diagnosis: diagnosis.map(|d| d.0) }, at)
        }
        "reopen" => {
            let again: ReopenIt = of(body)?;
            (StepCommand::Reopen { why: again.why.0 }, again.at)
        }
        "quote" => {
            let QuoteIt { price, until, body, at } = of(body)?;
            (StepCommand::Quote { price: amount(&price.0)?, until, body: body.0 }, at)
        }
        "agree_price" => {
            let AgreeToIt { price, quotation, reference, at } = of(body)?;
            let reference = reference.map(|r| r.0);
            (StepCommand::AgreePrice { price: amount(&price.0)?, quotation, reference }, at)
        }
        "decline_price" => {
            let no: DeclineIt = of(body)?;
            (StepCommand::DeclinePrice { why: no.why.0, quotation: no.quotation }, no.at)
        }
        "diagnose" => {
            let DiagnoseIt { body, at } = of(body)?;
            (StepCommand::Diagnose { body: body.0 }, at)
        }
        "link" => {
            let LinkIt { tie, ticket } = of(body)?;
            (StepCommand::Link { tie: tied(&tie)?, ticket }, None)
        }
        "unlink" => {
            let UnlinkIt { tie, ticket } = of(body)?;
            (StepCommand::Unlink { tie: tied(&tie)?, ticket }, None)
        }
        "merge" => {
            let MergeIt { into, why } = of(body)?;
            (StepCommand::Merge { into, why: why.0 }, None)
        }
        "known_error" => {
            let KnowIt { cause, workaround, at } = of(body)?;
            (StepCommand::KnownError { cause: cause.0, workaround: workaround.map(|w| w.0) }, at)
        }
        "watch" => {
            let WatchIt { who } = of(body)?;
            (who.map_or(StepCommand::Watch, |who| StepCommand::WatchFor { who: who.0 }), None)
        }
        "unwatch" => {
            let UnwatchIt { who } = of(body)?;
            let who = who.map(|who| account("who", &who.0)).transpose()?;
            (who.map_or(StepCommand::Unwatch, |who| StepCommand::UnwatchFor { who }), None)
        }
        _ => return Err(unknown_step().into()),
    })
}

fn account(field: &'static str, text: &str) -> Result<AccountId, AppError> {
    text.parse()
        .map_err(|_| AppError::invalid(field, "l'identifiant d'un compte", "the identifier of an account"))
}

fn tied(word: &TieWord) -> Result<Tie, AppError> {
    Tie::from_key(word.as_ref()).ok_or_else(|| AppError::invalid("tie", "un lien connu", "a known tie"))
}

fn amount(text: &str) -> Result<base::Money, AppError> {
    base::Money::parse(text).map_err(|_| {
        AppError::invalid("price", "un montant écrit « 480.00 EUR »", "an amount written “480.00 EUR”")
    })
}

pub(super) fn of<T: serde::de::DeserializeOwned>(body: Value) -> Result<T, Failure> {
    serde_path_to_error::deserialize(body).map_err(|error| {
        let path = error.path().to_string();
        unfit(error.into_inner(), if path == "." { "body" } else { &path })
    })
}

fn unknown_step() -> AppError {
    let all = NAMES.iter().chain(&super::change::NAMES).chain(&super::delivery::NAMES);
    let known: Vec<&str> = all.map(|(name, _)| *name).collect();
    let known = known.join(", ");
    AppError::invalid("do", format!("une étape parmi : {known}"), format!("one of: {known}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_of_the_document_is_read_and_nothing_else() {
        let examples = operations().remove(0).receives.map(|r| (r.examples)()).unwrap_or_default();
        let beside = [crate::api::tickets::change::NAMES.len(), crate::api::tickets::delivery::NAMES.len()];
        assert_eq!(examples.len(), NAMES.len() + beside.iter().sum::<usize>());
        for (name, example) in examples {
            let Value::Object(body) = example else { panic!("{name}") };
            let (command, _) = command(body.clone()).unwrap_or_else(|e| panic!("{name}: {e:?}"));
            // The same tag as the use case's own, which the command line reads.
            let tag = match name.rsplit_once('_') {
                Some((_, of @ ("change" | "delivery"))) => of,
                _ => name,
            };
            assert_eq!(serde_json::to_value(&command).unwrap()["do"], tag);
            let mut more = body;
            more.insert("surprise".to_owned(), json!(1));
            let refused = super::command(more);
            assert!(
                matches!(refused, Err(Failure::Unfit { ref field, .. }) if field == "surprise"),
                "{name}"
            );
        }
    }
}
