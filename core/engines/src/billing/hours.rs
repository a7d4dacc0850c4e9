//! The hours of a rate that some work is at: the instant it began decides, wherever the contract says how.
//!
//! The date says which day is a Saturday or a Sunday; a calendar, which hours are the night and which days are
//! public holidays. Of several multipliers that hold the greatest applies, alone, as for a call.

use base::fraction::Fraction;
use base::lang::date_time;
use base::{Because, Reason};
use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use terms::rates::{RateHours, RateWeight, RateWhen};
use terms::{Facts, Rate, Rule, Terms, governing};

use super::time::at_hours;
use crate::calendar::{self, CalendarError};
use crate::perimeter::at_rate::AtRate;
use crate::period::local_date;
use crate::say::{cite, figure};

/// The rates that some work may be at: that of its clause, else that of the profile named, else those of every
/// profile, since whoever corrects the entry may name one later.
pub fn rates<'a>(
    terms: &'a Terms,
    facts: &Facts,
    at: Option<&AtRate<'a>>,
    profile: Option<&str>,
) -> Vec<&'a Rule<Rate>> {
    if let Some(at) = at {
        return vec![at.rate];
    }
    let mut profiles: Vec<&str> = Vec::new();
    for rate in &terms.rates {
        let name = rate.then.profile.as_str();
        if profile.is_none_or(|profile| profile == name) && !profiles.contains(&name) {
            profiles.push(name);
        }
    }
    let of = |name: &&str| governing(terms.rates.iter().filter(|r| r.then.profile == **name), facts);
    profiles.iter().filter_map(of).collect()
}

/// The hours that these rates multiply without saying when they are: whoever enters the time says so. `None`
/// when nothing of them is decided by the instant: any hours may be said.
pub fn left_open(rates: &[&Rule<Rate>]) -> Option<Vec<RateHours>> {
    lines(rates).any(|(_, line)| decides(line)).then(|| undecided(rates, None))
}

/// The hours of some work that began at an instant; `None` when these rates decide nothing by it.
///
/// # Errors
/// The reasons why the hours that were said are not those of the contract.
pub fn begun(
    terms: &Terms,
    facts: &Facts,
    rates: &[&Rule<Rate>],
    at: Timestamp,
    said: Option<RateHours>,
) -> Option<Result<Because<RateHours>, Vec<Reason>>> {
    if !lines(rates).any(|(_, line)| decides(line)) {
        return None;
    }
    let facts = Facts { date: Some(local_date(terms, at)), ..facts.clone() };
    // Of two as great, the first written says why.
    let holding = lines(rates).filter(|(_, line)| holds(terms, &facts, line, at));
    let greatest = holding.reduce(|best, next| if next.1.weight > best.1.weight { next } else { best });
    let decided = greatest.map_or(RateHours::Ordinary, |(_, line)| line.hours);
    let reason = because(terms, rates, greatest, at);
    match said {
        None => Some(Ok(Because::new(decided, vec![reason]))),
        Some(said) if said == decided => Some(Ok(Because::new(decided, vec![reason]))),
        Some(said) if undecided(rates, greatest.map(|(_, line)| line.weight)).contains(&said) => {
            Some(Ok(Because::new(said, vec![told(terms, rates, said, at)])))
        }
        Some(_) => Some(Err(vec![reason])),
    }
}

fn lines<'a>(rates: &[&'a Rule<Rate>]) -> impl Iterator<Item = (&'a Rule<Rate>, &'a RateWeight)> {
    rates.iter().flat_map(|rule| rule.then.weights.iter().map(move |line| (*rule, line)))
}

/// Whether an instant says by itself if the line holds.
fn decides(line: &RateWeight) -> bool {
    line.when.is_some() || matches!(line.hours, RateHours::Saturday | RateHours::Sunday)
}

/// The hours that nothing decides, of those that count for more than what holds already.
fn undecided(rates: &[&Rule<Rate>], than: Option<Fraction>) -> Vec<RateHours> {
    let mut open: Vec<RateHours> = Vec::new();
    for (_, line) in lines(rates).filter(|(_, line)| !decides(line)) {
        if than.is_none_or(|than| line.weight > than) && !open.contains(&line.hours) {
            open.push(line.hours);
        }
    }
    open
}

fn holds(terms: &Terms, facts: &Facts, line: &RateWeight, at: Timestamp) -> bool {
    // A calendar that says nothing of the instant multiplies nothing: the compiler refuses one that is unknown,
    // or whose zone is.
    let ask = |label: &str, question: fn(&terms::Calendar, Timestamp) -> Result<bool, CalendarError>| {
        question(&terms.calendar(label, facts)?.then, at).ok()
    };
    let day = facts.date.map(|date| date.weekday());
    match (&line.when, line.hours) {
        (Some(RateWhen::Within(label)), _) => ask(label, calendar::open_at) == Some(true),
        (Some(RateWhen::Outside(label)), _) => ask(label, calendar::open_at) == Some(false),
        (Some(RateWhen::HolidaysOf(label)), _) => ask(label, calendar::holiday_at) == Some(true),
        (None, RateHours::Saturday) => day == Some(Weekday::Saturday),
        (None, RateHours::Sunday) => day == Some(Weekday::Sunday),
        (None, _) => false,
    }
}

fn because(
    terms: &Terms,
    rates: &[&Rule<Rate>],
    greatest: Option<(&Rule<Rate>, &RateWeight)>,
    at: Timestamp,
) -> Reason {
    let Some((rule, line)) = greatest else {
        return cite("time.hours", rates[0], |lang| {
            let at = date_time(lang, &local(terms, at));
            lang.t(
                format!("Travail commencé le {at}\u{a0}: heures ordinaires, sans majoration."),
                format!("Work begun on {at}: ordinary hours, without a multiplier."),
            )
        });
    };
    cite("time.hours", rule, |lang| {
        let (at, weight) = (date_time(lang, &local(terms, at)), figure(lang, line.weight));
        let hours = at_hours(line.hours);
        let hours = hours.get(lang);
        let calendar = match &line.when {
            None => String::new(),
            Some(RateWhen::Within(label)) => lang.t(
                format!(" (heures du calendrier « {label} »)"),
                format!(" (the hours of the calendar “{label}”)"),
            ),
            Some(RateWhen::Outside(label)) => lang.t(
                format!(" (hors des heures du calendrier « {label} »)"),
                format!(" (outside the hours of the calendar “{label}”)"),
            ),
            Some(RateWhen::HolidaysOf(label)) => lang.t(
                format!(" (ceux du calendrier « {label} »)"),
                format!(" (those of the calendar “{label}”)"),
            ),
        };
        lang.t(
            format!("Travail commencé le {at}\u{a0}: {hours}{calendar}, × {weight}."),
            format!("Work begun on {at}: {hours}{calendar}, × {weight}."),
        )
    })
}

/// Hours that the contract multiplies without saying when they are.
fn told(terms: &Terms, rates: &[&Rule<Rate>], said: RateHours, at: Timestamp) -> Reason {
    let rule = lines(rates).find(|(_, line)| line.hours == said).map_or(rates[0], |(rule, _)| rule);
    cite("time.hours_told", rule, |lang| {
        let (at, hours) = (date_time(lang, &local(terms, at)), at_hours(said));
        let hours = hours.get(lang);
        lang.t(
            format!("Travail commencé le {at}, dit fait {hours}\u{a0}: le contrat n'en fixe pas les heures."),
            format!("Work begun on {at}, told as done {hours}: the contract does not fix these hours."),
        )
    })
}

fn local(terms: &Terms, at: Timestamp) -> jiff::Zoned {
    at.to_zoned(TimeZone::get(&terms.zone).unwrap_or(TimeZone::UTC))
}

#[cfg(test)]
mod tests {
    use base::Money;
    use terms::{Calendar, Opening, WeeklyCalendar};

    use super::*;
    use crate::fixture::{facts, rule};

    fn line(hours: RateHours, when: Option<RateWhen>, halves: i128) -> RateWeight {
        RateWeight { hours, when, weight: Fraction::new(halves, 2) }
    }

    /// Nights from ten to six, of the calendar « nuit », whose holiday is the eleventh of November.
    fn contract(weights: Vec<RateWeight>) -> Terms {
        let opening = |text| Opening::parse_span(text).unwrap();
        let night = WeeklyCalendar {
            zone: "Europe/Paris".to_owned(),
            week: std::array::from_fn(|_| vec![opening("00:00-06:00"), opening("22:00-24:00")]),
            holidays: [jiff::civil::date(2026, 11, 11)].into(),
            holiday_hours: vec![opening("00:00-06:00"), opening("22:00-24:00")],
            ..WeeklyCalendar::default()
        };
        let rate = Rate {
            profile: "engineer".to_owned(),
            title: "Ingénieur".to_owned(),
            price: Money::eur(10_000),
            minutes: 60,
            round_up_to: 15,
            weights,
        };
        Terms {
            zone: "Europe/Paris".to_owned(),
            calendars: vec![rule("nuit", Calendar::Weekly(Box::new(night)))],
            rates: vec![rule("tarif", rate)],
            ..Terms::default()
        }
    }

    fn lumen() -> Terms {
        contract(vec![
            line(RateHours::Night, Some(RateWhen::Within("nuit".to_owned())), 3),
            line(RateHours::Sunday, None, 4),
        ])
    }

    /// What the contract says of work begun at a local time, or `Err` with the sentence that refuses.
    fn ask(terms: &Terms, local: &str, said: Option<RateHours>) -> Option<Result<RateHours, String>> {
        let at: jiff::civil::DateTime = local.parse().unwrap();
        let at = at.to_zoned(TimeZone::get("Europe/Paris").unwrap()).unwrap().timestamp();
        let rates = rates(terms, &facts(&[]), None, None);
        begun(terms, &facts(&[]), &rates, at, said).map(|answer| match answer {
            Ok(told) => {
                assert_eq!(told.cited().first().map(|c| c.label.as_str()), Some("tarif"));
                Ok(told.value)
            }
            Err(reasons) => {
                assert_eq!(reasons[0].cites.as_ref().map(|c| c.label.as_str()), Some("tarif"));
                Err(reasons[0].text.fr.clone())
            }
        })
    }

    #[test]
    fn the_instant_decides_in_the_zone_of_the_contract() {
        let decided = |local| ask(&lumen(), local, None).unwrap().unwrap();
        assert_eq!(decided("2026-11-17T09:46"), RateHours::Ordinary);
        assert_eq!(decided("2026-11-17T21:59"), RateHours::Ordinary);
        assert_eq!(decided("2026-11-17T22:00"), RateHours::Night);
        assert_eq!(decided("2026-11-18T05:59"), RateHours::Night);
        assert_eq!(decided("2026-11-18T06:00"), RateHours::Ordinary);
        // 23:30 on Saturday in UTC is a Sunday of Paris; of the two that hold then, the greatest.
        assert_eq!(decided("2026-11-22T00:30"), RateHours::Sunday);
        assert_eq!(decided("2026-11-22T12:00"), RateHours::Sunday);
    }

    #[test]
    fn hours_that_contradict_the_instant_are_refused_with_the_article() {
        let refused = ask(&lumen(), "2026-11-17T09:46", Some(RateHours::Sunday)).unwrap().unwrap_err();
        assert!(refused.contains("mardi 17 novembre 2026 à 9\u{a0}h\u{a0}46"), "{refused}");
        assert!(refused.contains("heures ordinaires"), "{refused}");
        let night = ask(&lumen(), "2026-11-17T23:00", Some(RateHours::Ordinary)).unwrap().unwrap_err();
        assert!(night.contains("« nuit »") && night.contains("× 1,5"), "{night}");
        // Hours that the rate does not know are not those of the work either.
        assert!(ask(&lumen(), "2026-11-21T12:00", Some(RateHours::Saturday)).unwrap().is_err());
        assert_eq!(ask(&lumen(), "2026-11-22T12:00", Some(RateHours::Sunday)), Some(Ok(RateHours::Sunday)));
    }

    #[test]
    fn holidays_are_those_of_the_calendar_that_the_line_names() {
        let of = |label: &str| Some(RateWhen::HolidaysOf(label.to_owned()));
        let terms = contract(vec![line(RateHours::Holiday, of("nuit"), 4)]);
        assert_eq!(ask(&terms, "2026-11-11T12:00", None), Some(Ok(RateHours::Holiday)));
        assert_eq!(ask(&terms, "2026-11-12T12:00", None), Some(Ok(RateHours::Ordinary)));
        let terms = contract(vec![line(RateHours::Evening, Some(RateWhen::Outside("nuit".to_owned())), 3)]);
        assert_eq!(ask(&terms, "2026-11-12T12:00", None), Some(Ok(RateHours::Evening)));
        assert_eq!(ask(&terms, "2026-11-12T23:00", None), Some(Ok(RateHours::Ordinary)));
    }

    #[test]
    fn what_the_contract_does_not_place_is_said_by_whoever_enters_the_time() {
        let silent = contract(vec![line(RateHours::Night, None, 3)]);
        assert_eq!(ask(&silent, "2026-11-17T09:46", Some(RateHours::Sunday)), None, "nothing is decided");
        assert_eq!(left_open(&rates(&silent, &facts(&[]), None, None)), None);
        let half = contract(vec![line(RateHours::Night, None, 3), line(RateHours::Sunday, None, 4)]);
        assert_eq!(left_open(&rates(&half, &facts(&[]), None, None)), Some(vec![RateHours::Night]));
        assert_eq!(ask(&half, "2026-11-17T09:46", None), Some(Ok(RateHours::Ordinary)));
        assert_eq!(ask(&half, "2026-11-17T09:46", Some(RateHours::Night)), Some(Ok(RateHours::Night)));
        assert!(ask(&half, "2026-11-17T09:46", Some(RateHours::Sunday)).unwrap().is_err());
        // The Sunday holds, and is the greater.
        assert!(ask(&half, "2026-11-22T23:00", Some(RateHours::Night)).unwrap().is_err());
        assert_eq!(left_open(&rates(&lumen(), &facts(&[]), None, None)), Some(vec![]));
    }

    #[test]
    fn terms_that_place_no_hours_keep_their_bytes() {
        let silent = serde_json::to_string(&line(RateHours::Night, None, 3)).unwrap();
        assert_eq!(silent, r#"{"hours":"night","weight":"3/2"}"#);
    }
}
