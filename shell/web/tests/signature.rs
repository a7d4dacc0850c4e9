//! A contract signed in the browser: forms only, as a person without JavaScript would.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::accounts::NewAccount;
use app::customer::NewCustomer;
use app::{Act, App, Role, Settings, clock, entropy};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{Request, StatusCode};
use tower::ServiceExt;

const PASSWORD: &str = "mot de passe assez long";

struct Browser {
    router: Router,
    cookie: String,
    folder: PathBuf,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Browser {
    fn new() -> Browser {
        let folder = std::env::temp_dir().join(format!("regisseur-signature-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let clock = Arc::new(clock::Set::at("2026-02-16T09:00:00Z".parse().unwrap()));
        let settings =
            Settings { host: "regisseur.test".into(), clock, entropy: Arc::new(entropy::Seeded::new(3)) };
        let app = App::open(&folder, settings).unwrap();
        let add = |email, role, customer| {
            let new =
                NewAccount { email, name: email, password: PASSWORD, role, customer, totp_secret: None };
            app.principal(app.add_account(&new).unwrap()).unwrap()
        };
        let admin = add("admin@exemple.fr", Role::ProviderAdmin, None);
        let permit = admin.permit_instance(Act::CreateCustomer).unwrap();
        let new = NewCustomer { slug: "sologne".into(), name: "Conserverie de Sologne SAS".into() };
        let customer = app.create_customer(&permit, &new).unwrap();
        add("direction@exemple.fr", Role::CustomerManager, Some(customer));
        add("employe@exemple.fr", Role::CustomerUser, Some(customer));
        let web = web::http::Web { app: Arc::new(app), demo: Vec::new(), demo_clock: false };
        Browser { router: web::router(Arc::new(web)), cookie: String::new(), folder }
    }

    async fn get(&self, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).header("host", "localhost").header(COOKIE, &self.cookie);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let body = serde_urlencoded::to_string(fields).unwrap();
        let request = Request::post(path)
            .header("host", "localhost")
            .header(COOKIE, &self.cookie)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        for cookie in response.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
            if cookie.starts_with("__Host-") {
                self.cookie = cookie.to_owned();
            }
        }
        let to = response.headers().get(LOCATION).map(|v| v.to_str().unwrap().to_owned());
        let status = response.status();
        let text = to_bytes(response.into_body(), 1 << 22).await.unwrap();
        (status, to.unwrap_or_else(|| String::from_utf8(text.to_vec()).unwrap()))
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), 1 << 22).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }
}

/// The value of a hidden field of a page.
fn hidden(page: &str, name: &str) -> String {
    let at =
        page.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name} in the page"));
    page[at..].split('"').nth(3).unwrap().to_owned()
}

fn minimal() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/minimal.md");
    std::fs::read_to_string(path).unwrap()
}

#[tokio::test]
async fn two_people_sign_a_text_that_compiles_and_no_other() {
    let mut browser = Browser::new();
    let (status, to) =
        browser.post("/sign-in", &[("email", "admin@exemple.fr"), ("password", PASSWORD)]).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/"));
    let (_, page) = browser.get("/c/sologne/contracts/new").await;
    let csrf = hidden(&page, "csrf");
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
