//! Mail in by LMTP (RFC 2033), from the relay of this machine.
//!
//! A small server of its own rather than a mail server: it hears one relay, on loopback, and answers for
//! each recipient only when the mail is on disk, so a crash loses nothing that was acknowledged. Lines,
//! recipients, bytes, connections and silences are bounded.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::incoming::{Envelope, LARGEST};

/// RFC 5321, 4.5.3.1.4 asks for 512; extensions of relays need more.
const LONGEST_LINE: usize = 2_048;
const RECIPIENTS: usize = 100;
const CONNECTIONS: usize = 8;
/// Commands of one connection that were not understood.
const PATIENCE: u32 = 20;
const SILENCE: Duration = Duration::from_secs(300);
/// Between two looks at whether to stop.
const LOOK: Duration = Duration::from_millis(200);

/// What became of a mail, for the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Kept,
    /// Nothing was taken; bring it again.
    Later,
}

/// Takes a mail.
pub type Take = dyn Fn(&[u8], &Envelope) -> Answer + Send + Sync;

/// Serves until told to stop; connections under way end with their mail.
pub fn serve(listener: &TcpListener, take: &Arc<Take>, stop: &AtomicBool) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let open = Arc::new(AtomicUsize::new(0));
    while !stop.load(Ordering::SeqCst) {
        let stream = match listener.accept() {
            Ok((stream, _)) => stream,
            Err(e) if e.kind() == ErrorKind::WouldBlock => {
                thread::sleep(LOOK);
                continue;
            }
            Err(e) => {
                tracing::warn!("lmtp: {e}");
                thread::sleep(LOOK);
                continue;
            }
        };
        let Some(place) = Place::of(&open) else {
            refuse(stream);
            continue;
        };
        let take = take.clone();
        thread::spawn(move || {
            let _place = place;
            // The relay brings again what it was not answered for.
            let _ = converse(&stream, take.as_ref());
        });
    }
    Ok(())
}

/// One of the conversations under way, given back however it ends: a mail may make its reader panic.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn of(open: &Arc<AtomicUsize>) -> Option<Place> {
        let place = Place(open.clone());
        (open.fetch_add(1, Ordering::SeqCst) < CONNECTIONS).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn refuse(mut stream: TcpStream) {
    let _ = stream.write_all(b"421 4.3.2 too many connections\r\n");
}

fn converse(stream: &TcpStream, take: &Take) -> std::io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(SILENCE))?;
    stream.set_write_timeout(Some(SILENCE))?;
    talk(BufReader::new(stream), stream, take)
}

/// One conversation, whatever carries it.
pub fn talk(mut from: impl BufRead, mut to: impl Write, take: &Take) -> std::io::Result<()> {
    to.write_all(b"220 regisseur LMTP\r\n")?;
    let (mut session, mut mistakes) = (Session::default(), 0);
    loop {
        let Some(line) = read_line(&mut from)? else { return Ok(()) };
        match session.command(&line) {
            Reply::Say(text) => {
                to.write_all(text.as_bytes())?;
                mistakes += u32::from(text.starts_with('5'));
                if mistakes > PATIENCE {
                    return to.write_all(b"421 4.7.0 too many mistakes\r\n");
                }
            }
            Reply::Data => {
                to.write_all(b"354 go on\r\n")?;
                let Some(mail) = read_data(&mut from)? else { return Ok(()) };
                let text = match mail {
                    Data::TooLarge => "552 5.3.4 too large\r\n",
                    Data::Whole(bytes) => match take(&bytes, &session.envelope) {
                        Answer::Kept => "250 2.0.0 kept\r\n",
                        Answer::Later => "451 4.3.0 come back later\r\n",
                    },
                };
                // RFC 2033, 4.2: one answer for each recipient.
                to.write_all(text.repeat(session.envelope.to.len()).as_bytes())?;
                session.forget();
            }
            Reply::Bye => return to.write_all(b"221 2.0.0 bye\r\n"),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Reply {
    Say(&'static str),
    Data,
    Bye,
}

/// Where a conversation stands.
#[derive(Default)]
struct Session {
    greeted: bool,
    envelope: Envelope,
}

impl Session {
    fn forget(&mut self) {
        self.envelope = Envelope::default();
    }

    /// `None` stands for a line that is too long or not text.
    fn command(&mut self, line: &Option<String>) -> Reply {
        let Some(line) = line else { return Reply::Say("500 5.5.2 line too long\r\n") };
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "LHLO" => {
                self.greeted = true;
                self.forget();
                Reply::Say(
                    "250-regisseur\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250 SIZE 31457280\r\n",
                )
            }
            "HELO" | "EHLO" => Reply::Say("500 5.5.1 this is LMTP\r\n"),
            "NOOP" => Reply::Say("250 2.0.0 OK\r\n"),
            "RSET" => {
                self.forget();
                Reply::Say("250 2.0.0 OK\r\n")
            }
            "QUIT" => Reply::Bye,
            "MAIL" if self.greeted && self.envelope.from.is_none() => match path(rest, "FROM:") {
                Some(from) => {
                    self.envelope.from = Some(from);
                    Reply::Say("250 2.1.0 OK\r\n")
                }
                None => Reply::Say("501 5.5.4 an address is expected\r\n"),
            },
            "RCPT" if self.envelope.from.is_some() => match path(rest, "TO:").filter(|to| !to.is_empty()) {
                Some(_) if self.envelope.to.len() >= RECIPIENTS => {
                    Reply::Say("452 4.5.3 too many recipients\r\n")
                }
                Some(to) => {
                    self.envelope.to.push(to);
                    Reply::Say("250 2.1.5 OK\r\n")
                }
                None => Reply::Say("501 5.5.4 an address is expected\r\n"),
            },
            "DATA" if !self.envelope.to.is_empty() => Reply::Data,
            "MAIL" | "RCPT" | "DATA" => Reply::Say("503 5.5.1 not now\r\n"),
            _ => Reply::Say("500 5.5.1 not known\r\n"),
        }
    }
}

/// The address of `FROM:<…>` or `TO:<…>`, whatever follows it.
fn path(rest: &str, name: &str) -> Option<String> {
    let start = rest.get(..name.len()).filter(|start| start.eq_ignore_ascii_case(name))?;
    let inner = rest[start.len()..].trim_start().strip_prefix('<')?;
    let (address, _) = inner.split_once('>')?;
    (address.len() <= 320).then(|| address.to_owned())
}

/// The next line without its end; `Some(None)` when it is too long or no text, `None` at the end.
fn read_line(from: &mut impl BufRead) -> std::io::Result<Option<Option<String>>> {
    let Some(line) = bounded_line(from, LONGEST_LINE)? else { return Ok(None) };
    let text = String::from_utf8(line.bytes).ok().filter(|_| line.whole);
    Ok(Some(text.map(|t| t.trim_end_matches(['\r', '\n']).to_owned())))
}

/// A line of which no more than some bytes are kept.
struct Bounded {
    bytes: Vec<u8>,
    /// That is all of it.
    whole: bool,
    /// It ended with CR LF, kept or not.
    crlf: bool,
}

/// The next line, of which no more than `most` bytes are kept; `None` when there is none to the end of it.
fn bounded_line(from: &mut impl BufRead, most: usize) -> std::io::Result<Option<Bounded>> {
    let (mut bytes, mut whole, mut before) = (Vec::new(), true, 0);
    loop {
        let held = from.fill_buf()?;
        if held.is_empty() {
            return Ok(None);
        }
        let end = held.iter().position(|b| *b == b'\n').map(|at| at + 1);
        let taken = end.unwrap_or(held.len());
        let room = most.saturating_sub(bytes.len());
        whole &= taken <= room;
        bytes.extend_from_slice(&held[..taken.min(room)]);
        let last = if taken >= 2 { held[taken - 2] } else { before };
        before = held[taken - 1];
        from.consume(taken);
        if end.is_some() {
            return Ok(Some(Bounded { bytes, whole, crlf: last == b'\r' }));
        }
    }
}

enum Data {
    Whole(Vec<u8>),
    TooLarge,
}

/// Everything up to the line that is a dot; `None` if the connection ended before it. Only CR LF ends the
/// lines around the dot: a bare LF there would let a sender put a second mail in the first.
fn read_data(from: &mut impl BufRead) -> std::io::Result<Option<Data>> {
    let (mut mail, mut large, mut after_line) = (Vec::new(), false, true);
    loop {
        let Some(Bounded { bytes, whole, crlf }) = bounded_line(from, LARGEST)? else { return Ok(None) };
        if bytes == b".\r\n" && after_line {
            return Ok(Some(if large { Data::TooLarge } else { Data::Whole(mail) }));
        }
        after_line = crlf;
        let line = bytes.strip_prefix(b".").unwrap_or(&bytes);
        large |= !whole || mail.len() + line.len() > LARGEST;
        if large {
            mail = Vec::new();
        } else {
            mail.extend_from_slice(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::Mutex;

    fn said(script: &[u8]) -> (String, Vec<(Vec<u8>, Envelope)>) {
        let taken = Mutex::new(Vec::new());
        let mut out = Vec::new();
        let kept = Arc::new(taken);
        let keeper = kept.clone();
        let take = move |bytes: &[u8], envelope: &Envelope| {
            keeper.lock().unwrap().push((bytes.to_vec(), envelope.clone()));
            if bytes.starts_with(b"later") { Answer::Later } else { Answer::Kept }
        };
        talk(script, &mut out, &take).unwrap();
        let kept = kept.lock().unwrap().clone();
        (String::from_utf8(out).unwrap(), kept)
    }

    #[test]
    fn a_mail_is_taken_and_answered_for_each_recipient() {
        let script = b"LHLO relay\r\nMAIL FROM:<a@b.c> SIZE=10\r\nRCPT TO:<x@y.z>\r\nRCPT TO:<x+t@y.z>\r\nDATA\r\n\
            Subject: x\r\n\r\n..dot\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<x@y.z>\r\nDATA\r\nlater\r\n.\r\nQUIT\r\n";
        let (out, kept) = said(script);
        assert_eq!(out.matches("250 2.0.0 kept").count(), 2, "{out}");
        assert_eq!(out.matches("451 4.3.0").count(), 1);
        assert!(out.ends_with("221 2.0.0 bye\r\n"));
        assert_eq!(kept[0].0, b"Subject: x\r\n\r\n.dot\r\n");
        assert_eq!(kept[0].1.to, ["x@y.z", "x+t@y.z"]);
        assert_eq!(kept[1].1.from.as_deref(), Some(""));
    }

    #[test]
    fn what_is_out_of_order_too_long_or_cut_takes_nothing() {
        let long = [b"LHLO ".to_vec(), vec![b'x'; 5_000], b"\r\nMAIL FROM:<a@b.c>\r\n".to_vec()].concat();
        for script in [
            &b"DATA\r\n"[..],
            b"MAIL FROM:<a@b.c>\r\nRCPT TO:<x@y.z>\r\nDATA\r\nx\r\n.\r\n",
            b"LHLO r\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<x@y.z>\r\nDATA\r\nSubject: cut",
            b"EHLO r\r\n",
            &long,
        ] {
            let (out, kept) = said(script);
            assert!(kept.is_empty(), "{out}");
        }
        assert!(said(&long).0.contains("500 5.5.2"));
        let (out, _) = said(&b"WAT\r\n".repeat(100));
        assert!(out.ends_with("421 4.7.0 too many mistakes\r\n") && out.len() < 1_000);
    }

    #[test]
    fn a_mail_too_large_is_refused_and_the_next_one_taken() {
        let body = vec![b'x'; LARGEST + 10];
        let head = b"LHLO r\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<x@y.z>\r\nDATA\r\n".to_vec();
        let next = b"\r\n.\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<x@y.z>\r\nDATA\r\nsmall\r\n.\r\n".to_vec();
        let (out, kept) = said(&[head, body, next].concat());
        assert!(out.contains("552 5.3.4"), "{out}");
        assert_eq!(kept.len(), 1);
    }

    #[test]
    fn a_bare_line_feed_ends_no_mail() {
        let smuggled =
            b"LHLO r\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<x@y.z>\r\nDATA\r\none\n.\r\nMAIL FROM:<v@b.c>\r\n\
            RCPT TO:<x@y.z>\r\nDATA\r\n\r\n.\nforged\r\n.\r\n";
        let (_, kept) = said(smuggled);
        assert_eq!(kept.len(), 1);
        assert!(kept[0].0.ends_with(b"forged\r\n"));
    }

    proptest! {
        #[test]
        fn any_conversation_ends(lines in prop::collection::vec("(LHLO r|MAIL FROM:<(a@b)?>|RCPT TO:<c@d>|DATA|\\.|RSET|\\PC{0,20})", 0..60), junk in prop::collection::vec(any::<u8>(), 0..300)) {
            let (out, kept) = said(&[lines.join("\r\n").into_bytes(), junk].concat());
            prop_assert!(out.starts_with("220 "));
            prop_assert!(kept.iter().all(|(_, e)| e.from.is_some() && !e.to.is_empty()));
        }
    }
}
