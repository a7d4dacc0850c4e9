//! `GET /team`: the load of everybody, over all customers, and what nobody has yet.

mod cut;
mod dangers;

pub(super) use dangers::left_out;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use app::desk::{Line, Which};
use app::live::{Dangers, LeftOut};
use app::satisfaction::BadMark as Mark;
use app::skills::About;
use app::team::{Load, Pauses as Paused};
use app::ticket::{Assignee, State as Standing};
use app::{Act, App, AppError, Principal};
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use base::id::CustomerId;
use engines::skills::Level;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::Deserialize;

use super::{failed, fresh_key, rows, words};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang};
use crate::http::{Failure, Reader, State, html};
use crate::pages::team::{
    BadMark, Customer, Danger, HOURS, Pauses, Person, Risk, STATES, ToGive, View, page,
};

/// A form in each row: more would make the page heavy.
const ROWS: u32 = 10;
/// Of each other long list. With a hundred customers the page is meant to stay under 60 KB.
const LISTED: usize = 15;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    hours: String,
    /// Whose pauses are shown: `2026-11`.
    #[serde(default)]
    month: String,
    /// The last customer, objective and meter of the page before.
    #[serde(default)]
    customers: String,
    #[serde(default)]
    dangers: String,
    #[serde(default)]
    meters: String,
}

struct Read {
    load: Vec<Load>,
    lines: Vec<(Line, Vec<Choice>)>,
    more: bool,
    month: Date,
    today: Date,
    pauses: (Vec<Paused>, Vec<LeftOut>),
    dangers: Dangers,
    marks: (Vec<Mark>, Vec<LeftOut>),
}

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let hours = HOURS.into_iter().find(|h| h.to_string() == asked.hours).unwrap_or(8);
    let (who, lang) = (reader.principal.clone(), reader.visitor.lang);
    let month = format!("{}-01", asked.month).parse::<Date>().ok();
    let read = web.run(move |app| read(app, &who, (hours, month), lang)).await.map_err(failed(&reader))?;
    let here = cut::Address { hours, month: if month.is_some() { &asked.month } else { "" } };
    let slug = |c: &Customer| c.customer.slug.clone();
    let (customers, customers_pages) =
        here.cut("customers", customers(&read.load), &asked.customers, LISTED, slug);
    let mut dangers = dangers::shown(&read.dangers, lang);
    let clause = |d: &Danger| format!("{} {}", d.href.trim_start_matches("/c/"), d.what);
    (dangers.objectives, dangers.objectives_pages) =
        here.cut("dangers", dangers.objectives, &asked.dangers, LISTED, clause);
    (dangers.meters, dangers.meters_pages) =
        here.cut("meters", dangers.meters, &asked.meters, LISTED, clause);
    let view = View {
        hours,
        people: people(&read.load),
        customers,
        customers_pages,
        to_give: read
            .lines
            .into_iter()
            .map(|(line, people)| ToGive { row: rows::row(&customer(&line), &line.shown), people })
            .collect(),
        more: read.more.then(|| "/?show=unassigned".to_owned()),
        key: fresh_key(),
        pauses: pauses(read.month, read.today, &read.pauses, hours),
        dangers,
        bad_marks: read.marks.0.into_iter().map(bad_mark).collect(),
        unjudged: dangers::left_out(&read.marks.1),
    };
    Ok(html(page(&reader.shell(&web, None), &view)))
}

fn bad_mark(mark: Mark) -> BadMark {
    BadMark {
        href: format!("/c/{}/tickets/{}#satisfaction", mark.slug, mark.number),
        customer: mark.customer,
        number: mark.number,
        title: mark.title,
        score: mark.score,
        at: words::local(mark.at),
    }
}

/// A month's pauses, with the months beside it.
fn pauses(month: Date, today: Date, (found, left_out): &(Vec<Paused>, Vec<LeftOut>), hours: u32) -> Pauses {
    let address = |day: Date| format!("/team?hours={hours}&month={}#pauses", day.strftime("%Y-%m"));
    let before = month.checked_sub(1.month()).unwrap_or(month);
    let after = month.checked_add(1.month()).unwrap_or(month);
    Pauses {
        month,
        previous: address(before),
        next: (after <= today).then(|| address(after)),
        people: found.iter().map(|p| (p.name.clone(), p.pauses, words::minutes(p.seconds))).collect(),
        left_out: dangers::left_out(left_out),
    }
}

fn read(
    app: &App,
    who: &Principal,
    (hours, month): (u32, Option<Date>),
    lang: Lang,
) -> Result<Read, AppError> {
    let team = app.permit_instance(who, Act::SeeTeam)?;
    let today = words::local(app.now()).date();
    let present = today.first_of_month();
    let month = month.filter(|m| *m <= present && m.year() >= 2000).unwrap_or(present);
    let (pauses, dangers) = (app.pauses(&team, month)?, app.dangers(&team)?);
    let load = app.load(&team, SignedDuration::from_hours(i64::from(hours)))?;
    let desk = app.permit_instance(who, Act::SeeDesk)?;
    let unassigned = app.desk(&desk, Which::Unassigned, None, ROWS)?;
    let mut known: HashMap<CustomerId, Vec<Assignee>> = HashMap::new();
    let mut lines = Vec::new();
    for line in unassigned.lines {
        if let (false, Ok(permit)) =
            (known.contains_key(&line.customer), app.permit(who, Act::AssignTicket, line.customer))
        {
            known.insert(line.customer, app.assignees(&permit)?);
        }
        // Somebody may give out the tickets of one contract only.
        let ticket = &line.shown.ticket;
        let may = app.permit(who, Act::AssignTicket, line.customer).ok();
        let people = match known.get(&line.customer).zip(may.filter(|p| p.scope().lets(ticket))) {
            // Who knows what stands in the vault: one that cannot be read hides neither the line nor the rest.
            Some((people, permit)) => {
                let about = app.knowers(&permit, ticket).ok().flatten();
                choices(people, ticket, about.as_ref(), lang)
            }
            None => Vec::new(),
        };
        lines.push((line, people));
    }
    let marks = app.bad_marks(&team)?;
    Ok(Read { load, lines, more: unassigned.next.is_some(), month, today, pauses, dangers, marks })
}

/// Who may be handed a ticket, each with what they have already.
/// Whoever knows what the ticket is about comes first, and is said to.
pub(super) fn choices(
    people: &[Assignee],
    ticket: &app::ticket::Ticket,
    about: Option<&About>,
    lang: Lang,
) -> Vec<Choice> {
    let level = |p: &Assignee| about.and_then(|about| about.people.get(&p.account).copied());
    let fit = people.iter().filter(|p| p.may_take(ticket) && ticket.assignee != Some(p.account));
    let mut fit: Vec<&Assignee> = fit.collect();
    // A stable sort: by name among those who know it as well.
    fit.sort_by_key(|p| Reverse(level(p)));
    let known = |p: &Assignee| {
        let name = about.map(|about| about.name.get(words::core(lang))).unwrap_or_default();
        match level(p) {
            None => String::new(),
            Some(Level::Knows) => format!(", {} {name}", lang.t("connaît", "knows")),
            Some(Level::Leads) => format!(", {} {name}", lang.t("référent pour", "leads on")),
        }
    };
    let label = |p: &Assignee| format!("{}{}", loaded(p, lang), known(p));
    fit.into_iter().map(|p| Choice::new(p.account.to_string(), label(p))).collect()
}

/// Who may be handed tickets of a list, whatever each is about.
pub(super) fn whoever(people: &[Assignee], lang: Lang) -> Vec<Choice> {
    people.iter().map(|p| Choice::new(p.account.to_string(), loaded(p, lang))).collect()
}

/// Somebody's name with how many tickets they have.
fn loaded(person: &Assignee, lang: Lang) -> String {
    let (name, n) = (&person.name, person.open);
    match (lang, n) {
        (Lang::Fr, 0 | 1) => format!("{name}, {n} ouvert"),
        (Lang::Fr, n) => format!("{name}, {n} ouverts"),
        (Lang::En, n) => format!("{name}, {n} open"),
    }
}

fn customer(line: &Line) -> CustomerRef {
    CustomerRef {
        id: line.customer,
        slug: line.slug.clone(),
        name: line.customer_name.clone(),
        contract: line.contract.clone(),
    }
}

/// Sums as they gather.
#[derive(Default)]
struct Sum {
    late: u64,
    soon: u64,
    next: Option<Timestamp>,
}

impl Sum {
    fn add(&mut self, load: &Load) {
        self.late += load.late;
        self.soon += load.soon;
        self.next = [self.next, load.next].into_iter().flatten().min();
    }

    fn risk(&self) -> Risk {
        Risk { late: self.late, soon: self.soon, next: self.next.map(words::local) }
    }
}

/// Nobody first, then the soonest due.
fn people(load: &[Load]) -> Vec<Person> {
    let mut all: BTreeMap<_, ([u64; 4], Sum, &str)> = BTreeMap::new();
    for l in load {
        let (states, sum, name) = all.entry(l.who).or_default();
        *name = &l.name;
        let shown = rows::shown_state(l.state);
        for (state, count) in STATES.into_iter().zip(states) {
            *count += if state == shown { l.open } else { 0 };
        }
        sum.add(l);
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(who, (_, sum, _))| (who.is_some(), sum.next.is_none(), sum.next));
    let person = |(who, (states, sum, name)): (Option<base::id::AccountId>, ([u64; 4], Sum, &str))| Person {
        who: who.map(|id| (name.to_owned(), format!("/?who={id}"))),
        states,
        risk: sum.risk(),
    };
    all.into_iter().map(person).collect()
}

fn customers(load: &[Load]) -> Vec<Customer> {
    let mut all: BTreeMap<(&str, CustomerId), (u64, u64, Sum, &str)> = BTreeMap::new();
    for l in load.iter().filter(|l| l.state != Standing::Resolved) {
        let (open, unassigned, sum, name) = all.entry((&l.slug, l.customer)).or_default();
        *name = &l.customer_name;
        *open += l.open;
        *unassigned += if l.who.is_none() { l.open } else { 0 };
        sum.add(l);
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(_, (_, _, sum, _))| (sum.next.is_none(), sum.next));
    let customer = |((slug, id), (open, unassigned, sum, name)): (_, (u64, u64, Sum, &str))| Customer {
        customer: CustomerRef { id, slug: String::from(slug), name: name.to_owned(), contract: None },
        open,
        unassigned,
        risk: sum.risk(),
    };
    all.into_iter().map(customer).collect()
}
