//! Time spent on a ticket, for the provider's people: its lines, the timer, and the form that adds to it.

use jiff::Zoned;
use maud::{Markup, html};

use super::View;
use crate::design::components::{self, Choice};
use crate::design::{Reason, Shell, format};
use crate::pages::time_correction::{self, Correction};

/// Time as the provider's people read it; the customer reads its total.
#[derive(Clone, Debug)]
pub struct Time {
    /// The last lines, or the last before a place; the addresses of those before them, and of the last ones.
    pub lines: Vec<Line>,
    pub pages: (Option<String>, Option<String>),
    /// Since when the reader's timer runs on this ticket.
    pub running: Option<Zoned>,
    /// Profiles of the contract's rates.
    pub profiles: Vec<Choice>,
    pub kinds: Vec<Choice>,
    /// None where the contract decides them.
    pub hours: Vec<Choice>,
    /// No price is awaited: time may be entered.
    pub open: bool,
}

/// Some time spent.
#[derive(Clone, Debug)]
pub struct Line {
    pub at: Zoned,
    pub by: String,
    /// « À distance », « Sur place, nuit ».
    pub what: String,
    /// Why it is at these hours, or what the contract says instead.
    pub hours: Vec<Reason>,
    /// It was entered at other hours than the contract says.
    pub contradicted: bool,
    pub minutes: i64,
    /// « Redevance », « Prix accepté »; `None` for a third party's people.
    pub paid_by: Option<String>,
    /// Not shown to the customer.
    pub comment: Option<String>,
    /// For whoever may correct it.
    pub correction: Option<Correction>,
}

pub(super) fn section(shell: &Shell, view: &View, time: &Time) -> Markup {
    let lang = shell.lang;
    components::section(
        "time",
        lang.t("Temps passé", "Time spent"),
        html! {
            @if time.lines.is_empty() { p.muted { (lang.t("Aucun temps saisi.", "No time entered.")) } }
            ul.plain-list { @for line in &time.lines { li { (draw(shell, line)) } } }
            (components::pager_of(
                lang.t("Pages du temps passé", "Pages of the time spent"),
                (time.pages.0.as_deref(), time.pages.1.as_deref()),
                lang,
            ))
            @if time.open { (timer(shell, view, time)) (spent(shell, view, time)) }
            @else {
                p.muted { (lang.t("Le temps se saisit une fois le prix accepté.", "Time is entered once the price is agreed.")) }
            }
        },
    )
}

fn draw(shell: &Shell, line: &Line) -> Markup {
    let lang = shell.lang;
    html! {
        strong { (format::minutes(line.minutes, lang)) } " " (components::words(&line.what, lang))
        span.sub { (line.by) ", " (components::when_short(&line.at, lang))
            @if let Some(paid_by) = &line.paid_by { " · " (components::words(paid_by, lang)) } }
        @if line.contradicted { p.muted { (lang.t("Le contrat dit d’autres heures : corrigez cette ligne.", "The contract says other hours: correct this line.")) } }
        @if !line.hours.is_empty() {
            (components::why(lang.t("Pourquoi ces heures ?", "Why these hours?"), &line.hours, lang))
        }
        @if let Some(comment) = &line.comment { p.muted { (components::words(comment, lang)) } }
        @if let Some(correction) = &line.correction { (time_correction::form(shell, correction)) }
    }
}

fn timer(shell: &Shell, view: &View, time: &Time) -> Markup {
    let lang = shell.lang;
    match &time.running {
        Some(since) => {
            let stop = html! {
                p { (lang.t("Chronomètre lancé", "Timer started")) " " (components::when_short(since, lang)) }
                button.wide type="submit" { (lang.t("Arrêter et saisir", "Stop and enter")) }
            };
            let discard = html! {
                button type="submit" { (lang.t("Abandonner sans saisir", "Discard without entering")) }
            };
            html! {
                (form(shell, view, "stop", stop))
                (form(shell, view, "discard", discard))
            }
        }
        None => form(
            shell,
            view,
            "start",
            html! { button.wide type="submit" { (lang.t("Lancer le chronomètre", "Start the timer")) } },
        ),
    }
}

fn spent(shell: &Shell, view: &View, time: &Time) -> Markup {
    let lang = shell.lang;
    let inside = html! {
        div.field {
            label for="time-minutes" { (lang.t("Minutes passées", "Minutes spent")) }
            input.short type="number" id="time-minutes" name="minutes" min="1" max="1440" required;
        }
        div.field {
            label for="time-started" { (lang.t("Début (vide : à l’instant, moins ces minutes)", "Began (empty: just now, less these minutes)")) }
            input type="datetime-local" id="time-started" name="started";
        }
        (components::select("time-kind", "kind", lang.t("Où", "Where"), &time.kinds, ""))
        @if !time.hours.is_empty() {
            (components::select("time-hours", "hours", lang.t("Heures", "Hours"), &time.hours, ""))
        }
        @if time.profiles.len() > 1 {
            (components::select("time-profile", "profile", lang.t("Profil du contrat", "Profile of the contract"), &time.profiles, ""))
        }
        div.field {
            label for="time-comment" { (lang.t("Commentaire interne (facultatif)", "Internal comment (optional)")) }
            input type="text" id="time-comment" name="comment" maxlength="2000";
        }
        button type="submit" { (lang.t("Saisir le temps", "Enter the time")) }
    };
    html! {
        details.act {
            summary { (lang.t("Saisir du temps…", "Enter time…")) }
            (form(shell, view, "spent", inside))
        }
    }
}

fn form(shell: &Shell, view: &View, name: &str, body: Markup) -> Markup {
    let action = view.customer.path(&format!("/tickets/{}/time/{name}", view.number));
    components::act(shell, &action, &format!("{}-time-{name}", view.key), "form", body)
}
