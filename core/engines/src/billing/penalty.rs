//! Penalties for promises missed, before any cap.

mod availability;

use base::fraction::{self, Fraction};
use base::lang::{decimal, elapsed, percent};
use base::{Because, Lang, Money, Reason, Rounding};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::penalty::{Breach, PenaltyFormula};
use terms::{History, Penalty, PenaltyTax, Rule, Terms, governing};

use super::fees::fee_of;
use crate::objective::{Clock, Measured, Standing, provisional};
use crate::period::Span;
use crate::say::{cite, plural, say};

pub use availability::availability_penalties;

/// What one late case gives, or one period of an availability missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PenaltyLine {
    /// The penalty clause's label.
    pub clause: String,
    /// The late case; `None` for an availability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    // Statements kept before availabilities were penalised call it the promise.
    #[serde(rename = "promise")]
    pub on: Breach,
    /// What was missing of an availability; `None` for a late case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<Shortfall>,
    #[serde(default = "first_round")]
    pub round: u32,
    /// On the promise's own clock, from its due instant.
    pub late_seconds: i64,
    /// Hours or points started, or one for the case; less those that earlier statements charged.
    pub steps: u32,
    #[serde(with = "fraction::text")]
    pub rate: Fraction,
    /// The monthly fee in force, or that of the fees that the clause names.
    pub base: Money,
    /// Before the caps; zero in a phase that suspends penalties.
    pub amount: Money,
    /// After the caps, which spare the earliest cases first.
    pub payable: Money,
    /// The phase in which the case is measured and no penalty is due.
    pub suspended: Option<String>,
    pub tax: PenaltyTax,
    /// The customer can claim nothing else for this case.
    pub sole_remedy: bool,
}

/// A period in which an availability was not reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortfall {
    /// The availability clause's label.
    pub clause: String,
    pub service: String,
    pub period: Span,
    #[serde(with = "fraction::text")]
    pub target: Fraction,
    #[serde(with = "fraction::text")]
    pub reached: Fraction,
}

/// Statements kept before rounds were told apart have one of each.
fn first_round() -> u32 {
    1
}

/// The penalties of the cases that count for the month that holds `month`, in order of day and ticket.
///
/// The clause is read in the version that governs the case, the fee in the one in force at the end of
/// the month. The phase is that of the day the case is judged on. `payable` equals `amount` until the
/// caps are applied. A late case that no clause penalises gives no line.
pub fn penalties(
    history: &History,
    month: Date,
    cases: &[Measured],
    standing: Standing,
) -> Vec<Because<PenaltyLine>> {
    let month = Span::month(month);
    let mut late: Vec<&Measured> =
        cases.iter().filter(|c| !c.met && month.contains(c.on) && c.counts(standing)).collect();
    late.sort_by(|a, b| (a.on, &a.ticket, a.promise).cmp(&(b.on, &b.ticket, b.promise)));
    late.into_iter()
        .filter_map(|case| {
            let version = history.by_hash(&case.version).or_else(|| history.at(case.on))?;
            let on = Breach::Promise(case.promise);
            let rules = version.terms.penalties.iter().filter(|r| r.then.on == on);
            let rule = governing(rules, &case.facts)?;
            let base = fee_of(history, month.first, rule.then.base, &rule.then.base_of);
            Some(line(&version.terms, rule, case, &base))
        })
        .collect()
}

fn line(terms: &Terms, rule: &Rule<Penalty>, case: &Measured, base: &Because<Money>) -> Because<PenaltyLine> {
    let clause = &rule.then;
    let steps = match clause.formula {
        PenaltyFormula::StepPerHourStarted => hours_started(case.late_seconds),
        PenaltyFormula::PerCase => 1,
        // The compiler refuses points for a promise with a clock.
        PenaltyFormula::StepPerTenthOfPointStarted | PenaltyFormula::StepPerPointsStarted => 0,
    };
    // A case reopened after its month was closed: the same hour is not owed twice.
    let steps = steps.saturating_sub(case.penalised_steps);
    let judged = case.facts.date.unwrap_or(case.on);
    let Due { suspended, amount } = due(terms, clause, judged, steps, base.value);
    let value = PenaltyLine {
        clause: rule.label().to_owned(),
        ticket: Some(case.ticket.clone()),
        on: Breach::Promise(case.promise),
        shortfall: None,
        round: case.round,
        late_seconds: case.late_seconds,
        steps,
        rate: clause.rate,
        base: base.value,
        amount,
        payable: amount,
        suspended,
        tax: clause.tax,
        sole_remedy: clause.sole_remedy,
    };
    let mut reasons = vec![lateness(case)];
    if case.penalised_steps > 0 {
        reasons.push(charged_before(case.penalised_steps));
    }
    match &value.suspended {
        Some(phase) => reasons.push(suspended_reason(rule, phase)),
        None => {
            reasons.extend(base.reasons.last().cloned());
            reasons.push(arithmetic(rule, &value));
            reasons.push(nature(rule));
        }
    }
    if case.clock == Clock::Running {
        reasons.push(provisional());
    }
    Because::new(value, reasons)
}

/// What so many steps come to, and the phase in which they come to nothing.
struct Due {
    suspended: Option<String>,
    amount: Money,
}

fn due(terms: &Terms, clause: &Penalty, judged: Date, steps: u32, base: Money) -> Due {
    let suspended = terms
        .term
        .as_ref()
        .and_then(|term| term.then.phase_at(judged))
        .filter(|phase| clause.suspended_in.contains(&phase.name))
        .map(|phase| phase.name.clone());
    let full = base.times(clause.rate * Fraction::from_integer(i128::from(steps)), Rounding::CENTS);
    let amount = if suspended.is_some() { Money::zero(full.currency) } else { full };
    Due { suspended, amount }
}

/// 3 h 20 is four hours started; an exact hour is one.
fn hours_started(seconds: i64) -> u32 {
    u32::try_from(seconds.max(0).unsigned_abs().div_ceil(3600)).unwrap_or(u32::MAX)
}

fn lateness(case: &Measured) -> Reason {
    say("penalty.late", |lang| {
        let (ticket, promise) = (&case.ticket, case.promise.name());
        let (late, wall) = (elapsed(lang, case.late_seconds), elapsed(lang, case.late_wall_seconds));
        let name = promise.get(lang);
        lang.t(
            format!(
                "Ticket {ticket}, {name} : {late} de retard sur l'horloge de l'engagement ({wall} en temps réel)."
            ),
            format!("Ticket {ticket}, {name}: {late} late on the promise's clock ({wall} in real time)."),
        )
    })
}

fn charged_before(steps: u32) -> Reason {
    say("penalty.charged_before", |lang| {
        lang.t(
            format!(
                "Rouvert après la clôture d'un mois dont l'état l'a déjà compté : {steps} {} en moins.",
                plural(lang, steps, "pas", "pas")
            ),
            format!(
                "Reopened after a month was closed whose statement counted it already: {steps} {} less.",
                plural(lang, steps, "step", "steps")
            ),
        )
    })
}

fn arithmetic(rule: &Rule<Penalty>, line: &PenaltyLine) -> Reason {
    cite("penalty.amount", rule, |lang| {
        let (rate, base, amount) = (percent(lang, line.rate), line.base.show(lang), line.amount.show(lang));
        match steps(lang, &rule.then, line.steps) {
            Some(steps) => format!("{steps} × {rate} × {base} = {amount}."),
            None => lang.t(
                format!("Par cas : {rate} × {base} = {amount}."),
                format!("For the case: {rate} × {base} = {amount}."),
            ),
        }
    })
}

/// « 3 heures commencées »; `None` when each case counts once.
fn steps(lang: Lang, clause: &Penalty, steps: u32) -> Option<String> {
    let words = match clause.formula {
        PenaltyFormula::PerCase => return None,
        PenaltyFormula::StepPerHourStarted => lang.t(
            plural(lang, steps, "heure commencée", "heures commencées").to_owned(),
            format!("{} started", plural(lang, steps, "hour", "hours")),
        ),
        PenaltyFormula::StepPerTenthOfPointStarted => lang.t(
            plural(lang, steps, "dixième de point entamé", "dixièmes de point entamés").to_owned(),
            format!("{} of a point started", plural(lang, steps, "tenth", "tenths")),
        ),
        PenaltyFormula::StepPerPointsStarted => {
            let points = clause.step.unwrap_or_default() * Fraction::from_integer(100);
            let points = decimal(lang, points, if points.is_integer() { 0 } else { 2 });
            lang.t(
                format!("{} de {points}\u{a0}point", plural(lang, steps, "pas entamé", "pas entamés")),
                format!("{} of {points} point started", plural(lang, steps, "step", "steps")),
            )
        }
    };
    Some(format!("{steps} {words}"))
}

fn suspended_reason(rule: &Rule<Penalty>, phase: &str) -> Reason {
    cite("penalty.suspended", rule, |lang| {
        lang.t(
            match rule.then.on {
                Breach::Promise(_) => {
                    format!("Phase « {phase} » : le retard est mesuré, aucune pénalité n'est due.")
                }
                Breach::Availability => {
                    format!(
                        "Phase « {phase} »\u{a0}: la disponibilité est mesurée, aucune pénalité n'est due."
                    )
                }
            },
            match rule.then.on {
                Breach::Promise(_) => format!("Phase “{phase}”: the delay is measured, no penalty is due."),
                Breach::Availability => {
                    format!("Phase “{phase}”: availability is measured, no penalty is due.")
                }
            },
        )
    })
}

fn nature(rule: &Rule<Penalty>) -> Reason {
    cite("penalty.tax", rule, |lang| match rule.then.tax {
        // BOFiP, instruction 3 B-1-06: damages for late performance are outside the scope of VAT.
        PenaltyTax::Indemnity => lang
            .t(
                "Indemnité, hors champ de la TVA : elle se compense avec le reste à payer.",
                "Indemnity, outside the scope of VAT: set off against what is left to pay.",
            )
            .to_owned(),
        PenaltyTax::PriceReduction => lang
            .t(
                "Réduction de prix : elle diminue la base de TVA.",
                "Price reduction: it lowers the base of VAT.",
            )
            .to_owned(),
    })
}
