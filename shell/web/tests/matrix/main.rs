//! Each route × each person × identifiers of their own, of another customer, made up and ended.
//!
//! What another customer has is answered as what nobody has, to the byte; nothing of theirs is shown or
//! changed; no answer is a fault; and who may do what is the table reviewed, `marks.txt`.
//! Each person works in a copy of one instance, so that nothing depends on who came before.

mod browser;
mod compare;
mod copy;
mod people;
mod routes;
#[path = "../common/undertaking.rs"]
mod undertaking;
mod visit;
mod world;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::Mutex;

use people::PEOPLE;
use routes::{declared, route_of, rows};
use world::World;

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let (all, rows) = (declared(), rows());
    let mut missing = all.clone();
    for row in &rows {
        let Some(route) = route_of(row, &all) else {
            panic!("rows.txt asks for what no router declares: {row}");
        };
        missing.remove(route);
    }
    let lines: String = missing.iter().map(|(method, path)| format!("    {method} {path}\n")).collect();
    assert!(
        missing.is_empty(),
        "these routes have no row in shell/web/tests/matrix/rows.txt; add a line for each (and for each act \
         of it), then rewrite and read marks.txt:\n{lines}"
    );
}

#[test]
fn each_route_answers_each_person_as_reviewed() {
    let world = World::new();
    let rows = rows();
    let work: Mutex<Vec<usize>> = Mutex::new((0..PEOPLE.len()).rev().collect());
    let found: Mutex<BTreeMap<usize, visit::Found>> = Mutex::default();
    let threads = std::thread::available_parallelism().map_or(2, |n| n.get().min(4));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let Some(nth) = work.lock().unwrap().pop() else { break };
                    let seen = visit::visit(&world, nth, &rows);
                    found.lock().unwrap().insert(nth, seen);
                }
            });
        }
    });
    let found = found.into_inner().unwrap();
    // One line for each thing that is wrong, with those it is wrong for.
    let mut faults: BTreeMap<&str, String> = BTreeMap::new();
    for (nth, seen) in &found {
        seen.faults.iter().for_each(|fault| faults.entry(fault).or_default().push(letter(*nth)));
    }
    let shown: String = faults.iter().take(60).map(|(fault, who)| format!("- {who}: {fault}\n")).collect();
    let asked: usize = found.values().map(|seen| seen.asked).sum();
    assert!(asked > 30 * rows.len(), "{asked} requests were made");
    assert!(faults.is_empty(), "{} faults:\n{shown}", faults.len());

    let mut table = String::from(
        "✔ reached, or refused for another reason than the rights; ✘ as if it did not exist; - sign in first.\n\n",
    );
    for (nth, person) in PEOPLE.iter().enumerate() {
        writeln!(table, "{} {}", letter(nth), person.name()).unwrap();
    }
    let heading: String = (0..PEOPLE.len()).map(letter).collect();
    writeln!(table, "\n{heading}").unwrap();
    for (at, row) in rows.iter().enumerate() {
        let marks: String = found.values().map(|f| f.marks[at]).collect();
        writeln!(table, "{marks} {}", row.to_string().trim_end()).unwrap();
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matrix/marks.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &table).unwrap();
    }
    let reviewed = std::fs::read_to_string(&file).unwrap_or_default();
    let gone: String = reviewed.lines().filter(|l| !table.contains(l)).map(|l| format!("- {l}\n")).collect();
    let new: String = table.lines().filter(|l| !reviewed.contains(l)).map(|l| format!("+ {l}\n")).collect();
    assert!(
        table == reviewed,
        "who may ask for what changed; UPDATE=1 rewrites marks.txt:\n{heading}\n{gone}{new}"
    );
}

fn letter(nth: usize) -> char {
    char::from(b'a' + u8::try_from(nth).unwrap())
}
