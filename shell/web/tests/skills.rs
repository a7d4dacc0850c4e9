//! Who knows what, by forms: what is short comes first with its article, and a ticket's form names who knows.

mod common;

use app::ticket::{IdempotencyKey, OpenTicket};
use app::{Act, Role};
use axum::http::StatusCode;
use common::{Site, value};

fn signed(name: &str) -> Site {
    let people = [
        ("garonne", "chef@garonne.fr", Role::CustomerManager),
        ("garonne", "fabre@garonne.fr", Role::CustomerUser),
        ("verger", "chef@verger.fr", Role::CustomerManager),
    ];
    let site = Site::new(name, &[("garonne", "Ateliers Garonne"), ("verger", "Verger")], &people);
    site.sign("garonne", "chef@garonne.fr", "ateliers-garonne.md");
    site.clock.move_to("2026-06-02T07:00:00Z".parse().unwrap());
    site
}

/// Where an element stands in a page of the list.
fn place(html: &str, name: &str) -> usize {
    let body = html.split("<tbody").nth(1).unwrap_or_default();
    body.find(&format!(">{name}<")).unwrap_or_else(|| panic!("{name}: {html}"))
}

#[tokio::test]
async fn what_too_few_know_comes_first_with_its_article() {
    let site = signed("skills");
    let mut contact = site.enter("contact@exemple.fr").await;
    let list = "/c/garonne/skills";
    let html = contact.page(list).await;
    assert!(html.contains("Trop peu de personnes") && html.contains("12 éléments"), "{html}");
    assert!(html.contains("CTR-2026-001#effectifs"), "the article that promises two");

    let sheet = "/c/garonne/skills/element?of=item%3Asrv-erp";
    assert!(html.contains(sheet), "{html}");
    let html = contact.page(sheet).await;
    let [technician, other] = ["technique@exemple.fr", "admin@exemple.fr"]
        .map(|email| format!("person-{}", site.app.person_of(email).unwrap().account));
    assert!(html.contains(&technician) && !html.contains("Consigné le"), "{html}");
    let to = "/c/garonne/skills/element";
    let two = [("of", "item:srv-erp"), (technician.as_str(), "leads"), (other.as_str(), "knows")];
    assert_eq!(contact.act(sheet, to, &two).await.0, StatusCode::SEE_OTHER);
    // Written over by nobody who had not read it.
    let stale = [("of", "item:srv-erp"), ("since", ""), (technician.as_str(), "knows")];
    let (status, html) = contact.act(sheet, to, &stale).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("relisez la liste") && html.contains("Consigné le"), "{html}");
    assert_ne!(value(&html, "since"), "");
    let nobody = [("of", "item:srv-erp"), ("person-x", "knows")];
    assert_eq!(contact.act(sheet, to, &nobody).await.0, StatusCode::UNPROCESSABLE_ENTITY);

    let manager = site.enter("chef@garonne.fr").await;
    let html = manager.page(list).await;
    assert!(
        html.contains("(référent)")
            && html.contains("Couvert")
            && html.contains("Il manque 2\u{a0}personnes"),
        "{html}"
    );
    assert!(place(&html, "srv-fic") < place(&html, "srv-erp"), "what is short comes first");
    assert!(!html.contains("/skills/element"), "the customer reads");
    assert_eq!(manager.get(sheet).await.0, StatusCode::NOT_FOUND);
    for (email, path) in [("fabre@garonne.fr", list), ("chef@verger.fr", list)] {
        assert_eq!(site.enter(email).await.get(path).await.0, StatusCode::NOT_FOUND, "{email}");
    }
}

#[tokio::test]
async fn the_form_that_hands_a_ticket_over_says_who_knows_its_item() {
    let site = signed("skills-assign");
    let mut contact = site.enter("contact@exemple.fr").await;
    let technician = format!("person-{}", site.app.person_of("technique@exemple.fr").unwrap().account);
    let (sheet, to) = ("/c/garonne/skills/element?of=item:srv-erp", "/c/garonne/skills/element");
    let told = [("of", "item:srv-erp"), (technician.as_str(), "leads")];
    assert_eq!(contact.act(sheet, to, &told).await.0, StatusCode::SEE_OTHER);
    let customer = site.app.find_customer("garonne").unwrap();
    let open = site.app.person_of("fabre@garonne.fr").unwrap().permit(Act::OpenTicket, customer).unwrap();
    let ask = OpenTicket {
        title: "Progiciel arrêté".into(),
        item: Some("srv-erp".into()),
        ..OpenTicket::default()
    };
    site.app.open_ticket(&open, &IdempotencyKey::parse("one").unwrap(), &ask).unwrap();
    for path in ["/c/garonne/tickets/1", "/team"] {
        let html = contact.page(path).await;
        let choices = html.split("<select").find(|select| select.contains("référent pour srv-erp"));
        let choices = choices.unwrap_or_else(|| panic!("{path}: {html}"));
        let first = choices.split("<option").find(|o| o.contains("ouvert")).unwrap();
        assert!(first.contains("référent pour srv-erp"), "{path}: who knows comes first: {choices}");
    }
}
