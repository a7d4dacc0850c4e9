//! Rosters of the contract's out-of-hours service, published on 2 November 2026 at nine in Paris.

use super::*;
use crate::fixture::rule;
use jiff::civil::DateTime;

fn paris() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse::<DateTime>().unwrap().to_zoned(paris()).unwrap().timestamp()
}

fn someone(n: u8) -> AccountId {
    AccountId::new(1, &[n; 10])
}

fn shift(n: u8, from: &str, until: &str) -> Shift {
    Shift { from: at(from), until: at(until), person: someone(n) }
}

fn terms(notice: &str) -> Terms {
    let says = [
        ("calendar", "24x7"),
        ("people", "2"),
        ("roster_notice", notice),
        ("exceptional_notice", "1 day"),
        ("daily_rest", "11 h"),
    ];
    let says = says.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let clause = rule("astreinte", Statement { topic: "on_call".to_owned(), says });
    Terms { zone: "Europe/Paris".to_owned(), statements: vec![clause], ..Terms::default() }
}

/// What is not kept, in short, when published at nine on 2 November.
fn found(terms: &Terms, before: &[Shift], new: &[Shift], exceptional: bool) -> Vec<String> {
    let asked = asked(terms);
    let now = at("2026-11-02T09:00");
    let found =
        check(&asked[0], &paris(), Around { before, ..Around::default() }, new, exceptional, now).unwrap();
    for one in &found {
        let reason = &one.reasons[0];
        assert_eq!(reason.code, one.value.breach.code());
        assert_eq!(reason.cites.as_ref().unwrap().label, "astreinte");
    }
    let short = |f: &Found| format!("{} {}", f.breach.code(), f.from.to_zoned(paris()).strftime("%d %H:%M"));
    found.iter().map(|one| short(&one.value)).collect()
}

#[test]
fn fifteen_days_are_counted_from_day_to_day() {
    let terms = terms("15 days");
    let week = |from: &str| shift(1, from, "2026-11-24T08:00");
    assert_eq!(found(&terms, &[], &[week("2026-11-17T00:00")], false), Vec::<String>::new());
    assert_eq!(found(&terms, &[], &[week("2026-11-16T23:00")], false), ["roster.notice 16 23:00"]);
    // What one knew already needs no notice, though it be published again; what is added does.
    let known = [shift(1, "2026-11-05T18:00", "2026-11-06T08:00")];
    assert_eq!(found(&terms, &known, &known, false), Vec::<String>::new());
    let longer = [shift(1, "2026-11-05T18:00", "2026-11-06T12:00")];
    assert_eq!(found(&terms, &known, &longer, false), ["roster.notice 06 08:00"]);
    // Another person knew nothing of it.
    let other = [shift(2, "2026-11-05T18:00", "2026-11-06T08:00")];
    assert_eq!(found(&terms, &known, &other, false), ["roster.notice 05 18:00"]);
}

#[test]
fn the_contract_may_say_another_notice() {
    let new = [shift(1, "2026-11-09T18:00", "2026-11-10T08:00")];
    for (notice, late) in [("7 days", false), ("8 days", true), ("5 working_days", false), ("1 month", true)]
    {
        assert_eq!(!found(&terms(notice), &[], &new, false).is_empty(), late, "{notice}");
    }
}

#[test]
fn in_exceptional_circumstances_one_clear_day_is_left() {
    let terms = terms("15 days");
    let from = |from: &str| [shift(1, from, "2026-11-05T08:00")];
    assert_eq!(found(&terms, &[], &from("2026-11-04T00:00"), true), Vec::<String>::new());
    assert_eq!(
        found(&terms, &[], &from("2026-11-03T23:59"), true),
        ["roster.exceptional_notice 03 23:59"],
        "3 November is not over before it begins"
    );
}

#[test]
fn eleven_hours_are_left_between_two_periods_of_one_person() {
    let terms = terms("15 days");
    let nights = |second: &str| {
        [
            shift(1, "2026-11-20T18:00", "2026-11-21T08:00"),
            shift(2, "2026-11-21T08:00", "2026-11-22T00:00"),
            shift(1, second, "2026-11-22T08:00"),
        ]
    };
    assert_eq!(found(&terms, &[], &nights("2026-11-21T19:00"), false), Vec::<String>::new());
    assert_eq!(found(&terms, &[], &nights("2026-11-21T18:59"), false), ["roster.daily_rest 21 08:00"]);
    // Periods that touch are one; a rest before the new roster counts too.
    assert_eq!(found(&terms, &[], &nights("2026-11-21T08:00"), false), Vec::<String>::new());
    let before = [shift(2, "2026-11-20T20:00", "2026-11-21T07:00")];
    let after = [shift(2, "2026-11-21T12:00", "2026-11-21T20:00")];
    assert_eq!(found(&terms, &before, &after, false), ["roster.daily_rest 21 07:00"]);
}

#[test]
fn hours_promised_that_nobody_holds_are_told() {
    let terms = terms("15 days");
    let new =
        [shift(1, "2026-11-20T18:00", "2026-11-21T08:00"), shift(2, "2026-11-21T09:30", "2026-11-22T08:00")];
    assert_eq!(found(&terms, &[], &new, false), ["roster.nobody 21 08:00"]);
    let mut hours = terms.clone();
    hours.statements[0].then.says.insert("calendar".to_owned(), "unknown".to_owned());
    assert_eq!(
        found(&hours, &[], &new, false),
        Vec::<String>::new(),
        "a calendar that is not there promises none"
    );
}

#[test]
fn a_new_roster_stands_alone_over_its_span() {
    let before =
        [shift(1, "2026-11-01T08:00", "2026-11-08T08:00"), shift(2, "2026-11-08T08:00", "2026-11-15T08:00")];
    let new =
        [shift(3, "2026-11-07T08:00", "2026-11-07T20:00"), shift(2, "2026-11-07T20:00", "2026-11-09T08:00")];
    assert_eq!(
        published(&before, &new),
        [
            shift(1, "2026-11-01T08:00", "2026-11-07T08:00"),
            shift(3, "2026-11-07T08:00", "2026-11-07T20:00"),
            // What touches is one period of that person.
            shift(2, "2026-11-07T20:00", "2026-11-15T08:00"),
        ]
    );
    let now = crate::roster::at(&published(&before, &new), at("2026-11-07T08:00"));
    assert_eq!(now, [shift(3, "2026-11-07T08:00", "2026-11-07T20:00")]);
}

#[test]
fn rest_is_a_persons_and_not_a_clauses() {
    let terms = terms("15 days");
    let nights = [shift(1, "2026-12-01T20:00", "2026-12-02T08:00")];
    let new =
        [shift(1, "2026-12-02T12:00", "2026-12-03T12:00"), shift(2, "2026-12-02T12:00", "2026-12-03T12:00")];
    let now = at("2026-11-02T09:00");
    let found = check(
        &asked(&terms)[0],
        &paris(),
        Around { elsewhere: &nights, ..Around::default() },
        &new,
        false,
        now,
    )
    .unwrap();
    let short: Vec<_> = found.iter().map(|f| (f.value.breach, f.value.person)).collect();
    assert_eq!(
        short,
        [(Breach::DailyRest, Some(someone(1)))],
        "four hours after a night under another clause"
    );
}

#[test]
fn rest_beside_another_customers_period_is_told_at_the_new_one_and_says_nothing_of_the_other() {
    let terms = terms("15 days");
    let beyond = [
        shift(1, "2026-12-01T20:00", "2026-12-02T08:17"),
        // Of somebody who is not on the roster.
        shift(2, "2026-12-03T13:00", "2026-12-04T13:00"),
    ];
    let now = at("2026-11-02T09:00");
    let weighed = |new: &[Shift]| {
        let around = Around { beyond: &beyond, ..Around::default() };
        let found = check(&asked(&terms)[0], &paris(), around, new, false, now).unwrap();
        found.into_iter().filter(|f| f.value.breach == Breach::DailyRest).collect::<Vec<_>>()
    };
    let near = shift(1, "2026-12-02T12:00", "2026-12-03T12:00");
    let [found] = &weighed(&[near])[..] else { panic!("three hours and more after a night elsewhere") };
    assert_eq!((found.value.from, found.value.until), (near.from, near.until));
    assert_eq!(found.value.key(), format!("roster.daily_rest/{}/{}", near.from, someone(1)));
    for text in [&found.reasons[0].text.fr, &found.reasons[0].text.en] {
        assert!(!text.contains("08") && !text.contains("17"), "{text}");
    }
    assert!(weighed(&[shift(1, "2026-12-02T19:17", "2026-12-03T12:00")]).is_empty(), "eleven hours after");
    // Two of this roster are told as ever, with both their instants.
    let (first, second) =
        (shift(1, "2026-12-10T20:00", "2026-12-11T08:00"), shift(1, "2026-12-11T12:00", "2026-12-12T08:00"));
    let [found] = &weighed(&[first, second])[..] else { panic!("four hours between the two") };
    assert_eq!((found.value.from, found.value.until), (first.until, second.from));
}
