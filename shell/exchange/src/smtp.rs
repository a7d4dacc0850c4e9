//! Letters out, by SMTP to a relay.

use std::time::Duration;

use app::mail::{Address, Delivery, Letter};
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{SmtpTransport, Transport};

use crate::config::Server;
use crate::tls::Security;

const PATIENCE: Duration = Duration::from_secs(30);

/// The relay that takes our letters.
pub struct Relay {
    transport: SmtpTransport,
    /// What is returned comes back to this mailbox.
    returns: String,
}

impl Relay {
    /// Nothing is opened before the first letter. The error is one sentence for the operator.
    pub fn new(server: &Server, returns: &str) -> Result<Relay, String> {
        let builder = match server.security {
            Security::Tls => SmtpTransport::relay(&server.host).map_err(|e| e.to_string())?,
            Security::StartTls => SmtpTransport::starttls_relay(&server.host).map_err(|e| e.to_string())?,
            Security::None => SmtpTransport::builder_dangerous(&server.host),
        };
        let builder = match &server.authority {
            Some(file) if server.security != Security::None => builder.tls(of_authority(server, file)?),
            _ => builder,
        };
        let mut builder = builder.port(server.port).timeout(Some(PATIENCE));
        if let Some((name, password)) = &server.login {
            builder = builder.credentials(Credentials::new(name.clone(), password.clone()));
        }
        Ok(Relay { transport: builder.build(), returns: returns.to_owned() })
    }

    /// Gives a letter to the relay, and what it answered.
    pub fn send(&self, letter: &Letter) -> Delivery {
        let message = match message(letter, &self.returns) {
            Ok(message) => message,
            Err(why) => return Delivery::Never(why),
        };
        match self.transport.send(&message) {
            Ok(_) => Delivery::Sent,
            Err(e) if is_for_good(&e) => Delivery::Never(whole(&e)),
            Err(e) => Delivery::Later(whole(&e)),
        }
    }
}

/// TLS with the firm's own authority, and no other.
fn of_authority(server: &Server, file: &std::path::Path) -> Result<Tls, String> {
    let said = |e: &dyn std::fmt::Display| format!("{}: {e}", file.display());
    let pem = std::fs::read(file).map_err(|e| said(&e))?;
    let authority = Certificate::from_pem(&pem).map_err(|e| said(&e))?;
    let parameters = TlsParameters::builder(server.host.clone())
        .certificate_store(CertificateStore::None)
        .add_root_certificate(authority)
        .build()
        .map_err(|e| said(&e))?;
    Ok(match server.security {
        Security::Tls => Tls::Wrapper(parameters),
        Security::StartTls | Security::None => Tls::Required(parameters),
    })
}

/// Whether the relay will never take this letter. A refusal of our name, password or grammar (RFC 5321,
/// 4.2.3 and RFC 4954, 6) is the operator's to mend, and says nothing of the letter.
fn is_for_good(e: &Error) -> bool {
    let code = e.status().map(u16::from);
    e.is_permanent() && !matches!(code, None | Some(500..=504 | 521 | 530 | 534 | 535 | 538))
}

fn whole(e: &Error) -> String {
    let mut text = e.to_string();
    let mut cause = std::error::Error::source(e);
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    text
}

fn message(letter: &Letter, returns: &str) -> Result<Message, String> {
    let mailbox = |a: &Address| -> Result<Mailbox, String> {
        let email = a.email.parse().map_err(|e| format!("{}: {e}", a.email))?;
        Ok(Mailbox::new((!a.name.is_empty()).then(|| a.name.clone()), email))
    };
    let address = |text: &str| text.parse::<lettre::Address>().map_err(|e| format!("{text}: {e}"));
    let (from, to) = (mailbox(&letter.from)?, mailbox(&letter.to)?);
    let envelope = Envelope::new(Some(address(returns)?), vec![to.email.clone()]);
    let reply_to = Mailbox::new(Some(letter.from.name.clone()), address(&letter.reply_to)?);
    let mut builder = Message::builder()
        .from(from)
        .to(to)
        .reply_to(reply_to)
        .subject(letter.subject.as_str())
        .message_id(Some(format!("<{}>", letter.message_id)))
        .envelope(envelope.map_err(|e| e.to_string())?)
        // RFC 3834: written by a program; whoever answers by a program does not answer it.
        .raw_header(raw("Auto-Submitted", "auto-generated")?)
        .raw_header(raw("X-Auto-Response-Suppress", "All")?)
        .raw_header(raw("Content-Language", letter.lang.tag())?);
    if let Some(last) = letter.references.last() {
        let all: Vec<String> = letter.references.iter().map(|id| format!("<{id}>")).collect();
        builder = builder.references(all.join(" ")).in_reply_to(format!("<{last}>"));
    }
    if let Some(list) = &letter.list_id {
        builder = builder.raw_header(raw("List-Id", &format!("<{list}>"))?);
    }
    builder
        .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
        .map_err(|e| e.to_string())
}

fn raw(name: &str, value: &str) -> Result<HeaderValue, String> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|e| e.to_string())?;
    Ok(HeaderValue::new(name, value.to_owned()))
}
