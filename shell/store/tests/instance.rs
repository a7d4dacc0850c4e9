//! The instance database: people, sessions, tokens, the desk, and the vaults' checkpoints.

mod common;

use base::id::ContractId;
use common::{NOW, on_each};
use journal::{Checkpoint, Envelope};
use store::instance::accounts::{self, Account};
use store::instance::assignments::{self, Assignment};
use store::instance::desk::{self, Line, Reach, Which};
use store::instance::mail_in::{self, Claim, Mail, Says};
use store::instance::notifications::{self, Notification};
use store::instance::recovery;
use store::instance::sessions::{self, Session};
use store::instance::tokens::{self, Token};
use store::instance::vaults::{self, Vault};
use store::instance::{SCHEMA, note_checkpoint};
use store::schema::Schema;
use store::ticket::{About, Strand};
use store::{Database, StoreError, Tx, WriteTx, log};
use uuid::Uuid;

fn write<T: Send + 'static>(
    db: &Database,
    mut f: impl FnMut(&mut WriteTx<'_>) -> Result<T, StoreError> + Send + 'static,
) -> T {
    db.write(move |tx| f(tx)).unwrap()
}

fn read<T: Send>(db: &Database, f: impl FnOnce(&mut dyn Tx) -> Result<T, StoreError> + Send) -> T {
    db.read(f).unwrap()
}

fn id(n: u8) -> Uuid {
    Uuid::from_bytes([n; 16])
}

fn vault(n: u8, slug: &str) -> Vault {
    Vault { id: id(n), slug: slug.into(), name: format!("Client {n}"), created: NOW }
}

fn account(n: u8, email: &str) -> Account {
    Account {
        id: id(n),
        email: email.into(),
        display_name: "Zoé".into(),
        password_hash: "$argon2id$".into(),
        totp_sealed: Some(vec![1, 2]),
        role: "technician".into(),
        customer: None,
        disabled: false,
        created: NOW,
    }
}

#[test]
fn a_vault_is_found_by_slug_or_id_and_a_slug_is_taken_once() {
    on_each(|ground| {
        let db = ground.open(&SCHEMA);
        write(&db, |tx| vaults::add(tx, &vault(1, "ateliers-garonne")));
        for name in ["ateliers-garonne".to_string(), id(1).to_string()] {
            assert_eq!(read(&db, |tx| vaults::find(tx, &name)), Some(vault(1, "ateliers-garonne")));
        }
        assert_eq!(read(&db, |tx| vaults::find(tx, "other")), None);
        let twice = db.write(|tx| vaults::add(tx, &vault(2, "ateliers-garonne")));
        assert!(twice.is_err_and(|e: StoreError| e.is_constraint()));
        let unsafe_name = db.write(|tx| vaults::add(tx, &vault(2, "../garonne")));
        assert!(matches!(unsafe_name, Err(StoreError::BadName(_))));
    });
}

#[test]
fn accounts_sessions_and_tokens_come_back_whole_and_end() {
    on_each(|ground| {
        let db = ground.open(&SCHEMA);
        write(&db, |tx| accounts::add(tx, &account(3, "Zoe@Example.FR")));
        let found = read(&db, |tx| accounts::by_email(tx, "ZOE@example.fr")).unwrap();
        assert_eq!(found, account(3, "zoe@example.fr"));
        assert!(
            db.write(|tx| accounts::add(tx, &account(4, "zoe@example.fr")))
                .is_err_and(|e: StoreError| e.is_constraint())
        );

        let steps = [100, 100, 99, 101].map(|step| write(&db, move |tx| accounts::use_totp(tx, id(3), step)));
        assert_eq!(steps, [true, false, false, true], "a code serves once");

        let session = |n: u8, expires| Session {
            token_hash: [n; 32],
            account: id(3),
            csrf: vec![9; 32],
            created: NOW,
            last_seen: NOW,
            expires,
            device: "Firefox, Linux".into(),
            strong: false,
            proved: NOW,
        };
        write(&db, move |tx| sessions::open(tx, &session(1, NOW + 10)));
        write(&db, move |tx| sessions::open(tx, &session(2, NOW + 20)));
        let live = |n: u8, now| read(&db, move |tx| sessions::live(tx, &[n; 32], now));
        assert_eq!(live(1, NOW + 9), Some(session(1, NOW + 10)));
        assert_eq!((live(1, NOW + 10), live(3, NOW)), (None, None));
        write(&db, |tx| sessions::prove(tx, &[2; 32], NOW + 5, true));
        let proved = live(2, NOW).unwrap();
        assert_eq!((proved.strong, proved.proved), (true, NOW + 5));
        let listed = |now| read(&db, move |tx| sessions::of_account(tx, id(3), now, 10)).len();
        assert_eq!((listed(NOW), listed(NOW + 10)), (2, 1));
        assert_eq!(write(&db, |tx| sessions::close_expired(tx, NOW + 10)), 1);
        assert_eq!(write(&db, |tx| sessions::close_account(tx, id(3))), 1);
        assert_eq!(live(2, NOW), None);

        let token = Token {
            token_hash: [5; 32],
            id: id(5),
            label: "supervision".into(),
            role: "provider_api".into(),
            customer: None,
            account: Some(id(3)),
            created: NOW,
            expires: Some(NOW + 10),
            last_used: None,
        };
        let kept = token.clone();
        write(&db, move |tx| tokens::add(tx, &kept));
        assert_eq!(read(&db, |tx| tokens::by_hash(tx, &[5; 32])), Some(token));
        assert!(!write(&db, |tx| tokens::revoke_own(tx, id(5), id(4))), "somebody else's token");
        assert_eq!([(); 2].map(|()| write(&db, |tx| tokens::revoke(tx, id(5)))), [true, false]);

        write(&db, |tx| recovery::replace(tx, id(3), &[[1; 32], [2; 32]]));
        assert_eq!([(); 2].map(|()| write(&db, |tx| recovery::spend(tx, id(3), &[1; 32]))), [true, false]);
        assert_eq!(read(&db, |tx| recovery::left(tx, id(3))), 1);
        write(&db, |tx| recovery::replace(tx, id(3), &[]));
        assert_eq!(read(&db, |tx| recovery::left(tx, id(3))), 0);
    });
}

#[test]
fn roles_are_given_and_ended_and_those_from_before_are_kept() {
    on_each(|ground| {
        let at = SCHEMA.migrations.iter().position(|m| m.id == "0013-assignments").unwrap();
        let before = Schema { nouns: SCHEMA.nouns, migrations: &SCHEMA.migrations[..at] };
        let db = ground.open(&before);
        write(&db, |tx| {
            vaults::add(tx, &vault(1, "a"))?;
            accounts::add(tx, &account(3, "tech@example.fr"))?;
            let role = "customer_user".to_owned();
            accounts::add(tx, &Account { role, customer: Some(id(1)), ..account(4, "user@example.fr") })
        });
        drop(db);
        let db = ground.open(&SCHEMA);
        let home = |n: u8, role: &str, customer| Assignment {
            id: id(n),
            account: id(n),
            role: role.to_owned(),
            customer,
            contract: None,
            about: String::new(),
            given: NOW,
            given_by: None,
            ended: None,
            ended_by: None,
        };
        assert_eq!(read(&db, |tx| assignments::held(tx, id(3))), [home(3, "technician", None)]);
        let user = home(4, "customer_user", Some(id(1)));
        let list = |tx: &mut dyn Tx, of| assignments::held_for(tx, of, (0, id(0)), 9);
        assert_eq!(read(&db, move |tx| list(tx, Some(id(1)))), std::slice::from_ref(&user));

        let given = Assignment {
            id: id(5),
            contract: Some(id(9)),
            about: "{}".to_owned(),
            given: NOW + 1,
            given_by: Some(id(3)),
            ..user.clone()
        };
        let kept = given.clone();
        write(&db, move |tx| assignments::add(tx, &kept));
        assert_eq!(read(&db, |tx| assignments::held(tx, id(4))), [user, given.clone()]);
        let end = |id| write(&db, move |tx| assignments::end(tx, id, NOW + 2, None));
        assert_eq!([end(id(4)), end(id(4)), end(id(8))], [true, false, false], "it ends once");
        assert_eq!(read(&db, |tx| assignments::held(tx, id(4))), std::slice::from_ref(&given));
        assert_eq!(read(&db, move |tx| list(tx, Some(id(1)))), std::slice::from_ref(&given));
        assert_eq!(read(&db, move |tx| list(tx, None)).len(), 1);
        let after = (given.given, given.id);
        assert_eq!(read(&db, move |tx| assignments::held_for(tx, Some(id(1)), after, 9)), []);
        let over = |from| read(&db, move |tx| assignments::ended_for(tx, id(1), from, 9));
        assert_eq!(over((i64::MAX, id(255))).iter().map(|a| a.ended).collect::<Vec<_>>(), [Some(NOW + 2)]);
        assert_eq!(over((NOW + 2, id(4))), []);
        let with = |role: &'static str| read(&db, move |tx| assignments::with_role(tx, id(1), role));
        assert_eq!((with("customer_user"), with("technician")), (vec![id(4)], vec![id(3)]));
        assert_eq!(read(&db, |tx| assignments::ever(tx, id(1))), [id(3), id(4)]);
        assert_eq!(read(&db, |tx| assignments::by_id(tx, id(5))), Some(given));
    });
}

#[test]
fn the_people_of_a_customer_are_read_with_what_they_hold_there() {
    on_each(|ground| {
        let db = ground.open(&SCHEMA);
        let named =
            |n: u8, name: &str| Account { display_name: name.into(), ..account(n, &format!("{n}@x.fr")) };
        let disabled = Account { disabled: true, ..named(5, "Éva") };
        let theirs = Account { customer: Some(id(2)), ..named(6, "Ugo") };
        let role = |n: u8, of: u8, customer, given| Assignment {
            id: id(n),
            account: id(of),
            role: "technician".into(),
            customer,
            contract: None,
            about: String::new(),
            given,
            given_by: None,
            ended: None,
            ended_by: None,
        };
        write(&db, move |tx| {
            vaults::add(tx, &vault(1, "a"))?;
            vaults::add(tx, &vault(2, "b"))?;
            for account in [&named(3, "Zoé"), &named(4, "Ana"), &disabled, &theirs] {
                accounts::add(tx, account)?;
            }
            for held in [
                role(10, 3, Some(id(1)), NOW + 1),
                role(11, 3, None, NOW),
                role(12, 3, Some(id(2)), NOW),
                role(13, 4, Some(id(1)), NOW),
                role(14, 4, Some(id(1)), NOW + 2),
                role(15, 5, None, NOW),
                role(16, 6, Some(id(2)), NOW),
            ] {
                assignments::add(tx, &held)?;
            }
            assignments::end(tx, id(14), NOW + 3, None)
        });
        let held = read(&db, |tx| assignments::of_people(tx, id(1)));
        let shown: Vec<_> = held.iter().map(|h| (h.name.as_str(), h.assignment.id)).collect();
        assert_eq!(shown, [("Ana", id(13)), ("Zoé", id(11)), ("Zoé", id(10))]);
        assert_eq!((held[0].home.as_str(), held[0].email.as_str()), ("technician", "4@x.fr"));
        // Each person once, however many roles they hold; no more than asked for; and a customer's own.
        let counted =
            |customer, own, most| read(&db, |tx| assignments::count_people(tx, id(customer), own, most));
        assert_eq!([counted(1, false, 60), counted(1, false, 1), counted(1, true, 60)], [2, 1, 0]);
        assert_eq!([counted(2, false, 60), counted(2, true, 60)], [2, 1]);
        let own = read(&db, |tx| assignments::of_own(tx, id(2)));
        assert_eq!(own.iter().map(|h| h.assignment.id).collect::<Vec<_>>(), [id(16)]);
    });
}

#[test]
fn the_desk_pages_by_due_instant_and_skips_nobody() {
    on_each(|ground| {
        let db = ground.open(&SCHEMA);
        let line = |n: u8| Line {
            ticket: id(n),
            vault: id(1 + n % 2),
            number: n.into(),
            kind: "incident".into(),
            priority: "P1".into(),
            state: if n < 3 { "paused".into() } else { "new".into() },
            due: if n == 9 { i64::MAX } else { NOW + i64::from(n / 3) },
            assignee: n.is_multiple_of(2).then(|| id(3)),
            contract: Some(id(7)),
            item: Some(if n.is_multiple_of(3) { "srv-erp".into() } else { "lien".into() }),
            item_class: Some("serveur".into()),
        };
        write(&db, move |tx| {
            vaults::add(tx, &vault(1, "a"))?;
            vaults::add(tx, &vault(2, "b"))?;
            // From last to first, so that order comes from the question.
            (1..10u8).rev().try_for_each(|n| desk::put(tx, &line(n)))
        });
        let within = |reach: &Reach, which: Which| {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = read(&db, |tx| desk::page(tx, reach, &which, after, 2));
                let Some(last) = page.last() else {
                    let count = read(&db, |tx| desk::count(tx, reach, &which));
                    assert_eq!(count, seen.len() as u64, "{which:?}");
                    return seen;
                };
                after = Some((last.due, last.ticket));
                seen.extend(page.iter().map(|l| l.number));
            }
        };
        let all = |which| within(&Reach::All, which);
        assert_eq!(all(Which::All), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(all(Which::Assignee(id(3))), [2, 4, 6, 8]);
        assert_eq!(all(Which::Unassigned), [1, 3, 5, 7, 9]);
        assert_eq!(all(Which::Vault(id(2))), [1, 3, 5, 7, 9]);
        assert_eq!(all(Which::Before(NOW + 2)), [1, 2, 3, 4, 5]);
        assert_eq!(all(Which::InState("paused")), [1, 2]);
        // Of one customer; about one item of it; and of two strands that overlap.
        let strand = |v: u8, about| (id(v), Strand { contract: None, about });
        let (erp, class) = (About::Item("srv-erp".into()), About::Class("serveur".into()));
        let theirs = Reach::Only(vec![strand(2, About::Anything)]);
        assert_eq!(within(&theirs, Which::All), [1, 3, 5, 7, 9]);
        assert_eq!(within(&theirs, Which::Unassigned), [1, 3, 5, 7, 9]);
        assert_eq!(within(&theirs, Which::Assignee(id(3))), [0; 0]);
        assert_eq!(within(&theirs, Which::Before(NOW + 2)), [1, 3, 5]);
        assert_eq!(within(&theirs, Which::InState("paused")), [1]);
        assert_eq!(within(&theirs, Which::Vault(id(1))), [0; 0]);
        let item = Reach::Only(vec![strand(1, erp.clone())]);
        assert_eq!(within(&item, Which::All), [6]);
        let both = Reach::Only(vec![strand(1, erp.clone()), strand(1, class), strand(2, erp)]);
        assert_eq!(within(&both, Which::All), [2, 3, 4, 6, 8, 9]);
        let other = (id(2), Strand { contract: Some(ContractId(id(8))), about: About::Anything });
        assert_eq!(within(&Reach::Only(vec![other]), Which::All), [0; 0]);
        assert_eq!(within(&Reach::Only(Vec::new()), Which::All), [0; 0]);
        let seen = read(&db, |tx| desk::page(tx, &Reach::All, &Which::All, None, 1));
        assert_eq!(seen, [line(1)]);
        assert!(!read(&db, desk::stale));
        write(&db, move |tx| desk::put(tx, &Line { contract: None, ..line(8) }));
        assert!(read(&db, desk::stale), "a line from before lines had a contract");
        write(&db, move |tx| desk::put(tx, &line(8)));
        write(&db, move |tx| desk::put(tx, &Line { due: NOW - 1, ..line(9) }));
        assert_eq!(all(Which::All)[0], 9);
        write(&db, |tx| {
            desk::remove(tx, id(9))?;
            desk::clear(tx, id(1))?;
            desk::set_cursor(tx, id(1), 41)?;
            desk::set_cursor(tx, id(1), 42)
        });
        assert_eq!(all(Which::All), [1, 3, 5, 7]);
        assert_eq!(read(&db, |tx| Ok((desk::cursor(tx, id(1))?, desk::cursor(tx, id(2))?))), (42, 0));
    });
}

#[test]
fn a_vaults_checkpoint_is_noted_once_a_minute_if_it_grew() {
    on_each(|ground| {
        let db = ground.open(&SCHEMA);
        write(&db, |tx| vaults::add(tx, &vault(1, "a")));
        let note = |size, seconds: i64| {
            write(&db, move |tx| {
                let checkpoint = Checkpoint::new("test.example/a", size, [4; 32]).unwrap();
                note_checkpoint(tx, id(1), &checkpoint, NOW + seconds * 1_000_000)
            })
        };
        assert_eq!([note(1, 0), note(2, 59), note(3, 60), note(3, 200)], [Some(0), None, Some(1), None]);
        let entries = read(&db, |tx| log::entries(tx, 0, 10));
        let last = Envelope::parse(&entries[1].bytes).unwrap();
        assert_eq!(
            (last.kind.as_str(), last.subject["vault"].as_str()),
            ("vault.checkpoint", &*id(1).to_string())
        );
        assert_eq!((&last.data["origin"], &last.data["size"]), (&"test.example/a".into(), &3.into()));
    });
}

/// Their number is on every page: it costs no more for whoever never reads.
#[test]
fn what_is_unread_is_counted_no_further_than_asked() {
    on_each(|ground| {
        let db = ground.open(&SCHEMA);
        let told = |number: u8| Notification {
            id: id(number),
            account: id(1),
            vault: id(1),
            number: number.into(),
            notice: "replied".into(),
            cause: 1,
            at: NOW + i64::from(number),
            seen: number == 1,
        };
        write(&db, move |tx| {
            vaults::add(tx, &vault(1, "ateliers-garonne"))?;
            accounts::add(tx, &account(1, "zoe@regie.example"))?;
            (1..=5).try_for_each(|number| notifications::push(tx, &told(number)).map(drop))
        });
        let unread = |most| read(&db, move |tx| notifications::unread(tx, id(1), most));
        assert_eq!([unread(3), unread(4), unread(5)], [3, 4, 4]);
        assert_eq!(read(&db, |tx| notifications::unread(tx, id(2), 5)), 0, "another's");
    });
}

#[test]
fn what_waits_of_mail_is_weighed_held_by_one_and_goes() {
    on_each(|ground| {
        let db = ground.open(&SCHEMA);
        let says = Says { subject: "Panne".into(), text: "Rien".into(), files: vec!["a, \"b\".txt".into()] };
        let mail = |n: u8| Mail {
            id: id(n),
            identity: [n; 32],
            message_id: String::new(),
            sender: "x@ailleurs.example".into(),
            received: NOW + i64::from(n),
            fate: "quarantined".into(),
            why: "unknown_sender".into(),
            account: None,
            ticket: None,
            decided_by: None,
            says: Some(says.clone()),
        };
        for n in [1, 2] {
            let m = mail(n);
            assert!(write(&db, move |tx| mail_in::add(tx, &m, Some(&[n; 100]))));
            let m = mail(n);
            assert!(!write(&db, move |tx| mail_in::add(tx, &m, Some(&[0; 7]))), "taken once");
        }
        let weight = || read(&db, |tx| mail_in::weight(tx, "quarantined"));
        assert_eq!(weight(), (2, 200));
        let page = read(&db, |tx| mail_in::page(tx, "quarantined", (i64::MAX, Uuid::max()), 9));
        assert_eq!(page, [mail(2), mail(1)]);

        let claim = |by: u8, at: i64| {
            let claim = Claim { by: id(by), at: NOW + at };
            (claim, write(&db, move |tx| mail_in::claim(tx, id(1), claim, NOW + at - 100)))
        };
        let (first, held) = claim(8, 0);
        assert!(held);
        assert!(!claim(9, 50).1, "somebody holds it");
        write(&db, move |tx| mail_in::wait(tx, id(1), "again", first));
        assert!(claim(9, 60).1, "it waits again");
        let (late, held) = claim(8, 200);
        assert!(held, "the other stopped");
        let settled = Mail { fate: "rejected".into(), says: None, ..mail(1) };
        let (m, other) = (settled.clone(), Claim { by: id(9), at: NOW + 60 });
        assert!(!write(&db, move |tx| mail_in::settle(tx, &m, other)), "it is held no more");
        let m = settled.clone();
        assert!(write(&db, move |tx| mail_in::settle(tx, &m, late)));
        assert_eq!(
            read(&db, |tx| mail_in::by_id(tx, id(1))),
            Some(Mail { decided_by: Some(id(8)), ..settled })
        );
        assert_eq!(read(&db, |tx| mail_in::kept(tx, id(1))), None);
        assert!(!claim(9, 900).1, "it is decided once");
        assert_eq!(weight(), (1, 100));
        assert_eq!(read(&db, |tx| mail_in::kept(tx, id(2))), Some(vec![2; 100]));
        write(&db, |tx| mail_in::forget(tx, NOW + 10));
        assert_eq!((weight(), read(&db, |tx| mail_in::kept(tx, id(2)))), ((0, 0), None));
    });
}
