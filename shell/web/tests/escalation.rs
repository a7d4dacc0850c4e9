//! The levels of escalation on a ticket's page and in the API: reached, next, and who was told.

mod common;

use app::ticket::{IdempotencyKey, OpenTicket};
use app::{Act, Role};
use common::Site;

const LEVELS: &str = r#"

## Article 54 – Escalade

```toml clause
kind = "escalation"
label = "escalade-1"
then = { promise = "restore", level = 1, at = "50 %", tells = ["interlocuteur-prestataire"] }
```

```toml clause
kind = "escalation"
label = "escalade-2"
then = { promise = "restore", level = 2, at = "100 %", tells = ["interlocuteur-client"] }
```

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
    let text = format!("{}{LEVELS}", std::fs::read_to_string(path).unwrap());
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
