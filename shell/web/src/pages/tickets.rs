//! A customer's tickets: filtered, searched, a page at a time.

use maud::{Markup, html};

use crate::design::components::{self, Choice};
use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, format};
use crate::pages::sampling;
use crate::pages::shared::{TicketRow, TicketState, ticket_table};

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// Code of a state, `"open"` or `""` for all.
    pub state: String,
    /// « P1 », or `""` for all.
    pub priority: String,
    /// Words searched.
    pub query: String,
    pub priorities: Vec<String>,
    pub rows: Vec<TicketRow>,
    /// Tickets that match; `None` when counting them would cost too much.
    pub matching: Option<u64>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// `GET /c/{customer}/tickets`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    layout::page(
        shell,
        lang.t("Tickets", "Tickets"),
        Place::Tickets,
        html! {
            (layout::heading(
                html! { a href=(view.customer.path("")) { (view.customer.name) } },
                lang.t("Tickets", "Tickets"),
                html! { a.button.primary href=(view.customer.path("/tickets/new")) { (lang.t("Nouveau ticket", "New ticket")) } },
            ))
            (filters(view, lang))
            @if view.rows.is_empty() {
                (nothing(view, lang))
            } @else {
                @if let Some(matching) = view.matching {
                    p.result-count { (format::count(matching, lang)) " " (lang.t("tickets", "tickets")) }
                }
                (ticket_table(lang.t("Tickets du client", "The customer’s tickets"), &view.rows, false, lang))
                (components::pager(view.previous.as_deref(), view.next.as_deref(), lang))
            }
        },
    )
}

fn filters(view: &View, lang: Lang) -> Markup {
    let mut states =
        vec![Choice::new("open", lang.t("Ouverts", "Open")), Choice::new("", lang.t("Tous", "All"))];
    states.extend(TicketState::ALL.map(|state| Choice::new(state.code(), state.word(lang))));
    let mut priorities = vec![Choice::new("", lang.t("Toutes", "All"))];
    priorities.extend(view.priorities.iter().map(|code| Choice::new(code, code)));
    html! {
        form.filters role="search" method="get" action=(view.customer.path("/tickets")) {
            div.field.search-field {
                label for="q" { (lang.t("Chercher", "Search")) }
                div.search {
                    (icon(Icon::Search))
                    input type="search" id="q" name="q" value=(view.query)
                        placeholder=(lang.t("Numéro, titre, élément", "Number, title, item"));
                    kbd aria-hidden="true" { "/" }
                }
            }
            (components::select("state", "state", lang.t("État", "State"), &states, &view.state))
            (components::select("priority", "priority", lang.t("Priorité", "Priority"), &priorities, &view.priority))
            button type="submit" { (lang.t("Filtrer", "Filter")) }
        }
    }
}

fn nothing(view: &View, lang: Lang) -> Markup {
    if view.query.is_empty() && view.state.is_empty() && view.priority.is_empty() {
        return components::empty(
            lang.t("Aucun ticket pour l’instant", "No tickets yet"),
            lang.t(
                "Enregistrez le premier : le contrat en fixera les échéances.",
                "Record the first one: the contract will set its due instants.",
            ),
            Some((view.customer.path("/tickets/new"), lang.t("Nouveau ticket", "New ticket").into())),
        );
    }
    components::empty(
        lang.t("Aucun ticket ne correspond", "No ticket matches"),
        lang.t(
            "Élargissez l’état ou la priorité, ou cherchez d’autres mots.",
            "Widen the state or the priority, or search other words.",
        ),
        Some((
            view.customer.path("/tickets?state="),
            lang.t("Voir tous les tickets", "See all tickets").into(),
        )),
    )
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let mut rows = sampling::tickets(lang);
    rows.retain(|row| row.customer == sampling::garonne());
    let open = View {
        customer: sampling::garonne(),
        state: "open".into(),
        priority: String::new(),
        query: String::new(),
        priorities: ["P1", "P2", "P3", "P4"].map(Into::into).to_vec(),
        rows,
        matching: Some(1_248),
        previous: None,
        next: Some("/c/ateliers-garonne/tickets?after=416".into()),
    };
    let unmatched =
        View { query: "fax".into(), rows: Vec::new(), matching: Some(0), next: None, ..open.clone() };
    let first = View { query: String::new(), state: String::new(), ..unmatched.clone() };
    vec![("open", open), ("unmatched", unmatched), ("first", first)]
}
