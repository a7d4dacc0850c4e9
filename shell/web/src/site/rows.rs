//! Tickets as lists show them.

use app::Permit;
use app::desk::WITHHELD;
use app::ticket::{Next, Shown, State, Ticket};
use engines::sla::Verdict;
use jiff::Timestamp;

use super::words;
use crate::design::CustomerRef;
use crate::pages::shared::{NextDue, Progress, Promise, TicketRow, TicketState};

/// A row of a list of a reader who may take over what nobody has, as far as their right goes; they have none
/// without it.
pub fn row_to_take(customer: &CustomerRef, shown: &Shown, works: Option<&Permit>) -> TicketRow {
    let ticket = &shown.ticket;
    let free = ticket.state == State::New && ticket.assignee.is_none();
    let may = free && works.is_some_and(|permit| permit.scope().lets(ticket));
    // The same until something happens to the ticket: pressed twice, it is taken over once.
    let key = || format!("{}-{}", ticket.number, ticket.updated);
    TicketRow { take: may.then(key), ..row(customer, shown) }
}

/// A row of a list.
pub fn row(customer: &CustomerRef, shown: &Shown) -> TicketRow {
    let ticket = &shown.ticket;
    let opened = Timestamp::from_microsecond(ticket.opened).unwrap_or_default();
    TicketRow {
        number: ticket.number,
        title: if shown.title == WITHHELD { String::new() } else { shown.title.clone() },
        customer: customer.clone(),
        priority: ticket.priority.clone(),
        state: state(ticket),
        assignee: shown.assignee.clone(),
        next: shown.next.as_ref().map(|next| due(next, &shown.zone)),
        opened: words::in_zone(opened, &shown.zone),
        take: None,
    }
}

fn due(next: &Next, zone: &str) -> NextDue {
    let (left, target) = (next.left_seconds, next.target_seconds);
    let progress = match (next.paused, left) {
        (true, _) => Progress::Paused,
        (false, ..0) => Progress::Late,
        (false, _) if left * 4 < target => Progress::AtRisk,
        (false, _) => Progress::Running,
    };
    NextDue {
        promise: promise(next.promise),
        due: Some(words::in_zone(next.due, zone)),
        elapsed_minutes: words::minutes(target - left),
        target_minutes: words::minutes(target),
        progress,
    }
}

pub fn state(ticket: &Ticket) -> TicketState {
    shown_state(ticket.state)
}

pub fn shown_state(state: State) -> TicketState {
    match state {
        State::New => TicketState::New,
        State::InProgress => TicketState::Taken,
        State::Paused => TicketState::Paused,
        State::Restored => TicketState::Restored,
        State::Resolved => TicketState::Resolved,
    }
}

/// The state of a filter's code.
pub fn state_of(code: &str) -> Option<State> {
    State::ALL.into_iter().find(|s| shown_state(*s).code() == code)
}

/// A promise as pages name it.
pub fn promise(promise: terms::Promise) -> Promise {
    match promise {
        terms::Promise::Respond => Promise::Respond,
        terms::Promise::Restore => Promise::Restore,
        terms::Promise::Resolve => Promise::Resolve,
        terms::Promise::Escalate => Promise::Escalate,
        terms::Promise::Quote => Promise::Quote,
        terms::Promise::Deliver => Promise::Deliver,
        terms::Promise::Answer => Promise::Answer,
    }
}

/// Whether a clock is being kept; at risk when less than a quarter of the target is left.
pub fn progress(verdict: Verdict, elapsed: i64, target: i64) -> Progress {
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
