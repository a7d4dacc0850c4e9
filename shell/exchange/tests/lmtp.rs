//! Mail in by LMTP, brought by a client that is not ours: Python's.

mod common;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::mail::Fate;
use app::{Act, Role};
use common::{account, signed};
use exchange::lmtp::{Answer, Take, serve};
use exchange::{Trust, receive};
use testkit::Instance;

const CLIENT: &str = r#"
import smtplib, sys
with smtplib.LMTP("127.0.0.1", int(sys.argv[1])) as relay:
    mail = "From: claire@garonne.example\r\nTo: aide@prestataire.example\r\nSubject: Panne\r\nMessage-ID: <1@g>\r\n\r\nRien\r\n.. ne va\r\n"
    for _ in range(2):
        assert relay.sendmail("claire@garonne.example", ["aide@prestataire.example"], mail) == {}
    back = mail.replace("<1@g>", "<2@g>")
    assert relay.sendmail("", ["aide@prestataire.example"], back) == {}
"#;

#[test]
fn a_relay_brings_mail_on_loopback() {
    let instance = Arc::new(Instance::new(330));
    let customer = signed(&instance, "atelier");
    account(&instance, "claire@garonne.example", Role::CustomerUser, Some(customer));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let stop = Arc::new(AtomicBool::new(false));
    let (served, stopped) = (instance.clone(), stop.clone());
    let server = std::thread::spawn(move || {
        let take: Arc<Take> = Arc::new(move |bytes, envelope| {
            receive(served.app(), &Trust::Everyone, bytes, envelope).map_or(Answer::Later, |_| Answer::Kept)
        });
        serve(&listener, &take, &stopped).unwrap();
    });
    let client = Command::new("python3").args(["-c", CLIENT, &port.to_string()]).output();
    stop.store(true, Ordering::SeqCst);
    server.join().unwrap();
    let Ok(client) = client else {
        eprintln!("not tested: there is no python3 to bring mail");
        return;
    };
    assert!(client.status.success(), "{}", String::from_utf8_lossy(&client.stderr));
    let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
    assert_eq!(instance.app().ticket(&see, 1).unwrap().description, "Rien\n.. ne va");
    assert!(instance.app().ticket(&see, 2).is_err(), "brought twice, taken once");
    let manage = instance.staff(Role::ServiceManager).permit_instance(Act::ManageMail).unwrap();
    assert_eq!(instance.app().received(&manage, Fate::Ignored, None, 9).unwrap().0[0].taken.why, "no_return");
}

#[test]
fn a_mail_that_breaks_its_reader_keeps_no_place() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = stop.clone();
    let server = std::thread::spawn(move || {
        let take: Arc<Take> = Arc::new(|bytes, _| match bytes.starts_with(b"break") {
            true => panic!("asked for by the test"),
            false => Answer::Kept,
        });
        serve(&listener, &take, &stopped).unwrap();
    });
    let bring = |text: &str| {
        let mut relay = TcpStream::connect(address).unwrap();
        let head = "LHLO r\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<x@y.z>\r\nDATA\r\n";
        // One that is refused may be cut before all is read.
        let _ = relay.write_all(format!("{head}{text}\r\n.\r\nQUIT\r\n").as_bytes());
        let mut said = String::new();
        let _ = relay.read_to_string(&mut said);
        said
    };
    // More than are heard at a time, one after another.
    for _ in 0..20 {
        let said = bring("break");
        assert!(said.contains("354") && !said.contains("421"), "{said}");
    }
    assert!(bring("good").contains("250 2.0.0 kept"));
    stop.store(true, Ordering::SeqCst);
    server.join().unwrap();
}
