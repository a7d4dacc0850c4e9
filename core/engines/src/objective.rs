//! The rate of promises kept over a period, compared exactly before any rounding.

use base::fraction::Fraction;
use base::lang::{date, percent};
use base::{Because, Reason};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::{Facts, Objective, Promise, Rule, Terms};

use crate::period::Span;
use crate::say::{cite, plural, say};

/// One promise measured on one ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// As the parties number it.
    pub ticket: String,
    pub promise: Promise,
    /// The facts the promise was read under; their date is the local day the case is judged on.
    pub facts: Facts,
    /// The hash of the contract version that governs the case.
    pub version: String,
    /// The local day the case counts for: the day its clock stopped, or of the reading while it runs.
    pub on: Date,
    pub met: bool,
    /// Past due on the promise's own clock: open time, pauses left out; zero when met.
    pub late_seconds: i64,
    /// Past due in real time, for the reader.
    pub late_wall_seconds: i64,
    pub clock: Clock,
    /// The clock's round: 1, and one more each time a reopening started the promise afresh.
    pub round: u32,
    /// Steps of penalty that statements of earlier months charged for this clock, before it was reopened.
    pub penalised_steps: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    Stopped,
    /// Counted in provisional figures only, and only once it is late: it may still be kept before.
    Running,
}

impl Measured {
    /// Whether the case has a verdict for these figures.
    pub fn counts(&self, standing: Standing) -> bool {
        match self.clock {
            Clock::Stopped => true,
            Clock::Running => standing == Standing::Provisional && !self.met,
        }
    }
}

/// Whether a figure can still move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Final,
    Provisional,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Kept,
    Missed,
    /// No case in the period: nothing was promised, nothing was missed.
    NothingMeasured,
}

/// An objective over its period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectiveResult {
    /// The clause's label.
    pub objective: String,
    pub promise: Promise,
    pub period: Span,
    pub measured: u32,
    pub kept: u32,
    #[serde(with = "base::fraction::text")]
    pub rate: Fraction,
    pub verdict: Verdict,
    /// Decided by the count of misses, the sample being small.
    pub small_sample: bool,
    /// The tickets that missed.
    pub missed: Vec<String>,
    pub standing: Standing,
}

impl ObjectiveResult {
    /// Kept over measured; `None` when nothing was measured.
    pub fn reached(&self) -> Option<Fraction> {
        (self.measured > 0).then(|| Fraction::new(i128::from(self.kept), i128::from(self.measured)))
    }

    /// How many more cases may be missed in the period, none being kept meanwhile, before the objective is:
    /// zero when the next one misses it, or when it is missed already; ten thousand at most. The clause is
    /// the one measured.
    pub fn misses_left(&self, objective: &Objective) -> u32 {
        let kept_after = |more: u32| {
            let measured = self.measured.saturating_add(more);
            holds(objective, measured, measured - self.kept)
        };
        (1..=MOST).take_while(|more| kept_after(*more)).last().unwrap_or(0)
    }
}

/// A rate that so many misses leave whole is in no danger.
const MOST: u32 = 10_000;

/// Whether so many misses out of so many cases keep an objective.
fn holds(objective: &Objective, measured: u32, misses: u32) -> bool {
    match objective.small_sample.filter(|s| measured < s.below) {
        Some(small) => misses <= small.allowed_misses,
        // kept / measured ≥ rate, without dividing.
        None => {
            Fraction::from_integer(i128::from(measured - misses)) >= objective.rate * i128::from(measured)
        }
    }
}

/// The result of each objective of `terms` for the period that holds `on`, in the order of the contract.
///
/// Give every case of those periods (a contract year for some); others are left out here. `standing` is
/// that of the reading: a final one still gives provisional results for a period that ends after `on`.
pub fn results(
    terms: &Terms,
    on: Date,
    cases: &[Measured],
    standing: Standing,
) -> Vec<Because<ObjectiveResult>> {
    terms.objectives.iter().map(|rule| result(terms, rule, on, cases, standing)).collect()
}

fn result(
    terms: &Terms,
    rule: &Rule<Objective>,
    on: Date,
    cases: &[Measured],
    standing: Standing,
) -> Because<ObjectiveResult> {
    let objective = &rule.then;
    let period = Span::of(objective.per, terms, on);
    let standing = if on < period.last() { Standing::Provisional } else { standing };
    let mine: Vec<&Measured> = cases
        .iter()
        .filter(|c| c.promise == objective.promise && c.counts(standing))
        .filter(|c| period.contains(c.on) && c.on <= on && governs(&terms.objectives, rule, &c.facts))
        .collect();
    let missed: Vec<String> = mine.iter().filter(|c| !c.met).map(|c| c.ticket.clone()).collect();
    let measured = count(mine.len());
    let misses = count(missed.len());
    let kept = measured - misses;

    let small = objective.small_sample.filter(|s| measured < s.below);
    let verdict = match (measured, holds(objective, measured, misses)) {
        (0, _) => Verdict::NothingMeasured,
        (_, true) => Verdict::Kept,
        (_, false) => Verdict::Missed,
    };
    let value = ObjectiveResult {
        objective: rule.label().to_owned(),
        promise: objective.promise,
        period,
        measured,
        kept,
        rate: objective.rate,
        verdict,
        small_sample: small.is_some() && measured > 0,
        missed,
        standing,
    };
    let reasons = reasons(rule, &value);
    Because::new(value, reasons)
}

/// Whether the case is this objective's: its guards hold up to the root, and no exception takes it away.
fn governs(rules: &[Rule<Objective>], rule: &Rule<Objective>, facts: &Facts) -> bool {
    let excepted = rules
        .iter()
        .any(|other| other.exception_to.as_deref() == Some(rule.label()) && other.when.holds(facts));
    let mut current = rule;
    // As in `terms::rule`: the bound keeps a hostile import finite.
    for _ in 0..32 {
        if !current.when.holds(facts) {
            return false;
        }
        let Some(parent) = current.exception_to.as_deref() else { break };
        match rules.iter().find(|r| r.label() == parent) {
            Some(parent) => current = parent,
            None => return false,
        }
    }
    !excepted
}

fn reasons(rule: &Rule<Objective>, result: &ObjectiveResult) -> Vec<Reason> {
    let misses = result.measured - result.kept;
    let mut reasons = vec![cite("objective.count", rule, |lang| {
        let (first, last) = (date(lang, result.period.first), date(lang, result.period.last()));
        let (measured, kept) = (result.measured, result.kept);
        let noun = plural(lang, measured, "ticket", "tickets");
        let promise = result.promise.name();
        let name = promise.get(lang);
        let reached = result.reached().map(|r| percent(lang, r)).unwrap_or_default();
        match measured {
            0 => lang.t(
                format!("Du {first} au {last}, {name} : aucun ticket mesuré."),
                format!("From {first} to {last}, {name}: no ticket measured."),
            ),
            _ => lang.t(
                format!(
                    "Du {first} au {last}, {name} : {kept} dans les délais sur {measured} {noun}, soit {reached}."
                ),
                format!("From {first} to {last}, {name}: {kept} of {measured} {noun} in time, that is {reached}."),
            ),
        }
    })];
    if result.measured > 0 {
        reasons.push(comparison(rule, result, misses));
    }
    if !result.missed.is_empty() {
        let tickets = result.missed.join(", ");
        reasons.push(say("objective.missed", |lang| {
            lang.t(format!("Hors délai : {tickets}."), format!("Out of time: {tickets}."))
        }));
    }
    if result.standing == Standing::Provisional {
        reasons.push(provisional());
    }
    reasons
}

fn comparison(rule: &Rule<Objective>, result: &ObjectiveResult, misses: u32) -> Reason {
    let kept = result.verdict == Verdict::Kept;
    match rule.then.small_sample.filter(|_| result.small_sample) {
        Some(small) => {
            cite("objective.small_sample", rule, |lang| {
                let (below, allowed) = (small.below, small.allowed_misses);
                let outcome = outcome(kept)[usize::from(lang == base::Lang::En)];
                lang.t(
                format!("Moins de {below} tickets : {allowed} hors délai au plus ; il y en a {misses}. {outcome}"),
                format!("Fewer than {below} tickets: at most {allowed} out of time; there are {misses}. {outcome}"),
            )
            })
        }
        None => cite("objective.rate", rule, |lang| {
            let rate = percent(lang, result.rate);
            let outcome = outcome(kept)[usize::from(lang == base::Lang::En)];
            lang.t(
                format!("Taux promis : {rate}, comparé avant tout arrondi. {outcome}"),
                format!("Rate promised: {rate}, compared before any rounding. {outcome}"),
            )
        }),
    }
}

fn outcome(kept: bool) -> [&'static str; 2] {
    if kept { ["Objectif tenu.", "Objective met."] } else { ["Objectif manqué.", "Objective missed."] }
}

pub(crate) fn provisional() -> Reason {
    say("provisional", |lang| {
        lang.t(
            "Chiffre provisoire : la période n'est pas close.",
            "Provisional figure: the period is not closed.",
        )
        .to_owned()
    })
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use terms::Dimension;
    use terms::commitment::{Period, SmallSample};

    use super::*;
    use crate::fixture::{contract, facts, rule, when};

    fn case(ticket: u32, on: Date, met: bool) -> Measured {
        Measured {
            ticket: format!("T-{ticket}"),
            promise: Promise::Restore,
            facts: Facts { date: Some(on), ..facts(&[(Dimension::Priority, "P1")]) },
            version: "v1".into(),
            on,
            met,
            late_seconds: if met { 0 } else { 60 },
            late_wall_seconds: if met { 0 } else { 60 },
            clock: Clock::Stopped,
            round: 1,
            penalised_steps: 0,
        }
    }

    fn cases(kept: u32, missed: u32) -> Vec<Measured> {
        (0..kept + missed).map(|n| case(n, date(2026, 8, 3), n < kept)).collect()
    }

    fn quarter(kept: u32, missed: u32) -> ObjectiveResult {
        results(&contract(), date(2026, 9, 30), &cases(kept, missed), Standing::Final).remove(0).value
    }

    #[test]
    fn the_rate_is_compared_exactly() {
        assert_eq!(quarter(19, 1).verdict, Verdict::Kept);
        assert_eq!(quarter(37, 2).verdict, Verdict::Missed, "37/39 = 94.87 %");
        assert_eq!(quarter(38, 2).verdict, Verdict::Kept, "38/40 = 95 % exactly");
        // AV-02's family: 94.9996 % prints as 95.0 % and is missed.
        let one_short = quarter(2374, 125);
        assert_eq!((one_short.verdict, one_short.small_sample), (Verdict::Missed, false));
    }

    #[test]
    fn a_small_sample_allows_a_miss() {
        let one = quarter(18, 1);
        assert_eq!((one.verdict, one.small_sample), (Verdict::Kept, true), "18/19 would be 94.7 %");
        assert_eq!(quarter(17, 2).verdict, Verdict::Missed);
        assert_eq!(quarter(0, 1).verdict, Verdict::Kept);
        assert_eq!(quarter(0, 0).verdict, Verdict::NothingMeasured);
    }

    #[test]
    fn it_says_how_many_more_may_be_missed() {
        let objective = &contract().objectives[0].then;
        let left = |kept, missed| quarter(kept, missed).misses_left(objective);
        // Fewer than twenty: one is allowed; at the twentieth, 95 % is asked.
        assert_eq!((left(0, 0), left(5, 0), left(5, 1), left(17, 2)), (1, 1, 0, 0));
        assert_eq!((left(18, 1), left(19, 0)), (0, 1));
        // 95 % of 40 allows two in all; of 100, five: 95 of 100, then 95 of 101 is too few.
        assert_eq!((left(38, 1), left(38, 2), left(95, 2), left(95, 5)), (1, 0, 3, 0));
        for (kept, missed) in [(38, 1), (95, 2), (18, 0)] {
            let more = left(kept, missed);
            assert_ne!(quarter(kept, missed + more).verdict, Verdict::Missed);
            assert_eq!(quarter(kept, missed + more + 1).verdict, Verdict::Missed, "{kept} {missed}");
        }
    }

    #[test]
    fn only_the_period_counts_and_says_whether_it_is_over() {
        let mut all = cases(3, 2);
        all.push(case(90, date(2026, 6, 30), false));
        all.push(case(91, date(2026, 10, 1), false));
        let read = |on| results(&contract(), on, &all, Standing::Final).remove(0);
        let end = read(date(2026, 9, 30)).value;
        assert_eq!((end.measured, end.kept, end.standing), (5, 3, Standing::Final));
        assert_eq!(end.missed, ["T-3", "T-4"]);
        let august = read(date(2026, 8, 31));
        assert_eq!(august.value.standing, Standing::Provisional);
        assert_eq!(august.reasons.last().unwrap().code, "provisional");
        assert_eq!(august.cited()[0].label, "objectif");
    }

    #[test]
    fn an_exception_takes_its_cases_away() {
        let mut terms = contract();
        let mut strict = terms.objectives[0].then.clone();
        strict.per = Period::Month;
        strict.rate = Fraction::from_integer(1);
        strict.small_sample = Some(SmallSample { below: 2, allowed_misses: 0 });
        let mut exception = when(rule("objectif-p1", strict), Dimension::Priority, &["P1"]);
        exception.exception_to = Some("objectif".into());
        terms.objectives.push(exception);
        let all = results(&terms, date(2026, 8, 31), &cases(3, 1), Standing::Final);
        assert_eq!((all[0].value.measured, all[1].value.measured), (0, 4));
        assert_eq!((all[1].value.verdict, all[1].value.standing), (Verdict::Missed, Standing::Final));
    }

    #[test]
    fn a_running_case_counts_once_late_and_provisionally() {
        let mut all = cases(1, 1);
        all.iter_mut().for_each(|c| c.clock = Clock::Running);
        let count =
            |standing| results(&contract(), date(2026, 9, 30), &all, standing).remove(0).value.measured;
        assert_eq!((count(Standing::Final), count(Standing::Provisional)), (0, 1));
    }
}
