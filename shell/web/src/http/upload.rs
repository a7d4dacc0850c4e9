//! Forms that carry files: read piece by piece to the disk, never whole in memory.

use app::file::{AT_ONCE, NewFile, too_many_at_once};
use app::{AppError, Permit};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::state::State;

/// Bytes gathered before they are written: what one upload holds in memory.
const PIECE: usize = 256 * 1024;
/// The longest value of a field that is not a file: a message of 20,000 characters.
const LONGEST_FIELD: usize = 100 * 1024;
/// Uploads at once: a few slow senders hold memory and files for as long as they like.
const UPLOADS_AT_ONCE: usize = 16;
static UPLOADS: Semaphore = Semaphore::const_new(UPLOADS_AT_ONCE);

/// What a message's form sent.
pub struct Sent {
    pub key: String,
    pub text: String,
    pub files: Vec<NewFile>,
}

/// Where the files of a form go, and whose form it is.
pub struct For {
    pub csrf: String,
    /// To reply on that ticket's customer.
    pub permit: Permit,
    pub ticket: u64,
}

/// Reads a form. Its proof comes before its first file, or nothing of it is kept; a file that is refused
/// lets the rest be read and dropped, so that the sender can read why.
pub async fn read(web: &State, request: Request, about: For) -> Result<Sent, AppError> {
    let mut form = Multipart::from_request(request, web).await.map_err(|e| cut_short(&e))?;
    let (mut csrf, mut key, mut text) = (String::new(), String::new(), String::new());
    let (mut files, mut refused, mut held) = (Vec::new(), None, None);
    while let Some(mut field) = form.next_field().await.map_err(|e| unreadable(&e))? {
        match field.name() {
            Some("csrf") => csrf = value(&mut field).await?,
            Some("key") => key = value(&mut field).await?,
            Some("text") => text = value(&mut field).await?,
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
            _ => {}
        }
    }
    if !app::accounts::csrf_matches(&about.csrf, &csrf) {
        return Err(stale());
    }
    match refused {
        Some(e) => Err(e),
        None => Ok(Sent { key, text, files }),
    }
}

/// A turn to send files, held until they are all received.
pub fn turn() -> Result<SemaphorePermit<'static>, AppError> {
    UPLOADS.try_acquire().map_err(|_| AppError::Busy)
}

async fn file(web: &State, field: &mut Field<'_>, name: &str, about: &For) -> Result<NewFile, AppError> {
    let (permit, ticket) = (about.permit.clone(), about.ticket);
    let mut upload = web.run(move |app| app.begin_upload(&permit, ticket)).await?;
    let mut piece = Vec::with_capacity(PIECE);
    while let Some(chunk) = field.chunk().await.map_err(|e| unreadable(&e))? {
        piece.extend_from_slice(&chunk);
        if piece.len() >= PIECE {
            let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE));
            let written = web.run(move |_| upload.write(&full).map(|()| upload));
            upload = written.await?;
        }
    }
    let name = name.to_owned();
    web.run(move |_| {
        upload.write(&piece)?;
        upload.finish(&name)
    })
    .await
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
