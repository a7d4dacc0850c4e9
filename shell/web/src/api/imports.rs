//! `/customers/{customer}/imports` and `/customers/{customer}/history`: what another tool held.

use app::import::job::{Choices, Counts, Incoming, Job, Sent, State as Standing, Subject, Told};
use app::import::outlook::{Foreseen, Future, Outlook};
use app::import::{HistoryLine, Remark, Since, Source};
use app::{Act, AppError};
use axum::extract::{self, Request};
use axum::response::Response;
use base::Bilingual;
use http_body_util::BodyExt;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::API;
use super::operation::Operation;
use super::problem::Problem;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, Parameters, permit};
use super::schema::{Bounded, answer, ask, words};
use super::tickets::{limit, unknown_key};
use crate::http::State;

words! {
    /// The tool that a file comes from.
    ImportTool ["glpi", "itop", "csv"];
    /// What a file is of. People are invited from the pages only, by somebody who proves who they are.
    ImportWhat ["tickets", "items"];
    /// What a file that was sent is of.
    ImportSubject ["tickets", "people", "items"];
    /// How far an import is.
    ImportState ["staged", "running", "stopped", "done"];
    /// What becomes of a line; `note` is a reserve on a line that is brought in.
    ImportFate ["made", "kept", "known", "skipped", "note"];
    /// From when the clocks of tickets still open are counted.
    ImportSince ["import", "declared"];
}

answer! {
    /// Lines of a file by what becomes of them.
    ImportCounts {
        total: u64,
        /// Tickets opened, people invited.
        made: u64,
        /// Kept to be read.
        kept: u64,
        /// That had come already.
        known: u64,
        skipped: u64,
    }

    /// A file that was sent.
    ImportRead {
        id: String,
        what: ImportSubject,
        source: ImportTool,
        /// The file's.
        name: String,
        bytes: u64,
        state: ImportState,
        /// Why it stopped, when nobody asked.
        why: Option<Bilingual>,
        /// Of what was run so far; `total` is 0 before.
        counts: ImportCounts,
        sent: Timestamp,
        by: String,
        started: Option<Timestamp>,
        ended: Option<Timestamp>,
    }

    /// Imports, the last sent first.
    Imports {
        items: Vec<ImportRead>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
    }

    /// Where a field is read from.
    ImportColumn {
        field: String,
        name: Bilingual,
        /// `null` when it is read from none.
        heading: Option<String>,
        /// Nothing can be read without it.
        required: bool,
    }

    /// A line, as it would become.
    ImportLine {
        line: u64,
        /// The number of a ticket, the address of a person, the name of an item.
        number: String,
        title: String,
        fate: ImportFate,
        /// The contract's priority, of a ticket that would open.
        priority: Option<String>,
        /// Why it would be left out.
        why: Option<Bilingual>,
    }

    /// Something to say of a line that was read.
    ImportRemark {
        line: u64,
        message: Bilingual,
        /// What to do about it.
        advice: Option<Bilingual>,
        /// The line is left out; otherwise it is brought in, with this reserve.
        left_out: bool,
    }

    /// A file that waits, as it would become were it run now.
    ImportOutlook {
        /// Why nothing can be brought in.
        problem: Option<Bilingual>,
        columns: Vec<ImportColumn>,
        /// The headings of the file.
        headings: Vec<String>,
        /// Over the whole file.
        counts: ImportCounts,
        /// The first fifty.
        lines: Vec<ImportLine>,
        /// The first thousand.
        remarks: Vec<ImportRemark>,
        /// The tool's words for the priority of what is still open.
        priorities: Vec<String>,
        /// What the signed perimeter does not name, as clauses to take up in a draft.
        clauses: Option<String>,
    }

    /// An import, and what it would bring in while its file waits.
    ImportShown {
        import: ImportRead,
        outlook: Option<ImportOutlook>,
    }

    /// What was done to an import.
    ImportDone {
        id: String,
    }

    /// What became of a line.
    ImportTold {
        line: u64,
        number: String,
        fate: ImportFate,
        /// The number of the ticket it is here.
        ticket: Option<u64>,
        /// Why.
        why: Option<Bilingual>,
    }

    /// What became of lines, in the order of the file.
    ImportReport {
        items: Vec<ImportTold>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
    }

    /// A matter that was over in another tool.
    HistoryRead {
        /// Its entry in the journal: what an erasure names.
        entry: u64,
        source: ImportTool,
        /// Its number there.
        number: String,
        declared: Timestamp,
        over: Timestamp,
        /// When it was brought in, and by whom.
        brought: Timestamp,
        by: String,
        /// `null` once it is erased.
        words: Option<HistoryWords>,
    }

    /// The words of the other tool, as they were.
    HistoryWords {
        title: String,
        description: String,
        solution: String,
        state: String,
        priority: String,
        requester: String,
        assignee: String,
        category: String,
        item: String,
        site: String,
    }

    /// History, the last declared first; with words, the last brought in first.
    History {
        items: Vec<HistoryRead>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
    }
}

ask! {
    /// What the bytes are.
    ImportQuery {
        what: ImportWhat,
        source: ImportTool,
        /// What the file is to be called.
        name: Bounded<1, 500>,
    }

    /// A page of imports.
    ImportsQuery {
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
    }

    /// A page of a report.
    ReportQuery {
        /// Those of one fate only.
        fate: Option<ImportFate>,
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
    }

    /// A page of the history.
    HistoryQuery {
        /// Words, all of which count, the last one being perhaps unfinished; all of it if absent.
        q: Option<String>,
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
    }

    /// The contract's priority for a word of the tool.
    ImportPriority {
        word: String,
        priority: String,
    }

    /// The heading that a field is read from.
    ImportHeading {
        /// As [`ImportColumn`] names it.
        field: String,
        /// Empty for none.
        heading: String,
    }

    /// How a file is to be read and brought in.
    ImportChoices {
        /// The contract of what opens, when there are several.
        contract: Option<String>,
        /// `import` if absent.
        since: Option<ImportSince>,
        priorities: Option<Vec<ImportPriority>>,
        columns: Option<Vec<ImportHeading>>,
    }

    /// Nothing more needs to be said.
    ImportActAsk {}
}

const ALL: &str = "/customers/{customer}/imports";
const ONE: &str = "/customers/{customer}/imports/{import}";
const REMARKS: usize = 1_000;
const LINES: usize = 50;

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
            .takes::<ImportChoices>(|| vec![("columns", example())])
            .gives::<ImportDone>(),
        Operation::post("/customers/{customer}/imports/{import}/run", "runImport", "imports", run)
            .about("Lancer une reprise, ou la continuer", "Run an import, or go on with it")
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
        Operation::get("/customers/{customer}/history", "listHistory", "imports", history)
            .about("Ce qui était clos dans un autre outil", "What was over in another tool")
            .query(HistoryQuery::properties)
            .gives::<History>(),
        Operation::get("/customers/{customer}/history/{entry}", "showHistory", "imports", matter)
            .about("Un élément de l’historique repris", "One matter of the history")
            .gives::<HistoryRead>(),
    ]
}

fn example() -> serde_json::Value {
    json!({
        "since": "import", "priorities": [{ "word": "Haute", "priority": "P2" }],
        "columns": [{ "field": "title", "heading": "Sujet" }],
    })
}

/// Two numbers, or a number and an identifier, as a page gives its end.
fn pair<A: std::str::FromStr, B: std::str::FromStr>(text: Option<&str>) -> Result<Option<(A, B)>, AppError> {
    let Some(text) = text else { return Ok(None) };
    let (first, second) = text.split_once('.').ok_or_else(unknown_key)?;
    match (first.parse(), second.parse()) {
        (Ok(first), Ok(second)) => Ok(Some((first, second))),
        _ => Err(unknown_key()),
    }
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
    let sent = receive(&web, incoming, query.name.0, request).await.map_err(|e| caller.problem(e))?;
    let lang = caller.lang();
    Ok(caller
        .run(&web, move |app, _| {
            let id = app.stage_import(&permit, &key, (subject, source), lang, sent)?;
            done(&customer, id)
        })
        .await)
}

async fn receive(
    web: &State,
    mut incoming: Incoming,
    name: String,
    request: Request,
) -> Result<Sent, AppError> {
    let _turn = crate::http::upload::turn()?;
    let mut body = request.into_body();
    while let Some(frame) = body.frame().await {
        let cut = |e: axum::Error| {
            AppError::invalid(
                "body",
                format!("le corps n’est pas arrivé en entier ({e})"),
                format!("the body did not arrive whole ({e})"),
            )
        };
        let Ok(piece) = frame.map_err(cut)?.into_data() else { continue };
        incoming = web.run(move |_| incoming.write(&piece).map(|()| incoming)).await?;
    }
    web.run(move |_| incoming.finish(&name)).await
}

async fn show(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, import)): At<(String, String)>,
) -> Response {
    let turn = web.turn_to_read_import().await;
    caller
        .run(&web, move |app, who| {
            let _turn = turn?;
            let permit = permit(app, who, &customer, Act::Import)?;
            let id = identifier(&import)?;
            let job = app.import(&permit, id)?;
            let waits = matches!(job.state, Standing::Staged | Standing::Stopped);
            let outlook = match waits {
                true => Some(foreseen(app.import_outlook(&permit, id)?.1)),
                false => None,
            };
            Ok(Reply::json(&ImportShown { import: read(&job), outlook }))
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
                ..before
            };
            app.choose_import(&permit, &key, id, &choices)?;
            done(&customer, id)
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
    let answer = caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::Import)?;
            body.map(|body| body.read()).transpose()?;
            let id = identifier(&import)?;
            // Accounts are made from the pages, by somebody who proves who they are.
            if app.import(&permit, id)?.subject == Subject::People {
                return Err(AppError::NotFound.into());
            }
            app.start_import(&permit, &key, id)?;
            done(&customer, id)
        })
        .await;
    if answer.status().is_success() {
        web.run_imports();
    }
    answer
}

async fn stop(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, import)): At<(String, String)>,
    body: Option<Entity<ImportActAsk>>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::Import)?;
            body.map(|body| body.read()).transpose()?;
            let id = identifier(&import)?;
            app.stop_import(&permit, &key, id)?;
            done(&customer, id)
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
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::Import)?;
            body.map(|body| body.read()).transpose()?;
            let id = identifier(&import)?;
            app.forget_import(&permit, &key, id)?;
            let path = format!("{API}/customers/{customer}/imports");
            Ok(Reply::created(&ImportDone { id: id.to_string() }, path))
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

async fn history(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<HistoryQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeTickets)?;
            let (most, after) = (limit(query.limit)?, query.after.as_deref());
            let words = query.q.as_deref().map(str::trim).filter(|words| !words.is_empty());
            let (lines, next) = match words {
                Some(words) => {
                    let before = after.map(|text| text.parse().map_err(|_| unknown_key())).transpose()?;
                    let (lines, next) = app.find_history(&permit, words, before, most)?;
                    (lines, next.map(|entry| entry.to_string()))
                }
                None => {
                    let (lines, next) = app.history(&permit, pair(after)?, most)?;
                    (lines, next.map(|(at, entry)| format!("{at}.{entry}")))
                }
            };
            Ok(Reply::json(&History { items: lines.into_iter().map(past).collect(), next }))
        })
        .await
}

async fn matter(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, entry)): At<(String, String)>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeTickets)?;
            let entry = entry.parse().map_err(|_| AppError::NotFound)?;
            Ok(Reply::json(&past(app.history_matter(&permit, entry)?)))
        })
        .await
}

fn done(customer: &str, id: Uuid) -> Result<Reply, super::problem::Failure> {
    let path = format!("{API}/customers/{customer}/imports/{id}");
    Ok(Reply::created(&ImportDone { id: id.to_string() }, path))
}

fn read(job: &Job) -> ImportRead {
    ImportRead {
        id: job.id.to_string(),
        what: ImportSubject::of(job.subject.key()),
        source: ImportTool::of(job.source.key()),
        name: job.name.clone(),
        bytes: job.bytes,
        state: ImportState::of(job.state.key()),
        why: job.why.clone(),
        counts: counts(job.counts),
        sent: job.at,
        by: job.by.clone(),
        started: job.started,
        ended: job.ended,
    }
}

fn counts(counts: Counts) -> ImportCounts {
    let Counts { total, made, kept, known, skipped } = counts;
    ImportCounts { total, made, kept, known, skipped }
}

fn foreseen(outlook: Outlook) -> ImportOutlook {
    let column = |c: app::import::Column| ImportColumn {
        field: c.key.to_owned(),
        name: c.name,
        heading: c.heading,
        required: c.required,
    };
    let remark =
        |r: Remark| ImportRemark { line: r.line, message: r.text, advice: r.advice, left_out: r.fault };
    let clauses = outlook.compared.as_ref().map(app::import::items::Compared::clauses);
    ImportOutlook {
        problem: outlook.problem,
        columns: outlook.columns.into_iter().map(column).collect(),
        headings: outlook.headings,
        counts: counts(outlook.counts),
        lines: outlook.lines.into_iter().take(LINES).map(line).collect(),
        remarks: outlook.remarks.into_iter().take(REMARKS).map(remark).collect(),
        priorities: outlook.words,
        clauses: clauses.filter(|clauses| !clauses.is_empty()),
    }
}

fn line(line: Foreseen) -> ImportLine {
    let (fate, priority, why) = match line.future {
        Future::Opens { priority, .. } => ("made", Some(priority), None),
        Future::Invited => ("made", None, None),
        Future::Kept => ("kept", None, None),
        Future::Known => ("known", None, None),
        Future::Skipped(why) => ("skipped", None, Some(why)),
    };
    let fate = ImportFate::of(fate);
    ImportLine { line: line.line, number: line.number, title: line.title, fate, priority, why }
}

fn told(told: Told) -> ImportTold {
    let why = (!told.fr.is_empty()).then(|| Bilingual::new(told.fr, told.en));
    let fate = ImportFate::of(told.fate);
    ImportTold { line: told.line, number: told.number, fate, ticket: told.ticket, why }
}

fn past(found: HistoryLine) -> HistoryRead {
    HistoryRead {
        entry: found.entry,
        source: ImportTool::of(found.source.key()),
        number: found.number,
        declared: found.declared,
        over: found.over,
        brought: found.at,
        by: found.by,
        words: found.words.map(|said| HistoryWords {
            title: said.title,
            description: said.description,
            solution: said.solution,
            state: said.state,
            priority: said.priority,
            requester: said.requester,
            assignee: said.assignee,
            category: said.category,
            item: said.item,
            site: said.site,
        }),
    }
}
