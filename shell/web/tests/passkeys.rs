//! Passkeys in the browser: what `passkey.js` fills in, sent by an authenticator in software.

#[path = "../../app/tests/common/authenticator.rs"]
mod authenticator;
mod common;

use app::Role;
use authenticator::Authenticator;
use axum::http::StatusCode;
use common::{PASSWORD, Person, Site, value};
use data_encoding::BASE64URL_NOPAD;

const CUSTOMERS: [(&str, &str); 1] = [("sologne", "Conserverie de Sologne SAS")];
const PEOPLE: [(&str, &str, Role); 1] = [("sologne", "direction@exemple.fr", Role::CustomerManager)];

/// What a part of a page says in an attribute.
fn said(page: &str, attribute: &str) -> String {
    let rest = page.split(&format!("{attribute}=\"")).nth(1).unwrap_or_else(|| panic!("{attribute}: {page}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

fn made(key: &mut Authenticator, page: &str) -> Vec<(&'static str, String)> {
    let made = key.register(&said(page, "data-challenge"), &said(page, "data-user"));
    vec![
        ("csrf", value(page, "csrf")),
        ("name", "Téléphone".into()),
        ("made_client", BASE64URL_NOPAD.encode(&made.client_data)),
        ("made_attestation", BASE64URL_NOPAD.encode(&made.attestation)),
    ]
}

fn signed(key: &mut Authenticator, page: &str) -> Vec<(&'static str, String)> {
    let signed = key.sign(&said(page, "data-challenge"));
    vec![
        ("passkey_credential", BASE64URL_NOPAD.encode(&signed.credential)),
        ("passkey_client", BASE64URL_NOPAD.encode(&signed.client_data)),
        ("passkey_authenticator", BASE64URL_NOPAD.encode(&signed.authenticator_data)),
        ("passkey_signature", BASE64URL_NOPAD.encode(&signed.signature)),
        ("passkey_user", BASE64URL_NOPAD.encode(&signed.user)),
    ]
}

async fn post(
    person: &mut Person<'_>,
    path: &str,
    fields: &[(&'static str, String)],
) -> (StatusCode, String) {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    person.post(path, &fields).await
}

#[tokio::test]
async fn staff_enrol_a_passkey_before_any_page_and_come_back_with_it_alone() {
    let site = Site::strict("passkey-enrol", &CUSTOMERS, &PEOPLE);
    let mut admin = site.enter("admin@exemple.fr").await;
    let mut key = Authenticator::at("localhost", true);
    key.origin = "http://localhost".into();
    let (_, page) = admin.get("/account/second-factor").await;
    let mut spoiled = made(&mut key, &page);
    spoiled[2].1 = "x".into();
    let (status, again) = post(&mut admin, "/account/passkeys", &spoiled).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.contains("n’a pas pu être ajoutée") && again.contains("avant toute autre page"), "{again}");
    let fields = made(&mut key, &again);
    let (status, to) = post(&mut admin, "/account/passkeys", &fields).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/account"));
    let account = admin.page("/account").await;
    assert!(account.contains("Téléphone") && account.contains("seul n’ouvre plus rien"));

    let mut other = site.nobody();
    let sent = [("email", "admin@exemple.fr"), ("password", PASSWORD)];
    assert_eq!(other.post("/sign-in", &sent).await.0, StatusCode::FORBIDDEN);
    let (_, page) = other.get("/sign-in").await;
    let answer = signed(&mut key, &page);
    let (status, to) = post(&mut other, "/sign-in/passkey", &answer).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(other.get("/c").await.0, StatusCode::OK);
    let (status, page) = post(&mut site.nobody(), "/sign-in/passkey", &answer).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "the same answer again");
    assert!(page.contains("n’ouvre pas de compte ici"));

    // Only the passkey proves who it is, and the form waits meanwhile.
    site.proofs_age(6);
    let (_, account) = other.get("/account").await;
    let asked = [("csrf", value(&account, "csrf")), ("label", "Export".into()), ("days", "30".into())];
    let (status, page) = post(&mut other, "/account/tokens", &asked).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(!page.contains("proof_password") && page.contains("value=\"Export\""), "{page}");
    let with = |proof: Vec<(&'static str, String)>| asked.iter().cloned().chain(proof).collect::<Vec<_>>();
    let mut wrong = signed(&mut key, &page);
    wrong[3].1 = "AAAA".into();
    let (status, page) = post(&mut other, "/account/tokens", &with(wrong)).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(page.contains("role=\"alert\"") && !page.contains("AAAA"));
    let proof = signed(&mut key, &page);
    let (status, page) = post(&mut other, "/account/tokens", &with(proof)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("code class=\"secret\""));

    let id = account.split("/account/passkeys/remove").nth(1).map(|rest| value(rest, "id")).unwrap();
    let fields = [("csrf", value(&account, "csrf")), ("id", id)];
    assert_eq!(post(&mut other, "/account/passkeys/remove", &fields).await.0, StatusCode::SEE_OTHER);
    let (status, to) = post(&mut other, "/account/passkeys/remove", &fields).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/account/second-factor"));
    let (_, page) = site.nobody().get("/sign-in").await;
    let answer = signed(&mut key, &page);
    assert_eq!(post(&mut site.nobody(), "/sign-in/passkey", &answer).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_customer_s_people_prove_with_either() {
    let site = Site::new("passkey-prove", &CUSTOMERS, &PEOPLE);
    let mut manager = site.enter("direction@exemple.fr").await;
    let mut key = Authenticator::at("localhost", false);
    site.proofs_age(6);
    // Adding one is a sensitive act: what the authenticator made waits for the proof, within its own form.
    let (_, account) = manager.get("/account").await;
    let fields = made(&mut key, &account);
    let (status, page) = post(&mut manager, "/account/passkeys", &fields).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(page.contains("name=\"made_attestation\"") && !page.contains("data-passkey"));
    let proven = fields.into_iter().chain([("proof_password", PASSWORD.to_owned())]).collect::<Vec<_>>();
    assert_eq!(post(&mut manager, "/account/passkeys", &proven).await.0, StatusCode::SEE_OTHER);
    site.proofs_age(6);
    let asked = [("csrf", value(&account, "csrf")), ("label", "x".into()), ("days", "30".into())];
    let (_, page) = post(&mut manager, "/account/tokens", &asked).await;
    assert!(page.contains("proof_password") && page.contains("data-passkey=\"sign\""));
    let asked = asked.into_iter().chain(signed(&mut key, &page)).collect::<Vec<_>>();
    assert_eq!(post(&mut manager, "/account/tokens", &asked).await.0, StatusCode::OK);
}
