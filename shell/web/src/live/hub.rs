//! Who listens, and what was told lately.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::App;
use app::news::{Happened, News};
use base::id::AccountId;
use jiff::Timestamp;
use tokio::sync::{Notify, broadcast};

/// What may wait for a slow reader; past it, they are told to read everything again.
const WAITING: usize = 256;
/// What a reader who comes back may have missed.
const REMEMBERED: usize = 1024;
/// Streams of one person: browsers keep six connections to a site.
const PER_PERSON: usize = 6;

/// The news of one instance, and the streams that carry them.
pub struct Hub {
    sender: broadcast::Sender<Arc<Told>>,
    inner: Mutex<Inner>,
}

/// News with their place in the order of things.
///
/// It is the machine's time in microseconds, and one more for two at once: a reader who sees two of them
/// learns nothing of how much happened between, to other customers.
pub(super) struct Told {
    pub id: i64,
    pub news: News,
}

struct Inner {
    recent: VecDeque<Arc<Told>>,
    /// Everything told after it is in `recent`.
    since: i64,
    last: i64,
    streams: HashMap<AccountId, Vec<Arc<Notify>>>,
    ended: bool,
}

/// What a reader missed since the last event they saw.
pub(super) enum Missed {
    /// They come for the first time, or missed nothing.
    Nothing,
    These(Vec<Arc<Told>>),
    /// Too long ago to tell.
    Unknown,
}

/// A stream that just joined.
pub(super) struct Joined {
    pub heard: broadcast::Receiver<Arc<Told>>,
    pub missed: Missed,
    /// Where the reader stands, from which they may come back.
    pub at: i64,
    pub place: Seat,
}

/// One of a person's streams; given back when it is dropped.
pub(super) struct Seat {
    hub: Arc<Hub>,
    account: AccountId,
    /// Told when a later stream of the same person takes its place.
    pub taken: Arc<Notify>,
}

impl Hub {
    /// Begins to listen to an instance, for as long as the hub is held.
    pub fn of(app: &App) -> Arc<Hub> {
        let now = Timestamp::now().as_microsecond();
        let inner =
            Inner { recent: VecDeque::new(), since: now, last: now, streams: HashMap::new(), ended: false };
        let (sender, _) = broadcast::channel(WAITING);
        let hub = Arc::new(Hub { sender, inner: Mutex::new(inner) });
        let weak = Arc::downgrade(&hub);
        app.listen(move |news| weak.upgrade().map(|hub| hub.tell(news)).is_some());
        hub
    }

    /// Streams open now.
    pub fn open_streams(&self) -> usize {
        self.inner().streams.values().map(Vec::len).sum()
    }

    fn tell(&self, news: &News) {
        let mut inner = self.inner();
        let told = Arc::new(Told { id: inner.next_id(), news: news.clone() });
        match news {
            News::Happened(_) | News::Told(_) => {
                inner.recent.push_back(told.clone());
                if inner.recent.len() > REMEMBERED
                    && let Some(oldest) = inner.recent.pop_front()
                {
                    inner.since = oldest.id;
                }
            }
            News::Ending => inner.ended = true,
            News::Rights(_) => {}
        }
        // Sent under the lock, so that the order of ids is the order of what is heard. Nobody may listen.
        let _ = self.sender.send(told);
    }

    /// A stream for somebody who saw everything through `after`; `None` once the process stops. Their
    /// oldest stream gives way when they have too many.
    pub(super) fn join(self: &Arc<Self>, account: AccountId, after: Option<i64>) -> Option<Joined> {
        let mut inner = self.inner();
        if inner.ended {
            return None;
        }
        let missed = inner.missed(after);
        let at = inner.next_id();
        let taken = Arc::new(Notify::new());
        let own = inner.streams.entry(account).or_default();
        own.push(taken.clone());
        if own.len() > PER_PERSON {
            own.remove(0).notify_one();
        }
        let heard = self.sender.subscribe();
        drop(inner);
        Some(Joined { heard, missed, at, place: Seat { hub: self.clone(), account, taken } })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn next_id(&mut self) -> i64 {
        self.last = Timestamp::now().as_microsecond().max(self.last + 1);
        self.last
    }

    fn missed(&self, after: Option<i64>) -> Missed {
        match after {
            None => Missed::Nothing,
            // Before what is remembered, or told by a process whose clock was ahead.
            Some(after) if after < self.since || after > self.last => Missed::Unknown,
            Some(after) => {
                Missed::These(self.recent.iter().filter(|told| told.id > after).cloned().collect())
            }
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut inner = self.hub.inner();
        if let Some(own) = inner.streams.get_mut(&self.account) {
            own.retain(|seat| !Arc::ptr_eq(seat, &self.taken));
            if own.is_empty() {
                inner.streams.remove(&self.account);
            }
        }
    }
}

impl Told {
    pub(super) fn happened(&self) -> Option<&Happened> {
        match &self.news {
            News::Happened(happened) => Some(happened),
            News::Rights(_) | News::Told(_) | News::Ending => None,
        }
    }
}
