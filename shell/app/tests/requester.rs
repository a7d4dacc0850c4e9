//! A ticket written down for somebody who telephoned: it is theirs, and the page says who wrote it down.

mod common;

use app::accounts::roles::NewRole;
use app::ticket::{OpenTicket, Opener};
use app::{Act, AppError, Role};
use common::signed;
use testkit::Instance;

fn told(title: &str, requester: Option<&str>) -> OpenTicket {
    let requester = requester.map(str::to_owned);
    OpenTicket {
        title: title.to_owned(),
        channel: Some("phone".to_owned()),
        requester,
        ..OpenTicket::default()
    }
}

fn field<T: std::fmt::Debug>(answer: Result<T, AppError>) -> String {
    match answer {
        Err(AppError::Invalid(invalid)) => invalid.field,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_written_down_for_an_employee_stands_among_their_own() {
    let instance = Instance::new(520);
    let customer = signed(&instance, "garonne");
    let app = instance.app();
    let employee = instance.someone(Role::CustomerUser, customer);
    let technician = instance.permit(Role::Technician, Act::OpenTicket, customer);
    let open = |ask: &OpenTicket| app.open_ticket(&technician, &instance.key(), ask);
    let theirs = open(&told("Plus de messagerie", Some(&employee.email.to_uppercase()))).unwrap().number;
    let ours = open(&told("Relevé", None)).unwrap().number;

    let see = employee.permit(Act::SeeTickets, customer).unwrap();
    let of = |opener| -> Vec<u64> {
        app.open_tickets(&see, opener, 10).unwrap().iter().map(|shown| shown.ticket.number).collect()
    };
    assert_eq!(of(Opener::Only(employee.account)), [theirs]);
    assert_eq!(of(Opener::AllBut(employee.account)), [ours]);
    let page = app.ticket(&see, theirs).unwrap();
    assert_eq!(page.opened_by, employee.name, "they never acted here, and are named all the same");
    assert_eq!(page.recorded_by.as_deref(), Some(technician.by().name.as_str()));
    let page = app.ticket(&see, ours).unwrap();
    assert_eq!((page.opened_by.as_str(), page.recorded_by), (technician.by().name.as_str(), None));
    // The journal keeps both, and a rebuild gives the same rows: the instance checks it as it goes.
    instance.finish();
}

#[test]
fn only_the_provider_writes_down_for_another_and_for_those_who_may_read_it() {
    let instance = Instance::new(521);
    let (customer, neighbour) = (signed(&instance, "garonne"), signed(&instance, "voisin"));
    let app = instance.app();
    let employee = instance.someone(Role::CustomerUser, customer);
    let stranger = instance.someone(Role::CustomerUser, neighbour);
    let technician = instance.permit(Role::Technician, Act::OpenTicket, customer);
    let open = |permit, email: &str| app.open_ticket(permit, &instance.key(), &told("Panne", Some(email)));
    for email in [stranger.email.as_str(), technician.by().email.as_str(), "personne@nulle-part.example"] {
        assert_eq!(field(open(&technician, email)), "requester", "{email}");
    }
    let own = instance.permit(Role::CustomerManager, Act::OpenTicket, customer);
    assert_eq!(field(open(&own, &employee.email)), "requester", "not in another's name");
    assert!(app.requesters(&own).unwrap().is_empty());
    let offered: Vec<_> = app.requesters(&technician).unwrap().into_iter().map(|one| one.account).collect();
    assert!(offered.contains(&employee.account) && !offered.contains(&stranger.account));

    // Nor for who reads another contract alone.
    let (account, role) = (employee.account, Role::CustomerUser);
    app.unassign(employee.assignments[0].id).unwrap();
    let contract = Some(base::id::ContractId::new(1, &[7; 10]));
    let new = NewRole { account, role, customer: Some(customer), contract, about: Default::default() };
    app.assign(&new).unwrap();
    assert_eq!(field(open(&technician, &employee.email)), "requester");
    instance.finish();
}
