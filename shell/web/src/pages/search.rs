//! Searching: tickets, articles of the contract and items, each with the words that were found.

use jiff::Zoned;
use maud::{Markup, Render, html};

use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, Text, assets, components, format};
use crate::pages::sampling;
use crate::pages::shared::TicketState;

/// What was found, and where one looked.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// `None` over all the customers one works for.
    pub customer: Option<CustomerRef>,
    /// As it was asked; `""` before anything is.
    pub query: String,
    pub groups: Vec<Group>,
    pub articles: Vec<Article>,
    pub items: Vec<Item>,
    /// Articles and runbooks of the knowledge base.
    pub knowledge: Vec<Article>,
    /// What was over in another tool, and where there is more of it.
    pub history: Vec<Article>,
    pub more_history: Option<String>,
    /// Address of the first page, from a later one.
    pub first: Option<String>,
    /// Address of the next page.
    pub next: Option<String>,
    /// Customers that could not be asked.
    pub failed: Vec<String>,
}

/// Tickets of one customer.
#[derive(Clone, Debug)]
pub struct Group {
    pub customer: CustomerRef,
    pub tickets: Vec<Ticket>,
    /// There may be more at this customer.
    pub more: bool,
}

#[derive(Clone, Debug)]
pub struct Ticket {
    pub number: u64,
    pub title: Passage,
    pub state: TicketState,
    pub priority: String,
    pub opened: Zoned,
    pub of: Of,
    pub passage: Passage,
}

/// What a passage is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Description,
    Answers,
    Message,
    Note,
    Price,
    File,
}

impl Of {
    fn word(self, lang: Lang) -> Text {
        match self {
            Of::Description => lang.t("Description", "Description"),
            Of::Answers => lang.t("Réponses au formulaire", "Answers to the form"),
            Of::Message => lang.t("Message", "Message"),
            Of::Note => lang.t("Note interne", "Internal note"),
            Of::Price => lang.t("Prix", "Price"),
            Of::File => lang.t("Fichier", "File"),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Article {
    pub href: String,
    pub contract: String,
    pub title: Passage,
    pub passage: Passage,
}

#[derive(Clone, Debug)]
pub struct Item {
    /// Its tickets.
    pub href: String,
    pub name: Passage,
    pub class: Option<String>,
}

/// Some words, those that were looked for marked.
#[derive(Clone, Debug, Default)]
pub struct Passage {
    pub pieces: Vec<(String, bool)>,
    pub cut_before: bool,
    pub cut_after: bool,
}

impl Render for Passage {
    fn render(&self) -> Markup {
        html! {
            @if self.cut_before { "… " }
            @for (text, found) in &self.pieces {
                @if *found { mark { (text) } } @else { (text) }
            }
            @if self.cut_after { " …" }
        }
    }
}

/// `GET /search` and `GET /c/{customer}/search`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Recherche", "Search");
    layout::page(
        shell,
        title,
        Place::Search,
        html! {
            (layout::heading(
                html! {
                    @match &view.customer {
                        Some(customer) => a href=(customer.path("")) { (customer.name) },
                        None => (lang.t("Tous les clients", "All customers")),
                    }
                },
                title,
                html! {},
            ))
            (form(view, lang))
            p.found-count id="found" role="status" { (found(view, lang)) }
            div id="results" { (results(view, lang)) }
            script src=(assets::url("search.js")) defer {}
        },
    )
}

fn form(view: &View, lang: Lang) -> Markup {
    let action = view.customer.as_ref().map_or_else(|| "/search".to_owned(), |c| c.path("/search"));
    html! {
        form.wide-search role="search" method="get" action=(action) data-as-typed {
            label for="q" { (lang.t("Mots, ou numéro d’un ticket", "Words, or a ticket’s number")) }
            div.search-line {
                div.search {
                    (icon(Icon::Search))
                    input type="search" id="q" name="q" value=(view.query) maxlength="200" autocomplete="off";
                    kbd aria-hidden="true" { "/" }
                }
                button.primary type="submit" { (lang.t("Chercher", "Search")) }
            }
            p.hint {
                (lang.t(
                    "Tous les mots comptent, sans les accents ni les pluriels ; le dernier peut être inachevé.",
                    "All words count, without accents or plurals; the last one may be unfinished.",
                ))
            }
        }
    }
}

fn found(view: &View, lang: Lang) -> String {
    if view.query.is_empty() {
        return String::new();
    }
    let tickets: usize = view.groups.iter().map(|group| group.tickets.len()).sum();
    let more = view.next.is_some() || view.groups.iter().any(|group| group.more);
    let counted = |count: usize, one: &str, many: &str| {
        let word = if count > 1 || (count == 0 && lang == Lang::En) { many } else { one };
        format!("{} {word}", format::count(count as u64, lang))
    };
    let (ticket, article, item, past) = match lang {
        Lang::Fr => {
            (("ticket", "tickets"), ("article", "articles"), ("élément", "éléments"), ("ancien", "anciens"))
        }
        Lang::En => (("ticket", "tickets"), ("article", "articles"), ("item", "items"), ("former", "former")),
    };
    let mut said = vec![counted(tickets, ticket.0, ticket.1)];
    if more {
        said[0].push_str(if lang == Lang::Fr { " sur cette page" } else { " on this page" });
    }
    let others = [
        (view.articles.len() + view.knowledge.len(), article),
        (view.items.len(), item),
        (view.history.len(), past),
    ];
    for (count, word) in others {
        if count > 0 {
            said.push(counted(count, word.0, word.1));
        }
    }
    said.join(", ")
}

fn results(view: &View, lang: Lang) -> Markup {
    let nothing = view.groups.is_empty()
        && view.articles.is_empty()
        && view.items.is_empty()
        && view.knowledge.is_empty()
        && view.history.is_empty();
    html! {
        @if !view.failed.is_empty() {
            div.notice.warning role="alert" {
                (icon(Icon::Alert))
                p {
                    (lang.t("Ces clients n’ont pas pu être interrogés :", "These customers could not be asked:"))
                    " " (view.failed.join(", "))
                }
            }
        }
        @if !view.items.is_empty() { (items(view, lang)) }
        @if !view.knowledge.is_empty() { (articles(&view.knowledge, "knowledge", lang.t("Base de connaissances", "Knowledge base"))) }
        @for group in &view.groups { (tickets(group, view, lang)) }
        @if !view.articles.is_empty() { (articles(&view.articles, "articles", lang.t("Articles du contrat", "Articles of the contract"))) }
        @if !view.history.is_empty() {
            (articles(&view.history, "history", lang.t("Historique repris d’un autre outil", "History brought in from another tool")))
            @if let Some(more) = &view.more_history {
                p { a href=(more) { (lang.t("Tout l’historique qui répond", "All the history that answers")) } }
            }
        }
        @if nothing && !view.query.is_empty() && view.next.is_none() {
            (components::empty(
                lang.t("Rien trouvé", "Nothing found"),
                lang.t(
                    "Essayez moins de mots, ou le début du dernier.",
                    "Try fewer words, or the beginning of the last one.",
                ),
                None,
            ))
        }
        (components::pager(view.first.as_deref(), view.next.as_deref(), lang))
    }
}

fn tickets(group: &Group, view: &View, lang: Lang) -> Markup {
    let everywhere = view.customer.is_none();
    let href = group.customer.path(&format!("/search?q={}", format::query(&view.query)));
    html! {
        section.hits data-list="tickets" aria-label=(if everywhere { group.customer.name.clone() } else { "Tickets".into() }) {
            h2 { @if everywhere { (group.customer.name) } @else { (lang.t("Tickets", "Tickets")) } }
            ul {
                @for ticket in &group.tickets {
                    li.hit {
                        h3 {
                            a href=(group.customer.path(&format!("/tickets/{}", ticket.number))) data-item {
                                span.number { "#" (ticket.number) } " " (ticket.title)
                            }
                        }
                        p.hit-facts {
                            (ticket.state.badge(lang)) " " span { (ticket.priority) } " "
                            time datetime=(format::machine(&ticket.opened)) { (format::instant(&ticket.opened, lang)) }
                        }
                        p { span.muted { (ticket.of.word(lang)) (lang.t(" :", ":")) } " " (ticket.passage) }
                    }
                }
            }
            @if everywhere && group.more {
                p { a href=(href) { (lang.t("Tous les résultats chez ce client", "All results at this customer")) } }
            }
        }
    }
}

fn articles(list: &[Article], name: &str, title: Text) -> Markup {
    html! {
        section.hits data-list=(name) aria-label=(title) {
            h2 { (title) }
            ul {
                @for article in list {
                    li.hit {
                        h3 { a href=(article.href) data-item { (article.title) } }
                        p.hit-facts { span { (article.contract) } }
                        p { (article.passage) }
                    }
                }
            }
        }
    }
}

fn items(view: &View, lang: Lang) -> Markup {
    html! {
        section.hits data-list="items" aria-label=(lang.t("Éléments du périmètre", "Items of the perimeter")) {
            h2 { (lang.t("Éléments du périmètre", "Items of the perimeter")) }
            ul {
                @for item in &view.items {
                    li.hit {
                        h3 { a href=(item.href) data-item { (item.name) } }
                        @if let Some(class) = &item.class { p.hit-facts { span { (class) } } }
                    }
                }
            }
        }
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let passage = |pieces: &[(&str, bool)], cut: bool| Passage {
        pieces: pieces.iter().map(|(text, found)| ((*text).to_owned(), *found)).collect(),
        cut_before: cut,
        cut_after: cut,
    };
    let garonne = sampling::garonne();
    let opened = sampling::tickets(lang).remove(0).opened;
    let ticket = |number, title, of, passage| Ticket {
        number,
        title,
        state: TicketState::Taken,
        priority: "P2".into(),
        opened: opened.clone(),
        of,
        passage,
    };
    let (title, told, noted) = match lang {
        Lang::Fr => (
            passage(
                &[("L’", false), ("imprimante", true), (" de l’étage est en ", false), ("panne", true)],
                false,
            ),
            passage(
                &[
                    ("depuis ce matin, l’", false),
                    ("imprimante", true),
                    (" ne répond plus : encore une ", false),
                    ("panne", true),
                    (" de secteur", false),
                ],
                true,
            ),
            passage(
                &[("Alimentation de l’", false), ("imprimante", true), (" à remplacer sous garantie", false)],
                false,
            ),
        ),
        Lang::En => (
            passage(
                &[("The ", false), ("printer", true), (" upstairs has a ", false), ("breakdown", true)],
                false,
            ),
            passage(
                &[
                    ("since this morning the ", false),
                    ("printer", true),
                    (" does not answer: another power ", false),
                    ("breakdown", true),
                ],
                true,
            ),
            passage(
                &[
                    ("Power supply of the ", false),
                    ("printer", true),
                    (" to be replaced under warranty", false),
                ],
                false,
            ),
        ),
    };
    let tickets = vec![
        ticket(412, title.clone(), Of::Message, told),
        ticket(388, title.clone(), Of::Note, noted.clone()),
    ];
    let group = Group { customer: garonne.clone(), tickets, more: true };
    let query = if lang == Lang::Fr { "imprimante panne" } else { "printer breakdown" };
    let one = View {
        customer: Some(garonne.clone()),
        query: query.into(),
        groups: vec![group.clone()],
        articles: vec![Article {
            href: garonne.path("/contracts/CTR-2026-001#article-7"),
            contract: "CTR-2026-001".into(),
            title: passage(&[("Article 7 – ", false), ("Imprimantes", true)], false),
            passage: noted.clone(),
        }],
        items: vec![Item {
            href: garonne.path("/tickets?item=imp-2"),
            name: title.clone(),
            class: Some("printer".into()),
        }],
        knowledge: vec![Article {
            href: garonne.path("/knowledge/3"),
            contract: String::new(),
            title: title.clone(),
            passage: noted.clone(),
        }],
        history: vec![Article {
            href: garonne.path("/history/411"),
            contract: "GLPI 3981".into(),
            title,
            passage: noted,
        }],
        more_history: Some(garonne.path("/history?q=x")),
        next: Some(garonne.path("/search?q=x&after=1.388")),
        ..View::default()
    };
    let other = Group { customer: sampling::sologne(), more: false, ..group.clone() };
    let all = View {
        query: query.into(),
        groups: vec![group, other],
        failed: vec!["Mairie de L’Isle".into()],
        ..View::default()
    };
    let none = View { customer: Some(garonne.clone()), query: "fax".into(), ..View::default() };
    vec![("one", one), ("everywhere", all), ("nothing", none), ("empty", View::default())]
}
