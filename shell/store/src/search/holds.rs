//! Whether a vault has anything to say of some words, before it is walked.
//!
//! A search over many vaults finds nothing in most of them: one read a word and kind says so, and the
//! rarest word is asked first, so that a vault without it is asked of no other.

use super::find::after;
use super::fold::{Asked, Query};
use super::{HOLDS, Lane, Sees};
use crate::db::Tx;
use crate::{Result, vals};

/// Which kinds have all the words of a query, each in some text: no more can be found than that.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Holds {
    pub tickets: bool,
    /// Of the knowledge base.
    pub articles: bool,
    pub history: bool,
}

/// What the lanes of a reader hold of the words of a query.
pub fn holds(tx: &mut dyn Tx, query: &Query, sees: Sees) -> Result<Holds> {
    let mut asked: Vec<&Asked> = query.asked().iter().collect();
    asked.sort_by_key(|word| std::cmp::Reverse(word.word.len()));
    let all = [sees.lanes(), sees.article_lanes(), &[Lane::History]].concat();
    let Some(rarest) = asked.first() else { return Ok(Holds::default()) };
    if !any(tx, rarest, &all)? {
        return Ok(Holds::default());
    }
    Ok(Holds {
        tickets: every(tx, &asked, sees.lanes())?,
        articles: every(tx, &asked, sees.article_lanes())?,
        history: every(tx, &asked, &[Lane::History])?,
    })
}

fn every(tx: &mut dyn Tx, asked: &[&Asked], lanes: &[Lane]) -> Result<bool> {
    for word in asked {
        if !any(tx, word, lanes)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether some lane has the word, or one that it begins.
fn any(tx: &mut dyn Tx, asked: &Asked, lanes: &[Lane]) -> Result<bool> {
    // Nothing but the word itself is before it followed by a space.
    let itself = (asked.word.clone(), format!("{} ", asked.word));
    let begun = asked.begins.as_ref().map(|prefix| (prefix.clone(), after(prefix)));
    for (from, end) in std::iter::once(itself).chain(begun) {
        for some in lanes.chunks(4) {
            let lane = |at: usize| some.get(at).unwrap_or(&some[0]).key();
            if tx.opt_row(HOLDS, vals![lane(0), lane(1), lane(2), lane(3), &from, &end])?.is_some() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
