//! What the provider's people read and enter of a ticket's time.

use app::ticket::{TicketPage, TimeLine};
use app::{Act, Side};
use engines::perimeter::at_rate::at_rate;
use jiff::Timestamp;
use terms::{Rate, Rule};

use super::super::window::{self, Ends};
use super::super::{fresh_key, time, words};
use crate::design::CustomerRef;
use crate::design::components::Choice;
use crate::http::Reader;
use crate::pages::ticket::time::{Line, Time};

/// Lines of a page: each has the form that corrects it.
const ROWS: usize = 20;

fn told(line: &TimeLine) -> &[base::Reason] {
    match &line.hours {
        Ok(reasons) | Err(reasons) => reasons,
    }
}

/// `None` for the customer's people, who read the total. A third party's read their own, without a rate.
pub(super) fn part(
    reader: &Reader,
    customer: &CustomerRef,
    found: &TicketPage,
    running: Option<Timestamp>,
    ends: Ends,
) -> Option<Time> {
    if !reader.may(customer, Act::EnterTime) {
        return None;
    }
    let lang = reader.visitor.lang;
    let outsider = reader.principal.role.side() == Side::ThirdParty;
    let terms = &found.agreement.version(&found.ticket.version).ok()?.terms;
    let at = |t| words::in_zone(t, &terms.zone);
    let none = Choice::new("", lang.t("Sans tarif", "No rate"));
    let rate = |r: &Rule<Rate>| Choice::new(r.then.profile.clone(), r.then.title.clone());
    // Work at a rate has the profile that its clause names, unless it is ordered in units.
    let ordered = found.delivery.as_ref().is_some_and(|delivery| delivery.ordered.is_some());
    let profiles: Vec<Choice> = match at_rate(terms, &found.ticket.opening_facts).filter(|_| !ordered) {
        _ if outsider => vec![none],
        Some(at) => vec![rate(at.rate)],
        None => std::iter::once(none).chain(terms.rates.iter().map(rate)).collect(),
    };
    let manages = reader.may(customer, Act::ApproveTime);
    let key = fresh_key();
    let choices = || time::choices(profiles.clone(), &found.hours, lang);
    let correction = |line: &TimeLine| {
        let mine = line.time.person == reader.principal.account;
        let to = (customer.slug.as_str(), found.ticket.number, terms.zone.as_str());
        (mine || manages)
            .then(|| time::correction(&line.time, line.comment.as_deref(), to, (&key, ""), choices()))
    };
    let window = window::last(found.time.iter().collect(), ends.time, ROWS);
    let path = customer.path(&format!("/tickets/{}", found.ticket.number));
    Some(Time {
        pages: (
            (window.earlier > 0).then(|| format!("{path}?time={}#time", window.earlier)),
            window.later.then(|| format!("{path}#time")),
        ),
        lines: (window.lines)
            .into_iter()
            .map(|line| Line {
                correction: correction(line),
                at: at(Timestamp::from_microsecond(line.time.started).unwrap_or_default()),
                by: line.by.clone(),
                what: time::work(line.time.kind, line.time.hours, lang),
                hours: words::reasons(told(line), Some(customer), lang),
                contradicted: line.hours.is_err(),
                minutes: i64::from(line.time.minutes),
                paid_by: (!outsider).then(|| time::paid_by(line.time.paid_by, lang)),
                comment: line.comment.clone(),
            })
            .collect(),
        running: running.map(at),
        kinds: choices().kinds,
        hours: choices().hours,
        profiles,
        open: found.allows_work(),
    })
}
