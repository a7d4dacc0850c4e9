//! The levels of escalation: read, given people, and given back to their clause.

use serde_json::json;

use crate::server::Server;

pub fn levels(server: &Server) {
    let all = "/customers/garonne/escalation";
    let sheet = format!("{all}/level?contract=CTR-2026-001&clause=escalade-1");
    let read = server.get(&sheet).of("service_manager").json;
    assert_eq!(read["level"]["people"], json!([]), "{read:#}");
    let person = read["candidates"][0]["person"].clone();
    let ask = |people: serde_json::Value, since: &serde_json::Value| {
        let ask =
            json!({ "contract": "CTR-2026-001", "clause": "escalade-1", "people": people, "since": since });
        server.post(all, &ask).of("service_manager")
    };
    let put = ask(json!([person]), &read["since"]);
    assert_eq!(put.status, 201, "{:#}", put.json);
    // What was said meanwhile is read again before it is changed.
    assert_eq!(ask(json!([]), &read["since"]).status, 409);
    let listed = server.get(all).of("customer_manager").json;
    assert_eq!(listed["items"][0]["people"], json!([read["candidates"][0]["name"]]));
    let again = server.get(&sheet).of("service_manager").json;
    assert_eq!(again["since"], put.json["entry"]);
    assert_eq!(ask(json!([]), &again["since"]).status, 201);
}
