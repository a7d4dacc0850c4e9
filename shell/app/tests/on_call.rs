//! The on-call roster: published with its breaches confirmed, read by both parties, kept in the journal.

use app::live::Standing;
use app::roster::PublishRoster;
use app::{Act, AppError, Role};
use base::id::{AccountId, CustomerId};
use engines::roster::Shift;
use testkit::{Instance, local};

const NUMBER: &str = "CTR-2026-003-D";

/// The order of contract C whose clause `astreinte` asks for a roster, in force on a Thursday at ten.
fn signed(seed: u64) -> (Instance, CustomerId) {
    let instance = Instance::new(seed);
    let customer = instance.customer("mutuelle");
    instance.at("2026-06-30T11:00");
    let contracts = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    for file in ["mutuelle-horizon.md", "mutuelle-horizon-daas.md"] {
        let text = std::fs::read_to_string(contracts.join(file)).unwrap();
        instance.sign(customer, file, &text).unwrap();
    }
    instance.at("2026-10-01T10:00");
    (instance, customer)
}

fn ask(periods: &[(AccountId, &str, &str)]) -> PublishRoster {
    let shift = |(person, from, until): &(AccountId, &str, &str)| Shift {
        person: *person,
        from: local(from),
        until: local(until),
    };
    PublishRoster {
        contract: NUMBER.to_owned(),
        label: "astreinte".to_owned(),
        periods: periods.iter().map(shift).collect(),
        ..PublishRoster::default()
    }
}

fn standing(instance: &Instance, customer: CustomerId) -> (Standing, String) {
    let see = instance.permit(Role::ServiceManager, Act::SeeContract, customer);
    let clause = instance.app().live(&see, NUMBER).unwrap().clauses.remove("astreinte").unwrap();
    (clause.standing, clause.figure.unwrap().fr)
}

#[test]
fn a_late_roster_is_published_once_each_breach_is_confirmed() {
    let (instance, customer) = signed(95);
    let (app, technician) = (instance.app(), instance.staff(Role::Technician).account);
    let publish = instance.permit(Role::ServiceManager, Act::PublishRoster, customer);
    let (before, figure) = standing(&instance, customer);
    assert!(before == Standing::NotRun && figure.contains("aucun programme"), "{before:?} {figure}");

    let mut late = ask(&[(technician, "2026-10-05T18:00", "2026-10-12T08:00")]);
    let found = app.weigh_roster(&publish, &late).unwrap();
    let [notice] = &found[..] else { panic!("{found:?}") };
    assert_eq!(notice.reasons[0].code, "roster.notice");
    assert!(notice.reasons[0].text.fr.contains("L3121-12"), "{:?}", notice.reasons);
    let Err(AppError::Refused(refusal)) = app.publish_roster(&publish, &instance.key(), &late) else {
        panic!("a breach is never silent")
    };
    assert_eq!(refusal.code, "roster.unconfirmed");
    assert_eq!(refusal.reasons[0].cites.as_ref().unwrap().label, "astreinte");
    late.confirmed = vec![notice.value.key()];
    let key = instance.key();
    let once = app.publish_roster(&publish, &key, &late).unwrap();
    assert_eq!(app.publish_roster(&publish, &key, &late).unwrap(), once, "a retry publishes nothing more");

    // Whom it is about is told by name, to both parties; the promise that was not kept stays told.
    instance.at("2026-10-06T03:00");
    let manager = instance.permit(Role::CustomerManager, Act::SeeRoster, customer);
    let board = app.on_call(&manager).unwrap().remove(0);
    assert_eq!((board.now.len(), board.promised), (1, true));
    assert_eq!(board.now[0].name, instance.staff(Role::Technician).name);
    let (after, figure) = standing(&instance, customer);
    assert_eq!(after, Standing::Missed);
    assert!(figure.contains("1 écart") && figure.contains("1 au planning pour 4"), "{figure}");
    assert!(instance.someone(Role::CustomerUser, customer).permit(Act::SeeRoster, customer).is_err());
    assert!(instance.staff(Role::Technician).permit(Act::PublishRoster, customer).is_err());
    instance.finish();
}

#[test]
fn a_roster_in_time_is_held_and_exceptional_circumstances_are_words_beside_the_journal() {
    let (instance, customer) = signed(96);
    let app = instance.app();
    let (one, other) = (instance.staff(Role::Technician).account, instance.staff(Role::Developer).account);
    let publish = instance.permit(Role::ServiceManager, Act::PublishRoster, customer);
    let weeks = ask(&[
        (one, "2026-10-16T18:00", "2026-10-23T08:00"),
        (other, "2026-10-23T08:00", "2026-10-30T08:00"),
    ]);
    assert_eq!(app.weigh_roster(&publish, &weeks).unwrap(), []);
    app.publish_roster(&publish, &instance.key(), &weeks).unwrap();
    instance.at("2026-10-17T12:00");
    let (held, figure) = standing(&instance, customer);
    assert!(figure.contains("2 au planning pour 4") && figure.contains("le reste"), "{figure}");
    assert!(matches!(held, Standing::Held), "{held:?} {figure}");

    // Somebody falls ill: the other is told two days ahead, a clear day between.
    let mut ill = ask(&[(other, "2026-10-19T08:00", "2026-10-23T08:00")]);
    assert_eq!(app.weigh_roster(&publish, &ill).unwrap()[0].reasons[0].code, "roster.notice");
    ill.exceptional = Some("Arrêt de travail".to_owned());
    assert_eq!(app.weigh_roster(&publish, &ill).unwrap(), []);
    app.publish_roster(&publish, &instance.key(), &ill).unwrap();
    let read = instance.permit(Role::Technician, Act::SeeRoster, customer);
    let board = app.on_call(&read).unwrap().remove(0);
    let names: Vec<&str> = board.to_come.iter().map(|turn| turn.name.as_str()).collect();
    assert_eq!(names, [instance.staff(Role::Technician).name, instance.staff(Role::Developer).name]);
    assert_eq!(board.to_come[0].until, local("2026-10-19T08:00"), "the new roster stands over its span");
    let journal = instance.permit(Role::CustomerManager, Act::SeeJournal, customer);
    let entries = app.journal(&journal, None, 50).unwrap().entries;
    assert_eq!(entries.iter().filter(|e| e.kind == "roster.published").count(), 2);
    assert!(!format!("{:?}", entries[0].event).contains("Arrêt"), "{:?}", entries[0].event);
    instance.finish();
}

#[test]
fn a_roster_names_people_who_work_there_and_periods_to_come() {
    let (instance, customer) = signed(97);
    let app = instance.app();
    let technician = instance.staff(Role::Technician).account;
    let theirs = instance.someone(Role::CustomerManager, customer).account;
    let publish = instance.permit(Role::ProviderAdmin, Act::PublishRoster, customer);
    let invalid = |ask: &PublishRoster| match app.weigh_roster(&publish, ask) {
        Err(AppError::Invalid(invalid)) => invalid.field.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(invalid(&ask(&[(theirs, "2026-10-19T18:00", "2026-10-20T08:00")])), "person");
    assert_eq!(invalid(&ask(&[(technician, "2026-10-20T08:00", "2026-10-19T18:00")])), "periods");
    assert_eq!(invalid(&ask(&[(technician, "2026-09-20T18:00", "2026-09-21T08:00")])), "periods");
    assert_eq!(invalid(&ask(&[(technician, "2028-10-20T18:00", "2028-10-21T08:00")])), "periods");
    assert_eq!(invalid(&ask(&[])), "periods");
    let elsewhere = PublishRoster {
        label: "ailleurs".to_owned(),
        ..ask(&[(technician, "2026-10-19T18:00", "2026-10-20T08:00")])
    };
    assert_eq!(invalid(&elsewhere), "clause");
}

#[test]
fn a_roster_asked_again_once_it_is_over_is_the_one_published() {
    let (instance, customer) = signed(98);
    let (app, technician) = (instance.app(), instance.staff(Role::Technician).account);
    let publish = instance.permit(Role::ServiceManager, Act::PublishRoster, customer);
    let mut night = ask(&[(technician, "2026-10-01T18:00", "2026-10-01T23:59")]);
    night.confirmed = app.weigh_roster(&publish, &night).unwrap().iter().map(|f| f.value.key()).collect();
    let key = instance.key();
    let once = app.publish_roster(&publish, &key, &night).unwrap();
    instance.at("2026-10-02T00:05");
    assert_eq!(app.publish_roster(&publish, &key, &night).unwrap(), once);
    let anew = app.publish_roster(&publish, &instance.key(), &night);
    assert!(matches!(anew, Err(AppError::Invalid(i)) if i.field == "periods"));
}

#[test]
fn who_was_on_call_is_read_years_later_and_once_the_contract_is_over() {
    let (instance, customer) = signed(99);
    let (app, technician) = (instance.app(), instance.staff(Role::Technician).account);
    let publish = instance.permit(Role::ServiceManager, Act::PublishRoster, customer);
    let week = ask(&[(technician, "2026-10-26T18:00", "2026-11-02T08:00")]);
    app.publish_roster(&publish, &instance.key(), &week).unwrap();
    // Published later for later days: the first stands over its own.
    instance.at("2026-11-20T09:00");
    let next = ask(&[(technician, "2026-12-14T18:00", "2026-12-21T08:00")]);
    app.publish_roster(&publish, &instance.key(), &next).unwrap();
    let turns = |first: &str, next: &str| {
        let see = instance.permit(Role::ServiceManager, Act::SeeContract, customer);
        let planned = app.planned(&see, first.parse().unwrap(), next.parse().unwrap()).unwrap();
        planned.on_call.iter().map(|clause| clause.turns.len()).sum::<usize>()
    };
    for day in ["2026-11-21T09:00", "2028-03-01T09:00", "2030-11-01T09:00"] {
        instance.at(day);
        assert_eq!(turns("2026-10-26", "2026-11-02"), 1, "{day}");
        assert_eq!(turns("2026-12-01", "2027-01-01"), 1, "{day}");
        assert_eq!(turns("2026-11-02", "2026-12-01"), 1, "its last morning: {day}");
        assert_eq!(turns("2026-11-03", "2026-12-01"), 0, "{day}");
    }
}
