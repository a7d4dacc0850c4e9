//! The rows that the entries about articles make.

use super::{Article, Facet, by_id, facets};
use crate::db::{Tx, WriteTx};
use crate::schema::Noun;
use crate::{Result, StoreError, vals};
use base::id::ArticleId;
use events::{ArticleHelped, ArticleMoved, ArticleReviewed, ArticleState, ArticleWritten, Side};

pub(crate) const NOUN: Noun = Noun { name: "article.project", tables: &[], statements: STATEMENTS };

crate::statements! {
    // The first version makes the row; a later one leaves what tells where the article comes from.
    WRITE = "INSERT INTO article (id, number, version, kind, audience, state, about, owner, review_by, title, body,
        from_ticket, copied_from, copied_version, at, actor, reviewed, reviewer, helped_provider, helped_customer)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $15, $16, 0, 0)
        ON CONFLICT (id) DO UPDATE SET version = excluded.version, kind = excluded.kind,
        audience = excluded.audience, about = excluded.about, owner = excluded.owner,
        review_by = excluded.review_by, title = excluded.title, body = excluded.body, at = excluded.at,
        actor = excluded.actor, reviewed = excluded.reviewed, reviewer = excluded.reviewer";
    ADD_VERSION = "INSERT INTO article_version (article, version, seq, at, actor, audience, title, body)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    ADD_ABOUT = "INSERT INTO article_about (facet, name, number) VALUES ($1, $2, $3)
        ON CONFLICT (facet, name, number) DO NOTHING";
    DROP_ABOUT = "DELETE FROM article_about WHERE number = $1";
    MOVE = "UPDATE article SET state = $2 WHERE id = $1";
    REVIEW = "UPDATE article SET review_by = $2, owner = $3, reviewed = $4, reviewer = $5 WHERE id = $1";
    HELP = "INSERT INTO article_help (article, ticket, seq, at, actor, side) VALUES ($1, $2, $3, $4, $5, $6)";
    HELPED_PROVIDER = "UPDATE article SET helped_provider = helped_provider + 1 WHERE id = $1";
    HELPED_CUSTOMER = "UPDATE article SET helped_customer = helped_customer + 1 WHERE id = $1";
}

pub(crate) fn write(tx: &mut WriteTx<'_>, seq: u64, e: &ArticleWritten) -> Result<()> {
    let about = serde_json::to_string(&e.about).map_err(|e| StoreError::Entry(e.to_string()))?;
    let p = vals![
        e.article.0,
        e.number,
        e.version,
        e.kind.key(),
        e.audience.key(),
        ArticleState::Draft.key(),
        &about,
        e.owner.0,
        e.review_by.map(|day| day.to_string()),
        e.title.0,
        e.body.0,
        e.from_ticket.map(|t| t.0),
        e.copied_from.map(|c| c.article.0),
        e.copied_from.map(|c| i64::from(c.version)),
        e.at,
        e.by.0
    ];
    tx.exec(WRITE, p)?;
    let audience = e.audience.key();
    let p = vals![e.article.0, e.version, seq, e.at, e.by.0, audience, e.title.0, e.body.0];
    tx.exec(ADD_VERSION, p)?;
    about_rows(tx, e.article)
}

fn about_rows(tx: &mut WriteTx<'_>, id: ArticleId) -> Result<()> {
    let Article { number, about, .. } =
        by_id(tx, id)?.ok_or_else(|| StoreError::Entry(format!("no article {id}")))?;
    tx.exec(DROP_ABOUT, vals![number])?;
    for (facet, name) in facets(&about) {
        tx.exec(ADD_ABOUT, vals![Facet::key(facet), name, number])?;
    }
    Ok(())
}

pub(crate) fn set_state(tx: &mut WriteTx<'_>, e: &ArticleMoved) -> Result<()> {
    tx.exec(MOVE, vals![e.article.0, e.state.key()]).map(drop)
}

pub(crate) fn review(tx: &mut WriteTx<'_>, e: &ArticleReviewed) -> Result<()> {
    let day = e.review_by.to_string();
    tx.exec(REVIEW, vals![e.article.0, &day, e.owner.0, e.at, e.by.0]).map(drop)
}

pub(crate) fn help(tx: &mut WriteTx<'_>, seq: u64, e: &ArticleHelped) -> Result<()> {
    tx.exec(HELP, vals![e.article.0, e.ticket.0, seq, e.at, e.by.0, e.side.key()])?;
    // What a subcontractor does counts as its provider's act.
    let sql = if e.side == Side::Customer { HELPED_CUSTOMER } else { HELPED_PROVIDER };
    tx.exec(sql, vals![e.article.0]).map(drop)
}
