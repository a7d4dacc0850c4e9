//! Correcting some time that was entered: its form, on the weekly sheet and on the ticket.

use maud::{Markup, html};

use crate::design::components::{self, Choice};
use crate::design::{Shell, Text};

/// Some time that the reader may correct, as it would be typed.
#[derive(Clone, Debug)]
pub struct Correction {
    /// The id of the entry.
    pub entry: String,
    /// Where its form is sent.
    pub action: String,
    /// Idempotency key of its form.
    pub key: String,
    /// Where to go back to, when that is not the ticket.
    pub back: String,
    /// As `datetime-local` writes it, on the clock of the contract.
    pub started: String,
    pub minutes: i64,
    pub kind: String,
    pub hours: String,
    pub profile: String,
    pub comment: String,
    pub choices: Choices,
}

/// What its lists offer.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    pub kinds: Vec<Choice>,
    /// None where the contract decides them.
    pub hours: Vec<Choice>,
    /// Profiles of the contract's rates, after none.
    pub profiles: Vec<Choice>,
}

/// Folded, under the line that it corrects.
pub fn form(shell: &Shell, of: &Correction) -> Markup {
    let lang = shell.lang;
    let id = |name: &str| format!("correct-{name}-{}", of.entry);
    let field = |name: &str, label: Text, input: &dyn Fn(&str) -> Markup| {
        let id = id(name);
        html! { div.field { label for=(id) { (label) } (input(&id)) } }
    };
    let body = html! {
        input type="hidden" name="entry" value=(of.entry);
        @if !of.back.is_empty() { input type="hidden" name="back" value=(of.back); }
        (field("started", lang.t("Début", "Began"), &|id| html! {
            input type="datetime-local" id=(id) name="started" value=(of.started) required;
        }))
        (field("minutes", lang.t("Minutes passées ; 0 retire la ligne", "Minutes spent; 0 withdraws the line"), &|id| html! {
            input.short type="number" id=(id) name="minutes" min="0" max="1440" value=(of.minutes) required;
        }))
        (components::select(&id("kind"), "kind", lang.t("Où", "Where"), &of.choices.kinds, &of.kind))
        @if !of.choices.hours.is_empty() {
            (components::select(&id("hours"), "hours", lang.t("Heures", "Hours"), &of.choices.hours, &of.hours))
        }
        @if of.choices.profiles.len() > 1 {
            (components::select(&id("profile"), "profile", lang.t("Profil du contrat", "Profile of the contract"), &of.choices.profiles, &of.profile))
        }
        (field("comment", lang.t("Commentaire interne (facultatif)", "Internal comment (optional)"), &|id| html! {
            input type="text" id=(id) name="comment" maxlength="2000" value=(of.comment);
        }))
        (field("why", lang.t("Pourquoi cette correction", "Why this correction"), &|id| html! {
            input type="text" id=(id) name="why" maxlength="2000" required;
        }))
        button type="submit" { (lang.t("Corriger", "Correct")) }
    };
    html! {
        details.act {
            summary { (lang.t("Corriger…", "Correct…")) }
            (components::act(shell, &of.action, &of.key, "form", body))
        }
    }
}

/// Some time of the gallery.
pub(super) fn sample(at: &str, minutes: i64, lang: crate::design::Lang) -> Correction {
    let one = |key: &str, label: Text| vec![Choice::new(key, label)];
    Correction {
        entry: "01k9".into(),
        action: "/c/ateliers-garonne/tickets/412/time/correct".into(),
        key: "sample-key-correct".into(),
        back: "/time?week=2026-11-02".into(),
        started: at.into(),
        minutes,
        kind: "remote".into(),
        hours: "ordinary".into(),
        profile: String::new(),
        comment: String::new(),
        choices: Choices {
            kinds: one("remote", lang.t("À distance", "Remote")),
            hours: one("ordinary", lang.t("Heures ordinaires", "Ordinary hours")),
            profiles: Vec::new(),
        },
    }
}
