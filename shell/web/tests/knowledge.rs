//! Articles by plain forms: written from a resolved ticket, published, read by the customer, suggested while
//! a ticket is written, compared, reviewed, copied.

mod common;

use app::accounts::Client;
use app::{Act, Role};
use axum::http::StatusCode;
use common::{PASSWORD, Site};

fn site(name: &str) -> Site {
    let people = [
        ("garonne", "chef@garonne.fr", Role::CustomerManager),
        ("garonne", "fabre@garonne.fr", Role::CustomerUser),
    ];
    let site = Site::new(name, &[("garonne", "Ateliers Garonne"), ("voisin", "Voisin")], &people);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/ateliers-garonne.md");
    let text = std::fs::read_to_string(path).unwrap();
    let customer = site.app.find_customer("garonne").unwrap();
    let permit = |email: &str| {
        let who = site.app.authenticate(&Client::default(), email, PASSWORD, None).unwrap();
        who.permit(Act::SignContract, customer).unwrap()
    };
    let (ours, theirs) = (permit("admin@exemple.fr"), permit("chef@garonne.fr"));
    site.app.sign_contract(&ours, &theirs, "contrat.md", &text).unwrap();
    site.clock.move_to("2026-06-16T07:00:00Z".parse().unwrap());
    site
}

const ALL: &str = "/c/garonne/knowledge";
const WRITE: &str = "/c/garonne/knowledge/new";
const ONE: &str = "/c/garonne/knowledge/1";
const NEW: &str = "/c/garonne/tickets/new";

#[tokio::test(flavor = "multi_thread")]
async fn a_resolved_ticket_becomes_an_article_that_helps_with_the_next() {
    let site = site("knowledge");
    let mut user = site.enter("fabre@garonne.fr").await;
    let mut staff = site.enter("technique@exemple.fr").await;
    let ticket = [
        ("kind", "incident"),
        ("title", "Factures bloquées"),
        ("description", "L’édition tourne sans fin"),
        ("item", "item:srv-erp"),
        ("impact", "site"),
        ("urgency", "blocking"),
    ];
    assert_eq!(user.act(NEW, "/c/garonne/tickets", &ticket).await.0, StatusCode::SEE_OTHER);
    let one = "/c/garonne/tickets/1";
    assert!(!staff.page(one).await.contains("/knowledge/new?ticket=1"), "not before it is resolved");
    let done = [("text", "Relancer le service d’édition"), ("diagnosis", "File pleine")];
    let (status, html) = staff.act(one, &format!("{one}/resolve"), &done).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{html}");
    let page = staff.page(one).await;
    let from = page.split("href=\"").find(|part| part.starts_with("/c/garonne/knowledge/new?ticket=1"));
    let from = from.unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let form = staff.page(&from).await;
    for told in
        ["Factures bloquées", "L’édition tourne sans fin", "File pleine", "Relancer le service d’édition"]
    {
        assert!(form.contains(told), "{told}: {form}");
    }
    assert!(form.contains("value=\"srv-erp\" checked"), "{form}");
    assert_eq!(user.get(WRITE).await.0, StatusCode::NOT_FOUND);

    let article = [
        ("title", "Factures bloquées"),
        ("body", "Relancer **le service**.\n\n<script>alert(1)</script>"),
        ("kind", "article"),
        ("audience", "parties"),
        ("contract", "CTR-2026-001"),
        ("item", "srv-erp"),
        ("item", "srv-fic"),
        ("ticket", "1"),
        ("review_by", "2026-12-31"),
    ];
    let (status, html) = staff.act(&from, ALL, &[&article[..], &[("preview", "1")]].concat()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("<strong>le service</strong>") && html.contains("&lt;script&gt;"), "{html}");
    let past = [&article[..8], &[("review_by", "2026-06-01")]].concat();
    let (status, html) = staff.act(&from, ALL, &past).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("un jour à venir") && html.contains("value=\"srv-fic\" checked"), "{html}");
    assert_eq!(staff.act(&from, ALL, &article).await.0, StatusCode::SEE_OTHER);
    assert_eq!(user.get(ONE).await.0, StatusCode::NOT_FOUND, "a draft");
    assert_eq!(staff.act(ONE, &format!("{ONE}/publish"), &[]).await.0, StatusCode::SEE_OTHER);
    assert!(staff.page(ONE).await.contains("href=\"/c/garonne/tickets/1\""));

    let read = user.page(ONE).await;
    assert!(read.contains("<strong>le service</strong>") && !read.contains("<script>alert"), "{read}");
    assert!(!read.contains("/edit") && !read.contains("name=\"review_by\""));
    assert!(user.page("/c/garonne/search?q=factures").await.contains("href=\"/c/garonne/knowledge/1\""));

    // Before anything is sent: on the step that weighs the request, and by the address that a script asks.
    let (status, html) = user.act(NEW, "/c/garonne/tickets/weigh", &ticket[..4]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("même élément") && html.contains("href=\"/c/garonne/knowledge/1\""), "{html}");
    let asked = user.page("/c/garonne/knowledge/suggestions?title=factures").await;
    assert!(asked.contains("id=\"suggested\"") && asked.contains("mots"), "{asked}");

    assert_eq!(user.act(NEW, "/c/garonne/tickets", &ticket).await.0, StatusCode::SEE_OTHER);
    let two = "/c/garonne/tickets/2";
    assert!(staff.page(two).await.contains("Cet article a aidé"));
    let helped = [("article", "1")];
    assert_eq!(staff.act(two, &format!("{two}/helped"), &helped).await.0, StatusCode::SEE_OTHER);
    let page = staff.page(two).await;
    assert!(page.contains("A aidé") && !page.contains("Cet article a aidé"), "{page}");
    assert!(staff.page(ONE).await.contains("côté prestataire"));
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_are_compared_reviews_recorded_and_copies_made() {
    let site = site("knowledge-versions");
    let user = site.enter("fabre@garonne.fr").await;
    let mut staff = site.enter("technique@exemple.fr").await;
    let fields = |body: &'static str| {
        vec![("title", "Relance"), ("body", body), ("audience", "internal"), ("review_by", "2026-06-20")]
    };
    assert_eq!(staff.act(WRITE, ALL, &fields("Couper après.")).await.0, StatusCode::SEE_OTHER);
    let edit = format!("{ONE}/edit");
    assert_eq!(user.get(&edit).await.0, StatusCode::NOT_FOUND);
    let next = [&fields("Couper avant.")[..], &[("based_on", "1")]].concat();
    assert_eq!(staff.act(&edit, ONE, &next).await.0, StatusCode::SEE_OTHER);
    let (status, html) = staff.act(&edit, ONE, &next).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("a été écrite entre-temps"), "{html}");
    let compared = staff.page(&format!("{ONE}/compare")).await;
    assert!(compared.contains("<del>après.</del>") && compared.contains("<ins>avant.</ins>"), "{compared}");
    assert!(staff.page(&format!("{ONE}?version=1")).await.contains("Version ancienne"));

    assert_eq!(staff.act(ONE, &format!("{ONE}/publish"), &[]).await.0, StatusCode::SEE_OTHER);
    for path in [ONE.to_owned(), format!("{ONE}/compare"), format!("{ONE}?version=1")] {
        assert_eq!(user.get(&path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!user.page(ALL).await.contains("Relance"));
    site.clock.move_to("2026-06-22T07:00:00Z".parse().unwrap());
    let late = staff.page(&format!("{ALL}?late=1")).await;
    assert!(late.contains("Relance") && late.contains("À relire (1)"), "{late}");
    assert!(!user.page(&format!("{ALL}?late=1")).await.contains("À relire ("));
    let review = [("review_by", "2026-12-22"), ("owner", "contact@exemple.fr")];
    assert_eq!(staff.act(ONE, &format!("{ONE}/review"), &review).await.0, StatusCode::SEE_OTHER);
    assert!(staff.page(ALL).await.contains("À relire (0)"));
    let (status, html) = staff.act(ONE, &format!("{ONE}/review"), &[("review_by", "2026-06-01")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{html}");

    let (status, _) = staff.act(ONE, &format!("{ONE}/copy"), &[("to", "voisin")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let copy = staff.page("/c/voisin/knowledge/1").await;
    assert!(copy.contains("Couper avant.") && copy.contains("copié d’un autre client"), "{copy}");
    assert!(!copy.contains("garonne/knowledge"), "a vault names no other");
}
