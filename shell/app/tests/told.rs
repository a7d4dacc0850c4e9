//! Who is told of what is no answer: a meter that runs low, a name in a note, a roster that changed, a ticket
//! that one is made to follow, a week given back.

mod common;
#[path = "told/follow.rs"]
mod follow;
#[path = "told/meter.rs"]
mod meter;

use app::call::RecordCall;
use app::mail::{Address, Delivery, Letter, MailSettings, Notice};
use app::news::News;
use app::roster::PublishRoster;
use app::ticket::{OpenTicket, StepCommand};
use app::time::{Settling, TellTime};
use app::{Act, AppError, Principal, Role};
use base::id::CustomerId;
use engines::roster::Shift;
use events::WorkKind;
use jiff::civil::date;
use std::sync::{Arc, Mutex};
use testkit::{Instance, local, two_parties};

fn exchange_mail(instance: &Instance) {
    instance.app().exchange_mail(MailSettings {
        from: Address { name: "Régie".into(), email: "support@regie.example".into() },
        answers: "aide@regie.example".into(),
        host: "regie.example".into(),
        site: "https://regie.example".into(),
        zone: "Europe/Paris".into(),
    });
}

/// What leaves now, and is sent.
fn letters(instance: &Instance) -> Vec<Letter> {
    let app = instance.app();
    app.pump().unwrap();
    let mut all = app.letters_to_send(50).unwrap();
    for letter in &all {
        app.letter_ended(&letter.ids, &Delivery::Sent).unwrap();
    }
    all.sort_by(|a, b| a.to.email.cmp(&b.to.email));
    all
}

fn to(letters: &[Letter]) -> Vec<&str> {
    letters.iter().map(|l| l.to.email.as_str()).collect()
}

fn notices(instance: &Instance, who: &Principal) -> Vec<Notice> {
    let page = instance.app().notifications(who, true, None, 50).unwrap();
    page.lines.iter().map(|line| line.notice).collect()
}

fn permit_step(instance: &Instance, who: &Principal, customer: CustomerId, command: &StepCommand) {
    let permit = who.permit(command.act(), customer).unwrap();
    instance.app().step_ticket(&permit, &instance.key(), 1, command, None).unwrap();
}

#[test]
fn a_note_tells_whom_it_names_and_who_follows_at_the_providers_and_nobody_of_the_customers() {
    let instance = Instance::new(972);
    let customer = common::signed(&instance, "atelier");
    exchange_mail(&instance);
    let claire = instance.someone(Role::CustomerUser, customer);
    let manager = instance.someone(Role::CustomerManager, customer);
    let staff: Vec<Principal> = [Role::Technician, Role::Developer, Role::SystemManager, Role::Dispatcher]
        .into_iter()
        .map(|role| instance.staff(role))
        .collect();
    let [technician, developer, watcher, dispatcher] = &staff[..] else { unreachable!() };
    for one in &staff {
        instance.undertake(one, customer);
    }
    let ask = OpenTicket {
        title: "Imprimante en panne".to_owned(),
        priority: Some("P2".to_owned()),
        item: Some("srv-fic".to_owned()),
        ..OpenTicket::default()
    };
    let open = claire.permit(Act::OpenTicket, customer).unwrap();
    instance.app().open_ticket(&open, &instance.key(), &ask).unwrap();
    let step = |who: &Principal, command: StepCommand| permit_step(&instance, who, customer, &command);
    step(technician, StepCommand::TakeOver);
    step(watcher, StepCommand::Watch);
    // The customer's manager follows it, and its user opened it.
    step(&manager, StepCommand::Watch);
    letters(&instance);
    let heard = [&claire, &manager].map(|who| notices(&instance, who));

    let told = Arc::new(Mutex::new(Vec::new()));
    let (ears, theirs) = (told.clone(), [claire.clone(), manager.clone()]);
    instance.app().listen(move |news| {
        let reached = match news {
            News::Told(who) => theirs.iter().any(|one| one.account == *who),
            News::Happened(what) => theirs.iter().any(|one| what.is_for(one)),
            _ => false,
        };
        ears.lock().unwrap().push(reached);
        true
    });
    let body = format!("@{} : la garantie est finie, ne pas le dire.", developer.name);
    step(dispatcher, StepCommand::Note { body });
    let sent = letters(&instance);
    let mut wanted = [technician, developer, watcher].map(|p| p.email.as_str());
    wanted.sort_unstable();
    assert_eq!(to(&sent), wanted, "and not who wrote it");
    let reached = told.lock().unwrap().clone();
    assert!(reached.len() >= 4 && !reached.contains(&true), "no stream of theirs moves: {reached:?}");
    assert_eq!([&claire, &manager].map(|who| notices(&instance, who)), heard);
    assert_eq!(notices(&instance, developer), [Notice::Mentioned]);
    assert!(notices(&instance, watcher).contains(&Notice::Noted));
    let of = |who: &Principal| sent.iter().find(|l| l.to.email == who.email).unwrap();
    let text = of(developer).text.replace('\u{a0}', " ");
    assert!(text.contains("vous a nommé dans une note interne") && text.contains("garantie"), "{text}");
    assert!(of(technician).text.contains("a écrit une note interne"), "{}", of(technician).text);
    for letter in &sent {
        // An answer by mail would take the note to the customer with what it quotes.
        assert_eq!(letter.reply_to, "aide@regie.example");
        assert!(letter.references.is_empty() && !letter.subject.contains("[atelier #1]"), "{letter:?}");
        assert!(letter.text.contains("n’y entrerait pas"), "{}", letter.text);
    }

    // What both parties read, naming the customer's manager: to them it is a mention, to the others a reply.
    step(technician, StepCommand::Reply { body: format!("@{}, voyez.", manager.name) });
    let sent = letters(&instance);
    let text = &sent.iter().find(|l| l.to.email == manager.email).unwrap().text;
    assert!(text.contains("vous a nommé dans le ticket"), "{text}");
    assert!(notices(&instance, &manager).contains(&Notice::Mentioned));
    assert!(!notices(&instance, &manager).contains(&Notice::Replied), "once, as a mention");
    assert!(notices(&instance, &claire).contains(&Notice::Replied));
    instance.finish();
}

#[test]
fn a_roster_is_told_to_those_whose_periods_it_changes() {
    let instance = Instance::new(973);
    let customer = instance.customer("mutuelle");
    instance.at("2026-06-30T11:00");
    for file in ["mutuelle-horizon.md", "mutuelle-horizon-daas.md"] {
        let text = std::fs::read_to_string(common::root().join("contracts").join(file)).unwrap();
        instance.sign(customer, file, &text).unwrap();
    }
    instance.at("2026-10-01T10:00");
    exchange_mail(&instance);
    let (one, other) = (instance.staff(Role::Technician), instance.staff(Role::Developer));
    let publish = instance.permit(Role::ServiceManager, Act::PublishRoster, customer);
    let roster = |periods: &[(&Principal, &str, &str)], exceptional: Option<&str>| {
        let shift = |(who, from, until): &(&Principal, &str, &str)| Shift {
            person: who.account,
            from: local(from),
            until: local(until),
        };
        let ask = PublishRoster {
            contract: "CTR-2026-003-D".to_owned(),
            label: "astreinte".to_owned(),
            periods: periods.iter().map(shift).collect(),
            exceptional: exceptional.map(str::to_owned),
            ..PublishRoster::default()
        };
        instance.app().publish_roster(&publish, &instance.key(), &ask).unwrap();
        letters(&instance)
    };
    let weeks =
        [(&one, "2026-10-16T18:00", "2026-10-23T08:00"), (&other, "2026-10-23T08:00", "2026-10-30T08:00")];
    let told = roster(&weeks, None);
    let mut both = [one.email.as_str(), other.email.as_str()];
    both.sort_unstable();
    assert_eq!(to(&told), both);
    let of = |letters: &[Letter], who: &Principal| {
        let letter = letters.iter().find(|l| l.to.email == who.email).expect("a letter");
        letter.text.replace(['\u{a0}', '\u{202f}'], " ")
    };
    let text = of(&told, &one);
    assert!(text.contains("16 octobre 2026") && text.contains("23 octobre 2026"), "{text}");
    assert!(!text.contains("30 octobre"), "the other's periods are the other's: {text}");
    assert!(text.contains("[astreinte]") && text.contains("/c/mutuelle/on-call"), "{text}");
    assert_eq!(notices(&instance, &one), [Notice::OnCall]);

    // The same periods again, cut in two that touch: nobody's change.
    let same =
        [(&one, "2026-10-16T18:00", "2026-10-20T08:00"), (&one, "2026-10-20T08:00", "2026-10-23T08:00")];
    assert!(roster(&same, None).is_empty());
    // One week more for one of them: the other hears nothing.
    let more = [(&one, "2026-11-06T18:00", "2026-11-13T08:00")];
    assert_eq!(to(&roster(&more, None)), [one.email.as_str()]);
    // Taken over: who is relieved hears of it too.
    let relieved = [(&other, "2026-11-06T18:00", "2026-11-13T08:00")];
    let told = roster(&relieved, Some("Congé"));
    assert_eq!(to(&told), both);
    assert!(!of(&told, &one).contains("novembre"), "{}", of(&told, &one));
    instance.finish();
}

/// Who is on call for two customers rests once: what another customer's roster says weighs, and is not told.
#[test]
fn rest_is_weighed_over_the_rosters_of_every_customer_and_tells_nothing_of_the_other() {
    let instance = Instance::new(974);
    let customers: Vec<CustomerId> = ["mutuelle", "cousine"]
        .into_iter()
        .map(|slug| {
            let customer = instance.customer(slug);
            instance.at("2026-06-30T11:00");
            for file in ["mutuelle-horizon.md", "mutuelle-horizon-daas.md"] {
                let text = std::fs::read_to_string(common::root().join("contracts").join(file)).unwrap();
                instance.sign(customer, file, &text).unwrap();
            }
            customer
        })
        .collect();
    instance.at("2026-10-01T10:00");
    let [here, there] = customers[..] else { unreachable!() };
    let person = instance.staff(Role::Technician);
    let ask = |from: &str, until: &str, confirmed: &[String]| PublishRoster {
        contract: "CTR-2026-003-D".to_owned(),
        label: "astreinte".to_owned(),
        periods: vec![Shift { person: person.account, from: local(from), until: local(until) }],
        confirmed: confirmed.to_vec(),
        ..PublishRoster::default()
    };
    let app = instance.app();
    let manager = instance.staff(Role::ServiceManager);
    let publish = |customer| manager.permit(Act::PublishRoster, customer).unwrap();
    let night = ask("2026-11-02T18:00", "2026-11-03T07:43", &[]);
    app.publish_roster(&publish(there), &instance.key(), &night).unwrap();

    let near = ask("2026-11-03T12:00", "2026-11-04T07:00", &[]);
    let found = app.weigh_roster(&publish(here), &near).unwrap();
    let [short] = &found[..] else { panic!("four hours after the night: {found:?}") };
    assert_eq!(short.reasons[0].code, "roster.daily_rest");
    assert_eq!(short.value.from, local("2026-11-03T12:00"));
    let told = format!("{:?} {}", short.reasons, short.value.key());
    assert!(!told.contains("43") && !told.contains("cousine"), "{told}");
    let refused = app.publish_roster(&publish(here), &instance.key(), &near);
    assert!(matches!(refused, Err(app::AppError::Refused(_))), "{refused:?}");
    let confirmed = ask("2026-11-03T12:00", "2026-11-04T07:00", &[short.value.key()]);
    app.publish_roster(&publish(here), &instance.key(), &confirmed).unwrap();
    // What the customer's journal keeps of it is about its own period.
    let journal = instance.permit(Role::CustomerManager, Act::SeeJournal, here);
    let entries = app.journal(&journal, None, 50).unwrap().entries;
    let entries: String = entries.iter().map(|entry| format!("{:?}", entry.event)).collect();
    assert!(entries.contains("roster.daily_rest"), "{entries}");
    let there_ends = local("2026-11-03T07:43");
    assert!(!entries.contains(&there_ends.to_string()) && !entries.contains("cousine"));
    assert!(!entries.contains(&there_ends.as_microsecond().to_string()));

    let rested = ask("2026-11-05T18:43", "2026-11-06T07:00", &[]);
    assert_eq!(app.weigh_roster(&publish(here), &rested).unwrap(), [], "eleven hours and more after both");
    instance.finish();
}

/// A ticket of the customer's user that a technician has.
fn taken_over(instance: &Instance) -> (CustomerId, Principal, Principal) {
    let customer = common::signed(instance, "atelier");
    let (claire, technician) =
        (instance.someone(Role::CustomerUser, customer), instance.staff(Role::Technician));
    instance.undertake(&technician, customer);
    let ask = OpenTicket {
        title: "Imprimante en panne".to_owned(),
        priority: Some("P2".to_owned()),
        item: Some("srv-fic".to_owned()),
        ..OpenTicket::default()
    };
    let open = claire.permit(Act::OpenTicket, customer).unwrap();
    instance.app().open_ticket(&open, &instance.key(), &ask).unwrap();
    permit_step(instance, &technician, customer, &StepCommand::TakeOver);
    (customer, claire, technician)
}

/// Other names for the priorities, from July on.
const RENAMED: &str = r#"+++
amends = "CTR-2026-001"
effective = 2026-07-01
signed = 2026-06-16
language = "fr"
semantics = 1
+++

# Avenant n° 1

## Article 1 de l'avenant n° 1 – Priorités

```toml clause
kind = "priority_matrix"
replace = "priorites"
then.priorities = ["P1", "P2", "P3", "P4"]
then.titles = { P1 = "Première", P2 = "Deuxième", P3 = "Troisième", P4 = "Quatrième" }
then.impacts = { site = "Site", service = "Service", user = "Utilisateur" }
then.urgencies = { blocking = "Bloquant", degraded = "Dégradé", comfort = "Confort" }
then.cells.site = { blocking = "P1", degraded = "P2", comfort = "P3" }
then.cells.service = { blocking = "P2", degraded = "P3", comfort = "P4" }
then.cells.user = { blocking = "P3", degraded = "P4", comfort = "P4" }
```
"#;

#[test]
fn a_letter_names_a_priority_by_the_text_that_its_ticket_is_under() {
    let instance = Instance::new(980);
    exchange_mail(&instance);
    let (customer, claire, technician) = taken_over(&instance);
    instance.sign(customer, "avenant.md", RENAMED).unwrap();
    letters(&instance);
    let why = "Un poste de secours.".to_owned();
    let priority = Some("P3".to_owned());
    let change = StepCommand::ChangePriority { priority, impact: None, urgency: None, why };
    permit_step(&instance, &technician, customer, &change);
    let told = letters(&instance);
    let letter = told.iter().find(|l| l.to.email == claire.email).expect("she is told");
    assert!(letter.text.contains("P3") && !letter.text.contains("Troisième"), "{}", letter.text);
    instance.finish();
}

#[test]
fn a_bad_mark_is_told_once_to_whoever_had_the_ticket_and_to_the_service_manager() {
    let instance = Instance::new(975);
    exchange_mail(&instance);
    let (customer, claire, technician) = taken_over(&instance);
    let chef = instance.staff(Role::ServiceManager);
    instance.undertake(&chef, customer);
    let manager = instance.someone(Role::CustomerManager, customer);
    permit_step(&instance, &manager, customer, &StepCommand::Watch);
    let resolve = StepCommand::Resolve { note: "Changée.".to_owned(), diagnosis: None };
    let diagnose = StepCommand::Diagnose { body: "Usure.".to_owned() };
    permit_step(&instance, &technician, customer, &diagnose);
    permit_step(&instance, &technician, customer, &resolve);
    letters(&instance);
    let judge = |score: u8| {
        let ask = app::satisfaction::TellSatisfaction { score, words: Some("Trois passages.".to_owned()) };
        let permit = claire.permit(Act::Reply, customer).unwrap();
        instance.app().tell_satisfaction(&permit, &instance.key(), 1, &ask).unwrap();
        letters(&instance)
    };
    let told = judge(2);
    let mut both = [technician.email.as_str(), chef.email.as_str()];
    both.sort_unstable();
    assert_eq!(to(&told), both);
    let text = told[0].text.replace('\u{a0}', " ");
    assert!(text.contains("donne 2 sur 5") && text.contains("Trois passages."), "{text}");
    assert!(judge(1).is_empty(), "it is no news");
    assert!(judge(4).is_empty(), "nor is what pleased");
    for theirs in [&claire, &manager] {
        assert!(!notices(&instance, theirs).contains(&Notice::Dissatisfied));
    }
    instance.finish();
}

#[test]
fn a_week_given_back_or_reopened_is_told_once_to_its_person_with_why() {
    let instance = Instance::new(984);
    let app = instance.app();
    exchange_mail(&instance);
    let customers = ["atelier", "voisin"].map(|slug| common::signed(&instance, slug));
    let (technician, chef) = (instance.staff(Role::Technician), instance.staff(Role::ServiceManager));
    for customer in customers {
        let priority = Some("P3".to_owned());
        let ask = OpenTicket { title: "Panne".to_owned(), priority, ..OpenTicket::default() };
        instance.open(customer, &ask).unwrap();
    }
    instance.at("2026-06-16T12:00");
    for customer in customers {
        let enter = instance.permit(Role::Technician, Act::EnterTime, customer);
        let time = TellTime {
            minutes: 30,
            started: None,
            kind: WorkKind::Remote,
            hours: None,
            profile: None,
            comment: None,
        };
        app.enter_time(&enter, &instance.key(), 1, &time).unwrap();
    }
    letters(&instance);
    let week = date(2026, 6, 15);
    let submit = || app.submit_week(&technician.permit_instance(Act::EnterTime).unwrap(), week).unwrap();
    let settle = |settling: Settling<'_>| {
        let theirs = chef.permit_instance(Act::ApproveTime).unwrap();
        app.settle_week(&theirs, technician.account, week, settling).unwrap();
    };
    submit();
    settle(Settling::Return(Some("Le déplacement du 16 manque")));
    let told = letters(&instance);
    assert_eq!(to(&told), [technician.email.as_str()], "one sheet, of two customers");
    let text = told[0].text.replace('\u{a0}', " ");
    assert!(text.contains("vous rend votre semaine du 15 juin 2026"), "{text}");
    assert!(text.contains("Le déplacement du 16 manque") && text.contains("/time?week=2026-06-15"), "{text}");
    let page = app.notifications(&technician, true, None, 50).unwrap();
    let seen: Vec<_> = page.lines.iter().map(|l| (l.notice, l.week, l.title.as_deref())).collect();
    assert_eq!(seen, [(Notice::Week, Some(week), Some("Le déplacement du 16 manque"))]);

    submit();
    settle(Settling::Approve);
    assert_eq!(to(&letters(&instance)), [""; 0], "what is approved asks nothing of them");
    settle(Settling::Reopen("Oubli"));
    let told = letters(&instance);
    assert!(told.len() == 1 && told[0].text.contains("qui était approuvée"), "{told:?}");
    // Submitted again before the letter leaves, it says nothing any more.
    submit();
    settle(Settling::Return(None));
    submit();
    assert_eq!(to(&letters(&instance)), [""; 0]);
    instance.finish();
}

#[test]
fn the_provider_reads_who_is_warned_next_and_when() {
    let instance = Instance::new(976);
    let (customer, claire, technician) = taken_over(&instance);
    let next = |who: &Principal| {
        let see = who.permit(Act::SeeTickets, customer).unwrap();
        let page = instance.app().ticket(&see, 1).unwrap();
        let due = page.ticket.due.expect("a clock runs");
        (instance.app().next_warning(&see, &page).unwrap(), jiff::Timestamp::from_microsecond(due).unwrap())
    };
    let (warned, due) = next(&technician);
    let hour = jiff::SignedDuration::from_hours(1);
    assert_eq!(warned, Some((due - hour, vec![technician.name.clone()])));
    assert_eq!(next(&claire).0, None, "the customer is not told of who is warned");
    // As the upkeep tells it: from that instant on, and to that person.
    instance.app().pump().unwrap();
    instance.app().tell_what_is_due_soon().unwrap();
    assert!(!notices(&instance, &technician).contains(&Notice::DueSoon), "not before");
    instance.clock().move_to(due - hour + jiff::SignedDuration::from_secs(1));
    instance.app().tell_what_is_due_soon().unwrap();
    assert!(notices(&instance, &technician).contains(&Notice::DueSoon));
    assert_eq!(next(&technician).0, None, "it was told");
    instance.finish();
}

#[test]
fn what_a_side_is_never_told_of_is_no_choice_of_its_own() {
    let of = |side| Notice::CHOSEN.into_iter().filter(move |n: &Notice| n.is_for(side)).collect::<Vec<_>>();
    let (ours, theirs) = (of(app::Side::Provider), of(app::Side::Customer));
    assert_eq!(ours.len(), Notice::CHOSEN.len());
    let hidden: Vec<Notice> = ours.into_iter().filter(|n| !theirs.contains(n)).collect();
    let inside = [
        Notice::Noted,
        Notice::Assigned,
        Notice::DueSoon,
        Notice::Dissatisfied,
        Notice::Review,
        Notice::Week,
    ];
    assert_eq!(hidden, inside);
    assert!(!of(app::Side::ThirdParty).contains(&Notice::Price));
}
