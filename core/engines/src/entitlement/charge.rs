//! What the next call takes and costs.

use base::fraction::{Fraction, Rounding, one};
use base::{Because, Money};
use terms::{MeterForm, WhenEmpty};

use super::state::MeterState;
use super::{Admission, Call, Charge, Drawn, reasons, weight};

/// What the meter, as it stands, says of a call.
///
/// A call begun while something is left is served to its end, even where the clause refuses calls once
/// empty; `never_refused` priorities are served for ever, at the clause's price when it has one.
pub fn admit(drawn: Drawn<'_>, state: &MeterState, call: &Call) -> Because<Admission> {
    let admission = decide(drawn, state, call);
    let reasons = reasons::of(drawn, state, call, &admission);
    Because::new(admission, reasons)
}

fn decide(drawn: Drawn<'_>, state: &MeterState, call: &Call) -> Admission {
    let free = Charge { covered: true, counted: 0, weight: one(), taken: 0, price: None, new_pack: false };
    let (rule, priority) = (&drawn.rule.then, call.priority.as_deref());
    if call.under_warranty || among(&rule.not_counted, priority) {
        return Admission::Served(free);
    }
    let exempt = among(&rule.never_refused, priority);
    let weight = weight::of(drawn, call).map_or(one(), |(w, _)| w.weight);
    let weighed = |count| Charge { counted: weight::weighed(count, weight), weight, ..free.clone() };
    match &drawn.pool.then.form {
        MeterForm::TicketPack { when_empty, .. } => tickets(state.left, weighed(1), *when_empty, exempt),
        MeterForm::MaxHours { hour_price, .. } => {
            time(state.left, weighed(rounded(&drawn.pool.then.form, call.minutes)), *hour_price, exempt)
        }
        // A meter that is drawn on is never shared itself.
        MeterForm::Unlimited | MeterForm::Shared { .. } => Admission::Served(free),
    }
}

pub(super) fn among(priorities: &[String], priority: Option<&str>) -> bool {
    priority.is_some_and(|p| priorities.iter().any(|listed| listed == p))
}

/// `charge` says how many tickets the call counts for.
fn tickets(left: u32, charge: Charge, when_empty: WhenEmpty, exempt: bool) -> Admission {
    let taken = charge.counted.min(left);
    let beyond = charge.counted - taken;
    let served = Charge { taken, covered: beyond == 0, ..charge };
    if beyond == 0 {
        return Admission::Served(served);
    }
    match when_empty {
        WhenEmpty::PerTicket { price } => {
            let price = price.times(Fraction::from_integer(i128::from(beyond)), Rounding::CENTS);
            Admission::Served(Charge { price: Some(price), ..served })
        }
        // One pack: the compiler refuses a weight that is more than a whole pack.
        WhenEmpty::NewPack { price, tickets } => {
            let taken = served.counted.min(left.saturating_add(tickets.max(1)));
            Admission::Served(Charge { price: Some(price), new_pack: true, taken, ..served })
        }
        WhenEmpty::Refuse if exempt || left > 0 => Admission::Served(served),
        WhenEmpty::Refuse => Admission::Refused,
    }
}

/// `charge` says how many minutes the call counts for.
fn time(left: u32, charge: Charge, hour_price: Option<Money>, exempt: bool) -> Admission {
    let taken = charge.counted.min(left);
    let beyond = charge.counted - taken;
    if left == 0 && beyond > 0 && hour_price.is_none() && !exempt {
        return Admission::Refused;
    }
    let price = hour_price
        .filter(|_| beyond > 0)
        .map(|hour| hour.times(Fraction::new(i128::from(beyond), 60), Rounding::CENTS));
    Admission::Served(Charge { covered: beyond == 0, taken, price, ..charge })
}

/// Minutes, at least the minimum, up to the next multiple of the step: a quarter hour begun is due (M-21).
pub(super) fn rounded(form: &MeterForm, minutes: u32) -> u32 {
    let MeterForm::MaxHours { minimum, round_up_to, .. } = form else { return minutes };
    let step = (*round_up_to).max(1);
    minutes.max(*minimum).div_ceil(step).saturating_mul(step)
}
