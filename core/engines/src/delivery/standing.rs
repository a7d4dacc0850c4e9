//! Where a delivery stands at an instant, what it waits for, and what keeps it from going on.

use base::lang::{self, date};
use base::{Lang, Length, Reason};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use terms::boundary::Silence;
use terms::{Acceptance, Rule, Terms};

use super::{Delivery, Verdict};
use crate::calendar::{ClockCache, zone};
use crate::duties::plan::working_days;
use crate::kinds::Kind;
use crate::say::{cite, say};
use crate::sla::measure::after;

/// How far a delivery has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The contract has it estimated before anything else.
    ToEstimate,
    /// An estimate waits for the customer's order.
    Estimated,
    /// The estimate holds no more, and was not ordered.
    Lapsed,
    /// Declined or withdrawn: nothing is to be done.
    Declined,
    ToDeliver,
    /// This step of the acceptance runs.
    Accepting(usize),
    /// This step did not pass: it is to be presented again.
    Refused(usize),
    /// The first step passed, and the delivery is not in production yet.
    ToProduction,
    /// Accepted, and the warranty runs.
    Warranty,
    /// Accepted, with no warranty running any more.
    Done,
}

impl Stage {
    pub fn key(self) -> &'static str {
        match self {
            Stage::ToEstimate => "to_estimate",
            Stage::Estimated => "estimated",
            Stage::Lapsed => "lapsed",
            Stage::Declined => "declined",
            Stage::ToDeliver => "to_deliver",
            Stage::Accepting(_) => "accepting",
            Stage::Refused(_) => "refused",
            Stage::ToProduction => "to_production",
            Stage::Warranty => "warranty",
            Stage::Done => "done",
        }
    }

    /// Whether it was accepted through every step.
    pub fn is_accepted(self) -> bool {
        matches!(self, Stage::Warranty | Stage::Done)
    }
}

/// How a step of the acceptance came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub verdict: Verdict,
    pub at: Timestamp,
    pub came: Came,
}

/// Whether somebody said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    Given,
    BySilence,
}

/// A step of the acceptance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    pub name: String,
    /// `None` until the one before has passed, and production has begun where it takes place there.
    pub begins: Option<Timestamp>,
    /// When the customer's silence decides.
    pub ends: Option<Timestamp>,
    pub silence: Silence,
    pub outcome: Option<Outcome>,
}

/// A delivery at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub stage: Stage,
    /// The steps of the contract, in order; empty when no clause asks for acceptance.
    pub steps: Vec<Verification>,
    /// What production asks for, by its word in the clause, and whether it is there.
    pub needs: Vec<(String, bool)>,
    /// What keeps it out of production, with the article; empty when nothing does.
    pub to_production: Vec<Reason>,
    /// The instant at which the warranty ends, once it began.
    pub warranty_until: Option<Timestamp>,
    /// What keeps its ticket from being closed; empty when it may be.
    pub to_close: Vec<Reason>,
    /// What the articles say of where it stands.
    pub reasons: Vec<Reason>,
}

/// Where this delivery stands at `at`.
pub fn standing(terms: &Terms, delivery: &Delivery, at: Timestamp, clocks: &mut ClockCache) -> Standing {
    let rule = clause(terms, delivery.kind);
    let reckoning = Reckoning::of(terms, at);
    let steps = rule.map_or_else(Vec::new, |rule| reckoning.steps(rule, delivery, clocks));
    let needs = rule.map_or_else(Vec::new, |rule| needs(&rule.then, delivery, &steps));
    let warranty_until = rule.and_then(|rule| reckoning.warranty(rule, &steps, clocks));
    let stage = reckoning.stage(delivery, &steps, rule, warranty_until);
    let mut reasons = Vec::new();
    if let Some(rule) = rule {
        reasons.extend(steps.iter().filter_map(|step| reckoning.told(rule, step)));
        reasons.extend(warranty_until.map(|until| reckoning.warranty_told(rule, until)));
    }
    let to_production = match rule {
        Some(rule) if delivery.production.is_none() => lacking(rule, &needs),
        _ => Vec::new(),
    };
    let to_close = to_close(delivery, stage, rule, &steps);
    Standing { stage, steps, needs, to_production, warranty_until, to_close, reasons }
}

/// The clause that accepts deliveries of this kind.
pub(super) fn clause(terms: &Terms, kind: Kind) -> Option<&Rule<Acceptance>> {
    let own = match kind {
        Kind::Evolutive | Kind::Adaptive => "evolution",
        Kind::Corrective | Kind::Preventive => "correction",
        _ => return None,
    };
    let of = |rule: &&Rule<Acceptance>| rule.then.of.split(", ").any(|of| of == own || of == "all");
    terms.acceptances.iter().find(of)
}

pub(super) struct Reckoning<'a> {
    terms: &'a Terms,
    zone: TimeZone,
    at: Timestamp,
}

impl<'a> Reckoning<'a> {
    pub(super) fn of(terms: &'a Terms, at: Timestamp) -> Reckoning<'a> {
        Reckoning { terms, zone: zone(&terms.zone).unwrap_or(TimeZone::UTC), at }
    }

    fn steps(
        &self,
        rule: &Rule<Acceptance>,
        delivery: &Delivery,
        clocks: &mut ClockCache,
    ) -> Vec<Verification> {
        let in_production = !rule.then.production_needs.is_empty();
        let mut begins = delivery.presented.last().copied();
        let mut all = Vec::new();
        for (nth, step) in rule.then.steps.iter().enumerate() {
            if nth > 0 && in_production {
                begins = begins.and(delivery.production).max(begins);
                begins = begins.filter(|_| delivery.production.is_some());
            }
            let ends = begins.and_then(|from| self.end(from, step.lasts, clocks));
            let outcome = ends.and_then(|ends| self.outcome(delivery, &step.name, ends, step.silence));
            let passed = outcome.as_ref().filter(|o| o.verdict.passes()).map(|o| o.at);
            let (name, silence) = (step.name.clone(), step.silence);
            all.push(Verification { name, begins, ends, silence, outcome });
            begins = passed;
        }
        all
    }

    fn outcome(&self, delivery: &Delivery, step: &str, ends: Timestamp, silence: Silence) -> Option<Outcome> {
        // What silence accepted is accepted; what it refused may be accepted later, in writing.
        let holds = |at: Timestamp| at < ends || silence == Silence::Refuses;
        let given = delivery.verdicts.iter().rev().find(|g| g.step == step && holds(g.at));
        if let Some(given) = given {
            return Some(Outcome { verdict: given.verdict, at: given.at, came: Came::Given });
        }
        let verdict = match silence {
            Silence::Accepts => Verdict::Accepted,
            Silence::Refuses => Verdict::Refused,
        };
        (self.at >= ends).then_some(Outcome { verdict, at: ends, came: Came::BySilence })
    }

    fn warranty(
        &self,
        rule: &Rule<Acceptance>,
        steps: &[Verification],
        clocks: &mut ClockCache,
    ) -> Option<Timestamp> {
        let last = steps.last()?.outcome.as_ref().filter(|o| o.verdict.passes())?;
        self.end(last.at, rule.then.warranty, clocks)
    }

    /// Days and months end with the local day; working days are those of the contract's calendar.
    fn end(&self, from: Timestamp, length: Length, clocks: &mut ClockCache) -> Option<Timestamp> {
        let clock = clocks.clock(&working_days(self.terms), from).ok()?;
        after(&clock, from, length)
    }

    fn stage(
        &self,
        delivery: &Delivery,
        steps: &[Verification],
        rule: Option<&Rule<Acceptance>>,
        warranty_until: Option<Timestamp>,
    ) -> Stage {
        if delivery.declined {
            return Stage::Declined;
        }
        if delivery.presented.is_empty() {
            let ordered = delivery.ordered.is_some() || !delivery.in_units;
            return match &delivery.estimate {
                _ if ordered => Stage::ToDeliver,
                None => Stage::ToEstimate,
                Some(estimate) => {
                    let today = self.at.to_zoned(self.zone.clone()).date();
                    match estimate.until.is_some_and(|last| last < today) {
                        true => Stage::Lapsed,
                        false => Stage::Estimated,
                    }
                }
            };
        }
        for (nth, step) in steps.iter().enumerate() {
            match &step.outcome {
                Some(outcome) if outcome.verdict.passes() => {}
                Some(_) => return Stage::Refused(nth),
                None if step.begins.is_none() => return Stage::ToProduction,
                None => return Stage::Accepting(nth),
            }
        }
        let awaits_production = rule.is_some_and(|rule| !rule.then.production_needs.is_empty());
        if awaits_production && delivery.production.is_none() {
            return Stage::ToProduction;
        }
        match warranty_until {
            Some(until) if self.at < until => Stage::Warranty,
            _ => Stage::Done,
        }
    }

    fn when(&self, lang: Lang, at: Timestamp) -> String {
        lang::short_date_time(lang, &at.to_zoned(self.zone.clone()))
    }

    /// The last day before an instant that is a midnight, or the instant, after a preposition: « avant … ».
    pub(super) fn by(&self, lang: Lang, at: Timestamp) -> String {
        let local = at.to_zoned(self.zone.clone());
        if local.time() == jiff::civil::Time::midnight() {
            let last = local.date().yesterday().unwrap_or(local.date());
            return lang
                .t(format!("la fin du {}", date(lang, last)), format!("the end of {}", date(lang, last)));
        }
        self.when(lang, at)
    }

    fn told(&self, rule: &Rule<Acceptance>, step: &Verification) -> Option<Reason> {
        let (name, ends) = (&step.name, step.ends?);
        let Some(outcome) = &step.outcome else {
            return Some(cite("delivery.step", rule, |lang| {
                let by = self.by(lang, ends);
                match step.silence {
                    Silence::Accepts => lang.t(
                        format!("{name}\u{a0}: le Client se prononce avant {by}\u{202f}; son silence vaut acceptation."),
                        format!("{name}: the customer answers before {by}; silence means acceptance."),
                    ),
                    Silence::Refuses => lang.t(
                        format!("{name}\u{a0}: le Client se prononce avant {by}\u{202f}; son silence vaut refus."),
                        format!("{name}: the customer answers before {by}; silence means refusal."),
                    ),
                }
            }));
        };
        Some(cite("delivery.outcome", rule, |lang| {
            let (verdict, on) = (outcome.verdict.name(), self.by(lang, outcome.at));
            let verdict = verdict.get(lang);
            match outcome.came {
                Came::Given => lang.t(
                    format!("{name}\u{a0}: {verdict} le {}.", self.when(lang, outcome.at)),
                    format!("{name}: {verdict} on {}.", self.when(lang, outcome.at)),
                ),
                Came::BySilence => lang.t(
                    format!("{name}\u{a0}: {verdict} par le silence du Client ({on})."),
                    format!("{name}: {verdict} by the customer's silence ({on})."),
                ),
            }
        }))
    }

    fn warranty_told(&self, rule: &Rule<Acceptance>, until: Timestamp) -> Reason {
        cite("delivery.warranty", rule, |lang| {
            let (by, lasts) = (self.by(lang, until), rule.then.warranty.in_words(lang));
            let counted = rule.then.warranty_counted;
            let free = match counted {
                true => lang.t("les corrections y sont décomptées", "mending is counted"),
                false => lang.t("les corrections y sont faites sans décompte", "mending is not counted"),
            };
            lang.t(
                format!("Garantie de {lasts}, qui court jusqu'à {by}\u{a0}: {free}."),
                format!("Warranty of {lasts}, until {by}: {free}."),
            )
        })
    }
}

fn needs(acceptance: &Acceptance, delivery: &Delivery, steps: &[Verification]) -> Vec<(String, bool)> {
    let passed = steps.first().and_then(|s| s.outcome.as_ref()).is_some_and(|o| o.verdict.passes());
    let there = |need: &String| match need.as_str() {
        "accepted" => passed,
        other => delivery.shown.iter().any(|shown| shown == other),
    };
    acceptance.production_needs.iter().map(|need| (need.clone(), there(need))).collect()
}

fn lacking(rule: &Rule<Acceptance>, needs: &[(String, bool)]) -> Vec<Reason> {
    let missing = needs.iter().filter(|(_, there)| !there);
    missing
        .map(|(need, _)| {
            cite("delivery.production", rule, |lang| {
                let what = need_in_words(lang, need);
                lang.t(
                    format!("Rien n'entre en production sans {what}."),
                    format!("Nothing goes into production without {what}."),
                )
            })
        })
        .collect()
}

/// What production asks for, as a sentence names it.
pub fn need_in_words(lang: Lang, need: &str) -> &'static str {
    match need {
        "accepted" => lang.t("la première étape de recette acceptée", "the first step of acceptance passed"),
        "rollback_tested" => lang.t("un retour arrière essayé", "a rollback tried"),
        "anonymised_data" => lang.t("une recette sur données anonymisées", "acceptance on anonymised data"),
        "documentation" => lang.t("la documentation à jour", "documentation up to date"),
        _ => lang.t("les sources remises", "the sources handed over"),
    }
}

/// A ticket with work ordered, or delivered, is closed once it is accepted.
fn to_close(
    delivery: &Delivery,
    stage: Stage,
    rule: Option<&Rule<Acceptance>>,
    steps: &[Verification],
) -> Vec<Reason> {
    let begun = delivery.ordered.is_some() || !delivery.presented.is_empty();
    if !begun || stage.is_accepted() || stage == Stage::Declined {
        return Vec::new();
    }
    let name = |nth: usize| steps.get(nth).map_or("", |step| step.name.as_str());
    let text = |lang: Lang| match stage {
        Stage::Accepting(nth) => lang.t(
            format!(
                "La recette est en cours\u{a0}: l'étape «\u{a0}{}\u{a0}» n'est pas prononcée.",
                name(nth)
            ),
            format!("Acceptance is under way: {} is not passed.", name(nth)),
        ),
        Stage::Refused(nth) => lang.t(
            format!(
                "La livraison est refusée à l'étape «\u{a0}{}\u{a0}»\u{a0}: elle est à présenter de nouveau.",
                name(nth)
            ),
            format!("The delivery was refused at “{}”: it is to be presented again.", name(nth)),
        ),
        Stage::ToProduction => lang.t(
            "La livraison acceptée n'est pas encore en production.".to_owned(),
            "The delivery accepted is not in production yet.".to_owned(),
        ),
        _ => lang.t(
            "Ce qui est commandé n'est pas livré.".to_owned(),
            "What was ordered is not delivered.".to_owned(),
        ),
    };
    vec![match rule {
        Some(rule) => cite("delivery.not_accepted", rule, text),
        None => say("delivery.not_accepted", text),
    }]
}
