//! Who answers for the customer: whom the contract names, by their address, and once each.

use app::accounts::NewAccount;

use super::*;

#[test]
fn somebody_under_two_roles_agrees_under_the_one_asked_for() {
    let instance = Instance::new(475);
    let customer = instance.customer("atelier");
    let contact = "```toml clause\nkind = \"contacts\"\nlabel = \"interlocuteur-client\"";
    let achats = "```toml clause\nkind = \"contacts\"\nlabel = \"direction-client\"\nthen.of = \"customer\"\n\
        then.role = \"director\"\nthen.name = \"Nadia Ferrand\"\n\
        then.email = \"nadia.ferrand@ateliers-garonne.example\"\n```\n\n";
    let text = common::contract_a();
    assert!(text.contains(contact));
    let text = text.replace(contact, &format!("{achats}{contact}"));
    instance.sign(customer, "contracts/ateliers-garonne.md", &text).unwrap();
    instance.at("2026-06-16T09:00");
    let number = opened(&instance, customer);
    let ask = PlanChange { items: vec!["srv-rh".to_owned()], downtime_minutes: 0, ..erp() };
    plan(&instance, customer, number, ask).unwrap();

    let account = instance.app().add_account(&NewAccount {
        email: "Nadia.Ferrand@ateliers-garonne.example",
        name: "Nadia Ferrand",
        password: "une phrase assez longue",
        role: Role::CustomerManager,
        customer: Some(customer),
        totp_secret: None,
    });
    let who = instance.app().principal(account.unwrap()).unwrap();
    let plan = entry(&instance, customer, number);
    let approve = ChangeCommand::Approve { plan, third_party: None, contact: None, reference: None };
    let command = StepCommand::Change { change: approve };
    let permit = who.permit(Act::ApproveChange, customer).unwrap();
    instance.app().step_ticket(&permit, &instance.key(), number, &command, None).unwrap();
    let written = |contact: &str| {
        let (contact, reference) = (Some(contact.to_owned()), Some("Courriel du 16 juin".to_owned()));
        let approve = ChangeCommand::Approve { plan, third_party: None, contact, reference };
        act(&instance, Role::ServiceManager, customer, number, approve).unwrap();
    };
    written("direction-client");
    assert_eq!(stage(&instance, customer, number), Stage::Awaited, "one person under two labels");
    written("interlocuteur-client");
    assert_eq!(stage(&instance, customer, number), Stage::Approved);
}
