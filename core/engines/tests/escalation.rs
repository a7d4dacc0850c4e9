//! Levels of escalation: reached on the promise's own clock, or averted by a stop before.

#[allow(dead_code, reason = "each test file uses its own part of this")]
mod support;

use base::fraction::Fraction;
use base::{Lang, Length};
use engines::calendar::ClockCache;
use engines::sla::{self, Level, Timeline, What};
use jiff::Timestamp;
use support::{at, paris, priority, rule, signed, terms, ticket};
use terms::{Alarm, Also, Contact, Escalation, PartyRole, Promise, Rule, Terms};

fn escalation(label: &str, level: u32, alarm: Alarm) -> Rule<Escalation> {
    let then =
        Escalation { promise: Promise::Restore, level, alarm, contacts: vec![], also: vec![Also::Assignee] };
    rule(label, "Article 10", then)
}

fn share(percent: i128) -> Alarm {
    Alarm::Share { of_delay: Fraction::new(percent, 100) }
}

/// Half of the restore delay, all of it, and six hours of its clock.
fn three() -> Terms {
    let mut terms = terms();
    let contact = Contact {
        of: PartyRole::Provider,
        role: "single_point_of_contact".to_owned(),
        name: "Claire Fabre".to_owned(),
        email: None,
        phone: None,
    };
    terms.contacts = vec![rule("iu", "Article 2", contact)];
    terms.escalations = vec![
        escalation("moitie", 1, share(50)),
        escalation("tout", 2, share(100)),
        escalation("six-heures", 3, Alarm::After { length: Length::hours(6) }),
    ];
    terms.escalations[1].then.contacts = vec!["iu".to_owned()];
    terms
}

fn levels(terms: Terms, timeline: &Timeline, now: &str) -> Vec<Level> {
    let found = sla::levels(&signed(terms), "v1", timeline, at(now), &mut ClockCache::new()).unwrap();
    found.into_iter().map(|level| level.value).collect()
}

fn local(at: Option<Timestamp>) -> String {
    at.map_or("-".to_owned(), |at| at.to_zoned(paris()).strftime("%m-%d %H:%M").to_string())
}

/// `1 03-02 11:00 reached`, one line for each level.
fn shown(terms: Terms, timeline: &Timeline, now: &str) -> String {
    let one = |level: Level| {
        let state = match (level.reached, level.averted) {
            (true, false) => "reached",
            (false, true) => "averted",
            (false, false) => "waits",
            (true, true) => panic!("both"),
        };
        format!("{} {} {state}", level.level, local(level.at))
    };
    levels(terms, timeline, now).into_iter().map(one).collect::<Vec<_>>().join("; ")
}

#[test]
fn levels_are_reached_one_after_the_other_on_the_clocks_own_hours() {
    // A P1 of four hours, declared on Monday at nine; the desk shuts from 12:30 to 14:00.
    let t = ticket("2026-03-02T09:00", priority("P1"), vec![]);
    assert_eq!(
        shown(three(), &t, "2026-03-02T10:59:59"),
        "1 03-02 11:00 waits; 2 03-02 14:30 waits; 3 03-02 16:30 waits"
    );
    assert_eq!(
        shown(three(), &t, "2026-03-02T14:30"),
        "1 03-02 11:00 reached; 2 03-02 14:30 reached; 3 03-02 16:30 waits"
    );
}

#[test]
fn what_is_restored_before_a_level_averts_it_and_the_same_instant_is_in_time() {
    let restored =
        |when| ticket("2026-03-02T09:00", priority("P1"), vec![(when, What::Restored { workaround: true })]);
    let t = restored("2026-03-02T14:30");
    assert_eq!(
        shown(three(), &t, "2026-03-02T18:00"),
        "1 03-02 11:00 reached; 2 03-02 14:30 averted; 3 03-02 16:30 averted"
    );
    let t = restored("2026-03-02T14:30:00.000001");
    assert!(shown(three(), &t, "2026-03-02T18:00").contains("2 03-02 14:30 reached"));
}

#[test]
fn a_pause_puts_levels_off_and_a_change_of_priority_moves_them() {
    let pause = What::Paused { reason: "client".to_owned() };
    let t = ticket("2026-03-02T09:00", priority("P1"), vec![("2026-03-02T10:00", pause.clone())]);
    // What passes three hours later is still to come: nobody knows when the clock goes on.
    assert_eq!(shown(three(), &t, "2026-03-02T18:00"), "1 - waits; 2 - waits; 3 - waits");
    let t = ticket(
        "2026-03-02T09:00",
        priority("P1"),
        vec![("2026-03-02T10:00", pause), ("2026-03-02T11:00", What::Resumed)],
    );
    assert!(shown(three(), &t, "2026-03-02T12:00").starts_with("1 03-02 12:00 reached; 2 03-02 15:30 waits"));
    let t = ticket(
        "2026-03-02T09:00",
        priority("P2"),
        vec![("2026-03-02T10:00", What::FactsChanged(priority("P1")))],
    );
    assert!(shown(three(), &t, "2026-03-02T09:30").starts_with("1 03-02 18:00 waits"));
    assert!(shown(three(), &t, "2026-03-02T11:00").starts_with("1 03-02 11:00 reached"));
}

#[test]
fn an_exception_tells_others_for_its_cases_and_nothing_promised_has_no_level() {
    let mut terms = three();
    let mut urgent = support::rule("urgent", "Article 11", terms.escalations[0].then.clone());
    urgent.then.alarm = share(25);
    urgent.exception_to = Some("moitie".to_owned());
    urgent.when = terms.commitments[2].when.clone();
    terms.escalations.push(urgent);
    let first = |facts| {
        let t = ticket("2026-03-02T09:00", facts, vec![]);
        levels(terms.clone(), &t, "2026-03-02T09:00").remove(0)
    };
    assert_eq!(
        (first(priority("P1")).label, local(first(priority("P1")).at)),
        ("urgent".into(), "03-02 10:00".into())
    );
    assert_eq!(first(priority("P2")).label, "moitie");
    let mut none = three();
    none.commitments.retain(|rule| rule.then.promise != Promise::Restore);
    let t = ticket("2026-03-02T09:00", priority("P1"), vec![]);
    assert!(levels(none, &t, "2026-03-09T09:00").is_empty());
}

#[test]
fn a_delay_in_working_days_has_its_share_and_the_article_says_who_is_told() {
    let mut terms = three();
    terms.escalations[1].then.promise = Promise::Resolve;
    let t = ticket("2026-03-02T09:00", priority("P1"), vec![]);
    let history = signed(terms);
    let found = sla::levels(&history, "v1", &t, at("2026-03-02T12:00"), &mut ClockCache::new()).unwrap();
    let level = found.iter().find(|level| level.value.promise == Promise::Resolve).unwrap();
    assert_eq!(local(level.value.at), "03-09 18:00");
    let why = level.reasons[0].show(Lang::Fr).replace(['\u{a0}', '\u{202f}'], " ");
    assert!(why.contains("Résolution, niveau 2 : à 100 % du délai, soit le"), "{why}");
    assert!(
        why.contains("prévenir Claire Fabre (interlocuteur unique) et la personne en charge du ticket."),
        "{why}"
    );
    assert!(why.contains("Article 10") && why.contains("[tout]"), "{why}");
}

/// One level alone, after a length.
fn after(length: Length) -> Terms {
    let mut terms = three();
    terms.escalations = vec![escalation("apres", 1, Alarm::After { length })];
    terms
}

#[test]
fn a_pause_puts_off_what_is_counted_in_days_by_as_much_as_it_lasts() {
    let days = |length, steps| {
        let t = ticket("2026-03-02T09:00", priority("P2"), steps);
        local(levels(after(length), &t, "2026-03-03T18:00")[0].at)
    };
    let pause = || ("2026-03-02T10:00", What::Paused { reason: "client".to_owned() });
    let resumed = || vec![pause(), ("2026-03-02T16:00", What::Resumed)];
    // The day of the act does not count, and the last one ends at midnight.
    assert_eq!(days(Length::Days(2), vec![]), "03-05 00:00");
    assert_eq!(days(Length::Days(2), resumed()), "03-05 06:00");
    assert_eq!(days(Length::Days(2), vec![pause()]), "-", "nobody knows when the clock goes on");
    assert_eq!(days(Length::Months(1), resumed()), "04-03 06:00");
    assert_eq!(days(Length::hours(6), resumed()), "03-03 12:00");
}

#[test]
fn working_days_after_the_start_are_those_of_the_promises_hours() {
    // Whatever the delay itself is counted in.
    let mut terms = after(Length::WorkingDays(2));
    terms.commitments.retain(|rule| rule.label() != "delai-p1");
    terms.commitments.iter_mut().for_each(|rule| rule.then.within = Length::Days(10));
    let t = ticket("2026-03-06T09:00", priority("P2"), vec![]);
    assert_eq!(local(levels(terms, &t, "2026-03-06T10:00")[0].at), "03-10 18:00");
}

#[test]
fn what_was_told_under_another_delay_is_told_again_when_the_new_clock_comes_to_it() {
    let lowered = |change: &'static str| {
        let t =
            ticket("2026-03-02T09:00", priority("P1"), vec![(change, What::FactsChanged(priority("P2")))]);
        levels(three(), &t, "2026-03-03T18:00").remove(0)
    };
    // Half of four hours was told at eleven; half of fifteen comes on Monday at six.
    let first = lowered("2026-03-02T12:00");
    assert_eq!((local(first.at), local(first.since)), ("03-02 18:00".into(), "03-02 12:00".into()));
    assert!(!first.was_told_at(at("2026-03-02T11:00")));
    assert!(first.was_told_at(at("2026-03-02T18:00")));
    // The other way round, the new delay had come to it before the change: they know.
    let t = ticket(
        "2026-03-02T09:00",
        priority("P2"),
        vec![("2026-03-03T09:00", What::FactsChanged(priority("P1")))],
    );
    assert!(levels(three(), &t, "2026-03-03T18:00")[0].was_told_at(at("2026-03-02T18:00")));
    let t = ticket("2026-03-02T09:00", priority("P1"), vec![]);
    assert!(levels(three(), &t, "2026-03-03T18:00")[0].was_told_at(at("2026-03-02T11:00")));
}
