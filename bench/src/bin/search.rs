//! Searching a customer with a hundred thousand tickets, each with a description, some with a note.
//!
//! `cargo run --release -p bench --bin search [TICKETS]`
//!
//! The use cases on a vault on disk, in a folder of the system's temporary place: what a page of hits
//! with its extracts takes, for a technician and for the customer; what adding the words of a ticket
//! costs and weighs. Words are drawn as people draw them, few of them often and most of them seldom.
//! Target at 100 000: 50 ms at the 99th centile, whatever the words.

use std::path::Path;
use std::time::Instant;

use app::ticket::{OpenTicket, StepCommand};
use app::{Act, Permit, Principal};
use bench::ground::{Ground, key};

const SYLLABLES: [&str; 24] = [
    "ra", "me", "lo", "ti", "ser", "ven", "pan", "cou", "dis", "fi", "gra", "no", "pli", "que", "tor", "us",
    "va", "wi", "xe", "zo", "bra", "cha", "den", "fac",
];
/// Words that texts are made of.
const VOCABULARY: u64 = 30_000;
const TIMES: usize = 200;
const PAGE: u32 = 20;

fn main() {
    let tickets = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let folder = std::env::temp_dir().join(format!("regisseur-search-{}", std::process::id()));
    let ground = Search(Ground::new(&folder));
    ground.fill(tickets, &folder);
    ground.read();
    drop(ground);
    if let Err(error) = std::fs::remove_dir_all(&folder) {
        eprintln!("{}: {error}", folder.display());
    }
}

struct Search(Ground);

impl Search {
    fn fill(&self, tickets: u64, folder: &Path) {
        let (before, began, threads) = (weight(folder), Instant::now(), 8);
        std::thread::scope(|scope| {
            for thread in 0..threads {
                scope.spawn(move || (1 + thread..=tickets).step_by(8).for_each(|n| self.open(n)));
            }
        });
        let each = |total: f64| total / tickets as f64;
        println!("{tickets} tickets: {:.2} ms each", each(began.elapsed().as_secs_f64() * 1e3));
        println!("the whole vault:  {:.0} bytes a ticket", each((weight(folder) - before) as f64));
    }

    fn open(&self, n: u64) {
        let mut draw = Draw(n.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let (title, description) = (draw.text(4), draw.text(50));
        let ask = OpenTicket { title, description, ..OpenTicket::default() };
        let permit = self.0.user.permit(Act::OpenTicket, self.0.customer).expect("a user's right");
        let opened = self.0.app.open_ticket(&permit, &key(format!("o{n}")), &ask).expect("it is covered");
        if n.is_multiple_of(4) {
            let note = StepCommand::Note { body: draw.text(20) };
            let permit = self.0.technician.permit(note.act(), self.0.customer).expect("a technician's right");
            let key = key(format!("n{n}"));
            self.0.app.step_ticket(&permit, &key, opened.number, &note, None).expect("a note");
        }
    }

    fn read(&self) {
        let see = |who: &Principal| who.permit(Act::SeeTickets, self.0.customer).expect("a right");
        let (common, often, rare) = (word(0), word(5), word(20_000));
        let asked = [
            ("a common word", common.clone()),
            ("two common words", format!("{common} {often} ")),
            ("a common and a rare one", format!("{rare} {common}")),
            ("a rare word", rare),
            ("two letters", common[..2].to_owned()),
            ("three letters", common[..3].to_owned()),
            ("a word and two letters", format!("{often} {}", &common[..2])),
            ("four words", (0..4).map(word).collect::<Vec<_>>().join(" ")),
            ("two seldom words", format!("{} {}", word(900), word(901))),
            ("no such word", "kkkk".to_owned()),
        ];
        println!("{:<28}{:>7}{:>9}{:>9}{:>9}", "", "found", "p50 ms", "p99 ms", "most ms");
        for (whose, permit) in [("technician", see(&self.0.technician)), ("customer", see(&self.0.user))] {
            println!("{whose}");
            for (name, query) in &asked {
                self.time(name, &permit, query);
            }
        }
    }

    fn time(&self, name: &str, permit: &Permit, query: &str) {
        let mut found = 0;
        let mut taken: Vec<f64> = (0..TIMES)
            .map(|_| {
                let began = Instant::now();
                found = self.0.app.search(permit, query, None, PAGE).expect("a page").tickets.len();
                began.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        taken.sort_by(f64::total_cmp);
        let at = |share: usize| taken[(TIMES * share / 100).min(TIMES - 1)];
        println!("  {name:<26}{found:>7}{:>9.1}{:>9.1}{:>9.1}", at(50), at(99), at(100));
    }
}

/// Words drawn by their rank: the one of rank r about r times less often than the first.
struct Draw(u64);

impl Draw {
    fn text(&mut self, words: usize) -> String {
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    fn word(&mut self) -> String {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let share = (self.0 >> 11) as f64 / (1u64 << 53) as f64;
        // The inverse of the logarithm that sums 1/(rank + 8).
        let (low, high) = (8f64.ln(), ((VOCABULARY + 8) as f64).ln());
        word(((low + share * (high - low)).exp() - 8.0) as u64)
    }
}

/// The word of a rank: four syllables, another for each rank.
fn word(rank: u64) -> String {
    let mut left = rank.wrapping_mul(7_919) % 331_776;
    let mut word = String::new();
    for _ in 0..4 {
        word.push_str(SYLLABLES[(left % 24) as usize]);
        left /= 24;
    }
    word
}

/// Bytes of the files under a folder.
fn weight(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let of = |path: &Path| path.metadata().map_or(0, |m| m.len());
    let paths = entries.flatten().map(|entry| entry.path());
    paths.map(|path| if path.is_dir() { weight(&path) } else { of(&path) }).sum()
}
