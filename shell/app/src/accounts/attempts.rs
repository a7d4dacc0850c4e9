//! How often one may try a password: by account and by address, in a bounded memory.
//!
//! Nothing here knows which accounts exist, so a refusal tells nothing of them. Memory only: a
//! restart forgives, and passwords are slow to check anyway.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::net::IpAddr;

use sha2::{Digest, Sha256};

const SECOND: i64 = 1_000_000;
/// Wrong passwords for one account before a wait, then before each longer one.
const PER_ACCOUNT: u32 = 5;
/// Wrong passwords from one address, which a whole office may share.
const PER_ADDRESS: u32 = 30;
const FIRST_WAIT: i64 = 60 * SECOND;
/// With it, an account hears 96 guesses a day at most (NIST SP 800-63B-4, 3.2.2: 100 in a row).
const LONGEST_WAIT: i64 = 15 * 60 * SECOND;
/// Counters untouched for this long are forgotten. Shorter, whoever waits an hour between five tries
/// would be heard 120 times a day and never wait.
const FORGOTTEN: i64 = 24 * 3600 * SECOND;
/// Entries of each map, but for those that are waiting: a wait begins with a slow check of a password
/// and ends within a quarter of an hour, which bounds how many there are at once.
const ROOM: usize = 10_000;

/// Where somebody signs in from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// `None` when the surface does not know it.
    pub address: Option<IpAddr>,
    /// The browser and its system, in a few words for the owner of the account.
    pub device: String,
}

/// A home or an office: an IPv4 address, or the /64 that one subscriber holds in IPv6 (RFC 6177).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Net([u8; 8]);

impl Net {
    fn of(address: IpAddr) -> Net {
        let bytes = match address.to_canonical() {
            IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
            IpAddr::V6(v6) => v6.octets(),
        };
        let mut kept = [0; 8];
        // Mapped IPv4 differs in its last bytes only.
        let from = if address.to_canonical().is_ipv4() { 8 } else { 0 };
        kept.copy_from_slice(&bytes[from..from + 8]);
        Net(kept)
    }
}

/// An account under attack keeps hearing its owner from where they have signed in before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum From {
    Known(Net),
    Elsewhere,
}

type Name = [u8; 32];

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    failures: u32,
    last: i64,
    until: i64,
}

/// Failures of sign-in.
#[derive(Default)]
pub(crate) struct Attempts {
    accounts: HashMap<(Name, From), Count>,
    addresses: HashMap<Net, Count>,
    known: HashSet<(Name, Net)>,
}

impl Attempts {
    /// Microseconds before another try is heard; zero when it is heard now.
    pub(crate) fn wait(&self, email: &str, client: &Client, now: i64) -> i64 {
        let (name, net) = (name(email), client.address.map(Net::of));
        let account = self.accounts.get(&(name, self.from(name, net)));
        let address = net.and_then(|net| self.addresses.get(&net));
        [account, address].into_iter().flatten().map(|count| count.until - now).max().unwrap_or(0).max(0)
    }

    /// True when the account must wait from now on.
    pub(crate) fn failed(&mut self, email: &str, client: &Client, now: i64) -> bool {
        let (name, net) = (name(email), client.address.map(Net::of));
        let from = self.from(name, net);
        count(&mut self.accounts, (name, from), PER_ACCOUNT, now);
        if let Some(net) = net {
            count(&mut self.addresses, net, PER_ADDRESS, now);
        }
        self.accounts.get(&(name, from)).is_some_and(|count| count.until > now)
    }

    /// As [`Attempts::wait`], of the address alone: for proofs that nobody can guess.
    pub(crate) fn wait_there(&self, client: &Client, now: i64) -> i64 {
        let count = client.address.and_then(|address| self.addresses.get(&Net::of(address)));
        count.map_or(0, |count| (count.until - now).max(0))
    }

    /// As [`Attempts::failed`], of the address alone.
    pub(crate) fn failed_there(&mut self, client: &Client, now: i64) {
        if let Some(address) = client.address {
            count(&mut self.addresses, Net::of(address), PER_ADDRESS, now);
        }
    }

    /// The address keeps its own count of others' accounts: signing in to one's own forgives nothing.
    pub(crate) fn succeeded(&mut self, email: &str, client: &Client) {
        let (name, net) = (name(email), client.address.map(Net::of));
        self.accounts.remove(&(name, self.from(name, net)));
        if let Some(net) = net {
            if self.known.len() >= ROOM {
                // Which ones go does not matter: whoever signs in again is known again.
                let mut nth = 0_usize;
                self.known.retain(|_| {
                    nth += 1;
                    nth.is_multiple_of(2)
                });
            }
            self.known.insert((name, net));
        }
    }

    fn from(&self, name: Name, net: Option<Net>) -> From {
        match net {
            Some(net) if self.known.contains(&(name, net)) => From::Known(net),
            _ => From::Elsewhere,
        }
    }
}

/// E-mails tried may be long, or passwords typed in the wrong field: their hash is kept.
fn name(email: &str) -> Name {
    Sha256::digest(email.as_bytes()).into()
}

fn count<K: Hash + Eq + Copy>(counts: &mut HashMap<K, Count>, key: K, allowed: u32, now: i64) {
    if counts.len() >= ROOM && !counts.contains_key(&key) {
        make_room(counts, now);
    }
    let entry = counts.entry(key).or_default();
    if now - entry.last >= FORGOTTEN {
        *entry = Count::default();
    }
    entry.failures += 1;
    entry.last = now;
    if let Some(beyond) = entry.failures.checked_sub(allowed) {
        entry.until = now + (FIRST_WAIT << beyond.min(8)).min(LONGEST_WAIT);
    }
}

/// Drops what is forgotten, then the half that failed least and longest ago. Never one that is waiting:
/// names made up to fill the memory would let it try again.
fn make_room<K: Hash + Eq + Copy>(counts: &mut HashMap<K, Count>, now: i64) {
    counts.retain(|_, count| now - count.last < FORGOTTEN);
    let mut ranks: Vec<(u32, i64)> = counts
        .values()
        .filter(|count| count.until <= now)
        .map(|count| (count.failures, count.last))
        .collect();
    if counts.len() < ROOM || ranks.is_empty() {
        return;
    }
    ranks.sort_unstable();
    let middle = ranks[ranks.len() / 2];
    counts.retain(|_, count| count.until > now || (count.failures, count.last) > middle);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> Client {
        Client { address: Some(address.parse().unwrap()), device: String::new() }
    }

    #[test]
    fn five_failures_make_the_next_one_wait_longer_each_time() {
        let mut attempts = Attempts::default();
        let home = at("192.0.2.1");
        for _ in 0..4 {
            attempts.failed("a@x", &home, 0);
        }
        assert_eq!(attempts.wait("a@x", &home, 0), 0);
        let mut now = 0;
        for minutes in [1, 2, 4, 8, 15, 15] {
            attempts.failed("a@x", &home, now);
            assert_eq!(attempts.wait("a@x", &home, now), minutes * 60 * SECOND);
            now += minutes * 60 * SECOND;
            assert_eq!(attempts.wait("a@x", &home, now), 0);
        }
        assert_eq!(attempts.wait("b@x", &home, 0), 0, "another account");
    }

    #[test]
    fn a_stranger_does_not_lock_the_owner_out() {
        let mut attempts = Attempts::default();
        let (home, away) = (at("192.0.2.1"), at("198.51.100.7"));
        attempts.succeeded("a@x", &home);
        for _ in 0..20 {
            attempts.failed("a@x", &away, 0);
        }
        assert!(attempts.wait("a@x", &away, 0) > 0);
        assert!(attempts.wait("a@x", &at("203.0.113.9"), 0) > 0, "strangers share one count");
        assert_eq!(attempts.wait("a@x", &home, 0), 0);
        for _ in 0..5 {
            attempts.failed("a@x", &home, 0);
        }
        assert!(attempts.wait("a@x", &home, 0) > 0, "the owner's own address has a count too");
    }

    #[test]
    fn one_address_may_not_try_every_account() {
        let mut attempts = Attempts::default();
        let bot = at("2001:db8:1:2::1");
        for n in 0..PER_ADDRESS {
            assert_eq!(attempts.wait(&format!("{n}@x"), &bot, 0), 0, "{n}");
            attempts.failed(&format!("{n}@x"), &bot, 0);
        }
        assert!(attempts.wait("new@x", &bot, 0) > 0);
        assert!(attempts.wait("new@x", &at("2001:db8:1:2:ffff::9"), 0) > 0, "the same subscriber");
        assert_eq!(attempts.wait("new@x", &at("2001:db8:1:3::1"), 0), 0);
        assert_ne!(Net::of("192.0.2.1".parse().unwrap()), Net::of("192.0.2.2".parse().unwrap()));
        assert_eq!(Net::of("192.0.2.1".parse().unwrap()), Net::of("::ffff:192.0.2.1".parse().unwrap()));
    }

    #[test]
    fn a_day_apart_failures_are_forgotten_and_an_hour_apart_they_are_not() {
        const HOUR: i64 = 3600 * SECOND;
        let mut attempts = Attempts::default();
        let home = at("192.0.2.1");
        for n in 0..5 {
            attempts.failed("a@x", &home, n * HOUR);
        }
        assert!(attempts.wait("a@x", &home, 4 * HOUR) > 0, "five tries an hour apart are five tries");
        attempts.failed("a@x", &home, 28 * HOUR);
        assert_eq!(attempts.wait("a@x", &home, 28 * HOUR), 0, "a day later they are forgotten");
    }

    #[test]
    fn filling_the_memory_does_not_end_a_wait() {
        let mut attempts = Attempts::default();
        let away = at("198.51.100.7");
        for _ in 0..12 {
            attempts.failed("a@x", &away, 0);
        }
        let wait = attempts.wait("a@x", &away, SECOND);
        for n in 0..3 * ROOM {
            let bot = at(&format!("2001:db8:{:x}:{:x}::1", n >> 16, n & 0xffff));
            attempts.failed(&format!("{n}@x"), &bot, SECOND + n as i64);
        }
        assert_eq!(attempts.wait("a@x", &away, SECOND), wait);
        let after = 3600 * SECOND;
        for n in 0..3 * ROOM {
            attempts.failed(&format!("{n}@y"), &Client::default(), after + n as i64);
        }
        attempts.failed("a@x", &away, after + SECOND);
        assert!(attempts.wait("a@x", &away, after + SECOND) > 0, "nor forgets how often it failed");
    }

    #[test]
    fn names_tried_at_random_do_not_fill_the_memory() {
        let mut attempts = Attempts::default();
        for n in 0..3 * ROOM {
            let bot = at(&format!("2001:db8:{:x}:{:x}::1", n >> 16, n & 0xffff));
            attempts.failed(&format!("{n}@x"), &bot, n as i64);
            attempts.succeeded(&format!("{n}@y"), &bot);
        }
        assert!(attempts.accounts.len() <= ROOM && attempts.addresses.len() <= ROOM);
        assert!(attempts.known.len() <= ROOM);
    }
}
