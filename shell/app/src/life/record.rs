//! Recording that a duty was done, or that something happened to the contract.

use base::Reason;
use engines::duties;
use events::{ContentId, DutyDone, DutyOf, DutyProof, Event, LifeFact, LifeTold};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::record::{Content, Stamp, record};
use store::ticket::Ticket;
use store::{WriteTx, idempotency, life, ticket};
use terms::{Terms, Trigger};
use uuid::Uuid;

use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::news::What;
use crate::ticket::IdempotencyKey;
use crate::today::KeptToday;

/// A duty that was done, with its proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyReport {
    /// The contract's number, when several are in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    pub label: String,
    /// Which of the clause's duties; the only one when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    pub on: Date,
    pub proof: DutyProof,
    /// Where the proof is: « procès-verbal n° 7 du 3 novembre 2026 ».
    pub reference: String,
    /// What was renewed runs until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// The number of the ticket by which it was done, one that was opened to do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<u64>,
}

/// Something that happened to the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifeReport {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    #[serde(flatten)]
    pub fact: LifeFact,
    /// When it happened, or is planned.
    pub at: Timestamp,
    pub about: String,
    /// The label of the clause whose duties it starts; asked of a request that several may count from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
}

/// What was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    pub id: Uuid,
    pub reasons: Vec<Reason>,
    pub entry: u64,
}

impl App {
    /// Records a duty done: once per key. The clause must owe it, and the day be past.
    pub fn record_duty(&self, permit: &Permit, key: &IdempotencyKey, ask: &DutyReport) -> Result<Recorded> {
        let by_ticket = match ask.ticket {
            Some(number) => Some(self.opened_for(permit, number)?),
            None => {
                permit.covers(Act::RecordDuty)?;
                None
            }
        };
        let today = |agreement: &Agreement| agreement.local_date(self.now());
        let reference = self.words("reference", &ask.reference)?;
        let (id, by) = (self.id(base::id::uuid_v7), permit.by().account);
        let done = self.write_life(permit, key, "duty.done", ask.contract.as_deref(), ask, |agreement| {
            if ask.on > today(agreement) {
                return Err(AppError::invalid(
                    "on",
                    "une date qui n'est pas à venir",
                    "a date that is not to come",
                ));
            }
            let terms = &agreement.in_force(self.now())?.terms;
            let owed: Vec<_> = terms
                .duties
                .iter()
                .filter(|r| r.label() == ask.label && ask.what.as_ref().is_none_or(|w| *w == r.then.what))
                .collect();
            let rule = match owed[..] {
                [one] => one,
                [] => return Err(not_owed(&ask.label)),
                _ => {
                    return Err(AppError::invalid(
                        "what",
                        "cette clause doit plusieurs choses : dites laquelle",
                        "this clause owes several things: say which",
                    ));
                }
            };
            if let Some(by_ticket) = &by_ticket {
                super::ticket::does(agreement, by_ticket, rule, ask.on)?;
            }
            let event = DutyDone {
                done: id,
                contract: agreement.id,
                label: ask.label.clone(),
                what: rule.then.what.clone(),
                on: ask.on,
                proof: ask.proof,
                reference: reference.id,
                valid_until: ask.valid_until,
                ticket: by_ticket.as_ref().map(|(ticket, _)| ticket.id),
                by,
            };
            let mut reasons = vec![super::ticket::owed(rule)];
            if ask.proof != rule.then.proof {
                let (given, asked) = (ask.proof.name(), rule.then.proof.name());
                reasons.push(
                    Reason::new(
                        "duty.proof",
                        format!(
                            "Le contrat demande {} ; il est donné {} : ce n'est pas la preuve convenue.",
                            asked.fr, given.fr
                        ),
                        format!(
                            "The contract asks for {}; {} is given: it is not the proof agreed.",
                            asked.en, given.en
                        ),
                    )
                    .citing(&rule.from),
                );
            }
            Ok((id, Event::DutyDone(event), reference.clone(), reasons))
        })?;
        if let Some(number) = ask.ticket {
            let vault = self.vault(permit.customer())?;
            self.tell_news(&vault, Some(number), What::Ticket);
        }
        Ok(done)
    }

    /// A ticket, and the duty that it was opened to do.
    fn opened_for(&self, permit: &Permit, number: u64) -> Result<(Ticket, Option<DutyOf>)> {
        self.on_tickets(permit, Act::RecordDuty)?;
        let (vault, scope) = (self.vault(permit.customer())?, permit.scope());
        let found = vault.db.read::<_, AppError, _>(move |tx| {
            let Some(found) = ticket::by_number(tx, scope, number)? else { return Ok(None) };
            let of = life::duty_of(tx, found.id)?;
            Ok(Some((found, of)))
        })?;
        found.ok_or_else(|| {
            AppError::invalid("ticket", "aucun ticket ne porte ce numéro", "no ticket has this number")
        })
    }

    /// Records something that happened to the contract, or is planned: once per key.
    pub fn record_life(&self, permit: &Permit, key: &IdempotencyKey, ask: &LifeReport) -> Result<Recorded> {
        permit.covers(Act::RecordLife)?;
        let about = self.words("about", &ask.about)?;
        let (id, by) = (self.id(base::id::uuid_v7), permit.by().account);
        self.write_life(permit, key, "contract.life", ask.contract.as_deref(), ask, |agreement| {
            let clause = started(&agreement.in_force(self.now())?.terms, ask)?;
            let event = LifeTold {
                told: id,
                contract: agreement.id,
                fact: ask.fact,
                at: ask.at.as_microsecond(),
                about: about.id,
                clause,
                by,
            };
            Ok((id, Event::LifeTold(event), about.clone(), Vec::new()))
        })
    }

    fn words(&self, name: &'static str, text: &str) -> Result<Content> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > 1_000 {
            return Err(AppError::invalid(
                name,
                "un texte de 1 à 1 000 caractères",
                "a text of 1 to 1,000 characters",
            ));
        }
        let id = ContentId(self.id(base::id::uuid_v7));
        Ok(Content { name, id, salt: self.salt(), bytes: text.as_bytes().to_vec() })
    }

    /// One transaction: the person, the entry and its row.
    fn write_life<A: Serialize>(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        verb: &str,
        number: Option<&str>,
        ask: &A,
        make: impl FnOnce(&Agreement) -> Result<(Uuid, Event, Content, Vec<Reason>)>,
    ) -> Result<Recorded> {
        let vault = self.vault(permit.customer())?;
        let now = self.now();
        let agreement = vault.agreements()?.choose(number, now)?.clone();
        let (id, event, content, reasons) = make(&agreement)?;
        let request: [u8; 32] = Sha256::digest(serde_json::to_vec(ask).map_err(AppError::fault)?).into();
        let stored_key = key.of(permit.by().account, verb);
        let introduction = self.introduction(permit.by());
        let actor = permit.by().account;
        let version = Some(agreement.in_force(now)?.hash.clone());
        let bytes = vault.db.write::<_, AppError, _>(move |tx: &mut WriteTx<'_>| {
            idempotency::once(tx, &stored_key, &request, now.as_microsecond(), |tx| {
                // As it is now: it may have been reopened, or merged, since it was read.
                if let Event::DutyDone(DutyDone { ticket: Some(by_ticket), .. }) = &event {
                    let row = ticket::by_id(tx, *by_ticket)?.ok_or(AppError::NotFound)?;
                    if life::is_done_by(tx, *by_ticket)? {
                        return Err(super::ticket::already_proved(row.number));
                    }
                    super::ticket::is_over(&row)?;
                }
                introduction.ensure(tx, now.as_microsecond())?;
                let stamp = Stamp { at: now.as_microsecond(), actor, contract: version.clone() };
                let entry = record(tx, &stamp, &event, std::slice::from_ref(&content))?;
                let recorded = Recorded { id, reasons: reasons.clone(), entry };
                serde_json::to_vec(&recorded).map_err(AppError::fault)
            })
        })?;
        vault.today(KeptToday::forget);
        self.mark_dirty(permit.customer());
        serde_json::from_slice(&bytes).map_err(AppError::fault)
    }
}

/// The clause whose duties a told fact starts: the one it names, or the only one that counts from a request.
fn started(terms: &Terms, ask: &LifeReport) -> Result<Option<String>> {
    let LifeFact::Event { trigger } = ask.fact else {
        return if ask.clause.is_none() { Ok(None) } else { Err(no_clause(&[])) };
    };
    let known = duties::counted_from(terms, trigger);
    match (&ask.clause, &known[..]) {
        (Some(named), known) if known.contains(&named.as_str()) => Ok(Some(named.clone())),
        (None, [only]) if trigger == Trigger::Request => Ok(Some((*only).to_owned())),
        (None, []) => Ok(None),
        (None, _) if trigger != Trigger::Request => Ok(None),
        (_, known) => Err(no_clause(known)),
    }
}

fn no_clause(known: &[&str]) -> AppError {
    if known.is_empty() {
        return AppError::invalid(
            "clause",
            "aucune clause ne compte de cela\u{a0}; laissez ce champ vide",
            "no clause counts from that; leave this field out",
        );
    }
    let list = known.join(", ");
    AppError::invalid(
        "clause",
        format!("dites de quelle clause il s'agit\u{a0}: {list}"),
        format!("say which clause it is about: {list}"),
    )
}

fn not_owed(label: &str) -> AppError {
    AppError::refused(Refusal::new(
        "duty.unknown",
        format!("Aucune clause « {label} » ne doit cela dans le texte en vigueur."),
        format!("No clause “{label}” owes that in the text in force."),
    ))
}
