//! What happens to a delivery of maintenance: estimated, ordered, delivered, verified, put in production.

use base::Money;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use engines::delivery::{Piece, Verdict};

use crate::ContentId;

/// What happened to a delivery, as a step of its ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum DeliveryTold {
    /// Another estimate takes the place of the one before.
    Estimated {
        /// The label of the book of units.
        book: String,
        pieces: Vec<Piece>,
        /// What they cost that day, net of VAT.
        price: Money,
        /// The last day it may be ordered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
        /// What would be done.
        body: ContentId,
    },
    Ordered {
        /// The entry of the estimate ordered.
        estimate: u64,
        /// As the estimate told them, repeated for the book.
        book: String,
        pieces: Vec<Piece>,
        price: Money,
        /// Where the customer wrote it, when the provider writes it down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<ContentId>,
    },
    /// The estimate is declined, or the order withdrawn before anything was delivered.
    Declined {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        estimate: Option<u64>,
        why: ContentId,
    },
    /// Delivered where it is verified; again after a refusal.
    Presented {
        /// The version, what is in it, how to verify it.
        note: ContentId,
    },
    Decided {
        /// The entry of the presentation.
        presented: u64,
        /// The step of the acceptance, by its name in the contract.
        step: String,
        verdict: Verdict,
        /// The reserves, or why it is refused.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<ContentId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<ContentId>,
    },
    /// Something that production asks for is there.
    Shown {
        /// By its word in the clause.
        need: String,
        /// Where it is, or how it went.
        reference: ContentId,
    },
    InProduction,
}

impl DeliveryTold {
    pub(crate) const KINDS: [&'static str; 7] = [
        "delivery.estimated",
        "delivery.ordered",
        "delivery.declined",
        "delivery.presented",
        "delivery.decided",
        "delivery.shown",
        "delivery.in_production",
    ];

    pub fn kind(&self) -> &'static str {
        let place = match self {
            DeliveryTold::Estimated { .. } => 0,
            DeliveryTold::Ordered { .. } => 1,
            DeliveryTold::Declined { .. } => 2,
            DeliveryTold::Presented { .. } => 3,
            DeliveryTold::Decided { .. } => 4,
            DeliveryTold::Shown { .. } => 5,
            DeliveryTold::InProduction => 6,
        };
        DeliveryTold::KINDS[place]
    }

    /// Its words, the first being what it is about.
    pub fn contents(&self) -> Vec<ContentId> {
        match self {
            DeliveryTold::Estimated { body, .. } => vec![*body],
            DeliveryTold::Ordered { reference, .. } => reference.iter().copied().collect(),
            DeliveryTold::Declined { why, .. } => vec![*why],
            DeliveryTold::Presented { note } => vec![*note],
            DeliveryTold::Decided { note, reference, .. } => note.iter().chain(reference).copied().collect(),
            DeliveryTold::Shown { reference, .. } => vec![*reference],
            DeliveryTold::InProduction => Vec::new(),
        }
    }

    /// It tells what the work costs, or what the customer answered.
    pub fn is_about_money(&self) -> bool {
        matches!(
            self,
            DeliveryTold::Estimated { .. } | DeliveryTold::Ordered { .. } | DeliveryTold::Declined { .. }
        )
    }
}
