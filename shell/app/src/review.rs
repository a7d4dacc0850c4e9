//! The partnership review: what the parties look at together twice a year, and the meetings that the
//! contract asks for.
//!
//! Nothing is kept here: a review held is a duty done, with its minutes, and the figures are those that the
//! other pages give. Each reader has what their rights give of them.

mod half;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use half::Half;

use base::id::ContractId;
use base::{Because, Provenance};
use engines::billing::MonthStatement;
use engines::duties::Occurrence;
use engines::entitlement::MeterState;
use engines::period::{Span, month_key};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use store::ticket::{About, Measured, Scope, Strand};
use store::{Tx, month, satisfaction, ticket};
use terms::{DutyProof, PartyRole, Promise};

use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::satisfaction::Month;

/// Months looked back on, the present one counted.
const MONTHS: i64 = 6;
/// Late tickets named at most.
const NAMED: usize = 30;

/// Half a year of a contract.
pub struct Review {
    pub agreement: Arc<Agreement>,
    pub at: Timestamp,
    /// `None`: the last six months.
    pub half: Option<Half>,
    /// Those that may be chosen, the last one first.
    pub halves: Vec<Half>,
    /// The first day looked at, the last one, and the present one.
    pub from: Date,
    pub until: Date,
    pub today: Date,
    pub opened: u64,
    /// Of these, by kind; changes are one.
    pub kinds: Vec<(String, u64)>,
    /// What was promised, in time and in all: taken over, restored, resolved.
    pub kept: [(Promise, u64, u64); 3],
    /// The clocks that stopped past due, the latest first; empty for those who do not see tickets.
    pub late_tickets: Vec<LateTicket>,
    /// How many there are, of which some are named.
    pub late_clocks: usize,
    /// What people thought; `month` is the first day looked at.
    pub satisfaction: Month,
    /// Duties that are late now, of the provider and of the customer.
    pub late: (usize, usize),
    /// The meetings of the contract year, or of the half chosen, proved by minutes, by day.
    pub meetings: Vec<Because<Occurrence>>,
    /// The months closed, as they were; `None` for those who do not see money.
    pub months: Option<Vec<Because<MonthStatement>>>,
    /// As they stood on the last day looked at; empty for those who do not see meters.
    pub meters: Vec<Because<MeterState>>,
}

/// A promise kept late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateTicket {
    pub number: u64,
    pub promise: Promise,
    pub seconds: i64,
    /// What promised it, in the version that the ticket was opened under.
    pub clause: Option<Provenance>,
}

/// The time looked at.
struct Looked {
    from: Date,
    /// The first instant, and the one after the last.
    start: i64,
    end: i64,
}

impl App {
    /// A half-year of a contract, the last six months by default, and its meetings.
    pub fn review(&self, permit: &Permit, number: Option<&str>, half: Option<Half>) -> Result<Review> {
        permit.covers(Act::SeeContract)?;
        let (vault, now) = (self.vault(permit.customer())?, self.now());
        let agreement = vault.agreements()?.choose(number, now)?.clone();
        let today = agreement.local_date(now);
        let halves = halves(&agreement, today);
        if half.is_some_and(|half| !halves.contains(&half)) {
            return Err(AppError::NotFound);
        }
        let span = half.map(|half| Span { first: half.first(), next: half.next().first() });
        let present = today.first_of_month();
        let recent = present.checked_sub((MONTHS - 1).months()).map_err(AppError::fault)?;
        let from = span.map_or(recent, |span| span.first);
        let until = span.map_or(today, |span| span.last().min(today));
        let after = now.as_microsecond() + 1;
        let end = match span {
            Some(span) => agreement.midnight(span.next)?.as_microsecond().min(after),
            None => after,
        };
        let looked = Looked { from, start: agreement.midnight(from)?.as_microsecond(), end };
        let may = |act: Act| permit.by().permit(act, permit.customer()).ok();
        // Who owes the undertaking reads figures, and no ticket.
        let tickets = may(Act::SeeTickets).is_some_and(|see| {
            sees_all(&see, agreement.id) && self.on_tickets(&see, Act::SeeTickets).is_ok()
        });
        let (money, metered) = (may(Act::SeeMoney).is_some(), may(Act::SeeMeters).is_some());
        let shared = agreement.clone();
        vault.db.read::<_, AppError, _>(move |tx| {
            let life = crate::life::read(tx, shared.clone(), now, span)?;
            let late = |customer: bool| {
                let theirs = |o: &&Because<Occurrence>| (o.value.owed_by == PartyRole::Customer) == customer;
                life.duties.iter().filter(theirs).filter(|o| o.value.state.is_late()).count()
            };
            let late = (late(false), late(true));
            let mut review = Review {
                half,
                halves,
                until,
                late,
                months: if money { Some(statements(tx, &shared, (from, until))?) } else { None },
                meters: if metered { meters(tx, &shared, &looked)? } else { Vec::new() },
                satisfaction: marks(tx, &shared, &looked)?,
                ..measured(tx, shared, now, &looked)?
            };
            if !tickets {
                review.late_tickets.clear();
            }
            review.meetings = life.duties;
            review.meetings.retain(|o| o.value.proof == DutyProof::Minutes);
            Ok(review)
        })
    }
}

/// Whether every ticket of a contract may be read: the late ones are named whatever they are about.
fn sees_all(permit: &Permit, contract: ContractId) -> bool {
    match permit.scope() {
        Scope::All => true,
        Scope::Only(strands) => strands
            .iter()
            .any(|s| s.about == About::Anything && s.contract.is_none_or(|only| only == contract)),
    }
}

/// Since the contract took effect.
fn halves(agreement: &Agreement, today: Date) -> Vec<Half> {
    let first = agreement.history.versions.first().map_or(today, |version| version.effective);
    let mut all: Vec<Half> = std::iter::successors(Some(Half::of(first)), |half| Some(half.next()))
        .take_while(|half| half.first() <= today)
        .collect();
    all.reverse();
    all
}

/// What tickets say, the rest left empty.
fn measured(tx: &mut dyn Tx, agreement: Arc<Agreement>, now: Timestamp, looked: &Looked) -> Result<Review> {
    let contract = agreement.id;
    let own = Scope::Only(vec![Strand { contract: Some(contract), about: About::Anything }]);
    let stopped = ticket::stopped_between(tx, looked.start, looked.end)?;
    let promises = [Promise::Respond, Promise::Restore, Promise::Resolve];
    let of = |promise: Promise| {
        stopped.iter().filter(move |m| m.contract == contract && m.clock.promise == promise)
    };
    let kept = promises.map(|promise| {
        let (kept, all) =
            of(promise).fold((0, 0), |(kept, all), m| (kept + u64::from(m.clock.late_seconds == 0), all + 1));
        (promise, kept, all)
    });
    let mut late: Vec<&Measured> =
        promises.into_iter().flat_map(of).filter(|m| m.clock.late_seconds > 0).collect();
    late.sort_by_key(|m| (Reverse(m.clock.late_seconds), m.number));
    let late_clocks = late.len();
    let late_tickets = late.into_iter().take(NAMED).map(|m| late_ticket(&agreement, m)).collect();
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    for opened in ticket::opened_in(tx, looked.start, looked.end)?.into_iter().filter(|t| own.lets(t)) {
        *kinds.entry(opened.kind).or_default() += 1;
    }
    Ok(Review {
        today: agreement.local_date(now),
        from: looked.from,
        until: looked.from,
        at: now,
        agreement,
        half: None,
        halves: Vec::new(),
        opened: kinds.values().sum(),
        kinds: kinds.into_iter().collect(),
        kept,
        late_tickets,
        late_clocks,
        satisfaction: Month { month: looked.from, marks: [0; 5] },
        late: (0, 0),
        meetings: Vec::new(),
        months: None,
        meters: Vec::new(),
    })
}

fn late_ticket(agreement: &Agreement, m: &Measured) -> LateTicket {
    let version = agreement.history.by_hash(&m.version);
    let rule = version.and_then(|v| v.terms.commitments.iter().find(|r| r.label() == m.clock.label));
    LateTicket {
        number: m.number,
        promise: m.clock.promise,
        seconds: m.clock.late_seconds,
        clause: rule.map(|rule| rule.from.clone()),
    }
}

fn marks(tx: &mut dyn Tx, agreement: &Agreement, looked: &Looked) -> Result<Month> {
    let mut marks = [0; 5];
    for count in satisfaction::between(tx, looked.start, looked.end)? {
        let mark = marks.get_mut(usize::from(count.score).wrapping_sub(1));
        if let Some(mark) = mark.filter(|_| count.contract == agreement.id) {
            *mark += count.answers;
        }
    }
    Ok(Month { month: looked.from, marks })
}

/// The statements of the months closed between two days, by month.
fn statements(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    (from, until): (Date, Date),
) -> Result<Vec<Because<MonthStatement>>> {
    let (first, last) = (month_key(from), month_key(until));
    let mut closed = month::all(tx, agreement.id)?;
    closed.retain(|closed| (&first..=&last).contains(&&closed.figures.month));
    closed.sort_by(|a, b| a.figures.month.cmp(&b.figures.month));
    closed.iter().map(|closed| crate::month::kept_statement(tx, closed)).collect()
}

fn meters(tx: &mut dyn Tx, agreement: &Agreement, looked: &Looked) -> Result<Vec<Because<MeterState>>> {
    let at = Timestamp::from_microsecond(looked.end - 1).map_err(AppError::fault)?;
    let terms = &agreement.in_force(at)?.terms;
    let calls = crate::month::calls(tx, agreement, terms, looked.end)?;
    let ledgers = crate::month::ledgers(agreement, &calls, at)?;
    Ok(ledgers.into_iter().map(|ledger| ledger.map(|ledger| ledger.state)).collect())
}
