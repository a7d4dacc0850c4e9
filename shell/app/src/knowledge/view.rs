//! What screens and the API read of articles.

use std::collections::HashMap;

use base::id::AccountId;
use events::{ArticleState, Audience};
use jiff::Timestamp;
use jiff::civil::Date;
use store::article::{self, Article, Filter, Key, Version};
use store::{Tx, content, ticket};

use super::write::found;
use super::{reader, today};
use crate::access::{Act, Permit, Side};
use crate::agreements::Agreements;
use crate::desk::text;
use crate::error::{AppError, Result};
use crate::instance::App;

/// Versions listed beside an article.
const VERSIONS: u32 = 100;

/// A name of the contract's and how the contract calls it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// The contract's number.
    pub contract: Option<String>,
    pub items: Vec<(String, String)>,
    pub classes: Vec<(String, String)>,
    pub operations: Vec<(String, String)>,
    /// Keys of kinds of tickets.
    pub kinds: Vec<String>,
}

/// An article with what a list shows of it.
#[derive(Debug, Clone)]
pub struct ArticleLine {
    pub article: Article,
    pub title: String,
    pub owner: String,
    /// Only of what the reader sees: a third party does not learn of other items.
    pub about: Names,
    /// Its review was due before today.
    pub overdue: bool,
    /// How many tickets it helped with: the provider's side, and the customer's; `None` for a third party.
    pub helped: Option<(u64, u64)>,
}

/// A version in the list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionLine {
    pub version: u32,
    pub at: Timestamp,
    pub by: String,
    pub audience: Audience,
    /// Its journal entry.
    pub seq: u64,
}

/// A version, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionText {
    pub line: VersionLine,
    pub title: String,
    pub body: String,
}

/// Everything about one article.
#[derive(Debug, Clone)]
pub struct ArticlePage {
    pub line: ArticleLine,
    pub body: String,
    pub written: Timestamp,
    pub by: String,
    pub reviewed: Timestamp,
    pub reviewer: String,
    /// Newest first, for the provider's people; others read the current one.
    pub versions: Vec<VersionLine>,
    /// The number of the ticket it was written from, if the reader sees it.
    pub from_ticket: Option<u64>,
    pub today: Date,
    pub zone: String,
}

/// How many published articles were read again in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    pub published: u64,
    pub overdue: u64,
}

impl Freshness {
    /// Whole percents, rounded down: 100 means all of them.
    pub fn percent(self) -> Option<u64> {
        (self.published > 0).then(|| (self.published - self.overdue) * 100 / self.published)
    }
}

/// A page of what is to be read again.
#[derive(Debug, Clone, Default)]
pub struct OverduePage {
    pub lines: Vec<ArticleLine>,
    pub next: Option<Key>,
}

impl App {
    /// The articles that the asker reads and wants, newest first under the number `before`; and the
    /// `before` of the next page.
    pub fn articles(
        &self,
        permit: &Permit,
        filter: &Filter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<(Vec<ArticleLine>, Option<u64>)> {
        self.on_tickets(permit, Act::SeeKnowledge)?;
        let vault = self.vault(permit.customer())?;
        let (agreements, now) = (vault.agreements()?, self.now());
        let (permit, filter) = (permit.clone(), filter.clone());
        vault.db.read(move |tx| {
            let (rows, next) = article::list(tx, &reader(&permit), &filter, before, limit)?;
            Ok((lines(tx, &permit, &agreements, now, rows)?, next))
        })
    }

    /// An article, whole.
    pub fn article(&self, permit: &Permit, number: u64) -> Result<ArticlePage> {
        self.on_tickets(permit, Act::SeeKnowledge)?;
        let vault = self.vault(permit.customer())?;
        let (agreements, now, permit) = (vault.agreements()?, self.now(), permit.clone());
        vault.db.read(move |tx| {
            let article = found(tx, &permit, number)?;
            let names = crate::ticket::names(tx)?;
            let all = permit.role().is_provider();
            let versions =
                if all { article::versions(tx, article.id, u32::MAX, VERSIONS)? } else { Vec::new() };
            let versions = versions.iter().map(|v| version_line(v, &names)).collect::<Result<_>>()?;
            let from_ticket = match article.from_ticket.filter(|_| all) {
                Some(id) => ticket::by_id(tx, id)?.filter(|t| permit.scope().lets(t)).map(|t| t.number),
                None => None,
            };
            let zone = agreements.contracts.first().map(|a| a.latest().compiled.terms.zone.clone());
            let body = text(content::get(tx, article.body.0)?);
            let (written, reviewed) = (instant(article.at)?, instant(article.reviewed)?);
            let (by, reviewer) = (name(&names, article.by), name(&names, article.reviewer));
            let one = lines(tx, &permit, &agreements, now, vec![article])?.pop();
            Ok(ArticlePage {
                line: one.ok_or(AppError::NotFound)?,
                body,
                written,
                by,
                reviewed,
                reviewer,
                versions,
                from_ticket,
                today: today(&agreements, now),
                zone: zone.unwrap_or_else(|| "UTC".to_owned()),
            })
        })
    }

    /// A version of an article, for the provider's people: an earlier one may never have been for others.
    pub fn article_version(&self, permit: &Permit, number: u64, version: u32) -> Result<VersionText> {
        self.on_tickets(permit, Act::SeeKnowledge)?;
        let vault = self.vault(permit.customer())?;
        let permit = permit.clone();
        vault.db.read(move |tx| {
            if !permit.role().is_provider() {
                return Err(AppError::NotFound);
            }
            let article = found(tx, &permit, number)?;
            let version = article::version(tx, article.id, version)?.ok_or(AppError::NotFound)?;
            let line = version_line(&version, &crate::ticket::names(tx)?)?;
            let title = text(content::get(tx, version.title.0)?);
            Ok(VersionText { line, title, body: text(content::get(tx, version.body.0)?) })
        })
    }

    /// How fresh the published articles are, for those of the provider's people who read all of them.
    pub fn freshness(&self, permit: &Permit) -> Result<Option<Freshness>> {
        self.on_tickets(permit, Act::SeeKnowledge)?;
        if !reads_all(permit) {
            return Ok(None);
        }
        let vault = self.vault(permit.customer())?;
        let agreements = vault.agreements()?;
        let today = today(&agreements, self.now());
        vault.db.read(move |tx| {
            let (published, overdue) = article::count_published(tx, today)?;
            Ok(Some(Freshness { published, overdue }))
        })
    }

    /// The published articles whose review is late, the latest first; none for those who do not read all.
    pub fn overdue_articles(&self, permit: &Permit, after: Option<Key>, limit: u32) -> Result<OverduePage> {
        self.on_tickets(permit, Act::SeeKnowledge)?;
        if !reads_all(permit) {
            return Ok(OverduePage::default());
        }
        let vault = self.vault(permit.customer())?;
        let (agreements, now, permit) = (vault.agreements()?, self.now(), permit.clone());
        vault.db.read(move |tx| {
            let page = article::overdue(tx, today(&agreements, now), after, limit)?;
            Ok(OverduePage { lines: lines(tx, &permit, &agreements, now, page.articles)?, next: page.next })
        })
    }
}

fn reads_all(permit: &Permit) -> bool {
    permit.role().is_provider() && *permit.scope() == ticket::Scope::All
}

pub(super) fn lines(
    tx: &mut dyn Tx,
    permit: &Permit,
    agreements: &Agreements,
    now: Timestamp,
    rows: Vec<Article>,
) -> Result<Vec<ArticleLine>> {
    let (names, today) = (crate::ticket::names(tx)?, today(agreements, now));
    let mut lines = Vec::new();
    for article in rows {
        let late = article.review_by.is_some_and(|day| day < today);
        let counted = permit.role().side() != Side::ThirdParty;
        lines.push(ArticleLine {
            title: text(content::get(tx, article.title.0)?),
            owner: name(&names, article.owner),
            about: about(permit, agreements, &article),
            overdue: late && article.state == ArticleState::Published,
            helped: counted.then_some((article.helped_provider, article.helped_customer)),
            article,
        });
    }
    Ok(lines)
}

fn about(permit: &Permit, agreements: &Agreements, article: &Article) -> Names {
    let about = &article.about;
    let agreement = about.contract.and_then(|id| agreements.by_id(id).ok());
    let Some(agreement) = agreement else { return Names { kinds: about.kinds.clone(), ..Names::default() } };
    let terms = &agreement.latest().compiled.terms;
    let named = |dimension: &str, key: &str| (key.to_owned(), terms.name_of(dimension, key).to_owned());
    let seen = about
        .items
        .iter()
        .filter(|i| permit.sees_item(agreement.id, &i.item, i.class.as_deref()))
        .map(|i| named("item", &i.item));
    let third_party = permit.role().side() == Side::ThirdParty;
    let sees_class = |class: &&String| !third_party || permit.sees_item(agreement.id, "", Some(class));
    let classes = about.classes.iter().filter(sees_class).map(|class| named("item_class", class));
    let title = |key: &String| {
        let rule = terms.operations.iter().find(|r| r.then.operation == *key);
        (key.clone(), rule.map_or_else(|| key.clone(), |r| r.then.title.clone()))
    };
    Names {
        contract: (!third_party && permit.sees(agreement.id)).then(|| agreement.number.clone()),
        items: seen.collect(),
        classes: classes.collect(),
        operations: about.operations.iter().map(title).collect(),
        kinds: about.kinds.clone(),
    }
}

fn version_line(version: &Version, names: &HashMap<AccountId, String>) -> Result<VersionLine> {
    Ok(VersionLine {
        version: version.version,
        at: instant(version.at)?,
        by: name(names, version.by),
        audience: version.audience,
        seq: version.seq,
    })
}

fn instant(micros: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(AppError::fault)
}

fn name(names: &HashMap<AccountId, String>, who: AccountId) -> String {
    names.get(&who).cloned().unwrap_or_else(|| who.to_string())
}
