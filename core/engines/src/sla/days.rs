//! The days between two instants on which the service was not as usual: holidays, closures, exceptions.

use std::collections::BTreeMap;

use base::Lang;
use base::lang::{date, weekday_name};
use jiff::civil::Date;
use terms::calendar::{CalendarVersion, WeeklyCalendar};
use terms::{Calendar, Opening};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unusual {
    Holiday,
    Closed,
    Exception,
}

/// Days from `first` to `last`, both included, whose hours differ from those of their weekday, with
/// the hours kept instead.
pub(super) fn unusual(
    calendar: &Calendar,
    first: Date,
    last: Date,
) -> BTreeMap<Date, (Unusual, Vec<Opening>)> {
    let mut days = BTreeMap::new();
    collect(calendar, first, last, &mut days);
    days
}

type Days = BTreeMap<Date, (Unusual, Vec<Opening>)>;

fn collect(calendar: &Calendar, first: Date, last: Date, days: &mut Days) {
    if last < first {
        return;
    }
    match calendar {
        Calendar::Weekly(weekly) => collect_weekly(weekly, first, last, days),
        Calendar::Intersection(of) | Calendar::Union(of) => {
            of.iter().for_each(|part| collect(part, first, last, days));
        }
        Calendar::Complement(of) => collect(of, first, last, days),
        Calendar::Versions(of) => {
            let begins = |v: &CalendarVersion| v.from_local.map_or(Date::MIN, |from| from.date());
            for (i, version) in of.iter().enumerate() {
                let next = of.get(i + 1).and_then(|next| begins(next).yesterday().ok()).unwrap_or(Date::MAX);
                collect(&version.calendar, first.max(begins(version)), last.min(next), days);
            }
        }
    }
}

fn collect_weekly(weekly: &WeeklyCalendar, first: Date, last: Date, days: &mut Days) {
    let span = first..=last;
    let holidays = weekly.holidays.range(span.clone()).map(|d| (*d, Unusual::Holiday));
    let closed = weekly.closed.range(span.clone()).map(|d| (*d, Unusual::Closed));
    let exceptions = weekly.exceptions.range(span).map(|(d, _)| (*d, Unusual::Exception));
    // In the order of C3, so that the stronger kind is the one kept.
    for (day, kind) in holidays.chain(closed).chain(exceptions) {
        let usual = &weekly.week[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())];
        let kept = weekly.openings(day);
        if kept != &usual[..] {
            days.insert(day, (kind, kept.to_vec()));
        }
    }
}

/// `vendredi 1er mai 2026 : jour férié, service fermé`.
pub(super) fn sentence(lang: Lang, day: Date, kind: Unusual, kept: &[Opening]) -> String {
    let kind = match kind {
        Unusual::Holiday => lang.t("jour férié", "public holiday"),
        Unusual::Closed => lang.t("fermeture convenue", "agreed closure"),
        Unusual::Exception => lang.t("horaires d'exception", "exceptional hours"),
    };
    let hours = match kept {
        [] => lang.t("service fermé", "closed").to_owned(),
        kept => kept.iter().map(Opening::to_string).collect::<Vec<_>>().join(", "),
    };
    let colon = lang.t("\u{a0}:", ":");
    format!("{} {}{colon} {kind}, {hours}.", weekday_name(lang, day.weekday()), date(lang, day))
}
