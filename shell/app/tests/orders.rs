//! Orders are signed under their master, keep the version they were signed under, and are amended alone.

mod common;

use app::ticket::{Filter, OpenTicket, StepCommand};
use app::{Act, AppError, Role};
use common::signed;
use testkit::Instance;

const ORDER: &str = r#"+++
contract = "CTR-2026-001-P"
order_of = "CTR-2026-001"
signed = 2026-06-16
+++

# Bon de commande n° CTR-2026-001-P

## Article 1 de la commande – Délai

Pour la présente commande, les incidents P1 sont rétablis en {{ retablissement-p1.within }}.

```toml clause
kind = "commitment"
replace = "retablissement-p1"
exception_to = "retablissement"
when = { priority = ["P1"] }
then = { within = "120 min" }
```
"#;

fn amendment(number: &str, effective: &str, minutes: u32) -> String {
    format!(
        "+++\namends = \"{number}\"\neffective = {effective}\nsigned = {effective}\n+++\n\n# Avenant\n\n## Article 1 de l'avenant \
         – Délai\n\nDélai : {{{{ retablissement-p1.within }}}}.\n\n```toml clause\nkind = \"commitment\"\n\
         replace = \"retablissement-p1\"\nexception_to = \"retablissement\"\nwhen = {{ priority = [\"P1\"] }}\n\
         then = {{ within = \"{minutes} min\" }}\n```\n"
    )
}

#[test]
fn an_order_stands_on_the_version_of_its_master_it_was_signed_under() {
    let instance = Instance::new(61);
    let customer = instance.customer("atelier");
    let refused = instance.sign(customer, "commande.md", ORDER);
    assert!(
        matches!(refused, Err(AppError::Invalid(i)) if i.field == "order_of"),
        "its master is not signed"
    );
    drop(instance);

    let instance = Instance::new(62);
    let customer = signed(&instance, "atelier");
    let order = instance.sign(customer, "commande.md", ORDER).unwrap();
    assert_eq!((order.number.as_str(), order.version), ("CTR-2026-001-P", 1));
    assert!(instance.sign(customer, "commande.md", ORDER).is_err(), "signed once");
    // The master and the order then go their own ways.
    let master = amendment("CTR-2026-001", "2026-07-01", 200);
    assert_eq!(instance.sign(customer, "avenant.md", &master).unwrap().version, 2);
    let own = amendment("CTR-2026-001-P", "2026-08-01", 90);
    assert_eq!(instance.sign(customer, "avenant-p.md", &own).unwrap().version, 2);

    let due = |priority: &str, contract: &str| {
        let ask = OpenTicket {
            title: "Panne".to_owned(),
            priority: Some(priority.to_owned()),
            contract: Some(contract.to_owned()),
            ..OpenTicket::default()
        };
        let opened = instance.open(customer, &ask).unwrap();
        let due = opened.due.iter().find(|d| d.promise == "restore").unwrap().due.unwrap();
        due.to_zoned(jiff::tz::TimeZone::get("Europe/Paris").unwrap()).strftime("%m-%d %H:%M").to_string()
    };
    instance.at("2026-06-17T09:00");
    assert_eq!(
        (due("P1", "CTR-2026-001"), due("P1", "CTR-2026-001-P")),
        ("06-17 14:30".into(), "06-17 11:00".into())
    );
    instance.at("2026-08-18T09:00");
    assert_eq!(
        (due("P1", "CTR-2026-001"), due("P1", "CTR-2026-001-P")),
        ("08-18 12:20".into(), "08-18 10:30".into())
    );

    // Whoever opens the folder later compiles the same terms, and verifies the same journal.
    let later = instance.inspect().unwrap();
    let permit = instance.permit(Role::ServiceManager, Act::SeeContract, customer);
    for (number, versions) in [("CTR-2026-001", 2), ("CTR-2026-001-P", 2)] {
        let live = later.live(&permit, number).unwrap();
        assert_eq!(live.agreement.history.versions.len(), versions);
    }
    assert!(later.verify_journals(None).unwrap().iter().all(|log| log.sound));
    drop(later);
    instance.finish();
}

/// The contract-cadre of contract C and its two orders, signed.
fn mutuelle(instance: &Instance) -> base::id::CustomerId {
    let customer = instance.customer("mutuelle");
    instance.at("2026-06-30T11:00");
    for file in ["mutuelle-horizon.md", "mutuelle-horizon-paie.md", "mutuelle-horizon-daas.md"] {
        let text = std::fs::read_to_string(common::root().join("contracts").join(file)).unwrap();
        instance.sign(customer, file, &text).unwrap();
    }
    // The contract is not in force on the day it is signed, and asks for nothing before.
    instance.at("2026-07-02T09:00");
    for role in [Role::Technician, Role::ServiceManager] {
        instance.undertake(&instance.staff(role), customer);
    }
    customer
}

#[test]
fn a_ticket_comes_through_the_channels_that_its_contract_names() {
    let instance = Instance::new(63);
    let customer = mutuelle(&instance);
    // Friday 17 December 2027, 16:00 in Saint-Denis; the Monday after is a holiday there.
    instance.at("2027-12-17T13:00");
    let ask = |contract: &str, channel: &str| OpenTicket {
        title: "Bureau figé".to_owned(),
        priority: Some("P2".to_owned()),
        site: Some("run".to_owned()),
        channel: Some(channel.to_owned()),
        contract: Some(contract.to_owned()),
        ..OpenTicket::default()
    };
    let open = |ask: &OpenTicket| {
        let permit = instance.permit(Role::Technician, Act::OpenTicket, customer);
        instance.app().open_ticket(&permit, &instance.key(), ask)
    };
    let taken_by = |channel: &str| {
        let opened = open(&ask("CTR-2026-003-D", channel)).unwrap();
        let due = opened.due.iter().find(|d| d.promise == "respond").unwrap();
        let at = due.due.unwrap().to_zoned(jiff::tz::TimeZone::get("Indian/Reunion").unwrap());
        (at.strftime("%m-%d %H:%M").to_string(), due.label.clone())
    };
    assert_eq!(taken_by("guichet"), ("12-21 09:00".into(), "prise-en-charge-proximite".into()));
    // By telephone, the hours that the site shares with the service desk count alone.
    let (phone, clause) = taken_by("phone");
    assert_eq!(clause, "prise-en-charge-p2");
    assert_ne!(phone, "12-21 09:00");
    assert!(open(&ask("CTR-2026-003-D", "astreinte")).is_ok());
    // The customer's people open it on the site: they do not choose the way that a better clock is promised to.
    for channel in ["astreinte", "guichet", "phone"] {
        let theirs = instance.open(customer, &ask("CTR-2026-003-D", channel));
        assert!(matches!(&theirs, Err(AppError::Invalid(i)) if i.field == "channel"), "{theirs:?}");
    }

    // Whatever the unit of its promise, working days included, a list shows what runs and how much is left.
    let payroll = OpenTicket {
        priority: Some("P4".to_owned()),
        channel: None,
        site: None,
        ..ask("CTR-2026-003-P", "")
    };
    let number = instance.open(customer, &payroll).unwrap().number;
    instance.step(customer, number, &StepCommand::TakeOver).unwrap();
    let permit = instance.permit(Role::ServiceManager, Act::SeeTickets, customer);
    let (rows, _) = instance.app().tickets(&permit, &Filter::default(), None, 10).unwrap();
    let dated = rows.iter().filter(|row| row.ticket.due.is_some()).count();
    assert_eq!((dated, rows.iter().flat_map(|row| &row.next).count()), (4, 4));
    assert!(rows.iter().flat_map(|row| &row.next).all(|next| next.target_seconds > 0));

    // What the order of desktops names, the order of payroll does not.
    let refused = |contract: &str, channel: &str| match open(&ask(contract, channel)) {
        Err(AppError::Invalid(invalid)) if invalid.field == "channel" => invalid.text,
        other => panic!("{contract}, {channel}: {other:?}"),
    };
    let standard = "portal, phone, email, api, on_site";
    let text = refused("CTR-2026-003-P", "guichet");
    assert!(text.fr.ends_with(standard) && text.en.ends_with(standard), "{text:?}");
    let text = refused("CTR-2026-003-D", "fax");
    let own = "astreinte (Article D5 – Délai de rétablissement et de résolution [resolution-astreinte-p1]), \
               guichet (Article D4 – Délai de prise en charge [prise-en-charge-proximite])";
    assert!(text.fr.ends_with(&format!("{standard}, {own}")), "{}", text.fr);
    assert!(text.en.ends_with(&format!("{standard}, {own}")), "{}", text.en);
    instance.finish();
}

/// S-131: a question on how to use something is no breakdown, and the order promises its own answer to it.
#[test]
fn functional_support_is_a_kind_of_its_own_with_the_answer_its_order_promises() {
    let instance = Instance::new(66);
    let customer = instance.customer("mutuelle");
    for file in ["mutuelle-horizon.md", "mutuelle-horizon-paie.md"] {
        let text = std::fs::read_to_string(common::root().join("contracts").join(file)).unwrap();
        instance.sign(customer, file, &text).unwrap();
    }
    instance.at("2026-10-13T10:00");
    let promises = |kind: &str| {
        let ask = OpenTicket {
            title: "Où saisir une absence ?".to_owned(),
            kind: Some(kind.to_owned()),
            priority: Some("P3".to_owned()),
            contract: Some("CTR-2026-003-P".to_owned()),
            ..OpenTicket::default()
        };
        let number = instance.open(customer, &ask).unwrap().number;
        let page =
            instance.app().ticket(&instance.permit(Role::Technician, Act::SeeTickets, customer), number);
        let page = page.unwrap();
        assert_eq!(page.ticket.kind, kind);
        page.clocks.iter().map(|clock| clock.value.promise.key().to_owned()).collect::<Vec<_>>()
    };
    assert!(promises("functional_support").contains(&"answer".to_owned()));
    assert!(!promises("incident").contains(&"answer".to_owned()));
    instance.finish();
}
