//! Streams of events that stand open: memory of each, and how long one piece of news takes to all of them.
//!
//! `cargo run --release -p bench --bin streams [STREAMS]`
//!
//! The whole server with its socket on loopback, six streams for each person. The readers are bare sockets
//! of this process, which take no memory of it worth counting: what grows is the server.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::accounts::NewAccount;
use app::ticket::OpenTicket;
use app::{Act, Role};
use bench::ground::{Ground, PASSWORD, key};

const PER_PERSON: usize = 6;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let streams: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(2_000);
    let folder = std::env::temp_dir().join(format!("regisseur-streams-{}", std::process::id()));
    let ground = Ground::new(&folder);
    let sessions = sessions(&ground, streams.div_ceil(PER_PERSON))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(16)
        .enable_all()
        .build()?;
    let web = web::http::Web { app: ground.app.clone(), demo: Vec::new(), demo_clock: false, printer: None };
    let router = web::router(Arc::new(web));
    let listener = runtime.block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0)))?;
    let at = listener.local_addr()?;
    runtime.spawn(async move {
        axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await
    });

    // The first one brings what every later one shares.
    let mut open = vec![listen(at, &sessions[0])?];
    let before = resident()?;
    for n in 1..streams {
        open.push(listen(at, &sessions[n / PER_PERSON])?);
    }
    std::thread::sleep(Duration::from_secs(1));
    let after = resident()?;
    println!("{streams} idle streams: {after} KiB resident, {before} KiB with one");
    println!("{:.1} KiB each", (after - before) as f64 / (streams - 1) as f64);

    let asker = ground.user.permit(Act::OpenTicket, ground.customer)?;
    let ask =
        OpenTicket { title: "Panne".to_owned(), priority: Some("P3".to_owned()), ..OpenTicket::default() };
    let began = Instant::now();
    ground.app.open_ticket(&asker, &key("streams".to_owned()), &ask)?;
    for stream in &mut open {
        until(stream, "event: ticket")?;
    }
    println!("one ticket opened, told to all of them in {} ms", began.elapsed().as_millis());
    drop(open);
    runtime.shutdown_timeout(Duration::from_secs(2));
    drop(ground);
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

/// People of the customer's, each signed in once.
fn sessions(ground: &Ground, people: usize) -> Result<Vec<String>, app::AppError> {
    let one = |n: usize| {
        let email = format!("agent{n}@garonne.fr");
        let new = NewAccount {
            email: &email,
            name: &email,
            password: PASSWORD,
            role: Role::CustomerUser,
            customer: Some(ground.customer),
            totp_secret: None,
        };
        ground.app.add_account(&new)?;
        Ok(ground.app.sign_in(&email, PASSWORD, None)?.token)
    };
    (0..people).map(one).collect()
}

fn listen(at: SocketAddr, session: &str) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(at)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let request =
        format!("GET /events HTTP/1.1\r\nhost: localhost\r\ncookie: __Host-regisseur={session}\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    until(&mut stream, "event: hello")?;
    Ok(stream)
}

/// Reads until some words came.
fn until(stream: &mut TcpStream, words: &str) -> std::io::Result<()> {
    let mut text = String::new();
    let mut piece = [0; 512];
    while !text.contains(words) {
        match stream.read(&mut piece)? {
            0 => return Err(std::io::Error::other(format!("ended before {words}: {text}"))),
            n => text.push_str(&String::from_utf8_lossy(&piece[..n])),
        }
    }
    Ok(())
}

/// Resident memory of this process, in KiB.
fn resident() -> Result<u64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
