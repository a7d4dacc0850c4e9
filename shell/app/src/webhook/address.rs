//! Which addresses of the network a delivery may be posted to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The part of the network that an entry of the operator's list opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Network {
    /// Public addresses.
    Public,
    /// Those of private networks too; never this machine, its links, nor where a cloud tells its machines
    /// their secrets.
    Private,
    /// The one address that the operator wrote, whatever it is.
    Literal(IpAddr),
}

impl Network {
    /// Whether a delivery may be posted there.
    pub fn lets(self, address: IpAddr) -> bool {
        match self {
            Network::Public => is_public(address),
            Network::Private => is_public(address) || is_private(address),
            Network::Literal(written) => address == written,
        }
    }
}

/// Where clouds tell a machine its secrets, besides 169.254.169.254: Azure, Alibaba Cloud, AWS, Google Cloud,
/// Scaleway (their documentation of instance metadata). The first is an address like any other.
const METADATA: [IpAddr; 5] = [
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0x42, 0, 0, 0, 0, 0, 0x42)),
];

/// Whether an address is of a network of somebody's own (RFC 1918, RFC 6598, RFC 4193).
fn is_private(address: IpAddr) -> bool {
    let within = match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private() || (a == 100 && b & 0xc0 == 64)
        }
        IpAddr::V6(v6) => v6.segments()[0] & 0xfe00 == 0xfc00,
    };
    within && !METADATA.contains(&address)
}

/// Whether an address is of the public network (IANA, special-purpose address registries): not of this
/// machine, of a private or shared network, of a link, of documentation or benchmarks, nor of a group.
fn is_public(address: IpAddr) -> bool {
    let global = match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    };
    global && !METADATA.contains(&address)
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

    #[test]
    fn private_opens_private_networks_and_neither_this_machine_nor_a_cloud() {
        let lets = |network: Network, text: &str| network.lets(text.parse().unwrap());
        for inside in ["10.0.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd12:3456::1", "fc00::1"] {
            assert!(lets(Network::Private, inside) && !lets(Network::Public, inside), "{inside}");
        }
        for outside in ["1.1.1.1", "2600::1"] {
            assert!(lets(Network::Private, outside), "{outside}");
        }
        for never in [
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "169.254.169.254",
            "169.254.0.1",
            "168.63.129.16",
            "100.100.100.200",
            "192.0.0.192",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::",
            "::1",
            "fe80::1",
            "ff02::1",
            "fd00:ec2::254",
            "fd20:ce::254",
            "fd00:42::42",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
        ] {
            for network in [Network::Public, Network::Private] {
                assert!(!lets(network, never), "{never}");
            }
            let written = Network::Literal(never.parse().unwrap());
            assert!(lets(written, never) && !lets(written, "10.0.0.1"), "{never}");
        }
    }
}
