//! Who may do what, as one table; each use case refuses any permit but its own; and nothing tells a
//! customer's people whether another customer exists.
//!
//! `UPDATE=1 cargo test -p app --test permissions` rewrites the table; its diff is the review.

mod common;
#[path = "permissions/steps.rs"]
mod steps;
#[path = "permissions/things.rs"]
mod things;
#[path = "permissions/use_cases.rs"]
mod use_cases;

use app::access::{Assignment, Items};
use app::ticket::StepCommand;
use app::{Act, App, AppError, Permit, Principal, Role, Side};
use base::id::{ContractId, CustomerId};
use common::signed;
use std::fmt::Write;
use std::path::Path;
use steps::STEPS;
use testkit::Instance;
use things::printer;
use use_cases::{INSTANCE_USE_CASES, USE_CASES};
use uuid::Uuid;

#[test]
fn the_table_of_permissions_is_the_one_reviewed() {
    let own = CustomerId::new(1, &[1; 10]);
    let other = CustomerId::new(1, &[2; 10]);
    let mut table =
        String::from("For a customer: its people for their own, the provider's staff for all.\n\n");
    let heading = Role::ALL.map(|r| format!("  {}", r.key())).concat();
    writeln!(table, "{:16}{heading}", "").unwrap();
    for act in Act::ALL {
        let marks = marks(|r| someone(r, own).permit(act, own).is_ok());
        writeln!(table, "{:16}{marks}", format!("{act:?}")).unwrap();
    }
    writeln!(table, "\nFor another customer than their own.\n").unwrap();
    for act in Act::ALL {
        let marks = marks(|r| someone(r, own).permit(act, other).is_ok());
        writeln!(table, "{:16}{marks}", format!("{act:?}")).unwrap();
    }
    writeln!(table, "\nFor the whole instance; a third party's desk is filtered.\n").unwrap();
    for act in Act::ALL {
        let marks = marks(|r| someone(r, own).permit_instance(act).is_ok());
        writeln!(table, "{:16}{marks}", format!("{act:?}")).unwrap();
    }
    writeln!(table, "\nFor the customer, by a role held for one contract of it.\n").unwrap();
    for act in Act::ALL {
        let marks = marks(|r| of_a_contract(r, own).permit(act, own).is_ok());
        writeln!(table, "{:16}{marks}", format!("{act:?}")).unwrap();
    }
    writeln!(table, "\nFor the whole instance, by a role held for one customer.\n").unwrap();
    for act in Act::ALL {
        let marks = marks(|r| for_one_customer(r, own).permit_instance(act).is_ok());
        writeln!(table, "{:16}{marks}", format!("{act:?}")).unwrap();
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/permissions.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &table).unwrap();
    }
    let reviewed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(reviewed == table, "permissions changed; UPDATE=1 rewrites the table:\n{table}");
}

/// One mark under each role.
fn marks(allowed: impl Fn(Role) -> bool) -> String {
    let mark = |r: Role| format!("{:>width$}", if allowed(r) { "✔" } else { "✘" }, width = r.key().len() + 2);
    Role::ALL.map(mark).concat()
}

fn someone(role: Role, customer: CustomerId) -> Principal {
    let person = Principal {
        account: base::id::AccountId::new(1, &[3; 10]),
        role,
        customer: (role.side() == Side::Customer).then_some(customer),
        name: "Quelqu'un".to_owned(),
        email: "q@test.example".to_owned(),
        assignments: Vec::new(),
    };
    if role.side() == Side::ThirdParty { for_one_customer(role, customer) } else { person.at_home() }
}

fn held(assignment: Assignment) -> Principal {
    let account = base::id::AccountId::new(1, &[3; 10]);
    let (name, email) = ("Quelqu'un".to_owned(), "q@test.example".to_owned());
    let role = assignment.role;
    Principal { account, role, customer: None, name, email, assignments: vec![assignment] }
}

fn for_one_customer(role: Role, customer: CustomerId) -> Principal {
    let about = match role.side() {
        Side::ThirdParty => Items {
            items: vec!["srv-erp".to_owned()],
            subcontract: Some("coffre-bleu".to_owned()),
            ..Items::default()
        },
        Side::Provider | Side::Customer => Items::default(),
    };
    held(Assignment { about, ..Assignment::whole(Uuid::nil(), role, Some(customer)) })
}

fn of_a_contract(role: Role, customer: CustomerId) -> Principal {
    let contract = Some(ContractId::new(1, &[4; 10]));
    let [whole] = &for_one_customer(role, customer).assignments[..] else { panic!("one role") };
    held(Assignment { contract, ..whole.clone() })
}

/// What a page shows a way to is what a permit would be made for, neither more nor less.
#[test]
fn what_is_shown_is_what_is_allowed() {
    let (own, other) = (CustomerId::new(1, &[1; 10]), CustomerId::new(1, &[2; 10]));
    for role in Role::ALL {
        for person in [someone(role, own), of_a_contract(role, own)] {
            for act in Act::ALL {
                assert_eq!(person.may(act), act.allowed_to(role), "{role:?} {act:?}");
                for customer in [own, other] {
                    let allowed = person.permit(act, customer).is_ok();
                    assert_eq!(person.may_for(act, customer), allowed, "{role:?} {act:?} {customer}");
                }
            }
        }
    }
}

/// What a third party of the customer's own spends is no time of the contract.
#[test]
fn a_third_party_without_a_subcontract_enters_no_time() {
    let customer = CustomerId::new(1, &[1; 10]);
    let [held_under] = &for_one_customer(Role::ThirdPartyTechnician, customer).assignments[..] else {
        panic!("one role")
    };
    let about = Items { subcontract: None, ..held_under.about.clone() };
    let person = held(Assignment { about, ..held_under.clone() });
    for act in Act::ALL {
        let may = act.allowed_to(Role::ThirdPartyTechnician) && act != Act::EnterTime;
        assert_eq!((person.may(act), person.may_for(act, customer)), (may, may), "{act:?}");
    }
}

/// A role on one contract opens the figures of that contract and of no other.
#[test]
fn a_permit_of_one_contract_sees_no_other() {
    let customer = CustomerId::new(1, &[1; 10]);
    let [its, other] = [4, 5].map(|n| ContractId::new(1, &[n; 10]));
    let sees = |person: Principal, contract| person.permit(Act::SeeTickets, customer).unwrap().sees(contract);
    for role in [Role::Technician, Role::CustomerManager, Role::ThirdPartyTechnician] {
        assert!(sees(of_a_contract(role, customer), its), "{role:?}");
        assert!(!sees(of_a_contract(role, customer), other), "{role:?}");
        assert!(sees(someone(role, customer), its) && sees(someone(role, customer), other), "{role:?}");
    }
}

#[test]
fn a_use_case_takes_its_own_permit_and_no_other() {
    let instance = Instance::new(3);
    let customer = signed(&instance, "atelier");
    instance.open(customer, &printer()).unwrap();
    let reply = instance.permit(Role::CustomerUser, Act::Reply, customer);
    let mut upload = instance.app().begin_upload(&reply, 1).unwrap();
    upload.write(b"bonjour").unwrap();
    let file = vec![upload.finish("a.txt").unwrap()];
    instance.app().attach_files(&reply, &instance.key(), 1, events::Visibility::Public, file).unwrap();
    instance.at("2026-06-16T11:00");
    instance.open(customer, &printer()).unwrap();
    let admin = instance.staff(Role::ProviderAdmin);
    let permits: Vec<(Act, Permit)> =
        Act::ALL.into_iter().filter_map(|act| Some((act, admin.permit(act, customer).ok()?))).collect();
    assert_eq!(permits.len(), Act::ALL.len(), "the administrator may do everything, so tests all of it");

    for (name, needed, ask) in USE_CASES {
        for (act, permit) in &permits {
            let answer = ask(&instance, permit);
            // With its own permit it may answer anything but that: a month not closed yet, for one. What
            // each asks about is there, so that nothing else says "not found".
            let refused = matches!(answer, Err(AppError::NotFound));
            assert_eq!(refused, act != needed, "{name} with a permit to {act:?}: {answer:?}");
        }
    }
    for (name, command) in STEPS {
        for (act, permit) in &permits {
            let answer = instance.app().step_ticket(permit, &instance.key(), 1, &command(), None);
            let refused = matches!(answer, Err(AppError::NotFound));
            assert_eq!(refused, *act != command().act(), "{name} with a permit to {act:?}: {answer:?}");
        }
    }
    for (act, permit) in &permits {
        if *act == Act::SignContract {
            continue;
        }
        let manager = instance.permit(Role::CustomerManager, Act::SignContract, customer);
        let admins = admin.permit(Act::SignContract, customer).unwrap();
        for (one, other) in [(permit, &manager), (&admins, permit)] {
            let (key, beside) = (instance.key(), app::sign::Beside::default());
            for answer in [
                instance.app().sign_contract(one, other, "x.md", "").map(drop),
                instance.app().sign_contract_once(one, other, &key, "x.md", "").map(drop),
                instance.app().sign_prepared_once(one, other, &key, "x.md", "", &beside).map(drop),
            ] {
                let refused = matches!(answer, Err(AppError::NotFound));
                assert!(refused, "signing with a permit to {act:?}: {answer:?}");
            }
        }
    }
    for (name, needed, ask) in INSTANCE_USE_CASES {
        for act in Act::ALL {
            let answer = ask(&instance, &admin.permit_instance(act).unwrap());
            let refused = matches!(answer, Err(AppError::NotFound));
            assert_eq!(refused, act != *needed, "{name} with a permit to {act:?}: {answer:?}");
        }
    }
}

/// Every public use case of the sources that takes a permit is asked above: a new one without its row
/// fails here.
#[test]
fn no_use_case_is_missing_from_the_tables() {
    let asked = concat!(include_str!("permissions.rs"), include_str!("permissions/use_cases.rs"));
    let mut seen = 0;
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for part in text.split("\n    pub fn ").skip(1) {
            let (name, rest) = part.split_once(['(', '<']).unwrap();
            let signature = rest.split_once('{').map_or(rest, |(signature, _)| signature);
            if !signature.contains("&self") || !signature.contains("Permit") {
                continue;
            }
            // What gives a permit is not what asks for one.
            if !signature.split("->").next().unwrap_or_default().contains("Permit") {
                continue;
            }
            seen += 1;
            assert!(asked.contains(&format!(".{name}(")), "{name} of {} has no row", file.display());
        }
    }
    assert!(seen > 50, "the sources were read: {seen}");
}

fn sources(dir: &Path) -> Vec<std::path::PathBuf> {
    let list = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let each = list.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    each.filter(|path| path.extension().is_some_and(|e| e == "rs")).collect()
}

#[test]
fn one_party_cannot_sign_for_both() {
    let instance = Instance::new(4);
    let (ours, theirs) = (instance.customer("atelier"), instance.customer("voisin"));
    let provider = instance.permit(Role::ProviderAdmin, Act::SignContract, ours);
    let manager = instance.permit(Role::CustomerManager, Act::SignContract, ours);
    let neighbour = instance.permit(Role::CustomerManager, Act::SignContract, theirs);
    let text = common::contract_a();
    for (one, other) in [(&provider, &provider), (&manager, &provider), (&provider, &neighbour)] {
        let answer = instance.app().sign_contract(one, other, "contracts/ateliers-garonne.md", &text);
        let Err(AppError::Refused(refusal)) = answer else { panic!("{answer:?}") };
        assert_eq!(refusal.code, "contract.signatures");
    }
}

#[test]
fn another_customer_answers_as_one_that_does_not_exist() {
    let instance = Instance::new(5);
    let (ours, theirs) = (signed(&instance, "atelier"), instance.customer("voisin"));
    instance.sign(theirs, "contracts/ateliers-garonne.md", &common::contract_a()).unwrap();
    instance.open(theirs, &printer()).unwrap();
    let nobody = CustomerId::new(7, &[7; 10]);
    for role in [Role::CustomerManager, Role::CustomerUser] {
        let person = instance.someone(role, ours);
        for act in Act::ALL {
            let about = |customer| said(person.permit(act, customer));
            assert_eq!(about(theirs), about(nobody), "{role:?} {act:?}");
            assert!(person.permit(act, theirs).is_err());
            assert!(person.permit_instance(act).is_err());
        }
    }
    // Their ticket 1 exists, ours does not: a number tells nothing either.
    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, ours);
    assert_eq!(said(instance.app().ticket(&see, 1)), said(instance.app().ticket(&see, 999)));
    let reply = instance.permit(Role::CustomerUser, Act::Reply, ours);
    let hello = StepCommand::Reply { body: "Bonjour".to_owned() };
    let step = |number| said(instance.app().step_ticket(&reply, &instance.key(), number, &hello, None));
    assert_eq!(step(1), step(999));
}

/// What a person would see of an answer that is an error.
fn said<T>(answer: Result<T, AppError>) -> String {
    answer.map(drop).expect_err("nothing is given").to_string()
}

#[test]
fn a_note_between_technicians_is_not_shown_to_the_customer() {
    let instance = Instance::new(6);
    let customer = signed(&instance, "atelier");
    instance.open(customer, &printer()).unwrap();
    let note = StepCommand::Note { body: "Le client se trompe".to_owned() };
    instance.step(customer, 1, &note).unwrap();
    let entries = |app: &App, role| {
        let see = instance.permit(role, Act::SeeTickets, customer);
        app.ticket(&see, 1).unwrap().entries.len()
    };
    assert_eq!(entries(instance.app(), Role::Technician), 1);
    assert_eq!(entries(instance.app(), Role::CustomerManager), 0);
    assert_eq!(entries(instance.app(), Role::CustomerUser), 0);
}
