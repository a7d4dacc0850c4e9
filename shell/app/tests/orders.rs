//! Orders are signed under their master, keep the version they were signed under, and are amended alone.

mod common;

use app::ticket::OpenTicket;
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
