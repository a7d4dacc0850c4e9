//! `/calendar`, over the customers that the reader sees, and `/c/{customer}/calendar` for one.

use app::calendar::{Dates, OnCall, Planned};
use app::roster::Turn;
use app::ticket::delivery::WarrantyEnd;
use app::{Act, App, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use base::id::CustomerId;
use engines::change::Stage;
use engines::duties::DutyState;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

use super::{Place, failed, place, words};
use crate::design::{CustomerRef, Lang, format};
use crate::http::{Failure, Reader, State, html};
use crate::pages::calendar::{Day, Item, Kind, Range, View, page};

/// Things on one page: more of them would weigh more than a page may.
const MOST: usize = 120;
/// Things of one day, where there are more than [`MOST`] in all.
const OF_A_DAY: usize = 3;
const OF_A_DAY_OF_A_WEEK: usize = 15;

#[derive(Deserialize)]
pub struct Asked {
    /// `week` or `day`; the month otherwise.
    #[serde(default)]
    view: String,
    /// A day of what is shown; today's without it.
    #[serde(default)]
    at: String,
    /// How many things of the day come before those shown.
    #[serde(default)]
    from: String,
}

/// The days asked for.
#[derive(Clone, Copy)]
struct Span {
    range: Range,
    first: Date,
    /// The first day of those that follow.
    next: Date,
    /// How many things of the day come before those shown.
    from: usize,
}

impl Span {
    fn of(asked: &Asked, today: Date) -> Span {
        let at = asked.at.parse().unwrap_or(today);
        let (range, first, next) = match &*asked.view {
            "week" => (Range::Week, base::week::monday(at), base::week::monday(at).saturating_add(7.days())),
            "day" => (Range::Day, at, at.saturating_add(1.day())),
            _ => (Range::Month, at.first_of_month(), at.last_of_month().saturating_add(1.day())),
        };
        let from = asked.from.parse().unwrap_or(0);
        Span { range, first, next, from: if range == Range::Day { from } else { 0 } }
    }

    fn holds(&self, day: Date) -> bool {
        day >= self.first && day < self.next
    }
}

pub async fn everywhere(
    Shared(web): Shared<State>,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    drawn(&web, &reader, None, asked).await
}

pub async fn of_customer(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    drawn(&web, &reader, Some(slug), asked).await
}

async fn drawn(
    web: &State,
    reader: &Reader,
    slug: Option<String>,
    asked: Asked,
) -> Result<Response, Failure> {
    let (again, lang) = (reader.clone(), reader.visitor.lang);
    let read = web.run(move |app| {
        let today = words::local(app.now()).date();
        let shown = Span::of(&asked, today);
        let (mut items, mut only) = (Vec::new(), None);
        for name in slugs(app, &again, slug.as_deref())? {
            let Place { permit, customer } = place(app, &again, &name, Act::SeeContract)?;
            let closes = again.principal.may_for(Act::SeeMoney, permit.customer());
            let about = About { customer: &customer, shown, today, lang };
            let planned = app.planned(&permit, shown.first, shown.next)?;
            for dates in app.dates(&permit, shown.first, shown.next)? {
                items.extend(about.dated(&dates, &planned));
            }
            items.extend(planned.changes.iter().filter_map(|(change, zone)| about.change(change, zone)));
            items.extend(planned.acceptances.iter().filter_map(|(one, zone)| about.acceptance(one, zone)));
            items.extend(planned.warranties.iter().filter_map(|end| about.warranty(end)));
            items.extend(planned.on_call.iter().flat_map(|clause| about.on_call(clause)));
            if closes && customer.contract.is_some() {
                items.extend(about.month_end());
            }
            only = slug.as_ref().map(|_| customer);
        }
        Ok((today, shown, items, only))
    });
    let (today, shown, items, only) = read.await.map_err(failed(reader))?;
    let view = view(today, shown, items, only.clone());
    Ok(html(page(&reader.shell(web, only), &view)))
}

/// The customer asked for, or all those whose contract the reader may see.
fn slugs(app: &App, reader: &Reader, one: Option<&str>) -> Result<Vec<String>, AppError> {
    if let Some(one) = one {
        return Ok(vec![one.to_owned()]);
    }
    if !reader.principal.may(Act::SeeContract) {
        return Err(AppError::NotFound);
    }
    let seen = |id| reader.principal.may_for(Act::SeeContract, CustomerId(id));
    Ok(app.customers()?.into_iter().filter(|row| seen(row.id)).map(|row| row.slug).collect())
}

/// A customer, and what is asked about it.
#[derive(Clone, Copy)]
struct About<'a> {
    customer: &'a CustomerRef,
    shown: Span,
    today: Date,
    lang: Lang,
}

type Dated = (Date, Item);

impl About<'_> {
    fn item(&self, kind: Kind, text: String, under: &str) -> Item {
        Item { kind, text, href: self.customer.path(under), customer: self.customer.name.clone() }
    }

    /// What a contract dates within these days; a window announced with a change is told by the change.
    fn dated(&self, dates: &Dates, planned: &Planned) -> Vec<Dated> {
        let core = words::core(self.lang);
        let mut all = Vec::new();
        for duty in &dates.life.duties {
            let Some(day) = duty.value.on.and_then(|day| self.day_of(day, duty.value.state.is_late())) else {
                continue;
            };
            let kind = match duty.value.state {
                DutyState::Done { .. } | DutyState::DoneLate { .. } => Kind::Done,
                DutyState::Late { .. } => Kind::Late,
                _ => Kind::Duty,
            };
            all.push((day, self.item(kind, words::capital(&duty.value.title), "/duties")));
        }
        for deadline in dates.life.deadlines.iter().filter(|d| self.shown.holds(d.value.on)) {
            let text = words::capital(deadline.value.title.get(core));
            all.push((deadline.value.on, self.item(Kind::Deadline, text, "/duties")));
        }
        for window in &dates.maintenance {
            let id = Some(window.announced.maintenance);
            if planned.changes.iter().any(|(change, _)| change.maintenance == id) {
                continue;
            }
            let at = |micros| Timestamp::from_microsecond(micros).unwrap_or_default();
            let times = (at(window.announced.from), at(window.announced.until));
            let (day, hours) = self.window(times, dates.agreement.zone());
            let text = format!("{hours} {}", window.announced.items.join(", "));
            if self.shown.holds(day) {
                all.push((day, self.item(Kind::Maintenance, text, "/monitoring")));
            }
        }
        all
    }

    /// The day a duty is shown on. What is late is also of today, where today is all that is shown: the desk
    /// leads there.
    fn day_of(&self, on: Date, late: bool) -> Option<Date> {
        let waits = late && on < self.today && self.shown.range == Range::Day;
        let day = if waits && self.shown.holds(self.today) { self.today } else { on };
        self.shown.holds(day).then_some(day)
    }

    /// The day a window is shown on, and its hours. One begun before the first day shown is of that day.
    fn window(&self, (from, until): (Timestamp, Timestamp), zone: &TimeZone) -> (Date, String) {
        let (from, until) = (from.to_zoned(zone.clone()), until.to_zoned(zone.clone()));
        let end = match from.date() == until.date() {
            true => format::hour(&until),
            false => format::short_instant(&until, self.lang),
        };
        (from.date().max(self.shown.first), format!("{} – {end}", format::hour(&from)))
    }

    fn change(&self, change: &app::ticket::change::DatedChange, zone: &TimeZone) -> Option<Dated> {
        let kind = match change.stage {
            Stage::Awaited | Stage::Unplanned => Kind::ChangeAwaited,
            Stage::Refused => return None,
            Stage::Approved | Stage::UnderWay => Kind::Change,
            Stage::Ended(_) => Kind::ChangeEnded,
        };
        let (day, hours) = self.window((change.from, change.until), zone);
        let text = format!("{hours} n°\u{a0}{} {}", change.number, change.title);
        let item = self.item(kind, text, &format!("/tickets/{}", change.number));
        self.shown.holds(day).then_some((day, item))
    }

    /// The last day of a step of an acceptance, and what silence does then.
    fn acceptance(&self, one: &app::ticket::awaited::Awaited, zone: &TimeZone) -> Option<Dated> {
        let day = one.last_day(zone).filter(|day| self.shown.holds(*day))?;
        let silence = one.silence.get(words::core(self.lang));
        let text = format!("n°\u{a0}{} {}, {silence}", one.number, one.title);
        Some((day, self.item(Kind::AcceptanceEnd, text, &format!("/tickets/{}", one.number))))
    }

    /// The last day on which a defect of a delivery is mended for nothing.
    fn warranty(&self, (last, end, title): &(Date, WarrantyEnd, String)) -> Option<Dated> {
        let number = end.ticket.number;
        let what = self.lang.t("dernier jour de la garantie", "last day of the warranty");
        let text = format!("n°\u{a0}{number} {title}, {what}");
        let item = self.item(Kind::Deadline, text, &format!("/tickets/{number}"));
        self.shown.holds(*last).then_some((*last, item))
    }

    /// Who is on call: on the day it begins in a month, on each day where there is room to say so.
    fn on_call(&self, clause: &OnCall) -> Vec<Dated> {
        clause.turns.iter().flat_map(|turn| self.turn(turn, &clause.zone)).collect()
    }

    fn turn(&self, turn: &Turn, zone: &TimeZone) -> Vec<Dated> {
        let (from, until) = (turn.from.to_zoned(zone.clone()), turn.until.to_zoned(zone.clone()));
        let lang = self.lang;
        let mut all = Vec::new();
        let mut day = from.date().max(self.shown.first);
        // A turn that ends at midnight is not of the day after.
        let ends = |day: Date| day.to_zoned(zone.clone()).is_ok_and(|midnight| until <= midnight);
        while self.shown.holds(day) && !ends(day) {
            let (begins, month) = (from.date() == day, self.shown.range == Range::Month);
            let end = format::short_instant(&until, lang);
            let hours = match (begins, until.date() == day) {
                (true, true) => format!("{} – {}", format::hour(&from), format::hour(&until)),
                (true, false) if month => format!("{} – {end}", format::hour(&from)),
                (false, _) if month => format!("{} {end}", lang.t("jusqu’au", "until")),
                (true, false) => format!("{} {}", lang.t("à partir de", "from"), format::hour(&from)),
                (false, true) => format!("{} {}", lang.t("jusqu’à", "until"), format::hour(&until)),
                (false, false) => lang.t("toute la journée", "all day").to_string(),
            };
            all.push((day, self.item(Kind::OnCall, format!("{}, {hours}", turn.name), "/on-call")));
            if month {
                break;
            }
            day = day.saturating_add(1.day());
        }
        all
    }

    /// The month that ends within these days is then to be closed.
    fn month_end(&self) -> Option<Dated> {
        let ends = [self.shown.first.last_of_month(), self.shown.next.last_of_month()];
        let day = ends.into_iter().find(|day| self.shown.holds(*day))?;
        let month = format::month(day, self.lang);
        let text = format!("{} {month}", self.lang.t("Fin du mois :", "End of month:"));
        Some((day, self.item(Kind::MonthEnd, text, "/money")))
    }
}

fn view(today: Date, shown: Span, mut items: Vec<Dated>, only: Option<CustomerRef>) -> View {
    items.sort_by(|a, b| (a.0, a.1.kind, &a.1.text).cmp(&(b.0, b.1.kind, &b.1.text)));
    let base = only.as_ref().map_or_else(|| "/calendar".to_owned(), |c| c.path("/calendar"));
    let at = |day: Date, range: Range| format!("{base}?view={}&at={day}", range.key());
    let all = items.len();
    let room = match shown.range {
        Range::Day => MOST,
        _ if all <= MOST => all,
        Range::Week => OF_A_DAY_OF_A_WEEK,
        Range::Month => OF_A_DAY,
    };
    let day = |on: Date| {
        let own = items.iter().filter(|(day, _)| *day == on).map(|(_, item)| item.clone());
        let mut own: Vec<Item> = own.skip(shown.from).collect();
        let others = own.len().saturating_sub(room);
        own.truncate(room);
        let href = match shown.range {
            Range::Day => format!("{}&from={}", at(on, Range::Day), shown.from.saturating_add(room)),
            Range::Week | Range::Month => at(on, Range::Day),
        };
        Day { on, inside: shown.holds(on), today: on == today, items: own, others, href }
    };
    let weeks = match shown.range {
        Range::Day => vec![vec![day(shown.first)]],
        Range::Week | Range::Month => {
            let last = base::week::monday(shown.next.saturating_sub(1.day()));
            let mondays = std::iter::successors(Some(base::week::monday(shown.first)), |monday| {
                Some(monday.saturating_add(7.days())).filter(|next| next <= &last)
            });
            mondays.map(|monday| (0..7).map(|n| day(monday.saturating_add(n.days()))).collect()).collect()
        }
    };
    let inside = if shown.holds(today) { today } else { shown.first };
    View {
        customer: only,
        range: shown.range,
        first: shown.first,
        weeks,
        previous: match shown.from {
            0 => at(shown.first.saturating_sub(1.day()), shown.range),
            _ => at(shown.first, Range::Day),
        },
        next: at(shown.next, shown.range),
        tabs: Range::ALL.map(|range| (range, at(inside, range))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Theme;
    use crate::pages::sampling;

    fn span(range: &str, from: usize) -> Span {
        let asked = Asked { view: range.to_owned(), at: "2026-11-03".to_owned(), from: from.to_string() };
        Span::of(&asked, jiff::civil::date(2026, 11, 3))
    }

    /// As over a hundred customers: forty things on each day of November.
    fn many(shown: Span) -> Vec<Dated> {
        let customer = sampling::garonne();
        let today = shown.first;
        let about = About { customer: &customer, shown, today, lang: Lang::Fr };
        let days = (1..=30).map(|n| jiff::civil::date(2026, 11, n)).filter(|day| shown.holds(*day));
        days.flat_map(|day| {
            (0..40).map(move |n| {
                let text = format!("{n:02} Rapport mensuel d’activité du centre de services");
                (day, about.item(Kind::Duty, text, "/duties"))
            })
        })
        .collect()
    }

    #[test]
    fn what_is_dated_over_many_customers_stays_under_sixty_kilobytes_and_all_of_it_is_reached() {
        let today = jiff::civil::date(2026, 11, 3);
        for range in ["month", "week", "day"] {
            let shown = span(range, 0);
            let view = view(today, shown, many(shown), None);
            let html = page(&sampling::at_desk(Lang::Fr, Theme::Auto), &view).into_string();
            assert!(html.len() < 60_000, "{range} weighs {} bytes", html.len());
            let day = view.weeks.iter().flatten().find(|day| day.on == today).unwrap();
            assert_eq!(day.items.len() + day.others, 40, "{range}");
            assert_eq!(day.others > 0, range != "day", "{range}");
            assert!(day.others == 0 || html.contains("/calendar?view=day&amp;at=2026-11-03"), "{html}");
        }
    }

    #[test]
    fn a_day_too_full_for_a_page_goes_on_where_it_stopped() {
        let shown = |from| span("day", from);
        let all = |from| {
            let fill = many(shown(from)).into_iter();
            fill.cycle().take(150).collect::<Vec<_>>()
        };
        let today = jiff::civil::date(2026, 11, 3);
        let first = view(today, shown(0), all(0), None);
        assert_eq!((first.weeks[0][0].items.len(), first.weeks[0][0].others), (120, 30));
        assert!(first.weeks[0][0].href.ends_with("view=day&at=2026-11-03&from=120"));
        let rest = view(today, shown(120), all(120), None);
        assert_eq!((rest.weeks[0][0].items.len(), rest.weeks[0][0].others), (30, 0));
        assert!(rest.previous.ends_with("at=2026-11-03"), "{}", rest.previous);
    }
}
