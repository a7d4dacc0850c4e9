//! Asking, reading what it costs before it is sent, and tying tickets together, all by plain forms.

mod common;

use axum::http::StatusCode;
use common::{Site, value};

const NEW: &str = "/c/garonne/tickets/new";

#[tokio::test(flavor = "multi_thread")]
async fn what_costs_something_is_read_before_it_is_sent() {
    let site = Site::garonne("requests");
    let mut user = site.enter("fabre@garonne.fr").await;
    let (_, html) = user.get(NEW).await;
    assert!(
        html.contains("operation=evolution_window") || html.contains("operation=erp_development"),
        "{html}"
    );
    assert!(!html.contains("value=\"problem\""), "a problem is the provider's own");

    // Chosen in the catalogue, its answer shows at once and goes back with the form: sent in one click.
    let quoted = "/c/garonne/tickets/new?contract=CTR-2026-001&operation=erp_development";
    let (status, html) = user.get(quoted).await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("id=\"weighed\"") && html.contains("Pourquoi cette réponse"), "{html}");
    let read = value(&html, "read");
    assert_eq!(user.get(&format!("{NEW}?operation=unknown")).await.0, StatusCode::NOT_FOUND);

    let ask = [("kind", "service_request"), ("title", "Un écran de plus"), ("operation", "erp_development")];
    let (status, html) = user.act(NEW, "/c/garonne/tickets", &ask).await;
    assert_eq!(status, StatusCode::CONFLICT);
    if read != "refused" {
        assert!(html.contains("À lire avant d’envoyer"), "{html}");
        let mut again = ask.to_vec();
        again.push(("read", &read));
        assert_eq!(user.act(NEW, "/c/garonne/tickets", &again).await.0, StatusCode::SEE_OTHER);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_excluded_is_asked_for_on_a_quotation_in_one_press() {
    let site = Site::garonne("on-quote");
    let mut user = site.enter("fabre@garonne.fr").await;
    let typed = "Corriger le calcul des stocks";
    let ask = [("kind", "service_request"), ("title", typed), ("operation", "erp_development")];
    let (status, html) = user.act(NEW, "/c/garonne/tickets", &ask).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("Demander un devis") && html.contains(typed) && html.contains("Article"), "{html}");
    let mut pressed = ask.to_vec();
    pressed.push(("on_quote", "yes"));
    let (status, one) = user.act(NEW, "/c/garonne/tickets", &pressed).await;
    assert_eq!((status, one.as_str()), (StatusCode::SEE_OTHER, "/c/garonne/tickets/1"));

    // The provider's first act is the quotation; before it nobody declines a price.
    let contact = site.enter("contact@exemple.fr").await;
    let html = contact.page(&one).await;
    let at = |words: &str| html.find(words);
    assert!(
        at("Établir un devis").is_some() && at("Établir un devis") < at("Renoncer à ce travail"),
        "{html}"
    );
    assert_eq!(at("Refuser le prix"), None);

    // What is not the customer's stays refused, and no quotation is offered.
    let ask = [
        ("kind", "incident"),
        ("title", "Panne"),
        ("item", "item:srv-inconnu"),
        ("on_quote", "yes"),
        ("impact", "site"),
        ("urgency", "blocking"),
    ];
    let (status, html) = user.act(NEW, "/c/garonne/tickets", &ask).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(!html.contains("Demander un devis"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_is_merged_and_a_diagnosis_told_by_forms() {
    let site = Site::garonne("relations");
    let mut user = site.enter("fabre@garonne.fr").await;
    for title in ["ERP arrêté", "Plus d'ERP"] {
        let ask = [("kind", "incident"), ("title", title), ("impact", "site"), ("urgency", "blocking")];
        assert_eq!(user.act(NEW, "/c/garonne/tickets", &ask).await.0, StatusCode::SEE_OTHER);
    }
    let mut contact = site.enter("contact@exemple.fr").await;
    let merge = [("ticket", "1"), ("text", "La même panne")];
    let two = "/c/garonne/tickets/2";
    assert_eq!(contact.act(two, &format!("{two}/merge"), &merge).await.0, StatusCode::SEE_OTHER);
    let (_, html) = user.get(two).await;
    assert!(html.contains("Ticket fusionné") && html.contains("href=\"/c/garonne/tickets/1\""), "{html}");

    // The due instants of another priority, before it is given.
    let one = "/c/garonne/tickets/1";
    let look = [("act", "priority"), ("impact", "user"), ("urgency", "comfort")];
    let (status, html) = contact.act(one, &format!("{one}/preview"), &look).await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("Rien n’est encore changé") && html.contains("P4"), "{html}");

    let (_, html) = contact.get(one).await;
    assert!(html.contains("name=\"diagnosis\"") && html.contains("A absorbé"), "{html}");
    let restore = format!("{one}/restore");
    assert_eq!(contact.act(one, &restore, &[("text", "Redémarré")]).await.0, StatusCode::CONFLICT);
    let told = [("text", "Redémarré"), ("diagnosis", "Fuite de mémoire")];
    assert_eq!(contact.act(one, &restore, &told).await.0, StatusCode::SEE_OTHER);
    assert!(user.get(one).await.1.contains("Fuite de mémoire"));
    assert_eq!(user.get("/c/garonne/known-errors").await.0, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_planned_approved_and_ended_by_forms() {
    let site = Site::garonne("changes");
    let mut contact = site.enter("contact@exemple.fr").await;
    let ask = [("kind", "change"), ("title", "ERP 7.3"), ("impact", "site"), ("urgency", "comfort")];
    assert_eq!(contact.act(NEW, "/c/garonne/tickets", &ask).await.0, StatusCode::SEE_OTHER);
    let one = "/c/garonne/tickets/1";
    let to = |act: &str| format!("{one}/change/{act}");
    let plan = |from: &'static str, until: &'static str| {
        [
            ("model", "normal"),
            ("risk", "low"),
            ("item", "srv-erp"),
            ("item", "srv-fic"),
            ("from", from),
            ("until", until),
            ("downtime", "30"),
            ("work", "Version 7.3"),
            ("test", "Connexion"),
            ("rollback", "Instantané de la veille"),
        ]
    };
    // Three days of notice where five working days are owed.
    let late = plan("2026-06-19T10:00", "2026-06-19T12:00");
    let (status, html) = contact.act(one, &to("plan"), &late).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("préavis") && html.contains("dispo-erp"), "{html}");
    let typed = |html: &str, from: &str| {
        assert!(html.contains(&format!("name=\"from\" value=\"{from}\"")), "{html}");
        let ticked = html.matches("name=\"item\"").count();
        assert!(ticked > 2 && html.matches(" checked").count() == 2, "two boxes of {ticked}: {html}");
        assert!(html.contains("Instantané de la veille</textarea>"), "{html}");
    };
    typed(&html, "2026-06-19T10:00");
    // What is no instant is said in the page, and nothing has to be typed again.
    let mistyped = plan("24 juin", "2026-06-24T12:00");
    let (status, html) = contact.act(one, &to("plan"), &mistyped).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("Une date et une heure") && !html.contains("from :"), "{html}");
    typed(&html, "24 juin");
    let kept = plan("2026-06-24T10:00", "2026-06-24T12:00");
    assert_eq!(contact.act(one, &to("plan"), &kept).await.0, StatusCode::SEE_OTHER);

    // Planning otherwise starts from the plan that stands.
    let (_, html) = contact.get(one).await;
    assert!(html.contains("Modifier le plan…"), "{html}");
    typed(&html, "2026-06-24T10:00");

    let mut chief = site.enter("chef@garonne.fr").await;
    let (_, html) = chief.get(one).await;
    assert!(html.contains("Approuver le plan") && html.contains("Instantané de la veille"), "{html}");
    assert!(!html.contains("/change/start"), "the customer does not carry it out");
    let read = value(&html, "plan");
    assert_eq!(chief.act(one, &to("start"), &[]).await.0, StatusCode::NOT_FOUND);
    assert_eq!(chief.act(one, &to("approve"), &[("plan", &read)]).await.0, StatusCode::SEE_OTHER);
    let mut user = site.enter("fabre@garonne.fr").await;
    let (status, html) = user.get("/c/garonne/changes").await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("Semaine du 22 juin 2026") && html.contains("srv-erp, srv-fic"), "{html}");
    assert_eq!(user.get("/c/ailleurs/changes").await.0, StatusCode::NOT_FOUND);
    assert_eq!(
        user.act(one, &to("refuse"), &[("plan", &read), ("text", "Non")]).await.0,
        StatusCode::NOT_FOUND
    );

    site.clock.move_to("2026-06-24T08:05:00Z".parse().unwrap());
    let mut contact = site.enter("contact@exemple.fr").await;
    assert_eq!(contact.act(one, &to("start"), &[]).await.0, StatusCode::SEE_OTHER);
    site.clock.move_to("2026-06-24T09:00:00Z".parse().unwrap());
    let end = |until| {
        [
            ("outcome", "rolled_back"),
            ("down_from", "2026-06-24T10:05"),
            ("down_until", until),
            ("text", "La connexion échouait"),
        ]
    };
    // The end that was mistyped is open below, led to, with its outcome and its note.
    let (status, html) = contact.act(one, &to("end"), &end("midi")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("href=\"#act-end\"") && html.contains("id=\"act-end\" open"), "{html}");
    assert!(
        html.contains("value=\"rolled_back\" selected") && html.contains("échouait</textarea>"),
        "{html}"
    );
    assert_eq!(contact.act(one, &to("end"), &end("2026-06-24T10:46")).await.0, StatusCode::SEE_OTHER);
    let (_, html) = contact.get(one).await;
    // Told half an hour, and measured longer: said in the conversation, with the plan and above it.
    assert!(html.contains("interruption mesurée\u{a0}: 41 min, prévue\u{a0}: 30 min"), "{html}");
    assert!(html.contains("Plus longue que prévu") && html.contains("11 min de plus"), "{html}");
    assert!(html.contains("Avant de clore") && html.contains("bilan écrit"), "{html}");
    let (status, html) = contact.act(one, &format!("{one}/resolve"), &[("text", "Fait")]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("<code>documentation</code>"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_down_for_an_employee_is_among_their_own_on_the_customer_s_page() {
    let site = Site::garonne("requester");
    let user = site.enter("fabre@garonne.fr").await;
    let mut technician = site.enter("technique@exemple.fr").await;
    assert!(!user.page(NEW).await.contains("name=\"requester\""), "one asks for oneself");
    assert!(technician.page(NEW).await.contains("<option value=\"fabre@garonne.fr\""));
    for (title, requester) in [("Clavier muet", "fabre@garonne.fr"), ("Relevé du mois", "")] {
        let ask = [
            ("kind", "incident"),
            ("title", title),
            ("impact", "user"),
            ("urgency", "comfort"),
            ("channel", "phone"),
            ("requester", requester),
        ];
        assert_eq!(technician.act(NEW, "/c/garonne/tickets", &ask).await.0, StatusCode::SEE_OTHER, "{title}");
    }
    let home = user.page("/c/garonne").await;
    let (yours, others) = home.split_once("Les autres").expect("both are shown");
    assert!(yours.contains("Les vôtres") && yours.contains("Clavier muet"), "{yours}");
    assert!(!yours.contains("Relevé du mois") && others.contains("Relevé du mois"), "{others}");
    let page = user.page("/c/garonne/tickets/1").await;
    assert!(page.contains("par fabre@garonne.fr, enregistré par technique@exemple.fr"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_employee_s_site_is_that_of_their_last_ticket_and_is_asked_before_there_is_one() {
    let site = Site::garonne("requests-site");
    let mut user = site.enter("fabre@garonne.fr").await;
    let field = |html: &str| {
        html.split("<select id=\"site\"").nth(1).unwrap().split("</select>").next().unwrap().to_owned()
    };
    let asked = field(&user.page(NEW).await);
    assert!(asked.contains(" required") && !asked.contains("value=\"tls\" selected"), "{asked}");
    let ask = [
        ("kind", "incident"),
        ("title", "Écran noir"),
        ("impact", "user"),
        ("urgency", "comfort"),
        ("site", "str"),
    ];
    let (status, _) = user.act(NEW, "/c/garonne/tickets", &ask).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let known = field(&user.page(NEW).await);
    assert!(known.contains("value=\"str\" selected") && !known.contains(" required"), "{known}");
    // Whoever writes down what others tell is at no site of the customer's.
    assert!(!field(&site.enter("technique@exemple.fr").await.page(NEW).await).contains(" required"));
}
