//! Copying an article to another customer: a new article there, with a history of its own.

use events::{Audience, CopiedFrom};
use store::content;

use super::write::{first, found};
use super::{WriteArticle, Written};
use crate::access::{Act, Permit};
use crate::desk::text;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;
use base::id::CustomerId;

/// A customer that the asker may copy an article to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    pub customer: CustomerId,
    pub slug: String,
    pub name: String,
}

impl App {
    /// Copies the current version of an article from one customer to another: an internal draft, about the
    /// same kinds of tickets and about nothing of the other's contract, for its author to read again.
    ///
    /// The copy tells the article's identifier and version, never whose it is: a vault names no other.
    pub fn copy_article(
        &self,
        from: &Permit,
        to: &Permit,
        key: &IdempotencyKey,
        number: u64,
    ) -> Result<Written> {
        self.on_tickets(from, Act::SeeKnowledge)?;
        self.on_tickets(to, Act::WriteKnowledge)?;
        let one_person = from.by().account == to.by().account && from.role().is_provider();
        if !one_person || from.customer() == to.customer() {
            return Err(AppError::NotFound);
        }
        let asker = from.clone();
        let (article, title, body) = self.vault(from.customer())?.db.read::<_, AppError, _>(move |tx| {
            let article = found(tx, &asker, number)?;
            let title = text(content::get(tx, article.title.0)?);
            let body = text(content::get(tx, article.body.0)?);
            Ok((article, title, body))
        })?;
        let ask = WriteArticle {
            title,
            body,
            kind: article.kind,
            audience: Audience::Internal,
            kinds: article.about.kinds.clone(),
            ..WriteArticle::default()
        };
        let copied_from = Some(CopiedFrom { article: article.id, version: article.version });
        let mut ready = self.article_ready(to, &ask)?;
        ready.copied_from = copied_from;
        let permit = to.clone();
        self.in_vault(to, key, "article.copy", &(from.customer(), number), move |tx| {
            first(tx, &permit, &ready)
        })
    }

    /// The other customers that an article may be copied to.
    pub fn copy_destinations(&self, permit: &Permit) -> Result<Vec<Destination>> {
        self.on_tickets(permit, Act::SeeKnowledge)?;
        if !permit.role().is_provider() {
            return Ok(Vec::new());
        }
        let all = self.customers()?.into_iter();
        let others = all.filter(|row| {
            let customer = CustomerId(row.id);
            customer != permit.customer() && permit.by().may_for(Act::WriteKnowledge, customer)
        });
        let destination = |row: store::instance::vaults::Vault| Destination {
            customer: CustomerId(row.id),
            slug: row.slug,
            name: row.name,
        };
        Ok(others.map(destination).collect())
    }
}
