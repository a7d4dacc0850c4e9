//! Contract B, from its first day to the demonstration's: hosting and application maintenance.
//!
//! The dated rows are those of the contract's examples: an outage of the Sunday window and twenty
//! minutes on a Tuesday (1 200 s counted), and four calls that take 135 minutes of the quarter's 30 h.

use app::service::{AnnounceMaintenance, TellOutage};
use app::ticket::OpenTicket;
use events::{DutyOf, OutageOrigin, ServiceState};
use jiff::SignedDuration;
use jiff::civil::{DateTime, date};

use super::cast::Who;
use super::hours::Hours;
use super::plan::{Case, Habit, Plan, Text, say};
use app::ticket::StepCommand;
use tickets::{LINK, TICKETS, Told};

mod tickets;

pub const CONTRACT: Text =
    Text { file: "lumen-edition.md", text: include_str!("../../../contracts/lumen-edition.md") };

const fn on(month: i8, day: i8, hour: i8, minute: i8) -> DateTime {
    date(2026, month, day).at(hour, minute, 0, 0)
}

/// The signature, daily life, the outages, the calls, and the closing of September; October is left
/// to whoever visits.
pub fn plan(plan: &mut Plan, hours: &Hours) {
    plan.sign(hours.at(on(5, 20, 11, 0)), CONTRACT);
    for told in TICKETS {
        let case = tell(plan, hours, told);
        if told.operation == LINK {
            spend(plan, hours, case);
        }
    }
    preventive(plan, hours);
    outages(plan, hours);
    // 7, 15, 16 and 61 minutes, each rounded up to the quarter of an hour: 135 (M-21).
    for (at, minutes) in
        [(on(10, 6, 10, 12), 7), (on(10, 14, 15, 40), 15), (on(10, 20, 9, 25), 16), (on(10, 29, 14, 5), 61)]
    {
        plan.call(hours.at(at), Who::Haddad, None, minutes);
    }
    plan.close(hours.at(on(10, 5, 16, 20)), Who::Kerbrat, date(2026, 9, 1));
}

/// The maintenance of the quarter (article 20), due on 30 November: begun, and its account left to give.
fn preventive(plan: &mut Plan, hours: &Hours) {
    let ask = OpenTicket {
        title: "Plan de maintenance préventive, premier trimestre du contrat".into(),
        description: "Revue du code et de ses dépendances, mesure des performances, purge et réorganisation."
            .into(),
        kind: Some("preventive".into()),
        item: Some("bibliotek".into()),
        duty: Some(DutyOf { clause: "tma".into(), what: "preventive_plan".into() }),
        ..OpenTicket::default()
    };
    let case = plan.open(hours.at(on(11, 3, 9, 25)), Who::Haddad, ask);
    plan.step(hours.at(on(11, 3, 9, 27)), Who::Haddad, case, StepCommand::TakeOver);
}

/// Maintenance announced six days before, an outage inside it, and twenty minutes two days later.
fn outages(plan: &mut Plan, hours: &Hours) {
    let at = |d: DateTime| hours.at(d);
    let window = AnnounceMaintenance {
        contract: None,
        items: vec!["bib-web".into(), "bib-bdd".into(), "bib-docs".into()],
        from: at(on(10, 11, 1, 0)),
        until: at(on(10, 11, 5, 0)),
    };
    plan.announce(at(on(10, 5, 9, 30)), Who::Kerbrat, window);
    let down = |items: &[&str], from: DateTime, until: DateTime| TellOutage {
        contract: None,
        items: items.iter().map(|i| (*i).to_owned()).collect(),
        detected: Some(at(from)),
        declared: None,
        ended: Some(at(until)),
        state: ServiceState::Down,
        users: None,
        origin: OutageOrigin::Provider,
    };
    let sunday = down(&["bib-bdd"], on(10, 11, 2, 30), on(10, 11, 3, 0));
    plan.outage(at(on(10, 11, 3, 20)), Who::Haddad, sunday);
    let tuesday = down(&["bib-web"], on(10, 13, 14, 10), on(10, 13, 14, 30));
    plan.outage(at(on(10, 13, 14, 45)), Who::Haddad, tuesday);
}

fn tell(plan: &mut Plan, hours: &Hours, told: &Told) -> Case {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let (month, day, hour, minute) = told.opened;
    let opened = on(month, day, hour, minute);
    let ask = OpenTicket {
        title: told.title.into(),
        description: told.description.into(),
        kind: Some(if told.operation.is_empty() { "incident" } else { "service_request" }.into()),
        impact: given(told.level.0),
        urgency: given(told.level.1),
        item: given(told.item.0),
        item_class: given(told.item.1),
        operation: given(told.operation),
        channel: Some("portal".into()),
        ..OpenTicket::default()
    };
    let asker = if day % 3 == 0 { Who::Saidi } else { Who::Giraud };
    let case = plan.open(hours.at(opened), asker, ask);
    let taken = hours.at(opened) + SignedDuration::from_mins(told.taken);
    plan.step(taken, Who::Haddad, case, StepCommand::TakeOver);
    plan.step(taken + SignedDuration::from_secs(90), Who::Haddad, case, say::reply(told.first));
    let Some((month, day, hour, minute)) = told.done else { return case };
    let done = hours.at(on(month, day, hour, minute));
    if told.operation.is_empty() && told.level.1 != "detail" {
        plan.step(done, Who::Haddad, case, say::restore("Service rendu, vérifié avec la Bibliothèque."));
        let end = done + SignedDuration::from_mins(25);
        plan.step(end, Who::Haddad, case, say::resolve(told.cause));
    } else {
        plan.step(done, Who::Haddad, case, say::resolve(told.cause));
    }
    case
}

/// 4 h 30 of a developer in two days, within the 900.00 agreed to; the week approved, September bills them.
fn spend(plan: &mut Plan, hours: &Hours, case: Case) {
    let told = [
        (on(9, 17, 12, 5), 150, "Échanges avec l'automate relevés, profil de Saint-Priest écrit."),
        (on(9, 18, 11, 40), 120, "Prêts et retours rejoués sur l'automate d'essai."),
    ];
    for (at, minutes, comment) in told {
        plan.habit(hours.at(at), Who::Haddad, Habit::Spent { case, minutes, comment });
    }
    let week = date(2026, 9, 14);
    plan.habit(hours.at(on(9, 18, 17, 20)), Who::Haddad, Habit::WeekSubmitted { week });
    plan.habit(hours.at(on(9, 21, 9, 35)), Who::Kerbrat, Habit::WeekApproved { of: Who::Haddad, week });
}
