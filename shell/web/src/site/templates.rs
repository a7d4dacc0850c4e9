//! Templates of answers: kept for every customer, or for one.

use app::answers::{Blank, KeepTemplate, Template as Kept};
use app::{Act, App, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::{Place, failed, fresh_key, place, words};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang};
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::templates::{Form, Template, View, page};

#[derive(Deserialize, Default)]
pub struct Asked {
    /// The template to change.
    #[serde(default)]
    edit: String,
}

#[derive(Deserialize, Clone)]
pub struct Sent {
    #[serde(default)]
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    fr: String,
    #[serde(default)]
    en: String,
}

/// `GET /templates`
pub async fn everywhere(
    Shared(web): Shared<State>,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let view = read(&web, &reader, None, &asked.edit).await?;
    Ok(html(page(&reader.shell(&web, None), &view)))
}

/// `GET /c/{customer}/templates`
pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let view = read(&web, &reader, Some(slug), &asked.edit).await?;
    Ok(html(page(&reader.shell(&web, view.customer.clone()), &view)))
}

/// `POST /templates`
pub async fn keep_everywhere(
    Shared(web): Shared<State>,
    form: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    keep_in(&web, None, form).await
}

/// `POST /c/{customer}/templates`
pub async fn keep(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    form: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    keep_in(&web, Some(slug), form).await
}

/// `POST /templates/remove`
pub async fn remove_everywhere(
    Shared(web): Shared<State>,
    form: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    remove_in(&web, None, form).await
}

/// `POST /c/{customer}/templates/remove`
pub async fn remove(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    form: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    remove_in(&web, Some(slug), form).await
}

fn address(slug: Option<&str>) -> String {
    slug.map_or_else(|| "/templates".to_owned(), |slug| format!("/c/{slug}/templates"))
}

async fn read(web: &State, reader: &Reader, slug: Option<String>, edit: &str) -> Result<View, Failure> {
    let (again, to) = (reader.clone(), slug.clone());
    let found = web.run(move |app| match &to {
        Some(slug) => {
            // Kept here by whoever may; others use them on tickets.
            let Place { permit, customer } = place(app, &again, slug, Act::KeepTemplates)?;
            let using = again.principal.permit(Act::UseTemplates, permit.customer())?;
            let shared = again.principal.permit_instance(Act::KeepTemplates).is_ok();
            Ok((Some(customer), app.answer_templates(&using)?, shared))
        }
        None => {
            let permit = app.permit_instance(&again.principal, Act::KeepTemplates)?;
            Ok((None, app.shared_templates(&permit)?, false))
        }
    });
    let (customer, kept, shared): (Option<CustomerRef>, Vec<Kept>, bool) =
        found.await.map_err(failed(reader))?;
    let (lang, action) = (reader.visitor.lang, address(slug.as_deref()));
    let own = |t: &Kept| customer.is_none() || !t.shared;
    let edited = kept.iter().find(|t| own(t) && t.id.to_string() == edit);
    let form = match edited {
        Some(t) => Form {
            id: t.id.to_string(),
            name: t.name.clone(),
            fr: t.fr.clone(),
            en: t.en.clone(),
            ..Form::default()
        },
        None => Form::default(),
    };
    let template = |t: &Kept| Template {
        name: t.name.clone(),
        fr: t.fr.clone(),
        en: t.en.clone(),
        by: t.by.clone(),
        written: words::local(t.written),
        keep: own(t).then(|| (format!("{action}?edit={}#keep", t.id), t.id.to_string(), fresh_key())),
    };
    Ok(View {
        templates: kept.iter().map(template).collect(),
        form: Form { action: action.clone(), key: fresh_key(), ..form },
        blanks: Blank::ALL.map(|blank| blank_said(blank, lang)).to_vec(),
        shared: shared.then(|| address(None)),
        refused: None,
        customer,
    })
}

fn blank_said(blank: Blank, lang: Lang) -> (String, String) {
    let [fr, en] = blank.names();
    let what = match blank {
        Blank::Number => lang.t("le numéro du ticket", "the ticket’s number"),
        Blank::Title => lang.t("son titre", "its title"),
        Blank::Person => lang.t("qui l’a ouvert", "who opened it"),
        Blank::Customer => lang.t("le nom du client", "the customer’s name"),
        Blank::Due => lang.t("la prochaine échéance", "the next due instant"),
        Blank::Article => lang.t("l’article qui la fixe", "the article that sets it"),
    };
    (format!("{{{}}}", if lang == Lang::Fr { fr } else { en }), String::from(what))
}

fn id(text: &str) -> Result<Option<Uuid>, AppError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| AppError::NotFound)
}

async fn keep_in(web: &State, slug: Option<String>, checked: CheckedForm<Sent>) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, to, sent) = (reader.clone(), slug.clone(), form.clone());
    let done = web.run(move |app: &App| {
        let ask = KeepTemplate { name: sent.name, fr: sent.fr, en: sent.en };
        match &to {
            Some(slug) => {
                let Place { permit, .. } = place(app, &again, slug, Act::KeepTemplates)?;
                app.keep_template(&permit, id(&sent.id)?, &ask)
            }
            None => {
                let permit = app.permit_instance(&again.principal, Act::KeepTemplates)?;
                app.keep_shared_template(&permit, id(&sent.id)?, &ask)
            }
        }
    });
    match done.await {
        Ok(()) => {
            let to = address(slug.as_deref());
            Ok(with_cookie(see_other(&to), &flash_cookie("template-kept")))
        }
        Err(AppError::Invalid(invalid)) => {
            let mut view = read(web, &reader, slug, "").await?;
            view.refused = Some(words::invalid(&invalid, reader.visitor.lang));
            view.form = Form { id: form.id, name: form.name, fr: form.fr, en: form.en, ..view.form };
            let drawn = html(page(&reader.shell(web, view.customer.clone()), &view));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, drawn).into_response())
        }
        Err(error) => Err(failed(&reader)(error)),
    }
}

async fn remove_in(
    web: &State,
    slug: Option<String>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, to) = (reader.clone(), slug.clone());
    let done = web.run(move |app: &App| {
        let unknown = || id(&form.id)?.ok_or(AppError::NotFound);
        match &to {
            Some(slug) => {
                let Place { permit, .. } = place(app, &again, slug, Act::KeepTemplates)?;
                app.remove_template(&permit, unknown()?)
            }
            None => {
                let permit = app.permit_instance(&again.principal, Act::KeepTemplates)?;
                app.remove_shared_template(&permit, unknown()?)
            }
        }
    });
    done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(&address(slug.as_deref())), &flash_cookie("template-removed")))
}

/// What the form of an answer offers, each in the languages that it has; the reader's own first.
pub(super) fn offered(templates: &[Kept], lang: Lang) -> Vec<Choice> {
    let mut sides = [("fr", Lang::Fr), ("en", Lang::En)];
    if lang == Lang::En {
        sides.reverse();
    }
    let mut all = Vec::new();
    for template in templates {
        let has = |side: Lang| match side {
            Lang::Fr => !template.fr.is_empty(),
            Lang::En => !template.en.is_empty(),
        };
        for (tag, _) in sides.iter().filter(|(_, side)| has(*side)) {
            all.push(Choice::new(format!("{}:{tag}", template.id), format!("{} ({tag})", template.name)));
        }
    }
    all
}

/// The template and the language that the form of an answer chose.
pub(super) fn chosen(value: &str) -> Result<(Uuid, base::Lang), AppError> {
    let (template, tag) = value.split_once(':').ok_or(AppError::NotFound)?;
    let lang = base::Lang::from_tag(tag).ok_or(AppError::NotFound)?;
    Ok((template.parse().map_err(|_| AppError::NotFound)?, lang))
}
