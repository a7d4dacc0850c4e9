//! « Et si un P1 était déclaré vendredi à 22 h ? » : a case of one's own, decided by the text as it stands.

use maud::{Markup, html};

use crate::design::components::{self, Choice, Reason, Tone, badge};
use crate::design::{Lang, format};

#[derive(Clone, Debug, Default)]
pub struct Simulation {
    /// By dimension: the name it is posted under, its word, the values of the text, the one chosen.
    pub dimensions: Vec<(String, String, Vec<Choice>, String)>,
    /// Local instants, as `datetime-local` writes them.
    pub declared: String,
    pub taken_over: String,
    pub restored: String,
    pub paused_from: String,
    pub paused_until: String,
    pub pauses: Vec<Choice>,
    pub pause: String,
    pub used: u32,
    pub result: Option<Result<Simulated, String>>,
}

/// What the text decides.
#[derive(Clone, Debug)]
pub struct Simulated {
    /// Said when the text does not govern that day.
    pub elsewhere: Option<String>,
    pub verdict: (Tone, String),
    pub verdict_reasons: Vec<Reason>,
    pub priority: Option<(String, Vec<Reason>)>,
    pub dues: Vec<Due>,
    pub penalties: Vec<Penalty>,
}

/// One promise.
#[derive(Clone, Debug)]
pub struct Due {
    pub promise: String,
    pub clause: String,
    /// « 4 h de service ».
    pub target: String,
    pub due: Option<jiff::Zoned>,
    pub tone: Tone,
    pub verdict: String,
    pub reasons: Vec<Reason>,
}

/// What lateness costs.
#[derive(Clone, Debug)]
pub struct Penalty {
    pub amount_cents: i64,
    pub what: String,
    pub reasons: Vec<Reason>,
}

pub(super) fn section(view: &Simulation, lang: Lang) -> Markup {
    html! {
        section.panel aria-labelledby="what-if" {
            h2 id="what-if" tabindex="-1" { (lang.t("Et si… ?", "What if…?")) }
            p.muted { (lang.t("Un cas imaginé, tranché par les moteurs qui exécuteront ce texte ; rien n’est enregistré.",
                              "An imagined case, decided by the engines that will run this text; nothing is recorded.")) }
            div id="simulation-fields" { (fields(view, lang)) }
            button type="submit" name="act" value="simulate" { (lang.t("Essayer ce cas", "Try this case")) }
            div id="simulated" aria-live="polite" { (result(view, lang)) }
        }
    }
}

fn local(id: &str, label: crate::design::Text, value: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input type="datetime-local" id=(id) name=(id) value=(value);
        }
    }
}

/// The case, as asked.
pub fn fields(view: &Simulation, lang: Lang) -> Markup {
    let folded = view.taken_over.is_empty() && view.restored.is_empty() && view.paused_from.is_empty();
    html! {
        div.case {
            (local("declared", lang.t("Déclaré le", "Declared on"), &view.declared))
            @for (name, word, choices, chosen) in &view.dimensions {
                (components::select(name, name, word, choices, chosen))
            }
        }
        details open[!folded] {
            summary { (lang.t("Et ensuite : prise en charge, suspension, rétablissement", "And then: taking over, pause, restoration")) }
            div.case {
                (local("taken_over", lang.t("Pris en charge le", "Taken over on"), &view.taken_over))
                (local("restored", lang.t("Rétabli le", "Restored on"), &view.restored))
                @if !view.pauses.is_empty() {
                    (components::select("pause", "pause", lang.t("Suspendu pour", "Paused for"), &view.pauses, &view.pause))
                    (local("paused_from", lang.t("Suspendu du", "Paused from"), &view.paused_from))
                    (local("paused_until", lang.t("au", "to"), &view.paused_until))
                }
                div.field {
                    label for="used" { (lang.t("Fois déjà faites dans la période", "Times already done in the period")) }
                    input type="number" id="used" name="used" min="0" max="100000" value=(view.used);
                }
            }
        }
    }
}

/// What the text decides of it.
pub fn result(view: &Simulation, lang: Lang) -> Markup {
    html! {
        @match &view.result {
            None => {},
            Some(Err(problem)) => p.error { (components::words(problem, lang)) },
            Some(Ok(simulated)) => (draw(simulated, lang)),
        }
    }
}

fn draw(view: &Simulated, lang: Lang) -> Markup {
    html! {
        @if let Some(elsewhere) = &view.elsewhere { p.muted { (components::words(elsewhere, lang)) } }
        div.simulated {
            p { (badge(view.verdict.0, components::words(&view.verdict.1, lang))) }
            @if !view.verdict_reasons.is_empty() {
                (components::why(lang.t("Pourquoi ?", "Why?"), &view.verdict_reasons, lang))
            }
            @if let Some((priority, reasons)) = &view.priority {
                p { (lang.t("Priorité", "Priority")) " " (components::priority(priority, lang)) }
                (components::why(lang.t("Pourquoi cette priorité ?", "Why this priority?"), reasons, lang))
            }
            @if view.dues.is_empty() {
                p.muted { (lang.t("Aucun délai n’est promis pour ce cas.", "No time is promised for this case.")) }
            }
            @for due in &view.dues {
                div.due {
                    h3 { (due.promise) " " code { (due.clause) } }
                    p {
                        @match &due.due {
                            Some(at) => strong { (components::when(at, lang)) },
                            None => strong { (lang.t("pas d’échéance fixée", "no due instant set")) },
                        }
                        " " span.muted { (components::words(&due.target, lang)) } " " (badge(due.tone, components::words(&due.verdict, lang)))
                    }
                    (components::why(lang.t("Pourquoi cette échéance ?", "Why this due time?"), &due.reasons, lang))
                }
            }
            @for penalty in &view.penalties {
                div.due {
                    h3 { (lang.t("Pénalité", "Penalty")) }
                    p { strong { (format::money(penalty.amount_cents, lang)) } " " span.muted { (components::words(&penalty.what, lang)) } }
                    (components::why(lang.t("Pourquoi ce montant ?", "Why this amount?"), &penalty.reasons, lang))
                }
            }
        }
    }
}
