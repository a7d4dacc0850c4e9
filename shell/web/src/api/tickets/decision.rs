//! What the contract makes of a request, and the price of its work.

use base::Because;
use engines::perimeter::price::Agreement;
use engines::perimeter::{Admission, Covered, Decision, Work};
use jiff::civil::Date;

use super::Coverage;
use crate::api::because::{Why, whys};
use crate::api::schema::{Money, answer, words};

words! {
    /// On what terms the work is done.
    WorkWord ["unstated", "included", "within_allowance", "priced", "at_rate", "quoted", "excluded", "unknown"];
    /// Whether the customer agreed to the price of the work.
    AgreementWord ["not_needed", "quote_awaited", "awaited", "lapsed", "agreed", "declined"];
    /// Whether the contract takes the request.
    DecisionWord ["accepted", "priced", "needs_quote", "refused"];
}

answer! {
    /// What the perimeter decided, in the version that the ticket keeps.
    DecisionAnswer {
        admission: DecisionWord,
        coverage: Coverage,
        /// Who runs the thing, when it is shared.
        third_party: Option<String>,
        work: WorkWord,
        /// The price agreed, net of VAT.
        price: Option<Money>,
        /// The parties marked the item as needing care.
        sensitive: bool,
        reasons: Vec<Why>,
    }

    /// Whether work may begin: what has a price waits for the customer's agreement.
    PriceAnswer {
        agreement: AgreementWord,
        /// The price that stands, net of VAT.
        price: Option<Money>,
        /// The last day a quotation holds.
        until: Option<Date>,
        reasons: Vec<Why>,
    }
}

impl From<Because<Decision>> for DecisionAnswer {
    fn from(Because { value, reasons }: Because<Decision>) -> DecisionAnswer {
        let (admission, price) = match value.admission {
            Admission::Accepted => ("accepted", None),
            Admission::AcceptedPriced { price } => ("priced", Some(price)),
            Admission::NeedsQuote => ("needs_quote", None),
            Admission::Refused => ("refused", None),
        };
        let (coverage, third_party) = match value.covered {
            Covered::In => ("in", None),
            Covered::Out => ("out", None),
            Covered::Shared { third_party } => ("shared", third_party),
        };
        let work = match value.work {
            Work::Unstated => "unstated",
            Work::Included => "included",
            Work::WithinAllowance { .. } => "within_allowance",
            Work::Priced { .. } => "priced",
            Work::AtRate { .. } => "at_rate",
            Work::Quoted => "quoted",
            Work::Excluded => "excluded",
            Work::Unknown => "unknown",
        };
        DecisionAnswer {
            admission: DecisionWord::of(admission),
            coverage: Coverage::of(coverage),
            third_party,
            work: WorkWord::of(work),
            price: price.map(Money::from),
            sensitive: value.sensitive,
            reasons: whys(reasons),
        }
    }
}

impl From<Because<Agreement>> for PriceAnswer {
    fn from(Because { value, reasons }: Because<Agreement>) -> PriceAnswer {
        let (agreement, price, until) = match value {
            Agreement::NotNeeded => ("not_needed", None, None),
            Agreement::QuoteAwaited => ("quote_awaited", None, None),
            Agreement::Awaited { price, until } => ("awaited", Some(price), until),
            Agreement::Lapsed { price, until } => ("lapsed", Some(price), Some(until)),
            Agreement::Agreed { price } => ("agreed", Some(price), None),
            Agreement::Declined => ("declined", None, None),
        };
        PriceAnswer {
            agreement: AgreementWord::of(agreement),
            price: price.map(Money::from),
            until,
            reasons: whys(reasons),
        }
    }
}
