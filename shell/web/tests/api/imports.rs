//! A file of another tool, from its sending to what is found of it.

use serde_json::{Value, json};

use crate::server::Server;

/// A file is sent, looked at, read by columns of its own, run, told of line by line, and its history read.
pub fn imports(server: &Server) {
    let export = "Clef;titre;etat;ouvert;priorite\n\
        7;Clavier muet;clos;2025-01-06 09:00;Haute\n\
        8;Souris;ouvert;2026-04-01 10:00;Haute\n\
        9;;ouvert;2026-04-01 10:00;\n\
        10;Ancien;ouvert;2019-04-01 10:00;\n\
        11;Bruit;chez Paul;2026-04-01 10:00;\n";
    let at = "/customers/garonne/imports?what=tickets&source=csv&name=outil.csv";
    assert_eq!(
        server.bytes(at, "PK\u{3}\u{4}").of("service_manager").problem(422, "invalid")["field"],
        "file"
    );
    let sent = server.bytes(at, export).of("service_manager");
    assert_eq!(sent.status, 201, "{:#}", sent.json);
    let one = format!("/customers/garonne/imports/{}", sent.json["id"].as_str().unwrap());
    let shown = server.get(&one).of("service_manager").json;
    assert_eq!(
        (&shown["import"]["state"], &shown["import"]["name"]),
        (&json!("staged"), &json!("outil.csv"))
    );
    assert!(shown["outlook"]["problem"]["fr"].as_str().unwrap().contains("il manque une colonne"));
    let choices = json!({
        "columns": [{ "field": "number", "heading": "Clef" }],
        "priorities": [{ "word": "Haute", "priority": "P4" }],
        "since": "declared",
    });
    let wrong = json!({ "columns": [{ "field": "nombre", "heading": "Clef" }] });
    let refused = server.post(&format!("{one}/choices"), &wrong).of("service_manager");
    assert_eq!(refused.problem(422, "invalid")["field"], "columns");
    assert!(refused.json["detail"].as_str().unwrap().contains("nombre"), "{:#}", refused.json);
    assert_eq!(server.post(&format!("{one}/choices"), &choices).of("service_manager").status, 201);
    let outlook = &server.get(&one).of("service_manager").json["outlook"];
    assert_eq!(
        outlook["counts"],
        json!({ "total": 5, "made": 1, "kept": 1, "known": 0, "skipped": 3 }),
        "{outlook:#}"
    );
    assert_eq!(outlook["lines"][1]["priority"], "P4");
    let remark = |at: usize, what: &str| outlook["remarks"][at][what].clone();
    assert_eq!(remark(0, "advice")["en"], "give it a title");
    assert_eq!(
        (remark(1, "line"), remark(1, "left_out")),
        (json!(5), json!(true)),
        "the contract refuses it"
    );
    assert!(remark(1, "message")["en"].as_str().unwrap().contains("before the contract takes effect"));
    assert_eq!(remark(2, "message")["en"], "state: an unknown word");
    assert_eq!((remark(2, "cell"), remark(1, "cell")), (json!("chez Paul"), Value::Null));
    assert_eq!(server.post(&format!("{one}/run"), &json!({})).of("service_manager").status, 201);
    server.run_imports();
    assert_eq!(server.get(&one).of("service_manager").json["import"]["state"], "done");
    let report = server.get(&format!("{one}/report?limit=2")).of("service_manager").json;
    assert_eq!((&report["items"][0]["fate"], &report["items"][1]["fate"]), (&json!("kept"), &json!("made")));
    let next = format!("{one}/report?limit=2&after={}", report["next"].as_str().unwrap());
    let rest = server.get(&next).of("service_manager").json;
    assert_eq!((&rest["items"][0]["line"], &rest["items"][1]["line"]), (&json!(4), &json!(5)));
    let last = server.get(&format!("{one}/report?limit=2&after={}", rest["next"].as_str().unwrap()));
    let last = last.of("service_manager").json;
    assert_eq!((&last["items"][0]["line"], &last["next"]), (&json!(6), &Value::Null));
    assert!(!last.to_string().contains("Paul"), "no report keeps the words of a cell");
    let history = server.get("/customers/garonne/history?q=clavier").of("customer_user").json;
    assert_eq!(history["items"][0]["number"], "7");
    let entry = history["items"][0]["entry"].as_u64().unwrap();
    let matter = server.get(&format!("/customers/garonne/history/{entry}")).of("customer_user").json;
    assert_eq!(matter["words"]["title"], "Clavier muet");
    let found = server.get("/customers/garonne/search?q=clavier").of("customer_user").json;
    assert_eq!(found["history"][0]["entry"], entry);
    let other = server.bytes(at, export).of("service_manager").json;
    let id = other["id"].as_str().unwrap();
    server.begin_import(id);
    let stopped = server.post(&format!("/customers/garonne/imports/{id}/stop"), &json!({}));
    assert_eq!(stopped.of("service_manager").status, 201);
    let list = server.get("/customers/garonne/imports").of("service_manager").json;
    assert_eq!((&list["items"][0]["id"], &list["items"][0]["state"]), (&other["id"], &json!("stopped")));
    let removed = server.post(&format!("/customers/garonne/imports/{id}/remove"), &json!({}));
    assert_eq!(removed.of("service_manager").status, 201);
    assert_eq!(server.get("/customers/garonne/imports").of("customer_manager").status, 404);
}

/// People are looked at, given a role and invited, by those who keep accounts and a token of the day.
#[test]
fn people_of_a_file_are_invited_with_a_token_of_the_day() {
    let server = Server::signed();
    let file = "courriel;nom\nnora@garonne.example;Nora Blin\npas une adresse;Paul\n";
    let at = "/customers/garonne/imports?what=people&source=csv&name=annuaire.csv";
    server.bytes(at, file).of("service_manager").problem(404, "not_found");
    let sent = server.bytes(at, file).of("provider_admin");
    assert_eq!(sent.status, 201, "{:#}", sent.json);
    let one = format!("/customers/garonne/imports/{}", sent.json["id"].as_str().unwrap());
    assert_eq!(server.get(&one).of("service_manager").status, 404, "who does not keep accounts");
    let outlook = &server.get(&one).of("provider_admin").json["outlook"];
    assert_eq!(
        outlook["counts"],
        json!({ "total": 2, "made": 1, "kept": 0, "known": 0, "skipped": 1 }),
        "{outlook:#}"
    );
    let role = json!({ "role": "technician" });
    assert_eq!(server.post(&format!("{one}/choices"), &role).of("provider_admin").status, 422);
    let role = json!({ "role": "customer_auditor" });
    assert_eq!(server.post(&format!("{one}/choices"), &role).of("provider_admin").status, 201);
    let run = || server.post(&format!("{one}/run"), &json!({}));
    assert_eq!(run().of("service_manager").status, 404);
    server.age_tokens(24);
    run().of("provider_admin").problem(409, "import.token");
    server.age_tokens(-24);
    assert_eq!(run().of("provider_admin").status, 201);
    server.run_imports();
    let shown = server.get(&one).of("provider_admin").json;
    assert_eq!((&shown["import"]["state"], &shown["import"]["counts"]["made"]), (&json!("done"), &json!(1)));
    let report = server.get(&format!("{one}/report")).of("provider_admin").json;
    let fates: Vec<_> = report["items"].as_array().unwrap().iter().map(|told| &told["fate"]).collect();
    assert_eq!(fates, ["made", "skipped"], "{report:#}");
    assert!(!report.to_string().contains('@'), "no report keeps an address");
}
