//! `/c/{customer}/imports`: what another tool held, sent, looked at, run and told of.

mod outlook;
mod sheets;

use app::import::job::{Choices, Job, State as How, Subject, Told};
use app::import::sent::LARGEST;
use app::import::{Since, Source};
use app::ticket::IdempotencyKey;
use app::{Act, App, AppError, Permit};
use axum::extract::{FromRequestParts, Path, Query, Request, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::{Place, failed, fresh_key, place, words};
use crate::design::{CustomerRef, Lang};
use crate::http::{
    CheckedForm, Failure, ProvenForm, Reader, State, flash_cookie, from_elsewhere, html, pair, reading,
    see_other, upload, with_cookie,
};
use crate::pages::shared::Refusal;
use crate::pages::{import, imports};
pub use sheets::{remarks, report};

/// Imports of a page, lines of a report.
const ROWS: u32 = 30;
const LINES: u32 = 100;

/// The fields of a form: several come under one name.
type Fields = Vec<(String, String)>;

#[derive(Deserialize, Default)]
pub struct Asked {
    /// Where the page before ended.
    #[serde(default)]
    before: String,
    /// The same, of a report.
    #[serde(default)]
    after: String,
    #[serde(default)]
    fate: String,
}

/// `GET /c/{customer}/imports`
pub async fn list(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let view = listed(&web, &reader, slug, &asked.before, None).await?;
    Ok(html(imports::page(&reader.shell(&web, Some(view.customer.clone())), &view)))
}

async fn listed(
    web: &State,
    reader: &Reader,
    slug: String,
    before: &str,
    refused: Option<Refusal>,
) -> Result<imports::View, Failure> {
    let (again, from) = (reader.clone(), pair(before));
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::Import)?;
        let (jobs, next) = app.imports(&permit, from, ROWS)?;
        Ok((customer, jobs, next, again.principal.permit_instance(Act::ManageAccounts).is_ok()))
    });
    let (customer, jobs, next, invites) = read.await.map_err(failed(reader))?;
    let subjects = [Subject::Tickets, Subject::People, Subject::Items];
    let subjects = subjects.into_iter().filter(|s| *s != Subject::People || invites);
    let form = imports::Form {
        key: fresh_key(),
        subjects: subjects.map(subject).collect(),
        subject: imports::Subject::Tickets,
        sources: Source::ALL.map(|s| (s.key().to_owned(), s.name().to_owned())).to_vec(),
        source: Source::Glpi.key().to_owned(),
        mebibytes: LARGEST / 1024 / 1024,
    };
    Ok(imports::View {
        lines: jobs.iter().map(|job| line(&customer, job)).collect(),
        first: from.map(|_| customer.path("/imports")),
        next: next.map(|(at, id)| customer.path(&format!("/imports?before={at}.{id}"))),
        form,
        refused,
        customer,
    })
}

fn line(customer: &CustomerRef, job: &Job) -> imports::Line {
    imports::Line {
        href: customer.path(&format!("/imports/{}", job.id)),
        name: job.name.clone(),
        subject: subject(job.subject),
        source: job.source.name().to_owned(),
        sent: words::local(job.at),
        by: job.by.clone(),
        standing: standing(job.state),
        counts: counts(job.counts),
    }
}

fn subject(subject: Subject) -> imports::Subject {
    match subject {
        Subject::Tickets => imports::Subject::Tickets,
        Subject::People => imports::Subject::People,
        Subject::Items => imports::Subject::Items,
    }
}

fn standing(state: How) -> imports::Standing {
    match state {
        How::Staged => imports::Standing::Staged,
        How::Running => imports::Standing::Running,
        How::Stopped => imports::Standing::Stopped,
        How::Done => imports::Standing::Done,
    }
}

fn counts(counts: app::import::job::Counts) -> imports::Counts {
    let app::import::job::Counts { total, made, kept, known, skipped } = counts;
    imports::Counts { total, made, kept, known, skipped }
}

fn identifier(text: &str) -> Result<Uuid, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// `POST /c/{customer}/imports`: a file, to be looked at.
pub async fn send(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let (mut parts, body) = request.into_parts();
    let reader = Reader::from_request_parts(&mut parts, &web).await?;
    if from_elsewhere(&parts.headers) {
        return Err(failed(&reader)(AppError::NotFound));
    }
    let (again, whose, lang) = (reader.clone(), slug.clone(), reader.visitor.core_lang());
    // The right before the first byte.
    let permit = web.run(move |app| Ok(place(app, &again, &whose, Act::Import)?.permit));
    let permit = permit.await.map_err(failed(&reader))?;
    let sent =
        upload::read_import(&web, Request::from_parts(parts, body), &reader.csrf, permit.clone()).await;
    let staged = match sent {
        Ok(sent) => {
            let stage = web.run(move |app| {
                let key = IdempotencyKey::parse(&sent.key)?;
                app.stage_import(&permit, &key, (sent.subject, sent.source), lang, sent.file)
            });
            stage.await
        }
        Err(error) => Err(error),
    };
    match staged {
        Ok(id) => {
            let to = format!("/c/{slug}/imports/{id}");
            Ok(with_cookie(see_other(&to), &flash_cookie("import-sent")))
        }
        Err(AppError::Invalid(invalid)) if invalid.field == "csrf" => {
            Err(failed(&reader)(AppError::Invalid(invalid)))
        }
        Err(error) => {
            let (status, refused) = words::told_back(error, reader.visitor.lang).map_err(failed(&reader))?;
            let view = listed(&web, &reader, slug, "", Some(refused)).await?;
            let drawn = imports::page(&reader.shell(&web, Some(view.customer.clone())), &view);
            Ok((status, html(drawn)).into_response())
        }
    }
}

/// `GET /c/{customer}/imports/{import}`
pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let view = view(&web, &reader, slug, &id, &asked, None).await?;
    Ok(html(import::page(&reader.shell(&web, Some(view.customer.clone())), &view)))
}

async fn view(
    web: &State,
    reader: &Reader,
    slug: String,
    id: &str,
    asked: &Asked,
    refused: Option<Refusal>,
) -> Result<import::View, Failure> {
    let id = identifier(id).map_err(failed(reader))?;
    let (again, after) = (reader.clone(), pair(&asked.after));
    let fate = Some(asked.fate.clone()).filter(|fate| ["skipped", "known", "note"].contains(&fate.as_str()));
    let of = fate.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::Import)?;
        let (job, outlook) = reading::look(app, &permit, id)?;
        let report = match job.started {
            Some(_) => Some(app.import_report(&permit, id, of.as_deref(), after, LINES)?),
            None => None,
        };
        Ok((customer, job, outlook, report))
    });
    let (customer, job, outlook, report) = read.await.map_err(failed(reader))?;
    let lang = reader.visitor.lang;
    let at = customer.path(&format!("/imports/{}", job.id));
    let page = |after: String| match &fate {
        Some(fate) => format!("{at}?fate={fate}{after}"),
        None => format!("{at}?{}", after.trim_start_matches('&')),
    };
    let report = report.map(|(lines, next)| import::Report {
        lines: lines.into_iter().map(|told| self::told(told, &customer, lang)).collect(),
        first: after.map(|_: (u64, u64)| page(String::new())),
        next: next.map(|(line, place)| page(format!("&after={line}.{place}"))),
        fate: fate.clone(),
    });
    let outlook = outlook.map(|outlook| outlook::outlook(outlook, &job, lang));
    Ok(import::View {
        name: job.name.clone(),
        subject: subject(job.subject),
        source: job.source.name().to_owned(),
        sent: words::local(job.at),
        by: job.by.clone(),
        standing: standing(job.state),
        why: job.why.as_ref().map(|why| why.get(words::core(lang)).to_owned()),
        counts: counts(job.counts),
        outlook,
        report,
        keys: std::array::from_fn(|_| fresh_key()),
        may_amend: reader.may(&customer, Act::WriteDraft),
        refused,
        at,
        customer,
    })
}

fn told(told: Told, customer: &CustomerRef, lang: Lang) -> import::Told {
    import::Told {
        line: told.line,
        number: told.number,
        fate: told.fate,
        ticket: told.ticket.map(|number| (number, customer.path(&format!("/tickets/{number}")))),
        text: lang_of(lang, told.fr, told.en),
    }
}

fn lang_of(lang: Lang, fr: String, en: String) -> String {
    match lang {
        Lang::Fr => fr,
        Lang::En => en,
    }
}

/// `POST /c/{customer}/imports/{import}/{act}`
pub async fn act(
    Shared(web): Shared<State>,
    Path((slug, id, act)): Path<(String, String, String)>,
    checked: CheckedForm<Fields>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let done: fn(&App, &Permit, Uuid, &Fields) -> Result<&'static str, AppError> = match act.as_str() {
        "choose" => choose,
        "run" => run,
        "stop" => |app, permit, id, form| app.stop_import(permit, &key(form)?, id).map(|()| "import-stopped"),
        "forget" => {
            |app, permit, id, form| app.forget_import(permit, &key(form)?, id).map(|()| "import-forgotten")
        }
        _ => return Err(failed(&reader)(AppError::NotFound)),
    };
    settle(&web, reader, slug, id, form, done).await
}

/// `POST /c/{customer}/imports/{import}/invite`: accounts are made, by somebody who just proved who they are.
pub async fn invite(
    Shared(web): Shared<State>,
    Path((slug, id)): Path<(String, String)>,
    proven: ProvenForm<Fields>,
) -> Result<Response, Failure> {
    let ProvenForm { reader, form, .. } = proven;
    settle(&web, reader, slug, id, form, |app, permit, id, form| start(app, permit, id, form, true)).await
}

/// `POST /c/{customer}/imports/{import}/amend`: the equipment outside the perimeter, as a draft to be signed.
pub async fn amend(
    Shared(web): Shared<State>,
    Path((slug, id)): Path<(String, String)>,
    checked: CheckedForm<Fields>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let import = identifier(&id).map_err(failed(&reader))?;
    let (again, whose, lang) = (reader.clone(), slug.clone(), reader.visitor.core_lang());
    let begun = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &whose, Act::Import)?;
        app.amend_with_import(&permit, &key(&form)?, import, lang)
    });
    match begun.await {
        Ok(draft) => {
            let to = format!("/c/{slug}/drafts/{draft}");
            Ok(with_cookie(see_other(&to), &flash_cookie("draft-begun")))
        }
        Err(error) => refused(&web, &reader, slug, &id, error).await,
    }
}

/// The page again, with what was refused.
async fn refused(
    web: &State,
    reader: &Reader,
    slug: String,
    id: &str,
    error: AppError,
) -> Result<Response, Failure> {
    let (status, refused): (StatusCode, Refusal) =
        words::told_back(error, reader.visitor.lang).map_err(failed(reader))?;
    let view = view(web, reader, slug, id, &Asked::default(), Some(refused)).await?;
    let drawn = import::page(&reader.shell(web, Some(view.customer.clone())), &view);
    Ok((status, html(drawn)).into_response())
}

fn run(app: &App, permit: &Permit, id: Uuid, form: &Fields) -> Result<&'static str, AppError> {
    start(app, permit, id, form, false)
}

fn key(form: &Fields) -> Result<IdempotencyKey, AppError> {
    let key = form.iter().find(|(name, _)| name == "key").map(|(_, key)| key.as_str());
    IdempotencyKey::parse(key.unwrap_or_default())
}

/// People are invited by the form that asks who sends it, and nothing else is run by that one.
fn start(
    app: &App,
    permit: &Permit,
    id: Uuid,
    form: &Fields,
    invites: bool,
) -> Result<&'static str, AppError> {
    if (app.import(permit, id)?.subject == Subject::People) != invites {
        return Err(AppError::NotFound);
    }
    app.start_import(permit, &key(form)?, id).map(|()| "import-run")
}

fn choose(app: &App, permit: &Permit, id: Uuid, form: &Fields) -> Result<&'static str, AppError> {
    let all = |name: &str| -> Vec<String> {
        form.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    };
    let one = |name: &str| all(name).into_iter().next().filter(|value| !value.is_empty());
    let job = app.import(permit, id)?;
    let priorities = all("word").into_iter().zip(all("here"));
    let choices = Choices {
        contract: one("contract"),
        since: if one("since").as_deref() == Some("declared") { Since::Declared } else { Since::Import },
        priorities: priorities.filter(|(_, here)| !here.is_empty()).collect(),
        columns: all("field").into_iter().zip(all("heading")).collect(),
        role: one("role"),
        lang: job.choices.lang,
    };
    app.choose_import(permit, &key(form)?, id, &choices).map(|()| "import-chosen")
}

async fn settle(
    web: &State,
    reader: Reader,
    slug: String,
    id: String,
    form: Fields,
    done: fn(&App, &Permit, Uuid, &Fields) -> Result<&'static str, AppError>,
) -> Result<Response, Failure> {
    let import = identifier(&id).map_err(failed(&reader))?;
    let (again, whose) = (reader.clone(), slug.clone());
    let acted = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &whose, Act::Import)?;
        done(app, &permit, import, &form)
    });
    match acted.await {
        Ok(flash) => {
            let to = match flash {
                "import-forgotten" => format!("/c/{slug}/imports"),
                _ => format!("/c/{slug}/imports/{id}"),
            };
            Ok(with_cookie(see_other(&to), &flash_cookie(flash)))
        }
        Err(error) => refused(web, &reader, slug, &id, error).await,
    }
}
