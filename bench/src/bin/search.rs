//! Searching a customer with a hundred thousand tickets, each with a description, some with a note.
//!
//! `cargo run --release -p bench --bin search [TICKETS]`
//!
//! The use cases on a vault on disk, in a folder of the system's temporary place: what a page of hits
//! with its extracts takes, for a technician and for the customer; what adding the words of a ticket
//! costs and weighs. Words are drawn as people draw them, few of them often and most of them seldom.
//! Target at 100 000: 50 ms at the 99th centile, whatever the words.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use app::accounts::NewAccount;
use app::customer::NewCustomer;
use app::ticket::{IdempotencyKey, OpenTicket, StepCommand};
use app::{Act, App, Permit, Principal, Role, Settings, clock, entropy};
use base::id::CustomerId;

const PASSWORD: &str = "mot de passe assez long";
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
    let ground = Ground::new(&folder);
    ground.fill(tickets, &folder);
    ground.read();
    drop(ground);
    if let Err(error) = std::fs::remove_dir_all(&folder) {
        eprintln!("{}: {error}", folder.display());
    }
}

struct Ground {
    app: App,
    customer: CustomerId,
    user: Principal,
    technician: Principal,
}

impl Ground {
    fn new(folder: &Path) -> Ground {
        let clock = Arc::new(clock::Set::at("2026-03-02T08:00:00Z".parse().expect("an instant")));
        let (host, entropy) = ("bench.example".to_owned(), Arc::new(entropy::Seeded::new(1)));
        let app = App::open(folder, Settings { host, clock, entropy })
            .expect("a new folder")
            .with_optional_second_factor();
        let add = |email, role, customer| {
            let new =
                NewAccount { email, name: email, password: PASSWORD, role, customer, totp_secret: None };
            let id = app.add_account(&new).expect("a new account");
            app.principal(id).expect("it was added")
        };
        let admin = add("admin@exemple.fr", Role::ProviderAdmin, None);
        let technician = add("technique@exemple.fr", Role::Technician, None);
        let create = admin.permit_instance(Act::CreateCustomer).expect("an administrator's right");
        let new = NewCustomer { slug: "garonne".into(), name: "Ateliers Garonne".into() };
        let customer = app.create_customer(&create, &new).expect("a new customer");
        let manager = add("direction@garonne.fr", Role::CustomerManager, Some(customer));
        let user = add("fabre@garonne.fr", Role::CustomerUser, Some(customer));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts/ateliers-garonne.md");
        let text = std::fs::read_to_string(path).expect("contract A is there");
        let ours = admin.permit(Act::SignContract, customer).expect("an administrator's right");
        let theirs = manager.permit(Act::SignContract, customer).expect("a manager's right");
        app.sign_contract(&ours, &theirs, "ateliers-garonne.md", &text).expect("contract A compiles");
        Ground { app, customer, user, technician }
    }

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
        let permit = self.user.permit(Act::OpenTicket, self.customer).expect("a user's right");
        let opened = self.app.open_ticket(&permit, &key(format!("o{n}")), &ask).expect("it is covered");
        if n.is_multiple_of(4) {
            let note = StepCommand::Note { body: draw.text(20) };
            let permit = self.technician.permit(note.act(), self.customer).expect("a technician's right");
            let key = key(format!("n{n}"));
            self.app.step_ticket(&permit, &key, opened.number, &note, None).expect("a note");
        }
    }

    fn read(&self) {
        let see = |who: &Principal| who.permit(Act::SeeTickets, self.customer).expect("a right");
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
        for (whose, permit) in [("technician", see(&self.technician)), ("customer", see(&self.user))] {
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
                found = self.app.search(permit, query, None, PAGE).expect("a page").tickets.len();
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

fn key(text: String) -> IdempotencyKey {
    IdempotencyKey::parse(&text).expect("letters and digits")
}
