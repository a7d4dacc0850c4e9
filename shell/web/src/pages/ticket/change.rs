//! The change that a ticket is: its plan, who agrees, what it touches, what is still missing.

mod forms;
mod samples;

use jiff::Zoned;
use jiff::civil::Date;
use maud::{Markup, html};

use super::View;
use crate::design::components::{self, Choice, Reason, Tone, badge};
use crate::design::{Lang, Shell, Text, markdown};

pub use forms::{EndTyped, PlanTyped};
use forms::{end_form, plan_form};
pub(super) use samples::{refused, sample};

/// A change as it stands.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// « En attente d’approbation », and how grave that is.
    pub stage: String,
    pub tone: Option<Tone>,
    pub plan: Option<Plan>,
    /// Minutes interrupted, and whether that is longer than was foreseen; once it has ended.
    pub measured: Option<(u32, bool)>,
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
    /// Who was told, on which day, and how.
    pub informed: Vec<(String, String, String)>,
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
        items: Vec<Choice>,
        again: bool,
        typed: Box<PlanTyped>,
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
        typed: EndTyped,
    },
    /// Those to be told, who were.
    Inform {
        whom: Vec<Choice>,
        today: Date,
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
            @if let Some(plan) = &change.plan { (draw_plan(plan, change.measured, lang)) }
            (listed(lang.t("Approbations attendues", "Approvals awaited"), &change.awaited, lang))
            @if change.plan.is_some() && !change.owed.is_empty() {
                (components::why(lang.t("Pourquoi ces approbations ?", "Why these approvals?"), &change.owed, lang))
            }
            (listed(lang.t("Avant de commencer", "Before it begins"), &change.to_start, lang))
            (listed(lang.t("À savoir", "Please note"), &change.notes, lang))
            @if let Some(impact) = &change.impact { (draw_impact(impact, lang)) }
            (informed(&change.informed, lang))
            (listed(lang.t("Avant de clore", "Before closing"), &change.to_close, lang))
            (documents(&change.documents, lang))
            @if !change.acts.is_empty() {
                div.acts.even[!leads(&change.acts[0])] {
                    @for act in &change.acts { (draw(shell, view, act)) }
                }
            }
        },
    )
}

fn listed(title: Text, reasons: &[Reason], lang: Lang) -> Markup {
    html! { @if !reasons.is_empty() { h3 { (title) } (components::reasons(reasons, lang)) } }
}

fn draw_plan(plan: &Plan, measured: Option<(u32, bool)>, lang: Lang) -> Markup {
    let text = |title: Text, words: &str| html! { h3 { (title) } div.said { (markdown::render(words, lang, &|_| None)) } };
    let minutes = |minutes: u32| match minutes {
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
        (html! { (lang.t("Interruption prévue", "Interruption foreseen")) }, minutes(plan.downtime_minutes)),
    ];
    if let Some((measured, longer)) = measured {
        let longer = html! { @if longer { " " (badge(Tone::Warning, lang.t("Plus longue que prévu", "Longer than foreseen"))) } };
        let name = lang.t("Interruption mesurée", "Interruption measured");
        pairs.push((html! { (name) }, html! { (minutes(measured)) (longer) }));
    }
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
        (lang.t("Services touchés", "Services affected"), &impact.services),
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
                p { (badge(Tone::Warning, lang.t("D’autres clients sont touchés", "Other customers are affected"))) }
            }
            (components::why(lang.t("D’où vient cet impact ?", "Where does this impact come from?"), &impact.reasons, lang))
        }
    }
}

fn informed(informed: &[(String, String, String)], lang: Lang) -> Markup {
    html! {
        @if !informed.is_empty() {
            h3 { (lang.t("Prévenus", "Told")) }
            (components::facts(informed.iter().map(|(who, on, means)| {
                (html! { (components::words(who, lang)) },
                    html! { (lang.t("prévenus le", "told on")) " " (on) ", " (components::words(means, lang)) })
            }).collect()))
        }
    }
}

/// Whether the first act is what is expected next, and stands out.
fn leads(act: &ChangeAct) -> bool {
    match act {
        ChangeAct::Approve { .. } | ChangeAct::Start | ChangeAct::End { .. } => true,
        ChangeAct::Plan { again, .. } => !again,
        ChangeAct::Refuse { .. }
        | ChangeAct::Inform { .. }
        | ChangeAct::Document { .. }
        | ChangeAct::Review
        | ChangeAct::GiveUp => false,
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

impl ChangeAct {
    /// Its name, as its form's address ends, where something is typed for it; `None` for a mere button.
    pub(super) fn folds(&self) -> Option<&'static str> {
        match self {
            ChangeAct::Plan { .. } => Some("plan"),
            ChangeAct::Approve { writes_down, .. } => writes_down.then_some("approve"),
            ChangeAct::Refuse { .. } => Some("refuse"),
            ChangeAct::GiveUp => Some("give-up"),
            ChangeAct::Start => None,
            ChangeAct::End { .. } => Some("end"),
            ChangeAct::Inform { .. } => Some("inform"),
            ChangeAct::Document { .. } => Some("document"),
            ChangeAct::Review => Some("review"),
        }
    }
}

fn draw(shell: &Shell, view: &View, act: &ChangeAct) -> Markup {
    let lang = shell.lang;
    let tried = |name: &str| view.undone.as_ref().filter(|undone| undone.act == name);
    let text = |name: &str| tried(name).map_or("", |undone| undone.get("text"));
    let reference = |name: &str| tried(name).map_or("", |undone| undone.get("reference"));
    let area = |id: &str, name: &str, label: Text| components::text_area(id, "text", label, 2, text(name));
    let folded = |title: Text, name: &str, body: Markup| {
        // What was not done stays open, to be corrected.
        html! { details.act id={ "act-" (name) } open[tried(name).is_some()] { summary { (title) } (form(shell, view, name, body)) } }
    };
    match act {
        ChangeAct::Plan { items, again, typed } => {
            let title = match again {
                true => lang.t("Modifier le plan…", "Change the plan…"),
                false => lang.t("Planifier…", "Plan…"),
            };
            folded(title, "plan", plan_form(items, typed, lang))
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
                    (components::input("change-reference", "reference", lang.t("Son écrit : date et objet", "What they wrote: date and subject"), reference("approve")))
                    button type="submit" { (lang.t("Consigner l’approbation", "Record the approval")) }
                },
            )
        }
        ChangeAct::Refuse { plan } => folded(
            lang.t("Refuser…", "Refuse…"),
            "refuse",
            html! {
                input type="hidden" name="plan" value=(plan);
                (area("change-refuse", "refuse", lang.t("Pourquoi", "Why")))
                button type="submit" { (lang.t("Refuser le plan", "Refuse the plan")) }
            },
        ),
        ChangeAct::GiveUp => folded(
            lang.t("Annuler le changement…", "Cancel the change…"),
            "give-up",
            html! {
                (area("change-give-up", "give-up", lang.t("Pourquoi", "Why")))
                button type="submit" { (lang.t("Annuler le changement", "Cancel the change")) }
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
        ChangeAct::End { now, typed } => {
            folded(lang.t("Terminer…", "End…"), "end", end_form(now, typed, text("end"), lang))
        }
        ChangeAct::Inform { whom, today } => folded(
            lang.t("Noter qui est prévenu…", "Note who was told…"),
            "inform",
            html! {
                (components::select("change-who", "who", lang.t("Qui est prévenu", "Who was told"), whom, ""))
                div.field {
                    label for="change-told-on" { (lang.t("Prévenus le", "Told on")) }
                    input type="date" id="change-told-on" name="on" value=(today) max=(today) required;
                }
                (components::input("change-means", "reference", lang.t("Par quel moyen, et où le voir", "By which means, and where it can be seen"), reference("inform")))
                button type="submit" { (lang.t("Consigner", "Record")) }
            },
        ),
        ChangeAct::Document { documents } => folded(
            lang.t("Un document est à jour…", "A document is up to date…"),
            "document",
            html! {
                (components::select("change-document", "document", lang.t("Document", "Document"), documents, ""))
                (components::input("change-version", "reference", lang.t("Version, ou pourquoi rien n’y change", "Version, or why nothing changes in it"), reference("document")))
                button type="submit" { (lang.t("Consigner", "Record")) }
            },
        ),
        ChangeAct::Review => folded(
            lang.t("Écrire le bilan…", "Write the review…"),
            "review",
            html! {
                (area("change-review", "review", lang.t("Ce qui s’est passé, ce qu’on en retient", "What happened, and what is learnt")))
                button type="submit" { (lang.t("Consigner le bilan", "Record the review")) }
            },
        ),
    }
}

fn form(shell: &Shell, view: &View, name: &str, body: Markup) -> Markup {
    let action = view.customer.path(&format!("/tickets/{}/change/{name}", view.number));
    components::act(shell, &action, &format!("{}-change-{name}", view.key), "form", body)
}
