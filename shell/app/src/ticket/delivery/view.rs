//! What the page of a delivery and the API read of it.

use base::fraction::Fraction;
use base::{Because, Money, Reason};
use engines::billing::BookOrder;
use engines::delivery::{self, Standing};
use engines::entitlement::work_units::{self, WorkOrder, WorkUnitLedger};
use engines::kinds::Kind;
use events::{DeliveryTold, Piece, Step};
use jiff::Timestamp;
use jiff::civil::Date;
use store::ticket::{Stepped, Ticket};
use store::{Tx, content, ticket};

use super::{Work, book, kind, last, stands, told};
use crate::agreements::Agreement;
use crate::desk::text;
use crate::error::{AppError, Result};

/// A delivery as it stands.
#[derive(Debug, Clone)]
pub struct DeliveryPage {
    pub kind: Kind,
    pub standing: Standing,
    /// The book that this work is ordered from; `None` when the fee or a price pays for it.
    pub book: Option<BookNow>,
    /// The estimate that stands.
    pub estimate: Option<EstimateTold>,
    pub ordered: Option<Timestamp>,
    /// The entry of the last presentation, which a verdict names.
    pub presented: Option<u64>,
    /// What was shown for production, by its word in the clause, with where it is.
    pub shown: Vec<(String, String)>,
}

/// The book of work units as of now.
#[derive(Debug, Clone)]
pub struct BookNow {
    /// The label of its clause.
    pub label: String,
    /// Code, title, and units of one delivery.
    pub catalogue: Vec<(String, String, Fraction)>,
    pub unit_price: Money,
    pub ledger: Because<WorkUnitLedger>,
}

/// An estimate, as the customer reads it.
#[derive(Debug, Clone)]
pub struct EstimateTold {
    /// Its journal entry, which an order names.
    pub entry: u64,
    pub made: Timestamp,
    pub pieces: Vec<Piece>,
    /// Net of VAT, as it was told.
    pub price: Money,
    pub units: Fraction,
    pub until: Option<Date>,
    pub body: String,
    /// How the units and the price come out.
    pub reasons: Vec<Reason>,
}

/// What is read of a delivery in the page's own transaction.
pub(in super::super) struct Read {
    body: Option<String>,
    shown: Vec<(String, String)>,
    orders: Vec<BookOrder>,
}

/// The orders of a contract before an instant, as the engines count them.
pub(crate) fn orders(tx: &mut dyn Tx, agreement: &Agreement, before: i64) -> Result<Vec<BookOrder>> {
    let day = |micros: i64| -> Result<Date> {
        let at = Timestamp::from_microsecond(micros).map_err(AppError::fault)?;
        Ok(agreement.local_date(at))
    };
    let mut all = Vec::new();
    for o in ticket::delivery::ordered_before(tx, agreement.id, before)? {
        let delivered = o.delivered.filter(|at| *at < before).map(day).transpose()?;
        let reference = format!("n°\u{a0}{}", o.number);
        let (ordered, ticket) = (day(o.ordered)?, Some(o.number.to_string()));
        let order = WorkOrder { reference, code: o.code, count: o.count, ordered, delivered, ticket };
        all.push(BookOrder { book: o.book, order });
    }
    Ok(all)
}

/// The words of the estimate that stands, what was shown, and the orders of its contract.
pub(in super::super) fn read(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    ticket: &Ticket,
    steps: &[Stepped],
    now: Timestamp,
) -> Result<Option<Read>> {
    if !Kind::from_key(&ticket.kind).is_some_and(Kind::is_maintenance) {
        return Ok(None);
    }
    let mut read = Read { body: None, shown: Vec::new(), orders: Vec::new() };
    for step in steps {
        let Step::Delivery { told } = &step.step else { continue };
        match told {
            DeliveryTold::Estimated { body, .. } => {
                read.body = Some(text(content::get(tx, body.0)?));
            }
            DeliveryTold::Presented { .. } => read.shown.clear(),
            DeliveryTold::Shown { need, reference } => {
                let reference = text(content::get(tx, reference.0)?);
                read.shown.retain(|(known, _)| known != need);
                read.shown.push((need.clone(), reference));
            }
            _ => {}
        }
    }
    read.orders = orders(tx, agreement, now.as_microsecond() + 1)?;
    Ok(Some(read))
}

/// The delivery that the ticket is; `None` for a ticket of another kind.
pub(in super::super) fn page(
    work: &Work<'_>,
    read: Option<Read>,
    now: Timestamp,
) -> Result<Option<DeliveryPage>> {
    let (Some(kind), Some(read)) = (kind(work), read) else { return Ok(None) };
    let delivery = told(work, kind, now)?;
    let today = work.agreement.local_date(now);
    let book = book(work, kind, today).and_then(|rule| {
        let orders = BookOrder::of(&read.orders, rule.label());
        Some(BookNow {
            label: rule.label().to_owned(),
            catalogue: rule
                .then
                .catalogue
                .iter()
                .map(|k| (k.code.clone(), k.title.clone(), k.weight))
                .collect(),
            unit_price: rule.then.unit_price,
            ledger: work_units::book(&work.agreement.history, rule.label(), &orders, today)?,
        })
    });
    Ok(Some(DeliveryPage {
        kind,
        standing: stands(work, &delivery, now),
        book,
        estimate: estimate(work, read.body),
        ordered: delivery.ordered,
        presented: last(work, |t| matches!(t, DeliveryTold::Presented { .. })),
        shown: read.shown,
    }))
}

fn estimate(work: &Work<'_>, body: Option<String>) -> Option<EstimateTold> {
    let (entry, at, told) = work.steps.iter().rev().find_map(|s| match &s.step {
        Step::Delivery { told } if matches!(told, DeliveryTold::Estimated { .. }) => {
            Some((s.seq, s.at, told))
        }
        _ => None,
    })?;
    let DeliveryTold::Estimated { book, pieces, price, until, .. } = told else { return None };
    let made = Timestamp::from_microsecond(at).ok()?;
    let terms = &work.agreement.history.at(work.agreement.local_date(made))?.terms;
    let rule = terms.work_units.iter().find(|r| r.label() == book)?;
    let Because { value: (units, _), reasons } = delivery::estimated(rule, pieces)?;
    let (pieces, body) = (pieces.clone(), body.unwrap_or_default());
    Some(EstimateTold { entry, made, pieces, price: *price, units, until: *until, body, reasons })
}

impl DeliveryPage {
    /// The same for a third party: where the work stands, and nothing of what it costs or the contract says.
    pub(in super::super) fn without_the_contract(mut self) -> DeliveryPage {
        self.book = None;
        self.estimate = None;
        self.ordered = None;
        let kept = self.standing.to_production.iter_mut().chain(&mut self.standing.to_close);
        kept.for_each(|reason| reason.cites = None);
        self.standing.reasons.clear();
        self
    }
}
