//! From recorded outages to losses, by the rules of the clause.

use base::fraction::Fraction;
use jiff::Timestamp;
use terms::Availability;
use terms::availability::{CountedIn, DowntimeStart, Unknown};

use super::agreed::Agreed;
use super::count::{Count, Loss, Micros, micros};
use super::{Outage, ServiceState};
use crate::calendar::spans::{complement, intersection, normalise};

/// An outage that the clause reads as a loss, clipped to the period.
pub(super) struct Known {
    pub id: String,
    pub state: ServiceState,
    pub users: Option<u32>,
    pub loss: Loss,
}

impl Known {
    /// Whether some agreed time was lost to it.
    pub fn touches(&self, count: &Count) -> bool {
        count.agreed_within(self.span()) > 0
    }

    pub fn span(&self) -> Micros {
        micros(self.loss.from, self.loss.until)
    }
}

/// Whether one of these names is the clause's service or one of its components.
pub(super) fn about(clause: &Availability, items: &[String]) -> bool {
    items.iter().any(|item| *item == clause.service || clause.items.contains(item))
}

/// The losses of the period, in order of time.
pub(super) fn losses(
    clause: &Availability,
    outages: &[Outage],
    agreed: &Agreed,
    as_of: Option<Timestamp>,
) -> Vec<Known> {
    let mut known: Vec<Known> = outages
        .iter()
        .filter(|o| about(clause, &o.items) && !clause.not_counted.contains(&o.origin))
        .filter_map(|outage| {
            let weight = weight(clause, outage)?;
            let (from, until) = clipped(began(clause.starts, outage)?, outage.ended, agreed, as_of)?;
            let loss = Loss { from, until, weight };
            Some(Known { id: outage.id.clone(), state: outage.state, users: outage.users, loss })
        })
        .collect();
    known.sort_by(|a, b| (a.loss.from, a.loss.until, &a.id).cmp(&(b.loss.from, b.loss.until, &b.id)));
    known
}

/// Time that nobody measured, when the clause leaves it out: but not where an outage is known.
pub(super) fn unmeasured(
    clause: &Availability,
    outages: &[Outage],
    agreed: &Agreed,
    as_of: Option<Timestamp>,
    known: &[Known],
) -> Vec<Micros> {
    if clause.unknown != Unknown::Excluded {
        return Vec::new();
    }
    let blind = outages
        .iter()
        .filter(|o| o.state == ServiceState::Unknown && about(clause, &o.items))
        .filter_map(|o| clipped(o.detected.or(o.declared)?, o.ended, agreed, as_of))
        .map(|(from, until)| micros(from, until))
        .collect();
    let (begin, end) = agreed.edges();
    let seen = complement(&normalise(known.iter().map(Known::span).collect()), micros(begin, end));
    intersection(&normalise(blind), &seen)
}

/// The instant it counts from; `None`: nothing happened that the clause counts from.
pub(super) fn began(starts: DowntimeStart, outage: &Outage) -> Option<Timestamp> {
    // Nobody can declare or detect what nobody measured: the gap itself is all there is.
    if outage.state == ServiceState::Unknown {
        return outage.detected.or(outage.declared);
    }
    match starts {
        DowntimeStart::Detection => outage.detected,
        DowntimeStart::Declaration => outage.declared,
        DowntimeStart::Earlier => [outage.detected, outage.declared].into_iter().flatten().min(),
    }
}

fn clipped(
    from: Timestamp,
    ended: Option<Timestamp>,
    agreed: &Agreed,
    as_of: Option<Timestamp>,
) -> Option<(Timestamp, Timestamp)> {
    let (begin, end) = agreed.edges();
    let now = as_of.map_or(end, |at| at.min(end));
    let (from, until) = (from.max(begin), ended.unwrap_or(now).min(now));
    (from < until).then_some((from, until))
}

/// What a second of it counts for; `None`: nothing.
fn weight(clause: &Availability, outage: &Outage) -> Option<Fraction> {
    let one = Fraction::from_integer(1);
    let of_state = match (outage.state, clause.unknown) {
        (ServiceState::Down, _) | (ServiceState::Unknown, Unknown::Down) => one,
        (ServiceState::Degraded, _) => clause.degraded,
        (ServiceState::Unknown, Unknown::Up | Unknown::Excluded) => return None,
    };
    let of_users = match (clause.counted_in, outage.users) {
        (CountedIn::UserMinutes { users }, Some(touched)) if users > 0 => {
            Fraction::new(i128::from(touched.min(users)), i128::from(users))
        }
        _ => one,
    };
    Some(of_state * of_users).filter(|weight| *weight > Fraction::from_integer(0))
}
