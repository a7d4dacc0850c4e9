//! Webhooks out, by HTTPS to the hosts that the operator listed, each at the very address that was checked.

mod client;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use app::App;
use app::webhook::{Allowed, Due, Egress, Outcome};
use base::id::{CustomerId, WebhookId};
use serde::Deserialize;

pub use client::Client;

const SECOND: Duration = Duration::from_secs(1);
/// Deliveries under way at once; one for each webhook.
const WORKERS: usize = 8;
/// And for one customer, whose receivers may all hang.
const OF_A_CUSTOMER: usize = 2;
/// Webhooks looked at each second.
const LOOKED_AT: u32 = 200;
/// Deliveries of one webhook before the others have their turn.
const IN_A_ROW: u32 = 20;
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

/// The webhooks under way, and whose they are.
#[derive(Default)]
struct Busy(Mutex<HashMap<WebhookId, CustomerId>>);

impl Busy {
    fn lock(&self) -> MutexGuard<'_, HashMap<WebhookId, CustomerId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a webhook on, if nobody has it and its customer has no more than its share.
    fn take(&self, due: Due) -> bool {
        let mut busy = self.lock();
        let of_the_customer = busy.values().filter(|c| **c == due.customer).count();
        let may = busy.len() < WORKERS && of_the_customer < OF_A_CUSTOMER && !busy.contains_key(&due.webhook);
        if may {
            busy.insert(due.webhook, due.customer);
        }
        may
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
        let (stop, busy) = (Arc::<AtomicBool>::default(), Arc::<Busy>::default());
        let (given, taken) = mpsc::channel();
        let taken = Arc::new(Mutex::new(taken));
        for _ in 0..WORKERS {
            let (app, client) = (app.clone(), client.clone());
            let (taken, busy, stop) = (taken.clone(), busy.clone(), stop.clone());
            spawn("webhook", move || work(&app, &client, &taken, &busy, &stop))?;
        }
        let told = stop.clone();
        let dispatcher = spawn("webhooks", move || dispatch(&app, &given, &busy, &told))?;
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
fn dispatch(app: &App, given: &Sender<Due>, busy: &Busy, stop: &AtomicBool) {
    let (mut seconds, mut trouble) = (0_u32, None);
    while !stop.load(Ordering::SeqCst) {
        thread::sleep(SECOND);
        let mut done = app.webhooks_due(LOOKED_AT).map(|due| {
            for one in due {
                if busy.take(one) && given.send(one).is_err() {
                    return;
                }
            }
        });
        seconds = seconds.wrapping_add(1);
        if seconds.is_multiple_of(FORGET_EVERY) {
            done = done.and(app.forget_old_deliveries());
        }
        say(&mut trouble, done.err());
    }
}

fn work(app: &App, client: &Client, taken: &Mutex<Receiver<Due>>, busy: &Busy, stop: &AtomicBool) {
    let mut trouble = None;
    loop {
        let next = taken.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(due) = next else { return };
        // The store undoes a job that panics; nothing else is shared. The thread goes on.
        let done = catch_unwind(AssertUnwindSafe(|| deliver(app, client, due, stop)));
        busy.lock().remove(&due.webhook);
        match done {
            Ok(done) => say(&mut trouble, done.err()),
            Err(_) => tracing::error!("a webhook could not be sent: the program broke on it"),
        }
    }
}

/// Posts what waits for a webhook, in order, until something is not taken.
pub fn deliver(app: &App, client: &Client, due: Due, stop: &AtomicBool) -> app::Result<()> {
    for _ in 0..IN_A_ROW {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let Some(parcel) = app.next_parcel(due)? else { break };
        let begun = Instant::now();
        let outcome = client.post(&parcel);
        let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
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
    use uuid::Uuid;

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

    #[test]
    fn a_customer_whose_receivers_hang_leaves_room_for_the_others() {
        let busy = Busy::default();
        let due = |hook: u128, customer: u128| Due {
            webhook: WebhookId(Uuid::from_u128(hook)),
            customer: CustomerId(Uuid::from_u128(customer)),
        };
        assert!(busy.take(due(1, 1)));
        assert!(!busy.take(due(1, 1)), "one at a time for each webhook");
        assert!(busy.take(due(2, 1)));
        assert!(!busy.take(due(3, 1)));
        assert!(busy.take(due(4, 2)));
        busy.lock().remove(&WebhookId(Uuid::from_u128(1)));
        assert!(busy.take(due(3, 1)));
    }
}
