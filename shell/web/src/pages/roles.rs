//! The people of a customer: who holds which role, since when and by whose hand; and the form to give one.

use jiff::civil::Date;
use maud::{Markup, html};

use crate::design::components::{self, Choice};
use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, Text, format};
use crate::pages::sampling;
use crate::pages::shared::{self, Refusal};

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// Those of a page, and the addresses of the first page and of the next one.
    pub held: Vec<Person>,
    pub held_pages: (Option<String>, Option<String>),
    pub ended: Vec<Person>,
    pub ended_pages: (Option<String>, Option<String>),
    /// What was typed to find somebody.
    pub query: String,
    /// `None` for those who only read.
    pub form: Option<Form>,
    pub refused: Option<Refusal>,
}

/// Somebody and one role.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub email: Option<String>,
    pub role: String,
    /// What it is for: every customer, a contract, some items; `None` for everything here.
    pub about: Option<String>,
    pub since: Date,
    pub given_by: Option<String>,
    pub until: Option<Date>,
    pub ended_by: Option<String>,
    /// The key of the role and the key of a form that ends it.
    pub end: Option<(String, String)>,
    pub disabled: bool,
    /// The undertaking of confidentiality, where a contract asks this person for one.
    pub undertaking: Option<Undertaking>,
}

/// Whether somebody signed what a contract asks before any access.
#[derive(Clone, Copy, Debug)]
pub enum Undertaking {
    Signed(Date),
    Owed,
}

/// What giving a role is chosen from, and what was typed before a refusal.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pub key: String,
    pub roles: Vec<Choice>,
    pub contracts: Vec<Choice>,
    /// Whether a third party may be given a role: its items are then asked for.
    pub third_parties: bool,
    /// The subcontractors that the contracts in force name, and nobody; empty where they name none.
    pub subcontracts: Vec<Choice>,
    pub email: String,
    pub role: String,
    pub contract: String,
    pub items: String,
    pub subcontract: String,
}

/// `GET /c/{customer}/people`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Personnes et rôles", "People and roles");
    layout::page(
        shell,
        title,
        Place::Roles,
        html! {
            (layout::heading(
                html! { a href=(view.customer.path("")) { (view.customer.name) } },
                title,
                html! {
                    @if shell.keeps_mail() {
                        a.button href=(view.customer.path("/letters")) { (lang.t("Lettres", "Letters")) } " "
                    }
                    @if shell.imports() {
                        a.button href=(view.customer.path("/imports")) { (lang.t("Reprise de données", "Bringing data in")) } " "
                    }
                    @if shell.keeps_webhooks() {
                        a.button href=(view.customer.path("/webhooks")) { (lang.t("Webhooks", "Webhooks")) } " "
                    }
                    a.button href="/permissions" { (lang.t("Droits de chaque rôle", "Rights of each role")) }
                },
            ))
            @if let Some(refused) = &view.refused { (shared::refusal(refused, lang)) }
            @if view.is_long() { (find(view, lang)) }
            @if view.held.is_empty() && !view.query.is_empty() {
                (components::empty(
                    lang.t("Personne de ce nom n’a de rôle ici", "Nobody of that name holds a role here"),
                    lang.t("Essayez un autre mot du nom, ou de l’adresse électronique.", "Try another word of the name, or of the e-mail."),
                    Some((view.customer.path("/people"), lang.t("Tout le monde", "Everybody").to_string())),
                ))
            } @else {
                (held(shell, view))
                (pager(lang.t("Pages des rôles", "Pages of the roles"), &view.held_pages, lang))
            }
            @if let Some(form) = &view.form {
                (components::section("give-role", lang.t("Donner un rôle", "Give a role"),
                    components::act(shell, &view.customer.path("/people"), &form.key, "form", fields(form, lang))))
            }
            @if !view.ended.is_empty() {
                (components::section("ended-roles", lang.t("Rôles qui ont pris fin", "Roles that ended"), html! {
                    (ended(view, lang))
                    (pager(lang.t("Pages des rôles qui ont pris fin", "Pages of the roles that ended"), &view.ended_pages, lang))
                }))
            }
        },
    )
}

impl View {
    /// Whether there are more than a page shows: fewer are seen at a glance.
    fn is_long(&self) -> bool {
        let pages = [&self.held_pages, &self.ended_pages];
        !self.query.is_empty() || pages.iter().any(|(first, next)| first.is_some() || next.is_some())
    }
}

fn find(view: &View, lang: Lang) -> Markup {
    html! {
        form.search role="search" method="get" action=(view.customer.path("/people")) {
            label.hidden for="q" { (lang.t("Chercher une personne", "Search people")) }
            (icon(Icon::Search))
            input type="search" id="q" name="q" value=(view.query) maxlength="200" placeholder=(lang.t("Nom ou adresse", "Name or address"));
            kbd aria-hidden="true" { "/" }
        }
    }
}

fn pager(name: Text, (first, next): &(Option<String>, Option<String>), lang: Lang) -> Markup {
    components::pager_of(name, (first.as_deref(), next.as_deref()), lang)
}

fn held(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let columns = [
        Column::name(lang.t("Personne", "Person")),
        Column::text(lang.t("Rôle", "Role")),
        Column::text(lang.t("Pour", "For")),
        Column::text(lang.t("Depuis", "Since")),
        Column::text(lang.t("Donné par", "Given by")),
        Column::text(lang.t("Fin", "End")),
    ];
    let rows = view.held.iter().map(|person| {
        let end = html! {
            @if let Some((role, key)) = &person.end {
                (components::act(shell, &view.customer.path("/people/end"), key, "inline", html! {
                    input type="hidden" name="held" value=(role);
                    button.link type="submit" aria-label={ (lang.t("Mettre fin au rôle de", "End the role of")) " " (person.name) } {
                        (lang.t("Mettre fin", "End"))
                    }
                }))
            }
        };
        Row::new(vec![who(person, lang), html! { (person.role) }, about(person, lang), since(person.since, lang), by(person.given_by.as_deref(), lang), end])
    });
    table("people", lang.t("Qui peut agir ici", "Who may act here"), &columns, rows.collect())
}

fn ended(view: &View, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Personne", "Person")),
        Column::text(lang.t("Rôle", "Role")),
        Column::text(lang.t("Pour", "For")),
        Column::text(lang.t("Depuis", "Since")),
        Column::text(lang.t("Jusqu’au", "Until")),
        Column::text(lang.t("Fin donnée par", "Ended by")),
    ];
    let rows = view.ended.iter().map(|person| {
        Row::new(vec![
            who(person, lang),
            html! { (person.role) },
            about(person, lang),
            since(person.since, lang),
            html! { @if let Some(until) = person.until { (since(until, lang)) } },
            by(person.ended_by.as_deref(), lang),
        ])
    });
    table("ended-people", lang.t("Rôles qui ont pris fin", "Roles that ended"), &columns, rows.collect())
}

fn who(person: &Person, lang: Lang) -> Markup {
    html! {
        strong { (person.name) }
        @if let Some(email) = &person.email { br; span.muted { (email) } }
        @match person.undertaking {
            Some(Undertaking::Signed(day)) => {
                br; span.muted { (lang.t("engagement de confidentialité signé le", "undertaking of confidentiality signed on")) " " (since(day, lang)) }
            }
            Some(Undertaking::Owed) => {
                br; span.muted { (lang.t("engagement de confidentialité non signé : aucun accès aux tickets", "undertaking of confidentiality not signed: no access to tickets")) }
            }
            None => {}
        }
        @if person.disabled { br; span.muted { (lang.t("compte désactivé", "account disabled")) } }
    }
}

fn about(person: &Person, lang: Lang) -> Markup {
    html! {
        @match &person.about {
            Some(about) => (about),
            None => (lang.t("ce client", "this customer")),
        }
    }
}

fn since(day: Date, lang: Lang) -> Markup {
    html! { time datetime=(day) { (format::date(day, lang)) } }
}

fn by(name: Option<&str>, lang: Lang) -> Markup {
    html! {
        @match name {
            Some(name) => (name),
            None => span.muted { (lang.t("l’exploitant", "the operator")) },
        }
    }
}

fn fields(form: &Form, lang: Lang) -> Markup {
    html! {
        div.field {
            label for="give-email" { (lang.t("Adresse électronique du compte", "The account’s e-mail")) }
            input type="email" id="give-email" name="email" value=(form.email) autocomplete="off" required;
        }
        (components::select("give-role-key", "role", lang.t("Rôle", "Role"), &form.roles, &form.role))
        (components::select("give-contract", "contract", lang.t("Contrat", "Contract"), &form.contracts, &form.contract))
        @if form.third_parties {
            (components::input("give-items", "items", lang.t("Pour un tiers : ses éléments du parc ou familles d’éléments, séparés par des virgules", "For a third party: its items or classes of items, separated by commas"), &form.items))
            @if !form.subcontracts.is_empty() {
                (components::select("give-subcontract", "subcontract", lang.t("Pour un tiers : le sous-traitant pour lequel il intervient", "For a third party: the subcontractor that they work for"), &form.subcontracts, &form.subcontract))
            }
        }
        p { button.primary type="submit" { (lang.t("Donner ce rôle", "Give this role")) } }
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let person = |name: &str, role: &str, about: Option<&str>| Person {
        name: name.into(),
        email: Some(format!("{}@exemple.fr", name.split(' ').next().unwrap_or_default().to_lowercase())),
        role: role.into(),
        about: about.map(str::to_owned),
        since: sampling::day("2026-02-16"),
        given_by: Some("Hélène Vidal".into()),
        until: None,
        ended_by: None,
        end: Some(("0190a5b0-0000-7000-8000-000000000001".into(), "sample".into())),
        disabled: false,
        undertaking: None,
    };
    let customer = sampling::garonne();
    let manager = lang.t("Responsable du contrat", "Manager").to_string();
    let third = lang.t("Technique, tiers", "Technician, third party").to_string();
    let all = lang.t("tous les clients", "every customer").to_string();
    let technician = lang.t("Technique, prestataire", "Technician, provider").to_string();
    let held = vec![
        Person {
            end: None,
            given_by: None,
            undertaking: Some(Undertaking::Signed(sampling::day("2026-02-17"))),
            ..person("Inès Cazenave", &technician, Some(&all))
        },
        person("Claire Martin", &manager, None),
        Person {
            email: None,
            undertaking: Some(Undertaking::Owed),
            ..person("Marc Leduc", &third, Some("srv-erp"))
        },
    ];
    let gone = Person {
        until: Some(sampling::day("2026-09-30")),
        end: None,
        disabled: true,
        ..person("Paul Roques", &manager, None)
    };
    let form = Form {
        key: "sample".into(),
        roles: vec![Choice::new("customer_manager", manager)],
        contracts: vec![Choice::new("", lang.t("tous", "all"))],
        third_parties: true,
        subcontracts: vec![
            Choice::new("", lang.t("Aucun", "None")),
            Choice::new("coffre-bleu", "Coffre Bleu Hébergement SARL (CTR-2026-001)"),
        ],
        ..Form::default()
    };
    let none = (None, None);
    let read = View {
        customer,
        held,
        held_pages: none.clone(),
        ended: Vec::new(),
        ended_pages: none.clone(),
        query: String::new(),
        form: None,
        refused: None,
    };
    let place = "0190a5b0-0000-7000-8000-000000000001";
    let next = |list: &str| (None, Some(read.customer.path(&format!("/people?{list}={place}"))));
    let many = View {
        held_pages: next("after"),
        ended: vec![gone.clone()],
        ended_pages: next("ended"),
        ..read.clone()
    };
    vec![
        ("people", View { ended: vec![gone], form: Some(form), ..read.clone() }),
        ("people-many", many),
        ("people-not-found", View { held: Vec::new(), query: "Zénith".into(), ..read.clone() }),
        ("people-read", read),
    ]
}
