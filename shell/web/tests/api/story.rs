//! A contract's life through the API, every operation once.

use std::collections::BTreeSet;

use journal::Checkpoint;
use journal::note::VerifierKey;
use journal::tile::decode_bundle;
use journal::tree::{Frontier, leaf_hash};
use serde_json::{Value, json};

use crate::catalogue::catalogue;
use crate::imports::imports;
use crate::knowledge::{knowledge, search};
use crate::levels::levels;
use crate::schema;
use crate::server::{Server, contract};
use crate::visits::{answers, review, time, visits};

#[test]
fn every_operation_answers_as_the_document_says() {
    let server = Server::new();
    server.get("/openapi.json").send();
    customers(&server);
    contracts(&server);
    server.at("2026-06-02T10:00");
    life(&server);
    let number = ticket(&server);
    hotline(&server, number);
    services(&server);
    money(&server);
    log(&server);
    files(&server);
    desk(&server);
    search(&server);
    knowledge(&server);
    satisfaction(&server);
    visits(&server);
    time(&server);
    answers(&server);
    review(&server);
    levels(&server);
    catalogue(&server);

    let done: BTreeSet<String> = server
        .seen()
        .iter()
        .filter(|s| s.ends_with(" 200") || s.ends_with(" 201"))
        .map(|s| s.rsplit_once(' ').unwrap().0.to_owned())
        .collect();
    assert_eq!(done, described(server.document()), "operations without a test, or tests without one");
}

fn described(document: &Value) -> BTreeSet<String> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, operations)| {
        let methods = operations.as_object().unwrap().keys();
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    operations.collect()
}

fn files(server: &Server) {
    let all = "/customers/garonne/tickets/1/files";
    let attach = |query: &str, key: &str, bytes: &[u8], who: &str| {
        let ask = server.ask(axum::http::Method::POST, &format!("{all}?{query}"));
        ask.header("idempotency-key", key).body(bytes.to_vec()).of(who)
    };
    let made = attach("name=releve.csv", "file-1", b"a;b", "customer_user");
    assert_eq!(made.status, 201, "{:#}", made.json);
    assert_eq!((&made.json["bytes"], &made.json["media"]), (&json!(3), &json!("text/plain; charset=utf-8")));
    assert_eq!(attach("name=releve.csv", "file-1", b"a;b", "customer_user").json, made.json, "a retry");
    attach("name=releve.csv", "file-1", b"a;c", "customer_user").problem(409, "idempotency.conflict");
    attach("name=x&visibility=hidden", "file-2", b"x", "technician").problem(422, "invalid");
    attach("name=x.exe", "file-3", b"MZ", "technician").problem(409, "file.program");
    let large = vec![b'x'; 20 * 1024 * 1024 + 1];
    attach("name=x.log", "file-4", &large, "technician").problem(409, "file.too_large");
    let inside = attach("name=note.txt&visibility=internal", "file-5", b"inside", "technician");
    assert_eq!(inside.status, 201, "{:#}", inside.json);

    let listed = |who: &str| server.get(all).of(who).json["items"].as_array().unwrap().len();
    assert_eq!((listed("technician"), listed("customer_user")), (2, 1));
    let bytes = server.get(&format!("{all}/{}", made.json["id"].as_str().unwrap())).of("customer_user");
    assert_eq!((bytes.status.as_u16(), bytes.body.as_slice()), (200, b"a;b".as_slice()));
    assert!(bytes.header("content-disposition").starts_with("attachment; filename=\"releve.csv\""));
    let hidden = format!("{all}/{}", inside.json["id"].as_str().unwrap());
    server.get(&hidden).of("customer_user").problem(404, "not_found");
    server.get(&hidden).of("stranger").problem(404, "not_found");
}

fn customers(server: &Server) {
    let made = server
        .post("/customers", &json!({ "slug": "blois", "name": "Imprimerie de Blois SARL" }))
        .of("provider_admin");
    assert_eq!(made.status, 201, "{:#}", made.json);
    assert_eq!(made.header("location"), "/api/v1/customers/blois");
    let all = server.get("/customers").of("technician");
    assert_eq!(all.json["items"].as_array().unwrap().len(), 3);
    let id = made.json["id"].as_str().unwrap();
    assert_eq!(server.get(&format!("/customers/{id}")).of("technician").json, made.json);
}

fn contracts(server: &Server) {
    let signed = server.sign("ateliers-garonne.md");
    assert_eq!(signed.status, 201, "{:#}", signed.json);
    assert_eq!(signed.header("location"), "/api/v1/customers/garonne/contracts/CTR-2026-001");
    let list = server.get("/customers/garonne/contracts").of("customer_manager");
    assert_eq!(list.json["items"][0]["number"], "CTR-2026-001");
    let path = "/customers/garonne/contracts/CTR-2026-001";
    let read = server.get(&format!("{path}?version=1")).of("customer_manager");
    let clauses = read.json["clauses"].as_array().unwrap();
    let penalty = clauses.iter().find(|c| c["label"] == "retard-p1").unwrap();
    assert!(penalty["read_back"]["fr"].as_str().unwrap().contains("2\u{a0}%"), "{penalty:#}");
    assert!(!penalty["read_back"]["en"].as_str().unwrap().is_empty());
    assert_eq!(read.json["versions"][0]["version_hash"], signed.json["version_hash"]);
    let text = server.get(&format!("{path}/text")).of("customer_manager");
    assert_eq!(text.header("content-type"), "text/markdown; charset=utf-8");
    assert_eq!(text.body, contract("ateliers-garonne.md").into_bytes());
}

/// Whoever asked says what they thought of it, once it is resolved; both parties read the figures.
fn satisfaction(server: &Server) {
    let number = server.ticket(&json!({ "title": "Clavier muet", "priority": "P4" }));
    let path = format!("/customers/garonne/tickets/{number}/satisfaction");
    let told = json!({ "score": 4, "words": "Vite remplacé." });
    assert_eq!(server.post(&path, &told).of("customer_user").status, 409);
    assert_eq!(server.step(number, &json!({ "do": "take_over" })).status, 201);
    assert_eq!(
        server.step(number, &json!({ "do": "resolve", "note": "Remplacé.", "diagnosis": "Usure." })).json["state"],
        "resolved"
    );
    let wrong = server.post(&path, &json!({ "score": 9 })).of("customer_user");
    assert_eq!(wrong.problem(422, "invalid")["field"], "score");
    assert_eq!(server.post(&path, &told).of("customer_user").status, 201);
    let read = |who: &str| server.get("/customers/garonne/satisfaction").of(who).json;
    assert_eq!(read("customer_manager"), read("technician"));
    assert_eq!(read("customer_manager")["items"][0]["mean_hundredths"], 400);
}

/// A ticket planned, planned otherwise, and no more.
fn plans(server: &Server) {
    let at = |tail: &str| format!("/customers/garonne{tail}");
    let ask = |title: &str| {
        json!({ "title": title, "every": 2, "unit": "weeks", "first": "2027-01-04", "at": "08:30",
            "item": "srv-erp", "calendar": "ho", "closed_days": "skip" })
    };
    let answer = server.post(&at("/plans"), &ask("Contrôle")).of("technician");
    assert_eq!(answer.status, 201, "{:#}", answer.json);
    let plan = at(&format!("/plans/{}", answer.json["id"].as_str().unwrap()));
    assert_eq!(server.post(&plan, &ask("Contrôle des sauvegardes")).of("technician").status, 201);
    let read = server.get(&plan).of("customer_manager");
    assert_eq!(read.json["plan"]["title"], "Contrôle des sauvegardes");
    assert_eq!(read.json["plan"]["next"], "2027-01-04T07:30:00Z");
    assert_eq!(read.json["dates"][1]["nominal"], "2027-01-18");
    assert_eq!(server.post(&format!("{plan}/end"), &json!({})).of("technician").status, 201);
    let all = server.get(&at("/plans?limit=1")).of("technician");
    assert_eq!(all.json["items"][0]["state"], "ended");
    let half = json!({ "title": "x", "every": 1, "unit": "days", "first": "2027-01-04", "at": "08:30", "calendar": "ho" });
    assert_eq!(
        server.post(&at("/plans"), &half).of("technician").problem(422, "invalid")["field"],
        "calendar"
    );
}

/// A webhook made, listed with what can be asked for, and removed.
fn webhooks(server: &Server) {
    let at = |tail: &str| format!("/customers/garonne/webhooks{tail}");
    let ask = |url: &str| json!({ "url": url, "events": ["ticket.resolved", "ticket.opened"] });
    let made = server.post(&at(""), &ask("https://hooks.example/x")).of("customer_manager");
    assert_eq!(made.status, 201, "{:#}", made.json);
    assert!(made.json["secret"].as_str().unwrap().starts_with("whsec_"));
    let list = server.get(&at("")).of("service_manager");
    let line = &list.json["items"][0];
    assert_eq!((&line["side"], &line["state"]), (&json!("customer"), &json!("active")));
    assert_eq!(line["events"], json!(["ticket.opened", "ticket.resolved"]));
    assert!(!list.json.to_string().contains("whsec_"), "shown once");
    assert_eq!(list.json["hosts"], json!(["hooks.example"]));
    let wrong = server.post(&at(""), &ask("https://ailleurs.example/")).of("customer_manager");
    assert_eq!(wrong.problem(422, "invalid")["field"], "url");
    let rotate = at(&format!("/{}/rotate", made.json["id"].as_str().unwrap()));
    let rotated = server.post(&rotate, &json!({})).of("customer_manager");
    assert_eq!(rotated.status, 201, "{:#}", rotated.json);
    assert!(rotated.json["secret"].as_str().unwrap().starts_with("whsec_"));
    assert_ne!(rotated.json["secret"], made.json["secret"]);
    assert!(rotated.json["both_until"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
    let gone = at(&format!("/{}/remove", made.json["id"].as_str().unwrap()));
    assert_eq!(server.post(&gone, &json!({})).of("customer_manager").status, 201);
    assert_eq!(server.post(&rotate, &json!({})).of("customer_manager").status, 404);
    assert_eq!(server.get(&at("")).of("customer_manager").json["items"], json!([]));
}

/// Who knows an element is told, and read as too few by the customer too.
fn skills(server: &Server) {
    let at = |tail: &str| format!("/customers/garonne/skills{tail}");
    let sheet = server.get(&at("/element?of=item:srv-erp")).of("service_manager");
    assert_eq!(sheet.status, 200, "{:#}", sheet.json);
    assert_eq!(sheet.json["since"], Value::Null, "nothing told yet");
    let person = &sheet.json["candidates"][0];
    let ask = json!({ "element": "item:srv-erp", "leads": [person["person"]] });
    let told = server.post(&at(""), &ask).of("service_manager");
    assert_eq!(told.status, 201, "{:#}", told.json);
    let stale = server.post(&at(""), &ask).of("service_manager");
    assert_eq!(stale.status, 409, "told since it was read: {:#}", stale.json);
    let read = server.get(&at("?limit=200")).of("customer_manager");
    assert_eq!(read.json["promised"][0]["people"], 2);
    let items = read.json["items"].as_array().unwrap();
    let one = items.iter().find(|i| i["element"] == "item:srv-erp").unwrap();
    assert_eq!((&one["known"], &one["wanted"]), (&json!(1), &json!(2)));
    assert_eq!(one["people"], json!([{ "person": person["name"], "level": "leads" }]));
    assert_eq!(one["reasons"][0]["article"]["label"], "effectifs");
    let first = server.get(&at("?limit=1")).of("customer_manager");
    let next = first.json["next"].as_str().unwrap();
    let second = server.get(&at(&format!("?limit=1&after={next}"))).of("customer_manager");
    assert_ne!(first.json["items"][0]["element"], second.json["items"][0]["element"]);
}

/// A duty done is told once and read everywhere; what happens opens rights and duties.
fn life(server: &Server) {
    let at = |path: &str| format!("/customers/garonne{path}");
    let read = server.get(&at("/duties?limit=200")).of("customer_manager");
    assert_eq!((&read.json["contract"], &read.json["next"]), (&json!("CTR-2026-001"), &Value::Null));
    let owed = read.json["items"].as_array().unwrap();
    let open = |d: &&Value| d["state"] == "due_soon" || d["state"] == "late";
    let duty = owed.iter().find(open).expect("something is due in June").clone();
    assert!(duty["reasons"].as_array().unwrap().iter().any(|r| r["article"]["label"] == duty["clause"]));
    let done = json!({ "clause": duty["clause"], "what": duty["what"], "on": "2026-06-02",
        "proof": duty["proof"], "reference": "Pièce n° 7 du 2 juin 2026" });
    let recorded = server.post(&at("/duties"), &done).of("service_manager");
    assert_eq!(recorded.status, 201, "{:#}", recorded.json);
    assert_eq!(recorded.header("location"), "/api/v1/customers/garonne/duties");
    let again = server.get(&at("/duties?limit=200")).of("customer_manager");
    let same = |d: &&Value| ["clause", "what", "due"].iter().all(|k| d[*k] == duty[*k]);
    let after = again.json["items"].as_array().unwrap().iter().find(same).unwrap().clone();
    assert_eq!(
        (&after["done"], &after["reference"]),
        (&json!("2026-06-02"), &json!("Pièce n° 7 du 2 juin 2026"))
    );
    let entry = recorded.json["entry"].as_u64().unwrap();
    let journal = server.get(&at(&format!("/journal?limit=1&before={}", entry + 1))).of("technician");
    assert_eq!(journal.json["items"][0]["kind"], "duty.done");

    let told = json!({ "fact": "event", "trigger": "change_of_control", "at": "2026-06-01T07:00:00Z",
        "about": "Lettre du 28 mai 2026" });
    let answer = server.post(&at("/life"), &told).of("customer_manager");
    assert_eq!(answer.status, 201, "{:#}", answer.json);
    let on_call = server.get(&at("/on-call")).of("technician");
    assert_eq!(on_call.json["items"], json!([]), "contract A asks for no roster");
    plans(server);
    webhooks(server);
    imports(server);
    skills(server);
    let life = server.get(&at("/life")).of("technician");
    assert_eq!(life.json["told"][0]["trigger"], "change_of_control");
    assert_eq!(life.json["told"][0]["about"], "Lettre du 28 mai 2026");
    assert!(!life.json["deadlines"].as_array().unwrap().is_empty());
    assert!(!life.json["rights"].as_array().unwrap().is_empty());
}

/// A P1 declared at 10:00, restored the next day: hours late.
fn ticket(server: &Server) -> u64 {
    let asked = json!({
        "title": "L'ERP ne répond plus",
        "description": "Toute l'usine est arrêtée.",
        "impact": "site",
        "priority": "P1",
        "item": "srv-erp",
    });
    let opened = server.post("/customers/garonne/tickets", &asked).of("customer_user");
    assert_eq!(opened.status, 201, "{:#}", opened.json);
    let number = opened.json["number"].as_u64().unwrap();
    assert_eq!(opened.header("location"), format!("/api/v1/customers/garonne/tickets/{number}"));
    let restore = opened.json["due"].as_array().unwrap().iter().find(|d| d["promise"] == "restore").unwrap();
    // Four hours of service from 10:00, noon to two closed: half past three, in Paris.
    assert_eq!(restore["due"], "2026-06-02T13:30:00Z");
    assert_eq!(restore["label"], "retablissement-p1");

    server.at("2026-06-02T10:20");
    assert_eq!(server.step(number, &json!({ "do": "take_over" })).json["state"], "in_progress");
    server.step(number, &json!({ "do": "reply", "body": "Nous regardons." }));
    server.step(number, &json!({ "do": "note", "body": "Disque du contrôleur." }));
    let proof = "Courriel : « accès à la salle à 11 h »";
    let paused =
        json!({ "do": "pause", "reason": "attente-acces", "proof": proof, "at": "2026-06-02T08:30:00Z" });
    assert_eq!(server.step(number, &paused).json["code"], "invalid");
    server.at("2026-06-02T10:30");
    assert_eq!(server.step(number, &paused).json["state"], "paused");
    server.at("2026-06-02T11:00");
    assert_eq!(server.step(number, &json!({ "do": "resume" })).json["state"], "in_progress");
    server.at("2026-06-03T10:00");
    let mut restored = json!({ "do": "restore", "workaround": true, "note": "Serveur de secours." });
    assert_eq!(server.step(number, &restored).json["code"], "diagnosis.required");
    restored["diagnosis"] = json!("Contrôleur de disques en panne.");
    assert_eq!(server.step(number, &restored).json["state"], "restored");
    assert_eq!(
        server.step(number, &json!({ "do": "resolve", "note": "Remplacé." })).json["state"],
        "resolved"
    );

    let page =
        server.get("/customers/garonne/tickets?state=resolved&priority=P1&limit=1").of("customer_user");
    assert_eq!(page.json["items"][0]["number"], number);
    assert_eq!(page.json["next"], Value::Null);

    let read = server.get(&format!("/customers/garonne/tickets/{number}")).of("customer_user");
    let clock =
        read.json["clocks"].as_array().unwrap().iter().find(|c| c["promise"] == "restore").unwrap().clone();
    assert_eq!((&clock["verdict"], &clock["due"]), (&json!("missed"), &json!("2026-06-02T14:00:00Z")));
    assert_eq!(clock["article"]["label"], "retablissement-p1");
    let ledger = clock["ledger"].as_array().unwrap();
    assert!(ledger.iter().any(|i| i["what"] == "paused" && i["pause"] == "attente-acces"), "{ledger:#?}");
    assert!(ledger.windows(2).all(|w| w[0]["to"] == w[1]["from"]), "a gap in the ledger");
    assert!(clock["reasons"].as_array().unwrap().iter().any(|r| r["text"]["fr"] != r["text"]["en"]));
    let conversation = read.json["conversation"].as_array().unwrap();
    assert!(conversation.iter().any(|l| l["what"] == "paused" && l["text"] == proof));
    assert!(!conversation.iter().any(|l| l["what"] == "note"), "a customer reads no internal note");
    let inside = server.get(&format!("/customers/garonne/tickets/{number}")).of("technician");
    assert!(inside.json["conversation"].as_array().unwrap().iter().any(|l| l["what"] == "note"));
    number
}

fn hotline(server: &Server, ticket: u64) {
    let call =
        server.post("/customers/garonne/calls", &json!({ "minutes": 12, "ticket": ticket })).of("technician");
    assert_eq!(call.status, 201, "{:#}", call.json);
    assert_eq!((&call.json["meter"], &call.json["left"]), (&json!("carnet"), &json!(119)));
    let changes = server.get("/customers/garonne/changes?limit=1").of("customer_user");
    assert_eq!(changes.json["items"], json!([]));
    let unknown = server.get("/customers/garonne/changes?after=zz").of("customer_user");
    assert_eq!(unknown.problem(422, "invalid")["field"], "after");
    let meters = server.get("/customers/garonne/meters").of("customer_manager");
    assert_eq!(meters.json["items"][0]["used"], 1);
    let read = |query: &str| server.get(&format!("/customers/garonne/calls{query}")).of("customer_manager");
    let calls = read("?meter=carnet&limit=1").json;
    assert_eq!((&calls["meter"], &calls["next"]), (&json!("carnet"), &json!(null)));
    let one = &calls["items"][0];
    assert_eq!((&one["minutes"], &one["counted"], &one["ticket"]), (&json!(12), &json!(1), &json!(ticket)));
    assert!(
        one["reasons"].as_array().unwrap().iter().any(|why| why["article"]["label"] == "carnet"),
        "{one:#}"
    );
    assert_eq!(read(&format!("?after={}", 0)).json["items"], json!([]), "before them all");
    assert_eq!(read("?meter=autre").status, 404);
    assert_eq!(read("?after=zz").problem(422, "invalid")["field"], "after");
}

fn money(server: &Server) {
    server.at("2026-07-02T10:00");
    for month in ["2026-03", "2026-04", "2026-05"] {
        let path = format!("/customers/garonne/months/{month}/close");
        let closed = server.post(&path, &json!({})).of("service_manager");
        assert_eq!(closed.status, 201, "{:#}", closed.json);
    }
    // Without a body: it says nothing that must be said.
    let path = "/customers/garonne/months/2026-06/close";
    let closed = server.post(path, &json!({})).without("content-type").body(Vec::new()).of("service_manager");
    assert_eq!(closed.status, 201, "{:#}", closed.json);
    assert_eq!(closed.header("location"), "/api/v1/customers/garonne/months/2026-06");
    let statement = &closed.json["statement"];
    assert_eq!(statement["gross"]["currency"], "EUR");
    assert_eq!(statement["standing"], "final");
    let penalty = &statement["penalties"][0];
    assert_eq!((&penalty["clause"], &penalty["rate"]), (&json!("retard-p1"), &json!("0.02")));
    // Due at 16:00, restored the next day at 10:00: three hours of service late.
    assert_eq!(
        (&penalty["steps"], &penalty["amount"]["amount"]),
        (&json!(3), &json!("138.00")),
        "{penalty:#}"
    );
    let cited = penalty["reasons"].as_array().unwrap().iter().any(|r| r["article"]["label"] == "retard-p1");
    assert!(cited, "{penalty:#}");
    assert_eq!(server.get("/customers/garonne/months/2026-06").of("customer_manager").json, closed.json);
    let money = server.get("/customers/garonne/money?contract=CTR-2026-001").of("customer_manager");
    assert_eq!(money.json["running"]["standing"], "provisional");
    assert_eq!(money.json["closed"].as_array().unwrap().len(), 4);
    assert_eq!(money.json["next_to_close"], Value::Null);
}

/// Whoever has the key re-computes the root from the entries served.
fn log(server: &Server) {
    let of = |path: &str| server.get(&format!("/customers/garonne{path}")).of("customer_manager");
    let page = of("/journal?limit=5");
    assert_eq!(page.json["items"].as_array().unwrap().len(), 5);
    let older = of(&format!("/journal?limit=5&before={}", page.json["next"]));
    assert_eq!(older.json["items"][0]["entry"], page.json["next"].as_u64().unwrap() - 1);

    let key = String::from_utf8(of("/journal/key").body).unwrap();
    let key = VerifierKey::parse(key.trim_end()).unwrap();
    let note = String::from_utf8(of("/journal/checkpoint").body).unwrap();
    assert_eq!(of("/log/checkpoint").body, note.as_bytes());
    let checkpoint = Checkpoint::open(&note, page.json["origin"].as_str().unwrap(), &[key]).unwrap();
    let size = checkpoint.size();
    let bundle = of(&format!("/log/tile/entries/000.p/{size}")).body;
    let mut tree = Frontier::new();
    let entries = decode_bundle(&bundle).unwrap();
    entries.iter().for_each(|entry| tree.push(leaf_hash(entry)));
    assert_eq!(&tree.root(), checkpoint.root());
    let hashes = of(&format!("/log/tile/0/000.p/{size}")).body;
    assert_eq!(hashes, entries.iter().flat_map(|e| leaf_hash(e)).collect::<Vec<u8>>());
    for none in [&format!("0/000.p/{}", size + 1), "0/000", "entries/001", "1/000.p/1", "0/0", "9/x"] {
        of(&format!("/log/tile/{none}")).problem(404, "not_found");
    }
}

fn services(server: &Server) {
    let at = |path: &str| format!("/customers/garonne{path}");
    let told = |ended: Option<&str>| {
        json!({ "items": ["srv-erp"], "detected": "2026-06-01T08:00:00Z", "ended": ended, "state": "down",
            "origin": "provider" })
    };
    let act = |path: &str, body: &Value| {
        let answer = server.post(&at(path), body).of("technician");
        assert_eq!(answer.status, 201, "{path}: {:#}", answer.json);
        assert_eq!(answer.header("location"), "/api/v1/customers/garonne/services");
        answer.json["id"].as_str().unwrap().to_owned()
    };
    let running = act("/outages", &told(None));
    let early =
        server.post(&at(&format!("/outages/{running}/end")), &json!({ "ended": "2026-06-01T07:00:00Z" }));
    assert_eq!(early.of("technician").problem(422, "invalid")["field"], "ended");
    act(&format!("/outages/{running}/end"), &json!({ "ended": "2026-06-01T09:00:00Z" }));
    act(&format!("/outages/{running}/correct"), &told(Some("2026-06-01T08:30:00Z")));
    let never = act("/outages", &told(Some("2026-06-01T08:10:00Z")));
    act(&format!("/outages/{never}/cancel"), &json!({}));
    let window = |from: &str, until: &str| json!({ "items": ["ERP"], "from": from, "until": until });
    let late = act("/maintenance", &window("2026-06-04T07:00:00Z", "2026-06-04T08:00:00Z"));
    let given_up = act("/maintenance", &window("2026-06-18T07:00:00Z", "2026-06-18T08:00:00Z"));
    act(&format!("/maintenance/{given_up}/cancel"), &json!({}));
    let again = server.post(&at(&format!("/maintenance/{given_up}/cancel")), &json!({})).of("technician");
    again.problem(409, "maintenance.cancelled");

    let read = server.get(&at("/services?month=2026-06")).of("customer_manager");
    let erp = &read.json["availability"][0];
    // 22 working days of seven and a half hours; half an hour was lost.
    assert_eq!(
        (&erp["agreed"], &erp["lost"], &erp["verdict"]),
        (&json!("594000"), &json!("1800"), &json!("kept"))
    );
    assert_eq!((&erp["standing"], &erp["outages"]), (&json!("provisional"), &json!([running])));
    assert_eq!(
        (&erp["notes"][0]["about"], &erp["notes"][0]["reason"]["code"]),
        (&json!(late), &json!("availability.maintenance_late"))
    );
    assert_eq!(read.json["outages"].as_array().unwrap().len(), 2);
    assert_eq!(read.json["maintenance"][1]["cancelled"], "2026-06-03T08:00:00Z");
    assert_eq!(server.get(&at("/services")).of("technician").json["month"], "2026-06-01");
}

fn desk(server: &Server) {
    let number = server.ticket(&json!({ "title": "Imprimante en panne", "priority": "P3" }));
    let desk = server.get("/desk").of("technician");
    let lines = desk.json["items"].as_array().unwrap();
    let line = lines.iter().find(|line| line["ticket"]["number"] == number).expect("it is open");
    assert_eq!(line["slug"], "garonne");
    assert_eq!(server.get("/desk?mine=true&limit=10").of("technician").json["items"], json!([]));
}

#[test]
fn every_example_of_the_document_is_as_it_describes() {
    let server = Server::new();
    let document = server.document();
    let mut checked = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for operation in operations.as_object().unwrap().values() {
            let content = &operation["requestBody"]["content"]["application/json"];
            for (name, example) in content["examples"].as_object().into_iter().flatten() {
                schema::check(document, &content["schema"], &example["value"], &format!("{path} {name}"));
                checked += 1;
            }
        }
    }
    for (name, component) in document["components"]["schemas"].as_object().unwrap() {
        for example in component["examples"].as_array().into_iter().flatten() {
            schema::check(document, component, example, name);
            checked += 1;
        }
    }
    assert!(checked >= 15, "{checked}");
}
