//! The configuration of sign-in by others: providers of identity.

use std::path::PathBuf;

use app::App;
use app::accounts::openid::{OpenId, Provider};
use serde::Deserialize;

use crate::http;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The public address of the site: `https://desk.exemple.fr`.
    site: String,
    #[serde(default)]
    openid: Vec<ProviderFile>,
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
    app.open_to(OpenId::new(&file.site, providers));
    Ok(())
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
