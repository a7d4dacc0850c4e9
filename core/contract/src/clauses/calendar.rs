//! `calendar`: service hours in a zone, or a composition of other calendars.

pub(crate) mod compose;
mod week;

use base::{Bilingual, Lang, lang};
use terms::{Calendar, Opening, Terms, WeeklyCalendar};

use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub(crate) use compose::{check_years, resolve};
use week::{days, hours};
pub(crate) use week::{day_range, openings, week_days};

pub const KIND: Kind = Kind {
    name: "calendar",
    doc: ("des heures de service, dans un fuseau", "service hours, in a time zone"),
    example: r#"kind = "calendar"
label = "ho"
then.zone = "Europe/Paris"
then.week = { mon-fri = ["09:00-12:30", "14:00-18:00"] }
then.holidays = [2026-04-06, 2026-05-01, 2026-05-08]
then.closed = [2026-05-15, 2026-07-13]
then.exceptions = { 2026-12-24 = ["09:00-12:00"] }
"#,
    family: Family::Time,
    run: Run::Engine,
    mode: Mode::ByLabel,
    guarded: true,
    fields: &[
        Field::optional("zone", Type::Zone, "fuseau horaire IANA", "IANA time zone"),
        Field::optional("week", Type::Week, "heures de chaque jour", "hours of each day"),
        Field::default("holidays", Type::Dates, "[]", "jours fériés, un par un", "public holidays, one by one"),
        Field::default("holiday_hours", Type::Openings, "[]", "heures des jours fériés", "hours kept on holidays"),
        Field::default("closed", Type::Dates, "[]", "jours de fermeture (ponts)", "closed days"),
        Field::default("exceptions", Type::DatedOpenings, "{}", "heures de jours particuliers", "hours of particular days"),
        Field::optional("intersection", Type::Calendars, "ouvert quand tous le sont", "open when all of these are"),
        Field::optional("union", Type::Calendars, "ouvert quand l'un l'est", "open when any of these is"),
        Field::optional("complement", Type::Calendar, "ouvert quand l'autre est fermé", "open when the other is closed"),
    ],
    words: &[],
    compile,
    read_back,
};

const COMPOSITIONS: [&str; 3] = ["intersection", "union", "complement"];

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    // Hours written here replace a composition that is only inherited, and the reverse.
    let rewritten = f.own("week").is_some();
    let composed: Vec<&str> =
        COMPOSITIONS.into_iter().filter(|n| if rewritten { f.own(n).is_some() } else { f.has(n) }).collect();
    let calendar = match composed[..] {
        [] => weekly(f, c)?,
        [one] if !rewritten => compose::read(one),
        _ => {
            c.push(
                Diagnostic::error(
                    "E-CALENDAR-FORM",
                    f.place(),
                    "ce calendrier dit ses heures de deux façons",
                    "this calendar gives its hours in two ways",
                )
                .help(
                    "gardez une seule de ces clés : week, intersection, union, complement",
                    "keep one of these keys: week, intersection, union, complement",
                ),
            );
            return None;
        }
    };
    let rule = c.rule(f, calendar);
    c.terms.calendars.push(rule);
    Some(())
}

fn weekly(f: &Fields<'_>, c: &mut Compiler) -> Option<Calendar> {
    for (field, fr, en) in [
        ("zone", "zone = \"Europe/Paris\"", "zone = \"Europe/Paris\""),
        ("week", "week = { mon-fri = [\"09:00-18:00\"] }", "week = { mon-fri = [\"09:00-18:00\"] }"),
    ] {
        if !f.has(field) {
            c.push(
                Diagnostic::error(
                    "E-CALENDAR-FORM",
                    f.place(),
                    format!("ce calendrier n'a pas de « {field} »"),
                    format!("this calendar has no “{field}”"),
                )
                .help(format!("ajoutez {fr} dans then"), format!("add {en} to then")),
            );
        }
    }
    Some(Calendar::Weekly(Box::new(WeeklyCalendar {
        zone: f.text("zone")?,
        week: week::week(f.value("week")?),
        holidays: f.dates("holidays").into_iter().collect(),
        holiday_hours: f.value("holiday_hours").map(openings).unwrap_or_default(),
        closed: f.dates("closed").into_iter().collect(),
        exceptions: f.value("exceptions").map(week::dated).unwrap_or_default(),
    })))
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.calendars, label)?;
    Some(read::sentence(rule, terms, |lang| {
        let hours = describe(lang, &rule.then);
        lang.t(
            format!("le calendrier « {label} » est ouvert {hours}"),
            format!("the calendar “{label}” is open {hours}"),
        )
    }))
}

fn describe(lang: Lang, calendar: &Calendar) -> String {
    let all = |of: &[Calendar], join: &str| {
        of.iter().map(|c| format!("({})", describe(lang, c))).collect::<Vec<_>>().join(join)
    };
    match calendar {
        Calendar::Weekly(weekly) => week_in_words(lang, weekly),
        Calendar::Intersection(of) => all(of, lang.t(" et à la fois ", " and at once ")),
        Calendar::Union(of) => all(of, lang.t(" ou ", " or ")),
        Calendar::Complement(of) => {
            lang.t(format!("en dehors de ({})", describe(lang, of)), format!("outside ({})", describe(lang, of)))
        }
        Calendar::Versions(of) => {
            of.iter().map(|v| describe(lang, &v.calendar)).collect::<Vec<_>>().join(lang.t(", puis ", ", then "))
        }
    }
}

fn week_in_words(lang: Lang, weekly: &WeeklyCalendar) -> String {
    let always = weekly.week.iter().all(|d| d[..] == [Opening::ALL_DAY]);
    let particular = weekly.holidays.len() + weekly.closed.len() + weekly.exceptions.len() > 0;
    let week = if always && !particular {
        lang.t("jour et nuit, tous les jours", "day and night, every day").to_owned()
    } else {
        days(lang, &weekly.week).join(lang.t("\u{202f}; ", "; "))
    };
    let zone = &weekly.zone;
    let mut parts = vec![lang.t(format!("{week} (fuseau {zone})"), format!("{week} ({zone} time)"))];
    let count = weekly.holidays.len();
    let holidays = lang.t(
        if count > 1 { format!("les {count} jours fériés énumérés") } else { "le jour férié énuméré".to_owned() },
        if count > 1 { format!("on the {count} listed holidays") } else { "on the listed holiday".to_owned() },
    );
    let mut closed = Vec::new();
    if count > 0 && weekly.holiday_hours.is_empty() {
        closed.push(holidays.clone());
    }
    if !weekly.closed.is_empty() {
        let dates: Vec<String> = weekly.closed.iter().map(|d| lang::date(lang, *d)).collect();
        let dates = list(lang, &dates.iter().map(String::as_str).collect::<Vec<_>>());
        let the = if weekly.closed.len() > 1 { "les" } else { "le" };
        closed.push(lang.t(format!("{the} {dates}"), format!("on {dates}")));
    }
    if !closed.is_empty() {
        let closed = closed.join(lang.t(", ainsi que ", ", and "));
        parts.push(lang.t(format!("il est fermé {closed}"), format!("it is closed {closed}")));
    }
    if count > 0 && !weekly.holiday_hours.is_empty() {
        let kept = hours(lang, &weekly.holiday_hours);
        parts.push(lang.t(format!("{holidays}, il est ouvert {kept}"), format!("{holidays}, it is open {kept}")));
    }
    for (date, of) in &weekly.exceptions {
        let date = lang::date(lang, *date);
        parts.push(if of.is_empty() {
            lang.t(format!("le {date}, il est fermé"), format!("on {date}, it is closed"))
        } else {
            let kept = hours(lang, of);
            lang.t(format!("le {date}, il est ouvert {kept}"), format!("on {date}, it is open {kept}"))
        });
    }
    parts.join(lang.t("\u{202f}; ", "; "))
}
