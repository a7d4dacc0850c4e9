//! Those outside whom a change touches, told and read through the API.

use serde_json::json;

use crate::server::Server;

#[test]
fn those_whom_a_change_touches_are_told_and_it_is_read() {
    let server = Server::signed();
    let ask = json!({ "title": "Remplacer le routeur", "kind": "change" });
    let number = server.ticket(&ask);
    let inform = |who: &serde_json::Value| json!({ "do": "inform_change", "who": who, "on": "2026-06-02", "means": "Courriel du 2 juin" });
    let early = server.step(number, &inform(&json!("Garonne Télécom")));
    early.problem(409, "change.unplanned");
    let plan = json!({ "do": "plan_change", "model": "normal", "risk": "medium", "items": ["internet_link"],
        "from": "2026-06-17T08:00:00Z", "until": "2026-06-17T10:00:00Z", "downtime_minutes": 30,
        "work": "Routeur", "test": "Débit", "rollback": "L'ancien" });
    let planned = server.step(number, &plan);
    assert_eq!(planned.status, 201, "{:#}", planned.json);
    let path = format!("/customers/garonne/tickets/{number}");
    let read = |who: &str| server.get(&path).of(who).json;
    let who = read("technician")["change"]["impact"]["inform"][0]["who"].clone();
    assert_eq!(server.step(number, &inform(&json!("personne"))).problem(422, "invalid")["field"], "who");
    let told = server.step(number, &inform(&who));
    assert_eq!(told.status, 201, "{:#}", told.json);
    for reader in ["technician", "customer_user"] {
        let page = read(reader);
        let informed = json!([{ "who": who, "on": "2026-06-02", "means": "Courriel du 2 juin" }]);
        assert_eq!(page["change"]["informed"], informed, "{reader}");
        let lines = page["conversation"].as_array().unwrap();
        assert!(lines.iter().any(|line| line["what"] == "change_informed"), "{page:#}");
    }
}
