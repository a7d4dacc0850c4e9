//! A price agreed to by mail: one line, one amount, by a person who may commit the customer.

mod common;

use app::mail::{Address, Decision, Fate, How, Incoming, Letter, MailSettings, Notice};
use app::ticket::{IdempotencyKey, OpenTicket, StepCommand, TicketPage};
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

/// A move, for which the contract wants a quotation.
fn opened(instance: &Instance, customer: CustomerId) -> u64 {
    let ask = OpenTicket {
        title: "Déménager l'atelier".to_owned(),
        kind: Some("service_request".to_owned()),
        operation: Some("move".to_owned()),
        ..OpenTicket::default()
    };
    let manager = instance.permit(Role::CustomerManager, Act::OpenTicket, customer);
    instance.app().open_ticket(&manager, &instance.key(), &ask).unwrap().number
}

fn step(instance: &Instance, role: Role, customer: CustomerId, number: u64, command: &StepCommand) {
    let permit = instance.permit(role, command.act(), customer);
    instance.app().step_ticket(&permit, &instance.key(), number, command, None).unwrap();
}

/// A quotation, and the letter that asks its price of the customer's manager.
fn quoted(instance: &Instance, customer: CustomerId, number: u64, what: &str) -> Letter {
    let quote = StepCommand::Quote { price: PRICE, until: None, body: what.to_owned() };
    step(instance, Role::ServiceManager, customer, number, &quote);
    let manager = instance.someone(Role::CustomerManager, customer).email.clone();
    let of = |letter: &Letter| letter.to.email == manager && letter.text.contains(what);
    letters(instance).into_iter().find(of).unwrap()
}

fn letters(instance: &Instance) -> Vec<Letter> {
    instance.app().pump().unwrap();
    instance.app().letters_to_send(50).unwrap()
}

fn page(instance: &Instance, customer: CustomerId, number: u64) -> TicketPage {
    let see = instance.permit(Role::CustomerManager, Act::SeeTickets, customer);
    instance.app().ticket(&see, number).unwrap()
}

fn last(instance: &Instance, customer: CustomerId, number: u64) -> String {
    page(instance, customer, number).entries.last().unwrap().text.clone().unwrap()
}

fn answer(instance: &Instance, of: (Role, CustomerId), nth: u8, letter: &Letter, text: &str) -> Incoming {
    Incoming {
        identity: [nth; 32],
        from: vec![instance.someone(of.0, of.1).email.clone()],
        subject: format!("Re: {}", letter.subject),
        references: vec![letter.message_id.clone()],
        text: text.to_owned(),
        believed: true,
        signed: true,
        ..Incoming::default()
    }
}

fn send(instance: &Instance, mail: &Incoming) {
    let taken = instance.app().take_mail(mail).unwrap();
    assert_eq!(taken.fate, Fate::Replied, "{taken:?}");
}

const AWAITED: Agreement = Agreement::Awaited { price: PRICE, until: None };
const AGREED: Agreement = Agreement::Agreed { price: PRICE };

#[test]
fn the_line_that_a_letter_offers_agrees_to_its_price() {
    let instance = Instance::new(741);
    let customer = signed(&instance, "atelier");
    exchange(&instance);
    let number = opened(&instance, customer);
    let letter = quoted(&instance, customer, number, "Deux camions");
    let line = "«\u{a0}J'accepte 480,00\u{a0}€\u{a0}»";
    assert!(letter.text.contains(line), "{}", letter.text);

    let words = "J’accepte 480,00\u{a0}€\n\nMerci d'avance,\nBonne journée !";
    send(&instance, &answer(&instance, (Role::CustomerManager, customer), 1, &letter, words));
    let page = page(&instance, customer, number);
    assert_eq!(page.price.value, AGREED);
    let said: Vec<&str> = page.entries.iter().filter_map(|e| e.text.as_deref()).collect();
    assert!(said.contains(&words), "the words stand: {said:?}");
    assert!(!said.iter().any(|text| text.contains("pas été pris")), "{said:?}");
}

/// Work by the time spent has no price: the letter asks for a maximum.
#[test]
fn the_letter_of_work_by_the_time_spent_asks_for_a_maximum() {
    let instance = Instance::new(748);
    let quoted_work = "title = \"Déménagement de postes ou de locaux\", terms = \"quoted\"";
    let text = include_str!("../../../contracts/ateliers-garonne.md");
    let by_time = quoted_work.replace("\"quoted\"", "\"at_rate\", profile = \"engineer\"");
    let customer = instance.customer("atelier");
    let text = text.replace(quoted_work, &by_time);
    instance.sign(customer, "contracts/ateliers-garonne.md", &text).unwrap();
    instance.at("2026-06-16T09:00");
    exchange(&instance);
    let number = opened(&instance, customer);
    let letter = quoted(&instance, customer, number, "Deux camions");
    for told in
        ["demande au plus 480,00\u{a0}€ HT, au temps passé", "accepter ce maximum", "J'accepte 480,00"]
    {
        assert!(letter.text.contains(told), "{told}: {}", letter.text);
    }
    let manager = (Role::CustomerManager, customer);
    send(&instance, &answer(&instance, manager, 1, &letter, "J'accepte 380,00 €"));
    let said = last(&instance, customer, number);
    assert!(said.contains("au plus 480,00\u{a0}€, au temps passé"), "{said}");
    send(&instance, &answer(&instance, manager, 2, &letter, "J'accepte 480,00 €"));
    assert_eq!(page(&instance, customer, number).price.value, AGREED);
}

/// What it would offer is refused: the price of the ticket is another's.
#[test]
fn a_letter_that_leaves_after_another_quotation_offers_nothing() {
    let instance = Instance::new(747);
    let customer = signed(&instance, "atelier");
    exchange(&instance);
    instance.someone(Role::CustomerManager, customer);
    let number = opened(&instance, customer);
    for work in ["Deux camions", "Un seul camion"] {
        let quote = StepCommand::Quote { price: PRICE, until: None, body: work.to_owned() };
        step(&instance, Role::ServiceManager, customer, number, &quote);
    }
    instance.app().pump().unwrap();
    let told = letters(&instance);
    let offers =
        |work: &str| told.iter().filter(|l| l.text.contains(work) && l.text.contains("J'accepte")).count();
    assert_eq!((offers("Deux camions"), offers("Un seul camion")), (0, 1));
}

/// Whoever reads a letter without the right to commit the customer is told who answers, and offered nothing.
#[test]
fn the_line_is_offered_to_whoever_may_commit_the_customer_and_in_no_digest() {
    let instance = Instance::new(744);
    let customer = signed(&instance, "atelier");
    exchange(&instance);
    let manager = instance.someone(Role::CustomerManager, customer);
    let number = opened(&instance, customer);
    quoted(&instance, customer, number, "Deux camions");
    let mut daily = instance.app().mail_preferences(&manager).unwrap();
    daily.choices.insert(Notice::Price, How::Daily);
    instance.app().set_mail_preferences(&manager, &daily).unwrap();
    let quote = StepCommand::Quote { price: PRICE, until: None, body: "Trois camions".to_owned() };
    step(&instance, Role::ServiceManager, customer, number, &quote);
    instance.app().pump().unwrap();
    instance.at("2026-06-18T10:00");
    let found = letters(&instance);
    let digest = found.iter().find(|letter| letter.text.contains("Trois camions")).unwrap();
    assert!(digest.subject.contains("résumé"), "{}", digest.subject);
    assert!(!digest.text.contains("J'accepte"), "{}", digest.text);
}

#[test]
fn another_amount_another_person_or_more_words_agree_to_nothing_and_say_so() {
    let instance = Instance::new(742);
    let customer = signed(&instance, "atelier");
    exchange(&instance);
    let number = opened(&instance, customer);
    let letter = quoted(&instance, customer, number, "Deux camions");
    let manager = (Role::CustomerManager, customer);
    let said = || last(&instance, customer, number);
    for (nth, words) in [(1, "J'accepte 380,00 €"), (2, "J'accepte 480,00 $")] {
        send(&instance, &answer(&instance, manager, nth, &letter, words));
        assert!(said().contains("le prix demandé est de 480,00"), "{}", said());
    }
    for (nth, condition) in [(7, "\nsi c'est fait avant vendredi"), (8, "\nMerci\nHors week-end")] {
        let words = format!("J'accepte 480,00 €{condition}");
        send(&instance, &answer(&instance, manager, nth, &letter, &words));
        assert!(said().contains("d'autres mots suivent"), "{}", said());
    }
    send(&instance, &answer(&instance, manager, 3, &letter, "J'accepte 480,00 € si c'est lundi"));
    assert!(!said().contains("pas été pris"), "no answer at all: {}", said());
    send(&instance, &answer(&instance, (Role::CustomerUser, customer), 4, &letter, "J'accepte 480,00 €"));
    assert!(said().contains("peut engager le client"), "{}", said());
    let alone =
        Incoming { references: Vec::new(), ..answer(&instance, manager, 5, &letter, "J'accepte 480 €") };
    send(&instance, &alone);
    assert!(said().contains("ne répond pas à la lettre"), "{}", said());
    assert_eq!(page(&instance, customer, number).price.value, AWAITED);
    send(&instance, &answer(&instance, manager, 6, &letter, "J'accepte 480 €"));
    assert_eq!(page(&instance, customer, number).price.value, AGREED);
}

/// Two quotations at one price are not for the same work.
#[test]
fn an_old_letter_agrees_to_its_own_quotation_and_no_other() {
    let instance = Instance::new(745);
    let customer = signed(&instance, "atelier");
    exchange(&instance);
    let number = opened(&instance, customer);
    let old = quoted(&instance, customer, number, "Deux camions");
    let quotation = page(&instance, customer, number).quotation;
    let declined = StepCommand::DeclinePrice { why: "Trop cher".to_owned(), quotation };
    step(&instance, Role::CustomerManager, customer, number, &declined);
    let new = quoted(&instance, customer, number, "Un seul camion");
    let manager = (Role::CustomerManager, customer);
    send(&instance, &answer(&instance, manager, 1, &old, "J'accepte 480,00 €"));
    assert!(
        last(&instance, customer, number).contains("prix a changé"),
        "{}",
        last(&instance, customer, number)
    );
    assert_eq!(page(&instance, customer, number).price.value, AWAITED);
    send(&instance, &answer(&instance, manager, 2, &new, "J'accepte 480,00 €"));
    assert_eq!(page(&instance, customer, number).price.value, AGREED);
}

/// The agreement was written, and the server stopped before the words were.
#[test]
fn a_mail_brought_again_after_a_cut_is_taken() {
    let instance = Instance::new(746);
    let customer = signed(&instance, "atelier");
    exchange(&instance);
    let number = opened(&instance, customer);
    let letter = quoted(&instance, customer, number, "Deux camions");
    let quotation = page(&instance, customer, number).quotation;
    let agree = StepCommand::AgreePrice { price: PRICE, quotation, reference: None };
    let key = IdempotencyKey::parse(&format!("mail-{}/agree", "01".repeat(32))).unwrap();
    let permit = instance.permit(Role::CustomerManager, Act::AgreePrice, customer);
    instance.app().step_ticket(&permit, &key, number, &agree, None).unwrap();
    send(&instance, &answer(&instance, (Role::CustomerManager, customer), 1, &letter, "J'accepte 480,00 €"));
    assert_eq!(last(&instance, customer, number), "J'accepte 480,00 €");
}

/// Whoever sorts the mail of the provider lets a mail in; they do not commit the customer. Nor does a mail that
/// the relay knows by the machine it came from alone.
#[test]
fn a_mail_that_nothing_signs_agrees_to_nothing_even_once_let_in() {
    let instance = Instance::new(743);
    let customer = signed(&instance, "atelier");
    exchange(&instance);
    let number = opened(&instance, customer);
    let letter = quoted(&instance, customer, number, "Deux camions");
    let of = |nth| answer(&instance, (Role::CustomerManager, customer), nth, &letter, "J'accepte 480,00 €");
    let forged = Incoming { believed: false, signed: false, ..of(1) };
    assert_eq!(instance.app().take_mail(&forged).unwrap().fate, Fate::Quarantined);
    let keeps =
        instance.app().permit_instance(&instance.staff(Role::ProviderAdmin), Act::ManageMail).unwrap();
    let held = instance.app().received(&keeps, Fate::Quarantined, None, 1).unwrap().0[0].id;
    let taken = instance.app().decide_mail(&keeps, held, &Decision::Accept).unwrap();
    assert_eq!(taken.fate, Fate::Replied);
    assert!(last(&instance, customer, number).contains("rien ne prouve"));
    send(&instance, &Incoming { signed: false, ..of(2) });
    assert!(last(&instance, customer, number).contains("rien ne prouve"));
    assert_eq!(page(&instance, customer, number).price.value, AWAITED);
}
