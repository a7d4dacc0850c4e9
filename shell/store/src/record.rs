//! Recording an event: content, entry and projections, in the caller's transaction. The only way in.

use crate::db::WriteTx;
use crate::log::Draft;
use crate::{
    Result, actor, agreement, article, call, content, escalation, file, import, life, month, plan, roster,
    satisfaction, search, service, skills, ticket, time, undertaking, visit, webhook,
};
use base::id::AccountId;
use events::{ContentId, Event};

/// Personal content that an event points at, with the salt of its commitment.
#[derive(Clone, Debug)]
pub struct Content {
    /// What the entry calls it: `title`, `body`.
    pub name: &'static str,
    pub id: ContentId,
    pub salt: [u8; 32],
    pub bytes: Vec<u8>,
}

/// Who acts, when, and under which version of which contract.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// Microseconds UTC.
    pub at: i64,
    pub actor: AccountId,
    /// The version hash in force for this act, if a contract is concerned.
    pub contract: Option<String>,
}

/// Writes the content, appends the entry, applies it to the projections; gives the entry's number.
pub fn record(tx: &mut WriteTx<'_>, stamp: &Stamp, event: &Event, contents: &[Content]) -> Result<u64> {
    for c in contents {
        content::put(tx, c.id.0, c.name, &c.salt, &c.bytes)?;
    }
    let mut draft = Draft::new(stamp.at, event.kind(), &stamp.actor.to_string(), event.data());
    draft.subject = event.subject();
    let seq = tx.append(draft.under(stamp.contract.clone()))?;
    apply(tx, seq, event)?;
    search::recorded(tx, seq, event, contents)?;
    Ok(seq)
}

/// Applies one entry to the projections.
pub fn apply(tx: &mut WriteTx<'_>, seq: u64, event: &Event) -> Result<()> {
    match event {
        // Who holds which role is the instance's to know; the journal tells who gave it.
        Event::CustomerCreated(_) | Event::TicketRefused(_) | Event::RoleGiven(_) | Event::RoleEnded(_) => {
            Ok(())
        }
        Event::ActorIntroduced(e) => actor::introduce(tx, e),
        Event::ContractSigned(e) => agreement::sign(tx, seq, e),
        Event::TicketOpened(e) => {
            ticket::open(tx, seq, e)?;
            e.imported.as_ref().map_or(Ok(()), |from| import::opened(tx, seq, from, e))?;
            e.duty.as_ref().map_or(Ok(()), |duty| life::opened(tx, duty, e))?;
            e.plan.as_ref().map_or(Ok(()), |turn| plan::opened(tx, turn, e))
        }
        Event::TicketStepped(e) => ticket::step(tx, seq, e),
        Event::CallRecorded(e) => call::add(tx, e),
        Event::OutageRecorded(e) => service::record(tx, e),
        Event::OutageCorrected(e) => service::correct(tx, e),
        Event::OutageCancelled(e) => service::cancel(tx, e),
        Event::MaintenanceAnnounced(e) => service::announce(tx, e),
        Event::MaintenanceCancelled(e) => service::give_up(tx, e),
        Event::MonthClosed(e) => month::add(tx, seq, e),
        Event::DutyDone(e) => life::done(tx, e),
        Event::LifeTold(e) => life::told(tx, e),
        Event::TimeEntered(e) => time::put(tx, &e.time),
        Event::TimeCorrected(e) => time::put(tx, &e.time),
        Event::WeekMoved(e) => time::move_week(tx, e),
        Event::FileAttached(e) => file::add(tx, seq, e),
        Event::ArticleWritten(e) => article::write(tx, seq, e),
        Event::ArticleMoved(e) => article::set_state(tx, e),
        Event::ArticleReviewed(e) => article::review(tx, e),
        Event::ArticleHelped(e) => article::help(tx, seq, e),
        Event::UndertakingSigned(e) => undertaking::sign(tx, e),
        Event::RosterPublished(e) => roster::publish(tx, seq, e),
        Event::PlanWritten(e) => plan::write(tx, seq, e),
        Event::PlanPassed(e) => plan::pass(tx, e),
        Event::PlanEnded(e) => plan::end(tx, e),
        Event::SatisfactionTold(e) => satisfaction::tell(tx, e),
        Event::TicketImported(e) => import::keep(tx, seq, e),
        Event::SkillsTold(e) => skills::tell(tx, seq, e),
        Event::LevelAssigned(e) => escalation::assign(tx, seq, e),
        Event::VisitReported(e) => visit::report(tx, seq, e),
        Event::VisitSigned(e) => visit::sign(tx, e),
        Event::WebhookWritten(e) => webhook::write(tx, seq, e),
        Event::WebhookMoved(e) => webhook::set_state(tx, e),
        // The secrets themselves are in no entry.
        Event::WebhookRotated(_) => Ok(()),
        // A rebuild has no content at all: nothing is there to erase.
        Event::PrivacyErased(e) => {
            e.contents.iter().try_for_each(|id| content::erase(tx, id.0, seq).map(drop))
        }
    }
}
