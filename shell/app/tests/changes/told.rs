//! Those outside whom a plan touches, and who was told of it, when and how.

use app::ticket::change::{ChangeCommand, InformedTold, PlanChange};
use app::{AppError, Role};
use base::id::CustomerId;
use jiff::civil::{Date, date};
use testkit::Instance;

use super::{act, erp, invalid, opened, page, plan, refused, signed};

fn inform(
    instance: &Instance,
    customer: CustomerId,
    number: u64,
    (who, on): (&str, Date),
) -> Result<(), AppError> {
    let means = "Courriel du jour, copie jointe".to_owned();
    let inform = ChangeCommand::Inform { who: who.to_owned(), on, means };
    act(instance, Role::Technician, customer, number, inform)
}

fn told(instance: &Instance, customer: CustomerId, number: u64) -> Vec<InformedTold> {
    page(instance, customer, number).change.unwrap().informed
}

#[test]
fn who_is_told_of_a_plan_is_recorded_with_the_day_and_the_means_and_again_for_another_plan() {
    let instance = Instance::new(441);
    let customer = signed(&instance, "atelier");
    let number = opened(&instance, customer);
    let today = date(2026, 6, 16);
    let early = refused(inform(&instance, customer, number, ("Garonne Télécom", today)));
    assert_eq!(early.code, "change.unplanned");

    let wan = PlanChange { items: vec!["internet_link".to_owned()], ..erp() };
    plan(&instance, customer, number, wan.clone()).unwrap();
    let impact = page(&instance, customer, number).change.unwrap().impact.unwrap().value;
    let who = impact.inform.first().expect("the plan touches somebody outside").who.clone();
    assert!(told(&instance, customer, number).is_empty());
    assert_eq!(invalid(inform(&instance, customer, number, ("personne", today))), "who");
    for day in [date(2026, 6, 17), date(2026, 6, 15)] {
        assert_eq!(invalid(inform(&instance, customer, number, (&who, day))), "on");
    }
    inform(&instance, customer, number, (&who, today)).unwrap();
    let means = "Courriel du jour, copie jointe".to_owned();
    assert_eq!(told(&instance, customer, number), [InformedTold { who: who.clone(), on: today, means }]);

    // What they were told is no longer what is planned.
    plan(&instance, customer, number, PlanChange { downtime_minutes: 90, ..wan }).unwrap();
    assert!(told(&instance, customer, number).is_empty());
    inform(&instance, customer, number, (&who, today)).unwrap();
    instance.finish();
}
