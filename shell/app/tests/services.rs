//! Outages and maintenance: recorded, corrected, cancelled, and what they cost at the month's closing.

use app::service::{AnnounceMaintenance, TellOutage};
use app::{Act, AppError, Permit, Role};
use base::Money;
use base::fraction::Fraction;
use base::id::{CustomerId, OutageId};
use engines::objective::Verdict;
use events::{OutageOrigin, ServiceState};
use jiff::civil::date;
use testkit::{Instance, local, two_parties};

const CLAUSES: &str = r#"## Article 2 – Durée

```toml clause
kind = "term"
label = "duree"
then.start = 2026-03-01
then.lasts = "36 months"
then.renewal = "none"
then.notice = "3 months"
then.phases = [{ name = "intégration", from = 2026-03-01, until = 2026-03-31 }]
```

## Article 3 – Disponibilité

```toml clause
kind = "calendar"
label = "ho"
then.zone = "Europe/Paris"
then.week = { mon-fri = ["09:00-12:30", "14:00-18:00"] }
then.holidays = []
```

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

```toml clause
kind = "penalty"
label = "penalite-dispo"
then = { on = "availability", of = "dispo-erp", formula = "step_per_tenth_of_point_started", rate = "1 %", base = "monthly_fee_in_force", tax = "indemnity", sole_remedy = false, suspended_in = ["intégration"] }
```

## Article 4 – Prix

```toml clause
kind = "fee"
label = "forfait"
then = { unit = "flat", title = "Infogérance", quantity = 1, unit_price = "2300.00 EUR", per = "month", due = "in_advance", proration = "actual_days", vat = "20 %" }
```
"#;

struct Seen {
    instance: Instance,
    customer: CustomerId,
}

impl Seen {
    fn new(seed: u64) -> Seen {
        let instance = Instance::new(seed);
        let customer = instance.customer("atelier");
        instance
            .sign(customer, "contracts/essai.md", &two_parties("CTR-2026-778", CLAUSES))
            .expect("it compiles");
        Seen { instance, customer }
    }

    fn may(&self, act: Act) -> Permit {
        self.instance.permit(Role::ServiceManager, act, self.customer)
    }

    fn record(&self, from: &str, until: Option<&str>) -> Result<OutageId, AppError> {
        let noted = self.instance.app().record_outage(
            &self.may(Act::RecordOutage),
            &self.instance.key(),
            &down(from, until),
        )?;
        Ok(noted.id.parse().unwrap())
    }

    fn correct(&self, id: OutageId, told: &TellOutage) -> Result<(), AppError> {
        let (permit, key) = (self.may(Act::RecordOutage), self.instance.key());
        self.instance.app().correct_outage(&permit, &key, id, told).map(drop)
    }

    fn close(&self, month: i8) -> engines::billing::MonthStatement {
        let (permit, key) = (self.may(Act::CloseMonth), self.instance.key());
        let closed = self.instance.app().close_month(&permit, &key, None, date(2026, month, 1)).unwrap();
        closed.statement.value
    }

    fn reached(&self, month: i8) -> Fraction {
        let permit = self.may(Act::SeeServices);
        let seen = self.instance.app().services(&permit, None, Some(date(2026, month, 1))).unwrap();
        seen.measures[0].result.value.reached().unwrap()
    }
}

fn down(from: &str, until: Option<&str>) -> TellOutage {
    TellOutage {
        contract: None,
        items: vec!["srv-erp".to_owned()],
        detected: Some(local(from)),
        declared: None,
        ended: until.map(local),
        state: ServiceState::Down,
        users: None,
        origin: OutageOrigin::Provider,
    }
}

fn code(refused: Result<impl Sized, AppError>) -> String {
    match refused.err().expect("refused") {
        AppError::Refused(refusal) => refusal.code.clone(),
        other => format!("{other:?}"),
    }
}

#[test]
fn march_then_august_as_contract_a_has_them() {
    let seen = Seen::new(41);
    seen.instance.at("2026-03-10T15:00");
    seen.record("2026-03-10T12:00", Some("2026-03-10T14:30")).unwrap();
    assert_eq!(seen.reached(3), Fraction::new(590_400, 594_000), "AV-05");
    seen.instance.at("2026-04-01T09:00");
    let march = seen.close(3);
    assert_eq!((march.availability[0].value.verdict, march.penalty_due), (Verdict::Missed, Money::eur(0)));
    assert_eq!(march.penalties[0].value.suspended.as_deref(), Some("intégration"));

    seen.instance.at("2026-08-12T17:00");
    seen.record("2026-08-12T09:30", Some("2026-08-12T10:45")).unwrap();
    seen.instance.at("2026-09-01T09:00");
    for month in 4..8 {
        assert!(seen.close(month).penalty_due.is_zero());
    }
    let august = seen.close(8);
    assert_eq!(august.availability[0].value.reached(), Some(Fraction::new(562_500, 567_000)), "99.21 %");
    assert_eq!((august.penalty_due, august.left_to_pay), (Money::eur(6900), Money::eur(269_100)), "M-11");
    seen.instance.finish();
}

#[test]
fn what_was_told_is_corrected_or_cancelled_and_never_in_a_closed_month() {
    let seen = Seen::new(42);
    seen.instance.at("2026-03-31T17:30");
    let running = seen.record("2026-03-31T17:00", None).unwrap();
    let wrong = seen.record("2026-03-30T09:00", Some("2026-03-30T10:00")).unwrap();
    let (permit, key) = (seen.may(Act::RecordOutage), seen.instance.key());
    seen.instance.app().cancel_outage(&permit, &key, None, wrong).unwrap();
    assert_eq!(
        code(seen.correct(wrong, &down("2026-03-30T09:00", Some("2026-03-30T09:30")))),
        "outage.cancelled"
    );
    let later = seen.record("2026-03-31T18:00", None);
    assert!(matches!(later, Err(AppError::Invalid { .. })), "nothing is told of the future");

    seen.instance.at("2026-04-01T10:00");
    let march = seen.close(3);
    assert_eq!(march.availability[0].value.lost, Fraction::from_integer(3600), "up to the closing at 18:00");
    assert_eq!(code(seen.record("2026-03-31T11:00", Some("2026-03-31T11:30"))), "month.closed");
    let shorter = down("2026-03-31T17:00", Some("2026-03-31T17:30"));
    assert_eq!(code(seen.correct(running, &shorter)), "month.closed");
    // It ran on into April: its end may still be told, and counts there.
    seen.correct(running, &down("2026-03-31T17:00", Some("2026-04-01T09:30"))).unwrap();
    let permit = seen.may(Act::SeeServices);
    let april = seen.instance.app().services(&permit, None, Some(date(2026, 4, 1))).unwrap();
    assert_eq!(april.measures[0].result.value.lost, Fraction::from_integer(1800));
    assert_eq!((april.outages.len(), april.outages[0].changed.is_some()), (1, true));
    seen.instance.finish();
}

#[test]
fn maintenance_is_announced_before_and_only_then() {
    let seen = Seen::new(43);
    seen.instance.at("2026-03-05T09:00");
    let announce = |from: &str, until: &str| {
        let ask = AnnounceMaintenance {
            contract: None,
            items: vec!["ERP".to_owned()],
            from: local(from),
            until: local(until),
        };
        let (permit, key) = (seen.may(Act::RecordOutage), seen.instance.key());
        seen.instance.app().announce_maintenance(&permit, &key, &ask)
    };
    announce("2026-03-17T09:00", "2026-03-17T11:00").unwrap();
    announce("2026-03-06T09:00", "2026-03-06T11:00").unwrap();
    assert_eq!(code(announce("2026-03-05T08:00", "2026-03-05T10:00")), "maintenance.begun");
    assert!(matches!(announce("2026-03-17T11:00", "2026-03-17T09:00"), Err(AppError::Invalid { .. })));
    let services =
        seen.instance.app().services(&seen.may(Act::SeeServices), None, Some(date(2026, 3, 1))).unwrap();
    let result = &services.measures[0].result;
    assert_eq!(result.value.maintenance, Fraction::from_integer(7200), "the second was announced too late");
    assert!(result.reasons.iter().any(|r| r.code == "availability.maintenance_late"));
    assert_eq!(services.maintenance.len(), 2);
    seen.instance.finish();
}

#[test]
fn an_act_is_done_once_for_its_key_and_names_what_the_contract_knows() {
    let seen = Seen::new(44);
    seen.instance.at("2026-03-10T15:00");
    let (permit, key) = (seen.may(Act::RecordOutage), seen.instance.key());
    let told = down("2026-03-10T12:00", Some("2026-03-10T14:30"));
    let once = seen.instance.app().record_outage(&permit, &key, &told).unwrap();
    assert_eq!(seen.instance.app().record_outage(&permit, &key, &told).unwrap(), once);
    let elsewhere = TellOutage { items: vec!["srv-fic".to_owned()], ..told.clone() };
    let unseen = TellOutage { detected: None, ..told.clone() };
    let backwards = down("2026-03-10T12:00", Some("2026-03-10T11:00"));
    for wrong in [elsewhere, unseen, backwards] {
        let answer = seen.instance.app().record_outage(&permit, &seen.instance.key(), &wrong);
        assert!(matches!(answer, Err(AppError::Invalid { .. })), "{answer:?}");
    }
    seen.instance.finish();
}

#[test]
fn maintenance_is_given_up_before_it_begins_and_an_outage_is_given_its_end() {
    let seen = Seen::new(45);
    seen.instance.at("2026-03-05T09:00");
    let app = seen.instance.app();
    let (permit, see) = (seen.may(Act::RecordOutage), seen.may(Act::SeeServices));
    let announce = |from: &str, until: &str| {
        let (from, until) = (local(from), local(until));
        let ask = AnnounceMaintenance { contract: None, items: vec!["ERP".to_owned()], from, until };
        app.announce_maintenance(&permit, &seen.instance.key(), &ask).unwrap().id.parse().unwrap()
    };
    let kept = announce("2026-03-17T09:00", "2026-03-17T11:00");
    let given_up = announce("2026-03-18T09:00", "2026-03-18T10:00");
    let cancel = |id| app.cancel_maintenance(&permit, &seen.instance.key(), None, id);
    cancel(given_up).unwrap();
    assert_eq!(code(cancel(given_up)), "maintenance.cancelled");
    let march = app.services(&see, None, Some(date(2026, 3, 1))).unwrap();
    assert_eq!(march.measures[0].result.value.maintenance, Fraction::from_integer(7200));
    assert_eq!(march.maintenance.iter().filter(|w| w.cancelled.is_some()).count(), 1);
    seen.instance.at("2026-03-17T10:00");
    assert_eq!(code(cancel(kept)), "maintenance.begun");

    let running = seen.record("2026-03-17T09:30", None).unwrap();
    let end = |at: &str| app.end_outage(&permit, &seen.instance.key(), None, running, local(at));
    assert!(matches!(end("2026-03-17T09:30"), Err(AppError::Invalid { .. })), "it lasts no time");
    assert!(
        matches!(end("2026-03-17T10:30"), Err(AppError::Invalid { .. })),
        "nothing is told of the future"
    );
    end("2026-03-17T09:50").unwrap();
    let march = app.services(&see, None, None).unwrap();
    let [outage] = &march.outages[..] else { panic!("one outage") };
    assert_eq!(outage.told.ended, Some(local("2026-03-17T09:50").as_microsecond()));
    let [note] = &march.measures[0].notes[..] else { panic!("{:?}", march.measures[0].notes) };
    assert_eq!(
        (note.about.as_str(), note.reason.code.as_str()),
        (outage.id.to_string().as_str(), "availability.outside")
    );
    seen.instance.finish();
}
