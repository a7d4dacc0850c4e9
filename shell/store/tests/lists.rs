//! Every list shows each ticket once, in its order, whatever is filtered and however short the page.

mod common;

use base::id::{AccountId, ContractId, TicketId};
use common::{NOW, on_each};
use events::{ClockMark, ContentId, Dimension, Event, Facts, Promise, Step, TicketOpened, TicketStepped};
use store::record::apply;
use store::schema::Schema;
use store::ticket::{self, About, Filter, Key, Opener, Scope, State, Strand, Ticket, Which};
use store::{Database, StoreError, Tx, Val, WriteTx, vault};
use uuid::Uuid;

const PRIORITIES: [&str; 4] = ["P1", "P2", "P3", "P4"];
const KINDS: [&str; 2] = ["incident", "service_request"];

fn id(n: u64) -> Uuid {
    Uuid::from_u128(n.into())
}

fn someone(n: u64) -> AccountId {
    AccountId(id(1_000_000 + n))
}

fn read<T: Send>(db: &Database, f: impl FnOnce(&mut dyn Tx) -> store::Result<T> + Send) -> T {
    db.read::<_, StoreError, _>(f).unwrap()
}

fn clock(due: Option<i64>) -> Vec<ClockMark> {
    let label = "retablissement".to_owned();
    vec![ClockMark { promise: Promise::Restore, round: 1, label, due, stopped: None, late_seconds: 0 }]
}

fn opened(n: u64) -> Event {
    let mut facts = Facts::default()
        .with(Dimension::Kind, KINDS[usize::from(n % 7 == 3)])
        .with(Dimension::Priority, PRIORITIES[(n % 11 % 4) as usize]);
    if n.is_multiple_of(3) {
        facts = facts.with(Dimension::Item, format!("srv-{}", n % 5)).with(Dimension::ItemClass, "serveur");
    }
    Event::TicketOpened(TicketOpened {
        ticket: TicketId(id(n)),
        number: n,
        contract: ContractId(id(1 + n % 2)),
        version: "v".to_owned(),
        opened: NOW + n as i64,
        by: someone(7 + n % 5),
        facts,
        coverage: "in".to_owned(),
        admission: "accepted".to_owned(),
        price: None,
        used_before: 0,
        cited: Vec::new(),
        title: ContentId(id(2_000_000 + n)),
        description: ContentId(id(3_000_000 + n)),
        answers: None,
        // Many due at once, and some with nothing due.
        clocks: if n.is_multiple_of(6) { Vec::new() } else { clock(Some(NOW + (n as i64 * 7919 % 40))) },
        plan: None,
        duty: None,
        imported: None,
        requester: None,
    })
}

/// Opens ticket `n`, and takes some of them on: a quarter stays new, most are resolved.
fn live(tx: &mut WriteTx<'_>, n: u64) -> store::Result<()> {
    apply(tx, n * 10, &opened(n))?;
    let mut seq = n * 10;
    let mut step = |tx: &mut WriteTx<'_>, step: Step, due: Option<i64>| {
        seq += 1;
        let (ticket, at, by) = (TicketId(id(n)), NOW + seq as i64, someone(n % 3));
        apply(tx, seq, &Event::TicketStepped(TicketStepped { ticket, at, by, step, clocks: clock(due) }))
    };
    let due = (!n.is_multiple_of(6)).then_some(NOW + (n as i64 * 7919 % 40));
    if !n.is_multiple_of(4) {
        step(tx, Step::TakenOver { assignee: someone(n % 3) }, due)?;
    }
    if n % 10 == 1 {
        step(tx, Step::Paused { reason: "attente".to_owned(), proof: None }, None)?;
    } else if n % 4 > 1 {
        step(tx, Step::Resolved { note: ContentId(id(4_000_000 + n)), diagnosis: None }, None)?;
    }
    Ok(())
}

fn fill(db: &Database, tickets: u64) {
    db.write::<_, StoreError, _>(move |tx| (1..=tickets).try_for_each(|n| live(tx, n))).unwrap();
}

/// All pages of a list, and how many there were.
fn walk(db: &Database, filter: &Filter, limit: u32) -> (Vec<Ticket>, usize) {
    walk_in(db, &Scope::All, filter, limit)
}

fn walk_in(db: &Database, scope: &Scope, filter: &Filter, limit: u32) -> (Vec<Ticket>, usize) {
    let (mut seen, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = read(db, |tx| ticket::list(tx, scope, filter, after, limit));
        assert!(page.tickets.len() <= limit as usize);
        pages += 1;
        seen.extend(page.tickets);
        after = page.next;
        if let Some(key) = after {
            assert_eq!(Key::parse(&key.text()), Some(key));
        } else {
            return (seen, pages);
        }
    }
}

/// What the filter says, said again over all the tickets in memory.
fn kept(filter: &Filter, t: &Ticket) -> bool {
    let which = match filter.which {
        Which::All => true,
        Which::In(state) => t.state == state,
        Which::Open => t.state != State::Resolved,
        Which::Late(at) => t.state != State::Resolved && t.due.is_some_and(|due| due < at),
    };
    let same = |wanted: &Option<String>, found: Option<&str>| wanted.is_none() || wanted.as_deref() == found;
    which
        && same(&filter.priority, Some(&t.priority))
        && same(&filter.kind, Some(&t.kind))
        && same(&filter.item, t.facts.get(Dimension::Item))
        && (filter.assignee.is_none() || filter.assignee == t.assignee)
        && match filter.opener {
            Opener::Anybody => true,
            Opener::Only(who) => t.opened_by == who,
            Opener::AllBut(who) => t.opened_by != who,
        }
}

/// Anybody twice out of four.
fn opener(only: bool, but: bool) -> Opener {
    match (only, but) {
        (true, false) => Opener::Only(someone(8)),
        (false, true) => Opener::AllBut(someone(8)),
        (true, true) | (false, false) => Opener::Anybody,
    }
}

fn numbers(tickets: &[Ticket]) -> Vec<u64> {
    tickets.iter().map(|t| t.number).collect()
}

#[test]
fn every_filter_shows_its_tickets_once_in_order() {
    on_each(|ground| {
        let db = ground.vault();
        fill(&db, 240);
        let all = read(&db, |tx| {
            (1..=240).map(|n| ticket::by_number(tx, &Scope::All, n)).collect::<Result<Vec<_>, _>>()
        });
        let all: Vec<Ticket> = all.into_iter().flatten().collect();
        let whiches = [Which::All, Which::Open, Which::Late(NOW + 20)];
        let whiches = whiches.into_iter().chain(State::ALL.map(Which::In));
        for which in whiches {
            for others in 0..64 {
                let has = |bit: u32| others & (1 << bit) != 0;
                let filter = Filter {
                    which,
                    priority: has(0).then(|| "P2".to_owned()),
                    kind: has(1).then(|| "incident".to_owned()),
                    item: has(2).then(|| "srv-4".to_owned()),
                    assignee: has(3).then(|| someone(1)),
                    opener: opener(has(4), has(5)),
                };
                assert!(all.iter().all(|t| filter.lets(t) == kept(&filter, t)), "{filter:?}");
                let mut wanted: Vec<&Ticket> = all.iter().filter(|t| kept(&filter, t)).collect();
                match which {
                    Which::All | Which::In(_) => wanted.sort_by_key(|t| std::cmp::Reverse(t.number)),
                    Which::Open | Which::Late(_) => {
                        wanted.sort_by_key(|t| (t.due.unwrap_or(i64::MAX), t.number));
                    }
                }
                let wanted: Vec<u64> = wanted.iter().map(|t| t.number).collect();
                assert_eq!(numbers(&walk(&db, &filter, 7).0), wanted, "{filter:?}");
            }
        }
        let open = read(&db, |tx| ticket::open_by_due(tx, &Scope::All));
        let counted: u64 = read(&db, |tx| ticket::count_open(tx, &Scope::All)).iter().map(|(_, n)| n).sum();
        assert_eq!(open.len() as u64, counted);
        assert!(counted > 100 && counted < 200);
    });
}

type Lets = fn(&Ticket) -> bool;

/// The scopes a reader may have, and what each says, said again in memory.
fn scopes() -> Vec<(Scope, Lets)> {
    let strand =
        |contract: Option<u64>, about| Strand { contract: contract.map(|c| ContractId(id(c))), about };
    vec![
        (Scope::Only(Vec::new()), |_| false),
        (Scope::Only(vec![strand(None, About::Item("srv-4".to_owned()))]), |t| {
            t.facts.get(Dimension::Item) == Some("srv-4")
        }),
        (Scope::Only(vec![strand(Some(2), About::Anything)]), |t| t.contract == ContractId(id(2))),
        // Strands that overlap: an item of the class, and both contracts of it.
        (
            Scope::Only(vec![
                strand(None, About::Item("srv-3".to_owned())),
                strand(Some(1), About::Class("serveur".to_owned())),
                strand(Some(2), About::Item("srv-4".to_owned())),
            ]),
            |t| {
                let item = t.facts.get(Dimension::Item);
                item == Some("srv-3")
                    || (t.contract == ContractId(id(1)) && item.is_some())
                    || (t.contract == ContractId(id(2)) && item == Some("srv-4"))
            },
        ),
    ]
}

/// Whatever the filter, a reader of some tickets is shown those and counted those, each once, in order.
#[test]
fn a_scope_shows_and_counts_its_tickets_only() {
    on_each(|ground| {
        let db = ground.vault();
        fill(&db, 240);
        let all = walk(&db, &Filter::default(), 50).0;
        for (scope, sees) in scopes() {
            let seen: Vec<&Ticket> = all.iter().filter(|t| sees(t)).collect();
            assert!(seen.len() < 150, "{scope:?} is not everything");
            for t in &all {
                let found = read(&db, |tx| ticket::by_number(tx, &scope, t.number));
                assert_eq!(found.is_some(), sees(t), "{scope:?}, {}", t.number);
                let facts = t
                    .item_class
                    .as_deref()
                    .map_or(t.facts.clone(), |class| t.facts.clone().with(Dimension::ItemClass, class));
                assert_eq!(scope.lets_facts(t.contract, &facts), sees(t), "{scope:?}, {}", t.number);
            }
            let whiches = [Which::All, Which::Open, Which::Late(NOW + 20), Which::In(State::Resolved)];
            for (which, others) in whiches.into_iter().flat_map(|w| (0..32).map(move |o| (w, o))) {
                let has = |bit: u32| others & (1 << bit) != 0;
                let filter = Filter {
                    which,
                    priority: has(0).then(|| "P2".to_owned()),
                    kind: None,
                    item: has(1).then(|| "srv-3".to_owned()),
                    assignee: has(2).then(|| someone(1)),
                    opener: opener(has(3), has(4)),
                };
                let mut wanted: Vec<&&Ticket> = seen.iter().filter(|t| kept(&filter, t)).collect();
                match which {
                    Which::All | Which::In(_) => wanted.sort_by_key(|t| std::cmp::Reverse(t.number)),
                    Which::Open | Which::Late(_) => {
                        wanted.sort_by_key(|t| (t.due.unwrap_or(i64::MAX), t.number));
                    }
                }
                let wanted: Vec<u64> = wanted.iter().map(|t| t.number).collect();
                assert_eq!(numbers(&walk_in(&db, &scope, &filter, 7).0), wanted, "{scope:?} {filter:?}");
            }
            let open = seen.iter().filter(|t| t.state.is_open()).count() as u64;
            let counted: u64 = read(&db, |tx| ticket::count_open(tx, &scope)).iter().map(|(_, n)| n).sum();
            assert_eq!(counted, open, "{scope:?}");
            let count = |f: fn(&mut dyn Tx, &Scope) -> store::Result<u64>| read(&db, |tx| f(tx, &scope));
            assert_eq!(
                count(|tx, scope| ticket::opened_between(tx, scope, NOW + 10, NOW + 110)),
                seen.iter().filter(|t| (NOW + 10..NOW + 110).contains(&t.opened)).count() as u64
            );
            assert_eq!(
                count(|tx, scope| ticket::resolved_since(tx, scope, NOW + 900)),
                seen.iter().filter(|t| t.state == State::Resolved && t.updated >= NOW + 900).count() as u64
            );
        }
    });
}

/// A rare pair costs a bounded page, then another: nothing is left out.
#[test]
fn a_rare_pair_is_found_over_several_bounded_pages() {
    let ground = common::Ground::sqlite();
    let db = ground.vault();
    let examined = u64::from(ticket::EXAMINED);
    // One ticket in ten thousand is of a third kind, and everyone's priority is the same.
    let tickets = examined * 2 + 100;
    db.write::<_, StoreError, _>(move |tx| {
        (1..=tickets).try_for_each(|n| {
            let Event::TicketOpened(mut e) = opened(n) else { unreachable!() };
            let kind = if n == 50 { "problem" } else { "incident" };
            e.facts = Facts::default().with(Dimension::Kind, kind).with(Dimension::Item, "erp");
            e.clocks = clock(Some(NOW + n as i64));
            apply(tx, n, &Event::TicketOpened(e))
        })
    })
    .unwrap();
    let problem = Some("problem".to_owned());
    let rare = Filter { kind: problem.clone(), item: Some("erp".to_owned()), ..Filter::default() };
    let first = read(&db, |tx| ticket::list(tx, &Scope::All, &rare, None, 50));
    assert!(first.tickets.is_empty(), "the first page looks at the newest only");
    assert_eq!(first.next, Some(Key::Number(tickets - examined + 1)), "and says how far it looked");
    let (found, pages) = walk(&db, &rare, 50);
    assert_eq!((numbers(&found), pages), (vec![50], 3));

    let open = Filter { which: Which::Open, kind: problem, ..Filter::default() };
    let (found, pages) = walk(&db, &open, 50);
    assert_eq!((numbers(&found), pages), (vec![50], 3));
    let nothing = Filter { which: Which::Late(NOW + 40), ..open };
    assert_eq!(walk(&db, &nothing, 50), (Vec::new(), 1));
}

#[test]
fn a_key_reads_back_and_nothing_else_is_one() {
    for key in [Key::Number(1), Key::Number(i64::MAX as u64), Key::Due(i64::MAX, 7), Key::Due(-4, 1)] {
        assert_eq!(Key::parse(&key.text()), Some(key));
    }
    for text in [
        "",
        "t",
        "t-1",
        "t+1",
        "t 1",
        "12",
        "d1",
        "d1.",
        "d.1",
        "d--1.1",
        "d1.+1",
        "é1",
        "t99999999999999999999",
    ] {
        assert_eq!(Key::parse(text), None, "{text}");
    }
}

const OLD: &str = "INSERT INTO ticket (id, number, contract, version, kind, priority, facts, opening_facts, used_before,
    title, description, state, coverage, admission, cited, opened, opened_by, due, updated, seq)
    VALUES ($1, $2, $1, 'v', 'incident', 'P1', $3, '{\"values\":{}}', 0, $1, $1, $4, 'in', 'accepted', '[]', 1, $1, 5, 1, 1)";

#[test]
fn tickets_from_before_the_columns_are_filtered_too() {
    on_each(|ground| {
        let old = vault::SCHEMA.migrations.iter().position(|m| m.id == "0017-ticket-facets").unwrap();
        let before = Schema { nouns: &[], migrations: &vault::SCHEMA.migrations[..old] };
        let facts = |values: &str| Val::from(format!("{{\"values\":{{{values}}}}}"));
        let rows = [
            (1, facts(r#""item":"srv-4","item_class":"serveur","site":"blois""#), "new"),
            (2, facts(r#""item":"l'ERP \"neuf\"""#), "resolved"),
            (3, facts(r#""kind":"incident""#), "paused"),
        ];
        let db = ground.open(&before);
        db.write::<_, StoreError, _>(move |tx| {
            rows.clone().into_iter().try_for_each(|(n, facts, state)| {
                tx.exec(OLD, &[id(n).into(), n.into(), facts, state.into()]).map(drop)
            })
        })
        .unwrap();
        drop(db);
        let db = ground.vault();
        let seen = walk(&db, &Filter::default(), 10).0;
        let said = |t: &Ticket| (t.number, t.item.clone(), t.item_class.clone(), t.site.clone());
        let text = |t: &str| Some(t.to_owned());
        assert_eq!(
            seen.iter().map(said).collect::<Vec<_>>(),
            [
                (3, None, None, None),
                (2, text("l'ERP \"neuf\""), None, None),
                (1, text("srv-4"), text("serveur"), text("blois")),
            ]
        );
        let open = Filter { which: Which::Open, ..Filter::default() };
        assert_eq!(numbers(&walk(&db, &open, 10).0), [1, 3]);
        let item = Filter { item: text("srv-4"), ..Filter::default() };
        assert_eq!(numbers(&walk(&db, &item, 10).0), [1]);
    });
}
