//! `regisseur account`: the first person of a new data folder, the next ones, and those who lost their way in.

use std::path::Path;

use app::accounts::{Link, NewAccount, NewPerson};
use app::{App, Role, Settings, Side};
use base::Lang;
use serde_json::json;

use super::HOST;
use crate::cli::account::{Existing, Invite, Recover};
use crate::cli::{AddAccount, Shown};
use crate::output::{Failure, Report};
use crate::secrets;

/// Adds the account with a password made here, shown once; the folder must not be served meanwhile.
pub fn add(asked: &AddAccount) -> Result<Report, Failure> {
    let role = role(&asked.role)?;
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

fn role(key: &str) -> Result<Role, Failure> {
    Role::from_key(key).ok_or_else(|| {
        let known = Role::ALL.map(Role::key).join(", ");
        Failure::new("role", format!("rôles possibles : {known}"), format!("possible roles: {known}"))
    })
}

/// Adds an account and hands over the link that lets its owner in.
pub fn invite(asked: &Invite) -> Result<Report, Failure> {
    let role = role(&asked.role)?;
    let app = open(&asked.data, asked.mail.as_deref())?;
    let customer = asked.customer.as_deref().map(|c| app.find_customer(c)).transpose()?;
    let (email, name) = (asked.email.clone(), asked.name.clone());
    let link = app.invite_as_operator(&NewPerson { email, name, role, customer })?;
    Ok(handed_over(&link, &asked.email, asked.shown))
}

/// Hands over a link for somebody who lost a password, or everything.
pub fn recover(asked: &Recover) -> Result<Report, Failure> {
    let app = open(&asked.account.data, asked.mail.as_deref())?;
    let account = app.person_of(&asked.account.email)?.account;
    let link = app.offer_recovery_as_operator(account, asked.factor_lost)?;
    Ok(handed_over(&link, &asked.account.email, asked.account.shown))
}

/// Opens the folder; with the configuration of mail, read first: a wrong file changes nothing.
pub(super) fn open(data: &Path, mail: Option<&Path>) -> Result<App, Failure> {
    // Nothing is sent from here, so no password is asked for: the letter is sealed in the queue, and leaves
    // with the others.
    let secret = |name: &str| Some(std::env::var(name).unwrap_or_default());
    let config = mail.map(|file| super::mail::config(file, secret)).transpose()?;
    let app = App::open(data, Settings::real(HOST))?;
    if let Some(config) = config {
        app.exchange_mail(config.settings);
    }
    Ok(app)
}

/// The link goes by mail when mail is set up; it is printed otherwise, and then only.
fn handed_over(link: &Link, email: &str, shown: Shown) -> Report {
    if !link.mailed {
        return told(link, shown);
    }
    if shown.json {
        let document =
            json!({ "id": link.account.to_string(), "mailed": email, "until": link.until.to_string() });
        return Report::json(&document, 0);
    }
    let lang = Lang::from(shown.lang);
    Report::ok(format!(
        "{}\n{} {}\n",
        lang.t(
            format!("Lien en attente d'envoi à {email} : il part dès que le dossier est servi avec --mail."),
            format!("Link waiting to be sent to {email}: it leaves once the folder is served with --mail."),
        ),
        lang.t("Sert une seule fois, jusqu'au :", "Serves once, until:"),
        link.until,
    ))
}

fn told(link: &Link, shown: Shown) -> Report {
    let path = format!("/join/{}", link.code);
    if shown.json {
        let document =
            json!({ "id": link.account.to_string(), "path": path, "until": link.until.to_string() });
        return Report::json(&document, 0);
    }
    let lang = Lang::from(shown.lang);
    Report::ok(format!(
        "{} {path}\n{} {}\n",
        lang.t("Lien, à la suite de l'adresse du site :", "Link, after the site's address:"),
        lang.t("Sert une seule fois, jusqu'au :", "Serves once, until:"),
        link.until,
    ))
}

/// Disables an account, or enables it again.
pub fn disable(asked: &Existing, disabled: bool) -> Result<Report, Failure> {
    let app = App::open(Path::new(&asked.data), Settings::real(HOST))?;
    let account = app.person_of(&asked.email)?.account;
    app.disable_account_as_operator(account, disabled)?;
    if asked.shown.json {
        return Ok(Report::json(&json!({ "id": account.to_string(), "disabled": disabled }), 0));
    }
    let lang = Lang::from(asked.shown.lang);
    let text = if disabled {
        lang.t("Compte désactivé.", "Account disabled.")
    } else {
        lang.t("Compte réactivé.", "Account enabled.")
    };
    Ok(Report::ok(format!("{text}\n")))
}
