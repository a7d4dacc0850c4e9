//! Many at once: one key makes one ticket, and the last ticket of a pack is given once.

mod common;

use app::call::RecordCall;
use app::ticket::{IdempotencyKey, OpenTicket, Opened, StepCommand};
use app::{Act, AppError, Permit, Role};
use base::Money;
use base::id::CustomerId;
use common::signed;
use std::sync::Barrier;
use testkit::Instance;

fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::parse(text).unwrap()
}

fn ask(title: &str) -> OpenTicket {
    OpenTicket { title: title.to_owned(), priority: Some("P2".to_owned()), ..OpenTicket::default() }
}

/// `n` threads that start together.
fn together<T: Send>(n: usize, f: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(n);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..n)
            .map(|i| {
                let (barrier, f) = (&barrier, &f);
                scope.spawn(move || {
                    barrier.wait();
                    f(i)
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().expect("no thread panicked")).collect()
    })
}

#[test]
fn eight_with_one_key_make_one_ticket() {
    let instance = Instance::new(10);
    let customer = signed(&instance, "atelier");
    let open = instance.permit(Role::CustomerUser, Act::OpenTicket, customer);
    let answers: Vec<Opened> = together(8, |_| {
        instance.app().open_ticket(&open, &key("le-meme"), &ask("Écran noir")).expect("the ticket opens")
    });
    assert!(answers.iter().all(|a| *a == answers[0]), "every caller is told the same");
    assert_eq!(count(&instance, customer), 1);

    let other = instance.app().open_ticket(&open, &key("le-meme"), &ask("Écran bleu"));
    assert!(matches!(other, Err(AppError::IdempotencyConflict)), "{other:?}");
    let manager = instance.permit(Role::CustomerManager, Act::OpenTicket, customer);
    let theirs = instance.app().open_ticket(&manager, &key("le-meme"), &ask("Écran bleu")).unwrap();
    assert_eq!(theirs.number, 2, "another person's key is another key");
    assert_eq!(count(&instance, customer), 2);
}

#[test]
fn a_refusal_is_told_again_and_journaled_once() {
    let instance = Instance::new(11);
    let customer = signed(&instance, "atelier");
    let open = instance.permit(Role::CustomerUser, Act::OpenTicket, customer);
    let personal = OpenTicket { item_class: Some("personal_device".to_owned()), ..ask("Mon téléphone") };
    let answers = together(4, |_| match instance.app().open_ticket(&open, &key("refus"), &personal) {
        Err(AppError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    });
    assert!(answers.iter().all(|a| *a == answers[0]));
    let see = instance.permit(Role::CustomerManager, Act::SeeJournal, customer);
    let journal = instance.app().journal(&see, None, 100).unwrap();
    assert_eq!(journal.entries.iter().filter(|e| e.kind == "ticket.refused").count(), 1);
}

#[test]
fn eight_with_one_key_take_one_step() {
    let instance = Instance::new(12);
    let customer = signed(&instance, "atelier");
    let number = instance.open(customer, &ask("Écran noir")).unwrap().number;
    let work = instance.permit(Role::Technician, Act::WorkOnTicket, customer);
    let restore = StepCommand::Restore {
        workaround: false,
        note: "Câble".to_owned(),
        diagnosis: Some("Vu".to_owned()),
    };
    let answers = together(8, |_| {
        instance.app().step_ticket(&work, &key("retabli"), number, &restore, None).expect("restored once")
    });
    assert!(answers.iter().all(|a| *a == answers[0]));
    let resolve = StepCommand::Resolve { note: "Câble".to_owned(), diagnosis: Some("Vu".to_owned()) };
    let other = instance.app().step_ticket(&work, &key("retabli"), number, &resolve, None);
    assert!(matches!(other, Err(AppError::IdempotencyConflict)), "{other:?}");
    let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
    assert_eq!(instance.app().ticket(&see, number).unwrap().entries.len(), 1);
}

#[test]
fn numbers_have_no_gap_and_no_double_under_load() {
    let instance = Instance::new(13);
    let customer = signed(&instance, "atelier");
    let open = instance.permit(Role::CustomerUser, Act::OpenTicket, customer);
    let mut numbers: Vec<u64> = together(16, |n| {
        instance
            .app()
            .open_ticket(&open, &key(&format!("k{n}")), &ask(&format!("Ticket {n}")))
            .unwrap()
            .number
    });
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=16).collect::<Vec<u64>>());
}

/// Contract A with a pack of `tickets`, and what happens once it is empty.
fn with_pack(instance: &Instance, tickets: u32, when_empty: &str) -> (CustomerId, Permit) {
    let customer = instance.customer("atelier");
    let text = common::contract_a().replacen("tickets = 120\n", &format!("tickets = {tickets}\n"), 1);
    let text = text.replace("{{ carnet.price }}", "sur devis").replacen(
        "then.alert_at = 20\nthen.when_empty = \"per_ticket\"\nthen.price = \"24.00 EUR\"",
        when_empty,
        1,
    );
    instance.sign(customer, "pack.md", &text).expect("the variant compiles");
    instance.at("2026-06-16T09:00");
    (customer, instance.permit(Role::Technician, Act::RecordCall, customer))
}

fn call(at: Option<&str>) -> RecordCall {
    RecordCall { minutes: 5, ticket: None, contract: None, at: at.map(testkit::local) }
}

// V2.3.4: « 100 appels simultanés sur le dernier ticket du carnet ».
#[test]
fn of_a_hundred_calls_on_the_last_ticket_one_is_covered() {
    let instance = Instance::new(14);
    let (customer, permit) =
        with_pack(&instance, 1, "then.when_empty = \"per_ticket\"\nthen.price = \"24.00 EUR\"");
    let answers =
        together(100, |_| instance.app().record_call(&permit, &instance.key(), &call(None)).unwrap());
    assert_eq!(answers.iter().filter(|a| a.covered).count(), 1);
    let billed: Money = answers.iter().filter_map(|a| a.price).sum();
    assert_eq!(billed, Money::eur(99 * 2400));
    assert!(answers.iter().all(|a| a.left == 0));

    let money = instance.permit(Role::ServiceManager, Act::SeeMoney, customer);
    let page = instance.app().money(&money, None).unwrap();
    let meter = &page.meters[0].value;
    assert_eq!((meter.included, meter.used, meter.left, meter.beyond), (1, 1, 0, 99));
    assert_eq!(meter.billed, billed, "what each caller was told is what the month bills");

    // Both parties read the same meter, and the statement is made of the same charges.
    let read = |role| {
        let permit = instance.permit(role, Act::SeeMeters, customer);
        instance.app().meters(&permit, None, None, 500).unwrap().meters.remove(0)
    };
    let (ours, theirs) = (read(Role::Technician), read(Role::CustomerManager));
    assert_eq!((&ours.state, &theirs.state), (&page.meters[0], &page.meters[0]));
    assert_eq!(theirs.calls.len(), 100);
    assert_eq!(theirs.calls.iter().filter(|c| c.charge.value.covered).count(), 1);
    for line in &theirs.calls {
        let told = (line.call.covered, line.call.counted, line.call.price);
        let charge = &line.charge.value;
        assert_eq!(told, (charge.covered, charge.counted, charge.price), "as its caller was told");
    }
}

#[test]
fn an_empty_pack_that_refuses_serves_one_and_p1() {
    let instance = Instance::new(15);
    let (customer, permit) = with_pack(&instance, 1, "then.when_empty = \"refuse\"");
    let answers = together(20, |_| instance.app().record_call(&permit, &instance.key(), &call(None)));
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1);
    let refused = answers.into_iter().filter_map(Result::err).map(|e| match e {
        AppError::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    });
    for refusal in refused {
        assert_eq!(refusal.code, "hotline.empty");
        assert!(refusal.reasons.iter().any(|r| r.show(base::Lang::Fr).contains("[carnet]")));
    }
    let urgent = OpenTicket { priority: Some("P1".to_owned()), ..ask("ERP arrêté") };
    let ticket = instance.open(customer, &urgent).unwrap().number;
    let about = RecordCall { ticket: Some(ticket), ..call(None) };
    let served = instance.app().record_call(&permit, &instance.key(), &about).unwrap();
    assert!(!served.covered && served.left == 0 && served.price.is_none());
}

#[test]
fn a_call_written_down_late_does_not_take_a_ticket_already_given() {
    let instance = Instance::new(16);
    let (customer, permit) =
        with_pack(&instance, 1, "then.when_empty = \"per_ticket\"\nthen.price = \"24.00 EUR\"");
    let first = instance.app().record_call(&permit, &instance.key(), &call(None)).unwrap();
    let earlier = call(Some("2026-06-15T16:00"));
    let late = instance.app().record_call(&permit, &instance.key(), &earlier).unwrap();
    assert!(first.covered && !late.covered, "the pack had one ticket, and it was given");
    assert_eq!(late.price, Some(Money::eur(2400)));

    let money = instance.permit(Role::ServiceManager, Act::SeeMoney, customer);
    let page = instance.app().money(&money, None).unwrap();
    let meter = &page.meters[0].value;
    assert_eq!((meter.used, meter.left, meter.beyond, meter.billed), (1, 0, 1, Money::eur(2400)));
}

fn count(instance: &Instance, customer: CustomerId) -> usize {
    let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
    instance.app().tickets(&see, &app::ticket::Filter::default(), None, 100).unwrap().0.len()
}
