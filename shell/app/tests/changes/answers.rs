//! Who answers for the customer: whom the contract names, by their address, and once each.

use app::accounts::NewAccount;
use app::ticket::awaited::Asks;

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

#[test]
fn what_waits_for_an_approval_says_by_which_article() {
    let instance = Instance::new(476);
    let customer = signed(&instance, "atelier");
    let number = opened(&instance, customer);
    let ask = PlanChange { items: vec!["srv-rh".to_owned()], downtime_minutes: 0, ..emergency() };
    let cited = |refusal: &Refusal| -> Vec<String> {
        refusal.reasons.iter().filter_map(|r| r.cites.as_ref()).map(|c| c.label.clone()).collect()
    };
    plan(&instance, customer, number, PlanChange { model: ChangeModel::Normal, ..ask.clone() }).unwrap();
    assert_eq!(cited(&refused(start(&instance, customer, number))), ["maintenance-srv-rh"]);
    let not_asked = refused(approve(&instance, customer, number));
    assert_eq!(
        (not_asked.code.as_str(), cited(&not_asked)),
        ("change.not_entitled", vec!["maintenance-srv-rh".to_owned()])
    );
    assert!(not_asked.text.fr.contains("interlocuteur unique"), "{}", not_asked.text.fr);
    assert!(!not_asked.text.en.contains('_'), "{}", not_asked.text.en);
    plan(&instance, customer, number, ask).unwrap();
    start(&instance, customer, number).unwrap();
    end(&instance, customer, number, ChangeOutcome::Succeeded, None).unwrap();
    let open = refused(resolve(&instance, customer, number));
    assert_eq!(why(&open)[..2], ["change.approvals_missing", "change.sessions"]);
    assert_eq!(cited(&open)[0], "maintenance-srv-rh");
}

#[test]
fn the_customer_may_refuse_to_regularise_an_emergency() {
    let instance = Instance::new(477);
    let customer = signed(&instance, "atelier");
    let number = opened(&instance, customer);
    // Begun before the window that was announced.
    let soon =
        PlanChange { from: local("2026-06-16T11:00"), until: local("2026-06-16T12:30"), ..emergency() };
    plan(&instance, customer, number, soon).unwrap();
    let awaited = || {
        let see = instance.permit(Role::CustomerManager, Act::SeeTickets, customer);
        let all = instance.app().awaited(&see).unwrap();
        all.into_iter().map(|one| (one.asks, one.until)).collect::<Vec<_>>()
    };
    let asked = [(Asks::Regularisation, Some(local("2026-06-17T18:00")))];
    assert_eq!(awaited(), asked, "by the instant that the plan says, whenever it begins");
    start(&instance, customer, number).unwrap();
    assert_eq!(awaited(), asked);
    let refuse = || {
        let (plan, why) = (entry(&instance, customer, number), "Personne n'a été prévenu".to_owned());
        act(&instance, Role::CustomerManager, customer, number, ChangeCommand::Refuse { plan, why })
    };
    refuse().unwrap();
    assert_eq!(awaited(), []);
    let change = page(&instance, customer, number).change.unwrap();
    assert_eq!((change.standing.stage, change.standing.awaited.len()), (Stage::UnderWay, 0));
    assert!(change.notes.iter().any(|note| note.code == "change.regularisation_refused"));
    assert_eq!(june(&instance, customer).0, 1, "the work goes on in the window announced");
    assert_eq!(refused(refuse()).code, "change.stage", "once");
    assert_eq!(refused(approve(&instance, customer, number)).code, "change.nothing_awaited");
    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    let line = instance.app().changes(&see, (0, 0), 10).unwrap().0.remove(0);
    assert_eq!(line.state, "started", "it takes place all the same");

    instance.at("2026-06-16T10:00");
    end(&instance, customer, number, ChangeOutcome::Succeeded, None).unwrap();
    document_all(&instance, customer, number);
    assert_eq!(why(&refused(resolve(&instance, customer, number))), ["change.review"]);
    let review = ChangeCommand::Review { body: "L'astreinte du Client n'a pas répondu.".to_owned() };
    act(&instance, Role::Technician, customer, number, review).unwrap();
    resolve(&instance, customer, number).unwrap();

    // After it has ended too; and an approved one is refused no more.
    let number = opened(&instance, customer);
    let later = |number| plan(&instance, customer, number, emergency()).unwrap();
    let refuse = |number| {
        let (plan, why) = (entry(&instance, customer, number), "Non".to_owned());
        act(&instance, Role::CustomerManager, customer, number, ChangeCommand::Refuse { plan, why })
    };
    instance.at("2026-06-16T10:30");
    later(number);
    start(&instance, customer, number).unwrap();
    end(&instance, customer, number, ChangeOutcome::Failed, None).unwrap();
    refuse(number).unwrap();
    assert!(page(&instance, customer, number).change.unwrap().standing.regularisation_refused);
    let number = opened(&instance, customer);
    later(number);
    start(&instance, customer, number).unwrap();
    approve(&instance, customer, number).unwrap();
    assert_eq!(refused(refuse(number)).code, "change.stage");
}
