//! Articles and runbooks: what is known about items, operations and kinds of tickets. Texts are content.

use base::id::{AccountId, ArticleId, ContractId, TicketId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{ContentId, Micros, Side};

/// What an article is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArticleKind {
    /// To understand, or to help oneself.
    #[default]
    Article,
    /// To do, step by step.
    Runbook,
}

impl ArticleKind {
    pub const ALL: [ArticleKind; 2] = [ArticleKind::Article, ArticleKind::Runbook];

    pub fn key(self) -> &'static str {
        match self {
            ArticleKind::Article => "article",
            ArticleKind::Runbook => "runbook",
        }
    }

    pub fn from_key(key: &str) -> Option<ArticleKind> {
        ArticleKind::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// Who reads a published article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The provider's people only: what is not said otherwise is not shared.
    #[default]
    Internal,
    /// The customer's people too, and a third party for its items.
    Parties,
}

impl Audience {
    pub const ALL: [Audience; 2] = [Audience::Internal, Audience::Parties];

    pub fn key(self) -> &'static str {
        match self {
            Audience::Internal => "internal",
            Audience::Parties => "parties",
        }
    }

    pub fn from_key(key: &str) -> Option<Audience> {
        Audience::ALL.into_iter().find(|audience| audience.key() == key)
    }
}

/// Where an article stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArticleState {
    /// Read by the provider's people only, whatever its audience.
    Draft,
    Published,
    /// No longer right: kept, and neither found nor suggested.
    Retired,
}

impl ArticleState {
    pub const ALL: [ArticleState; 3] = [ArticleState::Draft, ArticleState::Published, ArticleState::Retired];

    pub fn key(self) -> &'static str {
        match self {
            ArticleState::Draft => "draft",
            ArticleState::Published => "published",
            ArticleState::Retired => "retired",
        }
    }

    pub fn from_key(key: &str) -> Option<ArticleState> {
        ArticleState::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// An item of a perimeter, with the class that it had there when this was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutItem {
    pub item: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
}

/// What an article is about, by the contract's names. Nothing at all: the customer as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleAbout {
    /// The contract whose names these are; items, classes and operations are always some contract's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<AboutItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<String>,
    /// Kinds of tickets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
}

/// The article that one was copied from, which is another vault's: an identifier, and not whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiedFrom {
    pub article: ArticleId,
    pub version: u32,
}

/// A version of an article was written, whole. Writing it is reviewing it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleWritten {
    pub article: ArticleId,
    /// Counted from 1 in each vault; the same in every version.
    pub number: u64,
    /// From 1.
    pub version: u32,
    pub at: Micros,
    pub by: AccountId,
    pub kind: ArticleKind,
    pub audience: Audience,
    pub about: ArticleAbout,
    /// Who answers for it.
    pub owner: AccountId,
    /// The last day before which it is to be read again; what is published has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_by: Option<Date>,
    /// The ticket whose resolution it was first written from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_ticket: Option<TicketId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copied_from: Option<CopiedFrom>,
    pub title: ContentId,
    /// Markdown.
    pub body: ContentId,
}

/// An article was published, or retired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleMoved {
    pub article: ArticleId,
    /// Never back to a draft.
    pub state: ArticleState,
    pub at: Micros,
    pub by: AccountId,
}

/// Somebody read an article again and says that it is still right: no new version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleReviewed {
    pub article: ArticleId,
    /// The version that was read.
    pub version: u32,
    pub at: Micros,
    pub by: AccountId,
    pub owner: AccountId,
    pub review_by: Date,
}

/// An article helped with a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleHelped {
    pub article: ArticleId,
    pub version: u32,
    pub ticket: TicketId,
    pub at: Micros,
    pub by: AccountId,
    pub side: Side,
}
