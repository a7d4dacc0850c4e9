//! One search over all the customers: every kind, within what one may read at each.

use app::access::Items;
use app::accounts::NewAccount;
use app::accounts::roles::NewRole;
use app::knowledge::WriteArticle;
use app::search::{Everywhere, Group};
use app::ticket::OpenTicket;
use app::{Act, Principal, Role};
use base::id::CustomerId;
use events::{ArticleState, Audience};
use testkit::Instance;

use crate::common::signed;

fn slugs(page: &Everywhere) -> Vec<&str> {
    page.groups.iter().map(|group| group.slug.as_str()).collect()
}

fn search(instance: &Instance, who: &Principal, query: &str) -> Everywhere {
    let permit = who.permit_instance(Act::SeeDesk).unwrap();
    let page = instance.app().search_everywhere(&permit, query, None, 3).unwrap();
    assert!(page.failed.is_empty(), "{query}: {:?}", page.failed);
    page
}

/// Tickets with the words in their title first, then the others in the customers' order; a page ends with the tenth
/// customer that has more to say than its contract, and those whose contract alone speaks come last.
#[test]
fn one_search_asks_every_customer_that_one_works_for() {
    let instance = Instance::new(97);
    let all = [
        "atelier", "bureau", "comptoir", "dock", "entrepot", "ferme", "garage", "halle", "ilot", "jardin",
        "kiosque", "lavoir", "moulin",
    ];
    for slug in all {
        let customer = signed(&instance, slug);
        instance.undertake(&instance.staff(Role::Technician), customer);
        let title = if slug == "dock" { "Panne" } else { "Souci" }.to_owned();
        let description = if slug == "ferme" { "" } else { "Une panne de secteur" }.to_owned();
        instance.open(customer, &OpenTicket { title, description, ..OpenTicket::default() }).unwrap();
    }
    let permit = instance.staff(Role::Technician).permit_instance(Act::SeeDesk).unwrap();
    let page = |after| instance.app().search_everywhere(&permit, "panne secteur", after, 3).unwrap();
    let first = instance.app().search_everywhere(&permit, "panne", None, 3).unwrap();
    let tickets = |group: &&Group| !group.results.tickets.is_empty();
    let expected =
        ["dock", "atelier", "bureau", "comptoir", "entrepot", "garage", "halle", "ilot", "jardin", "kiosque"];
    assert_eq!(first.groups.iter().filter(tickets).map(|g| g.slug.as_str()).collect::<Vec<_>>(), expected);
    assert_eq!(slugs(&first)[..10], expected, "what only the contract says comes last");
    let next = instance.app().search_everywhere(&permit, "panne", first.next, 3).unwrap();
    assert_eq!((slugs(&next), next.next), (vec!["lavoir", "moulin"], None));

    // Every customer once, whatever answers.
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = page(after);
        seen.extend(page.groups.iter().map(|group| group.slug.clone()));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let without = all.iter().filter(|slug| **slug != "ferme").count();
    assert_eq!(seen.len(), without, "{seen:?}");
}

/// Two customers; the second one is where things are.
fn ground(seed: u64) -> (Instance, CustomerId) {
    let instance = Instance::new(seed);
    let [_, customer] = ["atelier", "bureau"].map(|slug| {
        let customer = signed(&instance, slug);
        instance.undertake(&instance.staff(Role::Technician), customer);
        customer
    });
    let write = instance.permit(Role::Technician, Act::WriteKnowledge, customer);
    for (title, audience) in
        [("Le zanzibar des badges", Audience::Parties), ("Le zanzibar de nuit", Audience::Internal)]
    {
        let ask = WriteArticle {
            title: title.to_owned(),
            body: "À lire.".to_owned(),
            audience,
            review_by: Some(jiff::civil::date(2026, 12, 31)),
            ..WriteArticle::default()
        };
        let number = instance.app().write_article(&write, &instance.key(), &ask).unwrap().number;
        instance.app().move_article(&write, &instance.key(), number, ArticleState::Published).unwrap();
    }
    (instance, customer)
}

#[test]
fn every_kind_is_found_at_the_customer_that_has_it() {
    let (instance, customer) = ground(98);
    let technician = instance.staff(Role::Technician);
    let knowledge = search(&instance, &technician, "zanzibar");
    assert_eq!(slugs(&knowledge), ["bureau"]);
    assert_eq!(knowledge.groups[0].results.knowledge.len(), 2);
    assert!(knowledge.groups[0].results.articles.is_empty(), "no contract says it");

    let items = search(&instance, &technician, "srv-erp");
    assert_eq!(slugs(&items), ["atelier", "bureau"]);
    for group in &items.groups {
        assert_eq!(group.results.items[0].key, "srv-erp", "{}", group.slug);
    }
    let said = search(&instance, &technician, "rétablissement");
    assert_eq!(slugs(&said), ["atelier", "bureau"], "no ticket says it: the contracts do");
    assert!(said.groups.iter().all(|g| (1..=2).contains(&g.results.articles.len())));
    let agreements = instance.app().vault(customer).unwrap().agreements().unwrap();
    let number = agreements.contracts[0].number.clone();
    let contracts = search(&instance, &technician, &number);
    assert!(contracts.groups.iter().all(|g| g.results.contracts[0].number.text() == number));
    assert_eq!(contracts.groups.len(), 2);
    assert!(search(&instance, &technician, "xylophone").groups.is_empty());
}

/// A third party of one item finds that item, and neither the contract, nor what is internal, nor a neighbour.
#[test]
fn a_third_party_finds_its_items_and_nothing_of_a_contract() {
    let (instance, customer) = ground(99);
    let new = NewAccount {
        email: "marc@editeur.example",
        name: "Marc Éditeur",
        password: "une phrase assez longue",
        role: Role::ThirdPartyTechnician,
        customer: None,
        totp_secret: None,
    };
    let account = instance.app().add_account(&new).unwrap();
    let about = Items { items: ["srv-erp".to_owned()].into(), ..Items::default() };
    let role = Role::ThirdPartyTechnician;
    instance
        .app()
        .assign(&NewRole { account, role, customer: Some(customer), contract: None, about })
        .unwrap();
    let who = instance.app().principal(account).unwrap();
    assert!(search(&instance, &who, "srv-erp").groups.is_empty(), "before it has signed its undertaking");
    instance.undertake(&who, customer);
    let found = search(&instance, &who, "srv-erp");
    assert_eq!(slugs(&found), ["bureau"]);
    assert_eq!(found.groups[0].results.items.len(), 1);
    assert!(found.groups[0].contract.is_none() && found.groups[0].results.articles.is_empty());
    assert!(search(&instance, &who, "srv-fic").groups.is_empty(), "another's item");
    assert!(search(&instance, &who, "rétablissement").groups.is_empty(), "the contract's articles");
    let internal = search(&instance, &who, "zanzibar nuit");
    assert!(internal.groups.is_empty(), "an internal article");
}
