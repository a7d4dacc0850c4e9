//! Letters out: who is told what, how it looks to a receiver, and what becomes of refusals.

mod common;

use app::mail::{How, Identity, Notice, Preferences};
use app::ticket::{OpenTicket, StepCommand};
use app::{Act, Principal, Role};
use base::Lang;
use base::id::CustomerId;
use common::{Receiver, account, relay, signed};
use exchange::post::send_waiting;
use exchange::smtp::Relay;
use testkit::Instance;

fn open(instance: &Instance, who: &Principal, customer: CustomerId, title: &str) -> u64 {
    let permit = who.permit(Act::OpenTicket, customer).unwrap();
    let ask = OpenTicket { title: title.to_owned(), ..OpenTicket::default() };
    instance.app().open_ticket(&permit, &instance.key(), &ask).unwrap().number
}

fn step(instance: &Instance, who: &Principal, customer: CustomerId, number: u64, command: StepCommand) {
    instance.undertake(who, customer);
    let permit = who.permit(command.act(), customer).unwrap();
    instance.app().step_ticket(&permit, &instance.key(), number, &command, None).unwrap();
}

/// Everything that may leave, at whatever address; gives subjects and recipients.
fn letters(instance: &Instance) -> Vec<(String, String, String)> {
    instance.app().pump().unwrap();
    let letters = instance.app().letters_to_send(100).unwrap();
    for letter in &letters {
        instance.app().letter_ended(&letter.ids, &app::mail::Delivery::Sent).unwrap();
    }
    let mut told: Vec<_> = letters.into_iter().map(|l| (l.to.email, l.subject, l.text)).collect();
    told.sort();
    told
}

fn addresses(letters: &[(String, String, String)]) -> Vec<&str> {
    letters.iter().map(|(to, _, _)| to.as_str()).collect()
}

#[test]
fn a_letter_reaches_a_receiver_whole() {
    let Some(receiver) = Receiver::start() else { return };
    let instance = Instance::new(300);
    let customer = signed(&instance, "atelier");
    let claire = account(&instance, "claire@garonne.example", Role::CustomerUser, Some(customer));
    let marc = account(&instance, "marc@prestataire.example", Role::ServiceManager, None);
    let number = open(&instance, &claire, customer, "Écran noir à l’accueil");
    instance.at("2026-06-16T09:05");
    let reply = StepCommand::Reply { body: "Bonjour,\nest-ce que <l’écran> est branché ?".to_owned() };
    step(&instance, &marc, customer, number, reply);
    let manage = marc.permit_instance(Act::ManageMail).unwrap();
    let identity =
        Identity { name: "Support Garonne".to_owned(), signature: "L’équipe\n05 00".to_owned() };
    instance.app().set_mail_identity(&manage, customer, &identity).unwrap();

    instance.app().pump().unwrap();
    assert_eq!(send_waiting(instance.app(), &receiver.relay()).unwrap(), 3);
    assert_eq!(send_waiting(instance.app(), &receiver.relay()).unwrap(), 0, "each is sent once");
    let mut taken = receiver.taken();
    taken.retain(|(to, _)| to.contains("claire@"));
    let [(_, opened), (envelope, replied)] = &taken[..] else { panic!("{} letters", taken.len()) };
    assert!(envelope.contains("\"from\": \"aide@prestataire.example\""), "{envelope}");
    assert_eq!(replied.subject(), Some("[atelier #1] Écran noir à l’accueil"));
    let from = replied.from().unwrap().first().unwrap();
    assert_eq!((from.name(), from.address()), (Some("Support Garonne"), Some(common::MAILBOX)));
    let text = replied.body_text(0).unwrap();
    assert!(text.contains("est-ce que <l’écran> est branché ?") && text.contains("L’équipe"), "{text}");
    let html = replied.body_html(0).unwrap();
    assert!(html.contains("&lt;l’écran&gt;") && !html.contains("<l’écran>"), "{html}");
    let header = |name: &str| replied.header_raw(name).unwrap_or_default().trim().to_owned();
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(header("List-Id"), "<atelier.prestataire.example>");
    let answers = replied.reply_to().unwrap().first().unwrap().address().unwrap().to_owned();
    assert!(answers.starts_with("aide+") && answers.ends_with("@prestataire.example"), "{answers}");
    // Both letters are in one thread, and each has a name of its own.
    assert_eq!(opened.references().as_text(), replied.references().as_text());
    assert_ne!(opened.message_id(), replied.message_id());
    assert!(opened.body_text(0).unwrap().contains("Prochaine échéance du contrat"));
}

#[test]
fn each_side_is_told_of_the_other_and_notes_stay_inside() {
    let instance = Instance::new(301);
    let customer = signed(&instance, "atelier");
    let other = instance.customer("autre");
    let claire = account(&instance, "claire@garonne.example", Role::CustomerUser, Some(customer));
    account(&instance, "jean@garonne.example", Role::CustomerUser, Some(customer));
    account(&instance, "zoe@autre.example", Role::CustomerManager, Some(other));
    account(&instance, "chef@prestataire.example", Role::ServiceManager, None);
    let tech = account(&instance, "tech@prestataire.example", Role::Technician, None);

    let number = open(&instance, &claire, customer, "Écran noir");
    let told = letters(&instance);
    assert_eq!(addresses(&told), ["chef@prestataire.example", "claire@garonne.example"]);
    assert!(told[1].2.contains("Votre demande est enregistrée"), "{}", told[1].2);

    step(&instance, &tech, customer, number, StepCommand::TakeOver);
    step(&instance, &tech, customer, number, StepCommand::Note { body: "Entre nous : menteuse".to_owned() });
    step(&instance, &tech, customer, number, StepCommand::Reply { body: "J’arrive".to_owned() });
    let told = letters(&instance);
    assert_eq!(addresses(&told), ["claire@garonne.example", "claire@garonne.example"]);
    assert!(told.iter().all(|(_, _, text)| !text.contains("menteuse")));

    step(&instance, &claire, customer, number, StepCommand::Reply { body: "Merci".to_owned() });
    let told = letters(&instance);
    assert_eq!(addresses(&told), ["tech@prestataire.example"], "whoever took it over");
    assert!(told[0].2.contains("claire a écrit") && told[0].2.contains("Merci"));

    step(
        &instance,
        &tech,
        customer,
        number,
        StepCommand::Resolve { note: "Câble".to_owned(), diagnosis: Some("Câble débranché".to_owned()) },
    );
    assert!(letters(&instance)[0].2.contains("tech a résolu le ticket n°"));
}

#[test]
fn who_follows_is_told_and_who_ceases_is_not() {
    let instance = Instance::new(305);
    let customer = signed(&instance, "atelier");
    let claire = account(&instance, "claire@garonne.example", Role::CustomerUser, Some(customer));
    let jean = account(&instance, "jean@garonne.example", Role::CustomerUser, Some(customer));
    let paul = account(&instance, "paul@garonne.example", Role::CustomerUser, Some(customer));
    let tech = account(&instance, "tech@prestataire.example", Role::Technician, None);
    let dev = account(&instance, "dev@prestataire.example", Role::Developer, None);
    let number = open(&instance, &claire, customer, "Écran noir");
    let say = |who: &Principal, body: &str| {
        step(&instance, who, customer, number, StepCommand::Reply { body: body.to_owned() });
    };
    let told = || {
        let all = letters(&instance);
        all.iter().map(|(to, _, _)| to.split('@').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    step(&instance, &tech, customer, number, StepCommand::TakeOver);
    told();
    for who in [&jean, &dev] {
        step(&instance, who, customer, number, StepCommand::Watch);
    }
    assert!(told().is_empty(), "that somebody follows is told to nobody");
    say(&tech, "J’arrive");
    assert_eq!(told(), ["claire", "dev", "jean"]);
    say(&claire, "Merci @paul");
    assert_eq!(told(), ["dev", "jean", "paul", "tech"], "who is named follows");

    for who in [&jean, &dev, &paul] {
        step(&instance, who, customer, number, StepCommand::Unwatch);
    }
    say(&tech, "Encore un instant");
    assert_eq!(told(), ["claire"]);
    say(&jean, "Et moi ?");
    assert_eq!(told(), ["claire", "tech"]);
    say(&tech, "Vous aussi");
    assert_eq!(told(), ["claire", "jean"], "who writes again takes part again");
    step(&instance, &jean, customer, number, StepCommand::Watch);
    step(&instance, &jean, customer, number, StepCommand::Unwatch);
    say(&tech, "Fini");
    assert_eq!(told(), ["claire"], "who unwatched is not told, though they wrote");
}

#[test]
fn a_third_party_is_told_of_its_items_while_they_are_its_own() {
    let instance = Instance::new(306);
    let customer = signed(&instance, "atelier");
    let marc = account(&instance, "marc@editeur.example", Role::ThirdPartyTechnician, None);
    let tech = account(&instance, "tech@prestataire.example", Role::Technician, None);
    let on = |item: &str| {
        let ask = OpenTicket { title: item.to_owned(), item: Some(item.to_owned()), ..OpenTicket::default() };
        instance.open(customer, &ask).unwrap().number
    };
    let (mine, other) = (on("srv-erp"), on("srv-fic"));
    let assign = |item: &str| {
        let about = app::access::Items { items: [item.to_owned()].into(), ..Default::default() };
        let role = Role::ThirdPartyTechnician;
        let account = marc.account;
        let new =
            app::accounts::roles::NewRole { account, role, customer: Some(customer), contract: None, about };
        let id = instance.app().assign(&new).unwrap();
        let marc = instance.app().principal(marc.account).unwrap();
        instance.undertake(&marc, customer);
        (id, marc)
    };
    let reply = |who: &Principal, number| {
        step(&instance, who, customer, number, StepCommand::Reply { body: "Mot".to_owned() });
    };
    let queued = || {
        instance.app().pump().unwrap();
        let may = instance.staff(Role::ServiceManager).permit_instance(Act::ManageMail).unwrap();
        let waiting = instance.app().letters(&may, app::mail::State::Waiting, None, 100).unwrap().0;
        waiting.iter().filter(|l| l.to.email == "marc@editeur.example").count()
    };
    let (erp, _) = assign("srv-erp");
    let (fic, both) = assign("srv-fic");
    reply(&both, mine);
    reply(&both, other);
    letters(&instance);
    instance.app().unassign(fic).unwrap();
    reply(&tech, mine);
    reply(&tech, other);
    assert_eq!(queued(), 1, "nothing is queued of a ticket that is out of its scope by now");
    let price = base::Money::eur(12_000);
    step(
        &instance,
        &instance.staff(Role::ServiceManager),
        customer,
        mine,
        StepCommand::Quote { price, until: None, body: "Deux heures".to_owned() },
    );
    assert_eq!(queued(), 1, "nor of prices");
    // The role ends while the letter waits: it is not written.
    instance.app().unassign(erp).unwrap();
    assert!(!addresses(&letters(&instance)).contains(&"marc@editeur.example"));
    assert_eq!(queued(), 0);
}

#[test]
fn a_person_chooses_language_and_rhythm() {
    let instance = Instance::new(302);
    let customer = signed(&instance, "atelier");
    let claire = account(&instance, "claire@garonne.example", Role::CustomerUser, Some(customer));
    let tech = account(&instance, "tech@prestataire.example", Role::Technician, None);
    let wished = Preferences {
        lang: Lang::En,
        choices: [(Notice::Opened, How::None), (Notice::Replied, How::Daily)].into(),
    };
    instance.app().set_mail_preferences(&claire, &wished).unwrap();
    assert_eq!(instance.app().mail_preferences(&claire).unwrap(), wished);
    let (first, second) =
        (open(&instance, &claire, customer, "First"), open(&instance, &claire, customer, "Second"));
    for number in [second, first] {
        step(&instance, &tech, customer, number, StepCommand::Reply { body: format!("About {number}") });
    }
    assert!(letters(&instance).is_empty());
    instance.at("2026-06-17T06:59");
    assert!(letters(&instance).is_empty());
    instance.at("2026-06-17T07:00");
    let told = letters(&instance);
    let [(to, subject, text)] = &told[..] else { panic!("{told:?}") };
    assert_eq!((to.as_str(), subject.as_str()), ("claire@garonne.example", "Your digest: 2 pieces of news"));
    assert!(text.find("About 2") < text.find("About 1"), "in the order it happened: {text}");
    assert!(text.contains("About 2"));
    assert_eq!(text.matches("Hello").count(), 0);
}

#[test]
fn a_clock_about_to_run_out_is_told_once() {
    let instance = Instance::new(303);
    let customer = signed(&instance, "atelier");
    let claire = account(&instance, "claire@garonne.example", Role::CustomerUser, Some(customer));
    account(&instance, "chef@prestataire.example", Role::ServiceManager, None);
    let permit = claire.permit(Act::OpenTicket, customer).unwrap();
    let ask =
        OpenTicket { title: "Panne".to_owned(), priority: Some("P1".to_owned()), ..OpenTicket::default() };
    let opened = instance.app().open_ticket(&permit, &instance.key(), &ask).unwrap();
    letters(&instance);
    let due = opened.due.iter().filter_map(|d| d.due).min().expect("P1 has a promise");
    instance.clock().move_to(due - jiff::SignedDuration::from_mins(30));
    for _ in 0..2 {
        instance.app().tell_what_is_due_soon().unwrap();
    }
    let told = letters(&instance);
    assert_eq!(addresses(&told), ["chef@prestataire.example"]);
    assert!(told[0].2.contains("arrive à son terme. Prochaine échéance"), "{}", told[0].2);
    instance.app().tell_what_is_due_soon().unwrap();
    assert!(letters(&instance).is_empty());
}

#[test]
fn refusals_end_a_letter_and_troubles_delay_it() {
    let Some(receiver) = Receiver::start() else { return };
    let instance = Instance::new(304);
    let customer = signed(&instance, "atelier");
    for name in ["personne", "plustard"] {
        let who = account(&instance, &format!("{name}@garonne.example"), Role::CustomerUser, Some(customer));
        open(&instance, &who, customer, name);
    }
    instance.app().pump().unwrap();
    assert_eq!(send_waiting(instance.app(), &receiver.relay()).unwrap(), 2);
    let minutes = |n: i64| {
        let now = instance.app().now();
        instance.clock().move_to(now + jiff::SignedDuration::from_mins(n));
    };
    minutes(1);
    let again = |relay: &Relay| send_waiting(instance.app(), relay).unwrap();
    assert_eq!(again(&receiver.relay()), 1, "the one that may be taken later");
    minutes(1);
    assert_eq!(again(&receiver.relay()), 0, "the wait doubles");
    minutes(1);
    // Nobody listens there: as a relay that is down.
    assert_eq!(again(&relay(9)), 1);
    let mut tries = 0;
    for _ in 0..40 {
        minutes(6 * 60);
        tries += again(&relay(9));
    }
    assert!((15..=24).contains(&tries), "five days, then no more: {tries}");
    assert!(receiver.taken().is_empty());
}

#[test]
fn a_link_is_sent_sealed_and_dropped_once_used() {
    let instance = Instance::new(305);
    let customer = signed(&instance, "atelier");
    let manage = instance.staff(Role::ProviderAdmin).permit_instance(Act::ManageAccounts).unwrap();
    let person = |email: &str| app::accounts::NewPerson {
        email: email.to_owned(),
        name: "Claire Martin".to_owned(),
        role: Role::CustomerUser,
        customer: Some(customer),
    };
    let link = instance.app().invite(&manage, &person("claire@garonne.example")).unwrap();
    assert!(link.mailed);
    assert!(instance.app().invite(&manage, &person("claire@garonne.example")).is_err());
    let file = std::fs::read(instance.data().join("instance.db")).unwrap();
    assert!(!file.windows(link.code.len()).any(|w| w == link.code.as_bytes()), "the code is not in clear");
    let told = letters(&instance);
    assert_eq!(addresses(&told), ["claire@garonne.example"]);
    assert!(told[0].2.contains(&format!("https://prestataire.example/join/{}", link.code)), "{}", told[0].2);

    let second = instance.app().invite(&manage, &person("luc@garonne.example")).unwrap();
    let client = app::accounts::Client::default();
    instance.app().use_link(&client, &second.code, "trois chevaux mangent des nouilles").unwrap();
    assert!(letters(&instance).is_empty(), "nothing to say any more");
}

/// A customer with an address of its own: what is about it leaves from there, and its answers thread as before.
#[test]
fn a_customer_s_letters_leave_from_its_own_address() {
    const OWN: &str = "assistance@marque.example";
    let instance = Instance::new(321);
    let (garonne, voisin) = (signed(&instance, "garonne"), signed(&instance, "voisin"));
    let unknown = [("nulle-part".to_owned(), OWN.to_owned())].into();
    assert!(instance.app().send_from(&unknown).is_err(), "a short name that is nobody's is told");
    instance.app().send_from(&[("garonne".to_owned(), OWN.to_owned())].into()).unwrap();
    let claire = account(&instance, "claire@garonne.example", Role::CustomerUser, Some(garonne));
    let paul = account(&instance, "paul@voisin.example", Role::CustomerUser, Some(voisin));
    account(&instance, "marc@prestataire.example", Role::ServiceManager, None);
    open(&instance, &claire, garonne, "Écran noir");
    open(&instance, &paul, voisin, "Clavier muet");
    instance.app().forgot_password(&app::accounts::Client::default(), "claire@garonne.example").unwrap();
    instance.app().forgot_password(&app::accounts::Client::default(), "paul@voisin.example").unwrap();
    instance.app().pump().unwrap();
    let letters = instance.app().letters_to_send(100).unwrap();
    assert!(letters.len() >= 6, "{} letters", letters.len());
    for letter in &letters {
        let about_garonne =
            letter.subject.contains("[garonne") || letter.to.email == "claire@garonne.example";
        let wanted = if about_garonne { OWN } else { common::MAILBOX };
        assert_eq!(letter.from.email, wanted, "{} to {}", letter.subject, letter.to.email);
        assert!(letter.reply_to.starts_with("aide") && letter.reply_to.ends_with("@prestataire.example"));
    }
    // Mail that says it comes from there is our own, and opens nothing.
    let own = app::mail::Incoming {
        identity: [7; 32],
        from: vec![OWN.to_owned()],
        subject: "Boucle".to_owned(),
        text: "Bonjour".to_owned(),
        believed: true,
        ..app::mail::Incoming::default()
    };
    let taken = instance.app().take_mail(&own).unwrap();
    assert_eq!((taken.fate, taken.why.as_str()), (app::mail::Fate::Ignored, "own"));
}
