//! Asking a provider of identity over HTTPS: short, small, and nowhere else than where it was sent.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use app::accounts::openid::{Fetch, Request, Unheard};
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

fn ask(agent: &Agent, request: &Request<'_>) -> Result<Vec<u8>, Unheard> {
    let (Request::Get { url, .. } | Request::Post { url, .. }) = request;
    if !is_private(url) {
        return Err(Unheard::Silent(format!("{url} is neither https nor this machine")));
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
    let silent = |e: ureq::Error| Unheard::Silent(format!("{url}: {e}"));
    let mut answer = answer.map_err(silent)?;
    let status = answer.status();
    if status != 200 {
        let why = format!("{url} answers {status}");
        let said = answer.body_mut().with_config().limit(LARGEST).read_to_vec().unwrap_or_default();
        let refused = status == 400 && is_invalid_grant(&said);
        return Err(if refused { Unheard::Refused(why) } else { Unheard::Silent(why) });
    }
    answer.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(silent)
}

/// Whether a provider blames the code that somebody came with (RFC 6749, 5.2). All else blames our own
/// credentials, an address that moved, or its own state: none is the fault of whoever signs in.
fn is_invalid_grant(said: &[u8]) -> bool {
    let said: Option<serde_json::Value> = serde_json::from_slice(said).ok();
    said.is_some_and(|said| said["error"] == "invalid_grant")
}

/// HTTPS, or a server of this very machine.
pub(crate) fn is_private(url: &str) -> bool {
    let here = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
    url.starts_with("https://") || here.iter().any(|own| url.strip_prefix(own).is_some_and(is_port_then_path))
}

/// Whether nothing but a port stands between the host and what follows it: « @ » would make a name of a
/// user out of our own host, and of what follows the true one.
fn is_port_then_path(rest: &str) -> bool {
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let port = &rest[..end];
    port.is_empty() || port.strip_prefix(':').is_some_and(|p| p.bytes().all(|b| b.is_ascii_digit()))
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
            ["https://login.exemple.fr/x", "http://localhost:9000/x?a@b", "http://127.0.0.1", "http://[::1]/"]
        {
            assert!(is_private(private), "{private}");
        }
        for open in [
            "http://login.exemple.fr",
            "http://localhost.evil.example",
            "http://localhost@evil.example/",
            "http://localhost:9000@evil.example/",
            "http://localhost:pass@evil.example",
            "http://[::1]:@evil.example/",
            "ftp://localhost",
            "file:///etc",
        ] {
            assert!(!is_private(open), "{open}");
        }
        let fetch = fetch(None).expect("the authorities of this machine");
        assert!(fetch(&Request::Get { url: "http://login.exemple.fr", bearer: None }).is_err());
    }

    #[test]
    fn a_false_code_is_told_from_a_provider_that_is_ill() {
        use std::io::{Read, Write};
        let server = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/token", server.local_addr().expect("its address"));
        let said = [
            ("400 Bad Request", r#"{"error":"invalid_grant"}"#),
            ("400 Bad Request", r#"{"error":"invalid_client"}"#),
            ("400 Bad Request", "not json"),
            ("401 Unauthorized", r#"{"error":"invalid_grant"}"#),
            ("403 Forbidden", ""),
            ("500 Ill", ""),
        ];
        let answers = std::thread::spawn(move || {
            for (status, body) in said {
                let (mut asked, _) = server.accept().expect("a request");
                let _ = asked.read(&mut [0; 4096]);
                let long = body.len();
                let head =
                    format!("HTTP/1.1 {status}\r\ncontent-length: {long}\r\nconnection: close\r\n\r\n{body}");
                asked.write_all(head.as_bytes()).expect("it is read");
            }
        });
        let fetch = fetch(None).expect("the authorities of this machine");
        let refused = said.map(|_| {
            let answer = fetch(&Request::Post { url: &url, form: &[], basic: None });
            matches!(answer, Err(Unheard::Refused(_)))
        });
        answers.join().expect("six answers");
        assert_eq!(refused, [true, false, false, false, false, false]);
        let nobody = fetch(&Request::Get { url: &url, bearer: None });
        assert!(matches!(nobody, Err(Unheard::Silent(_))), "{nobody:?}");
    }

    #[test]
    fn a_secret_is_encoded_as_a_form_encodes_it() {
        assert_eq!(encoded("p@ss +%é"), "p%40ss%20%2B%25%C3%A9");
    }
}
