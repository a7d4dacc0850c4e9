//! Who follows a ticket: whoever reads it, for themselves, or a colleague whom somebody names.

use base::id::AccountId;
use events::Step;
use store::actor::Actor;
use store::ticket::{Ticket, link};
use store::{Tx, actor};

use super::command::StepCommand;
use super::mention::Mentioned;
use super::relate::refused;
use super::step::Ready;
use super::view::TicketPage;
use crate::access::{Act, Permit, Principal, Role, Side};
use crate::error::{AppError, Result};
use crate::instance::App;

/// People listed to be chosen from; past that, an address is written.
const LISTED: usize = 60;

/// Somebody who follows a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watcher {
    pub who: AccountId,
    pub name: String,
}

/// Whom somebody may have follow a ticket, or take off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Followable {
    /// By name. Nobody where they are too many to choose from, nor for somebody who does not read who works for
    /// the customer: they write the address of a colleague.
    pub people: Vec<Principal>,
    /// Those who follow it, the reader aside.
    pub following: Vec<Watcher>,
}

impl App {
    /// Whom the asker may have follow a ticket, of those who may read it and do not follow it, and whom they may
    /// take off.
    pub fn followable(&self, permit: &Permit, page: &TicketPage) -> Result<Followable> {
        self.on_tickets(permit, Act::Reply)?;
        let (side, me) = (permit.role().side(), permit.by().account);
        let mut following = page.watchers.clone();
        following.retain(|watcher| watcher.who != me);
        if side != Side::Provider {
            let actors =
                self.vault(permit.customer())?.db.read::<_, AppError, _>(|tx| Ok(actor::all(tx)?))?;
            following.retain(|watcher| {
                actors.iter().any(|a| a.id == watcher.who && side_of(a).is_some_and(|s| reaches(side, s)))
            });
        }
        let follows = |who: AccountId| page.watchers.iter().any(|watcher| watcher.who == who);
        let mut people = self.colleagues(permit, &page.ticket)?;
        people.retain(|person| person.account != me && !follows(person.account));
        Ok(Followable { people, following })
    }

    fn colleagues(&self, permit: &Permit, ticket: &Ticket) -> Result<Vec<Principal>> {
        let (side, customer) = (permit.role().side(), permit.customer());
        if side != Side::Provider && !permit.by().may_for(Act::SeePeople, customer) {
            return Ok(Vec::new());
        }
        let mut people = self.people_for(customer)?;
        people.retain(|person| {
            let reads = person.permit(Act::SeeTickets, customer);
            reads.is_ok_and(|own| reaches(side, own.role().side()) && own.scope().lets(ticket))
        });
        if people.len() > LISTED {
            return Ok(Vec::new());
        }
        people.sort_by(|a, b| (&a.name, &a.email).cmp(&(&b.name, &b.email)));
        Ok(people)
    }

    /// Somebody named by their account or its address, ready before the transaction. One answer for all whom
    /// the asker may not name: nothing tells whether an address has an account.
    pub(super) fn follower(&self, permit: &Permit, who: &str) -> Result<Option<Mentioned>> {
        let who = who.trim();
        let found = match who.parse::<AccountId>() {
            Ok(account) => self.correspondent(account)?,
            Err(_) => self.correspondent_at(who)?,
        };
        let Some(person) = found else { return Ok(None) };
        let Ok(reads) = person.permit(Act::SeeTickets, permit.customer()) else { return Ok(None) };
        if !reaches(permit.role().side(), reads.role().side()) {
            return Ok(None);
        }
        let (scope, introduction) = (reads.scope().clone(), self.introduction(&person));
        Ok(Some(Mentioned { who: person.account, scope, introduction }))
    }
}

/// The provider's people speak for whoever works on the ticket or asked for it; others for their own side.
fn reaches(asker: Side, person: Side) -> bool {
    asker == Side::Provider || asker == person
}

/// The step by which somebody begins or ceases to follow a ticket.
pub(super) fn watch(tx: &mut dyn Tx, ticket: &Ticket, ready: &Ready) -> Result<Step> {
    let watchers = link::watchers(tx, ticket.id)?;
    let (me, follows) = (ready.by, watchers.contains(&ready.by));
    match &ready.command {
        StepCommand::WatchFor { .. } => {
            let person = ready.follower.as_ref().filter(|person| person.scope.lets(ticket));
            let person = person.ok_or_else(nobody)?;
            if watchers.contains(&person.who) {
                return Err(refused(
                    "watch.already",
                    "Cette personne suit déjà ce ticket.",
                    "This person follows this ticket already.",
                ));
            }
            Ok(Step::Watched { who: person.who })
        }
        StepCommand::UnwatchFor { who } => {
            let found = actor::all(tx)?.into_iter().find(|actor| actor.id == *who);
            let side = found.as_ref().and_then(side_of);
            if !watchers.contains(who) || !side.is_some_and(|side| reaches(ready.side, side)) {
                return Err(nobody());
            }
            Ok(Step::Unwatched { who: *who })
        }
        StepCommand::Unwatch if follows => Ok(Step::Unwatched { who: me }),
        StepCommand::Unwatch => {
            Err(refused("watch.none", "Vous ne suivez pas ce ticket.", "You do not follow this ticket."))
        }
        _ if follows => {
            Err(refused("watch.already", "Vous suivez déjà ce ticket.", "You follow this ticket already."))
        }
        _ => Ok(Step::Watched { who: me }),
    }
}

/// As the vault knows them: an account may be disabled since.
fn side_of(actor: &Actor) -> Option<Side> {
    Role::from_key(&actor.role).map(Role::side)
}

fn nobody() -> AppError {
    AppError::invalid(
        "who",
        "un collègue qui peut lire ce ticket, ou qui le suit",
        "a colleague who may read this ticket, or who follows it",
    )
}
