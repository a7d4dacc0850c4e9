//! When duties fall due, what proves them, and how they stand on a day.

use jiff::civil::date;
use terms::Guard;

use super::*;
use crate::fixture::{contract, rule};

fn owed(due: DutyDue) -> Terms {
    let duty = Duty {
        owed_by: PartyRole::Provider,
        what: "report".into(),
        title: "le rapport".into(),
        due,
        proof: DutyProof::Document,
        alert_before: Some(Length::Days(10)),
    };
    Terms { duties: vec![rule("rapport", duty)], ..contract() }
}

fn done(on: Date) -> Done {
    let (label, what) = ("rapport".into(), "report".into());
    let (proof, reference) = (DutyProof::Document, "R".into());
    Done { label, what, on, proof, reference, valid_until: None, ticket: None }
}

fn read(terms: &Terms, facts: &DutyFacts, at: &str) -> Vec<Occurrence> {
    let year = Span { first: date(2026, 3, 1), next: date(2027, 3, 1) };
    let at = at.parse().unwrap();
    occurrences(terms, facts, year, at).unwrap().into_iter().map(|b| b.value).collect()
}

#[test]
fn a_duty_of_every_quarter_is_done_late_and_due() {
    let terms = owed(DutyDue::Every { period: Length::Months(3), first: None });
    let facts =
        DutyFacts { done: vec![done(date(2026, 5, 30)), done(date(2026, 9, 10))], ..DutyFacts::default() };
    let all = read(&terms, &facts, "2026-11-25T10:00:00Z");
    let days: Vec<_> = all.iter().map(|o| o.on.unwrap()).collect();
    assert_eq!(days, [date(2026, 5, 31), date(2026, 8, 31), date(2026, 11, 30), date(2027, 2, 28)]);
    assert_eq!(all[0].state, DutyState::Done { on: date(2026, 5, 30), reference: "R".into() });
    assert_eq!(all[1].state, DutyState::DoneLate { on: date(2026, 9, 10), days: 10, reference: "R".into() });
    assert_eq!(all[2].state, DutyState::DueSoon { days: 5 });
    assert_eq!(all[3].state, DutyState::NotYetDue);
    let late = read(&terms, &facts, "2026-12-04T10:00:00Z");
    assert_eq!(late[2].state, DutyState::Late { days: 4 });
}

#[test]
fn a_ticket_goes_to_the_time_that_it_would_be_counted_for() {
    let terms = owed(DutyDue::Every { period: Length::Months(3), first: None });
    let under_way = |ticket| UnderWay { label: "rapport".into(), what: "report".into(), ticket };
    let other = UnderWay { what: "note".into(), ..under_way(9) };
    let facts = DutyFacts {
        done: vec![Done { ticket: Some(4), ..done(date(2026, 5, 30)) }],
        under_way: vec![other, under_way(5), under_way(6)],
        ..DutyFacts::default()
    };
    let tickets = |at: &str| read(&terms, &facts, at).iter().map(|one| one.ticket).collect::<Vec<_>>();
    // The second quarter is not begun: nothing done now would count for it.
    assert_eq!(tickets("2026-08-25T10:00:00Z"), [Some(4), Some(5), None, None]);
    // Late, and still the first to be counted for.
    assert_eq!(tickets("2026-09-01T10:00:00Z"), [Some(4), Some(5), Some(6), None]);
}

/// The page of one ticket and the page of all duties say the same.
#[test]
fn one_clause_read_alone_says_what_it_says_among_all() {
    let mut terms = owed(DutyDue::Every { period: Length::Months(3), first: None });
    let mut note = terms.duties[0].then.clone();
    note.what = "note".into();
    note.due = DutyDue::Every { period: Length::Months(1), first: None };
    terms.duties.push(rule("note", note));
    let own = Done { ticket: Some(4), ..done(date(2026, 5, 30)) };
    let other = Done { label: "note".into(), what: "note".into(), ..done(date(2026, 5, 29)) };
    let under_way =
        |label: &str, what: &str, ticket| UnderWay { label: label.into(), what: what.into(), ticket };
    let (mine, theirs) = (under_way("rapport", "report", 5), under_way("note", "note", 6));
    let of_all = DutyFacts {
        done: vec![other, own.clone()],
        under_way: vec![theirs, mine.clone()],
        ..DutyFacts::default()
    };
    let alone = DutyFacts { done: vec![own], under_way: vec![mine], ..DutyFacts::default() };
    let year = Span { first: date(2026, 3, 1), next: date(2027, 3, 1) };
    let at = "2026-08-25T10:00:00Z".parse().unwrap();
    let among: Vec<Occurrence> =
        read(&terms, &of_all, "2026-08-25T10:00:00Z").into_iter().filter(|o| o.label == "rapport").collect();
    let read = occurrences_of(&terms, &terms.duties[0], &alone, year, at).unwrap();
    assert_eq!(read.iter().map(|b| b.value.clone()).collect::<Vec<_>>(), among);
    assert_eq!(among.iter().map(|o| o.ticket).collect::<Vec<_>>(), [Some(4), Some(5), None, None]);
}

#[test]
fn a_first_day_sets_the_rhythm_and_the_end_of_months_does_not_drift() {
    let first = Some(date(2026, 10, 31));
    let terms = owed(DutyDue::Every { period: Length::Months(1), first });
    let days: Vec<_> =
        read(&terms, &DutyFacts::default(), "2026-10-01T10:00:00Z").iter().map(|o| o.on.unwrap()).collect();
    assert_eq!(days[..4], [date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31)]);
    assert_eq!(days[4], date(2027, 2, 28));
}

#[test]
fn what_comes_round_within_a_week_is_one_standing_duty() {
    let daily = owed(DutyDue::Every { period: Length::hours(24), first: None });
    let all = read(&daily, &DutyFacts::default(), "2026-11-03T09:00:00Z");
    assert_eq!((all.len(), all[0].on, &all[0].state), (1, None, &DutyState::Continuous));
    // Once written down, it is late when a period has passed without another.
    let facts = DutyFacts { done: vec![done(date(2026, 11, 1))], ..DutyFacts::default() };
    let state = |at: &str| read(&daily, &facts, at).into_iter().map(|o| o.state).collect::<Vec<_>>();
    assert_eq!(state("2026-11-02T09:00:00Z"), [DutyState::Continuous]);
    assert_eq!(state("2026-11-05T09:00:00Z"), [DutyState::Late { days: 3 }]);
    let weekly = owed(DutyDue::Every { period: Length::Days(7), first: None });
    assert!(read(&weekly, &DutyFacts::default(), "2026-11-03T09:00:00Z").len() > 50);
}

#[test]
fn hours_are_real_and_count_from_what_happened() {
    let terms = owed(DutyDue::Within { length: Length::hours(24), of: Trigger::PersonalDataBreach });
    assert_eq!(read(&terms, &DutyFacts::default(), "2026-11-03T09:00:00Z"), []);
    let at = "2026-10-24T12:00:00+02:00".parse().unwrap();
    let happened =
        vec![Happened { trigger: Trigger::PersonalDataBreach, at, about: "ticket 12".into(), clause: None }];
    let facts = DutyFacts { happened, ..DutyFacts::default() };
    let one = &read(&terms, &facts, "2026-10-25T10:00:01Z")[0];
    assert_eq!(one.limit.unwrap().to_string(), "2026-10-25T10:00:00Z", "Sunday 11:00, an hour was repeated");
    assert_eq!(one.state, DutyState::Late { days: 0 });
    assert!(!read(&terms, &facts, "2026-10-25T10:00:00Z")[0].state.is_late());
}

/// An audit asked for is not a copy of the data asked for.
#[test]
fn a_request_starts_the_clause_that_it_names() {
    let mut terms = owed(DutyDue::Within { length: Length::Days(10), of: Trigger::Request });
    let mut audit = terms.duties[0].clone();
    audit.from.label = "audit".to_owned();
    terms.duties.push(audit);
    let at = "2026-10-24T12:00:00+02:00".parse().unwrap();
    let told = |clause: Option<&str>| {
        let clause = clause.map(str::to_owned);
        let asked = Happened { trigger: Trigger::Request, at, about: "lettre".into(), clause };
        let facts = DutyFacts { happened: vec![asked], ..DutyFacts::default() };
        let all = read(&terms, &facts, "2026-10-25T10:00:01Z");
        all.into_iter().map(|o| o.label).collect::<Vec<_>>()
    };
    assert_eq!(told(Some("audit")), ["audit"]);
    assert_eq!(told(Some("rapport")), ["rapport"]);
    // As requests were told before clauses were named.
    assert_eq!(told(None), ["rapport", "audit"]);
    assert_eq!(counted_from(&terms, Trigger::Request), ["rapport", "audit"]);
    assert!(counted_from(&terms, Trigger::Delivery).is_empty());
}

#[test]
fn the_wrong_proof_is_not_one() {
    let terms = owed(DutyDue::By { date: date(2026, 6, 1) });
    let given = Done { proof: DutyProof::Declaration, ..done(date(2026, 5, 1)) };
    let facts = DutyFacts { done: vec![given], ..DutyFacts::default() };
    let all =
        occurrences(&terms, &facts, Span::month(date(2026, 6, 1)), "2026-06-02T00:00:00Z".parse().unwrap())
            .unwrap();
    assert_eq!(
        all[0].value.state,
        DutyState::Unproved { on: date(2026, 5, 1), given: DutyProof::Declaration }
    );
    assert_eq!(all[0].reasons.last().unwrap().code, "duty.proof");
}

#[test]
fn a_renewal_makes_the_next_one_and_an_old_lateness_stays_in_sight() {
    let terms = owed(DutyDue::Renew { expires: date(2026, 12, 31) });
    let renewed = Done { valid_until: Some(date(2027, 12, 31)), ..done(date(2026, 12, 20)) };
    let facts = DutyFacts { done: vec![renewed], ..DutyFacts::default() };
    let read = |facts: &DutyFacts, at: &str, year: i16| {
        let span = Span { first: date(year, 1, 1), next: date(year + 1, 1, 1) };
        occurrences(&terms, facts, span, at.parse().unwrap())
            .unwrap()
            .into_iter()
            .map(|b| b.value)
            .collect::<Vec<_>>()
    };
    let next = read(&facts, "2027-06-01T00:00:00Z", 2027);
    assert_eq!(
        (next.len(), next[0].on, &next[0].state),
        (1, Some(date(2027, 12, 31)), &DutyState::NotYetDue)
    );
    let late = read(&DutyFacts::default(), "2027-06-01T00:00:00Z", 2027);
    assert_eq!(late[0].on, Some(date(2026, 12, 31)));
    assert!(late[0].state.is_late());
}

#[test]
fn a_notice_is_due_before_the_thing_announced() {
    let terms = owed(DutyDue::Before { length: Length::Days(60), of: Trigger::ChangeOfLocation });
    let at = "2026-12-31T00:00:00+01:00".parse().unwrap();
    let happened =
        vec![Happened { trigger: Trigger::ChangeOfLocation, at, about: "Madrid".into(), clause: None }];
    let facts = DutyFacts { happened, ..DutyFacts::default() };
    assert_eq!(read(&terms, &facts, "2026-10-01T00:00:00Z")[0].on, Some(date(2026, 11, 1)));
}

#[test]
fn an_exception_is_owed_instead_of_what_it_excepts() {
    let within = |hours| DutyDue::Within { length: Length::hours(hours), of: Trigger::SecurityIncident };
    let mut terms = owed(within(24));
    let general = terms.duties[0].clone();
    let except = |label: &str, when: Guard, hours| {
        let mut rule = general.with(Duty { due: within(hours), ..general.then.clone() });
        rule.from.label = label.to_owned();
        rule.exception_to = Some(general.label().to_owned());
        rule.when = when;
        rule
    };
    let summer = Guard { from: Some(date(2026, 7, 1)), until: Some(date(2026, 8, 31)), ..Guard::default() };
    let urgent =
        Guard { values: [(terms::Dimension::Priority, ["P1".to_owned()].into())].into(), ..Guard::default() };
    terms.duties.extend([except("ete", summer, 4), except("urgence", urgent, 2)]);
    let told = |at: &str| {
        let at = at.parse().unwrap();
        let happened =
            vec![Happened { trigger: Trigger::SecurityIncident, at, about: "ticket".into(), clause: None }];
        let facts = DutyFacts { happened, ..DutyFacts::default() };
        let all = read(&terms, &facts, "2026-10-25T10:00:00Z");
        all.into_iter().map(|o| o.label).collect::<Vec<_>>()
    };
    assert_eq!(told("2026-07-14T09:00:00Z"), ["ete"]);
    // Of its priority nothing was told: the general clause governs.
    assert_eq!(told("2026-10-14T09:00:00Z"), [general.label()]);
}
