//! A contract through time: the text first signed, then one version for each amendment.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Terms;

/// One immutable version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// SHA-256 of the signed texts up to this one, lower-case hex.
    pub hash: String,
    /// The first local day it is in force.
    pub effective: Date,
    pub terms: Terms,
}

/// All versions of one contract, in order of effect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    pub versions: Vec<Version>,
}

impl History {
    /// The version in force on a local date; before the first, the first (its clauses say from when they bind).
    pub fn at(&self, date: Date) -> Option<&Version> {
        self.versions.iter().rev().find(|v| v.effective <= date).or(self.versions.first())
    }

    pub fn by_hash(&self, hash: &str) -> Option<&Version> {
        self.versions.iter().find(|v| v.hash == hash)
    }

    /// The version that something keeps, by its hash; where none is known, the one in force on the day.
    pub fn kept(&self, hash: Option<&str>, on: Date) -> Option<&Version> {
        hash.and_then(|hash| self.by_hash(hash)).or_else(|| self.at(on))
    }

    pub fn latest(&self) -> Option<&Version> {
        self.versions.last()
    }
}
