//! Plans: each date opens its ticket once, late or on time, in the name of somebody who still may.

mod common;
#[path = "plans/duties.rs"]
mod duties;

use app::plan::{Outcome, PlanLine, Standing, WritePlan};
use app::privacy::Forget;
use app::{Act, AppError, Role};
use base::id::{CustomerId, PlanId};
use common::signed;
use events::{ClosedDays, Ground, OnClosed, PassedBy, PlanAbout, Rhythm, Unit};
use jiff::civil::{date, time};
use testkit::{Instance, local};

fn daily() -> WritePlan {
    WritePlan {
        contract: None,
        title: "Contrôle des sauvegardes".to_owned(),
        description: "Lire le rapport de la nuit.".to_owned(),
        about: PlanAbout {
            kind: Some("service_request".to_owned()),
            item: Some("srv-erp".to_owned()),
            ..PlanAbout::default()
        },
        rhythm: Rhythm {
            every: 1,
            unit: Unit::Days,
            first: date(2026, 6, 17),
            until: None,
            at: time(8, 30, 0, 0),
            closed: None,
        },
    }
}

fn write(
    instance: &Instance,
    customer: CustomerId,
    role: Role,
    id: Option<PlanId>,
    ask: &WritePlan,
) -> PlanId {
    let permit = instance.permit(role, Act::WritePlan, customer);
    instance.app().write_plan(&permit, &instance.key(), id, ask).unwrap().plan
}

fn line(instance: &Instance, customer: CustomerId) -> PlanLine {
    let permit = instance.permit(Role::CustomerManager, Act::SeePlans, customer);
    let (mut lines, next) = instance.app().plans(&permit, None, 10).unwrap();
    assert_eq!(next, None);
    lines.remove(0)
}

/// What became of each date, the oldest first: a ticket's number, or why there is none and of how many.
fn turns(instance: &Instance, customer: CustomerId, plan: PlanId) -> Vec<(String, Outcome, u32)> {
    let permit = instance.permit(Role::Technician, Act::SeePlans, customer);
    let page = instance.app().plan(&permit, plan, None, 50).unwrap();
    let told = |t: &app::plan::Turn| (t.due.to_string(), t.became, t.dates);
    page.turns.iter().rev().map(told).collect()
}

#[test]
fn each_date_opens_its_ticket_once_with_the_facts_of_the_plan() {
    let instance = Instance::new(310);
    let customer = signed(&instance, "garonne");
    let plan = write(&instance, customer, Role::Technician, None, &daily());
    let app = instance.app();
    app.open_planned().unwrap();
    assert!(turns(&instance, customer, plan).is_empty(), "its date has not come");
    instance.at("2026-06-17T08:30");
    app.open_planned().unwrap();
    app.open_planned().unwrap();
    assert_eq!(
        turns(&instance, customer, plan),
        [("2026-06-17T06:30:00Z".to_owned(), Outcome::Opened(1), 1)]
    );
    assert_eq!(line(&instance, customer).standing, Standing::Runs { next: local("2026-06-18T08:30") });

    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    let page = app.ticket(&see, 1).unwrap();
    assert_eq!(page.title, "Contrôle des sauvegardes");
    assert_eq!(page.ticket.item.as_deref(), Some("srv-erp"));
    assert_eq!(page.opened_by, instance.staff(Role::Technician).name);
    assert_eq!(page.planned, Some((plan, local("2026-06-17T08:30"))));

    // What it opened stays; it opens nothing more.
    let may = instance.permit(Role::Developer, Act::WritePlan, customer);
    app.end_plan(&may, &instance.key(), plan).unwrap();
    instance.at("2026-06-19T12:00");
    app.open_planned().unwrap();
    assert_eq!(turns(&instance, customer, plan).len(), 1);
    assert!(matches!(line(&instance, customer).standing, Standing::Ended { .. }));
    let again = app.write_plan(&may, &instance.key(), Some(plan), &daily());
    assert!(matches!(again, Err(AppError::Refused(r)) if r.code == "plan.ended"));
    instance.finish();
}

#[test]
fn what_a_stopped_server_missed_opens_late_and_what_is_too_old_is_told() {
    let instance = Instance::new(311);
    let customer = signed(&instance, "garonne");
    let plan = write(&instance, customer, Role::Technician, None, &daily());
    // Down for ten days: dates of the first three are over, the others open in their order.
    instance.at("2026-06-27T08:00");
    instance.app().open_planned().unwrap();
    let all = turns(&instance, customer, plan);
    assert_eq!(all[0], ("2026-06-17T06:30:00Z".to_owned(), Outcome::Passed(PassedBy::Late), 3));
    let numbers: Vec<Outcome> = all[1..].iter().map(|(_, became, _)| *became).collect();
    assert_eq!(numbers, (1..=7).map(Outcome::Opened).collect::<Vec<_>>());
    assert_eq!(all[1].0, "2026-06-20T06:30:00Z");
    let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
    let first = instance.app().ticket(&see, 1).unwrap();
    assert_eq!(first.ticket.opened, local("2026-06-27T08:00").as_microsecond(), "no clock runs from before");
    assert_eq!(line(&instance, customer).standing, Standing::Runs { next: local("2026-06-27T08:30") });
    instance.finish();
}

#[test]
fn a_plan_whose_author_left_waits_in_sight_for_somebody_who_answers_for_it() {
    let instance = Instance::new(312);
    let customer = signed(&instance, "garonne");
    let plan = write(&instance, customer, Role::Developer, None, &daily());
    let (app, left) = (instance.app(), instance.staff(Role::Developer));
    app.disable_account_as_operator(left.account, true).unwrap();
    instance.at("2026-06-18T09:00");
    app.open_planned().unwrap();
    assert!(turns(&instance, customer, plan).is_empty());
    assert_eq!(line(&instance, customer).standing, Standing::Held { since: local("2026-06-17T08:30") });

    write(&instance, customer, Role::Technician, Some(plan), &daily());
    app.open_planned().unwrap();
    let opened: Vec<Outcome> = turns(&instance, customer, plan).iter().map(|(_, o, _)| *o).collect();
    assert_eq!(opened, [Outcome::Opened(1), Outcome::Opened(2)], "nothing that waited is lost");
    assert_eq!(line(&instance, customer).by, instance.staff(Role::Technician).name);
    instance.finish();
}

#[test]
fn a_date_without_its_words_or_its_contract_passes_and_says_why() {
    let instance = Instance::new(313);
    let customer = signed(&instance, "garonne");
    let permit = instance.permit(Role::Technician, Act::WritePlan, customer);
    let written = instance.app().write_plan(&permit, &instance.key(), None, &daily()).unwrap();
    let erase = instance.permit(Role::ProviderAdmin, Act::Erase, customer);
    let what = Forget::Entries([written.entry].into());
    instance.app().erase(&erase, &instance.key(), &what, Ground::Request).unwrap();
    instance.at("2026-06-17T09:00");
    instance.app().open_planned().unwrap();
    let all = turns(&instance, customer, written.plan);
    assert_eq!(all, [("2026-06-17T06:30:00Z".to_owned(), Outcome::Passed(PassedBy::Unfit), 1)]);
    instance.finish();
}

#[test]
fn a_plan_is_weighed_before_it_is_written() {
    let instance = Instance::new(314);
    let customer = signed(&instance, "garonne");
    let (app, permit) = (instance.app(), instance.permit(Role::Technician, Act::WritePlan, customer));
    let closed = Some(ClosedDays { calendar: "ho".to_owned(), then: OnClosed::Next });
    let ask = WritePlan { rhythm: Rhythm { first: date(2026, 7, 11), closed, ..daily().rhythm }, ..daily() };
    let weighed = app.weigh_plan(&permit, &ask).unwrap();
    let first = &weighed.dates[0];
    assert_eq!(first.value.at, local("2026-07-15T08:30"), "a Saturday, the bridge and 14 July are closed");
    assert_eq!(first.value.nominal, date(2026, 7, 11));
    assert_eq!(weighed.dates[1].value.at, local("2026-07-16T08:30"), "five dates put off to one day are one");
    assert_eq!(first.cited()[0].label, "ho");
    assert!(!weighed.ticket.decision.reasons.is_empty());

    let invalid = |ask: &WritePlan| match app.write_plan(&permit, &instance.key(), None, ask) {
        Err(AppError::Invalid(invalid)) => invalid.field,
        other => panic!("{other:?}"),
    };
    let rhythm = |change: fn(&mut Rhythm)| {
        let mut ask = daily();
        change(&mut ask.rhythm);
        ask
    };
    assert_eq!(invalid(&rhythm(|r| r.every = 0)), "every");
    assert_eq!(invalid(&rhythm(|r| r.until = Some(date(2026, 6, 1)))), "until");
    assert_eq!(invalid(&rhythm(|r| r.first = date(2056, 6, 1))), "first");
    let past = rhythm(|r| (r.first, r.until) = (date(2026, 1, 1), Some(date(2026, 6, 1))));
    assert_eq!(invalid(&past), "until", "no date would come");
    let nowhere = ClosedDays { calendar: "ailleurs".to_owned(), then: OnClosed::Skip };
    assert_eq!(
        invalid(&WritePlan { rhythm: Rhythm { closed: Some(nowhere), ..daily().rhythm }, ..daily() }),
        "calendar"
    );
    assert_eq!(invalid(&WritePlan { title: " ".to_owned(), ..daily() }), "title");
    let unknown = PlanAbout { kind: Some("rien".to_owned()), ..PlanAbout::default() };
    assert_eq!(invalid(&WritePlan { about: unknown, ..daily() }), "kind");
    let user = instance.someone(Role::CustomerUser, customer);
    assert!(user.permit(Act::SeePlans, customer).is_err() && user.permit(Act::WritePlan, customer).is_err());
}

#[test]
fn a_customer_has_five_hundred_running_plans_and_those_that_ended_leave_room() {
    let instance = Instance::new(318);
    let customer = signed(&instance, "garonne");
    let may = instance.permit(Role::Technician, Act::WritePlan, customer);
    let app = instance.app();
    let write_one = || app.write_plan(&may, &instance.key(), None, &daily());
    let first = write_one().unwrap().plan;
    for _ in 1..500 {
        write_one().unwrap();
    }
    assert!(matches!(write_one(), Err(AppError::Refused(r)) if r.code == "plan.too_many"));
    app.end_plan(&may, &instance.key(), first).unwrap();
    write_one().unwrap();
    assert!(matches!(write_one(), Err(AppError::Refused(r)) if r.code == "plan.too_many"));
}
