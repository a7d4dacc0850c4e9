//! The instance that everybody visits: two customers who have the same things, and people of every role.
//!
//! It is made once; each person works in a copy of its folder.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::access::{Items, Side};
use app::accounts::roles::NewRole;
use app::accounts::{NewAccount, NewPerson};
use app::customer::NewCustomer;
use app::mail::{Address, Delivery, Incoming, MailSettings};
use app::{Act, App, Role, Settings, clock, entropy};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use base::id::{AccountId, CustomerId};
use jiff::civil::DateTime;
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;

use crate::compare::Answer;
use crate::routes::Row;
use crate::undertaking;

/// What stands for each name between braces.
pub type Ids = BTreeMap<&'static str, String>;

const PASSWORD: &str = "mot de passe assez long";
const SIGNING: &str = "2026-02-16T10:00";
const VISIT: &str = "2026-06-02T10:00";
const SLUGS: [&str; 2] = ["garonne", "sologne"];
/// A name as long as theirs: the length of an answer tells nothing.
const NOBODY: &str = "nulpart";

/// One pixel, as its header says.
const PICTURE: &str = "GIF89a\x01\0\x01\0\0\0\0";

/// Who visits. Everybody is of `garonne`, or the provider's, but those whose name says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Of(Role),
    /// A role for the other customer only.
    Elsewhere(Role),
    /// A technician, signed in when the account was disabled.
    Disabled,
    /// A subcontractor's technician whose one role has ended.
    Ended,
    SignedOut,
}

pub const PEOPLE: [Who; 20] = [
    Who::Of(Role::ALL[0]),
    Who::Of(Role::ALL[1]),
    Who::Of(Role::ALL[2]),
    Who::Of(Role::ALL[3]),
    Who::Of(Role::ALL[4]),
    Who::Of(Role::ALL[5]),
    Who::Of(Role::ALL[6]),
    Who::Of(Role::ALL[7]),
    Who::Of(Role::ALL[8]),
    Who::Of(Role::ALL[9]),
    Who::Of(Role::ALL[10]),
    Who::Of(Role::ALL[11]),
    Who::Of(Role::ALL[12]),
    Who::Of(Role::ALL[13]),
    Who::Of(Role::ALL[14]),
    Who::Elsewhere(Role::CustomerDirector),
    Who::Elsewhere(Role::ThirdPartyTechnician),
    Who::Disabled,
    Who::Ended,
    Who::SignedOut,
];

impl Who {
    pub fn name(self) -> String {
        match self {
            Who::Of(role) => role.key().to_owned(),
            Who::Elsewhere(role) => format!("{} elsewhere", role.key()),
            Who::Disabled => "disabled".to_owned(),
            Who::Ended => "ended".to_owned(),
            Who::SignedOut => "signed out".to_owned(),
        }
    }

    fn email(self) -> String {
        format!("{}@exemple.fr", self.name().replace([' ', '_'], "-"))
    }

    fn role(self) -> Role {
        match self {
            Who::Of(role) | Who::Elsewhere(role) => role,
            Who::Disabled => Role::Technician,
            Who::Ended | Who::SignedOut => Role::ThirdPartyTechnician,
        }
    }

    pub fn signed_in(self) -> bool {
        !matches!(self, Who::Disabled | Who::SignedOut)
    }

    pub fn is_everywhere(self) -> bool {
        matches!(self, Who::Of(role) if role.is_provider())
    }

    /// Whether they hold anything for a customer.
    pub fn reaches(self, slug: &str) -> bool {
        match self {
            Who::Of(role) => role.is_provider() || slug == SLUGS[0],
            Who::Elsewhere(_) => slug == SLUGS[1],
            Who::Disabled | Who::Ended | Who::SignedOut => false,
        }
    }

    /// Whether they read what the provider writes for itself.
    pub fn is_inside(self) -> bool {
        self.is_everywhere()
    }
}

/// Somebody's browser and program.
#[derive(Debug, Clone, Default)]
struct Entered {
    account: Option<AccountId>,
    cookie: String,
    csrf: String,
    token: String,
    /// Of their own, besides what they visit with.
    session: String,
    spare_token: String,
    view: String,
}

pub struct World {
    folder: PathBuf,
    people: Vec<Entered>,
    things: BTreeMap<&'static str, Ids>,
    gone: Ids,
}

/// One person's copy.
pub struct Copy<'a> {
    world: &'a World,
    nth: usize,
    folder: PathBuf,
    app: Arc<App>,
    router: Router,
    keys: std::cell::Cell<u64>,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Drop for Copy<'_> {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn local(text: &str) -> jiff::Timestamp {
    text.parse::<DateTime>().unwrap().in_tz("Europe/Paris").unwrap().timestamp()
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn open(folder: &Path, at: &str, seed: u64) -> (Arc<App>, Arc<clock::Set>, Router) {
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
    let web = web::http::Web { app: app.clone(), demo: Vec::new(), demo_clock: false, printer: None };
    (app, clock, web::router(Arc::new(web)))
}

fn send(router: &Router, request: Request<Body>) -> Answer {
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

impl Entered {
    fn request(&self, row: &Row, ids: &Ids, key: &str) -> Request<Body> {
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

/// The world while it is made.
struct Maker {
    app: Arc<App>,
    router: Router,
    keys: u64,
}

impl Maker {
    fn add(&self, who: Who, customers: &BTreeMap<&str, CustomerId>) -> AccountId {
        let role = who.role();
        let slug = if matches!(who, Who::Elsewhere(_)) { SLUGS[1] } else { SLUGS[0] };
        let customer = (role.side() == Side::Customer).then(|| customers[slug]);
        let (name, email) = (who.name(), who.email());
        let account = self.account(&email, &name, role, customer);
        if role.side() == Side::ThirdParty {
            let about = Items { items: vec!["srv-erp".to_owned()], ..Items::default() };
            let customer = Some(customers[slug]);
            let given = self.app.assign(&NewRole { account, role, customer, contract: None, about }).unwrap();
            if matches!(who, Who::Ended) {
                undertaking::undertake(&self.app, &email);
                self.app.unassign(given).unwrap();
            }
        }
        account
    }

    fn account(&self, email: &str, name: &str, role: Role, customer: Option<CustomerId>) -> AccountId {
        let new = NewAccount { email, name, password: PASSWORD, role, customer, totp_secret: None };
        self.app.add_account(&new).unwrap()
    }

    fn enter(&mut self, email: &str, account: AccountId) -> Entered {
        let token = self.app.add_token(account, "visit").unwrap();
        let mut who = Entered { account: Some(account), token, ..Entered::default() };
        let body = "email={email}&password=mot+de+passe+assez+long";
        let enter = Row { method: "POST", path: "/sign-in", body };
        let ids = Ids::from([("email", email.to_owned())]);
        let answer = send(&self.router, who.request(&enter, &ids, "k"));
        let cookies = answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap());
        let cookie = cookies.map(|c| c.split(';').next().unwrap()).find(|c| c.starts_with("__Host-"));
        who.cookie = cookie.unwrap_or_else(|| panic!("{email} signs in: {}", answer.text())).to_owned();
        let page = self.ask(&who, "GET", "/account", "");
        let after = page.text();
        who.csrf =
            after.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        who
    }

    fn ask(&mut self, who: &Entered, method: &'static str, path: &str, body: &str) -> Answer {
        self.keys += 1;
        let ids = Ids::from([("path", path.to_owned()), ("body", body.to_owned())]);
        // The row's own address decides between a form and JSON.
        let path = if path.starts_with("/api/") { "/api/{path}" } else { "{path}" };
        let ids = if path == "{path}" {
            ids
        } else {
            Ids::from([("path", ids["path"]["/api/".len()..].to_owned()), ("body", ids["body"].clone())])
        };
        let answer = send(
            &self.router,
            who.request(&Row { method, path, body: "{body}" }, &ids, &format!("made-{}", self.keys)),
        );
        assert!(answer.status.as_u16() < 400, "{method} {ids:?}: {} {}", answer.status, answer.text());
        answer
    }

    fn api(&mut self, who: &Entered, path: &str, body: &Value) -> Value {
        let answer = self.ask(who, "POST", &format!("/api/v1/customers/{path}"), &body.to_string());
        serde_json::from_slice(&answer.body).unwrap()
    }
}

/// Where a form led: its last word.
fn led(answer: &Answer) -> String {
    let to = answer.headers["location"].to_str().unwrap();
    to.split(['?', '#']).next().unwrap().rsplit('/').next().unwrap().to_owned()
}

fn number(slug: &str) -> &'static str {
    if slug == SLUGS[0] { "CTR-2026-001" } else { "CTR-2026-900" }
}

impl World {
    pub fn new() -> World {
        let folder = std::env::temp_dir().join(format!("regisseur-matrix-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let (app, clock, router) = open(&folder.join("seed"), SIGNING, 11);
        let mut made = Maker { app: app.clone(), router, keys: 0 };
        let boss = made.account("patronne@exemple.fr", "Patronne", Role::ProviderAdmin, None);
        let create = app.principal(boss).unwrap().permit_instance(Act::CreateCustomer).unwrap();
        let mut customers = BTreeMap::new();
        for (slug, name) in SLUGS.into_iter().zip(["Belette SAS", "Zibeline SAS"]) {
            let new = NewCustomer { slug: slug.to_owned(), name: name.to_owned() };
            customers.insert(slug, app.create_customer(&create, &new).unwrap());
        }
        let mut boss = made.enter("patronne@exemple.fr", boss);
        let signed_folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
        let text = std::fs::read_to_string(signed_folder.join("ateliers-garonne.md")).unwrap();
        let mut spare = BTreeMap::new();
        for slug in SLUGS {
            let email = format!("cible@{slug}.fr");
            let signatory = made.account(&email, &email, Role::CustomerManager, Some(customers[slug]));
            let countersigned_by_token = app.add_token(signatory, "x").unwrap();
            let text =
                text.replace("CTR-2026-001", number(slug)).replace("Ateliers Garonne SAS", name_of(slug));
            let body =
                json!({ "file": "a.md", "text": text, "countersigned_by_token": countersigned_by_token });
            made.api(&boss, &format!("{slug}/contracts"), &body);
            spare.insert(slug, signatory);
        }
        clock.move_to(local(VISIT));
        let accounts: Vec<AccountId> = PEOPLE.iter().map(|who| made.add(*who, &customers)).collect();
        for email in PEOPLE.iter().map(|who| who.email()).chain(["patronne@exemple.fr".to_owned()]) {
            undertaking::undertake(&app, &email);
        }
        let mut things = BTreeMap::new();
        let mut gone = Ids::new();
        for slug in SLUGS {
            let (ids, ended) = made.things(&boss, slug);
            things.insert(slug, ids);
            if slug == SLUGS[0] {
                gone = ended;
            }
        }
        let mut people = Vec::new();
        for (who, account) in PEOPLE.iter().zip(&accounts) {
            let mut entered = made.enter(&who.email(), *account);
            if who.reaches(SLUGS[0]) || who.reaches(SLUGS[1]) {
                let slug = if who.reaches(SLUGS[0]) { SLUGS[0] } else { SLUGS[1] };
                made.ask(
                    &entered,
                    "POST",
                    &format!("/c/{slug}/tickets/views"),
                    "name=Mienne&query=state%3Dopen",
                );
            }
            made.enter(&who.email(), *account);
            app.add_token(*account, "spare").unwrap();
            made.belongings(&mut entered);
            people.push(entered);
        }
        made.ask(&boss, "POST", "/c/sologne/tickets/views", "name=Zibeline&query=state%3Dopen");
        made.belongings(&mut boss);
        let at = |who: Who| PEOPLE.iter().position(|p| *p == who).unwrap();
        app.disable_account_as_operator(accounts[at(Who::Disabled)], true).unwrap();
        people[at(Who::SignedOut)] = Entered::default();
        // What is of the instance: a mail of a stranger, a letter, who holds what.
        let mail = Incoming {
            identity: [1; 32],
            from: vec!["inconnu@ailleurs.example".to_owned()],
            subject: "Bonjour".to_owned(),
            text: "Bonjour".to_owned(),
            believed: true,
            ..Incoming::default()
        };
        app.take_mail(&mail).unwrap();
        made.ask(&boss, "GET", "/", "");
        for letter in app.letters_to_send(100).unwrap() {
            app.letter_ended(&letter.ids, &Delivery::Never("550".to_owned())).unwrap();
        }
        let invited = NewPerson {
            email: "invitee@exemple.fr".to_owned(),
            name: "Invitée".to_owned(),
            role: Role::CustomerUser,
            customer: Some(customers[SLUGS[0]]),
        };
        let code = app.invite_as_operator(&invited).unwrap().code;
        let instance = database(&folder.join("seed/instance.db"));
        let one = |sql: &str| instance.query_row(sql, [], |row| row.get::<_, Vec<u8>>(0)).ok();
        let uuid = |bytes: Option<Vec<u8>>| {
            bytes.map_or_else(made_up, |b| Uuid::from_slice(&b).unwrap().to_string())
        };
        for slug in SLUGS {
            let account = spare[slug];
            let held = instance.query_row(
                "SELECT id FROM assignment WHERE account = ?1",
                [account.0.as_bytes().to_vec()],
                |row| row.get(0),
            );
            let ids = things.get_mut(slug).unwrap();
            ids.insert("account", account.to_string());
            ids.insert("held", uuid(held.ok()));
            ids.insert("mail", uuid(one("SELECT id FROM mail_in")));
            ids.insert("letter", uuid(one("SELECT id FROM mail_out")));
            ids.insert("session", boss.session.clone());
            ids.insert("token", boss.spare_token.clone());
            ids.insert("view", boss.view.clone());
            ids.insert("code", code.clone());
            ids.insert("elsewhere", SLUGS[1].to_owned());
        }
        gone.insert("held", uuid(one("SELECT id FROM assignment WHERE ended IS NOT NULL")));
        app.keep_notices().unwrap();
        World { folder, people, things, gone }
    }

    /// The instance as it was made, opened for one person.
    pub fn copy(&self, nth: usize) -> Copy<'_> {
        let folder = self.folder.join(nth.to_string());
        copy_folder(&self.folder.join("seed"), &folder);
        let (app, _, router) = open(&folder, VISIT, 1000 + nth as u64);
        Copy { world: self, nth, folder, app, router, keys: std::cell::Cell::new(0) }
    }
}

fn name_of(slug: &str) -> &'static str {
    if slug == SLUGS[0] { "Belette SAS" } else { "Zibeline SAS" }
}

impl Maker {
    /// The same things for each customer, and those that ended.
    fn things(&mut self, boss: &Entered, slug: &str) -> (Ids, Ids) {
        let word = if slug == SLUGS[0] { "Belette" } else { "Zibeline" };
        // One more at the other's: its number is nobody's here.
        let tickets = if slug == SLUGS[0] { 2 } else { 7 };
        for nth in 1..=tickets {
            let body = json!({ "title": format!("{word} {nth}"), "priority": "P3", "item": "srv-erp", "description": word });
            self.api(boss, &format!("{slug}/tickets"), &body);
        }
        let ticket = if slug == SLUGS[0] { 1 } else { 6 };
        let linked = ticket + 1;
        let steps = format!("{slug}/tickets/{ticket}/steps");
        self.api(boss, &steps, &json!({ "do": "note", "body": "Musaraigne" }));
        let file = |of: &Value| of["id"].as_str().unwrap().to_owned();
        let mut files = Vec::new();
        for sight in ["public", "internal"] {
            let name = if sight == "internal" { "Musaraigne" } else { word };
            let path =
                format!("/api/v1/customers/{slug}/tickets/{ticket}/files?name={name}.gif&visibility={sight}");
            let answer = self.ask(boss, "POST", &path, PICTURE);
            files.push(file(&serde_json::from_slice(&answer.body).unwrap()));
        }
        for nth in 1..=tickets {
            let (audience, title) =
                if nth == linked { ("internal", "Musaraigne") } else { ("parties", word) };
            let body = json!({ "title": title, "body": title, "audience": audience, "items": ["srv-erp"], "review_by": "2027-12-31" });
            self.api(boss, &format!("{slug}/articles"), &body);
            self.api(boss, &format!("{slug}/articles/{nth}/state"), &json!({ "state": "published" }));
        }
        let mut outages = Vec::new();
        let mut windows = Vec::new();
        for detected in ["2026-06-02T07:00:00Z", "2026-06-02T05:00:00Z"] {
            let body =
                json!({ "items": ["srv-erp"], "detected": detected, "state": "down", "origin": "provider" });
            outages.push(file(&self.api(boss, &format!("{slug}/outages"), &body)));
            let body = json!({ "items": ["srv-erp"], "from": "2026-07-01T07:00:00Z", "until": "2026-07-01T08:00:00Z" });
            windows.push(file(&self.api(boss, &format!("{slug}/maintenance"), &body)));
        }
        self.api(boss, &format!("{slug}/outages/{}/cancel", outages[1]), &json!({}));
        self.api(boss, &format!("{slug}/maintenance/{}/cancel", windows[1]), &json!({}));
        let mut drafts = Vec::new();
        for nth in 0..2 {
            let body = format!("start=blank&number=CTR-2027-00{nth}&title={word}");
            drafts.push(led(&self.ask(boss, "POST", &format!("/c/{slug}/drafts"), &body)));
        }
        self.api(boss, &format!("{slug}/months/2026-03/close"), &json!({}));
        self.ask(boss, "POST", &format!("/c/{slug}/drafts/{}/delete", drafts[1]), "version=1");
        let ids = Ids::from([
            ("customer", slug.to_owned()),
            ("ticket", ticket.to_string()),
            ("linked", linked.to_string()),
            ("article", ticket.to_string()),
            ("inner", linked.to_string()),
            ("contract", number(slug).to_owned()),
            ("file", files[0].clone()),
            ("note_file", files[1].clone()),
            ("outage", outages[0].clone()),
            ("window", windows[0].clone()),
            ("draft", drafts[0].clone()),
            ("desk_line", made_up()),
        ]);
        let gone = Ids::from([
            ("outage", outages[1].clone()),
            ("window", windows[1].clone()),
            ("draft", drafts[1].clone()),
        ]);
        (ids, gone)
    }

    /// What somebody has of their own.
    fn belongings(&mut self, who: &mut Entered) {
        let token = who.cookie.split_once('=').unwrap().1;
        let session = self.app.session(token).unwrap().unwrap();
        let others = self.app.sessions_of(&session).unwrap();
        who.session = others.iter().find(|s| !s.current).or(others.first()).unwrap().id.clone();
        let tokens = self.app.tokens_of(&session).unwrap();
        let spare = tokens.iter().find(|t| t.label == "spare").or(tokens.first());
        who.spare_token = spare.map_or_else(made_up, |t| t.id.to_string());
        let account = who.account.unwrap().0.as_bytes().to_vec();
        let instance = database(&self.app_folder());
        let view: Option<Vec<u8>> = instance
            .query_row("SELECT id FROM saved_view WHERE account = ?1", [account], |row| row.get(0))
            .ok();
        who.view = view.map_or_else(made_up, |b| Uuid::from_slice(&b).unwrap().to_string());
    }

    fn app_folder(&self) -> PathBuf {
        std::env::temp_dir().join(format!("regisseur-matrix-{}/seed/instance.db", std::process::id()))
    }
}

impl Copy<'_> {
    pub fn person(&self) -> Who {
        PEOPLE[self.nth]
    }

    fn entered(&self) -> &Entered {
        &self.world.people[self.nth]
    }

    pub fn ask(&self, row: &Row, ids: &Ids) -> Answer {
        self.keys.set(self.keys.get() + 1);
        send(&self.router, self.entered().request(row, ids, &format!("visit-{}", self.keys.get())))
    }

    /// What is of `garonne`, and their own.
    pub fn ids(&self) -> Ids {
        let mut ids = self.world.things[SLUGS[0]].clone();
        let own = self.entered();
        if own.account.is_some() {
            ids.insert("session", own.session.clone());
            ids.insert("token", own.spare_token.clone());
            ids.insert("view", own.view.clone());
        }
        ids
    }

    pub fn ids_of(&self, slug: &str) -> Ids {
        self.world.things[slug].clone()
    }

    pub fn ids_of_nobody(&self) -> Ids {
        self.world.things[SLUGS[0]].keys().map(|kind| (*kind, nothing(kind))).collect()
    }

    /// Another customer's thing, one made up, and one of `garonne` that ended.
    pub fn strange(&self, kind: &str) -> (String, String, Option<String>) {
        let other = self.world.things[SLUGS[1]][kind].clone();
        (other, nothing(kind), self.world.gone.get(kind).cloned())
    }

    /// Everything that a vault holds, in words.
    pub fn dump(&self, slug: &str) -> String {
        let vault = database(&self.folder.join("vaults").join(slug).join("vault.db"));
        let mut tables =
            vault.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").unwrap();
        let names: Vec<String> =
            tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let mut all = String::new();
        for name in names {
            let mut rows = vault.prepare(&format!("SELECT * FROM {name}")).unwrap();
            let columns = rows.column_count();
            let mut rows = rows.query([]).unwrap();
            writeln!(all, "{name}").unwrap();
            while let Some(row) = rows.next().unwrap() {
                for column in 0..columns {
                    write!(all, "{:?} ", row.get_ref(column).unwrap()).unwrap();
                }
                all.push('\n');
            }
        }
        all
    }

    /// What the journal says that the person was refused, and how many times each.
    pub fn denials(&self) -> Vec<(String, i64)> {
        let Some(account) = self.entered().account else { return Vec::new() };
        self.app.keep_notices().unwrap();
        let instance = database(&self.folder.join("instance.db"));
        let sql = "SELECT object, COUNT(*) FROM security_act WHERE account = ?1 AND kind LIKE '%denied' GROUP BY object";
        let mut found = instance.prepare(sql).unwrap();
        let rows =
            found.query_map([account.0.as_bytes().to_vec()], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    }
}

/// What is nobody's, as long as what is somebody's.
fn nothing(kind: &str) -> String {
    match kind {
        "customer" | "elsewhere" => NOBODY.to_owned(),
        "ticket" | "linked" | "article" | "inner" => "9".to_owned(),
        "contract" => "CTR-2026-777".to_owned(),
        "session" => "0".repeat(64),
        "code" => "A".repeat(43),
        _ => made_up(),
    }
}

fn made_up() -> String {
    "0198f000-0000-7000-8000-00000000dead".to_owned()
}

fn database(file: &Path) -> rusqlite::Connection {
    let open = rusqlite::Connection::open(file).unwrap();
    open.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    open
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
