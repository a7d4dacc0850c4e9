//! The administrator's list of people, and the links it hands over: forms only.

mod common;

use app::Role;
use axum::http::StatusCode;
use common::{PASSWORD, Person, Site, value};

const CUSTOMERS: [(&str, &str); 1] = [("sologne", "Conserverie de Sologne SAS")];
const PEOPLE: [(&str, &str, Role); 1] = [("sologne", "direction@exemple.fr", Role::CustomerManager)];
const NEXT: &str = "une échelle sous le vieux figuier";

/// The link that a page shows this once, as a path of the site.
fn link_of(page: &str) -> String {
    let shown = page.split("<code class=\"secret\">").nth(1).and_then(|rest| rest.split('<').next());
    let path = shown.expect("the page shows a link").split("/join/").nth(1).expect("to join");
    format!("/join/{path}")
}

/// The page of the person of this name.
fn account_of(page: &str, name: &str) -> String {
    let before = page.split(&format!(" data-item>{name}<")).next().expect("listed");
    before.rsplit("href=\"").next().unwrap().trim_end_matches('"').to_owned()
}

async fn invite(admin: &mut Person<'_>, email: &str) -> (StatusCode, String) {
    let (_, page) = admin.get("/people").await;
    let csrf = value(&page, "csrf");
    let sent = [
        ("csrf", csrf.as_str()),
        ("name", "Claire Martin"),
        ("email", email),
        ("role", "customer_user"),
        ("customer", "sologne"),
    ];
    admin.post("/people", &sent).await
}

#[tokio::test]
async fn a_person_is_invited_joins_and_is_disabled() {
    let site = Site::new("people", &CUSTOMERS, &PEOPLE);
    let mut admin = site.enter("admin@exemple.fr").await;
    let (status, page) = invite(&mut admin, "claire@exemple.fr").await;
    assert_eq!(status, StatusCode::OK);
    let link = link_of(&page);
    assert!(!admin.get("/people").await.1.contains(&link), "shown once");
    let (status, page) = invite(&mut admin, "claire@exemple.fr").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("déjà un compte") && page.contains("value=\"claire@exemple.fr\""));

    let mut claire = site.nobody();
    let (status, page) = claire.get(&link).await;
    assert!(status == StatusCode::OK && page.contains("Claire Martin") && page.contains("Bienvenue"));
    let (status, page) = claire.post(&link, &[("new", "trop court")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("Quinze caractères au moins"));
    let (status, page) = claire.post(&link, &[("new", NEXT)]).await;
    assert!(status == StatusCode::OK && page.contains("Mot de passe enregistré"));
    let gone = claire.get(&link).await;
    let never = claire.get("/join/pbbmX6sample-sample-sample-sample-sample-43").await;
    assert_eq!((gone.0, never.0), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(claire.post(&link, &[("new", PASSWORD)]).await.0, StatusCode::NOT_FOUND);
    let entering = [("email", "claire@exemple.fr"), ("password", NEXT)];
    assert_eq!(claire.post("/sign-in", &entering).await.0, StatusCode::SEE_OTHER);

    let (_, page) = admin.get("/people").await;
    let whose = account_of(&page, "Claire Martin");
    let (_, page) = admin.get(&whose).await;
    assert!(page.contains("Mot de passe choisi par un lien") && page.contains("Compte ajouté"));
    let csrf = value(&page, "csrf");
    let (status, to) = admin.post(&format!("{whose}/disable"), &[("csrf", &csrf)]).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, whose.as_str()));
    assert_eq!(claire.get("/c/sologne").await.0, StatusCode::SEE_OTHER, "out at once");
    assert!(admin.get(&whose).await.1.contains("Réactiver le compte"));
    assert_eq!(admin.post(&format!("{whose}/enable"), &[("csrf", &csrf)]).await.0, StatusCode::SEE_OTHER);
    let (status, page) = admin.post(&format!("{whose}/recover"), &[("csrf", &csrf)]).await;
    assert_eq!(status, StatusCode::OK);
    let back = site.nobody();
    assert!(back.get(&link_of(&page)).await.1.contains("Choisir un nouveau mot de passe"));

    let me = account_of(&admin.get("/people").await.1, "admin@exemple.fr");
    let (status, page) = admin.post(&format!("{me}/disable"), &[("csrf", &csrf)]).await;
    assert!(status == StatusCode::CONFLICT && page.contains("On ne désactive pas son propre compte"));
    assert_eq!(admin.post(&format!("{whose}/destroy"), &[("csrf", &csrf)]).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_the_administrator_keeps_accounts_and_a_refusal_is_told() {
    let site = Site::new("people-rights", &CUSTOMERS, &PEOPLE);
    for email in ["contact@exemple.fr", "technique@exemple.fr", "direction@exemple.fr"] {
        let mut person = site.enter(email).await;
        let (_, page) = person.get("/account").await;
        assert!(page.contains("Vos derniers actes de sécurité") && page.contains("Connexion"));
        assert!(!page.contains("href=\"/people\""));
        let csrf = value(&page, "csrf");
        for _ in 0..3 {
            assert_eq!(person.get("/people").await.0, StatusCode::NOT_FOUND, "{email}");
        }
        let sent =
            [("csrf", csrf.as_str()), ("name", "X"), ("email", "x@exemple.fr"), ("role", "provider_admin")];
        assert_eq!(person.post("/people", &sent).await.0, StatusCode::NOT_FOUND);
    }
    let admin = site.enter("admin@exemple.fr").await;
    let (_, page) = admin.get("/people").await;
    assert_eq!(page.matches("Accès refusé").count(), 3, "once for each person, whatever the number of tries");
    assert!(page.contains("href=\"/people\""));
    let (_, mine) = admin.get("/account").await;
    assert!(!mine.contains("Accès refusé"), "one’s own acts only");
}

#[tokio::test]
async fn a_sensitive_act_asks_who_one_is_again() {
    let site = Site::new("people-proof", &CUSTOMERS, &PEOPLE);
    let mut admin = site.enter("admin@exemple.fr").await;
    site.proofs_age(6);
    let (_, page) = invite(&mut admin, "claire@exemple.fr").await;
    assert!(page.contains("proof_password") && !page.contains("/join/"));
    let (_, people) = admin.get("/people").await;
    assert!(!people.contains("claire@exemple.fr"), "nothing was made");
}

#[tokio::test]
async fn a_forgotten_password_is_asked_for_with_one_answer_for_every_address() {
    let site = Site::new("people-forgotten", &CUSTOMERS, &PEOPLE);
    let mut nobody = site.nobody();
    let page = nobody.page("/sign-in").await;
    assert!(page.contains("Demandez un lien à l’administrateur") && !page.contains("/sign-in/forgotten"));
    let (_, unmailed) = nobody.post("/sign-in/forgotten", &[("email", "admin@exemple.fr")]).await;
    assert!(unmailed.contains("Demandez un lien à l’administrateur"));

    let mailbox = "aide@prestataire.example".to_owned();
    site.app.exchange_mail(app::mail::MailSettings {
        from: app::mail::Address { name: "Prestataire".to_owned(), email: mailbox.clone() },
        answers: mailbox,
        host: "prestataire.example".to_owned(),
        site: "https://prestataire.example".to_owned(),
        zone: "Europe/Paris".to_owned(),
    });
    assert!(nobody.page("/sign-in").await.contains("href=\"/sign-in/forgotten\""));
    assert!(nobody.page("/sign-in/forgotten").await.contains("name=\"email\""));
    let mut answers = Vec::new();
    for email in ["personne@exemple.fr", "direction@exemple.fr", "pas une adresse", "direction@exemple.fr"] {
        answers.push(nobody.post("/sign-in/forgotten", &[("email", email)]).await);
    }
    assert!(answers[0].1.contains("Si cette adresse a un compte en service"));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "the same, to the byte");

    // The answer did not wait for it.
    let mut letters = Vec::new();
    for _ in 0..200 {
        letters.extend(site.app.letters_to_send(10).unwrap());
        if !letters.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to.email, "direction@exemple.fr");
    let code = letters[0].text.split("/join/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let new = [("new", "une échelle sous le vieux figuier")];
    let (status, done) = nobody.post(&format!("/join/{code}"), &new).await;
    assert_eq!(status, StatusCode::OK, "{done}");
    assert_eq!(nobody.get(&format!("/join/{code}")).await.0, StatusCode::NOT_FOUND);
}
