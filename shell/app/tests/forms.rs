//! The forms that a contract writes: answered as a request is made, kept with its words, erased with them.

use std::collections::BTreeMap;

use app::access::Items;
use app::accounts::NewAccount;
use app::accounts::roles::NewRole;
use app::mail::{Address, MailSettings};
use app::privacy::Forget;
use app::ticket::{Filter, NewTie, OpenTicket, TicketPage, Tie};
use app::{Act, AppError, Role};
use base::id::CustomerId;
use events::Ground;
use testkit::Instance;

const CONTRACT_A: &str = include_str!("../../../contracts/ateliers-garonne.md");
const WHO: &str = "Guadalupe-Zxqw";

/// The form of an arrival, for contract A; `equipment` are the answers to one of its questions.
fn form(equipment: &str) -> String {
    format!(
        r#"
```toml clause
kind = "operations"
label = "arrivees"
then.operation = "arrival"
then.title = "Arrivée d'un salarié"
then.terms = "included"
then.ask = [
  {{ name = "who", fr = "Nom de la personne", en = "Name of the person", type = "text", required = true }},
  {{ name = "date", fr = "Date d'arrivée", en = "Arrival date", type = "date", required = true }},
  {{ name = "equipment", fr = "Matériel", en = "Equipment", {equipment} }},
  {{ name = "access", fr = "Serveur à ouvrir", type = "item" }},
]
```
"#
    )
}

const EQUIPMENT: &str = r#"type = "choice", of = ["Portable", "Fixe"], of_en = ["Laptop", "Desktop"]"#;

fn ground(seed: u64) -> (Instance, CustomerId) {
    let instance = Instance::new(seed);
    let customer = instance.customer("atelier");
    let text = CONTRACT_A.to_owned() + &form(EQUIPMENT);
    instance.sign(customer, "contracts/ateliers-garonne.md", &text).unwrap();
    instance.at("2026-06-16T09:00");
    (instance, customer)
}

fn arrival(answers: &[(&str, &str)]) -> OpenTicket {
    let answers = answers.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    OpenTicket {
        title: "Arrivée".to_owned(),
        kind: Some("service_request".to_owned()),
        operation: Some("arrival".to_owned()),
        item: Some("srv-erp".to_owned()),
        answers: answers.collect::<BTreeMap<_, _>>(),
        ..OpenTicket::default()
    }
}

fn whole() -> OpenTicket {
    arrival(&[("who", WHO), ("date", "2026-07-01"), ("equipment", "Fixe"), ("access", "srv-erp")])
}

fn page(instance: &Instance, customer: CustomerId, role: Role) -> TicketPage {
    let see = instance.permit(role, Act::SeeTickets, customer);
    instance.app().ticket(&see, 1).unwrap()
}

fn told(page: &TicketPage) -> Vec<(&str, &str, &str)> {
    page.answers.iter().map(|a| (a.question.fr.as_str(), a.says.fr.as_str(), a.says.en.as_str())).collect()
}

/// The field that is wrong.
fn wrong(instance: &Instance, customer: CustomerId, ask: &OpenTicket) -> String {
    match instance.open(customer, ask) {
        Err(AppError::Invalid(invalid)) => {
            assert!(!invalid.text.fr.is_empty() && invalid.text.fr != invalid.text.en, "{invalid:?}");
            invalid.field
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_keeps_its_answers_in_both_languages_and_in_the_order_asked() {
    let (i, c) = ground(401);
    i.open(c, &whole()).unwrap();
    let expected = [
        ("Nom de la personne", WHO, WHO),
        ("Date d'arrivée", "1er juillet 2026", "1 July 2026"),
        ("Matériel", "Fixe", "Desktop"),
    ];
    let page = page(&i, c, Role::Technician);
    assert_eq!(told(&page)[..3], expected);
    // The words of a question that has none in English are those of the contract.
    let last = &page.answers[3];
    assert_eq!((last.question.en.as_str(), last.value.as_str()), ("Serveur à ouvrir", "srv-erp"));
    i.finish();
}

#[test]
fn what_is_missing_wrong_or_not_asked_is_named() {
    let (i, c) = ground(402);
    assert_eq!(wrong(&i, c, &arrival(&[("who", WHO)])), "answers.date");
    assert_eq!(wrong(&i, c, &arrival(&[("who", " "), ("date", "2026-07-01")])), "answers.who");
    for (name, text) in
        [("date", "demain"), ("equipment", "Laptop"), ("access", "srv-nowhere"), ("size", "L")]
    {
        let mut ask = whole();
        ask.answers.insert(name.to_owned(), text.to_owned());
        assert_eq!(wrong(&i, c, &ask), format!("answers.{name}"));
    }
    // Nothing of a ticket that was not opened.
    let see = i.permit(Role::Technician, Act::SeeTickets, c);
    assert!(i.app().tickets(&see, &Filter::default(), None, 10).unwrap().0.is_empty());
    // An incident is asked nothing, whatever it names; nor is another operation.
    let incident = OpenTicket { kind: None, ..arrival(&[]) };
    let number = i.open(c, &incident).unwrap().number;
    assert_eq!(number, 1);
    assert!(page(&i, c, Role::Technician).answers.is_empty());
    assert_eq!(wrong(&i, c, &OpenTicket { kind: None, ..whole() }), "answers.access");
    i.finish();
}

#[test]
fn the_catalogue_and_the_form_say_what_is_asked_before_anything_is_sent() {
    let (i, c) = ground(403);
    let may = i.permit(Role::CustomerUser, Act::OpenTicket, c);
    let catalogue = i.app().request_catalogue(&may, None).unwrap();
    let asked = |operation: &str| {
        let offer = catalogue.offers.iter().find(|o| o.operation == operation).unwrap();
        offer.ask.iter().map(|q| q.name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(asked("arrival"), ["who", "date", "equipment", "access"]);
    assert!(asked("move").is_empty());
    let form = i.app().request_form(&may, &arrival(&[("date", "demain")])).unwrap();
    assert_eq!(form.questions.len(), 4);
    assert_eq!(form.questions[2].choices[1].1.en, "Desktop");
    let unfit: Vec<&str> = form.unfit.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(unfit, ["answers.who", "answers.date"]);
    // Another field that is wrong takes no question away.
    let odd = OpenTicket { impact: Some("none".into()), urgency: Some("none".into()), ..whole() };
    let form = i.app().request_form(&may, &odd).unwrap();
    assert_eq!((form.questions.len(), form.unfit.len()), (4, 0));
    i.finish();
}

#[test]
fn a_later_version_changes_nothing_of_what_was_answered() {
    let (i, c) = ground(404);
    i.open(c, &whole()).unwrap();
    let before = page(&i, c, Role::Technician).answers;
    // The next text asks for a number, and in other words.
    let head = "+++\namends = \"CTR-2026-001\"\neffective = 2026-07-01\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# Avenant n° 1\n\n## Article 1 de l'avenant n° 1\n";
    let next = form(r#"type = "number", max = 3"#)
        .replace("Date d'arrivée", "Jour d'entrée")
        .replace("label =", "replace =");
    i.sign(c, "avenant.md", &format!("{head}{next}")).unwrap();
    i.at("2026-07-06T09:00");
    assert_eq!(wrong(&i, c, &whole()), "answers.equipment", "asked under the version in force");
    assert_eq!(page(&i, c, Role::Technician).answers, before);
    i.finish();
}

#[test]
fn answers_are_found_by_their_words_and_erased_with_the_ticket() {
    let (mut i, c) = ground(405);
    i.open(c, &whole()).unwrap();
    let see = i.permit(Role::Technician, Act::SeeTickets, c);
    let find = |i: &Instance, words: &str| {
        let see = i.permit(Role::Technician, Act::SeeTickets, c);
        i.app().find_tickets(&see, words, &Filter::default(), None, 10).unwrap().0.len()
    };
    for words in ["zxqw", "materiel", "fixe", "desktop"] {
        assert_eq!(find(&i, words), 1, "{words}");
    }
    let hit = i.app().search(&see, WHO, None, 10).unwrap().tickets.remove(0);
    assert_eq!(hit.of, app::search::Of::Answers);
    assert!(
        hit.extract.text().contains(&format!("Nom de la personne\u{a0}: {WHO}")),
        "{}",
        hit.extract.text()
    );

    let erase = i.permit(Role::ProviderAdmin, Act::Erase, c);
    let done = i.app().erase(&erase, &i.key(), &Forget::Ticket(1), Ground::Request).unwrap();
    assert_eq!(done.contents, 3, "title, description and answers");
    assert!(page(&i, c, Role::Technician).answers.is_empty());
    for words in ["zxqw", "materiel", "fixe", "desktop"] {
        assert_eq!(find(&i, words), 0, "{words}");
    }
    let verdict = i.app().verify_journals(Some("atelier")).unwrap().remove(0);
    assert!(verdict.sound, "{}", verdict.line(base::Lang::En));
    let folder = i.vault_file("atelier").parent().unwrap().to_owned();
    i.close();
    let all: Vec<Vec<u8>> = walk(&folder);
    assert!(!all.iter().any(|bytes| bytes.windows(WHO.len()).any(|w| w == WHO.as_bytes())));
    i.finish();
}

/// A long answer hides none of its words, nor those of the answers after it.
#[test]
fn every_word_of_a_long_answer_is_found() {
    let instance = Instance::new(409);
    let customer = instance.customer("atelier");
    let text = CONTRACT_A.to_owned() + &form("type = \"long_text\"");
    instance.sign(customer, "contracts/ateliers-garonne.md", &text).unwrap();
    instance.at("2026-06-16T09:00");
    let long: String = (0..600).map(|n| format!("mot{n:04} ")).collect();
    let answers = [("who", WHO), ("date", "2026-07-01"), ("equipment", long.trim()), ("access", "srv-erp")];
    instance.open(customer, &arrival(&answers)).unwrap();
    let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
    for words in ["mot0000", "mot0599", "ouvrir"] {
        let found = instance.app().find_tickets(&see, words, &Filter::default(), None, 10).unwrap().0;
        assert_eq!(found.len(), 1, "{words}");
    }
    instance.finish();
}

/// What is split from a ticket was declared with it: its form is that of the version in force then.
#[test]
fn what_is_split_is_asked_what_was_asked_when_it_was_declared() {
    let (i, c) = ground(410);
    let number = i.open(c, &whole()).unwrap().number;
    let head = "+++\namends = \"CTR-2026-001\"\neffective = 2026-07-01\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# Avenant n° 1\n\n## Article 1 de l'avenant n° 1\n";
    let next = form(EQUIPMENT).replace("\"who\"", "\"person\"").replace("label =", "replace =");
    i.sign(c, "avenant.md", &format!("{head}{next}")).unwrap();
    i.at("2026-07-06T09:00");
    let may = i.permit(Role::Technician, Act::OpenTicket, c);
    let first =
        |ask: &OpenTicket| i.app().request_form(&may, ask).unwrap().questions[0].question.name.clone();
    assert_eq!(first(&whole()), "person");
    let tie = Some(NewTie { tie: Tie::SplitFrom, ticket: number });
    let split = OpenTicket { tie, ..whole() };
    assert_eq!(first(&split), "who");
    i.app().open_ticket(&may, &i.key(), &split).unwrap();
    i.finish();
}

/// The bytes of every file under a folder.
fn walk(folder: &std::path::Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { walk(&path) } else { vec![std::fs::read(&path).unwrap()] })
        .collect()
}

#[test]
fn the_journal_says_that_there_were_answers_and_not_what_they_are() {
    let (i, c) = ground(406);
    i.open(c, &whole()).unwrap();
    let see = i.permit(Role::CustomerManager, Act::SeeJournal, c);
    let entries = i.app().journal(&see, None, 1_000).unwrap().entries;
    let data = |e: app::proof::EntryLine| e.event.map(|event| event.data().to_string()).unwrap_or_default();
    let text: String = entries.into_iter().filter(|e| e.kind == "ticket.opened").map(data).collect();
    assert!(text.contains("\"answers\":"));
    for words in [WHO, "Matériel", "Desktop", "2026-07-01"] {
        assert!(!text.contains(words), "{words}");
    }
    i.finish();
}

#[test]
fn a_third_party_reads_the_answers_of_the_tickets_about_its_items_and_of_no_other() {
    let (i, c) = ground(407);
    let mine = i.open(c, &whole()).unwrap().number;
    let other = i.open(c, &OpenTicket { item: None, ..whole() }).unwrap().number;
    let new = NewAccount {
        email: "marc@editeur.example",
        name: "Marc Éditeur",
        password: "une phrase assez longue",
        role: Role::ThirdPartyTechnician,
        customer: None,
        totp_secret: None,
    };
    let account = i.app().add_account(&new).unwrap();
    let about = Items { items: ["srv-erp".to_owned()].into(), ..Items::default() };
    let role = Role::ThirdPartyTechnician;
    i.app().assign(&NewRole { account, role, customer: Some(c), contract: None, about }).unwrap();
    let who = i.app().principal(account).unwrap();
    i.undertake(&who, c);
    let see = who.permit(Act::SeeTickets, c).unwrap();
    assert_eq!(told(&i.app().ticket(&see, mine).unwrap())[0].1, WHO);
    assert!(matches!(i.app().ticket(&see, other), Err(AppError::NotFound)));
    let found = i.app().search(&see, WHO, None, 10).unwrap();
    let numbers: Vec<u64> = found.tickets.iter().map(|hit| hit.shown.ticket.number).collect();
    assert_eq!((numbers, found.next.is_none()), (vec![mine], true));
    i.finish();
}

#[test]
fn the_letter_that_tells_of_a_request_quotes_its_answers() {
    let (i, c) = ground(408);
    i.app().exchange_mail(MailSettings {
        from: Address { email: "support@prestataire.example".to_owned(), name: "Prestataire".to_owned() },
        answers: "support@prestataire.example".to_owned(),
        host: "prestataire.example".to_owned(),
        site: "https://prestataire.example".to_owned(),
        zone: "Europe/Paris".to_owned(),
    });
    i.permit(Role::ServiceManager, Act::SeeTickets, c);
    i.open(c, &whole()).unwrap();
    i.app().pump().unwrap();
    let letters = i.app().letters_to_send(50).unwrap();
    let quoting: Vec<&str> = letters.iter().map(|l| l.text.as_str()).filter(|t| t.contains(WHO)).collect();
    assert!(!quoting.is_empty(), "{letters:?}");
    for text in quoting {
        assert!(text.contains(&format!("Nom de la personne\u{a0}: {WHO}")), "{text}");
        assert!(text.contains("Matériel\u{a0}: Fixe"), "{text}");
    }
    i.finish();
}
