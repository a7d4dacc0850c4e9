//! The frame of every page: head, navigation, preferences, the place where the page goes.

use app::notifications::UNREAD_TOLD;
use maud::{DOCTYPE, Markup, Render, html};

use super::icon::{Icon, icon};
use super::shell::{Person, Shell, Side, Theme};
use super::{assets, components, format};
use crate::design::{CustomerRef, Lang};

/// Which entry of the navigation is the current page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Desk,
    Team,
    Customers,
    Search,
    Time,
    People,
    Mail,
    Overview,
    Tickets,
    Knowledge,
    Skills,
    Contract,
    Duties,
    Monitoring,
    Meters,
    Money,
    Journal,
    Roles,
    Notifications,
    Calendar,
    Help,
    /// Outside the navigation.
    Elsewhere,
}

/// A whole page inside the frame. `title` is its name in the window's bar.
pub fn page(shell: &Shell, title: impl Render, place: Place, body: Markup) -> Markup {
    document(
        shell,
        title,
        html! {
            a.skip href="#main" { (shell.lang.t("Aller au contenu", "Skip to content")) }
            div.frame {
                (side(shell, place))
                main id="main" tabindex="-1" {
                    @if let Some(notice) = &shell.flash {
                        div class={ "notice " (notice.tone.class()) } role="status" {
                            (icon(notice.tone.icon()))
                            p { (components::words(&notice.text, shell.lang)) }
                        }
                    }
                    (body)
                    @if shell.person.is_some() { (live_note(shell.lang)) }
                }
                (foot(shell, place))
            }
        },
    )
}

/// Where the page says, politely, that a part of it changed; empty without script.
fn live_note(lang: Lang) -> Markup {
    html! {
        p.live-note id="live-note" role="status"
            data-changed=(lang.t("La page vient d’être mise à jour.", "The page was just updated."))
            data-waiting=(lang.t(
                "Du nouveau est arrivé ; il paraîtra quand votre saisie sera envoyée ou effacée.",
                "Something new arrived; it will show once what you typed is sent or cleared.",
            )) {}
    }
}

/// A part of a page that follows what happens to its topics, separated by spaces: `desk` for the open
/// work of all customers, `c/SLUG` for a customer's tickets, `c/SLUG/12` for one of them, `meters/SLUG`,
/// `imports/SLUG`.
pub fn live(id: &str, topics: &str, part: Markup) -> Markup {
    html! { div.live id=(id) data-live=(topics) { (part) } }
}

/// The same on a page whose own address may lead elsewhere by then: it is asked for again at `address`.
pub fn live_at(id: &str, topics: &str, address: &str, part: Markup) -> Markup {
    html! { div.live id=(id) data-live=(topics) data-at=(address) { (part) } }
}

/// A part that is followed while something happens to it, when nothing does: where a page that stands open
/// puts what became of it, and then asks no more.
pub fn still(id: &str, part: Markup) -> Markup {
    html! { div.live id=(id) { (part) } }
}

/// A page outside the frame: signing in.
pub fn bare(shell: &Shell, title: impl Render, body: Markup) -> Markup {
    document(
        shell,
        title,
        html! {
            main.bare id="main" { (body) }
            footer.bare-foot { (preferences(shell)) }
        },
    )
}

/// The heading of a page: what stands above it, its name, what can be done.
pub fn heading(above: Markup, title: impl Render, beside: Markup) -> Markup {
    html! {
        header.page-head {
            div {
                div.above { (above) }
                h1 { (title) }
            }
            div.page-acts { (beside) }
        }
    }
}

/// What stands above a page that belongs to a customer's tickets.
pub fn under_tickets(customer: &CustomerRef, lang: Lang) -> Markup {
    html! {
        a href=(customer.path("")) { (customer.name) } " / "
        a href=(customer.path("/tickets")) { (lang.t("Tickets", "Tickets")) }
    }
}

fn document(shell: &Shell, title: impl Render, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(shell.lang.code()) data-theme=(shell.theme.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Régisseur" }
                link rel="icon" type="image/svg+xml" href=(assets::url("mark.svg"));
                link rel="preload" href="/assets/source-sans-3.woff2" as="font" type="font/woff2" crossorigin;
                link rel="stylesheet" href=(assets::url("regisseur.css"));
                script src=(assets::url("keys.js")) defer {}
                @if shell.person.is_some() {
                    // First: the scripts of pages ask for others through it.
                    script src=(assets::url("fresh.js")) defer {}
                    script src=(assets::url("live.js")) defer {}
                }
            }
            body { (body) }
        }
    }
}

/// The product's name and sign.
pub fn brand() -> Markup {
    html! {
        svg.mark viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" focusable="false" {
            rect.mark-ground width="32" height="32" rx="7" {}
            path.mark-line d="M9 24V8h8.2a5.1 5.1 0 0 1 0 10.2H9m8 0 6 5.8" {}
        }
        span { "Régisseur" }
    }
}

fn side(shell: &Shell, place: Place) -> Markup {
    let lang = shell.lang;
    let home = match (&shell.person, &shell.customer) {
        (Some(person), Some(customer)) if person.side == Side::Customer => customer.path(""),
        _ => "/".to_owned(),
    };
    let provider = shell.person.as_ref().is_some_and(|person| person.side == Side::Provider);
    let sees_meters = shell.person.as_ref().is_some_and(|person| person.sees_meters);
    let sees_money = shell.person.as_ref().is_some_and(|person| person.sees_money);
    let sees_services = shell.person.as_ref().is_some_and(|person| person.sees_services);
    // The same roles read contracts and services.
    let sees_contracts = sees_services;
    let sees_skills = shell.person.as_ref().is_some_and(|person| person.sees_skills);
    let sees_people = shell.person.as_ref().is_some_and(|person| person.sees_people);
    let sees_journal = shell.person.as_ref().is_some_and(|person| person.sees_journal);
    html! {
        header.side {
            a.brand href=(home) { (brand()) }
            @if let Some(now) = &shell.business_now {
                p.demo-clock {
                    span { (lang.t("Démonstration, nous sommes le", "Demonstration, today is")) }
                    " " strong { time datetime=(format::machine(now)) { (format::instant(now, lang)) } }
                }
            }
            nav #menu aria-label=(lang.t("Navigation principale", "Main navigation")) {
                @if let Some(person) = &shell.person {
                    (live("live-bell", "notifications", bell(person, place, lang)))
                    // On a narrow screen the entries stay folded until asked for: the page comes first.
                    a.menu-open href="#menu" { (icon(Icon::Desk)) (lang.t("Menu", "Menu")) }
                    a.menu-close href="#" { (icon(Icon::Cross)) (lang.t("Fermer le menu", "Close the menu")) }
                }
                @if provider {
                    ul {
                        (entry("/", Icon::Desk, lang.t("Mon bureau", "My desk"), place == Place::Desk))
                        @if shell.person.as_ref().is_some_and(|person| person.sees_team) {
                            (entry("/team", Icon::Overview, lang.t("Équipe", "Team"), place == Place::Team))
                        }
                        (entry("/c", Icon::Person, lang.t("Clients", "Customers"), place == Place::Customers))
                        @if shell.customer.is_none() && sees_contracts {
                            (entry("/calendar", Icon::Calendar, lang.t("Calendrier", "Calendar"), place == Place::Calendar))
                        }
                        @if shell.customer.is_none() {
                            (entry("/search", Icon::Search, lang.t("Recherche", "Search"), place == Place::Search))
                        }
                        @if shell.person.as_ref().is_some_and(|person| person.enters_time) {
                            (entry("/time", Icon::Clock, lang.t("Temps", "Time"), place == Place::Time))
                        }
                        @if shell.person.as_ref().is_some_and(|person| person.keeps_accounts) {
                            (entry("/people", Icon::Person, lang.t("Personnes", "People"), place == Place::People))
                        }
                        @if shell.person.as_ref().is_some_and(|person| person.keeps_mail) {
                            (entry("/mail", Icon::Mail, lang.t("Courriel", "Mail"), place == Place::Mail))
                        }
                    }
                }
                @if let Some(customer) = &shell.customer {
                    p.nav-title { (customer.name) }
                    ul {
                        (entry(&customer.path(""), Icon::Overview, lang.t("Vue d’ensemble", "Overview"), place == Place::Overview))
                        (entry(&customer.path("/tickets"), Icon::Ticket, lang.t("Tickets", "Tickets"), place == Place::Tickets))
                        (entry(&customer.path("/knowledge"), Icon::Book, lang.t("Connaissances", "Knowledge"), place == Place::Knowledge))
                        (entry(&customer.path("/search"), Icon::Search, lang.t("Recherche", "Search"), place == Place::Search))
                        @if let Some(contract) = &customer.contract {
                            (entry(&customer.path(&format!("/contracts/{contract}")), Icon::Contract, lang.t("Contrat", "Contract"), place == Place::Contract))
                            (entry(&customer.path("/duties"), Icon::Check, lang.t("Obligations", "Duties"), place == Place::Duties))
                            @if sees_contracts {
                                (entry(&customer.path("/calendar"), Icon::Calendar, lang.t("Calendrier", "Calendar"), place == Place::Calendar))
                            }
                        }
                        @if sees_skills && customer.contract.is_some() {
                            (entry(&customer.path("/skills"), Icon::Star, lang.t("Compétences", "Skills"), place == Place::Skills))
                        }
                        @if sees_services && customer.contract.is_some() {
                            (entry(&customer.path("/monitoring"), Icon::Pulse, lang.t("Supervision", "Monitoring"), place == Place::Monitoring))
                        }
                        @if sees_meters && customer.contract.is_some() {
                            (entry(&customer.path("/meters"), Icon::Phone, lang.t("Compteurs", "Meters"), place == Place::Meters))
                        }
                        @if sees_money {
                            (entry(&customer.path("/money"), Icon::Money, lang.t("Argent", "Money"), place == Place::Money))
                        }
                        @if sees_people {
                            (entry(&customer.path("/people"), Icon::Person, lang.t("Personnes", "People"), place == Place::Roles))
                        }
                        @if sees_journal {
                            (entry(&customer.path("/journal"), Icon::Journal, lang.t("Journal", "Journal"), place == Place::Journal))
                        }
                    }
                }
            }
        }
    }
}

/// The way to one's notifications, and how many are not read.
fn bell(person: &Person, place: Place, lang: Lang) -> Markup {
    let label = html! {
        (lang.t("Notifications", "Notifications"))
        @if person.unread > 0 {
            " " span.unread {
                (unread(person, lang)) " "
                span.hidden { (if person.unread == 1 { lang.t("non lue", "unread") } else { lang.t("non lues", "unread") }) }
            }
        }
    };
    html! { ul { (entry("/notifications", Icon::Bell, label, place == Place::Notifications)) } }
}

/// How many notifications somebody has not read, as their number is told.
pub(crate) fn unread(person: &Person, lang: Lang) -> String {
    format::count_to(person.unread, UNREAD_TOLD, lang)
}

fn entry(href: &str, sign: Icon, label: impl Render, current: bool) -> Markup {
    html! {
        li { a href=(href) aria-current=[current.then_some("page")] { (icon(sign)) (label) } }
    }
}

fn foot(shell: &Shell, place: Place) -> Markup {
    let lang = shell.lang;
    html! {
        footer.side-foot {
            @if let Some(person) = &shell.person {
                div.me {
                    p { a href="/account" { strong { (person.name) } } span { (person.role) } }
                    form method="post" action="/sign-out" {
                        input type="hidden" name="csrf" value=(shell.csrf);
                        button.link type="submit" { (lang.t("Se déconnecter", "Sign out")) }
                    }
                }
            }
            (preferences(shell))
            p.foot-links {
                a href="/help" aria-current=[(place == Place::Help).then_some("page")] {
                    (lang.t("Aide et clavier", "Help and keyboard"))
                }
            }
        }
    }
}

/// Language and theme, one button each, so that they work without script.
fn preferences(shell: &Shell) -> Markup {
    let lang = shell.lang;
    let themes = [
        (Theme::Auto, lang.t("Auto", "Auto")),
        (Theme::Light, lang.t("Clair", "Light")),
        (Theme::Dark, lang.t("Sombre", "Dark")),
    ];
    html! {
        form.preferences method="post" action="/preferences" {
            input type="hidden" name="csrf" value=(shell.csrf);
            input type="hidden" name="back" value=(shell.path);
            div.choice role="group" aria-label=(lang.t("Langue", "Language")) {
                @for (option, name) in [(Lang::Fr, "Français"), (Lang::En, "English")] {
                    button type="submit" name="lang" value=(option.code()) lang=(option.code())
                        aria-pressed=(option == lang) { (name) }
                }
            }
            div.choice role="group" aria-label=(lang.t("Thème", "Theme")) {
                @for (option, name) in themes {
                    button type="submit" name="theme" value=(option.code())
                        aria-pressed=(option == shell.theme) { (name) }
                }
            }
        }
    }
}
