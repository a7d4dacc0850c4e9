//! Who is told of what is no answer: a meter that runs low, a name in a note, a roster that changed, a ticket
//! that one is made to follow, a week given back.

mod common;

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

/// A pack of four calls, bought again when it is empty, that warns at two; and the customer's contact.
const PACK: &str = r#"## Article 2 – Durée

```toml clause
kind = "term"
label = "duree"
then = { start = 2026-03-01, lasts = "36 months", renewal = "none", notice = "3 months" }
```

## Article 3 – Interlocuteurs

```toml clause
kind = "contacts"
label = "client-unique"
then = { of = "customer", role = "single_point_of_contact", name = "Gestion" }
```

```toml clause
kind = "contacts"
label = "client-donnees"
then = { of = "customer", role = "data_protection_officer", name = "Données" }
```

## Article 11 – Assistance

```toml clause
kind = "hotline"
label = "carnet"
then = { form = "ticket_pack", tickets = 4, period = "contract_year", alert_at = 2, when_empty = "new_pack", price = "60.00 EUR", pack_tickets = 4 }
```
"#;

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

/// A pack smaller by one, with the same threshold.
fn smaller(effective: &str) -> String {
    format!(
        r#"+++
amends = "CTR-2026-778"
effective = {effective}
signed = 2026-06-16
language = "fr"
semantics = 1
+++

# Avenant n° 1

## Article 1 de l'avenant n° 1 – Assistance

```toml clause
kind = "hotline"
replace = "carnet"
then = {{ form = "ticket_pack", tickets = 3, period = "contract_year", alert_at = 2, when_empty = "new_pack", price = "60.00 EUR", pack_tickets = 3 }}
```
"#
    )
}

#[test]
fn an_amendment_that_brings_a_meter_to_its_threshold_warns_on_the_day_it_takes_effect() {
    for (seed, effective, on) in [(985, "2026-06-16", None), (986, "2026-07-01", Some("2026-07-01T09:00"))] {
        let instance = Instance::new(seed);
        let customer = instance.customer("atelier");
        instance.sign(customer, "contrat.md", &two_parties("CTR-2026-778", PACK)).expect("it compiles");
        instance.at("2026-06-16T09:00");
        exchange_mail(&instance);
        let chef = instance.staff(Role::ServiceManager);
        let contact = instance.someone(Role::CustomerManager, customer);
        let taker = instance.permit(Role::Technician, Act::RecordCall, customer);
        let ask = RecordCall { minutes: 5, ticket: None, contract: None, at: None };
        assert_eq!(instance.app().record_call(&taker, &instance.key(), &ask).unwrap().left, 3);
        assert!(letters(&instance).is_empty(), "three are left");
        instance.sign(customer, "avenant.md", &smaller(effective)).expect("it compiles");
        let turn = || {
            instance.app().tell_what_is_due_soon().unwrap();
            letters(&instance)
        };
        if let Some(on) = on {
            assert!(turn().is_empty(), "until then the pack is of four");
            instance.at("2026-06-30T23:00");
            assert!(turn().is_empty(), "the day before");
            instance.at(on);
        }
        let told = turn();
        let mut both = [chef.email.as_str(), contact.email.as_str()];
        both.sort_unstable();
        assert_eq!(to(&told), both, "{effective}");
        for letter in &told {
            let text = letter.text.replace(['\u{a0}', '\u{202f}'], " ");
            assert!(text.contains("il reste 2 tickets") && text.contains("[carnet]"), "{text}");
            assert!(text.contains("avenant n° 1"), "the article as amended: {text}");
        }
        assert!(turn().is_empty(), "once");
        instance.at("2026-07-05T09:00");
        assert!(turn().is_empty(), "once, whatever the day");
        instance.finish();
    }
}

#[test]
fn the_call_that_comes_to_the_threshold_warns_once_and_a_new_pack_arms_it_again() {
    let instance = Instance::new(971);
    let customer = instance.customer("atelier");
    instance.sign(customer, "contrat.md", &two_parties("CTR-2026-778", PACK)).expect("it compiles");
    instance.at("2026-06-16T09:00");
    exchange_mail(&instance);
    let chef = instance.staff(Role::ServiceManager);
    let contact = instance.someone(Role::CustomerManager, customer);
    instance.someone(Role::CustomerUser, customer);
    let taker = instance.permit(Role::Technician, Act::RecordCall, customer);
    let call = || {
        let ask = RecordCall { minutes: 5, ticket: None, contract: None, at: None };
        instance.app().record_call(&taker, &instance.key(), &ask).unwrap().left
    };
    assert_eq!(call(), 3);
    assert!(letters(&instance).is_empty(), "three are left");
    assert_eq!(call(), 2);
    let told = letters(&instance);
    let mut both = [chef.email.as_str(), contact.email.as_str()];
    both.sort_unstable();
    assert_eq!(to(&told), both, "the contact and the service manager");
    for letter in &told {
        let text = letter.text.replace(['\u{a0}', '\u{202f}'], " ");
        assert!(letter.subject.contains("CTR-2026-778"), "{}", letter.subject);
        for said in
            ["il reste 2 tickets", "sera vide le", "[carnet]", "https://regie.example/c/atelier/meters"]
        {
            assert!(text.contains(said), "{said}: {text}");
        }
    }
    assert_eq!(notices(&instance, &contact), [Notice::Meter]);

    assert_eq!(call(), 1);
    assert_eq!(call(), 0);
    assert!(letters(&instance).is_empty(), "the next ones are below the threshold already");
    assert_eq!(call(), 3, "another pack was bought");
    assert!(letters(&instance).is_empty());
    assert_eq!(call(), 2);
    assert_eq!(letters(&instance).len(), 2, "the new pack runs low in its turn");
    assert_eq!(notices(&instance, &contact), [Notice::Meter, Notice::Meter]);

    // A letter that waits while another pack is bought says nothing that is no longer so.
    for left in [1, 0, 3, 2] {
        assert_eq!(call(), left);
    }
    instance.app().pump().unwrap();
    for left in [1, 0, 3] {
        assert_eq!(call(), left);
    }
    assert!(letters(&instance).is_empty());
    instance.finish();
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
fn a_colleague_who_may_read_the_ticket_is_made_to_follow_it_and_told_so_once() {
    let instance = Instance::new(981);
    exchange_mail(&instance);
    let (customer, claire, technician) = taken_over(&instance);
    let developer = instance.staff(Role::Developer);
    let colleague = instance.someone(Role::CustomerAdmin, customer);
    let other = instance.customer("voisin");
    let stranger = instance.someone(Role::CustomerUser, other);
    instance.undertake(&developer, customer);
    letters(&instance);
    let refused = |by: &Principal, command: StepCommand| {
        let permit = by.permit(command.act(), customer).unwrap();
        match instance.app().step_ticket(&permit, &instance.key(), 1, &command, None) {
            Err(AppError::Refused(refusal)) => refusal.code,
            Err(AppError::Invalid(invalid)) => invalid.field.to_owned(),
            other => panic!("{other:?}"),
        }
    };
    let watch = |who: &str| StepCommand::WatchFor { who: who.to_owned() };
    let reply = || StepCommand::Reply { body: "Toujours rien.".to_owned() };

    permit_step(&instance, &technician, customer, &watch(&developer.email));
    let told = letters(&instance);
    assert_eq!(to(&told), [developer.email.as_str()]);
    let text = told[0].text.replace('\u{a0}', " ");
    assert!(text.contains(&format!("{} vous fait suivre le ticket n° 1", technician.name)), "{text}");
    assert_eq!(notices(&instance, &developer), [Notice::Followed]);
    // By the account too, and of either side for the provider's people.
    permit_step(&instance, &technician, customer, &watch(&colleague.account.to_string()));
    assert_eq!(to(&letters(&instance)), [colleague.email.as_str()]);
    let page =
        |who: &Principal| instance.app().ticket(&who.permit(Act::SeeTickets, customer).unwrap(), 1).unwrap();
    let said: Vec<Option<String>> = page(&claire).entries.into_iter().rev().take(2).map(|e| e.text).collect();
    assert_eq!(said, [Some(colleague.name.clone()), Some(developer.name.clone())], "whom, not only by whom");
    permit_step(&instance, &claire, customer, &reply());
    let told = letters(&instance);
    assert!(to(&told).contains(&developer.email.as_str()) && to(&told).contains(&colleague.email.as_str()));

    // One answer for all whom one may not name, and a follower is followed by no second time.
    assert_eq!(refused(&technician, watch(&developer.email)), "watch.already");
    for who in [stranger.email.as_str(), "personne@nulle.part", ""] {
        assert_eq!(refused(&technician, watch(who)), "who", "{who}");
    }
    let ours = instance.staff(Role::SystemManager);
    assert_eq!(refused(&claire, watch(&ours.email)), "who", "a colleague is of one's own side");
    assert_eq!(refused(&claire, StepCommand::UnwatchFor { who: developer.account }), "who");

    permit_step(&instance, &claire, customer, &StepCommand::UnwatchFor { who: colleague.account });
    permit_step(&instance, &technician, customer, &StepCommand::UnwatchFor { who: developer.account });
    assert_eq!(
        refused(&technician, StepCommand::UnwatchFor { who: developer.account }),
        "who",
        "they follow no more"
    );
    assert!(page(&technician).watchers.is_empty());
    letters(&instance);
    permit_step(&instance, &claire, customer, &reply());
    assert_eq!(to(&letters(&instance)), [technician.email.as_str()]);
    instance.finish();
}

#[test]
fn nobody_is_silenced_by_those_whom_they_watch() {
    let instance = Instance::new(983);
    exchange_mail(&instance);
    let (customer, claire, technician) = taken_over(&instance);
    let director = instance.someone(Role::CustomerDirector, customer);
    let colleague = instance.someone(Role::CustomerUser, customer);
    let admin = instance.someone(Role::CustomerAdmin, customer);
    let takes_off = |by: &Principal, who: &Principal| {
        let command = StepCommand::UnwatchFor { who: who.account };
        let permit = by.permit(command.act(), customer).unwrap();
        match instance.app().step_ticket(&permit, &instance.key(), 1, &command, None) {
            Ok(_) => true,
            Err(AppError::Invalid(invalid)) if invalid.field == "who" => false,
            other => panic!("{other:?}"),
        }
    };
    let following = |by: &Principal| {
        let page = instance.app().ticket(&by.permit(Act::SeeTickets, customer).unwrap(), 1).unwrap();
        let found = instance.app().followable(&by.permit(Act::Reply, customer).unwrap(), &page).unwrap();
        found.following.into_iter().map(|watcher| watcher.who).collect::<Vec<_>>()
    };
    let answered = || {
        letters(&instance);
        permit_step(&instance, &technician, customer, &StepCommand::Reply { body: "En cours.".to_owned() });
        let told = letters(&instance);
        told.into_iter().map(|letter| letter.to.email).collect::<Vec<_>>()
    };

    // Who follows of their own will is taken off by nobody else, of either side.
    for who in [&claire, &director] {
        permit_step(&instance, who, customer, &StepCommand::Watch);
        assert!(!takes_off(&technician, who) && !takes_off(&colleague, who), "{}", who.name);
    }
    assert_eq!((following(&technician), following(&colleague)), (Vec::new(), Vec::new()));
    // Whom a colleague made to follow is taken off by their own side, and not by the provider.
    let watch = |who: &Principal| StepCommand::WatchFor { who: who.email.clone() };
    permit_step(&instance, &claire, customer, &watch(&admin));
    assert_eq!((following(&technician), following(&director)), (Vec::new(), vec![admin.account]));
    assert!(!takes_off(&technician, &admin) && takes_off(&director, &admin));
    assert!(!answered().contains(&admin.email));

    // Taken off by somebody else, whoever opened the ticket is told of it still; not once they ceased.
    permit_step(&instance, &claire, customer, &StepCommand::Unwatch);
    assert!(!answered().contains(&claire.email));
    permit_step(&instance, &claire, customer, &StepCommand::Reply { body: "Toujours rien.".to_owned() });
    permit_step(&instance, &technician, customer, &watch(&claire));
    assert!(takes_off(&technician, &claire), "the provider takes off whom it added");
    assert!(answered().contains(&claire.email), "she took part in it");
    instance.finish();
}

#[test]
fn those_who_only_read_follow_and_are_offered_nobody() {
    let instance = Instance::new(982);
    exchange_mail(&instance);
    let (customer, claire, technician) = taken_over(&instance);
    let auditors =
        [Role::ProviderAuditor, Role::CustomerAuditor].map(|role| instance.someone(role, customer));
    for auditor in &auditors {
        instance.undertake(auditor, customer);
        permit_step(&instance, auditor, customer, &StepCommand::Watch);
        assert!(auditor.permit(Act::Reply, customer).is_err(), "nor is anybody theirs to name");
    }
    letters(&instance);
    permit_step(&instance, &technician, customer, &StepCommand::Reply { body: "En cours.".to_owned() });
    let told = letters(&instance);
    for auditor in &auditors {
        assert!(to(&told).contains(&auditor.email.as_str()), "{told:?}");
    }
    let offered = |who: &Principal| {
        let page = instance.app().ticket(&who.permit(Act::SeeTickets, customer).unwrap(), 1).unwrap();
        let found = instance.app().followable(&who.permit(Act::Reply, customer).unwrap(), &page).unwrap();
        let people: Vec<Role> = found.people.iter().map(|person| person.role).collect();
        (people, found.following.len())
    };
    let (people, following) = offered(&technician);
    assert!(people.contains(&Role::CustomerUser) && !people.contains(&Role::ProviderAuditor), "{people:?}");
    assert_eq!(
        following, 1,
        "the customer's auditor follows of their own will: not the provider's to take off"
    );
    // Who does not read the list of people writes an address; nor is it theirs to take either auditor off.
    assert_eq!(offered(&claire), (Vec::new(), 0));
    let manager = instance.someone(Role::CustomerManager, customer);
    let (people, _) = offered(&manager);
    assert!(people.iter().all(|role| role.side() == app::Side::Customer) && !people.is_empty(), "{people:?}");

    // Whoever may read it no more is told of it no more, though they never ceased to follow it.
    let director = instance.permit(Role::CustomerDirector, Act::ManagePeople, customer);
    let lines =
        instance.app().people(&instance.permit(Role::CustomerDirector, Act::SeePeople, customer)).unwrap();
    let held =
        lines.iter().find(|line| line.email.as_deref() == Some(auditors[1].email.as_str())).unwrap().held;
    instance
        .app()
        .end_role(&director, &app::accounts::Proof::of_the_operator(), &instance.key(), &held.to_string())
        .unwrap();
    permit_step(&instance, &technician, customer, &StepCommand::Reply { body: "Toujours.".to_owned() });
    let told = letters(&instance);
    let told = to(&told);
    assert!(told.contains(&auditors[0].email.as_str()) && !told.contains(&auditors[1].email.as_str()));
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
