//! The site as the network reaches it: its names, and the address that failures are counted by.

mod common;

use std::net::SocketAddr;

use app::Role;
use axum::serve::ListenerExt;
use common::{PASSWORD, Site};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use web::http::Front;

const EMAIL: &str = "direction@exemple.fr";

/// Serves as the program does, and gives the address.
async fn served(site: &Site, front: Front) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let router = front.before(site.router()).into_make_service_with_connect_info::<SocketAddr>();
    let listener = listener.tap_io(|tcp| drop(tcp.set_nodelay(true)));
    tokio::spawn(axum::serve(listener, router).into_future());
    at
}

async fn status(at: SocketAddr, request: &str) -> u16 {
    let mut tcp = TcpStream::connect(at).await.unwrap();
    tcp.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    tcp.read_to_end(&mut answer).await.unwrap();
    let text = String::from_utf8_lossy(&answer);
    text.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("{text}"))
}

#[tokio::test]
async fn a_name_that_is_not_ours_is_refused_before_anything_is_read() {
    let site = Site::new("front-names", &[], &[]);
    let at = served(&site, Front { names: vec!["support.exemple.fr".into()], ..Front::default() }).await;
    let ask = async |path: &str, host: &str| {
        status(at, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await
    };
    assert_eq!(ask("/sign-in", "support.exemple.fr").await, 200);
    assert_eq!(ask("/sign-in", &at.to_string()).await, 200);
    assert_eq!(ask("/sign-in", "evil.example").await, 421);
    assert_eq!(ask("/api/v1/openapi.json", "evil.example").await, 421);
    assert_eq!(ask("/healthz", "10.0.0.9").await, 200);
}

#[tokio::test]
async fn behind_our_proxy_a_stranger_does_not_lock_the_owner_out() {
    let people = [("sologne", EMAIL, Role::CustomerManager)];
    let site = Site::new("front-proxy", &[("sologne", "Conserverie de Sologne SAS")], &people);
    let at = served(&site, Front { behind_proxy: true, ..Front::default() }).await;
    let enter = async |from: &str, password: &str| {
        let form = format!("email={}&password={}", EMAIL.replace('@', "%40"), password.replace(' ', "+"));
        let request = format!(
            "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.1, {from}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{form}",
            form.len()
        );
        status(at, &request).await
    };
    let (home, away) = ("192.0.2.1", "198.51.100.7");
    assert_eq!(enter(home, PASSWORD).await, 303);
    for _ in 0..5 {
        assert_eq!(enter(away, "pas le bon du tout").await, 403);
    }
    assert_eq!(enter(away, PASSWORD).await, 403, "even the right one waits there");
    assert_eq!(enter(home, PASSWORD).await, 303, "the owner, at home");
}
