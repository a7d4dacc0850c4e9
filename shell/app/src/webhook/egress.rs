//! Where webhooks may be sent: the hosts that the operator listed, and addresses of the public network.
//!
//! A host is checked by its name when a webhook is written and when a delivery leaves; the addresses that
//! the name leads to are checked by whoever connects, who connects to the very address that was checked.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

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
    private: bool,
}

/// An address that may be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// As it was written.
    pub url: String,
    /// In lower case; an IPv6 address without its brackets.
    pub host: String,
    pub port: u16,
    /// Whether it may lie in a private network.
    pub private: bool,
}

impl Allowed {
    /// An entry of the list: `hooks.exemple.fr`, `*.exemple.fr`, `http://127.0.0.1` for tests. Without
    /// ports, those of the scheme. The error is one sentence for whoever wrote it.
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
        Ok(Allowed { host: name.to_owned(), under, clear, ports, private })
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
    /// The address, if it is one and its host is listed.
    pub fn target(&self, url: &str) -> Result<Target, Invalid> {
        let asked = Asked::parse(url).ok_or_else(|| {
            Invalid::new(
                "url",
                "une adresse https://… complète, sans nom d’utilisateur ni ancre",
                "a whole https://… address, without a user name or a fragment",
            )
        })?;
        // An entry that opens more stands for those that open less.
        let found = self.allowed.iter().filter(|entry| entry.lets(&asked)).max_by_key(|entry| entry.private);
        match found {
            Some(entry) => {
                Ok(Target { url: url.to_owned(), host: asked.host, port: asked.port, private: entry.private })
            }
            None => Err(Invalid::new(
                "url",
                format!("l’hôte {} n’est pas de ceux que l’exploitant autorise", asked.shown()),
                format!("host {} is not one that the operator allows", asked.shown()),
            )),
        }
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

/// Whether an address is of the public network (IANA, special-purpose address registries): not of this
/// machine, of a private or shared network, of a link, of documentation or benchmarks, nor of a group.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    const SPECIAL: [([u8; 4], u32); 15] = [
        ([0, 0, 0, 0], 8),
        ([10, 0, 0, 0], 8),
        ([100, 64, 0, 0], 10),
        ([127, 0, 0, 0], 8),
        ([169, 254, 0, 0], 16),
        ([172, 16, 0, 0], 12),
        ([192, 0, 0, 0], 24),
        ([192, 0, 2, 0], 24),
        ([192, 88, 99, 0], 24),
        ([192, 168, 0, 0], 16),
        ([198, 18, 0, 0], 15),
        ([198, 51, 100, 0], 24),
        ([203, 0, 113, 0], 24),
        ([224, 0, 0, 0], 4),
        ([240, 0, 0, 0], 4),
    ];
    let bits = u32::from(address);
    !SPECIAL.iter().any(|(network, length)| (bits ^ u32::from_be_bytes(*network)) >> (32 - length) == 0)
}

/// Of IPv6 only the global unicast addresses are public, and those that a translator makes of public IPv4
/// ones (RFC 6052); an IPv4 address written as IPv6 is a disguise.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let s = address.segments();
    if s[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        let [a, b] = [s[6].to_be_bytes(), s[7].to_be_bytes()];
        return is_public_v4(Ipv4Addr::new(a[0], a[1], b[0], b[1]));
    }
    let global = s[0] & 0xe000 == 0x2000;
    let protocols = s[0] == 0x2001 && s[1] < 0x0200;
    let documentation = (s[0] == 0x2001 && s[1] == 0x0db8) || (s[0] == 0x3fff && s[1] < 0x1000);
    let six_to_four = s[0] == 0x2002;
    global && !protocols && !documentation && !six_to_four
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_public_network_are_public() {
        let public = [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2a01:e0a::1",
            "2001:660::1",
            "2600::1",
            "64:ff9b::101:101",
        ];
        let other = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.254",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "169.254.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:1.1.1.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::1.2.3.4",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for (list, expected) in [(&public[..], true), (&other[..], false)] {
            for text in list {
                assert_eq!(is_public(text.parse().unwrap()), expected, "{text}");
            }
        }
    }

    fn egress() -> Egress {
        let one = |host, ports: &[u16], private| Allowed::parse(host, ports.to_vec(), private).unwrap();
        Egress {
            allowed: vec![
                one("hooks.exemple.fr", &[], false),
                one("*.client.example", &[443, 8443], false),
                one("http://127.0.0.1", &[9999], true),
                one("interne.exemple.fr", &[], true),
            ],
        }
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
            assert!(egress.target(good).is_ok(), "{good}");
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
            assert!(egress.target(bad).is_err(), "{bad}");
        }
        assert!(!egress.target("https://hooks.exemple.fr/").unwrap().private);
        assert!(egress.target("https://interne.exemple.fr/").unwrap().private);
        assert!(Egress::default().target("https://hooks.exemple.fr/").is_err(), "nothing without a list");
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
