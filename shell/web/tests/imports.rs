//! Bringing in what another tool held, from the pages: sent, looked at, run, told of, and read afterwards.

mod common;

use axum::http::StatusCode;
use common::{Person, Site};

/// A part of a page that follows imports.
const FOLLOWED: &str = "data-live=\"imports/garonne\"";
const LIST: &str = "/c/garonne/imports";
const EXPORT: &[u8] = "numero;titre;etat;ouvert;priorite;solution\n\
    -3981;Imprimante muette;clos;2025-01-06 09:00;Haute;Toner changé\n\
    4127;Serveur <lent>;ouvert;2026-06-15 10:00;Haute;\n\
    4130;;ouvert;2026-06-15 10:00;;\n"
    .as_bytes();

/// Sends a file and gives the address of its page.
async fn send(person: &mut Person<'_>, what: &str, bytes: &[u8]) -> String {
    let fields = [("what", what), ("source", "csv")];
    let (status, to) = person.send_file(LIST, LIST, &fields, ("reprise.csv", bytes)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{to}");
    to
}

/// The page once what was asked for is run, as the server does behind.
async fn ended(site: &Site, person: &Person<'_>, at: &str) -> String {
    site.app.run_imports().unwrap();
    let html = person.page(at).await;
    assert!(!html.contains("En cours"), "{html}");
    html
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_sent_looked_at_run_and_told_of_without_script() {
    let site = Site::garonne("imports-story");
    let mut contact = site.enter("contact@exemple.fr").await;
    assert!(contact.page("/c/garonne/people").await.contains(LIST));
    let at = send(&mut contact, "tickets", EXPORT).await;
    let html = contact.page(&at).await;
    assert!(!html.contains(FOLLOWED), "each news would have the whole file read again");
    assert!(html.contains("À relire") && html.contains("Serveur &lt;lent&gt;"), "{html}");
    assert!(html.contains("le titre est vide") && html.contains("donnez-lui un titre"), "{html}");
    assert!(html.contains("Lancer la reprise"));
    assert!(!contact.page("/c/garonne/tickets").await.contains("Serveur"), "nothing is brought in yet");
    let remarks = contact.page(&format!("{at}/remarks.csv")).await;
    assert!(remarks.contains("4;laissé de côté;le titre est vide;donnez-lui un titre"), "{remarks}");

    let fields = [("word", "Haute"), ("here", "P2"), ("since", "import")];
    let (status, to) = contact.act(&at, &format!("{at}/choose"), &fields).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, at.as_str()));
    assert!(contact.page(&at).await.contains("<option value=\"P2\" selected"), "what was chosen stays");

    let (status, to) = contact.act(&at, &format!("{at}/run"), &[]).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, at.as_str()));
    assert!(contact.page(&at).await.contains(FOLLOWED), "it is followed while it runs");
    let html = ended(&site, &contact, &at).await;
    assert!(html.contains("Terminé") && html.contains("/c/garonne/tickets/1"), "{html}");
    assert!(html.contains("Lignes traitées") && !html.contains(FOLLOWED));
    let left = contact.page(&format!("{at}?fate=skipped")).await;
    assert!(left.contains("le titre est vide") && !left.contains(">4127<"), "{left}");
    let report = contact.page(&format!("{at}/report.csv")).await;
    assert!(report.contains("2;'-3981;gardé pour être lu;;"), "no cell is a formula: {report}");
    assert!(report.contains("3;4127;créé;1;"), "{report}");
    let list = contact.page(LIST).await;
    assert!(list.contains("reprise.csv") && list.contains("contact@exemple.fr"), "{list}");

    // Run again by a form that stood open: it is over.
    let (status, html) = contact.act(LIST, &format!("{at}/run"), &[]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("Cette reprise est terminée"), "{html}");
    assert_eq!(contact.act(&at, &format!("{at}/forget"), &[]).await.0, StatusCode::SEE_OTHER);
    assert_eq!(contact.get(&at).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_is_read_by_the_customers_people_and_found_by_the_search() {
    let site = Site::garonne("imports-history");
    let mut contact = site.enter("contact@exemple.fr").await;
    assert!(!contact.page("/c/garonne/tickets").await.contains("/c/garonne/history"));
    let at = send(&mut contact, "tickets", EXPORT).await;
    contact.act(&at, &format!("{at}/run"), &[]).await;
    ended(&site, &contact, &at).await;
    let mut user = site.enter("fabre@garonne.fr").await;
    assert!(user.page("/c/garonne/tickets").await.contains("/c/garonne/history"));
    let list = user.page("/c/garonne/history").await;
    assert!(list.contains("Imprimante muette") && list.contains("CSV -3981"), "{list}");
    let matter = list.split("href=\"").find(|a| a.starts_with("/c/garonne/history/")).unwrap();
    let matter = matter.split('"').next().unwrap();
    let html = user.page(matter).await;
    assert!(html.contains("Toner changé") && html.contains("Repris le"), "{html}");
    assert!(user.page("/c/garonne/history?q=toner").await.contains("Imprimante muette"));
    assert!(user.page("/c/garonne/history?q=fax").await.contains("Rien trouvé"));
    let found = user.page("/c/garonne/search?q=toner").await;
    assert!(found.contains(matter) && found.contains("<mark>Toner</mark>"), "{found}");
    // Imports are the provider's.
    assert_eq!(user.get(LIST).await.0, StatusCode::NOT_FOUND);
    assert_eq!(user.get(&at).await.0, StatusCode::NOT_FOUND);
    assert_eq!(user.get("/c/garonne/history/999999").await.0, StatusCode::NOT_FOUND);
    let (status, _) =
        user.send_file("/c/garonne/tickets", LIST, &[("what", "tickets")], ("a.csv", EXPORT)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_file_is_read_at_a_time_and_only_for_who_may_look() {
    let site = Site::garonne("imports-turn");
    let mut contact = site.enter("contact@exemple.fr").await;
    let user = site.enter("fabre@garonne.fr").await;
    let run = send(&mut contact, "tickets", EXPORT).await;
    contact.act(&run, &format!("{run}/run"), &[]).await;
    ended(&site, &contact, &run).await;
    let at = send(&mut contact, "tickets", EXPORT).await;
    let turn = web::http::reading::turn().unwrap();
    for page in [at.clone(), format!("{at}/remarks.csv")] {
        let (status, html) = contact.get(&page).await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{page}");
        assert!(html.contains("Trop de demandes à la fois"), "{html}");
        assert_eq!(user.get(&page).await.0, StatusCode::NOT_FOUND, "{page}");
    }
    assert!(contact.page(&run).await.contains("Terminé"), "no file is read for it");
    drop(turn);
    assert!(contact.page(&at).await.contains("À relire"));
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_told_by_hand() {
    let site = Site::garonne("imports-columns");
    let mut contact = site.enter("contact@exemple.fr").await;
    let at = send(&mut contact, "tickets", b"Clef;Sujet du mail;Le\n7;Bruit;2026-06-15 10:00\n").await;
    let html = contact.page(&at).await;
    assert!(
        html.contains("ne peut pas être repris ainsi") && html.contains("il manque une colonne"),
        "{html}"
    );
    assert!(!html.contains("Lancer la reprise"));
    let fields = [
        ("field", "number"),
        ("heading", "Clef"),
        ("field", "title"),
        ("heading", "Sujet du mail"),
        ("field", "opened"),
        ("heading", "Le"),
    ];
    assert_eq!(contact.act(&at, &format!("{at}/choose"), &fields).await.0, StatusCode::SEE_OTHER);
    let html = contact.page(&at).await;
    assert!(html.contains("Bruit") && html.contains("Lancer la reprise"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_refused_on_the_page_of_the_form() {
    let site = Site::garonne("imports-refused");
    let mut contact = site.enter("contact@exemple.fr").await;
    let fields = [("what", "tickets"), ("source", "glpi")];
    let (status, html) = contact.send_file(LIST, LIST, &fields, ("a.xlsx", b"PK\x03\x04")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("au format CSV") && html.contains("Envoyer et relire"), "{html}");
    let (status, html) = contact.send_file(LIST, LIST, &fields, ("", b"")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("Choisissez un fichier"), "{html}");
    let (status, _) =
        contact.send_file(LIST, LIST, &[("csrf", "autre"), ("what", "tickets")], ("a.csv", EXPORT)).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_invited_by_who_keeps_accounts_and_proves_who_they_are() {
    let site = Site::garonne("imports-people");
    let export = "nom;courriel\nAnne Vidal;anne@garonne.fr\n".as_bytes();
    let mut contact = site.enter("contact@exemple.fr").await;
    assert!(!contact.page(LIST).await.contains("value=\"people\""));
    let fields = [("what", "people"), ("source", "csv")];
    let (status, _) = contact.send_file(LIST, LIST, &fields, ("a.csv", export)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let mut admin = site.enter("admin@exemple.fr").await;
    let at = send(&mut admin, "people", export).await;
    assert!(admin.page(&at).await.contains("anne@garonne.fr"));
    assert_eq!(contact.get(&at).await.0, StatusCode::NOT_FOUND);
    assert!(!contact.page(LIST).await.contains(&at));
    assert_eq!(admin.act(&at, &format!("{at}/run"), &[]).await.0, StatusCode::NOT_FOUND);
    site.proofs_age(10);
    let (status, html) = admin.act(&at, &format!("{at}/invite"), &[]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(html.contains("proof_password"), "{html}");
    let fields = [("proof_password", common::PASSWORD)];
    assert_eq!(admin.act(&at, &format!("{at}/invite"), &fields).await.0, StatusCode::SEE_OTHER);
    let html = ended(&site, &admin, &at).await;
    assert!(html.contains("aucun courriel n’est parti"), "{html}");
    assert!(admin.page("/people").await.contains("anne@garonne.fr"));
}
