//! Mail that comes: whose it is, which ticket it is for, and what it becomes.
//!
//! A mail acts with the rights of its sender and no others: a token names a ticket, and opens nothing to
//! whoever could not write there on the site. What cannot be told for sure waits for somebody's decision.
//! Each is taken once: its identity is the key of what it does in the vault, so a crash between the vault
//! and the row that remembers it does nothing twice.

use base::Lang;
use base::id::CustomerId;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use store::instance::{mail, mail_in};
use uuid::Uuid;

use super::MailSettings;
use crate::access::{Act, Permit, Principal};
use crate::error::{AppError, Result};
use crate::file::NewFile;
use crate::instance::App;
use crate::ticket::{IdempotencyKey, OpenTicket, StepCommand};

const HOUR: i64 = 3600 * 1_000_000;
/// Mails of one address in an hour; the next ones wait for a decision.
const AN_HOUR: u64 = 30;
/// Mails of one address in an hour beyond which the next ones are dropped: a loop, not a person.
const A_LOOP: u64 = 60;
/// Mails that wait for a decision; beyond it the relay is asked to come back.
const WAITING: u64 = 1_000;
/// Bytes of those, together: strangers do not fill the disk.
const WAITING_BYTES: u64 = 500_000_000;
/// Characters of a ticket's title and of a message, as the site takes them, less a note about files.
const LONGEST_TITLE: usize = 200;
const LONGEST_TEXT: usize = 19_000;

/// What tokens are written in.
const BASE32: &[u8] = b"abcdefghijklmnopqrstuvwxyz234567";

/// A mail, read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incoming {
    /// SHA-256 of what tells it from any other: its identifier, sender, date and body.
    pub identity: [u8; 32],
    /// Without angle brackets; empty when it has none.
    pub message_id: String,
    /// The addresses of its `From`, in lower case. One is expected.
    pub from: Vec<String>,
    /// Every address it was sent to, by its envelope and its headers.
    pub to: Vec<String>,
    /// The identifiers of the mails that it follows, without angle brackets.
    pub references: Vec<String>,
    pub subject: String,
    /// What its sender wrote, without what they quote.
    pub text: String,
    pub files: Vec<Part>,
    /// Why it was written by a program, if it was.
    pub automatic: Option<String>,
    /// It says that letters of ours were not delivered, by their rows.
    pub returned: Vec<Uuid>,
    /// The relay vouches for the address of its sender.
    pub believed: bool,
    /// It does so by a signature of the sender's domain (DKIM): what commits money asks for it.
    #[serde(default)]
    pub signed: bool,
}

/// A file that came with a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub name: String,
    #[serde(with = "base64")]
    pub bytes: Vec<u8>,
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    Opened,
    Replied,
    /// It waits for somebody's decision.
    Quarantined,
    /// It is none of anybody's business: a program's answer, a loop.
    Ignored,
    /// Somebody, or a block, turned it away.
    Rejected,
    /// A letter of ours came back.
    Returned,
}

impl Fate {
    pub const ALL: [Fate; 6] =
        [Fate::Quarantined, Fate::Opened, Fate::Replied, Fate::Ignored, Fate::Rejected, Fate::Returned];

    pub fn key(self) -> &'static str {
        match self {
            Fate::Opened => "opened",
            Fate::Replied => "replied",
            Fate::Quarantined => "quarantined",
            Fate::Ignored => "ignored",
            Fate::Rejected => "rejected",
            Fate::Returned => "returned",
        }
    }

    pub fn from_key(key: &str) -> Option<Fate> {
        Fate::ALL.into_iter().find(|f| f.key() == key)
    }
}

/// What became of a mail, why, and in which ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub fate: Fate,
    /// A stable key, `unknown_sender`; for what the rules refused, `refused: ` and their words.
    pub why: String,
    pub ticket: Option<(CustomerId, u64)>,
}

/// Where a mail belongs.
enum Place {
    Ticket(CustomerId, u64),
    /// It answers something of ours that no token finds.
    Lost,
    New,
}

impl App {
    /// Takes a mail, once; a second time gives what became of it the first.
    ///
    /// [`AppError::Busy`] and faults: nothing was taken; it may be brought again.
    pub fn take_mail(&self, mail: &Incoming) -> Result<Taken> {
        let settings = self.mail.get().ok_or(AppError::NotFound)?;
        let identity = mail.identity;
        let known =
            self.instance.read::<_, AppError, _>(move |tx| Ok(mail_in::by_identity(tx, &identity)?))?;
        if let Some(known) = known {
            return taken(&known);
        }
        let (done, by) = self.decide(settings, mail)?;
        let waits = done.fate == Fate::Quarantined;
        let kept = waits.then(|| serde_json::to_vec(mail).map_err(AppError::fault)).transpose()?;
        let row = mail_in::Mail {
            id: self.id(base::id::uuid_v7),
            identity,
            message_id: mail.message_id.clone(),
            sender: sender(mail),
            received: self.micros(),
            fate: done.fate.key().to_owned(),
            why: done.why.clone(),
            account: by.map(|p| p.account.0),
            ticket: done.ticket.map(|(customer, number)| (customer.0, number)),
            decided_by: None,
            says: waits.then(|| says(mail)),
        };
        self.instance.write::<_, AppError, _>(move |tx| {
            if let Some(kept) = &kept
                && !has_room(mail_in::weight(tx, Fate::Quarantined.key())?, kept.len())
            {
                return Err(AppError::Busy);
            }
            Ok(mail_in::add(tx, &row, kept.as_deref()).map(drop)?)
        })?;
        Ok(done)
    }

    fn decide(&self, settings: &MailSettings, mail: &Incoming) -> Result<(Taken, Option<Principal>)> {
        let only = |fate, why: &str| Ok((Taken { fate, why: why.to_owned(), ticket: None }, None));
        if !mail.returned.is_empty() {
            let ids = mail.returned.clone();
            let now = self.micros();
            self.instance.write::<_, AppError, _>(move |tx| {
                for id in &ids {
                    if mail::by_id(tx, *id)?.is_some_and(|m| m.state == mail::State::Sent) {
                        mail::end(tx, *id, mail::State::Failed, now, Some("returned"))?;
                    }
                }
                Ok(())
            })?;
            return only(Fate::Returned, "returned");
        }
        if let Some(why) = &mail.automatic {
            return only(Fate::Ignored, why);
        }
        let from = sender(mail);
        let ours = [&settings.from.email, &settings.answers].map(|a| a.to_lowercase());
        if ours.contains(&from) || self.is_a_sender(&from) {
            return only(Fate::Ignored, "own");
        }
        if mail.from.len() != 1 {
            return only(Fate::Quarantined, "several_senders");
        }
        let asked = from.clone();
        if self.instance.read::<_, AppError, _>(move |tx| Ok(mail_in::is_blocked(tx, &asked)?))? {
            return only(Fate::Rejected, "blocked");
        }
        let person = if mail.believed { self.correspondent_at(&from)? } else { None };
        // What only says that it is theirs is counted apart: nobody is silenced by those who write in their
        // name.
        let (since, sure) = (self.micros() - HOUR, person.is_some());
        let lately =
            self.instance.read::<_, AppError, _>(move |tx| Ok(mail_in::count_of(tx, &from, since, sure)?))?;
        let Some(person) = person else {
            return match lately {
                A_LOOP.. => only(Fate::Ignored, "too_many"),
                _ if mail.believed => only(Fate::Quarantined, "unknown_sender"),
                _ => only(Fate::Quarantined, "not_believed"),
            };
        };
        let too_many =
            |fate| Ok((Taken { fate, why: "too_many".to_owned(), ticket: None }, Some(person.clone())));
        match lately {
            ..AN_HOUR => {}
            AN_HOUR..A_LOOP => return too_many(Fate::Quarantined),
            _ => return too_many(Fate::Ignored),
        }
        if mail.text.trim().is_empty() && mail.files.is_empty() {
            return only(Fate::Ignored, "empty");
        }
        Ok((self.deliver(settings, mail, &person, None)?, Some(person)))
    }

    /// What a mail does when it is somebody's; one that answers nothing opens a ticket of `customer`, or of
    /// their own.
    pub(super) fn deliver(
        &self,
        settings: &MailSettings,
        mail: &Incoming,
        person: &Principal,
        customer: Option<CustomerId>,
    ) -> Result<Taken> {
        let quarantined =
            |why: &str| Ok(Taken { fate: Fate::Quarantined, why: why.to_owned(), ticket: None });
        let done = match self.place(settings, mail)? {
            Place::Lost if customer.is_none() => return quarantined("unknown_thread"),
            Place::Ticket(customer, number) => match person.permit(Act::Reply, customer) {
                Ok(permit) => self.answer(&permit, mail, number),
                // Somebody else's ticket, as if it did not exist: nothing tells the sender that it does.
                Err(_) => return quarantined("foreign_thread"),
            },
            Place::New | Place::Lost => {
                let own = customer.or(person.customer).filter(|c| person.may_for(Act::OpenTicket, *c));
                let Some(customer) = own else { return quarantined("no_customer") };
                self.ask(&person.permit(Act::OpenTicket, customer)?, mail)
            }
        };
        match done {
            Err(AppError::NotFound) => quarantined("foreign_thread"),
            Err(AppError::Refused(refusal)) => quarantined(&format!("refused: {}", refusal.text.fr)),
            Err(AppError::Invalid(invalid)) => quarantined(&format!("refused: {}", invalid.text.fr)),
            Err(AppError::IdempotencyConflict) => quarantined("changed"),
            other => other,
        }
    }

    /// The ticket that a mail answers: by a token in its addresses or in what it follows, or by the mark in
    /// its subject.
    fn place(&self, settings: &MailSettings, mail: &Incoming) -> Result<Place> {
        let tokens: Vec<String> = tokens(settings, mail);
        for token in &tokens {
            let found = self.instance.read::<_, AppError, _>(|tx| Ok(mail::thread(tx, token)?))?;
            if let Some((vault, number, _)) = found {
                return Ok(Place::Ticket(CustomerId(vault), number));
            }
        }
        // What answers a letter outside any thread, an internal note's above all, goes to no ticket, whatever mark
        // a title that it quotes may hold.
        if !tokens.iter().any(|token| token == ASIDE)
            && let Some((slug, number)) = marked(&mail.subject)
            && let Ok(customer) = self.find_customer(slug)
        {
            return Ok(Place::Ticket(customer, number));
        }
        Ok(if tokens.is_empty() { Place::New } else { Place::Lost })
    }

    fn answer(&self, permit: &Permit, mail: &Incoming, number: u64) -> Result<Taken> {
        let lang = self.preferences(permit.by().account)?.lang;
        let (files, mut text) = self.prepared(permit, number, mail, lang)?;
        if let Some(untaken) = self.agree_by_mail(permit, &key(mail)?, number, mail, lang)? {
            text.push_str("\n\n");
            text.push_str(&untaken);
        }
        let command = StepCommand::Reply { body: text };
        self.step_with_files(permit, &key(mail)?, number, &command, None, files)?;
        Ok(Taken { fate: Fate::Replied, why: String::new(), ticket: Some((permit.customer(), number)) })
    }

    fn ask(&self, permit: &Permit, mail: &Incoming) -> Result<Taken> {
        let lang = self.preferences(permit.by().account)?.lang;
        let title: String = mail.subject.trim().chars().take(LONGEST_TITLE).collect();
        let title = if title.is_empty() { lang.t("(sans objet)", "(no subject)").to_owned() } else { title };
        let ask = OpenTicket {
            title,
            description: cut(&mail.text),
            channel: Some("email".to_owned()),
            ..OpenTicket::default()
        };
        let opened = self.open_from(permit, &key(mail)?, &ask, crate::ticket::Origin::Mail)?;
        let ticket = Some((permit.customer(), opened.number));
        if !mail.files.is_empty() || mail.text.chars().count() > LONGEST_TEXT {
            self.join_files(permit, mail, opened.number, lang)?;
        }
        Ok(Taken { fate: Fate::Opened, why: String::new(), ticket })
    }

    /// The files of a mail that opened a ticket: joined to it, and those not taken named in a message.
    fn join_files(&self, permit: &Permit, mail: &Incoming, number: u64, lang: Lang) -> Result<()> {
        let reply = permit.by().permit(Act::Reply, permit.customer())?;
        let (files, text) =
            self.prepared(&reply, number, &Incoming { text: String::new(), ..mail.clone() }, lang)?;
        let mut key = key(mail)?;
        if text != nothing_said(lang) {
            let command = StepCommand::Reply { body: text };
            self.step_with_files(&reply, &key, number, &command, None, files)?;
            return Ok(());
        }
        if !files.is_empty() {
            key = IdempotencyKey::parse(&format!("mail-files-{}", HEXLOWER.encode(&mail.identity)))?;
            self.attach_files(&reply, &key, number, events::Visibility::Public, files)?;
        }
        Ok(())
    }

    /// The files of a mail as a ticket takes them, and its text with the names of those that it does not.
    fn prepared(
        &self,
        permit: &Permit,
        number: u64,
        mail: &Incoming,
        lang: Lang,
    ) -> Result<(Vec<NewFile>, String)> {
        let mut text = cut(&mail.text);
        let (mut files, mut left) = (Vec::new(), Vec::new());
        for part in &mail.files {
            if files.len() == crate::file::AT_ONCE {
                left.push(part.name.as_str());
                continue;
            }
            let mut upload = self.begin_upload(permit, number)?;
            let written = part.bytes.chunks(1 << 16).try_for_each(|chunk| upload.write(chunk));
            match written.and_then(|()| upload.finish(&part.name)) {
                Ok(file) => files.push(file),
                Err(AppError::Refused(_)) => left.push(part.name.as_str()),
                Err(e) => return Err(e),
            }
        }
        if text.is_empty() {
            text = nothing_said(lang).to_owned();
        }
        if !left.is_empty() {
            let names: String = left.join(", ").chars().take(500).collect();
            text.push_str("\n\n");
            text.push_str(&lang.t(
                format!(
                    "[Pièces jointes non prises, trop grandes, trop nombreuses ou programmes\u{a0}: {names}]"
                ),
                format!("[Attachments not taken, too large, too many or programs: {names}]"),
            ));
        }
        Ok((files, text))
    }

    /// Forgets the mail received before three months, and what waited all that time.
    pub fn forget_old_incoming(&self) -> Result<()> {
        let before = self.micros() - 90 * 24 * HOUR;
        self.instance.write::<_, AppError, _>(move |tx| Ok(mail_in::forget(tx, before)?))
    }
}

/// Whether one more mail of some bytes may wait beside so many, of so many bytes together.
fn has_room((count, bytes): (u64, u64), more: usize) -> bool {
    count < WAITING && bytes.saturating_add(more as u64) <= WAITING_BYTES
}

/// What whoever decides reads of a mail: as much of its text as a ticket would hold.
fn says(mail: &Incoming) -> mail_in::Says {
    let short = |text: &str| text.chars().take(LONGEST_TITLE).collect::<String>();
    mail_in::Says {
        subject: short(&mail.subject),
        text: cut(&mail.text),
        files: mail.files.iter().map(|f| short(&f.name)).collect(),
    }
}

pub(super) fn taken(row: &mail_in::Mail) -> Result<Taken> {
    let fate = Fate::from_key(&row.fate).ok_or_else(|| AppError::fault(format!("fate {}", row.fate)))?;
    let ticket = row.ticket.map(|(vault, number)| (CustomerId(vault), number));
    Ok(Taken { fate, why: row.why.clone(), ticket })
}

fn sender(mail: &Incoming) -> String {
    mail.from.first().map(|a| a.chars().take(254).collect()).unwrap_or_default()
}

pub(super) fn key(mail: &Incoming) -> Result<IdempotencyKey> {
    IdempotencyKey::parse(&format!("mail-{}", HEXLOWER.encode(&mail.identity)))
}

fn nothing_said(lang: Lang) -> &'static str {
    lang.t("(message sans texte)", "(message without text)")
}

/// What a ticket holds of a text, and that there was more.
fn cut(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= LONGEST_TEXT {
        return text.to_owned();
    }
    let kept: String = text.chars().take(LONGEST_TEXT).collect();
    format!("{kept}\n[…]")
}

/// In the place of a token, in the names of our letters that begin no thread.
const ASIDE: &str = "letter";

/// What looks like a token of ours, in the addresses first.
fn tokens(settings: &MailSettings, mail: &Incoming) -> Vec<String> {
    let answers = settings.answers.to_lowercase();
    let (local, domain) = answers.split_once('@').unwrap_or((&answers, ""));
    let in_addresses = mail.to.iter().filter_map(|address| {
        let (name, at) = address.split_once('@')?;
        let (mailbox, token) = name.split_once('+')?;
        (mailbox.eq_ignore_ascii_case(local) && at.eq_ignore_ascii_case(domain)).then(|| token.to_lowercase())
    });
    let in_references = mail.references.iter().rev().filter_map(|id| {
        let (name, at) = id.split_once('@')?;
        let token = name.split('.').next()?;
        // Programs of the provider's people name their own mail after the same domain.
        let ours = token == ASIDE || (token.len() == 24 && token.bytes().all(|b| BASE32.contains(&b)));
        (ours && at.eq_ignore_ascii_case(&settings.host)).then(|| token.to_owned())
    });
    in_addresses.chain(in_references).filter(|t| t.len() <= 64).collect()
}

/// The mark of our subjects: `[atelier #12] …`, after any `Re:`. Further on it is somebody's words.
fn marked(subject: &str) -> Option<(&str, u64)> {
    let mut rest = subject.trim_start();
    while let Some((_, after)) = rest.split_once(':').filter(|(prefix, _)| is_reply(prefix)) {
        rest = after.trim_start();
    }
    let (mark, _) = rest.strip_prefix('[')?.split_once(']')?;
    let (slug, number) = mark.split_once(" #")?;
    let plain = slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    (plain && !slug.is_empty()).then_some(())?;
    Some((slug, number.parse().ok()?))
}

/// `Re`, `RE `, `TR`, `Fwd`, `Re[2]`: what mail programs put before the subject of what they answer or forward.
fn is_reply(prefix: &str) -> bool {
    let word = prefix.trim_end().trim_end_matches(|c: char| c.is_ascii_digit() || c == '[' || c == ']');
    (1..=4).contains(&word.chars().count()) && word.chars().all(char::is_alphabetic)
}

mod base64 {
    use data_encoding::BASE64;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&BASE64.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        BASE64.decode(String::deserialize(from)?.as_bytes()).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_bounded_in_number_and_in_bytes() {
        assert!(has_room((0, 0), 40_000_000) && has_room((999, 460_000_000), 40_000_000));
        assert!(!has_room((1_000, 0), 1) && !has_room((1, 460_000_001), 40_000_000));
    }

    #[test]
    fn the_mark_of_a_subject_is_read_and_no_other() {
        for ours in
            ["[atelier #12]", "Re: RE : [atelier #12] Écran noir", "Réf: TR: Fwd: Re[2]: [atelier #12] x"]
        {
            assert_eq!(marked(ours), Some(("atelier", 12)), "{ours}");
        }
        for other in [
            "[URGENT] Panne",
            "[Atelier #12]",
            "[ #1]",
            "[a #x]",
            "atelier #12",
            "[atelier #12",
            "Panne [atelier #12]",
            "Re: Note interne, atelier n°\u{a0}3\u{a0}: Panne [atelier #12]",
            "Re: Note interne, atelier n°\u{a0}3\u{a0}: [atelier #12]",
        ] {
            assert_eq!(marked(other), None, "{other}");
        }
    }
}
