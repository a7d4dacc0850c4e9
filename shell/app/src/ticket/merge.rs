//! Two tickets of one matter made one.
//!
//! A merge closes the ticket declared last. The promises run from the declaration: were the first one
//! closed for the second, the parties would lose the instant that the delays are counted from. For the
//! same reason the ticket that goes on must be at least as grave and promise as much, what is restored
//! does not take in what is not, and neither a ticket that is late nor one that a closed month has
//! measured or billed is merged: the clocks of a closed ticket are measured no more.

use base::{Because, Length, Reason};
use engines::kinds::{self, Kind};
use engines::perimeter::price::Agreement as Agreed;
use engines::sla::{self, Clock};
use events::{Step, TicketStepped};
use jiff::Timestamp;
use store::ticket::{State, Stepped, Ticket, link};
use store::{WriteTx, ticket};
use terms::{Calendar, Commitment, Promise, Rule, Terms};

use super::clockwork;
use super::relate::{merged, record_step, refused};
use super::step::Ready;
use crate::agreements::Agreement;
use crate::error::{AppError, Refusal, Result};
use crate::vault::VaultHandle;

/// A ticket about to be closed for another.
pub(super) struct Closing<'a> {
    pub ticket: &'a Ticket,
    pub steps: &'a [Stepped],
    pub price: Agreed,
    /// Now, whenever the merge is said to have happened: what is late now is late.
    pub now: Timestamp,
}

/// A change has a plan, approvals and a window of its own: it goes on in no other kind, nor another in it.
pub(super) fn one_kind(closing: &Ticket, into: &Ticket) -> Result<()> {
    let is_change = |t: &Ticket| Kind::from_key(&t.kind) == Some(Kind::Change);
    if is_change(closing) == is_change(into) {
        return Ok(());
    }
    Err(refused(
        "merge.kind",
        "Un changement ne fusionne qu'avec un changement\u{a0}; liez plutôt ces tickets.",
        "A change is merged with a change only; link these tickets instead.",
    ))
}

/// Whether a ticket may be closed for `into`, see the head of this module.
pub(super) fn may_merge(
    tx: &mut WriteTx<'_>,
    vault: &VaultHandle,
    agreement: &Agreement,
    case: &Closing<'_>,
    into: &Ticket,
) -> Result<()> {
    let closing = case.ticket;
    if let Some(number) = into.merged_into {
        return Err(merged(number));
    }
    if closing.state == State::Resolved || into.state == State::Resolved {
        return Err(refused(
            "merge.resolved",
            "On ne fusionne que des tickets ouverts\u{a0}; liez plutôt ceux-ci.",
            "Only open tickets are merged; link these instead.",
        ));
    }
    if closing.contract != into.contract {
        return Err(refused(
            "merge.contract",
            "Ces tickets ne relèvent pas du même contrat.",
            "These tickets are not under the same contract.",
        ));
    }
    let terms = &agreement.version(&into.version)?.terms;
    if (closing.opened, closing.number) < (into.opened, into.number) {
        let refusal = Refusal::new(
            "merge.order",
            format!(
                "Le ticket n°\u{a0}{} a été déclaré le premier\u{a0}: c'est lui qui demeure, et le n°\u{a0}{} s'y fond.",
                closing.number, into.number
            ),
            format!(
                "Ticket {} was declared first: it goes on, and {} is merged into it.",
                closing.number, into.number
            ),
        );
        return Err(AppError::refused(refusal.because(from_the_declaration(terms, into))));
    }
    graver(terms, closing, into)?;
    promised_as_much(agreement, closing, into)?;
    already_restored(agreement, closing, into)?;
    let clocks = clocks_of(vault, agreement, closing, case.steps, case.now)?;
    not_late(closing, &clocks)?;
    let of_into = clocks_of(vault, agreement, into, &ticket::steps(tx, into.id)?, case.now)?;
    due_no_later(closing, &clocks, into, &of_into)?;
    if matches!(case.price, Agreed::Agreed { .. }) {
        return Err(refused(
            "merge.price",
            "Le Client a accepté un prix pour ce ticket\u{a0}: il se fait pour lui-même.",
            "The customer agreed to a price for this ticket: it is done for itself.",
        ));
    }
    // What a closed month measured or billed stays as it was told.
    for stopped in ticket::clocks(tx, closing.id)?.iter().filter_map(|c| c.stopped) {
        let stopped = Timestamp::from_microsecond(stopped).map_err(AppError::fault)?;
        crate::month::still_open(tx, agreement, stopped)?;
    }
    if closing.operation.is_some() {
        let opened = Timestamp::from_microsecond(closing.opened).map_err(AppError::fault)?;
        crate::month::still_open(tx, agreement, opened)?;
    }
    Ok(())
}

/// The clauses of the promises that run on a ticket.
fn from_the_declaration(terms: &Terms, ticket: &Ticket) -> Vec<Reason> {
    let running = Promise::ALL.into_iter().filter_map(|p| terms.commitment(p, &ticket.facts));
    running
        .map(|rule| {
            let (fr, en) = (
                "Ce délai court depuis la première déclaration.",
                "This delay runs from the first declaration.",
            );
            Reason::new("merge.declared", fr, en).citing(&rule.from)
        })
        .collect()
}

fn graver(terms: &Terms, closing: &Ticket, into: &Ticket) -> Result<()> {
    let Some(matrix) = &terms.priorities else { return Ok(()) };
    let rank = |t: &Ticket| matrix.then.priorities.iter().position(|p| *p == t.priority);
    let (Some(closing_rank), Some(into_rank)) = (rank(closing), rank(into)) else { return Ok(()) };
    if closing_rank >= into_rank {
        return Ok(());
    }
    let (number, grave) = (into.number, &closing.priority);
    let refusal = Refusal::new(
        "merge.graver",
        format!(
            "Ce ticket est plus grave ({grave}) que le n°\u{a0}{number}\u{a0}: relevez d'abord la priorité du n°\u{a0}{number}."
        ),
        format!("This ticket is graver ({grave}) than {number}: raise the priority of {number} first."),
    );
    let reason = Reason::new(
        "merge.priority",
        "La priorité fixe les délais\u{a0}: une fusion ne les allonge pas.",
        "Priority sets the delays: a merge does not lengthen them.",
    );
    Err(AppError::refused(refusal.because(vec![reason.citing(&matrix.from)])))
}

/// What a ticket is promised: the rule, and the calendar that it is counted on.
fn promised<'a>(
    terms: &'a Terms,
    ticket: &Ticket,
    promise: Promise,
) -> Option<(&'a Rule<Commitment>, Option<&'a Calendar>)> {
    let measured = kinds::is_measured(terms, &ticket.facts, promise);
    let rule = terms.commitment(promise, &ticket.facts).filter(|_| measured)?;
    Some((rule, terms.calendar(&rule.then.calendar, &ticket.facts).map(|calendar| &calendar.then)))
}

/// Every promise of the closing ticket is one of the ticket that goes on, counted alike and no longer: a
/// request is not closed for a problem, of which nothing is measured.
fn promised_as_much(agreement: &Agreement, closing: &Ticket, into: &Ticket) -> Result<()> {
    let (theirs, ours) =
        (&agreement.version(&closing.version)?.terms, &agreement.version(&into.version)?.terms);
    for promise in Promise::ALL {
        let Some((owed, calendar)) = promised(theirs, closing, promise) else { continue };
        let kept = promised(ours, into, promise);
        let same = |rule: &Commitment| Commitment { within: owed.then.within, ..rule.clone() } == owed.then;
        if kept.is_some_and(|(rule, on)| {
            same(&rule.then) && on == calendar && no_longer(rule.then.within, owed.then.within)
        }) {
            continue;
        }
        let number = into.number;
        let refusal = Refusal::new(
            "merge.promise",
            format!(
                "Le n°\u{a0}{number} ne doit pas le même délai que le n°\u{a0}{}\u{a0}: liez plutôt ces tickets.",
                closing.number
            ),
            format!("Ticket {number} is not owed the same delay as {}: link these instead.", closing.number),
        );
        let (fr, en) =
            ("Ce délai est celui du ticket à fermer.", "This is the delay of the ticket to close.");
        let mut reasons = vec![Reason::new("merge.owed", fr, en).citing(&owed.from)];
        let (fr, en) = ("Celui-ci vaut pour l'autre ticket.", "This one holds for the other ticket.");
        reasons.extend(kept.map(|(rule, _)| Reason::new("merge.kept", fr, en).citing(&rule.from)));
        return Err(AppError::refused(refusal.because(reasons)));
    }
    Ok(())
}

/// Lengths of different units are not compared: a working day has no length of its own.
fn no_longer(kept: Length, owed: Length) -> bool {
    match (kept, owed) {
        (Length::Seconds(kept), Length::Seconds(owed)) => kept <= owed,
        (Length::WorkingDays(kept), Length::WorkingDays(owed))
        | (Length::Days(kept), Length::Days(owed))
        | (Length::Months(kept), Length::Months(owed)) => kept <= owed,
        _ => false,
    }
}

/// A new breakdown is not closed for one that is over: nobody would have to restore it.
fn already_restored(agreement: &Agreement, closing: &Ticket, into: &Ticket) -> Result<()> {
    if into.state != State::Restored || closing.state == State::Restored {
        return Ok(());
    }
    let refusal = Refusal::new(
        "merge.restored",
        format!(
            "Le n°\u{a0}{} est rétabli et ce ticket ne l'est pas\u{a0}: rouvrez d'abord le n°\u{a0}{}, ou liez ces tickets.",
            into.number, into.number
        ),
        format!(
            "Ticket {} is restored and this one is not: reopen {} first, or link these.",
            into.number, into.number
        ),
    );
    let terms = &agreement.version(&closing.version)?.terms;
    let owed = promised(terms, closing, Promise::Restore).map(|(rule, _)| {
        let (fr, en) = ("Ce délai court encore sur ce ticket.", "This delay still runs on this ticket.");
        Reason::new("merge.running", fr, en).citing(&rule.from)
    });
    Err(AppError::refused(refusal.because(owed.into_iter().collect())))
}

/// A delay that is exceeded, whether or not it still runs, is measured on the ticket that exceeded it.
fn not_late(closing: &Ticket, clocks: &[Because<Clock>]) -> Result<()> {
    let Some(late) = clocks.iter().find(|clock| clock.value.late_seconds > 0) else { return Ok(()) };
    let number = closing.number;
    let refusal = Refusal::new(
        "merge.late",
        format!(
            "Le n°\u{a0}{number} est en retard\u{a0}: ce retard se mesure sur lui. Liez plutôt ces tickets."
        ),
        format!("Ticket {number} is late, and this is measured on it. Link these tickets instead."),
    );
    Err(AppError::refused(refusal.because(late.reasons.clone())))
}

fn clocks_of(
    vault: &VaultHandle,
    agreement: &Agreement,
    ticket: &Ticket,
    steps: &[Stepped],
    now: Timestamp,
) -> Result<Vec<Because<Clock>>> {
    let timeline = super::timeline(ticket, steps)?;
    clockwork::clocks(vault, agreement, &ticket.version, &timeline, now)
}

/// What still runs on the closing ticket is over on the other one, or due there no later: one that is
/// paused, or was, may have lost the advance that its declaration gave it.
fn due_no_later(
    closing: &Ticket,
    clocks: &[Because<Clock>],
    into: &Ticket,
    of_into: &[Because<Clock>],
) -> Result<()> {
    let kept = sla::live(of_into);
    for owed in sla::live(clocks).into_values().filter(|clock| clock.value.stopped.is_none()) {
        let same = kept.get(&owed.value.promise).map(|clock| &clock.value);
        if same.is_some_and(|kept| kept.stopped.is_some() || no_later(kept, &owed.value)) {
            continue;
        }
        let (closed, number) = (closing.number, into.number);
        let refusal = Refusal::new(
            "merge.promise",
            format!(
                "La fusion allongerait un délai du n°\u{a0}{closed}\u{a0}: il finirait plus tard sur le n°\u{a0}{number}. Liez plutôt ces tickets."
            ),
            format!(
                "The merge would lengthen a delay of {closed}: it would end later on {number}. Link these tickets instead."
            ),
        );
        let (fr, en) =
            ("Ce délai est celui du ticket à fermer.", "This is the delay of the ticket to close.");
        let mut reasons = vec![Reason::new("merge.owed", fr, en).citing(&owed.value.from)];
        let (fr, en) =
            ("Celui-ci finirait plus tard sur l'autre ticket.", "This one would end later on the other.");
        reasons.extend(same.map(|kept| Reason::new("merge.kept", fr, en).citing(&kept.from)));
        return Err(AppError::refused(refusal.because(reasons)));
    }
    Ok(())
}

/// Of two clocks that run, whether the first ends no later; of two that stand still, whether less is left.
fn no_later(kept: &Clock, owed: &Clock) -> bool {
    match (kept.due, owed.due) {
        (Some(kept), Some(owed)) => kept <= owed,
        (Some(_), None) => true,
        (None, Some(_)) => false,
        (None, None) => match (kept.remaining_seconds, owed.remaining_seconds) {
            (Some(kept), Some(owed)) => kept <= owed,
            _ => true,
        },
    }
}

/// The entry on the ticket that goes on: who followed the other follows it.
pub(super) fn absorb(
    tx: &mut WriteTx<'_>,
    vault: &VaultHandle,
    agreement: &Agreement,
    closed: &Ticket,
    into: &Ticket,
    ready: &Ready,
) -> Result<()> {
    let steps = ticket::steps(tx, into.id)?;
    let last = super::escalate::last_act(&steps).unwrap_or(into.opened);
    let mut watchers = vec![closed.opened_by];
    watchers.extend(link::watchers(tx, closed.id)?);
    watchers.retain(|who| *who != into.opened_by);
    let timeline = super::timeline(into, &steps)?;
    let clocks = clockwork::marks(vault, agreement, &into.version, &timeline, ready.now)?;
    let event = TicketStepped {
        ticket: into.id,
        at: ready.now.as_microsecond().max(last),
        by: ready.by,
        step: Step::Absorbed { from: closed.id, number: closed.number, watchers },
        clocks,
    };
    record_step(tx, into, ready.now, event)
}
