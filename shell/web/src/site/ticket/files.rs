//! Messages that come with files, and the files sent back.

use std::io::Read;

use app::file::Download;
use app::ticket::{IdempotencyKey, StepCommand};
use app::{Act, AppError};
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Request, State as Shared};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::Response;
use base::id::FileId;
use events::Visibility;
use http_body_util::Limited;
use http_body_util::channel::Channel;

use super::super::{Place, failed, place};
use super::acts;
use crate::http::upload::{self, For};
use crate::http::{
    CheckedForm, Failure, Reader, State, flash_cookie, from_elsewhere, see_other, with_cookie,
};

/// A form without files, as every other act's.
const PLAIN_FORM: usize = 64 * 1024;

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
    let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        let request = request.map(|body| Body::new(Limited::new(body, PLAIN_FORM)));
        let form = CheckedForm::from_request(request, &web.0).await?;
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
    let about = For { csrf: reader.csrf.clone(), permit: receive, ticket: number };
    let sent =
        upload::read(&web.0, Request::from_parts(parts, body), about).await.map_err(failed(&reader))?;
    let done = web.0.run(move |app| {
        let key = IdempotencyKey::parse(&sent.key)?;
        let (command, visibility) = match name {
            "note" => (StepCommand::Note { body: sent.text.clone() }, Visibility::Internal),
            _ => (StepCommand::Reply { body: sent.text.clone() }, Visibility::Public),
        };
        // Files sent without a word are no answer: no clock stops on them.
        if sent.text.trim().is_empty() && !sent.files.is_empty() {
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
    Ok(answer(&web, found, drawn))
}

/// The file, in pieces. Whatever it holds, a browser that opened it would run nothing of it.
pub(crate) fn answer(web: &State, found: Download, drawn: bool) -> Response {
    let Download { file, name, bytes, media } = found;
    let mut response = Response::new(stream(web, file));
    let headers = response.headers_mut();
    let media = HeaderValue::from_str(&media).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(CONTENT_TYPE, media);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    let how = if drawn { "inline" } else { "attachment" };
    let how =
        HeaderValue::from_str(&disposition(how, &name)).unwrap_or(HeaderValue::from_static("attachment"));
    headers.insert(CONTENT_DISPOSITION, how);
    response
}

/// RFC 6266: a plain name for old programs, and the true one percent-encoded (RFC 8187).
fn disposition(how: &str, name: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii() && !matches!(c, '"' | '\\' | '%') && !c.is_ascii_control() { c } else { '_' }
    };
    let ascii: String = name.chars().map(plain).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte))
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

/// A few pieces ahead of the reader, read off the asynchronous threads. A disk that fails cuts the answer
/// short of its announced length, which the reader sees.
fn stream(web: &State, mut file: std::fs::File) -> Body {
    const PIECE: usize = 64 * 1024;
    let (mut sender, body) = Channel::<Bytes, AppError>::new(2);
    let web = web.clone();
    tokio::spawn(async move {
        loop {
            let read = web.run(move |_| {
                let mut piece = vec![0; PIECE];
                let n = file.read(&mut piece).map_err(AppError::fault)?;
                piece.truncate(n);
                Ok((file, Bytes::from(piece)))
            });
            match read.await {
                Ok((_, piece)) if piece.is_empty() => return,
                Ok((next, piece)) => {
                    file = next;
                    if sender.send_data(piece).await.is_err() {
                        return;
                    }
                }
                Err(e) => return sender.abort(e),
            }
        }
    });
    Body::new(body)
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_reaches_the_browser_whole_and_breaks_no_header() {
        let cases = [
            (
                "écran bleu.png",
                "attachment; filename=\"_cran bleu.png\"; filename*=UTF-8''%C3%A9cran%20bleu.png",
            ),
            (
                "a\"; x=\"b%41.txt",
                "attachment; filename=\"a_; x=_b_41.txt\"; filename*=UTF-8''a%22%3B%20x%3D%22b%2541.txt",
            ),
        ];
        for (name, header) in cases {
            assert_eq!(disposition("attachment", name), header);
        }
    }
}
