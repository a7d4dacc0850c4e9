//! What the tests of mail share: contract A signed, settings, and a real receiver.
#![allow(dead_code)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use app::accounts::NewAccount;
use app::mail::{Address, MailSettings};
use app::{Principal, Role};
use base::id::CustomerId;
use exchange::config::Server;
use exchange::smtp::Relay;
use exchange::tls::Security;
use mail_parser::{Message, MessageParser};
use testkit::{Folder, Instance};

pub const HOST: &str = "prestataire.example";
pub const MAILBOX: &str = "aide@prestataire.example";

/// A customer whose contract A is in force, and mail exchanged.
pub fn signed(instance: &Instance, slug: &str) -> CustomerId {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/ateliers-garonne.md");
    let text = std::fs::read_to_string(file).expect("contract A is there");
    let customer = instance.customer(slug);
    instance.sign(customer, "contracts/ateliers-garonne.md", &text).expect("contract A compiles");
    instance.at("2026-06-16T09:00");
    instance.app().exchange_mail(settings());
    customer
}

pub fn settings() -> MailSettings {
    MailSettings {
        from: Address { name: "Prestataire".to_owned(), email: MAILBOX.to_owned() },
        answers: MAILBOX.to_owned(),
        host: HOST.to_owned(),
        site: "https://prestataire.example".to_owned(),
        zone: "Europe/Paris".to_owned(),
    }
}

/// An account of its own address, whose person signed what the contracts in force ask of them.
pub fn account(instance: &Instance, email: &str, role: Role, customer: Option<CustomerId>) -> Principal {
    let person = newcomer(instance, email, role, customer);
    for row in instance.app().customers().expect("the customers are listed") {
        instance.undertake(&person, CustomerId(row.id));
    }
    person
}

/// An account of its own address, whose person signed nothing yet.
pub fn newcomer(instance: &Instance, email: &str, role: Role, customer: Option<CustomerId>) -> Principal {
    let new = NewAccount {
        email,
        name: email.split('@').next().expect("split gives one"),
        password: "une phrase assez longue",
        role,
        customer,
        totp_secret: None,
    };
    let id = instance.app().add_account(&new).expect("a new address");
    instance.app().principal(id).expect("just made")
}

/// A real SMTP server; `None`, said on standard error, where Python has no aiosmtpd.
pub struct Receiver {
    server: Child,
    port: u16,
    folder: Folder,
}

impl Receiver {
    pub fn start() -> Option<Receiver> {
        let folder = Folder::new("mail");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/receiver.py");
        // Debian's own Python has Debian's modules.
        let mut server = Command::new("/usr/bin/python3")
            .args([script.as_path(), folder.path()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut line = String::new();
        BufReader::new(server.stdout.take()?).read_line(&mut line).ok()?;
        let Ok(port) = line.trim().parse() else {
            let _ = server.wait();
            eprintln!("not tested: python3-aiosmtpd is missing, so there is no SMTP receiver");
            return None;
        };
        Some(Receiver { server, port, folder })
    }

    pub fn relay(&self) -> Relay {
        relay(self.port)
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.folder.path()).expect("the folder is there");
        let mut files: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
        files.retain(|f| f.extension().is_some_and(|e| e == "eml"));
        files.sort();
        files
    }

    /// The messages taken so far, and to whom each went.
    pub fn taken(&self) -> Vec<(String, Message<'static>)> {
        let read = |file: PathBuf| {
            let envelope = std::fs::read_to_string(file.with_extension("json")).expect("kept beside");
            let bytes = std::fs::read(&file).expect("kept");
            (envelope, MessageParser::default().parse(&bytes).expect("a message").into_owned())
        };
        self.files().into_iter().map(read).collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // It ends when its input does.
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}

pub fn relay(port: u16) -> Relay {
    let server =
        Server { host: "127.0.0.1".to_owned(), port, security: Security::None, login: None, authority: None };
    Relay::new(&server, MAILBOX).expect("an address")
}
