//! The levels of escalation of a ticket's clocks: reached, next, who was told.

use jiff::Zoned;
use maud::{Markup, html};

use super::View;
use crate::design::components::{self, Reason, Tone, badge, badge_with};
use crate::design::icon::Icon;
use crate::design::{Lang, Text};
use crate::pages::levels::{OnLevel, on_level};
use crate::pages::shared::Promise;

/// A level of one promise.
#[derive(Clone, Debug)]
pub struct Level {
    pub promise: Promise,
    pub level: u32,
    pub state: LevelState,
    /// When the clock comes to it; `None` while nobody knows.
    pub at: Option<Zoned>,
    /// Whom the contract has told: « Claire Vasseur (interlocuteur unique) ».
    pub who: String,
    /// Who is put on it here: told first, in the place of the contacts that the clause names.
    pub placed: Vec<OnLevel>,
    pub reasons: Vec<Reason>,
}

#[derive(Clone, Debug)]
pub enum LevelState {
    /// At this instant, to these people; nobody when no account answers to the clause.
    Told(Zoned, Vec<String>),
    /// The clock came to it, and stopped before anybody was told.
    Recorded,
    /// The clock came to it before the ticket was brought in from another tool.
    Imported,
    /// The clock has come to it, and the product is about to tell it.
    Reached,
    /// The next one of all.
    Next,
    Later,
    /// The clock stopped before.
    Averted,
}

/// All of them, below the clocks they watch.
pub(super) fn section(view: &View, lang: Lang) -> Markup {
    components::section(
        "levels",
        lang.t("Escalade", "Escalation"),
        html! {
            ul.levels { @for level in &view.levels { li { (one(level, lang)) } } }
        },
    )
}

fn one(level: &Level, lang: Lang) -> Markup {
    html! {
        p {
            (sign(&level.state, lang)) " "
            strong { (level.promise.word(lang)) ", " (lang.t("niveau", "level")) " " (level.level) }
            @if let Some(at) = &level.at {
                " " span.muted { (moment(&level.state, lang)) " " (components::when_short(at, lang)) }
            }
        }
        p {
            @match &level.state {
                LevelState::Told(at, people) if people.is_empty() => {
                    (lang.t("Personne n’a été prévenu : aucun compte ici ne répond à", "Nobody was told: no account here answers to")) " "
                    (components::words(&level.who, lang)) " (" (components::when_short(at, lang)) ")."
                }
                LevelState::Told(at, people) => {
                    (lang.t("Ont été prévenus :", "Told:")) " " (people.join(", ")) ", " (components::when_short(at, lang)) "."
                }
                LevelState::Recorded => {
                    span.muted { (lang.t("Le délai s’est arrêté avant que quiconque en soit averti : personne n’a été dérangé.", "The clock stopped before anybody heard of it: nobody was disturbed.")) }
                }
                LevelState::Imported => {
                    span.muted { (lang.t("Atteint avant que ce ticket ne soit repris d’un autre outil : personne n’a été prévenu ici.", "Reached before this ticket was brought in from another tool: nobody was told here.")) }
                }
                LevelState::Averted => {
                    span.muted { (lang.t("Personne n’a eu à être prévenu.", "Nobody had to be told.")) }
                }
                LevelState::Reached | LevelState::Next | LevelState::Later if !level.placed.is_empty() => {
                    (lang.t("À prévenir, désignés ici :", "To be told, put on it here:")) " " (on_level(&level.placed, lang)) ". "
                    span.muted { (lang.t("La clause nomme", "The clause names")) " " (components::words(&level.who, lang)) "." }
                }
                LevelState::Reached | LevelState::Next | LevelState::Later => {
                    (lang.t("À prévenir :", "To be told:")) " " (components::words(&level.who, lang)) "."
                }
            }
        }
        (components::why(lang.t("Quel article le prévoit ?", "Which article says so?"), &level.reasons, lang))
    }
}

fn sign(state: &LevelState, lang: Lang) -> Markup {
    match state {
        LevelState::Told(..) | LevelState::Recorded | LevelState::Imported | LevelState::Reached => {
            badge_with(Tone::Bad, Icon::Alert, lang.t("atteint", "reached"))
        }
        LevelState::Next => badge(Tone::Warning, lang.t("prochain", "next")),
        LevelState::Later => badge(Tone::Quiet, lang.t("à venir", "to come")),
        LevelState::Averted => badge(Tone::Good, lang.t("évité", "averted")),
    }
}

fn moment(state: &LevelState, lang: Lang) -> Text {
    match state {
        LevelState::Told(..)
        | LevelState::Recorded
        | LevelState::Imported
        | LevelState::Reached
        | LevelState::Next
        | LevelState::Later => lang.t("le", "on"),
        LevelState::Averted => lang.t("il l’aurait été le", "it would have been on"),
    }
}
