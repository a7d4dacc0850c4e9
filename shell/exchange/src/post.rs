//! The threads that carry mail while the server runs.

use std::net::TcpListener;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use app::App;

use crate::config::Mailbox;
use crate::lmtp::{self, Answer, Take};
use crate::smtp::Relay;
use crate::{Config, Trust, imap, receive};

/// Letters written at once: what they hold is in memory until they are sent.
const AT_ONCE: u32 = 20;
const FORGET_EVERY: u32 = 3600;
const SECOND: Duration = Duration::from_secs(1);

/// Mail being carried; stopped when dropped.
pub struct Post {
    stop: Arc<AtomicBool>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Post {
    /// Turns mail on and begins to carry it. The error is one sentence for the operator.
    pub fn start(app: Arc<App>, config: &Config) -> Result<Post, String> {
        app.exchange_mail(config.settings.clone());
        app.send_from(&config.senders).map_err(|e| e.to_string())?;
        let mut post = Post { stop: Arc::default(), threads: Vec::new() };
        let relay = Relay::new(&config.smtp, &config.settings.answers)?;
        let (sender, stop) = (app.clone(), post.stop.clone());
        post.spawn("post", move || send_until(&sender, &relay, &stop))?;
        if let Some(at) = config.lmtp {
            let listener = TcpListener::bind(at).map_err(|e| format!("lmtp: {at}: {e}"))?;
            let (stop, take) = (post.stop.clone(), taker(app.clone(), config.trust.clone()));
            post.spawn("lmtp", move || {
                if let Err(e) = lmtp::serve(&listener, &take, &stop) {
                    tracing::error!("lmtp: {e}");
                }
            })?;
        }
        if let Some(mailbox) = config.imap.clone() {
            let (stop, take) = (post.stop.clone(), taker(app, config.trust.clone()));
            post.spawn("imap", move || visit_until(&mailbox, &take, &stop))?;
        }
        Ok(post)
    }

    fn spawn(&mut self, name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), String> {
        let thread = thread::Builder::new().name(name.into()).spawn(run).map_err(|e| e.to_string())?;
        self.threads.push(thread);
        Ok(())
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // What is under way ends, or is brought again later.
        self.threads.drain(..).for_each(|thread| drop(thread.join()));
    }
}

/// What takes a mail for the application.
fn taker(app: Arc<App>, trust: Trust) -> Arc<Take> {
    Arc::new(move |bytes, envelope| {
        unbroken(|| match receive(&app, &trust, bytes, envelope) {
            Ok(_) => Answer::Kept,
            // A fault was logged with its reference.
            Err(_) => Answer::Later,
        })
    })
}

/// A mail that breaks its reader is left for later: the thread that reads the others goes on.
fn unbroken(take: impl FnOnce() -> Answer) -> Answer {
    // The store undoes a job that panics; nothing else is shared.
    catch_unwind(AssertUnwindSafe(take)).unwrap_or_else(|_| {
        tracing::error!("a mail could not be read: the program broke on it");
        Answer::Later
    })
}

fn send_until(app: &App, relay: &Relay, stop: &AtomicBool) {
    let (mut seconds, mut trouble) = (0_u32, Trouble::default());
    while !stop.load(Ordering::SeqCst) {
        thread::sleep(SECOND);
        trouble.of(send_waiting(app, relay).map(drop));
        seconds = seconds.wrapping_add(1);
        if seconds.is_multiple_of(FORGET_EVERY) {
            trouble.of(app.forget_old_mail().and_then(|()| app.forget_old_incoming()));
        }
    }
}

fn visit_until(mailbox: &Mailbox, take: &Arc<Take>, stop: &AtomicBool) {
    let (mut trouble, mut waited) = (Trouble::default(), mailbox.every);
    while !stop.load(Ordering::SeqCst) {
        if waited < mailbox.every {
            thread::sleep(SECOND);
            waited += SECOND;
            continue;
        }
        waited = Duration::ZERO;
        trouble
            .say(imap::visit(&mailbox.server, &mailbox.folder, take.as_ref()).err().map(|e| e.to_string()));
    }
}

/// Sends what may leave now; gives the number of letters tried.
pub fn send_waiting(app: &App, relay: &Relay) -> app::Result<usize> {
    let letters = app.letters_to_send(AT_ONCE)?;
    for letter in &letters {
        app.letter_ended(&letter.ids, &relay.send(letter))?;
    }
    Ok(letters.len())
}

/// Says a trouble once, until it changes.
#[derive(Default)]
struct Trouble(Option<String>);

impl Trouble {
    fn of(&mut self, done: app::Result<()>) {
        self.say(done.err().map(|e| match e {
            // Its cause was logged with its reference.
            app::AppError::Fault { .. } => "internal error".to_owned(),
            other => other.to_string(),
        }));
    }

    fn say(&mut self, text: Option<String>) {
        if let Some(text) = text.as_ref().filter(|text| self.0.as_ref() != Some(text)) {
            tracing::warn!("mail: {text}");
        }
        self.0 = text;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_that_breaks_its_reader_is_left_for_later() {
        assert_eq!(unbroken(|| panic!("asked for by the test")), Answer::Later);
        assert_eq!(unbroken(|| Answer::Kept), Answer::Kept);
    }
}
