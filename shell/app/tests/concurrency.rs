//! Many at once: one key makes one ticket, and the last ticket of a pack is given once.

mod common;

use app::call::RecordCall;
use app::desk::Which;
use app::ticket::{IdempotencyKey, OpenTicket, Opened, StepCommand};
use app::{Act, AppError, Permit, Role};
use base::Money;
use base::id::CustomerId;
use common::signed;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
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

/// The upkeep and every other reader carry messages to the desk too: what one of them has taken on itself is
/// waited for.
#[test]
fn what_one_has_just_done_is_on_the_desk_whoever_carries_it() {
    let instance = Instance::new(17);
    let customer = signed(&instance, "atelier");
    let open = instance.permit(Role::Technician, Act::OpenTicket, customer);
    let desk = instance.staff(Role::ServiceManager).permit_instance(Act::SeeDesk).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    instance.app().pump().unwrap();
                }
            });
        }
        let seen: Vec<usize> = (0..60)
            .map(|i| {
                instance.app().open_ticket(&open, &key(&format!("t{i}")), &ask("Écran noir")).unwrap();
                instance.app().desk(&desk, Which::All, None, 100).unwrap().lines.len()
            })
            .collect();
        done.store(true, Ordering::Relaxed);
        assert_eq!(seen, (1..=60).collect::<Vec<_>>());
    });
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
    with_pack_and(instance, tickets, when_empty, "")
}

/// The same, with more clauses at the end.
fn with_pack_and(instance: &Instance, tickets: u32, when_empty: &str, more: &str) -> (CustomerId, Permit) {
    let customer = instance.customer("atelier");
    let text = common::contract_a().replacen("tickets = 120\n", &format!("tickets = {tickets}\n"), 1);
    let text = text.replace("{{ carnet.price }}", "sur devis").replacen(
        "then.alert_at = 20\nthen.when_empty = \"per_ticket\"\nthen.price = \"24.00 EUR\"",
        when_empty,
        1,
    );
    let text = format!("{text}{more}");
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

/// Calls about P2 tickets have a rule of their own, by which they count twice, on the pack of the others.
const P2_SHARES: &str = r#"
## Article 90 – Appels urgents

```toml clause
kind = "hotline"
label = "urgents"
exception_to = "carnet"
when = { priority = "P2" }
then = { form = "shared", of = "carnet", weights = [{ priority = "P2", weight = "2" }] }
```
"#;

// « Two simultaneous consumptions of the last slip: exactly one succeeds », through two rules that share it.
#[test]
fn of_two_rules_that_share_a_pack_one_takes_its_last_ticket() {
    let instance = Instance::new(17);
    let (customer, permit) = with_pack_and(&instance, 1, "then.when_empty = \"refuse\"", P2_SHARES);
    let urgent = instance.open(customer, &ask("ERP lent")).unwrap().number;
    let answers = together(24, |n| {
        let about = RecordCall { ticket: (n % 2 == 0).then_some(urgent), ..call(None) };
        instance.app().record_call(&permit, &instance.key(), &about)
    });
    let (served, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((served.len(), refused.len()), (1, 23), "one slip was left, and one call took it");
    let served = served.into_iter().next().unwrap().unwrap();
    assert_eq!((served.meter.as_str(), served.left), ("carnet", 0));
    for refusal in refused.into_iter().filter_map(Result::err) {
        assert!(matches!(refusal, AppError::Refused(ref r) if r.code == "hotline.empty"), "{refusal:?}");
    }
    let see = instance.permit(Role::CustomerManager, Act::SeeMeters, customer);
    let meters = instance.app().meters(&see, None, None, 50).unwrap().meters;
    let [one] = &meters[..] else { panic!("one meter is shown, not one a rule") };
    let state = &one.state.value;
    assert_eq!((state.meter.as_str(), state.used, state.left, state.calls), ("carnet", 1, 0, 1));
    assert_eq!(one.drawn_by.iter().map(|r| r.label.as_str()).collect::<Vec<_>>(), ["carnet", "urgents"]);
}

// The same calls, one after the other: both parties read who drew, what it was multiplied by, and why.
#[test]
fn each_rule_counts_by_its_own_weight_on_the_meter_they_share() {
    let instance = Instance::new(18);
    let (customer, permit) = with_pack_and(&instance, 5, "then.when_empty = \"refuse\"", P2_SHARES);
    let urgent = instance.open(customer, &ask("ERP lent")).unwrap().number;
    let about = RecordCall { ticket: Some(urgent), ..call(None) };
    let told = instance.app().record_call(&permit, &instance.key(), &about).unwrap();
    assert_eq!((told.counted, told.weight, told.left), (2, base::Fraction::from_integer(2), 3));
    let plain = instance.app().record_call(&permit, &instance.key(), &call(None)).unwrap();
    assert_eq!((plain.counted, plain.left), (1, 2));

    let see = instance.permit(Role::CustomerManager, Act::SeeMeters, customer);
    let meter = instance.app().meters(&see, None, None, 50).unwrap().meters.remove(0);
    let mut counted: Vec<_> =
        meter.calls.iter().map(|c| (c.charge.value.counted, c.call.rule.as_deref())).collect();
    counted.sort_unstable();
    assert_eq!(counted, [(1, None), (2, Some("urgents"))]);
    let weighed = meter.calls.iter().find(|c| c.call.rule.is_some()).unwrap();
    let cited = weighed.charge.reasons.iter().find(|r| r.code == "meter.weight").unwrap().cites.as_ref();
    assert_eq!(cited.unwrap().article, "Article 90 – Appels urgents");
    assert_eq!(
        weighed.charge.reasons, told.reasons,
        "what the customer reads is what whoever took it was told"
    );
    assert!(weighed.call.roles.contains(&events::CallTaker::Technician));
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
