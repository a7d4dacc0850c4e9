//! What stands beside the open work, cut to two lines.

use app::today::{Dated, OnCallNow, Today, What};
use base::id::AccountId;
use jiff::Zoned;

use crate::design::{Lang, format};
use crate::http::Reader;
use crate::pages::desk as view;

/// People and dates on one line each.
const ON_CALL: usize = 3;
const DATED: usize = 3;

pub(super) fn shown(today: Today, reader: &Reader, now: Zoned) -> view::Today {
    let (lang, me) = (reader.visitor.lang, reader.principal.account);
    // What one is on call for oneself is the first thing to know.
    let mut on_call = today.on_call;
    on_call.sort_by_key(|on| on.person != me);
    view::Today {
        others_on_call: on_call.len().saturating_sub(ON_CALL),
        on_call: on_call.into_iter().take(ON_CALL).map(|on| reached(on, me)).collect(),
        others: today.dated.len().saturating_sub(DATED),
        dated: today.dated.into_iter().take(DATED).map(|one| dated(one, lang)).collect(),
        calendar: reader
            .principal
            .may(app::Act::SeeContract)
            .then(|| format!("/calendar?view=day&at={}", now.date())),
        now: Some(now),
    }
}

fn reached(on: OnCallNow, me: AccountId) -> view::OnCall {
    let more = on.customers.len().saturating_sub(1);
    let (slug, customer) = on.customers.into_iter().next().unwrap_or_default();
    view::OnCall {
        name: (on.person != me).then_some(on.name),
        phone: on.phone,
        until: on.until,
        href: format!("/c/{slug}/on-call"),
        customer,
        more,
    }
}

fn dated(one: Dated, lang: Lang) -> view::Dated {
    let path = |page: String| format!("/c/{}{page}", one.slug);
    let hours = |from: &Zoned, until: &Zoned| {
        let until = match from.date() == until.date() {
            true => format::hour(until),
            false => format::short_instant(until, lang),
        };
        match lang {
            Lang::Fr => format!("de {} à {until}", format::hour(from)),
            Lang::En => format!("from {} to {until}", format::hour(from)),
        }
    };
    let (text, when, href) = match &one.what {
        What::Duty { title, late } => {
            let when = match (lang, late) {
                (_, 0) => lang.t("dernier jour", "last day").to_string(),
                // By a day, or by hours of today.
                (Lang::Fr, 1) => "en retard".to_owned(),
                (Lang::Fr, n) => format!("en retard de {n} jours"),
                (Lang::En, 1) => "late".to_owned(),
                (Lang::En, n) => format!("{n} days late"),
            };
            (super::words::capital(title), when, path("/duties".to_owned()))
        }
        What::Maintenance { items, from, until } => {
            let text = format!("{} {}", lang.t("Maintenance :", "Maintenance:"), items.join(", "));
            (text, hours(from, until), path("/monitoring".to_owned()))
        }
        What::Change { number, title, from, until } => {
            let text = format!("{} {number} {title}", lang.t("Changement", "Change"));
            (text, hours(from, until), path(format!("/tickets/{number}")))
        }
    };
    let late = matches!(one.what, What::Duty { late: 1.., .. });
    view::Dated { text, when, late, href, customer: one.customer }
}
