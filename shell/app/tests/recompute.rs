//! Clocks worked out again from the contract, beside those that the journal keeps.

mod common;

use app::ticket::{OpenTicket, StepCommand};
use common::signed;
use testkit::Instance;

fn ask(priority: &str) -> OpenTicket {
    OpenTicket {
        title: "ERP arrêté".to_owned(),
        priority: Some(priority.to_owned()),
        item: Some("srv-erp".to_owned()),
        ..OpenTicket::default()
    }
}

/// Five tickets: as opened, taken over late, suspended, resolved, merged.
fn life(seed: u64) -> Instance {
    let instance = Instance::new(seed);
    let customer = signed(&instance, "atelier");
    instance.at("2026-06-16T09:00");
    for _ in 0..3 {
        instance.open(customer, &ask("P1")).unwrap();
    }
    for _ in 0..2 {
        instance.open(customer, &ask("P3")).unwrap();
    }
    instance.step(customer, 5, &StepCommand::Merge { into: 4, why: "La même panne".to_owned() }).unwrap();
    instance.at("2026-06-16T09:10");
    let done = StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: Some("Vu".to_owned()) };
    instance.step(customer, 4, &StepCommand::TakeOver).unwrap();
    instance.step(customer, 4, &done).unwrap();
    instance.step(customer, 3, &StepCommand::TakeOver).unwrap();
    let pause = StepCommand::Pause {
        reason: "attente-acces".to_owned(),
        proof: Some("Courriel du 16 juin".to_owned()),
    };
    instance.step(customer, 3, &pause).unwrap();
    instance.at("2026-06-16T12:00");
    instance.step(customer, 2, &StepCommand::TakeOver).unwrap();
    instance
}

#[test]
fn what_is_worked_out_is_what_is_kept() {
    let instance = life(431);
    instance.at("2026-06-17T18:00");
    let open = &instance.app().recompute_clocks(None, false).unwrap()[0];
    assert_eq!((open.tickets, open.different), (3, 0), "{:?}", open.differing);
    assert!(open.clocks >= 6 && open.late >= 2, "{open:?}");
    let every = &instance.app().recompute_clocks(Some("atelier"), true).unwrap()[0];
    assert_eq!((every.tickets, every.different), (5, 0), "{:?}", every.differing);
    assert!(every.clocks > open.clocks);
    assert!(instance.app().recompute_clocks(Some("voisin"), true).is_err());
}

#[test]
fn a_due_instant_moved_by_hand_is_named() {
    let mut instance = life(432);
    let file = instance.vault_file("atelier");
    instance.close();
    let moved = rusqlite::Connection::open(file).unwrap();
    let changed = moved
        .execute(
            "UPDATE ticket_clock SET due = due + 3600000000 WHERE promise = 'restore' AND ticket = \
            (SELECT id FROM ticket WHERE number = 2)",
            [],
        )
        .unwrap();
    assert_eq!(changed, 1);
    drop(moved);
    let done = &instance.inspect().unwrap().recompute_clocks(None, false).unwrap()[0];
    assert_eq!((done.different, done.differing[0].number), (1, 2));
    let due = |marks: &[events::ClockMark]| {
        marks.iter().find(|m| m.promise == events::Promise::Restore).unwrap().due.unwrap()
    };
    assert_eq!(due(&done.differing[0].kept) - due(&done.differing[0].worked_out), 3_600_000_000);
}
