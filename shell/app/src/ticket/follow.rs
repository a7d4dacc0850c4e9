//! Who follows a ticket: whoever reads it, for themselves, or a colleague whom somebody names.

use base::id::AccountId;
use events::Step;
use store::actor::Actor;
use store::ticket::{Stepped, Ticket, link};
use store::{Tx, actor, ticket};

use super::command::StepCommand;
use super::mention::Mentioned;
use super::relate::refused;
use super::step::Ready;
use super::view::TicketPage;
use crate::access::{Act, Permit, Principal, Role, Side};
use crate::error::{AppError, Result};
use crate::instance::App;

/// People listed to be chosen from; past that, an address is written.
const LISTED: u32 = 60;

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
        if !following.is_empty() {
            let ticket = page.ticket.id;
            let (steps, actors) = self
                .vault(permit.customer())?
                .db
                .read::<_, AppError, _>(move |tx| Ok((ticket::steps(tx, ticket)?, actor::all(tx)?)))?;
            following.retain(|watcher| may_take_off(side, watcher.who, &steps, &actors));
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
        let Some(mut people) = self.people_to_list(customer, side, LISTED)? else { return Ok(Vec::new()) };
        people.retain(|person| {
            let reads = person.permit(Act::SeeTickets, customer);
            reads.is_ok_and(|own| reaches(side, own.role().side()) && own.scope().lets(ticket))
        });
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

/// Whether a side may take somebody off. The provider sees to its own people and to third parties; of the
/// others, nobody is taken off but those who were made to follow, and by the provider only when it made them:
/// whoever follows of their own will is not silenced by those whom they watch.
fn may_take_off(asker: Side, who: AccountId, steps: &[Stepped], actors: &[Actor]) -> bool {
    let side = |id: AccountId| actors.iter().find(|actor| actor.id == id).and_then(side_of);
    let Some(theirs) = side(who) else { return false };
    match (asker, theirs, made_to_follow(who, steps)) {
        (Side::Provider, Side::Provider | Side::ThirdParty, _) => true,
        (Side::Provider, Side::Customer, Some(by)) => side(by) == Some(Side::Provider),
        (_, _, made) => reaches(asker, theirs) && made.is_some(),
    }
}

/// Who had somebody follow a ticket, by their name or in what was written; `None` when they chose it.
fn made_to_follow(who: AccountId, steps: &[Stepped]) -> Option<AccountId> {
    let mut began = None;
    for step in steps {
        match &step.step {
            Step::Watched { who: one } if *one == who => began = Some(step.by),
            Step::Replied { mentions, .. } if mentions.contains(&who) => {
                began.get_or_insert(step.by);
            }
            // They followed, or had declared, the ticket that was merged into this one.
            Step::Absorbed { watchers, .. } if watchers.contains(&who) => {
                began.get_or_insert(who);
            }
            Step::Unwatched { who: one } if *one == who => began = None,
            _ => {}
        }
    }
    began.filter(|by| *by != who)
}

/// Whether somebody else took a person off last, and they do not follow since.
pub(crate) fn was_taken_off(who: AccountId, steps: &[Stepped]) -> bool {
    let last = steps.iter().rev().find_map(|step| match &step.step {
        Step::Watched { who: one } if *one == who => Some(false),
        Step::Unwatched { who: one } if *one == who => Some(step.by != who),
        _ => None,
    });
    last.unwrap_or(false)
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
            let (steps, actors) = (ticket::steps(tx, ticket.id)?, actor::all(tx)?);
            if !watchers.contains(who) || !may_take_off(ready.side, *who, &steps, &actors) {
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
