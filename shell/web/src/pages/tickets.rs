//! A customer's tickets: filtered, searched, a page at a time.

use maud::{Markup, html};
use serde::Deserialize;

use crate::design::components::{self, Choice};
use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, format};
use crate::pages::saved_views::{self, SavedView};
use crate::pages::shared::{Doing, TicketRow, TicketState, take_form, ticket_table_doing};
use crate::pages::{bulk, sampling};

/// Items that a list to choose from holds at most.
const LISTED: usize = 80;

/// What an address asks of the list; every part is `""` for any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Code of a state, `open` or `late`.
    pub state: String,
    /// « P1 ».
    pub priority: String,
    pub kind: String,
    /// An item of the perimeter, by its key.
    pub item: String,
    /// `1`: those that the reader has taken over, or declared for the customer.
    pub mine: String,
    /// Words searched.
    #[serde(rename = "q", alias = "query")]
    pub query: String,
}

impl Asked {
    /// The filters as the query of an address, with the key of a page: `?state=open&after=t412`.
    pub fn query(&self, after: Option<String>) -> String {
        let parts = [
            ("q", &self.query),
            ("state", &self.state),
            ("priority", &self.priority),
            ("kind", &self.kind),
            ("item", &self.item),
            ("mine", &self.mine),
            ("after", &after.unwrap_or_default()),
        ];
        let parts = parts.into_iter().filter(|(_, value)| !value.is_empty());
        let parts: Vec<String> =
            parts.map(|(name, value)| format!("{name}={}", format::query(value))).collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }

    fn is_any(&self) -> bool {
        *self == Asked::default()
    }
}

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    pub asked: Asked,
    pub priorities: Vec<String>,
    pub kinds: Vec<Choice>,
    /// The items that contracts name.
    pub items: Vec<Choice>,
    /// Whether another tool's history was brought in, for the reader to read.
    pub history: bool,
    /// Whether the reader takes tickets over, and so has some.
    pub may_take: bool,
    /// Acts on several tickets.
    pub bulk: bulk::Offered,
    pub rows: Vec<TicketRow>,
    /// The address of this page, where whoever takes a ticket over comes back.
    pub here: String,
    /// Filters kept under a name.
    pub views: Vec<SavedView>,
    /// Idempotency key of the page's forms.
    pub key: String,
    /// Addresses of the whole list as text and as a workbook.
    pub export: [String; 2],
    /// The first page, from a later one.
    pub previous: Option<String>,
    /// The next page. There may be one after a page without rows: a rare combination of filters is looked
    /// among some hundreds of tickets at a time.
    pub next: Option<String>,
}

/// `GET /c/{customer}/tickets`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let (all, to) = (view.customer.path("/tickets"), view.customer.path("/tickets/views"));
    let over = saved_views::Over { all: Some(&all), to: &to, shares: true, key: &view.key };
    layout::page(
        shell,
        lang.t("Tickets", "Tickets"),
        Place::Tickets,
        html! {
            (layout::heading(
                html! { a href=(view.customer.path("")) { (view.customer.name) } },
                lang.t("Tickets", "Tickets"),
                html! {
                    @if shell.sees_plans() {
                        a.button.plain href=(view.customer.path("/plans")) { (lang.t("Tickets planifiés", "Planned tickets")) }
                    }
                    @if view.history {
                        a.button.plain href=(view.customer.path("/history")) { (lang.t("Historique repris", "History brought in")) }
                    }
                    a.button.plain href=(view.customer.path("/changes")) { (lang.t("Changements", "Changes")) }
                    a.button.plain href=(view.customer.path("/known-errors")) { (lang.t("Erreurs connues", "Known errors")) }
                    @if shell.opens_tickets() { a.button.primary href=(view.customer.path("/tickets/new")) { (lang.t("Nouveau ticket", "New ticket")) } }
                },
            ))
            (saved_views::tabs(shell, over, &view.views))
            (filters(shell, view))
            @if !view.asked.is_any() && !view.views.iter().any(|v| v.current) {
                (saved_views::form(shell, over, &view.asked.query(None)))
            }
            (layout::live("live-tickets", &format!("c/{}", view.customer.slug), html! {
                @if view.rows.is_empty() && view.next.is_some() {
                    (not_yet(lang))
                    (components::pager(view.previous.as_deref(), view.next.as_deref(), lang))
                } @else if view.rows.is_empty() {
                    (nothing(shell, view))
                } @else {
                    (take_form(shell, &view.rows, &view.here))
                    (table(view, lang))
                    @if view.bulk.is_any() {
                        (bulk::bar(shell, &view.customer, &view.customer.path(&format!("/tickets{}", view.asked.query(None))), &view.key, &view.bulk))
                    }
                    (components::pager(view.previous.as_deref(), view.next.as_deref(), lang))
                    p.list-export {
                        (lang.t("Toute la liste :", "The whole list:"))
                        @for (href, kind) in view.export.iter().zip(["CSV", "XLSX"]) {
                            " " a href=(href) download { (kind) }
                        }
                    }
                }
            }))
        },
    )
}

fn table(view: &View, lang: Lang) -> Markup {
    let doing = Doing { takes: true, ticks: view.bulk.is_any().then_some("bulk") };
    ticket_table_doing(lang.t("Tickets du client", "The customer’s tickets"), &view.rows, false, doing, lang)
}

fn filters(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let asked = &view.asked;
    let mut states = vec![
        Choice::new("open", lang.t("Ouverts", "Open")),
        Choice::new("late", lang.t("En retard", "Late")),
        Choice::new("", lang.t("Tous", "All")),
    ];
    states.extend(TicketState::ALL.map(|state| Choice::new(state.code(), state.word(lang))));
    let mut priorities = vec![Choice::new("", lang.t("Toutes", "All"))];
    priorities.extend(view.priorities.iter().map(|code| Choice::new(code, code)));
    let mut kinds = vec![Choice::new("", lang.t("Toutes", "All"))];
    kinds.extend(view.kinds.iter().cloned());
    html! {
        form.filters.ticket-filters role="search" method="get" action=(view.customer.path("/tickets")) {
            div.field.search-field {
                label for="q" { (lang.t("Chercher", "Search")) }
                div.search {
                    (icon(Icon::Search))
                    input type="search" id="q" name="q" value=(asked.query)
                        placeholder=(lang.t("Numéro ou mots", "Number or words"));
                    kbd aria-hidden="true" { "/" }
                }
            }
            (components::select("state", "state", lang.t("État", "State"), &states, &asked.state))
            (components::select("priority", "priority", lang.t("Priorité", "Priority"), &priorities, &asked.priority))
            (components::select("kind", "kind", lang.t("Nature", "Kind"), &kinds, &asked.kind))
            (item(view, lang))
            @if view.may_take || shell.opens_tickets() {
                (components::select(
                    "mine", "mine",
                    if view.may_take { lang.t("Confiés à", "Assigned to") } else { lang.t("Déclarés par", "Declared by") },
                    &[Choice::new("", lang.t("Tout le monde", "Anyone")), Choice::new("1", lang.t("Moi", "Me"))],
                    &asked.mine,
                ))
            }
            button type="submit" { (lang.t("Filtrer", "Filter")) }
        }
    }
}

/// The items are chosen in a list, or written when the list would weigh more than the page.
fn item(view: &View, lang: Lang) -> Markup {
    let label = lang.t("Élément", "Item");
    if view.items.len() > LISTED {
        return html! {
            div.field {
                label for="item" { (label) }
                input type="text" id="item" name="item" value=(view.asked.item);
            }
        };
    }
    let mut items = vec![Choice::new("", lang.t("Tous", "All"))];
    items.extend(view.items.iter().cloned());
    components::select("item", "item", label, &items, &view.asked.item)
}

fn nothing(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    if view.asked.is_any() && view.previous.is_none() {
        return components::empty(
            lang.t("Aucun ticket pour l’instant", "No tickets yet"),
            lang.t(
                "Enregistrez le premier : le contrat en fixera les échéances.",
                "Record the first one: the contract will set its due instants.",
            ),
            shell
                .opens_tickets()
                .then(|| (view.customer.path("/tickets/new"), lang.t("Nouveau ticket", "New ticket").into())),
        );
    }
    components::empty(
        lang.t("Aucun ticket ne correspond", "No ticket matches"),
        lang.t(
            "Élargissez les filtres, ou cherchez d’autres mots.",
            "Widen the filters, or search other words.",
        ),
        Some((view.customer.path("/tickets"), lang.t("Voir tous les tickets", "See all tickets").into())),
    )
}

/// A page that looked at as many tickets as a page may, and found none.
fn not_yet(lang: Lang) -> Markup {
    components::empty(
        lang.t("Rien encore : la recherche n’est pas finie", "Nothing yet: the search is not over"),
        lang.t(
            "Aucun des tickets examinés pour cette page ne répond à tous les filtres. La suite en examine d’autres.",
            "None of the tickets looked at for this page passes every filter. The next page looks at more.",
        ),
        None,
    )
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let mut rows = sampling::tickets(lang);
    rows.retain(|row| row.customer == sampling::garonne());
    let open = View {
        customer: sampling::garonne(),
        asked: Asked { state: "open".into(), ..Asked::default() },
        priorities: ["P1", "P2", "P3", "P4"].map(Into::into).to_vec(),
        kinds: vec![
            Choice::new("incident", lang.t("Incident", "Incident")),
            Choice::new("service_request", lang.t("Demande de service", "Service request")),
        ],
        items: vec![
            Choice::new("srv-erp", lang.t("Serveur de l’ERP", "ERP server")),
            Choice::new("imp-accueil", lang.t("Imprimante de l’accueil", "Reception printer")),
        ],
        history: true,
        may_take: true,
        bulk: bulk::Offered {
            works: true,
            people: vec![
                Choice::new("a1", "Julie Martin, 4 ouverts"),
                Choice::new("a2", "Karim Benali, 1 ouvert"),
            ],
            priorities: ["P1", "P2", "P3", "P4"].map(|p| Choice::new(p, p)).to_vec(),
            diagnosis: true,
        },
        export: ["csv", "xlsx"].map(|kind| format!("/c/ateliers-garonne/tickets.{kind}?state=open")),
        rows,
        here: "/c/ateliers-garonne/tickets?state=open".into(),
        views: saved_views::samples(lang, &sampling::garonne()),
        key: "sample-key".into(),
        previous: None,
        next: Some("/c/ateliers-garonne/tickets?state=open&after=d1793610000000000.416".into()),
    };
    let asked = Asked { query: "fax".into(), item: "srv-erp".into(), mine: "1".into(), ..open.asked.clone() };
    let unmatched = View { asked, rows: Vec::new(), views: Vec::new(), next: None, ..open.clone() };
    let rare =
        View { rows: Vec::new(), previous: Some("/c/ateliers-garonne/tickets".into()), ..open.clone() };
    let first = View {
        asked: Asked::default(),
        may_take: false,
        bulk: bulk::Offered::default(),
        ..unmatched.clone()
    };
    vec![("open", open), ("unmatched", unmatched), ("rare", rare), ("first", first)]
}
