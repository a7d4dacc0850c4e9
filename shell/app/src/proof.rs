//! The journal as people read it, and its verification.

use base::id::ContractId;
use base::{Bilingual, Lang};
use events::Event;
use jiff::Timestamp;
use journal::envelope::Envelope;
use journal::verify::Trust;
use store::blob::{Blobs, Found};
use store::log::{self, Erasure, Verified};
use store::{Database, StoreError, Tx, agreement, file, month, rebuild, ticket, time};

use crate::access::{Act, Permit};
use crate::agreements::Agreements;
use crate::entropy;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::month::statement_hash;
use crate::time::contradiction;

/// Entries of a log read at a time.
const PAGE: u32 = 1_000;

/// An entry as a list shows it.
pub struct EntryLine {
    pub seq: u64,
    pub at: Timestamp,
    pub kind: String,
    /// What it says; `None` when a later version wrote a kind that this one does not know.
    pub event: Option<Event>,
    pub actor: String,
    pub contract: Option<String>,
    pub subject: Vec<(String, String)>,
    /// The number of the ticket it is about.
    pub ticket: Option<u64>,
    pub leaf: String,
}

/// The journal page.
pub struct JournalPage {
    pub origin: String,
    /// The key that verifies it, as C2SP writes it.
    pub verifier: String,
    pub size: u64,
    /// The latest signed checkpoint, verbatim.
    pub checkpoint: Option<String>,
    /// Newest first.
    pub entries: Vec<EntryLine>,
}

/// What verifying one log said.
pub struct Verification {
    /// The customer's slug, or `instance`.
    pub log: String,
    pub entries: u64,
    pub checkpoints: u64,
    pub sound: bool,
    pub first_wrong_entry: Option<u64>,
    /// What was erased with authority: gone, and the journal sound all the same.
    pub erasures: Vec<Erasure>,
    pub findings: Vec<Bilingual>,
    /// What the contract decides otherwise than an entry tells: the journal is sound all the same.
    pub remarks: Vec<Bilingual>,
}

impl Verification {
    /// One line for people.
    pub fn line(&self, lang: Lang) -> String {
        let (log, entries, checkpoints) = (&self.log, self.entries, self.checkpoints);
        if self.sound {
            let line = lang.t(
                format!("{log} : intact, {entries} entrées, {checkpoints} points de contrôle signés"),
                format!("{log}: sound, {entries} entries, {checkpoints} signed checkpoints"),
            );
            return self.erasures.iter().fold(line, |line, erasure| line + "\n  " + &erased(erasure, lang));
        }
        let first = self.first_wrong_entry.map_or_else(String::new, |n| {
            lang.t(format!(", première entrée fautive : {n}"), format!(", first wrong entry: {n}"))
        });
        lang.t(format!("{log} : ALTÉRÉ{first}"), format!("{log}: ALTERED{first}"))
    }
}

/// « 2 contenus effacés sous l'entrée 9, le 15/06/2026. »
fn erased(erasure: &Erasure, lang: Lang) -> String {
    let (n, seq) = (erasure.contents, erasure.seq);
    let at = Timestamp::from_microsecond(erasure.at).unwrap_or_default();
    let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    lang.t(
        format!(
            "{n} contenu{s} effacé{s} sous l'entrée {seq}, le {}",
            day.strftime("%d/%m/%Y"),
            s = if n > 1 { "s" } else { "" }
        ),
        format!("{n} content{s} erased under entry {seq}, on {day}", s = if n > 1 { "s" } else { "" }),
    )
}

impl App {
    /// The last entries of a customer's journal, those under `before` if given.
    pub fn journal(&self, permit: &Permit, before: Option<u64>, limit: u32) -> Result<JournalPage> {
        permit.covers(Act::SeeJournal)?;
        let vault = self.vault(permit.customer())?;
        let verifier = self.verifier(&vault.slug)?;
        let (origin, verifier) = (verifier.name().to_owned(), verifier.to_string());
        vault.db.read(move |tx| {
            let size = log::size(tx)?;
            let end = before.unwrap_or(size).min(size);
            let first = end.saturating_sub(u64::from(limit));
            let count = u32::try_from(end - first).unwrap_or(limit);
            let mut entries =
                log::entries(tx, first, count)?.iter().map(entry_line).collect::<Result<Vec<_>>>()?;
            entries.reverse();
            for line in &mut entries {
                let id = line.subject.iter().find(|(role, _)| role == "ticket").map(|(_, id)| id.parse());
                if let Some(Ok(id)) = id {
                    line.ticket = ticket::by_id(tx, id)?.map(|t| t.number);
                }
            }
            let checkpoint = log::latest(tx)?.map(|(_, note)| note);
            Ok(JournalPage { origin, verifier, size, checkpoint, entries })
        })
    }

    /// Verifies the instance's log and the vaults', or one vault's: entries, tree, tiles, signatures,
    /// contents, the projections against a rebuild, and the texts and files that entries name by hash.
    pub fn verify_journals(&self, only: Option<&str>) -> Result<Vec<Verification>> {
        let mut done = Vec::new();
        if only.is_none() {
            let verified = log::verify(&self.instance, &trust(self.instance_verifier()?))?;
            done.push(verification("instance", verified, Vec::new()));
        }
        let wanted = only.map(|name| self.find_customer(name)).transpose()?;
        for row in self.customers()? {
            if wanted.is_some_and(|id| id.0 != row.id) {
                continue;
            }
            done.push(self.verify_vault(&row.slug)?);
        }
        Ok(done)
    }

    fn verify_vault(&self, slug: &str) -> Result<Verification> {
        if !self.folder.has_vault(slug) {
            let path = self.folder.root().join("vaults").join(slug).join("vault.db");
            return Ok(damaged(slug, &format!("{} is missing", path.display())));
        }
        let db = self.examine(slug)?;
        let verified = match log::verify(&db, &trust(self.verifier(slug)?)) {
            Err(StoreError::Damaged(what)) => return Ok(damaged(slug, &what)),
            verified => verified?,
        };
        if !verified.is_sound() {
            return Ok(verification(slug, verified, Vec::new()));
        }
        let projections = self.rebuilt(&db)?;
        if !projections.is_empty() {
            return Ok(verification(slug, verified, projections));
        }
        let mut texts = db.read(texts)?;
        texts.extend(attached(&db, &self.folder.files(slug)?)?);
        let first = texts.iter().map(|(seq, _)| *seq).min();
        let found = verification(slug, verified, texts.into_iter().map(|(_, sentence)| sentence).collect());
        // What the contract decides is asked of texts that are those which were signed, and of no others.
        let remarks = if found.sound { db.read::<_, AppError, _>(other_hours)? } else { Vec::new() };
        Ok(Verification { first_wrong_entry: first, remarks, ..found })
    }

    /// The vault's database for reading only: a log that contradicts itself must still open.
    fn examine(&self, slug: &str) -> Result<Database> {
        let options = store::Options { mode: store::Mode::ReadOnly, readers: 1, ..store::Options::default() };
        Ok(Database::open(self.folder.vault(slug)?, &store::vault::SCHEMA, options)?)
    }

    fn rebuilt(&self, db: &Database) -> Result<Vec<Bilingual>> {
        // Other processes verify in the same place: the name never comes from a seed.
        let name = journal::tree::hex(&entropy::bytes(&entropy::Os));
        let scratch = std::env::temp_dir().join(format!("regisseur-rebuild-{name}"));
        std::fs::create_dir(&scratch).map_err(AppError::fault)?;
        let differences = rebuild::compare(db, &scratch);
        std::fs::remove_dir_all(&scratch).map_err(AppError::fault)?;
        Ok(differences?.iter().map(rebuild::Difference::sentence).collect())
    }
}

/// The signed texts and the statements that the entries name by their hash, those that are not what
/// was journaled: the entry, and what is wrong with what it names.
fn texts(tx: &mut dyn Tx) -> Result<Vec<(u64, Bilingual)>> {
    let mut wrong = Vec::new();
    let versions = agreement::all(tx)?;
    for version in &versions {
        let kept = agreement::text(tx, &version.text_hash)?;
        let same = kept
            .as_deref()
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .is_some_and(|text| contract::text_hash(text) == version.text_hash);
        if !same {
            let (number, n, seq) = (&version.number, version.version, version.seq);
            let sentence = Bilingual::new(
                format!(
                    "Entrée {seq} : le texte gardé de {number}, version {n}, n'est pas celui qui fut signé."
                ),
                format!("Entry {seq}: the text kept of {number}, version {n}, is not the one signed."),
            );
            wrong.push((seq, sentence));
        }
    }
    let mut contracts: Vec<ContractId> = versions.iter().map(|v| v.contract).collect();
    contracts.dedup();
    for contract in contracts {
        for closed in month::all(tx, contract)? {
            let hash = &closed.figures.statement_hash;
            if agreement::text(tx, hash)?.is_none_or(|bytes| statement_hash(&bytes) != *hash) {
                let (month, seq) = (&closed.figures.month, closed.seq);
                let sentence = Bilingual::new(
                    format!("Entrée {seq} : l'état gardé de {month} n'est pas celui qui fut arrêté."),
                    format!("Entry {seq}: the statement kept of {month} is not the one closed."),
                );
                wrong.push((seq, sentence));
            }
        }
    }
    Ok(wrong)
}

/// The time whose hours contradict the instant at which it began, where its contract decides by it: it was entered
/// before the contract was asked, or by a program that does not ask.
fn other_hours(tx: &mut dyn Tx) -> Result<Vec<Bilingual>> {
    let (agreements, size) = (Agreements::load(tx)?, log::size(tx)?);
    let (mut remarks, mut next) = (Vec::new(), 0);
    while next < size {
        for entry in log::entries(tx, next, PAGE)? {
            next = entry.seq + 1;
            let envelope = Envelope::parse(&entry.bytes).map_err(AppError::fault)?;
            let told = match Event::parse(&envelope.kind, &envelope.data) {
                Ok(Event::TimeEntered(event)) => event.time,
                Ok(Event::TimeCorrected(event)) => event.time,
                _ => continue,
            };
            // What was corrected since is judged as it stands.
            if time::by_id(tx, told.entry)?.as_ref() != Some(&told) {
                continue;
            }
            if let Some((ticket, reasons)) = contradiction(tx, &agreements, &told)? {
                let (seq, number) = (entry.seq, ticket.number);
                let because = |lang| reasons.iter().map(|r| r.text.get(lang)).collect::<Vec<_>>().join(" ");
                let article = reasons.iter().find_map(|r| r.cites.as_ref());
                let article = article.map_or_else(String::new, |from| format!(" ({})", from.cite()));
                let (fr, en) = (because(Lang::Fr), because(Lang::En));
                remarks.push(Bilingual::new(
                    format!("Entrée {seq} : les heures du temps passé sur le ticket {number} ne sont pas celles que dit le contrat{article}. {fr}"),
                    format!("Entry {seq}: the hours of time spent on ticket {number} are not those that the contract says{article}. {en}"),
                ));
            }
        }
    }
    Ok(remarks)
}

/// The attached files that are not on disk as their entries say: the entry, and what is wrong. A file
/// whose names were all erased may be gone.
fn attached(db: &Database, files: &Blobs) -> Result<Vec<(u64, Bilingual)>> {
    let (mut wrong, mut after) = (Vec::new(), String::new());
    loop {
        let from = after.clone();
        let page = db.read::<_, AppError, _>(move |tx| Ok(file::hashes(tx, &from, 1_000)?))?;
        let Some(last) = page.last() else { return Ok(wrong) };
        after = last.sha256.clone();
        for named in page {
            let (seq, hash) = (named.seq, &named.sha256[..12]);
            let sentence = match files.check(&named.sha256)? {
                Found::Intact => continue,
                Found::Missing if named.erased => continue,
                Found::Missing => Bilingual::new(
                    format!("Entrée {seq} : le fichier joint {hash}… manque, sans effacement autorisé."),
                    format!("Entry {seq}: the attached file {hash}… is missing, no erasure was authorised."),
                ),
                Found::Altered => Bilingual::new(
                    format!("Entrée {seq} : le fichier joint {hash}… n'est plus celui qui fut joint."),
                    format!("Entry {seq}: the attached file {hash}… is no longer the one attached."),
                ),
            };
            wrong.push((seq, sentence));
        }
    }
}

fn damaged(log: &str, what: &str) -> Verification {
    Verification {
        log: log.to_owned(),
        entries: 0,
        checkpoints: 0,
        sound: false,
        first_wrong_entry: None,
        erasures: Vec::new(),
        remarks: Vec::new(),
        findings: vec![Bilingual::new(
            format!("Journal endommagé : {what}."),
            format!("Damaged log: {what}."),
        )],
    }
}

fn trust(verifier: journal::note::VerifierKey) -> Trust {
    let origin = verifier.name().to_owned();
    Trust::in_key(&origin, verifier)
}

fn verification(log: &str, verified: Verified, projections: Vec<Bilingual>) -> Verification {
    let mut findings = verified.sentences();
    if verified.is_sound() {
        findings.clear();
    }
    let sound = verified.is_sound() && projections.is_empty();
    findings.extend(projections);
    Verification {
        log: log.to_owned(),
        entries: verified.log.entries,
        checkpoints: verified.log.checkpoints,
        sound,
        first_wrong_entry: verified.first_wrong_entry(),
        erasures: verified.erasures,
        findings,
        remarks: Vec::new(),
    }
}

fn entry_line(entry: &log::Entry) -> Result<EntryLine> {
    let envelope = Envelope::parse(&entry.bytes).map_err(AppError::fault)?;
    Ok(EntryLine {
        seq: entry.seq,
        at: Timestamp::from_microsecond(envelope.t).map_err(AppError::fault)?,
        event: Event::parse(&envelope.kind, &envelope.data).ok(),
        kind: envelope.kind,
        actor: envelope.actor,
        contract: envelope.contract,
        subject: envelope.subject.into_iter().collect(),
        ticket: None,
        leaf: journal::tree::hex(&entry.leaf),
    })
}
