//! Kinds of work, and on what terms each is done: included, metered, at a rate, quoted or excluded.

use base::Money;
use serde::{Deserialize, Serialize};

use crate::commitment::Period;
use crate::question::Question;

/// The name under which a contract says what becomes of the work it does not list.
pub const OTHER: &str = "other";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// `on_site_visit`, `user_support`…; [`OTHER`] for whatever is not listed.
    pub operation: String,
    /// In the parties' words.
    pub title: String,
    pub terms: OperationTerms,
    /// What whoever asks for it is asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ask: Vec<Question>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "terms", rename_all = "snake_case")]
pub enum OperationTerms {
    /// Paid by the fixed fee, without limit.
    Included,
    /// So many in each period paid by the fee, then a price each.
    Metered { included: u32, per: Period, then_price: Money },
    /// Paid for by the time that it takes, at the rate of a profile.
    AtRate {
        profile: String,
        /// The most that it may come to without another agreement, net of VAT; `None`: a maximum is agreed to
        /// before each piece of work.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        up_to: Option<Money>,
    },
    /// Done only after a quotation is accepted.
    Quoted,
    /// Not done under this contract.
    Excluded,
}
