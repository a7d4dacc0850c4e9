//! Where webhooks may be sent: the hosts that the operator listed, and addresses of the public network.
//!
//! A host is checked by its name when a webhook is written and when a delivery leaves; the addresses that
//! the name leads to are checked by whoever connects, who connects to the very address that was checked.

use std::net::{IpAddr, Ipv6Addr};

use events::Side;

use super::Network;
use crate::error::Invalid;

/// Characters of an address.
const LONGEST: usize = 2_000;

/// The hosts that webhooks may reach.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Egress {
    pub allowed: Vec<Allowed>,
}

/// A host, or all those under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    host: String,
    /// Every host under it rather than it: `*.exemple.fr`.
    under: bool,
    /// Without TLS: for tests.
    clear: bool,
    ports: Vec<u16>,
    network: Network,
    /// The customers whose webhooks may use it, by slug; empty: see [`Allowed::is_for`].
    customers: Vec<String>,
}

/// Whose webhook asks for an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whose<'a> {
    /// The customer's slug.
    pub customer: &'a str,
    pub side: Side,
}

/// An address that may be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// As it was written.
    pub url: String,
    /// In lower case; an IPv6 address without its brackets.
    pub host: String,
    pub port: u16,
    /// Where it may lie.
    pub network: Network,
}

impl Allowed {
    /// An entry of the list: `hooks.exemple.fr`, `*.exemple.fr`, `http://127.0.0.1` for tests. Without
    /// ports, those of the scheme. `private` opens private networks; and whatever address the entry itself
    /// is, if it is one. The error is one sentence for whoever wrote it.
    pub fn parse(host: &str, ports: Vec<u16>, private: bool) -> Result<Allowed, String> {
        let wrong = || format!("host = \"{host}\": a name of host, *.name, or http://name for tests");
        let (clear, rest) = match host.strip_prefix("http://") {
            Some(rest) => (true, rest),
            None => (false, host.strip_prefix("https://").unwrap_or(host)),
        };
        let (under, name) = match rest.strip_prefix("*.") {
            Some(name) => (true, name),
            None => (false, rest),
        };
        let name = name.strip_prefix('[').and_then(|n| n.strip_suffix(']')).unwrap_or(name);
        // A name of one label would open a whole top-level domain.
        let is_host = is_name(name) || name.parse::<IpAddr>().is_ok();
        if !is_host || (under && !name.contains('.')) || (under && name.parse::<IpAddr>().is_ok()) {
            return Err(wrong());
        }
        let ports = if ports.is_empty() { vec![if clear { 80 } else { 443 }] } else { ports };
        let network = match (private, name.parse()) {
            (false, _) => Network::Public,
            (true, Err(_)) => Network::Private,
            (true, Ok(written)) => Network::Literal(written),
        };
        Ok(Allowed { host: name.to_owned(), under, clear, ports, network, customers: Vec::new() })
    }

    /// The same entry, for the webhooks of these customers only, by slug.
    pub fn only_for(self, customers: Vec<String>) -> Allowed {
        Allowed { customers, ..self }
    }

    /// The customers that the entry names; none when it is for all.
    pub fn customers(&self) -> &[String] {
        &self.customers
    }

    /// Whether a webhook may use the entry: of a customer that it names; or any, when it names none. What
    /// opens the provider's own network is then for the provider's webhooks: whoever administers users at a
    /// customer's must not aim at it.
    fn is_for(&self, whose: Whose<'_>) -> bool {
        match self.customers.is_empty() {
            true => self.network == Network::Public || whose.side == Side::Provider,
            false => self.customers.iter().any(|slug| slug == whose.customer),
        }
    }

    fn lets(&self, asked: &Asked) -> bool {
        let named = match self.under {
            true => {
                asked.host.strip_suffix(&self.host).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
            }
            false => asked.host == self.host,
        };
        named && self.clear == asked.clear && self.ports.contains(&asked.port)
    }

    /// As the operator wrote it, with its ports.
    pub fn text(&self) -> String {
        let scheme = if self.clear { "http://" } else { "" };
        let star = if self.under { "*." } else { "" };
        let usual = self.ports == [if self.clear { 80 } else { 443 }];
        let ports: Vec<String> = self.ports.iter().filter(|_| !usual).map(u16::to_string).collect();
        let ports = if ports.is_empty() { String::new() } else { format!(":{}", ports.join(",")) };
        format!("{scheme}{star}{}{ports}", self.host)
    }
}

impl Egress {
    /// The address, if it is one and its host is listed for whoever asks.
    pub fn target(&self, url: &str, whose: Whose<'_>) -> Result<Target, Invalid> {
        let asked = Asked::parse(url).ok_or_else(|| {
            Invalid::new(
                "url",
                "une adresse https://… complète, sans nom d’utilisateur ni ancre",
                "a whole https://… address, without a user name or a fragment",
            )
        })?;
        // An entry that opens more stands for those that open less.
        let mine = self.allowed.iter().filter(|entry| entry.is_for(whose) && entry.lets(&asked));
        match mine.max_by_key(|entry| entry.network != Network::Public) {
            Some(entry) => {
                Ok(Target { url: url.to_owned(), host: asked.host, port: asked.port, network: entry.network })
            }
            None => Err(Invalid::new(
                "url",
                format!("l’hôte {} n’est pas de ceux que l’exploitant autorise", asked.shown()),
                format!("host {} is not one that the operator allows", asked.shown()),
            )),
        }
    }

    /// The hosts that a webhook may reach, as the operator wrote them.
    pub fn hosts(&self, whose: Whose<'_>) -> Vec<String> {
        let mine = self.allowed.iter().filter(|entry| entry.is_for(whose));
        let mut hosts: Vec<String> = Vec::new();
        for host in mine.map(Allowed::text) {
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
        hosts
    }
}

/// The parts of an address that decide whether it may be reached.
struct Asked {
    clear: bool,
    host: String,
    port: u16,
}

impl Asked {
    /// Reads only what every reader of addresses reads alike: no user, no fragment, no backslash, no
    /// character outside ASCII.
    fn parse(url: &str) -> Option<Asked> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&b);
        if url.len() > LONGEST || !url.bytes().all(plain) {
            return None;
        }
        let (clear, rest) = match url.strip_prefix("https://") {
            Some(rest) => (false, rest),
            None => (true, url.strip_prefix("http://")?),
        };
        let authority = &rest[..rest.find(['/', '?']).unwrap_or(rest.len())];
        let (host, port) = match authority.strip_prefix('[') {
            Some(v6) => {
                let (host, after) = v6.split_once(']')?;
                host.parse::<Ipv6Addr>().ok()?;
                let port = match after {
                    "" => None,
                    after => Some(after.strip_prefix(':')?),
                };
                (host, port)
            }
            None => match authority.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            },
        };
        let host = host.to_ascii_lowercase();
        if !is_name(&host) && host.parse::<IpAddr>().is_err() {
            return None;
        }
        let port = match port {
            None => {
                if clear {
                    80
                } else {
                    443
                }
            }
            Some(text) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok().filter(|p| *p > 0)?,
            Some(_) => return None,
        };
        Some(Asked { clear, host, port })
    }

    fn shown(&self) -> String {
        let scheme = if self.clear { "http://" } else { "" };
        format!("{scheme}{}:{}", self.host, self.port)
    }
}

/// The host of an address, in lower case.
pub(crate) fn host(url: &str) -> Option<String> {
    Asked::parse(url).map(|asked| asked.host)
}

/// A name of host (RFC 1123, 2.1), in lower case.
fn is_name(host: &str) -> bool {
    let label = |label: &str| {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253 && host.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn egress() -> Egress {
        let one = |host, ports: &[u16], private| Allowed::parse(host, ports.to_vec(), private).unwrap();
        Egress {
            allowed: vec![
                one("hooks.exemple.fr", &[], false),
                one("*.client.example", &[443, 8443], false),
                one("http://127.0.0.1", &[9999], true),
                one("interne.exemple.fr", &[], true),
                one("interne.garonne.example", &[], true).only_for(vec!["garonne".to_owned()]),
                one("hooks.lumen.example", &[], false).only_for(vec!["lumen".to_owned()]),
            ],
        }
    }

    const OURS: Whose<'_> = Whose { customer: "garonne", side: Side::Provider };
    const THEIRS: Whose<'_> = Whose { customer: "garonne", side: Side::Customer };

    #[test]
    fn what_opens_a_private_network_is_the_providers_or_for_the_customers_it_names() {
        let egress = egress();
        let lets = |url: &str, whose| egress.target(url, whose).is_ok();
        let of_lumen = Whose { customer: "lumen", ..THEIRS };
        for (url, [ours, theirs, lumen]) in [
            ("https://hooks.exemple.fr/", [true, true, true]),
            ("https://interne.exemple.fr/", [true, false, false]),
            ("http://127.0.0.1:9999/", [true, false, false]),
            ("https://interne.garonne.example/", [true, true, false]),
            ("https://hooks.lumen.example/", [false, false, true]),
        ] {
            assert_eq!(
                [lets(url, OURS), lets(url, THEIRS), lets(url, of_lumen)],
                [ours, theirs, lumen],
                "{url}"
            );
        }
        let shown = egress.hosts(THEIRS);
        assert_eq!(shown, ["hooks.exemple.fr", "*.client.example:443,8443", "interne.garonne.example"]);
        assert_eq!(egress.hosts(OURS).len(), 5);
    }

    #[test]
    fn an_address_that_was_written_is_opened_and_no_other() {
        let network = |url| egress().target(url, OURS).unwrap().network;
        assert_eq!(network("http://127.0.0.1:9999/"), Network::Literal("127.0.0.1".parse().unwrap()));
        assert_eq!(network("https://interne.exemple.fr/"), Network::Private);
        assert_eq!(network("https://hooks.exemple.fr/"), Network::Public);
    }

    #[test]
    fn only_what_is_listed_is_reached() {
        let egress = egress();
        for good in [
            "https://hooks.exemple.fr",
            "https://hooks.exemple.fr/a/b?c=d",
            "https://HOOKS.exemple.fr:443/",
            "https://a.client.example/",
            "https://a.b.client.example:8443/x",
            "http://127.0.0.1:9999/x",
        ] {
            assert!(egress.target(good, OURS).is_ok(), "{good}");
        }
        for bad in [
            "http://hooks.exemple.fr/",
            "https://hooks.exemple.fr:8443/",
            "https://exemple.fr/",
            "https://x.hooks.exemple.fr/",
            "https://hooks.exemple.fr.evil.example/",
            "https://client.example/",
            "https://xclient.example/",
            "https://.client.example/",
            "https://a..client.example/",
            "https://127.0.0.1:9999/",
            "http://127.0.0.1/",
            "http://127.1:9999/",
            "http://2130706433:9999/",
            "http://[::1]:9999/",
            "https://hooks.exemple.fr@evil.example/",
            "https://evil.example#hooks.exemple.fr",
            "https://evil.example\\@hooks.exemple.fr/",
            "https://evil.example/@hooks.exemple.fr",
            "https://hooks.exemple.fr:/",
            "https://hooks.exemple.fr:0443x/",
            "https://hooks.exemple.fr./",
            "https://hooks%2eexemple.fr/",
            "https://höoks.exemple.fr/",
            "https://hooks.exemple.fr/ x",
            "ftp://hooks.exemple.fr/",
            "//hooks.exemple.fr/",
            "",
        ] {
            assert!(egress.target(bad, OURS).is_err(), "{bad}");
        }
        assert!(
            Egress::default().target("https://hooks.exemple.fr/", OURS).is_err(),
            "nothing without a list"
        );
    }

    #[test]
    fn an_entry_is_a_host_and_never_a_whole_domain_of_the_top() {
        for wrong in
            ["", "*", "*.", "*.fr", "*.1.2.3.4", "a b", "a/b", "Hooks.exemple.fr", "ftp://x.fr", "a:80"]
        {
            assert!(Allowed::parse(wrong, Vec::new(), false).is_err(), "{wrong}");
        }
        let said = |host, ports: &[u16]| Allowed::parse(host, ports.to_vec(), false).unwrap().text();
        assert_eq!(said("*.exemple.fr", &[]), "*.exemple.fr");
        assert_eq!(said("http://127.0.0.1", &[9999]), "http://127.0.0.1:9999");
    }
}
