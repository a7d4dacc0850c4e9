//! `/calendar`, over the customers that the reader sees, and `/c/{customer}/calendar` for one.

use app::calendar::Dates;
use app::{Act, App, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use base::id::CustomerId;
use engines::duties::DutyState;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

use super::{Place, failed, place, words};
use crate::design::{CustomerRef, Lang, format};
use crate::http::{Failure, Reader, State, html};
use crate::pages::calendar::{Day, Item, Kind, View, page};

#[derive(Deserialize)]
pub struct Asked {
    /// `week`; the month otherwise.
    #[serde(default)]
    view: String,
    /// A day of what is shown; today's without it.
    #[serde(default)]
    at: String,
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
    let (again, week, lang) = (reader.clone(), asked.view == "week", reader.visitor.lang);
    let read = web.run(move |app| {
        let today = words::local(app.now()).date();
        let at = asked.at.parse().unwrap_or(today);
        let shown = if week { week_of(at) } else { month_of(at) };
        let (mut items, mut only) = (Vec::new(), None);
        for name in slugs(app, &again, slug.as_deref())? {
            let Place { permit, customer } = place(app, &again, &name, Act::SeeContract)?;
            let closes = again.principal.may_for(Act::SeeMoney, permit.customer());
            for dates in app.dates(&permit, shown.0, shown.1)? {
                items.extend(dated(&dates, &customer, shown, lang));
            }
            if closes && customer.contract.is_some() {
                items.extend(month_end(&customer, shown, lang));
            }
            only = slug.as_ref().map(|_| customer);
        }
        Ok((today, shown, items, only))
    });
    let (today, shown, items, only) = read.await.map_err(failed(reader))?;
    let view = view(today, shown, items, only.clone(), week);
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

/// The first day, and the first of those that follow.
type Span = (Date, Date);

fn week_of(day: Date) -> Span {
    let monday = base::week::monday(day);
    (monday, monday.saturating_add(7.days()))
}

fn month_of(day: Date) -> Span {
    (day.first_of_month(), day.last_of_month().saturating_add(1.day()))
}

/// What a contract dates within these days.
fn dated(dates: &Dates, customer: &CustomerRef, shown: Span, lang: Lang) -> Vec<(Date, Item)> {
    let core = words::core(lang);
    let inside = |day: &Date| *day >= shown.0 && *day < shown.1;
    let item = |kind, text: String, under: &str| Item {
        kind,
        text,
        href: customer.path(under),
        customer: customer.name.clone(),
    };
    let mut all = Vec::new();
    for duty in &dates.life.duties {
        let Some(day) = duty.value.on.filter(inside) else { continue };
        let kind = match duty.value.state {
            DutyState::Done { .. } | DutyState::DoneLate { .. } => Kind::Done,
            DutyState::Late { .. } => Kind::Late,
            _ => Kind::Duty,
        };
        all.push((day, item(kind, words::capital(&duty.value.title), "/duties")));
    }
    for deadline in dates.life.deadlines.iter().filter(|d| inside(&d.value.on)) {
        let text = words::capital(deadline.value.title.get(core));
        all.push((deadline.value.on, item(Kind::Deadline, text, "/duties")));
    }
    for window in &dates.maintenance {
        let at = |micros| {
            let at = Timestamp::from_microsecond(micros).unwrap_or_default();
            at.to_zoned(dates.agreement.zone().clone())
        };
        let (from, until) = (at(window.announced.from), at(window.announced.until));
        let hours = format!("{} – {}", format::hour(&from), format::short_instant(&until, lang));
        let hours = match from.date() == until.date() {
            true => format!("{} – {}", format::hour(&from), format::hour(&until)),
            false => hours,
        };
        let text = format!("{hours} {}", window.announced.items.join(", "));
        // A window begun before the first day shown is of that day.
        let day = from.date().max(shown.0);
        if inside(&day) {
            all.push((day, item(Kind::Maintenance, text, "/monitoring")));
        }
    }
    all
}

/// The month that ends within these days is then to be closed.
fn month_end(customer: &CustomerRef, shown: Span, lang: Lang) -> Option<(Date, Item)> {
    let day = [shown.0.last_of_month(), shown.1.last_of_month()].into_iter().find(|d| *d < shown.1)?;
    let text = format!("{} {}", lang.t("Fin du mois :", "End of month:"), format::month(day, lang));
    let href = customer.path("/money");
    Some((day, Item { kind: Kind::MonthEnd, text, href, customer: customer.name.clone() }))
}

fn view(
    today: Date,
    shown: Span,
    mut items: Vec<(Date, Item)>,
    only: Option<CustomerRef>,
    week: bool,
) -> View {
    items.sort_by(|a, b| (a.0, a.1.kind, &a.1.text).cmp(&(b.0, b.1.kind, &b.1.text)));
    let base = only.as_ref().map_or_else(|| "/calendar".to_owned(), |c| c.path("/calendar"));
    let at = |day: Date, week: bool| format!("{base}?view={}&at={day}", if week { "week" } else { "month" });
    let (first, last) = (base::week::monday(shown.0), base::week::monday(shown.1.saturating_sub(1.day())));
    let mut weeks = Vec::new();
    let mut monday = first;
    while monday <= last {
        let day = |n: i64| {
            let on = monday.saturating_add(n.days());
            let own = items.iter().filter(|(day, _)| *day == on).map(|(_, item)| item.clone());
            Day { on, inside: on >= shown.0 && on < shown.1, today: on == today, items: own.collect() }
        };
        weeks.push((0..7).map(day).collect());
        monday = monday.saturating_add(7.days());
    }
    View {
        customer: only,
        week,
        first: shown.0,
        weeks,
        previous: at(shown.0.saturating_sub(1.day()), week),
        next: at(shown.1, week),
        by_month: at(shown.0, false),
        by_week: at(if today >= shown.0 && today < shown.1 { today } else { shown.0 }, true),
    }
}
