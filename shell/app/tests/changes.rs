//! Changes: planned against the contract, approved by whom it says, carried out in their window, measured
//! and closed; what each article refuses.

#[path = "changes/answers.rs"]
mod answers;
#[path = "changes/closing.rs"]
mod closing;
mod common;
#[path = "changes/told.rs"]
mod told;

use app::ticket::change::{ChangeCommand, PlanChange};
use app::ticket::{OpenTicket, StepCommand, TicketPage};
use app::{Act, AppError, Refusal, Role};
use base::id::CustomerId;
use common::signed;
use engines::change::Stage;
use events::{ChangeModel, ChangeOutcome, ChangeRisk};
use jiff::civil::date;
use testkit::{Instance, local};

fn opened(instance: &Instance, customer: CustomerId) -> u64 {
    let ask = OpenTicket {
        title: "Mettre à jour l'ERP".to_owned(),
        kind: Some("change".to_owned()),
        ..OpenTicket::default()
    };
    instance.open(customer, &ask).unwrap().number
}

/// In service hours, eight days ahead: five working days of notice are owed.
fn erp() -> PlanChange {
    PlanChange {
        model: ChangeModel::Normal,
        risk: ChangeRisk::Medium,
        items: vec!["srv-erp".to_owned()],
        from: local("2026-06-24T10:00"),
        until: local("2026-06-24T12:00"),
        downtime_minutes: 60,
        counted: false,
        regularised_by: None,
        work: "Version 7.3 de l'ERP".to_owned(),
        test: "Connexion, saisie d'une commande".to_owned(),
        rollback: "Retour à l'instantané de la veille".to_owned(),
    }
}

fn emergency() -> PlanChange {
    PlanChange {
        model: ChangeModel::Emergency,
        from: local("2026-06-16T09:00"),
        until: local("2026-06-16T11:00"),
        regularised_by: Some(local("2026-06-17T18:00")),
        ..erp()
    }
}

fn act(
    instance: &Instance,
    role: Role,
    customer: CustomerId,
    number: u64,
    change: ChangeCommand,
) -> Result<(), AppError> {
    let command = StepCommand::Change { change };
    let permit = instance.permit(role, command.act(), customer);
    instance.app().step_ticket(&permit, &instance.key(), number, &command, None).map(drop)
}

fn plan(instance: &Instance, customer: CustomerId, number: u64, ask: PlanChange) -> Result<(), AppError> {
    act(instance, Role::Technician, customer, number, ChangeCommand::Plan(Box::new(ask)))
}

fn approve(instance: &Instance, customer: CustomerId, number: u64) -> Result<(), AppError> {
    let plan = entry(instance, customer, number);
    let approve = ChangeCommand::Approve { plan, third_party: None, contact: None, reference: None };
    act(instance, Role::CustomerManager, customer, number, approve)
}

fn start(instance: &Instance, customer: CustomerId, number: u64) -> Result<(), AppError> {
    act(instance, Role::Technician, customer, number, ChangeCommand::Start)
}

fn end(
    instance: &Instance,
    customer: CustomerId,
    number: u64,
    outcome: ChangeOutcome,
    down: Option<(&str, &str)>,
) -> Result<(), AppError> {
    let end = ChangeCommand::End {
        outcome,
        note: "Version en place".to_owned(),
        down_from: down.map(|(from, _)| local(from)),
        down_until: down.map(|(_, until)| local(until)),
    };
    act(instance, Role::Technician, customer, number, end)
}

fn give_up(instance: &Instance, customer: CustomerId, number: u64) {
    let why = "L'éditeur retire cette version".to_owned();
    act(instance, Role::Technician, customer, number, ChangeCommand::GiveUp { why }).unwrap();
}

fn resolve(instance: &Instance, customer: CustomerId, number: u64) -> Result<(), AppError> {
    let command = StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: None };
    instance.step(customer, number, &command).map(drop)
}

/// Says of each document that the contract keeps that nothing changes in it.
fn document_all(instance: &Instance, customer: CustomerId, number: u64) {
    for filed in page(instance, customer, number).change.unwrap().documents {
        let (document, reference) = (filed.document, "Sans changement".to_owned());
        let document = ChangeCommand::Document { document, reference };
        act(instance, Role::Technician, customer, number, document).unwrap();
    }
}

fn page(instance: &Instance, customer: CustomerId, number: u64) -> TicketPage {
    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    instance.app().ticket(&see, number).unwrap()
}

fn entry(instance: &Instance, customer: CustomerId, number: u64) -> u64 {
    page(instance, customer, number).change.unwrap().plan.unwrap().entry
}

fn stage(instance: &Instance, customer: CustomerId, number: u64) -> Stage {
    page(instance, customer, number).change.unwrap().standing.stage
}

fn refused(answer: Result<(), AppError>) -> Refusal {
    match answer {
        Err(AppError::Refused(refusal)) => *refusal,
        other => panic!("{other:?}"),
    }
}

fn why(refusal: &Refusal) -> Vec<&str> {
    refusal.reasons.iter().map(|r| r.code.as_str()).collect()
}

fn invalid(answer: Result<(), AppError>) -> String {
    match answer {
        Err(AppError::Invalid(invalid)) => invalid.field,
        other => panic!("{other:?}"),
    }
}

/// Seconds lost and agreed of the ERP in June.
fn june(instance: &Instance, customer: CustomerId) -> (usize, Option<bool>, String) {
    let see = instance.permit(Role::ServiceManager, Act::SeeServices, customer);
    let services = instance.app().services(&see, None, Some(date(2026, 6, 1))).unwrap();
    let windows = services.maintenance.iter().filter(|m| m.cancelled.is_none()).count();
    let outage = services.outages.first().map(|o| !o.cancelled);
    (windows, outage, format!("{:?}", services.measures[0].result))
}

#[test]
fn a_change_announced_in_time_interrupts_without_loss() {
    let instance = Instance::new(401);
    let customer = signed(&instance, "atelier");
    let quiet = june(&instance, customer).2;
    let number = opened(&instance, customer);
    plan(&instance, customer, number, erp()).unwrap();
    assert_eq!(june(&instance, customer).0, 1, "the window is announced with the plan");
    assert_eq!(stage(&instance, customer, number), Stage::Awaited);

    instance.at("2026-06-24T10:05");
    let early = refused(start(&instance, customer, number));
    assert_eq!(
        (early.code.as_str(), why(&early)),
        ("change.stage", vec!["change.approvals_missing", "change.approval_convention"])
    );
    approve(&instance, customer, number).unwrap();
    let twice = refused(approve(&instance, customer, number));
    assert_eq!(twice.code, "change.nothing_awaited");
    start(&instance, customer, number).unwrap();
    assert_eq!(stage(&instance, customer, number), Stage::UnderWay);
    assert_eq!(why(&refused(resolve(&instance, customer, number))), ["change.not_ended"]);

    instance.at("2026-06-24T11:30");
    let outside = end(
        &instance,
        customer,
        number,
        ChangeOutcome::Succeeded,
        Some(("2026-06-24T09:00", "2026-06-24T10:40")),
    );
    assert_eq!(invalid(outside), "down_from");
    let down = Some(("2026-06-24T10:10", "2026-06-24T10:50"));
    end(&instance, customer, number, ChangeOutcome::Succeeded, down).unwrap();
    let told = page(&instance, customer, number).change.unwrap();
    let down = told.downtime.unwrap();
    assert_eq!((down.measured_minutes, down.foreseen_minutes, down.is_longer()), (40, 60, false));
    let (_, outage, result) = june(&instance, customer);
    assert_eq!(outage, Some(true), "what was measured is recorded");
    assert_ne!(result, quiet, "two hours leave the agreed time");
    document_all(&instance, customer, number);
    resolve(&instance, customer, number).unwrap();
}

#[test]
fn a_window_told_too_late_is_refused_with_its_article_or_counts() {
    let instance = Instance::new(402);
    let customer = signed(&instance, "atelier");
    let number = opened(&instance, customer);
    let soon = PlanChange { from: local("2026-06-18T10:00"), until: local("2026-06-18T12:00"), ..erp() };
    let late = refused(plan(&instance, customer, number, soon.clone()));
    assert_eq!((late.code.as_str(), why(&late)), ("change.plan", vec!["availability.maintenance_late"]));
    assert_eq!(late.reasons[0].cites.as_ref().unwrap().label, "dispo-erp");
    plan(&instance, customer, number, PlanChange { counted: true, ..soon.clone() }).unwrap();
    let noted = page(&instance, customer, number).change.unwrap().notes;
    assert_eq!(noted[0].code, "availability.maintenance_late");
    // Outside the agreed hours nothing is owed: nothing is promised then.
    let night = PlanChange { from: local("2026-06-17T22:00"), until: local("2026-06-17T23:30"), ..erp() };
    plan(&instance, customer, number, night).unwrap();
    assert_eq!(june(&instance, customer).0, 1, "the window of the plan before is given up");
}

#[test]
fn another_plan_waits_for_its_own_approvals() {
    let instance = Instance::new(403);
    let customer = signed(&instance, "atelier");
    let number = opened(&instance, customer);
    plan(&instance, customer, number, erp()).unwrap();
    let read = entry(&instance, customer, number);
    approve(&instance, customer, number).unwrap();
    assert_eq!(stage(&instance, customer, number), Stage::Approved);
    plan(&instance, customer, number, PlanChange { downtime_minutes: 90, ..erp() }).unwrap();
    assert_eq!(stage(&instance, customer, number), Stage::Awaited);
    let stale = ChangeCommand::Approve { plan: read, third_party: None, contact: None, reference: None };
    let stale = refused(act(&instance, Role::CustomerManager, customer, number, stale));
    assert_eq!(stale.code, "change.plan_changed");
}

#[test]
fn the_customer_refuses_with_its_reason_and_the_window_is_given_up() {
    let instance = Instance::new(404);
    let customer = signed(&instance, "atelier");
    let number = opened(&instance, customer);
    assert_eq!(why(&refused(resolve(&instance, customer, number))), ["change.not_begun"]);
    plan(&instance, customer, number, erp()).unwrap();
    let plan = entry(&instance, customer, number);
    let no = ChangeCommand::Refuse { plan, why: "Clôture des comptes ce jour-là".to_owned() };
    act(&instance, Role::CustomerManager, customer, number, no).unwrap();
    assert_eq!(june(&instance, customer).0, 0);
    let told = page(&instance, customer, number);
    assert_eq!(told.entries.last().unwrap().text.as_deref(), Some("Clôture des comptes ce jour-là"));
    instance.at("2026-06-24T10:05");
    assert_eq!(why(&refused(start(&instance, customer, number))), ["change.refused"]);
    resolve(&instance, customer, number).unwrap();
}

#[test]
fn an_emergency_begins_first_and_is_closed_approved_and_reviewed() {
    let instance = Instance::new(405);
    let customer = signed(&instance, "atelier");
    let number = opened(&instance, customer);
    let unsaid = PlanChange { regularised_by: None, ..emergency() };
    assert_eq!(why(&refused(plan(&instance, customer, number, unsaid))), ["change.regularisation"]);
    plan(&instance, customer, number, emergency()).unwrap();
    start(&instance, customer, number).unwrap();
    instance.at("2026-06-16T10:00");
    end(
        &instance,
        customer,
        number,
        ChangeOutcome::RolledBack,
        Some(("2026-06-16T09:10", "2026-06-16T09:40")),
    )
    .unwrap();
    let open = refused(resolve(&instance, customer, number));
    assert_eq!((why(&open)[0], *why(&open).last().unwrap()), ("change.approvals_missing", "change.review"));
    instance.at("2026-06-17T19:00");
    assert!(page(&instance, customer, number).change.unwrap().standing.overdue);
    approve(&instance, customer, number).unwrap();
    let review = ChangeCommand::Review { body: "L'instantané manquait de place.".to_owned() };
    act(&instance, Role::Technician, customer, number, review).unwrap();
    document_all(&instance, customer, number);
    resolve(&instance, customer, number).unwrap();
}

#[test]
fn what_is_sensitive_takes_two_of_the_contacts_that_the_contract_names() {
    let instance = Instance::new(406);
    let customer = signed(&instance, "atelier");
    let number = opened(&instance, customer);
    let ask = PlanChange { items: vec!["srv-rh".to_owned()], downtime_minutes: 0, ..erp() };
    plan(&instance, customer, number, ask).unwrap();
    let owed = page(&instance, customer, number).change.unwrap().standing.owed;
    assert_eq!(owed.value.people(), 2);
    assert!(owed.cited().iter().any(|clause| clause.label == "maintenance-srv-rh"));
    // The manager of the tests is none of the contract's contacts.
    assert_eq!(refused(approve(&instance, customer, number)).code, "change.not_entitled");
    let plan = entry(&instance, customer, number);
    let written = |contact: Option<&str>, reference: Option<&str>| {
        let (contact, reference) = (contact.map(str::to_owned), reference.map(str::to_owned));
        let approve = ChangeCommand::Approve { plan, third_party: None, contact, reference };
        act(&instance, Role::ServiceManager, customer, number, approve)
    };
    assert_eq!(invalid(written(Some("interlocuteur-client"), None)), "reference");
    assert_eq!(invalid(written(None, Some("Courriel du 16 juin"))), "contact");
    written(Some("interlocuteur-client"), Some("Courriel du 16 juin")).unwrap();
    written(Some("interlocuteur-client"), Some("Le même, relancé")).unwrap();
    assert_eq!(stage(&instance, customer, number), Stage::Awaited, "twice the same person is one");
    written(Some("adjoint-client"), Some("Courriel du 17 juin")).unwrap();
    assert_eq!(stage(&instance, customer, number), Stage::Approved);
}

#[test]
fn rights_and_kinds_are_checked() {
    let instance = Instance::new(407);
    let customer = signed(&instance, "atelier");
    let ask = OpenTicket { title: "Panne".to_owned(), ..OpenTicket::default() };
    let incident = instance.open(customer, &ask).unwrap().number;
    assert_eq!(refused(plan(&instance, customer, incident, erp())).code, "change.kind");
    for role in [Role::CustomerUser, Role::CustomerManager, Role::ThirdPartyTechnician, Role::ProviderAuditor]
    {
        assert!(instance.someone(role, customer).permit(Act::PlanChange, customer).is_err(), "{role:?}");
    }
    for role in [Role::CustomerUser, Role::Technician, Role::CommitteeMember, Role::ThirdPartyTechnician] {
        assert!(instance.someone(role, customer).permit(Act::ApproveChange, customer).is_err(), "{role:?}");
    }
    let number = opened(&instance, customer);
    let unknown = PlanChange { items: vec!["srv-lune".to_owned()], ..erp() };
    assert_eq!(why(&refused(plan(&instance, customer, number, unknown))), ["change.unknown_item"]);
    let standard = PlanChange { model: ChangeModel::Standard, ..erp() };
    assert_eq!(why(&refused(plan(&instance, customer, number, standard))), ["change.not_standard"]);
    let command = StepCommand::Change { change: ChangeCommand::Plan(Box::new(erp())) };
    let permit = instance.permit(Role::Technician, Act::PlanChange, customer);
    let back = Some(local("2026-06-15T09:00"));
    let back = instance.app().step_ticket(&permit, &instance.key(), number, &command, back).map(drop);
    assert_eq!(invalid(back), "at");
}

#[test]
fn the_schedule_goes_by_window_and_tells_what_collides() {
    let instance = Instance::new(408);
    let customer = signed(&instance, "atelier");
    let numbers: Vec<u64> = (0..3).map(|_| opened(&instance, customer)).collect();
    let at = |day: &str, items: &str| PlanChange {
        items: vec![items.to_owned()],
        from: local(&format!("2026-06-{day}T20:00")),
        until: local(&format!("2026-06-{day}T22:00")),
        ..erp()
    };
    plan(&instance, customer, numbers[0], at("25", "srv-erp")).unwrap();
    plan(&instance, customer, numbers[1], at("24", "srv-fic")).unwrap();
    plan(&instance, customer, numbers[2], at("25", "srv-erp")).unwrap();
    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    let (first, next) = instance.app().changes(&see, (0, 0), 2).unwrap();
    assert_eq!(first.iter().map(|l| l.number).collect::<Vec<_>>(), [numbers[1], numbers[0]]);
    assert_eq!(first[1].collisions, [numbers[2]]);
    assert!(first[0].collisions.is_empty());
    let (rest, end) = instance.app().changes(&see, next.unwrap(), 2).unwrap();
    assert_eq!((rest[0].number, rest.len(), end), (numbers[2], 1, None));
    assert_eq!(page(&instance, customer, numbers[0]).change.unwrap().collisions, [numbers[2]]);
    let later = local("2026-06-25T00:00").as_microsecond();
    assert_eq!(instance.app().changes(&see, (later, 0), 10).unwrap().0.len(), 2);
    // Another customer's schedule holds nothing of it.
    let other = instance.customer("voisin");
    let theirs = instance.permit(Role::CustomerUser, Act::SeeTickets, other);
    assert!(instance.app().changes(&theirs, (0, 0), 10).unwrap().0.is_empty());
}

#[test]
fn planning_is_the_first_act_that_the_response_waits_for() {
    let instance = Instance::new(472);
    let customer = signed(&instance, "atelier");
    instance.at("2026-06-16T09:00");
    let number = opened(&instance, customer);
    let response = || {
        let see = instance.permit(Role::CustomerManager, Act::SeeTickets, customer);
        let page = instance.app().ticket(&see, number).unwrap();
        let clock = page.clocks.into_iter().find(|c| c.value.promise == events::Promise::Respond);
        clock.expect("contract A answers changes too").value.stopped
    };
    assert_eq!(response(), None);
    instance.at("2026-06-16T09:30");
    plan(&instance, customer, number, erp()).unwrap();
    assert_eq!(response(), Some(local("2026-06-16T09:30")));
}
