//! `/customers/{customer}/catalogue`: what may be asked for under a contract, and what is asked in return.

use app::Act;
use app::ticket::{Catalogue, Offer};
use axum::extract;
use axum::response::Response;
use base::{Because, Bilingual};
use engines::catalogue::Node;
use engines::form::{self, Answer};
use engines::perimeter::{Admission, Work};
use serde::Deserialize;
use serde_json::{Value, json};
use terms::{AnswerType, Question, Terms};

use super::because::{Why, whys};
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Parameters, permit};
use super::schema::{Components, Money, Schema, answer, ask, key_of, words};
use crate::http::State;

words! {
    /// What an answer is.
    AnswerWord ["text", "long_text", "number", "date", "choice", "yes_no", "item"];
    /// What the contract would say of one more.
    OfferWord ["accepted", "priced", "needs_quote", "refused"];
    /// Who answers for a service.
    OwnerWord ["provider", "customer", "subcontractor", "third_party"];
}

/// An answer as it is sent: text, a whole number, or true and false for yes and no.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum AnswerGiven {
    Text(String),
    Number(i64),
    Flag(bool),
}

impl AnswerGiven {
    /// As a form sends it.
    pub fn into_text(self) -> String {
        match self {
            AnswerGiven::Text(text) => text,
            AnswerGiven::Number(number) => number.to_string(),
            AnswerGiven::Flag(true) => "yes".to_owned(),
            AnswerGiven::Flag(false) => "no".to_owned(),
        }
    }
}

impl Schema for AnswerGiven {
    fn schema(components: &mut Components) -> Value {
        components.named("AnswerGiven", |_| {
            json!({
                "description": "A date is written `2026-11-03`; yes and no are `yes` and `no`, or true and false.",
                "oneOf": [{ "type": "string" }, { "type": "integer" }, { "type": "boolean" }],
            })
        })
    }
}

ask! {
    /// Under which contract.
    CatalogueQuery {
        /// The contract's number; may be left out while one contract only is in force.
        contract: Option<String>,
    }
}

answer! {
    /// One thing that an answer may be.
    ChoiceRead {
        /// What is sent.
        value: String,
        title: Bilingual,
    }

    /// A question that the contract puts to whoever asks.
    QuestionRead {
        /// The key of its answer in `answers`.
        name: String,
        question: Bilingual,
        what: AnswerWord,
        /// Nothing is recorded without its answer.
        required: bool,
        /// What an answer may be; empty where it is written.
        choices: Vec<ChoiceRead>,
        /// What a number counts.
        unit: Option<String>,
        /// The bounds of a number.
        min: Option<u32>,
        max: Option<u32>,
    }

    /// An operation of the contract.
    OfferRead {
        operation: String,
        title: String,
        admission: OfferWord,
        /// Of one more, net of VAT.
        price: Option<Money>,
        /// What is left of its allowance, this one counted, where it has one.
        left: Option<u32>,
        questions: Vec<QuestionRead>,
        reasons: Vec<Why>,
    }

    /// An elementary service of the contract.
    ServiceRead {
        service: String,
        title: String,
        /// How deep it stands in the tree, each parent before its parts.
        depth: u32,
        owner: OwnerWord,
        /// Classes of items that it takes care of.
        covers: Vec<String>,
        questions: Vec<QuestionRead>,
        reasons: Vec<Why>,
    }

    /// What may be asked for under a contract.
    CatalogueRead {
        /// The contract's number.
        contract: String,
        operations: Vec<OfferRead>,
        services: Vec<ServiceRead>,
    }

    /// An answer as it was taken, with the words of its question on that day.
    AnswerRead {
        name: String,
        question: Bilingual,
        value: String,
        says: Bilingual,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/catalogue", "getCatalogue", "tickets", show)
            .about(
                "Ce qui peut être demandé, ce qu'il en coûte et ce qu'il faut répondre",
                "What may be asked for, what it costs and what to answer",
            )
            .query(CatalogueQuery::properties)
            .gives::<CatalogueRead>(),
    ]
}

async fn show(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<CatalogueQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::OpenTicket)?;
            let catalogue = app.request_catalogue(&permit, query.contract.as_deref())?;
            let terms = catalogue.agreement.in_force(app.now())?.terms.clone();
            Ok(Reply::json(&read(catalogue, &terms)))
        })
        .await
}

fn read(catalogue: Catalogue, terms: &Terms) -> CatalogueRead {
    CatalogueRead {
        contract: catalogue.agreement.number.clone(),
        operations: catalogue.offers.into_iter().map(|offer| operation(offer, terms)).collect(),
        services: catalogue.services.into_iter().map(|node| service(node, terms)).collect(),
    }
}

fn operation(offer: Offer, terms: &Terms) -> OfferRead {
    let decision = offer.decision.value;
    OfferRead {
        operation: offer.operation,
        title: offer.title,
        admission: OfferWord::of(match decision.admission {
            Admission::Accepted => "accepted",
            Admission::AcceptedPriced { .. } => "priced",
            Admission::NeedsQuote => "needs_quote",
            Admission::Refused => "refused",
        }),
        price: match decision.admission {
            Admission::AcceptedPriced { price } => Some(Money::from(price)),
            _ => None,
        },
        left: match decision.work {
            Work::WithinAllowance { left, .. } => Some(left),
            _ => None,
        },
        questions: offer.ask.into_iter().map(|q| question(q, terms)).collect(),
        reasons: whys(offer.decision.reasons),
    }
}

fn service(node: Because<Node>, terms: &Terms) -> ServiceRead {
    let Because { value, reasons } = node;
    ServiceRead {
        service: value.service,
        title: value.title,
        depth: u32::try_from(value.depth).unwrap_or(u32::MAX),
        owner: OwnerWord::of(key_of(&value.owner)),
        covers: value.covers,
        questions: value.ask.into_iter().map(|q| question(q, terms)).collect(),
        reasons: whys(reasons),
    }
}

fn question(question: Question, terms: &Terms) -> QuestionRead {
    let choices = form::choices(terms, &question);
    let title = Bilingual::new(question.asks(base::Lang::Fr), question.asks(base::Lang::En));
    let what = AnswerWord::of(question.answer.key());
    let (unit, min, max) = match question.answer {
        AnswerType::Number { unit, min, max } => (unit, min, max),
        _ => (None, None, None),
    };
    QuestionRead {
        name: question.name,
        question: title,
        what,
        required: question.required,
        choices: choices.into_iter().map(|(value, title)| ChoiceRead { value, title }).collect(),
        unit,
        min,
        max,
    }
}

impl From<Answer> for AnswerRead {
    fn from(answer: Answer) -> AnswerRead {
        AnswerRead { name: answer.name, question: answer.question, value: answer.value, says: answer.says }
    }
}
