//! The forms of the page: what they hold, turned into what the use cases ask.

use app::service::{AnnounceMaintenance, TellOutage};
use app::ticket::IdempotencyKey;
use app::{Act, App, AppError, Permit, Result};
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use base::id::{MaintenanceId, OutageId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use terms::availability::{OutageOrigin, ServiceState};

use super::super::typed::{instant, required_instant};
use super::super::{Place, failed, place};
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, see_other, with_cookie};

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    key: String,
    /// A service or an item; several are joined by commas.
    #[serde(default)]
    item: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    detected: String,
    #[serde(default)]
    declared: String,
    #[serde(default)]
    ended: String,
    #[serde(default)]
    origin: String,
    #[serde(default)]
    users: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
}

/// What an act needs once the reader may do it.
struct Doing<'a> {
    app: &'a App,
    permit: Permit,
    key: IdempotencyKey,
    contract: Option<String>,
    zone: TimeZone,
}

pub async fn record(
    web: Shared<State>,
    Path(slug): Path<String>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    done(web, slug, checked, "outage-recorded", |doing, form| {
        let told = told(&doing, form)?;
        let month = told.detected.into_iter().chain(told.declared).min();
        doing.app.record_outage(&doing.permit, &doing.key, &told)?;
        Ok(month)
    })
    .await
}

/// `end`, `correct` or `cancel`.
pub async fn change(
    web: Shared<State>,
    Path((slug, outage, act)): Path<(String, String, String)>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    let flash = format!("outage-{act}");
    done(web, slug, checked, &flash, move |doing, form| {
        let id: OutageId = outage.parse().map_err(|_| AppError::NotFound)?;
        let (app, permit, key, contract) = (doing.app, &doing.permit, &doing.key, doing.contract.as_deref());
        match act.as_str() {
            "end" => {
                let ended = required_instant("ended", &form.ended, &doing.zone)?;
                app.end_outage(permit, key, contract, id, ended)?;
                Ok(Some(ended))
            }
            "correct" => {
                let told = told(&doing, form)?;
                app.correct_outage(permit, key, id, &told)?;
                Ok(told.detected.into_iter().chain(told.declared).min())
            }
            "cancel" => app.cancel_outage(permit, key, contract, id).map(|_| None),
            _ => Err(AppError::NotFound),
        }
    })
    .await
}

pub async fn announce(
    web: Shared<State>,
    Path(slug): Path<String>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    done(web, slug, checked, "maintenance-announced", |doing, form| {
        let from = required_instant("from", &form.from, &doing.zone)?;
        let until = required_instant("until", &form.until, &doing.zone)?;
        let ask = AnnounceMaintenance { contract: doing.contract.clone(), items: items(form), from, until };
        doing.app.announce_maintenance(&doing.permit, &doing.key, &ask)?;
        Ok(Some(from))
    })
    .await
}

pub async fn give_up(
    web: Shared<State>,
    Path((slug, window)): Path<(String, String)>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    done(web, slug, checked, "maintenance-cancelled", move |doing, _| {
        let id: MaintenanceId = window.parse().map_err(|_| AppError::NotFound)?;
        doing.app.cancel_maintenance(&doing.permit, &doing.key, doing.contract.as_deref(), id)?;
        Ok(None)
    })
    .await
}

/// Runs an act and comes back to the month that it is about, to this one when it names none.
async fn done(
    Shared(web): Shared<State>,
    slug: String,
    checked: CheckedForm<Sent>,
    flash: &str,
    act: impl FnOnce(Doing<'_>, &Sent) -> Result<Option<Timestamp>> + Send + 'static,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, to): (Reader, String) = (reader.clone(), slug.clone());
    let ran = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &to, Act::RecordOutage)?;
        let key = IdempotencyKey::parse(&form.key)?;
        let agreements = app.vault(permit.customer())?.agreements()?;
        let agreement = agreements.choose(customer.contract.as_deref(), app.now())?;
        let zone = TimeZone::get(&agreement.latest().compiled.terms.zone).unwrap_or(TimeZone::UTC);
        let doing = Doing { app, permit, key, contract: customer.contract, zone: zone.clone() };
        let about = act(doing, &form)?;
        Ok(about.map(|at| at.to_zoned(zone).strftime("%Y-%m").to_string()))
    });
    let month = ran.await.map_err(failed(&reader))?;
    let month = month.map_or_else(String::new, |month| format!("?month={month}"));
    Ok(with_cookie(see_other(&format!("/c/{slug}/monitoring{month}")), &flash_cookie(flash)))
}

fn told(doing: &Doing<'_>, form: &Sent) -> Result<TellOutage> {
    let users = match form.users.trim() {
        "" => None,
        text => Some(
            text.parse()
                .map_err(|_| AppError::invalid("users", "un nombre d’utilisateurs", "a number of users"))?,
        ),
    };
    Ok(TellOutage {
        contract: doing.contract.clone(),
        items: items(form),
        detected: instant("detected", &form.detected, &doing.zone)?,
        declared: instant("declared", &form.declared, &doing.zone)?,
        ended: instant("ended", &form.ended, &doing.zone)?,
        state: ServiceState::from_key(&form.state).ok_or_else(|| unknown("state"))?,
        users,
        origin: OutageOrigin::from_key(&form.origin).ok_or_else(|| unknown("origin"))?,
    })
}

fn items(form: &Sent) -> Vec<String> {
    form.item.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

fn unknown(field: &'static str) -> AppError {
    AppError::invalid(field, "un choix de la liste", "a choice of the list")
}
