//! The configuration of mail: a TOML file, and the environment for secrets.

use app::mail::{Address, MailSettings};
use serde::Deserialize;

use crate::tls::{Security, is_here};

/// Where the password of the relay is read.
pub const SMTP_PASSWORD: &str = "REGISSEUR_SMTP_PASSWORD";

/// The file, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    pub settings: MailSettings,
    pub smtp: Server,
}

/// A server of mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// The name and the password.
    pub login: Option<(String, String)>,
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
    smtp: ServerFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServerFile {
    host: String,
    port: Option<u16>,
    #[serde(default)]
    security: Security,
    user: Option<String>,
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
        let settings = MailSettings {
            from: Address { name: file.name, email: file.from },
            answers,
            host,
            site: file.site.trim_end_matches('/').to_owned(),
            zone: file.zone.unwrap_or_else(|| "Europe/Paris".to_owned()),
        };
        let port = |security| match security {
            Security::Tls => 465,
            Security::StartTls => 587,
            Security::None => 25,
        };
        Ok(Config { settings, smtp: server("smtp", file.smtp, port, secret(SMTP_PASSWORD))? })
    }
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
    Ok(Server { host: file.host, port, security: file.security, login })
}

/// What stands after the `@` of an address.
fn domain(address: &str) -> Result<&str, String> {
    match address.split_once('@') {
        Some((local, domain)) if !local.is_empty() && domain.contains('.') => Ok(domain),
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
}
