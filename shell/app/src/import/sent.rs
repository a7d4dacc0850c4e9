//! The file of an import: received, and kept in the vault's folder until it is run.
//!
//! It is read, never executed nor sent back.

use base::Lang;
use sha2::{Digest, Sha256};
use store::blob::{self, Whole};
use store::import_job as rows;
use store::{Tx, idempotency};
use uuid::Uuid;

use super::Source;
use super::job::{Choices, State, Subject};
use crate::access::Permit;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;

/// The largest file, in bytes.
pub const LARGEST: u64 = 32 * 1024 * 1024;
/// Files of a customer that wait at once.
const WAITING: u64 = 10;
/// Characters of the name of a file.
const LONGEST_NAME: usize = 120;

/// A file being received; dropped before its end, it leaves nothing.
#[derive(Debug)]
pub struct Incoming(blob::Upload);

/// A whole file that no import names yet; dropped, it leaves nothing.
#[derive(Debug)]
pub struct Sent {
    whole: Whole,
    name: String,
}

impl Incoming {
    /// Takes the next bytes; refused as soon as they are more than [`LARGEST`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        if self.0.size() + bytes.len() as u64 > LARGEST {
            return Err(too_large());
        }
        Ok(self.0.write(bytes)?)
    }

    /// Everything arrived, under the name that its sender gave; what is no text is refused.
    pub fn finish(self, given: &str) -> Result<Sent> {
        let whole = self.0.finish()?;
        looks_like_text(&whole.head)?;
        let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = last.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
        let name = if name.trim().is_empty() { "import.csv".to_owned() } else { name };
        Ok(Sent { whole, name })
    }
}

impl App {
    /// Begins to receive a file.
    pub fn begin_import(&self, permit: &Permit, subject: Subject) -> Result<Incoming> {
        self.may_import(permit, subject)?;
        let vault = self.vault(permit.customer())?;
        vault.db.read::<_, AppError, _>(|tx| room(tx))?;
        let name = self.id(base::id::uuid_v7).to_string();
        Ok(Incoming(vault.files.begin(&name)?))
    }

    /// Keeps a file to be looked at, then run.
    pub fn stage_import(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        (subject, source): (Subject, Source),
        lang: Lang,
        sent: Sent,
    ) -> Result<Uuid> {
        self.may_import(permit, subject)?;
        let vault = self.vault(permit.customer())?;
        let (by, at) = (permit.by().account, self.micros());
        let introduction = self.introduction(permit.by());
        let Sent { whole, name } = sent;
        let asked = (subject, source.key(), &whole.sha256, &name);
        let request: [u8; 32] = Sha256::digest(serde_json::to_vec(&asked).map_err(AppError::fault)?).into();
        let stored_key = key.of(by, "import.stage");
        let choices = Choices { lang, ..Choices::default() };
        let row = rows::Job {
            id: self.id(base::id::uuid_v7),
            what: subject.key().to_owned(),
            source: source.key().to_owned(),
            name,
            bytes: whole.size,
            sha256: Some(whole.sha256.clone()),
            choices: serde_json::to_string(&choices).map_err(AppError::fault)?,
            state: State::Staged.key().to_owned(),
            why: None,
            counts: rows::Counts::default(),
            at,
            by,
            started: None,
            ended: None,
        };
        let _attaching = vault.attaching();
        whole.keep()?;
        let id = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                room(tx)?;
                introduction.ensure(tx, at)?;
                rows::add(tx, &row)?;
                Ok(row.id.as_bytes().to_vec())
            })
        })?;
        Uuid::from_slice(&id).map_err(AppError::fault)
    }
}

fn room(tx: &mut dyn Tx) -> Result<()> {
    if rows::waiting(tx)? < WAITING {
        return Ok(());
    }
    Err(AppError::refused(Refusal::new(
        "import.too_many",
        format!("{WAITING} fichiers attendent déjà\u{a0}: lancez leur reprise, ou supprimez-les."),
        format!("{WAITING} files wait already: run them, or throw them away."),
    )))
}

/// The refusal of a file that is too large.
pub fn too_large() -> AppError {
    let mib = LARGEST / 1024 / 1024;
    AppError::refused(Refusal::new(
        "import.too_large",
        format!(
            "Un fichier a {mib}\u{a0}Mio au plus\u{a0}: découpez-le, chaque partie avec la ligne d’en-tête."
        ),
        format!("A file has {mib} MiB at most: split it, each part with the line of headings."),
    ))
}

/// A workbook, an archive and a program hold bytes that no text has.
fn looks_like_text(head: &[u8]) -> Result<()> {
    if head.is_empty() {
        return Err(AppError::invalid("file", "le fichier est vide", "the file is empty"));
    }
    if head.starts_with(b"PK") {
        return Err(AppError::invalid(
            "file",
            "c’est un classeur ou une archive\u{a0}: enregistrez-le au format CSV",
            "this is a workbook or an archive: save it as CSV",
        ));
    }
    let wide = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    if !wide && head.contains(&0) {
        return Err(AppError::invalid(
            "file",
            "ce n’est pas un fichier de texte\u{a0}: exportez-le au format CSV",
            "this is not a text file: export it as CSV",
        ));
    }
    Ok(())
}
