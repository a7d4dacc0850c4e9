//! Files joined to tickets: received in pieces, told by their bytes, kept once by hash.
//!
//! A file is on disk under its hash before the transaction that names it, and the sweep waits while
//! files are being attached; so an entry never names what is not there, and what nothing names goes.

pub mod kind;
mod name;

use std::fs::File;
use std::io::Read;

use base::id::{FileId, MessageId};
use events::{ContentId, Event, FileAttached, Visibility};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::blob::{self, Whole};
use store::record::{Content, Stamp, record};
use store::ticket::Ticket;
use store::{Tx, WriteTx, content, file, idempotency, import_job, ticket};

use crate::access::{Act, Permit};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::news::What;
use crate::ticket::IdempotencyKey;
use crate::vault::VaultHandle;
use kind::Kind;

/// The largest file, in bytes.
pub const LARGEST: u64 = 20 * 1024 * 1024;
/// Files sent at once.
pub const AT_ONCE: usize = 10;
/// Files of one ticket, internal and erased ones included.
pub const PER_TICKET: u64 = 50;

/// A file being received; dropped before its end, it leaves nothing.
#[derive(Debug)]
pub struct Upload(blob::Upload);

/// A whole file that nothing names yet; dropped, it leaves nothing.
#[derive(Debug)]
pub struct NewFile {
    whole: Whole,
    kind: Kind,
    name: String,
}

/// A file just attached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedFile {
    pub file: FileId,
    pub sha256: String,
    pub bytes: u64,
    pub media: String,
    /// Its journal entry.
    pub entry: u64,
}

/// A file as a ticket's page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLine {
    pub file: FileId,
    /// The message it came with.
    pub message: Option<MessageId>,
    pub at: Timestamp,
    pub by: String,
    pub by_provider: bool,
    /// Hidden from the customer.
    pub internal: bool,
    /// `None` once erased, and the file with it.
    pub name: Option<String>,
    pub bytes: u64,
    pub media: String,
    pub sha256: String,
    /// Pixels, of an image that a page may draw.
    pub size: Option<(u32, u32)>,
}

/// A file to be sent to somebody who may see it.
#[derive(Debug)]
pub struct Download {
    pub file: File,
    pub name: String,
    pub bytes: u64,
    pub media: String,
}

impl Upload {
    /// Takes the next bytes; refused as soon as they are more than [`LARGEST`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        if self.0.size() + bytes.len() as u64 > LARGEST {
            return Err(too_large());
        }
        Ok(self.0.write(bytes)?)
    }

    /// Everything arrived, under the name that its sender gave; a program is refused.
    pub fn finish(self, given: &str) -> Result<NewFile> {
        let whole = self.0.finish()?;
        let Ok(kind) = kind::of(&whole.head) else { return Err(program()) };
        Ok(NewFile { name: name::clean(given, kind.media), kind, whole })
    }
}

impl NewFile {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What an idempotency key compares.
    pub(crate) fn identity(&self) -> (String, String) {
        (self.whole.sha256.clone(), self.name.clone())
    }
}

/// A file under its hash, with what its entry will say.
#[derive(Clone)]
pub(crate) struct Ready {
    id: FileId,
    sha256: String,
    bytes: u64,
    kind: Kind,
    name: Content,
}

impl App {
    /// Begins to receive a file for a ticket.
    pub fn begin_upload(&self, permit: &Permit, number: u64) -> Result<Upload> {
        self.on_tickets(permit, Act::Reply)?;
        let vault = self.vault(permit.customer())?;
        let scope = permit.scope();
        vault.db.read::<_, AppError, _>(move |tx| {
            let ticket = ticket::by_number(tx, scope, number)?.ok_or(AppError::NotFound)?;
            room(tx, &ticket, 1)
        })?;
        self.begin(&vault)
    }

    /// Begins to receive a file for a ticket that is being asked for.
    pub fn begin_upload_to_open(&self, permit: &Permit) -> Result<Upload> {
        self.on_tickets(permit, Act::OpenTicket)?;
        self.begin(&*self.vault(permit.customer())?)
    }

    fn begin(&self, vault: &VaultHandle) -> Result<Upload> {
        let name = self.id(base::id::uuid_v7).to_string();
        Ok(Upload(vault.files.begin(&name)?))
    }

    /// Attaches files to a ticket without a message: no clock stops on them. Internal ones take the
    /// right to work on the ticket, the others the right to reply.
    pub fn attach_files(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: u64,
        visibility: Visibility,
        files: Vec<NewFile>,
    ) -> Result<Vec<AttachedFile>> {
        let act = match visibility {
            Visibility::Public => Act::Reply,
            Visibility::Internal => Act::WorkOnTicket,
        };
        self.on_tickets(permit, act)?;
        let vault = self.vault(permit.customer())?;
        let identities: Vec<_> = files.iter().map(NewFile::identity).collect();
        let asked = serde_json::to_vec(&(number, visibility, identities)).map_err(AppError::fault)?;
        let request: [u8; 32] = Sha256::digest(asked).into();
        let stored_key = key.of(permit.by().account, "file.attach");
        let (by, introduction) = (permit.by().account, self.introduction(permit.by()));
        let at = self.now().as_microsecond();
        let _attaching = vault.attaching();
        let (ready, scope) = (self.keep_files(&vault, files)?, permit.scope().clone());
        let answer = vault.db.write::<_, AppError, _>(move |tx| {
            let done = idempotency::once(tx, &stored_key, &request, at, |tx| {
                let ticket = ticket::by_number(tx, &scope, number)?.ok_or(AppError::NotFound)?;
                introduction.ensure(tx, at)?;
                let stamp = Stamp { at, actor: by, contract: Some(ticket.version.clone()) };
                let attached = attach(tx, &stamp, &ticket, None, visibility, &ready)?;
                serde_json::to_vec(&attached).map_err(AppError::fault)
            })?;
            Ok(done)
        })?;
        self.mark_dirty(permit.customer());
        let what = if visibility == Visibility::Internal { What::Internal } else { What::Ticket };
        self.tell_news(&vault, Some(number), what);
        serde_json::from_slice(&answer).map_err(AppError::fault)
    }

    /// A file of a ticket, to be sent; `drawn`: only an image that a page may draw, looked at again.
    pub fn file(&self, permit: &Permit, number: u64, id: FileId, drawn: bool) -> Result<Download> {
        self.on_tickets(permit, Act::SeeTickets)?;
        let vault = self.vault(permit.customer())?;
        let (reader, scope) = (permit.by().account, permit.scope());
        let internal = permit.role().is_provider();
        let (found, name) = vault.db.read::<_, AppError, _>(move |tx| {
            let ticket = ticket::by_number(tx, scope, number)?.ok_or(AppError::NotFound)?;
            let found = file::by_id(tx, id)?.map(|f| f.event).filter(|f| f.ticket == ticket.id);
            // One's own internal files are one's own: a third party has some.
            let sees = |f: &FileAttached| internal || f.visibility == Visibility::Public || f.by == reader;
            let found = found.filter(sees);
            let found = found.ok_or(AppError::NotFound)?;
            let name = content::get(tx, found.name.0)?.ok_or(AppError::NotFound)?;
            Ok((found, name))
        })?;
        let missing = || AppError::fault(format!("the file {} is not on disk", found.sha256));
        let mut file = vault.files.open(&found.sha256)?.ok_or_else(missing)?;
        let size = file.metadata().map_err(AppError::fault)?.len();
        if size != found.bytes {
            return Err(AppError::fault(format!("the file {} has {size} bytes", found.sha256)));
        }
        if drawn {
            is_still_drawable(&mut file, &found)?;
        }
        let name = String::from_utf8(name).map_err(AppError::fault)?;
        Ok(Download { file, name, bytes: size, media: found.media })
    }

    /// Removes from disk the files of open vaults that no entry names, or whose names are all erased, and that
    /// no import waits for.
    pub fn sweep_files(&self) -> Result<u64> {
        let mut gone = 0;
        for vault in self.open_vaults() {
            self.forget_stale_imports(&vault)?;
            let _alone = vault.sweeping();
            let files = vault.files.clone();
            gone += vault.db.read::<_, AppError, _>(move |tx| {
                files.sweep(|sha256| Ok(file::is_wanted(tx, sha256)? || import_job::is_staged(tx, sha256)?))
            })?;
        }
        Ok(gone)
    }

    /// Puts whole files under their hashes. The caller holds [`VaultHandle::attaching`] until its commit.
    pub(crate) fn keep_files(&self, vault: &VaultHandle, files: Vec<NewFile>) -> Result<Vec<Ready>> {
        debug_assert!(vault.sweep_waits());
        let keep = |file: NewFile| {
            let NewFile { whole, kind, name } = file;
            let (sha256, bytes) = (whole.sha256.clone(), whole.size);
            whole.keep()?;
            let id = ContentId(self.id(base::id::uuid_v7));
            let name = Content { name: "name", id, salt: self.salt(), bytes: name.into_bytes() };
            Ok(Ready { id: self.id(FileId::new), sha256, bytes, kind, name })
        };
        files.into_iter().map(keep).collect()
    }
}

/// Records files of a ticket, each with its entry, in the caller's transaction.
pub(crate) fn attach(
    tx: &mut WriteTx<'_>,
    stamp: &Stamp,
    ticket: &Ticket,
    message: Option<MessageId>,
    visibility: Visibility,
    files: &[Ready],
) -> Result<Vec<AttachedFile>> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    room(tx, ticket, files.len() as u64)?;
    let mut attached = Vec::new();
    for ready in files {
        let event = FileAttached {
            file: ready.id,
            ticket: ticket.id,
            at: stamp.at,
            by: stamp.actor,
            message,
            visibility,
            sha256: ready.sha256.clone(),
            bytes: ready.bytes,
            media: ready.kind.media.to_owned(),
            size: ready.kind.size,
            name: ready.name.id,
        };
        let entry = record(tx, stamp, &Event::FileAttached(event), std::slice::from_ref(&ready.name))?;
        attached.push(AttachedFile {
            file: ready.id,
            sha256: ready.sha256.clone(),
            bytes: ready.bytes,
            media: ready.kind.media.to_owned(),
            entry,
        });
    }
    Ok(attached)
}

/// The bytes decide again: what is drawn in a page must be the image that was measured.
fn is_still_drawable(file: &mut File, found: &FileAttached) -> Result<()> {
    use std::io::{Seek, SeekFrom};
    let mut head = Vec::new();
    file.by_ref().take(blob::HEAD as u64).read_to_end(&mut head).map_err(AppError::fault)?;
    file.seek(SeekFrom::Start(0)).map_err(AppError::fault)?;
    let same =
        kind::of(&head).is_ok_and(|k| k.size.is_some() && k.size == found.size && k.media == found.media);
    if same { Ok(()) } else { Err(AppError::NotFound) }
}

fn room(tx: &mut dyn Tx, ticket: &Ticket, more: u64) -> Result<()> {
    if file::count(tx, ticket.id)? + more <= PER_TICKET {
        return Ok(());
    }
    Err(AppError::refused(Refusal::new(
        "file.too_many",
        format!("Un ticket porte au plus {PER_TICKET} fichiers."),
        format!("A ticket holds {PER_TICKET} files at most."),
    )))
}

/// The refusal of a file that is too large, for whoever knows its size before its bytes.
pub fn too_large() -> AppError {
    let mib = LARGEST / 1024 / 1024;
    AppError::refused(Refusal::new(
        "file.too_large",
        format!("Un fichier a {mib}\u{a0}Mio au plus."),
        format!("A file has {mib} MiB at most."),
    ))
}

/// The refusal of more files at once than [`AT_ONCE`].
pub fn too_many_at_once() -> AppError {
    AppError::refused(Refusal::new(
        "file.too_many_at_once",
        format!("On joint au plus {AT_ONCE} fichiers à la fois."),
        format!("{AT_ONCE} files at most can be attached at once."),
    ))
}

fn program() -> AppError {
    AppError::refused(Refusal::new(
        "file.program",
        "Un programme n’est pas accepté en pièce jointe ; transmettez-le dans une archive, par un canal convenu.",
        "A program is not taken as an attachment; send it in an archive, over a channel that was agreed.",
    ))
}
