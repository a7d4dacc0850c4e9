//! One ticket, whole: its conversation and all that it is tied to.

use std::collections::BTreeMap;

use app::Act;
use app::ticket::{CallLine, Entry, KnownError, Relation, Shown, TicketPage, Watcher};
use axum::extract;
use axum::response::Response;
use base::id::{AccountId, CallId};
use events::{Step, Visibility};
use jiff::Timestamp;

use super::change::ChangeRead;
use super::clocks::ClockAnswer;
use super::decision::{DecisionAnswer, PriceAnswer};
use super::delivery::{DefectRead, DeliveryRead};
use super::levels::LevelAnswer;
use super::{TicketKind, TicketLine, TicketStanding, TieWord, line, number};
use crate::api::catalogue::AnswerRead;
use crate::api::duties::TicketDutyRead;
use crate::api::instant;
use crate::api::operation::Operation;
use crate::api::reply::Reply;
use crate::api::request::{At, Caller, Parameters, permit};
use crate::api::schema::{Money, answer, ask, words};
use crate::http::State;

words! {
    /// What happened.
    StepWord ["taken_over", "assigned", "replied", "note", "paused", "resumed", "reprioritised", "restored", "resolved", "reopened",
        "quoted", "price_agreed", "price_declined", "diagnosed", "linked", "unlinked", "merged", "absorbed", "known_error",
        "watched", "unwatched", "change_planned", "change_approved", "change_refused", "change_started", "change_ended",
        "change_documented", "change_reviewed", "change_informed", "delivery_estimated", "delivery_ordered", "delivery_declined",
        "delivery_presented", "delivery_decided", "delivery_shown", "delivery_in_production", "escalated"];
}

answer! {
    /// Somebody who follows a ticket.
    WatcherRead {
        account: AccountId,
        name: String,
    }

    /// One line of a conversation.
    ConversationLine {
        at: Timestamp,
        /// When it was written down, by the journal; later than `at` for an act told afterwards.
        recorded: Timestamp,
        by: String,
        /// Whether the provider acted, rather than the customer.
        by_provider: bool,
        what: StepWord,
        /// The message, the note or the reason given; for an assignment, and for somebody made to follow or taken
        /// off, the name of that person; for an escalation, the names of those told.
        text: Option<String>,
        /// For a pause: the label of the contract's reason.
        pause: Option<String>,
        /// For a change of priority: the new one.
        priority: Option<String>,
        /// For a restoration: by a workaround.
        workaround: Option<bool>,
        /// For a quotation or an agreement: the price, net of VAT.
        price: Option<Money>,
        /// The diagnosis told with a remedy, the workaround told with a known error.
        more: Option<String>,
        /// For a link or a merge: how the ticket stands to the other one.
        tie: Option<TieWord>,
        /// The other one's number.
        other: Option<u64>,
        /// Its journal entry.
        entry: u64,
    }

    /// Another ticket.
    RelationLine {
        tie: TieWord,
        number: u64,
        title: String,
        kind: TicketKind,
        state: TicketStanding,
    }

    /// A problem whose cause is known.
    KnownErrorLine {
        /// The problem's number.
        problem: u64,
        title: String,
        cause: String,
        workaround: Option<String>,
        by: String,
        at: Timestamp,
        /// The problem is not resolved yet.
        open: bool,
    }

    /// A call to the hotline about the ticket.
    TicketCall {
        id: CallId,
        at: Timestamp,
        by: String,
        minutes: u32,
        meter: String,
        /// Wholly paid by the meter.
        covered: bool,
        /// Tickets, or minutes once rounded and weighed.
        counted: u32,
        price: Option<Money>,
    }

    /// A ticket, whole.
    TicketRead {
        /// The instant that everything is told at.
        at: Timestamp,
        ticket: TicketLine,
        description: String,
        /// What the contract asked, and what was answered, in its order.
        answers: Vec<AnswerRead>,
        opened_by: String,
        /// Who wrote it down for them, when it is somebody else.
        recorded_by: Option<String>,
        /// The contract's number.
        contract_number: String,
        /// What is known of the case, by the contract's dimensions.
        facts: BTreeMap<String, String>,
        decision: DecisionAnswer,
        price: PriceAnswer,
        /// The last 200 lines of it, or the last before an entry, in order of time.
        conversation: Vec<ConversationLine>,
        /// Pass as `before` for the 200 lines before these; `null` where there are none.
        earlier: Option<u64>,
        /// Other tickets that it is tied to.
        relations: Vec<RelationLine>,
        /// The number of the ticket that deals with its matter, if it was merged.
        merged_into: Option<u64>,
        /// What is planned and done, if it is a change.
        change: Option<ChangeRead>,
        /// What is ordered, delivered and accepted, if it is maintenance.
        delivery: Option<DeliveryRead>,
        /// The delivery whose defect it mends.
        defect: Option<DefectRead>,
        /// The duty of the contract that it was opened to do.
        duty: Option<TicketDutyRead>,
        /// What is known of the problem that it is, or that is behind it.
        known_error: Option<KnownErrorLine>,
        /// Who follows it.
        watchers: Vec<WatcherRead>,
        /// Real time during which its clocks were paused.
        paused_seconds: i64,
        calls: Vec<TicketCall>,
        clocks: Vec<ClockAnswer>,
        /// The levels of escalation of those clocks; empty where the contract has none.
        levels: Vec<LevelAnswer>,
    }
}

ask! {
    /// Which part of a long conversation.
    TicketQuery {
        /// The `earlier` of the answer before.
        before: Option<u64>,
    }
}

/// Lines of a conversation given at once.
const LINES: usize = 200;

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/tickets/{number}", "getTicket", "tickets", show)
            .about(
                "Un ticket : conversation, compteurs de temps et leurs raisons",
                "One ticket: conversation, clocks and their reasons",
            )
            .query(TicketQuery::properties)
            .gives::<TicketRead>(),
    ]
}

async fn show(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, ticket)): At<(String, String)>,
    Parameters(query): Parameters<TicketQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeTickets)?;
            let mut page = app.ticket(&permit, number(&ticket)?)?;
            page.entries.retain(|entry| query.before.is_none_or(|before| entry.seq < before));
            let earlier = page.entries.len().saturating_sub(LINES);
            page.entries.drain(..earlier);
            let earlier = page.entries.first().filter(|_| earlier > 0).map(|first| first.seq);
            Ok(Reply::json(&TicketRead { earlier, ..TicketRead::from(page) }))
        })
        .await
}

impl From<TicketPage> for TicketRead {
    fn from(page: TicketPage) -> TicketRead {
        let merged_into = page.ticket.merged_into;
        let facts = page.ticket.facts.values.iter().map(|(d, v)| (d.key().to_owned(), v.clone())).collect();
        let shown = Shown {
            ticket: page.ticket,
            title: page.title,
            assignee: page.assignee,
            next: None,
            zone: page.agreement.latest().compiled.terms.zone.clone(),
        };
        TicketRead {
            at: page.at,
            ticket: line(shown, page.at),
            description: page.description,
            answers: page.answers.into_iter().map(AnswerRead::from).collect(),
            opened_by: page.opened_by,
            recorded_by: page.recorded_by,
            contract_number: page.agreement.number.clone(),
            facts,
            decision: page.decision.into(),
            price: page.price.into(),
            earlier: None,
            conversation: page.entries.into_iter().map(ConversationLine::from).collect(),
            relations: page.relations.into_iter().map(RelationLine::from).collect(),
            merged_into,
            change: page.change.map(ChangeRead::from),
            delivery: page.delivery.map(DeliveryRead::from),
            defect: page.defect.map(DefectRead::from),
            duty: page.duty.map(TicketDutyRead::from),
            known_error: page.known.map(KnownErrorLine::from),
            watchers: page.watchers.into_iter().map(WatcherRead::from).collect(),
            paused_seconds: page.paused_seconds,
            calls: page.calls.into_iter().map(TicketCall::from).collect(),
            clocks: page.clocks.into_iter().map(ClockAnswer::from).collect(),
            levels: page.levels.into_iter().map(LevelAnswer::from).collect(),
        }
    }
}

impl From<Entry> for ConversationLine {
    fn from(entry: Entry) -> ConversationLine {
        let (mut pause, mut priority, mut how, mut amount, mut other) = (None, None, None, None, None);
        let what = match entry.step {
            Step::Assigned { .. } => "assigned",
            Step::TakenOver { .. } => "taken_over",
            Step::Replied { visibility: Visibility::Internal, .. } => "note",
            Step::Replied { visibility: Visibility::Public, .. } => "replied",
            Step::Paused { reason, .. } => {
                pause = Some(reason);
                "paused"
            }
            Step::Resumed => "resumed",
            Step::Reprioritised { facts, .. } => {
                priority = facts.get(events::Dimension::Priority).map(str::to_owned);
                "reprioritised"
            }
            Step::Restored { workaround, .. } => {
                how = Some(workaround);
                "restored"
            }
            Step::Resolved { .. } => "resolved",
            Step::Reopened { .. } => "reopened",
            Step::QuoteMade { price, .. } => {
                amount = Some(Money::from(price));
                "quoted"
            }
            Step::PriceAgreed { price, .. } => {
                amount = Some(Money::from(price));
                "price_agreed"
            }
            Step::PriceDeclined { .. } => "price_declined",
            Step::Diagnosed { .. } => "diagnosed",
            Step::Linked { link, number, .. } => {
                other = Some((link.key().to_owned(), number));
                "linked"
            }
            Step::Unlinked { link, number, .. } => {
                other = Some((link.key().to_owned(), number));
                "unlinked"
            }
            Step::Merged { number, .. } => {
                other = Some(("duplicate_of".to_owned(), number));
                "merged"
            }
            Step::Absorbed { number, .. } => {
                other = Some(("duplicated_by".to_owned(), number));
                "absorbed"
            }
            Step::KnownError { .. } => "known_error",
            Step::Change { told } => match told {
                events::ChangeTold::Planned(_) => "change_planned",
                events::ChangeTold::Approved { .. } => "change_approved",
                events::ChangeTold::Refused { .. } => "change_refused",
                events::ChangeTold::Started { .. } => "change_started",
                events::ChangeTold::Ended { .. } => "change_ended",
                events::ChangeTold::Documented { .. } => "change_documented",
                events::ChangeTold::Reviewed { .. } => "change_reviewed",
                events::ChangeTold::Informed { .. } => "change_informed",
            },
            Step::Delivery { told } => match told {
                events::DeliveryTold::Estimated { price, .. } => {
                    amount = Some(Money::from(price));
                    "delivery_estimated"
                }
                events::DeliveryTold::Ordered { price, .. } => {
                    amount = Some(Money::from(price));
                    "delivery_ordered"
                }
                events::DeliveryTold::Declined { .. } => "delivery_declined",
                events::DeliveryTold::Presented { .. } => "delivery_presented",
                events::DeliveryTold::Decided { .. } => "delivery_decided",
                events::DeliveryTold::Shown { .. } => "delivery_shown",
                events::DeliveryTold::InProduction => "delivery_in_production",
            },
            Step::Watched { .. } => "watched",
            Step::Unwatched { .. } => "unwatched",
            Step::Escalated { .. } => "escalated",
        };
        let (tie, other) = other.unzip();
        ConversationLine {
            at: entry.at,
            recorded: entry.recorded,
            by: entry.by,
            by_provider: entry.by_provider,
            what: StepWord::of(what),
            text: entry.text,
            pause,
            priority,
            workaround: how,
            price: amount,
            more: entry.more,
            tie: tie.map(TieWord::of),
            other,
            entry: entry.seq,
        }
    }
}

impl From<Relation> for RelationLine {
    fn from(relation: Relation) -> RelationLine {
        RelationLine {
            tie: TieWord::of(relation.tie.key()),
            number: relation.number,
            title: relation.title,
            kind: TicketKind::of(relation.kind),
            state: TicketStanding::of(relation.state.key()),
        }
    }
}

impl From<KnownError> for KnownErrorLine {
    fn from(known: KnownError) -> KnownErrorLine {
        KnownErrorLine {
            problem: known.number,
            title: known.title,
            cause: known.cause,
            workaround: known.workaround,
            by: known.by,
            at: known.at,
            open: known.open,
        }
    }
}

impl From<CallLine> for TicketCall {
    fn from(line: CallLine) -> TicketCall {
        let call = line.call;
        TicketCall {
            id: call.call,
            at: instant(call.at),
            by: line.by,
            minutes: call.minutes,
            meter: call.meter,
            covered: call.covered,
            counted: call.counted,
            price: call.price.map(Money::from),
        }
    }
}

impl From<Watcher> for WatcherRead {
    fn from(watcher: Watcher) -> WatcherRead {
        WatcherRead { account: watcher.who, name: watcher.name }
    }
}
