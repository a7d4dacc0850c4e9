//! Opening a ticket: the contract takes it in, prices it or refuses it, with its article.

use std::collections::BTreeMap;

use app::Act;
use app::ticket::{NewTie, OpenTicket, Opened, Tie};
use axum::extract;
use axum::response::Response;
use base::id::TicketId;
use events::DutyOf;
use jiff::Timestamp;
use serde_json::json;

use super::{AdmissionWord, Coverage, PromiseWord, TicketKind, TieWord};
use crate::api::API;
use crate::api::because::{Why, whys};
use crate::api::catalogue::AnswerGiven;
use crate::api::operation::Operation;
use crate::api::plans::DutyName;
use crate::api::reply::Reply;
use crate::api::request::{At, Caller, Entity, Key, permit};
use crate::api::schema::{Bounded, Money, answer, ask};
use crate::http::State;

ask! {
    /// A request, as a person makes it. The values are those that the contract declares.
    TicketAsk {
        title: Bounded<1, 200>,
        description: Option<Bounded<0, 20_000>>,
        /// An incident if absent.
        kind: Option<TicketKind>,
        /// A severity of the contract's maintenance, for a defect.
        level: Option<String>,
        /// An elementary service of the contract, by its short name.
        service: Option<String>,
        impact: Option<String>,
        urgency: Option<String>,
        /// If absent, worked out of impact and urgency by the contract's matrix.
        priority: Option<String>,
        site: Option<String>,
        /// The item concerned, by the contract's own name.
        item: Option<String>,
        item_class: Option<String>,
        /// What is asked for: `on_site_visit`, `account_management`…
        operation: Option<String>,
        /// What the contract asks of a service request (`getCatalogue`), by the short names of its questions.
        answers: Option<BTreeMap<String, AnswerGiven>>,
        /// How it reached the provider: `portal`, `phone`, `email`, `api`, `on_site`, or a channel that the
        /// contract names in its conditions; `api` if absent.
        channel: Option<Bounded<1, 100>>,
        /// When it was declared, if before now: a call written down later.
        declared: Option<Timestamp>,
        /// The e-mail of whom it is written down for, one of the customer's people; only the provider says it.
        requester: Option<Bounded<1, 254>>,
        /// The contract's number, when several are in force.
        contract: Option<String>,
        /// How it stands to another ticket from the start; only the provider says it. What is `split_from` another
        /// was declared with it.
        tie: Option<TieWord>,
        /// The other ticket's number.
        other: Option<u64>,
        /// The regular duty of the provider's that it does; only the provider's people say it.
        duty: Option<DutyName>,
        /// Asks for a quotation where the contract excludes the item or the operation, rather than be refused:
        /// the ticket waits for it, and no work is done before the customer agrees.
        on_quote: Option<bool>,
    }
}

answer! {
    /// When a promise falls due.
    DueLine {
        promise: PromiseWord,
        /// `null`: not started, or paused.
        due: Option<Timestamp>,
        /// The label of the clause that governs.
        label: String,
    }

    /// A ticket just opened.
    OpenedAnswer {
        id: TicketId,
        number: u64,
        priority: String,
        coverage: Coverage,
        admission: AdmissionWord,
        /// Net of VAT, when the request is priced.
        price: Option<Money>,
        opened: Timestamp,
        due: Vec<DueLine>,
        /// The hash of the contract version it keeps.
        version: String,
        /// Why it was taken in on these terms.
        reasons: Vec<Why>,
        /// Its journal entry.
        entry: u64,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/customers/{customer}/tickets", "openTicket", "tickets", open)
            .about("Ouvrir un ticket, si le contrat le prend", "Open a ticket, if the contract takes it in")
            .takes::<TicketAsk>(|| {
                vec![
                    (
                        "incident",
                        json!({
                            "title": "L'ERP ne répond plus",
                            "impact": "site",
                            "urgency": "high",
                            "item": "srv-erp",
                        }),
                    ),
                    (
                        "visit",
                        json!({
                            "title": "Installer un poste à Strasbourg",
                            "kind": "service_request",
                            "operation": "on_site_visit",
                            "site": "str",
                        }),
                    ),
                ]
            })
            .gives::<OpenedAnswer>(),
    ]
}

async fn open(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At(customer): At<String>,
    body: Entity<TicketAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::OpenTicket)?;
            let ask = OpenTicket::from(body.read()?);
            let opened = OpenedAnswer::from(app.open_ticket(&permit, &key, &ask)?);
            let location = format!("{API}/customers/{customer}/tickets/{}", opened.number);
            Ok(Reply::created(&opened, location))
        })
        .await
}

impl From<TicketAsk> for OpenTicket {
    fn from(ask: TicketAsk) -> OpenTicket {
        OpenTicket {
            title: ask.title.0,
            description: ask.description.map(|d| d.0).unwrap_or_default(),
            kind: ask.kind.map(|k| k.as_ref().to_owned()),
            impact: ask.impact,
            urgency: ask.urgency,
            priority: ask.priority,
            site: ask.site,
            item: ask.item,
            item_class: ask.item_class,
            operation: ask.operation,
            channel: Some(ask.channel.map_or_else(|| "api".to_owned(), |c| c.0)),
            declared: ask.declared,
            requester: ask.requester.map(|email| email.0),
            contract: ask.contract,
            level: ask.level,
            answers: ask
                .answers
                .unwrap_or_default()
                .into_iter()
                .map(|(name, given)| (name, given.into_text()))
                .collect(),
            service: ask.service,
            duty: ask.duty.map(DutyOf::from),
            on_quote: ask.on_quote.unwrap_or(false),
            tie: ask
                .tie
                .zip(ask.other)
                .and_then(|(tie, ticket)| Some(NewTie { tie: Tie::from_key(tie.as_ref())?, ticket })),
        }
    }
}

impl From<Opened> for OpenedAnswer {
    fn from(opened: Opened) -> OpenedAnswer {
        OpenedAnswer {
            id: opened.id,
            number: opened.number,
            priority: opened.priority,
            coverage: Coverage::of(opened.coverage),
            admission: AdmissionWord::of(opened.admission),
            price: opened.price.map(Money::from),
            opened: opened.opened,
            due: opened
                .due
                .into_iter()
                .map(|d| DueLine { promise: PromiseWord::of(d.promise), due: d.due, label: d.label })
                .collect(),
            version: opened.version,
            reasons: whys(opened.reasons),
            entry: opened.entry,
        }
    }
}
