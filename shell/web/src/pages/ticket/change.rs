//! The change that a ticket is: its plan, who agrees, what it touches, what is still missing.

use jiff::Zoned;
use maud::{Markup, html};

use super::View;
use crate::design::components::{self, Choice, Reason, Tone, badge};
use crate::design::{Lang, Shell, Text, markdown};
use crate::pages::sampling;

/// A change as it stands.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// « En attente d’approbation », and how grave that is.
    pub stage: String,
    pub tone: Option<Tone>,
    pub plan: Option<Plan>,
    /// « 1 approbation du Client attendue. »
    pub awaited: Vec<Reason>,
    /// Why these approvals.
    pub owed: Vec<Reason>,
    /// What keeps it from beginning, from being closed.
    pub to_start: Vec<Reason>,
    pub to_close: Vec<Reason>,
    pub overdue: bool,
    /// What the plan brings with it.
    pub notes: Vec<Reason>,
    pub impact: Option<Impact>,
    /// Each document, and where it is up to date.
    pub documents: Vec<(String, Option<String>)>,
    /// Numbers and addresses of the others on the same items at the same time.
    pub collisions: Vec<(u64, String)>,
    /// What the reader may do.
    pub acts: Vec<ChangeAct>,
}

#[derive(Clone, Debug)]
pub struct Plan {
    /// « Changement normal », « Risque moyen ».
    pub model: String,
    pub risk: String,
    pub items: Vec<String>,
    pub from: Zoned,
    pub until: Zoned,
    pub downtime_minutes: u32,
    pub regularised_by: Option<Zoned>,
    /// Markdown.
    pub work: String,
    pub test: String,
    pub rollback: String,
}

#[derive(Clone, Debug)]
pub struct Impact {
    pub services: Vec<String>,
    pub neighbours: Vec<String>,
    /// « Garonne Télécom (supervision@…) ».
    pub inform: Vec<String>,
    pub outside_users: bool,
    pub reasons: Vec<Reason>,
}

/// What can be done to a change.
#[derive(Clone, Debug)]
pub enum ChangeAct {
    /// Plan it, or plan it otherwise.
    Plan {
        items: Vec<String>,
        again: bool,
    },
    /// As the customer, or for it: the provider names the contact and the message.
    Approve {
        plan: u64,
        writes_down: bool,
        contacts: Vec<Choice>,
        third_parties: Vec<Choice>,
    },
    Refuse {
        plan: u64,
    },
    GiveUp,
    Start,
    End {
        now: Zoned,
    },
    Document {
        documents: Vec<Choice>,
    },
    Review,
}

/// Before the conversation.
pub(super) fn section(shell: &Shell, view: &View, change: &Change) -> Markup {
    let lang = shell.lang;
    components::section(
        "change",
        lang.t("Changement", "Change"),
        html! {
            p {
                (badge(change.tone.unwrap_or(Tone::Quiet), &change.stage))
                @if change.overdue {
                    " " (badge(Tone::Bad, lang.t("Approbation après coup en retard", "Approval after the fact overdue")))
                }
                @for (number, href) in &change.collisions {
                    " " a href=(href) { (lang.t("Même élément, même moment : n°", "Same item, same time:")) " " (number) }
                }
            }
            @if let Some(plan) = &change.plan { (draw_plan(plan, lang)) }
            (listed(lang.t("Approbations attendues", "Approvals awaited"), &change.awaited, lang))
            @if change.plan.is_some() && !change.owed.is_empty() {
                (components::why(lang.t("Pourquoi ces approbations ?", "Why these approvals?"), &change.owed, lang))
            }
            (listed(lang.t("Avant de commencer", "Before it begins"), &change.to_start, lang))
            (listed(lang.t("À savoir", "To be known"), &change.notes, lang))
            @if let Some(impact) = &change.impact { (draw_impact(impact, lang)) }
            (listed(lang.t("Avant de clore", "Before closing"), &change.to_close, lang))
            (documents(&change.documents, lang))
            @if !change.acts.is_empty() {
                div.acts.even[!leads(&change.acts[0])] { @for act in &change.acts { (draw(shell, view, act)) } }
            }
        },
    )
}

fn listed(title: Text, reasons: &[Reason], lang: Lang) -> Markup {
    html! { @if !reasons.is_empty() { h3 { (title) } (components::reasons(reasons, lang)) } }
}

fn draw_plan(plan: &Plan, lang: Lang) -> Markup {
    let text = |title: Text, words: &str| html! { h3 { (title) } div.said { (markdown::render(words, lang, &|_| None)) } };
    let down = match plan.downtime_minutes {
        0 => html! { (lang.t("aucune", "none")) },
        minutes => html! { (minutes) " min" },
    };
    let mut pairs = vec![
        (html! { (lang.t("Modèle", "Model")) }, html! { (plan.model) ", " (plan.risk) }),
        (html! { (lang.t("Éléments", "Items")) }, html! { (plan.items.join(", ")) }),
        (
            html! { (lang.t("Fenêtre", "Window")) },
            html! { (components::when(&plan.from, lang)) " – " (components::when(&plan.until, lang)) },
        ),
        (html! { (lang.t("Interruption prévue", "Interruption foreseen")) }, down),
    ];
    if let Some(by) = &plan.regularised_by {
        let name = lang.t("À approuver avant le", "To be approved by");
        pairs.push((html! { (name) }, components::when(by, lang)));
    }
    html! {
        (components::facts(pairs))
        (text(lang.t("Travaux", "Work"), &plan.work))
        (text(lang.t("Essais", "Test"), &plan.test))
        (text(lang.t("Retour arrière", "Rollback"), &plan.rollback))
    }
}

fn draw_impact(impact: &Impact, lang: Lang) -> Markup {
    let list = |words: &[String]| html! { (words.join(", ")) };
    let mut pairs = Vec::new();
    let named = [
        (lang.t("Services touchés", "Services touched"), &impact.services),
        (lang.t("Éléments voisins", "Neighbouring items"), &impact.neighbours),
        (lang.t("À prévenir", "To be told"), &impact.inform),
    ];
    for (name, words) in named.iter().filter(|(_, words)| !words.is_empty()) {
        pairs.push((html! { (name) }, list(words)));
    }
    html! {
        @if !pairs.is_empty() || impact.outside_users {
            h3 { (lang.t("Impact", "Impact")) }
            (components::facts(pairs))
            @if impact.outside_users {
                p { (badge(Tone::Warning, lang.t("D’autres clients sont touchés", "Other customers are touched"))) }
            }
            (components::why(lang.t("D’où vient cet impact ?", "Where does this impact come from?"), &impact.reasons, lang))
        }
    }
}

/// Whether the first act is what is expected next, and stands out.
fn leads(act: &ChangeAct) -> bool {
    match act {
        ChangeAct::Approve { .. } | ChangeAct::Start | ChangeAct::End { .. } => true,
        ChangeAct::Plan { again, .. } => !again,
        ChangeAct::Refuse { .. } | ChangeAct::Document { .. } | ChangeAct::Review | ChangeAct::GiveUp => {
            false
        }
    }
}

fn documents(documents: &[(String, Option<String>)], lang: Lang) -> Markup {
    html! {
        @if !documents.is_empty() {
            h3 { (lang.t("Documents", "Documents")) }
            (components::facts(documents.iter().map(|(name, reference)| {
                let state = match reference {
                    Some(reference) => html! { (components::words(reference, lang)) },
                    None => html! { span.muted { (lang.t("à mettre à jour", "to be brought up to date")) } },
                };
                (html! { (name) }, state)
            }).collect()))
        }
    }
}

fn draw(shell: &Shell, view: &View, act: &ChangeAct) -> Markup {
    let lang = shell.lang;
    let area = |id: &str, name: &str, label: Text| components::text_area(id, name, label, 2, "");
    let folded = |title: Text, name: &str, body: Markup| {
        html! { details.act { summary { (title) } (form(shell, view, name, body)) } }
    };
    match act {
        ChangeAct::Plan { items, again } => {
            let title = match again {
                true => lang.t("Planifier autrement…", "Plan otherwise…"),
                false => lang.t("Planifier…", "Plan…"),
            };
            folded(title, "plan", plan_form(items, lang))
        }
        ChangeAct::Approve { plan, writes_down, contacts, third_parties } => {
            if !writes_down {
                let button = lang.t("Approuver le plan", "Approve the plan");
                return form(
                    shell,
                    view,
                    "approve",
                    html! {
                        input type="hidden" name="plan" value=(plan);
                        button.wide.primary type="submit" { (button) }
                    },
                );
            }
            folded(
                lang.t("Consigner une approbation…", "Record an approval…"),
                "approve",
                html! {
                    input type="hidden" name="plan" value=(plan);
                    (components::select("change-contact", "contact", lang.t("Qui a approuvé", "Who approved"), contacts, ""))
                    @if third_parties.len() > 1 {
                        (components::select("change-third", "third_party", lang.t("Ou un tiers", "Or a third party"), third_parties, ""))
                    }
                    (components::input("change-reference", "reference", lang.t("Son écrit : date et objet", "What they wrote: date and subject"), ""))
                    button type="submit" { (lang.t("Consigner l’approbation", "Record the approval")) }
                },
            )
        }
        ChangeAct::Refuse { plan } => folded(
            lang.t("Refuser…", "Refuse…"),
            "refuse",
            html! {
                input type="hidden" name="plan" value=(plan);
                (area("change-refuse", "text", lang.t("Pourquoi", "Why")))
                button type="submit" { (lang.t("Refuser le plan", "Refuse the plan")) }
            },
        ),
        ChangeAct::GiveUp => folded(
            lang.t("Renoncer…", "Give up…"),
            "give-up",
            html! {
                (area("change-give-up", "text", lang.t("Pourquoi", "Why")))
                button type="submit" { (lang.t("Renoncer au changement", "Give the change up")) }
            },
        ),
        ChangeAct::Start => form(
            shell,
            view,
            "start",
            html! {
                button.wide.primary type="submit" { (lang.t("Commencer les travaux", "Begin the work")) }
            },
        ),
        ChangeAct::End { now } => folded(lang.t("Terminer…", "End…"), "end", end_form(now, lang)),
        ChangeAct::Document { documents } => folded(
            lang.t("Un document est à jour…", "A document is up to date…"),
            "document",
            html! {
                (components::select("change-document", "document", lang.t("Document", "Document"), documents, ""))
                (components::input("change-version", "reference", lang.t("Version, ou pourquoi rien n’y change", "Version, or why nothing changes in it"), ""))
                button type="submit" { (lang.t("Consigner", "Record")) }
            },
        ),
        ChangeAct::Review => folded(
            lang.t("Écrire le bilan…", "Write the review…"),
            "review",
            html! {
                (area("change-review", "text", lang.t("Ce qui s’est passé, ce qu’on en retient", "What happened, and what is learnt")))
                button type="submit" { (lang.t("Consigner le bilan", "Record the review")) }
            },
        ),
    }
}

fn plan_form(items: &[String], lang: Lang) -> Markup {
    let models = [
        Choice::new("normal", lang.t("Normal : approuvé avant", "Normal: approved before")),
        Choice::new(
            "standard",
            lang.t("Standard : opération du contrat", "Standard: an operation of the contract"),
        ),
        Choice::new(
            "emergency",
            lang.t("Urgent : approuvé après coup", "Emergency: approved after the fact"),
        ),
    ];
    let risks = [
        Choice::new("low", lang.t("Faible", "Low")),
        Choice::new("medium", lang.t("Moyen", "Medium")),
        Choice::new("high", lang.t("Élevé", "High")),
    ];
    html! {
        (components::select("change-model", "model", lang.t("Modèle", "Model"), &models, "normal"))
        (components::select("change-risk", "risk", lang.t("Risque", "Risk"), &risks, "low"))
        div.field {
            label for="change-items" { (lang.t("Éléments touchés, séparés par des virgules", "Items touched, with commas between")) }
            input type="text" id="change-items" name="items" list="change-known" required;
            datalist id="change-known" { @for item in items { option value=(item); } }
        }
        (instant("change-from", "from", lang.t("Début de la fenêtre", "The window begins"), "", true))
        (instant("change-until", "until", lang.t("Fin de la fenêtre", "The window ends"), "", true))
        div.field {
            label for="change-downtime" { (lang.t("Interruption prévue, en minutes", "Interruption foreseen, in minutes")) }
            input.short type="number" id="change-downtime" name="downtime" min="0" max="44640" value="0" required;
        }
        p.check {
            input type="checkbox" id="change-counted" name="counted" value="1";
            label for="change-counted" { (lang.t("Compter l’interruption si la fenêtre n’est pas exclue par le contrat", "Count the interruption if the contract does not exclude the window")) }
        }
        (instant("change-by", "by", lang.t("Urgence : à approuver avant le", "Emergency: to be approved by"), "", false))
        (components::text_area("change-work", "work", lang.t("Travaux, et pourquoi", "Work, and why"), 3, ""))
        (components::text_area("change-test", "test", lang.t("Essais", "Test"), 2, ""))
        (components::text_area("change-rollback", "rollback", lang.t("Retour arrière", "Rollback"), 2, ""))
        button type="submit" { (lang.t("Planifier", "Plan")) }
    }
}

fn end_form(now: &Zoned, lang: Lang) -> Markup {
    let outcomes = [
        Choice::new("succeeded", lang.t("Réussi", "Successful")),
        Choice::new("rolled_back", lang.t("Retour arrière", "Rolled back")),
        Choice::new("failed", lang.t("Échoué", "Failed")),
    ];
    let latest = now.strftime("%Y-%m-%dT%H:%M").to_string();
    html! {
        (components::select("change-outcome", "outcome", lang.t("Résultat", "Outcome"), &outcomes, "succeeded"))
        (instant("change-down-from", "down_from", lang.t("Interruption mesurée : de", "Interruption measured: from"), "", false))
        (instant("change-down-until", "down_until", lang.t("à", "until"), "", false))
        p.hint { (lang.t("Vide s’il n’y en eut pas. Il est :", "Empty if there was none. It is now:")) " " (latest) }
        (components::text_area("change-note", "text", lang.t("Ce qui a été fait", "What was done"), 3, ""))
        button type="submit" { (lang.t("Terminer le changement", "End the change")) }
    }
}

fn instant(id: &str, name: &str, label: Text, value: &str, required: bool) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input type="datetime-local" id=(id) name=(name) value=(value) required[required];
        }
    }
}

fn form(shell: &Shell, view: &View, name: &str, body: Markup) -> Markup {
    let action = view.customer.path(&format!("/tickets/{}/change/{name}", view.number));
    components::act(shell, &action, &format!("{}-change-{name}", view.key), "form", body)
}

/// A change of the gallery: planned, awaiting its approval, with everything a page can show of it.
pub(super) fn sample(lang: Lang) -> Change {
    let reason = |article: &str, label: &str, text: Text| Reason {
        article: article.into(),
        label: label.into(),
        text: text.into(),
        arithmetic: None,
        href: (!label.is_empty()).then(|| format!("/c/ateliers-garonne/contracts/CTR-2026-001#{label}")),
    };
    let choice = |value: &str, label: &str| Choice::new(value, label);
    let documents = [choice("inventaire", "inventaire"), choice("schémas", "schémas du réseau")];
    Change {
        stage: lang.t("En attente d’approbation", "Awaiting approval").into(),
        tone: Some(Tone::Warning),
        plan: Some(Plan {
            model: lang.t("changement normal", "normal change").into(),
            risk: lang.t("risque moyen", "medium risk").into(),
            items: vec!["srv-erp".into()],
            from: sampling::at("2026-11-28T08:00"),
            until: sampling::at("2026-11-28T10:00"),
            downtime_minutes: 60,
            regularised_by: None,
            work: lang.t("Version 7.3 de l’ERP.", "Version 7.3 of the ERP.").into(),
            test: lang.t("Connexion, saisie d’une commande.", "Signing in, entering an order.").into(),
            rollback: lang
                .t("Retour à l’instantané de la veille.", "Back to the snapshot of the eve.")
                .into(),
        }),
        awaited: vec![reason(
            "",
            "",
            lang.t("1 approbation du Client attendue.", "1 approval of the customer is awaited."),
        )],
        owed: vec![reason(
            "Article 32",
            "maintenance-srv-rh",
            lang.t("Deux personnes du Client approuvent.", "Two people of the customer approve."),
        )],
        to_start: Vec::new(),
        to_close: vec![reason(
            "Article 34",
            "documentation",
            lang.t("L’inventaire est à mettre à jour.", "The inventory is to be brought up to date."),
        )],
        overdue: true,
        notes: vec![reason(
            "Article 21",
            "dispo-erp",
            lang.t(
                "Le préavis n’est pas respecté : rien n’en est exclu.",
                "The notice is not kept: nothing of it is excluded.",
            ),
        )],
        impact: Some(Impact {
            services: vec!["ERP".into()],
            neighbours: vec!["srv-fic".into()],
            inform: vec!["Garonne Télécom (supervision@garonne-telecom.example)".into()],
            outside_users: true,
            reasons: vec![reason(
                "Article 21",
                "dispo-erp",
                lang.t("Le service « ERP » repose sur cet élément.", "The service “ERP” rests on this item."),
            )],
        }),
        documents: vec![("inventaire".into(), None), ("schémas du réseau".into(), Some("Version 12".into()))],
        collisions: vec![(433, "/c/ateliers-garonne/tickets/433".into())],
        acts: vec![
            ChangeAct::Start,
            ChangeAct::Approve {
                plan: 812,
                writes_down: true,
                contacts: vec![choice("interlocuteur-client", "Julien Marty")],
                third_parties: vec![choice("", "–"), choice("Garonne Télécom", "Garonne Télécom")],
            },
            ChangeAct::Refuse { plan: 812 },
            ChangeAct::End { now: sampling::at("2026-11-28T09:40") },
            ChangeAct::Plan { items: vec!["srv-erp".into(), "srv-fic".into()], again: true },
            ChangeAct::Document { documents: documents.to_vec() },
            ChangeAct::Review,
            ChangeAct::GiveUp,
        ],
    }
}
