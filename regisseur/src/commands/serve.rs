//! `regisseur serve`: the whole product in one process, until it is told to stop.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::printer::printer;
use super::{HOST, mail};
use crate::cli;
use crate::output::{Failure, Report, to_out};
use app::{App, Settings};
use axum::serve::ListenerExt;
use tokio::signal::unix::{SignalKind, signal};
use web::http::{DemoAccount, Front, Web};

/// Threads that answer requests; use cases run on the blocking ones.
const WORKERS: usize = 2;
const BLOCKING: usize = 16;

/// How long requests under way may take once we are told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(5);

const CHECKPOINTS_EVERY: u32 = 15;
/// Seconds between two looks for planned tickets whose date has come.
const PLANS_EVERY: u32 = 10;
/// Seconds between two looks for idempotency keys that may be forgotten and files that nothing names.
const KEYS_EVERY: u32 = 3600;
/// Seconds between two looks at what is due soon.
const DUE_EVERY: u32 = 60;

pub fn run(asked: &cli::Serve) -> Result<Report, Failure> {
    log_to_stderr();
    let listener = listen(asked.listen)?;
    let app = App::open(&asked.data, Settings::real(HOST))?;
    let app = Arc::new(app);
    let _post = asked.mail.as_deref().map(|file| post(app.clone(), file)).transpose()?;
    if let Some(file) = asked.sign_in.as_deref() {
        sign_in(&app, file)?;
    }
    let _courier = asked.webhooks.as_deref().map(|file| courier(app.clone(), file)).transpose()?;
    let web = Web { app, demo: Vec::<DemoAccount>::new(), demo_clock: false, printer: Some(printer()) };
    let lang: base::Lang = asked.shown.lang.into();
    to_out(&announce(&listener, &asked.data, lang));
    let front = Front { names: asked.names.clone(), behind_proxy: asked.behind_proxy };
    until_told_to_stop(web, listener, front)?;
    Ok(Report::default())
}

/// Begins to carry mail as a file says.
pub fn post(app: Arc<App>, file: &Path) -> Result<exchange::Post, Failure> {
    let config = mail::config(file, |name| std::env::var(name).ok())?;
    exchange::Post::start(app, &config).map_err(|e| mail::wrong(file, &e))
}

/// Begins to send webhooks to the hosts that a file lists.
fn courier(app: Arc<App>, file: &Path) -> Result<exchange::webhooks::Courier, Failure> {
    let wrong = |why: &str| {
        let place = file.display();
        Failure::new(
            "webhooks",
            format!("webhooks, {place}\u{a0}: {why}"),
            format!("webhooks, {place}: {why}"),
        )
    };
    let text = std::fs::read_to_string(file).map_err(|e| wrong(&e.to_string()))?;
    let config = exchange::webhooks::Config::parse(&text).map_err(|e| wrong(&e))?;
    exchange::webhooks::Courier::start(app, &config).map_err(|e| wrong(&e))
}

/// Lets people in through others, as a file says.
fn sign_in(app: &App, file: &Path) -> Result<(), Failure> {
    let wrong = |why: &str| {
        let place = file.display();
        Failure::new("sign_in", format!("connexion, {place} : {why}"), format!("sign-in, {place}: {why}"))
    };
    let text = std::fs::read_to_string(file).map_err(|e| wrong(&e.to_string()))?;
    exchange::sign_in::open(app, &text, |name| std::env::var(name).ok()).map_err(|e| wrong(&e))
}

fn announce(listener: &TcpListener, data: &Path, lang: base::Lang) -> String {
    let (url, data) = (url(listener), data.display());
    lang.t(format!("{url} sert {data}\n"), format!("{url} serves {data}\n"))
}

/// The address a person opens: a name, since passkeys and cookies need one.
pub fn url(listener: &TcpListener) -> String {
    match listener.local_addr() {
        Ok(at) if at.ip() == std::net::Ipv4Addr::LOCALHOST => format!("http://localhost:{}", at.port()),
        Ok(at) => format!("http://{at}"),
        Err(_) => String::new(),
    }
}

/// Takes the address. Plain HTTP is only for this machine: elsewhere the cookies would not be kept
/// secret, and a browser would refuse them.
pub fn listen(at: SocketAddr) -> Result<TcpListener, Failure> {
    if !at.ip().is_loopback() {
        return Err(Failure::new(
            "listen",
            format!(
                "{at} n'est pas une adresse de boucle locale : le http simple n'est servi que sur \
                 cette machine. Écoutez sur 127.0.0.1:{} et placez devant un mandataire TLS.",
                at.port()
            ),
            format!(
                "{at} is not a loopback address: plain http is only served on this machine. \
                 Listen on 127.0.0.1:{} and put a TLS proxy in front.",
                at.port()
            ),
        ));
    }
    let taken = |e: std::io::Error| {
        Failure::new(
            "listen",
            format!("impossible d'écouter sur {at} : {e}. Choisissez un autre port avec --listen."),
            format!("cannot listen on {at}: {e}. Choose another port with --listen."),
        )
    };
    let listener = TcpListener::bind(at).map_err(taken)?;
    listener.set_nonblocking(true).map_err(taken)?;
    Ok(listener)
}

/// Serves until SIGINT or SIGTERM, then lets the requests under way end.
pub fn until_told_to_stop(web: Web, listener: TcpListener, front: Front) -> Result<(), Failure> {
    let failed = |e: std::io::Error| Failure::io("serve", "serve", &e);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .max_blocking_threads(BLOCKING)
        .enable_all()
        .build()
        .map_err(failed)?;
    let (upkeep, imports) =
        (Upkeep::start(web.app.clone()).map_err(failed)?, Imports::start(web.app.clone()).map_err(failed)?);
    let served = runtime.block_on(async move {
        let (mut interrupted, mut terminated) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let (told, heard) = tokio::sync::oneshot::channel::<()>();
        let listener = tokio::net::TcpListener::from_std(listener)?.tap_io(|tcp| drop(tcp.set_nodelay(true)));
        let app = web.app.clone();
        let site = front.before(web::router(Arc::new(web)));
        // Sign-in counts its failures by address too.
        let site = site.into_make_service_with_connect_info::<SocketAddr>();
        let server = axum::serve(listener, site).with_graceful_shutdown(async { drop(heard.await) });
        let server = tokio::spawn(server.into_future());
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
        // Streams last as long as their sessions: nothing waits for them.
        app.end_news();
        let _ = told.send(());
        match tokio::time::timeout(LAST_REQUESTS, server).await {
            Ok(Ok(ended)) => ended,
            // A connection that would not end: what it committed is safe, what it did not is not ours to keep.
            Ok(Err(_)) | Err(_) => Ok(()),
        }
    });
    upkeep.stop();
    imports.stop();
    runtime.shutdown_timeout(LAST_REQUESTS);
    served.map_err(failed)
}

/// The thread that carries the vaults' messages to the desk, and their checkpoints to the instance's log.
struct Upkeep {
    told: mpsc::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Upkeep {
    fn start(app: Arc<App>) -> std::io::Result<Upkeep> {
        let (told, heard) = mpsc::channel();
        let thread = thread::Builder::new().name("upkeep".into()).spawn(move || {
            // A process that was killed may have left messages on the way.
            let (mut wrong, mut wrong_notes) = (Complaint::default(), Complaint::default());
            let (mut wrong_keys, mut wrong_files) = (Complaint::default(), Complaint::default());
            let (mut wrong_acts, mut wrong_plans) = (Complaint::default(), Complaint::default());
            let mut wrong_told = Complaint::default();
            wrong.of(app.mark_all_dirty());
            let mut seconds = 0_u32;
            while heard.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                wrong.of(app.pump());
                wrong_acts.of(app.keep_notices());
                seconds = seconds.wrapping_add(1);
                if seconds.is_multiple_of(PLANS_EVERY) {
                    wrong_plans.of(app.open_planned());
                }
                if seconds.is_multiple_of(DUE_EVERY) {
                    wrong_told.of(app.tell_what_is_due_soon().and(app.tell_what_escalates()));
                }
                if seconds.is_multiple_of(KEYS_EVERY) {
                    wrong_told.of(app.forget_old_notifications());
                    wrong_keys.of(app.forget_old_keys());
                    wrong_files.of(app.sweep_files().map(drop));
                }
                if seconds.is_multiple_of(CHECKPOINTS_EVERY) {
                    wrong_notes.of(app.note_checkpoints());
                }
            }
            // The last requests have ended: what they told is kept before we go.
            wrong_acts.of(app.keep_notices());
        })?;
        Ok(Upkeep { told, thread })
    }

    fn stop(self) {
        let _ = self.told.send(());
        let _ = self.thread.join();
    }
}

/// The thread that runs the imports that were asked for.
struct Imports {
    app: Arc<App>,
    thread: thread::JoinHandle<()>,
}

impl Imports {
    fn start(app: Arc<App>) -> std::io::Result<Imports> {
        let runs = app.clone();
        let thread = thread::Builder::new().name("imports".into()).spawn(move || {
            let mut wrong = Complaint::default();
            while runs.wait_for_imports() {
                wrong.of(runs.run_imports());
            }
        })?;
        Ok(Imports { app, thread })
    }

    /// An import that runs lets go between two lines; it goes on at the next start.
    fn stop(self) {
        self.app.end_news();
        let _ = self.thread.join();
    }
}

/// Says a trouble once, until it changes: a full disk must not fill the log as well.
#[derive(Default)]
struct Complaint(Option<String>);

impl Complaint {
    fn of(&mut self, done: app::Result<()>) {
        let Err(e) = done else {
            self.0 = None;
            return;
        };
        let text = match e {
            // Each fault has its own reference; its cause was logged when it was met.
            app::AppError::Fault { .. } => "internal error".to_owned(),
            other => other.to_string(),
        };
        if self.0.as_ref() != Some(&text) {
            tracing::warn!("upkeep: {text}");
            self.0 = Some(text);
        }
    }
}

/// Logs on standard error: warnings, or what `RUST_LOG` asks for.
pub fn log_to_stderr() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    // A second call, in a test, keeps the first subscriber.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Lang;

    #[test]
    fn plain_http_stays_on_this_machine() {
        for away in ["0.0.0.0:8080", "192.0.2.1:80", "[::]:8080"] {
            let refused = listen(away.parse().unwrap()).unwrap_err();
            assert_eq!(refused.code, "listen");
            assert!(refused.text.get(Lang::Fr).contains("boucle locale"), "{away}");
        }
        let taken = listen("127.0.0.1:0".parse().unwrap()).unwrap();
        assert!(url(&taken).starts_with("http://localhost:"));
        assert!(listen(taken.local_addr().unwrap()).is_err());
    }
}
