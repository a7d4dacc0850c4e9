//! The page of the team, and handing tickets over by plain forms.

mod common;

use app::ticket::{IdempotencyKey, OpenTicket};
use app::{Act, Role};
use axum::http::StatusCode;
use common::{Site, value};

fn site(name: &str) -> Site {
    let people = [
        ("garonne", "chef@garonne.fr", Role::CustomerManager),
        ("garonne", "fabre@garonne.fr", Role::CustomerUser),
    ];
    let site = Site::new(name, &[("garonne", "Ateliers Garonne")], &people);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/ateliers-garonne.md");
    let text = std::fs::read_to_string(path).unwrap();
    let customer = site.app.find_customer("garonne").unwrap();
    let permit = |email: &str, act| site.app.person_of(email).unwrap().permit(act, customer).unwrap();
    let (ours, theirs) =
        (permit("admin@exemple.fr", Act::SignContract), permit("chef@garonne.fr", Act::SignContract));
    site.app.sign_contract(&ours, &theirs, "contrat.md", &text).unwrap();
    site.clock.move_to("2026-06-16T07:00:00Z".parse().unwrap());
    let asker = permit("fabre@garonne.fr", Act::OpenTicket);
    for n in 1..=2 {
        let ask = OpenTicket {
            title: format!("Poste {n} en panne"),
            priority: Some("P3".to_owned()),
            ..OpenTicket::default()
        };
        site.app.open_ticket(&asker, &IdempotencyKey::parse(&format!("o{n}")).unwrap(), &ask).unwrap();
    }
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn work_is_given_out_from_the_page_of_the_team_and_from_the_ticket() {
    let site = site("team");
    let mut contact = site.enter("contact@exemple.fr").await;
    let html = contact.page("/team").await;
    assert!(html.contains("Poste 1 en panne") && html.contains("Poste 2 en panne"), "{html}");
    assert!(html.contains("data-live=\"desk\"") && html.contains("Par client"));
    let technician = site.app.person_of("technique@exemple.fr").unwrap().account.to_string();
    let key = value(html.split("/c/garonne/tickets/1/assign").nth(1).unwrap(), "key");
    let form = [("to", technician.as_str()), ("back", "team"), ("key", key.as_str())];
    let (status, to) = contact.act("/team", "/c/garonne/tickets/1/assign", &form).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/team"));
    let html = contact.page("/team").await;
    assert!(!html.contains("Poste 1 en panne") && html.contains("Poste 2 en panne"), "{html}");
    // Their own tickets, one click away.
    let theirs = contact.page(&format!("/?who={technician}")).await;
    assert!(theirs.contains("Poste 1 en panne") && !theirs.contains("Poste 2 en panne"), "{theirs}");

    let page = contact.page("/c/garonne/tickets/2").await;
    assert!(page.contains("/c/garonne/tickets/2/assign"), "{page}");
    let (status, to) = contact
        .act("/c/garonne/tickets/2", "/c/garonne/tickets/2/assign", &[("to", technician.as_str())])
        .await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/c/garonne/tickets/2"));
    let page = contact.page("/c/garonne/tickets/2").await;
    assert!(page.contains("a confié le ticket à technique@exemple.fr"), "{page}");

    // A technician reads the page and gives nothing out; the customer has no such page.
    let mut worker = site.enter("technique@exemple.fr").await;
    assert!(!worker.page("/team").await.contains("/assign\""));
    let (status, _) = worker
        .act("/c/garonne/tickets/2", "/c/garonne/tickets/2/assign", &[("to", technician.as_str())])
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let mut manager = site.enter("chef@garonne.fr").await;
    assert_eq!(manager.get("/team").await.0, StatusCode::NOT_FOUND);
    assert_eq!(manager.get("/").await.0, StatusCode::SEE_OTHER);
    let (status, _) = manager
        .act("/c/garonne/tickets/2", "/c/garonne/tickets/2/assign", &[("to", technician.as_str())])
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn objectives_in_danger_are_shown_with_their_article_and_what_is_left() {
    let site = site("team-dangers");
    let contact = site.enter("contact@exemple.fr").await;
    assert!(contact.page("/team").await.contains("Aucun objectif n’est manqué"));
    // Both P3 tickets of Tuesday morning wait until Friday for somebody: the quarter allows one.
    site.clock.move_to("2026-06-19T14:00:00Z".parse().unwrap());
    let html = contact.page("/team").await;
    let from = html.find("id=\"dangers\"").unwrap_or_else(|| panic!("{html}"));
    let section = &html[from..from + html[from..].find("</section>").unwrap()];
    assert!(section.contains("Prise en charge") && section.contains("manqué"), "{section}");
    assert!(section.contains("/c/garonne/contracts/CTR-2026-001#objectif-prise-en-charge"), "{section}");
    assert!(section.contains("Article") && section.contains("95"), "{section}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_that_cannot_be_read_is_named_and_the_page_stands() {
    let site = site("team-broken");
    let contact = site.enter("contact@exemple.fr").await;
    assert!(!contact.page("/team").await.contains("Non comptés"));
    site.clock.move_to("2026-06-19T14:00:00Z".parse().unwrap());
    let raw = rusqlite::Connection::open(site.vault_file("garonne")).unwrap();
    raw.execute_batch("ALTER TABLE ticket_clock RENAME TO elsewhere").unwrap();
    let html = contact.page("/team").await;
    assert!(html.contains("Non comptés") && html.contains("Ateliers Garonne"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_many_customers_shows_the_gravest_first_and_leads_to_the_others() {
    let all: Vec<[String; 3]> = (1..=18)
        .map(|n| [format!("client-{n}"), format!("Client {n}"), format!("chef@client-{n}.fr")])
        .collect();
    let customers: Vec<(&str, &str)> = all.iter().map(|[slug, name, _]| (&**slug, &**name)).collect();
    let people: Vec<_> =
        all.iter().map(|[slug, _, email]| (&**slug, &**email, Role::CustomerManager)).collect();
    let site = Site::new("team-many", &customers, &people);
    for [slug, _, email] in &all {
        site.sign(slug, email, "ateliers-garonne.md");
    }
    site.clock.move_to("2026-06-16T07:00:00Z".parse().unwrap());
    // The last one is opened first, and is due first.
    for [slug, _, email] in all.iter().rev() {
        let customer = site.app.find_customer(slug).unwrap();
        let asker = site.app.person_of(email).unwrap().permit(Act::OpenTicket, customer).unwrap();
        let ask = OpenTicket {
            title: "Panne".to_owned(),
            priority: Some("P3".to_owned()),
            ..OpenTicket::default()
        };
        site.app.open_ticket(&asker, &IdempotencyKey::parse("o1").unwrap(), &ask).unwrap();
        site.clock.move_to(site.app.now() + jiff::SignedDuration::from_mins(1));
    }
    let contact = site.enter("contact@exemple.fr").await;
    let html = contact.page("/team").await;
    let named = |html: &str| {
        let from = html.find("id=\"customers\"").unwrap();
        let section = &html[from..from + html[from..].find("</section>").unwrap()];
        (1..=18).filter(|n| section.contains(&format!("\"/c/client-{n}/tickets\""))).collect::<Vec<_>>()
    };
    assert_eq!(named(&html), (4..=18).collect::<Vec<_>>());
    assert!(html.len() < 60_000, "{} bytes", html.len());
    let next = html.split("href=\"").find(|href| href.contains("customers=client-4#")).unwrap();
    let next = next.split(['"', '#']).next().unwrap().replace("&amp;", "&");
    assert_eq!(named(&contact.page(&next).await), [1, 2, 3]);
}
