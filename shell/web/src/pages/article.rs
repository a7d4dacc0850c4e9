//! One article: its text, what it is about, who answers for it, its versions, and what can be done with it.

use jiff::Zoned;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::design::components::{self, Choice};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, format, markdown};
use crate::pages::knowledge::{State, marks, review};
use crate::pages::sampling;
use crate::pages::shared::{self, Refusal};

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    pub number: u64,
    pub title: String,
    /// Markdown.
    pub body: String,
    pub runbook: bool,
    pub state: State,
    pub internal: bool,
    /// The version shown.
    pub version: u32,
    pub written: Zoned,
    pub by: String,
    /// What the current version is: `None` when it is the one shown.
    pub current: Option<u32>,
    /// What it is about, in words.
    pub about: Vec<String>,
    pub owner: String,
    pub review_by: Option<Date>,
    pub overdue: bool,
    pub reviewed: (Zoned, String),
    /// By the provider's side, by the customer's.
    pub helped: Option<(u64, u64)>,
    pub from_ticket: Option<u64>,
    pub copied: bool,
    /// Newest first; empty for those who read the current one.
    pub versions: Vec<Version>,
    pub acts: Option<Acts>,
    pub refusal: Option<Refusal>,
}

#[derive(Clone, Debug)]
pub struct Version {
    pub version: u32,
    pub at: Zoned,
    pub by: String,
    pub internal: bool,
}

/// What those who write may do.
#[derive(Clone, Debug)]
pub struct Acts {
    pub key: String,
    pub owners: Vec<Choice>,
    /// The e-mail of who answers for it now.
    pub owner: String,
    /// The day that the form proposes.
    pub next_review: String,
    pub destinations: Vec<Choice>,
}

/// `GET /c/{customer}/knowledge/{n}`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = components::words(&view.title, lang);
    layout::page(
        shell,
        html! { (title) },
        Place::Knowledge,
        html! {
            (layout::heading(
                html! {
                    a href=(view.customer.path("")) { (view.customer.name) } " / "
                    a href=(view.customer.path("/knowledge")) { (lang.t("Base de connaissances", "Knowledge base")) }
                    " / " (view.number)
                },
                &title,
                html! {
                    @if view.acts.is_some() && view.current.is_none() {
                        a.button href={ (here(view)) "/edit" } { (lang.t("Modifier", "Edit")) }
                    }
                },
            ))
            @if let Some(refusal) = &view.refusal { (shared::refusal(refusal, lang)) }
            p.ticket-line {
                (marks(view.runbook, view.state, view.internal, lang))
                span { (lang.t("version", "version")) " " (view.version) (lang.t(", écrite le ", ", written on "))
                    (components::when(&view.written, lang)) " " (lang.t("par", "by")) " " (view.by) }
            }
            @if let Some(current) = view.current {
                p.notice.warning {
                    (lang.t("Version ancienne :", "An earlier version:")) " "
                    a href=(here(view)) { (lang.t("lire la version", "read version")) " " (current) }
                }
            }
            div.ticket-page {
                div.ticket-main {
                    section.panel aria-label=(lang.t("Texte", "Text")) {
                        div.said { (markdown::render(&view.body, lang, &|_| None)) }
                    }
                    @if view.versions.len() > 1 { (versions(view, lang)) }
                }
                aside.ticket-side aria-label=(lang.t("Informations et actions", "Information and actions")) {
                    (facts(view, lang))
                    @if let (Some(acts), None) = (&view.acts, view.current) { (forms(shell, view, acts)) }
                }
            }
        },
    )
}

fn here(view: &View) -> String {
    view.customer.path(&format!("/knowledge/{}", view.number))
}

fn facts(view: &View, lang: Lang) -> Markup {
    let mut pairs = vec![(
        html! { (lang.t("À propos de", "About")) },
        html! {
            @if view.about.is_empty() { span.muted { (lang.t("rien en particulier", "nothing in particular")) } }
            @for (index, name) in view.about.iter().enumerate() {
                @if index > 0 { br; }
                (components::words(name, lang))
            }
        },
    )];
    pairs.push((html! { (lang.t("Responsable", "Owner")) }, html! { (view.owner) }));
    pairs.push((
        html! { (lang.t("À relire avant le", "To review by")) },
        review(view.review_by, view.overdue, lang),
    ));
    pairs.push((
        html! { (lang.t("Dernière relecture", "Last review")) },
        html! { (components::when(&view.reviewed.0, lang)) span.sub { (view.reviewed.1) } },
    ));
    if let Some((provider, customer)) = view.helped {
        pairs.push((
            html! { (lang.t("A aidé", "Helped")) },
            html! {
                (format::count(provider + customer, lang)) " " (lang.t("ticket(s)", "ticket(s)"))
                span.sub { (lang.t("côté prestataire :", "provider’s side:")) " " (provider) " · "
                    (lang.t("côté client :", "customer’s side:")) " " (customer) }
            },
        ));
    }
    if let Some(ticket) = view.from_ticket {
        let href = view.customer.path(&format!("/tickets/{ticket}"));
        pairs.push((
            html! { (lang.t("Écrit d’après", "Written from")) },
            html! { a href=(href) { (lang.t("le ticket n°", "ticket")) " " (ticket) } },
        ));
    }
    if view.copied {
        pairs.push((
            html! { (lang.t("Origine", "Origin")) },
            html! { (lang.t("copié d’un autre client", "copied from another customer")) },
        ));
    }
    components::section("facts", lang.t("Faits", "Facts"), components::facts(pairs))
}

fn versions(view: &View, lang: Lang) -> Markup {
    let choices: Vec<Choice> = view
        .versions
        .iter()
        .map(|v| {
            Choice::new(
                v.version.to_string(),
                format!("{} · {}", v.version, format::short_instant(&v.at, lang)),
            )
        })
        .collect();
    let newest = view.versions.first().map(|v| v.version.to_string()).unwrap_or_default();
    let before = view.versions.get(1).map(|v| v.version.to_string()).unwrap_or_default();
    components::section(
        "versions",
        lang.t("Versions", "Versions"),
        html! {
            ul {
                @for version in &view.versions {
                    li {
                        a href={ (here(view)) "?version=" (version.version) } { (lang.t("Version", "Version")) " " (version.version) }
                        ", " (components::when(&version.at, lang)) ", " (version.by)
                        @if version.internal { " " (marks(false, State::Published, true, lang)) }
                    }
                }
            }
            form.toolbar method="get" action={ (here(view)) "/compare" } {
                (components::select("from", "from", lang.t("De", "From"), &choices, &before))
                (components::select("to", "to", lang.t("À", "To"), &choices, &newest))
                button type="submit" { (lang.t("Comparer", "Compare")) }
            }
        },
    )
}

fn forms(shell: &Shell, view: &View, acts: &Acts) -> Markup {
    let lang = shell.lang;
    let form = |act: &str, class: &str, body: Markup| {
        components::act(shell, &format!("{}/{act}", here(view)), &format!("{}-{act}", acts.key), class, body)
    };
    html! {
        section.panel aria-labelledby="acts" {
            h2 id="acts" { (lang.t("Que faire ?", "What to do?")) }
            @if view.state != State::Published {
                (form("publish", "form", html! {
                    button.primary type="submit" { (lang.t("Publier", "Publish")) }
                    p.muted { @if view.internal { (lang.t("Lu par le prestataire seul.", "Read by the provider only.")) }
                        @else { (lang.t("Lu par les deux parties.", "Read by both parties.")) } }
                }))
            }
            @if view.state == State::Published {
                (form("review", "form", html! {
                    div.field {
                        label for="review_by" { (lang.t("Relu et exact ; à relire avant le", "Reviewed and correct; to review by")) }
                        input type="date" id="review_by" name="review_by" value=(acts.next_review) required;
                    }
                    (components::select("owner", "owner", lang.t("Responsable", "Owner"), &acts.owners, &acts.owner))
                    button.primary type="submit" { (lang.t("Consigner la relecture", "Record the review")) }
                }))
            }
            @if view.state != State::Retired {
                (form("retire", "form", html! {
                    button type="submit" { (lang.t("Retirer", "Retire")) }
                    p.muted { (lang.t("Ni trouvé ni suggéré ; conservé pour mémoire.", "Neither found nor suggested; kept for the record.")) }
                }))
            }
            @if !acts.destinations.is_empty() {
                (form("copy", "form", html! {
                    (components::select("to-customer", "to", lang.t("Copier chez", "Copy to"), &acts.destinations, ""))
                    button type="submit" { (lang.t("Copier en brouillon", "Copy as a draft")) }
                    p.muted { (lang.t("Relisez la copie avant de la publier : rien de ce client ne doit passer chez l’autre.",
                        "Read the copy before publishing it: nothing of this customer may pass to the other.")) }
                }))
            }
        }
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let version =
        |version, at, internal| Version { version, at: sampling::at(at), by: "Hugo Delmas".into(), internal };
    let people = vec![
        Choice::new("hugo@regie.example", "Hugo Delmas"),
        Choice::new("ines@regie.example", "Inès Cazenave"),
    ];
    let whole = View {
        customer: sampling::garonne(),
        number: 3,
        title: lang.t("Redémarrer le serveur ERP", "Restart the ERP server").into(),
        body: lang
            .t(
                "Prévenir **avant** de couper.\n\n1. Fermer les sessions\n2. `systemctl restart erp`\n3. Vérifier l’édition d’une facture",
                "Warn **before** cutting.\n\n1. Close the sessions\n2. `systemctl restart erp`\n3. Check that an invoice prints",
            )
            .into(),
        runbook: true,
        state: State::Published,
        internal: true,
        version: 2,
        written: sampling::at("2026-05-04T09:30"),
        by: "Hugo Delmas".into(),
        current: None,
        about: vec!["srv-erp".into(), lang.t("Incident", "Incident").into()],
        owner: "Hugo Delmas".into(),
        review_by: Some(sampling::day("2026-09-30")),
        overdue: true,
        reviewed: (sampling::at("2026-05-04T09:30"), "Hugo Delmas".into()),
        helped: Some((4, 1)),
        from_ticket: Some(408),
        copied: false,
        versions: vec![version(2, "2026-05-04T09:30", true), version(1, "2026-03-02T16:00", true)],
        acts: Some(Acts {
            key: "sample-key".into(),
            owners: people,
            owner: "hugo@regie.example".into(),
            next_review: "2027-05-04".into(),
            destinations: vec![Choice::new("conserverie-de-sologne", "Conserverie de Sologne SAS")],
        }),
        refusal: None,
    };
    let draft = View {
        state: State::Draft,
        copied: true,
        overdue: false,
        review_by: None,
        from_ticket: None,
        helped: Some((0, 0)),
        versions: Vec::new(),
        ..whole.clone()
    };
    let reader = View {
        internal: false,
        overdue: false,
        versions: Vec::new(),
        acts: None,
        from_ticket: None,
        ..whole.clone()
    };
    let old = View { version: 1, current: Some(2), ..whole.clone() };
    vec![("published", whole), ("draft", draft), ("reader", reader), ("old", old)]
}
