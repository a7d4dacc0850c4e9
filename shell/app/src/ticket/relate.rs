//! Tickets tied together: links, problems and their known errors.

use std::collections::{HashMap, HashSet};

use base::id::{AccountId, TicketId};
use engines::kinds::Kind;
use events::{Event, Link, Step, TicketStepped};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::record::{Stamp, record};
use store::ticket::{Scope, State, Ticket, link};
use store::{Tx, WriteTx, content, ticket};
use terms::Dimension;

use super::clockwork;
use super::command::StepCommand;
use super::delivery;
use super::follow::Watcher;
use super::view::name;
use crate::access::{Act, Permit};
use crate::agreements::Agreements;
use crate::desk::text;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::vault::VaultHandle;

/// Ties shown of those that lead to a ticket: a problem may have caused hundreds of incidents.
const SHOWN: u32 = 100;
/// A chain of parents longer than this is taken for a loop.
const DEEPEST: usize = 50;

/// How the asker says that a ticket stands to another: from either end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    Relates,
    DuplicateOf,
    DuplicatedBy,
    CausedBy,
    Causes,
    Blocks,
    BlockedBy,
    SplitFrom,
    SplitInto,
    ChildOf,
    ParentOf,
    /// Of what the other delivered.
    DefectOf,
    HasDefect,
}

impl Tie {
    pub const ALL: [Tie; 13] = [
        Tie::Relates,
        Tie::DuplicateOf,
        Tie::DuplicatedBy,
        Tie::CausedBy,
        Tie::Causes,
        Tie::Blocks,
        Tie::BlockedBy,
        Tie::SplitFrom,
        Tie::SplitInto,
        Tie::ChildOf,
        Tie::ParentOf,
        Tie::DefectOf,
        Tie::HasDefect,
    ];

    pub fn key(self) -> &'static str {
        match self {
            Tie::Relates => "relates",
            Tie::DuplicateOf => "duplicate_of",
            Tie::DuplicatedBy => "duplicated_by",
            Tie::CausedBy => "caused_by",
            Tie::Causes => "causes",
            Tie::Blocks => "blocks",
            Tie::BlockedBy => "blocked_by",
            Tie::SplitFrom => "split_from",
            Tie::SplitInto => "split_into",
            Tie::ChildOf => "child_of",
            Tie::ParentOf => "parent_of",
            Tie::DefectOf => "defect_of",
            Tie::HasDefect => "has_defect",
        }
    }

    pub fn from_key(key: &str) -> Option<Tie> {
        Tie::ALL.into_iter().find(|tie| tie.key() == key)
    }

    /// The link, and whether the asker's ticket is its source.
    fn link(self) -> (Link, bool) {
        match self {
            Tie::Relates => (Link::Relates, true),
            Tie::DuplicateOf => (Link::DuplicateOf, true),
            Tie::DuplicatedBy => (Link::DuplicateOf, false),
            Tie::CausedBy => (Link::CausedBy, true),
            Tie::Causes => (Link::CausedBy, false),
            Tie::Blocks => (Link::Blocks, true),
            Tie::BlockedBy => (Link::Blocks, false),
            Tie::SplitFrom => (Link::SplitFrom, true),
            Tie::SplitInto => (Link::SplitFrom, false),
            Tie::ChildOf => (Link::ChildOf, true),
            Tie::ParentOf => (Link::ChildOf, false),
            Tie::DefectOf => (Link::DefectOf, true),
            Tie::HasDefect => (Link::DefectOf, false),
        }
    }

    fn seen(link: Link, from_source: bool) -> Tie {
        Tie::ALL.into_iter().find(|tie| tie.link() == (link, from_source)).unwrap_or(Tie::Relates)
    }
}

/// Another ticket that one is tied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// As read from the ticket shown.
    pub tie: Tie,
    pub number: u64,
    pub title: String,
    pub kind: String,
    pub state: State,
    /// The other was merged into this one.
    pub merged: bool,
}

/// What is known of a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownError {
    /// The problem's number.
    pub number: u64,
    pub title: String,
    pub cause: String,
    pub workaround: Option<String>,
    pub by: String,
    pub at: Timestamp,
    /// The problem is not resolved yet.
    pub open: bool,
}

/// A line of the list of known errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLine {
    pub known: KnownError,
    pub item: Option<String>,
    /// How many tickets it caused, of those that the reader may see.
    pub caused: usize,
}

impl App {
    /// The problems whose cause is known, newest first under the number `before`: those still open, or
    /// those settled; and the `before` of the next page.
    pub fn known_errors(
        &self,
        permit: &Permit,
        open: bool,
        before: Option<u64>,
        limit: u32,
    ) -> Result<(Vec<KnownLine>, Option<u64>)> {
        self.on_tickets(permit, Act::SeeTickets)?;
        let scope = permit.scope();
        self.vault(permit.customer())?.db.read(move |tx| {
            let names = super::names(tx)?;
            let (mut lines, mut under) = (Vec::new(), before);
            // One more than shown says whether there is a next page: counted in scope, as the lines are.
            let wanted = (limit as usize).saturating_add(1);
            while lines.len() < wanted {
                let read = link::known_errors(tx, open, under, limit.saturating_add(1))?;
                let Some(last) = read.last() else { break };
                under = Some(last.number);
                for known in read {
                    let problem = ticket::by_id(tx, known.ticket)?.filter(|t| scope.lets(t));
                    let Some(problem) = problem else { continue };
                    let caused = caused(tx, scope, problem.id)?;
                    let item = problem.item.clone();
                    lines.push(KnownLine { known: told(tx, &known, &problem, &names)?, item, caused });
                }
            }
            let more = lines.len() >= wanted;
            lines.truncate(limit as usize);
            let next = lines.last().filter(|_| more).map(|line| line.known.number);
            Ok((lines, next))
        })
    }
}

/// How many tickets in scope a problem caused, of the first [`SHOWN`] tied to it.
fn caused(tx: &mut dyn Tx, scope: &Scope, problem: TicketId) -> Result<usize> {
    let mut seen = 0;
    for tied in link::of_ticket(tx, problem, SHOWN)? {
        if tied.link == Link::CausedBy && tied.target == problem {
            seen += usize::from(ticket::by_id(tx, tied.source)?.is_some_and(|t| scope.lets(&t)));
        }
    }
    Ok(seen)
}

/// Whether a reader may see the ticket that a step names, if it names one.
pub(super) fn names_what_is_seen(tx: &mut dyn Tx, scope: &Scope, step: &Step) -> Result<bool> {
    let number = match step {
        Step::Linked { number, .. }
        | Step::Unlinked { number, .. }
        | Step::Merged { number, .. }
        | Step::Absorbed { number, .. } => *number,
        _ => return Ok(true),
    };
    Ok(ticket::by_number(tx, scope, number)?.is_some())
}

/// What a ticket's page shows beside its own row.
pub(super) struct Beside {
    pub relations: Vec<Relation>,
    pub known: Option<KnownError>,
    pub watchers: Vec<Watcher>,
    pub paused_seconds: i64,
}

pub(super) fn beside(
    tx: &mut dyn Tx,
    scope: &Scope,
    shown: &Ticket,
    names: &HashMap<AccountId, String>,
    now: Timestamp,
) -> Result<Beside> {
    let mut relations = Vec::new();
    let mut known = link::known(tx, shown.id)?.map(|k| (k, shown.clone()));
    for tied in link::of_ticket(tx, shown.id, SHOWN)? {
        let from_source = tied.source == shown.id;
        let other = if from_source { tied.target } else { tied.source };
        // What the reader may not see is not told by its number either.
        let Some(other) = ticket::by_id(tx, other)?.filter(|t| scope.lets(t)) else { continue };
        let tie = Tie::seen(tied.link, from_source);
        if tie == Tie::CausedBy && known.is_none() {
            known = link::known(tx, other.id)?.map(|k| (k, other.clone()));
        }
        relations.push(Relation {
            tie,
            number: other.number,
            title: text(content::get(tx, other.title.0)?),
            kind: other.kind,
            state: other.state,
            merged: other.merged_into == Some(shown.number),
        });
    }
    let known = match &known {
        Some((known, problem)) => Some(told(tx, known, problem, names)?),
        None => None,
    };
    let watchers = link::watchers(tx, shown.id)?.into_iter();
    let watchers = watchers.map(|who| Watcher { who, name: name(names, who) }).collect();
    let paused_seconds = link::paused_seconds(tx, shown.id, now.as_microsecond())?;
    Ok(Beside { relations, known, watchers, paused_seconds })
}

fn told(
    tx: &mut dyn Tx,
    known: &link::Known,
    problem: &Ticket,
    names: &HashMap<AccountId, String>,
) -> Result<KnownError> {
    let workaround = match known.workaround {
        Some(id) => Some(text(content::get(tx, id.0)?)),
        None => None,
    };
    Ok(KnownError {
        number: problem.number,
        title: text(content::get(tx, problem.title.0)?),
        cause: text(content::get(tx, known.cause.0)?),
        workaround,
        by: name(names, known.by),
        at: Timestamp::from_microsecond(known.at).map_err(AppError::fault)?,
        open: known.open,
    })
}

/// The ticket that a step is written on, and the other end of a tie: a link said from its target is
/// written on its source.
pub(super) fn ends(
    tx: &mut dyn Tx,
    scope: &Scope,
    command: &StepCommand,
    number: u64,
) -> Result<(Ticket, Option<Ticket>)> {
    let asked = ticket::by_number(tx, scope, number)?.ok_or(AppError::NotFound)?;
    let (other, from_source) = match command {
        StepCommand::Link { tie, ticket } | StepCommand::Unlink { tie, ticket } => (*ticket, tie.link().1),
        StepCommand::Merge { into, .. } => (*into, true),
        _ => return Ok((asked, None)),
    };
    let other = ticket::by_number(tx, scope, other)?.ok_or_else(no_such_ticket)?;
    if other.id == asked.id {
        return Err(AppError::invalid(
            "ticket",
            "un autre ticket que celui-ci",
            "another ticket than this one",
        ));
    }
    Ok(if from_source { (asked, Some(other)) } else { (other, Some(asked)) })
}

fn no_such_ticket() -> AppError {
    AppError::invalid("ticket", "aucun ticket ne porte ce numéro", "no ticket has this number")
}

/// The step that ties `source` to `target`.
pub(super) fn link(tx: &mut dyn Tx, source: &Ticket, tie: Tie, target: &Ticket) -> Result<Step> {
    let (link, _) = tie.link();
    let there = |l: &link::Linked, a: TicketId, b: TicketId| l.link == link && l.source == a && l.target == b;
    let ties = link::of_ticket(tx, source.id, u32::MAX)?;
    let both_ways = link == Link::Relates;
    if ties.iter().any(|l| there(l, source.id, target.id) || both_ways && there(l, target.id, source.id)) {
        return Err(refused(
            "link.exists",
            "Ces deux tickets sont déjà liés ainsi.",
            "These two tickets are tied so already.",
        ));
    }
    let cause = matches!(Kind::from_key(&target.kind), Some(Kind::Problem | Kind::Change));
    if link == Link::CausedBy && !cause {
        return Err(refused(
            "link.cause",
            format!(
                "La cause d'un ticket est un problème ou un changement\u{a0}; le n°\u{a0}{} n'en est pas un.",
                target.number
            ),
            format!("The cause of a ticket is a problem or a change; number {} is neither.", target.number),
        ));
    }
    if link == Link::DefectOf {
        delivery::may_be_defect(tx, source, target)?;
    }
    if link != Link::Relates && leads_to(tx, target.id, link, source.id)? {
        return Err(refused(
            "link.loop",
            "Ce lien ferait une boucle\u{a0}: chacun des deux tickets dépendrait de l'autre.",
            "This link would make a loop: each ticket would depend on the other.",
        ));
    }
    Ok(Step::Linked { link, ticket: target.id, number: target.number })
}

pub(super) fn unlink(tx: &mut dyn Tx, source: &Ticket, tie: Tie, target: &Ticket) -> Result<Step> {
    let (link, _) = tie.link();
    if link::from(tx, source.id)?.iter().any(|l| l.link == link && l.target == target.id) {
        return Ok(Step::Unlinked { link, ticket: target.id, number: target.number });
    }
    Err(refused(
        "link.none",
        "Ces deux tickets ne sont pas liés ainsi.",
        "These two tickets are not tied so.",
    ))
}

/// Whether one goes from `from` to `to` along links of one sort.
fn leads_to(tx: &mut dyn Tx, from: TicketId, along: Link, to: TicketId) -> Result<bool> {
    let (mut seen, mut next) = (HashSet::from([from]), vec![from]);
    for _ in 0..DEEPEST {
        let mut further = Vec::new();
        for ticket in next {
            for tied in link::from(tx, ticket)?.into_iter().filter(|l| l.link == along) {
                if tied.target == to {
                    return Ok(true);
                }
                if seen.insert(tied.target) {
                    further.push(tied.target);
                }
            }
        }
        if further.is_empty() {
            return Ok(false);
        }
        next = further;
    }
    Ok(true)
}

/// Ties a ticket just opened: the step is written on the source, which may be the other one, under
/// another contract.
pub(super) fn tie_opened(
    tx: &mut WriteTx<'_>,
    vault: &VaultHandle,
    agreements: &Agreements,
    (opened, tie, other): (&Ticket, Tie, &Ticket),
    by: AccountId,
    now: Timestamp,
) -> Result<()> {
    let (source, target) = if tie.link().1 { (opened, other) } else { (other, opened) };
    let step = link(tx, source, tie, target)?;
    let steps = ticket::steps(tx, source.id)?;
    let last = super::escalate::last_act(&steps).unwrap_or(source.opened);
    let timeline = super::timeline(source, &steps)?;
    let clocks = match source.merged_into {
        Some(_) => Vec::new(),
        None => {
            let agreement = agreements.by_id(source.contract)?;
            clockwork::marks(vault, agreement, &source.version, &timeline, now)?
        }
    };
    let at = now.as_microsecond().max(last);
    let event = TicketStepped { ticket: source.id, at, by, step, clocks };
    record_step(tx, source, now, event)
}

pub(super) fn record_step(
    tx: &mut WriteTx<'_>,
    on: &Ticket,
    now: Timestamp,
    event: TicketStepped,
) -> Result<()> {
    let stamp = Stamp { at: now.as_microsecond(), actor: event.by, contract: Some(on.version.clone()) };
    record(tx, &stamp, &Event::TicketStepped(event), &[])?;
    let row = ticket::by_id(tx, on.id)?.ok_or(AppError::NotFound)?;
    crate::desk::tell(tx, &row)
}

pub(super) fn is_problem(ticket: &Ticket) -> Result<()> {
    if ticket.facts.get(Dimension::Kind) == Some(Kind::Problem.key()) {
        return Ok(());
    }
    Err(refused(
        "problem.kind",
        "Une erreur connue se consigne sur un problème\u{a0}; ouvrez-en un depuis ce ticket.",
        "A known error is recorded on a problem; open one from this ticket.",
    ))
}

/// As [`merged`], for somebody who may not see the other ticket.
pub(super) fn closed_for_good() -> AppError {
    refused(
        "ticket.closed",
        "Ce ticket est clos\u{a0}: rien ne s'y écrit plus.",
        "This ticket is closed: nothing more is written on it.",
    )
}

/// Nothing more is written on a ticket that was merged into another.
pub(super) fn merged(number: u64) -> AppError {
    refused(
        "ticket.merged",
        format!("Ce ticket est fusionné dans le n°\u{a0}{number}\u{a0}: la suite s'écrit là."),
        format!("This ticket is merged into {number}: what follows is written there."),
    )
}

pub(super) fn refused(code: &str, fr: impl Into<String>, en: impl Into<String>) -> AppError {
    AppError::refused(Refusal::new(code, fr, en))
}
