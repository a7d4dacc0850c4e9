//! The pages over the use cases: each handler loads, fills a view, and gives it to its page.

mod account;
mod calendar;
mod changes;
mod contract;
mod customer;
mod customers;
mod desk;
mod drafts;
mod duties;
mod events;
mod forgotten;
mod history;
mod imports;
mod join;
mod journal;
mod knowledge;
mod known_errors;
mod letters;
mod levels;
mod mail;
mod meters;
mod money;
mod monitoring;
mod notifications;
mod on_call;
mod openid;
mod passkeys;
mod people;
mod plans;
mod requests;
mod review;
mod rights;
mod roles;
mod rows;
mod saved_views;
pub(crate) mod search;
mod security;
mod sheet;
mod sign_in;
mod signature;
mod skills;
mod team;
mod templates;
mod ticket;
mod ticket_bulk;
mod ticket_export;
mod ticket_list;
mod tickets;
mod time;
mod typed;
mod undertaking;
mod visits;
mod webhooks;
mod window;
pub(crate) mod words;

use app::{Act, AppError, Permit};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::design::{CustomerRef, assets};
use crate::http::{Failure, Reader, State, Visitor, Web, html};
use crate::pages::help;

/// Every page and form.
pub fn router() -> Router<State> {
    Router::new()
        .route("/", get(desk::show))
        .route("/desk.csv", get(ticket_export::desk_csv))
        .route("/desk.xlsx", get(ticket_export::desk_xlsx))
        .route("/desk/views", post(desk::views::save))
        .route("/desk/views/{view}/remove", post(desk::views::remove))
        .route("/team", get(team::show))
        .route("/calendar", get(calendar::everywhere))
        .route("/c/{customer}/calendar", get(calendar::of_customer))
        .route("/notifications", get(notifications::show).post(notifications::read_all))
        .route("/notifications/{notification}/read", post(notifications::read))
        .route("/sign-in", get(sign_in::form).post(sign_in::enter))
        .route("/sign-in/forgotten", get(forgotten::form).post(forgotten::ask))
        .route("/sign-in/passkey", post(passkeys::enter))
        .route("/sign-in/openid/{provider}", get(openid::leave))
        .route("/sign-in/openid/{provider}/answer", get(openid::arrive))
        .route("/sign-in/code", post(openid::code))
        .route("/sign-out", post(sign_in::leave))
        .route("/preferences", post(sign_in::prefer))
        .route("/help", get(help_page))
        .route("/account", get(account::show))
        .route("/account/password", post(account::change_password))
        .route("/account/sessions", post(account::end_session))
        .route("/account/tokens", post(account::issue_token))
        .route("/account/tokens/revoke", post(account::revoke_token))
        .route("/account/second-factor", get(account::enrol).post(account::confirm))
        .route("/account/second-factor/remove", post(account::remove))
        .route("/account/passkeys", post(passkeys::add))
        .route("/account/passkeys/remove", post(passkeys::remove))
        .route("/account/identities/remove", post(account::untie))
        .route("/account/recovery-codes", post(account::renew_codes))
        .route("/mail", get(mail::list))
        .route("/c/{customer}/letters", get(letters::show).post(letters::save))
        .route("/mail/letters/{letter}/again", post(mail::again))
        .route("/mail/received/{mail}", post(mail::decide))
        .route("/account/mail", get(mail::choices).post(mail::choose))
        .route("/people", get(people::list).post(people::invite))
        .route("/people/{account}", get(people::show))
        .route("/people/{account}/{act}", post(people::change))
        .route("/join/{code}", get(join::show).post(join::take))
        .route("/search", get(search::everywhere))
        .route("/c/{customer}/search", get(search::show))
        .route("/c", get(customers::list))
        .route("/tickets/new", get(customers::choose))
        .route("/c/{customer}", get(customer::show))
        .route("/c/{customer}/tickets", get(ticket_list::show))
        .route("/c/{customer}/tickets.csv", get(ticket_export::csv))
        .route("/c/{customer}/tickets.xlsx", get(ticket_export::xlsx))
        .route("/c/{customer}/tickets/bulk", post(ticket_bulk::act))
        .route("/c/{customer}/tickets/views", post(saved_views::save))
        .route("/c/{customer}/tickets/views/{view}/remove", post(saved_views::remove))
        .route("/c/{customer}/tickets/new", get(tickets::form))
        .route("/c/{customer}/tickets/weigh", post(tickets::weigh))
        .route("/c/{customer}/known-errors", get(known_errors::show))
        .route("/c/{customer}/knowledge/new", get(knowledge::form::new))
        .route("/c/{customer}/knowledge/suggestions", get(knowledge::suggestions))
        .route("/c/{customer}/knowledge/{number}/edit", get(knowledge::form::edit))
        .route("/c/{customer}/knowledge/{number}/compare", get(knowledge::compare))
        .route("/c/{customer}/knowledge/{number}/{act}", post(knowledge::acts::act))
        .route("/c/{customer}/tickets/{number}/helped", post(knowledge::acts::helped))
        .route("/c/{customer}/changes", get(changes::show))
        .route("/templates", get(templates::everywhere).post(templates::keep_everywhere))
        .route("/templates/remove", post(templates::remove_everywhere))
        .route("/c/{customer}/templates", get(templates::show).post(templates::keep))
        .route("/c/{customer}/templates/remove", post(templates::remove))
        .route("/c/{customer}/plans", get(plans::list).post(plans::write))
        .route("/c/{customer}/plans/new", get(plans::new))
        .route("/c/{customer}/plans/{plan}", get(plans::show).post(plans::rewrite))
        .route("/c/{customer}/plans/{plan}/end", post(plans::end))
        .route("/c/{customer}/imports", get(imports::list))
        .route("/c/{customer}/imports/{import}", get(imports::show))
        .route("/c/{customer}/imports/{import}/report.csv", get(imports::report))
        .route("/c/{customer}/imports/{import}/remarks.csv", get(imports::remarks))
        .route("/c/{customer}/imports/{import}/invite", post(imports::invite))
        .route("/c/{customer}/imports/{import}/amend", post(imports::amend))
        .route("/c/{customer}/imports/{import}/{act}", post(imports::act))
        .route("/c/{customer}/history", get(history::list))
        .route("/c/{customer}/history/{entry}", get(history::show))
        .route("/c/{customer}/webhooks", get(webhooks::list).post(webhooks::write))
        .route("/c/{customer}/webhooks/new", get(webhooks::new))
        .route("/c/{customer}/webhooks/{webhook}", get(webhooks::show).post(webhooks::rewrite))
        .route("/c/{customer}/webhooks/{webhook}/rotate", post(webhooks::rotate))
        .route("/c/{customer}/webhooks/{webhook}/{act}", post(webhooks::act))
        .route("/c/{customer}/tickets/{number}/change/{act}", post(ticket::change::act))
        .route("/c/{customer}/tickets/{number}/satisfaction", post(ticket::satisfaction::tell))
        .route("/c/{customer}/tickets/{number}/delivery/{act}", post(ticket::delivery::act))
        .route("/c/{customer}/tickets/{number}/visits", get(visits::show).post(visits::report))
        .route("/c/{customer}/tickets/{number}/visits/{visit}/sign", post(visits::sign))
        .route("/c/{customer}/tickets/{number}/visits/{visit}/report.pdf", get(visits::pdf))
        .route("/c/{customer}/tickets/{number}", get(ticket::show))
        .route("/c/{customer}/tickets/{number}/preview", post(ticket::preview))
        .route("/c/{customer}/tickets/{number}/files/{file}", get(ticket::files::download))
        .route("/c/{customer}/tickets/{number}/files/{file}/image", get(ticket::files::image))
        .route("/c/{customer}/tickets/{number}/{act}", post(ticket::act))
        .route("/c/{customer}/contracts/{contract}", get(contract::show))
        .route("/c/{customer}/contracts/{contract}/text", get(contract::text))
        .route("/c/{customer}/contracts/{contract}/compare", get(contract::compare))
        .route("/time", get(time::show))
        .route("/time/{act}", post(time::settle))
        .route("/c/{customer}/tickets/{number}/time/{act}", post(time::enter))
        .route("/calls/new", get(meters::form).post(meters::record))
        .route("/c/{customer}/meters", get(meters::show))
        .route("/c/{customer}/money", get(money::show))
        .route("/c/{customer}/money/close", post(money::close))
        .route("/c/{customer}/money/{month}", get(money::statement))
        .route("/c/{customer}/duties", get(duties::show))
        .route("/c/{customer}/duties/done", post(duties::done))
        .route("/c/{customer}/duties/event", post(duties::event))
        .route("/c/{customer}/monitoring", get(monitoring::show))
        .route("/c/{customer}/monitoring/outages", post(monitoring::record))
        .route("/c/{customer}/monitoring/outages/{outage}/{act}", post(monitoring::change))
        .route("/c/{customer}/monitoring/maintenance", post(monitoring::announce))
        .route("/c/{customer}/monitoring/maintenance/{window}/cancel", post(monitoring::give_up))
        .route("/c/{customer}/journal", get(journal::show))
        .route("/c/{customer}/people", get(roles::show).post(roles::give))
        .route("/c/{customer}/people/end", post(roles::end))
        .route("/c/{customer}/review", get(review::show))
        .route("/c/{customer}/review.pdf", get(review::pdf))
        .route("/c/{customer}/on-call", get(on_call::show).post(on_call::send))
        .route("/c/{customer}/escalation", get(levels::list))
        .route("/c/{customer}/escalation/level", get(levels::show).post(levels::assign))
        .route("/c/{customer}/skills", get(skills::list))
        .route("/c/{customer}/skills/element", get(skills::element).post(skills::tell))
        .route("/c/{customer}/undertaking", get(undertaking::show).post(undertaking::sign))
        .route("/permissions", get(rights::show))
        .route("/assets/{name}", get(asset))
}

/// Where contracts are signed: its form is larger than any other.
pub fn signing() -> Router<State> {
    Router::new()
        .route("/c/{customer}/contracts", post(signature::sign))
        .route("/c/{customer}/contracts/new", get(signature::form))
        .merge(drafts::router())
        .merge(knowledge::writing())
}

/// Where messages are written, which may come with files, and where files to bring in are sent.
pub fn writing() -> Router<State> {
    Router::new()
        .route("/c/{customer}/tickets/{number}/reply", post(ticket::files::reply))
        .route("/c/{customer}/tickets/{number}/note", post(ticket::files::note))
        .route("/c/{customer}/tickets", post(tickets::open))
        .route("/c/{customer}/imports", post(imports::send))
}

/// What stays open while a page is read.
pub fn streaming() -> Router<State> {
    Router::new().route("/events", get(events::show))
}

async fn help_page(axum::extract::State(web): axum::extract::State<State>, reader: Reader) -> Response {
    html(help::page(&reader.shell(&web, None), &help::View))
}

async fn asset(Path(name): Path<String>) -> Response {
    let Some((bytes, mime)) = assets::get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    // Other addresses carry the content's hash; the style sheet names the fonts without it.
    let kept = if name.ends_with(".woff2") {
        "public, max-age=86400"
    } else {
        "public, max-age=31536000, immutable"
    };
    let headers = [(CONTENT_TYPE, mime), (CACHE_CONTROL, kept)];
    (headers, bytes).into_response()
}

/// What is answered where there is nothing.
pub async fn not_found(visitor: Visitor) -> Failure {
    Failure { visitor: Box::new(visitor), error: AppError::NotFound }
}

/// A failure for this reader.
fn failed(reader: &Reader) -> impl FnOnce(AppError) -> Failure + use<> {
    let visitor = Box::new(reader.visitor.clone());
    |error| Failure { visitor, error }
}

/// A customer as pages link to it, and the permit for what is asked.
struct Place {
    permit: Permit,
    customer: CustomerRef,
}

fn place(app: &app::App, reader: &Reader, slug: &str, act: Act) -> Result<Place, AppError> {
    let permit = Web::permit(app, &reader.principal, slug, act)?;
    let vault = app.vault(permit.customer())?;
    let contract = if reader.principal.may_for(Act::SeeContract, permit.customer()) {
        vault.agreements()?.contracts.first().map(|c| c.number.clone())
    } else {
        None
    };
    let customer =
        CustomerRef { id: permit.customer(), slug: vault.slug.clone(), name: vault.name.clone(), contract };
    Ok(Place { permit, customer })
}

/// A fresh idempotency key for the forms of a page.
fn fresh_key() -> String {
    let mut bytes = [0; 16];
    app::entropy::Entropy::fill(&app::entropy::Os, &mut bytes);
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
