//! The facts of a case, and the guards that compare them: closed dimensions only, so that overlap and
//! gaps are decided when the contract is compiled, not at three in the morning.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a guard may look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    Priority,
    Impact,
    Urgency,
    Kind,
    Level,
    Role,
    Site,
    Service,
    ItemClass,
    Item,
    Channel,
    Country,
    Operation,
    Audience,
}

impl Dimension {
    pub const ALL: [Dimension; 14] = [
        Dimension::Priority,
        Dimension::Impact,
        Dimension::Urgency,
        Dimension::Kind,
        Dimension::Level,
        Dimension::Role,
        Dimension::Site,
        Dimension::Service,
        Dimension::ItemClass,
        Dimension::Item,
        Dimension::Channel,
        Dimension::Country,
        Dimension::Operation,
        Dimension::Audience,
    ];

    /// The key a contract writes.
    pub fn key(self) -> &'static str {
        match self {
            Dimension::Priority => "priority",
            Dimension::Impact => "impact",
            Dimension::Urgency => "urgency",
            Dimension::Kind => "kind",
            Dimension::Level => "level",
            Dimension::Role => "role",
            Dimension::Site => "site",
            Dimension::Service => "service",
            Dimension::ItemClass => "item_class",
            Dimension::Item => "item",
            Dimension::Channel => "channel",
            Dimension::Country => "country",
            Dimension::Operation => "operation",
            Dimension::Audience => "audience",
        }
    }

    pub fn from_key(key: &str) -> Option<Dimension> {
        Dimension::ALL.into_iter().find(|d| d.key() == key)
    }
}

/// What is known of a case: at most one value in each dimension, and the local date it is judged on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    #[serde(default)]
    pub values: BTreeMap<Dimension, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}

impl Facts {
    pub fn with(mut self, dimension: Dimension, value: impl Into<String>) -> Facts {
        self.values.insert(dimension, value.into());
        self
    }

    pub fn get(&self, dimension: Dimension) -> Option<&str> {
        self.values.get(&dimension).map(String::as_str)
    }
}

/// A box over the dimensions: every dimension named must have one of its values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guard {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<Dimension, BTreeSet<String>>,
    /// First day it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Last day it holds, included, as contracts write « jusqu'au 31 mai inclus ».
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

impl Guard {
    pub fn is_always(&self) -> bool {
        self.values.is_empty() && self.from.is_none() && self.until.is_none()
    }

    /// A fact that is not known does not meet a guard that asks for it.
    pub fn holds(&self, facts: &Facts) -> bool {
        let values = self
            .values
            .iter()
            .all(|(dimension, allowed)| facts.get(*dimension).is_some_and(|v| allowed.contains(v)));
        let dated = self.from.is_none() && self.until.is_none()
            || facts
                .date
                .is_some_and(|d| self.from.is_none_or(|f| f <= d) && self.until.is_none_or(|u| d <= u));
        values && dated
    }

    /// Whether some case meets both.
    pub fn overlaps(&self, other: &Guard) -> bool {
        let values = self.values.iter().all(|(dimension, mine)| {
            other.values.get(dimension).is_none_or(|theirs| !mine.is_disjoint(theirs))
        });
        let begin = self.from.max(other.from);
        let end = [self.until, other.until].into_iter().flatten().min();
        values && !matches!((begin, end), (Some(b), Some(e)) if b > e)
    }
}
