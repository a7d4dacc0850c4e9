//! An act that was not done, with what was typed for it: nobody types twice what a rule refused once.

use maud::{Markup, html};

use super::View;
use crate::design::{Lang, components};
use crate::pages::shared::{self, Refusal};

/// What people write in whole sentences, field by field: it is shown where no form takes it any more.
const WORDS: [&str; 5] = ["text", "reference", "work", "test", "rollback"];

/// An act that was not done: why, and what was sent for it.
#[derive(Clone, Debug)]
pub struct Undone {
    /// As the form's address ends: `plan`, `order`, `decide`…
    pub act: String,
    pub refusal: Refusal,
    pub sent: Vec<(String, String)>,
}

impl Undone {
    /// The value of a field; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.sent.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }
}

/// Above everything: why the act that was just tried was not done, and the way to what was typed, which stands
/// far below; or what was typed, when nobody may do that any more.
pub(super) fn draw(view: &View, lang: Lang) -> Markup {
    let Some(undone) = &view.undone else { return html! {} };
    let act = Some(undone.act.as_str());
    let in_change = view.change.iter().flat_map(|change| &change.acts).any(|a| a.folds() == act);
    let in_delivery = view.delivery.iter().flat_map(|delivery| &delivery.acts).any(|a| a.folds() == act);
    html! {
        (shared::refusal(&undone.refusal, lang))
        @if in_change || in_delivery {
            p { a href={ "#act-" (undone.act) } { (lang.t("Aller à ce que vous avez saisi", "Go to what you typed")) } }
        } @else {
            @for words in WORDS.map(|name| undone.get(name)).into_iter().filter(|words| !words.is_empty()) {
                p { (lang.t("Vous aviez écrit :", "You had written:")) }
                blockquote.said { (components::words(words, lang)) }
            }
        }
    }
}
