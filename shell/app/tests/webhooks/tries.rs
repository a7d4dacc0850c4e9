//! How long a webhook is tried, when it is given up, and who is told.

use super::*;

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
