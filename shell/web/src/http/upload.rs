//! Forms that carry files: read piece by piece to the disk, never whole in memory.

use app::file::{AT_ONCE, NewFile, Upload, too_many_at_once};
use app::import::Source;
use app::import::job::Subject;
use app::import::sent::{Incoming, Sent as SentFile};
use app::{AppError, Permit};
use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use http_body_util::Limited;
use serde::de::DeserializeOwned;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::state::State;

/// Bytes gathered before they are written: what one upload holds in memory.
const PIECE: usize = 256 * 1024;
/// The longest value of a field that is not a file: a message of 20,000 characters.
const LONGEST_FIELD: usize = 100 * 1024;
/// Uploads at once: a few slow senders hold memory and files for as long as they like.
const UPLOADS_AT_ONCE: usize = 16;
static UPLOADS: Semaphore = Semaphore::const_new(UPLOADS_AT_ONCE);

/// A form without files, as every other act's.
const PLAIN_FORM: usize = 64 * 1024;
/// Fields that are not files: the longest form asks for some twenty things and what a contract adds.
const MOST_FIELDS: usize = 200;

/// What a form with files sent.
pub struct Sent {
    /// In the order they came.
    fields: Vec<(String, String)>,
    pub files: Vec<NewFile>,
    /// Why one of the files is not taken: nothing of what was sent may then be done.
    pub refused: Option<AppError>,
}

impl Sent {
    /// The value of a field; nothing if it was not sent.
    pub fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// The fields as the same form without files gives them.
    pub fn form<T: DeserializeOwned>(&self) -> Result<T, AppError> {
        let written = serde_urlencoded::to_string(&self.fields).map_err(AppError::fault)?;
        serde_urlencoded::from_str(&written).map_err(|e| cut_short(&e))
    }
}

/// Where the files of a form go, and whose form it is.
pub struct For {
    pub csrf: String,
    /// To reply on that ticket's customer, or to open a ticket there.
    pub permit: Permit,
    /// `None` while it is asked for.
    pub ticket: Option<u64>,
}

/// Whether a form was sent in the shape that carries files.
pub fn carries_files(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    kind.starts_with("multipart/form-data")
}

/// A form without files, held to the length of one.
pub fn plain(request: Request) -> Request {
    request.map(|body| Body::new(Limited::new(body, PLAIN_FORM)))
}

/// Reads a form. Its proof comes before its first file, or nothing of it is kept; a file that is refused
/// lets the rest be read and dropped, so that the sender can read why.
pub async fn read(web: &State, request: Request, about: For) -> Result<Sent, AppError> {
    let mut form = Multipart::from_request(request, web).await.map_err(|e| cut_short(&e))?;
    let (mut csrf, mut fields) = (String::new(), Vec::new());
    let (mut files, mut refused, mut held) = (Vec::new(), None, None);
    while let Some(mut field) = form.next_field().await.map_err(|e| unreadable(&e))? {
        match field.name() {
            Some("csrf") => csrf = value(&mut field).await?,
            Some("files") if !app::accounts::csrf_matches(&about.csrf, &csrf) => return Err(stale()),
            Some("files") if refused.is_none() => {
                // A browser sends one file without a name when none was chosen.
                let name = field.file_name().unwrap_or_default().to_owned();
                if name.is_empty() {
                    continue;
                }
                if files.len() == AT_ONCE {
                    refused = Some(too_many_at_once());
                    continue;
                }
                // A message without a file waits for nobody.
                if held.is_none() {
                    held = Some(turn()?);
                }
                match file(web, &mut field, &name, &about).await {
                    Ok(file) => files.push(file),
                    Err(e @ AppError::Refused(_)) => refused = Some(e),
                    Err(e) => return Err(e),
                }
            }
            Some("files") | None => {}
            Some(name) if fields.len() < MOST_FIELDS => {
                let name = name.to_owned();
                fields.push((name, value(&mut field).await?));
            }
            Some(_) => return Err(cut_short(&"fields")),
        }
    }
    if !app::accounts::csrf_matches(&about.csrf, &csrf) {
        return Err(stale());
    }
    Ok(Sent { fields, files, refused })
}

/// A turn to send files, held until they are all received.
pub fn turn() -> Result<SemaphorePermit<'static>, AppError> {
    UPLOADS.try_acquire().map_err(|_| AppError::Busy)
}

async fn file(web: &State, field: &mut Field<'_>, name: &str, about: &For) -> Result<NewFile, AppError> {
    let (permit, ticket) = (about.permit.clone(), about.ticket);
    let upload = web.run(move |app| match ticket {
        Some(ticket) => app.begin_upload(&permit, ticket),
        None => app.begin_upload_to_open(&permit),
    });
    let upload = upload.await?;
    let upload = received(web, field, upload, Upload::write).await?;
    let name = name.to_owned();
    web.run(move |_| upload.finish(&name)).await
}

/// Passes the bytes of a field on, piece by piece, off the asynchronous threads.
async fn received<U: Send + 'static>(
    web: &State,
    field: &mut Field<'_>,
    mut upload: U,
    write: fn(&mut U, &[u8]) -> Result<(), AppError>,
) -> Result<U, AppError> {
    let mut piece = Vec::with_capacity(PIECE);
    while let Some(chunk) = field.chunk().await.map_err(|e| unreadable(&e))? {
        piece.extend_from_slice(&chunk);
        if piece.len() >= PIECE {
            let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE));
            upload = web.run(move |_| write(&mut upload, &full).map(|()| upload)).await?;
        }
    }
    web.run(move |_| write(&mut upload, &piece).map(|()| upload)).await
}

/// What the form of an import sent.
pub struct SentImport {
    pub key: String,
    pub subject: Subject,
    pub source: Source,
    pub file: SentFile,
}

/// Reads the form of an import: as [`read`], its file last.
pub async fn read_import(
    web: &State,
    request: Request,
    csrf: &str,
    permit: Permit,
) -> Result<SentImport, AppError> {
    let mut form = Multipart::from_request(request, web).await.map_err(|e| cut_short(&e))?;
    let (mut proof, mut key, mut what, mut source) = Default::default();
    let mut file: Option<Result<SentFile, AppError>> = None;
    let _turn = turn()?;
    while let Some(mut field) = form.next_field().await.map_err(|e| unreadable(&e))? {
        match field.name() {
            Some("csrf") => proof = value(&mut field).await?,
            Some("key") => key = value(&mut field).await?,
            Some("what") => what = value(&mut field).await?,
            Some("source") => source = value(&mut field).await?,
            Some("file") if !app::accounts::csrf_matches(csrf, &proof) => return Err(stale()),
            Some("file") if file.is_none() => {
                let name = field.file_name().unwrap_or_default().to_owned();
                if name.is_empty() {
                    continue;
                }
                let subject = subject(&what)?;
                let asked = permit.clone();
                let upload = web.run(move |app| app.begin_import(&asked, subject)).await?;
                let whole = match received(web, &mut field, upload, Incoming::write).await {
                    Ok(upload) => web.run(move |_| upload.finish(&name)).await,
                    Err(error) => Err(error),
                };
                file = Some(match whole {
                    Err(error @ (AppError::Refused(_) | AppError::Invalid(_))) => Err(error),
                    Err(error) => return Err(error),
                    Ok(file) => Ok(file),
                });
            }
            _ => {}
        }
    }
    if !app::accounts::csrf_matches(csrf, &proof) {
        return Err(stale());
    }
    let none = || AppError::invalid("file", "choisissez un fichier", "choose a file");
    let source = Source::from_key(&source).ok_or_else(|| {
        AppError::invalid("source", "dites d’où vient le fichier", "say where the file comes from")
    })?;
    Ok(SentImport { key, subject: subject(&what)?, source, file: file.ok_or_else(none)?? })
}

fn subject(what: &str) -> Result<Subject, AppError> {
    Subject::from_key(what).ok_or_else(|| {
        AppError::invalid("what", "dites ce que contient le fichier", "say what the file holds")
    })
}

async fn value(field: &mut Field<'_>) -> Result<String, AppError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|e| unreadable(&e))? {
        if bytes.len() + chunk.len() > LONGEST_FIELD {
            return Err(AppError::invalid("text", "texte trop long", "the text is too long"));
        }
        bytes.extend_from_slice(&chunk);
    }
    // Browsers send lines ended by CR LF.
    let text = String::from_utf8(bytes)
        .map_err(|_| AppError::invalid("text", "texte illisible", "unreadable text"))?;
    Ok(text.replace("\r\n", "\n"))
}

fn stale() -> AppError {
    AppError::invalid(
        "csrf",
        "ce formulaire a expiré : rechargez la page",
        "this form has expired: reload the page",
    )
}

fn unreadable(e: &MultipartError) -> AppError {
    cut_short(e)
}

fn cut_short(e: &impl std::fmt::Display) -> AppError {
    AppError::invalid(
        "form",
        format!("l’envoi est illisible, trop long ou interrompu ({e})"),
        format!("what was sent is unreadable, too long or cut short ({e})"),
    )
}
