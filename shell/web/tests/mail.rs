//! The pages of mail: what waits is decided, a failed letter is sent again, each person chooses.

mod common;

use app::Role;
use app::mail::{Address, Delivery, Incoming, MailSettings};
use axum::http::StatusCode;
use common::{Site, value};

const CUSTOMERS: [(&str, &str); 1] = [("sologne", "Conserverie de Sologne SAS")];
const PEOPLE: [(&str, &str, Role); 1] = [("sologne", "direction@exemple.fr", Role::CustomerManager)];

fn exchange(site: &Site) {
    let mailbox = "aide@prestataire.example".to_owned();
    site.app.exchange_mail(MailSettings {
        from: Address { name: "Prestataire".to_owned(), email: mailbox.clone() },
        answers: mailbox,
        host: "prestataire.example".to_owned(),
        site: "https://prestataire.example".to_owned(),
        zone: "Europe/Paris".to_owned(),
    });
}

fn stranger(site: &Site, nth: u8, text: &str) {
    let mail = Incoming {
        identity: [nth; 32],
        from: vec!["inconnu@ailleurs.example".to_owned()],
        subject: format!("Sujet {nth} <b>"),
        text: text.to_owned(),
        believed: true,
        ..Incoming::default()
    };
    site.app.take_mail(&mail).unwrap();
}

#[tokio::test]
async fn what_waits_is_decided_by_those_who_keep_the_mail() {
    let site = Site::new("mail", &CUSTOMERS, &PEOPLE);
    let mut admin = site.enter("admin@exemple.fr").await;
    assert!(admin.get("/mail").await.1.contains("Aucun courriel n’est échangé"));
    exchange(&site);
    stranger(&site, 1, "<script>alert(1)</script>");
    let (status, page) = admin.get("/mail").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Sujet 1 &lt;b&gt;") && page.contains("&lt;script&gt;"));
    assert!(!page.contains("<script>alert"));
    let csrf = value(&page, "csrf");
    let action = page.split("action=\"/mail/received/").nth(1).unwrap().split('"').next().unwrap();
    let action = format!("/mail/received/{action}");
    let accept = [("csrf", csrf.as_str()), ("decision", "accept")];
    let (status, page) = admin.post(&action, &accept).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("Aucun compte en service") && !page.contains("value=\"accept\""));
    let take = [("csrf", csrf.as_str()), ("decision", "take"), ("customer", "")];
    let (status, page) = admin.post(&action, &take).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("nommez le client"));
    let reject = [("csrf", csrf.as_str()), ("decision", "reject")];
    assert_eq!(admin.post(&action, &reject).await.0, StatusCode::SEE_OTHER);
    assert_eq!(admin.post(&action, &reject).await.0, StatusCode::NOT_FOUND);
    assert!(admin.get("/mail").await.1.contains("Rien n’attend de décision"));
    let received = admin.get("/mail?show=received").await.1;
    assert!(received.contains("inconnu@ailleurs.example") && received.contains("décidé par"));

    let mut manager = site.enter("direction@exemple.fr").await;
    for path in ["/mail", "/mail?show=failed", "/mail?show=received"] {
        assert_eq!(manager.get(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let csrf = value(&manager.get("/account/mail").await.1, "csrf");
    let reject = [("csrf", csrf.as_str()), ("decision", "reject")];
    assert_eq!(manager.post(&action, &reject).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_link_is_mailed_and_a_failed_letter_sent_again() {
    let site = Site::new("mail-link", &CUSTOMERS, &PEOPLE);
    exchange(&site);
    let mut admin = site.enter("admin@exemple.fr").await;
    let csrf = value(&admin.get("/people").await.1, "csrf");
    let sent = [
        ("csrf", csrf.as_str()),
        ("name", "Claire Martin"),
        ("email", "claire@exemple.fr"),
        ("role", "customer_user"),
        ("customer", "sologne"),
    ];
    let (_, page) = admin.post("/people", &sent).await;
    assert!(page.contains("envoyé par courriel"), "{page}");
    let letters = site.app.letters_to_send(10).unwrap();
    assert_eq!((letters.len(), letters[0].to.email.as_str()), (1, "claire@exemple.fr"));
    site.app.letter_ended(&letters[0].ids, &Delivery::Later("451 plus tard".to_owned())).unwrap();
    assert!(admin.get("/mail?show=waiting").await.1.contains("451 plus tard"));
    site.app.letter_ended(&letters[0].ids, &Delivery::Never("550 inconnu".to_owned())).unwrap();
    let (_, page) = admin.get("/mail?show=failed").await;
    assert!(page.contains("550 inconnu") && page.contains("claire@exemple.fr"));
    let action = page.split("action=\"/mail/letters/").nth(1).unwrap().split('"').next().unwrap();
    let again = [("csrf", csrf.as_str())];
    let path = format!("/mail/letters/{action}");
    assert_eq!(admin.post(&path, &again).await.0, StatusCode::SEE_OTHER);
    assert_eq!(admin.post(&path, &again).await.0, StatusCode::NOT_FOUND, "it waits already");
}

#[tokio::test]
async fn a_person_chooses_what_they_receive() {
    let site = Site::new("mail-choice", &CUSTOMERS, &PEOPLE);
    let mut manager = site.enter("direction@exemple.fr").await;
    assert!(manager.get("/account").await.1.contains("href=\"/account/mail\""));
    let (_, page) = manager.get("/account/mail").await;
    let csrf = value(&page, "csrf");
    let sent = [("csrf", csrf.as_str()), ("lang", "en"), ("replied", "daily"), ("paused", "sometimes")];
    assert_eq!(manager.post("/account/mail", &sent).await.0, StatusCode::SEE_OTHER);
    let (_, page) = manager.get("/account/mail").await;
    let chosen = |field: &str| {
        let select =
            page.split(&format!("<select id=\"{field}\"")).nth(1).unwrap().split("</select>").next().unwrap();
        select
            .split(" selected")
            .next()
            .unwrap()
            .rsplit("value=\"")
            .next()
            .unwrap()
            .trim_end_matches('"')
            .to_owned()
    };
    assert_eq!(
        (chosen("lang"), chosen("replied"), chosen("paused")),
        ("en".into(), "daily".into(), "each".into())
    );
}

#[tokio::test]
async fn letters_leave_in_the_name_chosen_for_a_customer() {
    let site = Site::new("letters", &CUSTOMERS, &PEOPLE);
    let mut admin = site.enter("admin@exemple.fr").await;
    assert!(admin.page("/c/sologne/people").await.contains("/c/sologne/letters"));
    let path = "/c/sologne/letters";
    let typed = [("name", "Assistance Sologne"), ("signature", "Le centre de services\r\n02 38 00 00 00")];
    assert_eq!(admin.act(path, path, &typed).await.0, StatusCode::SEE_OTHER);
    let page = admin.page(path).await;
    assert!(page.contains("value=\"Assistance Sologne\"") && page.contains("02 38 00 00 00"), "{page}");
    let (status, page) = admin.act(path, path, &[("name", &"x".repeat(500)), ("signature", "Gardée")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains(">Gardée</textarea>"), "what was typed is still there");
    assert_eq!(site.enter("direction@exemple.fr").await.get(path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(admin.get("/c/ailleurs/letters").await.0, StatusCode::NOT_FOUND);
}
