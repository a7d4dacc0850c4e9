//! Planning a ticket by plain forms: its dates shown before it is saved, then its tickets.

mod common;

use axum::http::StatusCode;
use common::{Site, value};

const PLANS: &str = "/c/garonne/plans";
const NEW: &str = "/c/garonne/plans/new";

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_shows_its_dates_before_it_is_saved_and_its_tickets_after() {
    let site = Site::garonne("plans");
    let mut admin = site.enter("admin@exemple.fr").await;
    let html = admin.page(PLANS).await;
    assert!(
        html.contains("Aucun ticket planifié") && html.contains("Ce que le contrat prévoit régulièrement"),
        "{html}"
    );
    // A regular duty fills the form.
    let href = html.split("href=\"").find(|h| h.contains("/plans/new?contract=")).unwrap();
    let href = href.split('"').next().unwrap().replace("&amp;", "&");
    assert!(!value(&admin.page(&href).await, "title").is_empty());

    let mut fields = vec![
        ("contract", "CTR-2026-001"),
        ("title", "Contrôle des sauvegardes"),
        ("description", "Lire **le rapport**."),
        ("kind", "service_request"),
        ("item", "item:srv-erp"),
        ("every", "1"),
        ("unit", "weeks"),
        ("first", "2026-07-07"),
        ("at", "08:30"),
        ("closed", "next:ho"),
        ("do", "weigh"),
    ];
    let (status, html) = admin.act(NEW, PLANS, &fields).await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("Prochaines dates") && html.contains("au lieu du"), "14 July is put off: {html}");
    assert!(
        html.contains("Ce que dit le contrat aujourd’hui") && html.contains("value=\"2026-07-07\""),
        "{html}"
    );
    assert!(admin.page(PLANS).await.contains("Aucun ticket planifié"), "nothing is written");

    fields[5] = ("every", "x");
    let (status, html) = admin.act(NEW, PLANS, &fields).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("de 1 à 366") && html.contains("Contrôle des sauvegardes"), "{html}");
    fields[5] = ("every", "1");
    fields[10] = ("do", "save");
    assert_eq!(admin.act(NEW, PLANS, &fields).await.0, StatusCode::SEE_OTHER);

    site.clock.move_to("2026-07-07T07:00:00Z".parse().unwrap());
    site.app.open_planned().unwrap();
    let html = admin.page(PLANS).await;
    assert!(html.contains("/tickets/1\"") && html.contains("ouvert en retard"), "{html}");
    let address = html.split("href=\"").find(|h| h.starts_with("/c/garonne/plans/0")).unwrap();
    let address = address.split('"').next().unwrap().to_owned();
    let html = admin.page(&address).await;
    assert!(html.contains("Arrêter cette planification") && html.contains("value=\"08:30\""), "{html}");

    // The customer's manager reads it; its users read the ticket and nothing of the plan.
    let mut manager = site.enter("chef@garonne.fr").await;
    let html = manager.page(&address).await;
    assert!(html.contains("<strong>le rapport</strong>") && !html.contains("name=\"title\""), "{html}");
    assert_eq!(manager.act(PLANS, &format!("{address}/end"), &[]).await.0, StatusCode::NOT_FOUND);
    let user = site.enter("fabre@garonne.fr").await;
    let html = user.page("/c/garonne/tickets/1").await;
    assert!(html.contains("Ticket planifié") && html.contains("Ouvert en retard"), "{html}");
    assert!(!html.contains("/plans"), "{html}");
    assert_eq!(user.get(PLANS).await.0, StatusCode::NOT_FOUND);

    let end = format!("{address}/end");
    assert_eq!(admin.act(&address, &end, &[]).await.0, StatusCode::SEE_OTHER);
    let html = admin.page(&address).await;
    assert!(html.contains("Arrêté") && !html.contains("name=\"title\""), "{html}");
    let journal = manager.page("/c/garonne/journal").await;
    assert!(journal.contains("un ticket est planifié") && journal.contains("est arrêté"), "{journal}");
}
