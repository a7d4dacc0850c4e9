//! Rights to end early: open since when, until when, or what is missing; and what using them costs.

use base::fraction::Fraction;
use base::lang::{date as day, percent};
use base::{Because, Bilingual, Lang, Length, Money, Reason, Rounding};
use jiff::Span as Step;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::right::{Holder, Right, RightTrigger};
use terms::{Rule, Terms, Trigger};

use super::{Deadline, DeadlineKind, fixed, period};
use crate::period::Span;
use crate::say::{cite, say};

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

/// The day the trigger happened; its reasons are added.
fn triggered(rule: &Rule<Right>, facts: &LifeFacts, on: Date, reasons: &mut Vec<Reason>) -> Option<Date> {
    let past = |date: &Date| *date <= on;
    match &rule.then.trigger {
        RightTrigger::Will => Some(Date::MIN),
        RightTrigger::Breach => facts.breaches.iter().copied().filter(past).min(),
        RightTrigger::ForceMajeure { longer_than } => {
            after(facts.force_majeure_since?, *longer_than).filter(past)
        }
        RightTrigger::Event { event } => {
            facts.events.iter().filter(|(e, d)| e == event && past(d)).map(|(_, d)| *d).max()
        }
        RightTrigger::Authority => facts.authority.filter(past),
        // The figures are those of the clause, so of its period.
        RightTrigger::Missed { objective, under, times, of, .. } => {
            missed(facts, objective, *under, (*times, *of), on, reasons)
        }
        RightTrigger::CapReached { times, of } => capped(&facts.capped_months, (*times, *of), on, reasons),
    }
}

/// The day after the period that made `times` misses in the last `of`, while that still holds.
fn missed(
    facts: &LifeFacts,
    label: &str,
    under: Fraction,
    (times, of): (u32, u32),
    on: Date,
    reasons: &mut Vec<Reason>,
) -> Option<Date> {
    let mut periods: Vec<&PeriodFigure> =
        facts.figures.iter().filter(|f| f.label == label && f.period.last() < on).collect();
    periods.sort_by_key(|f| f.period.first);
    let of = usize::try_from(of).unwrap_or(usize::MAX);
    let mut since = None;
    for end in 1..=periods.len() {
        let window = &periods[end.saturating_sub(of)..end];
        let misses = window.iter().filter(|f| f.reached < under).count();
        let enough = misses >= usize::try_from(times).unwrap_or(usize::MAX);
        since = match (enough, since) {
            (true, None) => Some(periods[end - 1].period.next),
            (true, already) => already,
            (false, _) => None,
        };
    }
    let window = &periods[periods.len().saturating_sub(of)..];
    reasons.push(say("right.measured", |lang| {
        let figures: Vec<String> = window
            .iter()
            .map(|f| format!("{} {}", day(lang, f.period.last()), percent(lang, f.reached)))
            .collect();
        let (under, figures) = (percent(lang, under), figures.join(lang.t("\u{202f}; ", "; ")));
        lang.t(
            format!(
                "[{label}] sous {under} dans {times} des {of} dernières périodes : {}.",
                none(lang, &figures)
            ),
            format!("[{label}] under {under} in {times} of the last {of} periods: {}.", none(lang, &figures)),
        )
    }));
    since
}

fn none(lang: Lang, text: &str) -> String {
    if text.is_empty() {
        lang.t("rien de mesuré encore", "nothing measured yet").to_owned()
    } else {
        text.to_owned()
    }
}

fn capped(months: &[Date], (times, of): (u32, u32), on: Date, reasons: &mut Vec<Reason>) -> Option<Date> {
    let mut ends: Vec<Date> = months.iter().map(|d| Span::month(*d).last()).filter(|d| *d < on).collect();
    ends.sort_unstable();
    ends.dedup();
    let back =
        |end: Date| Span::month(end).first.checked_sub(Step::new().try_months(i64::from(of) - 1).ok()?).ok();
    let since = ends
        .iter()
        .rfind(|end| {
            let first = back(**end);
            let count = ends.iter().filter(|d| *d <= *end && first.is_some_and(|f| **d >= f)).count();
            count >= usize::try_from(times).unwrap_or(usize::MAX)
        })
        .map(|end| end.tomorrow().unwrap_or(*end));
    reasons.push(say("right.capped", |lang| {
        let count = ends.len();
        lang.t(
            format!("Plafond de pénalités atteint {count} mois, pour {times} sur {of} exigés."),
            format!("Cap of penalties reached in {count} months; {times} of {of} are needed."),
        )
    }));
    since
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

/// Of the fees of the whole months that remain after `end` (M-24).
fn compensation(
    terms: &Terms,
    rule: &Rule<Right>,
    facts: &LifeFacts,
    end: Date,
    reasons: &mut Vec<Reason>,
) -> Option<Money> {
    let compensation = rule.then.compensation.as_ref()?;
    let fees = facts.monthly_fees?;
    let current = period(&terms.term.as_ref()?.then, end, facts.ends)?;
    let months = months_between(end, current.last);
    let owed = Fraction::from_integer(i128::from(months)) * compensation.rate;
    let amount = fees.times(owed, Rounding::CENTS);
    reasons.push(cite("right.compensation", rule, |lang| {
        let (rate, fees, total) = (percent(lang, compensation.rate), fees.show(lang), amount.show(lang));
        let tax = if compensation.taxable {
            lang.t("soumise à la TVA", "subject to VAT")
        } else {
            lang.t("hors du champ de la TVA", "outside VAT")
        };
        lang.t(
            format!("Compensation : {rate} de {months} × {fees} = {total}, {tax}."),
            format!("Compensation: {rate} of {months} × {fees} = {total}, {tax}."),
        )
    }));
    Some(amount)
}

/// Whole months after `end` up to and including `last`.
fn months_between(end: Date, last: Date) -> u32 {
    let (Ok(first), Ok(next)) = (end.tomorrow(), last.tomorrow()) else { return 0 };
    let months = (i32::from(next.year()) - i32::from(first.year())) * 12 + i32::from(next.month())
        - i32::from(first.month())
        - i32::from(next.day() < first.day());
    u32::try_from(months).unwrap_or(0)
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
mod tests {
    use jiff::civil::date;
    use terms::commitment::Period;
    use terms::right::Compensation;

    use super::*;
    use crate::fixture::{contract, rule};

    fn with(right: Right) -> Terms {
        Terms { rights: vec![rule("sortie", right)], ..contract() }
    }

    fn will() -> Right {
        Right {
            holder: Holder::Customer,
            trigger: RightTrigger::Will,
            from_month: Some(18),
            usable_within: None,
            notice: Length::Months(3),
            cure: None,
            compensation: Some(Compensation { rate: Fraction::new(20, 100), taxable: true }),
        }
    }

    fn one(terms: &Terms, facts: &LifeFacts, on: Date) -> RightState {
        rights(terms, facts, on).remove(0).value
    }

    #[test]
    fn leaving_at_will_opens_in_the_eighteenth_month_and_costs_a_fifth_of_what_remains() {
        let facts = LifeFacts { monthly_fees: Some(Money::eur(230_000)), ..LifeFacts::default() };
        let terms = with(will());
        assert_eq!(one(&terms, &facts, date(2027, 7, 31)).access, Access::NotBefore { on: date(2027, 8, 1) });
        // M-24: notified on 30 September 2027, ended on 30 December; fourteen months remain from January.
        let state = one(&terms, &facts, date(2027, 9, 30));
        assert_eq!(state.access, Access::Open { since: date(2027, 8, 1), until: None });
        assert_eq!(
            (state.earliest_end, state.compensation),
            (Some(date(2027, 12, 30)), Some(Money::eur(644_000)))
        );
        let opens = super::super::deadlines(&terms, date(2026, 11, 3), None);
        assert!(
            opens.iter().any(|d| d.value.kind == DeadlineKind::RightOpens && d.value.on == date(2027, 8, 1))
        );
    }

    #[test]
    fn three_bad_quarters_of_four_open_a_right_and_a_better_window_closes_it() {
        let missed = RightTrigger::Missed {
            objective: "objectif".into(),
            under: Fraction::new(90, 100),
            per: Period::Quarter,
            times: 3,
            of: 4,
        };
        let terms = with(Right { trigger: missed, from_month: None, compensation: None, ..will() });
        let figure = |month, percent| PeriodFigure {
            label: "objectif".into(),
            period: Span::quarter(date(2026, month, 1)),
            reached: Fraction::new(percent, 100),
        };
        let mut facts =
            LifeFacts { figures: vec![figure(4, 89), figure(7, 95), figure(10, 80)], ..LifeFacts::default() };
        assert_eq!(one(&terms, &facts, date(2027, 1, 2)).access, Access::Waiting);
        let next = |month, percent| PeriodFigure {
            period: Span::quarter(date(2027, month, 1)),
            ..figure(1, percent)
        };
        facts.figures.push(next(1, 85));
        assert_eq!(one(&terms, &facts, date(2027, 3, 31)).access, Access::Waiting, "the quarter is not over");
        assert_eq!(
            one(&terms, &facts, date(2027, 4, 1)).access,
            Access::Open { since: date(2027, 4, 1), until: None }
        );
        facts.figures.push(next(4, 90));
        assert_eq!(one(&terms, &facts, date(2027, 7, 1)).access, Access::Waiting, "90 is not under 90");
    }

    #[test]
    fn a_breach_may_be_mended_and_a_takeover_gives_six_months() {
        let breach =
            Right { trigger: RightTrigger::Breach, from_month: None, cure: Some(Length::Days(30)), ..will() };
        let facts = LifeFacts { breaches: vec![date(2026, 9, 1)], ..LifeFacts::default() };
        assert_eq!(
            one(&with(breach.clone()), &facts, date(2026, 10, 1)).access,
            Access::Curing { until: date(2026, 10, 1) }
        );
        assert_eq!(
            one(&with(breach), &facts, date(2026, 10, 2)).access,
            Access::Open { since: date(2026, 10, 2), until: None }
        );
        let takeover = Right {
            trigger: RightTrigger::Event { event: Trigger::ChangeOfControl },
            from_month: None,
            usable_within: Some(Length::Months(6)),
            ..will()
        };
        let facts =
            LifeFacts { events: vec![(Trigger::ChangeOfControl, date(2026, 9, 15))], ..LifeFacts::default() };
        let terms = with(takeover);
        assert_eq!(
            one(&terms, &facts, date(2027, 3, 15)).access,
            Access::Open { since: date(2026, 9, 15), until: Some(date(2027, 3, 15)) }
        );
        assert_eq!(one(&terms, &facts, date(2027, 3, 16)).access, Access::Lapsed { on: date(2027, 3, 15) });
    }

    #[test]
    fn a_cap_reached_often_enough_opens_a_right() {
        let capped = RightTrigger::CapReached { times: 2, of: 3 };
        let terms = with(Right { trigger: capped, from_month: None, ..will() });
        let mut facts =
            LifeFacts { capped_months: vec![date(2026, 5, 31), date(2026, 9, 30)], ..LifeFacts::default() };
        assert_eq!(one(&terms, &facts, date(2026, 11, 1)).access, Access::Waiting);
        facts.capped_months.push(date(2026, 7, 31));
        assert_eq!(
            one(&terms, &facts, date(2026, 11, 1)).access,
            Access::Open { since: date(2026, 10, 1), until: None }
        );
    }
}
