//! The words of articles: in lanes of their own, the current version's only, gone when it is retired.

use super::feed::put;
use super::find::{ANY_CONTRACT, Asked, Reader, Walk, class_word, contract_word, item_word};
use super::{DROP, Lane, UP_TO, fold};
use crate::article::{self, Article};
use crate::db::{Tx, WriteTx};
use crate::{Result, content, vals};
use base::id::ArticleId;
use events::{ArticleState, Audience, ContentId};

/// Words of one article at most.
const WORDS: usize = 2_000;
/// Versions whose words are looked for when a new one takes their place: the one before.
const BEFORE: u32 = 2;

/// Puts the words of an article as it is now where its readers find them, in place of those it had.
pub fn file_again(tx: &mut WriteTx<'_>, id: ArticleId) -> Result<()> {
    let Some(article) = article::by_id(tx, id)? else { return Ok(()) };
    for version in article::versions(tx, id, u32::MAX, BEFORE)? {
        for id in [version.title, version.body] {
            if let Some(text) = text(tx, id)? {
                forget_article(tx, article.number, &text)?;
            }
        }
    }
    about(tx, &article)?;
    let Some(lane) = lane(&article) else { return Ok(()) };
    let (title, body) = (text(tx, article.title)?, text(tx, article.body)?);
    let whole = format!("{}\n{}", title.unwrap_or_default(), body.unwrap_or_default());
    let mut words = fold::words(&whole);
    words.truncate(WORDS);
    put(tx, lane, article.number, words)
}

/// Takes the words of a text of an article away, before it is erased; [`file_again`] brings those of its
/// other text back.
pub fn forget_article(tx: &mut WriteTx<'_>, number: u64, text: &str) -> Result<()> {
    for word in fold::words(text) {
        for lane in Lane::OF_ARTICLES {
            tx.exec(DROP, vals![lane.key(), &word, number])?;
        }
    }
    Ok(())
}

fn lane(article: &Article) -> Option<Lane> {
    match (article.state, article.audience) {
        (ArticleState::Retired, _) => None,
        (ArticleState::Published, Audience::Parties) => Some(Lane::Articles),
        (ArticleState::Draft | ArticleState::Published, _) => Some(Lane::InternalArticles),
    }
}

fn text(tx: &mut dyn Tx, id: ContentId) -> Result<Option<String>> {
    Ok(content::get(tx, id.0)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

/// What it was about stays: each hit is looked at again, and these words are of contracts, not of people.
fn about(tx: &mut WriteTx<'_>, article: &Article) -> Result<()> {
    let about = &article.about;
    let items = about.items.iter().map(|i| item_word(&i.item));
    let classes = about.classes.iter().chain(about.items.iter().filter_map(|i| i.class.as_ref()));
    let classes = classes.map(|class| class_word(class));
    let contract = about.contract.map_or_else(|| ANY_CONTRACT.to_owned(), contract_word);
    let words = items.chain(classes).chain(Some(contract)).collect();
    put(tx, Lane::AboutArticles, article.number, words)
}

/// The numbers of the articles that have every word of a query, newest first, `limit` at most; each is to be
/// asked for as its reader, as any other.
pub fn find_articles(tx: &mut dyn Tx, query: &str, reader: &Reader<'_>, limit: u32) -> Result<Vec<u64>> {
    let scope = Asked::scope(reader.scope, Lane::AboutArticles);
    let Some(mut walk) = Walk::within(tx, query, scope, reader.sees.article_lanes())? else {
        return Ok(Vec::new());
    };
    Ok(walk.page(tx, None, limit as usize, |_| true)?.0)
}

/// The numbers of the newest articles that have a word, as the index keeps it, in what somebody reads.
pub fn article_numbers(tx: &mut dyn Tx, word: &str, reader: &Reader<'_>, limit: u32) -> Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for lane in reader.sees.article_lanes() {
        for row in tx.rows(UP_TO, vals![lane.key(), word, i64::MAX, limit])? {
            numbers.push(row.uint(0)?);
        }
    }
    Ok(numbers)
}
