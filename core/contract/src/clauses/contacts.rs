//! `contacts`: the single point of contact of each party, its deputy, and how to reach them.

use base::Bilingual;
use terms::{Contact, Terms};

use super::parties::{ROLES, role};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "contacts",
    doc: ("les interlocuteurs de chaque partie", "whom to turn to in each party"),
    example: r#"kind = "contacts"
label = "interlocuteur-unique"
then = { of = "provider", role = "single_point_of_contact", name = "Claire Fabre", email = "claire.fabre@regie.example", phone = "+33 5 00 00 00 00" }
"#,
    family: Family::Parties,
    run: Run::Declared,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("of", Type::Choice(ROLES), "la partie représentée", "the party spoken for"),
        Field::required(
            "role",
            Type::Text,
            "la fonction : single_point_of_contact, deputy, director…",
            "the function: single_point_of_contact, deputy, director…",
        ),
        Field::required("name", Type::Text, "nom de la personne ou du service", "name of the person or desk"),
        Field::optional("email", Type::Email, "adresse électronique", "e-mail address"),
        Field::optional("phone", Type::Text, "téléphone", "telephone"),
    ],
    words: &[],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let contact = Contact {
        of: f.one_of("of")?,
        role: f.text("role")?,
        name: f.text("name")?,
        email: f.text("email"),
        phone: f.text("phone"),
    };
    let rule = c.rule(f, contact);
    c.terms.contacts.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.contacts, label)?;
    let contact = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let of = role(contact.of);
        let function = match contact.role.as_str() {
            // Functions rather than titles: the clause does not say if the person is a woman or a man.
            "single_point_of_contact" => lang.t("interlocuteur unique", "single point of contact"),
            "deputy" => lang.t("suppléance", "deputy"),
            "director" => lang.t("direction", "director"),
            "security_officer" => lang.t("sécurité", "security"),
            "data_protection_officer" => lang.t("protection des données", "data protection"),
            other => other,
        };
        let reach: Vec<&str> = [&contact.email, &contact.phone].into_iter().flatten().map(String::as_str).collect();
        let reach = if reach.is_empty() { String::new() } else { format!(" ({})", reach.join(", ")) };
        lang.t(
            format!("contact pour {}, {function}\u{a0}: {}{reach}", of.fr, contact.name),
            format!("contact for {}, {function}: {}{reach}", of.en, contact.name),
        )
    }))
}
