//! Webhooks to a real server: signed as the specification says, tried again, never led elsewhere.

mod common;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use app::ticket::OpenTicket;
use app::webhook::{DeliveryLine, Due, State, WebhookState, WriteWebhook};
use app::{Act, App, Permit, Role, Settings, clock, entropy};
use base::id::{CustomerId, WebhookId};
use common::signed;
use data_encoding::BASE64;
use exchange::webhooks::{Client, Config, Courier, deliver};
use jiff::SignedDuration;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use testkit::{Folder, Instance};

/// A request as it came.
#[derive(Debug, Clone)]
struct Got {
    line: String,
    headers: BTreeMap<String, String>,
    body: String,
}

/// What the server does with each request, in turn; then 204.
enum Does {
    Answer(&'static str),
    /// Says nothing for so long.
    Hang(Duration),
}

struct Server {
    port: u16,
    got: Receiver<Got>,
}

impl Server {
    fn new(script: Vec<Does>) -> Server {
        Server::at("127.0.0.1", script)
    }

    /// On another address of this machine: another host.
    fn at(host: &str, script: Vec<Does>) -> Server {
        let listener = TcpListener::bind((host, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (told, got) = mpsc::channel();
        let script = Arc::new(Mutex::new(script.into_iter()));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (told, script) = (told.clone(), script.clone());
                thread::spawn(move || {
                    let Ok(stream) = stream else { return };
                    let Some(request) = read(&stream) else { return };
                    let _ = told.send(request);
                    let does = script.lock().unwrap().next();
                    answer(stream, does.unwrap_or(Does::Answer("HTTP/1.1 204 No Content\r\n\r\n")));
                });
            }
        });
        Server { port, got }
    }

    fn next(&self) -> Got {
        self.got.recv_timeout(Duration::from_secs(20)).expect("a request")
    }

    fn got_nothing(&self) -> bool {
        self.got.recv_timeout(Duration::from_millis(200)).map(drop) == Err(RecvTimeoutError::Timeout)
    }
}

fn read(stream: impl Read) -> Option<Got> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some(Got { line: line.trim_end().to_owned(), headers, body: String::from_utf8(body).ok()? })
}

fn answer(mut stream: TcpStream, does: Does) {
    match does {
        Does::Answer(text) => drop(stream.write_all(text.as_bytes())),
        Does::Hang(time) => thread::sleep(time),
    }
    let _ = stream.shutdown(Shutdown::Both);
}

/// HMAC-SHA256 by its definition (RFC 2104), as a receiver that knows nothing of us computes it.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let inner: Vec<u8> = block.iter().map(|b| b ^ 0x36).chain(message.iter().copied()).collect();
    let outer: Vec<u8> = block.iter().map(|b| b ^ 0x5c).chain(Sha256::digest(inner)).collect();
    Sha256::digest(outer).to_vec()
}

/// What the specification asks of a receiver: the signature over id, instant and body, and an instant of now.
fn check(got: &Got, secret: &str) {
    let key = BASE64.decode(secret.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
    let (id, at) = (&got.headers["webhook-id"], &got.headers["webhook-timestamp"]);
    let expected = hmac(&key, format!("{id}.{at}.{}", got.body).as_bytes());
    let expected = format!("v1,{}", BASE64.encode(&expected));
    assert!(got.headers["webhook-signature"].split(' ').any(|one| one == expected), "{got:?}");
    let seconds: i64 = at.parse().unwrap();
    assert!((jiff::Timestamp::now().as_second() - seconds).abs() < 300);
    assert_eq!(got.headers["content-type"], "application/json");
    assert!(got.line.starts_with("POST /hook?k=1 HTTP/1.1"), "{}", got.line);
}

struct Ground {
    instance: Instance,
    customer: CustomerId,
    client: Client,
    hook: WebhookId,
    secret: String,
    url: String,
}

/// A customer with one webhook, and a server that listens for it.
fn ground(seed: u64, url: &str, list: &str) -> Ground {
    trusting(None, seed, url, list)
}

/// The same, trusting the authorities of a file instead of this machine's.
fn trusting(authority: Option<&Path>, seed: u64, url: &str, list: &str) -> Ground {
    let instance = Instance::new(seed);
    let customer = signed(&instance, "garonne");
    let config = Config::parse(list).unwrap();
    instance.app().send_webhooks_to(config.egress);
    let keeper = instance.permit(Role::ServiceManager, Act::ManageWebhooks, customer);
    let ask = WriteWebhook {
        url: url.to_owned(),
        kinds: vec!["ticket.opened".to_owned()],
        ..WriteWebhook::default()
    };
    let made = instance.app().write_webhook(&keeper, &instance.key(), None, &ask).unwrap();
    let client = Client::new(authority).unwrap();
    let (hook, secret) = (made.webhook, made.secret.unwrap());
    Ground { instance, customer, client, hook, secret, url: url.to_owned() }
}

fn clear(port: u16, private: bool) -> String {
    format!("[[allow]]\nhost = \"http://127.0.0.1\"\nports = [{port}]\nprivate = {private}\n")
}

fn here(seed: u64, server: &Server) -> Ground {
    let url = format!("http://127.0.0.1:{}/hook?k=1", server.port);
    ground(seed, &url, &clear(server.port, true))
}

impl Ground {
    fn app(&self) -> &App {
        self.instance.app()
    }

    fn keeper(&self) -> Permit {
        self.instance.permit(Role::ServiceManager, Act::ManageWebhooks, self.customer)
    }

    fn open(&self) {
        let ask = OpenTicket {
            title: "Imprimante".to_owned(),
            priority: Some("P3".to_owned()),
            ..OpenTicket::default()
        };
        self.instance.open(self.customer, &ask).unwrap();
        self.app().pump().unwrap();
    }

    fn deliver(&self) {
        let due = Due { webhook: self.hook, customer: self.customer };
        deliver(self.app(), &self.client, due, &AtomicBool::new(false)).unwrap();
    }

    fn later(&self, seconds: i64) {
        self.instance.clock().move_to(self.app().now() + SignedDuration::from_secs(seconds));
    }

    /// The last delivery.
    fn last(&self) -> DeliveryLine {
        let page = self.app().webhook(&self.keeper(), self.hook, None, 1).unwrap();
        page.deliveries[0].clone()
    }
}

#[test]
fn a_receiver_can_verify_what_it_is_sent_and_is_asked_again_after_a_failure() {
    let server = Server::new(vec![
        Does::Answer("HTTP/1.1 500 Oops\r\ncontent-length: 6\r\n\r\nsecret"),
        Does::Answer("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"),
    ]);
    let ground = here(911, &server);
    ground.open();
    ground.deliver();
    let first = server.next();
    check(&first, &ground.secret);
    ground.deliver();
    assert!(server.got_nothing(), "not before five seconds");
    ground.later(5);
    ground.deliver();
    let again = server.next();
    check(&again, &ground.secret);
    assert_eq!(first.headers["webhook-id"], again.headers["webhook-id"]);
    assert_eq!(first.body, again.body);
    let last = ground.last();
    assert_eq!(last.state, State::Sent);
    assert_eq!(last.attempts.iter().map(|a| a.status).collect::<Vec<_>>(), [Some(500), Some(200)]);
    assert!(!format!("{last:?}").contains("secret"), "what a receiver answers is not kept");
}

#[test]
fn nobody_leads_a_delivery_elsewhere() {
    let other = Server::new(Vec::new());
    let to = format!("http://127.0.0.1:{}/other", other.port);
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let text = format!("HTTP/1.1 {status}\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
        let server = Server::new(vec![Does::Answer(text.leak())]);
        let ground = here(912, &server);
        ground.open();
        ground.deliver();
        server.next();
        let last = ground.last();
        assert_eq!(last.state, State::Waiting);
        assert_eq!(last.attempts[0].status, status[..3].parse().ok());
        assert!(other.got_nothing());
    }
}

#[test]
fn one_that_hangs_is_left_after_fifteen_seconds_and_one_that_is_gone_for_good() {
    let server = Server::new(vec![
        Does::Hang(Duration::from_secs(40)),
        Does::Answer("HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n"),
    ]);
    let ground = here(913, &server);
    ground.open();
    let begun = Instant::now();
    ground.deliver();
    let took = begun.elapsed();
    assert!(took >= Duration::from_secs(14) && took < Duration::from_secs(20), "{took:?}");
    assert_eq!(ground.last().attempts[0].failure.as_deref(), Some("timed_out"));
    ground.later(5);
    ground.deliver();
    assert_eq!(ground.last().attempts[1].status, Some(410));
    let line = ground.app().webhooks(&ground.keeper()).unwrap();
    assert_eq!(line[0].state, WebhookState::Suspended);
    assert_eq!(ground.url, line[0].url);
}

#[test]
fn a_name_that_leads_home_reaches_nobody() {
    let server = Server::new(Vec::new());
    // A name that may lead to a private network leads to no other place either; the address itself may be
    // listed as private, and is then reached by the other tests.
    for (host, private) in [
        ("localhost", false),
        ("127.0.0.1", false),
        ("localhost", true),
        ("2130706433", true),
        ("127.1", true),
    ] {
        let url = format!("http://{host}:{}/", server.port);
        let list =
            format!("[[allow]]\nhost = \"http://{host}\"\nports = [{}]\nprivate = {private}\n", server.port);
        let ground = ground(914, &url, &list);
        ground.open();
        ground.deliver();
        assert_eq!(ground.last().attempts[0].failure.as_deref(), Some("not_public"), "{host} {private}");
    }
    let ground = ground(915, "https://nulle-part.invalid/", "[[allow]]\nhost = \"nulle-part.invalid\"\n");
    ground.open();
    ground.deliver();
    assert_eq!(ground.last().attempts[0].failure.as_deref(), Some("unresolved"));
    assert!(server.got_nothing());
}

#[test]
fn nothing_is_said_to_a_server_that_does_not_prove_its_name() {
    let server = Server::new(Vec::new());
    let url = format!("https://127.0.0.1:{}/", server.port);
    let list = format!("[[allow]]\nhost = \"127.0.0.1\"\nports = [{}]\nprivate = true\n", server.port);
    let ground = ground(916, &url, &list);
    ground.open();
    ground.deliver();
    let last = ground.last();
    assert_eq!((last.state, last.attempts[0].status), (State::Waiting, None));
    assert!(server.got_nothing());
}

#[test]
fn what_was_committed_before_a_crash_is_carried_by_the_threads_of_the_next_process() {
    let server = Server::new(Vec::new());
    let mut ground = here(917, &server);
    let ask = OpenTicket {
        title: "Imprimante".to_owned(),
        priority: Some("P3".to_owned()),
        ..OpenTicket::default()
    };
    ground.instance.open(ground.customer, &ask).unwrap();
    let now = ground.app().now();
    ground.instance.close();
    let settings = Settings {
        host: "test.example".to_owned(),
        clock: Arc::new(clock::Set::at(now)),
        entropy: Arc::new(entropy::Seeded::new(9)),
    };
    let app = Arc::new(App::open(&ground.instance.data(), settings).unwrap());
    let config = Config::parse(&clear(server.port, true)).unwrap();
    let courier = Courier::start(app.clone(), &config).unwrap();
    app.mark_all_dirty().unwrap();
    app.pump().unwrap();
    check(&server.next(), &ground.secret);
    assert!(server.got_nothing(), "once");
    drop(courier);
}

/// Ten webhooks of five customers lead to one host that hangs: the one of a sixth, which came after them, is
/// served at once.
#[test]
fn a_host_that_hangs_keeps_nobody_else_waiting() {
    let hangs = (0..60).map(|_| Does::Hang(Duration::from_secs(30))).collect();
    let (slow, well) = (Server::at("127.0.0.2", hangs), Server::new(Vec::new()));
    let mut instance = Instance::new(918);
    let at = |host: &str, server: &Server| format!("http://{host}:{}/hook?k=1", server.port);
    let (hanging, other) = (at("127.0.0.2", &slow), at("127.0.0.1", &well));
    let listed = |host: &str, server: &Server| {
        format!("[[allow]]\nhost = \"http://{host}\"\nports = [{}]\nprivate = true\n", server.port)
    };
    let list = listed("127.0.0.2", &slow) + &listed("127.0.0.1", &well);
    let config = Config::parse(&list).unwrap();
    instance.app().send_webhooks_to(config.egress.clone());
    for n in 0..6 {
        let customer = signed(&instance, &format!("client-{n}"));
        let keeper = instance.permit(Role::ServiceManager, Act::ManageWebhooks, customer);
        let ask = WriteWebhook {
            url: if n < 5 { hanging.clone() } else { other.clone() },
            kinds: vec!["ticket.opened".to_owned()],
            ..WriteWebhook::default()
        };
        for _ in 0..2 {
            instance.app().write_webhook(&keeper, &instance.key(), None, &ask).unwrap();
        }
        let ask = OpenTicket {
            title: "Imprimante".to_owned(),
            priority: Some("P3".to_owned()),
            ..OpenTicket::default()
        };
        instance.open(customer, &ask).unwrap();
        instance.app().pump().unwrap();
        instance.clock().move_to(instance.app().now() + SignedDuration::from_secs(1));
    }
    let now = instance.app().now();
    instance.close();
    let settings = Settings {
        host: "test.example".to_owned(),
        clock: Arc::new(clock::Set::at(now)),
        entropy: Arc::new(entropy::Seeded::new(9)),
    };
    let app = Arc::new(App::open(&instance.data(), settings).unwrap());
    let courier = Courier::start(app, &config).unwrap();
    slow.next();
    let begun = Instant::now();
    well.next();
    well.next();
    assert!(begun.elapsed() < Duration::from_secs(7), "{:?}", begun.elapsed());
    drop(courier);
}

/// An authority, `ca.pem`, and what it signed for these names, `cert.pem` and `key.pem`; `None` without openssl.
fn certified(folder: &Path, names: &str) -> Option<()> {
    let openssl = |args: &[&str]| {
        let done = Command::new("openssl").args(args).current_dir(folder).output().ok()?;
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        Some(())
    };
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"];
    let made = |more: &[&str]| openssl(&[&["req", "-x509"], &key[..], more].concat());
    made(&["-subj", "/CN=Autorite", "-keyout", "ca.key", "-out", "ca.pem"])?;
    made(&[
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-subj",
        "/CN=recepteur",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-addext",
        &format!("subjectAltName={names}"),
        "-keyout",
        "key.pem",
        "-out",
        "cert.pem",
    ])
}

/// A server that proves who it is with the certificate of a folder, and answers 204.
fn private(folder: &Path) -> Server {
    let chain = CertificateDer::pem_file_iter(folder.join("cert.pem")).unwrap();
    let chain: Vec<_> = chain.collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = Arc::new(config.unwrap().with_no_client_auth().with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (told, got) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { return };
            let connection = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream);
            let Some(request) = read(&mut stream) else { continue };
            let _ = told.send(request);
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").and_then(|()| stream.flush());
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    Server { port, got }
}

#[test]
fn a_server_is_believed_by_the_certificate_of_its_name_from_an_authority_that_is_trusted() {
    let (right, wrong) = (Folder::new("tls"), Folder::new("tls-other"));
    for (folder, names) in [(&right, "IP:127.0.0.1"), (&wrong, "DNS:autre.example")] {
        if certified(folder.path(), names).is_none() {
            eprintln!("not tested: openssl is missing");
            return;
        }
    }
    let told = |folder: &Folder, authority: Option<&Folder>| {
        let server = private(folder.path());
        let url = format!("https://127.0.0.1:{}/hook?k=1", server.port);
        let list = format!("[[allow]]\nhost = \"127.0.0.1\"\nports = [{}]\nprivate = true\n", server.port);
        let authority = authority.map(|folder| folder.path().join("ca.pem"));
        let ground = trusting(authority.as_deref(), 919, &url, &list);
        ground.open();
        ground.deliver();
        (server, ground)
    };
    let (server, ground) = told(&right, Some(&right));
    check(&server.next(), &ground.secret);
    let last = ground.last();
    assert_eq!((last.state, last.attempts[0].status), (State::Sent, Some(204)));
    // Of an authority that nobody trusts; of another's; for another name.
    for (folder, authority) in [(&right, None), (&right, Some(&wrong)), (&wrong, Some(&wrong))] {
        let (server, ground) = told(folder, authority);
        let last = ground.last();
        assert_eq!((last.state, last.attempts[0].failure.as_deref()), (State::Waiting, Some("untrusted")));
        assert!(server.got_nothing(), "nothing is said to it");
    }
}
