//! Deliveries of application maintenance: estimated in work units, ordered, delivered, accepted step by
//! step, then under warranty.
//!
//! VABF, *vérification d'aptitude au bon fonctionnement*, and VSR, *vérification de service régulier*, are
//! the usual steps (CCAG-TIC 2021, articles 31 and 32); a contract may name others. What the contract does
//! not say is a convention of this module:
//! - where something is asked for before production, the steps after the first run in production, and
//!   begin with it; elsewhere each begins when the one before has passed;
//! - what was refused is presented again, and is verified again from the first step;
//! - a refusal by silence does not keep the customer from accepting later, in writing.

mod standing;
mod units;
mod warranty;

#[cfg(test)]
mod tests;

use base::Bilingual;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use standing::{Came, Outcome, Stage, Standing, Verification, need_in_words, standing};
pub use units::{book_of, estimated, ordered_first};
pub use warranty::{Warranty, warranty};

use crate::kinds::Kind;

/// Work of one kind of the catalogue, so many times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// A code of the catalogue.
    pub code: String,
    pub count: u32,
}

/// What the customer says of a delivery at the end of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Accepted,
    /// Accepted, with defects left to mend that are written down.
    WithReserves,
    Refused,
}

impl Verdict {
    pub const ALL: [Verdict; 3] = [Verdict::Accepted, Verdict::WithReserves, Verdict::Refused];

    pub fn key(self) -> &'static str {
        match self {
            Verdict::Accepted => "accepted",
            Verdict::WithReserves => "with_reserves",
            Verdict::Refused => "refused",
        }
    }

    pub fn from_key(key: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|v| v.key() == key)
    }

    pub fn name(self) -> Bilingual {
        let (fr, en) = match self {
            Verdict::Accepted => ("acceptée", "accepted"),
            Verdict::WithReserves => ("acceptée avec réserves", "accepted with reserves"),
            Verdict::Refused => ("refusée", "refused"),
        };
        Bilingual::new(fr, en)
    }

    pub fn passes(self) -> bool {
        self != Verdict::Refused
    }
}

/// The estimate of an evolution, in units of the contract's book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estimate {
    pub pieces: Vec<Piece>,
    pub made: Timestamp,
    /// The last day it may be ordered; `None`: as long as no other takes its place.
    pub until: Option<Date>,
}

/// A verdict as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The step by its name in the contract.
    pub step: String,
    pub verdict: Verdict,
    pub at: Timestamp,
}

/// A piece of maintenance, as its ticket tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub kind: Kind,
    /// When it was asked for.
    pub asked: Timestamp,
    /// It is ordered from a book of units: of the contract in force, whatever version its ticket keeps.
    pub in_units: bool,
    /// The estimate that stands.
    pub estimate: Option<Estimate>,
    pub ordered: Option<Timestamp>,
    /// The estimate was declined, or the order withdrawn.
    pub declined: bool,
    /// Each time it was presented for acceptance, in order.
    pub presented: Vec<Timestamp>,
    /// Of the last presentation.
    pub verdicts: Vec<Given>,
    /// What production asks for and was shown, of the last presentation.
    pub shown: Vec<String>,
    pub production: Option<Timestamp>,
}

impl Delivery {
    pub fn new(kind: Kind, asked: Timestamp, in_units: bool) -> Delivery {
        Delivery {
            kind,
            asked,
            in_units,
            estimate: None,
            ordered: None,
            declined: false,
            presented: Vec::new(),
            verdicts: Vec::new(),
            shown: Vec::new(),
            production: None,
        }
    }
}
