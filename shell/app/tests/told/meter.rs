//! A meter that comes to its threshold: by a call, or by an amendment.

use super::*;

/// A pack of four calls, bought again when it is empty, that warns at two; and the customer's contact.
const PACK: &str = r#"## Article 2 – Durée

```toml clause
kind = "term"
label = "duree"
then = { start = 2026-03-01, lasts = "36 months", renewal = "none", notice = "3 months" }
```

## Article 3 – Interlocuteurs

```toml clause
kind = "contacts"
label = "client-unique"
then = { of = "customer", role = "single_point_of_contact", name = "Gestion" }
```

```toml clause
kind = "contacts"
label = "client-donnees"
then = { of = "customer", role = "data_protection_officer", name = "Données" }
```

## Article 11 – Assistance

```toml clause
kind = "hotline"
label = "carnet"
then = { form = "ticket_pack", tickets = 4, period = "contract_year", alert_at = 2, when_empty = "new_pack", price = "60.00 EUR", pack_tickets = 4 }
```
"#;

/// A pack smaller by one, with the same threshold.
fn smaller(effective: &str) -> String {
    format!(
        r#"+++
amends = "CTR-2026-778"
effective = {effective}
signed = 2026-06-16
language = "fr"
semantics = 1
+++

# Avenant n° 1

## Article 1 de l'avenant n° 1 – Assistance

```toml clause
kind = "hotline"
replace = "carnet"
then = {{ form = "ticket_pack", tickets = 3, period = "contract_year", alert_at = 2, when_empty = "new_pack", price = "60.00 EUR", pack_tickets = 3 }}
```
"#
    )
}

#[test]
fn an_amendment_that_brings_a_meter_to_its_threshold_warns_on_the_day_it_takes_effect() {
    for (seed, effective, on) in [(985, "2026-06-16", None), (986, "2026-07-01", Some("2026-07-01T09:00"))] {
        let instance = Instance::new(seed);
        let customer = instance.customer("atelier");
        instance.sign(customer, "contrat.md", &two_parties("CTR-2026-778", PACK)).expect("it compiles");
        instance.at("2026-06-16T09:00");
        exchange_mail(&instance);
        let chef = instance.staff(Role::ServiceManager);
        let contact = instance.someone(Role::CustomerManager, customer);
        let taker = instance.permit(Role::Technician, Act::RecordCall, customer);
        let ask = RecordCall { minutes: 5, ticket: None, contract: None, at: None };
        assert_eq!(instance.app().record_call(&taker, &instance.key(), &ask).unwrap().left, 3);
        assert!(letters(&instance).is_empty(), "three are left");
        instance.sign(customer, "avenant.md", &smaller(effective)).expect("it compiles");
        let turn = || {
            instance.app().tell_what_is_due_soon().unwrap();
            letters(&instance)
        };
        if let Some(on) = on {
            assert!(turn().is_empty(), "until then the pack is of four");
            instance.at("2026-06-30T23:00");
            assert!(turn().is_empty(), "the day before");
            instance.at(on);
        }
        let told = turn();
        let mut both = [chef.email.as_str(), contact.email.as_str()];
        both.sort_unstable();
        assert_eq!(to(&told), both, "{effective}");
        for letter in &told {
            let text = letter.text.replace(['\u{a0}', '\u{202f}'], " ");
            assert!(text.contains("il reste 2 tickets") && text.contains("[carnet]"), "{text}");
            assert!(text.contains("avenant n° 1"), "the article as amended: {text}");
        }
        assert!(turn().is_empty(), "once");
        instance.at("2026-07-05T09:00");
        assert!(turn().is_empty(), "once, whatever the day");
        instance.finish();
    }
}

#[test]
fn the_call_that_comes_to_the_threshold_warns_once_and_a_new_pack_arms_it_again() {
    let instance = Instance::new(971);
    let customer = instance.customer("atelier");
    instance.sign(customer, "contrat.md", &two_parties("CTR-2026-778", PACK)).expect("it compiles");
    instance.at("2026-06-16T09:00");
    exchange_mail(&instance);
    let chef = instance.staff(Role::ServiceManager);
    let contact = instance.someone(Role::CustomerManager, customer);
    instance.someone(Role::CustomerUser, customer);
    let taker = instance.permit(Role::Technician, Act::RecordCall, customer);
    let call = || {
        let ask = RecordCall { minutes: 5, ticket: None, contract: None, at: None };
        instance.app().record_call(&taker, &instance.key(), &ask).unwrap().left
    };
    assert_eq!(call(), 3);
    assert!(letters(&instance).is_empty(), "three are left");
    assert_eq!(call(), 2);
    let told = letters(&instance);
    let mut both = [chef.email.as_str(), contact.email.as_str()];
    both.sort_unstable();
    assert_eq!(to(&told), both, "the contact and the service manager");
    for letter in &told {
        let text = letter.text.replace(['\u{a0}', '\u{202f}'], " ");
        assert!(letter.subject.contains("CTR-2026-778"), "{}", letter.subject);
        for said in
            ["il reste 2 tickets", "sera vide le", "[carnet]", "https://regie.example/c/atelier/meters"]
        {
            assert!(text.contains(said), "{said}: {text}");
        }
    }
    assert_eq!(notices(&instance, &contact), [Notice::Meter]);

    assert_eq!(call(), 1);
    assert_eq!(call(), 0);
    assert!(letters(&instance).is_empty(), "the next ones are below the threshold already");
    assert_eq!(call(), 3, "another pack was bought");
    assert!(letters(&instance).is_empty());
    assert_eq!(call(), 2);
    assert_eq!(letters(&instance).len(), 2, "the new pack runs low in its turn");
    assert_eq!(notices(&instance, &contact), [Notice::Meter, Notice::Meter]);

    // A letter that waits while another pack is bought says nothing that is no longer so.
    for left in [1, 0, 3, 2] {
        assert_eq!(call(), left);
    }
    instance.app().pump().unwrap();
    for left in [1, 0, 3] {
        assert_eq!(call(), left);
    }
    assert!(letters(&instance).is_empty());
    instance.finish();
}
