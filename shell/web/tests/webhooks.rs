//! Webhooks by plain forms: made with a secret shown once, tried, suspended, removed; and what stays unseen.

mod common;

use app::webhook::{Allowed, Due, Egress, Outcome};
use axum::http::StatusCode;
use common::{Site, value};

const LIST: &str = "/c/garonne/webhooks";
const NEW: &str = "/c/garonne/webhooks/new";

fn allow(site: &Site) {
    let host = Allowed::parse("hooks.client.example", Vec::new(), false).unwrap();
    site.app.send_webhooks_to(Egress { allowed: vec![host] });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_made_tried_stopped_and_removed_by_forms() {
    let site = Site::garonne("webhooks");
    let mut manager = site.enter("contact@exemple.fr").await;
    let html = manager.page(LIST).await;
    assert!(html.contains("L’envoi est fermé") && !html.contains("webhooks/new"), "{html}");
    let mut fields = vec![
        ("url", "https://ailleurs.example/x"),
        ("description", "Supervision"),
        ("kinds", "ticket.opened"),
        ("kinds", "ticket.resolved"),
        ("side", "customer"),
    ];
    let (status, html) = manager.act(NEW, LIST, &fields).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("Aucun hôte n’est autorisé"), "{html}");
    allow(&site);
    assert!(manager.page(LIST).await.contains("hooks.client.example"));
    let (status, html) = manager.act(NEW, LIST, &fields).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("ailleurs.example:443"), "{html}");
    assert_eq!(value(&html, "url"), "https://ailleurs.example/x", "nothing typed is lost");
    fields[0].1 = "https://hooks.client.example/x";
    let (status, html) = manager.act(NEW, LIST, &fields).await;
    assert_eq!(status, StatusCode::OK);
    let secret = html.split("whsec_").nth(1).expect("the secret").split('<').next().unwrap().to_owned();
    let at = html.split("action=\"").find(|a| a.contains("/rotate\"")).unwrap();
    let at = at.split("/rotate").next().unwrap().to_owned();
    let html = manager.page(&at).await;
    assert!(html.contains("Supervision") && !html.contains("whsec_"), "shown once: {html}");
    assert!(manager.page(LIST).await.contains("Actif"));

    // A test is sent; what became of it shows, with its status.
    let (status, _) = manager.act(&at, &format!("{at}/test"), &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let due = site.app.webhooks_due(10).unwrap();
    let parcel = site.app.next_parcel(due[0]).unwrap().unwrap();
    site.app.parcel_ended(parcel.delivery, Outcome::Answered(204), 7).unwrap();
    let html = manager.page(&at).await;
    assert!(html.contains("Essai") && html.contains("réponse 204") && html.contains("Reçu"), "{html}");

    // Another secret, shown once too.
    let (status, html) = manager.act(&at, &format!("{at}/rotate"), &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("whsec_") && !html.contains(&secret) && html.contains("Le précédent signe aussi"));
    let delivery = parcel.delivery.to_string();
    let again = [("delivery", delivery.as_str())];
    assert_eq!(manager.act(&at, &format!("{at}/again"), &again).await.0, StatusCode::SEE_OTHER);
    assert!(site.app.next_parcel(Due { ..due[0] }).unwrap().is_some());

    assert_eq!(manager.act(&at, &format!("{at}/suspend"), &[]).await.0, StatusCode::SEE_OTHER);
    let html = manager.page(&at).await;
    assert!(html.contains("suspendu par une personne") && html.contains("Réactiver"), "{html}");
    assert_eq!(manager.act(&at, &format!("{at}/start"), &[]).await.0, StatusCode::SEE_OTHER);
    let journal = manager.page("/c/garonne/journal").await;
    assert!(journal.contains("webhook est suspendu"), "{journal}");
    assert!(!journal.contains("hooks.client.example"), "the address is content beside the log");
    assert_eq!(manager.act(&at, &format!("{at}/remove"), &[]).await.0, StatusCode::SEE_OTHER);
    assert!(manager.page(LIST).await.contains("Aucun webhook"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_customers_manager_is_offered_nothing_internal_and_sees_no_webhook_of_the_providers() {
    let site = Site::garonne("webhooks-customer");
    allow(&site);
    let mut contact = site.enter("contact@exemple.fr").await;
    let fields = [("url", "https://hooks.client.example/x"), ("kinds", "ticket.noted"), ("side", "provider")];
    let (_, html) = contact.act(NEW, LIST, &fields).await;
    let at = html.split("action=\"").find(|a| a.contains("/rotate\"")).unwrap();
    let at = at.split("/rotate").next().unwrap().to_owned();
    let mut chief = site.enter("chef@garonne.fr").await;
    assert!(chief.page(LIST).await.contains("Aucun webhook"));
    let form = chief.page(NEW).await;
    assert!(form.contains("ticket.opened") && !form.contains("ticket.noted") && !form.contains("due_soon"));
    let (status, _) = chief.act(NEW, &at, &fields[..2]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    for act in ["rotate", "suspend", "remove", "test"] {
        assert_eq!(chief.act(NEW, &format!("{at}/{act}"), &[]).await.0, StatusCode::NOT_FOUND, "{act}");
    }
    // Whoever asks for a note by hand is told no.
    let asked = [("url", "https://hooks.client.example/x"), ("kinds", "ticket.noted")];
    let (status, html) = chief.act(NEW, LIST, &asked).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("internes au prestataire"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn choosing_where_events_go_and_seeing_a_secret_ask_again_who_it_is() {
    let site = Site::garonne("webhooks-proof");
    allow(&site);
    let mut chief = site.enter("chef@garonne.fr").await;
    let fields =
        [("url", "https://hooks.client.example/x"), ("kinds", "ticket.opened"), ("kinds", "ticket.resolved")];
    site.proofs_age(6);
    let (status, html) = chief.act(NEW, LIST, &fields).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(html.contains("proof_password") && html.contains(&format!("action=\"{LIST}\"")), "{html}");
    assert_eq!(html.matches("name=\"kinds\"").count(), 2, "nothing typed is lost: {html}");
    assert!(chief.page(LIST).await.contains("Aucun webhook"));
    let proved = [fields.as_slice(), &[("proof_password", common::PASSWORD)]].concat();
    let (status, html) = chief.act(NEW, LIST, &proved).await;
    assert_eq!(status, StatusCode::OK, "{html}");
    let at = html.split("action=\"").find(|a| a.contains("/rotate\"")).unwrap();
    let at = at.split("/rotate").next().unwrap().to_owned();
    // Both events were kept, and a page without any delivery says so.
    let html = chief.page(&at).await;
    assert!(html.contains("Rien n’a encore été envoyé") && !html.contains("id=\"deliveries\""), "{html}");
    site.proofs_age(6);
    for (to, sent) in [(at.clone(), &fields[..]), (format!("{at}/rotate"), &[])] {
        let (status, html) = chief.act(&at, &to, sent).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{to}");
        assert!(html.contains("proof_password") && !html.contains("whsec_"), "{html}");
    }
    // To stop one is never held up.
    assert_eq!(chief.act(&at, &format!("{at}/suspend"), &[]).await.0, StatusCode::SEE_OTHER);
    assert_eq!(chief.act(&at, &format!("{at}/remove"), &[]).await.0, StatusCode::SEE_OTHER);
}
