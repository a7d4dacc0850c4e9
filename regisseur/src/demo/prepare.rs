//! Builds the demonstration's folder: accounts, customer, contract, and everything that has happened since.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use app::clock::Set;
use app::customer::NewCustomer;
use app::{Act as Right, App, Settings};
use jiff::civil::{DateTime, date};
use jiff::{SignedDuration, Timestamp};
use store::folder::Folder;

use super::card::{Card, Customer};
use super::cast::{Cast, Of, Who};
use super::dice::Dice;
use super::hours::Hours;
use super::life::Life;
use super::plan::{Act, Plan};
use super::replay::Replay;
use super::{changes, deliveries, duties, habits, knowledge, levels, lumen, mutuelle, open_work, timeline};
use crate::commands::HOST;
use crate::output::Failure;

/// Lies in the folder from the first byte to the last: what it accompanies is only half there.
const UNFINISHED: &str = "demo.preparing";

/// The same year at each preparation.
const SEED: u64 = 20_260_216;

/// How far back people of the demonstration have not read.
const UNREAD: SignedDuration = SignedDuration::from_hours(36);

/// When the demonstration begins: Tuesday 3 November 2026, ten in Paris (UTC+1).
pub fn start() -> Timestamp {
    date(2026, 11, 3).at(9, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).expect("invariant: a date").timestamp()
}

/// Prepares a folder, saying how far it is: acts done, and all of them.
pub fn prepare(data: &Path, listen: &str, told: impl FnMut(usize, usize)) -> Result<Card, Failure> {
    clear(data)?;
    let clock = Arc::new(Set::at(start()));
    let settings = Settings {
        host: HOST.to_owned(),
        clock: clock.clone(),
        // Keys, salts and ids are the system's: only the choices of the plan come from a seed.
        entropy: Arc::new(app::entropy::Os),
    };
    let app = App::open(data, settings)?.with_optional_second_factor();
    let card = fill(&app, &clock, listen, told)?;
    drop(app);
    card.write(data)?;
    remove(&data.join(UNFINISHED))?;
    Ok(card)
}

fn fill(app: &App, clock: &Set, listen: &str, mut told: impl FnMut(usize, usize)) -> Result<Card, Failure> {
    let hours = hours()?;
    clock.move_to(hours.at(date(2026, 2, 16).at(9, 30, 0, 0)));
    let mut cast = Cast::provider(app)?;
    let permit = cast.get(Who::Vidal).permit_instance(Right::CreateCustomer)?;
    let (mut ids, mut customers) = (HashMap::new(), Vec::new());
    for of in Of::ALL {
        let new = NewCustomer { slug: of.slug().to_owned(), name: of.name().to_owned() };
        let id = app.create_customer(&permit, &new)?;
        cast.join(app, of, id)?;
        ids.insert(of, id);
        customers.push(Customer { id: id.to_string(), slug: new.slug, name: new.name });
    }
    let acts = acts(&hours);
    Replay::new(app, clock, &cast, &ids).run(&acts, |done| told(done, acts.len()))?;
    read_what_is_old(app, &cast)?;
    Ok(Card { listen: listen.to_owned(), customers, accounts: cast.accounts, tokens: cast.tokens })
}

/// People have read what happened before the last days: a pile of months would say that nobody looks.
fn read_what_is_old(app: &App, cast: &Cast) -> Result<(), Failure> {
    let before =
        start().checked_sub(UNREAD).map_err(|e| Failure::new("demo", e.to_string(), e.to_string()))?;
    let last = (before.as_microsecond(), Default::default());
    for account in &cast.accounts {
        app.read_notifications_through(&app.person_of(&account.email)?, last)?;
    }
    Ok(())
}

/// The service hours of the contract that will be signed.
fn hours() -> Result<Hours, Failure> {
    let text = timeline::CONTRACT;
    let compiled = contract::compile(text.file, text.text);
    let around: DateTime = date(2026, 7, 1).at(12, 0, 0, 0);
    Hours::of(&compiled.terms, around)
}

/// Everything that happened before the demonstration begins, in order.
fn acts(hours: &Hours) -> Vec<Act> {
    let mut plan = Plan::new(Of::Garonne);
    timeline::plan(&mut plan, hours);
    open_work::plan(&mut plan, hours);
    duties::plan(&mut plan, hours, Who::Vasseur, &[timeline::CONTRACT]);
    knowledge::plan(&mut plan, hours, Of::Garonne);
    levels::plan(&mut plan, hours, Of::Garonne);
    habits::plan(&mut plan, hours);
    Life { plan: &mut plan, hours, dice: Dice::new(SEED) }.live();
    let mut lumen = Plan::new(Of::Lumen);
    lumen::plan(&mut lumen, hours);
    duties::plan(&mut lumen, hours, Who::Kerbrat, &[lumen::CONTRACT]);
    knowledge::plan(&mut lumen, hours, Of::Lumen);
    levels::plan(&mut lumen, hours, Of::Lumen);
    changes::plan(&mut lumen, hours);
    deliveries::plan(&mut lumen, hours);
    let mut mutuelle = Plan::new(Of::Mutuelle);
    mutuelle::plan(&mut mutuelle, hours);
    duties::plan(&mut mutuelle, hours, Who::Rouault, &mutuelle::CONTRACTS);
    knowledge::plan(&mut mutuelle, hours, Of::Mutuelle);
    levels::plan(&mut mutuelle, hours, Of::Mutuelle);
    let mut acts = Plan::in_order([plan, lumen, mutuelle]);
    acts.retain(|act| act.at < start());
    acts
}

/// Takes the folder for a preparation: an empty one, or one whose preparation was interrupted.
fn clear(data: &Path) -> Result<(), Failure> {
    let mark = data.join(UNFINISHED);
    let failed = |e: std::io::Error| Failure::io("data", &data.display().to_string(), &e);
    if data.join("instance.db").exists() && !mark.exists() {
        let data = data.display();
        return Err(Failure::new(
            "data",
            format!(
                "{data} contient déjà des données qui ne sont pas une démonstration : choisissez un autre dossier avec --data."
            ),
            format!(
                "{data} already holds data that is not a demonstration: choose another folder with --data."
            ),
        ));
    }
    // Held while we clear, so that two preparations never empty each other's folder.
    let folder = Folder::open(data).map_err(|e| Failure::new("data", e.to_string(), e.to_string()))?;
    fs::write(&mark, "").map_err(failed)?;
    for name in ["instance.db", "instance.db-wal", "instance.db-shm", "demo.json.new"] {
        remove(&data.join(name))?;
    }
    for name in ["vaults", "keys"] {
        fs::remove_dir_all(data.join(name)).map_err(failed)?;
    }
    drop(folder);
    Ok(())
}

fn remove(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::io("data", &path.display().to_string(), &e))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
