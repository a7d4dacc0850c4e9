//! Who is told of what is no answer: a name in a note.

mod common;

use app::mail::{Address, Delivery, Letter, MailSettings, Notice};
use app::news::News;
use app::ticket::{OpenTicket, StepCommand};
use app::{Act, Principal, Role};
use base::id::CustomerId;
use std::sync::{Arc, Mutex};
use testkit::Instance;

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
