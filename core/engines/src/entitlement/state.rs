//! Where the meter stands: the calls replayed, period after period.

use base::{Because, Money, Reason};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::commitment::Period;
use terms::meter::CarryOver;
use terms::{History, Meter, MeterForm, Rule, Terms, WhenEmpty};

use super::charge::admit;
use super::{Admission, Call, Charge, reasons};
use crate::period::{Span, local_date};

/// What the meter counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Calls are noted, nothing is counted.
    Unlimited,
    /// Tickets.
    TicketPack,
    /// Minutes.
    MaxHours,
}

/// The meter at an instant, in tickets or in minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterState {
    /// Its label.
    pub meter: String,
    pub form: Form,
    pub period: Span,
    /// The period's allowance.
    pub included: u32,
    /// Come over from the period before.
    pub carried: u32,
    /// In packs bought during the period; what is left of them goes with it.
    pub bought: u32,
    pub packs_bought: u32,
    pub used: u32,
    pub left: u32,
    /// Tickets out of pack, or minutes beyond.
    pub beyond: u32,
    /// Calls served in the period, those not counted included.
    pub calls: u32,
    /// For the period, net of VAT.
    pub billed: Money,
    /// No more is left than the threshold of the clause.
    pub alert: bool,
    /// At the rate of the period so far, the day nothing will be left, if it comes before the next
    /// period; the day itself when nothing is.
    pub forecast_empty_on: Option<Date>,
}

/// The meter's state and what each call cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    pub state: MeterState,
    /// For each call of this meter up to the instant asked, in order of time.
    pub charges: Vec<(Call, Because<Charge>)>,
}

/// Replays the calls of the meter `label` up to `at`, included; calls of other meters are passed over.
///
/// Give all its calls since the contract's start: carried-over time depends on the period before.
/// `None` when no version of the contract in force at `at` has such a meter.
pub fn ledger(history: &History, label: &str, calls: &[Call], at: Timestamp) -> Option<Because<Ledger>> {
    let terms_at = |date: Date| history.at(date).map(|version| &version.terms);
    let zoned = &history.latest()?.terms;
    let day = local_date(zoned, at);
    let mut mine: Vec<&Call> = calls.iter().filter(|c| c.meter == label && c.at <= at).collect();
    mine.sort_by_key(|c| c.at);

    let begins = zoned.term.as_ref().map_or(day, |term| term.then.start);
    let first = mine.iter().map(|c| local_date(zoned, c.at)).chain([begins, day]).min()?;
    let mut meter = Replay::begin(history, label, first, day)?;
    let mut charges = Vec::with_capacity(mine.len());
    for call in mine {
        let date = local_date(zoned, call.at);
        if let Some((terms, rule)) = terms_at(date).and_then(|t| Some((t, find(t, label)?))) {
            meter.advance(history, terms, rule, date);
        }
        let charge = meter.serve(call);
        charges.push((call.clone(), charge));
    }
    let terms = terms_at(day)?;
    let rule = find(terms, label)?;
    meter.advance(history, terms, rule, day);
    let state = meter.finish(day);
    let reasons = reasons::of_state(rule, &state);
    Some(Because::new(Ledger { state, charges }, reasons))
}

fn find<'a>(terms: &'a Terms, label: &str) -> Option<&'a Rule<Meter>> {
    terms.meters.iter().find(|r| r.label() == label)
}

struct Replay<'a> {
    rule: &'a Rule<Meter>,
    state: MeterState,
}

impl<'a> Replay<'a> {
    /// On the first day, or on the first later day a version has the meter.
    fn begin(history: &'a History, label: &str, first: Date, day: Date) -> Option<Replay<'a>> {
        let days = [first].into_iter().chain(history.versions.iter().map(|v| v.effective));
        let (date, terms, rule) = days.filter(|d| *d <= day).find_map(|d| {
            let terms = &history.at(d)?.terms;
            Some((d, terms, find(terms, label)?))
        })?;
        let state = open(rule, terms, date, 0);
        Some(Replay { rule, state })
    }

    /// Brings the meter to a day: through the ends of periods, then to the clause in force.
    fn advance(&mut self, history: &'a History, terms: &'a Terms, rule: &'a Rule<Meter>, date: Date) {
        while self.state.form != Form::Unlimited && date >= self.state.period.next {
            let next = self.state.period.next;
            let (terms, rule) = history
                .at(next)
                .and_then(|v| Some((&v.terms, find(&v.terms, self.rule.label())?)))
                .unwrap_or((terms, rule));
            let carried = self.carried();
            self.rule = rule;
            self.state = open(rule, terms, next, carried);
        }
        let opened = open(rule, terms, date, 0);
        self.rule = rule;
        if opened.form != self.state.form || opened.period != self.state.period {
            self.state = opened;
        } else {
            self.amend(opened.included);
        }
    }

    /// The unused part of the allowance; what was itself carried is spent first and lost at the end.
    fn carried(&self) -> u32 {
        match self.rule.then.form {
            MeterForm::MaxHours { carry_over: CarryOver::NextPeriod, .. } => {
                self.state.left.min(self.state.included)
            }
            _ => 0,
        }
    }

    /// An amendment changed the allowance within the period: more is added, less takes what is left only.
    fn amend(&mut self, included: u32) {
        let state = &mut self.state;
        if included >= state.included {
            state.left += included - state.included;
            state.included = included;
        } else {
            let cut = (state.included - included).min(state.left);
            state.left -= cut;
            state.included -= cut;
        }
    }

    fn serve(&mut self, call: &Call) -> Because<Charge> {
        let Because { value, mut reasons } =
            admit(self.rule, &self.state, call.priority.as_deref(), call.minutes);
        let charge = match value {
            Admission::Served(charge) => charge,
            // The call took place: it is noted beyond the meter, and nothing allows billing it.
            Admission::Refused => {
                reasons.push(served_all_the_same());
                let counted = if self.state.form == Form::TicketPack { 1 } else { call.minutes };
                Charge { covered: false, counted, taken: 0, price: None, new_pack: false }
            }
        };
        self.apply(&charge);
        Because::new(charge, reasons)
    }

    fn apply(&mut self, charge: &Charge) {
        let state = &mut self.state;
        if let (true, MeterForm::TicketPack { when_empty: WhenEmpty::NewPack { tickets, .. }, .. }) =
            (charge.new_pack, &self.rule.then.form)
        {
            // The compiler refuses an empty pack; one ticket at least keeps the sum right all the same.
            let tickets = (*tickets).max(1);
            state.bought += tickets;
            state.left += tickets;
            state.packs_bought += 1;
        }
        state.used += charge.taken;
        state.left -= charge.taken;
        state.beyond += charge.counted - charge.taken;
        state.calls += 1;
        if let Some(price) = charge.price {
            state.billed = state.billed + price;
        }
    }

    fn finish(mut self, day: Date) -> MeterState {
        let threshold = match self.rule.then.form {
            MeterForm::Unlimited => None,
            MeterForm::TicketPack { alert_at, .. } | MeterForm::MaxHours { alert_at, .. } => Some(alert_at),
        };
        self.state.alert = threshold.is_some_and(|t| self.state.left <= t);
        self.state.forecast_empty_on = forecast(&self.state, day);
        self.state
    }
}

fn open(rule: &Rule<Meter>, terms: &Terms, date: Date, carried: u32) -> MeterState {
    let (form, per, included) = match rule.then.form {
        MeterForm::Unlimited => (Form::Unlimited, Period::ContractYear, 0),
        MeterForm::TicketPack { tickets, per, .. } => (Form::TicketPack, per, tickets),
        MeterForm::MaxHours { minutes, per, .. } => (Form::MaxHours, per, minutes),
    };
    MeterState {
        meter: rule.label().to_owned(),
        form,
        period: Span::of(per, terms, date),
        included,
        carried,
        bought: 0,
        packs_bought: 0,
        used: 0,
        left: included + carried,
        beyond: 0,
        calls: 0,
        billed: Money::zero(terms.currency),
        alert: false,
        forecast_empty_on: None,
    }
}

/// Straight line from the period's first day: used so far over the days gone by.
fn forecast(state: &MeterState, day: Date) -> Option<Date> {
    if state.form == Form::Unlimited {
        return None;
    }
    if state.left == 0 {
        return Some(day);
    }
    if state.used == 0 {
        return None;
    }
    let gone = u64::from(Span { first: state.period.first, next: day.tomorrow().ok()? }.days());
    let days = (u64::from(state.left) * gone).div_ceil(u64::from(state.used));
    let empty = day.checked_add(jiff::Span::new().try_days(i64::try_from(days).ok()?).ok()?).ok()?;
    (empty < state.period.next).then_some(empty)
}

fn served_all_the_same() -> Reason {
    crate::say::say("meter.served", |lang| {
        lang.t(
            "L'appel a été servi alors que le compteur le refusait : il est noté, non facturé.",
            "The call was served although the meter refused it: it is noted, not billed.",
        )
        .to_owned()
    })
}
