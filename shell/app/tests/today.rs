//! What stands beside the open work: who is on call now, what is late or ends today, the windows of today.

use app::access::Items;
use app::accounts::roles::NewRole;
use app::life::DutyReport;
use app::roster::PublishRoster;
use app::service::AnnounceMaintenance;
use app::today::{Today, What};
use app::{Act, Role};
use base::id::CustomerId;
use engines::roster::Shift;
use events::DutyProof;
use jiff::civil::date;
use testkit::{Instance, local, two_parties};

/// A service, a report every three months, somebody on call at night, and the telephone of whoever has this
/// address.
const CLAUSES: &str = r#"## Article 2 – Durée et horaires

```toml clause
kind = "term"
label = "duree"
then = { start = 2026-07-01, lasts = "36 months", renewal = "none", notice = "3 months" }
```

```toml clause
kind = "calendar"
label = "ho"
then.zone = "Europe/Paris"
then.week = { mon-fri = ["09:00-12:30", "14:00-18:00"] }
then.holidays = []
```

## Article 3 – Veille

```toml clause
kind = "technology_watch"
label = "veille"
then = { report_every = "3 months" }
```

```toml clause
kind = "contacts"
label = "technicien"
then.of = "provider"
then.role = "single_point_of_contact"
then.name = "Technicien"
then.email = "EMAIL"
then.phone = "05 36 49 10 20"
```

## Article 4 – Disponibilité

```toml clause
kind = "availability"
label = "dispo-erp"
then.service = "ERP"
then.items = ["srv-erp"]
then.calendar = "ho"
then.target = "99.50 %"
then.per = "month"
then.counted_in = "time"
then.degraded = "50 %"
then.starts = "earlier"
then.maintenance = "excluded"
then.maintenance_notice = "5 days"
then.unknown = "down"
then.not_counted = ["customer"]
```
"#;

/// Two contracts of one customer: that of the clauses above, and one whose clause asks for a roster.
fn signed(seed: u64) -> (Instance, CustomerId) {
    let instance = Instance::new(seed);
    let customer = instance.customer("mutuelle");
    instance.at("2026-06-30T11:00");
    let email = instance.staff(Role::Technician).email;
    let text = two_parties("CTR-2026-777", CLAUSES).replace("EMAIL", &email);
    instance.sign(customer, "veille.md", &text).expect("it compiles");
    let contracts = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    for file in ["mutuelle-horizon.md", "mutuelle-horizon-daas.md"] {
        let text = std::fs::read_to_string(contracts.join(file)).unwrap();
        instance.sign(customer, file, &text).unwrap();
    }
    (instance, customer)
}

fn read(instance: &Instance, role: Role) -> Today {
    let permit = instance.staff(role).permit_instance(Act::SeeDesk).unwrap();
    instance.app().today(&permit).unwrap()
}

fn publish(instance: &Instance, customer: CustomerId, from: &str, until: &str) {
    let permit = instance.permit(Role::ServiceManager, Act::PublishRoster, customer);
    let person = instance.staff(Role::Technician).account;
    let ask = PublishRoster {
        contract: "CTR-2026-003-D".to_owned(),
        label: "astreinte".to_owned(),
        periods: vec![Shift { person, from: local(from), until: local(until) }],
        exceptional: Some("Arrêt de travail".to_owned()),
        ..PublishRoster::default()
    };
    let found = instance.app().weigh_roster(&permit, &ask).unwrap();
    let ask = PublishRoster { confirmed: found.iter().map(|f| f.value.key()).collect(), ..ask };
    instance.app().publish_roster(&permit, &instance.key(), &ask).unwrap();
}

fn report(on: jiff::civil::Date) -> DutyReport {
    DutyReport {
        contract: Some("CTR-2026-777".to_owned()),
        label: "veille".into(),
        what: None,
        on,
        proof: DutyProof::Document,
        reference: "note de veille n° 1".into(),
        valid_until: None,
        ticket: None,
    }
}

#[test]
fn who_is_on_call_now_is_told_with_their_telephone_and_until_when() {
    let (instance, customer) = signed(131);
    instance.at("2026-10-01T10:00");
    assert_eq!(read(&instance, Role::Technician).on_call, [], "nobody is, yet");
    publish(&instance, customer, "2026-10-01T10:00", "2026-10-01T12:00");
    assert_eq!(read(&instance, Role::Technician).on_call.len(), 1, "what is published says so at once");
    instance.at("2026-10-01T13:00");
    publish(&instance, customer, "2026-10-05T18:00", "2026-10-12T08:00");
    assert_eq!(read(&instance, Role::Technician).on_call, [], "published, and to come");
    instance.at("2026-10-05T19:00");
    let on = read(&instance, Role::Dispatcher).on_call.remove(0);
    assert_eq!(on.person, instance.staff(Role::Technician).account);
    assert_eq!(
        (on.phone.as_deref(), on.until.timestamp()),
        (Some("05 36 49 10 20"), local("2026-10-12T08:00"))
    );
    assert_eq!(on.customers, [("mutuelle".to_owned(), "mutuelle".to_owned())]);
    publish(&instance, customer, "2026-10-05T20:00", "2026-10-06T08:00");
    instance.at("2026-10-06T07:00");
    assert_eq!(read(&instance, Role::Technician).on_call.len(), 1);
    // A subcontractor's technician reads no roster.
    let (account, role) =
        (instance.someone(Role::ThirdPartyTechnician, customer).account, Role::ThirdPartyTechnician);
    let about = Items { items: vec!["srv-erp".to_owned()], ..Items::default() };
    instance
        .app()
        .assign(&NewRole { account, role, customer: Some(customer), contract: None, about })
        .unwrap();
    let third = instance.app().principal(account).unwrap();
    let theirs = instance.app().today(&third.permit_instance(Act::SeeDesk).unwrap()).unwrap();
    assert_eq!(theirs, Today::default());
    instance.finish();
}

#[test]
fn what_is_late_comes_first_and_goes_once_it_is_done() {
    let (instance, customer) = signed(132);
    let watch = |today: Today| {
        let late = |what: &What| match what {
            What::Duty { title, late } if title.contains("veille") => Some(*late),
            _ => None,
        };
        today.dated.iter().find_map(|one| late(&one.what))
    };
    instance.at("2026-09-29T09:00");
    assert_eq!(watch(read(&instance, Role::ServiceManager)), None);
    instance.at("2026-09-30T09:00");
    assert_eq!(watch(read(&instance, Role::ServiceManager)), Some(0), "its last day");
    instance.at("2026-10-03T09:00");
    let today = read(&instance, Role::ServiceManager);
    assert_eq!(watch(today.clone()), Some(3), "{today:?}");
    assert!(matches!(today.dated[0].what, What::Duty { late: 1.., .. }));
    // Whoever records no duty is told of none.
    let technician = read(&instance, Role::Technician);
    assert!(!technician.dated.iter().any(|one| matches!(one.what, What::Duty { .. })), "{technician:?}");

    let permit = instance.permit(Role::ServiceManager, Act::RecordDuty, customer);
    instance.app().record_duty(&permit, &instance.key(), &report(date(2026, 10, 3))).unwrap();
    assert_eq!(watch(read(&instance, Role::ServiceManager)), None);
    instance.finish();
}

#[test]
fn the_windows_of_today_are_told_and_no_vault_is_opened_for_it() {
    let (mut instance, customer) = signed(133);
    instance.at("2026-10-05T09:00");
    let permit = instance.permit(Role::Technician, Act::RecordOutage, customer);
    let ask = |from, until| AnnounceMaintenance {
        contract: Some("CTR-2026-777".to_owned()),
        items: vec!["ERP".to_owned()],
        from: local(from),
        until: local(until),
    };
    let announce = |ask| instance.app().announce_maintenance(&permit, &instance.key(), &ask).unwrap();
    let windows = |instance: &Instance| {
        let dated = read(instance, Role::Technician).dated.into_iter().map(|one| one.what);
        let from = |what| match what {
            What::Maintenance { from, .. } => Some(from.timestamp()),
            _ => None,
        };
        dated.filter_map(from).collect::<Vec<_>>()
    };
    assert_eq!(windows(&instance), []);
    announce(ask("2026-10-05T19:00", "2026-10-05T21:00"));
    announce(ask("2026-10-06T19:00", "2026-10-06T21:00"));
    assert_eq!(windows(&instance), [local("2026-10-05T19:00")], "at once");
    instance.at("2026-10-06T00:10");
    assert_eq!(windows(&instance), [local("2026-10-06T19:00")], "the day after, and no sooner");

    instance.reopen(1330);
    assert_eq!(read(&instance, Role::Technician), Today::default());
    instance.app().vault(customer).unwrap();
    assert_eq!(windows(&instance), [local("2026-10-06T19:00")]);
    instance.finish();
}
