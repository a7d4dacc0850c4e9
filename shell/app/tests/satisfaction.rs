//! Satisfaction: asked once of whoever asked, changed for a while, counted the same for both parties; and the
//! review of a half-year, where it is read.

mod common;

use app::review::Half;
use app::satisfaction::TellSatisfaction;
use app::ticket::{OpenTicket, StepCommand};
use app::{Act, AppError, Role};
use base::id::CustomerId;
use common::signed;
use events::Promise;
use jiff::civil::date;
use testkit::{Instance, Person, local};

fn resolved(instance: &Instance, customer: CustomerId) -> u64 {
    let ask = OpenTicket {
        title: "Imprimante".to_owned(),
        priority: Some("P4".to_owned()),
        ..OpenTicket::default()
    };
    let number = instance.open(customer, &ask).unwrap().number;
    instance.step(customer, number, &StepCommand::TakeOver).unwrap();
    let done = StepCommand::Resolve { note: "Changée".to_owned(), diagnosis: Some("Usure".to_owned()) };
    instance.step(customer, number, &done).unwrap();
    number
}

fn said(score: u8, words: &str) -> TellSatisfaction {
    TellSatisfaction { score, words: Some(words.to_owned()) }
}

fn code(done: Result<u64, AppError>) -> String {
    match done {
        Err(AppError::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn whoever_asked_says_it_once_changes_it_for_a_fortnight_and_both_parties_read_the_figures() {
    let instance = Instance::new(320);
    let customer = signed(&instance, "garonne");
    let app = instance.app();
    let tell = instance.permit(Role::CustomerUser, Act::Reply, customer);
    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    let ask =
        OpenTicket { title: "Panne".to_owned(), priority: Some("P4".to_owned()), ..OpenTicket::default() };
    let open = instance.open(customer, &ask).unwrap().number;
    assert_eq!(
        code(app.tell_satisfaction(&tell, &instance.key(), open, &said(5, ""))),
        "satisfaction.closed"
    );

    let number = resolved(&instance, customer);
    assert_eq!(app.awaited_satisfaction(&see, 10).unwrap(), [(number, "Imprimante".to_owned())]);
    let until = app.satisfaction_of(&see, number).unwrap().may_until.unwrap();
    assert_eq!(until, local("2026-07-16T09:00"), "thirty days");
    // Neither another person of the customer's nor the provider answers for whoever asked.
    let other = instance.person(Person { role: Role::CustomerUser, customer: Some(customer), nth: 1 });
    let theirs = other.permit(Act::Reply, customer).unwrap();
    assert_eq!(
        code(app.tell_satisfaction(&theirs, &instance.key(), number, &said(1, ""))),
        "satisfaction.not_asked"
    );
    let ours = instance.permit(Role::Technician, Act::Reply, customer);
    assert_eq!(
        code(app.tell_satisfaction(&ours, &instance.key(), number, &said(5, ""))),
        "satisfaction.not_asked"
    );
    for wrong in [0, 6] {
        let done = app.tell_satisfaction(&tell, &instance.key(), number, &said(wrong, ""));
        assert!(matches!(done, Err(AppError::Invalid(i)) if i.field == "score"));
    }

    let key = instance.key();
    let entry = app.tell_satisfaction(&tell, &key, number, &said(2, "Trop long")).unwrap();
    assert_eq!(app.tell_satisfaction(&tell, &key, number, &said(2, "Trop long")).unwrap(), entry, "a retry");
    assert!(app.awaited_satisfaction(&see, 10).unwrap().is_empty(), "asked once");
    instance.at("2026-06-29T09:00");
    app.tell_satisfaction(&tell, &instance.key(), number, &said(4, "Finalement bien")).unwrap();
    instance.at("2026-07-01T09:00");
    assert_eq!(
        code(app.tell_satisfaction(&tell, &instance.key(), number, &said(5, ""))),
        "satisfaction.closed"
    );

    let staff = instance.permit(Role::Technician, Act::SeeTickets, customer);
    let told = app.satisfaction_of(&staff, number).unwrap();
    assert_eq!((told.told.as_ref().unwrap().score, told.may_until), (4, None));
    assert_eq!(told.told.unwrap().words.as_deref(), Some("Finalement bien"));
    let read = |role| app.satisfaction(&instance.permit(role, Act::SeeContract, customer)).unwrap();
    let figures = read(Role::CustomerManager);
    assert_eq!(figures, read(Role::ServiceManager));
    assert_eq!(figures.months.len(), 1);
    assert_eq!(
        (figures.months[0].month.to_string().as_str(), figures.months[0].mean_hundredths()),
        ("2026-06-01", Some(400))
    );

    // The words are beside the journal, which tells the mark.
    let journal = instance.permit(Role::CustomerManager, Act::SeeJournal, customer);
    let entries = app.journal(&journal, None, 50).unwrap().entries;
    let told: Vec<_> = entries.iter().filter(|e| e.kind == "satisfaction.told").collect();
    assert_eq!(told.len(), 2);
    assert!(!format!("{:?}", told[0].event).contains("bien"), "{:?}", told[0].event);
    instance.finish();
}

#[test]
fn a_ticket_that_the_provider_opened_is_judged_by_whoever_follows_it() {
    let instance = Instance::new(321);
    let customer = signed(&instance, "garonne");
    let app = instance.app();
    let opening = instance.permit(Role::Technician, Act::OpenTicket, customer);
    let ask =
        OpenTicket { title: "Appel".to_owned(), priority: Some("P4".to_owned()), ..OpenTicket::default() };
    let number = app.open_ticket(&opening, &instance.key(), &ask).unwrap().number;
    let user = instance.permit(Role::CustomerUser, StepCommand::Watch.act(), customer);
    app.step_ticket(&user, &instance.key(), number, &StepCommand::Watch, None).unwrap();
    instance.step(customer, number, &StepCommand::TakeOver).unwrap();
    let done = StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: Some("Vu".to_owned()) };
    instance.step(customer, number, &done).unwrap();
    let manager = instance.permit(Role::CustomerManager, Act::Reply, customer);
    assert_eq!(
        code(app.tell_satisfaction(&manager, &instance.key(), number, &said(5, ""))),
        "satisfaction.not_asked"
    );
    let awaited =
        |role| app.awaited_satisfaction(&instance.permit(role, Act::SeeTickets, customer), 10).unwrap();
    assert_eq!(awaited(Role::CustomerUser), [(number, "Appel".to_owned())]);
    assert_eq!(awaited(Role::CustomerManager), []);
    let tell = instance.permit(Role::CustomerUser, Act::Reply, customer);
    app.tell_satisfaction(&tell, &instance.key(), number, &said(5, "")).unwrap();
    assert_eq!(awaited(Role::CustomerUser), [], "said once");
    instance.at("2026-06-17T09:00");
    instance.step(customer, number, &StepCommand::Reopen { why: "Encore".to_owned() }).unwrap();
    assert_eq!(
        code(app.tell_satisfaction(&tell, &instance.key(), number, &said(1, ""))),
        "satisfaction.closed"
    );
    instance.finish();
}

#[test]
fn whoever_is_judged_takes_nobody_from_those_who_are_asked() {
    let instance = Instance::new(326);
    let customer = signed(&instance, "garonne");
    let app = instance.app();
    let opening = instance.permit(Role::Technician, Act::OpenTicket, customer);
    let ask =
        OpenTicket { title: "Appel".to_owned(), priority: Some("P4".to_owned()), ..OpenTicket::default() };
    let number = app.open_ticket(&opening, &instance.key(), &ask).unwrap().number;
    let (user, other) = (
        instance.someone(Role::CustomerUser, customer),
        instance.person(Person { role: Role::CustomerUser, customer: Some(customer), nth: 1 }),
    );
    for who in [&user, &other] {
        instance.step(customer, number, &StepCommand::WatchFor { who: who.email.clone() }).unwrap();
    }
    instance.step(customer, number, &StepCommand::UnwatchFor { who: user.account }).unwrap();
    let ceases = other.permit(StepCommand::Unwatch.act(), customer).unwrap();
    app.step_ticket(&ceases, &instance.key(), number, &StepCommand::Unwatch, None).unwrap();
    instance.step(customer, number, &StepCommand::TakeOver).unwrap();
    let done = StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: Some("Vu".to_owned()) };
    instance.step(customer, number, &done).unwrap();

    let see = user.permit(Act::SeeTickets, customer).unwrap();
    assert!(app.satisfaction_of(&see, number).unwrap().may_until.is_some());
    let tells = |who: &app::Principal| {
        let permit = who.permit(Act::Reply, customer).unwrap();
        app.tell_satisfaction(&permit, &instance.key(), number, &said(1, ""))
    };
    tells(&user).unwrap();
    assert_eq!(code(tells(&other)), "satisfaction.not_asked", "who ceased by themselves is left in peace");
    instance.finish();
}

#[test]
fn a_ticket_that_moves_after_its_month_is_asked_about_no_more() {
    let instance = Instance::new(322);
    let customer = signed(&instance, "garonne");
    let app = instance.app();
    let number = resolved(&instance, customer);
    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    instance.at("2026-07-10T09:00");
    instance.step(customer, number, &StepCommand::Note { body: "Carton jeté".to_owned() }).unwrap();
    assert_eq!(app.awaited_satisfaction(&see, 10).unwrap().len(), 1, "until the sixteenth");
    instance.at("2026-07-20T09:00");
    assert_eq!(app.satisfaction_of(&see, number).unwrap().may_until, None);
    assert_eq!(app.awaited_satisfaction(&see, 10).unwrap(), []);
    instance.finish();
}

#[test]
fn whoever_follows_many_tickets_of_their_colleagues_is_still_asked_about_their_own() {
    let instance = Instance::new(323);
    let customer = signed(&instance, "garonne");
    let app = instance.app();
    let manager = |act| instance.permit(Role::CustomerManager, act, customer);
    let ask =
        OpenTicket { title: "Mien".to_owned(), priority: Some("P4".to_owned()), ..OpenTicket::default() };
    let mine = app.open_ticket(&manager(Act::OpenTicket), &instance.key(), &ask).unwrap().number;
    instance.step(customer, mine, &StepCommand::TakeOver).unwrap();
    let done = StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: Some("Vu".to_owned()) };
    instance.step(customer, mine, &done).unwrap();
    // More than are looked at, and every one moved later.
    instance.at("2026-06-16T10:00");
    let watch = manager(StepCommand::Watch.act());
    for _ in 0..101 {
        let theirs = resolved(&instance, customer);
        app.step_ticket(&watch, &instance.key(), theirs, &StepCommand::Watch, None).unwrap();
    }
    let awaited = app.awaited_satisfaction(&manager(Act::SeeTickets), 10).unwrap();
    assert_eq!(awaited, [(mine, "Mien".to_owned())]);
    instance.finish();
}

#[test]
fn a_half_year_is_reviewed_with_its_penalties_and_its_late_tickets_and_no_other() {
    let instance = Instance::new(325);
    let customer = signed(&instance, "garonne");
    let app = instance.app();
    instance.at("2026-08-17T09:00");
    let ask = OpenTicket {
        title: "ERP arrêté".to_owned(),
        priority: Some("P1".to_owned()),
        site: Some("tls".to_owned()),
        ..OpenTicket::default()
    };
    let number = instance.open(customer, &ask).unwrap().number;
    instance.step(customer, number, &StepCommand::TakeOver).unwrap();
    instance.at("2026-08-17T17:50");
    let back = StepCommand::Restore {
        workaround: false,
        note: "Relancé".to_owned(),
        diagnosis: Some("Disque plein".to_owned()),
    };
    instance.step(customer, number, &back).unwrap();
    instance.at("2026-09-01T09:00");
    let close = instance.permit(Role::ServiceManager, Act::CloseMonth, customer);
    for month in 3..=8 {
        app.close_month(&close, &instance.key(), None, date(2026, month, 1)).unwrap();
    }

    let read = |role, half: &str| {
        let half = Some(Half::parse(half).unwrap());
        app.review(&instance.permit(role, Act::SeeContract, customer), None, half)
    };
    let second = read(Role::CustomerDirector, "2026-2").unwrap();
    assert_eq!((second.from, second.until), (date(2026, 7, 1), date(2026, 9, 1)), "until today");
    assert_eq!((second.opened, second.kinds.as_slice()), (1, [("incident".to_owned(), 1)].as_slice()));
    let late = second.late_tickets.iter().find(|late| late.promise == Promise::Restore).unwrap();
    assert_eq!((late.number, late.seconds), (number, 12_000));
    assert!(late.clause.as_ref().unwrap().article.starts_with("Article"), "{late:?}");
    let months = second.months.unwrap();
    let named: Vec<_> = months.iter().map(|month| month.value.month).collect();
    assert_eq!(named, [date(2026, 7, 1), date(2026, 8, 1)]);
    assert_eq!(months[1].value.penalty_due.cents, 18_400);
    assert_eq!(months[1].value.penalties[0].cited().last().unwrap().label, "retard-p1");
    assert!(second.meters.iter().all(|meter| !meter.reasons.is_empty()) && !second.meters.is_empty());

    let first = read(Role::ServiceManager, "2026-1").unwrap();
    assert_eq!((first.until, first.opened, first.late_clocks), (date(2026, 6, 30), 0, 0));
    assert_eq!(first.months.unwrap().len(), 4, "from March, when the contract took effect");
    assert_eq!(first.halves, [Half { year: 2026, second: true }, Half { year: 2026, second: false }]);
    for other in ["2025-2", "2027-1"] {
        assert!(matches!(read(Role::ServiceManager, other), Err(AppError::NotFound)), "{other}");
    }

    // Who does not see money has no statements; who owes the undertaking of confidentiality reads figures.
    let newcomer = instance.someone(Role::Developer, customer);
    let see = newcomer.permit(Act::SeeContract, customer).unwrap();
    let theirs = || app.review(&see, None, Half::parse("2026-2")).unwrap();
    let before = theirs();
    assert!(before.months.is_none() && !before.meters.is_empty() && before.late_tickets.is_empty());
    assert_eq!(before.late_clocks, second.late_clocks);
    instance.undertake(&newcomer, customer);
    assert_eq!(theirs().late_tickets, second.late_tickets);
    instance.finish();
}
