//! Webhooks of a customer: where its events are sent, and how each receiver does.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, format};
use crate::pages::sampling;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    pub webhooks: Vec<Line>,
    /// The hosts that the operator allows; none when nothing leaves.
    pub hosts: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Line {
    pub href: String,
    /// What it is for, or its host.
    pub title: String,
    pub host: String,
    /// Whether it is the provider's own.
    pub is_provider: bool,
    /// How many kinds of event it hears.
    pub kinds: usize,
    pub state: State,
}

/// How a webhook stands.
#[derive(Clone, Debug)]
pub enum State {
    Active,
    /// Nothing has been taken since then.
    Failing(Zoned),
    /// Since then; the sentence says why.
    Suspended(Zoned, String),
}

/// `GET /c/{customer}/webhooks`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Webhooks", "Webhooks");
    layout::page(
        shell,
        title,
        Place::Roles,
        html! {
            (layout::heading(
                html! { a href=(view.customer.path("")) { (view.customer.name) } },
                title,
                html! {
                    @if !view.hosts.is_empty() {
                        a.button.primary href=(view.customer.path("/webhooks/new")) { (lang.t("Ajouter un webhook", "Add a webhook")) }
                    }
                },
            ))
            p {
                (lang.t("Un webhook prévient un autre logiciel de ce qui arrive : il reçoit des numéros, des états et des dates, jamais de texte.",
                        "A webhook tells another program what happens: it is sent numbers, states and dates, never any text."))
            }
            @if view.hosts.is_empty() { (off(lang)) }
            @if view.webhooks.is_empty() {
                (components::empty(
                    lang.t("Aucun webhook", "No webhook"),
                    lang.t("Rien n’est envoyé hors du logiciel pour ce client.", "Nothing is sent outside for this customer."),
                    None,
                ))
            } @else { (lines(view, lang)) }
            @if !view.hosts.is_empty() {
                p.muted {
                    (lang.t("Hôtes autorisés par l’exploitant :", "Hosts that the operator allows:")) " "
                    (view.hosts.join(", "))
                }
            }
        },
    )
}

/// Nothing leaves, and who can change it.
pub(super) fn off(lang: Lang) -> Markup {
    html! {
        p role="status" {
            (lang.t("L’envoi est fermé : l’exploitant n’a autorisé aucun hôte. Il le fait au lancement du serveur, avec l’option --webhooks.",
                    "Nothing is sent: the operator has allowed no host. It is done when the server is started, with the --webhooks option."))
        }
    }
}

fn lines(view: &View, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Webhook", "Webhook")),
        Column::text(lang.t("Pour", "For")),
        Column::figure(lang.t("Événements", "Events")),
        Column::text(lang.t("État", "State")),
    ];
    let rows = view.webhooks.iter().map(|line| {
        Row::new(vec![
            html! { a href=(line.href) { (components::words(&line.title, lang)) } br; span.muted { (line.host) } },
            html! { (side(line.is_provider, lang)) },
            html! { (format::count(line.kinds as u64, lang)) },
            state(&line.state, lang),
        ])
    });
    table("webhooks", lang.t("Webhooks du client", "The customer’s webhooks"), &columns, rows.collect())
}

pub(super) fn side(is_provider: bool, lang: Lang) -> crate::design::Text {
    if is_provider { lang.t("Le prestataire", "The provider") } else { lang.t("Le client", "The customer") }
}

pub(super) fn state(state: &State, lang: Lang) -> Markup {
    html! {
        @match state {
            State::Active => (badge(Tone::Good, lang.t("Actif", "Active"))),
            State::Failing(since) => {
                (badge(Tone::Warning, lang.t("En échec", "Failing"))) " "
                span.muted { (lang.t("depuis le", "since")) " " (components::when_short(since, lang)) }
            }
            State::Suspended(since, why) => {
                (badge(Tone::Bad, lang.t("Suspendu", "Suspended"))) " "
                span.muted { (components::words(why, lang)) ", " (components::when_short(since, lang)) }
            }
        }
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let line = |title: &str, host: &str, is_provider, kinds, state| Line {
        href: "/c/ateliers-garonne/webhooks/0190a5b0-0000-7000-8000-000000000001".into(),
        title: title.into(),
        host: host.into(),
        is_provider,
        kinds,
        state,
    };
    let why = lang
        .t("son destinataire n’existe plus (réponse 410)", "its receiver is gone (answer 410)")
        .to_string();
    let webhooks = vec![
        line(
            &lang.t("Supervision du client", "The customer’s monitoring").to_string(),
            "hooks.garonne.example",
            false,
            5,
            State::Active,
        ),
        line(
            "hooks.exemple.fr",
            "hooks.exemple.fr",
            true,
            30,
            State::Failing(sampling::at("2026-11-02T08:30")),
        ),
        line(
            &lang.t("Ancienne messagerie", "Former chat").to_string(),
            "chat.garonne.example",
            false,
            2,
            State::Suspended(sampling::at("2026-10-12T17:04"), why),
        ),
    ];
    let hosts = vec!["*.garonne.example".to_owned(), "hooks.exemple.fr".to_owned()];
    let all = View { customer: sampling::garonne(), webhooks, hosts };
    vec![("all", all.clone()), ("off", View { webhooks: Vec::new(), hosts: Vec::new(), ..all })]
}
