//! `regisseur demo`: three customers, their providers, and the year they have spent together.
//!
//! Everything is done through the use cases, with the clock set to the day it happened; nothing is
//! written to the database behind their back.

mod card;
mod cast;
mod changes;
mod clock;
mod deliveries;
mod dice;
mod duties;
mod habits;
mod hours;
mod knowledge;
mod levels;
mod life;
mod lumen;
mod mutuelle;
mod open_work;
mod people;
mod plan;
mod prepare;
mod replay;
mod scenarios;
mod screen;
mod story;
mod timeline;

use std::path::Path;
use std::sync::Arc;

use app::{Act as Right, App, Role, Settings};
use jiff::Timestamp;
use web::http::{DemoAccount, Front, Web};

use crate::cli;
use crate::commands::printer::printer;
use crate::commands::{HOST, serve};
use crate::output::{Failure, Report, to_out};
use card::Card;

pub fn run(asked: &cli::Demo) -> Result<Report, Failure> {
    serve::log_to_stderr();
    let lang: base::Lang = asked.shown.lang.into();
    if asked.prepare_only {
        let card = ready(&asked.data, &asked.listen.to_string(), lang)?;
        let text = screen::prepared(&card, &asked.data, lang);
        let json = serde_json::to_value(&card).expect("invariant: a card is plain data");
        return Ok(if asked.shown.json { Report::json(&json, 0) } else { Report::ok(text) });
    }
    // Taken first: a busy port is better known before the preparation than after.
    let listener = serve::listen(asked.listen)?;
    let at = listener.local_addr().map_or_else(|_| asked.listen.to_string(), |a| a.to_string());
    let mut card = ready(&asked.data, &at, lang)?;
    let (app, web_clock) = open(&asked.data)?;
    web_clock.start_at(resume_at(&app, &card)?);
    card.listen = at;
    card.write(&asked.data)?;
    if asked.shown.json {
        to_out(&format!("{:#}\n", serde_json::to_value(&card).expect("invariant: a card is plain data")));
    } else {
        to_out(&screen::served(&card, &serve::url(&listener), app.now(), lang));
    }
    let app = Arc::new(app);
    let _post = asked.mail.as_deref().map(|file| serve::post(app.clone(), file)).transpose()?;
    let web = Web { app, demo: sign_ins(&card), demo_clock: true, printer: Some(printer()) };
    serve::until_told_to_stop(web, listener, Front::default())?;
    Ok(Report::default())
}

/// The folder's card, after preparing the folder if that was never finished.
fn ready(data: &Path, listen: &str, lang: base::Lang) -> Result<Card, Failure> {
    match Card::read(data)? {
        Some(card) => Ok(card),
        None => {
            let progress = screen::Progress::start(data, lang);
            prepare::prepare(data, listen, |done, all| progress.show(done, all))
        }
    }
}

fn open(data: &Path) -> Result<(App, Arc<clock::DemoClock>), Failure> {
    let clock = Arc::new(clock::DemoClock::new(prepare::start()));
    let settings =
        Settings { host: HOST.to_owned(), clock: clock.clone(), entropy: Arc::new(app::entropy::Os) };
    // Its accounts are nobody's: five minutes should not begin with a phone.
    Ok((App::open(data, settings)?.with_optional_second_factor(), clock))
}

/// Where the clock goes on: at the demonstration's instant, or after what visitors have done since.
fn resume_at(app: &App, card: &Card) -> Result<Timestamp, Failure> {
    let mut latest = prepare::start();
    let Some(token) = card.token(Role::ProviderAdmin) else { return Ok(latest) };
    let admin = app.bearer(token)?;
    for row in app.customers()? {
        let permit = admin.permit(Right::SeeJournal, base::id::CustomerId(row.id))?;
        let last = app.journal(&permit, None, 1)?;
        latest = last.entries.iter().map(|e| e.at).fold(latest, Timestamp::max);
    }
    Ok(latest)
}

fn sign_ins(card: &Card) -> Vec<DemoAccount> {
    card.accounts
        .iter()
        .filter_map(|a| {
            let role = Role::from_key(&a.role)?;
            Some(DemoAccount { role, email: a.email.clone() })
        })
        .collect()
}
