//! Everything that happens to an open ticket.

use base::id::{AccountId, MaintenanceId, MessageId, OutageId};
use base::{Because, Money};
use engines::perimeter::price::Agreement as Agreed;
use events::{ContentId, Event, Step, TicketStepped, Visibility};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::record::{Content, Stamp, record};
use store::ticket::{Scope, State, Ticket};
use store::{WriteTx, idempotency, ticket, time};
use terms::Terms;

use super::command::StepCommand;
use super::mention::Mentioned;
use super::open::{Due, due};
use super::rules::{diagnosed, pause, reprioritise, require};
use super::work::Work;
use super::{IdempotencyKey, clockwork, price};
use super::{assign, change, delivery, escalate, follow, merge, outsider, relate};
use crate::access::{Permit, Side};
use crate::agreements::Agreement;
use crate::customer::Introduction;
use crate::error::{AppError, Refusal, Result};
use crate::file::{self, NewFile};
use crate::instance::App;
use crate::vault::VaultHandle;

/// Characters of a message, a note or a reason.
const LONGEST_TEXT: u32 = 20_000;

/// A step just taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stepped {
    pub number: u64,
    pub state: String,
    pub due: Vec<Due>,
    pub entry: u64,
}

/// All that a transaction needs, ready before it starts: it may run twice.
#[derive(Clone)]
pub(super) struct Ready {
    pub(super) number: u64,
    pub(super) command: StepCommand,
    pub(super) texts: Vec<Content>,
    /// Whom a message names, of those who may read it.
    mentions: Vec<Mentioned>,
    /// Whom the ticket is handed to, if they may work there.
    pub(super) assignee: Option<Mentioned>,
    /// Who is to follow it, if they may read there.
    pub(super) follower: Option<Mentioned>,
    files: Vec<file::Ready>,
    message: MessageId,
    pub(super) by: AccountId,
    /// Whether it counts as the provider's act: a subcontractor's does.
    pub(super) by_provider: bool,
    pub(super) side: Side,
    scope: Scope,
    pub(super) now: Timestamp,
    pub(super) at: Option<Timestamp>,
    pub(super) introduction: Introduction,
    /// For what a change announces and what it measured.
    pub(super) window: MaintenanceId,
    pub(super) outage: OutageId,
    pub(super) email: String,
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
        self.on_tickets(permit, command.act())?;
        let done = self.step_told_whole(permit, key, number, command, at, files);
        match permit.role().side() {
            Side::ThirdParty => done.map_err(outsider::refusal),
            Side::Provider | Side::Customer => done,
        }
    }

    /// As [`App::step_with_files`], for whoever answers for the permit and the undertaking asked of the person.
    pub(crate) fn step_told_whole(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: u64,
        command: &StepCommand,
        at: Option<Timestamp>,
        files: Vec<NewFile>,
    ) -> Result<Stepped> {
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
        let texts = command.texts().into_iter();
        let texts = texts.map(|(name, text)| self.text(name, text, LONGEST_TEXT)).collect::<Result<_>>()?;
        let mentions = match command {
            StepCommand::Reply { body } => self.mentioned(permit, body, Visibility::Public)?,
            StepCommand::Note { body } => self.mentioned(permit, body, Visibility::Internal)?,
            _ => Vec::new(),
        };
        let assignee = match command {
            StepCommand::Assign { to } => self.assignee(permit.customer(), *to)?,
            _ => None,
        };
        let follower = match command {
            StepCommand::WatchFor { who } => self.follower(permit, who)?,
            _ => None,
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
            texts,
            mentions,
            assignee,
            follower,
            message: self.id(MessageId::new),
            by: permit.by().account,
            by_provider: permit.role().side() != Side::Customer,
            side: permit.role().side(),
            scope: permit.scope().clone(),
            now,
            at,
            introduction: self.introduction(permit.by()),
            window: self.id(MaintenanceId::new),
            outage: self.id(OutageId::new),
            email: permit.by().email.clone(),
        };
        loop {
            let agreements = vault.agreements()?;
            let (handle, stored_key, count) = (vault.clone(), stored_key.clone(), agreements.count);
            let ready = ready.clone();
            let answer = vault.db.write::<_, AppError, _>(move |tx| {
                if store::agreement::count(tx)? != count {
                    return Ok(None);
                }
                let agreements = agreements.clone();
                let done = idempotency::once(tx, &stored_key, &request, ready.now.as_microsecond(), |tx| {
                    let (ticket, other) = relate::ends(tx, &ready.scope, &ready.command, ready.number)?;
                    let agreement = agreements.by_id(ticket.contract)?;
                    let stepped = take(tx, &handle, agreement, &ticket, other.as_ref(), &ready)?;
                    serde_json::to_vec(&stepped).map_err(AppError::fault)
                })?;
                Ok(Some(done))
            })?;
            let Some(bytes) = answer else {
                vault.forget_agreements();
                continue;
            };
            self.mark_dirty(permit.customer());
            self.tell_step_news(&vault, number, command);
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
    pub(super) fn content(&self) -> Result<ContentId> {
        self.texts
            .first()
            .map(|c| c.id)
            .ok_or_else(|| AppError::invalid("text", "texte attendu", "a text is expected"))
    }

    /// The same, naming only those who may read this ticket.
    fn naming_readers_of(&self, ticket: &Ticket) -> Ready {
        let mut ready = self.clone();
        ready.mentions.retain(|m| m.scope.lets(ticket));
        ready
    }

    pub(super) fn named(&self, name: &str) -> Option<ContentId> {
        self.texts.iter().find(|c| c.name == name).map(|c| c.id)
    }
}

fn take(
    tx: &mut WriteTx<'_>,
    vault: &VaultHandle,
    agreement: &Agreement,
    ticket: &Ticket,
    other: Option<&Ticket>,
    ready: &Ready,
) -> Result<Stepped> {
    let steps = ticket::steps(tx, ticket.id)?;
    let last = escalate::last_act(&steps).unwrap_or(ticket.opened);
    let at = ready.at.unwrap_or(ready.now).as_microsecond();
    if at > ready.now.as_microsecond() || at < last {
        return Err(AppError::invalid(
            "at",
            "entre la dernière étape du ticket et maintenant",
            "between the ticket's last step and now",
        ));
    }
    if let Some(number) = ticket.merged_into {
        let seen = ticket::by_number(tx, &ready.scope, number)?.is_some();
        return Err(if seen { relate::merged(number) } else { relate::closed_for_good() });
    }
    let ready = &ready.naming_readers_of(ticket);
    let terms = &agreement.version(&ticket.version)?.terms;
    let instant = Timestamp::from_microsecond(at).map_err(AppError::fault)?;
    crate::month::still_open(tx, agreement, instant)?;
    let on = agreement.local_date(instant);
    let defect = delivery::defect(tx, agreement, ticket, &steps)?;
    let standing = price::standing(terms, ticket, (&steps, defect.as_ref()), on);
    price::still_the_one(&standing, &steps, &ready.command)?;
    let work = Work { vault, agreement, terms, ticket, steps: &steps };
    // What was declined before anything was planned is closed as it is; a window announced is given up.
    let untouched = standing.value == Agreed::Declined && change::planned(&steps).is_none();
    if matches!(ready.command, StepCommand::Resolve { .. }) && !untouched {
        change::may_close(&work, instant)?;
        delivery::may_close(&work, instant)?;
    }
    if ready.command.is_about_a_price() {
        delivery::not_by_a_price(&work, on)?;
        delivery::free_of_price(defect.as_ref())?;
    }
    let step = match (&ready.command, other) {
        (StepCommand::Change { change }, _) => {
            Step::Change { told: change::tell(tx, &work, change, standing, ready, instant)? }
        }
        (StepCommand::Delivery { delivery }, _) => {
            Step::Delivery { told: delivery::tell(&work, delivery, ready, instant)? }
        }
        (StepCommand::Link { tie, .. }, Some(other)) => relate::link(tx, ticket, *tie, other)?,
        (StepCommand::Unlink { tie, .. }, Some(other)) => relate::unlink(tx, ticket, *tie, other)?,
        (StepCommand::Merge { .. }, Some(into)) => {
            merge::one_kind(ticket, into)?;
            // What is planned was announced: it is given up before its ticket is closed for another.
            change::may_close(&work, instant)?;
            delivery::may_close(&work, instant)?;
            let agreed = price::maximum(terms, ticket, &steps).map(|price| Agreed::Agreed { price });
            let price = agreed.unwrap_or(standing.value);
            let closing = merge::Closing { ticket, steps: &steps, price, now: ready.now };
            merge::may_merge(tx, vault, agreement, &closing, into)?;
            Step::Merged { into: into.id, number: into.number, why: ready.content()? }
        }
        (
            StepCommand::Watch
            | StepCommand::Unwatch
            | StepCommand::WatchFor { .. }
            | StepCommand::UnwatchFor { .. },
            _,
        ) => follow::watch(tx, ticket, ready)?,
        _ => {
            let charged = match &ready.command {
                StepCommand::Quote { .. } => crate::time::charged(&time::of_ticket(tx, ticket.id)?, None),
                _ => None,
            };
            step(terms, ticket, &steps, ready, (standing, charged), on)?
        }
    };
    ready.introduction.ensure(tx, ready.now.as_microsecond())?;
    for mentioned in ready.mentions.iter().chain(&ready.assignee).chain(&ready.follower) {
        mentioned.introduction.ensure(tx, ready.now.as_microsecond())?;
    }
    let mut timeline = super::timeline(ticket, &steps)?;
    clockwork::push(&mut timeline, instant, ready.by, &step);
    let clocks = match step {
        // Its promises are those of the ticket that goes on.
        Step::Merged { .. } => Vec::new(),
        _ => clockwork::marks(vault, agreement, &ticket.version, &timeline, instant)?,
    };
    let event = TicketStepped { ticket: ticket.id, at, by: ready.by, step, clocks: clocks.clone() };
    let stamp =
        Stamp { at: ready.now.as_microsecond(), actor: ready.by, contract: Some(ticket.version.clone()) };
    let visibility = match &event.step {
        Step::Replied { visibility, .. } => *visibility,
        _ => Visibility::Internal,
    };
    let event = Event::TicketStepped(event);
    let before = ticket::clocks(tx, ticket.id)?;
    let low = match &event {
        Event::TicketStepped(TicketStepped { step: Step::Delivery { .. }, .. }) => {
            Some(crate::mail::books_low(tx, agreement, ready.now)?)
        }
        _ => None,
    };
    let entry = record(tx, &stamp, &event, &ready.texts)?;
    if let Event::TicketStepped(TicketStepped { step: Step::Change { told }, .. }) = &event {
        change::beside(tx, &stamp, &work, told, ready.now)?;
    }
    if let Some(low) = &low {
        crate::mail::tell_books(tx, agreement, low, (entry, ready.by, ready.now))?;
    }
    file::attach(tx, &stamp, ticket, Some(ready.message), visibility, &ready.files)?;
    if let (StepCommand::Merge { .. }, Some(into)) = (&ready.command, other) {
        merge::absorb(tx, vault, agreement, ticket, into, ready)?;
    }
    let row = ticket::by_id(tx, ticket.id)?.ok_or(AppError::NotFound)?;
    crate::desk::tell(tx, &row)?;
    if let Event::TicketStepped(stepped) = &event {
        crate::mail::tell_step(tx, &row, &stepped.step, entry, ready.by)?;
        crate::webhook::tell_step(tx, &agreement.number, &row, (stepped, &before), (entry, stamp.at))?;
    }
    Ok(Stepped {
        number: ready.number,
        state: row.state.key().to_owned(),
        due: clocks.iter().map(due).collect(),
        entry,
    })
}

/// The step a command is, if the ticket's state and the contract let it be.
fn step(
    terms: &Terms,
    ticket: &Ticket,
    steps: &[store::ticket::Stepped],
    ready: &Ready,
    (standing, charged): (Because<Agreed>, Option<Money>),
    on: Date,
) -> Result<Step> {
    let state = ticket.state;
    let open = state != State::Resolved;
    let maximum = price::maximum(terms, ticket, steps);
    Ok(match &ready.command {
        StepCommand::TakeOver | StepCommand::TakeFree => {
            require(open, state, "prendre en charge", "take over")?;
            let free = ticket.assignee.is_none_or(|holder| holder == ready.by);
            if !free && ready.command == StepCommand::TakeFree {
                return Err(AppError::refused(Refusal::new(
                    "ticket.taken",
                    "Ce ticket a été confié à quelqu'un entre-temps\u{a0}: rien n'a changé. Pour le reprendre, ouvrez-le.",
                    "This ticket was given to somebody in the meantime: nothing has changed. To take it over, open it.",
                )));
            }
            Step::TakenOver { assignee: ready.by }
        }
        StepCommand::Assign { .. } => assign::assign(ticket, ready)?,
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
            price::before_work(standing, maximum)?;
            diagnosed(terms, ticket, steps, ready)?;
            let diagnosis = ready.named("diagnosis");
            Step::Restored { workaround: *workaround, note: ready.content()?, diagnosis }
        }
        StepCommand::Resolve { .. } => {
            require(open, state, "résoudre", "resolve")?;
            // What the customer declined is closed without being done.
            if standing.value != Agreed::Declined {
                price::before_work(standing, maximum)?;
                diagnosed(terms, ticket, steps, ready)?;
            }
            Step::Resolved { note: ready.content()?, diagnosis: ready.named("diagnosis") }
        }
        StepCommand::Reopen { .. } => {
            let can = matches!(state, State::Resolved | State::Restored);
            require(can, state, "rouvrir", "reopen")?;
            Step::Reopened { why: ready.content()? }
        }
        StepCommand::Quote { price: asked, until, .. } => {
            require(open, state, "établir un devis", "make a quotation")?;
            price::quotable((terms, ticket, steps), (&standing, charged), *asked, *until, on)?;
            Step::QuoteMade { price: *asked, until: *until, body: ready.content()? }
        }
        StepCommand::AgreePrice { price: read, quotation, reference } => {
            require(open, state, "accepter un prix", "agree to a price")?;
            if ready.by_provider && reference.is_none() {
                return Err(price::reference_missing());
            }
            price::answerable(&standing, Some(*read))?;
            Step::PriceAgreed { price: *read, quotation: *quotation, reference: ready.named("reference") }
        }
        StepCommand::DeclinePrice { quotation, .. } => {
            require(open, state, "refuser un prix", "decline a price")?;
            price::answerable(&standing, None)?;
            Step::PriceDeclined { why: ready.content()?, quotation: *quotation }
        }
        StepCommand::Diagnose { .. } => {
            require(open, state, "consigner un diagnostic", "record a diagnosis")?;
            Step::Diagnosed { body: ready.content()? }
        }
        StepCommand::KnownError { .. } => {
            require(open, state, "consigner une erreur connue", "record a known error")?;
            relate::is_problem(ticket)?;
            Step::KnownError { cause: ready.content()?, workaround: ready.named("workaround") }
        }
        StepCommand::Change { .. } => return Err(AppError::fault("a change is weighed with its plan")),
        StepCommand::Delivery { .. } => return Err(AppError::fault("a delivery is weighed with its steps")),
        StepCommand::Link { .. }
        | StepCommand::Unlink { .. }
        | StepCommand::Merge { .. }
        | StepCommand::Watch
        | StepCommand::Unwatch
        | StepCommand::WatchFor { .. }
        | StepCommand::UnwatchFor { .. } => return Err(AppError::fault("a tie is made with its other end")),
    })
}

fn reply(ready: &Ready, visibility: Visibility) -> Result<Step> {
    let by_provider = ready.by_provider;
    let mentions = ready.mentions.iter().map(|m| m.who).collect();
    Ok(Step::Replied { message: ready.message, visibility, by_provider, body: ready.content()?, mentions })
}
