//! What stands beside a ticket: other tickets, the problem behind it and its workaround, who follows it,
//! and the forms that tie, merge, split and diagnose.

use jiff::Zoned;
use maud::{Markup, html};

use super::{Act, View};
use crate::design::components::{self, Choice, Reason, Tone, badge};
use crate::design::{Lang, Shell, Text, format, markdown};
use crate::pages::shared::TicketState;

/// What stands beside a ticket.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// When a plan was to open it, when it was opened if that is later, and the plan for those who read plans.
    pub planned: Option<Planned>,
    /// The ticket that deals with its matter: its number and its address.
    pub merged_into: Option<(u64, String)>,
    pub relations: Vec<Relation>,
    pub known: Option<Known>,
    /// By name, in the order in which they began.
    pub watchers: Vec<String>,
    /// For those who may have a colleague follow it.
    pub followers: Option<Followers>,
    /// Real time during which its clocks were paused.
    pub paused_minutes: i64,
    /// What is asked with the remedy; `None` where there is nothing to diagnose or it is already told.
    pub diagnosis: Option<Diagnosis>,
    /// What another priority would change, if the reader asks.
    pub what_if: Option<WhatIf>,
    /// Templates that an answer may begin with, and where they are kept for those who do.
    pub templates: Vec<Choice>,
    pub keeps_templates: Option<String>,
    pub satisfaction: Option<super::satisfaction::Satisfaction>,
    /// The duty of the contract that it does.
    pub duty: Option<super::duty::Duty>,
}

/// Whom one may have follow the ticket.
#[derive(Clone, Debug)]
pub struct Followers {
    /// To choose from; the address of a colleague is written where there is nobody.
    pub people: Vec<Choice>,
    /// Those who follow it, whom one may take off.
    pub following: Vec<Choice>,
}

/// The date of a plan that opened the ticket.
#[derive(Clone, Debug)]
pub struct Planned {
    pub due: Zoned,
    pub late: bool,
    pub href: Option<String>,
}

/// Another ticket.
#[derive(Clone, Debug)]
pub struct Relation {
    /// « Causé par ».
    pub tie: String,
    /// As the form that removes it says it; `None` where it stays for good, or the reader may not.
    pub removable: Option<String>,
    pub number: u64,
    pub href: String,
    pub title: String,
    pub kind: String,
    pub state: TicketState,
}

/// A problem whose cause is known.
#[derive(Clone, Debug)]
pub struct Known {
    pub number: u64,
    pub href: String,
    pub title: String,
    /// Markdown, as the workaround.
    pub cause: String,
    pub workaround: Option<String>,
    pub by: String,
    pub at: Zoned,
    pub open: bool,
    /// The problem is another ticket than the one shown.
    pub elsewhere: bool,
}

/// The diagnosis asked with a remedy.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    pub required: bool,
    pub reasons: Vec<Reason>,
}

/// What another priority would change.
#[derive(Clone, Debug)]
pub struct WhatIf {
    pub impact: String,
    pub urgency: String,
    /// The reason as it was written so far.
    pub why: String,
    /// `P1`.
    pub priority: String,
    pub reasons: Vec<Reason>,
    pub clocks: Vec<WhatIfClock>,
}

#[derive(Clone, Debug)]
pub struct WhatIfClock {
    /// « Rétablissement ».
    pub promise: String,
    pub now: Option<Zoned>,
    pub then: Option<Zoned>,
    pub reasons: Vec<Reason>,
}

/// Above the conversation: what the reader must know before writing anything.
pub(super) fn notices(view: &View, lang: Lang) -> Markup {
    html! {
        @if let Some(planned) = &view.beside.planned { (of_a_plan(planned, lang)) }
        @if let Some((number, href)) = &view.beside.merged_into {
            section.panel aria-labelledby="merged" {
                h2 id="merged" { (lang.t("Ticket fusionné", "Merged ticket")) }
                p { (lang.t("La suite se traite et se mesure sur le", "What follows is dealt with and measured on")) " "
                    a href=(href) { (lang.t("ticket n°", "ticket")) " " (number) } "." }
            }
        }
        @if let Some(known) = &view.beside.known { (known_error(known, lang)) }
    }
}

fn of_a_plan(planned: &Planned, lang: Lang) -> Markup {
    let said = lang.t("Ticket planifié", "Planned ticket");
    html! {
        p {
            @match &planned.href { Some(href) => a href=(href) { (said) }, None => (said) }
            ", " (lang.t("ouvert de lui-même à sa date, le", "opened by itself on its date,")) " " (components::when(&planned.due, lang))
            @if planned.late {
                " " (badge(Tone::Warning, lang.t("Ouvert en retard", "Opened late"))) " "
                span.muted { (lang.t("ses délais courent depuis son ouverture", "its time limits run from its opening")) }
            }
            "."
        }
    }
}

fn known_error(known: &Known, lang: Lang) -> Markup {
    components::section(
        "known-error",
        lang.t("Erreur connue", "Known error"),
        html! {
            p {
                @if known.open { (badge(Tone::Warning, lang.t("Cause connue, remède à venir", "Cause known, remedy to come"))) }
                @else { (badge(Tone::Good, lang.t("Cause supprimée", "Cause removed"))) }
                @if known.elsewhere {
                    " " a href=(known.href) { (lang.t("Problème n°", "Problem")) " " (known.number) } " " (components::words(&known.title, lang))
                }
            }
            @if let Some(workaround) = &known.workaround {
                h3 { (lang.t("Contournement", "Workaround")) }
                div.said { (markdown::render(workaround, lang, &|_| None)) }
            }
            h3 { (lang.t("Cause", "Cause")) }
            div.said { (markdown::render(&known.cause, lang, &|_| None)) }
            p.muted { (known.by) ", " (components::when(&known.at, lang)) }
        },
    )
}

/// At the side: other tickets and who follows this one.
pub(super) fn panel(shell: &Shell, view: &View) -> Markup {
    let (lang, beside) = (shell.lang, &view.beside);
    html! {
        @if !beside.relations.is_empty() {
            (components::section("relations", lang.t("Autres tickets", "Other tickets"), html! {
                ul.relations {
                    @for relation in &beside.relations { li { (relation_line(shell, view, relation)) } }
                }
            }))
        }
    }
}

fn relation_line(shell: &Shell, view: &View, relation: &Relation) -> Markup {
    let lang = shell.lang;
    html! {
        p { span.muted { (relation.tie) } " " a href=(relation.href) { (relation.number) " · " (components::words(&relation.title, lang)) } }
        p { (relation.state.badge(lang)) " " span.muted { (relation.kind) } }
        @if let Some(tie) = &relation.removable {
            (super::acts::form(shell, view, "unlink", html! {
                input type="hidden" name="tie" value=(tie);
                input type="hidden" name="ticket" value=(relation.number);
                button.plain type="submit" aria-label={ (lang.t("Délier le ticket n°", "Untie ticket")) " " (relation.number) } { (lang.t("Délier", "Untie")) }
            }))
        }
    }
}

/// The facts that stand beside.
pub(super) fn facts(view: &View, lang: Lang) -> Vec<(Markup, Markup)> {
    let beside = &view.beside;
    let mut pairs = Vec::new();
    if beside.paused_minutes > 0 {
        pairs.push((
            html! { (lang.t("Suspension totale", "Total pause")) },
            html! { (format::minutes(beside.paused_minutes, lang)) },
        ));
    }
    if !beside.watchers.is_empty() {
        pairs.push((html! { (lang.t("Suivi par", "Followed by")) }, html! { (beside.watchers.join(", ")) }));
    }
    pairs
}

/// The forms of this module; `None` for an act of another.
pub(super) fn draw(shell: &Shell, view: &View, act: &Act) -> Option<Markup> {
    let lang = shell.lang;
    let form = |name: &str, body: Markup| super::acts::form(shell, view, name, body);
    Some(match act {
        Act::Diagnose => folded(
            lang.t("Consigner un diagnostic…", "Record a diagnosis…"),
            form(
                "diagnose",
                html! {
                    (components::text_area("diagnose-text", "text", lang.t("Ce qui n’allait pas, lu aussi par le client", "What was wrong, read by the customer too"), 3, ""))
                    button type="submit" { (lang.t("Consigner", "Record")) }
                },
            ),
        ),
        Act::KnownError => folded(
            lang.t("Cause connue…", "Cause known…"),
            form(
                "known-error",
                html! {
                    (components::text_area("known-cause", "cause", lang.t("Cause, lue aussi par le client", "Cause, read by the customer too"), 3, ""))
                    (optional_area("known-around", "around", lang.t("Contournement (facultatif)", "Workaround (optional)"), 3))
                    button type="submit" { (lang.t("Consigner l’erreur connue", "Record the known error")) }
                },
            ),
        ),
        Act::Relate { ties } => {
            folded(lang.t("Lier, fusionner, scinder…", "Link, merge, split…"), relate(shell, view, ties))
        }
        Act::Watch => html! {
            (form("watch", html! { button.wide type="submit" { (lang.t("Suivre ce ticket", "Follow this ticket")) } }))
            (followers(shell, view))
        },
        Act::Unwatch => html! {
            (form("unwatch", html! { button.wide type="submit" { (lang.t("Ne plus suivre", "Follow no more")) } }))
            (followers(shell, view))
        },
        _ => return None,
    })
}

/// To have a colleague follow it, who is told so, and to take off those who do.
fn followers(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let Some(Followers { people, following }) = &view.beside.followers else { return html! {} };
    let form = |name: &str, body: Markup| super::acts::form(shell, view, name, body);
    let forms = html! {
        (form("watch-for", html! {
            @if people.is_empty() {
                (components::input("watch-for-to", "to", lang.t("Adresse de courriel d’un collègue qui lit ce ticket", "E-mail address of a colleague who reads this ticket"), ""))
            } @else {
                (components::select("watch-for-to", "to", lang.t("Collègue, qui en sera prévenu", "Colleague, who will be told"), people, ""))
            }
            button type="submit" { (lang.t("Faire suivre", "Have it followed")) }
        }))
        @for one in following {
            (form("unwatch-for", html! {
                input type="hidden" name="to" value=(one.value);
                button.plain type="submit" { (lang.t("Ne plus faire suivre à", "Take off")) " " (one.label) }
            }))
        }
    };
    folded(lang.t("Faire suivre à un collègue…", "Have a colleague follow it…"), forms)
}

fn relate(shell: &Shell, view: &View, ties: &[Choice]) -> Markup {
    let lang = shell.lang;
    let new = |query: &str| view.customer.path(&format!("/tickets/new?from={}&{query}", view.number));
    html! {
        (super::acts::form(shell, view, "link", html! {
            (components::select("link-tie", "tie", lang.t("Ce ticket", "This ticket"), ties, "relates"))
            (number("link-ticket", "ticket", lang.t("Ticket n°", "Ticket number")))
            button type="submit" { (lang.t("Lier", "Link")) }
        }))
        (super::acts::form(shell, view, "merge", html! {
            (number("merge-ticket", "ticket", lang.t("Même affaire que le ticket n°, déclaré avant", "Same matter as ticket number, declared before")))
            (components::input("merge-text", "text", lang.t("Pourquoi", "Why"), ""))
            button type="submit" { (lang.t("Fondre dans ce ticket", "Merge into that ticket")) }
        }))
        @if shell.opens_tickets() { ul {
            li { a href=(new("tie=split_from")) { (lang.t("Scinder : ouvrir un ticket pour le reste", "Split: open a ticket for the rest")) } }
            li { a href=(new("tie=causes&kind=problem")) { (lang.t("Ouvrir un problème pour en chercher la cause", "Open a problem to look for its cause")) } }
            li { a href=(new("tie=relates&kind=change")) { (lang.t("Ouvrir un changement", "Open a change")) } }
        } }
    }
}

/// The question asked with a remedy.
pub(super) fn diagnosis(view: &View, name: &str, lang: Lang) -> Markup {
    let Some(diagnosis) = &view.beside.diagnosis else { return html! {} };
    let id = format!("{name}-diagnosis");
    html! {
        @if diagnosis.required {
            (components::text_area(&id, "diagnosis", lang.t("Diagnostic : ce qui n’allait pas", "Diagnosis: what was wrong"), 2, ""))
        } @else {
            (optional_area(&id, "diagnosis", lang.t("Diagnostic (conseillé)", "Diagnosis (advised)"), 2))
        }
        (components::why(lang.t("Pourquoi un diagnostic ?", "Why a diagnosis?"), &diagnosis.reasons, lang))
    }
}

/// What another priority would change, above the form that changes it.
pub(super) fn what_if(what_if: &WhatIf, lang: Lang) -> Markup {
    html! {
        section.preview id="what-if" aria-label=(lang.t("Échéances avec cette priorité", "Due instants with this priority")) {
            p { (components::priority(&what_if.priority, lang)) " "
                (lang.t("Rien n’est encore changé.", "Nothing is changed yet.")) }
            dl.facts {
                @for clock in &what_if.clocks {
                    div {
                        dt { (clock.promise) }
                        dd {
                            (instant(clock.then.as_ref(), lang))
                            span.sub { (lang.t("aujourd’hui :", "today:")) " " (instant(clock.now.as_ref(), lang)) }
                            (components::why(lang.t("Pourquoi ?", "Why?"), &clock.reasons, lang))
                        }
                    }
                }
            }
            (components::why(lang.t("Pourquoi cette priorité ?", "Why this priority?"), &what_if.reasons, lang))
        }
    }
}

fn instant(at: Option<&Zoned>, lang: Lang) -> Markup {
    html! {
        @match at {
            Some(at) => (components::when(at, lang)),
            None => (lang.t("aucune échéance", "nothing due")),
        }
    }
}

fn number(id: &str, name: &str, label: Text) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input.short type="number" id=(id) name=(name) min="1" required;
        }
    }
}

fn optional_area(id: &str, name: &str, label: Text, rows: u8) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            textarea id=(id) name=(name) rows=(rows) {}
        }
    }
}

fn folded(label: Text, form: Markup) -> Markup {
    html! { details.act { summary { (label) } (form) } }
}

/// A view for the gallery: an incident caused by a problem whose cause is known.
pub(super) fn sample(lang: Lang, at: Zoned, reason: Reason) -> Beside {
    Beside {
        templates: vec![Choice::new("0190a5b0-0000-7000-8000-000000000001:fr", "Accusé de réception (fr)")],
        keeps_templates: Some("/c/ateliers-garonne/templates".into()),
        satisfaction: Some(super::satisfaction::sample(lang, at.clone())),
        duty: None,
        planned: Some(Planned {
            due: at.clone(),
            late: true,
            href: Some("/c/ateliers-garonne/plans".into()),
        }),
        merged_into: None,
        relations: vec![
            Relation {
                tie: lang.t("Causé par", "Caused by").into(),
                removable: Some("caused_by".into()),
                number: 408,
                href: "/c/ateliers-garonne/tickets/408".into(),
                title: lang.t("L’ERP tombe le mardi", "The ERP falls on Tuesdays").into(),
                kind: lang.t("Problème", "Problem").into(),
                state: TicketState::Taken,
            },
            Relation {
                tie: lang.t("A absorbé", "Merged from").into(),
                removable: None,
                number: 413,
                href: "/c/ateliers-garonne/tickets/413".into(),
                title: lang.t("Plus d’ERP à l’atelier", "No ERP in the workshop").into(),
                kind: lang.t("Incident", "Incident").into(),
                state: TicketState::Resolved,
            },
        ],
        known: Some(Known {
            number: 408,
            href: "/c/ateliers-garonne/tickets/408".into(),
            title: lang.t("L’ERP tombe le mardi", "The ERP falls on Tuesdays").into(),
            cause: lang.t("Fuite de mémoire de la version 7.2.", "Memory leak of version 7.2.").into(),
            workaround: Some(
                lang.t("Redémarrer le service le lundi soir.", "Restart the service on Monday evening.")
                    .into(),
            ),
            by: "Hugo Delmas".into(),
            at: at.clone(),
            open: true,
            elsewhere: true,
        }),
        watchers: vec!["Hélène Castaing".into(), "Luc Roques".into()],
        followers: Some(Followers {
            people: vec![Choice::new("0190a5b0-0000-7000-8000-000000000002", "Nadia Belkacem")],
            following: vec![Choice::new("0190a5b0-0000-7000-8000-000000000003", "Luc Roques")],
        }),
        paused_minutes: 95,
        diagnosis: Some(Diagnosis { required: true, reasons: vec![reason.clone()] }),
        what_if: Some(WhatIf {
            impact: "site".into(),
            urgency: "blocking".into(),
            why: String::new(),
            priority: "P1".into(),
            reasons: vec![reason.clone()],
            clocks: vec![WhatIfClock {
                promise: lang.t("Rétablissement", "Restoration").into(),
                now: Some(at.clone()),
                then: Some(at),
                reasons: vec![reason],
            }],
        }),
    }
}
