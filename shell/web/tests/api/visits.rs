//! What is done on site and said in writing: visits, templates of answers, the review of it all.

use serde_json::{Value, json};

use crate::server::Server;

/// A visit reported, corrected, signed on the technician's screen, and then as it is.
pub fn visits(server: &Server) {
    let all = "/customers/garonne/tickets/1/visits";
    let report = |work: &str| {
        json!({ "arrived": "2026-06-01T07:00:00Z", "left": "2026-06-01T08:30:00Z", "work": work,
            "parts": [{ "name": "Disque", "quantity": 2 }], "met": "Claire Martin" })
    };
    let told = server.post(all, &report("Disques")).of("technician");
    assert_eq!(told.status, 201, "{:#}", told.json);
    let one = format!("{all}/{}", told.json["id"].as_str().unwrap());
    let again = server.post(&one, &report("Disques remplacés")).of("technician");
    assert_eq!(again.status, 201, "{:#}", again.json);
    let none = server.post(
        all,
        &json!({ "arrived": "2026-06-01T07:00:00Z", "left": "2026-06-01T07:00:00Z", "work": "x" }),
    );
    assert_eq!(none.of("technician").problem(422, "invalid")["field"], "left");

    let sign = |hash: &Value| {
        json!({ "hash": hash, "name": "Claire Martin", "reserve": "Câble à revoir",
            "drawing": { "width": 600, "height": 200, "strokes": [[{ "x": 10, "y": 20 }, { "x": 14, "y": 22 }]] } })
    };
    let stale = server.post(&format!("{one}/sign"), &sign(&told.json["hash"])).of("technician");
    stale.problem(409, "visit.changed");
    let theirs = server.post(&format!("{one}/sign"), &sign(&again.json["hash"])).of("customer_user");
    assert_eq!(theirs.problem(422, "invalid")["field"], "name", "they sign in their own name");
    let mut outside = sign(&again.json["hash"]);
    outside["drawing"]["strokes"][0][0]["x"] = json!(601);
    let outside = server.post(&format!("{one}/sign"), &outside).of("technician");
    assert_eq!(outside.problem(422, "invalid")["field"], "drawing");
    let sealed = server.post(&format!("{one}/sign"), &sign(&again.json["hash"])).of("technician");
    assert_eq!(sealed.status, 201, "{:#}", sealed.json);
    server.post(&one, &report("Autre chose")).of("technician").problem(409, "visit.signed");

    let read = server.get(all).of("customer_user").json;
    let visit = &read["items"][0];
    assert_eq!(
        (&visit["hash"], &visit["report"]["work"]),
        (&again.json["hash"], &json!("Disques remplacés"))
    );
    assert_eq!(visit["report"]["parts"][0]["quantity"], 2);
    let signature = &visit["signature"];
    assert_eq!((&signature["how"], &signature["drawn"]), (&json!("on_screen"), &json!(true)));
    assert_eq!(signature["reserve"], "Câble à revoir");
}

/// Time entered, read by the provider, corrected with a reason.
pub fn time(server: &Server) {
    let all = "/customers/garonne/tickets/1/time";
    let spent = json!({ "minutes": 30, "kind": "remote" });
    let told = server.post(all, &spent).of("technician");
    assert_eq!(told.status, 201, "{:#}", told.json);
    assert_eq!(told.json["paid_by"], "fee");
    let one = format!("{all}/{}", told.json["id"].as_str().unwrap());
    let started = |id: &Value| {
        let read = server.get(all).of("technician").json;
        let line = read["items"].as_array().unwrap().iter().find(|line| line["id"] == *id).unwrap().clone();
        (line["started"].clone(), line)
    };
    let began = started(&told.json["id"]).0;
    let shorter = |why: &str| json!({ "minutes": 20, "kind": "on_site", "hours": "evening", "why": why });
    server.post(&one, &shorter("")).of("technician").problem(422, "invalid");
    let done = server.post(&one, &shorter("Sur place")).of("technician");
    assert_eq!(done.status, 201, "{:#}", done.json);
    // What was somebody else's is corrected by whoever approves.
    assert_eq!(server.post(&one, &shorter("Vérifié")).of("service_manager").status, 201);
    server
        .post("/customers/garonne/tickets/2/time/x", &shorter("Non"))
        .of("technician")
        .problem(404, "not_found");
    let (start, line) = started(&told.json["id"]);
    assert_eq!((&line["minutes"], &line["hours"]), (&json!(20), &json!("evening")));
    assert_eq!(start, began, "it began when it did");
    server.get(all).of("customer_manager").problem(404, "not_found");
}

/// A template kept, written again, filled and removed; a name between braces that is none is refused.
pub fn answers(server: &Server) {
    let all = "/customers/garonne/answer-templates";
    let keep = |fr: &str| json!({ "name": "Reçu", "fr": fr });
    let wrong = server.post(all, &keep("Bonjour {prénom}")).of("service_manager");
    assert_eq!(wrong.problem(422, "invalid")["field"], "fr");
    let kept = server.post(all, &keep("Bonjour")).of("service_manager");
    assert_eq!(kept.status, 201, "{:#}", kept.json);
    let one = format!("{all}/{}", kept.json["id"].as_str().unwrap());
    let written = server.post(&one, &keep("Ticket {numéro} : {titre}")).of("service_manager");
    assert_eq!(written.status, 201, "{:#}", written.json);
    let listed = server.get(all).of("technician").json;
    assert_eq!(listed["items"][0]["fr"], "Ticket {numéro} : {titre}");
    assert!(listed["blanks"].as_array().unwrap().contains(&json!(["titre", "title"])), "{listed:#}");

    let title = server.get("/customers/garonne/tickets/1").of("technician").json["ticket"]["title"].clone();
    let filled = format!(
        "/customers/garonne/tickets/1/answer-templates/{}?lang=en",
        kept.json["id"].as_str().unwrap()
    );
    let text = server.get(&filled).of("technician").json["text"].clone();
    assert_eq!(text, json!(format!("Ticket 1 : {}", title.as_str().unwrap())));
    assert_eq!(server.post(&format!("{one}/remove"), &json!({})).of("service_manager").status, 201);
    assert_eq!(server.get(&filled).of("technician").status, 404);
}

/// Both parties read the same half-year.
pub fn review(server: &Server) {
    let read = |who: &str| server.get("/customers/garonne/review").of(who).json;
    let (ours, theirs) = (read("service_manager"), read("customer_manager"));
    assert_eq!(ours, theirs);
    let restored = ours["kept"].as_array().unwrap().iter().find(|k| k["promise"] == "restore").unwrap();
    // The ticket of the story was restored three hours late.
    assert!(restored["all"].as_u64().unwrap() > restored["kept"].as_u64().unwrap(), "{ours:#}");
    assert!(!ours["late"].as_array().unwrap().is_empty(), "{ours:#}");
    let half = ours["halves"][0].as_str().unwrap();
    let chosen = server.get(&format!("/customers/garonne/review?half={half}")).of("customer_manager").json;
    assert!(chosen["until"].as_str() <= ours["today"].as_str() && chosen["kinds"].is_array(), "{chosen:#}");
    assert_eq!(server.get("/customers/garonne/review?half=1999-1").of("customer_manager").status, 404);
    // The statements are for those who see money; the meters are those of their own page.
    assert!(ours["months"].is_array() && read("technician")["months"].is_null(), "{ours:#}");
    assert_eq!(ours["meters"], server.get("/customers/garonne/meters").of("customer_manager").json["items"]);
    let money = server.get("/customers/garonne/money").of("service_manager").json;
    let closed = money["closed"].as_array().unwrap();
    assert_eq!(ours["months"].as_array().unwrap().len(), closed.len());
    for (statement, month) in ours["months"].as_array().unwrap().iter().zip(closed) {
        assert_eq!((&statement["month"], &statement["gross"]), (&month["month"], &month["gross"]));
    }
    let meetings = ours["meetings"].as_array().unwrap();
    assert!(meetings.iter().all(|m| !m["reasons"].as_array().unwrap().is_empty()) && !meetings.is_empty());
}
