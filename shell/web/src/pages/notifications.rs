//! What one was told of: the latest first, what is not read apart.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Tab};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{Lang, Shell};
use crate::pages::sampling;

#[derive(Clone, Debug)]
pub struct View {
    /// Only what is not read is shown.
    pub unread: bool,
    pub lines: Vec<Line>,
    /// The latest of them, up to which everything can be marked as read; `None` when nothing is unread.
    pub through: Option<String>,
    /// Address of the first page, from a later one.
    pub first: Option<String>,
    pub next: Option<String>,
}

/// One thing told.
#[derive(Clone, Debug)]
pub struct Line {
    pub id: String,
    pub at: Zoned,
    pub read: bool,
    /// « Réponse », « Échéance proche ».
    pub what: String,
    pub customer: String,
    pub slug: String,
    /// 0 for what is about no ticket.
    pub number: u64,
    /// Where that is seen: its address, and what it is called.
    pub elsewhere: Option<(String, String)>,
    /// `None` until the undertaking of confidentiality is signed. Of what is about no ticket, why.
    pub title: Option<String>,
}

/// `GET /notifications`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Notifications", "Notifications");
    let choices = html! {
        a.button.plain href="/account/mail" { (lang.t("Choisir ce qui m’est envoyé", "Choose what I am sent")) }
    };
    layout::page(
        shell,
        title,
        Place::Notifications,
        html! {
            (layout::heading(html! {}, title, choices))
            (layout::live("live-notifications", "notifications", html! {
                (tabs(shell, view))
                @if view.lines.is_empty() {
                    (nothing(view, lang))
                } @else {
                    (list(shell, view))
                    @if let Some(through) = &view.through { (all_read(shell, through)) }
                }
                (components::pager(view.first.as_deref(), view.next.as_deref(), lang))
            }))
        },
    )
}

fn tabs(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let unread = shell.person.as_ref().map(|person| layout::unread(person, lang));
    let label = html! {
        (lang.t("Non lues", "Unread"))
        @if let Some(unread) = unread { " " span.count { (unread) } }
    };
    components::tabs(
        lang.t("Listes de notifications", "Lists of notifications"),
        &[
            Tab::new("/notifications", label, view.unread),
            Tab::new("/notifications?show=all", lang.t("Toutes", "All"), !view.unread),
        ],
    )
}

fn nothing(view: &View, lang: Lang) -> Markup {
    let (none, advice) = match view.unread {
        true => (
            lang.t("Rien de nouveau", "Nothing new"),
            lang.t(
                "Vous avez tout lu. Ce qui vous concerne paraîtra ici : réponses, prises en charge, échéances proches.",
                "You have read everything. What concerns you will show here: replies, tickets taken over, times that run out.",
            ),
        ),
        false => (
            lang.t("Aucune notification", "No notifications"),
            lang.t(
                "Ce qui vous concerne sera gardé ici quatre-vingt-dix jours.",
                "What concerns you will be kept here for ninety days.",
            ),
        ),
    };
    components::empty(none, advice, None)
}

fn list(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let columns = [
        Column::name(lang.t("Ticket", "Ticket")),
        Column::text(lang.t("Quoi", "What")),
        Column::text(lang.t("Client", "Customer")),
        Column::text(lang.t("Quand", "When")),
        Column::text(lang.t("Lecture", "Reading")),
    ];
    let caption = if view.unread {
        lang.t("Notifications non lues, les plus récentes d’abord", "Unread notifications, latest first")
    } else {
        lang.t("Notifications, les plus récentes d’abord", "Notifications, latest first")
    };
    let rows = view.lines.iter().map(|line| row(shell, line, view.unread)).collect();
    html! { div data-list="notifications" { (table("notifications", caption, &columns, rows)) } }
}

fn row(shell: &Shell, line: &Line, unread: bool) -> Row {
    let lang = shell.lang;
    let name = html! {
        @if let Some((href, title)) = &line.elsewhere {
            a href=(href) data-item { (title) }
            @if let Some(why) = &line.title { span.sub { (components::words(why, lang)) } }
        } @else { a.ticket-link href={ "/c/" (line.slug) "/tickets/" (line.number) } data-item {
            span.ticket-number { (line.number) } " "
            @match &line.title {
                Some(title) => span { (components::words(title, lang)) },
                None => span { (lang.t("Engagement à signer d’abord", "Undertaking to be signed first")) },
            }
        } }
    };
    // Of the customer where it is about no ticket.
    let about = match line.number {
        0 => format!("{}, {}", lang.t("Marquer comme lu", "Mark as read"), line.customer),
        number => format!("{} {number}", lang.t("Marquer comme lu, ticket", "Mark as read, ticket")),
    };
    let state = html! {
        @if line.read {
            span.muted { (lang.t("Lue", "Read")) }
        } @else {
            form.inline method="post" action={ "/notifications/" (line.id) "/read" } {
                input type="hidden" name="csrf" value=(shell.csrf);
                input type="hidden" name="show" value=(if unread { "unread" } else { "all" });
                button.quiet type="submit" aria-label={
                    (about) " : " (line.what)
                } { (lang.t("Marquer comme lu", "Mark as read")) }
            }
        }
    };
    Row::new(vec![
        name,
        html! { (components::words(&line.what, lang)) },
        html! { (line.customer) },
        components::when_short(&line.at, lang),
        state,
    ])
}

fn all_read(shell: &Shell, through: &str) -> Markup {
    html! {
        form.form-end method="post" action="/notifications" {
            input type="hidden" name="csrf" value=(shell.csrf);
            input type="hidden" name="through" value=(through);
            button type="submit" { (shell.lang.t("Tout marquer comme lu", "Mark all as read")) }
        }
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let line = |id: &str, at: &str, number, what: crate::design::Text, title: &str, read| Line {
        id: id.into(),
        at: sampling::at(at),
        read,
        what: what.to_string(),
        customer: sampling::garonne().name,
        slug: sampling::garonne().slug,
        number,
        elsewhere: None,
        title: Some(title.into()),
    };
    let some = vec![
        line(
            "n1",
            "2026-11-03T09:52",
            214,
            lang.t("Réponse", "Reply"),
            "Impression bloquée à l’atelier 2",
            false,
        ),
        line("n2", "2026-11-03T09:10", 212, lang.t("Échéance proche", "Due soon"), "Lenteur de l’ERP", false),
        Line {
            title: None,
            customer: sampling::sologne().name,
            slug: sampling::sologne().slug,
            ..line("n3", "2026-11-02T17:31", 9, lang.t("Ticket confié", "Ticket assigned"), "", false)
        },
    ];
    let mut all = some.clone();
    all.push(line(
        "n4",
        "2026-10-30T11:02",
        199,
        lang.t("Résolution", "Resolution"),
        "Compte verrouillé",
        true,
    ));
    all.push(Line {
        title: None,
        elsewhere: Some((
            format!("/c/{}/webhooks", sampling::garonne().slug),
            lang.t("Webhooks du client", "The customer’s webhooks").to_string(),
        )),
        ..line("n5", "2026-10-29T08:00", 0, lang.t("Webhook suspendu", "Webhook suspended"), "", false)
    });
    all.push(Line {
        title: Some(lang.t("Le déplacement du 16 manque", "The travel of the 16th is missing").to_string()),
        elsewhere: Some((
            "/time?week=2026-10-19".into(),
            lang.t("Votre semaine du 19 octobre 2026", "Your week of 19 October 2026").to_string(),
        )),
        ..line(
            "n6",
            "2026-10-28T08:00",
            0,
            lang.t("Semaine rendue ou rouverte", "Week given back or reopened"),
            "",
            true,
        )
    });
    let view = |unread, lines: Vec<Line>| View {
        unread,
        through: (!lines.is_empty()).then(|| "1.n1".to_owned()),
        lines,
        first: None,
        next: None,
    };
    let next = Some("/notifications?show=all&after=1.n4".to_owned());
    vec![
        ("unread", view(true, some)),
        ("all", View { next, ..view(false, all) }),
        ("none", view(true, Vec::new())),
    ]
}
