//! A server for one test: two customers, a token for each role, and requests checked against the document.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use app::access::Items;
use app::accounts::NewAccount;
use app::accounts::roles::NewRole;
use app::customer::NewCustomer;
use app::{Act, App, Role, Settings, clock, entropy};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use base::id::{AccountId, CustomerId};
use jiff::civil::DateTime;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{schema, undertaking};

static FOLDERS: AtomicU64 = AtomicU64::new(0);

pub struct Server {
    app: Arc<App>,
    clock: Arc<clock::Set>,
    router: Router,
    tokens: BTreeMap<&'static str, String>,
    document: Value,
    seen: Mutex<BTreeSet<String>>,
    keys: AtomicU64,
    folder: PathBuf,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    pub json: Value,
}

/// A request in the making.
pub struct Ask<'a> {
    server: &'a Server,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// A contract of `contracts/`; contract A asks a form of its requests besides.
pub fn contract(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    if file == "ateliers-garonne.md" { text + crate::catalogue::FORM } else { text }
}

impl Server {
    /// Two customers, nothing signed yet; 16 February 2026, 10:00 in Paris.
    pub fn new() -> Server {
        let nth = FOLDERS.fetch_add(1, Ordering::SeqCst);
        let folder = std::env::temp_dir().join(format!("regisseur-api-{}-{nth}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let clock = Arc::new(clock::Set::at(local("2026-02-16T10:00")));
        let settings = Settings {
            host: "regisseur.test".to_owned(),
            clock: clock.clone(),
            entropy: Arc::new(entropy::Seeded::new(7)),
        };
        let app = App::open(&folder.join("data"), settings).unwrap();
        let app = Arc::new(app.with_optional_second_factor());
        let (tokens, _) = people(&app);
        let host = app::webhook::Allowed::parse("hooks.example", Vec::new(), false).unwrap();
        app.send_webhooks_to(app::webhook::Egress { allowed: vec![host] });
        let web = web::http::Web { app: app.clone(), demo: Vec::new(), demo_clock: false, printer: None };
        let router = web::router(Arc::new(web));
        let mut server = Server {
            app,
            clock,
            router,
            tokens,
            document: Value::Null,
            seen: Mutex::default(),
            keys: AtomicU64::new(0),
            folder,
        };
        server.document = block(server.get("/openapi.json").unchecked()).json;
        server
    }

    /// Contract A signed, and the clock at a Tuesday morning of June.
    pub fn signed() -> Server {
        let server = Server::new();
        let answer = server.sign("ateliers-garonne.md");
        assert_eq!(answer.status, 201, "{:#}", answer.json);
        server.at("2026-06-02T10:00");
        server
    }

    /// A technician of the backup's subcontractor, whom contract A names; its items are two servers.
    pub fn with_subcontractor(mut self) -> Server {
        let who = "subcontractor";
        let new = NewAccount {
            email: &format!("{who}@example.test"),
            name: who,
            password: "une phrase de passe",
            role: Role::ThirdPartyTechnician,
            customer: None,
            totp_secret: None,
        };
        let account = self.app.add_account(&new).unwrap();
        let items = ["srv-erp", "srv-fic"].map(str::to_owned).to_vec();
        let about = Items { items, subcontract: Some("coffre-bleu".to_owned()), ..Items::default() };
        let customer = Some(self.app.find_customer("garonne").unwrap());
        let role = NewRole { account, role: new.role, customer, contract: None, about };
        self.app.assign(&role).unwrap();
        undertaking::undertake(&self.app, new.email);
        self.tokens.insert(who, self.app.add_token(account, "test").unwrap());
        self
    }

    pub fn sign(&self, file: &str) -> Answer {
        self.post("/customers/garonne/contracts", &self.signature(file)).of("provider_admin")
    }

    pub fn signature(&self, file: &str) -> Value {
        json!({ "file": file, "text": contract(file), "countersigned_by_token": self.token("customer_manager") })
    }

    /// Puts the clock at a local instant of Paris; the provider's people have signed by then what the
    /// contracts ask of them.
    pub fn at(&self, local_time: &str) {
        self.later(local_time);
        for who in ["provider_admin", "service_manager", "technician"] {
            undertaking::undertake(&self.app, &format!("{who}@example.test"));
        }
    }

    /// Puts the clock at a local instant of Paris, and nobody signs anything.
    pub fn later(&self, local_time: &str) {
        self.clock.move_to(local(local_time));
    }

    pub fn token(&self, who: &str) -> &str {
        &self.tokens[who]
    }

    pub fn document(&self) -> &Value {
        &self.document
    }

    /// `GET /customers 200`: what was asked and answered, as the document names it.
    pub fn seen(&self) -> BTreeSet<String> {
        self.seen.lock().unwrap().clone()
    }

    pub fn get(&self, path: &str) -> Ask<'_> {
        self.ask(Method::GET, path)
    }

    /// A JSON body, and a fresh key.
    pub fn post(&self, path: &str, body: &Value) -> Ask<'_> {
        let nth = self.keys.fetch_add(1, Ordering::SeqCst);
        let ask = self.ask(Method::POST, path);
        ask.header("content-type", "application/json")
            .header("idempotency-key", &format!("key-{nth}"))
            .body(body.to_string().into_bytes())
    }

    /// Bytes as they are, and a fresh key.
    pub fn bytes(&self, path: &str, body: &str) -> Ask<'_> {
        let ask = self.post(path, &Value::Null).header("content-type", "application/octet-stream");
        ask.body(body.as_bytes().to_vec())
    }

    /// Begins an import that nobody runs: it stays under way.
    pub fn begin_import(&self, id: &str) {
        let who = self.app.bearer(self.token("service_manager")).unwrap();
        let permit = who.permit(app::Act::Import, self.app.find_customer("garonne").unwrap()).unwrap();
        let key = app::ticket::IdempotencyKey::parse("begun").unwrap();
        self.app.start_import(&permit, &key, id.parse().unwrap()).unwrap();
    }

    /// Makes every token older by so many hours: nothing in the product waits for a day.
    pub fn age_tokens(&self, hours: i64) {
        let file = rusqlite::Connection::open(self.folder.join("data/instance.db")).unwrap();
        file.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
        file.execute("UPDATE api_token SET created = created - ?1", [hours * 3_600_000_000]).unwrap();
    }

    /// Runs what was asked for, as the server does behind.
    pub fn run_imports(&self) {
        self.app.run_imports().unwrap();
    }

    pub fn ask(&self, method: Method, path: &str) -> Ask<'_> {
        Ask { server: self, method, path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    /// Opens a ticket as the customer's user and gives its number.
    pub fn ticket(&self, body: &Value) -> u64 {
        let answer = self.post("/customers/garonne/tickets", body).of("customer_user");
        assert_eq!(answer.status, 201, "{:#}", answer.json);
        answer.json["number"].as_u64().unwrap()
    }

    pub fn step(&self, ticket: u64, body: &Value) -> Answer {
        self.post(&format!("/customers/garonne/tickets/{ticket}/steps"), body).of("technician")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl<'a> Ask<'a> {
    /// Sets a header; an earlier one of that name goes.
    pub fn header(mut self, name: &str, value: &str) -> Ask<'a> {
        self.headers.retain(|(n, _)| n != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Ask<'a> {
        self.headers.retain(|(n, _)| n != name);
        self
    }

    pub fn body(mut self, body: Vec<u8>) -> Ask<'a> {
        self.body = body;
        self
    }

    /// Sends it with the token of a role.
    pub fn of(self, who: &str) -> Answer {
        let token = format!("Bearer {}", self.server.token(who));
        self.header("authorization", &token).send()
    }

    /// Sends it, and compares the answer with the document.
    pub fn send(self) -> Answer {
        let (server, method, path) = (self.server, self.method.clone(), self.path.clone());
        let answer = block(self.unchecked());
        let path = path.split('?').next().unwrap_or_default();
        let described = schema::compare(&server.document, method.as_str(), path, &answer);
        server.seen.lock().unwrap().insert(described);
        answer
    }

    pub async fn unchecked(self) -> Answer {
        let mut request = Request::builder().method(self.method).uri(format!("/api/v1{}", self.path));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(self.body)).unwrap();
        let response = self.server.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
        let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Answer { status, headers, body, json }
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// Asserts a problem of this status and code, and gives it.
    pub fn problem(&self, status: u16, code: &str) -> &Value {
        assert_eq!(
            (self.status.as_u16(), self.json["code"].as_str()),
            (status, Some(code)),
            "{:#}",
            self.json
        );
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.json["status"], status);
        assert_eq!(self.json["type"], format!("/problems/{code}"));
        &self.json
    }
}

fn people(app: &App) -> (BTreeMap<&'static str, String>, Vec<CustomerId>) {
    let add = |role: Role, who: &str, customer: Option<CustomerId>| -> AccountId {
        let new = NewAccount {
            email: &format!("{who}@example.test"),
            name: who,
            password: "une phrase de passe",
            role,
            customer,
            totp_secret: None,
        };
        app.add_account(&new).unwrap()
    };
    let mut tokens = BTreeMap::new();
    let admin = add(Role::ProviderAdmin, "provider_admin", None);
    let permit = app.principal(admin).unwrap().permit_instance(Act::CreateCustomer).unwrap();
    let make = |slug: &str, name: &str| {
        let new = NewCustomer { slug: slug.to_owned(), name: name.to_owned() };
        app.create_customer(&permit, &new).unwrap()
    };
    let garonne = make("garonne", "Ateliers Garonne SAS");
    let sologne = make("sologne", "Conserverie de Sologne SAS");
    tokens.insert("provider_admin", app.add_token(admin, "test").unwrap());
    let others = [
        (Role::ServiceManager, "service_manager", None),
        (Role::Technician, "technician", None),
        (Role::CustomerManager, "customer_manager", Some(garonne)),
        (Role::CustomerUser, "customer_user", Some(garonne)),
        (Role::CustomerManager, "stranger", Some(sologne)),
    ];
    for (role, who, customer) in others {
        let account = add(role, who, customer);
        tokens.insert(who, app.add_token(account, "test").unwrap());
    }
    (tokens, vec![garonne, sologne])
}

fn local(text: &str) -> jiff::Timestamp {
    text.parse::<DateTime>().unwrap().in_tz("Europe/Paris").unwrap().timestamp()
}

pub fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
