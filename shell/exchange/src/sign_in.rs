//! The configuration of sign-in by others: providers of identity, and the directory of the firm.

use std::path::PathBuf;
use std::sync::Arc;

use app::App;
use app::accounts::directory::Directory;
use app::accounts::openid::{OpenId, Provider};
use serde::Deserialize;

use crate::http;
use crate::ldap::{self, Server};
use crate::tls::{Security, is_here};

/// Of whoever searches the directory.
const LDAP_PASSWORD: &str = "REGISSEUR_LDAP_PASSWORD";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The public address of the site: `https://desk.exemple.fr`.
    site: String,
    #[serde(default)]
    openid: Vec<ProviderFile>,
    directory: Option<DirectoryFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DirectoryFile {
    host: String,
    port: Option<u16>,
    #[serde(default)]
    security: Security,
    authority: Option<PathBuf>,
    /// The name of whoever searches; without it, nobody in particular.
    reader: Option<String>,
    base: String,
    #[serde(default = "mail")]
    attribute: String,
    domains: Vec<String>,
}

fn mail() -> String {
    "mail".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProviderFile {
    key: String,
    name: String,
    issuer: String,
    client: String,
    customer: Option<String>,
    #[serde(default)]
    domains: Vec<String>,
    #[serde(default = "multiple_factors")]
    second_factor: Vec<String>,
    /// A file of PEM certificates to trust instead of this machine's.
    authority: Option<PathBuf>,
}

/// RFC 8176.
fn multiple_factors() -> Vec<String> {
    vec!["mfa".to_owned()]
}

/// Lets people in as the file says; `secret` gives a variable of the environment. The error is one
/// sentence for whoever wrote the file.
pub fn open(app: &App, text: &str, secret: impl Fn(&str) -> Option<String>) -> Result<(), String> {
    let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
    if !http::is_private(&file.site) {
        return Err(format!("site = \"{}\" does not begin with https://", file.site));
    }
    let mut providers: Vec<Provider> = Vec::new();
    for one in file.openid {
        if providers.iter().any(|known| known.key == one.key) {
            return Err(format!("key = \"{}\" is given twice", one.key));
        }
        providers.push(provider(app, one, &secret)?);
    }
    if let Some(file) = file.directory {
        app.check_passwords_with(directory(file, secret(LDAP_PASSWORD))?);
    }
    app.open_to(OpenId::new(&file.site, providers));
    Ok(())
}

/// What a file says of a directory; `password` is of whoever searches.
fn directory(file: DirectoryFile, password: Option<String>) -> Result<Directory, String> {
    if file.security == Security::None && !is_here(&file.host) {
        let host = file.host;
        return Err(format!("directory: {host} is not this machine, so security = \"tls\" or \"starttls\""));
    }
    if file.domains.is_empty() {
        return Err("directory: say domains = [\"…\"], the addresses that are its own".to_owned());
    }
    let reader = match (file.reader, password) {
        (Some(name), Some(password)) => Some((name, password)),
        (Some(name), None) => {
            return Err(format!("directory: the password of {name} is not in {LDAP_PASSWORD}"));
        }
        (None, _) => None,
    };
    let server = Server {
        port: file.port.unwrap_or(if file.security == Security::Tls { 636 } else { 389 }),
        host: file.host,
        security: file.security,
        authority: file.authority,
        reader,
        base: file.base,
        attribute: file.attribute,
    };
    let check = move |email: &str, password: &str| {
        ldap::check(&server, email, password).map_err(|e| format!("{}: {e}", server.host))
    };
    Ok(Directory { domains: file.domains, check: Arc::new(check) })
}

fn provider(
    app: &App,
    file: ProviderFile,
    secret: &impl Fn(&str) -> Option<String>,
) -> Result<Provider, String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if file.key.is_empty() || !file.key.chars().all(plain) {
        return Err(format!("key = \"{}\": small letters, digits and dashes", file.key));
    }
    if !http::is_private(&file.issuer) {
        return Err(format!("issuer = \"{}\" does not begin with https://", file.issuer));
    }
    if let Some(slug) = &file.customer
        && app.find_customer(slug).is_err()
    {
        return Err(format!("customer = \"{slug}\" is not the short name of a customer"));
    }
    let variable = format!("REGISSEUR_OPENID_{}", file.key.to_uppercase().replace('-', "_"));
    Ok(Provider {
        key: file.key,
        name: file.name,
        issuer: file.issuer,
        client: file.client,
        secret: secret(&variable),
        customer: file.customer,
        domains: file.domains,
        second_factor: file.second_factor,
        fetch: http::fetch(file.authority.as_deref())?,
    })
}
