//! What a program that errs is told.

use axum::http::Method;
use serde_json::json;

use crate::server::Server;

const TICKETS: &str = "/customers/garonne/tickets";

#[test]
fn without_a_good_token_nothing_is_said() {
    let server = Server::signed();
    let forged = format!("Bearer {}", "A".repeat(43));
    let basic = format!("Basic {}", server.token("technician"));
    for authorization in [None, Some("Bearer x"), Some(forged.as_str()), Some(basic.as_str())] {
        for path in ["/customers", TICKETS, "/customers/nobody", "/desk"] {
            let ask = server.get(path);
            let ask = match authorization {
                Some(value) => ask.header("authorization", value),
                None => ask,
            };
            let answer = ask.send();
            answer.problem(401, "auth.required");
            assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"regisseur\"");
        }
    }
    // The token is looked up before the body is read.
    server
        .post(TICKETS, &json!({ "nonsense": 1 }))
        .header("authorization", &forged)
        .send()
        .problem(401, "auth.required");
    let lower = format!("bearer {}", server.token("technician"));
    assert_eq!(server.get("/customers").header("authorization", &lower).send().status, 200);
}

#[test]
fn a_write_without_a_key_is_told_what_to_do() {
    let server = Server::signed();
    let body = json!({ "title": "Sans clé" });
    let missing = server.post(TICKETS, &body).without("idempotency-key").of("customer_user");
    let problem = missing.problem(400, "idempotency.key_missing");
    assert_eq!(problem["field"], "Idempotency-Key");
    assert!(problem["detail"].as_str().unwrap().contains("UUID"));
    for bad in ["", "a b", &"k".repeat(201)] {
        let answer = server.post(TICKETS, &body).header("idempotency-key", bad).of("customer_user");
        answer.problem(400, "idempotency.key_missing");
    }
}

#[test]
fn only_json_of_the_right_shape_is_read() {
    let server = Server::signed();
    let send =
        |body: &str| server.post(TICKETS, &json!({})).body(body.as_bytes().to_vec()).of("customer_user");
    for broken in ["", "{", "{\"title\": }", "{\"title\":\"a\"} x"] {
        send(broken).problem(400, "json.malformed");
    }
    assert!(send("{\n  oops").json["detail"].as_str().unwrap().contains("ligne 2"));
    let fields = [
        (r#"{"title":"a","surprise":1}"#, "surprise"),
        (r#"{"description":"b"}"#, "title"),
        (r#"{"title":1}"#, "title"),
        (r#"{"title":"a","title":"b"}"#, "title"),
        (r#"[]"#, "body"),
        (r#"{"title":"a","declared":"hier"}"#, "declared"),
        (r#"{"title":"  "}"#, "title"),
        (r#"{"title":"a","priority":"P9"}"#, "priority"),
        (r#"{"title":"a","kind":"party"}"#, "kind"),
        (r#"{"title":"a","kind":"problem"}"#, "kind"),
        (r#"{"title":"a","kind":"evolutive"}"#, "kind"),
        (r#"{"title":"a","channel":"fax"}"#, "channel"),
        (r#"{"title":"a","declared":"2030-01-01T00:00:00Z"}"#, "declared"),
        (r#"{"title":"a","declared":"2020-01-01T00:00:00Z"}"#, "declared"),
        (r#"{"title":"a","contract":"CTR-1"}"#, "contract"),
    ];
    for (body, field) in fields {
        assert_eq!(send(body).problem(422, "invalid")["field"], field, "{body}");
    }
    let plain = server.post(TICKETS, &json!({})).header("content-type", "text/plain").of("customer_user");
    plain.problem(415, "media_type");
    let charset = server.post(TICKETS, &json!({ "title": "Bien", "priority": "P4" }));
    assert_eq!(
        charset.header("content-type", "application/json; charset=utf-8").of("customer_user").status,
        201
    );
    let long = json!({ "title": "a", "description": "b".repeat(70_000) });
    server.post(TICKETS, &long).of("customer_user").problem(413, "body.too_large");
}

#[test]
fn a_slug_that_would_be_confused_is_refused() {
    let server = Server::new();
    let long = "a".repeat(51);
    for slug in ["", "Blois", "a b", "-a", "instance", "019c6592-1b40-7cb9-b971-452c48585468", long.as_str()]
    {
        let answer = server.post("/customers", &json!({ "slug": slug, "name": "x" })).of("provider_admin");
        assert_eq!(answer.problem(422, "invalid")["field"], "slug", "{slug}");
    }
    let longest = json!({ "slug": "a".repeat(50), "name": "x" });
    assert_eq!(server.post("/customers", &longest).of("provider_admin").status, 201);
    let contracts = server.get(&format!("/customers/{}/journal", "a".repeat(50))).of("technician");
    assert_eq!(contracts.status, 200);
}

#[test]
fn a_colleague_follows_by_their_address_and_is_taken_off_by_their_account() {
    let server = Server::signed();
    let number = server.ticket(&json!({ "title": "Poste figé", "priority": "P3" }));
    let watch = json!({ "do": "watch", "who": "customer_manager@example.test" });
    assert_eq!(server.step(number, &watch).status, 201);
    server.step(number, &watch).problem(409, "watch.already");
    let read = || server.get(&format!("/customers/garonne/tickets/{number}")).of("technician").json;
    let page = read();
    assert_eq!(page["watchers"][0]["name"], "customer_manager");
    let line = page["conversation"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&line["what"], &line["text"]), (&json!("watched"), &json!("customer_manager")));
    let off = json!({ "do": "unwatch", "who": page["watchers"][0]["account"] });
    assert_eq!(server.step(number, &off).status, 201);
    assert_eq!(read()["watchers"], json!([]));
}

#[test]
fn a_step_is_checked_for_what_it_is() {
    let server = Server::signed();
    let number = server.ticket(&json!({ "title": "Poste figé", "priority": "P3" }));
    let fields = [
        (json!({}), "do"),
        (json!({ "do": "dance" }), "do"),
        (json!({ "do": "take_over", "body": "x" }), "body"),
        (json!({ "do": "reply" }), "body"),
        (json!({ "do": "reply", "body": "" }), "body"),
        (json!({ "do": "pause", "reason": 3 }), "reason"),
        (json!({ "do": "take_over", "at": "2030-01-01T00:00:00Z" }), "at"),
        (json!({ "do": "change_priority", "priority": "P9", "why": "x" }), "priority"),
        (json!({ "do": "watch", "who": "stranger@example.test" }), "who"),
        (json!({ "do": "unwatch", "who": "x" }), "who"),
    ];
    for (body, field) in fields {
        assert_eq!(server.step(number, &body).problem(422, "invalid")["field"], field, "{body}");
    }
    server.step(99, &json!({ "do": "take_over" })).problem(404, "not_found");
}

#[test]
fn parameters_and_addresses_that_cannot_be() {
    let server = Server::signed();
    let fields = [
        ("/customers/garonne/tickets?limit=0", "limit"),
        ("/customers/garonne/tickets?limit=201", "limit"),
        ("/customers/garonne/tickets?limit=x", "limit"),
        ("/customers/garonne/tickets?after=12", "after"),
        ("/customers/garonne/tickets?state=lost", "state"),
        ("/customers/garonne/tickets?page=2", "page"),
        ("/customers/garonne/journal?before=-1", "before"),
        ("/customers/garonne/money?contract=CTR-1", "contract"),
        ("/desk?mine=perhaps", "mine"),
    ];
    for (path, field) in fields {
        assert_eq!(server.get(path).of("service_manager").problem(422, "invalid")["field"], field, "{path}");
    }
    let nowhere = [
        "/customers/garonne/tickets/0",
        "/customers/garonne/tickets/-1",
        "/customers/garonne/tickets/99999999999999999999",
        "/customers/garonne/tickets/%FF",
        "/customers/garonne/contracts/CTR-0",
        "/customers/garonne/contracts/CTR-2026-001?version=9",
        "/customers/garonne/contracts/CTR-2026-001/text?version=0",
        "/customers/garonne/months/2026-13",
        "/customers/garonne/months/2026-03",
        "/customers/nobody/tickets",
        "/nowhere",
    ];
    for path in nowhere {
        let answer = server.get(path).of("service_manager");
        assert_eq!(answer.json["code"], "not_found", "{path}: {answer:?}");
    }
}

#[test]
fn a_method_that_is_not_there_says_which_are() {
    let server = Server::new();
    for (method, path) in
        [(Method::DELETE, TICKETS), (Method::PUT, "/customers"), (Method::POST, "/openapi.json")]
    {
        let answer = server.ask(method, path).of("provider_admin");
        answer.problem(405, "method");
        assert!(answer.header("allow").contains("GET"), "{:?}", answer.headers);
    }
}

#[test]
fn french_first_english_when_preferred() {
    let server = Server::new();
    let asked = |languages: &str| {
        let answer = server.get("/customers/nobody").header("accept-language", languages).of("technician");
        (answer.json["title"].as_str().unwrap().to_owned(), answer.header("content-language").to_owned())
    };
    assert_eq!(asked("de"), ("Introuvable".to_owned(), "fr".to_owned()));
    assert_eq!(asked("en-GB, fr;q=0.5"), ("Not found".to_owned(), "en".to_owned()));
}

#[test]
fn a_token_opens_nothing_before_its_person_signed_the_undertaking() {
    let server = Server::new();
    assert_eq!(server.sign("ateliers-garonne.md").status, 201);
    server.later("2026-06-02T10:00");
    server.ticket(&json!({ "title": "Écran noir", "priority": "P3" }));
    let paths = [TICKETS, "/customers/garonne/tickets/1", "/customers/garonne/search?q=noir"];
    for path in paths {
        let answer = server.get(path).of("technician");
        let problem = answer.problem(403, "undertaking.owed");
        assert_eq!(problem["title"], "Accès pas encore ouvert");
        assert_eq!(problem["articles"][0]["article"], "Article\u{a0}26 – Confidentialité");
        assert!(!answer.body.windows(4).any(|w| w == b"noir"), "{path}");
    }
    let reply = json!({ "do": "reply", "body": "Bonjour" });
    server.step(1, &reply).problem(403, "undertaking.owed");
    let desk = server.get("/desk").of("technician");
    assert_eq!(desk.status, 200);
    assert!(!desk.json.to_string().contains("Écran noir"), "{:#}", desk.json);
    // The contract itself is theirs to read, and the customer's people owe nothing.
    assert_eq!(server.get("/customers/garonne/contracts").of("technician").status, 200);
    assert_eq!(server.get(TICKETS).of("customer_user").status, 200);

    server.at("2026-06-02T10:05");
    for path in paths {
        assert_eq!(server.get(path).of("technician").status, 200, "{path}");
    }
    assert_eq!(server.step(1, &reply).status, 201);
}
