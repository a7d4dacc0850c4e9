//! One reader's stream: what they may know, as it happens.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use app::accounts::Session;
use app::news::{News, What};
use axum::body::{Body, Bytes};
use http_body_util::channel::{Channel, Sender};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::hub::{Hub, Joined, Missed, Told};
use crate::http::State;

/// Proxies close what is silent for a minute or so. The session is looked at as often, so that a stream
/// does not outlive it for longer.
const ALIVE: Duration = Duration::from_secs(20);
/// A reader who takes nothing for this long has gone.
const PATIENCE: Duration = Duration::from_secs(30);
/// Pieces that wait for the network.
const AHEAD: usize = 4;
/// News told with one look at the reader's rights.
const AT_ONCE: usize = 64;

/// The body of a stream for the person of a session; `None` once the process stops.
pub(crate) fn open(web: &State, hub: &Arc<Hub>, session: Session, after: Option<i64>) -> Option<Body> {
    let joined = hub.join(session.principal.account, after)?;
    let (out, body) = Channel::<Bytes, Infallible>::new(AHEAD);
    let stream = Stream { web: web.clone(), session, out };
    tokio::spawn(async move {
        // Why it ended is of no use to anybody: the browser comes back and is told.
        let _ = stream.run(joined).await;
    });
    Some(Body::new(body))
}

struct Stream {
    web: State,
    session: Session,
    out: Sender<Bytes>,
}

/// The stream is over: its reader has gone, or may not listen any more.
struct Over;

impl Stream {
    async fn run(mut self, joined: Joined) -> Result<(), Over> {
        let Joined { mut heard, missed, at, place } = joined;
        self.say(&event("hello", at, "{}")).await?;
        match missed {
            Missed::Nothing => {}
            Missed::These(told) => self.tell(&told).await?,
            Missed::Unknown => self.say(&event("resync", at, "{}")).await?,
        }
        let mut alive = interval(ALIVE);
        alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
        alive.reset();
        loop {
            tokio::select! {
                () = place.taken.notified() => {
                    return self.say("event: full\ndata: {}\n\n").await;
                }
                _ = alive.tick() => {
                    self.ask_again().await?;
                    self.say(":\n\n").await?;
                }
                first = heard.recv() => match first {
                    Ok(first) => {
                        let mut told = vec![first];
                        let behind = loop {
                            match heard.try_recv() {
                                Ok(next) => told.push(next),
                                Err(TryRecvError::Lagged(_)) => break true,
                                Err(TryRecvError::Empty | TryRecvError::Closed) => break false,
                            }
                            if told.len() >= AT_ONCE {
                                break false;
                            }
                        };
                        if behind { self.resync().await? } else { self.tell(&told).await? }
                    }
                    Err(RecvError::Lagged(_)) => self.resync().await?,
                    Err(RecvError::Closed) => return Err(Over),
                }
            }
        }
    }

    /// Tells those that the reader may know, each ticket once, and once that they have notifications; their
    /// rights are asked first.
    async fn tell(&mut self, told: &[Arc<Told>]) -> Result<(), Over> {
        let me = self.session.principal.account;
        let ends = |t: &Arc<Told>| t.news == News::Ending;
        let rights = |t: &Arc<Told>| t.news == News::Rights(me);
        if told.iter().any(ends) {
            return Err(Over);
        }
        // Most news are for others: nothing is read for those, unless this reader's rights changed.
        let known = |session: &Session| -> Vec<Arc<Told>> {
            let mine = |t: &&Arc<Told>| match &t.news {
                News::Happened(happened) => happened.is_for(&session.principal),
                News::Told(account) => *account == me,
                News::Rights(_) | News::Ending => false,
            };
            told.iter().filter(mine).cloned().collect()
        };
        if known(&self.session).is_empty() && !told.iter().any(rights) {
            return Ok(());
        }
        self.ask_again().await?;
        let mut said = Vec::new();
        let mut text = String::new();
        for told in known(&self.session) {
            let (kind, about, data) = match told.happened() {
                Some(happened) => {
                    let kind = match happened.what {
                        What::Meter => "meters",
                        What::Import => "imports",
                        What::Ticket | What::Internal | What::Price => "ticket",
                    };
                    let number = happened.ticket.as_ref().map(|t| t.number);
                    let data = serde_json::json!({ "customer": happened.slug, "ticket": number });
                    (kind, Some((happened.customer, number)), data)
                }
                None => ("notifications", None, serde_json::json!({})),
            };
            if said.contains(&(kind, about)) {
                continue;
            }
            said.push((kind, about));
            text.push_str(&event(kind, told.id, &data.to_string()));
        }
        self.say(&text).await
    }

    /// Too much was told at once for this reader: they must read everything again.
    async fn resync(&mut self) -> Result<(), Over> {
        self.ask_again().await?;
        self.say("event: resync\ndata: {}\n\n").await
    }

    /// The session as it stands now; over if it has ended, or if its person owes a second factor.
    async fn ask_again(&mut self) -> Result<(), Over> {
        let session = self.session.clone();
        let still = self.web.run(move |app| app.session_still(&session)).await.map_err(|_| Over)?;
        self.session = still.filter(|session| !session.must_enrol).ok_or(Over)?;
        Ok(())
    }

    async fn say(&mut self, text: &str) -> Result<(), Over> {
        if text.is_empty() {
            return Ok(());
        }
        let bytes = Bytes::copy_from_slice(text.as_bytes());
        match timeout(PATIENCE, self.out.send_data(bytes)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Over),
        }
    }
}

/// One event, as the HTML standard (9.2, server-sent events) writes it; `data` is one line.
fn event(kind: &str, id: i64, data: &str) -> String {
    format!("id: {id}\nevent: {kind}\ndata: {data}\n\n")
}
