//! Where a request comes from: an address for the limits of sign-in, a device for its owner's eyes.

use std::net::{IpAddr, SocketAddr};

use app::accounts::Client;
use axum::extract::ConnectInfo;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

/// Put in the extensions of every request when a proxy of ours stands in front: the last address of
/// `X-Forwarded-For`, the one that this proxy wrote, is then the client's. Without it the header is
/// anybody's word and is not read.
#[derive(Debug, Clone, Copy)]
pub(super) struct BehindProxy;

pub(super) fn client(parts: &Parts) -> Client {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let proxied = parts.extensions.get::<BehindProxy>().is_some();
    let address = if proxied { forwarded(&parts.headers).or(peer) } else { peer };
    let agent = parts.headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    Client { address, device: device(agent) }
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all(HeaderName::from_static("x-forwarded-for")).iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// « Firefox, Linux » of a `User-Agent`; empty when it says nothing that a person would recognise.
fn device(agent: &str) -> String {
    // Each claims the names of those that follow it.
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let named = |list: &[(&str, &'static str)]| {
        list.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    let both: Vec<&str> = [named(&BROWSERS), named(&SYSTEMS)].into_iter().flatten().collect();
    both.join(", ")
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn a_device_is_named_as_its_owner_would() {
        for (agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox, Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
                "Edge, Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
                "Safari, iOS",
            ),
            ("<script>", ""),
        ] {
            assert_eq!(device(agent), name);
        }
    }

    #[test]
    fn only_our_own_proxy_is_believed() {
        let request = |proxied: bool| {
            let mut request = Request::get("/")
                .header("x-forwarded-for", "203.0.113.1, 198.51.100.2")
                .header("x-forwarded-for", "192.0.2.9, 192.0.2.3")
                .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4000))));
            if proxied {
                request = request.extension(BehindProxy);
            }
            client(&request.body(()).unwrap().into_parts().0).address.unwrap().to_string()
        };
        assert_eq!(request(false), "127.0.0.1");
        assert_eq!(request(true), "192.0.2.3");
    }
}
