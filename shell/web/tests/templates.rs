//! Templates of answers, by plain forms: kept, chosen on a ticket, filled and changed before they are sent.

mod common;

use axum::http::StatusCode;
use common::Site;

const HERE: &str = "/c/garonne/templates";
const TICKET: &str = "/c/garonne/tickets/1";

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_kept_then_fills_an_answer_that_is_read_before_it_is_sent() {
    let site = Site::garonne("templates");
    let mut user = site.enter("fabre@garonne.fr").await;
    let ask = [("kind", "incident"), ("title", "Panne"), ("impact", "service"), ("urgency", "blocking")];
    let (status, html) = user.act("/c/garonne/tickets/new", "/c/garonne/tickets", &ask).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{html}");
    let mut admin = site.enter("admin@exemple.fr").await;

    let hole = [("name", "Reçu"), ("fr", "Bonjour {prénom}")];
    let (status, html) = admin.act(HERE, HERE, &hole).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        html.contains("Bonjour {prénom}") && html.contains("{échéance}"),
        "what was typed is kept: {html}"
    );
    let kept = [
        ("name", "Reçu"),
        ("fr", "Bonjour {personne}, le ticket {numéro} échoit le {échéance} ({article})."),
        ("en", "Ticket {number} of {customer}."),
    ];
    assert_eq!(admin.act(HERE, HERE, &kept).await.0, StatusCode::SEE_OTHER);
    let (status, html) = admin.act(HERE, HERE, &kept).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "a name is taken once");
    assert!(html.contains("déjà pris"), "{html}");
    let everywhere = [("name", "Pour tous"), ("fr", "Cordialement.")];
    assert_eq!(admin.act("/templates", "/templates", &everywhere).await.0, StatusCode::SEE_OTHER);

    let html = admin.page(TICKET).await;
    assert!(
        html.contains("Reçu (fr)") && html.contains("Reçu (en)") && html.contains("Pour tous (fr)"),
        "{html}"
    );
    let value = |label: &str| {
        let option = html.split("<option value=\"").find(|o| o.contains(label)).unwrap();
        option.split('"').next().unwrap().to_owned()
    };
    let (french, shared) = (value("Reçu (fr)"), value("Pour tous (fr)"));
    let preview = format!("{TICKET}/preview");
    let fill = [("act", "fill"), ("text", "Déjà écrit."), ("template", french.as_str())];
    let (status, html) = admin.act(TICKET, &preview, &fill).await;
    assert_eq!(status, StatusCode::OK);
    let area = html.split("id=\"reply-text\"").nth(1).unwrap().split("</textarea>").next().unwrap();
    assert!(area.contains("Déjà écrit.\n\nBonjour fabre") || area.contains("Bonjour"), "{area}");
    assert!(area.contains("le ticket 1 échoit le") && area.contains("Article"), "{area}");
    assert!(!area.contains('{') && !area.contains("aucune échéance"), "{area}");
    assert!(!admin.page(TICKET).await.contains("échoit le"), "nothing is sent by itself");

    // One of another customer, or of nobody, is as if it were not there; and the customer has none.
    let unknown = format!("{}:fr", base::id::uuid_v7(1, &[9; 10]));
    let none = [("act", "fill"), ("text", ""), ("template", unknown.as_str())];
    assert_eq!(admin.act(TICKET, &preview, &none).await.0, StatusCode::NOT_FOUND);
    let html = user.page(TICKET).await;
    assert!(!html.contains("Reçu (fr)") && !html.contains("templates"), "{html}");
    assert_eq!(user.act(TICKET, &preview, &fill).await.0, StatusCode::NOT_FOUND);
    assert_eq!(user.get(HERE).await.0, StatusCode::NOT_FOUND);

    // A customer's page changes its own templates and never those of every customer.
    let id = shared.trim_end_matches(":fr");
    let steal = [("id", id), ("name", "À nous"), ("fr", "x")];
    assert_eq!(admin.act(HERE, HERE, &steal).await.0, StatusCode::NOT_FOUND);
    assert_eq!(admin.act(HERE, &format!("{HERE}/remove"), &[("id", id)]).await.0, StatusCode::NOT_FOUND);
    assert_eq!(admin.act("/templates", "/templates/remove", &[("id", id)]).await.0, StatusCode::SEE_OTHER);
    assert!(!admin.page(TICKET).await.contains("Pour tous"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_page_adds_up_the_pauses_of_a_month_by_person() {
    let site = Site::garonne("pauses");
    let mut user = site.enter("fabre@garonne.fr").await;
    let ask = [("kind", "incident"), ("title", "Panne"), ("impact", "service"), ("urgency", "blocking")];
    assert_eq!(user.act("/c/garonne/tickets/new", "/c/garonne/tickets", &ask).await.0, StatusCode::SEE_OTHER);
    let mut admin = site.enter("admin@exemple.fr").await;
    for (act, fields) in
        [("take-over", vec![]), ("pause", vec![("reason", "attente-acces"), ("text", "Porte close")])]
    {
        assert_eq!(admin.act(TICKET, &format!("{TICKET}/{act}"), &fields).await.0, StatusCode::SEE_OTHER);
    }
    site.clock.move_to("2026-06-16T09:05:00Z".parse().unwrap());
    let html = admin.page("/team").await;
    let part = html.split("id=\"pauses\"").nth(1).unwrap();
    assert!(part.contains("juin 2026") && part.contains("Ensemble"), "{part}");
    assert!(part.contains("2\u{a0}h\u{a0}05") || part.contains("2 h 05") || part.contains("05"), "{part}");
    let html = admin.page("/team?month=2026-05").await;
    assert!(html.contains("Aucun ticket n’était suspendu ce mois-là"), "{html}");
    assert_eq!(user.get("/team").await.0, StatusCode::NOT_FOUND);
}
