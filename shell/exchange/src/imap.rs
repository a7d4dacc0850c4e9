//! Mail out of a mailbox, by IMAP (RFC 9051, and RFC 3501 before it).
//!
//! Five commands, read with bounds: what is not seen yet is fetched, taken, then marked as seen. A crash in
//! between fetches it again, and it is taken once all the same. Nothing is moved nor deleted.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::config::Server;
use crate::incoming::{Envelope, LARGEST};
use crate::lmtp::Answer;
use crate::tls::Security;

const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes of one line of an answer, literals left out.
const LONGEST_LINE: usize = 64 * 1024;
/// Lines of one answer.
const LINES: usize = 100_000;
/// Mails taken in one visit; the next visit takes the others.
const A_VISIT: usize = 200;

/// Mails that have to wait, each fetched whole, before a visit turns to the newest: as many again ends it.
const WAITING: usize = 1_000;

/// What one visit did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Visit {
    pub taken: usize,
    /// Too large: marked as seen and flagged, left for somebody to read there.
    pub too_large: usize,
    /// To be brought again at the next visit.
    pub later: usize,
}

/// Takes the mails of a folder that were not seen yet, the oldest first.
pub fn visit(server: &Server, folder: &str, take: &dyn Fn(&[u8], &Envelope) -> Answer) -> Result<Visit> {
    let mut client = Client::enter(server)?;
    client.run(&format!("SELECT {}", quoted(folder)?))?;
    let mut visit = Visit::default();
    let mut unseen = std::collections::VecDeque::from(client.unseen()?);
    // What has to wait does not count: it would stand before the others at each visit. Nor is all of a
    // flood that waits fetched each time: past some of it, the newest mails have their turn.
    while visit.taken + visit.too_large < A_VISIT && visit.later < 2 * WAITING {
        let next = if visit.later < WAITING { unseen.pop_front() } else { unseen.pop_back() };
        let Some(uid) = next else { break };
        match client.fetch(uid)? {
            // Gone meanwhile.
            None => {}
            Some(Fetched::TooLarge) => {
                client.run(&format!("UID STORE {uid} +FLAGS.SILENT (\\Seen \\Flagged)"))?;
                visit.too_large += 1;
            }
            Some(Fetched::Whole(bytes)) => match take(&bytes, &Envelope::default()) {
                Answer::Kept => {
                    client.run(&format!("UID STORE {uid} +FLAGS.SILENT (\\Seen)"))?;
                    visit.taken += 1;
                }
                Answer::Later => visit.later += 1,
            },
        }
    }
    client.run("LOGOUT")?;
    Ok(visit)
}

enum Fetched {
    Whole(Vec<u8>),
    TooLarge,
}

trait Wire: Read + Write {}
impl<T: Read + Write> Wire for T {}

struct Client {
    wire: BufReader<Box<dyn Wire>>,
    tag: u32,
}

/// A line of an answer, with the literals that it held in their place.
#[derive(Debug, Default)]
struct Line {
    text: String,
    literals: Vec<Vec<u8>>,
}

impl Client {
    /// Connects, reads the greeting, signs in.
    fn enter(server: &Server) -> Result<Client> {
        let mut client = Client { wire: BufReader::new(connect(server)?), tag: 0 };
        let greeting = client.line()?;
        if !greeting.text.starts_with("* OK") {
            return Err(wrong("the greeting", &greeting.text));
        }
        let (name, password) =
            server.login.as_ref().ok_or_else(|| Error::other("imap: no user is configured"))?;
        let login = format!("LOGIN {} {}", quoted(name)?, quoted(password)?);
        // What the server answers may hold what it was sent: it is not repeated.
        client.run(&login).map_err(|e| match e.kind() {
            ErrorKind::InvalidData => Error::new(ErrorKind::PermissionDenied, "imap: sign-in refused"),
            _ => e,
        })?;
        Ok(client)
    }

    /// The numbers of what is not seen nor deleted, oldest first.
    fn unseen(&mut self) -> Result<Vec<u32>> {
        let lines = self.run("UID SEARCH UNSEEN UNDELETED")?;
        let found = lines.iter().filter_map(|l| l.text.strip_prefix("* SEARCH"));
        let mut uids: Vec<u32> =
            found.flat_map(|l| l.split_whitespace().filter_map(|n| n.parse().ok())).collect();
        uids.sort_unstable();
        Ok(uids)
    }

    fn fetch(&mut self, uid: u32) -> Result<Option<Fetched>> {
        let sized = self.run(&format!("UID FETCH {uid} (RFC822.SIZE)"))?;
        let Some(size) = sized.iter().find_map(|l| after(&l.text, "RFC822.SIZE ")) else { return Ok(None) };
        if size > LARGEST {
            return Ok(Some(Fetched::TooLarge));
        }
        let lines = self.run(&format!("UID FETCH {uid} (BODY.PEEK[])"))?;
        let body = lines.into_iter().find(|l| l.text.contains("BODY[]"));
        Ok(body.and_then(|mut l| l.literals.pop()).map(Fetched::Whole))
    }

    /// Runs a command and gives the lines of its answer but the last, which must be `OK`.
    fn run(&mut self, command: &str) -> Result<Vec<Line>> {
        self.tag += 1;
        let tag = format!("a{}", self.tag);
        self.wire.get_mut().write_all(format!("{tag} {command}\r\n").as_bytes())?;
        self.wire.get_mut().flush()?;
        let mut lines = Vec::new();
        for _ in 0..LINES {
            let line = self.line()?;
            if let Some(end) = line.text.strip_prefix(&format!("{tag} ")) {
                let verb = command.split(' ').next().unwrap_or_default();
                return if end.starts_with("OK") { Ok(lines) } else { Err(wrong(verb, end)) };
            }
            lines.push(line);
        }
        Err(wrong("an answer", "too many lines"))
    }

    /// The next line; a literal's bytes are read whole, as many as were announced.
    fn line(&mut self) -> Result<Line> {
        let mut line = Line::default();
        loop {
            let mut bytes = Vec::new();
            let room = LONGEST_LINE.saturating_sub(line.text.len()) as u64;
            self.wire.by_ref().take(room).read_until(b'\n', &mut bytes)?;
            if bytes.last() != Some(&b'\n') {
                return Err(Error::new(ErrorKind::UnexpectedEof, "imap: the connection was cut"));
            }
            line.text.push_str(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']));
            let Some(size) = literal(&line.text) else { return Ok(line) };
            let held: usize = line.literals.iter().map(Vec::len).sum();
            if size.saturating_add(held) > LARGEST + LONGEST_LINE {
                return Err(wrong("a literal", "too large"));
            }
            let mut bytes = vec![0; size];
            self.wire.read_exact(&mut bytes)?;
            line.literals.push(bytes);
        }
    }
}

/// The size that a line announces at its end: `{310}`.
fn literal(line: &str) -> Option<usize> {
    let (_, size) = line.strip_suffix('}')?.rsplit_once('{')?;
    size.parse().ok()
}

fn after(line: &str, name: &str) -> Option<usize> {
    let (_, rest) = line.split_once(name)?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn wrong(what: &str, said: &str) -> Error {
    let said: String = said.chars().take(200).collect();
    Error::new(ErrorKind::InvalidData, format!("imap: {what}: {said}"))
}

/// A quoted string; what could end a command cannot be in one.
fn quoted(text: &str) -> Result<String> {
    if text.chars().any(|c| c.is_control() || !c.is_ascii()) {
        return Err(Error::other("imap: names and passwords in plain ASCII only"));
    }
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

fn connect(server: &Server) -> Result<Box<dyn Wire>> {
    let address = (server.host.as_str(), server.port).to_socket_addrs()?.next();
    let address = address.ok_or_else(|| Error::other(format!("imap: {} has no address", server.host)))?;
    let tcp = TcpStream::connect_timeout(&address, PATIENCE)?;
    tcp.set_read_timeout(Some(PATIENCE))?;
    tcp.set_write_timeout(Some(PATIENCE))?;
    match server.security {
        Security::None => Ok(Box::new(tcp)),
        Security::Tls => {
            let name = ServerName::try_from(server.host.clone()).map_err(Error::other)?;
            let session = ClientConnection::new(trusted(server)?, name).map_err(Error::other)?;
            Ok(Box::new(StreamOwned::new(session, tcp)))
        }
        // The configuration refuses it before this.
        Security::StartTls => Err(Error::other("imap: security = \"tls\"")),
    }
}

/// The authorities of this machine, or the one that the configuration names.
fn trusted(server: &Server) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    let found = match &server.authority {
        Some(file) => pem(file)?,
        None => rustls_native_certs::load_native_certs().certs,
    };
    roots.add_parsable_certificates(found);
    if roots.is_empty() {
        return Err(Error::other("imap: no authority is trusted on this machine"));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::other)?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

fn pem(file: &std::path::Path) -> Result<Vec<rustls::pki_types::CertificateDer<'static>>> {
    use rustls::pki_types::pem::PemObject;
    let read = rustls::pki_types::CertificateDer::pem_file_iter(file).map_err(Error::other)?;
    read.collect::<std::result::Result<_, _>>().map_err(Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_stays_in_one_command() {
        assert_eq!(quoted("a\"b\\c").unwrap(), "\"a\\\"b\\\\c\"");
        assert!(quoted("a\r\nb LOGOUT").is_err());
        assert_eq!(literal("* 1 FETCH (BODY[] {310}"), Some(310));
        assert_eq!(literal("* 1 FETCH (FLAGS ())"), None);
        assert_eq!(after("* 1 FETCH (UID 4 RFC822.SIZE 44)", "RFC822.SIZE "), Some(44));
    }
}
