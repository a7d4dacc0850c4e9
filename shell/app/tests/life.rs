//! The contract's life: duties done with their proof, rights opened by what is told, in one journal.

use app::life::{DutyReport, LifeReport};
use app::{Act, AppError, Role};
use base::id::CustomerId;
use engines::duties::DutyState;
use engines::lifecycle::{Access, DeadlineKind};
use events::{DutyProof, LifeFact, Trigger};
use jiff::civil::date;
use testkit::{Instance, two_parties};

const CLAUSES: &str = r#"## Article 2 – Durée

```toml clause
kind = "term"
label = "duree"
then = { start = 2026-03-01, lasts = "36 months", renewal = "tacit", renewal_lasts = "12 months", notice = "3 months" }
```

```toml clause
kind = "termination"
label = "sortie"
then.holder = "customer"
then.on = "will"
then.from_month = 18
then.effect = "after_notice"
then.notice = "3 months"
then.compensation = "share_of_remaining_fees"
then.compensation_rate = "20 %"
then.taxable = true
```

## Article 3 – Veille

```toml clause
kind = "technology_watch"
label = "veille"
then = { report_every = "3 months" }
```

## Article 4 – Prix

```toml clause
kind = "fee"
label = "redevance"
then = { unit = "flat", title = "Infogérance", quantity = 1, unit_price = "2300.00 EUR", per = "month", due = "in_advance", proration = "actual_days", vat = "20 %" }
```
"#;

fn signed(instance: &Instance) -> CustomerId {
    let customer = instance.customer("atelier");
    instance.sign(customer, "contrat.md", &two_parties("CTR-2026-777", CLAUSES)).expect("it compiles");
    customer
}

fn report(on: jiff::civil::Date, proof: DutyProof) -> DutyReport {
    DutyReport {
        contract: None,
        label: "veille".into(),
        what: None,
        on,
        proof,
        reference: "note de veille n° 1".into(),
        valid_until: None,
        ticket: None,
    }
}

#[test]
fn a_duty_is_due_late_then_done_and_the_journal_says_so() {
    let instance = Instance::new(31);
    let customer = signed(&instance);
    let life = |at: &str| {
        instance.at(at);
        let permit = instance.permit(Role::CustomerManager, Act::SeeContract, customer);
        instance.app().life(&permit, None).unwrap()
    };
    let first = |at: &str| life(at).duties.into_iter().next().unwrap().value;
    assert_eq!(first("2026-05-25T09:00").state, DutyState::DueSoon { days: 6 });
    assert_eq!(first("2026-06-10T09:00").state, DutyState::Late { days: 10 });

    let permit = instance.permit(Role::ServiceManager, Act::RecordDuty, customer);
    let key = instance.key();
    let tomorrow = report(date(2026, 6, 11), DutyProof::Document);
    assert!(matches!(instance.app().record_duty(&permit, &key, &tomorrow), Err(AppError::Invalid { .. })));
    let done = report(date(2026, 6, 10), DutyProof::Document);
    let once = instance.app().record_duty(&permit, &key, &done).unwrap();
    assert_eq!(instance.app().record_duty(&permit, &key, &done).unwrap(), once, "once per key");
    let state = first("2026-06-10T10:00").state;
    assert_eq!(
        state,
        DutyState::DoneLate { on: date(2026, 6, 10), days: 10, reference: "note de veille n° 1".into() }
    );
    let unknown = DutyReport { label: "copil".into(), ..done };
    let answer = instance.app().record_duty(&permit, &instance.key(), &unknown);
    assert!(matches!(answer, Err(AppError::Refused(r)) if r.code == "duty.unknown"));
    let wrong = instance.app().record_duty(
        &permit,
        &instance.key(),
        &report(date(2026, 6, 10), DutyProof::Declaration),
    );
    assert_eq!(wrong.unwrap().reasons.last().unwrap().code, "duty.proof");
}

#[test]
fn deadlines_and_rights_follow_the_calendar_and_a_notice() {
    let instance = Instance::new(32);
    let customer = signed(&instance);
    let life = |at: &str| {
        instance.at(at);
        let permit = instance.permit(Role::CustomerManager, Act::SeeContract, customer);
        instance.app().life(&permit, None).unwrap()
    };
    let now = life("2026-11-03T09:00");
    let notice = now.deadlines.iter().find(|d| d.value.kind == DeadlineKind::Notice).unwrap();
    assert_eq!(notice.value.on, date(2028, 11, 30));
    assert_eq!(now.rights[0].value.access, Access::NotBefore { on: date(2027, 8, 1) });
    let open = life("2027-09-30T09:00");
    assert_eq!(open.rights[0].value.compensation.map(|m| m.cents), Some(644_000), "M-24");

    let permit = instance.permit(Role::CustomerManager, Act::RecordLife, customer);
    let told = LifeReport {
        contract: None,
        fact: LifeFact::NoticeGiven { last: date(2027, 12, 30) },
        at: testkit::local("2027-09-30T09:00"),
        about: "lettre recommandée du 30 septembre 2027".into(),
        clause: None,
    };
    instance.app().record_life(&permit, &instance.key(), &told).unwrap();
    let takeover = LifeReport { fact: LifeFact::Event { trigger: Trigger::ChangeOfControl }, ..told };
    instance.app().record_life(&permit, &instance.key(), &takeover).unwrap();
    let after = life("2027-10-01T09:00");
    let end = after.deadlines.iter().find(|d| d.value.kind == DeadlineKind::PeriodEnd).unwrap();
    assert_eq!(end.value.on, date(2027, 12, 30));
    assert_eq!(after.told.len(), 2);
    assert!(after.deadlines.iter().all(|d| d.value.kind != DeadlineKind::Renewal));
}

#[test]
fn what_the_parties_signed_without_is_in_the_journal() {
    let instance = Instance::new(33);
    signed(&instance);
    let raw = rusqlite::Connection::open(instance.vault_file("atelier")).unwrap();
    let entry: Vec<u8> = raw
        .query_row(
            "SELECT bytes FROM journal_entry WHERE CAST(bytes AS TEXT) LIKE '%contract.signed%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let entry: serde_json::Value = serde_json::from_slice(&entry).unwrap();
    let lacking = entry["data"]["lacking"].clone();
    let lacking: Vec<&str> = lacking.as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    assert!(lacking.contains(&"E-PREPARATION-MISSING") && lacking.contains(&"E-MISSING-REVERSIBILITY"));
    assert!(lacking.iter().all(|code| code.starts_with("E-")), "{lacking:?}");
}
