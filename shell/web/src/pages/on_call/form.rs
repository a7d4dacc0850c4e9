//! The form of a roster: periods, and what they would not keep, to be confirmed one and all.

use maud::{Markup, html};

use super::Board;
use crate::design::components::{self, Choice, Reason};
use crate::design::{Lang, Shell};

/// What is chosen from, and what was typed before it was weighed.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pub key: String,
    /// People who may be put on call; the first choice is nobody.
    pub people: Vec<Choice>,
    pub rows: Vec<RowTyped>,
    pub exceptional: String,
    /// `None` before the periods were weighed.
    pub found: Option<Vec<Breach>>,
}

/// A period as it is typed: a person's key and two local instants, as `datetime-local` writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowTyped {
    pub person: String,
    pub from: String,
    pub until: String,
}

/// Something that the roster would not keep.
#[derive(Clone, Debug)]
pub struct Breach {
    /// What names it when it is confirmed.
    pub key: String,
    pub who: Option<String>,
    pub reasons: Vec<Reason>,
}

pub(super) fn draw(shell: &Shell, action: &str, board: &Board, form: &Form, nth: usize) -> Markup {
    let lang = shell.lang;
    components::act(
        shell,
        action,
        &form.key,
        "form",
        html! {
            input type="hidden" name="contract" value=(board.contract);
            input type="hidden" name="label" value=(board.label);
            @if let Some(found) = &form.found { (weighed(found, nth, lang)) }
            p {
                (lang.t("Le programme remplace ce qui était publié entre son premier et son dernier instant. Laissez vides les lignes inutiles.",
                        "The roster replaces what was published between its first and its last instant. Leave unused lines empty."))
            }
            @for (row, typed) in form.rows.iter().enumerate() { (period(form, typed, nth, row, lang)) }
            div.field {
                label for={ "exceptional-" (nth) } {
                    (lang.t("Circonstances exceptionnelles, si le programme vient tard : lesquelles ?", "Exceptional circumstances, if the roster comes late: which ones?"))
                }
                input type="text" id={ "exceptional-" (nth) } name="exceptional" value=(form.exceptional) maxlength="1000";
            }
            p {
                button type="submit" name="do" value="weigh" { (lang.t("Vérifier", "Check")) } " "
                button.primary type="submit" name="do" value="publish" { (lang.t("Publier le programme", "Publish the roster")) }
            }
        },
    )
}

fn period(form: &Form, typed: &RowTyped, nth: usize, row: usize, lang: Lang) -> Markup {
    let id = |name: &str| format!("{name}-{nth}-{row}");
    html! {
        fieldset.turn {
            legend { (lang.t("Période", "Period")) " " (row + 1) }
            (components::select(&id("person"), &format!("person-{row}"), lang.t("Personne", "Person"), &form.people, &typed.person))
            @for (name, label, value) in [("from", lang.t("Du", "From"), &typed.from), ("until", lang.t("Au", "Until"), &typed.until)] {
                div.field {
                    label for=(id(name)) { (label) }
                    input type="datetime-local" id=(id(name)) name={ (name) "-" (row) } value=(value);
                }
            }
        }
    }
}

/// What was found, each with its article; publishing takes one tick for all that was read.
fn weighed(found: &[Breach], nth: usize, lang: Lang) -> Markup {
    let keys: Vec<&str> = found.iter().map(|breach| breach.key.as_str()).collect();
    html! {
        @if found.is_empty() {
            p role="status" { (lang.t("Rien ne s’y oppose : délais de prévenance, repos entre deux périodes et heures promises sont respectés. Deux périodes qui se touchent n’en font qu’une, sans repos entre elles.",
                                      "Nothing stands in the way: notice, rest between two periods and hours promised are kept. Two periods that touch are one, with no rest between them.")) }
        } @else {
            div.refusal role="alert" {
                p.refusal-title { (lang.t("Ce que ce programme ne respecte pas", "Where this roster falls short")) }
                ul {
                    @for breach in found {
                        li {
                            @if let Some(who) = &breach.who { strong { (who) } }
                            (components::reasons(&breach.reasons, lang))
                        }
                    }
                }
                input type="hidden" name="found" value=(keys.join(","));
                p {
                    input type="checkbox" id={ "accept-" (nth) } name="accept" value="1";
                    " " label for={ "accept-" (nth) } {
                        (lang.t("J’ai lu chacun de ces écarts et je publie malgré eux ; le journal le dira.",
                                "I have read each of these breaches and publish in spite of them; the journal will say so."))
                    }
                }
            }
        }
    }
}
