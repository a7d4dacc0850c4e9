//! The desk: what to do next, over all customers, by time left.

use maud::{Markup, html};

use crate::design::components::{self, Tab};
use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::{Lang, Shell, Text, format};
use crate::pages::sampling;
use crate::pages::saved_views::{self, SavedView};
use crate::pages::shared::{Doing, TicketRow, take_form, ticket_table_doing};
use crate::pages::team::{LeftOut, left_out};

mod today;

pub use today::{Dated, OnCall, Today};

/// Open work, already filtered and in order of time left.
#[derive(Clone, Debug)]
pub struct View {
    pub filter: Filter,
    /// Whose tickets are listed, in place of a filter.
    pub person: Option<String>,
    /// Words searched over all customers; `""` when listing.
    pub query: String,
    /// Of what is shown: `/` opens on a tab, and stays on it while the page stands open.
    pub address: String,
    /// What is asked for, as an address says it: what a view keeps.
    pub asked: String,
    /// The reader's own.
    pub views: Vec<SavedView>,
    /// Idempotency key of the forms.
    pub key: String,
    /// Addresses of the whole list, as text and as a workbook.
    pub export: [String; 2],
    /// How many tickets each filter holds.
    pub counts: Vec<(Filter, u64)>,
    pub rows: Vec<TicketRow>,
    /// Address of the first rows, from later ones.
    pub first: Option<String>,
    /// Address of the next rows.
    pub more: Option<String>,
    /// What waits for somebody's decision.
    pub waiting: Vec<Waiting>,
    /// Customers where something may wait that could not be read.
    pub left_out: LeftOut,
    /// Beside the first page of a tab.
    pub today: Today,
}

/// Which open tickets are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Filter {
    Mine,
    All,
    Unassigned,
    Late,
    Paused,
}

impl Filter {
    /// All filters, in the order they are offered.
    pub const ALL: [Filter; 5] =
        [Filter::Mine, Filter::All, Filter::Unassigned, Filter::Late, Filter::Paused];

    /// The word of the `show` parameter.
    pub fn code(self) -> &'static str {
        match self {
            Filter::Mine => "mine",
            Filter::All => "all",
            Filter::Unassigned => "unassigned",
            Filter::Late => "late",
            Filter::Paused => "paused",
        }
    }

    /// `None` for a word that is none of theirs.
    pub fn from_code(code: &str) -> Option<Filter> {
        Filter::ALL.into_iter().find(|filter| filter.code() == code)
    }

    fn word(self, lang: Lang) -> Text {
        match self {
            Filter::Mine => lang.t("Mon travail", "My work"),
            Filter::All => lang.t("Tous", "All"),
            Filter::Unassigned => lang.t("À prendre", "To take over"),
            Filter::Late => lang.t("En retard", "Late"),
            Filter::Paused => lang.t("Suspendus", "Suspended"),
        }
    }
}

/// Something that goes no further until a person decides.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub href: String,
    pub title: String,
    /// Who has to decide, since when.
    pub detail: String,
}

/// `GET /`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let over = saved_views::Over { all: None, to: "/desk/views", shares: false, key: &view.key };
    layout::page(
        shell,
        lang.t("Mon bureau", "My desk"),
        Place::Desk,
        html! {
            (layout::heading(
                html! {
                    (lang.t("Tous les clients", "All customers"))
                    @if !view.waiting.is_empty() { " · " a href="#waiting" { (expected(view.waiting.len(), lang)) } }
                },
                lang.t("Mon bureau", "My desk"),
                html! {
                    (search(&view.query, lang))
                    @if shell.opens_tickets() { a.button.primary href="/tickets/new" { (lang.t("Nouveau ticket", "New ticket")) } }
                },
            ))
            @if let Some(name) = &view.person {
                h2 { (lang.t("Confiés à", "Assigned to")) " " (name) }
            }
            (today::draw(&view.today, lang))
            (saved_views::tabs(shell, over, &view.views))
            (layout::live_at("live-desk", "desk", &view.address, html! {
                (filters(view, lang))
                @if view.rows.is_empty() {
                    (nothing(view, lang))
                } @else {
                    (take_form(shell, &view.rows, &view.address))
                    (ticket_table_doing(caption(view, lang), &view.rows, true, Doing { takes: true, ticks: None }, lang))
                }
                (components::pager(view.first.as_deref(), view.more.as_deref(), lang))
                @if !view.rows.is_empty() { (export(view, lang)) }
            }))
            @if !view.views.iter().any(|kept| kept.current) {
                (saved_views::form(shell, over, &view.asked))
            }
            @if !view.waiting.is_empty() || !view.left_out.is_empty() { (waiting(view, lang)) }
        },
    )
}

fn export(view: &View, lang: Lang) -> Markup {
    html! {
        p.list-export {
            (lang.t("Toute la liste :", "The whole list:"))
            @for (href, kind) in view.export.iter().zip(["CSV", "XLSX"]) { " " a href=(href) download { (kind) } }
        }
    }
}

fn caption(view: &View, lang: Lang) -> Text {
    if view.query.is_empty() {
        return lang
            .t("Tickets ouverts, du moins au plus de temps restant", "Open tickets, least time left first");
    }
    lang.t(
        "Tickets trouvés, ouverts ou non, client par client",
        "Tickets found, open or not, customer by customer",
    )
}

fn search(query: &str, lang: Lang) -> Markup {
    html! {
        form.search role="search" method="get" action="/" {
            label.hidden for="q" { (lang.t("Chercher un ticket", "Search tickets")) }
            (icon(Icon::Search))
            input type="search" id="q" name="q" value=(query) placeholder=(lang.t("Numéro ou mots", "Number or words"));
            kbd aria-hidden="true" { "/" }
        }
    }
}

fn filters(view: &View, lang: Lang) -> Markup {
    let unsearched = view.query.is_empty() && view.person.is_none();
    let tabs = view.counts.iter().map(|(filter, count)| {
        let label = html! { (filter.word(lang)) " " span.count { (format::count(*count, lang)) } };
        Tab::new(format!("/?show={}", filter.code()), label, unsearched && *filter == view.filter)
    });
    components::tabs(lang.t("Filtres", "Filters"), &tabs.collect::<Vec<_>>())
}

fn nothing(view: &View, lang: Lang) -> Markup {
    if !view.query.is_empty() {
        return components::empty(
            lang.t("Aucun ticket trouvé", "No ticket found"),
            lang.t(
                "Essayez moins de mots, le début du dernier, ou le numéro du ticket.",
                "Try fewer words, the beginning of the last one, or the ticket’s number.",
            ),
            None,
        );
    }
    if view.person.is_some() {
        return components::empty(
            lang.t("Aucun ticket ouvert", "No open tickets"),
            lang.t("Rien n’est confié à cette personne.", "Nothing is assigned to this person."),
            None,
        );
    }
    match view.filter {
        Filter::All => components::empty(
            lang.t("Aucun ticket ouvert", "No open tickets"),
            lang.t(
                "Tout est résolu. Un nouveau ticket apparaîtra ici dès son enregistrement.",
                "Everything is resolved. A new ticket appears here as soon as it is recorded.",
            ),
            None,
        ),
        _ => components::empty(
            lang.t("Rien dans ce filtre", "Nothing under this filter"),
            lang.t(
                "Regardez les tickets que personne n’a encore pris.",
                "Look at the tickets nobody has taken over yet.",
            ),
            Some((
                "/?show=unassigned".into(),
                lang.t("Voir les tickets à prendre", "See tickets to take over").into(),
            )),
        ),
    }
}

/// The open work comes first, and may fill the screen.
fn expected(count: usize, lang: Lang) -> String {
    match (lang, count) {
        (Lang::Fr, 1) => "1 décision vous attend".into(),
        (Lang::Fr, n) => format!("{n} décisions vous attendent"),
        (Lang::En, 1) => "1 decision awaits you".into(),
        (Lang::En, n) => format!("{n} decisions await you"),
    }
}

/// Decisions told one by one; the first days of a month bring one for each contract.
const TOLD: usize = 12;

fn waiting(view: &View, lang: Lang) -> Markup {
    let more = view.waiting.len().saturating_sub(TOLD);
    components::section(
        "waiting",
        lang.t("En attente d’une décision", "Waiting for a decision"),
        html! {
            ul.plain-list {
                @for item in view.waiting.iter().take(TOLD) {
                    li {
                        a href=(item.href) { (components::words(&item.title, lang)) }
                        p.muted { (components::words(&item.detail, lang)) }
                    }
                }
            }
            @if more > 0 {
                p.muted { (lang.t("Et", "And")) " " (more) " " (lang.t("autres, qui viendront ici à leur tour.", "others, which come here in their turn.")) }
            }
            (left_out(&view.left_out, lang))
        },
    )
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let counts = vec![
        (Filter::Mine, 2),
        (Filter::All, 6),
        (Filter::Unassigned, 2),
        (Filter::Late, 1),
        (Filter::Paused, 1),
    ];
    let all = View {
        filter: Filter::All,
        person: None,
        query: String::new(),
        address: "/?show=all".into(),
        asked: "show=all".into(),
        views: vec![SavedView {
            id: "v1".into(),
            name: lang.t("Ce qui reste à Inès", "What Inès has left").into(),
            href: "/?who=a1".into(),
            current: false,
            shared: false,
            of: None,
        }],
        key: "sample-key".into(),
        export: ["csv", "xlsx"].map(|kind| format!("/desk.{kind}?show=all")),
        counts,
        rows: sampling::tickets(lang),
        first: None,
        more: Some("/?show=all&after=d1793610000000000.01890a5d-ac96-774b-bcce-b302099a8057".into()),
        waiting: vec![
            Waiting {
                href: "/c/ateliers-garonne/tickets/417".into(),
                title: lang
                    .t(
                        "Déménager le poste de l’accueil : devis de 285,00 €",
                        "Move the reception workstation: quote of €285.00",
                    )
                    .into(),
                detail: lang
                    .t(
                        "Accord de Mme Fabre attendu depuis le 30 oct. 2026 (article 10, hors forfait)",
                        "Ms Fabre’s agreement awaited since 30 Oct 2026 (article 10, extra)",
                    )
                    .into(),
            },
            Waiting {
                href: "/c/ateliers-garonne/money".into(),
                title: lang.t("Clôturer octobre 2026", "Close October 2026").into(),
                detail: lang
                    .t(
                        "Tous les tickets du mois sont mesurés ; un administrateur peut clôturer",
                        "All tickets of the month are measured; an administrator may close it",
                    )
                    .into(),
            },
            Waiting {
                href: "/c/ateliers-garonne/knowledge/12".into(),
                title: lang
                    .t("Relire l’article « Files d’impression »", "Review article “Print queues”")
                    .into(),
                detail: lang
                    .t("Ateliers Garonne, pour le 1er novembre 2026", "Ateliers Garonne, by 1 November 2026")
                    .into(),
            },
        ],
        left_out: LeftOut { failing: vec!["Lumen Édition".into()], ..LeftOut::default() },
        today: today::samples(lang),
    };
    let none = |filter| View {
        filter,
        person: None,
        query: String::new(),
        address: "/?show=all".into(),
        asked: "show=all".into(),
        views: Vec::new(),
        key: "sample-key".into(),
        export: ["csv", "xlsx"].map(|kind| format!("/desk.{kind}?show=all")),
        counts: Filter::ALL.iter().map(|filter| (*filter, 0)).collect(),
        rows: Vec::new(),
        first: None,
        more: None,
        waiting: Vec::new(),
        left_out: LeftOut::default(),
        today: Today::default(),
    };
    let somebody =
        View { person: Some("Inès Cazenave".into()), more: None, today: Today::default(), ..all.clone() };
    let unfound = View { query: "fax".into(), counts: all.counts.clone(), ..none(Filter::All) };
    vec![
        ("all", all),
        ("somebody", somebody),
        ("nothing", none(Filter::All)),
        ("nothing-mine", none(Filter::Mine)),
        ("unfound", unfound),
    ]
}
