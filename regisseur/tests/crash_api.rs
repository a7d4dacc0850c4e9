//! `kill -9` of the server while tickets are created through the API: what was acknowledged is there
//! once, a retry creates nothing and answers the same, and the journal verifies.

mod common;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use app::accounts::NewAccount;
use app::customer::NewCustomer;
use app::{Act, App, Role, Settings};
use common::{err, folder, out, regisseur};
use serde_json::{Value, json};

const ROUNDS: u64 = 8;
const CLIENTS: usize = 4;
const TICKETS: &str = "/api/v1/customers/conserverie/tickets";

/// What each idempotency key became: the ticket's number once the server has acknowledged it.
type Sent = BTreeMap<String, Option<u64>>;

#[test]
fn what_was_acknowledged_survives_kill_9_once() {
    let data = folder("crash-api");
    let token = prepare(&data);
    let seed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
    println!("seed {seed}");
    let mut chance = Chance(seed | 1);
    let mut sent = Sent::new();
    let mut cut = 0;

    for round in 0..ROUNDS {
        let server = Server::start(&data, &token);
        if round > 0 {
            retry(&server, &mut sent);
        }
        let before = sent.len();
        let fresh = create_until_killed(server, round, Duration::from_millis(20 + chance.below(280)));
        cut += fresh.values().filter(|number| number.is_none()).count();
        sent.extend(fresh);
        assert!(sent.len() > before, "round {round} sent nothing");
    }

    let server = Server::start(&data, &token);
    retry(&server, &mut sent);
    let there = listed(&server);
    // Again, every one of them: nothing is created, and each is told the same.
    retry(&server, &mut sent);
    assert_eq!(listed(&server), there, "a retry created something");

    let mut acknowledged: Vec<(u64, String)> =
        sent.iter().map(|(key, number)| (number.expect("retried until acknowledged"), key.clone())).collect();
    acknowledged.sort();
    assert_eq!(there, acknowledged, "each acknowledged ticket is there, once, and no other");
    println!("{} tickets, {cut} requests cut short by the kills", there.len());

    // Beside the running server, then after one more kill.
    for _ in 0..2 {
        let verified = regisseur(&["journal", "verify", "--data", data.to_str().unwrap()]);
        assert_eq!(verified.status.code(), Some(0), "{}{}", out(&verified), err(&verified));
        server.kill();
    }
}

/// A data folder with a small contract that runs whatever today is; gives a technician's token.
fn prepare(data: &Path) -> String {
    let contract = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../contracts/minimal.md");
    let text = std::fs::read_to_string(contract).unwrap();
    let text = text.replacen("start = 2026-03-01", "start = 2020-01-01", 1);

    let app = App::open(data, Settings::real("localhost")).unwrap();
    let account = |role: Role, customer| {
        let email = format!("{}@test.example", role.key());
        let password = "une phrase assez longue";
        let name = "Quelqu'un";
        // Staff without one could do nothing once the folder is served.
        let totp_secret = role.is_provider().then_some("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
        let new = NewAccount { email: &email, name, password, role, customer, totp_secret };
        app.principal(app.add_account(&new).unwrap()).unwrap()
    };
    let admin = account(Role::ProviderAdmin, None);
    let new = NewCustomer { slug: "conserverie".into(), name: "Conserverie de Sologne SAS".into() };
    let customer = app.create_customer(&admin.permit_instance(Act::CreateCustomer).unwrap(), &new).unwrap();
    let manager = account(Role::CustomerManager, Some(customer));
    let [ours, theirs] = [&admin, &manager].map(|p| p.permit(Act::SignContract, customer).unwrap());
    app.sign_contract(&ours, &theirs, "contracts/minimal.md", &text).unwrap();
    app.add_token(admin.account, "crash").unwrap()
}

/// Clients create tickets, one after the other each, until the server dies under them.
fn create_until_killed(server: Server, round: u64, life: Duration) -> Sent {
    let sent = Mutex::new(Sent::new());
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (server, sent) = (&server, &sent);
            scope.spawn(move || {
                for n in 0.. {
                    let key = format!("r{round}-c{client}-n{n}");
                    // Written down before it is sent: the server may die between the two.
                    sent.lock().unwrap().insert(key.clone(), None);
                    let Some(number) = server.create(&key) else { return };
                    sent.lock().unwrap().insert(key, Some(number));
                }
            });
        }
        thread::sleep(life);
        server.kill();
    });
    sent.into_inner().unwrap()
}

/// Asks again for everything with the same keys: what was acknowledged must answer the same number.
fn retry(server: &Server, sent: &mut Sent) {
    for (key, number) in sent {
        let again = server.create(key).expect("the server is up");
        assert_eq!(*number.get_or_insert(again), again, "{key} was acknowledged under another number");
    }
}

/// Every ticket: its number and its title, which is its key.
fn listed(server: &Server) -> Vec<(u64, String)> {
    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let (status, page) = server.ask("GET", &format!("{TICKETS}?limit=200{after}"), &[], None).unwrap();
        assert_eq!(status, 200, "{page}");
        for item in page["items"].as_array().unwrap() {
            all.push((item["number"].as_u64().unwrap(), item["title"].as_str().unwrap().to_owned()));
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    all.sort();
    all
}

/// The real binary, serving.
struct Server {
    child: Mutex<Child>,
    address: String,
    token: String,
}

impl Server {
    fn start(data: &Path, token: &str) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_regisseur"))
            .args(["serve", "--listen", "127.0.0.1:0", "--lang", "en", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.split("localhost:").nth(1).and_then(|rest| rest.split(' ').next());
        let address = format!("127.0.0.1:{}", port.unwrap_or_else(|| panic!("no address in « {line} »")));
        let server = Server { child: Mutex::new(child), address, token: token.to_owned() };
        let deadline = Instant::now() + Duration::from_secs(10);
        while !matches!(server.ask("GET", "/healthz", &[], None), Some((200, _))) {
            assert!(Instant::now() < deadline, "the server does not answer on {}", server.address);
            thread::sleep(Duration::from_millis(10));
        }
        server
    }

    /// SIGKILL: nothing of the process runs after it.
    fn kill(&self) {
        let mut child = self.child.lock().unwrap();
        let _ = child.kill();
        child.wait().unwrap();
    }

    /// Opens a ticket titled by its key; `None` when the server died before it answered.
    fn create(&self, key: &str) -> Option<u64> {
        let body = json!({ "title": key, "item_class": "workstation" }).to_string();
        let (status, answer) = self.ask("POST", TICKETS, &[("Idempotency-Key", key)], Some(&body))?;
        assert_eq!(status, 201, "{key}: {answer}");
        Some(answer["number"].as_u64().unwrap())
    }

    /// One request on a connection of its own: status and body, if a whole answer came.
    fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Option<(u16, Value)> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n",
            self.address, self.token
        );
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        let body = body.unwrap_or_default();
        if !body.is_empty() {
            request += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        }
        stream.write_all(format!("{request}\r\n{body}").as_bytes()).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let text = String::from_utf8(answer).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let length = head.lines().find_map(|line| {
            line.to_lowercase().strip_prefix("content-length:").map(|n| n.trim().to_owned())
        });
        // An answer cut short by the kill acknowledges nothing.
        if length.and_then(|n| n.parse::<usize>().ok()) != Some(body.len()) {
            return None;
        }
        Some((status, serde_json::from_str(body).unwrap_or(Value::Null)))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A xorshift: enough to kill at another moment each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
