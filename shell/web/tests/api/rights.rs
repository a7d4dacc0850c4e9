//! Who may do what, over HTTP: one table, and what belongs to another customer.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::server::Server;

const ROLES: [&str; 6] =
    ["provider_admin", "service_manager", "technician", "customer_manager", "customer_user", "stranger"];

/// ✔ done, or refused for another reason than the rights; ✘ as if it did not exist.
#[test]
fn roles_and_operations() {
    let server = Server::signed();
    server.ticket(&json!({ "title": "Un ticket", "priority": "P3" }));
    // One that both parties read, and one that only the provider does.
    let article = |audience: &str| json!({ "title": "Un article", "body": "x", "audience": audience, "review_by": "2027-12-31" });
    for (number, audience) in [(1, "parties"), (2, "internal")] {
        assert_eq!(
            server.post("/customers/garonne/articles", &article(audience)).of("technician").status,
            201
        );
        let path = format!("/customers/garonne/articles/{number}/state");
        assert_eq!(server.post(&path, &json!({ "state": "published" })).of("technician").status, 201);
    }
    let mut table = format!("{:50}{}\n", "", ROLES.join(" "));
    let readings = [
        "/customers/garonne",
        "/customers/garonne/contracts",
        "/customers/garonne/contracts/CTR-2026-001",
        "/customers/garonne/contracts/CTR-2026-001/text",
        "/customers/garonne/tickets",
        "/customers/garonne/tickets/1",
        "/customers/garonne/tickets/1/files",
        "/customers/garonne/changes",
        "/customers/garonne/meters",
        "/customers/garonne/calls",
        "/customers/garonne/catalogue",
        "/customers/garonne/services",
        "/customers/garonne/on-call",
        "/customers/garonne/skills",
        "/customers/garonne/skills/element?of=item:srv-erp",
        "/customers/garonne/plans",
        "/customers/garonne/webhooks",
        "/customers/garonne/imports",
        "/customers/garonne/history",
        "/customers/garonne/satisfaction",
        "/customers/garonne/tickets/1/visits",
        "/customers/garonne/tickets/1/time",
        "/customers/garonne/answer-templates",
        "/customers/garonne/review",
        "/customers/garonne/duties",
        "/customers/garonne/life",
        "/customers/garonne/money",
        "/customers/garonne/journal",
        "/customers/garonne/journal/checkpoint",
        "/customers/garonne/journal/key",
        "/customers/garonne/log/checkpoint",
        "/customers/garonne/log/tile/entries/000.p/1",
        "/customers/garonne/articles",
        "/customers/garonne/articles/1",
        "/customers/garonne/articles/2",
        "/customers/garonne/suggestions?words=ticket",
        "/desk",
        "/customers/garonne/search?q=ticket",
        "/search?q=ticket",
    ];
    for path in readings {
        row(&mut table, path, |who| server.get(path).of(who).status.as_u16());
    }
    let step = |text: &str| json!({ "do": text, "body": "x" });
    let window = json!({ "items": [], "from": "2026-07-01T07:00:00Z", "until": "2026-07-01T08:00:00Z" });
    let mut next = article("parties");
    next["based_on"] = json!(7);
    let writes: [(&str, &str, Value); 28] = [
        ("create", "/customers", json!({ "slug": "x y", "name": "x" })),
        ("sign", "/customers/garonne/contracts", server.signature("minimal.md")),
        ("open", "/customers/garonne/tickets", json!({ "title": "Encore", "priority": "P4" })),
        ("reply", "/customers/garonne/tickets/1/steps", step("reply")),
        ("note", "/customers/garonne/tickets/1/steps", step("note")),
        (
            "assign",
            "/customers/garonne/tickets/1/steps",
            json!({ "do": "assign", "to": "0198c0de-0000-7000-8000-000000000001" }),
        ),
        (
            "link",
            "/customers/garonne/tickets/1/steps",
            json!({ "do": "link", "tie": "relates", "ticket": 1 }),
        ),
        ("begin a change", "/customers/garonne/tickets/1/steps", json!({ "do": "start_change" })),
        (
            "tell outsiders",
            "/customers/garonne/tickets/1/steps",
            json!({ "do": "inform_change", "who": "x", "on": "2026-06-02", "means": "x" }),
        ),
        (
            "refuse a change",
            "/customers/garonne/tickets/1/steps",
            json!({ "do": "refuse_change", "plan": 1, "why": "x" }),
        ),
        (
            "make a webhook",
            "/customers/garonne/webhooks",
            json!({ "url": "https://hooks.example/", "events": ["ticket.opened"] }),
        ),
        ("reopen", "/customers/garonne/tickets/1/steps", json!({ "do": "reopen", "why": "x" })),
        ("call", "/customers/garonne/calls", json!({ "minutes": 1 })),
        (
            "outage",
            "/customers/garonne/outages",
            json!({ "items": [], "state": "down", "origin": "provider" }),
        ),
        ("maintenance", "/customers/garonne/maintenance", window),
        ("skills", "/customers/garonne/skills", json!({ "element": "item:srv-x" })),
        (
            "duty",
            "/customers/garonne/duties",
            json!({ "clause": "x", "on": "2026-06-01", "proof": "minutes", "reference": "x" }),
        ),
        (
            "proof by a ticket",
            "/customers/garonne/duties",
            json!({ "clause": "x", "on": "2026-06-01", "proof": "minutes", "reference": "x", "ticket": 1 }),
        ),
        (
            "tell",
            "/customers/garonne/life",
            json!({ "fact": "event", "at": "2026-06-01T07:00:00Z", "about": "x" }),
        ),
        ("article", "/customers/garonne/articles", article("parties")),
        ("version", "/customers/garonne/articles/1/versions", next),
        ("publish", "/customers/garonne/articles/1/state", json!({ "state": "published" })),
        ("review", "/customers/garonne/articles/1/review", json!({ "review_by": "2027-06-30" })),
        ("helped", "/customers/garonne/articles/1/helped", json!({ "ticket": 1 })),
        ("close", "/customers/garonne/months/2026-12/close", json!({})),
        ("time", "/customers/garonne/tickets/1/time", json!({ "minutes": 0, "kind": "remote" })),
        (
            "visit",
            "/customers/garonne/tickets/1/visits",
            json!({ "arrived": "2026-06-01T07:00:00Z", "left": "2026-06-01T07:00:00Z", "work": "x" }),
        ),
        ("template", "/customers/garonne/answer-templates", json!({ "name": "x", "fr": "{x}" })),
    ];
    for (name, path, body) in writes {
        // An empty text, an unfit name, a month not ended: reached, then refused.
        let mut body = body;
        if name == "sign" {
            body["text"] = json!("");
        }
        row(&mut table, &format!("{name} {path}"), |who| server.post(path, &body).of(who).status.as_u16());
    }
    for sight in ["public", "internal"] {
        let path = format!("/customers/garonne/tickets/1/files?name=a.txt&visibility={sight}");
        row(&mut table, &format!("attach, {sight}"), |who| {
            server.post(&path, &json!("x")).of(who).status.as_u16()
        });
    }
    let expected = include_str!("rights.txt");
    assert_eq!(table.trim_end(), expected.trim_end(), "\n{table}");
}

fn row(table: &mut String, name: &str, mut ask: impl FnMut(&str) -> u16) {
    let mut line = format!("{name:50}");
    for who in ROLES {
        let mark = if ask(who) == 404 { '✘' } else { '✔' };
        let _ = write!(line, "{mark:<width$} ", width = who.len());
    }
    let _ = writeln!(table, "{}", line.trim_end());
}

#[test]
fn another_customer_does_not_exist() {
    let server = Server::signed();
    server.ticket(&json!({ "title": "Confidentiel", "priority": "P3" }));
    let nobody = server.get("/customers/nobody/tickets/1").of("stranger");
    let theirs = server.get("/customers/garonne/tickets/1").of("stranger");
    assert_eq!((nobody.status, nobody.json), (theirs.status, theirs.json), "told apart, they would tell");
    let list = server.get("/customers").of("stranger");
    let slugs: Vec<&Value> = list.json["items"].as_array().unwrap().iter().map(|c| &c["slug"]).collect();
    assert_eq!(slugs, ["sologne"]);
    // Nor does a body say more: it is not read.
    server.post("/customers/garonne/tickets", &json!({ "x": 1 })).of("stranger").problem(404, "not_found");
    server
        .post("/customers/garonne/tickets/1/steps", &json!({ "x": 1 }))
        .of("stranger")
        .problem(404, "not_found");
}
