//! From ticket events to rows. Functions of the event alone, so that a rebuild gives the same rows.

use super::{NEVER, State, asked, change, delivery, link, to_json};
use crate::db::{Tx, WriteTx};
use crate::schema::Noun;
use crate::{Result, vals};
use base::id::TicketId;
use events::{ClockMark, Dimension, Facts, Link, Step, TicketOpened, TicketStepped};

/// The statements of the only code that writes these tables.
pub(crate) const NOUN: Noun = Noun { name: "ticket.project", tables: &[], statements: STATEMENTS };

crate::statements! {
    INSERT = "INSERT INTO ticket (id, number, contract, version, kind, priority, operation, facts, title,
    description, state, coverage, admission, price_cents, currency, cited, opened, opened_by, assignee, pause, due,
    due_promise, updated, seq, opening_facts, used_before, item, item_class, site, answers,
    recorded_by, open) VALUES ($1, $2, $3, $4, $5, $6,
    $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, NULL, NULL, $19, $20, $21, $22, $23, $24, $25, $26, $27,
    $28, $29, 1)";
    ADD_STEP = "INSERT INTO ticket_step (ticket, seq, at, actor, step) VALUES ($1, $2, $3, $4, $5)";
    PUT_CLOCK = "INSERT INTO ticket_clock (ticket, promise, label, due, stopped, late_seconds, round)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (ticket, promise, round) DO UPDATE SET label = excluded.label,
    due = excluded.due, stopped = excluded.stopped, late_seconds = excluded.late_seconds";
    MOVE = "UPDATE ticket SET state = $2, assignee = $3, pause = $4, priority = $5, facts = $6, due = $7,
    due_promise = $8, updated = $9, item = $10, item_class = $11, site = $12, open = $13,
    merged_into = $14 WHERE id = $1";
}

pub(crate) fn open(tx: &mut WriteTx<'_>, seq: u64, e: &TicketOpened) -> Result<()> {
    let (due, promise) = next_due(&e.clocks);
    let p = vals![
        e.ticket.0,
        e.number,
        e.contract.0,
        &e.version,
        e.facts.get(Dimension::Kind).unwrap_or("incident"),
        priority(&e.facts),
        e.facts.get(Dimension::Operation),
        to_json(&e.facts),
        e.title.0,
        e.description.0,
        State::New.key(),
        &e.coverage,
        &e.admission,
        e.price.map(|p| p.cents),
        e.price.map(|p| p.currency.code()),
        to_json(&e.cited),
        e.opened,
        e.requester.unwrap_or(e.by).0,
        due,
        promise,
        e.opened,
        seq,
        to_json(&e.facts),
        e.used_before,
        e.facts.get(Dimension::Item),
        e.facts.get(Dimension::ItemClass),
        e.facts.get(Dimension::Site),
        e.answers.map(|answers| answers.0),
        e.requester.map(|_| e.by.0)
    ];
    tx.exec(INSERT, p)?;
    asked::opened(tx, e)?;
    put_clocks(tx, e.ticket, &e.clocks)
}

pub(crate) fn step(tx: &mut WriteTx<'_>, seq: u64, e: &TicketStepped) -> Result<()> {
    tx.exec(ADD_STEP, vals![e.ticket.0, seq, e.at, e.by.0, to_json(&e.step)])?;
    put_clocks(tx, e.ticket, &e.clocks)?;
    let Some(mut t) = super::by_id(tx, e.ticket)? else {
        return Err(crate::StoreError::Entry(format!(
            "a step of ticket {}, which was never opened",
            e.ticket
        )));
    };
    match &e.step {
        Step::TakenOver { assignee } => {
            t.assignee = Some(*assignee);
            if t.state == State::New {
                t.state = State::InProgress;
            }
        }
        Step::Assigned { assignee } => t.assignee = Some(*assignee),
        Step::PriceAgreed { .. } => super::agreed::add(tx, e.ticket, seq, e.at)?,
        Step::Replied { .. }
        | Step::QuoteMade { .. }
        | Step::PriceDeclined { .. }
        | Step::Diagnosed { .. }
        | Step::Linked { .. }
        | Step::Unlinked { .. }
        | Step::Absorbed { .. }
        | Step::KnownError { .. }
        | Step::Change { .. }
        | Step::Delivery { .. }
        | Step::Watched { .. }
        | Step::Unwatched { .. }
        | Step::Escalated { .. } => {}
        Step::Merged { number, .. } => {
            t.state = State::Resolved;
            t.pause = None;
            t.merged_into = Some(*number);
        }
        Step::Paused { reason, .. } => {
            t.state = State::Paused;
            t.pause = Some(reason.clone());
        }
        Step::Resumed => {
            t.state = State::InProgress;
            t.pause = None;
        }
        Step::Reprioritised { facts, .. } => t.facts = facts.clone(),
        Step::Restored { .. } => {
            t.state = State::Restored;
            t.pause = None;
        }
        Step::Resolved { .. } => {
            t.state = State::Resolved;
            t.pause = None;
        }
        Step::Reopened { .. } => {
            t.state = if t.assignee.is_some() { State::InProgress } else { State::New };
        }
    }
    let (due, promise) = next_due(&e.clocks);
    let p = vals![
        e.ticket.0,
        t.state.key(),
        t.assignee.map(|a| a.0),
        t.pause.as_deref(),
        priority(&t.facts),
        to_json(&t.facts),
        due,
        promise,
        e.at.max(t.updated),
        t.facts.get(Dimension::Item),
        t.facts.get(Dimension::ItemClass),
        t.facts.get(Dimension::Site),
        i64::from(t.state.is_open()),
        t.merged_into
    ];
    tx.exec(MOVE, p)?;
    asked::stepped(tx, e.ticket, &e.step)?;
    beside(tx, seq, e, t.number)
}

/// What a step moves beside the ticket's own row.
fn beside(tx: &mut WriteTx<'_>, seq: u64, e: &TicketStepped, number: u64) -> Result<()> {
    match &e.step {
        Step::Linked { link, ticket, .. } => link::add(tx, seq, e.ticket, *link, *ticket, e.by),
        Step::Unlinked { link, ticket, .. } => link::remove(tx, e.ticket, *link, *ticket),
        Step::Merged { into, .. } => {
            link::resume(tx, e)?;
            link::forget_clocks(tx, e.ticket)?;
            change::merged(tx, e.ticket)?;
            link::add(tx, seq, e.ticket, Link::DuplicateOf, *into, e.by)
        }
        Step::Absorbed { watchers, .. } => link::watch(tx, seq, e.ticket, watchers),
        Step::Replied { mentions, .. } => link::watch(tx, seq, e.ticket, mentions),
        Step::Watched { who } => link::watch(tx, seq, e.ticket, &[*who]),
        Step::Unwatched { who } => link::unwatch(tx, e.ticket, *who),
        Step::KnownError { cause, workaround } => link::know(tx, seq, e, number, *cause, *workaround),
        Step::Change { told } => change::tell(tx, seq, e, number, told),
        Step::Delivery { told } => delivery::tell(tx, e, number, told),
        Step::Paused { .. } => link::pause(tx, seq, e),
        Step::Resumed | Step::Restored { .. } => link::resume(tx, e),
        Step::Resolved { .. } => {
            link::resume(tx, e)?;
            link::settle(tx, e.ticket, false)
        }
        Step::Reopened { .. } => link::settle(tx, e.ticket, true),
        Step::TakenOver { .. }
        | Step::Assigned { .. }
        | Step::Reprioritised { .. }
        | Step::QuoteMade { .. }
        | Step::PriceAgreed { .. }
        | Step::PriceDeclined { .. }
        | Step::Diagnosed { .. }
        | Step::Escalated { .. } => Ok(()),
    }
}

fn put_clocks(tx: &mut WriteTx<'_>, ticket: TicketId, clocks: &[ClockMark]) -> Result<()> {
    for c in clocks {
        let p = vals![ticket.0, c.promise.key(), &c.label, c.due, c.stopped, c.late_seconds, c.round];
        tx.exec(PUT_CLOCK, p)?;
    }
    Ok(())
}

/// The earliest due instant among the clocks that still run.
fn next_due(clocks: &[ClockMark]) -> (i64, Option<&'static str>) {
    clocks
        .iter()
        .filter(|c| c.stopped.is_none())
        .filter_map(|c| Some((c.due?, Some(c.promise.key()))))
        .min()
        .unwrap_or((NEVER, None))
}

fn priority(facts: &Facts) -> &str {
    facts.get(Dimension::Priority).unwrap_or("")
}
