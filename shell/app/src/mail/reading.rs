//! A published article whose review falls due: told to its owner, once for each date of review, and on their
//! desk until it is read again.

use std::sync::Arc;

use base::id::CustomerId;
use base::{Lang, lang};
use jiff::civil::Date;
use store::article::{self, Article};
use store::content;

use super::aside::NO_TICKET;
use super::daily::{ToTell, cause_of};
use super::letter::Block;
use super::{MailSettings, Notice};
use crate::access::Principal;
use crate::desk::text;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::vault::VaultHandle;

/// Articles read at once.
const BATCH: u32 = 200;

impl App {
    /// The articles to be read again today or before, and their owners.
    pub(super) fn reviews_to_tell(&self, vault: &Arc<VaultHandle>) -> Result<Vec<ToTell>> {
        let mut all = Vec::new();
        for article in self.to_read_again(vault)? {
            let Some(owner) = self.correspondent(article.owner)? else { continue };
            if self.reads_of(&owner, vault.id)? {
                all.push(ToTell { person: owner.account, number: NO_TICKET, cause: cause(&article) });
            }
        }
        Ok(all)
    }

    /// What somebody owns and is to read again at a customer, the oldest date first, no more than `limit`.
    pub(crate) fn to_read_again_by(
        &self,
        person: &Principal,
        vault: &Arc<VaultHandle>,
        limit: u32,
    ) -> Result<Vec<Article>> {
        if !self.reads_of(person, vault.id)? {
            return Ok(Vec::new());
        }
        self.to_read_again_of(person, vault, limit)
    }

    fn to_read_again_of(&self, of: &Principal, vault: &VaultHandle, limit: u32) -> Result<Vec<Article>> {
        let tomorrow = self.tomorrow_of(vault)?;
        let owner = of.account;
        vault.db.read::<_, AppError, _>(move |tx| Ok(article::overdue_of(tx, owner, tomorrow, limit)?))
    }

    fn to_read_again(&self, vault: &Arc<VaultHandle>) -> Result<Vec<Article>> {
        let tomorrow = self.tomorrow_of(vault)?;
        vault.db.read(move |tx| {
            let (mut all, mut after) = (Vec::new(), None);
            loop {
                let page = article::overdue(tx, tomorrow, after, BATCH)?;
                all.extend(page.articles);
                after = page.next;
                if after.is_none() {
                    return Ok(all);
                }
            }
        })
    }

    /// Whether somebody may read the customer's articles: whoever has not signed the undertaking asked for
    /// may not, and a title tells something of what is kept.
    fn reads_of(&self, person: &Principal, customer: CustomerId) -> Result<bool> {
        match Notice::Review.act().map(|act| person.permit(act, customer)) {
            Some(Ok(permit)) => Ok(!self.is_unbound(&permit)?),
            _ => Ok(false),
        }
    }

    /// Tomorrow, in the zone of the vault's first contract: what is due before it is due today.
    pub(crate) fn tomorrow_of(&self, vault: &VaultHandle) -> Result<Date> {
        let now = self.now();
        let today = match vault.agreements()?.contracts.first() {
            Some(agreement) => agreement.local_date(now),
            None => now.to_zoned(jiff::tz::TimeZone::UTC).date(),
        };
        Ok(today.saturating_add(jiff::Span::new().days(1)))
    }

    /// Title, sentences and address; `None` when it was read again or retired meanwhile, or has another owner.
    pub(super) fn say_review(
        &self,
        settings: &MailSettings,
        (person, at): (&Principal, Lang),
        (customer, of): (CustomerId, i64),
    ) -> Result<Option<(String, Vec<Block>, String)>> {
        if !self.reads_of(person, customer)? {
            return Ok(None);
        }
        let vault = self.vault(customer)?;
        let mine = self.to_read_again_of(person, &vault, u32::MAX)?;
        let Some(found) = mine.into_iter().find(|a| cause(a) == of) else { return Ok(None) };
        let Some(by) = found.review_by else { return Ok(None) };
        let number = found.number;
        let title = vault.db.read::<_, AppError, _>(move |tx| Ok(text(content::get(tx, found.title.0)?)))?;
        let (day, customer) = (lang::date(at, by), &vault.name);
        let subject = at.t(
            format!("Article à relire, {customer}\u{a0}: {title}"),
            format!("Article to review, {customer}: {title}"),
        );
        let said = Block::Paragraph(at.t(
            format!(
                "L'article «\u{a0}{title}\u{a0}» de {customer}, dont vous répondez, est à relire au {day}."
            ),
            format!("Article “{title}” of {customer}, which you own, is to be reviewed by {day}."),
        ));
        let url = format!("{}/c/{}/knowledge/{number}", settings.site, vault.slug);
        Ok(Some((subject, vec![said], url)))
    }
}

/// What tells a notice from another: the article and its date of review.
fn cause(article: &Article) -> i64 {
    let day = article.review_by.map_or_else(String::new, |day| day.to_string());
    cause_of(&format!("article {} {day}", article.number))
}
