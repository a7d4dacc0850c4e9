//! Articles, and what a search finds.

use serde_json::json;

use crate::server::Server;

pub fn knowledge(server: &Server) {
    let ask = |audience: &str| json!({ "title": "Badge muet", "body": "Le *redémarrer*.", "audience": audience, "items": ["srv-erp"], "review_by": "2028-12-31" });
    for audience in ["parties", "internal"] {
        let done = server.post("/customers/garonne/articles", &ask(audience)).of("technician");
        assert_eq!((done.status.as_u16(), &done.json["state"]), (201, &json!("draft")), "{:#}", done.json);
        let number = done.json["number"].as_u64().unwrap();
        let path = format!("/customers/garonne/articles/{number}/state");
        assert_eq!(server.post(&path, &json!({ "state": "published" })).of("technician").status, 201);
    }
    let ticket = server.ticket(&json!({ "title": "Badge muet", "priority": "P3" }));
    let mut next = ask("parties");
    next["based_on"] = json!(1);
    for (path, body, who) in [
        ("versions", next, "technician"),
        ("review", json!({ "review_by": "2029-06-30" }), "service_manager"),
        ("helped", json!({ "ticket": ticket }), "customer_user"),
    ] {
        let done = server.post(&format!("/customers/garonne/articles/1/{path}"), &body).of(who);
        assert_eq!((done.status.as_u16(), &done.json["version"]), (201, &json!(2)), "{:#}", done.json);
    }
    let of = |path: &str, who| server.get(path).of(who).json;
    let ours = of("/customers/garonne/articles?limit=1", "technician");
    assert_eq!((&ours["published"], &ours["next"]), (&json!(2), &json!("2")));
    assert_eq!(of("/customers/garonne/articles?after=2", "technician")["items"][0]["number"], 1);
    let theirs = of("/customers/garonne/articles", "customer_user");
    assert_eq!((theirs["items"].as_array().unwrap().len(), &theirs["published"]), (1, &json!(null)));
    let one = of("/customers/garonne/articles/1", "customer_user");
    assert_eq!((&one["body"], &one["versions"]), (&json!("Le *redémarrer*."), &json!([])));
    server.get("/customers/garonne/articles/2").of("customer_user").problem(404, "not_found");
    let found = of("/customers/garonne/suggestions?words=badge&item=srv-erp", "customer_user");
    assert_eq!(found["items"][0]["because"], json!(["item", "words"]));
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    assert_eq!(of("/customers/garonne/search?q=badge", "customer_user")["knowledge"][0]["number"], 1);
}

pub fn search(server: &Server) {
    let number = server.ticket(&json!({ "title": "Lecteur de badges muet", "priority": "P3" }));
    let of = |path: &str, who| server.get(path).of(who).json;
    let found = of("/customers/garonne/search?q=badge", "technician");
    assert_eq!(found["tickets"][0]["ticket"]["number"], number);
    assert_eq!(found["tickets"][0]["title"][1], json!({ "text": "badges", "found": true }));
    assert_eq!((&found["next"], &found["articles"]), (&json!(null), &json!([])));
    let articles = of("/customers/garonne/search?q=r%C3%A9tablissement", "technician");
    assert!(articles["articles"][0]["anchor"].is_string(), "{articles}");
    let all = of("/search?q=badge", "technician");
    assert_eq!((&all["items"][0]["slug"], &all["next"]), (&json!("garonne"), &json!(null)));
    let items = of("/search?q=srv-erp", "technician");
    assert_eq!(items["items"][0]["items"][0]["key"], "srv-erp", "{items}");
    let said = of("/search?q=r%C3%A9tablissement", "technician");
    assert!(said["items"][0]["articles"][0]["anchor"].is_string(), "{said}");
    server.get("/customers/garonne/search?q=badge&after=3.1").of("technician").problem(422, "invalid");
}
