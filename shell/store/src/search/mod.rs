//! Finding tickets by the words of their texts: a plain word index, the same on both engines.
//!
//! A word is kept in the *lane* of those who may read the text it comes from, and a search walks the lanes
//! of its reader and no other: what somebody may not read is not matched, counted, nor waited for. The
//! index can be dropped and filled again from the texts, and forgets the words of a text that is erased.

mod articles;
mod feed;
mod find;
pub mod fold;
mod history;
mod holds;

pub use articles::{article_numbers, file_again, find_articles, forget_article};
pub use feed::{ANSWERS, Of, Text, fill, fill_again, forget, texts};
pub use find::{Found, Hit, Place, Ranked, Reader, Tier, find, ranked};
pub use history::{fill_history, find_history, forget_history};
pub use holds::{Holds, holds};

pub(crate) use feed::recorded;

use crate::schema::{Keep, Noun, Table};

/// The index of titles that vaults had first; [`LANES`] takes its place.
pub(crate) const TABLES: &str = "
    CREATE TABLE ticket_word (
        word TEXT NOT NULL,
        number INT NOT NULL,
        PRIMARY KEY (word, number))";

/// Words of what is there already are added by [`fill`]; in a new vault there is nothing to fill.
pub(crate) const LANES: &str = "
    CREATE KEYED TABLE search_word (
        lane INT NOT NULL,
        word TEXT NOT NULL,
        number INT NOT NULL,
        PRIMARY KEY (lane, word, number));
    CREATE TABLE search_filled (
        part TEXT NOT NULL PRIMARY KEY,
        through INT NOT NULL);
    INSERT INTO search_filled (part, through)
        SELECT 'tickets', CASE WHEN EXISTS (SELECT 1 FROM ticket) THEN 0 ELSE 9223372036854775807 END;
    DROP TABLE ticket_word";

/// As for tickets: what was brought in before is added by [`fill_history`].
pub(crate) const HISTORY: &str = "
    CREATE UNIQUE INDEX imported_place ON imported (place);
    INSERT INTO search_filled (part, through)
        SELECT 'history',
            CASE WHEN EXISTS (SELECT 1 FROM imported WHERE listed IS NOT NULL) THEN 0 ELSE 9223372036854775807 END";

pub(crate) const NOUN: Noun = Noun {
    name: "search",
    tables: &[
        Table { name: "search_word", keep: Keep::Ephemeral },
        Table { name: "search_filled", keep: Keep::Ephemeral },
    ],
    statements: STATEMENTS,
};

crate::statements! {
    // One word or sixteen at once: the last one is said again to make sixteen.
    ADD = "INSERT INTO search_word (lane, number, word) VALUES ($1, $2, $3), ($1, $2, $4), ($1, $2, $5), ($1, $2, $6),
        ($1, $2, $7), ($1, $2, $8), ($1, $2, $9), ($1, $2, $10), ($1, $2, $11), ($1, $2, $12), ($1, $2, $13),
        ($1, $2, $14), ($1, $2, $15), ($1, $2, $16), ($1, $2, $17), ($1, $2, $18)
        ON CONFLICT (lane, word, number) DO NOTHING";
    DROP = "DELETE FROM search_word WHERE lane = $1 AND word = $2 AND number = $3";
    NEXT_WORD = "SELECT word FROM search_word WHERE lane = $1 AND word >= $2 AND word < $3 ORDER BY word LIMIT 1";
    UP_TO = "SELECT number FROM search_word WHERE lane = $1 AND word = $2 AND number <= $3
        ORDER BY number DESC LIMIT $4";
    HOLDS = "SELECT 1 FROM search_word WHERE lane IN ($1, $2, $3, $4) AND word >= $5 AND word < $6 LIMIT 1";
    FILLED = "SELECT through FROM search_filled WHERE part = $1";
    SET_FILLED = "UPDATE search_filled SET through = $2 WHERE part = $1";
}

/// Whose words a part of the index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    /// Of titles, which whoever sees the ticket reads.
    Title = 0,
    /// Of descriptions, public messages, reasons and the names of public files.
    Public = 1,
    /// Of what is between provider and customer, prices first: a third party does not read it.
    Parties = 2,
    /// Of notes and of the names of internal files.
    Internal = 3,
    /// No words: the contract, the item and the class of items of a ticket, by which a reader's own
    /// tickets are walked instead of all of them.
    About = 4,
    /// Of articles published for both parties; the numbers are articles' here and below.
    Articles = 5,
    /// Of articles that the provider reads: drafts, and internal ones.
    InternalArticles = 6,
    /// As [`Lane::About`], of articles.
    AboutArticles = 7,
    /// Of what another tool held and was over, which both parties read; the numbers are of entries.
    History = 8,
}

impl Lane {
    const OF_TEXTS: [Lane; 4] = [Lane::Title, Lane::Public, Lane::Parties, Lane::Internal];

    const OF_ARTICLES: [Lane; 2] = [Lane::Articles, Lane::InternalArticles];

    fn key(self) -> i64 {
        self as i64
    }
}

/// Which texts of a ticket somebody reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sees {
    /// The provider's people.
    Everything,
    /// The customer's: neither notes nor internal files.
    AsCustomer,
    /// A third party: nor what is between the parties.
    AsThirdParty,
}

impl Sees {
    fn lanes(self) -> &'static [Lane] {
        match self {
            Sees::Everything => &Lane::OF_TEXTS,
            Sees::AsCustomer => &[Lane::Title, Lane::Public, Lane::Parties],
            Sees::AsThirdParty => &[Lane::Title, Lane::Public],
        }
    }

    fn article_lanes(self) -> &'static [Lane] {
        match self {
            Sees::Everything => &Lane::OF_ARTICLES,
            Sees::AsCustomer | Sees::AsThirdParty => &[Lane::Articles],
        }
    }
}
