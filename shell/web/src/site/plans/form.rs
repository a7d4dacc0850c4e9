//! The fields of a planned ticket: from a plan that is there, from a regular duty, from what was typed.

use std::collections::HashMap;

use app::AppError;
use app::plan::{PlanPage, Suggested, WritePlan};
use app::ticket::Catalogue;
use base::Length;
use engines::kinds::{self, Kind};
use events::{ClosedDays, DutyOf, OnClosed, PlanAbout, Rhythm, Unit};
use jiff::civil::{Date, Time};
use terms::Terms;

use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang};
use crate::pages::new_ticket;
use crate::pages::plan::{Form, Values};
use crate::site::{fresh_key, requests, tickets, words};

/// The fields of a plan that is there.
pub(super) fn written(page: &PlanPage) -> Values {
    let (about, rhythm) = (&page.about, &page.line.rhythm);
    let own = |text: &Option<String>| text.clone().unwrap_or_default();
    let item = about.item.as_ref().map(|item| format!("item:{item}"));
    let class = about.item_class.as_ref().map(|class| format!("class:{class}"));
    Values {
        contract: page.line.contract.clone(),
        title: page.line.title.clone(),
        description: page.description.clone(),
        kind: own(&about.kind),
        item: item.or(class).unwrap_or_default(),
        site: own(&about.site),
        operation: own(&about.operation),
        duty: about.duty.as_ref().map(|of| format!("{}/{}", of.clause, of.what)).unwrap_or_default(),
        level: own(&about.level),
        priority: own(&about.priority),
        every: rhythm.every.to_string(),
        unit: rhythm.unit.key().to_owned(),
        first: rhythm.first.to_string(),
        until: rhythm.until.map(|d| d.to_string()).unwrap_or_default(),
        at: rhythm.at.strftime("%H:%M").to_string(),
        closed: rhythm
            .closed
            .as_ref()
            .map(|c| format!("{}:{}", c.then.key(), c.calendar))
            .unwrap_or_default(),
    }
}

/// The fields of a new plan: tomorrow at eight, every month, or as a regular duty has it.
pub(super) fn fresh(start: Option<&Suggested>, today: Date) -> Values {
    let (every, unit) = match start.map(|s| s.every) {
        Some(Length::Months(n)) => (n, Unit::Months),
        Some(Length::Days(n)) if n % 7 == 0 => (n / 7, Unit::Weeks),
        Some(Length::Days(n) | Length::WorkingDays(n)) => (n, Unit::Days),
        Some(Length::Seconds(_)) | None => (1, Unit::Months),
    };
    let first = start.and_then(|s| s.first).filter(|first| *first > today);
    Values {
        duty: start.map(|s| format!("{}/{}", s.clause.label, s.what)).unwrap_or_default(),
        title: start.map(|s| s.title.chars().take(200).collect()).unwrap_or_default(),
        kind: start.map_or(Kind::ServiceRequest, |s| kinds::of_duty(&s.what)).key().to_owned(),
        every: every.to_string(),
        unit: unit.key().to_owned(),
        first: first.or_else(|| today.tomorrow().ok()).unwrap_or(today).to_string(),
        at: "08:00".to_owned(),
        ..Values::default()
    }
}

pub(super) fn form(
    customer: &CustomerRef,
    (catalogue, terms): (&Catalogue, &Terms),
    values: Values,
    action: String,
    lang: Lang,
) -> Form {
    let of_a_ticket =
        tickets::choices(customer.clone(), terms, catalogue, new_ticket::Values::default(), (true, lang));
    let matrix = terms.priorities.as_ref();
    let mildest = Choice::new("", lang.t("La plus faible de la matrice", "The mildest of the matrix"));
    let named = matrix
        .iter()
        .flat_map(|m| &m.then.priorities)
        .map(|p| Choice::new(p.clone(), terms.name_of("priority", p)));
    let priorities: Vec<Choice> = matrix.iter().map(|_| mildest.clone()).chain(named).collect();
    let mut closed = vec![Choice::new("", lang.t("Tous les jours comptent", "Every day counts"))];
    for rule in terms.calendars.iter().filter(|r| r.exception_to.is_none()) {
        for then in OnClosed::ALL {
            let what = match then {
                OnClosed::Skip => lang.t("Sauter les jours fermés :", "Leave closed days out:"),
                OnClosed::Next => {
                    lang.t("Reporter au premier jour ouvert :", "Put off to the next open day:")
                }
            };
            let name = terms.name_of("calendar", rule.label());
            closed.push(Choice::new(format!("{}:{}", then.key(), rule.label()), format!("{what} {name}")));
        }
    }
    let mut duties = vec![Choice::new("", lang.t("Aucune", "None"))];
    duties.extend(terms.duties.iter().filter(|rule| app::life::may_be_done_by_tickets(&rule.then)).map(
        |rule| {
            let title = format!("{} [{}]", words::capital(&rule.then.title), rule.label());
            Choice::new(format!("{}/{}", rule.label(), rule.then.what), title)
        },
    ));
    let unit = |unit: Unit| {
        let word = match unit {
            Unit::Days => lang.t("jours", "days"),
            Unit::Weeks => lang.t("semaines", "weeks"),
            Unit::Months => lang.t("mois", "months"),
        };
        Choice::new(unit.key(), word)
    };
    Form {
        action,
        key: fresh_key(),
        values,
        kinds: of_a_ticket.kinds,
        items: of_a_ticket.items,
        sites: of_a_ticket.sites,
        operations: of_a_ticket.operations,
        duties,
        levels: std::iter::once(Choice::new("", lang.t("Sans objet", "Not applicable")))
            .chain(requests::levels(&catalogue.severities))
            .collect(),
        priorities,
        units: Unit::ALL.map(unit).to_vec(),
        closed,
    }
}

/// The fields as they were sent.
pub(super) fn typed(form: &HashMap<String, String>) -> Values {
    let own = |name: &str| super::field(form, name).to_owned();
    Values {
        contract: own("contract"),
        title: own("title"),
        description: own("description"),
        kind: own("kind"),
        item: own("item"),
        site: own("site"),
        operation: own("operation"),
        duty: own("duty"),
        level: own("level"),
        priority: own("priority"),
        every: own("every"),
        unit: own("unit"),
        first: own("first"),
        until: own("until"),
        at: own("at"),
        closed: own("closed"),
    }
}

/// The plan that the fields say.
pub(super) fn ask(values: &Values) -> Result<WritePlan, AppError> {
    let some = |text: &String| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    let chosen = |what: &str| {
        let found = values.item.split_once(':').filter(|(kind, _)| *kind == what);
        found.map(|(_, name)| name.to_owned())
    };
    let date = |name: &str, text: &str| -> Result<Date, AppError> {
        text.parse().map_err(|_| AppError::invalid(name, "une date", "a date"))
    };
    let closed = match values.closed.split_once(':') {
        None => None,
        Some((then, calendar)) => Some(ClosedDays {
            calendar: calendar.to_owned(),
            then: OnClosed::from_key(then).ok_or_else(|| {
                AppError::invalid("calendar", "un choix de la liste", "a choice of the list")
            })?,
        }),
    };
    let at: Time =
        values.at.parse().map_err(|_| AppError::invalid("at", "une heure, 08:30", "an hour, 08:30"))?;
    Ok(WritePlan {
        contract: some(&values.contract),
        title: values.title.clone(),
        description: values.description.clone(),
        about: PlanAbout {
            kind: some(&values.kind),
            priority: some(&values.priority),
            level: some(&values.level),
            service: None,
            site: some(&values.site),
            item: chosen("item"),
            item_class: chosen("class"),
            operation: some(&values.operation),
            duty: values
                .duty
                .split_once('/')
                .map(|(clause, what)| DutyOf { clause: clause.to_owned(), what: what.to_owned() }),
        },
        rhythm: Rhythm {
            every: values
                .every
                .trim()
                .parse()
                .map_err(|_| AppError::invalid("every", "un nombre de 1 à 366", "a number from 1 to 366"))?,
            unit: Unit::from_key(&values.unit).ok_or_else(|| {
                AppError::invalid("unit", "jours, semaines ou mois", "days, weeks or months")
            })?,
            first: date("first", &values.first)?,
            until: some(&values.until).map(|text| date("until", &text)).transpose()?,
            at,
            closed,
        },
    })
}
