//! Is this item covered, and on what terms is this work done? The answer before the work, with the article.
//!
//! An item named beats its class; between two statements of the same rank the stricter one wins (out,
//! then shared, then in), so the order of clauses never decides.

pub mod at_rate;
mod cover;
mod operation;
pub mod price;
mod upkeep;

#[cfg(test)]
mod tests;

use base::{Because, Money, Reason};
use serde::{Deserialize, Serialize};
use terms::operation::OTHER;
use terms::{Dimension, Facts, Operation, OperationTerms, Rule, Terms, governing};

use crate::period::Span;
use crate::say::say;

pub use upkeep::{Area, Upkeep, upkeep};

/// Whether the contract takes the request, and what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "admission", rename_all = "snake_case")]
pub enum Admission {
    Accepted,
    /// Taken at a price, net of VAT, to be shown before the work; the most that it may come to for
    /// [`Work::AtRate`].
    AcceptedPriced {
        price: Money,
    },
    /// Taken once a quotation is accepted.
    NeedsQuote,
    Refused,
}

/// Where the thing concerned stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "coverage", rename_all = "snake_case")]
pub enum Covered {
    In,
    Out,
    /// A third party runs it; the provider coordinates.
    Shared {
        third_party: Option<String>,
    },
}

/// On what terms the work is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "work", rename_all = "snake_case")]
pub enum Work {
    /// No operation was named, or the contract lists none: the perimeter alone decides.
    Unstated,
    Included,
    /// Paid by the fee until `included` have been done in the period; `left` counts this one.
    WithinAllowance {
        included: u32,
        left: u32,
    },
    /// Beyond the allowance: each at `price`, after `after` included.
    Priced {
        price: Money,
        after: u32,
    },
    /// Paid for by the time that it takes, at the rate of a profile; `up_to`: see [`OperationTerms::AtRate`].
    AtRate {
        profile: String,
        up_to: Option<Money>,
    },
    Quoted,
    Excluded,
    /// Not one of the contract's operations.
    Unknown,
}

/// What the perimeter and the operations say together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub covered: Covered,
    pub work: Work,
    pub admission: Admission,
    /// The parties marked the item as needing care.
    pub sensitive: bool,
}

/// Decides on a request.
///
/// `used_in_period`: how many times the operation was already done in its period, see [`allowance_period`].
/// The site, item, class and operation are read in the facts; neither item nor class means plain
/// user support, which is inside.
pub fn decide(terms: &Terms, facts: &Facts, used_in_period: u32) -> Because<Decision> {
    let Because { value: (covered, sensitive), mut reasons } = cover::cover(terms, facts);
    let Because { value: work, reasons: why } = operation::operation(terms, facts, used_in_period);
    reasons.extend(why);
    let admission = match (&covered, &work) {
        (Covered::Out, _) | (_, Work::Excluded | Work::Unknown) => Admission::Refused,
        (_, Work::Quoted | Work::AtRate { up_to: None, .. }) => Admission::NeedsQuote,
        (_, Work::Priced { price, .. } | Work::AtRate { up_to: Some(price), .. }) => {
            Admission::AcceptedPriced { price: *price }
        }
        (_, Work::Unstated | Work::Included | Work::WithinAllowance { .. }) => Admission::Accepted,
    };
    Because::new(Decision { covered, work, admission, sensitive }, reasons)
}

/// Whether what is refused may be done on a quotation: the contract names it and excludes it. An item, a class or
/// an operation that the contract does not know is none of the provider's business before an amendment.
pub fn quotable(terms: &Terms, facts: &Facts, decision: &Decision) -> bool {
    let about_nothing = facts.get(Dimension::Item).is_none() && facts.get(Dimension::ItemClass).is_none();
    decision.admission == Admission::Refused
        && decision.work != Work::Unknown
        && (about_nothing || cover::stated(terms, facts).is_some())
}

/// That what is excluded is done on a quotation all the same.
pub fn on_quotation() -> Reason {
    say("perimeter.on_quotation", |lang| {
        lang.t(
            "Exclu du contrat, donc demandé sur devis : aucun travail avant un devis accepté.",
            "Excluded from the contract, hence asked for on a quotation: no work before one is accepted.",
        )
        .to_owned()
    })
}

/// The operation's clause that governs these facts, else the one on all other work; `None` when the contract
/// neither knows the operation nor says what becomes of others.
pub fn operation_clause<'a>(terms: &'a Terms, facts: &Facts) -> Option<&'a Rule<Operation>> {
    let name = facts.get(Dimension::Operation)?;
    let named = |name: &str| governing(terms.operations.iter().filter(|r| r.then.operation == name), facts);
    // Work that is listed for other cases only (another channel, another site) is not « other work ».
    if terms.operations.iter().any(|r| r.then.operation == name) { named(name) } else { named(OTHER) }
}

/// The operations that the contract does in these circumstances, such as a channel: one clause for each, in the
/// order of the contract; those it excludes are left out.
pub fn offered<'a>(terms: &'a Terms, facts: &Facts) -> Vec<&'a Rule<Operation>> {
    let mut names: Vec<&str> = Vec::new();
    for rule in &terms.operations {
        if !names.contains(&rule.then.operation.as_str()) {
            names.push(&rule.then.operation);
        }
    }
    let clause = |name: &str| operation_clause(terms, &facts.clone().with(Dimension::Operation, name));
    names.into_iter().filter_map(clause).filter(|r| r.then.terms != OperationTerms::Excluded).collect()
}

/// The period over which a metered operation is counted, on the day given; `None` when it is not metered.
pub fn allowance_period(terms: &Terms, facts: &Facts, on: jiff::civil::Date) -> Option<Span> {
    match operation_clause(terms, facts)?.then.terms {
        OperationTerms::Metered { per, .. } => Some(Span::of(per, terms, on)),
        _ => None,
    }
}
