//! The instance as it is served, and the requests that people's browsers and programs make.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use app::mail::{Address, MailSettings};
use app::{App, Settings, clock, entropy};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use base::id::AccountId;
use jiff::civil::DateTime;
use tower::ServiceExt;

use crate::compare::Answer;
use crate::routes::Row;

/// What stands for each name between braces.
pub type Ids = BTreeMap<&'static str, String>;

/// Somebody's browser and program.
#[derive(Debug, Clone, Default)]
pub struct Entered {
    pub account: Option<AccountId>,
    pub cookie: String,
    pub csrf: String,
    pub token: String,
    /// Of their own, besides what they visit with.
    pub session: String,
    pub spare_token: String,
    pub view: String,
}

impl Entered {
    pub fn request(&self, row: &Row, ids: &Ids, key: &str) -> Request<Body> {
        let fill = |text: &str| {
            ids.iter()
                .fold(text.to_owned(), |text, (kind, value)| text.replace(&format!("{{{kind}}}"), value))
        };
        let request = Request::builder().method(row.method).uri(fill(row.path)).header("host", "localhost");
        let body = fill(row.body);
        if row.is_api() {
            let media = if body.starts_with('{') { "application/json" } else { "application/octet-stream" };
            let mut request = request.header("idempotency-key", key);
            if !self.token.is_empty() {
                request = request.header("authorization", format!("Bearer {}", self.token));
            }
            if row.method == "GET" {
                return request.body(Body::empty()).unwrap();
            }
            return request.header("content-type", media).body(Body::from(body)).unwrap();
        }
        let request = request.header("cookie", &self.cookie);
        if row.method == "GET" {
            return request.body(Body::empty()).unwrap();
        }
        let body = format!("csrf={}&key={key}&{body}", self.csrf);
        request.header("content-type", "application/x-www-form-urlencoded").body(Body::from(body)).unwrap()
    }
}

pub fn local(text: &str) -> jiff::Timestamp {
    text.parse::<DateTime>().unwrap().in_tz("Europe/Paris").unwrap().timestamp()
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

pub fn open(folder: &Path, at: &str, seed: u64) -> (Arc<App>, Arc<clock::Set>, Router) {
    let clock = Arc::new(clock::Set::at(local(at)));
    let (host, entropy) = ("regisseur.test".to_owned(), Arc::new(entropy::Seeded::new(seed)));
    let app = App::open(folder, Settings { host, clock: clock.clone(), entropy }).unwrap();
    let app = Arc::new(app.with_optional_second_factor());
    let mailbox = "aide@prestataire.example".to_owned();
    app.exchange_mail(MailSettings {
        from: Address { name: "Prestataire".to_owned(), email: mailbox.clone() },
        answers: mailbox,
        host: "prestataire.example".to_owned(),
        site: "https://prestataire.example".to_owned(),
        zone: "Europe/Paris".to_owned(),
    });
    let host = app::webhook::Allowed::parse("hooks.example", Vec::new(), false).unwrap();
    app.send_webhooks_to(app::webhook::Egress { allowed: vec![host] });
    let web = web::http::Web { app: app.clone(), demo: Vec::new(), demo_clock: false, printer: None };
    (app, clock, web::router(Arc::new(web)))
}

pub fn send(router: &Router, request: Request<Body>) -> Answer {
    block(async {
        let response = router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        // A stream of events has no end.
        let kind = headers.get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default();
        let body = if kind.starts_with("text/event-stream") {
            Vec::new()
        } else {
            to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
        };
        Answer { status, headers, body }
    })
}
