//! The levels of escalation on a ticket's page and in the API: reached, next, and who was told.

mod common;

use app::ticket::{IdempotencyKey, OpenTicket};
use app::{Act, Role};
use axum::http::StatusCode;
use common::Site;

/// A level of the response time besides those of contract A.
const BESIDES: &str = r#"

## Article 54 – Escalade

```toml clause
kind = "escalation"
label = "escalade-prise"
then = { promise = "respond", level = 1, at = "50 %", tells = ["interlocuteur-prestataire"] }
```
"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_what_is_reached_what_comes_next_and_who_was_told() {
    let people = [("garonne", "chef@garonne.fr", Role::CustomerManager)];
    let site = Site::new("escalation", &[("garonne", "Ateliers Garonne")], &people);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/ateliers-garonne.md");
    let text = format!("{}{BESIDES}", std::fs::read_to_string(path).unwrap());
    let customer = site.app.find_customer("garonne").unwrap();
    let permit = |email: &str, act| site.app.person_of(email).unwrap().permit(act, customer).unwrap();
    let sides = ["admin@exemple.fr", "chef@garonne.fr"].map(|email| permit(email, Act::SignContract));
    site.app.sign_contract(&sides[0], &sides[1], "a.md", &text).unwrap();
    site.clock.move_to("2026-06-16T07:00:00Z".parse().unwrap());
    site.undertake("technique@exemple.fr");
    let ask = OpenTicket {
        title: "ERP arrêté".to_owned(),
        priority: Some("P1".to_owned()),
        item: Some("srv-erp".to_owned()),
        ..OpenTicket::default()
    };
    let key = IdempotencyKey::parse("open").unwrap();
    site.app.open_ticket(&permit("chef@garonne.fr", Act::OpenTicket), &key, &ask).unwrap();
    let technician = site.enter("technique@exemple.fr").await;
    let html = technician.page("/c/garonne/tickets/1").await;
    let section = |html: &str| {
        let from = html.find("id=\"levels\"").unwrap_or_else(|| panic!("no levels: {html}"));
        html[from..from + html[from..].find("</section>").unwrap()].to_owned()
    };
    let before = section(&html);
    assert!(before.contains("Rétablissement, niveau 1") && before.contains("prochain"), "{before}");
    assert!(
        before.contains("Claire Vasseur (interlocuteur unique)") && before.contains("Article"),
        "{before}"
    );
    assert!(!before.contains("atteint"), "{before}");
    assert_eq!(before.matches("prochain").count(), 1, "the soonest of both clocks: {before}");
    let next = before.find("prochain").unwrap();
    assert!(before[next..].contains("Prise en charge, niveau 1"), "{before}");

    let see = permit("technique@exemple.fr", Act::SeeTickets);
    let first = site.app.ticket(&see, 1).unwrap().levels[0].level.value.at.unwrap();
    site.clock.move_to(first);
    site.app.tell_what_escalates().unwrap();
    for email in ["technique@exemple.fr", "chef@garonne.fr"] {
        let html = site.enter(email).await.page("/c/garonne/tickets/1").await;
        let after = section(&html);
        assert!(after.contains("atteint") && after.contains("contact@exemple.fr"), "{after}");
        assert!(html.contains("signale le niveau 1 de l’escalade"), "{html}");
    }
    let journal = technician.page("/c/garonne/journal").await;
    assert!(journal.contains("escalade"), "{journal}");
    let told = site.enter("contact@exemple.fr").await.page("/notifications").await;
    assert!(told.contains("Escalade"), "{told}");

    let technician = site.app.person_of("technique@exemple.fr").unwrap().account;
    let token = site.app.add_token(technician, "essai").unwrap();
    let (_, json) = site.api("/api/v1/customers/garonne/tickets/1", &token).await;
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    let levels = read["levels"].as_array().unwrap_or_else(|| panic!("{json}"));
    assert_eq!((levels[0]["reached"].clone(), levels[1]["reached"].clone()), (true.into(), false.into()));
    assert_eq!(levels[0]["told"][0], "contact@exemple.fr");
    assert_eq!(levels[1]["told_at"], serde_json::Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_puts_people_on_a_level_and_both_parties_read_it() {
    let people = [("garonne", "chef@garonne.fr", Role::CustomerManager)];
    let site = Site::new("escalation-people", &[("garonne", "Ateliers Garonne")], &people);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/ateliers-garonne.md");
    let text = std::fs::read_to_string(path).unwrap();
    let customer = site.app.find_customer("garonne").unwrap();
    let permit = |email: &str, act| site.app.person_of(email).unwrap().permit(act, customer).unwrap();
    let sides = ["admin@exemple.fr", "chef@garonne.fr"].map(|email| permit(email, Act::SignContract));
    site.app.sign_contract(&sides[0], &sides[1], "a.md", &text).unwrap();
    site.clock.move_to("2026-06-16T07:00:00Z".parse().unwrap());
    let mut contact = site.enter("contact@exemple.fr").await;
    let contract = contact.page("/c/garonne/contracts/CTR-2026-001").await;
    assert!(contract.contains("/c/garonne/escalation"), "the contract leads there");
    let all = contact.page("/c/garonne/escalation").await;
    assert!(all.contains("Rétablissement, niveau 2") && all.contains("Ceux que la clause nomme"), "{all}");
    let form = "/c/garonne/escalation/level";
    let sheet = format!("{form}?contract=CTR-2026-001&clause=escalade-2");
    let admin = format!("person-{}", site.app.person_of("admin@exemple.fr").unwrap().account);
    assert!(contact.page(&sheet).await.contains(&admin));
    let fields = [("contract", "CTR-2026-001"), ("clause", "escalade-2"), (admin.as_str(), "yes")];
    assert_eq!(contact.act(&sheet, form, &fields).await.0, StatusCode::SEE_OTHER);
    // What it was is to be read again before it is changed.
    let (status, html) = contact.act(&sheet, form, &fields).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("relisez la liste") && html.contains("checked"), "{html}");
    for email in ["contact@exemple.fr", "chef@garonne.fr"] {
        let html = site.enter(email).await.page("/c/garonne/escalation").await;
        assert!(html.contains("admin@exemple.fr"), "{html}");
    }
    // The customer's manager reads it and says nothing of it.
    let theirs = site.enter("chef@garonne.fr").await.page("/c/garonne/escalation").await;
    assert!(!theirs.contains("escalation/level"), "{theirs}");
    let token =
        site.app.add_token(site.app.person_of("contact@exemple.fr").unwrap().account, "essai").unwrap();
    let (_, json) = site.api("/api/v1/customers/garonne/escalation", &token).await;
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(read["items"][1]["people"][0], "admin@exemple.fr", "{json}");
}
