//! The contract's life beside its tickets: duties done with their proof, and what happens to it.

use base::id::{AccountId, ContractId, TicketId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::{DutyProof, Trigger};
use uuid::Uuid;

use crate::{ContentId, Micros};

/// A duty was done, and its proof given. Several may answer one occurrence: the first in time counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyDone {
    pub done: Uuid,
    pub contract: ContractId,
    /// The clause that owes it, and which of its duties.
    pub label: String,
    pub what: String,
    /// The local day it was done.
    pub on: Date,
    pub proof: DutyProof,
    /// Where the proof is, in words: content beside the log.
    pub reference: ContentId,
    /// What was renewed runs until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// The ticket by which it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketId>,
    pub by: AccountId,
}

/// Something that rights and duties count from was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifeTold {
    pub told: Uuid,
    pub contract: ContractId,
    pub fact: LifeFact,
    /// When it happened, or is planned.
    pub at: Micros,
    /// What it was about, in words: content beside the log.
    pub about: ContentId,
    /// The clause whose duties it starts; `None`: those of every clause that counts from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    pub by: AccountId,
}

/// What can happen to a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum LifeFact {
    Event {
        trigger: Trigger,
    },
    /// A formal notice of a breach was received.
    Breach,
    /// Every breach notified before was mended.
    BreachesMended,
    ForceMajeureBegan,
    ForceMajeureEnded,
    /// An authority or a court asked for the end.
    AuthorityAsked,
    /// A notice gives the contract this last day.
    NoticeGiven {
        last: Date,
    },
}

impl LifeFact {
    /// As a row keeps it: the fact, and its trigger or its day.
    pub fn words(&self) -> (String, Option<String>) {
        let value = serde_json::to_value(self).expect("a fact is text");
        let text = |key: &str| value.get(key).and_then(|v| v.as_str()).map(str::to_owned);
        (text("fact").unwrap_or_default(), text("trigger").or_else(|| text("last")))
    }

    /// Reads [`LifeFact::words`] back; `None` for words that no version wrote.
    pub fn from_words(fact: &str, detail: Option<&str>) -> Option<LifeFact> {
        let mut value = serde_json::json!({ "fact": fact });
        let key = if fact == "event" { "trigger" } else { "last" };
        if let Some(detail) = detail {
            value[key] = detail.into();
        }
        serde_json::from_value(value).ok()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn facts_survive_their_row() {
        let facts = [
            LifeFact::Event { trigger: Trigger::ChangeOfControl },
            LifeFact::Breach,
            LifeFact::BreachesMended,
            LifeFact::ForceMajeureBegan,
            LifeFact::ForceMajeureEnded,
            LifeFact::AuthorityAsked,
            LifeFact::NoticeGiven { last: date(2029, 2, 28) },
        ];
        for fact in facts {
            let (words, detail) = fact.words();
            assert_eq!(LifeFact::from_words(&words, detail.as_deref()), Some(fact));
        }
        assert_eq!(LifeFact::from_words("event", Some("nonsense")), None);
    }
}
