//! Articles in pages, as somebody reads them.

use super::{Article, Facet, article, lets, select_article};
use crate::db::{Row, Tx};
use crate::schema::Noun;
use crate::search::{Reader, Sees};
use crate::{Result, vals};
use base::id::AccountId;
use events::{ArticleState, Audience};
use jiff::civil::Date;

pub(crate) const NOUN: Noun = Noun { name: "article.list", tables: &[], statements: STATEMENTS };

crate::statements! {
    ALL = select_article!("WHERE a.number < $1 ORDER BY a.number DESC LIMIT $2");
    BY_STATE = select_article!("WHERE a.state = $1 AND a.number < $2 ORDER BY a.number DESC LIMIT $3");
    BY_AUDIENCE = select_article!("WHERE a.state = $1 AND a.audience = $2 AND a.number < $3
        ORDER BY a.number DESC LIMIT $4");
    BY_FACET = select_article!("JOIN article_about f ON f.number = a.number
        WHERE f.facet = $1 AND f.name = $2 AND f.number < $3 ORDER BY f.number DESC LIMIT $4");
    OVERDUE = select_article!("WHERE a.state = 'published' AND a.review_by < $1
        AND (a.review_by, a.number) > ($2, $3) ORDER BY a.review_by, a.number LIMIT $4");
    OVERDUE_OF = select_article!("WHERE a.state = 'published' AND a.owner = $1 AND a.review_by < $2
        ORDER BY a.review_by, a.number LIMIT $3");
    COUNT_PUBLISHED = "SELECT COUNT(*) FROM article WHERE state = 'published'";
    COUNT_OVERDUE = "SELECT COUNT(*) FROM article WHERE state = 'published' AND review_by < $1";
}

/// Articles read at once while looking for those that pass.
const AHEAD: u32 = 64;

/// Which articles are wanted, of those that may be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub state: Option<ArticleState>,
    pub audience: Option<Audience>,
    pub item: Option<String>,
}

impl Filter {
    fn passes(&self, article: &Article) -> bool {
        self.state.is_none_or(|state| state == article.state)
            && self.audience.is_none_or(|audience| audience == article.audience)
            && self.item.as_ref().is_none_or(|item| article.about.items.iter().any(|i| i.item == *item))
    }
}

fn below(before: Option<u64>) -> i64 {
    before.and_then(|n| i64::try_from(n).ok()).unwrap_or(i64::MAX)
}

/// The articles that somebody reads and wants, newest number first under `before`; and the `before` of the
/// next page, which tells of what they read only.
pub fn list(
    tx: &mut dyn Tx,
    reader: &Reader<'_>,
    filter: &Filter,
    before: Option<u64>,
    limit: u32,
) -> Result<(Vec<Article>, Option<u64>)> {
    let wanted = limit as usize;
    let (mut found, mut under): (Vec<Article>, i64) = (Vec::new(), below(before));
    loop {
        let rows = some(tx, reader, filter, under)?;
        for row in &rows {
            let article = article(row)?;
            under = below(Some(article.number));
            if filter.passes(&article) && lets(reader, &article) {
                if found.len() == wanted {
                    let next = found.last().map(|last| last.number);
                    return Ok((found, next));
                }
                found.push(article);
            }
        }
        if rows.len() < AHEAD as usize {
            return Ok((found, None));
        }
    }
}

/// The walk with the fewest rows for what is asked.
fn some(tx: &mut dyn Tx, reader: &Reader<'_>, filter: &Filter, under: i64) -> Result<Vec<Row>> {
    let shared = (Some(ArticleState::Published), Some(Audience::Parties));
    let (state, audience) =
        if reader.sees == Sees::Everything { (filter.state, filter.audience) } else { shared };
    if let Some(item) = &filter.item {
        return tx.rows(BY_FACET, vals![Facet::Item.key(), item, under, AHEAD]);
    }
    match (state, audience) {
        (Some(state), Some(audience)) => {
            tx.rows(BY_AUDIENCE, vals![state.key(), audience.key(), under, AHEAD])
        }
        (Some(state), None) => tx.rows(BY_STATE, vals![state.key(), under, AHEAD]),
        (None, _) => tx.rows(ALL, vals![under, AHEAD]),
    }
}

/// The newest published articles with a name among theirs, of those that somebody reads.
pub fn touching(
    tx: &mut dyn Tx,
    reader: &Reader<'_>,
    facet: Facet,
    name: &str,
    limit: u32,
) -> Result<Vec<Article>> {
    let (mut found, mut under): (Vec<Article>, i64) = (Vec::new(), i64::MAX);
    // Drafts and what somebody else reads stand among them: the walk goes on past those.
    loop {
        let rows = tx.rows(BY_FACET, vals![facet.key(), name, under, AHEAD])?;
        for row in &rows {
            let article = article(row)?;
            under = below(Some(article.number));
            if article.state == ArticleState::Published && lets(reader, &article) {
                found.push(article);
            }
            if found.len() == limit as usize {
                return Ok(found);
            }
        }
        if rows.len() < AHEAD as usize {
            return Ok(found);
        }
    }
}

/// Where a page of articles to read again starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    pub review_by: Date,
    pub number: u64,
}

/// A page of articles whose review is late.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overdue {
    pub articles: Vec<Article>,
    pub next: Option<Key>,
}

/// Published articles to be read again before `today`, the latest first, after `after`; for those who read
/// all of them.
pub fn overdue(tx: &mut dyn Tx, today: Date, after: Option<Key>, limit: u32) -> Result<Overdue> {
    let (from, number) = after.map_or((String::new(), 0), |key| (key.review_by.to_string(), key.number));
    let rows = tx.rows(OVERDUE, vals![today.to_string(), from, number, limit.saturating_add(1)])?;
    let mut articles: Vec<Article> = rows.iter().map(article).collect::<Result<_>>()?;
    let more = articles.len() > limit as usize;
    articles.truncate(limit as usize);
    let last = articles.last().filter(|_| more);
    let next = last.and_then(|a| Some(Key { review_by: a.review_by?, number: a.number }));
    Ok(Overdue { articles, next })
}

/// Published articles of one owner to be read again before `today`, the oldest date first.
pub fn overdue_of(tx: &mut dyn Tx, owner: AccountId, today: Date, limit: u32) -> Result<Vec<Article>> {
    tx.rows(OVERDUE_OF, vals![owner.0, today.to_string(), limit])?.iter().map(article).collect()
}

/// How many articles are published, and how many of them were to be read again before `today`.
pub fn count_published(tx: &mut dyn Tx, today: Date) -> Result<(u64, u64)> {
    let all = tx.row(COUNT_PUBLISHED, &[])?.uint(0)?;
    Ok((all, tx.row(COUNT_OVERDUE, vals![today.to_string()])?.uint(0)?))
}
