//! What another tool held: found by its words on both engines, and what became of each line of a file.

mod common;

use base::id::AccountId;
use common::{NOW, on_each};
use events::{ContentId, Event, ImportSource, ImportedFrom, TicketImported};
use store::import_job::{self, Counts, Job, Told};
use store::log::Draft;
use store::record::{Content, Stamp, apply, record};
use store::schema::Schema;
use store::{Database, StoreError, Tx, WriteTx, content, search, vault};
use uuid::Uuid;

fn id(n: u64) -> Uuid {
    Uuid::from_u128(n.into())
}

fn read<T: Send>(db: &Database, f: impl FnOnce(&mut dyn Tx) -> store::Result<T> + Send) -> T {
    db.read::<_, StoreError, _>(f).unwrap()
}

fn write<T: Send + 'static>(
    db: &Database,
    f: impl Fn(&mut WriteTx<'_>) -> store::Result<T> + Send + 'static,
) -> T {
    db.write::<_, StoreError, _>(f).unwrap()
}

fn matter(n: u64) -> Event {
    let from = ImportedFrom { source: ImportSource::Glpi, number: n.to_string(), declared: NOW + n as i64 };
    let by = AccountId(id(9));
    Event::TicketImported(TicketImported { from, over: NOW, words: ContentId(id(100 + n)), at: NOW, by })
}

fn words(n: u64) -> Vec<u8> {
    let kind = if n.is_multiple_of(2) { "imprimante" } else { "serveur" };
    format!(r#"{{"title":"Panne {n}","description":"Un {kind} muet","state":"clos"}}"#).into_bytes()
}

fn found(db: &Database, query: &str) -> Vec<u64> {
    let query = query.to_owned();
    read(db, move |tx| search::find_history(tx, &query, None, 100)).0
}

#[test]
fn a_history_that_was_there_before_its_lane_is_added_to_it() {
    on_each(|ground| {
        let migrations = vault::SCHEMA.migrations;
        let before = migrations.iter().position(|m| m.id == "0038-history-search").unwrap();
        let old = ground.open(&Schema { nouns: &[], migrations: &migrations[..before] });
        let places = write(&old, |tx| {
            let mut places = vec![0];
            for n in 1..=250 {
                content::put(tx, id(100 + n), "words", &[0; 32], &words(n))?;
                let event = matter(n);
                places.push(tx.append(Draft::new(NOW, event.kind(), "somebody", event.data()))?);
                apply(tx, places[n as usize], &event)?;
            }
            Ok(places)
        });
        drop(old);
        let db = ground.vault();
        assert!(found(&db, "imprimante").is_empty(), "not yet");
        let mut turns = 0;
        while write(&db, |tx| search::fill_history(tx, 100)) {
            turns += 1;
        }
        assert_eq!(turns, 3, "a hundred at a time");
        assert_eq!(found(&db, "imprimante")[..3], [places[250], places[248], places[246]]);
        assert_eq!(found(&db, "panne 249 serveur"), [places[249]]);
        assert!(
            found(&db, "title").is_empty() && found(&db, "clos").is_empty(),
            "names and states are no words"
        );
    });
}

#[test]
fn what_is_recorded_is_found_and_what_is_forgotten_is_not() {
    on_each(|ground| {
        let db = ground.vault();
        let places = write(&db, |tx| {
            let stamp = Stamp { at: NOW, actor: AccountId(id(9)), contract: None };
            (1..=3)
                .map(|n| {
                    let words =
                        Content { name: "words", id: ContentId(id(100 + n)), salt: [0; 32], bytes: words(n) };
                    record(tx, &stamp, &matter(n), &[words])
                })
                .collect::<store::Result<Vec<u64>>>()
        });
        // A new vault has nothing to fill: what comes is added as it does.
        assert!(!write(&db, |tx| search::fill_history(tx, 100)));
        assert_eq!(found(&db, "serveur"), [places[2], places[0]]);
        let first = places[0];
        write(&db, move |tx| search::forget_history(tx, first, &words(1)));
        assert_eq!(found(&db, "serveur"), [places[2]]);
    });
}

fn told(line: u64, place: u64, fate: &str) -> Told {
    let (fr, en) = (String::new(), String::new());
    Told { line, place, number: line.to_string(), fate: fate.to_owned(), ticket: None, fr, en }
}

#[test]
fn a_report_counts_each_line_once_and_is_read_by_pages() {
    on_each(|ground| {
        let db = ground.vault();
        let job = Job {
            id: id(1),
            what: "tickets".to_owned(),
            source: "glpi".to_owned(),
            name: "a.csv".to_owned(),
            bytes: 12,
            sha256: Some("ab".to_owned()),
            choices: "{}".to_owned(),
            state: "staged".to_owned(),
            why: None,
            counts: Counts::default(),
            at: NOW,
            by: AccountId(id(9)),
            started: None,
            ended: None,
        };
        let kept = job.clone();
        write(&db, move |tx| import_job::add(tx, &job));
        assert_eq!(read(&db, |tx| import_job::by_id(tx, id(1))), Some(kept));
        assert!(read(&db, |tx| import_job::is_staged(tx, "ab")));
        write(&db, |tx| import_job::start(tx, id(1), AccountId(id(8)), NOW + 1));
        assert!(read(&db, import_job::running).is_some());
        let lines =
            || vec![told(4, 0, "made"), told(2, 0, "kept"), told(2, 1, "note"), told(3, 1, "skipped")];
        // Told again by a run that was cut short before it knew.
        for _ in 0..2 {
            write(&db, move |tx| import_job::tell(tx, id(1), 3, &lines()));
        }
        let now = read(&db, |tx| import_job::by_id(tx, id(1))).unwrap();
        assert_eq!(now.counts, Counts { total: 3, made: 1, kept: 1, known: 0, skipped: 1 });
        assert_eq!((now.by, now.started), (AccountId(id(8)), Some(NOW + 1)));
        let page = |fate: Option<&'static str>, after, limit| {
            let lines = read(&db, move |tx| import_job::lines(tx, id(1), fate, after, limit));
            lines.into_iter().map(|told| (told.line, told.place)).collect::<Vec<_>>()
        };
        assert_eq!(page(None, None, 2), [(2, 0), (2, 1)]);
        assert_eq!(page(None, Some((2, 1)), 9), [(3, 1), (4, 0)]);
        assert_eq!(page(Some("skipped"), None, 9), [(3, 1)]);
        let mut decided = read(&db, |tx| import_job::decided(tx, id(1)));
        decided.sort_unstable();
        assert_eq!(decided, [2, 3, 4]);
        write(&db, |tx| import_job::end(tx, id(1), NOW + 2));
        assert!(!read(&db, |tx| import_job::is_staged(tx, "ab")));
        assert!(read(&db, |tx| import_job::stale(tx, i64::MAX)).is_empty(), "its file is gone already");
        write(&db, |tx| import_job::forget(tx, id(1)));
        assert_eq!(page(None, None, 9), []);
    });
}
