//! A contract signed in the browser: forms only, as a person without JavaScript would.

mod common;

use std::path::Path;
use std::sync::{Arc, mpsc};

use app::Role;
use app::accounts::directory::{Directory, Verdict};
use axum::http::StatusCode;
use common::{PASSWORD, Site, value};
use web::http::Web;

fn minimal() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/minimal.md");
    std::fs::read_to_string(path).unwrap()
}

#[tokio::test]
async fn two_people_sign_a_text_that_compiles_and_no_other() {
    let people = [
        ("sologne", "direction@exemple.fr", Role::CustomerManager),
        ("sologne", "employe@exemple.fr", Role::CustomerUser),
    ];
    let site = Site::new("signature", &[("sologne", "Conserverie de Sologne SAS")], &people);
    let mut browser = site.enter("admin@exemple.fr").await;
    let (_, page) = browser.get("/c/sologne/contracts/new").await;
    let csrf = value(&page, "csrf");
    let text = minimal();
    // As browsers send a text area: line ends of two characters.
    let sent = text.replace('\n', "\r\n");
    let form = |key: &'static str, text: &str, email: &'static str, password: &'static str| {
        [
            ("csrf", csrf.as_str()),
            ("key", key),
            ("file", "minimal.md"),
            ("text", text),
            ("email", email),
            ("password", password),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let as_fields = |form: &[(String, String); 6]| -> Vec<(String, String)> { form.to_vec() };
    let mut try_it = async |form: [(String, String); 6]| {
        let owned = as_fields(&form);
        let fields: Vec<(&str, &str)> = owned.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        browser.post("/c/sologne/contracts", &fields).await
    };

    let broken = sent.replacen("siren = \"", "siren = \"9", 1);
    let (status, page) = try_it(form("k1", &broken, "direction@exemple.fr", PASSWORD)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("E-PARTIES-SIREN") && page.contains("rien n’est signé"), "{page}");

    for (key, email, password) in [
        ("k2", "direction@exemple.fr", "un autre mot de passe"),
        ("k3", "employe@exemple.fr", PASSWORD),
        ("k4", "admin@exemple.fr", PASSWORD),
    ] {
        let (status, page) = try_it(form(key, &sent, email, password)).await;
        assert!(matches!(status, StatusCode::FORBIDDEN | StatusCode::CONFLICT), "{email}: {status}");
        assert!(page.contains("refusal") && !page.contains(password), "{email}");
    }

    let (status, to) = try_it(form("k5", &sent, "direction@exemple.fr", PASSWORD)).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/c/sologne/contracts/CTR-2026-900"));
    let (status, again) = try_it(form("k5", &sent, "direction@exemple.fr", PASSWORD)).await;
    assert_eq!((status, again), (StatusCode::SEE_OTHER, to), "a retry tells the same");

    let (status, page) = browser.get("/c/sologne/contracts/CTR-2026-900").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Signer un avenant"));
    let (_, kept) = browser.get("/c/sologne/contracts/CTR-2026-900/text").await;
    assert_eq!(kept, text, "what was signed is the file, byte for byte");
}

#[tokio::test]
async fn a_directory_that_keeps_silent_holds_nobody_else_back_and_loses_no_form() {
    let director = "direction@maison.example";
    let people = [("sologne", director, Role::CustomerManager)];
    let site = Site::new("directory", &[("sologne", "Conserverie de Sologne SAS")], &people);
    let check = Arc::new(|_: &str, _: &str| Ok(Verdict::Right));
    site.app.check_passwords_with(Directory { domains: vec!["maison.example".into()], check });
    let mut admin = site.enter("admin@exemple.fr").await;
    let mut manager = site.enter(director).await;
    let list = "/c/sologne/drafts";
    let begin = [("start", "template:minimal"), ("number", "CTR-2026-050"), ("title", "")];
    let (_, draft) = admin.act(list, list, &begin).await;
    let hash = value(&manager.get(&draft).await.1, "hash");

    let web = Web { app: site.app.clone(), demo: Vec::new(), demo_clock: false, printer: None };
    let web = Arc::new(web);
    let mut silent = Vec::new();
    for _ in 0..4 {
        let (end, ended) = mpsc::channel::<()>();
        let (begin, mut begun) = tokio::sync::mpsc::unbounded_channel();
        let web = web.clone();
        tokio::spawn(async move {
            let asks = move |_: &app::App| {
                begin.send(()).unwrap();
                let _ = ended.recv();
                Ok(())
            };
            web.run_checking_password_of(director, asks).await
        });
        begun.recv().await.expect("its turn came");
        silent.push(end);
    }
    let (new, contracts) = ("/c/sologne/contracts/new", "/c/sologne/contracts");
    let text = minimal();
    let with =
        |email| [("file", "minimal.md"), ("text", text.as_str()), ("email", email), ("password", PASSWORD)];
    let (status, page) = admin.act(new, contracts, &with(director)).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        page.contains("Trop de personnes se connectent") && page.contains("Conserverie de Sologne"),
        "{page}"
    );
    let (status, _) = admin.act(new, contracts, &with("personne@exemple.fr")).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "an address that is not the directory's is heard");
    let signed = [("hash", hash.as_str()), ("password", PASSWORD)];
    let (status, page) = manager.act(&draft, &format!("{draft}/sign"), &signed).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.contains("Trop de personnes se connectent") && page.contains("name=\"hash\""), "{page}");
    let removal = [("password", PASSWORD), ("code", "")];
    let (status, page) = manager.act("/account", "/account/second-factor/remove", &removal).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{page}");
    drop(silent);
}
