//! A contract signed in the browser: forms only, as a person without JavaScript would.

mod common;

use std::path::Path;

use app::Role;
use axum::http::StatusCode;
use common::{PASSWORD, Site, value};

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
