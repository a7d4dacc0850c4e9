//! For whom a ticket is opened, when it is opened from the desk.

use maud::{Markup, html};

use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{Lang, Shell, components};
use crate::pages::customers;
use crate::pages::sampling::{garonne, sologne};

/// The customers for whom the reader may open tickets, by name.
#[derive(Clone, Debug, Default)]
pub struct View {
    pub customers: Vec<Line>,
    /// What was typed to find one.
    pub query: String,
    /// The address of the first page, from another one.
    pub first: Option<String>,
    pub next: Option<String>,
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
            @if customers::is_long(&view.query, view.first.as_deref(), view.next.as_deref()) {
                (customers::find("/tickets/new", &view.query, lang))
            }
            @if view.customers.is_empty() && !view.query.is_empty() {
                (customers::none_found("/tickets/new", lang))
            } @else if view.customers.is_empty() {
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
                (components::pager(view.first.as_deref(), view.next.as_deref(), lang))
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
    let two = View { customers, ..View::default() };
    let none = View::default();
    vec![
        ("many", View { next: Some("/tickets/new?after=sologne".into()), ..two.clone() }),
        ("two", two),
        ("not found", View { query: "Zénith".into(), ..none.clone() }),
        ("none", none),
    ]
}
