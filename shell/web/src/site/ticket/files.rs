//! Messages that come with files, and the files sent back.

use app::ticket::{IdempotencyKey, StepCommand};
use app::{Act, AppError};
use axum::extract::{FromRequest, FromRequestParts, Path, Request, State as Shared};
use axum::response::Response;
use base::id::FileId;
use events::Visibility;

use super::super::{Place, failed, place};
use super::acts;
use crate::http::upload::{self, For};
use crate::http::{
    CheckedForm, Failure, Reader, State, flash_cookie, from_elsewhere, see_other, with_cookie,
};

/// `POST …/tickets/{n}/reply`
pub async fn reply(
    web: Shared<State>,
    Path((slug, number)): Path<(String, u64)>,
    request: Request,
) -> Result<Response, Failure> {
    say(web, slug, number, "reply", request).await
}

/// `POST …/tickets/{n}/note`
pub async fn note(
    web: Shared<State>,
    Path((slug, number)): Path<(String, u64)>,
    request: Request,
) -> Result<Response, Failure> {
    say(web, slug, number, "note", request).await
}

async fn say(
    web: Shared<State>,
    slug: String,
    number: u64,
    name: &'static str,
    request: Request,
) -> Result<Response, Failure> {
    if !upload::carries_files(&request) {
        let form = CheckedForm::from_request(upload::plain(request), &web.0).await?;
        return acts::act(web, Path((slug, number, name.to_owned())), form).await;
    }
    let (mut parts, body) = request.into_parts();
    let reader = Reader::from_request_parts(&mut parts, &web.0).await?;
    if from_elsewhere(&parts.headers) {
        return Err(failed(&reader)(AppError::NotFound));
    }
    let (again, to) = (reader.clone(), slug.clone());
    // Both rights before the first byte: a note is not even received from whoever may not write one.
    let permits = web.0.run(move |app| {
        let Place { permit, .. } = place(app, &again, &to, Act::Reply)?;
        let act = if name == "note" { Act::WorkOnTicket } else { Act::Reply };
        Ok((permit, place(app, &again, &to, act)?.permit))
    });
    let (receive, permit) = permits.await.map_err(failed(&reader))?;
    let about = For { csrf: reader.csrf.clone(), permit: receive, ticket: Some(number) };
    let sent =
        upload::read(&web.0, Request::from_parts(parts, body), about).await.map_err(failed(&reader))?;
    if let Some(refused) = sent.refused {
        return Err(failed(&reader)(refused));
    }
    let done = web.0.run(move |app| {
        let key = IdempotencyKey::parse(sent.value("key"))?;
        let text = sent.value("text").to_owned();
        let silent = text.trim().is_empty();
        let (command, visibility) = match name {
            "note" => (StepCommand::Note { body: text }, Visibility::Internal),
            _ => (StepCommand::Reply { body: text }, Visibility::Public),
        };
        // Files sent without a word are no answer: no clock stops on them.
        if silent && !sent.files.is_empty() {
            return app.attach_files(&permit, &key, number, visibility, sent.files).map(|_| "files");
        }
        app.step_with_files(&permit, &key, number, &command, None, sent.files).map(|_| name)
    });
    let flash = done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(&format!("/c/{slug}/tickets/{number}")), &flash_cookie(flash)))
}

/// `GET …/tickets/{n}/files/{file}`: always a download.
pub async fn download(
    web: Shared<State>,
    reader: Reader,
    Path((slug, number, file)): Path<(String, u64, String)>,
) -> Result<Response, Failure> {
    send(web, reader, slug, number, file, false).await
}

/// `GET …/tickets/{n}/files/{file}/image`: for a page to draw.
pub async fn image(
    web: Shared<State>,
    reader: Reader,
    Path((slug, number, file)): Path<(String, u64, String)>,
) -> Result<Response, Failure> {
    send(web, reader, slug, number, file, true).await
}

async fn send(
    Shared(web): Shared<State>,
    reader: Reader,
    slug: String,
    number: u64,
    file: String,
    drawn: bool,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let found = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &slug, Act::SeeTickets)?;
        let id: FileId = file.parse().map_err(|_| AppError::NotFound)?;
        app.file(&permit, number, id, drawn)
    });
    let found = found.await.map_err(failed(&reader))?;
    Ok(crate::http::download(&web, found, drawn))
}
