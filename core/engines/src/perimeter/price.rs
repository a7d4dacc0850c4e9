//! The price before the work: what the customer must have agreed to before any time is spent.
//!
//! Work at a rate has a maximum, of its clause or of a quotation: an agreement to it holds until another is
//! agreed to, and one that waits, is declined or lapses takes nothing back from it.
//! An operation past its allowance has the price of its clause; work done on quotation has the price of the
//! quotation, for as long as it says. Silence is not an agreement, and waiting stops no clock by itself.

use base::lang::date;
use base::{Because, Money};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::{Facts, Terms};

use super::at_rate::{AtRate, at_rate};
use super::{Admission, Work, decide, operation_clause};
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
    /// In units of a book, at this price: the time that it takes adds nothing to it.
    Ordered {
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
        Admission::Accepted => Agreement::NotNeeded,
        Admission::AcceptedPriced { price } => Agreement::Awaited { price, until: None },
        // What is excluded is only ever taken in to be quoted.
        Admission::NeedsQuote | Admission::Refused => Agreement::QuoteAwaited,
    };
    let by_time = matches!(decision.work, Work::AtRate { .. }) && !ordered(said);
    let basis = if by_time { Basis::Maximum } else { Basis::Price };
    let mut maximum = None;
    for said in said {
        value = match (*said, maximum) {
            (Said::Quoted { price, until }, _) => Agreement::Awaited { price, until },
            (Said::Agreed { price } | Said::Ordered { price }, _) => {
                maximum = (basis == Basis::Maximum).then_some(price);
                Agreement::Agreed { price }
            }
            (Said::Declined, Some(price)) => Agreement::Agreed { price },
            // What more was found to do is not done; the rest of the ticket was never charged.
            (Said::Declined, None) if decision.admission == Admission::Accepted => Agreement::NotNeeded,
            (Said::Declined, None) => Agreement::Declined,
        };
    }
    if let Agreement::Awaited { price, until: Some(until) } = value
        && until < on
    {
        value = maximum.map_or(Agreement::Lapsed { price, until }, |price| Agreement::Agreed { price });
    }
    if value != Agreement::NotNeeded {
        let text = |lang| sentence(value, (basis, maximum), lang);
        reasons.push(match operation_clause(terms, facts) {
            Some(rule) => cite("price.agreement", rule, text),
            None => say("price.agreement", text),
        });
    }
    Because::new(value, reasons)
}

/// The maximum of work at a rate that the customer agreed to so far: work goes on within it while a higher one
/// waits for its answer. `None` for other work, and before any agreement.
pub fn maximum(terms: &Terms, facts: &Facts, said: &[Said]) -> Option<Money> {
    by_time(terms, facts, said)?;
    said.iter().rev().find_map(|said| match said {
        Said::Agreed { price } => Some(*price),
        Said::Quoted { .. } | Said::Ordered { .. } | Said::Declined => None,
    })
}

/// How work is paid for by time; `None` when it is not, or was ordered in units of a book, whose price pays.
pub fn by_time<'a>(terms: &'a Terms, facts: &Facts, said: &[Said]) -> Option<AtRate<'a>> {
    at_rate(terms, facts).filter(|_| !ordered(said))
}

/// Whether an order in units stands.
pub fn ordered(said: &[Said]) -> bool {
    said.iter().fold(false, |ordered, said| match said {
        Said::Ordered { .. } => true,
        Said::Declined => false,
        Said::Quoted { .. } | Said::Agreed { .. } => ordered,
    })
}

/// What an amount agreed to is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Basis {
    /// What is paid, whatever the time.
    Price,
    /// The most that the time spent may come to.
    Maximum,
}

fn sentence(agreement: Agreement, (basis, maximum): (Basis, Option<Money>), lang: base::Lang) -> String {
    let amount = |price: Money| {
        let price = price.show(lang);
        match basis {
            Basis::Price => lang.t(format!("prix de {price} HT"), format!("price of {price} net")),
            Basis::Maximum => lang.t(
                format!("maximum de {price} HT, au temps passé"),
                format!("maximum of {price} net, for the time spent"),
            ),
        }
    };
    match (agreement, basis) {
        (Agreement::NotNeeded, _) => String::new(),
        (Agreement::QuoteAwaited, Basis::Price) => lang
            .t(
                "Le prix n'est pas encore établi\u{a0}: aucun travail avant un devis accepté.",
                "No price has been given yet: no work before a quotation is accepted.",
            )
            .to_owned(),
        (Agreement::QuoteAwaited, Basis::Maximum) => lang
            .t(
                "Le maximum n'est pas encore établi\u{a0}: aucun travail avant qu'il soit accepté.",
                "No maximum has been given yet: no work before one is agreed to.",
            )
            .to_owned(),
        (Agreement::Awaited { price, until }, _) => {
            let price = amount(price);
            let until = until.map(|day| date(lang, day));
            let until = until.map_or_else(String::new, |day| {
                lang.t(format!(", valable jusqu'au {day},"), format!(", which holds until {day},"))
            });
            match maximum.map(|most| most.show(lang)) {
                Some(most) => lang.t(
                    format!("Le {price}{until} attend l'accord du Client\u{a0}; d'ici là, le travail reste dans les {most} HT déjà acceptés au plus."),
                    format!("The {price}{until} awaits the customer's agreement; until then, work stays within the {most} net agreed to before at most."),
                ),
                None => lang.t(
                    format!("Le {price}{until} attend l'accord du Client\u{a0}: aucun travail avant."),
                    format!("The {price}{until} awaits the customer's agreement: no work before."),
                ),
            }
        }
        (Agreement::Lapsed { price, until }, _) => {
            let (price, until) = (price.show(lang), date(lang, until));
            lang.t(
                format!("Le devis de {price} HT valait jusqu'au {until}\u{a0}: il en faut un autre."),
                format!("The quotation of {price} net held until {until}: another is needed."),
            )
        }
        (Agreement::Agreed { price }, _) => {
            let price = amount(price);
            lang.t(format!("Le Client a accepté le {price}."), format!("The customer agreed to the {price}."))
        }
        (Agreement::Declined, _) => lang
            .t(
                "Le Client a refusé le prix\u{a0}: le travail n'est pas fait.",
                "The customer declined the price: the work is not done.",
            )
            .to_owned(),
    }
}
