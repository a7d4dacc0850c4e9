//! What may be asked for, and the answers to what is asked in return.

use serde_json::{Value, json};

use crate::server::Server;

/// What no contract of `contracts/` holds: an operation whose form has an answer of each kind.
pub const FORM: &str = r#"

## Article 98 – Arrivées

```toml clause
kind = "operations"
label = "arrivees"
then.operation = "arrival"
then.title = "Arrivée d'un salarié"
then.terms = "included"
then.ask = [
  { name = "date", fr = "Date d'arrivée", en = "Arrival date", type = "date", required = true },
  { name = "screens", fr = "Écrans", type = "number", max = 3 },
  { name = "remote", fr = "Télétravail", type = "yes_no" },
  { name = "server", fr = "Serveur", type = "item" },
]
```
"#;

pub fn catalogue(server: &Server) {
    let read = server.get("/customers/garonne/catalogue").of("customer_user").json;
    let offers = read["operations"].as_array().unwrap();
    let offer = offers.iter().find(|o| o["operation"] == "arrival").unwrap();
    assert_eq!(offer["admission"], "accepted");
    let date = &offer["questions"][0];
    assert_eq!(
        [&date["name"], &date["question"]["en"], &date["what"], &date["required"]],
        [&json!("date"), &json!("Arrival date"), &json!("date"), &json!(true)]
    );
    assert_eq!(offer["questions"][1]["max"], 3);
    assert_eq!(offer["questions"][2]["choices"][1]["title"], json!({ "fr": "non", "en": "no" }));
    let servers = offer["questions"][3]["choices"].as_array().unwrap();
    assert!(servers.iter().any(|choice| choice["value"] == "srv-erp"));
    assert!(!read["services"].as_array().unwrap().is_empty());

    let ask = |answers: Value| {
        let body = json!({ "title": "Arrivée", "kind": "service_request", "operation": "arrival", "answers": answers });
        server.post("/customers/garonne/tickets", &body).of("customer_user")
    };
    let wrong = |answers: Value| ask(answers).problem(422, "invalid")["field"].clone();
    assert_eq!(wrong(json!({ "screens": 1 })), "answers.date");
    assert_eq!(wrong(json!({ "date": "2026-07-01", "screens": -1 })), "answers.screens");
    assert_eq!(wrong(json!({ "date": "2026-07-01", "remote": "maybe" })), "answers.remote");
    assert_eq!(wrong(json!({ "date": "2026-07-01", "size": "L" })), "answers.size");

    let told = ask(json!({ "date": "2026-07-01", "screens": 2, "remote": true, "server": "srv-erp" }));
    assert_eq!(told.status, 201, "{:#}", told.json);
    let ticket =
        server.get(&format!("/customers/garonne/tickets/{}", told.json["number"])).of("technician").json;
    let answers = ticket["answers"].as_array().unwrap();
    let said: Vec<_> =
        answers.iter().map(|a| (a["name"].as_str().unwrap(), a["value"].as_str().unwrap())).collect();
    assert_eq!(said, [("date", "2026-07-01"), ("screens", "2"), ("remote", "yes"), ("server", "srv-erp")]);
    assert_eq!(answers[0]["says"], json!({ "fr": "1er juillet 2026", "en": "1 July 2026" }));
}
