//! The rules of an availability clause, one by one, with their reasons.

use base::fraction::Fraction;
use base::{Lang, Length, Provenance};
use engines::availability::{
    AvailabilityResult, MaintenanceWindow, Outage, ServiceFacts, ServiceState, measures,
};
use engines::calendar::ClockCache;
use engines::objective::{Standing, Verdict};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, date};
use terms::availability::{CountedIn, DowntimeStart, Maintenance, OutageOrigin, Unknown};
use terms::calendar::WeeklyCalendar;
use terms::commitment::Period;
use terms::term::{ContractTerm, Renewal};
use terms::{Availability, Calendar, Guard, History, Opening, Rule, Terms, Version};

fn at(local: &str) -> Timestamp {
    let paris = engines::calendar::zone("Europe/Paris").unwrap();
    paris.to_timestamp(local.parse::<DateTime>().unwrap()).unwrap()
}

fn rule<T>(label: &str, then: T) -> Rule<T> {
    let article = format!("Article – {label}");
    let from = Provenance { label: label.to_owned(), article, ..Provenance::default() };
    Rule { from, when: Guard::default(), exception_to: None, then }
}

fn hours(openings: &[&str]) -> Calendar {
    let day: Vec<Opening> = openings.iter().map(|o| Opening::parse_span(o).unwrap()).collect();
    let mut week: [Vec<Opening>; 7] = Default::default();
    week[..5].fill(day);
    let zone = "Europe/Paris".to_owned();
    Calendar::Weekly(Box::new(WeeklyCalendar { zone, week, ..WeeklyCalendar::default() }))
}

/// Contract A's: 99.50 % of office hours each month, announced maintenance left out.
fn clause() -> Availability {
    Availability {
        service: "ERP".to_owned(),
        items: vec!["srv-erp".to_owned()],
        calendar: "ho".to_owned(),
        target: Fraction::new(995, 1000),
        per: Period::Month,
        counted_in: CountedIn::Time,
        degraded: Fraction::new(1, 2),
        starts: DowntimeStart::Earlier,
        maintenance: Maintenance::Excluded { notice: Length::Days(5), most_per_month: None, within: None },
        unknown: Unknown::Down,
        not_counted: vec![OutageOrigin::Customer, OutageOrigin::ForceMajeure],
    }
}

fn terms(clause: Availability) -> Terms {
    let term = ContractTerm {
        start: date(2026, 3, 1),
        months: 36,
        renewal: Renewal::None,
        notice: Length::Months(3),
        phases: Vec::new(),
    };
    Terms {
        zone: "Europe/Paris".to_owned(),
        term: Some(rule("duree", term)),
        calendars: vec![rule("ho", hours(&["09:00-12:30", "14:00-18:00"]))],
        availabilities: vec![rule("dispo-erp", clause)],
        ..Terms::default()
    }
}

fn history(versions: Vec<(Date, Terms)>) -> History {
    let version = |(n, (effective, terms))| Version { hash: format!("v{n}"), effective, terms };
    History { versions: versions.into_iter().enumerate().map(version).collect() }
}

fn signed(clause: Availability) -> History {
    history(vec![(date(2026, 3, 1), terms(clause))])
}

fn outage(from: &str, until: &str) -> Outage {
    Outage {
        id: from.to_owned(),
        items: vec!["srv-erp".to_owned()],
        detected: Some(at(from)),
        declared: None,
        ended: Some(at(until)),
        state: ServiceState::Down,
        users: None,
        origin: OutageOrigin::Provider,
    }
}

fn window(announced: &str, from: &str, until: &str) -> MaintenanceWindow {
    MaintenanceWindow {
        id: from.to_owned(),
        items: vec!["ERP".to_owned()],
        from: at(from),
        until: at(until),
        announced: at(announced),
    }
}

fn read(
    history: &History,
    on: Date,
    facts: &ServiceFacts,
    as_of: Option<&str>,
) -> (AvailabilityResult, String) {
    let mut all = measures(history, on, facts, as_of.map(at), &mut ClockCache::new());
    assert_eq!(all.len(), 1);
    let result = all.remove(0).result;
    let shown: Vec<String> = result.reasons.iter().map(|r| r.text.get(Lang::Fr).to_owned()).collect();
    for reason in &result.reasons {
        assert!(!reason.text.en.is_empty() && reason.text.en != reason.text.fr, "{reason:?}");
    }
    (result.value, shown.join("\n").replace(['\u{a0}', '\u{202f}'], " "))
}

fn lost(result: &AvailabilityResult) -> Fraction {
    result.lost
}

fn seconds(n: i128) -> Fraction {
    Fraction::from_integer(n)
}

#[test]
fn march_of_contract_a_says_why() {
    let facts = ServiceFacts {
        outages: vec![outage("2026-03-10T12:00", "2026-03-10T14:30")],
        maintenance: vec![window("2026-03-20T09:00", "2026-03-21T08:00", "2026-03-21T12:00")],
    };
    let (result, why) = read(&signed(clause()), date(2026, 3, 31), &facts, None);
    assert_eq!((result.agreed, result.lost), (seconds(594_000), seconds(3600)));
    assert_eq!((result.verdict, result.standing), (Verdict::Missed, Standing::Final));
    assert_eq!(result.short(), Fraction::new(995, 1000) - Fraction::new(590_400, 594_000));
    assert_eq!(
        why,
        "ERP, du 1er mars 2026 au 31 mars 2026 : 165 h de service convenu (calendrier « ho »).\n\
         Maintenance du sam. 21 mars 08:00 au sam. 21 mars 12:00, annoncée le ven. 20 mars 09:00 : \
         le préavis de cinq jours n'est pas respecté, rien n'en est exclu.\n\
         Du mar. 10 mars 12:00 au mar. 10 mars 14:30, service interrompu : 1 h dans le temps convenu.\n\
         Temps perdu : 1 h. Disponibilité : 99,393939 % pour 99,5 % promis, comparés avant tout arrondi. \
         Engagement manqué."
    );
}

#[test]
fn maintenance_announced_in_time_leaves_both_sides_and_the_rest_counts() {
    let facts = ServiceFacts {
        outages: vec![outage("2026-03-10T11:00", "2026-03-10T15:00")],
        maintenance: vec![window("2026-03-05T09:00", "2026-03-10T10:00", "2026-03-10T12:00")],
    };
    let (result, why) = read(&signed(clause()), date(2026, 3, 31), &facts, None);
    assert_eq!((result.agreed, result.maintenance), (seconds(594_000 - 7200), seconds(7200)));
    assert_eq!(lost(&result), seconds(1800 + 3600));
    assert!(why.contains("maintenance annoncée exclue : 2 h"), "{why}");
    let counted = Availability { maintenance: Maintenance::Counted, ..clause() };
    let (result, why) = read(&signed(counted), date(2026, 3, 31), &facts, None);
    assert_eq!((result.agreed, lost(&result)), (seconds(594_000), seconds(5400 + 3600)));
    assert!(why.contains("la clause la compte comme du temps convenu"), "{why}");
}

#[test]
fn maintenance_beyond_its_hours_or_its_monthly_limit_counts() {
    let most = Maintenance::Excluded {
        notice: Length::WorkingDays(2),
        most_per_month: Some(5400),
        within: Some("nuit".to_owned()),
    };
    let mut terms = terms(Availability { maintenance: most, ..clause() });
    terms.calendars.push(rule("nuit", hours(&["09:00-11:00"])));
    let history = history(vec![(date(2026, 3, 1), terms)]);
    let facts = ServiceFacts {
        outages: Vec::new(),
        maintenance: vec![window("2026-03-05T09:00", "2026-03-10T09:00", "2026-03-10T12:00")],
    };
    let (result, why) = read(&history, date(2026, 3, 31), &facts, None);
    assert_eq!((result.agreed, result.maintenance), (seconds(594_000 - 5400), seconds(5400)));
    assert!(why.contains("1 h de maintenance hors du calendrier « nuit »"), "{why}");
    assert!(
        why.contains("mars 2026 : 30 min de maintenance au-delà de la limite mensuelle (1 h 30)"),
        "{why}"
    );
}

#[test]
fn the_start_of_an_outage_is_the_clauses() {
    let mut seen = outage("2026-03-10T09:00", "2026-03-10T11:00");
    seen.declared = Some(at("2026-03-10T10:00"));
    let undeclared = outage("2026-03-11T09:00", "2026-03-11T10:00");
    let facts = ServiceFacts { outages: vec![seen, undeclared], maintenance: Vec::new() };
    for (starts, expected) in [
        (DowntimeStart::Earlier, 7200 + 3600),
        (DowntimeStart::Detection, 7200 + 3600),
        (DowntimeStart::Declaration, 3600),
    ] {
        let history = signed(Availability { starts, ..clause() });
        let (result, why) = read(&history, date(2026, 3, 31), &facts, None);
        assert_eq!(lost(&result), seconds(expected), "{starts:?}");
        assert_eq!(why.contains("personne ne l'a déclarée"), starts == DowntimeStart::Declaration);
    }
}

#[test]
fn origins_that_do_not_count_are_said() {
    let mut theirs = outage("2026-03-10T09:00", "2026-03-10T11:00");
    theirs.origin = OutageOrigin::Customer;
    let facts = ServiceFacts { outages: vec![theirs], maintenance: Vec::new() };
    let (result, why) = read(&signed(clause()), date(2026, 3, 31), &facts, None);
    assert_eq!((lost(&result), result.verdict), (seconds(0), Verdict::Kept));
    assert!(why.contains("du fait du Client : la clause ne la compte pas"), "{why}");
    assert!(result.outages.is_empty());
}

#[test]
fn time_without_a_measure_is_what_the_clause_says() {
    let mut blind = outage("2026-03-10T09:00", "2026-03-10T11:00");
    blind.state = ServiceState::Unknown;
    let down = outage("2026-03-10T10:00", "2026-03-10T12:00");
    let facts = ServiceFacts { outages: vec![blind, down], maintenance: Vec::new() };
    for (unknown, agreed, expected) in [
        (Unknown::Up, 594_000, 7200),
        (Unknown::Down, 594_000, 10_800),
        // From 9 to 10: from 10 on, the outage is known.
        (Unknown::Excluded, 590_400, 7200),
    ] {
        let history = signed(Availability { unknown, ..clause() });
        let (result, _) = read(&history, date(2026, 3, 31), &facts, None);
        assert_eq!((result.agreed, lost(&result)), (seconds(agreed), seconds(expected)), "{unknown:?}");
    }
}

#[test]
fn an_outage_that_goes_on_counts_up_to_the_reading() {
    let mut running = outage("2026-03-10T09:00", "2026-03-10T11:00");
    running.ended = None;
    let facts = ServiceFacts { outages: vec![running], maintenance: Vec::new() };
    let (result, why) = read(&signed(clause()), date(2026, 3, 10), &facts, Some("2026-03-10T10:00"));
    assert_eq!((result.agreed, lost(&result)), (seconds(594_000), seconds(3600)));
    assert_eq!(result.standing, Standing::Provisional);
    assert!(why.ends_with("Chiffre provisoire : la période n'est pas close."), "{why}");
}

#[test]
fn a_quarter_is_final_in_its_last_month_and_begins_with_the_contract() {
    let history = signed(Availability { per: Period::Quarter, ..clause() });
    let (result, _) = read(&history, date(2026, 4, 30), &ServiceFacts::default(), None);
    assert_eq!(result.standing, Standing::Provisional);
    let (result, _) = read(&history, date(2026, 6, 30), &ServiceFacts::default(), None);
    assert_eq!((result.standing, result.period.first), (Standing::Final, date(2026, 4, 1)));
    let (result, _) = read(&history, date(2026, 3, 31), &ServiceFacts::default(), None);
    assert_eq!((result.standing, result.period.first), (Standing::Final, date(2026, 3, 1)));
    assert_eq!(result.agreed, seconds(594_000), "the contract begins in March");
}

#[test]
fn an_amendment_changes_agreed_time_from_its_date() {
    let mut later = terms(clause());
    later.calendars = vec![rule("ho", hours(&["08:00-20:00"]))];
    let history = history(vec![(date(2026, 3, 1), terms(clause())), (date(2026, 6, 15), later)]);
    let facts = ServiceFacts {
        outages: vec![
            outage("2026-06-12T12:00", "2026-06-12T14:30"),
            outage("2026-06-16T12:00", "2026-06-16T14:30"),
        ],
        maintenance: Vec::new(),
    };
    let (result, _) = read(&history, date(2026, 6, 30), &facts, None);
    // Ten days of 450 minutes, twelve of 720; one hour lost, then two and a half.
    assert_eq!(result.agreed, seconds(10 * 27_000 + 12 * 43_200));
    assert_eq!(lost(&result), seconds(3600 + 9000));
}

#[test]
fn a_clause_that_an_amendment_adds_promises_nothing_before() {
    let mut before = terms(clause());
    before.availabilities.clear();
    let history = history(vec![(date(2026, 3, 1), before), (date(2026, 6, 15), terms(clause()))]);
    let facts = ServiceFacts {
        outages: vec![outage("2026-06-12T09:00", "2026-06-12T12:00")],
        maintenance: Vec::new(),
    };
    let (result, _) = read(&history, date(2026, 6, 30), &facts, None);
    assert_eq!((result.agreed, lost(&result)), (seconds(12 * 27_000), seconds(0)));
    assert_eq!(result.period.first, date(2026, 6, 15));
}

#[test]
fn nothing_is_measured_where_nothing_is_agreed() {
    let history = signed(clause());
    assert!(
        measures(&history, date(2026, 2, 28), &ServiceFacts::default(), None, &mut ClockCache::new())
            .is_empty()
    );
    assert!(
        measures(&history, date(2029, 3, 1), &ServiceFacts::default(), None, &mut ClockCache::new())
            .is_empty()
    );
    let closed = Availability { calendar: "jamais".to_owned(), ..clause() };
    let mut terms = terms(closed);
    terms.calendars.push(rule("jamais", hours(&[])));
    let history = self::history(vec![(date(2026, 3, 1), terms)]);
    let (result, _) = read(&history, date(2026, 3, 31), &ServiceFacts::default(), None);
    assert_eq!((result.verdict, result.reached()), (Verdict::NothingMeasured, None));
}
