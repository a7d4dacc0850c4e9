//! Mail out of a mailbox, with a real Dovecot: mail brought to it by LMTP, read from it by IMAP and TLS.

mod common;

use std::cell::RefCell;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use app::mail::Fate;
use app::{Act, Role};
use common::{account, signed};
use exchange::config::Server;
use exchange::imap::{Visit, visit};
use exchange::lmtp::Answer;
use exchange::tls::Security;
use exchange::{Trust, receive};
use testkit::{Folder, Instance};

/// Debian's `nobody`: Dovecot keeps no mail of root.
const NOBODY: u32 = 65534;

/// A Dovecot of its own, stopped when dropped.
struct Dovecot {
    server: Child,
    imap: u16,
    lmtp: u16,
    folder: Folder,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn configuration(dir: &Path, (imap, lmtp): (u16, u16), user: &str, group: &str) -> String {
    let dir = dir.display();
    format!(
        "base_dir = {dir}/run\nstate_dir = {dir}/run\nlog_path = {dir}/log\nprotocols = imap lmtp\n\
         default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}\n\
         mail_location = maildir:{dir}/mail\nfirst_valid_uid = 1\nlisten = 127.0.0.1\n\
         ssl = required\nssl_cert = <{dir}/cert.pem\nssl_key = <{dir}/key.pem\n\
         passdb {{\n driver = static\n args = password=secret\n}}\n\
         userdb {{\n driver = static\n args = uid={user} gid={group} home={dir}/mail\n}}\n\
         service imap-login {{\n chroot =\n inet_listener imap {{\n port = 0\n }}\n inet_listener imaps {{\n port = {imap}\n ssl = yes\n }}\n}}\n\
         service anvil {{\n chroot =\n}}\n\
         service stats {{\n chroot =\n}}\n\
         service lmtp {{\n chroot =\n inet_listener lmtp {{\n address = 127.0.0.1\n port = {lmtp}\n }}\n}}\n"
    )
}

impl Dovecot {
    fn start() -> Option<Dovecot> {
        let folder = Folder::new("dovecot");
        let dir = folder.path().to_path_buf();
        let certificate = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
            .args(["-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
            .args(["-addext", "basicConstraints=CA:FALSE", "-keyout", "key.pem", "-out", "cert.pem"])
            .current_dir(&dir)
            .output();
        let dovecot = ["/usr/sbin/dovecot", "/usr/bin/dovecot"].into_iter().find(|p| Path::new(p).exists());
        let (Some(dovecot), Ok(_)) = (dovecot, certificate) else {
            eprintln!("not tested: dovecot-imapd, dovecot-lmtpd or openssl is missing");
            return None;
        };
        let root = String::from_utf8(Command::new("id").arg("-u").output().ok()?.stdout).ok()?.trim() == "0";
        let name = |flag: &str| -> Option<String> {
            let out = Command::new("id").arg(flag).output().ok()?.stdout;
            Some(String::from_utf8(out).ok()?.trim().to_owned())
        };
        let (user, group) = match root {
            true => ("nobody".to_owned(), "nogroup".to_owned()),
            false => (name("-un")?, name("-gn")?),
        };
        let ports = (free_port(), free_port());
        for sub in ["run", "mail"] {
            std::fs::create_dir(dir.join(sub)).ok()?;
        }
        std::fs::write(dir.join("dovecot.conf"), configuration(&dir, ports, &user, &group)).ok()?;
        let mut command = Command::new(dovecot);
        command.arg("-F").arg("-c").arg(dir.join("dovecot.conf")).stdin(Stdio::null());
        if root {
            for path in ["", "run", "mail", "dovecot.conf", "key.pem", "cert.pem"] {
                chown(dir.join(path), Some(NOBODY), Some(NOBODY)).ok()?;
            }
            command.uid(NOBODY).gid(NOBODY);
        }
        let server = command.spawn().ok()?;
        let dovecot = Dovecot { server, imap: ports.0, lmtp: ports.1, folder };
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", ports.0)).is_err() {
            let log = std::fs::read_to_string(dir.join("log")).unwrap_or_default();
            assert!(begun.elapsed() < Duration::from_secs(20), "Dovecot does not answer: {log}");
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(dovecot)
    }

    fn mailbox(&self) -> Server {
        Server {
            host: "localhost".to_owned(),
            port: self.imap,
            security: Security::Tls,
            login: Some(("aide".to_owned(), "secret".to_owned())),
            authority: Some(self.folder.path().join("cert.pem")),
        }
    }

    /// Brings it mails, as a relay does.
    fn deliver(&self, mails: &[&str]) {
        let script = "import smtplib, sys\nwith smtplib.LMTP('127.0.0.1', int(sys.argv[1])) as relay:\n    for mail in sys.argv[2:]:\n        assert relay.sendmail('x@garonne.example', ['aide'], mail) == {}";
        let port = self.lmtp.to_string();
        let done = Command::new("python3").args(["-c", script, &port]).args(mails).output().unwrap();
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        assert!(done.status.success(), "{}\n{log}", String::from_utf8_lossy(&done.stderr));
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // Its children end with it; killed outright, it could not tell them.
        let _ = Command::new("kill").arg(self.server.id().to_string()).status();
        let _ = self.server.wait();
    }
}

#[test]
fn mail_is_read_from_a_real_mailbox_once() {
    let Some(dovecot) = Dovecot::start() else { return };
    let instance = Instance::new(340);
    let customer = signed(&instance, "atelier");
    account(&instance, "claire@garonne.example", Role::CustomerUser, Some(customer));
    let long = "x".repeat(3_000);
    dovecot.deliver(&[
        "From: claire@garonne.example\r\nSubject: Premier\r\nMessage-ID: <1@g>\r\n\r\nUn {9}\r\n)\r\na3 OK fini\r\n",
        &format!("From: claire@garonne.example\r\nSubject: Second\r\nMessage-ID: <2@g>\r\n\r\n{long}\r\n"),
        "From: inconnu@ailleurs.example\r\nSubject: Autre\r\n\r\nQui ?\r\n",
    ]);
    let mailbox = dovecot.mailbox();
    // A trouble of ours: everything stays unseen.
    let later = visit(&mailbox, "INBOX", &|_, _| Answer::Later).unwrap();
    assert_eq!(later, Visit { taken: 0, too_large: 0, later: 3 });
    let fates = RefCell::new(Vec::new());
    let take = |bytes: &[u8], envelope: &exchange::Envelope| {
        let taken = receive(instance.app(), &Trust::Everyone, bytes, envelope).unwrap();
        fates.borrow_mut().push(taken.fate);
        Answer::Kept
    };
    assert_eq!(visit(&mailbox, "INBOX", &take).unwrap().taken, 3);
    assert_eq!(visit(&mailbox, "INBOX", &take).unwrap(), Visit::default(), "seen once");
    assert_eq!(*fates.borrow(), [Fate::Opened, Fate::Opened, Fate::Quarantined]);
    let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
    let first = instance.app().ticket(&see, 1).unwrap();
    assert_eq!((first.title.as_str(), first.description.as_str()), ("Premier", "Un {9}\n)\na3 OK fini"));
    assert_eq!(instance.app().ticket(&see, 2).unwrap().description, long);
}

#[test]
fn what_has_to_wait_keeps_nothing_else_waiting() {
    let Some(dovecot) = Dovecot::start() else { return };
    let waits = "From: x@ailleurs.example\r\nSubject: Attend\r\n\r\nx\r\n";
    let good = "From: claire@garonne.example\r\nSubject: Panne\r\n\r\nx\r\n";
    dovecot.deliver(&[[waits; 201].as_slice(), &[good; 202]].concat());
    let take = |bytes: &[u8], _: &exchange::Envelope| match String::from_utf8_lossy(bytes).contains("Panne") {
        true => Answer::Kept,
        false => Answer::Later,
    };
    let visited = |n, taken| {
        let done = visit(&dovecot.mailbox(), "INBOX", &take).unwrap();
        assert_eq!(done, Visit { taken, too_large: 0, later: 201 }, "visit {n}");
    };
    visited(1, 200);
    visited(2, 2);
}

#[test]
fn a_wrong_password_or_authority_is_told_without_secrets() {
    let Some(dovecot) = Dovecot::start() else { return };
    let mailbox = dovecot.mailbox();
    let wrong = Server { login: Some(("aide".to_owned(), "passe-partout".to_owned())), ..mailbox.clone() };
    let said = visit(&wrong, "INBOX", &|_, _| Answer::Kept).unwrap_err().to_string();
    assert!(said.contains("sign-in refused") && !said.contains("passe-partout"), "{said}");
    let stranger = Server { authority: None, ..mailbox.clone() };
    assert!(visit(&stranger, "INBOX", &|_, _| Answer::Kept).is_err(), "not an authority of this machine");
    let other = Server { host: "127.0.0.1".to_owned(), ..mailbox.clone() };
    assert!(visit(&other, "INBOX", &|_, _| Answer::Kept).is_err(), "not its name");
    assert!(visit(&mailbox, "Nulle part", &|_, _| Answer::Kept).unwrap_err().to_string().contains("SELECT"));
}
