//! For whom a ticket is opened, when it is opened from the desk.

use maud::{Markup, html};

use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{Lang, Shell, components};
use crate::pages::sampling::{garonne, sologne};

/// The customers for whom the reader may open tickets, by name.
#[derive(Clone, Debug)]
pub struct View {
    pub customers: Vec<Line>,
}

/// A customer: no more of it is read, so that a hundred of them are told as fast as one.
#[derive(Clone, Debug)]
pub struct Line {
    pub slug: String,
    pub name: String,
}

/// `GET /tickets/new`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Nouveau ticket", "New ticket");
    let above = html! { a href="/" { (lang.t("Mon bureau", "My desk")) } };
    let columns = [Column::name(lang.t("Pour quel client ?", "For which customer?"))];
    let rows = view.customers.iter().map(row).collect();
    layout::page(
        shell,
        title,
        Place::Desk,
        html! {
            (layout::heading(above, title, html! {}))
            @if view.customers.is_empty() {
                (components::empty(
                    lang.t("Aucun client", "No customers"),
                    lang.t("Vous n’ouvrez de tickets pour aucun client : demandez un rôle à qui gère les personnes.",
                           "You open tickets for no customer: ask whoever manages people for a role."),
                    None,
                ))
            } @else {
                div data-list="customers" {
                    (table("customers", lang.t("Clients, par nom", "Customers, by name"), &columns, rows))
                }
            }
        },
    )
}

fn row(line: &Line) -> Row {
    Row::new(vec![html! { a href={ "/c/" (line.slug) "/tickets/new" } data-item { (line.name) } }])
}

/// Views for the gallery and the tests.
pub fn samples(_: Lang) -> Vec<(&'static str, View)> {
    let customers = [garonne(), sologne()].map(|c| Line { slug: c.slug, name: c.name }).to_vec();
    vec![("two", View { customers }), ("none", View { customers: Vec::new() })]
}
