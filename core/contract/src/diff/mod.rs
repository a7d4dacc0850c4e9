//! Two versions of a contract compared: their text, what they decide, and the money that moves.
//!
//! `text` is for those who sign, `meaning` for those who run it: the cases that the two texts decide
//! differently, as few boxes over the values that the texts name. `replay` judges real tickets again
//! under other terms, and `money` closes a real month again.
//!
//! Invariant: nothing here reads a vault. Facts are given, and the same two texts always give the same
//! comparison; a text compared with itself gives an empty one.

mod boxes;
mod calendars;
mod cases;
mod coverage;
mod meaning;
mod money;
mod prose;
mod render;
mod replay;
mod rules;
mod text;
mod words;

use serde::Serialize;

pub use calendars::CalendarChange;
pub use cases::{Cases, Days, Names, Values};
pub use meaning::{Answer, CaseChange, Meaning, Question, aligned, answer, meaning};
pub use money::{Figures, Money, Moved, Side, money};
pub use prose::{Compared, words};
pub use render::{render, render_money};
pub use replay::{Admissions, Case, Judged, PromiseChange, TicketChange, as_if, judge, tickets};
pub use rules::{FieldChange, RuleChange, Stated};
pub use text::{ArticleChange, Change, ClauseChange, Piece, text};

use crate::compile::Compiled;

/// What differs between two versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    pub text: Vec<ArticleChange>,
    pub meaning: Meaning,
}

impl Diff {
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.meaning.is_empty()
    }
}

/// Compares two versions that compile: contracts, or amendments over their base.
pub fn compare(before: &Compiled, after: &Compiled) -> Diff {
    Diff { text: text(before, after), meaning: meaning(before, after) }
}
