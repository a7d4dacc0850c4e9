//! The contract's life: its periods, the last days for notice, and the rights to end it early.

mod rights;

use base::lang::date as day;
use base::{Because, Bilingual, Length, Reason};
use jiff::Span as Step;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::{ContractTerm, Renewal, Rule, Terms};

use crate::say::cite;

pub use rights::{Access, LifeFacts, PeriodFigure, RightState, rights};

/// A day that somebody must not miss.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    pub kind: DeadlineKind,
    pub on: Date,
    /// The clause it comes from.
    pub label: String,
    /// « dernier jour pour dénoncer ».
    pub title: Bilingual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineKind {
    Start,
    PhaseStart,
    PhaseEnd,
    /// The last day to give notice, or to agree on a renewal.
    Notice,
    PeriodEnd,
    /// The first day of a renewed period.
    Renewal,
    /// A right to end early opens.
    RightOpens,
}

/// A period of the contract: the first one, or a renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifePeriod {
    pub first: Date,
    pub last: Date,
    /// 0 for the first period.
    pub renewals: u32,
}

/// The period that holds this day, if the contract still runs then: a tacit renewal goes on as long as
/// nobody gave notice (`ends`, the last day that a notice gave it).
pub fn period(term: &ContractTerm, on: Date, ends: Option<Date>) -> Option<LifePeriod> {
    let last = ends.map_or(on, |e| on.min(e));
    let mut current = LifePeriod { first: term.start, last: term.end()?, renewals: 0 };
    if last < current.first {
        return None;
    }
    // A renewal of a month over the centuries that dates can hold stays finite.
    for n in 1..=12_000 {
        if on <= current.last {
            return Some(current).filter(|_| ends.is_none_or(|e| on <= e));
        }
        let Renewal::Tacit { months } = term.renewal else { return None };
        let first = current.last.tomorrow().ok()?;
        let months_in = i64::from(term.months) + i64::from(months) * i64::from(n);
        // Counted from the start, so that the end of short months does not drift.
        let next = term.start.checked_add(Step::new().try_months(months_in).ok()?).ok()?;
        current = LifePeriod { first, last: next.yesterday().ok()?, renewals: n };
    }
    None
}

/// The last day on which a notice of `length` before the end of `last` is in time.
///
/// « Au moins trois mois avant le terme » of 28 February 2029 is by 30 November 2028: the three months
/// are counted back from the day after the end.
pub fn last_notice_day(last: Date, length: Length) -> Option<Date> {
    let after = last.tomorrow().ok()?;
    let step = match length {
        Length::Months(n) => Step::new().try_months(i64::from(n)).ok()?,
        Length::Days(n) => Step::new().try_days(i64::from(n)).ok()?,
        Length::WorkingDays(n) => return weekdays_before(after, n)?.yesterday().ok(),
        Length::Seconds(s) => Step::new().try_days(s.div_euclid(86_400)).ok()?,
    };
    after.checked_sub(step).ok()?.yesterday().ok()
}

fn weekdays_before(mut date: Date, count: u32) -> Option<Date> {
    for _ in 0..count {
        date = date.yesterday().ok()?;
        while date.weekday().to_monday_zero_offset() > 4 {
            date = date.yesterday().ok()?;
        }
    }
    Some(date)
}

/// Every deadline of the contract from `on` to the end of the period that follows, by date.
pub fn deadlines(terms: &Terms, on: Date, ends: Option<Date>) -> Vec<Because<Deadline>> {
    let mut out = Vec::new();
    if let Some(rule) = &terms.term {
        let term = &rule.then;
        if on <= term.start {
            out.push(fixed(
                rule,
                DeadlineKind::Start,
                term.start,
                ("début du contrat", "start of the contract"),
            ));
        }
        for phase in &term.phases {
            let name = &phase.name;
            let start = (format!("début de la phase « {name} »"), format!("start of phase “{name}”"));
            out.push(fixed(rule, DeadlineKind::PhaseStart, phase.from, (&start.0, &start.1)));
            if let Some(until) = phase.until {
                let end = (format!("fin de la phase « {name} »"), format!("end of phase “{name}”"));
                out.push(fixed(rule, DeadlineKind::PhaseEnd, until, (&end.0, &end.1)));
            }
        }
        if let Some(current) = period(term, on.max(term.start), ends) {
            out.extend(ends_of(rule, &current, ends));
        }
    }
    for rule in &terms.rights {
        out.extend(rights::opens(terms, rule));
    }
    out.retain(|d| d.value.on >= on);
    out.sort_by_key(|d| (d.value.on, d.value.kind));
    out
}

fn ends_of(rule: &Rule<ContractTerm>, current: &LifePeriod, ends: Option<Date>) -> Vec<Because<Deadline>> {
    let term = &rule.then;
    if let Some(end) = ends.filter(|e| *e <= current.last) {
        return vec![fixed(
            rule,
            DeadlineKind::PeriodEnd,
            end,
            ("fin du contrat, notifiée", "end of the contract, notified"),
        )];
    }
    let mut out = Vec::new();
    let notice = last_notice_day(current.last, term.notice).filter(|_| term.renewal != Renewal::None);
    if let Some(on) = notice {
        let (fr, en) = match term.renewal {
            Renewal::Express => {
                ("dernier jour pour convenir de la reconduction", "last day to agree on the renewal")
            }
            _ => ("dernier jour pour dénoncer", "last day to give notice"),
        };
        let value = Deadline {
            kind: DeadlineKind::Notice,
            on,
            label: rule.label().to_owned(),
            title: Bilingual::new(fr, en),
        };
        let reason = cite("deadline.notice", rule, |lang| {
            let (last, notice, on) = (day(lang, current.last), term.notice.in_words(lang), day(lang, on));
            lang.t(
                format!("La période en cours s'achève le {last} ; préavis : {notice} ; donc notification jusqu'au {on} inclus."),
                format!("The current period ends on {last}; notice: {notice}; so notify until {on} included."),
            )
        });
        out.push(Because::new(value, vec![reason]));
    }
    out.push(fixed(
        rule,
        DeadlineKind::PeriodEnd,
        current.last,
        ("fin de la période en cours", "end of the current period"),
    ));
    if let (Renewal::Tacit { .. }, Ok(next)) = (term.renewal, current.last.tomorrow()) {
        let title = ("reconduction tacite, sauf dénonciation", "tacit renewal unless notice is given");
        out.push(fixed(rule, DeadlineKind::Renewal, next, title));
    }
    out
}

/// A deadline that the clause states as it is.
fn fixed<T>(rule: &Rule<T>, kind: DeadlineKind, on: Date, title: (&str, &str)) -> Because<Deadline> {
    let title = Bilingual::new(title.0, title.1);
    let reason: Reason = cite("deadline.date", rule, |lang| {
        let (text, on) = (title.get(lang), day(lang, on));
        lang.t(format!("{} : le {on}.", capital(text)), format!("{}: {on}.", capital(text)))
    });
    Because::new(Deadline { kind, on, label: rule.label().to_owned(), title }, vec![reason])
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + chars.as_str())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::fixture::contract;

    #[test]
    fn the_last_day_for_notice_of_contract_a() {
        let terms = contract();
        let all = deadlines(&terms, date(2026, 11, 3), None);
        let notice = all.iter().find(|d| d.value.kind == DeadlineKind::Notice).unwrap();
        assert_eq!(notice.value.on, date(2028, 11, 30));
        assert!(notice.reasons[0].text.fr.contains("28 février 2029"), "{}", notice.reasons[0].text.fr);
        assert_eq!(all.last().unwrap().value.on, date(2029, 3, 1));
    }

    #[test]
    fn a_tacit_renewal_goes_on_until_a_notice() {
        let term = contract().term.unwrap().then;
        let at = |y, m, d, ends| period(&term, date(y, m, d), ends);
        assert_eq!(at(2029, 2, 28, None).unwrap().renewals, 0);
        let second = at(2030, 6, 1, None).unwrap();
        assert_eq!((second.first, second.last, second.renewals), (date(2030, 3, 1), date(2031, 2, 28), 2));
        assert_eq!(at(2029, 3, 1, Some(date(2029, 2, 28))), None);
        assert_eq!(at(2026, 2, 28, None), None);
        let express = ContractTerm { renewal: Renewal::Express, ..term };
        assert_eq!(period(&express, date(2029, 3, 1), None), None);
    }

    #[test]
    fn notice_is_counted_back_from_the_day_after_the_end() {
        let end = date(2029, 2, 28);
        assert_eq!(last_notice_day(end, Length::Days(180)), Some(date(2028, 9, 1)));
        assert_eq!(last_notice_day(end, Length::Months(3)), Some(date(2028, 11, 30)));
        // The five working days Thursday 22 to Wednesday 28 stay whole.
        assert_eq!(last_notice_day(end, Length::WorkingDays(5)), Some(date(2029, 2, 21)));
    }
}
