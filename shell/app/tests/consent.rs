//! A price agreed to by mail: one line, one amount, by a person who may commit the customer.

mod common;

use app::mail::{Address, Decision, Fate, Incoming, MailSettings};
use app::ticket::{OpenTicket, StepCommand, TicketPage};
use app::{Act, Role};
use base::Money;
use base::id::CustomerId;
use common::signed;
use engines::perimeter::price::Agreement;
use testkit::Instance;

const PRICE: Money = Money::eur(48_000);

fn exchange(instance: &Instance) {
    let mailbox = "aide@prestataire.example".to_owned();
    instance.app().exchange_mail(MailSettings {
        from: Address { name: "Prestataire".to_owned(), email: mailbox.clone() },
        answers: mailbox,
        host: "prestataire.example".to_owned(),
        site: "https://prestataire.example".to_owned(),
        zone: "Europe/Paris".to_owned(),
    });
}

/// A move, for which the contract wants a quotation, and the quotation.
fn quoted(instance: &Instance, customer: CustomerId) -> u64 {
    let ask = OpenTicket {
        title: "Déménager l'atelier".to_owned(),
        kind: Some("service_request".to_owned()),
        operation: Some("move".to_owned()),
        ..OpenTicket::default()
    };
    let manager = instance.permit(Role::CustomerManager, Act::OpenTicket, customer);
    let number = instance.app().open_ticket(&manager, &instance.key(), &ask).unwrap().number;
    let quote = StepCommand::Quote { price: PRICE, until: None, body: "Deux camions".to_owned() };
    let permit = instance.permit(Role::ServiceManager, quote.act(), customer);
    instance.app().step_ticket(&permit, &instance.key(), number, &quote, None).unwrap();
    number
}

fn page(instance: &Instance, customer: CustomerId, number: u64) -> TicketPage {
    let see = instance.permit(Role::CustomerManager, Act::SeeTickets, customer);
    instance.app().ticket(&see, number).unwrap()
}

fn mail(instance: &Instance, of: (Role, CustomerId), nth: u8, number: u64, text: &str) -> Incoming {
    Incoming {
        identity: [nth; 32],
        from: vec![instance.someone(of.0, of.1).email.clone()],
        subject: format!("Re: [atelier #{number}] Déménager l'atelier"),
        text: text.to_owned(),
        believed: true,
        ..Incoming::default()
    }
}

fn send(instance: &Instance, of: (Role, CustomerId), nth: u8, number: u64, text: &str) {
    let taken = instance.app().take_mail(&mail(instance, of, nth, number, text)).unwrap();
    assert_eq!(taken.fate, Fate::Replied, "{taken:?}");
}

#[test]
fn the_line_that_a_letter_offers_agrees_to_its_price() {
    let instance = Instance::new(741);
    let customer = signed(&instance, "atelier");
    exchange(&instance);
    let number = quoted(&instance, customer);
    instance.app().pump().unwrap();
    let letters = instance.app().letters_to_send(50).unwrap();
    let line = "«\u{a0}J'accepte 480,00\u{a0}€\u{a0}»";
    let mut offered: Vec<&str> =
        letters.iter().filter(|l| l.text.contains(line)).map(|l| l.to.email.as_str()).collect();
    offered.dedup();
    let manager = instance.someone(Role::CustomerManager, customer);
    assert_eq!(
        offered,
        [manager.email.as_str()],
        "offered to whoever may commit the customer, and to no other"
    );

    let answer = "J’accepte 480,00\u{a0}€\n\nMerci de faire vite.";
    send(&instance, (Role::CustomerManager, customer), 1, number, answer);
    let page = page(&instance, customer, number);
    assert_eq!(page.price.value, Agreement::Agreed { price: PRICE });
    let said: Vec<&str> = page.entries.iter().filter_map(|e| e.text.as_deref()).collect();
    assert!(said.contains(&answer), "the words stand: {said:?}");
    assert!(!said.iter().any(|text| text.contains("pas été pris")), "{said:?}");
}

#[test]
fn another_amount_another_person_or_more_words_agree_to_nothing_and_say_so() {
    let instance = Instance::new(742);
    let customer = signed(&instance, "atelier");
    exchange(&instance);
    let number = quoted(&instance, customer);
    let last =
        |instance: &Instance| page(instance, customer, number).entries.last().unwrap().text.clone().unwrap();
    let manager = (Role::CustomerManager, customer);
    send(&instance, manager, 1, number, "J'accepte 380,00 €");
    assert!(last(&instance).contains("le prix demandé est de 480,00"), "{}", last(&instance));
    send(&instance, manager, 2, number, "J'accepte 480,00 € si c'est lundi");
    assert!(!last(&instance).contains("pas été pris"), "no answer at all: {}", last(&instance));
    send(&instance, (Role::CustomerUser, customer), 3, number, "J'accepte 480,00 €");
    assert!(last(&instance).contains("peut engager le client"), "{}", last(&instance));
    assert_eq!(
        page(&instance, customer, number).price.value,
        Agreement::Awaited { price: PRICE, until: None }
    );
    send(&instance, manager, 4, number, "J'accepte 480 €");
    assert_eq!(page(&instance, customer, number).price.value, Agreement::Agreed { price: PRICE });
    send(&instance, manager, 5, number, "J'accepte 999 €");
    assert!(last(&instance).contains("aucun prix n'attend"), "{}", last(&instance));
}

/// Whoever sorts the mail of the provider lets a mail in; they do not commit the customer.
#[test]
fn a_mail_that_nothing_proves_agrees_to_nothing_even_once_let_in() {
    let instance = Instance::new(743);
    let customer = signed(&instance, "atelier");
    exchange(&instance);
    let number = quoted(&instance, customer);
    let forged = Incoming {
        believed: false,
        ..mail(&instance, (Role::CustomerManager, customer), 1, number, "J'accepte 480,00 €")
    };
    assert_eq!(instance.app().take_mail(&forged).unwrap().fate, Fate::Quarantined);
    let keeps =
        instance.app().permit_instance(&instance.staff(Role::ProviderAdmin), Act::ManageMail).unwrap();
    let held = instance.app().received(&keeps, Fate::Quarantined, None, 1).unwrap().0[0].id;
    let taken = instance.app().decide_mail(&keeps, held, &Decision::Accept).unwrap();
    assert_eq!(taken.fate, Fate::Replied);
    let page = page(&instance, customer, number);
    assert_eq!(page.price.value, Agreement::Awaited { price: PRICE, until: None });
    assert!(page.entries.last().unwrap().text.as_ref().unwrap().contains("rien ne prouve"));
}
