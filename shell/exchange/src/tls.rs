//! How a server of mail is reached: always by TLS, but on this machine.

use serde::Deserialize;

/// The encryption of a connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// From the first byte (RFC 8314).
    #[default]
    Tls,
    /// Asked for after the greeting, and required. For SMTP only.
    StartTls,
    /// None: on this machine only.
    None,
}

/// Whether a host is this machine.
pub(crate) fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
