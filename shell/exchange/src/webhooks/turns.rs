//! Who may be posted to now: how many deliveries are under way at once, in all, of a customer, to a host.
//!
//! A receiver that hangs holds a sender for as long as we are patient. A host that was slow lately has one
//! sender at most, and all such hosts together a part of them: nobody else waits for those.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app::webhook::Due;
use base::id::{CustomerId, WebhookId};

/// Deliveries under way at once; one for each webhook.
pub const WORKERS: usize = 8;
/// And for one customer; beside them, one to a host that is slow.
const OF_A_CUSTOMER: usize = 2;
/// And to one host, which many customers may share.
const OF_A_HOST: usize = 4;
/// And to all the hosts that are slow.
const OF_SLOW_HOSTS: usize = 3;
/// A host that takes this long to answer is slow, until it answers sooner.
const SLOW: Duration = Duration::from_secs(5);
/// Or until nothing was sent to it for this long.
const REMEMBERED: Duration = Duration::from_secs(3600);

#[derive(Default)]
pub struct Turns(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    under_way: HashMap<WebhookId, (CustomerId, String)>,
    /// Since when each was last found to be slow.
    slow: HashMap<String, Instant>,
}

impl Turns {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody can be taken on.
    pub fn is_full(&self) -> bool {
        self.lock().under_way.len() >= WORKERS
    }

    /// Takes a webhook on, if nobody has it, and its customer and its host have no more than their share.
    pub fn take(&self, due: Due, host: &str) -> bool {
        let mut inner = self.lock();
        let may = inner.may(due, host);
        if may {
            inner.under_way.insert(due.webhook, (due.customer, host.to_owned()));
        }
        may
    }

    /// A webhook's turn is over. `longest` is the time that the slowest of its posts took; `None` when
    /// nothing was posted.
    pub fn end(&self, webhook: WebhookId, longest: Option<Duration>, now: Instant) {
        let mut inner = self.lock();
        let Some((_, host)) = inner.under_way.remove(&webhook) else { return };
        match longest {
            Some(took) if took >= SLOW => drop(inner.slow.insert(host, now)),
            Some(_) => drop(inner.slow.remove(&host)),
            None => {}
        }
        inner.slow.retain(|_, since| now.duration_since(*since) < REMEMBERED);
    }
}

impl Inner {
    fn may(&self, due: Due, host: &str) -> bool {
        if self.under_way.len() >= WORKERS || self.under_way.contains_key(&due.webhook) {
            return false;
        }
        let is_slow = |host: &str| self.slow.contains_key(host);
        let of_the_host = self.under_way.values().filter(|(_, other)| other == host).count();
        let slow = self.under_way.values().filter(|(_, host)| is_slow(host));
        let of_the_customer = |slow: bool| {
            let mine = self.under_way.values().filter(|(customer, _)| *customer == due.customer);
            mine.filter(|(_, host)| is_slow(host) == slow).count()
        };
        match is_slow(host) {
            true => of_the_host == 0 && slow.count() < OF_SLOW_HOSTS && of_the_customer(true) == 0,
            false => of_the_host < OF_A_HOST && of_the_customer(false) < OF_A_CUSTOMER,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn due(hook: u128, customer: u128) -> Due {
        let (webhook, customer) = (WebhookId(Uuid::from_u128(hook)), CustomerId(Uuid::from_u128(customer)));
        Due { webhook, customer }
    }

    #[test]
    fn a_customer_or_a_host_leaves_room_for_the_others() {
        let turns = Turns::default();
        assert!(turns.take(due(1, 1), "a"));
        assert!(!turns.take(due(1, 1), "a"), "one at a time for each webhook");
        assert!(turns.take(due(2, 1), "a"));
        assert!(!turns.take(due(3, 1), "b"), "two for a customer");
        assert!(turns.take(due(4, 2), "a") && turns.take(due(5, 3), "a"));
        assert!(!turns.take(due(6, 4), "a"), "four for a host");
        assert!(turns.take(due(7, 4), "b"));
        turns.end(due(1, 1).webhook, None, Instant::now());
        assert!(turns.take(due(3, 1), "b"));
        for hook in 10..20 {
            turns.take(due(hook, hook), "c");
        }
        assert!(turns.is_full() || turns.lock().under_way.len() == 8);
        assert!(!turns.take(due(30, 30), "d"));
    }

    #[test]
    fn hosts_that_hang_have_one_sender_each_and_never_all_of_them() {
        let (turns, now) = (Turns::default(), Instant::now());
        for n in 1..=6 {
            let host = format!("slow{n}");
            assert!(turns.take(due(n, n), &host));
            turns.end(due(n, n).webhook, Some(Duration::from_secs(15)), now);
        }
        assert!(turns.take(due(1, 1), "slow1"));
        assert!(!turns.take(due(11, 11), "slow1"), "one sender");
        assert!(
            turns.take(due(2, 1), "well") && turns.take(due(3, 1), "well"),
            "beside its customer's own share"
        );
        assert!(!turns.take(due(4, 1), "slow4"), "one for its customer");
        assert!(turns.take(due(12, 12), "slow2") && turns.take(due(13, 13), "slow3"));
        assert!(!turns.take(due(14, 14), "slow4"), "three in all");
        assert!(turns.take(due(15, 15), "other"));
        // It answers at last: it is like any other.
        turns.end(due(1, 1).webhook, Some(Duration::from_millis(40)), now);
        assert!(turns.take(due(16, 16), "slow1") && turns.take(due(17, 17), "slow1"));
        // Long after, nothing is known of it.
        turns.end(due(15, 15).webhook, None, now + REMEMBERED);
        assert!(turns.lock().slow.is_empty());
    }
}
