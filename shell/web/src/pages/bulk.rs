//! One act on several tickets of a list: what is chosen, and what became of each.

use maud::{Markup, html};

use crate::design::components::{self, Choice, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, format};
use crate::pages::sampling;
use crate::pages::shared::Refusal;

/// What became of one ticket.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub number: u64,
    /// `None` when it was done.
    pub refused: Option<Refusal>,
}

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// What was asked, in words.
    pub act: String,
    pub outcomes: Vec<Outcome>,
    /// The list that the tickets were chosen in.
    pub back: String,
}

/// `POST /c/{customer}/tickets/bulk`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let done = view.outcomes.iter().filter(|o| o.refused.is_none()).count();
    let refused = view.outcomes.len() - done;
    let columns = [
        Column::name(lang.t("Ticket", "Ticket")),
        Column::text(lang.t("Résultat", "Outcome")),
        Column::text(lang.t("Pourquoi", "Why")),
    ];
    let rows = view.outcomes.iter().map(|o| row(view, o, lang)).collect();
    layout::page(
        shell,
        lang.t("Acte groupé", "Bulk act"),
        Place::Tickets,
        html! {
            (layout::heading(
                layout::under_tickets(&view.customer, lang),
                &view.act,
                html! { a.button href=(view.back) { (lang.t("Revenir à la liste", "Back to the list")) } },
            ))
            p.lead role="status" {
                (count(done, lang.t("fait", "done").to_string(), lang.t("faits", "done").to_string()))
                @if refused > 0 {
                    ", "
                    (count(refused, lang.t("refusé", "refused").to_string(), lang.t("refusés", "refused").to_string()))
                }
                "."
            }
            @if view.outcomes.is_empty() {
                (components::empty(
                    lang.t("Aucun ticket choisi", "No ticket chosen"),
                    lang.t(
                        "Cochez des tickets dans la liste, puis choisissez l’acte.",
                        "Tick tickets in the list, then choose the act.",
                    ),
                    None,
                ))
            } @else {
                (table("outcomes", lang.t("Résultat par ticket", "Outcome by ticket"), &columns, rows))
            }
        },
    )
}

fn count(n: usize, one: String, many: String) -> Markup {
    let word = if n < 2 { one } else { many };
    html! { strong { (format::count(u64::try_from(n).unwrap_or(u64::MAX), Lang::Fr)) } " " (word) }
}

fn row(view: &View, outcome: &Outcome, lang: Lang) -> Row {
    let href = view.customer.path(&format!("/tickets/{}", outcome.number));
    let (mark, why) = match &outcome.refused {
        None => (badge(Tone::Good, lang.t("Fait", "Done")), html! {}),
        Some(refusal) => (
            badge(Tone::Bad, lang.t("Refusé", "Refused")),
            html! {
                p { (components::words(&refusal.sentence, lang)) }
                (components::reasons(&refusal.reasons, lang))
            },
        ),
    };
    Row::new(vec![html! { a href=(href) { "#" (outcome.number) } }, mark, why])
}

/// What the bar under a list offers its reader.
#[derive(Clone, Debug, Default)]
pub struct Offered {
    /// The acts of whoever works on tickets.
    pub works: bool,
    /// Whom tickets may be handed to.
    pub people: Vec<Choice>,
    /// What their priority may become.
    pub priorities: Vec<Choice>,
    /// A contract asks for a diagnosis before some remedies.
    pub diagnosis: bool,
}

impl Offered {
    pub fn is_any(&self) -> bool {
        !self.acts().is_empty()
    }

    fn acts(&self) -> Vec<&'static str> {
        let works: &[&'static str] =
            if self.works { &["take-over", "reply", "note", "resolve"] } else { &[] };
        let others = [("assign", &self.people), ("priority", &self.priorities)];
        let others = others.into_iter().filter(|(_, choices)| !choices.is_empty());
        works.iter().copied().chain(others.map(|(name, _)| name)).collect()
    }
}

/// The bar under a list whose rows can be ticked. A style sheet leaves the fields of the act that is chosen.
pub fn bar(shell: &Shell, customer: &CustomerRef, back: &str, key: &str, offered: &Offered) -> Markup {
    let lang = shell.lang;
    let acts: Vec<Choice> =
        offered.acts().into_iter().map(|name| Choice::new(name, word(name, lang))).collect();
    let first = acts.first().map(|act| act.value.clone()).unwrap_or_default();
    let diagnosis = match offered.diagnosis {
        true => lang.t("Diagnostic, exigé avant certains remèdes", "Diagnosis, asked before some remedies"),
        false => lang.t("Diagnostic, s’il est connu", "Diagnosis, if it is known"),
    };
    html! {
        form.bulk.filters id="bulk" method="post" action=(customer.path("/tickets/bulk")) {
            input type="hidden" name="csrf" value=(shell.csrf);
            input type="hidden" name="key" value=(key);
            input type="hidden" name="back" value=(back);
            (components::select(
                "bulk-act", "do", lang.t("Pour les tickets cochés", "For the tickets ticked"), &acts, &first,
            ))
            @if !offered.people.is_empty() {
                div.bulk-to {
                    (components::select("bulk-to", "to", lang.t("À qui", "To whom"), &offered.people, ""))
                }
            }
            @if !offered.priorities.is_empty() {
                div.bulk-priority {
                    (components::select("bulk-priority", "priority", lang.t("Priorité", "Priority"), &offered.priorities, ""))
                }
            }
            @if offered.works {
                div.field.bulk-diagnosis {
                    label for="bulk-diagnosis" { (diagnosis) }
                    input type="text" id="bulk-diagnosis" name="diagnosis" maxlength="2000";
                }
            }
            div.field.bulk-text {
                label for="bulk-text" { (lang.t("Message, note, remède ou motif", "Message, note, remedy or reason")) }
                input type="text" id="bulk-text" name="text" maxlength="2000";
            }
            button type="submit" { (lang.t("Appliquer", "Apply")) }
        }
    }
}

/// An act of the bar, in words.
pub fn word(name: &str, lang: Lang) -> String {
    match name {
        "take-over" => lang.t("Prendre en charge", "Take over"),
        "reply" => lang.t("Répondre", "Reply"),
        "note" => lang.t("Écrire une note interne", "Write an internal note"),
        "assign" => lang.t("Confier à quelqu’un", "Assign"),
        "priority" => lang.t("Changer la priorité", "Change the priority"),
        _ => lang.t("Résoudre", "Resolve"),
    }
    .to_string()
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let done = |number| Outcome { number, refused: None };
    let refused = Refusal {
        sentence: lang.t("Ce ticket est déjà résolu.", "This ticket is resolved already.").to_string(),
        reasons: Vec::new(),
        journal_entry: None,
        advice: String::new(),
    };
    let mixed = View {
        customer: sampling::garonne(),
        act: word("take-over", lang),
        outcomes: vec![done(417), done(412), Outcome { number: 409, refused: Some(refused) }],
        back: "/c/ateliers-garonne/tickets?state=open".into(),
    };
    let none = View { outcomes: Vec::new(), ..mixed.clone() };
    vec![("mixed", mixed), ("none", none)]
}
