//! A search gives what one may read, every ticket once, page after page.

mod common;
#[path = "search/everywhere.rs"]
mod everywhere;

use app::privacy::Forget;
use app::search::{Of, Results};
use app::ticket::{Filter, OpenTicket, StepCommand};
use app::{Act, App, Role, Settings, clock, entropy};
use base::id::CustomerId;
use common::signed;
use std::sync::Arc;
use testkit::Instance;

/// Pages that end with a customer's last ticket are where results were lost.
#[test]
fn a_full_page_loses_nothing_of_the_next_customer() {
    let instance = Instance::new(91);
    for slug in ["atelier", "bureau", "comptoir"] {
        let customer = signed(&instance, slug);
        instance.undertake(&instance.staff(Role::Technician), customer);
        for _ in 0..2 {
            let ask = OpenTicket { title: "Panne de courant".to_owned(), ..OpenTicket::default() };
            instance.open(customer, &ask).unwrap();
        }
    }
    let permit = instance.staff(Role::Technician).permit_instance(Act::SeeDesk).unwrap();
    let walk = |query: &str, limit: u32| {
        let (mut found, mut after) = (Vec::new(), None);
        for _ in 0..20 {
            let (lines, next) = instance.app().find_everywhere(&permit, query, after, limit).unwrap();
            assert!(lines.len() <= limit as usize, "{query} {limit}");
            found.extend(lines.into_iter().map(|l| format!("{}/{}", l.slug, l.shown.ticket.number)));
            after = next;
            if after.is_none() {
                return found;
            }
        }
        panic!("{query}, {limit} at a time, never ends: {found:?}")
    };
    let all = ["atelier/2", "atelier/1", "bureau/2", "bureau/1", "comptoir/2", "comptoir/1"];
    for limit in [1, 2, 3, 4, 6, 10] {
        assert_eq!(walk("panne", limit), all, "{limit} at a time");
        assert_eq!(walk("1", limit), ["atelier/1", "bureau/1", "comptoir/1"], "{limit} at a time");
    }
}

const REPLY: &str = "Nous avons remplacé le commutateur de l’étage";
const NOTE: &str = "Le client a débranché le commutateur par zèle";

/// One ticket with a public message and a note, and one without.
fn talked(seed: u64) -> (Instance, CustomerId) {
    let instance = Instance::new(seed);
    let customer = signed(&instance, "atelier");
    for (title, description) in
        [("Plus de réseaux", "Les postes de la comptabilité"), ("Écran bleu", "À la comptabilité aussi")]
    {
        let (title, description) = (title.to_owned(), description.to_owned());
        instance.open(customer, &OpenTicket { title, description, ..OpenTicket::default() }).unwrap();
    }
    instance.step(customer, 1, &StepCommand::Reply { body: REPLY.to_owned() }).unwrap();
    instance.step(customer, 1, &StepCommand::Note { body: NOTE.to_owned() }).unwrap();
    (instance, customer)
}

fn numbers(results: &Results) -> Vec<u64> {
    results.tickets.iter().map(|hit| hit.shown.ticket.number).collect()
}

#[test]
fn a_ticket_is_found_by_what_one_reads_of_it_and_by_nothing_else() {
    let (i, c) = talked(92);
    for role in [Role::Technician, Role::CustomerManager, Role::CustomerUser] {
        let see = i.permit(role, Act::SeeTickets, c);
        let search = |query: &str| i.app().search(&see, query, None, 10).unwrap();
        let list = |query: &str| i.app().find_tickets(&see, query, &Filter::default(), None, 10).unwrap();
        for query in ["commutateurs", "réseau commu", "l'étage", "COMPTABILITE postes"] {
            assert_eq!(numbers(&search(query)), [1], "{query}");
            assert_eq!(list(query).0.len(), 1, "{query}");
        }
        assert_eq!(numbers(&search("comptabilité")), [2, 1], "the newest first");
        assert_eq!(numbers(&search("écran comptabilité")), [2]);
        let staff = role.is_provider();
        for query in ["zèle", "débranché", "zel", "comptabilité zèle"] {
            let (found, (rows, next)) = (search(query), list(query));
            assert_eq!(found.tickets.len(), usize::from(staff), "{query}");
            assert_eq!((rows.len(), next), (usize::from(staff), None), "{query}");
            assert!(found.next.is_none() && found.articles.is_empty());
            for hit in found.tickets.iter().filter(|_| !query.contains(' ')) {
                assert_eq!((hit.of, hit.extract.text().as_str()), (Of::Note, NOTE));
            }
        }
        let hit = search("commutateur").tickets.remove(0);
        assert_eq!((hit.of, hit.extract.text().as_str()), (Of::Message, REPLY));
        let marked: Vec<_> = hit.extract.pieces.iter().filter(|p| p.found).map(|p| &p.text).collect();
        assert_eq!(marked, ["commutateur"]);
    }
}

#[test]
fn the_words_of_a_title_come_first_and_pages_follow_one_another() {
    let i = Instance::new(93);
    let c = signed(&i, "atelier");
    for n in 1..=9 {
        let title = if n % 3 == 0 { "Panne d’imprimante" } else { "Souci" };
        let description = "L’imprimante ne répond plus : une panne".to_owned();
        let ask = OpenTicket { title: title.to_owned(), description, ..OpenTicket::default() };
        i.open(c, &ask).unwrap();
    }
    let see = i.permit(Role::CustomerUser, Act::SeeTickets, c);
    for limit in [1, 2, 4, 20] {
        let (mut found, mut from) = (Vec::new(), None);
        for _ in 0..20 {
            let page = i.app().search(&see, "imprimante pann", from, limit).unwrap();
            assert!(page.tickets.len() <= limit as usize);
            found.extend(numbers(&page));
            from = page.next;
            if from.is_none() {
                break;
            }
        }
        assert_eq!(found, [9, 6, 3, 8, 7, 5, 4, 2, 1], "{limit} at a time");
    }
    assert_eq!(numbers(&i.app().search(&see, "#4", None, 5).unwrap()), [4]);
}

#[test]
fn articles_and_items_are_found_by_who_reads_them() {
    let (i, c) = talked(94);
    let found = |role| {
        let see = i.permit(role, Act::SeeTickets, c);
        let articles = i.app().search(&see, "rétablissement", None, 10).unwrap().articles;
        let items = i.app().search(&see, "srv-erp", None, 10).unwrap().items;
        (articles, items)
    };
    let (articles, items) = found(Role::CustomerManager);
    assert!(!articles.is_empty() && articles.len() <= 5);
    let marked = articles.iter().flat_map(|hit| hit.title.pieces.iter().chain(&hit.extract.pieces));
    assert!(marked.filter(|p| p.found).any(|p| p.text.to_lowercase().starts_with("rétablissement")));
    assert_eq!(items.iter().map(|hit| hit.key.as_str()).collect::<Vec<_>>(), ["srv-erp"]);
    for role in Role::ALL {
        let who = i.someone(role, c);
        let Ok(see) = who.permit(Act::SeeTickets, c) else { continue };
        i.undertake(&who, c);
        let reads = who.permit(Act::SeeContract, c).is_ok();
        let articles = i.app().search(&see, "rétablissement", None, 10).unwrap().articles;
        assert_eq!(!articles.is_empty(), reads, "{role:?}");
    }
}

#[test]
fn an_erased_text_takes_its_words_and_leaves_those_of_others() {
    let (i, c) = talked(95);
    let see = i.permit(Role::Technician, Act::SeeTickets, c);
    let erase = i.permit(Role::ProviderAdmin, Act::Erase, c);
    let find = |query: &str| numbers(&i.app().search(&see, query, None, 10).unwrap());
    let page = i.app().ticket(&see, 1).unwrap();
    let seq = page.entries.iter().find(|e| e.text.as_deref() == Some(REPLY)).unwrap().seq;
    assert_eq!((find("remplacé"), find("commutateur")), (vec![1], vec![1]));
    let one = Forget::Entries([seq].into());
    i.app().erase(&erase, &i.key(), &one, events::Ground::Request).unwrap();
    assert!(find("remplacé").is_empty() && find("étage").is_empty());
    assert_eq!(find("commutateur"), [1], "the note still says it");
    let theirs = i.permit(Role::CustomerUser, Act::SeeTickets, c);
    assert!(i.app().search(&theirs, "commutateur", None, 10).unwrap().tickets.is_empty());
}

/// A vault whose words were never added, as one that an older version wrote.
#[test]
fn the_words_of_an_older_vault_are_added_at_the_start() {
    let (mut i, c) = talked(96);
    let see = i.permit(Role::Technician, Act::SeeTickets, c);
    let theirs = i.permit(Role::CustomerUser, Act::SeeTickets, c);
    let file = i.vault_file("atelier");
    i.close();
    let vault = rusqlite::Connection::open(file).unwrap();
    vault.execute_batch("DELETE FROM search_word; UPDATE search_filled SET through = 0").unwrap();
    drop(vault);
    let clock = Arc::new(clock::Set::at(testkit::local("2026-06-16T12:00")));
    let (host, entropy) = ("test.example".to_owned(), Arc::new(entropy::Seeded::new(9)));
    let app = App::open(&i.data(), Settings { host, clock, entropy }).unwrap();
    let find = |see, query| numbers(&app.search(see, query, None, 10).unwrap());
    assert!(find(&see, "commutateur").is_empty());
    app.mark_all_dirty().unwrap();
    assert_eq!(
        (find(&see, "commutateur"), find(&see, "zèle"), find(&theirs, "zèle")),
        (vec![1], vec![1], vec![])
    );
    assert_eq!(find(&theirs, "réseau"), [1]);
}
