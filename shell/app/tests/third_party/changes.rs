//! Of a change on its item, a third party reads what is done and when: neither the other items of the plan,
//! nor who else agrees, nor what the contract asks for.

use app::ticket::change::{ChangeCommand, PlanChange};
use events::{Approver, ChangeModel, ChangeRisk, ChangeTold};
use testkit::local;

use super::*;

/// The operator of the internet access agrees each time here.
fn contract() -> String {
    let standing = "then.mode = \"standing_agreement\"\nthen.agreement = \"convention d'accès à Internet conclue avec le Client\"";
    let text = common::contract_a();
    assert!(text.contains(standing));
    text.replace(standing, "then.mode = \"each_time\"\nthen.answer_within = \"4 h\"")
}

#[test]
fn of_a_change_it_reads_its_own_items_and_nothing_of_the_contract() {
    let instance = Instance::new(68);
    let customer = instance.customer("atelier");
    instance.sign(customer, "contracts/ateliers-garonne.md", &contract()).unwrap();
    instance.at("2026-06-16T09:00");
    let g = ground_of(instance, customer);
    let app = g.instance.app();
    let open = |item: &str| {
        let (kind, item) = (Some("change".to_owned()), Some(item.to_owned()));
        let ask = OpenTicket { title: "Mettre à jour".to_owned(), kind, item, ..OpenTicket::default() };
        g.instance.open(g.customer, &ask).unwrap().number
    };
    let (number, beside) = (open("srv-erp"), open("srv-erp"));
    let does = |role: Role, number, change| {
        let command = StepCommand::Change { change };
        let permit = g.instance.permit(role, command.act(), g.customer);
        app.step_ticket(&permit, &g.instance.key(), number, &command, None).unwrap();
    };
    let plan = |number, items: &[&str]| {
        let plan = PlanChange {
            model: ChangeModel::Normal,
            risk: ChangeRisk::Medium,
            items: items.iter().map(|&i| i.to_owned()).collect(),
            from: local("2026-06-24T10:00"),
            until: local("2026-06-24T12:00"),
            downtime_minutes: 0,
            counted: false,
            regularised_by: None,
            work: "Version 7.3".to_owned(),
            test: "Connexion".to_owned(),
            rollback: "Instantané".to_owned(),
        };
        does(Role::Technician, number, ChangeCommand::Plan(Box::new(plan)));
    };
    plan(number, &["srv-erp", "srv-rh", "internet_link"]);
    // Both touch a server that is none of its own, and one of them its own.
    plan(beside, &["srv-rh"]);

    let staff = g.instance.permit(Role::Technician, Act::SeeTickets, g.customer);
    let read = |permit: &Permit| app.ticket(permit, number).unwrap();
    let theirs = read(&staff).change.unwrap();
    assert_eq!((theirs.standing.owed.value.people(), theirs.collisions), (2, vec![beside]));
    assert_eq!(theirs.standing.owed.value.third_parties, ["Garonne Télécom"]);
    let agreed = ChangeCommand::Approve {
        plan: theirs.plan.unwrap().entry,
        third_party: Some("Garonne Télécom".to_owned()),
        contact: None,
        reference: Some("Télécopie du 16 juin".to_owned()),
    };
    does(Role::ServiceManager, number, agreed);
    let document = theirs.documents[0].document.clone();
    let filed = ChangeCommand::Document { document, reference: "Indice quatorze".to_owned() };
    does(Role::Technician, number, filed);

    let mine = g.may(Act::SeeTickets);
    let page = read(&mine);
    let change = page.change.unwrap();
    let shown = change.plan.unwrap();
    assert_eq!((shown.told.items, shown.work.as_str()), (vec!["srv-erp".to_owned()], "Version 7.3"));
    assert_eq!(change.standing.owed.value, engines::change::Owed::default());
    let standing = change.standing;
    assert!(standing.owed.reasons.is_empty() && standing.awaited.is_empty() && standing.to_start.is_empty());
    assert!(change.collisions.is_empty() && change.documents.is_empty(), "{:?}", change.collisions);
    let told = |page: &app::ticket::TicketPage| -> Vec<ChangeTold> {
        let acts = page.entries.iter().filter_map(|e| match &e.step {
            Step::Change { told } => Some(told.clone()),
            _ => None,
        });
        acts.collect()
    };
    let own = told(&read(&mine));
    assert!(matches!(&own[..], [ChangeTold::Planned(plan)] if plan.items == ["srv-erp"]), "{own:?}");
    let all = told(&read(&staff));
    assert!(matches!(&all[1], ChangeTold::Approved { by: Approver::ThirdParty { .. }, .. }), "{all:?}");
    assert_eq!(all.len(), 3);

    // Nor by the schedule, nor by the words of what it does not read.
    let schedule = |permit: &Permit| app.changes(permit, (0, 0), 10).unwrap().0;
    let lines = schedule(&mine);
    assert_eq!(lines.iter().map(|l| l.items.len()).collect::<Vec<_>>(), [1, 0]);
    assert!(lines.iter().all(|l| l.collisions.is_empty()));
    assert_eq!(schedule(&staff).iter().map(|l| l.items.len()).collect::<Vec<_>>(), [3, 1]);
    let found = |permit: &Permit, word: &str| {
        app.find_tickets(permit, word, &Filter::default(), None, 10).unwrap().0.len()
    };
    for (word, own) in [("quatorze", 0), ("telecopie", 0), ("connexion", 2)] {
        assert_eq!((found(&mine, word), found(&staff, word) > 0), (own, true), "{word}");
    }
}
