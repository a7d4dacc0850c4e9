//! Files on tickets, through forms as a browser sends them: who sees them, how they come back, and what
//! an upload that is refused or cut short leaves.

#[path = "common/undertaking.rs"]
mod undertaking;

use std::path::PathBuf;
use std::sync::Arc;

use app::accounts::NewAccount;
use app::customer::NewCustomer;
use app::ticket::{IdempotencyKey, OpenTicket};
use app::{Act, App, Role, Settings, clock, entropy};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::channel::Channel;
use tower::ServiceExt;

const PASSWORD: &str = "mot de passe assez long";
/// A picture of 4 by 3, as its header says.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x04\0\0\0\x03\x08\x02";
const TICKET: &str = "/c/garonne/tickets/1";

struct Site {
    router: Router,
    folder: PathBuf,
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Somebody's browser.
struct Person<'a> {
    site: &'a Site,
    cookie: String,
}

/// A field of a form: its name, the name of its file, its bytes.
type Field<'a> = (&'a str, Option<&'a str>, &'a [u8]);

impl Site {
    /// Two customers under contract A, each with one ticket.
    fn new(name: &str) -> Site {
        let folder = std::env::temp_dir().join(format!("regisseur-files-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let clock = Arc::new(clock::Set::at("2026-02-16T09:00:00Z".parse().unwrap()));
        let (host, entropy) = ("regisseur.test".into(), Arc::new(entropy::Seeded::new(31)));
        let app = App::open(&folder, Settings { host, clock: clock.clone(), entropy }).unwrap();
        let app = app.with_optional_second_factor();
        let add = |email: &str, role, customer| {
            let new =
                NewAccount { email, name: email, password: PASSWORD, role, customer, totp_secret: None };
            app.principal(app.add_account(&new).unwrap()).unwrap()
        };
        let admin = add("admin@exemple.fr", Role::ProviderAdmin, None);
        add("technique@exemple.fr", Role::Technician, None);
        let create = admin.permit_instance(Act::CreateCustomer).unwrap();
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let text = std::fs::read_to_string(root.join("contracts/ateliers-garonne.md")).unwrap();
        for slug in ["garonne", "adour"] {
            let new = NewCustomer { slug: slug.into(), name: slug.into() };
            let customer = app.create_customer(&create, &new).unwrap();
            let manager = add(&format!("direction@{slug}.fr"), Role::CustomerManager, Some(customer));
            let user = add(&format!("lea@{slug}.fr"), Role::CustomerUser, Some(customer));
            clock.move_to("2026-02-16T09:00:00Z".parse().unwrap());
            let ours = admin.permit(Act::SignContract, customer).unwrap();
            let theirs = manager.permit(Act::SignContract, customer).unwrap();
            app.sign_contract(&ours, &theirs, "contracts/ateliers-garonne.md", &text).unwrap();
            clock.move_to("2026-06-16T07:00:00Z".parse().unwrap());
            let ask = OpenTicket { title: "Écran bleu".to_owned(), ..OpenTicket::default() };
            let open = user.permit(Act::OpenTicket, customer).unwrap();
            app.open_ticket(&open, &IdempotencyKey::parse("first").unwrap(), &ask).unwrap();
        }
        undertaking::undertake(&app, "technique@exemple.fr");
        let web = web::http::Web { app: Arc::new(app), demo: Vec::new(), demo_clock: false, printer: None };
        Site { router: web::router(Arc::new(web)), folder }
    }

    async fn enter(&self, email: &str) -> Person<'_> {
        let mut person = Person { site: self, cookie: String::new() };
        let body = serde_urlencoded::to_string([("email", email), ("password", PASSWORD)]).unwrap();
        let request = Request::post("/sign-in").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (status, headers, _) = person.send(request, Body::from(body)).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let cookies =
            headers.get_all(SET_COOKIE).iter().map(|c| c.to_str().unwrap().split(';').next().unwrap());
        person.cookie = cookies.filter(|c| c.starts_with("__Host-")).collect();
        person
    }

    /// Every file on disk below a vault's `files`.
    fn on_disk(&self, slug: &str) -> usize {
        fn below(dir: PathBuf) -> usize {
            let Ok(list) = std::fs::read_dir(&dir) else { return 0 };
            list.map(|e| e.unwrap().path()).map(|p| if p.is_dir() { below(p) } else { 1 }).sum()
        }
        below(self.folder.join("vaults").join(slug).join("files"))
    }
}

impl Person<'_> {
    async fn send(
        &self,
        request: axum::http::request::Builder,
        body: Body,
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        let request = request.header("host", "localhost").header(COOKIE, &self.cookie).body(body).unwrap();
        let response = self.site.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        (status, headers, to_bytes(response.into_body(), 1 << 25).await.unwrap().to_vec())
    }

    async fn get(&self, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
        self.send(Request::get(path), Body::empty()).await
    }

    async fn page(&self) -> String {
        let (status, _, body) = self.get(TICKET).await;
        assert_eq!(status, StatusCode::OK);
        String::from_utf8(body).unwrap()
    }

    /// The proof and the key of the page's forms.
    async fn proof(&self) -> (String, String) {
        let page = self.page().await;
        let value = |name: &str| {
            let found = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
            found.split('"').next().unwrap().to_owned()
        };
        (value("csrf"), value("key"))
    }

    /// Sends a message's form with its proof first, as the page has it.
    async fn say(&self, act: &str, text: &str, files: &[(&str, &[u8])]) -> (StatusCode, String) {
        let (csrf, key) = self.proof().await;
        let mut fields: Vec<Field<'_>> = vec![
            ("csrf", None, csrf.as_bytes()),
            ("key", None, key.as_bytes()),
            ("text", None, text.as_bytes()),
        ];
        fields.extend(files.iter().map(|(name, bytes)| ("files", Some(*name), *bytes)));
        self.post(act, &fields).await
    }

    async fn post(&self, act: &str, fields: &[Field<'_>]) -> (StatusCode, String) {
        let request = Request::post(format!("{TICKET}/{act}")).header(CONTENT_TYPE, MULTIPART);
        let (status, headers, body) = self.send(request, Body::from(multipart(fields))).await;
        let to = headers.get(LOCATION).map(|v| v.to_str().unwrap().to_owned());
        (status, to.unwrap_or_else(|| String::from_utf8_lossy(&body).into_owned()))
    }
}

const MULTIPART: &str = "multipart/form-data; boundary=limite";

fn multipart(fields: &[Field<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in fields {
        let file = file.map(|f| format!("; filename=\"{f}\"\r\nContent-Type: text/html")).unwrap_or_default();
        body.extend(
            format!("--limite\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes(),
        );
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--limite--\r\n");
    body
}

/// The addresses of the files that a page shows, images apart.
fn addresses(page: &str) -> Vec<String> {
    let start = format!("href=\"{TICKET}/files/");
    let links = page.split(&start).skip(1);
    links.map(|rest| format!("{TICKET}/files/{}", rest.split('"').next().unwrap())).collect()
}

#[tokio::test]
async fn a_file_comes_back_as_it_went_and_never_runs() {
    let site = Site::new("round");
    let lea = site.enter("lea@garonne.fr").await;
    let html = b"<script>alert(document.cookie)</script>".as_slice();
    let big = vec![b'x'; 700_000];
    let files = [("capture écran.png", PNG), ("page.html", html), ("trace.log", &big)];
    let (status, to) = lea.say("reply", "Voici **deux** fichiers et ![x](capture%20écran.png)", &files).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, TICKET), "{to}");
    let page = lea.page().await;
    assert!(page.contains("<strong>deux</strong>"), "{page}");
    let found = addresses(&page);
    assert_eq!(found.len(), 3);
    assert!(page.contains(&format!("<img src=\"{}/image\" alt=\"x\" width=\"4\" height=\"3\"", found[0])));

    let sent = [PNG, html, &big];
    let types = ["image/png", "text/plain; charset=utf-8", "text/plain; charset=utf-8"];
    let names = ["capture%20%C3%A9cran.png", "page.html.txt", "trace.log"];
    for (n, address) in found.iter().enumerate() {
        let (status, headers, body) = lea.get(address).await;
        assert_eq!(status, StatusCode::OK);
        assert!(body == sent[n], "file {n} comes back byte for byte");
        let header = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), types[n]);
        assert_eq!(header("content-length"), sent[n].len().to_string());
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(header("cache-control"), "no-store");
        let how = header("content-disposition");
        assert!(how.starts_with("attachment;") && how.ends_with(names[n]), "{how}");
    }
    let (status, headers, _) = lea.get(&format!("{}/image", found[0])).await;
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (StatusCode::OK, "image/png"));
    for text in &found[1..] {
        assert_eq!(
            lea.get(&format!("{text}/image")).await.0,
            StatusCode::NOT_FOUND,
            "only an image is drawn"
        );
    }
}

#[tokio::test]
async fn an_internal_file_is_the_providers_and_anothers_file_is_no_file() {
    let site = Site::new("inside");
    let (lea, tech) = (site.enter("lea@garonne.fr").await, site.enter("technique@exemple.fr").await);
    assert_eq!(tech.say("note", "Analyse", &[("vidage.log", b"interne")]).await.0, StatusCode::SEE_OTHER);
    assert_eq!(tech.say("note", "", &[("seul.log", b"interne aussi")]).await.0, StatusCode::SEE_OTHER);
    let (ours, theirs) = (addresses(&tech.page().await), addresses(&lea.page().await));
    assert_eq!((ours.len(), theirs.len()), (2, 0));
    for address in &ours {
        assert_eq!(tech.get(address).await.0, StatusCode::OK);
        assert_eq!(lea.get(address).await.0, StatusCode::NOT_FOUND);
    }
    let kept = site.on_disk("garonne");
    assert_eq!(lea.say("note", "x", &[("a.txt", b"a")]).await.0, StatusCode::NOT_FOUND);
    assert_eq!(site.on_disk("garonne"), kept, "a note is not even received from whoever may not write one");

    assert_eq!(lea.say("reply", "Voilà", &[("a.txt", b"a")]).await.0, StatusCode::SEE_OTHER);
    let own = addresses(&lea.page().await).remove(0);
    let neighbour = site.enter("lea@adour.fr").await;
    let random = format!("{TICKET}/files/0198c0de-0000-7000-8000-000000000000");
    for address in [&own, &random, &format!("{TICKET}/files/x")] {
        assert_eq!(neighbour.get(address).await.0, StatusCode::NOT_FOUND);
        let moved = address.replace("garonne", "adour");
        assert_eq!(neighbour.get(&moved).await.0, StatusCode::NOT_FOUND, "nor under one's own customer");
    }
    let away = Person { site: &site, cookie: String::new() };
    assert_eq!(away.get(&own).await.0, StatusCode::SEE_OTHER, "signed out: to the door");
}

#[tokio::test]
async fn what_is_refused_says_why_and_leaves_nothing() {
    let site = Site::new("refused");
    let lea = site.enter("lea@garonne.fr").await;
    let many: Vec<(&str, &[u8])> = (0..11).map(|_| ("a.txt", b"a".as_slice())).collect();
    let large = vec![b'x'; 20 * 1024 * 1024 + 1];
    for (files, why) in [
        (vec![("photo.png", b"MZ\x90\0".as_slice())], "Un programme"),
        (vec![("gros.log", large.as_slice()), ("a.txt", b"a")], "20\u{a0}Mio"),
        (many, "10 fichiers à la fois"),
    ] {
        let (status, page) = lea.say("reply", "Voici", &files).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(page.contains(why), "{why}: {page}");
    }
    let (csrf, key) = lea.proof().await;
    let file: Field<'_> = ("files", Some("a.txt"), b"a");
    let forged = [("csrf", None, b"x".as_slice()), ("key", None, key.as_bytes()), file];
    assert_eq!(lea.post("reply", &forged).await.0, StatusCode::FORBIDDEN);
    let late = [file, ("csrf", None, csrf.as_bytes()), ("key", None, key.as_bytes())];
    assert_eq!(lea.post("reply", &late).await.0, StatusCode::FORBIDDEN, "no file is read before the proof");
    assert_eq!(lea.say("reply", "", &[("", b"")]).await.0, StatusCode::UNPROCESSABLE_ENTITY, "nothing said");
    assert_eq!(site.on_disk("garonne"), 0);
    assert!(!lea.page().await.contains("Voici"), "no message without its files");
}

/// Whoever reports shows what they see at once: the ticket and its files are there together, or neither.
#[tokio::test]
async fn a_ticket_is_opened_with_what_shows_the_trouble() {
    let site = Site::new("opened");
    let lea = site.enter("lea@garonne.fr").await;
    let (csrf, key) = lea.proof().await;
    let open = async |key: &str, csrf: &str, name: &str, bytes: &[u8]| {
        let fields: Vec<Field<'_>> = vec![
            ("csrf", None, csrf.as_bytes()),
            ("key", None, key.as_bytes()),
            ("kind", None, b"incident"),
            ("title", None, "Écran rayé".as_bytes()),
            ("impact", None, b"user"),
            ("urgency", None, b"blocking"),
            ("files", Some(name), bytes),
        ];
        let request = Request::post("/c/garonne/tickets").header(CONTENT_TYPE, MULTIPART);
        let (status, headers, body) = lea.send(request, Body::from(multipart(&fields))).await;
        let to = headers.get(LOCATION).map(|v| v.to_str().unwrap().to_owned());
        (status, to.unwrap_or_else(|| String::from_utf8_lossy(&body).into_owned()))
    };
    let (status, page) = open(&key, &csrf, "outil.exe", b"MZ\x90\0").await;
    assert_eq!(status, StatusCode::CONFLICT);
    for told in ["Un programme", "Écran rayé", "choisissez-les de nouveau"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert_eq!(open(&key, "x", "a.png", PNG).await.0, StatusCode::FORBIDDEN, "no file before the proof");
    assert_eq!(
        (lea.get("/c/garonne/tickets/2").await.0, site.on_disk("garonne")),
        (StatusCode::NOT_FOUND, 0)
    );

    let (status, to) = open(&key, &csrf, "écran.png", PNG).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/c/garonne/tickets/2"), "{to}");
    let again = open(&key, &csrf, "écran.png", PNG).await;
    assert_eq!(again, (status, to.clone()), "pressed twice, opened once");
    let page = String::from_utf8(lea.get(&to).await.2).unwrap();
    assert!(page.contains("écran.png") && page.contains("Écran rayé"), "{page}");
    assert_eq!(site.on_disk("garonne"), 1);
    let other = open(&key, &csrf, "autre.png", b"\x89PNG\r\n\x1a\nautre").await;
    assert_eq!(other.0, StatusCode::CONFLICT, "the same key with another file");
    let stranger = site.enter("lea@adour.fr").await;
    assert_eq!(stranger.get(&to).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_upload_cut_short_leaves_nothing_and_is_on_disk_while_it_lasts() {
    let site = Site::new("cut");
    let lea = site.enter("lea@garonne.fr").await;
    let (csrf, key) = lea.proof().await;
    let start = [
        ("csrf", None, csrf.as_bytes()),
        ("key", None, key.as_bytes()),
        ("files", Some("a.log"), b"x".as_slice()),
    ];
    let start = multipart(&start);
    let start = start[..start.len() - b"\r\n--limite--\r\n".len()].to_vec();
    let (mut sender, body) = Channel::<Bytes, std::io::Error>::new(1);
    let request = Request::post(format!("{TICKET}/reply")).header(CONTENT_TYPE, MULTIPART);
    let sending = async {
        sender.send_data(start.into()).await.unwrap();
        for _ in 0..40 {
            sender.send_data(Bytes::from(vec![b'x'; 100_000])).await.unwrap();
        }
        let during = site.on_disk("garonne");
        sender.abort(std::io::Error::other("the cable was pulled"));
        during
    };
    let ((status, ..), during) = tokio::join!(lea.send(request, Body::new(body)), sending);
    assert_eq!((status, during), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    assert_eq!(site.on_disk("garonne"), 0);
}

#[tokio::test]
async fn a_message_is_looked_at_before_it_is_sent() {
    let site = Site::new("preview");
    let lea = site.enter("lea@garonne.fr").await;
    let (csrf, _) = lea.proof().await;
    let fields = [("csrf", csrf.as_str()), ("act", "reply"), ("text", "Deux\r\n- **points**\n<script>")];
    let body = serde_urlencoded::to_string(fields).unwrap();
    let request =
        Request::post(format!("{TICKET}/preview")).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let (status, _, page) = lea.send(request, Body::from(body)).await;
    let page = String::from_utf8(page).unwrap();
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("<li><strong>points</strong>"), "{page}");
    assert!(page.contains("- **points**\n&lt;script&gt;</textarea>"), "what was typed is still there");
    assert!(!page.contains("<script>"));
    assert!(!lea.page().await.contains("points"), "nothing was written");
}
