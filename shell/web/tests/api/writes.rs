//! Writes that are retried, and writes that the contract refuses.

use serde_json::json;

use crate::server::Server;

#[test]
fn a_retry_with_the_same_key_creates_nothing() {
    let server = Server::signed();
    let ask = |title: &str| {
        server
            .post("/customers/garonne/tickets", &json!({ "title": title, "priority": "P3" }))
            .header("idempotency-key", "one-intention")
            .of("customer_user")
    };
    let (first, again) = (ask("Écran noir"), ask("Écran noir"));
    assert_eq!((first.status, &first.json), (again.status, &again.json));
    ask("Autre chose").problem(409, "idempotency.conflict");
    let list = server.get("/customers/garonne/tickets").of("customer_user");
    assert_eq!(list.json["items"].as_array().unwrap().len(), 1);
    // The key is the caller's own: somebody else's is another.
    let other = server
        .post("/customers/garonne/tickets", &json!({ "title": "Autre chose", "priority": "P3" }))
        .header("idempotency-key", "one-intention")
        .of("customer_manager");
    assert_eq!(other.status, 201);
}

#[test]
fn every_kind_of_write_can_be_retried() {
    let server = Server::new();
    let twice = |path: &str, body: &serde_json::Value, who: &str| {
        let send = || server.post(path, body).header("idempotency-key", "again").of(who);
        let (first, again) = (send(), send());
        assert_eq!(first.status, 201, "{path}: {:#}", first.json);
        assert_eq!((again.status, &again.json), (first.status, &first.json), "{path}");
        first
    };
    twice("/customers", &json!({ "slug": "blois", "name": "Imprimerie de Blois SARL" }), "provider_admin");
    let taken = server.post("/customers", &json!({ "slug": "blois", "name": "Autre" })).of("provider_admin");
    assert_eq!(taken.problem(422, "invalid")["field"], "slug");
    twice("/customers/garonne/contracts", &server.signature("ateliers-garonne.md"), "provider_admin");
    server.at("2026-04-02T10:00");
    twice("/customers/garonne/tickets", &json!({ "title": "Lent", "priority": "P2" }), "customer_user");
    twice("/customers/garonne/tickets/1/steps", &json!({ "do": "take_over" }), "technician");
    twice("/customers/garonne/calls", &json!({ "minutes": 5 }), "technician");
    let article = json!({ "title": "Un", "body": "Deux", "review_by": "2026-12-31" });
    twice("/customers/garonne/articles", &article, "technician");
    let next = json!({ "title": "Un", "body": "Trois", "review_by": "2026-12-31", "based_on": 1 });
    twice("/customers/garonne/articles/1/versions", &next, "technician");
    twice("/customers/garonne/articles/1/state", &json!({ "state": "published" }), "technician");
    twice("/customers/garonne/articles/1/review", &json!({ "review_by": "2027-01-31" }), "technician");
    twice("/customers/garonne/articles/1/helped", &json!({ "ticket": 1 }), "technician");
    let hook = json!({ "url": "https://hooks.example/", "events": ["ticket.opened"] });
    let made = twice("/customers/garonne/webhooks", &hook, "customer_manager");
    let rotated = format!("/customers/garonne/webhooks/{}/rotate", made.json["id"].as_str().unwrap());
    twice(&rotated, &json!({}), "customer_manager");
    let gone = format!("/customers/garonne/webhooks/{}/remove", made.json["id"].as_str().unwrap());
    twice(&gone, &json!({}), "customer_manager");
    let words = json!({ "name": "Reçu", "fr": "Bonjour {personne}, reçu." });
    let kept = twice("/customers/garonne/answer-templates", &words, "service_manager");
    let other = json!({ "name": "Autre", "fr": "Bonjour" });
    let reused = server.post("/customers/garonne/answer-templates", &other);
    reused.header("idempotency-key", "again").of("service_manager").problem(409, "idempotency.conflict");
    let filled =
        format!("/customers/garonne/tickets/1/answer-templates/{}", kept.json["id"].as_str().unwrap());
    let text = server.get(&filled).of("technician").json["text"].as_str().unwrap().to_owned();
    assert!(text.starts_with("Bonjour ") && text.ends_with(", reçu.") && !text.contains('{'), "{text}");
    // Withdrawn, it stays so whoever sends the first words again.
    let withdrawn =
        format!("/customers/garonne/answer-templates/{}/remove", kept.json["id"].as_str().unwrap());
    assert_eq!(server.post(&withdrawn, &json!({})).of("service_manager").status, 201);
    let late = server.post("/customers/garonne/answer-templates", &words);
    let late = late.header("idempotency-key", "again").of("service_manager");
    assert_eq!((late.status, &late.json), (kept.status, &kept.json), "as it was answered");
    let left = server.get("/customers/garonne/answer-templates").of("service_manager").json;
    assert_eq!(left["items"], json!([]), "and nothing came back");
    let report = json!({ "arrived": "2026-04-02T06:00:00Z", "left": "2026-04-02T07:00:00Z", "work": "Disque remplacé" });
    let visit = twice("/customers/garonne/tickets/1/visits", &report, "technician");
    let sign = json!({ "hash": visit.json["hash"], "name": "Claire Martin", "reserve": "Câble à revoir" });
    let seal = format!("/customers/garonne/tickets/1/visits/{}/sign", visit.json["id"].as_str().unwrap());
    twice(&seal, &sign, "technician");
    let visits = server.get("/customers/garonne/tickets/1/visits").of("customer_user");
    let signature = &visits.json["items"][0]["signature"];
    assert_eq!((&signature["how"], &signature["name"]), (&json!("on_screen"), &json!("Claire Martin")));
    let at = "/customers/garonne/imports?what=tickets&source=csv&name=a.csv";
    let export = "numero;titre;etat;ouvert\n7;Clavier;clos;2025-01-06 09:00\n";
    let send = || server.bytes(at, export).header("idempotency-key", "again").of("service_manager");
    let (sent, again) = (send(), send());
    assert_eq!(sent.status, 201, "{:#}", sent.json);
    assert_eq!(again.json, sent.json);
    let at = format!("/customers/garonne/imports/{}", sent.json["id"].as_str().unwrap());
    twice(&format!("{at}/choices"), &json!({ "since": "declared" }), "service_manager");
    twice(&format!("{at}/run"), &json!({}), "service_manager");
    server.run_imports();
    twice(&format!("{at}/remove"), &json!({}), "service_manager");
    let told = json!({ "items": ["srv-erp"], "detected": "2026-04-02T07:00:00Z", "state": "down", "origin": "provider" });
    twice("/customers/garonne/outages", &told, "technician");
    let done =
        json!({ "clause": "veille", "on": "2026-04-02", "proof": "document", "reference": "Note n° 1" });
    twice("/customers/garonne/duties", &done, "service_manager");
    let told = json!({ "fact": "breach", "at": "2026-04-01T07:00:00Z", "about": "Mise en demeure" });
    twice("/customers/garonne/life", &told, "customer_manager");
    twice("/customers/garonne/months/2026-03/close", &json!({}), "service_manager");
    let meters = server.get("/customers/garonne/meters").of("service_manager");
    assert_eq!(meters.json["items"][0]["used"], 1);
}

#[test]
fn the_contract_refuses_with_its_article_and_the_entry() {
    let server = Server::signed();
    let asked = json!({ "title": "Corriger un écran du progiciel", "item_class": "erp_application" });
    let refused = server.post("/customers/garonne/tickets", &asked).header("idempotency-key", "erp");
    let refused = refused.of("customer_user");
    let problem = refused.problem(409, "perimeter.refused");
    assert_eq!(problem["title"], "Refusé");
    let article = &problem["articles"][0];
    assert_eq!(article["label"], "code-erp");
    assert!(article["article"].as_str().unwrap().starts_with("Article"), "{problem:#}");
    assert_ne!(article["text"]["fr"], article["text"]["en"]);
    let entry = problem["entry"].as_u64().unwrap();
    let journal = server.get(&format!("/customers/garonne/journal?limit=1&before={}", entry + 1));
    assert_eq!(journal.of("technician").json["items"][0]["kind"], "ticket.refused");

    // A refusal is an answer like another: a retry gets it again, and English if it prefers.
    let again = server
        .post("/customers/garonne/tickets", &asked)
        .header("idempotency-key", "erp")
        .header("accept-language", "en")
        .of("customer_user");
    let problem = again.problem(409, "perimeter.refused");
    assert_eq!((&problem["entry"], &problem["title"]), (&json!(entry), &json!("Refused")));
    assert_eq!(again.header("content-language"), "en");

    // Asked for on a quotation, it is taken in to be quoted, with the same article.
    let quoted = json!({ "title": "Corriger un écran du progiciel", "item_class": "erp_application", "on_quote": true });
    let opened = server.post("/customers/garonne/tickets", &quoted).header("idempotency-key", "erp-quote");
    let opened = opened.of("customer_user");
    assert_eq!(opened.status, 201, "{:#}", opened.json);
    assert_eq!((&opened.json["admission"], &opened.json["coverage"]), (&json!("needs_quote"), &json!("out")));

    // No clause names this item: none can be cited, and the detail still says what is wrong.
    let unlisted = json!({ "title": "Panne", "item": "srv-inconnu" });
    let refused = server.post("/customers/garonne/tickets", &unlisted).header("idempotency-key", "inconnu");
    let refused = refused.of("customer_user");
    let detail = refused.problem(409, "perimeter.refused")["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("srv-inconnu"), "{detail}");
}

#[test]
fn an_event_is_told_with_the_detail_it_needs_and_no_other() {
    let server = Server::signed();
    let tell = |body: serde_json::Value| server.post("/customers/garonne/life", &body).of("service_manager");
    let at = "2026-06-01T07:00:00Z";
    let field = |body: serde_json::Value| tell(body).problem(422, "invalid")["field"].clone();
    assert_eq!(field(json!({ "fact": "event", "at": at, "about": "x" })), "trigger");
    assert_eq!(field(json!({ "fact": "notice_given", "at": at, "about": "x" })), "last");
    assert_eq!(field(json!({ "fact": "breach", "last": "2029-02-28", "at": at, "about": "x" })), "last");
    let both = json!({ "fact": "breach", "trigger": "insolvency", "at": at, "about": "x" });
    assert_eq!(field(both), "trigger");
    assert_eq!(field(json!({ "fact": "breach", "at": at, "about": " " })), "about");
    let unknown = json!({ "fact": "event", "trigger": "eclipse", "at": at, "about": "x" });
    assert_eq!(tell(unknown).status, 422);
    let notice = json!({ "fact": "notice_given", "last": "2029-02-28", "at": at, "about": "Congé" });
    assert_eq!(tell(notice).status, 201);
    let life = server.get("/customers/garonne/life").of("customer_manager");
    assert_eq!(life.json["told"][0]["last"], "2029-02-28");

    let duty = json!({ "clause": "inconnue", "on": "2026-06-01", "proof": "minutes", "reference": "x" });
    let answer = server.post("/customers/garonne/duties", &duty).of("customer_manager");
    answer.problem(409, "duty.unknown");
}

#[test]
fn what_is_priced_says_the_price_before_the_work() {
    let server = Server::signed();
    let visit =
        json!({ "title": "Poste à installer", "kind": "service_request", "operation": "on_site_visit" });
    for nth in 1..=5 {
        let opened = server.post("/customers/garonne/tickets", &visit).of("customer_manager");
        let price = if nth <= 4 { json!(null) } else { json!({ "amount": "95.00", "currency": "EUR" }) };
        assert_eq!(opened.json["price"], price, "visit {nth}: {:#}", opened.json);
    }
}

#[test]
fn a_state_or_a_pause_that_cannot_be_is_refused() {
    let server = Server::signed();
    let number = server.ticket(&json!({ "title": "Réseau coupé", "priority": "P2" }));
    server.step(number, &json!({ "do": "resume" })).problem(409, "ticket.state");
    let unknown = server.step(number, &json!({ "do": "pause", "reason": "congés" }));
    assert!(!unknown.problem(409, "pause.reason")["articles"].as_array().unwrap().is_empty());
    server.step(number, &json!({ "do": "pause", "reason": "attente-reponse" })).problem(409, "pause.proof");
    let early = server.post("/customers/garonne/months/2026-06/close", &json!({})).of("provider_admin");
    early.problem(409, "month.order");
}

#[test]
fn a_signature_takes_both_parties_and_a_text_that_compiles() {
    let server = Server::new();
    let path = "/customers/garonne/contracts";
    let mut body = server.signature("ateliers-garonne.md");
    body["countersigned_by_token"] = json!(server.token("provider_admin"));
    server.post(path, &body).of("provider_admin").problem(409, "contract.signatures");
    for other in ["stranger", "customer_user"] {
        body["countersigned_by_token"] = json!(server.token(other));
        let answer = server.post(path, &body).of("provider_admin");
        assert_eq!(answer.problem(422, "invalid")["field"], "countersigned_by_token");
    }
    let mut broken = server.signature("minimal.md");
    broken["text"] = json!("# Contrat\n\nSans règle.\n");
    let answer = server.post(path, &broken).of("provider_admin");
    let problem = answer.problem(422, "contract.does_not_compile");
    assert!(problem["diagnostics"]["fr"].as_str().unwrap().contains("E-"), "{problem:#}");
    // The customer may be the one who calls.
    let mut body = server.signature("ateliers-garonne.md");
    body["countersigned_by_token"] = json!(server.token("provider_admin"));
    assert_eq!(server.post(path, &body).of("customer_manager").status, 201);
    server.sign("ateliers-garonne.md").problem(409, "contract.already_signed");
    let amendment = server.sign("ateliers-garonne-avenant-1.md");
    assert_eq!(
        (amendment.status.as_u16(), &amendment.json["version"]),
        (201, &json!(2)),
        "{:#}",
        amendment.json
    );
}

#[test]
fn a_program_tells_the_channels_that_the_contract_names() {
    let server = Server::new();
    server.at("2026-06-30T11:00");
    for file in ["mutuelle-horizon.md", "mutuelle-horizon-daas.md"] {
        let signed = server.sign(file);
        assert_eq!(signed.status, 201, "{:#}", signed.json);
    }
    server.at("2026-11-03T10:00");
    let ask = |contract: &str, channel: &str| {
        let asked =
            json!({ "title": "Bureau figé", "priority": "P2", "contract": contract, "channel": channel });
        server.post("/customers/garonne/tickets", &asked)
    };
    // Whoever answered at that counter says so, not whoever would have a better clock.
    let theirs = ask("CTR-2026-003-D", "guichet").of("customer_user");
    assert_eq!(theirs.problem(422, "invalid")["field"], "channel");
    let ask = |contract: &str, channel: &str| ask(contract, channel).of("technician");
    assert_eq!(ask("CTR-2026-003-D", "guichet").status, 201);
    assert_eq!(ask("CTR-2026-003-D", "phone").status, 201);
    assert_eq!(ask("CTR-2026-003", "guichet").problem(422, "invalid")["field"], "channel");
    let named = ask("CTR-2026-003-D", "fax").problem(422, "invalid")["detail"].to_string();
    assert!(named.contains("on_site, astreinte (Article D5"), "{named}");
    assert!(named.contains("[prise-en-charge-proximite]"), "{named}");
    assert_eq!(ask("CTR-2026-003-D", &"a".repeat(101)).problem(422, "invalid")["field"], "channel");
}
