//! `regisseur account roles`, `grant`, `revoke`: who holds which role for a customer, as the person named by
//! `--by`, whose own role bounds what may be given; the customer's journal tells it.

use app::accounts::Proof;
use app::people::{GiveRole, Given, PersonLine};
use app::{Act, App, Permit, Role, Settings};
use base::Lang;
use serde_json::json;

use super::{HOST, fresh_key};
use crate::cli::Shown;
use crate::cli::account::{Grant, Revoke, Roles};
use crate::output::{Failure, Report};

/// Everybody who holds a role there, those whose role ended last.
pub fn list(asked: &Roles) -> Result<Report, Failure> {
    let app = App::open(&asked.data, Settings::real(HOST))?;
    let people = app.people(&permit(&app, asked, Act::SeePeople)?)?;
    if asked.shown.json {
        let people: Vec<_> = people.iter().map(document).collect();
        return Ok(Report::json(&json!({ "people": people }), 0));
    }
    let lang = Lang::from(asked.shown.lang);
    Ok(Report::ok(people.iter().map(|line| told(line, lang)).collect::<String>()))
}

/// Gives a role for the customer.
pub fn grant(asked: &Grant) -> Result<Report, Failure> {
    // A command knows the whole list, and a person typing it wants it.
    if Role::from_key(&asked.role).is_none() {
        let known = Role::ALL.map(Role::key).join(", ");
        return Err(Failure::new(
            "role",
            format!("rôles possibles : {known}"),
            format!("possible roles: {known}"),
        ));
    }
    let app = App::open(&asked.of.data, Settings::real(HOST))?;
    let permit = permit(&app, &asked.of, Act::ManagePeople)?;
    let ask = GiveRole {
        email: asked.email.clone(),
        role: asked.role.clone(),
        contract: asked.contract.clone(),
        items: asked.item.clone(),
        classes: asked.class.clone(),
        subcontract: asked.subcontract.clone(),
    };
    let given = app.give_role(&permit, &Proof::of_the_operator(), &fresh_key()?, &ask)?;
    let said = |lang: Lang| lang.t("Rôle donné", "Role given").to_owned();
    Ok(done(&given, asked.of.shown, said))
}

/// Ends a role of the customer's.
pub fn revoke(asked: &Revoke) -> Result<Report, Failure> {
    let app = App::open(&asked.of.data, Settings::real(HOST))?;
    let permit = permit(&app, &asked.of, Act::ManagePeople)?;
    let given = app.end_role(&permit, &Proof::of_the_operator(), &fresh_key()?, &asked.held)?;
    let said = |lang: Lang| lang.t("Rôle terminé", "Role ended").to_owned();
    Ok(done(&given, asked.of.shown, said))
}

fn permit(app: &App, asked: &Roles, act: Act) -> Result<Permit, Failure> {
    let customer = app.find_customer(&asked.customer)?;
    Ok(app.person_of(&asked.by)?.permit(act, customer)?)
}

fn done(given: &Given, shown: Shown, said: impl Fn(Lang) -> String) -> Report {
    if shown.json {
        return Report::json(&json!({ "held": given.held.to_string(), "entry": given.entry }), 0);
    }
    let lang = Lang::from(shown.lang);
    let (held, entry) = (given.held, given.entry);
    Report::ok(format!("{} {held}, {} {entry}\n", said(lang), lang.t("entrée du journal", "journal entry")))
}

fn document(line: &PersonLine) -> serde_json::Value {
    json!({
        "held": line.held.to_string(), "name": line.name, "email": line.email, "role": line.role.key(),
        "contract": line.contract, "items": line.about.items, "classes": line.about.classes,
        "subcontract": line.about.subcontract, "every_customer": line.everywhere, "disabled": line.disabled,
        "given": line.given.to_string(), "ended": line.ended.map(|at| at.to_string()),
    })
}

fn told(line: &PersonLine, lang: Lang) -> String {
    let mut about: Vec<String> = Vec::new();
    about.extend(line.contract.clone());
    about.extend(line.about.items.iter().cloned());
    about.extend(line.about.classes.iter().map(|class| format!("{class}/*")));
    about.extend(line.about.subcontract.clone());
    if line.everywhere {
        about.push(lang.t("tous les clients", "every customer").to_owned());
    }
    if let Some(ended) = line.ended {
        about.push(format!("{} {}", lang.t("terminé le", "ended on"), ended.strftime("%Y-%m-%d")));
    }
    let email = line.email.as_deref().unwrap_or("-");
    format!("{}  {:24} {email}  {}  {}\n", line.held, line.role.key(), line.name, about.join(", "))
}
