//! Contract C, from its signature to the demonstration's day: payroll and virtual desktops.
//!
//! A master and its two orders are in force at once, so each ticket names the order that answers for it.
//! The dated rows are those of the orders' examples: a priority 1 taken at night by the on-call engineer,
//! the split day of Strasbourg, and Saint-Denis on both sides of the change of hour of metropolitan France.

use app::service::TellOutage;
use app::ticket::{OpenTicket, StepCommand};
use events::{OutageOrigin, ServiceState};
use jiff::SignedDuration;
use jiff::civil::{DateTime, date};

use super::cast::Who;
use super::hours::Hours;
use super::plan::{Plan, Text, say};
use tickets::{Order, TICKETS, Told, When};

mod tickets;

/// The master, then the orders that stand on it.
pub const CONTRACTS: [Text; 3] = [
    Text { file: "mutuelle-horizon.md", text: include_str!("../../../contracts/mutuelle-horizon.md") },
    Text {
        file: "mutuelle-horizon-paie.md",
        text: include_str!("../../../contracts/mutuelle-horizon-paie.md"),
    },
    Text {
        file: "mutuelle-horizon-daas.md",
        text: include_str!("../../../contracts/mutuelle-horizon-daas.md"),
    },
];

const fn on((month, day, hour, minute): When) -> DateTime {
    date(2026, month, day).at(hour, minute, 0, 0)
}

/// The three signatures of one morning and the life of October, which is left to whoever visits to close.
pub fn plan(plan: &mut Plan, hours: &Hours) {
    for (text, minute) in CONTRACTS.into_iter().zip([0, 10, 20]) {
        plan.sign(hours.at(on((6, 30, 11, minute))), text);
    }
    for told in TICKETS {
        tell(plan, hours, told);
    }
    night(plan, hours);
}

/// What the priority 1 of the night of 13 October took from the users who were at work.
fn night(plan: &mut Plan, hours: &Hours) {
    let told = TellOutage {
        contract: Some(Order::Desktops.number().to_owned()),
        items: vec!["vdi-grappe".to_owned()],
        detected: None,
        declared: Some(hours.at(on((10, 13, 22, 40)))),
        ended: Some(hours.at(on((10, 14, 1, 5)))),
        state: ServiceState::Down,
        users: Some(12),
        origin: OutageOrigin::Provider,
    };
    plan.outage(hours.at(on((10, 14, 1, 20))), Who::Mendy, told);
}

fn tell(plan: &mut Plan, hours: &Hours, told: &Told) {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let request = !told.operation.is_empty();
    let ask = OpenTicket {
        title: told.title.into(),
        description: told.description.into(),
        kind: Some(if request { "service_request" } else { "incident" }.into()),
        impact: given(told.level.0),
        urgency: given(told.level.1),
        site: given(told.site),
        item: given(told.item),
        operation: given(told.operation),
        channel: Some(told.channel.into()),
        contract: Some(told.order.number().into()),
        ..OpenTicket::default()
    };
    let opened = hours.at(on(told.opened));
    let case = plan.open(opened, asker(told), ask);
    let taken = opened + SignedDuration::from_mins(told.taken);
    plan.step(taken, Who::Mendy, case, StepCommand::TakeOver);
    plan.step(taken + SignedDuration::from_secs(90), Who::Mendy, case, say::reply(told.first));
    let Some(done) = told.done else { return };
    let done = hours.at(on(done));
    if request {
        plan.step(done, Who::Mendy, case, say::resolve(told.cause));
        return;
    }
    plan.step(done, Who::Mendy, case, say::restore("Service rétabli, vérifié avec la personne concernée."));
    plan.step(done + SignedDuration::from_mins(25), Who::Mendy, case, say::resolve(told.cause));
}

/// Payroll asks for payroll, security for what touches it, and the IT department for the rest; whoever answers
/// at the counter or on the telephone writes down what comes there.
fn asker(told: &Told) -> Who {
    if told.channel != "portal" {
        return Who::Mendy;
    }
    match (told.order, told.operation) {
        (Order::Payroll, _) => Who::Oger,
        (Order::Desktops, "patching") => Who::Schaeffer,
        (Order::Desktops, _) if told.site == "run" => Who::Payet,
        (Order::Desktops, _) => Who::Thebault,
    }
}
