//! Articles and runbooks: their rows, their versions, what they are about, and the tickets they helped with.
//!
//! Who may read an article is asked with each question, as for tickets: [`lets`].

mod list;
mod project;

use crate::db::{Row, Tx};
use crate::schema::{Keep, Noun, Table};
use crate::search::{Reader, Sees};
use crate::ticket::scope::About;
use crate::ticket::{Scope, Ticket};
use crate::{Result, StoreError, vals};
use base::id::{AccountId, ArticleId, TicketId};
use events::{ArticleAbout, ArticleKind, ArticleState, Audience, ContentId, CopiedFrom};
use jiff::civil::Date;

pub use list::{Filter, Key, Overdue, count_published, list, overdue, overdue_of, touching};
pub(crate) use project::{help, review, set_state, write};

/// `about` is what the current version is about; `article_about` holds its keys, for lists and suggestions.
pub(crate) const TABLES: &str = "
    CREATE TABLE article (
        id BLOB NOT NULL PRIMARY KEY,
        number INT NOT NULL,
        version INT NOT NULL,
        kind TEXT NOT NULL,
        audience TEXT NOT NULL,
        state TEXT NOT NULL,
        about TEXT NOT NULL,
        owner BLOB NOT NULL,
        review_by TEXT,
        title BLOB NOT NULL,
        body BLOB NOT NULL,
        from_ticket BLOB,
        copied_from BLOB,
        copied_version INT,
        at INT NOT NULL,
        actor BLOB NOT NULL,
        reviewed INT NOT NULL,
        reviewer BLOB NOT NULL,
        helped_provider INT NOT NULL,
        helped_customer INT NOT NULL);
    CREATE UNIQUE INDEX article_number ON article (number);
    CREATE INDEX article_state ON article (state, number);
    CREATE INDEX article_audience ON article (state, audience, number);
    CREATE INDEX article_review ON article (state, review_by, number);
    CREATE TABLE article_version (
        article BLOB NOT NULL,
        version INT NOT NULL,
        seq INT NOT NULL,
        at INT NOT NULL,
        actor BLOB NOT NULL,
        audience TEXT NOT NULL,
        title BLOB NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (article, version));
    CREATE TABLE article_about (
        facet TEXT NOT NULL,
        name TEXT NOT NULL,
        number INT NOT NULL,
        PRIMARY KEY (facet, name, number));
    CREATE INDEX article_about_number ON article_about (number, facet, name);
    CREATE TABLE article_help (
        article BLOB NOT NULL,
        ticket BLOB NOT NULL,
        seq INT NOT NULL,
        at INT NOT NULL,
        actor BLOB NOT NULL,
        side TEXT NOT NULL,
        PRIMARY KEY (article, ticket));
    CREATE INDEX article_help_ticket ON article_help (ticket, seq)";

/// The walk of what one owner is to read again.
pub(crate) const OWNER: &str = "CREATE INDEX article_owner ON article (state, owner, review_by, number)";

pub(crate) const NOUN: Noun = Noun {
    name: "article",
    tables: &[
        Table { name: "article", keep: Keep::Journaled },
        Table { name: "article_version", keep: Keep::Journaled },
        Table { name: "article_about", keep: Keep::Journaled },
        Table { name: "article_help", keep: Keep::Journaled },
    ],
    statements: STATEMENTS,
};
pub(crate) use list::NOUN as LISTS;
pub(crate) use project::NOUN as WRITES;

/// A query of whole articles: the columns in the order that [`article`] reads, then the rest.
macro_rules! select_article {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.number, a.version, a.kind, a.audience, a.state, a.about, a.owner, a.review_by,
            a.title, a.body, a.from_ticket, a.copied_from, a.copied_version, a.at, a.actor, a.reviewed,
            a.reviewer, a.helped_provider, a.helped_customer FROM article a ",
            $rest
        )
    };
}
pub(crate) use select_article;

crate::statements! {
    BY_NUMBER = select_article!("WHERE a.number = $1");
    BY_ID = select_article!("WHERE a.id = $1");
    LAST_NUMBER = "SELECT number FROM article ORDER BY number DESC LIMIT 1";
    VERSIONS = "SELECT version, seq, at, actor, audience, title, body FROM article_version
        WHERE article = $1 AND version < $2 ORDER BY version DESC LIMIT $3";
    VERSION = "SELECT version, seq, at, actor, audience, title, body FROM article_version
        WHERE article = $1 AND version = $2";
    HELPED = select_article!("JOIN article_help h ON h.article = a.id WHERE h.ticket = $1 ORDER BY h.seq");
    HAS_HELPED = "SELECT 1 FROM article_help WHERE article = $1 AND ticket = $2";
}

/// An article as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    pub id: ArticleId,
    pub number: u64,
    pub version: u32,
    pub kind: ArticleKind,
    pub audience: Audience,
    pub state: ArticleState,
    pub about: ArticleAbout,
    pub owner: AccountId,
    pub review_by: Option<Date>,
    pub title: ContentId,
    pub body: ContentId,
    pub from_ticket: Option<TicketId>,
    pub copied_from: Option<CopiedFrom>,
    /// When its current version was written, in microseconds UTC, and by whom.
    pub at: i64,
    pub by: AccountId,
    /// When it was last read again, writing it included, and by whom.
    pub reviewed: i64,
    pub reviewer: AccountId,
    /// Tickets it helped with, as the provider's side told, its third parties included.
    pub helped_provider: u64,
    pub helped_customer: u64,
}

/// One version of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub version: u32,
    /// Its journal entry.
    pub seq: u64,
    pub at: i64,
    pub by: AccountId,
    pub audience: Audience,
    pub title: ContentId,
    pub body: ContentId,
}

fn known<T>(found: Option<T>, text: &str) -> Result<T> {
    found.ok_or_else(|| StoreError::Entry(format!("« {text} » is not a word of articles")))
}

pub(super) fn date(row: &Row, index: usize) -> Result<Option<Date>> {
    let Some(text) = row.opt_text(index)? else { return Ok(None) };
    text.parse().map(Some).map_err(|_| StoreError::Entry(format!("« {text} » is not a date")))
}

fn small(row: &Row, index: usize) -> Result<u32> {
    u32::try_from(row.uint(index)?).map_err(|e| StoreError::Entry(e.to_string()))
}

fn article(row: &Row) -> Result<Article> {
    let copied_from = match row.opt_uuid(12)? {
        Some(id) => Some(CopiedFrom { article: ArticleId(id), version: small(row, 13)? }),
        None => None,
    };
    Ok(Article {
        id: ArticleId(row.uuid(0)?),
        number: row.uint(1)?,
        version: small(row, 2)?,
        kind: known(ArticleKind::from_key(row.text(3)?), row.text(3)?)?,
        audience: known(Audience::from_key(row.text(4)?), row.text(4)?)?,
        state: known(ArticleState::from_key(row.text(5)?), row.text(5)?)?,
        about: serde_json::from_str(row.text(6)?).map_err(|e| StoreError::Entry(e.to_string()))?,
        owner: AccountId(row.uuid(7)?),
        review_by: date(row, 8)?,
        title: ContentId(row.uuid(9)?),
        body: ContentId(row.uuid(10)?),
        from_ticket: row.opt_uuid(11)?.map(TicketId),
        copied_from,
        at: row.int(14)?,
        by: AccountId(row.uuid(15)?),
        reviewed: row.int(16)?,
        reviewer: AccountId(row.uuid(17)?),
        helped_provider: row.uint(18)?,
        helped_customer: row.uint(19)?,
    })
}

fn version_row(row: &Row) -> Result<Version> {
    Ok(Version {
        version: small(row, 0)?,
        seq: row.uint(1)?,
        at: row.int(2)?,
        by: AccountId(row.uuid(3)?),
        audience: known(Audience::from_key(row.text(4)?), row.text(4)?)?,
        title: ContentId(row.uuid(5)?),
        body: ContentId(row.uuid(6)?),
    })
}

/// Whether somebody reads an article: the provider's people all of them, others what is published for both
/// parties, and a third party what names one of its items.
pub fn lets(reader: &Reader<'_>, article: &Article) -> bool {
    let shared = article.state == ArticleState::Published && article.audience == Audience::Parties;
    (reader.sees == Sees::Everything || shared) && in_scope(reader.scope, &article.about)
}

/// An article of no contract is everybody's who sees some whole contract; a third party has items only.
fn in_scope(scope: &Scope, about: &ArticleAbout) -> bool {
    let Scope::Only(strands) = scope else { return true };
    strands.iter().any(|strand| {
        let contract = strand.contract.is_none_or(|only| about.contract.is_none_or(|of| of == only));
        contract
            && match &strand.about {
                About::Anything => true,
                About::Item(item) => about.items.iter().any(|i| i.item == *item),
                About::Class(class) => {
                    about.classes.contains(class)
                        || about.items.iter().any(|i| i.class.as_ref() == Some(class))
                }
            }
    })
}

/// The article of a number that somebody reads.
pub fn by_number(tx: &mut dyn Tx, reader: &Reader<'_>, number: u64) -> Result<Option<Article>> {
    let Ok(number) = i64::try_from(number) else { return Ok(None) };
    let found = tx.opt_row(BY_NUMBER, vals![number])?.as_ref().map(article).transpose()?;
    Ok(found.filter(|a| lets(reader, a)))
}

/// Whoever reads it: for projections, the index, and erasure.
pub fn by_id(tx: &mut dyn Tx, id: ArticleId) -> Result<Option<Article>> {
    tx.opt_row(BY_ID, vals![id.0])?.as_ref().map(article).transpose()
}

/// The number that the next new article takes.
pub fn next_number(tx: &mut dyn Tx) -> Result<u64> {
    Ok(tx.opt_row(LAST_NUMBER, &[])?.map(|r| r.uint(0)).transpose()?.unwrap_or(0) + 1)
}

/// The versions of an article under `before`, newest first.
pub fn versions(tx: &mut dyn Tx, article: ArticleId, before: u32, limit: u32) -> Result<Vec<Version>> {
    tx.rows(VERSIONS, vals![article.0, before, limit])?.iter().map(version_row).collect()
}

pub fn version(tx: &mut dyn Tx, article: ArticleId, version: u32) -> Result<Option<Version>> {
    tx.opt_row(VERSION, vals![article.0, version])?.as_ref().map(version_row).transpose()
}

/// The articles that helped with a ticket, of those that somebody reads.
pub fn helped(tx: &mut dyn Tx, reader: &Reader<'_>, ticket: &Ticket) -> Result<Vec<Article>> {
    let mut all: Vec<Article> =
        tx.rows(HELPED, vals![ticket.id.0])?.iter().map(article).collect::<Result<_>>()?;
    all.retain(|a| lets(reader, a));
    Ok(all)
}

/// Whether somebody said already that the article helped with the ticket.
pub fn has_helped(tx: &mut dyn Tx, article: ArticleId, ticket: TicketId) -> Result<bool> {
    Ok(tx.opt_row(HAS_HELPED, vals![article.0, ticket.0])?.is_some())
}

/// Names under which an article is found: by item, class, operation and kind of ticket.
fn facets(about: &ArticleAbout) -> Vec<(Facet, &str)> {
    let items = about.items.iter().map(|i| (Facet::Item, i.item.as_str()));
    let classes = about.classes.iter().map(|n| (Facet::Class, n.as_str()));
    let operations = about.operations.iter().map(|n| (Facet::Operation, n.as_str()));
    let kinds = about.kinds.iter().map(|n| (Facet::Kind, n.as_str()));
    items.chain(classes).chain(operations).chain(kinds).collect()
}

/// What an article may be found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Facet {
    Item,
    Class,
    Operation,
    Kind,
}

impl Facet {
    fn key(self) -> &'static str {
        match self {
            Facet::Item => "item",
            Facet::Class => "class",
            Facet::Operation => "operation",
            Facet::Kind => "kind",
        }
    }
}
