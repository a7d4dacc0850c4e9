//! How a server of mail is reached: always by TLS, but on this machine.

use serde::Deserialize;

/// The encryption of a connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// From the first byte (RFC 8314).
    #[default]
    Tls,
    /// Asked for after the greeting, and required. For SMTP and LDAP only.
    StartTls,
    /// None: on this machine only.
    None,
}

/// Whether a host is this machine.
pub(crate) fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The authorities of this machine, or those of a file of PEM certificates instead.
pub(crate) fn authorities(
    file: Option<&std::path::Path>,
) -> Result<Vec<rustls::pki_types::CertificateDer<'static>>, String> {
    use rustls::pki_types::pem::PemObject;
    let Some(file) = file else { return Ok(rustls_native_certs::load_native_certs().certs) };
    let wrong = |e: rustls::pki_types::pem::Error| format!("{}: {e}", file.display());
    let read = rustls::pki_types::CertificateDer::pem_file_iter(file).map_err(wrong)?;
    read.collect::<Result<Vec<_>, _>>().map_err(wrong)
}
