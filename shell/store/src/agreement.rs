//! Signed contracts: each version, and the texts by their hash.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use base::id::ContractId;
use events::ContractSigned;

pub(crate) const TABLES: &str = "
    CREATE TABLE signed_text (
        hash TEXT NOT NULL PRIMARY KEY,
        bytes BLOB NOT NULL);
    CREATE TABLE contract_version (
        contract BLOB NOT NULL,
        version INT NOT NULL,
        number TEXT NOT NULL,
        title TEXT NOT NULL,
        text_hash TEXT NOT NULL,
        file TEXT NOT NULL,
        version_hash TEXT NOT NULL UNIQUE,
        terms_hash TEXT NOT NULL,
        semantics INT NOT NULL,
        effective TEXT NOT NULL,
        signed INT NOT NULL,
        seq INT NOT NULL,
        PRIMARY KEY (contract, version))";

pub(crate) const NOUN: Noun = Noun {
    name: "agreement",
    tables: &[
        Table { name: "signed_text", keep: Keep::Exported },
        Table { name: "contract_version", keep: Keep::Journaled },
    ],
    statements: STATEMENTS,
};

crate::statements! {
    PUT_TEXT = "INSERT INTO signed_text (hash, bytes) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING";
    TEXT = "SELECT bytes FROM signed_text WHERE hash = $1";
    ADD = "INSERT INTO contract_version (contract, version, number, title, text_hash, file, version_hash,
        terms_hash, semantics, effective, signed, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    ALL = "SELECT contract, version, number, title, text_hash, file, version_hash, terms_hash, semantics,
        effective, signed, seq FROM contract_version ORDER BY contract, version";
    COUNT = "SELECT COUNT(*) FROM contract_version";
}

/// One version as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedVersion {
    pub contract: ContractId,
    pub version: u32,
    pub number: String,
    pub title: String,
    pub text_hash: String,
    pub file: String,
    pub version_hash: String,
    pub terms_hash: String,
    pub semantics: u32,
    /// ISO 8601 date.
    pub effective: String,
    /// Microseconds UTC.
    pub signed: i64,
    /// The journal entry of the signature.
    pub seq: u64,
}

fn version(row: &Row) -> Result<SignedVersion> {
    let small = |index| -> Result<u32> { Ok(u32::try_from(row.int(index)?).unwrap_or(u32::MAX)) };
    Ok(SignedVersion {
        contract: ContractId(row.uuid(0)?),
        version: small(1)?,
        number: row.text(2)?.into(),
        title: row.text(3)?.into(),
        text_hash: row.text(4)?.into(),
        file: row.text(5)?.into(),
        version_hash: row.text(6)?.into(),
        terms_hash: row.text(7)?.into(),
        semantics: small(8)?,
        effective: row.text(9)?.into(),
        signed: row.int(10)?,
        seq: row.uint(11)?,
    })
}

/// Keeps a text, or a statement, under its hash; the same bytes twice are kept once.
pub fn put_text(tx: &mut WriteTx<'_>, hash: &str, bytes: &[u8]) -> Result<()> {
    tx.exec(PUT_TEXT, vals![hash, bytes]).map(drop)
}

pub fn text(tx: &mut dyn Tx, hash: &str) -> Result<Option<Vec<u8>>> {
    tx.opt_row(TEXT, vals![hash])?.map(|r| Ok(r.blob(0)?.to_vec())).transpose()
}

pub(crate) fn sign(tx: &mut WriteTx<'_>, seq: u64, e: &ContractSigned) -> Result<()> {
    let p = vals![
        e.contract.0,
        e.version,
        &e.number,
        &e.title,
        &e.text_hash,
        &e.file,
        &e.version_hash,
        &e.terms_hash,
        e.semantics,
        e.effective.to_string(),
        e.signed,
        seq
    ];
    tx.exec(ADD, p).map(drop)
}

/// All versions of all contracts, oldest first in each contract.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<SignedVersion>> {
    tx.rows(ALL, &[])?.iter().map(version).collect()
}

/// How many versions are signed: what a cache of compiled contracts is compared with.
pub fn count(tx: &mut dyn Tx) -> Result<u64> {
    tx.row(COUNT, &[])?.uint(0)
}
