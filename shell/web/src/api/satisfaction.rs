//! `/customers/{customer}/satisfaction`: what people thought of the work, and saying so.

use app::satisfaction::{Figures, Month, TellSatisfaction};
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use jiff::civil::Date;
use serde_json::json;

use super::API;
use super::because::{Why, whys};
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, permit};
use super::schema::{Bounded, Exact, answer, ask};
use super::tickets::number;
use crate::http::State;

answer! {
    /// The answers of a month, by the instant they were first given.
    SatisfactionMonth {
        /// Its first day.
        month: Date,
        answers: u64,
        /// How many marks of 1, of 2, of 3, of 4 and of 5.
        marks: Vec<u64>,
        /// The average mark in hundredths.
        mean_hundredths: Option<u64>,
    }

    /// The months with an answer, of the last twelve, the present one first.
    SatisfactionRead {
        items: Vec<SatisfactionMonth>,
        /// The average mark out of five that the contract aims at.
        target: Option<Exact>,
        reasons: Vec<Why>,
    }

    /// What was written down.
    SatisfactionNoted {
        /// Its journal entry.
        entry: u64,
    }
}

ask! {
    /// What whoever asked for the ticket thought of it.
    SatisfactionAsk {
        /// 1, not at all satisfied, to 5, wholly.
        score: u32,
        words: Option<Bounded<0, 2_000>>,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/satisfaction", "readSatisfaction", "tickets", read)
            .about("La satisfaction, mois par mois", "Satisfaction, month by month")
            .gives::<SatisfactionRead>(),
        Operation::post(
            "/customers/{customer}/tickets/{number}/satisfaction",
            "tellSatisfaction",
            "tickets",
            tell,
        )
        .about("Dire ce que l'on a pensé d'un ticket résolu", "Say what one thought of a resolved ticket")
        .takes::<SatisfactionAsk>(|| vec![("satisfied", json!({ "score": 4, "words": "Vite rétabli." }))])
        .gives::<SatisfactionNoted>(),
    ]
}

async fn read(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeContract)?;
            let Figures { months, target } = app.satisfaction(&permit)?;
            let (target, reasons) = match target {
                Some(target) => (Some(Exact::from(target.value)), target.reasons),
                None => (None, Vec::new()),
            };
            let items = months.iter().map(month).collect();
            Ok(Reply::json(&SatisfactionRead { items, target, reasons: whys(reasons) }))
        })
        .await
}

fn month(of: &Month) -> SatisfactionMonth {
    SatisfactionMonth {
        month: of.month,
        answers: of.answers(),
        marks: of.marks.to_vec(),
        mean_hundredths: of.mean_hundredths(),
    }
}

async fn tell(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, ticket)): At<(String, String)>,
    body: Entity<SatisfactionAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::Reply)?;
            let nth = number(&ticket)?;
            let ask = body.read()?;
            let score = u8::try_from(ask.score)
                .map_err(|_| AppError::invalid("score", "une note de 1 à 5", "a mark from 1 to 5"))?;
            let ask = TellSatisfaction { score, words: ask.words.map(|text| text.0) };
            let entry = app.tell_satisfaction(&permit, &key, nth, &ask)?;
            let path = format!("{API}/customers/{customer}/tickets/{nth}");
            Ok(Reply::created(&SatisfactionNoted { entry }, path))
        })
        .await
}
