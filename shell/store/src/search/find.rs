//! Walking the index: from the newest ticket down, what has all the words.

use super::fold::{self, Query};
use super::{Lane, NEXT_WORD, Sees, UP_TO};
use crate::db::Tx;
use crate::ticket::Scope;
use crate::ticket::scope::About;
use crate::{Result, vals};

/// Words of the index that those of a query may begin, shared among its lanes: the first by their
/// letters, so that the word itself is always one.
const BEGUN: usize = 160;
/// Numbers of one word read at once.
const AHEAD: u32 = 64;
/// What one page may cost, in steps from a number to a lesser one; a read of the index costs as many as
/// the numbers it gives. Two words that are each in many texts and never together so take some
/// milliseconds, as others do.
const EFFORT: u32 = 64_000;
const READ: u32 = 64;

/// Who looks: what they read of a ticket, and which tickets they see.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    pub sees: Sees,
    pub scope: &'a Scope,
}

/// A page of what a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Newest first.
    pub numbers: Vec<u64>,
    /// Pass as `before` for the next page, which there may be after a page that is not full.
    pub next: Option<u64>,
}

/// How well a ticket answers: the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// All the words are in its title.
    Title,
    /// They are in its texts, the title being one.
    Texts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub number: u64,
    pub tier: Tier,
}

/// Where a page of ranked hits starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub tier: Tier,
    /// Under this number.
    pub before: u64,
}

/// A page of hits, the best first and the newest first among equals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranked {
    pub hits: Vec<Hit>,
    /// As for [`Found::next`].
    pub next: Option<Place>,
}

/// The tickets under `before` whose texts have every word of `query`, newest first, `limit` at most.
///
/// A reader of some items of some contracts may be given others of these items: each ticket is to be
/// asked for in its scope, as any other.
pub fn find(
    tx: &mut dyn Tx,
    query: &str,
    reader: &Reader<'_>,
    before: Option<u64>,
    limit: u32,
) -> Result<Found> {
    let Some(mut walk) = Walk::new(tx, query, reader, reader.sees.lanes())? else {
        return Ok(Found::default());
    };
    let (numbers, next) = walk.page(tx, before, limit as usize, |_| true)?;
    Ok(Found { numbers, next })
}

/// As [`find`], the best first, from `from` on.
pub fn ranked(
    tx: &mut dyn Tx,
    query: &str,
    reader: &Reader<'_>,
    from: Option<Place>,
    limit: u32,
) -> Result<Ranked> {
    let mut ranked = Ranked::default();
    for tier in [Tier::Title, Tier::Texts] {
        let before = match from {
            Some(from) if from.tier > tier => continue,
            Some(from) if from.tier == tier => Some(from.before),
            _ => None,
        };
        let lanes = if tier == Tier::Title { &[Lane::Title] } else { reader.sees.lanes() };
        let Some(mut walk) = Walk::new(tx, query, reader, lanes)? else { return Ok(ranked) };
        let room = limit as usize - ranked.hits.len();
        // Those of the first tier came before.
        let wanted = |asked: &[Asked]| tier == Tier::Title || !asked.iter().all(Asked::is_in_title);
        let (numbers, next) = walk.page(tx, before, room, wanted)?;
        ranked.hits.extend(numbers.into_iter().map(|number| Hit { number, tier }));
        if let Some(before) = next {
            ranked.next = Some(Place { tier, before });
            return Ok(ranked);
        }
    }
    Ok(ranked)
}

/// The words of a query on their way down the index.
pub(super) struct Walk {
    asked: Vec<Asked>,
    /// What the reader's tickets are about; `None` for a reader of all.
    scope: Option<Asked>,
    effort: u32,
}

impl Walk {
    /// `None` when nothing is asked, or nothing may be seen.
    fn new(tx: &mut dyn Tx, query: &str, reader: &Reader<'_>, lanes: &[Lane]) -> Result<Option<Walk>> {
        Walk::within(tx, query, Asked::scope(reader.scope, Lane::About), lanes)
    }

    /// In the bounds that the words of `scope` set, if any.
    pub(super) fn within(
        tx: &mut dyn Tx,
        query: &str,
        scope: Option<Asked>,
        lanes: &[Lane],
    ) -> Result<Option<Walk>> {
        let query = Query::parse(query);
        if query.asked().is_empty() || scope.as_ref().is_some_and(|s| s.0.is_empty()) {
            return Ok(None);
        }
        let mut asked = Vec::new();
        for word in query.asked() {
            asked.push(Asked::begun(tx, word, lanes)?);
        }
        Ok(Some(Walk { asked, scope, effort: EFFORT }))
    }

    /// Numbers under `before` that have all the words and are wanted, and where the next page starts.
    pub(super) fn page(
        &mut self,
        tx: &mut dyn Tx,
        before: Option<u64>,
        limit: usize,
        wanted: impl Fn(&[Asked]) -> bool,
    ) -> Result<(Vec<u64>, Option<u64>)> {
        let mut numbers = Vec::new();
        let mut number = before.map_or(i64::MAX, |n| i64::try_from(n).unwrap_or(i64::MAX)) - 1;
        loop {
            // The words take turns: each says its greatest number up to the last one said. A number
            // that none of them lessens has them all.
            let said = number;
            for word in self.asked.iter_mut().chain(&mut self.scope) {
                let Some(greatest) = word.at_most(tx, number, &mut self.effort)? else {
                    return Ok((numbers, None));
                };
                number = greatest;
            }
            self.effort = self.effort.saturating_sub(1);
            let has_all = number == said;
            // Under the number after this one: it has a place on the next page, even when none is
            // asked for and this one is empty.
            let next = u64::try_from(number + 1).ok();
            if has_all && wanted(&self.asked) {
                if numbers.len() == limit {
                    return Ok((numbers, next));
                }
                numbers.extend(u64::try_from(number));
                number -= 1;
            } else if self.effort == 0 {
                return Ok((numbers, if has_all { u64::try_from(number).ok() } else { next }));
            } else if has_all {
                number -= 1;
            }
        }
    }
}

/// A word of a query, as the words of the index that it means.
pub(super) struct Asked(Vec<Begun>);

impl Asked {
    /// The word itself in each lane, and the first words that it begins, found one by one: between two
    /// of them may be thousands of rows of a word that is in many texts.
    fn begun(tx: &mut dyn Tx, asked: &fold::Asked, lanes: &[Lane]) -> Result<Asked> {
        let mut meant: Vec<Begun> = lanes.iter().map(|lane| Begun::new(*lane, asked.word.clone())).collect();
        let Some(prefix) = &asked.begins else { return Ok(Asked(meant)) };
        let end = after(prefix);
        for lane in lanes {
            let mut from = prefix.clone();
            for _ in 0..BEGUN / lanes.len() {
                let Some(row) = tx.opt_row(NEXT_WORD, vals![lane.key(), &from, &end])? else { break };
                let word = row.text(0)?.to_owned();
                // Comes before every longer word that begins with it: a space is less than any letter.
                from = format!("{word} ");
                if word != asked.word {
                    meant.push(Begun::new(*lane, word));
                }
            }
        }
        Ok(Asked(meant))
    }

    /// What the tickets, or articles, of a scope are about, as words of the index; `None` for all.
    pub(super) fn scope(scope: &Scope, lane: Lane) -> Option<Asked> {
        let Scope::Only(strands) = scope else { return None };
        let mut about = Vec::new();
        for strand in strands {
            if lane == Lane::AboutArticles && strand.about == About::Anything {
                about.push(Begun::new(lane, ANY_CONTRACT.to_owned()));
            }
            about.push(Begun::new(
                lane,
                match (&strand.about, strand.contract) {
                    (About::Item(item), _) => item_word(item),
                    (About::Class(class), _) => class_word(class),
                    (About::Anything, Some(contract)) => contract_word(contract),
                    (About::Anything, None) => return None,
                },
            ));
        }
        Some(Asked(about))
    }

    /// The greatest number, up to this one, of a ticket with such a word.
    fn at_most(&mut self, tx: &mut dyn Tx, number: i64, effort: &mut u32) -> Result<Option<i64>> {
        let mut greatest = None;
        for word in &mut self.0 {
            greatest = greatest.max(word.at_most(tx, number, effort)?);
        }
        Ok(greatest)
    }

    /// Whether the number that all words were just asked about has this one in its title.
    fn is_in_title(&self) -> bool {
        let greatest = self.0.iter().filter_map(|word| word.ahead.last()).max();
        self.0.iter().any(|word| word.lane == Lane::Title && word.ahead.last() == greatest)
    }
}

/// A word of the index, and the numbers of its tickets read ahead, from the least to the greatest.
struct Begun {
    lane: Lane,
    word: String,
    ahead: Vec<i64>,
    /// No number is left to read after those.
    ended: bool,
}

impl Begun {
    fn new(lane: Lane, word: String) -> Begun {
        Begun { lane, word, ahead: Vec::new(), ended: false }
    }

    fn at_most(&mut self, tx: &mut dyn Tx, number: i64, effort: &mut u32) -> Result<Option<i64>> {
        while self.ahead.last().is_some_and(|n| *n > number) {
            self.ahead.pop();
        }
        if self.ahead.is_empty() && !self.ended {
            *effort = effort.saturating_sub(READ);
            let rows = tx.rows(UP_TO, vals![self.lane.key(), &self.word, number, AHEAD])?;
            self.ahead = rows.iter().rev().map(|r| r.int(0)).collect::<Result<_>>()?;
            self.ended = rows.len() < AHEAD as usize;
        }
        Ok(self.ahead.last().copied())
    }
}

/// The end of the words that begin with this one. Words are ASCII letters and digits: `~` comes after.
pub(super) fn after(word: &str) -> String {
    format!("{word}~")
}

/// Of an article that is no contract's.
pub(super) const ANY_CONTRACT: &str = "contract:any";

pub(super) fn item_word(item: &str) -> String {
    format!("item:{item}")
}

pub(super) fn class_word(class: &str) -> String {
    format!("class:{class}")
}

pub(super) fn contract_word(contract: base::id::ContractId) -> String {
    format!("contract:{contract}")
}
