//! Which tickets of a vault somebody may see, as every read of tickets takes it.
//!
//! A person sees all of them, those of a contract, or those about some items; the store is told so with
//! each question, so that what is out of scope is neither found, listed nor counted.

use super::{Filter, Ticket};
use crate::Val;
use base::id::ContractId;
use events::{Dimension, Facts};
use uuid::Uuid;

/// The tickets that a reader may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Scope {
    #[default]
    All,
    /// Those that one strand at least lets through; none at all without a strand.
    Only(Vec<Strand>),
}

/// Some tickets: of a contract, about an item, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strand {
    /// `None` for those of every contract.
    pub contract: Option<ContractId>,
    pub about: About,
}

/// What a ticket has to be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    Anything,
    /// An item of the perimeter, by its key.
    Item(String),
    /// A class of items, by its key.
    Class(String),
}

impl Scope {
    /// Whether a ticket that was found otherwise is in scope.
    pub fn lets(&self, t: &Ticket) -> bool {
        self.lets_case(t.contract, t.item.as_deref(), t.item_class.as_deref())
    }

    /// As [`Scope::lets`], from a ticket's facts as they are now.
    pub fn lets_facts(&self, contract: ContractId, facts: &Facts) -> bool {
        self.lets_case(contract, facts.get(Dimension::Item), facts.get(Dimension::ItemClass))
    }

    /// As [`Scope::lets`], from what a line tells of a ticket.
    pub fn lets_case(&self, contract: ContractId, item: Option<&str>, class: Option<&str>) -> bool {
        match self {
            Scope::All => true,
            Scope::Only(strands) => strands.iter().any(|strand| {
                strand.contract.is_none_or(|only| only == contract)
                    && match &strand.about {
                        About::Anything => true,
                        About::Item(only) => item == Some(only.as_str()),
                        About::Class(only) => class == Some(only.as_str()),
                    }
            }),
        }
    }
}

impl Strand {
    /// Every ticket.
    pub(super) const ALL: Strand = Strand { contract: None, about: About::Anything };

    /// The same filter on this strand only; `None` if no ticket can pass both.
    pub(super) fn narrow(&self, filter: &Filter) -> Option<Filter> {
        let mut narrowed = filter.clone();
        if let About::Item(only) = &self.about {
            if filter.item.as_ref().is_some_and(|item| item != only) {
                return None;
            }
            narrowed.item = Some(only.clone());
        }
        Some(narrowed)
    }

    /// The class that it is about.
    pub(super) fn class(&self) -> Option<&str> {
        match &self.about {
            About::Class(class) => Some(class),
            About::Anything | About::Item(_) => None,
        }
    }

    /// The parameters of its class and contract: the class, empty for any; the contract; and the nil
    /// identifier, which the contract equals for any.
    pub(super) fn params(&self) -> [Val; 3] {
        let contract = self.contract.map_or(Uuid::nil(), |c| c.0);
        [self.class().unwrap_or_default().into(), contract.into(), Uuid::nil().into()]
    }
}
