//! Everybody's accounts, for the provider's administrator.

mod person;

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{Lang, Shell, Tone, components};
use crate::pages::sampling;
use crate::pages::security::{Act, acts, sample};

pub use person::One;

/// The list, or one of them.
#[derive(Clone, Debug)]
pub enum View {
    All(All),
    One(One),
}

#[derive(Clone, Debug)]
pub struct All {
    /// By name.
    pub people: Vec<Person>,
    /// The address of the next page.
    pub next: Option<String>,
    pub invite: Invite,
    /// A link just made, shown this once.
    pub link: Option<Link>,
    /// The last acts of everybody.
    pub acts: Vec<Act>,
    /// The address of the acts before them.
    pub older: Option<String>,
}

/// The form, as it was last sent.
#[derive(Clone, Debug, Default)]
pub struct Invite {
    pub email: String,
    pub name: String,
    pub role: String,
    pub customer: String,
    /// Key and words of each.
    pub roles: Vec<(String, String)>,
    pub customers: Vec<(String, String)>,
    pub problem: Option<String>,
}

/// An account in the list.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub email: String,
    pub role: String,
    pub customer: Option<String>,
    pub has_second_factor: bool,
    /// The provider's staff owe one.
    pub owes_second_factor: bool,
    pub disabled: bool,
    pub last_sign_in: Option<Zoned>,
    pub link_until: Option<Zoned>,
}

/// A one-time link.
#[derive(Clone, Debug)]
pub struct Link {
    pub address: String,
    pub until: Zoned,
    /// A letter to the person holds it too.
    pub mailed: bool,
}

/// `GET /people`, `GET /people/{account}`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    match view {
        View::One(one) => person::page(shell, one),
        View::All(all) => layout::page(
            shell,
            lang.t("Personnes", "People"),
            Place::People,
            html! {
                (layout::heading(html! {}, lang.t("Personnes", "People"), html! {
                    a.button href="#invite" { (lang.t("Inviter", "Invite")) }
                }))
                @if let Some(made) = &all.link { (link(made, lang)) }
                (list(&all.people, lang))
                (components::pager(None, all.next.as_deref(), lang))
                div.narrow { (components::section("invite", lang.t("Inviter une personne", "Invite a person"), invite(shell, &all.invite))) }
                (components::section("acts", lang.t("Derniers actes de sécurité", "Latest security acts"), html! {
                    (acts(&all.acts, lang))
                    (components::pager(None, all.older.as_deref(), lang))
                }))
            },
        ),
    }
}

/// A link to hand over.
fn link(made: &Link, lang: Lang) -> Markup {
    html! {
        div.notice.good role="status" {
            (icon(Icon::Check))
            div {
                p { (lang.t("Copiez ce lien maintenant et remettez-le à la personne : il ne sera plus montré.", "Copy this link now and hand it to the person: it will not be shown again.")) }
                p { code.secret { (made.address) } }
                @if made.mailed {
                    p { (lang.t("Il est aussi envoyé par courriel à la personne.", "It is sent to the person by mail too.")) }
                }
                p { (lang.t("Il sert une seule fois, jusqu’au", "It serves once, until")) " " (components::when(&made.until, lang)) "." }
            }
        }
    }
}

fn list(people: &[Person], lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Personne", "Person")),
        Column::text(lang.t("Rôle", "Role")),
        Column::text(lang.t("Client", "Customer")),
        Column::text(lang.t("Second facteur", "Second factor")),
        Column::text(lang.t("Dernière connexion", "Last sign-in")),
    ];
    let rows = people.iter().map(|person| {
        Row::new(vec![
            html! {
                a href={ "/people/" (person.id) } data-item { (person.name) }
                " " span.muted { (person.email) }
                @if person.disabled { " " (components::badge(Tone::Bad, lang.t("Désactivé", "Disabled"))) }
            },
            html! { (person.role) },
            html! { @match &person.customer { Some(name) => (name), None => span.muted { "–" } } },
            factor(person, lang),
            last(person, lang),
        ])
    });
    html! {
        div data-list="people" {
            (table("people", lang.t("Comptes, par nom", "Accounts, by name"), &columns, rows.collect()))
        }
    }
}

fn factor(person: &Person, lang: Lang) -> Markup {
    if person.has_second_factor {
        return components::badge(Tone::Good, lang.t("Présent", "Present"));
    }
    if person.owes_second_factor {
        return components::badge(Tone::Warning, lang.t("À ajouter", "To add"));
    }
    html! { span.muted { (lang.t("Absent", "Absent")) } }
}

fn last(person: &Person, lang: Lang) -> Markup {
    html! {
        @match (&person.last_sign_in, &person.link_until) {
            (Some(at), None) => (components::when(at, lang)),
            (_, Some(until)) => {
                (lang.t("Lien remis, jusqu’au", "Link given, until")) " " (components::when_short(until, lang))
            },
            (None, None) => span.muted { (lang.t("Jamais", "Never")) },
        }
    }
}

fn invite(shell: &Shell, view: &Invite) -> Markup {
    let lang = shell.lang;
    let choices = |pairs: &[(String, String)]| -> Vec<components::Choice> {
        pairs.iter().map(|(key, words)| components::Choice::new(key.clone(), words.clone())).collect()
    };
    let mut customers = vec![components::Choice::new(
        "",
        lang.t("Aucun : personne du prestataire", "None: one of the provider’s people").to_string(),
    )];
    customers.extend(choices(&view.customers));
    html! {
        @if let Some(problem) = &view.problem {
            div.notice.bad role="alert" { (icon(Icon::Alert)) p { (components::words(problem, lang)) } }
        }
        form.form method="post" action="/people" {
            input type="hidden" name="csrf" value=(shell.csrf);
            div.field {
                label for="name" { (lang.t("Nom", "Name")) }
                input type="text" id="name" name="name" value=(view.name) maxlength="120" required;
            }
            div.field {
                label for="email" { (lang.t("Adresse électronique", "Email address")) }
                input type="email" id="email" name="email" value=(view.email) maxlength="254" autocomplete="off" required;
            }
            (components::select("role", "role", lang.t("Rôle", "Role"), &choices(&view.roles), &view.role))
            (components::select("customer", "customer", lang.t("Client", "Customer"), &customers, &view.customer))
            div.form-end {
                button.primary type="submit" { (lang.t("Faire un lien d’invitation", "Make an invitation link")) }
                p.hint { (lang.t("Valable trois jours, une seule fois. La personne y choisit son mot de passe.", "Valid three days, once. The person chooses a password there.")) }
            }
        }
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let ines = Person {
        id: "0199-ines".into(),
        name: "Inès Cazenave".into(),
        email: "ines@regie-occitane.example".into(),
        role: lang.t("Technique, prestataire", "Technician, provider").to_string(),
        customer: None,
        has_second_factor: true,
        owes_second_factor: true,
        disabled: false,
        last_sign_in: Some(sampling::at("2026-11-03T10:00")),
        link_until: None,
    };
    let claire = Person {
        id: "0199-claire".into(),
        name: "Claire Martin".into(),
        email: "claire.martin@ateliers-garonne.example".into(),
        role: lang.t("Direction, client", "Manager, customer").to_string(),
        customer: Some("Ateliers Garonne SAS".into()),
        has_second_factor: false,
        owes_second_factor: false,
        last_sign_in: None,
        link_until: Some(sampling::at("2026-11-06T10:00")),
        ..ines.clone()
    };
    let paul = Person {
        id: "0199-paul".into(),
        name: "Paul Ayrault".into(),
        email: "paul@regie-occitane.example".into(),
        has_second_factor: false,
        disabled: true,
        last_sign_in: None,
        ..ines.clone()
    };
    let roles = vec![
        ("technician".to_owned(), ines.role.clone()),
        ("customer_manager".to_owned(), claire.role.clone()),
    ];
    let invite = Invite {
        roles,
        role: "technician".into(),
        customers: vec![("ateliers-garonne".into(), "Ateliers Garonne SAS".into())],
        ..Invite::default()
    };
    let link = Link {
        address: "regie.example/join/pbbmX6sample-sample-sample-sample-sample-43".into(),
        until: sampling::at("2026-11-06T10:00"),
        mailed: true,
    };
    let all = All {
        people: vec![claire.clone(), ines.clone(), paul],
        next: Some("/people?name=Paul+Ayrault&id=0199-paul".into()),
        invite,
        link: Some(link.clone()),
        acts: sample(lang, true),
        older: None,
    };
    let problem =
        lang.t("Cette adresse a déjà un compte.", "This address already has an account.").to_string();
    let refused = All {
        link: None,
        next: None,
        invite: Invite { problem: Some(problem), ..all.invite.clone() },
        ..all.clone()
    };
    let one = One { person: ines, own: false, link: None, problem: None, acts: sample(lang, false) };
    let own = One { own: true, ..one.clone() };
    let given = One { person: claire, link: Some(link), ..one.clone() };
    vec![
        ("all", View::All(all)),
        ("refused", View::All(refused)),
        ("one", View::One(one)),
        ("own", View::One(own)),
        ("link", View::One(given)),
    ]
}
