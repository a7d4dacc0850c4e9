//! The provider's customers, each with its open work.

use maud::{Markup, html};

use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, components, format};
use crate::pages::sampling::{customer_id, garonne, sologne};

/// Every customer, by name.
#[derive(Clone, Debug)]
pub struct View {
    pub rows: Vec<Line>,
}

/// A customer and the tickets that wait.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its contract is the one in force first signed.
    pub customer: CustomerRef,
    pub open: u64,
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
            @if view.rows.is_empty() {
                (components::empty(
                    lang.t("Aucun client", "No customers"),
                    lang.t("Créez le premier avec « regisseur customer create », puis signez son contrat.",
                           "Create the first one with “regisseur customer create”, then sign its contract."),
                    None,
                ))
            } @else {
                (list(view, lang))
            }
        },
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
        a href=(customer.path("/tickets?state=open")) { (format::count(line.open, lang)) }
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
        Line { customer: garonne(), open: 10 },
        Line { customer: sologne(), open: 1_204 },
        Line { customer: unsigned, open: 0 },
    ];
    vec![("three", View { rows }), ("none", View { rows: Vec::new() })]
}
