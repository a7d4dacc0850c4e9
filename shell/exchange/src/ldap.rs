//! Asking a directory whether a password is right: search, then bind (LDAPv3, RFC 4511).
//!
//! No filter is ever written as a text: the address stands in the message as the value of one equality,
//! so nothing that somebody types can be read as a filter. Passwords go over TLS, but on this machine.

mod ber;

use std::io::{Error, Read, Result, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app::accounts::directory::Verdict;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::tls::{Security, authorities};
use ber::{Element, integer, octets, sequence, tagged};

/// For each step; somebody waits at the sign-in page.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of one answer: an entry comes without its attributes.
const LARGEST: usize = 64 * 1024;

/// Operations, by their tags.
const BIND: u8 = 0x60;
const BIND_DONE: u8 = 0x61;
const SEARCH: u8 = 0x63;
const ENTRY: u8 = 0x64;
const SEARCH_DONE: u8 = 0x65;
const REFERENCE: u8 = 0x73;
const EXTENDED: u8 = 0x77;
const EXTENDED_DONE: u8 = 0x78;
/// RFC 4511, 4.14.
const START_TLS: &str = "1.3.6.1.4.1.1466.20037";

const SUCCESS: i64 = 0;
const SIZE_EXCEEDED: i64 = 4;
const WRONG_CREDENTIALS: i64 = 49;

/// A directory, and where its people are.
#[derive(Debug, Clone)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub authority: Option<PathBuf>,
    /// Who searches; nobody in particular when absent.
    pub reader: Option<(String, String)>,
    /// Under which the people are.
    pub base: String,
    /// Which of their attributes is the address.
    pub attribute: String,
}

/// Whether this is the password of the one person of this address.
///
/// # Errors
///
/// The directory does not answer, refuses its reader, or speaks something else.
pub fn check(server: &Server, email: &str, password: &str) -> Result<Verdict> {
    let mut reader = Connection::open(server)?;
    if let Some((name, secret)) = &server.reader
        && reader.bind(name, secret)? != SUCCESS
    {
        return Err(Error::other("the directory refuses the account that searches"));
    }
    let Some(person) = reader.only_one(server, email)? else { return Ok(Verdict::Wrong) };
    // An anonymous bind succeeds whatever the password: the name must be somebody's.
    if person.is_empty() || password.is_empty() {
        return Ok(Verdict::Wrong);
    }
    match reader.bind(&person, password)? {
        SUCCESS => Ok(Verdict::Right),
        WRONG_CREDENTIALS => Ok(Verdict::Wrong),
        // Locked, expired, to be changed: the directory lets nobody in, and so do we.
        _ => Ok(Verdict::Wrong),
    }
}

trait Wire: Read + Write {}
impl<T: Read + Write> Wire for T {}

struct Connection {
    wire: Box<dyn Wire>,
    last: i64,
}

impl Connection {
    fn open(server: &Server) -> Result<Connection> {
        let mut addresses = (server.host.as_str(), server.port).to_socket_addrs()?;
        let address = addresses.next().ok_or_else(|| Error::other("the directory has no address"))?;
        let tcp = TcpStream::connect_timeout(&address, PATIENCE)?;
        tcp.set_read_timeout(Some(PATIENCE))?;
        tcp.set_write_timeout(Some(PATIENCE))?;
        let wire: Box<dyn Wire> = match server.security {
            Security::None => Box::new(tcp),
            Security::Tls => Box::new(private(server, tcp)?),
            Security::StartTls => {
                let mut open = Connection { wire: Box::new(tcp.try_clone()?), last: 0 };
                let asked = tagged(EXTENDED, &tagged(0x80, START_TLS.as_bytes()));
                let (tag, answer) = open.ask(&asked)?;
                if tag != EXTENDED_DONE || result(&answer)? != SUCCESS {
                    return Err(Error::other("the directory does not start TLS"));
                }
                Box::new(private(server, tcp)?)
            }
        };
        Ok(Connection { wire, last: 1 })
    }

    fn bind(&mut self, name: &str, password: &str) -> Result<i64> {
        let simple = tagged(0x80, password.as_bytes());
        let body = [integer(3), octets(name.as_bytes()), simple].concat();
        match self.ask(&tagged(BIND, &body))? {
            (BIND_DONE, answer) => result(&answer),
            _ => Err(strange()),
        }
    }

    /// The name of the only person of this address; `None` when there is nobody, or more than one.
    fn only_one(&mut self, server: &Server, email: &str) -> Result<Option<String>> {
        let equal = [octets(server.attribute.as_bytes()), octets(email.as_bytes())].concat();
        let body = [
            octets(server.base.as_bytes()),
            tagged(0x0a, &[2]), // The whole subtree.
            tagged(0x0a, &[0]), // No alias is followed.
            integer(2),         // Two are enough to know that it is not one.
            integer(5),         // Seconds.
            tagged(0x01, &[0]),
            tagged(0xa3, &equal),
            sequence(&octets(b"1.1")), // No attribute (RFC 4511, 4.5.1.8).
        ];
        self.send(&tagged(SEARCH, &body.concat()))?;
        let mut found: Vec<String> = Vec::new();
        loop {
            let (tag, answer) = self.receive()?;
            match tag {
                ENTRY => {
                    let mut rest = answer.as_slice();
                    let name = Element::read(&mut rest).filter(|e| e.tag == 0x04).ok_or_else(strange)?;
                    found.push(String::from_utf8(name.body.to_vec()).map_err(|_| strange())?);
                }
                // Another server may know more; we were not told to trust it.
                REFERENCE => {}
                SEARCH_DONE => {
                    return match result(&answer)? {
                        SUCCESS if found.len() == 1 => Ok(found.pop()),
                        SUCCESS | SIZE_EXCEEDED => Ok(None),
                        code => Err(Error::other(format!("the directory refuses to search: result {code}"))),
                    };
                }
                _ => return Err(strange()),
            }
            if found.len() > 2 {
                return Ok(None);
            }
        }
    }

    fn ask(&mut self, operation: &[u8]) -> Result<(u8, Vec<u8>)> {
        self.send(operation)?;
        self.receive()
    }

    fn send(&mut self, operation: &[u8]) -> Result<()> {
        self.last += 1;
        self.wire.write_all(&sequence(&[integer(self.last), operation.to_vec()].concat()))?;
        self.wire.flush()
    }

    /// The operation of the next message, which must answer the last one sent.
    fn receive(&mut self) -> Result<(u8, Vec<u8>)> {
        let message = ber::message(&mut self.wire, LARGEST)?;
        let mut rest = message.as_slice();
        let number = Element::read(&mut rest).and_then(|e| e.number()).ok_or_else(strange)?;
        let operation = Element::read(&mut rest).ok_or_else(strange)?;
        if number != self.last {
            return Err(Error::other("the directory ends the conversation"));
        }
        Ok((operation.tag, operation.body.to_vec()))
    }
}

/// The result code that an answer begins with.
fn result(answer: &[u8]) -> Result<i64> {
    let mut rest = answer;
    Element::read(&mut rest).filter(|e| e.tag == 0x0a).and_then(|e| e.number()).ok_or_else(strange)
}

fn strange() -> Error {
    Error::other("what answers does not speak LDAP")
}

fn private(server: &Server, tcp: TcpStream) -> Result<StreamOwned<ClientConnection, TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(authorities(server.authority.as_deref()).map_err(Error::other)?);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(server.host.clone()).map_err(Error::other)?;
    let session = ClientConnection::new(Arc::new(config), name).map_err(Error::other)?;
    Ok(StreamOwned::new(session, tcp))
}
