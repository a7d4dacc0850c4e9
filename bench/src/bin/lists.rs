//! A hundred customers, one with a hundred thousand tickets, as pages: time, weight, and what creating costs.
//!
//! `cargo run --release -p bench --bin lists [TICKETS [CUSTOMERS [FOLDER]]]`
//!
//! The whole server but its socket: the router, vaults on disk in a folder of the system's temporary
//! place, the journal. One ticket in twenty stays open, one in five is taken over by the technician who
//! reads. Each other customer has ten, all open. A FOLDER is kept, so that the program itself may serve it, and
//! only read when it is there already.
//! Targets at 100 000: a list under 10 ms at the median and 30 ms at the 99th centile, whatever the
//! page; a page under 60 KB; a ticket created for under a millisecond of processor; a search under 50 ms.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::Act;
use app::ticket::{OpenTicket, StepCommand};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use bench::ground::{Ground, PASSWORD, key};
use tower::ServiceExt;

const WHAT: [&str; 12] = [
    "Imprimante",
    "Poste",
    "Serveur",
    "Messagerie",
    "Sauvegarde",
    "Accès",
    "Compte",
    "Réseau",
    "Téléphone",
    "Logiciel",
    "Session",
    "Partage",
];
const WRONG: [&str; 8] =
    ["en panne", "très lent", "bloqué", "refusé", "à déplacer", "à installer", "ne répond plus", "perdu"];
/// How many times each page is asked for.
const TIMES: usize = 200;

fn main() {
    let number = |at, absent| std::env::args().nth(at).and_then(|n| n.parse().ok()).unwrap_or(absent);
    let (tickets, customers) = (number(1, 100_000), u32::try_from(number(2, 100)).unwrap_or(u32::MAX));
    let kept = std::env::args().nth(3).map(PathBuf::from);
    let passing = std::env::temp_dir().join(format!("regisseur-lists-{}", std::process::id()));
    let folder = kept.clone().unwrap_or(passing);
    let ground =
        if folder.exists() { Lists(Ground::kept(&folder)) } else { made(&folder, tickets, customers) };
    let (began, worked) = (Instant::now(), processor());
    ground.0.app.mark_all_dirty().expect("vaults that open");
    ground.0.app.pump().expect("vaults that open");
    println!(
        "the desk caught up   {:>9.1} s    {:.1} s of processor; {:.1} MiB resident",
        began.elapsed().as_secs_f64(),
        (processor() - worked).as_secs_f64(),
        resident()
    );
    ground.read(tickets);
    println!("{:.1} MiB resident after all this", resident());
    drop(ground);
    if kept.is_some() {
        println!("kept in {}", folder.display());
    } else if let Err(error) = std::fs::remove_dir_all(&folder) {
        eprintln!("{}: {error}", folder.display());
    }
}

fn made(folder: &Path, tickets: u64, customers: u32) -> Lists {
    let ground = Lists(Ground::new(folder));
    let began = Instant::now();
    ground.0.neighbours(customers.saturating_sub(1), 10);
    println!(
        "{customers} customers in {:.1} s; {:.1} MiB resident",
        began.elapsed().as_secs_f64(),
        resident()
    );
    let vault = folder.join("vaults").join("garonne");
    let before = disk(&vault);
    assert!(before > 0, "{} holds nothing", vault.display());
    ground.fill(tickets);
    let each = (disk(&vault) - before) as f64 / 1024.0 / tickets as f64;
    println!("disk                 {each:>9.2} KiB a ticket, most of them worked on and closed");
    ground
}

struct Lists(Ground);

impl Lists {
    /// Opens them eight at a time, the clock a minute later every sixteen; then most are worked on.
    fn fill(&self, tickets: u64) {
        let mut next = 1;
        for (at_once, share) in [(1, 20), (4, 20), (8, 1)] {
            let until = (next + tickets / share).min(tickets + 1);
            let (began, worked) = (Instant::now(), processor());
            self.each(next, until, at_once, |n| self.open(n));
            let count = (until - next) as f64;
            let (wall, cpu) = (began.elapsed().as_secs_f64(), (processor() - worked).as_secs_f64());
            println!(
                "create, {at_once} at once      {:>9.0} /s   {:>6.2} ms of processor each",
                count / wall,
                cpu * 1e3 / count
            );
            next = until;
        }
        let (began, worked) = (Instant::now(), processor());
        let done = self.0.app.recompute_clocks(None, false).expect("contract A compiles");
        let (clocks, different) = done.iter().fold((0, 0), |(n, d), one| (n + one.clocks, d + one.different));
        println!(
            "clocks worked out    {:>9.2} s    {:.2} s of processor; {clocks} of open tickets, {different} not as kept",
            began.elapsed().as_secs_f64(),
            (processor() - worked).as_secs_f64()
        );
        let later = "2027-03-01T08:00:00Z".parse().expect("an instant");
        self.0.clock.move_to(later);
        let began = Instant::now();
        self.each(1, tickets + 1, 8, |n| self.work(n));
        println!("work on them         {:>9.1} s", began.elapsed().as_secs_f64());
    }

    fn each(&self, from: u64, until: u64, at_once: u64, act: impl Fn(u64) + Sync) {
        std::thread::scope(|scope| {
            for thread in 0..at_once {
                let act = &act;
                scope.spawn(move || (from + thread..until).step_by(at_once as usize).for_each(act));
            }
        });
    }

    fn open(&self, n: u64) {
        if n.is_multiple_of(16) {
            let minutes = jiff::SignedDuration::from_mins(1);
            self.0.clock.move_to(self.0.app.now() + minutes);
        }
        let of = |list: &[&str], by: u64| list[(n / by % list.len() as u64) as usize].to_owned();
        let ask = OpenTicket {
            title: format!("{} {} {n}", of(&WHAT, 1), of(&WRONG, 12)),
            description: "Depuis ce matin, pour plusieurs personnes de l'atelier.".to_owned(),
            kind: Some(if n.is_multiple_of(3) { "service_request" } else { "incident" }.to_owned()),
            priority: Some(of(&["P1", "P2", "P3", "P4"], 7)),
            item: n.is_multiple_of(10).then(|| "srv-erp".to_owned()),
            ..OpenTicket::default()
        };
        let permit = self.0.user.permit(Act::OpenTicket, self.0.customer).expect("a user's right");
        self.0.app.open_ticket(&permit, &key(format!("o{n}")), &ask).expect("contract A takes it in");
    }

    fn work(&self, n: u64) {
        let step = |name: &str, command: StepCommand| {
            let permit =
                self.0.technician.permit(command.act(), self.0.customer).expect("a technician's right");
            let key = key(format!("{name}{n}"));
            self.0.app.step_ticket(&permit, &key, n, &command, None).expect("a step that is allowed");
        };
        if n.is_multiple_of(5) {
            step("t", StepCommand::TakeOver);
        }
        if !n.is_multiple_of(20) {
            step("r", StepCommand::Resolve { note: "Fait.".to_owned(), diagnosis: Some("Vu.".to_owned()) });
        }
    }

    fn read(&self, tickets: u64) {
        let web =
            web::http::Web { app: self.0.app.clone(), demo: Vec::new(), demo_clock: false, printer: None };
        let router = web::router(Arc::new(web));
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads");
        runtime.block_on(async {
            let cookie = sign_in(&router, "technique%40exemple.fr").await;
            let manager = sign_in(&router, "contact%40exemple.fr").await;
            let theirs = sign_in(&router, "fabre%40garonne.fr").await;
            let decides = sign_in(&router, "direction%40garonne.fr").await;
            let list = "/c/garonne/tickets";
            let deep = format!("{list}?after=t{}", tickets / 50);
            let rare = format!("{list}?kind=service_request&priority=P1&item=srv-erp&state=new");
            let asked = [
                ("list", list.to_owned()),
                ("list, deep page", deep),
                ("open", format!("{list}?state=open")),
                ("late", format!("{list}?state=late")),
                ("resolved", format!("{list}?state=resolved")),
                ("priority", format!("{list}?priority=P1")),
                ("kind and priority", format!("{list}?kind=incident&priority=P2")),
                ("item", format!("{list}?item=srv-erp")),
                ("mine", format!("{list}?mine=1")),
                ("mine, open", format!("{list}?mine=1&state=open")),
                ("four filters", rare),
                ("search, a word", format!("{list}?q=imprimante")),
                ("search, two letters", format!("{list}?q=se")),
                ("search, two words", format!("{list}?q=serveur+perdu")),
                ("search, filtered", format!("{list}?q=poste&state=open")),
                ("desk", "/?show=all".to_owned()),
                ("desk, mine", "/?show=mine".to_owned()),
                ("desk, late", "/?show=late".to_owned()),
                ("team", "/team".to_owned()),
                ("ticket", format!("{list}/{}", tickets / 20 * 20)),
                ("ticket, closed", format!("{list}/{}", tickets / 2 + 1)),
                ("new ticket", format!("{list}/new")),
                ("search everywhere", "/search?q=imprimante+bloq".to_owned()),
            ];
            let portal = [
                ("portal, first page", "/c/garonne".to_owned()),
                ("portal, list", list.to_owned()),
                ("portal, deep page", format!("{list}?after=t{}", tickets / 50)),
                ("portal, ticket", format!("{list}/{}", tickets / 20 * 20)),
                ("portal, search", format!("{list}?q=imprimante")),
            ];
            println!("{:<22}{:>9}{:>9}{:>9}{:>9}", "", "p50 ms", "p99 ms", "CPU ms", "KB");
            let settled =
                [("desk, a manager's", "/?show=all".to_owned()), ("team, a manager's", "/team".to_owned())];
            let answered = [("portal, a manager's", "/c/garonne".to_owned())];
            let of = |asked, cookie| std::iter::zip(asked, std::iter::repeat(cookie));
            let ours = of(&asked[..], &cookie).chain(of(&settled[..], &manager));
            let all = ours.chain(of(&portal[..], &theirs)).chain(of(&answered[..], &decides));
            for ((name, path), cookie) in all {
                let mut taken = Vec::with_capacity(TIMES);
                let mut weight = 0;
                let worked = processor();
                for _ in 0..TIMES {
                    let began = Instant::now();
                    weight = get(&router, path, cookie).await;
                    taken.push(began.elapsed());
                }
                let cpu = (processor() - worked).as_secs_f64() * 1e3 / TIMES as f64;
                taken.sort_unstable();
                let at = |share: usize| taken[TIMES * share / 100].as_secs_f64() * 1e3;
                println!(
                    "{name:<22}{:>9.1}{:>9.1}{cpu:>9.1}{:>9.1}",
                    at(50),
                    at(99),
                    f64::from(weight) / 1e3
                );
            }
            let began = Instant::now();
            let weight = get(&router, &format!("{list}.csv"), &cookie).await;
            let seconds = began.elapsed().as_secs_f64();
            println!("the list as a file    {seconds:>9.1} s {:>9.1} MB", f64::from(weight) / 1e6);
        });
    }
}

async fn sign_in(router: &Router, email: &str) -> String {
    let body = format!("email={email}&password={}", PASSWORD.replace(' ', "+"));
    let request = Request::post("/sign-in")
        .header(HOST, "localhost")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .expect("a request");
    let answer = router.clone().oneshot(request).await.expect("an answer");
    let cookies = answer.headers().get_all(SET_COOKIE).iter().filter_map(|c| c.to_str().ok());
    let session = cookies.filter_map(|c| c.split(';').next()).find(|c| c.starts_with("__Host-"));
    session.expect("a session").to_owned()
}

/// The weight of a page, in bytes.
async fn get(router: &Router, path: &str, cookie: &str) -> u32 {
    let request = Request::get(path).header(HOST, "localhost").header(COOKIE, cookie);
    let request = request.body(Body::empty()).expect("a request");
    let answer = router.clone().oneshot(request).await.expect("an answer");
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    let body = to_bytes(answer.into_body(), usize::MAX).await.expect("the whole answer");
    u32::try_from(body.len()).unwrap_or(u32::MAX)
}

/// What the process has used of the processor, user and system; zero where Linux does not tell.
fn processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name, which is in brackets and may hold spaces: fields 14 and 15, in hundredths (USER_HZ).
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|f| f.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// What a folder takes of the disk, in bytes: the blocks of its files, those of the write-ahead log too.
fn disk(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let of = |path: &Path| path.metadata().map_or(0, |m| m.blocks() * 512);
    let paths = entries.flatten().map(|entry| entry.path());
    paths.map(|path| if path.is_dir() { disk(&path) } else { of(&path) }).sum()
}

/// What the process holds of the memory, in MiB; zero where Linux does not tell.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(0.0) / 1024.0
}
