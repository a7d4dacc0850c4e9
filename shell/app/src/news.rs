//! What just happened, told to whoever listens in this process: the pages that stand open.
//!
//! News are told after the commit and kept nowhere. They hold no words: a page that hears of a ticket asks
//! for it again, with the rights of its reader. Who may hear is asked at each delivery ([`Happened::is_for`]),
//! because a role may have ended since a page was opened.

use std::sync::PoisonError;

use base::id::{AccountId, ContractId, CustomerId};
use store::ticket;
use store::ticket::Scope;

use crate::access::{Act, Permit, Principal, Side};
use crate::instance::App;
use crate::ticket::StepCommand;
use crate::vault::VaultHandle;

/// Something that a listener hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    Happened(Happened),
    /// A session of this account ended, or its rights changed: ask again what it may see.
    Rights(AccountId),
    /// The notifications of this account changed: some came, or were read.
    Told(AccountId),
    /// The process stops.
    Ending,
}

/// Something that changed what pages show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    pub customer: CustomerId,
    /// The customer's slug, as addresses name it.
    pub slug: String,
    /// `None` for a call about no ticket, and for an import.
    pub ticket: Option<Place>,
    pub what: What,
}

/// A ticket, and what decides who sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub number: u64,
    contract: ContractId,
    item: Option<String>,
    item_class: Option<String>,
}

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    /// A ticket, as both parties see it.
    Ticket,
    /// A note or time among the provider's people: nobody else may learn that there is one.
    Internal,
    /// A price, which is between the two parties.
    Price,
    /// A call counted on a meter.
    Meter,
    /// How far an import is.
    Import,
}

impl What {
    fn of(command: &StepCommand) -> What {
        match command {
            StepCommand::Note { .. } => What::Internal,
            StepCommand::Quote { .. } | StepCommand::AgreePrice { .. } | StepCommand::DeclinePrice { .. } => {
                What::Price
            }
            _ => What::Ticket,
        }
    }
}

impl Happened {
    /// Whether somebody may hear of it, by what they may do now.
    pub fn is_for(&self, who: &Principal) -> bool {
        let act = match self.what {
            What::Meter => Act::SeeMeters,
            What::Import => Act::Import,
            What::Ticket | What::Internal | What::Price => Act::SeeTickets,
        };
        let Ok(permit) = who.permit(act, self.customer) else { return false };
        let side = permit.role().side();
        let heard = match self.what {
            What::Ticket | What::Meter | What::Import => true,
            What::Internal => side == Side::Provider,
            What::Price => side != Side::ThirdParty,
        };
        heard && self.ticket.as_ref().is_none_or(|t| t.is_seen(&permit))
    }
}

impl Place {
    fn is_seen(&self, permit: &Permit) -> bool {
        permit.scope().lets_case(self.contract, self.item.as_deref(), self.item_class.as_deref())
    }
}

/// Hears news; false once nobody is behind it any more.
pub(crate) type Listener = Box<dyn Fn(&News) -> bool + Send + Sync>;

impl App {
    /// Tells each news to `listener`, on the thread of whoever did it, until it answers false. It must not
    /// wait for anything, nor call a use case.
    pub fn listen(&self, listener: impl Fn(&News) -> bool + Send + Sync + 'static) {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(listener));
    }

    /// Tells listeners that the process stops: streams end, so that nothing waits for them, and an import
    /// that runs lets go.
    pub fn end_news(&self) {
        self.ending.store(true, std::sync::atomic::Ordering::Relaxed);
        self.importing.wake();
        self.publish(&News::Ending);
    }

    pub(crate) fn publish(&self, news: &News) {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).retain(|listener| listener(news));
    }

    /// Tells the open pages of these people to count their notifications again.
    pub(crate) fn tell_people(&self, people: impl IntoIterator<Item = AccountId>) {
        people.into_iter().for_each(|person| self.publish(&News::Told(person)));
    }

    pub(crate) fn rights_changed(&self, account: AccountId) {
        self.publish(&News::Rights(account));
    }

    /// Tells that a step was taken, on both tickets of a tie.
    pub(crate) fn tell_step_news(&self, vault: &VaultHandle, number: u64, command: &StepCommand) {
        self.tell_news(vault, Some(number), What::of(command));
        if let StepCommand::Link { ticket: other, .. }
        | StepCommand::Unlink { ticket: other, .. }
        | StepCommand::Merge { into: other, .. } = command
        {
            self.tell_news(vault, Some(*other), What::Ticket);
        }
    }

    /// Tells what changed for a ticket, or for no ticket. News are a courtesy to open pages: one that cannot
    /// be told leaves them as they were, and the act itself is done.
    pub(crate) fn tell_news(&self, vault: &VaultHandle, number: Option<u64>, what: What) {
        if self.listeners.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
            return;
        }
        let ticket = match number {
            Some(number) => match self.place_of(vault, number) {
                Some(place) => Some(place),
                None => return,
            },
            None => None,
        };
        self.publish(&News::Happened(Happened {
            customer: vault.id,
            slug: vault.slug.clone(),
            ticket,
            what,
        }));
    }

    fn place_of(&self, vault: &VaultHandle, number: u64) -> Option<Place> {
        let found = vault
            .db
            .read::<_, crate::AppError, _>(move |tx| Ok(ticket::by_number(tx, &Scope::All, number)?))
            .ok()??;
        Some(Place { number, contract: found.contract, item: found.item, item_class: found.item_class })
    }
}
