//! The money that moves: one real month closed under each of two readings of the contract.

use base::Because;
use engines::billing::{self, InvoiceLine, MonthFacts, MonthStatement, PenaltyLine};
use engines::objective::{ObjectiveResult, Standing};
use jiff::civil::Date;
use serde::Serialize;
use terms::History;

/// The versions that one side would have had, and what happened measured by them.
///
/// The facts are each side's own: a ticket is late by the clock of the terms that govern it. See
/// [`super::as_if`] for the versions and [`super::judge`] for the cases.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    pub history: &'a History,
    pub facts: &'a MonthFacts,
}

/// A month under two readings, and what differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Money {
    /// The contract's number, after.
    pub contract: String,
    /// The first day of the month.
    pub month: Date,
    pub before: Figures,
    pub after: Figures,
    /// Lines of the statement that are not the same on both sides, in the order of the statement.
    pub lines: Vec<Moved<InvoiceLine>>,
    pub penalties: Vec<Moved<PenaltyLine>>,
    /// Objectives of which the count or the verdict differs.
    pub results: Vec<Moved<ObjectiveResult>>,
}

/// What the month comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Without VAT.
    pub net: base::Money,
    pub vat: base::Money,
    pub gross: base::Money,
    /// Before the caps.
    pub penalty_total: base::Money,
    /// After the caps: indemnities and price reductions.
    pub penalty_due: base::Money,
    pub waived: base::Money,
    /// Gross less the indemnities set off.
    pub left_to_pay: base::Money,
    /// Indemnities above the gross amount.
    pub owed_to_customer: base::Money,
    pub standing: Standing,
}

/// A line on one side, on the other, or on both and not the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved<T> {
    pub before: Option<Because<T>>,
    pub after: Option<Because<T>>,
}

impl Money {
    /// Whether the month comes to the same, line by line.
    pub fn is_empty(&self) -> bool {
        self.before == self.after
            && self.lines.is_empty()
            && self.penalties.is_empty()
            && self.results.is_empty()
    }
}

/// Closes the month that holds `month` on both sides, and keeps what differs.
pub fn money(before: Side<'_>, after: Side<'_>, month: Date) -> Money {
    let a = billing::close(before.history, month, before.facts).value;
    let b = billing::close(after.history, month, after.facts).value;
    Money {
        contract: b.contract.clone(),
        month: b.month,
        before: figures(&a),
        after: figures(&b),
        // The same clause may give several lines: a fee, then its adjustments, each with its days.
        lines: moved(&a.lines, &b.lines, |x, y| {
            (x.kind, &x.clause, x.from) == (y.kind, &y.clause, y.from) && x.title == y.title
        }),
        penalties: moved(&a.penalties, &b.penalties, |x, y| {
            let of = |line: &PenaltyLine| line.shortfall.as_ref().map(|s| s.clause.clone());
            (&x.ticket, x.on, x.round, of(x)) == (&y.ticket, y.on, y.round, of(y))
        }),
        results: moved(&a.results, &b.results, |x, y| x.objective == y.objective),
    }
}

fn figures(statement: &MonthStatement) -> Figures {
    Figures {
        net: statement.net,
        vat: statement.vat_total,
        gross: statement.gross,
        penalty_total: statement.penalty_total,
        penalty_due: statement.penalty_due,
        waived: statement.waived,
        left_to_pay: statement.left_to_pay,
        owed_to_customer: statement.owed_to_customer,
        standing: statement.standing,
    }
}

/// What is on one side only, or on both with other values; reasons alone do not make a difference.
fn moved<T: Clone + PartialEq>(
    before: &[Because<T>],
    after: &[Because<T>],
    same: impl Fn(&T, &T) -> bool,
) -> Vec<Moved<T>> {
    let mut rest: Vec<&Because<T>> = after.iter().collect();
    let mut out = Vec::new();
    for a in before {
        let twin = rest.iter().position(|b| b.value == a.value);
        let twin = twin.or_else(|| rest.iter().position(|b| same(&a.value, &b.value)));
        let b = twin.map(|at| rest.remove(at));
        if b.is_none_or(|b| b.value != a.value) {
            out.push(Moved { before: Some(a.clone()), after: b.cloned() });
        }
    }
    out.extend(rest.into_iter().map(|b| Moved { before: None, after: Some(b.clone()) }));
    out
}
