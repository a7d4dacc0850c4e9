//! Asking a provider of identity over HTTPS: short, small, and nowhere else than where it was sent.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use app::accounts::openid::{Fetch, Request};
use data_encoding::BASE64;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer; keys and tokens take a few thousand.
const LARGEST: u64 = 1 << 20;

/// What asks; it trusts this machine's authorities, or the ones of a file of PEM certificates.
pub fn fetch(authority: Option<&Path>) -> Result<Arc<Fetch>, String> {
    let trusted = crate::tls::authorities(authority)?;
    let roots = trusted.iter().map(|der| Certificate::from_der(der.as_ref()).to_owned());
    let tls = TlsConfig::builder().root_certs(RootCerts::from(roots)).build();
    let config = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        // An answer comes from the address that we chose to trust, or not at all.
        .max_redirects(0)
        .http_status_as_error(false)
        .tls_config(tls)
        .build();
    let agent = Agent::new_with_config(config);
    Ok(Arc::new(move |request: &Request<'_>| ask(&agent, request)))
}

fn ask(agent: &Agent, request: &Request<'_>) -> Result<Vec<u8>, String> {
    let (Request::Get { url, .. } | Request::Post { url, .. }) = request;
    if !is_private(url) {
        return Err(format!("{url} is neither https nor this machine"));
    }
    let answer = match request {
        Request::Get { bearer: None, .. } => agent.get(*url).call(),
        Request::Get { bearer: Some(token), .. } => {
            agent.get(*url).header("authorization", format!("Bearer {token}")).call()
        }
        Request::Post { form, basic, .. } => {
            let pairs: Vec<String> =
                form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
            let post = agent
                .post(*url)
                .header("content-type", "application/x-www-form-urlencoded")
                .header("accept", "application/json");
            let post = match basic {
                // RFC 6749, 2.3.1: each half is encoded as a form would be.
                Some((client, secret)) => {
                    let both = format!("{}:{}", encoded(client), encoded(secret));
                    post.header("authorization", format!("Basic {}", BASE64.encode(both.as_bytes())))
                }
                None => post,
            };
            post.send(pairs.join("&"))
        }
    };
    let mut answer = answer.map_err(|e| format!("{url}: {e}"))?;
    if answer.status() != 200 {
        return Err(format!("{url} answers {}", answer.status()));
    }
    answer.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(|e| format!("{url}: {e}"))
}

/// HTTPS, or a server of this very machine.
pub(crate) fn is_private(url: &str) -> bool {
    let here = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(':') || rest.starts_with('/');
    url.starts_with("https://") || here.iter().any(|own| url.strip_prefix(own).is_some_and(ends))
}

/// Percent-encoding of what is not unreserved (RFC 3986, 2.3).
fn encoded(text: &str) -> String {
    let kept = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    text.bytes().map(|b| if kept(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_leave_over_tls_or_stay_on_this_machine() {
        for private in
            ["https://login.exemple.fr/x", "http://localhost:9000/x", "http://127.0.0.1", "http://[::1]/"]
        {
            assert!(is_private(private), "{private}");
        }
        for open in
            ["http://login.exemple.fr", "http://localhost.evil.example", "ftp://localhost", "file:///etc"]
        {
            assert!(!is_private(open), "{open}");
        }
        let fetch = fetch(None).expect("the authorities of this machine");
        assert!(fetch(&Request::Get { url: "http://login.exemple.fr", bearer: None }).is_err());
    }

    #[test]
    fn a_secret_is_encoded_as_a_form_encodes_it() {
        assert_eq!(encoded("p@ss +%é"), "p%40ss%20%2B%25%C3%A9");
    }
}
