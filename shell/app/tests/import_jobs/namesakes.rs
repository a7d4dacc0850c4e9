//! Forgetting somebody whom another tool knew by their name alone, when others bear it.

use app::accounts::NewAccount;
use app::import::Source;
use app::import::job::Subject;
use app::privacy::Forget;
use app::ticket::OpenTicket;
use app::{Act, AppError, Principal, Role};
use base::id::CustomerId;
use events::Ground;
use testkit::Instance;

use super::common::signed;
use super::{manager, run, stage};

fn paul(instance: &Instance, email: &str, name: &str, customer: CustomerId) -> Principal {
    let (password, role) = ("une phrase assez longue", Role::CustomerUser);
    let new = NewAccount { email, name, password, role, customer: Some(customer), totp_secret: None };
    instance.app().principal(instance.app().add_account(&new).unwrap()).unwrap()
}

#[test]
fn what_may_be_a_namesake_s_is_left_to_be_read() {
    let instance = Instance::new(431);
    let customer = signed(&instance, "garonne");
    let (app, permit) = (instance.app(), manager(&instance, customer));
    let one = paul(&instance, "paul@garonne.example", "Paul Nadaud", customer);
    let other = paul(&instance, "p.nadaud@garonne.example", "NADAUD Paul", customer);
    // A customer's people are known to it alone.
    let alone = paul(&instance, "ines@garonne.example", "Inès Roussel", customer);
    paul(&instance, "ines@voisin.example", "Inès Roussel", instance.customer("voisin"));
    let export = "numero;titre;etat;ouvert;demandeur;solution\n\
        1;Clavier;clos;2025-01-06 09:00;Nadaud Paul;Change\n\
        2;Souris;clos;2025-01-06 09:00;Roussel Inès;Change\n";
    let id = stage(&instance, &permit, (Subject::Tickets, Source::Csv), export.as_bytes()).unwrap();
    run(&instance, &permit, id);
    let see = instance.permit(Role::CustomerManager, Act::SeeTickets, customer);
    let words = || -> Vec<bool> {
        let mut lines = app.history(&see, None, 10).unwrap().0;
        lines.sort_by(|a, b| a.number.cmp(&b.number));
        lines.iter().map(|line| line.words.is_some()).collect()
    };
    let erase = instance.permit(Role::ProviderAdmin, Act::Erase, customer);
    let forget = |what: &Forget| app.erase(&erase, &instance.key(), what, Ground::Request);
    let keyboard = app.history(&see, None, 10).unwrap().0;
    let keyboard = keyboard.iter().find(|line| line.number == "1").unwrap().entry;

    let Err(AppError::Refused(refused)) = forget(&Forget::Person(other.account)) else {
        panic!("nothing here is surely theirs")
    };
    assert_eq!(refused.code, "privacy.namesakes");
    assert!(refused.text.en.contains(&format!("({keyboard})")), "{}", refused.text.en);

    // Who did something here is introduced by name in the journal: that much is surely theirs.
    let opens = one.permit(Act::OpenTicket, customer).unwrap();
    let ask = OpenTicket { title: "Lent".to_owned(), ..OpenTicket::default() };
    app.open_ticket(&opens, &instance.key(), &ask).unwrap();
    let done = forget(&Forget::Person(one.account)).unwrap();
    assert_eq!((done.contents, done.left), (1, vec![keyboard]));
    assert_eq!(words(), [true, true], "nothing of the other tool went");
    assert_eq!(forget(&Forget::Entries([keyboard].into())).unwrap().entries, [keyboard]);
    assert_eq!(words(), [false, true]);

    let done = forget(&Forget::Person(alone.account)).unwrap();
    assert_eq!((done.entries.len(), done.left.len()), (1, 0), "the neighbour's namesake is nobody here");
    assert_eq!(words(), [false, false]);
    instance.finish();
}
