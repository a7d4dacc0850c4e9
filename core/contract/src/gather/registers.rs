//! Registers that the contract already holds: processings of personal data, options of a budget, seats of
//! committees.

use base::Lang;
use terms::{PartyRole, Rule, Statement, Terms};

use crate::clauses;

/// One entry for each processing, letter by letter as article 30(1) has them: what the contract says of it,
/// and what the register lacks.
pub(super) fn processings(terms: &Terms, lang: Lang) -> Vec<String> {
    let all = terms.statements.iter().filter(|rule| rule.then.topic == "personal_data");
    all.flat_map(|rule| entry(terms, rule, lang)).collect()
}

fn entry(terms: &Terms, rule: &Rule<Statement>, lang: Lang) -> Vec<String> {
    let says = &rule.then;
    let text = |field: &str| says.get(field).filter(|text| !text.is_empty()).map(str::to_owned);
    let word = |field: &str| {
        let kind = clauses::kind("personal_data")?;
        Some(kind.word(lang, says.get(field).filter(|text| !text.is_empty())?).into_owned())
    };
    let both = |a: Option<String>, b: Option<String>| match (a, b) {
        (Some(a), Some(b)) => Some(format!("{a}, {b}")),
        (one, other) => one.or(other),
    };
    let to = terms.party(PartyRole::Provider).map(|p| p.then.name.clone());
    let transfers = match text("transfer_countries") {
        Some(countries) => both(Some(countries), word("transfers")),
        None => word("transfers"),
    };
    let letters = [
        ("a", lang.t("responsable et contact", "controller and contact"), controller(terms, says)),
        ("b", lang.t("finalité", "purpose"), text("purpose")),
        (
            "c",
            lang.t("personnes et données", "data subjects and data"),
            both(both(text("persons"), text("data")), text("special_data")),
        ),
        ("d", lang.t("destinataires", "recipients"), both(to, Some(others(terms)).filter(|o| !o.is_empty()))),
        ("e", lang.t("transferts", "transfers"), transfers),
        ("f", lang.t("délais d'effacement", "time limits for erasure"), ending(says, word("end"), lang)),
        ("g", lang.t("mesures de sécurité", "security measures"), measures(terms)),
    ];
    let object = text("object").unwrap_or_else(|| rule.label().to_owned());
    let mut lines = vec![format!("{object} ({})", rule.from.cite())];
    lines.extend(letters.into_iter().map(|(letter, name, said)| {
        let said =
            said.unwrap_or_else(|| lang.t("manque au contrat", "missing from the contract").to_owned());
        lang.t(format!("  {letter}) {name}\u{a0}: {said}"), format!("  ({letter}) {name}: {said}"))
    }));
    lines
}

/// The customer, its address, and whom to ask: without a contact of its own, the entry lacks one.
fn controller(terms: &Terms, says: &Statement) -> Option<String> {
    let party = &terms.party(PartyRole::Customer)?.then;
    let label = says.get("contact")?;
    let contact = terms.contacts.iter().find(|c| c.label() == label)?;
    let email = contact.then.email.as_ref().map_or_else(String::new, |email| format!(" <{email}>"));
    Some(format!("{}, {}, {}{email}", party.name, party.address, contact.then.name))
}

/// The subcontractors that the contract names as parties.
fn others(terms: &Terms) -> String {
    let named = terms.parties.iter().filter(|p| p.then.role == PartyRole::Subcontractor);
    named.map(|p| p.then.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn ending(says: &Statement, end: Option<String>, lang: Lang) -> Option<String> {
    let within = base::Length::parse(says.get("end_within")?).ok()?.in_words(lang);
    let (lasts, end) = (says.get("lasts")?, end?);
    Some(lang.t(
        format!("{lasts}, puis {end}, {within} au plus après la fin du contrat"),
        format!("{lasts}, then {end}, at most {within} after the contract ends"),
    ))
}

/// The measures that the contract lists; that those of article 32 are promised describes none.
fn measures(terms: &Terms) -> Option<String> {
    let all = terms.statements.iter().filter(|rule| rule.then.topic == "security_measures");
    let labels: Vec<String> = all.map(|rule| format!("{} ({})", rule.label(), rule.from.cite())).collect();
    (!labels.is_empty()).then(|| labels.join(", "))
}

pub(super) fn options(terms: &Terms, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    for rule in &terms.budgets {
        let budget = &rule.then;
        let (amount, left) = (budget.amount.show(lang), budget.left());
        let left = match left.cents < 0 {
            true => {
                let over = (base::Money::zero(left.currency) - left).show(lang);
                lang.t(format!("dépassé de {over}"), format!("passed by {over}"))
            }
            false => lang.t(format!("reste {}", left.show(lang)), format!("{} left", left.show(lang))),
        };
        lines.push(format!("{} – {amount} · {left} ({})", budget.title, rule.from.cite()));
        lines.extend(budget.options.iter().map(|option| {
            let chosen = match option.chosen {
                true => lang.t("retenue", "chosen"),
                false => lang.t("proposée", "offered"),
            };
            format!("  {} – {} · {chosen}", option.title, option.price.show(lang))
        }));
    }
    lines
}

pub(super) fn seats(terms: &Terms, lang: Lang) -> Vec<String> {
    let name = |label: &str| {
        let contact = terms.contacts.iter().find(|c| c.label() == label);
        contact.map_or_else(|| label.to_owned(), |c| c.then.name.clone())
    };
    let mut lines = Vec::new();
    for rule in terms.statements.iter().filter(|rule| rule.then.topic == "committee") {
        let kind = clauses::kind("committee");
        let word = rule.then.get("committee").unwrap_or_default();
        let committee = kind.map_or_else(|| word.to_owned(), |kind| kind.word(lang, word).into_owned());
        lines.push(format!("{committee} ({})", rule.from.cite()));
        let held: Vec<&Statement> = terms
            .statements
            .iter()
            .filter(|seat| seat.then.topic == "committee.seats" && seat.label() == rule.label())
            .map(|seat| &seat.then)
            .collect();
        for function in rule.then.get("members").unwrap_or_default().split(", ") {
            let seat = held.iter().find(|seat| seat.get("function") == Some(function));
            let holder = seat.and_then(|seat| seat.get("holder")).map(name);
            let deputy = seat.and_then(|seat| seat.get("deputy")).map(name);
            let nobody = || lang.t("personne", "nobody").to_owned();
            let (holder, deputy) = (holder.unwrap_or_else(nobody), deputy.unwrap_or_else(nobody));
            lines.push(lang.t(
                format!("  {function} – {holder} · suppléance\u{a0}: {deputy}"),
                format!("  {function} – {holder} · deputy: {deputy}"),
            ));
        }
    }
    lines
}
