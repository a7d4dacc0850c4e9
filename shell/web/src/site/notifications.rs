//! `/notifications`: what the reader was told of.

use app::mail::Notice;
use app::notifications::{Key, Notification};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use uuid::Uuid;

use super::mail::notice;
use super::{failed, words};
use crate::design::{Lang, format};
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, html, pair, see_other, with_cookie};
use crate::pages::notifications::{Line, View, page};

const ROWS: u32 = 30;

#[derive(Deserialize)]
pub struct Asked {
    /// `all`; the unread ones otherwise.
    #[serde(default)]
    show: String,
    /// Where the page before ended.
    #[serde(default)]
    after: String,
}

/// As an address carries the place of one of them.
fn text(key: Key) -> String {
    format!("{}.{}", key.0, key.1)
}

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (who, unread, from) = (reader.principal.clone(), asked.show != "all", pair(&asked.after));
    let found = web.run(move |app| app.notifications(&who, unread, from, ROWS)).await;
    let found = found.map_err(failed(&reader))?;
    let left = reader.visitor.signed_in.as_ref().map_or(0, |(person, _)| person.unread);
    let shows = if unread { "unread" } else { "all" };
    let line = |n: Notification| Line {
        id: n.id.to_string(),
        at: words::local(n.at),
        read: n.read,
        what: notice(n.notice, reader.visitor.lang).to_string(),
        elsewhere: n
            .week
            .map(|week| sheet(week, reader.visitor.lang))
            .or_else(|| elsewhere(n.notice, &n.slug, reader.visitor.lang)),
        customer: n.customer_name,
        slug: n.slug,
        number: n.number,
        title: n.title,
    };
    let view = View {
        unread,
        lines: found.lines.into_iter().map(line).collect(),
        through: found.first.filter(|_| left > 0).map(text),
        first: from.map(|_| format!("/notifications?show={shows}")),
        next: found.next.map(|key| format!("/notifications?show={shows}&after={}", text(key))),
    };
    Ok(html(page(&reader.shell(&web, None), &view)))
}

/// Where what is about no ticket is seen, and what that is called.
fn elsewhere(notice: Notice, slug: &str, lang: Lang) -> Option<(String, String)> {
    let (page, title) = match notice {
        Notice::Webhook => ("webhooks", lang.t("Webhooks du client", "The customer’s webhooks")),
        Notice::Deadline => ("duties", lang.t("Échéances du contrat", "Deadlines of the contract")),
        Notice::Meter => ("meters", lang.t("Compteurs du client", "The customer’s meters")),
        Notice::OnCall => ("on-call", lang.t("Astreinte du client", "The customer’s on-call roster")),
        Notice::Review => ("knowledge", lang.t("Connaissances du client", "The customer’s knowledge")),
        _ => return None,
    };
    Some((format!("/c/{slug}/{page}"), title.to_string()))
}

/// The sheet of a week, and what it is called.
fn sheet(week: Date, lang: Lang) -> (String, String) {
    let title = format!("{} {}", lang.t("Votre semaine du", "Your week of"), format::date(week, lang));
    (format!("/time?week={week}"), title)
}

#[derive(Deserialize)]
pub struct Through {
    /// The latest one that its reader had before their eyes.
    #[serde(default)]
    through: String,
}

pub async fn read_all(
    Shared(web): Shared<State>,
    checked: CheckedForm<Through>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let who = reader.principal.clone();
    if let Some(last) = pair(&form.through) {
        let done = web.run(move |app| app.read_notifications_through(&who, last));
        done.await.map_err(failed(&reader))?;
    }
    Ok(with_cookie(see_other("/notifications"), &flash_cookie("notifications-read")))
}

#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    show: String,
}

pub async fn read(
    Shared(web): Shared<State>,
    Path(id): Path<Uuid>,
    checked: CheckedForm<Back>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let who = reader.principal.clone();
    web.run(move |app| app.read_notification(&who, id)).await.map_err(failed(&reader))?;
    let back = if form.show == "all" { "/notifications?show=all" } else { "/notifications" };
    Ok(see_other(back))
}
