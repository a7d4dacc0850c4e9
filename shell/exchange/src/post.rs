//! The thread that carries mail while the server runs.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use app::App;

use crate::Config;
use crate::smtp::Relay;

/// Letters written at once: what they hold is in memory until they are sent.
const AT_ONCE: u32 = 20;
/// Seconds between two looks at what is due soon.
const DUE_EVERY: u32 = 60;
const FORGET_EVERY: u32 = 3600;

/// Mail being carried; stopped when dropped.
pub struct Post {
    told: Option<mpsc::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Post {
    /// Turns mail on and begins to send.
    pub fn start(app: Arc<App>, config: &Config) -> Result<Post, String> {
        app.exchange_mail(config.settings.clone());
        let relay = Relay::new(&config.smtp, &config.settings.answers)?;
        let (told, heard) = mpsc::channel();
        let carry = move || {
            let mut seconds = 0_u32;
            let mut trouble = Trouble::default();
            while heard.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                trouble.of(send_waiting(&app, &relay).map(drop));
                seconds = seconds.wrapping_add(1);
                if seconds.is_multiple_of(DUE_EVERY) {
                    trouble.of(app.tell_what_is_due_soon());
                }
                if seconds.is_multiple_of(FORGET_EVERY) {
                    trouble.of(app.forget_old_mail());
                }
            }
        };
        let thread = thread::Builder::new().name("post".into()).spawn(carry).map_err(|e| e.to_string())?;
        Ok(Post { told: Some(told), thread: Some(thread) })
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        drop(self.told.take());
        if let Some(thread) = self.thread.take() {
            // The letter under way ends, or is tried again later.
            let _ = thread.join();
        }
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
        let text = done.err().map(|e| match e {
            // Its cause was logged with its reference.
            app::AppError::Fault { .. } => "internal error".to_owned(),
            other => other.to_string(),
        });
        if let Some(text) = text.as_ref().filter(|text| self.0.as_ref() != Some(text)) {
            tracing::warn!("mail: {text}");
        }
        self.0 = text;
    }
}
