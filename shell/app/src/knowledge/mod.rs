//! Knowledge: articles and runbooks about what a contract names, reviewed in time, found while a ticket is
//! written.
//!
//! An article belongs to one vault. The provider writes; the customer's people read what is published for
//! both parties, and a third party, of those, what names its items. What somebody may not read is neither
//! listed, counted, found nor suggested, and answers as a number that was never given.

mod copy;
mod suggest;
mod view;
mod write;

use base::id::AccountId;
use events::{ArticleKind, ArticleState, Audience};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use store::search::Reader;

pub use copy::Destination;
pub use store::article::{Article, Filter, Key};
pub use suggest::{Match, Sought, Suggested};
pub use view::{ArticleLine, ArticlePage, Freshness, Names, OverduePage, VersionLine, VersionText};

use crate::access::Permit;
use crate::agreements::Agreements;

/// Characters of a title.
pub const LONGEST_TITLE: u32 = 200;
/// Characters of a text.
pub const LONGEST_BODY: u32 = 60_000;

/// A version of an article, as its author gives it: whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteArticle {
    pub title: String,
    /// Markdown.
    pub body: String,
    #[serde(default)]
    pub kind: ArticleKind,
    #[serde(default)]
    pub audience: Audience,
    /// The number of the contract that the names below are of; the only one, if it is absent.
    #[serde(default)]
    pub contract: Option<String>,
    #[serde(default)]
    pub items: Vec<String>,
    #[serde(default)]
    pub classes: Vec<String>,
    #[serde(default)]
    pub operations: Vec<String>,
    /// Kinds of tickets (`engines::kinds`).
    #[serde(default)]
    pub kinds: Vec<String>,
    /// The e-mail of who answers for it; who does already if absent, and the author at first.
    #[serde(default)]
    pub owner: Option<String>,
    /// The last day to read it again; what is published has one.
    #[serde(default)]
    pub review_by: Option<Date>,
    /// The ticket it is written from; the first version only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_ticket: Option<u64>,
}

/// What was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub number: u64,
    pub version: u32,
    pub state: ArticleState,
    /// Its journal entry.
    pub entry: u64,
}

/// Somebody who may answer for an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    pub id: AccountId,
    pub name: String,
    pub email: String,
}

fn reader(permit: &Permit) -> Reader<'_> {
    Reader { sees: permit.sees_texts(), scope: permit.scope() }
}

/// The day it is for the customer: in the zone of its first contract.
fn today(agreements: &Agreements, now: Timestamp) -> Date {
    let zone = agreements.contracts.first().map_or(TimeZone::UTC, |agreement| agreement.zone().clone());
    now.to_zoned(zone).date()
}
