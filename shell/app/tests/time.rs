//! Time on tickets: decided by the contract, corrected, timed, approved by the week.

mod common;

use app::access::Assignment;
use app::ticket::{OpenTicket, StepCommand};
use app::time::{Entered, Settling, TellTime};
use app::{Act, AppError, Refusal, Role};
use base::Money;
use base::id::CustomerId;
use common::signed;
use events::{PaidBy, WeekState, WorkKind};
use jiff::civil::date;
use testkit::Instance;

fn ask(minutes: u32) -> TellTime {
    TellTime {
        minutes,
        started: None,
        kind: WorkKind::Remote,
        hours: None,
        profile: None,
        comment: Some("Le client ne savait plus son mot de passe".to_owned()),
    }
}

fn incident() -> OpenTicket {
    OpenTicket { title: "Panne".to_owned(), priority: Some("P3".to_owned()), ..OpenTicket::default() }
}

fn visit() -> OpenTicket {
    OpenTicket { operation: Some("on_site_visit".to_owned()), ..incident() }
}

fn enter(
    instance: &Instance,
    role: Role,
    customer: CustomerId,
    number: u64,
    ask: &TellTime,
) -> Result<Entered, AppError> {
    let permit = instance.permit(role, Act::EnterTime, customer);
    instance.app().enter_time(&permit, &instance.key(), number, ask)
}

fn refused<T: std::fmt::Debug>(answer: Result<T, AppError>) -> Refusal {
    match answer {
        Err(AppError::Refused(refusal)) => *refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn time_waits_for_the_price_and_is_then_within_it() {
    let instance = Instance::new(81);
    let customer = signed(&instance, "atelier");
    let visits: Vec<u64> = (0..5).map(|_| instance.open(customer, &visit()).unwrap().number).collect();
    let (within, number) = (visits[0], visits[4]);
    instance.at("2026-06-16T10:00");
    let metered = enter(&instance, Role::Technician, customer, within, &ask(30)).unwrap();
    assert_eq!(metered.paid_by, PaidBy::Allowance, "one of the four of the month");
    let refusal = refused(enter(&instance, Role::Technician, customer, number, &ask(30)));
    assert_eq!(refusal.code, "price.awaited");
    assert!(refusal.reasons.iter().any(|r| r.cites.as_ref().is_some_and(|c| c.label == "visites")));
    let start = instance.permit(Role::Technician, Act::EnterTime, customer);
    assert_eq!(refused(instance.app().start_timer(&start, number)).code, "price.awaited");

    let agree = StepCommand::AgreePrice { price: Money::eur(9_500), quotation: None, reference: None };
    let permit = instance.permit(Role::CustomerManager, Act::AgreePrice, customer);
    instance.app().step_ticket(&permit, &instance.key(), number, &agree, None).unwrap();
    let entered = enter(&instance, Role::Technician, customer, number, &ask(30)).unwrap();
    assert_eq!((entered.paid_by, entered.counted), (PaidBy::AgreedPrice, 30));
}

#[test]
fn comments_stay_inside_and_both_sides_read_the_same_total() {
    let instance = Instance::new(82);
    let customer = signed(&instance, "atelier");
    let number = instance.open(customer, &incident()).unwrap().number;
    instance.at("2026-06-16T10:00");
    let entered = enter(&instance, Role::Technician, customer, number, &ask(25)).unwrap();
    assert_eq!(entered.paid_by, PaidBy::Fee);
    let read = |role| {
        let see = instance.permit(role, Act::SeeTickets, customer);
        instance.app().ticket(&see, number).unwrap()
    };
    let (ours, theirs) = (read(Role::Technician), read(Role::CustomerManager));
    assert_eq!((ours.time_minutes, theirs.time_minutes), (25, 25));
    assert_eq!(ours.time.len(), 1);
    assert_eq!(ours.time[0].comment.as_deref(), ask(25).comment.as_deref());
    assert!(theirs.time.is_empty(), "lines and comments are the provider's");
}

#[test]
fn a_correction_replaces_an_entry_until_the_week_is_approved() {
    let instance = Instance::new(83);
    let customer = signed(&instance, "atelier");
    let number = instance.open(customer, &incident()).unwrap().number;
    instance.at("2026-06-16T12:00");
    let entered = enter(&instance, Role::Technician, customer, number, &ask(60)).unwrap();
    let permit = instance.permit(Role::Technician, Act::EnterTime, customer);
    let correct = |minutes| {
        instance.app().correct_time(
            &permit,
            &instance.key(),
            (number, entered.entry),
            &ask(minutes),
            "Erreur de saisie",
        )
    };
    correct(45).unwrap();
    let tech = instance.staff(Role::Technician);
    let mine = tech.permit_instance(Act::EnterTime).unwrap();
    let manager = instance.staff(Role::ServiceManager);
    let theirs = manager.permit_instance(Act::ApproveTime).unwrap();
    let week = base::week::monday(date(2026, 6, 16));
    assert_eq!(week, date(2026, 6, 15));
    let sheet = || instance.app().week(&mine, None, week).unwrap();
    assert_eq!(sheet().lines.iter().map(|l| l.time.minutes).sum::<u32>(), 45);
    assert_eq!(sheet().state, None);

    let settle = |approve| {
        let settling = if approve { Settling::Approve } else { Settling::Return(None) };
        instance.app().settle_week(&theirs, tech.account, week, settling)
    };
    assert_eq!(refused(settle(true)).code, "time.unsubmitted");
    instance.app().submit_week(&mine, week).unwrap();
    settle(false).unwrap();
    assert_eq!(sheet().state, Some(WeekState::Returned));
    correct(40).unwrap();
    instance.app().submit_week(&mine, week).unwrap();
    settle(true).unwrap();
    assert_eq!(sheet().state, Some(WeekState::Approved));
    assert_eq!(refused(correct(10)).code, "time.approved");
    let more = enter(&instance, Role::Technician, customer, number, &ask(5));
    assert_eq!(refused(more).code, "time.approved");
    // Another customer's vault holds no part of the week, and is closed all the same.
    let other = signed(&instance, "voisin");
    instance.at("2026-06-16T13:00");
    let elsewhere = instance.open(other, &incident()).unwrap().number;
    instance.at("2026-06-16T14:00");
    assert_eq!(refused(enter(&instance, Role::Technician, other, elsewhere, &ask(5))).code, "time.approved");
    // The next week is open.
    instance.at("2026-06-22T10:00");
    enter(&instance, Role::Technician, customer, number, &ask(5)).unwrap();
}

#[test]
fn nobody_reads_or_corrects_the_time_of_another() {
    let instance = Instance::new(84);
    let customer = signed(&instance, "atelier");
    let number = instance.open(customer, &incident()).unwrap().number;
    instance.at("2026-06-16T12:00");
    let entered = enter(&instance, Role::ServiceManager, customer, number, &ask(60)).unwrap();
    let permit = instance.permit(Role::Technician, Act::EnterTime, customer);
    let theirs =
        instance.app().correct_time(&permit, &instance.key(), (number, entered.entry), &ask(1), "Non");
    assert!(matches!(theirs, Err(AppError::NotFound)), "{theirs:?}");
    let tech = instance.staff(Role::Technician).permit_instance(Act::EnterTime).unwrap();
    let manager = instance.staff(Role::ServiceManager).account;
    let sheet = instance.app().week(&tech, Some(manager), date(2026, 6, 15)).map(drop);
    assert!(matches!(sheet, Err(AppError::NotFound)), "{sheet:?}");
    assert!(instance.staff(Role::Technician).permit_instance(Act::ApproveTime).is_err());
    for role in [Role::CustomerManager, Role::CustomerUser] {
        assert!(instance.someone(role, customer).permit(Act::EnterTime, customer).is_err());
    }
}

#[test]
fn one_timer_runs_for_a_person_and_survives_a_restart() {
    let instance = Instance::new(85);
    let customer = signed(&instance, "atelier");
    let (one, two) = (
        instance.open(customer, &incident()).unwrap().number,
        instance.open(customer, &incident()).unwrap().number,
    );
    let permit = instance.permit(Role::Technician, Act::EnterTime, customer);
    instance.app().start_timer(&permit, one).unwrap();
    assert_eq!(refused(instance.app().start_timer(&permit, two)).code, "time.running");
    let tech = instance.staff(Role::Technician);
    // On disk: another process that reads the folder finds it.
    let again = instance.inspect().unwrap();
    assert_eq!(again.timer(&tech).unwrap().unwrap().ticket, one);
    drop(again);
    instance.at("2026-06-16T09:17");
    let stop = || instance.app().stop_timer(&permit, &instance.key(), WorkKind::Remote, None, None);
    let entered = stop().unwrap();
    assert_eq!(entered.counted, 17);
    assert!(instance.app().timer(&tech).unwrap().is_none());
    assert_eq!(refused(stop()).code, "time.stopped");
}

fn stopped(
    instance: &Instance,
    permit: &app::Permit,
    key: &app::ticket::IdempotencyKey,
) -> Result<Entered, AppError> {
    instance.app().stop_timer(permit, key, WorkKind::Remote, None, None)
}

#[test]
fn a_timer_becomes_one_entry_from_its_start_or_none() {
    let instance = Instance::new(86);
    let customer = signed(&instance, "atelier");
    let other = signed(&instance, "voisin");
    let (one, elsewhere) = (
        instance.open(customer, &incident()).unwrap().number,
        instance.open(other, &incident()).unwrap().number,
    );
    let permit = instance.permit(Role::Technician, Act::EnterTime, customer);
    let there = instance.permit(Role::Technician, Act::EnterTime, other);
    instance.at("2026-06-16T10:00");
    instance.app().start_timer(&permit, one).unwrap();
    instance.app().start_timer(&permit, one).unwrap();
    assert_eq!(refused(instance.app().start_timer(&there, elsewhere)).code, "time.running");
    assert_eq!(refused(instance.app().discard_timer(&there)).code, "time.stopped");
    // Forgotten until two days later: a day, from when it began.
    instance.at("2026-06-18T11:00");
    let key = instance.key();
    let entered = stopped(&instance, &permit, &key).unwrap();
    assert_eq!(stopped(&instance, &permit, &key).unwrap(), entered, "a retry is told the same");
    assert_eq!(refused(stopped(&instance, &permit, &instance.key())).code, "time.stopped");
    let tech = instance.staff(Role::Technician).permit_instance(Act::EnterTime).unwrap();
    let sheet = || instance.app().week(&tech, None, date(2026, 6, 16)).unwrap().lines;
    let begun = testkit::local("2026-06-16T10:00").as_microsecond();
    let told: Vec<_> = sheet().iter().map(|l| (l.time.started, l.time.minutes)).collect();
    assert_eq!(told, [(begun, 24 * 60)]);

    // Discarded: nothing is entered, and another may start.
    instance.app().start_timer(&there, elsewhere).unwrap();
    instance.app().discard_timer(&there).unwrap();
    instance.app().start_timer(&permit, one).unwrap();
    instance.at("2026-06-18T11:30");
    // Two presses at once, each with its key: one entry.
    let keys = [instance.key(), instance.key()];
    std::thread::scope(|threads| {
        for key in &keys {
            threads.spawn(|| stopped(&instance, &permit, key).map(drop));
        }
    });
    assert_eq!(sheet().iter().map(|l| l.time.minutes).collect::<Vec<_>>(), [24 * 60, 30]);
}

/// The sheet crosses customers: a move that one part refuses moves none of them, and leaves a way on.
#[test]
fn a_sheet_over_several_customers_is_never_stuck_between_two_states() {
    let instance = Instance::new(87);
    let customers = ["atelier", "voisin", "zinc"].map(|slug| signed(&instance, slug));
    let numbers = customers.map(|customer| instance.open(customer, &incident()).unwrap().number);
    let tech = instance.staff(Role::Technician);
    let mine = tech.permit_instance(Act::EnterTime).unwrap();
    let theirs = instance.staff(Role::ServiceManager).permit_instance(Act::ApproveTime).unwrap();
    let week = date(2026, 6, 15);
    let state = || instance.app().week(&mine, None, week).unwrap().state;
    let settle = |approve| {
        let settling = if approve { Settling::Approve } else { Settling::Return(None) };
        instance.app().settle_week(&theirs, tech.account, week, settling)
    };
    instance.at("2026-06-16T12:00");
    for at in [0, 2] {
        enter(&instance, Role::Technician, customers[at], numbers[at], &ask(60)).unwrap();
    }
    instance.app().submit_week(&mine, week).unwrap();
    assert_eq!(state(), Some(WeekState::Submitted));
    // More is entered, for a customer who was not in it yet.
    enter(&instance, Role::Technician, customers[1], numbers[1], &ask(30)).unwrap();
    assert_eq!(state(), None);
    assert_eq!(refused(settle(true)).code, "time.unsubmitted");
    instance.app().submit_week(&mine, week).unwrap();
    settle(true).unwrap();
    assert_eq!(state(), Some(WeekState::Approved));
    settle(true).unwrap();
    assert_eq!(refused(instance.app().submit_week(&mine, week)).code, "time.approved");
}

/// A correction may not bring time into a week that another customer's vault knows as approved.
#[test]
fn a_correction_looks_at_the_whole_sheet() {
    let instance = Instance::new(88);
    let (customer, other) = (signed(&instance, "atelier"), signed(&instance, "voisin"));
    let number = instance.open(customer, &incident()).unwrap().number;
    let elsewhere = instance.open(other, &incident()).unwrap().number;
    instance.at("2026-06-16T12:00");
    enter(&instance, Role::Technician, customer, number, &ask(60)).unwrap();
    let tech = instance.staff(Role::Technician);
    let mine = tech.permit_instance(Act::EnterTime).unwrap();
    let theirs = instance.staff(Role::ServiceManager).permit_instance(Act::ApproveTime).unwrap();
    let week = date(2026, 6, 15);
    instance.app().submit_week(&mine, week).unwrap();
    instance.app().settle_week(&theirs, tech.account, week, Settling::Approve).unwrap();
    instance.at("2026-06-23T12:00");
    let entered = enter(&instance, Role::Technician, other, elsewhere, &ask(60)).unwrap();
    let back = TellTime { started: Some(testkit::local("2026-06-16T14:00")), ..ask(60) };
    let permit = instance.permit(Role::Technician, Act::EnterTime, other);
    let moved =
        instance.app().correct_time(&permit, &instance.key(), (elsewhere, entered.entry), &back, "Le 16");
    assert_eq!(refused(moved).code, "time.approved");
}

#[test]
fn nobody_approves_their_own_week_while_somebody_else_may() {
    let instance = Instance::new(89);
    let customer = signed(&instance, "atelier");
    let number = instance.open(customer, &incident()).unwrap().number;
    instance.at("2026-06-16T12:00");
    let entered = enter(&instance, Role::ServiceManager, customer, number, &ask(60)).unwrap();
    let (manager, admin) = (instance.staff(Role::ServiceManager), instance.staff(Role::ProviderAdmin));
    let mine = manager.permit_instance(Act::EnterTime).unwrap();
    let week = date(2026, 6, 15);
    instance.app().submit_week(&mine, week).unwrap();
    let settle = |by: &app::Principal, settling| {
        let permit = by.permit_instance(Act::ApproveTime).unwrap();
        instance.app().settle_week(&permit, manager.account, week, settling)
    };
    let sheet = || instance.app().week(&mine, None, week).unwrap();
    let own = refused(settle(&manager, Settling::Approve));
    assert_eq!(own.code, "time.own_week");
    assert!(own.text.fr.contains(&admin.name), "{}", own.text.fr);
    assert!(!sheet().settles, "and no button offers it");
    assert_eq!(refused(settle(&admin, Settling::Reopen("Trop tôt"))).code, "time.not_approved");
    settle(&admin, Settling::Approve).unwrap();

    // Approved, it changes again once it is reopened, for a reason that its person reads.
    assert_eq!(refused(settle(&manager, Settling::Reopen("Oubli"))).code, "time.own_week");
    assert!(matches!(settle(&admin, Settling::Reopen(" ")), Err(AppError::Invalid(i)) if i.field == "why"));
    settle(&admin, Settling::Reopen("Le déplacement manque")).unwrap();
    let told = sheet();
    assert_eq!((told.state, told.why.as_deref()), (Some(WeekState::Reopened), Some("Le déplacement manque")));
    let permit = instance.permit(Role::ServiceManager, Act::EnterTime, customer);
    let entry = (number, entered.entry);
    instance.app().correct_time(&permit, &instance.key(), entry, &ask(55), "Le déplacement").unwrap();
    assert_eq!(sheet().lines[0].time.started, testkit::local("2026-06-16T11:00").as_microsecond());
    instance.app().submit_week(&mine, week).unwrap();
    settle(&admin, Settling::Approve).unwrap();
    assert_eq!((sheet().state, sheet().why), (Some(WeekState::Approved), None));
    instance.finish();
}

#[test]
fn whoever_approves_for_one_customer_moves_its_part_alone() {
    let instance = Instance::new(90);
    let customers = ["atelier", "voisin"].map(|slug| signed(&instance, slug));
    let numbers = customers.map(|customer| instance.open(customer, &incident()).unwrap().number);
    instance.at("2026-06-16T12:00");
    for at in [0, 1] {
        enter(&instance, Role::Technician, customers[at], numbers[at], &ask(60)).unwrap();
    }
    let (tech, week) = (instance.staff(Role::Technician), date(2026, 6, 15));
    let mine = tech.permit_instance(Act::EnterTime).unwrap();
    instance.app().submit_week(&mine, week).unwrap();
    let mut deputy = instance.staff(Role::DeputyManager);
    deputy.assignments = vec![Assignment::whole(deputy.account.0, Role::DeputyManager, Some(customers[0]))];
    let see = deputy.permit_instance(Act::EnterTime).unwrap();
    let theirs = instance.app().week(&see, Some(tech.account), week).unwrap();
    assert_eq!(theirs.lines.iter().map(|l| l.slug.as_str()).collect::<Vec<_>>(), ["atelier"]);
    assert!(theirs.settles && !theirs.reopens);
    let settle = deputy.permit_instance(Act::ApproveTime).unwrap();
    instance.app().settle_week(&settle, tech.account, week, Settling::Approve).unwrap();
    let sheet = instance.app().week(&mine, None, week).unwrap();
    assert_eq!(sheet.state, Some(WeekState::Submitted), "the other part waits");
    // Each part is closed for itself until the whole sheet is.
    let more = |at: usize| enter(&instance, Role::Technician, customers[at], numbers[at], &ask(5));
    more(1).unwrap();
    assert_eq!(refused(more(0)).code, "time.approved");
    // For a customer that is not theirs there is no sheet.
    deputy.assignments = vec![Assignment::whole(deputy.account.0, Role::Technician, Some(customers[1]))];
    let see = deputy.permit_instance(Act::EnterTime).unwrap();
    assert!(matches!(instance.app().week(&see, Some(tech.account), week), Err(AppError::NotFound)));
    instance.finish();
}
