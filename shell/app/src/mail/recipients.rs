//! Who is told of what happens to a ticket: of those whom it concerns, those who may see it and know of it now.

use std::collections::{BTreeMap, BTreeSet};

use base::id::{AccountId, CustomerId};
use events::{Step, Visibility};
use jiff::Timestamp;
use store::ticket::{Scope, Stepped, Ticket, link};
use store::{actor, ticket};
use terms::{Contact, PartyRole, Terms};

use super::Notice;
use super::queue::{SOON_MICROS, Told};
use crate::access::{Act, Permit, Principal, Role};
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::ticket::TicketPage;
use crate::vault::VaultHandle;

/// Whom a contract names to be spoken to.
const SPOKEN_TO: [&str; 2] = ["single_point_of_contact", "deputy"];

impl App {
    /// Who is told: whoever took part from outside, whoever follows it, and who answers for it at the
    /// provider's; of them, those who may see the ticket now. Nobody is told of what they did themselves, but
    /// for the number of the ticket that they opened.
    pub(super) fn told_of(&self, vault: &VaultHandle, told: &Told) -> Result<BTreeMap<AccountId, Notice>> {
        let (number, entry) = (told.number, told.entry);
        let read = vault.db.read::<_, AppError, _>(move |tx| {
            let Some(ticket) = ticket::by_number(tx, &Scope::All, number)? else { return Ok(None) };
            let steps = ticket::steps(tx, ticket.id)?;
            let written = Written::of(&steps, entry);
            let people = match named(&steps, entry) {
                Some(named) => named,
                None => taking_part(&ticket, &steps),
            };
            let staff: BTreeSet<AccountId> =
                actor::all(tx)?.into_iter().filter(|a| a.side == "provider").map(|a| a.id).collect();
            let watchers = link::watchers(tx, ticket.id)?;
            Ok(Some((ticket, written, people, staff, watchers)))
        })?;
        let Some((ticket, written, people, staff, watchers)) = read else { return Ok(BTreeMap::new()) };
        let by_staff = staff.contains(&told.by);
        let readers = |people| self.readers_of(&ticket, people, vault.id, (told.notice, &written.mentions));
        if matches!(told.notice, Notice::Escalated | Notice::Followed) {
            return readers(people);
        }
        if told.notice == Notice::Dissatisfied {
            let mut told_to = self.any_of(&[Role::ServiceManager], vault.id)?;
            told_to.extend(ticket.assignee);
            return readers(told_to);
        }
        if written.is_internal {
            // Nobody outside the provider learns that there is a note, however they follow the ticket.
            let mut told_to: BTreeSet<AccountId> = written.mentions.iter().copied().collect();
            told_to.extend(watchers);
            told_to.extend(ticket.assignee);
            told_to.retain(|person| staff.contains(person) && *person != told.by);
            return readers(told_to);
        }
        let mut told_to: BTreeSet<AccountId> = people.difference(&staff).copied().collect();
        told_to.extend(watchers);
        if told.notice == Notice::Assigned {
            // Between the dispatcher and whoever is handed the ticket.
            told_to = ticket.assignee.into_iter().collect();
        }
        // Somebody of the provider answers for the ticket: its technician, or whoever hands it out.
        told_to.extend(match by_staff && told.notice != Notice::Opened {
            true => ticket.assignee.into_iter().collect(),
            false => {
                self.answering(ticket.assignee, vault.id, told.notice, &|scope: &Scope| scope.lets(&ticket))?
            }
        });
        if by_staff && told.notice == Notice::Price {
            told_to.extend(self.any_of(&[Role::CustomerDirector, Role::CustomerManager], vault.id)?);
        }
        if by_staff || told.notice != Notice::Opened {
            told_to.remove(&told.by);
        }
        readers(told_to)
    }

    /// When the provider's people will be told that the next clock of a ticket runs out, and who they are, by
    /// name; `None` once they were told, and for those who are no such people.
    pub fn next_warning(
        &self,
        permit: &Permit,
        page: &TicketPage,
    ) -> Result<Option<(Timestamp, Vec<String>)>> {
        self.on_tickets(permit, Act::SeeTickets)?;
        let runs = |due: &i64| {
            let clocks = page.clocks.iter().map(|clock| &clock.value);
            clocks.filter(|c| c.stopped.is_none()).any(|c| c.due.map(Timestamp::as_microsecond) == Some(*due))
        };
        let due = page.ticket.due.filter(|due| permit.role().is_provider() && runs(due));
        let Some(due) = due else { return Ok(None) };
        let at = Timestamp::from_microsecond(due - SOON_MICROS).map_err(AppError::fault)?;
        if at <= page.at {
            return Ok(None);
        }
        let (customer, case) = (permit.customer(), |scope: &Scope| scope.lets(&page.ticket));
        let mut names = Vec::new();
        for id in self.answering(page.ticket.assignee, customer, Notice::DueSoon, &case)? {
            names.extend(self.correspondent(id)?.map(|person| person.name));
        }
        names.sort();
        Ok((!names.is_empty()).then_some((at, names)))
    }

    /// Of these people, those who may see the ticket and know what a notice says of it, with what each is
    /// told: who is named in what was written, that they are.
    fn readers_of(
        &self,
        ticket: &Ticket,
        people: BTreeSet<AccountId>,
        customer: CustomerId,
        (notice, mentions): (Notice, &[AccountId]),
    ) -> Result<BTreeMap<AccountId, Notice>> {
        let case = |scope: &Scope| scope.lets(ticket);
        let mut may_read = BTreeMap::new();
        for person in people {
            if self.may_be_told(person, customer, notice, &case)? {
                let named = mentions.contains(&person);
                may_read.insert(person, if named { Notice::Mentioned } else { notice });
            }
        }
        Ok(may_read)
    }

    /// Whether somebody may see a ticket and what a notice says of it. Asked again when the letter is written, from their page.
    pub(super) fn may_be_told(
        &self,
        person: AccountId,
        customer: CustomerId,
        notice: Notice,
        case: &dyn Fn(&Scope) -> bool,
    ) -> Result<bool> {
        let Some(person) = self.correspondent(person)? else { return Ok(false) };
        let Ok(permit) = person.permit(Act::SeeTickets, customer) else { return Ok(false) };
        Ok(case(permit.scope()) && may_know(&permit, notice))
    }

    /// Those in charge of a ticket who may be told of it: those who hand tickets out, where its technician may
    /// not see it any more, whose role an amendment has closed.
    pub(super) fn answering(
        &self,
        assignee: Option<AccountId>,
        customer: CustomerId,
        notice: Notice,
        case: &dyn Fn(&Scope) -> bool,
    ) -> Result<BTreeSet<AccountId>> {
        let fit = |people: BTreeSet<AccountId>| {
            let mut able = BTreeSet::new();
            for person in people {
                if self.may_be_told(person, customer, notice, case)? {
                    able.insert(person);
                }
            }
            Ok::<_, AppError>(able)
        };
        let able = fit(self.in_charge(assignee, customer)?)?;
        if able.is_empty() && assignee.is_some() {
            return fit(self.in_charge(None, customer)?);
        }
        Ok(able)
    }

    /// The technician of a ticket, or those who hand tickets out.
    pub(crate) fn in_charge(
        &self,
        assignee: Option<AccountId>,
        customer: CustomerId,
    ) -> Result<BTreeSet<AccountId>> {
        match assignee {
            Some(one) => Ok(BTreeSet::from([one])),
            None => self.any_of(&[Role::ServiceManager, Role::DeputyManager, Role::Dispatcher], customer),
        }
    }

    /// The single contact and its deputy, of each party or of one, among those who fit.
    pub(super) fn spoken_to(
        &self,
        terms: &Terms,
        customer: CustomerId,
        of: Option<PartyRole>,
        fit: &dyn Fn(&Principal) -> bool,
    ) -> Result<BTreeSet<AccountId>> {
        let spoken_to =
            |c: &Contact| SPOKEN_TO.contains(&c.role.as_str()) && of.is_none_or(|party| c.of == party);
        let mut found = BTreeSet::new();
        for contact in terms.contacts.iter().filter(|c| spoken_to(&c.then)) {
            let people = self.people_who(&contact.then, customer, fit)?;
            found.extend(people.into_iter().map(|person| person.account));
        }
        Ok(found)
    }

    pub(crate) fn any_of(&self, roles: &[Role], customer: CustomerId) -> Result<BTreeSet<AccountId>> {
        let mut all = BTreeSet::new();
        for role in roles {
            all.extend(self.correspondents(*role, customer)?);
        }
        Ok(all)
    }
}

/// Whether what a notice says is for somebody who may see the ticket: a third party has no business with
/// prices, nor with whom the parties tell; a note is among the provider's people.
pub(crate) fn may_know(permit: &Permit, notice: Notice) -> bool {
    notice.is_for(permit.role().side())
}

/// What was written by an entry, if something was.
#[derive(Default)]
struct Written {
    is_internal: bool,
    /// Whom it names.
    mentions: Vec<AccountId>,
}

impl Written {
    fn of(steps: &[Stepped], entry: u64) -> Written {
        match steps.iter().find(|s| s.seq == entry).map(|s| &s.step) {
            Some(Step::Replied { visibility, mentions, .. }) => {
                Written { is_internal: *visibility == Visibility::Internal, mentions: mentions.clone() }
            }
            _ => Written::default(),
        }
    }
}

/// Whom a level of escalation tells, or who was made to follow the ticket, if that is what the entry is.
fn named(steps: &[Stepped], entry: u64) -> Option<BTreeSet<AccountId>> {
    steps.iter().find(|s| s.seq == entry).and_then(|s| match &s.step {
        Step::Escalated { told, .. } => Some(told.iter().copied().collect()),
        Step::Watched { who } if *who != s.by => Some(BTreeSet::from([*who])),
        _ => None,
    })
}

/// Who opened the ticket or wrote in it. Who ceased to follow it is left in peace until they write again.
fn taking_part(ticket: &Ticket, steps: &[Stepped]) -> BTreeSet<AccountId> {
    let mut people = BTreeSet::from([ticket.opened_by]);
    for step in steps {
        match &step.step {
            Step::Watched { .. } => {}
            Step::Unwatched { who } => {
                // Only they may say that it concerns them no more.
                if *who == step.by {
                    people.remove(who);
                }
            }
            _ => {
                people.insert(step.by);
            }
        }
    }
    people
}
