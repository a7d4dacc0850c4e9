//! An act that was not done, with what was typed for it: nobody types twice what a rule refused once.

use crate::pages::shared::Refusal;

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
