use jiff::civil::{DateTime, date, time};
use terms::{Opening, WeeklyCalendar};

use super::*;
use crate::fixture::rule;

/// Office hours from Monday to Friday, without 1 and 11 November nor Christmas.
fn terms() -> Terms {
    let day = vec![Opening::parse("08:00", "18:00").unwrap()];
    let mut weekly = WeeklyCalendar { zone: "Europe/Paris".to_owned(), ..WeeklyCalendar::default() };
    weekly.week[..5].fill(day);
    weekly.holidays = [date(2026, 11, 1), date(2026, 11, 11), date(2026, 12, 25)].into();
    let calendars = vec![rule("ho", Calendar::Weekly(Box::new(weekly)))];
    Terms { zone: "Europe/Paris".to_owned(), calendars, ..Terms::default() }
}

fn rhythm(every: u16, unit: Unit, first: Date) -> Rhythm {
    Rhythm { every, unit, first, until: None, at: time(8, 30, 0, 0), closed: None }
}

fn local(text: &str) -> Timestamp {
    let at: DateTime = text.parse().unwrap();
    at.in_tz("Europe/Paris").unwrap().timestamp()
}

fn dates(terms: &Terms, rhythm: &Rhythm, after: &str, most: usize) -> Vec<String> {
    let dates = Dates::new(terms, rhythm, local(after)).unwrap();
    let wall = |o: Because<Occurrence>| {
        o.value.at.in_tz("Europe/Paris").unwrap().datetime().strftime("%Y-%m-%dT%H:%M").to_string()
    };
    dates.following(local(after), most).into_iter().map(wall).collect()
}

#[test]
fn a_month_counts_from_the_first_date_and_not_from_the_last_one() {
    let months = rhythm(1, Unit::Months, date(2026, 1, 31));
    let found = dates(&terms(), &months, "2026-01-01T00:00", 4);
    assert_eq!(found, ["2026-01-31T08:30", "2026-02-28T08:30", "2026-03-31T08:30", "2026-04-30T08:30"]);
    let later = dates(&terms(), &months, "2031-05-31T08:30", 2);
    assert_eq!(later, ["2031-06-30T08:30", "2031-07-31T08:30"], "strictly after, years on");
}

#[test]
fn an_hour_keeps_its_wall_time_over_a_change_of_time() {
    let weeks = rhythm(2, Unit::Weeks, date(2026, 10, 12));
    let all = Dates::new(&terms(), &weeks, local("2026-10-01T00:00"))
        .map(|d| d.following(local("2026-10-01T00:00"), 2));
    let [before, after] = &all.unwrap()[..] else { panic!() };
    let seconds = after.value.at.duration_since(before.value.at).as_secs();
    assert_eq!(seconds, 14 * 86_400 + 3_600, "the night of 25 October lasts an hour more");
    let missing = Rhythm { at: time(2, 30, 0, 0), ..rhythm(1, Unit::Days, date(2026, 3, 29)) };
    assert_eq!(dates(&terms(), &missing, "2026-03-29T00:00", 1), ["2026-03-29T03:30"]);
}

#[test]
fn closed_days_are_kept_left_out_or_put_off_with_the_clause_that_closes_them() {
    let daily = rhythm(1, Unit::Days, date(2026, 11, 10));
    let from = "2026-11-09T12:00";
    assert_eq!(dates(&terms(), &daily, from, 2), ["2026-11-10T08:30", "2026-11-11T08:30"]);
    let closed = |then| Some(ClosedDays { calendar: "ho".to_owned(), then });
    let skipped = Rhythm { closed: closed(OnClosed::Skip), ..daily.clone() };
    let found = dates(&terms(), &skipped, from, 5);
    assert_eq!(
        found,
        ["2026-11-10T08:30", "2026-11-12T08:30", "2026-11-13T08:30", "2026-11-16T08:30", "2026-11-17T08:30"]
    );
    // Saturday, Sunday and Monday are one: nothing is done three times on a Monday.
    let put_off = Rhythm { closed: closed(OnClosed::Next), ..rhythm(1, Unit::Days, date(2026, 11, 13)) };
    assert_eq!(
        dates(&terms(), &put_off, from, 3),
        ["2026-11-13T08:30", "2026-11-16T08:30", "2026-11-17T08:30"]
    );
    let terms = terms();
    let all = Dates::new(&terms, &put_off, local(from)).unwrap().following(local(from), 2);
    assert_eq!(all[1].value.nominal, date(2026, 11, 14));
    assert_eq!(all[1].cited()[0].label, "ho");
    assert!(all[1].reasons[0].text.fr.contains("reporté au 16"), "{:?}", all[1].reasons);
    assert!(all[0].reasons.is_empty());
}

#[test]
fn the_last_day_ends_it_and_a_calendar_that_is_gone_stops_nothing() {
    let until = Rhythm { until: Some(date(2026, 11, 12)), ..rhythm(1, Unit::Days, date(2026, 11, 10)) };
    assert_eq!(dates(&terms(), &until, "2026-11-11T08:30", 5), ["2026-11-12T08:30"]);
    assert!(dates(&terms(), &until, "2026-11-12T08:30", 5).is_empty());
    let gone = ClosedDays { calendar: "ailleurs".to_owned(), then: OnClosed::Skip };
    let kept = Rhythm { closed: Some(gone), ..until };
    assert_eq!(dates(&terms(), &kept, "2026-11-10T09:00", 1), ["2026-11-11T08:30"]);
    let never = WeeklyCalendar { zone: "Europe/Paris".to_owned(), ..WeeklyCalendar::default() };
    let mut closed = terms();
    closed.calendars = vec![rule("ho", Calendar::Weekly(Box::new(never)))];
    for then in OnClosed::ALL {
        let days = Some(ClosedDays { calendar: "ho".to_owned(), then });
        let none = Rhythm { closed: days, ..rhythm(1, Unit::Days, date(2026, 11, 10)) };
        assert!(dates(&closed, &none, "2026-11-09T00:00", 3).is_empty(), "{then:?}");
    }
}

#[test]
fn a_rhythm_reads_as_a_sentence() {
    let months = Rhythm { until: Some(date(2027, 6, 30)), ..rhythm(3, Unit::Months, date(2026, 7, 1)) };
    let plain = |text: String| text.replace(['\u{a0}', '\u{202f}'], " ");
    assert_eq!(plain(months.said(Lang::Fr)), "tous les 3 mois à 8 h 30, du 1er juillet 2026 au 30 juin 2027");
    assert_eq!(plain(months.said(Lang::En)), "every 3 months at 08:30, from 1 July 2026 to 30 June 2027");
    let days = rhythm(1, Unit::Days, date(2026, 7, 2));
    assert_eq!(plain(days.said(Lang::Fr)), "chaque jour à 8 h 30, à partir du 2 juillet 2026");
}
