//! Erasing personal content: gone from the pages, the search and the disk, and the journal still sound.

mod common;

use app::privacy::Forget;
use app::ticket::{Filter, OpenTicket, StepCommand};
use app::{Act, AppError, Role};
use base::Lang;
use base::id::CustomerId;
use common::signed;
use events::{Ground, Visibility};
use std::collections::BTreeSet;
use std::path::Path;
use testkit::Instance;

const SECRET: &str = "Guadalupe-Zxqw";

fn ground(seed: u64) -> (Instance, CustomerId) {
    let instance = Instance::new(seed);
    let customer = signed(&instance, "atelier");
    for title in [format!("Badge de {SECRET} perdu"), "Écran bleu".to_owned()] {
        let ask = OpenTicket { title, description: format!("Vu par {SECRET}"), ..OpenTicket::default() };
        instance.open(customer, &ask).unwrap();
    }
    (instance, customer)
}

/// Whether some file of a vault holds these bytes.
fn anywhere(dir: &Path, wanted: &[u8]) -> bool {
    std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).any(|path| {
        if path.is_dir() {
            return anywhere(&path, wanted);
        }
        std::fs::read(&path).unwrap().windows(wanted.len()).any(|bytes| bytes == wanted)
    })
}

#[test]
fn a_ticket_is_forgotten_everywhere_and_the_journal_stays_sound() {
    let (mut i, c) = ground(70);
    let reply = i.permit(Role::CustomerUser, Act::Reply, c);
    let mut upload = i.app().begin_upload(&reply, 1).unwrap();
    upload.write(format!("photo de {SECRET}").as_bytes()).unwrap();
    let file = upload.finish("badge.txt").unwrap();
    i.app().attach_files(&reply, &i.key(), 1, Visibility::Public, vec![file]).unwrap();
    i.step(c, 1, &StepCommand::Note { body: format!("{SECRET} a déjà perdu le sien") }).unwrap();

    let erase = i.permit(Role::ProviderAdmin, Act::Erase, c);
    let key = i.key();
    let done = i.app().erase(&erase, &key, &Forget::Ticket(1), Ground::Request).unwrap();
    assert_eq!((done.contents, done.entries.len()), (4, 3), "title, description, name of the file, note");
    assert_eq!(i.app().erase(&erase, &key, &Forget::Ticket(1), Ground::Request).unwrap(), done, "a retry");
    let Err(AppError::Refused(again)) = i.app().erase(&erase, &i.key(), &Forget::Ticket(1), Ground::Request)
    else {
        panic!("nothing is left to erase");
    };
    assert_eq!(again.code, "privacy.nothing");

    let see = i.permit(Role::Technician, Act::SeeTickets, c);
    let find = |words: &str| i.app().find_tickets(&see, words, &Filter::default(), None, 10).unwrap().0;
    assert!(find("badge").is_empty() && find("perdu").is_empty());
    assert_eq!(find("ecran").len(), 1, "the others are still found");
    let page = i.app().ticket(&see, 1).unwrap();
    assert!(!page.title.contains("Badge") && page.files[0].name.is_none());

    let verdict = i.app().verify_journals(Some("atelier")).unwrap().remove(0);
    assert!(verdict.sound, "{}", verdict.line(Lang::En));
    assert_eq!((verdict.erasures.len(), verdict.erasures[0].seq), (1, done.entry));
    let line = verdict.line(Lang::Fr);
    assert!(line.contains(&format!("4 contenus effacés sous l'entrée {}, le ", done.entry)), "{line}");

    let kept = i.app().erase(&erase, &i.key(), &Forget::Ticket(2), Ground::Mistake).unwrap();
    assert_eq!(kept.contents, 2);
    let folder = i.vault_file("atelier").parent().unwrap().to_owned();
    i.close();
    assert!(!anywhere(&folder, SECRET.as_bytes()), "no byte of it is left in the vault's folder");
    i.finish();
}

#[test]
fn an_entry_or_a_name_goes_and_nothing_beside_it() {
    let (i, c) = ground(71);
    let erase = i.permit(Role::ProviderAdmin, Act::Erase, c);
    let opener = i.someone(Role::CustomerUser, c);
    let see = i.permit(Role::Technician, Act::SeeTickets, c);
    let by = |n| i.app().ticket(&see, n).unwrap().opened_by;
    assert_eq!(by(1), opener.name);
    i.app().erase(&erase, &i.key(), &Forget::Person(opener.account), Ground::Retention).unwrap();
    assert_ne!(by(1), opener.name);
    assert!(i.app().ticket(&see, 1).unwrap().title.contains(SECRET), "what they wrote is another matter");

    let journal = i.permit(Role::ProviderAdmin, Act::SeeJournal, c);
    let entries = i.app().journal(&journal, None, 50).unwrap().entries;
    let opened = entries.iter().find(|e| e.kind == "ticket.opened").unwrap().seq;
    let one = Forget::Entries(BTreeSet::from([opened]));
    assert_eq!(i.app().erase(&erase, &i.key(), &one, Ground::Mistake).unwrap().entries, [opened]);
    assert!(i.app().ticket(&see, 1).unwrap().title.contains(SECRET), "the second ticket's entry, not this");
    assert!(i.app().verify_journals(Some("atelier")).unwrap()[0].sound);
    let missing = Forget::Ticket(9);
    assert!(matches!(i.app().erase(&erase, &i.key(), &missing, Ground::Request), Err(AppError::NotFound)));
}
