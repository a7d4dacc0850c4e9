//! The price before the work: what the customer must have agreed to before any time is spent.
//!
//! An operation past its allowance has the price of its clause; work done on quotation has the price of the
//! quotation, for as long as it says. Silence is not an agreement, and waiting stops no clock by itself.

use base::lang::date;
use base::{Because, Money};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::{Facts, Terms};

use super::{Admission, decide, operation_clause};
use crate::say::{cite, say};

/// What was said of the price of some work, net of VAT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "snake_case")]
pub enum Said {
    /// The provider asks this price; `until` is the last day it holds, `None` for as long as it takes.
    Quoted {
        price: Money,
        until: Option<Date>,
    },
    Agreed {
        price: Money,
    },
    Declined,
}

/// Whether the work may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "agreement", rename_all = "snake_case")]
pub enum Agreement {
    /// The fee pays: nothing is asked.
    NotNeeded,
    /// The provider has to say a price first.
    QuoteAwaited,
    /// The customer has to answer.
    Awaited {
        price: Money,
        until: Option<Date>,
    },
    /// The quotation held until a day that has passed without an answer.
    Lapsed {
        price: Money,
        until: Date,
    },
    Agreed {
        price: Money,
    },
    Declined,
}

impl Agreement {
    /// Time may be spent on it.
    pub fn allows_work(self) -> bool {
        matches!(self, Agreement::NotNeeded | Agreement::Agreed { .. })
    }
}

/// Whether work admitted with these facts may be done on the day `on`, and which clause says so.
///
/// `used_in_period` is as for [`decide`]; `said` is in order of time. A quotation replaces what was said
/// before it, also on work that the fee pays: something more was found to do.
pub fn before_work(
    terms: &Terms,
    facts: &Facts,
    used_in_period: u32,
    said: &[Said],
    on: Date,
) -> Because<Agreement> {
    let Because { value: decision, mut reasons } = decide(terms, facts, used_in_period);
    let mut value = match decision.admission {
        Admission::Accepted | Admission::Refused => Agreement::NotNeeded,
        Admission::AcceptedPriced { price } => Agreement::Awaited { price, until: None },
        Admission::NeedsQuote => Agreement::QuoteAwaited,
    };
    for said in said {
        value = match *said {
            Said::Quoted { price, until } => Agreement::Awaited { price, until },
            Said::Agreed { price } => Agreement::Agreed { price },
            // What more was found to do is not done; the rest of the ticket was never charged.
            Said::Declined if decision.admission == Admission::Accepted => Agreement::NotNeeded,
            Said::Declined => Agreement::Declined,
        };
    }
    if let Agreement::Awaited { price, until: Some(until) } = value
        && until < on
    {
        value = Agreement::Lapsed { price, until };
    }
    if value != Agreement::NotNeeded {
        let text = |lang| sentence(value, lang);
        reasons.push(match operation_clause(terms, facts) {
            Some(rule) => cite("price.agreement", rule, text),
            None => say("price.agreement", text),
        });
    }
    Because::new(value, reasons)
}

fn sentence(agreement: Agreement, lang: base::Lang) -> String {
    match agreement {
        Agreement::NotNeeded => String::new(),
        Agreement::QuoteAwaited => lang
            .t(
                "Le prix n'est pas encore établi\u{a0}: aucun travail avant un devis accepté.",
                "No price has been given yet: no work before a quotation is accepted.",
            )
            .to_owned(),
        Agreement::Awaited { price, until } => {
            let price = price.show(lang);
            let until = until.map(|day| date(lang, day));
            let until = until.map_or_else(String::new, |day| {
                lang.t(format!(", valable jusqu'au {day},"), format!(", which holds until {day},"))
            });
            lang.t(
                format!("Le prix de {price} HT{until} attend l'accord du Client\u{a0}: aucun travail avant."),
                format!("The price of {price} net{until} awaits the customer's agreement: no work before."),
            )
        }
        Agreement::Lapsed { price, until } => {
            let (price, until) = (price.show(lang), date(lang, until));
            lang.t(
                format!("Le devis de {price} HT valait jusqu'au {until}\u{a0}: il en faut un autre."),
                format!("The quotation of {price} net held until {until}: another is needed."),
            )
        }
        Agreement::Agreed { price } => {
            let price = price.show(lang);
            lang.t(
                format!("Le Client a accepté le prix de {price} HT."),
                format!("The customer agreed to the price of {price} net."),
            )
        }
        Agreement::Declined => lang
            .t(
                "Le Client a refusé le prix\u{a0}: le travail n'est pas fait.",
                "The customer declined the price: the work is not done.",
            )
            .to_owned(),
    }
}
