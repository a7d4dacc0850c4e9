//! Webhooks: what is told to whom, signed with what, how long it is tried; and what no webhook hears.

mod common;

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
fn a_process_killed_after_the_commit_forgets_nothing_and_repeats_nothing() {
    let mut ground = Ground::new(904);
    let (hook, secret) = ground.hook(Role::ServiceManager, &ask(&["ticket.opened"], "provider"));
    ground.open();
    let now = ground.app().now();
    ground.instance.close();
    let settings = Settings {
        host: "test.example".to_owned(),
        clock: Arc::new(clock::Set::at(now)),
        entropy: Arc::new(entropy::Seeded::new(9)),
    };
    let app = App::open(&ground.instance.data(), settings).unwrap();
    app.send_webhooks_to(egress());
    app.mark_all_dirty().unwrap();
    app.pump().unwrap();
    app.mark_all_dirty().unwrap();
    app.pump().unwrap();
    let due = Due { webhook: hook, customer: ground.customer };
    let parcel = app.next_parcel(due).unwrap().unwrap();
    assert!(is_signed(&parcel, &secret), "the secret is kept too");
    app.parcel_ended(parcel.delivery, Outcome::Answered(200), 1).unwrap();
    assert_eq!(app.next_parcel(due).unwrap(), None, "once");
}

#[test]
fn a_receiver_that_fails_for_days_or_is_gone_is_given_up_and_its_keepers_are_told() {
    let ground = Ground::new(905);
    let (gone, _) = ground.hook(Role::CustomerAdmin, &ask(&["ticket.opened"], "customer"));
    let (failing, _) = ground.hook(Role::ServiceManager, &ask(&["ticket.opened"], "provider"));
    let (well, _) = ground.hook(Role::ServiceManager, &ask(&["ticket.opened"], "provider"));
    ground.open();
    let parcel = ground.next(gone).unwrap();
    ground.app().parcel_ended(parcel.delivery, Outcome::Answered(410), 3).unwrap();
    assert_eq!(ground.state(gone), (WebhookState::Suspended, Some(WebhookStopped::Gone)));
    let mut tries = 0;
    let mut hours = 0;
    while hours < 24 * 6 && ground.state(failing).0 == WebhookState::Active {
        // Something happens each day, and nothing is taken.
        if hours % 24 == 0 {
            ground.open();
        }
        while let Some(parcel) = ground.next(failing) {
            tries += 1;
            ground
                .app()
                .parcel_ended(parcel.delivery, Outcome::Failed(app::webhook::Failure::TimedOut), 15_000)
                .unwrap();
        }
        ground.later(SignedDuration::from_hours(1));
        hours += 1;
    }
    assert_eq!(ground.state(failing), (WebhookState::Suspended, Some(WebhookStopped::Failing)));
    assert!((24 * 5..24 * 6).contains(&hours), "{hours}");
    assert!(tries > 30, "{tries}");
    let keeper = ground.keeper(Role::ServiceManager);
    let page = ground.app().webhook(&keeper, failing, None, 50).unwrap();
    assert!(page.deliveries.iter().any(|d| d.state == State::Failed && d.attempts.len() == 13));
    assert!(page.deliveries.iter().all(|d| d.state != State::Waiting));
    assert_eq!(page.deliveries[0].attempts[0].failure.as_deref(), Some("timed_out"));
    // The others were untouched, and those who keep the two that stopped have a notification of it.
    assert_eq!(ground.state(well).0, WebhookState::Active);
    assert!(ground.heard(well).len() > 5);
    for (role, told) in [(Role::ServiceManager, 2), (Role::CustomerAdmin, 1)] {
        let person = ground.instance.someone(role, ground.customer);
        let page = ground.app().notifications(&person, true, None, 50).unwrap();
        let stops = page.lines.iter().filter(|l| l.notice == app::mail::Notice::Webhook);
        assert_eq!(stops.count(), told, "{role:?}");
    }
    // Started again, it hears what comes, and nothing of what was dropped.
    let key = ground.instance.key();
    ground.app().move_webhook(&keeper, &key, failing, WebhookState::Active).unwrap();
    ground.open();
    assert_eq!(ground.heard(failing), ["ticket.opened"]);
}

#[test]
fn a_secret_is_shown_once_and_two_sign_for_a_day_after_a_change() {
    let ground = Ground::new(906);
    let (keeper, key) = (ground.keeper(Role::ServiceManager), ground.instance.key());
    let wanted = ask(&["ticket.opened"], "provider");
    let made = ground.app().write_webhook(&keeper, &key, None, &wanted).unwrap();
    let (hook, old) = (made.webhook, made.secret.clone().unwrap());
    assert_eq!(ground.app().write_webhook(&keeper, &key, None, &wanted).unwrap(), made, "a lost answer");
    let rewritten = ground.app().write_webhook(&keeper, &ground.instance.key(), Some(hook), &wanted).unwrap();
    assert_eq!(rewritten.secret, None);
    let rotation = ground.instance.key();
    let rotated = ground.app().rotate_webhook(&keeper, &rotation, hook).unwrap();
    let new = rotated.secret.clone().unwrap();
    assert_ne!(old, new);
    assert_eq!(ground.app().rotate_webhook(&keeper, &rotation, hook).unwrap(), rotated);
    assert_eq!(ground.app().write_webhook(&keeper, &key, None, &wanted).unwrap().secret, None);
    ground.open();
    let parcel = ground.next(hook).unwrap();
    assert!(is_signed(&parcel, &old) && is_signed(&parcel, &new));
    ground.later(SignedDuration::from_hours(24));
    let parcel = ground.next(hook).unwrap();
    assert!(!is_signed(&parcel, &old) && is_signed(&parcel, &new));
    // Neither is in the vault's file in clear, nor in its journal.
    let file = std::fs::read(ground.instance.vault_file("garonne")).unwrap();
    for secret in [&old, &new] {
        let bare = secret.trim_start_matches("whsec_").as_bytes();
        assert!(!file.windows(bare.len()).any(|w| w == bare));
    }
}

#[test]
fn nothing_is_told_without_a_list_of_hosts_nor_beyond_it() {
    let instance = Instance::new(907);
    let customer = signed(&instance, "garonne");
    let keeper = instance.permit(Role::ServiceManager, Act::ManageWebhooks, customer);
    let app = instance.app();
    let wanted = ask(&["ticket.opened"], "provider");
    assert_eq!(code(app.write_webhook(&keeper, &instance.key(), None, &wanted)), "webhook.off");
    app.send_webhooks_to(egress());
    for url in ["https://ailleurs.example/", "http://hooks.client.example/", "https://127.0.0.1/"] {
        let wanted = WriteWebhook { url: url.to_owned(), ..wanted.clone() };
        assert_eq!(code(app.write_webhook(&keeper, &instance.key(), None, &wanted)), "url", "{url}");
    }
    let none = WriteWebhook { kinds: Vec::new(), ..wanted.clone() };
    assert_eq!(code(app.write_webhook(&keeper, &instance.key(), None, &none)), "kinds");
    let test = WriteWebhook { kinds: vec!["webhook.test".to_owned()], ..wanted };
    assert_eq!(code(app.write_webhook(&keeper, &instance.key(), None, &test)), "kinds");
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
    let tells = ["desk::tell(", "mail::tell(", "mail::tell_step(", "webhook::tell_"];
    // Steps of other tickets, in the transaction of a step or an opening.
    let within = ["ticket/relate.rs"];
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

#[test]
fn what_is_sent_again_after_its_first_tries_were_forgotten_still_ends() {
    let ground = Ground::new(922);
    let (hook, _) = ground.hook(Role::ServiceManager, &ask(&["ticket.opened"], "provider"));
    let keeper = ground.keeper(Role::ServiceManager);
    ground.open();
    let parcel = ground.next(hook).unwrap();
    ground.app().parcel_ended(parcel.delivery, Outcome::Answered(200), 1).unwrap();
    for (days, left) in [(20, 2), (11, 2), (20, 2)] {
        ground.later(SignedDuration::from_hours(24 * days));
        ground.app().forget_old_deliveries().unwrap();
        ground.app().send_webhook_again(&keeper, hook, parcel.delivery).unwrap();
        let again = ground.next(hook).unwrap();
        ground.app().parcel_ended(again.delivery, Outcome::Answered(200), 1).unwrap();
        let page = ground.app().webhook(&keeper, hook, None, 10).unwrap();
        let line = &page.deliveries[0];
        assert_eq!((line.state, line.attempts.len()), (State::Sent, left));
        assert!(ground.next(hook).is_none());
    }
}

#[test]
fn a_try_counts_once_it_was_made_and_not_when_its_sender_dies() {
    let ground = Ground::new(923);
    let (hook, _) = ground.hook(Role::ServiceManager, &ask(&["ticket.opened"], "provider"));
    ground.open();
    for _ in 0..20 {
        let taken = ground.next(hook).expect("given again a minute later");
        assert!(ground.next(hook).is_none(), "and to nobody else meanwhile");
        drop(taken);
        ground.later(SignedDuration::from_mins(1));
    }
    let parcel = ground.next(hook).unwrap();
    ground.app().parcel_ended(parcel.delivery, Outcome::Answered(503), 1).unwrap();
    let page = ground.app().webhook(&ground.keeper(Role::ServiceManager), hook, None, 10).unwrap();
    let line = &page.deliveries[0];
    assert_eq!((line.state, line.attempts.len()), (State::Waiting, 1));
    assert_eq!(line.next.duration_since(ground.app().now()), SignedDuration::from_secs(5));
}

#[test]
fn the_providers_network_is_for_the_providers_webhooks_or_those_of_the_customer_it_is_opened_to() {
    let ground = Ground::new(924);
    let lumen = signed(&ground.instance, "lumen");
    let app = ground.app();
    let to = |host: &str, side: &str| WriteWebhook {
        url: format!("https://{host}/x"),
        ..ask(&["ticket.opened"], side)
    };
    let write = |role, customer, id, ask: &WriteWebhook| {
        let keeper = ground.instance.permit(role, Act::ManageWebhooks, customer);
        app.write_webhook(&keeper, &ground.instance.key(), id, ask)
    };
    let (chief, ours) = (Role::CustomerAdmin, Role::ServiceManager);
    let (inside, opened) = ("interne.exemple.fr", "interne.garonne.example");
    assert_eq!(code(write(chief, ground.customer, None, &to(inside, "customer"))), "url");
    assert_eq!(code(write(ours, ground.customer, None, &to(inside, "customer"))), "url");
    let mine = write(ours, ground.customer, None, &to(inside, "provider")).unwrap().webhook;
    let theirs = write(chief, ground.customer, None, &to(opened, "customer")).unwrap().webhook;
    assert_eq!(code(write(chief, lumen, None, &to(opened, "customer"))), "url");
    assert_eq!(code(write(ours, lumen, None, &to(opened, "provider"))), "url");
    // Written again by the provider, it stays the customer's.
    assert_eq!(code(write(ours, ground.customer, Some(theirs), &to(inside, "provider"))), "url");
    // One that is not to be seen is answered as one that is not there.
    let asked = [to(inside, "customer"), ask(&["ticket.noted"], "customer")];
    for ask in &asked {
        let nobody = WebhookId(uuid::Uuid::from_u128(1));
        let [seen, made_up] = [mine, nobody].map(|id| code(write(chief, ground.customer, Some(id), ask)));
        assert_eq!(seen, made_up);
    }
    let hosts = |role, customer| {
        app.webhook_hosts(&ground.instance.permit(role, Act::ManageWebhooks, customer)).unwrap().unwrap()
    };
    assert_eq!(hosts(chief, ground.customer), ["hooks.client.example", opened]);
    assert_eq!(hosts(chief, lumen), ["hooks.client.example"]);
    assert_eq!(hosts(ours, lumen), ["hooks.client.example", inside]);
    ground.open();
    assert_eq!(ground.next(mine).unwrap().target.host, inside);
    assert_eq!(ground.next(theirs).unwrap().target.host, opened);
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

#[test]
fn those_who_may_mend_a_webhook_that_stopped_are_written_to() {
    let ground = Ground::new(926);
    ground.app().exchange_mail(MailSettings {
        from: Address { name: "Prestataire".to_owned(), email: "aide@prestataire.example".to_owned() },
        answers: "aide@prestataire.example".to_owned(),
        host: "prestataire.example".to_owned(),
        site: "https://prestataire.example".to_owned(),
        zone: "Europe/Paris".to_owned(),
    });
    let (theirs, _) = ground.hook(Role::CustomerAdmin, &ask(&["ticket.resolved"], "customer"));
    let (ours, _) = ground.hook(Role::ServiceManager, &ask(&["ticket.resolved"], "provider"));
    let [chief, manager, user] = [Role::CustomerAdmin, Role::ServiceManager, Role::CustomerUser]
        .map(|role| ground.instance.someone(role, ground.customer).email);
    let stop = |hook| {
        let keeper = ground.keeper(Role::ServiceManager);
        ground.app().try_webhook(&keeper, &ground.instance.key(), hook).unwrap();
        let parcel = ground.next(hook).unwrap();
        ground.app().parcel_ended(parcel.delivery, Outcome::Answered(410), 1).unwrap();
        assert_eq!(ground.state(hook).0, WebhookState::Suspended);
    };
    let written = |to: &str| {
        let letters = ground.app().letters_to_send(50).unwrap();
        assert!(letters.iter().all(|letter| letter.to.email != user));
        letters.into_iter().filter(|letter| letter.to.email == to).collect::<Vec<_>>()
    };
    stop(theirs);
    let letters = written(&chief);
    assert_eq!(letters.len(), 1);
    let text = letters[0].text.replace(['\u{a0}', '\u{202f}'], " ");
    assert!(letters[0].subject.contains("Webhook suspendu"), "{}", letters[0].subject);
    assert!(text.contains("« Supervision » de garonne est suspendu") && text.contains("410"), "{text}");
    assert!(text.contains(&format!("https://prestataire.example/c/garonne/webhooks/{theirs}")), "{text}");
    assert!(!text.contains("k=1"), "the address may hold a secret");
    ground.app().letter_ended(&letters[0].ids, &app::mail::Delivery::Sent).unwrap();
    // The provider's own is nothing to the customer.
    stop(ours);
    assert_eq!(written(&chief).len(), 0);
    // Started again before the letter leaves: there is nothing left to say.
    let keeper = ground.keeper(Role::ServiceManager);
    ground.app().move_webhook(&keeper, &ground.instance.key(), ours, WebhookState::Active).unwrap();
    ground.later(SignedDuration::from_mins(11));
    let left: Vec<String> = written(&manager).into_iter().map(|letter| letter.text).collect();
    assert!(left.iter().all(|text| text.contains(&theirs.to_string())), "{left:?}");
}

#[test]
fn each_party_has_its_own_twenty() {
    let ground = Ground::new(927);
    for _ in 0..20 {
        ground.hook(Role::CustomerAdmin, &ask(&["ticket.opened"], "customer"));
    }
    let write = |role, side| {
        let (keeper, key) = (ground.keeper(role), ground.instance.key());
        ground.app().write_webhook(&keeper, &key, None, &ask(&["ticket.opened"], side))
    };
    assert_eq!(code(write(Role::CustomerAdmin, "customer")), "webhook.too_many");
    assert_eq!(code(write(Role::ServiceManager, "customer")), "webhook.too_many");
    write(Role::ServiceManager, "provider").unwrap();
}

#[test]
fn what_waited_while_nothing_left_for_days_is_dropped_at_the_start() {
    let ground = Ground::new(928);
    let (hook, _) = ground.hook(Role::ServiceManager, &ask(&["ticket.opened"], "provider"));
    let keeper = ground.keeper(Role::ServiceManager);
    ground.open();
    ground.app().pump().unwrap();
    ground.later(SignedDuration::from_hours(60));
    ground.open();
    ground.app().pump().unwrap();
    assert_eq!(ground.app().drop_stale_deliveries().unwrap(), 0, "not yet");
    ground.later(SignedDuration::from_hours(13));
    assert_eq!(ground.app().drop_stale_deliveries().unwrap(), 1);
    assert_eq!(ground.heard(hook), ["ticket.opened"], "the second one");
    let page = ground.app().webhook(&keeper, hook, None, 10).unwrap();
    let states: Vec<State> = page.deliveries.iter().map(|line| line.state).collect();
    assert_eq!(states, [State::Sent, State::Dropped]);
    ground.app().send_webhook_again(&keeper, hook, page.deliveries[1].id).unwrap();
    assert_eq!(ground.heard(hook), ["ticket.opened"], "whoever wants it sends it again");
}
