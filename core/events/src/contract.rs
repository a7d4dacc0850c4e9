//! Contracts and amendments, once signed.

use base::id::{AccountId, ContractId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A text was signed: the contract's own, or an amendment's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractSigned {
    pub contract: ContractId,
    /// The parties' number, `CTR-2026-001`.
    pub number: String,
    /// 1 for the contract, 2 for its first amendment…
    pub version: u32,
    pub title: String,
    /// SHA-256 of the text as signed, byte for byte.
    pub text_hash: String,
    /// The file it was read from: provenance names it.
    pub file: String,
    /// SHA-256 naming all texts up to this one: what tickets are pinned to.
    pub version_hash: String,
    /// SHA-256 of the compiled terms: what the reading of those texts was.
    pub terms_hash: String,
    pub semantics: u32,
    /// When the second party signed, microseconds UTC.
    pub signed: crate::Micros,
    /// First day in force.
    pub effective: Date,
    /// Who signed, both parties.
    pub signed_by: Vec<AccountId>,
    /// SHA-256 of the preparation file that was shown with it; kept beside the signed texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preparation: Option<String>,
    /// What the signature's gate still asked for: the codes of what the parties signed without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacking: Vec<String>,
    /// Why they did, each in their own words; none when nothing was lacking, and in entries written
    /// before reasons were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub despite: Vec<Despite>,
    /// SHA-256 of each subcontract that its promises were compared with; kept beside the signed texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subcontracts: Vec<String>,
}

/// A signatory's reason for signing a text that lacks something mandatory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Despite {
    pub by: AccountId,
    pub reason: String,
}
