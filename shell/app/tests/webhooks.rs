//! Webhooks: what is told to whom, signed with what; and what no webhook hears.

mod common;
#[path = "webhooks/keeping.rs"]
mod keeping;
#[path = "webhooks/tries.rs"]
mod tries;

use std::sync::Arc;

use app::mail::{Address, MailSettings};
use app::ticket::{OpenTicket, StepCommand};
use app::webhook::{
    Allowed, Due, Egress, KINDS, Outcome, Parcel, State, WebhookState, WebhookStopped, WriteWebhook, verify,
};
use app::{Act, App, AppError, Permit, Role, Settings, clock, entropy};
use base::id::{CustomerId, WebhookId};
use common::signed;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use testkit::Instance;

const URL: &str = "https://hooks.client.example/regisseur?k=1";

fn egress() -> Egress {
    let one = |host, private| Allowed::parse(host, Vec::new(), private).unwrap();
    Egress {
        allowed: vec![
            one("hooks.client.example", false),
            one("interne.exemple.fr", true),
            one("interne.garonne.example", true).only_for(vec!["garonne".to_owned()]),
        ],
    }
}

fn ask(kinds: &[&str], side: &str) -> WriteWebhook {
    WriteWebhook {
        url: URL.to_owned(),
        description: "Supervision".to_owned(),
        kinds: kinds.iter().map(|k| (*k).to_owned()).collect(),
        side: Some(side.to_owned()),
    }
}

struct Ground {
    instance: Instance,
    customer: CustomerId,
}

impl Ground {
    fn new(seed: u64) -> Ground {
        let instance = Instance::new(seed);
        let customer = signed(&instance, "garonne");
        instance.app().send_webhooks_to(egress());
        Ground { instance, customer }
    }

    fn app(&self) -> &App {
        self.instance.app()
    }

    fn keeper(&self, role: Role) -> Permit {
        self.instance.permit(role, Act::ManageWebhooks, self.customer)
    }

    fn hook(&self, role: Role, ask: &WriteWebhook) -> (WebhookId, String) {
        let made = self.app().write_webhook(&self.keeper(role), &self.instance.key(), None, ask).unwrap();
        (made.webhook, made.secret.expect("shown once"))
    }

    fn open(&self) -> u64 {
        let ask = OpenTicket {
            title: "Imprimante de Mme Faure".to_owned(),
            description: "Elle fume.".to_owned(),
            priority: Some("P2".to_owned()),
            item: Some("srv-fic".to_owned()),
            ..OpenTicket::default()
        };
        self.instance.open(self.customer, &ask).unwrap().number
    }

    fn due(&self, webhook: WebhookId) -> Due {
        Due { webhook, customer: self.customer }
    }

    fn next(&self, webhook: WebhookId) -> Option<Parcel> {
        self.app().pump().unwrap();
        self.app().next_parcel(self.due(webhook)).unwrap()
    }

    /// Takes everything that waits, and gives the kinds.
    fn heard(&self, webhook: WebhookId) -> Vec<String> {
        let mut kinds = Vec::new();
        while let Some(parcel) = self.next(webhook) {
            kinds.push(body(&parcel)["type"].as_str().unwrap().to_owned());
            self.app().parcel_ended(parcel.delivery, Outcome::Answered(204), 12).unwrap();
        }
        kinds
    }

    fn later(&self, time: SignedDuration) {
        self.instance.clock().move_to(self.app().now() + time);
    }

    fn state(&self, webhook: WebhookId) -> (WebhookState, Option<WebhookStopped>) {
        let lines = self.app().webhooks(&self.keeper(Role::ServiceManager)).unwrap();
        let line = lines.iter().find(|line| line.id == webhook).unwrap();
        (line.state, line.why)
    }
}

fn body(parcel: &Parcel) -> Value {
    serde_json::from_str(&parcel.body).unwrap()
}

fn is_signed(parcel: &Parcel, secret: &str) -> bool {
    let [(_, id), (_, seconds), (_, signature)] = &parcel.headers;
    verify(secret, id, seconds.parse().unwrap(), &parcel.body, signature)
}

fn code<T: std::fmt::Debug>(done: Result<T, AppError>) -> String {
    match done {
        Err(AppError::Refused(refusal)) => refusal.code,
        Err(AppError::Invalid(invalid)) => invalid.field,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_event_leaves_signed_with_facts_and_no_words_until_it_is_taken() {
    let ground = Ground::new(901);
    let (hook, secret) = ground.hook(Role::ServiceManager, &ask(&["ticket.opened"], "provider"));
    assert!(secret.starts_with("whsec_"));
    assert!(ground.next(hook).is_none(), "what happened before is not told");
    let number = ground.open();
    ground.app().pump().unwrap();
    assert_eq!(ground.app().webhooks_due(10).unwrap(), [ground.due(hook)]);
    let first = ground.next(hook).unwrap();
    assert!(is_signed(&first, &secret));
    let said = body(&first);
    assert_eq!(said["type"], "ticket.opened");
    assert_eq!(said["data"]["customer"], "garonne");
    assert_eq!(said["data"]["ticket"], number);
    assert_eq!(said["data"]["priority"], "P2");
    assert_eq!(said["data"]["state"], "new");
    assert!(said["data"]["due"].as_str().unwrap().parse::<Timestamp>().is_ok());
    assert!(said["data"]["articles"][0].as_str().unwrap().starts_with("Article"));
    assert!(said["timestamp"].as_str().unwrap().parse::<Timestamp>().is_ok());
    for words in ["Imprimante", "Faure", "fume"] {
        assert!(!first.body.contains(words), "{}", first.body);
    }
    // While it is under way nobody else is given it; then it fails, waits five seconds, and is the same.
    assert!(ground.next(hook).is_none());
    ground.app().parcel_ended(first.delivery, Outcome::Answered(500), 40).unwrap();
    assert!(ground.next(hook).is_none());
    ground.later(SignedDuration::from_secs(5));
    let again = ground.next(hook).unwrap();
    assert_eq!((again.delivery, &again.body), (first.delivery, &first.body));
    assert_eq!(again.headers[0], first.headers[0], "receivers know it by its id");
    ground.app().parcel_ended(again.delivery, Outcome::Answered(200), 31).unwrap();
    assert!(ground.next(hook).is_none());
    assert_eq!(ground.app().webhooks_due(10).unwrap(), []);
    let page = ground.app().webhook(&ground.keeper(Role::ServiceManager), hook, None, 10).unwrap();
    assert_eq!(page.deliveries.len(), 1);
    let line = &page.deliveries[0];
    assert_eq!((line.state, line.ticket), (State::Sent, Some(number)));
    let answers: Vec<_> = line.attempts.iter().map(|a| (a.status, a.millis)).collect();
    assert_eq!(answers, [(Some(500), 40), (Some(200), 31)]);
    // Sent again, it has the same identifier.
    let keeper = ground.keeper(Role::ServiceManager);
    ground.app().send_webhook_again(&keeper, hook, first.delivery).unwrap();
    assert_eq!(ground.next(hook).unwrap().headers[0], first.headers[0]);
}

#[test]
fn each_step_is_told_and_a_webhook_of_the_customers_never_hears_what_is_internal() {
    let ground = Ground::new(902);
    let public: Vec<&str> = KINDS.into_iter().filter(|k| !app::webhook::is_internal(k)).collect();
    assert_eq!(
        code(ground.app().write_webhook(
            &ground.keeper(Role::CustomerAdmin),
            &ground.instance.key(),
            None,
            &ask(&["ticket.noted"], "customer"),
        )),
        "kinds"
    );
    let provider = ask(&["ticket.opened"], "provider");
    let (keeper, key) = (ground.keeper(Role::CustomerAdmin), ground.instance.key());
    assert_eq!(code(ground.app().write_webhook(&keeper, &key, None, &provider)), "side");
    let (theirs, _) = ground.hook(Role::CustomerAdmin, &ask(&public, "customer"));
    let (ours, _) = ground.hook(Role::ServiceManager, &ask(&KINDS, "provider"));
    // Written again by the provider, it is still the customer's.
    let manager = ground.keeper(Role::ServiceManager);
    let again = ask(&["ticket.due_soon"], "provider");
    assert_eq!(
        code(ground.app().write_webhook(&manager, &ground.instance.key(), Some(theirs), &again)),
        "kinds"
    );
    let number = ground.open();
    let step = |command: &StepCommand| drop(ground.instance.step(ground.customer, number, command).unwrap());
    step(&StepCommand::TakeOver);
    step(&StepCommand::Note { body: "Entre nous.".to_owned() });
    step(&StepCommand::Reply { body: "Bonjour.".to_owned() });
    step(&StepCommand::Diagnose { body: "Usure.".to_owned() });
    step(&StepCommand::Restore { workaround: true, note: "Prêtée.".to_owned(), diagnosis: None });
    step(&StepCommand::Resolve { note: "Changée.".to_owned(), diagnosis: None });
    let outside =
        ["ticket.opened", "ticket.taken_over", "ticket.commented", "ticket.restored", "ticket.resolved"];
    let all = [&outside[..2], &["ticket.noted"], &outside[2..]].concat();
    assert_eq!(ground.heard(ours), all);
    assert_eq!(ground.heard(theirs), outside);
    // Nor does it learn that there are others.
    let seen = ground.app().webhooks(&ground.keeper(Role::CustomerAdmin)).unwrap();
    assert_eq!(seen.iter().map(|l| l.id).collect::<Vec<_>>(), [theirs]);
    let theirs = ground.keeper(Role::CustomerAdmin);
    assert!(matches!(ground.app().webhook(&theirs, ours, None, 1), Err(AppError::NotFound)));
    let key = ground.instance.key();
    assert!(matches!(ground.app().rotate_webhook(&theirs, &key, ours), Err(AppError::NotFound)));
}

#[test]
fn clocks_that_run_out_are_told_once_and_never_from_before() {
    let ground = Ground::new(903);
    let number = ground.open();
    let (ours, _) =
        ground.hook(Role::ServiceManager, &ask(&["ticket.due_soon", "ticket.breached"], "provider"));
    let (theirs, _) = ground.hook(Role::CustomerAdmin, &ask(&["ticket.breached"], "customer"));
    ground.app().pump().unwrap();
    let due = |hook| ground.heard(hook);
    ground.app().tell_what_is_due_soon().unwrap();
    let first = due(ours);
    for _ in 0..24 * 14 {
        ground.later(SignedDuration::from_mins(30));
        ground.app().tell_what_is_due_soon().unwrap();
        ground.app().tell_what_is_due_soon().unwrap();
    }
    let (told, outside) = ([first, due(ours)].concat(), due(theirs));
    assert!(!outside.is_empty() && outside.iter().all(|k| k == "ticket.breached"), "{outside:?}");
    let breached = told.iter().filter(|k| *k == "ticket.breached").count();
    assert_eq!(breached, outside.len());
    assert!(told.len() > breached, "{told:?}");
    let keeper = ground.keeper(Role::ServiceManager);
    let page = ground.app().webhook(&keeper, ours, None, 50).unwrap();
    assert!(page.deliveries.iter().all(|d| d.ticket == Some(number)));
    // One made now is told nothing of what has run out.
    let (late, _) = ground.hook(Role::ServiceManager, &ask(&["ticket.breached"], "provider"));
    ground.app().tell_what_is_due_soon().unwrap();
    assert_eq!(due(late), Vec::<String>::new());
}

#[test]
fn what_one_customer_does_is_no_news_for_anothers_webhooks() {
    let ground = Ground::new(908);
    let other = signed(&ground.instance, "lumen");
    let (ours, _) = ground.hook(Role::ServiceManager, &ask(&["ticket.opened"], "provider"));
    let theirs = ground.instance.permit(Role::ServiceManager, Act::ManageWebhooks, other);
    let wanted = ask(&["ticket.opened"], "provider");
    let made = ground.app().write_webhook(&theirs, &ground.instance.key(), None, &wanted).unwrap();
    ground.open();
    ground.app().pump().unwrap();
    assert_eq!(ground.app().webhooks_due(10).unwrap(), [ground.due(ours)]);
    // An identifier of the neighbour's is nobody's here.
    let (ground_keeper, key) = (ground.keeper(Role::ServiceManager), ground.instance.key());
    assert!(matches!(ground.app().webhook(&ground_keeper, made.webhook, None, 1), Err(AppError::NotFound)));
    assert!(matches!(ground.app().try_webhook(&ground_keeper, &key, made.webhook), Err(AppError::NotFound)));
    let parcel = ground.next(ours).unwrap();
    assert!(matches!(
        ground.app().send_webhook_again(&theirs, made.webhook, parcel.delivery),
        Err(AppError::NotFound)
    ));
}

#[test]
fn a_test_is_sent_once_even_to_one_that_is_suspended_and_what_is_removed_is_gone() {
    let ground = Ground::new(909);
    let (hook, secret) = ground.hook(Role::ServiceManager, &ask(&["ticket.opened"], "provider"));
    let keeper = ground.keeper(Role::ServiceManager);
    let app = ground.app();
    ground.open();
    app.pump().unwrap();
    app.move_webhook(&keeper, &ground.instance.key(), hook, WebhookState::Suspended).unwrap();
    ground.open();
    assert!(ground.next(hook).is_none(), "neither what waited nor what comes");
    let key = ground.instance.key();
    app.try_webhook(&keeper, &key, hook).unwrap();
    app.try_webhook(&keeper, &key, hook).unwrap();
    let parcel = ground.next(hook).unwrap();
    assert_eq!(body(&parcel)["type"], "webhook.test");
    assert!(is_signed(&parcel, &secret));
    app.parcel_ended(parcel.delivery, Outcome::Answered(500), 1).unwrap();
    ground.later(SignedDuration::from_hours(1));
    assert!(ground.next(hook).is_none(), "a test is not tried again");
    assert_eq!(ground.state(hook).0, WebhookState::Suspended);
    app.move_webhook(&keeper, &ground.instance.key(), hook, WebhookState::Removed).unwrap();
    assert!(matches!(app.webhook(&keeper, hook, None, 1), Err(AppError::NotFound)));
    assert_eq!(app.webhooks(&keeper).unwrap(), []);
    // A month later the log is empty.
    ground.later(SignedDuration::from_hours(24 * 31));
    app.forget_old_deliveries().unwrap();
}

#[test]
fn a_month_that_is_closed_is_told_without_waiting_for_another_write() {
    let ground = Ground::new(920);
    let (hook, _) = ground.hook(Role::ServiceManager, &ask(&["month.closed"], "provider"));
    let close = ground.instance.permit(Role::ServiceManager, Act::CloseMonth, ground.customer);
    ground.app().pump().unwrap();
    ground.app().close_month(&close, &ground.instance.key(), None, date(2026, 3, 1)).unwrap();
    let told = ground.next(hook).expect("told at once");
    assert_eq!(body(&told)["type"], "month.closed");
    assert_eq!(body(&told)["data"]["month"], "2026-03");
}

/// What is put in a vault's outbox leaves when the vault is marked, and with the next write otherwise.
#[test]
fn whoever_writes_in_the_outbox_marks_the_vault() {
    let tells = ["desk::tell(", "mail::tell(", "mail::tell_step(", "mail::tell_aside(", "webhook::tell_"];
    // Steps of other tickets, in the transaction of a step or an opening.
    let within = ["ticket/relate.rs", "mail/meter.rs"];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut open, mut seen) = (vec![folder.clone()], 0);
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|file| file.unwrap().path()));
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
        if tells.iter().any(|tell| text.contains(&format!("crate::{tell}")))
            && !within.contains(&name.as_str())
        {
            seen += 1;
            assert!(text.contains("self.mark_dirty("), "{name} tells and marks nothing");
        }
    }
    assert!(seen > 3, "{seen}");
}

#[test]
fn webhooks_that_cannot_be_read_do_not_silence_the_letters_of_what_is_due_soon() {
    let ground = Ground::new(921);
    ground.hook(Role::ServiceManager, &ask(&["ticket.due_soon"], "provider"));
    ground.open();
    ground.app().pump().unwrap();
    let manager = ground.instance.someone(Role::ServiceManager, ground.customer);
    let due_soon = || {
        let page = ground.app().notifications(&manager, true, None, 50).unwrap();
        page.lines.iter().filter(|line| line.notice == app::mail::Notice::DueSoon).count()
    };
    let raw = rusqlite::Connection::open(ground.instance.vault_file("garonne")).unwrap();
    raw.execute_batch("ALTER TABLE webhook RENAME TO elsewhere").unwrap();
    for _ in 0..24 {
        ground.later(SignedDuration::from_mins(30));
        let told = ground.app().tell_what_is_due_soon();
        if due_soon() > 0 {
            assert!(told.is_err(), "and the trouble is said");
            break;
        }
    }
    raw.execute_batch("ALTER TABLE elsewhere RENAME TO webhook").unwrap();
    assert!(due_soon() > 0, "those in charge are told");
}

/// The promises whose breach a webhook is told of, in order.
fn breaches(ground: &Ground, hook: WebhookId) -> Vec<String> {
    let mut promises = Vec::new();
    while let Some(parcel) = ground.next(hook) {
        let said = body(&parcel);
        assert_eq!(said["type"], "ticket.breached");
        assert_eq!(said["timestamp"], said["data"]["due"], "it happened when it was due");
        promises.push(said["data"]["promise"].as_str().unwrap().to_owned());
        ground.app().parcel_ended(parcel.delivery, Outcome::Answered(204), 1).unwrap();
    }
    promises
}

#[test]
fn a_breach_is_told_once_whether_the_upkeep_or_an_act_finds_it() {
    let ground = Ground::new(925);
    let (hook, _) = ground.hook(Role::ServiceManager, &ask(&["ticket.breached"], "provider"));
    let opened = |priority: &str, declared: Option<Timestamp>| {
        let permit = ground.instance.permit(Role::ServiceManager, Act::OpenTicket, ground.customer);
        let ask = OpenTicket {
            title: "Imprimante".to_owned(),
            priority: Some(priority.to_owned()),
            item: Some("srv-fic".to_owned()),
            declared,
            ..OpenTicket::default()
        };
        ground.app().open_ticket(&permit, &ground.instance.key(), &ask).unwrap()
    };
    let due = |opened: &app::ticket::Opened, promise: &str| {
        opened.due.iter().find(|due| due.promise == promise).and_then(|due| due.due).unwrap()
    };
    let upkeep = |at: Timestamp| {
        ground.instance.clock().move_to(at);
        ground.app().tell_what_is_due_soon().unwrap();
        ground.app().tell_what_is_due_soon().unwrap();
    };
    let (second, minute) = (SignedDuration::from_secs(1), SignedDuration::from_mins(1));

    // An act stops it too late, before the upkeep has come by.
    let first = opened("P2", None);
    upkeep(due(&first, "respond") - second);
    ground.instance.clock().move_to(due(&first, "respond") + second * 30);
    ground.instance.step(ground.customer, first.number, &StepCommand::TakeOver).unwrap();
    assert_eq!(breaches(&ground, hook), ["respond"]);
    upkeep(due(&first, "respond") + minute);
    assert_eq!(breaches(&ground, hook), Vec::<String>::new(), "once");
    // What is left running is found by the upkeep, and the act that ends it says nothing more.
    upkeep(due(&first, "restore") + minute);
    assert_eq!(breaches(&ground, hook), ["restore"]);
    let diagnosis = Some("Un rouleau usé.".to_owned());
    let over = StepCommand::Restore { workaround: false, note: "Réparée.".to_owned(), diagnosis };
    ground.instance.step(ground.customer, first.number, &over).unwrap();
    assert_eq!(breaches(&ground, hook), Vec::<String>::new());

    // Nobody takes it over: the second promise runs out behind the first.
    let second_one = opened("P2", None);
    upkeep(due(&second_one, "respond") + minute);
    assert_eq!(breaches(&ground, hook), ["respond"]);
    upkeep(due(&second_one, "restore") + minute);
    assert_eq!(breaches(&ground, hook), ["restore"]);
    upkeep(due(&second_one, "restore") + minute * 2);
    ground.instance.step(ground.customer, second_one.number, &over).unwrap();
    assert_eq!(breaches(&ground, hook), Vec::<String>::new());

    // Written down when it was late already.
    let late = opened("P2", Some(ground.app().now() - SignedDuration::from_hours(24 * 10)));
    assert_eq!(breaches(&ground, hook), ["respond", "restore"]);
    upkeep(ground.app().now() + minute);
    ground.instance.step(ground.customer, late.number, &StepCommand::TakeOver).unwrap();
    assert_eq!(breaches(&ground, hook), Vec::<String>::new());

    // The server was stopped from a Friday evening to a Monday.
    let friday = opened("P2", None);
    upkeep(due(&friday, "restore") + SignedDuration::from_hours(62));
    assert_eq!(breaches(&ground, hook), ["respond", "restore"]);

    // Another priority puts the instant in the past.
    ground.instance.at("2026-07-07T09:00");
    let graver = opened("P3", None);
    ground.instance.at("2026-07-07T12:00");
    let worse = StepCommand::ChangePriority {
        priority: Some("P1".to_owned()),
        impact: None,
        urgency: None,
        why: "Tout le site.".to_owned(),
    };
    ground.instance.step(ground.customer, graver.number, &worse).unwrap();
    assert_eq!(breaches(&ground, hook), ["respond"]);
}

#[test]
fn the_manual_names_each_event_and_no_other() {
    let manual = std::fs::read_to_string(common::root().join("docs/fr/webhooks.md")).unwrap();
    let table = manual.split("| `type` | quand |").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap();
    let mut named: Vec<&str> = table
        .lines()
        .filter_map(|line| line.split('|').nth(1))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    let mut known: Vec<&str> = KINDS.into_iter().chain([app::webhook::TEST]).collect();
    named.sort_unstable();
    known.sort_unstable();
    assert_eq!(named, known);
}
