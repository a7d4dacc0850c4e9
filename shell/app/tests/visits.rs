//! Visits on site: a report that the customer's person signs for its hash, once.

mod common;

use app::privacy::Forget;
use app::visit::{Drawing, Part, Reported, SignVisit, TellVisit, VisitLine};
use app::{Act, AppError, Role};
use base::id::CustomerId;
use common::signed;
use events::{Ground, VisitSigning, WorkKind};
use terms::rates::RateHours;
use testkit::{Instance, local};

fn opened(instance: &Instance) -> CustomerId {
    let customer = signed(instance, "garonne");
    let ask = app::ticket::OpenTicket { title: "Serveur arrêté".to_owned(), ..Default::default() };
    instance.open(customer, &ask).unwrap();
    instance.at("2026-06-16T14:00");
    customer
}

fn told() -> TellVisit {
    TellVisit {
        arrived: local("2026-06-16T10:30"),
        left: local("2026-06-16T11:45"),
        travel: 40,
        work: "Alimentation remplacée, redémarrage vérifié.".to_owned(),
        parts: vec![Part {
            name: "Alimentation 750 W".to_owned(),
            quantity: 1,
            reference: Some("PSU-7731".to_owned()),
        }],
        remains: Some(" ".to_owned()),
        met: Some("Inès Roussel".to_owned()),
        counted: false,
        hours: None,
        profile: None,
    }
}

fn drawing() -> Drawing {
    Drawing { width: 600, height: 200, strokes: vec![vec![(10, 20), (14, 22)], vec![(5, 5)]] }
}

fn report(instance: &Instance, customer: CustomerId, ask: &TellVisit) -> Reported {
    let work = instance.permit(Role::Technician, Act::WorkOnTicket, customer);
    instance.app().report_visit(&work, &instance.key(), 1, None, ask).unwrap()
}

fn visits(instance: &Instance, customer: CustomerId, role: Role) -> Vec<VisitLine> {
    instance.app().visits(&instance.permit(role, Act::SeeTickets, customer), 1).unwrap()
}

fn code(error: AppError) -> String {
    match error {
        AppError::Refused(refusal) => refusal.code,
        AppError::Invalid(invalid) => invalid.field,
        other => panic!("{other}"),
    }
}

#[test]
fn the_customers_person_signs_the_report_that_they_read() {
    let instance = Instance::new(330);
    let customer = opened(&instance);
    let app = instance.app();
    let first = report(&instance, customer, &told());
    let work = instance.permit(Role::Technician, Act::WorkOnTicket, customer);
    let more = TellVisit { remains: Some("Commander un second disque.".to_owned()), ..told() };
    let second = app.report_visit(&work, &instance.key(), 1, Some(first.visit), &more).unwrap();
    assert_ne!(first.hash, second.hash);

    let other = instance.permit(Role::SystemManager, Act::WorkOnTicket, customer);
    let refused = app.report_visit(&other, &instance.key(), 1, Some(first.visit), &told()).unwrap_err();
    assert_eq!(code(refused), "visit.not_author");

    let lines = visits(&instance, customer, Role::CustomerUser);
    assert_eq!(lines.len(), 1, "the report that stands is the last");
    assert_eq!(lines[0].by, instance.staff(Role::Technician).account);
    let read = lines[0].report.as_ref().unwrap();
    assert_eq!(read.remains.as_deref(), Some("Commander un second disque."));
    assert_eq!((read.parts[0].quantity, read.met.as_deref()), (1, Some("Inès Roussel")));
    assert_eq!(lines[0].signature, None);

    let sign = instance.permit(Role::CustomerUser, Act::Reply, customer);
    let stale = SignVisit { hash: first.hash, reserve: None, drawing: None };
    let refused = app.sign_visit(&sign, &instance.key(), (1, first.visit), &stale).unwrap_err();
    assert_eq!(code(refused), "visit.changed");
    let ask = SignVisit { hash: second.hash, reserve: Some("Le bruit demeure.".to_owned()), drawing: None };
    let provider = instance.permit(Role::Technician, Act::Reply, customer);
    let refused = app.sign_visit(&provider, &instance.key(), (1, first.visit), &ask).unwrap_err();
    assert_eq!(code(refused), "visit.not_yours");
    let key = instance.key();
    let done = app.sign_visit(&sign, &key, (1, first.visit), &ask).unwrap();
    assert_eq!(app.sign_visit(&sign, &key, (1, first.visit), &ask).unwrap(), done, "a retry");

    let signature = visits(&instance, customer, Role::CustomerManager)[0].signature.clone().unwrap();
    assert_eq!(signature.how, VisitSigning::SignedIn);
    assert_eq!(signature.name, Some(instance.someone(Role::CustomerUser, customer).name));
    assert_eq!(signature.reserve.as_deref(), Some("Le bruit demeure."));
    let refused = app.sign_visit(&sign, &instance.key(), (1, first.visit), &ask).unwrap_err();
    assert_eq!(code(refused), "visit.signed");
    let refused = app.report_visit(&work, &instance.key(), 1, Some(first.visit), &told()).unwrap_err();
    assert_eq!(code(refused), "visit.signed");
}

#[test]
fn whoever_was_met_signs_on_the_screen_of_who_came() {
    let instance = Instance::new(331);
    let customer = opened(&instance);
    let app = instance.app();
    let done = report(&instance, customer, &told());
    let work = instance.permit(Role::Technician, Act::WorkOnTicket, customer);
    let ask = SignVisit { hash: done.hash, reserve: Some(String::new()), drawing: Some(drawing()) };
    let refused = app.sign_visit_on_screen(&work, &instance.key(), (1, done.visit), &ask, " ").unwrap_err();
    assert_eq!(code(refused), "name");
    let high = SignVisit {
        drawing: Some(Drawing { width: 20, height: 4_000, strokes: vec![vec![(1, 1)]] }),
        ..ask.clone()
    };
    let refused =
        app.sign_visit_on_screen(&work, &instance.key(), (1, done.visit), &high, "Inès").unwrap_err();
    assert_eq!(code(refused), "drawing");
    for strokes in [Vec::new(), vec![Vec::new()], vec![vec![(601, 1)]], vec![vec![(1, 1); 4_001]]] {
        let ask = SignVisit { drawing: Some(Drawing { strokes, ..drawing() }), ..ask.clone() };
        let refused =
            app.sign_visit_on_screen(&work, &instance.key(), (1, done.visit), &ask, "Inès").unwrap_err();
        assert_eq!(code(refused), "drawing");
    }
    app.sign_visit_on_screen(&work, &instance.key(), (1, done.visit), &ask, "Inès Roussel").unwrap();
    let line = visits(&instance, customer, Role::CustomerUser).remove(0);
    let signature = line.signature.unwrap();
    assert_eq!((signature.how, signature.name.as_deref()), (VisitSigning::OnScreen, Some("Inès Roussel")));
    assert_eq!((signature.reserve, signature.drawing), (None, Some(drawing())));

    // Erased with its ticket, the report and the name go; the visit, its hash and its signature stay.
    let erase = instance.permit(Role::ProviderAdmin, Act::Erase, customer);
    app.erase(&erase, &instance.key(), &Forget::Ticket(1), Ground::Request).unwrap();
    let line = visits(&instance, customer, Role::CustomerUser).remove(0);
    assert_eq!(line.report, None);
    assert_eq!(line.signature.map(|s| (s.name, s.drawing)), Some((None, None)));
}

#[test]
fn the_time_of_a_visit_is_entered_once_at_the_contracts_rates() {
    let instance = Instance::new(332);
    let customer = opened(&instance);
    let (app, key) = (instance.app(), instance.key());
    let work = instance.permit(Role::Technician, Act::WorkOnTicket, customer);
    let ask = TellVisit { hours: Some(RateHours::Ordinary), ..told() };
    let done = app.report_visit(&work, &key, 1, None, &ask).unwrap();
    assert_eq!((done.time.len(), &done.uncounted), (2, &None));
    assert_eq!(app.report_visit(&work, &key, 1, None, &ask).unwrap(), done, "a retry enters nothing more");
    let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
    let page = app.ticket(&see, 1).unwrap();
    let mut times: Vec<(WorkKind, u32)> = page.time.iter().map(|t| (t.time.kind, t.time.minutes)).collect();
    times.sort_by_key(|(_, minutes)| *minutes);
    assert_eq!(times, [(WorkKind::Travel, 40), (WorkKind::OnSite, 75)]);
}

#[test]
fn travel_that_the_contract_does_not_take_leaves_the_time_there_entered() {
    let instance = Instance::new(334);
    let customer = opened(&instance);
    let work = instance.permit(Role::Technician, Act::WorkOnTicket, customer);
    // On the road at half past eight, for a ticket that was opened at nine.
    let ask = TellVisit { arrived: local("2026-06-16T09:10"), hours: Some(RateHours::Ordinary), ..told() };
    let done = instance.app().report_visit(&work, &instance.key(), 1, None, &ask).unwrap();
    assert_eq!(done.time.len(), 1);
    assert_eq!(done.uncounted.unwrap().en, "before the ticket opened");
    let page = instance.app().ticket(&instance.permit(Role::Technician, Act::SeeTickets, customer), 1);
    assert_eq!(page.unwrap().time[0].time.kind, WorkKind::OnSite);
}

#[test]
fn a_third_party_reports_its_visit_and_is_told_before_that_it_enters_no_time() {
    let instance = Instance::new(335);
    let customer = signed(&instance, "garonne");
    let about = app::ticket::OpenTicket {
        title: "Serveur arrêté".to_owned(),
        item: Some("srv-erp".to_owned()),
        ..Default::default()
    };
    instance.open(customer, &about).unwrap();
    instance.at("2026-06-16T14:00");
    let third = instance.someone(Role::ThirdPartyTechnician, customer);
    let new = app::accounts::roles::NewRole {
        account: third.account,
        role: Role::ThirdPartyTechnician,
        customer: Some(customer),
        contract: None,
        about: app::access::Items { items: ["srv-erp".to_owned()].into(), ..Default::default() },
    };
    let app = instance.app();
    app.assign(&new).unwrap();
    let third = app.principal(third.account).unwrap();
    instance.undertake(&third, customer);
    let work = third.permit(Act::WorkOnTicket, customer).unwrap();
    let hours = TellVisit { hours: Some(RateHours::Ordinary), ..told() };
    let refused = app.report_visit(&work, &instance.key(), 1, None, &hours).unwrap_err();
    assert_eq!(code(refused), "hours");
    assert_eq!(visits(&instance, customer, Role::CustomerManager), [], "nothing was written");
    app.report_visit(&work, &instance.key(), 1, None, &told()).unwrap();
    assert_eq!(visits(&instance, customer, Role::CustomerManager).len(), 1);
}

#[test]
fn a_visit_is_past_ends_after_it_began_and_belongs_to_its_customer() {
    let instance = Instance::new(333);
    let customer = opened(&instance);
    let app = instance.app();
    let work = instance.permit(Role::Technician, Act::WorkOnTicket, customer);
    let refused = |ask: TellVisit| code(app.report_visit(&work, &instance.key(), 1, None, &ask).unwrap_err());
    assert_eq!(refused(TellVisit { left: local("2026-06-16T10:30"), ..told() }), "left");
    assert_eq!(refused(TellVisit { left: local("2026-06-16T18:00"), ..told() }), "left");
    assert_eq!(refused(TellVisit { arrived: local("2026-06-12T10:30"), ..told() }), "left");
    assert_eq!(refused(TellVisit { work: " ".to_owned(), ..told() }), "work");
    let part = Part { name: "Disque".to_owned(), quantity: 0, reference: None };
    assert_eq!(refused(TellVisit { parts: vec![part], ..told() }), "parts");
    let done = report(&instance, customer, &told());
    let hours = TellVisit { hours: Some(RateHours::Ordinary), ..told() };
    let again = app.report_visit(&work, &instance.key(), 1, Some(done.visit), &hours).unwrap_err();
    assert_eq!(code(again), "hours");

    let other = signed(&instance, "arvor");
    let ask = app::ticket::OpenTicket { title: "Autre".to_owned(), ..Default::default() };
    instance.open(other, &ask).unwrap();
    let theirs = instance.permit(Role::CustomerManager, Act::Reply, other);
    let sign = SignVisit { hash: done.hash, reserve: None, drawing: None };
    let answer = app.sign_visit(&theirs, &instance.key(), (1, done.visit), &sign);
    assert!(matches!(answer, Err(AppError::NotFound)), "another customer's visit is nobody's");
    assert_eq!(visits(&instance, other, Role::CustomerManager), []);
}
