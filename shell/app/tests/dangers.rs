//! What is in danger over all customers, for whoever looks after the team.

#[allow(dead_code, reason = "each test file uses its own part of this")]
mod common;

use app::call::RecordCall;
use app::live::{Danger, Dangers, Margin, Standing, What, WhyLeftOut};
use app::ticket::{OpenTicket, StepCommand};
use app::{Act, Principal, Role};
use base::id::CustomerId;
use common::signed;
use jiff::SignedDuration;
use testkit::Instance;

/// Two tickets a year, and an alert at the last.
const SMALL_PACK: &str = r#"+++
amends = "CTR-2026-001"
effective = 2026-03-01
language = "fr"
semantics = 1
+++

# Avenant

## Article 1 de l'avenant – Assistance téléphonique

```toml clause
kind = "hotline"
replace = "carnet"
then = { form = "ticket_pack", tickets = 2, period = "contract_year", alert_at = 1, when_empty = "per_ticket", price = "24.00 EUR", never_refused = ["P1"] }
```
"#;

fn open(instance: &Instance, customer: CustomerId) -> u64 {
    let ask = OpenTicket {
        title: "Poste en panne".to_owned(),
        priority: Some("P3".to_owned()),
        item: Some("srv-fic".to_owned()),
        ..OpenTicket::default()
    };
    instance.open(customer, &ask).unwrap().number
}

fn all(instance: &Instance, who: &Principal) -> Dangers {
    instance.app().dangers(&who.permit_instance(Act::SeeTeam).unwrap()).unwrap()
}

fn dangers(instance: &Instance, who: &Principal) -> Vec<Danger> {
    let all = all(instance, who);
    assert_eq!(all.left_out, []);
    all.found
}

fn later(instance: &Instance, hours: i64) {
    instance.clock().move_to(instance.app().now() + SignedDuration::from_hours(hours));
}

#[test]
fn an_objective_that_can_take_no_more_failure_is_told_with_its_article() {
    let instance = Instance::new(721);
    let (customer, quiet) = (signed(&instance, "atelier"), signed(&instance, "calme"));
    let contact = instance.staff(Role::ServiceManager);
    instance.undertake(&contact, customer);
    instance.undertake(&contact, quiet);
    assert!(dangers(&instance, &contact).is_empty());
    // Fewer than twenty cases: one may be late in the quarter.
    let first = open(&instance, customer);
    later(&instance, 30);
    instance.step(customer, first, &StepCommand::TakeOver).unwrap();
    let found = dangers(&instance, &contact);
    let [one] = &found[..] else { panic!("{found:?}") };
    let What::Objective(name, margin) = &one.what else { panic!("{one:?}") };
    assert_eq!((name.fr.as_str(), *margin), ("prise en charge", Margin::Misses(0)));
    assert_eq!((one.slug.as_str(), one.live.standing), ("atelier", Standing::AtRisk));
    let see = contact.permit(Act::SeeContract, customer).unwrap();
    let live = instance.app().live(&see, "CTR-2026-001").unwrap();
    assert_eq!(live.clauses[&one.clause.label].standing, Standing::AtRisk, "as the living contract says it");
    assert!(one.clause.article.starts_with("Article\u{a0}18"), "{:?}", one.clause);

    let second = open(&instance, customer);
    later(&instance, 30);
    instance.step(customer, second, &StepCommand::TakeOver).unwrap();
    let found = dangers(&instance, &contact);
    let response =
        found.iter().find(|d| matches!(&d.what, What::Objective(n, _) if n.fr == "prise en charge"));
    let response = response.unwrap();
    assert_eq!(
        (&response.what, response.live.standing),
        (&What::Objective(name.clone(), Margin::Gone), Standing::Missed)
    );
    assert_eq!(response.live.evidence.len(), 2, "its two tickets: {:?}", response.live.evidence);
    assert_eq!(found[0].live.standing, Standing::Missed, "the worst first");
    // The same figure as the living contract's.
    let see = contact.permit(Act::SeeContract, customer).unwrap();
    let live = instance.app().live(&see, "CTR-2026-001").unwrap();
    assert_eq!(live.clauses[&response.clause.label].figure, response.live.figure);
    instance.finish();
}

#[test]
fn a_meter_overrun_is_told_to_those_who_reach_the_whole_customer() {
    let instance = Instance::new(722);
    let customer = signed(&instance, "atelier");
    instance.sign(customer, "avenant.md", SMALL_PACK).unwrap();
    instance.at("2026-06-17T09:00");
    let (contact, unbound) = (instance.staff(Role::ServiceManager), instance.staff(Role::DeputyManager));
    instance.undertake(&contact, customer);
    let call = || {
        let permit = instance.permit(Role::Technician, Act::RecordCall, customer);
        let ask = RecordCall { minutes: 5, ticket: None, contract: None, at: None };
        instance.app().record_call(&permit, &instance.key(), &ask).unwrap();
        later(&instance, 1);
    };
    call();
    let found = dangers(&instance, &contact);
    assert_eq!((found.len(), &found[0].what), (1, &What::Meter), "one left, as the alert says: {found:?}");
    call();
    call();
    let found = dangers(&instance, &contact);
    let [meter] = &found[..] else { panic!("{found:?}") };
    let told: Vec<&str> = meter.live.evidence.iter().map(|e| e.text.fr.as_str()).collect();
    assert!(told[0].starts_with("1 au-delà"), "{told:?}");
    assert_eq!(meter.clause.label, "carnet");
    // Who has not undertaken to keep secrets learns nothing of the customer.
    assert!(dangers(&instance, &unbound).is_empty());
    instance.finish();
}

#[test]
fn what_was_found_stands_for_ten_minutes() {
    let instance = Instance::new(723);
    let customer = signed(&instance, "atelier");
    let contact = instance.staff(Role::ServiceManager);
    instance.undertake(&contact, customer);
    let first = open(&instance, customer);
    later(&instance, 30);
    assert_eq!(dangers(&instance, &contact).len(), 1, "late already");
    let (since, start) = (all(&instance, &contact).since, instance.app().now());
    assert_eq!(since, Some(start));
    instance.step(customer, first, &StepCommand::TakeOver).unwrap();
    let second = open(&instance, customer);
    let after = |minutes| {
        instance.clock().move_to(start + SignedDuration::from_mins(minutes));
        all(&instance, &contact)
    };
    let kept = after(9);
    assert_eq!((kept.since, kept.found[0].live.standing), (since, Standing::AtRisk));
    later(&instance, 30);
    instance.step(customer, second, &StepCommand::TakeOver).unwrap();
    assert_eq!(all(&instance, &contact).found[0].live.standing, Standing::Missed);
    instance.finish();
}

#[test]
fn a_vault_that_cannot_be_read_is_said_and_hides_no_other() {
    let instance = Instance::new(724);
    let (sound, broken) = (signed(&instance, "atelier"), signed(&instance, "brise"));
    let contact = instance.staff(Role::ServiceManager);
    instance.undertake(&contact, sound);
    instance.undertake(&contact, broken);
    open(&instance, sound);
    later(&instance, 30);
    let raw = rusqlite::Connection::open(instance.vault_file("brise")).unwrap();
    raw.execute_batch("ALTER TABLE ticket RENAME TO elsewhere; ALTER TABLE ticket_pause RENAME TO nowhere")
        .unwrap();
    let all = all(&instance, &contact);
    assert_eq!(all.found.iter().map(|d| d.slug.as_str()).collect::<Vec<_>>(), ["atelier"]);
    let left: Vec<_> = all.left_out.iter().map(|l| (l.slug.as_str(), l.why)).collect();
    assert_eq!(left, [("brise", WhyLeftOut::Failing)]);
    let team = contact.permit_instance(Act::SeeTeam).unwrap();
    let (_, left) = instance.app().pauses(&team, jiff::civil::date(2026, 6, 1)).unwrap();
    assert_eq!(left.iter().map(|l| l.slug.as_str()).collect::<Vec<_>>(), ["brise"]);
    raw.execute_batch("ALTER TABLE elsewhere RENAME TO ticket; ALTER TABLE nowhere RENAME TO ticket_pause")
        .unwrap();
    instance.finish();
}
