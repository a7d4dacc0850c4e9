//! The demonstration and the server, as a script sees them.

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::{err, folder, out, regisseur};
use serde_json::Value;

fn card(data: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(data.join("demo.json")).unwrap()).unwrap()
}

/// A server under test; killed if a test fails before stopping it.
struct Server(Child, String);

impl Server {
    fn start(args: &[&str]) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_regisseur"))
            .args(args)
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines.find_map(|l| {
            l.unwrap().split_whitespace().find(|w| w.starts_with("http://")).map(str::to_owned)
        });
        Server(child, url.expect("the server printed its address"))
    }

    fn get(&self, path: &str) -> String {
        let port = self.1.rsplit(':').next().unwrap();
        let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn stop(mut self) {
        let pid = rustix::process::Pid::from_child(&self.0);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        let asked = Instant::now();
        assert!(self.0.wait().unwrap().success(), "a server told to stop ends well");
        assert!(asked.elapsed() < Duration::from_secs(5));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

#[test]
fn prepared_once_then_served_verified_and_listed() {
    let dir = folder("demo");
    let data = dir.to_str().unwrap();
    let first = regisseur(&["demo", "--data", data, "--prepare-only"]);
    assert_eq!(first.status.code(), Some(0), "{}", err(&first));
    let prepared = card(&dir);
    assert_eq!(prepared["customers"][0]["slug"], "ateliers-garonne");
    assert_eq!(prepared["accounts"][0]["role"], "provider_admin");
    assert_eq!(prepared["accounts"][0]["customer"], Value::Null);
    assert!(prepared["accounts"].as_array().unwrap().iter().any(|a| a["customer"] == "ateliers-garonne"));

    // A technician of one customer, for whom the others do not exist.
    let of_one = prepared["accounts"].as_array().unwrap().iter();
    let of_one = of_one.filter(|a| a["role"] == "technician" && a["customer"] == "lumen-edition");
    let emails: Vec<&str> = of_one.map(|a| a["email"].as_str().unwrap()).collect();
    assert_eq!(emails, ["yanis.haddad@hexa-services.example"]);
    let boss = prepared["accounts"][0]["email"].as_str().unwrap();
    let held = |slug: &str| {
        let asked = ["account", "roles", "--data", data, "--customer", slug, "--by", boss, "--json"];
        let listed: Value = serde_json::from_slice(&regisseur(&asked).stdout).unwrap();
        let lines = listed["people"].as_array().unwrap().iter().filter(|line| line["email"] == emails[0]);
        lines
            .filter(|line| line["ended"].is_null())
            .map(|line| line["every_customer"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(held("ateliers-garonne"), Vec::<Value>::new());
    assert_eq!(held("lumen-edition"), [false]);

    let again = regisseur(&["demo", "--data", data, "--prepare-only", "--json"]);
    assert_eq!((again.status.code(), err(&again)), (Some(0), ""), "prepared once");
    assert_eq!(serde_json::from_slice::<Value>(&again.stdout).unwrap(), prepared);

    // Every clock of the replayed life is what the contracts give.
    let clocks = regisseur(&["clock", "recompute", "--data", data, "--every", "--json"]);
    let worked: Value = serde_json::from_slice(&clocks.stdout).unwrap();
    assert_eq!(clocks.status.code(), Some(0), "{worked}");
    assert!(worked[0]["clocks"].as_u64().unwrap() > 100, "{worked}");

    let listed = regisseur(&["customer", "list", "--data", data, "--json"]);
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed[0]["id"], prepared["customers"][0]["id"]);

    let server = Server::start(&["demo", "--data", data]);
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200"));
    assert_eq!(card(&dir)["listen"].as_str().unwrap().replace("127.0.0.1", "http://localhost"), server.1);
    // Beside the running server.
    let verified = regisseur(&["journal", "verify", "--data", data, "--json"]);
    assert_eq!(verified.status.code(), Some(0), "{}", out(&verified));
    let verified: Value = serde_json::from_slice(&verified.stdout).unwrap();
    assert_eq!((&verified["sound"], verified["logs"].as_array().unwrap().len()), (&Value::Bool(true), 4));
    let taken = regisseur(&["serve", "--data", data, "--listen", "127.0.0.1:0"]);
    assert_eq!(taken.status.code(), Some(1), "the folder belongs to one process");
    server.stop();

    let started = Instant::now();
    let server = Server::start(&["serve", "--data", data]);
    println!("an existing folder is served after {:?}", started.elapsed());
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200"));
    server.stop();
}

#[test]
fn what_cannot_be_served_or_read_is_said_plainly() {
    let away = regisseur(&["serve", "--data", "/tmp/none", "--listen", "0.0.0.0:8080"]);
    assert_eq!((away.status.code(), out(&away)), (Some(1), ""));
    assert!(err(&away).contains("boucle locale"), "{}", err(&away));
    assert!(!Path::new("/tmp/none").exists(), "nothing was made");

    let dir = folder("empty");
    let none = regisseur(&["customer", "list", "--data", dir.to_str().unwrap(), "--json", "--lang", "en"]);
    assert_eq!((none.status.code(), err(&none)), (Some(1), ""));
    let none: Value = serde_json::from_slice(&none.stdout).unwrap();
    assert_eq!(none["code"], "data");
    assert!(none["message"].as_str().unwrap().contains("not a data folder"));
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 0);
}
