//! `/customers/{customer}/tickets/{number}/files`: what is attached, sent and fetched as bytes.

use app::file::{FileLine, Upload};
use app::{Act, AppError};
use axum::extract::{self, Request};
use axum::response::{IntoResponse, Response};
use base::id::FileId;
use events::Visibility;
use jiff::Timestamp;

use super::operation::Operation;
use super::problem::Problem;
use super::reply::Reply;
use super::request::{At, Caller, Key, Parameters, permit, receive};
use super::schema::{Bounded, answer, ask, words};
use super::tickets::{limit, number, page_of};
use crate::api::API;
use crate::http::{State, download};

words! {
    /// Who may fetch a file: both parties, or the provider's people only.
    FileSight ["public", "internal"];
}

answer! {
    /// A file of a ticket.
    FileItem {
        id: FileId,
        /// `null` once erased, and the file with it.
        name: Option<String>,
        visibility: FileSight,
        at: Timestamp,
        by: String,
        /// Its size.
        bytes: u64,
        /// What the bytes show it to be.
        media: String,
        /// Of the bytes, lower-case hexadecimal.
        sha256: String,
    }

    /// A page of the files of a ticket that the caller may see, in the order they were attached.
    FileItems {
        items: Vec<FileItem>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
    }

    /// A file just attached.
    FileAnswer {
        id: FileId,
        bytes: u64,
        media: String,
        sha256: String,
        /// Its journal entry.
        entry: u64,
    }
}

ask! {
    /// What the bytes are to be called, and who may see them.
    FileQuery {
        name: Bounded<1, 500>,
        /// `public` if absent.
        visibility: Option<FileSight>,
    }
}

ask! {
    /// Which lines, and from where.
    FilesQuery {
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
    }
}

const INTERNAL: &str = "internal";

pub fn operations() -> Vec<Operation> {
    let one = "/customers/{customer}/tickets/{number}/files/{file}";
    let all = "/customers/{customer}/tickets/{number}/files";
    vec![
        Operation::get(all, "listFiles", "tickets", list)
            .about("Les fichiers d’un ticket", "The files of a ticket")
            .query(FilesQuery::properties)
            .gives::<FileItems>(),
        Operation::post(all, "attachFile", "tickets", attach)
            .about("Joindre un fichier, 20 Mio au plus", "Attach a file, 20 MiB at most")
            .query(FileQuery::properties)
            .takes_bytes()
            .gives::<FileAnswer>(),
        Operation::get(one, "getFile", "tickets", fetch)
            .about("Les octets d’un fichier", "The bytes of a file")
            .gives_raw("application/octet-stream"),
    ]
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, ticket)): At<(String, String)>,
    Parameters(query): Parameters<FilesQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeTickets)?;
            let files = app.ticket(&permit, number(&ticket)?)?.files;
            let id = |line: &FileLine| line.file.to_string();
            let (files, next) = page_of(files, id, query.after.as_deref(), limit(query.limit)?)?;
            Ok(Reply::json(&FileItems { items: files.into_iter().map(item).collect(), next }))
        })
        .await
}

fn item(line: FileLine) -> FileItem {
    FileItem {
        id: line.file,
        name: line.name,
        visibility: FileSight::of(if line.internal { INTERNAL } else { "public" }),
        at: line.at,
        by: line.by,
        bytes: line.bytes,
        media: line.media,
        sha256: line.sha256,
    }
}

async fn attach(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, ticket)): At<(String, String)>,
    Parameters(query): Parameters<FileQuery>,
    request: Request,
) -> Result<Response, Problem> {
    let inside = query.visibility.is_some_and(|v| v.as_ref() == INTERNAL);
    let visibility = if inside { Visibility::Internal } else { Visibility::Public };
    let (slug, asked) = (customer.clone(), ticket.clone());
    // Both rights and the ticket before the first byte.
    let (permit, number, upload) = caller
        .first(&web, move |app, who| {
            let number = number(&asked)?;
            let upload = app.begin_upload(&permit(app, who, &slug, Act::Reply)?, number)?;
            let act = match visibility {
                Visibility::Public => Act::Reply,
                Visibility::Internal => Act::WorkOnTicket,
            };
            Ok((permit(app, who, &slug, act)?, number, upload))
        })
        .await?;
    let file = receive(&web, request, upload, Upload::write, move |upload| upload.finish(&query.name.0))
        .await
        .map_err(|e| caller.problem(e))?;
    Ok(caller
        .run(&web, move |app, _| {
            let done = app.attach_files(&permit, &key, number, visibility, vec![file])?;
            let attached = done.into_iter().next().ok_or(AppError::NotFound)?;
            let location = format!("{API}/customers/{customer}/tickets/{number}/files/{}", attached.file);
            let answer = FileAnswer {
                id: attached.file,
                bytes: attached.bytes,
                media: attached.media,
                sha256: attached.sha256,
                entry: attached.entry,
            };
            Ok(Reply::created(&answer, location))
        })
        .await)
}

async fn fetch(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, ticket, file)): At<(String, String, String)>,
) -> Result<Response, Problem> {
    let found = caller
        .first(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeTickets)?;
            let id: FileId = file.parse().map_err(|_| AppError::NotFound)?;
            app.file(&permit, number(&ticket)?, id, false)
        })
        .await?;
    // One type for every file: the list says what each is.
    let found = app::file::Download { media: app::file::kind::OPAQUE.to_owned(), ..found };
    Ok(download(&web, found, false).into_response())
}
