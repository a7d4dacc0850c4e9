//! Where the meter stands: the calls replayed, period after period.

use base::{Because, Money};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::commitment::Period;
use terms::meter::CarryOver;
use terms::{History, Leftover, Meter, MeterForm, Rule, Terms, WhenEmpty};

use super::charge::admit;
use super::{Admission, Call, Charge, Drawn, own_meter, reasons};
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
    /// Come over from the periods before.
    pub carried: u32,
    /// What is left of it, for the clauses that let it expire: the first to expire is spent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<Lot>,
    /// Of what had come over, lost in the period without being spent.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub expired: u32,
    /// In packs bought during the period; what is left of them goes with it, or over with the rest.
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

/// Tickets of an earlier period that are still worth something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    pub left: u32,
    /// The first day they are worth nothing.
    pub expires: Date,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// The meter's state and what each call cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    pub state: MeterState,
    /// For each call of this meter up to the instant asked, in order of time.
    pub charges: Vec<Charged>,
}

/// A call, and what it cost and why.
pub type Charged = (Call, Because<Charge>);

/// Replays the calls of the meter `label` up to `at`, included; calls of other meters are passed over.
///
/// Give all its calls since the contract's start: carried-over time depends on the period before.
/// `None` when no version of the contract in force at `at` has such a meter.
pub fn ledger(history: &History, label: &str, calls: &[Call], at: Timestamp) -> Option<Because<Ledger>> {
    let (last, charges) = replay(history, label, calls, at);
    let Because { value: state, reasons } = state_at(history, label, last.as_ref(), at)?;
    Some(Because::new(Ledger { state, charges }, reasons))
}

/// What each call of the meter cost, in order of time, as in [`ledger`]; also when the meter has ended since.
pub fn charges(history: &History, label: &str, calls: &[Call], at: Timestamp) -> Vec<Charged> {
    replay(history, label, calls, at).1
}

fn replay(
    history: &History,
    label: &str,
    calls: &[Call],
    at: Timestamp,
) -> (Option<MeterState>, Vec<Charged>) {
    let mut mine: Vec<&Call> = calls.iter().filter(|c| c.meter == label && c.at <= at).collect();
    mine.sort_by_key(|c| c.at);
    let mut state: Option<MeterState> = None;
    let mut charges = Vec::with_capacity(mine.len());
    for call in mine {
        let Some((after, charge)) = serve(history, state.as_ref(), call) else { continue };
        state = Some(after);
        charges.push((call.clone(), charge));
    }
    (state, charges)
}

/// One step of [`ledger`], for who keeps the last state instead of replaying: the meter once the call is
/// served, and what it cost. `before` is the state after the previous call, `None` for the first. The
/// alert and the forecast are those of a reading: [`state_at`] gives them.
///
/// `None` when the contract in force has no such meter.
pub fn serve(
    history: &History,
    before: Option<&MeterState>,
    call: &Call,
) -> Option<(MeterState, Because<Charge>)> {
    let (mut state, terms, pool) = advance(history, &call.meter, before, call.at)?;
    let served_by = |label: &String| {
        terms.meters.iter().find(|r| r.label() == label && r.then.pool() == Some(pool.label()))
    };
    let rule = call.rule.as_ref().and_then(served_by).unwrap_or(pool);
    let Because { value, mut reasons } = admit(Drawn { terms, rule, pool }, &state, call);
    let charge = match value {
        Admission::Served(charge) => charge,
        // The call took place: it is noted beyond the meter, and nothing allows billing it.
        Admission::Refused => {
            reasons.push(reasons::served_all_the_same());
            let counted = if state.form == Form::TicketPack { 1 } else { call.minutes };
            Charge {
                covered: false,
                counted,
                weight: base::fraction::one(),
                taken: 0,
                price: None,
                new_pack: false,
            }
        }
    };
    apply(&mut state, &pool.then, &charge);
    Some((state, Because::new(charge, reasons)))
}

/// The meter at an instant, from the state after the last call before it; `None` as for [`serve`].
pub fn state_at(
    history: &History,
    label: &str,
    before: Option<&MeterState>,
    at: Timestamp,
) -> Option<Because<MeterState>> {
    let (mut state, _, rule) = advance(history, label, before, at)?;
    let threshold = match rule.then.form {
        MeterForm::Unlimited | MeterForm::Shared { .. } => None,
        MeterForm::TicketPack { alert_at, .. } | MeterForm::MaxHours { alert_at, .. } => Some(alert_at),
    };
    state.alert = threshold.is_some_and(|t| state.left <= t);
    state.forecast_empty_on = forecast(&state, day(history, at)?);
    let reasons = reasons::of_state(rule, &state);
    Some(Because::new(state, reasons))
}

fn day(history: &History, at: Timestamp) -> Option<Date> {
    Some(local_date(&history.latest()?.terms, at))
}

/// The clause of the meter: one that draws on another's has none.
fn clause<'a>(history: &'a History, label: &str, date: Date) -> Option<(&'a Terms, &'a Rule<Meter>)> {
    let terms = &history.at(date)?.terms;
    Some((terms, own_meter(terms, label)?))
}

/// Brings the meter to an instant: through the ends of periods, then to the clause in force.
fn advance<'a>(
    history: &'a History,
    label: &str,
    before: Option<&MeterState>,
    at: Timestamp,
) -> Option<(MeterState, &'a Terms, &'a Rule<Meter>)> {
    let date = day(history, at)?;
    let (terms, rule) = clause(history, label, date)?;
    let mut state = match before {
        Some(state) => state.clone(),
        None => first_state(history, label, date)?,
    };
    while state.form != Form::Unlimited && date >= state.period.next {
        let (last, next) = (state.period.last(), state.period.next);
        let ending = clause(history, label, last).map(|(_, rule)| &rule.then);
        let (carried, lots) = ending.map_or((0, Vec::new()), |meter| carried(&state, meter));
        let (terms, rule) = clause(history, label, next).unwrap_or((terms, rule));
        state = MeterState { lots, ..open(rule, terms, next, carried) };
    }
    expire(&mut state, date);
    let opened = open(rule, terms, date, 0);
    if opened.form != state.form || opened.period != state.period {
        return Some((opened, terms, rule));
    }
    amend(&mut state, opened.included);
    Some((state, terms, rule))
}

/// As it opens at the contract's start, or on the first later day that a version has the meter.
fn first_state(history: &History, label: &str, date: Date) -> Option<MeterState> {
    let start = history.latest()?.terms.term.as_ref().map_or(date, |term| term.then.start).min(date);
    let days = [start].into_iter().chain(history.versions.iter().map(|v| v.effective));
    days.filter(|d| *d <= date).find_map(|d| {
        let (terms, rule) = clause(history, label, d)?;
        Some(open(rule, terms, d, 0))
    })
}

/// What goes over to the next period, and in which lots when it expires there.
///
/// Of hours, the unused part of the allowance: what was itself carried is spent first and lost at the
/// end. Of a pack, what is left of the period's own tickets, beside the earlier lots still alive.
fn carried(state: &MeterState, meter: &Meter) -> (u32, Vec<Lot>) {
    match meter.form {
        MeterForm::MaxHours { carry_over: CarryOver::NextPeriod, .. } => {
            (state.left.min(state.included), Vec::new())
        }
        MeterForm::TicketPack { leftover: Leftover::Carried { expires_after }, .. } => {
            let next = state.period.next;
            let mut lots: Vec<Lot> = state.lots.iter().copied().filter(|l| l.expires > next).collect();
            let own = state.left - state.lots.iter().map(|l| l.left).sum::<u32>().min(state.left);
            let months = jiff::Span::new().try_months(i64::from(expires_after)).unwrap_or_default();
            lots.push(Lot { left: own, expires: next.saturating_add(months) });
            lots.retain(|l| l.left > 0);
            lots.sort_by_key(|l| l.expires);
            (lots.iter().map(|l| l.left).sum(), lots)
        }
        _ => (0, Vec::new()),
    }
}

/// Loses the lots that are worth nothing on the day.
fn expire(state: &mut MeterState, day: Date) {
    let lost = state.lots.iter().filter(|l| l.expires <= day).map(|l| l.left).sum::<u32>().min(state.left);
    state.left -= lost;
    state.expired += lost;
    state.lots.retain(|l| l.expires > day);
}

/// An amendment changed the allowance within the period: more is added, less takes what is left only.
fn amend(state: &mut MeterState, included: u32) {
    if included >= state.included {
        state.left += included - state.included;
        state.included = included;
    } else {
        let own = state.left - state.lots.iter().map(|l| l.left).sum::<u32>().min(state.left);
        let cut = (state.included - included).min(own);
        state.left -= cut;
        state.included -= cut;
    }
}

fn apply(state: &mut MeterState, meter: &Meter, charge: &Charge) {
    if let (true, MeterForm::TicketPack { when_empty: WhenEmpty::NewPack { tickets, .. }, .. }) =
        (charge.new_pack, &meter.form)
    {
        // The compiler refuses an empty pack; one ticket at least keeps the sum right all the same.
        let tickets = (*tickets).max(1);
        state.bought += tickets;
        state.left += tickets;
        state.packs_bought += 1;
    }
    state.used += charge.taken;
    state.left -= charge.taken;
    let mut taken = charge.taken;
    for lot in &mut state.lots {
        let spent = taken.min(lot.left);
        lot.left -= spent;
        taken -= spent;
    }
    state.lots.retain(|l| l.left > 0);
    state.beyond = state.beyond.saturating_add(charge.counted - charge.taken);
    state.calls = state.calls.saturating_add(1);
    if let Some(price) = charge.price {
        state.billed = state.billed + price;
    }
}

fn open(rule: &Rule<Meter>, terms: &Terms, date: Date, carried: u32) -> MeterState {
    let (form, per, included) = match rule.then.form {
        MeterForm::Unlimited | MeterForm::Shared { .. } => (Form::Unlimited, Period::ContractYear, 0),
        MeterForm::TicketPack { tickets, per, .. } => (Form::TicketPack, per, tickets),
        MeterForm::MaxHours { minutes, per, .. } => (Form::MaxHours, per, minutes),
    };
    MeterState {
        meter: rule.label().to_owned(),
        form,
        period: Span::of(per, terms, date),
        included,
        carried,
        lots: Vec::new(),
        expired: 0,
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
