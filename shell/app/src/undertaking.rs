//! The undertaking of confidentiality: each person of the provider's side signs it before any access.
//!
//! A contract whose clause `confidentiality` asks for it opens no ticket to somebody who has not signed
//! the article in force. A new wording is signed anew; the same article under several contracts, once.

use std::collections::{HashMap, HashSet};

use base::Provenance;
use base::id::{AccountId, ContractId};
use events::{Event, UndertakingSigned};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::record::{Stamp, record};
use store::{Tx, idempotency, undertaking};
use terms::{DutyDue, DutyProof, PartyRole, Trigger};

use crate::access::{Act, Permit, Role, Side};
use crate::agreements::{Agreement, Agreements};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;

/// The code of the refusal of whoever has still to sign.
const OWED: &str = "undertaking.owed";

/// An article that asks for an undertaking, as it is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    pub contract: ContractId,
    pub number: String,
    /// The hash of the version in force.
    pub version: String,
    pub clause: Provenance,
    /// As signed: `Article 25 – Confidentialité`.
    pub title: String,
    /// The prose, safe HTML.
    pub html: String,
    /// The language that the contract is written in.
    pub language: base::Lang,
    /// What the undertaking is about: SHA-256, lower-case hex, of the title and the prose.
    pub text: String,
}

/// How a person stands with the articles in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Signed(Timestamp),
    Owed,
}

/// What signing wrote down: the entries of the journal, none when nothing was owed any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    pub entries: Vec<u64>,
}

impl AppError {
    /// Whether it refuses because the undertaking of confidentiality is still to be signed.
    pub fn is_undertaking_owed(&self) -> bool {
        matches!(self, AppError::Refused(refusal) if refusal.code == OWED)
    }
}

impl App {
    /// The articles that the reader must sign before any ticket of the customer is theirs to see.
    pub fn undertakings_owed(&self, permit: &Permit) -> Result<Vec<Article>> {
        permit.covers(Act::SeeTickets)?;
        self.owed(permit)
    }

    /// Signs the articles whose hashes the reader was shown.
    pub fn sign_undertakings(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        shown: &[String],
    ) -> Result<Signed> {
        permit.covers(Act::SeeTickets)?;
        let articles = self.owed(permit)?;
        let request: [u8; 32] = Sha256::digest(serde_json::to_vec(shown).map_err(AppError::fault)?).into();
        let stored_key = key.of(permit.by().account, "undertaking.sign");
        let (person, at, introduction) = (permit.by().account, self.micros(), self.introduction(permit.by()));
        let all_shown = articles.iter().all(|article| shown.contains(&article.text));
        let bytes = self.vault(permit.customer())?.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                // Between the page and its form, an amendment may have changed the article.
                if !all_shown {
                    return Err(AppError::refused(Refusal::new(
                        "undertaking.changed",
                        "L'article a changé depuis que la page a été ouverte\u{a0}: relisez-le.",
                        "The article changed since the page was opened: read it again.",
                    )));
                }
                introduction.ensure(tx, at)?;
                let mut entries = Vec::new();
                for article in &articles {
                    let stamp = Stamp { at, actor: person, contract: Some(article.version.clone()) };
                    let event = Event::UndertakingSigned(UndertakingSigned {
                        person,
                        contract: article.contract,
                        label: article.clause.label.clone(),
                        version: article.version.clone(),
                        text: article.text.clone(),
                        at,
                    });
                    entries.push(record(tx, &stamp, &event, &[])?);
                }
                serde_json::to_vec(&Signed { entries }).map_err(AppError::fault)
            })
        })?;
        self.mark_dirty(permit.customer());
        serde_json::from_slice(&bytes).map_err(AppError::fault)
    }

    /// What every read of tickets, and of the articles written from them, and every act on them asks
    /// first: the permit for it, and the undertaking that the contract asks of the person.
    pub(crate) fn on_tickets(&self, permit: &Permit, act: Act) -> Result<()> {
        permit.covers(act)?;
        let owed = self.owed(permit)?;
        let Some(first) = owed.first() else { return Ok(()) };
        let (fr, en) = (
            format!(
                "«\u{a0}{}\u{a0}»\u{a0}: un engagement de confidentialité est signé avant tout accès",
                first.title
            ),
            format!("“{}”: an undertaking of confidentiality is signed before any access", first.title),
        );
        let reason = base::Reason::new("undertaking.clause", fr, en).citing(&first.clause);
        Err(AppError::refused(
            Refusal::new(
                OWED,
                "Signez d'abord votre engagement de confidentialité envers ce client.",
                "Sign your undertaking of confidentiality towards this customer first.",
            )
            .because(vec![reason]),
        ))
    }

    /// Whether the reader must sign before seeing the customer's tickets.
    pub(crate) fn is_unbound(&self, permit: &Permit) -> Result<bool> {
        Ok(!self.owed(permit)?.is_empty())
    }

    fn owed(&self, permit: &Permit) -> Result<Vec<Article>> {
        if permit.by().role.side() == Side::Customer {
            return Ok(Vec::new());
        }
        let vault = self.vault(permit.customer())?;
        let mut articles = in_force(&*vault.agreements()?, self.now());
        // A wording is signed once, for all of the contracts that have it.
        let mut wordings = HashSet::new();
        articles.retain(|article| permit.sees(article.contract) && wordings.insert(article.text.clone()));
        if articles.is_empty() {
            return Ok(articles);
        }
        let person = permit.by().account;
        let signed = vault.db.read::<_, AppError, _>(move |tx| Ok(undertaking::of(tx, person)?))?;
        articles.retain(|article| !signed.iter().any(|s| s.text == article.text));
        Ok(articles)
    }
}

/// What everybody signed for a customer, against the articles in force.
pub(crate) struct Register {
    articles: Vec<Article>,
    signed: HashMap<(AccountId, String), i64>,
}

impl Register {
    pub fn read(tx: &mut dyn Tx, agreements: &Agreements, now: Timestamp) -> Result<Register> {
        let signed = undertaking::all(tx)?.into_iter().map(|s| ((s.person, s.text), s.at)).collect();
        Ok(Register { articles: in_force(agreements, now), signed })
    }

    /// `None` for whoever owes none: the customer's own people, and everybody without such a clause.
    pub fn of(
        &self,
        person: AccountId,
        role: Role,
        contract: Option<ContractId>,
    ) -> Result<Option<Standing>> {
        let asked = self.articles.iter().filter(|a| contract.is_none_or(|only| only == a.contract));
        let times: Vec<Option<i64>> =
            asked.map(|a| self.signed.get(&(person, a.text.clone())).copied()).collect();
        if role.side() == Side::Customer || times.is_empty() {
            return Ok(None);
        }
        let Some(times) = times.into_iter().collect::<Option<Vec<i64>>>() else {
            return Ok(Some(Standing::Owed));
        };
        let last = times.into_iter().max().unwrap_or_default();
        Ok(Some(Standing::Signed(Timestamp::from_microsecond(last).map_err(AppError::fault)?)))
    }
}

/// The articles that ask for an undertaking under the versions in force, contract by contract: the same
/// wording may stand in several, and whoever sees one of them only owes it all the same.
fn in_force(agreements: &Agreements, now: Timestamp) -> Vec<Article> {
    agreements.contracts.iter().flat_map(|agreement| articles(agreement, now)).collect()
}

fn articles(agreement: &Agreement, now: Timestamp) -> Vec<Article> {
    // A contract that has not begun asks for nothing yet.
    let Ok(version) = agreement.in_force(now) else { return Vec::new() };
    let Some(at) = agreement.history.versions.iter().position(|v| v.hash == version.hash) else {
        return Vec::new();
    };
    let document = &agreement.texts[at].compiled.document;
    let duties = version.terms.duties.iter().filter(|rule| {
        rule.then.owed_by == PartyRole::Provider
            && rule.then.proof == DutyProof::Undertaking
            && matches!(rule.then.due, DutyDue::Before { of: Trigger::FirstAccess, .. })
    });
    let article = |rule: &terms::Rule<terms::Duty>| {
        // An order stands on its master, whose document is its own; the heading is enough of a name.
        let stated = document.article_of(rule.label());
        let title = stated.map_or_else(|| rule.from.article.clone(), |a| a.title.clone());
        let prose = stated.map_or("", |a| a.text.as_str());
        let hash = Sha256::digest(format!("{title}\n\n{prose}"));
        Article {
            contract: agreement.id,
            number: agreement.number.clone(),
            version: version.hash.clone(),
            clause: rule.from.clone(),
            language: version.terms.language,
            html: stated.map(|a| a.html.clone()).unwrap_or_default(),
            text: data_encoding::HEXLOWER.encode(&hash),
            title,
        }
    };
    duties.map(article).collect()
}
