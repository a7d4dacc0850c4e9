//! `regisseur account add`: the first person of a new data folder, and the next ones.

use std::path::Path;

use app::accounts::NewAccount;
use app::{App, Role, Settings, Side};
use base::Lang;
use serde_json::json;

use super::HOST;
use crate::cli::AddAccount;
use crate::output::{Failure, Report};
use crate::secrets;

/// Adds the account with a password made here, shown once; the folder must not be served meanwhile.
pub fn add(asked: &AddAccount) -> Result<Report, Failure> {
    let role = Role::from_key(&asked.role).ok_or_else(|| {
        let known = Role::ALL.map(Role::key).join(", ");
        Failure::new("role", format!("rôles possibles : {known}"), format!("possible roles: {known}"))
    })?;
    if (role.side() == Side::Customer) != asked.customer.is_some() {
        return Err(Failure::new(
            "customer",
            "--customer accompagne les rôles du client, et eux seuls",
            "--customer goes with the customer's roles, and no other",
        ));
    }
    if asked.token && role.side() != Side::Customer && !asked.totp {
        return Err(Failure::new(
            "token",
            "les comptes du prestataire n'ont de jeton qu'avec un second facteur : ajoutez --totp",
            "the provider's accounts have a token only with a second factor: add --totp",
        ));
    }
    let app = App::open(Path::new(&asked.data), Settings::real(HOST))?;
    let customer = asked.customer.as_deref().map(|c| app.find_customer(c)).transpose()?;
    let password = secrets::password();
    let totp_secret = asked.totp.then(secrets::totp_secret);
    let id = app.add_account(&NewAccount {
        email: &asked.email,
        name: &asked.name,
        password: &password,
        role,
        customer,
        totp_secret: totp_secret.as_deref(),
    })?;
    let token = if asked.token { Some(app.add_token(id, "account add")?) } else { None };
    if asked.shown.json {
        let document = json!({
            "id": id.to_string(), "email": asked.email, "role": role.key(), "customer": asked.customer,
            "password": password, "totp_secret": totp_secret, "token": token,
        });
        return Ok(Report::json(&document, 0));
    }
    let lang = Lang::from(asked.shown.lang);
    let mut text = format!(
        "{} {}\n{} {password}\n",
        lang.t("Compte ajouté :", "Account added:"),
        asked.email,
        lang.t("Mot de passe (montré cette seule fois) :", "Password (shown this once):"),
    );
    if let Some(secret) = totp_secret {
        text += &format!("{} {secret}\n", lang.t("Second facteur (TOTP) :", "Second factor (TOTP):"));
    }
    if let Some(token) = token {
        text += &format!("{} {token}\n", lang.t("Jeton d'API :", "API token:"));
    }
    Ok(Report::ok(text))
}
