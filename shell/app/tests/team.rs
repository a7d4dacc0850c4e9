//! Giving the work out: who may be handed a ticket, what the hand-over says, and how the work lies.

mod common;

use app::access::Items;
use app::accounts::NewAccount;
use app::accounts::roles::NewRole;
use app::desk::Which;
use app::news::{News, What};
use app::ticket::{OpenTicket, State, StepCommand};
use app::{Act, AppError, Principal, Role};
use base::id::{AccountId, CustomerId};
use common::signed;
use events::Step;
use jiff::SignedDuration;
use std::sync::{Arc, Mutex};
use testkit::Instance;

fn open(instance: &Instance, customer: CustomerId, item: Option<&str>) -> u64 {
    let ask = OpenTicket {
        title: "Panne".to_owned(),
        priority: Some("P2".to_owned()),
        item: item.map(str::to_owned),
        ..OpenTicket::default()
    };
    instance.open(customer, &ask).unwrap().number
}

fn assign(instance: &Instance, by: &Principal, customer: CustomerId, to: AccountId) -> Result<(), AppError> {
    let permit = by.permit(Act::AssignTicket, customer)?;
    let command = StepCommand::Assign { to };
    instance.app().step_ticket(&permit, &instance.key(), 1, &command, None).map(drop)
}

fn third_party(instance: &Instance, customer: CustomerId, item: &str) -> Principal {
    let new = NewAccount {
        email: "marc@editeur.example",
        name: "Marc Éditeur",
        password: "une phrase assez longue",
        role: Role::ThirdPartyTechnician,
        customer: None,
        totp_secret: None,
    };
    let account = instance.app().add_account(&new).unwrap();
    let about = Items { items: vec![item.to_owned()], ..Items::default() };
    let role = Role::ThirdPartyTechnician;
    let held = NewRole { account, role, customer: Some(customer), contract: None, about };
    instance.app().assign(&held).unwrap();
    instance.app().principal(account).unwrap()
}

#[test]
fn a_dispatcher_hands_a_ticket_to_whoever_may_work_on_it() {
    let instance = Instance::new(71);
    let customer = signed(&instance, "atelier");
    open(&instance, customer, Some("srv-fic"));
    let dispatcher = instance.staff(Role::Dispatcher);
    let technician = instance.staff(Role::Technician);
    instance.undertake(&dispatcher, customer);
    instance.undertake(&technician, customer);
    let outside = third_party(&instance, customer, "srv-erp");

    // Neither a colleague without the right, nor the customer's people, gives the work out.
    for nobody in [&technician, &instance.someone(Role::CustomerManager, customer), &outside] {
        let answer = assign(&instance, nobody, customer, technician.account);
        assert!(matches!(answer, Err(AppError::NotFound)), "{answer:?}");
    }
    // Nor is it given to a customer, to nobody, or to a third party that does not see it: one answer for all.
    let manager = instance.someone(Role::CustomerManager, customer).account;
    for unfit in [manager, AccountId(uuid::Uuid::nil()), outside.account] {
        let answer = assign(&instance, &dispatcher, customer, unfit);
        assert!(matches!(&answer, Err(AppError::Invalid(i)) if i.field == "to"), "{answer:?}");
    }
    let permit = dispatcher.permit(Act::AssignTicket, customer).unwrap();
    let offered = instance.app().assignees(&permit).unwrap();
    let reads = dispatcher.permit(Act::SeeTickets, customer).unwrap();
    let ticket = instance.app().ticket(&reads, 1).unwrap().ticket;
    let fit = |who: AccountId| offered.iter().any(|p| p.account == who && p.may_take(&ticket));
    assert!(fit(technician.account) && !fit(manager) && !fit(outside.account));

    assign(&instance, &dispatcher, customer, technician.account).unwrap();
    let page = instance.app().ticket(&reads, 1).unwrap();
    assert_eq!(page.ticket.assignee, Some(technician.account));
    // Nobody has taken it over: its response time still runs.
    assert_eq!(page.ticket.state, State::New);
    assert!(page.clocks.iter().all(|c| c.value.stopped.is_none()));
    let last = page.entries.last().unwrap();
    assert!(matches!(last.step, Step::Assigned { assignee } if assignee == technician.account));
    assert_eq!(last.text.as_deref(), Some(technician.name.as_str()));
    let again = assign(&instance, &dispatcher, customer, technician.account);
    assert!(matches!(&again, Err(AppError::Refused(r)) if r.code == "ticket.assigned"), "{again:?}");
    // Their desk has it at once.
    let desk = technician.permit_instance(Act::SeeDesk).unwrap();
    let mine = instance.app().desk(&desk, Which::Mine, None, 10).unwrap();
    assert_eq!(mine.lines.iter().map(|l| l.shown.ticket.number).collect::<Vec<_>>(), [1]);
    instance.finish();
}

#[test]
fn the_load_says_who_has_what_and_what_runs_out() {
    let instance = Instance::new(72);
    let (atelier, voisin) = (signed(&instance, "atelier"), signed(&instance, "voisin"));
    for customer in [atelier, voisin] {
        open(&instance, customer, Some("srv-erp"));
        open(&instance, customer, None);
    }
    let technician = instance.staff(Role::Technician);
    instance.undertake(&technician, atelier);
    let permit = technician.permit(Act::WorkOnTicket, atelier).unwrap();
    instance.app().step_ticket(&permit, &instance.key(), 1, &StepCommand::TakeOver, None).unwrap();
    let team = technician.permit_instance(Act::SeeTeam).unwrap();
    let sums = |hours: i64| {
        let load = instance.app().load(&team, SignedDuration::from_hours(hours)).unwrap();
        let of =
            |who: Option<AccountId>| load.iter().filter(move |l| l.who == who).map(|l| l.open).sum::<u64>();
        let (late, soon) =
            (load.iter().map(|l| l.late).sum::<u64>(), load.iter().map(|l| l.soon).sum::<u64>());
        (of(None), of(Some(technician.account)), late, soon)
    };
    let (nobody, mine, late, _) = sums(1);
    assert_eq!((nobody, mine, late), (3, 1, 0));
    let (.., soon_in_a_month) = sums(24 * 31);
    assert_eq!(soon_in_a_month, 4, "each has a promise that runs out within a month");
    instance.at("2026-07-20T09:00");
    let (nobody, mine, late, soon) = sums(1);
    assert_eq!((nobody, mine, late, soon), (3, 1, 4, 0));

    // Somebody who works for one customer reads its load only, by the same figures.
    let outside = third_party(&instance, atelier, "srv-erp");
    assert!(matches!(outside.permit_instance(Act::SeeTeam), Err(AppError::NotFound)));
    let held = NewRole {
        account: outside_staff(&instance),
        role: Role::Technician,
        customer: Some(voisin),
        contract: None,
        about: Items::default(),
    };
    instance.app().assign(&held).unwrap();
    let local = instance.app().principal(held.account).unwrap();
    let local = Principal {
        assignments: local.assignments.into_iter().filter(|a| a.customer.is_some()).collect(),
        ..local
    };
    let load =
        instance.app().load(&local.permit_instance(Act::SeeTeam).unwrap(), SignedDuration::from_hours(1));
    let load = load.unwrap();
    assert!(load.iter().all(|l| l.customer == voisin), "{load:?}");
    assert_eq!(load.iter().map(|l| (l.open, l.late)).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1)), (2, 2));
    instance.finish();
}

fn outside_staff(instance: &Instance) -> AccountId {
    let new = NewAccount {
        email: "nadia@exemple.fr",
        name: "Nadia",
        password: "une phrase assez longue",
        role: Role::Technician,
        customer: None,
        totp_secret: None,
    };
    instance.app().add_account(&new).unwrap()
}

#[test]
fn news_are_told_after_the_commit_and_say_what_they_are_about() {
    let instance = Instance::new(73);
    let customer = signed(&instance, "atelier");
    let heard = Arc::new(Mutex::new(Vec::new()));
    let keeps = heard.clone();
    instance.app().listen(move |news| {
        keeps.lock().unwrap().push(news.clone());
        true
    });
    open(&instance, customer, Some("srv-fic"));
    let technician = instance.staff(Role::Technician);
    instance.undertake(&technician, customer);
    let note = StepCommand::Note { body: "Entre nous".to_owned() };
    let permit = technician.permit(note.act(), customer).unwrap();
    instance.app().step_ticket(&permit, &instance.key(), 1, &note, None).unwrap();
    let told: Vec<_> = heard
        .lock()
        .unwrap()
        .iter()
        .filter_map(|news| match news {
            News::Happened(h) => Some(h.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(told.iter().map(|h| h.what).collect::<Vec<_>>(), [What::Ticket, What::Internal]);
    let user = instance.someone(Role::CustomerUser, customer);
    let outside = third_party(&instance, customer, "srv-erp");
    let for_whom = |h: &app::news::Happened| (h.is_for(&technician), h.is_for(&user), h.is_for(&outside));
    // The third party has another server; the customer learns nothing of a note.
    assert_eq!(for_whom(&told[0]), (true, true, false));
    assert_eq!(for_whom(&told[1]), (true, false, false));
    let neighbour = instance.someone(Role::CustomerUser, instance.customer("voisin"));
    assert!(!told[0].is_for(&neighbour));
    instance.finish();
}
