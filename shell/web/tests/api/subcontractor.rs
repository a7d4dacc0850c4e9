//! A subcontractor's technician through the API: its own time, and nothing of what it is worth.

use serde_json::{Value, json};

use crate::server::Server;

#[test]
fn it_enters_and_reads_its_own_time_without_what_it_is_worth() {
    let server = Server::signed().with_subcontractor();
    let mine = server.ticket(&json!({ "title": "Panne", "priority": "P3", "item": "srv-erp" }));
    let other = server.ticket(&json!({ "title": "Panne", "priority": "P3" }));
    server.at("2026-06-02T12:00");
    let path = |number: u64| format!("/customers/garonne/tickets/{number}/time");
    let spent = |minutes: u32| json!({ "minutes": minutes, "kind": "remote" });
    let enter = |number: u64, minutes: u32, who: &str| server.post(&path(number), &spent(minutes)).of(who);
    assert_eq!(enter(mine, 45, "technician").status, 201);
    let told = enter(mine, 30, "subcontractor");
    assert_eq!(told.status, 201, "{:#}", told.json);
    assert_eq!((&told.json["paid_by"], &told.json["worth"]), (&Value::Null, &Value::Null));
    assert_eq!((&told.json["counted_minutes"], &told.json["reasons"]), (&json!(30), &json!([])));
    enter(other, 30, "subcontractor").problem(404, "not_found");
    let rated = json!({ "minutes": 30, "kind": "remote", "profile": "engineer" });
    let refused = server.post(&path(mine), &rated).of("subcontractor");
    assert_eq!(refused.problem(422, "invalid")["field"], "profile");

    let lines = |who: &str| server.get(&path(mine)).of(who).json["items"].as_array().unwrap().clone();
    let (own, all) = (lines("subcontractor"), lines("technician"));
    assert_eq!((own.len(), all.len()), (1, 2));
    assert_eq!(
        (&own[0]["minutes"], &own[0]["paid_by"], &own[0]["worth"]),
        (&json!(30), &Value::Null, &Value::Null)
    );
    assert!(all.iter().all(|line| line["paid_by"] == "fee"), "{all:#?}");
    let theirs = all.iter().find(|line| line["minutes"] == 45).unwrap()["id"].as_str().unwrap();
    let correction = json!({ "minutes": 5, "kind": "remote", "why": "Non" });
    server
        .post(&format!("{}/{theirs}", path(mine)), &correction)
        .of("subcontractor")
        .problem(404, "not_found");
}
