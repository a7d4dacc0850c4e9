//! Opening a ticket: the perimeter decides, the clocks start, or the refusal is recorded.

use std::collections::BTreeMap;

use base::id::TicketId;
use base::{Because, Bilingual, Money, Reason};
use engines::perimeter::{self, Admission, Covered};
use events::{
    ContentId, Dimension, DutyOf, Event, Facts, ImportedFrom, PlanTurn, TicketOpened, TicketRefused,
    Visibility,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::record::{Content, Stamp, record};
use store::search::ANSWERS;
use store::ticket::Scope;
use store::{WriteTx, idempotency, ticket};

use super::case::{Origin, case, used_this_period};
use super::relate::{self, Tie};
use super::{IdempotencyKey, clockwork, form};
use crate::access::{Act, Permit, Side};
use crate::agreements::{Agreement, Agreements};
use crate::customer::Introduction;
use crate::error::{AppError, Refusal, Result};
use crate::file::{self, NewFile};
use crate::instance::App;
use crate::news::What;
use crate::vault::VaultHandle;

/// What a person says when they ask for something.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenTicket {
    pub title: String,
    #[serde(default)]
    pub description: String,
    /// One of the kinds that the contract knows (`engines::kinds`); an incident if absent.
    #[serde(default)]
    pub kind: Option<String>,
    /// A severity of the contract's maintenance, for a defect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// An elementary service of the contract, by its short name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    #[serde(default)]
    pub impact: Option<String>,
    #[serde(default)]
    pub urgency: Option<String>,
    /// Given directly, or worked out of impact and urgency by the contract's matrix.
    #[serde(default)]
    pub priority: Option<String>,
    #[serde(default)]
    pub site: Option<String>,
    #[serde(default)]
    pub item: Option<String>,
    #[serde(default)]
    pub item_class: Option<String>,
    #[serde(default)]
    pub operation: Option<String>,
    /// A standard channel or one that the contract names (`engines::channels`); the portal if absent.
    #[serde(default)]
    pub channel: Option<String>,
    /// When it was declared, if before now: a call that the provider writes down later.
    #[serde(default)]
    pub declared: Option<Timestamp>,
    /// The e-mail of whom it is written down for, one of the customer's people; only the provider says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester: Option<String>,
    /// The contract's number, when the customer has several in force.
    #[serde(default)]
    pub contract: Option<String>,
    /// What the contract's questions are answered, by their short names (`engines::form`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, String>,
    /// Another ticket that it is tied to from the start. Only the provider's people say it, save that it is
    /// the defect of a delivery, which the customer's say too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tie: Option<NewTie>,
    /// The regular duty of the provider's that it does, which only the provider's people say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<DutyOf>,
    /// Asks for a quotation where the contract excludes it, rather than be refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_quote: bool,
}

/// « This ticket is caused by number 12 ».
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTie {
    pub tie: Tie,
    /// The other ticket's number. What is split from it was declared when it was.
    pub ticket: u64,
}

/// A ticket just opened, as the caller is told and as a retry is told again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    pub id: TicketId,
    pub number: u64,
    pub priority: String,
    pub coverage: String,
    pub admission: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    pub opened: Timestamp,
    pub due: Vec<Due>,
    /// The contract version it keeps.
    pub version: String,
    /// Why it was taken in on these terms.
    pub reasons: Vec<Reason>,
    /// Its journal entry.
    pub entry: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    pub promise: String,
    pub due: Option<Timestamp>,
    pub label: String,
}

/// What the transaction answers, kept under the idempotency key.
#[derive(Serialize, Deserialize)]
enum Answer {
    Opened(Box<Opened>),
    Refused { code: String, text: Bilingual, reasons: Vec<Reason>, entry: u64 },
}

/// All that a transaction needs, ready before it starts: it may run twice.
struct Ready {
    id: TicketId,
    title: Content,
    description: Content,
    /// `None` where nothing was answered.
    answers: Option<Content>,
    facts: Facts,
    now: Timestamp,
    opened: Timestamp,
    tie: Option<NewTie>,
    on_quote: bool,
    /// The date of the plan that opens it.
    turn: Option<PlanTurn>,
    duty: Option<DutyOf>,
    /// The other tool that it was open in.
    imported: Option<ImportedFrom>,
    /// Whom it is written down for, and their name for the vault.
    requester: Option<Introduction>,
}

impl Ready {
    fn at(&self) -> i64 {
        self.now.as_microsecond()
    }
}

impl App {
    /// Opens a ticket for a customer, if the contract takes it in.
    pub fn open_ticket(&self, permit: &Permit, key: &IdempotencyKey, ask: &OpenTicket) -> Result<Opened> {
        self.open_from(permit, key, ask, Origin::Person)
    }

    /// As [`App::open_ticket`], with what shows the trouble: all of it or nothing.
    pub fn open_ticket_with_files(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        ask: &OpenTicket,
        files: Vec<NewFile>,
    ) -> Result<Opened> {
        self.open_whole(permit, key, ask, Origin::Person, files)
    }

    /// As [`App::open_ticket`], for what did not come by the site.
    pub(crate) fn open_from(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        ask: &OpenTicket,
        origin: Origin,
    ) -> Result<Opened> {
        self.open_whole(permit, key, ask, origin, Vec::new())
    }

    fn open_whole(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        ask: &OpenTicket,
        origin: Origin,
        files: Vec<NewFile>,
    ) -> Result<Opened> {
        self.on_tickets(permit, Act::OpenTicket)?;
        let vault = self.vault(permit.customer())?;
        let identities: Vec<_> = files.iter().map(NewFile::identity).collect();
        let asked = match identities.is_empty() {
            true => serde_json::to_vec(ask),
            false => serde_json::to_vec(&(ask, identities)),
        };
        let request: [u8; 32] = Sha256::digest(asked.map_err(AppError::fault)?).into();
        let route = match origin {
            Origin::Plan(_) => "plan.open",
            Origin::Import(_) => "import.open",
            Origin::Person | Origin::Mail => "ticket.open",
        };
        let stored_key = key.of(permit.by().account, route);
        let _attaching = vault.attaching();
        let files = self.keep_files(&vault, files)?;
        loop {
            let agreements = vault.agreements()?;
            let now = self.now();
            let ask = &self.split(&vault, permit, ask)?;
            let agreement = agreements.choose(ask.contract.as_deref(), now)?.clone();
            let ready = self.ready(&agreement, permit, ask, (now, origin.clone()))?;
            let (by, introduction) = (permit.by().clone(), self.introduction(permit.by()));
            let (handle, stored_key, files) = (vault.clone(), stored_key.clone(), files.clone());
            let count = agreements.count;
            let all = agreements.clone();
            let answer = vault.db.write::<_, AppError, _>(move |tx| {
                if store::agreement::count(tx)? != count {
                    return Ok(None);
                }
                let done = idempotency::once(tx, &stored_key, &request, ready.at(), |tx| {
                    introduction.ensure(tx, ready.at())?;
                    ready.requester.iter().try_for_each(|person| person.ensure(tx, ready.at()))?;
                    let answer = decide(tx, &handle, (&all, &agreement), &ready, (by.account, &files))?;
                    serde_json::to_vec(&answer).map_err(AppError::fault)
                })?;
                Ok(Some(done))
            })?;
            // A contract was signed in between: decide again with it.
            let Some(bytes) = answer else {
                vault.forget_agreements();
                continue;
            };
            self.mark_dirty(permit.customer());
            return match serde_json::from_slice(&bytes).map_err(AppError::fault)? {
                Answer::Opened(opened) => {
                    self.tell_news(&vault, Some(opened.number), What::Ticket);
                    Ok(*opened)
                }
                Answer::Refused { code, text, reasons, entry } => {
                    Err(AppError::refused(Refusal { code, text, reasons, entry: Some(entry) }))
                }
            };
        }
    }

    /// What is split from a ticket was declared with it, under its contract; the asker says the rest.
    pub(super) fn split(&self, vault: &VaultHandle, permit: &Permit, ask: &OpenTicket) -> Result<OpenTicket> {
        let Some(tie) = &ask.tie else { return Ok(ask.clone()) };
        // Whoever finds a defect says in which delivery: the warranty is the customer's.
        let warranted = tie.tie == Tie::DefectOf && permit.role().side() == Side::Customer;
        if !permit.role().is_provider() && !warranted {
            return Err(AppError::invalid(
                "tie",
                "seul le prestataire lie des tickets",
                "only the provider ties tickets",
            ));
        }
        let number = tie.ticket;
        let scope = permit.scope();
        let other = vault.db.read::<_, AppError, _>(move |tx| Ok(ticket::by_number(tx, scope, number)?))?;
        let other = other.ok_or_else(|| {
            AppError::invalid("tie", "aucun ticket ne porte ce numéro", "no ticket has this number")
        })?;
        let mut ask = ask.clone();
        if tie.tie == Tie::SplitFrom {
            ask.declared = Some(Timestamp::from_microsecond(other.opened).map_err(AppError::fault)?);
        }
        if ask.contract.is_none() {
            ask.contract = Some(vault.agreements()?.by_id(other.contract)?.number.clone());
        }
        Ok(ask)
    }

    fn ready(
        &self,
        agreement: &Agreement,
        permit: &Permit,
        ask: &OpenTicket,
        (now, origin): (Timestamp, Origin),
    ) -> Result<Ready> {
        let title = ask.title.trim();
        if title.is_empty() || title.chars().count() > 200 {
            return Err(AppError::invalid(
                "title",
                "un titre de 1 à 200 caractères",
                "a title of 1 to 200 characters",
            ));
        }
        if ask.description.chars().count() > 20_000 {
            return Err(AppError::invalid(
                "description",
                "20 000 caractères au plus",
                "at most 20,000 characters",
            ));
        }
        if ask.declared.is_some() && !permit.by().role.is_provider() {
            return Err(super::only_the_provider_dates("declared"));
        }
        let requester = self.requester(permit, agreement.id, ask.requester.as_deref())?;
        let requester = requester.filter(|person| person.account != permit.by().account);
        let (opened, facts) = case(agreement, permit, ask, (now, origin.clone()))?;
        if let Some(duty) = &ask.duty {
            if !permit.by().role.is_provider() {
                return Err(AppError::invalid(
                    "duty",
                    "seul le prestataire dit l'obligation qu'un ticket remplit",
                    "only the provider says which duty a ticket does",
                ));
            }
            crate::life::check(&agreement.in_force(opened)?.terms, duty)?;
        }
        let answers = form::answered(&agreement.in_force(opened)?.terms, &facts, ask, &origin)?;
        let (turn, imported) = match origin {
            Origin::Plan(turn) => (Some(turn), None),
            Origin::Import(from) => (None, Some(from)),
            Origin::Person | Origin::Mail => (None, None),
        };
        let content = |name, bytes: &[u8]| Content {
            name,
            id: ContentId(self.id(base::id::uuid_v7)),
            salt: self.salt(),
            bytes: bytes.to_vec(),
        };
        Ok(Ready {
            id: self.id(TicketId::new),
            title: content("title", title.as_bytes()),
            description: content("description", ask.description.trim().as_bytes()),
            answers: answers.map(|answers| content(ANSWERS, &events::written(&answers))),
            facts,
            now,
            opened,
            tie: ask.tie.clone(),
            on_quote: ask.on_quote,
            turn,
            duty: ask.duty.clone(),
            imported,
            requester: requester.map(|person| self.introduction(&person)),
        })
    }
}

fn decide(
    tx: &mut WriteTx<'_>,
    vault: &VaultHandle,
    (agreements, agreement): (&Agreements, &Agreement),
    ready: &Ready,
    (by, files): (base::id::AccountId, &[file::Ready]),
) -> Result<Answer> {
    if let Some(turn) = &ready.turn
        && !crate::plan::stands(tx, turn.plan, turn.due)?
    {
        return Err(AppError::NotFound);
    }
    if let Some(from) = &ready.imported
        && store::import::is_known(tx, from.source, &from.number)?
    {
        return Err(AppError::NotFound);
    }
    let version = agreement.in_force(ready.opened)?;
    // An operation belongs to the month it was asked in; a late incident is measured when it ends.
    if ready.facts.get(Dimension::Operation).is_some() {
        crate::month::still_open(tx, agreement, ready.opened)?;
    }
    let used = used_this_period(tx, agreement, &version.terms, &ready.facts)?;
    let Because { value: mut decision, mut reasons } = perimeter::decide(&version.terms, &ready.facts, used);
    let cited: Vec<String> = {
        let because = Because::new((), reasons.clone());
        because.cited().iter().map(|c| c.cite()).collect()
    };
    if ready.on_quote && perimeter::quotable(&version.terms, &ready.facts, &decision) {
        decision.admission = Admission::NeedsQuote;
        reasons.push(perimeter::on_quotation());
    }
    let stamp = Stamp { at: ready.at(), actor: by, contract: Some(version.hash.clone()) };
    if decision.admission == Admission::Refused {
        let event = Event::TicketRefused(TicketRefused {
            contract: agreement.id,
            version: version.hash.clone(),
            by,
            facts: ready.facts.clone(),
            cited,
            title: ready.title.id,
        });
        let entry = record(tx, &stamp, &event, std::slice::from_ref(&ready.title))?;
        if let Some(turn) = &ready.turn {
            crate::plan::refused(tx, &stamp, turn)?;
        }
        return Ok(Answer::Refused {
            code: "perimeter.refused".to_owned(),
            text: Bilingual::new(
                "Le contrat ne couvre pas cette demande.",
                "The contract does not cover this request.",
            ),
            reasons,
            entry,
        });
    }
    let price = match &decision.admission {
        Admission::AcceptedPriced { price } => Some(*price),
        _ => None,
    };
    let number = ticket::next_number(tx)?;
    let timeline = clockwork::fresh(&ready.facts, ready.opened);
    let clocks = clockwork::marks(vault, agreement, &version.hash, &timeline, ready.opened)?;
    let event = TicketOpened {
        ticket: ready.id,
        number,
        contract: agreement.id,
        version: version.hash.clone(),
        opened: ready.opened.as_microsecond(),
        by,
        facts: ready.facts.clone(),
        coverage: coverage_key(&decision.covered).to_owned(),
        admission: admission_key(&decision.admission).to_owned(),
        price,
        used_before: used,
        cited,
        title: ready.title.id,
        description: ready.description.id,
        answers: ready.answers.as_ref().map(|answers| answers.id),
        clocks: clocks.clone(),
        plan: ready.turn,
        duty: ready.duty.clone(),
        imported: ready.imported.clone(),
        requester: ready.requester.as_ref().map(|person| person.actor()),
    };
    let words = [ready.title.clone(), ready.description.clone()];
    let contents: Vec<Content> = words.into_iter().chain(ready.answers.clone()).collect();
    let entry = record(tx, &stamp, &Event::TicketOpened(event), &contents)?;
    let row =
        ticket::by_id(tx, ready.id)?.ok_or_else(|| AppError::fault("a ticket just opened is not there"))?;
    if let Some(NewTie { tie, ticket: other }) = &ready.tie {
        // The asker was seen to read it before.
        let other = ticket::by_number(tx, &Scope::All, *other)?.ok_or(AppError::NotFound)?;
        relate::tie_opened(tx, vault, agreements, (&row, *tie, &other), by, ready.now)?;
    }
    file::attach(tx, &stamp, &row, None, Visibility::Public, files)?;
    crate::desk::tell(tx, &row)?;
    if ready.imported.is_none() {
        crate::mail::tell(tx, &row, crate::mail::Notice::Opened, entry, by)?;
        crate::webhook::tell_opened(tx, &agreement.number, &row, &clocks, (entry, stamp.at))?;
    }
    Ok(Answer::Opened(Box::new(Opened {
        id: ready.id,
        number,
        priority: row.priority,
        coverage: row.coverage,
        admission: row.admission,
        price,
        opened: ready.opened,
        due: clocks.iter().map(due).collect(),
        version: version.hash.clone(),
        reasons,
        entry,
    })))
}

pub(super) fn due(mark: &events::ClockMark) -> Due {
    Due {
        promise: mark.promise.key().to_owned(),
        due: mark.due.and_then(|d| Timestamp::from_microsecond(d).ok()),
        label: mark.label.clone(),
    }
}

fn coverage_key(coverage: &Covered) -> &'static str {
    match coverage {
        Covered::In => "in",
        Covered::Out => "out",
        Covered::Shared { .. } => "shared",
    }
}

fn admission_key(admission: &Admission) -> &'static str {
    match admission {
        Admission::Accepted => "accepted",
        Admission::AcceptedPriced { .. } => "priced",
        Admission::NeedsQuote => "needs_quote",
        Admission::Refused => "refused",
    }
}
