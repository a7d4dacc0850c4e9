//! Who knows what: told by the provider's contacts, counted against the clause, read by both parties.

mod common;

use app::live::Standing;
use app::skills::TellSkills;
use app::ticket::OpenTicket;
use app::{Act, AppError, Role};
use base::id::{AccountId, CustomerId};
use common::{contract_a, signed};
use engines::skills::{Element, Level};
use events::Skilled;
use testkit::{Instance, Person};

fn item(name: &str) -> Element {
    Element::Item(name.to_owned())
}

fn ask(element: &Element, people: &[(AccountId, Level)], since: Option<u64>) -> TellSkills {
    let people = people.iter().map(|(person, level)| Skilled { person: *person, level: *level }).collect();
    TellSkills { element: element.clone(), people, since }
}

/// Tells it as it stands now.
fn tell(instance: &Instance, customer: CustomerId, element: &Element, people: &[(AccountId, Level)]) -> u64 {
    let keep = instance.permit(Role::ServiceManager, Act::KeepSkills, customer);
    let since = instance.app().skill_sheet(&keep, element).unwrap().since;
    instance.app().tell_skills(&keep, &instance.key(), &ask(element, people, since)).unwrap().entry
}

fn standing(instance: &Instance, customer: CustomerId) -> (Standing, String) {
    standing_of(instance, customer, "CTR-2026-001")
}

fn standing_of(instance: &Instance, customer: CustomerId, contract: &str) -> (Standing, String) {
    let see = instance.permit(Role::CustomerManager, Act::SeeContract, customer);
    let clause = instance.app().live(&see, contract).unwrap().clauses.remove("effectifs").unwrap();
    (clause.standing, clause.figure.unwrap().fr.replace('\u{a0}', " "))
}

#[test]
fn an_element_known_by_one_person_is_short_of_what_the_article_promises() {
    let instance = Instance::new(340);
    let customer = signed(&instance, "garonne");
    let app = instance.app();
    let see = |role| instance.permit(role, Act::SeeSkills, customer);
    let blank = app.skills(&see(Role::CustomerManager), None, 50).unwrap();
    assert_eq!((blank.total, blank.short), (12, 12), "three servers and nine classes");
    let [(number, clause, people)] = &blank.promised[..] else { panic!("{:?}", blank.promised) };
    assert_eq!((number.as_str(), clause.label.as_str(), *people), ("CTR-2026-001", "effectifs", 2));
    let (before, figure) = standing(&instance, customer);
    assert!(
        before == Standing::Missed && figure.contains("aucune compétence consignée"),
        "four people are declared: {before:?} {figure}"
    );

    let technician = instance.staff(Role::Technician);
    let manager = instance.staff(Role::SystemManager);
    let (one, two) = (technician.account, manager.account);
    tell(&instance, customer, &item("srv-erp"), &[(one, Level::Knows), (two, Level::Leads)]);
    tell(&instance, customer, &item("srv-fic"), &[(one, Level::Knows)]);
    let board = app.skills(&see(Role::Technician), None, 50).unwrap();
    assert_eq!((board.total, board.short), (12, 11));
    // Known by too few first, whatever their order in the contract.
    let (last, before) = board.lines.split_last().unwrap();
    assert_eq!(last.cover.value.element, item("srv-erp"));
    assert!(before.iter().all(|line| line.cover.value.is_short()));
    let names: Vec<_> = last.people.iter().map(|k| (k.name.as_str(), k.level)).collect();
    assert_eq!(names, [(manager.name.as_str(), Level::Leads), (technician.name.as_str(), Level::Knows)]);
    let file = before.iter().find(|line| line.cover.value.element == item("srv-fic")).unwrap();
    assert_eq!((file.cover.value.known, file.cover.value.wanted), (1, 2));
    assert_eq!(file.cover.reasons[0].cites.as_ref().unwrap().label, "effectifs");
    let person = board.people.iter().find(|p| p.id == one).unwrap();
    assert_eq!((person.known, person.led, person.alone), (2, 0, 1), "nobody else knows srv-fic");
    let (after, figure) = standing(&instance, customer);
    assert_eq!(after, Standing::Missed);
    assert!(figure.contains("1 élément sur 12 connu de 2 personnes au moins"), "{figure}");

    // Page after page, each once, in the same order.
    let (mut place, mut seen) = (None, Vec::new());
    loop {
        let page = app.skills(&see(Role::Technician), place.as_deref(), 5).unwrap();
        seen.extend(page.lines.iter().map(|l| l.cover.value.element.clone()));
        place = page.next;
        if place.is_none() {
            break;
        }
    }
    assert_eq!(seen, board.lines.iter().map(|l| l.cover.value.element.clone()).collect::<Vec<_>>());
    instance.finish();
}

fn technicians(instance: &Instance, count: u32) -> Vec<app::Principal> {
    let role = Role::Technician;
    (0..count).map(|nth| instance.person(Person { role, customer: None, nth })).collect()
}

/// S-170: the numbers of the clause against the people who may work for the customer.
#[test]
fn the_staff_declared_is_compared_with_the_people_who_may_work() {
    let instance = Instance::new(345);
    let customer = signed(&instance, "garonne");
    let accounts = instance.staff(Role::ProviderAdmin);
    // Whoever signed for the provider works there too.
    let team = technicians(&instance, 3);
    // Somebody of the customer's is nobody of the staff.
    instance.someone(Role::CustomerUser, customer);
    let (whole, figure) = standing(&instance, customer);
    assert_eq!(whole, Standing::NotRun, "skills are still to be told");
    assert!(figure.contains("4 personnes habilitées pour 4 au contrat"), "{figure}");
    let manage = instance.app().permit_instance(&accounts, Act::ManageAccounts).unwrap();
    instance.app().disable_account(&manage, team[0].account, true).unwrap();
    let (short, figure) = standing(&instance, customer);
    assert_eq!(short, Standing::Missed);
    assert!(figure.contains("3 personnes habilitées pour 4 au contrat"), "{figure}");
    instance.finish();
}

#[test]
fn what_is_told_of_nobody_is_told_and_of_one_contract_alone() {
    let instance = Instance::new(344);
    let customer = signed(&instance, "garonne");
    // The same promise over another perimeter.
    let other = contract_a().replace("CTR-2026-001", "CTR-2026-009").replace("srv-erp", "srv-paie");
    instance.sign(customer, "b.md", &other).expect("it compiles");
    let one = instance.staff(Role::Technician).account;
    // As many people as the clause declares.
    technicians(&instance, 3);
    let erp = item("srv-erp");
    tell(&instance, customer, &erp, &[(one, Level::Knows)]);
    assert_eq!(standing(&instance, customer).0, Standing::Missed);
    assert_eq!(standing_of(&instance, customer, "CTR-2026-009").0, Standing::NotRun, "nothing of its own");
    tell(&instance, customer, &erp, &[]);
    let (emptied, figure) = standing(&instance, customer);
    assert_eq!(emptied, Standing::Missed, "nobody knows it: somebody said so");
    assert!(figure.contains("0 élément sur 12 connu de 2 personnes au moins"), "{figure}");
    instance.finish();
}

#[test]
fn every_element_known_by_two_holds_the_clause_and_who_leaves_no_longer_counts() {
    let instance = Instance::new(341);
    let customer = signed(&instance, "garonne");
    let app = instance.app();
    let (one, two) = (instance.staff(Role::Technician), instance.staff(Role::SystemManager));
    let both = [(one.account, Level::Knows), (two.account, Level::Leads)];
    let see = instance.permit(Role::CustomerManager, Act::SeeSkills, customer);
    for line in app.skills(&see, None, 50).unwrap().lines {
        tell(&instance, customer, &line.cover.value.element, &both);
    }
    assert_eq!(app.skills(&see, None, 50).unwrap().short, 0);
    assert_eq!(standing(&instance, customer).0, Standing::Held);
    let accounts = instance.staff(Role::ProviderAdmin);
    let manage = app.permit_instance(&accounts, Act::ManageAccounts).unwrap();
    app.disable_account(&manage, one.account, true).unwrap();
    assert_eq!(app.skills(&see, None, 50).unwrap().short, 12);
    assert_eq!(standing(&instance, customer).0, Standing::Missed);
    instance.finish();
}

#[test]
fn what_is_told_is_whole_once_per_key_and_never_undone_unseen() {
    let instance = Instance::new(342);
    let customer = signed(&instance, "garonne");
    let app = instance.app();
    let keep = instance.permit(Role::ServiceManager, Act::KeepSkills, customer);
    let one = instance.staff(Role::Technician).account;
    let srv = item("srv-erp");
    let (key, first) = (instance.key(), ask(&srv, &[(one, Level::Leads)], None));
    let done = app.tell_skills(&keep, &key, &first).unwrap();
    assert_eq!(app.tell_skills(&keep, &key, &first).unwrap(), done, "a retry");
    let sheet = app.skill_sheet(&keep, &srv).unwrap();
    assert_eq!(sheet.since, Some(done.entry));
    assert_eq!(sheet.told.unwrap().1, instance.staff(Role::ServiceManager).name);
    let told: Vec<_> = sheet.candidates.iter().filter_map(|(c, level)| Some((c.id, (*level)?))).collect();
    assert_eq!(told, [(one, Level::Leads)]);

    let refused = |ask: TellSkills| match app.tell_skills(&keep, &instance.key(), &ask).unwrap_err() {
        AppError::Refused(refusal) => refusal.code,
        AppError::Invalid(invalid) => invalid.field,
        other => panic!("{other}"),
    };
    assert_eq!(refused(ask(&srv, &[], None)), "skills.changed", "told since it was read");
    let since = Some(done.entry);
    assert_eq!(refused(ask(&srv, &[(one, Level::Knows), (one, Level::Leads)], since)), "people", "twice");
    let theirs = instance.someone(Role::CustomerUser, customer).account;
    assert_eq!(refused(ask(&srv, &[(theirs, Level::Knows)], since)), "people", "the customer's own");
    assert_eq!(refused(ask(&item("srv-autre"), &[], None)), "element");
    assert_eq!(refused(ask(&Element::Class("cnc_machine".to_owned()), &[], None)), "element", "not covered");

    // Nobody knows it any more; what was told before stays in the journal.
    app.tell_skills(&keep, &instance.key(), &ask(&srv, &[], since)).unwrap();
    let see = instance.permit(Role::CustomerManager, Act::SeeSkills, customer);
    let board = app.skills(&see, None, 50).unwrap();
    assert!(board.lines.iter().all(|line| line.people.is_empty()));
    let journal = instance.permit(Role::CustomerManager, Act::SeeJournal, customer);
    let entries = app.journal(&journal, None, 50).unwrap().entries;
    assert_eq!(entries.iter().filter(|e| e.kind == "skills.told").count(), 2);
    instance.finish();
}

#[test]
fn whoever_hands_a_ticket_over_is_told_who_knows_what_it_is_about() {
    let instance = Instance::new(343);
    let customer = signed(&instance, "garonne");
    let app = instance.app();
    let one = instance.staff(Role::Technician).account;
    tell(&instance, customer, &item("srv-erp"), &[(one, Level::Leads)]);
    let other = instance.person(Person { role: Role::Technician, customer: None, nth: 1 });
    tell(&instance, customer, &Element::Class("workstation".to_owned()), &[(other.account, Level::Knows)]);
    let assign = instance.permit(Role::Dispatcher, Act::AssignTicket, customer);
    let see = instance.permit(Role::Dispatcher, Act::SeeTickets, customer);
    let about = |item: Option<&str>, class: Option<&str>| {
        let ask = OpenTicket {
            title: "Panne".to_owned(),
            item: item.map(str::to_owned),
            item_class: class.map(str::to_owned),
            ..OpenTicket::default()
        };
        let number = instance.open(customer, &ask).unwrap().number;
        let ticket = app.ticket(&see, number).unwrap().ticket;
        app.knowers(&assign, &ticket).unwrap().map(|about| (about.name.fr, about.people))
    };
    let (name, people) = about(Some("srv-erp"), None).unwrap();
    assert_eq!((name.as_str(), people.get(&one)), ("srv-erp", Some(&Level::Leads)));
    let (name, people) = about(None, Some("workstation")).unwrap();
    assert_eq!(name, "Postes de travail");
    assert_eq!(people.keys().collect::<Vec<_>>(), [&other.account]);
    assert_eq!(about(None, None), None);
    instance.finish();
}
