//! Who is told first of each level of escalation, under the three contracts.

use jiff::civil::{DateTime, date};

use super::cast::{Of, Who};
use super::hours::Hours;
use super::plan::{Habit, Plan};

/// A level of a contract, and its two people.
type Level = (&'static str, &'static str, [Who; 2]);

/// Once the contract is in force: when, by whom, and both levels.
fn told(of: Of) -> (DateTime, Who, [Level; 2]) {
    match of {
        Of::Garonne => {
            let number = "CTR-2026-001";
            let levels = [
                (number, "escalade-1", [Who::Vasseur, Who::Roussel]),
                (number, "escalade-2", [Who::Vasseur, Who::Marty]),
            ];
            (date(2026, 6, 2).at(9, 40, 0, 0), Who::Vasseur, levels)
        }
        Of::Lumen => {
            let number = "CTR-2026-002";
            let levels = [
                (number, "escalade-1", [Who::Kerbrat, Who::Haddad]),
                (number, "escalade-2", [Who::Kerbrat, Who::Giraud]),
            ];
            (date(2026, 9, 1).at(9, 10, 0, 0), Who::Kerbrat, levels)
        }
        Of::Mutuelle => {
            let number = "CTR-2026-003-D";
            let levels = [
                (number, "escalade-1", [Who::Rouault, Who::Mendy]),
                (number, "escalade-2", [Who::Rouault, Who::Thebault]),
            ];
            (date(2026, 10, 1).at(9, 15, 0, 0), Who::Rouault, levels)
        }
    }
}

pub fn plan(plan: &mut Plan, hours: &Hours, of: Of) {
    let (on, by, levels) = told(of);
    for (nth, (contract, clause, people)) in (0_i32..).zip(levels) {
        let at = hours.at(on + jiff::Span::new().minutes(nth));
        plan.habit(at, by, Habit::Level { contract, clause, people });
    }
}
