//! A term with its provenance, its guard and its place among exceptions; and which rule governs.

use base::Provenance;
use serde::{Deserialize, Serialize};

use crate::facts::{Facts, Guard};

/// A term as a clause states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule<T> {
    pub from: Provenance,
    /// The guard as written here; an exception applies where the rule it excepts applies and this holds.
    #[serde(default, skip_serializing_if = "Guard::is_always")]
    pub when: Guard,
    /// The label of the rule this one excepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception_to: Option<String>,
    pub then: T,
}

impl<T> Rule<T> {
    pub fn label(&self) -> &str {
        &self.from.label
    }

    pub fn with<U>(&self, then: U) -> Rule<U> {
        Rule {
            from: self.from.clone(),
            when: self.when.clone(),
            exception_to: self.exception_to.clone(),
            then,
        }
    }
}

/// The one rule that governs these facts, `None` when none does.
///
/// A rule governs when its guard holds, and so do those of the rules it excepts, up to the first,
/// and no exception to it governs. The compiler has proved that two siblings never hold at once, so
/// the order of the rules does not matter.
pub fn governing<'a, T: 'a>(
    rules: impl Iterator<Item = &'a Rule<T>> + Clone,
    facts: &Facts,
) -> Option<&'a Rule<T>> {
    let root = rules.clone().find(|r| r.exception_to.is_none() && r.when.holds(facts))?;
    Some(descend(rules, root, facts))
}

/// As [`governing`], beginning at the rule of this label.
pub fn governing_from<'a, T>(rules: &'a [Rule<T>], label: &str, facts: &Facts) -> Option<&'a Rule<T>> {
    let root = rules.iter().find(|r| r.label() == label && r.when.holds(facts))?;
    Some(descend(rules.iter(), root, facts))
}

fn descend<'a, T: 'a>(
    rules: impl Iterator<Item = &'a Rule<T>> + Clone,
    root: &'a Rule<T>,
    facts: &Facts,
) -> &'a Rule<T> {
    let mut current = root;
    // Cycles are refused when the contract is compiled; the bound keeps a hostile import finite.
    for _ in 0..32 {
        let exception =
            rules.clone().find(|r| r.exception_to.as_deref() == Some(current.label()) && r.when.holds(facts));
        match exception {
            Some(exception) => current = exception,
            None => break,
        }
    }
    current
}
