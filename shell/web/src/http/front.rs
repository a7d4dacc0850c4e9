//! What stands between the site and the network: the names it answers to, and a proxy of ours.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};

use super::client::BehindProxy;

/// How a site is reached; by default from its own machine, with nothing in front.
#[derive(Debug, Clone, Default)]
pub struct Front {
    /// Host names that it answers to, besides the machine's own; without port.
    pub names: Vec<String>,
    /// A proxy of ours stands in front and writes the client's address at the end of `X-Forwarded-For`.
    pub behind_proxy: bool,
}

/// The machine's own names, which no other site can have its visitors send.
const OWN: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

impl Front {
    /// The router as it is reached: another name is refused, so that a page elsewhere whose name was
    /// pointed here cannot read this site with its visitors' browsers (DNS rebinding), nor a wrong
    /// name enter a link.
    pub fn before(self, router: Router) -> Router {
        let router = if self.behind_proxy { router.layer(Extension(BehindProxy)) } else { router };
        router.layer(from_fn_with_state(Arc::new(self.names), only_our_names))
    }
}

async fn only_our_names(State(names): State<Arc<Vec<String>>>, request: Request, next: Next) -> Response {
    // A balancer asks by address whether we are ready, and learns nothing else.
    if request.uri().path() == "/healthz" || is_ours(request.headers(), &names) {
        return next.run(request).await;
    }
    let text = "Ce nom n'est pas servi ici : dites-le à « serve --name ».\n\
        This name is not served here: give it to “serve --name”.\n";
    (StatusCode::MISDIRECTED_REQUEST, text).into_response()
}

fn is_ours(headers: &HeaderMap, names: &[String]) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let Ok(host) = host.to_str() else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_end_matches('.');
    OWN.iter().copied().chain(names.iter().map(String::as_str)).any(|ours| ours.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_site_answers_to_its_names_only() {
        let names = ["support.exemple.fr".to_owned()];
        let asked = |hosts: &[&'static str]| {
            let hosts = hosts.iter().map(|host| (HOST, HeaderValue::from_static(host)));
            is_ours(&hosts.collect(), &names)
        };
        for ours in [
            "localhost",
            "localhost:8080",
            "127.0.0.1:80",
            "[::1]:8080",
            "[::1]",
            "Support.Exemple.FR",
            "support.exemple.fr.:443",
        ] {
            assert!(asked(&[ours]), "{ours}");
        }
        for away in
            ["evil.example", "support.exemple.fr.evil.example", "127.0.0.2", "", "::1", "localhost:80:80"]
        {
            assert!(!asked(&[away]), "{away}");
        }
        assert!(!asked(&[]) && !asked(&["localhost", "evil.example"]));
    }
}
