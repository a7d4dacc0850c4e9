//! The provider's customers, each with its open work.

use maud::{Markup, html};

use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, components, format};
use crate::pages::sampling::{customer_id, garonne, sologne};

/// The customers that the reader sees, by name, page after page.
#[derive(Clone, Debug, Default)]
pub struct View {
    pub rows: Vec<Line>,
    /// What was typed to find one.
    pub query: String,
    /// The address of the first page, from another one.
    pub first: Option<String>,
    pub next: Option<String>,
}

/// A customer and the tickets that wait.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its contract is the one in force first signed.
    pub customer: CustomerRef,
    /// The open tickets; `None` before the reader's undertaking is signed.
    pub open: Option<u64>,
}

/// `GET /c`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    layout::page(
        shell,
        lang.t("Clients", "Customers"),
        Place::Customers,
        html! {
            (layout::heading(html! {}, lang.t("Clients", "Customers"), html! {}))
            @if is_long(&view.query, view.first.as_deref(), view.next.as_deref()) { (find("/c", &view.query, lang)) }
            @if view.rows.is_empty() && !view.query.is_empty() {
                (none_found("/c", lang))
            } @else if view.rows.is_empty() {
                (components::empty(
                    lang.t("Aucun client", "No customers"),
                    lang.t("Créez le premier avec « regisseur customer create », puis signez son contrat.",
                           "Create the first one with “regisseur customer create”, then sign its contract."),
                    None,
                ))
            } @else {
                (list(view, lang))
                (components::pager(view.first.as_deref(), view.next.as_deref(), lang))
            }
        },
    )
}

/// Whether there are more than a page shows: fewer are seen at a glance.
pub(super) fn is_long(query: &str, first: Option<&str>, next: Option<&str>) -> bool {
    !query.is_empty() || first.is_some() || next.is_some()
}

/// What finds a customer among many.
pub(super) fn find(path: &str, query: &str, lang: Lang) -> Markup {
    html! {
        form.search role="search" method="get" action=(path) {
            label.hidden for="q" { (lang.t("Chercher un client", "Search customers")) }
            (icon(Icon::Search))
            input type="search" id="q" name="q" value=(query) maxlength="200" placeholder=(lang.t("Nom du client", "Customer’s name"));
            kbd aria-hidden="true" { "/" }
        }
    }
}

pub(super) fn none_found(path: &str, lang: Lang) -> Markup {
    components::empty(
        lang.t("Aucun client de ce nom", "No customer of that name"),
        lang.t(
            "Essayez un autre mot de son nom, ou son nom court.",
            "Try another word of its name, or its short name.",
        ),
        Some((path.to_owned(), lang.t("Tous les clients", "All customers").to_string())),
    )
}

fn list(view: &View, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Client", "Customer")),
        Column::text(lang.t("Contrat", "Contract")),
        Column::figure(lang.t("Tickets ouverts", "Open tickets")),
    ];
    let rows = view.rows.iter().map(|line| row(line, lang)).collect();
    html! {
        div data-list="customers" {
            (table("customers", lang.t("Clients, par nom", "Customers, by name"), &columns, rows))
        }
    }
}

fn row(line: &Line, lang: Lang) -> Row {
    let customer = &line.customer;
    let contract = html! {
        @match &customer.contract {
            Some(number) => a href=(customer.path(&format!("/contracts/{number}"))) { (number) },
            None => span.muted { (lang.t("aucun contrat signé", "no signed contract")) },
        }
    };
    let open = html! {
        @match line.open {
            Some(open) => a href=(customer.path("/tickets?state=open")) { (format::count(open, lang)) },
            None => a href=(customer.path("/undertaking")) { (lang.t("engagement à signer", "undertaking to sign")) },
        }
    };
    Row::new(vec![html! { a href=(customer.path("")) data-item { (customer.name) } }, contract, open])
}

/// Views for the gallery and the tests.
pub fn samples(_: Lang) -> Vec<(&'static str, View)> {
    let unsigned = CustomerRef {
        id: customer_id(4),
        contract: None,
        slug: "mairie-de-l-isle".into(),
        name: "Mairie de L’Isle".into(),
    };
    let rows = vec![
        Line { customer: garonne(), open: Some(10) },
        Line { customer: sologne(), open: Some(1_204) },
        Line { customer: unsigned, open: None },
    ];
    let long = View {
        rows: rows.clone(),
        query: "a".into(),
        first: Some("/c?q=a".into()),
        next: Some("/c?q=a&after=mairie-de-l-isle".into()),
    };
    vec![
        ("three", View { rows, ..View::default() }),
        ("many", long),
        ("not found", View { query: "Zénith".into(), ..View::default() }),
        ("none", View::default()),
    ]
}
