//! Satisfaction: whoever asked for a ticket is asked once, when it is resolved, what they thought of it.
//!
//! An answer is a mark from 1 to 5 and a few words; it may be changed for a while. Both parties read the
//! same figures, by month, beside the mark that the contract aims at where a clause says one.

mod bad;

pub use bad::BadMark;

use base::fraction::Fraction;
use base::id::AccountId;
use base::{Because, Lang, Reason, lang};
use events::{ContentId, Event, SatisfactionTold, Step};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::record::{Content, Stamp, record};
use store::ticket::{Scope, State, Ticket};
use store::{Tx, actor, content, idempotency, satisfaction, ticket};
use terms::indicator::IndicatorTarget;

use crate::access::{Act, Permit, Side};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;

/// A first answer is taken so long after the ticket is resolved.
pub const ASKED_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);
/// An answer may be changed so long after it was first given.
pub const CHANGED_FOR: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Months of figures.
const MONTHS: i64 = 12;
/// Characters of the words.
const LONGEST: usize = 2_000;
const BEST: u8 = 5;
/// Marks up to this one say that somebody is not satisfied.
pub const DISSATISFIED: u8 = 2;
/// Tickets looked at for those about which somebody is asked.
const LOOKED_AT: u32 = 100;

/// What somebody thought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TellSatisfaction {
    /// 1, not at all satisfied, to 5, wholly.
    pub score: u8,
    #[serde(default)]
    pub words: Option<String>,
}

/// What was answered about a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub score: u8,
    pub words: Option<String>,
    pub by: String,
    pub at: Timestamp,
}

/// How a ticket stands with the question, for its reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    pub told: Option<Told>,
    /// The reader may answer, or change the answer, until then.
    pub may_until: Option<Timestamp>,
}

/// What people thought of the tickets of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub month: Date,
    /// How many marks of 1, of 2… of 5.
    pub marks: [u64; BEST as usize],
}

impl Month {
    pub fn answers(&self) -> u64 {
        self.marks.iter().sum()
    }

    /// The average mark in hundredths, rounded to the nearest; `None` without an answer.
    pub fn mean_hundredths(&self) -> Option<u64> {
        let answers = self.answers();
        let sum: u64 = self.marks.iter().zip(1..).map(|(count, mark)| count * mark).sum();
        (answers > 0).then(|| (sum * 200 + answers) / (answers * 2))
    }

    /// Marks of 1 and 2.
    pub fn dissatisfied(&self) -> u64 {
        self.marks[0] + self.marks[1]
    }
}

/// A customer's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// The months with an answer, of the last twelve; the present one first.
    pub months: Vec<Month>,
    /// The mark out of five that a contract in force aims at, with its clause.
    pub target: Option<Because<Fraction>>,
}

impl App {
    /// What was answered about a ticket, and whether the reader is asked.
    pub fn satisfaction_of(&self, permit: &Permit, number: u64) -> Result<Standing> {
        self.on_tickets(permit, Act::SeeTickets)?;
        if permit.role().side() == Side::ThirdParty {
            return Ok(Standing::default());
        }
        let vault = self.vault(permit.customer())?;
        let (now, me, theirs) = (self.now(), permit.by().account, permit.role().side() == Side::Customer);
        let scope = permit.scope();
        vault.db.read(move |tx| {
            let found = ticket::by_number(tx, scope, number)?.ok_or(AppError::NotFound)?;
            let told = satisfaction::of_ticket(tx, found.id)?;
            let asks = theirs && asked(tx, &found, me)?;
            let until = if asks { until(tx, &found, told.as_ref())? } else { None };
            let told = told.map(|t| said(tx, &t)).transpose()?;
            Ok(Standing { told, may_until: until.filter(|until| now < *until) })
        })
    }

    /// Says what whoever asked for a ticket thought of it; once per key.
    pub fn tell_satisfaction(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: u64,
        ask: &TellSatisfaction,
    ) -> Result<u64> {
        self.on_tickets(permit, Act::Reply)?;
        if ask.score == 0 || ask.score > BEST {
            return Err(AppError::invalid("score", "une note de 1 à 5", "a mark from 1 to 5"));
        }
        let words = ask.words.as_deref().map(str::trim).filter(|text| !text.is_empty());
        if words.is_some_and(|text| text.chars().count() > LONGEST) {
            return Err(AppError::invalid(
                "words",
                "2\u{202f}000 caractères au plus",
                "at most 2,000 characters",
            ));
        }
        let words = words.map(|text| Content {
            name: "words",
            id: ContentId(self.id(base::id::uuid_v7)),
            salt: self.salt(),
            bytes: text.as_bytes().to_vec(),
        });
        let (vault, by) = (self.vault(permit.customer())?, permit.by().account);
        let request = serde_json::to_vec(&(number, ask)).map_err(AppError::fault)?;
        let request: [u8; 32] = Sha256::digest(request).into();
        let (stored_key, introduction) = (key.of(by, "satisfaction.tell"), self.introduction(permit.by()));
        let (now, scope, score) = (self.now(), permit.scope().clone(), ask.score);
        let theirs = permit.role().side() == Side::Customer;
        let bytes = vault.db.write::<_, AppError, _>(move |tx| {
            let at = now.as_microsecond();
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                let found = ticket::by_number(tx, &scope, number)?.ok_or(AppError::NotFound)?;
                if !theirs || !asked(tx, &found, by)? {
                    return Err(not_asked());
                }
                let told = satisfaction::of_ticket(tx, found.id)?;
                if until(tx, &found, told.as_ref())?.is_none_or(|until| now >= until) {
                    return Err(closed());
                }
                introduction.ensure(tx, at)?;
                let event = Event::SatisfactionTold(SatisfactionTold {
                    ticket: found.id,
                    number: found.number,
                    contract: found.contract,
                    score,
                    words: words.as_ref().map(|content| content.id),
                    at,
                    by,
                });
                let stamp = Stamp { at, actor: by, contract: Some(found.version.clone()) };
                let entry = record(tx, &stamp, &event, words.as_slice())?;
                let was = told.as_ref().is_some_and(|told| told.score <= DISSATISFIED);
                if score <= DISSATISFIED && !was {
                    crate::mail::tell(tx, &found, crate::mail::Notice::Dissatisfied, entry, by)?;
                }
                serde_json::to_vec(&entry).map_err(AppError::fault)
            })
        })?;
        self.mark_dirty(permit.customer());
        serde_json::from_slice(&bytes).map_err(AppError::fault)
    }

    /// The tickets about which the reader is asked and nothing was said yet, the last that moved first.
    pub fn awaited_satisfaction(&self, permit: &Permit, limit: u32) -> Result<Vec<(u64, String)>> {
        self.on_tickets(permit, Act::SeeTickets)?;
        if permit.role().side() != Side::Customer || *permit.scope() != Scope::All {
            return Ok(Vec::new());
        }
        let (vault, me) = (self.vault(permit.customer())?, permit.by().account);
        let since = self.now().checked_sub(ASKED_FOR).map_err(AppError::fault)?.as_microsecond();
        let (now, scope) = (self.now(), permit.scope());
        vault.db.read(move |tx| {
            let mut awaited = Vec::new();
            for number in satisfaction::awaited(tx, me, since, LOOKED_AT)? {
                let Some(found) = ticket::by_number(tx, scope, number)? else { continue };
                // A ticket that moved lately may have been resolved long before.
                if until(tx, &found, None)?.is_none_or(|until| now >= until) || !asked(tx, &found, me)? {
                    continue;
                }
                awaited.push((number, crate::desk::text(content::get(tx, found.title.0)?)));
                if awaited.len() >= limit as usize {
                    break;
                }
            }
            Ok(awaited)
        })
    }

    /// A customer's figures of the last twelve months: the same for both parties.
    pub fn satisfaction(&self, permit: &Permit) -> Result<Figures> {
        permit.covers(Act::SeeContract)?;
        let (vault, now) = (self.vault(permit.customer())?, self.now());
        let agreements = vault.agreements()?;
        let Some(first) = agreements.contracts.first() else {
            return Ok(Figures { months: Vec::new(), target: None });
        };
        let present = first.local_date(now).first_of_month();
        let mut spans = Vec::new();
        for back in 0..MONTHS {
            let month = present.checked_sub(back.months()).map_err(AppError::fault)?;
            let next = month.checked_add(1.month()).map_err(AppError::fault)?;
            let (from, to) = (first.midnight(month)?, first.midnight(next)?);
            spans.push((month, from.as_microsecond(), to.as_microsecond()));
        }
        let months = vault.db.read::<_, AppError, _>(move |tx| {
            let mut months = Vec::new();
            for (month, from, to) in spans {
                let mut marks = [0; BEST as usize];
                for count in satisfaction::between(tx, from, to)? {
                    if let Some(mark) = marks.get_mut(usize::from(count.score).wrapping_sub(1)) {
                        *mark += count.answers;
                    }
                }
                months.push(Month { month, marks });
            }
            Ok(months)
        })?;
        let months = months.into_iter().filter(|m: &Month| m.answers() > 0).collect();
        let terms = agreements.in_force(now).into_iter().filter_map(|a| a.in_force(now).ok());
        let target = terms.filter_map(|version| target(&version.terms)).next();
        Ok(Figures { months, target })
    }
}

/// The mark out of five that a clause `satisfaction` aims at, when its scale is five.
fn target(terms: &terms::Terms) -> Option<Because<Fraction>> {
    let rule = terms.indicators.iter().find(|r| r.then.source == "survey" && r.then.unit == "/ 5")?;
    let Some(IndicatorTarget::AtLeast { value }) = rule.then.target else { return None };
    let digits = u32::from(!value.is_integer()) * 2;
    let said = |l: Lang| lang::decimal(l, value, digits);
    let reason = Reason::new(
        "satisfaction.target",
        format!("Le contrat vise une note moyenne de {} sur 5.", said(Lang::Fr)),
        format!("The contract aims at an average mark of {} out of 5.", said(Lang::En)),
    );
    Some(Because::new(value, vec![reason.citing(&rule.from)]))
}

/// Whether somebody of the customer's is asked about a ticket: they opened it, or, where the provider opened
/// it for them, they follow it, or were taken off by somebody else: nobody chooses who judges them.
fn asked(tx: &mut dyn Tx, found: &Ticket, who: AccountId) -> Result<bool> {
    if found.opened_by == who {
        return Ok(true);
    }
    let theirs = actor::all(tx)?.into_iter().any(|a| a.id == found.opened_by && a.side == "customer");
    if theirs {
        return Ok(false);
    }
    if ticket::link::watchers(tx, found.id)?.contains(&who) {
        return Ok(true);
    }
    Ok(crate::ticket::was_taken_off(who, &ticket::steps(tx, found.id)?))
}

/// Until when an answer is taken or may be changed; `None` for a ticket that is not resolved.
fn until(
    tx: &mut dyn Tx,
    found: &Ticket,
    told: Option<&satisfaction::Satisfaction>,
) -> Result<Option<Timestamp>> {
    if found.state != State::Resolved || found.merged_into.is_some() {
        return Ok(None);
    }
    let instant = |micros: i64| Timestamp::from_microsecond(micros).map_err(AppError::fault);
    let (from, lasts) = match told {
        Some(told) => (told.first, CHANGED_FOR),
        None => {
            let steps = ticket::steps(tx, found.id)?;
            let resolved = steps.iter().rev().find(|s| matches!(s.step, Step::Resolved { .. }));
            let Some(resolved) = resolved else { return Ok(None) };
            (resolved.at, ASKED_FOR)
        }
    };
    Ok(Some(instant(from)?.checked_add(lasts).map_err(AppError::fault)?))
}

fn said(tx: &mut dyn Tx, told: &satisfaction::Satisfaction) -> Result<Told> {
    let words = match told.words {
        Some(id) => Some(crate::desk::text(content::get(tx, id.0)?)),
        None => None,
    };
    let names = crate::ticket::names(tx)?;
    Ok(Told {
        score: told.score,
        words,
        by: names.get(&told.by).cloned().unwrap_or_default(),
        at: Timestamp::from_microsecond(told.at).map_err(AppError::fault)?,
    })
}

fn not_asked() -> AppError {
    AppError::refused(Refusal::new(
        "satisfaction.not_asked",
        "Seule la personne qui a demandé ce ticket dit ce qu'elle en pense.",
        "Only the person who asked for this ticket says what they thought of it.",
    ))
}

fn closed() -> AppError {
    AppError::refused(Refusal::new(
        "satisfaction.closed",
        "La réponse se donne dans les trente jours de la résolution, et se change pendant quatorze jours.",
        "The answer is given within thirty days of the resolution, and may be changed for fourteen days.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_is_rounded_to_the_nearest_hundredth() {
        let month = |marks| Month { month: jiff::civil::date(2026, 6, 1), marks };
        assert_eq!(month([0; 5]).mean_hundredths(), None);
        assert_eq!(month([0, 0, 0, 1, 2]).mean_hundredths(), Some(467));
        assert_eq!(month([1, 1, 0, 0, 1]).mean_hundredths(), Some(267));
        assert_eq!(month([1, 2, 0, 0, 4]).dissatisfied(), 3);
    }
}
