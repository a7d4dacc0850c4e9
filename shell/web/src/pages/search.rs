//! Searching: tickets, contracts, articles and items, each with the words that were found.

mod samples;

use jiff::Zoned;
use maud::{Markup, Render, html};

use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, Text, assets, components, format};
use crate::pages::shared::TicketState;

pub use samples::samples;

/// What was found, and where one looked.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// `None` over all the customers one works for.
    pub customer: Option<CustomerRef>,
    /// As it was asked; `""` before anything is.
    pub query: String,
    pub groups: Vec<Group>,
    /// Address of the first page, from a later one.
    pub first: Option<String>,
    /// Address of the next page.
    pub next: Option<String>,
    /// Customers that could not be asked.
    pub failed: Vec<String>,
}

/// What was found at one customer.
#[derive(Clone, Debug)]
pub struct Group {
    pub customer: CustomerRef,
    pub tickets: Vec<Ticket>,
    pub contracts: Vec<Contract>,
    pub articles: Vec<Article>,
    pub items: Vec<Item>,
    /// Articles and runbooks of the knowledge base.
    pub knowledge: Vec<Article>,
    /// What was over in another tool, and where there is more of it.
    pub history: Vec<Article>,
    pub more_history: Option<String>,
    /// There may be more at this customer.
    pub more: bool,
}

impl Group {
    pub fn is_empty(&self) -> bool {
        self.tickets.is_empty()
            && self.contracts.is_empty()
            && self.articles.is_empty()
            && self.items.is_empty()
            && self.knowledge.is_empty()
            && self.history.is_empty()
    }
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

/// A contract, by its number or its title.
#[derive(Clone, Debug)]
pub struct Contract {
    pub href: String,
    pub number: Passage,
    pub title: Passage,
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
    let all = |count: fn(&Group) -> usize| view.groups.iter().map(count).sum::<usize>();
    let tickets = all(|group| group.tickets.len());
    let more = view.next.is_some() || view.groups.iter().any(|group| group.more);
    let counted = |count: usize, one: &str, many: &str| {
        let word = if count > 1 || (count == 0 && lang == Lang::En) { many } else { one };
        format!("{} {word}", format::count(count as u64, lang))
    };
    let (ticket, contract, article, item, past) = match lang {
        Lang::Fr => (
            ("ticket", "tickets"),
            ("contrat", "contrats"),
            ("article", "articles"),
            ("élément", "éléments"),
            ("ticket repris", "tickets repris"),
        ),
        Lang::En => (
            ("ticket", "tickets"),
            ("contract", "contracts"),
            ("article", "articles"),
            ("item", "items"),
            ("ticket brought in", "tickets brought in"),
        ),
    };
    let mut said = vec![counted(tickets, ticket.0, ticket.1)];
    if more {
        said[0].push_str(if lang == Lang::Fr { " sur cette page" } else { " on this page" });
    }
    let others = [
        (all(|group| group.contracts.len()), contract),
        (all(|group| group.articles.len() + group.knowledge.len()), article),
        (all(|group| group.items.len()), item),
        (all(|group| group.history.len()), past),
    ];
    for (count, word) in others {
        if count > 0 {
            said.push(counted(count, word.0, word.1));
        }
    }
    said.join(", ")
}

fn results(view: &View, lang: Lang) -> Markup {
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
        @for at in &view.groups {
            @if view.customer.is_some() { (group(at, Level::Two, lang)) } @else { (customer(at, view, lang)) }
        }
        @if view.groups.is_empty() && !view.query.is_empty() && view.next.is_none() {
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

/// Of the heading of a kind: under the page's, or under a customer's.
#[derive(Clone, Copy)]
enum Level<'a> {
    Two,
    Three { customer: &'a str },
}

impl Level<'_> {
    /// What tells a kind from the same one at another customer, for whoever goes from part to part.
    fn part(self, title: Text) -> String {
        match self {
            Level::Two => title.to_string(),
            Level::Three { customer } => format!("{title}, {customer}"),
        }
    }

    fn of_kind(self, title: Markup) -> Markup {
        match self {
            Level::Two => html! { h2 { (title) } },
            Level::Three { .. } => html! { h3 { (title) } },
        }
    }

    fn of_hit(self, title: Markup) -> Markup {
        match self {
            Level::Two => html! { h3 { (title) } },
            Level::Three { .. } => html! { h4 { (title) } },
        }
    }
}

/// What was found at one of several customers.
fn customer(at: &Group, view: &View, lang: Lang) -> Markup {
    let href = at.customer.path(&format!("/search?q={}", format::query(&view.query)));
    html! {
        section.found-at aria-label=(at.customer.name) {
            h2 { (at.customer.name) }
            (group(at, Level::Three { customer: &at.customer.name }, lang))
            p { a href=(href) { (lang.t("Tous les résultats chez ce client", "All results at this customer")) } }
        }
    }
}

fn group(at: &Group, level: Level<'_>, lang: Lang) -> Markup {
    html! {
        @if !at.contracts.is_empty() { (contracts(&at.contracts, level, lang)) }
        @if !at.items.is_empty() { (items(&at.items, level, lang)) }
        @if !at.knowledge.is_empty() { (articles(&at.knowledge, "knowledge", lang.t("Base de connaissances", "Knowledge base"), level)) }
        @if !at.tickets.is_empty() { (tickets(at, level, lang)) }
        @if !at.articles.is_empty() { (articles(&at.articles, "articles", lang.t("Articles du contrat", "Articles of the contract"), level)) }
        @if !at.history.is_empty() {
            (articles(&at.history, "history", lang.t("Historique repris d’un autre outil", "History brought in from another tool"), level))
            @if let Some(more) = &at.more_history {
                p { a href=(more) { (lang.t("Tout l’historique qui répond", "All the history that answers")) } }
            }
        }
    }
}

fn tickets(group: &Group, level: Level<'_>, lang: Lang) -> Markup {
    html! {
        section.hits data-list="tickets" aria-label=(level.part(lang.t("Tickets", "Tickets"))) {
            (level.of_kind(html! { (lang.t("Tickets", "Tickets")) }))
            ul {
                @for ticket in &group.tickets {
                    li.hit {
                        (level.of_hit(html! {
                            a href=(group.customer.path(&format!("/tickets/{}", ticket.number))) data-item {
                                span.number { "#" (ticket.number) } " " (ticket.title)
                            }
                        }))
                        p.hit-facts {
                            (ticket.state.badge(lang)) " " span { (ticket.priority) } " "
                            time datetime=(format::machine(&ticket.opened)) { (format::instant(&ticket.opened, lang)) }
                        }
                        p { span.muted { (ticket.of.word(lang)) (lang.t(" :", ":")) } " " (ticket.passage) }
                    }
                }
            }
        }
    }
}

fn contracts(list: &[Contract], level: Level<'_>, lang: Lang) -> Markup {
    html! {
        section.hits data-list="contracts" aria-label=(level.part(lang.t("Contrats", "Contracts"))) {
            (level.of_kind(html! { (lang.t("Contrats", "Contracts")) }))
            ul {
                @for contract in list {
                    li.hit {
                        (level.of_hit(html! { a href=(contract.href) data-item { (contract.number) } }))
                        p.hit-facts { span { (contract.title) } }
                    }
                }
            }
        }
    }
}

fn articles(list: &[Article], name: &str, title: Text, level: Level<'_>) -> Markup {
    html! {
        section.hits data-list=(name) aria-label=(level.part(title)) {
            (level.of_kind(html! { (title) }))
            ul {
                @for article in list {
                    li.hit {
                        (level.of_hit(html! { a href=(article.href) data-item { (article.title) } }))
                        p.hit-facts { span { (article.contract) } }
                        p { (article.passage) }
                    }
                }
            }
        }
    }
}

fn items(list: &[Item], level: Level<'_>, lang: Lang) -> Markup {
    html! {
        section.hits data-list="items" aria-label=(level.part(lang.t("Éléments du périmètre", "Items of the perimeter"))) {
            (level.of_kind(html! { (lang.t("Éléments du périmètre", "Items of the perimeter")) }))
            ul {
                @for item in list {
                    li.hit {
                        (level.of_hit(html! { a href=(item.href) data-item { (item.name) } }))
                        @if let Some(class) = &item.class { p.hit-facts { span { (class) } } }
                    }
                }
            }
        }
    }
}
