//! Finding tickets by the words of their title: a plain word index, the same on both engines.
//!
//! It can be dropped and filled again from the titles, and forgets a ticket when its title is erased.

use crate::db::{Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};

pub(crate) const TABLES: &str = "
    CREATE TABLE ticket_word (
        word TEXT NOT NULL,
        number INT NOT NULL,
        PRIMARY KEY (word, number))";

pub(crate) const NOUN: Noun = Noun {
    name: "search",
    tables: &[Table { name: "ticket_word", keep: Keep::Ephemeral }],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO ticket_word (word, number) VALUES ($1, $2) ON CONFLICT (word, number) DO NOTHING";
    DROP = "DELETE FROM ticket_word WHERE word = $1 AND number = $2";
    NEXT_WORD = "SELECT word FROM ticket_word WHERE word >= $1 AND word < $2 ORDER BY word LIMIT 1";
    UP_TO = "SELECT number FROM ticket_word WHERE word = $1 AND number <= $2 ORDER BY number DESC LIMIT $3";
}

/// Words of one title at most; the rest would only make the index longer.
const WORDS: usize = 24;
/// Words of a query at most.
const ASKED: usize = 8;
/// Words of the index that those of a query may begin, shared among them: the first by their letters, so
/// that the word itself is always one.
const BEGUN: usize = 160;
/// Numbers of one word read at once.
const AHEAD: u32 = 64;
/// What one page may cost, in steps from a number to a lesser one; a read of the index costs four. Two
/// words that are each in many titles and never together so take some milliseconds, as others do.
const EFFORT: u32 = 4_000;
const READ: u32 = 4;

/// Adds a ticket's title.
pub fn index(tx: &mut WriteTx<'_>, number: u64, title: &str) -> Result<()> {
    for word in words(title).into_iter().take(WORDS) {
        tx.exec(ADD, vals![word, number])?;
    }
    Ok(())
}

/// Takes a ticket's title away, before it is erased.
pub fn forget(tx: &mut WriteTx<'_>, number: u64, title: &str) -> Result<()> {
    words(title).into_iter().try_for_each(|word| tx.exec(DROP, vals![word, number]).map(drop))
}

/// A page of what a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Newest first.
    pub numbers: Vec<u64>,
    /// Pass as `before` for the next page, which there may be after a page that is not full.
    pub next: Option<u64>,
}

/// The numbers under `before` of the tickets whose title has every word of `query`, or a word that
/// begins with it; newest first, `limit` at most.
pub fn find(tx: &mut dyn Tx, query: &str, before: Option<u64>, limit: u32) -> Result<Found> {
    let words: Vec<String> = words(query).into_iter().take(ASKED).collect();
    let mut asked = Vec::new();
    for word in &words {
        asked.push(Asked::begun(tx, word, BEGUN / words.len())?);
    }
    let mut found = Found::default();
    if asked.is_empty() {
        return Ok(found);
    }
    let mut effort = EFFORT;
    let mut number = before.map_or(i64::MAX, |n| i64::try_from(n).unwrap_or(i64::MAX)) - 1;
    loop {
        // The words take turns: each says its greatest number up to the last one said. A number that
        // none of them lessens has them all.
        let said = number;
        for word in &mut asked {
            let Some(greatest) = word.at_most(tx, number, &mut effort)? else { return Ok(found) };
            number = greatest;
        }
        effort = effort.saturating_sub(1);
        if number == said {
            if found.numbers.len() == limit as usize {
                // Under the number after this one: it has a place on the next page, even when none is
                // asked for and this one is empty.
                found.next = u64::try_from(number + 1).ok();
                return Ok(found);
            }
            found.numbers.extend(u64::try_from(number));
            number -= 1;
        } else if effort == 0 {
            found.next = u64::try_from(number + 1).ok();
            return Ok(found);
        }
    }
}

/// A word of a query, as the words of the index that it begins.
struct Asked(Vec<Begun>);

impl Asked {
    /// The first `most` words of the index that begin with `prefix`, found one by one: between two of
    /// them may be thousands of rows of a word that is in many titles.
    fn begun(tx: &mut dyn Tx, prefix: &str, most: usize) -> Result<Asked> {
        let end = after(prefix);
        let mut from = prefix.to_owned();
        let mut begun = Vec::new();
        while begun.len() < most {
            let Some(row) = tx.opt_row(NEXT_WORD, vals![&from, &end])? else { break };
            let word = row.text(0)?.to_owned();
            // Comes before every longer word that begins with it: a space is less than any letter or digit.
            from = format!("{word} ");
            begun.push(Begun { word, ahead: Vec::new(), ended: false });
        }
        Ok(Asked(begun))
    }

    /// The greatest number, up to this one, of a title with such a word.
    fn at_most(&mut self, tx: &mut dyn Tx, number: i64, effort: &mut u32) -> Result<Option<i64>> {
        let mut greatest = None;
        for word in &mut self.0 {
            greatest = greatest.max(word.at_most(tx, number, effort)?);
        }
        Ok(greatest)
    }
}

/// A word of the index, and the numbers of its titles read ahead, from the least to the greatest.
struct Begun {
    word: String,
    ahead: Vec<i64>,
    /// No number is left to read after those.
    ended: bool,
}

impl Begun {
    fn at_most(&mut self, tx: &mut dyn Tx, number: i64, effort: &mut u32) -> Result<Option<i64>> {
        while self.ahead.last().is_some_and(|n| *n > number) {
            self.ahead.pop();
        }
        if self.ahead.is_empty() && !self.ended {
            *effort = effort.saturating_sub(READ);
            let rows = tx.rows(UP_TO, vals![&self.word, number, AHEAD])?;
            self.ahead = rows.iter().rev().map(|r| r.int(0)).collect::<Result<_>>()?;
            self.ended = rows.len() < AHEAD as usize;
        }
        Ok(self.ahead.last().copied())
    }
}

/// The end of the words that begin with this one. Words are ASCII letters and digits: `~` comes after.
fn after(word: &str) -> String {
    format!("{word}~")
}

/// Lower case, without accents, two characters at least, each once.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.chars().flat_map(char::to_lowercase).chain(std::iter::once(' ')) {
        match plain(c) {
            Some(letters) => word.push_str(letters),
            None if c.is_ascii_alphanumeric() => word.push(c),
            None => {
                let done = std::mem::take(&mut word);
                if done.len() >= 2 && !words.contains(&done) {
                    words.push(done);
                }
            }
        }
    }
    words
}

fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' => "a",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => "o",
        'ù' | 'ú' | 'û' | 'ü' => "u",
        'ÿ' => "y",
        'œ' => "oe",
        'æ' => "ae",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        assert_eq!(
            words("L'ERP ne répond plus à l’atelier, ERP"),
            ["erp", "ne", "repond", "plus", "atelier"]
        );
        assert_eq!(words("srv-erp : œuvre"), ["srv", "erp", "oeuvre"]);
        assert!(words("! ?").is_empty());
    }
}
