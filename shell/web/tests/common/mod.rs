//! A whole site in a test, and the browsers of the people who sign in to it: forms only, no script.
#![allow(dead_code, reason = "each test file uses its own part of this")]

mod undertaking;

use std::path::PathBuf;
use std::sync::Arc;

use app::accounts::{Client, NewAccount};
use app::customer::NewCustomer;
use app::{Act, App, Role, Settings, clock, entropy};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{Request, StatusCode};
use tower::ServiceExt;
use web::http::{Printer, Sheet, Web};

/// Everybody's.
pub const PASSWORD: &str = "mot de passe assez long";

/// One instance, set to a morning of February 2026, with its pages. The provider has
/// `admin@exemple.fr`, `contact@exemple.fr` and `technique@exemple.fr`.
pub struct Site {
    pub app: Arc<App>,
    pub clock: Arc<clock::Set>,
    router: Router,
    folder: PathBuf,
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Somebody's browser.
pub struct Person<'a> {
    site: &'a Site,
    cookie: String,
    /// Whose it is, when they sign what they are asked to before going on.
    undertakes: Option<String>,
    /// The notice that the last form left for the next page.
    left: String,
    /// The preference that the last page opened left.
    kept: String,
}

impl Site {
    /// With customers, by slug and name, and their people, by slug. Its staff need no second factor.
    pub fn new(name: &str, customers: &[(&str, &str)], people: &[(&str, &str, Role)]) -> Site {
        Site::made(name, customers, people, App::with_optional_second_factor)
    }

    /// The same, as a real folder is served: staff owe a second factor.
    pub fn strict(name: &str, customers: &[(&str, &str)], people: &[(&str, &str, Role)]) -> Site {
        Site::made(name, customers, people, |app| app)
    }

    /// Contract A signed by its manager, on Tuesday 16 June 2026 at nine; with one of its users.
    pub fn garonne(name: &str) -> Site {
        let people = [
            ("garonne", "chef@garonne.fr", Role::CustomerManager),
            ("garonne", "fabre@garonne.fr", Role::CustomerUser),
        ];
        let site = Site::new(name, &[("garonne", "Ateliers Garonne")], &people);
        site.sign("garonne", "chef@garonne.fr", "ateliers-garonne.md");
        site.clock.move_to("2026-06-16T07:00:00Z".parse().unwrap());
        site
    }

    /// Somebody more of the provider's, for every customer.
    pub fn add_staff(&self, email: &str, role: Role) {
        let new =
            NewAccount { email, name: email, password: PASSWORD, role, customer: None, totp_secret: None };
        self.app.add_account(&new).unwrap();
    }

    /// The database of a customer's vault.
    pub fn vault_file(&self, slug: &str) -> PathBuf {
        self.folder.join("vaults").join(slug).join("vault.db")
    }

    /// Signs a contract of the examples, by the administrator and by the customer's manager.
    pub fn sign(&self, slug: &str, manager: &str, file: &str) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts").join(file);
        self.sign_text(slug, manager, file, &std::fs::read_to_string(path).unwrap());
    }

    /// Signs a text, by the same.
    pub fn sign_text(&self, slug: &str, manager: &str, file: &str, text: &str) {
        let customer = self.app.find_customer(slug).unwrap();
        let [ours, theirs] = ["admin@exemple.fr", manager].map(|email| {
            let who = self.app.authenticate(&Client::default(), email, PASSWORD, None).unwrap();
            who.permit(Act::SignContract, customer).unwrap()
        });
        self.app.sign_contract(&ours, &theirs, file, text).unwrap();
    }

    fn made(
        name: &str,
        customers: &[(&str, &str)],
        people: &[(&str, &str, Role)],
        set: impl FnOnce(App) -> App,
    ) -> Site {
        let folder = std::env::temp_dir().join(format!("regisseur-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let clock = Arc::new(clock::Set::at("2026-02-16T09:00:00Z".parse().unwrap()));
        let settings = Settings {
            host: "regisseur.test".into(),
            clock: clock.clone(),
            entropy: Arc::new(entropy::Seeded::new(5)),
        };
        let app = Arc::new(set(App::open(&folder, settings).unwrap()));
        let add = |email, role, customer| {
            let new =
                NewAccount { email, name: email, password: PASSWORD, role, customer, totp_secret: None };
            app.principal(app.add_account(&new).unwrap()).unwrap()
        };
        let admin = add("admin@exemple.fr", Role::ProviderAdmin, None);
        add("contact@exemple.fr", Role::ServiceManager, None);
        add("technique@exemple.fr", Role::Technician, None);
        let create = admin.permit_instance(Act::CreateCustomer).unwrap();
        for (slug, name) in customers {
            let new = NewCustomer { slug: (*slug).to_owned(), name: (*name).to_owned() };
            let customer = app.create_customer(&create, &new).unwrap();
            for (_, email, role) in people.iter().filter(|(of, ..)| of == slug) {
                add(email, *role, Some(customer));
            }
        }
        let web = Web { app: app.clone(), demo: Vec::new(), demo_clock: false, printer: None };
        Site { app, clock, router: web::router(Arc::new(web)), folder }
    }

    /// Served with what lays out pages: here each document is its own words, a line each.
    pub fn printing(mut self) -> Site {
        let printer = Printer::new(|sheet| {
            let Sheet::Slip(slip) = sheet else { return Err("no contract is printed here".to_owned()) };
            let facts =
                slip.facts.iter().chain(&slip.passages).map(|(name, value)| format!("{name} | {value}"));
            let mut lines: Vec<String> = std::iter::once(slip.title.clone()).chain(facts).collect();
            lines.extend(slip.signed.iter().cloned());
            lines.extend(slip.drawn.iter().map(|drawn| format!("{:?}", drawn.strokes)));
            lines.extend(slip.marks.iter().map(|(_, value)| value.clone()));
            Ok(lines.join("\n").into_bytes())
        });
        let web = Web { app: self.app.clone(), demo: Vec::new(), demo_clock: false, printer: Some(printer) };
        self.router = web::router(Arc::new(web));
        self
    }

    /// Everybody's last proof of who they are was this many minutes earlier.
    pub fn proofs_age(&self, minutes: i64) {
        let file = rusqlite::Connection::open(self.folder.join("instance.db")).unwrap();
        file.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
        file.execute("UPDATE session SET proved = proved - ?1", [minutes * 60_000_000]).unwrap();
    }

    /// Asks the API with a token.
    pub async fn api(&self, path: &str, token: &str) -> (StatusCode, String) {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        let response = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), 1 << 22).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// What is served.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// A browser that nobody has signed in with.
    pub fn nobody(&self) -> Person<'_> {
        Person {
            site: self,
            cookie: String::new(),
            undertakes: None,
            left: String::new(),
            kept: String::new(),
        }
    }

    /// Somebody signs in; they sign the undertakings of confidentiality asked of them as they go.
    pub async fn enter(&self, email: &str) -> Person<'_> {
        let mut person = self.enter_unbound(email).await;
        person.undertakes = Some(email.to_owned());
        person
    }

    /// Somebody signs the undertakings of confidentiality that the contracts in force ask of them.
    pub fn undertake(&self, email: &str) {
        undertaking::undertake(&self.app, email);
    }

    /// Somebody signs in, and signs nothing else.
    pub async fn enter_unbound(&self, email: &str) -> Person<'_> {
        let mut person = self.nobody();
        let (status, _) = person.post("/sign-in", &[("email", email), ("password", PASSWORD)]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        person
    }
}

impl Person<'_> {
    /// What the browser sends to be known.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    pub async fn get(&self, path: &str) -> (StatusCode, String) {
        let (status, body) = self.get_bytes(path).await;
        (status, String::from_utf8(body).unwrap())
    }

    /// What is no text.
    pub async fn get_bytes(&self, path: &str) -> (StatusCode, Vec<u8>) {
        self.get_with(path, &self.cookie).await
    }

    /// A page that must be there, opened where preferences stay.
    pub async fn open(&mut self, path: &str) -> String {
        self.open_as(path, &[]).await
    }

    /// The same, asked for with some headers more.
    pub async fn open_as(&mut self, path: &str, headers: &[(&str, &str)]) -> String {
        self.undertake();
        let cookies = format!("{}; {}; {}", self.cookie, self.kept, self.left);
        let mut request = Request::get(path).header("host", "localhost").header(COOKIE, cookies);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.site.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        for cookie in response.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
            if cookie.starts_with("flash=") {
                // Shown once: a browser lets go of what has no value and no age.
                self.left = String::new();
            } else {
                self.kept = cookie.to_owned();
            }
        }
        String::from_utf8(to_bytes(response.into_body(), 1 << 22).await.unwrap().to_vec()).unwrap()
    }

    /// Somebody else's browser left this one's preference.
    pub fn keep_of(&mut self, other: &Person<'_>) {
        self.kept.clone_from(&other.kept);
    }

    /// The page that a form leads to, with the notice that it left.
    pub async fn told(&self, path: &str) -> String {
        let (status, body) = self.get_with(path, &format!("{}; {}", self.cookie, self.left)).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        String::from_utf8(body).unwrap()
    }

    async fn get_with(&self, path: &str, cookie: &str) -> (StatusCode, Vec<u8>) {
        self.undertake();
        let request = Request::get(path).header("host", "localhost").header(COOKIE, cookie);
        let response = self.site.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status();
        (status, to_bytes(response.into_body(), 1 << 22).await.unwrap().to_vec())
    }

    /// A page that must be there.
    pub async fn page(&self, path: &str) -> String {
        let (status, html) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {html}");
        html
    }

    /// The status, and the body or where it leads.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.send(path, "application/x-www-form-urlencoded", body.into_bytes()).await
    }

    /// Posts the form of a page with a file, as a browser does; the file is its last field.
    pub async fn send_file(
        &mut self,
        page: &str,
        to: &str,
        fields: &[(&str, &str)],
        (name, bytes): (&str, &[u8]),
    ) -> (StatusCode, String) {
        let html = self.page(page).await;
        let (csrf, key) = (value(&html, "csrf"), value(&html, "key"));
        let mut body = Vec::new();
        for (field, value) in [("csrf", csrf.as_str()), ("key", key.as_str())].iter().chain(fields) {
            let head =
                format!("--limite\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        let head = format!(
            "--limite\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: text/csv\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--limite--\r\n");
        self.send(to, "multipart/form-data; boundary=limite", body).await
    }

    async fn send(&mut self, path: &str, kind: &str, body: Vec<u8>) -> (StatusCode, String) {
        self.undertake();
        let request = Request::post(path)
            .header("host", "localhost")
            .header(COOKIE, &self.cookie)
            .header(CONTENT_TYPE, kind);
        let response =
            self.site.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        for cookie in response.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
            if cookie.starts_with("__Host-") {
                self.cookie = cookie.to_owned();
            } else if cookie.starts_with("flash=") {
                self.left = cookie.to_owned();
            }
        }
        let to = response.headers().get(LOCATION).map(|v| v.to_str().unwrap().to_owned());
        let status = response.status();
        let text = to_bytes(response.into_body(), 1 << 22).await.unwrap();
        (status, to.unwrap_or_else(|| String::from_utf8(text.to_vec()).unwrap()))
    }

    /// Signs what the contracts in force ask of the provider's people.
    fn undertake(&self) {
        if let Some(email) = &self.undertakes {
            self.site.undertake(email);
        }
    }

    /// Posts a form of a page with the proof and the version that the page carries.
    pub async fn act(&mut self, page: &str, to: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let (status, html) = self.get(page).await;
        assert_eq!(status, StatusCode::OK, "{page}: {html}");
        let (csrf, key, version) = (value(&html, "csrf"), value(&html, "key"), value(&html, "version"));
        let mut all = vec![("csrf", csrf.as_str()), ("key", key.as_str()), ("version", version.as_str())];
        all.retain(|(name, _)| !fields.iter().any(|(n, _)| n == name));
        all.extend_from_slice(fields);
        self.post(to, &all).await
    }
}

/// The value of a hidden field of a page; empty when the page has none.
pub fn value(html: &str, name: &str) -> String {
    let found = html.split(&format!("name=\"{name}\" value=\"")).nth(1);
    found.and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}
