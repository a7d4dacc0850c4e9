//! Who is told first of each level of escalation of a contract: accounts that the provider's contacts put on
//! it, in the place of the contacts that the clause names.

use std::collections::{BTreeSet, HashMap, HashSet};

use base::id::{AccountId, ContractId, CustomerId};
use base::{Bilingual, Provenance};
use events::{Event, LevelAssigned};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::escalation::{self, Placed};
use store::idempotency;
use store::record::{Stamp, record};
use terms::{Escalation, Promise, Rule};

use crate::access::{Act, Permit, Principal, Side};
use crate::agreements::Agreement;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::roster::Candidate;
use crate::skills::Noted;
use crate::ticket::IdempotencyKey;

/// So many people at most on one level.
const MOST: usize = 20;

/// A level of a contract in force, and who is put on it.
#[derive(Debug, Clone)]
pub struct Line {
    /// The contract's number.
    pub contract: String,
    pub clause: Provenance,
    pub promise: Promise,
    pub level: u32,
    /// The clause as it is read back: when it is reached, and whom it names.
    pub says: Bilingual,
    /// By name; empty: whom the clause leads to.
    pub people: Vec<OnLevel>,
}

/// Somebody put on a level.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OnLevel {
    pub name: String,
    /// Whether they may still read the contract's tickets: they are told nothing otherwise.
    pub reads: bool,
}

/// One level, as it is said.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub line: Line,
    /// Everybody of either party who may read the contract's tickets, by name, and who is put on it.
    pub candidates: Vec<(Candidate, bool)>,
    /// The entry that said it last; `None` when nothing was said yet.
    pub since: Option<u64>,
    /// When that was, and by whom.
    pub told: Option<(Timestamp, String)>,
}

/// Who is put on a level, all of them; nobody gives it back to the clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignLevel {
    /// The contract's number.
    pub contract: String,
    /// The label of the clause.
    pub clause: String,
    #[serde(default)]
    pub people: Vec<AccountId>,
    /// The [`Sheet::since`] that was read: what somebody said meanwhile is not undone unseen.
    #[serde(default)]
    pub since: Option<u64>,
}

impl App {
    /// The levels of the contracts in force, in the order of their texts.
    pub fn levels(&self, permit: &Permit) -> Result<Vec<Line>> {
        permit.covers(Act::SeeContract)?;
        let (vault, now) = (self.vault(permit.customer())?, self.now());
        let agreements = vault.agreements()?;
        let (placed, names) =
            vault.db.read::<_, AppError, _>(|tx| Ok((escalation::all(tx)?, crate::ticket::names(tx)?)))?;
        let mut lines = Vec::new();
        for agreement in agreements.in_force(now).into_iter().filter(|a| permit.sees(a.id)) {
            let able = self.level_readers(permit.customer(), agreement.id)?;
            for rule in &agreement.in_force(now)?.terms.escalations {
                lines.push(line(agreement, rule, &placed, (&names, &able), now));
            }
        }
        Ok(lines)
    }

    /// One level, with everybody who may be put on it.
    pub fn level_sheet(&self, permit: &Permit, contract: &str, clause: &str) -> Result<Sheet> {
        permit.covers(Act::KeepLevels)?;
        let (vault, now) = (self.vault(permit.customer())?, self.now());
        let agreements = vault.agreements()?;
        let agreement = agreements.by_number(contract)?;
        let rule = rule(agreement, clause, now).ok_or(AppError::NotFound)?;
        let id = agreement.id;
        let (placed, names, told) = vault.db.read::<_, AppError, _>(|tx| {
            let told = escalation::assigned(tx, id, clause)?;
            Ok((escalation::all(tx)?, crate::ticket::names(tx)?, told))
        })?;
        let on = |who| placed.iter().any(|p| p.contract == id && p.clause == clause && p.person == who);
        let people = self.may_be_put(permit.customer(), id)?;
        let able = people.iter().map(|person| person.account).collect();
        let candidates = people.into_iter().map(|person| {
            let put = on(person.account);
            (Candidate { id: person.account, name: person.name }, put)
        });
        let when = |told: escalation::Assigned| {
            let at = Timestamp::from_microsecond(told.at).map_err(AppError::fault)?;
            Ok::<_, AppError>((at, names.get(&told.by).cloned().unwrap_or_default()))
        };
        Ok(Sheet {
            line: line(agreement, rule, &placed, (&names, &able), now),
            candidates: candidates.collect(),
            since: told.map(|told| told.seq),
            told: told.map(when).transpose()?,
        })
    }

    /// Says who is put on a level, all of them; once per key.
    ///
    /// Refused, code `escalation.changed`, when somebody said it since it was read.
    pub fn assign_level(&self, permit: &Permit, key: &IdempotencyKey, ask: &AssignLevel) -> Result<Noted> {
        permit.covers(Act::KeepLevels)?;
        let (vault, now, by) = (self.vault(permit.customer())?, self.now(), permit.by().account);
        let agreements = vault.agreements()?;
        let unknown = || {
            AppError::invalid(
                "clause",
                "un niveau d'escalade d'un contrat en vigueur",
                "a level of escalation of a contract in force",
            )
        };
        let agreement = agreements.by_number(&ask.contract).map_err(|_| unknown())?;
        rule(agreement, &ask.clause, now).ok_or_else(unknown)?;
        let (contract, version) = (agreement.id, agreement.in_force(now)?.hash.clone());
        let people = self.put(permit, contract, ask)?;
        let introductions = std::iter::once(permit.by())
            .chain(people.iter().filter(|p| p.account != by))
            .map(|person| self.introduction(person))
            .collect::<Vec<_>>();
        let request: [u8; 32] = Sha256::digest(serde_json::to_vec(ask).map_err(AppError::fault)?).into();
        let (stored_key, at) = (key.of(by, "escalation.assign"), now.as_microsecond());
        let (clause, since) = (ask.clause.clone(), ask.since);
        let people: Vec<AccountId> = people.iter().map(|p| p.account).collect();
        let bytes = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                if escalation::assigned(tx, contract, &clause)?.map(|told| told.seq) != since {
                    return Err(changed());
                }
                introductions.iter().try_for_each(|person| person.ensure(tx, at))?;
                let (clause, people) = (clause.clone(), people.clone());
                let stamp = Stamp { at, actor: by, contract: Some(version.clone()) };
                let event = Event::LevelAssigned(LevelAssigned { contract, clause, people, at, by });
                let entry = record(tx, &stamp, &event, &[])?;
                serde_json::to_vec(&Noted { entry }).map_err(AppError::fault)
            })
        })?;
        self.mark_dirty(permit.customer());
        serde_json::from_slice(&bytes).map_err(AppError::fault)
    }

    /// The people of a list, each once, who may all be put on a level of the contract.
    fn put(&self, permit: &Permit, contract: ContractId, ask: &AssignLevel) -> Result<Vec<Principal>> {
        let able = self.may_be_put(permit.customer(), contract)?;
        let ids: BTreeSet<AccountId> = ask.people.iter().copied().collect();
        let fit = ids.len() == ask.people.len() && ids.len() <= MOST;
        if !fit || !ids.iter().all(|id| able.iter().any(|p| p.account == *id)) {
            return Err(AppError::invalid(
                "people",
                "vingt personnes au plus, qui peuvent lire les tickets de ce contrat, une fois chacune",
                "at most twenty people who may read this contract's tickets, each once",
            ));
        }
        Ok(able.into_iter().filter(|p| ids.contains(&p.account)).collect())
    }

    /// Those of both parties who may read the contract's tickets: a third party knows nothing of the levels.
    fn may_be_put(&self, customer: CustomerId, contract: ContractId) -> Result<Vec<Principal>> {
        let able = |person: &Principal| {
            let sees = person.permit(Act::SeeTickets, customer);
            sees.is_ok_and(|p| p.role().side() != Side::ThirdParty && p.sees(contract))
        };
        Ok(self.people_for(customer)?.into_iter().filter(able).collect())
    }

    /// As [`App::may_be_put`], by account: who among those put on a level is still told.
    pub(crate) fn level_readers(
        &self,
        customer: CustomerId,
        contract: ContractId,
    ) -> Result<HashSet<AccountId>> {
        Ok(self.may_be_put(customer, contract)?.iter().map(|person| person.account).collect())
    }
}

fn rule<'a>(agreement: &'a Agreement, clause: &str, now: Timestamp) -> Option<&'a Rule<Escalation>> {
    agreement.in_force(now).ok()?.terms.escalations.iter().find(|rule| rule.label() == clause)
}

fn line(
    agreement: &Agreement,
    rule: &Rule<Escalation>,
    placed: &[Placed],
    (names, able): (&HashMap<AccountId, String>, &HashSet<AccountId>),
    now: Timestamp,
) -> Line {
    let texts = agreement.history.versions.iter().zip(&agreement.texts);
    let in_force = agreement.in_force(now).ok();
    let text = texts.filter(|(v, _)| in_force.is_some_and(|f| f.hash == v.hash)).map(|(_, text)| text).next();
    let clauses = text.into_iter().flat_map(|t| &t.compiled.document.articles).flat_map(|a| &a.clauses);
    let read = clauses.into_iter().find(|c| c.label == rule.label()).map(|c| c.read_back.clone());
    let on = placed.iter().filter(|p| p.contract == agreement.id && p.clause == rule.label());
    let mut people: Vec<OnLevel> = on.map(|p| on_level(names, able, p.person)).collect();
    people.sort_unstable();
    Line {
        contract: agreement.number.clone(),
        clause: rule.from.clone(),
        promise: rule.then.promise,
        level: rule.then.level,
        says: read.unwrap_or_else(|| Bilingual::new("", "")),
        people,
    }
}

/// Somebody put on a level, by name, and whether they are still told.
pub(crate) fn on_level(
    names: &HashMap<AccountId, String>,
    able: &HashSet<AccountId>,
    person: AccountId,
) -> OnLevel {
    OnLevel { name: names.get(&person).cloned().unwrap_or_default(), reads: able.contains(&person) }
}

fn changed() -> AppError {
    AppError::refused(Refusal::new(
        "escalation.changed",
        "Quelqu'un a dit entre-temps qui ce niveau prévient\u{a0}: relisez la liste.",
        "Somebody said meanwhile whom this level tells: read the list again.",
    ))
}
