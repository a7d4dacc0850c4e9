//! Rights to end early: open since when, until when, or what is missing; and what using them costs.

mod compensation;
mod trigger;

use base::fraction::Fraction;
use base::lang::date as day;
use base::{Because, Bilingual, Length, Money, Reason};
use jiff::Span as Step;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::right::{Holder, Right};
use terms::{Rule, Terms, Trigger};

use self::compensation::compensation;
use self::trigger::triggered;
use super::{Deadline, DeadlineKind, fixed};
use crate::period::Span;
use crate::say::cite;

/// What was measured and told, for the triggers of rights.
#[derive(Clone, Debug, Default)]
pub struct LifeFacts {
    /// The figure reached by each `objective` or `availability` clause in each period that is over.
    pub figures: Vec<PeriodFigure>,
    /// The last day of each month whose penalties reached a cap.
    pub capped_months: Vec<Date>,
    /// What was told, with the local day it happened.
    pub events: Vec<(Trigger, Date)>,
    /// Formal notices for a breach, with the day each was received; mended ones are left out.
    pub breaches: Vec<Date>,
    /// Force majeure that still lasts: its first day.
    pub force_majeure_since: Option<Date>,
    /// An authority asked for the end, on that day.
    pub authority: Option<Date>,
    /// Fees net of VAT that remain each month, for the compensation.
    pub monthly_fees: Option<Money>,
    /// The last day that a notice gave the contract.
    pub ends: Option<Date>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodFigure {
    pub label: String,
    pub period: Span,
    #[serde(with = "base::fraction::text")]
    pub reached: Fraction,
}

/// How a right stands on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightState {
    pub label: String,
    pub holder: Holder,
    pub access: Access,
    /// The first day on which the contract may end, were the notice given today; `None` when not open.
    pub earliest_end: Option<Date>,
    /// Owed for ending then, net of VAT.
    pub compensation: Option<Money>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "access", rename_all = "snake_case")]
pub enum Access {
    Open {
        since: Date,
        until: Option<Date>,
    },
    /// Its trigger has happened, and the other party still has time to mend.
    Curing {
        until: Date,
    },
    /// Not before this day.
    NotBefore {
        on: Date,
    },
    /// Its trigger has not happened.
    Waiting,
    /// It was open, and its time has passed.
    Lapsed {
        on: Date,
    },
}

/// Every right of the contract on a day, in the order of the contract.
pub fn rights(terms: &Terms, facts: &LifeFacts, on: Date) -> Vec<Because<RightState>> {
    terms.rights.iter().map(|rule| right(terms, rule, facts, on)).collect()
}

fn right(terms: &Terms, rule: &Rule<Right>, facts: &LifeFacts, on: Date) -> Because<RightState> {
    let right = &rule.then;
    let mut reasons = Vec::new();
    let triggered = triggered(rule, facts, on, &mut reasons);
    let access = access(terms, right, triggered, on);
    let open = matches!(access, Access::Open { .. });
    let earliest_end = open.then(|| after(on, right.notice)).flatten();
    let compensation = earliest_end.and_then(|end| compensation(terms, rule, facts, end, &mut reasons));
    reasons.insert(0, standing(rule, access, earliest_end));
    let value = RightState {
        label: rule.label().to_owned(),
        holder: right.holder,
        access,
        earliest_end,
        compensation,
    };
    Because::new(value, reasons)
}

fn access(terms: &Terms, right: &Right, triggered: Option<Date>, on: Date) -> Access {
    let Some(mut since) = triggered else { return Access::Waiting };
    if let Some(opens) = right.from_month.and_then(|month| month_start(terms, month)) {
        since = since.max(opens);
        if on < opens {
            return Access::NotBefore { on: opens };
        }
    }
    if let Some(cured) = right.cure.and_then(|cure| after(since, cure)) {
        if on <= cured {
            return Access::Curing { until: cured };
        }
        since = cured.tomorrow().unwrap_or(cured);
    }
    let until = right.usable_within.and_then(|length| after(since, length));
    match until {
        Some(until) if on > until => Access::Lapsed { on: until },
        until => Access::Open { since, until },
    }
}

/// The first day of the contract's n-th month.
fn month_start(terms: &Terms, month: u32) -> Option<Date> {
    let start = terms.term.as_ref()?.then.start;
    start.checked_add(Step::new().try_months(i64::from(month.saturating_sub(1))).ok()?).ok()
}

/// When the right opens by the calendar alone.
pub(super) fn opens(terms: &Terms, rule: &Rule<Right>) -> Option<Because<Deadline>> {
    let on = month_start(terms, rule.then.from_month?)?;
    let title = ("ouverture d'un droit de sortie anticipée", "a right to end early opens");
    Some(fixed(rule, DeadlineKind::RightOpens, on, title))
}
/// `after` the day, the length whole: three months after 30 November is 28 February.
fn after(date: Date, length: Length) -> Option<Date> {
    let step = match length {
        Length::Months(n) => Step::new().try_months(i64::from(n)).ok()?,
        Length::Days(n) => Step::new().try_days(i64::from(n)).ok()?,
        Length::WorkingDays(n) => {
            let mut date = date;
            for _ in 0..n {
                date = date.tomorrow().ok()?;
                while date.weekday().to_monday_zero_offset() > 4 {
                    date = date.tomorrow().ok()?;
                }
            }
            return Some(date);
        }
        Length::Seconds(s) => Step::new().try_days((s + 86_399) / 86_400).ok()?,
    };
    date.checked_add(step).ok()
}

fn standing(rule: &Rule<Right>, access: Access, end: Option<Date>) -> Reason {
    let who = match rule.then.holder {
        Holder::Customer => Bilingual::new("le Client", "the Customer"),
        Holder::Provider => Bilingual::new("le Prestataire", "the Provider"),
        Holder::Either => Bilingual::new("chaque Partie", "either Party"),
    };
    cite("right.standing", rule, |lang| {
        let who = who.get(lang);
        match access {
            Access::Open { since, until } => {
                let notice = rule.then.notice.in_words(lang);
                let end = end.map_or_else(String::new, |e| day(lang, e));
                let since = if since == Date::MIN {
                    String::new()
                } else {
                    lang.t(format!(" depuis le {}", day(lang, since)), format!(" since {}", day(lang, since)))
                };
                let until = until.map_or_else(String::new, |u| {
                    lang.t(format!(", jusqu'au {}", day(lang, u)), format!(", until {}", day(lang, u)))
                });
                lang.t(
                    format!("Droit ouvert{since}{until} : {who} peut mettre fin au contrat ; avec un préavis de {notice}, au plus tôt le {end}."),
                    format!("Right open{since}{until}: {who} may end the contract; with notice of {notice}, on {end} at the earliest."),
                )
            }
            Access::Curing { until } => lang.t(
                format!("Mise en demeure en cours : il peut y être remédié jusqu'au {}.", day(lang, until)),
                format!("Formal notice running: it may be mended until {}.", day(lang, until)),
            ),
            Access::NotBefore { on } => lang.t(
                format!("Droit fermé : il s'ouvre le {}.", day(lang, on)),
                format!("Right closed: it opens on {}.", day(lang, on)),
            ),
            Access::Waiting => lang.t(
                "Droit fermé : ce qui l'ouvre ne s'est pas produit.".to_owned(),
                "Right closed: what opens it has not happened.".to_owned(),
            ),
            Access::Lapsed { on } => lang.t(
                format!("Droit éteint : il pouvait être exercé jusqu'au {}.", day(lang, on)),
                format!("Right lapsed: it could be used until {}.", day(lang, on)),
            ),
        }
    })
}

#[cfg(test)]
mod tests;
