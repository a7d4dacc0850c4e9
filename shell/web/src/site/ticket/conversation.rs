//! What was said and done about a ticket, in order of time.

use app::ticket::TicketPage;
use events::{Dimension, Step, Visibility};
use jiff::Timestamp;

use super::super::tickets::fact;
use super::super::words;
use crate::design::{Lang, Side, Tone, format};
use crate::pages::ticket::{Message, MessageKind};

/// Sooner than this, writing an act down is part of doing it.
const LATER_SECONDS: i64 = 5 * 60;

/// The conversation: what was declared, then each step and call, in order of time.
pub(super) fn messages(found: &TicketPage, zone: &str, lang: Lang) -> Vec<Message> {
    let at = |t| words::in_zone(t, zone);
    let opened = Timestamp::from_microsecond(found.ticket.opened).unwrap_or_default();
    let mut all = vec![Message {
        author: found.opened_by.clone(),
        side: opener(found),
        at: at(opened),
        kind: MessageKind::Reply,
        body: told_later(
            paragraphs(if found.description.is_empty() { &found.title } else { &found.description }),
            opened,
            found.opening_recorded,
            zone,
            lang,
        ),
    }];
    for entry in &found.entries {
        let side = if entry.by_provider { Side::Provider } else { Side::Customer };
        let kind = match &entry.step {
            Step::Replied { visibility: Visibility::Public, .. } => MessageKind::Reply,
            Step::Replied { visibility: Visibility::Internal, .. } => MessageKind::Note,
            step => event(step, found, lang),
        };
        let body = entry.text.as_deref().map(paragraphs).unwrap_or_default();
        let body = told_later(body, entry.at, entry.recorded, zone, lang);
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

/// An act told after the fact says when it was written down: a clock may have stopped on it, and both
/// parties must see that somebody said so later.
fn told_later(
    mut body: Vec<String>,
    at: Timestamp,
    recorded: Timestamp,
    zone: &str,
    lang: Lang,
) -> Vec<String> {
    if recorded.duration_since(at).as_secs() >= LATER_SECONDS {
        let when = format::instant(&words::in_zone(recorded, zone), lang);
        body.push(match lang {
            Lang::Fr => format!("Consigné après coup, le {when}."),
            Lang::En => format!("Written down afterwards, on {when}."),
        });
    }
    body
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
