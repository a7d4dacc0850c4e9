//! A mail read out of its bytes. They are hostile: nothing here trusts a length, a name or a header.

use app::App;
use app::mail::{Incoming, MailSettings, Part, Taken};
use data_encoding::HEXLOWER_PERMISSIVE;
use mail_parser::{HeaderName, HeaderValue, Message, MessageParser, MimeHeaders};
use sha2::{Digest, Sha256};

use crate::cut;
use crate::trust::{Belief, Trust};

/// The largest mail taken, in bytes.
pub const LARGEST: usize = 30 * 1024 * 1024;
/// Text parts read of one mail.
const TEXTS: usize = 8;
/// Bytes read of those texts together: fifty times what a ticket takes.
const LONGEST_TEXT: usize = 1 << 20;
/// Files read of one mail; the ticket takes fewer and names the others.
const FILES: usize = 50;
/// Addresses and identifiers read of one mail.
const NAMES: usize = 200;

/// What the transport says of a mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// Whom to tell of a failure: empty for a mail that must not be answered, `None` when it is not known.
    pub from: Option<String>,
    pub to: Vec<String>,
}

/// Takes a mail, whatever brought it. Once: the same bytes again give what became of them.
///
/// Nothing was taken when this fails: it may be brought again.
pub fn receive(app: &App, trust: &Trust, bytes: &[u8], envelope: &Envelope) -> app::Result<Taken> {
    let settings = app.mail_settings().ok_or(app::AppError::NotFound)?;
    app.take_mail(&read(settings, trust, bytes, envelope))
}

/// Reads a mail; what cannot be read is empty.
pub fn read(settings: &MailSettings, trust: &Trust, bytes: &[u8], envelope: &Envelope) -> Incoming {
    let Some(message) = MessageParser::default().parse(bytes) else {
        return Incoming { identity: Sha256::digest(bytes).into(), ..Incoming::default() };
    };
    let from = addresses(&message, &HeaderName::From);
    let message_id = message.message_id().unwrap_or_default().chars().take(500).collect::<String>();
    let references = references(&message);
    let texts = (0..message.text_body_count().min(TEXTS)).filter_map(|at| message.body_text(at));
    let mut text = texts.collect::<Vec<_>>().join("\n");
    text.truncate(text.floor_char_boundary(LONGEST_TEXT));
    let text = text.replace("\r\n", "\n").replace('\0', "");
    let belief = trust.believes(&message, from.first().map_or("", String::as_str));
    Incoming {
        identity: identity(&message, bytes, &message_id, &from),
        automatic: automatic(settings, &message, envelope, &message_id),
        returned: returned(settings, &message, bytes),
        believed: belief > Belief::None,
        signed: belief == Belief::Signed,
        to: recipients(&message, envelope),
        subject: message.subject().unwrap_or_default().split(char::is_control).collect::<Vec<_>>().join(" "),
        text: cut::own_words(&text),
        files: files(&message),
        message_id,
        from,
        references,
    }
}

/// What tells a mail from any other however many relays it went through: not the headers that they add.
fn identity(message: &Message<'_>, bytes: &[u8], id: &str, from: &[String]) -> [u8; 32] {
    let body = message.root_part().offset_body as usize;
    let mut hash = Sha256::new();
    for part in [id, &from.join(","), message.subject().unwrap_or_default()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.update(message.date().map_or(0, |d| d.to_timestamp()).to_be_bytes());
    hash.update(bytes.get(body..).unwrap_or(bytes));
    hash.finalize().into()
}

/// The addresses of every header of a name, in lower case.
fn addresses(message: &Message<'_>, name: &HeaderName<'_>) -> Vec<String> {
    let of_name = message.headers().iter().filter(|h| &h.name == name);
    let lists = of_name.filter_map(|h| h.value.as_address());
    lists
        .flat_map(|list| list.iter())
        .filter_map(|a| a.address.as_deref())
        .map(str::to_lowercase)
        .take(NAMES)
        .collect()
}

/// Those of the envelope, then of the headers that a relay or the sender wrote.
fn recipients(message: &Message<'_>, envelope: &Envelope) -> Vec<String> {
    let mut all: Vec<String> = envelope.to.iter().map(|a| a.to_lowercase()).collect();
    for name in ["Delivered-To", "X-Original-To", "Envelope-To"] {
        let raw = message.header_raw(name).map(|v| v.trim().trim_matches(['<', '>']).to_lowercase());
        all.extend(raw.filter(|a| a.contains('@')));
    }
    all.extend(addresses(message, &HeaderName::To));
    all.extend(addresses(message, &HeaderName::Cc));
    all.truncate(NAMES);
    all
}

/// The identifiers that it follows, oldest first: those it answers come last.
fn references(message: &Message<'_>) -> Vec<String> {
    let ids = |value: &HeaderValue<'_>| -> Vec<String> {
        match (value.as_text_list(), value.as_text()) {
            (Some(list), _) => list.iter().map(|id| id.to_string()).collect(),
            (None, Some(one)) => vec![one.to_owned()],
            (None, None) => Vec::new(),
        }
    };
    let mut all = ids(message.references());
    all.extend(ids(message.in_reply_to()));
    let beyond = all.len().saturating_sub(NAMES);
    all.split_off(beyond)
}

/// Why a mail was written by a program (RFC 3834, 2 and 5), or is our own come round.
fn automatic(
    settings: &MailSettings,
    message: &Message<'_>,
    envelope: &Envelope,
    id: &str,
) -> Option<String> {
    let header = |name: &'static str| {
        message.header_raw(name).map(|value| value.trim().to_lowercase()).filter(|value| !value.is_empty())
    };
    let returns = header("Return-Path");
    let why = if row_of(settings, id).is_some() {
        "own"
    } else if envelope.from.as_deref() == Some("") || returns.is_some_and(|r| r == "<>") {
        "no_return"
    } else if header("Auto-Submitted").is_some_and(|v| v.split(';').next().map(str::trim) != Some("no")) {
        "auto_submitted"
    } else if header("Precedence").is_some_and(|v| ["bulk", "junk", "list", "auto_reply"].contains(&&*v)) {
        "precedence"
    } else if ["X-Loop", "X-Autoreply", "X-Autorespond", "List-Id"].iter().any(|name| header(name).is_some())
    {
        "loop"
    } else {
        return None;
    };
    Some(why.to_owned())
}

/// The rows of our letters that a report (RFC 3464) says were not delivered.
fn returned(settings: &MailSettings, message: &Message<'_>, bytes: &[u8]) -> Vec<uuid::Uuid> {
    let is_report = message.content_type().is_some_and(|t| {
        t.ctype() == "multipart" && t.subtype().is_some_and(|s| s.eq_ignore_ascii_case("report"))
    });
    if !is_report {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(bytes);
    if !text.to_lowercase().contains("action: failed") {
        return Vec::new();
    }
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>'));
    let mut rows: Vec<uuid::Uuid> = words.filter_map(|word| row_of(settings, word)).collect();
    rows.sort();
    rows.dedup();
    rows.truncate(NAMES);
    rows
}

/// The row of the queue that an identifier of ours names: `token.row@host`.
fn row_of(settings: &MailSettings, id: &str) -> Option<uuid::Uuid> {
    let (name, host) = id.split_once('@')?;
    let (_, row) = name.split_once('.')?;
    let bytes: [u8; 16] = HEXLOWER_PERMISSIVE.decode(row.as_bytes()).ok()?.try_into().ok()?;
    host.eq_ignore_ascii_case(&settings.host).then(|| uuid::Uuid::from_bytes(bytes))
}

fn files(message: &Message<'_>) -> Vec<Part> {
    let name = |part: &mail_parser::MessagePart<'_>, at: usize| match part.attachment_name() {
        Some(name) => name.chars().take(200).collect(),
        None if part.is_message() => format!("message-{}.eml", at + 1),
        None => format!("piece-{}", at + 1),
    };
    let parts = message.attachments().take(FILES).enumerate();
    parts
        .map(|(at, part)| {
            let bytes = match part.message() {
                Some(inner) => inner.raw_message().to_vec(),
                None => part.contents().to_vec(),
            };
            Part { name: name(part, at), bytes }
        })
        .filter(|part| !part.bytes.is_empty())
        .collect()
}
