//! Posting one delivery: to an address that was checked, without following anybody elsewhere, in fifteen
//! seconds at most, and without reading what is answered beyond its status.

use std::net::SocketAddr;
use std::path::Path;

use app::webhook::{Failure, Network, Outcome, PATIENCE, Parcel, Target};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

/// What posts deliveries.
pub struct Client {
    config: Config,
    public: Agent,
    /// For the hosts that may lie in a private network.
    private: Agent,
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
        let (public, private) = (agent(&config, Network::Public), agent(&config, Network::Private));
        Ok(Client { config, public, private })
    }

    /// Posts a delivery; gives the status of the answer, or why there is none.
    pub fn post(&self, parcel: &Parcel) -> Outcome {
        if !is_the_same(&parcel.target) {
            return Outcome::Failed(Failure::NotAllowed);
        }
        let agent = match parcel.target.network {
            Network::Public => self.public.clone(),
            Network::Private => self.private.clone(),
            network @ Network::Literal(_) => agent(&self.config, network),
        };
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

/// What connects to the addresses of a part of the network only.
fn agent(config: &Config, network: Network) -> Agent {
    Agent::with_parts(config.clone(), DefaultConnector::default(), Checked { network })
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
    network: Network,
}

/// A name led where the list does not let it.
#[derive(Debug)]
struct NotOpen;

impl std::fmt::Display for NotOpen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an address that the list does not open")
    }
}

impl std::error::Error for NotOpen {}

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
            false => Err(Error::Other(Box::new(NotOpen))),
        }
    }
}

impl Checked {
    /// One address that is not open among those that are is no accident.
    fn lets(&self, found: &[SocketAddr]) -> bool {
        found.iter().all(|at| self.network.lets(at.ip()))
    }
}

fn failure(error: &Error) -> Failure {
    match error {
        Error::HostNotFound => Failure::Unresolved,
        Error::Timeout(_) => Failure::TimedOut,
        Error::Other(cause) if cause.is::<NotOpen>() => Failure::NotPublic,
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
        let lets = |network, found: &[SocketAddr]| Checked { network }.lets(found);
        let (public, inside, home) = (at("1.1.1.1:443"), at("10.1.2.3:443"), at("169.254.169.254:443"));
        assert!(lets(Network::Public, &[public]));
        assert!(!lets(Network::Public, &[public, inside]));
        assert!(!lets(Network::Public, &[at("[::ffff:127.0.0.1]:443")]));
        assert!(lets(Network::Private, &[public, inside]));
        for never in [home, at("127.0.0.1:443"), at("[::1]:443"), at("[fe80::1]:443"), at("0.0.0.0:443")] {
            assert!(!lets(Network::Private, &[inside, never]), "{never}");
            assert!(lets(Network::Literal(never.ip()), &[never]), "{never}");
        }
    }

    #[test]
    fn an_address_is_posted_to_as_it_was_allowed() {
        let target = |url: &str, host: &str, port| Target {
            url: url.to_owned(),
            host: host.to_owned(),
            port,
            network: Network::Public,
        };
        assert!(is_the_same(&target("https://Hooks.example/a?b", "hooks.example", 443)));
        assert!(is_the_same(&target("http://[::1]:9000/", "::1", 9000)));
        assert!(!is_the_same(&target("https://other.example/", "hooks.example", 443)));
        assert!(!is_the_same(&target("https://hooks.example:8443/", "hooks.example", 443)));
        assert!(!is_the_same(&target("https://hooks.example@other.example/", "hooks.example", 443)));
    }
}
