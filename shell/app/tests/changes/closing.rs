//! A change is not closed over a window that stands: neither by a merge nor by a price declined;
//! nor while a document that the contract keeps is not up to date.

use super::*;

#[test]
fn a_change_is_given_up_before_it_is_merged_and_into_a_change_only() {
    let instance = Instance::new(473);
    let customer = signed(&instance, "atelier");
    let fault = OpenTicket { title: "Panne".to_owned(), ..OpenTicket::default() };
    let incident = instance.open(customer, &fault).unwrap().number;
    let (first, second) = (opened(&instance, customer), opened(&instance, customer));
    let later = instance.open(customer, &fault).unwrap().number;
    let merge = |number, into| {
        let command = StepCommand::Merge { into, why: "Le même travail".to_owned() };
        instance.step(customer, number, &command).map(drop)
    };
    plan(&instance, customer, second, erp()).unwrap();
    let early = refused(merge(second, first));
    assert_eq!((early.code.as_str(), why(&early)), ("change.not_closed", vec!["change.not_begun"]));
    assert_eq!(june(&instance, customer).0, 1, "what is announced stands");
    assert_eq!(refused(merge(second, incident)).code, "merge.kind");
    assert_eq!(refused(merge(later, first)).code, "merge.kind");
    give_up(&instance, customer, second);
    assert_eq!(june(&instance, customer).0, 0);
    merge(second, first).unwrap();
}

#[test]
fn a_declined_price_leaves_no_window_announced() {
    let instance = Instance::new(474);
    let customer = signed(&instance, "atelier");
    let project = || {
        let (kind, operation) = (Some("change".to_owned()), Some("project".to_owned()));
        let ask = OpenTicket { title: "Migrer l'ERP".to_owned(), kind, operation, ..OpenTicket::default() };
        instance.open(customer, &ask).unwrap().number
    };
    let does = |role: Role, number, command: StepCommand| {
        let permit = instance.permit(role, command.act(), customer);
        instance.app().step_ticket(&permit, &instance.key(), number, &command, None).map(drop)
    };
    let decline = |number| {
        let (price, body) = (base::Money::eur(48_000), "Licence de la version 7.3".to_owned());
        does(Role::ServiceManager, number, StepCommand::Quote { price, until: None, body }).unwrap();
        let quotation = page(&instance, customer, number).quotation;
        let why = "Trop cher".to_owned();
        does(Role::CustomerManager, number, StepCommand::DeclinePrice { why, quotation }).unwrap();
    };
    let number = project();
    plan(&instance, customer, number, erp()).unwrap();
    decline(number);
    assert_eq!(why(&refused(resolve(&instance, customer, number))), ["change.not_begun"]);
    assert_eq!(june(&instance, customer).0, 1);
    give_up(&instance, customer, number);
    assert_eq!(june(&instance, customer).0, 0);
    resolve(&instance, customer, number).unwrap();
    // Where nothing is planned there is nothing to give up.
    let bare = project();
    decline(bare);
    resolve(&instance, customer, bare).unwrap();
}

#[test]
fn documents_that_the_contract_keeps_are_asked_for_before_closing() {
    let instance = Instance::new(409);
    let customer = instance.customer("lumen");
    let text = std::fs::read_to_string(common::root().join("contracts/lumen-edition.md")).unwrap();
    instance.sign(customer, "contracts/lumen-edition.md", &text).unwrap();
    instance.at("2026-10-06T09:00");
    let number = opened(&instance, customer);
    let ask = |from: &str, until: &str| PlanChange {
        items: vec!["bib-recette".to_owned()],
        from: local(from),
        until: local(until),
        downtime_minutes: 0,
        ..erp()
    };
    // The platform is promised day and night: maintenance lies on Sunday, from one to five.
    let weekday = PlanChange {
        items: vec!["bib-web".to_owned()],
        downtime_minutes: 30,
        ..ask("2026-10-15T01:00", "2026-10-15T03:00")
    };
    let refusal = refused(plan(&instance, customer, number, weekday));
    assert_eq!(why(&refusal), ["availability.maintenance_outside", "availability.maintenance_outside"]);
    plan(&instance, customer, number, ask("2026-10-07T09:00", "2026-10-07T12:00")).unwrap();
    approve(&instance, customer, number).unwrap();
    instance.at("2026-10-07T09:30");
    start(&instance, customer, number).unwrap();
    instance.at("2026-10-07T10:30");
    end(&instance, customer, number, ChangeOutcome::Succeeded, None).unwrap();
    let missing = refused(resolve(&instance, customer, number));
    assert_eq!(missing.code, "change.not_closed");
    assert!(missing.reasons.iter().all(|r| r.cites.as_ref().is_some_and(|c| c.label == "documentation")));
    let documents = page(&instance, customer, number).change.unwrap().documents;
    assert_eq!(documents.len(), 4);
    let other = ChangeCommand::Document { document: "autre".to_owned(), reference: "v2".to_owned() };
    assert_eq!(invalid(act(&instance, Role::Technician, customer, number, other)), "document");
    document_all(&instance, customer, number);
    resolve(&instance, customer, number).unwrap();
}
