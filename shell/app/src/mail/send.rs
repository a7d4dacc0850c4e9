//! What leaves the queue: letters to be sent, and what became of them.

use std::collections::BTreeSet;

use base::id::AccountId;
use store::instance::mail::{self, Message, State};
use uuid::Uuid;

use super::Letter;
use crate::error::{AppError, Result};
use crate::instance::App;

const SECOND: i64 = 1_000_000;
/// A letter handed over is tried again after this long, should nothing be heard of it: a crash between
/// the relay's answer and ours sends it twice, under the same identifier.
const LEASE: i64 = 600 * SECOND;
/// The wait after the first failure; it doubles, up to [`LONGEST_WAIT`].
const FIRST_WAIT: i64 = 60 * SECOND;
const LONGEST_WAIT: i64 = 6 * 3600 * SECOND;
/// RFC 5321, 4.5.4.1: give up after four or five days.
const GIVE_UP: i64 = 5 * 24 * 3600 * SECOND;
/// Notices in one digest.
const IN_A_DIGEST: u32 = 200;
/// Characters kept of a relay's answer.
const LONGEST_ERROR: usize = 300;

/// What the relay made of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    Sent,
    /// It may be taken later: a network trouble, a 4xx answer.
    Later(String),
    /// It never will: a 5xx answer, an address that is none.
    Never(String),
}

impl App {
    /// Up to about `limit` letters that may leave now, written now. Each must be told of with
    /// [`App::letter_ended`]; one that is not is written again ten minutes later.
    pub fn letters_to_send(&self, limit: u32) -> Result<Vec<Letter>> {
        if self.mail.get().is_none() {
            return Ok(Vec::new());
        }
        let now = self.micros();
        let mut due = self.instance.read::<_, AppError, _>(move |tx| Ok(mail::due(tx, now, limit)?))?;
        // Those of one moment in the order of what they tell.
        due.sort_by_key(|m| (m.new.next, m.new.ticket, m.new.cause));
        let (mut letters, mut taken) = (Vec::new(), Vec::new());
        for message in due {
            if taken.contains(&message.new.id) {
                continue;
            }
            let together = self.together(message, now)?;
            let ids: Vec<Uuid> = together.iter().map(|m| m.new.id).collect();
            taken.extend(ids.iter().copied());
            letters.extend(self.write_letter(&together, ids, now)?);
        }
        Ok(letters)
    }

    fn together(&self, message: Message, now: i64) -> Result<Vec<Message>> {
        if !message.new.digest {
            return Ok(vec![message]);
        }
        let account = message.new.account;
        let mut together = self
            .instance
            .read::<_, AppError, _>(move |tx| Ok(mail::digest(tx, account, now, IN_A_DIGEST)?))?;
        together.sort_by_key(|m| (m.created, m.new.ticket.map(|(vault, _)| vault), m.new.cause));
        Ok(together)
    }

    fn write_letter(&self, together: &[Message], ids: Vec<Uuid>, now: i64) -> Result<Option<Letter>> {
        let tried = ids.clone();
        self.instance.write::<_, AppError, _>(move |tx| {
            tried.iter().try_for_each(|id| mail::try_now(tx, *id, now + LEASE, now).map(drop))?;
            Ok(())
        })?;
        let said = self.say(together).and_then(|letter| match letter {
            Some(letter) => Ok(Some(letter)),
            None => {
                // Not to be told any more, or not known to be: only the first is dropped.
                let readers: BTreeSet<AccountId> =
                    together.iter().map(|m| AccountId(m.new.account)).collect();
                readers.into_iter().try_for_each(|reader| self.roles_are_known(reader))?;
                Ok(None)
            }
        });
        match said {
            Ok(Some(letter)) => Ok(Some(letter)),
            Ok(None) => {
                self.end(ids, State::Dropped, None)?;
                Ok(None)
            }
            // A vault that cannot be read keeps its own letters only; the cause is in the log.
            Err(e) => {
                self.letter_ended(&ids, &Delivery::Later(e.to_string()))?;
                Ok(None)
            }
        }
    }

    /// Takes what became of a letter, by its [`Letter::ids`].
    pub fn letter_ended(&self, ids: &[Uuid], delivery: &Delivery) -> Result<()> {
        let short = |text: &str| text.chars().take(LONGEST_ERROR).collect::<String>();
        match delivery {
            Delivery::Sent => self.end(ids.to_vec(), State::Sent, None),
            Delivery::Never(why) => self.end(ids.to_vec(), State::Failed, Some(short(why))),
            Delivery::Later(why) => {
                let (ids, why, now) = (ids.to_vec(), short(why), self.micros());
                self.instance.write::<_, AppError, _>(move |tx| {
                    for id in &ids {
                        let Some(message) = mail::by_id(tx, *id)? else { continue };
                        if now - message.created >= GIVE_UP {
                            mail::end(tx, *id, State::Failed, now, Some(&why))?;
                        } else {
                            mail::later(tx, *id, now + wait(message.attempts), now, &why)?;
                        }
                    }
                    Ok(())
                })
            }
        }
    }

    fn end(&self, ids: Vec<Uuid>, state: State, why: Option<String>) -> Result<()> {
        let now = self.micros();
        self.instance.write::<_, AppError, _>(move |tx| {
            ids.iter().try_for_each(|id| mail::end(tx, *id, state, now, why.as_deref()))?;
            Ok(())
        })
    }
}

/// How long to wait after so many tries: one minute, two, four, up to six hours.
fn wait(attempts: u32) -> i64 {
    let doubled = FIRST_WAIT.saturating_mul(1_i64 << attempts.saturating_sub(1).min(20));
    doubled.min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_six_hours() {
        let minutes: Vec<i64> = [1, 2, 3, 9, 10, 400].iter().map(|n| wait(*n) / SECOND / 60).collect();
        assert_eq!(minutes, [1, 2, 4, 256, 360, 360]);
    }
}
