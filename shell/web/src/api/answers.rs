//! `/customers/{customer}/answer-templates`: what answers begin with, and one filled for a ticket.

use app::answers::{Blank, KeepTemplate, LONGEST_NAME, LONGEST_TEXT, Template};
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::API;
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, Parameters, permit};
use super::schema::{Bounded, answer, ask, words};
use super::tickets::number;
use crate::http::State;

words! {
    /// The language of a wording.
    AnswerLang ["fr", "en"];
}

answer! {
    /// A template.
    AnswerTemplateRead {
        /// A UUID.
        id: String,
        /// It is one of every customer, kept on its own page.
        shared: bool,
        name: String,
        /// Markdown; empty where it has no wording in this language.
        fr: String,
        en: String,
        written: Timestamp,
        by: String,
    }

    /// The templates that may be used for a customer: its own, then those of every customer, by name.
    AnswerTemplates {
        items: Vec<AnswerTemplateRead>,
        /// What a wording may name between braces, in French then in English.
        blanks: Vec<Vec<String>>,
    }

    /// A template just kept, or removed.
    AnswerTemplateDone {
        /// A UUID.
        id: String,
    }

    /// A template filled with what a ticket is: a text to read and change, nothing was sent.
    AnswerFilled {
        /// Markdown.
        text: String,
    }
}

ask! {
    /// A template to keep; a wording in one language at least.
    AnswerTemplateAsk {
        name: Bounded<1, LONGEST_NAME>,
        fr: Option<Bounded<0, LONGEST_TEXT>>,
        en: Option<Bounded<0, LONGEST_TEXT>>,
    }

    /// In which language.
    AnswerQuery {
        /// `fr` if absent; the other where there is no wording in this one.
        lang: Option<AnswerLang>,
    }
}

ask! {
    /// Nothing more needs to be said.
    AnswerRemoveAsk {}
}

pub fn operations() -> Vec<Operation> {
    let all = "/customers/{customer}/answer-templates";
    vec![
        Operation::get(all, "listAnswerTemplates", "tickets", list)
            .about("Les modèles de réponse", "Templates of answers")
            .gives::<AnswerTemplates>(),
        Operation::post(all, "keepAnswerTemplate", "tickets", keep)
            .about("Garder un modèle de réponse", "Keep a template of an answer")
            .takes::<AnswerTemplateAsk>(|| vec![("taken", example())])
            .gives::<AnswerTemplateDone>(),
        Operation::post(
            "/customers/{customer}/answer-templates/{template}",
            "changeAnswerTemplate",
            "tickets",
            change,
        )
        .about("Réécrire un modèle de réponse", "Write a template of an answer again")
        .takes::<AnswerTemplateAsk>(|| vec![("taken", example())])
        .gives::<AnswerTemplateDone>(),
        Operation::post(
            "/customers/{customer}/answer-templates/{template}/remove",
            "removeAnswerTemplate",
            "tickets",
            remove,
        )
        .about("Retirer un modèle de réponse", "Remove a template of an answer")
        .may_take::<AnswerRemoveAsk>(|| vec![("remove", json!({}))])
        .gives::<AnswerTemplateDone>(),
        Operation::get(
            "/customers/{customer}/tickets/{number}/answer-templates/{template}",
            "fillAnswerTemplate",
            "tickets",
            fill,
        )
        .about("Un modèle rempli pour un ticket", "A template filled for a ticket")
        .query(AnswerQuery::properties)
        .gives::<AnswerFilled>(),
    ]
}

fn example() -> serde_json::Value {
    json!({
        "name": "Pris en charge", "fr": "Bonjour {personne}, nous nous en occupons.",
        "en": "Hello {person}, we are on it.",
    })
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::UseTemplates)?;
            let items = app.answer_templates(&permit)?.into_iter().map(read).collect();
            let blanks = Blank::ALL.map(|blank| blank.names().map(str::to_owned).to_vec()).to_vec();
            Ok(Reply::json(&AnswerTemplates { items, blanks }))
        })
        .await
}

async fn keep(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At(customer): At<String>,
    body: Entity<AnswerTemplateAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::KeepTemplates)?;
            let id = app.keep_new_template(&permit, &key, &asked(body.read()?))?;
            Ok(done(&customer, id))
        })
        .await
}

async fn change(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(_): Key,
    At((customer, template)): At<(String, String)>,
    body: Entity<AnswerTemplateAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::KeepTemplates)?;
            let id = id(&template)?;
            app.keep_template(&permit, Some(id), &asked(body.read()?))?;
            Ok(done(&customer, id))
        })
        .await
}

async fn remove(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(_): Key,
    At((customer, template)): At<(String, String)>,
    body: Option<Entity<AnswerRemoveAsk>>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::KeepTemplates)?;
            body.map(|body| body.read()).transpose()?;
            let id = id(&template)?;
            app.remove_template(&permit, id)?;
            Ok(done(&customer, id))
        })
        .await
}

async fn fill(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, ticket, template)): At<(String, String, String)>,
    Parameters(query): Parameters<AnswerQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let of = app.find_customer(&customer)?;
            let page = app.ticket(&app.permit(who, Act::SeeTickets, of)?, number(&ticket)?)?;
            let permit = app.permit(who, Act::UseTemplates, of)?;
            let lang = match query.lang {
                Some(word) if word.as_ref() == "en" => base::Lang::En,
                _ => base::Lang::Fr,
            };
            let text = app.filled_answer(&permit, &page, id(&template)?, lang)?;
            Ok(Reply::json(&AnswerFilled { text }))
        })
        .await
}

fn id(text: &str) -> Result<Uuid, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

fn asked(ask: AnswerTemplateAsk) -> KeepTemplate {
    KeepTemplate {
        name: ask.name.0,
        fr: ask.fr.map(|text| text.0).unwrap_or_default(),
        en: ask.en.map(|text| text.0).unwrap_or_default(),
    }
}

fn done(customer: &str, id: Uuid) -> Reply {
    let path = format!("{API}/customers/{customer}/answer-templates");
    Reply::created(&AnswerTemplateDone { id: id.to_string() }, path)
}

fn read(of: Template) -> AnswerTemplateRead {
    AnswerTemplateRead {
        id: of.id.to_string(),
        shared: of.shared,
        name: of.name,
        fr: of.fr,
        en: of.en,
        written: of.written,
        by: of.by,
    }
}
