//! Pages of a list follow one another: each line once, in order.

use serde_json::json;

use crate::server::Server;

#[test]
fn pages_of_duties_follow_one_another() {
    let server = Server::signed();
    let read = |query: &str| {
        let page = server.get(&format!("/customers/garonne/duties{query}")).of("customer_manager");
        assert_eq!(page.status, 200, "{query}: {:#}", page.json);
        page.json
    };
    let whole = read("?limit=200");
    let all = whole["items"].as_array().unwrap();
    assert!(all.len() > 12, "{}", all.len());
    let days: Vec<&str> = all.iter().map(|d| d["due"].as_str().unwrap_or("9999")).collect();
    assert!(days.windows(2).all(|w| w[0] <= w[1]), "{days:?}");
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = read(&format!("?limit=5{after}"));
        seen.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(&seen, all, "each once, in the same order");

    // Narrowed before it is cut: a page is full as long as there are enough.
    let of = |by: &str| all.iter().filter(|d| d["owed_by"] == by).count();
    assert_eq!(read("?owed_by=customer&limit=200")["items"].as_array().unwrap().len(), of("customer"));
    let one = read("?owed_by=provider&limit=1");
    assert_eq!((one["items"][0]["owed_by"].as_str(), of("provider") > 1), (Some("provider"), true));
    assert!(one["next"].is_string());
    let unknown = server.get("/customers/garonne/duties?after=zz").of("customer_manager");
    assert_eq!(unknown.problem(422, "invalid")["field"], "after");
    let none = server.get("/customers/garonne/duties?limit=0").of("customer_manager");
    assert_eq!(none.problem(422, "invalid")["field"], "limit");
}

#[test]
fn pages_of_tickets_follow_one_another() {
    let server = Server::signed();
    let all: Vec<u64> =
        (1..=7).map(|i| server.ticket(&json!({ "title": format!("Poste {i}"), "priority": "P4" }))).collect();
    let (mut seen, mut after) = (Vec::new(), String::new());
    for _ in 0..4 {
        let page = server.get(&format!("/customers/garonne/tickets?limit=3{after}")).of("customer_user");
        seen.extend(page.json["items"].as_array().unwrap().iter().map(|t| t["number"].as_u64().unwrap()));
        match page.json["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, all.into_iter().rev().collect::<Vec<_>>());
}

#[test]
fn pages_of_customers_follow_one_another() {
    let server = Server::signed();
    for n in 0..7 {
        let ask = json!({ "slug": format!("client-{n}"), "name": format!("Étude {n}") });
        assert_eq!(server.post("/customers", &ask).of("provider_admin").status, 201);
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    for _ in 0..9 {
        let page = server.get(&format!("/customers?search=etude&limit=3{after}")).of("provider_admin");
        seen.extend(page.json["items"].as_array().unwrap().iter().map(|c| c["slug"].to_string()));
        match page.json["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, (0..7).map(|n| format!("\"client-{n}\"")).collect::<Vec<_>>());
    // Somebody of one customer is told of no other, and a place after one is as a place that is nowhere.
    let own = server.get("/customers").of("customer_user").json;
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
    for place in ["client-3", "nobody"] {
        let refused = server.get(&format!("/customers?after={place}")).of("customer_user");
        assert_eq!(refused.problem(422, "invalid")["field"], "after", "{place}");
    }
}

/// A long conversation is given by two hundred lines, from its end.
#[test]
fn a_conversation_is_read_back_from_its_end() {
    let server = Server::signed();
    let number = server.ticket(&json!({ "title": "Poste lent", "priority": "P4" }));
    for n in 0..450 {
        assert_eq!(server.step(number, &json!({ "do": "note", "body": format!("Constat {n}") })).status, 201);
    }
    let (mut seen, mut before) = (Vec::new(), String::new());
    for _ in 0..4 {
        let answer =
            server.get(&format!("/customers/garonne/tickets/{number}{before}")).of("technician").json;
        let lines = answer["conversation"].as_array().unwrap().clone();
        assert!(lines.len() <= 200, "{}", lines.len());
        let texts = lines.iter().map(|line| line["text"].as_str().unwrap().to_owned());
        seen.splice(0..0, texts);
        match answer["earlier"].as_u64() {
            Some(earlier) => before = format!("?before={earlier}"),
            None => break,
        }
    }
    assert_eq!(seen, (0..450).map(|n| format!("Constat {n}")).collect::<Vec<_>>());
}

/// What a ticket gathers is given by pages too: its files, the time spent on it.
#[test]
fn what_a_ticket_gathers_is_read_by_pages() {
    let server = Server::signed();
    let number = server.ticket(&json!({ "title": "Poste lent", "priority": "P4" }));
    let ticket = format!("/customers/garonne/tickets/{number}");
    server.step(number, &json!({ "do": "take_over" }));
    server.later("2026-06-02T16:00");
    for n in 0..7 {
        let time = json!({ "minutes": 5 + n, "kind": "remote" });
        assert_eq!(server.post(&format!("{ticket}/time"), &time).of("technician").status, 201);
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    for _ in 0..9 {
        let page = server.get(&format!("{ticket}/time?limit=3{after}")).of("technician").json;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 3);
        seen.extend(items.iter().map(|line| line["minutes"].as_u64().unwrap()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, (5..12).collect::<Vec<_>>(), "each once");
    for list in ["time", "files"] {
        let unknown = server.get(&format!("{ticket}/{list}?after=zz")).of("technician");
        assert_eq!(unknown.problem(422, "invalid")["field"], "after", "{list}");
        let none = server.get(&format!("{ticket}/{list}?limit=0")).of("technician");
        assert_eq!(none.problem(422, "invalid")["field"], "limit", "{list}");
    }
}
