//! Files joined to tickets: seen by those who see the message, kept once, whole or not at all, and
//! checked by the journal.

mod common;

use app::file::{AT_ONCE, FileLine, LARGEST, NewFile, PER_TICKET};
use app::privacy::Forget;
use app::ticket::{OpenTicket, StepCommand};
use app::{Act, AppError, Role};
use base::Lang;
use base::id::{CustomerId, FileId};
use common::signed;
use events::Visibility;
use std::io::Read;
use std::path::PathBuf;
use testkit::Instance;

/// A picture of 4 by 3, as its header says.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x04\0\0\0\x03\x08\x02";

fn ground(seed: u64) -> (Instance, CustomerId, u64) {
    let instance = Instance::new(seed);
    let customer = signed(&instance, "atelier");
    let ask = OpenTicket { title: "Écran bleu".to_owned(), ..OpenTicket::default() };
    let number = instance.open(customer, &ask).unwrap().number;
    (instance, customer, number)
}

fn received(i: &Instance, c: CustomerId, n: u64, name: &str, bytes: &[u8]) -> Result<NewFile, AppError> {
    let permit = i.permit(Role::CustomerUser, Act::Reply, c);
    let mut upload = i.app().begin_upload(&permit, n)?;
    for piece in bytes.chunks(100_000) {
        upload.write(piece)?;
    }
    upload.finish(name)
}

fn files(i: &Instance, role: Role, c: CustomerId, n: u64) -> Vec<FileLine> {
    i.app().ticket(&i.permit(role, Act::SeeTickets, c), n).unwrap().files
}

/// Every file on disk below a vault's `files`.
fn on_disk(i: &Instance, slug: &str) -> Vec<PathBuf> {
    fn below(dir: PathBuf) -> Vec<PathBuf> {
        let Ok(list) = std::fs::read_dir(&dir) else { return Vec::new() };
        let paths = list.map(|e| e.unwrap().path());
        paths.flat_map(|p| if p.is_dir() { below(p) } else { vec![p] }).collect()
    }
    below(i.vault_file(slug).parent().unwrap().join("files"))
}

fn refusal(e: AppError) -> String {
    match e {
        AppError::Refused(refusal) => refusal.code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_message_brings_its_files_and_a_note_keeps_its_own_inside() {
    let (i, c, n) = ground(40);
    let reply = i.permit(Role::CustomerUser, Act::Reply, c);
    let picture = received(&i, c, n, "écran.png", PNG).unwrap();
    let command = StepCommand::Reply { body: "Voici la capture.".to_owned() };
    i.app().step_with_files(&reply, &i.key(), n, &command, None, vec![picture]).unwrap();

    let work = i.permit(Role::Technician, Act::WorkOnTicket, c);
    let dump = received(&i, c, n, "vidage.log", b"secret du prestataire").unwrap();
    let note = StepCommand::Note { body: "Analyse.".to_owned() };
    i.app().step_with_files(&work, &i.key(), n, &note, None, vec![dump]).unwrap();

    let (theirs, ours) = (files(&i, Role::CustomerUser, c, n), files(&i, Role::Technician, c, n));
    assert_eq!((theirs.len(), ours.len()), (1, 2), "the customer sees the one of the message only");
    assert_eq!(theirs[0].name.as_deref(), Some("écran.png"));
    assert_eq!((theirs[0].media.as_str(), theirs[0].size), ("image/png", Some((4, 3))));
    assert!(theirs[0].message.is_some() && !theirs[0].by_provider && ours[1].internal);

    let see = i.permit(Role::CustomerUser, Act::SeeTickets, c);
    let mut sent = i.app().file(&see, n, theirs[0].file, true).unwrap();
    let mut bytes = Vec::new();
    sent.file.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, PNG, "looking at the head leaves the file at its beginning");
    let hidden = i.app().file(&see, n, ours[1].file, false);
    assert!(matches!(hidden, Err(AppError::NotFound)), "an internal file is not there for the customer");
    let staff = i.permit(Role::Technician, Act::SeeTickets, c);
    assert_eq!(i.app().file(&staff, n, ours[1].file, false).unwrap().media, "text/plain; charset=utf-8");
    assert!(
        matches!(i.app().file(&staff, n, ours[1].file, true), Err(AppError::NotFound)),
        "text is not drawn"
    );
}

#[test]
fn another_customers_file_is_as_one_that_never_was() {
    let (i, c, n) = ground(41);
    let reply = i.permit(Role::CustomerUser, Act::Reply, c);
    let file = received(&i, c, n, "a.txt", b"a").unwrap();
    let own = i.app().attach_files(&reply, &i.key(), n, Visibility::Public, vec![file]).unwrap();
    let other = i.customer("voisin");
    i.sign(other, "contracts/ateliers-garonne.md", &common::contract_a()).unwrap();
    let ask = OpenTicket { title: "Autre".to_owned(), ..OpenTicket::default() };
    let there = i.open(other, &ask).unwrap().number;
    let see = i.permit(Role::CustomerUser, Act::SeeTickets, other);
    for id in [own[0].file, FileId::new(1, &[9; 10])] {
        assert!(matches!(i.app().file(&see, there, id, false), Err(AppError::NotFound)));
    }
    // Nor through another ticket of the same customer.
    let second = i.open(c, &ask).unwrap().number;
    let see = i.permit(Role::CustomerUser, Act::SeeTickets, c);
    assert!(matches!(i.app().file(&see, second, own[0].file, false), Err(AppError::NotFound)));
    // And a message cannot be asked to hide its file from one's own side.
    let file = received(&i, c, n, "b.txt", b"b").unwrap();
    let inside = i.app().attach_files(&reply, &i.key(), n, Visibility::Internal, vec![file]);
    assert!(matches!(inside, Err(AppError::NotFound)));
}

#[test]
fn equal_files_are_kept_once_and_a_retry_attaches_once() {
    let (i, c, n) = ground(42);
    let reply = i.permit(Role::CustomerUser, Act::Reply, c);
    let key = i.key();
    let send = |name: &str, key| {
        let file = received(&i, c, n, name, b"les memes octets").unwrap();
        i.app().attach_files(&reply, key, n, Visibility::Public, vec![file])
    };
    let first = send("un.txt", &key).unwrap();
    assert_eq!(send("un.txt", &key).unwrap(), first, "the retry gets the first answer");
    assert!(matches!(send("deux.txt", &key), Err(AppError::IdempotencyConflict)));
    send("deux.txt", &i.key()).unwrap();
    let names: Vec<_> = files(&i, Role::CustomerUser, c, n).into_iter().filter_map(|f| f.name).collect();
    assert_eq!(names, ["un.txt", "deux.txt"]);
    assert_eq!(on_disk(&i, "atelier").len(), 1);
}

#[test]
fn what_is_too_large_too_many_or_a_program_leaves_nothing() {
    let (i, c, n) = ground(43);
    let big = vec![b'x'; usize::try_from(LARGEST).unwrap() + 1];
    assert_eq!(refusal(received(&i, c, n, "gros.log", &big).unwrap_err()), "file.too_large");
    received(&i, c, n, "juste.log", &big[1..]).unwrap();
    assert_eq!(refusal(received(&i, c, n, "photo.png", b"MZ\x90\0").unwrap_err()), "file.program");
    assert!(matches!(received(&i, c, 99, "a.txt", b"a"), Err(AppError::NotFound)), "no such ticket");
    assert!(on_disk(&i, "atelier").is_empty(), "half uploads, refused and dropped ones: nothing stays");

    let reply = i.permit(Role::CustomerUser, Act::Reply, c);
    let attach = |count: usize| {
        let all = (0..count).map(|k| received(&i, c, n, &format!("{k}.txt"), b"t").unwrap()).collect();
        i.app().attach_files(&reply, &i.key(), n, Visibility::Public, all)
    };
    for _ in 0..PER_TICKET / AT_ONCE as u64 - 1 {
        attach(AT_ONCE).unwrap();
    }
    assert_eq!(refusal(attach(AT_ONCE + 1).unwrap_err()), "file.too_many");
    attach(AT_ONCE).unwrap();
    assert_eq!(refusal(received(&i, c, n, "z.txt", b"z").unwrap_err()), "file.too_many");
    let step = StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: Some("Vu".to_owned()) };
    let work = i.permit(Role::Technician, Act::WorkOnTicket, c);
    let second = i.open(c, &OpenTicket { title: "B".to_owned(), ..OpenTicket::default() }).unwrap().number;
    let file = received(&i, c, second, "z.txt", b"z").unwrap();
    let done = i.app().step_with_files(&work, &i.key(), second, &step, None, vec![file]);
    assert!(matches!(done, Err(AppError::Invalid(_))), "a resolution holds no file");
}

#[test]
fn a_file_changed_or_lost_on_disk_is_named_by_its_entry() {
    let (i, c, n) = ground(44);
    let reply = i.permit(Role::CustomerUser, Act::Reply, c);
    let file = received(&i, c, n, "preuve.txt", b"dix heures").unwrap();
    let entry = i.app().attach_files(&reply, &i.key(), n, Visibility::Public, vec![file]).unwrap()[0].entry;
    let path = on_disk(&i, "atelier").remove(0);
    let verdict = || i.app().verify_journals(Some("atelier")).unwrap().remove(0);
    assert!(verdict().sound);
    std::fs::write(&path, b"onze heures").unwrap();
    let altered = verdict();
    assert_eq!((altered.sound, altered.first_wrong_entry), (false, Some(entry)));
    assert!(
        altered.findings[0].get(Lang::Fr).contains("n’est plus")
            || altered.findings[0].get(Lang::Fr).contains("n'est plus")
    );
    std::fs::remove_file(&path).unwrap();
    let missing = verdict();
    assert_eq!((missing.sound, missing.first_wrong_entry), (false, Some(entry)));
    assert!(missing.findings[0].get(Lang::En).contains("missing"));
    std::fs::write(&path, b"dix heures").unwrap();
    assert!(verdict().sound);
}

#[test]
fn the_sweep_takes_orphans_and_what_was_erased_and_nothing_else() {
    let (i, c, n) = ground(45);
    let reply = i.permit(Role::CustomerUser, Act::Reply, c);
    let mut sent = Vec::new();
    for (name, bytes) in [("garde.txt", "garde"), ("efface.txt", "efface")] {
        let file = received(&i, c, n, name, bytes.as_bytes()).unwrap();
        sent.extend(i.app().attach_files(&reply, &i.key(), n, Visibility::Public, vec![file]).unwrap());
    }
    // As a crash between the file and its entry would leave it.
    let orphan = on_disk(&i, "atelier")[0].parent().unwrap().parent().unwrap().join("ab");
    std::fs::create_dir_all(&orphan).unwrap();
    std::fs::write(orphan.join(format!("ab{}", "0".repeat(62))), b"orphan").unwrap();
    assert_eq!(i.app().sweep_files().unwrap(), 1);
    assert_eq!(on_disk(&i, "atelier").len(), 2);
    assert!(i.app().verify_journals(Some("atelier")).unwrap()[0].sound);

    let erase = i.permit(Role::ProviderAdmin, Act::Erase, c);
    let (gone, what) = (sent[1].file, Forget::Entries([sent[1].entry].into()));
    i.app().erase(&erase, &i.key(), &what, events::Ground::Mistake).unwrap();
    assert_eq!(on_disk(&i, "atelier").len(), 1, "its name is gone, so are its bytes");
    let left = files(&i, Role::CustomerUser, c, n);
    assert_eq!(left.iter().map(|f| f.name.as_deref()).collect::<Vec<_>>(), [Some("garde.txt"), None]);
    let see = i.permit(Role::CustomerUser, Act::SeeTickets, c);
    assert!(matches!(i.app().file(&see, n, gone, false), Err(AppError::NotFound)));
    i.app().file(&see, n, sent[0].file, false).unwrap();
    i.finish();
}
