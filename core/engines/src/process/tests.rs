//! Contract C's payroll: cut-off on the 20th at 12:00, slips on the 26th, payment file two working days
//! before the 28th, DSN on the 5th at 12:00; `ho-nantes`, Monday to Friday, 08:00 to 18:00.

use base::Lang;
use jiff::civil::{date, datetime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use terms::calendar::{Opening, WeeklyCalendar};
use terms::service::{ClosedDay, Process, ProcessStep};
use terms::{Calendar, PartyRole, Rule, Terms};

use super::{ProcessError, Received, StepDate, dates};
use crate::calendar::ClockCache;
use crate::fixture::rule;

fn step(name: &str, by: PartyRole, day: u32, hour: u32) -> ProcessStep {
    ProcessStep {
        name: name.to_owned(),
        by,
        day,
        time: hour * 3600,
        month_offset: 0,
        working_days_before: 0,
        on_closed_day: ClosedDay::NextOpenDay,
        moves_with_input: true,
    }
}

fn payroll() -> Rule<Process> {
    let provider = PartyRole::Provider;
    let file = ProcessStep { working_days_before: 2, ..step("fichier de virement", provider, 28, 12) };
    let dsn = ProcessStep { month_offset: 1, ..step("DSN", provider, 5, 12) };
    let steps =
        vec![step("variables", PartyRole::Customer, 20, 12), step("bulletins", provider, 26, 18), file, dsn];
    let process = Process {
        process: "paie".to_owned(),
        title: "Paie".to_owned(),
        calendar: "ho-nantes".to_owned(),
        steps,
        deliverables: vec!["bulletins".to_owned()],
    };
    rule("paie", process)
}

/// All Saints' Day of 2026 is a Sunday; 11 November is a Wednesday.
fn terms() -> Terms {
    let day = vec![Opening::parse("08:00", "18:00").unwrap()];
    let mut weekly = WeeklyCalendar { zone: "Europe/Paris".to_owned(), ..WeeklyCalendar::default() };
    for open in &mut weekly.week[..5] {
        open.clone_from(&day);
    }
    weekly.holidays = [date(2026, 11, 1), date(2026, 11, 11), date(2026, 12, 25)].into();
    let calendars = vec![rule("ho-nantes", Calendar::Weekly(Box::new(weekly)))];
    Terms { zone: "Europe/Paris".to_owned(), calendars, ..Terms::default() }
}

fn paris(month: i8, day: i8, hour: i8, minute: i8) -> Zoned {
    let zone = TimeZone::get("Europe/Paris").unwrap();
    datetime(2026, month, day, hour, minute, 0, 0).to_zoned(zone).unwrap()
}

fn came(month: i8, day: i8, hour: i8) -> Vec<Received> {
    vec![Received { step: "variables".to_owned(), at: paris(month, day, hour, 0).timestamp() }]
}

fn run(process: &Rule<Process>, received: &[Received], at: Timestamp) -> (Vec<StepDate>, Vec<String>) {
    let because =
        dates(&terms(), process, date(2026, 10, 1), received, at, &mut ClockCache::default()).unwrap();
    (because.value, because.reasons.iter().map(|r| r.show(Lang::Fr)).collect())
}

fn due(steps: &[StepDate]) -> Vec<Zoned> {
    steps.iter().map(|s| s.due.clone()).collect()
}

#[test]
fn an_input_in_time_leaves_the_dates_of_the_contract() {
    let (steps, reasons) = run(&payroll(), &came(10, 20, 11), paris(10, 20, 11, 0).timestamp());
    let planned = [paris(10, 20, 12, 0), paris(10, 26, 18, 0), paris(10, 26, 12, 0), paris(11, 5, 12, 0)];
    assert_eq!(due(&steps), planned);
    assert!(reasons.is_empty() && steps.iter().all(|s| s.moved_seconds == 0 && !s.provisional));
}

#[test]
fn variables_one_working_day_late_move_all_payroll_dates_by_one() {
    let (steps, reasons) = run(&payroll(), &came(10, 21, 12), paris(10, 21, 12, 0).timestamp());
    let moved = [paris(10, 20, 12, 0), paris(10, 27, 18, 0), paris(10, 27, 12, 0), paris(11, 6, 12, 0)];
    assert_eq!(due(&steps), moved);
    assert_eq!(steps[1].planned, paris(10, 26, 18, 0));
    assert!(steps[1..].iter().all(|s| s.moved_seconds == 36_000));
    assert_eq!(
        reasons[0].replace(['\u{a0}', '\u{202f}'], " "),
        "« variables », attendu du Client le mardi 20 octobre 2026 à 12 h, a été reçu le mercredi 21 octobre 2026 à 12 h, soit 10 h de retard en heures ouvertes. (Article – paie [paie])"
    );
    assert_eq!(reasons.len(), 4, "{reasons:#?}");
}

#[test]
fn a_week_end_is_not_lateness() {
    // Due on Tuesday at 12:00, received on Saturday: six hours of Tuesday, then three whole days.
    let (steps, _) = run(&payroll(), &came(10, 24, 9), paris(10, 24, 9, 0).timestamp());
    assert_eq!(steps[1].moved_seconds, (6 + 10 + 10 + 10) * 3600);
    assert_eq!(steps[1].due, paris(10, 30, 14, 0));
}

#[test]
fn a_step_that_does_not_move_stays() {
    let mut process = payroll();
    process.then.steps[3].moves_with_input = false;
    let (steps, reasons) = run(&process, &came(10, 21, 12), paris(10, 21, 12, 0).timestamp());
    assert_eq!((&steps[3].due, steps[3].moved_seconds), (&paris(11, 5, 12, 0), 0));
    assert_eq!(reasons.len(), 3);
}

#[test]
fn an_input_that_has_not_come_is_counted_so_far() {
    let (steps, reasons) = run(&payroll(), &[], paris(10, 20, 14, 0).timestamp());
    assert_eq!(steps[2].due, paris(10, 26, 14, 0));
    assert!(!steps[0].provisional && steps[1..].iter().all(|s| s.provisional));
    assert!(reasons[0].contains("n'est pas encore reçu"), "{reasons:?}");
    let (steps, reasons) = run(&payroll(), &[], paris(10, 19, 9, 0).timestamp());
    assert!(reasons.is_empty() && steps.iter().all(|s| !s.provisional));
}

#[test]
fn a_second_late_input_adds_to_the_first_when_it_had_moved() {
    let mut process = payroll();
    process.then.steps.insert(1, step("validation", PartyRole::Customer, 23, 12));
    let mut received = came(10, 21, 12);
    // Planned on Friday 23 at 12:00, moved to Monday 26 at 12:00, received two hours later.
    received.push(Received { step: "validation".to_owned(), at: paris(10, 26, 14, 0).timestamp() });
    let (steps, _) = run(&process, &received, paris(10, 26, 14, 0).timestamp());
    assert_eq!((&steps[1].due, steps[2].moved_seconds), (&paris(10, 26, 12, 0), 12 * 3600));
    process.then.steps[1].moves_with_input = false;
    // It had not moved: late by 12 hours of its own, of which the first ten are the same.
    let (steps, _) = run(&process, &received, paris(10, 26, 14, 0).timestamp());
    assert_eq!((&steps[1].due, steps[2].moved_seconds), (&paris(10, 23, 12, 0), 12 * 3600));
}

#[test]
fn a_closed_day_does_what_the_contract_says() {
    let on = |on_closed_day, day, month_offset| {
        let mut process = payroll();
        process.then.steps[1] = ProcessStep {
            on_closed_day,
            day,
            month_offset,
            ..step("bulletins", PartyRole::Provider, day, 12)
        };
        run(&process, &came(10, 20, 11), paris(10, 20, 11, 0).timestamp()).0[1].due.clone()
    };
    // 31 October 2026 is a Saturday, and November has thirty days.
    assert_eq!(on(ClosedDay::Stays, 31, 0), paris(10, 31, 12, 0));
    assert_eq!(on(ClosedDay::PreviousOpenDay, 31, 0), paris(10, 30, 12, 0));
    assert_eq!(on(ClosedDay::NextOpenDay, 31, 0), paris(11, 2, 12, 0));
    assert_eq!(on(ClosedDay::NextOpenDay, 31, 1), paris(11, 30, 12, 0));
    assert_eq!(on(ClosedDay::NextOpenDay, 11, 1), paris(11, 12, 12, 0));
}

#[test]
fn what_cannot_be_dated_is_an_error() {
    let mut cache = ClockCache::default();
    let at = paris(10, 20, 12, 0).timestamp();
    let stray = [Received { step: "bulletins".to_owned(), at }];
    let got = dates(&terms(), &payroll(), date(2026, 10, 1), &stray, at, &mut cache);
    assert_eq!(got, Err(ProcessError::UnknownStep { step: "bulletins".to_owned() }));
    let nowhere = Terms { calendars: vec![], ..terms() };
    let got = dates(&nowhere, &payroll(), date(2026, 10, 1), &[], at, &mut cache);
    assert!(matches!(got, Err(ProcessError::UnknownCalendar { .. })), "{got:?}");
}
