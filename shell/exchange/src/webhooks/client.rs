//! Posting one delivery: to an address that was checked, without following anybody elsewhere, in fifteen
//! seconds at most, and without reading what is answered beyond its status.

use std::net::SocketAddr;
use std::path::Path;

use app::webhook::{Failure, Outcome, PATIENCE, Parcel, Target, is_public};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

/// What posts deliveries.
pub struct Client {
    public: Agent,
    /// For the hosts that may lie in a private network.
    anywhere: Agent,
}

impl Client {
    /// It trusts this machine's authorities, or the ones of a file of PEM certificates.
    pub fn new(authority: Option<&Path>) -> Result<Client, String> {
        let trusted = crate::tls::authorities(authority)?;
        let roots = trusted.iter().map(|der| Certificate::from_der(der.as_ref()).to_owned());
        let tls = TlsConfig::builder().root_certs(RootCerts::from(roots)).build();
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            // A proxy of the environment would resolve the name itself, and go where we do not.
            .proxy(None)
            .max_idle_connections(0)
            .user_agent("Regisseur-Webhooks/1")
            .tls_config(tls)
            .build();
        let agent =
            |private| Agent::with_parts(config.clone(), DefaultConnector::default(), Checked { private });
        Ok(Client { public: agent(false), anywhere: agent(true) })
    }

    /// Posts a delivery; gives the status of the answer, or why there is none.
    pub fn post(&self, parcel: &Parcel) -> Outcome {
        if !is_the_same(&parcel.target) {
            return Outcome::Failed(Failure::NotAllowed);
        }
        let agent = if parcel.target.private { &self.anywhere } else { &self.public };
        let mut request = agent.post(&parcel.target.url).content_type("application/json");
        for (name, value) in &parcel.headers {
            request = request.header(*name, value);
        }
        match request.send(parcel.body.as_bytes()) {
            Ok(answer) => Outcome::Answered(answer.status().as_u16()),
            Err(error) => Outcome::Failed(failure(&error)),
        }
    }
}

/// Whether what posts reads the address as what allowed it did.
fn is_the_same(target: &Target) -> bool {
    let Ok(uri) = target.url.parse::<Uri>() else { return false };
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
    let host = uri.host().unwrap_or_default();
    let host = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case(&target.host) && port == target.port
}

/// Gives the addresses of a name once they are checked; the connection is made to one of them, and the name
/// is not looked up again.
#[derive(Debug)]
struct Checked {
    private: bool,
}

/// A name led into a private network.
#[derive(Debug)]
struct NotPublic;

impl std::fmt::Display for NotPublic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an address that is not public")
    }
}

impl std::error::Error for NotPublic {}

impl Resolver for Checked {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found =
            DefaultResolver::default().resolve(uri, config, timeout).map_err(|error| match error {
                Error::Timeout(which) => Error::Timeout(which),
                // What a lookup answers is an error of input and output like any other.
                _ => Error::HostNotFound,
            })?;
        match self.lets(&found) {
            true => Ok(found),
            false => Err(Error::Other(Box::new(NotPublic))),
        }
    }
}

impl Checked {
    /// One address that is not public among public ones is no accident.
    fn lets(&self, found: &[SocketAddr]) -> bool {
        self.private || found.iter().all(|at| is_public(at.ip()))
    }
}

fn failure(error: &Error) -> Failure {
    match error {
        Error::HostNotFound => Failure::Unresolved,
        Error::Timeout(_) => Failure::TimedOut,
        Error::Other(cause) if cause.is::<NotPublic>() => Failure::NotPublic,
        Error::Tls(_) | Error::Rustls(_) => Failure::Untrusted,
        Error::Io(e) if e.get_ref().is_some_and(|cause| cause.is::<rustls::Error>()) => Failure::Untrusted,
        _ => Failure::Unreachable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leads_home_even_once_is_refused() {
        let at = |text: &str| text.parse::<SocketAddr>().unwrap();
        let (public, home) = (at("1.1.1.1:443"), at("169.254.169.254:443"));
        assert!(Checked { private: false }.lets(&[public]));
        assert!(!Checked { private: false }.lets(&[public, home]));
        assert!(!Checked { private: false }.lets(&[at("[::ffff:127.0.0.1]:443")]));
        assert!(Checked { private: true }.lets(&[public, home]));
    }

    #[test]
    fn an_address_is_posted_to_as_it_was_allowed() {
        let target = |url: &str, host: &str, port| Target {
            url: url.to_owned(),
            host: host.to_owned(),
            port,
            private: false,
        };
        assert!(is_the_same(&target("https://Hooks.example/a?b", "hooks.example", 443)));
        assert!(is_the_same(&target("http://[::1]:9000/", "::1", 9000)));
        assert!(!is_the_same(&target("https://other.example/", "hooks.example", 443)));
        assert!(!is_the_same(&target("https://hooks.example:8443/", "hooks.example", 443)));
        assert!(!is_the_same(&target("https://hooks.example@other.example/", "hooks.example", 443)));
    }
}
