//! `/c/{customer}/imports`: what another tool held, sent, looked at, run and told of.

use app::import::job::{Choices, Job, LARGEST, State as How, Subject, Told};
use app::import::outlook::{Foreseen, Future, Outlook};
use app::import::{Remark, Since, Source};
use app::ticket::IdempotencyKey;
use app::{Act, App, AppError, Permit, Role, Side};
use axum::extract::{FromRequestParts, Path, Query, Request, State as Shared};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::sheet::{Cell, csv};
use super::{Place, failed, fresh_key, place, words};
use crate::design::{CustomerRef, Lang};
use crate::http::{
    CheckedForm, Failure, ProvenForm, Reader, State, flash_cookie, from_elsewhere, html, see_other, upload,
    with_cookie,
};
use crate::pages::shared::Refusal;
use crate::pages::{import, imports};

/// Imports of a page, lines of a report, lines and remarks of an outlook.
const ROWS: u32 = 30;
const LINES: u32 = 100;
const FORESEEN: usize = 50;
const REMARKS: usize = 200;
/// Lines of a report written at once.
const PAGE: u32 = 2_000;

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

/// `1771232400000000.0190a5b0-…`, as an address carries the end of a page.
fn pair<A: std::str::FromStr, B: std::str::FromStr>(text: &str) -> Option<(A, B)> {
    let (at, id) = text.split_once('.')?;
    Some((at.parse().ok()?, id.parse().ok()?))
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
    let read = web.run_reading_import(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::Import)?;
        let job = app.import(&permit, id)?;
        let waits = matches!(job.state, How::Staged | How::Stopped);
        let (job, outlook) = match waits {
            true => app.import_outlook(&permit, id).map(|(job, outlook)| (job, Some(outlook)))?,
            false => (job, None),
        };
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
    let outlook = outlook.map(|outlook| self::outlook(outlook, &job, lang));
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

fn outlook(outlook: Outlook, job: &Job, lang: Lang) -> import::Outlook {
    let remarks: Vec<import::Remark> = foreseen_remarks(&outlook, lang);
    let all_remarks = remarks.len();
    let core = words::core(lang);
    let clauses = outlook.compared.as_ref().map(app::import::items::Compared::clauses);
    let lines = outlook.lines.iter().take(FORESEEN).map(|line| import::Line {
        line: line.line,
        number: line.number.clone(),
        title: line.title.clone(),
        future: future(&line.future, lang),
    });
    import::Outlook {
        problem: outlook.problem.as_ref().map(|problem| problem.get(core).to_owned()),
        counts: counts(outlook.counts),
        lines: lines.collect(),
        remarks: remarks.into_iter().take(REMARKS).collect(),
        all_remarks,
        clauses: clauses.filter(|clauses| !clauses.is_empty()),
        choices: choices(outlook, job, lang),
    }
}

/// What is to be said of lines, in their order: what cannot be read, what the contract refuses, reserves.
fn foreseen_remarks(outlook: &Outlook, lang: Lang) -> Vec<import::Remark> {
    let core = words::core(lang);
    let read = |remark: &Remark| import::Remark {
        line: remark.line,
        text: remark.text.get(core).to_owned(),
        advice: remark.advice.as_ref().map(|text| text.get(core).to_owned()).unwrap_or_default(),
        fault: remark.fault,
    };
    let refused = |line: &Foreseen| match &line.future {
        // Equipment outside the perimeter has its own place.
        Future::Skipped(why) if outlook.compared.is_none() => Some(import::Remark {
            line: line.line,
            text: why.get(core).to_owned(),
            advice: lang
                .t(
                    "corrigez la ligne, ou traitez-la dans l’autre outil",
                    "correct the line, or deal with it in the other tool",
                )
                .into(),
            fault: true,
        }),
        _ => None,
    };
    let mut all: Vec<import::Remark> = outlook.remarks.iter().map(read).collect();
    all.extend(outlook.lines.iter().filter_map(refused));
    all.sort_by_key(|remark| remark.line);
    all
}

fn future(future: &Future, lang: Lang) -> import::Future {
    match future {
        Future::Opens { priority, on_quote, priced } => {
            let more: String = match (on_quote, priced) {
                (true, _) => lang.t(", sur devis", ", on quotation").into(),
                (false, true) => lang.t(", payant", ", priced").into(),
                (false, false) => String::new(),
            };
            import::Future::Opens(format!("{priority}{more}"))
        }
        Future::Kept => import::Future::Kept,
        Future::Invited => import::Future::Invited,
        Future::Known => import::Future::Known,
        Future::Skipped(why) => import::Future::Skipped(why.get(words::core(lang)).to_owned()),
    }
}

fn choices(outlook: Outlook, job: &Job, lang: Lang) -> import::Choices {
    let chosen = &job.choices;
    let core = words::core(lang);
    let columns = outlook.columns.into_iter().map(|column| import::Heading {
        key: column.key.to_owned(),
        name: column.name.get(core).to_owned(),
        heading: column.heading.unwrap_or_default(),
        required: column.required,
    });
    let words_of = outlook.words.into_iter().map(|word| {
        let here = chosen.priorities.get(&word).cloned().unwrap_or_default();
        (word, here)
    });
    let roles: Vec<(String, String)> = match job.subject {
        Subject::People => {
            let theirs = Role::ALL.into_iter().filter(|role| role.side() == Side::Customer);
            theirs.map(|role| (role.key().to_owned(), words::role(role, lang))).collect()
        }
        Subject::Tickets | Subject::Items => Vec::new(),
    };
    let several = outlook.contracts.len() > 1 && job.subject != Subject::People;
    import::Choices {
        columns: columns.collect(),
        headings: outlook.headings,
        contracts: if several { outlook.contracts } else { Vec::new() },
        contract: chosen.contract.clone().unwrap_or_default(),
        since: (job.subject == Subject::Tickets).then(|| since(chosen.since).to_owned()),
        words: words_of.collect(),
        priorities: outlook.priorities,
        roles,
        role: chosen.role.clone().unwrap_or_else(|| Role::CustomerUser.key().to_owned()),
    }
}

fn since(since: Since) -> &'static str {
    match since {
        Since::Import => "import",
        Since::Declared => "declared",
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
            if flash == "import-run" {
                web.run_imports();
            }
            let to = match flash {
                "import-forgotten" => format!("/c/{slug}/imports"),
                _ => format!("/c/{slug}/imports/{id}"),
            };
            Ok(with_cookie(see_other(&to), &flash_cookie(flash)))
        }
        Err(error) => {
            let (status, refused): (StatusCode, Refusal) =
                words::told_back(error, reader.visitor.lang).map_err(failed(&reader))?;
            let view = view(web, &reader, slug, &id, &Asked::default(), Some(refused)).await?;
            let drawn = import::page(&reader.shell(web, Some(view.customer.clone())), &view);
            Ok((status, html(drawn)).into_response())
        }
    }
}

/// `GET …/report.csv`: what became of each line.
pub async fn report(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let id = identifier(&id).map_err(failed(&reader))?;
    let (again, lang) = (reader.clone(), reader.visitor.lang);
    let text = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &slug, Act::Import)?;
        let headings = match lang {
            Lang::Fr => ["Ligne", "Numéro", "Résultat", "Ticket", "Pourquoi"],
            Lang::En => ["Line", "Number", "Outcome", "Ticket", "Why"],
        };
        let mut text = format!("{}{}", csv::MARK, csv::line(&headings.map(Cell::text)));
        let mut after = None;
        loop {
            let (lines, next) = app.import_report(&permit, id, None, after, PAGE)?;
            for told in lines {
                let fate = fate_word(&told.fate, lang);
                let ticket = told.ticket.map_or(Cell::Empty, |number| Cell::Text(number.to_string()));
                let why = Cell::Text(lang_of(lang, told.fr, told.en));
                let line = Cell::Text(told.line.to_string());
                text += &csv::line(&[line, Cell::Text(told.number), Cell::Text(fate), ticket, why]);
            }
            match next {
                Some(next) => after = Some(next),
                None => return Ok(text),
            }
        }
    });
    Ok(sheet(text.await.map_err(failed(&reader))?, "report"))
}

/// What became of a line, in a word.
pub(crate) fn fate_word(fate: &str, lang: Lang) -> String {
    let word = match fate {
        "made" => lang.t("créé", "created"),
        "kept" => lang.t("gardé pour être lu", "kept to be read"),
        "known" => lang.t("déjà là", "already there"),
        "skipped" => lang.t("laissé de côté", "left out"),
        _ => lang.t("réserve", "reserve"),
    };
    word.into()
}

/// `GET …/remarks.csv`: every error and reserve of a file that waits.
pub async fn remarks(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let id = identifier(&id).map_err(failed(&reader))?;
    let (again, lang) = (reader.clone(), reader.visitor.lang);
    let text = web.run_reading_import(move |app| {
        let Place { permit, .. } = place(app, &again, &slug, Act::Import)?;
        let (_, outlook) = app.import_outlook(&permit, id)?;
        let headings = match lang {
            Lang::Fr => ["Ligne", "Suite", "Ce qui ne va pas", "Que faire"],
            Lang::En => ["Line", "Outcome", "What is wrong", "What to do"],
        };
        let mut text = format!("{}{}", csv::MARK, csv::line(&headings.map(Cell::text)));
        for remark in foreseen_remarks(&outlook, lang) {
            let outcome = fate_word(if remark.fault { "skipped" } else { "note" }, lang);
            let cells = [remark.line.to_string(), outcome, remark.text, remark.advice];
            text += &csv::line(&cells.map(Cell::Text));
        }
        Ok(text)
    });
    Ok(sheet(text.await.map_err(failed(&reader))?, "remarks"))
}

fn sheet(text: String, name: &str) -> Response {
    let kind = (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned());
    let disposition = (CONTENT_DISPOSITION, format!("attachment; filename=\"import-{name}.csv\""));
    ([kind, disposition], text).into_response()
}
