//! What may change while an import runs: the rights of whoever asked, who runs it, and how it is to be read.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::accounts::NewAccount;
use app::import::Source;
use app::import::job::{Choices, State, Subject};
use app::news::{News, What};
use app::{Act, Permit, Role};
use base::id::CustomerId;
use testkit::Instance;
use uuid::Uuid;

use super::{manager, run, signed, stage};

/// Lines of tickets that are still open.
fn open_lines(count: usize) -> String {
    let line = |n| format!("{n};Serveur lent {n};ouvert;2026-06-15 10:00;Haute\n");
    (1..=count).fold("numero;titre;etat;ouvert;priorite\n".to_owned(), |text, n| text + &line(n))
}

/// Runs what was asked for; when the run has written its report for the `nth` time, a database gets `sql`, with
/// the identifiers that it takes. A listener holds the others up: what an act would write is written beside.
fn run_with(instance: &Instance, nth: usize, (file, sql, ids): (PathBuf, &str, &[Uuid])) {
    let raw = Mutex::new(rusqlite::Connection::open(file).unwrap());
    let (sql, ids) = (sql.to_owned(), ids.iter().map(|id| id.as_bytes().to_vec()).collect::<Vec<_>>());
    let told = AtomicUsize::new(0);
    instance.app().listen(move |news| {
        let written = matches!(news, News::Happened(happened) if happened.what == What::Import);
        if written && told.fetch_add(1, Ordering::SeqCst) + 1 == nth {
            let changed = raw.lock().unwrap().execute(&sql, rusqlite::params_from_iter(&ids)).unwrap();
            assert_eq!(changed, 1);
        }
        true
    });
    instance.app().run_imports().unwrap();
}

/// A second administrator of the provider.
fn another(instance: &Instance, customer: CustomerId) -> Permit {
    let new = NewAccount {
        email: "autre@prestataire.example",
        name: "Autre",
        password: "une phrase assez longue",
        role: Role::ProviderAdmin,
        customer: None,
        totp_secret: None,
    };
    let account = instance.app().add_account(&new).unwrap();
    let person = instance.app().principal(account).unwrap();
    instance.undertake(&person, customer);
    person.permit(Act::Import, customer).unwrap()
}

#[test]
fn who_loses_the_right_while_it_runs_invites_nobody_more() {
    let instance = Instance::new(411);
    let customer = signed(&instance, "garonne");
    let app = instance.app();
    let boss = instance.permit(Role::ProviderAdmin, Act::Import, customer);
    let export = "nom;courriel\nAnne;anne@garonne.example\nLuc;luc@garonne.example\n".as_bytes();
    let id = stage(&instance, &boss, (Subject::People, Source::Csv), export).unwrap();
    app.start_import(&boss, &instance.key(), id).unwrap();
    // The remarks are written first, then each person.
    let disabled = "UPDATE account SET disabled = 1 WHERE id = ?1";
    run_with(&instance, 2, (instance.data().join("instance.db"), disabled, &[boss.by().account.0]));
    let other = another(&instance, customer);
    let job = app.import(&other, id).unwrap();
    assert_eq!((job.state, job.counts.made), (State::Stopped, 1));
    assert!(job.why.unwrap().en.contains("may not any more"));
    let shown = app.import_outlook(&other, id).unwrap().1;
    assert_eq!((shown.counts.known, shown.counts.made), (1, 1), "one has an account, the other has none");
    assert_eq!(run(&instance, &other, id), State::Done);
    assert_eq!(app.import(&other, id).unwrap().counts.made, 2);
    instance.finish();
}

#[test]
fn a_run_taken_over_goes_on_with_the_name_and_the_choices_of_who_took_it() {
    let instance = Instance::new(412);
    let customer = signed(&instance, "garonne");
    let (app, permit) = (instance.app(), manager(&instance, customer));
    let what = (Subject::Tickets, Source::Csv);
    let id = stage(&instance, &permit, what, open_lines(110).as_bytes()).unwrap();
    let reading = |priority: &str| Choices {
        priorities: [("haute".to_owned(), priority.to_owned())].into(),
        ..Choices::default()
    };
    app.choose_import(&permit, &instance.key(), id, &reading("P2")).unwrap();
    app.start_import(&permit, &instance.key(), id).unwrap();
    let other = another(&instance, customer);
    let choices = serde_json::to_string(&reading("P3")).unwrap();
    let taken = format!("UPDATE import_job SET actor = ?2, choices = '{choices}' WHERE id = ?1");
    run_with(&instance, 2, (instance.vault_file("garonne"), &taken, &[id, other.by().account.0]));
    let job = app.import(&other, id).unwrap();
    assert_eq!((job.state, job.counts.made), (State::Done, 110));
    assert_eq!(job.by, other.by().name);
    let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
    let of = |number| app.ticket(&see, number).unwrap().ticket.priority;
    // Taken over after fifty lines, which is seen when the next fifty are told.
    assert_eq!((of(50).as_str(), of(100).as_str()), ("P2", "P2"));
    assert_eq!((of(101).as_str(), of(110).as_str()), ("P3", "P3"));
    instance.finish();
}

#[test]
fn a_run_goes_on_where_it_stopped() {
    let instance = Instance::new(417);
    let customer = signed(&instance, "garonne");
    let (app, permit) = (instance.app(), manager(&instance, customer));
    let id = stage(&instance, &permit, (Subject::Tickets, Source::Csv), open_lines(110).as_bytes()).unwrap();
    app.start_import(&permit, &instance.key(), id).unwrap();
    // Once fifty lines are told, which is seen when the next fifty are.
    let stopped = "UPDATE import_job SET state = 'stopped' WHERE id = ?1";
    run_with(&instance, 2, (instance.vault_file("garonne"), stopped, &[id]));
    let told = || {
        let (told, _) = app.import_report(&permit, id, None, None, 200).unwrap();
        told.into_iter().map(|t| (t.line, t.fate, t.ticket)).collect::<Vec<_>>()
    };
    let made = |lines: u64| (1..=lines).map(|n| (n + 1, "made".to_owned(), Some(n))).collect::<Vec<_>>();
    assert_eq!(app.import(&permit, id).unwrap().state, State::Stopped);
    assert_eq!(told(), made(100));
    assert_eq!(run(&instance, &permit, id), State::Done);
    // What was told stays as it was told, and the rest is brought in.
    assert_eq!(told(), made(110));
    assert_eq!(app.import(&permit, id).unwrap().counts.done(), 110, "each line counts once");
    instance.finish();
}

/// A run is found in its vault: what was to wake the runner may be lost with its process.
#[test]
fn a_run_that_was_asked_for_is_found_by_the_next_process() {
    let mut instance = Instance::new(413);
    let customer = signed(&instance, "garonne");
    let permit = manager(&instance, customer);
    let what = (Subject::Tickets, Source::Csv);
    let id = stage(&instance, &permit, what, open_lines(2).as_bytes()).unwrap();
    instance.app().start_import(&permit, &instance.key(), id).unwrap();
    instance.reopen(414);
    assert!(instance.app().wait_for_imports(), "at once the first time");
    instance.app().run_imports().unwrap();
    assert_eq!(instance.app().import(&permit, id).unwrap().counts.made, 2);
    instance.app().end_news();
    assert!(!instance.app().wait_for_imports(), "whoever waits is let go");
    instance.finish();
}
