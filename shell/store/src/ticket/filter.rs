//! What a list of tickets lets through.

use super::{State, Strand, Ticket};
use crate::Val;
use base::id::AccountId;
use uuid::Uuid;

/// Which tickets of a vault; a filter left out lets all through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub which: Which,
    pub priority: Option<String>,
    pub kind: Option<String>,
    /// An item of the perimeter, by its key.
    pub item: Option<String>,
    pub assignee: Option<AccountId>,
    pub opener: Opener,
}

/// By where they stand. It decides the order too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    /// Newest first.
    #[default]
    All,
    /// In one state, newest first.
    In(State),
    /// Soonest due first, then those with nothing due.
    Open,
    /// Open, and due before this instant, in microseconds UTC; the latest of all first.
    Late(i64),
}

/// By who declared them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Opener {
    #[default]
    Anybody,
    Only(AccountId),
    AllBut(AccountId),
}

impl Filter {
    /// Whether it lets a ticket through that was found otherwise.
    pub fn lets(&self, t: &Ticket) -> bool {
        let same =
            |wanted: &Option<String>, found: Option<&str>| wanted.is_none() || wanted.as_deref() == found;
        let which = match self.which {
            Which::All => true,
            Which::In(state) => t.state == state,
            Which::Open => t.state.is_open(),
            Which::Late(at) => t.state.is_open() && t.due.is_some_and(|due| due < at),
        };
        which
            && same(&self.priority, Some(&t.priority))
            && same(&self.kind, Some(&t.kind))
            && same(&self.item, t.item.as_deref())
            && (self.assignee.is_none() || self.assignee == t.assignee)
            && self.opener.lets(t.opened_by)
    }

    /// How many filters there are beside [`Filter::which`], those of a strand with them.
    pub(super) fn others(&self, strand: &Strand) -> usize {
        [&self.priority, &self.kind, &self.item].into_iter().flatten().count()
            + usize::from(self.assignee.is_some())
            + usize::from(self.opener != Opener::Anybody)
            + usize::from(strand.class().is_some())
            + usize::from(strand.contract.is_some())
    }
}

impl Opener {
    fn lets(self, who: AccountId) -> bool {
        match self {
            Opener::Anybody => true,
            Opener::Only(only) => who == only,
            Opener::AllBut(but) => who != but,
        }
    }

    /// Whom it names, the nil identifier for anybody, and 1 where the ticket has to be theirs.
    pub(super) fn params(self) -> [Val; 2] {
        match self {
            Opener::Anybody => [Uuid::nil().into(), 1_i64.into()],
            Opener::Only(only) => [only.0.into(), 1_i64.into()],
            Opener::AllBut(but) => [but.0.into(), 0_i64.into()],
        }
    }
}
