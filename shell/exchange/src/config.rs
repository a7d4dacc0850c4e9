//! The configuration of mail: a TOML file, and the environment for secrets.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use app::mail::{Address, MailSettings};
use serde::Deserialize;

use crate::tls::{Security, is_here};
use crate::trust::Trust;

/// Where the password of the relay is read.
pub const SMTP_PASSWORD: &str = "REGISSEUR_SMTP_PASSWORD";
/// Where the password of the mailbox is read.
pub const IMAP_PASSWORD: &str = "REGISSEUR_IMAP_PASSWORD";

/// The file, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    pub settings: MailSettings,
    /// The address that the letters about a customer are sent from, by its short name; the provider's own
    /// for the others.
    pub senders: BTreeMap<String, String>,
    pub smtp: Server,
    pub imap: Option<Mailbox>,
    /// Where the relay of this machine brings mail.
    pub lmtp: Option<SocketAddr>,
    /// Whose word is taken for the sender of a mail.
    pub trust: Trust,
}

/// A server of mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// The name and the password.
    pub login: Option<(String, String)>,
    /// A file of PEM certificates to trust instead of this machine's: a firm's own authority.
    pub authority: Option<PathBuf>,
}

/// A mailbox that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    pub server: Server,
    pub folder: String,
    pub every: Duration,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.login.as_ref().map(|(name, _)| name);
        f.debug_struct("Server")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("login", &name)
            .finish()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The name that mail is sent under.
    name: String,
    /// The address that it is sent from.
    from: String,
    /// The mailbox of answers, if it is another one.
    answers: Option<String>,
    /// The address of the site.
    site: String,
    zone: Option<String>,
    /// Other domains that the relay may send for: it signs for them (DKIM).
    #[serde(default)]
    domains: Vec<String>,
    #[serde(default)]
    customers: BTreeMap<String, CustomerFile>,
    smtp: ServerFile,
    imap: Option<MailboxFile>,
    /// `127.0.0.1:2424`.
    lmtp: Option<SocketAddr>,
    /// The name that the relay writes its findings under, in `Authentication-Results`.
    trusted_relay: Option<String>,
    /// Believe any sender: for a mailbox that nobody outside can write to.
    #[serde(default)]
    believe_everyone: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomerFile {
    from: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MailboxFile {
    host: String,
    port: Option<u16>,
    #[serde(default)]
    security: Security,
    user: String,
    authority: Option<PathBuf>,
    folder: Option<String>,
    every_seconds: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServerFile {
    host: String,
    port: Option<u16>,
    #[serde(default)]
    security: Security,
    user: Option<String>,
    authority: Option<PathBuf>,
}

impl Config {
    /// Reads the file's text; `secret` gives a variable of the environment. The error is one sentence for
    /// whoever wrote the file.
    pub fn parse(text: &str, secret: impl Fn(&str) -> Option<String>) -> Result<Config, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
        let host = domain(&file.from)?.to_owned();
        let answers = file.answers.unwrap_or_else(|| file.from.clone());
        domain(&answers)?;
        if !file.site.starts_with("https://") && !file.site.starts_with("http://localhost") {
            return Err(format!("site = \"{}\" does not begin with https://", file.site));
        }
        let mut allowed = vec![host.as_str()];
        allowed.extend(file.domains.iter().map(String::as_str));
        let senders = senders(file.customers, &allowed)?;
        let settings = MailSettings {
            from: Address { name: file.name, email: file.from },
            answers,
            host: host.clone(),
            site: file.site.trim_end_matches('/').to_owned(),
            zone: file.zone.unwrap_or_else(|| "Europe/Paris".to_owned()),
        };
        let port = |security| match security {
            Security::Tls => 465,
            Security::StartTls => 587,
            Security::None => 25,
        };
        if let Some(at) = file.lmtp.filter(|at| !at.ip().is_loopback()) {
            return Err(format!("lmtp = \"{at}\" is not a loopback address: a relay stands in front"));
        }
        let trust = match (file.trusted_relay, file.believe_everyone) {
            (Some(relay), false) => Trust::Relay(relay),
            (None, true) => Trust::Everyone,
            (None, false) if file.imap.is_none() && file.lmtp.is_none() => Trust::Everyone,
            _ => return Err("say trusted_relay = \"…\", or believe_everyone = true, and not both".to_owned()),
        };
        let smtp = server("smtp", file.smtp, port, secret(SMTP_PASSWORD))?;
        let imap = file.imap.map(|imap| mailbox(imap, secret(IMAP_PASSWORD))).transpose()?;
        Ok(Config { settings, senders, smtp, imap, lmtp: file.lmtp, trust })
    }
}

/// Each customer's own sender: an address of a domain that is the provider's to send for, since receivers
/// refuse the others (DMARC, RFC 7489).
fn senders(
    customers: BTreeMap<String, CustomerFile>,
    allowed: &[&str],
) -> Result<BTreeMap<String, String>, String> {
    let mut senders = BTreeMap::new();
    for (slug, CustomerFile { from }) in customers {
        let own = domain(&from).map_err(|e| format!("customers.{slug}: {e}"))?;
        if !allowed.iter().any(|domain| domain.eq_ignore_ascii_case(own)) {
            return Err(format!(
                "customers.{slug}: {own} is not a domain to send for: that of from, or one of domains = [\"…\"]"
            ));
        }
        senders.insert(slug, from);
    }
    Ok(senders)
}

fn mailbox(file: MailboxFile, password: Option<String>) -> Result<Mailbox, String> {
    if file.security == Security::StartTls {
        return Err("imap: security = \"tls\" (RFC 8314: from the first byte)".to_owned());
    }
    let MailboxFile { host, port, security, user, authority, folder, every_seconds } = file;
    let port_of = |security| if security == Security::Tls { 993 } else { 143 };
    let server =
        server("imap", ServerFile { host, port, security, user: Some(user), authority }, port_of, password)?;
    let every = Duration::from_secs(every_seconds.unwrap_or(60).max(5));
    Ok(Mailbox { server, folder: folder.unwrap_or_else(|| "INBOX".to_owned()), every })
}

fn server(
    name: &str,
    file: ServerFile,
    port: impl Fn(Security) -> u16,
    password: Option<String>,
) -> Result<Server, String> {
    if file.security == Security::None && !is_here(&file.host) {
        return Err(format!("{name}: {} is not this machine, so security = \"tls\"", file.host));
    }
    let login = match (file.user, password) {
        (Some(user), Some(password)) => Some((user, password)),
        (Some(user), None) => {
            return Err(format!("{name}: the password of {user} is not in the environment"));
        }
        (None, _) => None,
    };
    let port = file.port.unwrap_or_else(|| port(file.security));
    Ok(Server { host: file.host, port, security: file.security, login, authority: file.authority })
}

/// What stands after the `@` of an address.
fn domain(address: &str) -> Result<&str, String> {
    match address.split_once('@') {
        Some((local, domain))
            if !local.is_empty()
                && domain.contains('.')
                && !address
                    .contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c))
                && !domain.contains('@') =>
        {
            Ok(domain)
        }
        _ => Err(format!("« {address} » is not an address")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "
        name = \"Prestataire\"
        from = \"aide@prestataire.example\"
        site = \"https://prestataire.example/\"
        [smtp]
        host = \"mx.prestataire.example\"
        user = \"aide\"
    ";

    #[test]
    fn secrets_come_from_the_environment_and_are_not_printed() {
        let known = |name: &str| (name == SMTP_PASSWORD).then(|| "secret".to_owned());
        let config = Config::parse(FILE, known).unwrap();
        assert_eq!((config.smtp.port, config.smtp.security), (465, Security::Tls));
        assert_eq!(config.settings.site, "https://prestataire.example");
        assert_eq!(config.settings.host, "prestataire.example");
        assert!(!format!("{config:?}").contains("secret"));
        assert!(Config::parse(FILE, |_| None).unwrap_err().contains("environment"));
    }

    #[test]
    fn mail_in_clear_stays_on_this_machine() {
        let clear = FILE.replace("user = \"aide\"", "security = \"none\"");
        assert!(Config::parse(&clear, |_| None).unwrap_err().contains("not this machine"));
        let here = clear.replace("mx.prestataire.example", "127.0.0.1");
        assert_eq!(Config::parse(&here, |_| None).unwrap().smtp.port, 25);
        assert!(Config::parse(&here.replace("https:", "http:"), |_| None).unwrap_err().contains("site"));
    }

    #[test]
    fn a_customer_s_letters_leave_from_an_address_of_the_provider_s_domains() {
        let parse = |more: &str| {
            Config::parse(&FILE.replace("[smtp]", &format!("{more}\n[smtp]")), |_| Some("s".into()))
        };
        let from = |address: &str| format!("[customers.garonne]\nfrom = \"{address}\"");
        assert_eq!(parse("").unwrap().senders, BTreeMap::new());
        let own = parse(&from("garonne@Prestataire.example")).unwrap();
        assert_eq!(own.senders["garonne"], "garonne@Prestataire.example");
        let other = from("assistance@marque.example");
        assert!(parse(&other).unwrap_err().contains("customers.garonne: marque.example"));
        let allowed = parse(&format!("domains = [\"marque.example\"]\n{other}")).unwrap();
        assert_eq!(allowed.senders["garonne"], "assistance@marque.example");
        for wrong in
            ["garonne", "a@b@prestataire.example", "a b@prestataire.example", "<a>@prestataire.example"]
        {
            assert!(parse(&from(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn mail_that_comes_says_who_is_believed() {
        let parse = |more: &str| {
            let file = FILE.replace("[smtp]", &format!("{more}\n[smtp]"));
            Config::parse(&file, |_| Some("secret".to_owned()))
        };
        assert_eq!(parse("").unwrap().lmtp, None);
        assert!(parse("lmtp = \"127.0.0.1:2424\"").unwrap_err().contains("trusted_relay"));
        assert!(parse("lmtp = \"192.0.2.1:24\"\nbelieve_everyone = true").unwrap_err().contains("loopback"));
        let both = "lmtp = \"127.0.0.1:2424\"\ntrusted_relay = \"mx.example\"";
        assert_eq!(parse(both).unwrap().trust, Trust::Relay("mx.example".to_owned()));
        let imap = format!("{FILE}\n[imap]\nhost = \"mx.example\"\nuser = \"aide\"\n")
            .replace("[smtp]", "believe_everyone = true\n[smtp]");
        let mailbox = Config::parse(&imap, |_| Some("secret".to_owned())).unwrap().imap.unwrap();
        assert_eq!((mailbox.server.port, mailbox.folder.as_str()), (993, "INBOX"));
    }
}
