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
    PREFIX = "SELECT number FROM ticket_word WHERE word >= $1 AND word < $2 AND number < $3
        GROUP BY number ORDER BY number DESC LIMIT $4";
    HAS = "SELECT 1 FROM ticket_word WHERE word >= $1 AND word < $2 AND number = $3 LIMIT 1";
}

/// Words of one title at most; the rest would only make the index longer.
const WORDS: usize = 24;
/// Candidates looked at for one page.
const CANDIDATES: u32 = 2_000;

/// Adds a ticket's title.
pub fn index(tx: &mut WriteTx<'_>, number: u64, title: &str) -> Result<()> {
    for word in words(title).into_iter().take(WORDS) {
        tx.exec(ADD, vals![word, number])?;
    }
    Ok(())
}

/// The numbers under `before` of the tickets whose title has every word of `query`, or a word that
/// begins with it; newest first, `limit` at most.
pub fn find(tx: &mut dyn Tx, query: &str, before: Option<u64>, limit: u32) -> Result<Vec<u64>> {
    let mut words = words(query);
    // The longest word is likely the rarest: it gives the candidates.
    words.sort_by_key(|w| std::cmp::Reverse(w.len()));
    let Some((first, others)) = words.split_first() else { return Ok(Vec::new()) };
    let before = before.map_or(i64::MAX, |n| i64::try_from(n).unwrap_or(i64::MAX));
    let rows = tx.rows(PREFIX, vals![first, after(first), before, CANDIDATES])?;
    let mut found = Vec::new();
    for row in rows {
        let number = row.uint(0)?;
        let mut all = true;
        for word in others {
            all = all && tx.opt_row(HAS, vals![word, after(word), number])?.is_some();
        }
        if all {
            found.push(number);
        }
        if found.len() >= limit as usize {
            break;
        }
    }
    Ok(found)
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
