//! Whether the sender that a mail names is believed: what the operator's own relay found (RFC 8601).

use mail_parser::{HeaderName, Message};

/// Whose word is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// The relay of this name wrote, above anything else, that SPF, DKIM or DMARC passed. It must take
    /// away the headers of its own name that come from outside (RFC 8601, 5), as relays do.
    Relay(String),
    /// Any address: for a mailbox that nobody outside can write to.
    Everyone,
}

impl Trust {
    /// How sure it is that `from`, in lower case, is who wrote.
    pub fn believes(&self, message: &Message<'_>, from: &str) -> Belief {
        let Trust::Relay(relay) = self else { return Belief::Vouched };
        let Some((_, domain)) = from.rsplit_once('@') else { return Belief::None };
        let results =
            message.headers().iter().filter(|h| h.name == HeaderName::from("Authentication-Results"));
        let values =
            results.filter_map(|h| message.raw_message().get(h.offset_start as usize..h.offset_end as usize));
        // The first: a relay writes above what was there.
        values
            .map(|raw| bare(&String::from_utf8_lossy(raw)))
            // One that does not read could be the relay's: nothing under it is looked at.
            .find(|value| value.as_ref().is_none_or(|value| is_of(value, relay)))
            .flatten()
            .map_or(Belief::None, |value| passes(&value, domain))
    }
}

/// How sure it is that a mail comes from its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Belief {
    None,
    /// It came from a machine that the domain lets send (SPF), DMARC passed, or the mailbox believes everybody.
    Vouched,
    /// The domain signed it (DKIM).
    Signed,
}

fn is_of(value: &str, relay: &str) -> bool {
    let id = value.split(';').next().unwrap_or_default().split_whitespace().next().unwrap_or_default();
    id.eq_ignore_ascii_case(relay)
}

fn passes(value: &str, domain: &str) -> Belief {
    let methods: Vec<&str> = value.split(';').skip(1).map(str::trim).collect();
    let result = |method: &str, name: &str| {
        let (found, _) = method.split_once(char::is_whitespace).unwrap_or((method, ""));
        found.split_once('=').filter(|(m, _)| m.eq_ignore_ascii_case(name)).map(|(_, r)| r.to_lowercase())
    };
    let property = |method: &str, name: &str| {
        let found = method.split_whitespace().filter_map(|p| p.split_once('='));
        found
            .filter(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v.trim_matches('"').to_lowercase())
            .next()
    };
    if methods.iter().any(|m| result(m, "dmarc").is_some_and(|r| r == "fail")) {
        return Belief::None;
    }
    let each = methods.iter().map(|method| {
        let passed = |name: &str| result(method, name).is_some_and(|r| r == "pass");
        let signed = |name: &str| property(method, name).is_some_and(|d| vouches(&d, domain));
        if passed("dkim") && (signed("header.d") || signed("header.i")) {
            Belief::Signed
        // DMARC passes by SPF alone too (RFC 7489, 4.2).
        } else if (passed("dmarc") && signed("header.from")) || (passed("spf") && signed("smtp.mailfrom")) {
            Belief::Vouched
        } else {
            Belief::None
        }
    });
    each.max().unwrap_or(Belief::None)
}

/// Whether a domain answers for another: itself, or one under it.
fn vouches(authority: &str, domain: &str) -> bool {
    let authority = authority.rsplit('@').next().unwrap_or_default();
    let under = || domain.strip_suffix(authority).is_some_and(|rest| rest.ends_with('.'));
    authority.contains('.') && (authority == domain || under())
}

/// A value without its comments, which may nest, and with every quoted text emptied (RFC 5322, 3.2.2 and
/// 3.2.4): a relay repeats in quotes what a stranger chose, such as the local part of an address, and none of
/// it may separate or name anything. `None` when a quotation or a comment does not end.
fn bare(text: &str) -> Option<String> {
    let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted || depth > 0 => escaped = true,
            '"' if depth == 0 => {
                quoted = !quoted;
                out.push(c);
            }
            _ if quoted => {}
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1)?,
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    (depth == 0 && !quoted && !escaped).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail_parser::MessageParser;

    fn believes(headers: &str, from: &str) -> bool {
        belief(headers, from) > Belief::None
    }

    fn belief(headers: &str, from: &str) -> Belief {
        let mail = format!("{headers}From: {from}\r\n\r\nBonjour\r\n");
        let message = MessageParser::default().parse(mail.as_bytes()).unwrap();
        Trust::Relay("mx.prestataire.example".to_owned()).believes(&message, from)
    }

    #[test]
    fn a_signature_is_more_than_a_machine() {
        let ours = |results: &str| format!("Authentication-Results: mx.prestataire.example; {results}\r\n");
        let of = |results: &str| belief(&ours(results), "claire@garonne.example");
        assert_eq!(of("spf=pass smtp.mailfrom=retour@garonne.example"), Belief::Vouched);
        let both = "spf=pass smtp.mailfrom=garonne.example; dkim=pass header.d=garonne.example";
        assert_eq!(of(both), Belief::Signed);
        let by_machine = "spf=pass smtp.mailfrom=garonne.example; dmarc=pass header.from=garonne.example";
        assert_eq!(of(by_machine), Belief::Vouched);
        let message = MessageParser::default().parse(b"From: a@b.example\r\n\r\nx".as_slice()).unwrap();
        assert_eq!(Trust::Everyone.believes(&message, "a@b.example"), Belief::Vouched);
    }

    #[test]
    fn only_the_relay_is_believed_and_only_for_the_domain() {
        let ours = |results: &str| format!("Authentication-Results: mx.prestataire.example; {results}\r\n");
        let claire = "claire@garonne.example";
        for good in [
            "dmarc=pass (p=REJECT) header.from=garonne.example",
            "spf=fail smtp.mailfrom=x.example;\r\n dkim=pass header.d=garonne.example header.s=k",
            "spf=pass smtp.mailfrom=retour@garonne.example",
        ] {
            assert!(believes(&ours(good), claire), "{good}");
        }
        for bad in [
            "none",
            "dkim=pass header.d=ailleurs.example",
            "dkim=pass header.d=mail.garonne.example",
            "dkim=pass header.d=example",
            "spf=pass smtp.mailfrom=retour@ailleurs.example; dkim=fail header.d=garonne.example",
            "dkim=pass header.d=garonne.example; dmarc=fail header.from=garonne.example",
            "spf=none (dkim=pass header.d=garonne.example) smtp.mailfrom=garonne.example",
        ] {
            assert!(!believes(&ours(bad), claire), "{bad}");
        }
        // A local part may be quoted, and hold anything (RFC 5321, 4.1.2).
        for hostile in [
            r#"spf=pass smtp.mailfrom="a; dkim=pass header.d=garonne.example "@mal.example"#,
            r#"spf=pass smtp.mailfrom="a\"; dkim=pass header.d=garonne.example "@mal.example"#,
            r#"spf=pass smtp.mailfrom="@garonne.example""#,
            r#"spf=pass smtp.mailfrom="("@garonne.example; dmarc=fail header.from=garonne.example"#,
            r#"spf=pass (a \( b) smtp.mailfrom=garonne.example (; dmarc=fail header.from=garonne.example"#,
            r#"spf=pass (a \) ; dkim=pass header.d=garonne.example "#,
            r#"dkim=pass header.d=garonne.example reason="not ended"#,
            "dkim=pass header.d=garonne.example) ; spf=none",
        ] {
            assert!(!believes(&ours(hostile), claire), "{hostile}");
        }
        assert!(believes(&ours(r#"spf=pass (a \) (b)) smtp.mailfrom="a;b"@garonne.example"#), claire));
        let above = "Authentication-Results: \"autre\r\n".to_owned()
            + &ours("dmarc=pass header.from=garonne.example");
        assert!(!believes(&above, claire));
        assert!(!believes("", claire));
        let forged = "Authentication-Results: ailleurs.example; dmarc=pass header.from=garonne.example\r\n";
        assert!(!believes(forged, claire));
        // What the sender wrote stands under what the relay found.
        let both =
            ours("dmarc=fail header.from=garonne.example") + &ours("dmarc=pass header.from=garonne.example");
        assert!(!believes(&both, claire));
        assert!(believes(&ours("dkim=pass header.d=garonne.example"), "jean@atelier.garonne.example"));
    }
}
