//! What must not be crossed: places, subcontractors, owners, retention, neighbours.

use base::{Length, Money};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A limit that later acts are checked against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "boundary", rename_all = "snake_case")]
pub enum Boundary {
    Location(Location),
    Subcontracting(Subcontracting),
    Subcontractor(Subcontractor),
    Ownership(Ownership),
    Retention(Retention),
    SharedHosting(SharedHosting),
}

/// Where a set of data may be, for one purpose, and who operates it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    pub dataset: String,
    pub purpose: Purpose,
    /// ISO 3166-1 alpha-2; nothing outside this list.
    pub countries: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The label of a party, or the customer itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// Exposed to the law of a State outside the European Union.
    pub extra_eu_law: bool,
    /// Qualifications held by the place: `secnumcloud`, `hds`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub qualifications: Vec<String>,
    /// Notice before the place changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_notice: Option<Length>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    Main,
    Recovery,
    Backup,
    Support,
    Administration,
}

impl Purpose {
    pub const WORDS: &[&str] = &["main", "recovery", "backup", "support", "administration"];
}

/// On which conditions the provider may have others work for it (law 75-1334, art. 3; GDPR 28(2)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subcontracting {
    pub mode: SubcontractingMode,
    /// How long the customer has to object or to accept.
    pub objection: Length,
    /// What silence means.
    pub silence: Silence,
    /// The customer keeps its claims against subcontractors (S-274).
    pub recourse: bool,
    /// How many ranks of subcontractors are allowed; `None`: no limit written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_rank: Option<u32>,
    /// What is looked at before a subcontractor is accepted, and as long as it works.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<SubcontractorCheck>,
}

/// The four questions asked of each subcontractor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubcontractorCheck {
    /// Accepted, and its payment terms approved: otherwise the provider cannot rely on it (law 75-1334,
    /// art. 3).
    #[serde(rename = "legal_1975")]
    Legal1975,
    /// Authorised as another processor, under the same duties (GDPR 28(2) and 28(4)).
    #[serde(rename = "gdpr_28")]
    Gdpr28,
    /// Its rank, its services and its places are known all along the chain (Reg. (EU) 2022/2554, 30(2)(a)).
    DoraChain,
    /// The security clauses of this contract are in the contract with it (S-232).
    SecurityFlowDown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubcontractingMode {
    Forbidden,
    /// Each one is accepted in writing before it works.
    Specific,
    /// Announced, and the customer may object.
    General,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    Accepts,
    Refuses,
}

/// One subcontractor in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subcontractor {
    /// The label of a party of role `subcontractor`.
    pub party: String,
    /// 2 for a direct subcontractor of the provider, which is rank 1 (Reg. (EU) 2024/2956, B_05.02).
    pub rank: u32,
    /// The label of the party it works for; `None`: the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub works_for: Option<String>,
    pub services: Vec<String>,
    pub countries: Vec<String>,
    /// The day the customer accepted it and its payment terms; `None`: not accepted yet, so no access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Date>,
    /// The number of the contract with it, for the back-to-back check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// Labels of this contract's promises that rest on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relied_on_for: Vec<String>,
    /// Labels of the security clauses that the contract with it repeats.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flows_down: Vec<String>,
    /// It processes personal data: it is another processor in the sense of GDPR 28(2).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub personal_data: bool,
}

/// Who owns a piece of software, a database or a document, and who may use it how (CPI, L131-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ownership {
    pub of: String,
    pub mode: OwnershipMode,
    /// `reproduction`, `adaptation`, `distribution`…: each right has to be named.
    pub rights: Vec<String>,
    pub purpose: String,
    pub territory: String,
    /// `None`: the legal duration of the rights.
    pub duration: Option<Length>,
    pub exclusive: bool,
    /// `None`: included in the fee.
    pub price: Option<Money>,
    pub provider_reuse: bool,
    /// The sources are handed over.
    pub sources: bool,
    /// The sources are held by a third party.
    pub escrow: bool,
    /// `application`, `script`, `documentation`, `database`, `configuration`, `deliverable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nature: Option<String>,
    /// How far each right goes, in the parties' words: media, number of users, companies of the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extent: Option<String>,
    /// The rights last as long as the contract, and then for `duration`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub with_term: bool,
    /// The day it is entrusted to the provider, which may use it for the service from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrusted_from: Option<Date>,
    /// The last day of a licence granted for a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnershipMode {
    /// The customer's from the start, entrusted to the provider.
    Customer,
    /// Assigned to the customer.
    Assigned,
    /// Stays the provider's, licensed to the customer.
    Licensed,
    /// A third party's, under its licence.
    ThirdParty,
}

/// How long something is kept, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// `logs`, `recordings`, `backups`, `tickets`…
    pub of: String,
    pub keep: Length,
    pub then: AfterRetention,
    /// Why a length outside usual bounds was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What is kept, by source: `passerelle`, `pare-feu`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Who may read it, in the parties' words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readers: Vec<String>,
    /// On a system other than the one it comes from, dated and sealed when written.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterRetention {
    Erase,
    Return,
    Archive,
}

/// What is hosted beside other customers' systems, and how they are kept apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedHosting {
    /// Items or services that are shared.
    pub items: Vec<String>,
    /// `database_per_customer`, `schema`, `virtual_machine`, `physical`…
    pub separation: String,
}
