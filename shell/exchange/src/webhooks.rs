//! Webhooks out, by HTTPS to the hosts that the operator listed, each at the very address that was checked.

mod client;
mod turns;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use app::App;
use app::webhook::{Allowed, Due, Egress, Outcome};
use base::id::WebhookId;
use serde::Deserialize;

pub use client::Client;
use turns::{Turns, WORKERS};

const SECOND: Duration = Duration::from_secs(1);
/// Webhooks looked at each second: more than there are, so that those behind many that hang are seen.
const LOOKED_AT: u32 = 5_000;
/// Deliveries of one webhook before the others have their turn, and for how long it goes on.
const IN_A_ROW: u32 = 20;
const TURN: Duration = Duration::from_secs(10);
/// The host of a webhook is read again after so many seconds.
const HOSTS_EVERY: u32 = 60;
const FORGET_EVERY: u32 = 3600;

/// The file, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    pub egress: Egress,
    /// A file of PEM certificates to trust instead of this machine's.
    pub authority: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    authority: Option<PathBuf>,
    #[serde(default)]
    allow: Vec<AllowFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AllowFile {
    /// `hooks.exemple.fr`, `*.exemple.fr`, `http://127.0.0.1`.
    host: String,
    #[serde(default)]
    ports: Vec<u16>,
    /// Whether it may lie in a private network.
    #[serde(default)]
    private: bool,
    /// The customers whose webhooks may use it; all when it is absent.
    customers: Option<Vec<String>>,
}

impl AllowFile {
    fn read(self) -> Result<Allowed, String> {
        let allowed = Allowed::parse(&self.host, self.ports, self.private)?;
        match self.customers {
            None => Ok(allowed),
            Some(slugs) if slugs.is_empty() || slugs.iter().any(String::is_empty) => Err(format!(
                "host = \"{}\", customers = []: name the customers it is for, or leave customers out",
                self.host
            )),
            Some(slugs) => Ok(allowed.only_for(slugs)),
        }
    }
}

impl Config {
    /// Reads the file's text. The error is one sentence for whoever wrote it.
    pub fn parse(text: &str) -> Result<Config, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
        let allowed: Vec<_> = file.allow.into_iter().map(AllowFile::read).collect::<Result<_, _>>()?;
        if allowed.is_empty() {
            return Err("no [[allow]] with a host: nothing could leave".to_owned());
        }
        Ok(Config { egress: Egress { allowed }, authority: file.authority })
    }
}

/// Deliveries being carried; stopped when dropped. What is under way then is cut with the process, and sent
/// again after the next start, under the same identifier.
pub struct Courier {
    stop: Arc<AtomicBool>,
    dispatcher: Option<thread::JoinHandle<()>>,
}

impl Courier {
    /// Turns webhooks on as a file says, and begins to carry them. The error is one sentence for the
    /// operator.
    pub fn start(app: Arc<App>, config: &Config) -> Result<Courier, String> {
        let client = Arc::new(Client::new(config.authority.as_deref())?);
        say_unknown(&app, &config.egress);
        app.send_webhooks_to(config.egress.clone());
        let stale = app.drop_stale_deliveries().map_err(|e| e.to_string())?;
        if stale > 0 {
            tracing::warn!(
                "webhooks: {stale} deliveries had waited for more than three days and are not sent"
            );
        }
        let (stop, turns) = (Arc::<AtomicBool>::default(), Arc::<Turns>::default());
        let (given, taken) = mpsc::channel();
        let taken = Arc::new(Mutex::new(taken));
        for _ in 0..WORKERS {
            let (app, client) = (app.clone(), client.clone());
            let (taken, turns, stop) = (taken.clone(), turns.clone(), stop.clone());
            spawn("webhook", move || work(&app, &client, &taken, &turns, &stop))?;
        }
        let told = stop.clone();
        let dispatcher = spawn("webhooks", move || dispatch(&app, &given, &turns, &told))?;
        Ok(Courier { stop, dispatcher: Some(dispatcher) })
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Its end closes the channel: the workers end too, each after what it has under way.
        drop(self.dispatcher.take().map(thread::JoinHandle::join));
    }
}

/// Tells the operator of names that no customer has: they open nothing, until one has them.
fn say_unknown(app: &App, egress: &Egress) {
    for slug in egress.allowed.iter().flat_map(Allowed::customers) {
        if app.find_customer(slug).is_err() {
            tracing::warn!("webhooks: no customer is called {slug:?}");
        }
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<thread::JoinHandle<()>, String> {
    thread::Builder::new().name(name.into()).spawn(run).map_err(|e| e.to_string())
}

/// Hands out the webhooks that something waits for.
fn dispatch(app: &App, given: &Sender<Due>, turns: &Turns, stop: &AtomicBool) {
    let (mut seconds, mut trouble) = (0_u32, None);
    let mut hosts = HashMap::new();
    while !stop.load(Ordering::SeqCst) {
        thread::sleep(SECOND);
        let mut done = hand_out(app, given, turns, &mut hosts);
        seconds = seconds.wrapping_add(1);
        if seconds.is_multiple_of(HOSTS_EVERY) {
            hosts.clear();
        }
        if seconds.is_multiple_of(FORGET_EVERY) {
            done = done.and(app.forget_old_deliveries());
        }
        say(&mut trouble, done.err());
    }
}

fn hand_out(
    app: &App,
    given: &Sender<Due>,
    turns: &Turns,
    hosts: &mut HashMap<WebhookId, String>,
) -> app::Result<()> {
    if turns.is_full() {
        return Ok(());
    }
    let mut done = Ok(());
    for due in app.webhooks_due(LOOKED_AT)? {
        let host = match hosts.get(&due.webhook) {
            Some(host) => host,
            // One whose vault cannot be read is tried like the others, and says so.
            None => {
                let read = app.webhook_host(due);
                let host = read.as_ref().ok().cloned().flatten().unwrap_or_default();
                done = done.and(read.map(drop));
                hosts.entry(due.webhook).or_insert(host)
            }
        };
        if turns.take(due, host) && (given.send(due).is_err() || turns.is_full()) {
            break;
        }
    }
    done
}

fn work(app: &App, client: &Client, taken: &Mutex<Receiver<Due>>, turns: &Turns, stop: &AtomicBool) {
    let mut trouble = None;
    loop {
        let next = taken.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(due) = next else { return };
        // The store undoes a job that panics; nothing else is shared. The thread goes on.
        let mut longest = None;
        let done = catch_unwind(AssertUnwindSafe(|| take_turn(app, client, due, stop, &mut longest)));
        turns.end(due.webhook, longest, Instant::now());
        match done {
            Ok(done) => say(&mut trouble, done.err()),
            Err(_) => tracing::error!("a webhook could not be sent: the program broke on it"),
        }
    }
}

/// Posts what waits for a webhook, in order, until something is not taken.
pub fn deliver(app: &App, client: &Client, due: Due, stop: &AtomicBool) -> app::Result<()> {
    take_turn(app, client, due, stop, &mut None)
}

/// As [`deliver`], until the others have their turn; `longest` is the time that the slowest post took.
fn take_turn(
    app: &App,
    client: &Client,
    due: Due,
    stop: &AtomicBool,
    longest: &mut Option<Duration>,
) -> app::Result<()> {
    let since = Instant::now();
    for _ in 0..IN_A_ROW {
        if stop.load(Ordering::SeqCst) || since.elapsed() >= TURN {
            break;
        }
        let Some(parcel) = app.next_parcel(due)? else { break };
        let begun = Instant::now();
        let outcome = client.post(&parcel);
        let took = begun.elapsed();
        *longest = (*longest).max(Some(took));
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        app.parcel_ended(parcel.delivery, outcome, millis)?;
        if !matches!(outcome, Outcome::Answered(200..=299)) {
            break;
        }
    }
    Ok(())
}

/// Says a trouble once, until it changes.
fn say(said: &mut Option<String>, trouble: Option<app::AppError>) {
    let text = trouble.map(|e| match e {
        // Its cause was logged with its reference.
        app::AppError::Fault { .. } => "internal error".to_owned(),
        other => other.to_string(),
    });
    if let Some(text) = text.as_ref().filter(|text| said.as_ref() != Some(text)) {
        tracing::warn!("webhooks: {text}");
    }
    *said = text;
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::webhook::{Network, Whose};
    use events::Side;

    #[test]
    fn a_file_lists_hosts_and_nothing_else() {
        let config = Config::parse(
            "[[allow]]\nhost = \"*.client.example\"\nports = [443, 8443]\n\
             [[allow]]\nhost = \"http://127.0.0.1\"\nports = [9000]\nprivate = true\n\
             [[allow]]\nhost = \"a.fr\"\nprivate = true\ncustomers = [\"garonne\"]\n",
        );
        let egress = config.unwrap().egress;
        let reached = |url: &str, customer, side| egress.target(url, Whose { customer, side });
        let ours = |url: &str| reached(url, "garonne", Side::Provider);
        assert!(ours("https://a.client.example:8443/").is_ok());
        assert!(matches!(ours("http://127.0.0.1:9000/").unwrap().network, Network::Literal(_)));
        assert!(reached("http://127.0.0.1:9000/", "garonne", Side::Customer).is_err());
        assert!(ours("https://client.example/").is_err());
        assert!(reached("https://a.fr/", "garonne", Side::Customer).is_ok());
        assert!(reached("https://a.fr/", "lumen", Side::Provider).is_err());
        let nobody = Config::parse("[[allow]]\nhost = \"a.fr\"\ncustomers = []");
        assert!(nobody.unwrap_err().contains("customers"), "not everybody");
        assert!(Config::parse("").unwrap_err().contains("allow"));
        assert!(Config::parse("[[allow]]\nhost = \"*\"").unwrap_err().contains("host"));
        assert!(Config::parse("[[allow]]\nhost = \"a.fr\"\nprivee = true").is_err());
    }
}
