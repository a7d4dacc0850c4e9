//! What screens and the API read of one ticket.

use std::collections::{HashMap, HashSet};

use base::id::{AccountId, PlanId};
use base::{Because, Money, Reason};
use engines::diagnosis::{self, Diagnosis};
use engines::form::Answer;
use engines::perimeter::price::Agreement as Agreed;
use engines::perimeter::{self, Decision};
use engines::sla::Clock;
use events::{CallRecorded, Step, TimeTold, Visibility};
use jiff::Timestamp;
use store::ticket::{Stepped, Ticket};
use store::{Tx, actor, call, content, file, log, ticket, time};

use super::change::{self, ChangePage};
use super::clockwork;
use super::delivery::{self, Defect, DeliveryPage};
use super::follow::Watcher;
use super::outsider::between_parties;
use super::relate::{self, KnownError, Relation};
use super::work::Work;
use crate::access::{Act, Permit, Side};
use crate::agreements::Agreement;
use crate::desk::text;
use crate::error::{AppError, Result};
use crate::file::FileLine;
use crate::instance::App;
use crate::life::{self, TicketDuty};
use crate::time::{Hours, explained, hours_of};

/// One line of a conversation.
pub struct Entry {
    /// When it happened, as the person who wrote it down says.
    pub at: Timestamp,
    /// When it was written down: the journal's instant. Later than `at` for an act told afterwards.
    pub recorded: Timestamp,
    pub by: String,
    /// Whether the provider acted.
    pub by_provider: bool,
    pub step: Step,
    /// The message, the note or the reason given; `None` where there is none.
    pub text: Option<String>,
    /// The diagnosis told with a remedy, or the workaround told with a known error.
    pub more: Option<String>,
    /// Its journal entry.
    pub seq: u64,
}

/// Time that somebody spent on a ticket.
pub struct TimeLine {
    pub time: TimeTold,
    pub by: String,
    pub comment: Option<String>,
    /// Why it is at these hours; `Err` with what the contract says instead, for what was entered before it
    /// decided. Empty where it decides nothing.
    pub hours: std::result::Result<Vec<Reason>, Vec<Reason>>,
}

pub struct CallLine {
    pub call: CallRecorded,
    pub by: String,
}

/// Everything about one ticket.
pub struct TicketPage {
    pub ticket: Ticket,
    /// Closed for another, which `ticket.merged_into` names to whoever may see it.
    pub merged: bool,
    pub title: String,
    pub description: String,
    /// What the contract's form was answered, in its order.
    pub answers: Vec<Answer>,
    pub opened_by: String,
    /// Who wrote it down for them, when it is somebody else.
    pub recorded_by: Option<String>,
    /// The plan that opened it, and the date of it.
    pub planned: Option<(PlanId, Timestamp)>,
    /// When the declaration was written down; later than the opening for a call told afterwards.
    pub opening_recorded: Timestamp,
    pub assignee: Option<String>,
    pub entries: Vec<Entry>,
    pub calls: Vec<CallLine>,
    /// Listed for the provider's people, with their comments, and one's own for a third party's. The
    /// journal's entries, which the customer's managers may read whole, tell by pseudonymous id who worked,
    /// when and how long; a comment is content beside them.
    pub time: Vec<TimeLine>,
    /// What may be said of the hours of time entered on it.
    pub hours: Hours,
    /// Minutes entered, as spent.
    pub time_minutes: u32,
    /// In the order they were attached; the internal ones for the provider's people only.
    pub files: Vec<FileLine>,
    pub clocks: Vec<Because<Clock>>,
    /// The perimeter's decision as its version decides it, with its reasons.
    pub decision: Because<Decision>,
    /// The levels of escalation of those clocks; empty where the contract has none.
    pub levels: Vec<super::LevelShown>,
    /// Whether the customer still has to agree to a price before any work.
    pub price: Because<Agreed>,
    /// The maximum of work at a rate agreed to so far: work goes on within it while another is asked.
    pub maximum: Option<Money>,
    /// The entry of the quotation that an answer must name; `None` when the price is a clause's.
    pub quotation: Option<u64>,
    /// Whether a diagnosis is owed before the remedy, and whether there is one.
    pub diagnosis: Because<Diagnosis>,
    pub diagnosed: bool,
    /// What is planned, approved and done, if it is a change.
    pub change: Option<ChangePage>,
    pub delivery: Option<DeliveryPage>,
    /// The delivery whose defect it mends, and what its warranty says.
    pub defect: Option<Defect>,
    /// The duty of the contract that it was opened to do.
    pub duty: Option<TicketDuty>,
    /// The other tickets it is tied to.
    pub relations: Vec<Relation>,
    /// What is known of it, if it is a problem; else of the problem behind it.
    pub known: Option<KnownError>,
    /// Who follows it, in the order in which they began.
    pub watchers: Vec<Watcher>,
    /// Seconds of real time during which its clocks were paused.
    pub paused_seconds: i64,
    pub agreement: std::sync::Arc<Agreement>,
    /// The instant everything is told at.
    pub at: Timestamp,
}

impl TicketPage {
    /// Whether the price is the most that the time spent may come to.
    pub fn is_by_time(&self) -> bool {
        let units = self.delivery.as_ref().is_some_and(|delivery| delivery.book.is_some());
        !units && matches!(self.decision.value.work, perimeter::Work::AtRate { .. })
    }

    /// Whether work may be done on it, as far as its price goes.
    pub fn allows_work(&self) -> bool {
        self.price.value.allows_work() || self.maximum.is_some()
    }
}

impl App {
    /// One ticket, with its clocks as of now and why.
    pub fn ticket(&self, permit: &Permit, number: u64) -> Result<TicketPage> {
        self.on_tickets(permit, Act::SeeTickets)?;
        let vault = self.vault(permit.customer())?;
        let agreements = vault.agreements()?;
        let (provider, reader, scope) = (permit.role().is_provider(), permit.by().account, permit.scope());
        // A third party works on the ticket, and has no business with its price.
        let outsider = permit.role().side() == Side::ThirdParty;
        let (now, contracts) = (self.now(), &agreements);
        let read = vault.db.read::<_, AppError, _>(move |tx| {
            let mut ticket = ticket::by_number(tx, scope, number)?.ok_or(AppError::NotFound)?;
            let merged = ticket.merged_into.is_some();
            if let Some(number) = ticket.merged_into
                && ticket::by_number(tx, scope, number)?.is_none()
            {
                ticket.merged_into = None;
            }
            let names = super::names(tx)?;
            let staff: HashSet<AccountId> =
                actor::all(tx)?.into_iter().filter(|a| a.side == "provider").map(|a| a.id).collect();
            let steps = ticket::steps(tx, ticket.id)?;
            let mut entries = Vec::new();
            // One's own notes are one's own: a third party has some.
            let told = |s: &&Stepped| provider || s.by == reader || !internal(&s.step);
            for step in steps.iter().filter(told).filter(|s| !outsider || !between_parties(&s.step)) {
                if relate::names_what_is_seen(tx, scope, &step.step)? {
                    entries.push(entry(tx, step, &names, &staff)?);
                }
            }
            let calls = call::of_ticket(tx, ticket.id)?
                .into_iter()
                .filter(|_| !outsider)
                .map(|call| CallLine { by: name(&names, call.by), call })
                .collect();
            let sees = |f: &file::Attached| {
                provider || f.event.visibility == Visibility::Public || f.event.by == reader
            };
            let files = file::of_ticket(tx, ticket.id, true)?
                .into_iter()
                .filter(sees)
                .map(|f| file_line(tx, f, &names, &staff))
                .collect::<Result<Vec<_>>>()?;
            let mut spent = time::of_ticket(tx, ticket.id)?;
            let charged = crate::time::charged(&spent, None);
            if outsider {
                // A third party reads its own time, and nothing of the provider's.
                spent.retain(|t| t.person == reader);
                spent = spent.into_iter().map(crate::time::without_the_contract).collect();
            }
            let time_minutes = spent.iter().map(|t| t.minutes).sum::<u32>();
            let terms = &contracts.by_id(ticket.contract)?.version(&ticket.version)?.terms;
            let by_time = super::price::by_time(terms, &ticket, &steps);
            let why = |t: &TimeTold| match outsider {
                true => Ok(Vec::new()),
                false => explained(terms, &ticket.opening_facts, by_time.as_ref(), t),
            };
            let time = spent
                .into_iter()
                .filter(|t| (provider || outsider) && t.minutes > 0)
                .map(|t| time_line(tx, why(&t), t, &names))
                .collect::<Result<Vec<_>>>()?;
            let title = text(content::get(tx, ticket.title.0)?);
            let description = text(content::get(tx, ticket.description.0)?);
            let answers = super::form::of_ticket(tx, &ticket)?;
            let beside = relate::beside(tx, scope, &ticket, &names, now)?;
            let plan = change::read(tx, permit, terms, &ticket, &steps)?;
            let defect = delivery::defect(tx, contracts.by_id(ticket.contract)?, &ticket, &steps)?;
            let delivered = delivery::read(tx, contracts.by_id(ticket.contract)?, &ticket, &steps, now)?;
            let who = (
                (name(&names, ticket.opened_by), ticket.recorded_by.map(|by| name(&names, by))),
                ticket.assignee.map(|a| name(&names, a)),
                recorded(tx, ticket.seq)?,
                store::plan::of_ticket(tx, ticket.id)?,
                match outsider {
                    true => None,
                    false => life::of_ticket(tx, contracts.by_id(ticket.contract)?, &ticket, now)?,
                },
            );
            Ok((
                (ticket, merged),
                steps,
                entries,
                (calls, files, time, time_minutes, charged),
                (title, description, answers, beside, plan, (delivered, defect)),
                who,
                names,
            ))
        })?;
        let (
            (ticket, merged),
            steps,
            entries,
            (calls, files, time, time_minutes, charged),
            (title, description, answers, beside, plan, (delivered, defect)),
            ((opened_by, recorded_by), assignee, opening_recorded, turn, duty),
            names,
        ) = read;
        let agreement = agreements.by_id(ticket.contract)?.clone();
        let version = agreement.version(&ticket.version)?;
        let timeline = clockwork::timeline(&ticket, &steps)?;
        let clocks = match merged {
            true => Vec::new(),
            false => clockwork::clocks(&vault, &agreement, &ticket.version, &timeline, now)?,
        };
        let levels = match merged {
            true => Vec::new(),
            false => {
                super::escalate::shown((self, &vault), &agreement, &ticket, &timeline, &steps, &names, now)?
            }
        };
        let diagnosis = diagnosis::before_remedy(&version.terms, &ticket.facts);
        let by_time = super::price::by_time(&version.terms, &ticket, &steps);
        let hours = hours_of(&version.terms, &ticket.opening_facts, by_time.as_ref());
        let diagnosed = steps.iter().any(|s| super::rules::is_diagnosis(&s.step));
        let decision = perimeter::decide(&version.terms, &ticket.opening_facts, ticket.used_before);
        let said = (&steps[..], defect.as_ref());
        let mut price = super::price::standing(&version.terms, &ticket, said, agreement.local_date(now));
        // What is mended under warranty has none.
        let priced = defect.as_ref().is_none_or(|defect| !defect.is_free());
        let maximum = super::price::maximum(&version.terms, &ticket, &steps).filter(|_| priced);
        price.reasons.extend(crate::time::so_far(&version.terms, &ticket, &steps, (maximum, charged)));
        let quotation = super::price::quotation(&steps);
        let work = Work {
            vault: &vault,
            agreement: &agreement,
            terms: &version.terms,
            ticket: &ticket,
            steps: &steps,
        };
        let change = change::page(&work, plan, now)?;
        let delivery = delivery::page(&work, delivered, now)?;
        let instant = |micros| Timestamp::from_microsecond(micros).map_err(AppError::fault);
        let planned = turn.map(|(plan, due)| Ok::<_, AppError>((plan, instant(due)?))).transpose()?;
        let page = TicketPage {
            change,
            delivery,
            defect,
            duty,
            planned,
            ticket,
            merged,
            title,
            description,
            answers,
            opened_by,
            recorded_by,
            opening_recorded,
            assignee,
            entries,
            calls,
            time,
            time_minutes,
            files,
            clocks,
            levels,
            decision,
            price,
            maximum,
            quotation,
            hours,
            diagnosis,
            diagnosed,
            relations: beside.relations,
            known: beside.known,
            watchers: beside.watchers,
            paused_seconds: beside.paused_seconds,
            agreement,
            at: now,
        };
        Ok(if outsider { page.without_the_contract(permit)? } else { page })
    }
}

fn time_line(
    tx: &mut dyn Tx,
    hours: std::result::Result<Vec<Reason>, Vec<Reason>>,
    time: TimeTold,
    names: &HashMap<AccountId, String>,
) -> Result<TimeLine> {
    let comment = match time.comment {
        Some(id) => Some(text(content::get(tx, id.0)?)),
        None => None,
    };
    Ok(TimeLine { by: name(names, time.person), comment, hours, time })
}

fn internal(step: &Step) -> bool {
    matches!(step, Step::Replied { visibility: Visibility::Internal, .. })
}

fn entry(
    tx: &mut dyn Tx,
    s: &Stepped,
    names: &HashMap<AccountId, String>,
    staff: &HashSet<AccountId>,
) -> Result<Entry> {
    let second = match &s.step {
        Step::Restored { diagnosis, .. } | Step::Resolved { diagnosis, .. } => *diagnosis,
        Step::KnownError { workaround, .. } => *workaround,
        _ => None,
    };
    let content_id = match &s.step {
        Step::Replied { body, .. } => Some(*body),
        Step::Paused { proof, .. } => *proof,
        Step::Reprioritised { why, .. } | Step::Reopened { why } => Some(*why),
        Step::Restored { note, .. } | Step::Resolved { note, .. } => Some(*note),
        Step::QuoteMade { body, .. } => Some(*body),
        Step::PriceAgreed { reference, .. } => *reference,
        Step::PriceDeclined { why, .. } | Step::Merged { why, .. } => Some(*why),
        Step::Diagnosed { body } => Some(*body),
        Step::KnownError { cause, .. } => Some(*cause),
        Step::Change { told } => told.contents().first().copied(),
        Step::Delivery { told } => told.contents().first().copied(),
        Step::TakenOver { .. }
        | Step::Assigned { .. }
        | Step::Resumed
        | Step::Linked { .. }
        | Step::Unlinked { .. }
        | Step::Absorbed { .. }
        | Step::Watched { .. }
        | Step::Unwatched { .. }
        | Step::Escalated { .. } => None,
    };
    let mut read = |id: Option<events::ContentId>| -> Result<Option<String>> {
        id.map(|id| Ok(text(content::get(tx, id.0)?))).transpose()
    };
    let (mut text, more) = (read(content_id)?, read(second)?);
    if let Step::Assigned { assignee } = &s.step {
        text = Some(name(names, *assignee));
    }
    if let Step::Watched { who } | Step::Unwatched { who } = &s.step
        && *who != s.by
    {
        text = Some(name(names, *who));
    }
    if let Step::Escalated { told, .. } = &s.step {
        let told: Vec<String> = told.iter().map(|who| name(names, *who)).collect();
        text = Some(told.join(", ")).filter(|told| !told.is_empty());
    }
    Ok(Entry {
        at: Timestamp::from_microsecond(s.at).map_err(AppError::fault)?,
        recorded: recorded(tx, s.seq)?,
        by: name(names, s.by),
        // What the product does by itself, it does for the provider.
        by_provider: staff.contains(&s.by) || matches!(s.step, Step::Escalated { .. }),
        step: s.step.clone(),
        text,
        more,
        seq: s.seq,
    })
}

fn file_line(
    tx: &mut dyn Tx,
    attached: file::Attached,
    names: &HashMap<AccountId, String>,
    staff: &HashSet<AccountId>,
) -> Result<FileLine> {
    let told = attached.event;
    let given = content::get(tx, told.name.0)?.map(|bytes| text(Some(bytes)));
    Ok(FileLine {
        file: told.file,
        message: told.message,
        at: Timestamp::from_microsecond(told.at).map_err(AppError::fault)?,
        by: name(names, told.by),
        by_provider: staff.contains(&told.by),
        internal: told.visibility == Visibility::Internal,
        name: given,
        bytes: told.bytes,
        media: told.media,
        sha256: told.sha256,
        size: told.size,
    })
}

fn recorded(tx: &mut dyn Tx, seq: u64) -> Result<Timestamp> {
    Timestamp::from_microsecond(log::recorded_at(tx, seq)?).map_err(AppError::fault)
}

pub(super) fn name(names: &HashMap<AccountId, String>, id: AccountId) -> String {
    names.get(&id).cloned().unwrap_or_else(|| id.to_string())
}
