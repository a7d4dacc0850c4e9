//! A customer's schedule of changes.

use app::Act;
use app::ticket::change::{ChangeLine, WhenChange, read_key, written_key};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use engines::change::{Outcome, Stage};
use serde::Deserialize;

use super::{Place, failed, place, ticket, words};
use crate::design::components::Tone;
use crate::design::{CustomerRef, Lang, format};
use crate::http::{Failure, Reader, State, html};
use crate::pages::changes::{Planned, View, Week, page};

const ROWS: u32 = 30;

/// What is under way began some time ago: windows of the last week are still of interest.
const LOOKED_BACK_MICROS: i64 = 7 * 24 * 3_600 * 1_000_000;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    all: String,
    #[serde(default)]
    after: String,
}

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (again, coming) = (reader.clone(), asked.all != "1");
    let after = read_key(&asked.after);
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeTickets)?;
        let since = if coming { app.now().as_microsecond() - LOOKED_BACK_MICROS } else { 0 };
        Ok((customer, app.changes(&permit, after.unwrap_or((since, 0)), ROWS)?))
    });
    let (customer, (lines, next)) = read.await.map_err(failed(&reader))?;
    let address = |after: Option<WhenChange>| {
        let all = (!coming).then(|| "all=1".to_owned());
        let after = after.map(|key| format!("after={}", written_key(key)));
        customer.path(&format!("/changes?{}", all.into_iter().chain(after).collect::<Vec<_>>().join("&")))
    };
    let view = View {
        coming,
        weeks: weeks(lines, &customer, reader.visitor.lang),
        previous: after.map(|_| address(None)),
        next: next.map(|key| address(Some(key))),
        customer: customer.clone(),
    };
    Ok(html(page(&reader.shell(&web, Some(customer)), &view)))
}

fn weeks(lines: Vec<ChangeLine>, customer: &CustomerRef, lang: Lang) -> Vec<Week> {
    let mut weeks: Vec<Week> = Vec::new();
    for line in lines {
        let from = words::in_zone(line.from, &line.zone);
        let monday = base::week::monday(from.date());
        let title = format!("{} {}", lang.t("Semaine du", "Week of"), format::date(monday, lang));
        let change = planned(line, customer, lang);
        match weeks.last_mut().filter(|week| week.title == title) {
            Some(week) => week.changes.push(change),
            None => weeks.push(Week { title, changes: vec![change] }),
        }
    }
    weeks
}

fn planned(line: ChangeLine, customer: &CustomerRef, lang: Lang) -> Planned {
    let address = |number: u64| customer.path(&format!("/tickets/{number}"));
    let state = match line.state.as_str() {
        "refused" => ticket::stage(Stage::Refused, lang),
        "started" => ticket::stage(Stage::UnderWay, lang),
        ended => match Outcome::from_key(ended) {
            Some(outcome) => ticket::stage(Stage::Ended(outcome), lang),
            None => (lang.t("Prévu", "Planned").into(), Tone::Active),
        },
    };
    Planned {
        number: line.number,
        href: address(line.number),
        title: line.title,
        model: line.model.name().get(words::core(lang)).to_owned(),
        state,
        items: line.items,
        from: words::in_zone(line.from, &line.zone),
        until: words::in_zone(line.until, &line.zone),
        downtime_minutes: line.downtime_minutes,
        collisions: line.collisions.into_iter().map(|number| (number, address(number))).collect(),
    }
}
