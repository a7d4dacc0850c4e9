//! Tickets that do a regular duty: opened by a plan, tied to the time that is owed, proved by a form of theirs.

use app::life::{DutyReport, TicketDuty};
use app::plan::WritePlan;
use app::ticket::{OpenTicket, StepCommand};
use app::{Act, AppError, Role};
use base::id::CustomerId;
use engines::duties::{DutyState, Occurrence};
use engines::kinds::{self, Kind};
use events::{DutyOf, DutyProof, PlanAbout, Rhythm, Unit};
use jiff::civil::{date, time};
use testkit::Instance;

/// The contract of Lumen and the template that contracts of maintenance begin with: both owe it each quarter.
const CONTRACTS: [(&str, &str); 2] = [
    ("lumen-edition.md", include_str!("../../../../contracts/lumen-edition.md")),
    ("tma.md", include_str!("../../../../contracts/templates/tma.md")),
];

fn preventive() -> DutyOf {
    DutyOf { clause: "tma".to_owned(), what: "preventive_plan".to_owned() }
}

/// The plan as the link of the duty begins it.
fn plan(instance: &Instance, customer: CustomerId) -> WritePlan {
    let permit = instance.permit(Role::ServiceManager, Act::WritePlan, customer);
    let all = instance.app().plan_suggestions(&permit).unwrap();
    let of = all.into_iter().find(|found| found.what == "preventive_plan").unwrap();
    let kind = kinds::of_duty(&of.what);
    assert_eq!(
        (of.clause.label.as_str(), of.every, kind),
        ("tma", base::Length::Months(3), Kind::Preventive)
    );
    WritePlan {
        contract: None,
        title: of.title,
        description: "Revue du code, mesures, purge.".to_owned(),
        about: PlanAbout {
            kind: Some(kind.key().to_owned()),
            duty: Some(preventive()),
            ..PlanAbout::default()
        },
        rhythm: Rhythm {
            every: 3,
            unit: Unit::Months,
            first: date(2026, 11, 16),
            until: None,
            at: time(8, 0, 0, 0),
            closed: None,
        },
    }
}

fn duty(instance: &Instance, customer: CustomerId, number: u64) -> TicketDuty {
    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    instance.app().ticket(&see, number).unwrap().duty.expect("it does a duty")
}

/// The preventive maintenance of the contract year, as its page of duties shows it.
fn owed(instance: &Instance, customer: CustomerId) -> Vec<Occurrence> {
    let see = instance.permit(Role::CustomerManager, Act::SeeContract, customer);
    let all = instance.app().life(&see, None).unwrap().duties.into_iter().map(|one| one.value);
    all.filter(|one| one.what == "preventive_plan").collect()
}

fn report(ticket: u64) -> DutyReport {
    DutyReport {
        contract: None,
        label: "tma".to_owned(),
        what: Some("preventive_plan".to_owned()),
        on: date(2026, 11, 20),
        proof: DutyProof::Document,
        reference: "compte rendu du 20 novembre 2026".to_owned(),
        valid_until: None,
        ticket: Some(ticket),
    }
}

#[test]
fn the_preventive_plan_leads_from_the_duty_to_its_ticket_and_from_the_ticket_to_its_proof() {
    for (seed, (file, text)) in (321..).zip(CONTRACTS) {
        let instance = Instance::new(seed);
        let customer = instance.customer("maintenance");
        instance.sign(customer, file, text).unwrap();
        instance.at("2026-11-02T10:00");
        let by = instance.permit(Role::ServiceManager, Act::WritePlan, customer);
        instance.app().write_plan(&by, &instance.key(), None, &plan(&instance, customer)).unwrap();
        assert!(owed(&instance, customer).iter().all(|one| one.ticket.is_none()));

        instance.at("2026-11-16T08:00");
        instance.app().open_planned().unwrap();
        let first = duty(&instance, customer, 1);
        let time = first.occurrence.as_ref().expect("one is owed");
        assert_eq!(
            (&first.of, first.proof, time.value.on),
            (&preventive(), DutyProof::Document, Some(date(2026, 11, 30)))
        );
        assert_eq!(time.value.state, DutyState::NotYetDue);
        assert_eq!(time.cited()[0].label, "tma");
        assert_eq!(first.reasons[0].cites.as_ref().unwrap().label, "tma");
        let tickets = owed(&instance, customer).iter().map(|one| (one.on, one.ticket)).collect::<Vec<_>>();
        assert_eq!(
            tickets[..2],
            [(Some(date(2026, 11, 30)), Some(1)), (Some(date(2027, 2, 28)), None)],
            "{file}"
        );

        instance.at("2026-11-20T17:00");
        let done = StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: None };
        instance.step(customer, 1, &done).unwrap();
        assert!(duty(&instance, customer, 1).done.is_none(), "no proof yet: the duty is not done");
        let by = instance.permit(Role::ServiceManager, Act::RecordDuty, customer);
        let key = instance.key();
        let once = instance.app().record_duty(&by, &key, &report(1)).unwrap();
        assert_eq!(instance.app().record_duty(&by, &key, &report(1)).unwrap(), once, "once per key");
        let again = instance.app().record_duty(&by, &instance.key(), &report(1));
        assert!(
            matches!(again, Err(AppError::Refused(r)) if r.code == "duty.recorded"),
            "one ticket counts once"
        );

        let proved = duty(&instance, customer, 1);
        let state = DutyState::Done { on: date(2026, 11, 20), reference: report(1).reference };
        assert_eq!(proved.occurrence.unwrap().value.state, state);
        assert_eq!(proved.done.unwrap().reference, report(1).reference);
        assert_eq!(
            (owed(&instance, customer)[0].ticket, &owed(&instance, customer)[0].state),
            (Some(1), &state)
        );

        // The next ticket of the plan counts for the next quarter.
        instance.at("2027-02-16T08:00");
        instance.app().open_planned().unwrap();
        let next = duty(&instance, customer, 2).occurrence.unwrap().value;
        assert_eq!((next.on, next.ticket), (Some(date(2027, 2, 28)), Some(2)));
        instance.finish();
    }
}

#[test]
fn a_ticket_proves_the_duty_that_it_was_opened_to_do_and_no_other() {
    let instance = Instance::new(323);
    let customer = instance.customer("lumen");
    instance.sign(customer, CONTRACTS[0].0, CONTRACTS[0].1).unwrap();
    instance.at("2026-11-02T10:00");
    let ask = OpenTicket { title: "Revue du code".to_owned(), ..OpenTicket::default() };
    let ask = OpenTicket { kind: Some("preventive".to_owned()), duty: Some(preventive()), ..ask };
    let requested = OpenTicket { kind: Some("service_request".to_owned()), ..ask.clone() };
    let by_customer = instance.open(customer, &requested);
    assert!(matches!(&by_customer, Err(AppError::Invalid(i)) if i.field == "duty"), "{by_customer:?}");
    let open = |ask: &OpenTicket| {
        let by = instance.permit(Role::Technician, Act::OpenTicket, customer);
        instance.app().open_ticket(&by, &instance.key(), ask)
    };
    let estimate = DutyOf { what: "evolution_estimate".to_owned(), ..preventive() };
    let not_regular = open(&OpenTicket { duty: Some(estimate), ..ask.clone() });
    assert!(matches!(&not_regular, Err(AppError::Invalid(i)) if i.field == "duty"), "{not_regular:?}");
    let number = open(&ask).unwrap().number;
    let other = open(&OpenTicket { duty: None, ..ask.clone() }).unwrap().number;

    instance.at("2026-11-20T17:00");
    let by = instance.permit(Role::CustomerManager, Act::RecordDuty, customer);
    let record = |ask: &DutyReport| instance.app().record_duty(&by, &instance.key(), ask).map(drop);
    let field = |answer: Result<(), AppError>| match answer {
        Err(AppError::Invalid(invalid)) => invalid.field,
        other => panic!("{other:?}"),
    };
    assert_eq!(field(record(&report(other))), "ticket", "it was opened for no duty");
    assert_eq!(field(record(&report(99))), "ticket");
    let release = DutyReport { what: Some("release".to_owned()), ..report(number) };
    assert_eq!(field(record(&release)), "ticket", "another duty of the clause");
    assert_eq!(field(record(&DutyReport { on: date(2026, 11, 1), ..report(number) })), "on");
    let undone = |answer| matches!(answer, Err(AppError::Refused(r)) if r.code == "duty.undone");
    assert!(undone(record(&report(number))), "the work goes on");
    let resolve = StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: None };
    instance.step(customer, number, &resolve).unwrap();
    let reopen = StepCommand::Reopen { why: "Pas fait".to_owned() };
    let again = instance.permit(Role::CustomerManager, reopen.act(), customer);
    instance.app().step_ticket(&again, &instance.key(), number, &reopen, None).unwrap();
    assert!(undone(record(&report(number))), "it was not done");
    instance.step(customer, number, &resolve).unwrap();
    record(&report(number)).unwrap();
    instance.finish();
}

/// The duty was proved beside the ticket: it does not wait before the tickets of the next times.
#[test]
fn a_ticket_whose_duty_was_proved_without_it_waits_no_longer_once_resolved() {
    let instance = Instance::new(324);
    let customer = instance.customer("lumen");
    instance.sign(customer, CONTRACTS[0].0, CONTRACTS[0].1).unwrap();
    instance.at("2026-11-16T10:00");
    let open = || {
        let ask = OpenTicket { title: "Revue du code".to_owned(), ..OpenTicket::default() };
        let ask = OpenTicket { kind: Some("preventive".to_owned()), duty: Some(preventive()), ..ask };
        let by = instance.permit(Role::Technician, Act::OpenTicket, customer);
        instance.app().open_ticket(&by, &instance.key(), &ask).unwrap().number
    };
    let first = open();
    instance.at("2026-11-20T17:00");
    let by = instance.permit(Role::ServiceManager, Act::RecordDuty, customer);
    let beside = DutyReport { ticket: None, ..report(first) };
    instance.app().record_duty(&by, &instance.key(), &beside).unwrap();
    instance.at("2027-02-16T08:00");
    let next = open();
    let tickets = || owed(&instance, customer)[..2].iter().map(|one| one.ticket).collect::<Vec<_>>();
    assert_eq!(tickets(), [None, Some(first)], "it is still open, and would be counted first");
    let done = StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: None };
    instance.step(customer, first, &done).unwrap();
    assert_eq!(tickets(), [None, Some(next)]);
    assert!(duty(&instance, customer, first).occurrence.is_none());
    instance.finish();
}

/// One proof given beside stands for one of two tickets: the other is still waited for.
#[test]
fn a_proof_given_beside_stands_for_the_oldest_ticket_alone() {
    let instance = Instance::new(325);
    let customer = instance.customer("lumen");
    instance.sign(customer, CONTRACTS[0].0, CONTRACTS[0].1).unwrap();
    let done = StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: None };
    let numbers = ["2026-11-16T10:00", "2027-02-16T10:00"].map(|at| {
        instance.at(at);
        let ask = OpenTicket { title: "Revue du code".to_owned(), ..OpenTicket::default() };
        let ask = OpenTicket { kind: Some("preventive".to_owned()), duty: Some(preventive()), ..ask };
        let by = instance.permit(Role::Technician, Act::OpenTicket, customer);
        let number = instance.app().open_ticket(&by, &instance.key(), &ask).unwrap().number;
        instance.step(customer, number, &done).unwrap();
        number
    });
    instance.at("2027-03-01T10:00");
    let by = instance.permit(Role::ServiceManager, Act::RecordDuty, customer);
    let beside = DutyReport { ticket: None, on: date(2027, 2, 20), ..report(numbers[0]) };
    instance.app().record_duty(&by, &instance.key(), &beside).unwrap();
    assert!(duty(&instance, customer, numbers[0]).occurrence.is_none());
    assert!(duty(&instance, customer, numbers[1]).occurrence.is_some(), "its proof is still owed");
    instance.finish();
}
