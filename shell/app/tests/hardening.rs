//! What somebody who means harm, or two people at once, might try.

mod common;

use app::ticket::{IdempotencyKey, OpenTicket, StepCommand};
use app::{Act, AppError, Role};
use common::signed;
use jiff::Timestamp;
use testkit::{Instance, local};

fn ask(title: &str) -> OpenTicket {
    OpenTicket { title: title.to_owned(), priority: Some("P1".to_owned()), ..OpenTicket::default() }
}

/// The field that was refused.
fn field<T: std::fmt::Debug>(answer: Result<T, AppError>) -> String {
    match answer {
        Err(AppError::Invalid(invalid)) => invalid.field,
        other => panic!("{other:?}"),
    }
}

// A ticket that a customer dates to last week is late at once, and owes a penalty.
#[test]
fn only_the_provider_says_that_something_happened_before() {
    let instance = Instance::new(40);
    let customer = signed(&instance, "atelier");
    let earlier: Timestamp = local("2026-06-15T09:00");
    let past = OpenTicket { declared: Some(earlier), ..ask("ERP arrêté") };
    for role in [Role::CustomerUser, Role::CustomerManager] {
        let permit = instance.permit(role, Act::OpenTicket, customer);
        assert_eq!(field(instance.app().open_ticket(&permit, &instance.key(), &past)), "declared");
    }
    let desk = instance.permit(Role::Technician, Act::OpenTicket, customer);
    let number = instance.app().open_ticket(&desk, &instance.key(), &past).expect("written down late").number;

    let mine = instance.permit(Role::CustomerUser, Act::Reply, customer);
    let reply = StepCommand::Reply { body: "Bonjour".to_owned() };
    let dated = instance.app().step_ticket(&mine, &instance.key(), number, &reply, Some(earlier));
    assert_eq!(field(dated), "at");
    instance.app().step_ticket(&mine, &instance.key(), number, &reply, None).expect("said now");
}

// What a ticket is about stands in the journal for ever, in clear: it is a name, never a story.
#[test]
fn what_stands_in_the_journal_is_short() {
    let instance = Instance::new(41);
    let customer = signed(&instance, "atelier");
    let story = "Le poste de Mme Dupont ".repeat(10);
    let long = |f: fn(&mut OpenTicket, String)| {
        let mut one = ask("Panne");
        f(&mut one, story.clone());
        field(instance.open(customer, &one))
    };
    assert_eq!(long(|o, s| o.item = Some(s)), "item");
    assert_eq!(long(|o, s| o.item_class = Some(s)), "item_class");
    assert_eq!(long(|o, s| o.operation = Some(s)), "operation");
}

#[test]
fn a_number_that_no_column_holds_is_not_found() {
    let instance = Instance::new(42);
    let customer = signed(&instance, "atelier");
    let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
    let found = instance.app().ticket(&see, u64::MAX);
    assert!(matches!(found, Err(AppError::NotFound)), "{:?}", found.err());
    let (all, huge) = (app::ticket::Filter::default(), u64::MAX.to_string());
    assert!(instance.app().find_tickets(&see, &huge, &all, None, 10).unwrap().0.is_empty());
}

// Dropping the instance compares the desk with a rebuild.
#[test]
fn the_desk_is_right_when_several_carry_at_once() {
    let instance = Instance::new(43);
    let customer = signed(&instance, "atelier");
    let open = instance.permit(Role::Technician, Act::OpenTicket, customer);
    let work = instance.permit(Role::Technician, Act::WorkOnTicket, customer);
    let key = |text: String| IdempotencyKey::parse(&text).expect("a plain key");
    std::thread::scope(|scope| {
        for n in 0..6 {
            let (instance, open, work, key) = (&instance, &open, &work, &key);
            scope.spawn(move || {
                for i in 0..12 {
                    let app = instance.app();
                    let opened = app.open_ticket(open, &key(format!("o{n}-{i}")), &ask("Panne")).unwrap();
                    app.pump().unwrap();
                    let done =
                        StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: Some("Vu".to_owned()) };
                    app.step_ticket(work, &key(format!("r{n}-{i}")), opened.number, &done, None).unwrap();
                    app.pump().unwrap();
                }
            });
        }
    });
    let desk = instance.staff(Role::Technician).permit_instance(Act::SeeDesk).unwrap();
    let left = instance.app().desk(&desk, app::desk::Which::All, None, 100).unwrap().lines;
    assert!(left.is_empty(), "resolved tickets are still on the desk: {}", left.len());
}

// A fee changed in a month already closed would be billed by no statement.
#[test]
fn an_amendment_takes_no_effect_in_a_closed_month() {
    let instance = Instance::new(44);
    let customer = signed(&instance, "atelier");
    let close = instance.permit(Role::ServiceManager, Act::CloseMonth, customer);
    let march = jiff::civil::date(2026, 3, 1);
    instance.app().close_month(&close, &instance.key(), None, march).expect("March is over");
    let amendment = |effective: &str| {
        format!(
            "+++\namends = \"CTR-2026-001\"\neffective = {effective}\nsigned = 2026-06-16\n\
             language = \"fr\"\nsemantics = 1\n+++\n\n# Avenant\n\nRien ne change.\n"
        )
    };
    match instance.sign(customer, "avenant.md", &amendment("2026-03-15")) {
        Err(AppError::Refused(refusal)) => assert_eq!(refusal.code, "month.closed"),
        other => panic!("{other:?}"),
    }
    let signed = instance.sign(customer, "avenant.md", &amendment("2026-04-01")).expect("April is open");
    assert_eq!(signed.version, 2);
}

// The second contract's visits are not the first's: each has its own allowance and its own bill.
#[test]
fn two_contracts_do_not_share_an_allowance() {
    let instance = Instance::new(45);
    let customer = signed(&instance, "atelier");
    let second = common::contract_a().replace("CTR-2026-001", "CTR-2026-002");
    instance.sign(customer, "second.md", &second).expect("another number is another contract");
    let visit = |contract: &str| {
        let one = OpenTicket {
            kind: Some("service_request".to_owned()),
            operation: Some("on_site_visit".to_owned()),
            site: Some("tls".to_owned()),
            contract: Some(contract.to_owned()),
            ..ask("Visite")
        };
        instance.open(customer, &one).expect("a visit").admission
    };
    let asked: Vec<String> = (0..5).map(|_| visit("CTR-2026-002")).collect();
    assert_eq!(asked.last().map(String::as_str), Some("priced"), "four are in the fee: {asked:?}");
    assert_eq!(visit("CTR-2026-001"), "accepted");
    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    assert_eq!(instance.app().month_so_far(&see).expect("counts of both").opened, 6);
}

#[test]
fn a_contract_s_number_can_stand_in_an_address() {
    let instance = Instance::new(46);
    let customer = instance.customer("atelier");
    for bad in ["../../x", "A/B?c#d", "<b>", "a b", "é", "."] {
        let text = common::contract_a().replace("CTR-2026-001", bad);
        assert_eq!(field(instance.sign(customer, "a.md", &text)), "contract", "{bad}");
    }
}

// A restoration dated to yesterday may turn a missed promise into a kept one: both parties must see when
// it was written down.
#[test]
fn an_act_told_afterwards_shows_when_it_was_written_down() {
    let instance = Instance::new(71);
    let customer = signed(&instance, "atelier");
    instance.at("2026-11-02T09:00");
    let opened = instance.open(customer, &ask("Serveur arrêté")).unwrap();
    instance.at("2026-11-03T09:00");
    let permit = instance.permit(Role::Technician, Act::WorkOnTicket, customer);
    let told = local("2026-11-02T09:30");
    let restored = StepCommand::Restore {
        workaround: false,
        note: "Rétabli hier.".into(),
        diagnosis: Some("Vu".to_owned()),
    };
    instance.app().step_ticket(&permit, &instance.key(), opened.number, &restored, Some(told)).unwrap();

    let seen = instance.permit(Role::CustomerManager, Act::SeeTickets, customer);
    let page = instance.app().ticket(&seen, opened.number).unwrap();
    let line = page.entries.last().unwrap();
    assert_eq!(line.at, told);
    assert_eq!(line.recorded, local("2026-11-03T09:00"), "the journal's own instant");
    assert_eq!(page.opening_recorded, opened.opened);
}

// A restoration kept out by a reader's click would be told later than it was, and owe a penalty.
#[test]
fn whoever_only_follows_keeps_no_act_from_being_dated_before() {
    let instance = Instance::new(73);
    let customer = signed(&instance, "atelier");
    instance.at("2026-11-02T10:00");
    let number = instance.open(customer, &ask("Serveur arrêté")).unwrap().number;
    let permit = instance.permit(Role::Technician, Act::WorkOnTicket, customer);
    instance.at("2026-11-02T10:20");
    let reader = instance.someone(Role::CustomerAuditor, customer);
    for command in [StepCommand::Watch, StepCommand::Unwatch] {
        let reads = reader.permit(command.act(), customer).unwrap();
        instance.app().step_ticket(&reads, &instance.key(), number, &command, None).unwrap();
    }
    let restored = StepCommand::Restore {
        workaround: false,
        note: "Relancé.".to_owned(),
        diagnosis: Some("Vu".to_owned()),
    };
    let told = Some(local("2026-11-02T10:02"));
    instance.app().step_ticket(&permit, &instance.key(), number, &restored, told).unwrap();
    let back = StepCommand::Resolve { note: "Fini.".to_owned(), diagnosis: None };
    let earlier =
        instance.app().step_ticket(&permit, &instance.key(), number, &back, Some(local("2026-11-02T10:01")));
    assert_eq!(field(earlier), "at", "an act about the matter is still followed by no earlier one");
    instance.finish();
}

// Without forgetting, the keys of every write are kept for ever.
#[test]
fn keys_are_forgotten_after_a_month_and_not_before() {
    let instance = Instance::new(72);
    let customer = signed(&instance, "atelier");
    let permit = instance.permit(Role::CustomerUser, Act::OpenTicket, customer);
    let key = instance.key();
    let first = instance.app().open_ticket(&permit, &key, &ask("Une fois")).unwrap();
    instance.at("2026-07-10T09:00");
    instance.app().forget_old_keys().unwrap();
    let retried = instance.app().open_ticket(&permit, &key, &ask("Une fois")).unwrap();
    assert_eq!(retried.number, first.number, "a retry within the month");
    instance.at("2026-07-20T09:00");
    instance.app().forget_old_keys().unwrap();
    let afresh = instance.app().open_ticket(&permit, &key, &ask("Une fois")).unwrap();
    assert_ne!(afresh.number, first.number, "the key was forgotten");
}

// With two contracts in force, a ticket and a call must say which, or be about something that does.
#[test]
fn two_contracts_in_force_are_told_apart() {
    let instance = Instance::new(73);
    let customer = signed(&instance, "atelier");
    let other = common::contract_a().replace("CTR-2026-001", "CTR-2026-002");
    instance.sign(customer, "second.md", &other).expect("the same contract under another number");
    let technician = instance.permit(Role::Technician, Act::OpenTicket, customer);
    let silent = instance.app().open_ticket(&technician, &instance.key(), &ask("Lequel ?"));
    assert_eq!(field(silent), "contract");
    let stated = OpenTicket { contract: Some("CTR-2026-002".into()), ..ask("Celui-ci") };
    let number = instance.app().open_ticket(&technician, &instance.key(), &stated).unwrap().number;

    let permit = instance.permit(Role::Technician, Act::RecordCall, customer);
    let call = |ticket, contract: Option<&str>| app::call::RecordCall {
        minutes: 5,
        ticket,
        contract: contract.map(str::to_owned),
        at: None,
    };
    assert_eq!(field(instance.app().record_call(&permit, &instance.key(), &call(None, None))), "contract");
    let about = instance.app().record_call(&permit, &instance.key(), &call(Some(number), None)).unwrap();
    let named =
        instance.app().record_call(&permit, &instance.key(), &call(None, Some("CTR-2026-001"))).unwrap();
    assert_eq!((about.left, named.left), (119, 119), "each contract has its own pack");
}
