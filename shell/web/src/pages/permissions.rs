//! Who may do what, right by right: the policy itself, for anyone who signs in.

use maud::{Markup, html};

use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{Lang, Shell};

#[derive(Clone, Debug)]
pub struct View {
    pub lines: Vec<Line>,
}

/// A right, and the roles of each side that have it.
#[derive(Clone, Debug)]
pub struct Line {
    pub right: String,
    pub provider: Vec<String>,
    pub customer: Vec<String>,
    pub third_party: Vec<String>,
}

/// `GET /permissions`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Droits de chaque rôle", "Rights of each role");
    let columns = [
        Column::name(lang.t("Droit", "Right")),
        Column::text(lang.t("Chez le prestataire", "At the provider")),
        Column::text(lang.t("Chez le client", "At the customer")),
        Column::text(lang.t("Chez un tiers", "At a third party")),
    ];
    let roles = |list: &[String]| {
        html! {
            @if list.is_empty() { span.muted { (lang.t("personne", "nobody")) } }
            @else { (list.join(" · ")) }
        }
    };
    let rows = view.lines.iter().map(|line| {
        Row::new(vec![
            html! { (line.right) },
            roles(&line.provider),
            roles(&line.customer),
            roles(&line.third_party),
        ])
    });
    layout::page(
        shell,
        title,
        Place::Elsewhere,
        html! {
            (layout::heading(html! {}, title, html! {}))
            p { (lang.t(
                "Un rôle vaut pour tous les clients, pour un client ou pour un seul de ses contrats. Ce qui n’est pas écrit ici est refusé, et ce qui est refusé ne se voit pas.",
                "A role holds for every customer, for one of them, or for one of its contracts. What is not written here is refused, and what is refused cannot be seen.",
            )) }
            p { (lang.t(
                "Un tiers ne voit que les tickets des éléments qui lui sont confiés, sans les prix, le contrat ni les notes du prestataire.",
                "A third party sees only the tickets about the items entrusted to it, without prices, the contract or the provider’s notes.",
            )) }
            (table("permissions", lang.t("Ce que chaque rôle peut faire", "What each role may do"), &columns, rows.collect()))
        },
    )
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let (technician, manager) =
        (lang.t("Technique", "Technician"), lang.t("Responsable du contrat", "Manager"));
    let lines = vec![
        Line {
            right: lang.t("Lire les tickets", "Read tickets").into(),
            provider: vec![technician.into()],
            customer: vec![manager.into()],
            third_party: vec![technician.into()],
        },
        Line {
            right: lang.t("Clore un mois", "Close a month").into(),
            provider: vec![lang.t("Administration", "Administrator").into()],
            customer: Vec::new(),
            third_party: Vec::new(),
        },
    ];
    vec![("permissions", View { lines })]
}
