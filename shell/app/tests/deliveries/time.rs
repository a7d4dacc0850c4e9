//! Work at a rate that is ordered in units after all: its order pays for it, and no month bills its time.

use app::ticket::{OpenTicket, StepCommand};
use app::time::{Entered, Settling, TellTime};
use app::{Act, Role};
use base::Money;
use base::id::CustomerId;
use engines::perimeter::price::Agreement;
use events::{PaidBy, WorkKind};
use jiff::civil::date;
use testkit::Instance;

use super::{estimate, order, page, signed_as};

/// Contract B, whose evolutions may be paid by the time that a developer spends.
fn at_rate(instance: &Instance) -> CustomerId {
    let quoted = "title = \"Évolution de l'application\", terms = \"quoted\"";
    let rate = quoted.replace("\"quoted\"", "\"at_rate\", profile = \"developer\", up_to = \"900.00 EUR\"");
    signed_as(instance, |text| {
        assert!(text.contains(quoted));
        text.replace(quoted, &rate)
    })
}

fn opened(instance: &Instance, customer: CustomerId, kind: &str) -> u64 {
    let ask = OpenTicket {
        title: "Réserver un ouvrage depuis un téléphone".to_owned(),
        kind: Some(kind.to_owned()),
        operation: Some("evolution".to_owned()),
        ..OpenTicket::default()
    };
    instance.open(customer, &ask).unwrap().number
}

/// The customer agrees to the maximum that is asked.
fn agree(instance: &Instance, customer: CustomerId, number: u64) {
    let Agreement::Awaited { price, .. } = page(instance, customer, number).price.value else {
        panic!("a maximum is asked for")
    };
    let agreed = StepCommand::AgreePrice { price, quotation: None, reference: None };
    let permit = instance.permit(Role::CustomerManager, agreed.act(), customer);
    instance.app().step_ticket(&permit, &instance.key(), number, &agreed, None).unwrap();
}

fn spend(instance: &Instance, customer: CustomerId, number: u64) -> Entered {
    let told = TellTime {
        minutes: 60,
        started: None,
        kind: WorkKind::Remote,
        hours: None,
        profile: None,
        comment: None,
    };
    let permit = instance.permit(Role::Technician, Act::EnterTime, customer);
    instance.app().enter_time(&permit, &instance.key(), number, &told).unwrap()
}

/// What the month bills of time, by ticket.
fn time_billed(instance: &Instance, customer: CustomerId) -> Vec<(Vec<String>, Money)> {
    let see = instance.permit(Role::ServiceManager, Act::SeeMoney, customer);
    let lines = instance.app().money(&see, None).unwrap().running.value.lines.into_iter().map(|l| l.value);
    lines.filter(|l| l.clause == "tarif-developpeur").map(|l| (l.tickets, l.net)).collect()
}

#[test]
fn the_time_of_what_is_ordered_in_units_is_in_no_month() {
    let instance = Instance::new(821);
    let customer = at_rate(&instance);
    let [ordered, by_time] = ["evolutive", "service_request"].map(|kind| opened(&instance, customer, kind));
    estimate(&instance, customer, ordered, &[("S", 1)]).unwrap();
    order(&instance, customer, ordered).unwrap();
    agree(&instance, customer, by_time);
    instance.at("2026-11-02T16:00");
    let paid = [ordered, by_time].map(|number| spend(&instance, customer, number).paid_by);
    assert_eq!(paid, [PaidBy::AgreedPrice, PaidBy::Rate]);

    let tech = instance.staff(Role::Technician);
    let week = date(2026, 11, 2);
    instance.app().submit_week(&tech.permit_instance(Act::EnterTime).unwrap(), week).unwrap();
    let theirs = instance.staff(Role::ServiceManager).permit_instance(Act::ApproveTime).unwrap();
    instance.app().settle_week(&theirs, tech.account, week, Settling::Approve).unwrap();
    // 590.00 for seven hours.
    assert_eq!(time_billed(&instance, customer), [(vec![by_time.to_string()], Money::eur(8_429))]);
}
