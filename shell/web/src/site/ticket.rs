//! One ticket: its page, and everything done to it.

use app::call::RecordCall;
use app::ticket::{IdempotencyKey, StepCommand, TicketPage};
use app::{Act, AppError};
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use engines::perimeter::{Admission, Covered};
use engines::sla::{Clock, SpanKind};
use events::{Dimension, Step, Visibility};
use jiff::Timestamp;
use serde::Deserialize;
use terms::Terms;

use super::tickets::fact;
use super::{Place, failed, fresh_key, place, rows, words};
use crate::design::clock_bar::{ClockBar, Interval, IntervalKind};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang, Side, Tone};
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::shared::TicketState;
use crate::pages::ticket::{self as view, Item, Message, MessageKind, Perimeter, Verdict, View, page};

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, number)): Path<(String, u64)>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeTickets)?;
        Ok((customer, app.ticket(&permit, number)?))
    });
    let (customer, found) = read.await.map_err(failed(&reader))?;
    let view = fill(&reader, &customer, &found).map_err(failed(&reader))?;
    Ok(html(page(&reader.shell(&web, Some(customer)), &view)))
}

fn fill(reader: &Reader, customer: &CustomerRef, found: &TicketPage) -> Result<View, AppError> {
    let lang = reader.visitor.lang;
    let ticket = &found.ticket;
    let terms = &found.agreement.version(&ticket.version)?.terms;
    let zone = terms.zone.as_str();
    let opened = Timestamp::from_microsecond(ticket.opened).unwrap_or_default();
    let facts = &ticket.facts;
    let item = facts.get(Dimension::Item);
    let class = fact(facts, Dimension::ItemClass);
    let site = fact(facts, Dimension::Site);
    let operation = facts.get(Dimension::Operation).and_then(|name| {
        terms.operations.iter().find(|o| o.then.operation == name).map(|o| o.then.title.clone())
    });
    let version = found.agreement.texts.iter().find(|t| t.row.version_hash == ticket.version);
    let version = version.map_or(1, |t| t.row.version);
    let number = &found.agreement.number;
    Ok(View {
        customer: customer.clone(),
        number: ticket.number,
        title: found.title.clone(),
        kind: words::fact(fact(facts, Dimension::Kind), lang),
        priority: ticket.priority.clone(),
        priority_because: priority_because(terms, facts, lang),
        state: rows::state(ticket),
        opened: words::in_zone(opened, zone),
        opened_by: found.opened_by.clone(),
        channel: words::fact(fact(facts, Dimension::Channel), lang),
        site: terms.name_of("site", site).to_owned(),
        operation: operation.unwrap_or_else(|| lang.t("Non précisée", "Not stated").into()),
        assignee: found.assignee.clone(),
        items: match (item, class) {
            (Some(name), _) => vec![Item { name: name.to_owned(), class: words::fact(class, lang) }],
            (None, "") => Vec::new(),
            (None, class) => {
                vec![Item { name: terms.name_of("item_class", class).to_owned(), class: String::new() }]
            }
        },
        perimeter: perimeter(found, customer, lang),
        clocks: found
            .clocks
            .iter()
            .filter_map(|c| clock(&c.value, &c.reasons, customer, found, lang))
            .collect(),
        messages: messages(found, zone, lang),
        acts: acts(reader, terms, rows::state(ticket), lang),
        key: fresh_key(),
        time_spent_minutes: found.calls.iter().map(|c| i64::from(c.call.minutes)).sum(),
        meter: meter(found, lang),
        contract_version: (
            format!("{number}, {}\u{a0}{version}", lang.t("version", "version")),
            customer.contract.as_ref().map(|_| customer.path(&format!("/contracts/{number}"))),
        ),
    })
}

fn priority_because(terms: &Terms, facts: &terms::Facts, lang: Lang) -> String {
    let Some(matrix) = &terms.priorities else { return String::new() };
    let article = words::short_article(&matrix.from.article).to_lowercase();
    match (facts.get(Dimension::Impact), facts.get(Dimension::Urgency)) {
        (Some(impact), Some(urgency)) => {
            let (impact, urgency) = (words::fact(impact, lang), words::fact(urgency, lang));
            format!("{impact} × {}, {article}", urgency.to_lowercase())
        }
        _ => article,
    }
}

fn perimeter(found: &TicketPage, customer: &CustomerRef, lang: Lang) -> Perimeter {
    let decision = &found.decision.value;
    let item = fact(&found.ticket.opening_facts, Dimension::Item);
    let class = fact(&found.ticket.opening_facts, Dimension::ItemClass);
    let shown = match (item, class) {
        ("", "") => String::from(lang.t("Assistance courante", "Plain support")),
        ("", class) => found.agreement.latest().compiled.terms.name_of("item_class", class).to_owned(),
        (item, _) => item.to_owned(),
    };
    let place = match &decision.covered {
        Covered::In => lang.t("dans le périmètre", "inside the perimeter").to_string(),
        Covered::Out => lang.t("hors du périmètre", "outside the perimeter").to_string(),
        Covered::Shared { third_party } => {
            let with = third_party.clone().unwrap_or_default();
            format!("{} {with}", lang.t("partagé avec", "shared with")).trim_end().to_owned()
        }
    };
    let (verdict, terms) = match decision.admission {
        Admission::Accepted => (Verdict::Included, lang.t("compris dans le forfait", "included in the fee")),
        Admission::AcceptedPriced { price } => (
            Verdict::Priced {
                amount_cents: price.cents,
                unit: lang.t("pour cette intervention", "for this visit").into(),
                agreed: None,
            },
            lang.t("au-delà du forfait", "beyond the fee"),
        ),
        Admission::NeedsQuote => (Verdict::Included, lang.t("sur devis accepté", "on an accepted quotation")),
        Admission::Refused => (Verdict::Excluded, lang.t("refusé", "refused")),
    };
    Perimeter {
        verdict,
        sentence: format!("{shown}{} {place}, {terms}.", lang.t(" :", ":")),
        reasons: words::reasons(&found.decision.reasons, Some(customer), lang),
    }
}

fn clock(
    clock: &Clock,
    reasons: &[base::Reason],
    customer: &CustomerRef,
    found: &TicketPage,
    lang: Lang,
) -> Option<view::Clock> {
    let promise = rows::promise(clock.promise)?;
    let target = clock.target.as_seconds().unwrap_or_default();
    let zoned = |at: Timestamp| words::in_zone(at, &clock.zone);
    let id = format!("clock-{}-{}", clock.promise.key(), clock.round);
    let word = promise.word(lang);
    let stopped = clock.stopped.map(|at| {
        let word = match clock.promise {
            terms::Promise::Respond => lang.t("Pris en charge", "Taken over"),
            terms::Promise::Restore => lang.t("Rétabli", "Restored"),
            _ => lang.t("Résolu", "Resolved"),
        };
        (zoned(at), word.into())
    });
    let bar = ClockBar {
        id,
        title: format!("{word}, {} {}", lang.t("ticket", "ticket"), found.ticket.number),
        intervals: intervals(clock, customer, found, lang),
        due: clock.due.map(zoned),
        now: clock.stopped.is_none().then(|| zoned(found.at)),
        stopped,
    };
    Some(view::Clock {
        promise,
        progress: rows::progress(clock.verdict, clock.elapsed_seconds, target),
        elapsed_minutes: words::minutes(clock.elapsed_seconds),
        target_minutes: words::minutes(target),
        calendar: calendar(&clock.calendar, lang),
        bar,
        reasons: words::reasons(reasons, Some(customer), lang),
    })
}

/// How a calendar is named beside a duration: in words when it never closes, else by its label.
fn calendar(label: &str, lang: Lang) -> String {
    if label == "24x7" {
        return lang.t("jour et nuit", "day and night").into();
    }
    format!("{} ({label})", lang.t("heures de service", "service hours"))
}

/// The ledger, and what was left unused when the clock stopped before its due instant.
fn intervals(clock: &Clock, customer: &CustomerRef, found: &TicketPage, lang: Lang) -> Vec<Interval> {
    let mut all: Vec<Interval> =
        clock.ledger.iter().filter_map(|s| interval(s, clock, customer, found, lang)).collect();
    if let (Some(stopped), Some(due)) = (clock.stopped, clock.due)
        && stopped < due
    {
        all.push(Interval {
            from: words::in_zone(stopped, &clock.zone),
            to: words::in_zone(due, &clock.zone),
            // Drawn to scale when short; squeezed like closed hours when it would hide the rest.
            kind: if due.duration_since(stopped).as_hours() < 12 {
                IntervalKind::Counted
            } else {
                IntervalKind::Closed
            },
            counted_minutes: 0,
            why: lang.t("temps non utilisé", "time not used").into(),
            article: None,
        });
    }
    all
}

fn interval(
    span: &engines::sla::Span,
    clock: &Clock,
    customer: &CustomerRef,
    found: &TicketPage,
    lang: Lang,
) -> Option<Interval> {
    let seconds = span.to.duration_since(span.from).as_secs();
    let terms = &found.agreement.version(&found.ticket.version).ok()?.terms;
    let (kind, counted, why, clause) = match &span.kind {
        SpanKind::Before => return None,
        SpanKind::Settled => return None,
        SpanKind::Counted => (
            IntervalKind::Counted,
            seconds,
            lang.t("heures de service", "service hours").into(),
            Some(&clock.from),
        ),
        SpanKind::Overdue => {
            (IntervalKind::Counted, seconds, lang.t("dépassement", "past due").into(), Some(&clock.from))
        }
        SpanKind::Closed => {
            let calendar = terms.calendar(&clock.calendar, &found.ticket.facts).map(|r| &r.from);
            (
                IntervalKind::Closed,
                0,
                lang.t("hors heures de service", "outside service hours").into(),
                calendar,
            )
        }
        SpanKind::Paused { reason } => {
            let rule = terms.pauses.iter().find(|p| p.label() == reason);
            let text = rule.map_or_else(|| reason.clone(), |r| r.then.reason.clone());
            (IntervalKind::Paused, 0, text, rule.map(|r| &r.from))
        }
    };
    Some(Interval {
        from: words::in_zone(span.from, &clock.zone),
        to: words::in_zone(span.to, &clock.zone),
        kind,
        counted_minutes: words::minutes(counted),
        why,
        article: clause.map(|c| (words::short_article(&c.article), words::clause_href(customer, c))),
    })
}

/// The conversation: what was declared, then each step and call, in order of time.
fn messages(found: &TicketPage, zone: &str, lang: Lang) -> Vec<Message> {
    let at = |t| words::in_zone(t, zone);
    let opened = Timestamp::from_microsecond(found.ticket.opened).unwrap_or_default();
    let mut all = vec![Message {
        author: found.opened_by.clone(),
        side: opener(found),
        at: at(opened),
        kind: MessageKind::Reply,
        body: paragraphs(if found.description.is_empty() { &found.title } else { &found.description }),
    }];
    for entry in &found.entries {
        let side = if entry.by_provider { Side::Provider } else { Side::Customer };
        let kind = match &entry.step {
            Step::Replied { visibility: Visibility::Public, .. } => MessageKind::Reply,
            Step::Replied { visibility: Visibility::Internal, .. } => MessageKind::Note,
            step => event(step, found, lang),
        };
        let body = entry.text.as_deref().map(paragraphs).unwrap_or_default();
        all.push(Message { author: entry.by.clone(), side, at: at(entry.at), kind, body });
    }
    for line in &found.calls {
        all.push(Message {
            author: line.by.clone(),
            side: Side::Provider,
            at: at(Timestamp::from_microsecond(line.call.at).unwrap_or_default()),
            kind: MessageKind::Call { minutes: i64::from(line.call.minutes) },
            body: Vec::new(),
        });
    }
    all.sort_by_key(|m| m.at.timestamp());
    all
}

fn opener(found: &TicketPage) -> Side {
    let role = app::Role::from_key(fact(&found.ticket.opening_facts, Dimension::Role));
    if role.is_some_and(app::Role::is_provider) { Side::Provider } else { Side::Customer }
}

fn paragraphs(text: &str) -> Vec<String> {
    text.split('\n').map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect()
}

fn event(step: &Step, found: &TicketPage, lang: Lang) -> MessageKind {
    let (sentence, tone): (String, Tone) = match step {
        Step::TakenOver { .. } => {
            (lang.t("a pris le ticket en charge", "took the ticket over").into(), Tone::Active)
        }
        Step::Paused { reason, .. } => {
            let terms = found.agreement.version(&found.ticket.version).map(|v| &v.terms);
            let rule = terms.ok().and_then(|t| t.pauses.iter().find(|p| p.label() == reason));
            let text = rule.map_or_else(|| reason.clone(), |r| r.then.reason.clone());
            (format!("{} {text}", lang.t("a suspendu le délai :", "suspended the clock:")), Tone::Quiet)
        }
        Step::Resumed => (lang.t("a repris l’horloge", "resumed the clock").into(), Tone::Active),
        Step::Reprioritised { facts, .. } => {
            let priority = fact(facts, Dimension::Priority);
            (
                format!("{} {priority}", lang.t("a changé la priorité :", "changed the priority:")),
                Tone::Active,
            )
        }
        Step::Restored { workaround: true, .. } => (
            lang.t("a rétabli le service par un contournement", "restored the service by a workaround")
                .into(),
            Tone::Good,
        ),
        Step::Restored { workaround: false, .. } => {
            (lang.t("a rétabli le service", "restored the service").into(), Tone::Good)
        }
        Step::Resolved { .. } => (lang.t("a résolu le ticket", "resolved the ticket").into(), Tone::Good),
        Step::Reopened { .. } => (lang.t("a rouvert le ticket", "reopened the ticket").into(), Tone::Warning),
        Step::Replied { .. } => (String::new(), Tone::Quiet),
    };
    MessageKind::Event { sentence, tone }
}

fn meter(found: &TicketPage, lang: Lang) -> Option<String> {
    let counted: u32 = found.calls.iter().map(|c| c.call.counted).sum();
    if found.calls.is_empty() {
        return None;
    }
    let billed = found.calls.iter().filter_map(|c| c.call.price).map(|p| p.cents).sum::<i64>();
    let taken = lang.t("décomptés au carnet", "taken from the meter");
    let extra =
        if billed > 0 { format!(", {}", crate::design::format::money(billed, lang)) } else { String::new() };
    Some(format!("{counted} {taken}{extra}"))
}

/// What this reader may do now: their rights, and the ticket's state.
fn acts(reader: &Reader, terms: &Terms, state: TicketState, lang: Lang) -> Vec<view::Act> {
    let may = |act: Act| reader.principal.may(act);
    let mut acts = Vec::new();
    if may(Act::WorkOnTicket) {
        match state {
            TicketState::New => acts.extend([view::Act::TakeOver, view::Act::Restore, view::Act::Resolve]),
            TicketState::Taken => acts.extend([view::Act::Restore, view::Act::Resolve]),
            TicketState::Paused => acts.extend([view::Act::Resume, view::Act::Restore, view::Act::Resolve]),
            TicketState::Restored => acts.push(view::Act::Resolve),
            TicketState::Resolved | TicketState::Closed => {}
        }
        if matches!(state, TicketState::New | TicketState::Taken) && !terms.pauses.is_empty() {
            let reasons =
                terms.pauses.iter().map(|p| Choice::new(p.label(), p.then.reason.clone())).collect();
            acts.push(view::Act::Pause { reasons });
        }
        if let Some(matrix) = terms.priorities.as_ref().map(|m| &m.then)
            && matches!(state, TicketState::New | TicketState::Taken | TicketState::Paused)
        {
            let named =
                |list: &[String]| list.iter().map(|v| Choice::new(v.clone(), words::fact(v, lang))).collect();
            acts.push(view::Act::Priority {
                impacts: named(&matrix.impacts),
                urgencies: named(&matrix.urgencies),
            });
        }
    }
    if may(Act::Reopen) && matches!(state, TicketState::Resolved | TicketState::Restored) {
        acts.push(view::Act::Reopen);
    }
    if may(Act::RecordCall) {
        acts.push(view::Act::Call);
    }
    if may(Act::Reply) {
        acts.push(view::Act::Reply);
    }
    if may(Act::WorkOnTicket) {
        acts.push(view::Act::Note);
    }
    acts
}

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    key: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    impact: String,
    #[serde(default)]
    urgency: String,
    #[serde(default)]
    minutes: String,
    #[serde(default)]
    workaround: String,
}

/// What an act's form asks of the use cases.
enum Asked {
    Step(StepCommand),
    Call(RecordCall),
}

pub async fn act(
    Shared(web): Shared<State>,
    Path((slug, number, name)): Path<(String, u64, String)>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let asked = asked(&name, &form, number).map_err(failed(&reader))?;
    let (again, to) = (reader.clone(), slug.clone());
    let done = web.run(move |app| {
        let key = IdempotencyKey::parse(&form.key)?;
        match asked {
            Asked::Step(command) => {
                let Place { permit, .. } = place(app, &again, &to, command.act())?;
                app.step_ticket(&permit, &key, number, &command, None).map(drop)
            }
            Asked::Call(call) => {
                let Place { permit, .. } = place(app, &again, &to, Act::RecordCall)?;
                app.record_call(&permit, &key, &call).map(drop)
            }
        }
    });
    done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(&format!("/c/{slug}/tickets/{number}")), &flash_cookie(&name)))
}

fn asked(name: &str, form: &Sent, number: u64) -> Result<Asked, AppError> {
    let text = form.text.clone();
    let some = |text: &String| Some(text.clone()).filter(|t| !t.trim().is_empty());
    Ok(Asked::Step(match name {
        "take-over" => StepCommand::TakeOver,
        "reply" => StepCommand::Reply { body: text },
        "note" => StepCommand::Note { body: text },
        "pause" => StepCommand::Pause { reason: form.reason.clone(), proof: some(&form.text) },
        "resume" => StepCommand::Resume,
        "priority" => StepCommand::ChangePriority {
            priority: None,
            impact: some(&form.impact),
            urgency: some(&form.urgency),
            why: text,
        },
        "restore" => StepCommand::Restore { workaround: !form.workaround.is_empty(), note: text },
        "resolve" => StepCommand::Resolve { note: text },
        "reopen" => StepCommand::Reopen { why: text },
        "call" => {
            let minutes = form.minutes.trim().parse().map_err(|_| {
                AppError::invalid("minutes", "un nombre entier de minutes", "a whole number of minutes")
            })?;
            return Ok(Asked::Call(RecordCall { minutes, ticket: Some(number), at: None }));
        }
        _ => return Err(AppError::NotFound),
    }))
}
