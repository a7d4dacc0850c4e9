//! The levels of escalation of a ticket.

use app::ticket::LevelShown;
use events::Silence;
use jiff::Timestamp;

use super::PromiseWord;
use crate::api::because::{Why, whys};
use crate::api::levels::unable;
use crate::api::schema::{answer, words};

words! {
    /// Why a level of escalation was told to nobody.
    SilenceWord ["stopped", "imported"];
}

answer! {
    /// A level of escalation of one promise's clock.
    LevelAnswer {
        promise: PromiseWord,
        /// 1 for the first people told.
        level: u32,
        /// When the clock comes to it, past or to come; nothing while it is paused with no end in sight.
        at: Option<Timestamp>,
        /// The clock came to it while it ran.
        reached: bool,
        /// The clock stopped before: nobody is to be told.
        averted: bool,
        /// The names of those put on it, told first in the place of the contacts of its clause.
        placed: Vec<String>,
        /// Those of them who may no longer read the tickets, and are told nothing.
        unable: Vec<String>,
        /// When the people were told, or it was recorded; nothing until then.
        told_at: Option<Timestamp>,
        /// Their names; empty when no account answers to what the clause says.
        told: Vec<String>,
        /// Why it was recorded and told to nobody: the clock had `stopped`, or the ticket was `imported` after.
        silence: Option<SilenceWord>,
        reasons: Vec<Why>,
    }
}

impl From<LevelShown> for LevelAnswer {
    fn from(shown: LevelShown) -> LevelAnswer {
        let level = shown.level.value;
        let silence = shown.told.as_ref().and_then(|told| told.silence);
        let (told_at, told) = shown.told.map(|told| (told.at, told.to)).unzip();
        LevelAnswer {
            promise: PromiseWord::of(level.promise.key()),
            level: level.level,
            at: level.at,
            reached: level.reached,
            averted: level.averted,
            unable: unable(&shown.placed),
            placed: shown.placed.into_iter().map(|person| person.name).collect(),
            told_at,
            told: told.unwrap_or_default(),
            silence: silence.map(|silence| match silence {
                Silence::Stopped => SilenceWord::of("stopped"),
                Silence::Imported => SilenceWord::of("imported"),
            }),
            reasons: whys(shown.level.reasons),
        }
    }
}
