//! Roles given and ended for a customer: by those who may, never beyond their own, and in the journal.

mod common;

use app::access::Items;
use app::accounts::roles::NewRole;
use app::accounts::{NewAccount, Proof};
use app::people::{GiveRole, Given, PersonLine};
use app::{Act, AppError, Permit, Principal, Refusal, Role};
use base::id::CustomerId;
use common::signed;
use events::Event;
use testkit::Instance;

fn account(i: &Instance, email: &str, role: Role, customer: Option<CustomerId>) -> Principal {
    let password = "une phrase assez longue";
    let new = NewAccount { email, name: email, password, role, customer, totp_secret: None };
    let id = i.app().add_account(&new).unwrap();
    i.app().principal(id).unwrap()
}

fn ask(email: &str, role: Role) -> GiveRole {
    GiveRole { email: email.to_owned(), role: role.key().to_owned(), ..GiveRole::default() }
}

fn give(i: &Instance, permit: &Permit, ask: &GiveRole) -> Result<Given, AppError> {
    i.app().give_role(permit, &Proof::of_the_operator(), &i.key(), ask)
}

fn refused<T: std::fmt::Debug>(answer: Result<T, AppError>) -> Refusal {
    match answer {
        Err(AppError::Refused(refusal)) => *refusal,
        other => panic!("{other:?}"),
    }
}

fn invalid<T: std::fmt::Debug>(answer: Result<T, AppError>) -> String {
    match answer {
        Err(AppError::Invalid(invalid)) => invalid.field.to_string(),
        other => panic!("{other:?}"),
    }
}

fn people(i: &Instance, role: Role, customer: CustomerId) -> Vec<PersonLine> {
    i.app().people(&i.permit(role, Act::SeePeople, customer)).unwrap()
}

#[test]
fn a_role_given_holds_until_it_ends_and_the_journal_tells_both() {
    let i = Instance::new(70);
    let customer = signed(&i, "atelier");
    let zoe = account(&i, "zoe@atelier.example", Role::CustomerUser, Some(customer));
    assert!(zoe.permit(Act::SeeMoney, customer).is_err());
    let director = i.permit(Role::CustomerDirector, Act::ManagePeople, customer);
    let (key, wanted) = (i.key(), ask("ZOE@atelier.example", Role::CommitteeMember));
    let given = i.app().give_role(&director, &Proof::of_the_operator(), &key, &wanted).unwrap();
    assert_eq!(
        i.app().give_role(&director, &Proof::of_the_operator(), &key, &wanted).unwrap(),
        given,
        "a retry gives it once"
    );
    let now = || i.app().principal(zoe.account).unwrap();
    assert_eq!(now().assignments.len(), 2);
    assert!(now().permit(Act::SeeMoney, customer).is_ok());

    let line = |role| people(&i, role, customer).into_iter().find(|l| l.held == given.held).unwrap();
    let shown = line(Role::CustomerDirector);
    assert_eq!((shown.name.as_str(), shown.role), ("zoe@atelier.example", Role::CommitteeMember));
    assert!(shown.given_by.is_some() && shown.ended.is_none() && shown.may_end);
    assert!(!line(Role::CustomerAuditor).may_end, "an auditor reads");

    let end = |permit: &Permit| {
        i.app().end_role(permit, &Proof::of_the_operator(), &i.key(), &given.held.to_string())
    };
    end(&director).unwrap();
    assert!(matches!(end(&director), Err(AppError::NotFound)), "it ends once");
    assert!(now().permit(Act::SeeMoney, customer).is_err());
    assert!(line(Role::CustomerDirector).ended.is_some());

    let see = i.permit(Role::CustomerAuditor, Act::SeeJournal, customer);
    let kinds: Vec<String> =
        i.app().journal(&see, None, 50).unwrap().entries.into_iter().map(|e| e.kind).collect();
    let count = |kind: &str| kinds.iter().filter(|k| *k == kind).count();
    assert_eq!((count("role.given"), count("role.ended")), (1, 1));
}

#[test]
fn nobody_gives_or_ends_more_than_they_may_do() {
    let i = Instance::new(71);
    let customer = signed(&i, "atelier");
    let other = i.customer("voisin");
    account(&i, "zoe@atelier.example", Role::CustomerUser, Some(customer));
    account(&i, "paul@voisin.example", Role::CustomerUser, Some(other));
    account(&i, "tech@prestataire.example", Role::Technician, None);
    let admin = i.permit(Role::CustomerAdmin, Act::ManagePeople, customer);
    assert_eq!(i.app().roles_to_give(&admin).unwrap(), [Role::CustomerAdmin, Role::CustomerUser]);
    for role in Role::ALL {
        let answer = give(&i, &admin, &ask("zoe@atelier.example", role));
        if matches!(role, Role::CustomerAdmin | Role::CustomerUser) {
            answer.unwrap();
        } else {
            assert_eq!(refused(answer).code, "role.beyond", "{role:?}");
        }
    }
    // Another customer's person, the provider's and nobody answer alike.
    let words = |email: &str| match give(&i, &admin, &ask(email, Role::CustomerUser)) {
        Err(AppError::Invalid(e)) => format!("{e:?}"),
        other => panic!("{other:?}"),
    };
    let nobody = words("nobody@nowhere.example");
    assert_eq!(words("paul@voisin.example"), nobody);
    assert_eq!(words("tech@prestataire.example"), nobody);

    let manager = i.someone(Role::CustomerManager, customer).account.0;
    assert_eq!(
        refused(i.app().end_role(&admin, &Proof::of_the_operator(), &i.key(), &manager.to_string())).code,
        "role.beyond"
    );
    let own = i.someone(Role::CustomerAdmin, customer).account.0;
    assert_eq!(
        refused(i.app().end_role(&admin, &Proof::of_the_operator(), &i.key(), &own.to_string())).code,
        "role.own"
    );
    let director = i.permit(Role::CustomerDirector, Act::ManagePeople, other);
    assert!(matches!(
        i.app().end_role(&director, &Proof::of_the_operator(), &i.key(), &manager.to_string()),
        Err(AppError::NotFound)
    ));
}

#[test]
fn a_third_party_is_told_items_of_the_perimeter() {
    let i = Instance::new(72);
    let customer = signed(&i, "atelier");
    account(&i, "marc@editeur.example", Role::ThirdPartyTechnician, None);
    let admin = i.permit(Role::ProviderAdmin, Act::ManagePeople, customer);
    let with = |items: &[&str], classes: &[&str]| GiveRole {
        items: items.iter().map(|&i| i.to_owned()).collect(),
        classes: classes.iter().map(|&c| c.to_owned()).collect(),
        ..ask("marc@editeur.example", Role::ThirdPartyTechnician)
    };
    assert_eq!(invalid(give(&i, &admin, &with(&[], &[]))), "items");
    assert_eq!(invalid(give(&i, &admin, &with(&["srv-erpp"], &[]))), "items");
    assert_eq!(invalid(give(&i, &admin, &with(&[], &["serveurs"]))), "classes");
    let unknown = GiveRole { contract: Some("CTR-9".to_owned()), ..with(&["srv-erp"], &[]) };
    assert_eq!(invalid(give(&i, &admin, &unknown)), "contract");
    let known = GiveRole { contract: Some("CTR-2026-001".to_owned()), ..with(&["srv-erp"], &["server"]) };
    let given = give(&i, &admin, &known).unwrap();
    let line = people(&i, Role::ProviderAdmin, customer).into_iter().find(|l| l.held == given.held).unwrap();
    assert_eq!(line.contract.as_deref(), Some("CTR-2026-001"));
    let about =
        Items { items: vec!["srv-erp".to_owned()], classes: vec!["server".to_owned()], subcontract: None };
    assert_eq!(line.about, about);
    assert_eq!(line.email.as_deref(), Some("marc@editeur.example"));
    let seen =
        people(&i, Role::CustomerDirector, customer).into_iter().find(|l| l.held == given.held).unwrap();
    assert_eq!(seen.email, None, "the customer knows who works on its items, not how to write to them");
}

#[test]
fn fifty_roles_are_the_most() {
    let i = Instance::new(73);
    let customer = i.customer("atelier");
    let account = i.staff(Role::Technician).account;
    let (role, about) = (Role::Technician, Items::default());
    let new = NewRole { account, role, customer: Some(customer), contract: None, about };
    for _ in 1..app::accounts::roles::MOST {
        i.app().assign(&new).unwrap();
    }
    assert_eq!(invalid(i.app().assign(&new)), "account");
}

#[test]
fn a_third_party_s_subcontract_is_one_of_the_contract_that_the_customer_accepted() {
    let i = Instance::new(79);
    let customer = signed(&i, "atelier");
    let later = i.customer("ailleurs");
    let waits =
        common::contract_a().replace("accepted = 2026-02-16, contract", "accepted = 2027-01-31, contract");
    i.sign(later, "contracts/ateliers-garonne.md", &waits).unwrap();
    let marc = account(&i, "marc@coffre-bleu.example", Role::ThirdPartyTechnician, None);
    let under = |label: &str| GiveRole {
        items: vec!["srv-erp".to_owned()],
        subcontract: Some(label.to_owned()),
        ..ask("marc@coffre-bleu.example", Role::ThirdPartyTechnician)
    };
    let permit = |of| i.permit(Role::ProviderAdmin, Act::ManagePeople, of);
    let offered = |of| i.app().subcontracted(&permit(of)).unwrap();
    let [one] = &offered(customer)[..] else { panic!("contract A has one subcontractor") };
    assert_eq!((one.label.as_str(), one.accepted), ("coffre-bleu", true));
    assert_eq!(one.name, "Coffre Bleu Hébergement SARL");
    assert!(!offered(later)[0].accepted);

    assert_eq!(
        invalid(give(&i, &permit(customer), &under("telecom"))),
        "subcontract",
        "a third party, no subcontractor"
    );
    assert_eq!(invalid(give(&i, &permit(later), &under("coffre-bleu"))), "subcontract", "not accepted yet");
    let given = give(&i, &permit(customer), &under("coffre-bleu")).unwrap();
    let line = people(&i, Role::ServiceManager, customer).into_iter().find(|l| l.held == given.held).unwrap();
    assert_eq!(line.about.subcontract.as_deref(), Some("coffre-bleu"));
    let held = &i.app().principal(marc.account).unwrap().assignments;
    assert!(held.iter().any(|a| a.about.subcontract.as_deref() == Some("coffre-bleu")));

    // For every contract, where a second one still waits for it: that one's tickets would be opened too.
    let second = waits.replace("CTR-2026-001", "CTR-2026-002");
    let reached = |number: &str| {
        let person = i.app().principal(marc.account).unwrap();
        let id = i.app().vault(customer).unwrap().agreements().unwrap().by_number(number).unwrap().id;
        person.permit(Act::SeeTickets, customer).is_ok_and(|see| see.sees(id))
    };
    assert!(reached("CTR-2026-001"));
    i.sign(customer, "contracts/second.md", &second).unwrap();
    assert!(reached("CTR-2026-001") && !reached("CTR-2026-002"), "signed since, it waits for it as well");
    assert_eq!(
        invalid(give(&i, &permit(customer), &under("coffre-bleu"))),
        "subcontract",
        "one waits for it"
    );
    let for_one = GiveRole { contract: Some("CTR-2026-001".to_owned()), ..under("coffre-bleu") };
    give(&i, &permit(customer), &for_one).unwrap();
    // One that is signed and still to start is reached as well.
    let term = "## Article 2 – Durée\n\n```toml clause\nkind = \"term\"\nlabel = \"duree\"\n\
                then = { start = 2027-03-01, lasts = \"36 months\", renewal = \"none\", notice = \"3 months\" }\n```\n";
    let soon = i.customer("bientot");
    i.sign(soon, "contracts/ateliers-garonne.md", &common::contract_a()).unwrap();
    i.sign(soon, "contracts/fourth.md", &testkit::two_parties("CTR-2026-004", term)).unwrap();
    assert_eq!(
        invalid(give(&i, &permit(soon), &under("coffre-bleu"))),
        "contract",
        "the one to start does not"
    );
    let third = second.replace("CTR-2026-002", "CTR-2026-003").replace("coffre-bleu", "autre-coffre");
    i.sign(later, "contracts/third.md", &third.replace("accepted = 2027-01-31", "accepted = 2026-02-16"))
        .unwrap();
    let other = GiveRole { contract: Some("CTR-2026-003".to_owned()), ..under("autre-coffre") };
    give(&i, &permit(later), &other).unwrap();
    assert_eq!(invalid(give(&i, &permit(later), &under("autre-coffre"))), "contract", "one does not name it");

    // Accepted there since, it is reached; named no more by an amendment, a contract is not.
    i.at("2027-02-01T09:00");
    assert!(reached("CTR-2026-001") && reached("CTR-2026-002"));
    let ended = "+++\namends = \"CTR-2026-001\"\neffective = 2027-02-01\nsigned = 2027-02-01\nlanguage = \"fr\"\n\
                 semantics = 1\n+++\n\n# Avenant n° 1\n\n## Article 1 – Fin de la sous-traitance\n\n\
                 ```toml clause\nend = \"sous-traitance\"\n```\n";
    i.sign(customer, "contracts/avenant.md", ended).unwrap();
    assert!(!reached("CTR-2026-001") && reached("CTR-2026-002"), "both roles are for what names them");
    let lines = people(&i, Role::ServiceManager, customer);
    let mut told: Vec<Vec<String>> = lines.into_iter().filter_map(|line| line.reaches).collect();
    told.sort();
    assert_eq!(told, [vec![], vec!["CTR-2026-002".to_owned()]], "the page says which are left");

    let see = i.permit(Role::CustomerAuditor, Act::SeeJournal, customer);
    let entries = i.app().journal(&see, None, 50).unwrap().entries;
    let told = entries.into_iter().find(|entry| entry.seq == given.entry).and_then(|entry| entry.event);
    let Some(Event::RoleGiven(told)) = told else { panic!("the journal tells it: {told:?}") };
    assert_eq!(told.subcontract.as_deref(), Some("coffre-bleu"));
    i.finish();
}
