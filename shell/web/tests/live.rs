//! Streams of events: who hears what, when they end, and what a reader who comes back is told.

mod common;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use app::access::Items;
use app::accounts::roles::NewRole;
use app::ticket::{IdempotencyKey, OpenTicket, StepCommand};
use app::{Act, Role};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use common::{Person, Site};
use http_body_util::BodyExt;
use tower::ServiceExt;

const PEOPLE: [(&str, &str, Role); 4] = [
    ("ateliers", "directrice@ateliers.fr", Role::CustomerDirector),
    ("ateliers", "agent@ateliers.fr", Role::CustomerUser),
    ("verger", "directeur@verger.fr", Role::CustomerDirector),
    ("verger", "agent@verger.fr", Role::CustomerUser),
];

/// Someone's stream, read piece by piece.
struct Heard {
    body: Body,
    text: String,
}

impl Heard {
    /// What came since the last look; a stream that ended says `[end]`.
    async fn news(&mut self) -> String {
        loop {
            match tokio::time::timeout(Duration::from_millis(400), self.body.frame()).await {
                Ok(Some(Ok(frame))) => {
                    let data = frame.into_data().unwrap();
                    self.text.push_str(std::str::from_utf8(&data).unwrap());
                }
                Ok(Some(Err(e))) => panic!("{e}"),
                Ok(None) => {
                    self.text.push_str("[end]");
                    break;
                }
                Err(_) => break,
            }
        }
        std::mem::take(&mut self.text)
    }
}

/// The kinds and data of some events, without their instants.
fn events(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|l| !l.starts_with("id: ") && !l.is_empty() && !l.starts_with(':'));
    lines.map(|l| l.trim_start_matches("event: ").trim_start_matches("data: ").to_owned()).collect()
}

fn last_id(text: &str) -> String {
    text.lines().filter_map(|l| l.strip_prefix("id: ")).next_back().unwrap().to_owned()
}

async fn listen(site: &Site, who: &Person<'_>, after: &str) -> Heard {
    let request = Request::get(format!("/events?after={after}"))
        .header("host", "localhost")
        .header("cookie", who.cookie());
    let answer = site.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    Heard { body: answer.into_body(), text: String::new() }
}

/// Two customers, each with its contract and a ticket.
fn two_customers(name: &str) -> Site {
    let site = Site::new(name, &[("ateliers", "Ateliers"), ("verger", "Verger")], &PEOPLE);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/ateliers-garonne.md");
    let text = std::fs::read_to_string(path).unwrap();
    let permit = |email: &str, act: Act, slug: &str| {
        let customer = site.app.find_customer(slug).unwrap();
        site.app.person_of(email).unwrap().permit(act, customer).unwrap()
    };
    for (slug, director) in [("ateliers", "directrice@ateliers.fr"), ("verger", "directeur@verger.fr")] {
        let ours = permit("admin@exemple.fr", Act::SignContract, slug);
        let theirs = permit(director, Act::SignContract, slug);
        site.app.sign_contract(&ours, &theirs, "contrat.md", &text).unwrap();
    }
    site.clock.move_to("2026-06-16T07:00:00Z".parse().unwrap());
    for slug in ["ateliers", "verger"] {
        let ask = OpenTicket {
            title: "Imprimante en panne".to_owned(),
            kind: Some("incident".to_owned()),
            priority: Some("P3".to_owned()),
            ..OpenTicket::default()
        };
        let asker = permit(&format!("agent@{slug}.fr"), Act::OpenTicket, slug);
        site.app.open_ticket(&asker, &IdempotencyKey::parse("open").unwrap(), &ask).unwrap();
    }
    site.undertake("technique@exemple.fr");
    site
}

/// The technician does something to the first ticket of a customer.
fn step(site: &Site, slug: &str, command: &StepCommand) {
    static KEYS: AtomicU64 = AtomicU64::new(0);
    let who = site.app.person_of("technique@exemple.fr").unwrap();
    let permit = who.permit(command.act(), site.app.find_customer(slug).unwrap()).unwrap();
    let key = IdempotencyKey::parse(&format!("s{}", KEYS.fetch_add(1, Relaxed))).unwrap();
    site.app.step_ticket(&permit, &key, 1, command, None).unwrap();
}

fn note() -> StepCommand {
    StepCommand::Note { body: "vu avec le fournisseur".into() }
}

fn reply() -> StepCommand {
    StepCommand::Reply { body: "Nous regardons.".into() }
}

#[tokio::test]
async fn each_hears_of_what_they_may_see_and_of_nothing_else() {
    let site = two_customers("live-who");
    let (technician, agent, other) = (
        site.enter("technique@exemple.fr").await,
        site.enter("agent@ateliers.fr").await,
        site.enter("agent@verger.fr").await,
    );
    let mut staff = listen(&site, &technician, "").await;
    let mut inside = listen(&site, &agent, "").await;
    let mut outside = listen(&site, &other, "").await;
    for heard in [&mut staff, &mut inside, &mut outside] {
        assert_eq!(events(&heard.news().await), ["hello", "{}"]);
    }
    step(&site, "ateliers", &reply());
    let told = ["ticket", r#"{"customer":"ateliers","ticket":1}"#];
    assert_eq!(events(&staff.news().await), told);
    assert_eq!(events(&inside.news().await), told);
    assert_eq!(events(&outside.news().await), [""; 0], "another customer's ticket");
    // That there is a note is itself the provider's own.
    step(&site, "ateliers", &note());
    assert_eq!(events(&staff.news().await), told);
    assert_eq!(events(&inside.news().await), [""; 0], "an internal note");
}

#[tokio::test]
async fn a_right_that_ended_is_asked_for_at_each_delivery() {
    let site = two_customers("live-rights");
    let agent = site.enter("agent@ateliers.fr").await;
    let mut heard = listen(&site, &agent, "").await;
    heard.news().await;
    // The account loses its only role while its page stands open.
    let who = site.app.person_of("agent@ateliers.fr").unwrap();
    site.app.unassign(who.assignments[0].id).unwrap();
    step(&site, "ateliers", &reply());
    assert_eq!(events(&heard.news().await), [""; 0]);
    // A role at the other customer, and its news are heard on the same stream.
    let verger = site.app.find_customer("verger").unwrap();
    let new = NewRole {
        account: who.account,
        role: Role::CustomerUser,
        customer: Some(verger),
        contract: None,
        about: Items::default(),
    };
    site.app.assign(&new).unwrap();
    step(&site, "verger", &reply());
    assert_eq!(events(&heard.news().await), ["ticket", r#"{"customer":"verger","ticket":1}"#]);
}

#[tokio::test]
async fn a_stream_ends_with_its_session_and_with_the_process() {
    let site = two_customers("live-ends");
    let mut agent = site.enter("agent@ateliers.fr").await;
    let mut heard = listen(&site, &agent, "").await;
    heard.news().await;
    let (status, _) = agent.act("/account", "/sign-out", &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(heard.news().await, "[end]");
    // Disabled, in the middle of a page.
    let director = site.enter("directrice@ateliers.fr").await;
    let mut heard = listen(&site, &director, "").await;
    heard.news().await;
    let admin = site.app.person_of("admin@exemple.fr").unwrap();
    let permit = admin.permit_instance(Act::ManageAccounts).unwrap();
    let account = site.app.person_of("directrice@ateliers.fr").unwrap().account;
    site.app.disable_account(&permit, account, true).unwrap();
    assert_eq!(heard.news().await, "[end]");
    // Told to stop, the site lets its streams go and opens no other.
    let technician = site.enter("technique@exemple.fr").await;
    let mut heard = listen(&site, &technician, "").await;
    heard.news().await;
    site.app.end_news();
    assert_eq!(heard.news().await, "[end]");
    let (status, _) = technician.get("/events").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_reader_who_comes_back_is_told_what_they_missed() {
    let site = two_customers("live-back");
    let agent = site.enter("agent@ateliers.fr").await;
    let mut heard = listen(&site, &agent, "").await;
    let at = last_id(&heard.news().await);
    drop(heard);
    step(&site, "ateliers", &reply());
    step(&site, "verger", &reply());
    step(&site, "ateliers", &note());
    let mut heard = listen(&site, &agent, &at).await;
    let told = heard.news().await;
    assert_eq!(events(&told), ["hello", "{}", "ticket", r#"{"customer":"ateliers","ticket":1}"#]);
    // From a process that is no more: everything is to be read again.
    let mut heard = listen(&site, &agent, "1700000000000000").await;
    assert_eq!(events(&heard.news().await), ["hello", "{}", "resync", "{}"]);
}

#[tokio::test]
async fn a_slow_reader_is_told_to_read_again_and_one_person_has_six_streams() {
    let site = two_customers("live-slow");
    let technician = site.enter("technique@exemple.fr").await;
    let mut slow = listen(&site, &technician, "").await;
    // Nothing is read meanwhile, and the stream's task has no turn: this test has one thread.
    for _ in 0..300 {
        step(&site, "ateliers", &note());
    }
    let told = events(&slow.news().await);
    assert!(told.contains(&"resync".to_owned()), "{told:?}");
    drop(slow);
    let mut first = listen(&site, &technician, "").await;
    first.news().await;
    let mut others = Vec::new();
    for _ in 0..6 {
        others.push(listen(&site, &technician, "").await);
    }
    assert_eq!(events(&first.news().await), ["full", "{}", "[end]"]);
    step(&site, "ateliers", &note());
    for other in &mut others {
        assert!(other.news().await.contains("event: ticket"));
    }
}

#[tokio::test]
async fn nobody_listens_without_a_session_or_from_another_site() {
    let site = two_customers("live-out");
    let (status, _) = site.nobody().get("/events").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let agent = site.enter("agent@ateliers.fr").await;
    let request = Request::get("/events").header("host", "localhost").header("cookie", agent.cookie());
    let request = request.header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
    assert_eq!(site.router().oneshot(request).await.unwrap().status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_page_that_asks_for_itself_leaves_the_notice_of_the_next_one() {
    let site = two_customers("live-flash");
    let agent = site.enter("agent@ateliers.fr").await;
    let page = agent.page("/c/ateliers/tickets/1").await;
    for region in ["live-line", "live-clocks", "live-conversation", "live-facts"] {
        assert!(page.contains(&format!("id=\"{region}\" data-live=\"c/ateliers/1\"")), "{region}");
    }
    let ask = |by_itself: bool| {
        let mut request = Request::get("/c/ateliers/tickets/1").header("host", "localhost");
        request = request.header("cookie", format!("{}; flash=reply", agent.cookie()));
        if by_itself {
            request = request.header("x-live", "1");
        }
        site.router().oneshot(request.body(Body::empty()).unwrap())
    };
    assert!(ask(false).await.unwrap().headers().contains_key("set-cookie"));
    assert!(!ask(true).await.unwrap().headers().contains_key("set-cookie"));
}

#[tokio::test]
async fn a_person_hears_of_their_own_notifications_and_the_page_lists_them() {
    let site = two_customers("live-notified");
    let mut agent = site.enter("agent@ateliers.fr").await;
    let director = site.enter("directrice@ateliers.fr").await;
    site.app.pump().unwrap();
    let mut mine = listen(&site, &agent, "").await;
    let mut other = listen(&site, &director, "").await;
    mine.news().await;
    other.news().await;
    step(&site, "ateliers", &reply());
    site.app.pump().unwrap();
    let ticket = ["ticket", r#"{"customer":"ateliers","ticket":1}"#];
    assert_eq!(events(&mine.news().await), [&ticket[..], &["notifications", "{}"]].concat());
    assert_eq!(events(&other.news().await), ticket, "she has no part in it");
    let html = agent.page("/notifications").await;
    assert!(html.contains("Réponse") && html.contains("Imprimante en panne"), "{html}");
    assert!(html.contains("<span class=\"unread\">1 "), "{html}");
    assert!(!director.page("/notifications").await.contains("Imprimante en panne"));

    // A page that asks for itself again is read by nobody; one that is opened marks its ticket as read.
    let by_itself = Request::get("/c/ateliers/tickets/1")
        .header("host", "localhost")
        .header("cookie", agent.cookie())
        .header("x-live", "1");
    let answer = site.router().oneshot(by_itself.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(agent.page("/notifications").await.contains("<span class=\"unread\">1 "));
    agent.page("/c/ateliers/tickets/1").await;
    assert!(!agent.page("/notifications").await.contains("<span class=\"unread\">"));
    assert_eq!(events(&mine.news().await), ["notifications", "{}"], "other open pages count again");
    step(&site, "ateliers", &reply());
    site.app.pump().unwrap();
    let html = agent.page("/notifications").await;
    let through = common::value(&html, "through");
    let (status, to) = agent.act("/notifications", "/notifications", &[("through", &through)]).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/notifications"));
    assert!(agent.page("/notifications").await.contains("Rien de nouveau"));
    assert!(agent.page("/notifications?show=all").await.contains("Imprimante en panne"));
}
