//! The instance that everybody visits: two customers who have the same things, and people of every role.
//!
//! It is made once; each person works in a copy of its folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::access::{Items, Side};
use app::accounts::roles::NewRole;
use app::accounts::{NewAccount, NewPerson};
use app::customer::NewCustomer;
use app::mail::{Delivery, Incoming};
use app::{Act, App, Role};
use axum::Router;
use base::id::{AccountId, CustomerId};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::browser::{Entered, Ids, local, open, send};
use crate::compare::Answer;
use crate::people::{PEOPLE, Who};
use crate::routes::Row;
use crate::undertaking;

const PASSWORD: &str = "mot de passe assez long";
const SIGNING: &str = "2026-02-16T10:00";
pub const VISIT: &str = "2026-06-02T10:00";
pub const SLUGS: [&str; 2] = ["garonne", "sologne"];

/// One pixel, as its header says.
const PICTURE: &str = "GIF89a\x01\0\x01\0\0\0\0";

pub struct World {
    pub folder: PathBuf,
    pub people: Vec<Entered>,
    pub things: BTreeMap<&'static str, Ids>,
    /// What was `garonne`'s, and ended.
    pub gone: Ids,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
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

/// A file of another tool, with one matter that is over.
fn export(word: &str, number: u32) -> String {
    format!("numero;titre;etat;ouvert\n{number};Clavier {word};clos;2025-01-06 09:00\n")
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
            let body = json!({ "title": format!("{word} {nth}"), "priority": "P3", "item": "srv-erp", "description": word,
                "declared": "2026-06-02T07:00:00Z" });
            self.api(boss, &format!("{slug}/tickets"), &body);
        }
        let ticket = if slug == SLUGS[0] { 1 } else { 6 };
        let linked = ticket + 1;
        let steps = format!("{slug}/tickets/{ticket}/steps");
        self.api(boss, &steps, &json!({ "do": "note", "body": "Musaraigne" }));
        let file = |of: &Value| of["id"].as_str().unwrap().to_owned();
        let body = json!({ "arrived": "2026-06-01T07:00:00Z", "left": "2026-06-01T08:00:00Z", "work": word });
        let visit = file(&self.api(boss, &format!("{slug}/tickets/{ticket}/visits"), &body));
        let body = json!({ "minutes": 10, "started": "2026-06-02T07:10:00Z", "kind": "remote" });
        let time = file(&self.api(boss, &format!("{slug}/tickets/{ticket}/time"), &body));
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
        let mut plans = Vec::new();
        for _ in 0..2 {
            let body =
                json!({ "title": word, "every": 1, "unit": "months", "first": "2027-01-04", "at": "08:00" });
            plans.push(file(&self.api(boss, &format!("{slug}/plans"), &body)));
        }
        self.api(boss, &format!("{slug}/plans/{}/end", plans[1]), &json!({}));
        let mut hooks = Vec::new();
        for side in ["customer", "provider", "customer"] {
            let body = json!({ "url": format!("https://hooks.example/{word}"), "events": ["ticket.opened"], "side": side });
            hooks.push(file(&self.api(boss, &format!("{slug}/webhooks"), &body)));
        }
        self.api(boss, &format!("{slug}/webhooks/{}/remove", hooks[2]), &json!({}));
        let mut imports = Vec::new();
        for _ in 0..3 {
            let path = format!("/api/v1/customers/{slug}/imports?what=tickets&source=csv&name={word}.csv");
            let answer = self.ask(boss, "POST", &path, &export(word, 2));
            imports.push(file(&serde_json::from_slice(&answer.body).unwrap()));
        }
        self.api(boss, &format!("{slug}/imports/{}/remove", imports[1]), &json!({}));
        let mut sent = |what: &str, bytes: &str| {
            let path = format!("/api/v1/customers/{slug}/imports?what={what}&source=csv&name={word}.csv");
            file(&serde_json::from_slice(&self.ask(boss, "POST", &path, bytes).body).unwrap())
        };
        let people = sent("people", &format!("courriel\n{word}@nulle-part.example\n"));
        let items = sent("items", &format!("nom\n{word}-99\n"));
        let matter = self.matter(boss, slug, word).to_string();
        for name in ["a", "b", "c"] {
            self.ask(boss, "POST", &format!("/c/{slug}/templates"), &format!("name={word}+{name}&fr={word}"));
        }
        let page = self.ask(boss, "GET", &format!("/c/{slug}/templates"), "");
        let page = String::from_utf8(page.body).unwrap();
        let templates: Vec<String> =
            page.split("/templates?edit=").skip(1).map(|rest| rest.chars().take(36).collect()).collect();
        self.ask(boss, "POST", &format!("/c/{slug}/templates/remove"), &format!("id={}", templates[1]));
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
            ("visit", visit),
            ("time", time),
            ("outage", outages[0].clone()),
            ("window", windows[0].clone()),
            ("plan", plans[0].clone()),
            ("webhook", hooks[0].clone()),
            ("own_webhook", hooks[1].clone()),
            ("template", templates[0].clone()),
            ("api_template", templates[2].clone()),
            ("draft", drafts[0].clone()),
            ("import", imports[0].clone()),
            ("spare_import", imports[2].clone()),
            ("people_import", people),
            ("items_import", items),
            ("matter", matter),
            ("desk_line", made_up()),
        ]);
        let gone = Ids::from([
            ("outage", outages[1].clone()),
            ("window", windows[1].clone()),
            ("plan", plans[1].clone()),
            ("webhook", hooks[2].clone()),
            ("own_webhook", hooks[2].clone()),
            ("template", templates[1].clone()),
            ("api_template", templates[1].clone()),
            ("draft", drafts[1].clone()),
            ("import", imports[1].clone()),
            ("spare_import", imports[1].clone()),
            ("people_import", imports[1].clone()),
            ("items_import", imports[1].clone()),
        ]);
        (ids, gone)
    }

    /// The entry of something that was over in another tool.
    fn matter(&self, boss: &Entered, slug: &str, word: &str) -> u64 {
        let (customer, account) = (self.app.find_customer(slug).unwrap(), boss.account.unwrap());
        let who = self.app.principal(account).unwrap();
        let ask = app::import::ImportTickets {
            source: app::import::Source::Csv,
            contract: None,
            since: app::import::Since::Import,
            priorities: BTreeMap::new(),
            lang: base::Lang::Fr,
        };
        let permit = who.permit(Act::Import, customer).unwrap();
        self.app.import_tickets(&permit, &ask, export(word, 1).as_bytes(), &mut |_, _| ()).unwrap();
        let see = who.permit(Act::SeeTickets, customer).unwrap();
        self.app.history(&see, None, 1).unwrap().0[0].entry
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

pub fn made_up() -> String {
    "0198f000-0000-7000-8000-00000000dead".to_owned()
}

pub fn database(file: &Path) -> rusqlite::Connection {
    let open = rusqlite::Connection::open(file).unwrap();
    open.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    open
}
