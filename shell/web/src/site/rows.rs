//! Tickets as lists show them.

use jiff::Timestamp;
use store_ticket::Ticket;

use super::words;
use crate::design::CustomerRef;
use crate::pages::shared::{NextDue, Progress, Promise, TicketRow, TicketState};

use app::ticket as store_ticket;

/// A row of a list, at an instant.
pub fn row(
    customer: &CustomerRef,
    ticket: &Ticket,
    title: &str,
    assignee: Option<&String>,
    zone: &str,
    next: Option<NextDue>,
) -> TicketRow {
    let opened = Timestamp::from_microsecond(ticket.opened).unwrap_or_default();
    TicketRow {
        number: ticket.number,
        title: title.to_owned(),
        customer: customer.clone(),
        priority: ticket.priority.clone(),
        state: state(ticket),
        assignee: assignee.cloned(),
        next,
        opened: words::in_zone(opened, zone),
    }
}

pub fn state(ticket: &Ticket) -> TicketState {
    use store_ticket::State;
    match ticket.state {
        State::New => TicketState::New,
        State::InProgress => TicketState::Taken,
        State::Paused => TicketState::Paused,
        State::Restored => TicketState::Restored,
        State::Resolved => TicketState::Resolved,
    }
}

pub fn promise(promise: terms::Promise) -> Option<Promise> {
    match promise {
        terms::Promise::Respond => Some(Promise::Respond),
        terms::Promise::Restore => Some(Promise::Restore),
        terms::Promise::Resolve => Some(Promise::Resolve),
        terms::Promise::Escalate
        | terms::Promise::Quote
        | terms::Promise::Deliver
        | terms::Promise::Answer => None,
    }
}

/// Whether a clock is being kept; at risk when less than a quarter of the target is left.
pub fn progress(verdict: engines::sla::Verdict, elapsed: i64, target: i64) -> Progress {
    use engines::sla::Verdict;
    match verdict {
        Verdict::NotStarted | Verdict::Running if target > 0 && (target - elapsed) * 4 < target => {
            Progress::AtRisk
        }
        Verdict::NotStarted | Verdict::Running => Progress::Running,
        Verdict::Paused => Progress::Paused,
        Verdict::Met => Progress::Kept,
        Verdict::Late => Progress::Late,
        Verdict::Missed => Progress::Missed,
    }
}
