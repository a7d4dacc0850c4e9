//! Writing a contract in the browser: the drafts of a customer, and the editor of one.

mod begin;
mod case;
mod choices;
mod clause;
mod fill;
mod kinds;
pub(super) mod month;
mod sign;
mod trial;

use app::draft::{Checked, Save, Shown};
use app::{Act, App, AppError};
use axum::Router;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use jiff::civil::Date;
use maud::html as markup;

use super::{Place, failed, place, words};
use crate::design::CustomerRef;
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::{draft as page, draft_read};

/// Names and values, in the order of the form.
pub type Posted = Vec<(String, String)>;

/// The pages of drafts; their forms carry whole contracts.
pub fn router() -> Router<State> {
    Router::new()
        .route("/c/{customer}/drafts", get(begin::list).post(begin::begin))
        .route("/c/{customer}/drafts/{id}", get(show).post(act))
        .route("/c/{customer}/drafts/{id}/check", post(check))
        .route("/c/{customer}/drafts/{id}/read", get(read_page))
        .route("/c/{customer}/drafts/{id}/delete", post(delete))
        .route("/c/{customer}/drafts/{id}/sign", post(sign::sign))
        .route("/c/{customer}/drafts/{id}/clause", get(clause::blank).post(clause::add))
        .route("/c/{customer}/drafts/{id}/clauses/{label}", get(clause::form).post(clause::edit))
}

/// The first value sent under a name.
fn sent(posted: &[(String, String)], name: &str) -> String {
    posted.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default()
}

/// A draft, the text that the page shows of it, and what the compiler makes of both.
pub struct Read {
    customer: CustomerRef,
    draft: Shown,
    /// The title and the version that the form was filled in from; the draft's own at first.
    title: String,
    version: u32,
    preparation: String,
    /// Of the text shown.
    checked: Checked,
    /// Of the text saved, which is what would be signed; `None` when it is the text shown, or not asked.
    saved: Option<Checked>,
    today: Date,
    /// What the text makes of a real month, on a text that amends a contract.
    month: Option<page::Month>,
    posted: Option<Posted>,
}

fn read(
    app: &App,
    reader: &Reader,
    slug: &str,
    id: &str,
    posted: Option<Posted>,
    whole: bool,
) -> Result<Read, AppError> {
    let Place { permit, customer } = place(app, reader, slug, Act::SeeDrafts)?;
    let draft = app.read_draft(&permit, app::draft::id(id)?)?;
    let check = |text: &str| app.check_draft(&permit, draft.kind, draft.base.as_deref(), text);
    let shown = match &posted {
        Some(posted) => form(posted),
        None => Save {
            version: draft.version,
            title: draft.title.clone(),
            text: draft.text.clone(),
            preparation: draft.preparation.clone(),
        },
    };
    let checked = check(&shown.text)?;
    let Save { title, version, preparation, .. } = shown;
    // A pause of typing shows no signature: the text saved is not compiled again for it.
    let saved = if whole && checked.text != draft.text { Some(check(&draft.text)?) } else { None };
    let today = words::local(app.now()).date();
    let month = month::section(app, reader, &customer, &checked, today, posted.as_deref())?;
    Ok(Read { customer, title, version, preparation, checked, saved, today, month, posted, draft })
}

/// What the editor's form says.
fn form(posted: &[(String, String)]) -> Save {
    Save {
        version: sent(posted, "version").parse().unwrap_or_default(),
        title: sent(posted, "title"),
        // Browsers end lines with CR LF; the text keeps the file's own ends.
        text: sent(posted, "text").replace("\r\n", "\n"),
        preparation: sent(posted, "preparation").replace("\r\n", "\n"),
    }
}

type At = Path<(String, String)>;

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, id)): At,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read =
        web.run(move |app| read(app, &again, &slug, &id, None, true)).await.map_err(failed(&reader))?;
    let view = fill::view(&read, &reader);
    Ok(html(page::page(&reader.shell(&web, Some(read.customer)), &view)))
}

/// The buttons of the editor: check and try show the text as sent, the others save it first.
pub async fn act(
    Shared(web): Shared<State>,
    Path((slug, id)): At,
    checked: CheckedForm<Posted>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form: posted } = checked;
    let asked = sent(&posted, "act");
    if asked == "copy" {
        return begin::apart(&web, &reader, &slug, &id, posted).await;
    }
    if !["save", "add", "attach"].contains(&asked.as_str())
        && !["edit:", "detach:"].iter().any(|verb| asked.starts_with(verb))
    {
        return returned(&web, &reader, &slug, &id, posted, StatusCode::OK, None).await;
    }
    let (again, at, sent_form) = (reader.clone(), (slug.clone(), id.clone()), posted.clone());
    let saved = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &at.0, Act::WriteDraft)?;
        let attached = attached(&sent_form)?;
        let id = app::draft::id(&at.1)?;
        let version = app.save_draft(&permit, id, &form(&sent_form))?;
        match attached {
            Attached::Given(name, text) => app.attach_subcontract(&permit, id, version, &name, &text),
            Attached::TakenAway(which) => {
                app.detach_subcontract(&permit, id, version, app::draft::id(&which)?)
            }
            Attached::Nothing => Ok(version),
        }
    });
    let lang = reader.visitor.lang;
    match saved.await {
        Ok(_) => {
            let home = format!("/c/{slug}/drafts/{id}");
            let to = match asked.split_once(':') {
                Some(("edit", label)) => format!("{home}/clauses/{}", words::query_encode(label)),
                _ if asked == "attach" || asked.starts_with("detach:") => format!("{home}#subcontracts"),
                _ if asked == "add" => {
                    let encode = |name: &str| words::query_encode(&sent(&posted, name));
                    format!("{home}/clause?kind={}&under={}", encode("kind"), encode("under"))
                }
                _ => home,
            };
            Ok(with_cookie(see_other(&to), &flash_cookie("draft-saved")))
        }
        Err(AppError::Refused(refusal)) => {
            let problem = page::Problem {
                sentence: refusal.text.get(words::core(lang)).to_owned(),
                advice: lang
                    .t(
                        "Rien n’est perdu : votre texte est ci-dessous, l’autre est enregistré. Comparez-les, puis reprenez le vôtre à partir du texte enregistré.",
                        "Nothing is lost: your text is below, the other one is saved. Compare them, then take yours up again from the saved text.",
                    )
                    .into(),
                conflict: refusal.code == "draft.conflict",
            };
            returned(&web, &reader, &slug, &id, posted, StatusCode::CONFLICT, Some(problem)).await
        }
        Err(AppError::Invalid(invalid)) => {
            let problem = page::Problem {
                sentence: invalid.text.get(words::core(lang)).to_owned(),
                advice: lang
                    .t(
                        "Rien n’est enregistré : corrigez, puis enregistrez.",
                        "Nothing is saved: mend it, then save.",
                    )
                    .into(),
                conflict: false,
            };
            returned(&web, &reader, &slug, &id, posted, StatusCode::UNPROCESSABLE_ENTITY, Some(problem)).await
        }
        Err(error) => Err(failed(&reader)(error)),
    }
}

/// What the button does besides saving.
enum Attached {
    Nothing,
    /// A subcontract: its name and its text.
    Given(String, String),
    TakenAway(String),
}

/// Judged before anything is saved, so that what is refused leaves the version as the form knows it.
fn attached(posted: &[(String, String)]) -> Result<Attached, AppError> {
    let act = sent(posted, "act");
    if act == "attach" {
        // Browsers end lines with CR LF; the text keeps the file's own ends.
        let text = sent(posted, "subcontract_text").replace("\r\n", "\n");
        let name = app::draft::subcontracts::fits(&sent(posted, "subcontract_name"), &text)?;
        return Ok(Attached::Given(name, text));
    }
    let away = act.strip_prefix("detach:").map(|which| Attached::TakenAway(which.to_owned()));
    Ok(away.unwrap_or(Attached::Nothing))
}

/// The page with the text as it was sent, so that nothing typed is lost.
async fn returned(
    web: &State,
    reader: &Reader,
    slug: &str,
    id: &str,
    posted: Posted,
    status: StatusCode,
    problem: Option<page::Problem>,
) -> Result<Response, Failure> {
    let (again, slug, id) = (reader.clone(), slug.to_owned(), id.to_owned());
    let read = web
        .run(move |app| read(app, &again, &slug, &id, Some(posted), true))
        .await
        .map_err(failed(reader))?;
    let mut view = fill::view(&read, reader);
    view.problem = problem;
    let shell = reader.shell(web, Some(read.customer));
    Ok((status, html(page::page(&shell, &view))).into_response())
}

/// What follows the text as it is typed: the same parts of the page, on their own.
pub async fn check(
    Shared(web): Shared<State>,
    Path((slug, id)): At,
    checked: CheckedForm<Posted>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let again = reader.clone();
    let began = std::time::Instant::now();
    let read = web
        .run(move |app| read(app, &again, &slug, &id, Some(form), false))
        .await
        .map_err(failed(&reader))?;
    let view = fill::view(&read, &reader);
    let lang = reader.visitor.lang;
    let closed = !view.may_write || matches!(view.stage, crate::pages::drafts::Stage::Signed(_));
    let body = markup! {
        div data-into="checked" { (page::checked(&view.checked, closed, view.text_lang, lang)) }
        div data-into="simulation-fields" { (page::simulation_fields(&view.simulation, lang)) }
        div data-into="simulated" { (page::simulation_result(&view.simulation, lang)) }
        @for trial in view.trials.iter().filter(|t| t.answer.is_some()) {
            div data-into={ "tried-" (trial.key) } { (page::trial_answer(trial, lang)) }
        }
        // Only when asked: replaying a month costs more than a pause of typing allows.
        @if let Some(month) = view.month.as_ref().filter(|m| m.result.is_some()) {
            div data-into="month-result" { (page::month_result(month, lang)) }
        }
    };
    // Whole milliseconds are enough to see that typing does not wait (Server-Timing, W3C).
    let spent = format!("check;dur={}", began.elapsed().as_micros() / 1000);
    Ok(([("server-timing", spent)], Html(body.into_string())).into_response())
}

/// Nobody is bound by a draft: it goes, unless somebody saved another text since.
pub async fn delete(
    Shared(web): Shared<State>,
    Path((slug, id)): At,
    checked: CheckedForm<Posted>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, at) = (reader.clone(), slug.clone());
    let version = sent(&form, "version").parse().unwrap_or_default();
    let gone = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &at, Act::WriteDraft)?;
        app.delete_draft(&permit, app::draft::id(&id)?, version)
    });
    gone.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(&format!("/c/{slug}/drafts")), &flash_cookie("draft-gone")))
}

/// The text to read and print.
pub async fn read_page(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, id)): At,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read =
        web.run(move |app| read(app, &again, &slug, &id, None, true)).await.map_err(failed(&reader))?;
    let core = words::core(reader.visitor.lang);
    let (checked, draft) = (&read.checked, &read.draft);
    let name = &checked.compiled.files[checked.file].name;
    let own = checked.compiled.document.articles.iter().filter(|a| a.file == *name);
    let view = draft_read::View {
        draft: fill::path(draft),
        title: draft.title.clone(),
        kind: fill::kind(draft.kind),
        stage: fill::stage(draft),
        text_lang: fill::written_in(checked),
        version: draft.version,
        hash: contract::text_hash(&draft.text),
        errors: checked.missing().count(),
        articles: own
            .map(|a| draft_read::Article {
                heading: a.title.clone(),
                level: a.level,
                html: a.html.clone(),
                readings: a
                    .clauses
                    .iter()
                    .map(|c| (c.label.clone(), c.read_back.get(core).to_owned()))
                    .collect(),
            })
            .collect(),
        customer: read.customer,
    };
    Ok(html(draft_read::page(&reader.shell(&web, Some(view.customer.clone())), &view)))
}
