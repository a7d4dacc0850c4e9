//! A ticket that does a duty of the contract, through the API.

use serde_json::{Value, json};

use crate::server::Server;

const TICKETS: &str = "/customers/garonne/tickets";

/// The note of the watch, which contract A owes every six months.
fn watch(server: &Server) -> Value {
    let read = server.get("/customers/garonne/duties?limit=200").of("customer_manager");
    let all = read.json["items"].as_array().unwrap();
    all.iter().find(|duty| duty["clause"] == "veille" && duty["done"].is_null()).unwrap().clone()
}

fn opened(server: &Server, ask: &Value) -> u64 {
    let answer = server.post(TICKETS, ask).of("technician");
    assert_eq!(answer.status, 201, "{:#}", answer.json);
    answer.json["number"].as_u64().unwrap()
}

#[test]
fn a_ticket_does_a_duty_and_proves_it_once() {
    let server = Server::signed();
    let owed = watch(&server);
    assert_eq!(owed["ticket"], Value::Null);
    let duty = json!({ "clause": owed["clause"], "what": owed["what"] });
    let ask = |duty: &Value| json!({ "title": "Note de veille", "kind": "service_request", "duty": duty });
    let refused = server.post(TICKETS, &ask(&duty)).of("customer_user");
    assert_eq!(refused.problem(422, "invalid")["field"], "duty", "the provider says it");
    let unknown = server.post(TICKETS, &ask(&json!({ "clause": "veille", "what": "x" }))).of("technician");
    assert_eq!(unknown.problem(422, "invalid")["field"], "duty");
    let number = opened(&server, &ask(&duty));
    let other = opened(&server, &ask(&Value::Null));

    let read =
        |number: u64| server.get(&format!("{TICKETS}/{number}")).of("customer_user").json["duty"].clone();
    assert_eq!(read(other), Value::Null);
    let before = read(number);
    assert_eq!((&before["clause"], &before["occurrence"]["due"]), (&json!("veille"), &owed["due"]));
    assert_eq!((&before["done"], &before["reference"]), (&Value::Null, &Value::Null));
    assert_eq!(before["reasons"][0]["article"]["label"], "veille");
    assert_eq!(watch(&server)["ticket"], json!(number), "from the duty to its ticket");

    let done = |ticket: u64| {
        json!({ "clause": "veille", "what": owed["what"], "on": "2026-06-02", "proof": owed["proof"],
            "reference": "Note n° 3", "ticket": ticket })
    };
    let prove = |ticket: u64, who: &str| server.post("/customers/garonne/duties", &done(ticket)).of(who);
    assert_eq!(prove(other, "service_manager").problem(422, "invalid")["field"], "ticket");
    assert_eq!(prove(99, "service_manager").problem(422, "invalid")["field"], "ticket");
    prove(number, "technician").problem(404, "not_found");
    prove(number, "stranger").problem(404, "not_found");
    prove(number, "service_manager").problem(409, "duty.undone");
    server.step(
        number,
        &json!({ "do": "resolve", "note": "Note remise.", "diagnosis": "Veille du trimestre." }),
    );
    let proved = prove(number, "service_manager");
    assert_eq!(proved.status, 201, "{:#}", proved.json);
    prove(number, "customer_manager").problem(409, "duty.recorded");
    let after = read(number);
    assert_eq!((&after["done"], &after["reference"]), (&json!("2026-06-02"), &json!("Note n° 3")));
    assert_eq!(after["occurrence"]["state"], "done");

    let plan = json!({ "title": "Note de veille", "every": 6, "unit": "months", "first": "2027-01-04",
        "at": "08:30", "duty": duty });
    let written = server.post("/customers/garonne/plans", &plan).of("technician");
    assert_eq!(written.status, 201, "{:#}", written.json);
    let path = format!("/customers/garonne/plans/{}", written.json["id"].as_str().unwrap());
    assert_eq!(server.get(&path).of("technician").json["duty"], duty);
}
