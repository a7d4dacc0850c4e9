//! What the next call takes and costs.

use base::fraction::{Fraction, Rounding};
use base::{Because, Money};
use terms::{Meter, MeterForm, Rule, WhenEmpty};

use super::reasons;
use super::state::MeterState;
use super::{Admission, Charge};

/// What the meter says of a call of so many minutes, as it stands.
///
/// A call begun while something is left is served to its end, even where the clause refuses calls once
/// empty; `never_refused` priorities are served for ever, at the clause's price when it has one.
pub fn admit(
    meter: &Rule<Meter>,
    state: &MeterState,
    priority: Option<&str>,
    minutes: u32,
) -> Because<Admission> {
    let admission = decide(&meter.then, state, priority, minutes);
    let reasons = reasons::of(meter, state, priority, minutes, &admission);
    Because::new(admission, reasons)
}

fn decide(meter: &Meter, state: &MeterState, priority: Option<&str>, minutes: u32) -> Admission {
    let free = Charge { covered: true, counted: 0, taken: 0, price: None, new_pack: false };
    if among(&meter.not_counted, priority) {
        return Admission::Served(free);
    }
    let exempt = among(&meter.never_refused, priority);
    match &meter.form {
        MeterForm::Unlimited => Admission::Served(free),
        MeterForm::TicketPack { when_empty, .. } => ticket(state.left, *when_empty, exempt),
        MeterForm::MaxHours { round_up_to, hour_price, .. } => {
            time(state.left, rounded_up(minutes, *round_up_to), *hour_price, exempt)
        }
    }
}

pub(super) fn among(priorities: &[String], priority: Option<&str>) -> bool {
    priority.is_some_and(|p| priorities.iter().any(|listed| listed == p))
}

fn ticket(left: u32, when_empty: WhenEmpty, exempt: bool) -> Admission {
    let one = Charge { covered: true, counted: 1, taken: 1, price: None, new_pack: false };
    if left > 0 {
        return Admission::Served(one);
    }
    let beyond = Charge { covered: false, taken: 0, ..one };
    match when_empty {
        WhenEmpty::PerTicket { price } => Admission::Served(Charge { price: Some(price), ..beyond }),
        WhenEmpty::NewPack { price, .. } => {
            Admission::Served(Charge { price: Some(price), new_pack: true, taken: 1, ..beyond })
        }
        WhenEmpty::Refuse if exempt => Admission::Served(beyond),
        WhenEmpty::Refuse => Admission::Refused,
    }
}

fn time(left: u32, counted: u32, hour_price: Option<Money>, exempt: bool) -> Admission {
    let taken = counted.min(left);
    let beyond = counted - taken;
    if left == 0 && beyond > 0 && hour_price.is_none() && !exempt {
        return Admission::Refused;
    }
    let price = hour_price
        .filter(|_| beyond > 0)
        .map(|hour| hour.times(Fraction::new(i128::from(beyond), 60), Rounding::CENTS));
    Admission::Served(Charge { covered: beyond == 0, counted, taken, price, new_pack: false })
}

/// Minutes up to the next multiple of the step: a quarter hour begun is due (M-21).
fn rounded_up(minutes: u32, step: u32) -> u32 {
    let step = step.max(1);
    minutes.div_ceil(step).saturating_mul(step)
}
