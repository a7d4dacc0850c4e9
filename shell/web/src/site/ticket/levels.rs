//! A ticket's levels of escalation, from the engine's to the page's.

use app::ticket::{LevelShown, LevelTold, TicketPage};
use engines::sla;
use events::Silence;
use terms::Terms;

use super::super::levels::on_level;
use super::super::{rows, words};
use crate::design::{CustomerRef, Lang};
use crate::pages::ticket::{Level, LevelState};

pub(super) fn levels(found: &TicketPage, terms: &Terms, customer: &CustomerRef, lang: Lang) -> Vec<Level> {
    // The soonest of all clocks; of those that come at once, the first.
    let to_come = |shown: &&LevelShown| {
        let level = &shown.level.value;
        shown.told.is_none() && !level.reached && !level.averted
    };
    let waiting =
        found.levels.iter().filter(to_come).filter_map(|shown| Some((shown.level.value.at?, shown)));
    let next = waiting.min_by_key(|(at, _)| *at).map(|(_, shown)| &shown.level.value);
    let one = |shown: &LevelShown| {
        let level = &shown.level.value;
        let zoned = |at| words::in_zone(at, &terms.zone);
        let state = match &shown.told {
            Some(LevelTold { silence: Some(Silence::Stopped), .. }) => LevelState::Recorded,
            Some(LevelTold { silence: Some(Silence::Imported), .. }) => LevelState::Imported,
            Some(told) => LevelState::Told(zoned(told.at), told.to.clone()),
            None if level.reached => LevelState::Reached,
            None if level.averted => LevelState::Averted,
            None if next == Some(level) => LevelState::Next,
            None => LevelState::Later,
        };
        Level {
            promise: rows::promise(level.promise),
            level: level.level,
            state,
            at: level.at.map(zoned),
            who: sla::told(words::core(lang), terms, level),
            placed: shown.placed.iter().map(on_level).collect(),
            reasons: words::reasons(&shown.level.reasons, Some(customer), lang),
        }
    };
    found.levels.iter().map(one).collect()
}
