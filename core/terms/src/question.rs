//! What whoever asks for a service or an operation is asked: the form that a clause writes.

use base::Lang;
use serde::{Deserialize, Serialize};

/// One question of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Short name, by which an answer names it; each question of a form has its own.
    pub name: String,
    /// As it is asked, in the parties' words.
    pub fr: String,
    /// In English; `None`: as in French.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
    /// What an answer is.
    #[serde(flatten)]
    pub answer: AnswerType,
    /// Whether nothing is asked for without its answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
}

/// What an answer is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AnswerType {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// A whole number, zero or more; the bounds are included.
    Number {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<u32>,
    },
    Date,
    Choice {
        /// An answer is one of these.
        of: Vec<String>,
        /// The same in English, in the same order; empty: as in French.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        of_en: Vec<String>,
    },
    YesNo,
    /// Something of the perimeter: one of its items, or a class that it names no items of.
    Item,
}

impl Question {
    /// As it is asked.
    pub fn asks(&self, lang: Lang) -> &str {
        match (&self.en, lang) {
            (Some(en), Lang::En) => en,
            _ => &self.fr,
        }
    }
}

impl AnswerType {
    /// The word by which contracts write it.
    pub fn key(&self) -> &'static str {
        match self {
            AnswerType::Text => "text",
            AnswerType::LongText => "long_text",
            AnswerType::Number { .. } => "number",
            AnswerType::Date => "date",
            AnswerType::Choice { .. } => "choice",
            AnswerType::YesNo => "yes_no",
            AnswerType::Item => "item",
        }
    }
}
