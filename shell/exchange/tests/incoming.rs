//! Mail that comes, through `receive`: whose it is, where it goes, and what waits.

mod common;

use app::mail::{Decision, Fate, State};
use app::ticket::TicketPage;
use app::{Act, Principal, Role};
use base::id::CustomerId;
use common::{account, newcomer, signed};
use exchange::{Envelope, Trust, receive};
use proptest::prelude::*;
use testkit::Instance;

/// Who writes, where, and what headers and body.
struct Mail<'a> {
    from: &'a str,
    to: &'a str,
    subject: &'a str,
    headers: &'a str,
    body: &'a str,
}

impl Default for Mail<'_> {
    fn default() -> Self {
        let (from, to) = ("Claire <Claire@garonne.example>", common::MAILBOX);
        Mail { from, to, subject: "Panne", headers: "", body: "Bonjour, rien ne marche." }
    }
}

impl Mail<'_> {
    fn bytes(&self) -> Vec<u8> {
        let Mail { from, to, subject, headers, body } = self;
        let id = format!("{}.{}@garonne.example", subject.len(), body.len());
        format!(
            "{headers}From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{id}>\r\n\
             Date: Tue, 16 Jun 2026 09:00:00 +0200\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
        )
        .into_bytes()
    }
}

fn bring(instance: &Instance, mail: &Mail<'_>) -> (Fate, String, Option<u64>) {
    let taken = receive(instance.app(), &Trust::Everyone, &mail.bytes(), &Envelope::default()).unwrap();
    (taken.fate, taken.why, taken.ticket.map(|(_, number)| number))
}

fn page(instance: &Instance, customer: CustomerId, number: u64) -> TicketPage {
    let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
    instance.app().ticket(&see, number).unwrap()
}

fn claire(instance: &Instance, customer: CustomerId) -> Principal {
    account(instance, "claire@garonne.example", Role::CustomerUser, Some(customer))
}

/// The address and identifier of the letter waiting for somebody.
fn letter_to(instance: &Instance, email: &str) -> app::mail::Letter {
    instance.app().pump().unwrap();
    let letters = instance.app().letters_to_send(100).unwrap();
    for letter in &letters {
        instance.app().letter_ended(&letter.ids, &app::mail::Delivery::Sent).unwrap();
    }
    letters.into_iter().find(|l| l.to.email == email).expect("a letter to them")
}

#[test]
fn a_mail_opens_a_ticket_once_and_its_answer_comes_back_to_it() {
    let instance = Instance::new(320);
    let customer = signed(&instance, "atelier");
    claire(&instance, customer);
    let first = Mail::default();
    assert_eq!(bring(&instance, &first), (Fate::Opened, String::new(), Some(1)));
    // Another relay, another road: the same mail.
    let again = Mail { headers: "Received: from a by b\r\n", ..Mail::default() };
    assert_eq!(bring(&instance, &again), (Fate::Opened, String::new(), Some(1)));
    let opened = page(&instance, customer, 1);
    assert_eq!((opened.title.as_str(), opened.description.as_str()), ("Panne", "Bonjour, rien ne marche."));
    assert_eq!(opened.ticket.facts.get(events::Dimension::Channel), Some("email"));

    let letter = letter_to(&instance, "claire@garonne.example");
    assert_eq!(letter.references[0], "5.24@garonne.example", "their thread goes on");
    let quoted = "C’est l’écran.\r\n\r\nLe mardi 16 juin 2026 à 09:00, Prestataire a écrit :\r\n> Bonjour";
    let by_address = Mail { to: &letter.reply_to, subject: "Autre chose", body: quoted, ..Mail::default() };
    assert_eq!(bring(&instance, &by_address), (Fate::Replied, String::new(), Some(1)));
    let headers = format!("In-Reply-To: <{}>\r\n", letter.message_id);
    let by_reference = Mail { headers: &headers, body: "Deux.", ..Mail::default() };
    assert_eq!(bring(&instance, &by_reference).0, Fate::Replied);
    let by_mark = Mail { subject: "RE: [atelier #1] Panne", body: "Trois.", ..Mail::default() };
    assert_eq!(bring(&instance, &by_mark).0, Fate::Replied);
    let texts: Vec<String> =
        page(&instance, customer, 1).entries.into_iter().filter_map(|e| e.text).collect();
    assert_eq!(texts, ["C’est l’écran.", "Deux.", "Trois."]);
    let lost = Mail { to: "aide+abcdef@prestataire.example", body: "Perdu", ..Mail::default() };
    assert_eq!(bring(&instance, &lost).1, "unknown_thread");
}

#[test]
fn a_token_opens_nothing_to_somebody_else() {
    let instance = Instance::new(321);
    let (customer, other) = (signed(&instance, "atelier"), instance.customer("autre"));
    claire(&instance, customer);
    account(&instance, "zoe@autre.example", Role::CustomerManager, Some(other));
    bring(&instance, &Mail::default());
    let letter = letter_to(&instance, "claire@garonne.example");
    for from in ["zoe@autre.example", "inconnu@ailleurs.example"] {
        let mail = Mail { from, to: &letter.reply_to, body: from, ..Mail::default() };
        assert_eq!(bring(&instance, &mail).0, Fate::Quarantined, "{from}");
    }
    let marked = Mail { from: "zoe@autre.example", subject: "[atelier #1] x", ..Mail::default() };
    assert_eq!(bring(&instance, &marked), (Fate::Quarantined, "foreign_thread".to_owned(), None));
    // The address alone proves nothing where the relay is asked for its word.
    let relay = Trust::Relay("mx.prestataire.example".to_owned());
    let mail = Mail { to: &letter.reply_to, body: "Faux", ..Mail::default() };
    let taken = receive(instance.app(), &relay, &mail.bytes(), &Envelope::default()).unwrap();
    assert_eq!((taken.fate, taken.why.as_str()), (Fate::Quarantined, "not_believed"));
    assert!(page(&instance, customer, 1).entries.is_empty());
}

#[test]
fn the_words_of_a_title_are_no_mark_and_an_answer_to_a_letter_about_no_ticket_enters_none() {
    let instance = Instance::new(330);
    let customer = signed(&instance, "atelier");
    claire(&instance, customer);
    bring(&instance, &Mail::default());
    // The title of another ticket names this one: what answers the other's letter stays out of it.
    let title = "Re: [autre #7] Panne de [atelier #1]";
    let titled = Mail { subject: title, body: "Au sujet de l'autre.", ..Mail::default() };
    assert_eq!(bring(&instance, &titled), (Fate::Opened, String::new(), Some(2)));
    let headers = format!("In-Reply-To: <letter.0011@{}>\r\n", common::settings().host);
    let aside = Mail { headers: &headers, subject: "Re: [atelier #1] Panne", body: "Entre nous.", ..titled };
    assert_eq!(bring(&instance, &aside).1, "unknown_thread");
    assert!(page(&instance, customer, 1).entries.is_empty());
}

#[test]
fn programs_and_loops_are_ignored_with_a_trace() {
    let instance = Instance::new(322);
    let customer = signed(&instance, "atelier");
    claire(&instance, customer);
    for (headers, why) in [
        ("Auto-Submitted: auto-replied\r\n", "auto_submitted"),
        ("Precedence: bulk\r\n", "precedence"),
        ("X-Loop: aide\r\n", "loop"),
        ("List-Id: <x.y>\r\n", "loop"),
        ("Return-Path: <>\r\n", "no_return"),
    ] {
        let mail = Mail { headers, body: why, subject: headers.trim(), ..Mail::default() };
        assert_eq!(bring(&instance, &mail), (Fate::Ignored, why.to_owned(), None), "{headers}");
    }
    let own = Mail { from: common::MAILBOX, body: "moi", ..Mail::default() };
    assert_eq!(bring(&instance, &own).1, "own");
    let not = Mail { headers: "Auto-Submitted: no\r\n", body: "une personne", ..Mail::default() };
    assert_eq!(bring(&instance, &not).0, Fate::Opened);
    let manage = instance.staff(Role::ServiceManager).permit_instance(Act::ManageMail).unwrap();
    assert_eq!(instance.app().received(&manage, Fate::Ignored, None, 50).unwrap().0.len(), 6);

    let bodies: Vec<String> = (0..80).map(|n| format!("encore {n}")).collect();
    let fates: Vec<Fate> = bodies
        .iter()
        .map(|body| bring(&instance, &Mail { body, subject: body, ..Mail::default() }).0)
        .collect();
    let count = |fate| fates.iter().filter(|f| **f == fate).count();
    assert!(count(Fate::Opened) <= 30 && count(Fate::Quarantined) == 30 && count(Fate::Ignored) >= 20);
}

#[test]
fn nobody_is_silenced_by_mail_forged_in_their_name() {
    let instance = Instance::new(326);
    let customer = signed(&instance, "atelier");
    claire(&instance, customer);
    let relay = Trust::Relay("mx.prestataire.example".to_owned());
    let bring = |mail: &Mail<'_>| {
        let taken = receive(instance.app(), &relay, &mail.bytes(), &Envelope::default()).unwrap();
        (taken.fate, taken.why)
    };
    for n in 0..70 {
        let forged = bring(&Mail { body: &format!("faux {n}"), subject: &"x".repeat(n), ..Mail::default() });
        let (fate, why) =
            if n < 60 { (Fate::Quarantined, "not_believed") } else { (Fate::Ignored, "too_many") };
        assert_eq!(forged, (fate, why.to_owned()), "{n}");
    }
    let headers = "Authentication-Results: mx.prestataire.example; dkim=pass header.d=garonne.example\r\n";
    assert_eq!(bring(&Mail { headers, ..Mail::default() }), (Fate::Opened, String::new()));
}

#[test]
fn what_comes_from_strangers_waits_for_a_decision() {
    let instance = Instance::new(323);
    let customer = signed(&instance, "atelier");
    claire(&instance, customer);
    instance.undertake(&instance.staff(Role::ServiceManager), customer);
    let manage = instance.staff(Role::ServiceManager).permit_instance(Act::ManageMail).unwrap();
    let app = instance.app();
    let stranger = |body| Mail { from: "claire.perso@ailleurs.example", body, ..Mail::default() };
    assert_eq!(bring(&instance, &stranger("C’est moi")).1, "unknown_sender");
    assert_eq!(bring(&instance, &stranger("Gagnez un million")).0, Fate::Quarantined);
    let waiting = app.received(&manage, Fate::Quarantined, None, 50).unwrap().0;
    assert!(waiting.iter().all(|l| l.subject.as_deref() == Some("Panne") && l.files.is_empty()));
    let id = |text: &str| waiting.iter().find(|l| l.text.as_deref() == Some(text)).unwrap().id;
    let of_claire = |decision| app.decide_mail(&manage, id("C’est moi"), &decision);
    assert!(of_claire(Decision::Accept).is_err(), "nobody has this address");
    for customer in [None, Some("inconnu".to_owned())] {
        assert!(of_claire(Decision::TakeUp { customer }).is_err(), "no customer to open it for");
    }
    let take = || Decision::TakeUp { customer: Some("atelier".to_owned()) };
    let taken = of_claire(take()).unwrap();
    assert_eq!((taken.fate, taken.ticket), (Fate::Opened, Some((customer, 1))));
    let (opened, manager) = (page(&instance, customer, 1), &instance.staff(Role::ServiceManager).name);
    assert_eq!((&opened.opened_by, opened.entries.len()), (manager, 1), "never in a customer’s name");
    let note = opened.entries[0].text.as_ref().unwrap();
    assert!(note.contains("claire.perso@ailleurs.example") && note.contains(manager), "{note}");
    assert!(of_claire(take()).is_err(), "it is decided once");
    let line = app.received(&manage, Fate::Opened, None, 9).unwrap().0.remove(0);
    assert_eq!(
        (line.decided_by.as_ref(), line.text),
        (Some(manager), None),
        "its words are in the ticket alone"
    );
    app.decide_mail(&manage, id("Gagnez un million"), &Decision::Block).unwrap();
    assert_eq!(bring(&instance, &stranger("Encore")), (Fate::Rejected, "blocked".to_owned(), None));
    assert!(app.received(&manage, Fate::Quarantined, None, 50).unwrap().0.is_empty());
    let several = Mail { from: "claire@garonne.example, jean@garonne.example", ..Mail::default() };
    assert_eq!(bring(&instance, &several).1, "several_senders");
}

#[test]
fn what_is_accepted_is_its_senders_and_says_who_let_it_in() {
    let instance = Instance::new(327);
    let customer = signed(&instance, "atelier");
    let claire = claire(&instance, customer);
    let app = instance.app();
    let manage = instance.staff(Role::ServiceManager).permit_instance(Act::ManageMail).unwrap();
    let relay = Trust::Relay("mx.prestataire.example".to_owned());
    receive(app, &relay, &Mail::default().bytes(), &Envelope::default()).unwrap();
    let waiting = app.received(&manage, Fate::Quarantined, None, 9).unwrap().0.remove(0);
    assert_eq!(waiting.owner.as_deref(), Some("claire"));
    let taken = app.decide_mail(&manage, waiting.id, &Decision::Accept).unwrap();
    assert_eq!((taken.fate, taken.ticket), (Fate::Opened, Some((customer, 1))));
    let seen = page(&instance, customer, 1);
    assert_eq!(seen.opened_by, "claire");
    assert!(seen.entries[0].text.as_ref().unwrap().contains(&instance.staff(Role::ServiceManager).name));
    let see = claire.permit(Act::SeeTickets, customer).unwrap();
    assert!(app.ticket(&see, 1).unwrap().entries.is_empty(), "the note is the provider’s");
}

#[test]
fn of_two_decisions_at_once_one_counts() {
    let instance = Instance::new(328);
    let customer = signed(&instance, "atelier");
    let app = instance.app();
    instance.undertake(&instance.staff(Role::ServiceManager), customer);
    let manage = instance.staff(Role::ServiceManager).permit_instance(Act::ManageMail).unwrap();
    for n in 0..10 {
        let body = format!("Bonjour {n}");
        bring(
            &instance,
            &Mail { from: "x@ailleurs.example", subject: &body, body: &body, ..Mail::default() },
        );
    }
    let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
    let mut opened = 0;
    for waiting in app.received(&manage, Fate::Quarantined, None, 50).unwrap().0 {
        let both = [Decision::Reject, Decision::TakeUp { customer: Some("atelier".to_owned()) }];
        let start = std::sync::Barrier::new(2);
        let decide = |decision| {
            start.wait();
            app.decide_mail(&manage, waiting.id, decision)
        };
        let done = std::thread::scope(|scope| {
            let first = scope.spawn(|| decide(&both[0]));
            [decide(&both[1]), first.join().unwrap()]
        });
        let [taken] = &done.into_iter().flatten().collect::<Vec<_>>()[..] else { panic!("one decision") };
        opened += u64::from(taken.fate == Fate::Opened);
        assert!(app.ticket(&see, opened + 1).is_err(), "what was rejected opened a ticket");
    }
    assert_eq!(app.received(&manage, Fate::Opened, None, 50).unwrap().0.len() as u64, opened);
    assert!(app.received(&manage, Fate::Quarantined, None, 50).unwrap().0.is_empty());
}

#[test]
fn files_come_along_and_those_not_taken_are_named() {
    let instance = Instance::new(324);
    let customer = signed(&instance, "atelier");
    claire(&instance, customer);
    let part = |name: &str, body: &str| {
        format!(
            "--B\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{body}\r\n"
        )
    };
    let mail = format!(
        "From: claire@garonne.example\r\nSubject: =?utf-8?q?=C3=89cran?=\r\nMessage-ID: <f@g>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
         <p>Voici <b>le journal</b>.</p><script>alert(1)</script>\r\n{}{}--B--\r\n",
        part("journal.txt", "erreur 42"),
        part("virus.exe", "MZ\u{0}programme"),
    );
    let bring = || receive(instance.app(), &Trust::Everyone, mail.as_bytes(), &Envelope::default()).unwrap();
    assert_eq!(bring().fate, Fate::Opened);
    assert_eq!(bring().fate, Fate::Opened);
    let page = page(&instance, customer, 1);
    assert_eq!((page.title.as_str(), page.description.as_str()), ("Écran", "Voici le journal."));
    let names: Vec<_> = page.files.iter().filter_map(|f| f.name.as_deref()).collect();
    assert_eq!(names, ["journal.txt"]);
    assert!(page.entries[0].text.as_ref().unwrap().contains("virus.exe"));
}

#[test]
fn what_is_read_of_a_text_is_bounded() {
    let body = "é".repeat(2 << 20);
    let mail = Mail { body: &body, ..Mail::default() };
    let read =
        exchange::incoming::read(&common::settings(), &Trust::Everyone, &mail.bytes(), &Envelope::default());
    assert_eq!(read.text.len(), 1 << 20);
}

#[test]
fn a_letter_that_comes_back_is_told() {
    let instance = Instance::new(325);
    let customer = signed(&instance, "atelier");
    claire(&instance, customer);
    bring(&instance, &Mail::default());
    let letter = letter_to(&instance, "claire@garonne.example");
    let report = format!(
        "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n\
         --B\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\
         --B\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{}>\r\nSubject: x\r\n\r\n--B--\r\n",
        letter.message_id
    );
    let envelope = Envelope { from: Some(String::new()), to: vec![letter.reply_to] };
    let taken = receive(instance.app(), &Trust::Everyone, report.as_bytes(), &envelope).unwrap();
    assert_eq!(taken.fate, Fate::Returned);
    let manage = instance.staff(Role::ServiceManager).permit_instance(Act::ManageMail).unwrap();
    let failed = instance.app().letters(&manage, State::Failed, None, 10).unwrap().0;
    assert_eq!((failed.len(), failed[0].to.email.as_str()), (1, "claire@garonne.example"));
    instance.app().send_again(&manage, failed[0].id).unwrap();
    assert_eq!(instance.app().letters_to_send(10).unwrap().len(), 1);
}

proptest! {
    /// Whatever comes, reading ends and gives nothing larger than what came.
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..2000), text in "(?s).{0,400}") {
        let settings = common::settings();
        let relay = Trust::Relay("mx.prestataire.example".to_owned());
        for mail in [bytes, text.clone().into_bytes(), format!("From: a@b.c\r\nContent-Type: multipart/mixed; boundary=B\r\nAuthentication-Results: {text}\r\n\r\n--B\r\n{text}").into_bytes()] {
            let read = exchange::incoming::read(&settings, &relay, &mail, &Envelope::default());
            prop_assert!(!read.believed || !read.from.is_empty());
            prop_assert!(read.files.len() <= 50);
        }
    }
}

#[test]
fn who_has_not_signed_is_told_of_a_ticket_but_not_its_words_and_their_mail_waits() {
    let instance = Instance::new(329);
    let customer = signed(&instance, "atelier");
    claire(&instance, customer);
    let marc = newcomer(&instance, "marc@prestataire.example", Role::ServiceManager, None);
    assert_eq!(bring(&instance, &Mail { subject: "Écran noir", ..Mail::default() }).0, Fate::Opened);

    let letter = letter_to(&instance, "marc@prestataire.example");
    assert_eq!(letter.subject, "[atelier #1] Engagement de confidentialité à signer");
    assert!(!letter.text.contains("noir") && !letter.html.contains("noir"), "{}", letter.text);
    assert!(letter.text.contains("https://prestataire.example/c/atelier/tickets/1"), "{}", letter.text);

    let answer = Mail {
        from: "marc@prestataire.example",
        to: &letter.reply_to,
        subject: "Re: le ticket",
        body: "On regarde",
        ..Mail::default()
    };
    let (fate, why, ticket) = bring(&instance, &answer);
    assert_eq!((fate, ticket), (Fate::Quarantined, None));
    assert!(why.starts_with("refused: ") && why.contains("engagement de confidentialité"), "{why}");
    let manage = instance.staff(Role::ServiceManager).permit_instance(Act::ManageMail).unwrap();
    let accept = Decision::Accept;
    let waiting = || instance.app().received(&manage, Fate::Quarantined, None, 50).unwrap().0;
    assert_eq!(waiting()[0].text.as_deref(), Some("On regarde"), "it is kept whole");
    let id = waiting()[0].id;
    assert_eq!(instance.app().decide_mail(&manage, id, &accept).unwrap().fate, Fate::Quarantined);

    instance.undertake(&marc, customer);
    let taken = instance.app().decide_mail(&manage, id, &accept).unwrap();
    assert_eq!((taken.fate, taken.ticket), (Fate::Replied, Some((customer, 1))));
    assert!(waiting().is_empty());
}
