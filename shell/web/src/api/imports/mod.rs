//! `/customers/{customer}/imports`: files of another tool, sent, looked at, run and told of.

mod shapes;

use app::import::job::{Choices, Subject};
use app::import::sent::Incoming;
use app::import::{Since, Source};
use app::{Act, App, AppError, Permit, Refusal};
use axum::extract::{self, Request};
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use super::API;
use super::operation::Operation;
use super::problem::Problem;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, Parameters, permit, receive};
use super::tickets::{limit, pair};
use crate::http::{State, reading};
pub(super) use shapes::ImportTool;
use shapes::{
    ImportActAsk, ImportChoices, ImportDone, ImportQuery, ImportReport, ImportShown, Imports, ImportsQuery,
    ReportQuery, foreseen, read, told,
};

const ALL: &str = "/customers/{customer}/imports";
const ONE: &str = "/customers/{customer}/imports/{import}";

pub fn operations() -> Vec<Operation> {
    let act = || vec![("act", json!({}))];
    vec![
        Operation::get(ALL, "listImports", "imports", list)
            .about("Les reprises de données d’un client", "What was brought in for a customer")
            .query(ImportsQuery::properties)
            .gives::<Imports>(),
        Operation::post(ALL, "sendImport", "imports", send)
            .about(
                "Envoyer un fichier CSV à relire, 32 Mio au plus",
                "Send a CSV file to be looked at, 32 MiB at most",
            )
            .query(ImportQuery::properties)
            .takes_bytes()
            .gives::<ImportDone>(),
        Operation::get(ONE, "showImport", "imports", show)
            .about("Une reprise, et ce qu’elle apporterait", "An import, and what it would bring in")
            .gives::<ImportShown>(),
        Operation::post("/customers/{customer}/imports/{import}/choices", "chooseImport", "imports", choose)
            .about("Dire comment lire un fichier", "Say how a file is to be read")
            .takes::<ImportChoices>(|| {
                vec![("columns", example()), ("people", json!({ "role": "customer_user" }))]
            })
            .gives::<ImportDone>(),
        Operation::post("/customers/{customer}/imports/{import}/run", "runImport", "imports", run)
            .about(
                "Lancer une reprise, ou la continuer ; un jeton du jour pour inviter des personnes",
                "Run an import, or go on with it; inviting people takes a token of the day",
            )
            .may_take::<ImportActAsk>(act)
            .gives::<ImportDone>(),
        Operation::post("/customers/{customer}/imports/{import}/stop", "stopImport", "imports", stop)
            .about("Arrêter une reprise", "Stop an import")
            .may_take::<ImportActAsk>(act)
            .gives::<ImportDone>(),
        Operation::post("/customers/{customer}/imports/{import}/remove", "removeImport", "imports", remove)
            .about("Supprimer un fichier et son rapport", "Remove a file and its report")
            .may_take::<ImportActAsk>(act)
            .gives::<ImportDone>(),
        Operation::get("/customers/{customer}/imports/{import}/report", "reportImport", "imports", report)
            .about("Ce qu’est devenue chaque ligne", "What became of each line")
            .query(ReportQuery::properties)
            .gives::<ImportReport>(),
    ]
}

fn example() -> serde_json::Value {
    json!({
        "since": "import", "priorities": [{ "word": "Haute", "priority": "P2" }],
        "columns": [{ "field": "title", "heading": "Sujet" }],
    })
}

fn identifier(text: &str) -> Result<Uuid, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<ImportsQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::Import)?;
            let (jobs, next) = app.imports(&permit, pair(query.after.as_deref())?, limit(query.limit)?)?;
            let next = next.map(|(at, id)| format!("{at}.{id}"));
            Ok(Reply::json(&Imports { items: jobs.iter().map(read).collect(), next }))
        })
        .await
}

async fn send(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At(customer): At<String>,
    Parameters(query): Parameters<ImportQuery>,
    request: Request,
) -> Result<Response, Problem> {
    let subject = Subject::from_key(query.what.as_ref()).unwrap_or(Subject::Tickets);
    let source = Source::from_key(query.source.as_ref()).unwrap_or(Source::Csv);
    let slug = customer.clone();
    // The right before the first byte.
    let (permit, incoming) = caller
        .first(&web, move |app, who| {
            let permit = permit(app, who, &slug, Act::Import)?;
            let incoming = app.begin_import(&permit, subject)?;
            Ok((permit, incoming))
        })
        .await?;
    let sent = receive(&web, request, incoming, Incoming::write, move |whole| whole.finish(&query.name.0))
        .await
        .map_err(|e| caller.problem(e))?;
    let lang = caller.lang();
    Ok(caller
        .run(&web, move |app, _| {
            let id = app.stage_import(&permit, &key, (subject, source), lang, sent)?;
            Ok(done(&customer, id))
        })
        .await)
}

async fn show(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, import)): At<(String, String)>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::Import)?;
            let (job, outlook) = reading::look(app, &permit, identifier(&import)?)?;
            Ok(Reply::json(&ImportShown { import: read(&job), outlook: outlook.map(foreseen) }))
        })
        .await
}

async fn choose(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, import)): At<(String, String)>,
    body: Entity<ImportChoices>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::Import)?;
            let id = identifier(&import)?;
            let asked = body.read()?;
            let before = app.import(&permit, id)?.choices;
            let words = asked.priorities.unwrap_or_default();
            let columns = asked.columns.unwrap_or_default();
            let choices = Choices {
                contract: asked.contract,
                since: match asked.since.as_ref().map(AsRef::as_ref) {
                    Some("declared") => Since::Declared,
                    _ => Since::Import,
                },
                priorities: words.into_iter().map(|p| (p.word, p.priority)).collect(),
                columns: columns.into_iter().map(|c| (c.field, c.heading)).collect(),
                role: asked.role.map(|role| role.as_ref().to_owned()),
                ..before
            };
            app.choose_import(&permit, &key, id, &choices)?;
            Ok(done(&customer, id))
        })
        .await
}

async fn run(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, import)): At<(String, String)>,
    body: Option<Entity<ImportActAsk>>,
) -> Response {
    let fresh = caller.freshness();
    let start = move |app: &App, permit: &Permit, id| {
        // As the page asks again who it is.
        if app.import(permit, id)?.subject == Subject::People && !fresh(app)? {
            return Err(AppError::refused(Refusal::new(
                "import.token",
                "Inviter des personnes demande un jeton fait il y a moins d’un jour\u{a0}: faites-en un sur la page de votre compte.",
                "Inviting people takes a token made less than a day ago: make one on the page of your account.",
            )));
        }
        app.start_import(permit, &key, id)
    };
    act(&web, caller, (customer, import), body, done, start).await
}

async fn stop(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, import)): At<(String, String)>,
    body: Option<Entity<ImportActAsk>>,
) -> Response {
    act(&web, caller, (customer, import), body, done, move |app, permit, id| {
        app.stop_import(permit, &key, id)
    })
    .await
}

async fn remove(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, import)): At<(String, String)>,
    body: Option<Entity<ImportActAsk>>,
) -> Response {
    act(&web, caller, (customer, import), body, gone, move |app, permit, id| {
        app.forget_import(permit, &key, id)
    })
    .await
}

/// Does one thing to an import; its body says nothing.
async fn act(
    web: &State,
    caller: Caller,
    (customer, import): (String, String),
    body: Option<Entity<ImportActAsk>>,
    reply: fn(&str, Uuid) -> Reply,
    does: impl FnOnce(&App, &Permit, Uuid) -> Result<(), AppError> + Send + 'static,
) -> Response {
    caller
        .run(web, move |app, who| {
            let permit = permit(app, who, &customer, Act::Import)?;
            body.map(|body| body.read()).transpose()?;
            let id = identifier(&import)?;
            does(app, &permit, id)?;
            Ok(reply(&customer, id))
        })
        .await
}

async fn report(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, import)): At<(String, String)>,
    Parameters(query): Parameters<ReportQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::Import)?;
            let fate = query.fate.as_ref().map(AsRef::as_ref);
            let after = pair(query.after.as_deref())?;
            let (lines, next) =
                app.import_report(&permit, identifier(&import)?, fate, after, limit(query.limit)?)?;
            let next = next.map(|(line, place)| format!("{line}.{place}"));
            Ok(Reply::json(&ImportReport { items: lines.into_iter().map(told).collect(), next }))
        })
        .await
}

fn done(customer: &str, id: Uuid) -> Reply {
    let path = format!("{API}/customers/{customer}/imports/{id}");
    Reply::created(&ImportDone { id: id.to_string() }, path)
}

/// Nothing stands any more where it stood.
fn gone(customer: &str, id: Uuid) -> Reply {
    Reply::created(&ImportDone { id: id.to_string() }, format!("{API}/customers/{customer}/imports"))
}
