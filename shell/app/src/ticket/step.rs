//! Everything that happens to an open ticket.

use base::id::{AccountId, MessageId};
use base::{Because, Money};
use engines::perimeter::price::Agreement as Agreed;
use events::{ContentId, Dimension, Event, Step, TicketStepped, Visibility};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::record::{Content, Stamp, record};
use store::ticket::{Scope, State, Ticket};
use store::{WriteTx, idempotency, ticket};
use terms::{Terms, commitment::PauseProof};

use super::open::{Due, due};
use super::{IdempotencyKey, clockwork, price};
use crate::access::{Act, Permit, Side};
use crate::agreements::Agreement;
use crate::customer::Introduction;
use crate::error::{AppError, Refusal, Result};
use crate::file::{self, NewFile};
use crate::instance::App;
use crate::vault::VaultHandle;

/// Characters of a message, a note or a reason.
const LONGEST_TEXT: u32 = 20_000;

/// What somebody does to a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum StepCommand {
    /// The asker becomes the ticket's technician.
    TakeOver,
    /// Seen by both parties.
    Reply {
        body: String,
    },
    /// Seen by the provider's people only.
    Note {
        body: String,
    },
    Pause {
        /// The label of one of the contract's reasons.
        reason: String,
        /// What proves it, when the clause asks for a written trace.
        #[serde(default)]
        proof: Option<String>,
    },
    Resume,
    /// By a new impact and urgency, or the priority itself.
    ChangePriority {
        #[serde(default)]
        priority: Option<String>,
        #[serde(default)]
        impact: Option<String>,
        #[serde(default)]
        urgency: Option<String>,
        why: String,
    },
    /// The service is back.
    Restore {
        #[serde(default)]
        workaround: bool,
        note: String,
    },
    Resolve {
        note: String,
    },
    Reopen {
        why: String,
    },
    /// The provider asks a price, net of VAT, for work that the fee does not pay.
    Quote {
        price: Money,
        /// The last day it holds.
        #[serde(default)]
        until: Option<Date>,
        /// What would be done for it.
        body: String,
    },
    AgreePrice {
        /// As the asker read it.
        price: Money,
        /// The journal entry of the quotation answered; `None` for the price of a clause.
        #[serde(default)]
        quotation: Option<u64>,
        /// Where the customer wrote it: asked of the provider, who writes it down.
        #[serde(default)]
        reference: Option<String>,
    },
    DeclinePrice {
        why: String,
        /// As for an agreement.
        #[serde(default)]
        quotation: Option<u64>,
    },
}

impl StepCommand {
    /// The right it takes.
    pub fn act(&self) -> Act {
        match self {
            StepCommand::Reply { .. } => Act::Reply,
            StepCommand::Reopen { .. } => Act::Reopen,
            StepCommand::ChangePriority { .. } => Act::SetPriority,
            StepCommand::Quote { .. } => Act::MakeQuote,
            StepCommand::AgreePrice { .. } | StepCommand::DeclinePrice { .. } => Act::AgreePrice,
            StepCommand::TakeOver
            | StepCommand::Note { .. }
            | StepCommand::Pause { .. }
            | StepCommand::Resume
            | StepCommand::Restore { .. }
            | StepCommand::Resolve { .. } => Act::WorkOnTicket,
        }
    }

    fn text(&self) -> Option<(&'static str, &str)> {
        match self {
            StepCommand::Reply { body } | StepCommand::Note { body } => Some(("body", body)),
            StepCommand::Pause { proof, .. } => proof.as_deref().map(|p| ("proof", p)),
            StepCommand::Quote { body, .. } => Some(("body", body)),
            StepCommand::AgreePrice { reference, .. } => reference.as_deref().map(|r| ("reference", r)),
            StepCommand::ChangePriority { why, .. }
            | StepCommand::Reopen { why }
            | StepCommand::DeclinePrice { why, .. } => Some(("why", why)),
            StepCommand::Restore { note, .. } | StepCommand::Resolve { note } => Some(("note", note)),
            StepCommand::TakeOver | StepCommand::Resume => None,
        }
    }
}

/// A step just taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stepped {
    pub number: u64,
    pub state: String,
    pub due: Vec<Due>,
    pub entry: u64,
}

struct Ready {
    number: u64,
    command: StepCommand,
    text: Option<Content>,
    files: Vec<file::Ready>,
    message: MessageId,
    by: AccountId,
    /// Whether it counts as the provider's act: a subcontractor's does.
    by_provider: bool,
    scope: Scope,
    now: Timestamp,
    at: Option<Timestamp>,
    introduction: Introduction,
}

impl App {
    /// Does something to a ticket. `at` says when it happened, if before now; never before the step
    /// before, and only the provider's people may say it.
    pub fn step_ticket(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: u64,
        command: &StepCommand,
        at: Option<Timestamp>,
    ) -> Result<Stepped> {
        self.step_with_files(permit, key, number, command, at, Vec::new())
    }

    /// As [`App::step_ticket`], for a message or a note that comes with files: all of it or nothing.
    pub fn step_with_files(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: u64,
        command: &StepCommand,
        at: Option<Timestamp>,
        files: Vec<NewFile>,
    ) -> Result<Stepped> {
        permit.covers(command.act())?;
        if !files.is_empty() && !matches!(command, StepCommand::Reply { .. } | StepCommand::Note { .. }) {
            return Err(AppError::invalid(
                "files",
                "seuls un message et une note portent des fichiers",
                "only a message and a note hold files",
            ));
        }
        if at.is_some() && !permit.by().role.is_provider() {
            return Err(super::only_the_provider_dates("at"));
        }
        let vault = self.vault(permit.customer())?;
        let now = self.now();
        let text = match command.text() {
            Some((name, text)) => Some(self.text(name, text, LONGEST_TEXT)?),
            None => None,
        };
        let identities: Vec<_> = files.iter().map(NewFile::identity).collect();
        let asked = if identities.is_empty() {
            serde_json::to_vec(&(number, command, at))
        } else {
            serde_json::to_vec(&(number, command, at, identities))
        };
        let asked = asked.map_err(AppError::fault)?;
        let request: [u8; 32] = Sha256::digest(asked).into();
        let stored_key = key.of(permit.by().account, "ticket.step");
        let _attaching = vault.attaching();
        let ready = Ready {
            number,
            command: command.clone(),
            files: self.keep_files(&vault, files)?,
            text,
            message: self.id(MessageId::new),
            by: permit.by().account,
            by_provider: permit.role().side() != Side::Customer,
            scope: permit.scope().clone(),
            now,
            at,
            introduction: self.introduction(permit.by()),
        };
        loop {
            let agreements = vault.agreements()?;
            let (handle, stored_key, count) = (vault.clone(), stored_key.clone(), agreements.count);
            let ready = ready.clone_for_retry();
            let answer = vault.db.write::<_, AppError, _>(move |tx| {
                if store::agreement::count(tx)? != count {
                    return Ok(None);
                }
                let agreements = agreements.clone();
                let done = idempotency::once(tx, &stored_key, &request, ready.now.as_microsecond(), |tx| {
                    let ticket =
                        ticket::by_number(tx, &ready.scope, ready.number)?.ok_or(AppError::NotFound)?;
                    let agreement = agreements.by_id(ticket.contract)?;
                    let stepped = take(tx, &handle, agreement, &ticket, &ready)?;
                    serde_json::to_vec(&stepped).map_err(AppError::fault)
                })?;
                Ok(Some(done))
            })?;
            let Some(bytes) = answer else {
                vault.forget_agreements();
                continue;
            };
            self.mark_dirty(permit.customer());
            return serde_json::from_slice(&bytes).map_err(AppError::fault);
        }
    }

    /// Words to keep beside an entry: something, and no more than `longest` characters.
    pub(crate) fn text(&self, name: &'static str, text: &str, longest: u32) -> Result<Content> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > longest as usize {
            let most = |lang| base::lang::integer(lang, i64::from(longest));
            return Err(AppError::invalid(
                name,
                format!("un texte de 1 à {} caractères", most(base::Lang::Fr)),
                format!("a text of 1 to {} characters", most(base::Lang::En)),
            ));
        }
        let id = ContentId(self.id(base::id::uuid_v7));
        Ok(Content { name, id, salt: self.salt(), bytes: text.as_bytes().to_vec() })
    }
}

impl Ready {
    fn clone_for_retry(&self) -> Ready {
        Ready {
            number: self.number,
            command: self.command.clone(),
            text: self.text.clone(),
            files: self.files.clone(),
            message: self.message,
            by: self.by,
            by_provider: self.by_provider,
            scope: self.scope.clone(),
            now: self.now,
            at: self.at,
            introduction: self.introduction.clone(),
        }
    }

    fn content(&self) -> Result<ContentId> {
        self.text
            .as_ref()
            .map(|c| c.id)
            .ok_or_else(|| AppError::invalid("text", "texte attendu", "a text is expected"))
    }
}

fn take(
    tx: &mut WriteTx<'_>,
    vault: &VaultHandle,
    agreement: &Agreement,
    ticket: &Ticket,
    ready: &Ready,
) -> Result<Stepped> {
    let steps = ticket::steps(tx, ticket.id)?;
    let last = steps.iter().map(|s| s.at).max().unwrap_or(ticket.opened);
    let at = ready.at.unwrap_or(ready.now).as_microsecond();
    if at > ready.now.as_microsecond() || at < last {
        return Err(AppError::invalid(
            "at",
            "entre la dernière étape du ticket et maintenant",
            "between the ticket's last step and now",
        ));
    }
    let terms = &agreement.version(&ticket.version)?.terms;
    let instant = Timestamp::from_microsecond(at).map_err(AppError::fault)?;
    crate::month::still_open(tx, agreement, instant)?;
    let on = agreement.local_date(instant);
    let standing = price::standing(terms, ticket, &steps, on);
    price::still_the_one(&standing, &steps, &ready.command)?;
    let step = step(terms, ticket, ready, standing, on)?;
    ready.introduction.ensure(tx, ready.now.as_microsecond())?;
    let mut timeline = super::timeline(ticket, &steps)?;
    clockwork::push(&mut timeline, instant, ready.by, &step);
    let clocks = clockwork::marks(vault, agreement, &ticket.version, &timeline, instant)?;
    let event = TicketStepped { ticket: ticket.id, at, by: ready.by, step, clocks: clocks.clone() };
    let stamp =
        Stamp { at: ready.now.as_microsecond(), actor: ready.by, contract: Some(ticket.version.clone()) };
    let contents: &[Content] = ready.text.as_slice();
    let visibility = match &event.step {
        Step::Replied { visibility, .. } => *visibility,
        _ => Visibility::Internal,
    };
    let event = Event::TicketStepped(event);
    let entry = record(tx, &stamp, &event, contents)?;
    file::attach(tx, &stamp, ticket, Some(ready.message), visibility, &ready.files)?;
    let row = ticket::by_id(tx, ticket.id)?.ok_or(AppError::NotFound)?;
    crate::desk::tell(tx, &row)?;
    if let Event::TicketStepped(stepped) = &event {
        crate::mail::tell_step(tx, &row, &stepped.step, entry, ready.by)?;
    }
    Ok(Stepped {
        number: ticket.number,
        state: row.state.key().to_owned(),
        due: clocks.iter().map(due).collect(),
        entry,
    })
}

/// The step a command is, if the ticket's state and the contract let it be.
fn step(terms: &Terms, ticket: &Ticket, ready: &Ready, standing: Because<Agreed>, on: Date) -> Result<Step> {
    let state = ticket.state;
    let open = state != State::Resolved;
    Ok(match &ready.command {
        StepCommand::TakeOver => {
            require(open, state, "prendre en charge", "take over")?;
            Step::TakenOver { assignee: ready.by }
        }
        StepCommand::Reply { .. } => reply(ready, Visibility::Public)?,
        StepCommand::Note { .. } => reply(ready, Visibility::Internal)?,
        StepCommand::Pause { reason, .. } => {
            let can = matches!(state, State::New | State::InProgress);
            require(can, state, "suspendre", "pause")?;
            pause(terms, reason, ready)?
        }
        StepCommand::Resume => {
            require(state == State::Paused, state, "reprendre", "resume")?;
            Step::Resumed
        }
        StepCommand::ChangePriority { priority, impact, urgency, .. } => {
            // A clock that has stopped was judged under the priority of then.
            let can = matches!(state, State::New | State::InProgress | State::Paused);
            require(can, state, "changer la priorité", "change the priority")?;
            reprioritise(terms, ticket, priority, impact, urgency, ready.content()?)?
        }
        StepCommand::Restore { workaround, .. } => {
            let can = matches!(state, State::New | State::InProgress | State::Paused);
            require(can, state, "rétablir", "restore")?;
            price::before_work(standing)?;
            Step::Restored { workaround: *workaround, note: ready.content()? }
        }
        StepCommand::Resolve { .. } => {
            require(open, state, "résoudre", "resolve")?;
            // What the customer declined is closed without being done.
            if standing.value != Agreed::Declined {
                price::before_work(standing)?;
            }
            Step::Resolved { note: ready.content()? }
        }
        StepCommand::Reopen { .. } => {
            let can = matches!(state, State::Resolved | State::Restored);
            require(can, state, "rouvrir", "reopen")?;
            Step::Reopened { why: ready.content()? }
        }
        StepCommand::Quote { price: asked, until, .. } => {
            require(open, state, "établir un devis", "make a quotation")?;
            price::quotable(terms, &standing, *asked, *until, on)?;
            Step::QuoteMade { price: *asked, until: *until, body: ready.content()? }
        }
        StepCommand::AgreePrice { price: read, quotation, reference } => {
            require(open, state, "accepter un prix", "agree to a price")?;
            if ready.by_provider && reference.is_none() {
                return Err(price::reference_missing());
            }
            price::answerable(&standing, Some(*read))?;
            Step::PriceAgreed {
                price: *read,
                quotation: *quotation,
                reference: ready.text.as_ref().map(|c| c.id),
            }
        }
        StepCommand::DeclinePrice { quotation, .. } => {
            require(open, state, "refuser un prix", "decline a price")?;
            price::answerable(&standing, None)?;
            Step::PriceDeclined { why: ready.content()?, quotation: *quotation }
        }
    })
}

fn reply(ready: &Ready, visibility: Visibility) -> Result<Step> {
    let by_provider = ready.by_provider;
    Ok(Step::Replied { message: ready.message, visibility, by_provider, body: ready.content()? })
}

fn require(can: bool, state: State, fr: &str, en: &str) -> Result<()> {
    if can {
        return Ok(());
    }
    let state_fr = match state {
        State::New => "nouveau",
        State::InProgress => "en cours",
        State::Paused => "suspendu",
        State::Restored => "rétabli",
        State::Resolved => "résolu",
    };
    Err(AppError::refused(Refusal::new(
        "ticket.state",
        format!("On ne peut pas {fr} : le ticket est {state_fr}."),
        format!("You cannot {en}: the ticket is {}.", state.key().replace('_', " ")),
    )))
}

fn pause(terms: &Terms, reason: &str, ready: &Ready) -> Result<Step> {
    let Some(rule) = terms.pauses.iter().find(|p| p.label() == reason) else {
        let known: Vec<&str> = terms.pauses.iter().map(|p| p.label()).collect();
        let known = known.join(", ");
        let refusal = Refusal::new(
            "pause.reason",
            format!("Le contrat ne prévoit pas le motif « {reason} » ; motifs prévus : {known}."),
            format!("The contract lists no reason “{reason}”; listed: {known}."),
        );
        let reasons = terms.pauses.iter().map(|p| {
            base::Reason::new("pause.listed", p.then.reason.clone(), p.then.reason.clone()).citing(&p.from)
        });
        return Err(AppError::refused(refusal.because(reasons.collect())));
    };
    if rule.then.proof == PauseProof::Written && ready.text.is_none() {
        let refusal = Refusal::new(
            "pause.proof",
            "Ce motif demande une trace écrite : citez le message ou le document.",
            "This reason asks for a written trace: quote the message or the document.",
        );
        let cited = base::Reason::new("pause.proof", rule.then.reason.clone(), rule.then.reason.clone());
        return Err(AppError::refused(refusal.because(vec![cited.citing(&rule.from)])));
    }
    Ok(Step::Paused { reason: reason.to_owned(), proof: ready.text.as_ref().map(|c| c.id) })
}

fn reprioritise(
    terms: &Terms,
    ticket: &Ticket,
    priority: &Option<String>,
    impact: &Option<String>,
    urgency: &Option<String>,
    why: ContentId,
) -> Result<Step> {
    let unknown = || {
        AppError::invalid(
            "priority",
            "une priorité de la matrice du contrat, ou un impact et une urgence",
            "a priority of the contract's matrix, or an impact and an urgency",
        )
    };
    let matrix = &terms.priorities.as_ref().ok_or_else(unknown)?.then;
    let mut facts = ticket.facts.clone();
    let wanted = match (priority, impact, urgency) {
        (Some(p), _, _) if matrix.priorities.contains(p) => p.clone(),
        (None, Some(impact), Some(urgency)) => {
            facts = facts.with(Dimension::Impact, impact).with(Dimension::Urgency, urgency);
            matrix.priority(impact, urgency).ok_or_else(unknown)?.to_owned()
        }
        _ => return Err(unknown()),
    };
    Ok(Step::Reprioritised { facts: facts.with(Dimension::Priority, wanted), why })
}
