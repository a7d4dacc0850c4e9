//! What stands beside the open work, in two lines: who is on call now, and what is dated of today.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::icon::{Icon, icon};
use crate::design::{Lang, Text, components, format};
use crate::pages::sampling::at;

/// Both lines are cut to what fits them; the calendar has the rest.
#[derive(Clone, Debug, Default)]
pub struct Today {
    /// The day, as the desk reads it.
    pub now: Option<Zoned>,
    pub on_call: Vec<OnCall>,
    pub others_on_call: usize,
    /// What is late first.
    pub dated: Vec<Dated>,
    pub others: usize,
    /// Where all of it is; `None` for who reads no calendar.
    pub calendar: Option<String>,
}

#[derive(Clone, Debug)]
pub struct OnCall {
    /// `None` for the reader.
    pub name: Option<String>,
    pub phone: Option<String>,
    pub until: Zoned,
    /// The customer's roster.
    pub href: String,
    pub customer: String,
    /// How many customers more.
    pub more: usize,
}

#[derive(Clone, Debug)]
pub struct Dated {
    pub text: String,
    /// Past its day, or under way: « en retard de 3 jours », « de 14:00 à 16:00 ».
    pub when: String,
    pub late: bool,
    pub href: String,
    pub customer: String,
}

impl Today {
    fn is_empty(&self) -> bool {
        self.on_call.is_empty() && self.dated.is_empty()
    }
}

/// Nothing when there is nothing to say.
pub(super) fn draw(today: &Today, lang: Lang) -> Markup {
    if today.is_empty() {
        return html! {};
    }
    html! {
        div.today role="group" aria-label=(lang.t("Aujourd’hui", "Today")) {
            @if !today.on_call.is_empty() {
                p {
                    (icon(Icon::Phone)) strong { (lang.t("D’astreinte", "On call")) } " "
                    span.today-items {
                        @for on in &today.on_call { span { (on_call(on, today, lang)) } }
                        (rest(today.others_on_call, today, lang))
                    }
                }
            }
            @if !today.dated.is_empty() {
                p {
                    (icon(Icon::Calendar)) strong { (lang.t("Aujourd’hui", "Today")) } " "
                    span.today-items {
                        @for one in &today.dated { span { (dated(one)) } }
                        (rest(today.others, today, lang))
                    }
                }
            }
        }
    }
}

fn on_call(on: &OnCall, today: &Today, lang: Lang) -> Markup {
    let own = lang.t("vous", "you");
    let same_day = today.now.as_ref().is_some_and(|now| now.date() == on.until.date());
    let until = match same_day {
        true => format!("{} {}", lang.t("jusqu’à", "until"), format::hour(&on.until)),
        false => format!("{} {}", lang.t("jusqu’au", "until"), format::short_instant(&on.until, lang)),
    };
    html! {
        a href=(on.href) { @match &on.name { Some(name) => (name), None => (own) } }
        @if let Some(phone) = &on.phone {
            " " a href={ "tel:" (phone.replace(' ', "")) } { (phone) }
        }
        " " (until)
        " " span.muted {
            (on.customer)
            @if on.more > 0 { " + " (on.more) }
        }
    }
}

fn dated(one: &Dated) -> Markup {
    html! {
        a href=(one.href) { (components::words(&one.text, Lang::Fr)) }
        " " span.left.bad[one.late] { (one.when) }
        " " span.muted { (one.customer) }
    }
}

fn rest(count: usize, today: &Today, lang: Lang) -> Markup {
    let all: Text = lang.t("tout voir", "see all");
    html! {
        @match &today.calendar {
            Some(href) if count > 0 => span { a href=(href) { "+ " (count) ", " (all) } },
            Some(href) => span { a href=(href) { (all) } },
            None if count > 0 => span.muted { "+ " (count) },
            None => {}
        }
    }
}

/// For the gallery and the tests.
pub(super) fn samples(lang: Lang) -> Today {
    let on = |name: Option<&str>, phone: Option<&str>, until, customer: &str, more| OnCall {
        name: name.map(Into::into),
        phone: phone.map(Into::into),
        until: at(until),
        href: "/c/ateliers-garonne/on-call".into(),
        customer: customer.into(),
        more,
    };
    let dated = |text: Text, when: Text, late, href: &str, customer: &str| Dated {
        text: text.into(),
        when: when.into(),
        late,
        href: href.into(),
        customer: customer.into(),
    };
    Today {
        now: Some(at("2026-11-03T10:00")),
        on_call: vec![
            on(Some("Karim Benali"), Some("05 36 49 10 21"), "2026-11-03T18:00", "Ateliers Garonne SAS", 2),
            on(None, None, "2026-11-09T08:00", "Mutuelle Horizon Atlantique", 0),
        ],
        others_on_call: 0,
        dated: vec![
            dated(
                lang.t("Rapport d’activité d’octobre", "Activity report for October"),
                lang.t("en retard de 2 jours", "2 days late"),
                true,
                "/c/ateliers-garonne/duties",
                "Ateliers Garonne SAS",
            ),
            dated(
                lang.t("Maintenance de srv-erp", "Maintenance of srv-erp"),
                lang.t("de 19:00 à 21:00", "from 19:00 to 21:00"),
                false,
                "/c/ateliers-garonne/monitoring",
                "Ateliers Garonne SAS",
            ),
        ],
        others: 3,
        calendar: Some("/calendar?view=day".into()),
    }
}
